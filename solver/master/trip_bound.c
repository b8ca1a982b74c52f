/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_bound.c - a lower bound by column and cut generation over trips.
 *
 *   LP over some trips ──► duals, rounded to integers ──► trips priced ──► bound, new trips
 *          ▲                                                                   │
 *          └──────── trips with negative reduced cost; else violated cuts ◄────┘
 *
 * Trips, not whole shifts: a shift of many trips is a flow of trips through its tips, tied by what
 * enters and leaves each tip and by the hours of the shifts in use. Quick searches find most
 * columns; an exact one is forced now and then, for only it proves anything: no plan makes more
 * trips than there are tasks, so that many of the cheapest trip bound what trips can gain. */
#include "master/trip_bound.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "master/trip_columns.h"

#include <math.h>

enum {
    MAX_CUTS = 1500,
    MAX_COLUMNS = 60000,
    MAX_PIVOTS = 20000,
    TRIPS_A_PASS = 150,
    SUBSETS_A_ROUND = 16, /* cuts on trips, once those on arcs find nothing */
    POOL_ROUTES = 2000,
    PASSES_AN_EFFORT = 2,
    EXACT_EVERY = 12, /* passes */
    MOST_TASKS = 600, /* nodes of a layer */
    MOST_IN_A_TRIP = 30,
    MANY_IN_A_TRIP = 12,
    LEAST_EFFORT = 100 /* below, columns do not converge and arcs prove more */
};
#define TRIES_AN_EFFORT 2000000 /* steps of labels */

typedef struct work {
    const ki_flow *flow;
    const ki_bound_limit *limit;
    ki_arena arena;
    kerb_error *err;
    ki_lp *lp;
    ki_flow_rows rows;
    ki_cut_list cuts;
    ki_flow_duals duals;
    ki_trip_net *nets; /* [n_layers] */
    ki_trip_search search;
    ki_trip_columns columns;
    ki_subset_rows subsets;
    int32_t *cut_row; /* [MAX_CUTS] */
    int32_t first_column, n_rows, n_cuts_in_lp, n_subsets_in_lp;
    int64_t below_nano;                        /* trips of interest cost less */
    int64_t rounding_nano;                     /* of a trip, for its prices are integers */
    int64_t least_nano;                        /* of the trips of this pass */
    int32_t n_found;                           /* in this pass */
    int complete;                              /* the pass searched exactly and to its end */
    int earning;                               /* some drive costs less than nothing */
    int32_t n_passes, first_pass, since_exact; /* first_pass: of the branch at hand */
    int64_t enough_nano;
    ki_trip_effort effort;
    ki_trip_bound *out;
} work;

/* ---- is it worth it -------------------------------------------------------------------------- */

/* Tasks of a trip, by what they weigh. */
static int64_t tasks_a_trip(const ki_flow *flow) {
    int64_t ppm = 0;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        ppm += flow->weight[row];
    return flow->n_tasks / (ppm / KI_FLOW_PPM + 1);
}

int ki_trip_bound_pays(const ki_flow *flow, int32_t effort) {
    int32_t most = 0;
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        if (flow->layers[layer].n_tasks > most) most = flow->layers[layer].n_tasks;
    return effort >= LEAST_EFFORT && flow->n_tasks > 0 && most <= MOST_TASKS &&
           tasks_a_trip(flow) <= MOST_IN_A_TRIP;
}

int ki_trip_bound_is_slow(const ki_flow *flow) {
    int leads_on = 0; /* arcs prove much of kerbs, little of places */
    for (int32_t node = 0; node < flow->n_nodes; node++)
        leads_on |= flow->nodes[node].entry != flow->nodes[node].exit;
    return leads_on && tasks_a_trip(flow) > MANY_IN_A_TRIP;
}

/* ---- the LP ---------------------------------------------------------------------------------- */

static double mean_cost(const work *at) {
    double total = 0, n = 0;
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++) {
        const ki_trip_net *net = &at->nets[layer];
        for (size_t cell = 0; cell < (size_t)net->n * (size_t)net->n; cell++) {
            if (net->arcs[cell].cost_nano == KI_TRIP_NO || net->arcs[cell].cost_nano <= 0) continue;
            total += (double)net->arcs[cell].cost_nano;
            n++;
        }
    }
    return n > 0 ? total / n : 1e9;
}

