/* SPDX-License-Identifier: GPL-3.0-or-later
 * The engine on real extracts: every cell against Dijkstra, time and length, for every kind of
 * vehicle; paths against their cells and every restriction, by the code of drive_oracle.h.
 *
 * In the ordinary run few places and no Porto; with KERBSIDE_TEST_LONG set (the test labelled long)
 * 500 places on all seven. */
#include "base/rng.h"
#include "drive_oracle.h"
#include "road/road_search.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct effort {
    int32_t n_places, n_rows, n_paths; /* rows by a search of the whole graph */
    int n_extracts;
} effort;

static const ki_profile_spec SPECS[] = {
    {.kind = KI_KIND_TRUCK,
     .height_mm = 3400,
     .width_mm = 2500,
     .length_mm = 9000,
     .mass_kg = 18000},
    {.kind = KI_KIND_TRUCK, .top_speed_mm_per_s = 8000, .u_turns = 1},
    {.kind = KI_KIND_SWEEPER, .height_mm = 2500, .width_mm = 2000, .top_speed_mm_per_s = 7000},
    {.kind = KI_KIND_ROBOT, .top_speed_mm_per_s = 2000, .u_turns = 1},
};

typedef struct table {
    ki_place *places;
    int32_t n;
    int32_t *time_ms[2], *length_mm[2]; /* by Dijkstra, by hierarchy */
} table;

/* Task ends: any arc open to the vehicle, cut off or not. */
static void draw_places(table *to, const ki_profile *profile, int32_t n) {
    ki_rng rng;
    ki_rng_seed(&rng, 3, 11);
    for (to->n = 0; to->n < n;) {
        int32_t arc = (int32_t)ki_rng_below(&rng, (uint32_t)profile->graph->n_arcs);
        uint32_t length = (uint32_t)profile->graph->edges[arc >> 1].length_mm;
        if (profile->arc_ms[arc] == KI_NEVER) continue;
        to->places[to->n++] = (ki_place){arc, (int32_t)ki_rng_below(&rng, length + 1)};
    }
}

static table make_table(const ki_profile *profile, int32_t n) {
    table made = {0};
    size_t n_cells = (size_t)n * (size_t)n;
    assert_non_null(made.places = ki_alloc_zero((size_t)n, sizeof *made.places));
    draw_places(&made, profile, n);
    for (int method = 0; method < 2; method++) {
        made.time_ms[method] = ki_alloc_zero(n_cells, sizeof(int32_t));
        made.length_mm[method] = ki_alloc_zero(n_cells, sizeof(int32_t));
        assert_true(made.time_ms[method] && made.length_mm[method]);
        assert_int_equal(ki_matrix_fill_by(method ? KI_MATRIX_PHAST : KI_MATRIX_DIJKSTRA, profile,
                                           made.places, n, method + 1, made.time_ms[method],
                                           made.length_mm[method], NULL),
                         KERB_OK);
    }
    assert_memory_equal(made.time_ms[0], made.time_ms[1], n_cells * sizeof(int32_t));
    assert_memory_equal(made.length_mm[0], made.length_mm[1], n_cells * sizeof(int32_t));
    return made;
}

static void free_table(table *made) {
    for (int method = 0; method < 2; method++) {
        ki_free(made->time_ms[method]);
        ki_free(made->length_mm[method]);
    }
    ki_free(made->places);
}

/* The Dijkstra above works on a boiled-down graph: some rows by one that does not. */
static void judge_rows(const ki_profile *profile, const table *made, int32_t n_rows) {
    ki_road_search search;
    assert_int_equal(ki_road_search_new(&search, profile, NULL), KERB_OK);
    for (int32_t sample = 0; sample < n_rows; sample++) {
        int32_t row = sample * (made->n / n_rows), time_ms, length_mm, node;
        ki_road_search_run(&search, made->places[row].arc, -1);
        for (int32_t column = 0; column < made->n; column++) {
            ki_place to = made->places[column];
            if (column == row) continue;
            ki_road_search_join(profile, made->places[row], to,
                                ki_road_search_label(&search, to.arc, &node), &time_ms, &length_mm);
            assert_int_equal(made->time_ms[1][row * made->n + column], time_ms);
            assert_int_equal(made->length_mm[1][row * made->n + column], length_mm);
        }
    }
    ki_road_search_free(&search);
}

static void judge_paths(const ki_profile *profile, const table *made, int32_t n_paths) {
    oracle judge = {.graph = profile->graph, .spec = &profile->spec};
    for (int32_t path = 0; path < n_paths; path++) {
        int32_t from = path * 7 % made->n, to = (path * 11 + 1) % made->n;
        int32_t cell = from * made->n + to;
        if (from != to)
            check_path(&judge, profile, made->places[from], made->places[to],
                       made->time_ms[1][cell], made->length_mm[1][cell]);
    }
}

static int compare_extract(const char *name, const effort *by) {
    const char *folder = getenv("KERBSIDE_DATA");
    char path[512];
    kerb_roads *roads;
    snprintf(path, sizeof path, "%s/osm/%s", folder ? folder : "../shared/data", name);
    if (kerb_roads_load(&roads, path, NULL) != KERB_OK) return 0;
    for (size_t spec = 0; spec < sizeof SPECS / sizeof *SPECS; spec++) {
        ki_profile *profile;
        assert_int_equal(ki_profile_build(&profile, roads->graph, &SPECS[spec], NULL, NULL),
                         KERB_OK);
        table made = make_table(profile, by->n_places);
        judge_rows(profile, &made, by->n_rows);
        judge_paths(profile, &made, by->n_paths);
        free_table(&made);
        ki_profile_free(profile);
    }
    kerb_roads_free(roads);
    return 1;
}

static void cells_equal_dijkstra_and_paths_obey_every_turn_for_every_profile(void **state) {
    static const char *const NAMES[] = {"guixi.osm.pbf",
                                        "shenzhen-longgang.osm.pbf",
                                        "beijing-tsinghua.osm.pbf",
                                        "monaco.osm.pbf",
                                        "moscow.osm.gz",
                                        "portland-central.osm.pbf",
                                        "porto.osm.pbf"};
    static const effort SHORT = {60, 5, 200, 6}, LONG = {500, 20, 2000, 7};
    const effort *by = getenv("KERBSIDE_TEST_LONG") ? &LONG : &SHORT;
    int n_compared = 0;
    (void)state;
    for (int at = 0; at < by->n_extracts; at++)
        n_compared += compare_extract(NAMES[at], by);
    if (n_compared == by->n_extracts) return;
    print_message("%d of %d extracts found (set KERBSIDE_DATA)\n", n_compared, by->n_extracts);
    skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_equal_dijkstra_and_paths_obey_every_turn_for_every_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
