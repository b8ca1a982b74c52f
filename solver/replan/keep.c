/* SPDX-License-Identifier: GPL-3.0-or-later
 * keep.c - see keep.h. A route that no longer fits is repaired by the edit that leaves least wrong:
 * another tip, one more tip, one task less; tips first, since they cost no service. Insertion is
 * the search's own (search/insert.h), without chance. */
#include "replan/keep.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/setting.h"
#include "plan/plan_internal.h"
#include "search/insert.h"
#include "search/ruin.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 40, SPARE_STOPS = 16, NOBODY = -2 /* of a yard */, ROUNDING_MS = 1000 };
enum { OUT_OF_ORDER_MS = 60000 }; /* what a stop out of its sequence is weighed with */

typedef struct keeper {
    const kerb_model *model;
    const ki_model *sealed;
    const kerb_plan *before;
    ki_arena arena;
    kerb_error *err;
    ki_work work;
    ki_stop *stops, *trial; /* of the route at hand, with room to spare */
    ki_stop *settled;       /* and with the breaks it needs */
    int32_t n_stops, n_settled, room;
    uint8_t *is_kept; /* [n_tasks] */
    int is_whole;
} keeper;

/* ---- from names to indices ------------------------------------------------------------------- */

static int32_t find_shift(const ki_draft *draft, const char *id) {
    for (size_t at = 0; at < draft->n_shifts; at++)
        if (strcmp(draft->shifts[at].id, id) == 0) return (int32_t)at;
    return -1;
}

typedef struct named {
    const char *id;
    int32_t task; /* the first */
} named;

typedef struct name_list {
    named *items;
    size_t n;
} name_list;

static int compare_names(const void *a, const void *b) {
    return strcmp(((const named *)a)->id, ((const named *)b)->id);
}

static kerb_status list_names(keeper *at, name_list *out) {
    const ki_draft *draft = &at->model->draft;
    const ki_model *sealed = at->sealed;
    out->items = ki_arena_alloc(&at->arena, (size_t)sealed->n_tasks, sizeof *out->items);
    if (!out->items) return ki_fail_no_memory(at->err, "the plan kept");
    for (int32_t task = 0; task < sealed->n_tasks; task++) {
        const ki_task *from = &sealed->tasks[task];
        int again = task > 0 && sealed->tasks[task - 1].kind == from->kind &&
                    sealed->tasks[task - 1].source == from->source;
        if (again) continue; /* a later pass */
        const char *id = from->kind == KI_TASK_KERB ? draft->streets[from->source].id
                                                    : draft->containers[from->source].id;
        out->items[out->n++] = (named){id, task};
    }
    qsort(out->items, out->n, sizeof *out->items, compare_names);
    return KERB_OK;
}

/* The task of a stop of the earlier plan; -1: none tonight any more. */
static int32_t task_of(const keeper *at, const name_list *names, const kerb_earlier_stop *stop) {
    named key = {stop->id, 0};
    const named *found =
        names->n ? bsearch(&key, names->items, names->n, sizeof key, compare_names) : NULL;
    if (!found) return -1;
    int32_t task = ki_task_of_pass(at->sealed, found->task, stop->pass);
    return task >= 0 && !at->is_kept[task] ? task : -1;
}

static int32_t mode_of(const keeper *at, int32_t type, int32_t task, int32_t wanted) {
    const ki_task *from = &at->sealed->tasks[task];
    if (wanted >= 0 && wanted < from->n_modes &&
        ki_service_ms(at->sealed, type, from->first_mode + wanted) != KI_NEVER)
        return from->first_mode + wanted;
    for (int32_t mode = 0; mode < from->n_modes; mode++)
        if (ki_service_ms(at->sealed, type, from->first_mode + mode) != KI_NEVER)
            return from->first_mode + mode;
    return -1;
}

