/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE
#include "base/alloc.h"
#include "base/file.h"
#include "io/district_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static ki_zone zone_of(const char *name, ki_arena *arena) {
    ki_zone zone;
    int known = 0;
    kerb_error err = {0};
    if (access(KI_ZONE_FOLDER, R_OK) != 0) {
        print_message("skipped: no %s here\n", KI_ZONE_FOLDER);
        skip();
    }
    if (ki_zone_load(&zone, name, &known, arena, &err) != KERB_OK) fail_msg("%s", err.message);
    assert_true(known);
    return zone;
}

static int64_t instant(const char *text, const ki_zone *zone) {
    int64_t at;
    if (!ki_parse_instant(text, zone, &at, NULL)) fail_msg("not parsed: %s", text);
    return at;
}

static void civil_dates_and_days_are_inverse_over_four_centuries(void **state) {
    (void)state;
    int32_t year, month, day;
    assert_int_equal(ki_days_from_civil(1970, 1, 1), 0);
    assert_int_equal(ki_days_from_civil(2000, 3, 1), 11017);
    for (int64_t days = -146097; days < 146097; days += 7) {
        ki_civil_from_days(days, &year, &month, &day);
        assert_int_equal(ki_days_from_civil(year, month, day), days);
    }
}

static void instants_with_offsets_are_the_same_moment(void **state) {
    (void)state;
    static const char *const same[] = {"2026-11-02T18:30:00Z",      "2026-11-02T19:30:00+01:00",
                                       "2026-11-02 19:30+0100",     "2026-11-02T19:30:00.250+01",
                                       "2026-11-02T13:00:00-05:30", "2026-11-02T18:30"};
    for (size_t text = 0; text < 6; text++)
        assert_int_equal(instant(same[text], NULL), 1793644200);
}

static void ill_formed_times_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "2026-11-02T",
                                      "2026-02-30",
                                      "2026-13-01",
                                      "2026-11-02T25:00",
                                      "2026-11-02T19:60",
                                      "2026-11-02T19:30:61",
                                      "2026-11-02T19:30:00+1",
                                      "2026-11-02T19:30:00.",
                                      "2026-11-02T19:30:00+99:00",
                                      "02.11.2026",
                                      "2026-11-02T19:30:00Zx",
                                      "1793644200",
                                      "2026-11-2"};
    int64_t at;
    for (size_t text = 0; text < sizeof bad / sizeof *bad; text++)
        if (ki_parse_instant(bad[text], NULL, &at, NULL)) fail_msg("accepted: '%s'", bad[text]);
}

/* The oracle: the C library's own reading of the same zones. */
static void offsets_agree_with_the_c_library(void **state) {
    (void)state;
    static const char *const names[] = {
        "Europe/Stockholm",    "Asia/Shanghai",     "America/New_York", "Europe/Dublin",
        "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu",   "Africa/Casablanca",
        "Pacific/Apia",        "Antarctica/Troll"};
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        ki_arena arena = {0};
        ki_zone zone = zone_of(names[name], &arena);
        setenv("TZ", names[name], 1);
        tzset();
        for (int64_t at = -86400; at < 4102444800; at += 86400 * 3 + 3607) {
            time_t moment = (time_t)at;
            struct tm local;
            localtime_r(&moment, &local);
            if (ki_zone_offset(&zone, at) != local.tm_gmtoff)
                fail_msg("%s at %lld: %d, expected %ld", names[name], (long long)at,
                         ki_zone_offset(&zone, at), local.tm_gmtoff);
        }
        ki_arena_free(&arena);
    }
    unsetenv("TZ");
    tzset();
}

static void a_missing_clock_time_is_read_as_the_hour_after_the_gap(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_zone zone = zone_of("Europe/Stockholm", &arena);
    assert_int_equal(instant("2026-03-29T02:30", &zone), instant("2026-03-29T03:30+02:00", NULL));
    ki_arena_free(&arena);
}

