/* SPDX-License-Identifier: GPL-3.0-or-later
 * solve.c - one page: sealed model -> engine (search <-> master) -> bound -> plan -> check. The
 * clock is read between epochs only, and the count reached is on the plan: repeating with it gives
 * the same routes (engine.c). */
#include "solve.h"

#include "base/clock.h"
#include "base/error.h"
#include "engine.h"
#include "haul/night.h"
#include "master/bound.h"
#include "plan/check.h"
#include "reconcile.h"
#include "route/home.h"
#include "route/yard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST_TIME_S = 0.01;

enum {
    FINAL_NODES = 400,     /* branch-and-bound nodes per problem of the final choice */
    BOUND_MOST = 100,      /* after a long search columns are worth their time, too */
    LONG_SEARCH = 500000,  /* iterations */
    MOST_PROVED = 60,      /* tasks of a model whose plan may be proved to be optimal at once */
    LEAD = 4096,           /* iterations of the short search before */
    LEAD_TRIES = 10000000, /* steps of labels of the proof after it: seconds at most */
    BOUND_EFFORT = 60,     /* pricing passes; most bounds end by themselves earlier */
    BOUND_LEAST = 8,       /* a short search is not followed by a long proof */
    PROVED_PART = 1000000  /* the part of the cost that a proof may leave open */
};

typedef struct solve_state {
    const kerb_model *model;
    const kerb_options *options;
    const ki_solution *from; /* to search from, or NULL */
    int without_bound;
    int may_reconcile; /* what is kept stays as it was told */
    ki_engine engine;
    ki_bound proof; /* after the lead; relaxation NULL: none */
    double lead_s;  /* that its search took; its proof comes on top */
    int stopped;
} solve_state;

static void log_line(const solve_state *state, const char *line) {
    if (state->options->log) state->options->log(line, state->options->payload);
}

static void log_of_engine(const char *line, void *payload) {
    log_line(payload, line);
}

static void tell(solve_state *state, const char *phase, double bound) {
    kerb_progress progress = {.iteration = state->engine.iterations,
                              .cost = (double)state->engine.best.cost_nano * 1e-9,
                              .bound = bound,
                              .elapsed_s = ki_clock_wall_s() - state->engine.started_s,
                              .phase = phase};
    if (state->options->progress && state->options->progress(&progress, state->options->payload))
        state->stopped = 1;
}

static int tell_of_engine(void *payload) {
    solve_state *state = payload;
    tell(state, "search", NAN);
    return state->stopped;
}

static int bound_stops(void *payload) {
    solve_state *state = payload;
    if (!state->stopped) tell(state, "bound", NAN);
    return state->stopped;
}

/* By the count of iterations, never by time, so that repeating with the count repeats the bound. */
static int32_t bound_effort(const solve_state *state) {
    int64_t effort = state->engine.iterations / 5;
    if (effort < BOUND_LEAST) return BOUND_LEAST;
    if (state->engine.iterations >= LONG_SEARCH) return BOUND_MOST;
    return effort > BOUND_EFFORT ? BOUND_EFFORT : (int32_t)effort;
}

static ki_bound without_proof(const solve_state *state, const char *why) {
    return (ki_bound){.bound_nano = ki_bound_without_proof(state->model->sealed),
                      .relaxation = "none",
                      .scope = why};
}

/* 0 if there is none to rely on. */
static int compute_bound(solve_state *state, ki_bound *bound, int32_t effort, int64_t tries,
                         int64_t cost_nano) {
    const ki_model *model = state->model->sealed;
    kerb_error fault = {0};
    ki_bound_limit limit = {.effort = effort,
                            .tries = tries,
                            .stop = bound_stops,
                            .payload = state,
                            .pool = state->engine.pool,
                            .near = &state->engine.best};
    kerb_status status = ki_bound_compute_until(bound, model, state->engine.worker, &limit, &fault);
    if (status != KERB_OK) log_line(state, fault.message);
    return status == KERB_OK && bound->bound_nano + ki_homes_earn(model) <= cost_nano;
}

