/* SPDX-License-Identifier: GPL-3.0-or-later
 * polish.c - the moves within a route that ruin and recreate cannot make: it never changes the mode
 * of a stop that stays, nor a tip that stays. First improvement; every trial is O(1). */
#include "search/polish.h"

#include "search/ruin.h"

#include <string.h>

typedef struct trial { /* nodes [first, last] replaced by some stops */
    ki_work *work;
    int32_t slot;
    int32_t first, last;
    int32_t n_stops;
    ki_stop stops[4];
    int64_t prize_nano; /* lost with it */
} trial;

static const ki_line *line_of(const trial *t) {
    return &t->work->slots[t->slot].now;
}

static int64_t price(const trial *t) {
    ki_chain chain;
    ki_chain_from(&chain, t->work->model, line_of(t), t->first - 1);
    for (int32_t stop = 0; stop < t->n_stops; stop++)
        ki_chain_stop(&chain, &t->stops[stop]);
    ki_chain_rest(&chain, line_of(t), t->last + 1);
    return ki_chain_cost(&chain);
}

static int try(const trial *t) {
    int64_t cost_nano = price(t);
    const ki_line *line = line_of(t);
    if (cost_nano == KI_NO_COST || cost_nano + t->prize_nano >= line->cost_nano) return 0;
    ki_work *work = t->work;
    int32_t n_old = ki_line_stops(line, work->scratch), n_out = t->last - t->first + 1;
    ki_stop *gap = work->scratch + t->first - 1;
    int32_t n_behind = n_old - (t->first - 1) - n_out;
    if (n_old + t->n_stops - n_out > work->scratch_size) return 0;
    memmove(gap + t->n_stops, gap + n_out, (size_t)n_behind * sizeof *gap);
    memcpy(gap, t->stops, (size_t)t->n_stops * sizeof *gap);
    return ki_work_set_below(work, t->slot, line->type, work->scratch, n_old + t->n_stops - n_out,
                             line->cost_nano - t->prize_nano);
}

static int try_modes(trial *t, int32_t at) {
    ki_stop now = line_of(t)->nodes[at].stop;
    const ki_task *task = &t->work->model->tasks[now.task];
    t->first = t->last = at;
    t->n_stops = 1;
    for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
        t->stops[0] = (ki_stop){now.task, mode, 0};
        if (mode != now.mode && try(t)) return 1;
    }
    return 0;
}

static int try_to_drop(trial *t, int32_t at) {
    int32_t task = line_of(t)->nodes[at].stop.task;
    if (line_of(t)->n_tasks < 2) return 0;
    t->first = t->last = at;
    t->n_stops = 0;
    t->prize_nano = ki_work_left_out(t->work, task);
    int done = try(t);
    t->prize_nano = 0;
    return done;
}

/* Another tip here; then also one task earlier and one task later. */
static int try_tips(trial *t, int32_t at) {
    const ki_line *line = line_of(t);
    const ki_type *type = &t->work->model->types[line->type];
    ki_stop before = line->nodes[at - 1].stop, behind = line->nodes[at + 1].stop;
    ki_stop now = line->nodes[at].stop;
    for (int32_t tip = type->first_tip; tip < type->first_tip + type->n_tips; tip++) {
        ki_stop option = {KI_TIP, tip, 0};
        *t = (trial){t->work, t->slot, at, at, 1, {option}, 0};
        if (tip != now.mode && try(t)) return 1;
        *t = (trial){t->work, t->slot, at - 1, at, 2, {option, before}, 0};
        if (before.task >= 0 && behind.task >= 0 && try(t)) return 1;
        *t = (trial){t->work, t->slot, at, at + 1, 2, {behind, option}, 0};
        if (behind.task >= 0 && try(t)) return 1;
    }
    *t = (trial){t->work, t->slot, at, at, 0, {{0}}, 0};
    return behind.task != KI_DEPOT && try(t);
}

/* No break, where the spell may do without; else one stop earlier or later. */
static int try_break(trial *t, int32_t at) {
    const ki_line *line = line_of(t);
    ki_stop now = line->nodes[at].stop;
    ki_stop before = line->nodes[at - 1].stop, behind = line->nodes[at + 1].stop;
    *t = (trial){t->work, t->slot, at, at, 0, {{0}}, 0};
    if (try(t)) return 1;
    *t = (trial){t->work, t->slot, at - 1, at, 2, {now, before}, 0};
    if (before.task != KI_DEPOT && try(t)) return 1;
    *t = (trial){t->work, t->slot, at, at + 1, 2, {behind, now}, 0};
    return behind.task != KI_DEPOT && try(t);
}

/* No post here, or another one, or one stop earlier or later. */
static int try_posts(trial *t, int32_t at) {
    const ki_line *line = line_of(t);
    const ki_type *type = &t->work->model->types[line->type];
    int32_t first = type->first_tip + type->n_tips;
    for (int32_t post = first; post < first + type->n_posts; post++) {
        *t = (trial){t->work, t->slot, at, at, 1, {{KI_POST, post, 0}}, 0};
        if (post != line->nodes[at].stop.mode && try(t)) return 1;
    }
    return try_break(t, at);
}

static int improve(trial *t) {
    for (int32_t at = 1; at + 1 < line_of(t)->n_nodes; at++) {
        ki_visit *node = &t->work->slots[t->slot].now.nodes[at];
        if (!node->fresh) continue;
        int better = node->stop.task == KI_TIP     ? try_tips(t, at)
                     : node->stop.task == KI_BREAK ? try_break(t, at)
                     : node->stop.task == KI_POST  ? try_posts(t, at)
                                                   : try_modes(t, at) || try_to_drop(t, at);
        if (better) return 1;
        node->fresh = 0;
    }
    return 0;
}

/* A route that costs more than the prizes of all its tasks is better not driven. */
static void close_if_worthless(ki_work *work, int32_t slot) {
    const ki_line *line = &work->slots[slot].now;
    int64_t prizes_nano = 0;
    for (int32_t at = 1; at + 1 < line->n_nodes; at++)
        if (line->nodes[at].stop.task >= 0)
            prizes_nano += ki_work_left_out(work, line->nodes[at].stop.task);
    if (work->free_shifts) prizes_nano += work->model->types[line->type].used_nano;
    if (prizes_nano < line->cost_nano) ki_work_set(work, slot, line->type, NULL, 0);
}

void ki_polish_route(ki_work *work, int32_t slot) {
    trial t = {.work = work, .slot = slot};
    if (work->slots[slot].now.n_nodes == 0) return;
    while (!work->failed && improve(&t)) {
    }
    close_if_worthless(work, slot);
}

void ki_polish_touched(ki_work *work) {
    for (int32_t index = 0; index < work->n_touched; index++)
        ki_polish_route(work, work->touched[index]);
}
