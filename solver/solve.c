/* SPDX-License-Identifier: GPL-3.0-or-later
 * solve.c - one page: sealed model -> search <-> master -> check -> plan.
 *
 *   epoch 1      epoch 2      epoch 3 ...      islands side by side, a fixed count of local
 *   [i0][i1]     [i0][i1][M]  [i0][i1]         searches each; every few epochs the master (M)
 *        └─pools──────►┘└─best──►              joins a batch with a snapshot of pools and best
 *
 * Everything is exchanged at fixed counts, never at times, so that threads and load change
 * nothing (design: same input, same bytes out). The clock is read between epochs only, and the
 * count reached is on the plan: repeating with it gives the same routes. */
#include "solve.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "master/bound.h"
#include "master/partition.h"
#include "plan/check.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

enum {
    MAX_ISLANDS = 16,
    EXCHANGE_EVERY = 8, /* epochs */
    MASTER_FIRST = 24,  /* epochs; then at 48, 96, 192 ... */
    MASTER_NODES = 50,  /* branch-and-bound nodes per problem beside the search */
    FINAL_NODES = 400,  /* and at the end */
    HASTY_NODES = 20,   /* at the end, when somebody waits for it */
    POOL_ROUTES = 20000,
    BOUND_EFFORT = 100, /* pricing passes; most bounds end by themselves earlier */
    BOUND_LEAST = 8     /* a short search is not followed by a long proof */
};

typedef struct solve_state {
    const kerb_model *model;
    const ki_model *sealed;
    const kerb_options *options;
    int n_islands;
    ki_island *islands[MAX_ISLANDS];
    kerb_error errors[MAX_ISLANDS + 1];
    int64_t shares[MAX_ISLANDS]; /* local searches of each island this epoch */
    ki_worker *worker;
    ki_route_pool *pool; /* merged: what the master chooses from */
    ki_solution best, master_found;
    int master_runs, stopped;
    ki_choice_log chosen;
    int64_t iterations;
    double started_s;
} solve_state;

static void log_line(const solve_state *state, const char *line) {
    if (state->options->log) state->options->log(line, state->options->payload);
}

/* About as much work an epoch whatever the size, by count and not by time. */
static int64_t epoch_share(const ki_model *model) {
    int64_t share = 40000 / (model->n_tasks + 20);
    return share < 20 ? 20 : share;
}

static void add_choice(ki_choice_log *total, const ki_choice_log *part) {
    total->n_mips += part->n_mips;
    total->n_columns += part->n_columns;
    total->n_improved += part->n_improved;
    total->n_faults += part->n_faults;
    total->gained_nano += part->gained_nano;
    total->proved = part->proved;
}

static void choose(solve_state *state, int32_t nodes, kerb_error *err) {
    ki_choice_log log = {0};
    ki_solution found = {0};
    err->status = ki_partition_choose(&found, state->sealed, state->pool, &state->best,
                                      state->worker, nodes, &log, err);
    add_choice(&state->chosen, &log);
    if (err->status == KERB_OK) state->master_found = found;
}

static void run_job(void *payload, int job) {
    solve_state *state = payload;
    kerb_error *err = &state->errors[job];
    if (job < state->n_islands)
        err->status = ki_island_run(state->islands[job], state->shares[job], err);
    else
        choose(state, MASTER_NODES, err);
}

static kerb_status take_if_better(solve_state *state, const ki_solution *solution,
                                  kerb_error *err) {
    if (state->best.routes && solution->cost_nano >= state->best.cost_nano) return KERB_OK;
    ki_solution copy;
    KI_TRY(ki_solution_copy(&copy, solution, err));
    ki_solution_free(&state->best);
    state->best = copy;
    return KERB_OK;
}

static kerb_status gather(solve_state *state, kerb_error *err) {
    for (int island = 0; island < state->n_islands; island++)
        KI_TRY(take_if_better(state, ki_island_best(state->islands[island]), err));
    return KERB_OK;
}

static kerb_status merge_pools(solve_state *state, kerb_error *err) {
    for (int island = 0; island < state->n_islands; island++)
        KI_TRY(ki_route_pool_merge(state->pool, ki_island_pool(state->islands[island]), err));
    return KERB_OK;
}

static kerb_status offer_best(solve_state *state, kerb_error *err) {
    for (int island = 0; island < state->n_islands; island++)
        KI_TRY(ki_island_offer(state->islands[island], &state->best, err));
    return KERB_OK;
}

