/* SPDX-License-Identifier: GPL-3.0-or-later
 * ruin.c - Slack Induction by String Removals.
 *
 * Around a task drawn at random, a string of consecutive stops is taken out of each of a few
 * nearby trips: that frees capacity and time in one place, where the strings can be exchanged.
 * What was taken out is put back one by one at its cheapest place. Tasks may stay out at their
 * prize, so optional tasks need no moves of their own.
 *
 * Source: Christiaens and Vanden Berghe, "Slack induction by string removals for vehicle routing
 * problems", Transportation Science 54(2), 2020; with trips between two tips as its tours. */
#include "search/ruin.h"

#include "base/error.h"

#include <assert.h>
#include <string.h>

enum {
    MEAN_REMOVED = 10,
    LONGEST_STRING = 10,
    KEY_RANDOM = 0,
    KEY_DEMAND,
    KEY_FAR,
    KEY_CLOSE,
    KEY_WINDOW,
    KEY_PRIZE,
    N_KEYS
};

/* ---- what is known of each task from the start ----------------------------------------------- */

static int64_t share_of_capacity(const ki_model *model, int32_t task) {
    int32_t type = __builtin_ctzll(model->tasks[task].types);
    int64_t most = 0;
    for (int32_t dim = 0; dim < model->types[type].n_dims; dim++) {
        int64_t capacity = model->types[type].capacity[dim];
        int64_t share = ki_demand(model, type, task)[dim] * 1000000 / (capacity > 0 ? capacity : 1);
        if (share > most) most = share;
    }
    return most;
}

static int64_t from_depot(const ki_model *model, int32_t task) {
    int32_t type = __builtin_ctzll(model->tasks[task].types);
    int32_t entry = model->modes[model->tasks[task].first_mode].entry;
    return ki_time_ms(model, type, model->types[type].start_point, entry);
}

static int64_t window_width(const ki_model *model, int32_t task) {
    int64_t width = 0;
    const ki_task *at = &model->tasks[task];
    for (int32_t mode = at->first_mode; mode < at->first_mode + at->n_modes; mode++) {
        int64_t open = model->modes[mode].close_ms - (int64_t)model->modes[mode].open_ms;
        if (open > width) width = open;
    }
    return width;
}

static void fill_keys(ki_ruin *ruin, const ki_model *model) {
    for (int32_t task = 0; task < model->n_tasks; task++) {
        /* What nobody can serve is never put back: its place in an order does not matter. */
        if (!model->tasks[task].types || !model->tasks[task].n_modes) continue;
        ruin->keys[KEY_DEMAND][task] = -share_of_capacity(model, task);
        ruin->keys[KEY_CLOSE][task] = from_depot(model, task);
        ruin->keys[KEY_FAR][task] = -ruin->keys[KEY_CLOSE][task];
        ruin->keys[KEY_WINDOW][task] = window_width(model, task);
        ruin->keys[KEY_PRIZE][task] = -model->tasks[task].prize_nano;
    }
}

kerb_status ki_ruin_init(ki_ruin *ruin, ki_work *work, kerb_error *err) {
    size_t n_tasks = (size_t)work->model->n_tasks;
    *ruin = (ki_ruin){0};
    ruin->gone = ki_arena_alloc(&work->arena, n_tasks, sizeof *ruin->gone);
    ruin->seen = ki_arena_alloc(&work->arena, n_tasks, sizeof *ruin->seen);
    ruin->pending = ki_arena_alloc(&work->arena, n_tasks, sizeof *ruin->pending);
    int complete = ruin->gone && ruin->seen && ruin->pending;
    for (int key = 0; key < N_KEYS; key++) {
        ruin->keys[key] = ki_arena_alloc(&work->arena, n_tasks, sizeof *ruin->keys[key]);
        complete = complete && ruin->keys[key];
    }
    if (!complete) return ki_fail_no_memory(err, "the search");
    fill_keys(ruin, work->model);
    return KERB_OK;
}

/* ---- taking out ------------------------------------------------------------------------------ */

typedef struct trip {
    const ki_line *line;
    int32_t first, n; /* nodes of tasks and breaks */
} trip;

static trip trip_of(const ki_work *work, int32_t task) {
    const ki_line *line = &work->slots[work->where[task]].now;
    const ki_visit *node = &line->nodes[work->place[task]];
    return (trip){line, work->place[task] - node->in_trip + 1, node->in_trip + node->to_tip - 1};
}

static void take_out(ki_ruin *ruin, int32_t task) {
    if (task < 0 || ruin->gone[task]) return;
    ruin->gone[task] = 1;
    ruin->pending[ruin->n_pending++] = task;
}

static int32_t draw(ki_work *work, int32_t low, int32_t high) {
    return low + (int32_t)ki_rng_below(&work->rng, (uint32_t)(high - low + 1));
}

