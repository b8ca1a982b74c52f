/* SPDX-License-Identifier: GPL-3.0-or-later
 * part.c - copies what the tasks and types of a part need, under new numbers. */
#include "search/part.h"

#include "base/error.h"

#include <string.h>

typedef struct maker {
    ki_part *part;
    const ki_model *whole;
    int32_t *new_type;     /* [whole->n_types]; -1: not in the part */
    int32_t *new_point[2]; /* [whole->n_points], by group */
    int32_t *new_travel;   /* [whole->n_travels] */
    ki_arena scratch;
} maker;

static void *take(maker *at, int32_t n, size_t size) {
    return ki_arena_alloc(&at->part->model.arena, (size_t)n + 1, size);
}

/* ---- points ---------------------------------------------------------------------------------- */

static int32_t point_of(maker *at, int group, int32_t point) {
    int32_t *found = &at->new_point[group][point];
    if (*found < 0) *found = at->part->model.n_points[group]++;
    return *found;
}

static int32_t most_points(const ki_model *whole, int group) {
    int32_t most = whole->n_points[group];
    for (int32_t travel = 0; travel < whole->n_travels; travel++)
        if (whole->travels[travel].group == group && whole->travels[travel].n > most)
            most = whole->travels[travel].n;
    return most;
}

static void copy_cells(int32_t *out, int32_t n, const int32_t *from, int32_t n_from,
                       const int32_t *points) {
    for (int32_t row = 0; row < n; row++)
        for (int32_t column = 0; column < n; column++)
            out[(size_t)row * (size_t)n + (size_t)column] =
                from[(size_t)points[row] * (size_t)n_from + (size_t)points[column]];
}

/* After all points have their numbers. */
static int copy_travels(maker *at) {
    ki_model *model = &at->part->model;
    for (int32_t index = 0; index < at->whole->n_travels; index++) {
        if (at->new_travel[index] < 0) continue;
        const ki_travel *from = &at->whole->travels[index];
        int32_t n = model->n_points[from->group];
        int32_t *old = ki_arena_alloc(&at->scratch, (size_t)n + 1, sizeof *old);
        ki_travel *made = &model->travels[at->new_travel[index]];
        size_t cells = (size_t)n * (size_t)n;
        *made = (ki_travel){.group = from->group, .n = n};
        made->time_ms = ki_arena_take(&model->arena, cells + 1, sizeof *made->time_ms);
        made->length_mm = ki_arena_take(&model->arena, cells + 1, sizeof *made->length_mm);
        if (!old || !made->time_ms || !made->length_mm) return 0;
        for (int32_t point = 0; point < from->n; point++)
            if (at->new_point[from->group][point] >= 0)
                old[at->new_point[from->group][point]] = point;
        copy_cells(made->time_ms, n, from->time_ms, from->n, old);
        copy_cells(made->length_mm, n, from->length_mm, from->n, old);
    }
    return 1;
}

/* ---- types and tasks ------------------------------------------------------------------------- */

static void copy_tips(maker *at, ki_type *type) {
    ki_model *model = &at->part->model;
    int32_t first = model->n_tips, end = type->first_tip + ki_type_n_options(type);
    for (int32_t tip = type->first_tip; tip < end; tip++) {
        ki_tip *copy = &model->tips[model->n_tips++];
        *copy = at->whole->tips[tip];
        copy->point = point_of(at, type->group, copy->point);
    }
    type->first_tip = first;
}

static void copy_types(maker *at, const int32_t *n_shifts) {
    ki_model *model = &at->part->model;
    for (int32_t index = 0; index < at->whole->n_types; index++) {
        at->new_type[index] = -1;
        if (n_shifts[ki_lead(at->whole, index)] == 0) continue;
        int32_t made = model->n_types++;
        ki_type *type = &model->types[made];
        at->new_type[index] = made;
        at->part->type_of[made] = index;
        *type = at->whole->types[index];
        type->n_shifts = n_shifts[ki_lead(at->whole, index)];
        type->start_point = point_of(at, type->group, type->start_point);
        type->end_point = point_of(at, type->group, type->end_point);
        if (at->new_travel[type->travel] < 0) at->new_travel[type->travel] = model->n_travels++;
        type->travel = at->new_travel[type->travel];
        copy_tips(at, type);
    }
}

static uint64_t new_mask(const maker *at, uint64_t types) {
    uint64_t mask = 0;
    for (int32_t index = 0; index < at->whole->n_types; index++)
        if (at->new_type[index] >= 0 && (types >> index & 1))
            mask |= UINT64_C(1) << at->new_type[index];
    return mask;
}

