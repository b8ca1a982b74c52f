/* SPDX-License-Identifier: GPL-3.0-or-later
 * Vehicles with movable walls: one setting each shift. Oracle: the loads of the plan against what
 * that setting holds. */
#include "plan_case.h"

enum { STEPS = 400, FOOD_TRUCK = 2 /* V3: residual and food */ };

static plan_case night;
static kerb_compartment own[2], food[2], even[2];
static kerb_setting settings[2] = {{"food", food, 2}, {"even", even, 2}};

static kerb_shift *shift_at(int at) {
    return (kerb_shift *)(uintptr_t)&night.model->draft.shifts[at];
}

/* Two residual containers of some 100 kg, one of food of 70; V3 alone is there for them. */
static int make_night(void **state) {
    (void)state;
    case_explicit(&night);
    kerb_vehicle *truck = &night.small.vehicles[FOOD_TRUCK];
    night.small.vehicles[0].available = night.small.vehicles[1].available = 0;
    memcpy(own, truck->compartments, sizeof own);
    own[0].capacity_kg = 210;
    own[1].capacity_kg = 50;
    truck->compartments = own;
    return 0;
}

static int free_night(void **state) {
    (void)state;
    case_free(&night);
    return 0;
}

static void set_walls(double food_residual_kg, double food_kg, size_t n) {
    food[0].capacity_kg = food_residual_kg;
    food[1].capacity_kg = food_kg;
    even[0].capacity_kg = even[1].capacity_kg = 125;
    night.small.vehicles[FOOD_TRUCK].settings = settings;
    night.small.vehicles[FOOD_TRUCK].n_settings = n;
}

static ki_plan_route *truck_route(kerb_plan *plan) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (strcmp(plan->routes[route].vehicle, "V3") == 0) return &plan->routes[route];
    fail_msg("V3 stays at home");
    return NULL;
}

static const ki_plan_decision *decision_of(const kerb_plan *plan, const char *id) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (strcmp(plan->decisions[at].id, id) == 0) return &plan->decisions[at];
    fail_msg("no decision about %s", id);
    return NULL;
}

static size_t faults_as(const kerb_plan *plan, ki_plan_route *route, const char *setting,
                        char *first, size_t size) {
    const char *before = route->setting;
    route->setting = setting;
    size_t n = case_check(&night, plan, 0, first, size);
    route->setting = before;
    return n;
}

static void walls_are_set_for_what_there_is_tonight(void **state) {
    (void)state;
    set_walls(205, 70, 0);
    kerb_plan *without = case_plan_again(&night, STEPS);
    assert_false(decision_of(without, "C2")->served);
    assert_string_equal(truck_route(without)->setting, "");
    set_walls(205, 70, 1);
    kerb_plan *with = case_plan_again(&night, STEPS);
    assert_int_equal(case_check(&night, with, 1, NULL, 0), 0);
    assert_true(decision_of(with, "C2")->served);
    assert_true(decision_of(with, "C1")->served && decision_of(with, "C3")->served);
    assert_string_equal(truck_route(with)->setting, "food");
    assert_int_equal(truck_route(with)->n_trips, 1);
    kerb_plan_free(without);
    kerb_plan_free(with);
}

static void each_corruption_of_a_setting_is_found(void **state) {
    (void)state;
    char first[300];
    set_walls(205, 70, 2);
    kerb_plan *plan = case_plan_again(&night, STEPS);
    ki_plan_route *route = truck_route(plan);
    assert_string_equal(route->setting, "food");
    assert_true(faults_as(plan, route, "", first, sizeof first) > 0);
    assert_non_null(strstr(first, "in compartment 2, at most 50000 g"));
    assert_true(faults_as(plan, route, "even", first, sizeof first) > 0);
    assert_non_null(strstr(first, "in compartment 1, at most 125000 g"));
    assert_true(faults_as(plan, route, "odd", first, sizeof first) > 0);
    assert_non_null(strstr(first, "vehicle V3 has no setting odd"));
    shift_at(FOOD_TRUCK)->setting = "even";
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    assert_non_null(strstr(first, "setting"));
    shift_at(FOOD_TRUCK)->setting = "food";
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    shift_at(FOOD_TRUCK)->setting = NULL;
    kerb_plan_free(plan);
}

