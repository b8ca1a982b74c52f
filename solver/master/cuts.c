/* SPDX-License-Identifier: GPL-3.0-or-later
 * cuts.c - connectivity and rounded capacity cuts with tasks that may be left out.
 *
 *   arcs into S + [task t of S left out] >= 1                    for any t of S
 *   arcs into S + tasks of S left out    >= ceil(load of S)      loads in vehicles
 *
 * Every task served in S is reached from outside S; S may contain tips, the depot is outside. In
 * the second kind tips are outside too: each entry serves at most one vehicle's load before it
 * leaves for a tip, and leaving a task out lowers the load by at most one vehicle. Where a layer's
 * vehicle holds what fills three of another layer's, its entries count for three in a cut whose
 * loads are in the smaller ones: rounded up in its own unit, each fleet is asked for whole trips
 * (Chvatal and Gomory's rounding, as for fleets of several sizes). Separation of
 * the first kind is exact: a minimum cut from the depot to each task. Candidates for the second are
 * those sets and the pieces of the support graph. Toth and Vigo (eds.), "Vehicle Routing", SIAM
 * 2014, chapter 2. */
#include "master/cuts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "master/point_cuts.h"

#include <string.h>

enum { MAX_NEW = 80 };

/* The support graph: vertex 0 is the depot, vertex b + 1 has bit b: tasks, then tips. Each edge
 * is followed by its reverse. */
typedef struct support {
    const ki_flow *flow;
    const ki_flow_point *point;
    int32_t n_vertices, n_edges;
    int32_t *head;  /* [2 * n_arcs] */
    double *room;   /* residual */
    double *value;  /* at first */
    int32_t *layer; /* [n_arcs] by edge / 2 */
    int32_t *first; /* [n_vertices + 1] into order */
    int32_t *order; /* edges by tail */
    int32_t *queue, *via;
    uint64_t *members;
    int32_t n_words;
    double violation; /* cuts must be violated by more */
} support;

static kerb_status support_new(support *made, const ki_flow *flow, const ki_flow_point *point,
                               ki_arena *arena, kerb_error *err) {
    size_t n = (size_t)flow->n_bits + 2, m = 2 * (size_t)point->n_arcs + 2;
    *made = (support){.flow = flow,
                      .point = point,
                      .n_vertices = flow->n_bits + 1,
                      .n_words = flow->n_bits / 64 + 1};
    made->head = ki_arena_alloc(arena, m, sizeof *made->head);
    made->room = ki_arena_alloc(arena, m, sizeof *made->room);
    made->value = ki_arena_alloc(arena, m, sizeof *made->value);
    made->layer = ki_arena_alloc(arena, m / 2, sizeof *made->layer);
    made->first = ki_arena_alloc(arena, n + 1, sizeof *made->first);
    made->order = ki_arena_alloc(arena, m, sizeof *made->order);
    made->queue = ki_arena_alloc(arena, n, sizeof *made->queue);
    made->via = ki_arena_alloc(arena, n, sizeof *made->via);
    made->members = ki_arena_alloc(arena, (size_t)made->n_words, sizeof *made->members);
    if (!made->head || !made->room || !made->value || !made->layer || !made->first ||
        !made->order || !made->queue || !made->via || !made->members)
        return ki_fail_no_memory(err, "cuts of the lower bound");
    return KERB_OK;
}

static int32_t tail_of(const support *graph, int32_t edge) {
    return graph->head[edge ^ 1];
}

