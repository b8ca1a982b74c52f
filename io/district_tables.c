/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_tables.c - sites, containers and kerbs: rows to structs. Cells arrive parsed; what is
 * left to judge is what a single cell cannot show: repeated ids, unknown sites, dates to come. */
#include "base/alloc.h"
#include "base/error.h"
#include "coordinates.h"
#include "district_habits.h"
#include "district_near.h"
#include "district_rows.h"
#include "district_sweeping.h"

#include <stdio.h>
#include <string.h>

kerb_status ki_place_convert(ki_reader *reader, double *lat_deg, double *lon_deg, kerb_error *err) {
    if (ki_grow(&reader->raw_lat, &reader->lat_capacity, reader->n_raw + 1, sizeof(double)) ||
        ki_grow(&reader->raw_lon, &reader->lon_capacity, reader->n_raw + 1, sizeof(double)))
        return ki_fail_no_memory(err, "places");
    reader->raw_lat[reader->n_raw] = *lat_deg;
    reader->raw_lon[reader->n_raw++] = *lon_deg;
    ki_to_wgs84(reader->district.coordinates, lat_deg, lon_deg);
    return KERB_OK;
}

/* The cell's text for good; "" where nothing is given. NULL when out of memory. */
static const char *keep(ki_rows *rows, size_t key) {
    const char *text = rows->cells[key].text;
    return text && text[0] ? ki_arena_strdup(&rows->reader->arena, text) : "";
}

static int64_t instant_of(const ki_value *cell) {
    return cell->text ? cell->integer : KERB_NO_TIME;
}

static kerb_status keep_windows(ki_rows *rows, size_t key, ki_clock_windows *out, kerb_error *err) {
    ki_clock_window windows[KI_MAX_WINDOWS];
    *out = (ki_clock_windows){0};
    if (!rows->cells[key].text) return KERB_OK;
    int n = ki_parse_windows(rows->cells[key].text, &rows->reader->zone, windows);
    out->n = n > 0 ? (size_t)n : 0;
    out->windows = ki_arena_copy(&rows->reader->arena, windows, out->n, sizeof *windows);
    return out->windows ? KERB_OK : ki_fail_no_memory(err, rows->count->shown);
}

/* *fresh 1: the id was not there yet. Otherwise the row is quarantined. */
static kerb_status check_fresh(ki_rows *rows, const ki_ids *ids, int *fresh, kerb_error *err) {
    const char *id = rows->cells[0].text;
    int32_t known = ki_ids_find(ids, id);
    *fresh = known == KI_ID_ABSENT || known == KI_ID_QUARANTINED;
    if (*fresh) return KERB_OK;
    return ki_quarantine(rows->reader, rows->count, rows->record, rows->keys->keys[0].path, id,
                         "a row with this id came before", err);
}

/* ---- sites ----------------------------------------------------------------------------------- */

enum {
    SITE_ID,
    SITE_NAME,
    SITE_ZONE,
    SITE_LAT,
    SITE_LON,
    SITE_APPROACH,
    SITE_SETUP,
    SITE_WALK,
    SITE_WINDOWS
};

static kerb_status add_site(ki_rows *rows, kerb_error *err) {
    ki_reader *reader = rows->reader;
    const ki_value *cells = rows->cells;
    int fresh;
    KI_TRY(check_fresh(rows, &reader->site_ids, &fresh, err));
    if (!fresh) return KERB_OK;
    if (ki_grow(&reader->sites, &reader->sites_capacity, reader->n_sites + 1,
                sizeof *reader->sites))
        return ki_fail_no_memory(err, rows->count->shown);
    ki_site_row *row = &reader->sites[reader->n_sites];
    *row = (ki_site_row){.site = {.id = keep(rows, SITE_ID),
                                  .name = keep(rows, SITE_NAME),
                                  .zone = keep(rows, SITE_ZONE),
                                  .lat_deg = cells[SITE_LAT].number,
                                  .lon_deg = cells[SITE_LON].number,
                                  .setup_s = cells[SITE_SETUP].number,
                                  .walk_m = cells[SITE_WALK].number}};
    if (!row->site.id || !row->site.name || !row->site.zone)
        return ki_fail_no_memory(err, rows->count->shown);
    if (cells[SITE_APPROACH].text)
        row->site.approach = (kerb_approach)(cells[SITE_APPROACH].integer + 1);
    KI_TRY(keep_windows(rows, SITE_WINDOWS, &row->windows, err));
    KI_TRY(ki_place_convert(reader, &row->site.lat_deg, &row->site.lon_deg, err));
    if (ki_ids_put(&reader->site_ids, &reader->arena, row->site.id, (int32_t)reader->n_sites++))
        return ki_fail_no_memory(err, rows->count->shown);
    return KERB_OK;
}

