/* SPDX-License-Identifier: GPL-3.0-or-later
 * derive.c - see derive.h. What is on board is summed up again from the start of the route, so that
 * what was skipped, failed or weighed counts as it was. */
#include "replan/derive.h"

#include "base/error.h"
#include "demand/stop_price.h"
#include "model/setting.h"
#include "model/validate.h"
#include "replan/spend.h"
#include "replan/stock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct deriver {
    ki_draft *draft;
    const ki_progress *progress;
    kerb_error *err;
} deriver;

static void *take(deriver *at, size_t n, size_t size) {
    void *block = ki_arena_alloc(&at->draft->arena, n, size);
    if (!block) ki_fail_no_memory(at->err, "the rest of a night");
    return block;
}

static const char *copy(deriver *at, const char *text) {
    const char *made = ki_arena_strdup(&at->draft->arena, text ? text : "");
    if (!made) ki_fail_no_memory(at->err, "the rest of a night");
    return made ? made : "";
}

static kerb_status say(deriver *at, const char *text) {
    ki_note note = {.kind = "replan", .text = text};
    return ki_draft_append(at->draft, KI_DRAFT_NOTES, &note, 1, at->err);
}

/* ---- what is on board ------------------------------------------------------------------------ */

typedef struct board {
    double mass_kg[KI_MAX_COMPARTMENTS], volume_l[KI_MAX_COMPARTMENTS];
    double used_water_l, used_battery_wh;
} board;

static void take_up(board *on, const kerb_vehicle *vehicle, const ki_plan_stop *stop,
                    double weighed_kg) {
    int32_t c = ki_vehicle_compartment(vehicle, stop->stream);
    on->used_water_l += (double)stop->water_ml / 1000;
    if (c < 0) return;
    on->mass_kg[c] += weighed_kg > 0 ? weighed_kg : (double)stop->mass_g / 1000;
    if (vehicle->compartments[c].capacity_l > 0) on->volume_l[c] += (double)stop->volume_ml / 1000;
}

/* Scales and forecasts disagree: no more than a compartment holds. */
static void clamp(board *on, const kerb_vehicle *vehicle) {
    for (size_t c = 0; c < vehicle->n_compartments && c < KI_MAX_COMPARTMENTS; c++) {
        const kerb_compartment *compartment = &vehicle->compartments[c];
        on->mass_kg[c] = fmin(fmax(on->mass_kg[c], 0), compartment->capacity_kg);
        on->volume_l[c] = fmin(fmax(on->volume_l[c], 0), compartment->capacity_l);
    }
    on->used_water_l = fmin(fmax(on->used_water_l, 0), vehicle->water_l);
    double most_wh = fmax(vehicle->battery_wh - vehicle->battery_reserve_wh, 0);
    on->used_battery_wh = fmin(on->used_battery_wh, most_wh);
}

/* At a rate as it is sealed, so that nothing changes where nothing happened. */
static double used_wh(double wh_per_km, int64_t length_mm) {
    return round(wh_per_km * 1000) * 1e-9 * (double)length_mm;
}

static void use_battery(board *on, const kerb_vehicle *vehicle, const ki_plan_stop *stop,
                        int is_done) {
    if (!(vehicle->battery_wh > 0)) return;
    on->used_battery_wh += used_wh(vehicle->drive_wh_per_km, stop->leg.length_mm);
    if (!is_done) return;
    on->used_battery_wh += used_wh(vehicle->sweep_wh_per_km, stop->sweep.length_mm);
    if (stop->kind == KI_STOP_SERVE) on->used_battery_wh += vehicle->lift_wh;
    if (stop->charge_ms <= 0) return;
    int64_t full_mwh = llround(vehicle->battery_wh * 1e9) / 1000000;
    on->used_battery_wh = stop->energy_left_mwh >= full_mwh
                              ? 0
                              : vehicle->battery_wh - (double)stop->energy_left_mwh / 1000;
}

