/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_sweep.c - which sources go together: those that lie close share most of their way up. */
#include "road/matrix_sweep.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/curve.h"

#include <stdlib.h>

enum { CELL_BITS = 26, CURVE_MASK = 0x3fffffff };

static int compare_order(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Along Morton's curve, in cells of about 100 m; far apart it may begin again. */
static void order_sources(ki_sweep *sweep) {
    const ki_matrix *matrix = sweep->matrix;
    const ki_graph *graph = matrix->profile->graph;
    for (int32_t index = 0; index < matrix->n_arcs; index++) {
        const ki_node *node = &graph->nodes[ki_arc_to(graph, matrix->arcs[index])];
        uint64_t curve = ki_curve(node->lat_e7, node->lon_e7) >> CELL_BITS & CURVE_MASK;
        sweep->order[index] = (int64_t)(curve << 32 | (uint64_t)index);
    }
    qsort(sweep->order, (size_t)matrix->n_arcs, sizeof *sweep->order, compare_order);
}

kerb_status ki_sweep_new(ki_sweep *sweep, const ki_matrix *matrix, const ki_hierarchy *hierarchy,
                         int threads, kerb_error *err) {
    *sweep = (ki_sweep){.matrix = matrix};
    sweep->n_batches = (matrix->n_arcs + KI_LANES - 1) / KI_LANES;
    sweep->order = ki_alloc_zero((size_t)matrix->n_arcs, sizeof *sweep->order);
    if (!sweep->order) return ki_fail_no_memory(err, "the matrix");
    order_sources(sweep);
    return ki_phast_build(&sweep->phast, matrix->profile, hierarchy, matrix->arcs, matrix->n_arcs,
                          threads, err);
}

void ki_sweep_free(ki_sweep *sweep) {
    ki_phast_free(&sweep->phast);
    ki_free(sweep->order);
    *sweep = (ki_sweep){0};
}

int32_t ki_sweep_groups(const ki_sweep *sweep, int32_t batch, int32_t *groups) {
    int32_t begin = batch * KI_LANES, left = sweep->matrix->n_arcs - begin;
    int32_t n = left < KI_LANES ? left : KI_LANES;
    for (int32_t lane = 0; lane < n; lane++)
        groups[lane] = (int32_t)(sweep->order[begin + lane] & 0xffffffff);
    return n;
}

int32_t ki_sweep_run(const ki_sweep *sweep, ki_phast_job *job, int32_t batch, int32_t *groups) {
    int32_t arcs[KI_LANES], n = ki_sweep_groups(sweep, batch, groups);
    for (int32_t lane = 0; lane < n; lane++)
        arcs[lane] = sweep->matrix->arcs[groups[lane]];
    ki_phast_run(&sweep->phast, job, arcs, n);
    return n;
}
