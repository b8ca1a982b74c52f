/* SPDX-License-Identifier: GPL-3.0-or-later
 * work.c - keeps what is known of each route right while routes change.
 *
 * A change rewrites one route's nodes in O(stops): two sweeps, one from each end. Trials are not
 * made here (chain.h is O(1)); only what was chosen is. The state before an iteration's first
 * touch is kept beside the slot, so a rejected iteration costs a swap of two buffers. */
#include "search/work.h"

#include "base/alloc.h"
#include "base/error.h"

#include <assert.h>
#include <string.h>

/* What is under way may have no more to do than to tip what it has. */
static int32_t slots_needed(const ki_model *model) {
    int64_t n_shifts = 0, n_most = model->n_tasks;
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!model->types[type].behind) n_shifts += model->types[type].n_shifts;
        n_most += model->types[type].under_way;
    }
    return (int32_t)(n_shifts < n_most ? n_shifts : n_most);
}

static kerb_status make_yard(ki_work *work, kerb_error *err) {
    ki_yard *yard = ki_arena_alloc(&work->arena, 1, sizeof *yard);
    work->kept = ki_arena_alloc(&work->arena, 3 * (size_t)work->scratch_size, sizeof *work->kept);
    if (!yard || !work->kept) return ki_fail_no_memory(err, "the search");
    KI_TRY(ki_yard_init(yard, work->model, work->scratch_size, err));
    work->yard = yard;
    return KERB_OK;
}

kerb_status ki_work_init(ki_work *work, const ki_model *model, kerb_error *err) {
    *work = (ki_work){.model = model, .n_slots = slots_needed(model)};
    for (int32_t type = 0; type < model->n_types; type++)
        assert(!model->has_releases || !model->types[type].battery_nwh); /* see ki_visit */
    size_t n_tasks = (size_t)model->n_tasks, n_slots = (size_t)work->n_slots;
    work->most_used = INT32_MAX;
    work->closed_type = -1;
    /* Few places need many blinks for the same variety. */
    work->blink_one_in = model->n_tasks > 200 ? 100 : 4 + (uint32_t)model->n_tasks / 2;
    work->scratch_size = 2 * model->n_tasks + model->n_tips + 8 + KI_MAX_BREAKS + KI_MAX_POSTS;
    work->slots = ki_arena_alloc(&work->arena, n_slots, sizeof *work->slots);
    work->n_used = ki_arena_alloc(&work->arena, (size_t)model->n_types, sizeof *work->n_used);
    work->where = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->where);
    work->place = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->place);
    work->absent = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->absent);
    work->absent_at = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->absent_at);
    work->touched = ki_arena_alloc(&work->arena, n_slots, sizeof *work->touched);
    work->near_seen = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->near_seen);
    work->trip_seen = ki_arena_alloc(&work->arena, n_tasks, sizeof *work->trip_seen);
    work->scratch =
        ki_arena_alloc(&work->arena, 2 * (size_t)work->scratch_size, sizeof *work->scratch);
    work->places =
        ki_arena_alloc(&work->arena, (size_t)work->scratch_size + 1, sizeof *work->places);
    if (!work->slots || !work->places || !work->n_used || !work->where || !work->place ||
        !work->absent || !work->absent_at || !work->touched || !work->near_seen ||
        !work->trip_seen || !work->scratch)
        return ki_fail_no_memory(err, "the search");
    if (ki_model_is_shared(model)) KI_TRY(make_yard(work, err));
    ki_rng_seed(&work->rng, 0, 0); /* a stream without a seed never ends a draw */
    ki_work_clear(work);
    return KERB_OK;
}

void ki_work_free(ki_work *work) {
    for (int32_t slot = 0; work->slots && slot < work->n_slots; slot++) {
        ki_free(work->slots[slot].now.nodes);
        ki_free(work->slots[slot].saved.nodes);
        ki_free(work->slots[slot].now.ranks);
        ki_free(work->slots[slot].saved.ranks);
    }
    if (work->yard) ki_yard_free(work->yard);
    ki_arena_free(&work->arena);
    *work = (ki_work){0};
}

/* ---- what is left out ------------------------------------------------------------------------ */

static void leave_out(ki_work *work, int32_t task) {
    if (work->absent_at[task] >= 0) return;
    work->where[task] = -1;
    work->absent_at[task] = work->n_absent;
    work->absent[work->n_absent++] = task;
    work->absent_nano += ki_work_left_out(work, task);
}

