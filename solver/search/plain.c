/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain.c - recognises a plain model by bounds that hold for any route, and copies its numbers. */
#include "search/plain.h"

#include "base/error.h"

#include <string.h>

enum { NEAR = 20, SPARE_ROUTES = 4 };

/* ---- recognising ----------------------------------------------------------------------------- */

int ki_model_is_one_trip(const ki_model *model) {
    if (model->n_types != 1 || model->types->n_tips != 1) return 0;
    int32_t point = model->tips[model->types->first_tip].point;
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        if (ki_time_ms(model, 0, point, model->modes[mode].entry) != KI_NEVER) return 0;
    return 1;
}

/* The load that ever binds; -1: none; -2: more than one. */
static int32_t binding_dim(const ki_model *model) {
    const ki_type *type = model->types;
    int32_t found = -1;
    for (int32_t dim = 0; dim < type->n_dims; dim++) {
        int64_t total = 0;
        for (int32_t task = 0; task < model->n_tasks; task++)
            total += ki_demand(model, 0, task)[dim];
        if (total <= type->capacity[dim]) continue;
        if (found >= 0) return -2;
        found = dim;
    }
    return found;
}

static int tasks_are_plain(const ki_model *model) {
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_task *at = &model->tasks[task];
        if (at->n_modes < 1 || at->n_modes > KI_MOST_MODES || at->types != 1) return 0;
        for (int32_t mode = at->first_mode; mode < at->first_mode + at->n_modes; mode++)
            if (ki_service_ms(model, 0, mode) == KI_NEVER) return 0;
        for (int32_t dim = 0; dim < model->types->n_dims; dim++)
            if (ki_demand(model, 0, task)[dim] > model->types->capacity[dim]) return 0;
    }
    return 1;
}

/* The longest time from one way out to any other task, and from and to the depot; KI_NEVER if one
 * of these ways does not exist. */
static int32_t longest_way(const ki_model *model, int32_t task, int32_t mode) {
    const ki_type *type = model->types;
    int32_t exit = model->modes[mode].exit;
    int32_t longest = ki_time_ms(model, 0, exit, model->tips[type->first_tip].point);
    int32_t first = ki_time_ms(model, 0, type->start_point, model->modes[mode].entry);
    if (first > longest) longest = first;
    for (int32_t other = 0; other < model->n_tasks && longest < KI_NEVER; other++) {
        const ki_task *to = &model->tasks[other];
        for (int32_t into = to->first_mode; into < to->first_mode + to->n_modes; into++) {
            int32_t ms = ki_time_ms(model, 0, exit, model->modes[into].entry);
            if (other != task && ms > longest) longest = ms;
        }
    }
    return longest;
}

/* Every way between tasks, from and to the depot exists; the longest times of each sum up to
 * *most_ms for one route over everything. */
static int ways_are_plain(const ki_model *model, int64_t *most_ms) {
    const ki_type *type = model->types;
    const ki_tip *tip = &model->tips[type->first_tip];
    int32_t home_ms = ki_time_ms(model, 0, tip->point, type->end_point);
    if (home_ms == KI_NEVER) return 0;
    *most_ms = (int64_t)type->pre_ms + type->post_ms + home_ms + tip->fixed_ms;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        const ki_task *from = &model->tasks[task];
        int32_t longest = 0, busiest = 0;
        for (int32_t mode = from->first_mode; mode < from->first_mode + from->n_modes; mode++) {
            int32_t ms = longest_way(model, task, mode), busy_ms = ki_service_ms(model, 0, mode);
            if (ms == KI_NEVER) return 0;
            if (ms > longest) longest = ms;
            if (busy_ms > busiest) busiest = busy_ms;
        }
        *most_ms += 2 * (int64_t)longest + from->setup_ms + busiest;
        *most_ms += ki_demand(model, 0, task)[0] * tip->ms_per_tonne / 1000000;
    }
    return 1;
}

