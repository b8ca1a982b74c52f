/* SPDX-License-Identifier: GPL-3.0-or-later
 * district.c - the district file and its tables into a model, step by step; see
 * district_reader.h for the order and why: as-of may come from the reports, the night from as-of,
 * and windows are instants only once the night is known. */
#include "district.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"
#include "demand/select.h"
#include "district_habits.h"
#include "district_learned.h"
#include "district_near.h"
#include "district_rows.h"
#include "district_sweeping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_NIGHT_S = 48 * 3600 };

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

/* ---- the file -------------------------------------------------------------------------------- */

static kerb_status read_file(ki_reader *reader, kerb_error *err) {
    const char *slash = strrchr(reader->path, '/');
    size_t length = slash ? (size_t)(slash - reader->path) + 1 : 0;
    char *folder = ki_arena_alloc(&reader->arena, length + 1, 1);
    if (!folder) return ki_fail_no_memory(err, reader->path);
    memcpy(folder, reader->path, length);
    reader->folder = folder;
    reader->faults.file = reader->path;
    KI_TRY(ki_yaml_read(&reader->file, reader->path, &reader->arena, err));
    if (reader->file->n_children == 0)
        return ki_fail(err, KERB_BAD_INPUT, "%s: empty, expected keys and values", reader->path);
    ki_keys_check(&ki_district_keys, reader->file, &reader->faults);
    return KERB_OK;
}

static int line_of(const ki_yaml *map, const char *key) {
    const ki_yaml *node = ki_yaml_child(map, key);
    return node ? node->line : map ? map->line : 0;
}

static kerb_status read_zone(ki_reader *reader, kerb_error *err) {
    ki_value name = DISTRICT(reader, reader->file, "time_zone");
    int known = 1;
    ki_shown shown;
    ki_near near;
    if (!name.text) return KERB_OK; /* a fault already */
    KI_TRY(ki_zone_load(&reader->zone, name.text, &known, &reader->arena, err));
    if (!known) {
        ki_near_begin(&near, name.text);
        ki_zone_offer_names(&near);
        ki_file_fault(&reader->faults, line_of(reader->file, "time_zone"), "time_zone",
                      "%s, expected an IANA name such as Asia/Shanghai%s",
                      ki_show(&shown, name.text), ki_near_text(&near));
    }
    reader->district.zone = name.text;
    return KERB_OK;
}

static void check_currency(ki_reader *reader) {
    const char *code = reader->district.currency;
    ki_shown shown;
    if (code && strlen(code) == 3 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) return;
    if (code)
        ki_file_fault(&reader->faults, line_of(reader->file, "currency"), "currency",
                      "%s, expected three capital letters such as CNY", ki_show(&shown, code));
}

