/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/route.h"

#include "base/error.h"
#include "random_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MAX_STOPS = 24, N_MODELS = 1500 };

static ki_model *make_model(uint64_t seed, ki_rng *rng) {
    ki_rng_seed(rng, seed, 7);
    random_model_options options = {.seed = seed,
                                    .n_tasks = random_in(rng, 1, 9),
                                    .n_types = random_in(rng, 1, 3),
                                    .n_shifts = 2,
                                    .n_tips = random_in(rng, 1, 3),
                                    .windows = (int)ki_rng_below(rng, 2),
                                    .optional = 1,
                                    .start_loads = (int)ki_rng_below(rng, 2),
                                    .releases = seed % 2 == 0,
                                    .compact = seed % 3 == 0};
    return random_model_new(&options);
}

static void make_route(const ki_model *model, ki_rng *rng, ki_stop *stops, ki_route *route) {
    *route = (ki_route){.type = random_in(rng, 0, model->n_types - 1), .stops = stops};
    const ki_type *type = &model->types[route->type];
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_task *chosen = &model->tasks[task];
        if (ki_rng_below(rng, 2)) continue;
        stops[route->n_stops++] =
            (ki_stop){task, chosen->first_mode + random_in(rng, 0, chosen->n_modes - 1), 0};
        if (ki_rng_below(rng, 4) == 0)
            stops[route->n_stops++] =
                (ki_stop){KI_TIP, type->first_tip + random_in(rng, 0, type->n_tips - 1), 0};
    }
    stops[route->n_stops++] = (ki_stop){KI_TIP, type->first_tip, 0};
}

/* The spell when it starts at start_ms and nothing is ever done later than it could be; -1 when a
 * window is missed. Written from the rules of route.h, one stop after another. */
static int64_t walk_spell(const ki_model *model, const ki_route *route, int64_t start_ms) {
    const ki_type *type = &model->types[route->type];
    int64_t now = start_ms + type->pre_ms, mass = type->start_load[0];
    int32_t point = type->start_point;
    for (int32_t index = 0; index < route->n_stops; index++) {
        const ki_stop *stop = &route->stops[index], *before = stop - 1;
        for (int32_t at = index; (index == 0 || before->task == KI_TIP) && at < route->n_stops &&
                                 route->stops[at].task != KI_TIP;
             at++)
            if (now < model->tasks[route->stops[at].task].release_ms)
                now = model->tasks[route->stops[at].task].release_ms;
        if (stop->task == KI_TIP) {
            const ki_tip *tip = &model->tips[stop->mode];
            now += ki_time_ms(model, route->type, point, tip->point);
            if (now < tip->open_ms) now = tip->open_ms;
            if (now > tip->close_ms) return -1;
            now += tip->fixed_ms + mass * tip->ms_per_tonne / 1000000;
            mass = 0;
            point = tip->point;
            continue;
        }
        const ki_mode *mode = &model->modes[stop->mode];
        now += ki_time_ms(model, route->type, point, mode->entry);
        if (now < mode->open_ms) now = mode->open_ms;
        if (now > mode->close_ms) return -1;
        int same = index > 0 && before->task != KI_TIP &&
                   model->tasks[before->task].site == model->tasks[stop->task].site &&
                   model->modes[before->mode].exit == mode->entry;
        now += ki_service_ms(model, route->type, stop->mode);
        if (!same) now += model->tasks[stop->task].setup_ms;
        mass += ki_demand(model, route->type, stop->task)[0];
        point = mode->exit;
    }
    now += ki_time_ms(model, route->type, point, type->end_point) + type->post_ms;
    return now > type->latest_ms ? -1 : now - start_ms;
}

static int services_exist(const ki_model *model, const ki_route *route) {
    for (int32_t index = 0; index < route->n_stops; index++) {
        const ki_stop *stop = &route->stops[index];
        if (stop->task == KI_TIP) continue;
        if (ki_service_ms(model, route->type, stop->mode) == KI_NEVER) return 0;
        if (!(model->tasks[stop->task].types >> route->type & 1)) return 0;
    }
    return 1;
}

