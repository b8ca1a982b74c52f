/* SPDX-License-Identifier: GPL-3.0-or-later
 * solve.h - from a sealed model to a checked plan. */
#ifndef KI_SOLVE_H
#define KI_SOLVE_H
#include "plan/plan.h"

/* The plan has passed plan/check. Its id is left "": it is the hash of a message, which the
 * solver does not know. Fails with KERB_INTERNAL where the checker refuses (a fault of ours). */
kerb_status ki_solve(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                     kerb_error *err);
/* The same, searching from a feasible solution; never dearer than it. */
kerb_status ki_solve_from(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                          const ki_solution *from, kerb_error *err);
/* The checked plan of a feasible solution as it is, with a bound or without. */
kerb_status ki_solve_given(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                           const ki_solution *given, int with_bound, kerb_error *err);
#endif
