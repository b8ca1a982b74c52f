/* SPDX-License-Identifier: GPL-3.0-or-later
 * lp_glpk.c - the only file that knows GLPK.
 *
 *   caller ── operation ──► worker's thread ── setjmp ── glp_* ──┐
 *                                   ▲                            │ abort inside GLPK
 *                                   └── longjmp, glp_free_env ◄──┘
 *
 * GLPK keeps one environment a thread. Deleting a problem from another thread aborts the process,
 * and so do misuse and lack of memory, unless the error hook jumps out: glp_free_env then gives
 * all of the thread's GLPK memory back. Programs remember the generation of the environment they
 * were made in, so that one made before a fault is never touched after it.
 * Silence takes the terminal hook as well as glp_term_out: errors switch the output on again.
 * Cover cuts stay off: their code has static state and two threads would race.
 * Limits are counts (pivots, nodes), never times, because GLPK's clock is the wall's. */
#include "master/lp.h"

#include "base/alloc.h"
#include "base/error.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct {
    _Atomic int64_t fail_in; /* operations until the provoked fault; 0: none */
    _Atomic int memory_mb;
} provoked = {0, 4096};

static _Thread_local struct environment {
    jmp_buf jump;
    int armed, n_live;
    uint64_t generation;
} environment;

struct ki_lp {
    ki_worker *worker;
    glp_prob *problem;
    uint64_t generation;
    const char *fault;
    int32_t n_rows, n_columns;
    int64_t work; /* pivots times rows */
    double objective, bound;
    double *values, *duals;
    size_t values_capacity, duals_capacity;
};

typedef struct ranked {
    double value;
    int column;
} ranked;

typedef struct operation {
    ki_lp *lp;
    void (*run)(struct operation *operation);
    int32_t n, limit;
    int integer;
    ki_lp_method method;
    const double *cost, *lower, *upper, *entries, *incumbent;
    const int32_t *start, *indices;
    ki_lp_outcome outcome;
    int injected;
    int *scratch_index; /* [most entries of a line + 1], from ki_alloc */
    double *scratch_value;
    int scratch_size;
    ranked *order; /* [n_columns] */
} operation;

void ki_lp_fail_at(int64_t nth) {
    atomic_store(&provoked.fail_in, nth);
}

void ki_lp_limit_memory_mb(int megabytes) {
    atomic_store(&provoked.memory_mb, megabytes);
}

static int swallow(void *info, const char *text) {
    (void)info;
    (void)text;
    return 1;
}

static void jump_out(void *info) {
    (void)info;
    if (environment.armed) longjmp(environment.jump, 1);
}

static void open_environment(void) {
    glp_init_env();
    glp_term_out(GLP_OFF);
    glp_term_hook(swallow, NULL);
    glp_error_hook(jump_out, NULL);
    glp_mem_limit(atomic_load(&provoked.memory_mb));
}

static void close_environment(void) {
    glp_free_env();
    environment.generation++;
    environment.n_live = 0;
}

static int is_alive(const ki_lp *lp) {
    return lp->problem && lp->generation == environment.generation;
}

static void provoke(const ki_lp *lp) {
    if (atomic_load(&provoked.fail_in) == 0) return;
    if (atomic_fetch_sub(&provoked.fail_in, 1) != 1) return;
    glp_set_obj_dir(lp->problem, 12345); /* not a direction: GLPK aborts inside */
}

/* Runs on the worker's thread. */
static void run_guarded(void *payload) {
    operation *op = payload;
    ki_lp *lp = op->lp;
    if (lp->problem && !is_alive(lp)) lp->fault = "another program of the same worker failed";
    if (lp->fault) return;
    if (setjmp(environment.jump)) {
        environment.armed = 0;
        close_environment();
        lp->fault = "GLPK failed inside";
        return;
    }
    environment.armed = 1;
    if (lp->problem) provoke(lp);
    op->run(op);
    environment.armed = 0;
}

