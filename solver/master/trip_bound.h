/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_bound.h - a lower bound of one flow by columns of trips. Used inside the master only. */
#ifndef KI_TRIP_BOUND_H
#define KI_TRIP_BOUND_H
#include "master/bound.h"
#include "master/flow.h"

typedef struct ki_trip_bound {
    int64_t bound_nano; /* INT64_MIN: none */
    int32_t n_columns, n_passes;
    int complete; /* nothing that this relaxation can prove is left */
} ki_trip_bound;

/* Whether trips are short enough for their columns to converge with this effort. */
int ki_trip_bound_pays(const ki_flow *flow, int32_t effort);
/* Whether they are so long, and of kerbs, that arcs should prove something first. */
int ki_trip_bound_is_slow(const ki_flow *flow);
/* Effort as for ki_bound_compute_until. */
kerb_status ki_trip_bound_run(ki_trip_bound *out, const ki_flow *flow, ki_worker *worker,
                              const ki_bound_limit *limit, kerb_error *err);
#endif
