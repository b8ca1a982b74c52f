/* SPDX-License-Identifier: GPL-3.0-or-later
 * api.c - the public calls that join solver and messages: sealing names the problem by the hash of
 * its message, solving names the plan by the hash of its own. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/messages.h"
#include "plan/check.h"
#include "route/home.h"
#include "solve.h"

#include <stdio.h>
#include <string.h>

static kerb_status add_notes(kerb_model *model, const ki_note *notes, size_t n_notes,
                             kerb_error *err) {
    for (size_t note = 0; note < n_notes; note++)
        KI_TRY(kerb_model_add_note(model, notes[note].kind, notes[note].text, err));
    return KERB_OK;
}

static kerb_status hash_problem(kerb_model *model, kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    KI_TRY(ki_problem_pack(&bytes, &n_bytes, &model->draft, err));
    ki_sha256_hex(bytes, n_bytes, model->hash);
    ki_free(bytes);
    return KERB_OK;
}

static kerb_status check_roads(kerb_model *model, kerb_error *err) {
    ki_draft *draft = &model->draft;
    if (draft->matrix_ids || model->roads) {
        const char *hash = model->roads ? kerb_roads_hash(model->roads) : "";
        if (!draft->matrix_ids && !draft->roads_hash[0])
            memcpy(draft->roads_hash, hash, sizeof draft->roads_hash);
        if (draft->matrix_ids || strcmp(draft->roads_hash, hash) == 0) return KERB_OK;
        return ki_fail(err, KERB_BAD_INPUT,
                       "problem, field roads_hash: %s, expected %s, the hash of the roads given",
                       draft->roads_hash, hash);
    }
    return ki_fail(err, KERB_BAD_INPUT,
                   "problem, travel: neither roads nor matrices were given, expected one of them");
}

static kerb_status note_homes(kerb_model *model, ki_model *sealed, kerb_error *err) {
    int32_t n_late, n_loaded, n_lost;
    char text[256];
    ki_homes_find(sealed, &n_late, &n_loaded, &n_lost);
    if (n_late + n_loaded + n_lost == 0) return KERB_OK;
    snprintf(text, sizeof text,
             "vehicles under way: %d cannot be home by the end of their shift, %d come home loaded "
             "because no facility is open to them, %d cannot reach their depot",
             n_late, n_loaded, n_lost);
    return kerb_model_add_note(model, "degraded", text, err);
}

/* The problem is hashed before sealing adds its notes: the hash names the input alone. */
kerb_status kerb_model_seal(kerb_model *model, const kerb_options *options, kerb_error *err) {
    ki_error_clear(err);
    if (!model || model->sealed)
        return ki_fail(err, KERB_BAD_CALL, "kerb_model_seal: the model is sealed already");
    KI_TRY(check_roads(model, err));
    KI_TRY(hash_problem(model, err));
    ki_model *sealed;
    ki_note *notes = NULL;
    size_t n_notes = 0;
    KI_TRY(ki_model_seal(&sealed, &model->draft, model->roads, options, &notes, &n_notes, err));
    kerb_status status = add_notes(model, notes, n_notes, err);
    if (status == KERB_OK) status = note_homes(model, sealed, err);
    if (status == KERB_OK)
        model->sealed = sealed;
    else
        ki_model_free(sealed);
    return status;
}

const char *kerb_model_hash(const kerb_model *model) {
    return model->hash;
}

const char *kerb_plan_id(const kerb_plan *plan) {
    return plan->id ? plan->id : "";
}

kerb_status kerb_plan_solve(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                            kerb_error *err) {
    ki_error_clear(err);
    *out = NULL;
    if (!model || !model->sealed)
        return ki_fail(err, KERB_BAD_CALL, "kerb_plan_solve: the model is not sealed yet");
    kerb_plan *plan;
    KI_TRY(ki_solve(&plan, model, options, err));
    kerb_status status = ki_plan_identify(plan, err);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}

kerb_status kerb_plan_check(const kerb_plan *plan, const kerb_model *model, size_t *n_violations,
                            char **report, kerb_error *err) {
    ki_error_clear(err);
    *n_violations = 0;
    if (report) *report = NULL;
    if (!plan || !model || !model->sealed)
        return ki_fail(err, KERB_BAD_CALL, "kerb_plan_check: needs a plan and a sealed model");
    ki_text text = {0};
    kerb_status status = ki_plan_check(plan, model, n_violations, &text, err);
    if (status == KERB_OK && text.failed) status = ki_fail_no_memory(err, "the check's report");
    if (status == KERB_OK && report)
        *report = text.bytes;
    else
        ki_text_free(&text);
    return status;
}

kerb_status kerb_plan_solve_message(const kerb_roads *roads, const uint8_t *in, size_t n_in,
                                    uint8_t **out, size_t *n_out, const kerb_options *options,
                                    kerb_error *err) {
    *out = NULL;
    *n_out = 0;
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    kerb_status status = kerb_model_unpack(&model, roads, in, n_in, err);
    if (status == KERB_OK) status = kerb_model_seal(model, options, err);
    if (status == KERB_OK) status = kerb_plan_solve(&plan, model, options, err);
    if (status == KERB_OK) status = kerb_plan_pack(plan, out, n_out, err);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return status;
}

kerb_status kerb_file_write(const char *path, const void *bytes, size_t n_bytes, kerb_error *err) {
    return ki_file_write(path, bytes, n_bytes, err);
}

kerb_status kerb_file_read(char **out, size_t *n_out, const char *path, size_t max_bytes,
                           kerb_error *err) {
    return ki_file_read(out, n_out, path, max_bytes, err);
}
