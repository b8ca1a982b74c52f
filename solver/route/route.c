/* SPDX-License-Identifier: GPL-3.0-or-later
 * route.c - the exact value of a route, from nothing but the sealed model.
 *
 * Two passes. The first joins one segment (segment.h) per stop, which gives the shortest spell and
 * the earliest start that has it. The second walks forward from that start for the times of each
 * stop. Where a window is missed, the walk goes on from the window's end, as the segments do, so
 * that both passes agree on infeasible routes too. */
#include "route/walk.h"

#include "route/cost.h"

#include <string.h>

/* Late by more than any horizon: a way, a vehicle or a tip that does not exist. */
#define MISSING_MS ((int64_t)1 << 40)

typedef struct walk {
    const ki_model *model;
    const ki_type *type;
    int32_t type_index;
    int32_t point; /* where the vehicle stands */
    int64_t load[KI_MAX_DIMS];
    int64_t length_mm, fees_nano, missing_ms;
} walk;

typedef struct visit { /* one stop as the schedule sees it */
    int32_t leg_ms;
    ki_segment segment;
} visit;

int ki_stop_pays_setup(const ki_model *model, const ki_stop *before, const ki_stop *stop) {
    if (!before || before->task == KI_TIP) return 1;
    int32_t site = model->tasks[stop->task].site;
    return site < 0 || model->tasks[before->task].site != site ||
           model->modes[before->mode].exit != model->modes[stop->mode].entry;
}

int64_t ki_tip_ms(const ki_model *model, int32_t type, int32_t tip, const int64_t *load) {
    const ki_type *kind = &model->types[type];
    int64_t mass_g = 0;
    for (int32_t dim = 0; dim < kind->n_dims; dim++)
        if (kind->mass_dims >> dim & 1) mass_g += load[dim];
    return model->tips[tip].fixed_ms + mass_g * model->tips[tip].ms_per_tonne / 1000000;
}

int ki_stop_allowed(const ki_model *model, int32_t type, const ki_stop *stop) {
    const ki_type *kind = &model->types[type];
    if (stop->task == KI_TIP)
        return stop->mode >= kind->first_tip && stop->mode < kind->first_tip + kind->n_tips;
    return (model->tasks[stop->task].types >> type & 1) != 0 &&
           ki_service_ms(model, type, stop->mode) != KI_NEVER;
}

/* Drives to a point; a missing way counts as no time but as very late. */
static int32_t drive(walk *at, int32_t point) {
    int32_t leg_ms = ki_time_ms(at->model, at->type_index, at->point, point);
    int32_t leg_mm = ki_length_mm(at->model, at->type_index, at->point, point);
    at->point = point;
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) {
        at->missing_ms += MISSING_MS;
        return 0;
    }
    at->length_mm += leg_mm;
    return leg_ms;
}

static int64_t over_capacity(const walk *at, ki_route_value *value) {
    int64_t over = 0;
    for (int32_t dim = 0; dim < at->type->n_dims; dim++) {
        int64_t excess = at->load[dim] - at->type->capacity[dim];
        if (excess > 0) value->excess[dim] += excess, over += excess;
    }
    return over;
}

static visit visit_tip(walk *at, int32_t tip, ki_route_value *value) {
    const ki_tip *option = &at->model->tips[tip];
    visit result = {.leg_ms = drive(at, option->point)};
    int64_t unload_ms = ki_tip_ms(at->model, at->type_index, tip, at->load);
    at->fees_nano += ki_cost_fees(at->model, at->type_index, tip, at->load);
    over_capacity(at, value); /* loads only grow within a trip: its end is its peak */
    memset(at->load, 0, sizeof at->load);
    result.segment = ki_segment_one(option->open_ms, option->close_ms, unload_ms);
    return result;
}

