/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who drives what in which order is the city's word; where to stop, when and where to tip, breaks
 * are filled in as a good driver would (rounds_lay.c), by the loads that are forecast. What then is
 * in the containers, and how long it takes, the world says. A round that comes too late or takes
 * longer than its shift is driven all the same, and paid for: so it is on the street. */
#include "io/simulate_rounds.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/ids.h"
#include "demand/rate.h"
#include "io/rounds_lay.h"
#include "plan/plan.h"
#include "route/walk.h"

#include <string.h>

enum { DAY_S = 86400 };

/* ---- rows and containers --------------------------------------------------------------------- */

static int is_named(const kerb_shift *shift, const char *name) {
    return strcmp(shift->id, name) == 0 || strcmp(shift->vehicle_id, name) == 0;
}

static kerb_status check_vehicle(const ki_draft *draft, const ki_rounds *rounds,
                                 const ki_visit *visit, kerb_error *err) {
    for (size_t shift = 0; shift < draft->n_shifts; shift++)
        if (is_named(&draft->shifts[shift], visit->vehicle)) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s, record %lld, field vehicle: %.60s, expected a shift or a vehicle with one",
                   rounds->path, (long long)visit->record, visit->vehicle);
}

kerb_status ki_as_is_begin(ki_as_is *out, ki_arena *arena, const ki_draft *draft,
                           const ki_rounds *rounds, kerb_error *err) {
    ki_ids ids;
    *out = (ki_as_is){.rounds = rounds,
                      .bins = ki_arena_alloc(arena, rounds->n, sizeof *out->bins),
                      .days = ki_arena_alloc(arena, draft->n_containers, sizeof *out->days),
                      .is_out = ki_arena_alloc(arena, rounds->n, sizeof *out->is_out)};
    if (!out->bins || !out->days || !out->is_out ||
        ki_ids_build(&ids, arena, draft->n_containers ? &draft->containers->id : NULL,
                     draft->n_containers, sizeof *draft->containers))
        return ki_fail_no_memory(err, rounds->path);
    for (size_t at = 0; at < rounds->n; at++) {
        const ki_visit *visit = &rounds->visits[at];
        KI_TRY(check_vehicle(draft, rounds, visit, err));
        out->bins[at] = ki_ids_find(&ids, visit->container);
        out->is_out[at] = out->bins[at] < 0;
        if (out->is_out[at]) continue;
        for (int32_t day = 0; day < 7; day++)
            if (ki_visit_is_on(visit, day)) out->days[out->bins[at]] |= (uint8_t)(1u << day);
    }
    return KERB_OK;
}

size_t ki_as_is_passed_over(const ki_as_is *as_is) {
    size_t n = 0;
    for (size_t at = 0; at < as_is->rounds->n; at++)
        n += as_is->is_out[at];
    return n;
}

int32_t ki_as_is_weekday(const ki_draft *draft, int32_t night) {
    int64_t ends_s;
    return ki_weekday(draft->district.night_start_s + (int64_t)night * DAY_S,
                      draft->district.utc_offset_s, &ends_s);
}

int ki_world_as_is_due(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                       const void *payload) {
    (void)at_s;
    const ki_as_is *as_is = payload;
    return as_is->days[container] >> ki_as_is_weekday(world->draft, night) & 1;
}

/* ---- a round as a route of a plan ------------------------------------------------------------ */

typedef struct maker {
    kerb_plan *plan;
    const kerb_model *model;
    const ki_model *sealed;
    ki_as_is *as_is;
    ki_ids tasks;
    int32_t *order;    /* [rounds->n] tasks of the round at hand */
    uint8_t *is_taken; /* [n_shifts] has its round */
    kerb_error *err;
} maker;

static int32_t free_shift(const maker *make, const char *vehicle) {
    const ki_draft *draft = &make->model->draft;
    for (size_t shift = 0; shift < draft->n_shifts; shift++)
        if (!make->is_taken[shift] && is_named(&draft->shifts[shift], vehicle) &&
            ki_type_of_shift(make->sealed, (int32_t)shift) >= 0)
            return (int32_t)shift;
    return -1;
}

static int32_t tasks_of(maker *make, size_t first, size_t end, int32_t type, int32_t weekday) {
    const ki_rounds *rounds = make->as_is->rounds;
    int32_t n = 0;
    for (size_t at = first; at < end; at++) {
        if (!ki_visit_is_on(&rounds->visits[at], weekday) || make->as_is->bins[at] < 0) continue;
        int32_t task = ki_ids_find(&make->tasks, rounds->visits[at].container);
        if (task >= 0 && type >= 0 && ki_rounds_may_serve(make->sealed, type, task))
            make->order[n++] = task;
        else
            make->as_is->is_out[at] = 1;
    }
    return n;
}

static void add_stop(const maker *make, ki_plan_route *to, const ki_route *route, int32_t index,
                     const ki_stop_time *time, int32_t *point) {
    const ki_stop *from = &route->stops[index];
    const ki_type *type = &make->sealed->types[route->type];
    ki_plan_stop *stop = &to->stops[to->n_stops++];
    int32_t entry, exit;
    if (from->task == KI_TIP) {
        const ki_tip *tip = &make->sealed->tips[from->mode];
        entry = exit = tip->point;
        *stop = (ki_plan_stop){.kind = KI_STOP_TIP,
                               .id = make->model->draft.facilities[tip->facility].id,
                               .mode = from->mode - type->first_tip,
                               .latest_ms = tip->close_ms + tip->margin_ms};
        const int64_t *load = index > 0 ? time[-1].load : type->start_load;
        for (int32_t dim = 0; dim < type->n_dims; dim++)
            to->fees_nano += load[dim] * tip->fee_nano_per_g[dim];
    } else {
        const ki_task *task = &make->sealed->tasks[from->task];
        const ki_mode *mode = &make->sealed->modes[from->mode];
        entry = mode->entry, exit = mode->exit;
        *stop = (ki_plan_stop){.kind = KI_STOP_SERVE,
                               .id = task->id,
                               .mode = from->mode - task->first_mode,
                               .latest_ms = mode->close_ms + mode->margin_ms};
    }
    stop->arrival_ms = time->arrival_ms;
    stop->start_ms = time->start_ms;
    stop->end_ms = time->end_ms;
    stop->leg.time_ms = ki_time_ms(make->sealed, route->type, *point, entry);
    *point = exit;
}

