/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract.c - a hierarchy the classical way: nodes contracted in an order found on the way
 * (Geisberger, Sanders, Schultes and Delling, WEA 2008). The engine builds its own another way
 * (docs/decisions/0015); this is what it is held against.
 *
 * The node whose going leaves fewest edges for those it takes along goes first, and none long
 * before its neighbourhood: what is below it counts too. Priorities are integers and ties go by
 * number, so the hierarchy is the same on every run. */
#include "bench/contract.h"

#include "base/alloc.h"
#include "base/error.h"
#include "bench/contract_witness.h"

enum { LOOK_SETTLED = 20, MUST_SETTLED = 100, LEVEL_WEIGHT = 100 };

typedef struct contraction {
    bench_contract_graph *graph;
    bench_witness witness;
    int32_t *level;  /* [n_nodes] longest chain of contracted nodes below */
    int32_t *growth; /* [n_nodes] shortcuts for edges taken along when last looked at, in 1/1000 */
    ki_label_heap queue; /* [n_nodes] every node left, once */
} contraction;

/* The greater, the later. */
static uint64_t key_of(const contraction *at, int32_t node) {
    uint64_t weight = LEVEL_WEIGHT * (uint64_t)at->level[node] + (uint64_t)at->growth[node];
    return weight << 32 | (uint64_t)node;
}

static int weigh(contraction *at, int32_t node, int max_settled) {
    const bench_contract_graph *graph = at->graph;
    if (bench_witness_find(&at->witness, graph, node, max_settled)) return -1;
    size_t n_taken = (size_t)graph->in[node].n + (size_t)graph->out[node].n;
    at->growth[node] = n_taken ? (int32_t)(1 + 1000 * at->witness.n_shortcuts / n_taken) : 0;
    return 0;
}

static void raise_neighbours(contraction *at, const bench_contract_list *list, int32_t level) {
    const ki_ch_edge *edges = bench_contract_edges(at->graph, list);
    for (int32_t edge = 0; edge < list->n; edge++)
        if (at->level[edges[edge].node] < level) at->level[edges[edge].node] = level;
}

static int contract(contraction *at, int32_t node) {
    bench_contract_graph *graph = at->graph;
    bench_contract_graph_detach(graph, node);
    raise_neighbours(at, &graph->out[node], at->level[node] + 1);
    raise_neighbours(at, &graph->in[node], at->level[node] + 1);
    for (size_t index = 0; index < at->witness.n_shortcuts; index++) {
        const bench_shortcut *made = &at->witness.shortcuts[index];
        if (bench_contract_graph_add(graph, made->from, made->to, made->label, node)) return -1;
    }
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
    for (int32_t node = 0; node < at->graph->n_nodes; node++) {
        if (weigh(at, node, LOOK_SETTLED)) return -1;
        ki_heap_push(&at->queue, key_of(at, node), node);
    }
    while (at->queue.n > 0) {
        int32_t node = next_node(at);
        if (node < 0 || bench_witness_find(&at->witness, at->graph, node, MUST_SETTLED) ||
            contract(at, node))
            return -1;
    }
    return 0;
}

/* ---- all of it ---------------------------------------------------------------------- */

static int run(contraction *at) {
    size_t n = (size_t)at->graph->n_nodes;
    at->level = ki_alloc_zero(n, sizeof *at->level);
    at->growth = ki_alloc_zero(n, sizeof *at->growth);
    at->queue.items = ki_alloc_zero(n, sizeof *at->queue.items);
    return !at->level || !at->growth || !at->queue.items ||
                   bench_witness_init(&at->witness, at->graph->n_nodes) || contract_all(at)
               ? -1
               : 0;
}

kerb_status bench_contract(bench_contract_graph *graph, kerb_error *err) {
    contraction at = {.graph = graph};
    int failed = run(&at);
    bench_witness_free(&at.witness);
    ki_free(at.level);
    ki_free(at.growth);
    ki_free(at.queue.items);
    return failed ? ki_fail_no_memory(err, "a hierarchy") : KERB_OK;
}
