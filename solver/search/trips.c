/* SPDX-License-Identifier: GPL-3.0-or-later
 * trips.c - routes change in whole trips. Ruin and recreate moves a dozen tasks at a time, so a
 * shift with a hundred tasks is neither opened nor closed by it: each small step towards that costs
 * money. A trip starts empty and ends empty, so it is one segment: a place for it is priced in O(1)
 * whatever its length. Every change here is made whatever it costs, with the exact price known
 * afterwards: the annealing decides. */
#include "search/trips.h"

#include "base/error.h"

#include <string.h>

kerb_status ki_trips_init(ki_trips *trips, ki_work *work, kerb_error *err) {
    size_t n = (size_t)work->scratch_size;
    trips->stops = ki_arena_alloc(&work->arena, n, sizeof *trips->stops);
    trips->moved = ki_arena_alloc(&work->arena, n, sizeof *trips->moved);
    trips->kept = ki_arena_alloc(&work->arena, n, sizeof *trips->kept);
    if (!trips->stops || !trips->moved || !trips->kept) return ki_fail_no_memory(err, "the search");
    return KERB_OK;
}

static const ki_line *line_at(const ki_work *work, int32_t slot) {
    return &work->slots[slot].now;
}

/* The same stops for another type; 0 if it has no such tip. */
static int turn_to_type(const ki_model *model, int32_t type, const ki_stop *stops, int32_t n_stops,
                        ki_stop *turned) {
    for (int32_t stop = 0; stop < n_stops; stop++) {
        turned[stop] = stops[stop]; /* breaks are settled again anyway */
        if (!ki_stop_as(model, type, &turned[stop])) return 0;
    }
    return 1;
}

static int32_t trip_end(const ki_stop *stops, int32_t first) {
    while (stops[first].task != KI_TIP)
        first++;
    return first + 1;
}

/* How many of a line's stops there are without breaks behind the last tip. */
static int32_t without_tail(const ki_stop *stops, int32_t n_stops) {
    while (n_stops > 0 && stops[n_stops - 1].task == KI_BREAK)
        n_stops--;
    return n_stops;
}

/* ---- a place for a trip ---------------------------------------------------------------------- */

static int is_empty_at(const ki_line *line, int32_t at) {
    if (line->nodes[at].stop.task == KI_TIP) return 1;
    for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
        if (line->nodes[at].load[dim] > 0) return 0;
    return at == 0;
}

static void find_in_line(const ki_work *work, int32_t slot, const ki_chain *trip, int32_t entry,
                         ki_berth *best) {
    const ki_line *line = line_at(work, slot);
    for (int32_t at = 0; at + 1 < line->n_nodes; at += 1 + line->nodes[at + 1].to_tip) {
        ki_chain chain;
        if (!is_empty_at(line, at)) continue;
        ki_chain_from(&chain, work->model, line, at);
        chain.without_breaks = line->n_breaks < chain.type->n_breaks;
        chain.will_charge = 1;
        ki_chain_join(&chain, trip, entry);
        ki_chain_rest(&chain, line, at + 1);
        int64_t cost_nano = ki_chain_cost(&chain);
        if (cost_nano == KI_NO_COST || cost_nano - line->cost_nano >= best->delta_nano) continue;
        *best = (ki_berth){cost_nano - line->cost_nano, slot, at};
    }
}

static int make_trip(const ki_work *work, int32_t type, const ki_stop *stops, int32_t n_stops,
                     ki_chain *trip) {
    ki_chain_anywhere(trip, work->model, type);
    for (int32_t stop = 0; stop < n_stops; stop++) {
        ki_stop at = stops[stop];
        if (!ki_stop_as(work->model, type, &at)) return 0;
        ki_chain_stop(trip, &at);
        if (!trip->possible) return 0;
    }
    return 1;
}

