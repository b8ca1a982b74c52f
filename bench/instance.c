/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance.c - kerbside-bench instance: one public instance, one line of JSON. */
#include "bench/instance.h"

#include "base/text.h"
#include "bench.h"
#include "bench/trace.h"

#include <math.h>

static void print_result(const char *path, const instance_result *result, uint64_t seed) {
    ki_text text = {0};
    ki_text_add(&text, "{\"instance\": ");
    ki_text_add_json(&text, path);
    ki_text_add(&text, ", \"problem\": \"%s\", \"cost\": %.10g, \"lower\": ", result->problem,
                result->cost);
    if (isnan(result->bound.lower)) {
        ki_text_add(&text, "null");
    } else {
        ki_text_add(&text, "%.10g, \"relaxation\": ", result->bound.lower);
        ki_text_add_json(&text, result->bound.relaxation);
        ki_text_add(&text, ", \"bound_cpu_s\": %.2f", result->bound.cpu_s);
    }
    ki_text_add(&text,
                ", \"feasible\": %s, \"routes\": %d, \"cpu_s\": %.2f, \"iterations\": %lld, "
                "\"seed\": %llu, \"gained\": %.10g",
                result->feasible ? "true" : "false", (int)result->n_routes, result->cpu_s,
                (long long)result->iterations, (unsigned long long)seed, result->bound.gained);
    if (!result->feasible) {
        ki_text_add(&text, ", \"fault\": ");
        ki_text_add_json(&text, result->fault);
    }
    ki_text_add(&text, "}\n");
    if (text.bytes) fputs(text.bytes, stdout);
    ki_text_free(&text);
}

int instance_limits_read(int argc, char **argv, instance_limits *limits) {
    int failed = 0;
    double time = bench_number(argc, argv, "--time", 10, 0.01, 1e6, &failed);
    double iterations = bench_number(argc, argv, "--iterations", 0, 1, 1e15, &failed);
    *limits = (instance_limits){
        .cpu_s = time,
        .iterations = (int64_t)iterations,
        .seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 9e15, &failed),
        .threads = (int)bench_number(argc, argv, "--threads", 1, 1, 256, &failed),
        .bound_effort = (int32_t)bench_number(argc, argv, "--bound-effort", 0, 0, 1e6, &failed),
        .bound_s = bench_number(argc, argv, "--bound-time", 0, 0, 1e6, &failed),
        .no_master = bench_number(argc, argv, "--master", 1, 0, 1, &failed) < 1};
    return failed;
}

int bench_instance_verb(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0);
    instance_limits limits;
    if (!path || instance_limits_read(argc, argv, &limits)) {
        fprintf(stderr, "usage: kerbside-bench instance FILE [--time CPU_S | --iterations N] "
                        "[--seed N] [--threads N] [--bound-effort N | --bound-time S] "
                        "[--master 0] [--solution OUT] [--trace CSV]\n");
        return 2;
    }
    kerb_error err = {0};
    bench_instance instance;
    instance_result result;
    kerb_status status = instance_read(&instance, path, &err);
    bench_trace trace;
    bench_trace_begin(&trace, &limits, bench_option(argc, argv, "--trace"));
    if (status == KERB_OK)
        status = instance_solve(&result, &instance, &limits, bench_option(argc, argv, "--solution"),
                                &err);
    kerb_status traced = bench_trace_end(&trace, status == KERB_OK ? &err : NULL);
    if (status == KERB_OK) status = traced;
    if (status == KERB_OK) print_result(path, &result, limits.seed);
    instance_free(&instance);
    if (status != KERB_OK) return bench_report(&err);
    return result.feasible ? 0 : 6;
}
