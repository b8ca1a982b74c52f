/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_break.c - the breaks of a shift: those it takes are whole, in their windows, in their order
 * and not after too much work; those it does without it may do without. */
#include "plan/check_internal.h"

/* The last instant of the shift at which the break may start; whether one is stated. */
static int last_start_ms(const ki_check_breaks *breaks, const kerb_break *from, int64_t *last_ms) {
    int64_t earliest_ms = ki_rule_instant_ms(breaks->check, breaks->shift->start_s);
    int64_t latest_ms = ki_rule_instant_ms(breaks->check, breaks->shift->end_s);
    int stated = 0;
    for (size_t w = 0; w < from->n_windows; w++) {
        int64_t open_ms = ki_rule_instant_ms(breaks->check, from->windows[w].start_s);
        int64_t close_ms = ki_rule_instant_ms(breaks->check, from->windows[w].end_s);
        if (open_ms > latest_ms || close_ms < earliest_ms) continue;
        if (close_ms > latest_ms) close_ms = latest_ms;
        if (!stated || close_ms > *last_ms) *last_ms = close_ms;
        stated = 1;
    }
    return stated;
}

/* All of the shift's; of one under way those that may still be taken. */
static void list_breaks(ki_check_breaks *breaks) {
    for (size_t at = 0; at < breaks->shift->n_breaks && breaks->n_listed < KI_MAX_BREAKS; at++) {
        const kerb_break *from = &breaks->shift->breaks[at];
        int64_t last_ms;
        if (from->n_windows == 0 || last_start_ms(breaks, from, &last_ms))
            breaks->listed[breaks->n_listed++] = from;
    }
}

void ki_check_breaks_start(ki_check_breaks *breaks, ki_checker *check, const ki_plan_route *route,
                           const kerb_shift *shift) {
    *breaks = (ki_check_breaks){.check = check, .route = route, .shift = shift};
    if (shift->under_way) breaks->work_ms = ki_rule_ms(shift->worked_s);
    list_breaks(breaks);
    breaks->spans = ki_arena_alloc(&check->arena, (size_t)route->n_breaks, sizeof *breaks->spans);
    if (!breaks->spans) check->failed = 1;
    if (route->n_breaks > breaks->n_listed)
        ki_check_say(check, "%d breaks, expected at most %d", route->n_breaks, breaks->n_listed);
    for (int32_t at = 1; at < route->n_breaks; at++)
        if (route->breaks[at].after_stop < route->breaks[at - 1].after_stop)
            ki_check_say(check, "break %d is taken before break %d", at + 1, at);
    for (int32_t at = 0; at < route->n_breaks; at++)
        if (route->breaks[at].after_stop < 0 || route->breaks[at].after_stop >= route->n_stops - 1)
            ki_check_say(check, "break %d is taken behind stop %d, expected one before the last",
                         at + 1, route->breaks[at].after_stop);
}

void ki_check_breaks_work(ki_check_breaks *breaks, const ki_plan_stop *stop) {
    breaks->work_ms += stop->leg.time_ms + ((int64_t)stop->end_ms - stop->start_ms);
}

/* Within the shift as well. */
static ki_check_span span_of(const ki_check_breaks *breaks, const kerb_break *from,
                             int64_t start_ms) {
    ki_check_span span;
    int64_t earliest_ms = ki_rule_instant_ms(breaks->check, breaks->shift->start_s);
    int64_t latest_ms = ki_rule_instant_ms(breaks->check, breaks->shift->end_s);
    ki_check_window(breaks->check, from->windows, from->n_windows, start_ms, &span);
    if (span.open_ms < earliest_ms) span.open_ms = earliest_ms;
    if (span.close_ms > latest_ms) span.close_ms = latest_ms;
    return span;
}

static void judge_work(ki_check_breaks *breaks, const kerb_break *from) {
    int64_t most_ms = ki_rule_ms(from->after_work_s);
    if (from->after_work_s > 0 && breaks->work_ms > most_ms)
        ki_check_say(breaks->check, "%lld ms of work without break %d, expected at most %lld",
                     (long long)breaks->work_ms, breaks->n_taken + 1, (long long)most_ms);
}

