/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_columns.h - the trips that a linear program has, and its columns of them. Used inside the
 * master only. */
#ifndef KI_TRIP_COLUMNS_H
#define KI_TRIP_COLUMNS_H
#include "master/cuts.h"
#include "master/flow_rows.h"
#include "master/route_pool.h"
#include "master/trip_labels.h"

/* Nodes of the flow, in their order: where the trip starts, its tasks, its tip. A drive without
 * tasks has two. */
typedef struct ki_trip_columns {
    const ki_flow *flow;
    int32_t *first; /* [n + 1] into nodes */
    int32_t *nodes;
    size_t first_capacity, nodes_capacity;
    int32_t n, n_in_lp;
} ki_trip_columns; /* start from {.flow} */

kerb_status ki_trip_columns_add(ki_trip_columns *columns, int32_t from, const int32_t *tasks,
                                int32_t n_tasks, int32_t to, kerb_error *err);
/* Every drive between depot, tips and end. */
kerb_status ki_trip_columns_add_empty(ki_trip_columns *columns, kerb_error *err);
/* The trips of at most so many routes of the pool that the flow can drive. */
kerb_status ki_trip_columns_add_pool(ki_trip_columns *columns, const ki_route_pool *pool,
                                     int32_t max_routes, kerb_error *err);
typedef struct ki_trip_cuts { /* that the program has */
    const ki_flow_cut *cuts;
    const int32_t *cut_row; /* [n_cuts] */
    int32_t n_cuts, n_subsets;
    const ki_subset_rows *subsets;
} ki_trip_cuts;

/* Lines of the columns that the program lacks. */
void ki_trip_columns_put(ki_trip_columns *columns, const ki_flow_rows *rows,
                         const ki_trip_cuts *cuts, ki_lines *made);
/* A cut's entry in a column. */
double ki_trip_columns_cut(const ki_trip_columns *columns, const ki_flow_cut *cut, int32_t column);
double ki_trip_columns_subset(const ki_trip_columns *columns, const ki_subset_rows *subsets,
                              int32_t set, int32_t column);
/* Sets that the solution violates, as ki_subset_rows_separate. values: [n_in_lp]. */
kerb_status ki_trip_columns_separate(const ki_trip_columns *columns, const double *values,
                                     ki_subset_rows *subsets, int32_t max_new, kerb_error *err);
void ki_trip_columns_free(ki_trip_columns *columns);
#endif
