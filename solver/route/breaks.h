/* SPDX-License-Identifier: GPL-3.0-or-later
 * breaks.h - which breaks a spell needs, and the best places for them.
 *
 * Breaks are taken in their order, so that a count says which. A spell may do without the others
 * if it ends by the due_ms of each, and has had no more work since the last than the work_ms of
 * the next. */
#ifndef KI_BREAKS_H
#define KI_BREAKS_H
#include "base/rng.h"
#include "route/segment.h"
#include "route/walk.h"

/* When a spell that takes only the first n must be over. */
static inline int64_t ki_breaks_end_ms(const ki_type *type, int32_t n) {
    int64_t end_ms = type->latest_ms;
    for (; n < type->n_breaks; n++)
        if (type->breaks[n].due_ms < end_ms) end_ms = type->breaks[n].due_ms;
    return end_ms;
}
/* The most work behind the first n; KI_NEVER: any. */
static inline int64_t ki_breaks_work_ms(const ki_type *type, int32_t n) {
    return n < type->n_breaks ? type->breaks[n].work_ms : KI_NEVER;
}
/* What of the first n is not paid. */
static inline int32_t ki_breaks_unpaid_ms(const ki_type *type, int32_t n) {
    int32_t unpaid_ms = 0;
    for (int32_t index = 0; index < n; index++)
        if (!type->breaks[index].paid) unpaid_ms += type->breaks[index].duration_ms;
    return unpaid_ms;
}

/* Leaves out all breaks; returns how many stops remain. */
int32_t ki_breaks_strip(ki_stop *stops, int32_t n_stops);
/* The same for breaks and posts: what is settled anew. */
int32_t ki_stops_strip(ki_stop *stops, int32_t n_stops);

typedef struct ki_breaks_place { /* in front of a stop, or of the end depot */
    ki_segment before, after;
    int64_t work_ms; /* since the start or the last break */
    int32_t leg_ms;  /* to the stop */
    uint8_t is_gate; /* the vehicle stands at its depot or a tip */
} ki_breaks_place;

/* Replaces the breaks of a route, whatever they are, by those it needs or gains from, one after
 * another where the spell becomes cheapest; of equal places one drawn by rng (NULL: the first).
 * stops has room for KI_MAX_BREAKS more, places for as many + 1. Returns how many stops there are,
 * -1 if no place is found: what stops holds then is of no use. O(stops). */
int32_t ki_breaks_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                         ki_breaks_place *places, ki_rng *rng);
#endif
