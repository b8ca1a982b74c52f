/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.c - kerbside-bench roads: what the road engine costs on an extract, as one JSON line
 * and, with -o, as a row at the end of a CSV file. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/rng.h"
#include "bench.h"
#include "bench/truck.h"
#include "road/hierarchy.h"
#include "road/matrix.h"
#include "road/road_search.h"
#include "road/unpack.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { SAMPLED_ROWS = 20, SAMPLED_PATHS = 1000, MAX_CSV_BYTES = 1 << 24 };

typedef struct asked {
    const char *extract;
    int32_t n;
    int threads;
    uint64_t seed;
    ki_matrix_method method;
} asked;

typedef struct measured {
    double load_s, profile_s, hierarchy_s, matrix_s;
    double path_us;    /* point to point, with its arcs */
    double dijkstra_s; /* as many searches of the whole arc graph as rows, from a sample */
    int32_t n_places, n_unreachable, n_mismatches;
    long peak_mb;
} measured;

typedef struct cells {
    ki_place *places;
    int32_t *time_ms, *length_mm;
} cells;

static const char *const METHODS[] = {"auto", "dijkstra", "phast", "bucket", NULL};

/* Random places on arcs that a truck can reach and leave again. */
static int32_t draw_places(const ki_profile *profile, ki_place *places, int32_t n, uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 3);
    int32_t made = 0;
    for (int64_t tries = 0; made < n && tries < 1000 * (int64_t)n; tries++) {
        int32_t arc = (int32_t)ki_rng_below(&rng, (uint32_t)profile->graph->n_arcs);
        if (profile->component[arc] != 0) continue;
        int32_t length = profile->graph->edges[arc >> 1].length_mm;
        places[made++] = (ki_place){arc, (int32_t)ki_rng_below(&rng, (uint32_t)length)};
    }
    return made;
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
    if (n_rows > 0) out->dijkstra_s = searched_s / n_rows * out->n_places;
    ki_road_search_free(&search);
    return KERB_OK;
}

/* Paths from row to row, each against its cell. */
static kerb_status time_paths(const ki_profile *profile, const cells *made, measured *out,
                              kerb_error *err) {
    double begun = ki_clock_cpu_s();
    for (int sample = 0; sample < SAMPLED_PATHS; sample++) {
        ki_arena arena = {0};
        ki_path path;
        int32_t from = (int32_t)((int64_t)sample * 7919 % out->n_places);
        int32_t to = (int32_t)((int64_t)sample * 104729 % out->n_places);
        size_t cell = (size_t)from * (size_t)out->n_places + (size_t)to;
        kerb_status status =
            ki_path_find(profile, made->places[from], made->places[to], &arena, &path, err);
        ki_arena_free(&arena);
        if (status != KERB_OK) return status;
        out->n_mismatches +=
            made->time_ms[cell] != path.time_ms || made->length_mm[cell] != path.length_mm;
    }
    out->path_us = (ki_clock_cpu_s() - begun) * 1e6 / SAMPLED_PATHS;
    return KERB_OK;
}

static kerb_status fill(const ki_profile *profile, const asked *run, cells *made, measured *out,
                        kerb_error *err) {
    size_t n = (size_t)run->n, n_cells = n * n;
    made->places = ki_alloc_zero(n, sizeof *made->places);
    made->time_ms = ki_alloc(n_cells * sizeof *made->time_ms);
    made->length_mm = ki_alloc(n_cells * sizeof *made->length_mm);
    if (!made->places || !made->time_ms || !made->length_mm)
        return ki_fail_no_memory(err, "the matrix");
    memset(made->time_ms, 1, n_cells * sizeof *made->time_ms); /* first touch is not the engine's */
    memset(made->length_mm, 1, n_cells * sizeof *made->length_mm);
    out->n_places = draw_places(profile, made->places, run->n, run->seed);
    double begun = ki_clock_cpu_s();
    KI_TRY(ki_matrix_fill_by(run->method, profile, made->places, out->n_places, run->threads,
                             made->time_ms, made->length_mm, err));
    out->matrix_s = ki_clock_cpu_s() - begun;
    n_cells = (size_t)out->n_places * (size_t)out->n_places;
    for (size_t at = 0; at < n_cells; at++)
        out->n_unreachable += made->time_ms[at] == KI_NEVER;
    if (ki_profile_has_hierarchy(profile) && out->n_places > 0)
        KI_TRY(time_paths(profile, made, out, err));
    return judge(profile, made, out, err);
}

static long peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static kerb_status measure_profile(const ki_profile *profile, const asked *run, measured *out,
                                   kerb_error *err) {
    const ki_hierarchy *hierarchy;
    double begun = ki_clock_cpu_s();
    if (run->method >= KI_MATRIX_PHAST) KI_TRY(ki_profile_hierarchy(&hierarchy, profile, err));
    out->hierarchy_s = ki_clock_cpu_s() - begun;
    out->peak_mb = peak_mb();
    cells made = {0};
    kerb_status status = fill(profile, run, &made, out, err);
    ki_free(made.places);
    ki_free(made.time_ms);
    ki_free(made.length_mm);
    return status;
}

