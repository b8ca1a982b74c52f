/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_witness.h - which shortcuts a node would leave behind. */
#ifndef KI_CH_WITNESS_H
#define KI_CH_WITNESS_H
#include "road/ch_graph.h"
#include "road/label_heap.h"

typedef struct ki_ch_shortcut {
    uint64_t label;
    int32_t from, to;
} ki_ch_shortcut;

typedef struct ki_ch_reach { /* side by side: both are looked at together */
    uint64_t label;          /* KI_NO_LABEL between searches */
    uint64_t need;           /* by way of the node; 0 between searches */
} ki_ch_reach;

typedef struct ki_ch_witness { /* scratch */
    ki_ch_reach *nodes;        /* [n_nodes] */
    int32_t *touched;
    int32_t n_touched;
    ki_label_heap heap;
    ki_ch_shortcut *shortcuts;
    size_t n_shortcuts, shortcuts_capacity;
} ki_ch_witness;

int ki_ch_witness_init(ki_ch_witness *witness, int32_t n_nodes);
void ki_ch_witness_free(ki_ch_witness *witness);
/* Fills shortcuts. A search settles at most max_settled nodes: too few means a shortcut more than
 * needed, never one too few. 0 on success. */
int ki_ch_witness_find(ki_ch_witness *witness, const ki_ch_graph *graph, int32_t node,
                       int max_settled);
#endif
