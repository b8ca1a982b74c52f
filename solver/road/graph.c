/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph.c - questions to the built graph: distances, bearings, places, runs along a way. */
#include "road/graph.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static const double EARTH_RADIUS_MM = 6371008800.0; /* mean radius, IUGG */
static const double RADIANS_PER_E7 = 3.14159265358979323846 / 180.0 * 1e-7;

enum {
    BEARING_MM = 5000,   /* a bearing is taken over this much road: less is digitising noise */
    MAX_OCCURRENCES = 16 /* of one node on one way: more is a hostile file */
};

double ki_distance_mm(int32_t lat1_e7, int32_t lon1_e7, int32_t lat2_e7, int32_t lon2_e7) {
    double lat1 = lat1_e7 * RADIANS_PER_E7, lat2 = lat2_e7 * RADIANS_PER_E7;
    double half_lat = sin((lat2 - lat1) / 2);
    double half_lon = sin(((double)lon2_e7 - lon1_e7) * RADIANS_PER_E7 / 2);
    double square = half_lat * half_lat + cos(lat1) * cos(lat2) * half_lon * half_lon;
    return 2 * EARTH_RADIUS_MM * asin(sqrt(square < 1 ? square : 1));
}

static int32_t bearing(const ki_point *from, const ki_point *to) {
    double north = (double)to->lat_e7 - from->lat_e7;
    double east = ((double)to->lon_e7 - from->lon_e7) *
                  cos(((double)from->lat_e7 + to->lat_e7) / 2 * RADIANS_PER_E7);
    double degrees = atan2(east, north) / RADIANS_PER_E7 * 1e-7;
    int32_t centidegrees = (int32_t)lround(degrees * 100);
    return (centidegrees + 36000) % 36000;
}

int32_t ki_arc_bearing_out(const ki_graph *graph, int32_t arc) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    const ki_point *points = graph->points + edge->first_point;
    int32_t last = edge->n_points - 1, at;
    if (!(arc & 1)) {
        for (at = 1; at < last && points[at].at_mm < BEARING_MM;)
            at++;
        return bearing(&points[0], &points[at]);
    }
    for (at = last - 1; at > 0 && edge->length_mm - points[at].at_mm < BEARING_MM;)
        at--;
    return bearing(&points[last], &points[at]);
}

int32_t ki_arc_bearing_in(const ki_graph *graph, int32_t arc) {
    return (ki_arc_bearing_out(graph, arc ^ 1) + 18000) % 36000;
}

void ki_place_position(const ki_graph *graph, ki_place place, int32_t *lat_e7, int32_t *lon_e7) {
    const ki_edge *edge = &graph->edges[place.arc >> 1];
    const ki_point *points = graph->points + edge->first_point;
    int32_t at_mm = place.arc & 1 ? edge->length_mm - place.offset_mm : place.offset_mm;
    int32_t low = 0, high = edge->n_points - 1; /* points[low].at_mm <= at_mm */
    while (high - low > 1) {
        int32_t middle = (low + high) / 2;
        if (points[middle].at_mm <= at_mm)
            low = middle;
        else
            high = middle;
    }
    const ki_point *from = &points[low], *to = &points[high];
    int32_t step_mm = to->at_mm - from->at_mm;
    double share = step_mm > 0 ? (double)(at_mm - from->at_mm) / step_mm : 0;
    *lat_e7 = from->lat_e7 + (int32_t)lround(share * ((double)to->lat_e7 - from->lat_e7));
    *lon_e7 = (int32_t)lround(from->lon_e7 + share * ((double)to->lon_e7 - from->lon_e7));
}

int32_t ki_graph_find_way(const ki_graph *graph, int64_t way_id) {
    int32_t low = 0, high = graph->n_ways;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (graph->ways[graph->ways_by_id[middle]].osm_id < way_id)
            low = middle + 1;
        else
            high = middle;
    }
    int hit = low < graph->n_ways && graph->ways[graph->ways_by_id[low]].osm_id == way_id;
    return hit ? low : graph->n_ways;
}

