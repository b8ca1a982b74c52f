/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs_along.c - kerbside-bench legs --along: what our engine makes of the drives of another one.
 *
 * A drive comes as short straight steps with the way each lies on. A step is matched to the piece
 * of that way nearest to its middle; its direction tells the arc. Nothing here uses the profile's
 * automaton: restrictions are read as they stand, so that a wrong turn shows with its reason. */
#include "base/error.h"
#include "base/text.h"
#include "bench/csv.h"
#include "bench/legs_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double RADIANS_PER_DEGREE = 3.14159265358979323846 / 180;

enum { MATCH_MM = 3000 };

typedef struct step {
    int64_t way;
    double lat[2], lon[2];
} step;

typedef struct visit { /* an arc that is driven, and which part of it */
    int32_t arc, from_mm, to_mm;
} visit;

typedef struct drive {
    const ki_profile *profile;
    visit *visits;
    int32_t n_visits;
    int64_t drive_ms, turn_ms, length_mm;
    int n_stops;
    ki_text stops;
} drive;

/* ---- matching -------------------------------------------------------------------------------- */

typedef struct match {
    double distance_mm;
    int32_t arc, at_mm; /* along the edge */
} match;

/* A plane that touches the earth at the point sought. */
static void try_piece(const ki_graph *graph, int32_t edge, int32_t k, double lat_deg,
                      double lon_deg, const step *along, match *best) {
    const ki_point *a = &graph->points[graph->edges[edge].first_point + k], *b = a + 1;
    double mm_per_lat = 111195080.0, mm_per_lon = mm_per_lat * cos(lat_deg * RADIANS_PER_DEGREE);
    double ax = (a->lon_e7 * 1e-7 - lon_deg) * mm_per_lon;
    double ay = (a->lat_e7 * 1e-7 - lat_deg) * mm_per_lat;
    double dx = (b->lon_e7 - a->lon_e7) * 1e-7 * mm_per_lon;
    double dy = (b->lat_e7 - a->lat_e7) * 1e-7 * mm_per_lat;
    double square = dx * dx + dy * dy;
    double share = square > 0 ? fmin(1, fmax(0, -(ax * dx + ay * dy) / square)) : 0;
    double distance_mm = hypot(ax + share * dx, ay + share * dy);
    if (distance_mm >= best->distance_mm) return;
    double onward = (along->lon[1] - along->lon[0]) * mm_per_lon * dx +
                    (along->lat[1] - along->lat[0]) * mm_per_lat * dy;
    *best = (match){distance_mm, 2 * edge + (onward < 0),
                    a->at_mm + (int32_t)lround(share * (b->at_mm - a->at_mm))};
}

static match find_piece(const ki_graph *graph, const step *along, double lat_deg, double lon_deg) {
    match best = {.distance_mm = MATCH_MM, .arc = -1};
    for (int32_t at = ki_graph_find_way(graph, along->way); at < graph->n_ways; at++) {
        int32_t way = graph->ways_by_id[at];
        if (graph->ways[way].osm_id != along->way) break;
        for (int32_t edge = graph->first_edge[way]; edge < graph->first_edge[way + 1]; edge++)
            for (int32_t k = 0; k + 1 < graph->edges[edge].n_points; k++)
                try_piece(graph, edge, k, lat_deg, lon_deg, along, &best);
    }
    return best;
}

/* How far along its own arc an end of a drive lies. */
static int32_t offset_on(const ki_graph *graph, const step *along, int end, int32_t arc,
                         int32_t otherwise_mm) {
    match found = find_piece(graph, along, along->lat[end], along->lon[end]);
    if (found.arc >> 1 != arc >> 1) return otherwise_mm;
    return arc & 1 ? graph->edges[arc >> 1].length_mm - found.at_mm : found.at_mm;
}

/* ---- judging --------------------------------------------------------------------------------- */

