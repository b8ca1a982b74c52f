/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why a container was left out, and what would make it fit: one small night for each reason. The
 * solution is made by hand: one route of the first truck, over the tasks that are to be in. */
#include "plan_case.h"

static plan_case night;
static ki_stop stops[8];
static ki_route route;

/* One truck; C1 and C3 of residual waste wait, each about 100 kg heavy; C2 (food) is skipped.
 * What a test changes, it changes before. */
static void begin(void) {
    memset(&night, 0, sizeof night);
    small_draft_fill(&night.small);
    night.small.draft.n_streets = 0;
    night.small.draft.n_shifts = 1;
    night.small.draft.district.currency = "CNY";
    night.small.sites[1].n_windows = 0;
    night.small.containers[1].force = KERB_FORCE_OUT;
}

static void seal(void) {
    night.own.draft = night.small.draft;
    night.model = &night.own;
    case_seal(&night);
}

/* C1 in, then a tip; C3 stays out. */
static kerb_plan *plan_without_c3(void) {
    const ki_model *sealed = night.model->sealed;
    int32_t in = sealed->container_decisions[0].task, out = sealed->container_decisions[2].task;
    assert_true(in >= 0 && out >= 0);
    stops[0] = (ki_stop){in, sealed->tasks[in].first_mode, 0};
    stops[1] = (ki_stop){KI_TIP, sealed->types[0].first_tip, 0};
    route = (ki_route){0, 2, stops};
    ki_route_value value;
    ki_route_evaluate(sealed, &route, &value, NULL);
    assert_true(value.feasible);
    night.solution = (ki_solution){1, &route, value.cost_nano + sealed->tasks[out].prize_nano};
    kerb_plan *plan = case_plan(&night);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    return plan;
}

static void expect(const char *code, const char *words) {
    seal();
    kerb_plan *plan = plan_without_c3();
    if (getenv("KERB_TEST_LOUD")) print_message("%s\n", plan->decisions[2].text);
    assert_string_equal(plan->decisions[2].reason, code);
    if (!strstr(plan->decisions[2].text, words))
        fail_msg("\"%s\" says nothing of \"%s\"", plan->decisions[2].text, words);
    kerb_plan_free(plan);
    ki_model_free(night.own.sealed);
}

static void too_dear_says_what_it_would_cost_more(void **state) {
    (void)state;
    begin();
    night.small.draft.district.price_unserved_must = 1;
    expect("left_out_price", "CNY more than the 1.00 CNY of leaving it");
}

static void worth_it_says_so_honestly(void **state) {
    (void)state;
    begin();
    expect("left_out_search", "save");
}

static void a_short_shift_says_by_how_much(void **state) {
    (void)state;
    begin();
    night.small.containers[2].service_s = 7 * HOUR_S;
    night.small.shifts[0].end_s = NIGHT_S + 3 * HOUR_S;
    expect("left_out_time", "H1, would make that shift 3"); /* some 330 minutes */
}

static void time_kept_free_is_named(void **state) {
    (void)state;
    begin();
    night.small.draft.district.time_quantile = 0.9;
    night.small.containers[2].service_s = 7 * HOUR_S;
    night.small.shifts[0].end_s = NIGHT_S + 3 * HOUR_S;
    expect("left_out_time", "min too long, with 5 min kept free for delays");
}

static void a_missed_window_says_by_how_much(void **state) {
    (void)state;
    begin();
    /* C1 only at 22:00 sharp; C3 takes hours and is only open until then. */
    static kerb_window sharp = {NIGHT_S + 2 * HOUR_S, NIGHT_S + 2 * HOUR_S + 60};
    night.small.sites[0].windows = &sharp;
    night.small.sites[0].n_windows = 1;
    night.small.sites[1].windows = &sharp;
    night.small.sites[1].n_windows = 1;
    night.small.containers[0].service_s = night.small.containers[2].service_s = HOUR_S;
    expect("left_out_window", "would miss the window of C");
}

static void a_full_truck_says_that_a_tip_would_take_too_long(void **state) {
    (void)state;
    begin();
    night.small.compartments[0].capacity_kg = 150;
    night.small.shifts[0].end_s = NIGHT_S + HOUR_S + 25 * 60; /* room for one trip only */
    expect("left_out_capacity", "full; one more tip, on shift H1, would make that shift");
}

static void a_spare_shift_is_offered_where_no_other_takes_the_stream(void **state) {
    (void)state;
    begin();
    /* C3 is food now, and only the truck with two compartments takes it, on a shift of its own
     * that the hand-made solution leaves in the depot. */
    night.small.containers[2].stream = KERB_STREAM_FOOD;
    night.small.draft.n_shifts = 3;
    expect("left_out_search", "a run of its own on spare shift H3");
}

/* The break is between 22:00 and 22:05; C3 takes three hours and may begin at 21:15 at the latest.
 */
static void a_break_that_finds_no_place_is_the_reason(void **state) {
    (void)state;
    begin();
    kerb_window when = {NIGHT_S + 2 * HOUR_S, NIGHT_S + 2 * HOUR_S + 300};
    kerb_break pause = {.duration_s = 1800, .windows = &when, .n_windows = 1};
    kerb_window early = {NIGHT_S, NIGHT_S + HOUR_S + 900};
    night.small.sites[1].windows = &early;
    night.small.sites[1].n_windows = 1;
    night.small.containers[2].service_s = 3 * HOUR_S;
    night.small.shifts[0].breaks = &pause;
    night.small.shifts[0].n_breaks = 1;
    expect("left_out_break", "on shift H1, would go on ");
}

/* Two containers are more than the battery lifts, and there is no charger. */
static void a_small_battery_says_by_how_much(void **state) {
    (void)state;
    begin();
    kerb_vehicle *truck = &night.small.vehicles[0];
    truck->battery_wh = 1000;
    truck->lift_wh = 600;
    expect("left_out_battery", "on shift H1, would take 200.0 Wh more than the battery holds");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_dear_says_what_it_would_cost_more),
        cmocka_unit_test(worth_it_says_so_honestly),
        cmocka_unit_test(a_short_shift_says_by_how_much),
        cmocka_unit_test(time_kept_free_is_named),
        cmocka_unit_test(a_missed_window_says_by_how_much),
        cmocka_unit_test(a_full_truck_says_that_a_tip_would_take_too_long),
        cmocka_unit_test(a_spare_shift_is_offered_where_no_other_takes_the_stream),
        cmocka_unit_test(a_break_that_finds_no_place_is_the_reason),
        cmocka_unit_test(a_small_battery_says_by_how_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