static void of_a_repeated_clock_time_the_first_is_taken(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_zone zone = zone_of("Europe/Stockholm", &arena);
    assert_int_equal(instant("2026-10-25T02:30", &zone), instant("2026-10-25T02:30+02:00", NULL));
    assert_int_equal(instant("2026-10-25T03:30", &zone), instant("2026-10-25T03:30+01:00", NULL));
    ki_arena_free(&arena);
}

static void years_beyond_the_table_follow_the_footer_rule(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_zone zone = zone_of("Europe/Stockholm", &arena);
    assert_int_equal(ki_zone_offset(&zone, instant("2199-07-01T00:00Z", NULL)), 7200);
    assert_int_equal(ki_zone_offset(&zone, instant("2199-12-01T00:00Z", NULL)), 3600);
    ki_arena_free(&arena);
}

static void an_unknown_or_hostile_zone_name_is_not_known(void **state) {
    (void)state;
    static const char *const names[] = {"Europe/Stokholm",     "../../etc/passwd",
                                        "/etc/localtime",      "Europe",
                                        "zone1970.tab",        "",
                                        "Europe/Stockholm;rm", "..."};
    ki_arena arena = {0};
    zone_of("Europe/Stockholm", &arena);
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        ki_zone zone;
        int known = 1;
        assert_int_equal(ki_zone_load(&zone, names[name], &known, &arena, NULL), KERB_OK);
        assert_false(known);
    }
    ki_arena_free(&arena);
}

static void damaged_zone_files_are_refused_at_every_length(void **state) {
    (void)state;
    ki_arena arena = {0};
    zone_of("Europe/Stockholm", &arena);
    char *bytes;
    size_t n_bytes;
    kerb_error err = {0};
    assert_int_equal(
        ki_file_read(&bytes, &n_bytes, KI_ZONE_FOLDER "/Europe/Stockholm", 1 << 20, &err), KERB_OK);
    ki_zone zone;
    assert_int_equal(ki_zone_parse(&zone, bytes, n_bytes, "whole", &arena, &err), KERB_OK);
    for (size_t length = 0; length < n_bytes; length += 13) {
        char *part = ki_alloc(length);
        memcpy(part, bytes, length);
        assert_int_equal(ki_zone_parse(&zone, part, length, "part", &arena, &err), KERB_BAD_INPUT);
        ki_free(part);
    }
    assert_non_null(strstr(err.message, "time zone part: zone data damaged"));
    ki_free(bytes);
    ki_arena_free(&arena);
}

/* ---- windows over a night -------------------------------------------------------------------- */

static void expect_windows(const char *text, const char *expected) {
    ki_arena arena = {0};
    ki_zone zone = zone_of("Europe/Stockholm", &arena);
    ki_night night = {ki_days_from_civil(2026, 11, 2), instant("2026-11-02T20:00", &zone),
                      instant("2026-11-03T07:00", &zone)};
    ki_clock_window parsed[KI_MAX_WINDOWS];
    int n = ki_parse_windows(text, &zone, parsed);
    assert_true(n > 0);
    kerb_window *windows;
    size_t n_windows;
    assert_int_equal(
        ki_windows_of_night(&windows, &n_windows, parsed, (size_t)n, &zone, &night, &arena),
        KERB_OK);
    char got[400] = "";
    for (size_t window = 0; window < n_windows; window++) {
        char start[KI_INSTANT_CHARS], end[KI_INSTANT_CHARS];
        ki_format_local(&zone, windows[window].start_s, start);
        ki_format_local(&zone, windows[window].end_s, end);
        size_t used = strlen(got);
        snprintf(got + used, sizeof got - used, "%s%s-%s", window ? " " : "", start + 8, end + 8);
    }
    assert_string_equal(got, expected);
    ki_arena_free(&arena);
}

static void a_window_may_cross_midnight(void **state) {
    (void)state;
    expect_windows("22:00-05:00", "02 22:00-03 05:00");
}

