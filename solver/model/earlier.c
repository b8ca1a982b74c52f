/* SPDX-License-Identifier: GPL-3.0-or-later
 * The earlier plan: which shift had each task. A shift with work there can be taken for no other,
 * so that moving a stop between two equal trucks is seen as the change it is. */
#include "base/error.h"
#include "model/seal.h"

const kerb_earlier_plan *ki_seal_earlier(const ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    if (!(draft->district.price_change_per_stop > 0) || draft->n_earlier_plans == 0) return NULL;
    return &draft->earlier_plans[draft->n_earlier_plans - 1];
}

/* Hauls have no price of change in the search: their trucks stay alike. */
static int is_haul(const ki_seal *seal, int32_t shift) {
    const ki_draft *draft = seal->draft;
    int32_t vehicle = ki_ids_find(&seal->ids.vehicles, draft->shifts[shift].vehicle_id);
    return vehicle >= 0 && draft->vehicles[vehicle].use == KERB_USE_HAUL;
}

kerb_status ki_seal_find_earlier(ki_seal *seal) {
    const kerb_earlier_plan *plan = ki_seal_earlier(seal);
    seal->is_earlier = ki_arena_alloc(&seal->scratch, seal->draft->n_shifts, 1);
    if (!seal->is_earlier) return ki_fail_no_memory(seal->err, "the earlier plan");
    for (size_t at = 0; plan && at < plan->n_routes; at++) {
        int32_t shift = ki_ids_find(&seal->ids.shifts, plan->routes[at].shift_id);
        if (shift >= 0 && plan->routes[at].n_stops && !is_haul(seal, shift))
            seal->is_earlier[shift] = 1;
    }
    return KERB_OK;
}

static int is_out(const ki_draft *draft, const ki_draft_ids *ids, int32_t shift) {
    int32_t vehicle = ki_ids_find(&ids->vehicles, draft->shifts[shift].vehicle_id);
    return !draft->shifts[shift].available || !draft->vehicles[vehicle].available;
}

/* The task of a stop; -1: none tonight. */
static int32_t task_of(const ki_seal *seal, const kerb_earlier_stop *stop) {
    const ki_model *model = seal->model;
    int32_t container = ki_ids_find(&seal->ids.containers, stop->id);
    if (container >= 0) return model->container_decisions[container].task;
    int32_t street = ki_ids_find(&seal->ids.streets, stop->id);
    if (street < 0 || model->street_decisions[street].task < 0) return -1;
    return ki_task_of_pass(model, model->street_decisions[street].task, stop->pass);
}

kerb_status ki_seal_changes(ki_seal *seal) {
    ki_model *model = seal->model;
    const kerb_earlier_plan *plan = ki_seal_earlier(seal);
    for (int32_t task = 0; task < model->n_tasks; task++)
        model->tasks[task].earlier = KI_NO_EARLIER;
    if (!plan) return KERB_OK;
    model->change_nano = ki_seal_nano(seal->draft->district.price_change_per_stop);
    for (size_t at = 0; at < plan->n_routes; at++) {
        const kerb_earlier_route *route = &plan->routes[at];
        int32_t shift = ki_ids_find(&seal->ids.shifts, route->shift_id);
        if (shift < 0 || is_out(seal->draft, &seal->ids, shift)) continue;
        int32_t type = ki_type_of_shift(model, shift);
        if (type < 0) type = KI_MAX_TYPES; /* unlike any */
        for (size_t stop = 0; stop < route->n_stops; stop++) {
            int32_t task = route->stops[stop].fixed ? -1 : task_of(seal, &route->stops[stop]);
            if (task >= 0) model->tasks[task].earlier = type;
        }
    }
    return KERB_OK;
}
