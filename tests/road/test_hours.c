/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening hours: what is understood and what is not, and random ones against a calendar filled in
 * minute by minute. */
#include "base/date.h"
#include "base/rng.h"
#include "road/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const ki_wall_clock UTC = {0, 0, INT64_MAX};

static int parse(const char *text, ki_hours *hours) {
    return ki_hours_parse(text, strlen(text), hours);
}

/* A local time of the week of Monday 2026-11-23. */
static int64_t at(int weekday, int hour, int minute) {
    return (ki_days_from_civil(2026, 11, 23) + weekday) * KI_DAY_S + hour * 3600 + minute * 60;
}

static int during(const char *text, int64_t start_s, int64_t end_s) {
    ki_hours hours;
    ki_out out = ki_out_between(start_s, end_s, &UTC, NULL, 0);
    if (!parse(text, &hours)) fail_msg("%s: not understood", text);
    return (int)ki_hours_during(hours.rules, hours.n_rules, &out);
}

typedef struct week_case {
    const char *text;
    int weekday, from_hour, to_hour; /* past 24: the next day */
    int expected;                    /* ki_during; -1: not understood */
} week_case;

enum { MO, TU, WE, TH, FR, SA, SU };
enum { NEVER = KI_DURING_NEVER, PARTLY = KI_DURING_PARTLY, WHOLE = KI_DURING_THROUGHOUT };

static void hours_of_the_week_are_read_as_they_are_written(void **state) {
    static const week_case cases[] = {
        {"Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00", MO, 20, 30, NEVER},
        {"Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00", MO, 6, 8, PARTLY},
        {"Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00", FR, 16, 18, WHOLE},
        {"Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00", SA, 7, 8, NEVER},
        {"Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00", SA, 8, 12, WHOLE},
        {"22:00-06:00", MO, 22, 30, WHOLE},
        {"22:00-06:00", MO, 20, 23, PARTLY},
        {"22:00-06:00", MO, 6, 22, NEVER},
        {"Fr 22:00-06:00", SA, 2, 5, WHOLE},
        {"Fr 22:00-06:00", FR, 2, 5, NEVER},
        {"Fr-Mo", SU, 0, 24, WHOLE},
        {"Fr-Mo", MO, 20, 30, PARTLY},
        {"Sa,Su", SA, 0, 48, WHOLE},
        {"24/7", WE, 3, 40, WHOLE},
        {"Mo-Su 08:00-18:00; Sa 08:00-12:00", SA, 13, 14, NEVER},
        {"Mo-Su 08:00-18:00, Sa 20:00-22:00", SA, 13, 14, WHOLE},
        {"Mo-Su 08:00-18:00; We off", WE, 0, 24, NEVER},
        {"Mo-Su 22:00-06:00; We off", WE, 0, 24, PARTLY},
        {"Mo-Fr 20:00-24:00,00:00-06:00", TU, 20, 30, WHOLE},
        {"Mo-Fr 20:00-26:00", TU, 25, 26, WHOLE},
        {"Nov 01-Mar 31 20:00-06:00", MO, 20, 30, WHOLE},
        {"Mar-Nov 15", MO, 0, 0, -1},
        {"Mar-Nov: 20:00-22:00", MO, 20, 22, WHOLE},
        {"Dec-Feb", MO, 20, 22, NEVER},
        {"Dec-Feb,Nov 25", WE, 0, 24, WHOLE},
        {"Dec-Feb,Nov 25", TU, 23, 25, PARTLY},
        {"2026 Nov 23-25 Mo", MO, 0, 24, WHOLE},
        {"2025 Mo", MO, 0, 24, NEVER},
        {"2025-2026 Mo", MO, 0, 24, WHOLE},
        {"Monday-Friday 7:00 - 9:00", MO, 7, 9, WHOLE},
        {"MO\xE2\x80\x93"
         "FR 07:00\xE2\x80\x93"
         "09:00",
         MO, 7, 9, WHOLE},
        {"Mo-Fr, 07:00-09:00", MO, 12, 13, NEVER},
        {"Mo-Fr: 07:00-09:00;", MO, 7, 9, WHOLE},
        {"closed", MO, 7, 9, NEVER},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        const week_case *c = &cases[row];
        ki_hours hours;
        if (c->expected < 0) {
            if (parse(c->text, &hours)) fail_msg("%s: understood, expected not", c->text);
            continue;
        }
        int got = during(c->text, at(c->weekday, c->from_hour, 0), at(c->weekday, c->to_hour, 0));
        if (got != c->expected)
            fail_msg("%s, row %zu: %d, expected %d", c->text, row, got, c->expected);
    }
}

