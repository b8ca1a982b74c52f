/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reports are believed, what a sensor's history says of its health, who is selected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../demand/history.h"

static void each_kind_of_bad_report_is_counted_by_its_reason(void **state) {
    (void)state;
    static const struct {
        kerb_report report;
        ki_reject expected;
    } CASES[] = {
        {{.fill_ratio = 0.5, .mass_kg = NAN}, KI_REJECT_NONE},
        {{.fill_ratio = 0, .mass_kg = NAN}, KI_REJECT_NONE},
        {{.fill_ratio = 1, .mass_kg = NAN, .trust_ratio = 0.9}, KI_REJECT_NONE},
        {{.fill_ratio = NAN, .mass_kg = 40}, KI_REJECT_NONE},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .alarm = "lidOpen"}, KI_REJECT_NONE},
        {{.fill_ratio = 1.7, .mass_kg = NAN}, KI_REJECT_RANGE},
        {{.fill_ratio = -0.1, .mass_kg = NAN}, KI_REJECT_RANGE},
        {{.fill_ratio = INFINITY, .mass_kg = NAN}, KI_REJECT_RANGE},
        {{.fill_ratio = 0.5, .mass_kg = 5000}, KI_REJECT_RANGE},
        {{.fill_ratio = 0.5, .mass_kg = -1}, KI_REJECT_RANGE},
        {{.fill_ratio = NAN, .mass_kg = NAN}, KI_REJECT_EMPTY},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .trust_ratio = 0.1}, KI_REJECT_TRUST},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .trust_ratio = 2}, KI_REJECT_TRUST},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .alarm = "stuck_value"}, KI_REJECT_FLAGGED},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .measured_s = HOUR_S}, KI_REJECT_FUTURE},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .received_s = HOUR_S}, KI_REJECT_FUTURE},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .measured_s = -NOW_S}, KI_REJECT_RANGE},
        {{.fill_ratio = 0.5, .mass_kg = NAN, .container_id = "?"}, KI_REJECT_UNKNOWN_CONTAINER},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        begin(state);
        kerb_container *container = add_container(KERB_STREAM_FOOD);
        earth.reports[0] = CASES[at].report;
        earth.reports[0].measured_s += NOW_S; /* relative in the table */
        earth.reports[0].received_s += NOW_S;
        if (!earth.reports[0].container_id) earth.reports[0].container_id = container->id;
        earth.n_reports = 1;
        assert_int_equal(forecast(NOW_S), KERB_OK);
        for (int reject = 1; reject < KI_N_REJECTS; reject++)
            assert_int_equal(earth.sorted.n_rejected[reject],
                             CASES[at].expected == (ki_reject)reject);
        assert_int_equal(earth.sorted.histories[0].n, CASES[at].expected == KI_REJECT_NONE);
        end(state);
    }
}

static void reports_are_sorted_by_time_and_the_last_word_on_an_instant_holds(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S - 1 * DAY_S, 0.3);
    add_report(container, NOW_S - 3 * DAY_S, 0.1);
    add_report(container, NOW_S - 2 * DAY_S, 0.25)->received_s = NOW_S - DAY_S;
    add_report(container, NOW_S - 2 * DAY_S, 0.2);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    const ki_history *history = &earth.sorted.histories[0];
    assert_int_equal(history->n, 3);
    assert_int_equal(history->readings[0].at_s, NOW_S - 3 * DAY_S);
    assert_true(fabs(history->readings[1].fill_ratio - 0.25) < 1e-12);
    assert_int_equal(history->n_rejected[KI_REJECT_DUPLICATE], 1);
}

static void one_wild_value_is_taken_out(void **state) {
    (void)state;
    static const struct {
        double fills[5];
        int64_t emptied_s; /* relative to now; 0: none */
        int n_left;
    } CASES[] = {
        {{0.50, 0.55, 0.00, 0.60, 0.65}, 0, 4},          /* a zero */
        {{0.20, 0.22, 1.00, 0.25, 0.27}, 0, 4},          /* a blind-zone spike */
        {{0.80, 0.85, 0.05, 0.10, 0.15}, 0, 5},          /* an emptying */
        {{0.20, 0.25, 0.30, 0.35, 0.95}, 0, 4},          /* the newest jumps: wait for the next */
        {{0.70, 0.72, 0.75, 0.80, 0.00}, 0, 5},          /* emptied just now, for all we know */
        {{0.70, 0.72, 0.75, 0.80, 0.00}, -9 * DAY_S, 4}, /* ... but it was not */
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        begin(state);
        kerb_container *container = add_container(KERB_STREAM_FOOD);
        if (CASES[at].emptied_s) container->last_emptied_s = NOW_S + CASES[at].emptied_s;
        for (int reading = 0; reading < 5; reading++)
            add_report(container, NOW_S - (4 - reading) * 6 * HOUR_S, CASES[at].fills[reading]);
        assert_int_equal(forecast(NOW_S), KERB_OK);
        assert_int_equal(earth.sorted.histories[0].n, CASES[at].n_left);
        assert_int_equal(earth.sorted.n_rejected[KI_REJECT_SPIKE], 5 - CASES[at].n_left);
        end(state);
    }
}

