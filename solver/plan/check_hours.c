/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_hours.c - conditions of roads at the moment a vehicle is there, minute by minute.
 *
 * The engine settles conditions for a whole window at once; here they are read again, for one
 * minute of the wall clock at a time, as one reads a sign: which parts of the hours speak of this
 * day, and of the one before whose spans may reach into it; the later clause overrides. What was
 * not understood forbids, and does not permit. */
#include "base/date.h"
#include "plan/check_internal.h"

enum { MINUTE_MS = 60000, DAY_MIN = 1440 };

/* ---- the wall clock -------------------------------------------------------------------------- */

/* Minutes since 1970-01-01 00:00 on the wall, at a time of the night. */
static int64_t wall_minute(const ki_checker *check, int64_t at_ms) {
    const kerb_district *district = &check->draft->district;
    int64_t at_s = district->night_start_s + at_ms / 1000, local_s = at_s + district->utc_offset_s;
    if (district->clock_change_s != 0 && at_s >= district->clock_change_s)
        local_s = at_s + district->utc_offset_after_s;
    return local_s / 60 - (local_s % 60 < 0);
}

static int is_holiday(const ki_checker *check, int64_t day) {
    const kerb_district *district = &check->draft->district;
    for (size_t at = 0; at < district->n_holidays; at++)
        if (district->holidays[at].day == day) return 1;
    return 0;
}

static int names(const ki_checker *check, const ki_hours_rule *rule, int64_t day) {
    int32_t year, month, of_month;
    ki_civil_from_days(day, &year, &month, &of_month);
    int weekday = (int)(((day - 4) % 7 + 7) % 7); /* 1970-01-05 was a Monday */
    int date = 32 * month + of_month, from = rule->first_date, to = rule->last_date;
    int named =
        (rule->days & 1 << weekday) || ((rule->days & KI_HOURS_HOLIDAY) && is_holiday(check, day));
    if (!named) return 0;
    if (rule->first_year != 0 && (year < rule->first_year || year > rule->last_year)) return 0;
    if (from == 0) return 1;
    return from <= to ? from <= date && date <= to : from <= date || date <= to;
}

/* Whether a span that begins on the day holds `minute` minutes after its midnight. Part by part: a
 * part that replaces wipes out what earlier ones said of the day. */
static int holds_from(const ki_checker *check, const ki_hours_rule *rules, int32_t n, int64_t day,
                      int64_t minute) {
    int holds = 0, part = -1;
    for (int32_t r = 0; r < n; r++) {
        if (!names(check, &rules[r], day)) continue;
        if (rules[r].replaces && rules[r].part != part) holds = 0;
        part = rules[r].part;
        if (!rules[r].off && rules[r].start_min <= minute && minute < rules[r].end_min) holds = 1;
    }
    return holds;
}

static int hours_hold(const ki_checker *check, const ki_hours_rule *rules, int32_t n,
                      int64_t minute) {
    int64_t day = minute / DAY_MIN - (minute % DAY_MIN < 0), of_day = minute - day * DAY_MIN;
    return n == 0 || holds_from(check, rules, n, day, of_day) ||
           holds_from(check, rules, n, day - 1, of_day + DAY_MIN);
}

/* The last minute of the night that begins before `to_ms`. Where the clocks go back meanwhile, one
 * minute is looked at only. */
static int64_t last_minute(const ki_checker *check, int64_t from_ms, int64_t to_ms) {
    return wall_minute(check, to_ms > from_ms ? to_ms - 1 : from_ms);
}

int ki_check_hours_meet(const ki_checker *check, const ki_hours_rule *rules, int32_t n,
                        int64_t from_ms, int64_t to_ms) {
    int64_t first = wall_minute(check, from_ms), last = last_minute(check, from_ms, to_ms);
    int meets = hours_hold(check, rules, n, last);
    for (int64_t minute = first; minute < last && !meets; minute++)
        meets = hours_hold(check, rules, n, minute);
    return meets;
}

/* ---- conditions ------------------------------------------------------------------------------ */

static int is_of_size(const ki_condition *condition, const ki_profile_spec *spec) {
    const int32_t sizes[KI_N_SIZES] = {0, spec->height_mm, spec->width_mm, spec->length_mm,
                                       spec->mass_kg};
    for (int test = 0; test < KI_SIZE_TESTS; test++) {
        int which = condition->sizes[test];
        if (which == KI_SIZE_NONE) continue;
        if (condition->below[test] ? sizes[which] >= condition->bounds[test]
                                   : sizes[which] <= condition->bounds[test])
            return 0;
    }
    return 1;
}

typedef struct state { /* of one direction of a road, of a gate, of a turn */
    int legal, flow;
    int32_t limits[KI_N_SIZES];
} state;

