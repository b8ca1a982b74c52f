/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine.c - islands search side by side, and at times a master chooses among their routes.
 *
 *   epoch 1      epoch 2      epoch 3 ...      a fixed count of steps each; at a half and three
 *   [i0][i1]     [i0][i1][M]  [i0][i1]         quarters of the horizon the master (M) joins a
 *        └─pools──────►┘└─best──►              batch with a snapshot of pools and best
 *
 * A search that needs no plan (a population) has no horizon: one island, and one master at the end.
 *
 * Everything is exchanged at fixed counts, never at times, so that threads and load change nothing.
 *
 * The annealing has to know how many steps will be made: its horizon. Horizons lie on a grid, each
 * a quarter longer than the one before; the horizon of n steps is the first that is not below n, so
 * a count says its horizon. Under a clock the first steps are timed, hot as they are under any
 * horizon, and the horizon is chosen so that the time should end in its last fifth, where the
 * annealing has cooled down. Whatever count that ends at, running by that count does the same. On a
 * machine that has become slower the search goes on until the last fifth begins, up to a quarter of
 * the time more; beyond that it breaks off, and only then is the count not enough to repeat it. */
#include "engine.h"

#include "base/clock.h"
#include "base/error.h"

enum {
    N_EXCHANGES = 16,  /* over the horizon */
    LONG_RUN = 400000, /* steps from which the master joins in before the end */
    MASTER_NODES = 50, /* branch-and-bound nodes per problem beside the search */
    HASTY_NODES = 20,  /* at the end, when somebody waits for it */
    POOL_ROUTES = 20000,
    PILOT_PARTS = 20, /* the part of a horizon that may be over before it is known */
    FIRST_HORIZON = 64,
    LEAST_SHARE = 50, /* steps of an island in one epoch */
    PILOT_SHARE = 5
};
static const double PILOT_RATIO = 0.03, MASTER_RATIO = 0.1, OVERRUN_RATIO = 1.25;

static void log_line(const ki_engine *engine, const char *line) {
    if (engine->limits.log) engine->limits.log(line, engine->limits.payload);
}

/* ---- the horizon ----------------------------------------------------------------------------- */

static int64_t next_horizon(int64_t horizon) {
    return horizon + horizon / 4;
}

/* The first of the grid that is not below n. */
static int64_t horizon_of(int64_t n) {
    int64_t horizon = FIRST_HORIZON;
    while (horizon < n && horizon < INT64_MAX / 2)
        horizon = next_horizon(horizon);
    return horizon;
}

/* Counts up to this belong to the horizon before. */
static int64_t horizon_before(int64_t horizon) {
    int64_t before = 0;
    for (int64_t at = FIRST_HORIZON; at < horizon; at = next_horizon(at))
        before = at;
    return before;
}

static void lay_out(ki_engine *engine, int64_t horizon) {
    engine->horizon = horizon;
    for (int island = 0; island < engine->n_islands; island++)
        ki_island_plan(engine->islands[island], horizon / engine->n_islands);
}

static double elapsed_s(const ki_engine *engine) {
    return engine->limits.clock_s() - engine->started_s;
}

/* Under a clock: after the pilot the horizon follows from its speed. */
static void find_horizon(ki_engine *engine, double pilot_s) {
    const double limit_s = engine->limits.time_s, spent_s = elapsed_s(engine);
    if (engine->horizon || !ki_search_needs_plan(engine->model) ||
        spent_s - pilot_s < PILOT_RATIO * (limit_s - pilot_s))
        return;
    double rate = (double)engine->iterations / (spent_s - pilot_s + 1e-9);
    double more = rate * (limit_s - spent_s);
    if (!engine->limits.no_master && more > LONG_RUN) more *= 1 - MASTER_RATIO;
    int64_t least = engine->iterations * PILOT_PARTS;
    int64_t n = engine->iterations + (int64_t)(more > 0 ? more : 0);
    lay_out(engine, horizon_of(n > least ? n : least));
}