/* The option of that facility, a tip or a post, which is open then, or else any of it; -1: none. */
static int32_t option_of(const keeper *at, int32_t type, int32_t task, const char *facility,
                         int32_t start_ms) {
    const ki_type *kind = &at->sealed->types[type];
    int32_t any = -1, first = kind->first_tip + (task == KI_POST ? kind->n_tips : 0);
    int32_t end = first + (task == KI_POST ? kind->n_posts : kind->n_tips);
    for (int32_t tip = first; tip < end; tip++) {
        const ki_tip *option = &at->sealed->tips[tip];
        if (strcmp(at->model->draft.facilities[option->facility].id, facility) != 0) continue;
        if (any < 0) any = tip;
        if (start_ms >= option->open_ms && start_ms <= option->close_ms) return tip;
    }
    return any;
}

/* The same option with the charge that was planned there. */
static int32_t charged_as(const keeper *at, int32_t type, int32_t option, const ki_plan_stop *old) {
    const ki_type *kind = &at->sealed->types[type];
    if (option < 0 || old->charge_ms <= 0) return option;
    int32_t full =
        at->sealed->tips[option].charge_mw ? option : ki_tip_twin(at->sealed, type, option, 1);
    int32_t levels = full < 0 ? 0 : at->sealed->tips[full].levels;
    for (int32_t level = 0; levels && level < KI_CHARGE_LEVELS; level++) {
        int32_t part = kind->first_tip + levels + level;
        int64_t left_nwh = kind->full_nwh - at->sealed->tips[part].short_nwh;
        if (left_nwh / 1000000 == old->energy_left_mwh) return part;
    }
    return full < 0 ? option : full;
}

/* ---- one route ------------------------------------------------------------------------------- */

/* A tip with nothing to tip is none; a route ends with one. */
static void tidy(keeper *at, int32_t type) {
    at->n_stops = ki_stops_tidy(at->sealed, type, at->stops, at->n_stops);
    if (at->n_stops > 0 && at->stops[at->n_stops - 1].task != KI_TIP)
        at->stops[at->n_stops++] = (ki_stop){KI_TIP, at->sealed->types[type].first_tip, 0};
}

/* ... at facilities, of the routes kept before it. */
static int64_t in_the_way(keeper *at, ki_route *route) {
    ki_route_value value;
    ki_yard_miss miss;
    ki_yard_answer answer = ki_yard_place_held(at->work.yard, NOBODY, route, &value, &miss);
    return answer == KI_YARD_FITS ? 0 : answer == KI_YARD_FULL ? miss.over_g : 1;
}

static int64_t wrongs(keeper *at, int32_t type, const ki_stop *stops, int32_t n_stops) {
    memcpy(at->settled, stops, (size_t)n_stops * sizeof *stops);
    ki_route route = {type, ki_work_settle(&at->work, type, at->settled, n_stops), at->settled};
    if (route.n_stops < 0) route = (ki_route){type, n_stops, (ki_stop *)(uintptr_t)stops};
    ki_route_value value;
    ki_route_evaluate(at->sealed, &route, &value, NULL);
    int64_t wrong = value.late_ms + (int64_t)value.n_broken * OUT_OF_ORDER_MS;
    for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
        wrong += 10 * value.excess[dim];
    if (value.feasible) return at->work.yard ? in_the_way(at, &route) : 0;
    return wrong > 0 ? wrong : 1;
}

typedef struct edit {
    int64_t wrong, prize_nano;
    int32_t at, tip; /* tip -1: the task is taken out */
    int adds;        /* a tip before it; otherwise another tip there */
} edit;

static int32_t make_edit(const keeper *at, const edit *what, ki_stop *out) {
    int32_t n = at->n_stops, place = what->at;
    memcpy(out, at->stops, (size_t)n * sizeof *out);
    if (what->tip >= 0 && !what->adds) {
        out[place].mode = what->tip;
        return n;
    }
    if (what->tip >= 0) {
        memmove(out + place + 1, out + place, (size_t)(n - place) * sizeof *out);
        out[place] = (ki_stop){KI_TIP, what->tip, 0};
        return n + 1;
    }
    memmove(out + place, out + place + 1, (size_t)(n - place - 1) * sizeof *out);
    return n - 1;
}

