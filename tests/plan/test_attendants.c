/* SPDX-License-Identifier: GPL-3.0-or-later
 * Attendants: no more of their vehicles are out at once than they look after. Oracle: the spells of
 * the plan, moment by moment. */
#include "plan_case.h"

enum { STEPS = 600, TEAM = 3 };

static plan_case night;
static kerb_attendants attendants = {.id = "watch", .n_people = 1, .vehicles_each = 1};

/* Three sweepers, cheap to send out and slow, so that all of them go. */
static int make_night(void **state) {
    (void)state;
    static const char *const vehicles[] = {"W1", "W2", "W3"}, *const shifts[] = {"X1", "X2", "X3"};
    case_town(&night);
    kerb_model *model = night.model;
    ki_model_free(model->sealed);
    model->sealed = NULL;
    kerb_vehicle *own = &model->draft.vehicles[2];
    own->attended_by = attendants.id;
    own->price_used = 1;
    kerb_vehicle copy = *own;
    kerb_shift shift = model->draft.shifts[2];
    for (int at = 1; at < TEAM; at++) {
        copy.id = vehicles[at];
        shift.id = shifts[at];
        shift.vehicle_id = copy.id;
        assert_int_equal(kerb_model_add_vehicles(model, &copy, 1, NULL), KERB_OK);
        assert_int_equal(kerb_model_add_shifts(model, &shift, 1, NULL), KERB_OK);
    }
    return 0;
}

static int free_night(void **state) {
    (void)state;
    night.model->draft.attendants = NULL; /* ours */
    night.model->draft.n_attendants = 0;
    case_free(&night);
    return 0;
}

static kerb_plan *plan_with(int32_t people, int32_t each) {
    attendants.n_people = people;
    attendants.vehicles_each = each;
    night.model->draft.attendants = &attendants;
    night.model->draft.n_attendants = 1;
    return case_plan_again(&night, STEPS);
}

static int is_theirs(const ki_plan_route *route) {
    return route->vehicle[0] == 'W';
}

static int most_out(const kerb_plan *plan) {
    int most = 0;
    for (int32_t r = 0; r < plan->n_routes; r++) {
        int n = 0;
        for (int32_t other = 0; is_theirs(&plan->routes[r]) && other < plan->n_routes; other++)
            n += is_theirs(&plan->routes[other]) &&
                 plan->routes[other].spell_start_ms <= plan->routes[r].spell_start_ms &&
                 plan->routes[other].spell_end_ms > plan->routes[r].spell_start_ms;
        if (n > most) most = n;
    }
    return most;
}

/* Each sweeper alone has an hour: all kerbs take more than one of them. */
static void shorten_shifts(int64_t hours) {
    for (size_t at = 0; at < night.model->draft.n_shifts; at++) {
        kerb_shift *shift = &night.model->draft.shifts[at];
        if (shift->vehicle_id[0] == 'W')
            shift->regular_s = 0, shift->end_s = NIGHT_S + hours * 3600;
    }
}

static void no_more_robots_are_out_than_are_looked_after(void **state) {
    (void)state;
    char first[300];
    static const kerb_vehicle_ref pins[TEAM] = {{"W1"}, {"W2"}, {"W3"}};
    for (int kerb = 0; kerb < N_TOWN_KERBS; kerb++) { /* so that all three go out */
        night.model->draft.streets[kerb].pinned_to = &pins[kerb % TEAM];
        night.model->draft.streets[kerb].n_pinned_to = 1;
    }
    kerb_plan *all = plan_with(TEAM, 1);
    assert_int_equal(night.model->sealed->n_facilities, 0); /* a limit that nothing can meet */
    assert_int_equal(case_check(&night, all, 1, NULL, 0), 0);
    assert_int_equal(most_out(all), TEAM);
    for (int limit = 1; limit < TEAM; limit++) {
        attendants = (kerb_attendants){.id = "watch", .n_people = limit, .vehicles_each = 1};
        assert_int_equal(case_check(&night, all, 0, first, sizeof first), 1);
        assert_non_null(strstr(first, "plan: attendants watch: 3 vehicles are out at "));
        kerb_plan *plan = plan_with(1, limit);
        assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
        assert_int_equal(most_out(plan), limit);
        int n_out = 0; /* one after another, not one instead of three */
        for (int32_t r = 0; r < plan->n_routes; r++)
            n_out += is_theirs(&plan->routes[r]);
        assert_int_equal(n_out, TEAM);
        kerb_plan_free(plan);
    }
    kerb_plan_free(all);
    for (int kerb = 0; kerb < N_TOWN_KERBS; kerb++)
        night.model->draft.streets[kerb].n_pinned_to = 0;
}

static void who_is_left_out_for_want_of_an_attendant_is_told(void **state) {
    (void)state;
    int n_told = 0, n_left = 0;
    double speed = night.model->draft.vehicles[2].sweep_speed_kmh;
    for (size_t at = 2; at < night.model->draft.n_vehicles; at++)
        if (night.model->draft.vehicles[at].id[0] == 'W')
            night.model->draft.vehicles[at].sweep_speed_kmh = 2;
    shorten_shifts(2);
    kerb_plan *free_plan = plan_with(TEAM, 1), *plan = plan_with(1, 1);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(most_out(plan), 1);
    for (int32_t at = 0; at < plan->n_decisions; at++) {
        const ki_plan_decision *decision = &plan->decisions[at];
        n_left += decision->id[0] == 'K' && !decision->served && free_plan->decisions[at].served;
        n_told += strcmp(decision->reason, "left_out_attendants") == 0;
        if (strcmp(decision->reason, "left_out_attendants") == 0)
            assert_non_null(strstr(decision->text, " of watch"));
    }
    assert_true(n_left > 0 && n_told > 0);
    kerb_plan_free(free_plan);
    kerb_plan_free(plan);
    shorten_shifts(9);
    for (size_t at = 2; at < night.model->draft.n_vehicles; at++)
        night.model->draft.vehicles[at].sweep_speed_kmh = speed;
}

static void what_is_wrong_with_attendants_is_said(void **state) {
    (void)state;
    kerb_error err = {0};
    ki_model *sealed;
    attendants = (kerb_attendants){.id = "nobody", .n_people = 0, .vehicles_each = 2};
    assert_int_equal(
        ki_model_seal(&sealed, &night.model->draft, night.model->roads, NULL, NULL, NULL, &err),
        KERB_BAD_INPUT);
    assert_non_null(
        strstr(err.message, "attendants nobody, field n_people: 0, expected 1 to 1000"));
    assert_non_null(
        strstr(err.message, "vehicle W1, field attended_by: watch, expected known attendants"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_robots_are_out_than_are_looked_after),
        cmocka_unit_test(who_is_left_out_for_want_of_an_attendant_is_told),
        cmocka_unit_test(what_is_wrong_with_attendants_is_said),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
