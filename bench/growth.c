/* SPDX-License-Identifier: GPL-3.0-or-later
 * growth.c - how the time that a good plan takes grows with the size of a district: for each, the
 * CPU seconds after which a run comes to within 1 % of one ten times as long, and the exponent of
 * that time over the number of tasks.
 *
 * Runs of 1, 10^(1/3), 10^(2/3), 10 ... times the first length, so that a run ten times as long is
 * three steps on and is made once. Each run starts afresh: a search under a limit cools by it, and
 * what a long run held after a tenth of its time says nothing of a short one. */
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/instance.h"
#include "bench/sealed_input.h"
#include "model/draft.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS "district,tasks,seed,step,asked_cpu_s,cpu_s,cost,routes,version\n"
#define GOAL_PERCENT 1.0

enum { TENFOLD = 3 /* steps */, MOST_STEPS = 18, MOST_SEEDS = 16, MOST_POINTS = 256 };

typedef struct run {
    double cpu_s, cost;
} run;

typedef struct pass {
    const char *out;
    double first_s; /* of the shortest run, for 1,000 tasks */
    double seeds[MOST_SEEDS];
    int n_seeds;
    instance_limits limits;
    bench_csv done;
    ki_text rows;
    double log_tasks[MOST_POINTS], log_time[MOST_POINTS];
    int n_points;
} pass;

static int take_done(const pass *at, const char *district, int step, run *out) {
    for (int row = 0; row < at->done.n_rows; row++) {
        if (strcmp(bench_csv_cell(&at->done, row, "district"), district) != 0 ||
            bench_csv_number(&at->done, row, "seed") != (double)at->limits.seed ||
            bench_csv_number(&at->done, row, "step") != step)
            continue;
        *out = (run){bench_csv_number(&at->done, row, "cpu_s"),
                     bench_csv_number(&at->done, row, "cost")};
        return 1;
    }
    return 0;
}

static kerb_status make_run(pass *at, const ki_model *model, const char *district, int step,
                            run *out, kerb_error *err) {
    ki_solution best;
    instance_bound bound;
    int64_t iterations;
    instance_limits limits = at->limits;
    limits.cpu_s = at->first_s * model->n_tasks / 1000 * pow(10, (double)step / TENFOLD);
    double started_s = ki_clock_cpu_s();
    KI_TRY(instance_search(&best, &iterations, &bound, model, &limits, err));
    *out = (run){ki_clock_cpu_s() - started_s, (double)best.cost_nano * 1e-9};
    ki_text_add(&at->rows, "%s,%d,%llu,%d,%.2f,%.2f,%.2f,%d,%s\n", district, (int)model->n_tasks,
                (unsigned long long)limits.seed, step, limits.cpu_s, out->cpu_s, out->cost,
                (int)best.n_routes, KERB_VERSION);
    ki_solution_free(&best);
    if (at->rows.failed) return ki_fail_no_memory(err, at->out);
    return ki_file_write(at->out, at->rows.bytes, at->rows.length, err);
}

static double gap_percent(const run *runs, int step) {
    return 100 * (runs[step].cost - runs[step + TENFOLD].cost) / runs[step + TENFOLD].cost;
}

/* Between the last run that fell short and the first that did not, along the logarithm of time. */
static double time_to_goal(const run *runs, int step) {
    if (step == 0) return runs[0].cpu_s;
    double before = gap_percent(runs, step - 1), here = gap_percent(runs, step);
    double share = (before - GOAL_PERCENT) / (before - here);
    return runs[step - 1].cpu_s * pow(runs[step].cpu_s / runs[step - 1].cpu_s, share);
}

static void tell(pass *at, const ki_model *model, const char *district, const run *runs, int step) {
    double time_s = time_to_goal(runs, step);
    printf("{\"district\": \"%s\", \"tasks\": %d, \"seed\": %llu, \"cpu_s\": %.2f, "
           "\"at_most\": %s, \"long_cpu_s\": %.2f, \"long_cost\": %.2f}\n",
           district, (int)model->n_tasks, (unsigned long long)at->limits.seed, time_s,
           step == 0 ? "true" : "false", runs[step + TENFOLD].cpu_s, runs[step + TENFOLD].cost);
    fflush(stdout);
    if (at->n_points == MOST_POINTS) return;
    at->log_tasks[at->n_points] = log(model->n_tasks);
    at->log_time[at->n_points++] = log(time_s);
}

static kerb_status run_district(pass *at, const char *path, const ki_model *model,
                                kerb_error *err) {
    run runs[MOST_STEPS + 1];
    for (int step = 0; step <= MOST_STEPS; step++) {
        if (!take_done(at, path, step, &runs[step]))
            KI_TRY(make_run(at, model, path, step, &runs[step], err));
        if (step < TENFOLD || !(gap_percent(runs, step - TENFOLD) <= GOAL_PERCENT)) continue;
        tell(at, model, path, runs, step - TENFOLD);
        return KERB_OK;
    }
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s: no run comes within %g %% of one ten times as long, up to %.0f CPU s", path,
                   GOAL_PERCENT, runs[MOST_STEPS].cpu_s);
}

/* The slope of the least squares. */
static double exponent(const pass *at) {
    double mean_x = 0, mean_y = 0, products = 0, squares = 0;
    for (int point = 0; point < at->n_points; point++) {
        mean_x += at->log_tasks[point] / at->n_points;
        mean_y += at->log_time[point] / at->n_points;
    }
    for (int point = 0; point < at->n_points; point++) {
        double x = at->log_tasks[point] - mean_x;
        products += x * (at->log_time[point] - mean_y);
        squares += x * x;
    }
    return products / squares;
}

static kerb_status run_pass(pass *at, int argc, char **argv, kerb_error *err) {
    kerb_status status = bench_csv_take_up(&at->done, &at->rows, at->out, COLUMNS, err);
    for (int n = 0; status == KERB_OK && bench_operand(argc, argv, n); n++) {
        sealed_input in;
        const char *path = bench_operand(argc, argv, n);
        status = sealed_input_load(&in, path, NULL, err);
        if (status != KERB_OK) break;
        for (int seed = 0; status == KERB_OK && seed < at->n_seeds; seed++) {
            at->limits.seed = (uint64_t)at->seeds[seed];
            status = run_district(at, path, in.model->sealed, err);
        }
        sealed_input_free(&in);
    }
    double slope = exponent(at);
    if (status == KERB_OK && isfinite(slope)) printf("{\"exponent\": %.3f}\n", slope);
    bench_csv_free(&at->done);
    ki_text_free(&at->rows);
    return status;
}

int bench_growth(int argc, char **argv) {
    int failed = 0;
    pass at = {.out = bench_option(argc, argv, "-o")};
    at.first_s = bench_number(argc, argv, "--first", 1, 0.001, 1e4, &failed);
    const char *seeds = bench_option(argc, argv, "--seeds");
    at.n_seeds = instance_numbers(seeds ? seeds : "1", at.seeds, MOST_SEEDS);
    at.limits.threads = (int)bench_number(argc, argv, "--threads", 1, 1, 256, &failed);
    if (failed || !at.out || at.n_seeds == 0 || !bench_operand(argc, argv, 0)) return 2;
    kerb_error err = {0};
    return run_pass(&at, argc, argv, &err) == KERB_OK ? 0 : bench_report(&err);
}
