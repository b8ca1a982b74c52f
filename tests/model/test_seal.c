/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sealing a small night with explicit travel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "model/model.h"
#include "model/seal.h"
#include "model/service.h"

#include <stdio.h>

static small_draft small;
static ki_model *model;
static struct ki_note *notes;
static size_t n_notes;
static kerb_error err;

static kerb_status seal(void) {
    err = (kerb_error){0};
    return ki_model_seal(&model, &small.draft, NULL, NULL, &notes, &n_notes, &err);
}

static void seal_well(void) {
    kerb_status status = seal();
    if (status != KERB_OK) fail_msg("%s", err.message);
}

static int fresh(void **state) {
    (void)state;
    small_draft_fill(&small);
    model = NULL;
    return 0;
}

static int drop(void **state) {
    (void)state;
    ki_model_free(model);
    model = NULL;
    return 0;
}

static const ki_task *task_named(const char *id) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (strcmp(model->tasks[task].id, id) == 0) return &model->tasks[task];
    return NULL;
}

static const char *note_of(const char *kind) {
    for (size_t note = 0; note < n_notes; note++)
        if (strcmp(notes[note].kind, kind) == 0) return notes[note].text;
    return "";
}

static void equal_shifts_become_one_type(void **state) {
    (void)state;
    seal_well();
    assert_int_equal(model->n_types, 3);
    assert_int_equal(model->types[0].n_shifts, 2);
    assert_int_equal(model->type_shifts[0], 0);
    assert_int_equal(model->type_shifts[1], 1);
    assert_int_equal(model->type_shifts[model->types[2].first_shift], 3);
    assert_int_equal(model->n_demand_classes, 3);
}

static void a_shift_that_differs_in_one_price_is_another_type(void **state) {
    (void)state;
    small.shifts[1].price_per_hour = 62.5;
    seal_well();
    assert_int_equal(model->n_types, 4);
    assert_int_equal(model->n_demand_classes, 3);
}

static void vehicles_out_and_shifts_out_are_left_out(void **state) {
    (void)state;
    small.vehicles[0].available = 0;
    small.shifts[2].available = 0;
    seal_well();
    assert_int_equal(model->n_types, 2);
    assert_int_equal(model->types[0].n_shifts, 1);
    assert_int_equal(model->type_shifts[0], 1);
}

static void prices_are_integers_rounded_once(void **state) {
    (void)state;
    seal_well();
    const ki_type *type = &model->types[0];
    assert_int_equal(type->used_nano, INT64_C(180000000000));
    assert_int_equal(type->nano_per_mm, 2600);
    assert_int_equal(type->nano_per_ms, 17222);         /* 62e9 / 3.6e6 = 17222.2 */
    assert_int_equal(type->overtime_nano_per_ms, 8611); /* 25833 - 17222 */
    assert_int_equal(type->regular_ms, 7 * 3600000);
    const ki_tip *tip = &model->tips[type->first_tip];
    assert_int_equal(tip->fee_nano_per_g[0], 95000);
    assert_int_equal(tip->ms_per_tonne, 60000);
    assert_int_equal(tip->fixed_ms, 300000);
    assert_int_equal(model->tips[type->first_tip + 1].fee_nano_per_g[0], -10500);
}

static void times_count_from_the_start_of_the_night(void **state) {
    (void)state;
    seal_well();
    assert_int_equal(model->horizon_ms, 11 * 3600000);
    assert_int_equal(model->types[0].earliest_ms, 3600000);
    assert_int_equal(model->types[0].latest_ms, 9 * 3600000);
    assert_int_equal(model->types[0].pre_ms, 600000);
    assert_int_equal(task_named("C3")->setup_ms, 45500);
}

static void windows_are_clipped_to_the_night_and_make_modes(void **state) {
    (void)state;
    seal_well();
    const ki_task *task = task_named("C3");
    assert_int_equal(task->n_modes, 2);
    assert_int_equal(model->modes[task->first_mode].open_ms, 0);
    assert_int_equal(model->modes[task->first_mode].close_ms, 2 * 3600000);
    assert_int_equal(model->modes[task->first_mode + 1].open_ms, 5 * 3600000);
    assert_int_equal(model->modes[task->first_mode + 1].close_ms, 11 * 3600000);
}

