/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.c - follows a route stop by stop, from nothing but the sealed model. */
#include "route/walk.h"

#include "route/battery.h"
#include "route/breaks.h"
#include "route/cost.h"

#include <string.h>

#define MISSING_MS ((int64_t)1 << 40)

int ki_stop_pays_setup(const ki_model *model, const ki_stop *before, const ki_stop *stop) {
    if (!before || before->task < 0) return 1;
    int32_t site = model->tasks[stop->task].site;
    return site < 0 || model->tasks[before->task].site != site ||
           model->modes[before->mode].exit != model->modes[stop->mode].entry;
}

int64_t ki_tip_ms(const ki_model *model, int32_t type, int32_t tip, const int64_t *load) {
    int64_t mass_g = ki_mass_of(&model->types[type], load);
    return model->tips[tip].fixed_ms + mass_g * model->tips[tip].ms_per_tonne / 1000000;
}

static int is_option(const ki_type *type, int32_t option, int32_t first, int32_t n) {
    return option >= type->first_tip + first && option < type->first_tip + first + n;
}

int ki_stop_allowed(const ki_model *model, int32_t type, const ki_stop *stop) {
    const ki_type *kind = &model->types[type];
    if (stop->task == KI_TIP)
        return is_option(kind, stop->mode, 0, kind->n_tips) ||
               is_option(kind, stop->mode, kind->n_tips + kind->n_posts, kind->n_tip_levels);
    if (stop->task == KI_POST)
        return is_option(kind, stop->mode, kind->n_tips, kind->n_posts) ||
               is_option(kind, stop->mode, kind->n_tips + kind->n_posts + kind->n_tip_levels,
                         kind->n_post_levels);
    if (stop->task == KI_BREAK) return stop->mode >= 0 && stop->mode < kind->n_break_options;
    return (model->tasks[stop->task].types >> type & 1) != 0 &&
           ki_service_ms(model, type, stop->mode) != KI_NEVER;
}

int32_t ki_walk_release_ms(const ki_walk *at, const ki_stop *stops, int32_t stop, int32_t n_stops) {
    int32_t release_ms = 0;
    if (!at->model->has_releases || (at->before && at->before->task != KI_TIP)) return 0;
    for (; stop < n_stops && stops[stop].task != KI_TIP; stop++) {
        if (stops[stop].task < 0) continue;
        int32_t own_ms = at->model->tasks[stops[stop].task].release_ms;
        if (own_ms > release_ms) release_ms = own_ms;
    }
    return release_ms;
}

ki_walk ki_walk_start(const ki_model *model, int32_t type) {
    ki_walk at = {.model = model, .type = &model->types[type], .type_index = type};
    at.point = at.type->start_point;
    at.work_ms = at.type->pre_ms + at.type->worked_ms;
    at.charged_nwh = -at.type->used_nwh;
    memcpy(at.load, at.type->start_load, sizeof at.load);
    return at;
}

/* Drives to a point; a missing way counts as no time but as very late. */
static int32_t drive(ki_walk *at, int32_t point) {
    int32_t leg_ms = ki_time_ms(at->model, at->type_index, at->point, point);
    int32_t leg_mm = ki_length_mm(at->model, at->type_index, at->point, point);
    at->point = point;
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) {
        at->missing_ms += MISSING_MS;
        return 0;
    }
    at->length_mm += leg_mm;
    at->work_ms += leg_ms;
    return leg_ms;
}

static void note_excess(ki_walk *at) {
    for (int32_t dim = 0; dim < at->type->n_dims; dim++) {
        int64_t excess = at->load[dim] - at->type->capacity[dim];
        if (excess > 0) at->excess[dim] += excess;
    }
}

/* What was used since the battery was full, now that it is to be charged or the route ends. */
static int64_t use_battery(ki_walk *at, int64_t short_nwh) {
    int64_t all_nwh = ki_used_nwh(at->type, at->length_mm, at->tasks_nwh);
    int64_t used_nwh = all_nwh - at->charged_nwh;
    if (used_nwh > at->type->battery_nwh) at->flat_nwh += used_nwh - at->type->battery_nwh;
    if (short_nwh > 0 && used_nwh <= short_nwh) at->missing_ms += MISSING_MS; /* to less than now */
    at->charged_nwh = all_nwh - short_nwh;
    return used_nwh;
}

