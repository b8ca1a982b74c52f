/* SPDX-License-Identifier: GPL-3.0-or-later
 * spread.h - how far a forecast may be off: what past steps of the level missed their expectation
 * by, divided into the sensor's own noise and what really varies. */
#ifndef KI_SPREAD_H
#define KI_SPREAD_H
#include "demand/pace.h"
#include "demand/report.h"

typedef struct ki_misses { /* of one container, or of all of a stream together */
    double square[2];      /* sums of squared misses over one step, and over two */
    double scale[2];       /* sums of rate squared x days that the fit has not taken up, likewise */
    double noise[2];       /* sums of the share of a reading's variance that it has not */
    double n[2];
} ki_misses;

/* Adds the misses of a history, emptyings and full readings left out. */
typedef struct ki_fit { /* what a history is held against */
    double rate_by_weekday[7], rate_per_day;
    double taken[KI_DAY_KINDS]; /* share of the variance of a day's step that the fit took up, by
                                   kind of day */
    const ki_pace *pace;        /* NULL: rate_by_weekday; else rate_per_day is of its mean day */
    int small_too;              /* see ki_is_emptied */
} ki_fit;
void ki_misses_measure(ki_misses *out, const ki_reading *readings, int32_t n, const ki_fit *fit,
                       int32_t utc_offset_s);
void ki_misses_add(ki_misses *total, const ki_misses *part);

typedef struct ki_spread {
    double reading;      /* standard deviation of one reading */
    double day_per_rate; /* of a day's growth, as a share of it */
} ki_spread;
/* From the misses of a stream; with few of them, what is usual. */
ki_spread ki_spread_of(const ki_misses *stream);
#endif
