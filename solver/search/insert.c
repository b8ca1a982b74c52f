/* SPDX-License-Identifier: GPL-3.0-or-later
 * insert.c - looks through every place of every route, with all modes of the task. Where the load
 * of a trip leaves no room, the task comes with a tip of its own before or behind it; where tasks
 * are released late, also where there is room: the trip may be better off without the wait.
 *
 * A place is first priced from below by its legs alone: at best the new stop uses up all the
 * waiting of the route. Few places survive that; those are priced exactly by a chain. */
#include "search/insert.h"

#include <string.h>

typedef struct scan { /* one task over one route */
    ki_work *work;
    const ki_model *model;
    const ki_line *line;
    const ki_type *type;
    const ki_task *task;
    const int64_t *demand;
    int32_t task_index, slot;
    int64_t slack_nano, slack_ms; /* what fees and unloading may at most save */
    int blinks;
    ki_insertion *best;
} scan;

enum { TIPS_ONE_IN = 8, FAR_ONE_IN = 16, NEAR_PLACES = 24 };

static int64_t price_detour(const scan *s, int64_t more_ms, int64_t more_mm) {
    int64_t spell_ms = s->line->spell_ms - s->line->wait_ms + more_ms - s->slack_ms;
    return more_mm * s->type->nano_per_mm + ki_cost_spell(s->type, spell_ms) - s->line->spell_nano -
           s->slack_nano;
}

static int blink(const scan *s) {
    return s->blinks && ki_rng_below(&s->work->rng, s->work->blink_one_in) == 0;
}

/* The stops of a line with these behind a node, in work->scratch; -1: there is no room. */
static int32_t splice(ki_work *work, const ki_line *line, int32_t at, const ki_stop *stops,
                      int32_t n_stops) {
    int32_t n_old = ki_line_stops(line, work->scratch);
    if (n_old + n_stops > work->scratch_size) return -1;
    ki_stop *gap = work->scratch + at;
    memmove(gap + n_stops, gap, (size_t)(n_old - at) * sizeof *gap);
    memcpy(gap, stops, (size_t)n_stops * sizeof *gap);
    return n_old + n_stops;
}

/* Of the line with these stops behind a node and the charges it then needs. */
static int64_t price_charged(const scan *s, int32_t at, const ki_stop *stops, int32_t n_stops) {
    ki_route route = {s->line->type, splice(s->work, s->line, at, stops, n_stops),
                      s->work->scratch};
    ki_route_value value;
    if (route.n_stops < 0) return KI_NO_COST;
    route.n_stops =
        ki_charges_settle(s->model, route.type, route.stops, route.n_stops, s->work->scratch_size);
    if (route.n_stops < 0) return KI_NO_COST;
    ki_route_evaluate(s->model, &route, &value, NULL);
    return value.feasible ? value.cost_nano : KI_NO_COST;
}

static void try_stops(scan *s, int32_t at, const ki_stop *stops, int32_t n_stops) {
    ki_chain chain;
    ki_chain_from(&chain, s->model, s->line, at);
    chain.without_breaks = s->line->n_breaks < s->type->n_breaks;
    chain.will_charge = 1;
    for (int32_t stop = 0; stop < n_stops; stop++)
        ki_chain_stop(&chain, &stops[stop]);
    ki_chain_rest(&chain, s->line, at + 1);
    int64_t cost_nano = ki_chain_cost(&chain);
    if (cost_nano != KI_NO_COST && chain.is_flat && !chain.without_breaks)
        cost_nano = price_charged(s, at, stops, n_stops);
    if (cost_nano == KI_NO_COST || cost_nano - s->line->cost_nano >= s->best->delta_nano) return;
    *s->best = (ki_insertion){.delta_nano = cost_nano - s->line->cost_nano,
                              .slot = s->slot,
                              .type = s->line->type,
                              .at = at,
                              .n_stops = n_stops,
                              .settle = ki_chain_settles(&chain)};
    memcpy(s->best->stops, stops, (size_t)n_stops * sizeof *stops);
}

