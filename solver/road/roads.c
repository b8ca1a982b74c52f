/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * roads.c - the roads handle: what a caller may ask of it, and its end. Loading is
 * io/osm_read.cpp. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/profile.h"

void kerb_roads_free(kerb_roads *roads) {
    if (!roads) return;
    ki_graph_free(roads->graph);
    ki_free(roads->why_not_cached);
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

static void add_open_length(kerb_roads_totals *totals, const ki_profile *profile) {
    int64_t open_mm = 0, main_mm = 0;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++) {
        if (profile->arc_ms[arc] == KI_NEVER) continue;
        int64_t length_mm = profile->graph->edges[arc >> 1].length_mm;
        open_mm += length_mm;
        if (profile->component[arc] == 0) main_mm += length_mm;
    }
    totals->open_km = (double)open_mm / 1e6;
    totals->main_share = open_mm > 0 ? (double)main_mm / (double)open_mm : 0;
}

kerb_status kerb_roads_get_totals(const kerb_roads *roads, kerb_roads_totals *totals,
                                  kerb_error *err) {
    const ki_graph *graph = roads->graph;
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    ki_profile *profile;
    ki_error_clear(err);
    *totals = (kerb_roads_totals){0};
    KI_TRY(ki_profile_build(&profile, graph, &truck, NULL, err));
    *totals =
        (kerb_roads_totals){.n_nodes = (size_t)graph->n_nodes,
                            .n_arcs = (size_t)graph->n_arcs,
                            .length_km = kerb_roads_length_km(roads),
                            .n_closed_ways = roads->n_closed_ways,
                            .n_skipped_ways = roads->n_skipped_ways,
                            .n_missing_nodes = roads->n_bad_nodes,
                            .n_restrictions = (size_t)graph->n_restrictions,
                            .n_bad_restrictions = roads->n_bad_restrictions,
                            .n_unmatched_restrictions = (size_t)graph->n_unmatched_restrictions};
    add_open_length(totals, profile);
    ki_profile_free(profile);
    return KERB_OK;
}
