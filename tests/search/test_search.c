/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fewer.h"
#include "search/search.h"

#include "base/error.h"
#include "route/random_model.h"
#include "search/brute_force.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static ki_model *make_model(uint64_t seed, int32_t n_tasks) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 11);
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.releases = seed % 4 == 0;
    return random_model_new(&options);
}

static int64_t search(const ki_model *model, uint64_t seed, int64_t n_steps) {
    ki_island *island;
    kerb_error err = {0};
    int64_t cost_nano = 0;
    assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_run(island, n_steps, &err), KERB_OK);
    const ki_solution *best = ki_island_best(island);
    assert_int_equal(ki_solution_price(model, best, &cost_nano, &err), KERB_OK);
    assert_int_equal(cost_nano, best->cost_nano);
    ki_island_free(island);
    return cost_nano;
}

/* Of all cases, not of the few that a slow sanitizer tries. */
static void assert_rate(uint64_t n_optimal, uint64_t n_cases) {
    assert_true(FEWER_PART > 1 || n_optimal * 100 >= n_cases * 95);
}

static void tiny_models_are_solved_to_the_optimum(void **state) {
    (void)state;
    const uint64_t n_cases = fewer(200);
    uint64_t n_optimal = 0;
    for (uint64_t seed = 1; seed <= n_cases; seed++) {
        int32_t n_tasks = seed % 10 == 0 ? 5 : 1 + (int32_t)(seed % 4);
        if (seed % 4 == 3) n_tasks = 1 + (int32_t)(seed % 3); /* with batteries */
        ki_model *model = make_model(seed, n_tasks);
        int64_t optimum = brute_force(model), found = search(model, seed, 600);
        assert_true(found >= optimum);
        if (found == optimum)
            n_optimal++;
        else
            printf("seed %d: %lld, optimum %lld\n", (int)seed, (long long)found,
                   (long long)optimum);
        random_model_free(model);
    }
    assert_rate(n_optimal, n_cases);
}

static ki_model *make_model_with_settings(uint64_t seed, int32_t n_tasks) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 12);
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.n_types = 2;
    options.batteries = options.posts = options.levels = 0;
    options.settings = 1;
    options.changes = 0; /* which count settings as one */
    return random_model_new(&options);
}

/* Without the limit on both settings together some optimum would be less. */
static void tiny_models_with_settings_are_solved_to_the_optimum(void **state) {
    (void)state;
    const uint64_t n_cases = fewer(200);
    uint64_t n_optimal = 0, n_bound_by_it = 0;
    for (uint64_t seed = 1; seed <= n_cases; seed++) {
        ki_model *model = make_model_with_settings(seed, 1 + (int32_t)(seed % 4));
        int64_t optimum = brute_force(model), found = search(model, seed, 600);
        if (found != optimum)
            printf("seed %d: %lld, optimum %lld\n", (int)seed, (long long)found,
                   (long long)optimum);
        assert_true(found >= optimum);
        n_optimal += found == optimum;
        model->types[1].behind = 0;
        int64_t apart = brute_force(model);
        assert_true(apart <= optimum);
        n_bound_by_it += apart < optimum;
        random_model_free(model);
    }
    print_message("%d of %d at the optimum, %d bound by the limit\n", (int)n_optimal, (int)n_cases,
                  (int)n_bound_by_it);
    assert_true(FEWER_PART > 1 || n_bound_by_it > n_cases / 20);
    assert_rate(n_optimal, n_cases);
}

static void routes_in_the_pool_are_feasible_and_priced_right(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        ki_model *model = make_model(seed, 30);
        ki_island *island;
        kerb_error err = {0};
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 500, &err), KERB_OK);
        ki_route_pool *pool = ki_island_pool(island);
        assert_true(ki_route_pool_size(pool) > 0);
        for (int32_t index = 0; index < ki_route_pool_size(pool); index++) {
            const ki_pool_route *column = ki_route_pool_get(pool, index);
            ki_route_value value;
            ki_route_evaluate(model, &column->route, &value, NULL);
            assert_true(value.feasible);
            assert_int_equal(value.cost_nano, column->cost_nano);
        }
        ki_island_free(island);
        random_model_free(model);
    }
}

