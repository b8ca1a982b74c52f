/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_legs.c - a path over arcs as runs along ways, and its geometry.
 *
 *   arcs      a0 ── a1 ── a2 ── b0 ── b1        a, b: edges of two ways
 *   runs      (way a, from, to) (way b, from, to)
 *             ├─start_offset─►         ├─end_offset─►
 *
 * A run must name its arcs beyond doubt. A way may pass a node twice (a lasso, a ring), and then
 * (way, from, to) may mean two stretches. The reader takes the one with the fewest points between;
 * where that is not ours the run is cut into single edges, and an edge that is still in doubt is
 * cut at its first and last shape point. */
#include "plan/plan_internal.h"

#include "base/error.h"
#include "road/unpack.h"

#include <string.h>

enum { MAX_VISITS = 16 };

typedef struct piece {      /* of the list of arcs */
    int32_t first, last;    /* arcs */
    int32_t from_mm, to_mm; /* on the first, on the last arc */
    int64_t from_node, to_node;
} piece;

typedef struct cutter {
    ki_plan_maker *maker;
    const ki_graph *graph;
    const int32_t *arcs;
    int32_t n_arcs;
    piece *pieces;
    int32_t n_pieces;
} cutter;

static int32_t arc_length(const ki_graph *graph, int32_t arc) {
    return graph->edges[arc >> 1].length_mm;
}

/* The k-th shape point of an arc in its own direction, and how far along it lies. */
static const ki_point *arc_point(const ki_graph *graph, int32_t arc, int32_t k, int32_t *at_mm) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    int32_t index = arc & 1 ? edge->n_points - 1 - k : k;
    const ki_point *point = &graph->points[edge->first_point + index];
    *at_mm = arc & 1 ? edge->length_mm - point->at_mm : point->at_mm;
    return point;
}

static int continues(const ki_graph *graph, int32_t arc, int32_t next) {
    if (graph->edges[arc >> 1].way != graph->edges[next >> 1].way || (arc ^ next) & 1) return 0;
    int32_t expected = (arc >> 1) + (arc & 1 ? -1 : 1);
    return next >> 1 == expected && ki_arc_to(graph, arc) == ki_arc_from(graph, next);
}

/* ---- is (way, from, to) read back as this run? ----------------------------------------------- */

typedef struct visits {
    int64_t at[MAX_VISITS];
    int32_t n;
} visits;

static int add_visit(visits *list, int64_t at) {
    if (list->n == MAX_VISITS) return -1;
    list->at[list->n++] = at;
    return 0;
}

/* Where along the way (in points, a gap counted as very many) two nodes are met. */
static int find_visits(const ki_graph *graph, int32_t edge, int64_t from, int64_t to,
                       visits *from_at, visits *to_at) {
    int32_t way = graph->edges[edge].way, first = edge;
    while (first > 0 && graph->edges[first - 1].way == way)
        first--;
    int64_t at = 0;
    for (int32_t e = first; e < graph->n_edges && graph->edges[e].way == way; e++) {
        const ki_edge *here = &graph->edges[e];
        int joined = e > first && graph->edges[e - 1].to == here->from;
        if (e > first && !joined) at += (int64_t)1 << 40;
        for (int32_t k = joined ? 1 : 0; k < here->n_points; k++) {
            int64_t id = graph->points[here->first_point + k].osm_id;
            int64_t place = at + k;
            if (id == from && add_visit(from_at, place)) return -1;
            if (id == to && add_visit(to_at, place)) return -1;
        }
        at += here->n_points - 1;
    }
    return 0;
}

static int64_t points_between(int64_t a, int64_t b) {
    return a < b ? b - a : a - b;
}

static int in_doubt(const cutter *cut, const piece *run, int64_t n_points) {
    visits from = {.n = 0}, to = {.n = 0};
    int32_t edge = cut->arcs[run->first] >> 1;
    if (find_visits(cut->graph, edge, run->from_node, run->to_node, &from, &to)) return 1;
    int shorter_or_equal = 0;
    for (int32_t a = 0; a < from.n; a++)
        for (int32_t b = 0; b < to.n; b++)
            if (from.at[a] != to.at[b] && points_between(from.at[a], to.at[b]) <= n_points)
                shorter_or_equal++;
    return shorter_or_equal > 1;
}

/* ---- cutting --------------------------------------------------------------------------------- */

static piece whole_arcs(const cutter *cut, int32_t first, int32_t last) {
    const ki_graph *graph = cut->graph;
    return (piece){.first = first,
                   .last = last,
                   .to_mm = arc_length(graph, cut->arcs[last]),
                   .from_node = graph->nodes[ki_arc_from(graph, cut->arcs[first])].osm_id,
                   .to_node = graph->nodes[ki_arc_to(graph, cut->arcs[last])].osm_id};
}

