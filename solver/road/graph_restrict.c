/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph_restrict.c - OSM turn restrictions as runs of arcs: from, via..., to.
 *
 * A restriction names ways; the graph has edges. Which edge of a way is meant follows from
 * adjacency: the from arc ends at the via node (or touches the first via way), each via way is
 * walked from where it was entered to where the next member touches it, the to arc leaves there.
 * Where a way passes through the via node instead of ending there, both of its arcs may be meant:
 * a ban then holds for each, turning back excepted; an order (only_*) is kept where it leaves one
 * way on, and dropped otherwise. Of several runs along via ways the shortest is taken. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/graph_build.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RUN_ARCS = 64, MAX_WALKS = 2000 };

typedef struct node_key {
    int64_t osm_id;
    int32_t node;
} node_key;

typedef struct run_matcher {
    ki_graph *graph;
    const ki_osm_restriction *osm;
    node_key *nodes; /* by OSM id */
    ki_restriction *found;
    size_t n_found, found_capacity;
    int32_t *arcs;
    size_t n_arcs, arcs_capacity;
    int32_t run[MAX_RUN_ARCS], best[MAX_RUN_ARCS];
    int n_best, walks;
    int failed; /* out of memory */
} run_matcher;

static int compare_nodes(const void *left, const void *right) {
    const node_key *a = left, *b = right;
    if (a->osm_id != b->osm_id) return a->osm_id < b->osm_id ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

static int32_t find_node(const run_matcher *matcher, int64_t osm_id) {
    int32_t low = 0, high = matcher->graph->n_nodes;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (matcher->nodes[middle].osm_id < osm_id)
            low = middle + 1;
        else
            high = middle;
    }
    int hit = low < matcher->graph->n_nodes && matcher->nodes[low].osm_id == osm_id;
    return hit ? matcher->nodes[low].node : -1;
}

static int is_open(const ki_graph *graph, int32_t arc) {
    return ki_arc_way(graph, arc)->tags.access[arc & 1] != 0;
}

/* Is this arc of a way of that id, and open to anyone? */
static int belongs(const ki_graph *graph, int32_t arc, int64_t way_id) {
    return ki_arc_way(graph, arc)->osm_id == way_id && is_open(graph, arc);
}

static void keep_run(run_matcher *matcher, const int32_t *arcs, int n_arcs) {
    if (ki_grow(&matcher->found, &matcher->found_capacity, matcher->n_found + 1,
                sizeof *matcher->found) ||
        ki_grow(&matcher->arcs, &matcher->arcs_capacity, matcher->n_arcs + (size_t)n_arcs,
                sizeof *matcher->arcs)) {
        matcher->failed = 1;
        return;
    }
    memcpy(matcher->arcs + matcher->n_arcs, arcs, (size_t)n_arcs * sizeof *arcs);
    matcher->found[matcher->n_found++] = (ki_restriction){.first_arc = (int32_t)matcher->n_arcs,
                                                          .n_arcs = n_arcs,
                                                          .only = matcher->osm->only,
                                                          .except = matcher->osm->except,
                                                          .conditions = matcher->osm->conditions,
                                                          .osm_id = matcher->osm->id};
    matcher->n_arcs += (size_t)n_arcs;
}

/* ---- via a node ------------------------------------------------------------------ */

/* Arcs of the to way that may follow `from` at its end; a turn back only where it is meant. */
static int count_to(const run_matcher *matcher, int32_t from, int turning_back, int32_t *last) {
    const ki_graph *graph = matcher->graph;
    int32_t node = ki_arc_to(graph, from);
    int n = 0;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t to = graph->out_arcs[out];
        if (!belongs(graph, to, matcher->osm->to_way) || turning_back != (to == (from ^ 1)))
            continue;
        *last = to;
        n++;
    }
    return n;
}

static void keep_turns(run_matcher *matcher, int32_t from, int turning_back) {
    const ki_graph *graph = matcher->graph;
    int32_t node = ki_arc_to(graph, from);
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t turn[2] = {from, graph->out_arcs[out]};
        if (belongs(graph, turn[1], matcher->osm->to_way) &&
            turning_back == (turn[1] == (from ^ 1)))
            keep_run(matcher, turn, 2);
    }
}

static void match_from(run_matcher *matcher, int32_t from) {
    int32_t to = -1;
    int turning_back = matcher->osm->u_turn && matcher->osm->from_way == matcher->osm->to_way;
    int n = count_to(matcher, from, turning_back, &to);
    if (n == 0 && !turning_back) n = count_to(matcher, from, turning_back = 1, &to);
    if (matcher->osm->only && n > 1) return;
    keep_turns(matcher, from, turning_back);
}

static void match_via_node(run_matcher *matcher) {
    const ki_graph *graph = matcher->graph;
    int32_t node = find_node(matcher, matcher->osm->via_node);
    if (node < 0) return;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t from = graph->out_arcs[out] ^ 1;
        if (belongs(graph, from, matcher->osm->from_way)) match_from(matcher, from);
    }
}

/* ---- via ways -------------------------------------------------------------------- */

