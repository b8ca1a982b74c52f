/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_slack.c - how early and how late each stop could begin with the rest of the route kept, by
 * the true windows and hours.
 *
 * Earliest: leave as soon as the shift allows and do everything at once. Latest: walk back from
 * the end of the shift, or from when a break that is not taken would be due. Durations do not
 * depend on the clock, so both passes are exact. Breaks stay behind the stop they are taken at. */
#include "plan/plan_internal.h"

#include "route/breaks.h"

typedef struct span {
    int32_t open_ms, close_ms;
} span;

static span window_of(const ki_model *sealed, const ki_type *type, ki_stop stop) {
    if (ki_stop_at_facility(&stop)) {
        const ki_tip *tip = &sealed->tips[stop.mode];
        return (span){tip->open_ms, tip->close_ms + tip->margin_ms};
    }
    if (stop.task == KI_BREAK) {
        const ki_break_option *option = &type->break_options[stop.mode];
        return (span){option->open_ms, option->close_ms};
    }
    const ki_mode *mode = &sealed->modes[stop.mode];
    return (span){mode->open_ms, mode->close_ms + mode->margin_ms};
}

static void walk_forward(const ki_plan_maker *maker, const ki_route *route,
                         const ki_stop_time *times, ki_plan_stop *stops) {
    const ki_type *type = &maker->sealed->types[route->type];
    int64_t free_ms = (int64_t)type->earliest_ms + type->pre_ms;
    int32_t made = 1;
    stops[0].earliest_ms = type->earliest_ms;
    for (int32_t k = 0; k < route->n_stops; k++) {
        int is_break = route->stops[k].task == KI_BREAK;
        int64_t at_ms = free_ms + (is_break ? 0 : stops[made].leg.time_ms);
        int32_t open_ms = window_of(maker->sealed, type, route->stops[k]).open_ms;
        if (at_ms < open_ms) at_ms = open_ms;
        if (!is_break) stops[made++].earliest_ms = (int32_t)at_ms;
        free_ms = at_ms + times[k].end_ms - times[k].start_ms;
    }
    stops[made].earliest_ms = (int32_t)(free_ms + stops[made].leg.time_ms);
}

/* When a spell with so many breaks must be over. */
static int64_t spell_end_ms(const ki_type *type, int32_t n_breaks) {
    ki_type true_hours = *type;
    true_hours.latest_ms += type->margin_ms;
    return ki_breaks_end_ms(&true_hours, n_breaks);
}

static void walk_back(const ki_plan_maker *maker, const ki_route *route, const ki_stop_time *times,
                      ki_plan_route *out) {
    const ki_type *type = &maker->sealed->types[route->type];
    int32_t made = out->n_stops - 1;
    int comes_home = type->under_way && out->n_served == 0; /* breaks or not */
    int64_t latest_ms = comes_home ? type->latest_ms : spell_end_ms(type, out->n_breaks);
    latest_ms -= type->post_ms;
    out->stops[made].latest_ms = (int32_t)latest_ms;
    latest_ms -= out->stops[made].leg.time_ms;
    for (int32_t k = route->n_stops - 1; k >= 0; k--) {
        int32_t close_ms = window_of(maker->sealed, type, route->stops[k]).close_ms;
        latest_ms -= times[k].end_ms - times[k].start_ms;
        if (latest_ms > close_ms) latest_ms = close_ms;
        if (route->stops[k].task == KI_BREAK) continue;
        out->stops[--made].latest_ms = (int32_t)latest_ms;
        latest_ms -= out->stops[made].leg.time_ms;
    }
    out->stops[0].latest_ms = (int32_t)(latest_ms - type->pre_ms);
}

void ki_plan_slack(const ki_plan_maker *maker, const ki_route *route, const ki_stop_time *times,
                   ki_plan_route *out) {
    walk_forward(maker, route, times, out->stops);
    walk_back(maker, route, times, out);
}