static void overlapping_windows_are_joined(void **state) {
    (void)state;
    small.windows[1] = (kerb_window){NIGHT_S + HOUR_S, NIGHT_S + 3 * HOUR_S};
    seal_well();
    const ki_task *task = task_named("C3");
    assert_int_equal(task->n_modes, 1);
    assert_int_equal(model->modes[task->first_mode].close_ms, 3 * 3600000);
}

static void only_vehicles_that_carry_the_stream_may_serve(void **state) {
    (void)state;
    seal_well();
    assert_int_equal(task_named("C1")->types, 3); /* residual: both kinds of truck */
    assert_int_equal(task_named("C2")->types, 2); /* food: the one with two compartments */
    assert_int_equal(task_named("K1")->types, 4);
    int32_t mode = task_named("C2")->first_mode;
    assert_int_equal(ki_service_ms(model, 0, mode), KI_NEVER);
    assert_int_equal(ki_service_ms(model, 1, mode), 60000);
}

static void demands_follow_the_compartments(void **state) {
    (void)state;
    seal_well();
    int32_t residual = (int32_t)(task_named("C1") - model->tasks);
    int32_t food = (int32_t)(task_named("C2") - model->tasks);
    int32_t kerb = (int32_t)(task_named("K1") - model->tasks);
    assert_int_equal(ki_demand(model, 1, residual)[0], model->tasks[residual].mass_g);
    assert_int_equal(ki_demand(model, 1, residual)[1], 0);
    assert_int_equal(ki_demand(model, 1, food)[0], 0);
    assert_int_equal(ki_demand(model, 1, food)[1], model->tasks[food].mass_g);
    /* A sweeper: mass, volume, water; water is not a mass. */
    assert_int_equal(model->types[2].n_dims, 3);
    assert_int_equal(model->types[2].mass_dims, 1);
    assert_int_equal(model->types[2].capacity[2], 2000000);
    assert_int_equal(ki_demand(model, 2, kerb)[2], model->tasks[kerb].water_ml);
}

static void a_kerb_with_two_passes_is_two_tasks_that_share_its_debris(void **state) {
    (void)state;
    seal_well();
    const ki_task *first = task_named("K1"), *second = task_named("K1#2");
    assert_non_null(first);
    assert_non_null(second);
    int32_t length_mm = small.length_mm[5 * N_PLACES + 7];
    assert_int_equal(model->modes[first->first_mode].entry, 5);
    assert_int_equal(model->modes[first->first_mode].exit, 7);
    assert_int_equal(model->modes[first->first_mode].length_mm, length_mm);
    assert_int_equal(first->mass_g + second->mass_g, length_mm / 2);
    assert_int_equal(first->water_ml, length_mm);
    assert_int_equal(first->prize_nano, (int64_t)length_mm * 400000);
    assert_int_equal(model->street_decisions[0].task, first - model->tasks);
}

static void a_centre_lane_may_be_swept_either_way(void **state) {
    (void)state;
    seal_well();
    const ki_task *task = task_named("K2");
    assert_int_equal(task->n_modes, 2);
    const ki_mode *modes = &model->modes[task->first_mode];
    assert_int_equal(modes[0].entry, modes[1].exit);
    assert_int_equal(modes[0].exit, modes[1].entry);
}

static void sweeping_takes_length_over_speed_rounded_up(void **state) {
    (void)state;
    seal_well();
    const ki_mode *mode = &model->modes[task_named("K1")->first_mode];
    int64_t speed = 2222; /* 8 km/h in mm/s */
    int32_t time_ms = ki_service_ms(model, 2, task_named("K1")->first_mode);
    assert_true((int64_t)time_ms * speed >= (int64_t)mode->length_mm * 1000);
    assert_true((int64_t)(time_ms - 1) * speed < (int64_t)mode->length_mm * 1000);
}

static void tips_take_every_stream_of_the_vehicle(void **state) {
    (void)state;
    seal_well();
    assert_int_equal(model->types[0].n_tips, 2); /* residual: station and plant */
    assert_int_equal(model->types[1].n_tips, 1); /* residual and food: station only */
    assert_int_equal(model->types[2].n_tips, 1);
    assert_int_equal(model->tips[model->types[0].first_tip + 1].close_ms, 10 * 3600000);
}

