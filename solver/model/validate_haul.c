/* SPDX-License-Identifier: GPL-3.0-or-later
 * Haul trucks, their shifts, and what lies at the transfer stations. */
#include "base/date.h"
#include "model/validate.h"

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
