/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_model.c - the sealed model of an instance: one type of vehicle, explicit matrices.
 *
 *   point 0: the depot on leaving    point 1: the depot on return, where a load ends too
 *   points 2..: places, or on streets with turns the start and the end of directed links
 *
 * Where a load ends at the depot, point 1 is the one tip and no way leads on from it: one trip a
 * route, with no time windows needed for it. Where there are dumps they are the tips. Money is
 * length, except where a route may cost so much only (mcarptif): there it is time. Where nothing
 * takes time, all times are 0. One unit of the file is 1e9 nano. */
#include "base/alloc.h"
#include "base/error.h"
#include "bench/instance.h"

#include <math.h>
#include <string.h>

enum { LEAVING = 0, RETURN = 1, FIRST_POINT = 2 };
#define UNIT_NANO INT64_C(1000000000)
#define MOST_LEG INT64_C(1000000000)
#define EXACT_TICKS 100000 /* of one unit, where distances are not integers */

typedef enum point_kind { POINT_PLACE, POINT_BEFORE, POINT_AFTER } point_kind;

typedef struct point {
    point_kind kind;
    int32_t at; /* place, or directed link */
} point;

typedef struct sealing {
    const bench_instance *in;
    ki_model *model;
    int32_t *way_of_mode;
    ki_arena scratch;
    instance_ways ways;
    point *points;
    int32_t n_points;
    int32_t *point_of[3]; /* by kind and at; -1: none yet */
    int64_t ticks;        /* of the matrices in one unit; on streets a tick is a milli */
    int64_t time_ticks;   /* of times, where there are windows */
    int64_t longest;      /* leg, in ticks */
    kerb_error *err;
} sealing;

static int money_is_time(const bench_instance *in) {
    return in->n_tips > 0 && in->n_links > 0;
}

static kerb_status no_memory(const sealing *seal) {
    return ki_fail_no_memory(seal->err, seal->in->name);
}

/* ---- points and modes ------------------------------------------------------------------------ */

static int32_t point_for(sealing *seal, point_kind kind, int32_t at) {
    int32_t *known = &seal->point_of[kind][at];
    if (*known < 0) {
        *known = seal->n_points++;
        seal->points[*known] = (point){kind, at};
    }
    return *known;
}

static kerb_status make_point_room(sealing *seal) {
    const bench_instance *in = seal->in;
    size_t n_places = (size_t)in->n_places, n_ways = 2 * (size_t)in->n_links;
    size_t sizes[3] = {n_places, n_ways, n_ways};
    seal->points = ki_arena_alloc(&seal->scratch, n_places + 2 * n_ways + 2, sizeof(point));
    if (!seal->points) return no_memory(seal);
    for (int kind = 0; kind < 3; kind++) {
        seal->point_of[kind] = ki_arena_alloc(&seal->scratch, sizes[kind] + 1, sizeof(int32_t));
        if (!seal->point_of[kind]) return no_memory(seal);
        memset(seal->point_of[kind], 0xff, sizes[kind] * sizeof(int32_t));
    }
    seal->points[LEAVING] = seal->points[RETURN] = (point){POINT_PLACE, in->depot};
    seal->n_points = FIRST_POINT;
    return KERB_OK;
}

static void add_mode(sealing *seal, int32_t way, int32_t entry, int32_t exit, int64_t milli) {
    ki_model *model = seal->model;
    ki_mode *mode = &model->modes[model->n_modes];
    seal->way_of_mode[model->n_modes++] = way;
    *mode = (ki_mode){.entry = entry, .exit = exit, .close_ms = model->horizon_ms};
    if (!money_is_time(seal->in)) mode->length_mm = (int32_t)milli;
}

static void add_link_modes(sealing *seal, const instance_task *task) {
    const bench_instance *in = seal->in;
    for (int32_t backwards = 0; backwards < 2; backwards++) {
        int32_t way = 2 * task->link + backwards;
        if (!instance_way_open(in, way)) continue;
        int32_t entry = in->n_turns ? point_for(seal, POINT_BEFORE, way)
                                    : point_for(seal, POINT_PLACE, instance_way_from(in, way));
        int32_t exit = in->n_turns ? point_for(seal, POINT_AFTER, way)
                                   : point_for(seal, POINT_PLACE, instance_way_to(in, way));
        add_mode(seal, backwards, entry, exit, task->serve);
    }
}

