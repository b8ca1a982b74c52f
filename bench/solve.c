/* SPDX-License-Identifier: GPL-3.0-or-later
 * solve.c - kerbside-bench solve: our own search as a contestant like any other. A district or a
 * problem in, a solution.csv out, a trace of what was found when.
 *
 * --time is CPU seconds of the search, reading not counted: others read an exported folder. */
#include "base/error.h"
#include "base/file.h"
#include "bench.h"
#include "bench/instance.h"
#include "bench/out.h"
#include "bench/sealed_input.h"
#include "bench/trace.h"
#include "model/draft.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>

/* Which opening of its facility a tip is, among those of the type. */
static int32_t opening_of(const ki_model *model, const ki_type *type, int32_t tip) {
    int32_t opening = 0;
    for (int32_t other = type->first_tip; other < tip; other++)
        opening += model->tips[other].facility == model->tips[tip].facility;
    return opening;
}

static void add_stop(ki_text *out, const kerb_model *model, int32_t type, const ki_stop *stop) {
    const ki_model *sealed = model->sealed;
    if (stop->task == KI_TIP) {
        ki_text facility = {0};
        ki_text_add(&facility, "tip:%s",
                    model->draft.facilities[sealed->tips[stop->mode].facility].id);
        if (facility.bytes) bench_add_field(out, facility.bytes);
        ki_text_free(&facility);
        ki_text_add(out, ",%d,", opening_of(sealed, &sealed->types[type], stop->mode));
        if (stop->from_ms > 0) ki_text_add(out, "%d", stop->from_ms);
        ki_text_add(out, "\n");
        return;
    }
    bench_add_field(out, sealed->tasks[stop->task].id);
    ki_text_add(out, ",%d,\n", stop->mode - sealed->tasks[stop->task].first_mode);
}

/* The shifts of a type are alike: its routes take them in order. */
static kerb_status write_solution(const kerb_model *model, const ki_solution *solution,
                                  const char *path, kerb_error *err) {
    const ki_model *sealed = model->sealed;
    ki_text out = {0};
    int32_t n_used[KI_MAX_TYPES] = {0};
    ki_text_add(&out, "shift,task,mode,not_before_ms\n");
    for (int32_t index = 0; index < solution->n_routes; index++) {
        const ki_route *route = &solution->routes[index];
        int32_t shift =
            sealed->types[route->type].first_shift + n_used[ki_lead(sealed, route->type)]++;
        for (int32_t stop = 0; stop < route->n_stops; stop++) {
            int32_t task = route->stops[stop].task;
            if (task == KI_BREAK || task == KI_POST) continue; /* the form has none */
            bench_add_field(&out, model->draft.shifts[sealed->type_shifts[shift]].id);
            ki_text_add(&out, ",");
            add_stop(&out, model, route->type, &route->stops[stop]);
        }
    }
    kerb_status status =
        out.failed ? ki_fail_no_memory(err, path) : ki_file_write(path, out.bytes, out.length, err);
    ki_text_free(&out);
    return status;
}

static kerb_status solve(const kerb_model *model, instance_limits *limits, const char *solution,
                         const char *trace_path, kerb_error *err) {
    bench_trace trace;
    ki_solution best;
    instance_bound bound;
    int64_t iterations = 0;
    bench_trace_begin(&trace, limits, trace_path);
    kerb_status status = instance_search(&best, &iterations, &bound, model->sealed, limits, err);
    kerb_status traced = bench_trace_end(&trace, status == KERB_OK ? err : NULL);
    if (status != KERB_OK) return status;
    status = traced == KERB_OK ? write_solution(model, &best, solution, err) : traced;
    if (status == KERB_OK) {
        printf("{\"cost\": %.9f, \"lower\": ", (double)best.cost_nano * 1e-9);
        if (isnan(bound.lower))
            printf("null");
        else
            printf("%.9f, \"relaxation\": \"%s\"", bound.lower, bound.relaxation);
        printf(", \"routes\": %d, \"iterations\": %lld, \"seed\": %llu}\n", (int)best.n_routes,
               (long long)iterations, (unsigned long long)limits->seed);
    }
    ki_solution_free(&best);
    return status;
}

int bench_solve(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *solution = bench_option(argc, argv, "-o");
    instance_limits limits;
    if (!path || !solution || instance_limits_read(argc, argv, &limits)) {
        fprintf(stderr, "usage: kerbside-bench solve DISTRICT.yaml|problem.pb [--roads EXTRACT] "
                        "[--time CPU_S | --iterations N]\n"
                        "       [--seed N] [--threads N] [--bound-effort N | --bound-time S] "
                        "[--master 0] [--trace CSV] -o SOLUTION.csv\n");
        return 2;
    }
    kerb_error err = {0};
    sealed_input in;
    if (sealed_input_load(&in, path, bench_option(argc, argv, "--roads"), &err) != KERB_OK)
        return bench_report(&err);
    kerb_status status =
        solve(in.model, &limits, solution, bench_option(argc, argv, "--trace"), &err);
    sealed_input_free(&in);
    return status == KERB_OK ? 0 : bench_report(&err);
}