/* To one in a million: the bound's integers are rounded down. */
static int is_proved(int64_t bound_nano, int64_t cost_nano) {
    return cost_nano - bound_nano <= llabs(cost_nano) / PROVED_PART;
}

/* By the bound that is known already. The ways home are in neither. */
static int proved_of_engine(void *payload) {
    const solve_state *state = payload;
    return state->proof.relaxation && !state->stopped &&
           is_proved(state->proof.bound_nano + ki_homes_earn(state->model->sealed),
                     state->engine.best.cost_nano);
}

static kerb_status start(solve_state *state, int64_t iterations, const ki_solution *from,
                         kerb_error *err) {
    const kerb_options *options = state->options;
    double time_s = options->time_s > 0 ? options->time_s : 30;
    ki_engine_limits limits = {.seed = options->seed,
                               .threads = options->threads,
                               .iterations = iterations,
                               .time_s = fmax(time_s - state->lead_s, LEAST_TIME_S),
                               .clock_s = ki_clock_wall_s,
                               .final_nodes = FINAL_NODES,
                               .from = from,
                               .tell = tell_of_engine,
                               .proved = proved_of_engine,
                               .log = log_of_engine,
                               .payload = state};
    return ki_engine_start(&state->engine, state->model->sealed, &limits, err);
}

static kerb_status search(solve_state *state, int64_t iterations, const ki_solution *from,
                          kerb_error *err) {
    KI_TRY(start(state, iterations, from, err));
    kerb_status status = ki_engine_run(&state->engine, err);
    if (status != KERB_OK) ki_engine_end(&state->engine);
    return status;
}

/* ---- small districts ------------------------------------------------------------------------- */

/* Whether a short search comes first, whose solution may be proved to be optimal at once. It is
 * part of every run of at least as many iterations, so that the count says all. */
static int is_led(const solve_state *state) {
    int32_t n_tasks = state->model->sealed->n_tasks;
    int64_t iterations = state->options->iterations;
    return n_tasks > 0 && n_tasks <= MOST_PROVED && !state->from && !state->without_bound &&
           (iterations == 0 || iterations >= LEAD);
}

/* The rest of the search, from what the lead has found. */
static kerb_status follow(solve_state *state, kerb_error *err) {
    int64_t iterations = state->options->iterations;
    ki_solution found = state->engine.best;
    state->engine.best = (ki_solution){0};
    ki_engine_end(&state->engine);
    kerb_status status = search(state, iterations ? iterations - LEAD : 0, &found, err);
    state->engine.iterations += LEAD;
    ki_solution_free(&found);
    return status;
}

static kerb_status search_small(solve_state *state, kerb_error *err) {
    double began_s = ki_clock_wall_s();
    KI_TRY(search(state, LEAD, NULL, err));
    state->lead_s = ki_clock_wall_s() - began_s;
    if (!compute_bound(state, &state->proof, BOUND_MOST, LEAD_TRIES, state->engine.best.cost_nano))
        state->proof = (ki_bound){0};
    state->engine.proved = proved_of_engine(state);
    int ends = state->engine.proved || state->stopped || state->options->iterations == LEAD;
    return ends ? KERB_OK : follow(state, err);
}

static ki_bound find_bound(solve_state *state) {
    ki_bound bound;
    if (state->without_bound)
        bound = without_proof(state, "a first answer: not computed");
    else if (state->engine.proved)
        bound = state->proof;
    else if (!compute_bound(state, &bound, bound_effort(state), 0, state->engine.best.cost_nano))
        bound = without_proof(state, "no bound could be computed");
    if (state->proof.relaxation && state->proof.bound_nano > bound.bound_nano) bound = state->proof;
    bound.bound_nano += ki_homes_earn(state->model->sealed);
    return bound;
}

static void set_bound(const solve_state *state, const ki_bound *bound, kerb_plan *plan) {
    plan->bound_nano = bound->bound_nano;
    plan->relaxation = bound->relaxation;
    plan->scope = bound->scope;
    plan->bound_columns = bound->n_columns;
    plan->bound_passes = bound->n_passes;
    plan->proved_optimal = !state->without_bound && is_proved(bound->bound_nano, plan->cost_nano);
}