static int is_earning(const work *at) {
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++) {
        const ki_trip_net *net = &at->nets[layer];
        int32_t n_tips = at->flow->layers[layer].n_tips;
        for (size_t cell = 0; cell < (size_t)net->n * (size_t)net->n; cell++)
            if (net->arcs[cell].cost_nano < 0) return 1;
        for (int32_t cell = 0; cell < (n_tips + 1) * net->n; cell++)
            if (net->starts[cell].cost_nano < 0) return 1;
        for (int32_t cell = 0; cell < n_tips * net->n; cell++)
            if (net->ends[cell].cost_nano < 0) return 1;
    }
    return 0;
}

/* Half a nano for each price, half of 1/KI_FLOW_ONE for each ms that a trip and the
 * charging for it may take. */
static int64_t find_rounding(const work *at) {
    int64_t longest = 0;
    for (int32_t type = 0; type < at->flow->model->n_types; type++)
        if (at->flow->types >> type & 1 && at->flow->kinds[type].spell_ms > longest)
            longest = at->flow->kinds[type].spell_ms;
    return at->flow->n_tasks + 3 + 2 * longest / KI_FLOW_ONE + KI_MAX_SUBSETS;
}

static kerb_status add_columns(work *at) {
    ki_lines made = {0};
    ki_trip_cuts cuts = {.cuts = at->cuts.cuts,
                         .cut_row = at->cut_row,
                         .n_cuts = at->n_cuts_in_lp,
                         .n_subsets = at->n_subsets_in_lp,
                         .subsets = &at->subsets};
    ki_trip_columns_put(&at->columns, &at->rows, &cuts, &made);
    return ki_lines_add_columns(&made, at->lp, at->err);
}

static kerb_status add_cut_rows(work *at) {
    ki_lines made = {0};
    for (int32_t index = at->n_cuts_in_lp; index < at->cuts.n; index++) {
        const ki_flow_cut *cut = &at->cuts.cuts[index];
        for (int32_t row = 0; row < at->flow->n_tasks; row++)
            ki_lines_put(&made, row, ki_cut_of_left_out(at->flow, cut, row));
        for (int32_t column = 0; column < at->columns.n_in_lp; column++)
            ki_lines_put(&made, at->first_column + column,
                         ki_trip_columns_cut(&at->columns, cut, column));
        ki_lines_end(&made, 0, cut->need, INFINITY);
        at->cut_row[index] = at->n_rows++;
    }
    at->n_cuts_in_lp = at->cuts.n;
    return ki_lines_add_rows(&made, at->lp, at->err);
}

static kerb_status add_subset_rows(work *at) {
    ki_lines made = {0};
    for (int32_t set = at->n_subsets_in_lp; set < at->subsets.n; set++) {
        for (int32_t column = 0; column < at->columns.n_in_lp; column++)
            ki_lines_put(&made, at->first_column + column,
                         ki_trip_columns_subset(&at->columns, &at->subsets, set, column));
        ki_lines_end(&made, 0, -INFINITY, 1);
        at->subsets.lp_row[set] = at->n_rows++;
    }
    at->n_subsets_in_lp = at->subsets.n;
    return ki_lines_add_rows(&made, at->lp, at->err);
}

static kerb_status start_lp(work *at, ki_worker *worker) {
    ki_lines rows = {0}, columns = {0};
    at->rows.scale = 1 / mean_cost(at);
    at->earning = is_earning(at);
    at->rounding_nano = find_rounding(at);
    KI_TRY(ki_lp_new(&at->lp, worker, at->err));
    ki_flow_rows_put(&at->rows, &rows, at->earning ? 1 : INFINITY);
    at->n_rows = (int32_t)rows.n;
    KI_TRY(ki_lines_add_rows(&rows, at->lp, at->err));
    ki_flow_rows_columns(&at->rows, &columns);
    at->first_column = (int32_t)columns.n;
    KI_TRY(ki_lines_add_columns(&columns, at->lp, at->err));
    KI_TRY(ki_trip_columns_add_empty(&at->columns, at->err));
    KI_TRY(ki_trip_columns_add_pool(&at->columns, at->limit->pool, POOL_ROUTES, at->err));
    return add_columns(at);
}

