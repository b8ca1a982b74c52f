/* SPDX-License-Identifier: GPL-3.0-or-later
 * point_cuts.c - parity and capacity cuts around sets of places.
 *
 *   arcs across S + crossing tasks left out >= 1             an odd number of tasks crosses S
 *   arcs across S + ends inside of tasks left out
 *              >= 2 ceil(load of tasks with an end in S) - crossing tasks     S without depot, tip
 *
 * A vehicle that starts and ends on the same side crosses S an even number of times, by arcs and
 * by tasks. All places where vehicles start and end are therefore one vertex, and so are places
 * that a task's modes would tell apart: each task then crosses S or does not, however it is
 * served. The least odd cut is one of the cuts of a Gomory-Hu tree between the vertices with an
 * odd number of task ends. Padberg and Rao, "Odd minimum cut-sets and b-matchings", Mathematics
 * of Operations Research 7(1), 1982; Belenguer and Benavent, "A cutting plane algorithm for the
 * capacitated arc routing problem", Computers & Operations Research 30(5), 2003. */
#include "master/point_cuts.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/sets.h"

#include <string.h>

enum { MAX_NEW = 60, MAX_VERTICES = 900 };

typedef struct edge {
    int32_t ends[2];
    double value;
} edge;

typedef struct map { /* vertices: places joined */
    const ki_flow *flow;
    const ki_flow_point *point;
    ki_arena memory;
    int32_t *join;                /* [n_points] union-find */
    int32_t *vertex;              /* [n_points] -1: nobody stops there */
    int32_t n_vertices, home;     /* home: where vehicles start and end */
    unsigned char *odd, *blocked; /* [n_vertices] odd: task ends; blocked: depot or tip */
    edge *edges;
    int32_t n_edges;
    int32_t *first, *order; /* edges by vertex, each from both ends */
    double *room;           /* [2 * n_edges] residual, by direction */
    int32_t *queue, *via, *tree;
    unsigned char *side; /* [n_vertices] of the set at hand */
    double violation;
    kerb_error *err;
} map;

/* ---- vertices -------------------------------------------------------------------------------- */

static int64_t apart(const map *at, int32_t left, int32_t right) {
    const ki_model *model = at->flow->model;
    int32_t type = __builtin_ctzll(at->flow->types);
    if (left == right) return 0;
    return (int64_t)ki_time_ms(model, type, left, right) + ki_time_ms(model, type, right, left) +
           ki_length_mm(model, type, left, right) + ki_length_mm(model, type, right, left);
}

/* The ends of all modes on two sides: as they are, or turned round, whichever is nearer. */
static void unite_modes(map *at, const ki_task *task) {
    const ki_mode *modes = at->flow->model->modes + task->first_mode;
    for (int32_t mode = 1; mode < task->n_modes; mode++) {
        int64_t same = apart(at, modes[0].entry, modes[mode].entry) +
                       apart(at, modes[0].exit, modes[mode].exit);
        int64_t turned = apart(at, modes[0].entry, modes[mode].exit) +
                         apart(at, modes[0].exit, modes[mode].entry);
        ki_unite(at->join, modes[0].entry, same < turned ? modes[mode].entry : modes[mode].exit);
        ki_unite(at->join, modes[0].exit, same < turned ? modes[mode].exit : modes[mode].entry);
    }
}

static void unite_homes(map *at) {
    const ki_model *model = at->flow->model;
    int32_t home = -1;
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!(at->flow->types >> type & 1)) continue;
        if (home < 0) home = model->types[type].start_point;
        ki_unite(at->join, home, model->types[type].start_point);
        ki_unite(at->join, home, model->types[type].end_point);
    }
    at->home = home;
}

static int32_t number(map *at, int32_t place) {
    int32_t root = ki_root_of(at->join, place);
    if (at->vertex[root] < 0) at->vertex[root] = at->n_vertices++;
    return at->vertex[place] = at->vertex[root];
}

static const ki_mode *first_mode(const map *at, int32_t row) {
    const ki_model *model = at->flow->model;
    return &model->modes[model->tasks[at->flow->tasks[row]].first_mode];
}

static void number_vertices(map *at) {
    for (int32_t place = 0; place < at->flow->n_points; place++)
        at->vertex[place] = -1;
    at->home = number(at, at->home);
    for (int32_t node = 0; node < at->flow->n_nodes; node++) {
        number(at, at->flow->nodes[node].entry);
        number(at, at->flow->nodes[node].exit);
    }
    for (int32_t row = 0; row < at->flow->n_tasks; row++) {
        const ki_task *task = &at->flow->model->tasks[at->flow->tasks[row]];
        for (int32_t mode = task->first_mode; mode < task->first_mode + task->n_modes; mode++) {
            number(at, at->flow->model->modes[mode].entry);
            number(at, at->flow->model->modes[mode].exit);
        }
    }
}

