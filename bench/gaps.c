/* SPDX-License-Identifier: GPL-3.0-or-later
 * gaps.c - how far plans of districts are above what is proved: of all, of trucks alone, of
 * sweepers alone. Each is planned as kerbside plan would, checked, and is one row. */
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "bench.h"
#include "bench/out.h"
#include "bench/sealed_input.h"
#include "model/model.h"
#include "plan/plan.h"
#include "plan/plan_summary.h"

static const char columns[] =
    "district,part,seed,tasks,cost,bound,gap_percent,gap_avoidable_percent,iterations,passes,"
    "cpu_s,violations,relaxation\n";
static const char *const part_names[] = {"all", "trucks", "sweepers"};

static void add_row(ki_text *rows, const char *path, sealed_part part, const kerb_options *options,
                    const kerb_model *model, const kerb_plan *plan, size_t n_violations,
                    double cpu_s) {
    ki_plan_gap gap = ki_plan_gap_of(plan);
    ki_text_add(rows, "%s,%s,%llu,%d,%.2f,%.2f,%.3f,%.3f,%lld,%d,%.1f,%zu,%s\n", path,
                part_names[part], (unsigned long long)options->seed, (int)model->sealed->n_tasks,
                (double)plan->cost_nano * 1e-9, (double)plan->bound_nano * 1e-9, gap.percent,
                gap.avoidable_percent, (long long)plan->iterations, (int)plan->bound_passes, cpu_s,
                n_violations, plan->relaxation);
}

static kerb_status run(const sealed_input *in, const char *path, sealed_part part,
                       const kerb_options *options, ki_text *rows, kerb_error *err) {
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    size_t n_violations = 0;
    double before = ki_clock_cpu_s();
    KI_TRY(sealed_input_part(&model, in, part, err));
    kerb_status status = kerb_model_seal(model, options, err);
    int is_work = status == KERB_OK && model->sealed->n_tasks > 0;
    if (is_work) status = kerb_plan_solve(&plan, model, options, err);
    if (is_work && status == KERB_OK)
        status = kerb_plan_check(plan, model, &n_violations, NULL, err);
    if (is_work && status == KERB_OK)
        add_row(rows, path, part, options, model, plan, n_violations, ki_clock_cpu_s() - before);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return status;
}

static kerb_status run_district(const char *path, const kerb_options *options, int n_seeds,
                                ki_text *rows, kerb_error *err) {
    sealed_input in;
    KI_TRY(sealed_input_open(&in, path, NULL, err));
    kerb_status status = KERB_OK;
    kerb_options seeded = *options;
    for (seeded.seed = 1; seeded.seed <= (uint64_t)n_seeds; seeded.seed++)
        for (int part = SEALED_ALL; part <= SEALED_STREETS && status == KERB_OK; part++)
            status = run(&in, path, (sealed_part)part, &seeded, rows, err);
    sealed_input_free(&in);
    return status;
}

int bench_gaps(int argc, char **argv) {
    const char *output = bench_option(argc, argv, "-o");
    int failed = 0;
    kerb_error err = {0};
    ki_text rows = {0};
    kerb_options options = {0};
    options.time_s = bench_number(argc, argv, "--time", 0, 0, 86400, &failed);
    options.iterations = (int64_t)bench_number(argc, argv, "--iterations",
                                               options.time_s > 0 ? 0 : 20000, 0, 1e9, &failed);
    options.threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    int n_seeds = (int)bench_number(argc, argv, "--seeds", 1, 1, 1000, &failed);
    if (failed || !bench_operand(argc, argv, 0)) return 2;
    ki_text_add(&rows, "%s", columns);
    kerb_status status = KERB_OK;
    for (int n = 0; bench_operand(argc, argv, n) && status == KERB_OK; n++)
        status = run_district(bench_operand(argc, argv, n), &options, n_seeds, &rows, &err);
    if (status == KERB_OK) status = bench_put_rows(output, &rows, &err);
    ki_text_free(&rows);
    return status == KERB_OK ? 0 : bench_report(&err);
}
