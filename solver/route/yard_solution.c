/* SPDX-License-Identifier: GPL-3.0-or-later
 * yard_solution.c - whole solutions at their facilities: does it fit together, can it be made to,
 * and which waits serve no more. */
#include "base/error.h"
#include "route/yard.h"

#include <string.h>

enum { MOST_ROUNDS = 8 };

kerb_status ki_yard_fill(ki_yard *yard, const ki_model *model, const ki_solution *solution,
                         int32_t more_stops, kerb_error *err) {
    int32_t most = 0;
    for (int32_t route = 0; route < solution->n_routes; route++)
        if (solution->routes[route].n_stops > most) most = solution->routes[route].n_stops;
    KI_TRY(ki_yard_init(yard, model, most + more_stops, err));
    for (int32_t route = 0; route < solution->n_routes; route++)
        ki_yard_enter(yard, route, &solution->routes[route]);
    if (!yard->failed) return KERB_OK;
    ki_yard_free(yard);
    return ki_fail_no_memory(err, "the bays of facilities");
}

static int place_all(ki_yard *yard, ki_solution *solution) {
    ki_yard_clear(yard);
    for (int32_t route = 0; route < solution->n_routes; route++) {
        ki_route_value value;
        if (ki_yard_place(yard, route, &solution->routes[route], &value, NULL) != KI_YARD_FITS)
            return 0;
        ki_yard_enter(yard, route, &solution->routes[route]);
    }
    return 1;
}

kerb_status ki_yard_settle(const ki_model *model, ki_solution *solution, int *fits,
                           kerb_error *err) {
    ki_yard yard;
    *fits = 1;
    if (!ki_model_is_shared(model)) return KERB_OK;
    KI_TRY(ki_yard_fill(&yard, model, solution, 0, err));
    if (!ki_yard_holds(&yard)) *fits = place_all(&yard, solution);
    int failed = yard.failed;
    ki_yard_free(&yard);
    return failed ? ki_fail_no_memory(err, "the bays of facilities") : KERB_OK;
}

static int64_t sum_of_holds(const ki_route *route) {
    int64_t sum_ms = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        sum_ms += route->stops[stop].from_ms;
    return sum_ms;
}

/* 1 if the route, placed again, costs less, or as much with less waiting asked for. */
static int place_again(ki_yard *yard, ki_solution *solution, int32_t index) {
    ki_route *route = &solution->routes[index];
    ki_route again = {route->type, route->n_stops, yard->stops};
    ki_route_value before, after;
    if (sum_of_holds(route) == 0) return 0;
    memcpy(again.stops, route->stops, (size_t)route->n_stops * sizeof *again.stops);
    ki_route_evaluate(yard->model, route, &before, NULL);
    if (ki_yard_place(yard, index, &again, &after, NULL) != KI_YARD_FITS) return 0;
    if (after.cost_nano > before.cost_nano) return 0;
    if (after.cost_nano == before.cost_nano && sum_of_holds(&again) >= sum_of_holds(route))
        return 0;
    memcpy(route->stops, again.stops, (size_t)route->n_stops * sizeof *again.stops);
    solution->cost_nano += after.cost_nano - before.cost_nano;
    ki_yard_leave(yard, index);
    ki_yard_enter(yard, index, route);
    return 1;
}

kerb_status ki_yard_tidy(const ki_model *model, ki_solution *solution, kerb_error *err) {
    ki_yard yard;
    if (!ki_model_is_shared(model)) return KERB_OK;
    KI_TRY(ki_yard_fill(&yard, model, solution, 0, err));
    int changed = 1;
    for (int round = 0; changed && round < MOST_ROUNDS; round++) {
        changed = 0;
        for (int32_t route = 0; route < solution->n_routes; route++)
            changed |= place_again(&yard, solution, route);
    }
    int failed = yard.failed;
    ki_yard_free(&yard);
    return failed ? ki_fail_no_memory(err, "the bays of facilities") : KERB_OK;
}
