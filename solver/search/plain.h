/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain.h - a model that is no more than a capacitated routing problem, as bare numbers.
 *
 * Plain: one type of shift, one trip a route (no way leads on from its only tip), no time that
 * binds or costs, one dimension of load that may bind, every task worth its own route. Then a route
 * costs its legs, by the cheapest modes of its tasks, and only load can make it infeasible: the
 * population search (genetic.h) works on these numbers alone and pays for nothing else. */
#ifndef KI_PLAIN_H
#define KI_PLAIN_H
#include "search/modes.h"

typedef struct ki_plain {
    int32_t n;          /* tasks; their rows are 0..n-1 */
    int32_t start, end; /* rows of the depot: n on leaving, n + 1 on return, tip included */
    size_t width;       /* n + 2 */
    int32_t *leg_mm;    /* [width][width]; by the best modes of both ends */
    ki_modes *modes;    /* NULL: every task has one, and a route costs its legs */
    int64_t *load;      /* [n] */
    int64_t capacity, total_load;
    int64_t used_mm;            /* price of one more route */
    int32_t most_routes;        /* that a solution may use here: ample */
    int32_t *near, *near_first; /* of task t: near[near_first[t]] up to near_first[t + 1],
                                   nearest first */
    double *x, *y;              /* [n] a map made of the legs alone, the depot at 0, 0 */
} ki_plain;

/* One type and one tip, no way on from it: routes of one trip, whatever else the model has. */
int ki_model_is_one_trip(const ki_model *model);
int ki_model_is_plain(const ki_model *model);
/* Routes that one load fills, of a plain model. */
int64_t ki_plain_fewest_routes(const ki_model *model);
/* From a plain model and the neighbours of the work; lives in the arena of the work. */
kerb_status ki_plain_make(ki_plain *plain, ki_work *work, kerb_error *err);

static inline int64_t ki_plain_leg(const ki_plain *plain, int32_t from, int32_t to) {
    return plain->leg_mm[(size_t)from * plain->width + (size_t)to];
}
/* Of a route over some tasks: legs and use, without what too much load costs. */
int64_t ki_plain_route(const ki_plain *plain, const int32_t *tasks, int32_t n);
#endif
