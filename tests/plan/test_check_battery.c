/* SPDX-License-Identifier: GPL-3.0-or-later
 * Batteries, from the draft to the checker: a sweeper that must charge in its shift does, and what
 * was planned without its battery, or is altered, is rejected. */
#include "plan_case.h"

static plan_case night;

static kerb_vehicle *sweeper(void) {
    return &night.model->draft.vehicles[2];
}

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

static kerb_plan *plan_again(void) {
    return case_plan_again(&night, 300);
}

static ki_plan_route *route_of_sweeper(kerb_plan *plan) {
    for (int32_t r = 0; r < plan->n_routes; r++)
        if (strcmp(plan->routes[r].vehicle, "W1") == 0) return &plan->routes[r];
    return NULL;
}

/* What its whole route uses, at 1 Wh/m of driving and 2 of sweeping. */
static double used_wh(const ki_plan_route *route) {
    double sweep_mm = (double)(route->length_mm - route->deadhead_mm);
    return (double)route->deadhead_mm / 1000 + 2 * sweep_mm / 1000;
}

static void set_battery(double battery_wh, double charge_w) {
    sweeper()->battery_wh = battery_wh;
    sweeper()->drive_wh_per_km = 1000;
    sweeper()->sweep_wh_per_km = 2000;
    sweeper()->battery_reserve_wh = battery_wh / 10;
    night.model->draft.facilities[0].charge_w = charge_w;
}

static ki_plan_stop *find_charge(kerb_plan *plan) {
    ki_plan_route *route = route_of_sweeper(plan);
    for (int32_t s = 0; route && s < route->n_stops; s++)
        if (route->stops[s].charge_ms > 0) return &route->stops[s];
    return NULL;
}

static int n_swept(kerb_plan *plan) {
    const ki_plan_route *route = route_of_sweeper(plan);
    return route ? route->n_served : 0;
}

static void a_robot_does_not_drive_on_its_reserve(void **state) {
    (void)state;
    char first[300];
    set_battery(0, 0);
    kerb_plan *plan = plan_again();
    int n_before = n_swept(plan);
    double all_wh = used_wh(route_of_sweeper(plan));
    assert_null(find_charge(plan));
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    set_battery(0.8 * all_wh, 0); /* nowhere to charge */
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    kerb_plan_free(plan);
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_true(n_swept(plan) < n_before);
    assert_null(find_charge(plan));
    int n_told = 0;
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        if (strcmp(plan->decisions[d].reason, "left_out_battery") != 0) continue;
        n_told++;
        assert_non_null(strstr(plan->decisions[d].text, "on shift H3, would take "));
        assert_non_null(strstr(plan->decisions[d].text, " Wh more than the battery holds"));
    }
    assert_true(n_told > 0);
    kerb_plan_free(plan);
    set_battery(0.8 * all_wh, 20000);
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(n_swept(plan), n_before);
    assert_non_null(find_charge(plan));
    kerb_plan_free(plan);
}

/* ---- what is altered is found ---------------------------------------------------------------- */

static void assert_found(kerb_plan *plan, const char *words) {
    char first[300];
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    if (!strstr(first, words)) fail_msg("\"%s\" says nothing of \"%s\"", first, words);
}

static void an_altered_charge_is_found(void **state) {
    (void)state;
    kerb_plan *plan = plan_again();
    ki_plan_route *route = route_of_sweeper(plan);
    ki_plan_stop *stop = find_charge(plan), saved = *stop;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    stop->charge_ms -= 5;
    assert_found(plan, "charge (ms)");
    *stop = saved;
    stop->energy_left_mwh -= 1;
    assert_found(plan, "energy left (mWh)");
    *stop = saved;
    stop->charged_mwh += 1;
    assert_found(plan, "charged (mWh)");
    *stop = saved;
    stop->charge_ms = 0; /* as if it stood there for nothing */
    assert_found(plan, "end (ms)");
    *stop = saved;
    route->stops[1].charged_mwh = 7; /* of a kerb */
    assert_found(plan, "charged (mWh)");
    route->stops[1].charged_mwh = 0;
    route->stops[1].charge_ms = 60000; /* of a kerb */
    assert_found(plan, "charge (ms)");
    route->stops[1].charge_ms = 0;
    route->stops[0].energy_left_mwh += 1000;
    assert_found(plan, "energy left (mWh)");
    route->stops[0].energy_left_mwh -= 1000;
    night.model->draft.facilities[0].charge_w = 0;
    assert_found(plan, "the facility has no charger");
    night.model->draft.facilities[0].charge_w = 20000;
    sweeper()->charge_w = 5000;
    assert_found(plan, "charge (ms)");
    sweeper()->charge_w = 0;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
}

/* Half of the battery at 20 kW, then at 5. */
static void a_charging_curve_slows_the_shift_down(void **state) {
    (void)state;
    static const kerb_charge_step step = {0.5, 5000};
    kerb_plan *plan = plan_again();
    int32_t fast_ms = find_charge(plan)->charge_ms;
    kerb_plan_free(plan);
    sweeper()->charge_steps = &step;
    sweeper()->n_charge_steps = 1;
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_non_null(find_charge(plan));
    assert_true(find_charge(plan)->charge_ms > fast_ms);
    kerb_plan_free(plan);
    sweeper()->n_charge_steps = 0;
}

