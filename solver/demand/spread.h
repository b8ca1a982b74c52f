/* SPDX-License-Identifier: GPL-3.0-or-later
 * spread.h - how far a forecast may be off: what past steps of the level missed their expectation
 * by, divided into the sensor's own noise and what really varies. */
#ifndef KI_SPREAD_H
#define KI_SPREAD_H
#include "demand/report.h"

typedef struct ki_misses { /* of one container, or of all of a stream together */
    double square[2];      /* sums of squared misses over one step, and over two */
    double scale[2];       /* sums of rate squared x days, likewise */
    double n[2];
} ki_misses;

/* Adds the misses of a history, emptyings and full readings left out. */
void ki_misses_measure(ki_misses *out, const ki_reading *readings, int32_t n,
                       const double rate_by_weekday[7], double rate_per_day, int32_t utc_offset_s);
void ki_misses_add(ki_misses *total, const ki_misses *part);

typedef struct ki_spread {
    double reading;      /* standard deviation of one reading */
    double day_per_rate; /* of a day's growth, as a share of it */
} ki_spread;
/* From the misses of a stream; with few of them, what is usual. */
ki_spread ki_spread_of(const ki_misses *stream);
#endif
