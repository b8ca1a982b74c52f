/* SPDX-License-Identifier: GPL-3.0-or-later
 * Squeezing keeps all sums with prices of its own, leaves real ones behind, and finds the packing
 * with one vehicle fewer that putting tasks in one by one does not. */
#include "search/squeeze.h"

#include "base/error.h"
#include "search/plain_model.h"
#include "search/search.h"
#include "search/work_fixture.h"

enum { N_MODELS = 60, N_STEPS = 300 };

typedef struct fixture {
    work_fixture at;
    ki_squeeze squeeze;
} fixture;

static void open_fixture(fixture *f, ki_model *model, uint64_t seed) {
    kerb_error err;
    work_fixture_open(&f->at, model, seed);
    assert_int_equal(ki_squeeze_init(&f->squeeze, &f->at.work, &err), KERB_OK);
}

static ki_model *random_mixed(uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 17);
    random_model_options options = random_options(seed, random_in(&rng, 10, 40), &rng);
    options.n_types = random_in(&rng, 1, 3);
    options.n_shifts = 4;
    options.shared = 0;
    ki_model *model = random_model_new(&options);
    for (int32_t type = 0; type < model->n_types; type++)
        model->types[type].used_nano *= 50;
    return model;
}

static void sums_hold_in_every_step_and_prices_are_real_behind_it(void **state) {
    (void)state;
    int n_better = 0, n_begun = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; seed++) {
        fixture f;
        open_fixture(&f, random_mixed(seed), seed);
        int64_t best_nano = ki_work_real_cost(&f.at.work);
        if (ki_squeeze_pays(&f.at.work)) {
            n_begun++;
            ki_squeeze_begin(&f.squeeze, &f.at.work);
        }
        for (int step = 0; step < N_STEPS && f.squeeze.is_on; step++) {
            int is_better = ki_squeeze_step(&f.squeeze, &f.at.work, &f.at.ruin, &f.at.trips);
            work_fixture_sums(&f.at.work);
            assert_int_equal(is_better, ki_work_real_cost(&f.at.work) < best_nano);
            if (is_better) best_nano = ki_work_real_cost(&f.at.work);
            n_better += is_better;
            ki_squeeze_is_hopeless(&f.squeeze, &f.at.work);
        }
        ki_squeeze_end(&f.squeeze, &f.at.work);
        work_fixture_sums(&f.at.work);
        assert_int_equal(ki_work_cost(&f.at.work), ki_work_real_cost(&f.at.work));
        for (int32_t type = 0; type < f.at.model->n_types; type++)
            assert_int_equal(ki_work_may_open(&f.at.work, type),
                             f.at.work.n_used[type] < f.at.model->types[type].n_shifts);
        work_fixture_close(&f.at);
    }
    assert_true(n_begun > N_MODELS / 4);
    assert_true(n_better > 5);
}

/* Four vehicles full to the last kilogram; the packing is found again from the tasks alone. */
static void vehicles_that_must_be_full_are_filled(void **state) {
    enum { N_VEHICLES = 4, A_VEHICLE = 6, CAPACITY = 100 };
    (void)state;
    int n_found = 0, n_more_before = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fixture f;
        ki_rng rng;
        ki_model *model = plain_model_new(seed, N_VEHICLES * A_VEHICLE, A_VEHICLE);
        ki_rng_seed(&rng, seed, 3);
        model->types->capacity[0] = CAPACITY;
        model->types->used_nano = INT64_C(1000000000);
        for (int32_t task = 0; task < model->n_tasks; task++) {
            int64_t *demand = &model->demand[(size_t)task * KI_MAX_DIMS];
            int is_last = task % A_VEHICLE == A_VEHICLE - 1;
            *demand = is_last ? CAPACITY : random_in(&rng, 12, 20);
            for (int32_t other = task - A_VEHICLE + 1; is_last && other < task; other++)
                *demand -= model->demand[(size_t)other * KI_MAX_DIMS];
        }
        open_fixture(&f, model, seed);
        n_more_before += ki_work_n_used(&f.at.work) > N_VEHICLES;
        if (ki_work_n_used(&f.at.work) > N_VEHICLES) ki_squeeze_begin(&f.squeeze, &f.at.work);
        for (int step = 0;
             step < 3000 && f.squeeze.is_on && ki_work_n_used(&f.at.work) >= N_VEHICLES; step++)
            if (ki_squeeze_step(&f.squeeze, &f.at.work, &f.at.ruin, &f.at.trips) &&
                ki_work_n_used(&f.at.work) == N_VEHICLES) {
                assert_int_equal(f.at.work.n_absent, 0);
                n_found++;
                break;
            }
        work_fixture_close(&f.at);
    }
    assert_true(n_more_before >= 15);
    assert_true(n_found * 10 >= n_more_before * 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_hold_in_every_step_and_prices_are_real_behind_it),
        cmocka_unit_test(vehicles_that_must_be_full_are_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
