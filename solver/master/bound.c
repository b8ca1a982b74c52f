/* SPDX-License-Identifier: GPL-3.0-or-later
 * bound.c - a proven lower bound: an arc-flow relaxation solved by column and cut generation.
 *
 *   LP over some arcs ──► duals, rounded to integers ──► every arc priced ──► bound, new arcs
 *          ▲                                                                      │
 *          └───────────── arcs with negative reduced cost; else violated cuts ◄───┘
 *
 * Why arcs and not routes: a shift serves a hundred containers and more, where columns of routes or
 * trips no longer converge, while the arc flow with connectivity cuts stays a few per cent below
 * the optimum however long routes are. The rows: every task is entered once or left out, what
 * enters a node leaves it, a vehicle tips once for each load, all of a layer's time fits into the
 * spells of the shifts that are used, and what exceeds regular hours is paid as overtime.
 * Components that share no task are bounded one by one and added up; each at whole numbers of
 * shifts (shift_branches.h). */
#include "master/bound.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "master/balance.h"
#include "master/cuts.h"
#include "master/flow_rows.h"
#include "master/trip_bound.h"

#include <math.h>
#include <string.h>

enum { MAX_CUTS = 1000, MAX_PIVOTS = 4000 };
static const ki_flow_limits MAX_NODES = {.by_type = 1000, .by_kind = 2400};
/* Pivots times rows for each unit of effort, without limits on shifts and with all of them: half a
 * second of a large LP and a sixth. */
static const int64_t WORK_AN_EFFORT = 1000000, BRANCH_WORK_AN_EFFORT = 350000;
/* Arcs priced over all passes: minutes. Beyond 5,000 tasks it ends a proof before the effort does.
 */
static const int64_t MOST_PRICED = INT64_C(6000000000);

typedef struct master {
    const ki_model *model;
    ki_flow flow;
    ki_arena arena;
    kerb_error *err;
    ki_lp *lp;
    ki_cut_list cuts;
    ki_flow_duals duals;
    ki_pricing pricing;
    ki_flow_arc *arcs; /* of the LP, in the order of its columns from first_arc */
    size_t arcs_capacity;
    int32_t n_arcs, first_arc, n_cuts_in_lp;
    ki_flow_rows rows;
    int32_t *capacity_row; /* [n_layers][KI_MAX_DIMS] */
    int32_t *tip_row;      /* [n_nodes][KI_MAX_DIMS]; -1 */
    int32_t first_cut_row;
    int32_t n_passes, first_pass; /* first_pass: of the branch at hand */
    int64_t most_work;            /* of the LP, until now and to come */
    int64_t best_nano, enough_nano;
    int converged;
} master;

/* ---- the LP ---------------------------------------------------------------------------------- */

static kerb_status make_rows(master *work) {
    const ki_flow *flow = &work->flow;
    ki_lines made = {0};
    ki_flow_rows_put(&work->rows, &made, 1);
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        for (int32_t dim = 0; dim < flow->layers[layer].n_dims; dim++) {
            work->capacity_row[layer * KI_MAX_DIMS + dim] = (int32_t)made.n;
            ki_lines_end(&made, 0, -INFINITY, 0);
        }
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        if (flow->nodes[node].kind != KI_FLOW_TIP) continue;
        for (int32_t dim = 0; dim < flow->layers[flow->nodes[node].layer].n_dims; dim++) {
            work->tip_row[node * KI_MAX_DIMS + dim] = (int32_t)made.n;
            ki_lines_end(&made, 0, -INFINITY, 0);
        }
    }
    work->first_cut_row = (int32_t)made.n;
    return ki_lines_add_rows(&made, work->lp, work->err);
}

