/* SPDX-License-Identifier: GPL-3.0-or-later
 * The faults seen in the field: zeros and blind-zone spikes (one wild value), a frozen echo
 * (stuck), a dead battery (silent), values out of range. Rules rather than statistics: an operator
 * must be able to see why a sensor was called bad. */
#include "demand/health.h"

#include "base/date.h"
#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

enum { DAY_S = 86400, MIN_STILL_READINGS = 6, MAX_INTERVALS = 64, MIN_WILD = 2 };
static const double SPIKE = 0.35;    /* this far from both neighbours */
static const double SPIKE_UP = 0.25; /* ... upwards, beyond what is gained meanwhile */
static const double FALL = 0.03;     /* more than noise: levels do not fall by themselves */
static const double AGREE = 0.2;     /* neighbours this near to each other */
static const double NEWEST_JUMP = 0.5;
static const double STILL = 0.002;
static const double FULL = 0.97;
static const int64_t STILL_SPAN_S = 2 * KI_DAY_S, NEWEST_GAP_S = KI_DAY_S / 2;

const char *ki_health_name(ki_health health) {
    static const char *const NAMES[KI_N_HEALTHS] = {"ok",    "no reports",  "silent",  "stuck",
                                                    "wild",  "over range",  "inverse", "never full",
                                                    "drift", "not credible"};
    return (unsigned)health < KI_N_HEALTHS ? NAMES[health] : "";
}

/* Fill a second, from the middle one of the newest rising steps: a wild value is one step in many,
 * so it does not move the middle. */
static double rise_per_s(const ki_history *history) {
    double rises[MAX_INTERVALS];
    size_t n = 0;
    for (int32_t at = history->n - 1; at > 0 && n < MAX_INTERVALS; at--) {
        const ki_reading *to = &history->readings[at], *from = to - 1;
        if (to->fill_ratio > from->fill_ratio)
            rises[n++] = (to->fill_ratio - from->fill_ratio) / (double)(to->at_s - from->at_s);
    }
    if (n == 0) return 0;
    qsort(rises, n, sizeof *rises, ki_compare_doubles);
    return rises[n / 2];
}

/* Down and back up: a zero. Up and back down to where it was, or would be by now: a blind-zone
 * echo. A container that fills within a day and is emptied every night looks alike, so what it
 * usually gains is allowed for on every way up. */
static int is_spike(const ki_reading *before, const ki_reading *at, const ki_reading *after,
                    double per_s) {
    double up = at->fill_ratio - before->fill_ratio, down = at->fill_ratio - after->fill_ratio;
    double apart = after->fill_ratio - before->fill_ratio;
    double gain_to = per_s * (double)(at->at_s - before->at_s);
    double gain_from = per_s * (double)(after->at_s - at->at_s);
    int back = fabs(apart) <= AGREE;
    int on_course = fabs(apart - gain_to - gain_from) <= AGREE;
    if (up < 0) return back && up <= -SPIKE && -down - gain_from >= SPIKE;
    if (up - gain_to < SPIKE_UP) return 0;
    return (back && down >= SPIKE_UP) || (on_course && down >= FALL);
}

/* The newest value has no later one to confirm it. A jump to near full within half a day waits for
 * the next report; so does a bare zero when the container is known not to have been emptied. */
static int is_newest_wild(const ki_history *history, int64_t last_emptied_s) {
    if (history->n < 2) return 0;
    const ki_reading *newest = &history->readings[history->n - 1], *before = newest - 1;
    if (newest->at_s - before->at_s > NEWEST_GAP_S) return 0;
    if (newest->fill_ratio - before->fill_ratio >= NEWEST_JUMP) return 1;
    return newest->fill_ratio <= 0 && before->fill_ratio >= SPIKE &&
           last_emptied_s != KERB_NO_TIME && last_emptied_s < before->at_s;
}

void ki_health_drop_spikes(ki_history *history, int64_t last_emptied_s) {
    int32_t n_kept = 0, n_before = history->n;
    ki_reading *readings = history->readings;
    double per_s = rise_per_s(history);
    for (int32_t at = 0; at < history->n; at++) {
        int inner = n_kept > 0 && at + 1 < history->n;
        if (inner && is_spike(&readings[n_kept - 1], &readings[at], &readings[at + 1], per_s))
            continue;
        readings[n_kept++] = readings[at];
    }
    history->n = n_kept;
    if (is_newest_wild(history, last_emptied_s)) history->n--;
    history->n_rejected[KI_REJECT_SPIKE] += n_before - history->n;
}

int32_t ki_health_still_from(const ki_history *history) {
    int32_t n = history->n;
    if (n < MIN_STILL_READINGS) return n;
    const ki_reading *readings = history->readings;
    double value = readings[n - 1].fill_ratio;
    int32_t first = n - 1;
    while (first > 0 && fabs(readings[first - 1].fill_ratio - value) <= STILL)
        first--;
    int long_enough = n - first >= MIN_STILL_READINGS &&
                      readings[n - 1].at_s - readings[first].at_s >= STILL_SPAN_S;
    return long_enough && value < FULL ? first : n;
}

static int compare_times(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t ki_health_silence_limit_s(const ki_history *history) {
    int64_t intervals[MAX_INTERVALS];
    int32_t n = 0;
    for (int32_t at = history->n - 1; at > 0 && n < MAX_INTERVALS; at--)
        intervals[n++] = history->readings[at].at_s - history->readings[at - 1].at_s;
    if (n == 0) return 7 * KI_DAY_S;
    qsort(intervals, (size_t)n, sizeof *intervals, compare_times);
    int64_t middle = intervals[n / 2] < 7 * KI_DAY_S ? intervals[n / 2] : 7 * KI_DAY_S;
    int64_t limit = 4 * middle;
    if (limit < KI_DAY_S + KI_DAY_S / 2) return KI_DAY_S + KI_DAY_S / 2;
    return limit < 7 * KI_DAY_S ? limit : 7 * KI_DAY_S;
}

ki_health ki_health_judge(const ki_history *history, int64_t as_of_s, int is_stuck) {
    int32_t n_wild = history->n_rejected[KI_REJECT_SPIKE];
    int32_t n_range = history->n_rejected[KI_REJECT_RANGE];
    if (history->n_reports == 0) return KI_HEALTH_NO_REPORTS;
    if (history->n == 0) return KI_HEALTH_INCREDIBLE;
    int64_t newest_s = history->readings[history->n - 1].at_s;
    if (as_of_s - newest_s > ki_health_silence_limit_s(history)) return KI_HEALTH_SILENT;
    if (is_stuck) return KI_HEALTH_STUCK;
    if (n_range >= MIN_WILD && n_range >= KI_RANGE_RATIO * history->n_reports)
        return KI_HEALTH_OVER_RANGE;
    if (n_wild >= MIN_WILD && n_wild >= KI_WILD_RATIO * history->n_reports) return KI_HEALTH_WILD;
    return KI_HEALTH_OK;
}
