/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each fault of a draft has its message: spoil one thing, read one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "model/model.h"

static small_draft small;
static kerb_stream both[2] = {KERB_STREAM_RESIDUAL, KERB_STREAM_FOOD};
static kerb_stream unknown[1] = {99};
static double heavy[1] = {5001};
static kerb_compartment many[8];

static void no_district(void) {
    small.draft.district.id = NULL;
}
static void no_as_of(void) {
    small.draft.district.as_of_s = KERB_NO_TIME;
}
static void night_backwards(void) {
    small.draft.district.night_end_s = NIGHT_S - 1;
}
static void night_too_long(void) {
    small.draft.district.night_end_s = NIGHT_S + 49 * HOUR_S;
}
static void must_out_of_range(void) {
    small.draft.district.must_ratio = 85;
}
static void may_above_must(void) {
    small.draft.district.may_ratio = 0.9;
}
static void price_not_finite(void) {
    small.draft.district.price_unserved_must = NAN;
}
static void site_off_the_globe(void) {
    small.sites[0].lat_deg = 91.2;
}
static void site_repeated(void) {
    small.sites[1].id = "S1";
}
static void site_without_id(void) {
    small.sites[1].id = NULL;
}
static void window_backwards(void) {
    small.windows[0].end_s = small.windows[0].start_s;
}
static void container_at_unknown_site(void) {
    small.containers[0].site_id = "S9";
}
static void container_repeated(void) {
    small.containers[1].id = "C1";
}
static void stream_nobody_takes(void) {
    small.containers[0].stream = KERB_STREAM_HAZARDOUS;
}
static void stream_of_sweepers(void) {
    small.containers[0].stream = KERB_STREAM_SWEEPINGS;
}
static void container_without_volume(void) {
    small.containers[0].volume_l = 0;
}
static void container_density(void) {
    small.containers[0].density_kg_per_l = -1;
}
static void street_side(void) {
    small.streets[0].side = KERB_SIDE_UNSPECIFIED;
}
static void street_passes(void) {
    small.streets[0].passes = 11;
}
static void street_hash(void) {
    small.streets[0].id = "K#1";
}
static void vehicle_without_capacity(void) {
    small.compartments[0].capacity_kg = 0;
}
static void vehicle_without_compartments(void) {
    small.vehicles[0].n_compartments = 0;
}
static void vehicle_use(void) {
    small.vehicles[0].use = KERB_USE_UNSPECIFIED;
}
static void vehicle_stream(void) {
    small.compartments[0].streams = unknown;
}
static void vehicle_stream_twice(void) {
    small.compartments[2].streams = &small.streams[1];
}
static void sweeper_without_speed(void) {
    small.vehicles[3].sweep_speed_kmh = 0;
}
static void sweeper_without_water_facility(void) {
    small.facilities[0].has_water = 0;
}
static void skip_without_volume(void) {
    small.containers[0].swapped = 1;
    small.compartments[0].capacity_l = 0;
    small.compartments[1].capacity_l = 9000;
}
static void battery_below_nothing(void) {
    small.vehicles[3].battery_wh = -1;
}
static void battery_all_reserve(void) {
    small.vehicles[3].battery_wh = 1000;
    small.vehicles[3].battery_reserve_wh = 1000;
}
static void charging_curve_falls_back(void) {
    static const kerb_charge_step steps[] = {{0.8, 1000}, {0.5, 500}};
    small.vehicles[3].battery_wh = 1000;
    small.vehicles[3].charge_steps = steps;
    small.vehicles[3].n_charge_steps = 2;
}
static void charger_of_a_watt(void) {
    small.facilities[0].charge_w = 1;
}
static void more_used_than_there_is(void) {
    small.vehicles[0].battery_wh = 1000;
    small.shifts[0].used_battery_wh = 1001;
}
static void no_single_facility(void) {
    small.facilities[0].n_gates = 1;
}
static void shared_compartment(void) {
    small.compartments[0].streams = both;
    small.compartments[0].n_streams = 2;
}
static void too_many_dims(void) {
    for (int at = 0; at < 8; at++)
        many[at] = small.compartments[3];
    small.vehicles[0].compartments = many;
    small.vehicles[0].n_compartments = 8;
}
static void shift_backwards(void) {
    small.shifts[0].end_s = small.shifts[0].start_s - 1;
}
static void shift_outside_the_night(void) {
    small.shifts[0].end_s = NIGHT_S + 12 * HOUR_S;
}
static void shift_vehicle(void) {
    small.shifts[0].vehicle_id = "V9";
}
static void shift_depot(void) {
    small.shifts[0].start_depot = "D9";
}
static void shift_end_depot(void) {
    small.shifts[0].end_depot = "D8";
}
static void shift_all_preparation(void) {
    small.shifts[0].pre_trip_s = 8 * HOUR_S;
}
static void shift_overtime(void) {
    small.shifts[0].price_overtime_per_hour = 10;
}
static void shift_overlap(void) {
    small.shifts[1].vehicle_id = "V1";
}
static void shift_load(void) {
    small.shifts[0].starting_load_kg = heavy;
}
static void facility_kind(void) {
    small.facilities[0].kind = KERB_FACILITY_UNSPECIFIED;
}
static void facility_stream_twice(void) {
    small.gates[1].stream = KERB_STREAM_RESIDUAL;
}
static void facility_fee(void) {
    small.gates[0].fee_per_tonne = 1e9;
}
static void depot_off_the_globe(void) {
    small.depots[0].lon_deg = 181;
}
static void matrix_place(void) {
    small.ids[3] = (char *)(size_t) "S7";
}
static void matrix_exit(void) {
    small.ids[7] = (char *)(size_t) "K7";
}
static void matrix_cell(void) {
    small.time_ms[1] = -1;
}

