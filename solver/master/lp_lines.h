/* SPDX-License-Identifier: GPL-3.0-or-later
 * lp_lines.h - rows or columns of a linear program in the making. */
#ifndef KI_LP_LINES_H
#define KI_LP_LINES_H
#include "kerbside.h"
#include "master/lp.h"

#include <stddef.h>

typedef struct ki_lines { /* start from {0} */
    double *cost, *lower, *upper, *values;
    int32_t *start, *indices;
    size_t n, n_entries, capacity[6];
    int failed; /* out of memory; told when the lines are added */
} ki_lines;

/* An entry of the line at hand; nothing if the index is negative or the value 0. */
void ki_lines_put(ki_lines *made, int32_t index, double value);
void ki_lines_end(ki_lines *made, double cost, double lower, double upper);
/* Adds all lines to the program and frees them. */
kerb_status ki_lines_add_rows(ki_lines *made, ki_lp *lp, kerb_error *err);
kerb_status ki_lines_add_columns(ki_lines *made, ki_lp *lp, kerb_error *err);
kerb_status ki_lines_add_integers(ki_lines *made, ki_lp *lp, kerb_error *err); /* columns */
void ki_lines_free(ki_lines *made);
#endif
