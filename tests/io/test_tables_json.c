/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE
#include "table_files.h"

static void a_column_is_a_path_of_keys(void **state) {
    (void)state;
    ki_table *table = open_text(
        "uplinks.jsonl",
        "{\"end_device_ids\":{\"device_id\":\"bin-007\"},\"received_at\":\"2026-11-02T18:00:01Z\","
        "\"uplink_message\":{\"decoded_payload\":{\"level\":71.50,\"full\":false},"
        "\"rx_metadata\":[{\"rssi\":-80},{\"rssi\":-95}]}}\n"
        "{\"end_device_ids\":{\"device_id\":8},\"uplink_message\":{\"decoded_payload\":{"
        "\"level\":null,\"a.b\":{\"c.d\":3}}}}\n");
    next_row(table, 1);
    expect_cell(table, "end_device_ids.device_id", "bin-007");
    expect_cell(table, "received_at", "2026-11-02T18:00:01Z");
    expect_cell(table, "uplink_message.decoded_payload.level", "71.50"); /* as it was written */
    expect_cell(table, "uplink_message.decoded_payload.full", "false");
    expect_cell(table, "uplink_message.rx_metadata.1.rssi", "-95");
    expect_cell(table, "uplink_message.rx_metadata.2.rssi", "");
    expect_cell(table, "uplink_message.rx_metadata", "");
    next_row(table, 2);
    expect_cell(table, "end_device_ids.device_id", "8");
    expect_cell(table, "received_at", "");
    expect_cell(table, "uplink_message.decoded_payload.level", "");
    expect_cell(table, "uplink_message.decoded_payload.a.b.c.d", "3");
    assert_int_equal(ki_table_column(table, "uplink_message.level_percent"), -1);
    next_row(table, 0);
    ki_table_free(table);
}

static void columns_are_the_paths_of_the_first_objects(void **state) {
    (void)state;
    ki_table *table = open_text("a.json", "[{\"id\":1,\"at\":{\"lat\":2,\"lon\":[3]}},{\"x\":{}}]");
    static const char *const PATHS[] = {"id", "at.lat", "at.lon", "x"};
    assert_int_equal(ki_table_n_columns(table), 3); /* an empty object has no value */
    for (size_t at = 0; at < 3; at++)
        assert_string_equal(ki_table_column_name(table, at), PATHS[at]);
    ki_table_free(table);
}

static void a_rare_key_is_found_behind_the_first_thousand_objects(void **state) {
    (void)state;
    static char text[64 * 1200];
    size_t used = 0;
    for (int at = 0; at < 1100; at++)
        used += (size_t)snprintf(text + used, sizeof text - used, "{\"id\":%d%s}\n", at,
                                 at == 1099 ? ",\"alarm\":\"fire\"" : "");
    ki_table *table = open_text("rare.ndjson", text);
    int alarm = ki_table_column(table, "alarm");
    assert_true(alarm >= 0);
    for (int64_t record = 1; record <= 1100; record++)
        next_row(table, record);
    assert_string_equal(ki_table_value(table, alarm), "fire");
    ki_table_free(table);
}

/* The same three reports, three ways a context broker writes them. */
static void entities_read_the_same_normalised_plain_and_over_time(void **state) {
    (void)state;
    static const char *const FORMS[] = {
        "[{\"id\":\"urn:ngsi-ld:WasteContainer:A1\",\"type\":\"WasteContainer\","
        "\"fillingLevel\":{\"type\":\"Property\",\"value\":0.4,"
        "\"observedAt\":\"2026-11-02T18:00:00Z\"},\"cargoWeight\":{\"type\":\"Property\","
        "\"value\":12},\"status\":{\"type\":\"Property\",\"value\":\"lidOpen\"}}]",
        "{\"id\":\"urn:ngsi-ld:WasteContainer:A1\",\"type\":[\"Thing\",\"WasteContainer\"],"
        "\"fillingLevel\":0.4,\"dateObserved\":\"2026-11-02T18:00:00Z\",\"cargoWeight\":12,"
        "\"status\":\"lidOpen\",\"location\":{\"type\":\"Point\",\"coordinates\":[12,57]}}\n",
        "{\"@id\":\"A1\",\"@type\":\"https://smartdatamodels.org/dataModel.WasteManagement/"
        "WasteContainer\",\"fillingLevel\":{\"type\":\"Property\",\"values\":"
        "[[0.4,\"2026-11-02T18:00:00Z\"]]},\"cargoWeight\":[{\"value\":12}],"
        "\"status\":[{\"value\":\"ok\"},{\"value\":\"lidOpen\"}]}"};
    for (size_t form = 0; form < sizeof FORMS / sizeof *FORMS; form++) {
        ki_table *table = open_text("bins.jsonld", FORMS[form]);
        next_row(table, 1);
        expect_cell(table, "container_id", "A1");
        expect_cell(table, "fill_ratio", "0.4");
        expect_cell(table, "mass_kg", "12");
        expect_cell(table, "measured", "2026-11-02T18:00:00Z");
        expect_cell(table, "alarm", "lidOpen");
        assert_int_equal(ki_table_column(table, "trust"), -1);
        next_row(table, 0);
        ki_table_free(table);
    }
}