static void take(ki_check_breaks *breaks, const ki_plan_break *pause, int32_t stop,
                 int64_t free_ms) {
    ki_checker *check = breaks->check;
    const kerb_break *from = breaks->listed[breaks->n_taken];
    ki_check_span span = span_of(breaks, from, pause->start_ms);
    ki_stop_kind kind = breaks->route->stops[stop].kind;
    if (pause->start_ms < free_ms) ki_check_say(check, "starts before the vehicle is free");
    if (pause->start_ms > free_ms && pause->start_ms != span.open_ms)
        ki_check_say(check, "waits until %d ms, though its window opened at %lld ms",
                     pause->start_ms, (long long)span.open_ms);
    ki_check_same(check, "end (ms)", pause->end_ms, pause->start_ms + ki_rule_ms(from->duration_s));
    int at_facility = kind == KI_STOP_START || kind == KI_STOP_TIP || kind == KI_STOP_LOAD;
    if (from->at_facility && !at_facility) ki_check_say(check, "taken at no depot or facility");
    judge_work(breaks, from);
    if (!from->paid) breaks->unpaid_ms += ki_rule_ms(from->duration_s);
    breaks->work_ms = 0;
    breaks->spans[breaks->n_taken++] = span;
}

int64_t ki_check_breaks_take(ki_check_breaks *breaks, int32_t stop, int64_t free_ms) {
    const ki_plan_route *route = breaks->route;
    while (breaks->n_taken < route->n_breaks && breaks->n_taken < breaks->n_listed &&
           route->breaks[breaks->n_taken].after_stop == stop) {
        const ki_plan_break *pause = &route->breaks[breaks->n_taken];
        breaks->check->part = "break";
        take(breaks, pause, stop, free_ms);
        breaks->check->part = NULL;
        free_ms = pause->end_ms;
    }
    return free_ms;
}

static void judge_lacking(ki_check_breaks *breaks, int32_t number) {
    ki_checker *check = breaks->check;
    const kerb_break *from = breaks->listed[number];
    int64_t last_ms = 0;
    int stated = last_start_ms(breaks, from, &last_ms);
    if (number == breaks->n_taken) judge_work(breaks, from);
    if (!stated && !(from->after_work_s > 0)) ki_check_say(check, "no break %d", number + 1);
    if (stated && breaks->route->spell_end_ms > last_ms)
        ki_check_say(check, "no break %d, though the spell ends at %d ms, after %lld ms",
                     number + 1, breaks->route->spell_end_ms, (long long)last_ms);
    if (stated && last_ms < breaks->must_end_ms) breaks->must_end_ms = last_ms;
}

void ki_check_breaks_end(ki_check_breaks *breaks) {
    breaks->check->stop = NULL;
    breaks->must_end_ms = ki_rule_instant_ms(breaks->check, breaks->shift->end_s);
    if (ki_check_only_home(breaks->shift, breaks->route)) return;
    for (int32_t number = breaks->n_taken; number < breaks->n_listed; number++)
        judge_lacking(breaks, number);
}

int64_t ki_check_breaks_early(const ki_check_breaks *breaks, int32_t stop, int64_t early_ms) {
    for (int32_t at = 0; at < breaks->n_taken; at++) {
        const ki_plan_break *pause = &breaks->route->breaks[at];
        if (pause->after_stop != stop) continue;
        if (early_ms < breaks->spans[at].open_ms) early_ms = breaks->spans[at].open_ms;
        early_ms += (int64_t)pause->end_ms - pause->start_ms;
    }
    return early_ms;
}

int64_t ki_check_breaks_late(const ki_check_breaks *breaks, int32_t stop, int64_t late_ms) {
    for (int32_t at = breaks->n_taken - 1; at >= 0; at--) {
        const ki_plan_break *pause = &breaks->route->breaks[at];
        if (pause->after_stop != stop) continue;
        late_ms -= (int64_t)pause->end_ms - pause->start_ms;
        if (late_ms > breaks->spans[at].close_ms) late_ms = breaks->spans[at].close_ms;
    }
    return late_ms;
}
