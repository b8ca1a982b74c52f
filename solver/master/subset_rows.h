/* SPDX-License-Identifier: GPL-3.0-or-later
 * subset_rows.h - subset-row cuts over three tasks each: of the trips that serve two or three of
 * them a plan makes one at most. Used inside the master only.
 *
 *   sum over trips of floor(visits to the three / 2) <= 1
 *
 * Jepsen, Petersen, Spoorendonk and Pisinger, "Subset-row inequalities applied to the
 * vehicle-routing problem with time windows", Operations Research 56(2), 2008. Their prices are on
 * trips, not on arcs: a label must know of which sets it has served an odd number, so there are
 * few. */
#ifndef KI_SUBSET_ROWS_H
#define KI_SUBSET_ROWS_H
#include "master/flow.h"

#include <stddef.h>

enum { KI_SUBSET_TASKS = 3, KI_MAX_SUBSETS = 64 }; /* bits of a label's state */

typedef struct ki_subset_rows {
    int32_t n;
    int32_t rows[KI_MAX_SUBSETS][KI_SUBSET_TASKS]; /* of tasks, ascending */
    int32_t lp_row[KI_MAX_SUBSETS];
    int64_t price[KI_MAX_SUBSETS]; /* nano for each trip that counts; none negative */
    uint64_t *of_row;              /* [n_tasks] bits of the sets that hold the task */
} ki_subset_rows;

/* What a trip pays whose sets in `twice` have just met their second task. */
static inline int64_t ki_subset_price(const ki_subset_rows *subsets, uint64_t twice) {
    int64_t price = 0;
    for (; twice; twice &= twice - 1)
        price += subsets->price[__builtin_ctzll(twice)];
    return price;
}

typedef struct ki_subset_trips { /* of a fractional solution */
    const int32_t *first;        /* [n + 1] into rows */
    const int32_t *rows;         /* of the tasks that the trips serve */
    const double *values;        /* [n] */
    int32_t n, n_tasks;
} ki_subset_trips;

/* Adds the most violated sets, at most max_new, without row or price yet. A task is in few of them,
 * so that the labels do not take on every set at once. */
kerb_status ki_subset_rows_separate(ki_subset_rows *subsets, const ki_subset_trips *trips,
                                    int32_t max_new, kerb_error *err);
#endif
