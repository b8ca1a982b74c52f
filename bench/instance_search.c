/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_search.c - the engine on a bare model, with a limit in CPU seconds. */
#include "base/clock.h"
#include "bench/instance.h"
#include "engine.h"
#include "master/bound.h"

#include <math.h>

enum { FINAL_NODES = 20, MOST_EFFORT = 1000000 };

typedef struct deadline {
    double limit_s, started_s; /* CPU */
} deadline;

static int bound_is_late(void *payload) {
    const deadline *at = payload;
    return at->limit_s > 0 && ki_clock_cpu_s() - at->started_s >= at->limit_s;
}

static void note(const instance_limits *limits, int64_t iterations, double primal, double dual) {
    if (limits->note) limits->note(limits->note_payload, iterations, primal, dual);
}

/* Where somebody takes notes, in steps of 1, 2, 4 ... passes, each as valid as the whole. */
static instance_bound find_bound(const ki_engine *engine, const instance_limits *limits) {
    instance_bound best = {.lower = NAN, .relaxation = "none"};
    deadline at = {limits->bound_s, ki_clock_cpu_s()};
    int32_t most = limits->bound_effort > 0 ? limits->bound_effort : MOST_EFFORT;
    if (limits->bound_effort <= 0 && limits->bound_s <= 0) return best;
    for (int32_t effort = limits->note ? 1 : most;;
         effort = 2 * effort < most ? 2 * effort : most) {
        ki_bound bound = {0};
        kerb_error ignored = {0};
        ki_bound_limit limit = {.effort = effort,
                                .stop = bound_is_late,
                                .payload = &at,
                                .pool = engine->pool,
                                .near = &engine->best};
        if (ki_bound_compute_until(&bound, engine->model, engine->worker, &limit, &ignored) !=
            KERB_OK)
            return best;
        double lower = (double)bound.bound_nano * 1e-9;
        if (isnan(best.lower) || lower > best.lower)
            best = (instance_bound){.lower = lower, .relaxation = bound.relaxation};
        best.cpu_s = ki_clock_cpu_s() - at.started_s;
        note(limits, engine->iterations, (double)engine->best.cost_nano * 1e-9, best.lower);
        if (effort == most || bound.n_passes < effort || bound_is_late(&at)) return best;
    }
}

typedef struct watch {
    const ki_engine *engine;
    const instance_limits *limits;
} watch;

static int tell(void *payload) {
    const watch *at = payload;
    note(at->limits, at->engine->iterations, (double)at->engine->best.cost_nano * 1e-9, NAN);
    return 0;
}

kerb_status instance_search(ki_solution *best, int64_t *iterations, instance_bound *bound,
                            const ki_model *model, const instance_limits *limits, kerb_error *err) {
    ki_engine engine;
    watch watched = {&engine, limits};
    ki_engine_limits engine_limits = {.seed = limits->seed,
                                      .threads = limits->threads,
                                      .iterations = limits->iterations,
                                      .time_s = limits->cpu_s,
                                      .clock_s = ki_clock_cpu_s,
                                      .final_nodes = FINAL_NODES,
                                      .no_master = limits->no_master,
                                      .tell = tell,
                                      .payload = &watched};
    *best = (ki_solution){0};
    *bound = (instance_bound){.lower = NAN};
    kerb_status status = ki_engine_start(&engine, model, &engine_limits, err);
    if (status != KERB_OK) return status;
    tell(&watched);
    status = ki_engine_run(&engine, err);
    if (status == KERB_OK) {
        tell(&watched);
        *bound = find_bound(&engine, limits);
        bound->gained = (double)(engine.searched_nano - engine.best.cost_nano) * 1e-9;
        *iterations = engine.iterations;
        *best = engine.best;
        engine.best = (ki_solution){0};
    }
    ki_engine_end(&engine);
    return status;
}
