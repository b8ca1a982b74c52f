/* SPDX-License-Identifier: GPL-3.0-or-later
 * ch_prune.c - an edge that is longer than a way over a higher node is never part of a shortest way
 * that climbs and descends (perfect customization: Dibbelt, Strasser and Wagner, JEA 2016).
 *
 * From the top down, so that what lies above is done: the edges x -> a and a -> b give what x -> b
 * must be better than. Labels of pruned edges are lowered to the way found, which those below go
 * by. Equal ways keep the edge: the two halves of a shortcut that stays then stay too. */
#include "road/ch_fill.h"

#include "base/alloc.h"

/* label in, and by way of one that is above it: the way found may be shorter. */
static void look_over(const ki_ch_fill *fill, int side, const ki_ch_edge *by, uint64_t *least) {
    const ki_ch_half *half = &fill->half[side], *back = &fill->half[!side];
    const ki_ch_edge *end = half->edges + half->end[by->node];
    for (const ki_ch_edge *on = half->edges + half->first[by->node]; on < end; on++) {
        uint64_t found = by->label + on->label, known = least[on->node];
        if (found < known && known != KI_NO_LABEL) least[on->node] = found;
    }
    uint64_t shorter = least[by->node];
    end = back->edges + back->end[by->node];
    for (const ki_ch_edge *on = back->edges + back->first[by->node]; on < end; on++) {
        uint64_t known = least[on->node];
        if (known < shorter && known + on->label < shorter) shorter = known + on->label;
    }
    least[by->node] = shorter;
}

static void prune_list(const ki_ch_fill *fill, int32_t rank, int side, uint64_t *least) {
    const ki_ch_half *half = &fill->half[side];
    ki_ch_edge *first = half->edges + half->first[rank], *end = half->edges + half->end[rank];
    if (end - first < 2) return;
    for (const ki_ch_edge *edge = first; edge < end; edge++)
        least[edge->node] = edge->label;
    for (const ki_ch_edge *edge = first; edge < end; edge++)
        look_over(fill, side, edge, least);
    for (ki_ch_edge *edge = first; edge < end; edge++) {
        if (least[edge->node] < edge->label) {
            edge->label = least[edge->node];
            edge->middle = KI_PRUNED;
        }
        least[edge->node] = KI_NO_LABEL;
    }
}

int ki_ch_fill_prune(ki_ch_fill *fill) {
    uint64_t *least = ki_alloc((size_t)fill->n_nodes * sizeof *least); /* of the list at hand */
    if (!least) return -1;
    for (int32_t rank = 0; rank < fill->n_nodes; rank++)
        least[rank] = KI_NO_LABEL;
    for (int32_t rank = 0; rank < fill->n_nodes; rank++) {
        prune_list(fill, rank, 0, least);
        prune_list(fill, rank, 1, least);
    }
    ki_free(least);
    return 0;
}