static void read_basics(ki_reader *reader) {
    const ki_yaml *file = reader->file;
    const ki_yaml *demand = ki_yaml_child(file, "demand"), *prices = ki_yaml_child(file, "prices");
    kerb_district *to = &reader->district;
    to->id = DISTRICT(reader, ki_yaml_child(file, "district"), "district.id").text;
    to->name = DISTRICT(reader, ki_yaml_child(file, "district"), "district.name").text;
    to->currency = DISTRICT(reader, file, "currency").text;
    ki_value system = DISTRICT(reader, file, "coordinates");
    to->coordinates = system.text ? (kerb_coordinates)(system.integer + 1) : 0;
    to->must_ratio = DISTRICT(reader, demand, "demand.must_ratio").number;
    to->may_ratio = DISTRICT(reader, demand, "demand.may_ratio").number;
    to->look_ahead_nights = (int32_t)DISTRICT(reader, demand, "demand.look_ahead_nights").integer;
    to->load_quantile = DISTRICT(reader, demand, "demand.load_quantile").number;
    to->time_quantile = DISTRICT(reader, demand, "demand.time_quantile").number;
    /* What a problem always meant is not stated in it: it keeps its hash. */
    double overflow_chance = DISTRICT(reader, demand, "demand.overflow_chance").number;
    int64_t forecast = DISTRICT(reader, demand, "demand.forecast").integer;
    to->overflow_chance = fabs(overflow_chance - KI_OVERFLOW_CHANCE) < 1e-12 ? 0 : overflow_chance;
    to->forecast = forecast > 1 ? (int32_t)forecast : 0;
    reader->max_bad_ratio = DISTRICT(reader, demand, "demand.max_bad_ratio").number;
    to->price_unserved_must = DISTRICT(reader, prices, "prices.unserved_must").number;
    to->price_imbalance_per_hour2 = DISTRICT(reader, prices, "prices.imbalance_per_hour2").number;
    to->price_unfamiliar_per_stop = DISTRICT(reader, prices, "prices.unfamiliar_per_stop").number;
    to->price_compactness_per_stop_km2 =
        DISTRICT(reader, prices, "prices.compactness_per_stop_km2").number;
    to->price_unswept_per_km = DISTRICT(reader, prices, "prices.unswept_kerb_per_km").number;
    to->price_overflow_per_day =
        DISTRICT(reader, prices, "prices.overflow_per_container_day").number;
    check_currency(reader);
    if (to->may_ratio > to->must_ratio)
        ki_file_fault(&reader->faults, line_of(demand, "may_ratio"), "demand.may_ratio",
                      "%.15g, expected at most must_ratio %.15g", to->may_ratio, to->must_ratio);
    const ki_yaml *tables = ki_yaml_child(file, "tables");
    if (ki_yaml_child(tables, "containers") && !ki_yaml_child(tables, "sites"))
        ki_file_fault(&reader->faults, tables->line, "tables.sites",
                      "missing, expected the sites the containers stand at");
    if (ki_yaml_child(tables, "reports") && !ki_yaml_child(tables, "containers"))
        ki_file_fault(&reader->faults, tables->line, "tables.containers",
                      "missing, expected the containers the reports are about");
}

kerb_status ki_district_read_tonight(ki_reader *reader, ki_file_faults *faults, kerb_error *err) {
    const char *path = reader->options ? reader->options->tonight : NULL;
    if (!path) return KERB_OK;
    faults->file = path;
    KI_TRY(ki_yaml_read(&reader->tonight, path, &reader->arena, err));
    ki_keys_check(&ki_tonight_keys, reader->tonight, faults);
    return KERB_OK;
}

static kerb_status read_tonight(ki_reader *reader, kerb_error *err) {
    ki_file_faults faults = {0};
    KI_TRY(ki_district_read_tonight(reader, &faults, err));
    return ki_file_faults_end(&faults, err);
}

/* ---- now and tonight ------------------------------------------------------------------------- */

static kerb_status bad_option(kerb_error *err, const char *option, const char *got,
                              const char *expected) {
    ki_shown shown;
    return ki_fail(err, KERB_BAD_INPUT, "%s: %s, expected %s", option, ki_show(&shown, got),
                   expected);
}

/* *known 0: neither --date nor the file says. */
static kerb_status given_date(const ki_reader *reader, int64_t *days, int *known, kerb_error *err) {
    const char *date = reader->options ? reader->options->date : NULL;
    *known = 1;
    if (date) {
        if (ki_parse_date(date, days)) return KERB_OK;
        return bad_option(err, "--date", date, "a date YYYY-MM-DD");
    }
    ki_value value = DISTRICT(reader, reader->file, "date");
    *known = value.text != NULL;
    *days = value.integer;
    return KERB_OK;
}

static kerb_status given_as_of(const ki_reader *reader, int64_t *instant_s, kerb_error *err) {
    const char *as_of = reader->options ? reader->options->as_of : NULL;
    *instant_s = KERB_NO_TIME;
    if (as_of) {
        if (ki_parse_instant(as_of, &reader->zone, instant_s, NULL)) return KERB_OK;
        return bad_option(err, "--as-of", as_of,
                          "an ISO 8601 instant such as 2026-11-02T19:30:00+01:00");
    }
    ki_value value = DISTRICT(reader, reader->file, "as_of");
    if (value.text) *instant_s = value.integer;
    return KERB_OK;
}

