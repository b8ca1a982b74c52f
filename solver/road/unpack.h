/* SPDX-License-Identifier: GPL-3.0-or-later
 * unpack.h - the path behind one cell of the matrix. */
#ifndef KI_UNPACK_H
#define KI_UNPACK_H
#include "road/profile.h"

typedef struct ki_path {
    int32_t *arcs; /* first holds the start place, last the end place; in the arena given */
    int32_t n_arcs;
    int32_t time_ms, length_mm; /* equal to the matrix cell */
} ki_path;

/* n_arcs 0 and time KI_NEVER where there is no way. The same path on every run. */
kerb_status ki_path_find(const ki_profile *profile, ki_place from, ki_place to, ki_arena *arena,
                         ki_path *out, kerb_error *err);
#endif
