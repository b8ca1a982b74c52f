/* SPDX-License-Identifier: GPL-3.0-or-later
 * aside.c - prices of tasks set aside for a while. */
#include "search/aside.h"

#include "base/error.h"

enum {
    FULL = 1000000,     /* a trip */
    MOST_ROOM = 2,      /* a mean trip has less room than a mean task asks for, so many times */
    FIRST_PRICES = 8,   /* of leaving a task out: what serving so many costs */
    RAISED_ONE_IN = 10, /* of the price: more for each step it stays out */
    PERIOD = 100,       /* steps; then prices are set anew, */
    MOST_WITH = 5,      /* higher where more of them than these had a task set aside, */
    CHANGED_ONE_IN = 20 /* or lower, by a part of this size */
};

kerb_status ki_aside_init(ki_aside *aside, ki_work *work, kerb_error *err) {
    *aside = (ki_aside){0};
    aside->out_nano =
        ki_arena_alloc(&work->arena, (size_t)work->model->n_tasks, sizeof *aside->out_nano);
    return aside->out_nano ? KERB_OK : ki_fail_no_memory(err, "the search");
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t prize_of(const ki_work *work, int32_t task) {
    return ki_cost_left_out(work->model, task);
}

/* Of the capacity that binds, at the end of a trip, in millionths. */
static int64_t fill_of(const ki_type *type, const ki_visit *last) {
    double most = 0;
    for (int dim = 0; dim < type->n_dims; dim++) {
        int64_t capacity = type->capacity[dim];
        double fill = capacity > 0 ? (double)last->load[dim] / (double)capacity : 0;
        if (fill > most) most = fill;
    }
    return (int64_t)(most * FULL);
}

static int ends_trip(const ki_line *line, int32_t at) {
    if (line->nodes[at].stop.task == KI_TIP) return 1;
    return at == line->n_nodes - 1 && line->nodes[at - 1].stop.task != KI_TIP;
}

int ki_aside_pays(const ki_work *work) {
    int64_t filled = 0, n_trips = 0, n_tasks = work->model->n_tasks - work->n_absent;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now;
        for (int32_t at = 1; at < line->n_nodes; at++) {
            if (!ends_trip(line, at)) continue;
            filled += fill_of(&work->model->types[line->type], &line->nodes[at - 1]);
            n_trips++;
        }
    }
    double of_trip = n_trips ? FULL - (double)filled / (double)n_trips : FULL;
    double of_task = n_tasks ? (double)filled / (double)n_tasks : 0;
    return MOST_ROOM * of_trip < of_task;
}

static void set_prices(ki_aside *aside, ki_work *work) {
    for (int32_t task = 0; task < work->model->n_tasks; task++)
        aside->out_nano[task] = least(aside->price_nano, prize_of(work, task));
    ki_work_price_left_out(work, aside->out_nano);
    aside->n_steps = aside->n_with = 0;
}

void ki_aside_begin(ki_aside *aside, ki_work *work) {
    int64_t n_tasks = work->model->n_tasks - work->n_absent;
    int64_t unit_nano = n_tasks > 0 ? work->routes_nano / n_tasks : 0;
    aside->price_nano = FIRST_PRICES * unit_nano + 1;
    aside->is_on = 1;
    set_prices(aside, work);
}

/* Whether any is out that is worth more than the price. */
static int is_any_aside(const ki_aside *aside, const ki_work *work) {
    for (int32_t index = 0; index < work->n_absent; index++)
        if (prize_of(work, work->absent[index]) > aside->price_nano) return 1;
    return 0;
}

void ki_aside_step(ki_aside *aside, ki_work *work) {
    aside->n_with += is_any_aside(aside, work);
    ki_work_raise_left_out(work, aside->price_nano / RAISED_ONE_IN);
    if (++aside->n_steps < PERIOD) return;
    int64_t change_nano = aside->price_nano / CHANGED_ONE_IN;
    aside->price_nano += aside->n_with > MOST_WITH ? change_nano : -change_nano;
    set_prices(aside, work);
}

void ki_aside_end(ki_aside *aside, ki_work *work) {
    aside->is_on = 0;
    ki_work_price_left_out(work, NULL);
}
