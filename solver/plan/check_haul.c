/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_haul.c - what lies at the transfer stations, from every tip and load of the plan.
 *
 *   a pile's events at one instant, in this order
 *   loading ends      what lies there falls
 *   unloading begins  ... rises: here it is highest
 *   unloading ends    what may be loaded rises
 *   loading begins    ... falls: never below zero
 *
 * A haul takes a full load, or all that may be loaded, or what its plant still takes tonight. */
#include "plan/check_internal.h"

#include <stdlib.h>
#include <string.h>

typedef enum event_kind { LOADED = 0, COMES, LOADABLE, LOADS } event_kind;

typedef struct event {
    int32_t pile;
    int64_t at_ms;
    event_kind kind;
    int64_t mass_g;
    int32_t route, stop;
} event;

typedef struct pile {
    const kerb_facility *facility;
    const kerb_gate *gate;
    int64_t inflow_g, hauled_g, peak_g, peak_ms;
} pile;

typedef struct yard {
    ki_checker *check;
    pile *piles;
    int32_t n_piles;
    int32_t *first; /* [n_facilities + 1] into piles */
    event *events;
    size_t n_events;
    int64_t *tipped_g; /* [n_facilities] */
} yard;

static int has_pile(const kerb_facility *facility, const kerb_gate *gate) {
    return facility->kind == KERB_FACILITY_TRANSFER_STATION &&
           (gate->stock_kg > 0 || gate->buffer_kg > 0 || gate->cleared);
}

static int32_t find_pile(const yard *at, int32_t facility, kerb_stream stream) {
    for (int32_t index = at->first[facility]; index < at->first[facility + 1]; index++)
        if (at->piles[index].gate->stream == stream) return index;
    return -1;
}

/* Sums of what a plan claims must not overflow. */
static int64_t sane_g(int64_t mass_g) {
    return mass_g >= 0 && mass_g <= INT64_C(1000000000000) ? mass_g : 0;
}

/* ---- gathering ------------------------------------------------------------------------------- */

static int list_piles(yard *at) {
    const ki_draft *draft = at->check->draft;
    size_t n = 0, n_stops = 0;
    for (size_t facility = 0; facility < draft->n_facilities; facility++)
        n += draft->facilities[facility].n_gates;
    for (int32_t route = 0; route < at->check->plan->n_routes; route++)
        if (at->check->plan->routes[route].n_stops > 0)
            n_stops += (size_t)at->check->plan->routes[route].n_stops;
    ki_arena *arena = &at->check->arena;
    at->piles = ki_arena_alloc(arena, n, sizeof *at->piles);
    at->first = ki_arena_alloc(arena, draft->n_facilities + 1, sizeof *at->first);
    at->tipped_g = ki_arena_alloc(arena, draft->n_facilities, sizeof *at->tipped_g);
    at->events = ki_arena_alloc(arena, 2 * n_stops * KERB_N_STREAMS, sizeof *at->events);
    if (!at->piles || !at->first || !at->tipped_g || !at->events) return 0;
    for (size_t index = 0; index < draft->n_facilities; index++) {
        const kerb_facility *facility = &draft->facilities[index];
        at->first[index] = at->n_piles;
        for (size_t gate = 0; gate < facility->n_gates; gate++)
            if (has_pile(facility, &facility->gates[gate]))
                at->piles[at->n_piles++] =
                    (pile){.facility = facility,
                           .gate = &facility->gates[gate],
                           .peak_g = ki_rule_g(facility->gates[gate].stock_kg)};
        at->first[index + 1] = at->n_piles;
    }
    return 1;
}

static void add_event(yard *at, int32_t index, event_kind kind, int64_t at_ms, int64_t mass_g,
                      int32_t route, int32_t stop) {
    at->events[at->n_events++] = (event){index, at_ms, kind, mass_g, route, stop};
}

static void start_with(const yard *at, const ki_plan_route *route, int64_t *mass_g) {
    int32_t index = ki_id_find(&at->check->shifts, route->shift);
    const kerb_shift *shift = index < 0 ? NULL : &at->check->draft->shifts[index];
    const kerb_vehicle *vehicle = shift ? ki_check_vehicle(at->check, shift) : NULL;
    for (size_t c = 0; vehicle && shift->starting_load_kg && c < vehicle->n_compartments; c++)
        if (vehicle->compartments[c].n_streams > 0)
            mass_g[vehicle->compartments[c].streams[0]] += ki_rule_g(shift->starting_load_kg[c]);
}

