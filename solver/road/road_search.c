/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_search.c - Dijkstra (1959) with a four-ary heap. A node is pushed again when its label
 * improves and its older entries are skipped on their way out: cheaper here than a heap that knows
 * positions. Every turn is relaxed once, so the heap never holds more than the turns. */
#include "road/road_search.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

kerb_status ki_road_search_new(ki_road_search *search, const ki_profile *profile, int keep_parents,
                               kerb_error *err) {
    size_t n_nodes = (size_t)profile->n_nodes;
    size_t n_turns = (size_t)profile->first_turn[profile->n_nodes];
    *search = (ki_road_search){.profile = profile};
    search->label = ki_alloc_zero(n_nodes, sizeof *search->label);
    search->is_target = ki_alloc_zero((size_t)profile->graph->n_arcs, 1);
    search->heap = ki_alloc_zero(2 * n_turns + 1, sizeof *search->heap);
    if (keep_parents) search->parent = ki_alloc_zero(n_nodes, sizeof *search->parent);
    if (search->label && search->is_target && search->heap && (search->parent || !keep_parents))
        return KERB_OK;
    ki_road_search_free(search);
    return ki_fail_no_memory(err, "a road search");
}

void ki_road_search_free(ki_road_search *search) {
    ki_free(search->label);
    ki_free(search->parent);
    ki_free(search->is_target);
    ki_free(search->heap);
    *search = (ki_road_search){0};
}

/* ---- heap -------------------------------------------------------------------------- */

static inline void push(ki_road_search *search, uint64_t key, int32_t node) {
    ki_heap_item *heap = search->heap;
    int32_t at = search->n_heap++;
    while (at > 0) {
        int32_t up = (at - 1) / 4;
        if (heap[up].key <= key) break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = (ki_heap_item){key, node};
}

static inline ki_heap_item pop(ki_road_search *search) {
    ki_heap_item *heap = search->heap, top = heap[0], moved = heap[--search->n_heap];
    int32_t n = search->n_heap, at = 0;
    for (;;) {
        int32_t first = 4 * at + 1, least = first;
        if (first >= n) break;
        int32_t end = first + 4 < n ? first + 4 : n;
        for (int32_t child = first + 1; child < end; child++)
            if (heap[child].key < heap[least].key) least = child;
        if (heap[least].key >= moved.key) break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = moved;
    return top;
}

/* ---- search ------------------------------------------------------------------------ */

static void relax(ki_road_search *search, uint64_t key, int32_t from, int32_t parent) {
    const ki_profile *profile = search->profile;
    int32_t end = profile->first_turn[from + 1];
    for (int32_t turn = profile->first_turn[from]; turn < end; turn++) {
        int32_t to = profile->turn_to[turn];
        uint64_t label = key + ((uint64_t)(uint32_t)profile->turn_ms[turn] << 32);
        if (label < search->label[to]) {
            search->label[to] = label;
            if (search->parent) search->parent[to] = parent;
            push(search, label, to);
        } else if (search->parent && label == search->label[to] && parent < search->parent[to]) {
            search->parent[to] = parent; /* the same path whatever the heap does with ties */
        }
    }
}

static int beyond_limit(uint64_t label) {
    return (uint32_t)(label >> 32) > KI_LABEL_LIMIT || (uint32_t)label > KI_LABEL_LIMIT;
}

void ki_road_search_run(ki_road_search *search, int32_t from_arc, const int32_t *target_arcs,
                        int32_t n_targets) {
    const ki_profile *profile = search->profile;
    int32_t n_left = 0;
    memset(search->label, 0xff, (size_t)profile->n_nodes * sizeof *search->label);
    for (int32_t target = 0; target < n_targets; target++) {
        n_left += !search->is_target[target_arcs[target]];
        search->is_target[target_arcs[target]] = 1;
    }
    search->n_heap = 0;
    if (profile->arc_ms[from_arc] != KI_NEVER) relax(search, 0, profile->depart[from_arc], -1);
    while (search->n_heap > 0 && n_left > 0) {
        ki_heap_item item = pop(search);
        if (item.key != search->label[item.node]) continue;
        int32_t arc = profile->base_arc[item.node];
        n_left -= search->is_target[arc];
        search->is_target[arc] = 0;
        if (!beyond_limit(item.key))
            relax(search, item.key + profile->weight[item.node], item.node, item.node);
    }
    for (int32_t target = 0; target < n_targets; target++)
        search->is_target[target_arcs[target]] = 0;
}

uint64_t ki_road_search_label(const ki_road_search *search, int32_t arc, int32_t *node) {
    const ki_profile *profile = search->profile;
    uint64_t best = search->label[arc];
    if (node) *node = arc;
    for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
        if (search->label[profile->copies[copy]] < best) {
            best = search->label[profile->copies[copy]];
            if (node) *node = profile->copies[copy];
        }
    return best != KI_NO_LABEL && beyond_limit(best) ? KI_NO_LABEL : best;
}

/* ---- places ------------------------------------------------------------------------ */

static int32_t part_ms(const ki_profile *profile, ki_place place) {
    return ki_arc_part_ms(profile->arc_ms[place.arc],
                          profile->graph->edges[place.arc >> 1].length_mm, place.offset_mm);
}

int ki_road_search_is_direct(const ki_profile *profile, ki_place from, ki_place to) {
    return from.arc == to.arc && from.offset_mm <= to.offset_mm &&
           profile->arc_ms[from.arc] != KI_NEVER;
}

void ki_road_search_join(const ki_profile *profile, ki_place from, ki_place to, uint64_t label,
                         int32_t *time_ms, int32_t *length_mm) {
    *time_ms = *length_mm = KI_NEVER;
    if (ki_road_search_is_direct(profile, from, to)) {
        *time_ms = part_ms(profile, to) - part_ms(profile, from);
        *length_mm = to.offset_mm - from.offset_mm;
        return;
    }
    if (label == KI_NO_LABEL) return;
    int64_t time = (int64_t)profile->arc_ms[from.arc] - part_ms(profile, from) +
                   (int64_t)(label >> 32) + part_ms(profile, to);
    int64_t length = (int64_t)profile->graph->edges[from.arc >> 1].length_mm - from.offset_mm +
                     (int64_t)(uint32_t)label + to.offset_mm;
    if (time > KI_LABEL_LIMIT || length > KI_LABEL_LIMIT) return;
    *time_ms = (int32_t)time;
    *length_mm = (int32_t)length;
}