static void take_in(ki_work *work, int32_t task) {
    int32_t at = work->absent_at[task];
    if (at < 0) return;
    int32_t last = work->absent[--work->n_absent];
    work->absent[at] = last;
    work->absent_at[last] = at;
    work->absent_at[task] = -1;
    work->absent_nano -= ki_work_left_out(work, task);
}

void ki_work_price_left_out(ki_work *work, int64_t *out_nano) {
    work->out_nano = out_nano;
    work->absent_nano = 0;
    for (int32_t index = 0; index < work->n_absent; index++)
        work->absent_nano += ki_work_left_out(work, work->absent[index]);
}

void ki_work_raise_left_out(ki_work *work, int64_t by_nano) {
    for (int32_t index = 0; index < work->n_absent; index++) {
        int32_t task = work->absent[index];
        int64_t old_nano = work->out_nano[task], most_nano = ki_cost_left_out(work->model, task);
        int64_t new_nano = most_nano - old_nano < by_nano ? most_nano : old_nano + by_nano;
        work->out_nano[task] = new_nano;
        work->absent_nano += new_nano - old_nano;
    }
}

int64_t ki_work_real_cost(const ki_work *work) {
    int64_t cost_nano = work->routes_nano;
    if (!work->out_nano) return ki_work_cost(work);
    for (int32_t index = 0; index < work->n_absent; index++)
        cost_nano += ki_cost_left_out(work->model, work->absent[index]);
    return cost_nano;
}

int32_t ki_work_n_used(const ki_work *work) {
    int32_t n = 0;
    for (int32_t type = 0; type < work->model->n_types; type++)
        n += work->n_used[type];
    return n;
}

int ki_work_may_open(const ki_work *work, int32_t type) {
    int32_t lead = ki_lead(work->model, type);
    if (lead == work->closed_type || work->n_used[lead] >= work->model->types[type].n_shifts)
        return 0;
    return work->most_used == INT32_MAX || ki_work_n_used(work) < work->most_used;
}

void ki_work_clear(ki_work *work) {
    for (int32_t slot = 0; slot < work->n_slots; slot++) {
        work->slots[slot].now.n_nodes = 0;
        work->slots[slot].touched = 0;
    }
    memset(work->n_used, 0, (size_t)work->model->n_types * sizeof *work->n_used);
    if (work->yard) ki_yard_clear(work->yard);
    work->n_high = work->n_absent = work->n_touched = 0;
    work->absent_nano = work->routes_nano = 0;
    for (int32_t task = 0; task < work->model->n_tasks; task++) {
        work->absent_at[task] = -1;
        leave_out(work, task);
    }
}

/* ---- nodes of one line ----------------------------------------------------------------------- */

static ki_visit depot_node(const ki_type *type, int is_end) {
    int32_t point = is_end ? type->end_point : type->start_point;
    ki_visit node = {.stop = {KI_DEPOT, 0}, .entry = point, .exit = point, .site = -1};
    node.own = is_end ? ki_end_segment(type) : ki_start_segment(type);
    return node;
}

static ki_visit tip_node(const ki_model *model, const ki_stop *stop) {
    int32_t point = model->tips[stop->mode].point;
    return (ki_visit){.stop = *stop, .entry = point, .exit = point, .site = -1};
}

/* Where the vehicle stands already. */
static ki_visit break_node(const ki_type *type, const ki_visit *before, const ki_stop *stop) {
    const ki_break_option *option = &type->break_options[stop->mode];
    ki_visit node = {
        .stop = *stop, .entry = before->exit, .exit = before->exit, .site = before->site};
    node.own =
        ki_segment_one(option->open_ms, option->close_ms, type->breaks[option->number].duration_ms);
    return node;
}

static ki_visit task_node(const ki_model *model, int32_t type, const ki_visit *before,
                          const ki_stop *stop) {
    const ki_mode *mode = &model->modes[stop->mode];
    ki_visit node = {.stop = *stop,
                     .entry = mode->entry,
                     .exit = mode->exit,
                     .site = model->tasks[stop->task].site,
                     .length_mm = mode->length_mm};
    int shared = node.site >= 0 && before->site == node.site && before->exit == node.entry;
    if (!shared) node.setup_ms = model->tasks[stop->task].setup_ms;
    int64_t busy_ms = (int64_t)ki_service_ms(model, type, stop->mode) + node.setup_ms;
    node.own = ki_segment_one(mode->open_ms, mode->close_ms, busy_ms);
    return node;
}