static ki_walk_stop visit_tip(ki_walk *at, const ki_stop *stop) {
    int32_t tip = stop->mode;
    const ki_tip *option = &at->model->tips[tip];
    ki_walk_stop result = {.leg_ms = drive(at, option->point)};
    int64_t unload_ms = ki_tip_ms(at->model, at->type_index, tip, at->load);
    if (option->charge_mw)
        result.charge_ms =
            (int32_t)ki_charge_ms(at->type, option, use_battery(at, option->short_nwh));
    unload_ms += result.charge_ms;
    at->fees_nano += ki_cost_fees(at->model, at->type_index, tip, at->load);
    note_excess(at); /* loads only grow within a trip: its end is its peak */
    memset(at->load, 0, sizeof at->load);
    at->work_ms += unload_ms;
    result.segment = ki_segment_one(ki_tip_opens(option, stop), option->close_ms, unload_ms);
    return result;
}

static ki_walk_stop visit_post(ki_walk *at, const ki_stop *stop) {
    const ki_tip *post = &at->model->tips[stop->mode];
    ki_walk_stop result = {.leg_ms = drive(at, post->point)};
    result.charge_ms = (int32_t)ki_charge_ms(at->type, post, use_battery(at, post->short_nwh));
    if (result.charge_ms == 0) at->missing_ms += MISSING_MS; /* nothing to stop for */
    at->work_ms += result.charge_ms;
    result.segment = ki_segment_one(ki_tip_opens(post, stop), post->close_ms, result.charge_ms);
    return result;
}

static ki_walk_stop visit_task(ki_walk *at, const ki_stop *stop) {
    const ki_task *task = &at->model->tasks[stop->task];
    const ki_mode *mode = &at->model->modes[stop->mode];
    ki_walk_stop result = {.leg_ms = drive(at, mode->entry)};
    int32_t service_ms = ki_service_ms(at->model, at->type_index, stop->mode);
    int64_t busy_ms = service_ms == KI_NEVER ? 0 : service_ms;
    if (ki_stop_pays_setup(at->model, at->before, stop)) busy_ms += task->setup_ms;
    const int64_t *demand = ki_demand(at->model, at->type_index, stop->task);
    for (int32_t dim = 0; dim < at->type->n_dims; dim++)
        at->load[dim] += demand[dim];
    at->total += demand[0];
    at->n_tasks++;
    at->fees_nano += ki_habit_nano(at->model, at->type_index, stop->task);
    if (at->model->compact_nano_per_m2) ki_moment_add(&at->moment, task);
    if (at->model->n_sequences)
        at->n_broken += ki_ranks_follow(at->model, &at->highest, stop->task);
    at->length_mm += mode->length_mm;
    if (at->type->battery_nwh)
        at->tasks_nwh += ki_task_nwh(at->model, at->type_index, stop->task, stop->mode);
    at->point = mode->exit;
    at->work_ms += busy_ms;
    result.segment = ki_segment_one(mode->open_ms, mode->close_ms, busy_ms);
    return result;
}

static void note_work(ki_walk *at, int64_t most_ms) {
    if (at->work_ms > most_ms) at->rest_ms += at->work_ms - most_ms;
}

static ki_walk_stop visit_break(ki_walk *at, int32_t index) {
    const ki_break_option *option = &at->type->break_options[index];
    const ki_break *pause = &at->type->breaks[option->number];
    int at_gate = !at->before || at->before->task == KI_TIP;
    if (option->number != at->n_breaks || (pause->at_gate && !at_gate))
        at->missing_ms += MISSING_MS;
    else
        at->n_breaks++;
    if (pause->work_ms != KI_NEVER) note_work(at, pause->work_ms);
    at->work_ms = 0;
    return (ki_walk_stop){
        .segment = ki_segment_one(option->open_ms, option->close_ms, pause->duration_ms)};
}

ki_walk_stop ki_walk_next(ki_walk *at, const ki_stop *stop) {
    if (!ki_stop_allowed(at->model, at->type_index, stop)) at->missing_ms += MISSING_MS;
    if (stop->task == KI_BREAK) return visit_break(at, stop->mode);
    ki_walk_stop result = stop->task == KI_TIP    ? visit_tip(at, stop)
                          : stop->task == KI_POST ? visit_post(at, stop)
                                                  : visit_task(at, stop);
    at->before = stop;
    return result;
}

ki_walk_stop ki_walk_end(ki_walk *at) {
    note_excess(at);
    ki_walk_stop result = {.leg_ms = drive(at, at->type->end_point)};
    if (at->type->battery_nwh) use_battery(at, 0);
    at->work_ms += at->type->post_ms;
    int64_t most_ms = ki_breaks_work_ms(at->type, at->n_breaks);
    if (most_ms != KI_NEVER) note_work(at, most_ms);
    result.segment = ki_end_segment(at->type);
    return result;
}
