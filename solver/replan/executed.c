/* SPDX-License-Identifier: GPL-3.0-or-later
 * executed.c - the night before, as it was carried out: what was done starts anew, what was tried
 * in vain or passed over is due. */
#include "base/error.h"
#include "base/ids.h"
#include "model/draft.h"

#include <string.h>

typedef struct executed {
    ki_draft *draft;
    ki_ids containers, streets;
    kerb_executed_totals totals;
} executed;

static void tell_container(executed *at, kerb_container *container, const kerb_event *event) {
    if (event->kind == KERB_EVENT_DONE) {
        if (event->end_s > container->last_emptied_s) container->last_emptied_s = event->end_s;
        if (container->force == KERB_FORCE_IN) container->force = KERB_FORCE_NONE;
        at->totals.n_done++;
    } else {
        if (container->force == KERB_FORCE_NONE) container->force = KERB_FORCE_IN;
        at->totals.n_due_again++;
    }
}

static void tell_street(executed *at, kerb_street *street, const kerb_event *event) {
    if (event->kind == KERB_EVENT_DONE) {
        if (event->end_s > street->last_swept_s) street->last_swept_s = event->end_s;
        at->totals.n_done++;
    } else {
        if (street->force == KERB_FORCE_NONE) street->force = KERB_FORCE_IN;
        at->totals.n_due_again++;
    }
}

static void tell(executed *at, const kerb_event *event) {
    if (event->kind < KERB_EVENT_DONE || event->kind > KERB_EVENT_FAILED || !event->id) return;
    int32_t container = ki_ids_find(&at->containers, event->id);
    int32_t street = container < 0 ? ki_ids_find(&at->streets, event->id) : -1;
    if (container >= 0)
        tell_container(at, &at->draft->containers[container], event);
    else if (street >= 0)
        tell_street(at, &at->draft->streets[street], event);
    else
        at->totals.n_unknown++;
}

kerb_status kerb_model_add_executed(kerb_model *model, const kerb_event *events, size_t n,
                                    kerb_executed_totals *totals, kerb_error *err) {
    ki_error_clear(err);
    if (!model || model->sealed || (n && !events))
        return ki_fail(err, KERB_BAD_CALL, "kerb_model_add_executed: the model is sealed already");
    ki_arena arena = {0};
    ki_draft *draft = &model->draft;
    executed at = {.draft = draft};
    int failed =
        ki_ids_build(&at.containers, &arena, draft->n_containers ? &draft->containers->id : NULL,
                     draft->n_containers, sizeof *draft->containers) ||
        ki_ids_build(&at.streets, &arena, draft->n_streets ? &draft->streets->id : NULL,
                     draft->n_streets, sizeof *draft->streets);
    for (size_t event = 0; event < n && !failed; event++)
        tell(&at, &events[event]);
    ki_arena_free(&arena);
    if (totals) *totals = at.totals;
    return failed ? ki_fail_no_memory(err, "what was carried out") : KERB_OK;
}
