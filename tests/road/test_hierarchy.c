/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever a hierarchy gives, a search without one gave before: every cell, time and length. */
#include "base/alloc.h"
#include "base/rng.h"
#include "random_town.h"
#include "road/hierarchy.h"
#include "road/lanes.h"
#include "road/matrix.h"

#include <string.h>

static void draw_places(ki_rng *rng, const ki_profile *profile, ki_place *places, int32_t n) {
    const ki_graph *graph = profile->graph;
    for (int32_t made = 0; made < n;) {
        int32_t arc = (int32_t)ki_rng_below(rng, (uint32_t)graph->n_arcs);
        if (made % 5 == 4) arc = places[made - 1].arc; /* company on one arc */
        uint32_t length = (uint32_t)graph->edges[arc >> 1].length_mm;
        places[made++] = (ki_place){arc, (int32_t)ki_rng_below(rng, length + 1)};
    }
}

/* The first is the judge of the others. */
static const struct {
    ki_matrix_method method;
    int threads;
} RUNS[] = {{KI_MATRIX_DIJKSTRA, 1}, {KI_MATRIX_PHAST, 1},  {KI_MATRIX_PHAST, 2},
            {KI_MATRIX_BUCKET, 1},   {KI_MATRIX_BUCKET, 3}, {KI_MATRIX_AUTO, 1}};
enum { N_RUNS = sizeof RUNS / sizeof *RUNS };

/* Gives how many cells have a way. */
static int64_t compare_methods(const ki_profile *profile, const ki_place *places, int32_t n) {
    size_t n_cells = (size_t)n * (size_t)n, n_bytes = n_cells * sizeof(int32_t);
    int32_t *time_ms[N_RUNS], *length_mm[N_RUNS];
    int64_t n_reached = 0;
    for (int run = 0; run < N_RUNS; run++) {
        assert_non_null(time_ms[run] = ki_alloc_zero(n_cells, sizeof(int32_t)));
        assert_non_null(length_mm[run] = ki_alloc_zero(n_cells, sizeof(int32_t)));
        assert_int_equal(ki_matrix_fill_by(RUNS[run].method, profile, places, n, RUNS[run].threads,
                                           time_ms[run], length_mm[run], NULL),
                         KERB_OK);
        assert_memory_equal(time_ms[0], time_ms[run], n_bytes);
        assert_memory_equal(length_mm[0], length_mm[run], n_bytes);
    }
    for (size_t at = 0; at < n_cells; at++)
        n_reached += time_ms[0][at] != KI_NEVER;
    for (int run = 0; run < N_RUNS; run++) {
        ki_free(time_ms[run]);
        ki_free(length_mm[run]);
    }
    return n_reached;
}

static void every_cell_equals_dijkstra_in_a_thousand_random_towns(void **state) {
    (void)state;
    int64_t n_reached = 0, n_copies = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        ki_rng rng;
        ki_profile *profile;
        ki_place places[40];
        ki_rng_seed(&rng, seed, 11);
        ki_graph *graph = random_town(&rng);
        ki_profile_spec spec = random_spec(&rng);
        assert_int_equal(ki_profile_build(&profile, graph, &spec, NULL, NULL), KERB_OK);
        n_copies += profile->n_nodes - graph->n_arcs;
        if (graph->n_arcs) {
            draw_places(&rng, profile, places, 40);
            n_reached += compare_methods(profile, places, 40);
        }
        ki_profile_free(profile);
        ki_graph_free(graph);
    }
    assert_true(n_reached > 200000 && n_copies > 1000); /* the towns are worth it */
}

