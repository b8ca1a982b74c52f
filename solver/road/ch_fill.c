/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_fill.c - contraction without looking for ways round: every pair of an edge into a node and one
 * out of it becomes a shortcut. In a good order that is not many, and without searches it is fast
 * (customizable contraction hierarchies: Dibbelt, Strasser and Wagner, JEA 2016; on arcs: Buchhold,
 * Wagner, Zeitz and Zuendorf, ATMOS 2020). Here both directions have edges of their own: on arcs
 * half the pairs have a way in one direction only.
 *
 *        b          Ranks are taken from the lowest to the top. At rank a all edges a -> b upward
 *       /|          are gathered at once: the turns, and those over every lower x with a -> x and
 *      / a          x -> b. Which x lie below a is known from lists that each x moves through, from
 *      \ |          the lowest rank above it to the highest (a left-looking factorisation of a
 * sparse x          matrix: George and Liu, 1981). Edges down into a likewise. */
#include "road/ch_fill.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

enum { MAX_EDGES = 1 << 26 };
#define MAX_PAIRS (INT64_C(1) << 36) /* a minute or two */

typedef struct in_turns {  /* turns by where they lead */
    int32_t *first, *from; /* [n_nodes + 1]; [n_turns] */
    uint64_t *label;       /* [n_turns] */
} in_turns;

typedef struct filling {
    const ki_profile *profile;
    const int32_t *rank_of, *node_of;
    ki_ch_fill *fill;
    in_turns in;
    int32_t *at[2];     /* [n_nodes] next edge of each list that leads to a rank not yet taken */
    int32_t *lowest[2]; /* [n_nodes] list of ranks whose next edge leads here, -1 ends */
    int32_t *next[2];   /* [n_nodes] */
    uint64_t *least;    /* [n_nodes] of the list at hand; KI_FAR_LABEL: none */
    int32_t *middle;    /* [n_nodes] */
    uint64_t *bits;     /* ranks that have a label */
    uint64_t *blocks;   /* words of bits that are not 0 */
    int64_t n_pairs;
} filling;

/* ---- room ---------------------------------------------------------------------------------- */

static int turn_round(filling *at) {
    const ki_profile *profile = at->profile;
    int32_t n = profile->n_nodes, n_turns = profile->first_turn[n];
    int32_t *first = ki_alloc_zero((size_t)n + 2, sizeof *first);
    at->in.first = first;
    at->in.from = ki_alloc_zero((size_t)n_turns, sizeof *at->in.from);
    at->in.label = ki_alloc_zero((size_t)n_turns, sizeof *at->in.label);
    if (!first || !at->in.from || !at->in.label) return -1;
    for (int32_t turn = 0; turn < n_turns; turn++)
        first[profile->turn_to[turn] + 2]++;
    for (int32_t node = 0; node < n; node++)
        first[node + 2] += first[node + 1];
    for (int32_t node = 0; node < n; node++)
        for (int32_t turn = profile->first_turn[node]; turn < profile->first_turn[node + 1];
             turn++) {
            int32_t where = first[profile->turn_to[turn] + 1]++;
            at->in.from[where] = node;
            at->in.label[where] = profile->weight[node] + ki_label(profile->turn_ms[turn], 0);
        }
    return 0;
}

static int make_room(filling *at) {
    size_t n = (size_t)at->profile->n_nodes;
    for (int side = 0; side < 2; side++) {
        ki_ch_half *half = &at->fill->half[side];
        half->first = ki_alloc_zero(n, sizeof *half->first);
        half->end = ki_alloc_zero(n, sizeof *half->end);
        at->at[side] = ki_alloc_zero(n, sizeof *at->at[side]);
        at->lowest[side] = ki_alloc_zero(n, sizeof *at->lowest[side]);
        at->next[side] = ki_alloc_zero(n, sizeof *at->next[side]);
        if (!half->first || !half->end || !at->at[side] || !at->lowest[side] || !at->next[side])
            return -1;
        memset(at->lowest[side], 0xff, n * sizeof *at->lowest[side]);
    }
    at->least = ki_alloc_zero(n, sizeof *at->least);
    at->middle = ki_alloc_zero(n, sizeof *at->middle);
    at->bits = ki_alloc_zero(n / 64 + 1, sizeof *at->bits);
    at->blocks = ki_alloc_zero(n / 4096 + 1, sizeof *at->blocks);
    if (!at->least || !at->middle || !at->bits || !at->blocks) return -1;
    for (size_t rank = 0; rank < n; rank++)
        at->least[rank] = KI_FAR_LABEL;
    return turn_round(at);
}

static void free_room(filling *at) {
    for (int side = 0; side < 2; side++) {
        ki_free(at->at[side]);
        ki_free(at->lowest[side]);
        ki_free(at->next[side]);
    }
    ki_free(at->least);
    ki_free(at->middle);
    ki_free(at->bits);
    ki_free(at->blocks);
    ki_free(at->in.first);
    ki_free(at->in.from);
    ki_free(at->in.label);
}

/* ---- one rank ------------------------------------------------------------------------------ */

