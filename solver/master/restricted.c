/* SPDX-License-Identifier: GPL-3.0-or-later
 * restricted.c - builds one restricted set-partitioning problem, has GLPK solve it, and believes
 * the answer only after it was decoded and priced in integers. */
#include "master/restricted.h"

#include "base/arena.h"
#include "base/error.h"
#include "route/yard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PIVOTS = 5000 };
static const double TONNES = 1e-6; /* of g, in rows of facilities */

/* ---- one restricted problem ------------------------------------------------------------------ */

static uint64_t mix(uint64_t word) { /* splitmix64's finaliser */
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

typedef struct pattern {
    uint64_t hash;
    int32_t task;
} pattern;

static int by_pattern(const void *left, const void *right) {
    const pattern *a = left, *b = right;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->task < b->task ? -1 : a->task > b->task;
}

/* Tasks in exactly the same columns stand or fall together: one row, the sum of their prizes. */
kerb_status ki_restricted_rows(ki_choice_work *work, ki_restricted *problem) {
    int32_t n_tasks = work->model->n_tasks;
    pattern *patterns = ki_choice_take(work, n_tasks, sizeof *patterns);
    problem->row_of_task = ki_choice_take(work, n_tasks, sizeof *problem->row_of_task);
    problem->row_prize = ki_choice_take(work, n_tasks, sizeof *problem->row_prize);
    if (!patterns || !problem->row_of_task || !problem->row_prize)
        return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t task = 0; task < n_tasks; task++)
        patterns[task].task = task, problem->row_of_task[task] = -1;
    for (int32_t index = 0; index < problem->n; index++) {
        const ki_choice_column *part = &work->columns[problem->columns[index]];
        for (int32_t place = 0; place < part->n_tasks; place++)
            patterns[part->tasks[place]].hash +=
                mix((uint64_t)(index + 1) * 0x9e3779b97f4a7c15u) | 1;
    }
    qsort(patterns, (size_t)n_tasks, sizeof *patterns, by_pattern);
    for (int32_t place = 0; place < n_tasks; place++) {
        if (patterns[place].hash == 0) continue; /* in no ki_choice_column */
        if (place == 0 || patterns[place].hash != patterns[place - 1].hash) problem->n_rows++;
        problem->row_of_task[patterns[place].task] = problem->n_rows - 1;
        problem->row_prize[problem->n_rows - 1] +=
            ki_cost_left_out(work->model, patterns[place].task);
    }
    return KERB_OK;
}

static kerb_status make_type_rows(ki_choice_work *work, ki_restricted *problem) {
    problem->row_of_type = ki_choice_take(work, work->model->n_types, sizeof *problem->row_of_type);
    if (!problem->row_of_type) return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t type = 0; type < work->model->n_types; type++)
        problem->row_of_type[type] = -1;
    for (int32_t index = 0; index < problem->n; index++) {
        int32_t type = ki_lead(work->model, work->columns[problem->columns[index]].route->type);
        if (problem->row_of_type[type] < 0)
            problem->row_of_type[type] = problem->n_rows + problem->n_types++;
    }
    return KERB_OK;
}

/* Facilities that take no more than so much, with what routes outside the problem leave. */
static kerb_status make_cap_rows(ki_choice_work *work, ki_restricted *problem) {
    const ki_model *model = work->model;
    int32_t n = model->n_facilities, first = problem->n_rows + problem->n_types;
    problem->row_of_cap = ki_choice_take(work, n, sizeof *problem->row_of_cap);
    problem->cap_left_g = ki_choice_take(work, n, sizeof *problem->cap_left_g);
    problem->tipped_g = ki_choice_take(work, n, sizeof *problem->tipped_g);
    unsigned char *is_in = ki_choice_take(work, work->n_columns, 1);
    if (!problem->row_of_cap || !problem->cap_left_g || !problem->tipped_g || !is_in)
        return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t at = 0; at < n; at++) {
        int is_limited = model->facilities[at].room_g != INT64_MAX;
        problem->row_of_cap[at] = is_limited ? first + problem->n_caps++ : -1;
        problem->cap_left_g[at] = model->facilities[at].room_g;
    }
    for (int32_t index = 0; index < problem->n; index++)
        is_in[problem->columns[index]] = 1;
    for (int32_t index = 0; problem->n_caps && index < work->n_columns; index++) {
        if (!work->chosen[index] || is_in[index]) continue;
        ki_route_tipped(model, work->columns[index].route, problem->tipped_g);
        for (int32_t at = 0; at < n; at++)
            if (problem->row_of_cap[at] >= 0) problem->cap_left_g[at] -= problem->tipped_g[at];
    }
    return KERB_OK;
}

