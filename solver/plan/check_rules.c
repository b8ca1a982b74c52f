/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_rules.c - the draft's doubles as the integers that decide, by the documented rules.
 *
 * Written from the rules, not from the code that seals: to the nearest integer, halves away from
 * zero. Prices: 1e-9 of the currency per mm, per ms, per g, each rounded once. */
#include "plan/check_internal.h"

#include <math.h>

int64_t ki_rule_ms(double seconds) {
    return llround(seconds * 1000.0);
}

int64_t ki_rule_g(double kg) {
    return llround(kg * 1000.0);
}

int64_t ki_rule_instant_ms(const ki_checker *check, int64_t at_s) {
    int64_t after_s = at_s - check->draft->district.night_start_s;
    const int64_t most_s = 1000000;
    if (after_s > most_s) after_s = most_s;
    if (after_s < -most_s) after_s = -most_s;
    return after_s * 1000;
}

ki_profile_spec ki_rule_spec(const ki_checker *check, const kerb_vehicle *vehicle,
                             const kerb_shift *shift) {
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK};
    if (vehicle->use == KERB_USE_SWEEPER) spec.kind = KI_KIND_SWEEPER;
    if (vehicle->use == KERB_USE_ROBOT) spec.kind = KI_KIND_ROBOT;
    spec.height_mm = (int32_t)ki_rule_g(vehicle->height_m);
    spec.width_mm = (int32_t)ki_rule_g(vehicle->width_m);
    spec.length_mm = (int32_t)ki_rule_g(vehicle->length_m);
    spec.mass_kg = (int32_t)llround(vehicle->mass_kg);
    spec.top_speed_mm_per_s = (int32_t)llround(vehicle->top_speed_kmh * 1e6 / 3600.0);
    spec.out = ki_draft_out(&check->draft->district, shift);
    return spec;
}

int64_t ki_rule_setup_ms(const kerb_site *site) {
    return ki_rule_ms(site->setup_s);
}

int64_t ki_rule_service_ms(const kerb_container *container) {
    return ki_rule_ms(container->service_s);
}

int64_t ki_rule_sweep_ms(const kerb_vehicle *vehicle, int64_t length_mm) {
    int64_t speed_mm_per_s = llround(vehicle->sweep_speed_kmh * 1e6 / 3600.0);
    if (speed_mm_per_s <= 0) return 0;
    return (length_mm * 1000 + speed_mm_per_s - 1) / speed_mm_per_s;
}

int64_t ki_rule_start_volume_ml(const kerb_shift *shift, size_t at,
                                const kerb_compartment *compartment) {
    if (!(compartment->capacity_l > 0)) return 0;
    if (shift->starting_load_l && shift->starting_load_l[at] > 0)
        return ki_rule_g(shift->starting_load_l[at]);
    return ki_rule_g(shift->starting_load_kg[at] / compartment->capacity_kg *
                     compartment->capacity_l);
}

int64_t ki_rule_unload_ms(const kerb_facility *facility, int64_t mass_g) {
    return ki_rule_ms(facility->unload_s) +
           mass_g * ki_rule_ms(facility->unload_s_per_tonne) / 1000000;
}

ki_rule_prices ki_rule_route_prices(const kerb_vehicle *vehicle, const kerb_shift *shift) {
    ki_rule_prices prices = {.used_nano = shift->under_way ? 0 : llround(vehicle->price_used * 1e9),
                             .nano_per_mm = llround(vehicle->price_per_km * 1e3),
                             .nano_per_ms = llround(shift->price_per_hour * 1e9 / 3.6e6)};
    int64_t overtime = llround(shift->price_overtime_per_hour * 1e9 / 3.6e6);
    if (overtime > prices.nano_per_ms) prices.overtime_nano_per_ms = overtime - prices.nano_per_ms;
    return prices;
}

int64_t ki_rule_fee_nano_per_g(const kerb_facility *facility, kerb_stream stream, int *taken) {
    *taken = 0;
    for (size_t gate = 0; gate < facility->n_gates; gate++) {
        if (facility->gates[gate].stream != stream) continue;
        *taken = 1;
        return llround(facility->gates[gate].fee_per_tonne * 1e3);
    }
    return 0;
}

int32_t ki_rule_compartment(const kerb_vehicle *vehicle, kerb_stream stream) {
    for (size_t c = 0; c < vehicle->n_compartments; c++)
        for (size_t s = 0; s < vehicle->compartments[c].n_streams; s++)
            if (vehicle->compartments[c].streams[s] == stream) return (int32_t)c;
    return -1;
}

/* Whole square seconds of what is paid. */
int64_t ki_rule_balance_nano(const kerb_district *district, int64_t paid_ms) {
    int64_t each = llround(district->price_imbalance_per_hour2 * 1e9 / 12960000.0);
    return paid_ms * paid_ms / 1000000 * each;
}

/* Haul trucks are paid as they work. */
int64_t ki_rule_guaranteed_nano(const kerb_vehicle *vehicle, const kerb_shift *shift,
                                int64_t paid_ms) {
    int64_t lacking_ms = ki_rule_ms(shift->guaranteed_s) - paid_ms;
    if (vehicle->use == KERB_USE_HAUL || lacking_ms <= 0) return 0;
    return lacking_ms * ki_rule_route_prices(vehicle, shift).nano_per_ms;
}

int64_t ki_rule_price_nano(double price) {
    return llround(price * 1e9);
}