/* `length` stops around the task are taken out; half the time some in their middle stay. */
static void ruin_trip(ki_ruin *ruin, ki_work *work, const trip *at, int32_t task, int32_t length) {
    int32_t kept = 0;
    if (length > 1 && length < at->n && ki_rng_below(&work->rng, 2)) {
        kept = 1;
        while (length + kept < at->n && ki_rng_below(&work->rng, 100) == 0)
            kept++;
    }
    int32_t place = work->place[task], span = length + kept, end = at->first + at->n;
    int32_t low = place - span + 1, high = place;
    if (low < at->first) low = at->first;
    if (high > end - span) high = end - span;
    int32_t start = draw(work, low, high);
    int32_t gap = kept ? start + draw(work, 1, length - 1) : -1;
    for (int32_t node = start; node < start + span; node++)
        if (!kept || node < gap || node >= gap + kept)
            take_out(ruin, at->line->nodes[node].stop.task);
    for (int32_t node = at->first; node < end; node++)
        if (at->line->nodes[node].stop.task >= 0)
            ruin->seen[at->line->nodes[node].stop.task] = ruin->stamp;
}

int32_t ki_stops_tidy(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops) {
    int32_t n_kept = 0, n_tasks = 0;
    int loaded = ki_starts_loaded(&model->types[type]);
    n_stops = ki_stops_strip(stops, n_stops);
    for (int32_t stop = 0; stop < n_stops; stop++) {
        int is_tip = stops[stop].task == KI_TIP;
        if (is_tip && !loaded) { /* keep the later of two: it may be the last of the route */
            if (n_kept > 0 && stops[n_kept - 1].task == KI_TIP) stops[n_kept - 1] = stops[stop];
            continue;
        }
        loaded = !is_tip;
        n_tasks += !is_tip;
        stops[n_kept++] = stops[stop];
    }
    return n_tasks ? n_kept : 0;
}

/* The type of another way to set the vehicle's walls, some of the time, and what is left of its
 * route as stops of that type. */
static int32_t draw_setting(ki_work *work, int32_t type, int32_t n_stops) {
    const ki_model *model = work->model;
    int32_t lead = ki_lead(model, type), n = 1;
    while (lead + n < model->n_types && ki_lead(model, lead + n) == lead)
        n++;
    if (n == 1 || ki_rng_below(&work->rng, 3)) return type;
    int32_t other = lead + (int32_t)ki_rng_below(&work->rng, (uint32_t)n);
    for (int32_t stop = 0; stop < n_stops; stop++) /* both tip at the same places */
        if (!ki_stop_as(model, other, &work->scratch[stop])) assert(0);
    return other;
}

/* Where windows or ways rule out what remains of a route, all of it is taken out. */
static void apply_to_slot(ki_ruin *ruin, ki_work *work, int32_t slot) {
    const ki_line *line = &work->slots[slot].now;
    int32_t n_stops = 0, type = line->type;
    for (int32_t at = 1; at + 1 < line->n_nodes; at++) {
        const ki_stop *stop = &line->nodes[at].stop;
        if (stop->task < 0 || !ruin->gone[stop->task]) work->scratch[n_stops++] = *stop;
    }
    n_stops = ki_stops_tidy(work->model, type, work->scratch, n_stops);
    if (work->model->has_settings) type = draw_setting(work, type, n_stops);
    int32_t n_settled = ki_work_settle(work, type, work->scratch, n_stops);
    if (n_settled >= 0 && ki_work_set(work, slot, type, work->scratch, n_settled)) return;
    for (int32_t at = 1; at + 1 < line->n_nodes; at++)
        take_out(ruin, line->nodes[at].stop.task);
    for (int32_t stop = 0; stop < n_settled; stop++)
        take_out(ruin, work->scratch[stop].task);
    if (line->n_nodes) ki_work_set(work, slot, type, NULL, 0);
}

static void apply(ki_ruin *ruin, ki_work *work) {
    for (int32_t index = 0; index < ruin->n_pending; index++) {
        int32_t slot = work->where[ruin->pending[index]];
        if (slot >= 0) apply_to_slot(ruin, work, slot);
    }
    for (int32_t index = 0; index < ruin->n_pending; index++)
        ruin->gone[ruin->pending[index]] = 0;
}

static int32_t draw_seed(ki_work *work) {
    if (work->n_absent > 0 && ki_rng_below(&work->rng, 8) == 0)
        return work->absent[ki_rng_below(&work->rng, (uint32_t)work->n_absent)];
    return (int32_t)ki_rng_below(&work->rng, (uint32_t)work->model->n_tasks);
}

static double mean_trip(const ki_work *work) {
    int32_t n_tasks = work->model->n_tasks - work->n_absent, n_trips = 0;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now;
        if (line->n_nodes) n_trips += line->n_nodes - 2 - line->n_tasks - line->n_breaks;
    }
    return n_trips ? (double)n_tasks / n_trips : 1;
}

static void ruin_near(ki_ruin *ruin, ki_work *work, int32_t task, double longest) {
    if (work->where[task] < 0 || ruin->seen[task] == ruin->stamp) return;
    trip at = trip_of(work, task);
    double most = at.n < longest ? at.n : longest;
    int32_t length = (int32_t)(1 + ki_rng_unit(&work->rng) * most);
    ruin_trip(ruin, work, &at, task, length > at.n ? at.n : length);
}

