/* SPDX-License-Identifier: GPL-3.0-or-later
 * compare.c - kerbside-bench compare A.csv B.csv: is B as good as A? A line a set, mean gaps over
 * the rows (instance and seed) that both have. Worse: a set's mean gap grew by more than the
 * tolerance, or a row that A solved is infeasible or absent in B. */
#include "bench.h"
#include "bench/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SETS = 64 };

typedef struct tally {
    const char *set;
    int n, n_better, n_worse, n_lost;
    double sum_a, sum_b; /* gaps in per cent */
} tally;

static int find_row(const bench_csv *table, const char *instance, const char *seed) {
    for (int row = 0; row < table->n_rows; row++)
        if (strcmp(bench_csv_cell(table, row, "instance"), instance) == 0 &&
            strcmp(bench_csv_cell(table, row, "seed"), seed) == 0)
            return row;
    return -1;
}

static tally *tally_of(tally *tallies, int *n, const char *set) {
    for (int at = 0; at < *n; at++)
        if (strcmp(tallies[at].set, set) == 0) return &tallies[at];
    if (*n == MOST_SETS) return &tallies[MOST_SETS - 1];
    tallies[*n] = (tally){.set = set};
    return &tallies[(*n)++];
}

static int is_feasible(const bench_csv *table, int row) {
    return row >= 0 && strcmp(bench_csv_cell(table, row, "feasible"), "yes") == 0;
}

static void add_row(tally *to, const bench_csv *a, int row_a, const bench_csv *b, int row_b) {
    if (!is_feasible(a, row_a)) return;
    if (!is_feasible(b, row_b)) {
        to->n_lost++;
        return;
    }
    double gap_a = bench_csv_number(a, row_a, "gap_percent");
    double gap_b = bench_csv_number(b, row_b, "gap_percent");
    if (isnan(gap_a) || isnan(gap_b)) return;
    to->n++;
    to->sum_a += gap_a;
    to->sum_b += gap_b;
    to->n_better += gap_b < gap_a;
    to->n_worse += gap_b > gap_a;
}

/* Returns how many sets got worse. */
static int print_tallies(const tally *tallies, int n_tallies, double tolerance) {
    int n_worse = 0;
    printf("%-14s %6s %9s %9s %7s %6s %5s\n", "set", "rows", "gap A %", "gap B %", "better",
           "worse", "lost");
    for (int at = 0; at < n_tallies; at++) {
        const tally *of = &tallies[at];
        double mean_a = of->n ? of->sum_a / of->n : NAN, mean_b = of->n ? of->sum_b / of->n : NAN;
        int worse = of->n_lost > 0 || mean_b > mean_a + tolerance;
        n_worse += worse;
        printf("%-14s %6d %9.3f %9.3f %7d %6d %5d%s\n", of->set, of->n, mean_a, mean_b,
               of->n_better, of->n_worse, of->n_lost, worse ? "  WORSE" : "");
    }
    return n_worse;
}

static int compare(const bench_csv *a, const bench_csv *b, double tolerance) {
    tally tallies[MOST_SETS];
    int n_tallies = 0;
    for (int row = 0; row < a->n_rows; row++) {
        tally *to = tally_of(tallies, &n_tallies, bench_csv_cell(a, row, "set"));
        add_row(to, a, row, b,
                find_row(b, bench_csv_cell(a, row, "instance"), bench_csv_cell(a, row, "seed")));
    }
    return print_tallies(tallies, n_tallies, tolerance) > 0;
}

int bench_compare(int argc, char **argv) {
    int failed = 0;
    double tolerance = bench_number(argc, argv, "--tolerance", 0.02, 0, 100, &failed);
    const char *path_a = bench_operand(argc, argv, 0), *path_b = bench_operand(argc, argv, 1);
    if (!path_a || !path_b || failed) {
        fprintf(stderr, "usage: kerbside-bench compare A.csv B.csv [--tolerance PERCENT_POINTS]\n");
        return 2;
    }
    kerb_error err = {0};
    bench_csv a, b = {0};
    int code;
    if (bench_csv_read(&a, path_a, ',', &err) != KERB_OK ||
        bench_csv_read(&b, path_b, ',', &err) != KERB_OK)
        code = bench_report(&err);
    else
        code = compare(&a, &b, tolerance);
    bench_csv_free(&a);
    bench_csv_free(&b);
    return code;
}
