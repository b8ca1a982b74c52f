/* SPDX-License-Identifier: GPL-3.0-or-later
 * The key `demand.streams` and the column `drop_off`: when people bring waste. */
#define _DEFAULT_SOURCE
#include "district_files.h"
#include "io/district.h"
#include "model/draft.h"

static void set_demand(const test_folder *folder, const char *more) {
    char demand[700];
    snprintf(demand, sizeof demand, "demand: {forecast: 3, max_bad_ratio: 0.5%s}\n", more);
    change(folder, YAML, "demand: {must_ratio: 0.85, may_ratio: 0.5, max_bad_ratio: 0.5}\n",
           demand);
}

static void streams_have_hours_and_factors_and_containers_their_own(void **state) {
    (void)state;
    test_folder folder = good_folder();
    kerb_model *model;
    kerb_error err = {0};
    set_demand(&folder, ", streams: [{stream: food, drop_off: [\"06:30-08:30\", \"18:00-20:00;"
                        "23:00-24:00\"], holiday_factor: 1.4}, {stream: residual}]");
    write_in(&folder, "containers.csv",
             "container_id,site_id,stream,volume_l,drop_off\n"
             "A1,A,residual,660,07:00-09:00; 17:00-19:30\nA2,A,food,240,\n",
             strlen("container_id,site_id,stream,volume_l,drop_off\n"
                    "A1,A,residual,660,07:00-09:00; 17:00-19:30\nA2,A,food,240,\n"));
    if (ki_district_load(&model, NULL, folder.file, NULL, NULL, &err) != KERB_OK)
        fail_msg("%s", err.message);
    const kerb_district *district = &model->draft.district;
    assert_int_equal(district->forecast, 3);
    assert_int_equal(district->n_habits, 2);
    const kerb_stream_habit *food = &district->habits[0];
    assert_int_equal(food->stream, KERB_STREAM_FOOD);
    assert_true(food->holiday_factor == 1.4);
    assert_int_equal(food->n_drop_off, 3);
    assert_int_equal(food->drop_off[0].from_min, 390);
    assert_int_equal(food->drop_off[2].to_min, 1440);
    assert_true(district->habits[1].holiday_factor == 0 && district->habits[1].n_drop_off == 0);
    const kerb_container *own = &model->draft.containers[0];
    assert_int_equal(own->n_drop_off, 2);
    assert_int_equal(own->drop_off[1].from_min, 1020);
    assert_int_equal(own->drop_off[1].to_min, 1170);
    assert_int_equal(model->draft.containers[1].n_drop_off, 0);
    kerb_model_free(model);
    remove_folder(&folder);
}

typedef struct bad_key {
    const char *name, *streams, *words;
} bad_key;

#define HOURS                                                                                      \
    "expected hours of a day, each ending after it begins, such as 06:30-08:30;18:00-20:00"
static const bad_key bad_keys[] = {
    {"hours_that_are_reversed", "{stream: food, drop_off: [\"20:00-18:00\"]}",
     "line 10, key demand.streams[].drop_off[]: 20:00-18:00, " HOURS},
    {"hours_of_no_length", "{stream: food, drop_off: [\"08:00-08:00\"]}", "08:00-08:00, " HOURS},
    {"hours_beyond_the_day", "{stream: food, drop_off: [\"08:00-25:00\"]}", "08:00-25:00, " HOURS},
    {"hours_with_a_date", "{stream: food, drop_off: [\"2026-11-02T06:00/2026-11-02T08:00\"]}",
     HOURS},
    {"hours_that_are_words", "{stream: food, drop_off: [mornings]}", "mornings, " HOURS},
    {"a_negative_factor", "{stream: food, holiday_factor: -1}",
     "key demand.streams[].holiday_factor: -1, expected 0 to 10"},
    {"a_factor_that_is_no_number", "{stream: food, holiday_factor: nan}", "expected 0 to 10"},
    {"an_unknown_stream", "{stream: paper}", "key demand.streams[].stream: paper, expected one of"},
    {"no_stream", "{holiday_factor: 2}", "demand.streams[].stream"},
    {"a_stream_twice", "{stream: food}, {stream: food, holiday_factor: 2}",
     "line 10, key demand.streams[].stream: food twice, expected each stream once"},
    {"an_unknown_key", "{stream: food, drop_of: []}", "drop_off"},
};

static void a_bad_key_is_refused_with_its_line(void **state) {
    (void)state;
    for (size_t at = 0; at < sizeof bad_keys / sizeof *bad_keys; at++) {
        char more[300];
        test_folder folder = good_folder();
        kerb_model *model;
        kerb_error err = {0};
        snprintf(more, sizeof more, ", streams: [%s]", bad_keys[at].streams);
        set_demand(&folder, more);
        if (ki_district_load(&model, NULL, folder.file, NULL, NULL, &err) != KERB_BAD_INPUT)
            fail_msg("%s: not refused", bad_keys[at].name);
        if (!strstr(err.message, bad_keys[at].words))
            fail_msg("%s: %s, expected %s", bad_keys[at].name, err.message, bad_keys[at].words);
        remove_folder(&folder);
    }
}

static void more_hours_than_can_be_kept_are_refused(void **state) {
    (void)state;
    static char more[3000] = ", streams: [{stream: food, drop_off: [";
    for (int at = 0; at < 70; at++)
        snprintf(more + strlen(more), sizeof more - strlen(more), "%s\"01:00-0%d:00\"",
                 at ? ", " : "", 2 + at % 7);
    strcat(more, "]}]");
    test_folder folder = good_folder();
    char *text = replaced(good_files[YAML].text, ", max_bad_ratio: 0.5", more);
    write_in(&folder, "district.yaml", text, strlen(text));
    free(text);
    kerb_model *model;
    kerb_error err = {0};
    assert_int_equal(ki_district_load(&model, NULL, folder.file, NULL, NULL, &err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "more than 64 windows"));
    remove_folder(&folder);
}

/* A bad row costs the row, not the night. */
static void a_container_with_hours_reversed_is_quarantined(void **state) {
    (void)state;
    test_folder folder = good_folder();
    static const char TABLE[] = "container_id,site_id,stream,volume_l,drop_off\n"
                                "A1,A,residual,660,\nA2,A,food,240,09:00-07:00\nB1,B,food,240,\n";
    write_in(&folder, "containers.csv", TABLE, strlen(TABLE));
    kerb_model *model;
    kerb_error err = {0};
    if (ki_district_load(&model, NULL, folder.file, NULL, NULL, &err) != KERB_OK)
        fail_msg("%s", err.message);
    int told = 0;
    for (size_t at = 0; at < model->draft.n_notes; at++)
        told |= strstr(model->draft.notes[at].text,
                       "containers.csv, record 2, field drop_off: 09:00-07:00, " HOURS) != NULL;
    assert_true(told);
    assert_int_equal(model->draft.n_containers, 2);
    kerb_model_free(model);
    remove_folder(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_have_hours_and_factors_and_containers_their_own),
        cmocka_unit_test(a_bad_key_is_refused_with_its_line),
        cmocka_unit_test(more_hours_than_can_be_kept_are_refused),
        cmocka_unit_test(a_container_with_hours_reversed_is_quarantined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
