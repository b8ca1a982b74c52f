/* SPDX-License-Identifier: GPL-3.0-or-later
 * progress.c - see progress.h. First every event is matched with a stop, or refused; then each
 * route is walked as far as it has come. */
#include "replan/progress.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

#define UNKNOWN_MS INT64_MIN

static const char *const event_names[KERB_N_EVENTS] = {
    [KERB_EVENT_UNSPECIFIED] = "unspecified",
    [KERB_EVENT_DONE] = "done",
    [KERB_EVENT_SKIPPED] = "skipped",
    [KERB_EVENT_FAILED] = "failed",
    [KERB_EVENT_LEFT] = "left",
    [KERB_EVENT_VEHICLE_DOWN] = "vehicle_down",
    [KERB_EVENT_OVERFLOWING] = "overflowing",
    [KERB_EVENT_STREET_CLOSED] = "street_closed",
    [KERB_EVENT_FACILITY_SHUT] = "facility_shut",
    [KERB_EVENT_MOVE] = "move",
    [KERB_EVENT_PIN] = "pin",
    [KERB_EVENT_FORBID] = "forbid",
    [KERB_EVENT_SERVE] = "serve",
    [KERB_EVENT_LEAVE_OUT] = "leave_out",
};

const char *kerb_event_name(kerb_event_kind kind) {
    return (unsigned)kind < KERB_N_EVENTS && kind ? event_names[kind] : NULL;
}

int32_t ki_progress_vehicle(const ki_progress *progress, const char *id) {
    int32_t vehicle = ki_ids_find(&progress->vehicles, id);
    int32_t shift = vehicle < 0 ? ki_ids_find(&progress->shifts, id) : -1;
    return shift < 0 ? vehicle
                     : ki_ids_find(&progress->vehicles, progress->draft->shifts[shift].vehicle_id);
}

/* ---- events ---------------------------------------------------------------------------------- */

static kerb_status bad_event(size_t index, const kerb_event *event, const char *field,
                             const char *got, const char *expected, kerb_error *err) {
    const char *name = kerb_event_name(event->kind);
    return ki_fail(err, KERB_BAD_INPUT, "event %zu (%s), field %s: %.100s, expected %s", index + 1,
                   name ? name : "?", field, got && *got ? got : "none", expected);
}

static int is_outcome(kerb_event_kind kind) {
    return kind >= KERB_EVENT_DONE && kind <= KERB_EVENT_FAILED;
}

static int is_place_of_work(const ki_progress *progress, const char *id) {
    return ki_ids_find(&progress->containers, id) >= 0 ||
           ki_ids_find(&progress->streets, id) >= 0 || ki_ids_find(&progress->sites, id) >= 0;
}

