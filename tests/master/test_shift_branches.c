/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is proved by whole numbers of shifts and trips, against all whole numbers of a separable
 * convex cost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "master/shift_branches.h"

#include <math.h>
#include <string.h>

enum { MOST_TYPES = 3, MOST_TRIPS = 2, MOST_SHIFTS = 4, MOST_COUNTS = MOST_TYPES + 1 + MOST_TRIPS };

/* Each type costs least at best[0] shifts and slope[0] or slope[1] for each away from there; so do
 * all together, and trips. The relaxation is solved on a grid. */
typedef struct cost {
    int32_t n, n_trips;
    double best[MOST_COUNTS];
    int64_t slope[MOST_COUNTS][2], least;
    int n_asked, is_lazy; /* lazy: answers no more than is asked for */
} cost;

static double part(const cost *of, int32_t at, double count) {
    double apart = count - of->best[at];
    return apart < 0 ? -apart * (double)of->slope[at][0] : apart * (double)of->slope[at][1];
}

static double cost_at(const cost *of, const double *count) {
    double total = (double)of->least, all = 0;
    for (int32_t type = 0; type < of->n; type++) {
        total += part(of, type, count[type]);
        all += count[type];
    }
    for (int32_t trips = of->n + 1; trips <= of->n + of->n_trips; trips++)
        total += part(of, trips, count[trips]);
    return total + part(of, of->n, all);
}

/* Trips do not touch each other nor shifts: each has its own least. */
static void add_trips(const cost *of, const int32_t *least, const int32_t *most, int parts,
                      double *here) {
    for (int32_t trips = of->n + 1; trips <= of->n + of->n_trips; trips++) {
        here[trips] = least[trips];
        for (int step = least[trips] * parts; step <= most[trips] * parts; step++)
            if (part(of, trips, (double)step / parts) < part(of, trips, here[trips]))
                here[trips] = (double)step / parts;
    }
}

/* The least over a grid with so many points between two whole numbers; 0: there is none. */
static int minimise(const cost *of, const int32_t *least, const int32_t *most, int parts,
                    double *value, double *used) {
    int count[MOST_TYPES] = {0}, found = 0;
    for (int at = 0; at < of->n; at++)
        count[at] = least[at] * parts;
    double trips[MOST_COUNTS] = {0};
    add_trips(of, least, most, parts, trips);
    for (;;) {
        double here[MOST_COUNTS] = {0};
        for (int at = 0; at < of->n; at++) {
            here[at] = (double)count[at] / parts;
            here[of->n] += here[at];
        }
        memcpy(here + of->n + 1, trips + of->n + 1, sizeof(double) * (size_t)of->n_trips);
        double total = cost_at(of, here);
        if (here[of->n] >= least[of->n] && here[of->n] <= most[of->n] &&
            (!found || total < *value)) {
            *value = total;
            if (used) memcpy(used, here, sizeof(double) * (size_t)(of->n + 1 + of->n_trips));
            found = 1;
        }
        int at = 0;
        while (at < of->n && ++count[at] > most[at] * parts)
            count[at] = least[at] * parts, at++;
        if (at == of->n) return found;
    }
}

static kerb_status prove(void *payload, const int32_t *least, const int32_t *most,
                         int64_t enough_nano, int64_t *bound_nano, double *used) {
    cost *of = payload;
    double value;
    of->n_asked++;
    assert_true(minimise(of, least, most, 10, &value, used));
    *bound_nano = (int64_t)floor(value);
    if (of->is_lazy && *bound_nano > enough_nano) *bound_nano = enough_nano;
    return KERB_OK;
}

