/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_sweep.h - the sources of a matrix in batches, for all that sweeps: the whole matrix, the
 * nearest of each row, single rows when wanted. */
#ifndef KI_MATRIX_SWEEP_H
#define KI_MATRIX_SWEEP_H
#include "road/matrix_parts.h"
#include "road/phast.h"

typedef struct ki_sweep { /* shared by all jobs */
    const ki_matrix *matrix;
    ki_phast phast;
    int64_t *order; /* [n_arcs] place on a curve, and index into the matrix' arcs */
    int32_t n_batches;
} ki_sweep;

/* To be freed even after a failure. */
kerb_status ki_sweep_new(ki_sweep *sweep, const ki_matrix *matrix, const ki_hierarchy *hierarchy,
                         int threads, kerb_error *err);
void ki_sweep_free(ki_sweep *sweep);
/* groups: [KI_LANES] out: the arc of each lane, by its index in the matrix. Gives how many. */
int32_t ki_sweep_groups(const ki_sweep *sweep, int32_t batch, int32_t *groups);
/* And job->rows as ki_phast_run leaves them. */
int32_t ki_sweep_run(const ki_sweep *sweep, ki_phast_job *job, int32_t batch, int32_t *groups);
#endif
