/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which words are alarms, and which of them still stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../demand/history.h"
#include "demand/alarm.h"

static void words_are_known_by_what_they_contain(void **state) {
    (void)state;
    static const struct {
        const char *word;
        ki_alarm_kind kind;
    } CASES[] = {{"burning", KI_ALARM_FIRE},
                 {"FIRE_ALARM", KI_ALARM_FIRE},
                 {"High temperature", KI_ALARM_FIRE},
                 {"火警", KI_ALARM_FIRE},
                 {"tilted", KI_ALARM_TILT},
                 {"dropped", KI_ALARM_TILT},
                 {"moved", KI_ALARM_TILT},
                 {"倾倒", KI_ALARM_TILT},
                 {"lidOpen", KI_ALARM_LID},
                 {"lid open", KI_ALARM_LID},
                 {"LID-OPEN", KI_ALARM_LID},
                 {"vandalized", KI_ALARM_OTHER},
                 {"true", KI_ALARM_OTHER},
                 {"1", KI_ALARM_OTHER},
                 {"tilt and fire", KI_ALARM_FIRE}, /* the gravest */
                 {"ok", KI_ALARM_CLEAR},
                 {"Normal", KI_ALARM_CLEAR},
                 {"false", KI_ALARM_CLEAR},
                 {"0", KI_ALARM_CLEAR},
                 {"lid_closed", KI_ALARM_CLEAR},
                 {"", KI_ALARM_NONE},
                 {" ", KI_ALARM_NONE},
                 {NULL, KI_ALARM_NONE},
                 {"unknown", KI_ALARM_NONE},
                 {"STUCK_VALUE", KI_ALARM_NONE},
                 {"Over Range", KI_ALARM_NONE}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++)
        if (ki_alarm_of(CASES[at].word) != CASES[at].kind)
            fail_msg("'%s': %s", CASES[at].word, ki_alarm_name(ki_alarm_of(CASES[at].word)));
}

static void cry(const kerb_container *container, double hours_ago, const char *word) {
    add_report(container, NOW_S - (int64_t)(hours_ago * HOUR_S), NAN)->alarm = word;
}

static ki_alarms find(void) {
    ki_alarms found;
    kerb_error err;
    ki_report_list told = {.n = earth.n_reports, .plain = earth.reports};
    assert_int_equal(
        ki_alarms_find(&found, &earth.arena, earth.containers, earth.n, &told, NOW_S, &err),
        KERB_OK);
    return found;
}

static void an_alarm_stands_until_all_is_well_or_the_container_was_emptied(void **state) {
    (void)state;
    kerb_container *once = add_container(KERB_STREAM_FOOD), *over = add_container(KERB_STREAM_FOOD);
    kerb_container *emptied = add_container(KERB_STREAM_FOOD);
    kerb_container *again = add_container(KERB_STREAM_FOOD);
    cry(once, 30, "fire");
    cry(once, 20, NULL); /* says nothing of it: stands */
    cry(once, 10, "unknown");
    cry(over, 30, "fire");
    cry(over, 29, "ok");
    cry(emptied, 30, "tilted");
    emptied->last_emptied_s = NOW_S - 29 * HOUR_S;
    cry(again, 30, "lidOpen");
    cry(again, 29, "ok");
    cry(again, 28, "lidOpen");
    ki_alarms found = find();
    assert_int_equal(found.n, 2);
    assert_int_equal(found.alarms[0].kind, KI_ALARM_FIRE);
    assert_int_equal(found.alarms[0].container, 0);
    assert_int_equal(found.alarms[0].at_s, NOW_S - 30 * HOUR_S);
    assert_int_equal(found.alarms[1].kind, KI_ALARM_LID);
    assert_int_equal(found.alarms[1].container, 3);
}

static void the_gravest_comes_first_and_each_kind_once(void **state) {
    (void)state;
    kerb_container *first = add_container(KERB_STREAM_FOOD),
                   *second = add_container(KERB_STREAM_FOOD);
    for (int hour = 9; hour > 0; hour--)
        cry(first, hour, "lid open");
    cry(first, 12, "fire");
    cry(second, 3, "burning");
    cry(second, 5, "vandalized");
    ki_alarms found = find();
    assert_int_equal(found.n, 4);
    assert_int_equal(found.alarms[0].container, 1); /* of two fires the newer */
    assert_int_equal(found.alarms[1].container, 0);
    assert_int_equal(found.alarms[2].kind, KI_ALARM_LID);
    assert_int_equal(found.alarms[2].at_s, NOW_S - HOUR_S);
    assert_int_equal(found.alarms[3].kind, KI_ALARM_OTHER);
}

static void what_was_not_known_at_as_of_or_is_long_past_does_not_stand(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    cry(container, -1, "fire");
    cry(container, 2, "tilted");
    earth.reports[1].received_s = NOW_S + HOUR_S;
    cry(container, 24 * KI_ALARM_DAYS + 1, "lid open");
    add_report(container, NOW_S - HOUR_S, 0.5)->container_id = "?";
    earth.reports[3].alarm = "fire";
    assert_int_equal(find().n, 0);
}

static void an_alarm_without_a_value_is_no_bad_report(void **state) {
    (void)state;
    kerb_container *container = add_container(KERB_STREAM_FOOD);
    add_report(container, NOW_S - DAY_S, 0.3);
    cry(container, 3, "fire");
    cry(container, 2, "ok");
    cry(container, 1, NULL);
    assert_int_equal(forecast(NOW_S), KERB_OK);
    assert_int_equal(earth.sorted.n_rejected[KI_REJECT_EMPTY], 1);
    assert_int_equal(earth.sorted.histories[0].n, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_known_by_what_they_contain),
        cmocka_unit_test_setup_teardown(
            an_alarm_stands_until_all_is_well_or_the_container_was_emptied, begin, end),
        cmocka_unit_test_setup_teardown(the_gravest_comes_first_and_each_kind_once, begin, end),
        cmocka_unit_test_setup_teardown(what_was_not_known_at_as_of_or_is_long_past_does_not_stand,
                                        begin, end),
        cmocka_unit_test_setup_teardown(an_alarm_without_a_value_is_no_bad_report, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
