/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys `bans` and `holidays` of the district file, and the clocks that change in the night. */
#define _DEFAULT_SOURCE
#include "district_files.h"
#include "io/district.h"
#include "model/draft.h"

static kerb_model *load(const test_folder *folder) {
    kerb_model *model;
    kerb_error err = {0};
    if (ki_district_load(&model, NULL, folder->file, NULL, NULL, &err) != KERB_OK)
        fail_msg("%s", err.message);
    return model;
}

static void bans_are_read_with_area_vehicles_and_hours(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "tables:\n",
           "bans:\n"
           "  - id: old-town\n"
           "    note: quiet\n"
           "    area: [{lat: 57.7, lon: 11.9}, {lat: 57.8, lon: 11.9}, {lat: 57.8, lon: 12}]\n"
           "    vehicles: [truck, robot]\n"
           "    over_mass_kg: 7500\n"
           "    over_height_m: 3.5\n"
           "    hours: Mo-Fr 06:00-22:00; PH off\n"
           "  - {id: round, circle: {lat: 57.7, lon: 11.95, radius_m: 250}}\n"
           "  - {id: lane, roads: [School Lane, Mill Street]}\n"
           "tables:\n");
    kerb_model *model = load(&folder);
    assert_int_equal(model->draft.n_bans, 3);
    const kerb_ban *ban = model->draft.bans;
    assert_string_equal(ban[0].id, "old-town");
    assert_string_equal(ban[0].note, "quiet");
    assert_string_equal(ban[0].hours, "Mo-Fr 06:00-22:00; PH off");
    assert_int_equal(ban[0].n_corners, 3);
    assert_true(ban[0].corners[2].lat_deg == 57.8 && ban[0].corners[2].lon_deg == 12);
    assert_int_equal(ban[0].n_uses, 2);
    assert_int_equal(ban[0].uses[0], KERB_USE_TRUCK);
    assert_int_equal(ban[0].uses[1], KERB_USE_ROBOT);
    assert_true(ban[0].over_mass_kg == 7500 && ban[0].over_height_m == 3.5);
    assert_true(ban[0].over_width_m == 0 && ban[0].radius_m == 0 && ban[0].n_roads == 0);
    assert_true(ban[1].radius_m == 250 && ban[1].lon_deg == 11.95 && ban[1].n_uses == 0);
    assert_string_equal(ban[1].hours, "");
    assert_int_equal(ban[2].n_roads, 2);
    assert_string_equal(ban[2].roads[1].name, "Mill Street");
    kerb_model_free(model);
    remove_folder(&folder);
}

static void refused(const char *keys, const char *words) {
    test_folder folder = good_folder();
    char text[600];
    snprintf(text, sizeof text, "%s\ntables:\n", keys);
    change(&folder, YAML, "tables:\n", text);
    kerb_model *model;
    kerb_error err = {0};
    assert_int_equal(ki_district_load(&model, NULL, folder.file, NULL, NULL, &err), KERB_BAD_INPUT);
    if (!strstr(err.message, words)) fail_msg("%s: expected %s", err.message, words);
    remove_folder(&folder);
}

static void a_ban_that_cannot_be_meant_is_a_fault_with_its_line(void **state) {
    (void)state;
    refused("bans: [{id: x}]", "none of area, circle and roads, expected at least one of them");
    refused("bans: [{id: x, roads: [A], hours: sunset}]",
            "key bans[].hours: sunset, expected opening hours such as Mo-Fr 07:00-09:00");
    refused("bans: [{id: x, area: [{lat: 1, lon: 2}, {lat: 2, lon: 3}]}]",
            "key bans[].area: 2 corners, expected at least 3");
    refused("bans: [{id: x, roads: [A], vehicles: [bus]}]", "truck");
    refused("bans: [{id: x, circle: {lat: 1, lon: 2}}]", "radius_m");
    refused("bans: [{roads: [A]}]", "bans[].id");
}

static void holidays_are_days(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML, "tables:\n", "holidays: [2026-12-25, 2026-12-26]\ntables:\n");
    kerb_model *model = load(&folder);
    assert_int_equal(model->draft.district.n_holidays, 2);
    assert_int_equal(model->draft.district.holidays[0].day, 20812);
    assert_int_equal(model->draft.district.holidays[1].day, 20813);
    assert_int_equal(model->draft.district.clock_change_s, 0);
    kerb_model_free(model);
    remove_folder(&folder);
    refused("holidays: [Christmas]", "holidays");
}

/* Europe/Stockholm: 2026-10-25 03:00 +02:00 becomes 02:00 +01:00, at 01:00 UTC. */
static void clocks_that_change_in_the_night_are_told_to_the_second(void **state) {
    (void)state;
    test_folder folder = good_folder();
    change(&folder, YAML,
           "date: 2026-11-02\n"
           "as_of: 2026-11-02T19:30:00+01:00\n"
           "night: {start: \"20:00\", end: \"07:00\"}\n"
           "demand: {must_ratio: 0.85, may_ratio: 0.5, max_bad_ratio: 0.5}\n",
           "date: 2026-10-24\n"
           "as_of: 2026-10-24T19:30:00+02:00\n"
           "night: {start: \"20:00\", end: \"07:00\"}\n"
           "holidays: []\n"
           "demand: {max_bad_ratio: 1}\n");
    kerb_model *model = load(&folder);
    assert_int_equal(model->draft.district.utc_offset_s, 7200);
    assert_int_equal(model->draft.district.utc_offset_after_s, 3600);
    assert_int_equal(model->draft.district.clock_change_s, 1792890000);
    kerb_model_free(model);
    remove_folder(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bans_are_read_with_area_vehicles_and_hours),
        cmocka_unit_test(a_ban_that_cannot_be_meant_is_a_fault_with_its_line),
        cmocka_unit_test(holidays_are_days),
        cmocka_unit_test(clocks_that_change_in_the_night_are_told_to_the_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
