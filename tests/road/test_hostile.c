/* SPDX-License-Identifier: GPL-3.0-or-later
 * Roads nobody would map: wild coordinates, ids that repeat, ways over one node again and again,
 * restrictions that name anything. Nothing may crash, hang or break what the headers promise. With
 * ROAD_FUZZ defined this file is a libFuzzer target instead of a cmocka program. */
#include "base/rng.h"
#include "road/matrix.h"
#include "road/snap.h"
#include "road/unpack.h"
#include "road_town.h"

#include <string.h>

typedef struct bytes {
    const uint8_t *at, *end;
} bytes;

static uint8_t take(bytes *from) {
    return from->at < from->end ? *from->at++ : 0;
}

static int32_t take_e7(bytes *from, int32_t limit) {
    switch (take(from) % 4) {
    case 0: return limit;
    case 1: return -limit;
    case 2: return take(from) * (limit / 255);
    default: return take(from) * 100;
    }
}

static void add_way(ki_graph_builder *builder, bytes *from) {
    int64_t refs[16];
    int32_t lat_e7[16], lon_e7[16];
    size_t n_refs = take(from) % 16;
    ki_way_tags tags = {.road_class = take(from) % 16, .lanes = take(from) % 4};
    tags.access[0] = take(from);
    tags.access[1] = take(from);
    tags.speed_mm_per_s[0] = (uint16_t)(take(from) * 257);
    tags.speed_mm_per_s[1] = (uint16_t)(take(from) * 100);
    tags.max_height_mm = take(from) * 100;
    for (size_t ref = 0; ref < n_refs; ref++) {
        refs[ref] = take(from) % 32 - 2;
        lat_e7[ref] = take_e7(from, 900000000);
        lon_e7[ref] = take_e7(from, 1800000000);
    }
    ki_graph_builder_add_way(builder, take(from) % 16, "x", &tags, refs, lat_e7, lon_e7, n_refs,
                             NULL);
}

static void add_restriction(ki_graph_builder *builder, bytes *from) {
    ki_osm_restriction restriction = {.id = take(from)};
    restriction.from_way = take(from) % 16;
    restriction.to_way = take(from) % 16;
    restriction.via_node = take(from) % 32 - 2;
    restriction.n_via_ways = take(from) % 11 - 2;
    for (int via = 0; via < KI_MAX_VIA_WAYS; via++)
        restriction.via_ways[via] = take(from) % 16;
    restriction.only = take(from) & 1;
    restriction.except = take(from) & take(from);
    restriction.u_turn = take(from) & 1;
    ki_graph_builder_add_restriction(builder, &restriction, NULL);
}

static ki_graph *hostile_graph(bytes *from) {
    ki_graph_builder *builder;
    ki_graph *graph = NULL;
    if (ki_graph_builder_new(&builder, NULL)) return NULL;
    for (int step = 0; step < 200 && from->at < from->end; step++) {
        uint8_t what = take(from) % 8;
        ki_node_tags tags = {.flags = take(from), .blocked = take(from) & take(from)};
        if (what == 0)
            ki_graph_builder_tag_node(builder, take(from) % 32 - 2, &tags, NULL);
        else if (what < 5)
            add_way(builder, from);
        else
            add_restriction(builder, from);
    }
    ki_graph_build(&graph, builder, NULL);
    return graph;
}

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) return __LINE__;                                                         \
    } while (0)

static int check_graph(const ki_graph *graph) {
    for (int32_t edge = 0; edge < graph->n_edges; edge++) {
        const ki_edge *at = &graph->edges[edge];
        const ki_point *points = graph->points + at->first_point;
        MUST(at->length_mm >= 1 && at->n_points >= 2);
        MUST(points[0].at_mm == 0 && points[at->n_points - 1].at_mm == at->length_mm);
        for (int32_t point = 1; point < at->n_points; point++)
            MUST(points[point - 1].at_mm <= points[point].at_mm);
    }
    for (int32_t index = 0; index < graph->n_restrictions; index++) {
        const ki_restriction *at = &graph->restrictions[index];
        const int32_t *arcs = graph->restriction_arcs + at->first_arc;
        MUST(at->n_arcs >= 2);
        for (int32_t step = 1; step < at->n_arcs; step++)
            MUST(ki_arc_to(graph, arcs[step - 1]) == ki_arc_from(graph, arcs[step]));
    }
    return 0;
}

