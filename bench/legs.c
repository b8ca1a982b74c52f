/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs.c - kerbside-bench legs: random legs on an extract as JSON lines, for another engine to be
 * held against (bench/foreign).
 *
 *   {"height_mm": ...}                                      the vehicle
 *   {"leg": 0, "from": {..}, "to": {..}, "time_ms": ..., "length_mm": ..., "runs": [..],
 *    "shape": [[lat, lon], ..]}                             one line each
 *
 * A run is a stretch of one way in one direction: its time along the road and the time of the
 * turns into it and on it. The lines of a seed are the same on every machine. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/text.h"
#include "bench.h"
#include "bench/legs_parts.h"
#include "bench/truck.h"
#include "road/hierarchy.h"
#include "road/unpack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES_PER_END = 100000, HEADING_MM = 1000, SHORT_MM = 20000 };

typedef struct drawer {
    const ki_profile *profile;
    ki_rng rng;
    int anywhere;
} drawer;

/* ---- ends ------------------------------------------------------------------------------------ */

/* "main": in the part whose roads all reach each other; "cut": open, but not in it. */
static const char *state_of(const ki_profile *profile, int32_t arc) {
    if (profile->arc_ms[arc] == KI_NEVER) return "closed";
    return profile->component[arc] == 0 ? "main" : "cut";
}

/* Not on a piece of a junction, unless there is little else. Anywhere: an open direction of the
 * road comes before a closed one. */
static int32_t draw_arc(drawer *draw) {
    const ki_profile *profile = draw->profile;
    uint32_t n_arcs = (uint32_t)profile->graph->n_arcs;
    for (int32_t tries = 0; tries < TRIES_PER_END; tries++) {
        int32_t arc = (int32_t)ki_rng_below(&draw->rng, n_arcs);
        int is_short = profile->graph->edges[arc >> 1].length_mm < SHORT_MM;
        if (is_short && tries < TRIES_PER_END / 2) continue;
        if (draw->anywhere && profile->arc_ms[arc] == KI_NEVER &&
            profile->arc_ms[arc ^ 1] != KI_NEVER)
            return arc ^ 1;
        if (draw->anywhere || profile->component[arc] == 0) return arc;
    }
    return -1;
}

/* In the middle half of the arc: no engine takes the junction for it. */
static ki_place draw_place(drawer *draw) {
    int32_t arc = draw->profile->graph->n_arcs > 0 ? draw_arc(draw) : -1;
    if (arc < 0) return (ki_place){-1, 0};
    int32_t length_mm = draw->profile->graph->edges[arc >> 1].length_mm;
    uint32_t within = ki_rng_below(&draw->rng, (uint32_t)length_mm / 2 + 1);
    return (ki_place){arc, length_mm / 4 + (int32_t)within};
}

static void add_degrees(ki_text *text, int32_t e7) {
    ki_text_add(text, "%s%d.%07d", e7 < 0 ? "-" : "", abs(e7) / 10000000, abs(e7) % 10000000);
}

/* The direction of travel at a place, over a metre to either side. */
static double heading_deg(const ki_graph *graph, ki_place place) {
    static const double RADIANS_PER_DEGREE = 3.14159265358979323846 / 180;
    int32_t lat[2], lon[2], length_mm = graph->edges[place.arc >> 1].length_mm;
    ki_place before = place, after = place;
    before.offset_mm = place.offset_mm > HEADING_MM ? place.offset_mm - HEADING_MM : 0;
    after.offset_mm =
        length_mm - place.offset_mm > HEADING_MM ? place.offset_mm + HEADING_MM : length_mm;
    ki_place_position(graph, before, &lat[0], &lon[0]);
    ki_place_position(graph, after, &lat[1], &lon[1]);
    double east = ((double)lon[1] - lon[0]) * cos(lat[0] * 1e-7 * RADIANS_PER_DEGREE);
    double degrees = atan2(east, (double)lat[1] - lat[0]) / RADIANS_PER_DEGREE;
    return degrees < 0 ? degrees + 360 : degrees;
}