/* What a person should look at in the morning: alarms, bad rows, places cut off, musts left out,
 * stations too full. */
static int needs_attention(const kerb_model *model, const kerb_plan *plan) {
    for (size_t note = 0; note < model->draft.n_notes; note++) {
        const char *kind = model->draft.notes[note].kind;
        if (strcmp(kind, "quarantined") == 0 || strcmp(kind, "unreachable") == 0 ||
            strcmp(kind, "degraded") == 0 || strcmp(kind, "alarm") == 0)
            return 1;
    }
    for (int32_t at = 0; at < plan->n_piles; at++)
        if (plan->piles[at].reason[0]) return 1;
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (plan->decisions[at].choice == KI_MUST && !plan->decisions[at].served) return 1;
    return 0;
}

/* Alarms come first: they are what somebody must see. */
static kerb_status copy_notes_of(const ki_draft *draft, int alarms, kerb_plan *plan,
                                 kerb_error *err) {
    for (size_t note = 0; note < draft->n_notes; note++) {
        if ((strcmp(draft->notes[note].kind, "alarm") == 0) != alarms) continue;
        ki_note *copy = &plan->notes[plan->n_notes++];
        copy->kind = ki_arena_strdup(&plan->arena, draft->notes[note].kind);
        copy->text = ki_arena_strdup(&plan->arena, draft->notes[note].text);
        if (!copy->kind || !copy->text) return ki_fail_no_memory(err, "the plan's notes");
    }
    return KERB_OK;
}

static kerb_status copy_notes(const ki_draft *draft, kerb_plan *plan, kerb_error *err) {
    plan->notes = ki_arena_alloc(&plan->arena, draft->n_notes, sizeof *plan->notes);
    if (!plan->notes) return ki_fail_no_memory(err, "the plan's notes");
    KI_TRY(copy_notes_of(draft, 1, plan, err));
    return copy_notes_of(draft, 0, plan, err);
}

static void set_provenance(const solve_state *state, kerb_plan *plan) {
    plan->master = (ki_plan_master){
        .n_mips = state->engine.chosen.n_mips,
        .n_columns = state->engine.chosen.n_columns,
        .n_improved = state->engine.chosen.n_improved,
        .n_faults = state->engine.chosen.n_faults,
        .pool_size = state->engine.pool ? ki_route_pool_size(state->engine.pool) : 0,
        .gained_nano = state->engine.chosen.gained_nano,
        .proved = (uint8_t)(state->engine.chosen.proved != 0)};
    plan->stopped = (uint8_t)state->stopped;
    plan->degraded = (uint8_t)needs_attention(state->model, plan);
    plan->engine_version = KERB_VERSION;
    plan->seed = state->options->seed;
    plan->iterations = state->engine.iterations;
    plan->n_islands = state->engine.n_islands;
    plan->problem_hash = ki_arena_strdup(&plan->arena, state->model->hash);
}

static kerb_status judge(const solve_state *state, const kerb_plan *plan, kerb_error *err) {
    ki_text report = {0};
    size_t n_violations = 0;
    kerb_status status = ki_plan_check(plan, state->model, &n_violations, &report, err);
    if (status == KERB_OK && n_violations)
        status = ki_fail(err, KERB_INTERNAL,
                         "the plan made does not pass the check (%zu violations), so it is not "
                         "given out; the first: %.600s",
                         n_violations, report.bytes ? report.bytes : "");
    ki_text_free(&report);
    return status;
}

/* A fault of GLPK costs its result only; who keeps the log should know. */
static void log_hauls(const solve_state *state, const kerb_plan *plan) {
    if (!state->without_bound && strncmp(plan->hauls.method, "greedy", 6) == 0)
        log_line(state, plan->hauls.method);
}

