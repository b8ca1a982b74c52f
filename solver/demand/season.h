/* SPDX-License-Identifier: GPL-3.0-or-later
 * season.h - the level of a stream, day by day: what holds of many containers at once. */
#ifndef KI_SEASON_H
#define KI_SEASON_H
#include "base/arena.h"
#include "demand/pace.h"

/* Fills season->levels of season->n_days, slope and variance. gain and expected of each day, over
 * all containers of a stream, in their fills; a day without expectation counts for nothing. A level
 * that chance explains is 1, and fewer than KI_SEASON_LEAST_DAYS of history say nothing. mean_rate:
 * of a container. scratch: [2 * n_days]. */
#define KI_SEASON_LEAST_DAYS 14
void ki_season_learn(ki_season *season, const double *gain, const double *expected,
                     double mean_rate, double *scratch);
#endif
