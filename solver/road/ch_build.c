/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_build.c - the order of contraction and the hierarchy it leaves (Geisberger, Sanders, Schultes
 * and Delling, WEA 2008).
 *
 * The node whose going leaves fewest edges for those it takes along goes first, and none long
 * before its neighbourhood: what is below it counts too. Priorities are integers and ties go by
 * number, so the hierarchy is the same on every run. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/ch_graph.h"
#include "road/ch_witness.h"

enum { LOOK_SETTLED = 20, MUST_SETTLED = 100, LEVEL_WEIGHT = 100 };

typedef struct contraction {
    const ki_profile *profile;
    ki_ch_graph graph;
    ki_ch_witness witness;
    int32_t *level;  /* [n_nodes] longest chain of contracted nodes below */
    int32_t *growth; /* [n_nodes] shortcuts for edges taken along when last looked at, in 1/1000 */
    int32_t *order;  /* [n_nodes] nodes as they went */
    int32_t n_gone;
    ki_label_heap queue; /* [n_nodes] every node left, once */
} contraction;

/* The greater, the later. */
static uint64_t key_of(const contraction *at, int32_t node) {
    uint64_t weight = LEVEL_WEIGHT * (uint64_t)at->level[node] + (uint64_t)at->growth[node];
    return weight << 32 | (uint64_t)node;
}

static int weigh(contraction *at, int32_t node, int max_settled) {
    const ki_ch_graph *graph = &at->graph;
    if (ki_ch_witness_find(&at->witness, graph, node, max_settled)) return -1;
    size_t n_taken = (size_t)graph->in[node].n + (size_t)graph->out[node].n;
    at->growth[node] = n_taken ? (int32_t)(1 + 1000 * at->witness.n_shortcuts / n_taken) : 0;
    return 0;
}

static void raise_neighbours(contraction *at, const ki_ch_list *list, int32_t level) {
    const ki_ch_edge *edges = ki_ch_edges(&at->graph, list);
    for (int32_t edge = 0; edge < list->n; edge++)
        if (at->level[edges[edge].node] < level) at->level[edges[edge].node] = level;
}

static int contract(contraction *at, int32_t node) {
    ki_ch_graph *graph = &at->graph;
    ki_ch_graph_detach(graph, node);
    raise_neighbours(at, &graph->out[node], at->level[node] + 1);
    raise_neighbours(at, &graph->in[node], at->level[node] + 1);
    for (size_t index = 0; index < at->witness.n_shortcuts; index++) {
        const ki_ch_shortcut *made = &at->witness.shortcuts[index];
        if (ki_ch_graph_add(graph, made->from, made->to, made->label, node)) return -1;
    }
    at->order[at->n_gone++] = node;
    return 0;
}

/* The first of the queue whose priority still holds once it is looked at again; -1 after failure.
 */
static int32_t next_node(contraction *at) {
    for (;;) {
        int32_t node = ki_heap_pop(&at->queue).node;
        uint64_t limit = at->queue.n > 0 ? at->queue.items[0].key : UINT64_MAX;
        if (weigh(at, node, LOOK_SETTLED)) return -1;
        if (key_of(at, node) <= limit) return node;
        ki_heap_push(&at->queue, key_of(at, node), node);
    }
}

static int contract_all(contraction *at) {
    for (int32_t node = 0; node < at->graph.n_nodes; node++) {
        if (weigh(at, node, LOOK_SETTLED)) return -1;
        ki_heap_push(&at->queue, key_of(at, node), node);
    }
    while (at->queue.n > 0) {
        int32_t node = next_node(at);
        if (node < 0 || ki_ch_witness_find(&at->witness, &at->graph, node, MUST_SETTLED) ||
            contract(at, node))
            return -1;
    }
    return 0;
}

/* ---- the hierarchy ------------------------------------------------------------------------- */

static ki_ch_edge *lay_edges(ki_hierarchy *made, const ki_ch_graph *graph, const ki_ch_list *lists,
                             int32_t **first) {
    size_t n_edges = 0;
    for (int32_t node = 0; node < graph->n_nodes; node++)
        n_edges += (size_t)lists[node].n;
    ki_ch_edge *edges = ki_arena_alloc(&made->arena, n_edges, sizeof *edges);
    *first = ki_arena_alloc(&made->arena, (size_t)graph->n_nodes + 1, sizeof **first);
    if (!edges || !*first) return NULL;
    int32_t at = 0;
    for (int32_t rank = 0; rank < graph->n_nodes; rank++) {
        const ki_ch_list *list = &lists[made->node_of[rank]];
        (*first)[rank] = at;
        for (int32_t index = 0; index < list->n; index++) {
            ki_ch_edge edge = graph->pool[list->first + index];
            edge.node = made->rank_of[edge.node];
            if (edge.middle >= 0) edge.middle = made->rank_of[edge.middle];
            edges[at++] = edge;
        }
    }
    (*first)[graph->n_nodes] = at;
    return edges;
}

static int hand_over(const contraction *at, ki_hierarchy *made) {
    int32_t n_nodes = at->graph.n_nodes;
    made->n_nodes = n_nodes;
    made->rank_of = ki_arena_alloc(&made->arena, (size_t)n_nodes, sizeof *made->rank_of);
    made->node_of = ki_arena_alloc(&made->arena, (size_t)n_nodes, sizeof *made->node_of);
    if (!made->rank_of || !made->node_of) return -1;
    for (int32_t rank = 0; rank < n_nodes; rank++) {
        made->node_of[rank] = at->order[n_nodes - 1 - rank];
        made->rank_of[made->node_of[rank]] = rank;
    }
    made->up = lay_edges(made, &at->graph, at->graph.out, &made->first_up);
    made->down = lay_edges(made, &at->graph, at->graph.in, &made->first_down);
    if (!made->up || !made->down) return -1;
    made->n_up = made->first_up[n_nodes];
    made->n_down = made->first_down[n_nodes];
    return 0;
}

static int run(contraction *at, ki_hierarchy *made) {
    size_t n = (size_t)at->profile->n_nodes;
    at->level = ki_alloc_zero(n, sizeof *at->level);
    at->growth = ki_alloc_zero(n, sizeof *at->growth);
    at->order = ki_alloc_zero(n, sizeof *at->order);
    at->queue.items = ki_alloc_zero(n, sizeof *at->queue.items);
    return !at->level || !at->growth || !at->order || !at->queue.items ||
                   ki_ch_graph_init(&at->graph, at->profile) ||
                   ki_ch_witness_init(&at->witness, at->profile->n_nodes) || contract_all(at) ||
                   hand_over(at, made)
               ? -1
               : 0;
}

kerb_status ki_hierarchy_build(ki_hierarchy **out, const ki_profile *profile, kerb_error *err) {
    contraction at = {.profile = profile};
    *out = NULL;
    ki_hierarchy *made = ki_alloc_zero(1, sizeof *made);
    int failed = !made || run(&at, made);
    ki_ch_graph_free(&at.graph);
    ki_ch_witness_free(&at.witness);
    ki_free(at.level);
    ki_free(at.growth);
    ki_free(at.order);
    ki_free(at.queue.items);
    if (!failed) {
        *out = made;
        return KERB_OK;
    }
    ki_hierarchy_free(made);
    return ki_fail_no_memory(err, "the road hierarchy");
}

void ki_hierarchy_free(ki_hierarchy *hierarchy) {
    if (!hierarchy) return;
    ki_arena_free(&hierarchy->arena);
    ki_free(hierarchy);
}
