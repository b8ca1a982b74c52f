/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_witness.c - one small Dijkstra from each node before the one to be contracted: a way
 * round it that is as good spares the shortcut (Geisberger, Sanders, Schultes and Delling, WEA
 * 2008). */
#include "bench/contract_witness.h"

#include "base/alloc.h"

enum { HEAP_ROOM = 1 << 14 }; /* a search that fills it ends */

int bench_witness_init(bench_witness *witness, int32_t n_nodes) {
    size_t n = (size_t)n_nodes;
    *witness = (bench_witness){0};
    witness->nodes = ki_alloc_zero(n, sizeof *witness->nodes);
    witness->touched = ki_alloc(n * sizeof *witness->touched);
    witness->heap.items = ki_alloc(HEAP_ROOM * sizeof *witness->heap.items);
    if (!witness->nodes || !witness->touched || !witness->heap.items) return -1;
    for (size_t node = 0; node < n; node++)
        witness->nodes[node].label = KI_NO_LABEL;
    return 0;
}

void bench_witness_free(bench_witness *witness) {
    ki_free(witness->nodes);
    ki_free(witness->touched);
    ki_free(witness->heap.items);
    ki_free(witness->shortcuts);
}

/* Sets what each target needs; gives their number, and the greatest need. */
static int32_t set_needs(bench_witness *witness, const bench_contract_graph *graph, int32_t node,
                         int32_t from, uint64_t before, uint64_t *greatest) {
    const ki_ch_edge *out = bench_contract_edges(graph, &graph->out[node]);
    int32_t n_open = 0;
    *greatest = 0;
    for (int32_t at = 0; at < graph->out[node].n; at++) {
        uint64_t need = before + out[at].label;
        if (out[at].node == from || need >= KI_FAR_LABEL) continue;
        witness->nodes[out[at].node].need = need;
        if (need > *greatest) *greatest = need;
        n_open++;
    }
    return n_open;
}

/* Gives how many targets found their witness. */
static int32_t relax(bench_witness *witness, const bench_contract_graph *graph, int32_t from,
                     int32_t avoid, uint64_t key, uint64_t greatest) {
    const ki_ch_edge *edge = bench_contract_edges(graph, &graph->out[from]);
    const ki_ch_edge *end = edge + graph->out[from].n;
    int32_t n_found = 0;
    for (; edge < end; edge++) {
        uint64_t label = key + edge->label;
        if (label > greatest || edge->node == avoid) continue;
        bench_reach *reach = &witness->nodes[edge->node];
        if (label >= reach->label) continue;
        n_found += label <= reach->need && reach->label > reach->need;
        if (reach->label == KI_NO_LABEL) witness->touched[witness->n_touched++] = edge->node;
        reach->label = label;
        if (witness->heap.n < HEAP_ROOM) ki_heap_push(&witness->heap, label, edge->node);
    }
    return n_found;
}

static void search(bench_witness *witness, const bench_contract_graph *graph, int32_t from,
                   int32_t avoid, int32_t n_open, uint64_t greatest, int max_settled) {
    witness->heap.n = 0;
    witness->nodes[from].label = 0;
    witness->touched[witness->n_touched++] = from;
    n_open -= relax(witness, graph, from, avoid, 0, greatest);
    while (witness->heap.n > 0 && n_open > 0 && max_settled > 0) {
        ki_heap_item item = ki_heap_pop(&witness->heap);
        if (item.key != witness->nodes[item.node].label) continue;
        n_open -= relax(witness, graph, item.node, avoid, item.key, greatest);
        max_settled--;
    }
}

static int keep_shortcuts(bench_witness *witness, const bench_contract_graph *graph, int32_t node,
                          int32_t from) {
    const ki_ch_edge *out = bench_contract_edges(graph, &graph->out[node]);
    for (int32_t at = 0; at < graph->out[node].n; at++) {
        int32_t to = out[at].node;
        uint64_t need = witness->nodes[to].need;
        witness->nodes[to].need = 0;
        if (need == 0 || witness->nodes[to].label <= need) continue;
        if (ki_grow(&witness->shortcuts, &witness->shortcuts_capacity, witness->n_shortcuts + 1,
                    sizeof *witness->shortcuts))
            return -1;
        witness->shortcuts[witness->n_shortcuts++] = (bench_shortcut){need, from, to};
    }
    while (witness->n_touched > 0)
        witness->nodes[witness->touched[--witness->n_touched]].label = KI_NO_LABEL;
    return 0;
}

int bench_witness_find(bench_witness *witness, const bench_contract_graph *graph, int32_t node,
                       int max_settled) {
    const ki_ch_edge *in = bench_contract_edges(graph, &graph->in[node]);
    witness->n_shortcuts = 0;
    for (int32_t at = 0; at < graph->in[node].n; at++) {
        uint64_t greatest;
        int32_t from = in[at].node;
        int32_t n_open = set_needs(witness, graph, node, from, in[at].label, &greatest);
        if (n_open > 0) search(witness, graph, from, node, n_open, greatest, max_settled);
        if (keep_shortcuts(witness, graph, node, from)) return -1;
    }
    return 0;
}
