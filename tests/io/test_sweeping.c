/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which kerbs are due tonight, night after night, from nothing but when each was last swept. */
#define _DEFAULT_SOURCE
#include "district_files.h"
#include "io/district.h"
#include "io/district_sweeping.h"
#include "model/draft.h"

enum { N_KERBS = 200, N_GRADES = 4, NIGHTS = 56 };
static const char CALENDAR[] = "sweeping:\n"
                               "  grades:\n"
                               "    - {grade: 1, per_week: 7}\n"
                               "    - {grade: 2, per_week: 3}\n"
                               "    - {grade: 3, per_week: 2}\n"
                               "    - {grade: 4, per_week: 1}\n";

static int grade_of(int kerb) {
    return kerb % N_GRADES + 1;
}

/* last[kerb]: night it was swept in; < -999: not known. */
static void write_kerbs(const test_folder *folder, const int *last, const char *more) {
    ki_text text = {0};
    ki_text_add(&text,
                "kerb_id,way_id,from_node,to_node,side,grade,last_swept,water_l_per_m,days\n");
    for (int kerb = 0; kerb < N_KERBS; kerb++) {
        char date[KI_INSTANT_CHARS] = "";
        if (last[kerb] > -999) /* at 02:00, which belongs to the night before */
            ki_format_date(20759 + last[kerb] + 1, date);
        ki_text_add(&text, "K%d,111,%d,%d,right,%d,%s%s,0.4,%s\n", kerb, kerb + 1, kerb + 2,
                    grade_of(kerb), date, date[0] ? "T02:00" : "", more);
    }
    write_in(folder, "kerbs.csv", text.bytes, text.length);
    ki_text_free(&text);
}

static kerb_model *load_night(const test_folder *folder, int night, const char *tonight,
                              const kerb_event *events, size_t n_events) {
    char date[KI_INSTANT_CHARS], as_of[KI_INSTANT_CHARS + 20];
    kerb_model *model;
    kerb_error err = {0};
    ki_format_date(20759 + night, date); /* 20759: 2026-11-02, a Monday */
    snprintf(as_of, sizeof as_of, "%sT19:30:00+01:00", date);
    ki_district_options options = {
        .date = date, .as_of = as_of, .tonight = tonight, .events = events, .n_events = n_events};
    if (ki_district_load(&model, NULL, folder->file, &options, NULL, &err) != KERB_OK)
        fail_msg("%s", err.message);
    return model;
}

static const kerb_street *street_named(const kerb_model *model, const char *id) {
    for (size_t at = 0; at < model->draft.n_streets; at++)
        if (strcmp(model->draft.streets[at].id, id) == 0) return &model->draft.streets[at];
    return NULL;
}

static test_folder folder_with(const char *calendar) {
    test_folder folder = good_folder();
    char text[900];
    snprintf(text, sizeof text, "%sdepots:\n", calendar);
    change(&folder, YAML, "depots:\n", text);
    return folder;
}

/* Every night is swept as planned; what each night swept, and each grade, is counted. */
static void play(const test_folder *folder, int *last, size_t swept[NIGHTS],
                 int by_grade[N_GRADES + 1]) {
    for (int night = 0; night < NIGHTS; night++) {
        write_kerbs(folder, last, "");
        kerb_model *model = load_night(folder, night, NULL, NULL, 0);
        swept[night] = model->draft.n_streets;
        for (size_t at = 0; at < model->draft.n_streets; at++) {
            int kerb = atoi(model->draft.streets[at].id + 1);
            last[kerb] = night;
            if (night >= NIGHTS / 2) by_grade[grade_of(kerb)]++;
        }
        kerb_model_free(model);
    }
}

static size_t spread(const size_t *swept, int from, int to) {
    size_t least = swept[from], most = swept[from];
    for (int night = from; night < to; night++) {
        if (swept[night] < least) least = swept[night];
        if (swept[night] > most) most = swept[night];
    }
    return most - least;
}

static void each_grade_is_swept_as_often_as_it_says_and_nights_are_balanced(void **state) {
    (void)state;
    test_folder folder = folder_with(CALENDAR);
    static int last[N_KERBS];
    int by_grade[N_GRADES + 1] = {0};
    size_t swept[NIGHTS];
    for (int kerb = 0; kerb < N_KERBS; kerb++)
        last[kerb] = -1; /* all last night: what could be worse balanced? */
    play(&folder, last, swept, by_grade);
    static const double PER_WEEK[] = {0, 7, 3, 2, 1};
    for (int grade = 1; grade <= N_GRADES; grade++) {
        double a_week = (double)by_grade[grade] / (N_KERBS / N_GRADES) / (NIGHTS / 14.0);
        assert_true(a_week >= PER_WEEK[grade] * 0.97); /* never less than is owed */
        assert_true(a_week <= PER_WEEK[grade] * 1.25);
    }
    assert_true(spread(swept, 0, 14) > 30);
    assert_true(spread(swept, NIGHTS - 14, NIGHTS) < spread(swept, 0, 14) / 3);
    remove_folder(&folder);
}

