/* SPDX-License-Identifier: GPL-3.0-or-later
 * sequence.h - what comes before what on a route. A stop of a sequence has its place there as its
 * rank, from 1; all others have 0. A route keeps to a sequence if ranks never fall along it:
 *
 *   ─── 1 ─── · ─── 3 ───│─── 3 ─── · ─── 4 ───      highest before ≤ lowest behind
 *
 * So two pieces may be joined if the highest rank of the first is no more than the lowest of the
 * second, in every sequence: O(1), whatever their length. Nothing here is called where the model
 * has no sequences. */
#ifndef KI_SEQUENCE_H
#define KI_SEQUENCE_H
#include "model/model.h"

typedef struct ki_ranks { /* by sequence; 0: none of it */
    uint16_t of[KI_MAX_SEQUENCES];
} ki_ranks;

static inline uint16_t ki_rank(const ki_model *model, int32_t task, int32_t sequence) {
    return model->ranks[(size_t)task * (size_t)model->n_sequences + (size_t)sequence];
}

/* One task more at the end of a piece with these highest ranks: how many sequences it breaks. */
static inline int32_t ki_ranks_follow(const ki_model *model, ki_ranks *highest, int32_t task) {
    int32_t n_broken = 0;
    for (int32_t at = 0; at < model->n_sequences; at++) {
        uint16_t rank = ki_rank(model, task, at);
        if (rank == 0) continue;
        if (rank < highest->of[at])
            n_broken++;
        else
            highest->of[at] = rank;
    }
    return n_broken;
}

/* The lowest of a piece, with one task more. */
static inline void ki_ranks_lower(const ki_model *model, ki_ranks *lowest, int32_t task) {
    for (int32_t at = 0; at < model->n_sequences; at++) {
        uint16_t rank = ki_rank(model, task, at);
        if (rank && (lowest->of[at] == 0 || rank < lowest->of[at])) lowest->of[at] = rank;
    }
}

/* Whether a piece with these lowest ranks may follow one with these highest. */
static inline int ki_ranks_meet(const ki_model *model, const ki_ranks *highest,
                                const ki_ranks *lowest) {
    for (int32_t at = 0; at < model->n_sequences; at++)
        if (lowest->of[at] && lowest->of[at] < highest->of[at]) return 0;
    return 1;
}

static inline void ki_ranks_raise(const ki_model *model, ki_ranks *highest, const ki_ranks *by) {
    for (int32_t at = 0; at < model->n_sequences; at++)
        if (by->of[at] > highest->of[at]) highest->of[at] = by->of[at];
}
#endif