static void use_up_cap(deriver *at, const ki_plan_stop *stop, const board *on, double weighed_kg) {
    double mass_kg = 0;
    for (int32_t c = 0; c < KI_MAX_COMPARTMENTS; c++)
        mass_kg += on->mass_kg[c];
    ki_spend_cap(at->draft, at->progress, stop, weighed_kg > 0 ? weighed_kg : mass_kg);
}

static board sum_up(deriver *at, const kerb_vehicle *own, const ki_plan_route *from,
                    const ki_route_progress *route) {
    kerb_compartment room[KI_MAX_COMPARTMENTS];
    const kerb_vehicle set = ki_vehicle_set(own, ki_vehicle_setting(own, from->setting), room);
    const kerb_vehicle *vehicle = &set;
    board on = {.used_water_l = vehicle->water_l - (double)from->stops[0].water_left_ml / 1000,
                .used_battery_wh = at->draft->shifts[route->shift].used_battery_wh};
    for (int32_t c = 0; c < from->stops[0].n_loads && c < KI_MAX_COMPARTMENTS; c++) {
        on.mass_kg[c] = (double)from->stops[0].loads[c].mass_g / 1000;
        on.volume_l[c] = (double)from->stops[0].loads[c].volume_ml / 1000;
    }
    for (int32_t past = 1; past <= route->n_past; past++) {
        const ki_plan_stop *stop = &from->stops[past];
        use_battery(&on, vehicle, stop, route->outcome[past] == KERB_EVENT_DONE);
        if (route->outcome[past] != KERB_EVENT_DONE) continue;
        if (stop->kind == KI_STOP_TIP) {
            use_up_cap(at, stop, &on, route->weighed_kg[past]);
            on = (board){.used_battery_wh = on.used_battery_wh};
        } else if (stop->kind != KI_STOP_CHARGE) {
            take_up(&on, vehicle, stop, route->weighed_kg[past]);
        }
    }
    clamp(&on, vehicle);
    return on;
}

static kerb_status set_load(deriver *at, kerb_shift *shift, const board *on) {
    double *kg = take(at, KI_MAX_COMPARTMENTS, sizeof *kg);
    double *l = take(at, KI_MAX_COMPARTMENTS, sizeof *l);
    if (!kg || !l) return KERB_NO_MEMORY;
    memcpy(kg, on->mass_kg, sizeof on->mass_kg);
    memcpy(l, on->volume_l, sizeof on->volume_l);
    shift->starting_load_kg = kg;
    shift->starting_load_l = l;
    shift->used_water_l = on->used_water_l;
    shift->used_battery_wh = on->used_battery_wh;
    return KERB_OK;
}

/* ---- where a vehicle is ---------------------------------------------------------------------- */

/* With explicit travel: a centre lane may have been swept back, from its exit to its entry; a
 * street's first modes enter at its entry. */
static const char *place_of(deriver *at, const ki_plan_stop *stop) {
    char exit[512];
    if (stop->kind == KI_STOP_SERVE) return copy(at, stop->site);
    if (stop->kind != KI_STOP_SWEEP) return copy(at, stop->id);
    int32_t index = ki_ids_find(&at->progress->streets, stop->id);
    const kerb_street *street = index < 0 ? NULL : &at->draft->streets[index];
    size_t n_windows = street && street->n_windows ? street->n_windows : 1;
    int back = street && street->side == KERB_SIDE_CENTRE && (size_t)stop->mode >= n_windows;
    snprintf(exit, sizeof exit, "%s#exit", stop->id);
    return copy(at, back && at->draft->matrix_ids ? stop->id : exit);
}

static void stand_on(kerb_position *position, const ki_plan_run *run, int64_t offset_mm) {
    position->way_id = run->way_id;
    position->from_node = run->from_node;
    position->to_node = run->to_node;
    position->offset_mm = offset_mm;
}

/* The road it came by; where it did not move, that of the stop before; at the depot, the road it
 * leaves by. */
