/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_phast.c - the whole matrix, batch by batch, written strip by strip: a strip of the columns
 * stays in the cache while all lanes read it.
 *
 * Jobs take the next batch that is left and each cell is written once: the result is the same on
 * any number of threads. */
#include "base/error.h"
#include "base/pool.h"
#include "road/matrix_sweep.h"

#include <stdatomic.h>

enum { STRIP = 64 };

typedef struct phast_fill {
    const ki_matrix *matrix;
    ki_sweep sweep;
    ki_matrix_columns columns;
    ki_phast_job jobs[KI_MAX_MATRIX_JOBS];
    int n_jobs;
    _Atomic int32_t next; /* batch */
} phast_fill;

static kerb_status prepare(phast_fill *fill, const ki_hierarchy *hierarchy, int threads,
                           kerb_error *err) {
    KI_TRY(ki_sweep_new(&fill->sweep, fill->matrix, hierarchy, threads, err));
    KI_TRY(ki_matrix_columns_new(&fill->columns, fill->matrix, fill->sweep.phast.target_row,
                                 KI_LANE_BITS, err));
    int n_jobs = ki_matrix_n_jobs(threads, fill->sweep.n_batches);
    for (; fill->n_jobs < n_jobs; fill->n_jobs++)
        KI_TRY(ki_phast_job_new(&fill->jobs[fill->n_jobs], &fill->sweep.phast, err));
    return KERB_OK;
}

static void write_strip(const phast_fill *fill, const uint64_t *lane, int32_t place,
                        int32_t column) {
    const ki_matrix *matrix = fill->matrix;
    size_t cell = (size_t)place * (size_t)matrix->n + (size_t)column;
    ki_matrix_write_strip(&fill->columns, lane, place, column,
                          matrix->n - column < STRIP ? matrix->n - column : STRIP,
                          matrix->time_ms + cell, matrix->length_mm + cell);
}

static void write_batch(const phast_fill *fill, const uint64_t *rows, const int32_t *groups,
                        int32_t n_groups) {
    const ki_matrix *matrix = fill->matrix;
    for (int32_t column = 0; column < matrix->n; column += STRIP)
        for (int32_t lane = 0; lane < n_groups; lane++)
            for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1];
                 at++)
                write_strip(fill, rows + lane, matrix->by_arc[at], column);
    for (int32_t lane = 0; lane < n_groups; lane++)
        for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1]; at++) {
            size_t row = (size_t)matrix->by_arc[at] * (size_t)matrix->n;
            ki_matrix_write_own_arc(&fill->columns, rows + lane, matrix->by_arc[at],
                                    matrix->time_ms + row, matrix->length_mm + row);
        }
}

static void run_job(void *payload, int index) {
    phast_fill *fill = payload;
    int32_t groups[KI_LANES], batch;
    while ((batch = atomic_fetch_add(&fill->next, 1)) < fill->sweep.n_batches) {
        int32_t n = ki_sweep_run(&fill->sweep, &fill->jobs[index], batch, groups);
        write_batch(fill, fill->jobs[index].rows, groups, n);
    }
}

kerb_status ki_matrix_fill_phast(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                 kerb_error *err) {
    phast_fill fill = {.matrix = matrix};
    atomic_init(&fill.next, 0);
    kerb_status status = prepare(&fill, hierarchy, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    for (int job = 0; job < fill.n_jobs; job++)
        ki_phast_job_free(&fill.jobs[job]);
    ki_matrix_columns_free(&fill.columns);
    ki_sweep_free(&fill.sweep);
    return status;
}
