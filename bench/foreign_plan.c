/* SPDX-License-Identifier: GPL-3.0-or-later
 * foreign_plan.c - reads a foreign solution and judges it.
 *
 * solution.csv has the columns shift,task,mode and one row a stop in order of travel. task is a
 * task's id, or "tip:FACILITY"; mode counts a task's modes, or the openings of that facility for
 * the type, from 0. Rows of one shift stand together.
 *
 * First each route is walked by the exact evaluation and every stop that breaks a rule is named;
 * what is whole becomes a plan, and the independent checker has the last word. */
#include "bench/foreign_plan.h"

#include "base/alloc.h"
#include "base/error.h"
#include "haul/night.h"
#include "io/tables.h"
#include "model/draft.h"
#include "model/model.h"
#include "plan/check.h"
#include "route/walk.h"
#include "route/yard.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

static kerb_status bad_row(const foreign_plan *in, int64_t record, const char *field,
                           const char *got, const char *expected, kerb_error *err) {
    return ki_fail(err, KERB_BAD_INPUT, "%s, record %lld, field %s: %.80s, expected %s", in->path,
                   (long long)record, field, got, expected);
}

static kerb_status start_route(foreign_plan *in, int64_t record, const char *id, kerb_error *err) {
    int32_t shift = ki_ids_find(&in->shift_ids, id);
    int32_t type = shift < 0 ? -1 : ki_type_of_shift(in->model->sealed, shift);
    if (type < 0) return bad_row(in, record, "shift", id, "a shift available tonight", err);
    for (size_t at = 0; at < in->n_routes; at++)
        if (in->shifts[at] == shift)
            return bad_row(in, record, "shift", id, "the rows of a shift to stand together", err);
    if (ki_grow(&in->routes, &in->routes_capacity, in->n_routes + 1, sizeof *in->routes) ||
        ki_grow(&in->shifts, &in->shifts_capacity, in->n_routes + 1, sizeof *in->shifts))
        return ki_fail_no_memory(err, in->path);
    in->shifts[in->n_routes] = shift;
    in->routes[in->n_routes++] = (ki_route){.type = type};
    in->stops_capacity = 0;
    return KERB_OK;
}

static int parse_count(const char *text, long most, int32_t *out) {
    char *rest;
    long value = strtol(text, &rest, 10);
    if (rest == text || *rest || value < 0 || value > most) return -1;
    *out = (int32_t)value;
    return 0;
}

/* The n-th option of a facility for a type; -1 if it has none. */
static int32_t find_tip(const foreign_plan *in, int32_t type, const char *facility, int32_t nth) {
    const ki_model *model = in->model->sealed;
    const ki_type *at = &model->types[type];
    for (int32_t tip = at->first_tip; tip < at->first_tip + ki_type_n_options(at); tip++)
        if (strcmp(in->model->draft.facilities[model->tips[tip].facility].id, facility) == 0 &&
            nth-- == 0)
            return tip;
    return -1;
}

/* held: of a tip, ms of the night before which it does not begin; "": at once. */
static kerb_status read_stop(foreign_plan *in, int64_t record, const char *name,
                             const char *mode_text, const char *held, kerb_error *err) {
    const ki_model *model = in->model->sealed;
    ki_route *route = &in->routes[in->n_routes - 1];
    ki_stop stop = {.task = KI_TIP};
    int32_t mode;
    if (*held &&
        (parse_count(held, model->horizon_ms, &stop.from_ms) || strncmp(name, "tip:", 4) != 0))
        return bad_row(in, record, "not_before_ms", held, "ms of the night, of a tip", err);
    if (parse_count(mode_text, 100000, &mode))
        return bad_row(in, record, "mode", mode_text, "0 or more", err);
    if (strncmp(name, "tip:", 4) == 0) {
        stop.mode = find_tip(in, route->type, name + 4, mode);
        if (stop.mode < 0)
            return bad_row(in, record, "task", name, "a facility where this shift may tip", err);
    } else {
        stop.task = ki_ids_find(&in->task_ids, name);
        if (stop.task < 0)
            return bad_row(in, record, "task", name, "a task of tonight or tip:FACILITY", err);
        if (mode >= model->tasks[stop.task].n_modes)
            return bad_row(in, record, "mode", mode_text, "a mode of that task", err);
        stop.mode = model->tasks[stop.task].first_mode + mode;
    }
    if (ki_grow(&route->stops, &in->stops_capacity, (size_t)route->n_stops + 1,
                sizeof *route->stops))
        return ki_fail_no_memory(err, in->path);
    route->stops[route->n_stops++] = stop;
    return KERB_OK;
}

