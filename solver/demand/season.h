/* SPDX-License-Identifier: GPL-3.0-or-later
 * season.h - the level of a stream, day by day: what holds of many containers at once. */
#ifndef KI_SEASON_H
#define KI_SEASON_H
#include "base/arena.h"
#include "demand/pace.h"

/* levels: [n_days] out. gain and expected of each day, over all containers of a stream, in their
 * fills; a day without expectation counts for nothing. A level that chance explains is 1, and fewer
 * than KI_SEASON_LEAST_DAYS of history say nothing. Returns the slope of the last day. scratch: [2
 * * n_days]. */
#define KI_SEASON_LEAST_DAYS 14
double ki_season_levels(double *levels, const double *gain, const double *expected,
                        double mean_rate, int32_t n_days, double *scratch);
#endif
