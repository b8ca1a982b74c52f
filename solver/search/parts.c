/* SPDX-License-Identifier: GPL-3.0-or-later
 * parts.c - groups routes that are near each other, has each group annealed, and joins them.
 *
 * Where facilities have few bays or little room, a part sees what the others take up there as
 * taken. Two parts may still choose the same free bay: so their routes come in group by group, and
 * a group whose routes no longer fit keeps those it had. */
#include "search/parts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "search/cooling.h"
#include "search/part.h"

#include <string.h>

enum {
    TARGET_TASKS = 1500, /* a part is large enough with so many, or ... */
    LEAST_PARTS = 2,     /* ... with this share of all, ... */
    LEAST_ROUTES = 3,    /* ... and so many routes; ... */
    MOST_TASKS = 3500,   /* ... the last route may not lead beyond this */
    LOOK_AT = 20,        /* near tasks that tie routes to each other */
    STEPS_A_TASK = 2,    /* before tasks are grouped anew */
    FIRST_SHARES = 8     /* the first steps a task are made in so many runs, for the clock's sake */
};

typedef struct group { /* one part, and what came of it */
    int32_t *tasks, n_tasks;
    uint64_t types;   /* mask of those that may serve one of them */
    ki_route *routes; /* of the solution at hand; stops are borrowed */
    int32_t n_routes;
    int32_t *n_shifts; /* [n_types], by leads */
    ki_solution now, best;
    kerb_error err;
} group;

struct ki_parts {
    const ki_model *model;
    const int32_t *near;
    int32_t n_near;
    uint64_t seed;
    double hot_nano;
    ki_cooling cooling;
    int planned;
    int64_t n_steps, round_start, n_runs;
    ki_solution now, best, latest;
    /* of the run at hand */
    ki_arena arena;
    ki_rng rng;
    int32_t *route_of; /* [n_tasks]; -1: left out */
    int32_t *group_of; /* [n_routes] */
    group *groups;
    int32_t n_groups;
    ki_yard yard; /* where facilities are shared: with the routes of `now` */
    int64_t run_steps;
};

/* ---- life ------------------------------------------------------------------------------------ */

kerb_status ki_parts_new(ki_parts **out, const ki_model *model, const ki_island *whole,
                         uint64_t seed, kerb_error *err) {
    *out = NULL;
    ki_parts *parts = ki_alloc_zero(1, sizeof *parts);
    if (!parts) return ki_fail_no_memory(err, "the search");
    *parts = (ki_parts){.model = model, .seed = seed, .hot_nano = ki_island_hot_nano(whole)};
    parts->near = ki_island_near(whole, &parts->n_near);
    kerb_status status = ki_solution_copy(&parts->now, ki_island_best(whole), err);
    if (status == KERB_OK) status = ki_solution_copy(&parts->best, &parts->now, err);
    if (status == KERB_OK)
        *out = parts;
    else
        ki_parts_free(parts);
    return status;
}

static void forget_groups(ki_parts *parts) {
    for (int32_t index = 0; index < parts->n_groups; index++) {
        ki_solution_free(&parts->groups[index].now);
        ki_solution_free(&parts->groups[index].best);
    }
    parts->n_groups = 0;
    ki_yard_free(&parts->yard);
    ki_arena_free(&parts->arena);
}

void ki_parts_free(ki_parts *parts) {
    if (!parts) return;
    forget_groups(parts);
    ki_solution_free(&parts->now);
    ki_solution_free(&parts->best);
    ki_solution_free(&parts->latest);
    ki_free(parts);
}

static kerb_status replace(ki_solution *out, const ki_solution *by, kerb_error *err) {
    ki_solution copy;
    KI_TRY(ki_solution_copy(&copy, by, err));
    ki_solution_free(out);
    *out = copy;
    return KERB_OK;
}

const ki_solution *ki_parts_latest(const ki_parts *parts) {
    return &parts->latest;
}

int64_t ki_parts_share(const ki_parts *parts) {
    int64_t n_tasks = parts->model->n_tasks;
    return parts->n_steps < n_tasks ? n_tasks / FIRST_SHARES + 1 : STEPS_A_TASK * n_tasks;
}