static void support_fill(support *graph) {
    for (int32_t arc = 0; arc < graph->point->n_arcs; arc++) {
        int32_t from = graph->flow->nodes[graph->point->arcs[arc].from].bit + 1;
        int32_t to = graph->flow->nodes[graph->point->arcs[arc].to].bit + 1;
        if (graph->point->values[arc] < 1e-7 || to == 0 || to == from) continue;
        graph->head[graph->n_edges] = to;
        graph->head[graph->n_edges + 1] = from;
        graph->value[graph->n_edges] = graph->point->values[arc];
        graph->layer[graph->n_edges / 2] = graph->flow->nodes[graph->point->arcs[arc].to].layer;
        graph->n_edges += 2;
    }
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        graph->first[tail_of(graph, edge) + 1]++;
    for (int32_t vertex = 0; vertex < graph->n_vertices; vertex++)
        graph->first[vertex + 1] += graph->first[vertex];
    int32_t *next = graph->via;
    memcpy(next, graph->first, (size_t)graph->n_vertices * sizeof *next);
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        graph->order[next[tail_of(graph, edge)]++] = edge;
}

/* Breadth first from the outside; via[v]: edge that reached v, -1 unreached. */
static int reach(support *graph, int32_t target) {
    int32_t n = 0;
    for (int32_t vertex = 0; vertex < graph->n_vertices; vertex++)
        graph->via[vertex] = -1;
    graph->via[0] = -2;
    graph->queue[n++] = 0;
    for (int32_t place = 0; place < n; place++) {
        int32_t vertex = graph->queue[place];
        for (int32_t slot = graph->first[vertex]; slot < graph->first[vertex + 1]; slot++) {
            int32_t edge = graph->order[slot], other = graph->head[edge];
            if (graph->room[edge] < 1e-7 || graph->via[other] != -1) continue;
            graph->via[other] = edge;
            graph->queue[n++] = other;
            if (other == target) return 1;
        }
    }
    return 0;
}

/* Into members: what can still reach the target, the smallest far side of a minimum cut. */
static void gather_near(support *graph, int32_t target) {
    int32_t n = 0;
    memset(graph->members, 0, (size_t)graph->n_words * sizeof *graph->members);
    graph->queue[n++] = target;
    graph->members[(target - 1) / 64] |= (uint64_t)1 << ((target - 1) % 64);
    for (int32_t place = 0; place < n; place++) {
        int32_t vertex = graph->queue[place];
        for (int32_t slot = graph->first[vertex]; slot < graph->first[vertex + 1]; slot++) {
            int32_t edge = graph->order[slot], bit = graph->head[edge] - 1;
            if (graph->room[edge ^ 1] < 1e-7 || bit < 0 ||
                graph->members[bit / 64] >> (bit % 64) & 1)
                continue;
            graph->members[bit / 64] |= (uint64_t)1 << (bit % 64);
            graph->queue[n++] = bit + 1;
        }
    }
}

static double augment(support *graph, int32_t target) {
    double least = 2;
    for (int32_t vertex = target; vertex; vertex = tail_of(graph, graph->via[vertex]))
        if (graph->room[graph->via[vertex]] < least) least = graph->room[graph->via[vertex]];
    for (int32_t vertex = target; vertex; vertex = tail_of(graph, graph->via[vertex])) {
        graph->room[graph->via[vertex]] -= least;
        graph->room[graph->via[vertex] ^ 1] += least;
    }
    return least;
}

/* Flow from the outside to a task, no further than `enough`. Afterwards via[v] == -1 marks the
 * far side of the minimum cut if the flow stayed below. */
static double max_flow(support *graph, int32_t target, double enough) {
    double flow = 0;
    memcpy(graph->room, graph->value, (size_t)graph->n_edges * sizeof *graph->room);
    while (flow < enough && reach(graph, target))
        flow += augment(graph, target);
    return flow;
}

/* ---- adding a set ---------------------------------------------------------------------------- */

static int same_cut(const ki_flow_cut *cut, const support *graph, int32_t representative,
                    int32_t measure) {
    return cut->kind == KI_CUT_TASKS && cut->measure == measure &&
           (cut->representative < 0) == (representative < 0) &&
           (representative < 0 || cut->representative == representative) &&
           !memcmp(cut->members, graph->members, (size_t)graph->n_words * sizeof(uint64_t));
}