void ki_trips_find(ki_trips *trips, const ki_work *work, const ki_stop *stops, int32_t n_stops,
                   int32_t but, ki_berth *best) {
    (void)trips;
    int32_t entry = work->model->modes[stops[0].mode].entry, type = -1;
    int possible = 0;
    ki_chain trip;
    *best = (ki_berth){KI_NO_COST, -1, -1};
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = line_at(work, slot);
        if (slot == but || line->n_nodes == 0) continue;
        if (line->type != type) possible = make_trip(work, line->type, stops, n_stops, &trip);
        type = line->type;
        if (possible) find_in_line(work, slot, &trip, entry, best);
    }
}

int ki_trips_insert(ki_trips *trips, ki_work *work, const ki_stop *stops, int32_t n_stops,
                    const ki_berth *berth) {
    const ki_line *line = line_at(work, berth->slot);
    int32_t n_old = ki_line_stops(line, trips->kept);
    if (n_old + n_stops > work->scratch_size) return 0;
    ki_stop *gap = trips->kept + berth->at;
    memmove(gap + n_stops, gap, (size_t)(n_old - berth->at) * sizeof *gap);
    if (!turn_to_type(work->model, line->type, stops, n_stops, gap)) return 0;
    return ki_work_set_settled(work, berth->slot, line->type, trips->kept, n_old + n_stops);
}

/* ---- one trip -------------------------------------------------------------------------------- */

/* Takes the stops [first, end) out of the route, and leaves them in trips->moved. */
static int take_out(ki_trips *trips, ki_work *work, int32_t slot, int32_t first, int32_t end) {
    const ki_line *line = line_at(work, slot);
    int32_t n_old = ki_line_stops(line, trips->kept), type = line->type;
    memcpy(trips->moved, trips->kept + first, (size_t)(end - first) * sizeof *trips->moved);
    memmove(trips->kept + first, trips->kept + end, (size_t)(n_old - end) * sizeof *trips->kept);
    int32_t n_left = ki_stops_tidy(work->model, type, trips->kept, n_old - (end - first));
    return ki_work_set_settled(work, slot, type, trips->kept, n_left);
}

int ki_trips_move(ki_trips *trips, ki_work *work, int32_t task) {
    int32_t slot = work->where[task];
    if (slot < 0) return 0;
    const ki_visit *node = &line_at(work, slot)->nodes[work->place[task]];
    int32_t first = work->place[task] - node->in_trip, n_stops = node->in_trip + node->to_tip;
    ki_berth berth;
    if (!take_out(trips, work, slot, first, first + n_stops)) return 0;
    n_stops = ki_stops_strip(trips->moved, n_stops);
    ki_trips_find(trips, work, trips->moved, n_stops, -1, &berth);
    return berth.slot >= 0 && ki_trips_insert(trips, work, trips->moved, n_stops, &berth);
}

/* ---- closing --------------------------------------------------------------------------------- */

