/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_chance.c - the chances a plan tells: of each trip to overload, of each route to be late.
 * They promise nothing, but a person acts on them. */
#include "plan/check_internal.h"

#include "base/normal.h"

#include <math.h>
#include <stdlib.h>

/* Plans of before told none, nor what their forecasts vary by. */
static int tells_chances(const kerb_plan *plan) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (!isnan(plan->decisions[at].fill_sd_ratio)) return 1;
    return 0;
}

/* Two sums of floating point may round to neighbours. */
static void check_near(ki_checker *check, const char *what, int64_t got, double chance) {
    int64_t expected = llround(1000 * chance);
    if (llabs((long long)(got - expected)) > 1) ki_check_same(check, what, got, expected);
}

/* Variance of a container's load as a share of its square. */
static double spread_of(const ki_checker *check, const ki_plan_stop *stop) {
    int32_t container = ki_id_find(&check->containers, stop->id);
    if (stop->kind != KI_STOP_SERVE || container < 0 || stop->swapped) return 0;
    const ki_decision *from = &check->sealed->container_decisions[container];
    if (!(from->fill_ratio > 0)) return 0;
    return pow(from->fill_sd_ratio / from->fill_ratio, 2);
}

/* Of the trip that ends behind the stop `last`, in one compartment. */
static double overload_of(const ki_checker *check, const ki_plan_route *route,
                          const kerb_vehicle *vehicle, int32_t last, size_t c) {
    double mass_g2 = 0, volume_ml2 = 0;
    const kerb_compartment *room = &vehicle->compartments[c];
    const ki_plan_stop *stops = route->stops;
    if ((int64_t)c >= stops[last].n_loads) return 0;
    for (int32_t at = last; at > 0 && stops[at].kind != KI_STOP_TIP; at--) {
        if (ki_rule_compartment(vehicle, stops[at].stream) != (int32_t)c) continue;
        double spread = spread_of(check, &stops[at]);
        mass_g2 += spread * pow((double)stops[at].mass_g, 2);
        volume_ml2 += spread * pow((double)stops[at].volume_ml, 2);
    }
    const ki_plan_load *load = &stops[last].loads[c];
    double chance =
        ki_chance_above((double)ki_rule_g(room->capacity_kg), (double)load->mass_g, mass_g2);
    if (!(room->capacity_l > 0)) return chance;
    return fmax(chance, ki_chance_above((double)ki_rule_g(room->capacity_l),
                                        (double)load->volume_ml, volume_ml2));
}

static double lateness_of(const ki_plan_route *route) {
    double deviation_ms = 0, chance = 0;
    if (route->n_served == 0 || route->use == KERB_USE_HAUL) return 0;
    for (int32_t at = 1; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        double waits_ms = (double)stop->start_ms - stop->arrival_ms;
        double busy_ms = (double)stop->end_ms - stop->start_ms;
        deviation_ms = hypot(deviation_ms, KI_TIME_DEVIATION * stop->leg.time_ms);
        double slack_ms = (double)stop->latest_ms - stop->arrival_ms;
        chance = fmax(chance, ki_chance_above(slack_ms, 0, deviation_ms * deviation_ms));
        if (waits_ms > 3 * deviation_ms) deviation_ms = 0;
        deviation_ms = hypot(deviation_ms, KI_TIME_DEVIATION * busy_ms);
    }
    return chance;
}

void ki_check_chances(ki_checker *check, const ki_plan_route *route, const kerb_vehicle *vehicle) {
    if (!tells_chances(check->plan)) return;
    for (int32_t at = 0; at < route->n_stops; at++) {
        double chance = 0;
        check->stop = &route->stops[at];
        if (at > 0 && route->stops[at].kind == KI_STOP_TIP && route->use != KERB_USE_HAUL)
            for (size_t c = 0; c < vehicle->n_compartments; c++)
                chance = fmax(chance, overload_of(check, route, vehicle, at - 1, c));
        check_near(check, "chance of overload (permille)", route->stops[at].overload_permille,
                   chance);
    }
    check->stop = NULL;
    check_near(check, "chance of being late (permille)", route->late_permille, lateness_of(route));
}