static void weigh(keeper *at, int32_t type, edit what, edit *best) {
    int32_t n = make_edit(at, &what, at->trial);
    what.wrong = wrongs(at, type, at->trial, n);
    int better = best->wrong < 0 || what.wrong < best->wrong ||
                 (what.wrong == best->wrong && what.prize_nano < best->prize_nano);
    if (better) *best = what;
}

static edit best_tip_edit(keeper *at, int32_t type) {
    const ki_type *kind = &at->sealed->types[type];
    edit best = {.wrong = -1};
    for (int32_t stop = 0; stop < at->n_stops; stop++)
        for (int32_t tip = kind->first_tip; tip < kind->first_tip + kind->n_tips; tip++) {
            int adds = at->stops[stop].task != KI_TIP;
            if (!adds && at->stops[stop].mode == tip) continue;
            if (adds && (at->n_stops + 1 > at->room || (stop == 0 && !ki_starts_loaded(kind))))
                continue;
            if (adds && stop > 0 && at->stops[stop - 1].task == KI_TIP) continue;
            weigh(at, type, (edit){.at = stop, .tip = tip, .adds = adds}, &best);
        }
    return best;
}

static edit best_removal(keeper *at, int32_t type) {
    edit best = {.wrong = -1};
    for (int32_t stop = 0; stop < at->n_stops; stop++) {
        int32_t task = at->stops[stop].task;
        if (task == KI_TIP) continue;
        weigh(at, type,
              (edit){.at = stop, .tip = -1, .prize_nano = at->sealed->tasks[task].prize_nano},
              &best);
    }
    return best;
}

/* Each edit leaves less wrong or a task less, so it ends. */
static void repair(keeper *at, int32_t type) {
    tidy(at, type);
    int64_t wrong = at->n_stops ? wrongs(at, type, at->stops, at->n_stops) : 0;
    while (wrong > 0 && at->n_stops > 0) {
        at->is_whole = 0;
        edit best = best_tip_edit(at, type);
        if (best.wrong != 0) { /* no tip alone mends it */
            edit removal = best_removal(at, type);
            if (best.wrong < 0 || best.wrong >= wrong || removal.wrong <= best.wrong)
                best = removal;
        }
        at->n_stops = make_edit(at, &best, at->trial);
        memcpy(at->stops, at->trial, (size_t)at->n_stops * sizeof *at->stops);
        tidy(at, type);
        wrong = at->n_stops ? wrongs(at, type, at->stops, at->n_stops) : 0;
    }
}

/* The number-th break of a type, at the time it was planned for; -1: none. */
static int32_t break_option(const ki_type *type, int32_t number, int32_t start_ms) {
    int32_t any = -1;
    for (int32_t option = 0; option < type->n_break_options; option++) {
        const ki_break_option *at = &type->break_options[option];
        if (at->number != number) continue;
        if (start_ms >= at->open_ms && start_ms <= at->close_ms) return option;
        any = option;
    }
    return any;
}

/* Behind one of the plan's stops, what was not begun when the shift begins here. */
static void copy_breaks(keeper *at, const ki_plan_route *planned, int32_t type, int32_t stop,
                        int32_t *number) {
    const ki_type *kind = &at->sealed->types[type];
    for (int32_t index = 0; index < planned->n_breaks; index++) {
        const ki_plan_break *pause = &planned->breaks[index];
        if (pause->after_stop != stop || pause->start_ms <= kind->earliest_ms - ROUNDING_MS)
            continue;
        int32_t option = break_option(kind, *number, pause->start_ms);
        if (option < 0) return;
        at->settled[at->n_settled++] = (ki_stop){KI_BREAK, option, 0};
        ++*number;
    }
}

/* When it was let in: not before, so that whoever is kept first does not go first. Vehicles under
 * way begin at whole seconds: all may be that much later, and none gets into the way of the next.
 * What of it is not needed goes in the end (ki_yard_tidy). */