typedef struct detour { /* leaving the way from a node to the next for a mode of the task */
    int32_t there_ms, there_mm;
    int64_t busy_ms, saved_ms;
} detour;

/* 0 if the place is out of the question whatever comes behind the task. */
static int look_at(const scan *s, int32_t at, const ki_mode *mode, int32_t service_ms,
                   detour *way) {
    const ki_visit *from = &s->line->nodes[at], *to = from + 1;
    way->there_ms = ki_time_ms(s->model, s->line->type, from->exit, mode->entry);
    way->there_mm = ki_length_mm(s->model, s->line->type, from->exit, mode->entry);
    if (way->there_ms == KI_NEVER || way->there_mm == KI_NEVER) return 0;
    if (from->before.early + from->before.duration + way->there_ms > mode->close_ms) return 0;
    way->busy_ms = service_ms;
    way->saved_ms = to->leg_ms;
    int32_t site = s->task->site;
    int shared = site >= 0 && site == from->site && from->exit == mode->entry;
    if (!shared) way->busy_ms += s->task->setup_ms;
    if (site >= 0 && site == to->site && mode->exit == to->entry) way->saved_ms += to->setup_ms;
    return 1;
}

static void try_place(scan *s, int32_t at, int32_t mode_index) {
    const ki_mode *mode = &s->model->modes[mode_index];
    const ki_visit *from = &s->line->nodes[at], *to = from + 1;
    detour way;
    int32_t service_ms = ki_service_ms(s->model, s->line->type, mode_index);
    if (service_ms == KI_NEVER || !look_at(s, at, mode, service_ms, &way)) return;
    int32_t back_ms = ki_time_ms(s->model, s->line->type, mode->exit, to->entry);
    int32_t back_mm = ki_length_mm(s->model, s->line->type, mode->exit, to->entry);
    if (back_ms == KI_NEVER || back_mm == KI_NEVER) return;
    int64_t more_ms = way.there_ms + way.busy_ms + back_ms - way.saved_ms;
    int64_t more_mm = (int64_t)way.there_mm + mode->length_mm + back_mm - to->leg_mm;
    if (price_detour(s, more_ms, more_mm) >= s->best->delta_nano || blink(s)) return;
    int64_t arrival_ms = from->before.early + from->before.duration + way.there_ms;
    if (arrival_ms < mode->open_ms) arrival_ms = mode->open_ms;
    /* The set-up behind may be paid or saved differently: not judged here. */
    if (arrival_ms + way.busy_ms + back_ms > to->after.late && to->site < 0) return;
    ki_stop stop = {s->task_index, mode_index, 0};
    try_stops(s, at, &stop, 1);
}

static void scan_trip(scan *s, int32_t first, int32_t tip) {
    for (int32_t mode = 0; mode < s->task->n_modes; mode++)
        for (int32_t at = first; at < tip; at++)
            try_place(s, at, s->task->first_mode + mode);
}

/* ---- with a tip ------------------------------------------------------------------------------ */

static int loaded(const scan *s, const int64_t *load) {
    for (int32_t dim = 0; dim < s->type->n_dims; dim++)
        if (load[dim] > 0) return 1;
    return 0;
}

/* May `load` less `without` still take the task? */
static int has_room(const scan *s, const int64_t *load, const int64_t *without) {
    for (int32_t dim = 0; dim < s->type->n_dims; dim++) {
        int64_t sum = load[dim] + s->demand[dim] - (without ? without[dim] : 0);
        if (sum > s->type->capacity[dim]) return 0;
    }
    return 1;
}

/* Does the facility of a tip still take so much? */
static int takes(const ki_work *work, int32_t tip, int64_t mass_g) {
    return !work->yard || ki_yard_takes(work->yard, work->model->tips[tip].facility, mass_g);
}

