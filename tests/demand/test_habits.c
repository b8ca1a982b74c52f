/* SPDX-License-Identifier: GPL-3.0-or-later
 * The third way to forecast, against worlds whose seasons, holidays, hours and neighbourhoods are
 * known, and the time it counts in against a sum over minutes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../demand/history.h"
#include "base/date.h"
#include "base/rng.h"

enum { MINUTE_S = 60, QUARTER_S = 900, DAYS = 42, N_BINS = 12 };

static ki_habit_words words;

static int begin_habits(void **state) {
    begin(state);
    earth.way = KI_FORECAST_HABITS;
    words = (ki_habit_words){0};
    earth.words = &words;
    return 0;
}

static int32_t today(void) {
    return (int32_t)(NOW_S / DAY_S);
}

/* ---- a world that is known ------------------------------------------------------------------- */

typedef struct habits {
    double (*hour)(int second); /* mean 1 over a day; NULL: even */
    double season;              /* growth of the level a day, 1 now */
    const kerb_holiday *holidays;
    size_t n_holidays;
    double holiday, sunday; /* of their days' waste; 0: 1 */
} habits;

static double amount_at(const habits *of, int64_t at_s) {
    int64_t day = ki_day_of(at_s);
    double amount = of->hour ? of->hour((int)(at_s - day * DAY_S)) : 1;
    amount *= 1 + of->season * (double)(at_s - NOW_S) / DAY_S;
    if ((day + 3) % 7 == 6 && of->sunday > 0) amount *= of->sunday;
    for (size_t at = 0; at < of->n_holidays; at++)
        if (of->holidays[at].day == day) amount *= of->holiday;
    return amount;
}

static double added(const habits *of, double rate, int64_t from_s, int64_t to_s) {
    double sum = 0;
    for (int64_t at_s = from_s; at_s < to_s; at_s += QUARTER_S)
        sum += rate * amount_at(of, at_s) * QUARTER_S / DAY_S;
    return sum;
}

/* Reports every step_s for `days` up to NOW_S, emptied when nearly full; the level at NOW_S. */
static double live(const kerb_container *container, const habits *of, double rate, int days,
                   int64_t step_s) {
    double level = 0.1;
    for (int64_t at_s = NOW_S - (int64_t)days * DAY_S; at_s <= NOW_S; at_s += QUARTER_S) {
        if ((NOW_S - at_s) % step_s == 0) {
            add_report(container, at_s, level);
            if (level > 0.5 && at_s < NOW_S - DAY_S / 2) level = 0;
        }
        if (at_s < NOW_S) level += added(of, rate, at_s, at_s + QUARTER_S);
    }
    return level;
}

static void add_bins(const habits *of, int64_t step_s) {
    for (int bin = 0; bin < N_BINS; bin++)
        (void)live(add_container(KERB_STREAM_FOOD), of, 0.1 + 0.02 * bin, DAYS, step_s);
}

/* Forecasts at NOW_S + ahead_s, and how far they miss what is then true, in mean days' waste. */
static double misses(const habits *of, int64_t ahead_s, int32_t way) {
    double sum = 0;
    earth.way = way;
    assert_int_equal(forecast(NOW_S + ahead_s), KERB_OK);
    for (int bin = 0; bin < N_BINS; bin++) {
        const ki_forecast *got = &earth.forecasts[bin];
        double rate = 0.1 + 0.02 * bin, grown = got->fill_ratio - got->basis_ratio;
        assert_int_equal(got->basis, KI_BASIS_REPORT);
        if (got->basis_s != NOW_S)
            fail_msg("bin %d: %s, %.2f", bin, ki_health_name(got->health), got->basis_ratio);
        sum += fabs(grown - added(of, rate, NOW_S, NOW_S + ahead_s)) / rate;
    }
    return sum / N_BINS;
}

/* ---- time ------------------------------------------------------------------------------------ */

