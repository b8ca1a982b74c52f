/* SPDX-License-Identifier: GPL-3.0-or-later
 * island.c - the outer loop: ruin, recreate, polish, and simulated annealing over them; for plain
 * models (plain.h) a population (genetic.c), or where that would be too large the same annealing on
 * bare numbers (bare_search.c).
 *
 * With a plan (ki_island_plan) the temperature is held for an eighth of the steps, then falls.
 * Where shifts cost more than some driving, a quarter is spent on doing with fewer of them
 * (squeeze.h). Without one it falls in cycles that grow longer, each from the best solution.
 * Everything follows from the seed, the island's number, the plan and the number of steps. */
#include "base/alloc.h"
#include "base/error.h"
#include "search/aside.h"
#include "search/bare_search.h"
#include "search/genetic.h"
#include "search/local_search.h"
#include "search/polish.h"
#include "search/ruin.h"
#include "search/search.h"
#include "search/squeeze.h"
#include "search/trips.h"

#include <string.h>

enum {
    MOST_NEIGHBOURS = 100,
    POOL_ROUTES = 6000,
    FIRST_CYCLE = 4000,
    LONGEST_CYCLE = 1000000,
    MANY_TASKS = 2000,
    FEW_TASKS = 30,
    MOST_GENETIC = 300, /* tasks; a population would be too slow for more ... */
    MOST_SHORT = 450,   /* ... unless routes are short: so many tasks on average */
    SHORT_ROUTE = 8,
    MOST_MODAL = 130, /* of several modes, whose moves cost more to price */
    TRIPS_ONE_IN = 16,
    LOOK_AGAIN = 1024 /* steps, at whether trips are full */
};
/* Temperatures as parts of a leg to a near neighbour. Routes of one trip do best when started at
 * one leg, those of several at six. Where near tasks touch each other, as kerbs do, legs say
 * little: then it is a part of what driving to a task costs in the first solution. */
static const double HOT = 1.0, HOT_TRIPS = 6.0, HOT_DRIVE = 0.3;

typedef enum ki_method { BY_ROUTES, BY_POPULATION, BY_BARE_NUMBERS } ki_method;

struct ki_island {
    ki_work work;
    ki_ruin ruin;
    ki_trips trips;
    ki_squeeze squeeze;
    ki_aside aside;
    ki_genetic genetic;
    ki_bare_search bare;
    ki_method method;
    int is_one_trip, is_squeezed, may_set_aside;
    ki_route_pool *pool;
    ki_solution best;
    ki_stop *best_stops;
    size_t best_capacity;
    int number, n_cycles;
    int planned;
    int is_new_best; /* not in the pool as a whole yet */
    int64_t n_steps, cycle_start, cycle_length;
    ki_cooling cooling;
    double drive_nano; /* to a task, in the first solution */
};

int ki_search_islands(const ki_model *model) {
    if (ki_model_is_one_trip(model) || ki_search_in_parts(model)) return 1;
    return model->n_tasks < FEW_TASKS ? 1 : 2;
}

static ki_method method_for(const ki_model *model) {
    int32_t most = model->n_modes > model->n_tasks ? MOST_MODAL : MOST_GENETIC;
    if (model->n_tasks < FEW_TASKS || !ki_model_is_plain(model)) return BY_ROUTES;
    if (most == MOST_GENETIC && ki_plain_fewest_routes(model) * SHORT_ROUTE >= model->n_tasks)
        most = MOST_SHORT;
    return model->n_tasks <= most ? BY_POPULATION : BY_BARE_NUMBERS;
}

int ki_search_in_parts(const ki_model *model) {
    return model->n_tasks > MANY_TASKS && method_for(model) == BY_ROUTES;
}

int ki_search_needs_plan(const ki_model *model) {
    return method_for(model) != BY_POPULATION;
}

int ki_search_steps_are_small(const ki_model *model) {
    return method_for(model) == BY_BARE_NUMBERS;
}

