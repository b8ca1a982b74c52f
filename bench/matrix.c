/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.c - kerbside-bench matrix: every method of the travel matrix at every size, warm and cold,
 * on one thread and on more; all held to the same cells. Rows of a CSV file. */
#include "road/matrix.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sort.h"
#include "bench.h"
#include "places.h"
#include "road/hierarchy.h"
#include "road/lanes.h"
#include "truck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 5000, MOST_FILLS = 40, DIJKSTRA_POINTS = 100, MOST_CSV_BYTES = 1 << 24 };
#define MEASURED_S 0.4 /* per method and size */

static const int32_t SIZES[] = {10, 25, 50, 100, 200, 300, 500, 1000, 2000, 5000};
enum { N_SIZES = sizeof SIZES / sizeof *SIZES };

static const struct {
    const char *name;
    ki_matrix_method method;
} METHODS[] = {
    {"dijkstra", KI_MATRIX_DIJKSTRA}, {"bucket", KI_MATRIX_BUCKET}, {"phast", KI_MATRIX_PHAST}};

typedef struct cells {
    int32_t *time_ms, *length_mm;
} cells;

typedef struct matrix_run {
    const char *extract;
    const ki_profile *profile;
    ki_place *places;
    int32_t n_points, n;
    int threads, only; /* only: index of a method, -1: all */
    cells judge, filled;
    int64_t n_mismatches;
    char *csv; /* lines so far */
    size_t n_csv, csv_capacity;
} matrix_run;

typedef struct timed { /* per fill */
    double first_s, least_s, median_s, wall_s;
} timed;

/* The first fill is cold: nothing of the hierarchy is near. */
static kerb_status time_fills(const matrix_run *run, ki_matrix_method method, int threads,
                              timed *out, kerb_error *err) {
    double cpu_s[MOST_FILLS], spent_s = 0;
    int n_fills = 0;
    out->wall_s = 1e9;
    while (n_fills < 2 || (n_fills < MOST_FILLS && spent_s < MEASURED_S)) {
        double cpu = ki_clock_cpu_s(), wall = ki_clock_wall_s();
        KI_TRY(ki_matrix_fill_by(method, run->profile, run->places, run->n, threads,
                                 run->filled.time_ms, run->filled.length_mm, err));
        cpu_s[n_fills] = ki_clock_cpu_s() - cpu;
        wall = ki_clock_wall_s() - wall;
        if (wall < out->wall_s) out->wall_s = wall;
        spent_s += cpu_s[n_fills++];
    }
    out->first_s = cpu_s[0];
    qsort(cpu_s, (size_t)n_fills, sizeof *cpu_s, ki_compare_doubles);
    out->least_s = cpu_s[0];
    out->median_s = cpu_s[n_fills / 2];
    return KERB_OK;
}

static int64_t count_mismatches(const matrix_run *run) {
    int64_t n = 0;
    for (size_t at = 0; at < (size_t)run->n * (size_t)run->n; at++)
        n += run->judge.time_ms[at] != run->filled.time_ms[at] ||
             run->judge.length_mm[at] != run->filled.length_mm[at];
    return n;
}

static int say(matrix_run *run, const char *line) {
    size_t n = strlen(line);
    fputs(line, stdout);
    fflush(stdout);
    if (ki_grow(&run->csv, &run->csv_capacity, run->n_csv + n, 1)) return -1;
    memcpy(run->csv + run->n_csv, line, n);
    run->n_csv += n;
    return 0;
}

static int report(matrix_run *run, const char *method, int threads, const timed *took,
                  double one_wall_s) {
    double ns = 1e9 / run->n / run->n;
    int64_t n_mismatches = count_mismatches(run);
    char line[400];
    snprintf(line, sizeof line, "%s,%s,%s,%d,%d,%.1f,%.1f,%.1f,%.1f,%.2f,%lld\n", run->extract,
             method, ki_lanes_best()->name, run->n, threads, took->first_s * ns, took->least_s * ns,
             took->median_s * ns, took->wall_s * ns, one_wall_s / took->wall_s,
             (long long)n_mismatches);
    run->n_mismatches += n_mismatches;
    return say(run, line);
}

static kerb_status measure_size(matrix_run *run, kerb_error *err) {
    size_t n_bytes = (size_t)run->n * (size_t)run->n * sizeof(int32_t);
    int has_judge = 0;
    for (int at = 0; at < 3; at++) {
        double one_wall_s = 0;
        int is_slow = METHODS[at].method == KI_MATRIX_DIJKSTRA;
        if ((run->only >= 0 && at != run->only) || (is_slow && run->n > DIJKSTRA_POINTS)) continue;
        for (int threads = 1; threads <= run->threads; threads += run->threads - 1) {
            timed took = {0};
            KI_TRY(time_fills(run, METHODS[at].method, threads, &took, err));
            if (threads == 1) one_wall_s = took.wall_s;
            if (!has_judge) {
                memcpy(run->judge.time_ms, run->filled.time_ms, n_bytes);
                memcpy(run->judge.length_mm, run->filled.length_mm, n_bytes);
                has_judge = 1;
            }
            if (report(run, METHODS[at].name, threads, &took, one_wall_s))
                return ki_fail_no_memory(err, "rows");
            if (run->threads == 1) break;
        }
    }
    return KERB_OK;
}

