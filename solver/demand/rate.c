/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels rise between emptyings and fall at them. Within a segment (between two emptyings) the sum
 * of the steps is last level minus first, so the noise of single reports cancels. The rate is the
 * mean over segments, weighted by their length, each held within a factor of the weighted median:
 * one segment spoilt by a missed emptying or a shifted sensor cannot carry the mean away.
 *
 * Left out: steps that begin or end full (the true step is hidden), steps longer than three days
 * (an emptying and a refill may hide in them) and the step in which an emptying lies. */
#include "demand/rate.h"

#include "base/date.h"

#include <math.h>
#include <stdlib.h>

static const int64_t LONGEST_STEP_S = 3 * KI_DAY_S;
static const double FULL = 0.98;
static const double SMALL_DROP = 0.07, SMALL_LEFT = 0.1; /* to so little: an emptying of little */
static const double CLIP = 4.0; /* a segment's rate lies within median / CLIP .. median * CLIP */
static const double MAX_FACTOR = 4.0;

int ki_weekday(int64_t at_s, int32_t utc_offset_s, int64_t *ends_s) {
    int64_t local = at_s + utc_offset_s;
    int64_t day = ki_day_of(local);
    *ends_s = (day + 1) * KI_DAY_S - utc_offset_s;
    return ki_weekday_of_day(day);
}

/* Spreads one step over the weekdays it spans. */
static void add_step(ki_gains *out, const ki_reading *from, const ki_reading *to,
                     int32_t utc_offset_s) {
    double per_s = (to->fill_ratio - from->fill_ratio) / (double)(to->at_s - from->at_s);
    for (int64_t at = from->at_s; at < to->at_s;) {
        int64_t ends;
        int weekday = ki_weekday(at, utc_offset_s, &ends);
        if (ends > to->at_s) ends = to->at_s;
        out->gain[weekday] += per_s * (double)(ends - at);
        out->days[weekday] += (double)(ends - at) / KI_DAY_S;
        at = ends;
    }
}

