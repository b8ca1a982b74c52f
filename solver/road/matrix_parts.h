/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_parts.h - the matrix as the methods that fill it see it. */
#ifndef KI_MATRIX_PARTS_H
#define KI_MATRIX_PARTS_H
#include "road/hierarchy.h"
#include "road/matrix.h"
#include "road/road_search.h"

/* What lies between two arcs does not depend on where along them the places are: places on one arc
 * share a search. */
typedef struct ki_matrix {
    const ki_profile *profile;
    const ki_place *places;
    int32_t n;
    int32_t *arcs; /* [n_arcs] distinct, ascending */
    int32_t n_arcs;
    int32_t *arc_of_place; /* [n] index into arcs */
    int32_t *by_arc;       /* [n] places, grouped by arc */
    int32_t *first;        /* [n_arcs + 1] into by_arc */
    int32_t *time_ms, *length_mm;
} ki_matrix;

enum { KI_MAX_MATRIX_JOBS = 64 };

static inline int ki_matrix_n_jobs(int threads, int32_t n_parts) {
    int n_jobs = threads < 1 ? 1 : threads < KI_MAX_MATRIX_JOBS ? threads : KI_MAX_MATRIX_JOBS;
    return n_jobs < n_parts ? n_jobs : (int)n_parts;
}

/* matrix_write.c: labels between arcs lie somewhere at lane[row << shift]; cells come of them. */
typedef struct ki_matrix_columns {
    const ki_matrix *matrix;
    const struct ki_lanes *lanes;
    int shift;
    int32_t *row;   /* [n] of each column's arc */
    uint64_t *part; /* [n] from the start of the arc to the place */
} ki_matrix_columns;

/* target_row: [n_arcs] row of each arc; NULL: its own index. To be freed even after a failure. */
kerb_status ki_matrix_columns_new(ki_matrix_columns *columns, const ki_matrix *matrix,
                                  const int32_t *target_row, int shift, kerb_error *err);
void ki_matrix_columns_free(ki_matrix_columns *columns);
/* n cells of the place's row, from a column on. time_ms, length_mm: [n] out. */
void ki_matrix_write_strip(const ki_matrix_columns *columns, const uint64_t *lane, int32_t place,
                           int32_t column, int32_t n, int32_t *time_ms, int32_t *length_mm);
/* From the end of the arc a place is on to its start; KI_NO_LABEL: no way. */
uint64_t ki_matrix_own_label(const ki_matrix_columns *columns, const uint64_t *lane, int32_t place);
/* After the strips: places on the arc the row leaves from may be reached directly. time_ms,
 * length_mm: the whole row. */
void ki_matrix_write_own_arc(const ki_matrix_columns *columns, const uint64_t *lane, int32_t place,
                             int32_t *time_ms, int32_t *length_mm);

/* matrix.c: places of a matrix by arc. To be freed even after a failure. */
kerb_status ki_matrix_group(ki_matrix *matrix, kerb_error *err);
void ki_matrix_ungroup(ki_matrix *matrix);
/* matrix_core.c: one Dijkstra per arc. */
kerb_status ki_matrix_fill_core(ki_matrix *matrix, int threads, kerb_error *err);
/* matrix_phast.c: sweeps down a hierarchy. */
kerb_status ki_matrix_fill_phast(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                 kerb_error *err);
/* matrix_bucket.c: a climb from every end. */
kerb_status ki_matrix_fill_bucket(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                  kerb_error *err);
#endif
