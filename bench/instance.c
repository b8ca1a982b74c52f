/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance.c - kerbside-bench instance: one public instance, one line of JSON. */
#include "bench/instance.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"

#include <math.h>
#include <string.h>

/* Tasks are numbered from 1 in the order of the file; a minus: backwards; D and a number: a dump;
 * @ and a number: the directed link by which a place is reached. */
static kerb_status write_solution(const char *path, const bench_instance *instance,
                                  const instance_route *routes, int32_t n_routes, double cost,
                                  kerb_error *err) {
    ki_text text = {0};
    for (int32_t index = 0; index < n_routes; index++) {
        ki_text_add(&text, "Route #%d:", (int)index + 1);
        for (int32_t stop = 0; stop < routes[index].n_stops; stop++) {
            instance_stop at = routes[index].stops[stop];
            if (at.task < 0)
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
    *out = (instance_result){.problem = instance_problem_name(instance->problem), .lower = NAN};
    instance_sealed sealed;
    KI_TRY(instance_seal(&sealed, instance, err));
    ki_solution best;
    kerb_status status =
        instance_search(&best, &out->iterations, &out->lower, sealed.model, limits, err);
    out->cpu_s = ki_clock_cpu_s() - started_s;
    if (status == KERB_OK) {
        status = judge(out, instance, &sealed, &best, solution_path, err);
        ki_solution_free(&best);
    }
    ki_model_free(sealed.model);
    return status;
}

static void print_result(const char *path, const instance_result *result, uint64_t seed) {
    ki_text text = {0};
    ki_text_add(&text, "{\"instance\": ");
    ki_text_add_json(&text, path);
    ki_text_add(&text, ", \"problem\": \"%s\", \"cost\": %.10g, \"lower\": ", result->problem,
                result->cost);
    if (isnan(result->lower))
        ki_text_add(&text, "null");
    else
        ki_text_add(&text, "%.10g", result->lower);
    ki_text_add(&text,
                ", \"feasible\": %s, \"routes\": %d, \"cpu_s\": %.2f, \"iterations\": %lld, "
                "\"seed\": %llu",
                result->feasible ? "true" : "false", (int)result->n_routes, result->cpu_s,
                (long long)result->iterations, (unsigned long long)seed);
    if (!result->feasible) {
        ki_text_add(&text, ", \"fault\": ");
        ki_text_add_json(&text, result->fault);
    }
    ki_text_add(&text, "}\n");
    if (text.bytes) fputs(text.bytes, stdout);
    ki_text_free(&text);
}

static int read_limits(int argc, char **argv, instance_limits *limits) {
    int failed = 0;
    double time = bench_number(argc, argv, "--time", 10, 0.01, 1e6, &failed);
    double iterations = bench_number(argc, argv, "--iterations", 0, 1, 1e15, &failed);
    *limits = (instance_limits){
        .cpu_s = time,
        .iterations = (int64_t)iterations,
        .seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 9e15, &failed),
        .threads = (int)bench_number(argc, argv, "--threads", 1, 1, 256, &failed),
        .bound_effort = (int32_t)bench_number(argc, argv, "--bound-effort", 0, 0, 1e6, &failed)};
    return failed;
}

int bench_instance_verb(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0);
    instance_limits limits;
    if (!path || read_limits(argc, argv, &limits)) {
        fprintf(stderr, "usage: kerbside-bench instance FILE [--time CPU_S | --iterations N] "
                        "[--seed N] [--threads N] [--bound-effort N] [--solution OUT]\n");
        return 2;
    }
    kerb_error err = {0};
    bench_instance instance;
    instance_result result;
    kerb_status status = instance_read(&instance, path, &err);
    if (status == KERB_OK)
        status = instance_solve(&result, &instance, &limits, bench_option(argc, argv, "--solution"),
                                &err);
    if (status == KERB_OK) print_result(path, &result, limits.seed);
    instance_free(&instance);
    if (status != KERB_OK) return bench_report(&err);
    return result.feasible ? 0 : 6;
}
