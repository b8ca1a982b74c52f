/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moves of whole trips cost what they say, keep all sums, and open and close shifts for groups. */
#include "search/trips.h"

#include "base/error.h"
#include "search/search.h"
#include "search/work_fixture.h"

enum { N_MODELS = 60 };

typedef work_fixture fixture;

static void open_fixture(fixture *f, uint64_t seed) {
    ki_rng_seed(&f->rng, seed, 17);
    random_model_options options = {.seed = seed,
                                    .n_tasks = random_in(&f->rng, 10, 40),
                                    .n_types = random_in(&f->rng, 1, 3),
                                    .n_shifts = 4,
                                    .n_tips = random_in(&f->rng, 1, 3),
                                    .windows = (int)ki_rng_below(&f->rng, 2),
                                    .optional = 1,
                                    .start_loads = (int)ki_rng_below(&f->rng, 2),
                                    .releases = seed % 2 == 0,
                                    .sequences = seed % 2 == 0,
                                    .compact = seed % 3 == 0};
    work_fixture_open(f, random_model_new(&options), seed);
}

static int64_t exact(const fixture *f, const ki_line *line) {
    ki_stop stops[200];
    ki_route route = {line->type, ki_line_stops(line, stops), stops};
    ki_route_value value;
    ki_route_evaluate(f->model, &route, &value, NULL);
    assert_true(value.feasible);
    return value.cost_nano;
}

/* Every sum the search keeps is what adding up from nothing gives, and every task is once. */
static void assert_sums(const fixture *f) {
    int64_t routes_nano = 0, absent_nano = 0;
    int32_t n_served = 0, n_places = 0;
    for (int32_t slot = 0; slot < f->work.n_high; slot++) {
        const ki_line *line = &f->work.slots[slot].now;
        if (!line->n_nodes) continue;
        assert_int_equal(exact(f, line), line->cost_nano);
        routes_nano += line->cost_nano;
        n_places += line->n_tasks;
    }
    for (int32_t task = 0; task < f->model->n_tasks; task++) {
        int32_t slot = f->work.where[task];
        n_served += slot >= 0;
        if (slot < 0)
            absent_nano += ki_cost_left_out(f->model, task);
        else
            assert_int_equal(f->work.slots[slot].now.nodes[f->work.place[task]].stop.task, task);
    }
    assert_int_equal(n_served, n_places);
    assert_int_equal(f->work.routes_nano, routes_nano);
    assert_int_equal(f->work.absent_nano, absent_nano);
}

static int32_t random_served(fixture *f) {
    int32_t task = random_in(&f->rng, 0, f->model->n_tasks - 1);
    return f->work.where[task] < 0 ? -1 : task;
}

/* Any trip of any route, whatever its type, into any other route. */
static void a_trip_is_put_in_at_the_price_that_was_named_and_nowhere_is_cheaper(void **state) {
    (void)state;
    int n_moved = 0, n_other_type = 0;
    for (uint64_t seed = 1; seed <= 2 * N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int trial = 0; trial < 30; trial++) {
            int32_t task = random_served(&f);
            if (task < 0) continue;
            int32_t slot = f.work.where[task];
            const ki_line *line = &f.work.slots[slot].now;
            const ki_visit *node = &line->nodes[f.work.place[task]];
            int32_t type = line->type, n_stops = node->in_trip + node->to_tip, n_left;
            ki_stop stops[200], left[200];
            n_left = ki_line_stops(line, left);
            int32_t first = f.work.place[task] - node->in_trip;
            memcpy(stops, left + first, (size_t)n_stops * sizeof *stops);
            memmove(left + first, left + first + n_stops,
                    (size_t)(n_left - first - n_stops) * sizeof *left);
            n_left = ki_stops_tidy(f.model, type, left, n_left - n_stops);
            if (!ki_work_set(&f.work, slot, type, left, n_left)) {
                ki_work_undo(&f.work);
                continue;
            }
            int64_t before = f.work.routes_nano;
            ki_berth berth;
            ki_trips_find(&f.trips, &f.work, stops, n_stops, slot, &berth);
            if (berth.slot >= 0) {
                int32_t other_type = f.work.slots[berth.slot].now.type;
                assert_true(ki_trips_insert(&f.trips, &f.work, stops, n_stops, &berth));
                assert_int_equal(f.work.routes_nano - before, berth.delta_nano);
                assert_sums(&f);
                n_moved++;
                n_other_type += other_type != type;
            }
            ki_work_undo(&f.work);
            assert_sums(&f);
        }
        work_fixture_close(&f);
    }
    assert_true(n_moved > 100);
    assert_true(n_other_type > 10);
}