/* May the task go into the trip that ends at a node? */
static int trip_has_room(const scan *s, int32_t tip_node) {
    return has_room(s, s->line->nodes[tip_node - 1].load, NULL) &&
           takes(s->work, s->line->nodes[tip_node].stop.mode, ki_mass_of(s->type, s->demand));
}

/* A tip added may take its share of the load faster or cheaper than the tip there was. */
static void set_slack(scan *s, int32_t tip_node) {
    const int64_t *load = s->line->nodes[tip_node - 1].load;
    int32_t tip = s->line->nodes[tip_node].stop.mode;
    int64_t fees_nano = ki_cost_fees(s->model, s->line->type, tip, load), least_nano = fees_nano;
    const ki_tip *there = &s->model->tips[tip];
    int64_t busy_ms = ki_tip_ms(s->model, s->line->type, tip, load) - there->fixed_ms;
    int64_t least_ms = busy_ms;
    for (int32_t i = s->type->first_tip; i < s->type->first_tip + s->type->n_tips; i++) {
        int64_t nano = ki_cost_fees(s->model, s->line->type, i, load);
        int64_t ms = ki_tip_ms(s->model, s->line->type, i, load) - s->model->tips[i].fixed_ms;
        if (nano < least_nano) least_nano = nano;
        if (ms < least_ms) least_ms = ms;
    }
    s->slack_nano = fees_nano - least_nano;
    s->slack_ms = busy_ms - least_ms + 2; /* two unloadings are rounded down on their own */
    s->slack_ms += s->line->charge_ms;    /* an earlier charge may shorten those behind it */
}

static void try_tip(scan *s, int32_t at, const ki_mode *mode, const detour *way, int32_t tip,
                    const ki_stop *stops, int tip_first) {
    const ki_visit *from = &s->line->nodes[at], *to = from + 1;
    const ki_tip *option = &s->model->tips[tip];
    int32_t type = s->line->type;
    int32_t a = from->exit, b = tip_first ? option->point : mode->entry;
    int32_t c = tip_first ? option->point : mode->exit, d = tip_first ? mode->entry : option->point;
    int32_t e = tip_first ? mode->exit : option->point;
    int32_t ms1 = ki_time_ms(s->model, type, a, b), ms2 = ki_time_ms(s->model, type, c, d);
    int32_t ms3 = ki_time_ms(s->model, type, e, to->entry);
    int32_t mm1 = ki_length_mm(s->model, type, a, b), mm2 = ki_length_mm(s->model, type, c, d);
    int32_t mm3 = ki_length_mm(s->model, type, e, to->entry);
    if (ms1 == KI_NEVER || ms2 == KI_NEVER || ms3 == KI_NEVER) return;
    if (mm1 == KI_NEVER || mm2 == KI_NEVER || mm3 == KI_NEVER) return;
    int64_t more_ms = (int64_t)ms1 + ms2 + ms3 + way->busy_ms + option->fixed_ms - way->saved_ms;
    int64_t more_mm = (int64_t)mm1 + mm2 + mm3 + mode->length_mm - to->leg_mm;
    if (price_detour(s, more_ms, more_mm) >= s->best->delta_nano) return;
    try_stops(s, at, stops, 2);
}

/* What is on board behind a node goes to a new tip, with the task or before it. */
static int may_share(const scan *s, const ki_visit *from, int32_t tip, int32_t tip_node,
                     int with_task) {
    if (!s->work->yard) return 1;
    int32_t old = s->line->nodes[tip_node].stop.mode;
    int64_t task_g = ki_mass_of(s->type, s->demand), head_g = ki_mass_of(s->type, from->load);
    if (s->model->tips[tip].facility == s->model->tips[old].facility)
        return takes(s->work, tip, task_g);
    return takes(s->work, tip, head_g + (with_task ? task_g : 0)) &&
           takes(s->work, old, with_task ? 0 : task_g - head_g);
}