/* The load that each tip takes: no more than its visits carry, all of what is collected. */
static void put_tipped(master *work, ki_lines *made) {
    const ki_flow *flow = &work->flow;
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        int32_t layer = flow->nodes[node].layer;
        if (flow->nodes[node].kind != KI_FLOW_TIP) continue;
        for (int32_t dim = 0; dim < flow->layers[layer].n_dims; dim++) {
            double extra = (double)flow->extra[node * KI_MAX_DIMS + dim] / KI_FLOW_ONE;
            ki_lines_put(made, work->capacity_row[layer * KI_MAX_DIMS + dim], -1);
            ki_lines_put(made, work->tip_row[node * KI_MAX_DIMS + dim], 1);
            ki_lines_end(made, extra * KI_MILLION * work->rows.scale, 0, INFINITY);
        }
    }
}

static kerb_status make_first_columns(master *work) {
    ki_lines made = {0};
    ki_flow_rows_columns(&work->rows, &made);
    put_tipped(work, &made);
    work->first_arc = (int32_t)made.n;
    return ki_lines_add_columns(&made, work->lp, work->err);
}

static void put_arc(master *work, ki_lines *made, const ki_flow_arc *arc) {
    const ki_flow *flow = &work->flow;
    const ki_flow_node *to = &flow->nodes[arc->to];
    int32_t layer = to->layer;
    if (to->kind == KI_FLOW_TASK) ki_lines_put(made, flow->row_of_task[to->task], 1);
    ki_lines_put(made, flow->n_tasks + arc->from, -1);
    if (to->kind != KI_FLOW_END) ki_lines_put(made, flow->n_tasks + arc->to, 1);
    ki_flow_rows_put_time(&work->rows, made, layer, arc->time_ms, arc->charge_ms);
    ki_flow_rows_put_trips(&work->rows, made, layer, to->kind == KI_FLOW_TIP);
    for (int32_t dim = 0; dim < flow->layers[layer].n_dims; dim++) {
        int32_t row = work->capacity_row[layer * KI_MAX_DIMS + dim];
        if (to->kind == KI_FLOW_TASK)
            ki_lines_put(made, row, flow->weights[arc->to * KI_MAX_DIMS + dim] / KI_MILLION);
        if (to->kind == KI_FLOW_TIP)
            ki_lines_put(made, work->tip_row[arc->to * KI_MAX_DIMS + dim], -1);
    }
    for (int32_t cut = 0; cut < work->n_cuts_in_lp; cut++)
        ki_lines_put(made, work->first_cut_row + cut,
                     ki_cut_of_arc(flow, &work->cuts.cuts[cut], arc->from, arc->to));
    ki_lines_end(made, (double)arc->cost_nano * work->rows.scale, 0, INFINITY);
}

static kerb_status add_offers(master *work) {
    ki_lines made = {0};
    size_t n = (size_t)work->pricing.n_offers;
    if (n == 0) return KERB_OK;
    if (ki_grow(&work->arcs, &work->arcs_capacity, (size_t)work->n_arcs + n, sizeof *work->arcs))
        return ki_fail_no_memory(work->err, "the lower bound");
    for (size_t offer = 0; offer < n; offer++) {
        put_arc(work, &made, &work->pricing.offers[offer].arc);
        work->arcs[work->n_arcs++] = work->pricing.offers[offer].arc;
    }
    return ki_lines_add_columns(&made, work->lp, work->err);
}

static kerb_status add_cut_rows(master *work) {
    ki_lines made = {0};
    if (work->cuts.n == work->n_cuts_in_lp) return KERB_OK;
    for (int32_t index = work->n_cuts_in_lp; index < work->cuts.n; index++) {
        const ki_flow_cut *cut = &work->cuts.cuts[index];
        for (int32_t row = 0; row < work->flow.n_tasks; row++)
            ki_lines_put(&made, row, ki_cut_of_left_out(&work->flow, cut, row)); /* row = column */
        for (int32_t arc = 0; arc < work->n_arcs; arc++)
            ki_lines_put(&made, work->first_arc + arc,
                         ki_cut_of_arc(&work->flow, cut, work->arcs[arc].from, work->arcs[arc].to));
        ki_lines_end(&made, 0, cut->need, INFINITY);
    }
    work->n_cuts_in_lp = work->cuts.n;
    return ki_lines_add_rows(&made, work->lp, work->err);
}

