/* SPDX-License-Identifier: GPL-3.0-or-later
 * squeeze.h - one shift fewer, before the costs of what is driven are looked at.
 *
 * While an annealing is hot it keeps nothing of what it finds. These steps are spent on a question
 * that annealing answers badly, as all steps towards its answer cost: can the tasks be served with
 * one shift fewer? A route is closed and may not be opened again; what has no place is left out at
 * a small price that rises with every step it stays out. So tasks that are hard to place push out
 * others that are easy, until all have a place; then the next route is closed. An attempt that has
 * found nothing better for long is given up, and the next closes a shift of another type.
 *
 * Source: the counters of absence are those of Christiaens and Vanden Berghe, "Slack induction by
 * string removals for vehicle routing problems", Transportation Science 54(2), 2020, section 5; as
 * prices here, so that what is optional, trips, breaks and kinds of vehicles need nothing more. */
#ifndef KI_SQUEEZE_H
#define KI_SQUEEZE_H
#include "search/trips.h"

typedef struct ki_squeeze {
    int64_t *out_nano;              /* [n_tasks] what leaving them out costs now */
    int64_t unit_nano;              /* what a task costs */
    int64_t best_nano;              /* cost to beat */
    int64_t least_nano;             /* the latest low of this attempt, with real prizes */
    int64_t n_steps;                /* since then; 0: the attempt is to begin */
    int32_t type;                   /* of the shift that was closed */
    int32_t n_out_before, n_closed; /* tasks left out before it, and with it */
    int32_t *n_failed;              /* [n_types] attempts */
    int is_on, is_done;
    int is_off; /* for good */
} ki_squeeze;

kerb_status ki_squeeze_init(ki_squeeze *squeeze, ki_work *work, kerb_error *err);
/* Whether some shift in use costs enough. */
int ki_squeeze_pays(const ki_work *work);
/* From the best state so far. */
void ki_squeeze_begin(ki_squeeze *squeeze, ki_work *work);
/* 1: the state is better than the best so far; from here the next route is closed. It ends by
 * itself when there is none. */
int ki_squeeze_step(ki_squeeze *squeeze, ki_work *work, ki_ruin *ruin, ki_trips *trips);
/* 1: this attempt has taken long enough. The caller sets the state the next one starts from. */
int ki_squeeze_is_hopeless(ki_squeeze *squeeze, const ki_work *work);
/* Real prices again. The state is what it was, perhaps with tasks left out. */
void ki_squeeze_end(ki_squeeze *squeeze, ki_work *work);
#endif
