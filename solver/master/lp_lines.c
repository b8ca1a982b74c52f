/* SPDX-License-Identifier: GPL-3.0-or-later
 * lp_lines.c - rows or columns gathered one entry at a time, handed over all at once. */
#include "master/lp_lines.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

void ki_lines_free(ki_lines *made) {
    ki_free(made->cost);
    ki_free(made->lower);
    ki_free(made->upper);
    ki_free(made->values);
    ki_free(made->start);
    ki_free(made->indices);
    memset(made, 0, sizeof *made);
}

void ki_lines_put(ki_lines *made, int32_t index, double value) {
    if (index < 0 || value == 0 || made->failed) return;
    if (ki_grow(&made->values, &made->capacity[3], made->n_entries + 1, sizeof(double)) ||
        ki_grow(&made->indices, &made->capacity[5], made->n_entries + 1, sizeof(int32_t))) {
        made->failed = 1;
        return;
    }
    made->indices[made->n_entries] = index;
    made->values[made->n_entries++] = value;
}

void ki_lines_end(ki_lines *made, double cost, double lower, double upper) {
    if (made->failed || ki_grow(&made->cost, &made->capacity[0], made->n + 1, sizeof(double)) ||
        ki_grow(&made->lower, &made->capacity[1], made->n + 1, sizeof(double)) ||
        ki_grow(&made->upper, &made->capacity[2], made->n + 1, sizeof(double)) ||
        ki_grow(&made->start, &made->capacity[4], made->n + 2, sizeof(int32_t))) {
        made->failed = 1;
        return;
    }
    made->cost[made->n] = cost;
    made->lower[made->n] = lower;
    made->upper[made->n] = upper;
    made->start[0] = 0;
    made->start[++made->n] = (int32_t)made->n_entries;
}

static kerb_status added(ki_lines *made, kerb_error *err) {
    int failed = made->failed;
    ki_lines_free(made);
    return failed ? ki_fail_no_memory(err, "a linear program") : KERB_OK;
}

kerb_status ki_lines_add_rows(ki_lines *made, ki_lp *lp, kerb_error *err) {
    if (!made->failed)
        ki_lp_add_rows(lp, (int32_t)made->n, made->lower, made->upper, made->start, made->indices,
                       made->values);
    return added(made, err);
}

static kerb_status add_columns(ki_lines *made, ki_lp *lp, int integer, kerb_error *err) {
    if (!made->failed)
        ki_lp_add_columns(lp, (int32_t)made->n, integer, made->cost, made->lower, made->upper,
                          made->start, made->indices, made->values);
    return added(made, err);
}

kerb_status ki_lines_add_columns(ki_lines *made, ki_lp *lp, kerb_error *err) {
    return add_columns(made, lp, 0, err);
}

kerb_status ki_lines_add_integers(ki_lines *made, ki_lp *lp, kerb_error *err) {
    return add_columns(made, lp, 1, err);
}