static visit visit_task(walk *at, const ki_stop *before, const ki_stop *stop) {
    const ki_task *task = &at->model->tasks[stop->task];
    const ki_mode *mode = &at->model->modes[stop->mode];
    visit result = {.leg_ms = drive(at, mode->entry)};
    int32_t service_ms = ki_service_ms(at->model, at->type_index, stop->mode);
    int64_t busy_ms = service_ms == KI_NEVER ? 0 : service_ms;
    if (ki_stop_pays_setup(at->model, before, stop)) busy_ms += task->setup_ms;
    const int64_t *demand = ki_demand(at->model, at->type_index, stop->task);
    for (int32_t dim = 0; dim < at->type->n_dims; dim++)
        at->load[dim] += demand[dim];
    at->fees_nano += ki_change_nano(at->model, at->type_index, stop->task);
    at->length_mm += mode->length_mm;
    at->point = mode->exit;
    result.segment = ki_segment_one(mode->open_ms, mode->close_ms, busy_ms);
    return result;
}

static visit visit_stop(walk *at, const ki_route *route, int32_t index, ki_route_value *value) {
    const ki_stop *stop = &route->stops[index];
    if (!ki_stop_allowed(at->model, at->type_index, stop)) at->missing_ms += MISSING_MS;
    if (stop->task == KI_TIP) return visit_tip(at, stop->mode, value);
    return visit_task(at, index > 0 ? stop - 1 : NULL, stop);
}

static walk walk_from_depot(const ki_model *model, int32_t type) {
    walk at = {.model = model, .type = &model->types[type], .type_index = type};
    at.point = at.type->start_point;
    memcpy(at.load, at.type->start_load, sizeof at.load);
    return at;
}

/* Forward from the spell's start, each stop as early as possible. */
static void fill_times(const ki_model *model, const ki_route *route, const ki_route_value *value,
                       ki_stop_time *times) {
    walk at = walk_from_depot(model, route->type);
    ki_route_value ignored = {0};
    int64_t now_ms = value->start_ms + at.type->pre_ms;
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        visit next = visit_stop(&at, route, stop, &ignored);
        int64_t arrival_ms = now_ms + next.leg_ms, start_ms = arrival_ms;
        if (start_ms < next.segment.early) start_ms = next.segment.early;
        if (start_ms > next.segment.late) start_ms = next.segment.late;
        now_ms = start_ms + next.segment.duration;
        times[stop] = (ki_stop_time){.arrival_ms = (int32_t)arrival_ms,
                                     .start_ms = (int32_t)start_ms,
                                     .end_ms = (int32_t)now_ms};
        memcpy(times[stop].load, at.load, sizeof at.load);
    }
}

/* Load that never reached a tip is over a capacity of nothing. */
static int is_feasible(const walk *at, const ki_route *route, const ki_route_value *value) {
    if (route->n_stops == 0 || route->stops[route->n_stops - 1].task != KI_TIP) return 0;
    for (int32_t dim = 0; dim < at->type->n_dims; dim++)
        if (value->excess[dim] > 0) return 0;
    return value->late_ms == 0;
}

void ki_route_evaluate(const ki_model *model, const ki_route *route, ki_route_value *value,
                       ki_stop_time *times) {
    *value = (ki_route_value){0};
    walk at = walk_from_depot(model, route->type);
    ki_segment all = ki_start_segment(at.type);
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        visit next = visit_stop(&at, route, stop, value);
        all = ki_segment_join(&all, next.leg_ms, &next.segment);
    }
    over_capacity(&at, value);
    int32_t home_ms = drive(&at, at.type->end_point);
    ki_segment end = ki_end_segment(at.type);
    all = ki_segment_join(&all, home_ms, &end);
    value->length_mm = at.length_mm;
    value->spell_ms = (int32_t)all.duration;
    value->start_ms = (int32_t)all.early;
    value->late_ms = all.warp + at.missing_ms;
    value->cost_nano = ki_cost_route(model, route->type, at.length_mm, all.duration, at.fees_nano);
    value->feasible = is_feasible(&at, route, value);
    if (times) fill_times(model, route, value, times);
}
