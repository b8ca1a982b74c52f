/* SPDX-License-Identifier: GPL-3.0-or-later
 * brute_force.h - the optimum of a tiny model by trying everything: every order, mode and tip of
 * every set of tasks by every type, with up to two posts and its breaks at every place or left out,
 * then every way to share the tasks out. Seven tasks at most. */
#ifndef KERB_TEST_BRUTE_FORCE_H
#define KERB_TEST_BRUTE_FORCE_H
#include "route/battery.h"

#include <string.h>

enum {
    BRUTE_TASKS = 7,
    BRUTE_SETS = 1 << BRUTE_TASKS,
    BRUTE_STOPS = 3 * BRUTE_TASKS + 6 + KI_MAX_BREAKS
};

typedef struct brute {
    const ki_model *model;
    int64_t best[KI_MAX_TYPES][BRUTE_SETS]; /* cheapest route of exactly these tasks */
    ki_stop stops[BRUTE_STOPS];
    ki_route route;
} brute;

/* The route as it is, and with the next breaks at each place from `first` on. */
static inline void brute_breaks(const ki_model *model, const ki_route *route, int32_t number,
                                int32_t first, int64_t *best) {
    const ki_type *type = &model->types[route->type];
    ki_route_value value;
    ki_route_evaluate(model, route, &value, NULL);
    if (value.feasible && value.cost_nano < *best) *best = value.cost_nano;
    for (int32_t option = 0; option < type->n_break_options; option++) {
        if (type->break_options[option].number != number) continue;
        for (int32_t place = first; place <= route->n_stops; place++) {
            ki_stop stops[BRUTE_STOPS + KI_MAX_BREAKS];
            memcpy(stops, route->stops, (size_t)place * sizeof *stops);
            stops[place] = (ki_stop){KI_BREAK, option, 0};
            memcpy(stops + place + 1, route->stops + place,
                   (size_t)(route->n_stops - place) * sizeof *stops);
            ki_route with = {route->type, route->n_stops + 1, stops};
            brute_breaks(model, &with, number + 1, place + 1, best);
        }
    }
}

/* The same, with every level of the charges from a stop on. */
static inline void brute_levels(const ki_model *model, const ki_route *route, int32_t first,
                                int64_t *best) {
    while (first < route->n_stops && !ki_stop_charges(model, &route->stops[first]))
        first++;
    if (first == route->n_stops) {
        brute_breaks(model, route, 0, 0, best);
        return;
    }
    ki_stop *stop = &route->stops[first];
    int32_t full = stop->mode, levels = model->tips[full].levels;
    brute_levels(model, route, first + 1, best);
    for (int32_t level = 0; levels && level < KI_CHARGE_LEVELS; level++) {
        stop->mode = model->types[route->type].first_tip + levels + level;
        brute_levels(model, route, first + 1, best);
    }
    stop->mode = full;
}

/* The same, and with so many posts at most, from a place on: never behind the last tip. */
static inline void brute_posts(const ki_model *model, const ki_route *route, int n_posts,
                               int32_t from, int64_t *best) {
    const ki_type *type = &model->types[route->type];
    int32_t first = type->first_tip + type->n_tips;
    brute_levels(model, route, 0, best);
    if (n_posts == 0) return;
    for (int32_t post = first; post < first + type->n_posts; post++) {
        for (int32_t place = from; place < route->n_stops; place++) {
            ki_stop stops[BRUTE_STOPS];
            memcpy(stops, route->stops, (size_t)place * sizeof *stops);
            stops[place] = (ki_stop){KI_POST, post, 0};
            memcpy(stops + place + 1, route->stops + place,
                   (size_t)(route->n_stops - place) * sizeof *stops);
            ki_route with = {route->type, route->n_stops + 1, stops};
            brute_posts(model, &with, n_posts - 1, place + 1, best);
        }
    }
}

static inline void brute_close(brute *b, uint32_t set, int n_tips) {
    const ki_type *type = &b->model->types[b->route.type];
    for (int32_t tip = type->first_tip; tip < type->first_tip + type->n_tips; tip++) {
        b->stops[b->route.n_stops++] = (ki_stop){KI_TIP, tip, 0};
        brute_posts(b->model, &b->route, 2, 0, &b->best[b->route.type][set]);
        if (n_tips > 1) brute_close(b, set, n_tips - 1);
        b->route.n_stops--;
    }
}

