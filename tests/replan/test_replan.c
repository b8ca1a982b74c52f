/* SPDX-License-Identifier: GPL-3.0-or-later
 * Re-planning in a town with roads: what is past stays past, what still holds stays as it is, and
 * every answer passes the checker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "plan/plan_case.h"

typedef struct night {
    plan_case town;
    kerb_model *model; /* of the town, sealed by the public call */
    kerb_plan *plan;
} night;

static void must(kerb_status status, const kerb_error *err) {
    if (status != KERB_OK) print_error("%s\n", err->message);
    assert_int_equal(status, KERB_OK);
}

typedef void change(ki_draft *draft);

static void open_changed_night(night *at, change *change_draft) {
    uint8_t *bytes;
    size_t n_bytes;
    kerb_error err = {0};
    kerb_options options = {.iterations = 300, .seed = 1};
    case_town(&at->town);
    /* Work for both trucks: three containers are not for V2, three not for V1. */
    static const kerb_vehicle_ref first[] = {{"V1"}}, second[] = {{"V2"}};
    for (int bin = 0; bin < 3; bin++) {
        kerb_container *containers = at->town.model->draft.containers;
        containers[bin].forbidden_to = second;
        containers[26 - bin].forbidden_to = first;
        containers[bin].n_forbidden_to = containers[26 - bin].n_forbidden_to = 1;
    }
    if (change_draft) change_draft(&at->town.model->draft);
    must(kerb_model_pack(at->town.model, &bytes, &n_bytes, &err), &err);
    must(kerb_model_unpack(&at->model, &at->town.roads, bytes, n_bytes, &err), &err);
    kerb_buffer_free(bytes);
    must(kerb_model_seal(at->model, NULL, &err), &err);
    must(kerb_plan_solve(&at->plan, at->model, &options, &err), &err);
    assert_int_equal(at->plan->n_routes, 3);
}

static void open_night(night *at) {
    open_changed_night(at, NULL);
}

/* One bay, and long in it. */
static void with_a_bay(ki_draft *draft) {
    draft->facilities[0].bays = 1;
    draft->facilities[0].unload_s = 900;
}

/* Ten minutes after half an hour of work at most, and ten more in a window. */
static void with_breaks(ki_draft *draft) {
    static const kerb_window window = {NIGHT_S + 5700, NIGHT_S + 8100};
    static const kerb_break breaks[2] = {{.duration_s = 600, .after_work_s = 1800, .paid = 1},
                                         {.duration_s = 600, .windows = &window, .n_windows = 1}};
    for (size_t shift = 0; shift < draft->n_shifts; shift++) {
        draft->shifts[shift].breaks = breaks;
        draft->shifts[shift].n_breaks = 2;
    }
}

static void with_everything(ki_draft *draft) {
    with_a_bay(draft);
    with_breaks(draft);
    draft->facilities[0].cap_tonnes = 16;
    draft->facilities[0].used_tonnes = 3;
}

static void close_night(night *at) {
    kerb_plan_free(at->plan);
    kerb_model_free(at->model);
    case_free(&at->town);
}

typedef struct outcome {
    kerb_model *model;
    kerb_plan *plan;
    int n_answers;
} outcome;

static void count_answer(const kerb_plan *plan, void *payload) {
    assert_non_null(plan->id);
    ++*(int *)payload;
}

/* Re-plans, and has the answer checked again from outside. */
static outcome replan(const night *at, const kerb_model *model, const kerb_plan *plan,
                      const kerb_event *events, size_t n, int64_t as_of_s, int64_t iterations) {
    outcome made = {0};
    kerb_error err = {0};
    size_t n_violations;
    char *report;
    (void)at;
    kerb_options options = {
        .iterations = iterations, .seed = 1, .answer = count_answer, .payload = &made.n_answers};
    must(kerb_model_after(&made.model, model, plan, events, n, as_of_s, &err), &err);
    must(kerb_model_seal(made.model, NULL, &err), &err);
    must(kerb_plan_replan(&made.plan, made.model, plan, &options, &err), &err);
    must(kerb_plan_check(made.plan, made.model, &n_violations, &report, &err), &err);
    if (n_violations) print_error("%s", report);
    assert_int_equal(n_violations, 0);
    assert_string_equal(made.plan->parent_id, plan->id);
    assert_int_equal(made.n_answers, 1);
    kerb_buffer_free(report);
    return made;
}