static void find_road(kerb_position *position, const ki_plan_route *from, int32_t last) {
    for (int32_t at = last; at >= 1; at--) {
        const ki_plan_stop *stop = &from->stops[at];
        const ki_plan_leg *leg = stop->sweep.n_runs > 0 ? &stop->sweep : &stop->leg;
        if (leg->n_runs < 1) continue;
        stand_on(position, &leg->runs[leg->n_runs - 1], leg->end_offset_mm);
        return;
    }
    for (int32_t at = 1; at < from->n_stops; at++) {
        const ki_plan_leg *leg = &from->stops[at].leg;
        if (leg->n_runs < 1) continue;
        stand_on(position, &leg->runs[0], leg->start_offset_mm);
        return;
    }
}

static kerb_status set_position(deriver *at, kerb_shift *shift, const ki_plan_route *from,
                                int32_t last) {
    const ki_plan_stop *stop = &from->stops[last];
    kerb_position position = shift->under_way ? shift->position : (kerb_position){0};
    if (last > 0 || !shift->under_way) {
        position = (kerb_position){.lat_deg = stop->lat_e7 * 1e-7, .lon_deg = stop->lon_e7 * 1e-7};
        position.place_id = last > 0 ? place_of(at, stop) : shift->start_depot;
        find_road(&position, from, last);
    }
    if (last > 0 && shift->under_way && position.way_id == 0) { /* has not moved at all yet */
        position.way_id = shift->position.way_id;
        position.from_node = shift->position.from_node;
        position.to_node = shift->position.to_node;
        position.offset_mm = shift->position.offset_mm;
    }
    shift->position = position;
    return at->err && at->err->status == KERB_NO_MEMORY ? KERB_NO_MEMORY : KERB_OK;
}

/* ---- shifts ---------------------------------------------------------------------------------- */

/* Hours worked already are no longer to come: what is left of the regular ones. */
static void use_up_hours(kerb_shift *shift, int64_t worked_ms) {
    shift->guaranteed_s = fmax(0, shift->guaranteed_s - (double)worked_ms / 1000);
    if (!(shift->regular_s > 0)) return;
    shift->regular_s -= (double)worked_ms / 1000;
    if (shift->regular_s >= 1) return;
    shift->regular_s = 0;
    if (shift->price_overtime_per_hour > shift->price_per_hour)
        shift->price_per_hour = shift->price_overtime_per_hour;
}

static kerb_status start_later(deriver *at, kerb_shift *shift, int64_t start_s) {
    const kerb_district *district = &at->draft->district;
    int64_t least_end_s = start_s + (int64_t)ceil(shift->pre_trip_s + shift->post_trip_s) + 1;
    int64_t end_s = shift->end_s < least_end_s && shift->under_way ? least_end_s : shift->end_s;
    if (end_s >= least_end_s && end_s <= district->night_end_s) {
        shift->start_s = start_s;
        shift->end_s = end_s;
        return KERB_OK;
    }
    shift->available = 0; /* with the hours it had: those of a shift must be in order */
    if (!shift->under_way) return KERB_OK; /* it never left */
    char text[256];
    snprintf(text, sizeof text, "shift %.100s is not home when the night ends", shift->id);
    return say(at, text);
}

static kerb_status place_shift(deriver *at, const ki_plan_route *from,
                               const ki_route_progress *route) {
    kerb_shift *shift = &at->draft->shifts[route->shift];
    const kerb_vehicle *vehicle = &at->draft->vehicles[route->vehicle];
    board on = sum_up(at, vehicle, from, route);
    /* Hauls have whole slots to keep to, and wait there: part of a second more would lose one. */
    int64_t ready_s =
        vehicle->use == KERB_USE_HAUL ? route->ready_ms / 1000 : ki_up_to_seconds(route->ready_ms);
    int64_t start_s = at->draft->district.night_start_s + ready_s;
    if (start_s < shift->start_s) start_s = shift->start_s;
    KI_TRY(set_load(at, shift, &on));
    KI_TRY(set_position(at, shift, from, route->n_past));
    int64_t unpaid_ms = ki_spend_breaks(shift, from, route);
    use_up_hours(shift, ki_up_to_seconds(route->ready_ms) * 1000 - route->start_ms - unpaid_ms);
    int32_t setting = ki_vehicle_setting(vehicle, from->setting);
    shift->setting = setting > 0 ? vehicle->settings[setting - 1].id : "";
    shift->under_way = 1;
    shift->pre_trip_s = 0;
    KI_TRY(start_later(at, shift, start_s));
    if (route->waits) shift->available = 0;
    return KERB_OK;
}

