/* SPDX-License-Identifier: GPL-3.0-or-later
 * ruin.h - takes neighbouring strings of stops out of some routes, and puts tasks back in. */
#ifndef KI_RUIN_H
#define KI_RUIN_H
#include "search/insert.h"

typedef struct ki_ruin {         /* memory of its own, so that a step allocates nothing */
    unsigned char *gone;         /* [n_tasks] taken out, not yet applied */
    int32_t *seen, stamp;        /* [n_tasks] its trip was ruined in this step */
    int32_t *pending, n_pending; /* [n_tasks] to be put back */
    int64_t *keys[6];            /* [n_tasks] orders in which to put back */
    int32_t seed;
} ki_ruin;

kerb_status ki_ruin_init(ki_ruin *ruin, ki_work *work, kerb_error *err);
void ki_ruin_strings(ki_ruin *ruin, ki_work *work);
/* Those pending, in some order, where it pays. */
void ki_ruin_put_back(ki_ruin *ruin, ki_work *work);
void ki_ruin_recreate(ki_ruin *ruin, ki_work *work, int blinks);
/* All tasks that are left out, in random order. */
void ki_ruin_construct(ki_ruin *ruin, ki_work *work);
/* Leaves out tips that would unload nothing, and breaks; returns how many stops remain. */
int32_t ki_stops_tidy(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops);
#endif