static void free_outcome(outcome *made) {
    kerb_plan_free(made->plan);
    kerb_model_free(made->model);
}

static const ki_plan_route *route_of(const kerb_plan *plan, const char *shift) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (strcmp(plan->routes[route].shift, shift) == 0) return &plan->routes[route];
    return NULL;
}

static int serves(const ki_plan_route *route, const char *id) {
    for (int32_t stop = 1; route && stop < route->n_stops - 1; stop++)
        if (strcmp(route->stops[stop].id, id) == 0) return 1;
    return 0;
}

static int64_t instant(int64_t ms) {
    return NIGHT_S + ms / 1000;
}

/* The stops of a route behind the first n, as the route of the other plan has them from its start.
 */
static void same_stops(const ki_plan_route *old, int32_t n_past, const ki_plan_route *new) {
    assert_non_null(new);
    assert_int_equal(old->n_stops - n_past, new->n_stops);
    for (int32_t stop = 1; stop < new->n_stops; stop++)
        assert_string_equal(old->stops[n_past + stop].id, new->stops[stop].id);
}

/* ---- nothing happened ------------------------------------------------------------------------ */

static void without_events_nothing_changes(void **state) {
    night at;
    (void)state;
    open_night(&at);
    outcome made = replan(&at, at.model, at.plan, NULL, 0, KERB_NO_TIME, 300);
    assert_int_equal(made.plan->n_routes, at.plan->n_routes);
    for (int32_t route = 0; route < at.plan->n_routes; route++)
        same_stops(&at.plan->routes[route], 0, &made.plan->routes[route]);
    assert_int_equal(made.plan->cost_nano, at.plan->cost_nano);
    free_outcome(&made);
    close_night(&at);
}

/* Breaks that a route has begun at an instant of the night. */
static int32_t n_begun(const ki_plan_route *route, int64_t now_ms) {
    int32_t n = 0;
    for (int32_t at = 0; at < route->n_breaks; at++)
        n += route->breaks[at].start_ms <= now_ms;
    return n;
}

/* At any time of the night the rest of a plan that is kept to is the rest of that plan, and costs
 * what it would have cost. */
static void the_rest_stays(change *change_draft) {
    night at;
    int n_under_way = 0;
    open_changed_night(&at, change_draft);
    for (int64_t minute = 60; minute < 360; minute += 6) {
        outcome made = replan(&at, at.model, at.plan, NULL, 0, instant(minute * 60000), 300);
        for (int32_t index = 0; index < made.plan->n_routes; index++) {
            const ki_plan_route *new = &made.plan->routes[index];
            const ki_plan_route *old = route_of(at.plan, new->shift);
            same_stops(old, old->n_stops - new->n_stops, new);
            int64_t apart_ms = (int64_t) new->spell_end_ms - old->spell_end_ms;
            /* Shifts start at whole seconds; a set-up is paid again where the clock stopped among
             * the containers of one site. */
            /* On its last way home it is taken to be where that begins. */
            if (new->n_served) assert_true(apart_ms > -1000 && apart_ms < 41000);
            if (new->n_served)
                assert_true(new->n_breaks + n_begun(old, minute * 60000) <= old->n_breaks);
            n_under_way += old->n_stops != new->n_stops;
        }
        for (int32_t decision = 0; decision < at.plan->n_decisions; decision++)
            if (at.plan->decisions[decision].served)
                assert_true(made.plan->decisions[decision].served ||
                            strcmp(made.plan->decisions[decision].reason, "done") == 0);
        free_outcome(&made);
    }
    assert_true(n_under_way > 5);
    close_night(&at);
}

static void on_plan_the_rest_stays_as_it_is_at_any_time(void **state) {
    (void)state;
    the_rest_stays(NULL);
}

static void bays_change_nothing_in_a_plan_that_is_kept_to(void **state) {
    (void)state;
    the_rest_stays(with_a_bay);
}

/* A second sweeper too dear to go out, with a break before half past nine and home before eleven.
 */
