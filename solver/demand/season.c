/* SPDX-License-Identifier: GPL-3.0-or-later
 * A local straight line through the daily ratios of gain and expectation, days weighing less the
 * further they are away (Cleveland 1979, Journal of the American Statistical Association 74):
 * unlike a moving mean it does not lag behind at the end of the history, which is where it is
 * needed.
 *
 * What one day says is weather as well. How much, two neighbouring days tell: the mean square of
 * their difference is twice a day's variance, whatever the season does. A line whose distance from
 * 1 that explains is pulled back to 1 (James and Stein's positive part). */
#include "demand/season.h"

#include <math.h>

static const double REACH_DAYS = 10; /* weight of a day so far away: 1 / e */
static const double SURE_DAYS = 10;  /* of containers: a day of fewer weighs less */
static const double DOUBT = 3;       /* variances that a level must differ by to count */

static double variance_of_a_day(const double *ratios, const double *weights, int32_t n_days) {
    double sum = 0, n = 0;
    for (int32_t day = 1; day < n_days; day++) {
        double weight = fmin(weights[day], weights[day - 1]);
        double apart = ratios[day] - ratios[day - 1];
        sum += weight * apart * apart / 2;
        n += weight;
    }
    return n > 0 ? sum / n : INFINITY;
}

/* What is left of a number that chance makes vary so much. */
static double beyond_chance(double number, double variance) {
    double square = number * number, doubt = DOUBT * variance;
    return square > doubt ? number * (1 - doubt / square) : 0;
}

/* The line at one day: its level, and its slope there. What the level may be off by is what chance
 * may have done to it, or less where it lies nearer to 1 and is taken as 1. */
static void line_at(int32_t at, const double *ratios, const double *weights, int32_t n_days,
                    double day_variance, double *level, double *slope, double *variance) {
    double s0 = 0, s1 = 0, s2 = 0, rise = 0, apart = 0, apart2 = 0, rise2 = 0;
    *level = 1, *slope = 0, *variance = 0;
    for (int32_t day = 0; day < n_days; day++) {
        double away = day - at, near = weights[day] * exp(-fabs(away) / REACH_DAYS);
        s0 += near, s1 += near * away, s2 += near * away * away;
    }
    double determinant = s0 * s2 - s1 * s1;
    if (!(determinant > 1e-9)) return;
    for (int32_t day = 0; day < n_days; day++) {
        if (!(weights[day] > 0)) continue;
        double away = day - at, near = weights[day] * exp(-fabs(away) / REACH_DAYS);
        double share = near * (s2 - s1 * away) / determinant;
        double lift = near * (s0 * away - s1) / determinant;
        apart += share * (ratios[day] - 1);
        rise += lift * (ratios[day] - 1);
        apart2 += share * share / weights[day];
        rise2 += lift * lift / weights[day];
    }
    *level = fmin(fmax(1 + beyond_chance(apart, apart2 * day_variance), 0.1), 10);
    *slope = beyond_chance(rise, rise2 * day_variance);
    *variance = fmin(apart * apart, apart2 * day_variance);
}

void ki_season_learn(ki_season *season, const double *gain, const double *expected,
                     double mean_rate, double *scratch) {
    int32_t n_days = season->n_days;
    double *weights = scratch, *ratios = scratch + n_days, *levels = season->levels;
    int32_t n_known = 0;
    for (int32_t day = 0; day < n_days; day++) {
        double days = mean_rate > 0 ? expected[day] / mean_rate : 0;
        weights[day] = days / (days + SURE_DAYS);
        n_known += weights[day] > 0;
        levels[day] = 1;
    }
    season->slope = season->variance = 0;
    if (n_known < KI_SEASON_LEAST_DAYS) return;
    for (int32_t day = 0; day < n_days; day++)
        ratios[day] = weights[day] > 0 ? gain[day] / expected[day] : 1;
    double variance = variance_of_a_day(ratios, weights, n_days);
    for (int32_t day = 0; day < n_days; day++)
        line_at(day, ratios, weights, n_days, variance, &levels[day], &season->slope,
                &season->variance);
}