/* ---- duals ----------------------------------------------------------------------------------- */

/* Collecting a load and tipping it must not earn: the tips' prices follow the load's. */
static void read_tip_duals(master *work, const double *dual, double per_million) {
    const ki_flow *flow = &work->flow;
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        int32_t layer = flow->nodes[node].layer;
        if (flow->nodes[node].kind != KI_FLOW_TIP) continue;
        for (int32_t dim = 0; dim < flow->layers[layer].n_dims; dim++) {
            int64_t *price = &work->duals.tip[node * KI_MAX_DIMS + dim];
            int64_t least = work->duals.capacity[layer * KI_MAX_DIMS + dim] -
                            flow->extra[node * KI_MAX_DIMS + dim];
            *price = ki_to_integer(-dual[work->tip_row[node * KI_MAX_DIMS + dim]] * per_million, 0,
                                   1e13);
            if (*price < least) *price = least;
        }
    }
}

static void read_duals(master *work) {
    const double *dual = ki_lp_duals(work->lp);
    const ki_flow *flow = &work->flow;
    double unit = 1 / work->rows.scale, per_million = unit / KI_MILLION * KI_FLOW_ONE;
    ki_flow_rows_duals(&work->rows, dual, -1e15, &work->duals);
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        for (int32_t dim = 0; dim < flow->layers[layer].n_dims; dim++)
            work->duals.capacity[layer * KI_MAX_DIMS + dim] = ki_to_integer(
                -dual[work->capacity_row[layer * KI_MAX_DIMS + dim]] * per_million, 0, 1e13);
    read_tip_duals(work, dual, per_million);
    for (int32_t cut = 0; cut < work->n_cuts_in_lp; cut++)
        work->duals.cut[cut] = ki_to_integer(dual[work->first_cut_row + cut] * unit, 0, 1e15);
}

/* ---- passes ---------------------------------------------------------------------------------- */

static kerb_status price(master *work) {
    int64_t bound_nano;
    work->pricing.cuts = work->cuts.cuts;
    work->pricing.n_cuts = work->n_cuts_in_lp;
    KI_TRY(ki_pricing_run(&work->pricing, &bound_nano, work->err));
    if (bound_nano > work->best_nano) work->best_nano = bound_nano;
    work->n_passes++;
    return KERB_OK;
}

static void find_scale(master *work) {
    double total = 0, n = 1;
    for (int32_t offer = 0; offer < work->pricing.n_offers; offer++) {
        if (work->pricing.offers[offer].arc.cost_nano <= 0) continue;
        total += (double)work->pricing.offers[offer].arc.cost_nano;
        n++;
    }
    work->rows.scale = total > 0 ? n / total : 1e-9;
}

static kerb_status separate(master *work, int *found) {
    ki_flow_point point = {.arcs = work->arcs,
                           .values = ki_lp_values(work->lp) + work->first_arc,
                           .left_out = ki_lp_values(work->lp),
                           .n_arcs = work->n_arcs};
    int32_t before = work->cuts.n;
    KI_TRY(ki_cuts_separate(&work->cuts, &work->flow, &point, 0.02, 0.002, work->err));
    *found = work->cuts.n > before;
    return add_cut_rows(work);
}

/* One pass: solve, read the duals, price every arc. `going`: there is more to do. */
static kerb_status pass(master *work, int *going, int *after_cuts) {
    ki_lp_outcome outcome =
        ki_lp_solve(work->lp, *after_cuts ? KI_LP_DUAL : KI_LP_PRIMAL, MAX_PIVOTS);
    *going = *after_cuts = 0;
    if (outcome != KI_LP_OPTIMAL && outcome != KI_LP_LIMIT) return KERB_OK;
    read_duals(work);
    work->pricing.least_nano = -(int64_t)(1e-6 / work->rows.scale) - 1;
    KI_TRY(price(work));
    *going = work->pricing.n_offers > 0 || outcome == KI_LP_LIMIT;
    if (work->pricing.n_offers > 0) return add_offers(work);
    if (outcome != KI_LP_OPTIMAL) return KERB_OK;
    KI_TRY(separate(work, after_cuts));
    *going = *after_cuts;
    work->converged = !*after_cuts;
    return KERB_OK;
}