/* Both orders, all tips, at one place of a trip that is too full. */
static void try_place_with_tip(scan *s, int32_t at, int32_t tip_node, int32_t mode_index) {
    const ki_visit *from = &s->line->nodes[at];
    const ki_mode *mode = &s->model->modes[mode_index];
    const int64_t *trip = s->line->nodes[tip_node - 1].load;
    int32_t service_ms = ki_service_ms(s->model, s->line->type, mode_index);
    detour way;
    if (service_ms == KI_NEVER || !look_at(s, at, mode, service_ms, &way)) return;
    int behind = at + 1 < tip_node && has_room(s, from->load, NULL);
    int before = loaded(s, from->load) && has_room(s, trip, from->load);
    if ((!behind && !before) || blink(s)) return;
    ki_stop task = {s->task_index, mode_index, 0};
    for (int32_t tip = s->type->first_tip; tip < s->type->first_tip + s->type->n_tips; tip++) {
        ki_stop option = {KI_TIP, tip, 0};
        ki_stop task_first[2] = {task, option}, tip_first[2] = {option, task};
        if (behind && may_share(s, from, tip, tip_node, 1))
            try_tip(s, at, mode, &way, tip, task_first, 0);
        if (before && may_share(s, from, tip, tip_node, 0))
            try_tip(s, at, mode, &way, tip, tip_first, 1);
    }
}

static void scan_full_trip(scan *s, int32_t first, int32_t tip) {
    set_slack(s, tip);
    for (int32_t mode = 0; mode < s->task->n_modes; mode++)
        for (int32_t at = first; at < tip; at++)
            try_place_with_tip(s, at, tip, s->task->first_mode + mode);
    s->slack_nano = s->slack_ms = 0;
}

/* ---- routes ---------------------------------------------------------------------------------- */

/* A tip may help though the trip has room: what is released late waits, or the battery is low. */
static int tips_help(const scan *s) {
    return s->model->has_releases || s->type->battery_nwh > 0;
}

static void scan_trips(scan *s, int full) {
    int32_t end = s->line->n_nodes - 1;
    for (int32_t first = 0; first + 1 < end;) {
        int32_t tip = first + 1 + s->line->nodes[first + 1].to_tip;
        if (tip == end) return; /* breaks behind the last tip */
        int room = trip_has_room(s, tip);
        if (full && tips_help(s)) room = 0;
        if (room && !full) {
            /* The fee for the task is sure to come on top. */
            s->slack_nano =
                -ki_cost_fees(s->model, s->line->type, s->line->nodes[tip].stop.mode, s->demand);
            scan_trip(s, first, tip);
            s->slack_nano = 0;
        }
        if (!room && full) scan_full_trip(s, first, tip);
        first = tip;
    }
}

static int may_serve(const ki_work *work, int32_t task, int32_t type) {
    return (work->model->tasks[task].types >> type & 1) != 0;
}

static void begin_scan(scan *s, ki_work *work, int32_t task, int blinks, ki_insertion *best) {
    *s = (scan){.work = work,
                .model = work->model,
                .task = &work->model->tasks[task],
                .task_index = task,
                .slot = -1,
                .blinks = blinks,
                .best = best};
}

static int totals_fit(const ki_work *work, const ki_line *line, int32_t task) {
    const ki_type *type = &work->model->types[line->type];
    const ki_visit *end = &line->nodes[line->n_nodes - 1];
    return ki_totals_fit(type, end->total_to + ki_demand(work->model, line->type, task)[0],
                         end->tasks_to + 1);
}

/* 0 if the task cannot go into this route. */
static int enter_line(scan *s, int32_t slot) {
    const ki_line *line = &s->work->slots[slot].now;
    if (line->n_nodes == 0 || !may_serve(s->work, s->task_index, line->type)) return 0;
    if (!totals_fit(s->work, line, s->task_index)) return 0;
    if (slot == s->slot) return 1;
    s->slot = slot;
    s->line = line;
    s->type = &s->model->types[line->type];
    s->demand = ki_demand(s->model, line->type, s->task_index);
    return 1;
}