/* One route over everything would be in time: windows never bind. */
static int is_always_in_time(const ki_model *model, int64_t most_ms) {
    const ki_type *type = model->types;
    const ki_tip *tip = &model->tips[type->first_tip];
    int64_t last_ms = type->earliest_ms + most_ms;
    if (tip->open_ms > type->earliest_ms || tip->close_ms < last_ms || type->latest_ms < last_ms)
        return 0;
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        if (model->modes[mode].open_ms > type->earliest_ms || model->modes[mode].close_ms < last_ms)
            return 0;
    return 1;
}

/* By its best mode. */
static int64_t own_route_nano(const ki_model *model, int32_t task) {
    const ki_type *type = model->types;
    const ki_task *alone = &model->tasks[task];
    int32_t tip = model->tips[type->first_tip].point;
    int64_t least_mm = INT64_MAX;
    for (int32_t index = 0; index < alone->n_modes; index++) {
        const ki_mode *mode = &model->modes[alone->first_mode + index];
        int64_t mm = (int64_t)ki_length_mm(model, 0, type->start_point, mode->entry) +
                     mode->length_mm + ki_length_mm(model, 0, mode->exit, tip);
        if (mm < least_mm) least_mm = mm;
    }
    least_mm += ki_length_mm(model, 0, tip, type->end_point);
    return type->used_nano + least_mm * type->nano_per_mm +
           ki_cost_fees(model, 0, type->first_tip, ki_demand(model, 0, task));
}

int64_t ki_plain_fewest_routes(const ki_model *model) {
    int32_t dim = binding_dim(model);
    int64_t total = 0;
    if (dim < 0) return 1;
    for (int32_t task = 0; task < model->n_tasks; task++)
        total += ki_demand(model, 0, task)[dim];
    return total / model->types->capacity[dim];
}

static int32_t ample_routes(const ki_model *model) {
    int64_t fewest = ki_plain_fewest_routes(model);
    int64_t routes = fewest + fewest / 3 + SPARE_ROUTES;
    return routes < model->n_tasks ? (int32_t)routes : model->n_tasks;
}

int ki_model_is_plain(const ki_model *model) {
    const ki_type *type = model->types;
    int64_t most_ms;
    if (model->n_tasks < 2 || !ki_model_is_one_trip(model) || type->nano_per_mm <= 0) return 0;
    if (type->n_breaks || type->most_total || type->most_tasks) return 0;
    if (type->nano_per_ms || type->overtime_nano_per_ms || type->balance_nano_per_s2) return 0;
    if (binding_dim(model) < 0) return 0;
    if (type->under_way || model->change_nano || model->unfamiliar_nano) return 0;
    if (model->compact_nano_per_m2 || model->n_sequences) return 0;
    if (ki_model_is_shared(model)) return 0;
    if (model->has_releases || type->battery_nwh) return 0;
    for (int32_t dim = 0; dim < type->n_dims; dim++)
        if (type->start_load[dim] || type->capacity[dim] <= 0) return 0;
    if (!tasks_are_plain(model) || !ways_are_plain(model, &most_ms)) return 0;
    if (!is_always_in_time(model, most_ms) || type->n_shifts < ample_routes(model)) return 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (model->tasks[task].prize_nano < own_route_nano(model, task)) return 0;
    return 1;
}

/* ---- copying --------------------------------------------------------------------------------- */

static double root_of(double square) { /* by bisection, so that it is the same everywhere */
    double low = 0, high = square > 1 ? square : 1;
    for (int round = 0; round < 100; round++) {
        double middle = (low + high) / 2;
        *(middle * middle < square ? &low : &high) = middle;
    }
    return high;
}

static int32_t point_of(const ki_model *model, int32_t row, int leaving) {
    if (row == model->n_tasks) return model->types->start_point;
    if (row == model->n_tasks + 1) return model->tips[model->types->first_tip].point;
    const ki_mode *mode = &model->modes[model->tasks[row].first_mode];
    return leaving ? mode->exit : mode->entry;
}

