/* SPDX-License-Identifier: GPL-3.0-or-later
 * haul.c - greedy hauls, then the integer program from them, then the better of both. */
#include "haul/haul.h"

#include "base/error.h"
#include "haul/program.h"

#include <math.h>
#include <string.h>

/* GLPK works in floating point: so much of the bound is given away. */
static const double BOUND_SLACK = 1e-6;
enum { GREEDY_SLOT_MS = 300000 }; /* where no grid is small enough */

typedef struct solver {
    ki_haul_plan *out;
    ki_haul_stage stage;
    ki_haul_list best;
    ki_haul_list kept; /* what stands of the given hauls, and what they leave to be done */
    double bound;      /* in the currency; -INFINITY: none */
    int finished;
    ki_worker *worker;
    int32_t max_nodes;
    kerb_error *err;
} solver;

static double slack(double amount) {
    return BOUND_SLACK * (1 + fabs(amount));
}

int ki_haul_any_under_way(const ki_haul_problem *problem) {
    for (int32_t kind = 0; kind < problem->n_kinds; kind++)
        if (problem->kinds[kind].under_way) return 1;
    return 0;
}

static void take_bound(solver *state) {
    ki_haul_plan *out = state->out;
    double bound = state->bound - slack(state->bound);
    if (!isfinite(state->bound)) return;
    out->has_bound = 1;
    out->bound_nano = (int64_t)floor(bound * 1e9);
    if (out->bound_nano < 0 && !ki_haul_any_under_way(state->stage.problem)) out->bound_nano = 0;
    if (out->bound_nano > out->tally.weighed_nano) out->bound_nano = out->tally.weighed_nano;
    double gap = (double)(out->tally.weighed_nano - out->bound_nano) * 1e-9;
    out->proved = state->finished && gap <= 3 * slack(state->bound) && out->tally.over_g == 0;
}

static kerb_status keep(solver *state) {
    ki_haul_plan *out = state->out;
    ki_haul_list *best = &state->best;
    size_t n_piles = (size_t)state->stage.problem->n_piles;
    out->fates = ki_arena_alloc(&out->arena, n_piles, sizeof *out->fates);
    if (!out->fates) return ki_fail_no_memory(state->err, "hauls");
    KI_TRY(ki_haul_play(&state->stage, best->items, best->n, out->fates, &best->tally, state->err));
    out->tally = best->tally;
    out->n_hauls = best->n;
    out->hauls = ki_arena_copy(&out->arena, best->items, (size_t)best->n, sizeof *best->items);
    return out->hauls ? KERB_OK : ki_fail_no_memory(state->err, "hauls");
}

static kerb_status try_program(solver *state, const ki_haul_grid *grid, int fees_by_load) {
    ki_haul_plan *out = state->out;
    ki_haul_list *best = &state->best;
    ki_haul_answer answer;
    KI_TRY(ki_haul_program(&answer, &state->stage, grid, best, fees_by_load, state->worker,
                           state->max_nodes, state->err));
    out->n_rows = answer.n_rows;
    out->n_columns = answer.n_columns;
    if (answer.bound > state->bound) state->bound = answer.bound;
    if (!fees_by_load) state->finished = answer.finished;
    if (!out->by_program) out->shortfall = answer.shortfall;
    out->by_program |= !answer.shortfall;
    if (!answer.shortfall &&
        !ki_haul_is_better(&best->tally, best->n, &answer.list.tally, answer.list.n)) {
        ki_haul_list swap = *best;
        *best = answer.list;
        answer.list = swap;
    }
    ki_haul_list_free(&answer.list);
    return KERB_OK;
}

/* Hauls that keep what the greedy ones did not are only proved from there. Fees by what is loaded
 * prove; where they leave a gap, fees by loads may find better hauls. */
static kerb_status improve(solver *state, const ki_haul_grid *grid) {
    int was_over = state->best.tally.over_g > 0;
    KI_TRY(try_program(state, grid, 0));
    if (was_over && state->best.tally.over_g == 0) KI_TRY(try_program(state, grid, 0));
    double cost = (double)state->best.tally.weighed_nano * 1e-9;
    if (!state->out->by_program || cost <= state->bound + slack(cost)) return KERB_OK;
    return try_program(state, grid, 1);
}

