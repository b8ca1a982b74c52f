/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_reader.h - what the parts of the district reader share while one district is read.
 *
 *   file  ──► keys checked ──► fleet ──► tables (sites, containers, kerbs, reports) ──► as-of
 *                                                                                        │
 *         model ◄── tonight ◄── windows and shifts as instants ◄── the night ◄───────────┘ */
#ifndef KI_DISTRICT_READER_H
#define KI_DISTRICT_READER_H
#include "base/ids.h"
#include "demand/report_list.h"
#include "district.h"
#include "district_keys.h"

enum { KI_ID_QUARANTINED = -2 }; /* of a row that is bad: known, but nothing may refer to it */

typedef struct ki_clock_windows {
    ki_clock_window *windows; /* in the arena */
    size_t n;
} ki_clock_windows;

typedef struct ki_site_row {
    kerb_site site;
    ki_clock_windows windows;
} ki_site_row;

typedef struct ki_container_row {
    kerb_container container;
    double depth_mm; /* 0: not given */
    int64_t record;
    int dropped;
} ki_container_row;

typedef struct ki_street_row {
    kerb_street street;
    ki_clock_windows windows;
    int64_t record;
    int due, dropped;
    uint8_t days;               /* a bit a weekday on which it may be swept; 0: any */
    const kerb_window *tonight; /* in place of its windows, by its grade; n_tonight 0: none */
    size_t n_tonight;
} ki_street_row;

typedef struct ki_rows_count { /* of one table */
    char shown[128];           /* "reports.csv" or "data.gpkg:reports" */
    size_t n_rows, n_bad, n_named, n_late;
    char first[400]; /* the first bad row, as its note says it */
} ki_rows_count;

typedef struct ki_reader {
    const char *path;   /* of the district file, as given */
    const char *folder; /* "" or ends in a slash */
    const ki_district_options *options;
    const kerb_roads *roads;
    ki_arena arena;
    kerb_model *model;
    const ki_yaml *file, *tonight; /* tonight may be NULL */
    ki_file_faults faults;
    ki_zone zone;
    ki_night night;
    kerb_district district;
    double max_bad_ratio;

    kerb_depot *depots;
    kerb_facility *facilities;
    ki_clock_windows *facility_hours;
    kerb_vehicle *vehicles;
    kerb_shift *shifts;
    const ki_yaml **shift_nodes;
    ki_clock_windows *break_windows; /* [n_shifts][KI_FILE_BREAKS] */
    kerb_ban *bans;
    kerb_attendants *attendants;
    size_t n_attendants;
    kerb_sequence *sequences; /* ids of good rows */
    size_t n_sequences;
    size_t n_depots, n_facilities, n_vehicles, n_shifts, n_bans;
    ki_ids depot_ids, facility_ids, vehicle_ids, shift_ids;

    ki_site_row *sites;
    ki_container_row *containers;
    ki_street_row *streets;
    ki_report_list reports;
    size_t n_sites, n_containers, n_streets;
    size_t sites_capacity, containers_capacity, streets_capacity;
    double *raw_lat, *raw_lon; /* every place as written, to judge the coordinate system by */
    size_t n_raw, lat_capacity, lon_capacity;
    ki_ids site_ids, container_ids, street_ids;
    ki_rows_count site_count, container_count, street_count, report_count, correction_count;
    kerb_correction *corrections;
    int64_t *correction_records; /* [n_corrections] */
    size_t n_corrections, corrections_capacity, records_capacity;
} ki_reader;

/* ---- district.c: the steps that district_faults.c takes one by one --------------------------- */
/* The file and all that stands in it; what is wrong is a fault. */
kerb_status ki_district_read_file(ki_reader *reader, kerb_error *err);
/* tonight.yaml, if one is given. */
kerb_status ki_district_read_tonight(ki_reader *reader, ki_file_faults *faults, kerb_error *err);
/* As-of and the night, once the reports are read. */
kerb_status ki_district_choose_night(ki_reader *reader, kerb_error *err);
/* A stream that no facility takes is a fault. */
void ki_district_check_streams(ki_reader *reader);
/* Path of a file that a key names, from the folder of the district file; NULL: the key is absent.
 */
kerb_status ki_district_resolve(ki_reader *reader, const char *key, char **out, kerb_error *err);
void ki_district_free_reader(ki_reader *reader);

