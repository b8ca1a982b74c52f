/* SPDX-License-Identifier: GPL-3.0-or-later
 * The price on the square of each route's hours: it shares the work out, and costs what it says. */
#include "plan_case.h"

#include <math.h>

enum { STEPS = 4000 };

/* Hours of the trucks' routes, the longest first; the second 0 where one truck does it all. */
static void hours_of(const kerb_plan *plan, double *longest, double *other) {
    *longest = *other = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        double hours = (route->spell_end_ms - route->spell_start_ms) / 3.6e6;
        if (route->use != KERB_USE_TRUCK) continue;
        if (hours > *longest) {
            *other = *longest;
            *longest = hours;
        } else {
            *other = hours;
        }
    }
}

static int64_t line_of(const kerb_plan *plan, const char *item) {
    for (int32_t at = 0; at < plan->n_cost_lines; at++)
        if (!plan->cost_lines[at].zone[0] && strcmp(plan->cost_lines[at].item, item) == 0)
            return plan->cost_lines[at].nano;
    return 0;
}

static kerb_plan *plan_with(plan_case *night, double price) {
    night->model->draft.district.price_imbalance_per_hour2 = price;
    return case_plan_again(night, STEPS);
}

static void a_price_on_squared_hours_shares_the_work_out(void **state) {
    (void)state;
    plan_case night;
    double longest, other, longest_shared, other_shared;
    case_town(&night);
    kerb_plan *plan = plan_with(&night, 0);
    hours_of(plan, &longest, &other);
    assert_int_equal(line_of(plan, "balance"), 0);
    kerb_plan_free(plan);
    plan = plan_with(&night, 2000);
    hours_of(plan, &longest_shared, &other_shared);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_true(other_shared > 0);
    assert_true(longest_shared - other_shared < longest - other);
    assert_true(longest_shared - other_shared < 0.5);
    kerb_plan_free(plan);
    case_free(&night);
}

static void balance_costs_the_square_of_the_hours_of_each_route(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    kerb_plan *plan = plan_with(&night, 36);
    double expected = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        double hours = (plan->routes[at].spell_end_ms - plan->routes[at].spell_start_ms) / 3.6e6;
        expected += 36 * hours * hours;
    }
    /* Prices are whole nano a square second: 36 an hour squared are 2777.8. */
    assert_true(fabs((double)line_of(plan, "balance") * 1e-9 - expected) < 0.001 * expected);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    char first[256];
    plan->routes[0].balance_nano++;
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    assert_non_null(strstr(first, "price of balance (nano)"));
    kerb_plan_free(plan);
    case_free(&night);
}

static void hours_guaranteed_are_paid_though_not_worked(void **state) {
    (void)state;
    plan_case night;
    char first[256];
    case_town(&night);
    ki_draft *draft = &night.model->draft;
    for (size_t at = 0; at < draft->n_shifts; at++)
        draft->shifts[at].guaranteed_s = 6 * HOUR_S; /* more than any works */
    kerb_plan *plan = plan_with(&night, 0);
    double expected = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        double paid_h = (route->spell_end_ms - route->spell_start_ms) / 3.6e6;
        for (size_t shift = 0; shift < draft->n_shifts; shift++)
            if (strcmp(draft->shifts[shift].id, route->shift) == 0)
                expected += (6 - paid_h) * draft->shifts[shift].price_per_hour;
    }
    assert_true(expected > 0);
    assert_true(fabs((double)line_of(plan, "guaranteed") * 1e-9 - expected) < 0.001 * expected);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    plan->routes[0].guaranteed_nano--;
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    assert_non_null(strstr(first, "price of hours not worked (nano)"));
    kerb_plan_free(plan);
    case_free(&night);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_on_squared_hours_shares_the_work_out),
        cmocka_unit_test(balance_costs_the_square_of_the_hours_of_each_route),
        cmocka_unit_test(hours_guaranteed_are_paid_though_not_worked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
