/* SPDX-License-Identifier: GPL-3.0-or-later
 * Breaks in whole plans: the checker, which has code of its own for them, accepts what the search
 * and the plan make of random breaks, and rejects each corruption of one. */
#include "base/rng.h"
#include "plan_case.h"

enum { N_SHIFTS = 4 };

static plan_case night;
static kerb_break breaks[N_SHIFTS][2];
static kerb_window windows[N_SHIFTS][2];

static void begin(void) {
    memset(&night, 0, sizeof night);
    small_draft_fill(&night.small);
    night.small.containers[1].force = KERB_FORCE_IN;
    night.small.draft.district.price_unswept_per_km = 4000;
    night.small.draft.district.currency = "CNY";
    memset(breaks, 0, sizeof breaks);
}

static kerb_plan *finish(int64_t iterations) {
    night.own.draft = night.small.draft;
    night.model = &night.own;
    case_seal(&night);
    case_solve(&night, iterations);
    return case_plan(&night);
}

static int64_t below(ki_rng *rng, uint32_t n) {
    return (int64_t)ki_rng_below(rng, n);
}

static void random_break(ki_rng *rng, kerb_break *pause, kerb_window *window) {
    pause->duration_s = (double)(60 * (1 + below(rng, 90)));
    pause->paid = (int)below(rng, 2);
    pause->at_facility = below(rng, 4) == 0;
    if (below(rng, 2)) pause->after_work_s = (double)(60 * (1 + below(rng, 120)));
    if (below(rng, 3) == 0) return;
    window->start_s = NIGHT_S + HOUR_S + below(rng, 2 * HOUR_S);
    window->end_s = window->start_s + 600 + below(rng, 3 * HOUR_S);
    pause->windows = window;
    pause->n_windows = 1;
}

/* Accepted, and the same after a trip through bytes. */
static void random_breaks_pass_the_checker(void **state) {
    (void)state;
    int n_breaks = 0, n_routes = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 3);
        begin();
        for (int shift = 0; shift < N_SHIFTS; shift++) {
            size_t n = (size_t)below(&rng, 3);
            for (size_t at = 0; at < n; at++)
                random_break(&rng, &breaks[shift][at], &windows[shift][at]);
            night.small.shifts[shift].breaks = breaks[shift];
            night.small.shifts[shift].n_breaks = n;
        }
        kerb_plan *plan = finish(60), *again;
        uint8_t *bytes;
        size_t n_bytes;
        if (case_check(&night, plan, 1, NULL, 0)) fail_msg("seed %d", (int)seed);
        assert_int_equal(kerb_plan_pack(plan, &bytes, &n_bytes, NULL), KERB_OK);
        assert_int_equal(kerb_plan_unpack(&again, bytes, n_bytes, NULL), KERB_OK);
        assert_int_equal(case_check(&night, again, 1, NULL, 0), 0);
        for (int32_t route = 0; route < again->n_routes; route++)
            n_breaks += again->routes[route].n_breaks;
        n_routes += again->n_routes;
        kerb_buffer_free(bytes);
        kerb_plan_free(again);
        kerb_plan_free(plan);
        case_free(&night);
    }
    print_message("%d breaks in %d routes\n", n_breaks, n_routes);
    assert_true(n_breaks > 100);
}

/* ---- one corruption at a time ---------------------------------------------------------------- */

/* Each shift has a break of half an hour between 21:05 and 21:15, where it stands. */
static kerb_plan *plan_with_breaks(void) {
    begin();
    for (int shift = 0; shift < N_SHIFTS; shift++) {
        windows[shift][0] = (kerb_window){NIGHT_S + HOUR_S + 780, NIGHT_S + HOUR_S + 900};
        breaks[shift][0] =
            (kerb_break){.duration_s = 1800, .windows = windows[shift], .n_windows = 1};
        night.small.shifts[shift].breaks = breaks[shift];
        night.small.shifts[shift].n_breaks = 1;
    }
    return finish(50);
}

