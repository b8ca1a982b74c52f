/* SPDX-License-Identifier: GPL-3.0-or-later
 * route.h - a route (one vehicle's whole shift) and a solution, and their exact evaluation.
 *
 *   start depot ─ task ─ task ─ TIP ─ task ─ TIP ─ end depot
 *
 * Rules. Load grows by each task's demand and is set to zero by a tip; it never exceeds capacity
 * in any dimension; it is zero on return to the depot, so a route with tasks (or a starting load)
 * ends with a tip. Service starts inside the mode's window; a vehicle may wait before it. Set-up
 * is paid at a task unless the stop just before it is a task of the same site with exit == entry
 * point. pre_ms comes before leaving the depot, post_ms after the return; all of it lies in
 * [earliest_ms, latest_ms]. Unloading takes fixed_ms + floor(mass_g * ms_per_tonne / 1e6).
 * A tip may be held until a bay is free: then its unloading starts no earlier (yard.h).
 * A trip leaves its depot or tip when all it carries is released.
 * Stops of a sequence come in its order (sequence.h).
 * A battery lasts from one charge to the next and to the end; a charge is part of a tip, or a stop
 * of its own, not behind the last tip, that leaves the load as it is (battery.h). Breaks are stops
 * of their own where the vehicle stands, in the type's order; which of them a spell needs is in
 * breaks.h. Set-up is as if they were not there.
 *
 * Schedule. The spell starts at the earliest time that gives the shortest spell; each stop is
 * then done as early as possible.
 * A vehicle under way starts at earliest_ms, and its way home is paid already (home.h).
 * Cost (route/cost.c, the only file that knows prices) = used + per mm (driving and sweeping)
 * + per ms of the spell without its unpaid breaks, or of the hours guaranteed if they are more
 * + overtime beyond regular_ms + gate fees by mass
 * + changes from the earlier plan by task + compactness (moment.h). Changes, and of compactness
 * what belongs to a task alone, are summed with the fees. */
#ifndef KI_ROUTE_H
#define KI_ROUTE_H
#include "model/model.h"

typedef struct ki_stop {
    int32_t task;    /* index of a task, KI_TIP, KI_POST or KI_BREAK */
    int32_t mode;    /* absolute index of a mode; of a tip option (model->tips) for a tip or a post;
                        of one of the type's break_options for a break */
    int32_t from_ms; /* of a tip or a post: held until then, for a free bay (yard.h); 0: not held */
} ki_stop;
#define KI_TIP (-1)
#define KI_BREAK (-3)
#define KI_POST (-4)

/* It takes up a bay. */
static inline int ki_stop_at_facility(const ki_stop *stop) {
    return stop->task == KI_TIP || stop->task == KI_POST;
}

typedef struct ki_route {
    int32_t type;
    int32_t n_stops;
    ki_stop *stops;
} ki_route;

/* Owns its memory: routes is one ki_alloc block and all stops another, headed by
 * routes[0].stops. To make one, fill a struct that points anywhere and ki_solution_copy it. */
typedef struct ki_solution {
    int32_t n_routes;
    ki_route *routes;  /* none empty; at most n_shifts of each lead */
    int64_t cost_nano; /* routes + prizes of tasks left out */
} ki_solution;

typedef struct ki_route_value {
    int64_t cost_nano;
    int64_t length_mm;
    int32_t spell_ms;            /* pre-trip to post-trip */
    int32_t start_ms;            /* of the spell */
    int32_t unpaid_ms;           /* of it, in breaks */
    int64_t excess[KI_MAX_DIMS]; /* load over capacity, summed over trips */
    int64_t late_ms;             /* time warp: how late windows are missed in all */
    int64_t flat_nwh;            /* used beyond what a battery holds, summed over its charges */
    int64_t rest_ms;             /* how far the spell goes, in time or in work, beyond what it may
                                    without a break that it does not take */
    int32_t n_broken; /* stops that come behind a later one of their sequence (sequence.h) */
    int feasible;
} ki_route_value;

typedef struct ki_stop_time { /* one per stop */
    int32_t arrival_ms, start_ms, end_ms;
    int32_t charge_ms;         /* of it, at a post, or at a tip behind unloading */
    int64_t load[KI_MAX_DIMS]; /* after the stop */
    int64_t used_nwh;          /* of a full battery, after the stop */
} ki_stop_time;

/* Exact value of a route from nothing but the sealed model; O(stops). times: [n_stops] or NULL.
 * Cost is that of the spell even where infeasible. A missing way makes late_ms huge. */
void ki_route_evaluate(const ki_model *model, const ki_route *route, ki_route_value *value,
                       ki_stop_time *times);
typedef struct ki_tip_time { /* one per tip and post */
    int32_t stop, start_ms, end_ms;
    int64_t mass_g;                        /* unloaded */
    int64_t early_ms, spell_ms, unload_ms; /* of the route as far as here: see segment.h */
} ki_tip_time;
/* The same in one pass, with the times of tips and posts only: tips has room for every stop;
 * returns how many there are. Where a window before a tip is missed its times mean nothing. */
int32_t ki_route_evaluate_tips(const ki_model *model, const ki_route *route, ki_route_value *value,
                               ki_tip_time *tips);
/* Price of parts, in route/cost.c. */
int64_t ki_cost_route(const ki_model *model, int32_t type, int64_t length_mm, int64_t spell_ms,
                      int64_t fees_nano);
int64_t ki_cost_left_out(const ki_model *model, int32_t task);

kerb_status ki_solution_copy(ki_solution *out, const ki_solution *from, kerb_error *err);
void ki_solution_free(ki_solution *solution);
/* Cost of the whole, or KERB_INTERNAL with a reason: a task twice, a route infeasible, too many
 * routes of a type. The solver's own guard; the independent checker is plan/check. */
kerb_status ki_solution_price(const ki_model *model, const ki_solution *solution,
                              int64_t *cost_nano, kerb_error *err);
#endif