static kerb_status start(master *work, ki_worker *worker) {
    for (int32_t row = 0; row < work->flow.n_tasks; row++) /* all arcs are welcome */
        work->duals.task[row] = 0;
    work->pricing.least_nano = INT64_MAX;
    KI_TRY(price(work));
    find_scale(work);
    KI_TRY(ki_lp_new(&work->lp, worker, work->err));
    KI_TRY(make_rows(work));
    KI_TRY(make_first_columns(work));
    KI_TRY(add_offers(work));
    KI_TRY(ki_cuts_of_sites(&work->cuts, &work->flow, work->err));
    return add_cut_rows(work);
}

static kerb_status take_memory(master *work) {
    size_t n_nodes = (size_t)work->flow.n_nodes + 1, n_layers = (size_t)work->flow.n_layers;
    ki_arena *arena = &work->arena;
    KI_TRY(ki_flow_rows_new(&work->rows, &work->flow, arena, work->err));
    work->duals.least = work->rows.least;
    work->duals.most = work->rows.most;
    work->capacity_row = ki_arena_alloc(arena, n_layers * KI_MAX_DIMS, sizeof(int32_t));
    work->duals.tip = ki_arena_alloc(arena, n_nodes * KI_MAX_DIMS, sizeof(int64_t));
    work->tip_row = ki_arena_alloc(arena, n_nodes * KI_MAX_DIMS, sizeof(int32_t));
    work->duals.task = ki_arena_alloc(arena, n_nodes, sizeof(int64_t));
    work->duals.node = ki_arena_alloc(arena, n_nodes, sizeof(int64_t));
    work->duals.cut = ki_arena_alloc(arena, MAX_CUTS, sizeof(int64_t));
    work->duals.hours = ki_arena_alloc(arena, n_layers, sizeof(int64_t));
    work->duals.overtime = ki_arena_alloc(arena, n_layers, sizeof(int64_t));
    work->duals.charge = ki_arena_alloc(arena, n_layers, sizeof(int64_t));
    work->duals.trips = ki_arena_alloc(arena, n_layers, sizeof(int64_t));
    work->duals.capacity = ki_arena_alloc(arena, n_layers * KI_MAX_DIMS, sizeof(int64_t));
    work->pricing.offers =
        ki_arena_alloc(arena, ki_pricing_room(&work->flow), sizeof *work->pricing.offers);
    work->pricing.present = ki_arena_alloc(arena, n_layers, sizeof(uint64_t *));
    if (!work->duals.tip || !work->tip_row || !work->capacity_row || !work->duals.task ||
        !work->duals.node || !work->duals.cut || !work->duals.hours || !work->duals.overtime ||
        !work->duals.charge || !work->duals.trips || !work->duals.capacity ||
        !work->pricing.offers || !work->pricing.present)
        return ki_fail_no_memory(work->err, "the lower bound");
    for (size_t layer = 0; layer < n_layers; layer++) {
        size_t size = (size_t)(work->flow.layers[layer].end - work->flow.layers[layer].depot + 1);
        work->pricing.present[layer] = ki_arena_alloc(arena, size * size / 64 + 1, 8);
        if (!work->pricing.present[layer]) return ki_fail_no_memory(work->err, "the lower bound");
    }
    work->pricing.flow = &work->flow;
    work->pricing.duals = &work->duals;
    return KERB_OK;
}

static int64_t arcs_a_pass(const ki_flow *flow) {
    int64_t n_arcs = 1;
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        int64_t n_nodes = flow->layers[layer].end - flow->layers[layer].depot + 1;
        n_arcs += n_nodes * n_nodes;
    }
    return n_arcs;
}

