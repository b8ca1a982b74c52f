/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_solve.c - from an instance to a verified cost: seal, search, decode, verify. */
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/instance.h"

#include <math.h>
#include <string.h>

/* Distances that are not integers are rounded up to 1e-5 in the model, some 10,000 of them. */
#define MOST_ROUNDING 0.1

/* Tasks are numbered from 1 in the order of the file; a minus: backwards; D and a number: a dump;
 * B: the break;
 * @ and a number: the directed link by which a place is reached. */
static kerb_status write_solution(const char *path, const bench_instance *instance,
                                  const instance_route *routes, int32_t n_routes, double cost,
                                  kerb_error *err) {
    ki_text text = {0};
    for (int32_t index = 0; index < n_routes; index++) {
        ki_text_add(&text, "Route #%d:", (int)index + 1);
        for (int32_t stop = 0; stop < routes[index].n_stops; stop++) {
            instance_stop at = routes[index].stops[stop];
            if (at.task == INSTANCE_BREAK)
                ki_text_add(&text, " B");
            else if (at.task < 0)
                ki_text_add(&text, " D%d", (int)at.way + 1);
            else if (instance->tasks[at.task].place >= 0 && instance->n_turns)
                ki_text_add(&text, " %d@%d", (int)at.task + 1, (int)at.way);
            else
                ki_text_add(&text, " %s%d", at.way ? "-" : "", (int)at.task + 1);
        }
        ki_text_add(&text, "\n");
    }
    ki_text_add(&text, "Cost %.10g\n", cost);
    kerb_status status = text.failed ? ki_fail_no_memory(err, path)
                                     : ki_file_write(path, text.bytes, text.length, err);
    ki_text_free(&text);
    return status;
}

static kerb_status judge(instance_result *out, const bench_instance *instance,
                         const instance_sealed *sealed, const ki_solution *best,
                         const char *solution_path, kerb_error *err) {
    ki_arena arena = {0};
    instance_route *routes;
    instance_verdict verdict = {0};
    kerb_status status =
        instance_decode(&routes, &out->n_routes, &arena, instance, sealed, best, err);
    if (status == KERB_OK) status = instance_verify(&verdict, instance, routes, out->n_routes, err);
    double model_cost =
        (double)best->cost_nano * 1e-9 - instance->fewer_routes * (double)out->n_routes;
    if (status == KERB_OK && verdict.feasible && fabs(model_cost - verdict.cost) > MOST_ROUNDING)
        status = ki_fail(err, KERB_INTERNAL, "%s: the model says %.10g, the verification %.10g",
                         instance->name, model_cost, verdict.cost);
    if (status == KERB_OK && solution_path)
        status = write_solution(solution_path, instance, routes, out->n_routes, verdict.cost, err);
    out->cost = verdict.cost;
    out->feasible = verdict.feasible;
    memcpy(out->fault, verdict.fault, sizeof out->fault);
    ki_arena_free(&arena);
    return status;
}

kerb_status instance_solve(instance_result *out, const bench_instance *instance,
                           const instance_limits *limits, const char *solution_path,
                           kerb_error *err) {
    double started_s = ki_clock_cpu_s();
    *out =
        (instance_result){.problem = instance_problem_name(instance->problem), .bound.lower = NAN};
    instance_sealed sealed;
    KI_TRY(instance_seal(&sealed, instance, err));
    ki_solution best;
    kerb_status status =
        instance_search(&best, &out->iterations, &out->bound, sealed.model, limits, err);
    out->cpu_s = ki_clock_cpu_s() - started_s;
    if (status == KERB_OK) {
        status = judge(out, instance, &sealed, &best, solution_path, err);
        /* Of any solution with no more vehicles. */
        out->bound.lower -= instance->fewer_routes * (double)out->n_routes;
        ki_solution_free(&best);
    }
    ki_model_free(sealed.model);
    return status;
}
