/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_search.c - islands, exchange and master on a bare model: the loop of solve.c, without a
 * plan and with a limit in CPU seconds, which the last master has to fit into: it gets as many
 * nodes as those before it. Keep the two in step. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "bench/instance.h"
#include "master/bound.h"
#include "master/partition.h"
#include "search/search.h"

#include <math.h>

enum {
    MAX_ISLANDS = 16,
    EXCHANGE_EVERY = 8,
    MASTER_FIRST = 24, /* epochs, then at 48, 96 ... as solver/solve.c does */
    MASTER_NODES = 50,
    FINAL_NODES = 400,
    POOL_ROUTES = 20000
};

typedef struct run {
    const ki_model *model;
    const instance_limits *limits;
    int n_islands;
    ki_island *islands[MAX_ISLANDS];
    kerb_error errors[MAX_ISLANDS + 1];
    int64_t shares[MAX_ISLANDS];
    ki_worker *worker;
    ki_route_pool *pool;
    ki_solution best, found;
    int64_t iterations;
    double started_s, bound_started_s, master_s; /* CPU; of the dearest master so far */
} run;

static kerb_status take_if_better(run *at, const ki_solution *solution, kerb_error *err) {
    if (at->best.routes && solution->cost_nano >= at->best.cost_nano) return KERB_OK;
    ki_solution copy;
    KI_TRY(ki_solution_copy(&copy, solution, err));
    ki_solution_free(&at->best);
    at->best = copy;
    return KERB_OK;
}

static kerb_status take_found(run *at, kerb_error *err) {
    kerb_status status = at->found.routes ? take_if_better(at, &at->found, err) : KERB_OK;
    ki_solution_free(&at->found);
    return status;
}

static kerb_status merge_pools(run *at, kerb_error *err) {
    for (int island = 0; island < at->n_islands; island++)
        KI_TRY(ki_route_pool_merge(at->pool, ki_island_pool(at->islands[island]), err));
    return KERB_OK;
}

static void choose(run *at, int32_t nodes, kerb_error *err) {
    double started_s = ki_clock_cpu_s();
    ki_choice_log log = {0};
    ki_solution found = {0};
    err->status =
        ki_partition_choose(&found, at->model, at->pool, &at->best, at->worker, nodes, &log, err);
    if (err->status == KERB_OK) at->found = found;
    double took_s = ki_clock_cpu_s() - started_s;
    if (took_s > at->master_s) at->master_s = took_s;
}

static void run_job(void *payload, int job) {
    run *at = payload;
    kerb_error *err = &at->errors[job];
    if (job < at->n_islands)
        err->status = ki_island_run(at->islands[job], at->shares[job], err);
    else
        choose(at, MASTER_NODES, err);
}

/* How many local searches the next epoch holds; 0: the limit is reached. */
static int64_t plan_epoch(run *at) {
    int64_t share = 40000 / (at->model->n_tasks + 20), total = 0;
    if (share < 20) share = 20;
    int64_t left = at->limits->iterations > 0 ? at->limits->iterations - at->iterations : INT64_MAX;
    for (int island = 0; island < at->n_islands; island++) {
        at->shares[island] = left - total < share ? left - total : share;
        total += at->shares[island];
    }
    return total;
}

static kerb_status run_epoch(run *at, int with_master, kerb_error *err) {
    if (with_master) KI_TRY(merge_pools(at, err));
    ki_pool_run(at->limits->threads, at->n_islands + with_master, run_job, at);
    for (int island = 0; island < at->n_islands; island++) {
        if (at->errors[island].status != KERB_OK) {
            *err = at->errors[island];
            return err->status;
        }
        KI_TRY(take_if_better(at, ki_island_best(at->islands[island]), err));
    }
    return take_found(at, err);
}

static int out_of_time(const run *at) {
    return at->limits->iterations <= 0 && ki_clock_cpu_s() - at->started_s >= at->limits->cpu_s;
}

static int is_power_of_two(int64_t n) {
    return (n & (n - 1)) == 0;
}

static kerb_status search(run *at, kerb_error *err) {
    for (int64_t epoch = 1; !out_of_time(at); epoch++) {
        int64_t n = plan_epoch(at);
        if (n == 0) break;
        KI_TRY(run_epoch(at,
                         !at->limits->no_master && epoch % MASTER_FIRST == 0 &&
                             is_power_of_two(epoch / MASTER_FIRST),
                         err));
        at->iterations += n;
        for (int island = 0; epoch % EXCHANGE_EVERY == 0 && island < at->n_islands; island++)
            KI_TRY(ki_island_offer(at->islands[island], &at->best, err));
    }
    KI_TRY(merge_pools(at, err));
    if (at->limits->no_master) return KERB_OK;
    kerb_error ignored = {0};
    choose(at, at->limits->iterations > 0 ? FINAL_NODES : MASTER_NODES, &ignored);
    return take_found(at, err);
}

static kerb_status start(run *at, kerb_error *err) {
    at->n_islands = ki_search_islands(at->model);
    if (at->n_islands > MAX_ISLANDS) at->n_islands = MAX_ISLANDS;
    KI_TRY(ki_worker_new(&at->worker, err));
    KI_TRY(ki_route_pool_new(&at->pool, at->model, POOL_ROUTES, err));
    for (int island = 0; island < at->n_islands; island++) {
        KI_TRY(ki_island_new(&at->islands[island], at->model, at->limits->seed, island, err));
        KI_TRY(take_if_better(at, ki_island_best(at->islands[island]), err));
    }
    return KERB_OK;
}

static int bound_is_late(void *payload) {
    const run *at = payload;
    return at->limits->bound_s > 0 && ki_clock_cpu_s() - at->bound_started_s >= at->limits->bound_s;
}

static instance_bound find_bound(run *at) {
    ki_bound bound = {0};
    kerb_error ignored = {0};
    instance_bound found = {.lower = NAN, .relaxation = "none"};
    int32_t effort = at->limits->bound_effort;
    ki_bound_limit limit = {effort > 0 ? effort : 1000000, bound_is_late, at, at->pool};
    if (effort <= 0 && at->limits->bound_s <= 0) return found;
    at->bound_started_s = ki_clock_cpu_s();
    if (ki_bound_compute_until(&bound, at->model, at->worker, &limit, &ignored) != KERB_OK)
        return found;
    return (instance_bound){(double)bound.bound_nano * 1e-9, bound.relaxation,
                            ki_clock_cpu_s() - at->bound_started_s};
}

kerb_status instance_search(ki_solution *best, int64_t *iterations, instance_bound *bound,
                            const ki_model *model, const instance_limits *limits, kerb_error *err) {
    run at = {.model = model, .limits = limits, .started_s = ki_clock_cpu_s()};
    kerb_status status = start(&at, err);
    if (status == KERB_OK) status = search(&at, err);
    *bound = status == KERB_OK ? find_bound(&at) : (instance_bound){.lower = NAN};
    *iterations = at.iterations;
    for (int island = 0; island < at.n_islands; island++)
        ki_island_free(at.islands[island]);
    ki_route_pool_free(at.pool);
    ki_worker_free(at.worker);
    if (status != KERB_OK) ki_solution_free(&at.best);
    *best = status == KERB_OK ? at.best : (ki_solution){0};
    return status;
}
