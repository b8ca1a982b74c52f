/* SPDX-License-Identifier: GPL-3.0-or-later
 * yard.c - places routes at facilities one after another; see yard.h. Tonight's tips of a facility
 * are few, so they are looked through in the order of their starts. */
#include "route/yard.h"

#include "base/alloc.h"
#include "base/error.h"
#include "route/walk.h"

#include <string.h>

enum { MOST_HOLDS = 200 };

kerb_status ki_yard_init(ki_yard *yard, const ki_model *model, int32_t most_stops,
                         kerb_error *err) {
    size_t n = (size_t)model->n_facilities;
    *yard = (ki_yard){.model = model, .size = most_stops};
    yard->gates = ki_alloc_zero(n, sizeof *yard->gates);
    yard->asked_g = ki_alloc_zero(n, sizeof *yard->asked_g);
    yard->stops = ki_alloc_zero((size_t)most_stops, sizeof *yard->stops);
    yard->tips = ki_alloc_zero((size_t)most_stops, sizeof *yard->tips);
    if (yard->gates && yard->asked_g && yard->stops && yard->tips) ki_yard_clear(yard);
    if (yard->gates && yard->asked_g && yard->stops && yard->tips && !yard->failed) return KERB_OK;
    ki_yard_free(yard);
    return ki_fail_no_memory(err, "the bays of facilities");
}

void ki_yard_free(ki_yard *yard) {
    for (int32_t at = 0; yard->gates && at < yard->model->n_facilities; at++)
        ki_free(yard->gates[at].uses);
    ki_free(yard->gates);
    ki_free(yard->asked_g);
    ki_free(yard->stops);
    ki_free(yard->tips);
    *yard = (ki_yard){0};
}

/* ---- what is taken up ------------------------------------------------------------------------ */

static void add_use(ki_yard *yard, int32_t facility, ki_yard_use use) {
    ki_yard_gate *gate = &yard->gates[facility];
    if (ki_grow(&gate->uses, &gate->capacity, gate->n + 1, sizeof use) != 0) {
        yard->failed = 1;
        return;
    }
    size_t at = gate->n++;
    for (; at > 0 && gate->uses[at - 1].start_ms > use.start_ms; at--)
        gate->uses[at] = gate->uses[at - 1];
    gate->uses[at] = use;
    gate->used_g += use.mass_g;
}

void ki_yard_clear(ki_yard *yard) {
    for (int32_t at = 0; at < yard->model->n_facilities; at++) {
        const ki_facility *facility = &yard->model->facilities[at];
        yard->gates[at].n = 0;
        yard->gates[at].used_g = 0;
        for (int32_t span = 0; span < facility->n_taken; span++)
            add_use(yard, at,
                    (ki_yard_use){.start_ms = facility->taken[span].start_ms,
                                  .end_ms = facility->taken[span].end_ms,
                                  .owner = -1});
    }
}

void ki_yard_leave(ki_yard *yard, int32_t owner) {
    for (int32_t at = 0; at < yard->model->n_facilities; at++) {
        ki_yard_gate *gate = &yard->gates[at];
        size_t n_kept = 0;
        for (size_t use = 0; use < gate->n; use++) {
            if (gate->uses[use].owner == owner)
                gate->used_g -= gate->uses[use].mass_g;
            else
                gate->uses[n_kept++] = gate->uses[use];
        }
        gate->n = n_kept;
    }
}

static int32_t facility_of(const ki_yard *yard, const ki_route *route, int32_t stop) {
    return yard->model->tips[route->stops[stop].mode].facility;
}

void ki_yard_use_facility(ki_yard *yard, int32_t facility, ki_yard_use use) {
    const ki_facility *at = &yard->model->facilities[facility];
    if (at->room_g != INT64_MAX || at->bays != INT32_MAX) add_use(yard, facility, use);
}

/* One under way is out until it could be home in any case: that is put down from the start. */
static ki_yard_use spell_of(const ki_type *type, int32_t owner, int64_t start_ms, int64_t end_ms) {
    if (type->under_way && start_ms < type->home_ms) start_ms = type->home_ms;
    return (ki_yard_use){.start_ms = (int32_t)start_ms, .end_ms = (int32_t)end_ms, .owner = owner};
}

void ki_yard_use_attendants(ki_yard *yard, int32_t type, int32_t owner, int64_t start_ms,
                            int64_t end_ms) {
    const ki_type *kind = &yard->model->types[type];
    if (!kind->attended) return;
    ki_yard_use use = spell_of(kind, owner, start_ms, end_ms);
    if (use.end_ms > use.start_ms) add_use(yard, kind->attended - 1, use);
}

void ki_yard_enter(ki_yard *yard, int32_t owner, const ki_route *route) {
    ki_route_value value;
    int32_t n_tips = ki_route_evaluate_tips(yard->model, route, &value, yard->tips);
    ki_yard_use_attendants(yard, route->type, owner, value.start_ms,
                           (int64_t)value.start_ms + value.spell_ms);
    for (int32_t at = 0; at < n_tips; at++) {
        const ki_tip_time *tip = &yard->tips[at];
        ki_yard_use_facility(yard, facility_of(yard, route, tip->stop),
                             (ki_yard_use){tip->start_ms, tip->end_ms, owner, tip->mass_g});
    }
}

