/* SPDX-License-Identifier: GPL-3.0-or-later
 * route_pool.h - feasible routes seen so far, each set of tasks and type kept at its cheapest.
 *
 * Bounded: when full, the routes longest not seen in a good solution go first. The order of what
 * comes out depends only on what went in. Not thread-safe: one pool an owner. */
#ifndef KI_ROUTE_POOL_H
#define KI_ROUTE_POOL_H
#include "route/route.h"

typedef struct ki_pool_route {
    ki_route route; /* stops owned by the pool */
    int64_t cost_nano;
    uint64_t key;     /* of type and task set */
    int64_t last_use; /* stamp of the latest add */
} ki_pool_route;

typedef struct ki_route_pool ki_route_pool;
kerb_status ki_route_pool_new(ki_route_pool **out, const ki_model *model, int32_t max_routes,
                              kerb_error *err);
void ki_route_pool_free(ki_route_pool *pool);
/* Copies the route; ignores infeasible or empty ones. stamp: any growing number. */
kerb_status ki_route_pool_add(ki_route_pool *pool, const ki_route *route, int64_t stamp,
                              kerb_error *err);
kerb_status ki_route_pool_add_solution(ki_route_pool *pool, const ki_solution *solution,
                                       int64_t stamp, kerb_error *err);
kerb_status ki_route_pool_merge(ki_route_pool *into, const ki_route_pool *from, kerb_error *err);
int32_t ki_route_pool_size(const ki_route_pool *pool);
const ki_pool_route *ki_route_pool_get(const ki_route_pool *pool, int32_t index); /* in key order */
#endif