/* A master problem that failed costs its own result only; an island that failed ends the solve. */
static kerb_status run_epoch(solve_state *state, int with_master, kerb_error *err) {
    if (with_master) {
        KI_TRY(merge_pools(state, err));
        state->master_runs++;
    }
    ki_pool_run(state->options->threads, state->n_islands + with_master, run_job, state);
    for (int island = 0; island < state->n_islands; island++) {
        if (state->errors[island].status == KERB_OK) continue;
        if (err) *err = state->errors[island];
        return state->errors[island].status;
    }
    KI_TRY(gather(state, err));
    if (!with_master) return KERB_OK;
    if (state->errors[state->n_islands].status != KERB_OK)
        log_line(state, state->errors[state->n_islands].message);
    kerb_status status = KERB_OK;
    if (state->master_found.routes) status = take_if_better(state, &state->master_found, err);
    ki_solution_free(&state->master_found);
    return status;
}

static void tell(solve_state *state, const char *phase, double bound) {
    kerb_progress progress = {.iteration = state->iterations,
                              .cost = (double)state->best.cost_nano * 1e-9,
                              .bound = bound,
                              .elapsed_s = ki_clock_wall_s() - state->started_s,
                              .phase = phase};
    if (state->options->progress && state->options->progress(&progress, state->options->payload))
        state->stopped = 1;
}

/* How many local searches the next epoch holds; 0: the limit is reached. */
static int64_t plan_epoch(solve_state *state) {
    int64_t share = epoch_share(state->sealed), total = 0;
    int64_t left =
        state->options->iterations > 0 ? state->options->iterations - state->iterations : INT64_MAX;
    for (int island = 0; island < state->n_islands; island++) {
        state->shares[island] = left - total < share ? left - total : share;
        total += state->shares[island];
    }
    return total;
}

static int out_of_time(const solve_state *state) {
    if (state->stopped) return 1;
    if (state->options->iterations > 0) return 0;
    double limit = state->options->time_s > 0 ? state->options->time_s : 30;
    return ki_clock_wall_s() - state->started_s >= limit;
}

/* GLPK's share of the work must not grow with the length of the run: each master run waits twice
 * as long as the one before. */
static int master_is_due(int64_t epoch) {
    int64_t runs = epoch / MASTER_FIRST;
    return epoch % MASTER_FIRST == 0 && (runs & (runs - 1)) == 0;
}

static kerb_status search(solve_state *state, kerb_error *err) {
    for (int64_t epoch = 1; state->sealed->n_tasks > 0; epoch++) {
        int64_t n = plan_epoch(state);
        if (n == 0) break;
        KI_TRY(run_epoch(state, master_is_due(epoch), err));
        state->iterations += n;
        if (epoch % EXCHANGE_EVERY == 0) KI_TRY(offer_best(state, err));
        tell(state, "search", NAN);
        if (out_of_time(state)) break;
    }
    return KERB_OK;
}

static kerb_status start(solve_state *state, kerb_error *err) {
    state->started_s = ki_clock_wall_s();
    state->n_islands = ki_search_islands(state->sealed);
    if (state->n_islands > MAX_ISLANDS) state->n_islands = MAX_ISLANDS;
    KI_TRY(ki_worker_new(&state->worker, err));
    KI_TRY(ki_route_pool_new(&state->pool, state->sealed, POOL_ROUTES, err));
    for (int island = 0; island < state->n_islands; island++)
        KI_TRY(ki_island_new(&state->islands[island], state->sealed, state->options->seed, island,
                             err));
    return gather(state, err);
}

/* The final choice is GLPK's: the decoded solution of its set-partitioning problem. */
static kerb_status finish(solve_state *state, kerb_error *err) {
    KI_TRY(merge_pools(state, err));
    kerb_error fault = {0};
    choose(state, state->stopped ? HASTY_NODES : FINAL_NODES, &fault);
    if (fault.status != KERB_OK) log_line(state, fault.message);
    kerb_status status = KERB_OK;
    if (state->master_found.routes) status = take_if_better(state, &state->master_found, err);
    ki_solution_free(&state->master_found);
    return status;
}

static int bound_stops(void *payload) {
    solve_state *state = payload;
    if (!state->stopped) tell(state, "bound", NAN);
    return state->stopped;
}

/* By the count of iterations, never by time, so that repeating with the count repeats the bound. */
static int32_t bound_effort(const solve_state *state) {
    int64_t effort = state->iterations / 5;
    if (effort < BOUND_LEAST) return BOUND_LEAST;
    return effort > BOUND_EFFORT ? BOUND_EFFORT : (int32_t)effort;
}

