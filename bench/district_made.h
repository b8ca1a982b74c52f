/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_made.h - a generated district before it is written as tables. */
#ifndef DISTRICT_MADE_H
#define DISTRICT_MADE_H
#include "road/graph.h"
#include "road/snap.h"

/* How people bring waste, beyond what the frozen generator knows: off, where all is 0. */
typedef struct district_habits {
    const char *holidays;  /* dates, with commas; NULL: none */
    double holiday_factor; /* of a holiday's waste */
    double season; /* logarithm's amplitude of a swing of twelve weeks, nearly at its height now */
    double neighbours; /* logarithm's deviation of a rate that is the neighbourhood's */
    double new_share;  /* of the sensors: they report for ten days only */
    int drop_off;      /* food is taken at 06:30-08:30 and 18:00-20:00 only, and says so */
    int day_shape;     /* of the other streams: mornings and evenings, unsaid */
} district_habits;

typedef struct district_order {
    int32_t bins, days;
    double kerb_km;
    uint64_t seed;
    const char *zone, *date, *prices_path, *extract_name; /* NULL: the default */
    const char *cache_name;  /* of the roads, as the district file names it; NULL: none */
    const kerb_roads *roads; /* borrowed: those of the extract, read already; or NULL */
    double rate_ratio;       /* of every rate: larger containers; 0: 1 */
    int32_t report_hours;    /* between two reports of one sensor; 0: REPORT_HOURS */
    int no_intervals;        /* no contract says how often at least */
    district_habits habits;
    int truth; /* write truth.csv: what is wrong with each sensor; no engine reads it */
} district_order;

typedef struct made_site {
    int32_t lat_e7, lon_e7;
    const char *street;
} made_site;

typedef struct made_kerb {
    int64_t way_id, from_node, to_node;
    const char *name;
    int right, grade;
    int32_t length_mm;
} made_kerb;

/* Indices of places. */
enum { MADE_DEPOT_1, MADE_DEPOT_2, MADE_STATION_1, MADE_STATION_2, MADE_PLANT, MADE_PLACES };

typedef struct made_district {
    ki_snap_index *index;
    made_site *sites;
    int32_t n_sites, n_sites_at_spots;
    struct {
        int32_t lat_e7, lon_e7;
    } places[MADE_PLACES];
    made_kerb *kerbs;
    int32_t n_kerbs;
    int64_t kerb_mm;
} made_district;

typedef struct district_counts {
    int32_t n_sites, n_sites_at_spots, n_kerbs;
    double radius_m, kerb_km;
} district_counts;

kerb_status district_make(district_counts *out, const char *extract, const district_order *order,
                          const char *folder, kerb_error *err);
/* Writes district.yaml and the tables into folder, which is made if absent. */
kerb_status district_write(const made_district *made, const district_order *order,
                           const char *extract, const char *folder, kerb_error *err);
#endif