static void with_a_spare(ki_draft *draft) {
    static const kerb_window early = {NIGHT_S + 3900, NIGHT_S + 5400};
    static const kerb_break pause = {.duration_s = 600, .windows = &early, .n_windows = 1};
    kerb_vehicle vehicle = draft->vehicles[2];
    kerb_shift shift = draft->shifts[2];
    vehicle.id = shift.vehicle_id = "V9";
    vehicle.price_used = 100000;
    shift.id = "H9";
    shift.end_s = NIGHT_S + 3 * HOUR_S;
    shift.breaks = &pause;
    shift.n_breaks = 1;
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_VEHICLES, &vehicle, 1, NULL), KERB_OK);
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_SHIFTS, &shift, 1, NULL), KERB_OK);
}

static void a_shift_that_stayed_at_home_may_be_over_and_its_breaks_too(void **state) {
    (void)state;
    the_rest_stays(with_a_spare);
}

/* Containers and kerbs in the opposite of the order in which they are listed. */
static void with_an_order(ki_draft *draft) {
    kerb_sequence_stop bins[12], kerbs[4];
    kerb_sequence sequences[2] = {{.stops = bins, .n_stops = 12}, {.stops = kerbs, .n_stops = 4}};
    for (size_t at = 0; at < 12; at++)
        bins[at].id = draft->containers[draft->n_containers - 1 - at].id;
    for (size_t at = 0; at < 4; at++)
        kerbs[at].id = draft->streets[draft->n_streets - 1 - at].id;
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_SEQUENCES, sequences, 2, NULL), KERB_OK);
}

static void an_order_is_kept_by_what_is_left_of_a_plan(void **state) {
    (void)state;
    the_rest_stays(with_an_order);
}

/* A second sweeper for half of the kerbs, and one attendant for both: one after the other. */
static void with_an_attendant(ki_draft *draft) {
    static const kerb_attendants watch = {.id = "watch", .n_people = 1, .vehicles_each = 1};
    static const kerb_vehicle_ref other = {"V9"};
    kerb_vehicle vehicle = draft->vehicles[2];
    kerb_shift shift = draft->shifts[2];
    draft->vehicles[2].attended_by = vehicle.attended_by = watch.id;
    vehicle.id = shift.vehicle_id = other.id;
    shift.id = "H9";
    for (size_t kerb = 0; kerb < draft->n_streets; kerb += 2) {
        draft->streets[kerb].pinned_to = &other;
        draft->streets[kerb].n_pinned_to = 1;
    }
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_ATTENDANTS, &watch, 1, NULL), KERB_OK);
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_VEHICLES, &vehicle, 1, NULL), KERB_OK);
    assert_int_equal(ki_draft_append(draft, KI_DRAFT_SHIFTS, &shift, 1, NULL), KERB_OK);
}

static void who_waits_for_an_attendant_still_does(void **state) {
    (void)state;
    the_rest_stays(with_an_attendant);
}

/* What is brought is worth more than the night costs. */
static void with_revenue(ki_draft *draft) {
    for (size_t gate = 0; gate < draft->facilities[0].n_gates; gate++)
        ((kerb_gate *)(uintptr_t)draft->facilities[0].gates)[gate].fee_per_tonne = -9000;
}

static void a_night_that_earns_is_planned_and_re_planned(void **state) {
    night at;
    (void)state;
    open_changed_night(&at, with_revenue);
    assert_true(at.plan->cost_nano < 0);
    assert_true(at.plan->bound_nano <= at.plan->cost_nano);
    for (int32_t minute = 70; minute < 300; minute += 50) {
        outcome made =
            replan(&at, at.model, at.plan, NULL, 0, instant(minute * INT64_C(60000)), -1);
        assert_true(made.plan->bound_nano <= made.plan->cost_nano);
        free_outcome(&made);
    }
    close_night(&at);
}

static const ki_plan_stop *tip_number(const ki_plan_route *route, int32_t number) {
    for (int32_t stop = 0; route && stop < route->n_stops; stop++)
        if (route->stops[stop].kind == KI_STOP_TIP && number-- == 0) return &route->stops[stop];
    return NULL;
}

static int32_t n_tips(const ki_plan_route *route) {
    int32_t n = 0;
    while (tip_number(route, n))
        n++;
    return n;
}

/* A tip that is past in the new plan, though it may not be over yet: nobody is there meanwhile. */
static void keeps_its_bay(const outcome *made, const ki_plan_route *old, int32_t number) {
    const ki_plan_stop *past = tip_number(old, number);
    for (int32_t index = 0; index < made->plan->n_routes; index++)
        for (int32_t at = 0; at < n_tips(&made->plan->routes[index]); at++) {
            const ki_plan_stop *tip = tip_number(&made->plan->routes[index], at);
            assert_true(tip->start_ms >= past->end_ms || tip->end_ms <= past->start_ms);
        }
}