/* ---- mass ------------------------------------------------------------------------------------ */

static int64_t used_by_others(const ki_yard_gate *gate, int32_t owner) {
    int64_t used_g = gate->used_g;
    for (size_t use = 0; use < gate->n; use++)
        if (gate->uses[use].owner == owner) used_g -= gate->uses[use].mass_g;
    return used_g;
}

void ki_route_tipped(const ki_model *model, const ki_route *route, int64_t *tipped_g) {
    const ki_type *type = &model->types[route->type];
    int64_t mass_g = ki_mass_of(type, type->start_load);
    memset(tipped_g, 0, (size_t)model->n_facilities * sizeof *tipped_g);
    for (int32_t at = 0; at < route->n_stops; at++) {
        const ki_stop *stop = &route->stops[at];
        if (stop->task >= 0) mass_g += ki_mass_of(type, ki_demand(model, route->type, stop->task));
        if (stop->task != KI_TIP) continue;
        tipped_g[model->tips[stop->mode].facility] += mass_g;
        mass_g = 0;
    }
}

static int has_room(ki_yard *yard, int32_t owner, const ki_route *route, int32_t n_tips,
                    ki_yard_miss *miss) {
    memset(yard->asked_g, 0, (size_t)yard->model->n_facilities * sizeof *yard->asked_g);
    for (int32_t at = 0; at < n_tips; at++)
        yard->asked_g[facility_of(yard, route, yard->tips[at].stop)] += yard->tips[at].mass_g;
    for (int32_t at = 0; at < yard->model->n_facilities; at++) {
        int64_t room_g = yard->model->facilities[at].room_g;
        if (yard->asked_g[at] == 0 || room_g == INT64_MAX) continue;
        int64_t over_g = yard->asked_g[at] + used_by_others(&yard->gates[at], owner) - room_g;
        if (over_g <= 0) continue;
        *miss = (ki_yard_miss){at, over_g};
        return 0;
    }
    return 1;
}

/* ---- bays ------------------------------------------------------------------------------------ */

/* How many bays are taken at a moment, and when the first of them is left. */
static int32_t taken_at(const ki_yard_gate *gate, int32_t but, int64_t moment_ms,
                        int64_t *left_ms) {
    int32_t n = 0;
    *left_ms = INT64_MAX;
    for (size_t at = 0; at < gate->n && gate->uses[at].start_ms <= moment_ms; at++) {
        const ki_yard_use *use = &gate->uses[at];
        if (use->owner == but || use->end_ms <= moment_ms) continue;
        if (use->end_ms < *left_ms) *left_ms = use->end_ms;
        n++;
    }
    return n;
}

/* The earliest start, not before start_ms, from which a bay is free for so long. */
static int64_t free_from(const ki_yard *yard, int32_t facility, int32_t but, int64_t start_ms,
                         int64_t duration_ms) {
    const ki_yard_gate *gate = &yard->gates[facility];
    int32_t bays = yard->model->facilities[facility].bays;
    int64_t left_ms;
    if (duration_ms <= 0 || bays == INT32_MAX) return start_ms;
    for (size_t at = 0; at < gate->n; at++) { /* more are taken only where somebody comes */
        const ki_yard_use *use = &gate->uses[at];
        if (use->start_ms >= start_ms + duration_ms) break;
        if (use->owner == but || use->end_ms <= start_ms) continue;
        int64_t moment_ms = use->start_ms > start_ms ? use->start_ms : start_ms;
        if (taken_at(gate, but, moment_ms, &left_ms) < bays) continue;
        start_ms = left_ms;
        at = (size_t)-1; /* from the beginning */
    }
    return start_ms;
}

int ki_yard_suits(const ki_yard *yard, int32_t owner) {
    for (int32_t facility = 0; facility < yard->model->n_facilities; facility++) {
        const ki_yard_gate *gate = &yard->gates[facility];
        int is_full = gate->used_g > yard->model->facilities[facility].room_g;
        for (size_t at = 0; at < gate->n; at++) {
            const ki_yard_use *use = &gate->uses[at];
            if (use->owner != owner) continue;
            if (is_full || free_from(yard, facility, owner, use->start_ms,
                                     use->end_ms - use->start_ms) > use->start_ms)
                return 0;
        }
    }
    return 1;
}

typedef enum holding { HELD_NONE = 0, HELD_ONE, HELD_TOO_LONG } holding;

/* The first tip that must wait for a bay is held. */
static holding hold_one(ki_yard *yard, int32_t owner, ki_route *route, int32_t n_tips,
                        int32_t *facility) {
    for (int32_t at = 0; at < n_tips; at++) {
        const ki_tip_time *tip = &yard->tips[at];
        ki_stop *stop = &route->stops[tip->stop];
        *facility = yard->model->tips[stop->mode].facility;
        int64_t from_ms =
            free_from(yard, *facility, owner, tip->start_ms, tip->end_ms - tip->start_ms);
        if (from_ms <= tip->start_ms) continue;
        if (from_ms > yard->model->tips[stop->mode].close_ms) return HELD_TOO_LONG;
        stop->from_ms = (int32_t)from_ms;
        return HELD_ONE;
    }
    return HELD_NONE;
}

