/* SPDX-License-Identifier: GPL-3.0-or-later
 * Setting tasks aside keeps all sums with prices of its own, leaves real ones behind, is done
 * where trips are full and nowhere else, and makes full trips cheaper. */
#include "search/aside.h"

#include "base/error.h"
#include "search/plain_model.h"
#include "search/polish.h"
#include "search/work_fixture.h"

#include <stdlib.h>

enum { N_MODELS = 40, N_STEPS = 200, N_SEEDS = 12, LONG_STEPS = 5000 };

typedef struct fixture {
    work_fixture at;
    ki_aside aside;
} fixture;

static void open_fixture(fixture *f, ki_model *model, uint64_t seed) {
    kerb_error err;
    work_fixture_open(&f->at, model, seed);
    assert_int_equal(ki_aside_init(&f->aside, &f->at.work, &err), KERB_OK);
}

/* One step of an annealing at a temperature. */
static void step(fixture *f, double temperature) {
    ki_work *work = &f->at.work;
    if (f->aside.is_on) ki_aside_step(&f->aside, work);
    int64_t old_nano = ki_work_cost(work);
    ki_ruin_strings(&f->at.ruin, work);
    ki_ruin_recreate(&f->at.ruin, work, 1);
    ki_polish_touched(work);
    if (ki_work_cost(work) - old_nano > (int64_t)(temperature * ki_work_exponential(&work->rng)))
        ki_work_undo(work);
    else
        ki_work_keep(work);
}

static ki_model *random_tight(uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 23);
    random_model_options options = random_options(seed, random_in(&rng, 10, 40), &rng);
    options.n_types = random_in(&rng, 1, 3);
    options.n_shifts = 1;
    options.shared = 0;
    return random_model_new(&options);
}

static void sums_hold_in_every_step_and_prices_are_real_behind_it(void **state) {
    (void)state;
    int64_t n_aside = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, random_tight(seed), seed);
        ki_work *work = &f.at.work;
        ki_aside_begin(&f.aside, work);
        work_fixture_sums(work);
        for (int n = 0; n < N_STEPS; n++) {
            step(&f, (double)f.aside.price_nano);
            work_fixture_sums(work);
            n_aside += ki_work_cost(work) < ki_work_real_cost(work);
        }
        ki_aside_end(&f.aside, work);
        work_fixture_sums(work);
        assert_int_equal(ki_work_cost(work), ki_work_real_cost(work));
        work_fixture_close(&f.at);
    }
    assert_true(n_aside > N_STEPS);
}

enum { N_TRIPS = 3, A_TRIP = 20, MEAN = 42, MOST = 700, CAPACITY = A_TRIP * MEAN };

/* Between points in a square, along its sides; in no time. */
static void set_ways(ki_model *model, ki_rng *rng) {
    ki_travel *travel = &model->travels[model->types->travel];
    int32_t x[3 * N_TRIPS * A_TRIP + 10], y[3 * N_TRIPS * A_TRIP + 10];
    assert_true(travel->n <= (int32_t)(sizeof x / sizeof *x));
    for (int32_t point = 0; point < travel->n; point++) {
        x[point] = random_in(rng, 0, 100000);
        y[point] = random_in(rng, 0, 100000);
    }
    for (int32_t from = 0; from < travel->n; from++)
        for (int32_t to = 0; to < travel->n; to++) {
            size_t cell = (size_t)from * (size_t)travel->n + (size_t)to;
            travel->length_mm[cell] = abs(x[from] - x[to]) + abs(y[from] - y[to]);
            travel->time_ms[cell] = 0;
        }
}

/* Many light ones and a few heavy ones, as streets have. */
static int64_t draw_demand(ki_rng *rng) {
    int64_t demand = random_in(rng, 1, 30);
    return demand == 30 ? 600 : demand == 29 ? 300 : demand;
}