static kerb_status derive_shift(deriver *at, int32_t index) {
    const ki_plan_route *from = &at->progress->plan->routes[index];
    const ki_route_progress *route = &at->progress->routes[index];
    kerb_shift *shift = &at->draft->shifts[route->shift];
    KI_TRY(ki_spend_bays(at->draft, at->progress, from, route, at->err));
    if (route->state == KI_ROUTE_UNDER_WAY) return place_shift(at, from, route);
    sum_up(at, &at->draft->vehicles[route->vehicle], from, route);
    if (route->state != KI_ROUTE_AHEAD) shift->available = 0;
    return KERB_OK;
}

/* A shift that has not begun cannot begin before now. */
static kerb_status delay_shifts(deriver *at) {
    const ki_progress *progress = at->progress;
    if (progress->as_of_ms == INT64_MIN) return KERB_OK;
    int64_t now_s = at->draft->district.night_start_s + ki_up_to_seconds(progress->as_of_ms);
    for (size_t index = 0; index < at->draft->n_shifts; index++) {
        kerb_shift *shift = &at->draft->shifts[index];
        if (!shift->available || shift->under_way || shift->start_s >= now_s) continue;
        KI_TRY(start_later(at, shift, now_s));
        if (shift->available) KI_TRY(ki_spend_late_breaks(at->draft, shift, at->err));
    }
    return KERB_OK;
}

/* ---- work that is past ----------------------------------------------------------------------- */

static void pass_street(deriver *at, int32_t index, int done) {
    kerb_street *street = &at->draft->streets[index];
    int32_t n = street->passes > 0 ? street->passes : 1;
    street->passes = n - 1;
    street->debris_kg_per_m *= (n - 1.0) / n; /* each pass takes its share */
    if (n > 1) return;
    street->passes = 1;
    street->force = done ? KERB_FORCE_DONE : KERB_FORCE_FAILED;
}

static void pass_stop(deriver *at, const ki_plan_stop *stop, uint8_t outcome) {
    int done = outcome == KERB_EVENT_DONE;
    if (stop->kind == KI_STOP_SERVE) {
        int32_t container = ki_ids_find(&at->progress->containers, stop->id);
        if (container >= 0)
            at->draft->containers[container].force = done ? KERB_FORCE_DONE : KERB_FORCE_FAILED;
    } else if (stop->kind == KI_STOP_SWEEP) {
        int32_t street = ki_ids_find(&at->progress->streets, stop->id);
        if (street >= 0) pass_street(at, street, done);
    }
}

/* What somebody reports that no plan asked for. */
static int is_planned(const ki_progress *progress, const char *id) {
    for (int32_t route = 0; route < progress->plan->n_routes; route++)
        for (int32_t at = 0; at < progress->plan->routes[route].n_stops; at++)
            if (strcmp(progress->plan->routes[route].stops[at].id, id) == 0) return 1;
    return 0;
}

