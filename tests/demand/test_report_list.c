/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is packed comes out as it went in, whatever it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "demand/report_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 200000 };

static double any_number(ki_rng *rng) {
    static const double ODD[] = {0,      -0.0,  1,        -1,        0.1 + 0.2,
                                 1e-300, 1e300, INFINITY, -INFINITY, 1.7};
    uint32_t kind = ki_rng_below(rng, 8);
    if (kind == 0) return ODD[ki_rng_below(rng, sizeof ODD / sizeof *ODD)];
    if (kind == 1) return (double)NAN;
    if (kind == 2) return 3000 * ki_rng_unit(rng);
    return ki_rng_below(rng, 101) / 100.0;
}

static int64_t any_instant(ki_rng *rng, int64_t usual_s) {
    static const int64_t ODD[] = {INT64_MAX, INT64_MIN + 1, 0, -1};
    if (ki_rng_below(rng, 50) == 0) return ODD[ki_rng_below(rng, 4)];
    return usual_s + ki_rng_below(rng, 3000000);
}

static const char *any_text(ki_rng *rng, const char *stem, char text[32]) {
    uint32_t number = ki_rng_below(rng, 40);
    if (number == 0) return NULL;
    snprintf(text, 32, number == 1 ? "" : "%s%u", stem, (unsigned)number);
    return text;
}

/* The n-th report is the same whenever it is asked for. */
static kerb_report nth(uint64_t n, char texts[3][32]) {
    static const kerb_label LABEL = {"key", "value"};
    ki_rng rng;
    ki_rng_seed(&rng, 11, n);
    snprintf(texts[0], 32, "bin%u", (unsigned)ki_rng_below(&rng, 500));
    kerb_report report = {.container_id = texts[0],
                          .measured_s = any_instant(&rng, 1790000000),
                          .received_s = KERB_NO_TIME,
                          .fill_ratio = any_number(&rng),
                          .mass_kg = any_number(&rng),
                          .trust_ratio = any_number(&rng),
                          .source = any_text(&rng, "maker", texts[1]),
                          .alarm = any_text(&rng, "alarm", texts[2]),
                          .record = any_instant(&rng, 0)};
    if (ki_rng_below(&rng, 2)) report.received_s = any_instant(&rng, report.measured_s / 2);
    if (ki_rng_below(&rng, 9) == 0) report.labels = &LABEL, report.n_labels = 1;
    return report;
}

static void assert_bits(double value, double expected) {
    if (isnan(expected))
        assert_true(isnan(value));
    else if (expected != 0)
        assert_memory_equal(&value, &expected, sizeof value);
    else
        assert_true(value == 0);
}

static void assert_text(const char *text, const char *expected) {
    if (!expected || !expected[0])
        assert_null(text);
    else
        assert_string_equal(text, expected);
}

static void assert_same(const kerb_report *report, const kerb_report *expected) {
    assert_string_equal(report->container_id, expected->container_id);
    assert_true(report->measured_s == expected->measured_s);
    assert_true(report->received_s == expected->received_s);
    assert_true(report->record == expected->record);
    assert_bits(report->fill_ratio, expected->fill_ratio);
    assert_bits(report->mass_kg, expected->mass_kg);
    assert_bits(report->trust_ratio, expected->trust_ratio);
    assert_text(report->source, expected->source);
    assert_text(report->alarm, expected->alarm);
    assert_ptr_equal(report->labels, expected->labels);
    assert_int_equal(report->n_labels, expected->n_labels);
}

