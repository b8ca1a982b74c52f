/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/plain_model.h"

#include "base/error.h"
#include "search/brute_force.h"
#include "search/genetic.h"
#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct plain_case {
    ki_model *model;
    ki_work work;
    ki_genetic genetic;
} plain_case;

static void begin(plain_case *at, uint64_t seed, int32_t n_tasks, int32_t trip) {
    kerb_error err = {0};
    at->model = plain_model_new(seed, n_tasks, trip);
    assert_true(ki_model_is_plain(at->model));
    assert_int_equal(ki_work_init(&at->work, at->model, &err), KERB_OK);
    ki_rng_seed(&at->work.rng, seed, 1);
    assert_int_equal(ki_work_find_neighbours(&at->work, 100, &err), KERB_OK);
    assert_int_equal(ki_genetic_init(&at->genetic, &at->work, &err), KERB_OK);
}

static void end(plain_case *at) {
    ki_work_free(&at->work);
    random_model_free(at->model);
}

/* Random routes, many of them with too much load. */
static void load_random(plain_case *at) {
    ki_genetic *g = &at->genetic;
    int32_t n = g->plain.n, n_routes = g->plain.most_routes;
    for (int32_t task = 0; task < n; task++) {
        int32_t other = random_in(&at->work.rng, 0, task);
        g->tour[task] = g->tour[other];
        g->tour[other] = task;
    }
    for (int32_t route = 0; route < n_routes; route++)
        g->cuts[route] = route + 1 < n_routes ? (route + 1) * n / n_routes : n;
    ki_descent_load(&g->descent, g->tour, g->cuts, n_routes);
}

static void what_each_move_says_it_gains_is_what_the_routes_cost_less(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        plain_case at;
        begin(&at, seed, 12 + (int32_t)seed % 40, 3 + (int32_t)(seed % 7));
        for (int64_t penalty = 1; penalty < INT64_C(100000000); penalty *= 30) {
            ki_descent *descent = &at.genetic.descent;
            load_random(&at);
            descent->penalty = penalty;
            int64_t before_mm = ki_descent_cost(descent);
            ki_descent_run(descent, penalty);
            assert_true(descent->gained_mm >= 0);
            assert_int_equal(ki_descent_cost(descent), before_mm - descent->gained_mm);
        }
        end(&at);
    }
}

static int64_t cost_of_cuts(const ki_plain *plain, const int32_t *tour, uint32_t cuts,
                            int64_t penalty) {
    int64_t mm = 0, load = 0;
    for (int32_t at = 0; at < plain->n; at++) {
        int first = at == 0 || (cuts >> (at - 1) & 1);
        mm += ki_plain_leg(plain, first ? plain->start : tour[at - 1], tour[at]);
        load = first ? plain->load[tour[at]] : load + plain->load[tour[at]];
        if (at + 1 < plain->n && !(cuts >> at & 1)) continue;
        mm += ki_plain_leg(plain, tour[at], plain->end) + plain->used_mm;
        if (load > plain->capacity) mm += (load - plain->capacity) * penalty >> KI_PENALTY_SHIFT;
        if (load > plain->capacity + plain->capacity / 2) return INT64_MAX;
    }
    return mm;
}

static void the_split_is_the_best_way_to_cut_a_tour(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        plain_case at;
        begin(&at, seed, 9, 3);
        ki_genetic *g = &at.genetic;
        int64_t penalty = INT64_C(1) << (seed % 20), best_mm = INT64_MAX;
        load_random(&at);
        for (uint32_t cuts = 0; cuts < 1u << (g->plain.n - 1); cuts++) {
            int64_t mm = cost_of_cuts(&g->plain, g->tour, cuts, penalty);
            if (mm < best_mm && __builtin_popcount(cuts) < g->plain.most_routes) best_mm = mm;
        }
        int32_t n_cuts = ki_split_tour(&g->split, &g->plain, g->tour, penalty, g->cuts);
        uint32_t found = 0;
        for (int32_t route = 0; route + 1 < n_cuts; route++)
            found |= 1u << (g->cuts[route] - 1);
        assert_int_equal(cost_of_cuts(&g->plain, g->tour, found, penalty), best_mm);
        end(&at);
    }
}

static void tiny_plain_models_are_solved_to_the_optimum(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        plain_case at;
        begin(&at, seed, 5, 2);
        ki_route routes[8];
        ki_stop stops[32];
        ki_solution found = {.routes = routes};
        for (int step = 0; step < 600; step++)
            ki_genetic_step(&at.genetic);
        assert_true(at.genetic.best->mm < INT64_MAX);
        found.n_routes = ki_genetic_write(&at.genetic, at.model, routes, stops);
        kerb_error err = {0};
        assert_int_equal(ki_solution_price(at.model, &found, &found.cost_nano, &err), KERB_OK);
        assert_int_equal(found.cost_nano, brute_force(at.model));
        end(&at);
    }
}

/* Legs alone differ from the exact price by what is the same in every solution. */
static void a_longer_search_by_population_is_not_worse_and_priced_right(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        ki_model *model = plain_model_new(seed, 60, 6);
        ki_island *island;
        kerb_error err = {0};
        int64_t first_nano, cost_nano;
        assert_false(ki_search_needs_plan(model));
        assert_int_equal(ki_island_new(&island, model, seed, 0, &err), KERB_OK);
        first_nano = ki_island_best(island)->cost_nano;
        assert_int_equal(ki_island_run(island, 150, &err), KERB_OK);
        const ki_solution *best = ki_island_best(island);
        assert_int_equal(ki_solution_price(model, best, &cost_nano, &err), KERB_OK);
        assert_int_equal(cost_nano, best->cost_nano);
        assert_true(cost_nano <= first_nano);
        ki_island_free(island);
        random_model_free(model);
    }
}

static void what_binds_or_costs_beside_load_is_not_plain(void **state) {
    (void)state;
    ki_model *model = plain_model_new(3, 20, 5);
    assert_true(ki_model_is_plain(model));
    model->types->nano_per_ms = 1;
    assert_false(ki_model_is_plain(model));
    model->types->nano_per_ms = 0;
    model->modes[model->tasks[7].first_mode].close_ms = -1;
    assert_false(ki_model_is_plain(model));
    model->modes[model->tasks[7].first_mode].close_ms = model->horizon_ms;
    model->tasks[4].prize_nano = 1;
    assert_false(ki_model_is_plain(model));
    model->tasks[4].prize_nano = INT64_C(1000000000000);
    model->types->n_shifts = 2;
    assert_false(ki_model_is_plain(model));
    model->types->n_shifts = 20;
    assert_true(ki_model_is_plain(model));
    ki_travel *travel = &model->travels[model->types->travel];
    size_t row = (size_t)model->tips[model->types->first_tip].point * (size_t)travel->n;
    travel->time_ms[row + (size_t)model->modes[model->tasks[0].first_mode].entry] = 0;
    assert_false(ki_model_is_plain(model));
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_each_move_says_it_gains_is_what_the_routes_cost_less),
        cmocka_unit_test(the_split_is_the_best_way_to_cut_a_tour),
        cmocka_unit_test(tiny_plain_models_are_solved_to_the_optimum),
        cmocka_unit_test(a_longer_search_by_population_is_not_worse_and_priced_right),
        cmocka_unit_test(what_binds_or_costs_beside_load_is_not_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
