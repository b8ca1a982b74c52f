/* SPDX-License-Identifier: GPL-3.0-or-later
 * hierarchy_layout.c - a hierarchy as arrays, and whether arrays make a hierarchy.
 *
 * Shortcuts are looked at as far as they must lie above what they lead through, which ends every
 * climb. That both links of a shortcut exist is seen where a path is unpacked (ch_query.c), which
 * goes wrong there and not before: looking it all up would take longer than opening may. */
#include "road/layout.h"

_Static_assert(sizeof(ki_ch_edge) == 16, "padding in ki_ch_edge");

ki_layout ki_hierarchy_layout(ki_hierarchy *hierarchy) {
    ki_layout to = {.n_numbers = 0};
    int64_t n_nodes = hierarchy->n_nodes;
    ki_layout_add_number(&to, &hierarchy->n_nodes);
    ki_layout_add_number(&to, &hierarchy->n_up);
    ki_layout_add_number(&to, &hierarchy->n_down);
    ki_layout_add_slice(&to, &hierarchy->rank_of, sizeof *hierarchy->rank_of, n_nodes);
    ki_layout_add_slice(&to, &hierarchy->node_of, sizeof *hierarchy->node_of, n_nodes);
    ki_layout_add_slice(&to, &hierarchy->first_up, sizeof *hierarchy->first_up, n_nodes + 1);
    ki_layout_add_slice(&to, &hierarchy->first_down, sizeof *hierarchy->first_down, n_nodes + 1);
    ki_layout_add_slice(&to, &hierarchy->up, sizeof *hierarchy->up, hierarchy->n_up);
    ki_layout_add_slice(&to, &hierarchy->down, sizeof *hierarchy->down, hierarchy->n_down);
    return to;
}

/* A bijection: every rank has a node, and that node has this rank. */
static int are_ranks(const ki_hierarchy *hierarchy) {
    for (int32_t rank = 0; rank < hierarchy->n_nodes; rank++) {
        int32_t node = hierarchy->node_of[rank];
        if (node < 0 || node >= hierarchy->n_nodes || hierarchy->rank_of[node] != rank) return 0;
    }
    return 1;
}

static int are_edges(const ki_hierarchy *hierarchy, const int32_t *first, const ki_ch_edge *edges) {
    int32_t n_nodes = hierarchy->n_nodes;
    for (int32_t rank = 0; rank < n_nodes; rank++)
        for (int32_t at = first[rank]; at < first[rank + 1]; at++) {
            const ki_ch_edge *edge = &edges[at];
            if (edge->node < 0 || edge->node >= rank || edge->label >= KI_FAR_LABEL) return 0;
            if (edge->middle != -1 && (edge->middle <= rank || edge->middle >= n_nodes)) return 0;
        }
    return 1;
}

const char *ki_hierarchy_fault(const ki_hierarchy *hierarchy) {
    if (!are_ranks(hierarchy)) return "ranks that are none";
    if (!ki_layout_is_index(hierarchy->first_up, hierarchy->n_nodes, hierarchy->n_up) ||
        !ki_layout_is_index(hierarchy->first_down, hierarchy->n_nodes, hierarchy->n_down))
        return "edges of ranks out of order";
    if (!are_edges(hierarchy, hierarchy->first_up, hierarchy->up) ||
        !are_edges(hierarchy, hierarchy->first_down, hierarchy->down))
        return "an edge that does not lead up";
    return NULL;
}
