/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_search.h - one Dijkstra over all search nodes of a profile, for single paths, and the rules
 * that matrix and unpack share.
 *
 * A label is time and length in one number, so that comparing labels compares time first and length
 * on a tie, and adding labels adds both:
 *
 *   63        35 34           0     a label counts from the end of the arc the search leaves to
 *   |  time_ms  |  length_mm  |     the start of the arc reached
 *
 * A leg of KI_LEG_LIMIT_MS (37 hours) or more is no way. Below it no lane can spill over: speeds
 * are at most 65.5 m/s, so a length stays under 2^35 mm, and a label plus a link under 2^29 ms. */
#ifndef KI_ROAD_SEARCH_H
#define KI_ROAD_SEARCH_H
#include "road/label_heap.h"
#include "road/profile.h"

#define KI_NO_LABEL UINT64_MAX
enum { KI_LENGTH_BITS = 35, KI_LEG_LIMIT_MS = 1 << 27 };

static inline uint64_t ki_label(int64_t time_ms, int64_t length_mm) {
    return (uint64_t)time_ms << KI_LENGTH_BITS | (uint64_t)length_mm;
}
static inline int64_t ki_label_ms(uint64_t label) {
    return (int64_t)(label >> KI_LENGTH_BITS);
}
static inline int64_t ki_label_mm(uint64_t label) {
    return (int64_t)(label & ((UINT64_C(1) << KI_LENGTH_BITS) - 1));
}

typedef struct ki_road_reach { /* side by side: one line of the cache holds both */
    uint64_t label;
    int64_t parent; /* search node before; -1: the start, or not reached */
} ki_road_reach;

typedef struct ki_road_search {
    const ki_profile *profile;
    ki_road_reach *reach; /* [n_nodes] */
    ki_label_heap heap;   /* room for every turn twice: never grows */
} ki_road_search;

kerb_status ki_road_search_new(ki_road_search *search, const ki_profile *profile, kerb_error *err);
void ki_road_search_free(ki_road_search *search);
/* From the end of from_arc until to_arc is reached or nothing is left. */
void ki_road_search_run(ki_road_search *search, int32_t from_arc, int32_t to_arc);
/* The best label of an arc after a run, and the lowest search node that has it. */
uint64_t ki_road_search_label(const ki_road_search *search, int32_t arc, int32_t *node);

/* Time and length from one place to another, given the label between their arcs. One rule for
 * matrix and unpack: direct along one arc, else rest of the first + label + part of the last. */
void ki_road_search_join(const ki_profile *profile, ki_place from, ki_place to, uint64_t label,
                         int32_t *time_ms, int32_t *length_mm);
int ki_road_search_is_direct(const ki_profile *profile, ki_place from, ki_place to);
#endif