static kerb_status check_event(const ki_progress *progress, size_t index, kerb_error *err) {
    const kerb_event *event = &progress->events[index];
    const char *id = event->id ? event->id : "";
    int needs_vehicle = event->kind == KERB_EVENT_LEFT || event->kind == KERB_EVENT_VEHICLE_DOWN ||
                        (event->kind >= KERB_EVENT_MOVE && event->kind <= KERB_EVENT_FORBID);
    int is_facility = ki_ids_find(&progress->facilities, id) >= 0;
    if (!kerb_event_name(event->kind))
        return bad_event(index, event, "kind", "unknown", "a kind of event", err);
    if (needs_vehicle && ki_progress_vehicle(progress, event->vehicle ? event->vehicle : "") < 0)
        return bad_event(index, event, "vehicle", event->vehicle, "a known vehicle or shift", err);
    if (event->vehicle && *event->vehicle && ki_progress_vehicle(progress, event->vehicle) < 0)
        return bad_event(index, event, "vehicle", event->vehicle, "a known vehicle or shift", err);
    switch (event->kind) {
    case KERB_EVENT_DONE:
    case KERB_EVENT_SKIPPED:
    case KERB_EVENT_FAILED:
        if (is_facility && !(event->vehicle && *event->vehicle))
            return bad_event(index, event, "vehicle", NULL, "the one that was there", err);
        if (!is_facility && !is_place_of_work(progress, id))
            return bad_event(index, event, "id", id, "a known container, street or facility", err);
        break;
    case KERB_EVENT_OVERFLOWING:
        if (ki_ids_find(&progress->containers, id) < 0)
            return bad_event(index, event, "id", id, "a known container", err);
        break;
    case KERB_EVENT_FACILITY_SHUT:
        if (!is_facility) return bad_event(index, event, "id", id, "a known facility", err);
        break;
    case KERB_EVENT_STREET_CLOSED:
        if (event->way_id <= 0 || (event->from_node == 0) != (event->to_node == 0))
            return bad_event(index, event, "way", "no way, or one node of two",
                             "an OSM way, whole or from node to node", err);
        break;
    case KERB_EVENT_MOVE:
    case KERB_EVENT_PIN:
    case KERB_EVENT_FORBID:
    case KERB_EVENT_SERVE:
    case KERB_EVENT_LEAVE_OUT:
        if (!is_place_of_work(progress, id))
            return bad_event(index, event, "id", id, "a known container, site or street", err);
        break;
    default: break;
    }
    if (event->pass < 0 || event->pass > 63 || !(event->mass_kg <= 1e6 || isnan(event->mass_kg)) ||
        event->mass_kg < 0)
        return bad_event(index, event, "pass, mass_kg", "out of range", "0 to 63, 0 to 1e6", err);
    return KERB_OK;
}