static kerb_status set_night(ki_reader *reader, int64_t days, kerb_error *err) {
    const ki_yaml *night = ki_yaml_child(reader->file, "night");
    ki_value start = DISTRICT(reader, night, "night.start");
    ki_value end = DISTRICT(reader, night, "night.end");
    ki_night *to = &reader->night;
    to->days = days;
    to->start_s =
        start.dated ? start.integer : ki_clock_instant(&reader->zone, days, (int32_t)start.integer);
    to->end_s = end.dated ? end.integer
                          : ki_clock_after(&reader->zone, to->start_s + 1, (int32_t)end.integer);
    if (to->end_s <= to->start_s)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, line %d, key night.end: %s, expected after start %s", reader->path,
                       line_of(night, "end"), end.text, start.text);
    if (to->end_s - to->start_s > LONGEST_NIGHT_S)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, line %d, key night.end: %s, expected at most 48 h after start %s",
                       reader->path, line_of(night, "end"), end.text, start.text);
    return KERB_OK;
}

static int64_t day_of(const ki_reader *reader, int64_t instant_s) {
    char date[KI_INSTANT_CHARS];
    int64_t days = 0;
    ki_format_local(&reader->zone, instant_s, date);
    date[10] = '\0';
    (void)ki_parse_date(date, &days);
    return days;
}

static kerb_status choose_as_of(ki_reader *reader, int64_t limit_s, kerb_error *err) {
    int64_t *as_of_s = &reader->district.as_of_s;
    char when[KI_INSTANT_CHARS];
    KI_TRY(given_as_of(reader, as_of_s, err));
    if (*as_of_s != KERB_NO_TIME) return KERB_OK;
    KI_TRY(ki_reports_newest(reader, limit_s, as_of_s, err));
    if (*as_of_s == KERB_NO_TIME) {
        *as_of_s = limit_s == KERB_NO_TIME ? KERB_NO_TIME : reader->night.start_s;
        return KERB_OK;
    }
    ki_format_instant(&reader->zone, *as_of_s, when);
    return ki_reader_note(reader, err, "as_of", "as-of is that of the newest credible report: %s",
                          when);
}

kerb_status ki_district_choose_night(ki_reader *reader, kerb_error *err) {
    int64_t days;
    int known;
    KI_TRY(given_date(reader, &days, &known, err));
    if (known) KI_TRY(set_night(reader, days, err));
    KI_TRY(choose_as_of(reader, known ? reader->night.end_s : KERB_NO_TIME, err));
    if (!known && reader->district.as_of_s == KERB_NO_TIME)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, key date: nothing, expected YYYY-MM-DD (no report to take it from)",
                       reader->path);
    if (!known) KI_TRY(set_night(reader, day_of(reader, reader->district.as_of_s), err));
    if (reader->district.as_of_s <= reader->night.end_s) return KERB_OK;
    char as_of[KI_INSTANT_CHARS], end[KI_INSTANT_CHARS];
    ki_format_instant(&reader->zone, reader->district.as_of_s, as_of);
    ki_format_instant(&reader->zone, reader->night.end_s, end);
    return ki_fail(err, KERB_BAD_INPUT, "%s, key as_of: %s, expected before the night ends %s",
                   reader->path, as_of, end);
}

/* ---- the model ------------------------------------------------------------------------------- */

/* The instant at which the clocks change within the night, to the second. */
static void set_clock_change(ki_reader *reader) {
    int64_t before_s = reader->night.start_s, after_s = reader->night.end_s;
    int32_t offset_s = ki_zone_offset(&reader->zone, before_s);
    if (ki_zone_offset(&reader->zone, after_s) == offset_s) return;
    while (after_s - before_s > 1) {
        int64_t middle_s = before_s + (after_s - before_s) / 2;
        if (ki_zone_offset(&reader->zone, middle_s) == offset_s)
            before_s = middle_s;
        else
            after_s = middle_s;
    }
    reader->district.clock_change_s = after_s;
    reader->district.utc_offset_after_s = ki_zone_offset(&reader->zone, after_s);
}

