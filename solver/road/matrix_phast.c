/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_phast.c - batches of sources that lie close together, one sweep each, written strip by
 * strip: a strip of the columns stays in the cache while all lanes read it.
 *
 * Jobs share nothing but what they read, and each cell is written by one: the result is the same on
 * any number of threads. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/matrix_parts.h"
#include "road/phast.h"

#include <stdlib.h>

enum { STRIP = 64 };

typedef struct phast_fill {
    const ki_matrix *matrix;
    ki_phast phast;
    ki_matrix_columns columns;
    int64_t *order; /* [n_arcs] place on a curve, and index into arcs */
    ki_phast_job jobs[KI_MAX_MATRIX_JOBS];
    int n_jobs;
} phast_fill;

/* ---- preparing ---------------------------------------------------------------------- */

static uint64_t spread_bits(uint32_t bits) { /* 15 bits, a gap after each */
    uint64_t wide = bits & 0x7fff;
    wide = (wide | wide << 8) & 0x00ff00ff;
    wide = (wide | wide << 4) & 0x0f0f0f0f;
    wide = (wide | wide << 2) & 0x33333333;
    return (wide | wide << 1) & 0x55555555;
}

static int compare_order(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Along Morton's curve, in cells of about 100 m. */
static void order_sources(const phast_fill *fill) {
    const ki_graph *graph = fill->matrix->profile->graph;
    for (int32_t index = 0; index < fill->matrix->n_arcs; index++) {
        const ki_node *node = &graph->nodes[ki_arc_to(graph, fill->matrix->arcs[index])];
        uint64_t curve = spread_bits((uint32_t)node->lat_e7 >> 13) << 1 |
                         spread_bits((uint32_t)node->lon_e7 >> 13);
        fill->order[index] = (int64_t)(curve << 32 | (uint64_t)index);
    }
    qsort(fill->order, (size_t)fill->matrix->n_arcs, sizeof *fill->order, compare_order);
}

static kerb_status prepare(phast_fill *fill, const ki_hierarchy *hierarchy, int threads,
                           kerb_error *err) {
    const ki_matrix *matrix = fill->matrix;
    int32_t n_batches = (matrix->n_arcs + KI_LANES - 1) / KI_LANES;
    int n_jobs = ki_matrix_n_jobs(threads, n_batches);
    fill->order = ki_alloc_zero((size_t)matrix->n_arcs, sizeof *fill->order);
    if (!fill->order) return ki_fail_no_memory(err, "the matrix");
    KI_TRY(ki_phast_build(&fill->phast, matrix->profile, hierarchy, matrix->arcs, matrix->n_arcs,
                          err));
    order_sources(fill);
    KI_TRY(
        ki_matrix_columns_new(&fill->columns, matrix, fill->phast.target_row, KI_LANE_BITS, err));
    for (; fill->n_jobs < n_jobs; fill->n_jobs++)
        KI_TRY(ki_phast_job_new(&fill->jobs[fill->n_jobs], &fill->phast, err));
    return KERB_OK;
}

/* ---- writing ------------------------------------------------------------------------ */

static void write_batch(const phast_fill *fill, const uint64_t *rows, const int32_t *groups,
                        int32_t n_groups) {
    const ki_matrix *matrix = fill->matrix;
    for (int32_t column = 0; column < matrix->n; column += STRIP)
        for (int32_t lane = 0; lane < n_groups; lane++)
            for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1];
                 at++)
                ki_matrix_write_strip(&fill->columns, rows + lane, matrix->by_arc[at], column,
                                      STRIP);
    for (int32_t lane = 0; lane < n_groups; lane++)
        for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1]; at++)
            ki_matrix_write_own_arc(&fill->columns, rows + lane, matrix->by_arc[at]);
}

static void run_job(void *payload, int index) {
    const phast_fill *fill = payload;
    phast_fill *own = payload;
    ki_phast_job *job = &own->jobs[index];
    for (int32_t begin = index * KI_LANES; begin < fill->matrix->n_arcs;
         begin += fill->n_jobs * KI_LANES) {
        int32_t arcs[KI_LANES], groups[KI_LANES], n = 0;
        for (int32_t at = begin; at < fill->matrix->n_arcs && n < KI_LANES; at++, n++) {
            groups[n] = (int32_t)(fill->order[at] & 0xffffffff);
            arcs[n] = fill->matrix->arcs[groups[n]];
        }
        ki_phast_run(&fill->phast, job, arcs, n);
        write_batch(fill, job->rows, groups, n);
    }
}

kerb_status ki_matrix_fill_phast(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                 kerb_error *err) {
    phast_fill fill = {.matrix = matrix};
    kerb_status status = prepare(&fill, hierarchy, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    for (int job = 0; job < fill.n_jobs; job++)
        ki_phast_job_free(&fill.jobs[job]);
    ki_phast_free(&fill.phast);
    ki_free(fill.order);
    ki_matrix_columns_free(&fill.columns);
    return status;
}