static void add_load(const ki_model *model, int32_t type, const ki_visit *before, ki_visit *node) {
    if (node->stop.task == KI_TIP) return;
    memcpy(node->load, before->load, sizeof node->load);
    if (node->stop.task < 0) return;
    const int64_t *demand = ki_demand(model, type, node->stop.task);
    for (int32_t dim = 0; dim < model->types[type].n_dims; dim++)
        node->load[dim] += demand[dim];
    node->total_to += demand[0];
    node->tasks_to++;
}

static int fits(const ki_type *type, const int64_t *load) {
    for (int32_t dim = 0; dim < type->n_dims; dim++)
        if (load[dim] > type->capacity[dim]) return 0;
    return 1;
}

/* Joins a node to the one before it; 0 if there is no way or too much load. */
static int find_leg(const ki_model *model, int32_t type, ki_visit *node) {
    if (node->stop.task == KI_BREAK) return 1;
    node->leg_ms = ki_time_ms(model, type, node[-1].exit, node->entry);
    node->leg_mm = ki_length_mm(model, type, node[-1].exit, node->entry);
    return node->leg_ms != KI_NEVER && node->leg_mm != KI_NEVER;
}

/* What the node knows of breaks; 0 if one comes out of order, too late or in the wrong place. */
static int count_breaks(const ki_type *type, ki_visit *node) {
    const ki_visit *before = node - 1;
    node->n_breaks = before->n_breaks;
    node->since = before->since;
    node->is_gate = node->stop.task == KI_TIP;
    if (node->stop.task != KI_BREAK) return 1;
    const ki_break_option *option = &type->break_options[node->stop.mode];
    const ki_break *pause = &type->breaks[option->number];
    node->is_gate = before->is_gate;
    node->n_breaks++;
    node->since = node->busy_to;
    return option->number == before->n_breaks && (node->is_gate || !pause->at_gate) &&
           before->busy_to - before->since <= pause->work_ms;
}

/* Nothing was done since the vehicle left its depot or a tip, which it may do at any time. */
static const ki_segment trip_begin = {.early = -KI_ANY_TIME, .late = KI_ANY_TIME};

static int32_t own_release(const ki_model *model, const ki_visit *node) {
    return node->stop.task >= 0 ? model->tasks[node->stop.task].release_ms : 0;
}

/* What the node knows of its trip; a tip is the end of it. Returns what comes before the node's
 * own segment. */
static ki_segment follow_trip(const ki_model *model, ki_visit *node) {
    ki_visit *before = node - 1;
    int begins = node->in_trip == 1;
    int32_t release_ms = begins ? 0 : before->release_to, own_ms = own_release(model, node);
    node->release_to = own_ms > release_ms ? own_ms : release_ms;
    node->trip = ki_segment_join(begins ? &trip_begin : &before->trip, node->leg_ms, &node->own);
    if (node->stop.task != KI_TIP || release_ms == 0) return before->before;
    return ki_segment_release(&before->before, &before->trip, release_ms,
                              before->busy_to - node[-node->in_trip].busy_to);
}

/* What the node knows of the battery; 0 if it does not last until here. */
static int follow_battery(const ki_model *model, int32_t type, ki_visit *node) {
    const ki_type *kind = &model->types[type];
    const ki_visit *before = node - 1;
    node->nwh_to = before->nwh_to;
    node->charged_to = before->charged_to;
    node->charge_ms = 0;
    if (node->stop.task >= 0)
        node->nwh_to += ki_task_nwh(model, type, node->stop.task, node->stop.mode);
    int64_t all_nwh = ki_used_nwh(kind, node->mm_to, node->nwh_to);
    int64_t used_nwh = all_nwh - before->charged_to;
    if (ki_stop_charges(model, &node->stop)) {
        const ki_tip *option = &model->tips[node->stop.mode];
        node->charge_ms = (int32_t)ki_charge_ms(kind, option, used_nwh);
        node->charged_to = all_nwh - option->short_nwh;
        if (node->charge_ms == 0 && (node->stop.task == KI_POST || option->short_nwh > 0)) return 0;
    }
    return used_nwh <= kind->battery_nwh;
}

static void follow_moment(const ki_model *model, ki_visit *node) {
    node->moment_to = node[-1].moment_to;
    if (node->stop.task >= 0) ki_moment_add(&node->moment_to, &model->tasks[node->stop.task]);
}