static void an_entity_with_a_history_is_as_many_rows(void **state) {
    (void)state;
    ki_table *table =
        open_text("bins.json", "[{\"id\":\"urn:ngsi-ld:WasteContainer:A1\",\"type\":"
                               "\"WasteContainer\",\"fillingLevel\":[{\"value\":0.4,"
                               "\"observedAt\":\"2026-11-02T18:00:00Z\"},{\"value\":0.5,"
                               "\"observedAt\":\"2026-11-02T19:00:00Z\"}],\"status\":\"burning\"},"
                               "{\"id\":\"A2\",\"type\":\"WasteContainer\",\"fillingLevel\":[]}]");
    int fill = ki_table_column(table, "fill_ratio"), measured = ki_table_column(table, "measured");
    next_row(table, 1);
    assert_string_equal(ki_table_value(table, fill), "0.4");
    assert_string_equal(ki_table_value(table, measured), "2026-11-02T18:00:00Z");
    next_row(table, 2);
    assert_string_equal(ki_table_value(table, fill), "0.5");
    assert_string_equal(ki_table_value(table, measured), "2026-11-02T19:00:00Z");
    next_row(table, 3);
    assert_string_equal(ki_table_value(table, fill), "");
    next_row(table, 0);
    ki_table_free(table);
}

static void a_broken_line_is_one_bad_row(void **state) {
    (void)state;
    static const struct {
        const char *line, *fault;
    } BROKEN[] = {{"{\"id\":1", "an object cut short"},
                  {"{\"id\":}", "line 2: not JSON at byte 7 of the object"},
                  {"{\"id\":\"\xff\"}", "line 2: not JSON"},
                  {"[1]", "line 2: a list, expected an object"},
                  {"null", "line 2: null, expected an object"}};
    for (size_t broken = 0; broken < sizeof BROKEN / sizeof *BROKEN; broken++) {
        char text[200];
        snprintf(text, sizeof text, "{\"id\":1}\n%s%s", BROKEN[broken].line,
                 broken ? "\n{\"id\":3}\n" : "");
        ki_table *table = open_text("broken.jsonl", text);
        next_row(table, 1);
        assert_null(ki_table_fault(table));
        next_row(table, 2);
        assert_contains(ki_table_fault(table), BROKEN[broken].fault);
        expect_cell(table, "id", "");
        if (broken) {
            next_row(table, 3);
            expect_cell(table, "id", "3");
            assert_null(ki_table_fault(table));
        }
        next_row(table, 0);
        ki_table_free(table);
    }
}

static void what_is_no_list_of_objects_is_refused_with_its_line(void **state) {
    (void)state;
    static char deep[400];
    static const struct {
        const char *text, *part;
    } CASES[] = {{"", "line 1: ends here, expected an object or a list of objects"},
                 {"id,fill\n1,2\n", "line 1: 'i', expected an object or a list"},
                 {"[{\"id\":1}\n,\n7]", "line 3: '7', expected an object"},
                 {"[{\"id\":1}\n{\"id\":2}]", "line 2: '{', expected ',' or ']'"},
                 {"[{\"id\":1},\n{\"id\":", "line 2: an object cut short"},
                 {"[{\"id\":1}", "ends here, expected ',' or ']'"},
                 {"[{\"id\":1}] x", "'x', expected nothing behind the list"},
                 {deep, "nesting too deep"}};
    snprintf(deep, sizeof deep, "[%0*d", 300, 0);
    for (char *c = deep + 1; *c; c += 5)
        memcpy(c, "{\"a\":", 5);
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        write_bytes("bad.json", CASES[at].text, strlen(CASES[at].text));
        expect_refusal(here.path, NULL, CASES[at].part);
    }
}

/* Neither may be cut or rounded into another id. */
static void what_json_c_cannot_hold_is_no_value(void **state) {
    (void)state;
    ki_table *table = open_text("a.json", "[{\"id\":\"A1\\u0000B\"},{\"id\":"
                                          "123456789012345678901234567890}]");
    next_row(table, 1);
    expect_cell(table, "id", "\001"); /* which no id may hold */
    next_row(table, 2);
    expect_cell(table, "id", "\001");
    ki_table_free(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_a_path_of_keys),
        cmocka_unit_test(columns_are_the_paths_of_the_first_objects),
        cmocka_unit_test(a_rare_key_is_found_behind_the_first_thousand_objects),
        cmocka_unit_test(entities_read_the_same_normalised_plain_and_over_time),
        cmocka_unit_test(an_entity_with_a_history_is_as_many_rows),
        cmocka_unit_test(a_broken_line_is_one_bad_row),
        cmocka_unit_test(what_is_no_list_of_objects_is_refused_with_its_line),
        cmocka_unit_test(what_json_c_cannot_hold_is_no_value),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_files);
}