static void a_shift_that_states_its_setting_or_has_a_load_keeps_to_it(void **state) {
    (void)state;
    static const double load_kg[KI_MAX_COMPARTMENTS] = {1, 0};
    set_walls(205, 70, 2);
    shift_at(FOOD_TRUCK)->setting = "even";
    kerb_plan *plan = case_plan_again(&night, STEPS);
    assert_string_equal(truck_route(plan)->setting, "even");
    assert_int_equal(truck_route(plan)->n_trips, 2);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
    shift_at(FOOD_TRUCK)->setting = NULL;
    shift_at(FOOD_TRUCK)->starting_load_kg = load_kg;
    plan = case_plan_again(&night, STEPS);
    assert_string_equal(truck_route(plan)->setting, "");
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
    shift_at(FOOD_TRUCK)->starting_load_kg = NULL;
}

/* Set for the food, C3 would not go in. */
static void what_another_setting_would_take_says_so(void **state) {
    (void)state;
    set_walls(90.5, 90, 1);
    kerb_plan *plan = case_plan_again(&night, STEPS);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_string_equal(truck_route(plan)->setting, "");
    assert_string_equal(decision_of(plan, "C2")->reason, "left_out_setting");
    assert_non_null(strstr(decision_of(plan, "C2")->text,
                           "shift H3 is set for its other stops; set to food it would take"));
    kerb_plan_free(plan);
}

/* Three trucks alike: each of their settings is a type, and they are three all the same. */
static void trucks_alike_share_the_types_of_their_settings(void **state) {
    (void)state;
    kerb_vehicle *vehicles = night.small.vehicles;
    kerb_vehicle before[2] = {vehicles[0], vehicles[1]};
    set_walls(205, 70, 2);
    for (int at = 0; at < 2; at++) {
        vehicles[at] = vehicles[FOOD_TRUCK];
        vehicles[at].id = before[at].id;
    }
    kerb_plan *plan = case_plan_again(&night, STEPS);
    const ki_model *sealed = night.model->sealed;
    int n_types = 0;
    for (int32_t type = 0; type < sealed->n_types; type++) {
        if (sealed->types[type].group != 0) continue;
        assert_int_equal(sealed->types[type].n_shifts, 3);
        assert_int_equal(sealed->types[type].setting, n_types);
        assert_int_equal(type - ki_lead(sealed, type), n_types++);
    }
    assert_int_equal(n_types, 3);
    assert_true(sealed->has_settings);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
    vehicles[0] = before[0];
    vehicles[1] = before[1];
}

static void expect_fault(const char *words) {
    kerb_error err = {0};
    ki_model *sealed;
    assert_int_equal(ki_model_seal(&sealed, &night.model->draft, NULL, NULL, NULL, NULL, &err),
                     KERB_BAD_INPUT);
    if (!strstr(err.message, words)) fail_msg("%s\nexpected %s", err.message, words);
}

static void what_is_wrong_with_settings_is_said(void **state) {
    (void)state;
    kerb_vehicle *truck = &night.small.vehicles[FOOD_TRUCK];
    set_walls(205, 70, 2);
    settings[1].id = "food";
    expect_fault("vehicle V3, field settings: food twice, expected each once");
    settings[1].id = "even";
    settings[1].n_compartments = 1;
    expect_fault("vehicle V3, setting even, field compartments: 1, expected 2, as many as the "
                 "vehicle has");
    settings[1].n_compartments = 2;
    food[1].capacity_kg = 0;
    expect_fault("vehicle V3, setting food, compartment 2, field capacity_kg: 0, expected above 0");
    set_walls(205, 70, 2);
    food[0].capacity_l = 100;
    expect_fault("vehicle V3, setting food, compartment 1, field capacity_l: 100, expected 0");
    food[0].capacity_l = 0;
    shift_at(FOOD_TRUCK)->setting = "odd";
    expect_fault("shift H3, field setting: odd, expected a setting of vehicle V3");
    shift_at(FOOD_TRUCK)->setting = NULL;
    truck->n_settings = KI_MAX_LIST;
    expect_fault("expected at most 7");
    truck->n_settings = 2;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walls_are_set_for_what_there_is_tonight),
        cmocka_unit_test(each_corruption_of_a_setting_is_found),
        cmocka_unit_test(a_shift_that_states_its_setting_or_has_a_load_keeps_to_it),
        cmocka_unit_test(what_another_setting_would_take_says_so),
        cmocka_unit_test(trucks_alike_share_the_types_of_their_settings),
        cmocka_unit_test(what_is_wrong_with_settings_is_said),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