/* Nights to the next listed weekday after the service day; 0: none is listed. *rests: the service
 * day is none of them. */
static int32_t nights_to_next(const ki_reader *reader, int *rests) {
    const ki_key *key = ki_keys_find(&ki_district_keys, "demand.collection_nights");
    const ki_yaml *list = ki_yaml_child(ki_yaml_child(reader->file, "demand"), "collection_nights");
    int64_t today = ki_weekday_of_day(reader->night.days);
    int32_t nights = 0;
    *rests = list && list->first;
    for (const ki_yaml *entry = list ? list->first : NULL; entry; entry = entry->next) {
        ki_value value;
        if (entry->kind != KI_YAML_SCALAR || !ki_value_parse(key, entry->text, NULL, &value))
            continue;
        int32_t wait = (int32_t)((value.integer - today + 6) % 7 + 1);
        *rests &= wait != 7;
        if (nights == 0 || wait < nights) nights = wait;
    }
    return nights;
}

static kerb_status set_district(ki_reader *reader, kerb_error *err) {
    char date[KI_INSTANT_CHARS];
    kerb_district *district = &reader->district;
    ki_format_date(reader->night.days, date);
    district->service_day = ki_arena_strdup(&reader->arena, date);
    if (!district->service_day) return ki_fail_no_memory(err, reader->path);
    district->utc_offset_s = ki_zone_offset(&reader->zone, reader->night.start_s);
    set_clock_change(reader);
    int rests;
    district->nights_to_next = nights_to_next(reader, &rests);
    if (rests) { /* only what cannot wait for the next round */
        district->must_ratio = district->may_ratio = 1;
        district->look_ahead_nights = district->nights_to_next = 0;
    }
    district->night_start_s = reader->night.start_s;
    district->night_end_s = reader->night.end_s;
    return kerb_model_set_district(reader->model, district, err);
}

static kerb_status tonight_windows(ki_reader *reader, const ki_clock_windows *from,
                                   const kerb_window **out, size_t *n_out, kerb_error *err) {
    kerb_window *windows;
    if (ki_windows_of_night(&windows, n_out, from->windows, from->n, &reader->zone, &reader->night,
                            &reader->arena))
        return ki_fail_no_memory(err, "windows");
    *out = windows;
    return KERB_OK;
}

static kerb_status add_sites(ki_reader *reader, kerb_error *err) {
    for (size_t at = 0; at < reader->n_sites; at++) {
        kerb_site *site = &reader->sites[at].site;
        KI_TRY(tonight_windows(reader, &reader->sites[at].windows, &site->windows, &site->n_windows,
                               err));
        KI_TRY(kerb_model_add_sites(reader->model, site, 1, err));
    }
    return KERB_OK;
}

static kerb_status add_containers(ki_reader *reader, kerb_error *err) {
    for (size_t at = 0; at < reader->n_containers; at++)
        if (!reader->containers[at].dropped)
            KI_TRY(kerb_model_add_containers(reader->model, &reader->containers[at].container, 1,
                                             err));
    return KERB_OK;
}

static kerb_status add_streets(ki_reader *reader, kerb_error *err) {
    size_t n_not_due = 0;
    for (size_t at = 0; at < reader->n_streets; at++) {
        ki_street_row *row = &reader->streets[at];
        if (row->dropped) continue;
        if (!row->due && row->street.force != KERB_FORCE_IN) {
            n_not_due++;
            continue;
        }
        KI_TRY(tonight_windows(reader, &row->windows, &row->street.windows, &row->street.n_windows,
                               err));
        if (row->n_tonight) {
            row->street.windows = row->tonight;
            row->street.n_windows = row->n_tonight;
        }
        KI_TRY(kerb_model_add_streets(reader->model, &row->street, 1, err));
    }
    if (n_not_due == 0) return KERB_OK;
    return ki_reader_note(reader, err, "not_due", "%s: %zu kerbs are not due",
                          reader->street_count.shown, n_not_due);
}

