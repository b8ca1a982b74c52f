/* SPDX-License-Identifier: GPL-3.0-or-later
 * stock.c - see stock.h. */
#include "replan/stock.h"

#include "base/error.h"
#include "model/validate.h"

#include <math.h>

static kerb_facility *find_facility(ki_draft *draft, const ki_progress *progress, const char *id) {
    int32_t index = ki_ids_find(&progress->facilities, id);
    return index < 0 ? NULL : &draft->facilities[index];
}

/* One of this draft's own, see own_gates. */
static kerb_gate *gate_of(const kerb_facility *facility, int stream) {
    for (size_t gate = 0; facility && gate < facility->n_gates; gate++)
        if ((int)facility->gates[gate].stream == stream)
            return (kerb_gate *)(uintptr_t)&facility->gates[gate];
    return NULL;
}

static kerb_status own_gates(ki_draft *draft, kerb_error *err) {
    for (size_t index = 0; index < draft->n_facilities; index++) {
        kerb_facility *facility = &draft->facilities[index];
        if (facility->n_gates == 0) continue;
        facility->gates = ki_arena_copy(&draft->arena, facility->gates, facility->n_gates,
                                        sizeof *facility->gates);
        if (!facility->gates) return ki_fail_no_memory(err, "the rest of a night");
    }
    return KERB_OK;
}

/* In grams, as plans count. */
static void change(kerb_gate *gate, double change_kg) {
    gate->stock_kg = fmax(round((gate->stock_kg + change_kg) * 1000) / 1000, 0);
}

/* A weighed tip weighs all streams alike. */
static void tip(const kerb_facility *facility, double *mass_kg, double weighed_kg) {
    double sum_kg = 0;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        sum_kg += mass_kg[stream];
    double scale = weighed_kg > 0 && sum_kg > 0 ? weighed_kg / sum_kg : 1;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        kerb_gate *gate = gate_of(facility, stream);
        if (gate && mass_kg[stream] > 0 && ki_gate_has_pile(facility, gate))
            change(gate, mass_kg[stream] * scale);
        mass_kg[stream] = 0;
    }
}

static void start_with(const ki_draft *draft, const ki_plan_route *from,
                       const ki_route_progress *route, double *mass_kg) {
    const kerb_vehicle *vehicle = &draft->vehicles[route->vehicle];
    for (size_t c = 0; c < vehicle->n_compartments && (int32_t)c < from->stops[0].n_loads; c++)
        if (vehicle->compartments[c].n_streams > 0)
            mass_kg[vehicle->compartments[c].streams[0]] +=
                (double)from->stops[0].loads[c].mass_g / 1000;
}

static void take_route(ki_draft *draft, const ki_progress *progress, int32_t index) {
    const ki_plan_route *from = &progress->plan->routes[index];
    const ki_route_progress *route = &progress->routes[index];
    double mass_kg[KERB_N_STREAMS] = {0};
    start_with(draft, from, route, mass_kg);
    for (int32_t past = 1; past <= route->n_past; past++) {
        const ki_plan_stop *stop = &from->stops[past];
        double weighed_kg = route->weighed_kg[past];
        double stop_kg = weighed_kg > 0 ? weighed_kg : (double)stop->mass_g / 1000;
        if (route->outcome[past] != KERB_EVENT_DONE) continue;
        if (stop->kind == KI_STOP_SERVE || stop->kind == KI_STOP_SWEEP)
            mass_kg[stop->stream] += stop_kg;
        if (stop->kind == KI_STOP_LOAD) {
            kerb_gate *gate = gate_of(find_facility(draft, progress, stop->id), (int)stop->stream);
            if (gate) change(gate, -stop_kg);
        }
        if (stop->kind == KI_STOP_TIP)
            tip(find_facility(draft, progress, stop->id), mass_kg, weighed_kg);
    }
}

kerb_status ki_derive_stocks(ki_draft *draft, const ki_progress *progress, kerb_error *err) {
    KI_TRY(own_gates(draft, err));
    for (int32_t index = 0; index < progress->plan->n_routes; index++)
        take_route(draft, progress, index);
    return KERB_OK;
}
