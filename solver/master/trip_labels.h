/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_labels.h - the trips of least reduced cost in a net. Used inside the master only. */
#ifndef KI_TRIP_LABELS_H
#define KI_TRIP_LABELS_H
#include "master/trip_net.h"

/* How hard to look. Only exact tells the least reduced cost of all trips. */
typedef enum ki_trip_effort { KI_TRIP_QUICK = 0, KI_TRIP_GREEDY, KI_TRIP_EXACT } ki_trip_effort;

typedef struct ki_trip {
    int64_t reduced_nano;
    int32_t from, to; /* nodes of the flow: where it starts; its tip */
    int32_t first, n; /* its tasks, as nodes of the flow: ki_trip_search.nodes[first...] */
} ki_trip;

typedef struct ki_trip_half ki_trip_half;
/* Memory that one search after another uses; start from {0}. Not thread-safe. */
typedef struct ki_trip_search {
    ki_trip_half *halves[2]; /* forwards, backwards */
    ki_trip *trips;          /* found; valid until the next run, cheapest first */
    int32_t n_trips;
    int32_t *nodes;
    size_t trips_capacity, nodes_capacity, n_nodes;
    uint8_t (*gathered)[256], (*scattered)[256]; /* [memory][mask] bits moved together, apart */
    int64_t least_nano;         /* of any trip, if exact and complete; else of those seen */
    int64_t n_tries;            /* steps so far, over all runs: the measure of work */
    int complete;               /* 0: gave up at max_tries, or was stopped */
    int (*stop)(void *payload); /* asked now and then; nonzero: gives up. NULL: never */
    void *payload;
} ki_trip_search;

/* Finds up to max_trips trips below `below`. Gives up after max_tries steps of this run. */
kerb_status ki_trip_search_run(ki_trip_search *search, const ki_trip_net *net,
                               ki_trip_effort effort, int64_t below, int32_t max_trips,
                               int64_t max_tries, kerb_error *err);
void ki_trip_search_free(ki_trip_search *search);
#endif