static int sweep_forward(const ki_model *model, int32_t type, ki_visit *node) {
    const ki_visit *before = node - 1;
    node->mm_to = before->mm_to + node->leg_mm + node->length_mm;
    int32_t charge_ms = 0;
    if (model->types[type].battery_nwh) {
        if (!follow_battery(model, type, node)) return 0;
        charge_ms = node->charge_ms;
    }
    node->fees_to = before->fees_to;
    int begins = before->stop.task == KI_TIP || before->stop.task == KI_DEPOT;
    node->in_trip = begins ? 1 : before->in_trip + 1;
    if (node->stop.task == KI_TIP) {
        const ki_tip *tip = &model->tips[node->stop.mode];
        node->own =
            ki_segment_one(ki_tip_opens(tip, &node->stop), tip->close_ms,
                           ki_tip_ms(model, type, node->stop.mode, before->load) + charge_ms);
        node->fees_to += ki_cost_fees(model, type, node->stop.mode, before->load);
    }
    if (node->stop.task == KI_POST) {
        const ki_tip *post = &model->tips[node->stop.mode];
        node->own = ki_segment_one(ki_tip_opens(post, &node->stop), post->close_ms, charge_ms);
    }
    if (node->stop.task >= 0) node->fees_to += ki_habit_nano(model, type, node->stop.task);
    node->total_to = before->total_to;
    node->tasks_to = before->tasks_to;
    if (model->compact_nano_per_m2) follow_moment(model, node);
    add_load(model, type, before, node);
    node->busy_to = before->busy_to + node->leg_ms + node->own.duration;
    ki_segment so_far = model->has_releases ? follow_trip(model, node) : before->before;
    node->before = ki_segment_join(&so_far, node->leg_ms, &node->own);
    return count_breaks(&model->types[type], node) && fits(&model->types[type], node->load) &&
           node->before.warp == 0;
}

/* `after` of a tip or depot waits for the trip behind it; that of a task knows nothing of what its
 * own trip waits for. */
static void follow_back(const ki_model *model, ki_visit *node, int is_start) {
    const ki_visit *behind = node + 1;
    int32_t own_ms = own_release(model, node), behind_ms = behind->release_rest;
    node->release_rest = own_ms > behind_ms ? own_ms : behind_ms;
    if (node->stop.task != KI_TIP && !is_start) return;
    node->release_rest = 0;
    if (behind_ms == 0) return;
    ki_segment wait = ki_segment_wait(behind_ms);
    wait = ki_segment_join(&wait, behind->leg_ms, &behind->after);
    node->after = ki_segment_join(&node->own, 0, &wait);
}

/* How far it is to the next charge, and what lies before it. */
static void reach_back(const ki_model *model, ki_visit *node) {
    const ki_visit *behind = node + 1;
    node->to_charge = ki_stop_charges(model, &node->stop) ? 0 : behind->to_charge + 1;
    node->reach = node->to_charge <= 1
                      ? node->own
                      : ki_segment_join(&node->own, behind->leg_ms, &behind->reach);
}

/* From the first tip at or behind node `from`: nodes behind that know nothing of what changed. With
 * a battery also from the first charge. */
static void sweep_back(const ki_model *model, ki_line *line, int32_t from) {
    int32_t end = line->n_nodes - 1, tip = from, charge = from;
    int has_battery = model->types[line->type].battery_nwh > 0;
    while (tip < end && line->nodes[tip].stop.task != KI_TIP)
        tip++;
    while (has_battery && charge < end && !ki_stop_charges(model, &line->nodes[charge].stop))
        charge++;
    if (charge > tip) tip = charge;
    if (tip == end) {
        ki_visit *last = &line->nodes[end];
        last->after = last->rest = last->own;
        last->to_tip = last->to_break = 0;
        if (has_battery) last->to_charge = 0;
        tip--;
    }
    for (int32_t at = tip; at >= 0; at--) {
        ki_visit *node = &line->nodes[at];
        const ki_visit *behind = node + 1;
        int is_tip = node->stop.task == KI_TIP;
        node->to_tip = is_tip ? 0 : behind->to_tip + 1;
        node->to_break = node->stop.task == KI_BREAK ? 0 : behind->to_break + 1;
        node->after = ki_segment_join(&node->own, behind->leg_ms, &behind->after);
        if (has_battery) reach_back(model, node);
        if (model->has_releases) follow_back(model, node, at == 0);
        node->rest = node->to_tip <= 1 ? node->own
                                       : ki_segment_join(&node->own, behind->leg_ms, &behind->rest);
    }
}

