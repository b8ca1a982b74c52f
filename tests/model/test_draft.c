/* SPDX-License-Identifier: GPL-3.0-or-later
 * The draft: copies, order of calls, and one clear error for what cannot be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "model/draft.h"
#include "road/graph.h"

#include <math.h>
#include <string.h>

static kerb_model *model;
static kerb_error err;

static int set_up(void **state) {
    (void)state;
    memset(&err, 0, sizeof err);
    return kerb_model_new(&model, NULL, &err) != KERB_OK;
}

static int tear_down(void **state) {
    (void)state;
    kerb_model_free(model);
    model = NULL;
    return 0;
}

static void what_is_handed_in_is_copied(void **state) {
    (void)state;
    char id[] = "S1", name[] = "Gate";
    kerb_window windows[] = {{10, 20}, {30, 40}};
    kerb_site site = {.id = id, .name = name, .windows = windows, .n_windows = 2};
    assert_int_equal(kerb_model_add_sites(model, &site, 1, &err), KERB_OK);
    id[0] = name[0] = '?';
    windows[1].end_s = 0;
    assert_string_equal(model->draft.sites[0].id, "S1");
    assert_string_equal(model->draft.sites[0].name, "Gate");
    assert_string_equal(model->draft.sites[0].zone, "");
    assert_int_equal(model->draft.sites[0].windows[1].end_s, 40);
}

static void many_items_keep_their_order(void **state) {
    (void)state;
    for (int64_t way = 1; way <= 1000; way++) {
        kerb_closure closure = {.way_id = way};
        assert_int_equal(kerb_model_add_closures(model, &closure, 1, &err), KERB_OK);
    }
    assert_int_equal(model->draft.n_closures, 1000);
    for (int64_t way = 1; way <= 1000; way++)
        assert_int_equal(model->draft.closures[way - 1].way_id, way);
}

static void a_batch_is_added_whole_or_not_at_all(void **state) {
    (void)state;
    kerb_depot depots[] = {{.id = "D1"}, {.id = "D2"}, {.id = "D3", .lat_deg = -90.5}};
    assert_int_equal(kerb_model_add_depots(model, depots, 3, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "depots[2] D3, field lat_deg: -90.5, expected -90 to 90");
    assert_int_equal(model->draft.n_depots, 0);
    assert_int_equal(kerb_model_add_depots(model, depots, 2, &err), KERB_OK);
    assert_int_equal(model->draft.n_depots, 2);
}

static void a_missing_id_is_named(void **state) {
    (void)state;
    kerb_container container = {.id = "C1"};
    assert_int_equal(kerb_model_add_containers(model, &container, 1, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "containers[0] C1, field site_id: empty, expected an id");
}

static void null_and_sealed_and_absurd_calls_are_refused(void **state) {
    (void)state;
    kerb_site site = {.id = "S1", .n_windows = 2};
    assert_int_equal(kerb_model_add_sites(NULL, &site, 1, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_model_add_sites(model, NULL, 1, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_model_add_sites(model, NULL, 0, &err), KERB_OK);
    assert_int_equal(kerb_model_add_sites(model, &site, (size_t)-1, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_model_add_sites(model, &site, 1, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "sites[0] S1, field windows: NULL with 2 entries");
    site.n_windows = (size_t)-1;
    assert_int_equal(kerb_model_add_sites(model, &site, 1, &err), KERB_BAD_INPUT);
    assert_int_equal(kerb_model_set_district(model, NULL, &err), KERB_BAD_CALL);
    model->sealed = (struct ki_model *)(void *)&site;
    site.n_windows = 0;
    assert_int_equal(kerb_model_add_sites(model, &site, 1, &err), KERB_BAD_CALL);
    assert_string_equal(err.message, "sites: the model is sealed");
    assert_int_equal(kerb_model_add_note(model, "k", "t", &err), KERB_BAD_CALL);
    model->sealed = NULL;
}

static void numbers_must_be_numbers(void **state) {
    (void)state;
    kerb_vehicle vehicle = {.id = "V1", .height_m = NAN};
    assert_int_equal(kerb_model_add_vehicles(model, &vehicle, 1, &err), KERB_BAD_INPUT);
    vehicle.height_m = INFINITY;
    assert_int_equal(kerb_model_add_vehicles(model, &vehicle, 1, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "vehicles[0] V1, field height_m: inf, expected 0 to 100");
}

static void an_odd_reading_is_left_to_sensor_health(void **state) {
    (void)state;
    kerb_report reports[] = {{.container_id = "C1", .measured_s = 1, .fill_ratio = 1.7},
                             {.container_id = "C1", .measured_s = 2, .fill_ratio = NAN}};
    assert_int_equal(kerb_model_add_reports(model, reports, 2, &err), KERB_OK);
    ki_report_at at = {0};
    assert_true(ki_report_list_next(&model->draft.reports, &at, reports));
    assert_null(reports[0].source);
    assert_float_equal(reports[0].fill_ratio, 1.7, 0);
}

static void unstated_things_of_shifts_and_streets_are_settled(void **state) {
    (void)state;
    kerb_shift shift = {.id = "H1", .vehicle_id = "V1", .start_depot = "D1"};
    kerb_street street = {.id = "K1"};
    assert_int_equal(kerb_model_add_shifts(model, &shift, 1, &err), KERB_OK);
    assert_int_equal(kerb_model_add_streets(model, &street, 1, &err), KERB_OK);
    assert_string_equal(model->draft.shifts[0].end_depot, "D1");
    assert_int_equal(model->draft.streets[0].passes, 1);
}

static void starting_loads_take_the_vehicles_length(void **state) {
    (void)state;
    const double loads[] = {0, 250};
    kerb_compartment compartments[2] = {{0}};
    kerb_vehicle vehicle = {.id = "V1", .compartments = compartments, .n_compartments = 2};
    kerb_shift shift = {
        .id = "H1", .vehicle_id = "V1", .start_depot = "D1", .starting_load_kg = loads};
    assert_int_equal(kerb_model_add_shifts(model, &shift, 1, &err), KERB_BAD_CALL);
    assert_non_null(strstr(err.message, "expected vehicles first"));
    assert_int_equal(model->draft.n_shifts, 0);
    assert_int_equal(kerb_model_add_vehicles(model, &vehicle, 1, &err), KERB_OK);
    assert_int_equal(kerb_model_add_shifts(model, &shift, 1, &err), KERB_OK);
    assert_ptr_not_equal(model->draft.shifts[0].starting_load_kg, loads);
    assert_true(model->draft.shifts[0].starting_load_kg[1] == 250);
    assert_true(model->draft.shifts[0].starting_load_kg[KI_MAX_COMPARTMENTS - 1] == 0);
}

static void more_compartments_than_can_be_are_refused(void **state) {
    (void)state;
    kerb_compartment compartments[KI_MAX_COMPARTMENTS + 1] = {{0}};
    kerb_vehicle vehicle = {.id = "V1", .compartments = compartments, .n_compartments = 17};
    assert_int_equal(kerb_model_add_vehicles(model, &vehicle, 1, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message,
                        "vehicles[0] V1, field compartments: 17 entries, expected at most 16");
}

static void a_matrix_is_set_once_and_never_over_roads(void **state) {
    (void)state;
    const char *ids[] = {"D1", "S1"};
    int32_t time_ms[] = {0, 5, 6, 0}, length_mm[] = {0, 50, 60, -1};
    assert_int_equal(kerb_model_set_matrix(model, ids, 2, time_ms, length_mm, &err),
                     KERB_BAD_INPUT);
    assert_string_equal(err.message,
                        "matrix, field length_mm: -1 in row 1, column 1, expected 0 to 2147483647");
    length_mm[3] = 0;
    assert_int_equal(kerb_model_set_matrix(model, ids, 0, time_ms, length_mm, &err), KERB_BAD_CALL);
    assert_int_equal(kerb_model_set_matrix(model, ids, 2, time_ms, length_mm, &err), KERB_OK);
    time_ms[1] = 99;
    assert_int_equal(model->draft.matrix_time_ms[1], 5);
    assert_int_equal(kerb_model_set_matrix(model, ids, 2, time_ms, length_mm, &err), KERB_BAD_CALL);
    ki_graph graph = {0};
    kerb_roads roads = {.graph = &graph};
    kerb_model *other;
    assert_int_equal(kerb_model_new(&other, &roads, &err), KERB_OK);
    assert_int_equal(kerb_model_set_matrix(other, ids, 2, time_ms, length_mm, &err), KERB_BAD_CALL);
    assert_string_equal(err.message, "matrix: the model travels on roads");
    kerb_model_free(other);
}

static void text_must_be_utf8(void **state) {
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xc0\xaf",
                                      "\xc3",
                                      "\xe0\x80\x80",
                                      "\xed\xb0\x80",
                                      "\xf0\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xff"};
    static const char *const good[] = {"", "a", "é", "上海", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_false(ki_is_utf8(bad[k]));
    for (size_t k = 0; k < sizeof good / sizeof *good; k++)
        assert_true(ki_is_utf8(good[k]));
}

static void a_long_id_does_not_spoil_a_message(void **state) {
    (void)state;
    char id[400];
    for (size_t k = 0; k + 3 < sizeof id; k += 3)
        memcpy(id + k, "上", 3);
    id[398] = '\n';
    id[399] = '\0';
    id[397] = 'x';
    id[396] = 'x';
    kerb_depot depot = {.id = id, .lon_deg = 181};
    assert_int_equal(kerb_model_add_depots(model, &depot, 1, &err), KERB_BAD_INPUT);
    assert_true(ki_is_utf8(err.message));
    assert_non_null(strstr(err.message, "field lon_deg: 181, expected -180 to 180"));
}

static void a_vehicle_and_a_shift_can_be_said_to_be_out(void **state) {
    (void)state;
    kerb_vehicle vehicles[] = {{.id = "T1", .use = KERB_USE_TRUCK, .available = 1},
                               {.id = "T2", .use = KERB_USE_TRUCK, .available = 1}};
    kerb_shift shifts[] = {{.id = "S1",
                            .vehicle_id = "T1",
                            .start_depot = "D1",
                            .start_s = 1,
                            .end_s = 7200,
                            .available = 1},
                           {.id = "S2",
                            .vehicle_id = "T2",
                            .start_depot = "D1",
                            .start_s = 1,
                            .end_s = 7200,
                            .available = 1}};
    assert_int_equal(kerb_model_add_vehicles(model, vehicles, 2, &err), KERB_OK);
    assert_int_equal(kerb_model_add_shifts(model, shifts, 2, &err), KERB_OK);
    assert_int_equal(kerb_model_set_out(model, "T2", &err), KERB_OK);
    assert_int_equal(kerb_model_set_out(model, "S1", &err), KERB_OK);
    assert_true(model->draft.vehicles[0].available && !model->draft.vehicles[1].available);
    assert_true(!model->draft.shifts[0].available && model->draft.shifts[1].available);
    assert_int_equal(kerb_model_set_out(model, "T3", &err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "id: T3, expected that of a vehicle or a shift"));
    assert_int_equal(kerb_model_set_out(model, NULL, &err), KERB_BAD_INPUT);
    assert_int_equal(kerb_model_set_out(NULL, "T1", &err), KERB_BAD_CALL);
}

static void streams_have_names(void **state) {
    (void)state;
    assert_string_equal(kerb_stream_name(KERB_STREAM_FOOD), "food");
    assert_string_equal(kerb_stream_name(KERB_STREAM_SWEEPINGS), "sweepings");
    assert_string_equal(kerb_stream_name((kerb_stream)77), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_handed_in_is_copied),
        TEST(many_items_keep_their_order),
        TEST(a_batch_is_added_whole_or_not_at_all),
        TEST(a_missing_id_is_named),
        TEST(null_and_sealed_and_absurd_calls_are_refused),
        TEST(numbers_must_be_numbers),
        TEST(an_odd_reading_is_left_to_sensor_health),
        TEST(unstated_things_of_shifts_and_streets_are_settled),
        TEST(starting_loads_take_the_vehicles_length),
        TEST(more_compartments_than_can_be_are_refused),
        TEST(a_matrix_is_set_once_and_never_over_roads),
        TEST(text_must_be_utf8),
        TEST(a_long_id_does_not_spoil_a_message),
        TEST(a_vehicle_and_a_shift_can_be_said_to_be_out),
        TEST(streams_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