static void what_goes_in_comes_out_in_order_and_by_place(void **state) {
    (void)state;
    static uint32_t places[MANY];
    ki_report_list list = {0};
    char texts[3][32];
    kerb_report report, expected;
    for (uint64_t n = 0; n < MANY; n++) {
        expected = nth(n, texts);
        assert_int_equal(ki_report_list_add(&list, &expected), 0);
    }
    assert_int_equal(list.n, MANY);
    ki_report_at at = {0};
    for (uint64_t n = 0; n < MANY; n++) {
        assert_true(ki_report_list_next(&list, &at, &report));
        expected = nth(n, texts);
        assert_same(&report, &expected);
        assert_string_equal(list.names[at.name], report.container_id);
        places[n] = at.place;
    }
    assert_false(ki_report_list_next(&list, &at, &report));
    for (uint64_t n = 0; n < MANY; n += 7) {
        ki_report_list_get(&list, places[n], &report);
        expected = nth(n, texts);
        assert_same(&report, &expected);
    }
    ki_report_list_free(&list);
}

static void what_is_dropped_is_passed_over_and_what_is_undone_was_never_there(void **state) {
    (void)state;
    ki_report_list list = {0};
    char texts[3][32];
    kerb_report report, expected;
    ki_report_mark marks[2];
    for (uint64_t n = 0; n < 3000; n++) {
        if (n % 1000 == 0 && n) marks[n / 1000 - 1] = ki_report_list_mark(&list);
        expected = nth(n, texts);
        assert_int_equal(ki_report_list_add(&list, &expected), 0);
    }
    ki_report_list_rewind(&list, marks[1]);
    ki_report_list_rewind(&list, marks[0]);
    ki_report_at at = {0};
    for (uint64_t n = 0; ki_report_list_next(&list, &at, &report); n++)
        if (n % 3) ki_report_list_drop(&list, &at);
    assert_int_equal(list.n, 334);
    at = (ki_report_at){0};
    for (uint64_t n = 0; n < 1000; n += 3) {
        assert_true(ki_report_list_next(&list, &at, &report));
        expected = nth(n, texts);
        assert_same(&report, &expected);
    }
    assert_false(ki_report_list_next(&list, &at, &report));
    ki_report_list_rewind(&list, (ki_report_mark){0});
    expected = nth(5, texts);
    assert_int_equal(ki_report_list_add(&list, &expected), 0);
    at = (ki_report_at){0};
    assert_true(ki_report_list_next(&list, &at, &report));
    assert_same(&report, &expected);
    ki_report_list_free(&list);
}

static void two_decimals_take_few_bytes(void **state) {
    (void)state;
    ki_report_list list = {0};
    for (int hour = 0; hour < 24 * 28; hour++) {
        kerb_report report = {.container_id = "C0001",
                              .measured_s = 1790000000 + hour * 3600,
                              .received_s = 1790000012 + hour * 3600,
                              .fill_ratio = hour % 101 / 100.0,
                              .mass_kg = (double)NAN,
                              .source = "ultrasonic",
                              .record = 1000000 + hour};
        assert_int_equal(ki_report_list_add(&list, &report), 0);
    }
    size_t n_bytes = 0;
    for (size_t block = 0; block < list.n_blocks; block++)
        n_bytes += list.blocks[block].used;
    assert_true(n_bytes <= list.n * 16);
    ki_report_list_free(&list);
}

static void without_memory_nothing_is_added(void **state) {
    (void)state;
    for (int64_t nth_fails = 1; nth_fails < 40; nth_fails++) {
        ki_report_list list = {0};
        char texts[3][32];
        size_t n_added = 0;
        ki_alloc_fail_at(nth_fails);
        for (uint64_t n = 0; n < 400; n++) {
            kerb_report report = nth(n, texts);
            n_added += ki_report_list_add(&list, &report) == 0;
        }
        ki_alloc_fail_at(0);
        ki_report_at at = {0};
        kerb_report report;
        size_t n_read = 0;
        while (ki_report_list_next(&list, &at, &report))
            n_read++;
        assert_int_equal(n_read, n_added);
        assert_int_equal(list.n, n_added);
        ki_report_list_free(&list);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out_in_order_and_by_place),
        cmocka_unit_test(what_is_dropped_is_passed_over_and_what_is_undone_was_never_there),
        cmocka_unit_test(two_decimals_take_few_bytes),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
