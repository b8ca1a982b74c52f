/* SPDX-License-Identifier: GPL-3.0-or-later
 * The forecast against histories whose rate is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../demand/history.h"
#include "demand/weight.h"

static void assert_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%g, expected %g", value, expected);
}

static void a_known_rate_is_found_through_emptyings(void **state) {
    (void)state;
    static const double RATES[] = {0.05, 0.12, 0.3, 0.6};
    for (int at = 0; at < 4; at++) {
        begin(state);
        add_history(add_container(KERB_STREAM_FOOD), RATES[at], RATES[at], 28, 4 * HOUR_S, 0);
        assert_int_equal(forecast(NOW_S), KERB_OK);
        assert_near(earth.forecasts[0].rate_per_day, RATES[at], 0.005 * RATES[at]);
        end(state);
    }
}

static void noise_leaves_the_rate_nearly_right(void **state) {
    (void)state;
    add_history(add_container(KERB_STREAM_FOOD), 0.2, 0.2, 28, 2 * HOUR_S, 0.03);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].rate_per_day, 0.2, 0.02);
}

static void weekends_are_told_from_weekdays(void **state) {
    (void)state;
    add_history(add_container(KERB_STREAM_FOOD), 0.2, 0.4, 56, 4 * HOUR_S, 0);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    const double *rates = earth.forecasts[0].rate_by_weekday;
    assert_near(rates[1], 0.2, 0.05);
    assert_near(rates[5], 0.4, 0.06);
    assert_near(rates[6], 0.4, 0.06);
}

static void the_forecast_is_the_newest_level_plus_rate_times_time(void **state) {
    (void)state;
    double level = add_history(add_container(KERB_STREAM_FOOD), 0.3, 0.3, 28, 4 * HOUR_S, 0);
    assert_int_equal(forecast(NOW_S + 6 * HOUR_S), KERB_OK);
    const ki_forecast *out = &earth.forecasts[0];
    assert_int_equal(out->basis, KI_BASIS_REPORT);
    assert_int_equal(out->health, KI_HEALTH_OK);
    assert_near(out->fill_ratio, level + 0.3 / 4, 0.01);
    assert_near(out->fill_next_ratio, level + 0.3 * 5 / 4, 0.02);
    assert_near(out->volume_l, 1000 * out->fill_ratio, 1e-9);
    assert_near(out->mass_kg, 100 * out->fill_ratio, 1e-9);
}

static void the_forecast_is_capped(void **state) {
    (void)state;
    add_history(add_container(KERB_STREAM_FOOD), 0.5, 0.5, 28, 4 * HOUR_S, 0);
    assert_int_equal(forecast(NOW_S + 20 * DAY_S), KERB_OK);
    assert_near(earth.forecasts[0].fill_ratio, KI_FILL_MAX, 0);
    assert_near(earth.forecasts[0].fill_next_ratio, 2, 0);
}

static void a_short_history_leans_on_its_stream(void **state) {
    (void)state;
    for (int peer = 0; peer < 5; peer++)
        add_history(add_container(KERB_STREAM_FOOD), 0.3, 0.3, 28, 4 * HOUR_S, 0);
    add_history(add_container(KERB_STREAM_RECYCLABLE), 0.05, 0.05, 28, 4 * HOUR_S, 0);
    add_history(add_container(KERB_STREAM_FOOD), 0.1, 0.1, 2, 4 * HOUR_S, 0);
    kerb_container *mute = add_container(KERB_STREAM_RECYCLABLE);
    (void)mute;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    double short_rate = earth.forecasts[6].rate_per_day;
    assert_true(short_rate > 0.15 && short_rate < 0.25);       /* between its own 0.1 and 0.3 */
    assert_near(earth.forecasts[7].rate_per_day, 0.05, 0.001); /* nothing but its stream */
    assert_int_equal(earth.forecasts[7].health, KI_HEALTH_NO_REPORTS);
}

static void without_any_history_the_default_holds(void **state) {
    (void)state;
    add_container(KERB_STREAM_FOOD);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].rate_per_day, KI_RATE_DEFAULT, 1e-12);
    assert_int_equal(earth.forecasts[0].basis, KI_BASIS_NOTHING);
    assert_near(earth.forecasts[0].fill_ratio, KI_FILL_UNKNOWN, 1e-12);
}

static void an_emptying_on_record_is_believed_over_an_older_report(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    for (int day = 20; day >= 3; day--)
        add_report(container, NOW_S - day * DAY_S, 0.9 - 0.01 * day);
    container->last_emptied_s = NOW_S - 2 * DAY_S;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    const ki_forecast *out = &earth.forecasts[0];
    assert_int_equal(out->basis, KI_BASIS_EMPTIED);
    assert_near(out->fill_ratio, 2 * out->rate_per_day, 0.01);
    assert_int_equal(out->emptied_s, NOW_S - 2 * DAY_S);
}

