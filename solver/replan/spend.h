/* SPDX-License-Identifier: GPL-3.0-or-later
 * spend.h - what the past of a route has used up of what it shares or may have once only: tonnes
 * and bays of facilities, breaks. Used inside derive.c. */
#ifndef KI_SPEND_H
#define KI_SPEND_H
#include "replan/progress.h"

/* Whole seconds, rounded up. */
static inline int64_t ki_up_to_seconds(int64_t ms) {
    return ms >= 0 ? (ms + 999) / 1000 : -(-ms / 1000);
}
/* So much was tipped at this stop: it counts against what the facility takes tonight. */
void ki_spend_cap(ki_draft *draft, const ki_progress *progress, const ki_plan_stop *stop,
                  double mass_kg);
/* Bays the route is at, or will be before it is free: in nobody else's way. */
kerb_status ki_spend_bays(ki_draft *draft, const ki_progress *progress, const ki_plan_route *from,
                          const ki_route_progress *route, kerb_error *err);
/* The breaks taken are the shift's no more, and its work counts from the last of them. Returns how
 * long those were that are not paid, in ms. The shift is still as it was when the plan was made. */
int64_t ki_spend_breaks(kerb_shift *shift, const ki_plan_route *from,
                        const ki_route_progress *route);
/* Breaks whose time is over when a shift that was still to begin begins: it has none of them. */
kerb_status ki_spend_late_breaks(ki_draft *draft, kerb_shift *shift, kerb_error *err);
#endif
