/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_search.h - one Dijkstra over the search nodes of a profile, shared by matrix and unpack.
 *
 * A label is time and length in one number, time << 32 | length, so that comparing labels compares
 * time first and length on a tie, and adding labels adds both. Counted from the end of the arc the
 * search leaves to the start of the arc reached. */
#ifndef KI_ROAD_SEARCH_H
#define KI_ROAD_SEARCH_H
#include "road/profile.h"

#define KI_NO_LABEL UINT64_MAX
/* Times and lengths beyond this (23 days, 2000 km) are no way: sums stay within 32 bits. */
#define KI_LABEL_LIMIT UINT32_C(2000000000)

typedef struct ki_heap_item {
    uint64_t key;
    int32_t node;
} ki_heap_item;

typedef struct ki_road_search {
    const ki_profile *profile;
    uint64_t *label;    /* [n_nodes] */
    int32_t *parent;    /* [n_nodes] search node before, -1 the start; NULL if not kept */
    uint8_t *is_target; /* [n_arcs] arcs still to be reached */
    ki_heap_item *heap; /* room for every turn once: never grows */
    int32_t n_heap;
} ki_road_search;

kerb_status ki_road_search_new(ki_road_search *search, const ki_profile *profile, int keep_parents,
                               kerb_error *err);
void ki_road_search_free(ki_road_search *search);
/* From the end of from_arc until every target arc is reached or nothing is left. */
void ki_road_search_run(ki_road_search *search, int32_t from_arc, const int32_t *target_arcs,
                        int32_t n_targets);
/* The best label of an arc after a run, and the lowest search node that has it (node may be NULL).
 */
uint64_t ki_road_search_label(const ki_road_search *search, int32_t arc, int32_t *node);

/* Time and length from one place to another, given the label between their arcs. One rule for
 * matrix and unpack: direct along one arc, else rest of the first + label + part of the last. */
void ki_road_search_join(const ki_profile *profile, ki_place from, ki_place to, uint64_t label,
                         int32_t *time_ms, int32_t *length_mm);
int ki_road_search_is_direct(const ki_profile *profile, ki_place from, ki_place to);
#endif
