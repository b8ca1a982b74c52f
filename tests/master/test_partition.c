/* SPDX-License-Identifier: GPL-3.0-or-later
 * GLPK's choice of routes against trying every combination of the pool. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "master/glpk_worker.h"
#include "master/lp.h"
#include "master/partition.h"
#include "master/random_routes.h"

enum { N_MODELS = 120, MAX_POOL = 13 };

static ki_model *make_model(uint64_t seed, int32_t n_tasks) {
    random_model_options options = {.seed = seed,
                                    .n_tasks = n_tasks,
                                    .n_types = 1 + (int32_t)(seed % 3),
                                    .n_shifts = 2,
                                    .n_tips = 2,
                                    .windows = (int)(seed & 1),
                                    .optional = 1,
                                    .start_loads = (int)(seed >> 1 & 1)};
    return random_model_new(&options);
}

static ki_route_pool *make_pool(const ki_model *model, uint64_t seed, int32_t size, int32_t most) {
    ki_route_pool *pool;
    ki_rng rng;
    ki_rng_seed(&rng, seed, 11);
    assert_int_equal(ki_route_pool_new(&pool, model, size, NULL), KERB_OK);
    for (int32_t add = 0; add < 20 * size && ki_route_pool_size(pool) < size; add++) {
        ki_stop stops[RANDOM_MAX_STOPS];
        ki_route route;
        if (random_route(model, &rng, most, stops, &route))
            assert_int_equal(ki_route_pool_add(pool, &route, add, NULL), KERB_OK);
    }
    return pool;
}

/* Cheapest sound combination of the pool, by trying all. */
static int64_t try_all(const ki_model *model, const ki_route_pool *pool) {
    int64_t best = INT64_MAX;
    int32_t n = ki_route_pool_size(pool);
    for (uint32_t set = 0; set < 1u << n; set++) {
        ki_route routes[MAX_POOL];
        ki_solution tried = {.routes = routes};
        int64_t cost;
        for (int32_t index = 0; index < n; index++)
            if (set >> index & 1) routes[tried.n_routes++] = ki_route_pool_get(pool, index)->route;
        if (ki_solution_price(model, &tried, &cost, NULL) == KERB_OK && cost < best) best = cost;
    }
    return best;
}

static void choice_is_the_cheapest_combination_of_the_pool(void **state) {
    (void)state;
    int32_t n_with_routes = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        ki_model *model = make_model(seed, 6);
        ki_route_pool *pool = make_pool(model, seed, 10, 3);
        ki_solution nothing = {0}, chosen;
        ki_choice_log log;
        int64_t cost;
        assert_int_equal(
            ki_partition_choose(&chosen, model, pool, &nothing, worker, 1000, &log, NULL), KERB_OK);
        assert_int_equal(ki_solution_price(model, &chosen, &cost, NULL), KERB_OK);
        assert_int_equal(cost, chosen.cost_nano);
        assert_int_equal(cost, try_all(model, pool));
        assert_true(log.proved && log.n_faults == 0);
        n_with_routes += chosen.n_routes > 1;
        ki_solution_free(&chosen);
        ki_route_pool_free(pool);
        random_model_free(model);
    }
    assert_true(n_with_routes > N_MODELS / 4);
}

/* Facilities that take a part of what there is, or have one bay. */
static void share_facilities(ki_model *model, uint64_t seed, int32_t bays) {
    ki_rng rng;
    int64_t mass_g = 0;
    ki_rng_seed(&rng, seed, 7);
    for (int32_t task = 0; task < model->n_tasks; task++)
        mass_g += model->tasks[task].mass_g;
    model->n_facilities = 2;
    model->facilities = random_array(model, 2, sizeof *model->facilities);
    for (int32_t at = 0; at < 2; at++) {
        int64_t room_g = mass_g * random_in(&rng, 20, 90) / 100;
        model->facilities[at] =
            (ki_facility){.room_g = bays ? INT64_MAX : room_g, .bays = bays ? bays : INT32_MAX};
    }
}

static void choice_keeps_to_the_tonnes_that_facilities_take(void **state) {
    (void)state;
    int32_t n_bound = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        ki_model *model = make_model(seed, 6);
        ki_route_pool *pool = make_pool(model, seed, 10, 3);
        ki_solution nothing = {0}, chosen;
        ki_choice_log log;
        int64_t without_nano = try_all(model, pool);
        share_facilities(model, seed, 0);
        assert_int_equal(
            ki_partition_choose(&chosen, model, pool, &nothing, worker, 1000, &log, NULL), KERB_OK);
        assert_int_equal(chosen.cost_nano, try_all(model, pool));
        assert_int_equal(log.n_faults, 0);
        n_bound += chosen.cost_nano > without_nano;
        ki_solution_free(&chosen);
        ki_route_pool_free(pool);
        random_model_free(model);
    }
    assert_in_range(n_bound, N_MODELS / 10, N_MODELS);
}