/* ---- the best so far ------------------------------------------------------------------------- */

static kerb_status keep_best(ki_island *island, kerb_error *err) {
    ki_work *work = &island->work;
    size_t n_stops = 0;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        int32_t n_nodes = work->slots[slot].now.n_nodes;
        n_stops += n_nodes ? (size_t)n_nodes - 2 : 0;
    }
    if (ki_grow(&island->best_stops, &island->best_capacity, n_stops, sizeof(ki_stop)))
        return ki_fail_no_memory(err, "the best solution");
    ki_stop *stops = island->best_stops;
    island->best.n_routes = 0;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now;
        if (!line->n_nodes) continue;
        int32_t n = ki_line_stops(line, stops);
        island->best.routes[island->best.n_routes++] = (ki_route){line->type, n, stops};
        stops += n;
    }
    island->best.cost_nano = ki_work_real_cost(work);
    island->is_new_best = 1;
    return KERB_OK;
}

static void load_solution(ki_work *work, const ki_solution *solution) {
    ki_work_clear(work);
    for (int32_t index = 0; index < solution->n_routes; index++) {
        const ki_route *route = &solution->routes[index];
        ki_work_set_as_is(work, index, route->type, route->stops, route->n_stops);
    }
    ki_work_keep(work);
}

/* ---- plain models ---------------------------------------------------------------------------- */

/* What a population or the bare numbers found. */
static kerb_status write_best(ki_island *island, kerb_error *err) {
    const ki_model *model = island->work.model;
    ki_solution *best = &island->best;
    size_t n_stops = (size_t)model->n_tasks + (size_t)island->work.n_slots;
    if (ki_grow(&island->best_stops, &island->best_capacity, n_stops, sizeof(ki_stop)))
        return ki_fail_no_memory(err, "the best solution");
    best->n_routes =
        island->method == BY_POPULATION
            ? ki_genetic_write(&island->genetic, model, best->routes, island->best_stops)
            : ki_bare_search_write(&island->bare, model, best->routes, island->best_stops);
    KI_TRY(ki_solution_price(model, best, &best->cost_nano, err));
    return ki_route_pool_add_solution(island->pool, best, island->n_steps, err);
}

static kerb_status run_genetic(ki_island *island, int64_t n, kerb_error *err) {
    for (int64_t left = n; left > 0; left--) {
        island->n_steps++;
        if (ki_genetic_step(&island->genetic)) KI_TRY(write_best(island, err));
    }
    return KERB_OK;
}

/* ---- annealing ------------------------------------------------------------------------------- */

static void set_cooling(ki_island *island, double hot, int less, int64_t from, int64_t to) {
    hot *= (double)island->work.leg_nano;
    ki_cooling_set(&island->cooling, hot, less, KI_COLD_RATIO, from, to);
}

/* Goes on from the best. */
static void restart(ki_island *island) {
    if (island->method == BY_ROUTES) load_solution(&island->work, &island->best);
    if (island->method != BY_BARE_NUMBERS) return;
    ki_bare_search_load(&island->bare, &island->best);
    ki_bare_search_polish(&island->bare);
}

/* In near legs. */
static double hot_of(const ki_island *island) {
    double leg_nano = (double)island->work.leg_nano;
    if (!island->is_one_trip) return HOT_TRIPS;
    return HOT_DRIVE * island->drive_nano > leg_nano && leg_nano > 0
               ? HOT_DRIVE * island->drive_nano / leg_nano
               : HOT;
}

static double mean_drive(const ki_work *work) {
    int64_t sum_nano = 0, n_tasks = 0;
    for (int32_t slot = 0; slot < work->n_high; slot++) {
        const ki_line *line = &work->slots[slot].now;
        const ki_type *type = &work->model->types[line->type];
        for (int32_t at = 1; at < line->n_nodes; at++)
            sum_nano += line->nodes[at].leg_mm * type->nano_per_mm +
                        line->nodes[at].leg_ms * type->nano_per_ms;
        n_tasks += line->n_nodes ? line->n_tasks : 0;
    }
    return n_tasks ? (double)(sum_nano / n_tasks) : 0;
}

