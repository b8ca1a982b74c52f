/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_rows.h - where a whole matrix would not fit: rows of it when they are wanted, some of them
 * kept. */
#ifndef KI_MATRIX_ROWS_H
#define KI_MATRIX_ROWS_H
#include "road/profile.h"

typedef struct ki_matrix_rows ki_matrix_rows;

typedef struct ki_matrix_rows_use {
    int64_t n_hits, n_sweeps; /* a sweep makes the rows of 16 arcs that lie close together */
    size_t n_bytes;           /* of rows kept at most */
} ki_matrix_rows_use;

/* Borrows profile and places ([n]) until freed; builds the profile's hierarchy if need be. Rows
 * kept take at most budget_bytes, but at least one sweep is kept. Beside that there is the scratch
 * of one sweep for each thread that ever swept at the same time. Fails with KERB_NO_MEMORY. */
kerb_status ki_matrix_rows_new(ki_matrix_rows **out, const ki_profile *profile,
                               const ki_place *places, int32_t n, size_t budget_bytes,
                               kerb_error *err);
void ki_matrix_rows_free(ki_matrix_rows *rows);

/* time_ms, length_mm: [n] out: the row of a place as ki_matrix_fill gives it, whatever is kept and
 * whoever asks at the same time. Any thread. Fails with KERB_NO_MEMORY. */
kerb_status ki_matrix_rows_get(ki_matrix_rows *rows, int32_t place, int32_t *time_ms,
                               int32_t *length_mm, kerb_error *err);
ki_matrix_rows_use ki_matrix_rows_used(ki_matrix_rows *rows);
#endif
