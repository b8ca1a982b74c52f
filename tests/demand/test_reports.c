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

static void a_sensor_with_a_quarter_of_values_out_of_range_is_called_so(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    for (int reading = 0; reading < 12; reading++)
        add_report(container, NOW_S - reading * 6 * HOUR_S,
                   reading % 4 == 2 ? 1.4 : 0.5 - 0.01 * reading);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_OVER_RANGE);
}

static void selection_follows_the_rules_in_their_order(void **state) {
    (void)state;
    kerb_district district = {.must_ratio = 0.85,
                              .may_ratio = 0.55,
                              .price_unserved_must = 600,
                              .price_overflow_per_day = 80};
    static const struct {
        double fill_ratio, next_ratio, sd_ratio;
        kerb_force force;
        double interval_days;
        int64_t emptied_days; /* ago; 0: unknown */
        ki_choice choice;
        const char *reason;
    } CASES[] = {
        {0.85, 0.87, 0, KERB_FORCE_NONE, 0, 0, KI_MUST, "fill_above_must"},
        {0.849, 0.87, 0, KERB_FORCE_NONE, 0, 0, KI_MAY, "fill_above_may"},
        {0.55, 0.8, 0, KERB_FORCE_NONE, 0, 0, KI_MAY, "fill_above_may"},
        {0.549, 0.8, 0, KERB_FORCE_NONE, 0, 0, KI_SKIP, "fill_below_may"},
        {0.4, 1.01, 0, KERB_FORCE_NONE, 0, 0, KI_MUST, "overflow_likely"},
        {0.4, 0.9, 0.05, KERB_FORCE_NONE, 0, 0, KI_SKIP, "fill_below_may"},
        {0.4, 0.9, 0.1, KERB_FORCE_NONE, 0, 0, KI_MUST, "overflow_likely"},
        {0.99, 1.5, 0, KERB_FORCE_OUT, 0, 0, KI_SKIP, "forced_out"},
        {0.01, 0.1, 0, KERB_FORCE_IN, 0, 0, KI_MUST, "forced_in"},
        {0.1, 0.2, 0, KERB_FORCE_NONE, 7, 6, KI_SKIP, "fill_below_may"},
        {0.1, 0.2, 0, KERB_FORCE_NONE, 6.5, 6, KI_MUST, "interval_due"},
        {0.1, 0.2, 0, KERB_FORCE_NONE, 7, 0, KI_MUST, "interval_due"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        kerb_container container = {.force = CASES[at].force,
                                    .max_interval_days = CASES[at].interval_days};
        ki_forecast given = {.fill_ratio = CASES[at].fill_ratio,
                             .fill_next_ratio = CASES[at].next_ratio,
                             .rate_per_day = CASES[at].next_ratio - CASES[at].fill_ratio,
                             .sd_ratio = CASES[at].sd_ratio,
                             .sd_next_ratio = CASES[at].sd_ratio,
                             .first_report_s = KERB_NO_TIME,
                             .emptied_s = KERB_NO_TIME};
        if (CASES[at].emptied_days) given.emptied_s = NOW_S - CASES[at].emptied_days * DAY_S;
        ki_selection selected = ki_select(&district, &container, &given, NOW_S, 10);
        assert_int_equal(selected.choice, CASES[at].choice);
        assert_string_equal(selected.reason, CASES[at].reason);
        if (selected.choice == KI_MUST) assert_true(fabs(selected.prize - 600) < 1e-9);
        if (selected.choice == KI_MAY) assert_true(selected.prize > 0 && selected.prize < 600);
        if (selected.choice == KI_SKIP) assert_true(fabs(selected.prize) < 1e-9);
    }
}

/* 60 % full, 15 a night: over the edge in three nights. */
static void what_overflows_before_the_next_round_is_a_must(void **state) {
    (void)state;
    kerb_district district = {.must_ratio = 1, .may_ratio = 0.9, .price_unserved_must = 600};
    kerb_container container = {0};
    ki_forecast given = {.fill_ratio = 0.6,
                         .fill_next_ratio = 0.75,
                         .rate_per_day = 0.15,
                         .sd_ratio = 0.005,
                         .sd_next_ratio = 0.005};
    for (int nights = 0; nights <= 7; nights++) {
        district.nights_to_next = nights;
        ki_selection selected = ki_select(&district, &container, &given, NOW_S, 10);
        assert_int_equal(selected.choice, nights < 3 ? KI_SKIP : KI_MUST);
    }
    container.max_interval_days = 5;
    given.emptied_s = NOW_S - 2 * DAY_S;
    given.rate_per_day = 0.01;
    given.fill_next_ratio = 0.61;
    for (int nights = 0; nights <= 7; nights++) {
        district.nights_to_next = nights;
        ki_selection selected = ki_select(&district, &container, &given, NOW_S, 10);
        assert_int_equal(selected.choice, nights <= 3 ? KI_SKIP : KI_MUST);
    }
}

static void the_chance_of_overflow_that_makes_a_must_is_the_districts(void **state) {
    (void)state;
    kerb_container container = {0};
    ki_forecast given = {.fill_ratio = 0.4,
                         .fill_next_ratio = 0.9, /* above 1 with 16 % */
                         .rate_per_day = 0.5,
                         .sd_ratio = 0.1,
                         .sd_next_ratio = 0.1};
    static const struct {
        double limit;
        ki_choice choice;
    } CASES[] = {{0, KI_MUST}, {0.1, KI_MUST}, {0.15, KI_MUST}, {0.17, KI_SKIP}, {0.5, KI_SKIP}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        kerb_district district = {
            .must_ratio = 0.95, .may_ratio = 0.55, .overflow_chance = CASES[at].limit};
        assert_int_equal(ki_select(&district, &container, &given, NOW_S, 10).choice,
                         CASES[at].choice);
        assert_int_equal(ki_nights_to_wait(&district, &given) == 0, CASES[at].choice == KI_MUST);
    }
}

static void a_may_is_worth_more_the_fuller_it_is_and_the_sooner_it_must_be_emptied(void **state) {
    (void)state;
    kerb_district district = {.must_ratio = 1, .may_ratio = 0.1, .price_overflow_per_day = 80};
    kerb_container container = {0};
    double before = 0;
    for (int percent = 10; percent <= 88; percent += 3) {
        ki_forecast given = {.fill_ratio = percent / 100.0,
                             .fill_next_ratio = percent / 100.0 + 0.1,
                             .rate_per_day = 0.1,
                             .sd_ratio = 0.005,
                             .sd_next_ratio = 0.005};
        ki_selection selected = ki_select(&district, &container, &given, NOW_S, 10);
        assert_int_equal(selected.choice, KI_MAY);
        assert_true(selected.prize > before);
        before = selected.prize;
        assert_true(ki_nights_to_wait(&district, &given) <= KI_LOOKAHEAD_NIGHTS);
        assert_true(ki_overflow_chance(&given, 1) <= ki_overflow_chance(&given, 2));
    }
    assert_true(before < 10 + 80 * KI_OVERFLOW_CHANCE);
}

/* ---- sensors that lie ------------------------------------------------------------------------ */

typedef double (*lie)(double value);
static double no_lie(double value) {
    return value;
}
static double inverse(double value) {
    return 1 - value;
}
static double never_full(double value) {
    return fmin(value, 0.62);
}
static double drifted(double value) {
    return fmin(1, value + 0.3);
}

static ki_health verdict_on(double rate, int64_t step_s, lie tell) {
    add_history(add_container(KERB_STREAM_FOOD), rate, rate, 28, step_s, 0.015);
    for (size_t at = 0; at < earth.n_reports; at++)
        earth.reports[at].fill_ratio = floor(100 * tell(earth.reports[at].fill_ratio) + 0.5) / 100;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    return earth.forecasts[0].health;
}

static void a_sensor_that_lies_is_told_from_an_honest_one_at_any_rate(void **state) {
    static const double RATES[] = {0.1, 0.2, 0.3, 0.4, 0.55};
    static const int HOURS[] = {1, 4, 6};
    enum { N_RATES = sizeof RATES / sizeof *RATES, N_HOURS = sizeof HOURS / sizeof *HOURS };
    for (size_t at = 0; at < N_RATES * N_HOURS; at++) {
        double rate = RATES[at % N_RATES];
        int hours = HOURS[at / N_RATES];
        static const struct {
            lie tell;
            ki_health health;
        } CASES[] = {{no_lie, KI_HEALTH_OK},
                     {inverse, KI_HEALTH_INVERSE},
                     {never_full, KI_HEALTH_NEVER_FULL},
                     {drifted, KI_HEALTH_DRIFT}};
        for (size_t kind = 0; kind < sizeof CASES / sizeof *CASES; kind++) {
            begin(state);
            ki_health health = verdict_on(rate, hours * HOUR_S, CASES[kind].tell);
            if (health != CASES[kind].health)
                fail_msg("rate %g, every %d h, lie %zu: %s, expected %s", rate, hours, kind,
                         ki_health_name(health), ki_health_name(CASES[kind].health));
            end(state);
        }
    }
}

/* Full at every other report, and emptied in between: what it says then came in a few hours. */
static void a_quick_container_that_is_never_seen_empty_does_not_drift(void **state) {
    (void)state;
    kerb_container *quick = add_container(KERB_STREAM_FOOD);
    for (int day = 0; day < 28; day++)
        add_report(quick, NOW_S - (int64_t)day * DAY_S, day % 2 ? 1 : 0.55 + day % 5 * 0.02);
    for (int other = 0; other < 5; other++)
        add_history(add_container(KERB_STREAM_FOOD), 0.2, 0.2, 28, 12 * HOUR_S, 0.015);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_OK);
}

