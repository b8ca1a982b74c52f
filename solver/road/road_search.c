/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_search.c - Dijkstra (1959) with parents. A node is settled once and its turns are relaxed
 * then, so the heap never sees more pushes than there are turns, and those of the start again. */
#include "road/road_search.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

kerb_status ki_road_search_new(ki_road_search *search, const ki_profile *profile, kerb_error *err) {
    size_t n_nodes = (size_t)profile->n_nodes;
    size_t n_turns = (size_t)profile->first_turn[profile->n_nodes];
    *search = (ki_road_search){.profile = profile};
    search->reach = ki_alloc(n_nodes * sizeof *search->reach);
    search->heap.items = ki_alloc((2 * n_turns + 1) * sizeof *search->heap.items);
    if (search->reach && search->heap.items) return KERB_OK;
    ki_road_search_free(search);
    return ki_fail_no_memory(err, "a road search");
}

void ki_road_search_free(ki_road_search *search) {
    ki_free(search->reach);
    ki_free(search->heap.items);
    *search = (ki_road_search){0};
}

/* ---- search ------------------------------------------------------------------------ */

static void relax(ki_road_search *search, uint64_t key, int32_t from, int32_t parent) {
    const ki_profile *profile = search->profile;
    int32_t end = profile->first_turn[from + 1];
    for (int32_t turn = profile->first_turn[from]; turn < end; turn++) {
        int32_t to = profile->turn_to[turn];
        uint64_t label = key + ki_label(profile->turn_ms[turn], 0);
        ki_road_reach *reach = &search->reach[to];
        if (label < reach->label) {
            *reach = (ki_road_reach){label, parent};
            ki_heap_push(&search->heap, label, to);
        } else if (label == reach->label && parent < reach->parent) {
            reach->parent = parent; /* the same path whatever the heap does with ties */
        }
    }
}

void ki_road_search_run(ki_road_search *search, int32_t from_arc, int32_t to_arc) {
    const ki_profile *profile = search->profile;
    memset(search->reach, 0xff, (size_t)profile->n_nodes * sizeof *search->reach);
    search->heap.n = 0;
    if (profile->arc_ms[from_arc] != KI_NEVER) relax(search, 0, profile->depart[from_arc], -1);
    while (search->heap.n > 0) {
        ki_heap_item item = ki_heap_pop(&search->heap);
        if (item.key != search->reach[item.node].label) continue;
        if (to_arc >= 0 && profile->base_arc[item.node] == to_arc) break;
        if (ki_label_ms(item.key) < KI_LEG_LIMIT_MS)
            relax(search, item.key + profile->weight[item.node], item.node, item.node);
    }
}

uint64_t ki_road_search_label(const ki_road_search *search, int32_t arc, int32_t *node) {
    const ki_profile *profile = search->profile;
    uint64_t best = search->reach[arc].label;
    *node = arc;
    for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
        if (search->reach[profile->copies[copy]].label < best) {
            best = search->reach[profile->copies[copy]].label;
            *node = profile->copies[copy];
        }
    return best;
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
                   ki_label_ms(label) + part_ms(profile, to);
    int64_t length = (int64_t)profile->graph->edges[from.arc >> 1].length_mm - from.offset_mm +
                     ki_label_mm(label) + to.offset_mm;
    if (time >= KI_LEG_LIMIT_MS || length >= KI_NEVER) return;
    *time_ms = (int32_t)time;
    *length_mm = (int32_t)length;
}