static kerb_status add_cut(ki_cut_list *list, const support *graph, int32_t representative,
                           int32_t need, int32_t measure, kerb_error *err) {
    for (int32_t index = 0; index < list->n; index++)
        if (same_cut(&list->cuts[index], graph, representative, measure) &&
            list->cuts[index].need >= need)
            return KERB_OK;
    if (list->n >= list->max) return KERB_OK;
    uint64_t *members =
        ki_arena_copy(list->arena, graph->members, (size_t)graph->n_words, sizeof *members);
    if (!members || ki_grow(&list->cuts, &list->capacity, (size_t)list->n + 1, sizeof *list->cuts))
        return ki_fail_no_memory(err, "cuts of the lower bound");
    list->cuts[list->n++] = (ki_flow_cut){KI_CUT_TASKS, members, representative, need, measure};
    return KERB_OK;
}

static int is_member(const support *graph, int32_t row) {
    return (int)(graph->members[row / 64] >> (row % 64) & 1);
}

static void set_member(support *graph, int32_t row) {
    graph->members[row / 64] |= (uint64_t)1 << (row % 64);
}

static void clear_members(support *graph) {
    memset(graph->members, 0, (size_t)graph->n_words * sizeof *graph->members);
}

typedef struct set_sums {
    double entering, left_out, least_left_out;
    int64_t ppm;
    int32_t kept; /* the row that is left out least */
    int has_tip;
} set_sums;

static double counted(const support *graph, int32_t measure, int32_t edge) {
    return graph->value[edge & ~1] * ki_cut_counts(graph->flow, measure, graph->layer[edge / 2]);
}

static int32_t weight_of(const support *graph, int32_t measure, int32_t row) {
    const ki_flow *flow = graph->flow;
    return measure ? flow->measure[(measure - 1) * flow->n_tasks + row] : flow->weight[row];
}

static set_sums sum_set(const support *graph, int32_t measure) {
    set_sums sums = {.least_left_out = 2, .kept = -1};
    for (int32_t edge = 0; edge < graph->n_edges; edge += 2) {
        int32_t from = tail_of(graph, edge), to = graph->head[edge];
        if (is_member(graph, to - 1) && (from == 0 || !is_member(graph, from - 1)))
            sums.entering += counted(graph, measure, edge);
    }
    for (int32_t row = 0; row < graph->flow->n_tasks; row++) {
        double left_out = graph->point->left_out[row];
        if (!is_member(graph, row)) continue;
        sums.left_out += left_out;
        sums.ppm += weight_of(graph, measure, row);
        if (left_out < sums.least_left_out) sums.least_left_out = left_out, sums.kept = row;
    }
    for (int32_t bit = graph->flow->n_tasks; bit < graph->flow->n_bits; bit++)
        sums.has_tip |= is_member(graph, bit);
    return sums;
}

static int32_t vehicles(int64_t ppm) {
    return (int32_t)((ppm + KI_FLOW_PPM - 1) / KI_FLOW_PPM);
}

/* Whether the layer's vehicle measures what every other's holds, and some hold more. */
static int is_measure(const ki_flow *flow, int32_t measure) {
    int32_t most = 0;
    if (measure == 0) return 1;
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        int32_t held = ki_cut_counts(flow, measure, layer);
        if (held == 0) return 0;
        if (held > most) most = held;
    }
    return most > 1;
}

static kerb_status try_load(ki_cut_list *list, const support *graph, const set_sums *sums,
                            int32_t measure, kerb_error *err) {
    int32_t need = vehicles(sums->ppm);
    if (need < 2 || sums->has_tip || sums->entering + sums->left_out >= need - graph->violation)
        return KERB_OK;
    return add_cut(list, graph, -1, need, measure, err);
}

/* Tests the set of `members` for both kinds. */
static kerb_status try_set(ki_cut_list *list, const support *graph, kerb_error *err) {
    set_sums sums = sum_set(graph, 0);
    if (sums.kept < 0) return KERB_OK;
    int32_t before = list->n;
    KI_TRY(try_load(list, graph, &sums, 0, err));
    for (int32_t measure = 1; measure <= graph->flow->n_layers; measure++) {
        if (!is_measure(graph->flow, measure)) continue;
        set_sums measured = sum_set(graph, measure);
        KI_TRY(try_load(list, graph, &measured, measure, err));
    }
    if (list->n == before && sums.entering + sums.least_left_out < 1 - graph->violation)
        return add_cut(list, graph, sums.kept, 1, 0, err);
    return KERB_OK;
}