/* A shift that begins with an empty battery charges before it sweeps for long. */
static void a_shift_may_begin_with_a_part_used(void **state) {
    (void)state;
    kerb_plan *plan = plan_again();
    int64_t full_mwh = route_of_sweeper(plan)->stops[0].energy_left_mwh;
    kerb_plan_free(plan);
    night.model->draft.shifts[2].used_battery_wh = sweeper()->battery_wh / 4;
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    ki_plan_route *route = route_of_sweeper(plan);
    assert_in_range(full_mwh * 3 / 4 - route->stops[0].energy_left_mwh + 2, 0, 4);
    night.model->draft.shifts[2].used_battery_wh = 0;
    assert_found(plan, "energy left (mWh)");
    kerb_plan_free(plan);
}

/* ---- chargers where nothing is unloaded ------------------------------------------------------ */

static void add_post(void) {
    kerb_facility post = {.id = "C1",
                          .kind = KERB_FACILITY_CHARGER,
                          .lat_deg = town_lat(1.1),
                          .lon_deg = town_lon(3.5),
                          .bays = 1,
                          .charge_w = 20000};
    ki_model_free(night.model->sealed); /* a sealed model takes nothing more */
    night.model->sealed = NULL;
    assert_int_equal(kerb_model_add_facilities(night.model, &post, 1, NULL), KERB_OK);
    night.model->draft.facilities[0].charge_w = 0;
}

static int64_t load_g(const ki_plan_stop *stop) {
    return stop->loads[0].mass_g;
}

static void a_robot_charges_where_it_cannot_unload(void **state) {
    (void)state;
    add_post();
    kerb_plan *plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    ki_plan_stop *stop = find_charge(plan);
    assert_non_null(stop);
    assert_int_equal(stop->kind, KI_STOP_CHARGE);
    assert_string_equal(stop->id, "C1");
    assert_int_equal(stop->end_ms - stop->start_ms, stop->charge_ms);
    assert_int_equal(load_g(stop), load_g(stop - 1));
    assert_int_equal(stop->water_left_ml, stop[-1].water_left_ml);
    kerb_plan_free(plan);
}

static void an_altered_stop_at_a_charger_is_found(void **state) {
    (void)state;
    kerb_plan *plan = plan_again();
    ki_plan_stop *stop = find_charge(plan), saved = *stop;
    stop->charge_ms += 5;
    assert_found(plan, "charge (ms)");
    *stop = saved;
    stop->end_ms += 5;
    assert_found(plan, "end (ms)");
    *stop = saved;
    stop->charge_ms = 0;
    assert_found(plan, "stops to charge, but does not");
    *stop = saved;
    stop->loads[0].mass_g += 1;
    assert_found(plan, "load (g)");
    stop->loads[0].mass_g -= 1;
    stop->mass_g = 1;
    assert_found(plan, "mass (g)");
    *stop = saved;
    stop->water_left_ml += 1;
    assert_found(plan, "water left (ml)");
    *stop = saved;
    stop->kind = KI_STOP_TIP; /* it takes no sweepings */
    assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
    *stop = saved;
    stop->id = "C2";
    assert_found(plan, "no such facility");
    *stop = saved;
    night.model->draft.facilities[1].charge_w = 0;
    assert_found(plan, "the facility has no charger");
    night.model->draft.facilities[1].charge_w = 20000;
    kerb_bay_slot slot = {NIGHT_S + stop->start_ms / 1000, NIGHT_S + stop->end_ms / 1000, 1};
    night.model->draft.facilities[1].bay_slots = &slot;
    night.model->draft.facilities[1].n_bay_slots = 1;
    assert_found(plan, " vehicles unload or charge at ");
    night.model->draft.facilities[1].n_bay_slots = 0;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
}

/* Its one bay is promised to others for a while. */
static void a_charger_with_no_bay_free_is_waited_for(void **state) {
    (void)state;
    kerb_plan *plan = plan_again();
    const ki_plan_stop *stop = find_charge(plan);
    kerb_bay_slot slot = {NIGHT_S + stop->start_ms / 1000 - 60, NIGHT_S + stop->end_ms / 1000, 1};
    kerb_plan_free(plan);
    night.model->draft.facilities[1].bay_slots = &slot;
    night.model->draft.facilities[1].n_bay_slots = 1;
    plan = plan_again();
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    stop = find_charge(plan);
    int64_t start_s = NIGHT_S + stop->start_ms / 1000, end_s = NIGHT_S + stop->end_ms / 1000;
    assert_true(start_s >= slot.end_s || end_s <= slot.start_s);
    kerb_plan_free(plan);
    night.model->draft.facilities[1].n_bay_slots = 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_robot_does_not_drive_on_its_reserve),
        cmocka_unit_test(an_altered_charge_is_found),
        cmocka_unit_test(a_charging_curve_slows_the_shift_down),
        cmocka_unit_test(a_shift_may_begin_with_a_part_used),
        cmocka_unit_test(a_robot_charges_where_it_cannot_unload),
        cmocka_unit_test(an_altered_stop_at_a_charger_is_found),
        cmocka_unit_test(a_charger_with_no_bay_free_is_waited_for),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