static void tip(yard *at, int32_t route, int32_t index, const int64_t *mass_g) {
    const ki_plan_stop *stop = &at->check->plan->routes[route].stops[index];
    int32_t facility = ki_id_find(&at->check->facilities, stop->id);
    if (facility < 0) return;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        int32_t to = find_pile(at, facility, (kerb_stream)stream);
        at->tipped_g[facility] += mass_g[stream];
        if (to < 0 || mass_g[stream] == 0) continue;
        at->piles[to].inflow_g += mass_g[stream];
        add_event(at, to, COMES, stop->start_ms, mass_g[stream], route, index);
        add_event(at, to, LOADABLE, stop->end_ms, mass_g[stream], route, index);
    }
}

static void gather_collection(yard *at, int32_t index) {
    const ki_plan_route *route = &at->check->plan->routes[index];
    int64_t mass_g[KERB_N_STREAMS] = {0};
    start_with(at, route, mass_g);
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        const ki_plan_stop *here = &route->stops[stop];
        int collects = here->kind == KI_STOP_SERVE || here->kind == KI_STOP_SWEEP;
        if (collects && (int)here->stream >= 0 && here->stream < KERB_N_STREAMS)
            mass_g[here->stream] += sane_g(here->mass_g);
        if (here->kind != KI_STOP_TIP) continue;
        tip(at, index, stop, mass_g);
        memset(mass_g, 0, sizeof mass_g);
    }
}

static void load(yard *at, int32_t route, int32_t index) {
    ki_checker *check = at->check;
    const ki_plan_stop *stop = &check->plan->routes[route].stops[index];
    int32_t facility = ki_id_find(&check->facilities, stop->id);
    int32_t from = facility < 0 ? -1 : find_pile(at, facility, stop->stream);
    const ki_plan_stop *next = stop + 1;
    if (index + 1 >= check->plan->routes[route].n_stops || next->kind != KI_STOP_TIP)
        ki_check_say(check, "a load that is not tipped next");
    if (from < 0) {
        ki_check_say(check, "loads %s, of which nothing is said to lie there",
                     kerb_stream_name(stop->stream));
        return;
    }
    int64_t mass_g = sane_g(stop->mass_g);
    at->piles[from].hauled_g += mass_g;
    add_event(at, from, LOADS, stop->start_ms, mass_g, route, index);
    add_event(at, from, LOADED, stop->end_ms, mass_g, route, index);
}

static void gather_hauls(yard *at, int32_t index) {
    ki_checker *check = at->check;
    const ki_plan_route *route = &check->plan->routes[index];
    int32_t slot_ms = check->plan->hauls.slot_ms;
    check->route = route;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        const ki_plan_stop *here = check->stop = &route->stops[stop];
        int works = here->kind == KI_STOP_LOAD || here->kind == KI_STOP_TIP;
        if (works && (slot_ms <= 0 || here->start_ms % slot_ms != 0))
            ki_check_say(check, "starts at %d ms, expected a multiple of %d", here->start_ms,
                         slot_ms);
        if (here->kind == KI_STOP_LOAD) load(at, index, stop);
        if (here->kind != KI_STOP_TIP) continue;
        int32_t facility = ki_id_find(&check->facilities, here->id);
        if (facility < 0) continue;
        kerb_facility_kind kind = check->draft->facilities[facility].kind;
        at->tipped_g[facility] += sane_g(here->mass_g);
        if (kind != KERB_FACILITY_PLANT && kind != KERB_FACILITY_DUMP)
            ki_check_say(check, "hauled to what is neither a plant nor a dump");
    }
    check->route = NULL;
    check->stop = NULL;
}

/* ---- the night of the piles ------------------------------------------------------------------ */

static int in_order(const void *left, const void *right) {
    const event *a = left, *b = right;
    if (a->pile != b->pile) return a->pile < b->pile ? -1 : 1;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->route != b->route) return a->route < b->route ? -1 : 1;
    return (a->stop > b->stop) - (a->stop < b->stop);
}

static int64_t room_g(const yard *at, const char *id) {
    int32_t facility = ki_id_find(&at->check->facilities, id);
    if (facility < 0) return 0;
    const kerb_facility *plant = &at->check->draft->facilities[facility];
    if (!(plant->cap_tonnes > 0)) return INT64_MAX;
    return ki_rule_g(plant->cap_tonnes * 1000) - ki_rule_g(plant->used_tonnes * 1000) -
           at->tipped_g[facility];
}