static void one_step(fixture *f) {
    int32_t task = random_in(&f->rng, 0, f->model->n_tasks - 1), slot = f->work.where[task];
    int32_t type = random_in(&f->rng, 0, f->model->n_types - 1);
    switch (slot < 0 ? 3 : ki_rng_below(&f->rng, 3)) {
    case 0: ki_trips_move(&f->trips, &f->work, task); break;
    case 1: ki_trips_close(&f->trips, &f->work, &f->ruin, slot); break;
    case 2: ki_trips_split(&f->trips, &f->work, slot, type); break;
    default: ki_trips_open(&f->trips, &f->work, &f->ruin, task, type);
    }
}

static void every_step_keeps_its_sums_and_undo_restores_them(void **state) {
    (void)state;
    int n_opened = 0, n_closed = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, seed);
        for (int round = 0; round < 60; round++) {
            int64_t before = ki_work_cost(&f.work);
            int32_t used = 0, now_used = 0;
            for (int32_t type = 0; type < f.model->n_types; type++)
                used += f.work.n_used[type];
            one_step(&f);
            assert_sums(&f);
            for (int32_t type = 0; type < f.model->n_types; type++) {
                now_used += f.work.n_used[type];
                assert_true(f.work.n_used[type] <= f.model->types[type].n_shifts);
            }
            n_opened += now_used > used;
            n_closed += now_used < used;
            if (ki_rng_below(&f.rng, 2)) {
                ki_work_undo(&f.work);
                assert_int_equal(ki_work_cost(&f.work), before);
                assert_sums(&f);
            } else {
                ki_work_keep(&f.work);
            }
        }
        work_fixture_close(&f);
    }
    assert_true(n_opened > 50);
    assert_true(n_closed > 50);
}

static int64_t first_cost(const ki_model *model, int32_t *n_routes) {
    ki_island *island;
    kerb_error err = {0};
    assert_int_equal(ki_island_new(&island, model, 1, 0, NULL, &err), KERB_OK);
    int64_t cost_nano = ki_island_best(island)->cost_nano;
    *n_routes = ki_island_best(island)->n_routes;
    ki_island_free(island);
    return cost_nano;
}

/* Each task alone is worth less than a shift, all together much more. */
static void a_shift_is_opened_for_a_group_none_of_which_pays_for_it(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        random_model_options options = {
            .seed = seed, .n_tasks = 30, .n_types = 1, .n_shifts = 3, .n_tips = 1};
        ki_model *model = random_model_new(&options);
        int64_t prizes_nano = 0;
        int32_t n_routes;
        model->types[0].used_nano = 100000000;
        for (int32_t task = 0; task < model->n_tasks; task++) {
            model->tasks[task].prize_nano = 90000000;
            prizes_nano += model->tasks[task].prize_nano;
        }
        assert_true(first_cost(model, &n_routes) < prizes_nano);
        assert_true(n_routes > 0);
        random_model_free(model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trip_is_put_in_at_the_price_that_was_named_and_nowhere_is_cheaper),
        cmocka_unit_test(every_step_keeps_its_sums_and_undo_restores_them),
        cmocka_unit_test(a_shift_is_opened_for_a_group_none_of_which_pays_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
