/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_attendants.c - how many vehicles of the same attendants are out at each moment. */
#include "plan/check_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct moment { /* somebody sets out, or is back */
    int32_t at_ms, change;
} moment;

/* Who is back is back before others set out. */
static int in_order(const void *left, const void *right) {
    const moment *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return a->change - b->change;
}

static int is_theirs(const ki_checker *check, const kerb_attendants *attendants,
                     const kerb_shift *shift) {
    const kerb_vehicle *vehicle = ki_check_vehicle(check, shift);
    return vehicle && vehicle->attended_by && strcmp(vehicle->attended_by, attendants->id) == 0;
}

/* As many as they can look after, or as are out already. */
static int32_t most_out(const ki_checker *check, const kerb_attendants *attendants) {
    int32_t n = 0, most = attendants->n_people * attendants->vehicles_each;
    for (size_t at = 0; at < check->draft->n_shifts; at++) {
        const kerb_shift *shift = &check->draft->shifts[at];
        if (!shift->under_way || !is_theirs(check, attendants, shift)) continue;
        n += shift->available && ki_check_vehicle(check, shift)->available;
    }
    return n > most ? n : most;
}

static size_t gather(const ki_checker *check, const kerb_attendants *attendants, moment *moments) {
    size_t n = 0;
    for (int32_t at = 0; at < check->plan->n_routes; at++) {
        const ki_plan_route *route = &check->plan->routes[at];
        int32_t shift = ki_id_find(&check->shifts, route->shift);
        if (shift < 0 || !is_theirs(check, attendants, &check->draft->shifts[shift])) continue;
        moments[n++] = (moment){route->spell_start_ms, 1};
        moments[n++] = (moment){route->spell_end_ms, -1};
    }
    return n;
}

static void check_one(ki_checker *check, const kerb_attendants *attendants, moment *moments) {
    int32_t n_out = 0, most = 0, most_ms = 0, limit = most_out(check, attendants);
    size_t n = gather(check, attendants, moments);
    if (n) qsort(moments, n, sizeof *moments, in_order);
    for (size_t at = 0; at < n; at++) {
        n_out += moments[at].change;
        if (n_out <= most) continue;
        most = n_out;
        most_ms = moments[at].at_ms;
    }
    char clock[8];
    ki_check_clock(check, most_ms, clock);
    if (most > limit)
        ki_check_say(check, "attendants %.80s: %d vehicles are out at %s (%lld ms), at most %d",
                     attendants->id, most, clock, (long long)most_ms, limit);
}

void ki_check_attendants(ki_checker *check) {
    size_t n_routes = check->plan->n_routes > 0 ? (size_t)check->plan->n_routes : 0;
    if (check->draft->n_attendants == 0) return;
    moment *moments = ki_arena_alloc(&check->arena, 2 * n_routes + 1, sizeof *moments);
    if (!moments) {
        check->failed = 1;
        return;
    }
    for (size_t at = 0; at < check->draft->n_attendants; at++)
        check_one(check, &check->draft->attendants[at], moments);
}