/* A node not known yet: a stop, or the end depot behind the last one. */
static int make_node(const ki_model *model, int32_t type, ki_visit *node, const ki_stop *stop) {
    if (stop->task == KI_DEPOT) {
        *node = depot_node(&model->types[type], 1);
        return find_leg(model, type, node);
    }
    if (!ki_stop_allowed(model, type, stop)) return 0;
    *node = ki_stop_at_facility(stop) ? tip_node(model, stop)
            : stop->task == KI_BREAK  ? break_node(&model->types[type], node - 1, stop)
                                      : task_node(model, type, node - 1, stop);
    return find_leg(model, type, node);
}

static int same_stop(const ki_stop *a, const ki_stop *b) {
    return a->task == b->task && a->mode == b->mode && a->from_ms == b->from_ms;
}

/* How many nodes at the head and at the tail stay as they are, depots included. */
static void find_kept(const ki_line *line, const ki_stop *stops, int32_t n_stops, int32_t *head,
                      int32_t *tail) {
    int32_t n_old = line->n_nodes, n_new = n_stops + 2;
    int32_t most = n_old < n_new ? n_old : n_new;
    for (*head = 1; *head < most - 1; ++*head)
        if (!same_stop(&line->nodes[*head].stop, &stops[*head - 1])) break;
    for (*tail = 1; *tail < most - *head; ++*tail)
        if (!same_stop(&line->nodes[n_old - 1 - *tail].stop, &stops[n_stops - *tail])) break;
}

static void begin_line(const ki_model *model, ki_line *line) {
    const ki_type *type = &model->types[line->type];
    ki_visit *start = &line->nodes[0];
    *start = depot_node(type, 0);
    start->before = start->own;
    start->busy_to = start->own.duration;
    start->since = -type->worked_ms;
    start->charged_to = -type->used_nwh;
    start->is_gate = 1;
    memcpy(start->load, type->start_load, sizeof start->load);
}

static void sum_up(const ki_model *model, ki_line *line) {
    const ki_visit *end = &line->nodes[line->n_nodes - 1];
    const ki_type *type = &model->types[line->type];
    line->n_breaks = end->n_breaks;
    line->spell_ms = end->before.duration - ki_breaks_unpaid_ms(type, end->n_breaks);
    line->wait_ms = end->before.duration - end->busy_to;
    line->spell_nano = ki_cost_spell(type, line->spell_ms);
    line->n_tasks = end->tasks_to;
    line->charge_ms = 0;
    line->n_posts = 0;
    for (const ki_visit *node = line->nodes + 1; type->battery_nwh && node < end; node++) {
        line->charge_ms += node->charge_ms;
        line->n_posts += node->stop.task == KI_POST;
    }
    line->cost_nano = ki_cost_route(model, line->type, end->mm_to, line->spell_ms, end->fees_to);
    if (model->compact_nano_per_m2) line->cost_nano -= ki_moment_nano(model, &end->moment_to);
}

/* What a polish has to look at again: all that was made, its neighbours, and the tips whose load
 * or way may have changed. */
static void mark_fresh(ki_line *line, int32_t first, int32_t last) {
    for (int32_t at = first; at <= last; at++) {
        line->nodes[at].fresh = 1;
        line->nodes[at + line->nodes[at].to_tip].fresh = 1;
    }
}

/* The line ends with a tip, perhaps with breaks behind it, and does without the breaks it lacks. */
static int ends_well(const ki_model *model, const ki_line *line) {
    const ki_type *type = &model->types[line->type];
    const ki_visit *end = &line->nodes[line->n_nodes - 1], *last = end - 1;
    while (last->stop.task == KI_BREAK)
        last--;
    if (last->stop.task != KI_TIP || !ki_totals_fit(type, end->total_to, end->tasks_to)) return 0;
    return !type->n_breaks ||
           (end->before.early + end->before.duration <= ki_breaks_end_ms(type, end->n_breaks) &&
            end->busy_to - end->since <= ki_breaks_work_ms(type, end->n_breaks));
}

/* O(stops), whatever changed: models with sequences are few. 0 if one is broken. */
static int rank_nodes(const ki_model *model, ki_line *line) {
    ki_ranks highest = {{0}}, lowest = {{0}};
    for (int32_t at = 0; at < line->n_nodes; at++) {
        int32_t task = line->nodes[at].stop.task;
        if (task >= 0 && ki_ranks_follow(model, &highest, task)) return 0;
        line->ranks[at].before = highest;
    }
    for (int32_t at = line->n_nodes - 1; at >= 0; at--) {
        int32_t task = line->nodes[at].stop.task;
        if (task >= 0) ki_ranks_lower(model, &lowest, task);
        line->ranks[at].behind = lowest;
    }
    return 1;
}

