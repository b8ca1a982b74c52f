/* SPDX-License-Identifier: GPL-3.0-or-later
 * api_replan.c - the public calls of re-planning: the problem of what is left of a night, a first
 * answer made of what still holds, better ones after it, and the difference in words. */
#include "base/alloc.h"
#include "base/error.h"
#include "io/messages.h"
#include "reconcile.h"
#include "replan/derive.h"
#include "replan/difference.h"
#include "replan/keep.h"
#include "solve.h"

#include <string.h>

/* A deep copy by way of the message, without what sealing noted. */
static kerb_status copy_model(kerb_model **out, const kerb_model *model, kerb_error *err) {
    uint8_t *bytes;
    size_t n_bytes;
    KI_TRY(kerb_model_pack(model, &bytes, &n_bytes, err));
    kerb_status status = kerb_model_unpack(out, model->roads, bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    if (status == KERB_OK && model->sealed) (*out)->draft.n_notes = model->n_own_notes;
    return status;
}

kerb_status kerb_model_after(kerb_model **out, const kerb_model *model, const kerb_plan *plan,
                             const kerb_event *events, size_t n_events, int64_t as_of_s,
                             kerb_error *err) {
    ki_error_clear(err);
    if (out) *out = NULL;
    if (!out || !model || !plan || (n_events && !events))
        return ki_fail(err, KERB_BAD_CALL, "kerb_model_after: needs a model, a plan and events");
    if (plan->night_start_s != model->draft.district.night_start_s)
        return ki_fail(err, KERB_BAD_INPUT,
                       "plan, field night_start_s: %lld, expected %lld, that of the problem",
                       (long long)plan->night_start_s,
                       (long long)model->draft.district.night_start_s);
    kerb_model *after;
    ki_arena arena = {0};
    ki_progress progress;
    KI_TRY(copy_model(&after, model, err));
    kerb_status status =
        ki_progress_find(&progress, &after->draft, plan, events, n_events, as_of_s, &arena, err);
    if (status == KERB_OK) status = ki_derive(&after->draft, &progress, err);
    if (status == KERB_OK) after->is_undisturbed = !progress.is_disturbed;
    ki_arena_free(&arena);
    if (status == KERB_OK)
        *out = after;
    else
        kerb_model_free(after);
    return status;
}

static kerb_status name_plan(kerb_plan *plan, const kerb_plan *before, kerb_error *err) {
    plan->parent_id = ki_arena_strdup(&plan->arena, before->id ? before->id : "");
    if (!plan->parent_id) return ki_fail_no_memory(err, "a plan's id");
    return ki_plan_identify(plan, err);
}

typedef struct replanner {
    const kerb_model *model;
    const kerb_plan *before;
    const kerb_options *options;
    ki_solution kept;
    int stays; /* nothing happened but what was planned, and all of it still holds */
} replanner;

static kerb_status answer(const replanner *at, kerb_plan **out, kerb_error *err) {
    KI_TRY(ki_solve_given(out, at->model, at->options, &at->kept, at->stays, err));
    kerb_status status = name_plan(*out, at->before, err);
    if (status == KERB_OK && at->options->answer) at->options->answer(*out, at->options->payload);
    return status;
}

/* The search knows no pile. Where what it found leaves stations too full that the first answer does
 * not, that stays, now with a bound. */
static kerb_status improve(const replanner *at, kerb_plan **out, kerb_error *err) {
    kerb_plan *better = NULL;
    if (at->stays || at->options->iterations < 0) return KERB_OK;
    kerb_status status = ki_solve_from(&better, at->model, at->options, &at->kept, err);
    if (status == KERB_OK && ki_reconcile_over_g(better) > ki_reconcile_over_g(*out)) {
        kerb_plan_free(better);
        status = ki_solve_given(&better, at->model, at->options, &at->kept, 1, err);
    }
    if (status == KERB_OK) status = name_plan(better, at->before, err);
    if (status != KERB_OK) {
        kerb_plan_free(better);
        return status;
    }
    kerb_plan_free(*out);
    *out = better;
    return KERB_OK;
}

kerb_status kerb_plan_replan(kerb_plan **out, const kerb_model *model, const kerb_plan *before,
                             const kerb_options *options, kerb_error *err) {
    static const kerb_options defaults = {0};
    ki_error_clear(err);
    if (out) *out = NULL;
    if (!out || !model || !model->sealed || !before)
        return ki_fail(err, KERB_BAD_CALL, "kerb_plan_replan: needs a sealed model and a plan");
    kerb_plan view = ki_plan_without_hauls(before);
    replanner at = {.model = model, .before = &view, .options = options ? options : &defaults};
    kerb_plan *plan = NULL;
    int is_whole;
    KI_TRY(ki_keep(&at.kept, &is_whole, model, &view, !model->is_undisturbed, err));
    at.stays = is_whole && model->is_undisturbed;
    kerb_status status = KERB_OK;
    if (!at.stays && model->is_undisturbed) { /* late, so that something must move after all */
        ki_solution_free(&at.kept);
        status = ki_keep(&at.kept, &is_whole, model, &view, 1, err);
    }
    if (status == KERB_OK) status = answer(&at, &plan, err);
    if (status == KERB_OK) status = improve(&at, &plan, err);
    ki_solution_free(&at.kept);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}

kerb_status kerb_plan_difference(const kerb_plan *before, const kerb_plan *after,
                                 const kerb_model *model, char **out, kerb_error *err) {
    ki_error_clear(err);
    if (out) *out = NULL;
    if (!out || !before || !after || !model)
        return ki_fail(err, KERB_BAD_CALL, "kerb_plan_difference: needs two plans and a model");
    ki_text text = {0};
    kerb_status status = ki_plan_difference(&text, before, after, &model->draft, err);
    if (status == KERB_OK)
        *out = text.bytes;
    else
        ki_text_free(&text);
    return status;
}