static void mark_vertices(map *at) {
    for (int32_t node = 0; node < at->flow->n_nodes; node++)
        if (at->flow->nodes[node].kind != KI_FLOW_TASK)
            at->blocked[at->vertex[at->flow->nodes[node].entry]] = 1;
    at->blocked[at->home] = 1;
    for (int32_t row = 0; row < at->flow->n_tasks; row++) {
        const ki_mode *mode = first_mode(at, row);
        if (at->vertex[mode->entry] == at->vertex[mode->exit]) continue;
        at->odd[at->vertex[mode->entry]] ^= 1;
        at->odd[at->vertex[mode->exit]] ^= 1;
    }
}

/* ---- edges ----------------------------------------------------------------------------------- */

static void add_edge(map *at, int32_t left, int32_t right, double value) {
    if (left == right || value < 1e-7) return;
    at->edges[at->n_edges++] = (edge){{left, right}, value};
}

static void find_edges(map *at) {
    for (int32_t arc = 0; arc < at->point->n_arcs; arc++) {
        const ki_flow_node *from = &at->flow->nodes[at->point->arcs[arc].from];
        const ki_flow_node *to = &at->flow->nodes[at->point->arcs[arc].to];
        add_edge(at, at->vertex[from->exit], at->vertex[to->entry], at->point->values[arc]);
    }
    for (int32_t row = 0; row < at->flow->n_tasks; row++)
        add_edge(at, at->vertex[first_mode(at, row)->entry], at->vertex[first_mode(at, row)->exit],
                 at->point->left_out[row]);
    for (int32_t index = 0; index < 2 * at->n_edges; index++)
        at->first[at->edges[index / 2].ends[index % 2] + 1]++;
    for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
        at->first[vertex + 1] += at->first[vertex];
    memcpy(at->queue, at->first, (size_t)at->n_vertices * sizeof *at->queue);
    for (int32_t index = 0; index < 2 * at->n_edges; index++)
        at->order[at->queue[at->edges[index / 2].ends[index % 2]]++] = index;
}

static kerb_status draw(map *at) {
    size_t n_points = (size_t)at->flow->n_points + 1;
    at->join = ki_arena_alloc(&at->memory, n_points, sizeof *at->join);
    at->vertex = ki_arena_alloc(&at->memory, n_points, sizeof *at->vertex);
    if (!at->join || !at->vertex) return ki_fail_no_memory(at->err, "cuts of the lower bound");
    for (int32_t place = 0; place < at->flow->n_points; place++)
        at->join[place] = place;
    unite_homes(at);
    for (int32_t row = 0; row < at->flow->n_tasks; row++)
        unite_modes(at, &at->flow->model->tasks[at->flow->tasks[row]]);
    number_vertices(at);
    size_t n = (size_t)at->n_vertices + 1;
    size_t m = (size_t)at->point->n_arcs + (size_t)at->flow->n_tasks + 1;
    at->odd = ki_arena_alloc(&at->memory, n, 1);
    at->blocked = ki_arena_alloc(&at->memory, n, 1);
    at->side = ki_arena_alloc(&at->memory, n, 1);
    at->edges = ki_arena_alloc(&at->memory, m, sizeof *at->edges);
    at->first = ki_arena_alloc(&at->memory, n + 1, sizeof *at->first);
    at->order = ki_arena_alloc(&at->memory, 2 * m, sizeof *at->order);
    at->room = ki_arena_alloc(&at->memory, 2 * m, sizeof *at->room);
    at->queue = ki_arena_alloc(&at->memory, n, sizeof *at->queue);
    at->via = ki_arena_alloc(&at->memory, n, sizeof *at->via);
    at->tree = ki_arena_alloc(&at->memory, n, sizeof *at->tree);
    if (!at->odd || !at->blocked || !at->side || !at->edges || !at->first || !at->order ||
        !at->room || !at->queue || !at->via || !at->tree)
        return ki_fail_no_memory(at->err, "cuts of the lower bound");
    mark_vertices(at);
    find_edges(at);
    return KERB_OK;
}

/* ---- cuts ------------------------------------------------------------------------------------ */

static int is_known(const ki_cut_list *list, const ki_flow_cut *cut, size_t n_words) {
    for (int32_t index = 0; index < list->n; index++)
        if (list->cuts[index].kind == cut->kind && list->cuts[index].need >= cut->need &&
            !memcmp(list->cuts[index].members, cut->members, n_words * sizeof(uint64_t)))
            return 1;
    return 0;
}

