/* SPDX-License-Identifier: GPL-3.0-or-later
 * solve.h - from a sealed model to a checked plan. */
#ifndef KI_SOLVE_H
#define KI_SOLVE_H
#include "plan/plan.h"

/* The plan has passed plan/check. Its id is left "": it is the hash of a message, which the
 * solver does not know. Fails with KERB_INTERNAL where the checker refuses (a fault of ours). */
kerb_status ki_solve(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                     kerb_error *err);
#endif
