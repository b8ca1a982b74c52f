/* SPDX-License-Identifier: GPL-3.0-or-later
 * Haul trucks, their shifts, and what lies at the transfer stations. */
#include "base/date.h"
#include "model/validate.h"

#include <string.h>

void ki_validate_haul(const kerb_vehicle *vehicle, ki_faults *faults) {
    ki_validate_number(faults, "vehicle", vehicle->id, "load_s", vehicle->load_s, 1, KI_DAY_S);
    if (vehicle->n_compartments != 1)
        ki_fault(
            faults,
            "vehicle %s, field compartments: %zu, expected one of a haul truck (it carries one "
            "stream at a time)",
            vehicle->id ? vehicle->id : "?", vehicle->n_compartments);
}

void ki_validate_haul_shift(const kerb_shift *shift, ki_faults *faults) {
    const char *id = shift->id ? shift->id : "?";
    if (!shift->available) return;
    if (shift->starting_load_kg && shift->starting_load_kg[0] > 0)
        ki_fault(faults, "shift %s, field starting_load_kg: %g, expected none of a haul truck", id,
                 shift->starting_load_kg[0]);
}

/* ---- one truck that collects and hauls ------------------------------------------------------- */

static const kerb_vehicle *vehicle_of(const ki_draft *draft, const ki_draft_ids *ids,
                                      const kerb_shift *shift) {
    int32_t vehicle = ki_ids_find(&ids->vehicles, shift->vehicle_id);
    return vehicle < 0 ? NULL : &draft->vehicles[vehicle];
}

static void validate_follower(const ki_draft *draft, const ki_draft_ids *ids,
                              const kerb_shift *shift, ki_faults *faults) {
    int32_t index = ki_ids_find(&ids->shifts, shift->follows);
    const kerb_vehicle *own = vehicle_of(draft, ids, shift);
    const kerb_shift *before = index < 0 ? NULL : &draft->shifts[index];
    const kerb_vehicle *other = before ? vehicle_of(draft, ids, before) : NULL;
    if (!own || (before && !other)) return; /* a fault already */
    if (own->use != KERB_USE_HAUL || !before || other->use == KERB_USE_HAUL) {
        ki_fault(faults,
                 "shift %s, field follows: %s, expected of a haul truck's shift one of a truck or "
                 "sweeper",
                 shift->id, shift->follows);
        return;
    }
    const char *end =
        before->end_depot && *before->end_depot ? before->end_depot : before->start_depot;
    if (!shift->under_way && strcmp(end, shift->start_depot) != 0)
        ki_fault(faults, "shift %s, field depot: %s, expected %s where shift %s ends", shift->id,
                 shift->start_depot, end, before->id);
}

void ki_validate_follows(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    for (size_t at = 0; at < draft->n_shifts; at++) {
        const kerb_shift *shift = &draft->shifts[at];
        if (!shift->follows || !*shift->follows) continue;
        validate_follower(draft, ids, shift, faults);
        for (size_t other = 0; other < at; other++)
            if (draft->shifts[other].follows &&
                strcmp(draft->shifts[other].follows, shift->follows) == 0)
                ki_fault(faults, "shift %s, field follows: %s twice, expected each once", shift->id,
                         shift->follows);
    }
}

int ki_shift_may_follow(const ki_draft *draft, const ki_draft_ids *ids, const kerb_shift *shift) {
    if (!shift->follows || !*shift->follows) return 1;
    int32_t index = ki_ids_find(&ids->shifts, shift->follows);
    return index < 0 || vehicle_of(draft, ids, &draft->shifts[index])->available;
}

/* ---- piles ----------------------------------------------------------------------------------- */

void ki_validate_stock(const kerb_facility *facility, const kerb_gate *gate, ki_faults *faults) {
    const char *id = facility->id ? facility->id : "?";
    ki_validate_number(faults, "facility", id, "stock_kg", gate->stock_kg, 0, 1e9);
    ki_validate_number(faults, "facility", id, "buffer_kg", gate->buffer_kg, 0, 1e9);
    if (ki_gate_states_stock(gate) && facility->kind != KERB_FACILITY_TRANSFER_STATION)
        ki_fault(faults,
                 "facility %s, field takes: stock_kg, buffer_kg or cleared, expected at transfer "
                 "stations only",
                 id);
}