static void scan_line(ki_work *work, int32_t task, int32_t slot, int full, int blinks,
                      ki_insertion *best) {
    scan s;
    begin_scan(&s, work, task, blinks, best);
    if (enter_line(&s, slot)) scan_trips(&s, full);
}

/* All modes between a node and the next, in the trip that ends at node `tip`. */
static void scan_place(scan *s, int32_t at, int32_t tip, int full) {
    for (int32_t mode = 0; mode < s->task->n_modes; mode++)
        if (full)
            try_place_with_tip(s, at, tip, s->task->first_mode + mode);
        else
            try_place(s, at, s->task->first_mode + mode);
}

static int is_seen(const scan *s, int32_t at) {
    int32_t task = s->line->nodes[at].stop.task;
    return task >= 0 && s->work->near_seen[task] == s->work->near_stamp;
}

/* Before and behind one near task, and at both ends of its trip: places that others of its trip
 * have shown already are passed over. 0 if the trip is too full, or has room and `full` is asked.
 */
static int scan_beside(scan *s, int32_t other, int full) {
    int32_t at = s->work->place[other];
    const ki_visit *node = &s->line->nodes[at];
    int32_t first = at - node->in_trip + 1, tip = at + node->to_tip;
    const ki_visit *last = &s->line->nodes[tip - 1], *key = last;
    while (key->stop.task < 0)
        key--;
    s->work->near_seen[other] = s->work->near_stamp;
    int room = trip_has_room(s, tip);
    if (room == full && !(full && tips_help(s))) return 0;
    if (full)
        set_slack(s, tip);
    else
        s->slack_nano =
            -ki_cost_fees(s->model, s->line->type, s->line->nodes[tip].stop.mode, s->demand);
    if (!is_seen(s, at - 1)) scan_place(s, at - 1, tip, full);
    if (!is_seen(s, at + 1)) scan_place(s, at, tip, full);
    int64_t *trip_seen = &s->work->trip_seen[key->stop.task];
    if (*trip_seen != s->work->near_stamp) {
        *trip_seen = s->work->near_stamp;
        if (at != first) scan_place(s, first - 1, tip, full);
        if (at != tip - 1) scan_place(s, tip - 1, tip, full);
    }
    s->slack_nano = s->slack_ms = 0;
    return 1;
}

/* Only places beside near tasks: the cost of a step must not grow with the length of routes. */
static void scan_near(ki_work *work, int32_t task, int full, int blinks, ki_insertion *best) {
    const int32_t *near = ki_work_near(work, task);
    scan s;
    begin_scan(&s, work, task, blinks, best);
    work->near_stamp++;
    int32_t n_left = NEAR_PLACES;
    for (int32_t rank = 0; rank < work->n_neighbours && n_left > 0; rank++) {
        if (near[rank] < 0) return;
        int32_t slot = work->where[near[rank]];
        if (slot >= 0 && enter_line(&s, slot)) n_left -= scan_beside(&s, near[rank], full);
    }
}

static void scan_all(ki_work *work, int32_t task, int full, int blinks, ki_insertion *best) {
    for (int32_t slot = 0; slot < work->n_high; slot++)
        scan_line(work, task, slot, full, blinks, best);
}

static void try_new(ki_work *work, const ki_stop *stops, int32_t n_stops, int32_t type,
                    ki_insertion *best) {
    ki_chain chain;
    if (!takes(work, stops[n_stops - 1].mode,
               ki_mass_of(&work->model->types[type],
                          ki_demand(work->model, type, stops[n_stops - 2].task))))
        return;
    ki_chain_new(&chain, work->model, type);
    chain.without_breaks = work->model->types[type].n_breaks > 0;
    chain.will_charge = 1;
    for (int32_t stop = 0; stop < n_stops; stop++)
        ki_chain_stop(&chain, &stops[stop]);
    ki_chain_end(&chain);
    int64_t cost_nano = ki_chain_cost(&chain);
    if (cost_nano == KI_NO_COST) return;
    if (work->free_shifts) cost_nano -= work->model->types[type].used_nano;
    if (cost_nano >= best->delta_nano) return;
    *best = (ki_insertion){.delta_nano = cost_nano,
                           .slot = -1,
                           .type = type,
                           .at = 0,
                           .n_stops = n_stops,
                           .settle = ki_chain_settles(&chain)};
    memcpy(best->stops, stops, (size_t)n_stops * sizeof *stops);
}