static kerb_status read_rows(foreign_plan *in, ki_table *table, kerb_error *err) {
    static const char *const names[3] = {"shift", "task", "mode"};
    int columns[3], more, held = ki_table_column(table, "not_before_ms");
    int64_t record;
    for (int at = 0; at < 3; at++) {
        columns[at] = ki_table_column(table, names[at]);
        if (columns[at] < 0)
            return ki_fail(err, KERB_BAD_INPUT, "%s: no column %s", in->path, names[at]);
    }
    for (;;) {
        KI_TRY(ki_table_next(table, &more, &record, err));
        if (!more) return KERB_OK;
        const char *shift = ki_table_value(table, columns[0]);
        int same = in->n_routes &&
                   strcmp(in->model->draft.shifts[in->shifts[in->n_routes - 1]].id, shift) == 0;
        if (!same) KI_TRY(start_route(in, record, shift, err));
        KI_TRY(read_stop(in, record, ki_table_value(table, columns[1]),
                         ki_table_value(table, columns[2]),
                         held < 0 ? "" : ki_table_value(table, held), err));
    }
}

static kerb_status index_ids(foreign_plan *in, kerb_error *err) {
    const ki_model *model = in->model->sealed;
    const ki_draft *draft = &in->model->draft;
    if (ki_ids_build(&in->task_ids, &in->arena, &model->tasks->id, (size_t)model->n_tasks,
                     sizeof *model->tasks) ||
        ki_ids_build(&in->shift_ids, &in->arena, &draft->shifts->id, draft->n_shifts,
                     sizeof *draft->shifts))
        return ki_fail_no_memory(err, in->path);
    return KERB_OK;
}

kerb_status foreign_plan_begin(foreign_plan *out, const kerb_model *model, const char *name,
                               kerb_error *err) {
    *out = (foreign_plan){.model = model, .path = name};
    return index_ids(out, err);
}

kerb_status foreign_plan_read(foreign_plan *out, const kerb_model *model, const char *path,
                              kerb_error *err) {
    ki_table *table;
    KI_TRY(foreign_plan_begin(out, model, path, err));
    KI_TRY(ki_table_open(&table, path, NULL, err));
    kerb_status status = read_rows(out, table, err);
    ki_table_free(table);
    return status;
}

void foreign_plan_free(foreign_plan *in) {
    for (size_t at = 0; at < in->n_routes; at++)
        ki_free(in->routes[at].stops);
    ki_free(in->routes);
    ki_free(in->shifts);
    ki_arena_free(&in->arena);
    *in = (foreign_plan){0};
}

/* ---- what a route breaks --------------------------------------------------------------------- */

typedef struct inspection { /* of one route */
    const foreign_plan *in;
    const ki_route *route;
    const ki_type *type;
    const char *shift;
    const ki_stop_time *times;
    ki_text *report;
    size_t n_faults;
} inspection;

static const char *stop_name(const inspection *at, int32_t stop) {
    const ki_model *model = at->in->model->sealed;
    const ki_stop *of = &at->route->stops[stop];
    return of->task == KI_TIP ? at->in->model->draft.facilities[model->tips[of->mode].facility].id
                              : model->tasks[of->task].id;
}

/* The stop at or before this one that is no break; -1: the depot. */
static int32_t place_before(const ki_route *route, int32_t stop) {
    while (stop >= 0 && route->stops[stop].task == KI_BREAK)
        stop--;
    return stop;
}

static void begin_fault(inspection *at, int32_t stop) {
    at->n_faults++;
    ki_text_add(at->report, "shift %s, stop %d (%s): ", at->shift, stop + 1, stop_name(at, stop));
}

static int32_t stop_entry(const ki_model *model, const ki_stop *stop) {
    return stop->task == KI_TIP ? model->tips[stop->mode].point : model->modes[stop->mode].entry;
}

static int32_t stop_exit(const ki_model *model, const ki_stop *stop) {
    return stop->task == KI_TIP ? model->tips[stop->mode].point : model->modes[stop->mode].exit;
}

static void inspect_window(inspection *at, int32_t stop) {
    const ki_model *model = at->in->model->sealed;
    const ki_stop *of = &at->route->stops[stop];
    int32_t close_ms =
        of->task == KI_TIP ? model->tips[of->mode].close_ms : model->modes[of->mode].close_ms;
    if (at->times[stop].arrival_ms <= close_ms) return;
    begin_fault(at, stop);
    ki_text_add(at->report, "reached at %d ms, at the latest %d ms\n", at->times[stop].arrival_ms,
                close_ms);
}