/* With turns it matters by which link a place is reached: that is its mode. */
static void add_place_modes(sealing *seal, const instance_task *task) {
    const bench_instance *in = seal->in;
    if (in->n_turns == 0) {
        int32_t at = point_for(seal, POINT_PLACE, task->place);
        add_mode(seal, 0, at, at, task->serve);
        return;
    }
    for (int32_t way = 0; way < 2 * in->n_links; way++) {
        if (!instance_way_open(in, way) || instance_way_to(in, way) != task->place) continue;
        int32_t at = point_for(seal, POINT_AFTER, way);
        add_mode(seal, way, at, at, task->serve);
    }
}

static size_t count_modes(const bench_instance *in) {
    size_t n_modes = 0;
    for (int32_t task = 0; task < in->n_tasks; task++) {
        int32_t place = in->tasks[task].place;
        if (place < 0 || in->n_turns == 0)
            n_modes += 2;
        else
            for (int32_t way = 0; way < 2 * in->n_links; way++)
                n_modes += instance_way_to(in, way) == place;
    }
    return n_modes;
}

static kerb_status make_tasks(sealing *seal) {
    const bench_instance *in = seal->in;
    ki_model *model = seal->model;
    size_t n_modes = count_modes(in), n_tasks = (size_t)in->n_tasks;
    model->tasks = ki_arena_alloc(&model->arena, n_tasks, sizeof *model->tasks);
    model->modes = ki_arena_alloc(&model->arena, n_modes, sizeof *model->modes);
    seal->way_of_mode = ki_arena_alloc(&model->arena, n_modes, sizeof *seal->way_of_mode);
    if (!model->tasks || !model->modes || !seal->way_of_mode) return no_memory(seal);
    model->n_tasks = in->n_tasks;
    for (int32_t index = 0; index < in->n_tasks; index++) {
        const instance_task *from = &in->tasks[index];
        ki_task *task = &model->tasks[index];
        *task = (ki_task){.id = "task", .source = index, .site = -1, .must = 1, .types = 1};
        if (from->place < 0) task->kind = KI_TASK_KERB;
        task->mass_g = from->demand[0];
        task->release_ms = (int32_t)ceil(from->release * (double)seal->time_ticks);
        if (task->release_ms > 0) model->has_releases = 1;
        task->first_mode = model->n_modes;
        if (from->place < 0)
            add_link_modes(seal, from);
        else
            add_place_modes(seal, from);
        task->n_modes = model->n_modes - task->first_mode;
        if (task->n_modes == 0)
            return ki_fail(seal->err, KERB_BAD_INPUT, "%s, task %d: no link leads there", in->name,
                           (int)index + 1);
    }
    return KERB_OK;
}

/* ---- loads, service, windows ----------------------------------------------------------------- */

/* Times are rounded up, and windows inwards: what the model allows holds exactly. */
static void set_window(const sealing *seal, const instance_task *task, int32_t mode) {
    if (!instance_has_times(seal->in)) return;
    ki_mode *at = &seal->model->modes[mode];
    at->open_ms = (int32_t)ceil(task->open * (double)seal->time_ticks);
    at->close_ms = (int32_t)floor(task->close * (double)seal->time_ticks);
}

static int32_t service_ms(const sealing *seal, const instance_task *task) {
    if (instance_has_times(seal->in)) return (int32_t)ceil(task->busy * (double)seal->time_ticks);
    return money_is_time(seal->in) ? (int32_t)task->serve : 0;
}

static kerb_status make_demand(sealing *seal) {
    ki_model *model = seal->model;
    model->n_demand_classes = 1;
    model->demand =
        ki_arena_alloc(&model->arena, (size_t)model->n_tasks * KI_MAX_DIMS, sizeof *model->demand);
    model->service_ms =
        ki_arena_alloc(&model->arena, (size_t)model->n_modes, sizeof *model->service_ms);
    if (!model->demand || !model->service_ms) return no_memory(seal);
    for (int32_t index = 0; index < model->n_tasks; index++) {
        const instance_task *from = &seal->in->tasks[index];
        const ki_task *task = &model->tasks[index];
        for (int32_t dim = 0; dim < seal->in->n_dims; dim++)
            model->demand[(size_t)index * KI_MAX_DIMS + (size_t)dim] = from->demand[dim];
        for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
            model->service_ms[mode] = service_ms(seal, from);
            set_window(seal, from, mode);
        }
    }
    return KERB_OK;
}