static void pass_all(deriver *at) {
    const ki_progress *progress = at->progress;
    for (int32_t index = 0; index < progress->plan->n_routes; index++)
        for (int32_t stop = 1; stop <= progress->routes[index].n_past; stop++)
            pass_stop(at, &progress->plan->routes[index].stops[stop],
                      progress->routes[index].outcome[stop]);
    for (size_t event = 0; event < progress->n_events; event++) {
        const kerb_event *from = &progress->events[event];
        if (from->kind < KERB_EVENT_DONE || from->kind > KERB_EVENT_FAILED) continue;
        int done = from->kind == KERB_EVENT_DONE;
        int32_t container = ki_ids_find(&progress->containers, from->id);
        int32_t street = ki_ids_find(&progress->streets, from->id);
        if (container >= 0)
            at->draft->containers[container].force = done ? KERB_FORCE_DONE : KERB_FORCE_FAILED;
        else if (street >= 0 && !is_planned(progress, from->id))
            pass_street(at, street, done);
    }
}

/* ---- events and orders ----------------------------------------------------------------------- */

static int64_t event_start_s(const deriver *at, const kerb_event *event) {
    if (event->start_s > 0) return event->start_s;
    if (at->progress->as_of_ms == INT64_MIN) return at->draft->district.night_start_s;
    return at->draft->district.night_start_s + at->progress->as_of_ms / 1000;
}

/* Its windows less the span it is shut. One window before the night stands for none at all. */
static kerb_status shut_facility(deriver *at, const kerb_event *event) {
    const kerb_district *district = &at->draft->district;
    kerb_facility *facility =
        &at->draft->facilities[ki_ids_find(&at->progress->facilities, event->id)];
    int64_t from_s = event_start_s(at, event);
    int64_t to_s = event->end_s > 0 ? event->end_s : district->night_end_s + 1;
    const kerb_window always = {district->night_start_s, district->night_end_s};
    const kerb_window *windows = facility->n_windows ? facility->windows : &always;
    size_t n = facility->n_windows ? facility->n_windows : 1, n_left = 0;
    kerb_window *left = take(at, 2 * n + 1, sizeof *left);
    if (!left) return KERB_NO_MEMORY;
    for (size_t window = 0; window < n; window++) {
        kerb_window before = windows[window], after = windows[window];
        if (before.end_s >= from_s) before.end_s = from_s - 1;
        if (after.start_s <= to_s) after.start_s = to_s + 1;
        if (before.end_s > before.start_s) left[n_left++] = before;
        if (after.end_s > after.start_s) left[n_left++] = after;
    }
    if (n_left == 0)
        left[n_left++] =
            (kerb_window){district->night_start_s - 7200, district->night_start_s - 3600};
    facility->windows = left;
    facility->n_windows = n_left;
    return KERB_OK;
}

static kerb_status close_street(deriver *at, const kerb_event *event) {
    kerb_closure closure = {.way_id = event->way_id,
                            .from_node = event->from_node,
                            .to_node = event->to_node,
                            .note = event->reason ? event->reason : ""};
    return ki_draft_append(at->draft, KI_DRAFT_CLOSURES, &closure, 1, at->err);
}

static int is_out(kerb_force force) {
    return force == KERB_FORCE_DONE;
}

static kerb_status add_ref(deriver *at, const kerb_vehicle_ref **refs, size_t *n, int append,
                           const char *vehicle) {
    size_t n_kept = append ? *n : 0;
    kerb_vehicle_ref *made = take(at, n_kept + 1, sizeof *made);
    if (!made) return KERB_NO_MEMORY;
    if (n_kept) memcpy(made, *refs, n_kept * sizeof *made);
    made[n_kept].id = vehicle;
    *refs = made;
    *n = n_kept + 1;
    return KERB_OK;
}

/* Removes a vehicle from those forbidden: the later order counts. */
static void allow(const kerb_vehicle_ref *refs, size_t *n, const char *vehicle) {
    kerb_vehicle_ref *own = (kerb_vehicle_ref *)(uintptr_t)refs;
    size_t n_left = 0;
    for (size_t at = 0; at < *n; at++)
        if (strcmp(own[at].id, vehicle) != 0) own[n_left++] = own[at];
    *n = n_left;
}