static int check_runs(const ki_graph *graph, bytes *from) {
    for (int step = 0; step < 8; step++) {
        ki_arena arena = {0};
        ki_run run;
        MUST(!ki_graph_find_run(graph, take(from) % 16, take(from) % 32 - 2, take(from) % 32 - 2,
                                &arena, &run, NULL));
        int64_t length_mm = run.n_arcs ? run.end_mm - run.start_mm : 0;
        for (int32_t arc = 0; arc + 1 < run.n_arcs; arc++) {
            MUST(ki_arc_to(graph, run.arcs[arc]) == ki_arc_from(graph, run.arcs[arc + 1]));
            length_mm += graph->edges[run.arcs[arc] >> 1].length_mm;
        }
        MUST(length_mm == run.length_mm);
        ki_arena_free(&arena);
    }
    return 0;
}

static int check_travel(const ki_profile *profile, const ki_place *places, int n) {
    int32_t time_ms[64], length_mm[64];
    MUST(!ki_matrix_fill(profile, places, n, 2, time_ms, length_mm, NULL));
    for (int from = 0; from < n; from++)
        for (int to = 0; to < n; to++) {
            ki_arena arena = {0};
            ki_path path;
            if (from == to) continue;
            MUST(!ki_path_find(profile, places[from], places[to], &arena, &path, NULL));
            MUST(path.time_ms == time_ms[from * n + to]);
            MUST(path.length_mm == length_mm[from * n + to]);
            ki_arena_free(&arena);
        }
    return 0;
}

/* Places that snapping offers are all in the large component: each reaches each. */
static int check_snaps(const ki_graph *graph, const ki_profile *profile, bytes *from) {
    ki_snap_index *index;
    const ki_crossing crossing = ki_crossing_of(NULL);
    ki_place places[8];
    int n = 0;
    MUST(!ki_snap_index_new(&index, graph, NULL));
    for (int step = 0; step < 6; step++) {
        ki_snap snap;
        double lat_deg = take_e7(from, 900000000) * 1e-7 + take(from) * 1e-6;
        double lon_deg = take_e7(from, 1800000000) * 1e-7;
        ki_snap_place(index, profile, &crossing, lat_deg, lon_deg, (kerb_approach)(take(from) % 3),
                      &snap);
        MUST((snap.cause == KI_SNAP_OK) == (snap.n_places > 0));
        for (int place = 0; place < snap.n_places; place++) {
            ki_place at = snap.places[place];
            int32_t lat_e7, lon_e7;
            MUST(profile->component[at.arc] == 0);
            MUST(at.offset_mm >= 0 && at.offset_mm <= graph->edges[at.arc >> 1].length_mm);
            ki_place_position(graph, at, &lat_e7, &lon_e7);
            if (n < 8) places[n++] = at;
        }
    }
    ki_snap_index_free(index);
    return n > 1 ? check_travel(profile, places, n) : 0;
}

/* 0, or the line of the promise that was broken. */
static int drive_through(const uint8_t *data, size_t size) {
    bytes from = {data, data + size};
    ki_graph *graph = hostile_graph(&from);
    if (!graph) return 0;
    ki_profile_spec spec = {.kind = (uint8_t)(1 << take(&from) % 3), .u_turns = take(&from) & 1};
    ki_profile *profile;
    int line = check_graph(graph);
    if (!line) line = check_runs(graph, &from);
    if (ki_profile_build(&profile, graph, &spec, NULL, NULL) == KERB_OK) {
        if (!line) line = check_snaps(graph, profile, &from);
        ki_profile_free(profile);
    }
    ki_graph_free(graph);
    return line;
}

#ifdef ROAD_FUZZ
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (drive_through(data, size)) __builtin_trap();
    return 0;
}
#else
static void random_bytes_break_no_promise(void **state) {
    (void)state;
    uint8_t data[1500];
    for (uint64_t seed = 0; seed < 1500; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 5);
        size_t size = ki_rng_below(&rng, sizeof data);
        for (size_t at = 0; at < size; at++)
            data[at] = (uint8_t)ki_rng_next(&rng);
        assert_int_equal(drive_through(data, size), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_bytes_break_no_promise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