static int may_go_on(const master *work, const ki_bound_limit *limit) {
    if (work->n_passes >= MOST_PRICED / arcs_a_pass(&work->flow)) return 0;
    if (ki_lp_work(work->lp) >= work->most_work) return 0;
    return work->n_passes - work->first_pass < limit->effort &&
           work->best_nano < work->enough_nano && !(limit->stop && limit->stop(limit->payload));
}

static kerb_status pass_on(master *work, const ki_bound_limit *limit, int after_cuts) {
    int going = 1;
    while (going && may_go_on(work, limit))
        KI_TRY(pass(work, &going, &after_cuts));
    return KERB_OK;
}

typedef struct branch {
    master *work;
    const ki_bound_limit *limit;
} branch;

static kerb_status prove_branch(void *payload, const int32_t *least, const int32_t *most,
                                int64_t enough_nano, int64_t *bound_nano, double *used) {
    const branch *at = payload;
    master *work = at->work;
    ki_flow_rows_limit(&work->rows, work->lp, least, most);
    work->best_nano = INT64_MIN;
    work->enough_nano = enough_nano;
    work->first_pass = work->n_passes;
    KI_TRY(pass_on(work, at->limit, 1));
    *bound_nano = work->best_nano;
    ki_flow_rows_used(&work->rows, ki_lp_values(work->lp), used);
    return KERB_OK;
}

static kerb_status run_passes(master *work, ki_worker *worker, const ki_bound_limit *limit) {
    KI_TRY(take_memory(work));
    if (work->flow.n_tasks == 0) return price(work); /* vehicles with a load but no task */
    work->cuts = (ki_cut_list){.arena = &work->arena, .max = MAX_CUTS};
    KI_TRY(start(work, worker));
    work->most_work = limit->effort * WORK_AN_EFFORT;
    KI_TRY(pass_on(work, limit, 0));
    if (!work->converged) return KERB_OK;
    branch at = {work, limit};
    work->most_work = ki_lp_work(work->lp) + limit->effort * BRANCH_WORK_AN_EFFORT;
    int64_t proved_nano = work->best_nano;
    KI_TRY(ki_flow_rows_branch(&work->rows, ki_lp_values(work->lp), prove_branch, &at, &proved_nano,
                               work->err));
    work->best_nano = proved_nano;
    return KERB_OK;
}

static kerb_status bound_by_arcs(ki_bound *out, master *work, ki_worker *worker,
                                 const ki_bound_limit *limit) {
    kerb_status status = run_passes(work, worker, limit);
    out->n_columns += work->n_arcs;
    out->n_passes += work->n_passes;
    ki_lp_free(work->lp);
    ki_cuts_free(&work->cuts);
    ki_free(work->arcs);
    return status;
}

/* By trips where they are short; by arcs first where trips may not converge in time, and afterwards
 * where they did not. */
static kerb_status bound_flow(ki_bound *out, master *work, ki_worker *worker,
                              const ki_bound_limit *limit) {
    int pays = ki_trip_bound_pays(&work->flow, limit->effort);
    int arcs_first = !pays || ki_trip_bound_is_slow(&work->flow);
    ki_trip_bound trips = {.bound_nano = INT64_MIN};
    work->best_nano = INT64_MIN;
    work->enough_nano = INT64_MAX;
    if (arcs_first) KI_TRY(bound_by_arcs(out, work, worker, limit));
    if (pays) KI_TRY(ki_trip_bound_run(&trips, &work->flow, worker, limit, work->err));
    if (!arcs_first && !trips.complete) KI_TRY(bound_by_arcs(out, work, worker, limit));
    int by_trips = trips.bound_nano > work->best_nano;
    out->n_columns += trips.n_columns;
    out->n_passes += trips.n_passes;
    out->bound_nano += by_trips ? trips.bound_nano : work->best_nano;
    out->n_by_trips += by_trips;
    out->n_by_arcs += !by_trips;
    return KERB_OK;
}

