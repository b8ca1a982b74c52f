/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

static uint64_t splitmix(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void ki_rng_seed(ki_rng *rng, uint64_t seed, uint64_t stream) {
    uint64_t state = seed ^ (stream * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du);
    for (int word = 0; word < 4; word++)
        rng->state[word] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
}

uint64_t ki_rng_next(ki_rng *rng) {
    uint64_t *s = rng->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t ki_rng_below(ki_rng *rng, uint32_t bound) {
    /* Lemire's multiply-shift with rejection: unbiased. */
    uint64_t product = (ki_rng_next(rng) >> 32) * bound;
    uint32_t low = (uint32_t)product;
    if (low < bound) {
        uint32_t threshold = (uint32_t)(-bound) % bound;
        while (low < threshold) {
            product = (ki_rng_next(rng) >> 32) * bound;
            low = (uint32_t)product;
        }
    }
    return (uint32_t)(product >> 32);
}

double ki_rng_unit(ki_rng *rng) {
    return (double)(ki_rng_next(rng) >> 11) * 0x1.0p-53;
}

double ki_rng_normal(ki_rng *rng) {
    /* Sum of twelve uniforms: bounded tails, and no libm call whose last bit could differ. */
    double sum = -6.0;
    for (int draw = 0; draw < 12; draw++)
        sum += ki_rng_unit(rng);
    return sum;
}