static kerb_status fill_model(ki_reader *reader, kerb_error *err) {
    kerb_model *model = reader->model;
    KI_TRY(set_district(reader, err));
    KI_TRY(add_sites(reader, err));
    KI_TRY(add_containers(reader, err));
    KI_TRY(ki_reports_add(reader, err));
    KI_TRY(add_streets(reader, err));
    KI_TRY(ki_sequences_add(reader, err));
    KI_TRY(kerb_model_add_depots(model, reader->depots, reader->n_depots, err));
    KI_TRY(kerb_model_add_facilities(model, reader->facilities, reader->n_facilities, err));
    KI_TRY(kerb_model_add_bans(model, reader->bans, reader->n_bans, err));
    KI_TRY(kerb_model_add_attendants(model, reader->attendants, reader->n_attendants, err));
    KI_TRY(kerb_model_add_vehicles(model, reader->vehicles, reader->n_vehicles, err));
    return kerb_model_add_shifts(model, reader->shifts, reader->n_shifts, err);
}

/* ---- what only the whole shows --------------------------------------------------------------- */

static int is_taken(const ki_reader *reader, kerb_stream stream) {
    for (size_t facility = 0; facility < reader->n_facilities; facility++)
        for (size_t gate = 0; gate < reader->facilities[facility].n_gates; gate++)
            if (reader->facilities[facility].gates[gate].stream == stream) return 1;
    return 0;
}

void ki_district_check_streams(ki_reader *reader) {
    static const char *const names[] = {"unspecified", "residual",     "food",     "recyclable",
                                        "hazardous",   "construction", "sweepings"};
    int taken[KERB_N_STREAMS];
    char fault[sizeof reader->faults.first];
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        taken[stream] = is_taken(reader, (kerb_stream)stream);
    for (size_t bin = 0; bin < reader->n_containers; bin++) {
        const ki_container_row *row = &reader->containers[bin];
        if (row->dropped || taken[row->container.stream]) continue;
        taken[row->container.stream] = 1; /* told once */
        snprintf(fault, sizeof fault,
                 "%s, record %lld, field stream: %s, expected a stream that a facility of %.300s "
                 "takes",
                 reader->container_count.shown, (long long)row->record,
                 names[row->container.stream], reader->path);
        ki_file_fault_add(&reader->faults, fault);
    }
}

static kerb_status judge_coordinates(ki_reader *reader, kerb_error *err) {
    kerb_error found = {0};
    kerb_status status =
        ki_coordinates_judge(reader->roads, reader->district.coordinates, reader->raw_lat,
                             reader->raw_lon, reader->n_raw, &found);
    if (status == KERB_OK) return KERB_OK;
    return ki_fail(err, status, "%.300s, line %d, key %.600s", reader->path,
                   line_of(reader->file, "coordinates"), found.message);
}

/* ---- the flow -------------------------------------------------------------------------------- */

static kerb_status read_tables(ki_reader *reader, kerb_error *err) {
    KI_TRY(ki_sites_read(reader, err));
    KI_TRY(ki_containers_read(reader, err));
    KI_TRY(ki_streets_read(reader, err));
    KI_TRY(ki_roads_extra_rows(reader, err));
    KI_TRY(ki_reports_read(reader, err));
    KI_TRY(ki_district_choose_night(reader, err));
    KI_TRY(ki_tables_drop_future(reader, err));
    KI_TRY(ki_reports_filter(reader, err));
    KI_TRY(ki_quarantine_end(reader, &reader->site_count, err));
    KI_TRY(ki_quarantine_end(reader, &reader->container_count, err));
    KI_TRY(ki_quarantine_end(reader, &reader->street_count, err));
    KI_TRY(ki_roads_extra_end(reader, err));
    return ki_quarantine_end(reader, &reader->report_count, err);
}

static kerb_status apply_tonight(ki_reader *reader, kerb_error *err) {
    KI_TRY(ki_sequences_read(reader, err));
    if (reader->tonight) reader->faults.file = reader->options->tonight;
    KI_TRY(ki_tonight_apply(reader, err));
    kerb_status status = ki_file_faults_end(&reader->faults, err);
    reader->faults.file = reader->path;
    return status;
}

