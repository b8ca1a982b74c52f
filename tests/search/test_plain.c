/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/plain_model.h"

#include "base/error.h"
#include "search/bare_search.h"
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

typedef ki_model *make_model(uint64_t seed, int32_t n_tasks, int32_t trip);
static make_model *const makers[2] = {plain_model_new, modal_model_new};

static void begin(plain_case *at, make_model *make, uint64_t seed, int32_t n_tasks, int32_t trip) {
    kerb_error err = {0};
    at->model = make(seed, n_tasks, trip);
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
        g->tours.tour[task] = g->tours.tour[other];
        g->tours.tour[other] = task;
    }
    for (int32_t route = 0; route < n_routes; route++)
        g->tours.cuts[route] = route + 1 < n_routes ? (route + 1) * n / n_routes : n;
    ki_descent_load(&g->descent, g->tours.tour, g->tours.cuts, n_routes);
}

static void what_each_move_says_it_gains_is_what_the_routes_cost_less(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        plain_case at;
        begin(&at, makers[seed % 2], seed, 12 + (int32_t)seed % 40, 3 + (int32_t)(seed % 7));
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

/* All combinations of modes, on the model itself. */
static int64_t cheapest_way(const ki_model *model, const int32_t *tasks, int32_t n, int32_t from,
                            int64_t length_mm) {
    const ki_type *type = model->types;
    int32_t tip = model->tips[type->first_tip].point;
    int64_t best_mm = INT64_MAX;
    if (n == 0) return length_mm + ki_length_mm(model, 0, from, tip);
    const ki_task *task = &model->tasks[tasks[0]];
    for (int32_t index = 0; index < task->n_modes; index++) {
        const ki_mode *mode = &model->modes[task->first_mode + index];
        int64_t mm =
            cheapest_way(model, tasks + 1, n - 1, mode->exit,
                         length_mm + mode->length_mm + ki_length_mm(model, 0, from, mode->entry));
        if (mm < best_mm) best_mm = mm;
    }
    return best_mm;
}

/* What tasks cost by their cheapest modes is left out, as the legs leave it out. */
static int64_t cheapest_modes(const ki_model *model) {
    int64_t sum_mm = 0;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_mode *mode = &model->modes[model->tasks[task].first_mode];
        int two = model->tasks[task].n_modes == 2 && mode[1].length_mm < mode[0].length_mm;
        sum_mm += mode[two].length_mm;
    }
    return sum_mm;
}

static int64_t cost_of_cuts(const plain_case *at, const int32_t *tour, uint32_t cuts,
                            int64_t penalty) {
    const ki_plain *plain = &at->genetic.plain;
    int64_t mm = plain->modes ? -cheapest_modes(at->model) : 0;
    for (int32_t first = 0, last = 0; last < plain->n; last++) {
        if (last + 1 < plain->n && !(cuts >> last & 1)) continue;
        int64_t load = 0;
        for (int32_t index = first; index <= last; index++) {
            load += plain->load[tour[index]];
            if (!plain->modes)
                mm -= at->model->modes[at->model->tasks[tour[index]].first_mode].length_mm;
        }
        mm += cheapest_way(at->model, tour + first, last + 1 - first, at->model->types->start_point,
                           0);
        mm += plain->used_mm;
        if (load > plain->capacity) mm += (load - plain->capacity) * penalty >> KI_PENALTY_SHIFT;
        if (load > plain->capacity + plain->capacity / 2 && last > first) return INT64_MAX;
        first = last + 1;
    }
    return mm;
}

static void a_route_costs_what_its_cheapest_modes_do(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        plain_case at;
        begin(&at, modal_model_new, seed, 10, 3);
        ki_plain *plain = &at.genetic.plain;
        int64_t reached[10 * KI_MOST_MODES], length_mm = 0;
        uint8_t chosen[10];
        load_random(&at);
        const int32_t *tour = at.genetic.tours.tour;
        ki_modes_choose(plain->modes, tour, 10, reached, chosen);
        int32_t from = at.model->types->start_point;
        for (int32_t index = 0; index < 10; index++) {
            const ki_mode *mode =
                &at.model->modes[at.model->tasks[tour[index]].first_mode + chosen[index]];
            length_mm += ki_length_mm(at.model, 0, from, mode->entry) + mode->length_mm;
            from = mode->exit;
        }
        length_mm += ki_length_mm(at.model, 0, from, at.model->types->end_point);
        assert_int_equal(length_mm,
                         cheapest_way(at.model, tour, 10, at.model->types->start_point, 0));
        assert_int_equal(length_mm + plain->used_mm - cheapest_modes(at.model),
                         ki_plain_route(plain, tour, 10));
        end(&at);
    }
}

