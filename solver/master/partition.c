/* SPDX-License-Identifier: GPL-3.0-or-later
 * partition.c - the final choice of routes as set partitioning, solved by GLPK.
 *
 *              route 1  route 2 ...      left out
 *   task 1        1        .                1       = 1     left out costs the prize
 *   task 2        1        1                  1     = 1
 *   type A        1        1                       <= shifts of A
 *
 * Columns that share no task and no type fall into components, solved one by one. A small
 * component is one problem (and then the choice is proved optimal over the pool); GLPK's branch
 * and bound does not finish beyond about 100 rows by 2,000 columns, so a large one is improved by
 * neighbourhood problems: a few routes that the pool ties to each other are freed, and only routes
 * over their tasks and over tasks left out may come in. Columns that cannot be part of anything
 * better, by their reduced cost, are dropped first; problems are small before they are relaxed, as
 * the simplex method took 30 s for 955 rows and 5,500 columns. Tasks that occur in the same columns
 * share one row. What GLPK answers is decoded and priced in integers before it is believed. Set
 * partitioning over routes of a local search: Rochat and Taillard, J. Heuristics 1, 1995. */
#include "master/partition.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/sets.h"
#include "master/restricted.h"
#include "route/yard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_WHOLE_ROWS = 100,
    MAX_WHOLE_COLUMNS = 2000,
    MAX_FREED_ROUTES = 8,
    MAX_FREED_ROWS = 150,
    MAX_FREED_COLUMNS = 1500,
    MAX_LP_COLUMNS = 20000
};

/* ---- columns --------------------------------------------------------------------------------- */

static int add_column(ki_choice_work *work, const ki_route *route, int64_t cost_nano) {
    ki_choice_column *made = &work->columns[work->n_columns];
    int32_t *tasks = ki_choice_take(work, route->n_stops, sizeof *tasks);
    if (!tasks) return 0;
    *made = (ki_choice_column){.route = route, .tasks = tasks, .cost_nano = cost_nano};
    for (int32_t stop = 0; stop < route->n_stops; stop++)
        if (route->stops[stop].task >= 0) tasks[made->n_tasks++] = route->stops[stop].task;
    work->n_columns++;
    return 1;
}

static kerb_status gather_columns(ki_choice_work *work, const ki_route_pool *pool,
                                  const ki_solution *incumbent) {
    int32_t n_pool = pool ? ki_route_pool_size(pool) : 0;
    work->columns = ki_choice_take(work, incumbent->n_routes + n_pool, sizeof *work->columns);
    work->chosen = ki_choice_take(work, incumbent->n_routes + n_pool, 1);
    if (!work->columns || !work->chosen)
        return ki_fail_no_memory(work->err, "the choice of routes");
    for (int32_t route = 0; route < incumbent->n_routes; route++) {
        ki_route_value value;
        ki_route_evaluate(work->model, &incumbent->routes[route], &value, NULL);
        work->chosen[work->n_columns] = 1;
        if (!add_column(work, &incumbent->routes[route], value.cost_nano))
            return ki_fail_no_memory(work->err, "the choice of routes");
    }
    for (int32_t index = 0; index < n_pool; index++) {
        const ki_pool_route *entry = ki_route_pool_get(pool, index);
        if (!add_column(work, &entry->route, entry->cost_nano))
            return ki_fail_no_memory(work->err, "the choice of routes");
    }
    return KERB_OK;
}

/* The dearest number becomes 1,000: GLPK's tolerances are meant for such sizes. */
static void find_scale(ki_choice_work *work) {
    int64_t dearest = 1;
    for (int32_t index = 0; index < work->n_columns; index++)
        if (llabs(work->columns[index].cost_nano) > dearest)
            dearest = llabs(work->columns[index].cost_nano);
    work->scale = 1000.0 / (double)dearest;
}

/* ---- components ------------------------------------------------------------------------------ */