static void what_is_unloaded_now_and_was_before_counts(void **state) {
    night at;
    int n_past = 0;
    (void)state;
    open_changed_night(&at, with_everything);
    for (int64_t minute = 66; minute < 170; minute += 7) {
        /* Another container, so that the plan is not simply kept. */
        kerb_event event = {.kind = KERB_EVENT_SERVE, .id = "C03"};
        outcome made = replan(&at, at.model, at.plan, &event, 1, instant(minute * 60000), 60);
        double tipped_t = 0;
        for (int32_t index = 0; index < at.plan->n_routes; index++) {
            const ki_plan_route *old = &at.plan->routes[index];
            int32_t n_before = n_tips(old), n_left = n_tips(route_of(made.plan, old->shift));
            for (int32_t past = 0; past < n_before - n_left; past++) {
                if (tip_number(old, past)->start_ms > minute * 60000 + 600000) continue;
                keeps_its_bay(&made, old, past);
                n_past++;
            }
            for (int32_t tip = 0; tip < n_before; tip++)
                if (tip_number(old, tip)->end_ms <= minute * 60000)
                    tipped_t += (double)tip_number(old, tip)->mass_g / 1e6;
        }
        assert_true(made.model->draft.facilities[0].used_tonnes >= 3 + tipped_t - 1e-6);
        free_outcome(&made);
    }
    assert_true(n_past > 5);
    close_night(&at);
}

static void breaks_taken_are_not_asked_for_again(void **state) {
    (void)state;
    the_rest_stays(with_breaks);
}

/* Work of a route since its last break, up to the stop its vehicle is driving to at an instant. */
static int64_t worked_ms(const ki_plan_route *old, int32_t n_past) {
    int32_t first = 0;
    int64_t sum_ms = 0;
    for (int32_t at = 0; at < old->n_breaks; at++)
        if (old->breaks[at].after_stop < n_past) first = old->breaks[at].after_stop + 1;
    for (int32_t stop = first; stop <= n_past; stop++)
        sum_ms +=
            old->stops[stop].leg.time_ms + old->stops[stop].end_ms - old->stops[stop].start_ms;
    return sum_ms;
}