static ki_lp_outcome perform(operation *op) {
    if (!op->lp->fault) ki_worker_call(op->lp->worker, run_guarded, op);
    ki_free(op->scratch_index);
    ki_free(op->scratch_value);
    ki_free(op->order);
    return op->lp->fault ? KI_LP_FAULT : op->outcome;
}

/* ---- making and freeing ---------------------------------------------------------------------- */

static void create(operation *op) {
    if (environment.n_live == 0) open_environment();
    op->lp->problem = glp_create_prob();
    glp_set_obj_dir(op->lp->problem, GLP_MIN);
    op->lp->generation = environment.generation;
    environment.n_live++;
}

kerb_status ki_lp_new(ki_lp **out, ki_worker *worker, kerb_error *err) {
    *out = NULL;
    ki_lp *lp = ki_alloc_zero(1, sizeof *lp);
    if (!lp) return ki_fail_no_memory(err, "a linear program");
    lp->worker = worker;
    operation op = {.lp = lp, .run = create};
    perform(&op);
    *out = lp; /* a fault shows at the first solve */
    return KERB_OK;
}

static void destroy(void *payload) {
    ki_lp *lp = payload;
    if (!is_alive(lp)) return;
    if (setjmp(environment.jump)) {
        environment.armed = 0;
        close_environment();
        return;
    }
    environment.armed = 1;
    glp_delete_prob(lp->problem);
    environment.armed = 0;
    if (--environment.n_live == 0) close_environment();
}

void ki_lp_free(ki_lp *lp) {
    if (!lp) return;
    ki_worker_call(lp->worker, destroy, lp);
    ki_free(lp->values);
    ki_free(lp->duals);
    ki_free(lp);
}

/* ---- rows and columns ------------------------------------------------------------------------ */

static int all_numbers(const double *numbers, int32_t n, int finite) {
    for (int32_t index = 0; numbers && index < n; index++)
        if (isnan(numbers[index]) || (finite && isinf(numbers[index]))) return 0;
    return 1;
}

/* GLPK takes NaN and answers "optimal": what is not a number stops here. */
static int are_sound(operation *op) {
    int32_t n_entries = op->start ? op->start[op->n] : 0;
    if (all_numbers(op->cost, op->n, 1) && all_numbers(op->lower, op->n, 0) &&
        all_numbers(op->upper, op->n, 0) && all_numbers(op->entries, n_entries, 1))
        return 1;
    op->lp->fault = "a coefficient is not a number";
    return 0;
}

static void take_scratch(operation *op) {
    int32_t most = 0;
    for (int32_t line = 0; op->start && line < op->n; line++)
        if (op->start[line + 1] - op->start[line] > most)
            most = op->start[line + 1] - op->start[line];
    op->scratch_index = ki_alloc_zero((size_t)most + 1, sizeof *op->scratch_index);
    op->scratch_value = ki_alloc_zero((size_t)most + 1, sizeof *op->scratch_value);
    if (!op->scratch_index || !op->scratch_value) op->lp->fault = "out of memory";
}

static int32_t load_line(operation *op, int32_t line) { /* 1-based, as GLPK wants it */
    if (!op->start) return 0;
    int32_t first = op->start[line], n = op->start[line + 1] - first;
    for (int32_t entry = 0; entry < n; entry++) {
        op->scratch_index[entry + 1] = op->indices[first + entry] + 1;
        op->scratch_value[entry + 1] = op->entries[first + entry];
    }
    return n;
}

static int bound_kind(double lower, double upper) {
    if (isinf(lower)) return isinf(upper) ? GLP_FR : GLP_UP;
    if (isinf(upper)) return GLP_LO;
    return lower < upper ? GLP_DB : GLP_FX;
}

