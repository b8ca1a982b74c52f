/* SPDX-License-Identifier: GPL-3.0-or-later
 * cooling.h - the temperature of an annealing, step by step. */
#ifndef KI_COOLING_H
#define KI_COOLING_H
#include "base/rng.h"

typedef struct ki_cooling {
    double temperature, factor;
    int64_t from, to; /* steps between which it falls */
} ki_cooling;

/* From `hot` down to cold_ratio of it, but from `hot / less` only: a later round. */
void ki_cooling_set(ki_cooling *cooling, double hot, int less, double cold_ratio, int64_t from,
                    int64_t to);
/* As it is after n steps. */
double ki_cooling_at(const ki_cooling *cooling, int64_t n);
/* What the next step, number n, may cost more; the temperature falls after it. */
int64_t ki_cooling_allows(ki_cooling *cooling, ki_rng *rng, int64_t n);
#endif
