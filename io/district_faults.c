/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_faults.c - everything that is wrong with a district, in one go.
 *
 * A night stops at the first thing that is wrong; whoever writes a district wants all of them. So
 * the same steps are taken as for a night, and one that fails does not end the others, unless they
 * stand on what it would have read: they would only repeat its fault. */
#include "base/alloc.h"
#include "base/error.h"
#include "district_reader.h"
#include "district_rows.h"

#include <unistd.h>

typedef kerb_status (*step)(ki_reader *reader, kerb_error *err);

/* *good: the step was taken. What is no fault of the input ends everything. */
static kerb_status take(ki_reader *reader, step next, const ki_rows_count *count, int *good,
                        kerb_error *err) {
    kerb_error found = {0};
    kerb_status status = next(reader, &found);
    if (status == KERB_OK && count) status = ki_quarantine_end(reader, count, &found);
    *good = status == KERB_OK;
    if (*good) return KERB_OK;
    if (status != KERB_BAD_INPUT && status != KERB_IO)
        return ki_fail(err, status, "%s", found.message);
    ki_file_fault_add(&reader->faults, found.message);
    return KERB_OK;
}

static int is_sound(const ki_reader *reader, const char *path) {
    return ki_keys_is_sound(&ki_district_keys, reader->file, path);
}

/* Absent tables are sound: nothing is read. */
static int table_is_sound(const ki_reader *reader, const char *path) {
    const ki_yaml *tables = ki_yaml_child(reader->file, "tables");
    return (!tables || tables->kind == KI_YAML_MAP) &&
           ki_keys_is_sound(&ki_district_keys, tables, path);
}

static int table_is_there(const ki_reader *reader, const char *name) {
    return ki_yaml_child(ki_yaml_child(reader->file, "tables"), name) != NULL;
}

/* *good: every table was read. */
static kerb_status read_tables(ki_reader *reader, int *good, kerb_error *err) {
    int sites = 0, containers = 0, reports = 0, streets = 0, extra = 0;
    if (table_is_sound(reader, "tables.sites"))
        KI_TRY(take(reader, ki_sites_read, &reader->site_count, &sites, err));
    if (sites && table_is_sound(reader, "tables.containers") &&
        (table_is_there(reader, "sites") || !table_is_there(reader, "containers")))
        KI_TRY(take(reader, ki_containers_read, &reader->container_count, &containers, err));
    if (containers && table_is_sound(reader, "tables.reports") &&
        (table_is_there(reader, "containers") || !table_is_there(reader, "reports")))
        KI_TRY(take(reader, ki_reports_read, &reader->report_count, &reports, err));
    if (table_is_sound(reader, "tables.kerbs"))
        KI_TRY(take(reader, ki_streets_read, &reader->street_count, &streets, err));
    if (table_is_sound(reader, "tables.roads_extra"))
        KI_TRY(take(reader, ki_roads_extra_rows, &reader->correction_count, &extra, err));
    *good = sites && containers && reports && streets && extra;
    return KERB_OK;
}

static kerb_status look_for_extract(ki_reader *reader, const char *roads, kerb_error *err) {
    char *path = NULL;
    const ki_yaml *node = ki_yaml_child(reader->file, "extract");
    if (roads || !node || !is_sound(reader, "extract")) return KERB_OK;
    KI_TRY(ki_district_resolve(reader, "extract", &path, err));
    if (path && access(path, R_OK) != 0)
        ki_file_fault(&reader->faults, node->line, "extract", "%.300s cannot be read", path);
    ki_free(path);
    return KERB_OK;
}

static kerb_status read_tonight(ki_reader *reader, kerb_error *err) {
    ki_file_faults faults = {.tell = reader->faults.tell, .payload = reader->faults.payload};
    kerb_error found = {0};
    kerb_status status = ki_district_read_tonight(reader, &faults, &found);
    reader->faults.n += faults.n;
    if (status == KERB_OK) return KERB_OK;
    if (status != KERB_BAD_INPUT && status != KERB_IO)
        return ki_fail(err, status, "%s", found.message);
    ki_file_fault_add(&reader->faults, found.message);
    return KERB_OK;
}

static int night_is_stated(const ki_reader *reader) {
    return ki_yaml_child(reader->file, "night") && is_sound(reader, "night") &&
           is_sound(reader, "date") && is_sound(reader, "as_of");
}

/* Without one the reports say which. */
static int day_is_given(const ki_reader *reader) {
    return ki_yaml_child(reader->file, "date") || (reader->options && reader->options->date);
}

static kerb_status find_all(ki_reader *reader, const char *roads, kerb_error *err) {
    int tables = 0, night = 0, shifts;
    KI_TRY(ki_district_read_file(reader, err));
    size_t n_in_file = reader->faults.n;
    KI_TRY(look_for_extract(reader, roads, err));
    KI_TRY(read_tonight(reader, err));
    KI_TRY(kerb_model_new(&reader->model, NULL, err));
    int places = reader->district.zone && is_sound(reader, "time_zone") &&
                 reader->district.coordinates && is_sound(reader, "coordinates");
    if (places) KI_TRY(read_tables(reader, &tables, err));
    if (night_is_stated(reader) && (tables || day_is_given(reader)))
        KI_TRY(take(reader, ki_district_choose_night, NULL, &night, err));
    if (n_in_file) return KERB_OK;
    if (tables) ki_district_check_streams(reader);
    return night && places ? take(reader, ki_fleet_times, NULL, &shifts, err) : KERB_OK;
}

kerb_status ki_district_find_faults(size_t *n_faults, const char *path, const char *roads,
                                    const ki_district_options *options,
                                    void (*tell)(const char *fault, void *payload), void *payload,
                                    kerb_error *err) {
    *n_faults = 0;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, path);
    reader->path = path;
    reader->options = options;
    reader->faults.tell = tell;
    reader->faults.payload = payload;
    kerb_status status = find_all(reader, roads, err);
    *n_faults = reader->faults.n;
    ki_district_free_reader(reader);
    return status;
}
