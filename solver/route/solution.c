/* SPDX-License-Identifier: GPL-3.0-or-later
 * solution.c - copying, freeing and pricing whole solutions. A solution is two blocks: the routes,
 * and all their stops in one array that the first route points to the head of. */
#include "base/alloc.h"
#include "base/error.h"
#include "route/route.h"
#include "route/yard.h"

#include <string.h>

static size_t count_stops(const ki_solution *solution) {
    size_t n_stops = 0;
    for (int32_t route = 0; route < solution->n_routes; route++)
        n_stops += (size_t)solution->routes[route].n_stops;
    return n_stops;
}

kerb_status ki_solution_copy(ki_solution *out, const ki_solution *from, kerb_error *err) {
    *out = (ki_solution){.cost_nano = from->cost_nano};
    if (from->n_routes == 0) return KERB_OK;
    out->routes = ki_alloc_zero((size_t)from->n_routes, sizeof *out->routes);
    ki_stop *stops = ki_alloc_zero(count_stops(from), sizeof *stops);
    if (!out->routes || !stops) {
        ki_free(stops);
        ki_free(out->routes);
        *out = (ki_solution){0};
        return ki_fail_no_memory(err, "a solution");
    }
    out->n_routes = from->n_routes;
    for (int32_t route = 0; route < from->n_routes; route++) {
        const ki_route *source = &from->routes[route];
        out->routes[route] = (ki_route){source->type, source->n_stops, stops};
        if (source->n_stops) memcpy(stops, source->stops, (size_t)source->n_stops * sizeof *stops);
        stops += source->n_stops;
    }
    return KERB_OK;
}

void ki_solution_free(ki_solution *solution) {
    if (!solution) return;
    if (solution->n_routes) ki_free(solution->routes[0].stops);
    ki_free(solution->routes);
    *solution = (ki_solution){0};
}

static kerb_status price_route(const ki_model *model, const ki_route *route, int32_t index,
                               int64_t *cost_nano, kerb_error *err) {
    if (route->type < 0 || route->type >= model->n_types)
        return ki_fail(err, KERB_INTERNAL, "route %d: no type %d", (int)index, (int)route->type);
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        int32_t task = route->stops[stop].task, mode = route->stops[stop].mode;
        int known = task == KI_TIP || task == KI_POST ? mode >= 0 && mode < model->n_tips
                    : task == KI_BREAK
                        ? mode >= 0 && mode < model->types[route->type].n_break_options
                        : task >= 0 && task < model->n_tasks &&
                              mode >= model->tasks[task].first_mode &&
                              mode < model->tasks[task].first_mode + model->tasks[task].n_modes;
        if (!known)
            return ki_fail(err, KERB_INTERNAL, "route %d, stop %d: no task %d with mode %d",
                           (int)index, (int)stop, (int)task, (int)mode);
    }
    ki_route_value value;
    ki_route_evaluate(model, route, &value, NULL);
    if (!value.feasible)
        return ki_fail(
            err, KERB_INTERNAL,
            "route %d is not feasible: late by %lld ms, %lld ms too long without a break",
            (int)index, (long long)value.late_ms, (long long)value.rest_ms);
    *cost_nano += value.cost_nano;
    return KERB_OK;
}

static kerb_status mark_tasks(const ki_route *route, int32_t index, unsigned char *served,
                              kerb_error *err) {
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        int32_t task = route->stops[stop].task;
        if (task < 0) continue;
        if (served[task])
            return ki_fail(err, KERB_INTERNAL, "route %d serves task %d once more", (int)index,
                           (int)task);
        served[task] = 1;
    }
    return KERB_OK;
}

static kerb_status check_yard(const ki_model *model, const ki_solution *solution, kerb_error *err) {
    ki_yard yard;
    KI_TRY(ki_yard_fill(&yard, model, solution, 0, err));
    int holds = ki_yard_holds(&yard);
    ki_yard_free(&yard);
    if (holds) return KERB_OK;
    return ki_fail(err, KERB_INTERNAL, "the routes get into each other's way at a facility");
}

static kerb_status price_marked(const ki_model *model, const ki_solution *solution,
                                unsigned char *served, int64_t *cost_nano, kerb_error *err) {
    int32_t n_used[KI_MAX_TYPES] = {0};
    *cost_nano = 0;
    for (int32_t index = 0; index < solution->n_routes; index++) {
        const ki_route *route = &solution->routes[index];
        KI_TRY(price_route(model, route, index, cost_nano, err));
        KI_TRY(mark_tasks(route, index, served, err));
        if (++n_used[ki_lead(model, route->type)] > model->types[route->type].n_shifts)
            return ki_fail(err, KERB_INTERNAL, "type %d has %d shifts, the solution uses more",
                           (int)route->type, (int)model->types[route->type].n_shifts);
    }
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (!served[task]) *cost_nano += ki_cost_left_out(model, task);
    return ki_model_is_shared(model) ? check_yard(model, solution, err) : KERB_OK;
}

kerb_status ki_solution_price(const ki_model *model, const ki_solution *solution,
                              int64_t *cost_nano, kerb_error *err) {
    *cost_nano = 0;
    unsigned char *served = ki_alloc_zero((size_t)model->n_tasks, 1);
    if (!served) return ki_fail_no_memory(err, "the price of a solution");
    kerb_status status = price_marked(model, solution, served, cost_nano, err);
    ki_free(served);
    return status;
}
