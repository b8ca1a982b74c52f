/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_search.h - one Dijkstra over all search nodes of a profile, for single paths, and the rules
 * that matrix and unpack share.
 *
 * A label is time and length in one number, time << 32 | length, so that comparing labels compares
 * time first and length on a tie, and adding labels adds both. Counted from the end of the arc the
 * search leaves to the start of the arc reached. */
#ifndef KI_ROAD_SEARCH_H
#define KI_ROAD_SEARCH_H
#include "road/label_heap.h"
#include "road/profile.h"

#define KI_NO_LABEL UINT64_MAX
/* Times and lengths beyond this (23 days, 2000 km) are no way: sums stay within 32 bits. */
#define KI_LABEL_LIMIT UINT32_C(2000000000)

typedef struct ki_road_search {
    const ki_profile *profile;
    uint64_t *label;    /* [n_nodes] */
    int32_t *parent;    /* [n_nodes] search node before, -1 the start; NULL if not kept */
    uint8_t *is_target; /* [n_arcs] arcs still to be reached */
    ki_label_heap heap; /* room for every turn twice: never grows */
} ki_road_search;

kerb_status ki_road_search_new(ki_road_search *search, const ki_profile *profile, kerb_error *err);
void ki_road_search_free(ki_road_search *search);
/* From the end of from_arc until to_arc is reached or nothing is left. */
void ki_road_search_run(ki_road_search *search, int32_t from_arc, int32_t to_arc);
/* The best label of an arc after a run, and the lowest search node that has it. */
uint64_t ki_road_search_label(const ki_road_search *search, int32_t arc, int32_t *node);

static inline int ki_label_is_beyond(uint64_t label) {
    return (uint32_t)(label >> 32) > KI_LABEL_LIMIT || (uint32_t)label > KI_LABEL_LIMIT;
}

/* Time and length from one place to another, given the label between their arcs. One rule for
 * matrix and unpack: direct along one arc, else rest of the first + label + part of the last. */
void ki_road_search_join(const ki_profile *profile, ki_place from, ki_place to, uint64_t label,
                         int32_t *time_ms, int32_t *length_mm);
int ki_road_search_is_direct(const ki_profile *profile, ki_place from, ki_place to);
#endif
