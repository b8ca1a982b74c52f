/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_load.c - what is on board after each stop, what is tipped, and at what fee. */
#include "plan/check_internal.h"

#include <string.h>

int ki_check_load_start(ki_checker *check, ki_check_load *load, const kerb_vehicle *vehicle,
                        const kerb_shift *shift) {
    *load = (ki_check_load){.vehicle = vehicle, .water_ml = ki_rule_g(vehicle->water_l)};
    load->water_ml -= ki_rule_g(shift->used_water_l);
    load->mass_g = ki_arena_alloc(&check->arena, vehicle->n_compartments, sizeof(int64_t));
    load->volume_ml = ki_arena_alloc(&check->arena, vehicle->n_compartments, sizeof(int64_t));
    if (!load->mass_g || !load->volume_ml) {
        check->failed = 1;
        return 0;
    }
    for (size_t c = 0; c < vehicle->n_compartments && shift->starting_load_kg; c++) {
        load->mass_g[c] = ki_rule_g(shift->starting_load_kg[c]);
        load->volume_ml[c] = ki_rule_start_volume_ml(shift, c, &vehicle->compartments[c]);
        if (vehicle->compartments[c].n_streams > 0)
            load->stream_g[vehicle->compartments[c].streams[0]] += load->mass_g[c];
    }
    return 1;
}

void ki_check_load_take(ki_checker *check, ki_check_load *load, const ki_task *task) {
    kerb_stream stream = (kerb_stream)task->stream;
    int32_t c = ki_rule_compartment(load->vehicle, stream);
    if (c < 0) {
        ki_check_say(check, "the vehicle has no compartment for %s", kerb_stream_name(stream));
        return;
    }
    load->mass_g[c] += task->mass_g;
    if (load->vehicle->compartments[c].capacity_l > 0) load->volume_ml[c] += task->volume_ml;
    if (load->vehicle->water_l > 0) load->water_ml -= task->water_ml;
    load->stream_g[stream] += task->mass_g;
    load->taken_g[stream] += task->mass_g;
}

void ki_check_load_haul(ki_checker *check, ki_check_load *load, const ki_plan_stop *stop) {
    int32_t c = ki_rule_compartment(load->vehicle, stop->stream);
    if (c < 0) {
        ki_check_say(check, "the vehicle has no compartment for %s",
                     kerb_stream_name(stop->stream));
        return;
    }
    if (load->mass_g[c] != 0) ki_check_say(check, "loads before it has tipped");
    load->mass_g[c] += stop->mass_g;
    load->stream_g[stop->stream] += stop->mass_g;
}

int64_t ki_check_load_fullness(const ki_check_load *load) {
    int64_t fullest = 0;
    for (size_t c = 0; c < load->vehicle->n_compartments; c++) {
        int64_t most_g = ki_rule_g(load->vehicle->compartments[c].capacity_kg);
        int64_t most_ml = ki_rule_g(load->vehicle->compartments[c].capacity_l);
        int64_t by_mass = most_g > 0 ? load->mass_g[c] * 1000 / most_g : 0;
        int64_t by_volume = most_ml > 0 ? load->volume_ml[c] * 1000 / most_ml : 0;
        if (by_mass > fullest) fullest = by_mass;
        if (by_volume > fullest) fullest = by_volume;
    }
    return fullest;
}

int64_t ki_check_load_tip(ki_checker *check, ki_check_load *load, const kerb_facility *facility,
                          int64_t *unload_ms) {
    int64_t fee_nano = 0, mass_g = 0;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        if (load->stream_g[stream] == 0) continue;
        int taken;
        int64_t price = ki_rule_fee_nano_per_g(facility, (kerb_stream)stream, &taken);
        if (!taken)
            ki_check_say(check, "the facility does not take %s",
                         kerb_stream_name((kerb_stream)stream));
        fee_nano += load->stream_g[stream] * price;
        mass_g += load->stream_g[stream];
    }
    if (load->vehicle->water_l > 0 && facility->has_water)
        load->water_ml = ki_rule_g(load->vehicle->water_l);
    memset(load->stream_g, 0, sizeof load->stream_g);
    for (size_t c = 0; c < load->vehicle->n_compartments; c++)
        load->mass_g[c] = load->volume_ml[c] = 0;
    *unload_ms = ki_rule_unload_ms(facility, mass_g);
    return fee_nano;
}

static void check_compartment(ki_checker *check, const ki_check_load *load, size_t c) {
    const kerb_compartment *compartment = &load->vehicle->compartments[c];
    int64_t most_g = ki_rule_g(compartment->capacity_kg);
    int64_t most_ml = ki_rule_g(compartment->capacity_l);
    if (load->mass_g[c] > most_g)
        ki_check_say(check, "load %lld g in compartment %zu, at most %lld g",
                     (long long)load->mass_g[c], c + 1, (long long)most_g);
    if (most_ml > 0 && load->volume_ml[c] > most_ml)
        ki_check_say(check, "load %lld ml in compartment %zu, at most %lld ml",
                     (long long)load->volume_ml[c], c + 1, (long long)most_ml);
}

void ki_check_load_stop(ki_checker *check, const ki_check_load *load) {
    const ki_plan_stop *stop = check->stop;
    size_t n = load->vehicle->n_compartments;
    for (size_t c = 0; c < n; c++)
        check_compartment(check, load, c);
    if (load->water_ml < 0)
        ki_check_say(check, "%lld ml of water short", (long long)-load->water_ml);
    ki_check_same(check, "water left (ml)", stop->water_left_ml, load->water_ml);
    ki_check_same(check, "number of loads", stop->n_loads, (int64_t)n);
    for (size_t c = 0; c < n && (int64_t)c < stop->n_loads; c++) {
        ki_check_same(check, "load (g)", stop->loads[c].mass_g, load->mass_g[c]);
        ki_check_same(check, "load (ml)", stop->loads[c].volume_ml, load->volume_ml[c]);
    }
}

void ki_check_load_empty(ki_checker *check, const ki_check_load *load) {
    for (size_t c = 0; c < load->vehicle->n_compartments; c++)
        if (load->mass_g[c] != 0 || load->volume_ml[c] != 0)
            ki_check_say(check, "returns to the depot with %lld g in compartment %zu, expected 0",
                         (long long)load->mass_g[c], c + 1);
}
