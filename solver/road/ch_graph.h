/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_graph.h - what is left of the search graph while nodes are contracted: the edges out of and
 * into every node, in blocks of one pool. A contracted node keeps its own lists as they were. */
#ifndef KI_CH_GRAPH_H
#define KI_CH_GRAPH_H
#include "road/hierarchy.h"

typedef struct ki_ch_list {       /* a block of the pool */
    int32_t first, n, size_class; /* room for 1 << size_class; -1: no block yet */
} ki_ch_list;

enum { KI_CH_CLASSES = 28 };

typedef struct ki_ch_graph {
    int32_t n_nodes;
    ki_ch_list *out, *in; /* [n_nodes] */
    ki_ch_edge *pool;
    size_t n_pool, pool_capacity;
    int32_t free_block[KI_CH_CLASSES]; /* chained through .node; -1 ends */
} ki_ch_graph;

/* No edges yet. 0 on success. */
int ki_ch_graph_init(ki_ch_graph *graph, int32_t n_nodes);
void ki_ch_graph_free(ki_ch_graph *graph);
/* Of parallel edges the shorter stays. middle -1: no shortcut. from != to. 0 on success. */
int ki_ch_graph_add(ki_ch_graph *graph, int32_t from, int32_t to, uint64_t label, int32_t middle);
/* Takes a node out of its neighbours' lists. */
void ki_ch_graph_detach(ki_ch_graph *graph, int32_t node);

/* The hierarchy of any graph; the graph is used up whatever the outcome. */
kerb_status ki_hierarchy_contract(ki_hierarchy **out, ki_ch_graph *graph, kerb_error *err);

static inline ki_ch_edge *ki_ch_edges(const ki_ch_graph *graph, const ki_ch_list *list) {
    return graph->pool + list->first;
}
#endif
