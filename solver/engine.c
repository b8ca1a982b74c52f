/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine.c - islands search side by side, and at times a master chooses among their routes.
 *
 *   epoch 1      epoch 2      epoch 3 ...      a fixed count of steps each; now and then the
 *   [i0][i1]     [i0][i1][M]  [i0][i1]         master (M) joins a batch with a snapshot of pools
 *        └─pools──────►┘└─best──►              and best
 *
 * Everything is exchanged at fixed counts, never at times, so that threads and load change nothing.
 *
 * The annealing has to know how many steps are to come. A run of n steps is made of rounds, each
 * four to seven times a power of two, the longest that fits into what is left: 119 * 16 steps are
 * 7 * 256 + 7 * 16. That is nearly all of them in the first, and little that cannot be said.
 * The first anneals from hot to cold; each later one, from the best, is shorter and less hot. Under
 * a clock n is not known, but rounds can be chosen as if: the first steps of a round are hot
 * whatever its length, so they are timed before the length is fixed, and later rounds follow from
 * the speed until then. A round that was begun is finished. So whatever count a run under a clock
 * ends at, running by that count makes the same rounds. Only if a round would take a quarter more
 * than the time there is does the run break off within it. A search that needs no plan (a
 * population) has no rounds: one island, and one master at the end. */
#include "engine.h"

#include "base/clock.h"
#include "base/error.h"

enum {
    N_EXCHANGES = 8,    /* in a round as long as the first */
    LONG_RUN = 1000000, /* steps of a first round at whose end the master joins */
    MASTER_NODES = 50,  /* branch-and-bound nodes per problem beside the search */
    HASTY_NODES = 20,   /* at the end, when somebody waits for it */
    POOL_ROUTES = 20000,
    LEAST_ROUND = 64,
    LEAST_GRAINS = 4, /* a round has 4 to 7 */
    PILOT_PARTS = 8,  /* the part of the first round that may be over before it is known */
    LEAST_SHARE = 50, /* steps of an island in one epoch */
    PILOT_SHARE = 5,
    SMALL_STEPS = 16, /* for one of those that are not small */
    LARGE_STEPS = 16  /* of a population in one epoch; some take milliseconds */
};
/* The pilot's share of the time, small enough for a first round of half of it; what the
 * first and each later round should take at most of the time left, since speeds change (they rise
 * by up to a third while it cools); what is kept for the final choice. */
static const double PILOT_RATIO = 0.045, FIRST_RATIO = 1.0, ROUND_RATIO = 0.85, FINAL_RATIO = 0.05,
                    OVERRUN_RATIO = 1.25, OVERRUN_S = 3;

static void log_line(const ki_engine *engine, const char *line) {
    if (engine->limits.log) engine->limits.log(line, engine->limits.payload);
}

/* ---- rounds ---------------------------------------------------------------------------------- */

static double elapsed_s(const ki_engine *engine) {
    return engine->limits.clock_s() - engine->started_s;
}

/* What lies between a round of about n steps and the next longer one. */
static int64_t grain_at(int64_t n) {
    int64_t grain = LEAST_ROUND / LEAST_GRAINS;
    while (grain <= n / (2 * LEAST_GRAINS))
        grain *= 2;
    return grain;
}

/* The longest round within n steps; 0: none. */
static int64_t round_within(int64_t n) {
    int64_t grain = grain_at(n);
    return n >= LEAST_ROUND ? n / grain * grain : 0;
}

/* The shortest of more than n steps. */
static int64_t round_beyond(int64_t n) {
    int64_t length = round_within(n);
    return length ? length + grain_at(length) : LEAST_ROUND;
}

/* length 0: not known yet. */
static kerb_status plan_search(ki_engine *engine, int64_t length, int less, kerb_error *err) {
    if (engine->parts) return ki_parts_plan(engine->parts, length, less, err);
    for (int island = 0; island < engine->n_islands; island++)
        ki_island_plan(engine->islands[island], length / engine->n_islands, less);
    return KERB_OK;
}

static kerb_status begin_round(ki_engine *engine, int64_t length, kerb_error *err) {
    if (!engine->first_round) {
        engine->first_round = length;
        engine->may_follow = INT64_MAX;
    }
    int64_t left = engine->may_follow - length, grain = grain_at(length);
    engine->may_follow = left < grain - 1 ? left : grain - 1;
    engine->round_end = engine->round_start + length;
    return plan_search(engine, length, (int)(engine->first_round / length), err);
}

/* How many steps the rest of the time would hold, by the speed of the latest eighths. */
static int64_t steps_to_come(const ki_engine *engine) {
    if (engine->limits.iterations > 0) return engine->limits.iterations - engine->iterations;
    double spent_s = elapsed_s(engine) - engine->timed_s;
    double left_s = engine->limits.time_s - elapsed_s(engine);
    if (left_s <= 0) return 0;
    return (int64_t)((double)(engine->iterations - engine->timed_from) * left_s / (spent_s + 1e-9));
}