/* A load only grows until the tip, so it is judged there and at the end of the route. */
static void inspect_load(inspection *at, int32_t stop) {
    int32_t next = stop + 1;
    if (at->route->stops[stop].task == KI_TIP) return;
    if (next < at->route->n_stops && at->route->stops[next].task != KI_TIP) return;
    for (int32_t dim = 0; dim < at->type->n_dims; dim++) {
        if (at->times[stop].load[dim] <= at->type->capacity[dim]) continue;
        begin_fault(at, stop);
        ki_text_add(at->report, "load %lld in dimension %d, at most %lld\n",
                    (long long)at->times[stop].load[dim], dim, (long long)at->type->capacity[dim]);
    }
}

static void inspect_way(inspection *at, int32_t stop) {
    const ki_model *model = at->in->model->sealed;
    const ki_stop *stops = at->route->stops;
    int32_t before = place_before(at->route, stop - 1);
    int32_t from = before >= 0 ? stop_exit(model, &stops[before]) : at->type->start_point;
    if (!ki_stop_allowed(model, at->route->type, &stops[stop])) {
        begin_fault(at, stop);
        ki_text_add(at->report, "this shift cannot do that by this mode\n");
    } else if (ki_time_ms(model, at->route->type, from, stop_entry(model, &stops[stop])) ==
               KI_NEVER) {
        begin_fault(at, stop);
        ki_text_add(at->report, "no way there from the stop before\n");
    }
}

static void inspect_end(inspection *at) {
    int32_t last = place_before(at->route, at->route->n_stops - 1);
    if (last < 0) return;
    const ki_model *model = at->in->model->sealed;
    int32_t leg_ms = ki_time_ms(model, at->route->type, stop_exit(model, &at->route->stops[last]),
                                at->type->end_point);
    int64_t back_ms = (int64_t)at->times[last].end_ms + leg_ms;
    int64_t latest_ms = (int64_t)at->type->latest_ms - at->type->post_ms;
    if (at->route->stops[last].task != KI_TIP) {
        begin_fault(at, last);
        ki_text_add(at->report, "the route ends loaded, expected a tip\n");
    }
    if (leg_ms != KI_NEVER && back_ms <= latest_ms) return;
    begin_fault(at, last);
    if (leg_ms == KI_NEVER)
        ki_text_add(at->report, "no way home\n");
    else
        ki_text_add(at->report, "back at %lld ms, at the latest %lld ms\n", (long long)back_ms,
                    (long long)latest_ms);
}

static kerb_status inspect_route(const foreign_plan *in, size_t index, foreign_verdict *out,
                                 ki_text *report, kerb_error *err) {
    const ki_model *model = in->model->sealed;
    const ki_route *route = &in->routes[index];
    ki_route_value value;
    ki_stop_time *times = ki_alloc_zero((size_t)route->n_stops, sizeof *times);
    if (!times) return ki_fail_no_memory(err, in->path);
    ki_route_evaluate(model, route, &value, times);
    inspection at = {.in = in,
                     .route = route,
                     .type = &model->types[route->type],
                     .shift = in->model->draft.shifts[in->shifts[index]].id,
                     .times = times,
                     .report = report};
    for (int32_t stop = 0; stop < route->n_stops && !value.feasible; stop++) {
        if (route->stops[stop].task == KI_BREAK) continue;
        inspect_way(&at, stop);
        inspect_window(&at, stop);
        inspect_load(&at, stop);
    }
    if (!value.feasible) inspect_end(&at);
    if (!value.feasible && at.n_faults == 0) {
        at.n_faults++;
        ki_text_add(report, "shift %s: late by %lld ms in all\n", at.shift,
                    (long long)value.late_ms);
    }
    out->n_violations += at.n_faults;
    out->length_mm += value.length_mm;
    out->spell_ms += value.spell_ms;
    ki_free(times);
    return KERB_OK;
}

/* What is served twice, and what not at all. */
static kerb_status count_served(const foreign_plan *in, foreign_verdict *out, ki_text *report,
                                kerb_error *err) {
    const ki_model *model = in->model->sealed;
    int32_t *times_served = ki_alloc_zero((size_t)model->n_tasks, sizeof *times_served);
    if (!times_served && model->n_tasks) return ki_fail_no_memory(err, in->path);
    for (size_t route = 0; route < in->n_routes; route++)
        for (int32_t stop = 0; stop < in->routes[route].n_stops; stop++) {
            int32_t task = in->routes[route].stops[stop].task;
            if (task >= 0) times_served[task]++;
        }
    for (int32_t task = 0; task < model->n_tasks; task++) {
        out->n_left_out += times_served[task] == 0;
        out->n_musts_left_out += times_served[task] == 0 && model->tasks[task].must;
        if (times_served[task] < 2) continue;
        out->n_violations++;
        ki_text_add(report, "task %s: served %d times, at most once\n", model->tasks[task].id,
                    times_served[task]);
    }
    ki_free(times_served);
    return KERB_OK;
}

