/* SPDX-License-Identifier: GPL-3.0-or-later
 * sequence.c - sequences: stops that come in their order on each route, as ranks of tasks. One of
 * which tonight no two stops could meet on a route is none. */
#include "model/seal.h"

#include "base/error.h"

#include <string.h>

enum { MOST_STOPS = 1000 };

/* ---- faults ---------------------------------------------------------------------------------- */

static int is_known(const ki_draft_ids *ids, const char *id) {
    return ki_ids_find(&ids->containers, id) >= 0 || ki_ids_find(&ids->streets, id) >= 0;
}

static int is_repeated(const kerb_sequence *sequence, size_t at) {
    for (size_t other = 0; other < at; other++)
        if (strcmp(sequence->stops[other].id, sequence->stops[at].id) == 0) return 1;
    return 0;
}

void ki_validate_sequences(const ki_draft *draft, const ki_draft_ids *ids, ki_faults *faults) {
    if (draft->n_sequences > KI_MAX_SEQUENCES)
        ki_fault(faults, "district, number of sequences: %zu, expected at most %d",
                 draft->n_sequences, (int)KI_MAX_SEQUENCES);
    for (size_t index = 0; index < draft->n_sequences; index++) {
        const kerb_sequence *sequence = &draft->sequences[index];
        if (sequence->n_stops > MOST_STOPS) {
            ki_fault(faults, "sequence %zu, number of stops: %zu, expected at most %d", index,
                     sequence->n_stops, (int)MOST_STOPS);
            continue;
        }
        for (size_t at = 0; at < sequence->n_stops; at++)
            if (!is_known(ids, sequence->stops[at].id))
                ki_fault(faults,
                         "sequence %zu, field stops: %s, expected a known container or street",
                         index, sequence->stops[at].id);
            else if (is_repeated(sequence, at))
                ki_fault(faults, "sequence %zu, field stops: %s twice, expected each once", index,
                         sequence->stops[at].id);
    }
}

/* ---- ranks ----------------------------------------------------------------------------------- */

/* The first task of a stop; -1: none tonight. */
static int32_t first_task(const ki_seal *seal, const char *id) {
    int32_t container = ki_ids_find(&seal->ids.containers, id);
    if (container >= 0) return seal->model->container_decisions[container].task;
    return seal->model->street_decisions[ki_ids_find(&seal->ids.streets, id)].task;
}

/* Whether some type may serve two of its stops. */
static int may_be_broken(const ki_seal *seal, const kerb_sequence *sequence) {
    uint64_t seen = 0;
    for (size_t at = 0; at < sequence->n_stops; at++) {
        int32_t task = first_task(seal, sequence->stops[at].id);
        if (task < 0) continue;
        if (seen & seal->model->tasks[task].types) return 1;
        seen |= seal->model->tasks[task].types;
    }
    return 0;
}

static void set_ranks(ki_seal *seal, const kerb_sequence *sequence, int32_t column, int32_t n) {
    for (size_t at = 0; at < sequence->n_stops; at++) {
        int32_t first = first_task(seal, sequence->stops[at].id), task = first;
        for (int32_t pass = 1; task >= 0; task = ki_task_of_pass(seal->model, first, ++pass))
            seal->model->ranks[(size_t)task * (size_t)n + (size_t)column] = (uint16_t)(at + 1);
    }
}

kerb_status ki_seal_sequences(ki_seal *seal) {
    ki_model *model = seal->model;
    const ki_draft *draft = seal->draft;
    int32_t n = 0;
    for (size_t index = 0; index < draft->n_sequences; index++)
        n += may_be_broken(seal, &draft->sequences[index]);
    if (n == 0) return KERB_OK;
    model->ranks =
        ki_arena_alloc(&model->arena, (size_t)model->n_tasks * (size_t)n, sizeof *model->ranks);
    if (!model->ranks) return ki_fail_no_memory(seal->err, "sequences");
    for (size_t index = 0; index < draft->n_sequences; index++)
        if (may_be_broken(seal, &draft->sequences[index]))
            set_ranks(seal, &draft->sequences[index], model->n_sequences++, n);
    return KERB_OK;
}