static void add_stop(drive *of, const char *why, int64_t way, int64_t node) {
    ki_text_add(&of->stops, "%s{\"why\": \"%s\", \"way\": %lld, \"node\": %lld}",
                of->n_stops++ ? ", " : "", why, (long long)way, (long long)node);
}

const char *bench_why_closed(const ki_profile *profile, int32_t arc) {
    const ki_way_tags *tags = &ki_arc_way(profile->graph, arc)->tags;
    const ki_profile_spec *spec = &profile->spec;
    if (!((tags->access[0] | tags->access[1]) & spec->kind)) return "access";
    if (!(tags->access[arc & 1] & spec->kind)) return "one way";
    if (tags->max_height_mm && tags->max_height_mm < spec->height_mm) return "height";
    if (tags->max_width_mm && tags->max_width_mm < spec->width_mm) return "width";
    if (tags->max_length_mm && tags->max_length_mm < spec->length_mm) return "length";
    return "mass";
}

static void judge_arc(drive *of, const visit *at) {
    const ki_graph *graph = of->profile->graph;
    int32_t arc_ms = of->profile->arc_ms[at->arc], whole_mm = graph->edges[at->arc >> 1].length_mm;
    of->length_mm += at->to_mm - at->from_mm;
    if (arc_ms == KI_NEVER)
        add_stop(of, bench_why_closed(of->profile, at->arc), ki_arc_way(graph, at->arc)->osm_id, 0);
    else
        of->drive_ms += ki_arc_part_ms(arc_ms, whole_mm, at->to_mm) -
                        ki_arc_part_ms(arc_ms, whole_mm, at->from_mm);
}

static void judge_turn(drive *of, int32_t from_arc, int32_t to_arc) {
    const ki_graph *graph = of->profile->graph;
    int32_t node = ki_arc_to(graph, from_arc);
    int32_t cost_ms = ki_profile_turn_ms(graph, &of->profile->spec, from_arc, to_arc);
    const char *why = to_arc == (from_arc ^ 1)             ? "u-turn"
                      : node != ki_arc_from(graph, to_arc) ? "gap"
                                                           : "barrier";
    if (cost_ms == KI_NEVER)
        add_stop(of, why, ki_arc_way(graph, to_arc)->osm_id, graph->nodes[node].osm_id);
    else
        of->turn_ms += cost_ms;
}

/* Whether the arcs of a restriction are driven from visit `first` on: a no_* to its end, an only_*
 * up to its last arc and then elsewhere. */
static int breaks(const drive *of, const ki_restriction *rule, int32_t first) {
    const int32_t *arcs = of->profile->graph->restriction_arcs + rule->first_arc;
    int32_t k = 0;
    while (k < rule->n_arcs && first + k < of->n_visits && of->visits[first + k].arc == arcs[k])
        k++;
    if (!rule->only) return k == rule->n_arcs;
    return k > 0 && k < rule->n_arcs && first + k < of->n_visits;
}

static void judge_restrictions(drive *of) {
    const ki_graph *graph = of->profile->graph;
    for (int32_t index = 0; index < graph->n_restrictions; index++) {
        const ki_restriction *rule = &graph->restrictions[index];
        if (rule->except & of->profile->spec.kind) continue;
        for (int32_t first = 0; first < of->n_visits; first++)
            if (breaks(of, rule, first)) {
                int32_t arc = of->visits[first].arc;
                add_stop(of, "restriction", rule->osm_id,
                         graph->nodes[ki_arc_to(graph, arc)].osm_id);
            }
    }
}

/* ---- one drive ------------------------------------------------------------------------------- */

static void add_visit(drive *of, int32_t arc) {
    if (of->n_visits > 0 && of->visits[of->n_visits - 1].arc == arc) return;
    of->visits[of->n_visits++] = (visit){arc, 0, of->profile->graph->edges[arc >> 1].length_mm};
}

