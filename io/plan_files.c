/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_files.c - the public calls that carry problems and plans to and from bytes and files, and
 * the small questions a caller asks of a plan. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/messages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- problems -------------------------------------------------------------------------------- */

kerb_status kerb_model_pack(const kerb_model *model, uint8_t **out, size_t *n_out,
                            kerb_error *err) {
    if (!model || !out || !n_out) return ki_fail(err, KERB_BAD_CALL, "kerb_model_pack: NULL");
    return ki_problem_pack(out, n_out, &model->draft, err);
}

/* The message says what it travels on; the caller must have given the same. */
static kerb_status settle_travel(kerb_model *model, const char *given_hash, kerb_error *err) {
    if (model->draft.matrix_ids) {
        model->roads = NULL;
        return KERB_OK;
    }
    if (!model->draft.roads_hash[0]) {
        if (model->roads)
            snprintf(model->draft.roads_hash, sizeof model->draft.roads_hash, "%s", given_hash);
        return KERB_OK;
    }
    if (!model->roads)
        return ki_fail(err, KERB_BAD_CALL,
                       "problem message: travels on roads %.16s..., and no roads were given",
                       model->draft.roads_hash);
    if (strcmp(model->draft.roads_hash, given_hash) == 0) return KERB_OK;
    return ki_fail(
        err, KERB_BAD_INPUT,
        "problem message, field roads_hash: %.16s..., expected %.16s..., the hash of the "
        "roads given",
        model->draft.roads_hash, given_hash);
}

kerb_status kerb_model_unpack(kerb_model **out, const kerb_roads *roads, const uint8_t *in,
                              size_t n_in, kerb_error *err) {
    char given_hash[65];
    kerb_model *model;
    KI_TRY(kerb_model_new(&model, roads, err));
    memcpy(given_hash, model->draft.roads_hash, sizeof given_hash);
    model->draft.roads_hash[0] = '\0';
    kerb_status status = ki_problem_unpack(&model->draft, in, n_in, err);
    if (status == KERB_OK) status = settle_travel(model, given_hash, err);
    if (status != KERB_OK) {
        kerb_model_free(model);
        model = NULL;
    }
    *out = model;
    return status;
}

/* ---- plans ----------------------------------------------------------------------------------- */

void kerb_plan_free(kerb_plan *plan) {
    if (!plan) return;
    ki_arena_free(&plan->arena);
    ki_free(plan);
}

kerb_status kerb_plan_pack(const kerb_plan *plan, uint8_t **out, size_t *n_out, kerb_error *err) {
    if (!plan || !out || !n_out) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_pack: NULL");
    return ki_plan_pack(out, n_out, plan, err);
}

kerb_status kerb_plan_unpack(kerb_plan **out, const uint8_t *in, size_t n_in, kerb_error *err) {
    if (!out) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_unpack: out is NULL");
    return ki_plan_unpack(out, in, n_in, err);
}

kerb_status kerb_plan_write(const kerb_plan *plan, const char *path, kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    if (!path) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_write: path is NULL");
    KI_TRY(kerb_plan_pack(plan, &bytes, &n_bytes, err));
    kerb_status status = ki_file_write(path, bytes, n_bytes, err);
    ki_free(bytes);
    return status;
}

/* The file's name before the message's own words. */
static void name_file(kerb_error *err, const char *path) {
    char message[sizeof err->message];
    if (!err) return;
    memcpy(message, err->message, sizeof message);
    size_t used = (size_t)snprintf(err->message, sizeof err->message, "%.400s: ", path);
    snprintf(err->message + used, sizeof err->message - used, "%s", message);
}

kerb_status kerb_plan_read(kerb_plan **out, const char *path, kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    if (!out || !path) return ki_fail(err, KERB_BAD_CALL, "kerb_plan_read: NULL");
    *out = NULL;
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, KI_MESSAGE_MAX_BYTES, err));
    kerb_status status = ki_plan_unpack(out, (const uint8_t *)bytes, n_bytes, err);
    if (status != KERB_OK) name_file(err, path);
    ki_free(bytes);
    return status;
}

/* ---- questions ------------------------------------------------------------------------------- */

static double gap_percent(int64_t cost_nano, int64_t bound_nano) {
    if (cost_nano == bound_nano) return 0;
    if (cost_nano <= 0) return NAN;
    return 100 * ((double)cost_nano - (double)bound_nano) / (double)cost_nano;
}

void kerb_plan_get_totals(const kerb_plan *plan, kerb_plan_totals *totals) {
    if (!totals) return;
    *totals = (kerb_plan_totals){.cost = NAN, .bound = NAN, .gap_percent = NAN};
    if (!plan) return;
    totals->cost = (double)plan->cost_nano / 1e9;
    totals->bound = (double)plan->bound_nano / 1e9;
    totals->gap_percent = gap_percent(plan->cost_nano, plan->bound_nano);
    totals->n_routes = (size_t)plan->n_routes;
    for (int32_t r = 0; r < plan->n_routes; r++) {
        const ki_plan_route *route = &plan->routes[r];
        totals->length_km += (double)route->length_mm / 1e6;
        totals->work_h += ((double)route->spell_end_ms - route->spell_start_ms) / 3.6e6;
        for (int32_t s = 0; s < route->n_stops; s++)
            totals->n_stops +=
                route->stops[s].kind != KI_STOP_START && route->stops[s].kind != KI_STOP_END;
    }
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        totals->n_served += plan->decisions[d].served != 0;
        totals->n_unserved_must +=
            plan->decisions[d].choice == KI_MUST && !plan->decisions[d].served;
    }
    totals->iterations = plan->iterations;
    totals->stopped = plan->stopped;
    totals->degraded = plan->degraded;
    totals->proved_optimal = plan->proved_optimal;
}

const char *kerb_plan_why(const kerb_plan *plan, const char *id) {
    if (!plan || !id) return NULL;
    for (int32_t d = 0; d < plan->n_decisions; d++) {
        const ki_plan_decision *decision = &plan->decisions[d];
        if (strcmp(decision->id, id) != 0) continue;
        if (decision->text && *decision->text) return decision->text;
        return decision->reason ? decision->reason : "";
    }
    return NULL;
}