static void add_part(cutter *cut, int32_t index, int32_t from_point, int32_t to_point) {
    if (from_point >= to_point) return;
    piece *part = &cut->pieces[cut->n_pieces++];
    *part = (piece){.first = index, .last = index};
    int32_t arc = cut->arcs[index];
    part->from_node = arc_point(cut->graph, arc, from_point, &part->from_mm)->osm_id;
    part->to_node = arc_point(cut->graph, arc, to_point, &part->to_mm)->osm_id;
}

static void add_arc(cutter *cut, int32_t index) {
    int32_t n_points = cut->graph->edges[cut->arcs[index] >> 1].n_points;
    piece whole = whole_arcs(cut, index, index);
    if (n_points < 3 || !in_doubt(cut, &whole, n_points - 1)) {
        cut->pieces[cut->n_pieces++] = whole;
        return;
    }
    add_part(cut, index, 0, 1);
    add_part(cut, index, 1, n_points - 2);
    add_part(cut, index, n_points - 2, n_points - 1);
}

static void add_run(cutter *cut, int32_t first, int32_t last) {
    piece run = whole_arcs(cut, first, last);
    int64_t n_points = 0;
    for (int32_t k = first; k <= last; k++)
        n_points += cut->graph->edges[cut->arcs[k] >> 1].n_points - 1;
    if (first < last && !in_doubt(cut, &run, n_points)) {
        cut->pieces[cut->n_pieces++] = run;
        return;
    }
    for (int32_t k = first; k <= last; k++)
        add_arc(cut, k);
}

static kerb_status cut_arcs(cutter *cut) {
    cut->pieces = ki_arena_alloc(&cut->maker->scratch, (size_t)cut->n_arcs * 3, sizeof(piece));
    if (!cut->pieces) return ki_fail_no_memory(cut->maker->err, "the legs of a plan");
    for (int32_t first = 0; first < cut->n_arcs;) {
        int32_t last = first;
        while (last + 1 < cut->n_arcs &&
               continues(cut->graph, cut->arcs[last], cut->arcs[last + 1]))
            last++;
        add_run(cut, first, last);
        first = last + 1;
    }
    return KERB_OK;
}

/* Parts of the first and last arc that are not driven at all are not named. */
static void trim(cutter *cut, int32_t start_mm, int32_t end_mm) {
    int32_t head = 0;
    while (head + 1 < cut->n_pieces && cut->pieces[head].last == 0 &&
           cut->pieces[head + 1].first == 0 && cut->pieces[head].to_mm <= start_mm)
        head++;
    cut->pieces += head;
    cut->n_pieces -= head;
    int32_t final = cut->n_arcs - 1;
    while (cut->n_pieces > 1 && cut->pieces[cut->n_pieces - 1].first == final &&
           cut->pieces[cut->n_pieces - 2].last == final &&
           cut->pieces[cut->n_pieces - 1].from_mm >= end_mm)
        cut->n_pieces--;
}

/* ---- the leg --------------------------------------------------------------------------------- */

static int64_t driven_mm(const cutter *cut, const piece *run, int32_t start_mm, int32_t end_mm) {
    int32_t from = run->first == 0 && start_mm > run->from_mm ? start_mm : run->from_mm;
    int32_t to = run->last == cut->n_arcs - 1 && end_mm < run->to_mm ? end_mm : run->to_mm;
    int64_t length = (int64_t)to - from;
    for (int32_t k = run->first; k < run->last; k++)
        length += arc_length(cut->graph, cut->arcs[k]);
    return length;
}

static kerb_status write_runs(cutter *cut, int32_t start_mm, int32_t end_mm, ki_plan_leg *leg) {
    ki_plan_maker *maker = cut->maker;
    leg->n_runs = cut->n_pieces;
    leg->runs = ki_arena_alloc(maker->arena, (size_t)cut->n_pieces, sizeof *leg->runs);
    if (!leg->runs) return ki_fail_no_memory(maker->err, "the legs of a plan");
    for (int32_t k = 0; k < cut->n_pieces; k++) {
        const piece *run = &cut->pieces[k];
        const ki_way *way = ki_arc_way(cut->graph, cut->arcs[run->first]);
        leg->runs[k] = (ki_plan_run){way->osm_id, run->from_node, run->to_node,
                                     ki_plan_copy(maker, ki_way_name(cut->graph, way)),
                                     driven_mm(cut, run, start_mm, end_mm)};
    }
    const piece *last = &cut->pieces[cut->n_pieces - 1];
    int64_t end = (int64_t)end_mm - last->from_mm;
    for (int32_t k = last->first; k < last->last; k++)
        end += arc_length(cut->graph, cut->arcs[k]);
    leg->start_offset_mm = start_mm - cut->pieces[0].from_mm;
    leg->end_offset_mm = (int32_t)end;
    return KERB_OK;
}

