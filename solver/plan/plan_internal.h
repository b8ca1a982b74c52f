/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_internal.h - what the files that make a plan share. */
#ifndef KI_PLAN_INTERNAL_H
#define KI_PLAN_INTERNAL_H
#include "plan/plan.h"

typedef struct ki_plan_maker {
    const kerb_model *model;
    const ki_draft *draft;
    const ki_model *sealed;
    const ki_solution *solution;
    kerb_plan *plan;
    ki_arena *arena;  /* the plan's */
    ki_arena scratch; /* dies with the making */
    kerb_error *err;
    int32_t *order;         /* solution routes in the order of the plan */
    int32_t *shift_of;      /* [n solution routes] draft shift */
    int32_t *route_of_task; /* [n_tasks] plan route that serves it; -1 */
    int32_t *stop_of_task;  /* [n_tasks] its stop there */
    const char **left_code; /* [n_tasks] why it was left out; NULL where served */
    const char **left_text;
    int failed; /* out of memory in a string */
} ki_plan_maker;

/* A formatted string in the plan's arena; "" and `failed` when out of memory. */
const char *ki_plan_text(ki_plan_maker *maker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *ki_plan_copy(ki_plan_maker *maker, const char *text); /* NULL becomes "" */

/* Labels copied into the plan; none, and `failed`, when out of memory. */
const kerb_label *ki_plan_labels(ki_plan_maker *maker, const kerb_label *labels, size_t n,
                                 size_t *n_copied);

enum { KI_MONEY_SIZE = 32, KI_CLOCK_SIZE = 8 };
/* "-84.20": two decimals, halves away from zero. */
const char *ki_plan_money(char text[KI_MONEY_SIZE], int64_t nano);
/* Local "HH:MM" of an instant in ms from night start. */
const char *ki_plan_clock(char text[KI_CLOCK_SIZE], const kerb_plan *plan, int64_t ms);

/* plan_chance.c */
typedef struct ki_plan_spread { /* variance of what is on board, of one compartment */
    double mass_g2, volume_ml2;
} ki_plan_spread;
void ki_plan_spread_add(ki_plan_spread *spread, const ki_plan_maker *maker, const ki_task *task);
/* Chance that what is loaded by now does not fit: of the compartment most likely overloaded. */
int32_t ki_plan_overload_permille(const kerb_vehicle *vehicle, const ki_plan_load *load,
                                  const ki_plan_spread *spread);
/* Behind ki_plan_slack. Not for hauls, which keep to slots. */
int32_t ki_plan_late_permille(const ki_plan_route *route);

/* plan_route.c */
kerb_status ki_plan_route_make(ki_plan_maker *maker, int32_t index, int32_t plan_index);
const kerb_vehicle *ki_plan_vehicle(const ki_draft *draft, const char *id);
/* plan_legs.c: on the base graph */
kerb_status ki_plan_leg_drive(ki_plan_maker *maker, const ki_profile *profile, ki_place from,
                              ki_place to, ki_plan_leg *leg);
kerb_status ki_plan_leg_sweep(ki_plan_maker *maker, const kerb_street *street, ki_place from,
                              ki_place to, ki_plan_leg *leg);
/* plan_slack.c */
void ki_plan_slack(const ki_plan_maker *maker, const ki_route *route, const ki_stop_time *times,
                   ki_plan_route *out);
/* plan_reasons.c: fills left_code and left_text */
kerb_status ki_plan_reasons(ki_plan_maker *maker);
/* plan_decisions.c */
kerb_status ki_plan_decide(ki_plan_maker *maker);
/* plan_costs.c */
kerb_status ki_plan_costs(ki_plan_maker *maker);

static inline const kerb_site *ki_plan_site(const ki_draft *draft, const ki_task *task) {
    return task->site >= 0 ? &draft->sites[task->site] : NULL;
}
static inline const char *ki_plan_task_zone(const ki_draft *draft, const ki_task *task) {
    const char *zone = task->kind == KI_TASK_KERB ? draft->streets[task->source].zone
                                                  : draft->sites[task->site].zone;
    return zone ? zone : "";
}
#endif
