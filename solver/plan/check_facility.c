/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_facility.c - what all routes do to a facility together: vehicles that unload there at any
 * moment, and what it takes in over the night. */
#include "plan/check_internal.h"

#include <stdlib.h>

typedef struct moment { /* a vehicle begins or ends to unload; or bays are promised to others */
    int32_t facility;
    int64_t at_ms;
    int32_t change, promised;
} moment;

typedef struct yard {
    moment *moments;
    size_t n;
    int64_t *tipped_g; /* [n_facilities] */
} yard;

static int in_order(const void *left, const void *right) {
    const moment *a = left, *b = right;
    if (a->facility != b->facility) return a->facility < b->facility ? -1 : 1;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    /* Who leaves, leaves first. */
    int32_t a_change = a->change + a->promised, b_change = b->change + b->promised;
    return (a_change > b_change) - (a_change < b_change);
}

static size_t count_stops(const kerb_plan *plan) {
    size_t n = 0;
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (plan->routes[route].n_stops > 0) n += (size_t)plan->routes[route].n_stops;
    return n;
}

static size_t count_slots(const ki_draft *draft) {
    size_t n = 0;
    for (size_t index = 0; index < draft->n_facilities; index++)
        n += draft->facilities[index].n_bay_slots;
    return n;
}

static void gather_slots(const ki_checker *check, int32_t facility, yard *at) {
    const kerb_facility *from = &check->draft->facilities[facility];
    for (size_t index = 0; index < from->n_bay_slots; index++) {
        const kerb_bay_slot *slot = &from->bay_slots[index];
        int64_t start_ms = ki_rule_instant_ms(check, slot->start_s);
        int64_t end_ms = ki_rule_instant_ms(check, slot->end_s);
        at->moments[at->n++] = (moment){facility, start_ms, 0, slot->taken};
        at->moments[at->n++] = (moment){facility, end_ms, 0, -slot->taken};
    }
}

static void gather(ki_checker *check, yard *at) {
    for (int32_t r = 0; r < check->plan->n_routes; r++) {
        const ki_plan_route *route = &check->plan->routes[r];
        for (int32_t s = 0; s < route->n_stops; s++) {
            const ki_plan_stop *stop = &route->stops[s];
            int is_there = stop->kind == KI_STOP_TIP || stop->kind == KI_STOP_CHARGE;
            int32_t facility = is_there ? ki_id_find(&check->facilities, stop->id) : -1;
            if (facility < 0) continue;
            at->tipped_g[facility] += stop->mass_g;
            if (stop->end_ms <= stop->start_ms) continue; /* takes no time */
            at->moments[at->n++] = (moment){facility, stop->start_ms, 1, 0};
            at->moments[at->n++] = (moment){facility, stop->end_ms, -1, 0};
        }
    }
    for (size_t index = 0; index < check->draft->n_facilities; index++)
        gather_slots(check, (int32_t)index, at);
}

/* A facility is named once, where it is fullest. */
static void check_bays(ki_checker *check, const yard *at) {
    for (size_t first = 0, end; first < at->n; first = end) {
        const kerb_facility *facility = &check->draft->facilities[at->moments[first].facility];
        int32_t n = 0, n_promised = 0, most = 0;
        int64_t most_ms = 0;
        for (end = first; end < at->n && at->moments[end].facility == at->moments[first].facility;
             end++) {
            n += at->moments[end].change;
            n_promised += at->moments[end].promised;
            if (n == 0 || n + n_promised <= most) continue; /* promises alone are not ours */
            most = n + n_promised;
            most_ms = at->moments[end].at_ms;
        }
        char clock[8];
        ki_check_clock(check, most_ms, clock);
        if (facility->bays > 0 && most > facility->bays)
            ki_check_say(
                check,
                "facility %.80s: %d vehicles unload or charge at %s (%lld ms), others with a "
                "promise among them, at most %d",
                facility->id, most, clock, (long long)most_ms, facility->bays);
    }
}

static void check_caps(ki_checker *check, const yard *at) {
    for (size_t index = 0; index < check->draft->n_facilities; index++) {
        const kerb_facility *facility = &check->draft->facilities[index];
        if (!(facility->cap_tonnes > 0) || at->tipped_g[index] == 0) continue;
        int64_t left_g =
            ki_rule_g(facility->cap_tonnes * 1000) - ki_rule_g(facility->used_tonnes * 1000);
        if (at->tipped_g[index] > left_g)
            ki_check_say(check, "facility %.80s: %lld g tipped, at most %lld g tonight",
                         facility->id, (long long)at->tipped_g[index],
                         (long long)(left_g > 0 ? left_g : 0));
    }
}

void ki_check_facilities(ki_checker *check) {
    yard at = {0};
    at.moments =
        ki_arena_alloc(&check->arena, 2 * (count_stops(check->plan) + count_slots(check->draft)),
                       sizeof *at.moments);
    at.tipped_g = ki_arena_alloc(&check->arena, check->draft->n_facilities, sizeof *at.tipped_g);
    if (!at.moments || !at.tipped_g) {
        check->failed = 1;
        return;
    }
    gather(check, &at);
    if (at.n) qsort(at.moments, at.n, sizeof *at.moments, in_order);
    check_bays(check, &at);
    check_caps(check, &at);
}
