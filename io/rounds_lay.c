/* SPDX-License-Identifier: GPL-3.0-or-later
 * rounds_lay.c - a sequence of tasks as a route. Where the truck tips follows from its loads alone:
 * when the next task does not fit. Then each stop has a few ways to be done, and the cheapest way
 * through all of them is a shortest path in a net of layers:
 *
 *   depot ─┬─ stop 1, side a ─┬─ TIP, station 1 ─┬─ stop 2, side a ─┬─ depot
 *          └─ stop 1, side b ─┴─ TIP, station 2 ─┴─ stop 2, side b ─┘ */
#include "io/rounds_lay.h"

#include "base/alloc.h"
#include "base/error.h"
#include "route/breaks.h"
#include "route/walk.h"

#include <string.h>

enum { MOST_OPTIONS = 64 };

typedef struct option { /* one way to do a stop */
    ki_stop stop;
    int32_t entry, exit;
    int64_t own_nano;
} option;

typedef struct layer {
    option options[MOST_OPTIONS];
    int64_t nano[MOST_OPTIONS];
    int32_t from[MOST_OPTIONS];
    int32_t n;
} layer;

static int64_t leg_nano(const ki_model *model, int32_t type, int32_t from, int32_t to) {
    int32_t ms = ki_time_ms(model, type, from, to), mm = ki_length_mm(model, type, from, to);
    if (ms == KI_NEVER) return INT64_MAX / 4;
    return mm * model->types[type].nano_per_mm + ms * model->types[type].nano_per_ms;
}

static void add_option(layer *to, ki_stop stop, int32_t entry, int32_t exit, int64_t own_nano) {
    for (int32_t at = 0; at < to->n; at++) /* the same place at other hours: chosen later */
        if (to->options[at].entry == entry && to->options[at].exit == exit) return;
    if (to->n < MOST_OPTIONS) to->options[to->n++] = (option){stop, entry, exit, own_nano};
}

int ki_rounds_may_serve(const ki_model *model, int32_t type, int32_t task) {
    for (int32_t mode = 0; mode < model->tasks[task].n_modes; mode++) {
        ki_stop stop = {.task = task, .mode = model->tasks[task].first_mode + mode};
        if (ki_stop_allowed(model, type, &stop)) return 1;
    }
    return 0;
}

static void offer_task(const ki_model *model, int32_t type, int32_t task, layer *to) {
    const ki_task *at = &model->tasks[task];
    to->n = 0;
    for (int32_t mode = at->first_mode; mode < at->first_mode + at->n_modes; mode++) {
        ki_stop stop = {.task = task, .mode = mode};
        if (ki_stop_allowed(model, type, &stop))
            add_option(to, stop, model->modes[mode].entry, model->modes[mode].exit, 0);
    }
}

static void offer_tips(const ki_model *model, int32_t type, const int64_t *load, layer *to) {
    const ki_type *of = &model->types[type];
    to->n = 0;
    for (int32_t tip = of->first_tip; tip < of->first_tip + of->n_tips; tip++) {
        ki_stop stop = {.task = KI_TIP, .mode = tip};
        int64_t nano = ki_tip_ms(model, type, tip, load) * of->nano_per_ms;
        if (!ki_stop_allowed(model, type, &stop)) continue;
        for (int32_t dim = 0; dim < of->n_dims; dim++)
            nano += model->tips[tip].fee_nano_per_g[dim] * load[dim];
        add_option(to, stop, model->tips[tip].point, model->tips[tip].point, nano);
    }
}

/* Which option of each layer: the cheapest way through all of them. */
static void choose(const ki_model *model, int32_t type, layer *layers, int32_t n, ki_stop *stops) {
    const ki_type *of = &model->types[type];
    for (int32_t at = 0; at < n; at++)
        for (int32_t to = 0; to < layers[at].n; to++) {
            const option *here = &layers[at].options[to];
            int64_t best = INT64_MAX;
            for (int32_t from = 0; from < (at ? layers[at - 1].n : 1); from++) {
                int32_t point = at ? layers[at - 1].options[from].exit : of->start_point;
                int64_t nano = leg_nano(model, type, point, here->entry) + here->own_nano;
                if (at) nano += layers[at - 1].nano[from];
                if (nano >= best) continue;
                best = nano;
                layers[at].from[to] = from;
            }
            layers[at].nano[to] = best < INT64_MAX / 2 ? best : INT64_MAX / 2;
        }
    int32_t last = 0;
    int64_t best = INT64_MAX;
    for (int32_t from = 0; from < layers[n - 1].n; from++) {
        int64_t nano = layers[n - 1].nano[from] +
                       leg_nano(model, type, layers[n - 1].options[from].exit, of->end_point);
        if (nano < best) {
            best = nano;
            last = from;
        }
    }
    for (int32_t at = n - 1; at >= 0; at--) {
        stops[at] = layers[at].options[last].stop;
        last = layers[at].from[last];
    }
}

