/* SPDX-License-Identifier: GPL-3.0-or-later
 * date.h - calendar days in integers: the proleptic Gregorian calendar, days since 1970-01-01. */
#ifndef KI_DATE_H
#define KI_DATE_H
#include <stdint.h>

enum { KI_DAY_S = 86400 };

int64_t ki_days_from_civil(int32_t year, int32_t month, int32_t day);
void ki_civil_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day);
/* The day an instant lies in, before 1970 too. */
int64_t ki_day_of(int64_t at_s);
/* Monday 0, of a day. */
int ki_weekday_of_day(int64_t days);
#endif