/* ---- at the facilities ----------------------------------------------------------------------- */

static void tell_miss(const foreign_plan *in, size_t index, ki_yard_answer answer,
                      const ki_yard_miss *miss, foreign_verdict *out, ki_text *report) {
    const char *shift = in->model->draft.shifts[in->shifts[index]].id;
    const char *facility = in->model->draft.facilities[miss->facility].id;
    out->n_violations++;
    if (answer == KI_YARD_FULL)
        ki_text_add(report, "shift %s: %s takes %lld g less than all routes tip there\n", shift,
                    facility, (long long)miss->over_g);
    else
        ki_text_add(report, "shift %s: too late after waiting for a free bay at %s\n", shift,
                    facility);
}

/* Beyond what a solution says of waiting for bays each route in turn waits for those before it. */
static kerb_status place_routes(const foreign_plan *in, foreign_verdict *out, ki_text *report,
                                kerb_error *err) {
    const ki_model *model = in->model->sealed;
    ki_yard yard;
    int32_t most_stops = 0;
    if (!ki_model_is_shared(model)) return KERB_OK;
    for (size_t route = 0; route < in->n_routes; route++)
        if (in->routes[route].n_stops > most_stops) most_stops = in->routes[route].n_stops;
    KI_TRY(ki_yard_init(&yard, model, most_stops, err));
    for (size_t route = 0; route < in->n_routes; route++) {
        ki_route_value before, after;
        ki_yard_miss miss;
        ki_route_evaluate(model, &in->routes[route], &before, NULL);
        ki_yard_answer answer =
            ki_yard_place_held(&yard, (int32_t)route, &in->routes[route], &after, &miss);
        if (answer == KI_YARD_FITS) {
            ki_yard_enter(&yard, (int32_t)route, &in->routes[route]);
            out->spell_ms += after.spell_ms - before.spell_ms;
        } else {
            tell_miss(in, route, answer, &miss, out, report);
        }
    }
    int failed = yard.failed;
    ki_yard_free(&yard);
    return failed ? ki_fail_no_memory(err, in->path) : KERB_OK;
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static kerb_status make_plan(const foreign_plan *in, foreign_verdict *out, ki_text *report,
                             kerb_plan **plan, kerb_error *err) {
    ki_solution solution = {.n_routes = (int32_t)in->n_routes, .routes = in->routes};
    KI_TRY(ki_solution_price(in->model->sealed, &solution, &solution.cost_nano, err));
    KI_TRY(ki_plan_make(plan, in->model, &solution, err));
    (*plan)->problem_hash = in->model->hash;
    (*plan)->engine_version = KERB_VERSION;
    (*plan)->relaxation = "none";
    (*plan)->scope = "";
    (*plan)->bound_nano = (*plan)->cost_nano < 0 ? (*plan)->cost_nano : 0;
    out->cost_nano = (*plan)->cost_nano; /* of collection; hauls are not the contestant's */
    KI_TRY(ki_plan_hauls_add(*plan, in->model, NULL, 1, err));
    return ki_plan_check(*plan, in->model, &out->n_violations, report, err);
}

kerb_status foreign_plan_judge(const foreign_plan *in, foreign_verdict *out, ki_text *report,
                               kerb_plan **plan, kerb_error *err) {
    kerb_plan *made = NULL;
    *out = (foreign_verdict){.n_routes = in->n_routes};
    if (plan) *plan = NULL;
    for (size_t route = 0; route < in->n_routes; route++)
        KI_TRY(inspect_route(in, route, out, report, err));
    KI_TRY(count_served(in, out, report, err));
    kerb_status status = KERB_OK;
    if (out->n_violations == 0) status = place_routes(in, out, report, err);
    if (status == KERB_OK && out->n_violations == 0)
        status = make_plan(in, out, report, &made, err);
    if (status == KERB_OK && report->failed) status = ki_fail_no_memory(err, in->path);
    if (status != KERB_OK || out->n_violations || !plan)
        kerb_plan_free(made);
    else
        *plan = made;
    return status;
}
