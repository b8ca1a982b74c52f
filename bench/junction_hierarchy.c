/* SPDX-License-Identifier: GPL-3.0-or-later
 * junction_hierarchy.c - the same contraction over junctions: time and length of the arcs between
 * them, no turns, no restrictions. */
#include "bench/junction_hierarchy.h"

#include "base/clock.h"
#include "base/error.h"
#include "road/ch_graph.h"

static int add_arcs(ki_ch_graph *junctions, const ki_profile *profile) {
    const ki_graph *graph = profile->graph;
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        int32_t from = ki_arc_from(graph, arc), to = ki_arc_to(graph, arc);
        if (profile->arc_ms[arc] != KI_NEVER && from != to &&
            ki_ch_graph_add(junctions, from, to, profile->weight[arc], -1))
            return -1;
    }
    return 0;
}

kerb_status bench_junction_hierarchy(bench_junctions *out, const ki_profile *profile,
                                     kerb_error *err) {
    ki_ch_graph junctions;
    ki_hierarchy *hierarchy;
    double begun = ki_clock_cpu_s();
    *out = (bench_junctions){0};
    if (ki_ch_graph_init(&junctions, profile->graph->n_nodes) || add_arcs(&junctions, profile)) {
        ki_ch_graph_free(&junctions);
        return ki_fail_no_memory(err, "the junctions");
    }
    for (int32_t node = 0; node < junctions.n_nodes; node++)
        out->n_open += junctions.out[node].n > 0 || junctions.in[node].n > 0;
    KI_TRY(ki_hierarchy_contract(&hierarchy, &junctions, err));
    out->build_s = ki_clock_cpu_s() - begun;
    ki_hierarchy_free(hierarchy);
    return KERB_OK;
}