static void begin_cycle(ki_island *island, int64_t length) {
    island->cycle_start = island->n_steps;
    island->cycle_length = length;
    island->n_cycles++;
    set_cooling(island, hot_of(island), 1, island->n_steps, island->n_steps + length);
}

void ki_island_plan(ki_island *island, int64_t n, int less) {
    double hot = hot_of(island);
    int is_open = island->planned && island->cooling.from == INT64_MAX;
    island->may_set_aside = 1;
    if (!island->planned || !is_open) island->cycle_start = island->n_steps;
    if (island->planned && !is_open) restart(island);
    island->planned = 1;
    int64_t hot_steps = less == 1 && island->is_squeezed ? n / 4 : n / 8;
    int64_t from = island->cycle_start + hot_steps, to = island->cycle_start + n;
    set_cooling(island, hot, less, n ? from : INT64_MAX, n ? to : INT64_MAX);
}

void ki_island_cool(ki_island *island, double hot, double cold, int64_t from, int64_t to) {
    island->planned = 1;
    ki_cooling_set(&island->cooling, hot, 1, cold / hot, from, to);
}

double ki_island_hot_nano(const ki_island *island) {
    return hot_of(island) * (double)island->work.leg_nano;
}

static void next_cycle(ki_island *island) {
    /* Two of one length, then a longer one. */
    int64_t length = island->cycle_length * (island->n_cycles % 2 ? 1 : 2);
    restart(island);
    begin_cycle(island, length > LONGEST_CYCLE ? LONGEST_CYCLE : length);
}

/* ---- one step -------------------------------------------------------------------------------- */

static kerb_status add_touched_to_pool(ki_island *island, kerb_error *err) {
    ki_work *work = &island->work;
    for (int32_t index = 0; index < work->n_touched; index++) {
        const ki_line *line = &work->slots[work->touched[index]].now;
        if (!line->n_nodes) continue;
        ki_route route = {line->type, ki_line_stops(line, work->scratch), work->scratch};
        KI_TRY(ki_route_pool_add(island->pool, &route, island->n_steps, err));
    }
    return KERB_OK;
}

static uint32_t draw(ki_island *island, int32_t n) {
    return ki_rng_below(&island->work.rng, (uint32_t)n);
}

/* A type with a shift to spare that may serve the task; -1: none. */
static int32_t draw_unused_type(ki_island *island, int32_t task) {
    const ki_work *work = &island->work;
    int32_t n_types = work->model->n_types, start = (int32_t)draw(island, n_types);
    for (int32_t index = 0; index < n_types; index++) {
        int32_t type = (start + index) % n_types;
        if (ki_work_may_open(work, type) && (work->model->tasks[task].types >> type & 1))
            return type;
    }
    return -1;
}

/* Around a task: its trip goes elsewhere, its route is closed, or a new shift takes a part. */
static void change_trips(ki_island *island) {
    ki_work *work = &island->work;
    int32_t task = (int32_t)draw(island, work->model->n_tasks), slot = work->where[task];
    if (slot >= 0 && draw(island, 2)) {
        ki_trips_move(&island->trips, work, task);
        return;
    }
    int32_t type = draw_unused_type(island, task);
    if (slot < 0 && type >= 0)
        ki_trips_open(&island->trips, work, &island->ruin, task, type);
    else if (slot >= 0 && (type < 0 || draw(island, 2)))
        ki_trips_close(&island->trips, work, &island->ruin, slot);
    else if (slot >= 0)
        ki_trips_split(&island->trips, work, slot, type);
}

static void change_strings(ki_island *island) {
    ki_work *work = &island->work;
    work->free_shifts = draw(island, 20) == 0;
    ki_ruin_strings(&island->ruin, work);
    ki_ruin_recreate(&island->ruin, work, 1);
    work->free_shifts = 0;
}

