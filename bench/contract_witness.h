/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_witness.h - which shortcuts a node would leave behind. */
#ifndef KERB_BENCH_CONTRACT_WITNESS_H
#define KERB_BENCH_CONTRACT_WITNESS_H
#include "bench/contract_graph.h"
#include "road/label_heap.h"

typedef struct bench_shortcut {
    uint64_t label;
    int32_t from, to;
} bench_shortcut;

typedef struct bench_reach { /* side by side: both are looked at together */
    uint64_t label;          /* KI_NO_LABEL between searches */
    uint64_t need;           /* by way of the node; 0 between searches */
} bench_reach;

typedef struct bench_witness { /* scratch */
    bench_reach *nodes;        /* [n_nodes] */
    int32_t *touched;
    int32_t n_touched;
    ki_label_heap heap;
    bench_shortcut *shortcuts;
    size_t n_shortcuts, shortcuts_capacity;
} bench_witness;

int bench_witness_init(bench_witness *witness, int32_t n_nodes);
void bench_witness_free(bench_witness *witness);
/* Fills shortcuts. A search settles at most max_settled nodes: too few means a shortcut more than
 * needed, never one too few. 0 on success. */
int bench_witness_find(bench_witness *witness, const bench_contract_graph *graph, int32_t node,
                       int max_settled);
#endif
