/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_familiar.c - which crew had a stop in the familiar plans, from the draft alone. */
#include "plan/check_internal.h"

#include <string.h>

static size_t count_stops(const ki_draft *draft) {
    size_t n = 0;
    for (size_t plan = 0; plan < draft->n_familiar_plans; plan++)
        for (size_t route = 0; route < draft->familiar_plans[plan].n_routes; route++)
            n += draft->familiar_plans[plan].routes[route].n_stops;
    return n;
}

static void list_stops(ki_checker *check, const kerb_earlier_route *route) {
    for (size_t stop = 0; stop < route->n_stops; stop++) {
        int32_t index = (int32_t)check->familiar.n++;
        check->familiar.entries[index] = (ki_id_entry){route->stops[stop].id, index};
        check->familiar_crews[index] = route->crew ? route->crew : "";
    }
}

void ki_check_familiar_prepare(ki_checker *check) {
    const ki_draft *draft = check->draft;
    size_t n = count_stops(draft);
    if (n == 0 || !(draft->district.price_unfamiliar_per_stop > 0)) return;
    check->familiar.entries = ki_arena_alloc(&check->arena, n, sizeof *check->familiar.entries);
    check->familiar_crews = ki_arena_alloc(&check->arena, n, sizeof *check->familiar_crews);
    if (!check->familiar.entries || !check->familiar_crews) {
        check->failed = 1;
        return;
    }
    for (size_t plan = 0; plan < draft->n_familiar_plans; plan++)
        for (size_t route = 0; route < draft->familiar_plans[plan].n_routes; route++)
            list_stops(check, &draft->familiar_plans[plan].routes[route]);
    ki_check_sort(&check->familiar);
}

int64_t ki_check_unfamiliar(const ki_checker *check, const kerb_shift *shift, const char *id) {
    const ki_id_list *list = &check->familiar;
    const char *who = shift->crew && *shift->crew ? shift->crew : shift->vehicle_id;
    size_t at = ki_check_first_of(list, id);
    if (at == list->n || strcmp(list->entries[at].id, id) != 0) return 0;
    for (; at < list->n && strcmp(list->entries[at].id, id) == 0; at++)
        if (strcmp(check->familiar_crews[list->entries[at].index], who) == 0) return 0;
    return ki_rule_price_nano(check->draft->district.price_unfamiliar_per_stop);
}
