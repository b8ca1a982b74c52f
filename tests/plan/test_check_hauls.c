/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hauls in a plan: made from what collection brings, accepted by the checker, and refused where one
 * thing is changed. */
#include "haul_night.h"

static void hauls_keep_the_station_below_its_buffer(void **state) {
    (void)state;
    make_night(6000, 0, 1);
    assert_int_equal(plan->n_piles, 1);
    const ki_plan_pile *pile = &plan->piles[0];
    assert_string_equal(pile->facility, "T1");
    assert_int_equal(pile->opening_g, 4000000);
    assert_int_equal(pile->inflow_g, 6000000);
    assert_int_equal(pile->opening_g + pile->inflow_g, pile->hauled_g + pile->closing_g);
    assert_true(pile->peak_g <= 6000000);
    assert_string_equal(pile->reason, "");
    assert_non_null(haul_route());
    assert_string_equal(plan->hauls.method, "program");
    assert_true(plan->hauls.bound_nano <= plan->hauls.cost_nano);
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
}

static void a_station_to_be_cleared_is_empty_in_the_morning(void **state) {
    (void)state;
    make_night(0, 1, 1);
    assert_int_equal(plan->piles[0].closing_g, 0);
    assert_int_equal(plan->piles[0].hauled_g, 10000000);
    assert_int_equal(haul_route()->n_trips, 2); /* two loads of 5 t */
    end_night();
}

static int tips_at(const char *facility) {
    int n = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_stops; at++)
            n += plan->routes[route].stops[at].kind == KI_STOP_TIP &&
                 strcmp(plan->routes[route].stops[at].id, facility) == 0;
    return n;
}

/* 4 t lie there, there is room for 6 and 6 are collected: both loads of 3 t go to the plant. */
static void without_a_haul_truck_collection_goes_to_the_plant_itself(void **state) {
    (void)state;
    make_night(6000, 0, 0);
    assert_null(haul_route());
    assert_string_equal(plan->piles[0].reason, "");
    assert_int_equal(tips_at("P1"), 2);
    assert_int_equal(plan->piles[0].peak_g, 4000000);
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
}

/* Room for one load and not for two: no more is moved than is needed. */
static void no_more_tips_are_moved_than_a_pile_asks_for(void **state) {
    (void)state;
    make_night(7500, 0, 0);
    assert_string_equal(plan->piles[0].reason, "");
    assert_int_equal(tips_at("P1"), 1);
    assert_int_equal(tips_at("T1"), 1);
    assert_int_equal(plan->piles[0].peak_g, 7000000);
    end_night();
}

static int64_t tipped_g(const char *facility) {
    int64_t sum_g = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_stops; at++)
            if (plan->routes[route].stops[at].kind == KI_STOP_TIP &&
                strcmp(plan->routes[route].stops[at].id, facility) == 0)
                sum_g += plan->routes[route].stops[at].mass_g;
    return sum_g;
}

/* A dear station: 6 t go straight to the plant, which has room for 8; 4 t lie at the station. */
static void what_trucks_bring_to_a_plant_hauls_do_not(void **state) {
    (void)state;
    station_fee = 400;
    make_night(0, 1, 1);
    assert_int_equal(tips_at("T1"), 0);
    assert_int_equal(tipped_g("P1"), 10000000);
    assert_int_equal(plan->piles[0].hauled_g, 4000000);
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
    plant_cap_tonnes = 8;
    make_night(0, 1, 1);
    assert_int_equal(tips_at("T1"), 0);
    assert_int_equal(tipped_g("P1"), 8000000);
    assert_int_equal(plan->piles[0].hauled_g, 2000000);
    assert_int_equal(plan->piles[0].closing_g, 2000000);
    assert_string_equal(plan->piles[0].reason, "not_cleared");
    assert_int_equal(n_violations(NULL, 0), 0);
    model->draft.facilities[1].cap_tonnes = 7.999;
    assert_true(n_violations(NULL, 0) > 0);
    end_night();
    station_fee = plant_cap_tonnes = 0;
}

static const ki_plan_route *truck_route(void) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        if (plan->routes[at].use == KERB_USE_TRUCK) return &plan->routes[at];
    return NULL;
}

