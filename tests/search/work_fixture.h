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
#endif