static kerb_status add_cut(ki_cut_list *list, map *at, ki_cut_kind kind, int32_t need) {
    size_t n_words = (size_t)at->flow->n_points / 64 + 1;
    if (list->n >= list->max) return KERB_OK;
    uint64_t *members = ki_arena_alloc(list->arena, n_words, sizeof *members);
    if (!members || ki_grow(&list->cuts, &list->capacity, (size_t)list->n + 1, sizeof *list->cuts))
        return ki_fail_no_memory(at->err, "cuts of the lower bound");
    for (int32_t place = 0; place < at->flow->n_points; place++)
        if (at->vertex[place] >= 0 && at->side[at->vertex[place]])
            members[place / 64] |= (uint64_t)1 << (place % 64);
    ki_flow_cut cut = {.kind = kind, .members = members, .representative = -1, .need = need};
    if (!is_known(list, &cut, n_words)) list->cuts[list->n++] = cut;
    return KERB_OK;
}

typedef struct set_sums {
    double across, left_crossing, left_ends;
    int64_t ppm;
    int32_t crossing;
    int blocked;
} set_sums;

static set_sums sum_set(const map *at) {
    set_sums sums = {0};
    for (int32_t arc = 0; arc < at->point->n_arcs; arc++) {
        const ki_flow_node *from = &at->flow->nodes[at->point->arcs[arc].from];
        const ki_flow_node *to = &at->flow->nodes[at->point->arcs[arc].to];
        if (at->side[at->vertex[from->exit]] != at->side[at->vertex[to->entry]])
            sums.across += at->point->values[arc];
    }
    for (int32_t row = 0; row < at->flow->n_tasks; row++) {
        int ends = at->side[at->vertex[first_mode(at, row)->entry]] +
                   at->side[at->vertex[first_mode(at, row)->exit]];
        if (ends == 0) continue;
        sums.ppm += at->flow->weight[row];
        sums.left_ends += ends * at->point->left_out[row];
        if (ends == 1) sums.crossing++, sums.left_crossing += at->point->left_out[row];
    }
    for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
        sums.blocked |= at->side[vertex] && at->blocked[vertex];
    return sums;
}

static void clear_side(map *at) {
    for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
        at->side[vertex] = 0;
}

/* The set of `side`, home outside. */
static kerb_status try_set(ki_cut_list *list, map *at) {
    if (at->side[at->home])
        for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
            at->side[vertex] ^= 1;
    set_sums sums = sum_set(at);
    int64_t need = 2 * ((sums.ppm + KI_FLOW_PPM - 1) / KI_FLOW_PPM) - sums.crossing;
    if (!sums.blocked && need > 0 && sums.across + sums.left_ends < (double)need - at->violation)
        KI_TRY(add_cut(list, at, KI_CUT_LOADS, (int32_t)need));
    if (sums.crossing % 2 && sums.across + sums.left_crossing < 1 - at->violation)
        return add_cut(list, at, KI_CUT_ODD, 1);
    return KERB_OK;
}

/* ---- minimum cuts ---------------------------------------------------------------------------- */

static int reach(map *at, int32_t from, int32_t target) {
    int32_t n = 0;
    memset(at->via, -1, (size_t)at->n_vertices * sizeof *at->via);
    at->via[from] = -2;
    at->queue[n++] = from;
    for (int32_t place = 0; place < n; place++) {
        int32_t vertex = at->queue[place];
        for (int32_t slot = at->first[vertex]; slot < at->first[vertex + 1]; slot++) {
            int32_t index = at->order[slot], other = at->edges[index / 2].ends[1 - index % 2];
            if (at->room[index] < 1e-7 || at->via[other] != -1) continue;
            at->via[other] = index;
            at->queue[n++] = other;
            if (other == target) return 1;
        }
    }
    return 0;
}

static void augment(map *at, int32_t from, int32_t target) {
    double least = INT32_MAX;
    for (int32_t vertex = target; vertex != from;) {
        int32_t index = at->via[vertex];
        if (at->room[index] < least) least = at->room[index];
        vertex = at->edges[index / 2].ends[index % 2];
    }
    for (int32_t vertex = target; vertex != from;) {
        int32_t index = at->via[vertex];
        at->room[index] -= least;
        at->room[index ^ 1] += least;
        vertex = at->edges[index / 2].ends[index % 2];
    }
}

/* Afterwards via[v] != -1 marks the side of `from`. */
static void cut_between(map *at, int32_t from, int32_t target) {
    for (int32_t index = 0; index < 2 * at->n_edges; index++)
        at->room[index] = at->edges[index / 2].value;
    while (reach(at, from, target))
        augment(at, from, target);
}

