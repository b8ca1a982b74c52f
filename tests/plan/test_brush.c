/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brushes on one side: who may sweep which kerb, and that the checker says so too. */
#include "plan_case.h"

/* Of the town's kerbs K2 alone is left of who drives along it: way 103 is one-way. K5 is a lane. */
static const kerb_side hand_of_kerb[N_TOWN_KERBS] = {
    KERB_SIDE_RIGHT, KERB_SIDE_RIGHT, KERB_SIDE_LEFT, KERB_SIDE_RIGHT, KERB_SIDE_RIGHT, 0};

static kerb_vehicle *sweeper(plan_case *night) {
    return &night->model->draft.vehicles[2];
}

static const ki_plan_decision *decision_of(const kerb_plan *plan, const char *id) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (strcmp(plan->decisions[at].id, id) == 0) return &plan->decisions[at];
    fail_msg("no decision on %s", id);
    return NULL;
}

static const char *vehicle_that_sweeps(const kerb_plan *plan, const char *id) {
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++)
            if (plan->routes[r].stops[s].kind == KI_STOP_SWEEP &&
                strcmp(plan->routes[r].stops[s].id, id) == 0)
                return plan->routes[r].vehicle;
    return "none";
}

static void a_brush_on_one_side_sweeps_only_kerbs_on_that_side(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    for (kerb_side brush = KERB_SIDE_UNSPECIFIED; brush <= KERB_SIDE_RIGHT; brush++) {
        sweeper(&night)->brush_side = brush;
        kerb_plan *plan = case_plan_again(&night, 60);
        for (int kerb = 0; kerb < N_TOWN_KERBS; kerb++) {
            char id[8];
            snprintf(id, sizeof id, "K%d", kerb);
            int passes_it = !brush || !hand_of_kerb[kerb] || brush == hand_of_kerb[kerb];
            const ki_plan_decision *decision = decision_of(plan, id);
            assert_int_equal(decision->served != 0, passes_it);
            assert_int_equal(strcmp(decision->reason, "no_brush") == 0, !passes_it);
        }
        assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
        kerb_plan_free(plan);
    }
    case_free(&night);
}

static void each_kerb_goes_to_the_sweeper_with_its_brush(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    kerb_vehicle other = *sweeper(&night);
    kerb_shift shift = night.model->draft.shifts[2];
    other.id = "W2";
    other.brush_side = KERB_SIDE_LEFT;
    sweeper(&night)->brush_side = KERB_SIDE_RIGHT;
    shift.id = "H4";
    shift.vehicle_id = other.id;
    ki_model_free(night.model->sealed);
    night.model->sealed = NULL;
    assert_int_equal(kerb_model_add_vehicles(night.model, &other, 1, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_shifts(night.model, &shift, 1, NULL), KERB_OK);
    kerb_plan *plan = case_plan_again(&night, 60);
    assert_string_equal(vehicle_that_sweeps(plan, "K2"), "W2");
    assert_string_equal(vehicle_that_sweeps(plan, "K0"), "W1");
    assert_string_equal(vehicle_that_sweeps(plan, "K3"), "W1");
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);

    static const kerb_vehicle_ref first[] = {{"W1"}};
    kerb_street *kerb = &night.model->draft.streets[2];
    kerb->pinned_to = first; /* the brush is there, and not where the dispatcher wants it */
    kerb->n_pinned_to = 1;
    plan = case_plan_again(&night, 60);
    assert_string_equal(decision_of(plan, "K2")->reason, "pinned");
    kerb_plan_free(plan);
    case_free(&night);
}

static void the_checker_knows_where_a_brush_is(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    char first[200];
    kerb_plan *plan = case_plan(&night);
    for (kerb_side brush = KERB_SIDE_LEFT; brush <= KERB_SIDE_RIGHT; brush++) {
        size_t n_wrong = 0;
        for (int kerb = 0; kerb < N_TOWN_KERBS; kerb++) {
            int passes = kerb == 0 ? 2 : 1;
            n_wrong += hand_of_kerb[kerb] && hand_of_kerb[kerb] != brush ? (size_t)passes : 0;
        }
        sweeper(&night)->brush_side = brush;
        assert_int_equal(case_check(&night, plan, 0, first, sizeof first), n_wrong);
    }
    kerb_plan_free(plan);
    case_free(&night);
}

/* Whose place and exit a matrix tells is swept from the one to the other, its side as stated. */
static void with_explicit_travel_a_kerb_is_on_its_stated_side(void **state) {
    (void)state;
    plan_case night;
    case_explicit(&night);
    kerb_vehicle *vehicle = &night.small.vehicles[3];
    for (kerb_side kerb = KERB_SIDE_LEFT; kerb <= KERB_SIDE_CENTRE; kerb++)
        for (kerb_side brush = KERB_SIDE_UNSPECIFIED; brush <= KERB_SIDE_RIGHT; brush++) {
            night.small.streets[0].side = kerb;
            vehicle->brush_side = brush;
            kerb_plan *plan = case_plan_again(&night, 50);
            int passes_it = !brush || kerb == KERB_SIDE_CENTRE || brush == kerb;
            assert_int_equal(strcmp(decision_of(plan, "K1")->reason, "no_brush") == 0, !passes_it);
            assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
            kerb_plan_free(plan);
        }
    case_free(&night);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_brush_on_one_side_sweeps_only_kerbs_on_that_side),
        cmocka_unit_test(each_kerb_goes_to_the_sweeper_with_its_brush),
        cmocka_unit_test(the_checker_knows_where_a_brush_is),
        cmocka_unit_test(with_explicit_travel_a_kerb_is_on_its_stated_side)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