/* Every start on a grid of one second, and the one claimed. */
static void the_spell_is_the_shortest_and_starts_as_early_as_that_allows(void **state) {
    (void)state;
    int n_feasible = 0, n_late = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        ki_rng rng;
        ki_model *model = make_model(seed, &rng);
        ki_stop stops[MAX_STOPS];
        ki_route route;
        ki_route_value value;
        make_route(model, &rng, stops, &route);
        ki_route_evaluate(model, &route, &value, NULL);
        if (services_exist(model, &route)) {
            int64_t best = -1;
            for (int64_t start = model->types[route.type].earliest_ms;
                 start <= model->types[route.type].latest_ms; start += 1000) {
                int64_t spell = walk_spell(model, &route, start);
                if (spell >= 0 && (best < 0 || spell < best)) best = spell;
            }
            if (value.late_ms == 0) {
                assert_int_equal(walk_spell(model, &route, value.start_ms), value.spell_ms);
                int64_t earlier = walk_spell(model, &route, value.start_ms - 1);
                if (value.start_ms > model->types[route.type].earliest_ms)
                    assert_true(earlier < 0 || earlier > value.spell_ms);
                assert_true(best < 0 || best >= value.spell_ms);
                n_feasible++;
            } else {
                assert_int_equal(best, -1);
                n_late++;
            }
        } else {
            assert_false(value.feasible);
            assert_true(value.late_ms > model->horizon_ms);
        }
        random_model_free(model);
    }
    assert_in_range(n_feasible, 50, N_MODELS);
    assert_in_range(n_late, 50, N_MODELS);
}

static void times_follow_each_other_and_end_with_the_spell(void **state) {
    (void)state;
    int n_feasible = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        ki_rng rng;
        ki_model *model = make_model(seed, &rng);
        ki_stop stops[MAX_STOPS];
        ki_route route;
        ki_route_value value;
        ki_stop_time times[MAX_STOPS];
        make_route(model, &rng, stops, &route);
        ki_route_evaluate(model, &route, &value, times);
        if (value.feasible) {
            n_feasible++;
            const ki_type *type = &model->types[route.type];
            int64_t now = value.start_ms + type->pre_ms;
            for (int32_t index = 0; index < route.n_stops; index++) {
                assert_true(times[index].arrival_ms >= now);
                assert_true(times[index].start_ms >= times[index].arrival_ms);
                assert_true(times[index].end_ms >= times[index].start_ms);
                if (stops[index].task == KI_TIP) assert_int_equal(times[index].load[0], 0);
                now = times[index].end_ms;
            }
            int32_t last = model->tips[stops[route.n_stops - 1].mode].point;
            now += ki_time_ms(model, route.type, last, type->end_point) + type->post_ms;
            assert_int_equal(now, value.start_ms + value.spell_ms);
        }
        random_model_free(model);
    }
    assert_true(n_feasible > 50);
}

static ki_model *one_task_model(void) {
    random_model_options options = {
        .seed = 3, .n_tasks = 1, .n_types = 1, .n_shifts = 1, .n_tips = 1};
    ki_model *model = random_model_new(&options);
    model->tasks[0].types = 1;
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        model->service_ms[mode] = 1000;
    model->types[0].capacity[0] = model->types[0].capacity[1] = 1000000;
    return model;
}

static void a_route_must_end_with_a_tip(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    ki_stop stops[2] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_route_value value;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_true(value.feasible);
    route.n_stops = 1;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_false(value.feasible);
    random_model_free(model);
}

static void load_over_capacity_is_measured_per_dimension(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    ki_stop stops[2] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_route_value value;
    model->types[0].capacity[0] = ki_demand(model, 0, 0)[0] - 7;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_false(value.feasible);
    assert_int_equal(value.excess[0], 7);
    assert_int_equal(value.late_ms, 0);
    random_model_free(model);
}

static void a_missing_way_is_hugely_late(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    ki_stop stops[2] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_travel *travel = &model->travels[model->types[0].travel];
    travel->time_ms[model->types[0].start_point * travel->n + model->modes[0].entry] = KI_NEVER;
    ki_route_value value;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_false(value.feasible);
    assert_true(value.late_ms > 100 * (int64_t)model->horizon_ms);
    random_model_free(model);
}