static void set_bound(solve_state *state, kerb_plan *plan) {
    ki_bound bound = {0};
    kerb_error fault = {0};
    ki_bound_limit limit = {bound_effort(state), bound_stops, state, state->pool};
    kerb_status status =
        ki_bound_compute_until(&bound, state->sealed, state->worker, &limit, &fault);
    if (status != KERB_OK) log_line(state, fault.message);
    if (status != KERB_OK || bound.bound_nano > plan->cost_nano)
        bound = (ki_bound){.relaxation = "none", .scope = "no bound could be computed"};
    plan->bound_nano = bound.bound_nano;
    plan->relaxation = bound.relaxation ? bound.relaxation : "none";
    plan->scope = bound.scope ? bound.scope : "";
    plan->bound_columns = bound.n_columns;
    plan->bound_passes = bound.n_passes;
    plan->proved_optimal = bound.bound_nano == plan->cost_nano;
}

/* What a person should look at in the morning: bad rows, places cut off, musts left out. */
static int needs_attention(const kerb_model *model, const kerb_plan *plan) {
    for (size_t note = 0; note < model->draft.n_notes; note++) {
        const char *kind = model->draft.notes[note].kind;
        if (strcmp(kind, "quarantined") == 0 || strcmp(kind, "unreachable") == 0 ||
            strcmp(kind, "degraded") == 0)
            return 1;
    }
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (plan->decisions[at].choice == KI_MUST && !plan->decisions[at].served) return 1;
    return 0;
}

static kerb_status copy_notes(const ki_draft *draft, kerb_plan *plan, kerb_error *err) {
    plan->notes = ki_arena_alloc(&plan->arena, draft->n_notes, sizeof *plan->notes);
    if (!plan->notes) return ki_fail_no_memory(err, "the plan's notes");
    for (size_t note = 0; note < draft->n_notes; note++) {
        ki_note *copy = &plan->notes[plan->n_notes++];
        copy->kind = ki_arena_strdup(&plan->arena, draft->notes[note].kind);
        copy->text = ki_arena_strdup(&plan->arena, draft->notes[note].text);
        if (!copy->kind || !copy->text) return ki_fail_no_memory(err, "the plan's notes");
    }
    return KERB_OK;
}

static void set_provenance(const solve_state *state, kerb_plan *plan) {
    plan->master = (ki_plan_master){.n_mips = state->chosen.n_mips,
                                    .n_columns = state->chosen.n_columns,
                                    .n_improved = state->chosen.n_improved,
                                    .n_faults = state->chosen.n_faults,
                                    .pool_size = ki_route_pool_size(state->pool),
                                    .gained_nano = state->chosen.gained_nano,
                                    .proved = (uint8_t)(state->chosen.proved != 0)};
    plan->stopped = (uint8_t)state->stopped;
    plan->degraded = (uint8_t)needs_attention(state->model, plan);
    plan->engine_version = KERB_VERSION;
    plan->seed = state->options->seed;
    plan->iterations = state->iterations;
    plan->n_islands = state->n_islands;
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

static kerb_status make_plan(kerb_plan **out, solve_state *state, kerb_error *err) {
    kerb_plan *plan;
    KI_TRY(ki_plan_make(&plan, state->model, &state->best, err));
    set_bound(state, plan);
    set_provenance(state, plan);
    kerb_status status = copy_notes(&state->model->draft, plan, err);
    if (status == KERB_OK) status = judge(state, plan, err);
    if (status == KERB_OK) tell(state, "checked", (double)plan->bound_nano * 1e-9);
    if (status == KERB_OK)
        *out = plan;
    else
        kerb_plan_free(plan);
    return status;
}

static void end(solve_state *state) {
    for (int island = 0; island < state->n_islands; island++)
        ki_island_free(state->islands[island]);
    ki_route_pool_free(state->pool);
    ki_worker_free(state->worker);
    ki_solution_free(&state->best);
    ki_solution_free(&state->master_found);
}

kerb_status ki_solve(kerb_plan **out, const kerb_model *model, const kerb_options *options,
                     kerb_error *err) {
    static const kerb_options defaults = {0};
    *out = NULL;
    solve_state *state = ki_alloc_zero(1, sizeof *state);
    if (!state) return ki_fail_no_memory(err, "the solver");
    state->model = model;
    state->sealed = model->sealed;
    state->options = options ? options : &defaults;
    kerb_status status = start(state, err);
    if (status == KERB_OK) status = search(state, err);
    if (status == KERB_OK) status = finish(state, err);
    if (status == KERB_OK) status = make_plan(out, state, err);
    end(state);
    ki_free(state);
    return status;
}