void ki_trips_close(ki_trips *trips, ki_work *work, ki_ruin *ruin, int32_t slot) {
    int32_t n_stops = ki_line_stops(line_at(work, slot), trips->stops);
    ruin->n_pending = 0;
    if (n_stops == 0) return;
    ki_work_set(work, slot, 0, NULL, 0);
    n_stops = ki_stops_strip(trips->stops, n_stops);
    for (int32_t first = 0, end = 0; first < n_stops; first = end) {
        ki_berth berth;
        end = trip_end(trips->stops, first);
        if (end - first < 2) continue; /* unloads what the vehicle started with */
        ki_trips_find(trips, work, trips->stops + first, end - first, slot, &berth);
        if (berth.slot >= 0 &&
            ki_trips_insert(trips, work, trips->stops + first, end - first, &berth))
            continue;
        for (int32_t stop = first; stop + 1 < end; stop++)
            ruin->pending[ruin->n_pending++] = trips->stops[stop].task;
    }
    ki_ruin_put_back(ruin, work);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Price of a route of a type from stops of another. */
static int64_t price_as(const ki_work *work, int32_t type, const ki_stop *stops, int32_t n_stops) {
    ki_chain chain;
    ki_chain_new(&chain, work->model, type);
    chain.without_breaks = chain.will_charge = 1;
    for (int32_t stop = 0; stop < n_stops && chain.possible; stop++) {
        ki_stop at = stops[stop];
        if (at.task == KI_BREAK || at.task == KI_POST) continue;
        if (!ki_stop_as(work->model, type, &at)) return KI_NO_COST;
        ki_chain_stop(&chain, &at);
    }
    ki_chain_end(&chain);
    return ki_chain_cost(&chain);
}

/* What is left of a line without the stops [first, end). */
static int64_t price_without(const ki_work *work, const ki_line *line, int32_t first, int32_t end) {
    ki_chain chain;
    ki_chain_from(&chain, work->model, line, first);
    chain.without_breaks = chain.type->n_breaks > 0;
    chain.will_charge = 1;
    ki_chain_rest(&chain, line, end + 1);
    return ki_chain_cost(&chain);
}

typedef struct cut {
    int64_t cost_nano; /* of both routes */
    int32_t first, end;
} cut;

static void try_cut(const ki_trips *trips, const ki_work *work, int32_t slot, int32_t type,
                    int32_t first, int32_t end, cut *best) {
    const ki_line *line = line_at(work, slot);
    if (first == 0 && end + line->n_breaks + line->n_posts >= line->n_nodes - 2) return;
    int64_t left_nano = price_without(work, line, first, end);
    if (left_nano == KI_NO_COST || left_nano >= best->cost_nano) return;
    int64_t new_nano = price_as(work, type, trips->stops + first, end - first);
    if (new_nano == KI_NO_COST || left_nano + new_nano >= best->cost_nano) return;
    *best = (cut){left_nano + new_nano, first, end};
}

static cut find_cut(const ki_trips *trips, const ki_work *work, int32_t slot, int32_t type) {
    cut best = {KI_NO_COST, 0, 0};
    int32_t n_stops = without_tail(trips->stops, line_at(work, slot)->n_nodes - 2);
    for (int32_t first = 0, end = 0; first < n_stops; first = end) {
        end = trip_end(trips->stops, first);
        try_cut(trips, work, slot, type, first, n_stops, &best);
        try_cut(trips, work, slot, type, 0, end, &best);
        try_cut(trips, work, slot, type, first, end, &best);
    }
    return best;
}

int ki_trips_split(ki_trips *trips, ki_work *work, int32_t slot, int32_t type) {
    int32_t fresh = ki_work_free_slot(work);
    if (fresh < 0 || !ki_work_may_open(work, type)) return 0;
    ki_line_stops(line_at(work, slot), trips->stops);
    cut best = find_cut(trips, work, slot, type);
    if (best.cost_nano == KI_NO_COST || !take_out(trips, work, slot, best.first, best.end))
        return 0;
    int32_t n_moved = ki_posts_strip(trips->moved, best.end - best.first);
    return turn_to_type(work->model, type, trips->moved, n_moved, trips->kept) &&
           ki_work_set_settled(work, fresh, type, trips->kept, n_moved);
}

int ki_trips_open(ki_trips *trips, ki_work *work, ki_ruin *ruin, int32_t task, int32_t type) {
    enum { MOST_PENDING = 600 };
    (void)trips;
    ki_insertion first;
    ki_insert_new(work, task, type, &first);
    if (first.type < 0 || !ki_insert_apply(work, &first)) return 0;
    ruin->n_pending = 0;
    int32_t start =
        work->n_absent ? (int32_t)ki_rng_below(&work->rng, (uint32_t)work->n_absent) : 0;
    for (int32_t index = 0; index < work->n_absent && ruin->n_pending < MOST_PENDING; index++) {
        int32_t other = work->absent[(start + index) % work->n_absent];
        if (work->model->tasks[other].types >> type & 1) ruin->pending[ruin->n_pending++] = other;
    }
    ki_ruin_put_back(ruin, work);
    return 1;
}
