/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain.c - joins pieces of routes; see chain.h. The trick is in ki_chain_rest: the load brought
 * along changes how long the next tip takes, so the piece up to that tip, the tip itself, and all
 * that lies behind it are joined one by one. Behind a tip nothing remembers the load. */
#include "search/chain.h"

#include <string.h>

/* The vehicle stands at its depot or a tip, and may leave at any time. */
static void begin_trip(ki_chain *chain) {
    chain->release_ms = 0;
    chain->trip = (ki_segment){.early = -KI_ANY_TIME, .late = KI_ANY_TIME};
    chain->gate_busy = chain->busy_ms;
}

static void follow_trip(ki_chain *chain, const ki_line *line, int32_t at) {
    const ki_visit *node = &line->nodes[at];
    if (at == 0 || node->stop.task == KI_TIP) {
        begin_trip(chain);
        return;
    }
    chain->release_ms = node->release_to;
    chain->trip = node->trip;
    chain->gate_busy = node[-node->in_trip].busy_to;
}

static void note_release(ki_chain *chain, int32_t release_ms) {
    if (release_ms > chain->release_ms) chain->release_ms = release_ms;
}

/* At the end of a trip. One that is adrift waits when it is joined to something. */
static void settle_release(ki_chain *chain) {
    if (chain->release_ms == 0 || chain->adrift) return;
    chain->time = ki_segment_release(&chain->time, &chain->trip, chain->release_ms,
                                     chain->busy_ms - chain->gate_busy);
    chain->possible &= chain->time.warp == 0;
}

static void wait_for(ki_chain *chain, int32_t release_ms) {
    if (release_ms == 0) return;
    ki_segment wait = ki_segment_wait(release_ms);
    chain->time = ki_segment_join(&chain->time, 0, &wait);
}

void ki_chain_from(ki_chain *chain, const ki_model *model, const ki_line *line, int32_t at) {
    const ki_visit *node = &line->nodes[at];
    chain->model = model;
    chain->type_index = line->type;
    chain->type = &model->types[line->type];
    chain->point = node->exit;
    chain->site = node->site;
    chain->possible = 1;
    chain->without_breaks = chain->will_charge = chain->is_flat = 0;
    chain->n_breaks = node->n_breaks;
    chain->is_gate = node->is_gate;
    chain->busy_ms = node->busy_to;
    chain->since = node->since;
    chain->time = node->before;
    chain->mm = node->mm_to;
    chain->fees_nano = node->fees_to;
    chain->nwh = node->nwh_to;
    chain->charged_nwh = node->charged_to;
    chain->total = node->total_to;
    chain->n_tasks = node->tasks_to;
    if (model->compact_nano_per_m2) chain->moment = node->moment_to;
    if (model->n_sequences) chain->highest = line->ranks[at].before;
    memcpy(chain->load, node->load, sizeof chain->load);
    chain->release_ms = 0;
    chain->adrift = 0;
    if (model->has_releases) follow_trip(chain, line, at);
}

void ki_chain_new(ki_chain *chain, const ki_model *model, int32_t type) {
    const ki_type *kind = &model->types[type];
    *chain = (ki_chain){.model = model, .type_index = type, .type = kind, .possible = 1};
    chain->point = kind->start_point;
    chain->site = -1;
    chain->is_gate = 1;
    chain->busy_ms = kind->pre_ms;
    chain->since = -kind->worked_ms;
    chain->charged_nwh = -kind->used_nwh;
    chain->time = ki_start_segment(kind);
    memcpy(chain->load, kind->start_load, sizeof chain->load);
    begin_trip(chain);
}

void ki_chain_anywhere(ki_chain *chain, const ki_model *model, int32_t type) {
    *chain = (ki_chain){.model = model,
                        .type_index = type,
                        .type = &model->types[type],
                        .point = -1,
                        .site = -1,
                        .possible = 1,
                        .without_breaks = 1,
                        .adrift = 1};
    begin_trip(chain);
}