static kerb_status bound_component(ki_bound *out, const ki_model *model, ki_flow_type *kinds,
                                   uint64_t types, ki_worker *worker, const ki_bound_limit *limit,
                                   kerb_error *err) {
    master work = {.model = model, .err = err};
    kerb_status status =
        ki_flow_build(&work.flow, model, kinds, types, &MAX_NODES, &work.arena, err);
    if (status == KERB_OK) status = bound_flow(out, &work, worker, limit);
    ki_arena_free(&work.arena);
    return status;
}

/* ---- components ------------------------------------------------------------------------------ */

static int may_serve(const ki_flow_type *kind, int32_t task) {
    return kind->usable && (kind->may_serve[task / 64] >> (task % 64) & 1) != 0;
}

/* Types that may serve a common task, directly or through others. */
static uint64_t grow_component(const ki_model *model, const ki_flow_type *kinds, uint64_t types) {
    for (uint64_t before = 0; before != types;) {
        before = types;
        for (int32_t task = 0; task < model->n_tasks; task++) {
            uint64_t able = 0;
            for (int32_t type = 0; type < model->n_types; type++)
                if (may_serve(&kinds[type], task)) able |= (uint64_t)1 << type;
            if (able & types) types |= able;
        }
    }
    return types;
}

/* Tasks that nobody may serve are left out in every plan. */
static int64_t surely_left_out(const ki_model *model, const ki_flow_type *kinds) {
    int64_t total = 0;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        int able = 0;
        for (int32_t type = 0; type < model->n_types; type++)
            able |= may_serve(&kinds[type], task);
        if (!able) total += ki_cost_left_out(model, task);
    }
    return total;
}

static kerb_status bound_all(ki_bound *out, const ki_model *model, ki_worker *worker,
                             const ki_bound_limit *limit, ki_arena *arena, kerb_error *err) {
    ki_flow_type *kinds;
    uint64_t done = 0;
    KI_TRY(ki_flow_types(&kinds, model, arena, err));
    out->bound_nano = surely_left_out(model, kinds);
    for (int32_t type = 0; type < model->n_types; type++) {
        if (!kinds[type].usable || done >> type & 1) continue;
        uint64_t types = grow_component(model, kinds, (uint64_t)1 << type);
        KI_TRY(bound_component(out, model, kinds, types, worker, limit, err));
        done |= types;
    }
    return KERB_OK;
}

static int64_t least_of(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Revenue is the only cost below 0: of each task at its best tip, and of what vehicles begin with.
 */
static int64_t most_revenue(const ki_model *model, const ki_flow_type *kinds) {
    int64_t total = 0;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        int64_t least = 0;
        for (int32_t type = 0; type < model->n_types; type++)
            if (may_serve(&kinds[type], task))
                least = least_of(least, kinds[type].share_nano[task]);
        total += least;
    }
    for (int32_t type = 0; type < model->n_types; type++)
        if (kinds[type].usable)
            total += least_of(0, kinds[type].used_nano) * model->types[type].n_shifts;
    return total;
}

int64_t ki_bound_without_proof(const ki_model *model) {
    ki_arena arena = {0};
    ki_flow_type *kinds;
    kerb_error ignored = {0};
    int64_t total = INT64_MIN / 4;
    if (ki_flow_types(&kinds, model, &arena, &ignored) == KERB_OK)
        total = most_revenue(model, kinds);
    ki_arena_free(&arena);
    return total;
}

/* ---- the unit of money ----------------------------------------------------------------------- */

static int64_t common_divisor(int64_t left, int64_t right) {
    while (right) {
        int64_t rest = left % right;
        left = right;
        right = rest;
    }
    return left < 0 ? -left : left;
}

