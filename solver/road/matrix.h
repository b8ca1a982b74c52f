/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.h - travel time and length between places. Several methods stand
 * behind it; the numbers are the same. */
#ifndef KI_MATRIX_H
#define KI_MATRIX_H
#include "road/profile.h"

/* time_ms, length_mm: [n][n] out, row = from (leaving places[row]), column = to (reaching
 * places[column]); KI_NEVER where there is no way; 0 on the diagonal. Quickest path, ties by
 * length; a leg of 37 hours or more is no way. From a place to one farther along the same arc the
 * way is direct. Any thread. Fails with KERB_NO_MEMORY. */
kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                           int threads, int32_t *time_ms, int32_t *length_mm, kerb_error *err);

typedef enum ki_matrix_method {
    KI_MATRIX_AUTO = 0, /* by size, and by whether the profile has a hierarchy already */
    KI_MATRIX_DIJKSTRA, /* one search per arc over the core of the graph */
    KI_MATRIX_PHAST,    /* sweeps down the profile's hierarchy, which is built if need be */
    KI_MATRIX_BUCKET    /* climbs up that hierarchy from every arc */
} ki_matrix_method;
kerb_status ki_matrix_fill_by(ki_matrix_method method, const ki_profile *profile,
                              const ki_place *places, int32_t n, int threads, int32_t *time_ms,
                              int32_t *length_mm, kerb_error *err);
#endif