/* ---- prices ---------------------------------------------------------------------------------- */

static void read_duals(work *at) {
    const double *dual = ki_lp_duals(at->lp);
    ki_flow_rows_duals(&at->rows, dual, at->earning ? -1e15 : 0, &at->duals);
    for (int32_t cut = 0; cut < at->n_cuts_in_lp; cut++)
        at->duals.cut[cut] = ki_to_integer(dual[at->cut_row[cut]] / at->rows.scale, 0, 1e15);
    for (int32_t set = 0; set < at->n_subsets_in_lp; set++)
        at->subsets.price[set] =
            ki_to_integer(-dual[at->subsets.lp_row[set]] / at->rows.scale, 0, 1e15);
}

static kerb_status take_trips(work *at) {
    if (at->search.least_nano < at->least_nano) at->least_nano = at->search.least_nano;
    for (int32_t index = 0; index < at->search.n_trips; index++) {
        const ki_trip *trip = &at->search.trips[index];
        KI_TRY(ki_trip_columns_add(&at->columns, trip->from, at->search.nodes + trip->first,
                                   trip->n, trip->to, at->err));
        at->n_found++;
    }
    return KERB_OK;
}

static int64_t tries_left(const work *at) {
    int64_t most = (int64_t)at->limit->effort * TRIES_AN_EFFORT;
    if (at->limit->tries > 0 && at->limit->tries < most) most = at->limit->tries;
    return most - at->search.n_tries;
}

static kerb_status search_trips(work *at, const ki_cut_prices *prices) {
    at->n_found = 0;
    at->least_nano = 0;
    at->complete = at->effort == KI_TRIP_EXACT;
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++)
        for (int32_t number = 0, tip; (tip = ki_trip_class(&at->nets[layer], number)) >= 0;
             number++) {
            ki_trip_net_price(&at->nets[layer], &at->duals, prices, tip);
            KI_TRY(ki_trip_search_run(&at->search, &at->nets[layer], at->effort, at->below_nano,
                                      TRIPS_A_PASS, tries_left(at), at->err));
            at->complete = at->complete && at->search.complete;
            KI_TRY(take_trips(at));
        }
    return KERB_OK;
}

/* ---- the bound ------------------------------------------------------------------------------- */

typedef struct pricer {
    const work *at;
    const ki_cut_prices *prices;
} pricer;

static int price_empty(void *payload, int32_t from, int32_t to, int64_t *reduced_nano) {
    const pricer *by = payload;
    ki_flow_arc arc = {.from = from, .to = to};
    if (!ki_flow_price(by->at->flow, &arc)) return 0;
    *reduced_nano = ki_pricing_reduced(by->at->flow, &by->at->duals, by->prices, &arc);
    return 1;
}

static void prove(work *at, const ki_cut_prices *prices) {
    ki_wide total = prices->need + (ki_wide)at->least_nano * at->flow->n_tasks +
                    ki_pricing_count(at->flow, &at->duals);
    for (int32_t set = 0; set < at->n_subsets_in_lp; set++)
        total -= at->subsets.price[set];
    for (int32_t row = 0; row < at->flow->n_tasks; row++) {
        int64_t worth = at->duals.task[row];
        total += prices->left_out[row] < worth ? prices->left_out[row] : worth;
    }
    pricer by = {at, prices};
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++)
        total += ki_pricing_shifts(at->flow, &at->duals, layer) +
                 ki_pricing_empty(at->flow, layer, price_empty, &by);
    int64_t bound = ki_wide_clamp(total);
    if (bound > at->out->bound_nano) at->out->bound_nano = bound;
}

/* ---- cuts ------------------------------------------------------------------------------------ */

typedef struct arcs { /* of the fractional solution */
    ki_flow_arc *arcs;
    double *values;
    size_t arcs_capacity, values_capacity;
    int32_t n;
} arcs;