static int out_of_time(const ki_engine *engine) {
    if (engine->stopped) return 1;
    if (engine->limits.iterations > 0) return 0;
    double spent_s = elapsed_s(engine), limit_s = engine->limits.time_s;
    if (spent_s < limit_s) return engine->horizon > 0 && engine->iterations >= engine->horizon;
    return engine->iterations > horizon_before(engine->horizon) ||
           spent_s >= limit_s * OVERRUN_RATIO;
}

/* ---- epochs ---------------------------------------------------------------------------------- */

/* Steps of one island: by size and count and never by time. The first are short, for the pilot. */
static int64_t epoch_share(const ki_engine *engine) {
    int64_t most = 40000 / (engine->model->n_tasks + 20);
    int64_t share = engine->iterations / engine->n_islands / PILOT_PARTS;
    if (most < LEAST_SHARE) most = LEAST_SHARE;
    if (share < PILOT_SHARE) share = PILOT_SHARE;
    return share < most ? share : most;
}

/* How many steps the next epoch holds; 0: the limit is reached. */
static int64_t plan_epoch(ki_engine *engine) {
    int64_t share = epoch_share(engine), total = 0;
    int64_t limit = engine->limits.iterations > 0 ? engine->limits.iterations
                    : engine->horizon > 0         ? engine->horizon
                                                  : INT64_MAX;
    int64_t left = limit - engine->iterations;
    for (int island = 0; island < engine->n_islands; island++) {
        engine->shares[island] = left - total < share ? left - total : share;
        total += engine->shares[island];
    }
    return total;
}

static void add_choice(ki_choice_log *total, const ki_choice_log *part) {
    total->n_mips += part->n_mips;
    total->n_columns += part->n_columns;
    total->n_improved += part->n_improved;
    total->n_faults += part->n_faults;
    total->gained_nano += part->gained_nano;
    total->proved = part->proved;
}

static void choose(ki_engine *engine, int32_t nodes, kerb_error *err) {
    ki_choice_log log = {0};
    ki_solution found = {0};
    err->status = ki_partition_choose(&found, engine->model, engine->pool, &engine->best,
                                      engine->worker, nodes, &log, err);
    add_choice(&engine->chosen, &log);
    if (err->status == KERB_OK) engine->master_found = found;
}

static void run_job(void *payload, int job) {
    ki_engine *engine = payload;
    kerb_error *err = &engine->errors[job];
    if (job < engine->n_islands)
        err->status = ki_island_run(engine->islands[job], engine->shares[job], err);
    else
        choose(engine, MASTER_NODES, err);
}

static kerb_status take_if_better(ki_engine *engine, const ki_solution *solution, kerb_error *err) {
    if (engine->best.routes && solution->cost_nano >= engine->best.cost_nano) return KERB_OK;
    ki_solution copy;
    KI_TRY(ki_solution_copy(&copy, solution, err));
    ki_solution_free(&engine->best);
    engine->best = copy;
    return KERB_OK;
}

static kerb_status take_found(ki_engine *engine, kerb_error *err) {
    kerb_status status = KERB_OK;
    if (engine->master_found.routes) status = take_if_better(engine, &engine->master_found, err);
    ki_solution_free(&engine->master_found);
    return status;
}

static kerb_status gather(ki_engine *engine, kerb_error *err) {
    for (int island = 0; island < engine->n_islands; island++)
        KI_TRY(take_if_better(engine, ki_island_best(engine->islands[island]), err));
    return KERB_OK;
}

static kerb_status merge_pools(ki_engine *engine, kerb_error *err) {
    for (int island = 0; island < engine->n_islands; island++)
        KI_TRY(ki_route_pool_merge(engine->pool, ki_island_pool(engine->islands[island]), err));
    return KERB_OK;
}

static kerb_status offer_best(ki_engine *engine, kerb_error *err) {
    for (int island = 0; island < engine->n_islands; island++)
        KI_TRY(ki_island_offer(engine->islands[island], &engine->best, err));
    return KERB_OK;
}