static void take_load(yard *at, const event *here, int64_t loadable_g) {
    ki_checker *check = at->check;
    const ki_plan_route *route = &check->plan->routes[here->route];
    int32_t shift = ki_id_find(&check->shifts, route->shift);
    const kerb_vehicle *vehicle =
        shift < 0 ? NULL : ki_check_vehicle(check, &check->draft->shifts[shift]);
    check->route = route;
    check->stop = &route->stops[here->stop];
    if (here->mass_g <= 0) ki_check_say(check, "loads nothing");
    if (loadable_g < 0)
        ki_check_say(check, "loads %lld g more than lie there", (long long)-loadable_g);
    int is_full = vehicle && vehicle->n_compartments > 0 &&
                  here->mass_g >= ki_rule_g(vehicle->compartments[0].capacity_kg);
    int has_plant = here->stop + 1 < route->n_stops;
    if (!is_full && loadable_g > 0 && has_plant && room_g(at, route->stops[here->stop + 1].id) > 0)
        ki_check_say(check, "not full, though %lld g more lie there", (long long)loadable_g);
    check->route = NULL;
    check->stop = NULL;
}

static void play(yard *at) {
    int32_t now = -1;
    int64_t level_g = 0, loadable_g = 0;
    if (at->n_events) qsort(at->events, at->n_events, sizeof *at->events, in_order);
    for (size_t index = 0; index < at->n_events; index++) {
        const event *here = &at->events[index];
        pile *of = &at->piles[here->pile];
        if (here->pile != now) level_g = loadable_g = ki_rule_g(of->gate->stock_kg);
        now = here->pile;
        switch (here->kind) {
        case LOADED: level_g -= here->mass_g; break;
        case COMES: level_g += here->mass_g; break;
        case LOADABLE: loadable_g += here->mass_g; break;
        case LOADS: loadable_g -= here->mass_g; break;
        }
        if (here->kind == LOADS) take_load(at, here, loadable_g);
        if (here->kind != COMES || level_g <= of->peak_g) continue;
        of->peak_g = level_g;
        of->peak_ms = here->at_ms;
    }
}

/* ---- what the plan says ---------------------------------------------------------------------- */

static void check_pile(ki_checker *check, const pile *of, const ki_plan_pile *said) {
    int64_t opening_g = ki_rule_g(of->gate->stock_kg);
    int64_t buffer_g = of->gate->buffer_kg > 0 ? ki_rule_g(of->gate->buffer_kg) : 0;
    int64_t closing_g = opening_g + of->inflow_g - of->hauled_g;
    ki_check_same_text(check, "pile at", said->facility, of->facility->id);
    ki_check_same(check, "stream of a pile", said->stream, of->gate->stream);
    ki_check_same(check, "opening stock (g)", said->opening_g, opening_g);
    ki_check_same(check, "brought (g)", said->inflow_g, of->inflow_g);
    ki_check_same(check, "hauled (g)", said->hauled_g, of->hauled_g);
    ki_check_same(check, "closing stock (g)", said->closing_g, closing_g);
    ki_check_same(check, "buffer (g)", said->buffer_g, buffer_g);
    ki_check_same(check, "most that lies there (g)", said->peak_g, of->peak_g);
    ki_check_same(check, "when most lies there (ms)", said->peak_ms, of->peak_ms);
    int is_over = buffer_g > 0 && of->peak_g > buffer_g;
    int is_left = of->gate->cleared && closing_g > 0;
    ki_check_same_text(check, "reason of a pile", said->reason,
                       is_over   ? "over_buffer"
                       : is_left ? "not_cleared"
                                 : "");
}

static int64_t cost_of_hauls(const kerb_plan *plan) {
    int64_t nano = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (plan->routes[route].use == KERB_USE_HAUL) nano += plan->routes[route].cost_nano;
    return nano;
}

void ki_check_hauls(ki_checker *check) {
    const kerb_plan *plan = check->plan;
    yard at = {.check = check};
    if (!list_piles(&at)) {
        check->failed = 1;
        return;
    }
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (plan->routes[route].use == KERB_USE_HAUL)
            gather_hauls(&at, route);
        else
            gather_collection(&at, route);
    play(&at);
    ki_check_same(check, "number of piles", plan->n_piles, at.n_piles);
    for (int32_t index = 0; index < at.n_piles && index < plan->n_piles; index++)
        check_pile(check, &at.piles[index], &plan->piles[index]);
    ki_check_same(check, "cost of hauls (nano)", plan->hauls.cost_nano, cost_of_hauls(plan));
    if (plan->hauls.bound_nano > plan->hauls.cost_nano)
        ki_check_say(check, "bound of hauls %lld is above their cost %lld",
                     (long long)plan->hauls.bound_nano, (long long)plan->hauls.cost_nano);
}