/* The first `head` and last `tail` nodes are as before: they keep all but the sums; the first node
 * behind what changed, and those behind breaks there, also what they have from the one before. */
static int build(const ki_model *model, ki_line *line, const ki_stop *stops, int32_t n_stops,
                 int32_t head, int32_t tail) {
    static const ki_stop depot = {KI_DEPOT, 0, 0};
    int32_t n_old = line->n_nodes, n_new = n_stops + 2;
    if (!n_old) begin_line(model, line);
    if (n_old != n_new)
        memmove(&line->nodes[n_new - tail], &line->nodes[n_old - tail],
                (size_t)tail * sizeof *line->nodes);
    line->n_nodes = n_new;
    while (tail > 1 && stops[n_new - tail - 1].task == KI_BREAK)
        tail--;
    for (int32_t at = head; at < n_new; at++) {
        ki_visit *node = &line->nodes[at];
        const ki_stop *stop = at + 1 < n_new ? &stops[at - 1] : &depot;
        if (at <= n_new - tail && !make_node(model, line->type, node, stop)) return 0;
        if (!sweep_forward(model, line->type, node)) return 0;
    }
    if (!ends_well(model, line)) return 0;
    if (model->n_sequences && !rank_nodes(model, line)) return 0;
    int32_t last = tail ? n_new - tail : n_new - 1;
    sweep_back(model, line, last);
    mark_fresh(line, head - 1, last);
    sum_up(model, line);
    return 1;
}

int32_t ki_line_stops(const ki_line *line, ki_stop *stops) {
    for (int32_t at = 1; at + 1 < line->n_nodes; at++)
        stops[at - 1] = line->nodes[at].stop;
    return line->n_nodes ? line->n_nodes - 2 : 0;
}

/* ---- slots ----------------------------------------------------------------------------------- */

/* A task that a move has already made part of another route is left there. */
static void leave_out_nodes(ki_work *work, int32_t slot, int32_t first, int32_t end) {
    const ki_visit *nodes = work->slots[slot].now.nodes;
    for (int32_t at = first; at < end; at++) {
        int32_t task = nodes[at].stop.task;
        if (task >= 0 && work->where[task] == slot) leave_out(work, task);
    }
}

static void take_in_nodes(ki_work *work, int32_t slot, int32_t first, int32_t end) {
    const ki_visit *nodes = work->slots[slot].now.nodes;
    for (int32_t at = first; at < end; at++) {
        int32_t task = nodes[at].stop.task;
        if (task < 0) continue;
        take_in(work, task);
        work->where[task] = slot;
        work->place[task] = at;
    }
}

/* What a line takes up at facilities. */
static void enter_yard(ki_work *work, int32_t slot) {
    const ki_line *line = &work->slots[slot].now;
    const ki_type *type = &work->model->types[line->type];
    const ki_segment *all = &line->nodes[line->n_nodes - 1].before;
    int64_t start_ms = all->early;
    ki_yard_use_attendants(work->yard, line->type, slot, start_ms, start_ms + all->duration);
    for (int32_t at = 1; at + 1 < line->n_nodes; at++) {
        if (!line->n_posts) at += line->nodes[at].to_tip;
        if (at + 1 >= line->n_nodes) break; /* breaks behind the last tip */
        if (!ki_stop_at_facility(&line->nodes[at].stop)) continue;
        const ki_visit *tip = &line->nodes[at];
        int64_t begun_ms = start_ms > tip->before.early ? start_ms : tip->before.early;
        int64_t end_ms = begun_ms + tip->before.duration;
        int64_t mass_g = tip->stop.task == KI_TIP ? ki_mass_of(type, tip[-1].load) : 0;
        ki_yard_use use = {(int32_t)(end_ms - tip->own.duration), (int32_t)end_ms, slot, mass_g};
        ki_yard_use_facility(work->yard, work->model->tips[tip->stop.mode].facility, use);
    }
    work->failed |= work->yard->failed;
}

/* The line is out of the sums, as if unused, while it changes. */
static void begin_change(ki_work *work, int32_t slot) {
    const ki_line *line = &work->slots[slot].now;
    if (!line->n_nodes) return;
    work->n_used[ki_lead(work->model, line->type)]--;
    work->routes_nano -= line->cost_nano;
    if (work->yard) ki_yard_leave(work->yard, slot);
}

