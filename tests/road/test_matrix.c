/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random small towns against the oracle of drive_oracle.h. */
#include "drive_oracle.h"
#include "random_town.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_TOWNS = 400 };

static int longest_word(const ki_graph *graph) {
    int longest = 2;
    for (int32_t index = 0; index < graph->n_restrictions; index++)
        if (graph->restrictions[index].n_arcs > longest)
            longest = graph->restrictions[index].n_arcs;
    return longest;
}

static void matrix_and_path_equal_brute_force_in_random_towns(void **state) {
    (void)state;
    oracle at = oracle_new();
    int64_t n_reached = 0, n_long_words = 0, n_copies = 0, n_sets = 0;
    for (uint64_t seed = 0; seed < N_TOWNS; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 1);
        ki_graph *graph = random_town(&rng);
        ki_profile_spec spec = random_spec(&rng);
        ki_profile *profile;
        assert_int_equal(ki_profile_build(&profile, graph, &spec, NULL, NULL), KERB_OK);
        ki_place places[MAX_PLACES];
        int n = graph->n_arcs ? 8 : 0;
        for (int place = 0; place < n; place++) {
            int32_t arc = (int32_t)ki_rng_below(&rng, (uint32_t)graph->n_arcs);
            uint32_t length = (uint32_t)graph->edges[arc >> 1].length_mm;
            places[place] = (ki_place){arc, (int32_t)ki_rng_below(&rng, length + 1)};
        }
        at.graph = graph;
        at.spec = &spec;
        n_long_words += longest_word(graph) > 2;
        n_copies += profile->n_nodes - graph->n_arcs;
        for (int32_t arc = 0; arc < graph->n_arcs; arc++)
            n_sets += profile->depart[arc] != arc;
        if (longest_word(graph) <= LOOK_BACK) compare_cells(&at, profile, places, n, &n_reached);
        ki_profile_free(profile);
        ki_graph_free(graph);
    }
    oracle_free(&at);
    assert_true(n_reached > 5000); /* the towns are worth it */
    assert_true(n_long_words > N_TOWNS / 4);
    assert_true(n_copies > 500 && n_sets > 400);
}

static void arcs_of_one_component_reach_each_other_and_no_others_do(void **state) {
    (void)state;
    oracle at = oracle_new();
    for (uint64_t seed = 1000; seed < 1060; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 1);
        ki_graph *graph = random_town(&rng);
        ki_profile_spec spec = random_spec(&rng);
        ki_profile *profile;
        int32_t n = graph->n_arcs, sizes[256] = {0}, largest = 0;
        assert_int_equal(ki_profile_build(&profile, graph, &spec, NULL, NULL), KERB_OK);
        uint8_t *reaches = ki_alloc_zero((size_t)(n * n), 1);
        at.graph = graph;
        at.spec = &spec;
        for (int32_t arc = 0; arc < n && longest_word(graph) <= LOOK_BACK; arc++) {
            walk_from(&at, arc);
            for (int index = 0; index < at.n_walks; index++)
                reaches[arc * n + last_arc(&at.walks[index].driven)] = 1;
        }
        for (int32_t a = 0; a < n && longest_word(graph) <= LOOK_BACK; a++) {
            int is_open = ki_profile_arc_ms(graph, &spec, a) != KI_NEVER;
            assert_int_equal(profile->component[a] >= 0, is_open);
            if (is_open) sizes[profile->component[a]]++;
            for (int32_t b = 0; b < n; b++)
                if (a != b && is_open && profile->component[b] >= 0)
                    assert_int_equal(profile->component[a] == profile->component[b],
                                     reaches[a * n + b] && reaches[b * n + a]);
        }
        for (int index = 1; index < 256; index++)
            if (sizes[index] > sizes[largest]) largest = index;
        assert_int_equal(largest, 0);
        ki_free(reaches);
        ki_profile_free(profile);
        ki_graph_free(graph);
    }
    oracle_free(&at);
}

static void in_a_city_the_core_gives_what_a_search_of_everything_gives(void **state) {
    (void)state;
    enum { N = 160 };
    static int32_t time_ms[3][N * N], length_mm[3][N * N];
    static const int THREADS[3] = {1, 2, 7};
    ki_graph *graph = grid_city(24);
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    ki_profile *profile;
    ki_place places[N];
    ki_rng rng;
    ki_rng_seed(&rng, 2, 2);
    assert_int_equal(ki_profile_build(&profile, graph, &truck, NULL, NULL), KERB_OK);
    for (int place = 0; place < N; place++) {
        int32_t arc = (int32_t)ki_rng_below(&rng, (uint32_t)graph->n_arcs);
        if (place % 2) arc = places[place - 1].arc; /* two on each: behind and ahead */
        places[place] = (ki_place){arc, (int32_t)ki_rng_below(&rng, 100000)};
    }
    for (int run = 0; run < 3; run++)
        assert_int_equal(
            ki_matrix_fill(profile, places, N, THREADS[run], time_ms[run], length_mm[run], NULL),
            KERB_OK);
    for (int run = 1; run < 3; run++) {
        assert_memory_equal(time_ms[0], time_ms[run], sizeof time_ms[0]);
        assert_memory_equal(length_mm[0], length_mm[run], sizeof length_mm[0]);
    }
    for (int pair = 0; pair < 300; pair++) {
        int from = (int)ki_rng_below(&rng, N), to = pair % 3 ? (from ^ 1) : pair % N;
        ki_arena arena = {0};
        ki_path path;
        if (from == to) continue;
        assert_int_equal(ki_path_find(profile, places[from], places[to], &arena, &path, NULL),
                         KERB_OK);
        assert_int_equal(path.time_ms, time_ms[0][from * N + to]);
        assert_int_equal(path.length_mm, length_mm[0][from * N + to]);
        ki_arena_free(&arena);
    }
    ki_profile_free(profile);
    ki_graph_free(graph);
}

static void out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    ki_rng rng;
    ki_rng_seed(&rng, 5, 1);
    ki_graph *graph = random_town(&rng);
    ki_profile_spec spec = {.kind = KI_KIND_SWEEPER};
    ki_place places[2] = {{0, 0}, {1, 1}};
    int32_t time_ms[4], length_mm[4];
    kerb_status status = KERB_NO_MEMORY;
    int nth = 1;
    for (; status != KERB_OK && nth < 200; nth++) {
        ki_arena arena = {0};
        ki_profile *profile;
        ki_path path;
        ki_alloc_fail_at(nth);
        status = ki_profile_build(&profile, graph, &spec, NULL, NULL);
        if (status == KERB_OK)
            status = ki_matrix_fill(profile, places, 2, 2, time_ms, length_mm, NULL);
        if (status == KERB_OK)
            status = ki_path_find(profile, places[0], places[1], &arena, &path, NULL);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        ki_profile_free(profile);
        ki_arena_free(&arena);
    }
    assert_int_equal(status, KERB_OK);
    assert_true(nth > 15);
    ki_graph_free(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrix_and_path_equal_brute_force_in_random_towns),
        cmocka_unit_test(arcs_of_one_component_reach_each_other_and_no_others_do),
        cmocka_unit_test(in_a_city_the_core_gives_what_a_search_of_everything_gives),
        cmocka_unit_test(out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