static const struct spoil {
    void (*spoil)(void);
    const char *message;
} SPOILS[] = {
    {no_district, "district, field id: none, expected a district to be set"},
    {no_as_of, "district demo, field as_of: -9223372036854775808, expected an instant"},
    {night_backwards, "district demo, field night: 1793563200 to 1793563199, expected the end"},
    {night_too_long, "district demo, field night: 49 hours, expected at most 48"},
    {must_out_of_range, "district demo, field must_ratio: 85, expected 0.05 to 1.2"},
    {may_above_must, "district demo, field may_ratio: 0.9, expected 0 to 0.85"},
    {price_not_finite, "district demo, field price_unserved_must: nan, expected 0 to 1e+06"},
    {site_off_the_globe, "site S1, field lat: 91.2, expected -90 to 90"},
    {site_repeated, "site S1, field id: repeated, expected once"},
    {site_without_id, "site number 2, field id: none, expected an id"},
    {window_backwards, "site S2, field windows: 1793559600 to 1793559600, expected the end"},
    {container_at_unknown_site, "container C1, field site_id: S9, expected a known site"},
    {container_repeated, "container C1, field id: repeated, expected once"},
    {stream_nobody_takes,
     "container C1, field stream: hazardous, expected a stream that a facility"},
    {stream_of_sweepers, "container C1, field stream: 6, expected a stream of waste"},
    {container_without_volume, "container C1, field volume_l: 0, expected 1 to 1e+06"},
    {container_density, "container C1, field density_kg_per_l: -1, expected 0 to 10"},
    {street_side, "street K1, field side: 0, expected left, right or centre"},
    {street_passes, "street K1, field passes: 11, expected 0 to 10"},
    {street_hash, "street K#1, field id: with '#', expected an id without it"},
    {vehicle_without_capacity, "vehicle V1, compartment 1, field capacity_kg: 0, expected above 0"},
    {vehicle_without_compartments, "vehicle V1, field compartments: none, expected a capacity"},
    {vehicle_use, "vehicle V1, field use: 0, expected truck, sweeper, robot or haul"},
    {vehicle_stream, "vehicle V1, compartment 1, field streams: 99, expected a known stream"},
    {vehicle_stream_twice,
     "vehicle V3, field streams: residual twice, expected in one compartment"},
    {sweeper_without_speed, "vehicle W1, field sweep_speed_kmh: 0, expected 0.1 to 60"},
    {skip_without_volume, "container C1, field swapped: vehicle V1 carries its stream and has no "
                          "capacity_l, expected that of the skips it takes"},
    {battery_below_nothing, "vehicle W1, field battery_wh: -1, expected 0 to 1e+06"},
    {battery_all_reserve, "vehicle W1, field battery_reserve_wh: 1000, expected 0 to 900"},
    {charging_curve_falls_back, "vehicle W1, charge step 2, field from_ratio: 0.5, expected above "
                                "0.8 and below 1"},
    {charger_of_a_watt, "facility T1, field charge_w: 1, expected 10 to 5e+06"},
    {more_used_than_there_is, "shift H1, field used_battery_wh: 1001, expected 0 to 1000"},
    {sweeper_without_water_facility, "vehicle W1, field compartments: no facility takes all its "
                                     "streams and has water, expected one"},
    {no_single_facility, "vehicle V3, field compartments: no facility takes all its streams, "},
    {shared_compartment, "residual and food at fees 95 and 40 at facility T1, expected equal fees"},
    {too_many_dims, "vehicle V1, field compartments: 8, expected at most 8 capacities in all"},
    {shift_backwards, "shift H1, field end: 1793566799, expected after its start 1793566800"},
    {shift_outside_the_night, "shift H1, field start: 1793566800 to 1793606400, expected inside"},
    {shift_vehicle, "shift H1, field vehicle: V9, expected a known vehicle"},
    {shift_depot, "shift H1, field depot: D9, expected a known depot"},
    {shift_end_depot, "shift H1, field end_depot: D8, expected a known depot"},
    {shift_all_preparation, "shift H1, field pre_trip_s: 28800 with post_trip_s 300, expected"},
    {shift_overtime, "shift H1, field price_overtime_per_hour: 10, expected 62 to 100000"},
    {shift_overlap, "shift H2, field start: before the end of shift H1, expected after it"},
    {shift_load, "shift H1, field starting_load_kg: 5001, expected 0 to 5000"},
    {facility_kind, "facility T1, field kind: 0, expected a kind of facility"},
    {facility_stream_twice, "facility T1, field takes: residual twice, expected once"},
    {facility_fee, "facility T1, field fee_per_tonne: 1000000000, expected -1e+06 to 1e+06"},
    {depot_off_the_globe, "depot D1, field lon: 181, expected -180 to 180"},
    {matrix_place, "site S1, field id: no place S1 in the matrix, expected one"},
    {matrix_exit, "street K1, field id: no place K1#exit in the matrix, expected one"},
    {matrix_cell, "matrix, cell D1 to T1: -1 ms and 400000 mm"},
};