static void add_end(ki_text *text, const char *name, const ki_profile *profile, ki_place place) {
    int32_t lat_e7, lon_e7;
    ki_place_position(profile->graph, place, &lat_e7, &lon_e7);
    ki_text_add(text, ", \"%s\": {\"way\": %lld, \"lat\": ", name,
                (long long)ki_arc_way(profile->graph, place.arc)->osm_id);
    add_degrees(text, lat_e7);
    ki_text_add(text, ", \"lon\": ");
    add_degrees(text, lon_e7);
    ki_text_add(text, ", \"heading\": %.0f, \"state\": \"%s\"", heading_deg(profile->graph, place),
                state_of(profile, place.arc));
    if (profile->arc_ms[place.arc] == KI_NEVER)
        ki_text_add(text, ", \"why\": \"%s\"", bench_why_closed(profile, place.arc));
    ki_text_add(text, "}");
}

/* ---- the path -------------------------------------------------------------------------------- */

typedef struct trip {
    const ki_profile *profile;
    const ki_path *path;
    ki_place from, to;
} trip;

/* The part of the k-th arc that is driven. */
static void driven(const trip *of, int32_t k, int32_t *start_mm, int32_t *end_mm) {
    *start_mm = k == 0 ? of->from.offset_mm : 0;
    *end_mm = k == of->path->n_arcs - 1
                  ? of->to.offset_mm
                  : of->profile->graph->edges[of->path->arcs[k] >> 1].length_mm;
}

/* Turns are those of the profile; a restriction only forbids, so the time of a turn is its angle's.
 */
static void add_run(ki_text *text, const trip *of, int32_t first, int32_t end) {
    const ki_graph *graph = of->profile->graph;
    const int32_t *arcs = of->path->arcs;
    int64_t length_mm = 0, drive_ms = 0, turn_ms = 0;
    for (int32_t k = first; k < end; k++) {
        int32_t start_mm, end_mm, arc_ms = of->profile->arc_ms[arcs[k]];
        int32_t whole_mm = graph->edges[arcs[k] >> 1].length_mm;
        driven(of, k, &start_mm, &end_mm);
        length_mm += end_mm - start_mm;
        drive_ms +=
            ki_arc_part_ms(arc_ms, whole_mm, end_mm) - ki_arc_part_ms(arc_ms, whole_mm, start_mm);
        if (k > 0) turn_ms += ki_profile_turn_ms(graph, &of->profile->spec, arcs[k - 1], arcs[k]);
    }
    const ki_way *way = ki_arc_way(graph, arcs[first]);
    ki_text_add(text,
                "%s{\"way\": %lld, \"class\": \"%s\", \"from_node\": %lld, \"to_node\": %lld, "
                "\"length_mm\": %lld, \"drive_ms\": %lld, \"turn_ms\": %lld}",
                first > 0 ? ", " : "", (long long)way->osm_id,
                ki_road_class_name(way->tags.road_class),
                (long long)graph->nodes[ki_arc_from(graph, arcs[first])].osm_id,
                (long long)graph->nodes[ki_arc_to(graph, arcs[end - 1])].osm_id,
                (long long)length_mm, (long long)drive_ms, (long long)turn_ms);
}

static int goes_on(const ki_graph *graph, int32_t arc, int32_t next) {
    return graph->edges[arc >> 1].way == graph->edges[next >> 1].way && (arc & 1) == (next & 1);
}

static void add_runs(ki_text *text, const trip *of) {
    const ki_path *path = of->path;
    for (int32_t first = 0, end; first < path->n_arcs; first = end) {
        end = first + 1;
        while (end < path->n_arcs &&
               goes_on(of->profile->graph, path->arcs[end - 1], path->arcs[end]))
            end++;
        add_run(text, of, first, end);
    }
}

static void add_corner(ki_text *text, const ki_graph *graph, int32_t arc, int32_t offset_mm,
                       int is_first) {
    int32_t lat_e7, lon_e7;
    ki_place_position(graph, (ki_place){arc, offset_mm}, &lat_e7, &lon_e7);
    ki_text_add(text, is_first ? "[" : ", [");
    add_degrees(text, lat_e7);
    ki_text_add(text, ", ");
    add_degrees(text, lon_e7);
    ki_text_add(text, "]");
}

static void add_shape(ki_text *text, const trip *of) {
    const ki_graph *graph = of->profile->graph;
    for (int32_t k = 0; k < of->path->n_arcs; k++) {
        int32_t arc = of->path->arcs[k], start_mm, end_mm;
        const ki_edge *edge = &graph->edges[arc >> 1];
        driven(of, k, &start_mm, &end_mm);
        if (k == 0) add_corner(text, graph, arc, start_mm, 1);
        for (int32_t step = 1; step < edge->n_points - 1; step++) {
            int32_t point = edge->first_point + (arc & 1 ? edge->n_points - 1 - step : step);
            int32_t at_mm = graph->points[point].at_mm;
            if (arc & 1) at_mm = edge->length_mm - at_mm;
            if (at_mm > start_mm && at_mm < end_mm) add_corner(text, graph, arc, at_mm, 0);
        }
        add_corner(text, graph, arc, end_mm, 0);
    }
}