/* The pilot is over: the first round gets its length. */
static kerb_status begin_first_round(ki_engine *engine, kerb_error *err) {
    double all = (double)(engine->iterations + steps_to_come(engine));
    int64_t n = engine->limits.iterations > 0 ? (int64_t)all : (int64_t)(FIRST_RATIO * all);
    int64_t length = round_within(n);
    if (engine->limits.iterations <= 0 && length <= engine->iterations * PILOT_PARTS)
        length = round_beyond(engine->iterations * PILOT_PARTS);
    return length ? begin_round(engine, length, err) : KERB_OK;
}

static kerb_status plan_rounds(ki_engine *engine, kerb_error *err) {
    if (!engine->needs_plan) return KERB_OK;
    if (!engine->first_round) {
        double now_s = elapsed_s(engine), all_s = engine->limits.time_s - engine->begun_s;
        double done = (now_s - engine->begun_s) / (all_s > 0 ? all_s : 1);
        if (done < PILOT_RATIO / 2) {
            engine->timed_s = now_s;
            engine->timed_from = engine->iterations;
        }
        return engine->limits.iterations > 0 || done >= PILOT_RATIO ? begin_first_round(engine, err)
                                                                    : KERB_OK;
    }
    if (engine->iterations < engine->round_end) return KERB_OK;
    int64_t n = steps_to_come(engine);
    if (engine->limits.iterations <= 0) n = (int64_t)(ROUND_RATIO * (double)n);
    int64_t length = round_within(n < engine->may_follow ? n : engine->may_follow);
    engine->round_start = engine->round_end;
    return length ? begin_round(engine, length, err) : KERB_OK;
}

static int out_of_time(const ki_engine *engine) {
    if (engine->stopped) return 1;
    if (engine->limits.iterations > 0) return 0;
    double spent_s = elapsed_s(engine), limit_s = engine->limits.time_s;
    int within = engine->iterations > engine->round_start && engine->iterations < engine->round_end;
    return spent_s >= (within ? limit_s * OVERRUN_RATIO + OVERRUN_S : limit_s);
}

/* ---- epochs ---------------------------------------------------------------------------------- */

/* Steps of one island: by size and count and never by time. The first are short, for the pilot. */
static int64_t epoch_share(const ki_engine *engine) {
    if (engine->parts) return ki_parts_share(engine->parts);
    int64_t most = 40000 / (engine->model->n_tasks + 20);
    int64_t share = engine->iterations / engine->n_islands / PILOT_PARTS;
    if (most < LEAST_SHARE) most = LEAST_SHARE;
    if (engine->steps_are_small) most *= SMALL_STEPS;
    if (!engine->needs_plan) most = LARGE_STEPS;
    if (share < PILOT_SHARE) share = PILOT_SHARE;
    return share < most ? share : most;
}

/* No epoch reaches over the end of a round. */
static int64_t epoch_limit(const ki_engine *engine) {
    int64_t limit = engine->limits.iterations > 0 ? engine->limits.iterations : INT64_MAX;
    int in_round = engine->iterations < engine->round_end || engine->limits.iterations <= 0;
    return engine->first_round && in_round && engine->round_end < limit ? engine->round_end : limit;
}