static void a_truck_that_collects_hauls_when_it_is_back(void **state) {
    (void)state;
    make_night(0, 1, 1);
    int64_t free_ms = haul_route()->spell_start_ms;
    int64_t back_ms = truck_route()->spell_end_ms;
    assert_true(free_ms < back_ms); /* a truck of its own need not wait */
    model->draft.shifts[1].follows = "R1";
    model->draft.shifts[1].turnaround_s = 900;
    assert_int_equal(n_violations(NULL, 0), 1);
    end_night();
    haul_follows = "R1";
    make_night(0, 1, 1);
    assert_int_equal(n_violations(NULL, 0), 0);
    assert_int_equal(plan->piles[0].closing_g, 0);
    assert_int_equal(plan->piles[0].hauled_g, 10000000);
    int64_t ready_ms = truck_route()->spell_end_ms + 900000;
    assert_in_range(haul_route()->spell_start_ms, ready_ms, ready_ms + 600000);
    model->draft.shifts[1].turnaround_s =
        (double)(haul_route()->spell_start_ms - truck_route()->spell_end_ms + 1) / 1000;
    assert_int_equal(n_violations(NULL, 0), 1);
    end_night();
    haul_follows = NULL;
}

static void who_follows_whom_is_looked_at(void **state) {
    (void)state;
    kerb_error err = {0};
    ki_model *sealed;
    make_night(0, 1, 2);
    model->draft.shifts[1].follows = "R9";
    model->draft.shifts[2].follows = "R2";
    assert_int_equal(ki_model_seal(&sealed, &model->draft, NULL, NULL, NULL, NULL, &err),
                     KERB_BAD_INPUT);
    assert_non_null(
        strstr(err.message, "shift R2, field follows: R9, expected of a haul truck's "));
    assert_non_null(
        strstr(err.message, "shift R3, field follows: R2, expected of a haul truck's "));
    end_night();
}

static void without_a_haul_truck_the_plan_says_by_how_much_and_why(void **state) {
    (void)state;
    plant_is_away = 60; /* further than a shift is long */
    make_night(6000, 0, 0);
    plant_is_away = 3;
    assert_null(haul_route());
    assert_string_equal(plan->piles[0].reason, "over_buffer");
    assert_non_null(strstr(plan->piles[0].text, "4.000 t above its buffer of 6.000 t"));
    assert_non_null(strstr(plan->piles[0].text, "no haul truck"));
    assert_true(plan->degraded);
    char *text;
    assert_int_equal(kerb_plan_summary(plan, 0, &text, NULL), KERB_OK);
    assert_non_null(strstr(text, "1 pile at transfer stations too high"));
    kerb_buffer_free(text);
    end_night();
}

/* ---- one thing changed ----------------------------------------------------------------------- */

static ki_plan_stop *stop_of(ki_stop_kind kind) {
    ki_plan_route *route = haul_route();
    for (int32_t at = 0; at < route->n_stops; at++)
        if (route->stops[at].kind == kind) return &route->stops[at];
    return NULL;
}

static void heavier(void) {
    stop_of(KI_STOP_LOAD)->mass_g++;
}
static void emptier(void) {
    stop_of(KI_STOP_LOAD)->mass_g = 0;
}
static void half_full(void) {
    stop_of(KI_STOP_LOAD)->mass_g /= 2;
    stop_of(KI_STOP_LOAD)->loads[0].mass_g /= 2;
    stop_of(KI_STOP_TIP)->mass_g /= 2;
}
static void other_stream(void) {
    stop_of(KI_STOP_LOAD)->stream = KERB_STREAM_FOOD;
}
static void other_station(void) {
    stop_of(KI_STOP_LOAD)->id = "P1";
}
static void to_the_station(void) {
    stop_of(KI_STOP_TIP)->id = "T1";
}
static void off_the_slot(void) {
    ki_plan_stop *tip = stop_of(KI_STOP_TIP);
    tip->start_ms += 1000, tip->earliest_ms += 1000, tip->latest_ms += 1000, tip->end_ms += 1000;
}
static void quicker_unloading(void) {
    stop_of(KI_STOP_TIP)->end_ms -= 1000;
}
static void quicker_loading(void) {
    stop_of(KI_STOP_LOAD)->end_ms -= 1000;
}
static void quicker_drive(void) {
    stop_of(KI_STOP_TIP)->leg.time_ms -= 1000;
}
static void cheaper_gate(void) {
    stop_of(KI_STOP_TIP)->fee_nano--;
}
static void higher_peak(void) {
    plan->piles[0].peak_g++;
}
static void other_peak_time(void) {
    plan->piles[0].peak_ms++;
}
static void lost_gram(void) {
    plan->piles[0].closing_g--;
}
static void less_hauled(void) {
    plan->piles[0].hauled_g--;
}
static void less_brought(void) {
    plan->piles[0].inflow_g--;
}
static void other_opening(void) {
    plan->piles[0].opening_g++;
}
static void larger_buffer(void) {
    plan->piles[0].buffer_g++;
}
static void excuse(void) {
    plan->piles[0].reason = "over_buffer";
}
static void no_pile(void) {
    plan->n_piles = 0;
}
static void no_haul(void) {
    plan->n_routes--;
}
static void cheaper_hauls(void) {
    plan->hauls.cost_nano--;
}
static void bound_too_high(void) {
    plan->hauls.bound_nano = plan->hauls.cost_nano + 1;
}
static void other_slot(void) {
    plan->hauls.slot_ms = 0;
}