static void change(ki_island *island) {
    ki_work *work = &island->work;
    if (draw(island, TRIPS_ONE_IN) == 0)
        change_trips(island);
    else
        change_strings(island);
    ki_polish_touched(work);
}

static void end_squeeze(ki_island *island) {
    ki_squeeze_end(&island->squeeze, &island->work);
    load_solution(&island->work, &island->best);
}

/* While it is hot. */
static kerb_status squeeze(ki_island *island, kerb_error *err) {
    ki_squeeze *squeeze = &island->squeeze;
    ki_work *work = &island->work;
    if (!squeeze->is_on) ki_squeeze_begin(squeeze, work);
    if (ki_squeeze_step(squeeze, work, &island->ruin, &island->trips) &&
        ki_work_real_cost(work) < island->best.cost_nano)
        KI_TRY(keep_best(island, err));
    if (island->n_steps >= island->cooling.from || !squeeze->is_on)
        end_squeeze(island);
    else if (ki_squeeze_is_hopeless(squeeze, work))
        load_solution(work, &island->best);
    return work->failed ? ki_fail_no_memory(err, "the search") : KERB_OK;
}

/* Whether trips are full is asked of a state in which nothing is set aside. Squeezing, which has
 * prices of its own, comes first. */
static void set_aside_where_full(ki_island *island) {
    ki_aside *aside = &island->aside;
    ki_work *work = &island->work;
    if (!island->may_set_aside || !island->squeeze.is_off) return;
    if (ki_work_real_cost(work) != ki_work_cost(work)) return;
    int pays = ki_aside_pays(work);
    if (pays && !aside->is_on) ki_aside_begin(aside, work);
    if (!pays && aside->is_on) ki_aside_end(aside, work);
}

static kerb_status step(ki_island *island, kerb_error *err) {
    ki_work *work = &island->work;
    island->n_steps++;
    if (island->planned && !island->squeeze.is_off && island->n_steps <= island->cooling.from)
        return squeeze(island, err);
    if (island->n_steps % LOOK_AGAIN == 0) set_aside_where_full(island);
    if (island->aside.is_on) ki_aside_step(&island->aside, work);
    int64_t old_nano = ki_work_cost(work);
    change(island);
    int is_hot = island->n_steps <= island->cooling.from;
    if (ki_work_real_cost(work) < island->best.cost_nano && !is_hot) ki_local_search(work);
    if (work->failed) return ki_fail_no_memory(err, "the search");
    int64_t new_nano = ki_work_cost(work);
    if (new_nano - old_nano > ki_cooling_allows(&island->cooling, &work->rng, island->n_steps)) {
        ki_work_undo(work);
        return KERB_OK;
    }
    if (new_nano < old_nano) KI_TRY(add_touched_to_pool(island, err));
    if (ki_work_real_cost(work) < island->best.cost_nano && !is_hot) KI_TRY(keep_best(island, err));
    ki_work_keep(work);
    return KERB_OK;
}

/* Once a call: with thousands of tasks it takes longer than many steps. */
static kerb_status add_best_to_pool(ki_island *island, kerb_error *err) {
    if (!island->is_new_best) return KERB_OK;
    island->is_new_best = 0;
    return ki_route_pool_add_solution(island->pool, &island->best, island->n_steps, err);
}

/* Without a plan the next cycle begins where one ends. */
static void end_step(ki_island *island) {
    if (!island->planned && island->n_steps - island->cycle_start >= island->cycle_length)
        next_cycle(island);
}

static kerb_status run_bare(ki_island *island, int64_t n, kerb_error *err) {
    for (int64_t left = n; left > 0; left--) {
        ki_bare_search_step(&island->bare, &island->cooling, ++island->n_steps);
        end_step(island);
    }
    ki_bare_search_note(&island->bare);
    if (!island->bare.is_new) return KERB_OK;
    island->bare.is_new = 0;
    return write_best(island, err);
}

