/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_nearest.h - where a whole matrix would not fit: of each row only the nearest places. */
#ifndef KI_MATRIX_NEAREST_H
#define KI_MATRIX_NEAREST_H
#include "road/profile.h"

typedef struct ki_near {
    int32_t place; /* -1: there are no more */
    int32_t time_ms, length_mm;
} ki_near;

/* nearest: [n][k] out: of the row of each place the k other places reached soonest, in order of
 * time, then length, then place; after the last place that can be reached KI_NEVER. The numbers are
 * those of ki_matrix_fill, on any number of threads. Builds the profile's hierarchy if need be.
 * Memory beside the result: one sweep per thread, no matrix. Any thread. Fails with
 * KERB_NO_MEMORY. */
kerb_status ki_matrix_nearest(const ki_profile *profile, const ki_place *places, int32_t n,
                              int32_t k, int threads, ki_near *nearest, kerb_error *err);
#endif
