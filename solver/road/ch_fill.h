/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_fill.h - all edges that contraction in a given order leaves, with their labels. */
#ifndef KI_CH_FILL_H
#define KI_CH_FILL_H
#include "road/hierarchy.h"

enum { KI_PRUNED = -2 }; /* as the middle of an edge that is longer than another way */

typedef struct ki_ch_half { /* edges up out of a rank, or down into it */
    int32_t *first, *end;   /* [n_nodes]; a list goes from greater ranks to smaller */
    ki_ch_edge *edges;
    size_t n_edges, capacity;
} ki_ch_half;

typedef struct ki_ch_fill {
    int32_t n_nodes;
    ki_ch_half half[2]; /* 0 up, 1 down */
} ki_ch_fill;

/* rank_of, node_of: the order wanted. Whatever the outcome the caller frees. Fails with
 * KERB_NO_MEMORY, or KERB_BAD_INPUT where the roads are no street network. */
kerb_status ki_ch_fill_make(ki_ch_fill *fill, const ki_profile *profile, const int32_t *rank_of,
                            const int32_t *node_of, kerb_error *err);
/* Marks edges KI_PRUNED that no search needs. 0 on success. */
int ki_ch_fill_prune(ki_ch_fill *fill);
void ki_ch_fill_free(ki_ch_fill *fill);
#endif
