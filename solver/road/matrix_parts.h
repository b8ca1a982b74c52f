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

/* matrix_core.c: one Dijkstra per arc. */
kerb_status ki_matrix_fill_core(ki_matrix *matrix, int threads, kerb_error *err);
/* matrix_phast.c: sweeps down a hierarchy. */
kerb_status ki_matrix_fill_phast(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                 kerb_error *err);
#endif