/* ---- separation ------------------------------------------------------------------------------ */

static kerb_status separate_by_flow(ki_cut_list *list, support *graph, kerb_error *err) {
    int32_t most = list->n + MAX_NEW;
    for (int32_t row = 0; row < graph->flow->n_tasks && list->n < most; row++) {
        double wanted = 1 - graph->point->left_out[row] - graph->violation;
        if (wanted <= 0 || max_flow(graph, row + 1, wanted) >= wanted) continue;
        clear_members(graph);
        for (int32_t bit = 0; bit < graph->flow->n_bits; bit++)
            if (graph->via[bit + 1] == -1) set_member(graph, bit);
        KI_TRY(try_set(list, graph, err));
        gather_near(graph, row + 1);
        KI_TRY(try_set(list, graph, err));
    }
    return KERB_OK;
}

/* Pieces of the graph whose edges of at least `threshold` hold together, depot and
 * tips left away. */
static kerb_status separate_by_pieces(ki_cut_list *list, support *graph, double threshold,
                                      kerb_error *err) {
    int32_t *piece = graph->via;
    for (int32_t vertex = 0; vertex < graph->n_vertices; vertex++)
        piece[vertex] = -1;
    for (int32_t root = 1; root <= graph->flow->n_tasks; root++) {
        if (piece[root] >= 0) continue;
        int32_t n = 0;
        clear_members(graph);
        graph->queue[n++] = root;
        piece[root] = root;
        for (int32_t place = 0; place < n; place++) {
            int32_t vertex = graph->queue[place];
            set_member(graph, vertex - 1);
            for (int32_t slot = graph->first[vertex]; slot < graph->first[vertex + 1]; slot++) {
                int32_t edge = graph->order[slot], other = graph->head[edge];
                if (graph->value[edge & ~1] < threshold || other == 0 ||
                    other > graph->flow->n_tasks || piece[other] >= 0)
                    continue;
                piece[other] = root;
                graph->queue[n++] = other;
            }
        }
        KI_TRY(try_set(list, graph, err));
    }
    return KERB_OK;
}

/* ---- capacity cuts by growing ---------------------------------------------------------------- */

enum { MOST_GROWN = 120 };

typedef struct growth {
    int32_t measure;
    double *tie;  /* [n_tasks] flow between the set and a task, both ways */
    double *into; /* [n_tasks] flow into a task */
    double entering, left_out;
    int64_t ppm;
} growth;

static void grow_by(support *graph, growth *set, int32_t row) {
    set->entering += set->into[row] - set->tie[row];
    set->left_out += graph->point->left_out[row];
    set->ppm += weight_of(graph, set->measure, row);
    set_member(graph, row);
    for (int32_t slot = graph->first[row + 1]; slot < graph->first[row + 2]; slot++) {
        int32_t edge = graph->order[slot], other = graph->head[edge] - 1;
        if (other >= 0 && other < graph->flow->n_tasks)
            set->tie[other] += counted(graph, set->measure, edge);
    }
}

static int32_t most_tied(const support *graph, const growth *set) {
    int32_t best = -1;
    for (int32_t row = 0; row < graph->flow->n_tasks; row++)
        if (!is_member(graph, row) && set->tie[row] > 1e-6 &&
            (best < 0 || set->tie[row] > set->tie[best] + 1e-9))
            best = row;
    return best;
}