static void a_shift_of_other_hours_is_another_type(void **state) {
    (void)state;
    small.shifts[1].start_s += HOUR_S;
    seal_well();
    assert_int_equal(model->n_types, 4);
}

static void a_kerb_that_needs_water_needs_a_tank(void **state) {
    (void)state;
    small.vehicles[3].water_l = 0;
    seal_well();
    assert_string_equal(model->street_decisions[0].reason, "no_vehicle");
    assert_non_null(task_named("K2"));
}

static void an_empty_container_is_planned_with_a_twentieth(void **state) {
    (void)state;
    small.containers[2].force = KERB_FORCE_IN;
    small.draft.district.night_end_s = NIGHT_S + 10 * HOUR_S;
    small.draft.district.as_of_s = small.containers[2].last_emptied_s = NIGHT_S + 5 * HOUR_S;
    seal_well();
    assert_int_equal(task_named("C3")->mass_g, 5000);
    assert_int_equal(task_named("C3")->volume_ml, 50000);
}

/* Two half-full ones would fit by what is in them. */
static void a_skip_fills_the_truck_whatever_is_in_it(void **state) {
    (void)state;
    small.containers[2].force = KERB_FORCE_IN;
    small.containers[2].swapped = 1;
    small.draft.district.night_end_s = NIGHT_S + 10 * HOUR_S;
    small.draft.district.as_of_s = small.containers[2].last_emptied_s = NIGHT_S + 5 * HOUR_S;
    for (size_t at = 0; at < 3; at++)
        small.compartments[at].capacity_l = small.containers[2].volume_l;
    seal_well();
    const ki_task *task = task_named("C3");
    assert_int_equal(task->mass_g, 5000);
    assert_int_equal(task->volume_ml, small.containers[2].volume_l * 1000);
    const int64_t *demand = ki_demand(model, 0, (int32_t)(task - model->tasks));
    assert_int_equal(demand[1], model->types[0].capacity[1]);
}

static void a_facility_without_a_way_to_it_is_no_tip(void **state) {
    (void)state;
    small.time_ms[2] = small.length_mm[2] = KI_NEVER; /* depot to plant */
    seal_well();
    assert_int_equal(model->types[0].n_tips, 1);
    assert_int_equal(model->tips[model->types[0].first_tip].facility, 0);
}

static void a_starting_load_is_carried_over(void **state) {
    (void)state;
    static const double LOAD[1] = {1200.5};
    small.shifts[3].starting_load_kg = LOAD;
    seal_well();
    assert_int_equal(model->types[2].start_load[0], 1200500);
    assert_int_equal(model->types[2].start_load[1], 1440600); /* 24 % of 6000 l */
    assert_int_equal(model->types[2].start_load[2], 0);
}

static void every_container_and_street_has_a_decision_with_a_sentence(void **state) {
    (void)state;
    small.containers[1].force = KERB_FORCE_OUT;
    small.streets[1].force = KERB_FORCE_OUT;
    seal_well();
    assert_int_equal(model->container_decisions[0].choice, KI_MUST);
    assert_string_equal(model->container_decisions[0].reason, "fill_above_must");
    assert_int_equal(model->container_decisions[1].choice, KI_SKIP);
    assert_string_equal(model->container_decisions[1].reason, "forced_out");
    assert_int_equal(model->container_decisions[1].task, -1);
    assert_string_equal(model->street_decisions[0].reason, "due");
    assert_string_equal(model->street_decisions[1].reason, "forced_out");
    for (int container = 0; container < 3; container++)
        assert_non_null(strstr(model->container_decisions[container].detail, "full at service"));
    assert_null(task_named("K2"));
}

static void a_place_without_a_way_cannot_be_served_and_a_note_says_so(void **state) {
    (void)state;
    for (int place = 0; place < N_PLACES; place++)
        if (place != 4)
            small.time_ms[4 * N_PLACES + place] = small.length_mm[4 * N_PLACES + place] = KI_NEVER;
    seal_well(); /* S2 can be reached, but not left */
    assert_null(task_named("C3"));
    assert_int_equal(model->container_decisions[2].choice, KI_CANNOT);
    assert_string_equal(model->container_decisions[2].reason, "unreachable");
    assert_non_null(strstr(note_of("unreachable"), "1 container: no vehicle can drive there"));
}