static kerb_status seal(kerb_error *err) {
    ki_model *model;
    kerb_status status = ki_model_seal(&model, &small.draft, NULL, NULL, NULL, NULL, err);
    ki_model_free(model);
    return status;
}

static void the_small_draft_has_no_fault(void **state) {
    (void)state;
    kerb_error err = {0};
    small_draft_fill(&small);
    assert_int_equal(seal(&err), KERB_OK);
}

static void each_fault_is_named(void **state) {
    (void)state;
    for (size_t at = 0; at < sizeof SPOILS / sizeof *SPOILS; at++) {
        kerb_error err = {0};
        small_draft_fill(&small);
        SPOILS[at].spoil();
        assert_int_equal(seal(&err), KERB_BAD_INPUT);
        if (!strstr(err.message, SPOILS[at].message))
            fail_msg("expected: %s\ngot: %s", SPOILS[at].message, err.message);
    }
}

static void several_faults_are_told_at_once(void **state) {
    (void)state;
    kerb_error err = {0};
    small_draft_fill(&small);
    site_off_the_globe();
    shift_depot();
    assert_int_equal(seal(&err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "site S1, field lat: 91.2, expected -90 to 90\n"
                                     "shift H1, field depot: D9, expected a known depot");
}

static void more_faults_than_fit_are_counted(void **state) {
    (void)state;
    kerb_error err = {0};
    static kerb_closure closures[300];
    small_draft_fill(&small);
    small.draft.closures = closures;
    small.draft.n_closures = 300;
    assert_int_equal(seal(&err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "closure 1, field way: 0, expected an OSM way id\n"));
    assert_non_null(strstr(err.message, "... and 2"));
}

/* The second spell of a vehicle begins no sooner than its turnaround says. */
static void two_shifts_on_one_truck_follow_each_other(void **state) {
    (void)state;
    for (int late = 0; late < 2; late++) {
        kerb_error err = {0};
        small_draft_fill(&small);
        small.shifts[1].vehicle_id = small.shifts[0].vehicle_id;
        small.shifts[1].start_s = small.shifts[0].end_s + 600;
        small.shifts[1].end_s = small.shifts[1].start_s + HOUR_S;
        small.draft.district.night_end_s = small.shifts[1].end_s;
        small.shifts[1].turnaround_s = 600 + late;
        assert_int_equal(seal(&err), late ? KERB_BAD_INPUT : KERB_OK);
        if (!late) continue;
        assert_string_equal(err.message, "shift H2, field turnaround_s: 601, expected at most 600: "
                                         "the time from the end of shift H1");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_small_draft_has_no_fault),
                                       cmocka_unit_test(each_fault_is_named),
                                       cmocka_unit_test(two_shifts_on_one_truck_follow_each_other),
                                       cmocka_unit_test(several_faults_are_told_at_once),
                                       cmocka_unit_test(more_faults_than_fit_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
