/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_core.c - one Dijkstra per arc that holds a place, over the core of the search graph: no
 * hierarchy needed, so this is the method for few places, and the oracle of the other.
 *
 * Searches are independent and write only their own rows: the result is the same on any number of
 * threads. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/label_heap.h"
#include "road/matrix_parts.h"
#include "road/road_core.h"

#include <string.h>

typedef struct core_search { /* scratch of one job */
    uint64_t *label;         /* [core nodes] from the end of the source arc */
    uint64_t *reached;       /* [n_arcs] to the start of each arc */
    ki_label_heap heap;
} core_search;

typedef struct core_fill {
    const ki_matrix *matrix;
    ki_road_core core;
    core_search searches[KI_MAX_MATRIX_JOBS];
    int n_jobs;
} core_fill;

static void fill_row(const ki_matrix *matrix, const uint64_t *labels, int32_t row) {
    int32_t *time_ms = matrix->time_ms + (size_t)row * (size_t)matrix->n;
    int32_t *length_mm = matrix->length_mm + (size_t)row * (size_t)matrix->n;
    for (int32_t column = 0; column < matrix->n; column++)
        ki_road_search_join(matrix->profile, matrix->places[row], matrix->places[column],
                            labels[matrix->arc_of_place[column]], &time_ms[column],
                            &length_mm[column]);
    time_ms[row] = length_mm[row] = 0;
}

static void relax(const ki_road_core *core, core_search *search, uint64_t key, int32_t node) {
    const ki_core_edge *end = core->edges + core->first[node + 1];
    for (const ki_core_edge *edge = core->edges + core->first[node]; edge < end; edge++) {
        uint64_t label = key + edge->label;
        if (label >= search->label[edge->to]) continue;
        search->label[edge->to] = label;
        ki_heap_push(&search->heap, label, edge->to);
    }
}

/* Labels of all arcs from one. Links out of the start begin with its whole arc: counting from minus
 * that (unsigned numbers wrap) makes labels begin at its end. The start is not settled by this: its
 * arc may be reached again. */
static void search_from(const core_fill *fill, core_search *search, int32_t arc) {
    const ki_road_core *core = &fill->core;
    int32_t n_left = fill->matrix->n_arcs, start = fill->matrix->profile->depart[arc];
    memset(search->label, 0xff, (size_t)core->n_nodes * sizeof *search->label);
    memset(search->reached, 0xff, (size_t)fill->matrix->n_arcs * sizeof *search->reached);
    search->heap.n = 0;
    relax(core, search, 0 - fill->matrix->profile->weight[start], core->node_of[start]);
    while (search->heap.n > 0 && n_left > 0) {
        ki_heap_item item = ki_heap_pop(&search->heap);
        if (item.key != search->label[item.node]) continue;
        if (ki_label_ms(item.key) >= KI_LEG_LIMIT_MS) break;
        int32_t target = core->target[item.node];
        if (target >= 0 && search->reached[target] == KI_NO_LABEL) {
            search->reached[target] = item.key;
            n_left--;
        }
        relax(core, search, item.key, item.node);
    }
}

static void run_job(void *payload, int job) {
    core_fill *fill = payload;
    const ki_matrix *matrix = fill->matrix;
    core_search *search = &fill->searches[job];
    for (int32_t source = job; source < fill->matrix->n_arcs; source += fill->n_jobs) {
        search_from(fill, search, fill->matrix->arcs[source]);
        for (int32_t at = fill->matrix->first[source]; at < fill->matrix->first[source + 1]; at++)
            fill_row(matrix, search->reached, matrix->by_arc[at]);
    }
}

static kerb_status make_jobs(core_fill *fill, int threads, kerb_error *err) {
    int n_jobs = ki_matrix_n_jobs(threads, fill->matrix->n_arcs);
    size_t n_nodes = (size_t)fill->core.n_nodes;
    size_t n_pushes = 2 * (size_t)fill->core.first[n_nodes] + 1;
    for (; fill->n_jobs < n_jobs; fill->n_jobs++) {
        core_search *search = &fill->searches[fill->n_jobs];
        search->label = ki_alloc(n_nodes * sizeof *search->label);
        search->reached = ki_alloc((size_t)fill->matrix->n_arcs * sizeof *search->reached);
        search->heap.items = ki_alloc(n_pushes * sizeof *search->heap.items);
        if (search->label && search->reached && search->heap.items) continue;
        fill->n_jobs++; /* freed with the others */
        return ki_fail_no_memory(err, "the matrix");
    }
    return KERB_OK;
}

static void free_fill(core_fill *fill) {
    for (int job = 0; job < fill->n_jobs; job++) {
        ki_free(fill->searches[job].label);
        ki_free(fill->searches[job].reached);
        ki_free(fill->searches[job].heap.items);
    }
    ki_road_core_free(&fill->core);
}

kerb_status ki_matrix_fill_core(ki_matrix *matrix, int threads, kerb_error *err) {
    core_fill fill = {.matrix = matrix};
    kerb_status status =
        ki_road_core_build(&fill.core, matrix->profile, matrix->arcs, matrix->n_arcs, err);
    if (status == KERB_OK) status = make_jobs(&fill, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    free_fill(&fill);
    return status;
}
