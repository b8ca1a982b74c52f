/* SPDX-License-Identifier: GPL-3.0-or-later
 * rate.h - how fast a container fills, from its own history and its stream's. */
#ifndef KI_RATE_H
#define KI_RATE_H
#include "demand/pace.h"
#include "demand/report.h"

#define KI_EMPTYING_DROP 0.15 /* a fall in level by more is an emptying; by less it is noise */

/* Whether the level was emptied between two readings. small_too: a lesser fall is an emptying as
 * well if it ends next to nothing: so it is with containers that an interval empties early. */
int ki_is_emptied(const ki_reading *from, const ki_reading *to, int small_too);

/* Whether a segment ends between two readings: an emptying that is recorded (last_emptied_s;
 * KERB_NO_TIME: none), or one that the level shows. */
int ki_is_segment_end(const ki_reading *from, const ki_reading *to, int64_t last_emptied_s,
                      int small_too);

/* Whether a step between two readings that lie in one segment tells how much was added: neither
 * is full, and they lie no more than three days apart. */
int ki_is_step_sound(const ki_reading *from, const ki_reading *to);

typedef struct ki_gains { /* fill added, and days it took, by local weekday, Monday first */
    double gain[KI_DAY_KINDS], days[KI_DAY_KINDS]; /* holidays: only where there is a pace */
    double rate_per_day;                           /* robust: see rate.c */
    double rate_days;  /* evidence for the rate, newest days weighing more; with a pace only */
    double total_days; /* 0: nothing known */
    int64_t emptied_s; /* last emptying seen in the levels; KERB_NO_TIME: none */
} ki_gains;

/* From readings[0..n). last_emptied_s: a recorded emptying, or KERB_NO_TIME. small_too: see
 * ki_is_emptied. scratch: [n]. */
void ki_gains_measure(ki_gains *out, const ki_reading *readings, int32_t n, int64_t last_emptied_s,
                      int32_t utc_offset_s, int small_too, double (*scratch)[2]);

/* The same in the time of a pace: the rate is one of mean days, gains are those that the pace
 * expects on mean days, and what lies back KI_RATE_HALF_LIFE_DAYS counts half. */
#define KI_RATE_HALF_LIFE_DAYS 28
void ki_gains_measure_paced(ki_gains *out, const ki_reading *readings, int32_t n,
                            int64_t last_emptied_s, const ki_pace *pace, int64_t as_of_s,
                            double (*scratch)[2]);

/* Factors by weekday with mean 1, from gains and days: days of evidence `weight` pull towards the
 * prior (NULL: all 1). */
void ki_weekday_factors(double factors[7], const double gain[7], const double days[7],
                        const double *prior, double weight);
/* Share of a day's variance that a fit with such factors takes up, by kind of day: by so much less
 * do days fitted to miss it than they vary. */
void ki_weekday_taken(double taken[KI_DAY_KINDS], const ki_gains *gains, double weight);
/* Variance by which the weekday's own share makes a new day's forecast wrong, in variances of a
 * day. The rate's own comes on top. */
void ki_weekday_errors(double errors[KI_DAY_KINDS], const ki_gains *gains, double weight);
/* Local weekday of an instant, Monday 0, and the instant at which it ends. */
int ki_weekday(int64_t at_s, int32_t utc_offset_s, int64_t *ends_s);
#endif
