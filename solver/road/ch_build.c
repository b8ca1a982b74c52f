/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_build.c - the hierarchy of a profile: search nodes stand in the order of their arcs
 * (dissect.h), everything is contracted (ch_fill.c), and what no search needs is left out
 * (ch_prune.c). Only the last two look at the profile: the order is kept for the next one. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/ch_fill.h"
#include "road/dissect.h"

/* Closed arcs have no turns: they stand below all others, with loops. */
static int32_t place_of(const ki_profile *profile, const int32_t *arc_ranks, int32_t node) {
    int32_t arc = profile->base_arc[node];
    return profile->arc_ms[arc] == KI_NEVER ? profile->graph->n_arcs : arc_ranks[arc];
}

static int set_ranks(ki_hierarchy *made, const ki_profile *profile, const int32_t *arc_ranks) {
    int32_t n = profile->n_nodes, n_places = profile->graph->n_arcs + 1;
    int32_t *first = ki_alloc_zero((size_t)n_places + 1, sizeof *first);
    made->n_nodes = n;
    made->rank_of = ki_arena_alloc(&made->arena, (size_t)n, sizeof *made->rank_of);
    made->node_of = ki_arena_alloc(&made->arena, (size_t)n, sizeof *made->node_of);
    int failed = !first || !made->rank_of || !made->node_of;
    for (int32_t node = 0; node < n && !failed; node++)
        first[place_of(profile, arc_ranks, node) + 1]++;
    for (int32_t place = 0; place < n_places && !failed; place++)
        first[place + 1] += first[place];
    for (int32_t node = 0; node < n && !failed; node++) {
        int32_t rank = first[place_of(profile, arc_ranks, node)]++;
        made->rank_of[node] = rank;
        made->node_of[rank] = node;
    }
    ki_free(first);
    return failed ? -1 : 0;
}

/* Edges that stay, by rank from the top, each list from the top too. */
static ki_ch_edge *lay_edges(ki_hierarchy *made, const ki_ch_half *half, int32_t **first) {
    size_t n_edges = 0;
    for (size_t index = 0; index < half->n_edges; index++)
        n_edges += half->edges[index].middle != KI_PRUNED;
    ki_ch_edge *edges = ki_arena_alloc(&made->arena, n_edges, sizeof *edges);
    *first = ki_arena_alloc(&made->arena, (size_t)made->n_nodes + 1, sizeof **first);
    if (!edges || !*first) return NULL;
    int32_t at = 0;
    for (int32_t rank = 0; rank < made->n_nodes; rank++) {
        (*first)[rank] = at;
        for (int32_t index = half->end[rank]; index-- > half->first[rank];)
            if (half->edges[index].middle != KI_PRUNED) edges[at++] = half->edges[index];
    }
    (*first)[made->n_nodes] = at;
    return edges;
}

static kerb_status build(ki_hierarchy *made, ki_ch_fill *fill, const ki_profile *profile,
                         const int32_t *arc_ranks, kerb_error *err) {
    if (set_ranks(made, profile, arc_ranks)) return ki_fail_no_memory(err, "the road hierarchy");
    KI_TRY(ki_ch_fill_make(fill, profile, made->rank_of, made->node_of, err));
    if (!ki_ch_fill_prune(fill)) {
        made->up = lay_edges(made, &fill->half[0], &made->first_up);
        made->down = lay_edges(made, &fill->half[1], &made->first_down);
    }
    return made->up && made->down ? KERB_OK : ki_fail_no_memory(err, "the road hierarchy");
}

kerb_status ki_hierarchy_build(ki_hierarchy **out, const ki_profile *profile, kerb_error *err) {
    const int32_t *arc_ranks;
    int32_t *owned;
    ki_ch_fill fill = {0};
    *out = NULL;
    KI_TRY(ki_arc_ranks(&arc_ranks, &owned, profile->graph, err));
    ki_hierarchy *made = ki_alloc_zero(1, sizeof *made);
    kerb_status status = made ? build(made, &fill, profile, arc_ranks, err)
                              : ki_fail_no_memory(err, "the road hierarchy");
    ki_ch_fill_free(&fill);
    ki_free(owned);
    if (status == KERB_OK)
        *out = made;
    else
        ki_hierarchy_free(made);
    return status;
}

void ki_hierarchy_free(ki_hierarchy *hierarchy) {
    if (!hierarchy) return;
    ki_arena_free(&hierarchy->arena);
    ki_free(hierarchy);
}