/* From one task on, always the task most tied to the set; each set on the way is tested. */
static kerb_status grow_from(ki_cut_list *list, support *graph, growth *set, int32_t row,
                             kerb_error *err) {
    set->entering = set->left_out = 0;
    set->ppm = 0;
    memset(set->tie, 0, (size_t)graph->flow->n_tasks * sizeof *set->tie);
    clear_members(graph);
    for (int32_t step = 0; row >= 0 && step < MOST_GROWN; step++) {
        grow_by(graph, set, row);
        int32_t need = vehicles(set->ppm);
        if (need >= 2 && set->entering + set->left_out < need - 2 * graph->violation)
            return try_set(list, graph, err);
        row = most_tied(graph, set);
    }
    return KERB_OK;
}

static kerb_status separate_by_growing(ki_cut_list *list, support *graph, int32_t measure,
                                       ki_arena *arena, kerb_error *err) {
    int32_t n = graph->flow->n_tasks, most = list->n + MAX_NEW;
    growth set = {.measure = measure,
                  .tie = ki_arena_alloc(arena, (size_t)n + 1, sizeof(double)),
                  .into = ki_arena_alloc(arena, (size_t)n + 1, sizeof(double))};
    if (!set.tie || !set.into) return ki_fail_no_memory(err, "cuts of the lower bound");
    for (int32_t edge = 0; edge < graph->n_edges; edge += 2)
        if (graph->head[edge] <= n)
            set.into[graph->head[edge] - 1] += counted(graph, measure, edge);
    for (int32_t row = 0; row < n && list->n < most; row++)
        KI_TRY(grow_from(list, graph, &set, row, err));
    return KERB_OK;
}

static kerb_status separate(ki_cut_list *list, const ki_flow *flow, const ki_flow_point *point,
                            double violation, kerb_error *err) {
    static const double thresholds[] = {1e-6, 0.1, 0.3, 0.5, 0.7, 0.9};
    ki_arena memory = {0};
    support graph;
    kerb_status status = support_new(&graph, flow, point, &memory, err);
    graph.violation = violation;
    if (status == KERB_OK) support_fill(&graph);
    for (size_t step = 0; status == KERB_OK && step < sizeof thresholds / sizeof *thresholds;
         step++)
        status = separate_by_pieces(list, &graph, thresholds[step], err);
    for (int32_t row = 0; status == KERB_OK && row < flow->n_tasks; row++)
        set_member(&graph, row);
    if (status == KERB_OK) status = try_set(list, &graph, err); /* all of them */
    for (int32_t measure = 0; status == KERB_OK && measure <= flow->n_layers; measure++)
        if (is_measure(flow, measure))
            status = separate_by_growing(list, &graph, measure, &memory, err);
    if (status == KERB_OK) status = separate_by_flow(list, &graph, err);
    ki_arena_free(&memory);
    return status == KERB_OK ? ki_point_cuts_separate(list, flow, point, violation, err) : status;
}

kerb_status ki_cuts_separate(ki_cut_list *list, const ki_flow *flow, const ki_flow_point *point,
                             double gross, double fine, kerb_error *err) {
    int32_t before = list->n;
    KI_TRY(separate(list, flow, point, gross, err));
    return list->n > before ? KERB_OK : separate(list, flow, point, fine, err);
}

kerb_status ki_cuts_of_sites(ki_cut_list *list, const ki_flow *flow, kerb_error *err) {
    ki_arena memory = {0};
    support graph;
    ki_flow_point nothing = {0};
    kerb_status status = support_new(&graph, flow, &nothing, &memory, err);
    for (int32_t row = 0; status == KERB_OK && row < flow->n_tasks; row++) {
        int32_t site = flow->model->tasks[flow->tasks[row]].site, n = 0, earlier = 0;
        clear_members(&graph);
        for (int32_t other = 0; site >= 0 && other < flow->n_tasks; other++) {
            if (flow->model->tasks[flow->tasks[other]].site != site) continue;
            if (other < row) earlier = 1;
            set_member(&graph, other);
            n++;
        }
        if (n > 1 && !earlier) status = add_cut(list, &graph, row, 1, 0, err);
    }
    ki_arena_free(&memory);
    return status;
}

void ki_cuts_free(ki_cut_list *list) {
    ki_free(list->cuts);
    list->cuts = NULL;
}
