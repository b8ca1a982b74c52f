/* SPDX-License-Identifier: GPL-3.0-or-later
 * Breaks against every place they could be taken at. */
#include "route/breaks.h"

#include "base/error.h"
#include "route/random_model.h"
#include "search/brute_force.h"
#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static ki_model *make_model(uint64_t seed, int32_t n_tasks, int32_t breaks, ki_rng *rng) {
    ki_rng_seed(rng, seed, 17);
    random_model_options options = random_options(seed, n_tasks, rng);
    options.breaks = breaks;
    return random_model_new(&options);
}

static int64_t search(const ki_model *model, uint64_t seed, int64_t n_steps) {
    ki_island *island;
    kerb_error err = {0};
    int64_t cost_nano = 0;
    assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
    assert_int_equal(ki_island_run(island, n_steps, &err), KERB_OK);
    assert_int_equal(ki_solution_price(model, ki_island_best(island), &cost_nano, &err), KERB_OK);
    assert_int_equal(cost_nano, ki_island_best(island)->cost_nano);
    ki_island_free(island);
    return cost_nano;
}

static int has_breaks(const ki_model *model) {
    int32_t n = 0;
    for (int32_t type = 0; type < model->n_types; type++)
        n += model->types[type].n_breaks;
    return n > 0;
}

static void tiny_models_with_breaks_are_solved_to_the_optimum(void **state) {
    (void)state;
    enum { N_CASES = 300 };
    int n_cases = 0, n_optimal = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        ki_rng rng;
        ki_model *model = make_model(seed, 1 + (int32_t)(seed % 4), 2, &rng);
        if (has_breaks(model)) {
            int64_t optimum = brute_force(model), found = search(model, seed, 600);
            assert_true(found >= optimum);
            n_cases++;
            n_optimal += found == optimum;
            if (found > optimum)
                printf("seed %d: %lld, optimum %lld\n", (int)seed, (long long)found,
                       (long long)optimum);
        }
        random_model_free(model);
    }
    print_message("%d of %d at the optimum\n", n_optimal, n_cases);
    assert_in_range(n_cases, N_CASES / 2, N_CASES);
    assert_in_range(n_optimal, n_cases * 97 / 100, n_cases);
}

static int32_t random_stops(const ki_model *model, int32_t type, ki_rng *rng, ki_stop *stops) {
    const ki_type *kind = &model->types[type];
    int32_t n = 0;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_task *chosen = &model->tasks[task];
        if (ki_rng_below(rng, 3) == 0) continue;
        stops[n++] =
            (ki_stop){task, chosen->first_mode + random_in(rng, 0, chosen->n_modes - 1), 0};
        if (ki_rng_below(rng, 3) == 0)
            stops[n++] =
                (ki_stop){KI_TIP, kind->first_tip + random_in(rng, 0, kind->n_tips - 1), 0};
    }
    stops[n++] = (ki_stop){KI_TIP, kind->first_tip, 0};
    return n;
}

/* One break: the best place. Two: one after the other, so perhaps not the best, but sound. */
static void a_break_is_settled_at_the_best_place(void **state) {
    (void)state;
    enum { N_CASES = 3000 };
    int n_settled = 0, n_without = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        ki_rng rng;
        int32_t most = 1 + (int32_t)(seed % 2);
        ki_model *model = make_model(seed, 5, most, &rng);
        ki_stop stops[BRUTE_STOPS + KI_MAX_BREAKS];
        ki_breaks_place places[BRUTE_STOPS + KI_MAX_BREAKS + 1];
        ki_route route = {0, random_stops(model, 0, &rng, stops), stops};
        ki_route_value value;
        int64_t best = INT64_MAX;
        for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
            model->types[0].capacity[dim] = INT64_C(1) << 40;
        brute_breaks(model, &route, 0, 0, &best);
        route.n_stops = ki_breaks_settle(model, 0, stops, route.n_stops, places, NULL);
        if (route.n_stops >= 0) ki_route_evaluate(model, &route, &value, NULL);
        if (model->types[0].n_breaks < 2) {
            assert_int_equal(route.n_stops >= 0 && value.feasible, best != INT64_MAX);
            if (best != INT64_MAX) assert_int_equal(value.cost_nano, best);
        }
        if (route.n_stops >= 0 && value.feasible) assert_true(value.cost_nano >= best);
        n_settled += best != INT64_MAX && stops[route.n_stops < 0 ? 0 : route.n_stops - 1].task;
        n_without += best == INT64_MAX;
        random_model_free(model);
    }
    assert_true(n_settled > 100 && n_without > 100);
}

/* Rules of kerbside.h, on a route of one task and a tip. */
static void a_spell_needs_a_break_only_when_it_is_due(void **state) {
    (void)state;
    random_model_options options = {
        .seed = 3, .n_tasks = 1, .n_types = 1, .n_shifts = 1, .n_tips = 1};
    ki_model *model = random_model_new(&options);
    ki_type *type = model->types;
    model->tasks[0].types = 1;
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        model->service_ms[mode] = 1000;
    type->capacity[0] = type->capacity[1] = 1000000;
    ki_stop stops[3] = {{0, model->tasks[0].first_mode, 0}, {KI_TIP, 0, 0}};
    ki_route route = {.type = 0, .n_stops = 2, .stops = stops};
    ki_route_value value, with;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_true(value.feasible);
    int32_t end_ms = value.start_ms + value.spell_ms;
    type->n_breaks = type->n_break_options = 1;
    type->break_options[0] = (ki_break_option){0, 0, end_ms};
    type->breaks[0] = (ki_break){.duration_ms = 60000, .due_ms = end_ms, .work_ms = KI_NEVER};
    ki_route_evaluate(model, &route, &value, NULL);
    assert_true(value.feasible);
    type->breaks[0].due_ms = end_ms - 1;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_false(value.feasible);
    assert_int_equal(value.rest_ms, 1);
    stops[2] = (ki_stop){KI_BREAK, 0, 0};
    route.n_stops = 3;
    ki_route_evaluate(model, &route, &with, NULL);
    assert_true(with.feasible);
    assert_int_equal(with.spell_ms, value.spell_ms + 60000);
    assert_int_equal(with.unpaid_ms, 60000);
    assert_int_equal(with.cost_nano, value.cost_nano);
    type->breaks[0].paid = 1;
    ki_route_evaluate(model, &route, &with, NULL);
    assert_true(with.cost_nano > value.cost_nano);
    type->breaks[0] = (ki_break){
        .duration_ms = 60000, .due_ms = KI_NEVER, .work_ms = value.spell_ms - type->post_ms - 1};
    route.n_stops = 2;
    ki_route_evaluate(model, &route, &value, NULL);
    assert_int_equal(value.rest_ms, type->post_ms + 1);
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_models_with_breaks_are_solved_to_the_optimum),
        cmocka_unit_test(a_break_is_settled_at_the_best_place),
        cmocka_unit_test(a_spell_needs_a_break_only_when_it_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
