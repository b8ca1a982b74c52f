/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_landmarks.c - by what a driver knows a turn where the road it leads into has no name: the
 * street with a name that meets there, else a place with a name within 50 m, else traffic lights,
 * else the last street with a name crossed in the 300 m before, else the street it leads to.
 * Places and crossings are sorted once a plan and searched by bisection. */
#include "io/sheet_landmarks.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double REACH_MM = 50000;
static const int64_t PAST_MM = 300000;
enum { REACH_E7 = 5000, LIGHTS = INT32_MAX }; /* 55 m of latitude; rank behind every class */

struct ki_landmark { /* a place with a name */
    const char *name;
    int32_t lat_e7, lon_e7, order;
};
struct ki_crossing { /* a street with a name at one of its ends, or traffic lights */
    int64_t node;    /* OSM */
    int32_t rank;    /* road class, the greater roads first; LIGHTS */
    int32_t name_at; /* in the graph's names */
};

static int compare(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_latitude(const void *left, const void *right) {
    const ki_landmark *a = left, *b = right;
    int order = compare(a->lat_e7, b->lat_e7);
    return order ? order : compare(a->order, b->order);
}

static int by_node(const void *left, const void *right) {
    const ki_crossing *a = left, *b = right;
    int order = compare(a->node, b->node);
    if (!order) order = compare(a->rank, b->rank);
    return order ? order : compare(a->name_at, b->name_at);
}

static void add_place(ki_landmarks *to, const char *name, int32_t lat_e7, int32_t lon_e7) {
    if (!name || !*name || (lat_e7 == 0 && lon_e7 == 0)) return;
    to->places[to->n_places] = (ki_landmark){name, lat_e7, lon_e7, (int32_t)to->n_places};
    to->n_places++;
}

static void add_crossings(ki_landmarks *to, const ki_graph *graph) {
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) { /* an edge has two, one from each end */
        const ki_way *way = ki_arc_way(graph, arc);
        if (way->name_at == 0) continue;
        to->crossings[to->n_crossings++] = (ki_crossing){
            graph->nodes[ki_arc_from(graph, arc)].osm_id, way->tags.road_class, way->name_at};
    }
    for (int32_t node = 0; node < graph->n_nodes; node++)
        if (graph->nodes[node].tags.flags & KI_NODE_SIGNALS)
            to->crossings[to->n_crossings++] = (ki_crossing){graph->nodes[node].osm_id, LIGHTS, 0};
}

kerb_status ki_landmarks_build(ki_landmarks *out, ki_arena *arena, const kerb_plan *plan,
                               const ki_graph *graph, kerb_error *err) {
    size_t n_places = (size_t)plan->n_places + (size_t)plan->n_decisions;
    size_t n_crossings = graph ? (size_t)graph->n_arcs + (size_t)graph->n_nodes : 0;
    *out = (ki_landmarks){.graph = graph};
    out->places = ki_arena_take(arena, n_places + 1, sizeof *out->places);
    out->crossings = ki_arena_take(arena, n_crossings + 1, sizeof *out->crossings);
    if (!out->places || !out->crossings) return ki_fail_no_memory(err, "landmarks");
    for (int32_t at = 0; at < plan->n_places; at++)
        add_place(out, plan->places[at].name, plan->places[at].lat_e7, plan->places[at].lon_e7);
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (!plan->decisions[at].is_street) /* a street's point says little */
            add_place(out, plan->decisions[at].name, plan->decisions[at].lat_e7,
                      plan->decisions[at].lon_e7);
    if (graph) add_crossings(out, graph);
    qsort(out->places, out->n_places, sizeof *out->places, by_latitude);
    qsort(out->crossings, out->n_crossings, sizeof *out->crossings, by_node);
    return KERB_OK;
}

/* First crossing of a node; n_crossings: none from there on. */
static size_t first_crossing(const ki_landmarks *of, int64_t node) {
    size_t low = 0, high = of->n_crossings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (of->crossings[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The greatest street that meets there under another name; *lights: there are some. */
static const char *cross_street(const ki_landmarks *of, int64_t node, const char *along,
                                int *lights) {
    size_t at = first_crossing(of, node);
    *lights = 0;
    for (; at < of->n_crossings && of->crossings[at].node == node; at++) {
        const char *name = of->graph->names + of->crossings[at].name_at;
        if (of->crossings[at].rank == LIGHTS)
            *lights = 1;
        else if (!along || strcmp(name, along) != 0)
            return name;
    }
    return NULL;
}

/* The last street crossed on the run that leads there. */
static const char *street_passed(const ki_landmarks *of, const ki_plan_run *run) {
    ki_arena scratch = {0};
    ki_run found = {0};
    const char *name = NULL;
    int64_t driven_mm = 0;
    int lights;
    if (of->graph && run)
        ki_graph_find_run(of->graph, run->way_id, run->from_node, run->to_node, &scratch, &found,
                          NULL);
    for (int32_t at = found.n_arcs - 1; at >= 0 && !name; at--) {
        driven_mm += of->graph->edges[found.arcs[at] >> 1].length_mm;
        if (driven_mm > PAST_MM || driven_mm > run->length_mm) break; /* or before it set out */
        int64_t node = of->graph->nodes[ki_arc_from(of->graph, found.arcs[at])].osm_id;
        name = cross_street(of, node, run->name, &lights);
    }
    ki_arena_free(&scratch);
    return name;
}

static const char *nearest_place(const ki_landmarks *of, const ki_turn *turn) {
    size_t low = 0, high = of->n_places;
    const char *nearest = NULL;
    double least_mm = REACH_MM;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (of->places[middle].lat_e7 < turn->lat_e7 - REACH_E7)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < of->n_places && of->places[low].lat_e7 <= turn->lat_e7 + REACH_E7; low++) {
        const ki_landmark *place = &of->places[low];
        double far_mm = ki_distance_mm(turn->lat_e7, turn->lon_e7, place->lat_e7, place->lon_e7);
        if (far_mm >= least_mm) continue;
        least_mm = far_mm;
        nearest = place->name;
    }
    return nearest;
}

const char *ki_landmark_of(const ki_landmarks *of, const ki_turn *turn, const char **name) {
    int lights = 0;
    if (turn->bend == KI_BEND_START || *turn->name) return " (%s)";
    *name = cross_street(of, turn->node, turn->before ? turn->before->name : NULL, &lights);
    if (*name) return " (%s, at %s)";
    if ((*name = nearest_place(of, turn))) return " (%s, near %s)";
    if (lights) return " (%s, at the traffic lights)";
    if ((*name = street_passed(of, turn->before))) return " (%s, past %s)";
    *name = turn->onto;
    return *turn->onto ? " (%s, towards %s)" : " (%s)";
}
