/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.c - one Dijkstra per arc that holds a place.
 *
 * What lies between two arcs does not depend on where along them the places are, so rows of places
 * on one arc share a search, and a search stops once every arc with a place is reached. Searches
 * are independent and write only their own rows: the result is the same on any number of threads.
 */
#include "road/matrix.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/road_search.h"

#include <stdlib.h>

enum { MAX_JOBS = 64 };

typedef struct matrix_fill {
    const ki_profile *profile;
    const ki_place *places;
    int32_t n;
    int32_t *arcs; /* [n_arcs] distinct, ascending */
    int32_t n_arcs;
    int32_t *arc_of_place; /* [n] index into arcs */
    int32_t *by_arc;       /* [n] places, grouped by arc */
    int32_t *first;        /* [n_arcs + 1] into by_arc */
    uint64_t *labels;      /* [n_jobs][n_arcs] */
    ki_road_search searches[MAX_JOBS];
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

static void run_job(void *payload, int job) {
    matrix_fill *fill = payload;
    ki_road_search *search = &fill->searches[job];
    uint64_t *labels = fill->labels + (size_t)job * (size_t)fill->n_arcs;
    for (int32_t source = job; source < fill->n_arcs; source += fill->n_jobs) {
        ki_road_search_run(search, fill->arcs[source], fill->arcs, fill->n_arcs);
        for (int32_t target = 0; target < fill->n_arcs; target++)
            labels[target] = ki_road_search_label(search, fill->arcs[target], NULL);
        for (int32_t at = fill->first[source]; at < fill->first[source + 1]; at++)
            fill_row(fill, labels, fill->by_arc[at]);
    }
}

static kerb_status make_jobs(matrix_fill *fill, int threads, kerb_error *err) {
    int n_jobs = threads < 1 ? 1 : threads;
    if (n_jobs > MAX_JOBS) n_jobs = MAX_JOBS;
    if (n_jobs > fill->n_arcs) n_jobs = fill->n_arcs;
    fill->labels = ki_alloc_zero((size_t)n_jobs * (size_t)fill->n_arcs, sizeof *fill->labels);
    if (!fill->labels) return ki_fail_no_memory(err, "the matrix");
    for (; fill->n_jobs < n_jobs; fill->n_jobs++)
        KI_TRY(ki_road_search_new(&fill->searches[fill->n_jobs], fill->profile, 0, err));
    return KERB_OK;
}

kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                           int threads, int32_t *time_ms, int32_t *length_mm, kerb_error *err) {
    if (n <= 0) return KERB_OK;
    matrix_fill fill = {.profile = profile, .places = places, .n = n};
    fill.time_ms = time_ms;
    fill.length_mm = length_mm;
    kerb_status status = group_places(&fill, err);
    if (status == KERB_OK) status = make_jobs(&fill, threads, err);
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, run_job, &fill);
    for (int job = 0; job < fill.n_jobs; job++)
        ki_road_search_free(&fill.searches[job]);
    ki_free(fill.arcs);
    ki_free(fill.arc_of_place);
    ki_free(fill.by_arc);
    ki_free(fill.first);
    ki_free(fill.labels);
    return status;
}
