/* SPDX-License-Identifier: GPL-3.0-or-later
 * dissect_cut.h - the fewest edges whose loss parts the first junctions of a cell from the last. */
#ifndef KI_DISSECT_CUT_H
#define KI_DISSECT_CUT_H
#include "road/graph.h"

typedef struct ki_street_map { /* who is next to whom */
    const ki_graph *graph;
    int32_t *head; /* [n_arcs] parallel to out_arcs: the junction an arc leads to */
    int32_t *cell; /* [n_nodes] */
} ki_street_map;

typedef enum ki_cut_end { KI_CUT_FREE = 0, KI_CUT_SOURCE, KI_CUT_SINK } ki_cut_end;

typedef struct ki_cut { /* scratch */
    int8_t *flow;       /* [n_edges] 1: along the edge, -1: against */
    uint8_t *end;       /* [n_nodes] ki_cut_end, set by the caller */
    int32_t *level;     /* [n_nodes] afterwards: < 0 on the far side of the cut */
    int32_t *queue, *next;
    int32_t *path_arc, *path_node; /* [n_nodes + 1] */
} ki_cut;

/* 0 on success. */
int ki_cut_new(ki_cut *cut, const ki_graph *graph);
void ki_cut_free(ki_cut *cut);
/* Gives the number of edges cut, or most if it is no less. All junctions of one cell. */
int32_t ki_cut_find(ki_cut *cut, const ki_street_map *map, const int32_t *junctions, int32_t n,
                    int32_t most);
#endif
