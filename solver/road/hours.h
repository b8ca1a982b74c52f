/* SPDX-License-Identifier: GPL-3.0-or-later
 * hours.h - when something holds: weekly spans of local minutes, on certain days, dates, holidays.
 *
 *   Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00; PH off
 *
 * Plain data: rules may be copied, kept in flat arrays, hashed field by field. No rules: always. */
#ifndef KI_HOURS_H
#define KI_HOURS_H
#include <stddef.h>
#include <stdint.h>

enum { KI_HOURS_MAX_RULES = 48, KI_HOURS_DAY_MIN = 1440 };
/* Days of a rule: Monday is bit 0, Sunday bit 6. */
enum { KI_HOURS_ANY_DAY = 0x7F, KI_HOURS_HOLIDAY = 0x80 };

/* A span that begins on the days named. What it says of a day may replace what earlier parts of
 * the text say of it: parts joined by `;` replace, those joined by `,` add. */
typedef struct ki_hours_rule {
    int16_t start_min, end_min; /* of the day it begins on; end > start, past 1440: the next day */
    uint8_t days;               /* bits: weekdays, KI_HOURS_HOLIDAY: public holidays too */
    uint8_t part;               /* of the text, ascending */
    uint8_t replaces;           /* its part replaces earlier ones on the days it names */
    uint8_t off;                /* does not hold on these days; the minutes mean nothing */
    int16_t first_date, last_date; /* 32 * month + day, both in; first > last: over New Year;
                                      0: any date */
    int16_t first_year, last_year; /* both in; of the day it begins on; 0: any year */
} ki_hours_rule;

typedef struct ki_hours {
    int32_t n_rules;
    ki_hours_rule rules[KI_HOURS_MAX_RULES];
} ki_hours;

/* Reads opening hours as OSM writes them: weekdays and ranges of them, PH, months, dates and ranges
 * of them, years, spans of HH:MM (over midnight too, up to 48:00), 24/7, off, parts joined by `;`
 * or `,`. 1: understood. 0: not (sunrise, week numbers, SH, open ends, comments ...); *out is void
 * then. 24/7 gives one rule. */
int ki_hours_parse(const char *text, size_t length, ki_hours *out);

/* ---- the time a vehicle is out --------------------------------------------------------------- */

typedef struct ki_local_span { /* [start, end) in local seconds since 1970-01-01 00:00 local */
    int64_t start_s, end_s;
} ki_local_span;

enum { KI_HOURS_HOLIDAY_DAYS = 8 };
/* In local time, as the clock on the wall shows it: two spans where the clocks change meanwhile, so
 * that the hour that comes twice is in both and the one that is left out in neither. */
typedef struct ki_out {
    ki_local_span spans[2];
    uint8_t n_spans;  /* 0: not known */
    uint8_t holidays; /* bit d: the day d - 2 days after the one the first span begins on is a
                         holiday */
} ki_out;

/* How the wall clock runs: offset_s ahead of UTC, from change_s on after_s ahead. */
typedef struct ki_wall_clock {
    int32_t offset_s, after_s;
    int64_t change_s; /* INT64_MAX: the clocks do not change */
} ki_wall_clock;

static inline int64_t ki_wall_time_s(const ki_wall_clock *clock, int64_t at_s) {
    return at_s + (at_s < clock->change_s ? clock->offset_s : clock->after_s);
}

/* The instants [start_s, end_s) as the wall clock shows them. holidays: [n] days since 1970-01-01,
 * in any order; those further off than KI_HOURS_HOLIDAY_DAYS cannot matter to a night. */
ki_out ki_out_between(int64_t start_s, int64_t end_s, const ki_wall_clock *clock,
                      const int32_t *holidays, size_t n_holidays);

typedef enum ki_during { KI_DURING_NEVER = 0, KI_DURING_PARTLY, KI_DURING_THROUGHOUT } ki_during;
/* Whether the hours hold while the vehicle is out. No rules: throughout. A time not known: partly,
 * unless there are no rules. */
ki_during ki_hours_during(const ki_hours_rule *rules, int32_t n_rules, const ki_out *out);
#endif
