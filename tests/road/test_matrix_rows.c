/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is made of a matrix that would not fit - the nearest of each row, rows when wanted - against
 * the matrix itself. */
#include "base/alloc.h"
#include "base/pool.h"
#include "random_town.h"
#include "road/hierarchy.h"
#include "road/matrix.h"
#include "road/matrix_nearest.h"
#include "road/matrix_rows.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 160 };

typedef struct world {
    ki_graph *graph;
    ki_profile *profile;
    ki_place places[MOST];
    int32_t n;
    int32_t time_ms[MOST * MOST], length_mm[MOST * MOST];
} world;

/* Places in clumps on one arc, some of them on arcs that cannot be reached. */
static void fill_world(world *at, ki_rng *rng, ki_graph *graph, const ki_profile_spec *spec,
                       int32_t n) {
    at->graph = graph;
    at->n = graph->n_arcs ? n : 0;
    assert_int_equal(ki_profile_build(&at->profile, graph, spec, NULL, NULL), KERB_OK);
    for (int32_t place = 0; place < at->n; place++) {
        int32_t arc = (int32_t)ki_rng_below(rng, (uint32_t)graph->n_arcs);
        if (place % 4 == 3) arc = at->places[place - 1].arc;
        uint32_t length = (uint32_t)graph->edges[arc >> 1].length_mm;
        at->places[place] = (ki_place){arc, (int32_t)ki_rng_below(rng, length + 1)};
    }
    assert_int_equal(ki_matrix_fill_by(KI_MATRIX_DIJKSTRA, at->profile, at->places, at->n, 1,
                                       at->time_ms, at->length_mm, NULL),
                     KERB_OK);
}

static world *town_world(uint64_t seed, int32_t n) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 21);
    world *at = ki_alloc_zero(1, sizeof *at);
    assert_non_null(at);
    ki_graph *graph = random_town(&rng);
    ki_profile_spec spec = random_spec(&rng);
    fill_world(at, &rng, graph, &spec, n);
    return at;
}

static world *city_world(int32_t n) {
    ki_rng rng;
    ki_rng_seed(&rng, 5, 21);
    world *at = ki_alloc_zero(1, sizeof *at);
    assert_non_null(at);
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK, .top_speed_mm_per_s = 5000}; /* ties */
    fill_world(at, &rng, grid_city(16), &spec, n);
    return at;
}

static void world_free(world *at) {
    ki_profile_free(at->profile);
    ki_graph_free(at->graph);
    ki_free(at);
}

/* ---- the nearest --------------------------------------------------------------------- */

static int compare_near(const void *left, const void *right) {
    const ki_near *a = left, *b = right;
    if (a->time_ms != b->time_ms) return a->time_ms < b->time_ms ? -1 : 1;
    if (a->length_mm != b->length_mm) return a->length_mm < b->length_mm ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void expect_row(const world *at, int32_t row, const ki_near *found, int32_t k) {
    ki_near all[MOST];
    int32_t n = 0;
    for (int32_t column = 0; column < at->n; column++) {
        ki_near cell = {column, at->time_ms[row * at->n + column],
                        at->length_mm[row * at->n + column]};
        if (column != row && cell.time_ms != KI_NEVER) all[n++] = cell;
    }
    qsort(all, (size_t)n, sizeof *all, compare_near);
    for (int32_t rank = 0; rank < k; rank++) {
        ki_near expected = rank < n ? all[rank] : (ki_near){-1, KI_NEVER, KI_NEVER};
        assert_memory_equal(&found[rank], &expected, sizeof expected);
    }
}

static void expect_nearest(const world *at, int32_t k, int threads) {
    ki_near *found = ki_alloc_zero((size_t)at->n * (size_t)k, sizeof *found);
    assert_non_null(found);
    assert_int_equal(ki_matrix_nearest(at->profile, at->places, at->n, k, threads, found, NULL),
                     KERB_OK);
    for (int32_t row = 0; row < at->n; row++)
        expect_row(at, row, found + (size_t)row * (size_t)k, k);
    ki_free(found);
}

static void the_nearest_are_the_least_of_each_row_in_random_towns(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        world *at = town_world(seed, 40);
        expect_nearest(at, 1, 1);
        expect_nearest(at, 7, 2);
        expect_nearest(at, 45, 1); /* more than there are */
        world_free(at);
    }
}

static void the_nearest_are_the_least_of_each_row_where_many_are_equally_near(void **state) {
    (void)state;
    world *at = city_world(MOST);
    for (int threads = 1; threads <= 3; threads++)
        expect_nearest(at, 20, threads);
    world_free(at);
}

/* ---- rows ---------------------------------------------------------------------------- */

enum { N_ASKERS = 8, N_ASKED = 60 };

