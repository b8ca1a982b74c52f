/* SPDX-License-Identifier: GPL-3.0-or-later
 * habit.h - the third way to forecast: when people bring waste. Seasons, holidays, hours of the day
 * and neighbourhoods, each learnt from the histories as far as they tell it. */
#ifndef KI_HABIT_H
#define KI_HABIT_H
#include "demand/forecaster.h"
#include "demand/nearby.h"
#include "demand/pace.h"

/* What the district says of it; borrowed. */
typedef struct ki_habit_words {
    const kerb_holiday *holidays;
    size_t n_holidays;
    const kerb_stream_habit *streams;
    size_t n_streams;
    const ki_spot *spots; /* [n_containers]; NULL: not known */
} ki_habit_words;

/* work->habits, in the arena: hours that are stated, nothing learnt yet. */
kerb_status ki_habit_begin(ki_forecaster *work, ki_arena *arena, kerb_error *err);
/* From the histories, once sensors are judged: seasons, factors, hours, neighbours; gains are
 * measured again. */
kerb_status ki_habit_learn(ki_forecaster *work, ki_arena *arena, kerb_error *err);

const ki_pace *ki_habit_pace(const ki_forecaster *work, size_t container);
/* The container's rate on a day of level 1, between its own and its peers', and its variance. */
double ki_habit_rate(const ki_forecaster *work, size_t container, double *variance);
/* Standard deviation of a holiday's factor, in mean days. */
double ki_habit_holiday_sd(const ki_forecaster *work, size_t container);
#endif
