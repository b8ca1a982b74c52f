/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.c - one Dijkstra per arc that holds a place, over the core of the search graph.
 *
 * What lies between two arcs does not depend on where along them the places are, so rows of places
 * on one arc share a search. Searches are independent and write only their own rows: the result is
 * the same on any number of threads. */
#include "road/matrix.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/label_heap.h"
#include "road/road_core.h"
#include "road/road_search.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_JOBS = 64 };

typedef struct core_search { /* scratch of one job */
    uint64_t *label;         /* [core nodes] from the end of the source arc */
    uint64_t *reached;       /* [n_arcs] to the start of each arc */
    ki_label_heap heap;
} core_search;

typedef struct matrix_fill {
    const ki_profile *profile;
    const ki_place *places;
    int32_t n;
    int32_t *arcs; /* [n_arcs] distinct, ascending */
    int32_t n_arcs;
    int32_t *arc_of_place; /* [n] index into arcs */
    int32_t *by_arc;       /* [n] places, grouped by arc */
    int32_t *first;        /* [n_arcs + 1] into by_arc */
    ki_road_core core;
    core_search searches[MAX_JOBS];
    int n_jobs;
    int32_t *time_ms, *length_mm;
} matrix_fill;

static int compare_places(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static kerb_status group_places(matrix_fill *fill, kerb_error *err) {
    size_t n = (size_t)fill->n;
    int64_t *keys = ki_alloc_zero(n, sizeof *keys);
    fill->arcs = ki_alloc_zero(n, sizeof *fill->arcs);
    fill->arc_of_place = ki_alloc_zero(n, sizeof *fill->arc_of_place);
    fill->by_arc = ki_alloc_zero(n, sizeof *fill->by_arc);
    fill->first = ki_alloc_zero(n + 1, sizeof *fill->first);
    if (!keys || !fill->arcs || !fill->arc_of_place || !fill->by_arc || !fill->first) {
        ki_free(keys);
        return ki_fail_no_memory(err, "the matrix");
    }
    for (size_t place = 0; place < n; place++)
        keys[place] = ((int64_t)fill->places[place].arc << 32) | (int64_t)place;
    qsort(keys, n, sizeof *keys, compare_places);
    for (size_t at = 0; at < n; at++) {
        int32_t arc = (int32_t)(keys[at] >> 32), place = (int32_t)(keys[at] & 0xffffffff);
        if (fill->n_arcs == 0 || fill->arcs[fill->n_arcs - 1] != arc) {
            fill->first[fill->n_arcs] = (int32_t)at;
            fill->arcs[fill->n_arcs++] = arc;
        }
        fill->by_arc[at] = place;
        fill->arc_of_place[place] = fill->n_arcs - 1;
    }
    fill->first[fill->n_arcs] = fill->n;
    ki_free(keys);
    return KERB_OK;
}

static void fill_row(const matrix_fill *fill, const uint64_t *labels, int32_t row) {
    int32_t *time_ms = fill->time_ms + (size_t)row * (size_t)fill->n;
    int32_t *length_mm = fill->length_mm + (size_t)row * (size_t)fill->n;
    for (int32_t column = 0; column < fill->n; column++)
        ki_road_search_join(fill->profile, fill->places[row], fill->places[column],
                            labels[fill->arc_of_place[column]], &time_ms[column],
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
static void search_from(const matrix_fill *fill, core_search *search, int32_t arc) {
    const ki_road_core *core = &fill->core;
    int32_t n_left = fill->n_arcs, start = fill->profile->depart[arc];
    memset(search->label, 0xff, (size_t)core->n_nodes * sizeof *search->label);
    memset(search->reached, 0xff, (size_t)fill->n_arcs * sizeof *search->reached);
    search->heap.n = 0;
    relax(core, search, 0 - fill->profile->weight[start], core->node_of[start]);
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
    matrix_fill *fill = payload;
    core_search *search = &fill->searches[job];
    for (int32_t source = job; source < fill->n_arcs; source += fill->n_jobs) {
        search_from(fill, search, fill->arcs[source]);
        for (int32_t at = fill->first[source]; at < fill->first[source + 1]; at++)
            fill_row(fill, search->reached, fill->by_arc[at]);
    }
}

static kerb_status make_jobs(matrix_fill *fill, int threads, kerb_error *err) {
    int n_jobs = threads < 1 ? 1 : threads < MAX_JOBS ? threads : MAX_JOBS;
    size_t n_nodes = (size_t)fill->core.n_nodes;
    size_t n_pushes = 2 * (size_t)fill->core.first[n_nodes] + 1;
    if (n_jobs > fill->n_arcs) n_jobs = fill->n_arcs;
    for (; fill->n_jobs < n_jobs; fill->n_jobs++) {
        core_search *search = &fill->searches[fill->n_jobs];
        search->label = ki_alloc(n_nodes * sizeof *search->label);
        search->reached = ki_alloc((size_t)fill->n_arcs * sizeof *search->reached);
        search->heap.items = ki_alloc(n_pushes * sizeof *search->heap.items);
        if (search->label && search->reached && search->heap.items) continue;
        fill->n_jobs++; /* freed with the others */
        return ki_fail_no_memory(err, "the matrix");
    }
    return KERB_OK;
}

static void free_fill(matrix_fill *fill) {
    for (int job = 0; job < fill->n_jobs; job++) {
        ki_free(fill->searches[job].label);
        ki_free(fill->searches[job].reached);
        ki_free(fill->searches[job].heap.items);
    }
    ki_free(fill->arcs);
    ki_free(fill->arc_of_place);
    ki_free(fill->by_arc);
    ki_free(fill->first);
    ki_road_core_free(&fill->core);
}

kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                           int threads, int32_t *time_ms, int32_t *length_mm, kerb_error *err) {
    if (n <= 0) return KERB_OK;
    matrix_fill fill = {.profile = profile, .places = places, .n = n};
    fill.time_ms = time_ms;
    fill.length_mm = length_mm;
    kerb_status status = group_places(&fill, err);
    if (status == KERB_OK)
        status = ki_road_core_build(&fill.core, profile, fill.arcs, fill.n_arcs, err);
    if (status == KERB_OK) status = make_jobs(&fill, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    free_fill(&fill);
    return status;
}