static void what_is_half_understood_is_not_understood(void **state) {
    static const char *const texts[] = {
        "",
        "wet",
        "sunrise-sunset",
        "Mo-Fr 07:00+",
        "SH 07:00-09:00",
        "Mo[1]",
        "week 10-20",
        "07-09",
        "Mo-Fr 07:00-25:61",
        "easter",
        "Mo-Xx",
        "Feb 30",
        "Feb 10-31",
        "2026 Dec-Feb",
        "Mo-Fr 12:00-13:00 off",
        "Mo-Fr \"c\"",
        "PH Mo 1",
        "Mo-Fr 07:00-",
        "Mo-Fr 07:00-09:00 Sa",
        "49:00-50:00",
        "Mo-Fr 07:00-09:00 || x",
        "-",
        ";",
        ",",
        "Mo,",
        "2026+",
        "Jan-15",
        "00:00-48:01",
        "07:00-09:00/20",
    };
    (void)state;
    for (size_t row = 0; row < sizeof texts / sizeof *texts; row++) {
        ki_hours hours;
        if (parse(texts[row], &hours)) fail_msg("%s: understood, expected not", texts[row]);
    }
}

static void more_rules_than_fit_are_not_understood(void **state) {
    ki_hours hours;
    char text[4096] = "Mo 01:00-02:00";
    (void)state;
    for (int part = 1; part < KI_HOURS_MAX_RULES; part++)
        strncat(text, "; Tu 01:00-02:00", sizeof text - strlen(text) - 1);
    assert_true(parse(text, &hours));
    assert_int_equal(hours.n_rules, KI_HOURS_MAX_RULES);
    strncat(text, "; Tu 01:00-02:00", sizeof text - strlen(text) - 1);
    assert_false(parse(text, &hours));
}

static void public_holidays_are_the_days_listed(void **state) {
    ki_hours hours;
    int32_t holiday = (int32_t)(at(WE, 0, 0) / KI_DAY_S);
    ki_out listed = ki_out_between(at(WE, 8, 0), at(WE, 12, 0), &UTC, &holiday, 1);
    ki_out unlisted = ki_out_between(at(WE, 8, 0), at(WE, 12, 0), &UTC, NULL, 0);
    ki_out morning_after = ki_out_between(at(TH, 2, 0), at(TH, 4, 0), &UTC, &holiday, 1);
    (void)state;
    assert_true(parse("Mo-Fr 07:00-19:00; PH off", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &listed), NEVER);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &unlisted), WHOLE);
    assert_true(parse("Su,PH", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &listed), WHOLE);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &unlisted), NEVER);
    assert_true(parse("PH 22:00-06:00", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &morning_after), WHOLE);
}

static void the_hour_that_comes_twice_counts_twice(void **state) {
    /* Clocks go from 03:00 +02:00 back to 02:00 +01:00 at 2026-10-25 01:00 UTC. */
    int64_t change_s = ki_days_from_civil(2026, 10, 25) * KI_DAY_S + 3600;
    ki_wall_clock clock = {7200, 3600, change_s};
    ki_hours hours;
    (void)state;
    assert_true(parse("02:00-03:00", &hours));
    ki_out first = ki_out_between(change_s - 3600, change_s, &clock, NULL, 0);
    ki_out second = ki_out_between(change_s, change_s + 3600, &clock, NULL, 0);
    ki_out both = ki_out_between(change_s - 3600, change_s + 3600, &clock, NULL, 0);
    ki_out after = ki_out_between(change_s + 3600, change_s + 7200, &clock, NULL, 0);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &first), WHOLE);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &second), WHOLE);
    assert_int_equal(both.n_spans, 2);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &both), WHOLE);
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &after), NEVER);
}