static void add_rows(operation *op) {
    glp_prob *problem = op->lp->problem;
    int first = glp_add_rows(problem, op->n);
    for (int32_t row = 0; row < op->n; row++) {
        glp_set_row_bnds(problem, first + row, bound_kind(op->lower[row], op->upper[row]),
                         op->lower[row], op->upper[row]);
        int32_t n_entries = load_line(op, row);
        if (n_entries)
            glp_set_mat_row(problem, first + row, n_entries, op->scratch_index, op->scratch_value);
    }
    op->lp->n_rows += op->n;
}

static void set_row(operation *op) {
    glp_set_row_bnds(op->lp->problem, op->limit + 1, bound_kind(*op->lower, *op->upper), *op->lower,
                     *op->upper);
}

static void set_column(operation *op) {
    glp_set_col_bnds(op->lp->problem, op->limit + 1, bound_kind(*op->lower, *op->upper), *op->lower,
                     *op->upper);
}

static void add_columns(operation *op) {
    glp_prob *problem = op->lp->problem;
    int first = glp_add_cols(problem, op->n);
    for (int32_t column = 0; column < op->n; column++) {
        int place = first + column;
        glp_set_col_kind(problem, place, op->integer ? GLP_IV : GLP_CV);
        glp_set_col_bnds(problem, place, bound_kind(op->lower[column], op->upper[column]),
                         op->lower[column], op->upper[column]);
        glp_set_obj_coef(problem, place, op->cost[column]);
        int32_t n_entries = load_line(op, column);
        glp_set_mat_col(problem, place, n_entries, op->scratch_index, op->scratch_value);
    }
    op->lp->n_columns += op->n;
}

void ki_lp_add_rows(ki_lp *lp, int32_t n, const double *lower, const double *upper,
                    const int32_t *start, const int32_t *columns, const double *values) {
    operation op = {.lp = lp,
                    .run = add_rows,
                    .n = n,
                    .lower = lower,
                    .upper = upper,
                    .start = start,
                    .indices = columns,
                    .entries = values};
    if (n < 1 || lp->fault || !are_sound(&op)) return; /* adding nothing makes GLPK abort */
    take_scratch(&op);
    perform(&op);
}

void ki_lp_add_columns(ki_lp *lp, int32_t n, int integer, const double *cost, const double *lower,
                       const double *upper, const int32_t *start, const int32_t *rows,
                       const double *values) {
    operation op = {.lp = lp,
                    .run = add_columns,
                    .n = n,
                    .integer = integer,
                    .cost = cost,
                    .lower = lower,
                    .upper = upper,
                    .start = start,
                    .indices = rows,
                    .entries = values};
    if (n < 1 || lp->fault || !are_sound(&op)) return;
    take_scratch(&op);
    perform(&op);
}

void ki_lp_set_row(ki_lp *lp, int32_t row, double lower, double upper) {
    operation op = {.lp = lp, .run = set_row, .limit = row, .lower = &lower, .upper = &upper};
    if (row < 0 || row >= lp->n_rows || isnan(lower) || isnan(upper) || lp->fault) return;
    perform(&op);
}

void ki_lp_set_column(ki_lp *lp, int32_t column, double lower, double upper) {
    operation op = {.lp = lp, .run = set_column, .limit = column, .lower = &lower, .upper = &upper};
    if (column < 0 || column >= lp->n_columns || isnan(lower) || isnan(upper) || lp->fault) return;
    perform(&op);
}

int32_t ki_lp_row_count(const ki_lp *lp) {
    return lp->n_rows;
}

int64_t ki_lp_work(const ki_lp *lp) {
    return lp->work;
}

int32_t ki_lp_column_count(const ki_lp *lp) {
    return lp->n_columns;
}

/* ---- solving --------------------------------------------------------------------------------- */

