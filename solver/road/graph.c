/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph.c - questions to the built graph: distances, bearings, places, runs along a way. */
#include "road/graph.h"

#include "base/error.h"

#include <math.h>

static const double EARTH_RADIUS_MM = 6371008800.0; /* mean radius, IUGG */
static const double RADIANS_PER_E7 = 3.14159265358979323846 / 180.0 * 1e-7;

enum {
    BEARING_MM = 5000,   /* a bearing is taken over this much road: less is digitising noise */
    MAX_OCCURRENCES = 16 /* of one node on one way: more is a hostile file */
};

const char *ki_road_class_name(int road_class) {
    static const char *const NAMES[KI_N_ROAD_CLASSES] = {
        "none",        "motorway", "trunk",   "primary",    "secondary", "tertiary", "unclassified",
        "residential", "living",   "service", "pedestrian", "track",     "ferry"};
    return NAMES[road_class];
}

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

typedef struct stretch { /* a run in the making: from -> to, against the way or along it */
    mark from, to;
    int against, is_open;
    int64_t length_mm; /* 0: none yet */
} stretch;

static int64_t way_length_mm(const ki_graph *graph, int32_t way) {
    int64_t length_mm = 0;
    for (int32_t edge = graph->first_edge[way]; edge < graph->first_edge[way + 1]; edge++)
        length_mm += graph->edges[edge].length_mm;
    return length_mm;
}

static int is_closed_way(const ki_graph *graph, int32_t way) {
    return graph->edges[graph->first_edge[way]].from ==
           graph->edges[graph->first_edge[way + 1] - 1].to;
}

/* Tries one direction between two occurrences; on a closed way (round_mm its length) past its end
 * if need be. A direction that is open to someone is better, then the shorter one. */
static void try_stretch(const ki_way *way, mark from, mark to, int against, int64_t round_mm,
                        stretch *best) {
    int64_t length_mm = against ? from.at_mm - to.at_mm : to.at_mm - from.at_mm;
    int is_open = way->tags.access[against] != 0;
    if (length_mm <= 0) length_mm += round_mm;
    if (length_mm <= 0) return;
    if (best->length_mm > 0 &&
        (is_open < best->is_open || (is_open == best->is_open && length_mm >= best->length_mm)))
        return;
    *best = (stretch){from, to, against, is_open, length_mm};
}

static stretch best_stretch(const ki_graph *graph, int32_t way, int64_t from_id, int64_t to_id) {
    int32_t first = graph->first_edge[way], end = graph->first_edge[way + 1];
    int64_t round_mm = is_closed_way(graph, way) ? way_length_mm(graph, way) : 0;
    stretch best = {.length_mm = 0};
    mark from = {0}, to = {0};
    int32_t from_edge = first, from_point = 0;
    int64_t from_start = 0;
    for (int tries = 0; tries < MAX_OCCURRENCES; tries++) {
        if (!next_mark(graph, end, from_id, &from_edge, &from_point, &from_start, &from)) break;
        int32_t to_edge = first, to_point = 0;
        int64_t to_start = 0;
        while (next_mark(graph, end, to_id, &to_edge, &to_point, &to_start, &to))
            for (int against = 0; against < 2; against++)
                try_stretch(&graph->ways[way], from, to, against, round_mm, &best);
    }
    return best;
}

/* Edges are walked along the way, from the lower mark, past the way's end where it is closed. */
static kerb_status lay_run(const ki_graph *graph, int32_t way, stretch of, ki_arena *arena,
                           ki_run *run, kerb_error *err) {
    int32_t first = graph->first_edge[way], n_edges = graph->first_edge[way + 1] - first;
    mark low = of.against ? of.to : of.from, high = of.against ? of.from : of.to;
    if (low.offset_mm == graph->edges[low.edge].length_mm)
        low = (mark){first + (low.edge - first + 1) % n_edges, 0, 0}; /* starts on the next edge */
    if (high.offset_mm == 0) {                                        /* ends on the edge before */
        high.edge = first + (high.edge - first - 1 + n_edges) % n_edges;
        high.offset_mm = graph->edges[high.edge].length_mm;
    }
    int32_t n = (high.edge - low.edge + n_edges) % n_edges + 1;
    if (n == 1 && high.offset_mm <= low.offset_mm) n += n_edges;
    run->arcs = ki_arena_alloc(arena, (size_t)n, sizeof *run->arcs);
    if (!run->arcs) return ki_fail_no_memory(err, "a run of road");
    for (int32_t step = 0; step < n; step++) {
        int32_t edge = first + (low.edge - first + step) % n_edges;
        run->arcs[of.against ? n - 1 - step : step] = 2 * edge + of.against;
    }
    run->n_arcs = n;
    run->start_mm = of.against ? graph->edges[high.edge].length_mm - high.offset_mm : low.offset_mm;
    run->end_mm = of.against ? graph->edges[low.edge].length_mm - low.offset_mm : high.offset_mm;
    run->length_mm = of.length_mm;
    return KERB_OK;
}

kerb_status ki_graph_find_run(const ki_graph *graph, int64_t way_id, int64_t from_node,
                              int64_t to_node, ki_arena *arena, ki_run *run, kerb_error *err) {
    *run = (ki_run){0};
    for (int32_t at = ki_graph_find_way(graph, way_id); at < graph->n_ways; at++) {
        int32_t way = graph->ways_by_id[at];
        if (graph->ways[way].osm_id != way_id) break;
        stretch best = best_stretch(graph, way, from_node, to_node);
        if (best.length_mm > 0) return lay_run(graph, way, best, arena, run, err);
    }
    return KERB_OK;
}