/* ---- vehicles and tips ----------------------------------------------------------------------- */

/* Every route takes it. */
static void set_break(const sealing *seal, ki_type *type) {
    const bench_instance *in = seal->in;
    double ticks = (double)seal->time_ticks;
    type->n_breaks = type->n_break_options = 1;
    type->breaks[0] = (ki_break){
        .duration_ms = (int32_t)ceil(in->break_busy * ticks), .due_ms = -1, .work_ms = KI_NEVER};
    type->break_options[0] = (ki_break_option){.open_ms = (int32_t)ceil(in->break_open * ticks),
                                               .close_ms = (int32_t)floor(in->break_close * ticks)};
}

static kerb_status make_type(sealing *seal) {
    const bench_instance *in = seal->in;
    ki_model *model = seal->model;
    model->n_types = 1;
    model->types = ki_arena_alloc(&model->arena, 1, sizeof *model->types);
    int32_t n_shifts =
        in->max_routes > 0 && in->max_routes < in->n_tasks ? in->max_routes : in->n_tasks;
    model->type_shifts =
        ki_arena_alloc(&model->arena, (size_t)n_shifts, sizeof *model->type_shifts);
    if (!model->types || !model->type_shifts) return no_memory(seal);
    for (int32_t shift = 0; shift < n_shifts; shift++)
        model->type_shifts[shift] = shift;
    ki_type *type = model->types;
    *type = (ki_type){.mass_dims = 1, .n_dims = in->n_dims, .n_shifts = n_shifts};
    memcpy(type->capacity, in->capacity, sizeof in->capacity);
    type->start_point = LEAVING;
    type->end_point = RETURN;
    type->regular_ms = KI_NEVER;
    type->latest_ms = model->horizon_ms;
    if (instance_has_times(in)) {
        type->earliest_ms = (int32_t)ceil(in->open * (double)seal->time_ticks);
        type->latest_ms = (int32_t)floor(in->close * (double)seal->time_ticks);
    }
    type->used_nano = in->route_cost * (UNIT_NANO / INSTANCE_MILLI) +
                      (int64_t)(in->fewer_routes * (double)UNIT_NANO);
    type->most_total = in->most_load;
    type->most_tasks = in->most_tasks;
    if (in->break_busy > 0) set_break(seal, type);
    *(money_is_time(in) ? &type->nano_per_ms : &type->nano_per_mm) = UNIT_NANO / seal->ticks;
    return KERB_OK;
}

static kerb_status make_tips(sealing *seal) {
    const bench_instance *in = seal->in;
    ki_model *model = seal->model;
    int32_t n_tips = in->n_tips ? in->n_tips : 1;
    model->tips = ki_arena_alloc(&model->arena, (size_t)n_tips, sizeof *model->tips);
    if (!model->tips) return no_memory(seal);
    model->n_tips = model->types->n_tips = n_tips;
    for (int32_t tip = 0; tip < n_tips; tip++) {
        ki_tip *at = &model->tips[tip];
        *at = (ki_tip){.facility = tip, .point = RETURN, .close_ms = model->horizon_ms};
        if (in->n_tips == 0) continue;
        at->point = point_for(seal, POINT_PLACE, in->tips[tip]);
        at->fixed_ms = (int32_t)in->tip_cost[tip];
        if (!in->tip_busy) continue;
        at->fixed_ms = (int32_t)ceil(in->tip_busy[tip] * (double)seal->time_ticks);
        at->open_ms = (int32_t)ceil(in->tip_open[tip] * (double)seal->time_ticks);
        at->close_ms = (int32_t)floor(in->tip_close[tip] * (double)seal->time_ticks);
    }
    return KERB_OK;
}

/* ---- ways ------------------------------------------------------------------------------------ */