/* Of two alarms the fire comes first; neither changes what is planned. */
static void an_alarm_is_a_note_that_says_what_is_planned_all_the_same(void **state) {
    (void)state;
    seal_well();
    ki_choice before = model->container_decisions[2].choice;
    ki_model_free(model);
    for (int at = 0; at < 2; at++) {
        small_report(&small, at ? "C3" : "C1", small.draft.district.as_of_s - 1800, NAN);
        kerb_report *report = &small.reports[small.draft.reports.n - 1];
        report->source = at ? "citizen" : NULL;
        report->alarm = at ? "burning" : "lidOpen";
    }
    seal_well();
    assert_int_equal(model->container_decisions[2].choice, before);
    assert_non_null(strstr(note_of("alarm"), "fire: container C3 at site S2, 'burning' says "
                                             "citizen, 0.5 h before as-of; planned by its fill"));
    assert_non_null(strstr(model->container_decisions[2].detail, "; alarm: fire 0.5 h before"));
    assert_non_null(strstr(model->container_decisions[0].detail, "; alarm: lid open 0.5 h before"));
    assert_null(strstr(model->container_decisions[1].detail, "alarm"));
}

/* The small draft's trucks start at 20:00 with the night, plain for all of their shift. */
static void fills_are_forecast_for_the_hours_in_which_trucks_come(void **state) {
    (void)state;
    ki_forecast_times first, calibrated;
    ki_forecast_tonight(&first, &small.draft);
    small.draft.district.forecast = KI_FORECAST_CALIBRATED;
    ki_forecast_tonight(&calibrated, &small.draft);
    const kerb_district *night = &small.draft.district;
    assert_int_equal(first.service_s, (night->night_start_s + night->night_end_s) / 2);
    assert_int_equal(first.spread_s, 0);
    double plain_s = (double)(small.shifts[0].end_s - small.shifts[0].start_s);
    if (small.shifts[0].regular_s > 0) plain_s = fmin(plain_s, small.shifts[0].regular_s);
    assert_true(fabs((double)(calibrated.service_s - small.shifts[0].start_s) - 0.3 * plain_s) < 2);
    assert_true(fabs((double)calibrated.spread_s - 0.6 * plain_s) < 2);
    small.draft.district.as_of_s = calibrated.service_s; /* a night under way */
    ki_forecast_times later;
    ki_forecast_tonight(&later, &small.draft);
    assert_true(later.service_s > calibrated.service_s && later.spread_s < calibrated.spread_s);
    small.draft.n_shifts = 0;
    ki_forecast_tonight(&later, &small.draft);
    assert_true(later.service_s >= calibrated.service_s);
}

static void containers_that_never_reported_are_no_sick_sensors(void **state) {
    (void)state;
    small.draft.reports.n = 0;
    seal_well();
    assert_string_equal(note_of("degraded"), "");
    assert_string_equal(note_of("sensors"),
                        "no fill reports: all 3 containers planned from their last emptying on "
                        "record and a rate of 25 % a day");
}

static void containers_without_a_report_among_others_are_counted_apart(void **state) {
    (void)state;
    small.draft.reports.n = 1; /* of C1; the other two have no sensor */
    seal_well();
    assert_string_equal(note_of("degraded"), "");
    assert_string_equal(note_of("sensors"),
                        "2 of 3 containers without a report: planned from the rate of their "
                        "stream");
}

static void reports_that_name_no_container_degrade_the_night(void **state) {
    (void)state;
    for (size_t at = 0; at < small.draft.reports.n; at++)
        small.reports[at].container_id = "X9";
    seal_well();
    assert_string_equal(note_of("degraded"),
                        "3 fill reports and none of a container of this district");
}

static void every_kind_of_doubt_is_counted(void **state) {
    (void)state;
    small.reports[0].measured_s = AS_OF_S - 9 * DAY_S;
    small.reports[1].fill_ratio = 1.7;
    seal_well();
    assert_string_equal(note_of("degraded"),
                        "2 of 3 sensors in doubt: 1 not credible, 1 silent, 0 stuck, 0 inverse, 0 "
                        "never full, 0 drifting, 0 out of range, 0 erratic; planned from history");
}

