/* SPDX-License-Identifier: GPL-3.0-or-later
 * keep.h - what still holds of an earlier plan, as a solution of the problem of what is left. */
#ifndef KI_KEEP_H
#define KI_KEEP_H
#include "plan/plan.h"

/* The routes of `before` behind what is past, in their order; what can no longer be done there is
 * taken out, fewest and cheapest first. *is_whole: nothing had to be taken out or changed. Then,
 * with insert, everything that nobody serves goes where it costs least, dearest first, if that is
 * less than leaving it out. model: sealed, made by ki_derive from `before`. ki_solution_free. */
kerb_status ki_keep(ki_solution *out, int *is_whole, const kerb_model *model,
                    const kerb_plan *before, int insert, kerb_error *err);
#endif
