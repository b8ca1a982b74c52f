/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_search.c - the engine on a bare model, with a limit in CPU seconds. */
#include "base/clock.h"
#include "bench/instance.h"
#include "engine.h"
#include "master/bound.h"

#include <math.h>

enum { FINAL_NODES = 50 };
#define FINAL_RATIO 0.04 /* of the time, for the final choice */

typedef struct deadline {
    double limit_s, started_s; /* CPU */
} deadline;

static int bound_is_late(void *payload) {
    const deadline *at = payload;
    return at->limit_s > 0 && ki_clock_cpu_s() - at->started_s >= at->limit_s;
}

static instance_bound find_bound(const ki_engine *engine, const instance_limits *limits) {
    ki_bound bound = {0};
    kerb_error ignored = {0};
    instance_bound none = {.lower = NAN, .relaxation = "none"};
    deadline at = {limits->bound_s, ki_clock_cpu_s()};
    int32_t effort = limits->bound_effort > 0 ? limits->bound_effort : 1000000;
    ki_bound_limit limit = {effort, bound_is_late, &at, engine->pool};
    if (limits->bound_effort <= 0 && limits->bound_s <= 0) return none;
    if (ki_bound_compute_until(&bound, engine->model, engine->worker, &limit, &ignored) != KERB_OK)
        return none;
    return (instance_bound){(double)bound.bound_nano * 1e-9, bound.relaxation,
                            ki_clock_cpu_s() - at.started_s};
}

kerb_status instance_search(ki_solution *best, int64_t *iterations, instance_bound *bound,
                            const ki_model *model, const instance_limits *limits, kerb_error *err) {
    ki_engine engine;
    ki_engine_limits engine_limits = {.seed = limits->seed,
                                      .threads = limits->threads,
                                      .iterations = limits->iterations,
                                      .time_s =
                                          limits->cpu_s * (limits->no_master ? 1 : 1 - FINAL_RATIO),
                                      .clock_s = ki_clock_cpu_s,
                                      .final_nodes = FINAL_NODES,
                                      .no_master = limits->no_master};
    *best = (ki_solution){0};
    *bound = (instance_bound){.lower = NAN};
    kerb_status status = ki_engine_start(&engine, model, &engine_limits, err);
    if (status != KERB_OK) return status;
    status = ki_engine_run(&engine, err);
    if (status == KERB_OK) {
        *bound = find_bound(&engine, limits);
        *iterations = engine.iterations;
        *best = engine.best;
        engine.best = (ki_solution){0};
    }
    ki_engine_end(&engine);
    return status;
}