static void what_fits_into_no_vehicle_cannot_be_served(void **state) {
    (void)state;
    small.containers[0].volume_l = 100000;
    seal_well();
    assert_int_equal(model->container_decisions[0].choice, KI_CANNOT);
    assert_string_equal(model->container_decisions[0].reason, "too_big");
}

static void a_stream_without_a_truck_tonight_cannot_be_served(void **state) {
    (void)state;
    small.vehicles[2].available = 0;
    seal_well();
    assert_int_equal(model->container_decisions[1].choice, KI_CANNOT);
    assert_string_equal(model->container_decisions[1].reason, "no_vehicle");
}

static void windows_outside_the_night_are_named(void **state) {
    (void)state;
    small.windows[0] = (kerb_window){NIGHT_S - 3 * HOUR_S, NIGHT_S - HOUR_S};
    small.windows[1] = (kerb_window){NIGHT_S + 12 * HOUR_S, NIGHT_S + 13 * HOUR_S};
    seal_well();
    assert_string_equal(model->container_decisions[2].reason, "no_window");
    assert_int_equal(model->container_decisions[2].choice, KI_CANNOT);
}

static void a_vehicle_whose_facility_is_closed_stays_at_the_depot_with_a_note(void **state) {
    (void)state;
    small.windows[3] = (kerb_window){NIGHT_S + 10 * HOUR_S, NIGHT_S + 11 * HOUR_S};
    small.facilities[0].windows = &small.windows[3];
    small.facilities[0].n_windows = 1;
    seal_well(); /* only the plant is open: residual trucks alone can work */
    assert_int_equal(model->n_types, 1);
    assert_non_null(strstr(note_of("fleet"), "shift H3"));
    assert_string_equal(model->street_decisions[0].reason, "no_facility");
}

static void work_without_any_vehicle_is_infeasible(void **state) {
    (void)state;
    for (int shift = 0; shift < 4; shift++)
        small.shifts[shift].available = 0;
    assert_int_equal(seal(), KERB_INFEASIBLE);
    assert_non_null(strstr(err.message, "each one or its vehicle is out"));
}

static void an_idle_night_has_types_and_no_tasks(void **state) {
    (void)state;
    for (int container = 0; container < 3; container++)
        small.containers[container].force = KERB_FORCE_OUT;
    small.draft.n_streets = 0;
    seal_well();
    assert_int_equal(model->n_tasks, 0);
    assert_int_equal(model->n_types, 3);
}

static void overtime_that_is_not_stated_is_paid_as_all_hours(void **state) {
    (void)state;
    small.shifts[2].price_overtime_per_hour = 0;
    seal_well();
    assert_int_equal(model->types[1].overtime_nano_per_ms, 0);
    assert_int_equal(model->types[1].regular_ms, 7 * 3600000);
}

static void bays_and_caps_become_limits_that_routes_share(void **state) {
    (void)state;
    small.facilities[0].bays = 1;
    small.facilities[1].cap_tonnes = 0.3;
    small.facilities[1].used_tonnes = 0.1;
    seal_well();
    assert_int_equal(model->n_facilities, 2);
    assert_int_equal(model->facilities[0].bays, 1);
    assert_true(model->facilities[0].room_g == INT64_MAX);
    assert_int_equal(model->facilities[1].bays, INT32_MAX);
    assert_int_equal(model->facilities[1].room_g, 200000);
}

static void neither_roads_nor_a_matrix_is_a_bad_call(void **state) {
    (void)state;
    small.draft.matrix_ids = NULL;
    assert_int_equal(seal(), KERB_BAD_CALL);
}

