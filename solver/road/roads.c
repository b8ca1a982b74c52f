/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * roads.c - the roads handle: what a caller may ask of it, and its end. Loading is
 * io/osm_read.cpp. */
#include "base/alloc.h"
#include "road/graph.h"

void kerb_roads_free(kerb_roads *roads) {
    if (!roads) return;
    ki_graph_free(roads->graph);
    ki_free(roads);
}

const char *kerb_roads_hash(const kerb_roads *roads) {
    return roads->graph->hash;
}

size_t kerb_roads_node_count(const kerb_roads *roads) {
    return (size_t)roads->graph->n_nodes;
}

size_t kerb_roads_arc_count(const kerb_roads *roads) {
    return (size_t)roads->graph->n_arcs;
}

double kerb_roads_length_km(const kerb_roads *roads) {
    int64_t length_mm = 0;
    for (int32_t edge = 0; edge < roads->graph->n_edges; edge++)
        length_mm += roads->graph->edges[edge].length_mm;
    return (double)length_mm / 1e6;
}