static kerb_status gather_arcs(const work *at, arcs *made) {
    const double *values = ki_lp_values(at->lp) + at->first_column;
    for (int32_t column = 0; column < at->columns.n_in_lp; column++) {
        if (values[column] < 1e-7) continue;
        for (int32_t place = at->columns.first[column] + 1; place < at->columns.first[column + 1];
             place++) {
            size_t n = (size_t)made->n + 1;
            if (ki_grow(&made->arcs, &made->arcs_capacity, n, sizeof *made->arcs) ||
                ki_grow(&made->values, &made->values_capacity, n, sizeof *made->values))
                return ki_fail_no_memory(at->err, "cuts of the lower bound");
            made->arcs[made->n] =
                (ki_flow_arc){.from = at->columns.nodes[place - 1], .to = at->columns.nodes[place]};
            made->values[made->n++] = values[column];
        }
    }
    return KERB_OK;
}

static kerb_status separate(work *at, int *found) {
    arcs made = {0};
    int32_t before = at->cuts.n;
    kerb_status status = gather_arcs(at, &made);
    ki_flow_point point = {.arcs = made.arcs,
                           .values = made.values,
                           .left_out = ki_lp_values(at->lp),
                           .n_arcs = made.n};
    if (status == KERB_OK)
        status = ki_cuts_separate(&at->cuts, at->flow, &point, 0.05, 0.005, at->err);
    ki_free(made.arcs);
    ki_free(made.values);
    *found = at->cuts.n > before;
    return status == KERB_OK ? add_cut_rows(at) : status;
}

static kerb_status separate_subsets(work *at, int *found) {
    KI_TRY(ki_trip_columns_separate(&at->columns, ki_lp_values(at->lp) + at->first_column,
                                    &at->subsets, SUBSETS_A_ROUND, at->err));
    *found = at->subsets.n > at->n_subsets_in_lp;
    return add_subset_rows(at);
}

/* ---- passes ---------------------------------------------------------------------------------- */

/* What to look for next, given what this pass found. */
static void choose_effort(work *at) {
    at->since_exact = at->effort == KI_TRIP_EXACT ? 0 : at->since_exact + 1;
    if (at->since_exact >= EXACT_EVERY)
        at->effort = KI_TRIP_EXACT;
    else if (at->n_found == 0 && at->effort != KI_TRIP_EXACT)
        at->effort++;
    else if (at->effort == KI_TRIP_EXACT)
        at->effort = KI_TRIP_GREEDY;
}

static kerb_status price(work *at) {
    ki_arena memory = {0};
    ki_cut_prices prices;
    kerb_status status = ki_cut_prices_make(&prices, at->flow, at->cuts.cuts, at->n_cuts_in_lp,
                                            at->duals.cut, &memory, at->err);
    if (status == KERB_OK) status = search_trips(at, &prices);
    if (status == KERB_OK && at->complete) prove(at, &prices);
    ki_arena_free(&memory);
    return status;
}

static kerb_status pass(work *at, int *going, int *after_cuts) {
    ki_lp_outcome outcome =
        ki_lp_solve(at->lp, *after_cuts ? KI_LP_DUAL : KI_LP_PRIMAL, MAX_PIVOTS);
    *going = *after_cuts = 0;
    if (outcome != KI_LP_OPTIMAL && outcome != KI_LP_LIMIT) return KERB_OK;
    read_duals(at);
    at->below_nano = -(int64_t)(1e-7 / at->rows.scale) - at->rounding_nano;
    KI_TRY(price(at));
    at->n_passes++;
    *going = tries_left(at) > 0 && at->columns.n < MAX_COLUMNS;
    if (at->effort != KI_TRIP_EXACT || at->n_found > 0 || !at->complete) {
        choose_effort(at);
        return add_columns(at);
    }
    if (outcome != KI_LP_OPTIMAL) return KERB_OK;
    KI_TRY(separate(at, after_cuts));
    if (!*after_cuts) KI_TRY(separate_subsets(at, after_cuts));
    at->effort = KI_TRIP_QUICK;
    at->out->complete = !*after_cuts;
    *going = *going && *after_cuts;
    return KERB_OK;
}

