/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a person and a program read of a plan. */
#include "plan_case.h"

static plan_case night;

static int make_night(void **state) {
    (void)state;
    case_town(&night);
    return 0;
}

static int free_night(void **state) {
    (void)state;
    case_free(&night);
    return 0;
}

static char *summary(const kerb_plan *plan, int json) {
    char *text;
    assert_int_equal(kerb_plan_summary(plan, json, &text, NULL), KERB_OK);
    if (getenv("KERB_TEST_LOUD")) print_message("%s", text);
    return text;
}

static size_t count_lines(const char *text) {
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void the_first_line_says_that_nothing_was_degraded(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    char *text = summary(plan, 0);
    assert_memory_equal(text, "Not degraded", 12);
    kerb_buffer_free(text);
    kerb_plan_free(plan);
}

static void the_first_line_says_what_was_degraded(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    plan->decisions[0].choice = KI_MUST;
    plan->decisions[0].served = 0;
    char *text = summary(plan, 0);
    assert_memory_equal(text, "DEGRADED: 1 must left out", 25);
    kerb_buffer_free(text);
    kerb_plan_free(plan);
}

static void every_route_and_its_tips_are_in_the_table(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    char *text = summary(plan, 0);
    const char *routes = strstr(text, "\nRoutes\n");
    assert_non_null(routes);
    for (int32_t route = 0; route < plan->n_routes; route++)
        assert_non_null(strstr(routes, plan->routes[route].shift));
    assert_non_null(strstr(routes, "tips T1 "));
    kerb_buffer_free(text);
    kerb_plan_free(plan);
}

static void a_thousand_notes_of_a_kind_are_two_lines_and_a_number(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    ki_note *notes = ki_arena_alloc(&plan->arena, 1000, sizeof *notes);
    for (int note = 0; note < 1000; note++)
        notes[note] = (ki_note){"row", "a bad row"};
    plan->notes = notes;
    plan->n_notes = 1000;
    char *text = summary(plan, 0);
    assert_non_null(strstr(text, "(and 998 more of this kind)"));
    assert_true(count_lines(text) <= 60);
    kerb_buffer_free(text);
    kerb_plan_free(plan);
}

static void the_bound_is_told_in_money_and_per_cent(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    plan->cost_nano = 200000000000;
    plan->bound_nano = 190000000000;
    plan->relaxation = "one tree";
    char *text = summary(plan, 0), *json = summary(plan, 1);
    assert_non_null(strstr(text, "no plan can save more than 10.00 CNY, 5.00 % of the cost"));
    assert_non_null(strstr(text, "by one tree"));
    assert_non_null(strstr(json, "\"cost\":200.000000000,"));
    assert_non_null(strstr(json, "\"bound\":190.000000000,\"gap_percent\":5.0000,"));
    assert_non_null(strstr(json, "\"relaxation\":\"one tree\""));
    kerb_buffer_free(text);
    kerb_buffer_free(json);
    kerb_plan_free(plan);
}

static void without_a_bound_the_gap_is_null(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    char *json = summary(plan, 1);
    assert_non_null(strstr(json, "\"gap_percent\":null,\"gap_avoidable_percent\":null"));
    kerb_buffer_free(json);
    kerb_plan_free(plan);
}

static void clock_times_are_local(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    plan->utc_offset_s = 8 * HOUR_S;
    char *text = summary(plan, 0); /* night start 20:00 UTC, as of half an hour before */
    assert_non_null(strstr(text, "from 04:00, as of 03:30 local time"));
    kerb_buffer_free(text);
    kerb_plan_free(plan);
}

static void an_empty_plan_has_a_summary(void **state) {
    (void)state;
    kerb_plan *plan = case_plan(&night);
    plan->n_routes = plan->n_decisions = plan->n_cost_lines = 0;
    char *text = summary(plan, 0), *json = summary(plan, 1);
    assert_non_null(strstr(text, "Left out: nothing"));
    kerb_buffer_free(text);
    kerb_buffer_free(json);
    kerb_plan_free(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_says_that_nothing_was_degraded),
        cmocka_unit_test(the_first_line_says_what_was_degraded),
        cmocka_unit_test(every_route_and_its_tips_are_in_the_table),
        cmocka_unit_test(a_thousand_notes_of_a_kind_are_two_lines_and_a_number),
        cmocka_unit_test(the_bound_is_told_in_money_and_per_cent),
        cmocka_unit_test(without_a_bound_the_gap_is_null),
        cmocka_unit_test(clock_times_are_local),
        cmocka_unit_test(an_empty_plan_has_a_summary),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