static int take_results(ki_lp *lp) {
    if (ki_grow(&lp->values, &lp->values_capacity, (size_t)lp->n_columns + 1, sizeof(double)) ||
        ki_grow(&lp->duals, &lp->duals_capacity, (size_t)lp->n_rows + 1, sizeof(double))) {
        lp->fault = "out of memory";
        return 0;
    }
    memset(lp->values, 0, ((size_t)lp->n_columns + 1) * sizeof(double));
    memset(lp->duals, 0, ((size_t)lp->n_rows + 1) * sizeof(double));
    lp->objective = 0;
    lp->bound = -INFINITY;
    return 1;
}

static void check_results(ki_lp *lp) {
    if (isnan(lp->objective) || !all_numbers(lp->values, lp->n_columns, 1) ||
        !all_numbers(lp->duals, lp->n_rows, 1))
        lp->fault = "GLPK answered with what is not a number";
}

static void read_simplex(ki_lp *lp) {
    lp->objective = glp_get_obj_val(lp->problem);
    for (int32_t column = 0; column < lp->n_columns; column++)
        lp->values[column] = glp_get_col_prim(lp->problem, column + 1);
    for (int32_t row = 0; row < lp->n_rows; row++)
        lp->duals[row] = glp_get_row_dual(lp->problem, row + 1);
    check_results(lp);
}

static void fill_simplex(glp_smcp *control, ki_lp_method method, int32_t max_pivots) {
    glp_init_smcp(control);
    control->msg_lev = GLP_MSG_OFF;
    control->meth = method == KI_LP_DUAL ? GLP_DUALP : GLP_PRIMAL;
    control->pricing = GLP_PT_PSE;
    control->r_test = GLP_RT_HAR;
    control->it_lim = max_pivots;
    control->tm_lim = INT_MAX;
    control->presolve = GLP_OFF;
}

/* A basis that GLPK calls invalid or singular is replaced once by a fresh one. */
static int run_simplex(glp_prob *problem, const glp_smcp *control) {
    int answer = glp_simplex(problem, control);
    if (answer != GLP_EBADB && answer != GLP_ESING && answer != GLP_ECOND) return answer;
    glp_adv_basis(problem, 0);
    return glp_simplex(problem, control);
}

static ki_lp_outcome simplex_outcome(glp_prob *problem, int answer) {
    if (answer == GLP_EITLIM) return KI_LP_LIMIT;
    if (answer != 0) return KI_LP_FAULT;
    switch (glp_get_status(problem)) {
    case GLP_OPT: return KI_LP_OPTIMAL;
    case GLP_NOFEAS: return KI_LP_INFEASIBLE;
    case GLP_UNBND: return KI_LP_UNBOUNDED;
    default: return KI_LP_LIMIT;
    }
}

static void solve(operation *op) {
    glp_smcp control;
    fill_simplex(&control, op->method, op->limit);
    int before = glp_get_it_cnt(op->lp->problem);
    int answer = run_simplex(op->lp->problem, &control);
    op->lp->work += (int64_t)(glp_get_it_cnt(op->lp->problem) - before) * op->lp->n_rows;
    op->outcome = simplex_outcome(op->lp->problem, answer);
    if (op->outcome == KI_LP_FAULT)
        op->lp->fault = "the simplex method gave up";
    else
        read_simplex(op->lp);
}

ki_lp_outcome ki_lp_solve(ki_lp *lp, ki_lp_method method, int32_t max_pivots) {
    operation op = {.lp = lp, .run = solve, .method = method, .limit = max_pivots};
    if (lp->fault || !take_results(lp)) return KI_LP_FAULT;
    return perform(&op);
}

/* Entries of a column in our own rows: within branch and bound the problem carries cuts too. */
static int load_column(operation *op, int32_t column) {
    int n = glp_get_mat_col(op->lp->problem, column + 1, NULL, NULL), kept = 0;
    if (n >= op->scratch_size) return -1;
    glp_get_mat_col(op->lp->problem, column + 1, op->scratch_index, op->scratch_value);
    for (int entry = 1; entry <= n; entry++) {
        if (op->scratch_index[entry] > op->lp->n_rows) continue;
        op->scratch_index[++kept] = op->scratch_index[entry];
        op->scratch_value[kept] = op->scratch_value[entry];
    }
    return kept;
}

