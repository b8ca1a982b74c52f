/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_summary.h - what the text and the JSON of a plan share. */
#ifndef KI_PLAN_SUMMARY_H
#define KI_PLAN_SUMMARY_H
#include "base/text.h"
#include "plan/plan.h"

typedef struct ki_plan_gap {
    double percent;           /* (cost - bound) / cost */
    double avoidable_percent; /* ... of what planning can change: the cost without gate fees */
} ki_plan_gap;
ki_plan_gap ki_plan_gap_of(const kerb_plan *plan); /* NAN where there is no bound */
int64_t ki_plan_item_nano(const kerb_plan *plan, const char *item);
int32_t ki_plan_musts_left_out(const kerb_plan *plan);

void ki_plan_summary_json(const kerb_plan *plan, ki_text *text);
void ki_plan_summary_text(const kerb_plan *plan, ki_text *text);
/* plan_summary_routes.c */
void ki_plan_summary_routes(const kerb_plan *plan, ki_text *text);
/* plan_summary_hauls.c: nothing where there are no piles */
void ki_plan_summary_hauls(const kerb_plan *plan, ki_text *text);
void ki_plan_summary_hauls_json(const kerb_plan *plan, ki_text *text);
int32_t ki_plan_piles_over(const kerb_plan *plan); /* above their buffers, or not cleared */
#endif
