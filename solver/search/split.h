/* SPDX-License-Identifier: GPL-3.0-or-later
 * split.h - the best way to cut a tour over all tasks into routes. */
#ifndef KI_SPLIT_H
#define KI_SPLIT_H
#include "search/plain.h"

typedef struct ki_split { /* memory of its own */
    int64_t *best_mm;     /* [n + 1] of the first tasks of the tour */
    int32_t *from;        /* [n + 1] where the last route begins */
} ki_split;

kerb_status ki_split_init(ki_split *split, ki_work *work, kerb_error *err);
/* cuts: [most_routes] out, where each route ends in the tour; returns how many. Too much load costs
 * penalty / 1024 a unit. */
int32_t ki_split_tour(ki_split *split, const ki_plain *plain, const int32_t *tour, int64_t penalty,
                      int32_t *cuts);
#endif