static ki_plan_break *first_break(kerb_plan *plan, ki_plan_route **route) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        if (plan->routes[at].n_breaks) {
            *route = &plan->routes[at];
            return plan->routes[at].breaks;
        }
    fail_msg("no break in the plan");
    return NULL;
}

static void expect_refusal(void (*corrupt)(ki_plan_route *route, ki_plan_break *pause),
                           const char *words) {
    kerb_plan *plan = plan_with_breaks();
    ki_plan_route *route = NULL;
    ki_plan_break *pause = first_break(plan, &route);
    ki_text report = {0};
    size_t n = 0;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    corrupt(route, pause);
    assert_int_equal(ki_plan_check(plan, night.model, &n, &report, NULL), KERB_OK);
    assert_true(n > 0);
    if (!strstr(report.bytes, words)) fail_msg("nothing of \"%s\" in: %s", words, report.bytes);
    ki_text_free(&report);
    kerb_plan_free(plan);
    case_free(&night);
}

static void drop(ki_plan_route *route, ki_plan_break *pause) {
    (void)pause;
    route->n_breaks = 0;
}
static void shorten(ki_plan_route *route, ki_plan_break *pause) {
    (void)route;
    pause->end_ms -= 60000;
}
static void leave_the_window(ki_plan_route *route, ki_plan_break *pause) {
    (void)route;
    pause->start_ms += 3600000;
}
static void start_before_it_is_free(ki_plan_route *route, ki_plan_break *pause) {
    pause->start_ms = route->stops[pause->after_stop].end_ms - 1;
}
static void go_to_the_end(ki_plan_route *route, ki_plan_break *pause) {
    pause->after_stop = route->n_stops - 1;
}
static void take_it_twice(ki_plan_route *route, ki_plan_break *pause) {
    ki_plan_break twice[2] = {*pause, *pause};
    static ki_plan_break kept[2];
    memcpy(kept, twice, sizeof kept);
    route->breaks = kept;
    route->n_breaks = 2;
}
static void be_paid(ki_plan_route *route, ki_plan_break *pause) {
    (void)pause;
    route->time_nano += 1800000 * INT64_C(62000000000) / 3600000;
}

static void each_corruption_of_a_break_is_found(void **state) {
    (void)state;
    expect_refusal(drop, "no break 1, though the spell ends");
    expect_refusal(shorten, "break: end (ms)");
    expect_refusal(leave_the_window, "outside its windows");
    expect_refusal(start_before_it_is_free, "starts before the vehicle is free");
    expect_refusal(go_to_the_end, "expected one before the last");
    expect_refusal(take_it_twice, "2 breaks, expected at most 1");
    expect_refusal(be_paid, "price of time");
}

static void refuse_seal(const char *words) {
    kerb_error err = {0};
    struct ki_note *notes;
    size_t n_notes;
    ki_model *sealed;
    night.small.shifts[0].breaks = breaks[0];
    night.small.shifts[0].n_breaks = 1;
    assert_int_equal(ki_model_seal(&sealed, &night.small.draft, NULL, NULL, &notes, &n_notes, &err),
                     KERB_BAD_INPUT);
    if (!strstr(err.message, words)) fail_msg("nothing of \"%s\" in: %s", words, err.message);
}

static void a_break_that_cannot_be_is_refused(void **state) {
    (void)state;
    begin();
    breaks[0][0].duration_s = 5;
    refuse_seal("shift H1, break 1, field duration_s: 5, expected 60 to 43200");
    windows[0][0] = (kerb_window){NIGHT_S + 9 * HOUR_S - 600, NIGHT_S + 10 * HOUR_S};
    breaks[0][0] = (kerb_break){.duration_s = 1800, .windows = windows[0], .n_windows = 1};
    refuse_seal("shift H1, break 1, field windows: none lets 1800 s begin and end");
    night.small.shifts[0].n_breaks = 0;
    breaks[0][0].n_windows = 0;
    breaks[0][0].after_work_s = -1;
    refuse_seal("shift H1, break 1, field after_work_s: -1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_breaks_pass_the_checker),
        cmocka_unit_test(each_corruption_of_a_break_is_found),
        cmocka_unit_test(a_break_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