/* glp_ios_heur_sol looks at integrality alone and would call an infeasible vector optimal. */
static int satisfies_rows(operation *op, const double *answer) {
    ki_lp *lp = op->lp;
    double *activity = lp->duals; /* free while a MIP runs */
    memset(activity, 0, (size_t)lp->n_rows * sizeof *activity);
    for (int32_t column = 0; column < lp->n_columns; column++) {
        int n = load_column(op, column);
        if (n < 0) return 0;
        for (int entry = 1; entry <= n; entry++)
            activity[op->scratch_index[entry] - 1] += op->scratch_value[entry] * answer[column];
    }
    int sound = 1;
    for (int32_t row = 0; row < lp->n_rows; row++) {
        int kind = glp_get_row_type(lp->problem, row + 1);
        if (kind != GLP_FR && kind != GLP_UP &&
            activity[row] < glp_get_row_lb(lp->problem, row + 1) - 1e-6)
            sound = 0;
        if (kind != GLP_FR && kind != GLP_LO &&
            activity[row] > glp_get_row_ub(lp->problem, row + 1) + 1e-6)
            sound = 0;
    }
    return sound;
}

/* Only what satisfies the rows; GLPK itself keeps the best. */
static void offer(glp_tree *tree, operation *op, const double *answer) {
    if (!satisfies_rows(op, answer)) return;
    for (int32_t column = 0; column < op->lp->n_columns; column++)
        op->scratch_value[column + 1] = answer[column];
    glp_ios_heur_sol(tree, op->scratch_value);
}

static void inject(glp_tree *tree, operation *op) {
    op->injected = 1;
    offer(tree, op, op->incumbent);
}

/* Largest value first; those at 0 from the last column back, so that slacks, which partition.c
 * puts last, fill the rows that no route took. */
static int by_value(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->value > b->value || a->value < b->value) return a->value > b->value ? -1 : 1;
    if (a->value > 1e-9) return a->column < b->column ? -1 : 1;
    return a->column > b->column ? -1 : 1;
}

static int fits(glp_prob *problem, const int *rows, const double *values, int n,
                const double *activity) {
    for (int entry = 1; entry <= n; entry++) {
        int kind = glp_get_row_type(problem, rows[entry]);
        if (kind == GLP_FR || kind == GLP_LO) continue;
        if (activity[rows[entry] - 1] + values[entry] > glp_get_row_ub(problem, rows[entry]) + 1e-9)
            return 0;
    }
    return 1;
}

/* Takes columns greedily while the original rows allow; GLPK's own rounding finds nothing in
 * partitions, and without a first answer a node limit ends in vain. */
static void round_greedily(glp_tree *tree, operation *op) {
    ki_lp *lp = op->lp;
    glp_prob *relaxed = glp_ios_get_prob(tree);
    ranked *order = op->order;
    double *activity = lp->duals, *answer = lp->values;
    memset(activity, 0, (size_t)lp->n_rows * sizeof *activity);
    for (int column = 0; column < lp->n_columns; column++) {
        double value = glp_get_col_prim(relaxed, column + 1);
        order[column] = (ranked){value > 1e-9 ? value : 0, column};
        answer[column] = 0;
    }
    qsort(order, (size_t)lp->n_columns, sizeof *order, by_value);
    for (int place = 0; place < lp->n_columns; place++) {
        int column = order[place].column;
        int n = load_column(op, column);
        if (n < 0 || !fits(lp->problem, op->scratch_index, op->scratch_value, n, activity))
            continue;
        answer[column] = 1;
        for (int entry = 1; entry <= n; entry++)
            activity[op->scratch_index[entry] - 1] += op->scratch_value[entry];
    }
    offer(tree, op, answer);
}

