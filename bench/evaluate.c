/* SPDX-License-Identifier: GPL-3.0-or-later
 * evaluate.c - kerbside-bench evaluate: a foreign solution, timed, priced and judged. */
#include "base/alloc.h"
#include "bench.h"
#include "bench/foreign_plan.h"
#include "bench/sealed_input.h"

#include <stdio.h>

static void print_verdict(const foreign_verdict *of) {
    printf("{\"cost\": %.9f, \"feasible\": %s, \"routes\": %zu, \"violations\": %zu, "
           "\"left_out\": %d, \"musts_left_out\": %d, \"km\": %.3f, \"hours\": %.3f}\n",
           (double)of->cost_nano * 1e-9, of->n_violations ? "false" : "true", of->n_routes,
           of->n_violations, of->n_left_out, of->n_musts_left_out, (double)of->length_mm * 1e-6,
           (double)of->spell_ms / 3.6e6);
}

static kerb_status evaluate(const kerb_model *model, const char *path, const char *plan_path,
                            int *code, kerb_error *err) {
    foreign_plan in;
    foreign_verdict verdict;
    ki_text report = {0};
    kerb_plan *plan = NULL;
    kerb_status status = foreign_plan_read(&in, model, path, err);
    if (status == KERB_OK) status = foreign_plan_judge(&in, &verdict, &report, &plan, err);
    if (status == KERB_OK) {
        if (report.bytes) fputs(report.bytes, stdout);
        print_verdict(&verdict);
        *code = verdict.n_violations ? 6 : 0;
        if (plan && plan_path) status = kerb_plan_write(plan, plan_path, err);
    }
    kerb_plan_free(plan);
    ki_text_free(&report);
    foreign_plan_free(&in);
    return status;
}

int bench_evaluate(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *csv = bench_operand(argc, argv, 1);
    if (!path || !csv) {
        fprintf(stderr, "usage: kerbside-bench evaluate DISTRICT.yaml|problem.pb solution.csv "
                        "[--roads EXTRACT] [-o plan.pb]\n");
        return 2;
    }
    kerb_error err = {0};
    sealed_input in;
    int code = 1;
    if (sealed_input_load(&in, path, bench_option(argc, argv, "--roads"), &err) != KERB_OK)
        return bench_report(&err);
    kerb_status status = evaluate(in.model, csv, bench_option(argc, argv, "-o"), &code, &err);
    sealed_input_free(&in);
    return status == KERB_OK ? code : bench_report(&err);
}