static int32_t let_in_ms(const keeper *at, const ki_type *type, const ki_plan_stop *tip) {
    const ki_draft *draft = &at->model->draft;
    int32_t n = at->sealed->n_facilities ? (int32_t)draft->n_facilities : 0;
    if (type->attended && !type->under_way) return tip->start_ms + ROUNDING_MS;
    for (int32_t index = 0; index < n; index++)
        if (strcmp(draft->facilities[index].id, tip->id) == 0)
            return at->sealed->facilities[index].bays != INT32_MAX ? tip->start_ms + ROUNDING_MS
                                                                   : 0;
    return 0;
}

/* Into stops, and with its breaks into settled. */
static void copy_route(keeper *at, const name_list *names, const kerb_earlier_route *from,
                       const ki_plan_route *planned, int32_t type) {
    int32_t n_breaks = 0, n_fixed = 0;
    at->n_stops = at->n_settled = 0;
    while ((size_t)n_fixed < from->n_stops && from->stops[n_fixed].fixed)
        n_fixed++;
    copy_breaks(at, planned, type, n_fixed, &n_breaks);
    for (size_t stop = 0; stop < from->n_stops; stop++) {
        const ki_plan_stop *old = &planned->stops[stop + 1];
        if (from->stops[stop].fixed) continue;
        int32_t task = KI_TIP, mode = -1;
        int is_there = old->kind == KI_STOP_TIP || old->kind == KI_STOP_CHARGE;
        if (old->kind == KI_STOP_CHARGE) task = KI_POST;
        if (is_there)
            mode = charged_as(at, type, option_of(at, type, task, old->id, old->start_ms), old);
        else if ((task = task_of(at, names, &from->stops[stop])) >= 0)
            mode = mode_of(at, type, task, old->mode);
        int32_t from_ms = is_there ? let_in_ms(at, &at->sealed->types[type], old) : 0;
        if (mode >= 0) {
            at->settled[at->n_settled++] = (ki_stop){task, mode, from_ms};
            at->stops[at->n_stops++] = (ki_stop){task, mode, from_ms};
        } else {
            at->is_whole = 0;
        }
        copy_breaks(at, planned, type, (int32_t)stop + 1, &n_breaks);
    }
}

/* The rest with its breaks as they were planned, if it still holds. */
static int holds_as_planned(keeper *at, int32_t type) {
    ki_route route = {type, at->n_settled, at->settled};
    ki_route_value value;
    if (at->n_stops == 0) return 0;
    ki_route_evaluate(at->sealed, &route, &value, NULL);
    return value.feasible && (!at->work.yard || in_the_way(at, &route) == 0);
}

/* Of the types that share the shift, the one that is set as planned. */
static int32_t type_as_set(const keeper *at, int32_t type, const ki_plan_route *planned) {
    const ki_draft *draft = &at->model->draft;
    const ki_model *sealed = at->sealed;
    if (type < 0 || !sealed->has_settings) return type;
    const kerb_vehicle *vehicle = ki_plan_vehicle(draft, planned->vehicle);
    int32_t setting = vehicle ? ki_vehicle_setting(vehicle, planned->setting) : -1;
    for (int32_t other = type; other < sealed->n_types && ki_lead(sealed, other) == type; other++)
        if (sealed->types[other].setting == setting) return other;
    return type;
}