kerb_status ki_district_read_file(ki_reader *reader, kerb_error *err) {
    KI_TRY(read_file(reader, err));
    KI_TRY(read_zone(reader, err));
    read_basics(reader);
    KI_TRY(ki_crossing_read(reader, err));
    KI_TRY(ki_holidays_read(reader, err));
    KI_TRY(ki_habits_read(reader, err));
    KI_TRY(ki_bans_read(reader, err));
    return ki_fleet_read(reader, err);
}

static kerb_status load(ki_reader *reader, kerb_error *err) {
    KI_TRY(ki_district_read_file(reader, err));
    KI_TRY(ki_file_faults_end(&reader->faults, err));
    KI_TRY(read_tonight(reader, err));
    KI_TRY(kerb_model_new(&reader->model, reader->roads, err));
    KI_TRY(read_tables(reader, err));
    KI_TRY(judge_coordinates(reader, err));
    ki_district_check_streams(reader);
    KI_TRY(ki_file_faults_end(&reader->faults, err));
    KI_TRY(ki_learned_apply(reader, err));
    KI_TRY(apply_tonight(reader, err));
    KI_TRY(ki_sweeping_choose(reader, err));
    KI_TRY(ki_fleet_times(reader, err));
    KI_TRY(ki_file_faults_end(&reader->faults, err));
    return fill_model(reader, err);
}

static void count_rows(const ki_reader *reader, ki_input_summary *summary) {
    const ki_rows_count *counts[] = {&reader->site_count, &reader->container_count,
                                     &reader->street_count, &reader->report_count,
                                     &reader->correction_count};
    *summary = (ki_input_summary){0};
    for (size_t table = 0; table < sizeof counts / sizeof *counts; table++) {
        summary->n_rows += counts[table]->n_rows;
        summary->n_bad_rows += counts[table]->n_bad;
    }
}

void ki_district_free_reader(ki_reader *reader) {
    ki_free(reader->sites);
    ki_free(reader->containers);
    ki_free(reader->streets);
    ki_report_list_free(&reader->reports);
    ki_free(reader->corrections);
    ki_free(reader->correction_records);
    ki_free(reader->raw_lat);
    ki_free(reader->raw_lon);
    kerb_model_free(reader->model);
    ki_arena_free(&reader->arena);
    ki_free(reader);
}

kerb_status ki_district_load(kerb_model **out, const kerb_roads *roads, const char *path,
                             const ki_district_options *options, ki_input_summary *summary,
                             kerb_error *err) {
    *out = NULL;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, path);
    reader->path = path;
    reader->roads = roads;
    reader->options = options;
    kerb_status status = load(reader, err);
    if (summary) count_rows(reader, summary);
    if (status == KERB_OK) {
        *out = reader->model;
        reader->model = NULL;
    }
    ki_district_free_reader(reader);
    return status;
}

kerb_status ki_district_resolve(ki_reader *reader, const char *key, char **out, kerb_error *err) {
    const char *name = DISTRICT(reader, reader->file, key).text;
    ki_text text = {0};
    *out = NULL;
    if (!name || !*name) return KERB_OK;
    ki_text_add(&text, "%s%s", name[0] == '/' ? "" : reader->folder, name);
    if (text.failed) {
        ki_text_free(&text);
        return ki_fail_no_memory(err, reader->path);
    }
    *out = text.bytes;
    return KERB_OK;
}

kerb_status ki_district_paths(char **extract, char **cache, const char *path, kerb_error *err) {
    *extract = *cache = NULL;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, path);
    reader->path = path;
    kerb_status status = read_file(reader, err);
    if (status == KERB_OK) status = ki_file_faults_end(&reader->faults, err);
    if (status == KERB_OK) status = ki_district_resolve(reader, "extract", extract, err);
    if (status == KERB_OK) status = ki_district_resolve(reader, "roads_cache", cache, err);
    ki_district_free_reader(reader);
    if (status == KERB_OK) return KERB_OK;
    ki_free(*extract);
    *extract = NULL;
    return status;
}

