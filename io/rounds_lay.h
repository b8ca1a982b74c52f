/* SPDX-License-Identifier: GPL-3.0-or-later
 * rounds_lay.h - what a driver's list leaves open: where to stop, when and where to tip, breaks. */
#ifndef KI_ROUNDS_LAY_H
#define KI_ROUNDS_LAY_H
#include "route/route.h"

/* Whether the type can stop for the task at all. */
int ki_rounds_may_serve(const ki_model *model, int32_t type, int32_t task);
/* The route that does these tasks in this order; stops that the type cannot do are left out.
 * out->stops is ki_free'd by the caller, also after a failure. */
kerb_status ki_rounds_lay(ki_route *out, const ki_model *model, int32_t type, const int32_t *tasks,
                          int32_t n_tasks, kerb_error *err);
#endif