static kerb_status keep_route(keeper *at, const name_list *names, const kerb_earlier_route *from,
                              const ki_plan_route *planned) {
    int32_t shift = find_shift(&at->model->draft, from->shift_id);
    int32_t type = shift < 0 ? -1 : ki_type_of_shift(at->sealed, shift);
    type = type_as_set(at, type, planned);
    if (type < 0) {
        for (size_t stop = 0; stop < from->n_stops; stop++)
            if (!from->stops[stop].fixed) at->is_whole = 0;
        return KERB_OK;
    }
    if (at->work.n_used[ki_lead(at->sealed, type)] >= at->sealed->types[type].n_shifts)
        return ki_fail(at->err, KERB_INTERNAL, "shift %.100s twice in the earlier plan",
                       from->shift_id);
    copy_route(at, names, from, planned, type);
    int is_sound = holds_as_planned(at, type);
    if (!is_sound) repair(at, type);
    int32_t slot = at->n_stops ? ki_work_free_slot(&at->work) : -1;
    if (slot < 0) return KERB_OK;
    ki_route route = {type, at->n_settled, at->settled};
    if (!is_sound) {
        route.stops = at->stops;
        route.n_stops = ki_work_settle(&at->work, type, at->stops, at->n_stops);
        if (at->work.yard && route.n_stops >= 0 && in_the_way(at, &route)) {
            at->is_whole = 0; /* breaks drawn elsewhere: the search starts it anew */
            return KERB_OK;
        }
    }
    for (int32_t stop = 0; stop < route.n_stops; stop++)
        if (route.stops[stop].task >= 0) at->is_kept[route.stops[stop].task] = 1;
    if (route.n_stops < 0 || !ki_work_set_as_is(&at->work, slot, type, route.stops, route.n_stops))
        return ki_fail(at->err, KERB_INTERNAL, "the rest of shift %.100s cannot be driven",
                       from->shift_id);
    return KERB_OK;
}

/* ---- what nobody serves ---------------------------------------------------------------------- */

typedef struct absent {
    int64_t prize_nano;
    int32_t task;
} absent;

static int dearest_first(const void *left, const void *right) {
    const absent *a = left, *b = right;
    if (a->prize_nano != b->prize_nano) return a->prize_nano > b->prize_nano ? -1 : 1;
    return (a->task > b->task) - (a->task < b->task);
}

static kerb_status insert_all(keeper *at) {
    ki_work *work = &at->work;
    size_t n = (size_t)work->n_absent;
    absent *list = ki_arena_alloc(&at->arena, n, sizeof *list);
    if (!list) return ki_fail_no_memory(at->err, "the plan kept");
    for (size_t place = 0; place < n; place++)
        list[place] =
            (absent){at->sealed->tasks[work->absent[place]].prize_nano, work->absent[place]};
    if (n) qsort(list, n, sizeof *list, dearest_first);
    for (size_t place = 0; place < n; place++) {
        ki_insertion found;
        ki_insert_find(work, list[place].task, list[place].prize_nano, 0, &found);
        if (found.type >= 0) ki_insert_apply(work, &found);
        ki_work_keep(work);
    }
    return KERB_OK;
}

/* ---- together -------------------------------------------------------------------------------- */

static kerb_status write_solution(keeper *at, ki_solution *out) {
    const ki_work *work = &at->work;
    ki_solution all = {.cost_nano = ki_work_cost(work)};
    all.routes = ki_arena_alloc(&at->arena, (size_t)work->n_slots, sizeof *all.routes);
    if (!all.routes) return ki_fail_no_memory(at->err, "the plan kept");
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now;
        if (!line->n_nodes) continue;
        ki_stop *stops = ki_arena_alloc(&at->arena, (size_t)line->n_nodes, sizeof *stops);
        if (!stops) return ki_fail_no_memory(at->err, "the plan kept");
        int32_t n_stops = ki_line_stops(line, stops);
        all.routes[all.n_routes++] = (ki_route){line->type, n_stops, stops};
    }
    return ki_solution_copy(out, &all, at->err);
}

/* What the plan itself left out stays out; what is new must go somewhere. */
static int leaves_new_must(const keeper *at) {
    for (int32_t place = 0; place < at->work.n_absent; place++) {
        const ki_task *task = &at->sealed->tasks[at->work.absent[place]];
        if (task->must && task->earlier != KI_NO_EARLIER) return 1;
    }
    return 0;
}