static int64_t plane_ticks(const sealing *seal, int32_t from, int32_t to) {
    const bench_instance *in = seal->in;
    if (in->apart) return (int64_t)instance_apart(in, from, to) * seal->ticks;
    double x = in->x[from] - in->x[to], y = in->y[from] - in->y[to];
    if (in->problem == INSTANCE_WCVRPTW)
        return (int64_t)ceil((fabs(x) + fabs(y)) * (double)seal->ticks - 1e-6);
    double distance = sqrt(x * x + y * y);
    if (in->truncated) return (int64_t)floor(distance + 1e-9) * seal->ticks;
    if (in->rounded) return (int64_t)floor(distance + 0.5) * seal->ticks;
    return (int64_t)ceil(distance * (double)seal->ticks - 1e-6);
}

static int32_t terminal_at(const bench_instance *in, int32_t place) {
    int32_t terminal = in->n_tips;
    while (terminal > 0 && in->tips[terminal - 1] != place)
        terminal--;
    return terminal;
}

/* Milli between points on streets with turns; places are terminals there. */
static int64_t turning_way(const sealing *seal, int32_t from, int32_t to) {
    const instance_ways *ways = &seal->ways;
    const point *a = &seal->points[from], *b = &seal->points[to];
    if (a->kind == POINT_BEFORE) return INSTANCE_BIG; /* only ever reached */
    if (a->kind == POINT_AFTER && b->kind == POINT_AFTER && a->at == b->at) return 0;
    size_t n = (size_t)ways->n;
    if (b->kind == POINT_PLACE) {
        size_t there = (size_t)terminal_at(seal->in, b->at);
        if (a->kind == POINT_AFTER) return ways->to_terminal[there * n + (size_t)a->at];
        return ways
            ->between[(size_t)terminal_at(seal->in, a->at) * (size_t)ways->n_terminals + there];
    }
    int64_t start =
        a->kind == POINT_PLACE
            ? ways->from_terminal[(size_t)terminal_at(seal->in, a->at) * n + (size_t)b->at]
            : ways->cost[(size_t)a->at * n + (size_t)b->at];
    if (start >= INSTANCE_BIG) return start;
    return start + (b->kind == POINT_AFTER ? seal->in->links[b->at / 2].pass : 0);
}

static int64_t way_ticks(const sealing *seal, int32_t from, int32_t to) {
    const bench_instance *in = seal->in;
    const point *a = &seal->points[from], *b = &seal->points[to];
    if (to == LEAVING && from != LEAVING) return INSTANCE_BIG;
    if (from == RETURN && to != RETURN) return INSTANCE_BIG;
    if (instance_in_plane(in)) return plane_ticks(seal, a->at, b->at);
    if (in->n_turns) return turning_way(seal, from, to);
    return seal->ways.cost[(size_t)a->at * (size_t)seal->ways.n + (size_t)b->at];
}

static int32_t time_of(const sealing *seal, int64_t ticks) {
    double distance = (double)ticks / (double)seal->ticks;
    return (int32_t)ceil(distance / seal->in->speed * (double)seal->time_ticks - 1e-6);
}

static kerb_status make_travel(sealing *seal) {
    ki_model *model = seal->model;
    size_t n = (size_t)seal->n_points;
    model->n_travels = 1;
    model->n_points[0] = seal->n_points;
    model->travels = ki_arena_alloc(&model->arena, 1, sizeof *model->travels);
    if (!model->travels) return no_memory(seal);
    ki_travel *travel = model->travels;
    travel->n = seal->n_points;
    travel->time_ms = ki_arena_alloc(&model->arena, n * n, sizeof(int32_t));
    travel->length_mm = ki_arena_alloc(&model->arena, n * n, sizeof(int32_t));
    if (!travel->time_ms || !travel->length_mm) return no_memory(seal);
    for (size_t cell = 0; cell < n * n; cell++) {
        int64_t ticks = way_ticks(seal, (int32_t)(cell / n), (int32_t)(cell % n));
        int exists = ticks < INSTANCE_BIG;
        if (exists && ticks > MOST_LEG)
            return ki_fail(seal->err, KERB_BAD_INPUT, "%s: a way of %lld units is too long",
                           seal->in->name, (long long)(ticks / seal->ticks));
        if (exists && ticks > seal->longest) seal->longest = ticks;
        int32_t value = exists ? (int32_t)ticks : KI_NEVER;
        travel->length_mm[cell] = exists && money_is_time(seal->in) ? 0 : value;
        travel->time_ms[cell] =
            exists && !money_is_time(seal->in) && !instance_has_times(seal->in) ? 0 : value;
        if (exists && seal->in->speed > 0) travel->time_ms[cell] = time_of(seal, ticks);
    }
    return KERB_OK;
}

