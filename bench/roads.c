/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.c - kerbside-bench roads: what the road engine costs on an extract or on a made grid city,
 * as one JSON line and, with -o, as a row at the end of a CSV file. */
#include "bench/roads.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/sort.h"
#include "bench.h"
#include "bench/grid_city.h"
#include "bench/junction_hierarchy.h"
#include "bench/places.h"
#include "bench/truck.h"
#include "road/dissect.h"
#include "road/hierarchy.h"
#include "road/road_search.h"
#include "road/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define HUGE_S 1e300 /* more than any time */
enum { SAMPLED_ROWS = 20, PATH_BATCHES = 200, BATCH_PATHS = 50, MOST_RUNS = 25 };

typedef bench_roads_asked asked;
typedef bench_roads_measured measured;

typedef struct cells {
    ki_place *places;
    int32_t *time_ms, *length_mm;
} cells;

static double least(double a, double b) {
    return a < b ? a : b;
}

static void compare_row(const ki_road_search *search, const cells *made, int32_t row,
                        measured *out) {
    for (int32_t column = 0; column < out->n_places; column++) {
        int32_t time_ms, length_mm, node;
        size_t cell = (size_t)row * (size_t)out->n_places + (size_t)column;
        ki_place to = made->places[column];
        if (column == row) continue;
        ki_road_search_join(search->profile, made->places[row], to,
                            ki_road_search_label(search, to.arc, &node), &time_ms, &length_mm);
        out->n_mismatches += made->time_ms[cell] != time_ms || made->length_mm[cell] != length_mm;
    }
}

/* Sampled rows against Dijkstra over every search node. */
static kerb_status judge(const ki_profile *profile, const cells *made, measured *out,
                         kerb_error *err) {
    ki_road_search search;
    int32_t n_rows = out->n_places < SAMPLED_ROWS ? out->n_places : SAMPLED_ROWS;
    KI_TRY(ki_road_search_new(&search, profile, err));
    double searched_s = 0;
    for (int32_t sample = 0; sample < n_rows; sample++) {
        int32_t row = (int32_t)((int64_t)sample * out->n_places / n_rows);
        double begun = ki_clock_cpu_s();
        ki_road_search_run(&search, made->places[row].arc, -1);
        searched_s += ki_clock_cpu_s() - begun;
        compare_row(&search, made, row, out);
    }
    if (n_rows > 0) out->dijkstra_ms = searched_s * 1000 / n_rows;
    ki_road_search_free(&search);
    return KERB_OK;
}

/* ---- paths --------------------------------------------------------------------------- */

/* One path against its cell. */
static kerb_status compare_path(const ki_profile *profile, const cells *made, int sample,
                                measured *out, kerb_error *err) {
    ki_arena arena = {0};
    ki_path path;
    int32_t from = (int32_t)((int64_t)sample * 7919 % out->n_places);
    int32_t to = (int32_t)((int64_t)sample * 104729 / 3 % out->n_places);
    kerb_status status =
        ki_path_find(profile, made->places[from], made->places[to], &arena, &path, err);
    ki_arena_free(&arena);
    size_t cell = (size_t)from * (size_t)out->n_places + (size_t)to;
    if (status == KERB_OK && from != to)
        out->n_mismatches +=
            made->time_ms[cell] != path.time_ms || made->length_mm[cell] != path.length_mm;
    return status;
}

/* By batches: reading the clock costs as much as a short path. */
static kerb_status time_paths(const ki_profile *profile, const cells *made, measured *out,
                              kerb_error *err) {
    double us[PATH_BATCHES], sum_us = 0;
    for (int batch = 0; batch < PATH_BATCHES; batch++) {
        double begun = ki_clock_cpu_s();
        for (int sample = 0; sample < BATCH_PATHS; sample++)
            KI_TRY(compare_path(profile, made, batch * BATCH_PATHS + sample, out, err));
        us[batch] = (ki_clock_cpu_s() - begun) * 1e6 / BATCH_PATHS;
        sum_us += us[batch];
    }
    qsort(us, PATH_BATCHES, sizeof *us, ki_compare_doubles);
    out->path_us = sum_us / PATH_BATCHES;
    out->path_p50_us = us[PATH_BATCHES / 2];
    return KERB_OK;
}

