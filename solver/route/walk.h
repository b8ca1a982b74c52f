/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.h - what one stop is for one type: shared by the exact evaluation and the search. */
#ifndef KI_WALK_H
#define KI_WALK_H
#include "route/route.h"
#include "route/segment.h"

/* The first and the last of a spell's segments. A vehicle under way is paid while it waits. */
static inline ki_segment ki_start_segment(const ki_type *type) {
    int32_t last_ms = type->under_way ? type->earliest_ms : type->latest_ms;
    return ki_segment_one(type->earliest_ms, last_ms, type->pre_ms);
}
static inline ki_segment ki_end_segment(const ki_type *type) {
    return ki_segment_one(type->earliest_ms, type->latest_ms - type->post_ms, type->post_ms);
}

/* Set-up is saved only between tasks of one site that need no movement in between. before NULL:
 * the depot. */
int ki_stop_pays_setup(const ki_model *model, const ki_stop *before, const ki_stop *stop);
/* Unloading time of a load at a tip option. */
int64_t ki_tip_ms(const ki_model *model, int32_t type, int32_t tip, const int64_t *load);
/* Whether the type may do the stop at all. */
int ki_stop_allowed(const ki_model *model, int32_t type, const ki_stop *stop);
#endif