/* The plan of a solution, hauls included. */
static kerb_status draw_up(kerb_plan **out, const solve_state *state, const ki_solution *solution,
                           const ki_bound *bound, kerb_error *err) {
    kerb_plan *plan;
    ki_solution all;
    KI_TRY(ki_solution_with_homes(&all, state->model->sealed, solution, err));
    kerb_status status = ki_plan_make(&plan, state->model, &all, err);
    ki_solution_free(&all);
    if (status != KERB_OK) return status;
    set_bound(state, bound, plan);
    status = ki_plan_hauls_add(plan, state->model, state->engine.worker, state->without_bound, err);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}

static int is_better(const kerb_plan *plan, const kerb_plan *than) {
    int64_t over_g = ki_reconcile_over_g(plan), than_g = ki_reconcile_over_g(than);
    return over_g != than_g ? over_g < than_g : plan->cost_nano < than->cost_nano;
}

/* Tips move away from piles that hauls cannot keep down, while that helps. */
static kerb_status reconcile(kerb_plan **plan, solve_state *state, const ki_bound *bound,
                             kerb_error *err) {
    ki_reconcile tried = {0};
    ki_solution moved;
    int found = 1;
    while (ki_reconcile_over_g(*plan) > 0 && !state->stopped) {
        kerb_plan *other = NULL;
        KI_TRY(ki_reconcile_move(&tried, state->model, *plan, &state->engine.best, &moved, &found,
                                 err));
        if (!found) break;
        kerb_status status = draw_up(&other, state, &moved, bound, err);
        if (status == KERB_OK && is_better(other, *plan)) {
            kerb_plan *worse = *plan;
            ki_solution old = state->engine.best;
            *plan = other;
            other = worse;
            state->engine.best = moved;
            moved = old;
        }
        kerb_plan_free(other);
        ki_solution_free(&moved);
        KI_TRY(status);
    }
    return KERB_OK;
}

static kerb_status finish_plan(solve_state *state, kerb_plan *plan, kerb_error *err) {
    set_provenance(state, plan);
    log_hauls(state, plan);
    KI_TRY(copy_notes(&state->model->draft, plan, err));
    KI_TRY(judge(state, plan, err));
    tell(state, "checked", (double)plan->bound_nano * 1e-9);
    return KERB_OK;
}

static kerb_status make_plan(kerb_plan **out, solve_state *state, kerb_error *err) {
    kerb_plan *plan;
    KI_TRY(ki_yard_tidy(state->model->sealed, &state->engine.best, err));
    ki_bound bound = find_bound(state);
    KI_TRY(draw_up(&plan, state, &state->engine.best, &bound, err));
    kerb_status status = KERB_OK;
    if (state->may_reconcile) status = reconcile(&plan, state, &bound, err);
    if (status == KERB_OK) status = finish_plan(state, plan, err);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}

kerb_status ki_solve(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                     kerb_error *err) {
    return ki_solve_from(out, model, options, NULL, err);
}

static const kerb_options defaults;

kerb_status ki_solve_given(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                           const ki_solution *given, int with_bound, kerb_error *err) {
    *out = NULL;
    solve_state state = {.model = model, .options = options ? options : &defaults};
    state.without_bound = !with_bound;
    state.engine.started_s = ki_clock_wall_s();
    kerb_status status = ki_worker_new(&state.engine.worker, err);
    if (status == KERB_OK) status = ki_solution_copy(&state.engine.best, given, err);
    if (status == KERB_OK) status = make_plan(out, &state, err);
    ki_engine_end(&state.engine);
    return status;
}

kerb_status ki_solve_from(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                          const ki_solution *from, kerb_error *err) {
    *out = NULL;
    solve_state state = {
        .model = model, .options = options ? options : &defaults, .from = from, .may_reconcile = 1};
    int64_t iterations = state.options->iterations;
    kerb_status status =
        is_led(&state) ? search_small(&state, err) : search(&state, iterations, from, err);
    if (status == KERB_OK) status = make_plan(out, &state, err);
    ki_engine_end(&state.engine);
    return status;
}