/* Nodes: types, then tasks. A column ties its type to its tasks. */
static kerb_status find_components(ki_choice_work *work) {
    int32_t n_types = work->model->n_types, n_nodes = n_types + work->model->n_tasks;
    int32_t *parent = ki_choice_take(work, n_nodes, sizeof *parent);
    int32_t *number = ki_choice_take(work, n_nodes, sizeof *number);
    if (!parent || !number) return ki_fail_no_memory(work->err, "the choice of routes");
    for (int32_t node = 0; node < n_nodes; node++)
        parent[node] = node;
    for (int32_t index = 0; index < work->n_columns; index++)
        for (int32_t place = 0; place < work->columns[index].n_tasks; place++)
            ki_unite(parent, ki_lead(work->model, work->columns[index].route->type),
                     n_types + work->columns[index].tasks[place]);
    for (int32_t node = 0; node < n_nodes; node++) {
        int32_t root = ki_root_of(parent, node);
        number[node] = root == node ? work->n_components++ : number[root];
    }
    work->type_component = number;
    work->task_component = number + n_types;
    for (int32_t index = 0; index < work->n_columns; index++)
        work->columns[index].component =
            number[ki_lead(work->model, work->columns[index].route->type)];
    return KERB_OK;
}

/* ---- neighbourhoods -------------------------------------------------------------------------- */

typedef struct link {
    int32_t column, strength;
} link;