static void copy_task(maker *at, int32_t made) {
    ki_model *model = &at->part->model;
    ki_task *task = &model->tasks[made];
    *task = at->whole->tasks[at->part->task_of[made]];
    task->types = new_mask(at, task->types);
    if (task->earlier >= 0 && task->earlier < KI_MAX_TYPES) {
        int32_t type = at->new_type[task->earlier]; /* a lead */
        task->earlier = type >= 0 ? type : KI_MAX_TYPES;
    }
    task->strangers = new_mask(at, task->strangers);
    const ki_mode *modes = at->whole->modes + task->first_mode;
    task->first_mode = model->n_modes;
    for (int32_t mode = 0; mode < task->n_modes; mode++) {
        ki_mode *copy = &model->modes[model->n_modes++];
        *copy = modes[mode];
        copy->entry = point_of(at, task->group, copy->entry);
        copy->exit = point_of(at, task->group, copy->exit);
    }
}

static void copy_demand(const maker *at) {
    ki_model *model = &at->part->model;
    const ki_model *whole = at->whole;
    int64_t *out = model->demand;
    for (int32_t row = 0; row < model->n_demand_classes; row++)
        for (int32_t task = 0; task < model->n_tasks; task++, out += KI_MAX_DIMS) {
            size_t from = (size_t)row * (size_t)whole->n_tasks + (size_t)at->part->task_of[task];
            memcpy(out, whole->demand + from * KI_MAX_DIMS, KI_MAX_DIMS * sizeof *out);
        }
}

static void copy_service(const maker *at) {
    ki_model *model = &at->part->model;
    for (int32_t type = 0; type < model->n_types; type++)
        for (int32_t task = 0; task < model->n_tasks; task++) {
            int32_t first = at->whole->tasks[at->part->task_of[task]].first_mode;
            int32_t *out = model->service_ms + (size_t)type * (size_t)model->n_modes +
                           (size_t)model->tasks[task].first_mode;
            for (int32_t mode = 0; mode < model->tasks[task].n_modes; mode++)
                out[mode] = ki_service_ms(at->whole, at->part->type_of[type], first + mode);
        }
}

static int copy_ranks(const maker *at) {
    ki_model *model = &at->part->model;
    size_t n = (size_t)model->n_sequences;
    if (n == 0) return 1;
    model->ranks = ki_arena_take(&model->arena, n * (size_t)model->n_tasks, sizeof *model->ranks);
    for (size_t task = 0; model->ranks && task < (size_t)model->n_tasks; task++)
        memcpy(model->ranks + task * n, at->whole->ranks + (size_t)at->part->task_of[task] * n,
               n * sizeof *model->ranks);
    return model->ranks != NULL;
}

/* ---- together -------------------------------------------------------------------------------- */

static int make_room(maker *at, const int32_t *tasks, int32_t n_tasks, const int32_t *n_shifts) {
    ki_model *model = &at->part->model;
    int32_t n_modes = 0, n_types = 0, n_tips = 0;
    for (int32_t task = 0; task < n_tasks; task++)
        n_modes += at->whole->tasks[tasks[task]].n_modes;
    for (int32_t type = 0; type < at->whole->n_types; type++) {
        if (n_shifts[ki_lead(at->whole, type)] == 0) continue;
        n_types++;
        n_tips += ki_type_n_options(&at->whole->types[type]);
    }
    at->part->task_of = take(at, n_tasks, sizeof(int32_t));
    at->part->type_of = take(at, n_types, sizeof(int32_t));
    model->tasks = take(at, n_tasks, sizeof *model->tasks);
    model->modes = take(at, n_modes, sizeof *model->modes);
    model->types = take(at, n_types, sizeof *model->types);
    model->tips = take(at, n_tips, sizeof *model->tips);
    model->travels = take(at, at->whole->n_travels, sizeof *model->travels);
    model->demand = take(at, model->n_demand_classes * n_tasks, KI_MAX_DIMS * sizeof(int64_t));
    model->service_ms = take(at, n_types * n_modes, sizeof *model->service_ms);
    at->new_type = ki_arena_alloc(&at->scratch, (size_t)at->whole->n_types, sizeof(int32_t));
    at->new_travel = ki_arena_alloc(&at->scratch, (size_t)at->whole->n_travels, sizeof(int32_t));
    int complete = at->part->task_of && at->part->type_of && model->tasks && model->modes &&
                   model->types && model->tips && model->travels && model->demand &&
                   model->service_ms && at->new_type && at->new_travel;
    for (int group = 0; group < 2; group++) {
        size_t n = (size_t)most_points(at->whole, group);
        at->new_point[group] = ki_arena_take(&at->scratch, n + 1, sizeof(int32_t));
        complete = complete && at->new_point[group];
        if (complete) memset(at->new_point[group], -1, n * sizeof(int32_t));
    }
    if (complete) memset(at->new_travel, -1, (size_t)at->whole->n_travels * sizeof(int32_t));
    if (complete) memcpy(at->part->task_of, tasks, (size_t)n_tasks * sizeof *tasks);
    return complete;
}

