/* SPDX-License-Identifier: GPL-3.0-or-later
 * rematch.c - a run of the old roads in the new ones, by what is left of it:
 *
 *   the same way from and to the same nodes, as long as before         kept
 *   every step between two of its nodes, on whatever ways there are    renumbered, split
 *   a run of one way that starts and ends near it and lies along it    moved
 *
 * A name that is the same makes up for MISNAMED_MM of distance; it is no condition, for streets are
 * renamed. Of equals the lower way id is taken. */
#include "road/rematch.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEAR_MM = 20000,     /* ends and points of a moved run: half a wide street */
    MISNAMED_MM = 15000, /* what another name counts as */
    SLACK_MM = 10000,    /* in length, besides a fifth of it */
    NEAR_LAT_E7 = 2000   /* 22 m: a quick look before distances are computed */
};

typedef struct step { /* between neighbouring nodes, as the way runs */
    int64_t from, to;
    int64_t way_id;
} step;

struct ki_rematcher {
    const ki_graph *before, *after;
    step *steps; /* of the new roads, both directions, sorted */
    int32_t n_steps;
    int32_t *way_of_point; /* [n_points] of the new roads */
};

typedef struct old_run { /* in the making */
    ki_point *points;
    int32_t n_points;
    int64_t length_mm;
    const char *name;
} old_run;

static int compare_steps(const void *left, const void *right) {
    const step *a = left, *b = right;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    return a->way_id < b->way_id ? -1 : a->way_id > b->way_id;
}

static void list_steps(ki_rematcher *at) {
    const ki_graph *graph = at->after;
    for (int32_t index = 0; index < graph->n_edges; index++) {
        const ki_edge *edge = &graph->edges[index];
        int64_t way_id = graph->ways[edge->way].osm_id;
        for (int32_t point = edge->first_point; point < edge->first_point + edge->n_points;
             point++) {
            at->way_of_point[point] = edge->way;
            if (point == edge->first_point) continue;
            int64_t from = graph->points[point - 1].osm_id, to = graph->points[point].osm_id;
            at->steps[at->n_steps++] = (step){from, to, way_id};
            at->steps[at->n_steps++] = (step){to, from, way_id};
        }
    }
    if (at->n_steps) qsort(at->steps, (size_t)at->n_steps, sizeof *at->steps, compare_steps);
}

kerb_status ki_rematcher_new(ki_rematcher **out, const ki_graph *before, const ki_graph *after,
                             kerb_error *err) {
    ki_rematcher *at = ki_alloc_zero(1, sizeof *at);
    *out = NULL;
    if (!at) return ki_fail_no_memory(err, "matching streets");
    at->before = before;
    at->after = after;
    at->steps = ki_alloc_zero((size_t)after->n_points, 2 * sizeof *at->steps);
    at->way_of_point = ki_alloc_zero((size_t)after->n_points, sizeof *at->way_of_point);
    if (!at->steps || !at->way_of_point) {
        ki_rematcher_free(at);
        return ki_fail_no_memory(err, "matching streets");
    }
    list_steps(at);
    *out = at;
    return KERB_OK;
}

void ki_rematcher_free(ki_rematcher *rematcher) {
    if (!rematcher) return;
    ki_free(rematcher->steps);
    ki_free(rematcher->way_of_point);
    ki_free(rematcher);
}

/* ---- the points of a run --------------------------------------------------------------------- */

/* Between the marks of a run, in order of travel; its ends are points. */
static int lay_points(const ki_graph *graph, const ki_run *run, ki_arena *arena, old_run *out) {
    size_t n_room = 0;
    for (int32_t at = 0; at < run->n_arcs; at++)
        n_room += (size_t)graph->edges[run->arcs[at] >> 1].n_points;
    out->points = ki_arena_alloc(arena, n_room, sizeof *out->points);
    if (!out->points) return -1;
    for (int32_t at = 0; at < run->n_arcs; at++) {
        const ki_edge *edge = &graph->edges[run->arcs[at] >> 1];
        int against = run->arcs[at] & 1;
        for (int32_t nth = 0; nth < edge->n_points; nth++) {
            int32_t index = against ? edge->n_points - 1 - nth : nth;
            const ki_point *point = &graph->points[edge->first_point + index];
            int32_t mm = against ? edge->length_mm - point->at_mm : point->at_mm;
            if (at == 0 && mm < run->start_mm) continue;
            if (at == run->n_arcs - 1 && mm > run->end_mm) continue;
            if (at > 0 && nth == 0) continue; /* the end of the edge before */
            out->points[out->n_points++] = *point;
        }
    }
    out->length_mm = run->length_mm;
    return 0;
}

