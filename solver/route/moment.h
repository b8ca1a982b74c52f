/* SPDX-License-Identifier: GPL-3.0-or-later
 * moment.h - how far apart the stops of a route lie, for the price of compactness.
 *
 *   sum of |stop - middle|² = sum of |stop|² - |sum of stops|² / n        (Steiner, or Huygens)
 *
 * The first sum belongs to each stop alone and is priced with it (ki_habit_nano); what is kept
 * along a route is the second, two sums and a count, so that pieces join in O(1) and no move has to
 * know the middle. The measure is the moment of inertia of Hess, Weaver, Siegfeldt, Whelan, Zitlau,
 * "Nonpartisan political redistricting by computer", Operations Research 13 (1965). */
#ifndef KI_MOMENT_H
#define KI_MOMENT_H
#include "model/model.h"

typedef struct ki_moment {
    int64_t x_m, y_m; /* sums */
    int32_t n;        /* stops that have a place */
} ki_moment;

static inline void ki_moment_add(ki_moment *moment, const ki_task *task) {
    if (task->x_m == KI_NOWHERE) return;
    moment->x_m += task->x_m;
    moment->y_m += task->y_m;
    moment->n++;
}

/* What lies behind `from` up to `to`, both counted from one start. */
static inline void ki_moment_join(ki_moment *moment, const ki_moment *from, const ki_moment *to) {
    moment->x_m += to->x_m - from->x_m;
    moment->y_m += to->y_m - from->y_m;
    moment->n += to->n - from->n;
}

/* floor(sum² / n), without a square that would not fit. */
static inline int64_t ki_moment_share(int64_t sum, int64_t n) {
    int64_t size = sum < 0 ? -sum : sum, whole = size / n, rest = size % n;
    return whole * whole * n + 2 * whole * rest + rest * rest / n;
}

/* What having a middle of its own takes off the price of a route's stops. */
static inline int64_t ki_moment_nano(const ki_model *model, const ki_moment *moment) {
    if (moment->n == 0) return 0;
    return model->compact_nano_per_m2 *
           (ki_moment_share(moment->x_m, moment->n) + ki_moment_share(moment->y_m, moment->n));
}
#endif
