/* SPDX-License-Identifier: GPL-3.0-or-later
 * means.c - kerbside-bench means A.csv: what a pass over public instances came to, a line a set. */
#include "bench.h"
#include "bench/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct set_mean {
    int n, n_seeds, n_infeasible, n_at_best; /* at_best: no more than the listed value */
    double sum_percent, worst_percent, sum_cpu_s;
} set_mean;

static void add_row(const bench_csv *table, int row, set_mean *to) {
    double gap_percent = bench_csv_number(table, row, "gap_percent");
    to->n++;
    to->sum_cpu_s += bench_csv_number(table, row, "cpu_s");
    to->n_infeasible += strcmp(bench_csv_cell(table, row, "feasible"), "yes") != 0;
    if (isnan(gap_percent)) return;
    to->n_at_best += gap_percent <= 0.001; /* windows: distances in doubles */
    to->sum_percent += gap_percent;
    if (to->n == 1 || gap_percent > to->worst_percent) to->worst_percent = gap_percent;
}

static int is_new(const bench_csv *table, int row, const char *column) {
    const char *set = bench_csv_cell(table, row, "set");
    for (int before = 0; before < row; before++)
        if (strcmp(bench_csv_cell(table, before, "set"), set) == 0 &&
            strcmp(bench_csv_cell(table, before, column), bench_csv_cell(table, row, column)) == 0)
            return 0;
    return 1;
}

static void print_set(const bench_csv *table, int first) {
    set_mean all = {0};
    const char *set = bench_csv_cell(table, first, "set");
    for (int row = first; row < table->n_rows; row++) {
        if (strcmp(bench_csv_cell(table, row, "set"), set) != 0) continue;
        add_row(table, row, &all);
        all.n_seeds += is_new(table, row, "seed");
    }
    printf("%-14s %5d %5d %6.1f %10.3f %9.3f %8d %10d\n", set, all.n, all.n_seeds,
           all.sum_cpu_s / all.n, all.sum_percent / all.n, all.worst_percent, all.n_at_best,
           all.n_infeasible);
}

int bench_means(int argc, char **argv) {
    const char *path = bench_operand(argc, argv, 0);
    kerb_error err = {0};
    bench_csv table;
    if (!path) return 2;
    if (bench_csv_read(&table, path, ',', &err) != KERB_OK) return bench_report(&err);
    printf("%-14s %5s %5s %6s %10s %9s %8s %10s\n", "set", "rows", "seeds", "cpu s", "mean gap %",
           "worst %", "at best", "infeasible");
    for (int row = 0; row < table.n_rows; row++)
        if (is_new(&table, row, "set")) print_set(&table, row);
    bench_csv_free(&table);
    return 0;
}
