/* SPDX-License-Identifier: GPL-3.0-or-later
 * nearest.c - kerbside-bench roads --nearest K: what stands for the matrix where it would not fit,
 * in time and memory, held to Dijkstra. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "bench.h"
#include "places.h"
#include "road/hierarchy.h"
#include "road/matrix_nearest.h"
#include "road/matrix_rows.h"
#include "road/road_search.h"
#include "truck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ASKED_ROWS = 400, JUDGED_ROWS = 10 };

typedef struct near_run {
    const char *extract;
    const ki_profile *profile;
    int32_t n, k;
    int threads;
    size_t cache_bytes;
    ki_place *places;
    ki_near *nearest; /* [n][k] */
    int32_t *time_ms, *length_mm;
    double nearest_s, wall_s, row_us;
    ki_matrix_rows_use use;
    int64_t n_mismatches;
    long peak_mb;
} near_run;

/* The k nearest of a row by looking for the least again and again: slow, and nothing to get wrong.
 */
static int64_t judge_row(const near_run *run, int32_t row, int32_t *time_ms, int32_t *length_mm) {
    int64_t n_wrong = 0;
    time_ms[row] = KI_NEVER;
    for (int32_t rank = 0; rank < run->k; rank++) {
        const ki_near *found = &run->nearest[(size_t)row * (size_t)run->k + (size_t)rank];
        int32_t least = 0;
        for (int32_t at = 1; at < run->n; at++)
            if (time_ms[at] < time_ms[least] ||
                (time_ms[at] == time_ms[least] && length_mm[at] < length_mm[least]))
                least = at;
        int is_none = time_ms[least] == KI_NEVER;
        n_wrong += found->place != (is_none ? -1 : least) || found->time_ms != time_ms[least];
        time_ms[least] = KI_NEVER;
    }
    return n_wrong;
}

/* Rows that were asked for, against Dijkstra; and the nearest of them. */
static kerb_status judge(near_run *run, ki_matrix_rows *rows, kerb_error *err) {
    ki_road_search search;
    KI_TRY(ki_road_search_new(&search, run->profile, err));
    kerb_status status = KERB_OK;
    for (int at = 0; at < JUDGED_ROWS && status == KERB_OK; at++) {
        int32_t row = (int32_t)((int64_t)run->n * at / JUDGED_ROWS), node;
        status = ki_matrix_rows_get(rows, row, run->time_ms, run->length_mm, err);
        if (status != KERB_OK) break;
        ki_road_search_run(&search, run->places[row].arc, -1);
        for (int32_t column = 0; column < run->n; column++) {
            ki_place to = run->places[column];
            int32_t time_ms = 0, length_mm = 0;
            if (column != row)
                ki_road_search_join(run->profile, run->places[row], to,
                                    ki_road_search_label(&search, to.arc, &node), &time_ms,
                                    &length_mm);
            run->n_mismatches +=
                time_ms != run->time_ms[column] || length_mm != run->length_mm[column];
        }
        run->n_mismatches += judge_row(run, row, run->time_ms, run->length_mm);
    }
    ki_road_search_free(&search);
    return status;
}

/* Half of the rows asked for are near the one before, as a search would ask. */
static kerb_status ask_rows(near_run *run, kerb_error *err) {
    ki_matrix_rows *rows;
    ki_rng rng;
    ki_rng_seed(&rng, 1, 4);
    KI_TRY(ki_matrix_rows_new(&rows, run->profile, run->places, run->n, run->cache_bytes, err));
    kerb_status status = KERB_OK;
    double begun = ki_clock_cpu_s();
    int32_t row = 0;
    for (int asked = 0; asked < ASKED_ROWS && status == KERB_OK; asked++) {
        int32_t near = run->nearest[(size_t)row * (size_t)run->k].place;
        row = asked % 2 && near >= 0 ? near : (int32_t)ki_rng_below(&rng, (uint32_t)run->n);
        status = ki_matrix_rows_get(rows, row, run->time_ms, run->length_mm, err);
    }
    run->row_us = (ki_clock_cpu_s() - begun) * 1e6 / ASKED_ROWS;
    run->use = ki_matrix_rows_used(rows);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    run->peak_mb = usage.ru_maxrss / 1024;
    if (status == KERB_OK) status = judge(run, rows, err);
    ki_matrix_rows_free(rows);
    return status;
}

