/* SPDX-License-Identifier: GPL-3.0-or-later
 * A container fills slowly and is emptied at once, to nothing. Whatever else the rates are, three
 * shapes follow that a person can check by eye:
 *
 *   inverse      never full          drift
 *   ╲    ╲       ╱──┐ ╱──┐           ╱│ ╱│ ╱│
 *    ╲  │ ╲ │    ╱  │╱   │          ╱ │╱ │╱     the bottom rises
 *     ╲ │  ╲│   ╱                  ╱
 *
 * Inverse: the great steps go up and the small ones down. The sum of the cubes of all steps tells
 * it without any threshold on what a great step is. Never full: one highest value below full that
 * is reached again and again, which noise forbids to a sensor that still sees the level. Drift:
 * just emptied, it does not come back to nothing. */
#include "demand/fault.h"

#include "base/date.h"
#include "demand/rate.h"

#include <math.h>

enum { MIN_READINGS = 10, CEILING_READINGS = 4, FLOORS = 3, FLOOR_DAYS = 5 };
static const double SKEW = 0.5, GREAT_STEP = 0.3, SLOW_FALL = -0.15;
static const double CEILING_BAND = 0.006, CEILING_LOW = 0.25, CEILING_HIGH = 0.95;
static const double CEILING_MISSING = 0.2; /* fill */
static const double FLOOR = 0.15, FLOOR_GROWTH = 1.15;

/* The shape is looked for twice: over a month, where slow containers show it, and over the newest,
 * where a fault that is new shows. In days, since a container is emptied as often whether its
 * sensor speaks every hour or once a day; and in reports, since of one a day it takes more days. */
static const struct { int32_t n, days; /* at least */ } WINDOWS[] = {{64, 31}, {24, 11}};
enum { N_WINDOWS = sizeof WINDOWS / sizeof *WINDOWS };

static int32_t first_in(const ki_history *history, int window) {
    int32_t first = history->n > WINDOWS[window].n ? history->n - WINDOWS[window].n : 0;
    int64_t from_s = history->readings[history->n - 1].at_s - WINDOWS[window].days * KI_DAY_S;
    while (first > 0 && history->readings[first - 1].at_s >= from_s)
        first--;
    return first;
}

static int is_inverse(const ki_history *history, int32_t first) {
    double cubes = 0, sizes = 0, slow = 0;
    int rises = 0;
    for (int32_t at = first + 1; at < history->n; at++) {
        double step = history->readings[at].fill_ratio - history->readings[at - 1].fill_ratio;
        cubes += step * step * step;
        sizes += fabs(step * step * step);
        if (fabs(step) < GREAT_STEP) slow += step;
        rises += step >= GREAT_STEP;
    }
    return rises > 0 && sizes > 0 && cubes > SKEW * sizes && slow < SLOW_FALL;
}

int ki_at_ceiling(const ki_reading *reading, double ceiling) {
    return fabs(reading->fill_ratio - ceiling) <= CEILING_BAND;
}

/* The highest value, if what should have risen above it is too much for chance; 0: it is not. A
 * container that is always emptied at the same level reaches one highest value as well, but nothing
 * is missing above it. */
static double find_ceiling(const ki_history *history, int32_t first, double rate_per_day) {
    double ceiling = 0, missing = 0;
    int32_t n = 0;
    for (int32_t at = first; at < history->n; at++)
        ceiling = fmax(ceiling, history->readings[at].fill_ratio);
    if (ceiling < CEILING_LOW || ceiling > CEILING_HIGH) return 0;
    for (int32_t at = first + 1; at < history->n; at++) {
        const ki_reading *to = &history->readings[at], *from = to - 1;
        if (!ki_at_ceiling(to, ceiling)) continue;
        double days = (double)(to->at_s - from->at_s) / 86400;
        missing += fmax(0, from->fill_ratio + rate_per_day * days - ceiling);
        n++;
    }
    return n >= CEILING_READINGS && missing >= CEILING_MISSING ? ceiling : 0;
}

/* The lowest that the last few emptyings left; 0: nothing, or too few. A container that is full at
 * every other report has no rate of its own, and what it says after an emptying may all be new. */
static double find_floor(const ki_history *history, double rate_per_day, double own_days) {
    double lowest = 1;
    if (own_days < FLOOR_DAYS) return 0;
    int n = 0;
    for (int32_t at = history->n - 1; at > 0 && n < FLOORS; at--) {
        const ki_reading *to = &history->readings[at], *from = to - 1;
        if (from->fill_ratio - to->fill_ratio <= KI_EMPTYING_DROP) continue;
        double days = (double)(to->at_s - from->at_s) / 86400;
        lowest = fmin(lowest, to->fill_ratio - FLOOR_GROWTH * rate_per_day * days);
        n++;
    }
    return n == FLOORS && lowest >= FLOOR ? lowest : 0;
}

/* Since when is not known: the newest window that shows it is surely upside down. */
static ki_lie inverse_from(const ki_history *history, int32_t first) {
    int32_t newest = first_in(history, N_WINDOWS - 1);
    return (ki_lie){KI_HEALTH_INVERSE, 0, is_inverse(history, newest) ? newest : first};
}

ki_lie ki_lie_find(const ki_history *history, double rate_per_day, double own_days) {
    if (history->n < MIN_READINGS) return (ki_lie){KI_HEALTH_OK, 0, 0};
    for (int window = 0; window < N_WINDOWS; window++) {
        int32_t first = first_in(history, window);
        if (is_inverse(history, first)) return inverse_from(history, first);
        double ceiling = find_ceiling(history, first, rate_per_day);
        if (ceiling > 0) return (ki_lie){KI_HEALTH_NEVER_FULL, ceiling, 0};
    }
    double floor_ratio = find_floor(history, rate_per_day, own_days);
    if (floor_ratio > 0) return (ki_lie){KI_HEALTH_DRIFT, floor_ratio, 0};
    return (ki_lie){KI_HEALTH_OK, 0, 0};
}
