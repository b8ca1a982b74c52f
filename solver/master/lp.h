/* SPDX-License-Identifier: GPL-3.0-or-later
 * lp.h - a linear or integer program behind which GLPK hides; lp_glpk.c alone includes glpk.h.
 *
 * Minimises. Rows and columns count from 0; an absent bound is INFINITY or -INFINITY. Every call
 * blocks while the worker's thread does the work, so that all GLPK objects live on that thread.
 *
 * A fault (NaN handed in, an internal error of GLPK, its memory limit) is an outcome, not an
 * error: the program is dead from then on and each later solve answers KI_LP_FAULT. All programs
 * that live on the same worker die with it; the process and the caller's own GLPK do not. */
#ifndef KI_LP_H
#define KI_LP_H
#include "base/pool.h"

typedef enum ki_lp_outcome {
    KI_LP_OPTIMAL = 0,
    KI_LP_LIMIT,      /* stopped by a count; values are feasible (MIP) or the last basis (LP) */
    KI_LP_INFEASIBLE, /* or, for a MIP, nothing found within the limit */
    KI_LP_UNBOUNDED,
    KI_LP_FAULT
} ki_lp_outcome;

typedef enum ki_lp_method { KI_LP_PRIMAL = 0, KI_LP_DUAL } ki_lp_method;

typedef struct ki_lp ki_lp;
kerb_status ki_lp_new(ki_lp **out, ki_worker *worker, kerb_error *err);
void ki_lp_free(ki_lp *lp);

/* Entries of row r are start[r] to start[r + 1]; start NULL: rows without entries. */
void ki_lp_add_rows(ki_lp *lp, int32_t n, const double *lower, const double *upper,
                    const int32_t *start, const int32_t *columns, const double *values);
/* The basis stays: new columns enter nonbasic. */
void ki_lp_add_columns(ki_lp *lp, int32_t n, int integer, const double *cost, const double *lower,
                       const double *upper, const int32_t *start, const int32_t *rows,
                       const double *values);
/* Other bounds for a row, for a column that is there; the basis stays. */
void ki_lp_set_row(ki_lp *lp, int32_t row, double lower, double upper);
void ki_lp_set_column(ki_lp *lp, int32_t column, double lower, double upper);
int32_t ki_lp_row_count(const ki_lp *lp);
int32_t ki_lp_column_count(const ki_lp *lp);
/* Pivots of all ki_lp_solve so far times the rows there were: the same on every machine, and about
 * what they cost. */
int64_t ki_lp_work(const ki_lp *lp);

/* Simplex from the basis at hand, at most max_pivots. */
ki_lp_outcome ki_lp_solve(ki_lp *lp, ki_lp_method method, int32_t max_pivots);
/* Branch and bound over at most max_nodes. incumbent: [n_columns] or NULL; used only if it
 * satisfies every row. */
ki_lp_outcome ki_lp_solve_integer(ki_lp *lp, const double *incumbent, int32_t max_nodes);

/* Of the latest solve; valid until the next call. */
double ki_lp_objective(const ki_lp *lp);
const double *ki_lp_values(const ki_lp *lp); /* [n_columns] */
const double *ki_lp_duals(const ki_lp *lp);  /* [n_rows]; after ki_lp_solve only */
const char *ki_lp_fault(const ki_lp *lp);    /* what went wrong, or NULL */
/* What no integer solution is below, as far as the latest ki_lp_solve_integer went; -INFINITY:
 * nothing is known. In GLPK's floating point: leave it some slack. */
double ki_lp_bound(const ki_lp *lp);

/* For tests only. The n-th operation from now breaks a rule of GLPK, which makes it abort inside;
 * 0: none. The memory limit holds for programs made afterwards on a worker without any. */
void ki_lp_fail_at(int64_t nth);
void ki_lp_limit_memory_mb(int megabytes);
#endif