static void sealing_twice_gives_the_same_model(void **state) {
    (void)state;
    seal_well();
    ki_model *first = model;
    seal_well();
    assert_int_equal(first->n_tasks, model->n_tasks);
    assert_int_equal(first->n_modes, model->n_modes);
    assert_memory_equal(first->modes, model->modes, sizeof(ki_mode) * (size_t)model->n_modes);
    for (int32_t at = 0; at < model->n_tips; at++) {
        const ki_tip *one = &first->tips[at], *two = &model->tips[at];
        assert_int_equal(one->facility, two->facility);
        assert_int_equal(one->point, two->point);
        assert_int_equal(one->open_ms, two->open_ms);
        assert_int_equal(one->close_ms, two->close_ms);
        assert_int_equal(one->fixed_ms, two->fixed_ms);
        assert_int_equal(one->ms_per_tonne, two->ms_per_tonne);
        assert_memory_equal(one->fee_nano_per_g, two->fee_nano_per_g, sizeof one->fee_nano_per_g);
    }
    assert_memory_equal(first->service_ms, model->service_ms,
                        sizeof(int32_t) * (size_t)(model->n_types * model->n_modes));
    assert_memory_equal(first->demand, model->demand,
                        sizeof(int64_t) * KI_MAX_DIMS *
                            (size_t)(model->n_demand_classes * model->n_tasks));
    for (int32_t task = 0; task < model->n_tasks; task++)
        assert_int_equal(first->tasks[task].prize_nano, model->tasks[task].prize_nano);
    ki_model_free(first);
}

static void prices_whose_sum_would_overflow_are_refused(void **state) {
    (void)state;
    small.vehicles[0].price_per_km = small.vehicles[1].price_per_km = 10000;
    small.shifts[0].price_per_hour = small.shifts[1].price_per_hour = 100000;
    small.shifts[0].price_overtime_per_hour = small.shifts[1].price_overtime_per_hour = 100000;
    seal_well();
    small.draft.district.price_unserved_must = 1e6;
    ki_model_free(model);
    static kerb_container many[3000];
    static char ids[3000][8];
    for (int container = 0; container < 3000; container++) {
        many[container] = small.containers[0];
        snprintf(ids[container], sizeof ids[container], "M%d", container);
        many[container].id = ids[container];
        many[container].force = KERB_FORCE_IN;
    }
    small.draft.containers = many;
    small.draft.n_containers = 3000;
    assert_int_equal(seal(), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "district demo, prices: up to"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(equal_shifts_become_one_type),
        TEST(a_shift_that_differs_in_one_price_is_another_type),
        TEST(vehicles_out_and_shifts_out_are_left_out),
        TEST(prices_are_integers_rounded_once),
        TEST(times_count_from_the_start_of_the_night),
        TEST(windows_are_clipped_to_the_night_and_make_modes),
        TEST(overlapping_windows_are_joined),
        TEST(only_vehicles_that_carry_the_stream_may_serve),
        TEST(demands_follow_the_compartments),
        TEST(a_kerb_with_two_passes_is_two_tasks_that_share_its_debris),
        TEST(a_centre_lane_may_be_swept_either_way),
        TEST(sweeping_takes_length_over_speed_rounded_up),
        TEST(tips_take_every_stream_of_the_vehicle),
        TEST(a_shift_of_other_hours_is_another_type),
        TEST(a_kerb_that_needs_water_needs_a_tank),
        TEST(an_empty_container_is_planned_with_a_twentieth),
        TEST(a_skip_fills_the_truck_whatever_is_in_it),
        TEST(a_facility_without_a_way_to_it_is_no_tip),
        TEST(a_starting_load_is_carried_over),
        TEST(every_container_and_street_has_a_decision_with_a_sentence),
        TEST(a_place_without_a_way_cannot_be_served_and_a_note_says_so),
        TEST(an_alarm_is_a_note_that_says_what_is_planned_all_the_same),
        TEST(fills_are_forecast_for_the_hours_in_which_trucks_come),
        TEST(containers_that_never_reported_are_no_sick_sensors),
        TEST(containers_without_a_report_among_others_are_counted_apart),
        TEST(reports_that_name_no_container_degrade_the_night),
        TEST(every_kind_of_doubt_is_counted),
        TEST(what_fits_into_no_vehicle_cannot_be_served),
        TEST(a_stream_without_a_truck_tonight_cannot_be_served),
        TEST(windows_outside_the_night_are_named),
        TEST(a_vehicle_whose_facility_is_closed_stays_at_the_depot_with_a_note),
        TEST(work_without_any_vehicle_is_infeasible),
        TEST(an_idle_night_has_types_and_no_tasks),
        TEST(overtime_that_is_not_stated_is_paid_as_all_hours),
        TEST(bays_and_caps_become_limits_that_routes_share),
        TEST(neither_roads_nor_a_matrix_is_a_bad_call),
        TEST(sealing_twice_gives_the_same_model),
        TEST(prices_whose_sum_would_overflow_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