/* Drives to a point and does what the segment says there, busy for so long. */
static void go(ki_chain *chain, int32_t point, const ki_segment *segment, int64_t busy_ms) {
    if (chain->point < 0) {
        chain->time = *segment;
        chain->busy_ms = busy_ms;
        return;
    }
    int32_t leg_ms = ki_time_ms(chain->model, chain->type_index, chain->point, point);
    int32_t leg_mm = ki_length_mm(chain->model, chain->type_index, chain->point, point);
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) {
        chain->possible = 0;
        return;
    }
    chain->time = ki_segment_join(&chain->time, leg_ms, segment);
    if (chain->model->has_releases) chain->trip = ki_segment_join(&chain->trip, leg_ms, segment);
    chain->busy_ms += leg_ms + busy_ms;
    chain->mm += leg_mm;
    chain->possible &= chain->time.warp == 0;
}

/* What lies behind `from` up to `to`, both counted from one start. */
static void join_moment(ki_chain *chain, const ki_moment *from, const ki_moment *to) {
    if (chain->model->compact_nano_per_m2) ki_moment_join(&chain->moment, from, to);
}

/* What follows has these lowest ranks. */
static void judge_ranks(ki_chain *chain, const ki_ranks *lowest) {
    chain->possible &= ki_ranks_meet(chain->model, &chain->highest, lowest);
}

void ki_chain_join(ki_chain *chain, const ki_chain *trip, int32_t entry) {
    static const ki_moment nothing;
    if (chain->possible && chain->model->n_sequences) {
        judge_ranks(chain, &trip->lowest);
        ki_ranks_raise(chain->model, &chain->highest, &trip->highest);
    }
    if (!chain->possible) return;
    wait_for(chain, trip->release_ms);
    go(chain, entry, &trip->time, trip->busy_ms);
    chain->possible &= trip->possible;
    chain->mm += trip->mm;
    chain->nwh += trip->nwh;
    chain->total += trip->total;
    chain->n_tasks += trip->n_tasks;
    join_moment(chain, &nothing, &trip->moment);
    chain->fees_nano += trip->fees_nano;
    chain->point = trip->point;
    chain->site = trip->site;
    chain->is_gate = 1;
    begin_trip(chain);
}

/* Loads only grow within a trip, so looking at its end is enough. */
static int fits(const ki_chain *chain) {
    for (int32_t dim = 0; dim < chain->type->n_dims; dim++)
        if (chain->load[dim] > chain->type->capacity[dim]) return 0;
    return 1;
}

/* The battery has to have lasted this far. */
static void judge_battery(ki_chain *chain, int64_t used_nwh) {
    if (used_nwh <= chain->type->battery_nwh) return;
    chain->is_flat = 1;
    chain->possible &= chain->will_charge && chain->type->recharge_ms != KI_NEVER;
}

/* ... and a charge must not end with less than there is. */
static void judge_charge(ki_chain *chain, const ki_tip *option, int64_t used_nwh) {
    judge_battery(chain, used_nwh);
    if (option->short_nwh > 0 && used_nwh <= option->short_nwh) chain->possible = 0;
}

/* At a tip that the vehicle reaches after so many more mm; only a route that has a start knows how
 * empty the battery is. */
static int64_t charge(ki_chain *chain, const ki_tip *option, int64_t more_mm) {
    int64_t all_nwh = ki_used_nwh(chain->type, chain->mm + more_mm, chain->nwh);
    int64_t used_nwh = all_nwh - chain->charged_nwh;
    chain->possible &= !chain->adrift;
    judge_charge(chain, option, used_nwh);
    chain->charged_nwh = all_nwh - option->short_nwh;
    return ki_charge_ms(chain->type, option, used_nwh);
}

static ki_segment unload(ki_chain *chain, const ki_stop *stop) {
    int32_t tip = stop->mode;
    const ki_tip *option = &chain->model->tips[tip];
    chain->possible &= fits(chain);
    settle_release(chain);
    chain->fees_nano += ki_cost_fees(chain->model, chain->type_index, tip, chain->load);
    int64_t busy_ms = ki_tip_ms(chain->model, chain->type_index, tip, chain->load);
    if (option->charge_mw && chain->point >= 0)
        busy_ms +=
            charge(chain, option,
                   ki_length_mm(chain->model, chain->type_index, chain->point, option->point));
    return ki_segment_one(ki_tip_opens(option, stop), option->close_ms, busy_ms);
}

