/* SPDX-License-Identifier: GPL-3.0-or-later
 * reconcile.h - collection gives way where hauls cannot keep a pile down. */
#ifndef KI_RECONCILE_H
#define KI_RECONCILE_H
#include "plan/plan.h"

/* Tips that were tried elsewhere in vain, so that none is tried twice. */
typedef struct ki_reconcile_tried {
    ki_stop tip; /* as it was */
    int32_t route, at, elsewhere;
} ki_reconcile_tried;
enum { KI_RECONCILE_ROUNDS = 6 };
typedef struct ki_reconcile {
    ki_reconcile_tried tried[KI_RECONCILE_ROUNDS];
    int32_t n_tried;
} ki_reconcile;

/* Grams above buffers and closing stocks, over all piles of the plan. */
int64_t ki_reconcile_over_g(const kerb_plan *plan);
/* plan: that of the solution, hauls added. Where a pile is too high, *moved is the solution with
 * one of the tips that raise it at another facility: the cheapest such that takes enough away, or
 * else the cheapest of all. *found 0: there is none. Remembers what it gave. Fails with
 * KERB_NO_MEMORY. */
kerb_status ki_reconcile_move(ki_reconcile *state, const kerb_model *model, const kerb_plan *plan,
                              const ki_solution *solution, ki_solution *moved, int *found,
                              kerb_error *err);
#endif
