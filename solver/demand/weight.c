/* SPDX-License-Identifier: GPL-3.0-or-later
 * A median, so that one wild weighing moves it by no more than its neighbours lie apart. Near the
 * bottom both numbers are mostly noise, and their quotient is nothing else. */
#include "demand/weight.h"

#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 31, FEWEST = 3 };
static const double MIN_FILL = 1.0 / 6;

double ki_density_of(const kerb_container *container, const ki_history *history, int32_t n) {
    double found[MOST], stated = container->density_kg_per_l;
    int n_found = 0;
    for (int32_t at = n - 1; at >= 0 && n_found < MOST; at--) {
        const ki_reading *reading = &history->readings[at];
        if (isnan(reading->mass_kg) || reading->fill_ratio < MIN_FILL) continue;
        found[n_found++] = reading->mass_kg / (reading->fill_ratio * container->volume_l);
    }
    if (n_found < FEWEST || !(container->volume_l > 0)) return stated;
    qsort(found, (size_t)n_found, sizeof *found, ki_compare_doubles);
    double middle = found[n_found / 2];
    if (!(stated > 0)) return middle;
    return fmin(fmax(middle, stated / KI_DENSITY_BOUND), stated * KI_DENSITY_BOUND);
}