/* Where nothing is unloaded. */
static void charge_at(ki_chain *chain, const ki_stop *stop) {
    const ki_tip *post = &chain->model->tips[stop->mode];
    int32_t leg_mm = ki_length_mm(chain->model, chain->type_index, chain->point, post->point);
    int64_t busy_ms = charge(chain, post, leg_mm);
    ki_segment own = ki_segment_one(ki_tip_opens(post, stop), post->close_ms, busy_ms);
    chain->possible &= busy_ms > 0; /* or there is nothing to stop for */
    go(chain, post->point, &own, busy_ms);
    chain->point = post->point;
    chain->site = -1;
    chain->is_gate = 0;
}

static void leave_tip(ki_chain *chain, int32_t tip) {
    chain->point = chain->model->tips[tip].point;
    chain->site = -1;
    chain->is_gate = 1;
    memset(chain->load, 0, sizeof chain->load);
    if (!chain->adrift) begin_trip(chain);
}

static int pays_setup(const ki_chain *chain, int32_t site, int32_t entry) {
    return site < 0 || chain->site != site || chain->point != entry;
}

static void serve(ki_chain *chain, const ki_stop *stop) {
    const ki_task *task = &chain->model->tasks[stop->task];
    const ki_mode *mode = &chain->model->modes[stop->mode];
    int64_t busy_ms = ki_service_ms(chain->model, chain->type_index, stop->mode);
    if (pays_setup(chain, task->site, mode->entry)) busy_ms += task->setup_ms;
    ki_segment own = ki_segment_one(mode->open_ms, mode->close_ms, busy_ms);
    go(chain, mode->entry, &own, busy_ms);
    note_release(chain, task->release_ms);
    const int64_t *demand = ki_demand(chain->model, chain->type_index, stop->task);
    for (int32_t dim = 0; dim < chain->type->n_dims; dim++)
        chain->load[dim] += demand[dim];
    chain->fees_nano += ki_habit_nano(chain->model, chain->type_index, stop->task);
    chain->total += demand[0];
    chain->n_tasks++;
    if (chain->model->compact_nano_per_m2) ki_moment_add(&chain->moment, task);
    if (chain->model->n_sequences) {
        if (chain->adrift) ki_ranks_lower(chain->model, &chain->lowest, stop->task);
        chain->possible &= ki_ranks_follow(chain->model, &chain->highest, stop->task) == 0;
    }
    if (chain->type->battery_nwh)
        chain->nwh += ki_task_nwh(chain->model, chain->type_index, stop->task, stop->mode);
    chain->mm += mode->length_mm;
    chain->point = mode->exit;
    chain->site = task->site;
    chain->is_gate = 0;
}

/* Where it stands; set-up and load are as if it were not there. */
static void pause_here(ki_chain *chain, int32_t index) {
    const ki_break_option *option = &chain->type->break_options[index];
    const ki_break *pause = &chain->type->breaks[option->number];
    ki_segment own = ki_segment_one(option->open_ms, option->close_ms, pause->duration_ms);
    if (chain->without_breaks) return;
    chain->possible &= option->number == chain->n_breaks && (chain->is_gate || !pause->at_gate) &&
                       chain->busy_ms - chain->since <= pause->work_ms;
    chain->time = ki_segment_join(&chain->time, 0, &own);
    chain->possible &= chain->time.warp == 0;
    chain->busy_ms += pause->duration_ms;
    chain->since = chain->busy_ms;
    chain->n_breaks++;
}

void ki_chain_stop(ki_chain *chain, const ki_stop *stop) {
    if (!chain->possible) return;
    if (!ki_stop_allowed(chain->model, chain->type_index, stop)) {
        chain->possible = 0;
        return;
    }
    if (stop->task == KI_BREAK) {
        pause_here(chain, stop->mode);
        return;
    }
    if (stop->task == KI_POST) {
        chain->possible &= chain->point >= 0;
        if (chain->possible) charge_at(chain, stop);
        return;
    }
    if (stop->task != KI_TIP) {
        serve(chain, stop);
        return;
    }
    ki_segment own = unload(chain, stop);
    go(chain, chain->model->tips[stop->mode].point, &own, own.duration);
    leave_tip(chain, stop->mode);
}

void ki_chain_piece(ki_chain *chain, const ki_line *line, int32_t first, int32_t last) {
    for (int32_t at = first; at <= last; at++)
        ki_chain_stop(chain, &line->nodes[at].stop);
}