/* The spell waits for an attendant: so does its first tip or post, and with it all before. */
static holding hold_spell(ki_yard *yard, int32_t owner, ki_route *route, int32_t n_tips,
                          const ki_route_value *value, int64_t *least_ms, int32_t *facility) {
    const ki_type *type = &yard->model->types[route->type];
    if (!type->attended) return HELD_NONE;
    ki_yard_use use =
        spell_of(type, owner, value->start_ms, (int64_t)value->start_ms + value->spell_ms);
    *facility = type->attended - 1;
    int64_t from_ms =
        free_from(yard, *facility, owner, use.start_ms, (int64_t)use.end_ms - use.start_ms);
    if (from_ms <= use.start_ms) return HELD_NONE;
    if (type->under_way || n_tips == 0) return HELD_TOO_LONG;
    const ki_tip_time *first = &yard->tips[0];
    ki_stop *stop = &route->stops[first->stop];
    int64_t hold_ms = first->start_ms + from_ms - use.start_ms;
    if (hold_ms > yard->model->tips[stop->mode].close_ms) return HELD_TOO_LONG;
    stop->from_ms = (int32_t)hold_ms;
    *least_ms = from_ms;
    return HELD_ONE;
}

static void let_go(ki_route *route) {
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        route->stops[stop].from_ms = 0;
}

/* Holds tip after tip. A tip held later moves what lies before it, too, where that shortens the
 * spell: so each is looked at again. Every hold is later than the one before, so it ends. */
static ki_yard_answer hold_all(ki_yard *yard, int32_t owner, ki_route *route, int may_be_late,
                               ki_route_value *value, ki_yard_miss *miss) {
    int32_t n_tips = ki_route_evaluate_tips(yard->model, route, value, yard->tips);
    if (!value->feasible && !may_be_late) return KI_YARD_ROUTE;
    if (!has_room(yard, owner, route, n_tips, miss)) return KI_YARD_FULL;
    int64_t least_ms = INT64_MIN;
    for (int n_holds = 0; n_holds < MOST_HOLDS; n_holds++) {
        holding held = hold_one(yard, owner, route, n_tips, &miss->facility);
        if (held == HELD_NONE)
            held = hold_spell(yard, owner, route, n_tips, value, &least_ms, &miss->facility);
        if (held == HELD_NONE) return KI_YARD_FITS;
        if (held == HELD_TOO_LONG) return KI_YARD_BUSY;
        ki_route_evaluate_tips(yard->model, route, value, yard->tips);
        if (!value->feasible && !may_be_late) return KI_YARD_BUSY;
        if (value->start_ms < least_ms) return KI_YARD_BUSY; /* a window keeps it from moving */
    }
    return KI_YARD_BUSY;
}

ki_yard_answer ki_yard_place_held(ki_yard *yard, int32_t owner, ki_route *route,
                                  ki_route_value *value, ki_yard_miss *miss) {
    ki_yard_miss ignored, *why = miss ? miss : &ignored;
    *why = (ki_yard_miss){.facility = -1};
    return hold_all(yard, owner, route, 0, value, why);
}

ki_yard_answer ki_yard_place(ki_yard *yard, int32_t owner, ki_route *route, ki_route_value *value,
                             ki_yard_miss *miss) {
    let_go(route);
    return ki_yard_place_held(yard, owner, route, value, miss);
}

int ki_yard_place_home(ki_yard *yard, int32_t owner, ki_route *route, ki_route_value *value) {
    ki_yard_miss ignored;
    let_go(route);
    return hold_all(yard, owner, route, 1, value, &ignored) == KI_YARD_FITS;
}

/* Whether more vehicles than bays are there at a moment, a route of ours among them. */
static int is_crowded(const ki_yard_gate *gate, int32_t bays, int64_t moment_ms) {
    int32_t n = 0, n_ours = 0;
    for (size_t at = 0; at < gate->n && gate->uses[at].start_ms <= moment_ms; at++) {
        if (gate->uses[at].end_ms <= moment_ms) continue;
        n++;
        n_ours += gate->uses[at].owner >= 0;
    }
    return n > bays && n_ours > 0;
}

int ki_yard_holds(const ki_yard *yard) {
    for (int32_t at = 0; at < yard->model->n_facilities; at++) {
        const ki_yard_gate *gate = &yard->gates[at];
        const ki_facility *facility = &yard->model->facilities[at];
        if (gate->used_g > facility->room_g) return 0;
        for (size_t use = 0; use < gate->n && facility->bays != INT32_MAX; use++)
            if (is_crowded(gate, facility->bays, gate->uses[use].start_ms)) return 0;
    }
    return 1;
}
