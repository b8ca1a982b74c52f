/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/parts.h"

#include "base/error.h"
#include "route/random_model.h"
#include "search/part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static ki_model *make_model(uint64_t seed, int32_t n_tasks, int shared) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 11);
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.shared = shared;
    options.attended = shared && seed % 2;
    options.releases = !shared && seed % 2;
    options.n_shifts = n_tasks / 5 + 2;
    return random_model_new(&options);
}

static ki_island *make_island(const ki_model *model, int64_t n_steps) {
    ki_island *island;
    kerb_error err = {0};
    assert_int_equal(ki_island_new(&island, model, 1, 0, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_run(island, n_steps, &err), KERB_OK);
    return island;
}

static int by_number(const void *left, const void *right) {
    return *(const int32_t *)left - *(const int32_t *)right;
}

/* Every second route, and every third of the tasks that are left out. */
static void make_half(ki_part *part, const ki_model *model, const ki_solution *all, ki_route *half,
                      int32_t *n_half) {
    int32_t *tasks = calloc((size_t)model->n_tasks + 1, sizeof *tasks), n_tasks = 0;
    int32_t *n_shifts = calloc((size_t)model->n_types, sizeof *n_shifts);
    char *served = calloc((size_t)model->n_tasks + 1, 1);
    kerb_error err = {0};
    *n_half = 0;
    for (int32_t route = 0; route < all->n_routes; route++)
        for (int32_t stop = 0; stop < all->routes[route].n_stops; stop++) {
            int32_t task = all->routes[route].stops[stop].task;
            if (task < 0) continue;
            served[task] = 1;
            if (route % 2 == 0) tasks[n_tasks++] = task;
        }
    for (int32_t route = 0; route < all->n_routes; route += 2) {
        half[(*n_half)++] = all->routes[route];
        n_shifts[all->routes[route].type]++;
    }
    for (int32_t task = 0; task < model->n_tasks; task += 3)
        if (!served[task]) tasks[n_tasks++] = task;
    qsort(tasks, (size_t)n_tasks, sizeof *tasks, by_number);
    assert_int_equal(ki_part_make(part, model, tasks, n_tasks, n_shifts, &err), KERB_OK);
    free(tasks);
    free(n_shifts);
    free(served);
}

static void a_route_costs_in_a_part_what_it_costs_in_the_whole(void **state) {
    (void)state;
    int n_routes_seen = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        ki_model *model = make_model(seed, 40, 0);
        ki_island *island = make_island(model, 100);
        const ki_solution *all = ki_island_best(island);
        ki_route half[64], inside[64], back[64];
        ki_stop stops[400], more[400];
        ki_part part;
        int32_t n;
        assert_in_range(all->n_routes, 0, 64);
        make_half(&part, model, all, half, &n);
        ki_part_enter(&part, half, n, inside, stops);
        ki_part_leave(&part, inside, n, back, more);
        for (int32_t route = 0; route < n; route++) {
            ki_route_value outer, inner;
            ki_route_evaluate(model, &half[route], &outer, NULL);
            ki_route_evaluate(&part.model, &inside[route], &inner, NULL);
            assert_memory_equal(&outer, &inner, sizeof outer);
            assert_int_equal(back[route].type, half[route].type);
            assert_int_equal(back[route].n_stops, half[route].n_stops);
            assert_memory_equal(back[route].stops, half[route].stops,
                                (size_t)half[route].n_stops * sizeof(ki_stop));
            n_routes_seen++;
        }
        for (int32_t task = 0; task < part.model.n_tasks; task++)
            assert_int_equal(ki_cost_left_out(&part.model, task),
                             ki_cost_left_out(model, part.task_of[task]));
        ki_part_free(&part);
        ki_island_free(island);
        random_model_free(model);
    }
    assert_true(n_routes_seen > 30);
}

static ki_solution run(const ki_model *model, const ki_island *island, int threads, int n_runs) {
    ki_parts *parts;
    ki_solution best = {0};
    kerb_error err = {0};
    int64_t n_steps = 0, cost_nano;
    assert_int_equal(ki_parts_new(&parts, model, island, 3, &err), KERB_OK);
    assert_int_equal(ki_parts_plan(parts, 200 * n_runs, 1, &err), KERB_OK);
    for (int index = 0; index < n_runs; index++, n_steps += 200) {
        assert_int_equal(ki_parts_run(parts, 200, threads, &err), KERB_OK);
        const ki_solution *latest = ki_parts_latest(parts);
        assert_int_equal(ki_solution_price(model, latest, &cost_nano, &err), KERB_OK);
        assert_int_equal(cost_nano, latest->cost_nano);
        if (best.routes && best.cost_nano <= latest->cost_nano) continue;
        ki_solution_free(&best);
        assert_int_equal(ki_solution_copy(&best, latest, &err), KERB_OK);
    }
    ki_parts_free(parts);
    return best;
}

static void parts_improve_and_threads_change_nothing(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        ki_model *model = make_model(seed, 200, seed % 2);
        ki_island *island = make_island(model, 0);
        ki_solution one = run(model, island, 1, 6), two = run(model, island, 2, 6);
        assert_true(one.cost_nano < ki_island_best(island)->cost_nano);
        assert_int_equal(one.cost_nano, two.cost_nano);
        assert_int_equal(one.n_routes, two.n_routes);
        for (int32_t route = 0; route < one.n_routes; route++) {
            assert_int_equal(one.routes[route].n_stops, two.routes[route].n_stops);
            assert_memory_equal(one.routes[route].stops, two.routes[route].stops,
                                (size_t)one.routes[route].n_stops * sizeof(ki_stop));
        }
        ki_solution_free(&one);
        ki_solution_free(&two);
        ki_island_free(island);
        random_model_free(model);
    }
}

static void nothing_to_serve_is_no_fault(void **state) {
    (void)state;
    ki_model *model = make_model(2, 40, 1);
    for (int32_t type = 0; type < model->n_types; type++)
        model->types[type].n_shifts = 0;
    ki_island *island = make_island(model, 0);
    ki_solution none = run(model, island, 1, 1);
    assert_int_equal(none.n_routes, 0);
    ki_solution_free(&none);
    ki_island_free(island);
    random_model_free(model);
}

static void running_out_of_memory_is_an_error_not_a_crash(void **state) {
    (void)state;
    ki_model *model = make_model(3, 30, 1);
    ki_island *island = make_island(model, 0);
    int n_failed = 0;
    for (int64_t nth = 1; nth < 60; nth++) {
        ki_parts *parts = NULL;
        kerb_error err = {0};
        ki_alloc_fail_at(nth);
        kerb_status status = ki_parts_new(&parts, model, island, 1, &err);
        if (status == KERB_OK) status = ki_parts_plan(parts, 40, 1, &err);
        if (status == KERB_OK) status = ki_parts_run(parts, 40, 1, &err);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        n_failed += status != KERB_OK;
        ki_parts_free(parts);
    }
    assert_true(n_failed > 10);
    ki_island_free(island);
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_costs_in_a_part_what_it_costs_in_the_whole),
        cmocka_unit_test(parts_improve_and_threads_change_nothing),
        cmocka_unit_test(nothing_to_serve_is_no_fault),
        cmocka_unit_test(running_out_of_memory_is_an_error_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