kerb_status ki_sites_read(ki_reader *reader, kerb_error *err) {
    return ki_rows_each(reader, &ki_site_columns, &reader->site_count, &reader->site_ids, add_site,
                        err);
}

/* ---- containers ------------------------------------------------------------------------------ */

enum {
    BIN_ID,
    BIN_SITE,
    BIN_STREAM,
    BIN_VOLUME,
    BIN_DENSITY,
    BIN_SERVICE,
    BIN_EMPTIED,
    BIN_INTERVAL,
    BIN_DEPTH,
    BIN_LIFT,
    BIN_SWAPPED,
    BIN_DROP_OFF
};

static kerb_status add_container(ki_rows *rows, kerb_error *err) {
    ki_reader *reader = rows->reader;
    const ki_value *cells = rows->cells;
    int fresh;
    KI_TRY(check_fresh(rows, &reader->container_ids, &fresh, err));
    if (!fresh) return KERB_OK;
    int32_t site = ki_ids_find(&reader->site_ids, cells[BIN_SITE].text);
    if (site < 0)
        return ki_rows_drop(
            rows, "site_id", cells[BIN_SITE].text,
            site == KI_ID_QUARANTINED ? "the row of this site is bad" : "no site has this id", err);
    if (ki_grow(&reader->containers, &reader->containers_capacity, reader->n_containers + 1,
                sizeof *reader->containers))
        return ki_fail_no_memory(err, rows->count->shown);
    ki_container_row *row = &reader->containers[reader->n_containers];
    *row = (ki_container_row){.record = rows->record,
                              .depth_mm = cells[BIN_DEPTH].number,
                              .container = {.id = keep(rows, BIN_ID),
                                            .site_id = reader->sites[site].site.id,
                                            .stream = (kerb_stream)(cells[BIN_STREAM].integer + 1),
                                            .volume_l = cells[BIN_VOLUME].number,
                                            .density_kg_per_l = cells[BIN_DENSITY].number,
                                            .service_s = cells[BIN_SERVICE].number,
                                            .last_emptied_s = instant_of(&cells[BIN_EMPTIED]),
                                            .max_interval_days = cells[BIN_INTERVAL].number,
                                            .lift = keep(rows, BIN_LIFT),
                                            .swapped = cells[BIN_SWAPPED].integer == 1}};
    KI_TRY(ki_drop_off_of_cell(&row->container.drop_off, &row->container.n_drop_off, reader,
                               cells[BIN_DROP_OFF].text, err));
    if (!row->container.id || !row->container.lift ||
        ki_ids_put(&reader->container_ids, &reader->arena, row->container.id,
                   (int32_t)reader->n_containers++))
        return ki_fail_no_memory(err, rows->count->shown);
    return KERB_OK;
}

kerb_status ki_containers_read(ki_reader *reader, kerb_error *err) {
    return ki_rows_each(reader, &ki_container_columns, &reader->container_count,
                        &reader->container_ids, add_container, err);
}

/* ---- kerbs ----------------------------------------------------------------------------------- */

enum {
    STREET_ID,
    STREET_NAME,
    STREET_ZONE,
    STREET_WAY,
    STREET_FROM,
    STREET_TO,
    STREET_SIDE,
    STREET_PASSES,
    STREET_WIDTH,
    STREET_DEBRIS,
    STREET_WATER,
    STREET_GRADE,
    STREET_SWEPT,
    STREET_DUE,
    STREET_WINDOWS,
    STREET_DAYS
};

static kerb_street street_of(ki_rows *rows) {
    const ki_value *cells = rows->cells;
    return (kerb_street){.id = keep(rows, STREET_ID),
                         .name = keep(rows, STREET_NAME),
                         .zone = keep(rows, STREET_ZONE),
                         .way_id = cells[STREET_WAY].integer,
                         .from_node = cells[STREET_FROM].integer,
                         .to_node = cells[STREET_TO].integer,
                         .side = (kerb_side)(cells[STREET_SIDE].integer + 1),
                         .passes = (int32_t)cells[STREET_PASSES].integer,
                         .width_m = cells[STREET_WIDTH].number,
                         .debris_kg_per_m = cells[STREET_DEBRIS].number,
                         .water_l_per_m = cells[STREET_WATER].number,
                         .grade = (int32_t)cells[STREET_GRADE].integer,
                         .last_swept_s = instant_of(&cells[STREET_SWEPT])};
}

