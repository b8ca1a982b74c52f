/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_core.h - the search graph boiled down to what lies between a set of arcs: the same distances
 * between them over far fewer nodes. Built once per matrix. */
#ifndef KI_ROAD_CORE_H
#define KI_ROAD_CORE_H
#include "road/profile.h"

typedef struct ki_core_edge { /* from the start of one arc to the start of another */
    uint64_t label;           /* time and length */
    int32_t to;
} ki_core_edge;

typedef struct ki_road_core {
    ki_arena arena;
    int32_t n_nodes;
    int32_t *first; /* [n_nodes + 1] into edges */
    ki_core_edge *edges;
    int32_t *target;  /* [n_nodes] index into the arcs given, or -1 */
    int32_t *node_of; /* [profile n_nodes] core node, or -1: boiled away */
} ki_road_core;

/* arcs: [n_arcs] distinct. All search nodes of these arcs are kept. */
kerb_status ki_road_core_build(ki_road_core *core, const ki_profile *profile, const int32_t *arcs,
                               int32_t n_arcs, kerb_error *err);
void ki_road_core_free(ki_road_core *core);
#endif