static kerb_status measure_profile(near_run *run, kerb_error *err) {
    size_t n = (size_t)run->n;
    const ki_hierarchy *hierarchy;
    KI_TRY(ki_profile_hierarchy(&hierarchy, run->profile, err));
    run->places = ki_alloc_zero(n, sizeof *run->places);
    run->nearest = ki_alloc_zero(n * (size_t)run->k, sizeof *run->nearest);
    run->time_ms = ki_alloc_zero(n, sizeof *run->time_ms);
    run->length_mm = ki_alloc_zero(n, sizeof *run->length_mm);
    if (!run->places || !run->nearest || !run->time_ms || !run->length_mm)
        return ki_fail_no_memory(err, "the nearest");
    run->n = bench_places_draw(run->profile, run->places, run->n, 1);
    if (run->n == 0) return ki_fail(err, KERB_BAD_INPUT, "%s has no road", run->extract);
    double cpu_s = ki_clock_cpu_s(), wall_s = ki_clock_wall_s();
    KI_TRY(ki_matrix_nearest(run->profile, run->places, run->n, run->k, run->threads, run->nearest,
                             err));
    run->nearest_s = ki_clock_cpu_s() - cpu_s;
    run->wall_s = ki_clock_wall_s() - wall_s;
    return ask_rows(run, err);
}

static kerb_status measure(near_run *run, kerb_error *err) {
    kerb_roads *roads;
    ki_profile *profile = NULL;
    KI_TRY(kerb_roads_load(&roads, run->extract, err));
    kerb_status status = ki_profile_build(&profile, roads->graph, &bench_truck, NULL, err);
    run->profile = profile;
    if (status == KERB_OK) status = measure_profile(run, err);
    ki_free(run->places);
    ki_free(run->nearest);
    ki_free(run->time_ms);
    ki_free(run->length_mm);
    ki_profile_free(profile);
    kerb_roads_free(roads);
    return status;
}

int bench_nearest(int argc, char **argv) {
    int failed = 0;
    near_run run = {.extract = bench_operand(argc, argv, 0)};
    run.n = (int32_t)bench_number(argc, argv, "--points", 20000, 1, 200000, &failed);
    run.k = (int32_t)bench_number(argc, argv, "--nearest", 100, 1, 1000, &failed);
    run.threads = (int)bench_number(argc, argv, "--threads", 1, 1, 64, &failed);
    run.cache_bytes = (size_t)(bench_number(argc, argv, "--cache-mb", 64, 0, 1e5, &failed) * 1e6);
    if (!run.extract || failed) {
        fprintf(stderr, "usage: kerbside-bench roads EXTRACT --nearest K [--points N]\n"
                        "           [--threads N] [--cache-mb MB]\n");
        return 2;
    }
    kerb_error err = {0};
    kerb_status status = measure(&run, &err);
    if (status != KERB_OK) return bench_report(&err);
    double n = run.n;
    printf("{\"points\": %d, \"nearest\": %d, \"threads\": %d, \"nearest_s\": %.3f, "
           "\"wall_s\": %.3f, \"ns_per_cell\": %.1f, \"matrix_mb\": %.0f, \"rows_kept_mb\": %.0f, "
           "\"row_us\": %.0f, \"hits\": %lld, \"sweeps\": %lld, \"peak_mb\": %ld, "
           "\"mismatches\": %lld}\n",
           run.n, run.k, run.threads, run.nearest_s, run.wall_s, run.nearest_s * 1e9 / n / n,
           n * n * 8 / 1e6, (double)run.use.n_bytes / 1e6, run.row_us, (long long)run.use.n_hits,
           (long long)run.use.n_sweeps, run.peak_mb, (long long)run.n_mismatches);
    return run.n_mismatches > 0;
}
