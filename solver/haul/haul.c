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
    double bound; /* in the currency; -INFINITY: none */
    int finished;
    ki_worker *worker;
    int32_t max_nodes;
    kerb_error *err;
} solver;

static double slack(double amount) {
    return BOUND_SLACK * (1 + fabs(amount));
}

static void take_bound(solver *state) {
    ki_haul_plan *out = state->out;
    double bound = state->bound - slack(state->bound);
    if (!isfinite(state->bound) || out->tally.over_g > 0) return;
    out->has_bound = 1;
    out->bound_nano = bound > 0 ? (int64_t)floor(bound * 1e9) : 0;
    if (out->bound_nano > out->tally.weighed_nano) out->bound_nano = out->tally.weighed_nano;
    double gap = (double)(out->tally.weighed_nano - out->bound_nano) * 1e-9;
    out->proved = state->finished && gap <= 3 * slack(state->bound);
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

static kerb_status improve_on_grid(solver *state) {
    ki_haul_grid grid;
    ki_haul_plan *out = state->out;
    kerb_status status =
        ki_haul_grid_new(&grid, state->stage.problem, out->slot_ms, state->stage.arena, state->err);
    if (status == KERB_OK && grid.n_arcs > 0)
        status = improve(state, &grid);
    else
        out->shortfall = "no haul is possible in the hours of the trucks";
    ki_haul_grid_free(&grid);
    return status;
}

static kerb_status solve(solver *state) {
    ki_haul_plan *out = state->out;
    const ki_haul_problem *problem = state->stage.problem;
    int32_t slot_ms = ki_haul_grid_slot_ms(problem);
    out->slot_ms = slot_ms ? slot_ms : problem->slot_ms > 0 ? problem->slot_ms : GREEDY_SLOT_MS;
    KI_TRY(ki_haul_greedy(&state->best, &state->stage, out->slot_ms, state->err));
    KI_TRY(ki_haul_prune(&state->best, &state->stage, state->err));
    if (slot_ms)
        KI_TRY(improve_on_grid(state));
    else
        out->shortfall = "too many trucks, piles and plants for an integer program";
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
    ki_haul_stage_free(&state.stage);
    ki_arena_free(&scratch);
    if (status != KERB_OK) ki_haul_plan_free(out);
    return status;
}

void ki_haul_plan_free(ki_haul_plan *plan) {
    ki_arena_free(&plan->arena);
    *plan = (ki_haul_plan){0};
}
