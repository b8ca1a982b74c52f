/* SPDX-License-Identifier: GPL-3.0-or-later
 * shift_branches.c - one step of branch and bound, on the count of shifts in use.
 *
 * The cost of the relaxation is convex in that count, so every plan costs at least what the cheaper
 * of the two whole numbers beside the relaxation's own count does. A shift costs more than tens of
 * kilometres: where two trucks do a night, no other step raises the bound as much. */
#include "master/shift_branches.h"

#include "base/error.h"

#include <math.h>

/* A count so near to a whole number is one. */
static const double WHOLE = 1e-3;

kerb_status ki_shift_branches(double used, ki_branch_prove *prove, void *payload,
                              int64_t *bound_nano) {
    int64_t more = INT64_MIN, fewer = INT64_MIN;
    if (!(used >= 0 && used < INT32_MAX) || fabs(used - round(used)) < WHOLE) return KERB_OK;
    KI_TRY(prove(payload, (int32_t)ceil(used), -1, INT64_MAX, &more));
    if (more <= *bound_nano) return KERB_OK;
    KI_TRY(prove(payload, -1, (int32_t)floor(used), more, &fewer));
    if (fewer > more) fewer = more;
    if (fewer > *bound_nano) *bound_nano = fewer;
    return KERB_OK;
}