static void the_hour_that_is_left_out_never_comes(void **state) {
    /* Clocks go from 02:00 +01:00 on to 03:00 +02:00 at 2026-03-29 01:00 UTC. */
    int64_t change_s = ki_days_from_civil(2026, 3, 29) * KI_DAY_S + 3600;
    ki_wall_clock clock = {3600, 7200, change_s};
    ki_out night = ki_out_between(change_s - 3600, change_s + 3600, &clock, NULL, 0);
    ki_hours hours;
    (void)state;
    assert_true(parse("02:00-03:00", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &night), NEVER);
    assert_true(parse("01:00-02:00,03:00-04:00", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &night), WHOLE);
}

static void a_time_not_known_leaves_the_hours_open(void **state) {
    ki_out unknown = {.n_spans = 0};
    ki_hours hours;
    (void)state;
    assert_true(parse("24/7", &hours));
    assert_int_equal(ki_hours_during(hours.rules, hours.n_rules, &unknown), PARTLY);
    assert_int_equal(ki_hours_during(NULL, 0, &unknown), WHOLE);
}

/* ---- random hours against a calendar --------------------------------------------------------- */

enum { N_TRIALS = 4000, N_DAYS = 9, N_MINUTES = N_DAYS * 1440 };
static const char *const weekdays[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

typedef struct calendar {                /* the days from 2026-11-22, a Sunday, on */
    unsigned char minutes[N_DAYS][2880]; /* of what begins on a day */
    int is_holiday[N_DAYS];
    char text[1024];
} calendar;

static int draw(ki_rng *rng, int n) {
    return (int)ki_rng_below(rng, (uint32_t)n);
}

static void say(calendar *on, const char *format, int a, int b) {
    size_t length = strlen(on->text);
    snprintf(on->text + length, sizeof on->text - length, format, a, b);
}

static void say_word(calendar *on, const char *word) {
    size_t length = strlen(on->text);
    snprintf(on->text + length, sizeof on->text - length, "%s", word);
}

/* Writes a selector of days and marks them. */
static void draw_days(ki_rng *rng, calendar *on, int named[N_DAYS]) {
    int by_date = draw(rng, 4) == 0, n_lists = draw(rng, 3), every = !by_date && n_lists == 0;
    int in_date[N_DAYS], of_week[N_DAYS] = {0};
    int first = 22 + draw(rng, 9), last = first + draw(rng, 31 - first);
    if (by_date) say(on, "Nov %d-%02d ", first, last);
    for (int day = 0; day < N_DAYS; day++)
        in_date[day] = !by_date || (22 + day >= first && 22 + day <= last);
    for (int list = 0; list < n_lists; list++) {
        int from = draw(rng, 7), to = (from + draw(rng, 3)) % 7, holiday = draw(rng, 5) == 0;
        if (list) say_word(on, ",");
        say_word(on, holiday ? "PH" : weekdays[from]);
        if (!holiday && to != from) {
            say_word(on, "-");
            say_word(on, weekdays[to]);
        }
        for (int day = 0; day < N_DAYS; day++) {
            int weekday = (day + 6) % 7;
            int in =
                from <= to ? weekday >= from && weekday <= to : weekday >= from || weekday <= to;
            of_week[day] |= holiday ? on->is_holiday[day] : in;
        }
    }
    if (n_lists) say_word(on, " ");
    for (int day = 0; day < N_DAYS; day++)
        named[day] = in_date[day] && (every || n_lists == 0 || of_week[day]);
}

static void draw_part(ki_rng *rng, calendar *on, int replaces) {
    int named[N_DAYS], n_spans = draw(rng, 3), off = n_spans == 0 && draw(rng, 2);
    draw_days(rng, on, named);
    if (n_spans == 0) say_word(on, off ? "off" : "00:00-24:00");
    for (int day = 0; day < N_DAYS; day++)
        if (named[day] && (replaces || off)) memset(on->minutes[day], 0, sizeof on->minutes[day]);
    for (int day = 0; day < N_DAYS && n_spans == 0 && !off; day++)
        if (named[day]) memset(on->minutes[day], 1, 1440);
    for (int span = 0; span < n_spans; span++) {
        int start = 30 * draw(rng, 48), end = 30 * draw(rng, 49);
        if (span) say_word(on, ",");
        say(on, "%02d:%02d", start / 60, start % 60);
        say(on, "-%02d:%02d", end / 60, end % 60);
        if (end <= start) end += 1440;
        for (int day = 0; day < N_DAYS; day++)
            if (named[day]) memset(on->minutes[day] + start, 1, (size_t)(end - start));
    }
}

static void draw_calendar(ki_rng *rng, calendar *on) {
    *on = (calendar){.text = ""};
    for (int day = 0; day < N_DAYS; day++)
        on->is_holiday[day] = draw(rng, 4) == 0;
    int n_parts = 1 + draw(rng, 3);
    for (int part = 0; part < n_parts; part++) {
        int replaces = part == 0 || draw(rng, 2);
        if (part) say_word(on, replaces ? "; " : ", ");
        draw_part(rng, on, replaces);
    }
}

static int holds(const calendar *on, int minute) {
    int day = minute / 1440, of_day = minute % 1440;
    return on->minutes[day][of_day] || (day > 0 && on->minutes[day - 1][of_day + 1440]);
}

static void random_hours_agree_with_a_calendar_minute_by_minute(void **state) {
    int64_t first_day = ki_days_from_civil(2026, 11, 22);
    int n_whole = 0, n_partly = 0, n_never = 0;
    ki_rng rng;
    (void)state;
    ki_rng_seed(&rng, 7, 0);
    for (int trial = 0; trial < N_TRIALS; trial++) {
        static calendar on;
        ki_hours hours;
        int32_t holidays[N_DAYS];
        size_t n_holidays = 0;
        draw_calendar(&rng, &on);
        if (strstr(on.text, ", 0") || strstr(on.text, ", 1") || strstr(on.text, ", 2") ||
            strstr(on.text, ", off") || strstr(on.text, "PH-"))
            continue; /* hours without days after a comma: another reading */
        if (!parse(on.text, &hours)) fail_msg("%s: not understood", on.text);
        for (int day = 0; day < N_DAYS; day++)
            if (on.is_holiday[day]) holidays[n_holidays++] = (int32_t)(first_day + day);
        int start = 1440 + draw(&rng, 4 * 1440),
            length = 1 + draw(&rng, draw(&rng, 2) ? 120 : 2880);
        int n_held = 0;
        for (int minute = start; minute < start + length; minute++)
            n_held += holds(&on, minute);
        int expected = n_held == length ? WHOLE : n_held ? PARTLY : NEVER;
        n_whole += expected == WHOLE, n_partly += expected == PARTLY, n_never += expected == NEVER;
        int64_t start_s = first_day * KI_DAY_S + start * 60;
        ki_out out = ki_out_between(start_s, start_s + length * 60, &UTC, holidays, n_holidays);
        int got = (int)ki_hours_during(hours.rules, hours.n_rules, &out);
        if (got != expected)
            fail_msg("%s, minutes %d to %d: %d, expected %d", on.text, start, start + length, got,
                     expected);
    }
    assert_true(n_whole > 200 && n_partly > 200 && n_never > 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_of_the_week_are_read_as_they_are_written),
        cmocka_unit_test(what_is_half_understood_is_not_understood),
        cmocka_unit_test(more_rules_than_fit_are_not_understood),
        cmocka_unit_test(public_holidays_are_the_days_listed),
        cmocka_unit_test(the_hour_that_comes_twice_counts_twice),
        cmocka_unit_test(the_hour_that_is_left_out_never_comes),
        cmocka_unit_test(a_time_not_known_leaves_the_hours_open),
        cmocka_unit_test(random_hours_agree_with_a_calendar_minute_by_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