static int size_of_effect(int effect) {
    switch (effect) {
    case KI_EFFECT_HEIGHT: return KI_SIZE_HEIGHT;
    case KI_EFFECT_WIDTH: return KI_SIZE_WIDTH;
    case KI_EFFECT_LENGTH: return KI_SIZE_LENGTH;
    case KI_EFFECT_MASS: return KI_SIZE_MASS;
    default: return KI_SIZE_NONE;
    }
}

static void apply(const ki_condition *condition, state *now) {
    int size = size_of_effect(condition->effect);
    int32_t *limit = &now->limits[size], value = condition->value;
    switch (condition->effect) {
    case KI_EFFECT_OPEN: now->legal |= !condition->perhaps; break;
    case KI_EFFECT_CLOSE: now->legal = 0; break;
    case KI_EFFECT_FLOW_OPEN: now->flow |= !condition->perhaps; break;
    case KI_EFFECT_FLOW_CLOSE: now->flow = 0; break;
    default:
        if (size == KI_SIZE_NONE) return;
        if (!condition->perhaps || *limit == 0 || (value != 0 && value < *limit)) *limit = value;
    }
}

static void run_list(const ki_checker *check, const ki_profile_spec *spec, int32_t list,
                     int direction, int64_t minute, state *now) {
    const ki_conditions *all = &check->graph->conditions;
    for (int32_t c = all->first[list]; c < all->first[list + 1]; c++) {
        const ki_condition *condition = &all->items[c];
        if ((condition->kinds[direction] & spec->kind) && is_of_size(condition, spec) &&
            (condition->n_hours == 0 ||
             hours_hold(check, all->hours + condition->first_hour, condition->n_hours, minute)))
            apply(condition, now);
    }
}

static int passes(const state *now, const ki_profile_spec *spec) {
    const int32_t sizes[KI_N_SIZES] = {0, spec->height_mm, spec->width_mm, spec->length_mm,
                                       spec->mass_kg};
    int fits = 1;
    for (int size = KI_SIZE_HEIGHT; size < KI_N_SIZES; size++)
        fits &= now->limits[size] == 0 || sizes[size] == 0 || sizes[size] <= now->limits[size];
    return now->legal && now->flow && fits;
}

int ki_check_open_road(const ki_checker *check, const ki_profile_spec *spec, int32_t arc,
                       int64_t from_ms, int64_t to_ms) {
    const ki_way_tags *tags = &check->graph->ways[check->graph->edges[arc >> 1].way].tags;
    int64_t last = last_minute(check, from_ms, to_ms), first = wall_minute(check, from_ms);
    if (!(tags->access[arc & 1] & spec->kind)) return 0;
    if (first > last) first = last;
    for (int64_t minute = first; minute <= last; minute++) {
        state now = {
            1,
            1,
            {0, tags->max_height_mm, tags->max_width_mm, tags->max_length_mm, tags->max_mass_kg}};
        state limits = now;
        run_list(check, spec, tags->conditions, arc & 1, minute, &now);
        run_list(check, spec, tags->conditions, 0, minute, &limits); /* they hold both ways */
        for (int size = 0; size < KI_N_SIZES; size++)
            now.limits[size] = limits.limits[size];
        if (!passes(&now, spec)) return 0;
    }
    return 1;
}

int ki_check_open_node(const ki_checker *check, const ki_profile_spec *spec, int32_t node,
                       int64_t at_ms) {
    const ki_node_tags *tags = &check->graph->nodes[node].tags;
    state now = {!(tags->blocked & spec->kind),
                 1,
                 {0, tags->max_height_mm, tags->max_width_mm, 0, tags->max_mass_kg}};
    run_list(check, spec, tags->conditions, 0, wall_minute(check, at_ms), &now);
    now.flow = 1; /* a point has no direction and no length */
    now.limits[KI_SIZE_LENGTH] = 0;
    return passes(&now, spec);
}

int ki_check_turn_bound(const ki_checker *check, const ki_profile_spec *spec,
                        const ki_restriction *rule, int64_t at_ms) {
    state now = {rule->conditions != 0, 1, {0}};
    if (rule->except & spec->kind) return 0;
    run_list(check, spec, rule->conditions, 0, wall_minute(check, at_ms), &now);
    return !now.legal;
}

void ki_check_clock(const ki_checker *check, int64_t at_ms, char out[8]) {
    int64_t minute = wall_minute(check, at_ms);
    int of_day = (int)(((minute % DAY_MIN) + DAY_MIN) % DAY_MIN);
    out[0] = (char)('0' + of_day / 600);
    out[1] = (char)('0' + of_day / 60 % 10);
    out[2] = ':';
    out[3] = (char)('0' + of_day % 60 / 10);
    out[4] = (char)('0' + of_day % 10);
    out[5] = '\0';
}
