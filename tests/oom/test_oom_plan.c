/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plan made, judged and told with the n-th allocation failing, for every n: an error or a result,
 * never a crash or a leak (the sanitizer build sees leaks). */
#include "../plan/plan_case.h"

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

static kerb_status make_plan(const kerb_plan *plan) {
    (void)plan;
    kerb_plan *made;
    kerb_status status = ki_plan_make(&made, night.model, &night.solution, NULL);
    ki_alloc_fail_at(0);
    assert_int_equal(status == KERB_OK, made != NULL);
    kerb_plan_free(made);
    return status;
}

static kerb_status judge_plan(const kerb_plan *plan) {
    ki_text report = {0};
    size_t n;
    kerb_status status = ki_plan_check(plan, night.model, &n, &report, NULL);
    ki_text_free(&report);
    if (status == KERB_OK) assert_int_equal(n, 0);
    return status;
}

static kerb_status tell(const kerb_plan *plan, int json) {
    char *text;
    kerb_status status = kerb_plan_summary(plan, json, &text, NULL);
    assert_int_equal(status == KERB_OK, text != NULL);
    kerb_buffer_free(text);
    return status;
}

static kerb_status tell_text(const kerb_plan *plan) {
    return tell(plan, 0);
}

static kerb_status tell_json(const kerb_plan *plan) {
    return tell(plan, 1);
}

static void fail_each(kerb_status (*work)(const kerb_plan *plan)) {
    kerb_plan *plan = case_plan(&night);
    kerb_status status = KERB_NO_MEMORY;
    int64_t nth = 0;
    while (status != KERB_OK) {
        assert_true(++nth < 5000);
        ki_alloc_fail_at(nth);
        status = work(plan);
        ki_alloc_fail_at(0);
        if (status != KERB_OK) assert_int_equal(status, KERB_NO_MEMORY);
    }
    assert_true(nth > 3); /* some allocations were there to fail */
    kerb_plan_free(plan);
}

static void making_a_plan_survives_every_failed_allocation(void **state) {
    (void)state;
    fail_each(make_plan);
}

static void checking_a_plan_survives_every_failed_allocation(void **state) {
    (void)state;
    fail_each(judge_plan);
}

static void telling_a_plan_survives_every_failed_allocation(void **state) {
    (void)state;
    fail_each(tell_text);
    fail_each(tell_json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making_a_plan_survives_every_failed_allocation),
        cmocka_unit_test(checking_a_plan_survives_every_failed_allocation),
        cmocka_unit_test(telling_a_plan_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