static void the_rate_of_a_never_full_sensor_is_measured_below_its_ceiling(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    double level = 0.3;
    for (int64_t at_s = NOW_S - 20 * (int64_t)DAY_S; at_s <= NOW_S; at_s += 6 * HOUR_S) {
        add_report(container, at_s, fmin(level, 0.62));
        level = level > 0.95 ? 0.02 : level + 0.05;
    }
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_NEVER_FULL);
    assert_true(earth.forecasts[0].rate_per_day > 0.17 && earth.forecasts[0].rate_per_day < 0.23);
}

static void the_interval_widens_with_the_horizon_and_without_reports(void **state) {
    (void)state;
    add_history(add_container(KERB_STREAM_FOOD), 0.2, 0.2, 28, 6 * HOUR_S, 0.02);
    add_container(KERB_STREAM_FOOD);
    assert_int_equal(forecast(NOW_S + DAY_S / 2), KERB_OK);
    const ki_forecast *known = &earth.forecasts[0], *unknown = &earth.forecasts[1];
    assert_true(known->sd_ratio > 0 && known->sd_ratio < known->sd_next_ratio);
    assert_true(unknown->sd_ratio > 2 * known->sd_ratio);
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
        cmocka_unit_test(what_overflows_before_the_next_round_is_a_must),
        TEST(each_kind_of_bad_report_is_counted_by_its_reason),
        TEST(reports_are_sorted_by_time_and_the_last_word_on_an_instant_holds),
        TEST(one_wild_value_is_taken_out),
        TEST(a_sensor_is_silent_after_four_of_its_own_intervals),
        TEST(a_sensor_with_a_quarter_of_values_out_of_range_is_called_so),
        TEST(selection_follows_the_rules_in_their_order),
        TEST(the_chance_of_overflow_that_makes_a_must_is_the_districts),
        TEST(a_may_is_worth_more_the_fuller_it_is_and_the_sooner_it_must_be_emptied),
        TEST(a_sensor_that_lies_is_told_from_an_honest_one_at_any_rate),
        TEST(a_quick_container_that_is_never_seen_empty_does_not_drift),
        TEST(the_rate_of_a_never_full_sensor_is_measured_below_its_ceiling),
        TEST(the_interval_widens_with_the_horizon_and_without_reports),
        TEST(weekdays_are_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
