/* SPDX-License-Identifier: GPL-3.0-or-later
 * squeeze.c - steps that serve the tasks with one shift fewer. */
#include "search/squeeze.h"

#include "base/error.h"
#include "search/polish.h"

enum {
    LEAST_LEGS = 20,  /* a shift that costs less is not worth it */
    FIRST_PRICES = 8, /* of leaving a task out: what serving so many costs; each step one more */
    TRIPS_ONE_IN = 16,
    LEAST_STEPS = 200, /* and one a task, without a new low: an attempt; twice as many the next */
    MOST_DOUBLED = 20,
    MANY_ONE_IN = 3, /* of the tasks that lost their shift: an attempt is */
    MANY_SHARE = 8   /* so many times shorter while more than those are out */
};

kerb_status ki_squeeze_init(ki_squeeze *squeeze, ki_work *work, kerb_error *err) {
    size_t n_tasks = (size_t)work->model->n_tasks;
    *squeeze = (ki_squeeze){0};
    squeeze->out_nano = ki_arena_alloc(&work->arena, n_tasks, sizeof *squeeze->out_nano);
    squeeze->n_failed =
        ki_arena_alloc(&work->arena, (size_t)work->model->n_types, sizeof *squeeze->n_failed);
    return squeeze->out_nano && squeeze->n_failed ? KERB_OK : ki_fail_no_memory(err, "the search");
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t prize_of(const ki_work *work, int32_t task) {
    return ki_cost_left_out(work->model, task);
}

static const ki_line *line_at(const ki_work *work, int32_t slot) {
    return &work->slots[slot].now;
}

static int is_worth_it(const ki_work *work, int32_t slot) {
    const ki_line *line = line_at(work, slot);
    const ki_type *type = &work->model->types[line->type];
    return line->n_nodes > 0 && !type->under_way && work->leg_nano > 0 &&
           type->used_nano >= LEAST_LEGS * work->leg_nano;
}

int ki_squeeze_pays(const ki_work *work) {
    for (int32_t slot = 0; slot < work->n_high; slot++)
        if (is_worth_it(work, slot)) return 1;
    return 0;
}

/* Of a type that has failed least, the one with the fewest tasks. */
static int32_t choose_route(const ki_squeeze *squeeze, const ki_work *work) {
    int32_t best = -1;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now, *than = best < 0 ? NULL : line_at(work, best);
        if (!is_worth_it(work, slot)) continue;
        int32_t more = than ? squeeze->n_failed[line->type] - squeeze->n_failed[than->type] : -1;
        if (more < 0 || (more == 0 && line->n_tasks < than->n_tasks)) best = slot;
    }
    return best;
}

static int64_t price_of_shifts(const ki_work *work) {
    int64_t price_nano = 0;
    for (int32_t type = 0; type < work->model->n_types; type++)
        price_nano += work->n_used[type] * work->model->types[type].used_nano;
    return price_nano;
}

/* Of a task. */
static int64_t mean_price(const ki_work *work) {
    int64_t price_nano = work->routes_nano - price_of_shifts(work);
    int64_t n_tasks = work->model->n_tasks - work->n_absent;
    return n_tasks > 0 && price_nano > n_tasks ? price_nano / n_tasks : 1;
}

/* Shifts are free, up to their number. */
static int64_t value_of(const ki_work *work) {
    return ki_work_cost(work) - price_of_shifts(work);
}

/* Whether a shift of another type is to spare. */
static int has_other(const ki_work *work, int32_t type) {
    for (int32_t other = 0; other < work->model->n_types; other++)
        if (other != ki_lead(work->model, type) && !work->model->types[other].behind &&
            work->n_used[other] < work->model->types[other].n_shifts)
            return 1;
    return 0;
}