/* How many steps the next epoch holds; 0: the limit is reached. */
static int64_t plan_epoch(ki_engine *engine) {
    int64_t share = epoch_share(engine), total = 0;
    int64_t left = epoch_limit(engine) - engine->iterations;
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

static kerb_status first_error(const ki_engine *engine, kerb_error *err) {
    for (int island = 0; island < engine->n_islands; island++) {
        if (engine->errors[island].status == KERB_OK) continue;
        if (err) *err = engine->errors[island];
        return engine->errors[island].status;
    }
    return KERB_OK;
}

static kerb_status run_parts(ki_engine *engine, kerb_error *err) {
    KI_TRY(ki_parts_run(engine->parts, engine->shares[0], engine->limits.threads, err));
    const ki_solution *found = ki_parts_latest(engine->parts);
    KI_TRY(ki_route_pool_add_solution(engine->pool, found, engine->iterations, err));
    return take_if_better(engine, found, err);
}

/* A master problem that failed costs its own result only; an island that failed ends the run. */
static kerb_status run_epoch(ki_engine *engine, int with_master, kerb_error *err) {
    if (engine->parts) return run_parts(engine, err);
    if (with_master) {
        KI_TRY(merge_pools(engine, err));
        engine->master_runs++;
    }
    ki_pool_run(engine->limits.threads, engine->n_islands + with_master, run_job, engine);
    KI_TRY(first_error(engine, err));
    KI_TRY(gather(engine, err));
    if (!with_master) return KERB_OK;
    if (engine->errors[engine->n_islands].status != KERB_OK)
        log_line(engine, engine->errors[engine->n_islands].message);
    return take_found(engine, err);
}

/* Whether the epoch of n steps crosses a multiple of a part of the first round. */
static int crosses(const ki_engine *engine, int64_t n, int64_t parts) {
    int64_t part = engine->first_round / parts;
    return part > 0 && engine->iterations / part != (engine->iterations + n) / part;
}

/* GLPK's share must stay small: never in short runs, once before the end of long ones. */
static int master_is_due(const ki_engine *engine, int64_t n) {
    return !engine->limits.no_master && !engine->steps_are_small &&
           engine->first_round >= LONG_RUN && crosses(engine, n, 1);
}

/* ---- proofs ---------------------------------------------------------------------------------- */

static void ask_for_proof(ki_engine *engine) {
    if (!engine->limits.proved || engine->best.cost_nano >= engine->asked_nano) return;
    engine->asked_nano = engine->best.cost_nano;
    engine->proved = engine->limits.proved(engine->limits.payload);
}

/* The count that repeats what was done: the rounds that were planned, to the end of the present
 * one, or a first round whose pilot reaches this far. */
static int64_t planned_count(const ki_engine *engine) {
    if (!engine->needs_plan) return engine->iterations;
    if (engine->first_round) return engine->round_end;
    return round_beyond(engine->iterations * PILOT_PARTS);
}

/* ---- all together ---------------------------------------------------------------------------- */

static kerb_status begin_from(ki_engine *engine, const ki_solution *solution, kerb_error *err) {
    KI_TRY(take_if_better(engine, solution, err));
    return offer_best(engine, err);
}

static void make_sibling(void *payload, int job) {
    ki_engine *engine = payload;
    kerb_error *err = &engine->errors[job + 1];
    err->status = ki_island_new(&engine->islands[job + 1], engine->model, engine->limits.seed,
                                job + 1, engine->islands[0], err);
}

/* Side by side: with thousands of tasks a first solution takes seconds. */
static kerb_status make_siblings(ki_engine *engine, kerb_error *err) {
    ki_pool_run(engine->limits.threads, engine->n_islands - 1, make_sibling, engine);
    return first_error(engine, err);
}

kerb_status ki_engine_start(ki_engine *engine, const ki_model *model,
                            const ki_engine_limits *limits, kerb_error *err) {
    *engine = (ki_engine){.model = model, .limits = *limits};
    engine->started_s = limits->clock_s();
    if (!limits->no_master) engine->limits.time_s *= 1 - FINAL_RATIO;
    engine->n_islands = ki_search_islands(model);
    engine->needs_plan = ki_search_needs_plan(model);
    engine->steps_are_small = ki_search_steps_are_small(model);
    if (engine->n_islands > KI_MAX_ISLANDS) engine->n_islands = KI_MAX_ISLANDS;
    kerb_status status = ki_worker_new(&engine->worker, err);
    if (status == KERB_OK) status = ki_route_pool_new(&engine->pool, model, POOL_ROUTES, err);
    if (status == KERB_OK)
        status = ki_island_new(&engine->islands[0], model, limits->seed, 0, NULL, err);
    if (status == KERB_OK) status = make_siblings(engine, err);
    if (status == KERB_OK) status = gather(engine, err);
    if (status == KERB_OK && limits->from) status = begin_from(engine, limits->from, err);
    if (status == KERB_OK && ki_search_in_parts(model))
        status = ki_parts_new(&engine->parts, model, engine->islands[0], limits->seed, err);
    if (status != KERB_OK) ki_engine_end(engine);
    return status;
}

static kerb_status search(ki_engine *engine, kerb_error *err) {
    engine->begun_s = elapsed_s(engine);
    engine->asked_nano = engine->best.cost_nano;
    KI_TRY(plan_search(engine, 0, 1, err));
    while (engine->model->n_tasks > 0 && !engine->proved && !out_of_time(engine)) {
        KI_TRY(plan_rounds(engine, err));
        int64_t n = plan_epoch(engine);
        if (n == 0) break;
        int exchange = crosses(engine, n, N_EXCHANGES);
        KI_TRY(run_epoch(engine, master_is_due(engine, n), err));
        engine->iterations += n;
        if (exchange && !engine->parts) KI_TRY(offer_best(engine, err));
        if (engine->limits.tell && engine->limits.tell(engine->limits.payload)) engine->stopped = 1;
        if (!engine->stopped) ask_for_proof(engine);
    }
    if (engine->proved) engine->iterations = planned_count(engine);
    return KERB_OK;
}

/* The final choice is GLPK's: the decoded solution of its set-partitioning problem. */
static kerb_status finish(ki_engine *engine, kerb_error *err) {
    KI_TRY(merge_pools(engine, err));
    engine->searched_nano = engine->best.cost_nano;
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
    ki_parts_free(engine->parts);
    for (int island = 0; island < engine->n_islands; island++)
        ki_island_free(engine->islands[island]);
    ki_route_pool_free(engine->pool);
    ki_worker_free(engine->worker);
    ki_solution_free(&engine->best);
    ki_solution_free(&engine->master_found);
    *engine = (ki_engine){0};
}
