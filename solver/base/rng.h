/* SPDX-License-Identifier: GPL-3.0-or-later
 * rng.h - xoshiro256** seeded by splitmix64 (Blackman and Vigna 2018): the same on
 * every machine. */
#ifndef KI_RNG_H
#define KI_RNG_H
#include <stdint.h>

typedef struct ki_rng {
    uint64_t state[4];
} ki_rng;

void ki_rng_seed(ki_rng *rng, uint64_t seed, uint64_t stream);
uint64_t ki_rng_next(ki_rng *rng);
uint32_t ki_rng_below(ki_rng *rng, uint32_t bound); /* uniform in [0, bound); bound > 0 */
double ki_rng_unit(ki_rng *rng);                    /* [0, 1) */
double ki_rng_normal(ki_rng *rng);                  /* mean 0, deviation 1 */
#endif