static int32_t leg_between(const ki_plain *plain, const ki_model *model, int32_t from, int32_t to) {
    if (plain->modes)
        return ki_modes_least(plain->modes, from < plain->n ? from : plain->n,
                              to < plain->n ? to : plain->n);
    return ki_length_mm(model, 0, point_of(model, from < plain->n ? from : plain->start, 1),
                        point_of(model, to < plain->n ? to : plain->end, 0));
}

/* Both rows of the depot are one: a move that turns a route round need not tell them apart. */
static void copy_legs(ki_plain *plain, const ki_model *model) {
    for (int32_t from = 0; from <= plain->end; from++)
        for (int32_t to = 0; to <= plain->end; to++) {
            if (from == to || (from >= plain->n && to >= plain->n)) continue;
            plain->leg_mm[(size_t)from * plain->width + (size_t)to] =
                leg_between(plain, model, from, to);
        }
}

int64_t ki_plain_route(const ki_plain *plain, const int32_t *tasks, int32_t n) {
    int64_t mm = plain->used_mm;
    if (plain->modes) {
        ki_modes_walk walk;
        ki_modes_start(plain->modes, &walk);
        for (int32_t at = 0; at < n; at++)
            ki_modes_go(plain->modes, &walk, tasks[at]);
        return mm + ki_modes_home(plain->modes, &walk);
    }
    for (int32_t at = 0; at <= n; at++)
        mm +=
            ki_plain_leg(plain, at ? tasks[at - 1] : plain->start, at < n ? tasks[at] : plain->end);
    return mm;
}

static int is_near(const ki_work *work, int32_t task, int32_t other) {
    const int32_t *near = ki_work_near(work, task);
    for (int32_t rank = 0; rank < NEAR && rank < work->n_neighbours; rank++)
        if (near[rank] == other) return 1;
    return 0;
}

static int64_t apart_mm(const ki_plain *plain, int32_t a, int32_t b) {
    int64_t there = ki_plain_leg(plain, a, b), back = ki_plain_leg(plain, b, a);
    return there < back ? there : back;
}

static void sort_near(ki_plain *plain, int32_t task) {
    int32_t *near = plain->near + plain->near_first[task];
    int32_t n = plain->near_first[task + 1] - plain->near_first[task];
    for (int32_t index = 1; index < n; index++) {
        int32_t moved = near[index], at = index;
        int64_t mm = apart_mm(plain, task, moved);
        for (; at > 0 && apart_mm(plain, task, near[at - 1]) > mm; at--)
            near[at] = near[at - 1];
        near[at] = moved;
    }
}

/* Both ways: v is near u where either has the other among its nearest. */
static kerb_status copy_near(ki_plain *plain, ki_work *work, kerb_error *err) {
    size_t n = (size_t)plain->n;
    plain->near_first = ki_arena_alloc(&work->arena, n + 1, sizeof *plain->near_first);
    plain->near = ki_arena_alloc(&work->arena, 2 * NEAR * n, sizeof *plain->near);
    int32_t *count = ki_arena_alloc(&work->arena, n, sizeof *count);
    if (!plain->near_first || !plain->near || !count)
        return ki_fail_no_memory(err, "the neighbours of tasks");
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t task = 0; task < plain->n; task++) {
            const int32_t *near = ki_work_near(work, task);
            for (int32_t rank = 0; rank < NEAR && rank < work->n_neighbours; rank++) {
                int32_t other = near[rank];
                if (other < 0) break;
                if (pass) plain->near[plain->near_first[task] + count[task]] = other;
                count[task]++;
                if (is_near(work, other, task)) continue;
                if (pass) plain->near[plain->near_first[other] + count[other]] = task;
                count[other]++;
            }
        }
        for (int32_t task = 0; pass == 0 && task < plain->n; task++)
            plain->near_first[task + 1] = plain->near_first[task] + count[task];
        memset(count, 0, n * sizeof *count);
    }
    for (int32_t task = 0; task < plain->n; task++)
        sort_near(plain, task);
    return KERB_OK;
}