/* ---- breaks ---------------------------------------------------------------------------------- */

/* Every drive to the plant and back is an hour: half an hour's pause comes after two at the latest.
 */
static const kerb_break after_two_hours = {.duration_s = 1800, .after_work_s = 7200};

static void make_night_with_breaks(const kerb_break *breaks, size_t n) {
    haul_breaks = breaks;
    n_haul_breaks = n;
    make_night(0, 1, 1);
    haul_breaks = NULL;
    n_haul_breaks = 0;
}

static void a_haul_truck_rests_before_it_has_worked_too_long(void **state) {
    (void)state;
    make_night_with_breaks(&after_two_hours, 1);
    const ki_plan_route *route = haul_route();
    assert_int_equal(plan->piles[0].hauled_g, 10000000);
    assert_int_equal(route->n_breaks, 1);
    const ki_plan_break *pause = &route->breaks[0];
    assert_int_equal(pause->end_ms - pause->start_ms, 1800000);
    assert_int_equal(n_violations(NULL, 0), 0);
    int64_t spell_ms = (int64_t)route->spell_end_ms - route->spell_start_ms;
    assert_int_equal(route->time_nano, (spell_ms - 1800000) * ((int64_t)40e9 / 3600000));
    end_night();
}

static void a_haul_truck_waits_for_the_hours_of_its_break(void **state) {
    (void)state;
    const kerb_window window = {START_S + 240 * MINUTE_S, START_S + 250 * MINUTE_S};
    const kerb_break noon = {
        .duration_s = 1200, .windows = &window, .n_windows = 1, .at_facility = 1, .paid = 1};
    make_night_with_breaks(&noon, 1);
    const ki_plan_route *route = haul_route();
    assert_int_equal(plan->piles[0].closing_g, 0);
    if (route->n_breaks)
        assert_in_range(route->breaks[0].start_ms, 240 * 60000, 250 * 60000);
    else
        assert_true(route->spell_end_ms <= 250 * 60000);
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
}

/* The only hours of a long break are those in which the pile must be carried away. */
static void what_a_break_keeps_from_being_hauled_is_told(void **state) {
    (void)state;
    const kerb_break long_rest = {.duration_s = 8 * 3600};
    make_night_with_breaks(&long_rest, 1);
    assert_null(haul_route());
    assert_string_equal(plan->piles[0].reason, "not_cleared");
    assert_non_null(strstr(plan->piles[0].text, "without their breaks"));
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
}

static void no_rest(void) {
    haul_route()->n_breaks = 0;
}
static void shorter_rest(void) {
    haul_route()->breaks[0].end_ms -= 60000;
}
static void rest_while_driving(void) {
    haul_route()->breaks[0].start_ms -= 60000, haul_route()->breaks[0].end_ms -= 60000;
}
static void rest_at_the_end(void) {
    haul_route()->breaks[0].after_stop = haul_route()->n_stops - 1;
}
static void two_rests(void) {
    static ki_plan_break twice[2];
    twice[0] = twice[1] = haul_route()->breaks[0];
    haul_route()->breaks = twice;
    haul_route()->n_breaks = 2;
}
static void rest_is_paid(void) {
    ki_plan_route *route = haul_route();
    route->time_nano =
        ((int64_t)route->spell_end_ms - route->spell_start_ms) * (int64_t)40e9 / 3600000;
}

