/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_params.h - every number of the district generator, frozen in one place: changing one
 * changes every benchmark, so it changes DISTRICT_GENERATOR_VERSION too. */
#ifndef DISTRICT_PARAMS_H
#define DISTRICT_PARAMS_H

#define DISTRICT_GENERATOR_VERSION "2"
/* The set of districts that bench/districts/manifest.csv pins. */
#define BENCH_SET_NAME "kerbside-districts-1"

enum {
    BINS_PER_SITE_X4 = 15,    /* 3.75 containers a site */
    SITE_SPACING_M = 70,      /* at least, where the streets allow */
    SITE_OFFSET_M = 5,        /* from the road's centre line to the site */
    SPOT_REACH_M = 60,        /* a home or shop this near to a street counts as on it */
    REPORT_HOURS = 12,        /* between two reports of one sensor */
    BINS_PER_TRUCK = 50,      /* fleet grows with the district, six trucks at least */
    KERB_KM_PER_SWEEPER = 20, /* two sweepers at least */
    MIN_KERB_M = 30,
    AREA_KM_PER_BIN_X100 = 12, /* street length in the district: 0.12 km a container ... */
    AREA_KM_LEAST = 12,        /* ... and at least this */
    SITE_WINDOW_PERCENT = 12,  /* sites with a quiet-hours window */
    SICK_PERCENT_X10 = 50      /* sensors with a fault: 5 % */
};

typedef struct stream_params {
    const char *name;
    double share;        /* of the containers */
    double volumes_l[2]; /* small and large container */
    double density_kg_per_l;
    double rate_mean;   /* share of its volume filled a day */
    double rate_spread; /* relative */
    double weekday[7];  /* Monday first */
    double service_s;
    double max_interval_days;
} stream_params;

static const stream_params streams[4] = {
    {"residual",
     0.36,
     {660, 1100},
     0.16,
     0.34,
     0.45,
     {1.05, 0.95, 0.95, 0.98, 1.02, 1.10, 0.95},
     55,
     7},
    {"food", 0.27, {240, 660}, 0.55, 0.42, 0.40, {1.00, 0.95, 0.95, 0.95, 1.05, 1.15, 0.95}, 50, 3},
    {"recyclable",
     0.25,
     {660, 1100},
     0.07,
     0.20,
     0.50,
     {1.10, 1.00, 0.95, 0.95, 0.95, 1.05, 1.00},
     60,
     14},
    {"hazardous", 0.12, {120, 240}, 0.30, 0.04, 0.60, {1, 1, 1, 1, 1, 1, 1}, 70, 28},
};

typedef enum sensor_fault {
    FAULT_NONE = 0,
    FAULT_STUCK,
    FAULT_SILENT,
    FAULT_NEVER_FULL,
    FAULT_SPIKES,
    FAULT_INVERSE,
    FAULT_OVER_RANGE,
    N_FAULTS
} sensor_fault;

/* Reference prices (plausible city figures, not measured), CNY. */
typedef struct vehicle_prices {
    double used, per_km, per_hour, overtime_per_hour;
} vehicle_prices;
typedef struct price_list {
    vehicle_prices truck_small, truck_large, sweeper;
    double tip_per_tonne[4]; /* by stream, in the order above; negative: revenue */
    double unserved_must, unswept_kerb_per_km, overflow_per_container_day;
} price_list;

static const price_list default_prices = {
    .truck_small = {180, 2.6, 62, 93},
    .truck_large = {260, 3.8, 66, 99},
    .sweeper = {220, 2.9, 48, 72},
    .tip_per_tonne = {95, 140, -320, 1900},
    .unserved_must = 600,
    .unswept_kerb_per_km = 400,
    .overflow_per_container_day = 80,
};
#endif
