/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_roads_extra.c - the table of local corrections of the roads, a row a correction. It is
 * read twice: before the roads, which are built with it, and with the rest of the district, where
 * its bad rows become notes. Rows that match nothing are stale rather than wrong (the map moves
 * on), so they are named, but do not count towards max_bad_ratio. */
#include "base/alloc.h"
#include "base/error.h"
#include "coordinates.h"
#include "district_line.h"
#include "district_near.h"
#include "district_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    ACTION,
    WAY,
    FROM_NODE,
    TO_NODE,
    NODE,
    LAT,
    LON,
    LINE,
    NAME,
    CLASS,
    ONE_WAY,
    SPEED,
    MAX_HEIGHT,
    MAX_WIDTH,
    MAX_LENGTH,
    MAX_MASS,
    WIDTH,
    CLOSED_TO,
    OPEN_TO,
    OPEN_HOURS
};

static const kerb_correction_kind ACTIONS[] = {KERB_CORRECTION_CLOSE, KERB_CORRECTION_ADD,
                                               KERB_CORRECTION_SET};

/* Names of uses, apart by spaces, commas, semicolons; 0: one of them is none. */
static int parse_uses(const char *text, uint32_t *uses) {
    static const struct {
        const char *name;
        kerb_vehicle_use use;
    } NAMES[] = {{"truck", KERB_USE_TRUCK},
                 {"sweeper", KERB_USE_SWEEPER},
                 {"robot", KERB_USE_ROBOT},
                 {"haul", KERB_USE_HAUL}};
    *uses = 0;
    for (text += strspn(text, " ,;"); *text; text += strspn(text, " ,;")) {
        size_t length = strcspn(text, " ,;"), name = 0;
        while (name < 4 &&
               (strlen(NAMES[name].name) != length || memcmp(NAMES[name].name, text, length) != 0))
            name++;
        if (name == 4) return 0;
        *uses |= 1U << NAMES[name].use;
        text += length;
    }
    return 1;
}

static double limit_of(const ki_value *cell) {
    return cell->number < 0 ? INFINITY : cell->number;
}

static const char *bad_uses(const ki_rows *rows, kerb_correction *out) {
    const char *closed = rows->cells[CLOSED_TO].text, *open = rows->cells[OPEN_TO].text;
    if (closed && !parse_uses(closed, &out->closed_to)) return "closed_to";
    if (open && !parse_uses(open, &out->open_to)) return "open_to";
    return NULL;
}

/* ---- where ----------------------------------------------------------------------------------- */

/* 0 where the line does not parse. */
static size_t read_positions(const ki_rows *rows, double *lat, double *lon) {
    const ki_value *cells = rows->cells;
    size_t n = 0;
    if (cells[LINE].text && cells[LINE].text[0]) return ki_line_parse(cells[LINE].text, lat, lon);
    if (cells[LAT].text && cells[LON].text) {
        lat[0] = cells[LAT].number;
        lon[0] = cells[LON].number;
        return 1;
    }
    n = ki_table_line(rows->table, lat, lon, KI_LINE_POSITIONS);
    return n ? n : (size_t)ki_table_point(rows->table, lat, lon);
}