static kerb_status measure_profile(matrix_run *run, kerb_error *err) {
    const ki_hierarchy *hierarchy;
    const size_t most = run->n_points ? (size_t)run->n_points : MOST_POINTS, n_cells = most * most;
    int32_t *blocks = ki_alloc(4 * n_cells * sizeof *blocks);
    run->places = ki_alloc_zero(MOST_POINTS, sizeof *run->places);
    kerb_status status =
        blocks && run->places ? KERB_OK : ki_fail_no_memory(err, "cells to measure");
    if (status == KERB_OK) {
        memset(blocks, 1, 4 * n_cells * sizeof *blocks); /* first touch is not the engine's */
        run->judge = (cells){blocks, blocks + n_cells};
        run->filled = (cells){blocks + 2 * n_cells, blocks + 3 * n_cells};
        status = ki_profile_hierarchy(&hierarchy, run->profile, err);
    }
    for (int at = 0; at < N_SIZES && status == KERB_OK; at++) {
        if (run->n_points && run->n_points != SIZES[at]) continue;
        run->n = bench_places_draw(run->profile, run->places, SIZES[at], 1);
        status = measure_size(run, err);
    }
    ki_free(blocks);
    ki_free(run->places);
    return status;
}

static kerb_status measure(matrix_run *run, const char *path, kerb_error *err) {
    kerb_roads *roads;
    ki_profile *profile = NULL;
    KI_TRY(kerb_roads_load(&roads, path, err));
    kerb_status status = ki_profile_build(&profile, roads->graph, &bench_truck, NULL, err);
    run->profile = profile;
    if (status == KERB_OK) status = measure_profile(run, err);
    ki_profile_free(profile);
    kerb_roads_free(roads);
    return status;
}

/* At the end of what the file holds already, which is then without a header of its own. */
static kerb_status append(matrix_run *run, const char *csv, size_t n_header, kerb_error *err) {
    char *before = NULL;
    size_t n_before = 0, skip = n_header;
    if (ki_file_read(&before, &n_before, csv, MOST_CSV_BYTES, NULL) != KERB_OK) skip = n_before = 0;
    size_t n_rows = run->n_csv - skip;
    char *whole = ki_alloc(n_before + n_rows);
    kerb_status status = whole ? KERB_OK : ki_fail_no_memory(err, csv);
    if (status == KERB_OK) {
        if (n_before) memcpy(whole, before, n_before);
        memcpy(whole + n_before, run->csv + skip, n_rows);
        status = ki_file_write(csv, whole, n_before + n_rows, err);
    }
    ki_free(before);
    ki_free(whole);
    return status;
}

static int force_lanes(const char *name) {
    int at = 0;
    while (name && ki_lanes_at(at) && strcmp(ki_lanes_at(at)->name, name) != 0)
        at++;
    if (name) ki_lanes_force(ki_lanes_at(at));
    return !name || ki_lanes_at(at) ? 0 : -1;
}

static int find_method(const char *name) {
    for (int at = 0; name && at < 3; at++)
        if (strcmp(METHODS[at].name, name) == 0) return at;
    return name ? -2 : -1;
}

int bench_matrix(int argc, char **argv) {
    static const char HEADER[] = "extract,method,lanes,points,threads,ns_first,ns_least,ns_median,"
                                 "ns_wall,speedup,mismatches\n";
    int failed = 0;
    matrix_run run = {0};
    kerb_error err = {0};
    const char *path = bench_operand(argc, argv, 0), *csv = bench_option(argc, argv, "-o");
    run.threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    run.n_points = (int32_t)bench_number(argc, argv, "--points", 0, 10, MOST_POINTS, &failed);
    run.only = find_method(bench_option(argc, argv, "--method"));
    if (!path || failed || run.only < -1 || force_lanes(bench_option(argc, argv, "--lanes"))) {
        fprintf(stderr, "usage: kerbside-bench matrix EXTRACT [--points N] [--threads N]\n"
                        "           [--method dijkstra|bucket|phast] [--lanes plain|avx2|avx512]\n"
                        "           [-o CSV]\n");
        return 2;
    }
    const char *name = strrchr(path, '/');
    run.extract = name ? name + 1 : path;
    kerb_status status =
        say(&run, HEADER) ? ki_fail_no_memory(&err, "rows") : measure(&run, path, &err);
    if (csv && status == KERB_OK) status = append(&run, csv, sizeof HEADER - 1, &err);
    ki_free(run.csv);
    return status == KERB_OK ? run.n_mismatches > 0 : bench_report(&err);
}
