/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_follow.c - a haul shift of a truck that collects first begins when that shift is back. */
#include "plan/check_internal.h"

#include <string.h>

static void check_pair(ki_checker *check, const ki_plan_route *route, const kerb_shift *shift,
                       const ki_plan_route *before) {
    int64_t from_ms = before->spell_end_ms + ki_rule_ms(shift->turnaround_s);
    check->route = route;
    if (route->spell_start_ms < from_ms)
        ki_check_say(check, "starts at %d ms, shift %.80s is back and ready at %lld ms",
                     route->spell_start_ms, before->shift, (long long)from_ms);
    check->route = NULL;
}

static void check_one(ki_checker *check, const ki_plan_route *route, const kerb_shift *shift) {
    for (int32_t at = 0; at < check->plan->n_routes; at++)
        if (check->plan->routes[at].shift &&
            strcmp(check->plan->routes[at].shift, shift->follows) == 0)
            check_pair(check, route, shift, &check->plan->routes[at]);
    int32_t index = ki_id_find(&check->shifts, shift->follows);
    const kerb_vehicle *truck =
        index < 0 ? NULL : ki_check_vehicle(check, &check->draft->shifts[index]);
    check->route = route;
    if (truck && !truck->available) ki_check_say(check, "the shift or its vehicle is out tonight");
    check->route = NULL;
}

void ki_check_follows(ki_checker *check) {
    for (int32_t at = 0; at < check->plan->n_routes; at++) {
        const ki_plan_route *route = &check->plan->routes[at];
        int32_t index = ki_id_find(&check->shifts, route->shift);
        const kerb_shift *shift = index < 0 ? NULL : &check->draft->shifts[index];
        if (shift && !shift->under_way && shift->follows && *shift->follows)
            check_one(check, route, shift);
    }
}
