/* SPDX-License-Identifier: GPL-3.0-or-later
 * route.c - the exact value of a route, from nothing but the sealed model.
 *
 * Two passes. The first joins one segment (segment.h) per stop, which gives the shortest spell and
 * the earliest start that has it. The second walks forward from that start for the times of each
 * stop. Where a window is missed, the walk goes on from the window's end, as the segments do, so
 * that both passes agree on infeasible routes too. */
#include "route/battery.h"
#include "route/breaks.h"
#include "route/cost.h"
#include "route/walk.h"

#include <string.h>

/* Forward from the spell's start, each stop as early as possible. */
static void fill_times(const ki_model *model, const ki_route *route, const ki_route_value *value,
                       ki_stop_time *times) {
    ki_walk at = ki_walk_start(model, route->type);
    int64_t now_ms = value->start_ms + at.type->pre_ms;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        int32_t release_ms = ki_walk_release_ms(&at, route->stops, stop, route->n_stops);
        if (now_ms < release_ms) now_ms = release_ms;
        ki_walk_stop next = ki_walk_next(&at, &route->stops[stop]);
        int64_t arrival_ms = now_ms + next.leg_ms, start_ms = arrival_ms;
        if (start_ms < next.segment.early) start_ms = next.segment.early;
        if (start_ms > next.segment.late) start_ms = next.segment.late;
        now_ms = start_ms + next.segment.duration;
        times[stop] = (ki_stop_time){.arrival_ms = (int32_t)arrival_ms,
                                     .start_ms = (int32_t)start_ms,
                                     .end_ms = (int32_t)now_ms,
                                     .charge_ms = next.charge_ms};
        if (at.type->battery_nwh)
            times[stop].used_nwh =
                ki_used_nwh(at.type, at.length_mm, at.tasks_nwh) - at.charged_nwh;
        memcpy(times[stop].load, at.load, sizeof at.load);
    }
}

static int is_feasible(const ki_walk *at, const ki_route_value *value) {
    if (!at->before || at->before->task != KI_TIP) return 0;
    for (int32_t dim = 0; dim < at->type->n_dims; dim++)
        if (value->excess[dim] > 0) return 0;
    if (!ki_totals_fit(at->type, at->total, at->n_tasks)) return 0;
    return value->late_ms == 0 && value->rest_ms == 0 && value->flat_nwh == 0 &&
           value->n_broken == 0;
}

/* The first pass; tips NULL: not asked for. Returns how many tips there are. */
static int32_t evaluate(const ki_model *model, const ki_route *route, ki_route_value *value,
                        ki_tip_time *tips) {
    ki_walk at = ki_walk_start(model, route->type);
    ki_segment all = ki_start_segment(at.type);
    int32_t n_tips = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        ki_segment wait =
            ki_segment_wait(ki_walk_release_ms(&at, route->stops, stop, route->n_stops));
        int is_there = tips && ki_stop_at_facility(&route->stops[stop]);
        int unloads = is_there && route->stops[stop].task == KI_TIP;
        int64_t mass_g = unloads ? ki_mass_of(at.type, at.load) : 0;
        ki_walk_stop next = ki_walk_next(&at, &route->stops[stop]);
        if (wait.early > 0) all = ki_segment_join(&all, 0, &wait);
        all = ki_segment_join(&all, next.leg_ms, &next.segment);
        if (is_there)
            tips[n_tips++] = (ki_tip_time){.stop = stop,
                                           .mass_g = mass_g,
                                           .early_ms = all.early,
                                           .spell_ms = all.duration,
                                           .unload_ms = next.segment.duration};
    }
    ki_walk_stop end = ki_walk_end(&at);
    all = ki_segment_join(&all, end.leg_ms, &end.segment);
    *value = (ki_route_value){.length_mm = at.length_mm,
                              .spell_ms = (int32_t)all.duration,
                              .start_ms = (int32_t)all.early,
                              .unpaid_ms = ki_breaks_unpaid_ms(at.type, at.n_breaks),
                              .late_ms = all.warp + at.missing_ms,
                              .flat_nwh = at.flat_nwh,
                              .rest_ms = at.rest_ms,
                              .n_broken = at.n_broken};
    int64_t over_ms = all.early + all.duration - ki_breaks_end_ms(at.type, at.n_breaks);
    if (at.type->n_breaks && over_ms > 0) value->rest_ms += over_ms;
    memcpy(value->excess, at.excess, sizeof value->excess);
    value->cost_nano =
        ki_cost_route(model, route->type, at.length_mm, all.duration - value->unpaid_ms,
                      at.fees_nano - ki_moment_nano(model, &at.moment));
    value->feasible = is_feasible(&at, value);
    return n_tips;
}

void ki_route_evaluate(const ki_model *model, const ki_route *route, ki_route_value *value,
                       ki_stop_time *times) {
    evaluate(model, route, value, NULL);
    if (times) fill_times(model, route, value, times);
}

int32_t ki_route_evaluate_tips(const ki_model *model, const ki_route *route, ki_route_value *value,
                               ki_tip_time *tips) {
    int32_t n_tips = evaluate(model, route, value, tips);
    for (int32_t at = 0; at < n_tips; at++) {
        ki_tip_time *tip = &tips[at];
        /* Begun before the latest start that is short, all so far ends as early as it can. */
        int64_t begun_ms = value->start_ms > tip->early_ms ? value->start_ms : tip->early_ms;
        tip->end_ms = (int32_t)(begun_ms + tip->spell_ms);
        tip->start_ms = (int32_t)(tip->end_ms - tip->unload_ms);
    }
    return n_tips;
}
