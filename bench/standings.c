/* SPDX-License-Identifier: GPL-3.0-or-later
 * standings.c - kerbside-bench standings: runs.csv of a contest as a table of methods, Wilcoxon's
 * test between each two, and performance profiles. bench/README.md defines every figure.
 *
 * The reference of a district is the least of its upper bound in BEST.csv and the valid costs of
 * these runs, so no gap is below 0. */
#include "bench/standings.h"

#include "base/alloc.h"
#include "base/error.h"
#include "bench.h"
#include "bench/csv.h"
#include "bench/out.h"
#include "bench/signed_rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ONE_PERCENT = 1;

typedef struct table {
    bench_csv runs, best;
    standings made;
} table;

typedef struct summary {
    int n, n_valid, n_close;
    double mean_gap, median_gap, worst_gap, mean_integral, median_close_s;
} summary;

/* ---- each run -------------------------------------------------------------------------------- */

static int is_valid(const bench_csv *runs, int row) {
    return strcmp(bench_csv_cell(runs, row, "feasible"), "yes") == 0 &&
           !isnan(bench_csv_number(runs, row, "cost"));
}

static double reference_of(const table *of, const char *district) {
    double least = NAN;
    for (int row = 0; row < of->best.n_rows; row++)
        if (strcmp(bench_csv_cell(&of->best, row, "district"), district) == 0)
            least = bench_csv_number(&of->best, row, "upper");
    for (int row = 0; row < of->runs.n_rows; row++)
        if (is_valid(&of->runs, row) &&
            strcmp(bench_csv_cell(&of->runs, row, "district"), district) == 0)
            least = fmin(least, bench_csv_number(&of->runs, row, "cost"));
    return least;
}

static double gap_percent(double cost, double reference) {
    double size = fmax(fabs(reference), 1e-9);
    return 100 * fmax(0, cost - reference) / size;
}

/* The next "cpu_s:cost" of a trace; 0 at its end. */
static int next_point(const char **at, double *cpu_s, double *cost) {
    char *rest;
    *cpu_s = strtod(*at, &rest);
    if (rest == *at || *rest != ':') return 0;
    const char *value = rest + 1;
    *cost = strtod(value, &rest);
    if (rest == value) return 0;
    *at = rest;
    return 1;
}

/* Berthold (Operations Research Letters 41(6), 2013): the gap, 1 before there is a solution and
 * never more, integrated over the budget. Without a trace the solution is there when the process
 * ends. */
static void follow(standing_run *out, const char *trace, double cpu_s, double cost,
                   double reference) {
    char end[64];
    double since_s = 0, height = 1, area = 0, at_s, found;
    snprintf(end, sizeof end, "%.3f:%.9f", cpu_s, cost);
    for (const char *at = *trace ? trace : end; next_point(&at, &at_s, &found);) {
        double until_s = fmin(fmax(at_s, since_s), out->budget_s);
        area += height * (until_s - since_s);
        since_s = until_s;
        height = fmin(height, gap_percent(found, reference) / 100);
        if (100 * height <= ONE_PERCENT && at_s < out->one_percent_s) out->one_percent_s = at_s;
    }
    area += height * (out->budget_s - since_s);
    out->primal_integral = 100 * area / out->budget_s;
}

static int method_of(standings *to, const char *name) {
    for (int method = 0; method < to->n_methods; method++)
        if (strcmp(to->methods[method], name) == 0) return method;
    if (to->n_methods == STANDINGS_METHODS) return -1;
    to->methods[to->n_methods] = name;
    return to->n_methods++;
}

static kerb_status measure(table *of, kerb_error *err) {
    const bench_csv *runs = &of->runs;
    of->made.runs = ki_alloc_zero((size_t)runs->n_rows + 1, sizeof *of->made.runs);
    if (!of->made.runs) return ki_fail_no_memory(err, "standings");
    for (int row = 0; row < runs->n_rows; row++) {
        standing_run *run = &of->made.runs[of->made.n_runs];
        run->method = method_of(&of->made, bench_csv_cell(runs, row, "method"));
        if (run->method < 0)
            return ki_fail(err, KERB_BAD_INPUT, "more than %d methods", STANDINGS_METHODS);
        run->district = bench_csv_cell(runs, row, "district");
        run->budget_s = bench_csv_number(runs, row, "budget_s");
        if (!(run->budget_s > 0))
            return ki_fail(err, KERB_BAD_INPUT, "row %d: budget_s, expected more than 0", row + 1);
        double reference = reference_of(of, run->district);
        run->gap_percent = INFINITY;
        run->primal_integral = 100;
        run->one_percent_s = INFINITY;
        if (is_valid(runs, row)) {
            double cost = bench_csv_number(runs, row, "cost");
            run->gap_percent = gap_percent(cost, reference);
            follow(run, bench_csv_cell(runs, row, "trace"), bench_csv_number(runs, row, "cpu_s"),
                   cost, reference);
        }
        of->made.n_runs++;
    }
    return KERB_OK;
}