static void amounts_are_sums_over_minutes(void **state) {
    (void)state;
    for (int turn = 0; turn < 60; turn++) {
        ki_rng rng;
        ki_rng_seed(&rng, 5, (uint64_t)turn);
        int32_t first = 20000 + (int32_t)ki_rng_below(&rng, 900), holidays[3];
        double levels[30];
        ki_season season = {.first_day = first, .n_days = 30, .levels = levels};
        for (int at = 0; at < 30; at++)
            levels[at] = 0.5 + ki_rng_unit(&rng);
        for (int at = 0; at < 3; at++)
            holidays[at] = first + 2 + 9 * at;
        ki_pace pace = {.utc_offset_s = ((int32_t)ki_rng_below(&rng, 25) - 12) * 3600,
                        .holidays = holidays,
                        .n_holidays = 3,
                        .season = &season};
        for (int kind = 0; kind < KI_DAY_KINDS; kind++)
            pace.factors[kind] = 2 * ki_rng_unit(&rng);
        int32_t spans[2][2] = {{390, 510}, {1080, 1200}};
        ki_day_shape shape;
        spans[0][0] -= (int32_t)ki_rng_below(&rng, 300);
        assert_true(ki_shape_of_spans(&shape, (const int32_t(*)[2])spans, 2));
        pace.hours = turn % 3 ? &shape : NULL;
        double open_min = spans[0][1] - spans[0][0] + 120;
        int64_t from_s = (int64_t)first * DAY_S + 450 * 60 * ki_rng_below(&rng, 30);
        int64_t to_s = from_s + QUARTER_S * (int64_t)ki_rng_below(&rng, 1500);
        double sum = 0;
        for (int64_t at_s = from_s; at_s < to_s; at_s += MINUTE_S) {
            int64_t local = at_s + pace.utc_offset_s, day = local / DAY_S;
            int32_t minute = (int32_t)(local % DAY_S / 60);
            int is_open = (minute >= spans[0][0] && minute < spans[0][1]) ||
                          (minute >= spans[1][0] && minute < spans[1][1]);
            int kind = (int)((day + 3) % 7);
            for (int at = 0; at < 3; at++)
                if (holidays[at] == day) kind = KI_HOLIDAY;
            int64_t at = day - first < 0 ? 0 : day - first > 29 ? 29 : day - first;
            double share = pace.hours ? is_open / open_min : 1.0 / 1440;
            sum += share * pace.factors[kind] * levels[at];
        }
        double got = ki_pace_amount(&pace, from_s, to_s).mean_days;
        /* a quarter of an hour is the finest that hours are kept in */
        if (fabs(got - sum) > 0.03 + 1e-6 * sum)
            fail_msg("world %d: %f, expected %f", turn, got, sum);
        if (!pace.hours && fabs(got - sum) > 1e-6) fail_msg("%f, expected %f", got, sum);
    }
}

static void a_silence_of_years_counts_whole_weeks(void **state) {
    (void)state;
    ki_pace pace = {.factors = {1.2, 0.8, 1, 1, 1, 1.1, 0.9, 5}};
    int64_t years_s = 7 * DAY_S * INT64_C(5000);
    ki_amount amount = ki_pace_amount(&pace, NOW_S - years_s, NOW_S);
    assert_true(fabs(amount.mean_days - 35000) < 1e-6);
    assert_true(fabs(amount.kinds[KI_HOLIDAY]) < 1e-12);
}

/* ---- seasons --------------------------------------------------------------------------------- */

static void a_season_is_forecast_as_it_goes(void **state) {
    (void)state;
    habits of = {.season = 0.015};
    add_bins(&of, 4 * HOUR_S);
    double before = misses(&of, DAY_S, KI_FORECAST_CALIBRATED);
    double now = misses(&of, DAY_S, KI_FORECAST_HABITS);
    if (before < 0.2 || now > 0.05) fail_msg("misses %.3f, in the second way %.3f", now, before);
}

static void without_a_season_the_level_stays(void **state) {
    (void)state;
    habits of = {0};
    add_bins(&of, 4 * HOUR_S);
    double now = misses(&of, DAY_S, KI_FORECAST_HABITS);
    if (now > 0.01) fail_msg("misses %.3f", now);
}

/* ---- holidays -------------------------------------------------------------------------------- */

static void a_holiday_brings_what_holidays_brought(void **state) {
    (void)state;
    kerb_holiday days[] = {{today() + 1, ""},
                           {today() - 12, ""},
                           {today() - 20, ""},
                           {today() - 33, ""},
                           {today() - 5, ""}};
    habits of = {.holidays = days, .n_holidays = 5, .holiday = 1.7};
    words.holidays = days;
    words.n_holidays = 5;
    add_bins(&of, 4 * HOUR_S);
    /* 20:00 on Sunday until 20:00 on Monday, which is a holiday */
    double before = misses(&of, DAY_S, KI_FORECAST_CALIBRATED);
    double now = misses(&of, DAY_S, KI_FORECAST_HABITS);
    if (before < 0.4 || now > 0.15) fail_msg("misses %.3f, in the second way %.3f", now, before);
}

static double factor_of_tomorrow(const habits *of) {
    earth.way = KI_FORECAST_HABITS;
    assert_int_equal(forecast(NOW_S + DAY_S), KERB_OK);
    (void)of;
    const ki_forecast *got = &earth.forecasts[5];
    int64_t midnight_s = (NOW_S / DAY_S + 1) * DAY_S;
    return ki_forecast_added(got, midnight_s, midnight_s + DAY_S, 0) / 0.2;
}