static void a_sensor_is_silent_after_four_of_its_own_intervals(void **state) {
    (void)state;
    static const struct {
        int64_t step_s, age_s;
        ki_health expected;
    } CASES[] = {{6 * HOUR_S, 30 * HOUR_S, KI_HEALTH_OK},
                 {6 * HOUR_S, 40 * HOUR_S, KI_HEALTH_SILENT},
                 {DAY_S, 3 * DAY_S, KI_HEALTH_OK},
                 {DAY_S, 5 * DAY_S, KI_HEALTH_SILENT},
                 {4 * (int64_t)DAY_S, 6 * DAY_S, KI_HEALTH_OK},
                 {4 * (int64_t)DAY_S, 8 * DAY_S, KI_HEALTH_SILENT}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        begin(state);
        kerb_container *container = add_container(KERB_STREAM_FOOD);
        for (int reading = 0; reading < 6; reading++)
            add_report(container, NOW_S - CASES[at].age_s - reading * CASES[at].step_s,
                       0.6 - 0.1 * reading);
        assert_int_equal(forecast(NOW_S), KERB_OK);
        assert_int_equal(earth.forecasts[0].health, CASES[at].expected);
        end(state);
    }
}

static void a_sensor_with_a_fifth_of_wild_values_is_wild(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    for (int reading = 0; reading < 12; reading++)
        add_report(container, NOW_S - reading * 6 * HOUR_S,
                   reading % 4 == 2 ? 1.4 : 0.5 - 0.01 * reading);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_WILD);
}

static void selection_follows_the_thresholds(void **state) {
    (void)state;
    kerb_district district = {.must_ratio = 0.85,
                              .may_ratio = 0.55,
                              .price_unserved_must = 600,
                              .price_overflow_per_day = 80};
    static const struct {
        double fill_ratio;
        kerb_force force;
        double interval_days;
        int64_t emptied_days; /* ago; 0: unknown */
        ki_choice choice;
        const char *reason;
    } CASES[] = {
        {0.85, KERB_FORCE_NONE, 0, 0, KI_MUST, "fill_above_must"},
        {0.849, KERB_FORCE_NONE, 0, 0, KI_MAY, "fill_above_may"},
        {0.55, KERB_FORCE_NONE, 0, 0, KI_MAY, "fill_above_may"},
        {0.549, KERB_FORCE_NONE, 0, 0, KI_SKIP, "fill_below_may"},
        {0.99, KERB_FORCE_OUT, 0, 0, KI_SKIP, "forced_out"},
        {0.01, KERB_FORCE_IN, 0, 0, KI_MUST, "forced_in"},
        {0.1, KERB_FORCE_NONE, 7, 6, KI_SKIP, "fill_below_may"},
        {0.1, KERB_FORCE_NONE, 6.5, 6, KI_MUST, "interval_due"},
        {0.1, KERB_FORCE_NONE, 7, 0, KI_MUST, "interval_due"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        kerb_container container = {.force = CASES[at].force,
                                    .max_interval_days = CASES[at].interval_days};
        ki_forecast given = {.fill_ratio = CASES[at].fill_ratio,
                             .fill_next_ratio = 1,
                             .first_report_s = KERB_NO_TIME,
                             .emptied_s = KERB_NO_TIME};
        if (CASES[at].emptied_days) given.emptied_s = NOW_S - CASES[at].emptied_days * DAY_S;
        ki_selection selected = ki_select(&district, &container, &given, NOW_S);
        assert_int_equal(selected.choice, CASES[at].choice);
        assert_string_equal(selected.reason, CASES[at].reason);
        double prize = selected.choice == KI_MUST ? 600 : selected.choice == KI_MAY ? 80 : 0;
        assert_true(fabs(selected.prize - prize) < 1e-9);
    }
}

static void the_prize_of_a_may_is_convex_in_tomorrows_fill(void **state) {
    (void)state;
    double before = 0, step_before = 0;
    for (int percent = 55; percent <= 145; percent++) {
        double days = ki_overflow_days(percent / 100.0, 0.55);
        assert_true(days - before >= step_before - 1e-12);
        step_before = days - before;
        before = days;
    }
    assert_true(fabs(ki_overflow_days(1, 0.55) - 1) < 1e-12);
    assert_true(ki_overflow_days(0.5, 0.55) <= 0);
    assert_true(ki_overflow_days(50, 0.55) <= 4);
}

static void weekdays_are_local(void **state) {
    (void)state;
    int64_t ends_s;
    assert_int_equal(ki_weekday(NOW_S, 0, &ends_s), 6); /* Sunday 20:00 in Greenwich */
    assert_int_equal(ends_s, NOW_S + 4 * HOUR_S);
    assert_int_equal(ki_weekday(NOW_S, 8 * HOUR_S, &ends_s), 0); /* Monday 04:00 in Beijing */
    assert_int_equal(ends_s, NOW_S + 20 * HOUR_S);
    assert_int_equal(ki_weekday(-1, 0, &ends_s), 2); /* Wednesday 1969-12-31 */
    assert_int_equal(ends_s, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(each_kind_of_bad_report_is_counted_by_its_reason),
        TEST(reports_are_sorted_by_time_and_the_last_word_on_an_instant_holds),
        TEST(one_wild_value_is_taken_out),
        TEST(a_sensor_is_silent_after_four_of_its_own_intervals),
        TEST(a_sensor_with_a_fifth_of_wild_values_is_wild),
        TEST(selection_follows_the_thresholds),
        TEST(the_prize_of_a_may_is_convex_in_tomorrows_fill),
        TEST(weekdays_are_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