/* With a starting load also: empty first. */
static void try_new_of_type(ki_work *work, int32_t task, int32_t type, ki_insertion *best) {
    const ki_type *kind = &work->model->types[type];
    const ki_task *wanted = &work->model->tasks[task];
    int carries = 0;
    for (int32_t dim = 0; dim < kind->n_dims; dim++)
        carries |= kind->start_load[dim] > 0;
    for (int32_t mode = 0; mode < wanted->n_modes; mode++)
        for (int32_t last = kind->first_tip; last < kind->first_tip + kind->n_tips; last++) {
            ki_stop stops[3] = {{0}, {task, wanted->first_mode + mode, 0}, {KI_TIP, last, 0}};
            try_new(work, stops + 1, 2, type, best);
            for (int32_t tip = kind->first_tip; carries && tip < kind->first_tip + kind->n_tips;
                 tip++) {
                stops[0] = (ki_stop){KI_TIP, tip, 0};
                try_new(work, stops, 3, type, best);
            }
        }
}

void ki_insert_new(ki_work *work, int32_t task, int32_t type, ki_insertion *best) {
    *best = (ki_insertion){.delta_nano = KI_NO_COST, .slot = -1, .type = -1};
    if (ki_work_may_open(work, type) && may_serve(work, task, type))
        try_new_of_type(work, task, type, best);
}

void ki_insert_scan(ki_work *work, int32_t task, int32_t slot, int blinks, ki_insertion *best) {
    scan_line(work, task, slot, 0, blinks, best);
    scan_line(work, task, slot, 1, blinks, best);
}

static void scan_new(ki_work *work, int32_t task, int blinks, ki_insertion *best) {
    for (int32_t type = 0; type < work->model->n_types; type++)
        if (ki_work_may_open(work, type) && may_serve(work, task, type) &&
            !(blinks && ki_rng_below(&work->rng, work->blink_one_in) == 0))
            try_new_of_type(work, task, type, best);
}

void ki_insert_find(ki_work *work, int32_t task, int64_t limit_nano, int blinks,
                    ki_insertion *best) {
    *best = (ki_insertion){.delta_nano = limit_nano, .slot = -1, .type = -1};
    scan_near(work, task, 0, blinks, best);
    scan_new(work, task, blinks, best);
    /* Another tip is rarely the better way where there is one without. */
    int with_tips = !blinks || best->type < 0 || ki_rng_below(&work->rng, TIPS_ONE_IN) == 0;
    if (with_tips) scan_near(work, task, 1, blinks, best);
    /* A route far away is better than none. */
    int far = best->type < 0 && (!blinks || ki_rng_below(&work->rng, FAR_ONE_IN) == 0);
    if (far) scan_all(work, task, 0, blinks, best);
    if (far && best->type < 0) scan_all(work, task, 1, blinks, best);
    if (best->type < 0) best->delta_nano = KI_NO_COST;
}

int ki_insert_apply(ki_work *work, const ki_insertion *insertion) {
    int32_t slot = insertion->slot < 0 ? ki_work_free_slot(work) : insertion->slot;
    if (slot < 0) return 0;
    const ki_line *line = &work->slots[slot].now; /* of a free slot: no stops */
    int32_t n_stops = splice(work, line, insertion->at, insertion->stops, insertion->n_stops);
    if (n_stops < 0) return 0;
    if (insertion->settle) n_stops = ki_work_settle(work, insertion->type, work->scratch, n_stops);
    return n_stops >= 0 &&
           ki_work_set_below(work, slot, insertion->type, work->scratch, n_stops, KI_NO_COST);
}
