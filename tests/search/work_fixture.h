/* SPDX-License-Identifier: GPL-3.0-or-later
 * work_fixture.h - a model with a first solution, and what moves need to change it. */
#ifndef KERB_TEST_WORK_FIXTURE_H
#define KERB_TEST_WORK_FIXTURE_H
#include "route/random_model.h"
#include "search/trips.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct work_fixture {
    ki_model *model; /* owned */
    ki_work work;
    ki_ruin ruin;
    ki_trips trips;
    ki_rng rng;
} work_fixture;

static inline void work_fixture_open(work_fixture *f, ki_model *model, uint64_t seed) {
    kerb_error err;
    f->model = model;
    assert_int_equal(ki_work_init(&f->work, f->model, &err), KERB_OK);
    assert_int_equal(ki_ruin_init(&f->ruin, &f->work, &err), KERB_OK);
    assert_int_equal(ki_trips_init(&f->trips, &f->work, &err), KERB_OK);
    assert_int_equal(ki_work_find_neighbours(&f->work, 100, &err), KERB_OK);
    ki_rng_seed(&f->work.rng, seed, 1);
    ki_ruin_construct(&f->ruin, &f->work);
    ki_work_keep(&f->work);
}

static inline void work_fixture_close(work_fixture *f) {
    ki_work_free(&f->work);
    random_model_free(f->model);
}

/* Costs are what they come to when added up from nothing; no price is above its prize. */
static inline void work_fixture_sums(const ki_work *work) {
    int64_t routes_nano = 0, absent_nano = 0, real_nano = 0;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        ki_stop stops[200];
        const ki_line *line = &work->slots[slot].now;
        if (!line->n_nodes) continue;
        ki_route route = {line->type, ki_line_stops(line, stops), stops};
        ki_route_value value;
        ki_route_evaluate(work->model, &route, &value, NULL);
        assert_true(value.feasible);
        routes_nano += value.cost_nano;
    }
    for (int32_t task = 0; task < work->model->n_tasks; task++) {
        if (work->where[task] >= 0) continue;
        absent_nano += ki_work_left_out(work, task);
        real_nano += ki_cost_left_out(work->model, task);
        assert_true(ki_work_left_out(work, task) <= ki_cost_left_out(work->model, task));
    }
    assert_int_equal(work->routes_nano, routes_nano);
    assert_int_equal(work->absent_nano, absent_nano);
    assert_int_equal(ki_work_real_cost(work), routes_nano + real_nano);
}
#endif
