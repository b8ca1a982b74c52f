/* SPDX-License-Identifier: GPL-3.0-or-later
 * pace.h - when people throw things in: how a mean day's waste lies over hours, days and weeks.
 *
 *   amount of a day = factor of its kind x level of the season
 *   of it up to an hour:     ┌──────┐        ┌─────── 1
 *                      0 ────┘      └────────┘
 *                      drop-off hours 06:30-08:30 and 18:00-20:00, say
 *
 * A rate times the amount between two instants is what is added between them. */
#ifndef KI_PACE_H
#define KI_PACE_H
#include <stddef.h>
#include <stdint.h>

enum { KI_DAY_KINDS = 8, KI_HOLIDAY = 7 /* Monday 0 to Sunday 6 before it */, KI_DAY_SLOTS = 96 };

typedef struct ki_day_shape {
    double until[KI_DAY_SLOTS + 1]; /* share of a day's waste before each quarter of an hour */
} ki_day_shape;

typedef struct ki_season { /* level of each day of the past; before it: of the first */
    int64_t first_day;     /* since 1970-01-01, local */
    int32_t n_days;        /* 0: always 1 */
    double *levels;
    double slope;    /* a day, at the end: what comes goes on so, less every day */
    double variance; /* of the last level, as far as it is not known */
} ki_season;

typedef struct ki_pace {
    int32_t utc_offset_s;
    const int32_t *holidays; /* [n_holidays] days since 1970-01-01, ascending */
    size_t n_holidays;
    const ki_day_shape *hours;    /* NULL: evenly over the day */
    const ki_season *season;      /* NULL: always 1 */
    double factors[KI_DAY_KINDS]; /* of the kinds of days; weekdays have mean 1 */
} ki_pace;

typedef struct ki_day_piece { /* of one day */
    int64_t day;
    int kind;
    double share;         /* of the day's waste */
    double level, amount; /* in mean days' waste */
} ki_day_piece;
/* Walks from *at_s to to_s day by day, moving *at_s on. 0: done. */
int ki_pace_next(const ki_pace *pace, int64_t *at_s, int64_t to_s, ki_day_piece *out);

typedef struct ki_amount {
    double mean_days; /* waste between two instants, in mean days' */
    double square;    /* sum of shares x squared amount of a whole day: variances add so */
    double kinds[KI_DAY_KINDS]; /* mean_days by kind of day */
} ki_amount;
ki_amount ki_pace_amount(const ki_pace *pace, int64_t from_s, int64_t to_s);
double ki_pace_level(const ki_pace *pace, int64_t day);
/* From minutes of drop-off, [n][2]; spans may touch or overlap. 0 if they are empty. */
int ki_shape_of_spans(ki_day_shape *out, const int32_t (*spans)[2], size_t n);
/* From weights of the hours, >= 0. 0 if all are 0. */
int ki_shape_of_weights(ki_day_shape *out, const double weights[24]);
#endif