static int compare_rates(const void *left, const void *right) {
    const double *a = left, *b = right;
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

/* segments: [n] of rate per day and days. */
static double robust_mean(double (*segments)[2], int32_t n, double total_days) {
    qsort(segments, (size_t)n, sizeof *segments, compare_rates);
    double passed = 0, median = 0;
    for (int32_t segment = 0; segment < n && passed < total_days / 2; segment++) {
        passed += segments[segment][1];
        median = segments[segment][0];
    }
    if (!(median > 0)) return 0;
    double sum = 0;
    for (int32_t segment = 0; segment < n; segment++)
        sum +=
            fmin(fmax(segments[segment][0], median / CLIP), median * CLIP) * segments[segment][1];
    return sum / total_days;
}

int ki_is_emptied(const ki_reading *from, const ki_reading *to, int small_too) {
    double drop = from->fill_ratio - to->fill_ratio;
    return drop > KI_EMPTYING_DROP ||
           (small_too && drop > SMALL_DROP && to->fill_ratio <= SMALL_LEFT);
}

int ki_is_segment_end(const ki_reading *from, const ki_reading *to, int64_t last_emptied_s,
                      int small_too) {
    int is_recorded = last_emptied_s > from->at_s && last_emptied_s <= to->at_s;
    return is_recorded || ki_is_emptied(from, to, small_too);
}

int ki_is_step_sound(const ki_reading *from, const ki_reading *to) {
    return to->fill_ratio < FULL && from->fill_ratio < FULL &&
           to->at_s - from->at_s <= LONGEST_STEP_S;
}

typedef struct segment {
    double gain, days;
} segment;

static void end_segment(segment *open, double (*segments)[2], int32_t *n_segments) {
    if (open->days > 0) {
        segments[*n_segments][0] = open->gain / open->days;
        segments[(*n_segments)++][1] = open->days;
    }
    *open = (segment){0};
}

void ki_gains_measure(ki_gains *out, const ki_reading *readings, int32_t n, int64_t last_emptied_s,
                      int32_t utc_offset_s, int small_too, double (*scratch)[2]) {
    *out = (ki_gains){.emptied_s = KERB_NO_TIME};
    segment open = {0};
    int32_t n_segments = 0;
    for (int32_t at = 1; at < n; at++) {
        const ki_reading *from = &readings[at - 1], *to = &readings[at];
        if (ki_is_segment_end(from, to, last_emptied_s, small_too)) {
            end_segment(&open, scratch, &n_segments);
            out->emptied_s = to->at_s;
            continue;
        }
        if (!ki_is_step_sound(from, to)) continue;
        add_step(out, from, to, utc_offset_s);
        double days = (double)(to->at_s - from->at_s) / KI_DAY_S;
        open.gain += to->fill_ratio - from->fill_ratio;
        open.days += days;
        out->total_days += days;
    }
    end_segment(&open, scratch, &n_segments);
    if (n_segments) out->rate_per_day = robust_mean(scratch, n_segments, out->total_days);
}

/* ---- in the time of a pace ------------------------------------------------------------------- */

/* Gain over the days' level, so that kinds of days can be compared. Where nothing is expected, at
 * night say, a gain is noise that the next step takes back: it stays in the segment alone. */
static double add_paced_step(ki_gains *out, const ki_reading *from, const ki_reading *to,
                             const ki_pace *pace) {
    double gain = to->fill_ratio - from->fill_ratio;
    double expected = ki_pace_amount(pace, from->at_s, to->at_s).mean_days;
    ki_day_piece piece;
    if (!(expected > 0)) return 0;
    for (int64_t at_s = from->at_s; ki_pace_next(pace, &at_s, to->at_s, &piece);) {
        if (piece.level > 0) out->gain[piece.kind] += gain * piece.amount / expected / piece.level;
        out->days[piece.kind] += piece.share;
        out->total_days += piece.share;
    }
    return expected;
}

typedef struct paced {
    double gain, amount, weight;
    double weights, squares; /* over all segments: sums of weight, of weight squared over amount */
    int32_t n_segments;
} paced;

static void end_paced(paced *open, double (*segments)[2]) {
    if (open->amount > 0) {
        segments[open->n_segments][0] = open->gain / open->amount;
        segments[open->n_segments++][1] = open->weight;
        open->weights += open->weight;
        open->squares += open->weight * open->weight / open->amount;
    }
    open->gain = open->amount = open->weight = 0;
}

void ki_gains_measure_paced(ki_gains *out, const ki_reading *readings, int32_t n,
                            int64_t last_emptied_s, const ki_pace *pace, int64_t as_of_s,
                            double (*scratch)[2]) {
    *out = (ki_gains){.emptied_s = KERB_NO_TIME};
    paced open = {0};
    for (int32_t at = 1; at < n; at++) {
        const ki_reading *from = &readings[at - 1], *to = &readings[at];
        if (ki_is_segment_end(from, to, last_emptied_s, 1)) {
            end_paced(&open, scratch);
            out->emptied_s = to->at_s;
            continue;
        }
        if (!ki_is_step_sound(from, to)) continue;
        double amount = add_paced_step(out, from, to, pace);
        double age_days = (double)(as_of_s - to->at_s) / KI_DAY_S;
        open.gain += to->fill_ratio - from->fill_ratio;
        open.amount += amount;
        open.weight += amount * exp2(-fmax(0, age_days) / KI_RATE_HALF_LIFE_DAYS);
    }
    end_paced(&open, scratch);
    if (!(open.weights > 0)) return;
    out->rate_per_day = robust_mean(scratch, open.n_segments, open.weights);
    out->rate_days = open.weights * open.weights / open.squares;
}

void ki_weekday_factors(double factors[7], const double gain[7], const double days[7],
                        const double *prior, double weight) {
    double all_gain = 0, all_days = 0, mean = 0;
    for (int weekday = 0; weekday < 7; weekday++) {
        all_gain += gain[weekday];
        all_days += days[weekday];
    }
    for (int weekday = 0; weekday < 7; weekday++) {
        double expected = prior ? prior[weekday] : 1;
        double own = expected;
        if (all_gain > 0 && days[weekday] > 0)
            own = fmin(fmax(gain[weekday] / days[weekday] / (all_gain / all_days), 0), MAX_FACTOR);
        factors[weekday] = (own * days[weekday] + expected * weight) / (days[weekday] + weight);
        mean += factors[weekday] / 7;
    }
    for (int weekday = 0; weekday < 7 && mean > 0; weekday++)
        factors[weekday] /= mean;
}

/* With s = d / (d + weight), a day's gain is fitted by (1 - s) / T of all days and s / d of its
 * weekday's: what it shares with its own fit is missing from its miss, twice, less the variance of
 * the fit itself. */
void ki_weekday_taken(double taken[KI_DAY_KINDS], const ki_gains *gains, double weight) {
    for (int weekday = 0; weekday < KI_DAY_KINDS; weekday++) {
        double days = gains->days[weekday], own = days / (days + weight);
        taken[weekday] = gains->total_days > 0 ? (1 - own) * (1 - own) / gains->total_days : 0;
        if (days > 0) taken[weekday] += own * (2 - own) / days;
    }
}

void ki_weekday_errors(double errors[KI_DAY_KINDS], const ki_gains *gains, double weight) {
    for (int weekday = 0; weekday < KI_DAY_KINDS; weekday++) {
        double days = gains->days[weekday], own = days / (days + weight);
        errors[weekday] = days > 0 ? own * own * fmax(0, 1 / days - 1 / gains->total_days) : 0;
    }
}