static kerb_status find_points(const ki_graph *graph, ki_stretch of, ki_arena *arena, old_run *out,
                               kerb_error *err) {
    ki_run run;
    *out = (old_run){.name = ""};
    KI_TRY(ki_graph_find_run(graph, of.way_id, of.from_node, of.to_node, arena, &run, err));
    if (run.n_arcs == 0) return KERB_OK;
    out->name = ki_way_name(graph, ki_arc_way(graph, run.arcs[0]));
    return lay_points(graph, &run, arena, out) ? ki_fail_no_memory(err, "matching streets")
                                               : KERB_OK;
}

/* ---- how near -------------------------------------------------------------------------------- */

static double between_mm(const ki_point *a, const ki_point *b) {
    return ki_distance_mm(a->lat_e7, a->lon_e7, b->lat_e7, b->lon_e7);
}

/* From a point to the line between two, on a plane around the point. */
static double off_line_mm(const ki_point *of, const ki_point *a, const ki_point *b) {
    static const double MM_PER_E7 = 11.11950;
    double east = cos(of->lat_e7 * 1e-7 * 3.14159265358979323846 / 180) * MM_PER_E7;
    double ax = ((double)a->lon_e7 - of->lon_e7) * east;
    double ay = ((double)a->lat_e7 - of->lat_e7) * MM_PER_E7;
    double dx = ((double)b->lon_e7 - a->lon_e7) * east;
    double dy = ((double)b->lat_e7 - a->lat_e7) * MM_PER_E7;
    double square = dx * dx + dy * dy, share = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return hypot(ax + share * dx, ay + share * dy);
}

/* The farthest that any point of one lies from the line of the other. */
static double off_run_mm(const old_run *one, const old_run *other) {
    double farthest = 0;
    for (int32_t point = 0; point < one->n_points; point++) {
        double nearest = between_mm(&one->points[point], &other->points[0]);
        for (int32_t at = 1; at < other->n_points; at++) {
            double off =
                off_line_mm(&one->points[point], &other->points[at - 1], &other->points[at]);
            if (off < nearest) nearest = off;
        }
        if (nearest > farthest) farthest = nearest;
    }
    return farthest;
}

static int is_as_long(const old_run *one, const old_run *other) {
    int64_t difference = llabs((long long)(one->length_mm - other->length_mm));
    return difference <= SLACK_MM + one->length_mm / 5;
}

/* Both ways, so that neither has a bend that the other lacks; more than NEAR_MM: not alike. */
static double unlike_mm(const old_run *one, const old_run *other) {
    if (other->n_points < 2 || !is_as_long(one, other)) return HUGE_VAL;
    return fmax(off_run_mm(one, other), off_run_mm(other, one));
}

/* ---- by nodes -------------------------------------------------------------------------------- */