/* Stops from `at`, a task, to the tip: as kept, unless the set-up of the first one changes. */
static void go_to_tip(ki_chain *chain, const ki_line *line, int32_t at) {
    const ki_visit *node = &line->nodes[at], *behind = node + 1, *last = node + node->to_tip;
    last--;
    int32_t setup_ms = pays_setup(chain, node->site, node->entry)
                           ? chain->model->tasks[node->stop.task].setup_ms
                           : 0;
    ki_segment rest = node->rest;
    int64_t own_ms = node->own.duration + setup_ms - node->setup_ms;
    if (setup_ms != node->setup_ms) {
        rest = node->own;
        rest.duration = own_ms;
        if (node != last) rest = ki_segment_join(&rest, behind->leg_ms, &behind->rest);
    }
    go(chain, node->entry, &rest, own_ms + last->busy_to - node->busy_to);
    if (chain->model->has_releases) note_release(chain, node->release_rest);
    for (int32_t dim = 0; dim < chain->type->n_dims; dim++)
        chain->load[dim] += last->load[dim] - node[-1].load[dim];
    chain->total += last->total_to - node[-1].total_to;
    chain->n_tasks += last->tasks_to - node[-1].tasks_to;
    join_moment(chain, &node[-1].moment_to, &last->moment_to);
    chain->mm += last->mm_to - node->mm_to + node->length_mm;
    chain->nwh += last->nwh_to - node[-1].nwh_to;
    chain->fees_nano += last->fees_to - node[-1].fees_to;
    chain->point = last->exit;
    chain->site = last->site;
    chain->is_gate = 0;
}

/* The breaks in nodes [first, end) of the line, which the chain has just joined up to node `last`:
 * how busy it was before each follows backwards from there. */
static void count_breaks(ki_chain *chain, const ki_line *line, int32_t first, int32_t end,
                         int32_t last) {
    const ki_visit *nodes = line->nodes;
    for (int32_t at = first; at < end; at++) {
        at += nodes[at].to_break;
        if (at >= end) return;
        const ki_break *pause = &chain->type->breaks[nodes[at - 1].n_breaks];
        int64_t busy_ms = chain->busy_ms - (nodes[last].busy_to - nodes[at - 1].busy_to);
        chain->possible &= chain->without_breaks || (nodes[at - 1].n_breaks == chain->n_breaks &&
                                                     busy_ms - chain->since <= pause->work_ms);
        chain->since = busy_ms + pause->duration_ms;
        chain->n_breaks++;
    }
}

/* A break at the head of what follows is taken where the chain stands, not where the line did. */
static int32_t take_breaks(ki_chain *chain, const ki_line *line, int32_t at) {
    for (; line->nodes[at].stop.task == KI_BREAK; at++)
        ki_chain_stop(chain, &line->nodes[at].stop);
    return at;
}

/* Does the whole hold, also without the breaks it lacks? */
static void judge(ki_chain *chain) {
    const ki_type *type = chain->type;
    chain->possible &= ki_totals_fit(type, chain->total, chain->n_tasks);
    if (type->battery_nwh)
        judge_battery(chain, ki_used_nwh(type, chain->mm, chain->nwh) - chain->charged_nwh);
    if (!type->n_breaks || chain->without_breaks) return;
    chain->possible &=
        chain->time.early + chain->time.duration <= ki_breaks_end_ms(type, chain->n_breaks) &&
        chain->busy_ms - chain->since <= ki_breaks_work_ms(type, chain->n_breaks);
}

/* From a tip to the next charge, which takes as long as the battery brought along says, and all
 * behind it. O(1). */
