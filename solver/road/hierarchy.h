/* SPDX-License-Identifier: GPL-3.0-or-later
 * hierarchy.h - a contraction hierarchy over the search nodes of a profile. Built once per profile,
 * then every distance is a way up and a way down:
 *
 *      0         top: contracted last        up[v]    edges v ──► higher, what a search follows
 *     / \                                    down[v]  edges higher ──► v, what reaches v
 *    3   5       nodes are numbered by
 *   / \   \      rank from the top, so both lead to or come from smaller numbers
 *
 * Labels are those of road_search.h: from the start of one arc to the start of another. */
#ifndef KI_HIERARCHY_H
#define KI_HIERARCHY_H
#include "road/profile.h"
#include "road/road_search.h"

/* Less than this is a way; two of these and a link still fit a label. */
#define KI_FAR_LABEL ((uint64_t)KI_LEG_LIMIT_MS << KI_LENGTH_BITS)

typedef struct ki_ch_edge {
    uint64_t label;
    int32_t node;   /* the other end, by rank */
    int32_t middle; /* by rank: the node a shortcut leads through; -1: a turn of the profile */
} ki_ch_edge;

typedef struct ki_hierarchy {
    ki_arena arena;
    int is_stored; /* the arrays lie in the graph's store, checked */
    int32_t n_nodes, n_up, n_down;
    int32_t *rank_of;               /* [n_nodes] of a search node, 0 the top */
    int32_t *node_of;               /* [n_nodes] search node of a rank */
    int32_t *first_up, *first_down; /* [n_nodes + 1] */
    ki_ch_edge *up, *down;
} ki_hierarchy;

kerb_status ki_hierarchy_build(ki_hierarchy **out, const ki_profile *profile, kerb_error *err);
void ki_hierarchy_free(ki_hierarchy *hierarchy);

/* What a hierarchy is made from: the search nodes of the profile and their turns. Equal, so are the
 * hierarchies, whatever vehicle, closure or hour made the profiles so. */
ki_digest ki_hierarchy_key(const ki_profile *profile);
/* The profile's own: from the graph's store, or built by whoever asks first. Any thread. */
kerb_status ki_profile_hierarchy(const ki_hierarchy **out, const ki_profile *profile,
                                 kerb_error *err);
int ki_profile_has_hierarchy(const ki_profile *profile);
/* The one that was made or found, NULL before that. */
const ki_hierarchy *ki_profile_known_hierarchy(const ki_profile *profile);
/* For profile.c: the place it will stand in. */
kerb_status ki_hierarchy_slot_new(ki_profile *profile, kerb_error *err);
void ki_hierarchy_slot_free(ki_profile *profile);
#endif
