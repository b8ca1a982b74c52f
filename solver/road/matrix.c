/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.c - places grouped by arc, and the method by how much there is to do. */
#include "road/matrix.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/hierarchy.h"
#include "road/matrix_parts.h"

#include <stdlib.h>

/* Building a hierarchy takes as long as 70 to 600 searches of the core on the extracts measured,
 * and paths profit from it too. */
enum { HIERARCHY_PAYS = 150 };

/* From here on a sweep for many sources at once is faster than climbing from each: between 10 and
 * 50 on every extract measured (bench/results/matrix.csv). */
enum { SWEEPING_PAYS = 32 };

static int compare_places(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

kerb_status ki_matrix_group(ki_matrix *matrix, kerb_error *err) {
    size_t n = (size_t)matrix->n;
    int64_t *keys = ki_alloc_zero(n, sizeof *keys);
    matrix->arcs = ki_alloc_zero(n, sizeof *matrix->arcs);
    matrix->arc_of_place = ki_alloc_zero(n, sizeof *matrix->arc_of_place);
    matrix->by_arc = ki_alloc_zero(n, sizeof *matrix->by_arc);
    matrix->first = ki_alloc_zero(n + 1, sizeof *matrix->first);
    if (!keys || !matrix->arcs || !matrix->arc_of_place || !matrix->by_arc || !matrix->first) {
        ki_free(keys);
        return ki_fail_no_memory(err, "the matrix");
    }
    for (size_t place = 0; place < n; place++)
        keys[place] = ((int64_t)matrix->places[place].arc << 32) | (int64_t)place;
    qsort(keys, n, sizeof *keys, compare_places);
    for (size_t at = 0; at < n; at++) {
        int32_t arc = (int32_t)(keys[at] >> 32), place = (int32_t)(keys[at] & 0xffffffff);
        if (matrix->n_arcs == 0 || matrix->arcs[matrix->n_arcs - 1] != arc) {
            matrix->first[matrix->n_arcs] = (int32_t)at;
            matrix->arcs[matrix->n_arcs++] = arc;
        }
        matrix->by_arc[at] = place;
        matrix->arc_of_place[place] = matrix->n_arcs - 1;
    }
    matrix->first[matrix->n_arcs] = matrix->n;
    ki_free(keys);
    return KERB_OK;
}

void ki_matrix_ungroup(ki_matrix *matrix) {
    ki_free(matrix->arcs);
    ki_free(matrix->arc_of_place);
    ki_free(matrix->by_arc);
    ki_free(matrix->first);
}

static kerb_status fill_by(ki_matrix_method method, ki_matrix *matrix, int threads,
                           kerb_error *err) {
    const ki_hierarchy *hierarchy;
    if (method == KI_MATRIX_DIJKSTRA) return ki_matrix_fill_core(matrix, threads, err);
    KI_TRY(ki_profile_hierarchy(&hierarchy, matrix->profile, err));
    if (method == KI_MATRIX_BUCKET) return ki_matrix_fill_bucket(matrix, hierarchy, threads, err);
    return ki_matrix_fill_phast(matrix, hierarchy, threads, err);
}

static ki_matrix_method method_for(const ki_matrix *matrix) {
    if (!ki_profile_has_hierarchy(matrix->profile) && matrix->n_arcs < HIERARCHY_PAYS)
        return KI_MATRIX_DIJKSTRA;
    return matrix->n_arcs < SWEEPING_PAYS ? KI_MATRIX_BUCKET : KI_MATRIX_PHAST;
}

kerb_status ki_matrix_fill_by(ki_matrix_method method, const ki_profile *profile,
                              const ki_place *places, int32_t n, int threads, int32_t *time_ms,
                              int32_t *length_mm, kerb_error *err) {
    if (n <= 0) return KERB_OK;
    ki_matrix matrix = {.profile = profile, .places = places, .n = n};
    matrix.time_ms = time_ms;
    matrix.length_mm = length_mm;
    kerb_status status = ki_matrix_group(&matrix, err);
    if (method == KI_MATRIX_AUTO) method = method_for(&matrix);
    if (status == KERB_OK) status = fill_by(method, &matrix, threads, err);
    ki_matrix_ungroup(&matrix);
    return status;
}

kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                           int threads, int32_t *time_ms, int32_t *length_mm, kerb_error *err) {
    return ki_matrix_fill_by(KI_MATRIX_AUTO, profile, places, n, threads, time_ms, length_mm, err);
}