static void ruin_whole_route(ki_ruin *ruin, ki_work *work) {
    int32_t slot = work->where[ruin->seed];
    if (slot < 0) return;
    const ki_line *line = &work->slots[slot].now;
    for (int32_t at = 1; at + 1 < line->n_nodes; at++)
        if (line->nodes[at].stop.task >= 0) take_out(ruin, line->nodes[at].stop.task);
}

void ki_ruin_strings(ki_ruin *ruin, ki_work *work) {
    ruin->n_pending = 0;
    ruin->stamp++;
    ruin->seed = draw_seed(work);
    double longest = mean_trip(work);
    if (longest > LONGEST_STRING) longest = LONGEST_STRING;
    double strings = 4.0 * MEAN_REMOVED / (1 + longest) - 1;
    int32_t n_strings = (int32_t)(1 + ki_rng_unit(&work->rng) * strings);
    int whole = ki_rng_below(&work->rng, (uint32_t)work->model->n_tasks + 10) < 4;
    if (whole) ruin_whole_route(ruin, work);
    ruin_near(ruin, work, ruin->seed, longest);
    const int32_t *near = ki_work_near(work, ruin->seed);
    for (int32_t rank = 0; rank < work->n_neighbours && near[rank] >= 0 && n_strings > 1; rank++) {
        int32_t before = ruin->n_pending;
        ruin_near(ruin, work, near[rank], longest);
        n_strings -= ruin->n_pending > before;
    }
    apply(ruin, work);
}

/* ---- putting back ---------------------------------------------------------------------------- */

static void sort_pending(ki_ruin *ruin, const int64_t *key) {
    for (int32_t index = 1; index < ruin->n_pending; index++) {
        int32_t task = ruin->pending[index], at = index;
        for (; at > 0 && key[ruin->pending[at - 1]] > key[task]; at--)
            ruin->pending[at] = ruin->pending[at - 1];
        ruin->pending[at] = task;
    }
}

static void shuffle_pending(ki_ruin *ruin, ki_work *work) {
    for (int32_t index = ruin->n_pending - 1; index > 0; index--) {
        int32_t other = draw(work, 0, index), task = ruin->pending[index];
        ruin->pending[index] = ruin->pending[other];
        ruin->pending[other] = task;
    }
}

static void sort_somehow(ki_ruin *ruin, ki_work *work) {
    static const int keys[] = {KEY_RANDOM, KEY_RANDOM, KEY_RANDOM, KEY_RANDOM, KEY_DEMAND,
                               KEY_DEMAND, KEY_DEMAND, KEY_DEMAND, KEY_FAR,    KEY_FAR,
                               KEY_CLOSE,  KEY_WINDOW, KEY_PRIZE};
    int key = keys[ki_rng_below(&work->rng, sizeof keys / sizeof *keys)];
    shuffle_pending(ruin, work);
    if (key != KEY_RANDOM) sort_pending(ruin, ruin->keys[key]);
}

/* Tasks left out before this step get a chance where something has moved. */
static void add_absent(ki_ruin *ruin, ki_work *work) {
    enum { MOST_ABSENT = 10, LOOK_AT = 40 };
    int32_t n_before = ruin->n_pending;
    for (int32_t index = 0; index < n_before; index++)
        ruin->gone[ruin->pending[index]] = 1;
    if (work->where[ruin->seed] < 0) take_out(ruin, ruin->seed);
    const int32_t *near = ki_work_near(work, ruin->seed);
    for (int32_t rank = 0; rank < LOOK_AT && rank < work->n_neighbours; rank++)
        if (near[rank] >= 0 && work->where[near[rank]] < 0 &&
            ruin->n_pending < n_before + MOST_ABSENT)
            take_out(ruin, near[rank]);
    for (int32_t index = 0; index < ruin->n_pending; index++)
        ruin->gone[ruin->pending[index]] = 0;
}

static void put_back(ki_ruin *ruin, ki_work *work, int blinks) {
    for (int32_t index = 0; index < ruin->n_pending; index++) {
        int32_t task = ruin->pending[index];
        ki_insertion best;
        ki_insert_find(work, task, ki_work_left_out(work, task), blinks, &best);
        if (best.delta_nano != KI_NO_COST) ki_insert_apply(work, &best);
    }
    ruin->n_pending = 0;
}

void ki_ruin_put_back(ki_ruin *ruin, ki_work *work) {
    sort_somehow(ruin, work);
    put_back(ruin, work, 1);
}

void ki_ruin_recreate(ki_ruin *ruin, ki_work *work, int blinks) {
    if (work->n_absent > ruin->n_pending) add_absent(ruin, work);
    sort_somehow(ruin, work);
    put_back(ruin, work, blinks);
}

void ki_ruin_construct(ki_ruin *ruin, ki_work *work) {
    ruin->n_pending = work->n_absent;
    memcpy(ruin->pending, work->absent, (size_t)work->n_absent * sizeof *ruin->pending);
    shuffle_pending(ruin, work);
    put_back(ruin, work, 0);
}
