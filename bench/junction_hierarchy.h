/* SPDX-License-Identifier: GPL-3.0-or-later
 * junction_hierarchy.h - what a hierarchy would cost if turns were free: the city as junctions
 * joined by the arcs that are open. For comparison only. */
#ifndef KERB_BENCH_JUNCTION_HIERARCHY_H
#define KERB_BENCH_JUNCTION_HIERARCHY_H
#include "road/profile.h"

typedef struct bench_junctions {
    int64_t n_up;   /* edges up */
    double build_s; /* CPU, of the contraction and the laying of its input */
} bench_junctions;

kerb_status bench_junction_hierarchy(bench_junctions *out, const ki_profile *profile,
                                     kerb_error *err);
#endif