/* One order about one container or street. */
static kerb_status order(deriver *at, const kerb_event *event, kerb_force *force,
                         const kerb_vehicle_ref **pinned, size_t *n_pinned,
                         const kerb_vehicle_ref **forbidden, size_t *n_forbidden) {
    const char *vehicle = NULL;
    if (is_out(*force)) return KERB_OK; /* it is done: nothing to order any more */
    if (event->vehicle && *event->vehicle)
        vehicle = at->draft->vehicles[ki_progress_vehicle(at->progress, event->vehicle)].id;
    switch (event->kind) {
    case KERB_EVENT_MOVE:
    case KERB_EVENT_PIN:
        if (event->kind == KERB_EVENT_MOVE && *force != KERB_FORCE_FULL) *force = KERB_FORCE_IN;
        allow(*forbidden, n_forbidden, vehicle);
        return add_ref(at, pinned, n_pinned, 0, vehicle);
    case KERB_EVENT_FORBID:
        allow(*pinned, n_pinned, vehicle);
        return add_ref(at, forbidden, n_forbidden, 1, vehicle);
    case KERB_EVENT_SERVE: *force = KERB_FORCE_IN; return KERB_OK;
    case KERB_EVENT_LEAVE_OUT: *force = KERB_FORCE_OUT; return KERB_OK;
    default: return KERB_OK;
    }
}

static kerb_status order_container(deriver *at, const kerb_event *event, size_t index) {
    kerb_container *container = &at->draft->containers[index];
    return order(at, event, &container->force, &container->pinned_to, &container->n_pinned_to,
                 &container->forbidden_to, &container->n_forbidden_to);
}

static kerb_status give_order(deriver *at, const kerb_event *event) {
    const ki_draft *draft = at->draft;
    int32_t container = ki_ids_find(&at->progress->containers, event->id);
    int32_t street = ki_ids_find(&at->progress->streets, event->id);
    if (container >= 0) return order_container(at, event, (size_t)container);
    if (street >= 0) {
        kerb_street *kerb = &at->draft->streets[street];
        return order(at, event, &kerb->force, &kerb->pinned_to, &kerb->n_pinned_to,
                     &kerb->forbidden_to, &kerb->n_forbidden_to);
    }
    for (size_t index = 0; index < draft->n_containers; index++)
        if (strcmp(draft->containers[index].site_id, event->id) == 0)
            KI_TRY(order_container(at, event, index));
    return KERB_OK;
}

static kerb_status apply(deriver *at, const kerb_event *event) {
    switch (event->kind) {
    case KERB_EVENT_VEHICLE_DOWN:
        at->draft->vehicles[ki_progress_vehicle(at->progress, event->vehicle)].available = 0;
        return KERB_OK;
    case KERB_EVENT_OVERFLOWING: {
        int32_t index = ki_ids_find(&at->progress->containers, event->id);
        kerb_container *container = &at->draft->containers[index];
        if (!is_out(container->force)) container->force = KERB_FORCE_FULL;
        return KERB_OK;
    }
    case KERB_EVENT_STREET_CLOSED: return close_street(at, event);
    case KERB_EVENT_FACILITY_SHUT: return shut_facility(at, event);
    case KERB_EVENT_MOVE:
    case KERB_EVENT_PIN:
    case KERB_EVENT_FORBID:
    case KERB_EVENT_SERVE:
    case KERB_EVENT_LEAVE_OUT: return give_order(at, event);
    default: return KERB_OK;
    }
}

/* ---- the earlier plan ------------------------------------------------------------------------ */

/* Passes are counted again: those that are past are no part of the new problem. */
static int32_t pass_left(const ki_progress *progress, const ki_plan_stop *stop) {
    int32_t pass = stop->pass;
    for (int32_t index = 0; stop->kind == KI_STOP_SWEEP && index < progress->plan->n_routes;
         index++) {
        const ki_plan_route *from = &progress->plan->routes[index];
        for (int32_t at = 1; at <= progress->routes[index].n_past; at++)
            pass -= from->stops[at].kind == KI_STOP_SWEEP && from->stops[at].pass < stop->pass &&
                    strcmp(from->stops[at].id, stop->id) == 0;
    }
    return pass;
}

