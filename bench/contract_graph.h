/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_graph.h - what is left of the search graph while nodes are contracted: the edges out of
 * and into every node, in blocks of one pool. A contracted node keeps its own lists as they were.
 */
#ifndef KERB_BENCH_CONTRACT_GRAPH_H
#define KERB_BENCH_CONTRACT_GRAPH_H
#include "road/hierarchy.h"

typedef struct bench_contract_list { /* a block of the pool */
    int32_t first, n, size_class;    /* room for 1 << size_class; -1: no block yet */
} bench_contract_list;

enum { BENCH_CONTRACT_CLASSES = 28 };

typedef struct bench_contract_graph {
    int32_t n_nodes;
    bench_contract_list *out, *in; /* [n_nodes] */
    ki_ch_edge *pool;
    size_t n_pool, pool_capacity;
    int32_t free_block[BENCH_CONTRACT_CLASSES]; /* chained through .node; -1 ends */
} bench_contract_graph;

/* No edges yet. 0 on success. */
int bench_contract_graph_init(bench_contract_graph *graph, int32_t n_nodes);
void bench_contract_graph_free(bench_contract_graph *graph);
/* Of parallel edges the shorter stays. middle -1: no shortcut. from != to. 0 on success. */
int bench_contract_graph_add(bench_contract_graph *graph, int32_t from, int32_t to, uint64_t label,
                             int32_t middle);
/* Takes a node out of its neighbours' lists. */
void bench_contract_graph_detach(bench_contract_graph *graph, int32_t node);

static inline ki_ch_edge *bench_contract_edges(const bench_contract_graph *graph,
                                               const bench_contract_list *list) {
    return graph->pool + list->first;
}
#endif