/* With a battery a second tip, where there is nothing to tip, may be worth its charge: three tasks
 * at most, or this takes minutes. */
static inline int brute_most_tips(const brute *b) {
    return b->model->n_tasks <= 3 && b->model->types[b->route.type].battery_nwh > 0 ? 2 : 1;
}

static inline void brute_extend(brute *b, uint32_t set);

static inline void brute_serve(brute *b, uint32_t set, int32_t task) {
    const ki_task *next = &b->model->tasks[task];
    for (int32_t mode = next->first_mode; mode < next->first_mode + next->n_modes; mode++) {
        b->stops[b->route.n_stops++] = (ki_stop){task, mode, 0};
        brute_close(b, set | 1u << task, brute_most_tips(b));
        brute_extend(b, set | 1u << task);
        b->route.n_stops--;
    }
}

/* Any tip, and another, then a task. */
static inline void brute_tip(brute *b, uint32_t set, int n_tips) {
    const ki_type *type = &b->model->types[b->route.type];
    for (int32_t tip = type->first_tip; n_tips > 0 && tip < type->first_tip + type->n_tips; tip++) {
        b->stops[b->route.n_stops++] = (ki_stop){KI_TIP, tip, 0};
        for (int32_t task = 0; task < b->model->n_tasks; task++)
            if (!(set >> task & 1)) brute_serve(b, set, task);
        brute_tip(b, set, n_tips - 1);
        b->route.n_stops--;
    }
}

static inline void brute_extend(brute *b, uint32_t set) {
    const ki_type *type = &b->model->types[b->route.type];
    int32_t n_tasks = b->model->n_tasks;
    if (set == (1u << n_tasks) - 1) return;
    for (int32_t task = 0; task < n_tasks; task++)
        if (!(set >> task & 1)) brute_serve(b, set, task);
    int first = b->route.n_stops == 0;
    int n_tips = brute_most_tips(b);
    if (first && type->start_load[0] == 0) n_tips--;
    brute_tip(b, set, n_tips);
}

/* Cheapest cost of the tasks in `left` with shift number `shift` and later ones. */
static inline int64_t brute_share(const brute *b, int32_t type, int32_t shift, uint32_t left) {
    const ki_model *model = b->model;
    if (type == model->n_types) {
        int64_t out_nano = 0;
        for (int32_t task = 0; task < model->n_tasks; task++)
            if (left >> task & 1) out_nano += ki_cost_left_out(model, task);
        return out_nano;
    }
    int last = shift + 1 == model->types[type].n_shifts;
    int32_t next_type = last ? type + 1 : type, next_shift = last ? 0 : shift + 1;
    int64_t best = brute_share(b, next_type, next_shift, left);
    for (uint32_t set = left; set; set = (set - 1) & left) {
        if (b->best[type][set] == INT64_MAX) continue;
        int64_t cost = b->best[type][set] + brute_share(b, next_type, next_shift, left & ~set);
        if (cost < best) best = cost;
    }
    return best;
}

static inline int64_t brute_force(const ki_model *model) {
    static brute b;
    b.model = model;
    for (int32_t type = 0; type < model->n_types; type++) {
        for (uint32_t set = 0; set < BRUTE_SETS; set++)
            b.best[type][set] = INT64_MAX;
        b.route = (ki_route){.type = type, .stops = b.stops};
        brute_extend(&b, 0);
    }
    for (int32_t type = 0; type < model->n_types; type++) /* settings share their shifts */
        for (uint32_t set = 0; model->types[type].behind && set < BRUTE_SETS; set++) {
            int64_t *lead = &b.best[ki_lead(model, type)][set];
            if (b.best[type][set] < *lead) *lead = b.best[type][set];
            b.best[type][set] = INT64_MAX;
        }
    return brute_share(&b, 0, 0, (1u << model->n_tasks) - 1);
}
#endif
