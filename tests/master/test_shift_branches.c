/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is proved by whole numbers of shifts, against a convex cost of their count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "master/shift_branches.h"

#include <math.h>

/* slope[0] a shift below `best`, slope[1] above. */
typedef struct cost {
    double best;
    int64_t slope[2], least;
    int n_asked;
} cost;

static int64_t cost_at(const cost *of, double count) {
    double slope = (double)(count < of->best ? of->slope[0] : of->slope[1]);
    double apart = count < of->best ? of->best - count : count - of->best;
    return of->least + (int64_t)(slope * apart);
}

static kerb_status prove(void *payload, int32_t least, int32_t most, int64_t enough_nano,
                         int64_t *bound_nano) {
    cost *of = payload;
    of->n_asked++;
    assert_true((least < 0) != (most < 0));
    *bound_nano = cost_at(of, least < 0 ? most : least);
    if (*bound_nano > enough_nano) *bound_nano = enough_nano;
    return KERB_OK;
}

static void the_bound_is_the_least_over_whole_numbers(void **state) {
    (void)state;
    ki_rng rng;
    ki_rng_seed(&rng, 7, 1);
    for (int round = 0; round < 1000; round++) {
        cost of = {.best = (double)ki_rng_below(&rng, 5000) / 1000,
                   .slope = {ki_rng_below(&rng, 9000), ki_rng_below(&rng, 9000)},
                   .least = (int64_t)ki_rng_below(&rng, 100000) - 50000};
        int64_t bound = of.least, expected = INT64_MAX;
        for (int32_t count = 0; count < 8; count++)
            if (cost_at(&of, count) < expected) expected = cost_at(&of, count);
        assert_int_equal(ki_shift_branches(of.best, prove, &of, &bound), KERB_OK);
        if (of.n_asked == 0) expected = of.least; /* as good as whole */
        assert_int_equal(bound, expected);
    }
}

static void a_whole_number_and_no_count_ask_for_nothing(void **state) {
    (void)state;
    static const double none[] = {3, 3.0000001, 2.9999999, 0, -1, NAN, 1e300};
    cost of = {0};
    int64_t bound = 5;
    for (size_t at = 0; at < sizeof none / sizeof *none; at++)
        assert_int_equal(ki_shift_branches(none[at], prove, &of, &bound), KERB_OK);
    assert_int_equal(of.n_asked, 0);
    assert_int_equal(bound, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_is_the_least_over_whole_numbers),
        cmocka_unit_test(a_whole_number_and_no_count_ask_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