/* ---- the matrix ---------------------------------------------------------------------- */

static kerb_status make_cells(cells *made, const ki_profile *profile, const asked *run,
                              measured *out, kerb_error *err) {
    size_t n = (size_t)run->n_points, n_cells = n * n;
    made->places = ki_alloc_zero(n, sizeof *made->places);
    made->time_ms = ki_alloc(n_cells * sizeof *made->time_ms);
    made->length_mm = ki_alloc(n_cells * sizeof *made->length_mm);
    if (!made->places || !made->time_ms || !made->length_mm)
        return ki_fail_no_memory(err, "the matrix");
    memset(made->time_ms, 1, n_cells * sizeof *made->time_ms); /* first touch is not the engine's */
    memset(made->length_mm, 1, n_cells * sizeof *made->length_mm);
    out->n_places = bench_places_draw(profile, made->places, run->n_points, run->seed);
    return KERB_OK;
}

/* The least of several fills; with more threads than one, wall time on one in turn with all. */
static kerb_status time_fills(const ki_profile *profile, const asked *run, cells *made,
                              measured *out, kerb_error *err) {
    double wall_s[2] = {HUGE_S, HUGE_S}, cpu_s = HUGE_S;
    for (int fill = 0; fill < 2 * run->runs; fill++) {
        int is_all = fill & 1, threads = is_all ? run->threads : 1;
        if (!is_all && run->threads == 1) continue;
        double begun_cpu_s = ki_clock_cpu_s(), begun_s = ki_clock_wall_s();
        KI_TRY(ki_matrix_fill_by(run->method, profile, made->places, out->n_places, threads,
                                 made->time_ms, made->length_mm, err));
        wall_s[is_all] = least(wall_s[is_all], ki_clock_wall_s() - begun_s);
        if (is_all) cpu_s = least(cpu_s, ki_clock_cpu_s() - begun_cpu_s);
    }
    out->matrix_s = cpu_s;
    out->speedup = run->threads > 1 ? wall_s[0] / wall_s[1] : 0;
    return KERB_OK;
}

static kerb_status measure_matrix(const ki_profile *profile, const asked *run, cells *made,
                                  measured *out, kerb_error *err) {
    KI_TRY(make_cells(made, profile, run, out, err));
    KI_TRY(time_fills(profile, run, made, out, err));
    size_t n_cells = (size_t)out->n_places * (size_t)out->n_places;
    for (size_t at = 0; at < n_cells; at++)
        out->n_unreachable += made->time_ms[at] == KI_NEVER;
    if (ki_profile_has_hierarchy(profile) && out->n_places > 0)
        KI_TRY(time_paths(profile, made, out, err));
    return judge(profile, made, out, err);
}

/* ---- the hierarchy ------------------------------------------------------------------- */

static long peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* The order worked out anew, as for the first profile of a graph. */
static kerb_status time_order(ki_graph *graph, double *order_s, kerb_error *err) {
    const int32_t *ranks;
    int32_t *owned;
    struct ki_arc_order *kept = graph->arc_order;
    graph->arc_order = NULL;
    double begun = ki_clock_cpu_s();
    kerb_status status = ki_arc_ranks(&ranks, &owned, graph, err);
    *order_s = least(*order_s, ki_clock_cpu_s() - begun);
    ki_free(owned);
    graph->arc_order = kept;
    return status;
}

static kerb_status time_hierarchy(const ki_profile *profile, double *reweigh_s, kerb_error *err) {
    ki_hierarchy *made;
    double begun = ki_clock_cpu_s();
    KI_TRY(ki_hierarchy_build(&made, profile, err));
    *reweigh_s = least(*reweigh_s, ki_clock_cpu_s() - begun);
    ki_hierarchy_free(made);
    return KERB_OK;
}

/* In turn with the hierarchy of the city without turns: both see the same weather. */
static kerb_status measure_hierarchy(kerb_roads *roads, const ki_profile *profile, int runs,
                                     measured *out, kerb_error *err) {
    const ki_hierarchy *kept;
    KI_TRY(ki_profile_hierarchy(&kept, profile, err));
    out->peak_mb = peak_mb();
    out->order_s = out->reweigh_s = out->junction_hierarchy_s = HUGE_S;
    for (int run = 0; run < runs; run++) {
        bench_junctions junctions;
        KI_TRY(time_order(roads->graph, &out->order_s, err));
        KI_TRY(time_hierarchy(profile, &out->reweigh_s, err));
        KI_TRY(bench_junction_hierarchy(&junctions, profile, err));
        out->junction_hierarchy_s = least(out->junction_hierarchy_s, junctions.build_s);
    }
    return KERB_OK;
}