static void end_change(ki_work *work, int32_t slot) {
    const ki_line *line = &work->slots[slot].now;
    if (!line->n_nodes) return;
    work->n_used[ki_lead(work->model, line->type)]++;
    work->routes_nano += line->cost_nano;
    if (work->yard) enter_yard(work, slot);
    if (slot >= work->n_high) work->n_high = slot + 1;
}

static int reserve(ki_work *work, ki_line *line, int32_t n_nodes) {
    /* Room for the next few insertions too: growing is rare. */
    size_t wanted = (size_t)n_nodes + (line->capacity < (size_t)n_nodes ? 8 : 0);
    int failed = ki_grow(&line->nodes, &line->capacity, wanted, sizeof *line->nodes) != 0;
    if (work->model->n_sequences)
        failed |= ki_grow(&line->ranks, &line->ranks_capacity, wanted, sizeof *line->ranks) != 0;
    if (!failed) return 1;
    work->failed = 1;
    return 0;
}

static int touch(ki_work *work, int32_t slot) {
    ki_slot *home = &work->slots[slot];
    if (home->touched) return 1;
    if (!reserve(work, &home->saved, home->now.n_nodes)) return 0;
    ki_line saved = home->saved;
    home->saved = home->now;
    home->saved.nodes = saved.nodes;
    home->saved.capacity = saved.capacity;
    home->saved.ranks = saved.ranks;
    home->saved.ranks_capacity = saved.ranks_capacity;
    size_t n_nodes = (size_t)home->now.n_nodes;
    if (n_nodes) memcpy(saved.nodes, home->now.nodes, n_nodes * sizeof *saved.nodes);
    if (n_nodes && work->model->n_sequences)
        memcpy(saved.ranks, home->now.ranks, n_nodes * sizeof *saved.ranks);
    home->touched = 1;
    work->touched[work->n_touched++] = slot;
    return 1;
}

static void forget_line(ki_work *work, int32_t slot) {
    leave_out_nodes(work, slot, 1, work->slots[slot].now.n_nodes - 1);
    work->slots[slot].now.n_nodes = 0;
}

/* The route that was cannot be driven any more: what would have stayed is left out too. */
static int give_up(ki_work *work, int32_t slot, const ki_stop *stops, int32_t n_stops) {
    work->slots[slot].now.n_nodes = 0;
    for (int32_t stop = 0; stop < n_stops; stop++)
        if (stops[stop].task >= 0 && work->where[stops[stop].task] == slot)
            leave_out(work, stops[stop].task);
    return 0;
}

int ki_work_set_as_is(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                      int32_t n_stops) {
    ki_line *line = &work->slots[slot].now;
    if (!touch(work, slot) || !reserve(work, line, n_stops + 2)) return 0;
    work->slots[slot].changed = ++work->n_changes;
    begin_change(work, slot);
    if (n_stops == 0 || line->type != type) forget_line(work, slot);
    if (n_stops == 0) return 1;
    line->type = type;
    int32_t head = 1, tail = 0, n_old = line->n_nodes, n_new = n_stops + 2;
    if (n_old) find_kept(line, stops, n_stops, &head, &tail);
    leave_out_nodes(work, slot, head, n_old - tail);
    if (!build(work->model, line, stops, n_stops, head, tail))
        return give_up(work, slot, stops, n_stops);
    take_in_nodes(work, slot, head, n_old == n_new ? n_new - tail : n_new);
    end_change(work, slot);
    return 1;
}

/* The stops with their holds, in the yard's memory; NULL: they do not fit. */
static const ki_stop *place(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                            int32_t n_stops, int64_t *cost_nano) {
    ki_route route = {type, n_stops, work->yard->stops};
    ki_route_value value;
    memcpy(route.stops, stops, (size_t)n_stops * sizeof *stops);
    if (ki_yard_place(work->yard, slot, &route, &value, NULL) != KI_YARD_FITS) return NULL;
    *cost_nano = value.cost_nano;
    return route.stops;
}

/* Most routes are in nobody's way: they are made without holds, which costs what changes and not
 * what is driven, and looked at then. 0: held they would have to be, or cannot be. */
static int set_without_holds(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                             int32_t n_stops) {
    ki_stop *free_stops = work->yard->stops;
    memcpy(free_stops, stops, (size_t)n_stops * sizeof *stops);
    for (int32_t stop = 0; stop < n_stops; stop++)
        free_stops[stop].from_ms = 0;
    return ki_work_set_as_is(work, slot, type, free_stops, n_stops) &&
           ki_yard_suits(work->yard, slot);
}