static inline void offer(filling *at, int32_t rank, uint64_t label, int32_t middle) {
    if (label >= at->least[rank]) return;
    if (at->least[rank] == KI_FAR_LABEL) {
        at->bits[rank >> 6] |= UINT64_C(1) << (rank & 63);
        at->blocks[rank >> 12] |= UINT64_C(1) << (rank >> 6 & 63);
    }
    at->least[rank] = label;
    at->middle[rank] = middle;
}

static void offer_turns(filling *at, int32_t rank, int side) {
    const ki_profile *profile = at->profile;
    int32_t node = at->node_of[rank];
    const int32_t *first = side ? at->in.first : profile->first_turn;
    for (int32_t turn = first[node]; turn < first[node + 1]; turn++) {
        int32_t other = at->rank_of[side ? at->in.from[turn] : profile->turn_to[turn]];
        uint64_t label =
            side ? at->in.label[turn] : profile->weight[node] + ki_label(profile->turn_ms[turn], 0);
        if (other < rank) offer(at, other, label, -1);
    }
}

/* Over every lower node that has an edge from here (side 0) or to here (side 1). */
static void offer_shortcuts(filling *at, int32_t rank, int side) {
    const ki_ch_half *back = &at->fill->half[!side], *on = &at->fill->half[side];
    for (int32_t low = at->lowest[!side][rank]; low >= 0; low = at->next[!side][low]) {
        uint64_t label = back->edges[at->at[!side][low]].label;
        const ki_ch_edge *edge = on->edges + at->at[side][low], *end = on->edges + on->end[low];
        if (edge < end && edge->node == rank) edge++;
        at->n_pairs += end - edge;
        for (; edge < end; edge++)
            offer(at, edge->node, label + edge->label, low);
    }
}

/* From the greatest rank to the smallest: the order in which they will be taken. */
static int keep(filling *at, int32_t rank, int side) {
    ki_ch_half *half = &at->fill->half[side];
    half->first[rank] = (int32_t)half->n_edges;
    for (int32_t block = rank >> 12; block >= 0; block--)
        while (at->blocks[block]) {
            int32_t word = block * 64 + 63 - __builtin_clzll(at->blocks[block]);
            int32_t other = word * 64 + 63 - __builtin_clzll(at->bits[word]);
            at->bits[word] &= ~(UINT64_C(1) << (other & 63));
            if (!at->bits[word]) at->blocks[block] &= ~(UINT64_C(1) << (word & 63));
            if (ki_grow(&half->edges, &half->capacity, half->n_edges + 1, sizeof *half->edges))
                return -1;
            half->edges[half->n_edges++] = (ki_ch_edge){at->least[other], other, at->middle[other]};
            at->least[other] = KI_FAR_LABEL;
        }
    half->end[rank] = (int32_t)half->n_edges;
    return 0;
}

static void enlist(filling *at, int32_t low, int side) {
    const ki_ch_half *half = &at->fill->half[side];
    if (at->at[side][low] == half->end[low]) return;
    int32_t to = half->edges[at->at[side][low]].node;
    at->next[side][low] = at->lowest[side][to];
    at->lowest[side][to] = low;
}

/* All that stood at this rank stand at the next one they lead to; so does the rank itself. */
static void move_on(filling *at, int32_t rank, int side) {
    for (int32_t low = at->lowest[side][rank], next; low >= 0; low = next) {
        next = at->next[side][low];
        at->at[side][low]++;
        enlist(at, low, side);
    }
    at->at[side][rank] = at->fill->half[side].first[rank];
    enlist(at, rank, side);
}

static kerb_status fill_all(filling *at, kerb_error *err) {
    const ki_ch_fill *fill = at->fill;
    for (int32_t rank = fill->n_nodes - 1; rank >= 0; rank--) {
        for (int side = 0; side < 2; side++) {
            offer_turns(at, rank, side);
            offer_shortcuts(at, rank, side);
            if (keep(at, rank, side)) return ki_fail_no_memory(err, "the road hierarchy");
        }
        move_on(at, rank, 0);
        move_on(at, rank, 1);
        if (at->n_pairs > MAX_PAIRS || fill->half[0].n_edges > MAX_EDGES ||
            fill->half[1].n_edges > MAX_EDGES)
            return ki_fail(
                err, KERB_BAD_INPUT,
                "roads: the hierarchy exceeds %d edges or %lld pairs of them, expected a "
                "street network",
                (int)MAX_EDGES, (long long)MAX_PAIRS);
    }
    return KERB_OK;
}

kerb_status ki_ch_fill_make(ki_ch_fill *fill, const ki_profile *profile, const int32_t *rank_of,
                            const int32_t *node_of, kerb_error *err) {
    filling at = {.profile = profile, .rank_of = rank_of, .node_of = node_of, .fill = fill};
    *fill = (ki_ch_fill){.n_nodes = profile->n_nodes};
    kerb_status status =
        make_room(&at) ? ki_fail_no_memory(err, "the road hierarchy") : fill_all(&at, err);
    free_room(&at);
    return status;
}

void ki_ch_fill_free(ki_ch_fill *fill) {
    for (int side = 0; side < 2; side++) {
        ki_free(fill->half[side].first);
        ki_free(fill->half[side].end);
        ki_free(fill->half[side].edges);
    }
}
