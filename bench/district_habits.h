/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_habits.h - holidays, seasons, hours of the day and neighbourhoods of a generated
 * district. The frozen generator knows none of them. */
#ifndef DISTRICT_HABITS_H
#define DISTRICT_HABITS_H
#include "base/text.h"
#include "bench/district_made.h"

enum { HABIT_STEP_S = 900, HABIT_NEW_DAYS = 10 };

int has_habits(const district_habits *habits);
/* What a quarter of an hour brings of a stream, in that of a mean day. local_day: since 1970-01-01;
 * service_day: now, for the season. */
double habit_amount(const district_habits *habits, const char *stream, int64_t local_day,
                    int64_t second, int64_t service_day);
/* By which a rate differs that belongs to a place. */
double habit_of_place(const district_habits *habits, uint64_t seed, int32_t lat_e7, int32_t lon_e7);
/* Keys of the district file: inside `demand`, and at the top. */
void add_habit_demand(ki_text *yaml, const district_habits *habits);
void add_habit_keys(ki_text *yaml, const district_habits *habits);
/* 1 if all dates are dates. */
int habits_are_dates(const district_habits *habits);
#endif