static int64_t night_ms(const ki_progress *progress, int64_t at_s) {
    int64_t start_s = progress->draft->district.night_start_s;
    if (at_s <= 0) return UNKNOWN_MS;
    if (at_s - start_s > 1000000) return 1000000000;
    if (at_s - start_s < -1000000) return -1000000000;
    return (at_s - start_s) * 1000;
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static void find_as_of(ki_progress *progress, int64_t as_of_s) {
    progress->as_of_ms = night_ms(progress, as_of_s == KERB_NO_TIME ? 0 : as_of_s);
    for (size_t at = 0; as_of_s == KERB_NO_TIME && at < progress->n_events; at++) {
        const kerb_event *event = &progress->events[at];
        progress->as_of_ms = later(progress->as_of_ms, night_ms(progress, event->start_s));
        if (event->kind != KERB_EVENT_FACILITY_SHUT) /* its end is to come */
            progress->as_of_ms = later(progress->as_of_ms, night_ms(progress, event->end_s));
    }
}

/* ---- which stop an event is about ------------------------------------------------------------ */

static int is_stop_of(const ki_progress *progress, const ki_plan_stop *stop, const char *id,
                      int32_t pass) {
    if (stop->kind == KI_STOP_SERVE && stop->site && strcmp(stop->site, id) == 0 &&
        ki_ids_find(&progress->containers, id) < 0)
        return 1; /* a site stands for its containers */
    if (stop->kind != KI_STOP_SERVE && stop->kind != KI_STOP_SWEEP && stop->kind != KI_STOP_TIP &&
        stop->kind != KI_STOP_LOAD && stop->kind != KI_STOP_CHARGE)
        return 0;
    return strcmp(stop->id, id) == 0 && (pass == 0 || stop->pass == 0 || stop->pass == pass);
}

static void note_outcome(const ki_progress *progress, ki_route_progress *route, int32_t at,
                         const kerb_event *event) {
    int64_t end_ms = night_ms(progress, event->end_s);
    route->outcome[at] = (uint8_t)event->kind;
    route->end_ms[at] = end_ms != UNKNOWN_MS ? end_ms : UNKNOWN_MS;
    if (event->kind == KERB_EVENT_DONE && event->mass_kg > 0)
        route->weighed_kg[at] = event->mass_kg;
    if (at > route->last) route->last = at;
    route->has_news = 1;
}

/* The first stop of that name not reported yet; of a site every one. A second report of one stop
 * replaces the first where all of them are told. */
static void tell_route(const ki_progress *progress, int32_t index, const kerb_event *event) {
    const ki_plan_route *from = &progress->plan->routes[index];
    ki_route_progress *route = &progress->routes[index];
    int is_site = ki_ids_find(&progress->sites, event->id) >= 0 &&
                  ki_ids_find(&progress->containers, event->id) < 0;
    int32_t told = -1;
    for (int32_t at = 1; at < from->n_stops - 1; at++) {
        if (!is_stop_of(progress, &from->stops[at], event->id, event->pass)) continue;
        if (route->outcome[at] && !is_site) {
            told = at;
            continue;
        }
        note_outcome(progress, route, at, event);
        if (!is_site) return;
    }
    if (told >= 0) note_outcome(progress, route, told, event);
}

static void tell_event(ki_progress *progress, const kerb_event *event) {
    int32_t by =
        event->vehicle && *event->vehicle ? ki_progress_vehicle(progress, event->vehicle) : -1;
    for (int32_t index = 0; index < progress->plan->n_routes; index++) {
        ki_route_progress *route = &progress->routes[index];
        if (by >= 0 && route->vehicle != by) continue;
        if (by >= 0 && ki_ids_find(&progress->vehicles, event->vehicle) < 0 &&
            strcmp(progress->plan->routes[index].shift, event->vehicle) != 0)
            continue; /* another shift of that vehicle */
        if (is_outcome(event->kind)) tell_route(progress, index, event);
        if (event->kind == KERB_EVENT_LEFT) {
            int64_t left_ms = night_ms(progress, event->start_s);
            route->has_news = 1;
            if (left_ms != UNKNOWN_MS) route->start_ms = left_ms;
        }
        if (event->kind == KERB_EVENT_VEHICLE_DOWN) route->state = KI_ROUTE_DOWN;
    }
}

/* ---- how far a route has come ---------------------------------------------------------------- */

/* An order about the stop a vehicle is driving to, or its facility shut: it may turn away. */
static int is_thawed(const ki_progress *progress, const ki_route_progress *route,
                     const ki_plan_stop *stop) {
    for (size_t at = 0; at < progress->n_events; at++) {
        const kerb_event *event = &progress->events[at];
        int orders = event->kind >= KERB_EVENT_FACILITY_SHUT && event->kind != KERB_EVENT_SERVE;
        if (!orders || !is_stop_of(progress, stop, event->id, event->pass)) continue;
        int by_it =
            event->vehicle && ki_progress_vehicle(progress, event->vehicle) == route->vehicle;
        int confirms = by_it && (event->kind == KERB_EVENT_MOVE || event->kind == KERB_EVENT_PIN);
        int others = event->kind == KERB_EVENT_FORBID && !by_it;
        if (!confirms && !others) return 1;
    }
    return 0;
}

/* The breaks before and behind a stop are taken: when the vehicle is free again, since it was free
 * there. begun: behind it only those that have begun by now. */
static int64_t take_breaks(const ki_progress *progress, ki_route_progress *route,
                           const ki_plan_route *from, int32_t stop, int64_t free_ms, int begun) {
    for (; route->n_breaks < from->n_breaks; route->n_breaks++) {
        const ki_plan_break *pause = &from->breaks[route->n_breaks];
        int32_t behind = pause->after_stop;
        int64_t start_ms = free_ms, length_ms = (int64_t)pause->end_ms - pause->start_ms;
        if (behind > stop) break;
        if (behind < stop) continue;
        if (pause->start_ms > from->stops[stop].end_ms) /* it may have waited for its window */
            start_ms = later(free_ms, pause->start_ms);
        if (begun && (progress->as_of_ms == UNKNOWN_MS || progress->as_of_ms < start_ms)) break;
        free_ms = start_ms + length_ms;
    }
    return free_ms;
}

/* When a stop is over if it is reached from the one before, which ended at that time. */
static int64_t end_behind(const ki_plan_stop *stop, int64_t left_ms) {
    int64_t arrival_ms = left_ms + stop->leg.time_ms, start_ms = arrival_ms;
    if (stop->start_ms > stop->arrival_ms) start_ms = later(arrival_ms, stop->start_ms);
    return start_ms + (stop->end_ms - stop->start_ms);
}

/* What a haul truck has loaded, or is about to, is tipped where it was to be. Where that has been
 * shut meanwhile nobody can say where to: the truck waits for orders. */
static void freeze_tip(const ki_progress *progress, ki_route_progress *route,
                       const ki_plan_route *from) {
    const ki_plan_stop *load = &from->stops[route->n_past], *tip = load + 1;
    if (load->kind != KI_STOP_LOAD || tip->kind != KI_STOP_TIP) return;
    if (route->outcome[route->n_past] != KERB_EVENT_DONE) return; /* nothing was loaded */
    if (is_thawed(progress, route, tip)) {
        route->waits = 1;
        return;
    }
    route->ready_ms = take_breaks(progress, route, from, route->n_past, route->ready_ms, 0);
    route->n_past++;
    route->outcome[route->n_past] = KERB_EVENT_DONE;
    route->ready_ms = end_behind(tip, route->ready_ms);
}

/* A haul truck that is in time for its next load if it leaves later: it may be on its break, and
 * what it is to load may not be there yet. */
static int may_leave_later(const ki_progress *progress, const ki_plan_stop *next) {
    return next->kind == KI_STOP_LOAD && progress->as_of_ms != UNKNOWN_MS &&
           progress->as_of_ms < (int64_t)next->start_ms - next->leg.time_ms;
}

static void freeze_next(const ki_progress *progress, ki_route_progress *route,
                        const ki_plan_route *from) {
    const ki_plan_stop *next = &from->stops[route->last + 1];
    if (next->kind == KI_STOP_END) {
        route->ready_ms = take_breaks(progress, route, from, route->last, route->ready_ms, 1);
        if (progress->as_of_ms != UNKNOWN_MS && route->n_breaks == from->n_breaks &&
            progress->as_of_ms >= route->ready_ms + next->leg.time_ms)
            route->state = KI_ROUTE_OVER;
        return;
    }
    int at_depot = route->last == 0 && !route->has_news && progress->as_of_ms < route->ready_ms;
    if (at_depot || may_leave_later(progress, next) || is_thawed(progress, route, next)) {
        route->ready_ms = take_breaks(progress, route, from, route->last, route->ready_ms, 1);
        return;
    }
    route->ready_ms = take_breaks(progress, route, from, route->last, route->ready_ms, 0);
    route->n_past = route->last + 1;
    route->outcome[route->n_past] = KERB_EVENT_DONE;
    route->ready_ms = end_behind(next, route->ready_ms);
}

static void walk(const ki_progress *progress, ki_route_progress *route, const ki_plan_route *from) {
    route->state = KI_ROUTE_UNDER_WAY;
    route->n_past = route->last;
    for (int32_t at = 1; at <= route->last; at++)
        if (!route->outcome[at]) route->outcome[at] = KERB_EVENT_DONE;
    int64_t delay_ms = route->start_ms - from->spell_start_ms;
    int64_t end_ms = route->end_ms[route->last];
    route->ready_ms = end_ms != UNKNOWN_MS
                          ? end_ms
                          : from->stops[route->last].end_ms + (delay_ms > 0 ? delay_ms : 0);
    freeze_next(progress, route, from);
    freeze_tip(progress, route, from);
    if (progress->as_of_ms != UNKNOWN_MS)
        route->ready_ms = later(route->ready_ms, progress->as_of_ms);
}

/* Nobody told of it: it is taken to be on plan. */
static int has_begun(const ki_progress *progress, ki_route_progress *route,
                     const ki_plan_route *from) {
    if (route->has_news) return 1;
    if (progress->as_of_ms == UNKNOWN_MS || progress->as_of_ms < from->spell_start_ms) return 0;
    while (route->last + 1 < from->n_stops - 1 &&
           from->stops[route->last + 1].end_ms <= progress->as_of_ms)
        route->last++;
    return 1;
}

static void find_state(ki_progress *progress, int32_t index) {
    ki_route_progress *route = &progress->routes[index];
    const ki_plan_route *from = &progress->plan->routes[index];
    int is_down = route->state == KI_ROUTE_DOWN;
    if (!has_begun(progress, route, from)) return;
    walk(progress, route, from);
    if (!is_down) return;
    /* What it was driving to is not reached. */
    for (; route->n_past > route->last; route->n_past--)
        route->outcome[route->n_past] = 0;
    route->waits = 0;
    route->state = KI_ROUTE_DOWN;
}

/* ---- together -------------------------------------------------------------------------------- */

#define BUILD(ids, list)                                                                           \
    ki_ids_build(&out->ids, arena, draft->n_##list ? &draft->list->id : NULL, draft->n_##list,     \
                 sizeof *draft->list)

static kerb_status open_routes(ki_progress *out, ki_arena *arena, kerb_error *err) {
    const ki_draft *draft = out->draft;
    if (BUILD(shifts, shifts) || BUILD(vehicles, vehicles) || BUILD(containers, containers) ||
        BUILD(streets, streets) || BUILD(facilities, facilities) || BUILD(sites, sites))
        return ki_fail_no_memory(err, "the progress of a plan");
    size_t n_routes = out->plan->n_routes > 0 ? (size_t)out->plan->n_routes : 0;
    out->routes = ki_arena_alloc(arena, n_routes, sizeof *out->routes);
    if (!out->routes) return ki_fail_no_memory(err, "the progress of a plan");
    for (size_t at = 0; at < n_routes; at++) {
        const ki_plan_route *from = &out->plan->routes[at];
        ki_route_progress *route = &out->routes[at];
        size_t n_stops = from->n_stops > 0 ? (size_t)from->n_stops : 0;
        route->shift = ki_ids_find(&out->shifts, from->shift);
        if (route->shift < 0 || n_stops < 2)
            return ki_fail(err, KERB_BAD_INPUT,
                           "plan, route %zu of shift %.100s: %zu stops, expected a shift of the "
                           "problem and two stops or more",
                           at + 1, from->shift ? from->shift : "none", n_stops);
        route->vehicle = ki_ids_find(&out->vehicles, draft->shifts[route->shift].vehicle_id);
        route->start_ms = from->spell_start_ms;
        route->outcome = ki_arena_alloc(arena, n_stops, sizeof *route->outcome);
        route->weighed_kg = ki_arena_alloc(arena, n_stops, sizeof *route->weighed_kg);
        route->end_ms = ki_arena_alloc(arena, n_stops, sizeof *route->end_ms);
        if (!route->outcome || !route->weighed_kg || !route->end_ms)
            return ki_fail_no_memory(err, "the progress of a plan");
        for (size_t stop = 0; stop < n_stops; stop++) {
            route->end_ms[stop] = UNKNOWN_MS;
            if (!from->stops[stop].id)
                return ki_fail(err, KERB_BAD_INPUT, "plan, route %zu, stop %zu: no id", at + 1,
                               stop);
        }
    }
    return KERB_OK;
}

kerb_status ki_progress_find(ki_progress *out, const ki_draft *draft, const kerb_plan *plan,
                             const kerb_event *events, size_t n_events, int64_t as_of_s,
                             ki_arena *arena, kerb_error *err) {
    *out = (ki_progress){.draft = draft, .plan = plan, .events = events, .n_events = n_events};
    KI_TRY(open_routes(out, arena, err));
    for (size_t at = 0; at < n_events; at++)
        KI_TRY(check_event(out, at, err));
    find_as_of(out, as_of_s);
    for (size_t at = 0; at < n_events; at++) {
        tell_event(out, &events[at]);
        out->is_disturbed |=
            events[at].kind != KERB_EVENT_DONE && events[at].kind != KERB_EVENT_LEFT;
    }
    for (int32_t index = 0; index < plan->n_routes; index++)
        find_state(out, index);
    return KERB_OK;
}