static void work_counts_from_the_last_break(void **state) {
    night at;
    kerb_error err = {0};
    (void)state;
    open_changed_night(&at, with_breaks);
    const ki_plan_route *old = route_of(at.plan, "H2");
    assert_true(old->n_breaks == 2);
    for (int32_t last = 1; last < old->n_stops - 2; last++) {
        kerb_model *after;
        int64_t now_s = instant(old->stops[last].end_ms + 1999);
        must(kerb_model_after(&after, at.model, at.plan, NULL, 0, now_s, &err), &err);
        const kerb_shift *shift = &after->draft.shifts[1];
        int32_t n_past = last; /* the clock passes over what takes no time */
        while (old->stops[n_past].end_ms <= (now_s - NIGHT_S) * 1000)
            n_past++;
        int32_t n_taken = 0;
        for (int32_t pause = 0; pause < 2; pause++)
            n_taken += old->breaks[pause].after_stop < n_past;
        if (old->stops[n_past].kind != KI_STOP_END) {
            assert_int_equal(shift->n_breaks, 2 - n_taken);
            assert_int_equal((int64_t)(shift->worked_s * 1000 + 0.5), worked_ms(old, n_past));
        }
        kerb_model_free(after);
    }
    close_night(&at);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void a_truck_down_gives_its_stops_to_the_other(void **state) {
    night at;
    (void)state;
    open_night(&at);
    const ki_plan_route *old = route_of(at.plan, "H1");
    assert_non_null(old);
    kerb_event down[] = {{.kind = KERB_EVENT_DONE, .id = old->stops[1].id, .vehicle = "H1"},
                         {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "V1"}};
    down[0].end_s = instant(old->stops[1].end_ms);
    outcome made = replan(&at, at.model, at.plan, down, 2, KERB_NO_TIME, 300);
    assert_null(route_of(made.plan, "H1"));
    int n_moved = 0;
    for (int32_t stop = 2; stop < old->n_stops - 1; stop++)
        n_moved += serves(route_of(made.plan, "H2"), old->stops[stop].id);
    assert_true(n_moved > 0);
    for (int32_t route = 0; route < made.plan->n_routes; route++)
        assert_false(serves(&made.plan->routes[route], old->stops[1].id) &&
                     old->stops[1].kind == KI_STOP_SERVE);
    char *text;
    kerb_error err = {0};
    must(kerb_plan_difference(at.plan, made.plan, made.model, &text, &err), &err);
    assert_non_null(strstr(text, "moved"));
    assert_non_null(strstr(text, "not out any more"));
    kerb_buffer_free(text);
    free_outcome(&made);
    close_night(&at);
}

static void what_failed_is_not_tried_again_and_its_load_not_carried(void **state) {
    night at;
    (void)state;
    open_night(&at);
    const ki_plan_route *old = route_of(at.plan, "H1");
    int32_t first = 1;
    while (old->stops[first].kind != KI_STOP_SERVE)
        first++;
    const ki_plan_stop *stop = &old->stops[first];
    for (int failed = 0; failed < 2; failed++) {
        kerb_event event = {.kind = failed ? KERB_EVENT_FAILED : KERB_EVENT_DONE,
                            .id = stop->id,
                            .vehicle = "V1",
                            .end_s = instant(stop->end_ms)};
        outcome made = replan(&at, at.model, at.plan, &event, 1, KERB_NO_TIME, -1);
        const ki_plan_route *new = route_of(made.plan, "H1");
        assert_false(serves(new, stop->id));
        for (int32_t at_decision = 0; at_decision < made.plan->n_decisions; at_decision++)
            if (strcmp(made.plan->decisions[at_decision].id, stop->id) == 0)
                assert_string_equal(made.plan->decisions[at_decision].reason,
                                    failed ? "failed" : "done");
        /* The next stop is frozen: its load is on board too. */
        int64_t planned_g = 0, carried_g = 0;
        for (int32_t c = 0; c < new->stops[0].n_loads; c++) {
            planned_g += old->stops[first + 1].loads[c].mass_g;
            carried_g += new->stops[0].loads[c].mass_g;
        }
        if (old->stops[first + 1].kind != KI_STOP_TIP)
            assert_int_equal(planned_g - carried_g, failed ? stop->mass_g : 0);
        free_outcome(&made);
    }
    close_night(&at);
}

static void orders_are_obeyed(void **state) {
    night at;
    (void)state;
    open_night(&at);
    const ki_plan_route *old = route_of(at.plan, "H1");
    int32_t last = old->n_stops - 2;
    while (old->stops[last].kind != KI_STOP_SERVE)
        last--;
    const char *id = old->stops[last].id;
    kerb_event event = {.kind = KERB_EVENT_MOVE, .id = id, .vehicle = "V2"};
    outcome made = replan(&at, at.model, at.plan, &event, 1, KERB_NO_TIME, 200);
    assert_true(serves(route_of(made.plan, "H2"), id));
    event.kind = KERB_EVENT_FORBID;
    outcome again = replan(&at, made.model, made.plan, &event, 1, KERB_NO_TIME, 200);
    assert_false(serves(route_of(again.plan, "H2"), id));
    free_outcome(&again);
    event.kind = KERB_EVENT_LEAVE_OUT;
    again = replan(&at, made.model, made.plan, &event, 1, KERB_NO_TIME, -1);
    assert_false(serves(route_of(again.plan, "H2"), id));
    assert_false(serves(route_of(again.plan, "H1"), id));
    free_outcome(&again);
    free_outcome(&made);
    close_night(&at);
}

static void a_street_closed_is_driven_round(void **state) {
    night at;
    (void)state;
    open_night(&at);
    kerb_event event = {.kind = KERB_EVENT_STREET_CLOSED, .way_id = 105, .reason = "burst pipe"};
    outcome made = replan(&at, at.model, at.plan, &event, 1, instant(5400000), 200);
    for (int32_t route = 0; route < made.plan->n_routes; route++)
        for (int32_t stop = 1; stop < made.plan->routes[route].n_stops; stop++) {
            const ki_plan_leg *leg = &made.plan->routes[route].stops[stop].leg;
            for (int32_t run = 0; run < leg->n_runs; run++)
                assert_int_not_equal(leg->runs[run].way_id, 105);
        }
    free_outcome(&made);
    close_night(&at);
}

static void with_the_only_station_shut_trucks_come_home_loaded(void **state) {
    night at;
    (void)state;
    open_night(&at);
    kerb_event event = {.kind = KERB_EVENT_FACILITY_SHUT, .id = "T1"};
    const ki_plan_route *old = route_of(at.plan, "H1");
    int64_t now_s = instant((old->stops[1].start_ms + old->stops[1].end_ms) / 2);
    outcome made = replan(&at, at.model, at.plan, &event, 1, now_s, 200);
    const ki_plan_route *new = route_of(made.plan, "H1");
    assert_non_null(new);
    assert_int_equal(new->n_stops, 2);
    assert_true(new->stops[1].loads[0].mass_g > 0);
    assert_true(made.plan->degraded);
    free_outcome(&made);
    close_night(&at);
}

/* ---- chance ---------------------------------------------------------------------------------- */

static kerb_event random_event(ki_rng *rng, const kerb_plan *plan) {
    static const char *const VEHICLES[] = {"V1", "V2", "W1"};
    static const int64_t WAYS[] = {101, 102, 103, 104, 105, 106, 201, 202, 203, 204, 205, 206};
    const ki_plan_decision *what = &plan->decisions[ki_rng_below(rng, (uint32_t)plan->n_decisions)];
    kerb_event event = {.kind = (kerb_event_kind)(1 + ki_rng_below(rng, KERB_N_EVENTS - 1)),
                        .id = what->id,
                        .vehicle = VEHICLES[ki_rng_below(rng, 3)],
                        .way_id = WAYS[ki_rng_below(rng, 12)]};
    if (event.kind == KERB_EVENT_FACILITY_SHUT) event.id = "T1";
    if (event.kind == KERB_EVENT_OVERFLOWING && what->is_street) event.kind = KERB_EVENT_SERVE;
    if (event.kind == KERB_EVENT_FACILITY_SHUT) event.end_s = NIGHT_S + 4 * HOUR_S;
    return event;
}

/* One event after another, each from the plan that the one before left. */
static void plan_through(change *change_draft, uint64_t n_nights) {
    night at;
    open_changed_night(&at, change_draft);
    for (uint64_t seed = 1; seed <= n_nights; seed++) {
        ki_rng rng;
        outcome before = {at.model, at.plan, 0};
        int64_t now_s = NIGHT_S + HOUR_S;
        ki_rng_seed(&rng, seed, 3);
        for (int step = 0; step < 5; step++) {
            kerb_event event = random_event(&rng, at.plan);
            kerb_model *model;
            kerb_error err = {0};
            now_s += 600 * (int64_t)(1 + ki_rng_below(&rng, 4));
            /* The last vehicle down leaves nothing to plan with: an error, not a plan. */
            must(kerb_model_after(&model, before.model, before.plan, &event, 1, now_s, &err), &err);
            kerb_status status = kerb_model_seal(model, NULL, &err);
            kerb_model_free(model);
            if (status == KERB_INFEASIBLE) break;
            must(status, &err);
            outcome made = replan(&at, before.model, before.plan, &event, 1, now_s, 60);
            if (step) free_outcome(&before);
            before = made;
        }
        if (before.model != at.model) free_outcome(&before);
    }
    close_night(&at);
}

static void a_night_of_random_events_is_planned_through(void **state) {
    (void)state;
    plan_through(NULL, 12);
}

static void a_night_of_random_events_with_bays_and_breaks_is_planned_through(void **state) {
    (void)state;
    plan_through(with_everything, 12);
}

static void a_night_of_random_events_with_an_attendant_is_planned_through(void **state) {
    (void)state;
    plan_through(with_an_attendant, 12);
}

static void the_next_night_knows_what_was_done_and_what_is_due_again(void **state) {
    kerb_event events[] = {
        {.kind = KERB_EVENT_DONE, .id = "C00", .end_s = NIGHT_S + 100},
        {.kind = KERB_EVENT_FAILED, .id = "C03"}, /* a tenth full: not due by its fill */
        {.kind = KERB_EVENT_SKIPPED, .id = "K1"},
        {.kind = KERB_EVENT_DONE, .id = "T1"},
    };
    plan_case town;
    uint8_t *bytes;
    size_t n_bytes;
    kerb_model *model;
    kerb_executed_totals totals;
    kerb_error err = {0};
    (void)state;
    case_town(&town);
    must(kerb_model_pack(town.model, &bytes, &n_bytes, &err), &err);
    must(kerb_model_unpack(&model, &town.roads, bytes, n_bytes, &err), &err);
    must(kerb_model_add_executed(model, events, 4, &totals, &err), &err);
    assert_int_equal(totals.n_done, 1);
    assert_int_equal(totals.n_due_again, 2);
    assert_int_equal(totals.n_unknown, 1);
    assert_int_equal(model->draft.containers[0].last_emptied_s, NIGHT_S + 100);
    assert_int_equal(model->draft.streets[1].force, KERB_FORCE_IN);
    must(kerb_model_seal(model, NULL, &err), &err);
    assert_string_equal(model->sealed->container_decisions[3].reason, "forced_in");
    assert_string_equal(town.model->sealed->container_decisions[3].reason, "fill_below_may");
    assert_int_equal(kerb_model_add_executed(model, events, 4, &totals, &err), KERB_BAD_CALL);
    kerb_buffer_free(bytes);
    kerb_model_free(model);
    case_free(&town);
}

static void an_event_that_makes_no_sense_names_itself(void **state) {
    static const struct {
        kerb_event event;
        const char *part;
    } cases[] = {
        {{.kind = KERB_EVENT_DONE, .id = "C999"}, "event 1 (done), field id: C999"},
        {{.kind = KERB_EVENT_DONE, .id = "T1"}, "field vehicle: none"},
        {{.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "V9"}, "field vehicle: V9"},
        {{.kind = KERB_EVENT_OVERFLOWING, .id = "K1"}, "field id: K1"},
        {{.kind = KERB_EVENT_FACILITY_SHUT, .id = "C01"}, "field id: C01"},
        {{.kind = KERB_EVENT_STREET_CLOSED, .way_id = 7, .from_node = 1}, "field way"},
        {{.kind = KERB_EVENT_MOVE, .id = "C01"}, "field vehicle: none"},
        {{.kind = KERB_N_EVENTS}, "field kind"},
        {{.kind = KERB_EVENT_DONE, .id = "C01", .mass_kg = -1}, "mass_kg"},
    };
    night at;
    (void)state;
    open_night(&at);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        kerb_model *model;
        kerb_error err = {0};
        assert_int_equal(
            kerb_model_after(&model, at.model, at.plan, &cases[k].event, 1, KERB_NO_TIME, &err),
            KERB_BAD_INPUT);
        assert_null(model);
        if (!strstr(err.message, cases[k].part)) print_error("%s\n", err.message);
        assert_non_null(strstr(err.message, cases[k].part));
    }
    close_night(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_events_nothing_changes),
        cmocka_unit_test(on_plan_the_rest_stays_as_it_is_at_any_time),
        cmocka_unit_test(bays_change_nothing_in_a_plan_that_is_kept_to),
        cmocka_unit_test(an_order_is_kept_by_what_is_left_of_a_plan),
        cmocka_unit_test(who_waits_for_an_attendant_still_does),
        cmocka_unit_test(a_night_of_random_events_with_an_attendant_is_planned_through),
        cmocka_unit_test(a_shift_that_stayed_at_home_may_be_over_and_its_breaks_too),
        cmocka_unit_test(a_night_that_earns_is_planned_and_re_planned),
        cmocka_unit_test(what_is_unloaded_now_and_was_before_counts),
        cmocka_unit_test(breaks_taken_are_not_asked_for_again),
        cmocka_unit_test(work_counts_from_the_last_break),
        cmocka_unit_test(a_truck_down_gives_its_stops_to_the_other),
        cmocka_unit_test(what_failed_is_not_tried_again_and_its_load_not_carried),
        cmocka_unit_test(orders_are_obeyed),
        cmocka_unit_test(a_street_closed_is_driven_round),
        cmocka_unit_test(with_the_only_station_shut_trucks_come_home_loaded),
        cmocka_unit_test(a_night_of_random_events_is_planned_through),
        cmocka_unit_test(a_night_of_random_events_with_bays_and_breaks_is_planned_through),
        cmocka_unit_test(the_next_night_knows_what_was_done_and_what_is_due_again),
        cmocka_unit_test(an_event_that_makes_no_sense_names_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