/* ---- each method ----------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    if (n == 0) return NAN;
    qsort(values, (size_t)n, sizeof *values, by_number);
    double low = values[(n - 1) / 2], high = values[n / 2];
    return low == high ? low : (low + high) / 2;
}

static kerb_status summarise(summary *out, const standings *of, int method, kerb_error *err) {
    double *gaps = ki_alloc_zero((size_t)of->n_runs + 1, sizeof *gaps);
    double *close_s = ki_alloc_zero((size_t)of->n_runs + 1, sizeof *close_s);
    *out = (summary){0};
    for (int at = 0; gaps && close_s && at < of->n_runs; at++) {
        const standing_run *run = &of->runs[at];
        if (run->method != method) continue;
        close_s[out->n++] = run->one_percent_s;
        out->n_close += isfinite(run->one_percent_s);
        out->mean_integral += run->primal_integral;
        if (!isfinite(run->gap_percent)) continue;
        gaps[out->n_valid++] = run->gap_percent;
        out->mean_gap += run->gap_percent;
        out->worst_gap = fmax(out->worst_gap, run->gap_percent);
    }
    int failed = !gaps || !close_s;
    if (!failed) {
        out->mean_gap = out->n_valid ? out->mean_gap / out->n_valid : NAN;
        out->mean_integral /= out->n ? out->n : 1;
        out->median_gap = median(gaps, out->n_valid);
        out->median_close_s = median(close_s, out->n);
    }
    ki_free(gaps);
    ki_free(close_s);
    return failed ? ki_fail_no_memory(err, "standings") : KERB_OK;
}

/* ---- each two methods ------------------------------------------------------------------------ */

/* The mean gap of a method on a district over its seeds; INFINITY if one of them failed; NAN: no
 * run. */
static double mean_on(const standings *of, int method, const char *district) {
    double sum = 0;
    int n = 0;
    for (int run = 0; run < of->n_runs; run++) {
        if (of->runs[run].method != method || strcmp(of->runs[run].district, district) != 0)
            continue;
        sum += of->runs[run].gap_percent;
        n++;
    }
    return n ? sum / n : NAN;
}

static int is_first_of_district(const standings *of, int run) {
    for (int other = 0; other < run; other++)
        if (strcmp(of->runs[other].district, of->runs[run].district) == 0) return 0;
    return 1;
}

/* A district is one pair: seeds of one district are no independent evidence. A failure is the worst
 * there is; two failures are alike. */
static signed_rank compare(const standings *of, int a, int b) {
    static double differences[SIGNED_RANK_MOST];
    int n = 0;
    for (int run = 0; run < of->n_runs && n < SIGNED_RANK_MOST; run++) {
        if (!is_first_of_district(of, run)) continue;
        double gap_a = mean_on(of, a, of->runs[run].district);
        double gap_b = mean_on(of, b, of->runs[run].district);
        if (isnan(gap_a) || isnan(gap_b)) continue;
        differences[n++] = isinf(gap_a) && isinf(gap_b) ? 0 : gap_a - gap_b;
    }
    return bench_signed_rank(differences, n);
}

/* ---- out ------------------------------------------------------------------------------------- */

static void add_value(ki_text *csv, double value) {
    ki_text_add(csv, isfinite(value) ? ",%.4f" : ",", value);
}

static void print_value(double value, int width) {
    if (isfinite(value))
        printf("%*.3f", width, value);
    else
        printf("%*s", width, "-");
}

