/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE
#include "kerbside/v1/problem.pb-c.h"
#include "table_files.h"

/* The message behind its length; returns the bytes written. */
static size_t put(char *out, const Kerbside__V1__Report *report) {
    size_t length = kerbside__v1__report__get_packed_size(report), used = 0;
    for (size_t left = length; used == 0 || left; left >>= 7)
        out[used++] = (char)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    return used + kerbside__v1__report__pack(report, (uint8_t *)out + used);
}

static Kerbside__V1__Report report_of(const char *id, int64_t measured_s) {
    Kerbside__V1__Report report;
    kerbside__v1__report__init(&report);
    report.container_id = (char *)(uintptr_t)id;
    report.has_measured_s = 1;
    report.measured_s = measured_s;
    return report;
}

static ki_table *open_bytes(const char *bytes, size_t n) {
    ki_table *table;
    kerb_error err = {0};
    write_bytes("reports.pb", bytes, n);
    if (ki_table_open(&table, here.path, NULL, &err) != KERB_OK) fail_msg("%s", err.message);
    return table;
}

static void messages_are_rows(void **state) {
    (void)state;
    char bytes[600];
    Kerbside__V1__Report first = report_of("A1", 1793637000), second = report_of("A2", -1);
    first.has_fill_ratio = first.has_trust_ratio = first.has_received_s = 1;
    first.fill_ratio = 0.71;
    first.trust_ratio = 0.9;
    first.received_s = 1793637009;
    first.source = (char *)(uintptr_t) "radar";
    second.has_mass_kg = 1;
    second.mass_kg = 14.5;
    second.alarm = (char *)(uintptr_t) "lid open, and a text that takes the length above one byte: "
                                       "................................................."
                                       ".................................................";
    size_t n = put(bytes, &first);
    n += put(bytes + n, &second);
    ki_table *table = open_bytes(bytes, n);
    next_row(table, 1);
    expect_cell(table, "container_id", "A1");
    expect_cell(table, "measured", "2026-11-02T16:30:00Z");
    expect_cell(table, "received", "2026-11-02T16:30:09Z");
    expect_cell(table, "fill_ratio", "0.71");
    expect_cell(table, "mass_kg", "");
    expect_cell(table, "source", "radar");
    expect_cell(table, "trust", "0.9");
    expect_cell(table, "alarm", "");
    next_row(table, 2);
    expect_cell(table, "measured", "1969-12-31T23:59:59Z");
    expect_cell(table, "mass_kg", "14.5");
    expect_cell(table, "fill_ratio", "");
    assert_string_equal(ki_table_value(table, ki_table_column(table, "alarm")), second.alarm);
    next_row(table, 0);
    ki_table_free(table);
}

static void a_message_that_does_not_parse_is_one_bad_row(void **state) {
    (void)state;
    char bytes[200];
    Kerbside__V1__Report report = report_of("A1", 1793637000);
    size_t n = put(bytes, &report);
    memcpy(bytes + n, "\003\377\377\377", 4);
    n += 4;
    size_t n_third = put(bytes + n, &report);
    ki_table *table = open_bytes(bytes, n + n_third - 2);
    next_row(table, 1);
    assert_null(ki_table_fault(table));
    next_row(table, 2);
    assert_contains(ki_table_fault(table), "not a kerbside.v1.Report");
    expect_cell(table, "container_id", "");
    next_row(table, 3);
    assert_contains(ki_table_fault(table), "cut short");
    next_row(table, 0);
    ki_table_free(table);
}

static void a_length_that_cannot_be_right_ends_the_file(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *part;
    } CASES[] = {{"\377\377\377\377\377\001", 6, "record 1, byte 0: a length above"},
                 {"\201\200\004\000", 4, "record 1, byte 0: length 65537, expected the length"},
                 {"\377", 1, "a length cut short"}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        int more;
        int64_t record;
        kerb_error err = {0};
        ki_table *table = open_bytes(CASES[at].bytes, CASES[at].n);
        assert_int_equal(ki_table_next(table, &more, &record, &err), KERB_BAD_INPUT);
        assert_contains(err.message, CASES[at].part);
        ki_table_free(table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_rows),
        cmocka_unit_test(a_message_that_does_not_parse_is_one_bad_row),
        cmocka_unit_test(a_length_that_cannot_be_right_ends_the_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_files);
}