static int64_t unit_of_lengths(const ki_model *model, const ki_type *kind) {
    const ki_travel *travel = &model->travels[kind->travel];
    int64_t unit = 0;
    for (size_t cell = 0; cell < (size_t)travel->n * (size_t)travel->n && unit != 1; cell++)
        if (travel->length_mm[cell] != KI_NEVER)
            unit = common_divisor(unit, travel->length_mm[cell]);
    for (int32_t mode = 0; mode < model->n_modes; mode++)
        unit = common_divisor(unit, model->modes[mode].length_mm);
    return unit;
}

/* What the cost of every plan is a multiple of: 1 on a real night, more where an instance counts in
 * whole units. */
static int64_t unit_of_cost(const ki_model *model) {
    int64_t unit = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        unit = common_divisor(unit, ki_cost_left_out(model, task));
    for (int32_t type = 0; type < model->n_types; type++) {
        const ki_type *kind = &model->types[type];
        unit = common_divisor(unit, kind->used_nano);
        unit = common_divisor(unit, kind->nano_per_ms);
        unit = common_divisor(unit, kind->balance_nano_per_s2);
        if (kind->regular_ms != KI_NEVER) unit = common_divisor(unit, kind->overtime_nano_per_ms);
        unit = common_divisor(unit, kind->nano_per_mm * unit_of_lengths(model, kind));
    }
    unit = common_divisor(unit, model->change_nano);
    unit = common_divisor(unit, model->unfamiliar_nano);
    unit = common_divisor(unit, model->compact_nano_per_m2);
    for (int32_t tip = 0; tip < model->n_tips; tip++)
        for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
            unit = common_divisor(unit, model->tips[tip].fee_nano_per_g[dim]);
    return unit > 0 ? unit : 1;
}

static int64_t round_up(int64_t value, int64_t unit) {
    int64_t rest = value % unit;
    if (rest == 0) return value;
    return value > 0 ? value - rest + unit : value - rest;
}

#define RELAXED                                                                                    \
    "waiting is free; a time window only rules out single drives; breaks take no time; batteries " \
    "last or are charged at the best power wherever they run low; facilities have bays and room "  \
    "for all; attendants look after any number; stops come in any order; shifts with settings "    \
    "are counted all together; changes from an "                                                   \
    "earlier plan cost nothing; unfamiliar stops cost nothing; compactness costs nothing; "        \
    "balance costs a tangent to its "                                                              \
    "price; hours guaranteed are paid by vehicle or as worked; ways home "                         \
    "that serve nothing cost nothing; working time is balanced over all shifts of a type "         \
    "together. Cuts: connectivity, parity, capacity."

static void name_relaxation(ki_bound *out, int proved) {
    out->relaxation = "none";
    out->scope = "nothing is proved";
    if (!proved) return;
    out->relaxation = "arc-flow LP with cuts";
    out->scope = "Vehicles are fractional; a trip's load may be divided among tips; " RELAXED;
    if (out->n_by_trips == 0) return;
    out->relaxation =
        out->n_by_arcs ? "ng-trip columns or arc-flow LP with cuts" : "ng-trip columns with cuts";
    out->scope = "Trips are fractional, fit the scarcest dimension and may return to a task from "
                 "afar; " RELAXED;
}

kerb_status ki_bound_compute_until(ki_bound *out, const ki_model *model, ki_worker *worker,
                                   const ki_bound_limit *limit, kerb_error *err) {
    ki_arena arena = {0};
    *out = (ki_bound){0};
    ki_model view;
    kerb_status status = ki_balance_view(&view, model, limit->near, &arena, err);
    if (status == KERB_OK) status = bound_all(out, &view, worker, limit, &arena, err);
    ki_arena_free(&arena);
    out->bound_nano = round_up(out->bound_nano, unit_of_cost(model));
    if (status != KERB_OK) *out = (ki_bound){0};
    name_relaxation(out, status == KERB_OK);
    return status;
}

kerb_status ki_bound_compute(ki_bound *out, const ki_model *model, const ki_route_pool *pool,
                             ki_worker *worker, int32_t effort, kerb_error *err) {
    ki_bound_limit limit = {.effort = effort, .pool = pool};
    return ki_bound_compute_until(out, model, worker, &limit, err);
}