static kerb_status keep_route(deriver *at, int32_t index, kerb_earlier_route *out) {
    const ki_plan_route *from = &at->progress->plan->routes[index];
    const ki_route_progress *route = &at->progress->routes[index];
    kerb_earlier_stop *stops = take(at, (size_t)from->n_stops, sizeof *stops);
    if (!stops) return KERB_NO_MEMORY;
    out->shift_id = copy(at, from->shift);
    out->stops = stops;
    for (int32_t stop = 1; stop < from->n_stops - 1; stop++)
        stops[out->n_stops++] = (kerb_earlier_stop){
            .id = copy(at, from->stops[stop].id),
            .pass = pass_left(at->progress, &from->stops[stop]),
            .start_s = at->progress->plan->night_start_s + from->stops[stop].start_ms / 1000,
            .fixed = stop <= route->n_past,
            .stream = from->stops[stop].kind == KI_STOP_LOAD ? from->stops[stop].stream : 0};
    return KERB_OK;
}

static kerb_status keep_plan(deriver *at) {
    const kerb_plan *plan = at->progress->plan;
    kerb_earlier_plan *kept = take(at, 1, sizeof *kept);
    kerb_earlier_route *routes = take(at, (size_t)plan->n_routes, sizeof *routes);
    if (!kept || !routes) return KERB_NO_MEMORY;
    for (int32_t index = 0; index < plan->n_routes; index++)
        KI_TRY(keep_route(at, index, &routes[index]));
    *kept = (kerb_earlier_plan){copy(at, plan->id), routes, (size_t)plan->n_routes};
    at->draft->n_earlier_plans = 0;
    KI_TRY(ki_draft_append(at->draft, KI_DRAFT_EARLIER_PLANS, kept, 1, at->err));
    kerb_district *district = &at->draft->district;
    if (!(district->price_change_per_stop > 0))
        district->price_change_per_stop =
            floor(ki_stop_price(at->draft) * KERB_CHANGE_RATIO * 100) / 100;
    return KERB_OK;
}

/* Loads that nobody brings anywhere. */
static kerb_status say_what_waits(deriver *at) {
    char text[512];
    for (int32_t index = 0; index < at->progress->plan->n_routes; index++) {
        const ki_plan_route *from = &at->progress->plan->routes[index];
        const ki_route_progress *route = &at->progress->routes[index];
        const ki_plan_stop *stop = &from->stops[route->n_past];
        int is_down = route->state == KI_ROUTE_DOWN && stop->kind == KI_STOP_LOAD &&
                      route->outcome[route->n_past] == KERB_EVENT_DONE;
        if (!is_down && !route->waits) continue;
        snprintf(text, sizeof text,
                 "haul truck %.80s has %.3f t of %s from %.80s on board and brings it nowhere: %s",
                 from->vehicle, (double)stop->mass_g * 1e-6, kerb_stream_name(stop->stream),
                 stop->id, is_down ? "it has broken down" : "the plant it was going to is shut");
        KI_TRY(say(at, text));
    }
    return KERB_OK;
}

kerb_status ki_derive(ki_draft *draft, const ki_progress *progress, kerb_error *err) {
    kerb_error own = {0};
    deriver at = {draft, progress, err ? err : &own};
    KI_TRY(keep_plan(&at));
    pass_all(&at);
    for (int32_t index = 0; index < progress->plan->n_routes; index++)
        KI_TRY(derive_shift(&at, index));
    KI_TRY(ki_derive_stocks(draft, progress, err));
    KI_TRY(say_what_waits(&at));
    KI_TRY(delay_shifts(&at));
    for (size_t event = 0; event < progress->n_events; event++)
        KI_TRY(apply(&at, &progress->events[event]));
    return at.err->status == KERB_NO_MEMORY ? KERB_NO_MEMORY : KERB_OK;
}
