/* SPDX-License-Identifier: GPL-3.0-or-later
 * trips.h - moves of whole trips (all between two tips), of whole routes, and new routes for
 * groups of tasks none of which would pay for a shift alone. */
#ifndef KI_TRIPS_H
#define KI_TRIPS_H
#include "search/ruin.h"

typedef struct ki_trips {  /* memory of its own, so that a step allocates nothing */
    ki_stop *stops;        /* [scratch_size] of a route that is taken apart */
    ki_stop *moved, *kept; /* [scratch_size] trips on their way, and what stays */
} ki_trips;

typedef struct ki_berth { /* a place for a trip */
    int64_t delta_nano;   /* of that route; KI_NO_COST: none */
    int32_t slot, at;     /* behind this node: a tip, or the start */
} ki_berth;

kerb_status ki_trips_init(ki_trips *trips, ki_work *work, kerb_error *err);
/* The cheapest place for a trip (tasks, then one tip) in any route but one; -1: in any. Tips become
 * those of the other type for the same facility. */
void ki_trips_find(ki_trips *trips, const ki_work *work, const ki_stop *stops, int32_t n_stops,
                   int32_t but, ki_berth *best);
int ki_trips_insert(ki_trips *trips, ki_work *work, const ki_stop *stops, int32_t n_stops,
                    const ki_berth *berth);
/* The trip of a task goes to its best place in any route; 0 if there is none. */
int ki_trips_move(ki_trips *trips, ki_work *work, int32_t task);
/* The route is not driven any more: its trips go to their best places in others, and the tasks of
 * those that find none are put back one by one. */
void ki_trips_close(ki_trips *trips, ki_work *work, ki_ruin *ruin, int32_t slot);
/* A shift of an unused type takes over the later, the earlier or one of the trips of a route, where
 * it gains most or costs least; then trips of others while that pays. 0 if it cannot. */
int ki_trips_split(ki_trips *trips, ki_work *work, int32_t slot, int32_t type);
/* A shift of an unused type takes this task, and then what else is left out where it pays. */
int ki_trips_open(ki_trips *trips, ki_work *work, ki_ruin *ruin, int32_t task, int32_t type);
#endif
