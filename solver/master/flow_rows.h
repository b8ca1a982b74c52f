/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow_rows.h - the rows and columns that every relaxation of the flow has. Used inside the master
 * only.
 *
 * Rows: each task is served or left out; what enters a node leaves it (an end's row is empty); a
 * layer's time fits into the spells of the shifts it uses; what exceeds regular hours is overtime;
 * what exceeds full batteries is charged, which takes time as well;
 * where sending a shift out costs anything, the count of all shifts in use, without a limit at
 * first, and in small flows the count of each layer's trips.
 * Columns: each task left out (its row's number is its column's), the shifts, overtime, charging,
 * trips.
 */
#ifndef KI_FLOW_ROWS_H
#define KI_FLOW_ROWS_H
#include "master/lp_lines.h"
#include "master/pricing.h"
#include "master/shift_branches.h"

#define KI_MILLION 1e6 /* of ms and of ppm in one unit of the LP */

typedef struct ki_flow_rows {
    const ki_flow *flow;
    int32_t *hours, *overtime, *charge; /* [n_layers] row, -1: none; a node's: n_tasks + node */
    int32_t *trips;                     /* [n_layers] likewise */
    double scale;                       /* nano to LP units */
    int32_t count;                      /* row of all shifts in use; -1: none */
    int counts_trips;                   /* ... and of a small flow the trips */
    int32_t *column_of_type;            /* [n_types] its shifts; -1: not in the flow */
    int32_t *column_of_trips;           /* [n_layers] -1: they are not counted */
    int32_t n_all;                      /* shifts, those with settings once for each */
    int32_t *least, *most; /* [n_types + 1 + n_layers] shifts in use, by type and all together, and
                              trips */
} ki_flow_rows;

kerb_status ki_flow_rows_new(ki_flow_rows *rows, const ki_flow *flow, ki_arena *arena,
                             kerb_error *err);
/* most: how often a task may be served or left out in all, 1 or INFINITY. */
void ki_flow_rows_put(ki_flow_rows *rows, ki_lines *made, double most);
void ki_flow_rows_columns(const ki_flow_rows *rows, ki_lines *made);
/* Entries of a column that drives the arc, or so much in all. */
void ki_flow_rows_put_time(const ki_flow_rows *rows, ki_lines *made, int32_t layer, double time_ms,
                           double charge_ms);
/* ... and of one that comes to so many tips. */
void ki_flow_rows_put_trips(const ki_flow_rows *rows, ki_lines *made, int32_t layer, int32_t n);
/* Prices of these rows, as integers of the right sign. task_least: -1e15 or 0. */
void ki_flow_rows_duals(const ki_flow_rows *rows, const double *dual, double task_least,
                        ki_flow_duals *out);
/* used: [n_types + 1 + n_layers] shifts in use in the LP's solution, by type and all together, and
 * trips. */
void ki_flow_rows_used(const ki_flow_rows *rows, const double *values, double *used);
/* From now on from least to most shifts and trips: [n_types + 1 + n_layers]. */
void ki_flow_rows_limit(ki_flow_rows *rows, ki_lp *lp, const int32_t *least, const int32_t *most);
/* What whole numbers of shifts and trips prove beyond *bound_nano, from the LP's solution on.
 * Without a price of shifts nothing is asked. */
kerb_status ki_flow_rows_branch(const ki_flow_rows *rows, const double *values,
                                ki_branch_prove *prove, void *payload, int64_t *bound_nano,
                                kerb_error *err);
/* Between, rounded; not a number counts as the least. */
int64_t ki_to_integer(double value, double least, double most);
#endif
