/* SPDX-License-Identifier: GPL-3.0-or-later
 * Events from a message and from a YAML file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/district_events.h"
#include "kerbside/v1/execution.pb-c.h"

#include <string.h>

enum { NIGHT_S = 1793563200 }; /* 2026-11-01T20:00Z */

static kerb_status read_yaml(kerb_events **out, const char *text, kerb_error *err) {
    return ki_events_parse_yaml(out, text, strlen(text), "events.yaml", NIGHT_S, 3600, err);
}

static void a_file_says_what_happened(void **state) {
    static const char text[] = "as_of: 23:10\n"
                               "events:\n"
                               "  - {what: done, id: C1, vehicle: V2, end: 22:51, mass_kg: 240.5}\n"
                               "  - {what: truck_down, vehicle: V1}\n"
                               "  - {what: street_closed, way: 42, from_node: 1, to_node: 2}\n"
                               "  - {what: facility_shut, id: T1, end: 2026-11-02T02:00:00+01:00}\n"
                               "  - {what: done, id: K1, pass: 2, end: 03:00}\n";
    kerb_events *events;
    kerb_error err = {0};
    size_t n;
    (void)state;
    assert_int_equal(read_yaml(&events, text, &err), KERB_OK);
    const kerb_event *list = kerb_events_list(events, &n);
    assert_int_equal(n, 5);
    /* 20:00Z is 21:00 on the wall. */
    assert_int_equal(kerb_events_as_of(events), NIGHT_S + 2 * 3600 + 600);
    assert_int_equal(list[0].kind, KERB_EVENT_DONE);
    assert_int_equal(list[0].end_s, NIGHT_S + 3600 + 51 * 60);
    assert_true(list[0].mass_kg > 240 && list[0].mass_kg < 241);
    assert_int_equal(list[1].kind, KERB_EVENT_VEHICLE_DOWN);
    assert_int_equal(list[2].to_node, 2);
    assert_int_equal(list[3].end_s, NIGHT_S + 5 * 3600);
    assert_int_equal(list[4].pass, 2);
    assert_int_equal(list[4].end_s, NIGHT_S + 6 * 3600); /* after midnight */
    kerb_events_free(events);
}

static void every_fault_of_a_file_names_its_line(void **state) {
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"events:\n  - {what: flood}\n", "line 2, key what: flood"},
        {"events:\n  - {id: C1}\n", "key what: none"},
        {"events:\n  - {what: done, colour: red}\n", "key colour: not known"},
        {"events:\n  - {what: done, end: noon}\n", "key end: noon"},
        {"events:\n  - {what: done, end: 2026-11-02T02:00:00}\n", "key end"},
        {"events:\n  - {what: done, mass_kg: -3}\n", "key mass_kg: -3"},
        {"events:\n  - {what: street_closed, way: x}\n", "key way: x"},
        {"other: 7\n", "key other"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        kerb_events *events;
        kerb_error err = {0};
        kerb_status status = read_yaml(&events, cases[k].text, &err);
        assert_int_equal(status, KERB_BAD_INPUT);
        if (!strstr(err.message, cases[k].part)) print_error("%s\n", err.message);
        assert_non_null(strstr(err.message, cases[k].part));
    }
}

/* Of two reports about one stop the later recorded one comes last, wherever it stands. */
static void a_message_is_read_in_the_order_it_was_recorded(void **state) {
    Kerbside__V1__Execution all;
    Kerbside__V1__RouteExecution route, *routes[] = {&route};
    Kerbside__V1__StopExecution late, early, *stops[] = {&late, &early};
    Kerbside__V1__Event down, *others[] = {&down};
    uint8_t bytes[512];
    kerb_events *events;
    kerb_error err = {0};
    size_t n;
    (void)state;
    kerbside__v1__execution__init(&all);
    kerbside__v1__route_execution__init(&route);
    kerbside__v1__stop_execution__init(&late);
    kerbside__v1__stop_execution__init(&early);
    kerbside__v1__event__init(&down);
    all.has_schema_version = 1;
    all.schema_version = 1;
    all.routes = routes, all.n_routes = 1;
    all.events = others, all.n_events = 1;
    route.shift = (char[]){"H1"};
    route.stops = stops, route.n_stops = 2;
    late.id = early.id = (char[]){"C1"};
    late.has_outcome = early.has_outcome = late.has_recorded_s = early.has_recorded_s = 1;
    late.outcome = KERBSIDE__V1__OUTCOME__OUTCOME_DONE;
    early.outcome = KERBSIDE__V1__OUTCOME__OUTCOME_FAILED;
    late.recorded_s = NIGHT_S + 200;
    early.recorded_s = NIGHT_S + 100;
    down.has_kind = 1;
    down.kind = KERBSIDE__V1__EVENT_KIND__EVENT_KIND_VEHICLE_DOWN;
    down.vehicle = (char[]){"V1"};
    size_t n_bytes = kerbside__v1__execution__pack(&all, bytes);
    assert_true(n_bytes <= sizeof bytes);
    assert_int_equal(kerb_events_unpack(&events, bytes, n_bytes, &err), KERB_OK);
    const kerb_event *list = kerb_events_list(events, &n);
    assert_int_equal(n, 3);
    assert_int_equal(list[0].kind, KERB_EVENT_FAILED);
    assert_int_equal(list[1].kind, KERB_EVENT_DONE);
    assert_int_equal(list[2].kind, KERB_EVENT_VEHICLE_DOWN);
    assert_string_equal(list[0].vehicle, "H1");
    assert_int_equal(kerb_events_as_of(events), KERB_NO_TIME);
    kerb_events_free(events);
    assert_int_equal(kerb_events_unpack(&events, bytes, n_bytes - 3, &err), KERB_BAD_INPUT);
    assert_null(events);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_what_happened),
        cmocka_unit_test(every_fault_of_a_file_names_its_line),
        cmocka_unit_test(a_message_is_read_in_the_order_it_was_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
