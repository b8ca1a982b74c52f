/* SPDX-License-Identifier: GPL-3.0-or-later
 * Batteries and what fills them: in range, and a charging curve that can be followed. */
#include "model/model.h"
#include "model/validate.h"

enum { MOST_WH = 1000000, MOST_WH_PER_KM = 10000, MOST_LIFT_WH = 10000, MOST_CHARGE_W = 5000000 };

/* 0: none is stated. */
static void validate_power(const char *kind, const char *id, double charge_w, ki_faults *faults) {
    if (charge_w < 0 || charge_w > 0)
        ki_validate_number(faults, kind, id, "charge_w", charge_w, 10, MOST_CHARGE_W);
}

static void validate_steps(const kerb_vehicle *vehicle, ki_faults *faults) {
    double last_ratio = 0;
    if (vehicle->n_charge_steps > KI_MAX_CHARGE_STEPS) {
        ki_fault(faults, "vehicle %s, field charge_steps: %zu, expected at most %d", vehicle->id,
                 vehicle->n_charge_steps, (int)KI_MAX_CHARGE_STEPS);
        return;
    }
    for (size_t at = 0; at < vehicle->n_charge_steps; at++) {
        const kerb_charge_step *step = &vehicle->charge_steps[at];
        if (!(step->from_ratio > last_ratio && step->from_ratio < 1))
            ki_fault(faults,
                     "vehicle %s, charge step %zu, field from_ratio: %g, expected above %g and "
                     "below 1",
                     vehicle->id, at + 1, step->from_ratio, last_ratio);
        ki_validate_number(faults, "vehicle", vehicle->id, "charge_steps.charge_w", step->charge_w,
                           10, MOST_CHARGE_W);
        last_ratio = step->from_ratio;
    }
}

void ki_validate_battery(const kerb_vehicle *vehicle, ki_faults *faults) {
    const char *id = vehicle->id;
    ki_validate_number(faults, "vehicle", id, "battery_wh", vehicle->battery_wh, 0, MOST_WH);
    if (!(vehicle->battery_wh > 0)) return;
    ki_validate_number(faults, "vehicle", id, "battery_reserve_wh", vehicle->battery_reserve_wh, 0,
                       0.9 * vehicle->battery_wh);
    ki_validate_number(faults, "vehicle", id, "drive_wh_per_km", vehicle->drive_wh_per_km, 0,
                       MOST_WH_PER_KM);
    ki_validate_number(faults, "vehicle", id, "sweep_wh_per_km", vehicle->sweep_wh_per_km, 0,
                       MOST_WH_PER_KM);
    ki_validate_number(faults, "vehicle", id, "lift_wh", vehicle->lift_wh, 0, MOST_LIFT_WH);
    validate_power("vehicle", id, vehicle->charge_w, faults);
    validate_steps(vehicle, faults);
    if (vehicle->use == KERB_USE_HAUL)
        ki_fault(faults, "vehicle %s, field battery_wh: %g, expected 0 of a haul truck", id,
                 vehicle->battery_wh);
}

void ki_validate_charger(const kerb_facility *facility, ki_faults *faults) {
    validate_power("facility", facility->id, facility->charge_w, faults);
}
