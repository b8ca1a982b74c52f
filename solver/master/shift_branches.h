/* SPDX-License-Identifier: GPL-3.0-or-later
 * shift_branches.h - a plan uses a whole number of shifts of each type and makes a whole number of
 * trips, its relaxation a fraction of one more. Used inside the master only. */
#ifndef KI_SHIFT_BRANCHES_H
#define KI_SHIFT_BRANCHES_H
#include "kerbside.h"

/* What is proved of plans with from least to most shifts of each type, then of all together, then
 * trips of each fleet: [n + 1 + n_trips] each. Beyond enough_nano nobody asks. used: as long, what
 * the relaxation uses then. */
typedef kerb_status ki_branch_prove(void *payload, const int32_t *least, const int32_t *most,
                                    int64_t enough_nano, int64_t *bound_nano, double *used);

typedef struct ki_shift_branches {
    int32_t n;                   /* types */
    int32_t n_trips;             /* fleets whose trips are counted; 0: none */
    const int32_t *least, *most; /* [n + 1 + n_trips] */
    const double *used;          /* likewise, in the relaxation's solution without other limits */
    int32_t max_proofs;          /* calls of prove; at least 2, or nothing is gained */
    ki_branch_prove *prove;
    void *payload;
} ki_shift_branches;

/* Raises *bound_nano, what is proved without limits, to the least of what is proved of parts that
 * hold every plan. Fails with what prove fails with, and with KERB_NO_MEMORY. */
kerb_status ki_shift_branches_run(const ki_shift_branches *branches, int64_t *bound_nano,
                                  kerb_error *err);
#endif
