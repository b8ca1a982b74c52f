/* SPDX-License-Identifier: GPL-3.0-or-later
 * genetic.h - the outer loop for plain models: a population, order crossover, split, descent. */
#ifndef KI_GENETIC_H
#define KI_GENETIC_H
#include "search/population.h"
#include "search/split.h"
#include "search/tours.h"

typedef struct ki_genetic {
    ki_plain plain;
    ki_descent descent;
    ki_split split;
    ki_population population;
    int64_t n_steps, n_members, n_stale; /* members: since the last start; stale: steps without a
                                            better one */
    ki_tours tours;                      /* of a child before its descent */
    uint8_t *taken;                      /* [n] */
    struct ki_bearing *bearings;         /* [most_routes] */
    ki_member *best;                     /* feasible, the cheapest ever; mm INT64_MAX: none */
} ki_genetic;

/* For a plain model with neighbours found. Everything lives in the arena of the work. */
kerb_status ki_genetic_init(ki_genetic *genetic, ki_work *work, kerb_error *err);
/* One child and its descent; 1 if it is better than the best. */
int ki_genetic_step(ki_genetic *genetic);
/* The best as routes: stops needs room for all tasks and a tip a route. */
int32_t ki_genetic_write(const ki_genetic *genetic, const ki_model *model, ki_route *routes,
                         ki_stop *stops);
/* Takes in a solution found elsewhere, if it serves every task. */
void ki_genetic_offer(ki_genetic *genetic, const ki_solution *solution);
#endif
