/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pool keeps the cheapest route of each type and set of tasks, bounded and in key order. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "master/random_routes.h"
#include "master/route_pool.h"

enum { N_ADDS = 3000 };

static ki_model *model;

static ki_route_pool *new_pool(int32_t max_routes) {
    ki_route_pool *pool;
    assert_int_equal(ki_route_pool_new(&pool, model, max_routes, NULL), KERB_OK);
    return pool;
}

static void fill(ki_route_pool *pool, uint64_t seed, int32_t n_adds) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 3);
    for (int32_t add = 0; add < n_adds; add++) {
        ki_stop stops[RANDOM_MAX_STOPS];
        ki_route route;
        random_route(model, &rng, 4, stops, &route); /* infeasible ones are handed in too */
        assert_int_equal(ki_route_pool_add(pool, &route, add, NULL), KERB_OK);
    }
}

static uint32_t task_set(const ki_route *route) {
    uint32_t set = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        if (route->stops[stop].task != KI_TIP) set |= 1u << route->stops[stop].task;
    return set;
}

/* Oracle: a table by type and set of tasks. */
static void cheapest_route_of_each_set_is_kept(void **state) {
    (void)state;
    static int64_t best[3][1 << 8];
    memset(best, 0, sizeof best);
    ki_route_pool *pool = new_pool(100000);
    ki_rng rng;
    ki_rng_seed(&rng, 5, 5);
    int32_t n_sets = 0;
    for (int32_t add = 0; add < N_ADDS; add++) {
        ki_stop stops[RANDOM_MAX_STOPS];
        ki_route route;
        ki_route_value value;
        int feasible = random_route(model, &rng, 4, stops, &route);
        ki_route_evaluate(model, &route, &value, NULL);
        assert_int_equal(ki_route_pool_add(pool, &route, add, NULL), KERB_OK);
        int64_t *known = &best[route.type][task_set(&route)];
        if (!feasible) continue;
        n_sets += *known == 0;
        if (*known == 0 || value.cost_nano < *known) *known = value.cost_nano;
    }
    assert_true(n_sets > 50);
    assert_int_equal(ki_route_pool_size(pool), n_sets);
    for (int32_t index = 0; index < n_sets; index++) {
        const ki_pool_route *entry = ki_route_pool_get(pool, index);
        assert_int_equal(entry->cost_nano, best[entry->route.type][task_set(&entry->route)]);
        ki_route_value value;
        ki_route_evaluate(model, &entry->route, &value, NULL);
        assert_true(value.feasible && value.cost_nano == entry->cost_nano);
        if (index > 0) assert_true(ki_route_pool_get(pool, index - 1)->key < entry->key);
    }
    ki_route_pool_free(pool);
}

static void pool_stays_within_its_bound_and_keeps_the_newest(void **state) {
    (void)state;
    ki_route_pool *pool = new_pool(20);
    fill(pool, 9, N_ADDS);
    assert_true(ki_route_pool_size(pool) <= 20);
    int64_t newest = 0;
    for (int32_t index = 0; index < ki_route_pool_size(pool); index++)
        if (ki_route_pool_get(pool, index)->last_use > newest)
            newest = ki_route_pool_get(pool, index)->last_use;
    assert_true(newest > N_ADDS - 100);
    ki_route_pool_free(pool);
}

static void assert_same(const ki_route_pool *left, const ki_route_pool *right) {
    assert_int_equal(ki_route_pool_size(left), ki_route_pool_size(right));
    for (int32_t index = 0; index < ki_route_pool_size(left); index++) {
        const ki_pool_route *a = ki_route_pool_get(left, index);
        const ki_pool_route *b = ki_route_pool_get(right, index);
        assert_int_equal(a->key, b->key);
        assert_int_equal(a->cost_nano, b->cost_nano);
        assert_int_equal(a->route.n_stops, b->route.n_stops);
        for (int32_t stop = 0; stop < a->route.n_stops; stop++)
            assert_int_equal(a->route.stops[stop].mode, b->route.stops[stop].mode);
    }
}

static void same_adds_give_the_same_pool(void **state) {
    (void)state;
    ki_route_pool *left = new_pool(30), *right = new_pool(30);
    fill(left, 4, 500);
    fill(right, 4, 500);
    assert_same(left, right);
    ki_route_pool_free(left);
    ki_route_pool_free(right);
}

static void merging_equals_adding_to_one(void **state) {
    (void)state;
    ki_route_pool *parts = new_pool(5000), *other = new_pool(5000), *one = new_pool(5000);
    fill(parts, 1, 300);
    fill(other, 2, 300);
    assert_int_equal(ki_route_pool_merge(parts, other, NULL), KERB_OK);
    fill(one, 1, 300);
    fill(one, 2, 300);
    assert_same(parts, one);
    ki_route_pool_free(parts);
    ki_route_pool_free(other);
    ki_route_pool_free(one);
}

static void route_that_serves_a_task_twice_is_ignored(void **state) {
    (void)state;
    ki_route_pool *pool = new_pool(5);
    int32_t mode = model->tasks[0].first_mode;
    ki_stop stops[] = {{0, mode, 0}, {0, mode, 0}, {KI_TIP, model->types[0].first_tip, 0}};
    ki_route route = {0, 3, stops};
    assert_int_equal(ki_route_pool_add(pool, &route, 1, NULL), KERB_OK);
    assert_int_equal(ki_route_pool_size(pool), 0);
    ki_route_pool_free(pool);
}

static void failed_allocation_is_reported_and_leaves_the_pool_whole(void **state) {
    (void)state;
    for (int64_t nth = 1; nth < 6; nth++) {
        ki_route_pool *pool;
        ki_stop stops[RANDOM_MAX_STOPS];
        ki_route route;
        ki_rng rng;
        ki_rng_seed(&rng, 8, 8);
        while (!random_route(model, &rng, 3, stops, &route))
            continue;
        ki_alloc_fail_at(nth);
        kerb_status status = ki_route_pool_new(&pool, model, 5, NULL);
        if (status == KERB_OK) status = ki_route_pool_add(pool, &route, 1, NULL);
        ki_alloc_fail_at(0);
        assert_int_equal(status, nth <= 4 ? KERB_NO_MEMORY : KERB_OK);
        ki_route_pool_free(pool);
    }
}

static int make_model(void **state) {
    (void)state;
    random_model_options options = {
        .seed = 2, .n_tasks = 8, .n_types = 3, .n_shifts = 2, .n_tips = 2, .optional = 1};
    model = random_model_new(&options);
    return 0;
}

static int free_model(void **state) {
    (void)state;
    random_model_free(model);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cheapest_route_of_each_set_is_kept),
        cmocka_unit_test(pool_stays_within_its_bound_and_keeps_the_newest),
        cmocka_unit_test(same_adds_give_the_same_pool),
        cmocka_unit_test(merging_equals_adding_to_one),
        cmocka_unit_test(route_that_serves_a_task_twice_is_ignored),
        cmocka_unit_test(failed_allocation_is_reported_and_leaves_the_pool_whole),
    };
    return cmocka_run_group_tests_name("route_pool", tests, make_model, free_model);
}