static int by_strength(const void *left, const void *right) {
    const link *a = left, *b = right;
    if (a->strength != b->strength) return a->strength > b->strength ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

/* owner[task]: chosen column that serves it, or -1. */
static void find_owners(const ki_choice_work *work, int32_t *owner) {
    for (int32_t task = 0; task < work->model->n_tasks; task++)
        owner[task] = -1;
    for (int32_t index = 0; index < work->n_columns; index++)
        for (int32_t place = 0; work->chosen[index] && place < work->columns[index].n_tasks;
             place++)
            owner[work->columns[index].tasks[place]] = index;
}

static int touches(const ki_choice_column *part, const int32_t *owner, int32_t chosen) {
    for (int32_t place = 0; place < part->n_tasks; place++)
        if (owner[part->tasks[place]] == chosen) return 1;
    return 0;
}

/* strength[c]: pool columns that touch both the seed and the chosen column c. */
static void count_links(const ki_choice_work *work, const ki_restricted *whole,
                        const int32_t *owner, int32_t seed, int32_t *strength, int32_t *met) {
    for (int32_t index = 0; index < whole->n; index++) {
        const ki_choice_column *part = &work->columns[whole->columns[index]];
        if (!touches(part, owner, seed)) continue;
        for (int32_t place = 0; place < part->n_tasks; place++) {
            int32_t other = owner[part->tasks[place]];
            if (other < 0 || met[other] == index + 1) continue;
            met[other] = index + 1;
            strength[other]++;
        }
    }
    strength[seed] = INT32_MAX;
}

typedef struct ranking {
    double reduced;
    int32_t column;
} ranking;

static int by_reduced(const void *left, const void *right) {
    const ranking *a = left, *b = right;
    if (a->reduced < b->reduced || a->reduced > b->reduced) return a->reduced < b->reduced ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

static int by_index(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return a < b ? -1 : a > b;
}

/* The most promising columns, back in their own order. */
static kerb_status keep_best(ki_choice_work *work, ki_restricted *problem, int32_t limit) {
    ranking *ranked = ki_choice_take(work, problem->n, sizeof *ranked);
    if (!ranked) return ki_fail_no_memory(work->err, "a choice problem");
    if (problem->n <= limit) return KERB_OK;
    for (int32_t index = 0; index < problem->n; index++) {
        ranked[index].column = problem->columns[index];
        ranked[index].reduced = work->chosen[problem->columns[index]]
                                    ? -INFINITY
                                    : work->columns[problem->columns[index]].reduced;
    }
    qsort(ranked, (size_t)problem->n, sizeof *ranked, by_reduced);
    problem->n = limit;
    for (int32_t index = 0; index < limit; index++)
        problem->columns[index] = ranked[index].column;
    qsort(problem->columns, (size_t)limit, sizeof *problem->columns, by_index);
    return KERB_OK;
}

static int within(const ki_choice_column *part, const int32_t *owner, const unsigned char *freed) {
    for (int32_t place = 0; place < part->n_tasks; place++) {
        int32_t serving = owner[part->tasks[place]];
        if (serving >= 0 && !freed[serving]) return 0;
    }
    return 1;
}

static void fill_limits(const ki_choice_work *work, const unsigned char *freed, int32_t *limit) {
    for (int32_t type = 0; type < work->model->n_types; type++)
        limit[type] = work->model->types[type].n_shifts;
    for (int32_t index = 0; freed && index < work->n_columns; index++)
        if (work->chosen[index] && !freed[index])
            limit[ki_lead(work->model, work->columns[index].route->type)]--;
}

/* Frees the seed and the routes most tied to it, strongest first, while rows last. */
static kerb_status free_routes(ki_choice_work *work, const ki_restricted *whole,
                               const int32_t *owner, int32_t seed, unsigned char *freed) {
    int32_t *strength = ki_choice_take(work, work->n_columns, sizeof *strength);
    int32_t *met = ki_choice_take(work, work->n_columns, sizeof *met);
    link *links = ki_choice_take(work, work->n_columns, sizeof *links);
    if (!strength || !met || !links) return ki_fail_no_memory(work->err, "a choice problem");
    count_links(work, whole, owner, seed, strength, met);
    int32_t n_links = 0, n_tasks = 0;
    for (int32_t index = 0; index < work->n_columns; index++)
        if (strength[index]) links[n_links++] = (link){index, strength[index]};
    qsort(links, (size_t)n_links, sizeof *links, by_strength);
    for (int32_t place = 0; place < n_links && place < MAX_FREED_ROUTES; place++) {
        int32_t size = work->columns[links[place].column].n_tasks;
        if (place >= 2 && n_tasks + size > MAX_FREED_ROWS) continue;
        n_tasks += size;
        freed[links[place].column] = 1;
    }
    return KERB_OK;
}

/* Where there are many columns. */
static kerb_status drop_hopeless(ki_choice_work *work, ki_restricted *problem) {
    return problem->n > MAX_WHOLE_COLUMNS / 4 ? ki_restricted_relax(work, problem) : KERB_OK;
}

static kerb_status count_rows(ki_choice_work *work, ki_restricted *problem, int32_t *n_rows) {
    KI_TRY(ki_restricted_rows(work, problem));
    *n_rows = problem->n_rows;
    ki_restricted_forget_rows(problem);
    return KERB_OK;
}

typedef struct solved { /* sets of routes that were freed together */
    uint64_t *sets;
    int32_t n;
} solved;

/* With few routes each seed frees the same ones: 1 if these were freed before. */
static int is_solved(solved *before, const ki_choice_work *work, const unsigned char *freed) {
    uint64_t set = 0;
    for (int32_t index = 0; index < work->n_columns; index++)
        if (freed[index]) set = (set ^ (uint64_t)index) * 0x9e3779b97f4a7c15u + 1;
    for (int32_t other = 0; other < before->n; other++)
        if (before->sets[other] == set) return 1;
    before->sets[before->n++] = set;
    return 0;
}

static kerb_status improve_around(ki_choice_work *work, const ki_restricted *whole, int32_t seed,
                                  solved *before) {
    int32_t *owner = ki_choice_take(work, work->model->n_tasks, sizeof *owner);
    unsigned char *freed = ki_choice_take(work, work->n_columns, 1);
    ki_restricted part = {.columns = ki_choice_take(work, whole->n, sizeof *part.columns),
                          .type_limit =
                              ki_choice_take(work, work->model->n_types, sizeof *part.type_limit)};
    if (!owner || !freed || !part.columns || !part.type_limit)
        return ki_fail_no_memory(work->err, "a choice problem");
    find_owners(work, owner);
    KI_TRY(free_routes(work, whole, owner, seed, freed));
    if (is_solved(before, work, freed)) return KERB_OK;
    for (int32_t index = 0; index < whole->n; index++) {
        int32_t candidate = whole->columns[index];
        int allowed = work->chosen[candidate] ? freed[candidate]
                                              : within(&work->columns[candidate], owner, freed);
        if (allowed) part.columns[part.n++] = candidate;
    }
    fill_limits(work, freed, part.type_limit);
    KI_TRY(drop_hopeless(work, &part));
    KI_TRY(keep_best(work, &part, MAX_FREED_COLUMNS));
    ki_lp_outcome outcome;
    return ki_restricted_solve(work, &part, &outcome);
}

/* One round over the chosen routes; routes that come in are seeds no more. */
static kerb_status improve_by_neighbourhoods(ki_choice_work *work, const ki_restricted *whole) {
    int32_t *seeds = ki_choice_take(work, whole->n, sizeof *seeds);
    int32_t n_seeds = 0;
    solved before = {.sets = ki_choice_take(work, whole->n, sizeof *before.sets)};
    if (!seeds || !before.sets) return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t index = 0; index < whole->n; index++)
        if (work->chosen[whole->columns[index]]) seeds[n_seeds++] = whole->columns[index];
    kerb_status status = KERB_OK;
    ki_arena lasting = work->arena;
    work->arena = (ki_arena){0}; /* of one problem: nothing of it outlives the next */
    for (int32_t place = 0; place < n_seeds && status == KERB_OK; place++) {
        if (!work->chosen[seeds[place]]) continue;
        status = improve_around(work, whole, seeds[place], &before);
        ki_arena_clear(&work->arena);
    }
    ki_arena_free(&work->arena);
    work->arena = lasting;
    return status;
}

/* ---- a component, and all of them ------------------------------------------------------------ */

static kerb_status gather_component(ki_choice_work *work, int32_t component, ki_restricted *whole) {
    *whole =
        (ki_restricted){.columns = ki_choice_take(work, work->n_columns, sizeof *whole->columns),
                        .type_limit = ki_choice_take(work, work->model->n_types, sizeof(int32_t))};
    if (!whole->columns || !whole->type_limit)
        return ki_fail_no_memory(work->err, "a choice problem");
    for (int32_t index = 0; index < work->n_columns; index++)
        if (work->columns[index].component == component) whole->columns[whole->n++] = index;
    fill_limits(work, NULL, whole->type_limit);
    return keep_best(work, whole, MAX_LP_COLUMNS);
}

static kerb_status choose_component(ki_choice_work *work, int32_t component, int *proved) {
    ki_restricted whole;
    KI_TRY(gather_component(work, component, &whole));
    if (whole.n == 0) return KERB_OK;
    *proved = 0;
    int32_t n_rows;
    KI_TRY(count_rows(work, &whole, &n_rows));
    if (n_rows <= MAX_FREED_ROWS) {
        KI_TRY(drop_hopeless(work, &whole));
        KI_TRY(count_rows(work, &whole, &n_rows));
    }
    if (n_rows > MAX_WHOLE_ROWS || whole.n > MAX_WHOLE_COLUMNS)
        return improve_by_neighbourhoods(work, &whole);
    ki_lp_outcome outcome;
    int32_t n_faults = work->log->n_faults;
    KI_TRY(ki_restricted_solve(work, &whole, &outcome));
    *proved = outcome == KI_LP_OPTIMAL && work->log->n_faults == n_faults;
    return KERB_OK;
}

static kerb_status choose_all(ki_choice_work *work) {
    work->log->proved = 1;
    for (int32_t component = 0; component < work->n_components; component++) {
        int proved = 1;
        KI_TRY(choose_component(work, component, &proved));
        work->log->proved &= proved;
    }
    if (ki_model_is_shared(work->model)) work->log->proved = 0; /* holds are not columns */
    return KERB_OK;
}

static kerb_status run(ki_choice_work *work, ki_solution *out, const ki_route_pool *pool,
                       const ki_solution *incumbent) {
    int64_t before_nano, after_nano;
    KI_TRY(ki_solution_price(work->model, incumbent, &before_nano, work->err));
    KI_TRY(gather_columns(work, pool, incumbent));
    find_scale(work);
    KI_TRY(find_components(work));
    KI_TRY(choose_all(work));
    ki_solution made;
    int fits;
    KI_TRY(ki_choice_solution(work, &made, &fits));
    if (!fits) return ki_fail(work->err, KERB_INTERNAL, "the chosen routes do not fit together");
    KI_TRY(ki_solution_price(work->model, &made, &after_nano, work->err));
    KI_TRY(ki_solution_copy(out, after_nano <= before_nano ? &made : incumbent, work->err));
    out->cost_nano = after_nano <= before_nano ? after_nano : before_nano;
    return KERB_OK;
}

kerb_status ki_partition_choose(ki_solution *out, const ki_model *model, const ki_route_pool *pool,
                                const ki_solution *incumbent, ki_worker *worker, int32_t node_limit,
                                ki_choice_log *log, kerb_error *err) {
    ki_choice_log ignored;
    ki_choice_work work = {.model = model,
                           .worker = worker,
                           .log = log ? log : &ignored,
                           .err = err,
                           .node_limit = node_limit};
    *out = (ki_solution){0};
    *work.log = (ki_choice_log){0};
    kerb_status status = run(&work, out, pool, incumbent);
    ki_arena_free(&work.arena);
    return status;
}
