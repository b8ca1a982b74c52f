/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_slack.c - how early and how late each stop could begin with the rest of the route kept.
 *
 * Earliest: leave as soon as the shift allows and do everything at once. Latest: walk back from
 * the end of the shift. Durations do not depend on the clock, so both passes are exact. */
#include "plan/plan_internal.h"

static void stop_window(const ki_model *sealed, ki_stop stop, int32_t *open_ms, int32_t *close_ms) {
    if (stop.task == KI_TIP) {
        *open_ms = sealed->tips[stop.mode].open_ms;
        *close_ms = sealed->tips[stop.mode].close_ms;
    } else {
        *open_ms = sealed->modes[stop.mode].open_ms;
        *close_ms = sealed->modes[stop.mode].close_ms;
    }
}

void ki_plan_slack(const ki_plan_maker *maker, const ki_route *route, const ki_stop_time *times,
                   ki_plan_route *out) {
    const ki_type *type = &maker->sealed->types[route->type];
    ki_plan_stop *stops = out->stops;
    int32_t n = route->n_stops;
    int32_t open_ms, close_ms;
    stops[0].earliest_ms = type->earliest_ms;
    int64_t free_ms = (int64_t)type->earliest_ms + type->pre_ms;
    for (int32_t k = 0; k < n; k++) {
        stop_window(maker->sealed, route->stops[k], &open_ms, &close_ms);
        int64_t at_ms = free_ms + stops[k + 1].leg.time_ms;
        if (at_ms < open_ms) at_ms = open_ms;
        stops[k + 1].earliest_ms = (int32_t)at_ms;
        free_ms = at_ms + times[k].end_ms - times[k].start_ms;
    }
    stops[n + 1].earliest_ms = (int32_t)(free_ms + stops[n + 1].leg.time_ms);
    int64_t latest_ms = (int64_t)type->latest_ms - type->post_ms;
    stops[n + 1].latest_ms = (int32_t)latest_ms;
    for (int32_t k = n - 1; k >= 0; k--) {
        stop_window(maker->sealed, route->stops[k], &open_ms, &close_ms);
        latest_ms -= (int64_t)stops[k + 2].leg.time_ms + times[k].end_ms - times[k].start_ms;
        if (latest_ms > close_ms) latest_ms = close_ms;
        stops[k + 1].latest_ms = (int32_t)latest_ms;
    }
    stops[0].latest_ms = (int32_t)(latest_ms - stops[1].leg.time_ms - type->pre_ms);
}