static void walk_via(run_matcher *matcher, int n_run, int via);

/* The run stands at the end of via way number `via`: on to the next member, if it touches here. */
static void step_on(run_matcher *matcher, int n_run, int via) {
    const ki_graph *graph = matcher->graph;
    int32_t node = ki_arc_to(graph, matcher->run[n_run - 1]);
    int is_last = via + 1 >= matcher->osm->n_via_ways;
    if (!is_last) {
        walk_via(matcher, n_run, via + 1);
        return;
    }
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t to = graph->out_arcs[out];
        if (!belongs(graph, to, matcher->osm->to_way) || to == (matcher->run[n_run - 1] ^ 1))
            continue;
        if (matcher->n_best && n_run + 1 >= matcher->n_best) return;
        matcher->run[n_run] = to;
        matcher->n_best = n_run + 1;
        memcpy(matcher->best, matcher->run, (size_t)matcher->n_best * sizeof *matcher->best);
        return;
    }
}

/* From the run's end along one via way, both ways, trying the next member at every node. */
static void walk_via(run_matcher *matcher, int n_run, int via) {
    const ki_graph *graph = matcher->graph;
    int64_t way_id = matcher->osm->via_ways[via];
    int32_t start = ki_arc_to(graph, matcher->run[n_run - 1]);
    for (int32_t out = graph->first_out[start]; out < graph->first_out[start + 1]; out++) {
        int32_t arc = graph->out_arcs[out];
        int32_t way = graph->edges[arc >> 1].way;
        if (!belongs(graph, arc, way_id)) continue;
        for (int n = n_run; n < MAX_RUN_ARCS - 1 && matcher->walks++ < MAX_WALKS;) {
            matcher->run[n++] = arc;
            step_on(matcher, n, via);
            arc += arc & 1 ? -2 : 2; /* the next edge of the same way */
            if (arc < 2 * graph->first_edge[way] || arc >= 2 * graph->first_edge[way + 1]) break;
        }
    }
}

static void match_via_ways(run_matcher *matcher) {
    const ki_graph *graph = matcher->graph;
    matcher->n_best = matcher->walks = 0;
    for (int32_t at = ki_graph_find_way(graph, matcher->osm->from_way); at < graph->n_ways; at++) {
        int32_t way = graph->ways_by_id[at];
        if (graph->ways[way].osm_id != matcher->osm->from_way) break;
        int32_t end = 2 * graph->first_edge[way + 1];
        for (int32_t from = 2 * graph->first_edge[way]; from < end; from++) {
            if (!is_open(graph, from)) continue;
            matcher->run[0] = from;
            walk_via(matcher, 1, 0);
        }
    }
    if (matcher->n_best) keep_run(matcher, matcher->best, matcher->n_best);
}

/* ---- all of them ----------------------------------------------------------------- */

static kerb_status match_all(run_matcher *matcher, const ki_osm_restriction *restrictions, size_t n,
                             kerb_error *err) {
    ki_graph *graph = matcher->graph;
    for (size_t index = 0; index < n && !matcher->failed; index++) {
        size_t before = matcher->n_found;
        matcher->osm = &restrictions[index];
        if (matcher->osm->n_via_ways < 0 || matcher->osm->n_via_ways > KI_MAX_VIA_WAYS)
            ;
        else if (matcher->osm->n_via_ways)
            match_via_ways(matcher);
        else
            match_via_node(matcher);
        graph->n_unmatched_restrictions += matcher->n_found == before;
        if (matcher->n_arcs > INT32_MAX / 2) matcher->failed = 1;
    }
    graph->n_restrictions = (int32_t)matcher->n_found;
    graph->n_restriction_arcs = (int32_t)matcher->n_arcs;
    graph->restrictions =
        ki_arena_copy(&graph->arena, matcher->found, matcher->n_found, sizeof *graph->restrictions);
    graph->restriction_arcs = ki_arena_copy(&graph->arena, matcher->arcs, matcher->n_arcs,
                                            sizeof *graph->restriction_arcs);
    if (matcher->failed || !graph->restrictions || !graph->restriction_arcs)
        return ki_fail_no_memory(err, "turn restrictions");
    return KERB_OK;
}

kerb_status ki_graph_set_restrictions(ki_graph *graph, const ki_osm_restriction *restrictions,
                                      size_t n_restrictions, kerb_error *err) {
    run_matcher matcher = {.graph = graph};
    size_t n_nodes = (size_t)graph->n_nodes;
    matcher.nodes = ki_alloc_zero(n_nodes, sizeof *matcher.nodes);
    if (!matcher.nodes) return ki_fail_no_memory(err, "turn restrictions");
    for (size_t node = 0; node < n_nodes; node++)
        matcher.nodes[node] = (node_key){graph->nodes[node].osm_id, (int32_t)node};
    qsort(matcher.nodes, n_nodes, sizeof *matcher.nodes, compare_nodes);
    kerb_status status = match_all(&matcher, restrictions, n_restrictions, err);
    ki_free(matcher.nodes);
    ki_free(matcher.found);
    ki_free(matcher.arcs);
    return status;
}