kerb_status ki_island_run(ki_island *island, int64_t n, kerb_error *err) {
    if (island->work.model->n_tasks == 0 || island->work.n_slots == 0) return KERB_OK;
    if (island->method == BY_POPULATION) return run_genetic(island, n, err);
    if (island->method == BY_BARE_NUMBERS) return run_bare(island, n, err);
    for (int64_t left = n; left > 0; left--) {
        KI_TRY(step(island, err));
        end_step(island);
    }
    /* While it is hot and nearly every step is the best so far, only the last of them is kept. */
    if (ki_work_real_cost(&island->work) < island->best.cost_nano) KI_TRY(keep_best(island, err));
    if (island->work.failed) return ki_fail_no_memory(err, "the search");
    return add_best_to_pool(island, err);
}

/* ---- life ------------------------------------------------------------------------------------ */

/* 1 if what was done since the last decision pays. */
static int keep_if_cheaper(ki_work *work, int64_t old_nano) {
    ki_polish_touched(work);
    int pays = ki_work_cost(work) < old_nano;
    if (pays)
        ki_work_keep(work);
    else
        ki_work_undo(work);
    return pays;
}

/* A shift of a type for what is left out, started from several tasks in turn. 1 if one paid. */
static int open_shift(ki_island *island, int32_t type) {
    enum { ATTEMPTS = 8 };
    ki_work *work = &island->work;
    for (int attempt = 0; attempt < ATTEMPTS && work->n_absent > 0; attempt++) {
        int32_t task = work->absent[(int64_t)attempt * work->n_absent / ATTEMPTS];
        int64_t old_nano = ki_work_cost(work);
        if (!(work->model->tasks[task].types >> type & 1)) continue;
        if (ki_trips_open(&island->trips, work, &island->ruin, task, type) &&
            keep_if_cheaper(work, old_nano))
            return 1;
        ki_work_undo(work);
    }
    return 0;
}

/* Construction opens a shift where one task pays for it and never closes one: what groups pay for,
 * and what others can take over, is made up for here. */
static void open_and_close(ki_island *island) {
    ki_work *work = &island->work;
    for (int32_t type = 0; type < work->model->n_types; type++)
        while (!work->failed && open_shift(island, type)) {
        }
    for (int32_t slot = 0; slot < work->n_high && !work->failed; slot++) {
        int64_t old_nano = ki_work_cost(work);
        ki_trips_close(&island->trips, work, &island->ruin, slot);
        keep_if_cheaper(work, old_nano);
    }
}

/* With thousands of tasks they take as long as the first solution does. */
static kerb_status find_neighbours(ki_work *work, const ki_island *sibling, kerb_error *err) {
    if (!sibling) return ki_work_find_neighbours(work, MOST_NEIGHBOURS, err);
    work->neighbours = sibling->work.neighbours;
    work->n_neighbours = sibling->work.n_neighbours;
    work->leg_nano = sibling->work.leg_nano;
    return KERB_OK;
}

static kerb_status first_solution(ki_island *island, kerb_error *err) {
    ki_work *work = &island->work;
    ki_ruin_construct(&island->ruin, work);
    for (int32_t slot = 0; slot < work->n_high; slot++)
        ki_polish_route(work, slot);
    ki_work_keep(work);
    open_and_close(island);
    if (work->failed) return ki_fail_no_memory(err, "the search");
    KI_TRY(keep_best(island, err));
    island->drive_nano = mean_drive(work);
    begin_cycle(island, FIRST_CYCLE);
    if (island->method == BY_POPULATION) {
        KI_TRY(ki_genetic_init(&island->genetic, work, err));
        ki_genetic_offer(&island->genetic, &island->best);
    } else if (island->method == BY_BARE_NUMBERS) {
        KI_TRY(ki_bare_search_init(&island->bare, work, err));
        /* A poor first solution may leave a task out that is worth a route of its own. */
        if (!ki_bare_search_load(&island->bare, &island->best)) island->method = BY_ROUTES;
    }
    return KERB_OK;
}

