/* SPDX-License-Identifier: GPL-3.0-or-later
 * familiar.c - what the crews of a plan know, for the nights after it. */
#include "base/error.h"
#include "plan/plan.h"

static int is_work(const ki_plan_stop *stop) {
    return stop->kind == KI_STOP_SERVE || stop->kind == KI_STOP_SWEEP;
}

static kerb_status list_route(kerb_earlier_route *out, const ki_plan_route *from, ki_arena *arena,
                              kerb_error *err) {
    size_t n = from->n_stops > 0 ? (size_t)from->n_stops : 0;
    kerb_earlier_stop *stops = ki_arena_alloc(arena, n, sizeof *stops);
    if (!stops) return ki_fail_no_memory(err, "a familiar plan");
    *out = (kerb_earlier_route){.shift_id = from->shift,
                                .crew = from->crew && from->crew[0] ? from->crew : from->vehicle,
                                .stops = stops};
    for (size_t at = 0; at < n; at++)
        if (is_work(&from->stops[at]))
            stops[out->n_stops++] = (kerb_earlier_stop){
                .id = from->stops[at].id, .pass = from->stops[at].pass, .start_s = KERB_NO_TIME};
    return KERB_OK;
}

kerb_status kerb_model_add_familiar(kerb_model *model, const kerb_plan *plan, kerb_error *err) {
    if (!model || !plan) return ki_fail(err, KERB_BAD_CALL, "familiar plan: NULL");
    ki_arena arena = {0};
    kerb_earlier_plan made = {.plan_id = plan->id};
    size_t n = plan->n_routes > 0 ? (size_t)plan->n_routes : 0;
    kerb_earlier_route *routes = ki_arena_alloc(&arena, n, sizeof *routes);
    kerb_status status = routes ? KERB_OK : ki_fail_no_memory(err, "a familiar plan");
    for (size_t at = 0; at < n && status == KERB_OK; at++) {
        status = list_route(&routes[made.n_routes], &plan->routes[at], &arena, err);
        made.n_routes += status == KERB_OK && routes[made.n_routes].n_stops > 0; /* hauls: none */
    }
    made.routes = routes;
    if (status == KERB_OK) status = kerb_model_add_familiar_plans(model, &made, 1, err);
    ki_arena_free(&arena);
    return status;
}