static kerb_status take_memory(work *at) {
    size_t n_nodes = (size_t)at->flow->n_nodes + 1, n_layers = (size_t)at->flow->n_layers + 1;
    KI_TRY(ki_flow_rows_new(&at->rows, at->flow, &at->arena, at->err));
    at->duals.least = at->rows.least;
    at->duals.most = at->rows.most;
    at->nets = ki_arena_alloc(&at->arena, n_layers, sizeof *at->nets);
    at->duals.task = ki_arena_alloc(&at->arena, n_nodes, sizeof(int64_t));
    at->duals.node = ki_arena_alloc(&at->arena, n_nodes, sizeof(int64_t));
    at->duals.cut = ki_arena_alloc(&at->arena, MAX_CUTS + 1, sizeof(int64_t));
    at->cut_row = ki_arena_alloc(&at->arena, MAX_CUTS + 1, sizeof *at->cut_row);
    at->subsets.of_row = ki_arena_alloc(&at->arena, n_nodes, sizeof *at->subsets.of_row);
    at->duals.hours = ki_arena_alloc(&at->arena, n_layers, sizeof(int64_t));
    at->duals.overtime = ki_arena_alloc(&at->arena, n_layers, sizeof(int64_t));
    at->duals.charge = ki_arena_alloc(&at->arena, n_layers, sizeof(int64_t));
    at->duals.trips = ki_arena_alloc(&at->arena, n_layers, sizeof(int64_t));
    if (!at->nets || !at->duals.task || !at->duals.node || !at->duals.cut || !at->duals.hours ||
        !at->duals.overtime || !at->duals.charge || !at->duals.trips || !at->cut_row ||
        !at->subsets.of_row)
        return ki_fail_no_memory(at->err, "the lower bound");
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++)
        KI_TRY(ki_trip_net_build(&at->nets[layer], at->flow, layer, &at->arena, at->err));
    for (int32_t layer = 0; layer < at->flow->n_layers; layer++)
        at->nets[layer].subsets = &at->subsets;
    return KERB_OK;
}

static int may_go_on(const work *at) {
    return at->n_passes - at->first_pass < (int64_t)at->limit->effort * PASSES_AN_EFFORT &&
           at->out->bound_nano < at->enough_nano &&
           !(at->limit->stop && at->limit->stop(at->limit->payload));
}

static kerb_status pass_on(work *at, int after_cuts) {
    int going = 1;
    while (going && may_go_on(at))
        KI_TRY(pass(at, &going, &after_cuts));
    return KERB_OK;
}

static kerb_status prove_branch(void *payload, const int32_t *least, const int32_t *most,
                                int64_t enough_nano, int64_t *bound_nano, double *used) {
    work *at = payload;
    ki_flow_rows_limit(&at->rows, at->lp, least, most);
    at->out->bound_nano = INT64_MIN;
    at->enough_nano = enough_nano;
    at->first_pass = at->n_passes;
    KI_TRY(pass_on(at, 1));
    *bound_nano = at->out->bound_nano;
    ki_flow_rows_used(&at->rows, ki_lp_values(at->lp), used);
    return KERB_OK;
}

static kerb_status run(work *at, ki_worker *worker) {
    at->enough_nano = INT64_MAX;
    at->cuts = (ki_cut_list){.arena = &at->arena, .max = MAX_CUTS};
    at->columns.flow = at->flow;
    at->search.stop = at->limit->stop;
    at->search.payload = at->limit->payload;
    KI_TRY(take_memory(at));
    KI_TRY(start_lp(at, worker));
    KI_TRY(pass_on(at, 0));
    if (!at->out->complete) return KERB_OK;
    int64_t proved_nano = at->out->bound_nano;
    KI_TRY(ki_flow_rows_branch(&at->rows, ki_lp_values(at->lp), prove_branch, at, &proved_nano,
                               at->err));
    at->out->bound_nano = proved_nano;
    at->out->complete = 1;
    return KERB_OK;
}

kerb_status ki_trip_bound_run(ki_trip_bound *out, const ki_flow *flow, ki_worker *worker,
                              const ki_bound_limit *limit, kerb_error *err) {
    work at = {.flow = flow, .limit = limit, .err = err, .out = out};
    *out = (ki_trip_bound){.bound_nano = INT64_MIN};
    kerb_status status = run(&at, worker);
    out->n_columns = at.columns.n;
    out->n_passes = at.n_passes;
    ki_lp_free(at.lp);
    ki_cuts_free(&at.cuts);
    ki_trip_columns_free(&at.columns);
    ki_trip_search_free(&at.search);
    ki_arena_free(&at.arena);
    return status;
}
