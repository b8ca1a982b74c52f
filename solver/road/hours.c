/* SPDX-License-Identifier: GPL-3.0-or-later
 * hours.c - opening hours against the time a vehicle is out.
 *
 * The spans that begin on one day are those of the last part that names the day and replaces, and
 * of what was added after it (OpenStreetMap wiki, Key:opening_hours/specification). A span belongs
 * to the day it begins on and reaches at most into the next, so an instant is judged by two days:
 *
 *       Monday          Tuesday        begins Monday: 22:00-06:00 and 08:00-12:00
 *   ──|──08══12────22═|══06──────|──   begins Tuesday: off
 */
#include "road/hours.h"

#include "base/date.h"

enum { DAYS_BEFORE = 2 }; /* the first day of ki_out.holidays lies before the first span */

/* ---- one day --------------------------------------------------------------------------------- */

static int is_date_within(const ki_hours_rule *rule, int32_t year, int32_t month, int32_t day) {
    int32_t date = 32 * month + day;
    if (rule->first_year && (year < rule->first_year || year > rule->last_year)) return 0;
    if (!rule->first_date) return 1;
    if (rule->first_date <= rule->last_date)
        return date >= rule->first_date && date <= rule->last_date;
    return date >= rule->first_date || date <= rule->last_date;
}

static int is_holiday(const ki_out *out, int64_t day) {
    int64_t bit = day - (ki_day_of(out->spans[0].start_s) - DAYS_BEFORE);
    return bit >= 0 && bit < KI_HOURS_HOLIDAY_DAYS && (out->holidays >> bit & 1);
}

static int names_day(const ki_hours_rule *rule, int64_t day, const ki_out *out) {
    int32_t year, month, of_month;
    int named = rule->days >> ki_weekday_of_day(day) & 1;
    if (!named && (rule->days & KI_HOURS_HOLIDAY)) named = is_holiday(out, day);
    if (!named) return 0;
    ki_civil_from_days(day, &year, &month, &of_month);
    return is_date_within(rule, year, month, of_month);
}

/* First rule of the part from which on the day's spans count. */
static int32_t first_rule_of(const ki_hours_rule *rules, int32_t n_rules, int64_t day,
                             const ki_out *out) {
    for (int32_t rule = n_rules - 1; rule >= 0; rule--) {
        if (!rules[rule].replaces || !names_day(&rules[rule], day, out)) continue;
        while (rule > 0 && rules[rule - 1].part == rules[rule].part)
            rule--;
        return rule;
    }
    return 0;
}

static ki_local_span span_on(const ki_hours_rule *rule, int64_t day) {
    int64_t midnight_s = day * KI_DAY_S;
    return (ki_local_span){midnight_s + rule->start_min * 60, midnight_s + rule->end_min * 60};
}

/* ---- a span of time -------------------------------------------------------------------------- */

/* How far the hours hold without a gap from at_s on; at_s: they do not hold then. *meets is set
 * where any of them meets [at_s, end_s). */
static int64_t reach(const ki_hours_rule *rules, int32_t n_rules, const ki_out *out, int64_t at_s,
                     int64_t end_s, int *meets) {
    int64_t reached_s = at_s;
    for (int64_t day = ki_day_of(at_s) - 1; day <= ki_day_of(end_s - 1); day++) {
        for (int32_t rule = first_rule_of(rules, n_rules, day, out); rule < n_rules; rule++) {
            if (rules[rule].off || !names_day(&rules[rule], day, out)) continue;
            ki_local_span span = span_on(&rules[rule], day);
            if (span.start_s < end_s && span.end_s > at_s) *meets = 1;
            if (span.start_s <= reached_s && span.end_s > reached_s) reached_s = span.end_s;
        }
    }
    return reached_s;
}

static ki_during during(const ki_hours_rule *rules, int32_t n_rules, const ki_out *out,
                        ki_local_span span) {
    int meets = 0;
    int64_t at_s = span.start_s;
    while (at_s < span.end_s) {
        int64_t reached_s = reach(rules, n_rules, out, at_s, span.end_s, &meets);
        if (reached_s == at_s) break;
        at_s = reached_s;
    }
    if (at_s >= span.end_s) return KI_DURING_THROUGHOUT;
    return meets || at_s > span.start_s ? KI_DURING_PARTLY : KI_DURING_NEVER;
}

ki_during ki_hours_during(const ki_hours_rule *rules, int32_t n_rules, const ki_out *out) {
    if (n_rules == 0) return KI_DURING_THROUGHOUT;
    if (out->n_spans == 0) return KI_DURING_PARTLY;
    ki_during first = during(rules, n_rules, out, out->spans[0]);
    for (int span = 1; span < out->n_spans; span++)
        if (during(rules, n_rules, out, out->spans[span]) != first) return KI_DURING_PARTLY;
    return first;
}

/* ---- instants to local spans ----------------------------------------------------------------- */

ki_out ki_out_between(int64_t start_s, int64_t end_s, const ki_wall_clock *clock,
                      const int32_t *holidays, size_t n_holidays) {
    ki_out out = {.n_spans = 1};
    int changes =
        clock->change_s > start_s && clock->change_s < end_s && clock->offset_s != clock->after_s;
    int64_t first_end_s = changes ? clock->change_s : end_s;
    int64_t ahead_s = start_s < clock->change_s ? clock->offset_s : clock->after_s;
    out.spans[0] = (ki_local_span){start_s + ahead_s, first_end_s + ahead_s};
    if (changes) {
        out.spans[1] = (ki_local_span){first_end_s + clock->after_s, end_s + clock->after_s};
        out.n_spans = 2;
    }
    int64_t first_day = ki_day_of(out.spans[0].start_s) - DAYS_BEFORE;
    for (size_t holiday = 0; holiday < n_holidays; holiday++) {
        int64_t bit = holidays[holiday] - first_day;
        if (bit >= 0 && bit < KI_HOURS_HOLIDAY_DAYS) out.holidays |= (uint8_t)(1u << bit);
    }
    return out;
}