static void fill_route(const maker *make, ki_plan_route *to, const ki_route *route, int32_t shift,
                       const ki_route_value *value, const ki_stop_time *times) {
    const ki_type *type = &make->sealed->types[route->type];
    const kerb_shift *about = &make->model->draft.shifts[shift];
    int32_t point = type->start_point, end_ms = value->start_ms + value->spell_ms;
    to->shift = about->id;
    to->vehicle = about->vehicle_id;
    to->use = KERB_USE_TRUCK;
    to->spell_start_ms = value->start_ms;
    to->spell_end_ms = end_ms;
    to->length_mm = value->length_mm;
    to->cost_nano = value->cost_nano + type->home_nano;
    to->stops[to->n_stops++] = (ki_plan_stop){.kind = KI_STOP_START,
                                              .id = make->model->draft.depots[type->start_depot].id,
                                              .latest_ms = type->latest_ms};
    for (int32_t at = 0; at < route->n_stops; at++)
        if (route->stops[at].task == KI_TIP || route->stops[at].task >= 0)
            add_stop(make, to, route, at, &times[at], &point);
    to->stops[to->n_stops++] = (ki_plan_stop){
        .kind = KI_STOP_END,
        .id = make->model->draft.depots[type->end_depot].id,
        .arrival_ms = end_ms - type->post_ms,
        .start_ms = end_ms - type->post_ms,
        .end_ms = end_ms - type->post_ms,
        .latest_ms = type->latest_ms + type->margin_ms - type->post_ms,
        .leg.time_ms = ki_time_ms(make->sealed, route->type, point, type->end_point)};
}

static kerb_status add_route(maker *make, int32_t shift, int32_t type, int32_t n_tasks) {
    ki_route route = {0};
    ki_route_value value;
    ki_plan_route *to = &make->plan->routes[make->plan->n_routes];
    kerb_status status = ki_rounds_lay(&route, make->sealed, type, make->order, n_tasks, make->err);
    size_t n = status == KERB_OK ? (size_t)route.n_stops : 0;
    ki_stop_time *times = ki_alloc_zero(n + 1, sizeof *times);
    *to = (ki_plan_route){.stops = ki_arena_alloc(&make->plan->arena, n + 2, sizeof *to->stops)};
    if (status == KERB_OK && (!times || !to->stops))
        status = ki_fail_no_memory(make->err, "present rounds");
    if (status == KERB_OK && n) {
        ki_route_evaluate(make->sealed, &route, &value, times);
        fill_route(make, to, &route, shift, &value, times);
        make->plan->n_routes++;
    }
    ki_free(times);
    ki_free(route.stops);
    return status;
}

/* The rows of one vehicle, which lie together. */
static kerb_status add_round(maker *make, size_t first, size_t end, int32_t weekday) {
    int32_t shift = free_shift(make, make->as_is->rounds->visits[first].vehicle);
    int32_t type = shift < 0 ? -1 : ki_type_of_shift(make->sealed, shift);
    int32_t n = tasks_of(make, first, end, type, weekday);
    if (n == 0) return KERB_OK;
    make->is_taken[shift] = 1;
    return add_route(make, shift, type, n);
}

static kerb_status add_rounds(maker *make, int32_t weekday) {
    const ki_rounds *rounds = make->as_is->rounds;
    for (size_t first = 0, end; first < rounds->n; first = end) {
        for (end = first + 1; end < rounds->n; end++)
            if (strcmp(rounds->visits[end].vehicle, rounds->visits[first].vehicle) != 0) break;
        KI_TRY(add_round(make, first, end, weekday));
    }
    return KERB_OK;
}

kerb_status ki_as_is_plan(kerb_plan **out, ki_as_is *as_is, const kerb_model *model,
                          int32_t weekday, kerb_error *err) {
    const ki_model *sealed = model->sealed;
    ki_arena arena = {0};
    *out = ki_alloc_zero(1, sizeof **out);
    if (!*out) return ki_fail_no_memory(err, "present rounds");
    maker make = {.plan = *out,
                  .model = model,
                  .sealed = sealed,
                  .as_is = as_is,
                  .order = ki_arena_alloc(&arena, as_is->rounds->n, sizeof *make.order),
                  .is_taken = ki_arena_alloc(&arena, model->draft.n_shifts, sizeof *make.is_taken),
                  .err = err};
    (*out)->routes = ki_arena_alloc(&(*out)->arena, model->draft.n_shifts, sizeof *(*out)->routes);
    int failed = !make.order || !make.is_taken || !(*out)->routes ||
                 ki_ids_build(&make.tasks, &arena, sealed->n_tasks ? &sealed->tasks->id : NULL,
                              (size_t)sealed->n_tasks, sizeof *sealed->tasks);
    kerb_status status =
        failed ? ki_fail_no_memory(err, "present rounds") : add_rounds(&make, weekday);
    ki_arena_free(&arena);
    if (status == KERB_OK) return KERB_OK;
    kerb_plan_free(*out);
    *out = NULL;
    return status;
}