static void an_emptying_after_as_of_is_not_known_yet(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S - HOUR_S, 0.8);
    container->last_emptied_s = NOW_S + DAY_S;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].basis, KI_BASIS_REPORT);
    assert_int_equal(earth.forecasts[0].emptied_s, KERB_NO_TIME);
}

static void a_drop_in_level_is_an_emptying(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S - 3 * DAY_S, 0.7);
    add_report(container, NOW_S - 2 * DAY_S, 0.1);
    add_report(container, NOW_S - 1 * DAY_S, 0.3);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].emptied_s, NOW_S - 2 * DAY_S);
    assert_near(earth.forecasts[0].own_days, 1, 1e-9);
}

static void a_reported_mass_is_believed(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S, 0.5)->mass_kg = 80; /* by density it would be 50 */
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].mass_kg, 80, 1e-9);
    end(state);
    begin(state);
    container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S, NAN)->mass_kg = 80;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].fill_ratio, 0.8, 1e-9);
}

/* 1000 l at a stated 0.1 kg/l; weighed at 0.2, once wildly at 0.9 and once when nearly empty. */
static void weighings_make_the_tonnage_of_what_is_not_weighed(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    for (int hour = 50; hour >= 10; hour -= 10)
        add_report(container, NOW_S - hour * HOUR_S, 0.7 - 0.01 * hour)->mass_kg =
            hour == 30 ? 180 : 200 * (0.7 - 0.01 * hour);
    add_report(container, NOW_S - 60 * HOUR_S, 0.02)->mass_kg = 60;
    add_report(container, NOW_S, 0.7); /* the newest is not weighed */
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].mass_kg, 140, 1e-9);
    earth.n_reports = 2; /* two weighings are too few */
    assert_int_equal(forecast(NOW_S), KERB_OK);
    const ki_forecast *out = &earth.forecasts[0];
    assert_near(out->mass_kg, 60 + 100 * (out->fill_ratio - 0.3), 1e-9);
}

static void a_weighing_far_from_the_stated_density_is_bounded(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    for (int hour = 3; hour > 0; hour--)
        add_report(container, NOW_S - hour * HOUR_S, 0.2)->mass_kg = 190; /* 0.95 kg/l */
    add_report(container, NOW_S, 0.2);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_near(earth.forecasts[0].mass_kg, 0.1 * KI_DENSITY_BOUND * 1000 * 0.2, 1e-9);
}

static void a_stuck_sensor_is_planned_by_rate_from_its_last_move(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_history(container, 0.2, 0.2, 28, 4 * HOUR_S, 0);
    for (size_t at = 0; at < earth.n_reports; at++)
        if (earth.reports[at].measured_s > NOW_S - 3 * DAY_S) earth.reports[at].fill_ratio = 0.3;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_STUCK);
    assert_near(earth.forecasts[0].fill_ratio, 0.3 + 0.2 * 3, 0.05);
}

static void a_slow_container_is_not_called_stuck(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_HAZARDOUS);
    for (int64_t at_s = NOW_S - 28 * DAY_S; at_s <= NOW_S; at_s += 4 * HOUR_S)
        add_report(container, at_s, 0.01 * floor((double)(at_s - NOW_S + 28 * DAY_S) / DAY_S / 4));
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.forecasts[0].health, KI_HEALTH_OK);
}

static void growth_over_years_costs_no_loop(void **state) {
    (void)state;
    static const double RATES[7] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.8};
    int64_t from_s = NOW_S - INT64_C(4000000000);
    double growth = ki_forecast_growth(RATES, from_s, from_s + 7 * DAY_S * INT64_C(100000), 0);
    assert_near(growth, 1.4 * 100000, 1e-6);
    assert_near(ki_forecast_growth(RATES, NOW_S, NOW_S + DAY_S, 0), 0.8 / 6 + 0.1 * 20 / 24, 1e-9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_known_rate_is_found_through_emptyings),
        TEST(noise_leaves_the_rate_nearly_right),
        TEST(weekends_are_told_from_weekdays),
        TEST(the_forecast_is_the_newest_level_plus_rate_times_time),
        TEST(the_forecast_is_capped),
        TEST(a_short_history_leans_on_its_stream),
        TEST(without_any_history_the_default_holds),
        TEST(an_emptying_on_record_is_believed_over_an_older_report),
        TEST(an_emptying_after_as_of_is_not_known_yet),
        TEST(a_drop_in_level_is_an_emptying),
        TEST(a_reported_mass_is_believed),
        TEST(weighings_make_the_tonnage_of_what_is_not_weighed),
        TEST(a_weighing_far_from_the_stated_density_is_bounded),
        TEST(a_stuck_sensor_is_planned_by_rate_from_its_last_move),
        TEST(a_slow_container_is_not_called_stuck),
        TEST(growth_over_years_costs_no_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