static kerb_status fill_rows(ki_choice_work *work, const ki_restricted *problem, ki_lp *lp) {
    int32_t n = problem->n_rows + problem->n_types + problem->n_caps;
    double *lower = ki_choice_take(work, n, sizeof *lower),
           *upper = ki_choice_take(work, n, sizeof *upper);
    if (!lower || !upper) return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t row = 0; row < problem->n_rows; row++)
        lower[row] = upper[row] = 1;
    for (int32_t type = 0; type < work->model->n_types; type++) {
        int32_t row = problem->row_of_type[type];
        if (row < 0) continue;
        lower[row] = -INFINITY;
        upper[row] = problem->type_limit[type];
    }
    for (int32_t at = 0; at < work->model->n_facilities; at++) {
        int32_t row = problem->row_of_cap[at];
        if (row < 0) continue;
        lower[row] = -INFINITY;
        upper[row] = (double)problem->cap_left_g[at] * TONNES;
    }
    ki_lp_add_rows(lp, n, lower, upper, NULL, NULL, NULL);
    return KERB_OK;
}

typedef struct matrix { /* by ki_choice_column */
    double *cost, *lower, *upper, *values;
    int32_t *start, *rows;
    int32_t n, n_entries;
} matrix;

static kerb_status matrix_new(ki_choice_work *work, const ki_restricted *problem, matrix *made) {
    int32_t n = problem->n + problem->n_rows, n_entries = n + problem->n * problem->n_caps;
    for (int32_t index = 0; index < problem->n; index++)
        n_entries += work->columns[problem->columns[index]].n_tasks;
    *made = (matrix){.cost = ki_choice_take(work, n, sizeof(double)),
                     .lower = ki_choice_take(work, n, sizeof(double)),
                     .upper = ki_choice_take(work, n, sizeof(double)),
                     .values = ki_choice_take(work, n_entries, sizeof(double)),
                     .start = ki_choice_take(work, n, sizeof(int32_t)),
                     .rows = ki_choice_take(work, n_entries, sizeof(int32_t))};
    if (!made->cost || !made->lower || !made->upper || !made->values || !made->start || !made->rows)
        return ki_fail_no_memory(work->err, "a choice problem");
    return KERB_OK;
}

static void put_entry(matrix *made, int32_t row, double value) {
    made->rows[made->n_entries] = row;
    made->values[made->n_entries++] = value;
}

static void end_column(matrix *made, double cost) {
    made->cost[made->n] = cost;
    made->upper[made->n] = 1;
    made->start[++made->n] = made->n_entries;
}

static int has_row(const matrix *made, int32_t row) {
    for (int32_t entry = made->start[made->n]; entry < made->n_entries; entry++)
        if (made->rows[entry] == row) return 1;
    return 0;
}

static void put_tipped(const ki_choice_work *work, const ki_restricted *problem,
                       const ki_route *route, matrix *made) {
    if (problem->n_caps == 0) return;
    ki_route_tipped(work->model, route, problem->tipped_g);
    for (int32_t at = 0; at < work->model->n_facilities; at++)
        if (problem->row_of_cap[at] >= 0 && problem->tipped_g[at] > 0)
            put_entry(made, problem->row_of_cap[at], (double)problem->tipped_g[at] * TONNES);
}

/* Routes first, then one slack for each row of tasks. */
static kerb_status fill_columns(ki_choice_work *work, const ki_restricted *problem, ki_lp *lp) {
    matrix made;
    KI_TRY(matrix_new(work, problem, &made));
    for (int32_t index = 0; index < problem->n; index++) {
        const ki_choice_column *part = &work->columns[problem->columns[index]];
        for (int32_t place = 0; place < part->n_tasks; place++) {
            int32_t row = problem->row_of_task[part->tasks[place]];
            if (!has_row(&made, row)) put_entry(&made, row, 1);
        }
        put_entry(&made, problem->row_of_type[ki_lead(work->model, part->route->type)], 1);
        put_tipped(work, problem, part->route, &made);
        end_column(&made, (double)part->cost_nano * work->scale);
    }
    for (int32_t row = 0; row < problem->n_rows; row++) {
        put_entry(&made, row, 1);
        end_column(&made, (double)problem->row_prize[row] * work->scale);
    }
    ki_lp_add_columns(lp, made.n, 1, made.cost, made.lower, made.upper, made.start, made.rows,
                      made.values);
    return KERB_OK;
}