/* ---- runs ------------------------------------------------------------------------ */

typedef struct mark { /* where on a way a node id stands */
    int32_t edge;     /* the last edge that holds it */
    int32_t offset_mm;
    int64_t at_mm; /* from the way's start */
} mark;

/* Next occurrence of the id on the way at or after *edge, *point; 0: no more. A node between two
 * edges counts once, at the end of the first. */
static int next_mark(const ki_graph *graph, int32_t end_edge, int64_t id, int32_t *edge,
                     int32_t *point, int64_t *edge_start_mm, mark *out) {
    for (; *edge < end_edge; (*edge)++, *point = 1) {
        const ki_edge *at = &graph->edges[*edge];
        for (; *point < at->n_points; (*point)++) {
            const ki_point *shape = &graph->points[at->first_point + *point];
            if (shape->osm_id != id) continue;
            *out = (mark){*edge, shape->at_mm, *edge_start_mm + shape->at_mm};
            (*point)++;
            return 1;
        }
        *edge_start_mm += at->length_mm;
    }
    return 0;
}

/* The pair of occurrences nearest to each other, along the way before against it. A closed way's
 * first node stands at both ends; from = to means once round. */
static int nearest_marks(const ki_graph *graph, int32_t way, int64_t from_id, int64_t to_id,
                         mark *from, mark *to) {
    int32_t first = graph->first_edge[way], end = graph->first_edge[way + 1];
    int found = 0;
    mark a, b;
    int32_t edge_a = first, point_a = 0;
    int64_t start_a = 0;
    for (int tries = 0; tries < MAX_OCCURRENCES; tries++) {
        if (!next_mark(graph, end, from_id, &edge_a, &point_a, &start_a, &a)) break;
        int32_t edge_b = first, point_b = 0;
        int64_t start_b = 0, best = found ? llabs(to->at_mm - from->at_mm) : 0;
        while (next_mark(graph, end, to_id, &edge_b, &point_b, &start_b, &b)) {
            int64_t apart = llabs(b.at_mm - a.at_mm);
            if (apart == 0 || (found && apart >= best)) continue;
            *from = a;
            *to = b;
            best = apart;
            found = 1;
        }
    }
    return found;
}

static kerb_status lay_run(const ki_graph *graph, mark from, mark to, ki_arena *arena, ki_run *run,
                           kerb_error *err) {
    int against = to.at_mm < from.at_mm;
    mark low = against ? to : from, high = against ? from : to;
    if (low.offset_mm == graph->edges[low.edge].length_mm)
        low = (mark){low.edge + 1, 0, low.at_mm}; /* the run starts on the next edge */
    int32_t n = high.edge - low.edge + 1;
    run->arcs = ki_arena_alloc(arena, (size_t)n, sizeof *run->arcs);
    if (!run->arcs) return ki_fail_no_memory(err, "a run of road");
    for (int32_t step = 0; step < n; step++)
        run->arcs[step] = against ? 2 * (high.edge - step) + 1 : 2 * (low.edge + step);
    run->n_arcs = n;
    run->start_mm = against ? graph->edges[high.edge].length_mm - high.offset_mm : low.offset_mm;
    run->end_mm = against ? graph->edges[low.edge].length_mm - low.offset_mm : high.offset_mm;
    run->length_mm = high.at_mm - low.at_mm;
    return KERB_OK;
}

kerb_status ki_graph_find_run(const ki_graph *graph, int64_t way_id, int64_t from_node,
                              int64_t to_node, ki_arena *arena, ki_run *run, kerb_error *err) {
    *run = (ki_run){0};
    for (int32_t at = ki_graph_find_way(graph, way_id); at < graph->n_ways; at++) {
        int32_t way = graph->ways_by_id[at];
        mark from = {0}, to = {0};
        if (graph->ways[way].osm_id != way_id) break;
        if (nearest_marks(graph, way, from_node, to_node, &from, &to))
            return lay_run(graph, from, to, arena, run, err);
    }
    return KERB_OK;
}
