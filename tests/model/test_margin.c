/* SPDX-License-Identifier: GPL-3.0-or-later
 * The time that routes leave free: as much as they need to be in time with the chance asked for,
 * seen in days drawn at random; and what it must never take away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "base/rng.h"
#include "model/model.h"
#include "model/seal.h"

enum { N_DAYS = 20000, PIECE_MS = 240000 };

static small_draft small;
static ki_model *model;
static struct ki_note *notes;
static size_t n_notes;

static void seal(void) {
    kerb_error err = {0};
    if (ki_model_seal(&model, &small.draft, NULL, NULL, &notes, &n_notes, &err) != KERB_OK)
        fail_msg("%s", err.message);
}

static void seal_with(double quantile) {
    small_draft_fill(&small);
    small.draft.district.time_quantile = quantile;
    seal();
}

static int drop(void **state) {
    (void)state;
    ki_model_free(model);
    model = NULL;
    return 0;
}

static const ki_task *task_of(const char *id) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (strcmp(model->tasks[task].id, id) == 0) return &model->tasks[task];
    fail_msg("no task %s", id);
    return NULL;
}

/* Share of days, planned to be busy for so long in pieces of four minutes, that last longer. */
static double share_late(int64_t planned_ms, int64_t most_ms) {
    ki_rng rng;
    int n_late = 0;
    ki_rng_seed(&rng, 5, 1);
    for (int day = 0; day < N_DAYS; day++) {
        double at_ms = 0;
        for (int64_t left_ms = planned_ms; left_ms > 0; left_ms -= PIECE_MS) {
            double piece_ms = left_ms < PIECE_MS ? (double)left_ms : PIECE_MS;
            at_ms += piece_ms * (1 + KI_TIME_DEVIATION * ki_rng_normal(&rng));
        }
        n_late += at_ms > (double)most_ms;
    }
    return n_late / (double)N_DAYS;
}

static void routes_are_in_time_with_the_chance_asked_for(void **state) {
    (void)state;
    static const double QUANTILES[] = {0.8, 0.9, 0.97};
    for (int at = 0; at < 3; at++) {
        seal_with(QUANTILES[at]);
        const ki_type *type = &model->types[0];
        const ki_mode *mode = &model->modes[task_of("C3")->first_mode];
        int64_t shift_ms = 8LL * HOUR_S * 1000, window_ms = (int64_t)HOUR_S * 1000;
        assert_int_equal(type->latest_ms + type->margin_ms - type->earliest_ms, shift_ms);
        assert_int_equal(mode->close_ms + mode->margin_ms - type->earliest_ms, window_ms);
        double of_shift = share_late(shift_ms - type->margin_ms, shift_ms);
        double of_window = share_late(window_ms - mode->margin_ms, window_ms);
        print_message("quantile %.2f: %.1f and %.1f min, late %.3f and %.3f\n", QUANTILES[at],
                      type->margin_ms / 6e4, mode->margin_ms / 6e4, of_shift, of_window);
        assert_true(fabs(of_shift - (1 - QUANTILES[at])) < 0.02);
        assert_true(fabs(of_window - (1 - QUANTILES[at])) < 0.02);
        drop(NULL);
    }
}

static int64_t sum_of_margins(void) {
    int64_t sum_ms = 0;
    for (int32_t at = 0; at < model->n_modes; at++)
        sum_ms += model->modes[at].margin_ms;
    for (int32_t at = 0; at < model->n_types; at++)
        sum_ms += model->types[at].margin_ms;
    for (int32_t at = 0; at < model->n_tips; at++)
        sum_ms += model->tips[at].margin_ms;
    return sum_ms;
}

static void without_a_quantile_times_are_as_stated(void **state) {
    (void)state;
    seal_with(0);
    assert_int_equal(sum_of_margins(), 0);
    assert_int_equal(model->modes[task_of("C3")->first_mode].close_ms, 2 * HOUR_S * 1000);
    assert_int_equal(model->types[0].latest_ms, 9 * HOUR_S * 1000);
}

static void a_short_window_keeps_three_quarters(void **state) {
    (void)state;
    small_draft_fill(&small);
    small.draft.district.time_quantile = 0.999;
    small.windows[0] = (kerb_window){NIGHT_S + 3 * HOUR_S, NIGHT_S + 3 * HOUR_S + 600};
    seal();
    const ki_mode *mode = &model->modes[task_of("C3")->first_mode];
    assert_int_equal(mode->close_ms - mode->open_ms, 450000);
    assert_int_equal(mode->margin_ms, 150000);
}

/* The shifts get shorter until no truck can do the only container of its own any more. */
static void what_a_vehicle_can_just_do_it_still_may(void **state) {
    (void)state;
    int n_able = 0, n_unable = 0;
    for (int minutes = 17; minutes < 60; minutes++) {
        small_draft_fill(&small);
        small.draft.n_streets = 0;
        small.draft.containers = &small.containers[2];
        small.draft.n_containers = 1;
        small.draft.district.time_quantile = 0.999;
        for (int at = 0; at < 4; at++)
            small.shifts[at].end_s = small.shifts[at].start_s + 60 * minutes;
        seal();
        const ki_task *task = task_of("C3");
        const ki_type *type = &model->types[0];
        const ki_mode *mode = &model->modes[task->first_mode];
        /* out, serve, to P1 where unloading takes no time, home */
        int64_t there_ms = type->earliest_ms + type->pre_ms + 60000;
        int64_t home_ms = there_ms + task->setup_ms + 60000 + 64000 + 62000 + type->post_ms;
        int able = home_ms <= type->latest_ms + type->margin_ms;
        n_able += able;
        n_unable += !able;
        if (able) {
            assert_in_range(home_ms, 0, type->latest_ms);
            assert_in_range(there_ms, 0, mode->close_ms);
        }
        drop(NULL);
    }
    assert_true(n_able > 0 && n_unable > 0);
}

static void a_night_under_way_keeps_what_was_given_out(void **state) {
    (void)state;
    static kerb_earlier_plan plan;
    small_draft_fill(&small);
    small.draft.district.time_quantile = 0.9;
    small.draft.earlier_plans = &plan;
    small.draft.n_earlier_plans = 1;
    seal();
    assert_int_equal(sum_of_margins(), 0);
}

static void a_note_says_how_long_before(void **state) {
    (void)state;
    seal_with(0.9);
    for (size_t note = 0; note < n_notes; note++)
        if (strcmp(notes[note].kind, "margin") == 0) {
            assert_non_null(strstr(notes[note].text, "with a chance of 90 %"));
            return;
        }
    fail_msg("no note of the time");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(routes_are_in_time_with_the_chance_asked_for, drop),
        cmocka_unit_test_teardown(without_a_quantile_times_are_as_stated, drop),
        cmocka_unit_test_teardown(a_short_window_keeps_three_quarters, drop),
        cmocka_unit_test_teardown(what_a_vehicle_can_just_do_it_still_may, drop),
        cmocka_unit_test_teardown(a_night_under_way_keeps_what_was_given_out, drop),
        cmocka_unit_test_teardown(a_note_says_how_long_before, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
