/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_battery.c - what is left in a battery after each stop, and how long charging takes. In
 * 1e-9 Wh, which is 1e-6 of what the plan says. */
#include "plan/check_internal.h"

#include <math.h>

static int64_t rule_nwh(double wh) {
    return llround(wh * 1e9);
}

void ki_check_battery_start(ki_check_battery *battery, const kerb_vehicle *vehicle,
                            const kerb_shift *shift) {
    *battery = (ki_check_battery){.vehicle = vehicle};
    if (!(vehicle->battery_wh > 0)) return;
    battery->left_nwh = rule_nwh(vehicle->battery_wh) - rule_nwh(shift->used_battery_wh);
}

void ki_check_battery_drive(ki_check_battery *battery, int64_t length_mm) {
    battery->left_nwh -= length_mm * llround(battery->vehicle->drive_wh_per_km * 1000);
}

void ki_check_battery_sweep(ki_check_battery *battery, int64_t length_mm) {
    battery->left_nwh -= length_mm * llround(battery->vehicle->sweep_wh_per_km * 1000);
}

void ki_check_battery_lift(ki_check_battery *battery) {
    battery->left_nwh -= rule_nwh(battery->vehicle->lift_wh);
}

/* The power at which the battery is charged from a level on, and the level at which that ends. */
static int64_t power_mw(const kerb_vehicle *vehicle, const kerb_facility *facility,
                        int64_t level_nwh, int64_t *until_nwh) {
    double least_w = facility->charge_w;
    if (vehicle->charge_w > 0 && vehicle->charge_w < least_w) least_w = vehicle->charge_w;
    *until_nwh = rule_nwh(vehicle->battery_wh);
    for (size_t at = 0; at < vehicle->n_charge_steps; at++) {
        const kerb_charge_step *step = &vehicle->charge_steps[at];
        int64_t from_nwh = rule_nwh(step->from_ratio * vehicle->battery_wh);
        if (from_nwh > level_nwh) {
            *until_nwh = from_nwh;
            break;
        }
        if (step->charge_w < least_w) least_w = step->charge_w;
    }
    return llround(least_w * 1000);
}

/* 3.6 s at 1 W are 0.001 Wh. */
static int64_t time_to_ms(const ki_check_battery *battery, const kerb_facility *facility,
                          int64_t end_nwh) {
    int64_t level_nwh = battery->left_nwh > 0 ? battery->left_nwh : 0, ms = 0;
    while (level_nwh < end_nwh) {
        int64_t until_nwh, mw = power_mw(battery->vehicle, facility, level_nwh, &until_nwh);
        if (until_nwh > end_nwh) until_nwh = end_nwh;
        int64_t tenths = (until_nwh - level_nwh) * 36 / mw;
        int64_t rest = (until_nwh - level_nwh) * 36 % mw;
        ms += tenths / 10 + (tenths % 10 > 0 || rest > 0);
        level_nwh = until_nwh;
    }
    return ms;
}

/* What the plan says is in the battery behind the charge: all it holds, or whole mWh. */
static int64_t charged_to_nwh(ki_checker *check, const ki_check_battery *battery) {
    int64_t full_nwh = rule_nwh(battery->vehicle->battery_wh);
    int64_t said_mwh = check->stop->energy_left_mwh;
    if (said_mwh == full_nwh / 1000000) return full_nwh;
    if (said_mwh < 0 || said_mwh > full_nwh / 1000000) {
        ki_check_say(check, "energy left (mWh) %lld, at most %lld", (long long)said_mwh,
                     (long long)full_nwh / 1000000);
        return full_nwh;
    }
    if (said_mwh * 1000000 <= battery->left_nwh)
        ki_check_say(check, "charges to %lld mWh, no more than there were", (long long)said_mwh);
    return said_mwh * 1000000;
}

int64_t ki_check_battery_charge(ki_checker *check, ki_check_battery *battery,
                                const kerb_facility *facility) {
    if (check->stop->charge_ms == 0) return 0;
    int has_battery = battery->vehicle->battery_wh > 0, has_charger = facility->charge_w > 0;
    if (!has_charger)
        ki_check_say(check, "charges for %d ms, but the facility has no charger",
                     check->stop->charge_ms);
    else if (!has_battery)
        ki_check_say(check, "charges for %d ms, but the vehicle has no battery",
                     check->stop->charge_ms);
    if (!has_battery || !has_charger) return check->stop->charge_ms;
    int64_t end_nwh = charged_to_nwh(check, battery);
    int64_t ms = time_to_ms(battery, facility, end_nwh);
    ki_check_same(check, "charge (ms)", check->stop->charge_ms, ms);
    ki_check_same(check, "charged (mWh)", check->stop->charged_mwh,
                  end_nwh / 1000000 - battery->left_nwh / 1000000);
    battery->left_nwh = end_nwh;
    return ms;
}

void ki_check_battery_left(ki_checker *check, const ki_check_battery *battery, int must_last) {
    const kerb_vehicle *vehicle = battery->vehicle;
    if (!(vehicle->battery_wh > 0)) {
        ki_check_same(check, "energy left (mWh)", check->stop->energy_left_mwh, 0);
        return;
    }
    int64_t spare_nwh =
        battery->left_nwh - (rule_nwh(vehicle->battery_wh) -
                             rule_nwh(vehicle->battery_wh - vehicle->battery_reserve_wh));
    ki_check_same(check, "energy left (mWh)", check->stop->energy_left_mwh,
                  battery->left_nwh / 1000000);
    if (must_last && spare_nwh < 0)
        ki_check_say(check, "%lld mWh short of the battery's reserve",
                     (long long)((-spare_nwh + 999999) / 1000000));
}
