/* SPDX-License-Identifier: GPL-3.0-or-later
 * bound.h - a proven lower bound on the cost of any plan of the sealed model, prizes included. */
#ifndef KI_BOUND_H
#define KI_BOUND_H
#include "base/pool.h"
#include "master/route_pool.h"

typedef struct ki_bound {
    int64_t bound_nano;     /* valid for every feasible solution; 0 if nothing better is known */
    const char *relaxation; /* static string: its name */
    const char *scope;      /* static string: what was relaxed, in a sentence */
    int32_t n_columns, n_passes;
    int32_t n_by_arcs, n_by_trips; /* components by the relaxation that proved the most */
} ki_bound;

/* effort: a count (pricing passes), never a time. pool may seed columns; may be NULL. */
kerb_status ki_bound_compute(ki_bound *out, const ki_model *model, const ki_route_pool *pool,
                             ki_worker *worker, int32_t effort, kerb_error *err);

/* The same with a way out: stop is asked before and within passes, and nonzero ends the work with
 * what is proved so far, which is as valid. For a person who waits, so never part of a repeatable
 * run. */
typedef struct ki_bound_limit {
    int32_t effort;
    int64_t tries;              /* steps of labels at most; 0: as effort says */
    int (*stop)(void *payload); /* NULL: never */
    void *payload;
    const ki_route_pool *pool; /* its routes are the first columns; NULL: none */
    const ki_solution *near;   /* where the price of balance is touched; NULL: it costs nothing */
} ki_bound_limit;
kerb_status ki_bound_compute_until(ki_bound *out, const ki_model *model, ki_worker *worker,
                                   const ki_bound_limit *limit, kerb_error *err);
/* What holds without any proof: no plan earns more than 0 but by what facilities pay. At most 0;
 * INT64_MIN / 4 if there was no memory to tell. */
int64_t ki_bound_without_proof(const ki_model *model);
#endif
