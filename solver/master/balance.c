/* SPDX-License-Identifier: GPL-3.0-or-later
 * balance.c - see balance.h.
 *
 *   k s^2 >= k (2 h s - h^2)  for every h: 2 k h an hour more, k h^2 a vehicle less
 *
 * One h for all that may take each other's work, or it would go to those without. Where a vehicle
 * is left with a negative price the bound sends all of them out. So h is the best of three by what
 * they are worth then: the mean hours of the routes, the mean of all shifts, and the hours at which
 * a vehicle costs nothing.
 *
 * Hours guaranteed, G: p max(s, G) >= p G, and >= p s. Which of the two is paid in the bound
 * follows from the routes as well: the first, a price of the vehicle, where they are shorter in the
 * mean. */
#include "master/balance.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

enum { N_GROUPS = 3 };

typedef struct fleet { /* trucks, or sweepers and robots: any of them may take the work of another
                        */
    double paid_ms;    /* of its routes */
    double guaranteed_ms; /* ... to these */
    int32_t n_routes, n_shifts;
    int64_t used_nano, nano_per_s2; /* the cheapest vehicle; the price */
} fleet;

static double worth(const fleet *of, double at_ms) {
    double k = (double)of->nano_per_s2 * 1e-6;
    double vehicle = (double)of->used_nano - k * at_ms * at_ms;
    return 2 * k * at_ms * of->paid_ms + (vehicle < 0 ? vehicle * of->n_shifts : 0);
}

static double best_place_ms(const fleet *of) {
    double k = (double)of->nano_per_s2 * 1e-6, best_ms = 0;
    double tried_ms[3] = {of->paid_ms / of->n_routes, of->paid_ms / of->n_shifts,
                          sqrt((double)of->used_nano / k)};
    for (int at = 0; at < 3; at++)
        if (tried_ms[at] < 1e8 && worth(of, tried_ms[at]) > worth(of, best_ms))
            best_ms = tried_ms[at];
    return best_ms;
}

static void add_type(fleet *to, const ki_type *type) {
    if (to->n_shifts == 0 || type->used_nano < to->used_nano) to->used_nano = type->used_nano;
    to->n_shifts += type->n_shifts;
    to->nano_per_s2 = type->balance_nano_per_s2;
}

static void add_route(fleet *to, const ki_model *model, const ki_route *route) {
    ki_route_value value;
    ki_route_evaluate(model, route, &value, NULL);
    to->paid_ms += value.spell_ms - value.unpaid_ms;
    to->guaranteed_ms += model->types[route->type].guaranteed_ms;
    to->n_routes++;
}

/* Rounded to what costs less; one square second for what the price itself rounds off. */
static void add_tangent(ki_type *type, int64_t at_ms) {
    int64_t k = type->balance_nano_per_s2;
    type->nano_per_ms += 2 * k * at_ms / 1000000;
    type->used_nano -= (at_ms * at_ms / 1000000 + 2) * k;
}

static void pay_guaranteed(ki_type *type) {
    type->used_nano += type->guaranteed_ms * type->nano_per_ms;
    type->nano_per_ms = 0;
}

kerb_status ki_balance_view(ki_model *view, const ki_model *model, const ki_solution *near,
                            ki_arena *arena, kerb_error *err) {
    fleet fleets[N_GROUPS];
    *view = *model;
    memset(fleets, 0, sizeof fleets);
    for (int32_t index = 0; index < model->n_types; index++)
        add_type(&fleets[model->types[index].group], &model->types[index]);
    for (int32_t index = 0; near && index < near->n_routes; index++)
        add_route(&fleets[model->types[near->routes[index].type].group], model,
                  &near->routes[index]);
    view->types = ki_arena_copy(arena, model->types, (size_t)model->n_types, sizeof *view->types);
    if (!view->types) return ki_fail_no_memory(err, "the lower bound");
    for (int32_t index = 0; index < model->n_types; index++) {
        ki_type *type = &view->types[index];
        const fleet *of = &fleets[type->group];
        if (type->guaranteed_ms && of->guaranteed_ms > of->paid_ms) pay_guaranteed(type);
        type->guaranteed_ms = 0;
        if (type->balance_nano_per_s2 > 0 && of->n_routes > 0)
            add_tangent(type, (int64_t)best_place_ms(of));
        type->balance_nano_per_s2 = 0;
    }
    return KERB_OK;
}