/* The layers of a round: tips where the next container does not fit, and at the end. */
static int32_t lay_out(const ki_model *model, int32_t type, const int32_t *tasks, int32_t n_tasks,
                       layer *layers) {
    const ki_type *of = &model->types[type];
    int64_t load[KI_MAX_DIMS] = {0};
    int32_t n = 0;
    memcpy(load, of->start_load, sizeof load);
    for (int32_t at = 0; at < n_tasks; at++) {
        const int64_t *demand = ki_demand(model, type, tasks[at]);
        int fits = 1, is_loaded = 0;
        for (int32_t dim = 0; dim < of->n_dims; dim++) {
            fits &= load[dim] + demand[dim] <= of->capacity[dim];
            is_loaded |= load[dim] > 0;
        }
        if (!fits && is_loaded) {
            offer_tips(model, type, load, &layers[n]);
            n += layers[n].n > 0;
            memset(load, 0, sizeof load);
        }
        offer_task(model, type, tasks[at], &layers[n]);
        n += layers[n].n > 0;
        for (int32_t dim = 0; dim < of->n_dims; dim++)
            load[dim] += demand[dim];
    }
    offer_tips(model, type, load, &layers[n]);
    return n + (layers[n].n > 0);
}

/* Of the openings of the place chosen, the first that is not missed. */
static void choose_hours(const ki_model *model, ki_route *route, ki_stop_time *times) {
    for (int32_t at = 0; at < route->n_stops; at++) {
        ki_stop *stop = &route->stops[at];
        ki_route_value value;
        int32_t n_stops = route->n_stops, best = stop->mode, last;
        int is_tip = stop->task == KI_TIP;
        const ki_type *of = &model->types[route->type];
        route->n_stops = at + 1;
        ki_route_evaluate(model, route, &value, times);
        route->n_stops = n_stops;
        last = is_tip ? of->first_tip + of->n_tips
                      : model->tasks[stop->task].first_mode + model->tasks[stop->task].n_modes;
        int32_t close_ms = is_tip ? model->tips[best].close_ms : model->modes[best].close_ms;
        for (int32_t other = best + 1; other < last && times[at].arrival_ms > close_ms; other++) {
            int same = is_tip ? model->tips[other].point == model->tips[best].point &&
                                    model->tips[other].facility == model->tips[best].facility
                              : model->modes[other].entry == model->modes[best].entry &&
                                    model->modes[other].exit == model->modes[best].exit;
            if (!same) continue;
            stop->mode = other;
            close_ms = is_tip ? model->tips[other].close_ms : model->modes[other].close_ms;
        }
    }
}

static kerb_status settle_breaks(const ki_model *model, ki_route *route, kerb_error *err) {
    if (model->types[route->type].n_breaks == 0) return KERB_OK;
    size_t room = (size_t)route->n_stops + KI_MAX_BREAKS + 1;
    ki_breaks_place *places = ki_alloc_zero(room, sizeof *places);
    ki_stop *stops = ki_alloc_zero(room, sizeof *stops);
    kerb_status status = places && stops ? KERB_OK : ki_fail_no_memory(err, "a round");
    if (status == KERB_OK) {
        memcpy(stops, route->stops, (size_t)route->n_stops * sizeof *stops);
        int32_t n = ki_breaks_settle(model, route->type, stops, route->n_stops, places, NULL);
        if (n >= 0) memcpy(route->stops, stops, (size_t)n * sizeof *stops);
        if (n >= 0) route->n_stops = n;
    }
    ki_free(places);
    ki_free(stops);
    return status;
}

kerb_status ki_rounds_lay(ki_route *out, const ki_model *model, int32_t type, const int32_t *tasks,
                          int32_t n_tasks, kerb_error *err) {
    size_t most = 2 * (size_t)n_tasks + 1;
    layer *layers = ki_alloc_zero(most, sizeof *layers);
    ki_stop_time *times = ki_alloc_zero(most, sizeof *times);
    *out = (ki_route){.type = type,
                      .stops = ki_alloc_zero(most + KI_MAX_BREAKS + 1, sizeof *out->stops)};
    kerb_status status =
        layers && times && out->stops ? KERB_OK : ki_fail_no_memory(err, "a round");
    if (status == KERB_OK) {
        out->n_stops = lay_out(model, type, tasks, n_tasks, layers);
        if (out->n_stops) choose(model, type, layers, out->n_stops, out->stops);
        choose_hours(model, out, times);
        status = settle_breaks(model, out, err);
    }
    ki_free(layers);
    ki_free(times);
    return status;
}