static void add_point(ki_plan_leg *leg, int32_t lat_e7, int32_t lon_e7) {
    int32_t *last = leg->points + 2 * (leg->n_points - 1);
    if (leg->n_points > 0 && last[0] == lat_e7 && last[1] == lon_e7) return;
    leg->points[2 * leg->n_points] = lat_e7;
    leg->points[2 * leg->n_points + 1] = lon_e7;
    leg->n_points++;
}

static kerb_status write_geometry(const cutter *cut, int32_t start_mm, int32_t end_mm,
                                  ki_plan_leg *leg) {
    const ki_graph *graph = cut->graph;
    size_t most = 2;
    for (int32_t k = 0; k < cut->n_arcs; k++)
        most += (size_t)graph->edges[cut->arcs[k] >> 1].n_points;
    leg->points = ki_arena_alloc(cut->maker->arena, most, 2 * sizeof *leg->points);
    if (!leg->points) return ki_fail_no_memory(cut->maker->err, "the geometry of a plan");
    int32_t lat_e7, lon_e7, at_mm;
    ki_place_position(graph, (ki_place){cut->arcs[0], start_mm}, &lat_e7, &lon_e7);
    add_point(leg, lat_e7, lon_e7);
    for (int32_t k = 0; k < cut->n_arcs; k++) {
        int32_t n_points = graph->edges[cut->arcs[k] >> 1].n_points;
        for (int32_t p = 0; p < n_points; p++) {
            const ki_point *point = arc_point(graph, cut->arcs[k], p, &at_mm);
            if (k == 0 && at_mm <= start_mm) continue;
            if (k == cut->n_arcs - 1 && at_mm >= end_mm) continue;
            add_point(leg, point->lat_e7, point->lon_e7);
        }
    }
    ki_place_position(graph, (ki_place){cut->arcs[cut->n_arcs - 1], end_mm}, &lat_e7, &lon_e7);
    add_point(leg, lat_e7, lon_e7);
    return KERB_OK;
}

static kerb_status write_leg(ki_plan_maker *maker, const int32_t *arcs, int32_t n_arcs,
                             int32_t start_mm, int32_t end_mm, ki_plan_leg *leg) {
    cutter cut = {.maker = maker, .graph = maker->sealed->graph, .arcs = arcs, .n_arcs = n_arcs};
    KI_TRY(cut_arcs(&cut));
    trim(&cut, start_mm, end_mm);
    KI_TRY(write_runs(&cut, start_mm, end_mm, leg));
    return write_geometry(&cut, start_mm, end_mm, leg);
}

kerb_status ki_plan_leg_drive(ki_plan_maker *maker, const ki_profile *profile, ki_place from,
                              ki_place to, ki_plan_leg *leg) {
    leg->deadhead = 1;
    if (from.arc == to.arc && from.offset_mm == to.offset_mm)
        return write_leg(maker, &from.arc, 1, from.offset_mm, to.offset_mm, leg);
    ki_path path;
    KI_TRY(ki_path_find(profile, from, to, &maker->scratch, &path, maker->err));
    if (path.n_arcs < 1)
        return ki_fail(maker->err, KERB_INTERNAL, "a leg of the solution has no path");
    leg->time_ms = path.time_ms;
    leg->length_mm = path.length_mm;
    return write_leg(maker, path.arcs, path.n_arcs, from.offset_mm, to.offset_mm, leg);
}

static void turn_round(ki_run *run) {
    for (int32_t a = 0, b = run->n_arcs - 1; a <= b; a++, b--) {
        int32_t swap = run->arcs[a] ^ 1;
        run->arcs[a] = run->arcs[b] ^ 1;
        run->arcs[b] = swap;
    }
}

static int runs_from_to(const ki_run *run, ki_place from, ki_place to) {
    return run->n_arcs > 0 && run->arcs[0] == from.arc && run->arcs[run->n_arcs - 1] == to.arc;
}

kerb_status ki_plan_leg_sweep(ki_plan_maker *maker, const kerb_street *street, ki_place from,
                              ki_place to, ki_plan_leg *leg) {
    ki_run run = {0};
    KI_TRY(ki_graph_find_run(maker->sealed->graph, street->way_id, street->from_node,
                             street->to_node, &maker->scratch, &run, maker->err));
    if (!runs_from_to(&run, from, to)) turn_round(&run);
    if (!runs_from_to(&run, from, to))
        return ki_fail(maker->err, KERB_INTERNAL, "street %s: its mode is not its run", street->id);
    return write_leg(maker, run.arcs, run.n_arcs, from.offset_mm, to.offset_mm, leg);
}