static void add_summary(ki_text *csv, const char *name, const summary *of) {
    printf("%-18s %5d %5d", name, of->n, of->n_valid);
    print_value(of->mean_gap, 10);
    print_value(of->median_gap, 10);
    print_value(of->n_valid ? of->worst_gap : NAN, 10);
    print_value(of->mean_integral, 11);
    printf(" %6.0f %%", of->n ? 100.0 * of->n_close / of->n : 0);
    print_value(of->median_close_s, 11);
    printf("\n");
    ki_text_add(csv, "%s,%d,%d", name, of->n, of->n_valid);
    add_value(csv, of->mean_gap);
    add_value(csv, of->median_gap);
    add_value(csv, of->n_valid ? of->worst_gap : NAN);
    add_value(csv, of->mean_integral);
    ki_text_add(csv, ",%d", of->n_close);
    add_value(csv, of->median_close_s);
    ki_text_add(csv, "\n");
}

static kerb_status tell_methods(const standings *of, const char *folder, kerb_error *err) {
    ki_text csv = {0};
    ki_text_add(&csv, "method,runs,valid,mean_gap_percent,median_gap_percent,worst_gap_percent,"
                      "primal_integral_percent,within_1_percent,median_time_to_1_percent_s\n");
    printf("%-18s %5s %5s %9s %9s %9s %10s %8s %10s\n", "method", "runs", "valid", "mean gap",
           "median", "worst", "integral", "to 1 %", "median s");
    for (int method = 0; method < of->n_methods; method++) {
        summary about;
        KI_TRY(summarise(&about, of, method, err));
        add_summary(&csv, of->methods[method], &about);
    }
    if (folder) return bench_write_text(folder, "methods.csv", &csv, err);
    ki_text_free(&csv);
    return KERB_OK;
}

static kerb_status tell_tests(const standings *of, const char *folder, kerb_error *err) {
    ki_text csv = {0};
    ki_text_add(&csv, "a,b,districts_that_differ,rank_sum_a_better,rank_sum_b_better,p_value\n");
    if (of->n_methods > 1)
        printf("\nWilcoxon signed-rank over districts, two-sided\n%-18s %-18s %9s %9s %9s %9s\n",
               "a", "b", "districts", "a better", "b better", "p");
    for (int a = 0; a < of->n_methods; a++)
        for (int b = a + 1; b < of->n_methods; b++) {
            signed_rank test = compare(of, a, b);
            double plus = test.n * (test.n + 1) / 2.0 - test.minus;
            printf("%-18s %-18s %9d %9.1f %9.1f %9.4g\n", of->methods[a], of->methods[b], test.n,
                   test.minus, plus, test.p_value);
            ki_text_add(&csv, "%s,%s,%d,%.1f,%.1f,%.6g\n", of->methods[a], of->methods[b], test.n,
                        test.minus, plus, test.p_value);
        }
    if (folder) return bench_write_text(folder, "tests.csv", &csv, err);
    ki_text_free(&csv);
    return KERB_OK;
}

static kerb_status tell(const standings *of, const char *folder, kerb_error *err) {
    static const char *const names[] = {"profile_gap.svg", "profile_time.svg"};
    if (folder) bench_make_folders(folder);
    KI_TRY(tell_methods(of, folder, err));
    KI_TRY(tell_tests(of, folder, err));
    for (int profile = 0; folder && profile < 2; profile++) {
        ki_text svg = {0};
        bench_standings_plot(&svg, of, (standings_profile)profile);
        KI_TRY(bench_write_text(folder, names[profile], &svg, err));
    }
    return KERB_OK;
}

int bench_standings(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0), *best = bench_option(argc, argv, "--best");
    if (!path) {
        fprintf(stderr, "usage: kerbside-bench standings runs.csv [--best BEST.csv] [-o DIR]\n");
        return 2;
    }
    kerb_error err = {0};
    table of = {0};
    kerb_status status = bench_csv_read(&of.runs, path, ',', &err);
    if (status == KERB_OK && best) status = bench_csv_read(&of.best, best, ',', &err);
    if (status == KERB_OK && of.runs.n_rows == 0)
        status = ki_fail(&err, KERB_BAD_INPUT, "%s: no runs", path);
    if (status == KERB_OK) status = measure(&of, &err);
    if (status == KERB_OK) status = tell(&of.made, bench_option(argc, argv, "-o"), &err);
    ki_free(of.made.runs);
    bench_csv_free(&of.runs);
    bench_csv_free(&of.best);
    return status == KERB_OK ? 0 : bench_report(&err);
}