int ki_work_set(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops, int32_t n_stops) {
    int64_t cost_nano;
    if (!work->yard || n_stops == 0) return ki_work_set_as_is(work, slot, type, stops, n_stops);
    if (set_without_holds(work, slot, type, stops, n_stops)) return 1;
    if (!work->slots[slot].now.n_nodes) return 0; /* not feasible even alone */
    const ki_stop *placed = place(work, slot, type, stops, n_stops, &cost_nano);
    if (placed) return ki_work_set_as_is(work, slot, type, placed, n_stops);
    ki_work_set_as_is(work, slot, type, NULL, 0);
    return 0;
}

/* At any cost; as before if it does not fit. */
static int set_or_restore(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                          int32_t n_stops) {
    ki_stop *before = work->kept + 2 * (size_t)work->scratch_size;
    int32_t old_type = work->slots[slot].now.type;
    int32_t n_before = ki_line_stops(&work->slots[slot].now, before);
    if (ki_work_set(work, slot, type, stops, n_stops)) return 1;
    if (n_before) ki_work_set_as_is(work, slot, old_type, before, n_before);
    return 0;
}

int ki_work_set_below(ki_work *work, int32_t slot, int32_t type, const ki_stop *stops,
                      int32_t n_stops, int64_t limit_nano) {
    int64_t cost_nano;
    if (!work->yard) return ki_work_set_as_is(work, slot, type, stops, n_stops);
    if (limit_nano == KI_NO_COST) return set_or_restore(work, slot, type, stops, n_stops);
    const ki_stop *placed = place(work, slot, type, stops, n_stops, &cost_nano);
    return placed && cost_nano < limit_nano && ki_work_set_as_is(work, slot, type, placed, n_stops);
}

int32_t ki_work_settle(ki_work *work, int32_t type, ki_stop *stops, int32_t n_stops) {
    const ki_type *kind = &work->model->types[type];
    if (kind->battery_nwh)
        n_stops = ki_charges_settle(work->model, type, stops, n_stops, work->scratch_size);
    if (!kind->n_breaks || n_stops <= 0) return n_stops;
    if (n_stops + KI_MAX_BREAKS > work->scratch_size) return -1;
    return ki_breaks_settle(work->model, type, stops, n_stops, work->places, &work->rng);
}

int ki_work_set_settled(ki_work *work, int32_t slot, int32_t type, ki_stop *stops,
                        int32_t n_stops) {
    int32_t n_settled = ki_work_settle(work, type, stops, n_stops);
    return n_settled >= 0 && ki_work_set(work, slot, type, stops, n_settled);
}

int32_t ki_work_free_slot(ki_work *work) {
    for (int32_t slot = 0; slot < work->n_slots; slot++)
        if (work->slots[slot].now.n_nodes == 0) return slot;
    return -1;
}

void ki_work_keep(ki_work *work) {
    for (int32_t index = 0; index < work->n_touched; index++)
        work->slots[work->touched[index]].touched = 0;
    work->n_touched = 0;
    while (work->n_high > 0 && work->slots[work->n_high - 1].now.n_nodes == 0)
        work->n_high--;
}

void ki_work_undo(ki_work *work) {
    for (int32_t index = 0; index < work->n_touched; index++) {
        int32_t slot = work->touched[index];
        begin_change(work, slot);
        leave_out_nodes(work, slot, 1, work->slots[slot].now.n_nodes - 1);
    }
    for (int32_t index = 0; index < work->n_touched; index++) {
        int32_t slot = work->touched[index];
        ki_slot *home = &work->slots[slot];
        ki_line now = home->now;
        home->now = home->saved;
        home->saved = now;
        home->changed = ++work->n_changes;
        take_in_nodes(work, slot, 1, home->now.n_nodes - 1);
        end_change(work, slot);
    }
    ki_work_keep(work);
}

double ki_work_exponential(ki_rng *rng) {
    /* u = m * 2^-e with m in [1, 2): -ln u = e ln 2 - ln m, and ln m = 2 atanh((m-1)/(m+1)). The
     * same bits on every machine; good to seven digits. */
    uint64_t bits = ki_rng_next(rng) >> 11;
    int exponent = 1;
    while (exponent < 53 && !(bits >> 52))
        bits <<= 1, exponent++;
    double m = (double)(bits ? bits : (uint64_t)1 << 52) * 0x1.0p-52;
    double s = (m - 1) / (m + 1), q = s * s;
    double log_m = 2 * s * (1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q / 9))));
    return exponent * 0.69314718055994531 - log_m;
}
