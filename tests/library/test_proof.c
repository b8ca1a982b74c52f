/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small district is proved to be optimal: the plan says so, the search ends long before its time,
 * and the count on the plan repeats it, on any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kerbside.h"

#include <string.h>
#include <time.h>

#define RELEASE KERB_TEST_DATA "/releases/0.1.0/"
enum { LIMIT_S = 90, SOON_S = 60 };

typedef struct answer {
    kerb_plan_totals totals;
    uint8_t *bytes;
    size_t n_bytes;
} answer;

static void solve(answer *out, const kerb_options *options) {
    kerb_error err = {0};
    kerb_roads *roads;
    kerb_model *model;
    kerb_plan *plan;
    char *problem;
    size_t n_problem;
    assert_int_equal(kerb_roads_load(&roads, RELEASE "town.osm.gz", &err), KERB_OK);
    assert_int_equal(
        kerb_file_read(&problem, &n_problem, RELEASE "matrix.problem.pb", 1 << 24, &err), KERB_OK);
    assert_int_equal(kerb_model_unpack(&model, roads, (const uint8_t *)problem, n_problem, &err),
                     KERB_OK);
    assert_int_equal(kerb_model_seal(model, options, &err), KERB_OK);
    assert_int_equal(kerb_plan_solve(&plan, model, options, &err), KERB_OK);
    kerb_plan_get_totals(plan, &out->totals);
    assert_int_equal(kerb_plan_pack(plan, &out->bytes, &out->n_bytes, &err), KERB_OK);
    kerb_plan_free(plan);
    kerb_model_free(model);
    kerb_buffer_free(problem);
    kerb_roads_free(roads);
}

static void a_proof_ends_the_search_and_its_count_repeats_it(void **state) {
    (void)state;
    answer timed, counted;
    kerb_options options = {.seed = 7, .time_s = LIMIT_S, .threads = 2};
    time_t began = time(NULL);
    solve(&timed, &options);
    assert_true(time(NULL) - began < SOON_S);
    assert_true(timed.totals.proved_optimal);
    assert_false(timed.totals.stopped);
    assert_true(timed.totals.gap_percent < 1e-4);
    options = (kerb_options){.seed = 7, .iterations = timed.totals.iterations, .threads = 1};
    solve(&counted, &options);
    assert_int_equal(counted.n_bytes, timed.n_bytes);
    assert_memory_equal(counted.bytes, timed.bytes, timed.n_bytes);
    kerb_buffer_free(timed.bytes);
    kerb_buffer_free(counted.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_ends_the_search_and_its_count_repeats_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
