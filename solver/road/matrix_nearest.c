/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_nearest.c - sweeps like those of the whole matrix, but cells are written into a strip that
 * is used again and again, and only the best of each row are kept: in a heap with the worst kept on
 * top, so that nearly all cells fall to one comparison. */
#include "road/matrix_nearest.h"

#include "base/error.h"
#include "base/pool.h"
#include "road/matrix_sweep.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { STRIP = 64 };

typedef struct near_fill {
    ki_matrix matrix;
    ki_sweep sweep;
    ki_matrix_columns columns;
    ki_phast_job jobs[KI_MAX_MATRIX_JOBS];
    int n_jobs;
    _Atomic int32_t next; /* batch */
    int32_t k;
    ki_near *nearest;
} near_fill;

/* ---- the best of a row --------------------------------------------------------------- */

static int compare_near(const void *left, const void *right) {
    const ki_near *a = left, *b = right;
    if (a->time_ms != b->time_ms) return a->time_ms < b->time_ms ? -1 : 1;
    if (a->length_mm != b->length_mm) return a->length_mm < b->length_mm ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* best: [k], the worst on top; what is empty is worse than any. */
static void offer(ki_near *best, int32_t k, ki_near found) {
    if (compare_near(&found, best) >= 0) return;
    int32_t at = 0;
    for (int32_t child; (child = 2 * at + 1) < k; at = child) {
        if (child + 1 < k && compare_near(&best[child + 1], &best[child]) > 0) child++;
        if (compare_near(&found, &best[child]) >= 0) break;
        best[at] = best[child];
    }
    best[at] = found;
}

static ki_near *row_of(const near_fill *fill, int32_t place) {
    return fill->nearest + (size_t)place * (size_t)fill->k;
}

/* ---- strips -------------------------------------------------------------------------- */

static void offer_strip(const near_fill *fill, const uint64_t *lane, int32_t place,
                        int32_t column) {
    int32_t time_ms[STRIP], length_mm[STRIP], k = fill->k;
    int32_t left = fill->matrix.n - column, n = left < STRIP ? left : STRIP;
    int32_t group = fill->matrix.arc_of_place[place];
    ki_near *best = row_of(fill, place);
    ki_matrix_write_strip(&fill->columns, lane, place, column, n, time_ms, length_mm);
    for (int32_t at = 0; at < n; at++)
        if (time_ms[at] <= best[0].time_ms && time_ms[at] != KI_NEVER &&
            fill->matrix.arc_of_place[column + at] != group)
            offer(best, k, (ki_near){column + at, time_ms[at], length_mm[at]});
}

/* Places on the arc left from may be reached directly. */
static void offer_own_arc(const near_fill *fill, const uint64_t *lane, int32_t place) {
    const ki_matrix *matrix = &fill->matrix;
    int32_t group = matrix->arc_of_place[place];
    uint64_t label = ki_matrix_own_label(&fill->columns, lane, place);
    for (int32_t at = matrix->first[group]; at < matrix->first[group + 1]; at++) {
        ki_near found = {.place = matrix->by_arc[at]};
        if (found.place == place) continue;
        ki_road_search_join(matrix->profile, matrix->places[place], matrix->places[found.place],
                            label, &found.time_ms, &found.length_mm);
        if (found.time_ms != KI_NEVER) offer(row_of(fill, place), fill->k, found);
    }
}

static void empty_rows(const near_fill *fill, const int32_t *groups, int32_t n_groups) {
    const ki_matrix *matrix = &fill->matrix;
    for (int32_t lane = 0; lane < n_groups; lane++)
        for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1]; at++)
            for (int32_t rank = 0; rank < fill->k; rank++)
                row_of(fill, matrix->by_arc[at])[rank] = (ki_near){-1, KI_NEVER, KI_NEVER};
}

static void finish_rows(const near_fill *fill, const uint64_t *rows, const int32_t *groups,
                        int32_t n_groups) {
    const ki_matrix *matrix = &fill->matrix;
    for (int32_t lane = 0; lane < n_groups; lane++)
        for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1]; at++) {
            int32_t place = matrix->by_arc[at];
            offer_own_arc(fill, rows + lane, place);
            qsort(row_of(fill, place), (size_t)fill->k, sizeof(ki_near), compare_near);
        }
}

static void run_job(void *payload, int index) {
    near_fill *fill = payload;
    const ki_matrix *matrix = &fill->matrix;
    const uint64_t *rows = fill->jobs[index].rows;
    int32_t groups[KI_LANES], batch;
    while ((batch = atomic_fetch_add(&fill->next, 1)) < fill->sweep.n_batches) {
        int32_t n = ki_sweep_run(&fill->sweep, &fill->jobs[index], batch, groups);
        empty_rows(fill, groups, n);
        for (int32_t column = 0; column < matrix->n; column += STRIP)
            for (int32_t lane = 0; lane < n; lane++)
                for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1];
                     at++)
                    offer_strip(fill, rows + lane, matrix->by_arc[at], column);
        finish_rows(fill, rows, groups, n);
    }
}

/* ---- all of it ----------------------------------------------------------------------- */

static kerb_status prepare(near_fill *fill, int threads, kerb_error *err) {
    const ki_hierarchy *hierarchy;
    KI_TRY(ki_profile_hierarchy(&hierarchy, fill->matrix.profile, err));
    KI_TRY(ki_matrix_group(&fill->matrix, err));
    KI_TRY(ki_sweep_new(&fill->sweep, &fill->matrix, hierarchy, threads, err));
    KI_TRY(ki_matrix_columns_new(&fill->columns, &fill->matrix, fill->sweep.phast.target_row,
                                 KI_LANE_BITS, err));
    int n_jobs = ki_matrix_n_jobs(threads, fill->sweep.n_batches);
    for (; fill->n_jobs < n_jobs; fill->n_jobs++)
        KI_TRY(ki_phast_job_new(&fill->jobs[fill->n_jobs], &fill->sweep.phast, err));
    return KERB_OK;
}

kerb_status ki_matrix_nearest(const ki_profile *profile, const ki_place *places, int32_t n,
                              int32_t k, int threads, ki_near *nearest, kerb_error *err) {
    if (n <= 0 || k <= 0) return KERB_OK;
    near_fill fill = {.k = k, .nearest = nearest};
    fill.matrix = (ki_matrix){.profile = profile, .places = places, .n = n};
    atomic_init(&fill.next, 0);
    kerb_status status = prepare(&fill, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    for (int job = 0; job < fill.n_jobs; job++)
        ki_phast_job_free(&fill.jobs[job]);
    ki_matrix_columns_free(&fill.columns);
    ki_sweep_free(&fill.sweep);
    ki_matrix_ungroup(&fill.matrix);
    return status;
}