/* A problem with buffers and closing stocks as high as the best hauls leave the piles. */
static kerb_status raise_limits(solver *state, ki_haul_problem *raised) {
    const ki_haul_problem *problem = state->stage.problem;
    size_t n = (size_t)problem->n_piles;
    ki_haul_fate *fates = ki_arena_alloc(state->stage.arena, n, sizeof *fates);
    ki_haul_pile *piles = ki_arena_copy(state->stage.arena, problem->piles, n, sizeof *piles);
    if (!fates || !piles) return ki_fail_no_memory(state->err, "hauls");
    ki_haul_list *best = &state->best;
    KI_TRY(ki_haul_play(&state->stage, best->items, best->n, fates, &best->tally, state->err));
    for (int32_t pile = 0; pile < problem->n_piles; pile++) {
        if (fates[pile].peak_g > piles[pile].most_g) piles[pile].most_g = fates[pile].peak_g;
        if (fates[pile].end_g > piles[pile].closing_g) piles[pile].closing_g = fates[pile].end_g;
    }
    *raised = *problem;
    raised->piles = piles;
    return KERB_OK;
}

/* What cannot be kept has a price that proves little. But of all hauls that leave no pile higher
 * than the best ones do, none costs less than the bound with limits raised so far. */
static kerb_status improve_raised(solver *state, const ki_haul_grid *grid) {
    const ki_haul_problem *problem = state->stage.problem;
    ki_haul_list *best = &state->best;
    ki_haul_problem raised;
    KI_TRY(raise_limits(state, &raised));
    state->stage.problem = &raised;
    kerb_status status =
        ki_haul_play(&state->stage, best->items, best->n, NULL, &best->tally, state->err);
    if (status == KERB_OK) status = try_program(state, grid, 0);
    state->stage.problem = problem;
    if (status != KERB_OK) return status;
    return ki_haul_play(&state->stage, best->items, best->n, NULL, &best->tally, state->err);
}

static kerb_status improve_on_grid(solver *state) {
    ki_haul_grid grid;
    ki_haul_plan *out = state->out;
    kerb_status status =
        ki_haul_grid_new(&grid, state->stage.problem, out->slot_ms, state->stage.arena, state->err);
    if (status == KERB_OK && grid.n_arcs > 0)
        status = improve(state, &grid);
    else
        out->shortfall = "no haul is possible in the hours of the trucks";
    if (status == KERB_OK && out->by_program && state->best.tally.over_g > 0)
        status = improve_raised(state, &grid);
    ki_haul_grid_free(&grid);
    return status;
}

/* ---- given hauls ----------------------------------------------------------------------------- */

static int has_haul(const ki_haul *hauls, int32_t n, const ki_haul *haul) {
    for (int32_t at = 0; at < n; at++)
        if (ki_haul_same_truck(&hauls[at], haul) && hauls[at].pile == haul->pile &&
            hauls[at].plant == haul->plant && hauls[at].load_ms == haul->load_ms &&
            hauls[at].unload_ms == haul->unload_ms)
            return 1;
    return 0;
}

static int32_t count_missing(const ki_haul *from, int32_t n_from, const ki_haul_list *list) {
    int32_t n = 0;
    for (int32_t at = 0; at < n_from; at++)
        n += !has_haul(list->items, list->n, &from[at]);
    return n;
}

static int is_whole(const solver *state) {
    const ki_haul_problem *problem = state->stage.problem;
    return state->kept.n == problem->n_given &&
           count_missing(problem->given, problem->n_given, &state->kept) == 0;
}

static kerb_status copy_list(ki_haul_list *to, const ki_haul_list *from, kerb_error *err) {
    to->n = 0;
    for (int32_t at = 0; at < from->n; at++)
        KI_TRY(ki_haul_add(to, &from->items[at], err));
    to->tally = from->tally;
    return KERB_OK;
}