static void match_steps(drive *of, const step *steps, int32_t n_steps) {
    const ki_graph *graph = of->profile->graph;
    for (int32_t k = 0; k < n_steps; k++) {
        const step *at = &steps[k];
        match found =
            find_piece(graph, at, (at->lat[0] + at->lat[1]) / 2, (at->lon[0] + at->lon[1]) / 2);
        if (found.arc < 0)
            add_stop(of, "not a road", at->way, 0);
        else
            add_visit(of, found.arc);
    }
    if (of->n_visits == 0) return;
    visit *first = &of->visits[0], *last = &of->visits[of->n_visits - 1];
    first->from_mm = offset_on(graph, &steps[0], 0, first->arc, first->from_mm);
    last->to_mm = offset_on(graph, &steps[n_steps - 1], 1, last->arc, last->to_mm);
}

static kerb_status judge_drive(const ki_profile *profile, const char *leg, const step *steps,
                               int32_t n_steps, visit *scratch, kerb_error *err) {
    drive of = {.profile = profile, .visits = scratch};
    match_steps(&of, steps, n_steps);
    for (int32_t k = 0; k < of.n_visits; k++) {
        judge_arc(&of, &of.visits[k]);
        if (k > 0) judge_turn(&of, of.visits[k - 1].arc, of.visits[k].arc);
    }
    judge_restrictions(&of);
    printf("{\"leg\": %s, \"drive_ms\": %lld, \"turn_ms\": %lld, \"length_mm\": %lld, "
           "\"stops\": [%s]}\n",
           leg, (long long)of.drive_ms, (long long)of.turn_ms, (long long)of.length_mm,
           of.n_stops ? of.stops.bytes : "");
    kerb_status status = of.stops.failed ? ki_fail_no_memory(err, "a drive") : KERB_OK;
    ki_text_free(&of.stops);
    return status;
}

/* ---- the file -------------------------------------------------------------------------------- */

static kerb_status read_step(step *out, const bench_csv *table, int row, const char *path,
                             kerb_error *err) {
    const char *const names[] = {"from_lat", "from_lon", "to_lat", "to_lon"};
    double cells[4], way = bench_csv_number(table, row, "way");
    double leg = bench_csv_number(table, row, "leg");
    int good = way >= 0 && way < 1e18 && leg >= 0 && leg < 1e9;
    for (int k = 0; k < 4; k++) {
        cells[k] = bench_csv_number(table, row, names[k]);
        good = good && fabs(cells[k]) <= (k % 2 ? 180 : 90);
    }
    if (!good)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, record %d: expected numbers in leg,way,from_lat,from_lon,to_lat,to_lon",
                       path, row + 1);
    *out = (step){(int64_t)way, {cells[0], cells[2]}, {cells[1], cells[3]}};
    return KERB_OK;
}

static kerb_status judge_table(const ki_profile *profile, const bench_csv *table, const char *path,
                               ki_arena *arena, kerb_error *err) {
    size_t n_rows = (size_t)table->n_rows;
    step *steps = ki_arena_alloc(arena, n_rows + 1, sizeof *steps);
    visit *visits = ki_arena_alloc(arena, n_rows + 1, sizeof *visits);
    if (!steps || !visits) return ki_fail_no_memory(err, path);
    for (int row = 0; row < table->n_rows; row++)
        KI_TRY(read_step(&steps[row], table, row, path, err));
    for (int first = 0, end; first < table->n_rows; first = end) {
        const char *leg = bench_csv_cell(table, first, "leg");
        end = first + 1;
        while (end < table->n_rows && strcmp(bench_csv_cell(table, end, "leg"), leg) == 0)
            end++;
        KI_TRY(judge_drive(profile, leg, steps + first, end - first, visits, err));
    }
    return KERB_OK;
}

kerb_status bench_legs_along(const ki_profile *profile, const char *path, kerb_error *err) {
    bench_csv table;
    ki_arena arena = {0};
    KI_TRY(bench_csv_read(&table, path, ',', err));
    kerb_status status = judge_table(profile, &table, path, &arena, err);
    ki_arena_free(&arena);
    bench_csv_free(&table);
    return status;
}