static void a_window_after_midnight_belongs_to_the_next_day(void **state) {
    (void)state;
    expect_windows("01:00-04:30", "03 01:00-03 04:30");
}

static void day_hours_touch_a_night_at_both_ends(void **state) {
    (void)state;
    expect_windows("06:00-22:00", "02 06:00-02 22:00 03 06:00-03 22:00");
}

static void windows_that_overlap_become_one(void **state) {
    (void)state;
    expect_windows("23:00-03:00;21:00-23:30", "02 21:00-03 03:00");
}

static void a_whole_day_is_one_window(void **state) {
    (void)state;
    expect_windows("00:00-24:00", "02 00:00-04 00:00");
}

static void a_window_outside_the_night_does_not_become_always(void **state) {
    (void)state;
    expect_windows("09:00-12:00", "02 09:00-02 12:00");
}

static void a_dated_window_stands_once(void **state) {
    (void)state;
    expect_windows("2026-11-02T23:00/2026-11-03T01:00", "02 23:00-03 01:00");
}

static void ill_formed_windows_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"22:00",
                                      "22:00-",
                                      "22-23",
                                      "22:00-25:00",
                                      "22:00-23:00;",
                                      "a-b",
                                      "2026-11-03T01:00/2026-11-02T23:00"};
    ki_clock_window windows[KI_MAX_WINDOWS];
    for (size_t text = 0; text < sizeof bad / sizeof *bad; text++)
        if (ki_parse_windows(bad[text], NULL, windows) > 0) fail_msg("accepted: %s", bad[text]);
    assert_int_equal(ki_parse_windows("", NULL, windows), 0);
}

static void a_night_with_a_change_of_clocks_has_its_true_length(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_zone zone = zone_of("Europe/Stockholm", &arena);
    int64_t spring = instant("2026-03-28T20:00", &zone),
            autumn = instant("2026-10-24T20:00", &zone);
    assert_int_equal(ki_clock_after(&zone, spring + 1, 420) - spring, 10 * 3600);
    assert_int_equal(ki_clock_after(&zone, autumn + 1, 420) - autumn, 12 * 3600);
    ki_arena_free(&arena);
}

static void instants_are_printed_as_they_are_read(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_zone zone = zone_of("Asia/Kathmandu", &arena);
    char text[KI_INSTANT_CHARS];
    for (int64_t at = -3000000000; at < 8000000000; at += 123456789) {
        ki_format_instant(&zone, at, text);
        if (ki_zone_offset(&zone, at) % 60) continue; /* before standard time: seconds in it */
        assert_int_equal(instant(text, NULL), at);
    }
    ki_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civil_dates_and_days_are_inverse_over_four_centuries),
        cmocka_unit_test(instants_with_offsets_are_the_same_moment),
        cmocka_unit_test(ill_formed_times_are_refused),
        cmocka_unit_test(offsets_agree_with_the_c_library),
        cmocka_unit_test(a_missing_clock_time_is_read_as_the_hour_after_the_gap),
        cmocka_unit_test(of_a_repeated_clock_time_the_first_is_taken),
        cmocka_unit_test(years_beyond_the_table_follow_the_footer_rule),
        cmocka_unit_test(an_unknown_or_hostile_zone_name_is_not_known),
        cmocka_unit_test(damaged_zone_files_are_refused_at_every_length),
        cmocka_unit_test(a_window_may_cross_midnight),
        cmocka_unit_test(a_window_after_midnight_belongs_to_the_next_day),
        cmocka_unit_test(day_hours_touch_a_night_at_both_ends),
        cmocka_unit_test(windows_that_overlap_become_one),
        cmocka_unit_test(a_whole_day_is_one_window),
        cmocka_unit_test(a_window_outside_the_night_does_not_become_always),
        cmocka_unit_test(a_dated_window_stands_once),
        cmocka_unit_test(ill_formed_windows_are_refused),
        cmocka_unit_test(a_night_with_a_change_of_clocks_has_its_true_length),
        cmocka_unit_test(instants_are_printed_as_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