/* A master problem that failed costs its own result only; an island that failed ends the run. */
static kerb_status run_epoch(ki_engine *engine, int with_master, kerb_error *err) {
    if (with_master) {
        KI_TRY(merge_pools(engine, err));
        engine->master_runs++;
    }
    ki_pool_run(engine->limits.threads, engine->n_islands + with_master, run_job, engine);
    for (int island = 0; island < engine->n_islands; island++) {
        if (engine->errors[island].status == KERB_OK) continue;
        if (err) *err = engine->errors[island];
        return engine->errors[island].status;
    }
    KI_TRY(gather(engine, err));
    if (!with_master) return KERB_OK;
    if (engine->errors[engine->n_islands].status != KERB_OK)
        log_line(engine, engine->errors[engine->n_islands].message);
    return take_found(engine, err);
}

/* Whether the epoch of n steps crosses a multiple of a part of the horizon. */
static int crosses(const ki_engine *engine, int64_t n, int64_t parts) {
    int64_t part = engine->horizon / parts;
    return part > 0 && engine->iterations / part != (engine->iterations + n) / part;
}

/* GLPK's share must stay small: never in short runs, twice before the end of long ones. */
static int master_is_due(const ki_engine *engine, int64_t n) {
    return !engine->limits.no_master && engine->horizon >= LONG_RUN &&
           engine->iterations + n > engine->horizon / 3 && crosses(engine, n, 4);
}

/* ---- all together ---------------------------------------------------------------------------- */

kerb_status ki_engine_start(ki_engine *engine, const ki_model *model,
                            const ki_engine_limits *limits, kerb_error *err) {
    *engine = (ki_engine){.model = model, .limits = *limits};
    engine->started_s = limits->clock_s();
    engine->n_islands = ki_search_islands(model);
    if (engine->n_islands > KI_MAX_ISLANDS) engine->n_islands = KI_MAX_ISLANDS;
    kerb_status status = ki_worker_new(&engine->worker, err);
    if (status == KERB_OK) status = ki_route_pool_new(&engine->pool, model, POOL_ROUTES, err);
    for (int island = 0; status == KERB_OK && island < engine->n_islands; island++)
        status = ki_island_new(&engine->islands[island], model, limits->seed, island, err);
    if (status == KERB_OK) status = gather(engine, err);
    if (status != KERB_OK) ki_engine_end(engine);
    return status;
}

static kerb_status search(ki_engine *engine, kerb_error *err) {
    double pilot_s = elapsed_s(engine);
    int is_known = engine->limits.iterations > 0 && ki_search_needs_plan(engine->model);
    lay_out(engine, is_known ? horizon_of(engine->limits.iterations) : 0);
    while (engine->model->n_tasks > 0 && !out_of_time(engine)) {
        int64_t n = plan_epoch(engine);
        if (n == 0) break;
        int exchange = crosses(engine, n, N_EXCHANGES);
        KI_TRY(run_epoch(engine, master_is_due(engine, n), err));
        engine->iterations += n;
        if (exchange) KI_TRY(offer_best(engine, err));
        if (engine->limits.tell && engine->limits.tell(engine->limits.payload)) engine->stopped = 1;
        if (engine->limits.iterations <= 0) find_horizon(engine, pilot_s);
    }
    return KERB_OK;
}

/* The final choice is GLPK's: the decoded solution of its set-partitioning problem. */
static kerb_status finish(ki_engine *engine, kerb_error *err) {
    KI_TRY(merge_pools(engine, err));
    if (engine->limits.no_master) return KERB_OK;
    kerb_error fault = {0};
    choose(engine, engine->stopped ? HASTY_NODES : engine->limits.final_nodes, &fault);
    if (fault.status != KERB_OK) log_line(engine, fault.message);
    return take_found(engine, err);
}

kerb_status ki_engine_run(ki_engine *engine, kerb_error *err) {
    KI_TRY(search(engine, err));
    return finish(engine, err);
}

void ki_engine_end(ki_engine *engine) {
    for (int island = 0; island < engine->n_islands; island++)
        ki_island_free(engine->islands[island]);
    ki_route_pool_free(engine->pool);
    ki_worker_free(engine->worker);
    ki_solution_free(&engine->best);
    ki_solution_free(&engine->master_found);
    *engine = (ki_engine){0};
}
