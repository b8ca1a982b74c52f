/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_sequence.c - the stops of each route come in the order of the draft's sequences. By ids, as
 * the draft and the plan state them. */
#include "plan/check_internal.h"

/* The places of a sequence's stops, by id. */
static int list_places(ki_checker *check, const kerb_sequence *sequence, ki_id_list *out) {
    out->entries = ki_arena_alloc(&check->arena, sequence->n_stops, sizeof *out->entries);
    if (!out->entries) {
        check->failed = 1;
        return 0;
    }
    for (size_t at = 0; at < sequence->n_stops; at++)
        out->entries[at] = (ki_id_entry){sequence->stops[at].id, (int32_t)at};
    out->n = sequence->n_stops;
    ki_check_sort(out);
    return 1;
}

/* Where a container and a street share an id it is the container that is meant. */
static int32_t place_of(const ki_checker *check, const ki_id_list *places,
                        const ki_plan_stop *stop) {
    int sweeps = stop->kind == KI_STOP_SWEEP;
    if (stop->kind != KI_STOP_SERVE && !sweeps) return -1;
    if (sweeps && ki_id_find(&check->containers, stop->id) >= 0) return -1;
    return ki_id_find(places, stop->id);
}

static void check_route(ki_checker *check, const ki_plan_route *route,
                        const kerb_sequence *sequence, const ki_id_list *places) {
    int32_t furthest = -1;
    check->route = route;
    for (int32_t at = 0; at < route->n_stops; at++) {
        int32_t place = place_of(check, places, &route->stops[at]);
        check->stop = &route->stops[at];
        if (place >= 0 && place < furthest)
            ki_check_say(check, "comes behind %.80s, expected before it: sequence %lld",
                         sequence->stops[furthest].id,
                         (long long)(sequence - check->draft->sequences));
        if (place > furthest) furthest = place;
    }
    check->route = NULL;
    check->stop = NULL;
}

void ki_check_sequences(ki_checker *check) {
    for (size_t index = 0; index < check->draft->n_sequences; index++) {
        const kerb_sequence *sequence = &check->draft->sequences[index];
        ki_id_list places = {0};
        if (sequence->n_stops < 2 || !list_places(check, sequence, &places)) continue;
        for (int32_t route = 0; route < check->plan->n_routes; route++)
            check_route(check, &check->plan->routes[route], sequence, &places);
    }
}