static int close_one(ki_squeeze *squeeze, ki_work *work) {
    int32_t slot = choose_route(squeeze, work);
    if (slot < 0) return 0;
    squeeze->type = line_at(work, slot)->type;
    /* One fewer, or, where that has failed, as many with another type for this one. */
    int is_swap = squeeze->n_failed[squeeze->type] % 2 || ki_work_n_used(work) < 2;
    if (!has_other(work, squeeze->type)) is_swap = 0;
    if (!is_swap && ki_work_n_used(work) < 2) return 0;
    for (int32_t task = 0; task < work->model->n_tasks; task++)
        squeeze->out_nano[task] = least(FIRST_PRICES * squeeze->unit_nano, prize_of(work, task));
    squeeze->n_steps = 0;
    squeeze->least_nano = INT64_MAX;
    ki_work_price_left_out(work, squeeze->out_nano);
    work->most_used = ki_work_n_used(work) - !is_swap;
    work->closed_type = is_swap ? ki_lead(work->model, squeeze->type) : -1;
    squeeze->n_out_before = work->n_absent;
    ki_work_set(work, slot, 0, NULL, 0);
    squeeze->n_closed = work->n_absent - squeeze->n_out_before;
    ki_work_keep(work);
    return 1;
}

void ki_squeeze_begin(ki_squeeze *squeeze, ki_work *work) {
    squeeze->best_nano = ki_work_real_cost(work);
    squeeze->unit_nano = mean_price(work);
    work->out_nano = squeeze->out_nano;
    work->free_shifts = 1;
    squeeze->is_on = 1;
}

static void change(ki_work *work, ki_ruin *ruin, ki_trips *trips) {
    if (ki_rng_below(&work->rng, TRIPS_ONE_IN) == 0) {
        ki_trips_move(trips, work,
                      (int32_t)ki_rng_below(&work->rng, (uint32_t)work->model->n_tasks));
    } else {
        ki_ruin_strings(ruin, work);
        ki_ruin_recreate(ruin, work, 1);
    }
    ki_polish_touched(work);
}

static void change_or_not(const ki_squeeze *squeeze, ki_work *work, ki_ruin *ruin,
                          ki_trips *trips) {
    int64_t old_nano = value_of(work);
    change(work, ruin, trips);
    double allowed = (double)squeeze->unit_nano * ki_work_exponential(&work->rng);
    if (value_of(work) - old_nano > (int64_t)allowed)
        ki_work_undo(work);
    else
        ki_work_keep(work);
}

int ki_squeeze_step(ki_squeeze *squeeze, ki_work *work, ki_ruin *ruin, ki_trips *trips) {
    int is_next = squeeze->is_done || squeeze->n_steps == 0;
    if (is_next && !close_one(squeeze, work)) {
        ki_squeeze_end(squeeze, work);
        return 0;
    }
    squeeze->n_steps++;
    change_or_not(squeeze, work, ruin, trips);
    int64_t now_nano = ki_work_real_cost(work);
    if (now_nano < squeeze->least_nano) {
        squeeze->least_nano = now_nano;
        squeeze->n_steps = 1;
    }
    squeeze->is_done = now_nano < squeeze->best_nano;
    if (squeeze->is_done)
        squeeze->best_nano = now_nano;
    else
        ki_work_raise_left_out(work, squeeze->unit_nano);
    return squeeze->is_done;
}

int ki_squeeze_is_hopeless(ki_squeeze *squeeze, const ki_work *work) {
    int64_t most = (int64_t)work->model->n_tasks + LEAST_STEPS;
    int32_t n_out = work->n_absent - squeeze->n_out_before;
    if (n_out * MANY_ONE_IN > squeeze->n_closed) most /= MANY_SHARE;
    if (squeeze->n_steps < most << least(squeeze->n_failed[squeeze->type], MOST_DOUBLED)) return 0;
    squeeze->n_failed[squeeze->type]++;
    squeeze->n_steps = 0;
    return 1;
}

void ki_squeeze_end(ki_squeeze *squeeze, ki_work *work) {
    squeeze->is_on = 0;
    squeeze->is_off = 1;
    work->free_shifts = 0;
    work->most_used = INT32_MAX;
    work->closed_type = -1;
    ki_work_price_left_out(work, NULL);
}