static void a_holiday_without_a_past_is_a_sunday_unless_the_district_says(void **state) {
    (void)state;
    kerb_holiday tomorrow = {today() + 1, ""};
    kerb_stream_habit said = {.stream = KERB_STREAM_FOOD, .holiday_factor = 2.5};
    habits of = {.sunday = 0.4};
    words.holidays = &tomorrow;
    words.n_holidays = 1;
    add_bins(&of, 4 * HOUR_S);
    double sunday = factor_of_tomorrow(&of);
    if (fabs(sunday - 0.4) > 0.08) fail_msg("%.3f, expected a Sunday's 0.4", sunday);
    double sd = earth.forecasts[5].sd_ratio;
    words.streams = &said;
    words.n_streams = 1;
    double stated = factor_of_tomorrow(&of), mean_day = (6 + 0.4) / 7;
    if (fabs(stated - 2.5 * mean_day) > 0.1) fail_msg("%.3f, expected the stated 2.5", stated);
    words.n_holidays = 0; /* an ordinary Monday is surer */
    double monday = factor_of_tomorrow(&of);
    if (fabs(monday - 1) > 0.08) fail_msg("%.3f, expected a Monday's 1", monday);
    assert_true(earth.forecasts[5].sd_ratio < sd);
}

/* ---- hours ----------------------------------------------------------------------------------- */

static double open_twice(int second) {
    int minute = second / 60;
    return (minute >= 390 && minute < 510) || (minute >= 1080 && minute < 1200) ? 6 : 0;
}

static double mornings_and_evenings(int second) {
    int hour = second / 3600;
    return hour < 6 ? 0.2 : hour < 10 ? 2 : hour < 17 ? 0.7 : hour < 21 ? 1.8 : 0.5667;
}

static void a_box_fills_only_while_it_is_open(void **state) {
    (void)state;
    static const kerb_daily_span open[] = {{390, 510}, {1080, 1200}};
    kerb_stream_habit said = {.stream = KERB_STREAM_FOOD, .drop_off = open, .n_drop_off = 2};
    habits of = {.hour = open_twice};
    add_bins(&of, 12 * HOUR_S);
    for (int own = 0; own < 2; own++) { /* as its stream's, or as its own */
        words.streams = &said;
        words.n_streams = own ? 0 : 1;
        for (int bin = 0; bin < N_BINS; bin++)
            earth.containers[bin].drop_off = open, earth.containers[bin].n_drop_off = own ? 2 : 0;
        /* reports at 20:00 and 8:00: nothing until 6:30, then half of a day until 8:30 */
        for (int hours = 2; hours <= 10; hours += 8)
            assert_true(misses(&of, hours * HOUR_S, KI_FORECAST_HABITS) < 0.02);
        double asleep = misses(&of, 10 * HOUR_S, KI_FORECAST_CALIBRATED);
        double awake = misses(&of, 12 * HOUR_S + HOUR_S / 2, KI_FORECAST_HABITS);
        if (asleep < 0.3 || awake > 0.02) fail_msg("%.3f and %.3f", asleep, awake);
    }
}

static void hours_are_learnt_from_frequent_reports(void **state) {
    (void)state;
    habits of = {.hour = mornings_and_evenings};
    add_bins(&of, HOUR_S);
    double before = misses(&of, 8 * HOUR_S, KI_FORECAST_CALIBRATED);
    double now = misses(&of, 8 * HOUR_S, KI_FORECAST_HABITS);
    if (before < 0.1 || now > 0.03) fail_msg("misses %.3f, in the second way %.3f", now, before);
}

/* ---- neighbours ------------------------------------------------------------------------------ */

/* Two quarters a kilometre apart; a container that never spoke in each. */
static void a_silent_container_fills_as_its_neighbours_do(void **state) {
    (void)state;
    static ki_spot spots[MAX_CONTAINERS];
    habits of = {0};
    for (int bin = 0; bin < 16; bin++) {
        int quick = bin % 2;
        spots[bin] = (ki_spot){57.7 + 0.01 * quick, 11.95 + 0.0003 * bin};
        kerb_container *container = add_container(KERB_STREAM_RESIDUAL);
        if (bin >= 2) (void)live(container, &of, (quick ? 0.3 : 0.1) + 0.004 * bin, 30, 6 * HOUR_S);
    }
    assert_int_equal(forecast(NOW_S), KERB_OK);
    double lost = earth.forecasts[0].rate_per_day; /* nobody knows where they stand */
    assert_true(fabs(lost - earth.forecasts[1].rate_per_day) < 1e-9);
    double unsure = earth.forecasts[0].sd_next_ratio;
    words.spots = spots;
    assert_int_equal(forecast(NOW_S), KERB_OK);
    double slow = earth.forecasts[0].rate_per_day, quick = earth.forecasts[1].rate_per_day;
    if (slow > 0.18 || quick < 0.28)
        fail_msg("%.3f and %.3f, without places %.3f", slow, quick, lost);
    assert_true(earth.forecasts[0].sd_next_ratio < unsure);
}

