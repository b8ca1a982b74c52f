/* SPDX-License-Identifier: GPL-3.0-or-later
 * lanes.h - the inner loops of climbing, sweeping and writing, in the widest vectors this processor
 * has. */
#ifndef KI_LANES_H
#define KI_LANES_H
#include "road/phast.h"

typedef struct ki_cells { /* a strip of one row of the matrix */
    const uint64_t *lane; /* of the source: row r has its label at lane[r << shift] */
    int32_t shift;
    uint64_t rest;        /* of the arc left, after the place */
    const int32_t *row;   /* [n] row of each column's arc */
    const uint64_t *part; /* [n] of the arc reached, before the place */
    int32_t n;
    int32_t *time_ms, *length_mm; /* [n] out */
} ki_cells;

typedef struct ki_lanes {
    const char *name;
    /* Along every edge of an item: row = least of row and from + label, lane by lane. */
    void (*spread)(ki_phast_job *job, const uint64_t *from, const ki_phast_edges *edges,
                   int32_t item);
    void (*sweep)(const ki_phast *phast, uint64_t *rows, const uint8_t *touched);
    void (*write)(const ki_cells *cells);
} ki_lanes;

/* By processor; the numbers are the same whichever. */
const ki_lanes *ki_lanes_best(void);
/* For tests and benches: the index-th, 0 the portable ones, NULL beyond the last that this
 * processor has; and the ones to be used from now on, NULL: the best again. */
const ki_lanes *ki_lanes_at(int index);
void ki_lanes_force(const ki_lanes *lanes);
#endif