static kerb_status build(ki_choice_work *work, ki_restricted *problem, ki_lp **lp) {
    KI_TRY(ki_restricted_rows(work, problem));
    KI_TRY(make_type_rows(work, problem));
    KI_TRY(make_cap_rows(work, problem));
    KI_TRY(ki_lp_new(lp, work->worker, work->err));
    kerb_status status = fill_rows(work, problem, *lp);
    if (status == KERB_OK) status = fill_columns(work, problem, *lp);
    if (status == KERB_OK) return KERB_OK;
    ki_lp_free(*lp);
    *lp = NULL;
    return status;
}

/* ---- solving and believing ------------------------------------------------------------------- */

static double *incumbent_vector(ki_choice_work *work, const ki_restricted *problem) {
    double *vector = ki_choice_take(work, problem->n + problem->n_rows, sizeof *vector);
    if (!vector) return NULL;
    for (int32_t row = 0; row < problem->n_rows; row++)
        vector[problem->n + row] = 1;
    for (int32_t index = 0; index < problem->n; index++) {
        if (!work->chosen[problem->columns[index]]) continue;
        const ki_choice_column *part = &work->columns[problem->columns[index]];
        vector[index] = 1;
        for (int32_t place = 0; place < part->n_tasks; place++)
            vector[problem->n + problem->row_of_task[part->tasks[place]]] = 0;
    }
    return vector;
}

/* Stops of its own, since holds are its own. */
static kerb_status settle(ki_choice_work *work, ki_solution *made, int *fits) {
    for (int32_t index = 0; index < made->n_routes; index++) {
        ki_route *route = &made->routes[index];
        route->stops =
            ki_arena_copy(&work->arena, route->stops, (size_t)route->n_stops, sizeof *route->stops);
        if (!route->stops) return ki_fail_no_memory(work->err, "the chosen routes");
    }
    return ki_yard_settle(work->model, made, fits, work->err);
}

kerb_status ki_choice_solution(ki_choice_work *work, ki_solution *made, int *fits) {
    *fits = 1;
    *made = (ki_solution){.routes = ki_choice_take(work, work->n_columns, sizeof(ki_route))};
    if (!made->routes) return ki_fail_no_memory(work->err, "the chosen routes");
    for (int32_t index = 0; index < work->n_columns; index++)
        if (work->chosen[index]) made->routes[made->n_routes++] = *work->columns[index].route;
    return ki_model_is_shared(work->model) ? settle(work, made, fits) : KERB_OK;
}

static kerb_status price_chosen(ki_choice_work *work, int64_t *cost_nano, int *sound) {
    ki_solution made;
    KI_TRY(ki_choice_solution(work, &made, sound));
    if (!*sound) return KERB_OK;
    kerb_status status = ki_solution_price(work->model, &made, cost_nano, NULL);
    if (status == KERB_NO_MEMORY) return ki_fail_no_memory(work->err, "the price of a choice");
    *sound = status == KERB_OK;
    return KERB_OK;
}

/* Takes GLPK's answer if, in integers, it is sound and cheaper than what there was. */
static kerb_status believe(ki_choice_work *work, const ki_restricted *problem,
                           const double *values) {
    unsigned char *before = ki_arena_copy(&work->arena, work->chosen, (size_t)work->n_columns, 1);
    int64_t old_nano, new_nano;
    int old_sound, new_sound;
    if (!before) return ki_fail_no_memory(work->err, "the chosen routes");
    KI_TRY(price_chosen(work, &old_nano, &old_sound));
    for (int32_t index = 0; index < problem->n; index++)
        work->chosen[problem->columns[index]] = values[index] > 0.5;
    KI_TRY(price_chosen(work, &new_nano, &new_sound));
    if (new_sound && new_nano < old_nano) {
        work->log->n_improved++;
        work->log->gained_nano += old_nano - new_nano;
        return KERB_OK;
    }
    /* What does not fit together at facilities is no fault: bays have no rows. */
    if (!new_sound && !ki_model_is_shared(work->model)) work->log->n_faults++;
    memcpy(work->chosen, before, (size_t)work->n_columns);
    return KERB_OK;
}