static void the_split_is_the_best_way_to_cut_a_tour(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        plain_case at;
        begin(&at, makers[seed % 2], seed, 9, 3);
        ki_genetic *g = &at.genetic;
        int64_t penalty = INT64_C(1) << (seed % 20), best_mm = INT64_MAX;
        load_random(&at);
        for (uint32_t cuts = 0; cuts < 1u << (g->plain.n - 1); cuts++) {
            int64_t mm = cost_of_cuts(&at, g->tours.tour, cuts, penalty);
            if (mm < best_mm && __builtin_popcount(cuts) < g->plain.most_routes) best_mm = mm;
        }
        int32_t n_cuts = ki_split_tour(&g->split, &g->plain, g->tours.tour, penalty, g->tours.cuts);
        uint32_t found = 0;
        for (int32_t route = 0; route + 1 < n_cuts; route++)
            found |= 1u << (g->tours.cuts[route] - 1);
        assert_int_equal(cost_of_cuts(&at, g->tours.tour, found, penalty), best_mm);
        end(&at);
    }
}

static void tiny_plain_models_are_solved_to_the_optimum(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        plain_case at;
        begin(&at, makers[seed % 2], seed, 5, 2);
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

static int64_t cost_of_bare(const ki_bare *bare, int32_t *tour, int32_t *cuts) {
    int64_t mm = 0;
    int32_t n_routes = ki_bare_tell(bare, tour, cuts);
    assert_int_equal(cuts[n_routes - 1], bare->plain->n);
    for (int32_t route = 0, first = 0; route < n_routes; first = cuts[route++]) {
        int64_t load = 0;
        for (int32_t at = first; at < cuts[route]; at++)
            load += bare->plain->load[tour[at]];
        assert_true(load <= bare->plain->capacity);
        mm += ki_plain_route(bare->plain, tour + first, cuts[route] - first);
    }
    return mm;
}

static void a_bare_step_costs_what_it_says_and_is_undone(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        plain_case at;
        ki_bare bare;
        kerb_error err = {0};
        int32_t tour[80], cuts[80], again[80], alone[80];
        begin(&at, makers[seed % 2], seed, 12 + (int32_t)seed * 3, 3 + (int32_t)(seed % 7));
        assert_int_equal(ki_bare_init(&bare, &at.genetic.plain, &at.work, &err), KERB_OK);
        while (at.genetic.best->mm == INT64_MAX)
            ki_genetic_step(&at.genetic);
        ki_bare_load(&bare, at.genetic.best->tour, at.genetic.best->cuts,
                     at.genetic.best->n_routes);
        for (int step = 0; step < 400; step++) {
            int64_t mm = cost_of_bare(&bare, tour, cuts);
            assert_int_equal(bare.mm, mm);
            int done = ki_bare_step(&bare);
            if (done) assert_int_equal(bare.mm, cost_of_bare(&bare, again, alone));
            if (done && step % 3) {
                ki_bare_keep(&bare);
                continue;
            }
            ki_bare_undo(&bare);
            ki_bare_tell(&bare, again, alone);
            assert_int_equal(bare.mm, mm);
            assert_memory_equal(tour, again, sizeof *tour * (size_t)bare.plain->n);
        }
        end(&at);
    }
}

static void a_solution_that_leaves_a_task_out_is_not_gone_on_from(void **state) {
    (void)state;
    plain_case at;
    ki_bare_search bare;
    kerb_error err = {0};
    ki_route routes[32];
    ki_stop stops[64];
    begin(&at, modal_model_new, 3, 24, 5);
    assert_int_equal(ki_bare_search_init(&bare, &at.work, &err), KERB_OK);
    while (at.genetic.best->mm == INT64_MAX)
        ki_genetic_step(&at.genetic);
    ki_solution found = {.routes = routes};
    found.n_routes = ki_genetic_write(&at.genetic, at.model, routes, stops);
    assert_true(ki_bare_search_load(&bare, &found));
    int64_t best_mm = bare.best_mm;
    ki_bare_search_polish(&bare);
    assert_true(bare.best_mm <= best_mm);
    assert_int_equal(bare.bare.mm, bare.best_mm);
    best_mm = bare.best_mm;
    found.n_routes--;
    assert_false(ki_bare_search_load(&bare, &found));
    assert_int_equal(bare.best_mm, best_mm);
    found.n_routes = ki_bare_search_write(&bare, at.model, routes, stops);
    assert_int_equal(ki_solution_price(at.model, &found, &found.cost_nano, &err), KERB_OK);
    end(&at);
}

/* Legs alone differ from the exact price by what is the same in every solution. */
static void a_longer_search_is_not_worse_and_priced_right(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        int many = seed > 4; /* too many for a population */
        ki_model *model = makers[seed % 2](seed, many ? 220 : 60, 6);
        ki_island *island;
        kerb_error err = {0};
        int64_t first_nano, cost_nano;
        assert_int_equal(ki_search_needs_plan(model), many);
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        first_nano = ki_island_best(island)->cost_nano;
        assert_int_equal(ki_island_run(island, many ? 3000 : 150, &err), KERB_OK);
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
        cmocka_unit_test(a_route_costs_what_its_cheapest_modes_do),
        cmocka_unit_test(the_split_is_the_best_way_to_cut_a_tour),
        cmocka_unit_test(tiny_plain_models_are_solved_to_the_optimum),
        cmocka_unit_test(a_bare_step_costs_what_it_says_and_is_undone),
        cmocka_unit_test(a_solution_that_leaves_a_task_out_is_not_gone_on_from),
        cmocka_unit_test(a_longer_search_is_not_worse_and_priced_right),
        cmocka_unit_test(what_binds_or_costs_beside_load_is_not_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
