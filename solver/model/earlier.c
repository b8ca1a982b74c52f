/* SPDX-License-Identifier: GPL-3.0-or-later
 * The earlier plan: which shift had each task; and the familiar plans: which crews had it. A shift
 * with work there can be taken for no other, so that moving a stop between two equal trucks is seen
 * as the change it is. */
#include "base/error.h"
#include "model/seal.h"

#include <string.h>

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

static size_t n_familiar(const ki_seal *seal) {
    const ki_draft *draft = seal->draft;
    return draft->district.price_unfamiliar_per_stop > 0 ? draft->n_familiar_plans : 0;
}

/* A shift without a crew is known by its vehicle. */
static int is_crew(const kerb_shift *shift, const char *crew) {
    const char *own = shift->crew && shift->crew[0] ? shift->crew : shift->vehicle_id;
    return crew && strcmp(own, crew) == 0;
}

/* Shifts alike but for what their crews know are different ones. */
static void mark_crews(const ki_seal *seal, const kerb_earlier_plan *plan) {
    for (size_t route = 0; route < plan->n_routes; route++)
        for (size_t shift = 0; shift < seal->draft->n_shifts; shift++)
            if (plan->routes[route].n_stops && !is_haul(seal, (int32_t)shift) &&
                is_crew(&seal->draft->shifts[shift], plan->routes[route].crew))
                seal->is_earlier[shift] = 1;
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
    for (size_t at = 0; at < n_familiar(seal); at++)
        mark_crews(seal, &seal->draft->familiar_plans[at]);
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

/* ---- familiar plans -------------------------------------------------------------------------- */

static uint64_t types_of_crew(const ki_seal *seal, const char *crew) {
    const ki_model *model = seal->model;
    uint64_t mask = 0;
    for (int32_t type = 0; type < model->n_types; type++) {
        int32_t shift = model->type_shifts[model->types[type].first_shift];
        if (is_crew(&seal->draft->shifts[shift], crew)) mask |= UINT64_C(1) << type;
    }
    return mask;
}

/* Of a stop: every pass of its street. known 0: to all types a stranger's; 1: no more to these. */
static void know(ki_seal *seal, const kerb_earlier_stop *stop, int known, uint64_t types) {
    int32_t first = task_of(seal, &(kerb_earlier_stop){.id = stop->id}), task = first;
    for (int32_t pass = 1; task >= 0; task = ki_task_of_pass(seal->model, first, ++pass))
        if (known)
            seal->model->tasks[task].strangers &= ~types;
        else
            seal->model->tasks[task].strangers = UINT64_MAX;
}

void ki_seal_familiar(ki_seal *seal) {
    if (n_familiar(seal) == 0) return;
    seal->model->unfamiliar_nano = ki_seal_nano(seal->draft->district.price_unfamiliar_per_stop);
    for (int known = 0; known < 2; known++)
        for (size_t plan = 0; plan < seal->draft->n_familiar_plans; plan++) {
            const kerb_earlier_plan *from = &seal->draft->familiar_plans[plan];
            for (size_t at = 0; at < from->n_routes; at++) {
                uint64_t types = types_of_crew(seal, from->routes[at].crew);
                for (size_t stop = 0; stop < from->routes[at].n_stops; stop++)
                    know(seal, &from->routes[at].stops[stop], known, types);
            }
        }
}