/* One vehicle, whose trips may all be full to the last kilogram if `room` is nothing. */
static ki_model *full_model(uint64_t seed, int64_t room) {
    ki_rng rng;
    ki_model *model = plain_model_new(seed, N_TRIPS * A_TRIP, A_TRIP);
    ki_rng_seed(&rng, seed, 3);
    model->types->capacity[0] = CAPACITY + room;
    model->types->n_shifts = 1;
    for (int32_t trip = 0; trip < N_TRIPS; trip++) {
        int64_t *first = &model->demand[(size_t)(trip * A_TRIP) * KI_MAX_DIMS], left;
        do {
            left = CAPACITY;
            for (int32_t n = 1; n < A_TRIP; n++)
                left -= first[n * KI_MAX_DIMS] = draw_demand(&rng);
        } while (left < 1 || left > MOST);
        *first = left;
    }
    set_ways(model, &rng);
    return model;
}

/* The trips that the model was made of. */
static void set_trips(ki_work *work) {
    ki_stop stops[N_TRIPS * (A_TRIP + 1)];
    int32_t n_stops = 0;
    ki_work_clear(work);
    for (int32_t task = 0; task < work->model->n_tasks; task++) {
        stops[n_stops++] = (ki_stop){.task = task, .mode = work->model->tasks[task].first_mode};
        if (task % A_TRIP == A_TRIP - 1)
            stops[n_stops++] = (ki_stop){.task = KI_TIP, .mode = work->model->types->first_tip};
    }
    assert_true(ki_work_set_as_is(work, 0, 0, stops, n_stops));
    ki_work_keep(work);
    assert_int_equal(work->n_absent, 0);
}

static void it_pays_where_trips_have_no_room_for_half_a_task(void **state) {
    (void)state;
    static const struct {
        int64_t room;
        int pays;
    } cases[] = {{0, 1}, {MEAN / 2 - 1, 1}, {MEAN / 2 + 1, 0}, {CAPACITY, 0}};
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        fixture f;
        open_fixture(&f, full_model(1, cases[index].room), 1);
        set_trips(&f.at.work);
        assert_int_equal(ki_aside_pays(&f.at.work), cases[index].pays);
        ki_work_clear(&f.at.work);
        assert_false(ki_aside_pays(&f.at.work)); /* no trip at all */
        work_fixture_close(&f.at);
    }
}

/* Cost of the best state that serves all. */
static int64_t best_of_run(uint64_t seed, int is_aside) {
    fixture f;
    open_fixture(&f, full_model(seed, MEAN / 4), seed);
    ki_work *work = &f.at.work;
    set_trips(work);
    int64_t best_nano = work->routes_nano;
    double temperature = (double)(work->routes_nano / work->model->n_tasks);
    if (is_aside) ki_aside_begin(&f.aside, work);
    for (int n = 0; n < LONG_STEPS; n++) {
        temperature *= 0.99908; /* to a hundredth */
        step(&f, temperature);
        if (work->n_absent == 0 && work->routes_nano < best_nano) best_nano = work->routes_nano;
    }
    work_fixture_close(&f.at);
    return best_nano;
}

static void full_trips_come_out_cheaper_than_with_real_prices(void **state) {
    (void)state;
    int n_better = 0, n_worse = 0;
    double ratios = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        int64_t with_nano = best_of_run(seed, 1), without_nano = best_of_run(seed, 0);
        n_better += with_nano < without_nano;
        n_worse += with_nano > without_nano;
        ratios += (double)with_nano / (double)without_nano;
    }
    print_message("%d cheaper, %d dearer, %.4f in the mean\n", n_better, n_worse, ratios / N_SEEDS);
    assert_true(n_better > n_worse);
    assert_true(ratios < 0.998 * N_SEEDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_hold_in_every_step_and_prices_are_real_behind_it),
        cmocka_unit_test(it_pays_where_trips_have_no_room_for_half_a_task),
        cmocka_unit_test(full_trips_come_out_cheaper_than_with_real_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