static kerb_status make(maker *at, const int32_t *tasks, int32_t n_tasks, const int32_t *n_shifts,
                        kerb_error *err) {
    ki_model *model = &at->part->model;
    *model = *at->whole; /* what is not of tasks, types or places holds as it is */
    model->arena = (ki_arena){0};
    model->graph = NULL;
    model->n_tasks = model->n_modes = model->n_types = model->n_tips = model->n_travels = 0;
    model->n_facilities = 0; /* until ki_part_share */
    model->facilities = NULL;
    memset(model->n_points, 0, sizeof model->n_points);
    memset(model->places, 0, sizeof model->places);
    model->n_hauls = 0;
    model->container_decisions = model->street_decisions = NULL;
    if (!make_room(at, tasks, n_tasks, n_shifts)) return ki_fail_no_memory(err, "a part");
    copy_types(at, n_shifts);
    for (int32_t task = 0; task < n_tasks; task++)
        copy_task(at, model->n_tasks++);
    copy_demand(at);
    copy_service(at);
    return copy_travels(at) && copy_ranks(at) ? KERB_OK : ki_fail_no_memory(err, "a part");
}

kerb_status ki_part_make(ki_part *part, const ki_model *whole, const int32_t *tasks,
                         int32_t n_tasks, const int32_t *n_shifts, kerb_error *err) {
    *part = (ki_part){.whole = whole};
    maker at = {.part = part, .whole = whole};
    kerb_status status = make(&at, tasks, n_tasks, n_shifts, err);
    ki_arena_free(&at.scratch);
    if (status != KERB_OK) ki_part_free(part);
    return status;
}

void ki_part_free(ki_part *part) {
    ki_arena_free(&part->model.arena);
    *part = (ki_part){0};
}

/* ---- what is shared with the others ---------------------------------------------------------- */

static int belongs(const ki_yard_use *use, const int32_t *group_of, int32_t own) {
    return use->owner >= 0 && group_of[use->owner] == own;
}

kerb_status ki_part_share(ki_part *part, const ki_yard *yard, const int32_t *group_of, int32_t own,
                          kerb_error *err) {
    ki_model *model = &part->model;
    int32_t n = part->whole->n_facilities;
    model->facilities =
        ki_arena_copy(&model->arena, part->whole->facilities, (size_t)n, sizeof *model->facilities);
    if (!model->facilities) return ki_fail_no_memory(err, "a part");
    model->n_facilities = n;
    for (int32_t index = 0; index < n; index++) {
        const ki_yard_gate *gate = &yard->gates[index];
        ki_facility *facility = &model->facilities[index];
        facility->taken = ki_arena_alloc(&model->arena, gate->n + 1, sizeof *facility->taken);
        if (!facility->taken) return ki_fail_no_memory(err, "a part");
        facility->n_taken = 0;
        for (size_t at = 0; at < gate->n; at++) {
            const ki_yard_use *use = &gate->uses[at];
            if (belongs(use, group_of, own)) continue;
            facility->taken[facility->n_taken++] = (ki_taken){use->start_ms, use->end_ms};
            if (facility->room_g != INT64_MAX) facility->room_g -= use->mass_g;
        }
    }
    return KERB_OK;
}

/* ---- routes ---------------------------------------------------------------------------------- */

static int32_t find_task(const ki_part *part, int32_t task) {
    int32_t low = 0, high = part->model.n_tasks - 1;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (part->task_of[middle] < task)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Modes and tips keep their places behind the first. */
static ki_stop translate(const ki_stop *stop, int32_t task, const ki_model *from,
                         const ki_type *old_type, const ki_model *to, const ki_type *new_type) {
    if (ki_stop_at_facility(stop))
        return (ki_stop){stop->task, stop->mode - old_type->first_tip + new_type->first_tip,
                         stop->from_ms};
    if (stop->task < 0) return *stop;
    int32_t mode = stop->mode - from->tasks[stop->task].first_mode + to->tasks[task].first_mode;
    return (ki_stop){task, mode, 0};
}

void ki_part_enter(const ki_part *part, const ki_route *routes, int32_t n_routes, ki_route *out,
                   ki_stop *stops) {
    for (int32_t route = 0; route < n_routes; route++) {
        int32_t type = 0;
        while (part->type_of[type] != routes[route].type)
            type++;
        out[route] = (ki_route){type, routes[route].n_stops, stops};
        for (int32_t at = 0; at < routes[route].n_stops; at++) {
            const ki_stop *stop = &routes[route].stops[at];
            int32_t task = stop->task < 0 ? stop->task : find_task(part, stop->task);
            *stops++ = translate(stop, task, part->whole, &part->whole->types[routes[route].type],
                                 &part->model, &part->model.types[type]);
        }
    }
}

void ki_part_leave(const ki_part *part, const ki_route *routes, int32_t n_routes, ki_route *out,
                   ki_stop *stops) {
    for (int32_t route = 0; route < n_routes; route++) {
        int32_t type = part->type_of[routes[route].type];
        out[route] = (ki_route){type, routes[route].n_stops, stops};
        for (int32_t at = 0; at < routes[route].n_stops; at++) {
            const ki_stop *stop = &routes[route].stops[at];
            int32_t task = stop->task < 0 ? stop->task : part->task_of[stop->task];
            *stops++ = translate(stop, task, &part->model, &part->model.types[routes[route].type],
                                 part->whole, &part->whole->types[type]);
        }
    }
}
