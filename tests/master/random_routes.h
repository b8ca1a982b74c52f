/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_routes.h - random models and random feasible routes for the tests of the master. */
#ifndef KERB_TEST_RANDOM_ROUTES_H
#define KERB_TEST_RANDOM_ROUTES_H
#include "route/random_model.h"
#include "route/route.h"

enum { RANDOM_MAX_STOPS = 40 };

static inline ki_stop random_tip_stop(const ki_model *model, int32_t type, ki_rng *rng) {
    const ki_type *kind = &model->types[type];
    return (ki_stop){KI_TIP, kind->first_tip + random_in(rng, 0, kind->n_tips - 1), 0};
}

/* A route of up to most random tasks; 0 where it turned out infeasible. stops: RANDOM_MAX_STOPS. */
static inline int random_route(const ki_model *model, ki_rng *rng, int32_t most, ki_stop *stops,
                               ki_route *route) {
    *route = (ki_route){.type = random_in(rng, 0, model->n_types - 1), .stops = stops};
    int32_t wanted = random_in(rng, 1, most);
    unsigned char used[256] = {0};
    for (int32_t pick = 0; pick < wanted; pick++) {
        int32_t index = random_in(rng, 0, model->n_tasks - 1);
        const ki_task *task = &model->tasks[index];
        if (used[index]) continue;
        used[index] = 1;
        stops[route->n_stops++] =
            (ki_stop){index, task->first_mode + random_in(rng, 0, task->n_modes - 1), 0};
        if (ki_rng_below(rng, 3) == 0)
            stops[route->n_stops++] = random_tip_stop(model, route->type, rng);
    }
    if (stops[route->n_stops - 1].task != KI_TIP)
        stops[route->n_stops++] = random_tip_stop(model, route->type, rng);
    ki_route_value value;
    ki_route_evaluate(model, route, &value, NULL);
    return value.feasible;
}
#endif