kerb_status ki_district_learned_path(char **out, const char *path, kerb_error *err) {
    *out = NULL;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, path);
    reader->path = path;
    kerb_status status = read_file(reader, err);
    if (status == KERB_OK) status = ki_district_resolve(reader, "learned", out, err);
    ki_district_free_reader(reader);
    return status;
}

/* ---- the roads ------------------------------------------------------------------------------- */

/* What the corrections need of the file: the system of their positions, and the share of bad rows
 * that is one too many. Faults elsewhere are told when the whole is read. */
static kerb_status read_extra(ki_reader *reader, kerb_error *err) {
    KI_TRY(read_file(reader, err));
    KI_TRY(ki_file_faults_end(&reader->faults, err));
    read_basics(reader);
    KI_TRY(kerb_model_new(&reader->model, NULL, err));
    return ki_roads_extra_rows(reader, err);
}

static kerb_status load_roads(ki_reader *reader, kerb_roads **out, char **cache, const char *roads,
                              kerb_error *err) {
    char *extract = NULL, *kept = NULL;
    KI_TRY(read_extra(reader, err));
    if (!roads) KI_TRY(ki_district_paths(&extract, &kept, reader->path, err));
    const kerb_correction *items = reader->corrections;
    size_t n = reader->n_corrections;
    kerb_status status =
        kept && cache ? kerb_roads_load_cached_corrected(out, extract, kept, items, n, err)
                      : kerb_roads_load_corrected(out, roads ? roads : extract, items, n, err);
    ki_free(extract);
    if (cache && status == KERB_OK)
        *cache = kept;
    else
        ki_free(kept);
    return status;
}

kerb_status ki_district_load_roads(kerb_roads **out, char **cache, const char *path,
                                   const char *roads, kerb_error *err) {
    *out = NULL;
    if (cache) *cache = NULL;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, path);
    reader->path = path;
    kerb_status status = load_roads(reader, out, cache, roads, err);
    ki_district_free_reader(reader);
    return status;
}

/* A table without a district: the tree of a file that would name it. */
static kerb_status correct_by_table(ki_reader *reader, kerb_roads **out, const char *extract,
                                    const char *cache, kerb_error *err) {
    ki_yaml file = {.kind = KI_YAML_SCALAR, .key = ki_correction_columns.title, .line = 1};
    ki_yaml tables = {.kind = KI_YAML_MAP, .key = "tables", .first = &file, .n_children = 1};
    ki_yaml root = {.kind = KI_YAML_MAP, .first = &tables, .n_children = 1};
    file.text = reader->path;
    reader->folder = "";
    reader->file = &root;
    reader->district.coordinates = KERB_WGS84;
    reader->max_bad_ratio = 1;
    KI_TRY(kerb_model_new(&reader->model, NULL, err));
    KI_TRY(ki_roads_extra_rows(reader, err));
    const kerb_correction *items = reader->corrections;
    size_t n = reader->n_corrections;
    KI_TRY(cache ? kerb_roads_load_cached_corrected(out, extract, cache, items, n, err)
                 : kerb_roads_load_corrected(out, extract, items, n, err));
    reader->roads = *out;
    return ki_roads_extra_end(reader, err);
}

kerb_status ki_roads_load_extra(kerb_roads **out, kerb_model **notes, const char *extract,
                                const char *cache, const char *table, kerb_error *err) {
    *out = NULL;
    *notes = NULL;
    ki_reader *reader = ki_alloc_zero(1, sizeof *reader);
    if (!reader) return ki_fail_no_memory(err, table);
    reader->path = table;
    kerb_status status = correct_by_table(reader, out, extract, cache, err);
    if (status == KERB_OK) {
        *notes = reader->model;
        reader->model = NULL;
    } else {
        kerb_roads_free(*out);
        *out = NULL;
    }
    ki_district_free_reader(reader);
    return status;
}