/* ---- the lines ------------------------------------------------------------------------------- */

static void add_leg(ki_text *text, int32_t leg, const trip *of) {
    ki_text_add(text, "{\"leg\": %d", leg);
    add_end(text, "from", of->profile, of->from);
    add_end(text, "to", of->profile, of->to);
    if (of->path->time_ms == KI_NEVER)
        ki_text_add(text, ", \"time_ms\": null, \"length_mm\": null, \"runs\": [");
    else
        ki_text_add(text, ", \"time_ms\": %d, \"length_mm\": %d, \"runs\": [", of->path->time_ms,
                    of->path->length_mm);
    add_runs(text, of);
    ki_text_add(text, "], \"shape\": [");
    add_shape(text, of);
    ki_text_add(text, "]}\n");
}

static kerb_status print_leg(drawer *draw, int32_t leg, kerb_error *err) {
    ki_arena arena = {0};
    ki_text text = {0};
    ki_path path;
    ki_place from = draw_place(draw), to = draw_place(draw);
    if (from.arc < 0 || to.arc < 0)
        return ki_fail(err, KERB_BAD_INPUT, "no road in the extract connects, expected some");
    kerb_status status = ki_path_find(draw->profile, from, to, &arena, &path, err);
    if (status == KERB_OK) {
        add_leg(&text, leg, &(trip){draw->profile, &path, from, to});
        status = text.failed ? ki_fail_no_memory(err, "a leg") : KERB_OK;
    }
    if (status == KERB_OK) fwrite(text.bytes, 1, text.length, stdout);
    ki_text_free(&text);
    ki_arena_free(&arena);
    return status;
}

static kerb_status print_legs(drawer *draw, int32_t n_legs, kerb_error *err) {
    const ki_profile_spec *spec = &draw->profile->spec;
    const ki_hierarchy *hierarchy;
    KI_TRY(ki_profile_hierarchy(&hierarchy, draw->profile, err));
    printf("{\"height_mm\": %d, \"width_mm\": %d, \"length_mm\": %d, \"mass_kg\": %d}\n",
           spec->height_mm, spec->width_mm, spec->length_mm, spec->mass_kg);
    for (int32_t leg = 0; leg < n_legs; leg++)
        KI_TRY(print_leg(draw, leg, err));
    if (fflush(stdout) || ferror(stdout)) return ki_fail(err, KERB_IO, "stdout: cannot be written");
    return KERB_OK;
}

typedef struct asked {
    const char *extract, *along;
    int32_t n_legs;
} asked;

static kerb_status run_legs(const asked *run, drawer *draw, kerb_error *err) {
    kerb_roads *roads;
    ki_profile *profile;
    KI_TRY(kerb_roads_load(&roads, run->extract, err));
    kerb_status status = ki_profile_build(&profile, roads->graph, &bench_truck, NULL, err);
    if (status == KERB_OK) {
        draw->profile = profile;
        status = run->along ? bench_legs_along(profile, run->along, err)
                            : print_legs(draw, run->n_legs, err);
        ki_profile_free(profile);
    }
    kerb_roads_free(roads);
    return status;
}

int bench_legs(int argc, char **argv) {
    int failed = 0;
    drawer draw = {0};
    asked run = {bench_operand(argc, argv, 0), bench_option(argc, argv, "--along"), 0};
    const char *ends = bench_option(argc, argv, "--ends");
    run.n_legs = (int32_t)bench_number(argc, argv, "--legs", 1000, 1, 1e7, &failed);
    double seed = bench_number(argc, argv, "--seed", 1, 0, 1e15, &failed);
    draw.anywhere = ends && strcmp(ends, "any") == 0;
    if (!run.extract || failed || (ends && !draw.anywhere && strcmp(ends, "main") != 0)) {
        fprintf(stderr, "usage: kerbside-bench legs EXTRACT [--legs N] [--seed S] "
                        "[--ends main|any] | [--along CSV]\n");
        return 2;
    }
    ki_rng_seed(&draw.rng, (uint64_t)seed, 4);
    kerb_error err = {0};
    kerb_status status = run_legs(&run, &draw, &err);
    return status == KERB_OK ? 0 : bench_report(&err);
}