static void steer(glp_tree *tree, void *info) {
    operation *op = info;
    if (glp_ios_reason(tree) == GLP_IHEUR) {
        if (op->incumbent && !op->injected) inject(tree, op);
        round_greedily(tree, op);
    }
    int n_total;
    glp_ios_tree_size(tree, NULL, NULL, &n_total);
    if (n_total <= op->limit) return;
    int best = glp_ios_best_node(tree);
    if (best && glp_ios_node_bound(tree, best) > op->lp->bound)
        op->lp->bound = glp_ios_node_bound(tree, best);
    glp_ios_terminate(tree);
}

static void fill_integer(glp_iocp *control, operation *op) {
    glp_init_iocp(control);
    control->msg_lev = GLP_MSG_OFF;
    control->tm_lim = INT_MAX;
    control->br_tech = GLP_BR_DTH;
    control->bt_tech = GLP_BT_BLB;
    control->clq_cuts = GLP_ON;
    control->cov_cuts = GLP_OFF;
    control->presolve = GLP_OFF;
    control->cb_func = steer;
    control->cb_info = op;
}

static void read_integer(operation *op) {
    ki_lp *lp = op->lp;
    int status = glp_mip_status(lp->problem);
    op->outcome = status == GLP_OPT    ? KI_LP_OPTIMAL
                  : status == GLP_FEAS ? KI_LP_LIMIT
                                       : KI_LP_INFEASIBLE;
    if (op->outcome == KI_LP_INFEASIBLE) return;
    lp->objective = glp_mip_obj_val(lp->problem);
    if (op->outcome == KI_LP_OPTIMAL) lp->bound = lp->objective;
    for (int32_t column = 0; column < lp->n_columns; column++)
        lp->values[column] = glp_mip_col_val(lp->problem, column + 1);
    check_results(lp);
}

static void solve_integer(operation *op) {
    glp_smcp simplex;
    glp_iocp integer;
    fill_simplex(&simplex, KI_LP_PRIMAL, INT_MAX);
    op->outcome = simplex_outcome(op->lp->problem, run_simplex(op->lp->problem, &simplex));
    if (op->outcome == KI_LP_FAULT) op->lp->fault = "the simplex method gave up";
    if (op->outcome != KI_LP_OPTIMAL) return;
    op->lp->bound = glp_get_obj_val(op->lp->problem);
    fill_integer(&integer, op);
    int answer = glp_intopt(op->lp->problem, &integer);
    if (answer != 0 && answer != GLP_ESTOP && answer != GLP_EMIPGAP)
        op->lp->fault = "branch and bound gave up";
    else
        read_integer(op);
}

ki_lp_outcome ki_lp_solve_integer(ki_lp *lp, const double *incumbent, int32_t max_nodes) {
    operation op = {.lp = lp, .run = solve_integer, .incumbent = incumbent, .limit = max_nodes};
    if (lp->fault || !take_results(lp)) return KI_LP_FAULT;
    size_t size = (size_t)lp->n_rows + (size_t)lp->n_columns + 2000; /* room for cuts */
    op.scratch_size = (int)size;
    op.scratch_index = ki_alloc_zero(size, sizeof *op.scratch_index);
    op.scratch_value = ki_alloc_zero(size, sizeof *op.scratch_value);
    op.order = ki_alloc_zero(size, sizeof *op.order);
    if (!op.scratch_index || !op.scratch_value || !op.order) lp->fault = "out of memory";
    if (incumbent && !all_numbers(incumbent, lp->n_columns, 1)) op.incumbent = NULL;
    return perform(&op);
}

double ki_lp_objective(const ki_lp *lp) {
    return lp->objective;
}

const double *ki_lp_values(const ki_lp *lp) {
    return lp->values;
}

const double *ki_lp_duals(const ki_lp *lp) {
    return lp->duals;
}

double ki_lp_bound(const ki_lp *lp) {
    return lp->bound;
}

const char *ki_lp_fault(const ki_lp *lp) {
    return lp->fault;
}