/* The slots of hauls: those of the grid, or, where they were planned on another, the shortest. */
static int32_t slot_of(const ki_haul *hauls, int32_t n, int32_t slot_ms) {
    for (int32_t at = 0; at < n; at++)
        if (hauls[at].load_ms % slot_ms || hauls[at].unload_ms % slot_ms) return GREEDY_SLOT_MS;
    return slot_ms;
}

static kerb_status keep_given(solver *state) {
    const ki_haul_problem *problem = state->stage.problem;
    int32_t slot_ms = slot_of(problem->given, problem->n_given, state->out->slot_ms);
    KI_TRY(ki_haul_greedy(&state->kept, &state->stage, slot_ms, problem->given, problem->n_given,
                          state->err));
    if (!is_whole(state)) KI_TRY(ki_haul_prune(&state->kept, &state->stage, state->err));
    if (problem->is_quick ||
        ki_haul_is_better(&state->kept.tally, state->kept.n, &state->best.tally, state->best.n))
        return copy_list(&state->best, &state->kept, state->err);
    return KERB_OK;
}

/* Crews are left alone unless it saves enough. */
static kerb_status return_to_given(solver *state) {
    const ki_haul_problem *problem = state->stage.problem;
    const ki_haul_tally *best = &state->best.tally, *kept = &state->kept.tally;
    int64_t price_nano =
        count_missing(state->kept.items, state->kept.n, &state->best) * problem->change_nano;
    int stays = problem->stays && is_whole(state);
    if (!stays &&
        (best->over_g != kept->over_g || kept->weighed_nano - best->weighed_nano > price_nano))
        return KERB_OK;
    if (kept->over_g > 0) state->bound = -INFINITY; /* proved of piles as high as others leave */
    return copy_list(&state->best, &state->kept, state->err);
}

/* ---- all together ---------------------------------------------------------------------------- */

static kerb_status solve(solver *state) {
    ki_haul_plan *out = state->out;
    const ki_haul_problem *problem = state->stage.problem;
    int32_t slot_ms = ki_haul_grid_slot_ms(problem);
    out->slot_ms = slot_ms ? slot_ms : problem->slot_ms > 0 ? problem->slot_ms : GREEDY_SLOT_MS;
    if (!problem->is_quick || problem->n_given == 0) {
        KI_TRY(ki_haul_greedy(&state->best, &state->stage, out->slot_ms, NULL, 0, state->err));
        KI_TRY(ki_haul_prune(&state->best, &state->stage, state->err));
    }
    if (problem->n_given) KI_TRY(keep_given(state));
    if (problem->is_quick)
        out->shortfall = "a first answer";
    else if (slot_ms)
        KI_TRY(improve_on_grid(state));
    else
        out->shortfall = "too many trucks, piles and plants for an integer program";
    if (problem->n_given) KI_TRY(return_to_given(state));
    out->slot_ms = slot_of(state->best.items, state->best.n, out->slot_ms);
    KI_TRY(keep(state));
    take_bound(state);
    return KERB_OK;
}

kerb_status ki_haul_solve(ki_haul_plan *out, const ki_haul_problem *problem, ki_worker *worker,
                          int32_t max_nodes, kerb_error *err) {
    ki_arena scratch = {0};
    solver state = {
        .out = out, .bound = -INFINITY, .worker = worker, .max_nodes = max_nodes, .err = err};
    *out = (ki_haul_plan){0};
    kerb_status status = ki_haul_stage_new(&state.stage, problem, &scratch, err);
    if (status == KERB_OK) status = solve(&state);
    ki_haul_list_free(&state.best);
    ki_haul_list_free(&state.kept);
    ki_haul_stage_free(&state.stage);
    ki_arena_free(&scratch);
    if (status != KERB_OK) ki_haul_plan_free(out);
    return status;
}

void ki_haul_plan_free(ki_haul_plan *plan) {
    ki_arena_free(&plan->arena);
    *plan = (ki_haul_plan){0};
}
