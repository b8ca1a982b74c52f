/* SPDX-License-Identifier: GPL-3.0-or-later
 * shift_branches.h - a plan uses a whole number of shifts, its relaxation a fraction of one more.
 * Used inside the master only. */
#ifndef KI_SHIFT_BRANCHES_H
#define KI_SHIFT_BRANCHES_H
#include "kerbside.h"

/* What is proved of plans with at least, or at most, so many shifts; -1: no limit. Beyond
 * enough_nano nobody asks. */
typedef kerb_status ki_branch_prove(void *payload, int32_t least, int32_t most, int64_t enough_nano,
                                    int64_t *bound_nano);

/* used: shifts in the relaxation's solution; below 0: nobody counts. Raises *bound_nano, what is
 * proved without limits, to the weaker of what is proved of the two whole numbers beside it. */
kerb_status ki_shift_branches(double used, ki_branch_prove *prove, void *payload,
                              int64_t *bound_nano);
#endif