static kerb_status measure(const asked *run, kerb_roads **roads, measured *out, kerb_error *err) {
    double begun = ki_clock_cpu_s();
    KI_TRY(kerb_roads_load(roads, run->extract, err));
    out->load_s = ki_clock_cpu_s() - begun;
    ki_profile *profile;
    begun = ki_clock_cpu_s();
    KI_TRY(ki_profile_build(&profile, (*roads)->graph, &bench_truck, NULL, err));
    out->profile_s = ki_clock_cpu_s() - begun;
    kerb_status status = measure_profile(profile, run, out, err);
    ki_profile_free(profile);
    return status;
}

/* ---- reporting ----------------------------------------------------------------------- */

static double ns_per_cell(const measured *out) {
    return out->n_places ? out->matrix_s * 1e9 / out->n_places / out->n_places : 0;
}

static void print_line(const asked *run, const kerb_roads *roads, const measured *out) {
    printf("{\"nodes\": %zu, \"arcs\": %zu, \"km\": %.0f, \"load_s\": %.3f, "
           "\"profile_s\": %.3f, \"method\": \"%s\", \"points\": %d, \"threads\": %d, "
           "\"hierarchy_s\": %.3f, \"matrix_s\": %.4f, \"dijkstra_s\": %.3f, "
           "\"path_us\": %.1f, "
           "\"ns_per_cell\": %.1f, \"peak_mb\": %ld, \"unreachable\": %d, "
           "\"mismatches\": %d}\n",
           kerb_roads_node_count(roads), kerb_roads_arc_count(roads), kerb_roads_length_km(roads),
           out->load_s, out->profile_s, METHODS[run->method], out->n_places, run->threads,
           out->hierarchy_s, out->matrix_s, out->dijkstra_s, out->path_us, ns_per_cell(out),
           out->peak_mb, out->n_unreachable, out->n_mismatches);
}

/* The whole file is written again: a row more, or as it was. */
static kerb_status append_row(const char *path, const asked *run, const kerb_roads *roads,
                              const measured *out, kerb_error *err) {
    static const char HEADER[] = "extract,method,points,threads,nodes,arcs,load_s,hierarchy_s,"
                                 "matrix_s,dijkstra_s,path_us,ns_per_cell,peak_mb,mismatches\n";
    char *before = NULL, row[512];
    size_t n_before = 0;
    if (ki_file_read(&before, &n_before, path, MAX_CSV_BYTES, NULL) != KERB_OK) before = NULL;
    const char *name = strrchr(run->extract, '/');
    int n_row =
        snprintf(row, sizeof row, "%.200s,%s,%d,%d,%zu,%zu,%.3f,%.3f,%.4f,%.3f,%.1f,%.1f,%ld,%d\n",
                 name ? name + 1 : run->extract, METHODS[run->method], out->n_places, run->threads,
                 kerb_roads_node_count(roads), kerb_roads_arc_count(roads), out->load_s,
                 out->hierarchy_s, out->matrix_s, out->dijkstra_s, out->path_us, ns_per_cell(out),
                 out->peak_mb, out->n_mismatches);
    const char *head = before ? before : HEADER;
    size_t n_head = before ? n_before : sizeof HEADER - 1;
    char *whole = ki_alloc(n_head + (size_t)n_row);
    kerb_status status = KERB_OK;
    if (whole) {
        memcpy(whole, head, n_head);
        memcpy(whole + n_head, row, (size_t)n_row);
        status = ki_file_write(path, whole, n_head + (size_t)n_row, err);
    } else {
        status = ki_fail_no_memory(err, path);
    }
    ki_free(before);
    ki_free(whole);
    return status;
}

static int read_asked(asked *run, int argc, char **argv) {
    int failed = 0;
    const char *method = bench_option(argc, argv, "--method");
    run->extract = bench_operand(argc, argv, 0);
    run->n = (int32_t)bench_number(argc, argv, "--points", 500, 1, 20000, &failed);
    run->threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    run->seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 1e15, &failed);
    int at = method ? 0 : KI_MATRIX_PHAST;
    while (method && METHODS[at] && strcmp(METHODS[at], method) != 0)
        at++;
    run->method = (ki_matrix_method)at;
    return run->extract && !failed && METHODS[at] ? 0 : -1;
}

int bench_roads(int argc, char **argv) {
    asked run;
    if (read_asked(&run, argc, argv)) {
        fprintf(stderr, "usage: kerbside-bench roads EXTRACT --points N [--threads N] [--seed S]\n"
                        "           [--method auto|dijkstra|phast|bucket] [-o CSV]\n"
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
    if (status == KERB_OK) print_line(&run, roads, &out);
    if (status == KERB_OK && csv) status = append_row(csv, &run, roads, &out, &err);
    kerb_roads_free(roads);
    if (status != KERB_OK) return bench_report(&err);
    return out.n_mismatches > 0;
}
