/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sets found among random trips against all sets, weighed one by one. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "base/rng.h"
#include "master/subset_rows.h"

#include <string.h>

enum { N_TASKS = 9, N_TRIPS = 12, MOST_IN_A_TRIP = 5, N_SEEDS = 400, MOST_NEW = 16 };

typedef struct drawn {
    int32_t first[N_TRIPS + 1], rows[N_TRIPS * MOST_IN_A_TRIP];
    double values[N_TRIPS];
} drawn;

static int32_t below(ki_rng *rng, uint32_t n) {
    return (int32_t)ki_rng_below(rng, n);
}

static void draw(drawn *made, ki_rng *rng) {
    made->first[0] = 0;
    for (int32_t trip = 0; trip < N_TRIPS; trip++) {
        int32_t n = made->first[trip], last = n + 1 + below(rng, MOST_IN_A_TRIP);
        for (; n < last; n++)
            made->rows[n] = below(rng, N_TASKS);
        made->first[trip + 1] = n;
        made->values[trip] = (1 + below(rng, 4)) * 0.1;
    }
}

static double weight_of(const drawn *made, int32_t a, int32_t b, int32_t c) {
    double weight = 0;
    for (int32_t trip = 0; trip < N_TRIPS; trip++) {
        int32_t visits = 0;
        for (int32_t at = made->first[trip]; at < made->first[trip + 1]; at++)
            visits += made->rows[at] == a || made->rows[at] == b || made->rows[at] == c;
        weight += made->values[trip] * (visits / 2);
    }
    return weight;
}

static double most_violated(const drawn *made) {
    double most = 0;
    for (int32_t a = 0; a < N_TASKS; a++)
        for (int32_t b = a + 1; b < N_TASKS; b++)
            for (int32_t c = b + 1; c < N_TASKS; c++) {
                double weight = weight_of(made, a, b, c);
                if (weight > most) most = weight;
            }
    return most;
}

static int repeats(const drawn *made) {
    for (int32_t trip = 0; trip < N_TRIPS; trip++)
        for (int32_t a = made->first[trip]; a < made->first[trip + 1]; a++)
            for (int32_t b = made->first[trip]; b < a; b++)
                if (made->rows[a] == made->rows[b]) return 1;
    return 0;
}

static void sets_found_are_violated_and_none_is_missed(void **state) {
    (void)state;
    int n_found = 0, n_none = 0;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        ki_rng rng;
        drawn made;
        uint64_t of_row[N_TASKS] = {0};
        ki_subset_rows sets = {.of_row = of_row};
        ki_rng_seed(&rng, seed, 1);
        draw(&made, &rng);
        ki_subset_trips trips = {made.first, made.rows, made.values, N_TRIPS, N_TASKS};
        assert_int_equal(ki_subset_rows_separate(&sets, &trips, MOST_NEW, NULL), KERB_OK);
        assert_true(sets.n <= MOST_NEW);
        for (int32_t set = 0; set < sets.n; set++) {
            const int32_t *rows = sets.rows[set];
            assert_true(rows[0] < rows[1] && rows[1] < rows[2]);
            assert_true(weight_of(&made, rows[0], rows[1], rows[2]) > 1.0001);
            for (int member = 0; member < KI_SUBSET_TASKS; member++)
                assert_true(of_row[rows[member]] >> set & 1);
            for (int32_t other = 0; other < set; other++)
                assert_memory_not_equal(rows, sets.rows[other], sizeof sets.rows[set]);
        }
        /* Of trips that repeat a task not all sets are looked for. */
        if (!repeats(&made) && most_violated(&made) > 1.06) assert_true(sets.n > 0);
        n_found += sets.n > 0;
        n_none += sets.n == 0;
    }
    assert_true(n_found > 20 && n_none > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_found_are_violated_and_none_is_missed),
    };
    return cmocka_run_group_tests_name("subset rows", tests, NULL, NULL);
}