/* ---- district_fleet.c: depots, facilities, vehicles and shifts; faults where ids do not match */
kerb_status ki_fleet_read(ki_reader *reader, kerb_error *err);
/* Shifts and opening hours as instants, once the night is known. */
kerb_status ki_fleet_times(ki_reader *reader, kerb_error *err);
/* A list of windows, or the windows of one text, into the arena. */
kerb_status ki_windows_from_list(ki_reader *reader, const ki_yaml *list, ki_clock_windows *out,
                                 kerb_error *err);
/* Index of an id, or a fault that says which key and line and what was perhaps meant. */
int32_t ki_find_id(ki_reader *reader, const ki_ids *ids, const char *id, const char *what, int line,
                   const char *key);

/* ---- district_battery.c ---------------------------------------------------------------------- */
/* Of a kind of vehicle. */
kerb_status ki_battery_read(ki_reader *reader, const ki_yaml *kind, kerb_vehicle *to,
                            kerb_error *err);

/* ---- district_breaks.c ----------------------------------------------------------------------- */
enum { KI_FILE_BREAKS = 4 }; /* of a shift, at most */
kerb_status ki_breaks_read(ki_reader *reader, const ki_yaml *node, size_t shift, kerb_error *err);
/* Their windows in the night. */
kerb_status ki_breaks_times(ki_reader *reader, size_t shift, kerb_error *err);

/* ---- district_crossing.c --------------------------------------------------------------------- */
kerb_status ki_crossing_read(ki_reader *reader, kerb_error *err);

/* ---- district_bans.c ------------------------------------------------------------------------- */
kerb_status ki_holidays_read(ki_reader *reader, kerb_error *err);
kerb_status ki_bans_read(ki_reader *reader, kerb_error *err);

/* ---- district_roads_extra.c ------------------------------------------------------------------ */
kerb_status ki_roads_extra_rows(ki_reader *reader, kerb_error *err);
/* What became of each on the roads given; these must have been made with the same. */
kerb_status ki_roads_extra_end(ki_reader *reader, kerb_error *err);

/* ---- district_tables.c: sites, containers and kerbs ------------------------------------------ */
kerb_status ki_sites_read(ki_reader *reader, kerb_error *err);
kerb_status ki_containers_read(ki_reader *reader, kerb_error *err);
kerb_status ki_streets_read(ki_reader *reader, kerb_error *err);
/* Rows dated after as-of go, once that is known. */
kerb_status ki_tables_drop_future(ki_reader *reader, kerb_error *err);
/* Notes the place for the judgement of the coordinate system and turns it into WGS84. */
kerb_status ki_place_convert(ki_reader *reader, double *lat_deg, double *lon_deg, kerb_error *err);

/* ---- district_reports.c ---------------------------------------------------------------------- */
kerb_status ki_reports_read(ki_reader *reader, kerb_error *err);
/* The newest credible instant not after limit_s (KERB_NO_TIME: no limit); KERB_NO_TIME if none. */
kerb_status ki_reports_newest(const ki_reader *reader, int64_t limit_s, int64_t *newest_s,
                              kerb_error *err);
/* Drops what is later than as-of, what belongs to dropped containers, and duplicates. */
kerb_status ki_reports_filter(ki_reader *reader, kerb_error *err);
kerb_status ki_reports_add(ki_reader *reader, kerb_error *err);

/* ---- district_learned.c ---------------------------------------------------------------------- */
/* Densities and service times of the containers as nights taught. */
kerb_status ki_learned_apply(ki_reader *reader, kerb_error *err);

/* ---- district_tonight.c ---------------------------------------------------------------------- */
/* Applies tonight.yaml to the arrays read and adds its closures and notes to the model. */
kerb_status ki_tonight_apply(ki_reader *reader, kerb_error *err);

/* ---- district_orders.c ----------------------------------------------------------------------- */
/* Of tonight.yaml: pinned, forbidden, bays_taken; once the night is known. */
kerb_status ki_orders_apply(ki_reader *reader, kerb_error *err);

/* ---- district_sequences.c -------------------------------------------------------------------- */
/* `order` of both files, once the tables are read; then into the model, without what it lacks. */
kerb_status ki_sequences_read(ki_reader *reader, kerb_error *err);
kerb_status ki_sequences_add(ki_reader *reader, kerb_error *err);

/* ---- district_coordinates.c ------------------------------------------------------------------ */
/* Snaps the whole set under each system; fails if another fits far better than the declared one. */
kerb_status ki_coordinates_judge(const kerb_roads *roads, kerb_coordinates declared,
                                 const double *lat_deg, const double *lon_deg, size_t n,
                                 kerb_error *err);
#endif
