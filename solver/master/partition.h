/* SPDX-License-Identifier: GPL-3.0-or-later
 * partition.h - GLPK chooses the final routes from the pool: set partitioning with a slack per
 * task at its prize, at most n_shifts routes of each type. Whole pool where small, otherwise
 * neighbourhood problems around the incumbent. */
#ifndef KI_PARTITION_H
#define KI_PARTITION_H
#include "base/pool.h"
#include "master/route_pool.h"

typedef struct ki_choice_log { /* what GLPK did, for the plan */
    int32_t n_mips, n_columns, n_improved, n_faults;
    int64_t gained_nano;
    int proved; /* the whole pool was one problem, solved to optimality */
} ki_choice_log;

/* out: the best combination of incumbent and pool; never worse than the incumbent; the decoded
 * solution of a GLPK problem that has been priced again before it is believed. worker is GLPK's
 * private thread. node_limit counts branch-and-bound nodes per problem: reproducible. */
kerb_status ki_partition_choose(ki_solution *out, const ki_model *model, const ki_route_pool *pool,
                                const ki_solution *incumbent, ki_worker *worker, int32_t node_limit,
                                ki_choice_log *log, kerb_error *err);
#endif