kerb_status ki_restricted_solve(ki_choice_work *work, ki_restricted *problem,
                                ki_lp_outcome *outcome) {
    ki_lp *lp;
    KI_TRY(build(work, problem, &lp));
    double *vector = incumbent_vector(work, problem);
    kerb_status status = KERB_OK;
    if (!vector) {
        status = ki_fail_no_memory(work->err, "a choice problem");
    } else {
        *outcome = ki_lp_solve_integer(lp, vector, work->node_limit);
        work->log->n_mips++;
        work->log->n_columns += problem->n;
        if (*outcome == KI_LP_FAULT)
            work->log->n_faults++;
        else if (*outcome == KI_LP_OPTIMAL || *outcome == KI_LP_LIMIT)
            status = believe(work, problem, ki_lp_values(lp));
    }
    ki_lp_free(lp);
    return status;
}

/* ---- the relaxation: reduced costs drop what cannot improve ---------------------------------- */

static double chosen_cost(const ki_choice_work *work, const ki_restricted *problem) {
    double cost = 0;
    for (int32_t row = 0; row < problem->n_rows; row++)
        cost += (double)problem->row_prize[row] * work->scale;
    for (int32_t index = 0; index < problem->n; index++) {
        const ki_choice_column *part = &work->columns[problem->columns[index]];
        if (!work->chosen[problem->columns[index]]) continue;
        cost += (double)part->cost_nano * work->scale;
        for (int32_t place = 0; place < part->n_tasks; place++)
            cost -= (double)ki_cost_left_out(work->model, part->tasks[place]) * work->scale;
    }
    return cost;
}

static double reduced_cost(const ki_choice_work *work, const ki_restricted *problem,
                           const ki_choice_column *part, const double *duals, int32_t *met,
                           int32_t stamp) {
    double reduced = (double)part->cost_nano * work->scale;
    reduced -= duals[problem->row_of_type[ki_lead(work->model, part->route->type)]];
    for (int32_t place = 0; place < part->n_tasks; place++) {
        int32_t row = problem->row_of_task[part->tasks[place]];
        if (met[row] != stamp) reduced -= duals[row];
        met[row] = stamp;
    }
    if (problem->n_caps == 0) return reduced;
    ki_route_tipped(work->model, part->route, problem->tipped_g);
    for (int32_t at = 0; at < work->model->n_facilities; at++)
        if (problem->row_of_cap[at] >= 0)
            reduced -= duals[problem->row_of_cap[at]] * (double)problem->tipped_g[at] * TONNES;
    return reduced;
}

/* Leaves in the problem only the columns that may be part of something cheaper. */
static kerb_status filter(ki_choice_work *work, ki_restricted *problem, const double *duals,
                          double gap) {
    int32_t *met = ki_choice_take(work, problem->n_rows, sizeof *met);
    if (!met) return ki_fail_no_memory(work->err, "a choice problem");
    int32_t kept = 0;
    for (int32_t index = 0; index < problem->n; index++) {
        ki_choice_column *part = &work->columns[problem->columns[index]];
        part->reduced = reduced_cost(work, problem, part, duals, met, index + 1);
        if (work->chosen[problem->columns[index]] || part->reduced <= gap)
            problem->columns[kept++] = problem->columns[index];
    }
    problem->n = kept;
    return KERB_OK;
}

void ki_restricted_forget_rows(ki_restricted *problem) {
    problem->n_rows = problem->n_types = problem->n_caps = 0;
}

kerb_status ki_restricted_relax(ki_choice_work *work, ki_restricted *problem) {
    ki_lp *lp;
    KI_TRY(build(work, problem, &lp));
    kerb_status status = KERB_OK;
    ki_lp_outcome outcome = ki_lp_solve(lp, KI_LP_PRIMAL, MAX_PIVOTS);
    if (outcome == KI_LP_FAULT) work->log->n_faults++;
    if (outcome == KI_LP_OPTIMAL) {
        double gap = chosen_cost(work, problem) - ki_lp_objective(lp);
        status = filter(work, problem, ki_lp_duals(lp), gap + 1e-6 * (1 + fabs(gap)));
    }
    /* Duals that prove nothing still say which columns are worth more. */
    if (outcome == KI_LP_LIMIT) status = filter(work, problem, ki_lp_duals(lp), INFINITY);
    ki_lp_free(lp);
    ki_restricted_forget_rows(problem);
    return status;
}
