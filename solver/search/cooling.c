/* SPDX-License-Identifier: GPL-3.0-or-later
 * cooling.c - falls by the same factor each step, without libm: the same bits everywhere. */
#include "search/cooling.h"

#include "search/work.h"

static double power(double base, int64_t n) {
    double value = 1;
    for (double square = base; n > 0; n >>= 1, square *= square)
        if (n & 1) value *= square;
    return value;
}

/* base^(1/n), base below 1, by bisection. */
static double root(double base, int64_t n) {
    double low = 0, high = 1;
    for (int round = 0; round < 60; round++) {
        double middle = (low + high) / 2;
        if (power(middle, n) < base)
            low = middle;
        else
            high = middle;
    }
    return high;
}

void ki_cooling_set(ki_cooling *cooling, double hot, int less, double cold_ratio, int64_t from,
                    int64_t to) {
    double ratio = cold_ratio * less;
    cooling->temperature = hot / less;
    cooling->from = from;
    cooling->to = to;
    cooling->factor = to > from && ratio < 1 ? root(ratio, to - from) : 1;
}

double ki_cooling_at(const ki_cooling *cooling, int64_t n) {
    if (n <= cooling->from) return cooling->temperature;
    return cooling->temperature *
           power(cooling->factor, (n < cooling->to ? n : cooling->to) - cooling->from);
}

int64_t ki_cooling_allows(ki_cooling *cooling, ki_rng *rng, int64_t n) {
    double allowed = cooling->temperature * ki_work_exponential(rng);
    if (n > cooling->from && n <= cooling->to) cooling->temperature *= cooling->factor;
    return (int64_t)allowed;
}