static void where_rates_lie_about_by_chance_neighbours_say_nothing(void **state) {
    (void)state;
    double furthest = 0;
    for (int turn = 0; turn < 20; turn++) {
        static ki_spot spots[MAX_CONTAINERS];
        habits of = {0};
        ki_rng rng;
        ki_rng_seed(&rng, 11, (uint64_t)turn);
        begin_habits(state);
        words.spots = spots;
        for (int bin = 0; bin < 16; bin++) {
            spots[bin] =
                (ki_spot){57.7 + 0.004 * ki_rng_unit(&rng), 11.95 + 0.008 * ki_rng_unit(&rng)};
            kerb_container *container = add_container(KERB_STREAM_RESIDUAL);
            if (bin > 0) (void)live(container, &of, 0.1 + 0.3 * ki_rng_unit(&rng), 14, 6 * HOUR_S);
        }
        assert_int_equal(forecast(NOW_S), KERB_OK);
        double with = earth.forecasts[0].rate_per_day;
        words.spots = NULL;
        assert_int_equal(forecast(NOW_S), KERB_OK);
        furthest += fabs(log(with / earth.forecasts[0].rate_per_day)) / 20;
        end(state);
    }
    if (furthest > 0.05) fail_msg("moved by %.3f in the mean", furthest);
}

/* ---- what stays ------------------------------------------------------------------------------ */

static void earlier_ways_do_not_listen(void **state) {
    (void)state;
    static const kerb_daily_span open[] = {{390, 510}};
    kerb_stream_habit said = {
        .stream = KERB_STREAM_FOOD, .holiday_factor = 3, .drop_off = open, .n_drop_off = 1};
    kerb_holiday tomorrow = {today() + 1, ""};
    habits of = {.season = 0.01};
    ki_forecast told[N_BINS];
    add_bins(&of, 6 * HOUR_S);
    for (int32_t way = 1; way < KI_FORECAST_HABITS; way++) {
        earth.way = way;
        words = (ki_habit_words){0};
        assert_int_equal(forecast(NOW_S + DAY_S), KERB_OK);
        memcpy(told, earth.forecasts, sizeof told);
        words = (ki_habit_words){&tomorrow, 1, &said, 1, NULL};
        assert_int_equal(forecast(NOW_S + DAY_S), KERB_OK);
        assert_memory_equal(told, earth.forecasts, sizeof told);
        assert_null(earth.forecasts[0].pace);
    }
}

static void sick_and_silent_sensors_get_a_forecast_with_all_of_it(void **state) {
    (void)state;
    kerb_holiday days[] = {{today(), ""}, {today() - 3, ""}};
    habits of = {.holidays = days, .n_holidays = 2, .holiday = 0.3};
    words.holidays = days;
    words.n_holidays = 2;
    add_bins(&of, 6 * HOUR_S);
    kerb_container *stuck = add_container(KERB_STREAM_FOOD);
    add_container(KERB_STREAM_FOOD);
    add_container(KERB_STREAM_HAZARDOUS); /* alone in its stream */
    for (int at = 0; at < 60; at++)
        add_report(stuck, NOW_S - (int64_t)(59 - at) * 6 * HOUR_S, 0.41);
    assert_int_equal(forecast(NOW_S + DAY_S / 8), KERB_OK);
    assert_int_equal(earth.forecasts[N_BINS].health, KI_HEALTH_STUCK);
    assert_int_equal(earth.forecasts[N_BINS + 1].health, KI_HEALTH_NO_REPORTS);
    for (size_t at = 0; at < earth.n; at++) {
        const ki_forecast *got = &earth.forecasts[at];
        assert_true(got->fill_ratio >= 0 && got->fill_ratio <= KI_FILL_MAX);
        assert_true(got->sd_ratio > 0 && got->sd_ratio < 10 && got->rate_per_day > 0.02);
        assert_true(got->fill_next_ratio >= got->fill_ratio || got->fill_ratio >= 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_habits, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_sums_over_minutes),
        cmocka_unit_test(a_silence_of_years_counts_whole_weeks),
        TEST(a_season_is_forecast_as_it_goes),
        TEST(without_a_season_the_level_stays),
        TEST(a_holiday_brings_what_holidays_brought),
        TEST(a_holiday_without_a_past_is_a_sunday_unless_the_district_says),
        TEST(a_box_fills_only_while_it_is_open),
        TEST(hours_are_learnt_from_frequent_reports),
        TEST(a_silent_container_fills_as_its_neighbours_do),
        cmocka_unit_test(where_rates_lie_about_by_chance_neighbours_say_nothing),
        TEST(earlier_ways_do_not_listen),
        TEST(sick_and_silent_sensors_get_a_forecast_with_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