static cost random_cost(ki_rng *rng) {
    cost of = {.n = 1 + (int32_t)ki_rng_below(rng, MOST_TYPES),
               .n_trips = (int32_t)ki_rng_below(rng, MOST_TRIPS + 1),
               .least = (int64_t)ki_rng_below(rng, 100000) - 50000,
               .is_lazy = (int)ki_rng_below(rng, 2)};
    for (int32_t at = 0; at <= of.n + of.n_trips; at++) {
        of.best[at] = (double)ki_rng_below(rng, MOST_SHIFTS * 10 + 1) / 10;
        of.slope[at][0] = (int64_t)ki_rng_below(rng, 9000);
        of.slope[at][1] = (int64_t)ki_rng_below(rng, 9000);
    }
    return of;
}

static void the_bound_is_the_least_over_whole_numbers(void **state) {
    (void)state;
    ki_rng rng;
    int n_exact = 0;
    ki_rng_seed(&rng, 7, 1);
    for (int round = 0; round < 1000; round++) {
        cost of = random_cost(&rng);
        int32_t least[MOST_COUNTS] = {0}, most[MOST_COUNTS] = {0};
        double used[MOST_COUNTS], relaxed, whole;
        for (int32_t type = 0; type < of.n; type++)
            most[type] = MOST_SHIFTS, most[of.n] += MOST_SHIFTS;
        for (int32_t trips = of.n + 1; trips <= of.n + of.n_trips; trips++)
            most[trips] = MOST_SHIFTS;
        assert_true(minimise(&of, least, most, 10, &relaxed, used));
        assert_true(minimise(&of, least, most, 1, &whole, NULL));
        ki_shift_branches branches = {.n = of.n,
                                      .n_trips = of.n_trips,
                                      .least = least,
                                      .most = most,
                                      .used = used,
                                      .max_proofs = round % 2 ? 400 : 6,
                                      .prove = prove,
                                      .payload = &of};
        int64_t bound = (int64_t)floor(relaxed);
        assert_int_equal(ki_shift_branches_run(&branches, &bound, NULL), KERB_OK);
        assert_true(bound >= (int64_t)floor(relaxed));
        assert_true((double)bound <= floor(whole));
        assert_true(of.n_asked <= branches.max_proofs);
        if (round % 2) assert_true((double)bound == floor(whole));
        n_exact += round % 2 == 0 && (double)bound == floor(whole);
    }
    assert_true(n_exact > 200); /* of 500: six proofs go far */
}

static void whole_numbers_and_no_count_ask_for_nothing(void **state) {
    (void)state;
    static const double none[] = {3, 3.0000001, 2.9999999, 0, -1, NAN, 1e300};
    static const int32_t least[] = {0, 0}, most[] = {9, 9};
    cost of = {.n = 1};
    int64_t bound = 5;
    for (size_t at = 0; at < sizeof none / sizeof *none; at++) {
        double used[] = {none[at], none[at]};
        ki_shift_branches branches = {1, 0, least, most, used, 10, prove, &of};
        assert_int_equal(ki_shift_branches_run(&branches, &bound, NULL), KERB_OK);
    }
    assert_int_equal(of.n_asked, 0);
    assert_int_equal(bound, 5);
}

static kerb_status refuse(void *payload, const int32_t *least, const int32_t *most,
                          int64_t enough_nano, int64_t *bound_nano, double *used) {
    (void)payload, (void)least, (void)most, (void)enough_nano, (void)bound_nano, (void)used;
    return KERB_NO_MEMORY;
}

static void a_failure_is_passed_on(void **state) {
    (void)state;
    static const int32_t least[] = {0, 0}, most[] = {9, 9};
    static const double used[] = {1.5, 1.5};
    ki_shift_branches branches = {1, 0, least, most, used, 10, refuse, NULL};
    int64_t bound = 5;
    assert_int_equal(ki_shift_branches_run(&branches, &bound, NULL), KERB_NO_MEMORY);
    assert_int_equal(bound, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_is_the_least_over_whole_numbers),
        cmocka_unit_test(whole_numbers_and_no_count_ask_for_nothing),
        cmocka_unit_test(a_failure_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
