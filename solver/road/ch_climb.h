/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_climb.h - all that lies above an arc in a hierarchy: one of the two halves of every distance.
 * Paths need one climb from either end, a matrix by buckets one from every end. */
#ifndef KI_CH_CLIMB_H
#define KI_CH_CLIMB_H
#include "road/hierarchy.h"

typedef struct ki_ch_side { /* scratch of one climb; clear between climbs */
    uint64_t *label;        /* [n_nodes] KI_NO_LABEL: not reached */
    int32_t *before;        /* [n_nodes] rank it was reached from, -1: where the climb began */
    uint64_t *pending;      /* bits of ranks to go on from */
    int32_t *reached;       /* [n_nodes] */
    int32_t n_reached;
    int32_t *passed; /* [n_nodes] the same from low to high */
    int32_t n_passed;
} ki_ch_side;

typedef struct ki_ch_slope { /* the edges of one climb */
    const int32_t *first;
    const ki_ch_edge *edges;
} ki_ch_slope;

/* 0 on success. A side that failed must be freed like any other. */
int ki_ch_side_new(ki_ch_side *side, int32_t n_nodes);
void ki_ch_side_free(ki_ch_side *side);
void ki_ch_side_clear(ki_ch_side *side);

/* A climb on a clear side, from the end of an arc or against the edges from the start of one.
 * Afterwards label[passed[..]] are upper bounds of the distance to or from each; exact for the top
 * of every quickest way. */
void ki_ch_climb_from(ki_ch_side *side, const ki_profile *profile, const ki_hierarchy *hierarchy,
                      int32_t arc);
void ki_ch_climb_to(ki_ch_side *side, const ki_profile *profile, const ki_hierarchy *hierarchy,
                    int32_t arc);
#endif