static kerb_status check_origin(const keeper *at) {
    const ki_draft *draft = &at->model->draft;
    const kerb_earlier_plan *earlier =
        draft->n_earlier_plans ? &draft->earlier_plans[draft->n_earlier_plans - 1] : NULL;
    const char *id = at->before->id ? at->before->id : "";
    size_t n_routes = (size_t)at->before->n_routes; /* hauls follow them */
    int same = earlier && strcmp(earlier->plan_id, id) == 0 && earlier->n_routes >= n_routes;
    for (size_t route = 0; same && route < n_routes; route++)
        same = earlier->routes[route].n_stops + 2 == (size_t)at->before->routes[route].n_stops;
    if (same) return KERB_OK;
    return ki_fail(at->err, KERB_BAD_CALL,
                   "the model is not what is left of plan %.20s: make it with kerb_model_after",
                   id);
}

static int is_under_way(const keeper *at, const kerb_earlier_route *route) {
    int32_t shift = find_shift(&at->model->draft, route->shift_id);
    int32_t type = shift < 0 ? -1 : ki_type_of_shift(at->sealed, shift);
    return type >= 0 && at->sealed->types[type].under_way;
}

/* Vehicles under way come first at the bays: the others can still start later. */
static kerb_status keep_in_turn(keeper *at, const name_list *names,
                                const kerb_earlier_plan *earlier) {
    for (int under_way = 1; under_way >= 0; under_way--)
        for (size_t route = 0; route < earlier->n_routes; route++)
            if (is_under_way(at, &earlier->routes[route]) == under_way)
                KI_TRY(keep_route(at, names, &earlier->routes[route], &at->before->routes[route]));
    return KERB_OK;
}

static kerb_status keep_routes(keeper *at) {
    const ki_draft *draft = &at->model->draft;
    const kerb_earlier_plan *earlier = &draft->earlier_plans[draft->n_earlier_plans - 1];
    name_list names = {0};
    size_t longest = 0;
    for (size_t route = 0; route < earlier->n_routes; route++)
        if (earlier->routes[route].n_stops > longest) longest = earlier->routes[route].n_stops;
    at->room = (int32_t)longest * 2 + SPARE_STOPS;
    size_t n_room = (size_t)at->room + 1 + KI_MAX_BREAKS + KI_MAX_POSTS;
    at->stops = ki_arena_alloc(&at->arena, n_room, sizeof *at->stops);
    at->settled = ki_arena_alloc(&at->arena, n_room, sizeof *at->settled);
    at->trial = ki_arena_alloc(&at->arena, (size_t)at->room + 1, sizeof *at->trial);
    at->is_kept = ki_arena_alloc(&at->arena, (size_t)at->sealed->n_tasks, 1);
    if (!at->stops || !at->settled || !at->trial || !at->is_kept)
        return ki_fail_no_memory(at->err, "the plan kept");
    KI_TRY(list_names(at, &names));
    KI_TRY(keep_in_turn(at, &names, earlier));
    ki_work_keep(&at->work);
    if (leaves_new_must(at)) at->is_whole = 0;
    return KERB_OK;
}

static kerb_status keep(keeper *at, int insert, ki_solution *out) {
    KI_TRY(check_origin(at));
    KI_TRY(ki_work_init(&at->work, at->sealed, at->err));
    ki_work_clear(&at->work);
    KI_TRY(ki_work_find_neighbours(&at->work, NEIGHBOURS, at->err));
    KI_TRY(keep_routes(at));
    if (insert) KI_TRY(insert_all(at));
    if (at->work.failed) return ki_fail_no_memory(at->err, "the plan kept");
    return write_solution(at, out);
}

kerb_status ki_keep(ki_solution *out, int *is_whole, const kerb_model *model,
                    const kerb_plan *before, int insert, kerb_error *err) {
    keeper at = {.model = model, .sealed = model->sealed, .before = before, .err = err};
    at.is_whole = 1;
    *out = (ki_solution){0};
    kerb_status status = keep(&at, insert, out);
    ki_work_free(&at.work);
    ki_arena_free(&at.arena);
    *is_whole = at.is_whole;
    return status;
}
