/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bays and tonnes of a facility, from the draft to the checker: what is planned for them passes,
 * what was planned without them does not. */
#include "plan_case.h"

static plan_case night;

static kerb_facility *tip(void) {
    return &night.model->draft.facilities[0];
}

/* A night on which everybody wants to unload at the same time, for long. */
static int make_night(void **state) {
    (void)state;
    static const kerb_window early = {NIGHT_S + HOUR_S, NIGHT_S + 2 * HOUR_S};
    case_town(&night);
    tip()->unload_s = 2700;
    for (size_t site = 0; site < night.model->draft.n_sites; site++) {
        night.model->draft.sites[site].windows = &early; /* so nobody may leave late instead */
        night.model->draft.sites[site].n_windows = 1;
    }
    return 0;
}

static int free_night(void **state) {
    (void)state;
    case_free(&night);
    return 0;
}

static kerb_plan *plan_again(void) {
    return case_plan_again(&night, 200);
}

static int64_t tipped_g(const kerb_plan *plan) {
    int64_t sum_g = 0;
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++)
            if (plan->routes[r].stops[s].kind == KI_STOP_TIP)
                sum_g += plan->routes[r].stops[s].mass_g;
    return sum_g;
}

static int n_waits(const kerb_plan *plan) {
    int n = 0;
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++) {
            const ki_plan_stop *stop = &plan->routes[r].stops[s];
            n += stop->kind == KI_STOP_TIP && stop->start_ms > stop->arrival_ms;
        }
    return n;
}

static void one_bay_is_used_by_one_after_another(void **state) {
    (void)state;
    char first[300];
    kerb_plan *plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    tip()->bays = 1;
    assert_int_equal(case_check(&night, plan, 0, first, sizeof first), 1);
    assert_non_null(strstr(first, "plan: facility T1: "));
    assert_non_null(strstr(first, " vehicles unload or charge at "));
    assert_non_null(strstr(first, ", at most 1"));
    kerb_plan_free(plan);
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_true(n_waits(plan) > 0);
    kerb_plan_free(plan);
    tip()->bays = 0;
}

static void bays_promised_to_others_are_not_used(void **state) {
    (void)state;
    static kerb_bay_slot slots[2];
    char first[300];
    tip()->bays = 3; /* as many as vehicles */
    kerb_plan *plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    slots[0] = (kerb_bay_slot){NIGHT_S + HOUR_S, NIGHT_S + 3 * HOUR_S, 2};
    slots[1] = (kerb_bay_slot){NIGHT_S + 3 * HOUR_S, NIGHT_S + 4 * HOUR_S, 1};
    tip()->bay_slots = slots;
    tip()->n_bay_slots = 2;
    assert_int_equal(case_check(&night, plan, 0, first, sizeof first), 1);
    assert_non_null(strstr(first, "plan: facility T1: "));
    kerb_plan_free(plan);
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
    tip()->bays = 0;
    tip()->n_bay_slots = 0;
}

static void a_wait_without_bays_is_not_accepted(void **state) {
    (void)state;
    char first[300];
    tip()->bays = 1;
    kerb_plan *plan = plan_again();
    tip()->bays = 0;
    size_t n = case_check(&night, plan, 0, first, sizeof first);
    assert_true(n > 0);
    assert_int_equal(n, n_waits(plan));
    assert_non_null(strstr(first, "waits until"));
    kerb_plan_free(plan);
}

static const char *reason_of_a_left_out(const kerb_plan *plan, const char *code) {
    for (int32_t d = 0; d < plan->n_decisions; d++)
        if (strcmp(plan->decisions[d].reason, code) == 0) return plan->decisions[d].text;
    return NULL;
}

static void no_more_is_brought_than_a_facility_takes(void **state) {
    (void)state;
    char first[300];
    kerb_plan *plan = plan_again();
    int64_t all_g = tipped_g(plan);
    tip()->used_tonnes = 7;
    tip()->cap_tonnes = 7 + (double)all_g / 2e6;
    assert_int_equal(case_check(&night, plan, 0, first, sizeof first), 1);
    assert_non_null(strstr(first, "plan: facility T1: "));
    assert_non_null(strstr(first, " g tipped, at most "));
    kerb_plan_free(plan);
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_in_range(tipped_g(plan), all_g * 4 / 10, all_g / 2);
    const char *text = reason_of_a_left_out(plan, "left_out_facility");
    assert_non_null(text);
    assert_non_null(strstr(text, "would bring T1 "));
    kerb_plan_free(plan);
    tip()->cap_tonnes = tip()->used_tonnes = 0;
}

static void a_full_facility_takes_nothing(void **state) {
    (void)state;
    tip()->cap_tonnes = 1;
    tip()->used_tonnes = 1;
    kerb_plan *plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(tipped_g(plan), 0);
    kerb_plan_free(plan);
    tip()->cap_tonnes = tip()->used_tonnes = 0;
}

static void limits_that_nothing_can_meet_are_none(void **state) {
    (void)state;
    tip()->bays = 3; /* as many as vehicles */
    tip()->cap_tonnes = 1000;
    kerb_plan_free(plan_again());
    assert_int_equal(night.model->sealed->n_facilities, 0);
    tip()->bays = 2;
    kerb_plan_free(plan_again());
    assert_true(night.model->sealed->n_facilities > 0);
    tip()->bays = 0;
    tip()->cap_tonnes = 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bay_is_used_by_one_after_another),
        cmocka_unit_test(bays_promised_to_others_are_not_used),
        cmocka_unit_test(a_wait_without_bays_is_not_accepted),
        cmocka_unit_test(no_more_is_brought_than_a_facility_takes),
        cmocka_unit_test(a_full_facility_takes_nothing),
        cmocka_unit_test(limits_that_nothing_can_meet_are_none),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
