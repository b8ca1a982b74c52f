/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_graph.c - lists that grow by doubling inside one pool; blocks outgrown are used again.
 */
#include "bench/contract_graph.h"

#include "base/alloc.h"

#include <string.h>

static int take_block(bench_contract_graph *graph, int32_t size_class, int32_t *first) {
    *first = graph->free_block[size_class];
    if (*first >= 0) {
        graph->free_block[size_class] = graph->pool[*first].node;
        return 0;
    }
    size_t size = (size_t)1 << size_class;
    if (graph->n_pool + size > INT32_MAX ||
        ki_grow(&graph->pool, &graph->pool_capacity, graph->n_pool + size, sizeof *graph->pool))
        return -1;
    *first = (int32_t)graph->n_pool;
    graph->n_pool += size;
    return 0;
}

static int append(bench_contract_graph *graph, bench_contract_list *list, ki_ch_edge edge) {
    if (list->size_class < 0 || list->n == (int32_t)1 << list->size_class) {
        int32_t first, size_class = list->size_class < 0 ? 1 : list->size_class + 1;
        if (size_class >= BENCH_CONTRACT_CLASSES || take_block(graph, size_class, &first))
            return -1;
        if (list->size_class >= 0) {
            memcpy(graph->pool + first, graph->pool + list->first,
                   (size_t)list->n * sizeof *graph->pool);
            graph->pool[list->first].node = graph->free_block[list->size_class];
            graph->free_block[list->size_class] = list->first;
        }
        list->first = first;
        list->size_class = size_class;
    }
    graph->pool[list->first + list->n++] = edge;
    return 0;
}

static ki_ch_edge *find(const bench_contract_graph *graph, const bench_contract_list *list,
                        int32_t node) {
    ki_ch_edge *edge = bench_contract_edges(graph, list), *end = edge + list->n;
    while (edge < end && edge->node != node)
        edge++;
    return edge < end ? edge : NULL;
}

int bench_contract_graph_add(bench_contract_graph *graph, int32_t from, int32_t to, uint64_t label,
                             int32_t middle) {
    bench_contract_list *out = &graph->out[from], *in = &graph->in[to];
    ki_ch_edge *known = out->n <= in->n ? find(graph, out, to) : find(graph, in, from);
    if (!known)
        return append(graph, out, (ki_ch_edge){label, to, middle}) ||
                       append(graph, in, (ki_ch_edge){label, from, middle})
                   ? -1
                   : 0;
    if (known->label <= label) return 0;
    *find(graph, out, to) = (ki_ch_edge){label, to, middle};
    *find(graph, in, from) = (ki_ch_edge){label, from, middle};
    return 0;
}

static void drop(const bench_contract_graph *graph, bench_contract_list *list, int32_t node) {
    ki_ch_edge *edge = find(graph, list, node);
    *edge = graph->pool[list->first + --list->n];
}

void bench_contract_graph_detach(bench_contract_graph *graph, int32_t node) {
    const bench_contract_list *out = &graph->out[node], *in = &graph->in[node];
    for (int32_t at = 0; at < out->n; at++)
        drop(graph, &graph->in[graph->pool[out->first + at].node], node);
    for (int32_t at = 0; at < in->n; at++)
        drop(graph, &graph->out[graph->pool[in->first + at].node], node);
}

int bench_contract_graph_init(bench_contract_graph *graph, int32_t n_nodes) {
    size_t n = (size_t)n_nodes;
    *graph = (bench_contract_graph){.n_nodes = n_nodes};
    for (int size_class = 0; size_class < BENCH_CONTRACT_CLASSES; size_class++)
        graph->free_block[size_class] = -1;
    graph->out = ki_alloc_zero(n, sizeof *graph->out);
    graph->in = ki_alloc_zero(n, sizeof *graph->in);
    if (!graph->out || !graph->in) return -1;
    for (size_t node = 0; node < n; node++)
        graph->out[node].size_class = graph->in[node].size_class = -1;
    return 0;
}

void bench_contract_graph_free(bench_contract_graph *graph) {
    ki_free(graph->out);
    ki_free(graph->in);
    ki_free(graph->pool);
}
