/* SPDX-License-Identifier: GPL-3.0-or-later
 * The diagnosis of a model's roads: for its largest truck, whose way is the hardest, and its
 * sites. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/draft.h"
#include "road/diagnose.h"

static kerb_status diagnose(const ki_graph *graph, const ki_profile_spec *spec,
                            const double *lat_deg, const double *lon_deg, size_t n, int json,
                            char **out, kerb_error *err) {
    ki_arena arena = {0};
    ki_diagnosis found;
    ki_text text = {0};
    kerb_status status = ki_diagnose(&found, graph, spec, lat_deg, lon_deg, n, &arena, err);
    if (status == KERB_OK) ki_diagnosis_print(&found, graph, spec, json, &text);
    ki_arena_free(&arena);
    if (status == KERB_OK && text.failed) status = ki_fail_no_memory(err, "the diagnosis of roads");
    if (status == KERB_OK)
        *out = text.bytes;
    else
        ki_text_free(&text);
    return status;
}

kerb_status kerb_roads_diagnose(const kerb_roads *roads, const kerb_vehicle *vehicle, int json,
                                char **out, kerb_error *err) {
    ki_error_clear(err);
    *out = NULL;
    ki_profile_spec spec = ki_profile_spec_of(vehicle);
    return diagnose(roads->graph, &spec, NULL, NULL, 0, json, out, err);
}

static const kerb_vehicle *largest_truck(const ki_draft *draft) {
    const kerb_vehicle *best = NULL;
    for (size_t at = 0; at < draft->n_vehicles; at++) {
        const kerb_vehicle *here = &draft->vehicles[at];
        if (here->use != KERB_USE_TRUCK) continue;
        if (!best || here->mass_kg > best->mass_kg ||
            (here->mass_kg == best->mass_kg && here->height_m > best->height_m))
            best = here;
    }
    return best;
}

kerb_status kerb_model_diagnose(const kerb_model *model, int json, char **out, kerb_error *err) {
    const ki_draft *draft = &model->draft;
    const kerb_vehicle *truck = largest_truck(draft);
    ki_error_clear(err);
    *out = NULL;
    if (!model->roads || !truck)
        return ki_fail(err, KERB_BAD_CALL, "kerb_model_diagnose: no roads or no truck");
    ki_profile_spec spec = ki_profile_spec_of(truck);
    double *lat_deg = ki_alloc_zero(draft->n_sites, 2 * sizeof *lat_deg);
    if (!lat_deg) return ki_fail_no_memory(err, "the diagnosis of roads");
    double *lon_deg = lat_deg + draft->n_sites;
    for (size_t site = 0; site < draft->n_sites; site++) {
        lat_deg[site] = draft->sites[site].lat_deg;
        lon_deg[site] = draft->sites[site].lon_deg;
    }
    kerb_status status =
        diagnose(model->roads->graph, &spec, lat_deg, lon_deg, draft->n_sites, json, out, err);
    ki_free(lat_deg);
    return status;
}