static void the_same_seed_gives_the_same_routes(void **state) {
    (void)state;
    ki_model *model = make_model(4, 40);
    ki_island *one, *two;
    kerb_error err = {0};
    assert_int_equal(ki_island_new(&one, model, 9, 1, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_new(&two, model, 9, 1, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_run(one, 1000, &err), KERB_OK);
    for (int part = 0; part < 10; part++)
        assert_int_equal(ki_island_run(two, 100, &err), KERB_OK);
    const ki_solution *a = ki_island_best(one), *b = ki_island_best(two);
    assert_int_equal(a->cost_nano, b->cost_nano);
    assert_int_equal(a->n_routes, b->n_routes);
    for (int32_t route = 0; route < a->n_routes; route++) {
        assert_int_equal(a->routes[route].n_stops, b->routes[route].n_stops);
        assert_memory_equal(a->routes[route].stops, b->routes[route].stops,
                            (size_t)a->routes[route].n_stops * sizeof(ki_stop));
    }
    ki_island_free(one);
    ki_island_free(two);
    random_model_free(model);
}

static void more_steps_are_never_worse_and_soon_better(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        ki_model *model = make_model(seed, 60);
        int64_t first = search(model, 1, 0), later = search(model, 1, 500);
        assert_true(later < first);
        assert_true(search(model, 1, 1000) <= later);
        random_model_free(model);
    }
}

static void a_better_solution_from_elsewhere_is_taken_over(void **state) {
    (void)state;
    ki_model *model = make_model(6, 40);
    ki_island *good, *poor;
    kerb_error err = {0};
    assert_int_equal(ki_island_new(&good, model, 1, 0, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_new(&poor, model, 1, 1, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_run(good, 1000, &err), KERB_OK);
    assert_true(ki_island_best(poor)->cost_nano > ki_island_best(good)->cost_nano);
    assert_int_equal(ki_island_offer(poor, ki_island_best(good), &err), KERB_OK);
    assert_int_equal(ki_island_best(poor)->cost_nano, ki_island_best(good)->cost_nano);
    assert_int_equal(ki_island_run(poor, 100, &err), KERB_OK);
    assert_true(ki_island_best(poor)->cost_nano <= ki_island_best(good)->cost_nano);
    ki_island_free(good);
    ki_island_free(poor);
    random_model_free(model);
}

static void a_task_nobody_can_serve_stays_out_at_its_prize(void **state) {
    (void)state;
    ki_model *model = make_model(2, 3);
    for (int32_t task = 0; task < 3; task++)
        model->tasks[task].types = 0;
    int64_t prizes = 0;
    for (int32_t task = 0; task < 3; task++)
        prizes += model->tasks[task].prize_nano;
    assert_int_equal(search(model, 1, 50), prizes);
    random_model_free(model);
}

static void a_model_without_tasks_or_shifts_has_an_empty_plan(void **state) {
    (void)state;
    ki_model *model = make_model(2, 3);
    for (int32_t type = 0; type < model->n_types; type++)
        model->types[type].n_shifts = 0;
    int64_t prizes = 0;
    for (int32_t task = 0; task < 3; task++)
        prizes += model->tasks[task].prize_nano;
    assert_int_equal(search(model, 1, 50), prizes);
    model->n_tasks = 0;
    assert_int_equal(search(model, 1, 50), 0);
    random_model_free(model);
}

static void running_out_of_memory_is_an_error_not_a_crash(void **state) {
    (void)state;
    ki_model *model = make_model(3, 8);
    int n_failed = 0;
    for (int64_t nth = 1; nth < 60; nth++) {
        ki_island *island = NULL;
        kerb_error err = {0};
        ki_alloc_fail_at(nth);
        kerb_status status = ki_island_new(&island, model, 1, 0, NULL, &err);
        if (status == KERB_OK) status = ki_island_run(island, 30, &err);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        n_failed += status != KERB_OK;
        ki_island_free(island);
    }
    assert_true(n_failed > 10);
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_models_are_solved_to_the_optimum),
        cmocka_unit_test(tiny_models_with_settings_are_solved_to_the_optimum),
        cmocka_unit_test(routes_in_the_pool_are_feasible_and_priced_right),
        cmocka_unit_test(the_same_seed_gives_the_same_routes),
        cmocka_unit_test(more_steps_are_never_worse_and_soon_better),
        cmocka_unit_test(a_better_solution_from_elsewhere_is_taken_over),
        cmocka_unit_test(a_task_nobody_can_serve_stays_out_at_its_prize),
        cmocka_unit_test(a_model_without_tasks_or_shifts_has_an_empty_plan),
        cmocka_unit_test(running_out_of_memory_is_an_error_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