static kerb_status add_street(ki_rows *rows, kerb_error *err) {
    ki_reader *reader = rows->reader;
    int fresh;
    KI_TRY(check_fresh(rows, &reader->street_ids, &fresh, err));
    if (!fresh) return KERB_OK;
    if (rows->cells[STREET_FROM].integer == rows->cells[STREET_TO].integer)
        return ki_rows_drop(rows, "to_node", rows->cells[STREET_TO].text,
                            "expected another node than from_node", err);
    const char *days = rows->cells[STREET_DAYS].text;
    if (days && days[0] && !ki_weekdays_parse(days))
        return ki_rows_drop(rows, "days", days, "expected weekdays such as Mo We Fr", err);
    if (ki_grow(&reader->streets, &reader->streets_capacity, reader->n_streets + 1,
                sizeof *reader->streets))
        return ki_fail_no_memory(err, rows->count->shown);
    ki_street_row *row = &reader->streets[reader->n_streets];
    *row = (ki_street_row){.street = street_of(rows),
                           .record = rows->record,
                           .due = rows->cells[STREET_DUE].integer == 1,
                           .days = days ? ki_weekdays_parse(days) : 0};
    if (!row->street.id || !row->street.name || !row->street.zone)
        return ki_fail_no_memory(err, rows->count->shown);
    KI_TRY(keep_windows(rows, STREET_WINDOWS, &row->windows, err));
    if (ki_ids_put(&reader->street_ids, &reader->arena, row->street.id,
                   (int32_t)reader->n_streets++))
        return ki_fail_no_memory(err, rows->count->shown);
    return KERB_OK;
}

kerb_status ki_streets_read(ki_reader *reader, kerb_error *err) {
    return ki_rows_each(reader, &ki_street_columns, &reader->street_count, &reader->street_ids,
                        add_street, err);
}

/* ---- dates to come --------------------------------------------------------------------------- */

kerb_status ki_quarantine_future(ki_reader *reader, ki_rows_count *count, int64_t record,
                                 const char *field, int64_t instant_s, kerb_error *err) {
    char when[KI_INSTANT_CHARS], now[KI_INSTANT_CHARS], expected[96];
    ki_format_instant(&reader->zone, instant_s, when);
    ki_format_instant(&reader->zone, reader->district.as_of_s, now);
    snprintf(expected, sizeof expected, "expected not after as-of %s", now);
    return ki_quarantine(reader, count, record, field, when, expected, err);
}

static int is_future(const ki_reader *reader, int64_t instant_s) {
    return instant_s != KERB_NO_TIME && instant_s > reader->district.as_of_s;
}

static kerb_status drop_future_containers(ki_reader *reader, kerb_error *err) {
    for (size_t bin = 0; bin < reader->n_containers; bin++) {
        ki_container_row *row = &reader->containers[bin];
        row->dropped = is_future(reader, row->container.last_emptied_s);
        if (!row->dropped) continue;
        KI_TRY(ki_quarantine_future(reader, &reader->container_count, row->record, "last_emptied",
                                    row->container.last_emptied_s, err));
        if (ki_ids_put(&reader->container_ids, &reader->arena, row->container.id,
                       KI_ID_QUARANTINED))
            return ki_fail_no_memory(err, reader->container_count.shown);
    }
    return KERB_OK;
}

static kerb_status drop_future_streets(ki_reader *reader, kerb_error *err) {
    for (size_t street = 0; street < reader->n_streets; street++) {
        ki_street_row *row = &reader->streets[street];
        row->dropped = is_future(reader, row->street.last_swept_s);
        if (!row->dropped) continue;
        KI_TRY(ki_quarantine_future(reader, &reader->street_count, row->record, "last_swept",
                                    row->street.last_swept_s, err));
        if (ki_ids_put(&reader->street_ids, &reader->arena, row->street.id, KI_ID_QUARANTINED))
            return ki_fail_no_memory(err, reader->street_count.shown);
    }
    return KERB_OK;
}

kerb_status ki_tables_drop_future(ki_reader *reader, kerb_error *err) {
    KI_TRY(drop_future_containers(reader, err));
    return drop_future_streets(reader, err);
}