static void go_past_charge(ki_chain *chain, const ki_visit *tip, const ki_visit *next,
                           const ki_visit *end) {
    const ki_visit *behind = tip + 1;
    const ki_tip *option = &chain->model->tips[next->stop.mode];
    ki_segment own = next->own;
    int64_t used_nwh = ki_used_nwh(chain->type, chain->mm + next->mm_to - tip->mm_to,
                                   chain->nwh + next->nwh_to - tip->nwh_to) -
                       chain->charged_nwh;
    int64_t more_ms = ki_charge_ms(chain->type, option, used_nwh) - next->charge_ms;
    judge_charge(chain, option, used_nwh);
    own.duration += more_ms;
    if (behind != next) chain->time = ki_segment_join(&chain->time, behind->leg_ms, &behind->reach);
    chain->time = ki_segment_join(&chain->time, next->leg_ms, &own);
    chain->time = ki_segment_join(&chain->time, next[1].leg_ms, &next[1].after);
    chain->busy_ms += more_ms;
    /* Behind it the battery is as in the line, whose last charge may be a later one. */
    chain->charged_nwh =
        ki_used_nwh(chain->type, chain->mm - tip->mm_to, chain->nwh - tip->nwh_to) +
        end->charged_to;
}

void ki_chain_rest(ki_chain *chain, const ki_line *line, int32_t at) {
    int32_t n_breaks = chain->type->n_breaks;
    if (chain->possible && chain->model->n_sequences) judge_ranks(chain, &line->ranks[at].behind);
    if (!chain->possible) return;
    /* How long a charge takes moves the breaks; behind a post the load is remembered. */
    if (chain->type->battery_nwh && (n_breaks || line->n_posts)) {
        ki_chain_piece(chain, line, at, line->n_nodes - 2);
        ki_chain_end(chain);
        return;
    }
    if (n_breaks) at = take_breaks(chain, line, at);
    const ki_visit *node = &line->nodes[at], *end = &line->nodes[line->n_nodes - 1];
    if (node == end) {
        ki_chain_end(chain);
        return;
    }
    const ki_visit *tip = node + node->to_tip;
    int32_t tip_at = at + node->to_tip;
    if (node != tip) go_to_tip(chain, line, at);
    if (n_breaks) count_breaks(chain, line, at, tip_at, tip_at - 1);
    if (!chain->possible) return;
    int32_t option = tip->stop.mode;
    ki_segment own = unload(chain, &tip->stop);
    go(chain, tip->entry, &own, own.duration);
    leave_tip(chain, option);
    if (chain->model->has_releases) wait_for(chain, tip[1].release_rest);
    const ki_visit *charge = chain->type->battery_nwh ? tip + 1 + tip[1].to_charge : end;
    if (charge < end)
        go_past_charge(chain, tip, charge, end);
    else
        chain->time = ki_segment_join(&chain->time, tip[1].leg_ms, &tip[1].after);
    chain->busy_ms += end->busy_to - tip->busy_to;
    chain->total += end->total_to - tip->total_to;
    chain->n_tasks += end->tasks_to - tip->tasks_to;
    join_moment(chain, &tip->moment_to, &end->moment_to);
    chain->mm += end->mm_to - tip->mm_to;
    chain->nwh += end->nwh_to - tip->nwh_to;
    chain->fees_nano += end->fees_to - tip->fees_to;
    chain->possible &= chain->time.warp == 0;
    if (n_breaks) count_breaks(chain, line, tip_at + 1, line->n_nodes - 1, line->n_nodes - 1);
    judge(chain);
}

void ki_chain_end(ki_chain *chain) {
    if (!chain->possible) return;
    for (int32_t dim = 0; dim < chain->type->n_dims; dim++)
        if (chain->load[dim] > 0) chain->possible = 0;
    ki_segment end = ki_end_segment(chain->type);
    go(chain, chain->type->end_point, &end, end.duration);
    judge(chain);
}

int64_t ki_chain_cost(const ki_chain *chain) {
    if (!chain->possible) return KI_NO_COST;
    int64_t unpaid_ms = ki_breaks_unpaid_ms(chain->type, chain->n_breaks);
    int64_t charge_ms = chain->is_flat ? chain->type->recharge_ms : 0;
    int64_t fees_nano = chain->fees_nano;
    if (chain->model->compact_nano_per_m2)
        fees_nano -= ki_moment_nano(chain->model, &chain->moment);
    return ki_cost_route(chain->model, chain->type_index, chain->mm,
                         chain->time.duration + charge_ms - unpaid_ms, fees_nano);
}

int ki_stop_as(const ki_model *model, int32_t type, ki_stop *stop) {
    if (stop->task == KI_TIP) *stop = (ki_stop){KI_TIP, ki_tip_twin(model, type, stop->mode, 0), 0};
    return stop->mode >= 0;
}