static void every_cell_equals_dijkstra_in_a_city_of_equal_ways(void **state) {
    (void)state;
    ki_graph *graph = grid_city(24);
    for (int u_turns = 0; u_turns < 2; u_turns++) {
        ki_profile_spec truck = {.kind = KI_KIND_TRUCK, .u_turns = (uint8_t)u_turns};
        ki_profile *profile;
        ki_place places[200];
        ki_rng rng;
        ki_rng_seed(&rng, 7, 11);
        truck.top_speed_mm_per_s = 5000; /* ties everywhere */
        assert_int_equal(ki_profile_build(&profile, graph, &truck, NULL, NULL), KERB_OK);
        draw_places(&rng, profile, places, 200);
        assert_true(compare_methods(profile, places, 200) > 10000);
        ki_profile_free(profile);
    }
    ki_graph_free(graph);
}

/* ---- its making ---------------------------------------------------------------------- */

static void the_same_hierarchy_is_built_every_time(void **state) {
    (void)state;
    ki_graph *graph = grid_city(12);
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    ki_profile *profile;
    ki_hierarchy *built[2];
    assert_int_equal(ki_profile_build(&profile, graph, &truck, NULL, NULL), KERB_OK);
    for (int run = 0; run < 2; run++)
        assert_int_equal(ki_hierarchy_build(&built[run], profile, NULL), KERB_OK);
    size_t n = (size_t)built[0]->n_nodes;
    assert_memory_equal(built[0]->node_of, built[1]->node_of, n * sizeof(int32_t));
    assert_memory_equal(built[0]->first_up, built[1]->first_up, (n + 1) * sizeof(int32_t));
    assert_memory_equal(built[0]->up, built[1]->up,
                        (size_t)built[0]->first_up[n] * sizeof(ki_ch_edge));
    assert_memory_equal(built[0]->down, built[1]->down,
                        (size_t)built[0]->first_down[n] * sizeof(ki_ch_edge));
    ki_hierarchy_free(built[0]);
    ki_hierarchy_free(built[1]);
    ki_profile_free(profile);
    ki_graph_free(graph);
}

static int allocations_until_enough(const ki_graph *graph, ki_matrix_method method) {
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK};
    ki_place places[2] = {{0, 0}, {21, 1}};
    int32_t time_ms[4], length_mm[4];
    kerb_status status = KERB_NO_MEMORY;
    int nth = 1;
    for (; status != KERB_OK && nth < 300; nth++) {
        ki_profile *profile;
        assert_int_equal(ki_profile_build(&profile, graph, &spec, NULL, NULL), KERB_OK);
        ki_alloc_fail_at(nth);
        status = ki_matrix_fill_by(method, profile, places, 2, 2, time_ms, length_mm, NULL);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        ki_profile_free(profile);
    }
    assert_int_equal(status, KERB_OK);
    return nth;
}

static void out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    ki_graph *graph = grid_city(6);
    assert_true(allocations_until_enough(graph, KI_MATRIX_PHAST) > 30);
    assert_true(allocations_until_enough(graph, KI_MATRIX_BUCKET) > 30);
    ki_graph_free(graph);
}

/* ---- lanes --------------------------------------------------------------------------- */

enum { N_ROWS = 50, N_COLUMNS = 83 };

/* Mostly what roads have; some too long in time, some in length. */
static uint64_t random_label(ki_rng *rng) {
    switch (ki_rng_below(rng, 8)) {
    case 0: return KI_FAR_LABEL - 1 - ki_rng_below(rng, 1000);
    case 1: return ki_label(ki_rng_below(rng, 1000), INT64_C(1) << 31);
    default: return ki_label(ki_rng_below(rng, 10000000), ki_rng_below(rng, 100000000));
    }
}

