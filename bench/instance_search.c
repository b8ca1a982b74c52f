/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_search.c - the engine on a bare model, with a limit in CPU seconds. */
#include "base/clock.h"
#include "bench/instance.h"
#include "engine.h"
#include "master/bound.h"

#include <math.h>

enum { FINAL_NODES = 50 };
#define FINAL_RATIO 0.04 /* of the time, for the final choice */

static double find_bound(const ki_engine *engine, int32_t effort) {
    ki_bound bound = {0};
    kerb_error ignored = {0};
    if (effort <= 0) return NAN;
    if (ki_bound_compute(&bound, engine->model, engine->pool, engine->worker, effort, &ignored) !=
        KERB_OK)
        return NAN;
    return (double)bound.bound_nano * 1e-9;
}

kerb_status instance_search(ki_solution *best, int64_t *iterations, double *lower,
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
    *lower = NAN;
    kerb_status status = ki_engine_start(&engine, model, &engine_limits, err);
    if (status != KERB_OK) return status;
    status = ki_engine_run(&engine, err);
    if (status == KERB_OK) {
        *lower = find_bound(&engine, limits->bound_effort);
        *iterations = engine.iterations;
        *best = engine.best;
        engine.best = (ki_solution){0};
    }
    ki_engine_end(&engine);
    return status;
}