static kerb_status keep_positions(ki_rows *rows, kerb_correction *out, kerb_error *err) {
    ki_reader *reader = rows->reader;
    double *lat = ki_alloc_zero(KI_LINE_POSITIONS, 2 * sizeof *lat), *lon = lat + KI_LINE_POSITIONS;
    if (!lat) return ki_fail_no_memory(err, rows->count->shown);
    size_t n = out->n_positions = read_positions(rows, lat, lon);
    for (size_t at = 0; at < n; at++)
        ki_to_wgs84(reader->district.coordinates, &lat[at], &lon[at]);
    out->lat_deg = ki_arena_copy(&reader->arena, lat, n, sizeof *lat);
    out->lon_deg = ki_arena_copy(&reader->arena, lon, n, sizeof *lon);
    ki_free(lat);
    return out->lat_deg && out->lon_deg ? KERB_OK : ki_fail_no_memory(err, rows->count->shown);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static kerb_correction correction_of(const ki_rows *rows) {
    const ki_value *cells = rows->cells;
    return (kerb_correction){
        .kind = ACTIONS[cells[ACTION].integer],
        .way_id = cells[WAY].integer,
        .from_node = cells[FROM_NODE].integer,
        .to_node = cells[TO_NODE].integer,
        .node_id = cells[NODE].integer,
        .road_class =
            cells[CLASS].text ? (kerb_road_class)(cells[CLASS].integer + 1) : KERB_ROAD_UNSPECIFIED,
        .one_way = cells[ONE_WAY].text ? (kerb_one_way)(cells[ONE_WAY].integer + 1)
                                       : KERB_ONE_WAY_UNSPECIFIED,
        .speed_kmh = cells[SPEED].number,
        .max_height_m = limit_of(&cells[MAX_HEIGHT]),
        .max_width_m = limit_of(&cells[MAX_WIDTH]),
        .max_length_m = limit_of(&cells[MAX_LENGTH]),
        .max_mass_kg = limit_of(&cells[MAX_MASS]),
        .width_m = cells[WIDTH].number};
}

static kerb_status add_correction(ki_rows *rows, kerb_error *err) {
    ki_reader *reader = rows->reader;
    kerb_correction row = correction_of(rows);
    const char *field = bad_uses(rows, &row), *name = rows->cells[NAME].text;
    if (field)
        return ki_rows_drop(rows, field,
                            rows->cells[strcmp(field, "open_to") ? CLOSED_TO : OPEN_TO].text,
                            "expected some of truck, sweeper, robot, haul", err);
    if ((row.from_node == 0) != (row.to_node == 0) || (row.from_node && !row.way_id))
        return ki_rows_drop(rows, "from_node", rows->cells[FROM_NODE].text,
                            "expected with to_node and way_id", err);
    KI_TRY(keep_positions(rows, &row, err));
    if (rows->cells[LINE].text && rows->cells[LINE].text[0] && row.n_positions == 0)
        return ki_rows_drop(rows, "line", rows->cells[LINE].text,
                            "expected LINESTRING (lon lat, lon lat, ...)", err);
    const char *hours = rows->cells[OPEN_HOURS].text;
    if (name && name[0] && !(row.name = ki_arena_strdup(&reader->arena, name)))
        return ki_fail_no_memory(err, rows->count->shown);
    if (hours && hours[0] && !(row.open_hours = ki_arena_strdup(&reader->arena, hours)))
        return ki_fail_no_memory(err, rows->count->shown);
    if (ki_grow(&reader->corrections, &reader->corrections_capacity, reader->n_corrections + 1,
                sizeof row) ||
        ki_grow(&reader->correction_records, &reader->records_capacity, reader->n_corrections + 1,
                sizeof(int64_t)))
        return ki_fail_no_memory(err, rows->count->shown);
    reader->corrections[reader->n_corrections] = row;
    reader->correction_records[reader->n_corrections++] = rows->record;
    return KERB_OK;
}

kerb_status ki_roads_extra_rows(ki_reader *reader, kerb_error *err) {
    return ki_rows_each(reader, &ki_correction_columns, &reader->correction_count, NULL,
                        add_correction, err);
}

/* ---- what became of them --------------------------------------------------------------------- */

enum { SHOWN_CHARS = 64 };

static void show_number(char text[SHOWN_CHARS], int64_t number) {
    snprintf(text, SHOWN_CHARS, "%lld", (long long)number);
}

static kerb_status name_fault(ki_reader *reader, size_t row, kerb_correction_fault fault,
                              kerb_error *err) {
    static const char *const FIELDS[KERB_N_CORRECTION_FAULTS] = {
        [KERB_CORRECTION_NO_WAY] = "way_id",      [KERB_CORRECTION_NO_RUN] = "from_node",
        [KERB_CORRECTION_NO_NODE] = "node_id",    [KERB_CORRECTION_NO_ROAD] = "lat",
        [KERB_CORRECTION_NO_JOINT] = "line",      [KERB_CORRECTION_NO_PLACE] = "way_id",
        [KERB_CORRECTION_NO_HOURS] = "open_hours"};
    const kerb_correction *of = &reader->corrections[row];
    char number[SHOWN_CHARS] = "";
    if (fault == KERB_CORRECTION_NO_WAY) show_number(number, of->way_id);
    if (fault == KERB_CORRECTION_NO_RUN) show_number(number, of->from_node);
    if (fault == KERB_CORRECTION_NO_NODE) show_number(number, of->node_id);
    if ((fault == KERB_CORRECTION_NO_ROAD || fault == KERB_CORRECTION_NO_JOINT) && of->n_positions)
        snprintf(number, sizeof number, "%.6f %.6f", of->lat_deg[0], of->lon_deg[0]);
    if (fault == KERB_CORRECTION_NO_HOURS) snprintf(number, sizeof number, "%s", of->open_hours);
    if (fault != KERB_CORRECTION_NO_PLACE && fault != KERB_CORRECTION_NO_HOURS)
        reader->correction_count.n_late++;
    return ki_quarantine(reader, &reader->correction_count, reader->correction_records[row],
                         FIELDS[fault], number, kerb_correction_fault_text(fault), err);
}

kerb_status ki_roads_extra_end(ki_reader *reader, kerb_error *err) {
    char hash[65];
    const kerb_roads *roads = reader->roads;
    kerb_corrections_hash(reader->corrections, reader->n_corrections, hash);
    if (roads && strcmp(hash, kerb_roads_corrections_hash(roads)) != 0)
        return ki_fail(
            err, KERB_BAD_INPUT,
            "%s, key tables.roads_extra: the roads given were made with other corrections "
            "(%.16s), expected these (%.16s)",
            reader->path,
            kerb_roads_corrections_hash(roads)[0] ? kerb_roads_corrections_hash(roads) : "none",
            hash[0] ? hash : "none");
    for (size_t row = 0; roads && row < reader->n_corrections; row++) {
        kerb_correction_fault fault = kerb_roads_correction_fault(roads, row);
        if (fault != KERB_CORRECTION_DONE) KI_TRY(name_fault(reader, row, fault, err));
    }
    return ki_quarantine_end(reader, &reader->correction_count, err);
}