static void fill_lanes(const ki_lanes *lanes, uint64_t *rows, int32_t *time_ms,
                       int32_t *length_mm) {
    int32_t first[N_ROWS + 1] = {0}, tail[8 * N_ROWS], column_row[N_COLUMNS];
    uint64_t label[8 * N_ROWS], part[N_COLUMNS];
    uint8_t touched[N_ROWS] = {1, 1, 1};
    ki_rng rng;
    ki_rng_seed(&rng, 1, 12);
    for (int at = 0; at < 3 * KI_LANES; at++)
        rows[at] = ki_rng_below(&rng, 5) ? random_label(&rng) : KI_FAR_LABEL;
    for (int32_t row = 0; row < N_ROWS; row++) {
        first[row + 1] = first[row];
        for (uint32_t in = ki_rng_below(&rng, 8); in > 0 && row > 2; in--) {
            label[first[row + 1]] = random_label(&rng);
            tail[first[row + 1]++] = (int32_t)ki_rng_below(&rng, (uint32_t)row);
        }
    }
    for (int column = 0; column < N_COLUMNS; column++) {
        column_row[column] = (int32_t)ki_rng_below(&rng, N_ROWS);
        part[column] = ki_label(ki_rng_below(&rng, 1000), ki_rng_below(&rng, 1u << 31));
    }
    ki_phast phast = {.n_rows = N_ROWS, .first_in = first, .tail = tail, .label = label};
    lanes->sweep(&phast, rows, touched);
    int32_t first_edge[] = {0, 2}, row[] = {40, 41};
    uint64_t edge_label[] = {ki_label(17, 19), ki_label(1, 0)};
    uint8_t reached[N_ROWS] = {[40] = 1};
    ki_phast_job job = {.rows = rows, .touched = reached};
    ki_phast_edges edges = {first_edge, row, edge_label};
    lanes->spread(&job, rows + 3 * KI_LANES, &edges, 0);
    assert_true(reached[40] && reached[41]);
    ki_cells cells = {rows + 5, KI_LANE_BITS, ki_label(3, 4), column_row,
                      part,     N_COLUMNS,    time_ms,        length_mm};
    lanes->write(&cells);
}

static void every_vector_width_gives_the_same_numbers(void **state) {
    (void)state;
    static _Alignas(64) uint64_t rows[3][N_ROWS * KI_LANES];
    static int32_t time_ms[3][N_COLUMNS], length_mm[3][N_COLUMNS];
    int n_never = 0;
    for (int at = 0; ki_lanes_at(at); at++) {
        fill_lanes(ki_lanes_at(at), rows[at], time_ms[at], length_mm[at]);
        assert_memory_equal(rows[0], rows[at], sizeof rows[0]);
        assert_memory_equal(time_ms[0], time_ms[at], sizeof time_ms[0]);
        assert_memory_equal(length_mm[0], length_mm[at], sizeof length_mm[0]);
    }
    for (int column = 0; column < N_COLUMNS; column++)
        n_never += time_ms[0][column] == KI_NEVER;
    assert_true(n_never > 5 && n_never < N_COLUMNS - 5);
}

static void every_vector_width_gives_dijkstra_s_cells(void **state) {
    (void)state;
    ki_graph *graph = grid_city(20);
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    ki_profile *profile;
    ki_place places[150];
    ki_rng rng;
    ki_rng_seed(&rng, 8, 11);
    assert_int_equal(ki_profile_build(&profile, graph, &truck, NULL, NULL), KERB_OK);
    draw_places(&rng, profile, places, 150);
    for (int at = 0; ki_lanes_at(at); at++) {
        ki_lanes_force(ki_lanes_at(at));
        assert_ptr_equal(ki_lanes_best(), ki_lanes_at(at));
        assert_true(compare_methods(profile, places, 150) > 5000);
    }
    ki_lanes_force(NULL);
    ki_profile_free(profile);
    ki_graph_free(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_equals_dijkstra_in_a_thousand_random_towns),
        cmocka_unit_test(every_cell_equals_dijkstra_in_a_city_of_equal_ways),
        cmocka_unit_test(the_same_hierarchy_is_built_every_time),
        cmocka_unit_test(out_of_memory_leaves_nothing_behind),
        cmocka_unit_test(every_vector_width_gives_the_same_numbers),
        cmocka_unit_test(every_vector_width_gives_dijkstra_s_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
