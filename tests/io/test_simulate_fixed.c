/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fixed rounds on all days of the week, or on a few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/simulate_fixed.h"

#include <string.h>

enum { N = 60, CYCLE_DAYS = 84 /* every period divides it */ };

typedef struct city {
    kerb_container containers[N];
    ki_bin bins[N];
    ki_draft draft;
    ki_world world;
    ki_arena arena;
    ki_pattern *patterns;
} city;

static city made;

/* Rates from low to high, a day. */
static void build(double low, double high, double interval_days) {
    memset(&made, 0, sizeof made);
    for (int at = 0; at < N; at++) {
        made.containers[at] = (kerb_container){.id = "C",
                                               .site_id = "S",
                                               .stream = KERB_STREAM_RESIDUAL,
                                               .max_interval_days = interval_days};
        made.bins[at].rate_per_day = low + (high - low) * at / (N - 1);
        for (int weekday = 0; weekday < 7; weekday++)
            made.bins[at].weekday[weekday] = 1;
    }
    made.draft.containers = made.containers;
    made.draft.n_containers = N;
    made.world = (ki_world){.draft = &made.draft, .bins = made.bins};
}

static void lay_rounds(int32_t collection_days) {
    assert_int_equal(ki_patterns_make(&made.patterns, &made.arena, &made.draft, &made.world,
                                      KI_FIXED_LOSS, collection_days, NULL),
                     KERB_OK);
}

static int days_of_week(int32_t at) {
    int seen[7] = {0}, n = 0;
    for (int32_t day = 0; day < CYCLE_DAYS; day++)
        seen[day % 7] |= ki_pattern_due(&made.patterns[at], day);
    for (int weekday = 0; weekday < 7; weekday++)
        n += seen[weekday];
    return n;
}

static int in_use(void) {
    int seen[7] = {0}, n = 0;
    for (int32_t at = 0; at < N; at++)
        for (int32_t day = 0; day < CYCLE_DAYS; day++)
            seen[day % 7] |= ki_pattern_due(&made.patterns[at], day);
    for (int weekday = 0; weekday < 7; weekday++)
        n += seen[weekday];
    return n;
}

static int32_t longest_gap(int32_t at) {
    int32_t longest = 0, last = -1;
    for (int32_t day = 0; day < 2 * CYCLE_DAYS; day++) {
        if (!ki_pattern_due(&made.patterns[at], day)) continue;
        if (last >= 0 && day - last > longest) longest = day - last;
        last = day;
    }
    return longest;
}

static void slow_containers_need_no_more_days_than_trucks_go_out(void **state) {
    (void)state;
    for (int32_t days = 1; days <= 7; days++) {
        build(0.02, 0.1, 0);
        lay_rounds(days);
        assert_int_equal(in_use(), days); /* and use each, so that days are alike */
        ki_arena_free(&made.arena);
    }
}

/* Emptied when they would be full at the latest, on whatever days. */
static void a_container_is_emptied_before_it_is_full_at_its_mean_rate(void **state) {
    (void)state;
    for (int32_t days = 1; days <= 7; days++) {
        build(0.05, 0.9, 0);
        lay_rounds(days);
        for (int32_t at = 0; at < N; at++)
            if (longest_gap(at) * made.bins[at].rate_per_day > 1)
                fail_msg("%d days: rate %g, a gap of %d", (int)days, made.bins[at].rate_per_day,
                         (int)longest_gap(at));
        ki_arena_free(&made.arena);
    }
}

static void who_needs_more_days_shares_those_of_the_others(void **state) {
    (void)state;
    build(0.05, 0.3, 0);
    lay_rounds(2);
    assert_int_equal(days_of_week(0), 1);
    assert_true(days_of_week(N - 1) > 2);
    for (int32_t at = 0; at < N; at++)
        for (int32_t day = 0; days_of_week(at) <= 2 && day < CYCLE_DAYS; day++)
            if (ki_pattern_due(&made.patterns[at], day)) assert_true(day % 7 == 0 || day % 7 == 3);
    for (int32_t day = 0; day <= 3; day += 3)
        assert_true(ki_pattern_due(&made.patterns[N - 1], day));
    ki_arena_free(&made.arena);
}

static void a_longest_interval_is_kept(void **state) {
    (void)state;
    for (int32_t interval = 1; interval <= 28; interval++)
        for (int32_t days = 1; days <= 7; days++) {
            build(0.01, 0.1, interval);
            lay_rounds(days);
            for (int32_t at = 0; at < N; at++)
                assert_true(longest_gap(at) <= interval);
            ki_arena_free(&made.arena);
        }
}

static void days_of_the_past_are_as_those_to_come(void **state) {
    (void)state;
    build(0.02, 0.5, 0);
    lay_rounds(3);
    for (int32_t at = 0; at < N; at++)
        for (int32_t day = 0; day < 28; day++)
            assert_int_equal(ki_pattern_due(&made.patterns[at], day - CYCLE_DAYS),
                             ki_pattern_due(&made.patterns[at], day));
    ki_arena_free(&made.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_containers_need_no_more_days_than_trucks_go_out),
        cmocka_unit_test(a_container_is_emptied_before_it_is_full_at_its_mean_rate),
        cmocka_unit_test(who_needs_more_days_shares_those_of_the_others),
        cmocka_unit_test(a_longest_interval_is_kept),
        cmocka_unit_test(days_of_the_past_are_as_those_to_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
