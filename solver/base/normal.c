/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/normal.h"

#include <math.h>

double ki_normal_above(double x) {
    return 0.5 * erfc(x / sqrt(2.0));
}

/* Halving: it is asked for once a seal, and every machine with the same erfc says the same. */
double ki_normal_quantile(double q) {
    double low = -40, high = 40;
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (1 - ki_normal_above(middle) < q)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double ki_chance_above(double limit, double mean, double variance) {
    if (!(variance > 0)) return mean > limit ? 1 : 0;
    return 0.5 * erfc((limit - mean) / sqrt(2 * variance));
}