/* A way with this step, the one driven so far before others; 0: none. */
static int64_t way_with(const ki_rematcher *at, int64_t from, int64_t to, int64_t so_far) {
    step wanted = {from, to, INT64_MIN};
    int32_t low = 0, high = at->n_steps;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (compare_steps(&at->steps[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t found = 0;
    for (; low < at->n_steps && at->steps[low].from == from && at->steps[low].to == to; low++) {
        if (at->steps[low].way_id == so_far) return so_far;
        if (!found) found = at->steps[low].way_id;
    }
    return found;
}

/* 0 where a step is gone. */
static int lay_pieces(const ki_rematcher *at, const old_run *run, ki_rematch *out) {
    out->n_pieces = 0;
    for (int32_t point = 1; point < run->n_points; point++) {
        int64_t from = run->points[point - 1].osm_id, to = run->points[point].osm_id;
        ki_stretch *last = out->n_pieces ? &out->pieces[out->n_pieces - 1] : NULL;
        int64_t way_id = way_with(at, from, to, last ? last->way_id : 0);
        if (!way_id) return 0;
        if (last && last->way_id == way_id)
            last->to_node = to;
        else
            out->pieces[out->n_pieces++] = (ki_stretch){way_id, from, to};
    }
    return out->n_pieces > 0;
}

/* ---- by place -------------------------------------------------------------------------------- */

static int is_near(const ki_point *a, const ki_point *b) {
    return llabs((long long)a->lat_e7 - b->lat_e7) <= NEAR_LAT_E7 && between_mm(a, b) <= NEAR_MM;
}

/* The node of a way nearest to a point; 0: none is near. */
static int64_t nearest_node(const ki_graph *graph, int32_t way, const ki_point *to) {
    const ki_edge *first = &graph->edges[graph->first_edge[way]];
    const ki_edge *last = &graph->edges[graph->first_edge[way + 1] - 1];
    int64_t nearest = 0;
    double nearest_mm = NEAR_MM;
    for (int32_t at = first->first_point; at < last->first_point + last->n_points; at++) {
        double mm = between_mm(&graph->points[at], to);
        if (mm > nearest_mm || graph->points[at].osm_id == nearest) continue;
        nearest = graph->points[at].osm_id;
        nearest_mm = mm;
    }
    return nearest;
}

/* Tries one way that comes near the start of the run. */
static kerb_status try_way(const ki_rematcher *at, const old_run *run, int32_t way, ki_arena *arena,
                           ki_rematch *out, double *best_mm, kerb_error *err) {
    const ki_point *start = &run->points[0], *end = &run->points[run->n_points - 1];
    ki_stretch tried = {at->after->ways[way].osm_id, nearest_node(at->after, way, start),
                        nearest_node(at->after, way, end)};
    old_run found;
    if (!tried.from_node || !tried.to_node || tried.from_node == tried.to_node) return KERB_OK;
    KI_TRY(find_points(at->after, tried, arena, &found, err));
    double off_mm = unlike_mm(run, &found);
    if (off_mm > NEAR_MM) return KERB_OK;
    double cost_mm = off_mm + (strcmp(found.name, run->name) == 0 ? 0 : MISNAMED_MM);
    if (cost_mm > *best_mm || (cost_mm == *best_mm && tried.way_id > out->pieces[0].way_id))
        return KERB_OK;
    *best_mm = cost_mm;
    out->pieces[0] = tried;
    out->n_pieces = 1;
    out->off_mm = (int32_t)lround(off_mm);
    return KERB_OK;
}

static kerb_status find_by_place(const ki_rematcher *at, const old_run *run, ki_arena *arena,
                                 ki_rematch *out, kerb_error *err) {
    double best_mm = NEAR_MM + MISNAMED_MM + 1;
    int32_t tried = -1;
    out->n_pieces = 0;
    for (int32_t point = 0; point < at->after->n_points; point++) {
        int32_t way = at->way_of_point[point];
        if (way == tried || !is_near(&at->after->points[point], &run->points[0])) continue;
        tried = way;
        KI_TRY(try_way(at, run, way, arena, out, &best_mm, err));
    }
    return KERB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

kerb_status ki_rematcher_find(const ki_rematcher *rematcher, ki_stretch old, ki_arena *arena,
                              ki_rematch *out, kerb_error *err) {
    old_run run, same;
    *out = (ki_rematch){.verdict = KI_REMATCH_UNKNOWN};
    KI_TRY(find_points(rematcher->before, old, arena, &run, err));
    if (run.n_points < 2) return KERB_OK;
    out->pieces = ki_arena_alloc(arena, (size_t)run.n_points, sizeof *out->pieces);
    if (!out->pieces) return ki_fail_no_memory(err, "matching streets");
    KI_TRY(find_points(rematcher->after, old, arena, &same, err));
    if (unlike_mm(&run, &same) <= NEAR_MM) {
        out->verdict = KI_REMATCH_KEPT;
        out->pieces[out->n_pieces++] = old;
        return KERB_OK;
    }
    if (lay_pieces(rematcher, &run, out)) {
        out->verdict = out->n_pieces > 1 ? KI_REMATCH_SPLIT : KI_REMATCH_RENUMBERED;
        return KERB_OK;
    }
    KI_TRY(find_by_place(rematcher, &run, arena, out, err));
    out->verdict = out->n_pieces ? KI_REMATCH_MOVED : KI_REMATCH_LOST;
    return KERB_OK;
}