static kerb_status measure_profile(kerb_roads *roads, const ki_profile *profile, const asked *run,
                                   measured *out, kerb_error *err) {
    cells made = {0};
    out->peak_mb = peak_mb();
    if (run->method >= KI_MATRIX_PHAST)
        KI_TRY(measure_hierarchy(roads, profile, run->runs, out, err));
    kerb_status status = measure_matrix(profile, run, &made, out, err);
    ki_free(made.places);
    ki_free(made.time_ms);
    ki_free(made.length_mm);
    return status;
}

static kerb_status measure(const asked *run, kerb_roads **roads, measured *out, kerb_error *err) {
    double begun = ki_clock_cpu_s();
    KI_TRY(run->extract ? kerb_roads_load(roads, run->extract, err)
                        : bench_grid_city(roads, run->n_grid, run->seed, err));
    out->load_s = ki_clock_cpu_s() - begun;
    out->n_nodes = kerb_roads_node_count(*roads);
    out->n_arcs = kerb_roads_arc_count(*roads);
    ki_profile *profile;
    begun = ki_clock_cpu_s();
    KI_TRY(ki_profile_build(&profile, (*roads)->graph, &bench_truck, NULL, err));
    out->profile_s = ki_clock_cpu_s() - begun;
    kerb_status status = measure_profile(*roads, profile, run, out, err);
    ki_profile_free(profile);
    return status;
}

/* ---- the verb ------------------------------------------------------------------------ */

static int read_method(ki_matrix_method *out, const char *name) {
    static const char *const NAMES[] = {"auto", "dijkstra", "phast", "bucket"};
    *out = KI_MATRIX_PHAST;
    for (int at = 0; name && at < 4; at++) {
        *out = (ki_matrix_method)at;
        if (strcmp(NAMES[at], name) == 0) return 0;
    }
    return name ? -1 : 0;
}

static int read_asked(asked *run, int argc, char **argv) {
    int failed = 0;
    run->extract = bench_operand(argc, argv, 0);
    run->n_grid = (int32_t)bench_number(argc, argv, "--grid", 0, 4, BENCH_MAX_GRID, &failed);
    run->n_points = (int32_t)bench_number(argc, argv, "--points", 500, 1, 20000, &failed);
    run->threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    run->runs = (int)bench_number(argc, argv, "--runs", 1, 1, MOST_RUNS, &failed);
    run->seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 1e15, &failed);
    if (!run->extract == !run->n_grid) failed = 1;
    return read_method(&run->method, bench_option(argc, argv, "--method")) || failed ? -1 : 0;
}

int bench_roads(int argc, char **argv) {
    if (bench_option(argc, argv, "--nearest")) return bench_nearest(argc, argv);
    asked run;
    if (read_asked(&run, argc, argv)) {
        fprintf(stderr, "usage: kerbside-bench roads EXTRACT | --grid JUNCTIONS\n"
                        "           [--points N] [--threads N] [--runs N] [--seed S]\n"
                        "           [--method auto|dijkstra|phast|bucket] [-o CSV] | --nearest K\n"
                        "       kerbside-bench roads EXTRACT --cache yes [-o CSV]\n");
        return 2;
    }
    if (bench_option(argc, argv, "--cache"))
        return bench_roads_cache(run.extract, bench_option(argc, argv, "-o"));
    kerb_error err = {0};
    kerb_roads *roads = NULL;
    measured out = {0};
    const char *csv = bench_option(argc, argv, "-o");
    kerb_status status = measure(&run, &roads, &out, &err);
    if (status == KERB_OK) bench_roads_print(&run, &out);
    if (status == KERB_OK && csv) status = bench_roads_append(csv, &run, &out, &err);
    kerb_roads_free(roads);
    if (status != KERB_OK) return bench_report(&err);
    return out.n_mismatches > 0;
}
