/* SPDX-License-Identifier: GPL-3.0-or-later
 * junction_hierarchy.c - the same contraction over junctions: time and length of the arcs between
 * them, no turns, no restrictions. */
#include "bench/junction_hierarchy.h"

#include "base/clock.h"
#include "base/error.h"
#include "bench/contract.h"

static int add_arcs(bench_contract_graph *junctions, const ki_profile *profile) {
    const ki_graph *graph = profile->graph;
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        int32_t from = ki_arc_from(graph, arc), to = ki_arc_to(graph, arc);
        if (profile->arc_ms[arc] != KI_NEVER && from != to &&
            bench_contract_graph_add(junctions, from, to, profile->weight[arc], -1))
            return -1;
    }
    return 0;
}

kerb_status bench_junction_hierarchy(bench_junctions *out, const ki_profile *profile,
                                     kerb_error *err) {
    bench_contract_graph junctions;
    double begun = ki_clock_cpu_s();
    *out = (bench_junctions){0};
    kerb_status status = KERB_OK;
    if (bench_contract_graph_init(&junctions, profile->graph->n_nodes) ||
        add_arcs(&junctions, profile))
        status = ki_fail_no_memory(err, "the junctions");
    if (status == KERB_OK) status = bench_contract(&junctions, err);
    out->build_s = ki_clock_cpu_s() - begun;
    for (int32_t node = 0; status == KERB_OK && node < junctions.n_nodes; node++)
        out->n_up += junctions.out[node].n;
    bench_contract_graph_free(&junctions);
    return status;
}
