/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.h - travel time and length between places. The method behind it may change (Dijkstra
 * today, a hierarchy later); the numbers may not. */
#ifndef KI_MATRIX_H
#define KI_MATRIX_H
#include "road/profile.h"

/* time_ms, length_mm: [n][n] out, row = from (leaving places[row]), column = to (reaching
 * places[column]); KI_NEVER where there is no way; 0 on the diagonal. Quickest path, ties by
 * length; a leg of 37 hours or more is no way. From a place to one farther along the same arc the
 * way is direct. Any thread. Fails with KERB_NO_MEMORY. */
kerb_status ki_matrix_fill(const ki_profile *profile, const ki_place *places, int32_t n,
                           int threads, int32_t *time_ms, int32_t *length_mm, kerb_error *err);
#endif