/* No task is ever left out for money: one more vehicle costs less. */
static void set_prizes(const sealing *seal) {
    ki_model *model = seal->model;
    const bench_instance *in = seal->in;
    int64_t most_serve = 0;
    for (int32_t task = 0; task < in->n_tasks; task++)
        if (in->tasks[task].serve > most_serve) most_serve = in->tasks[task].serve;
    double units = 20.0 * (double)seal->longest / (double)seal->ticks +
                   (double)(most_serve + in->route_cost) / INSTANCE_MILLI;
    if (in->n_tips) units += (double)in->tip_cost[0] / INSTANCE_MILLI;
    units += 2 * in->fewer_routes;
    double nano = (units + 1) * (double)UNIT_NANO, most = 4e18 / in->n_tasks;
    for (int32_t task = 0; task < in->n_tasks; task++)
        model->tasks[task].prize_nano = (int64_t)(nano < most ? nano : most);
}

/* ---- whole ----------------------------------------------------------------------------------- */

static int32_t horizon_of(const sealing *seal) {
    const bench_instance *in = seal->in;
    if (instance_has_times(in)) return (int32_t)floor(in->close * (double)seal->time_ticks);
    if (in->max_route > 0 && in->max_route < MOST_LEG) return (int32_t)in->max_route;
    return (int32_t)MOST_LEG;
}

static kerb_status seal_steps(sealing *seal) {
    seal->ticks = instance_in_plane(seal->in) && !seal->in->rounded ? EXACT_TICKS : INSTANCE_MILLI;
    seal->time_ticks = seal->in->speed > 0 ? INSTANCE_MILLI : seal->ticks;
    seal->model->horizon_ms = horizon_of(seal);
    if (!instance_in_plane(seal->in))
        KI_TRY(instance_find_ways(&seal->ways, &seal->scratch, seal->in, seal->err));
    KI_TRY(make_point_room(seal));
    KI_TRY(make_tasks(seal));
    KI_TRY(make_demand(seal));
    KI_TRY(make_type(seal));
    KI_TRY(make_tips(seal));
    KI_TRY(make_travel(seal));
    set_prizes(seal);
    return KERB_OK;
}

kerb_status instance_seal(instance_sealed *out, const bench_instance *instance, kerb_error *err) {
    *out = (instance_sealed){0};
    sealing seal = {.in = instance, .err = err, .model = ki_alloc_zero(1, sizeof(ki_model))};
    if (!seal.model) return no_memory(&seal);
    kerb_status status = seal_steps(&seal);
    ki_arena_free(&seal.scratch);
    if (status == KERB_OK)
        *out = (instance_sealed){.model = seal.model, .way_of_mode = seal.way_of_mode};
    else
        ki_model_free(seal.model);
    return status;
}

/* ---- back ------------------------------------------------------------------------------------ */

kerb_status instance_decode(instance_route **routes, int32_t *n_routes, ki_arena *arena,
                            const bench_instance *instance, const instance_sealed *sealed,
                            const ki_solution *solution, kerb_error *err) {
    *n_routes = solution->n_routes;
    *routes = ki_arena_alloc(arena, (size_t)solution->n_routes + 1, sizeof **routes);
    if (!*routes) return ki_fail_no_memory(err, instance->name);
    for (int32_t index = 0; index < solution->n_routes; index++) {
        const ki_route *from = &solution->routes[index];
        instance_route *to = &(*routes)[index];
        to->stops = ki_arena_alloc(arena, (size_t)from->n_stops + 1, sizeof *to->stops);
        if (!to->stops) return ki_fail_no_memory(err, instance->name);
        for (int32_t stop = 0; stop < from->n_stops; stop++) {
            int32_t task = from->stops[stop].task, mode = from->stops[stop].mode;
            if (task == KI_BREAK)
                to->stops[to->n_stops++] = (instance_stop){INSTANCE_BREAK, 0};
            else if (task != KI_TIP)
                to->stops[to->n_stops++] = (instance_stop){task, sealed->way_of_mode[mode]};
            else if (instance->n_tips)
                to->stops[to->n_stops++] = (instance_stop){INSTANCE_TIP, mode};
        }
    }
    return KERB_OK;
}