kerb_status ki_parts_plan(ki_parts *parts, int64_t n, int less, kerb_error *err) {
    int is_open = parts->planned && parts->cooling.from == INT64_MAX;
    if (!is_open) parts->round_start = parts->n_steps;
    if (parts->planned && !is_open) KI_TRY(replace(&parts->now, &parts->best, err));
    parts->planned = 1;
    int64_t from = parts->round_start + n / 8, to = parts->round_start + n;
    ki_cooling_set(&parts->cooling, parts->hot_nano, less, KI_COLD_RATIO, n ? from : INT64_MAX,
                   n ? to : INT64_MAX);
    return KERB_OK;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static int32_t n_tasks_of(const ki_route *route) {
    int32_t n = 0;
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        n += route->stops[stop].task >= 0;
    return n;
}

/* ties[r]: pairs of near tasks, one in the group and the other in route r. */
static void add_route(ki_parts *parts, int32_t route, int32_t number, int32_t *ties) {
    const ki_route *from = &parts->now.routes[route];
    group *to = &parts->groups[number];
    parts->group_of[route] = number;
    to->n_routes++;
    for (int32_t stop = 0; stop < from->n_stops; stop++) {
        int32_t task = from->stops[stop].task;
        if (task < 0) continue;
        to->n_tasks++;
        const int32_t *near = parts->near + (size_t)task * (size_t)parts->n_near;
        for (int32_t rank = 0; rank < LOOK_AT && rank < parts->n_near && near[rank] >= 0; rank++)
            if (parts->route_of[near[rank]] >= 0) ties[parts->route_of[near[rank]]]++;
    }
}

/* The route most tied to the group that may still join it; -1: none. */
static int32_t next_route(const ki_parts *parts, const group *to, const int32_t *ties) {
    int32_t found = -1;
    for (int32_t route = 0; route < parts->now.n_routes; route++) {
        if (parts->group_of[route] >= 0 || ties[route] == 0) continue;
        if (to->n_tasks + n_tasks_of(&parts->now.routes[route]) > MOST_TASKS) continue;
        if (found < 0 || ties[route] > ties[found]) found = route;
    }
    return found;
}

static int is_full(const ki_parts *parts, const group *part) {
    int32_t target = parts->model->n_tasks / LEAST_PARTS;
    if (target > TARGET_TASKS) target = TARGET_TASKS;
    return part->n_tasks >= target && part->n_routes >= LEAST_ROUTES;
}

/* Groups grow around routes drawn at random. */
static void group_routes(ki_parts *parts, int32_t *order, int32_t *ties) {
    int32_t n_routes = parts->now.n_routes;
    for (int32_t route = 0; route < n_routes; route++) {
        int32_t other = (int32_t)ki_rng_below(&parts->rng, (uint32_t)route + 1);
        order[route] = order[other];
        order[other] = route;
        parts->group_of[route] = -1;
    }
    for (int32_t at = 0; at < n_routes; at++) {
        if (parts->group_of[order[at]] >= 0) continue;
        int32_t number = parts->n_groups++;
        memset(ties, 0, (size_t)n_routes * sizeof *ties);
        for (int32_t route = order[at]; route >= 0;
             route = next_route(parts, &parts->groups[number], ties)) {
            add_route(parts, route, number, ties);
            if (is_full(parts, &parts->groups[number])) break;
        }
    }
}

/* The group of the nearest task that is served; -1: none near is. */
static int32_t group_near(const ki_parts *parts, int32_t task) {
    const int32_t *near = parts->near + (size_t)task * (size_t)parts->n_near;
    for (int32_t rank = 0; rank < parts->n_near && near[rank] >= 0; rank++) {
        int32_t route = parts->route_of[near[rank]];
        if (route >= 0) return parts->group_of[route];
    }
    return -1;
}

/* What was left out goes along with its neighbours. number: [n_tasks], the group or -1. */
static kerb_status list_tasks(ki_parts *parts, int32_t *number, kerb_error *err) {
    int32_t n_tasks = parts->model->n_tasks;
    for (int32_t task = 0; task < n_tasks; task++) {
        int32_t route = parts->route_of[task];
        number[task] = route >= 0 ? parts->group_of[route] : group_near(parts, task);
        if (route < 0 && number[task] >= 0) parts->groups[number[task]].n_tasks++;
    }
    for (int32_t index = 0; index < parts->n_groups; index++) {
        group *part = &parts->groups[index];
        part->tasks = ki_arena_alloc(&parts->arena, (size_t)part->n_tasks + 1, sizeof(int32_t));
        if (!part->tasks) return ki_fail_no_memory(err, "the search");
        part->n_tasks = 0;
    }
    for (int32_t task = 0; task < n_tasks; task++) {
        if (number[task] < 0) continue;
        group *part = &parts->groups[number[task]];
        part->tasks[part->n_tasks++] = task;
        part->types |= ki_all_settings(parts->model, parts->model->tasks[task].types);
    }
    return KERB_OK;
}

static kerb_status list_routes(ki_parts *parts, kerb_error *err) {
    int32_t n_types = parts->model->n_types;
    for (int32_t index = 0; index < parts->n_groups; index++) {
        group *part = &parts->groups[index];
        part->routes = ki_arena_alloc(&parts->arena, (size_t)part->n_routes, sizeof *part->routes);
        part->n_shifts = ki_arena_alloc(&parts->arena, (size_t)n_types, sizeof(int32_t));
        if (!part->routes || !part->n_shifts) return ki_fail_no_memory(err, "the search");
        part->n_routes = 0;
    }
    for (int32_t route = 0; route < parts->now.n_routes; route++) {
        group *part = &parts->groups[parts->group_of[route]];
        part->routes[part->n_routes++] = parts->now.routes[route];
        part->n_shifts[ki_lead(parts->model, parts->now.routes[route].type)]++;
    }
    return KERB_OK;
}

/* Unused shifts go round, to whoever has a use for them. */
static void spread_shifts(ki_parts *parts) {
    for (int32_t type = 0; type < parts->model->n_types; type++) {
        if (parts->model->types[type].behind) continue;
        int32_t n_spare = parts->model->types[type].n_shifts;
        for (int32_t index = 0; index < parts->n_groups; index++)
            n_spare -= parts->groups[index].n_shifts[type];
        int32_t start = (int32_t)ki_rng_below(&parts->rng, (uint32_t)parts->n_groups);
        int32_t n_given = 1;
        while (n_spare > 0 && n_given > 0) {
            n_given = 0;
            for (int32_t at = 0; at < parts->n_groups && n_spare > 0; at++) {
                group *part = &parts->groups[(start + at) % parts->n_groups];
                if (part->n_shifts[type] >= part->n_tasks || !(part->types >> type & 1)) continue;
                part->n_shifts[type]++;
                n_spare--;
                n_given++;
            }
        }
    }
}

static kerb_status make_groups(ki_parts *parts, kerb_error *err) {
    size_t n_tasks = (size_t)parts->model->n_tasks, n_routes = (size_t)parts->now.n_routes;
    ki_rng_seed(&parts->rng, parts->seed, UINT64_C(0x9a175) + (uint64_t)parts->n_runs);
    parts->route_of = ki_arena_alloc(&parts->arena, n_tasks, sizeof(int32_t));
    parts->group_of = ki_arena_alloc(&parts->arena, n_routes + 1, sizeof(int32_t));
    parts->groups = ki_arena_alloc(&parts->arena, n_routes + 1, sizeof *parts->groups);
    int32_t *order = ki_arena_alloc(&parts->arena, n_routes + 1, sizeof *order);
    int32_t *ties = ki_arena_alloc(&parts->arena, n_routes + 1, sizeof *ties);
    int32_t *number = ki_arena_alloc(&parts->arena, n_tasks, sizeof *number);
    if (!parts->route_of || !parts->group_of || !parts->groups || !order || !ties || !number)
        return ki_fail_no_memory(err, "the search");
    memset(parts->route_of, -1, n_tasks * sizeof *parts->route_of);
    for (int32_t route = 0; route < parts->now.n_routes; route++)
        for (int32_t stop = 0; stop < parts->now.routes[route].n_stops; stop++) {
            int32_t task = parts->now.routes[route].stops[stop].task;
            if (task >= 0) parts->route_of[task] = route;
        }
    group_routes(parts, order, ties);
    KI_TRY(list_tasks(parts, number, err));
    KI_TRY(list_routes(parts, err));
    spread_shifts(parts);
    return KERB_OK;
}

/* ---- one part -------------------------------------------------------------------------------- */

static int64_t share_of(const ki_parts *parts, const group *part) {
    return parts->run_steps * part->n_tasks / parts->model->n_tasks + 1;
}

/* The temperature of the steps of the whole, over fewer steps. */
static void cool(const ki_parts *parts, ki_island *island, int64_t share) {
    int64_t hold = parts->cooling.from - parts->n_steps;
    if (hold < 0) hold = 0;
    if (hold > parts->run_steps) hold = parts->run_steps;
    double hot = ki_cooling_at(&parts->cooling, parts->n_steps);
    double cold = ki_cooling_at(&parts->cooling, parts->n_steps + parts->run_steps);
    int64_t from = (int64_t)((double)share * (double)hold / (double)parts->run_steps);
    ki_island_cool(island, hot, cold, from, share);
}

typedef struct buffers {
    ki_arena arena;
    ki_route *routes;
    ki_stop *stops;
} buffers;

static kerb_status leave(const ki_part *part, const buffers *room, const ki_solution *from,
                         ki_solution *out, kerb_error *err) {
    ki_part_leave(part, from->routes, from->n_routes, room->routes, room->stops);
    ki_solution made = {from->n_routes, room->routes, from->cost_nano};
    return ki_solution_copy(out, &made, err);
}

static kerb_status anneal(const ki_parts *parts, group *at, const ki_part *part,
                          const buffers *room, kerb_error *err) {
    ki_island *island;
    ki_part_enter(part, at->routes, at->n_routes, room->routes, room->stops);
    ki_solution from = {.n_routes = at->n_routes, .routes = room->routes};
    KI_TRY(ki_solution_price(&part->model, &from, &from.cost_nano, err));
    uint64_t seed = parts->seed ^ (uint64_t)parts->n_runs << 20;
    KI_TRY(ki_island_new_from(&island, &part->model, seed, (int)(at - parts->groups), &from, err));
    int64_t share = share_of(parts, at);
    cool(parts, island, share);
    kerb_status status = ki_island_run(island, share, err);
    if (status == KERB_OK) status = leave(part, room, ki_island_best(island), &at->best, err);
    if (status == KERB_OK) status = ki_island_settle(island, err);
    if (status == KERB_OK) status = leave(part, room, ki_island_best(island), &at->now, err);
    ki_island_free(island);
    return status;
}

static kerb_status run_group(const ki_parts *parts, group *at, kerb_error *err) {
    ki_part part;
    buffers room = {{0}, NULL, NULL};
    int32_t n_stops = 2 * at->n_tasks + 1, n_routes = at->n_tasks;
    for (int32_t route = 0; route < at->n_routes; route++)
        n_stops += at->routes[route].n_stops;
    for (int32_t type = 0; type < parts->model->n_types; type++)
        n_stops += at->n_shifts[type] * (1 + KI_MAX_BREAKS);
    KI_TRY(ki_part_make(&part, parts->model, at->tasks, at->n_tasks, at->n_shifts, err));
    kerb_status status = KERB_OK;
    if (ki_model_is_shared(parts->model))
        status =
            ki_part_share(&part, &parts->yard, parts->group_of, (int32_t)(at - parts->groups), err);
    room.routes = ki_arena_alloc(&room.arena, (size_t)n_routes + 1, sizeof *room.routes);
    room.stops = ki_arena_alloc(&room.arena, (size_t)n_stops, sizeof *room.stops);
    if (status == KERB_OK)
        status = room.routes && room.stops ? anneal(parts, at, &part, &room, err)
                                           : ki_fail_no_memory(err, "the search");
    ki_arena_free(&room.arena);
    ki_part_free(&part);
    return status;
}

static void run_job(void *payload, int job) {
    const ki_parts *parts = payload;
    group *at = &parts->groups[job];
    at->err.status = run_group(parts, at, &at->err);
}

/* ---- together -------------------------------------------------------------------------------- */

static void put(ki_solution *all, const ki_route *routes, int32_t n_routes) {
    for (int32_t route = 0; route < n_routes; route++)
        all->routes[all->n_routes++] = routes[route];
}

/* Exchanges the routes that a group had in the yard for those it has now, numbered from `first`;
 * 0 with the yard as before if they do not fit. */
static int exchange(ki_parts *parts, int32_t number, const ki_solution *by, int32_t first) {
    int32_t n_entered = 0, n_old = parts->now.n_routes;
    for (int32_t route = 0; route < n_old; route++)
        if (parts->group_of[route] == number) ki_yard_leave(&parts->yard, route);
    for (; n_entered < by->n_routes; n_entered++) {
        ki_route_value value;
        ki_route *route = &by->routes[n_entered];
        if (ki_yard_place_held(&parts->yard, first + n_entered, route, &value, NULL) !=
            KI_YARD_FITS)
            break;
        ki_yard_enter(&parts->yard, first + n_entered, route);
    }
    if (n_entered == by->n_routes) return 1;
    while (n_entered-- > 0)
        ki_yard_leave(&parts->yard, first + n_entered);
    for (int32_t route = 0; route < n_old; route++)
        if (parts->group_of[route] == number)
            ki_yard_enter(&parts->yard, route, &parts->now.routes[route]);
    return 0;
}

static kerb_status fill_yard(ki_parts *parts, kerb_error *err) {
    if (!ki_model_is_shared(parts->model)) return KERB_OK;
    int32_t more = 2 * parts->model->n_tasks + 2 * KI_MAX_BREAKS + 2;
    ki_yard_free(&parts->yard);
    return ki_yard_fill(&parts->yard, parts->model, &parts->now, more, err);
}

/* With the routes of `now` in the yard. */
static kerb_status join(ki_parts *parts, int best, ki_solution *out, kerb_error *err) {
    int32_t n_routes = parts->now.n_routes, number = parts->now.n_routes;
    for (int32_t index = 0; index < parts->n_groups; index++) {
        const group *at = &parts->groups[index];
        n_routes += (best ? &at->best : &at->now)->n_routes;
    }
    ki_solution all = {0};
    all.routes = ki_arena_alloc(&parts->arena, (size_t)n_routes + 1, sizeof *all.routes);
    if (!all.routes) return ki_fail_no_memory(err, "the search");
    for (int32_t index = 0; index < parts->n_groups; index++) {
        const group *at = &parts->groups[index];
        const ki_solution *from = best ? &at->best : &at->now;
        if (!ki_model_is_shared(parts->model) || exchange(parts, index, from, number))
            put(&all, from->routes, from->n_routes);
        else
            put(&all, at->routes, at->n_routes);
        number += from->n_routes;
    }
    if (parts->yard.failed) return ki_fail_no_memory(err, "the bays of facilities");
    KI_TRY(ki_solution_price(parts->model, &all, &all.cost_nano, err));
    return replace(out, &all, err);
}

static kerb_status run(ki_parts *parts, int threads, kerb_error *err) {
    KI_TRY(make_groups(parts, err));
    KI_TRY(fill_yard(parts, err));
    ki_pool_run(threads, parts->n_groups, run_job, parts);
    for (int32_t index = 0; index < parts->n_groups; index++) {
        if (parts->groups[index].err.status == KERB_OK) continue;
        if (err) *err = parts->groups[index].err;
        return parts->groups[index].err.status;
    }
    KI_TRY(join(parts, 1, &parts->latest, err));
    KI_TRY(fill_yard(parts, err)); /* the routes of `now` again */
    KI_TRY(join(parts, 0, &parts->now, err));
    return parts->latest.cost_nano < parts->best.cost_nano
               ? replace(&parts->best, &parts->latest, err)
               : KERB_OK;
}

kerb_status ki_parts_run(ki_parts *parts, int64_t n, int threads, kerb_error *err) {
    if (parts->now.n_routes == 0) return replace(&parts->latest, &parts->now, err);
    parts->run_steps = n;
    kerb_status status = run(parts, threads, err);
    forget_groups(parts);
    parts->n_steps += n;
    parts->n_runs++;
    return status;
}
