/* SPDX-License-Identifier: GPL-3.0-or-later
 * cuts.h - inequalities that every plan satisfies and a fractional flow does not. Used inside the
 * master only. */
#ifndef KI_CUTS_H
#define KI_CUTS_H
#include "master/pricing.h"

typedef struct ki_cut_list {
    ki_arena *arena; /* of the member sets */
    ki_flow_cut *cuts;
    size_t capacity;
    int32_t n, max;
} ki_cut_list;

typedef struct ki_flow_point { /* a fractional flow */
    const ki_flow_arc *arcs;
    const double *values;   /* [n_arcs] */
    const double *left_out; /* [n_tasks] */
    int32_t n_arcs;
} ki_flow_point;

/* One set for each site of several tasks: without them a cycle inside a site would be free. */
kerb_status ki_cuts_of_sites(ki_cut_list *list, const ki_flow *flow, kerb_error *err);
/* Adds cuts that the point violates: connectivity by minimum cuts and rounded capacity around
 * tasks, parity and loads around places. By more than `fine` only if none is by `gross`. */
kerb_status ki_cuts_separate(ki_cut_list *list, const ki_flow *flow, const ki_flow_point *point,
                             double gross, double fine, kerb_error *err);
void ki_cuts_free(ki_cut_list *list);
#endif