static void each_corruption_of_a_haul_trucks_break_is_found(void **state) {
    (void)state;
    static const struct {
        void (*change)(void);
        const char *said;
    } cases[] = {{no_rest, "of work without break 1"},
                 {shorter_rest, "end (ms)"},
                 {rest_while_driving, "before the vehicle is free"},
                 {rest_at_the_end, "expected one before the last"},
                 {two_rests, "2 breaks, expected at most 1"},
                 {rest_is_paid, "price of time (nano)"}};
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char report[8192];
        make_night_with_breaks(&after_two_hours, 1);
        cases[at].change();
        assert_true(n_violations(report, sizeof report) > 0);
        if (!strstr(report, cases[at].said))
            print_error("case %zu, expected '%s':\n%s\n", at, cases[at].said, report);
        assert_non_null(strstr(report, cases[at].said));
        end_night();
    }
}

static void every_single_change_is_refused(void **state) {
    (void)state;
    static const struct {
        void (*change)(void);
        const char *said;
    } cases[] = {{heavier, "hauled (g)"},
                 {emptier, "loads nothing"},
                 {half_full, "not full, though"},
                 {other_stream, "no compartment for food"},
                 {other_station, "of which nothing is said to lie there"},
                 {to_the_station, "neither a plant nor a dump"},
                 {off_the_slot, "expected a multiple of"},
                 {quicker_unloading, "end (ms)"},
                 {quicker_loading, "end (ms)"},
                 {quicker_drive, "time (ms)"},
                 {cheaper_gate, "fee"},
                 {higher_peak, "most that lies there (g)"},
                 {other_peak_time, "when most lies there (ms)"},
                 {lost_gram, "closing stock (g)"},
                 {less_hauled, "hauled (g)"},
                 {less_brought, "brought (g)"},
                 {other_opening, "opening stock (g)"},
                 {larger_buffer, "buffer (g)"},
                 {excuse, "reason of a pile"},
                 {no_pile, "number of piles"},
                 {no_haul, "most that lies there (g)"},
                 {cheaper_hauls, "cost of hauls (nano)"},
                 {bound_too_high, "bound of hauls"},
                 {other_slot, "expected a multiple of"}};
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char report[8192];
        make_night(6000, 0, 1);
        cases[at].change();
        assert_true(n_violations(report, sizeof report) > 0);
        if (!strstr(report, cases[at].said))
            print_error("case %zu, expected '%s':\n%s\n", at, cases[at].said, report);
        assert_non_null(strstr(report, cases[at].said));
        end_night();
    }
}

static void the_message_holds_the_piles(void **state) {
    (void)state;
    uint8_t *bytes;
    size_t n_bytes;
    kerb_plan *read;
    make_night(6000, 0, 1);
    assert_int_equal(kerb_plan_pack(plan, &bytes, &n_bytes, NULL), KERB_OK);
    assert_int_equal(kerb_plan_unpack(&read, bytes, n_bytes, NULL), KERB_OK);
    kerb_plan *made = plan;
    plan = read;
    assert_int_equal(n_violations(NULL, 0), 0);
    assert_int_equal(read->piles[0].peak_g, made->piles[0].peak_g);
    assert_string_equal(read->hauls.method, made->hauls.method);
    plan = made;
    kerb_buffer_free(bytes);
    kerb_plan_free(read);
    end_night();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hauls_keep_the_station_below_its_buffer),
        cmocka_unit_test(a_station_to_be_cleared_is_empty_in_the_morning),
        cmocka_unit_test(without_a_haul_truck_collection_goes_to_the_plant_itself),
        cmocka_unit_test(no_more_tips_are_moved_than_a_pile_asks_for),
        cmocka_unit_test(what_trucks_bring_to_a_plant_hauls_do_not),
        cmocka_unit_test(a_truck_that_collects_hauls_when_it_is_back),
        cmocka_unit_test(who_follows_whom_is_looked_at),
        cmocka_unit_test(without_a_haul_truck_the_plan_says_by_how_much_and_why),
        cmocka_unit_test(every_single_change_is_refused),
        cmocka_unit_test(the_message_holds_the_piles),
        cmocka_unit_test(a_haul_truck_rests_before_it_has_worked_too_long),
        cmocka_unit_test(a_haul_truck_waits_for_the_hours_of_its_break),
        cmocka_unit_test(what_a_break_keeps_from_being_hauled_is_told),
        cmocka_unit_test(each_corruption_of_a_haul_trucks_break_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