/* With neighbours, everything left out. */
static kerb_status prepare(ki_island *island, const ki_island *sibling, uint64_t seed,
                           kerb_error *err) {
    const ki_model *model = island->work.model;
    KI_TRY(ki_ruin_init(&island->ruin, &island->work, err));
    KI_TRY(ki_trips_init(&island->trips, &island->work, err));
    KI_TRY(ki_squeeze_init(&island->squeeze, &island->work, err));
    KI_TRY(ki_aside_init(&island->aside, &island->work, err));
    KI_TRY(ki_route_pool_new(&island->pool, model, POOL_ROUTES, err));
    island->best.routes = ki_arena_alloc(&island->work.arena, (size_t)island->work.n_slots,
                                         sizeof *island->best.routes);
    if (!island->best.routes) return ki_fail_no_memory(err, "the search");
    ki_rng_seed(&island->work.rng, seed, (uint64_t)island->number + 1);
    return find_neighbours(&island->work, sibling, err);
}

static kerb_status take_solution(ki_island *island, const ki_solution *from, kerb_error *err) {
    load_solution(&island->work, from);
    if (island->work.failed) return ki_fail_no_memory(err, "the search");
    return keep_best(island, err);
}

static kerb_status new_island(ki_island **out, const ki_model *model, uint64_t seed, int number,
                              const ki_island *sibling, const ki_solution *from, kerb_error *err) {
    *out = NULL;
    ki_island *island = ki_alloc_zero(1, sizeof *island);
    if (!island) return ki_fail_no_memory(err, "the search");
    island->number = number;
    island->is_one_trip = ki_model_is_one_trip(model);
    island->method = from ? BY_ROUTES : method_for(model);
    kerb_status status = ki_work_init(&island->work, model, err);
    if (status == KERB_OK) status = prepare(island, sibling, seed, err);
    if (status == KERB_OK)
        status = from ? take_solution(island, from, err) : first_solution(island, err);
    island->is_squeezed = status == KERB_OK && ki_squeeze_pays(&island->work);
    island->squeeze.is_off = !island->is_squeezed;
    if (status == KERB_OK)
        *out = island;
    else
        ki_island_free(island);
    return status;
}

kerb_status ki_island_new(ki_island **out, const ki_model *model, uint64_t seed, int number,
                          const ki_island *sibling, kerb_error *err) {
    return new_island(out, model, seed, number, sibling, NULL, err);
}

kerb_status ki_island_new_from(ki_island **out, const ki_model *model, uint64_t seed, int number,
                               const ki_solution *from, kerb_error *err) {
    return new_island(out, model, seed, number, NULL, from, err);
}

void ki_island_free(ki_island *island) {
    if (!island) return;
    ki_route_pool_free(island->pool);
    ki_free(island->best_stops);
    ki_work_free(&island->work);
    ki_free(island);
}

const ki_solution *ki_island_best(const ki_island *island) {
    return &island->best;
}

ki_route_pool *ki_island_pool(ki_island *island) {
    return island->pool;
}

const int32_t *ki_island_near(const ki_island *island, int32_t *n) {
    *n = island->work.n_neighbours;
    return island->work.neighbours;
}

kerb_status ki_island_settle(ki_island *island, kerb_error *err) {
    if (island->squeeze.is_on) end_squeeze(island);
    return keep_best(island, err);
}

kerb_status ki_island_offer(ki_island *island, const ki_solution *solution, kerb_error *err) {
    int64_t cost_nano;
    KI_TRY(ki_solution_price(island->work.model, solution, &cost_nano, err));
    if (cost_nano >= island->best.cost_nano) return KERB_OK;
    if (island->method == BY_POPULATION) {
        ki_genetic_offer(&island->genetic, solution);
        return write_best(island, err);
    }
    if (island->method == BY_BARE_NUMBERS)
        return ki_bare_search_load(&island->bare, solution) ? write_best(island, err) : KERB_OK;
    return take_solution(island, solution, err);
}