static void choice_fits_together_at_bays(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ki_model *model = make_model(seed, 12);
        ki_route_pool *pool = make_pool(model, seed, 40, 4);
        ki_solution nothing = {0}, chosen;
        ki_choice_log log;
        int64_t cost_nano;
        share_facilities(model, seed, 1);
        assert_int_equal(
            ki_partition_choose(&chosen, model, pool, &nothing, worker, 200, &log, NULL), KERB_OK);
        assert_int_equal(ki_solution_price(model, &chosen, &cost_nano, NULL), KERB_OK);
        assert_int_equal(cost_nano, chosen.cost_nano);
        assert_int_equal(log.n_faults, 0);
        assert_false(log.proved);
        ki_solution_free(&chosen);
        ki_route_pool_free(pool);
        random_model_free(model);
    }
}

static void make_incumbent(const ki_model *model, uint64_t seed, ki_solution *out) {
    ki_route_pool *pool = make_pool(model, seed + 1000, 5, 3);
    ki_solution nothing = {0};
    assert_int_equal(ki_partition_choose(out, model, pool, &nothing, worker, 100, NULL, NULL),
                     KERB_OK);
    ki_route_pool_free(pool);
}

static void choice_is_never_worse_than_the_incumbent_whatever_fails_in_glpk(void **state) {
    (void)state;
    int32_t n_faults = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ki_model *model = make_model(seed, 12);
        ki_solution incumbent, chosen;
        ki_choice_log log;
        make_incumbent(model, seed, &incumbent);
        ki_route_pool *pool = make_pool(model, seed, 40, 4);
        ki_lp_fail_at((int64_t)(seed % 4));
        assert_int_equal(
            ki_partition_choose(&chosen, model, pool, &incumbent, worker, 200, &log, NULL),
            KERB_OK);
        ki_lp_fail_at(0);
        n_faults += log.n_faults;
        assert_true(chosen.cost_nano <= incumbent.cost_nano);
        assert_true(log.n_faults || incumbent.cost_nano - chosen.cost_nano == log.gained_nano);
        ki_solution_free(&incumbent);
        ki_solution_free(&chosen);
        ki_route_pool_free(pool);
        random_model_free(model);
    }
    assert_true(n_faults >= 20);
}

/* Too large for one problem: neighbourhoods, the same answer twice. */
static void large_pool_is_decomposed_and_improves_reproducibly(void **state) {
    (void)state;
    random_model_options options = {
        .seed = 3, .n_tasks = 160, .n_types = 2, .n_shifts = 70, .n_tips = 2, .optional = 0};
    ki_model *model = random_model_new(&options);
    ki_solution incumbent, first, second;
    ki_choice_log log;
    make_incumbent(model, 3, &incumbent);
    ki_route_pool *pool = make_pool(model, 3, 1500, 4);
    assert_int_equal(ki_partition_choose(&first, model, pool, &incumbent, worker, 50, &log, NULL),
                     KERB_OK);
    assert_true(log.n_mips > 1 && log.n_improved > 0 && !log.proved);
    assert_true(first.cost_nano < incumbent.cost_nano);
    assert_int_equal(ki_partition_choose(&second, model, pool, &incumbent, worker, 50, &log, NULL),
                     KERB_OK);
    assert_int_equal(first.cost_nano, second.cost_nano);
    assert_int_equal(first.n_routes, second.n_routes);
    ki_solution_free(&incumbent);
    ki_solution_free(&first);
    ki_solution_free(&second);
    ki_route_pool_free(pool);
    random_model_free(model);
}

static void failed_allocation_is_reported_or_costs_one_result(void **state) {
    (void)state;
    ki_model *model = make_model(5, 6);
    ki_route_pool *pool = make_pool(model, 5, 10, 3);
    ki_solution nothing = {0};
    for (int64_t nth = 1; nth < 80; nth++) {
        ki_solution chosen;
        ki_choice_log log;
        ki_alloc_fail_at(nth);
        kerb_status status =
            ki_partition_choose(&chosen, model, pool, &nothing, worker, 100, &log, NULL);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || (status == KERB_NO_MEMORY && chosen.n_routes == 0));
        ki_solution_free(&chosen);
    }
    ki_route_pool_free(pool);
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_is_the_cheapest_combination_of_the_pool),
        cmocka_unit_test(choice_keeps_to_the_tonnes_that_facilities_take),
        cmocka_unit_test(choice_fits_together_at_bays),
        cmocka_unit_test(choice_is_never_worse_than_the_incumbent_whatever_fails_in_glpk),
        cmocka_unit_test(large_pool_is_decomposed_and_improves_reproducibly),
        cmocka_unit_test(failed_allocation_is_reported_or_costs_one_result),
    };
    return cmocka_run_group_tests_name("partition", tests, start_worker, end_worker);
}