/* ---- a map without coordinates --------------------------------------------------------------- */

/* Both ways, squared, less what the first axis explains. */
static double square(const ki_plain *plain, const double *first, int32_t from, int32_t to) {
    double mm = (double)(ki_plain_leg(plain, from, to) + ki_plain_leg(plain, to, from)) / 2;
    double along = first ? first[from] - first[to] : 0;
    return from == to || mm * mm < along * along ? 0 : mm * mm - along * along;
}

static int32_t farthest(const ki_plain *plain, const double *first, int32_t from) {
    int32_t found = from;
    for (int32_t to = 0; to <= plain->n; to++)
        if (square(plain, first, from, to) > square(plain, first, from, found)) found = to;
    return found;
}

/* One axis through two places far apart, by the law of cosines; scaled by their distance. */
static void draw_axis(const ki_plain *plain, const double *first, double *axis) {
    int32_t a = farthest(plain, first, plain->start), b = farthest(plain, first, a);
    double apart = square(plain, first, a, b);
    for (int32_t row = 0; row <= plain->n; row++)
        axis[row] = square(plain, first, a, row) + apart - square(plain, first, b, row);
    for (int32_t row = 0; row <= plain->n; row++)
        axis[row] = apart > 0 ? axis[row] / apart / 2 : 0;
}

/* FastMap (Faloutsos and Lin, SIGMOD 1995): only the order of routes around the depot is read from
 * it. The second axis is scaled alike, which an order does not mind. */
static kerb_status draw_map(ki_plain *plain, ki_work *work, kerb_error *err) {
    size_t n = (size_t)plain->n + 1;
    plain->x = ki_arena_alloc(&work->arena, n, sizeof *plain->x);
    plain->y = ki_arena_alloc(&work->arena, n, sizeof *plain->y);
    if (!plain->x || !plain->y) return ki_fail_no_memory(err, "the search");
    draw_axis(plain, NULL, plain->x);
    int32_t a = farthest(plain, NULL, plain->start), b = farthest(plain, NULL, a);
    double scale = root_of(square(plain, NULL, a, b));
    for (int32_t row = 0; row <= plain->n; row++)
        plain->x[row] *= scale;
    draw_axis(plain, plain->x, plain->y);
    double x = plain->x[plain->start] / (scale > 0 ? scale : 1), y = plain->y[plain->start];
    for (int32_t row = 0; row <= plain->n; row++) {
        plain->x[row] = plain->x[row] / (scale > 0 ? scale : 1) - x;
        plain->y[row] -= y;
    }
    return KERB_OK;
}

kerb_status ki_plain_make(ki_plain *plain, ki_work *work, kerb_error *err) {
    const ki_model *model = work->model;
    int32_t dim = binding_dim(model), n = model->n_tasks;
    *plain = (ki_plain){.n = n, .start = n, .end = n + 1, .width = (size_t)n + 2};
    plain->capacity = model->types->capacity[dim];
    plain->used_mm = model->types->used_nano / model->types->nano_per_mm;
    plain->most_routes = ample_routes(model);
    plain->leg_mm = ki_arena_alloc(&work->arena, plain->width * plain->width, sizeof(int32_t));
    plain->load = ki_arena_alloc(&work->arena, (size_t)n, sizeof *plain->load);
    if (!plain->leg_mm || !plain->load) return ki_fail_no_memory(err, "the search");
    for (int32_t task = 0; task < n; task++) {
        plain->load[task] = ki_demand(model, 0, task)[dim];
        plain->total_load += plain->load[task];
    }
    KI_TRY(ki_modes_make(&plain->modes, work, err));
    copy_legs(plain, model);
    KI_TRY(draw_map(plain, work, err));
    return copy_near(plain, work, err);
}