static void kerbs_never_reported_have_their_turns_by_the_date(void **state) {
    (void)state;
    test_folder folder = folder_with(CALENDAR);
    static int unknown[N_KERBS], times[N_KERBS];
    for (int kerb = 0; kerb < N_KERBS; kerb++)
        unknown[kerb] = -1000;
    write_kerbs(&folder, unknown, "");
    for (int night = 0; night < 7; night++) {
        kerb_model *model = load_night(&folder, night, NULL, NULL, 0);
        assert_in_range(model->draft.n_streets, 50, 130);
        for (size_t at = 0; at < model->draft.n_streets; at++)
            times[atoi(model->draft.streets[at].id + 1)]++;
        kerb_model_free(model);
    }
    for (int kerb = 0; kerb < N_KERBS; kerb++)
        assert_true(times[kerb] >= 1 && (grade_of(kerb) > 1 || times[kerb] == 7));
    remove_folder(&folder);
}

static void weekdays_of_grade_and_kerb_hold_together(void **state) {
    (void)state;
    test_folder folder =
        folder_with("sweeping: {grades: [{grade: 1, per_week: 2, days: [Tu, Fr]}]}\n");
    static int last[N_KERBS];
    memset(last, 0, sizeof last);
    write_kerbs(&folder, last, "Mo Tu We Th");
    for (int night = 1; night < 7; night++) { /* Tuesday to Sunday, nothing swept since Monday */
        kerb_model *model = load_night(&folder, night, NULL, NULL, 0);
        assert_int_equal(!!street_named(model, "K0"), night == 1);
        assert_non_null(street_named(model, "K1")); /* grade 2 is not in the calendar */
        kerb_model_free(model);
    }
    remove_folder(&folder);
}

static void hours_spacing_passes_and_cold_are_the_grades(void **state) {
    (void)state;
    test_folder folder = folder_with("sweeping: {grades: [{grade: 1, per_week: 7, passes: 2, "
                                     "hours: [\"21:00-06:00\"], not_hours: [\"23:00-01:00\"]}, "
                                     "{grade: 2, per_week: 7, spacing_h: 30}], min_wet_c: 4}\n");
    static int last[N_KERBS];
    memset(last, 0, sizeof last);
    write_kerbs(&folder, last, "");
    write_in(&folder, "tonight.yaml", "temperature_c: 3.5\n", 19);
    kerb_model *model = load_night(&folder, 1, folder.tonight, NULL, 0);
    const kerb_street *first = street_named(model, "K0");
    assert_int_equal(first->passes, 2);
    assert_int_equal(first->n_windows, 2);
    int64_t start_s = model->draft.district.night_start_s; /* 20:00 */
    assert_int_equal(first->windows[0].start_s, start_s + 3600);
    assert_int_equal(first->windows[0].end_s, start_s + 3 * 3600);
    assert_int_equal(first->windows[1].start_s, start_s + 5 * 3600);
    assert_int_equal(first->windows[1].end_s, start_s + 10 * 3600);
    assert_true(first->water_l_per_m == 0);
    assert_null(street_named(model, "K1")); /* swept 18 h ago */
    kerb_model_free(model);
    model = load_night(&folder, 2, NULL, NULL, 0);
    assert_true(street_named(model, "K0")->water_l_per_m == 0.4);
    assert_non_null(street_named(model, "K1"));
    kerb_model_free(model);
    remove_folder(&folder);
}

static void the_night_before_counts_before_the_table_knows_it(void **state) {
    (void)state;
    test_folder folder = folder_with("sweeping: {grades: [{grade: 1, per_week: 1}]}\n");
    static int last[N_KERBS];
    for (int kerb = 0; kerb < N_KERBS; kerb++)
        last[kerb] = kerb ? 5 : -10;
    write_kerbs(&folder, last, "");
    int64_t now_s = (int64_t)(20759 + 6) * 86400;
    kerb_event events[] = {{.kind = KERB_EVENT_DONE, .id = "K0", .end_s = now_s},
                           {.kind = KERB_EVENT_FAILED, .id = "K4", .end_s = now_s}};
    kerb_model *model = load_night(&folder, 6, NULL, NULL, 0);
    assert_non_null(street_named(model, "K0"));
    assert_null(street_named(model, "K4"));
    kerb_model_free(model);
    model = load_night(&folder, 6, NULL, events, 2);
    assert_null(street_named(model, "K0"));
    assert_non_null(street_named(model, "K4")); /* in vain: due again */
    kerb_model_free(model);
    remove_folder(&folder);
}

static void weekdays_are_read_strictly(void **state) {
    (void)state;
    assert_int_equal(ki_weekdays_parse("Mo We,Fr"), 1 | 4 | 16);
    assert_int_equal(ki_weekdays_parse("Su"), 64);
    static const char *const BAD[] = {"", " ", "Monday", "mo", "Mo-Fr", "Mo Xx", "M"};
    for (size_t at = 0; at < sizeof BAD / sizeof *BAD; at++)
        assert_int_equal(ki_weekdays_parse(BAD[at]), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_grade_is_swept_as_often_as_it_says_and_nights_are_balanced),
        cmocka_unit_test(kerbs_never_reported_have_their_turns_by_the_date),
        cmocka_unit_test(weekdays_of_grade_and_kerb_hold_together),
        cmocka_unit_test(hours_spacing_passes_and_cold_are_the_grades),
        cmocka_unit_test(the_night_before_counts_before_the_table_knows_it),
        cmocka_unit_test(weekdays_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
