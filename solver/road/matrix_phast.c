/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_phast.c - batches of sources that lie close together, one sweep each, written strip by
 * strip: a strip of the columns stays in the cache while all lanes read it.
 *
 * Jobs share nothing but what they read, and each cell is written by one: the result is the same on
 * any number of threads. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/lanes.h"
#include "road/matrix_parts.h"
#include "road/phast.h"

#include <stdlib.h>

enum { STRIP = 64 };

typedef struct phast_fill {
    const ki_matrix *matrix;
    ki_phast phast;
    const ki_lanes *lanes;
    int64_t *order; /* [n_arcs] place on a curve, and index into arcs */
    int32_t *row;   /* [n] row of each column's arc */
    uint64_t *part; /* [n] from the start of the arc to the place */
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

static uint64_t part_of(const ki_profile *profile, ki_place place) {
    int32_t arc_ms = profile->arc_ms[place.arc];
    int32_t length_mm = profile->graph->edges[place.arc >> 1].length_mm;
    if (arc_ms == KI_NEVER) return 0; /* closed: never reached */
    return ki_label(ki_arc_part_ms(arc_ms, length_mm, place.offset_mm), place.offset_mm);
}

static void set_columns(const phast_fill *fill) {
    const ki_matrix *matrix = fill->matrix;
    for (int32_t column = 0; column < matrix->n; column++) {
        fill->row[column] = fill->phast.target_row[matrix->arc_of_place[column]];
        fill->part[column] = part_of(matrix->profile, matrix->places[column]);
    }
}

static kerb_status prepare(phast_fill *fill, const ki_hierarchy *hierarchy, int threads,
                           kerb_error *err) {
    const ki_matrix *matrix = fill->matrix;
    int32_t n_batches = (matrix->n_arcs + KI_LANES - 1) / KI_LANES;
    int n_jobs = threads < 1 ? 1 : threads < KI_MAX_MATRIX_JOBS ? threads : KI_MAX_MATRIX_JOBS;
    if (n_jobs > n_batches) n_jobs = n_batches;
    fill->order = ki_alloc_zero((size_t)matrix->n_arcs, sizeof *fill->order);
    fill->row = ki_alloc_zero((size_t)matrix->n, sizeof *fill->row);
    fill->part = ki_alloc_zero((size_t)matrix->n, sizeof *fill->part);
    if (!fill->order || !fill->row || !fill->part) return ki_fail_no_memory(err, "the matrix");
    KI_TRY(ki_phast_build(&fill->phast, matrix->profile, hierarchy, matrix->arcs, matrix->n_arcs,
                          err));
    order_sources(fill);
    set_columns(fill);
    for (; fill->n_jobs < n_jobs; fill->n_jobs++)
        KI_TRY(ki_phast_job_new(&fill->jobs[fill->n_jobs], &fill->phast, err));
    return KERB_OK;
}

/* ---- writing ------------------------------------------------------------------------ */

static void write_strip(const phast_fill *fill, const uint64_t *rows, int32_t lane, int32_t place,
                        int32_t column) {
    const ki_matrix *matrix = fill->matrix;
    size_t cell = (size_t)place * (size_t)matrix->n + (size_t)column;
    ki_cells cells = {.rows = rows, .lane = lane};
    cells.rest = matrix->profile->weight[matrix->places[place].arc] - fill->part[place];
    cells.row = fill->row + column;
    cells.part = fill->part + column;
    cells.n = matrix->n - column < STRIP ? matrix->n - column : STRIP;
    cells.time_ms = matrix->time_ms + cell;
    cells.length_mm = matrix->length_mm + cell;
    fill->lanes->write(&cells);
}

/* Places on the arc the row leaves from may be reached directly. */
static void write_own_arc(const phast_fill *fill, const uint64_t *rows, int32_t lane,
                          int32_t place) {
    const ki_matrix *matrix = fill->matrix;
    int32_t group = matrix->arc_of_place[place];
    size_t row = (size_t)place * (size_t)matrix->n;
    uint64_t label = rows[(size_t)fill->phast.target_row[group] * KI_LANES + (size_t)lane];
    if (label >= KI_FAR_LABEL) label = KI_NO_LABEL;
    for (int32_t at = matrix->first[group]; at < matrix->first[group + 1]; at++) {
        int32_t column = matrix->by_arc[at];
        ki_road_search_join(matrix->profile, matrix->places[place], matrix->places[column], label,
                            &matrix->time_ms[row + (size_t)column],
                            &matrix->length_mm[row + (size_t)column]);
    }
    matrix->time_ms[row + (size_t)place] = matrix->length_mm[row + (size_t)place] = 0;
}

static void write_batch(const phast_fill *fill, const uint64_t *rows, const int32_t *groups,
                        int32_t n_groups) {
    const ki_matrix *matrix = fill->matrix;
    for (int32_t column = 0; column < matrix->n; column += STRIP)
        for (int32_t lane = 0; lane < n_groups; lane++)
            for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1];
                 at++)
                write_strip(fill, rows, lane, matrix->by_arc[at], column);
    for (int32_t lane = 0; lane < n_groups; lane++)
        for (int32_t at = matrix->first[groups[lane]]; at < matrix->first[groups[lane] + 1]; at++)
            write_own_arc(fill, rows, lane, matrix->by_arc[at]);
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
    phast_fill fill = {.matrix = matrix, .lanes = ki_lanes_best()};
    kerb_status status = prepare(&fill, hierarchy, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    for (int job = 0; job < fill.n_jobs; job++)
        ki_phast_job_free(&fill.jobs[job]);
    ki_phast_free(&fill.phast);
    ki_free(fill.order);
    ki_free(fill.row);
    ki_free(fill.part);
    return status;
}
