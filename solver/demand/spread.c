/* SPDX-License-Identifier: GPL-3.0-or-later
 * A reading misses its expectation for two reasons that grow differently: the sensor's noise is the
 * same over any span, what people throw in varies with the square root of the span. Misses over
 * one step and over two tell them apart:
 *
 *   mean square over k steps = 2 reading^2 + day_per_rate^2 x rate^2 x days(k)
 *
 * Solved by moments per stream; single wild misses are clipped. What the fit took up is missing
 * from both parts. Of the sensor's noise less in steps shorter than a day: within one it cancels,
 * and only where a weekday begins and ends it is in the fit. */
#include "demand/spread.h"

#include "demand/forecast.h"
#include "demand/rate.h"

#include <math.h>

static const double FULL = 0.98, CLIP = 0.3, LONGEST_DAYS = 3;
static const double USUAL_READING = 0.02, USUAL_DAY = 0.2, USUAL_WEIGHT = 50;
static const double LEAST_READING = 0.005, LEAST_DAY = 0.05, MOST_DAY = 1;

void ki_misses_add(ki_misses *total, const ki_misses *part) {
    for (int span = 0; span < 2; span++) {
        total->square[span] += part->square[span];
        total->scale[span] += part->scale[span];
        total->noise[span] += part->noise[span];
        total->n[span] += part->n[span];
    }
}

/* Share of a step's variance that is missing from its miss, because the step had its say in the
 * fit. Half at most: a fit to two steps says nothing of noise. */
static double taken_of(const ki_fit *fit, int64_t from_s, int64_t to_s, int32_t utc_offset_s) {
    double taken = 0;
    for (int64_t at_s = from_s; at_s < to_s;) {
        int64_t ends_s;
        int weekday = ki_weekday(at_s, utc_offset_s, &ends_s);
        if (ends_s > to_s) ends_s = to_s;
        double days = (double)(ends_s - at_s) / 86400;
        taken += fit->taken[weekday] * days * days;
        at_s = ends_s;
    }
    return fmin(0.5, taken * 86400 / (double)(to_s - from_s));
}

/* The same in the time of a pace; *share: of whole days. */
static double taken_of_paced(const ki_fit *fit, int64_t from_s, int64_t to_s, double *share) {
    double taken = 0;
    ki_day_piece piece;
    *share = 0;
    for (int64_t at_s = from_s; ki_pace_next(fit->pace, &at_s, to_s, &piece);) {
        taken += fit->taken[piece.kind] * piece.share * piece.share;
        *share += piece.share;
    }
    return *share > 0 ? fmin(0.5, taken / *share) : 0;
}

static void add_paced(ki_misses *out, int span, const ki_reading *from, const ki_reading *to,
                      const ki_fit *fit) {
    double share;
    ki_amount amount = ki_pace_amount(fit->pace, from->at_s, to->at_s);
    double taken = taken_of_paced(fit, from->at_s, to->at_s, &share);
    double miss = to->fill_ratio - from->fill_ratio - fit->rate_per_day * amount.mean_days;
    miss = fmin(fmax(miss, -CLIP), CLIP);
    out->square[span] += miss * miss;
    out->scale[span] += fit->rate_per_day * fit->rate_per_day * amount.square * (1 - taken);
    out->noise[span] += 1 - taken * fmin(1, share);
    out->n[span] += 1;
}

static void add(ki_misses *out, int span, const ki_reading *from, const ki_reading *to,
                const ki_fit *fit, int32_t utc_offset_s) {
    double days = (double)(to->at_s - from->at_s) / 86400;
    if (days > LONGEST_DAYS || to->fill_ratio >= FULL || to->fill_ratio <= 0) return;
    if (from->fill_ratio >= FULL || from->fill_ratio <= 0) return; /* clipped by the sensor */
    if (fit->pace) {
        add_paced(out, span, from, to, fit);
        return;
    }
    double miss = to->fill_ratio - from->fill_ratio -
                  ki_forecast_growth(fit->rate_by_weekday, from->at_s, to->at_s, utc_offset_s);
    miss = fmin(fmax(miss, -CLIP), CLIP);
    double taken = taken_of(fit, from->at_s, to->at_s, utc_offset_s);
    out->square[span] += miss * miss;
    out->scale[span] += fit->rate_per_day * fit->rate_per_day * days * (1 - taken);
    out->noise[span] += 1 - taken * fmin(1, days);
    out->n[span] += 1;
}

void ki_misses_measure(ki_misses *out, const ki_reading *readings, int32_t n, const ki_fit *fit,
                       int32_t utc_offset_s) {
    int32_t first = 0; /* of the segment between two emptyings */
    *out = (ki_misses){0};
    for (int32_t at = 1; at < n; at++) {
        if (ki_is_emptied(&readings[at - 1], &readings[at], fit->small_too)) first = at;
        if (at - 1 >= first) add(out, 0, &readings[at - 1], &readings[at], fit, utc_offset_s);
        if (at - 2 >= first) add(out, 1, &readings[at - 2], &readings[at], fit, utc_offset_s);
    }
}

ki_spread ki_spread_of(const ki_misses *stream) {
    double reading2 = USUAL_READING * USUAL_READING, day2 = USUAL_DAY * USUAL_DAY;
    double weight = stream->n[1] / (stream->n[1] + USUAL_WEIGHT);
    if (stream->n[1] > 0 && stream->scale[0] > 0) {
        double mean[2], scale[2], noise[2];
        for (int span = 0; span < 2; span++) {
            mean[span] = stream->square[span] / stream->n[span];
            scale[span] = stream->scale[span] / stream->n[span];
            noise[span] = stream->noise[span] / stream->n[span];
        }
        double apart = scale[1] * noise[0] - scale[0] * noise[1];
        double day = apart > 1e-9 ? (mean[1] * noise[0] - mean[0] * noise[1]) / apart : day2;
        day = fmin(fmax(day, LEAST_DAY * LEAST_DAY), MOST_DAY * MOST_DAY);
        double reading = (mean[0] - day * scale[0]) / noise[0] / 2;
        reading = fmax(LEAST_READING * LEAST_READING, reading);
        day2 = weight * day + (1 - weight) * day2;
        reading2 = weight * reading + (1 - weight) * reading2;
    }
    return (ki_spread){.reading = sqrt(reading2), .day_per_rate = sqrt(day2)};
}