static void the_cost_is_the_sum_of_its_items(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    ki_type *type = &model->types[0];
    ki_stop stops[2] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_route_value value;
    ki_route_evaluate(model, &route, &value, NULL);
    type->regular_ms = value.spell_ms - 10;
    type->used_nano = 1000000007;
    model->tips[0].fee_nano_per_g[0] = 3;
    int64_t expected = 1000000007 + value.length_mm * type->nano_per_mm +
                       value.spell_ms * type->nano_per_ms + 10 * type->overtime_nano_per_ms +
                       3 * ki_demand(model, 0, 0)[0];
    ki_route_evaluate(model, &route, &value, NULL);
    assert_int_equal(value.cost_nano, expected);
    random_model_free(model);
}

static void a_solution_is_priced_with_what_it_leaves_out(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    ki_stop stops[2] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_solution nothing = {0}, all = {.n_routes = 1, .routes = &route}, copy;
    kerb_error err = {0};
    int64_t cost = 0;
    ki_route_value value;
    assert_int_equal(ki_solution_price(model, &nothing, &cost, &err), KERB_OK);
    assert_int_equal(cost, model->tasks[0].prize_nano);
    ki_route_evaluate(model, &route, &value, NULL);
    assert_int_equal(ki_solution_copy(&copy, &all, &err), KERB_OK);
    assert_int_equal(ki_solution_price(model, &copy, &cost, &err), KERB_OK);
    assert_int_equal(cost, value.cost_nano);
    ki_solution_free(&copy);
    ki_solution_free(&nothing);
    random_model_free(model);
}

static void a_wrong_solution_is_refused_with_a_reason(void **state) {
    (void)state;
    ki_model *model = one_task_model();
    int32_t mode = model->tasks[0].first_mode;
    ki_stop twice[3] = {{0, mode, 0}, {0, mode, 0}, {KI_TIP, 0, 0}}, open[1] = {{0, mode, 0}};
    ki_route routes[2] = {{0, 3, twice}, {0, 1, open}};
    ki_solution solution = {.n_routes = 1, .routes = routes};
    kerb_error err = {0};
    int64_t cost = 0;
    assert_int_equal(ki_solution_price(model, &solution, &cost, &err), KERB_INTERNAL);
    assert_non_null(strstr(err.message, "once more"));
    routes[0] = routes[1];
    assert_int_equal(ki_solution_price(model, &solution, &cost, &err), KERB_INTERNAL);
    assert_non_null(strstr(err.message, "not feasible"));
    routes[0] = (ki_route){0, 2, twice + 1};
    routes[1] = (ki_route){0, 1, twice + 2};
    solution.n_routes = 2;
    assert_int_equal(ki_solution_price(model, &solution, &cost, &err), KERB_INTERNAL);
    assert_non_null(strstr(err.message, "shifts"));
    random_model_free(model);
}

static void a_copy_without_memory_fails_cleanly(void **state) {
    (void)state;
    ki_stop stops[1] = {{KI_TIP, 0, 0}};
    ki_route route = {0, 1, stops};
    ki_solution solution = {.n_routes = 1, .routes = &route}, copy;
    kerb_error err = {0};
    for (int64_t nth = 1; nth <= 2; nth++) {
        ki_alloc_fail_at(nth);
        assert_int_equal(ki_solution_copy(&copy, &solution, &err), KERB_NO_MEMORY);
        assert_null(copy.routes);
    }
    ki_alloc_fail_at(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spell_is_the_shortest_and_starts_as_early_as_that_allows),
        cmocka_unit_test(times_follow_each_other_and_end_with_the_spell),
        cmocka_unit_test(a_route_must_end_with_a_tip),
        cmocka_unit_test(load_over_capacity_is_measured_per_dimension),
        cmocka_unit_test(a_missing_way_is_hugely_late),
        cmocka_unit_test(the_cost_is_the_sum_of_its_items),
        cmocka_unit_test(a_solution_is_priced_with_what_it_leaves_out),
        cmocka_unit_test(a_wrong_solution_is_refused_with_a_reason),
        cmocka_unit_test(a_copy_without_memory_fails_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
