/* SPDX-License-Identifier: GPL-3.0-or-later
 * attendants.c - people who look after vehicles: each has room for so many that are out. To the
 * engine they are a facility whose bays are taken up for whole spells (route/yard.h). */
#include "base/error.h"
#include "model/seal.h"

#include <string.h>

int32_t ki_vehicle_attendants(const ki_draft *draft, const kerb_vehicle *vehicle) {
    for (size_t at = 0; vehicle->attended_by && *vehicle->attended_by && at < draft->n_attendants;
         at++)
        if (strcmp(draft->attendants[at].id, vehicle->attended_by) == 0) return (int32_t)at;
    return -1;
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void validate_vehicle(const ki_draft *draft, const kerb_vehicle *vehicle,
                             ki_faults *faults) {
    if (!vehicle->attended_by || !*vehicle->attended_by) return;
    if (ki_vehicle_attendants(draft, vehicle) < 0)
        ki_fault(faults, "vehicle %s, field attended_by: %s, expected known attendants",
                 vehicle->id, vehicle->attended_by);
    if (vehicle->use == KERB_USE_HAUL)
        ki_fault(faults, "vehicle %s, field attended_by: %s, expected none of a haul truck",
                 vehicle->id, vehicle->attended_by);
}

void ki_validate_attendants(const ki_draft *draft, ki_faults *faults) {
    for (size_t at = 0; at < draft->n_attendants; at++) {
        const kerb_attendants *one = &draft->attendants[at];
        ki_validate_number(faults, "attendants", one->id, "n_people", one->n_people, 1, 1000);
        ki_validate_number(faults, "attendants", one->id, "vehicles_each", one->vehicles_each, 1,
                           1000);
        for (size_t other = 0; other < at; other++)
            if (strcmp(draft->attendants[other].id, one->id) == 0)
                ki_fault(faults, "attendants %s, field id: given twice, expected each once",
                         one->id);
    }
    for (size_t at = 0; at < draft->n_vehicles; at++)
        validate_vehicle(draft, &draft->vehicles[at], faults);
}

/* ---- gates ----------------------------------------------------------------------------------- */

static int is_attended(const ki_seal *seal, const ki_type *type, int32_t attendants) {
    const kerb_shift *shift = &seal->draft->shifts[seal->model->type_shifts[type->first_shift]];
    int32_t vehicle = ki_ids_find(&seal->ids.vehicles, shift->vehicle_id);
    return ki_vehicle_attendants(seal->draft, &seal->draft->vehicles[vehicle]) == attendants;
}

/* Those under way are out already, however many there are. As many as shifts: no limit. */
static kerb_status seal_gate(ki_seal *seal, int32_t attendants, int32_t gate, int *n_limits) {
    ki_model *model = seal->model;
    const kerb_attendants *from = &seal->draft->attendants[attendants];
    ki_facility *to = &model->facilities[gate];
    int32_t n = 0, n_under_way = 0, most = from->n_people * from->vehicles_each;
    *to = (ki_facility){.room_g = INT64_MAX, .bays = INT32_MAX};
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!is_attended(seal, &model->types[type], attendants)) continue;
        n += model->types[type].n_shifts;
        n_under_way += model->types[type].under_way ? model->types[type].n_shifts : 0;
    }
    if (most < n_under_way) most = n_under_way;
    if (most >= n) return KERB_OK;
    to->bays = most;
    to->taken = ki_arena_alloc(&model->arena, (size_t)n_under_way, sizeof *to->taken);
    if (!to->taken) return ki_fail_no_memory(seal->err, "attendants");
    for (int32_t type = 0; type < model->n_types; type++)
        if (is_attended(seal, &model->types[type], attendants))
            model->types[type].attended = gate + 1;
    ++*n_limits;
    return KERB_OK;
}

kerb_status ki_seal_attendants(ki_seal *seal, int32_t first_gate, int *n_limits) {
    for (size_t at = 0; at < seal->draft->n_attendants; at++)
        KI_TRY(seal_gate(seal, (int32_t)at, first_gate + (int32_t)at, n_limits));
    return KERB_OK;
}
