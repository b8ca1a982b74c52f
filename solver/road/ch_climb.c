/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_climb.c - all of what is above a node is climbed in order of rank: no heap, no bound to test.
 * On roads that is a few hundred nodes, fewer than it would take to pay for a queue; and few of
 * them could be stalled, so that looking for these costs more than it spares. */
#include "road/ch_climb.h"

#include "base/alloc.h"

#include <string.h>

int ki_ch_side_new(ki_ch_side *side, int32_t n_nodes) {
    size_t n = (size_t)n_nodes;
    *side = (ki_ch_side){0};
    side->label = ki_alloc(n * sizeof *side->label);
    side->before = ki_alloc(n * sizeof *side->before);
    side->reached = ki_alloc(n * sizeof *side->reached);
    side->passed = ki_alloc(n * sizeof *side->passed);
    side->pending = ki_alloc_zero(n / 64 + 1, sizeof *side->pending);
    if (!side->label || !side->before || !side->reached || !side->passed || !side->pending)
        return -1;
    memset(side->label, 0xff, n * sizeof *side->label);
    return 0;
}

void ki_ch_side_free(ki_ch_side *side) {
    ki_free(side->label);
    ki_free(side->before);
    ki_free(side->reached);
    ki_free(side->passed);
    ki_free(side->pending);
    *side = (ki_ch_side){0};
}

void ki_ch_side_clear(ki_ch_side *side) {
    while (side->n_reached > 0)
        side->label[side->reached[--side->n_reached]] = KI_NO_LABEL;
    side->n_passed = 0;
}

static void reach(ki_ch_side *side, int32_t rank, uint64_t label, int32_t before) {
    if (label >= side->label[rank]) return;
    if (side->label[rank] == KI_NO_LABEL) side->reached[side->n_reached++] = rank;
    side->label[rank] = label;
    side->before[rank] = before;
    side->pending[rank >> 6] |= UINT64_C(1) << (rank & 63);
}

static void pass(ki_ch_side *side, const ki_ch_slope *on, int32_t rank) {
    side->passed[side->n_passed++] = rank;
    for (int32_t edge = on->first[rank]; edge < on->first[rank + 1]; edge++) {
        uint64_t label = side->label[rank] + on->edges[edge].label;
        if (label < KI_FAR_LABEL) reach(side, on->edges[edge].node, label, rank);
    }
}

static void climb(ki_ch_side *side, const ki_ch_slope *on) {
    int32_t lowest = -1;
    for (int32_t at = 0; at < side->n_reached; at++)
        if (side->reached[at] > lowest) lowest = side->reached[at];
    for (int32_t word = lowest >> 6; word >= 0; word--)
        while (side->pending[word]) {
            int32_t bit = 63 - __builtin_clzll(side->pending[word]);
            side->pending[word] &= ~(UINT64_C(1) << bit);
            pass(side, on, word * 64 + bit);
        }
}

void ki_ch_climb_from(ki_ch_side *side, const ki_profile *profile, const ki_hierarchy *hierarchy,
                      int32_t arc) {
    int32_t start = profile->depart[arc];
    for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1]; turn++)
        reach(side, hierarchy->rank_of[profile->turn_to[turn]], ki_label(profile->turn_ms[turn], 0),
              -1);
    ki_ch_slope up = {hierarchy->first_up, hierarchy->up};
    climb(side, &up);
}

void ki_ch_climb_to(ki_ch_side *side, const ki_profile *profile, const ki_hierarchy *hierarchy,
                    int32_t arc) {
    reach(side, hierarchy->rank_of[arc], 0, -1);
    for (int32_t at = profile->first_copy[arc]; at < profile->first_copy[arc + 1]; at++)
        reach(side, hierarchy->rank_of[profile->copies[at]], 0, -1);
    ki_ch_slope down = {hierarchy->first_down, hierarchy->down};
    climb(side, &down);
}