typedef struct asking {
    const world *at;
    ki_matrix_rows *rows;
    int n_wrong[N_ASKERS];
} asking;

static void ask(void *payload, int asker) {
    asking *all = payload;
    const world *at = all->at;
    int32_t time_ms[MOST], length_mm[MOST];
    size_t n_bytes = (size_t)at->n * sizeof(int32_t);
    ki_rng rng;
    ki_rng_seed(&rng, (uint64_t)asker, 22);
    for (int asked = 0; asked < N_ASKED; asked++) {
        int32_t row = (int32_t)ki_rng_below(&rng, (uint32_t)at->n);
        kerb_status status = ki_matrix_rows_get(all->rows, row, time_ms, length_mm, NULL);
        all->n_wrong[asker] += status != KERB_OK ||
                               memcmp(time_ms, at->time_ms + row * at->n, n_bytes) != 0 ||
                               memcmp(length_mm, at->length_mm + row * at->n, n_bytes) != 0;
    }
}

static ki_matrix_rows_use expect_rows(const world *at, size_t budget_bytes, int threads) {
    asking all = {.at = at};
    assert_int_equal(
        ki_matrix_rows_new(&all.rows, at->profile, at->places, at->n, budget_bytes, NULL), KERB_OK);
    ki_pool_run(threads, N_ASKERS, ask, &all);
    ki_matrix_rows_use use = ki_matrix_rows_used(all.rows);
    ki_matrix_rows_free(all.rows);
    for (int asker = 0; asker < N_ASKERS; asker++)
        assert_int_equal(all.n_wrong[asker], 0);
    assert_int_equal(use.n_hits + use.n_sweeps, N_ASKERS * N_ASKED);
    return use;
}

static void rows_do_not_depend_on_what_is_kept_nor_on_who_else_asks(void **state) {
    (void)state;
    world *at = city_world(MOST);
    for (int threads = 1; threads <= 4; threads += 3) {
        ki_matrix_rows_use none = expect_rows(at, 0, threads);
        ki_matrix_rows_use few = expect_rows(at, 3 * none.n_bytes, threads);
        ki_matrix_rows_use all = expect_rows(at, 1 << 30, threads);
        assert_int_equal(few.n_bytes, 3 * none.n_bytes); /* the budget is kept to */
        assert_true(all.n_sweeps * 16 < MOST + 16);      /* each once */
        assert_true(none.n_sweeps > all.n_sweeps);
    }
    world_free(at);
}

static void rows_equal_the_matrix_in_random_towns(void **state) {
    (void)state;
    for (uint64_t seed = 200; seed < 240; seed++) {
        world *at = town_world(seed, 40);
        if (at->n) expect_rows(at, 0, 1);
        world_free(at);
    }
}

/* ---- memory -------------------------------------------------------------------------- */

static kerb_status get_a_row(const world *at, int32_t *time_ms, int32_t *length_mm) {
    ki_matrix_rows *rows;
    kerb_status status = ki_matrix_rows_new(&rows, at->profile, at->places, at->n, 0, NULL);
    if (status == KERB_OK) status = ki_matrix_rows_get(rows, 0, time_ms, length_mm, NULL);
    if (status == KERB_NO_MEMORY && rows) /* again: what failed is not kept */
        assert_int_equal(ki_matrix_rows_get(rows, 0, time_ms, length_mm, NULL), KERB_OK);
    ki_matrix_rows_free(rows);
    return status;
}

static void out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static ki_near nearest[MOST * 3];
    static int32_t time_ms[MOST], length_mm[MOST];
    world *at = city_world(20);
    const ki_hierarchy *hierarchy;
    assert_int_equal(ki_profile_hierarchy(&hierarchy, at->profile, NULL), KERB_OK);
    for (int which = 0; which < 2; which++) {
        kerb_status status = KERB_NO_MEMORY;
        int nth = 0;
        while (status != KERB_OK && nth < 200) {
            ki_alloc_fail_at(++nth);
            status = which ? get_a_row(at, time_ms, length_mm)
                           : ki_matrix_nearest(at->profile, at->places, at->n, 3, 2, nearest, NULL);
            ki_alloc_fail_at(0);
            assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        }
        assert_int_equal(status, KERB_OK);
        assert_true(nth > 10);
    }
    assert_memory_equal(time_ms, at->time_ms, (size_t)at->n * sizeof(int32_t));
    expect_row(at, 0, nearest, 3);
    world_free(at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_are_the_least_of_each_row_in_random_towns),
        cmocka_unit_test(the_nearest_are_the_least_of_each_row_where_many_are_equally_near),
        cmocka_unit_test(rows_do_not_depend_on_what_is_kept_nor_on_who_else_asks),
        cmocka_unit_test(rows_equal_the_matrix_in_random_towns),
        cmocka_unit_test(out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
