/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_chance.c - how likely each trip is to overload its vehicle, and each route to be late.
 *
 * Loads: normal, with the variances of the containers' forecasts, each wrong for itself. Times:
 * every drive and every stop takes as long as planned but for KI_TIME_DEVIATION of it, each for
 * itself. What weather or traffic does to all of them at once is in neither. */
#include "plan/plan_internal.h"

#include "base/normal.h"

#include <math.h>

static double squared(double value) {
    return value * value;
}

void ki_plan_spread_add(ki_plan_spread *spread, const ki_plan_maker *maker, const ki_task *task) {
    const ki_decision *decision = &maker->sealed->container_decisions[task->source];
    if (maker->draft->containers[task->source].swapped) return; /* a full load, whatever is in it */
    double relative = ki_relative_sd(decision);
    spread->mass_g2 += squared(relative * (double)task->mass_g);
    spread->volume_ml2 += squared(relative * (double)task->volume_ml);
}

int32_t ki_plan_overload_permille(const kerb_vehicle *vehicle, const ki_plan_load *load,
                                  const ki_plan_spread *spread) {
    double chance = 0;
    for (size_t c = 0; c < vehicle->n_compartments; c++) {
        const kerb_compartment *room = &vehicle->compartments[c];
        chance = fmax(chance, ki_chance_above(room->capacity_kg * 1000, (double)load[c].mass_g,
                                              spread[c].mass_g2));
        if (room->capacity_l > 0)
            chance = fmax(chance, ki_chance_above(room->capacity_l * 1000,
                                                  (double)load[c].volume_ml, spread[c].volume_ml2));
    }
    return (int32_t)lround(1000 * chance);
}

/* A wait swallows delays that are shorter; one of three deviations nearly all of them. */
static double behind_wait(double variance, double wait_ms) {
    return wait_ms > 3 * sqrt(variance) ? 0 : variance;
}

int32_t ki_plan_late_permille(const ki_plan_route *route) {
    double variance = 0, chance = 0;
    if (route->n_served == 0) return 0;
    for (int32_t at = 1; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        variance += squared(KI_TIME_DEVIATION * stop->leg.time_ms);
        chance = fmax(chance, ki_chance_above(stop->latest_ms, stop->arrival_ms, variance));
        variance = behind_wait(variance, (double)stop->start_ms - stop->arrival_ms);
        variance += squared(KI_TIME_DEVIATION * (stop->end_ms - stop->start_ms));
    }
    return (int32_t)lround(1000 * chance);
}
