/* SPDX-License-Identifier: GPL-3.0-or-later
 * reconcile.c - collection is planned first and knows of no pile; hauls follow. Where they cannot
 * keep a pile below its buffer, the tip that raises it is moved to another facility, one at a time,
 * the cheapest first, and hauls are planned again. A greedy repair, not a search: what a moved tip
 * would make worth while elsewhere in its route is left as it was. */
#include "reconcile.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/draft.h"
#include "model/model.h"
#include "route/yard.h"

#include <string.h>

typedef struct search {
    ki_reconcile *state;
    const kerb_model *model;
    const ki_solution *solution;
    const ki_plan_pile *pile;
    int64_t over_g;
    ki_solution best;
    int best_is_enough;
    ki_reconcile_tried best_move;
    kerb_error *err;
} search;

static int64_t above_g(const ki_plan_pile *pile) {
    if (strcmp(pile->reason, "not_cleared") == 0) return pile->closing_g;
    if (strcmp(pile->reason, "over_buffer") == 0) return pile->peak_g - pile->buffer_g;
    return 0;
}

int64_t ki_reconcile_over_g(const kerb_plan *plan) {
    int64_t total_g = 0;
    for (int32_t pile = 0; pile < plan->n_piles; pile++)
        total_g += above_g(&plan->piles[pile]);
    return total_g;
}

/* The route that the plan drives on the shift, as plan.c hands shifts out; -1: none. */
static int32_t route_of_shift(const search *at, const char *shift) {
    const ki_model *sealed = at->model->sealed;
    int32_t used[KI_MAX_TYPES] = {0};
    for (int32_t index = 0; index < at->solution->n_routes; index++) {
        int32_t type = at->solution->routes[index].type;
        int32_t number = sealed->types[type].first_shift + used[ki_lead(sealed, type)]++;
        if (strcmp(at->model->draft.shifts[sealed->type_shifts[number]].id, shift) == 0)
            return index;
    }
    return -1;
}

static int was_tried(const search *at, const ki_reconcile_tried *move) {
    for (int32_t index = 0; index < at->state->n_tried; index++) {
        const ki_reconcile_tried *tried = &at->state->tried[index];
        if (tried->route == move->route && tried->at == move->at &&
            tried->elsewhere == move->elsewhere && tried->tip.mode == move->tip.mode)
            return 1;
    }
    return 0;
}

/* The solution with the tip at another one of the type's, where it holds; priced. */
static kerb_status move_tip(const search *at, const ki_reconcile_tried *move, ki_solution *made,
                            int *holds) {
    const ki_model *sealed = at->model->sealed;
    kerb_error ignored = {0};
    *holds = 1;
    KI_TRY(ki_solution_copy(made, at->solution, at->err));
    made->routes[move->route].stops[move->at] = (ki_stop){KI_TIP, move->elsewhere, 0};
    kerb_status status = KERB_OK;
    if (ki_model_is_shared(sealed)) status = ki_yard_settle(sealed, made, holds, at->err);
    if (status == KERB_OK && *holds) {
        status = ki_solution_price(sealed, made, &made->cost_nano, &ignored);
        if (status == KERB_INTERNAL) *holds = 0, status = KERB_OK;
        if (status != KERB_OK) ki_fail_no_memory(at->err, "a tip elsewhere");
    }
    if (status != KERB_OK || !*holds) ki_solution_free(made);
    return status;
}

static kerb_status try_move(search *at, const ki_reconcile_tried *move, int64_t mass_g) {
    ki_solution made;
    int holds, is_enough = mass_g >= at->over_g;
    if (was_tried(at, move)) return KERB_OK;
    KI_TRY(move_tip(at, move, &made, &holds));
    if (!holds) return KERB_OK;
    int is_better = !at->best.routes || is_enough > at->best_is_enough ||
                    (is_enough == at->best_is_enough && made.cost_nano < at->best.cost_nano);
    if (!is_better) {
        ki_solution_free(&made);
        return KERB_OK;
    }
    ki_solution_free(&at->best);
    at->best = made;
    at->best_is_enough = is_enough;
    at->best_move = *move;
    return KERB_OK;
}

/* A charge is where the charger is. */
static kerb_status try_tip(search *at, int32_t route, int32_t stop, int64_t mass_g) {
    const ki_model *sealed = at->model->sealed;
    const ki_route *of = &at->solution->routes[route];
    const ki_type *type = &sealed->types[of->type];
    const ki_tip *now = &sealed->tips[of->stops[stop].mode];
    for (int32_t tip = type->first_tip; tip < type->first_tip + type->n_tips; tip++) {
        ki_reconcile_tried move = {of->stops[stop], route, stop, tip};
        if (sealed->tips[tip].facility == now->facility || sealed->tips[tip].charge_mw ||
            now->charge_mw)
            continue;
        KI_TRY(try_move(at, &move, mass_g));
    }
    return KERB_OK;
}

/* Of the route's stops the tip with this number; -1: there are fewer. */
static int32_t stop_of_tip(const ki_route *route, int32_t number) {
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        if (route->stops[stop].task == KI_TIP && number-- == 0) return stop;
    return -1;
}

static kerb_status try_route(search *at, const ki_plan_route *planned) {
    int32_t route = route_of_shift(at, planned->shift), n_tips = 0;
    int64_t mass_g = 0;
    int is_late = strcmp(at->pile->reason, "not_cleared") == 0; /* whatever comes, and when */
    for (int32_t at_stop = 0; route >= 0 && at_stop < planned->n_stops; at_stop++) {
        const ki_plan_stop *stop = &planned->stops[at_stop];
        if ((stop->kind == KI_STOP_SERVE || stop->kind == KI_STOP_SWEEP) &&
            stop->stream == at->pile->stream)
            mass_g += stop->mass_g;
        if (stop->kind != KI_STOP_TIP) continue;
        int32_t place = stop_of_tip(&at->solution->routes[route], n_tips++);
        if (place >= 0 && mass_g > 0 && strcmp(stop->id, at->pile->facility) == 0 &&
            (is_late || stop->start_ms <= at->pile->peak_ms))
            KI_TRY(try_tip(at, route, place, mass_g));
        mass_g = 0;
    }
    return KERB_OK;
}

static const ki_plan_pile *worst_pile(const kerb_plan *plan) {
    const ki_plan_pile *worst = NULL;
    for (int32_t pile = 0; pile < plan->n_piles; pile++)
        if (above_g(&plan->piles[pile]) > (worst ? above_g(worst) : 0)) worst = &plan->piles[pile];
    return worst;
}

kerb_status ki_reconcile_move(ki_reconcile *state, const kerb_model *model, const kerb_plan *plan,
                              const ki_solution *solution, ki_solution *moved, int *found,
                              kerb_error *err) {
    search at = {
        .state = state, .model = model, .solution = solution, .pile = worst_pile(plan), .err = err};
    kerb_status status = KERB_OK;
    *found = 0;
    if (!at.pile || state->n_tried == KI_RECONCILE_ROUNDS) return KERB_OK;
    at.over_g = above_g(at.pile);
    for (int32_t route = 0; route < plan->n_routes && status == KERB_OK; route++)
        if (plan->routes[route].use != KERB_USE_HAUL) status = try_route(&at, &plan->routes[route]);
    if (status != KERB_OK || !at.best.routes) {
        ki_solution_free(&at.best);
        return status;
    }
    state->tried[state->n_tried++] = at.best_move;
    *moved = at.best;
    *found = 1;
    return KERB_OK;
}