/* Gusfield's form of the tree: each vertex against its parent; the cuts themselves are tried. */
static kerb_status separate_by_tree(ki_cut_list *list, map *at) {
    int32_t most = list->n + MAX_NEW;
    for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
        at->tree[vertex] = at->home;
    for (int32_t vertex = 0; vertex < at->n_vertices && list->n < most; vertex++) {
        if (vertex == at->home) continue;
        int32_t parent = at->tree[vertex];
        cut_between(at, vertex, parent);
        for (int32_t other = vertex + 1; other < at->n_vertices; other++)
            if (at->via[other] != -1 && at->tree[other] == parent) at->tree[other] = vertex;
        for (int32_t other = 0; other < at->n_vertices; other++)
            at->side[other] = at->via[other] != -1;
        KI_TRY(try_set(list, at));
    }
    return KERB_OK;
}

/* Pieces of the support graph whose edges of at least `threshold` hold together, without home. */
static kerb_status separate_by_pieces(ki_cut_list *list, map *at, double threshold) {
    memset(at->via, -1, (size_t)at->n_vertices * sizeof *at->via);
    for (int32_t root = 0; root < at->n_vertices; root++) {
        if (at->via[root] >= 0 || at->blocked[root]) continue;
        int32_t n = 0;
        clear_side(at);
        at->queue[n++] = root;
        at->via[root] = root;
        for (int32_t place = 0; place < n; place++) {
            int32_t vertex = at->queue[place];
            at->side[vertex] = 1;
            for (int32_t slot = at->first[vertex]; slot < at->first[vertex + 1]; slot++) {
                int32_t index = at->order[slot], other = at->edges[index / 2].ends[1 - index % 2];
                if (at->edges[index / 2].value < threshold || at->blocked[other] ||
                    at->via[other] >= 0)
                    continue;
                at->via[other] = root;
                at->queue[n++] = other;
            }
        }
        KI_TRY(try_set(list, at));
    }
    return KERB_OK;
}

/* From one vertex on, always the vertex most tied to the set by arcs and tasks. */
static kerb_status grow_from(ki_cut_list *list, map *at, int32_t start, double *tie) {
    for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
        tie[vertex] = 0;
    clear_side(at);
    for (int32_t added = start, steps = 0; added >= 0 && steps < at->n_vertices; steps++) {
        at->side[added] = 1;
        for (int32_t slot = at->first[added]; slot < at->first[added + 1]; slot++) {
            int32_t index = at->order[slot];
            tie[at->edges[index / 2].ends[1 - index % 2]] += at->edges[index / 2].value;
        }
        KI_TRY(try_set(list, at));
        added = -1;
        for (int32_t vertex = 0; vertex < at->n_vertices; vertex++)
            if (!at->side[vertex] && !at->blocked[vertex] && tie[vertex] > 1e-6 &&
                (added < 0 || tie[vertex] > tie[added] + 1e-9))
                added = vertex;
    }
    return KERB_OK;
}

static kerb_status separate_by_growing(ki_cut_list *list, map *at) {
    int32_t most = list->n + MAX_NEW;
    double *tie = ki_arena_alloc(&at->memory, (size_t)at->n_vertices + 1, sizeof *tie);
    if (!tie) return ki_fail_no_memory(at->err, "cuts of the lower bound");
    for (int32_t start = 0; start < at->n_vertices && list->n < most; start++)
        if (!at->blocked[start]) KI_TRY(grow_from(list, at, start, tie));
    return KERB_OK;
}

static int any_through(const ki_flow *flow) {
    for (int32_t row = 0; row < flow->n_tasks; row++) {
        const ki_task *task = &flow->model->tasks[flow->tasks[row]];
        const ki_mode *mode = &flow->model->modes[task->first_mode];
        if (mode->entry != mode->exit) return 1;
    }
    return 0;
}

static kerb_status separate_all(ki_cut_list *list, map *at) {
    static const double thresholds[] = {1e-6, 0.1, 0.3, 0.5, 0.7, 0.9};
    KI_TRY(draw(at));
    if (at->n_vertices < 2 || at->n_vertices > MAX_VERTICES) return KERB_OK;
    for (size_t step = 0; step < sizeof thresholds / sizeof *thresholds; step++)
        KI_TRY(separate_by_pieces(list, at, thresholds[step]));
    KI_TRY(separate_by_tree(list, at));
    return separate_by_growing(list, at);
}

kerb_status ki_point_cuts_separate(ki_cut_list *list, const ki_flow *flow,
                                   const ki_flow_point *point, double violation, kerb_error *err) {
    if (!any_through(flow)) return KERB_OK;
    map at = {.flow = flow, .point = point, .violation = violation, .err = err};
    kerb_status status = separate_all(list, &at);
    ki_arena_free(&at.memory);
    return status;
}
