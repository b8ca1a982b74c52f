/* SPDX-License-Identifier: GPL-3.0-or-later
 * program.c - the integer program: trucks flow through the grid; what they load is continuous, at
 * most a payload a load, and bound by what lies there.
 *
 *   each node            what comes in goes out
 *   each kind            no more trucks leave than there are
 *   each kind, pile,     loaded <= payload x loads, between two instants at which a row below
 *   plant and interval   changes
 *   each pile            loaded so far <= there so far; opening + come - gone <= buffer, at each
 *                        arrival; the same of the closing stock
 *   each plant           taken <= room; starts of unloading in a quarter <= bays
 *   each kind and break  work before it, of all its trucks <= so much a truck
 *
 * The relaxation alone would send half a truck to carry half a load. So each row of a buffer is
 * joined by its rounding: to get rid of m grams by then takes ceil(m / payload) loads. That is
 * what makes the bound good.
 *
 * The relaxed masses are not bound to fill a truck, so a load for a plant with a dearer gate may be
 * less than full here and is full once played. Charging fees by loads instead is exact where loads
 * are full, but no bound.
 *
 * The row on work is exact for one truck; of several alike one may work too long where another
 * does not. Such hauls are kept one after another as greedy ones are, later where they must be.
 *
 * The masses of the answer are not used: playing the loads again in whole grams takes at least as
 * much by every instant (play.h), so what floating point gets wrong cannot reach the plan. */
#include "haul/program.h"

#include "base/alloc.h"
#include "base/error.h"
#include "haul/program_piles.h"
#include "haul/spell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One tonne too many costs as much as so many times the dearest haul. */
static const double OVER_WEIGHT = 100;
/* Nodes times columns where the caller leaves the count to us. */
enum { NODE_WORK = 150000, LEAST_NODES = 40 };

/* ---- intervals ------------------------------------------------------------------------------- */

static void set_boundaries(ki_haul_made *made, int32_t pile) {
    const ki_haul_events *events = &made->stage->events[pile];
    uint8_t *boundary = &made->boundary[(size_t)pile * (size_t)(made->grid->n_slots + 1)];
    for (int32_t at = 0; at < events->n; at++) {
        boundary[ki_haul_first_slot_from(made, events->loadable[at].at_ms)] = 1;
        for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
            boundary[ki_haul_slots_done_by(made, kind, events->counted[at].at_ms)] = 1;
    }
}

static int is_split(const ki_haul_made *made, int32_t pile, int32_t after_slot, int32_t slot) {
    const uint8_t *boundary = &made->boundary[(size_t)pile * (size_t)(made->grid->n_slots + 1)];
    for (int32_t at = after_slot + 1; at <= slot; at++)
        if (boundary[at]) return 1;
    return 0;
}

/* latest: [n_piles][n_plants] amount of the kind at hand, -1: none */
static kerb_status join_amount(ki_haul_made *made, int32_t arc, int32_t *latest) {
    const ki_haul_arc *load = &made->grid->arcs[arc];
    int32_t at = latest[load->pile * made->problem->n_plants + load->plant];
    if (at < 0 || is_split(made, load->pile, made->amounts[at].first_slot, load->slot)) {
        if (ki_grow(&made->amounts, &made->amounts_capacity, (size_t)made->n_amounts + 1,
                    sizeof *made->amounts) != 0)
            return ki_fail_no_memory(made->err, "hauls");
        at = made->n_amounts++;
        made->amounts[at] = (ki_haul_amount){load->kind, load->pile, load->plant, load->slot};
        latest[load->pile * made->problem->n_plants + load->plant] = at;
    }
    made->amount_of_arc[arc] = at;
    return KERB_OK;
}

static kerb_status find_amounts(ki_haul_made *made) {
    size_t n_pairs = (size_t)made->problem->n_piles * (size_t)made->problem->n_plants;
    int32_t *latest = ki_arena_alloc(made->arena, n_pairs, sizeof *latest);
    if (!latest) return ki_fail_no_memory(made->err, "hauls");
    for (int32_t pile = 0; pile < made->problem->n_piles; pile++)
        set_boundaries(made, pile);
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++) {
        if (arc == 0 || made->grid->arcs[arc].kind != made->grid->arcs[arc - 1].kind)
            memset(latest, 0xff, n_pairs * sizeof *latest);
        made->amount_of_arc[arc] = -1;
        if (made->grid->arcs[arc].what == KI_HAUL_LOAD) KI_TRY(join_amount(made, arc, latest));
    }
    return KERB_OK;
}

/* ---- rows that arcs enter -------------------------------------------------------------------- */

static void add_node_row(ki_haul_made *made, int32_t node) {
    if (node < 0 || made->row_of_node[node] >= 0) return;
    made->row_of_node[node] = made->n_rows;
    ki_haul_add_row(made, 0, 0);
}

static int uses_bay(const ki_haul_arc *arc) {
    return arc->what == KI_HAUL_UNLOAD || arc->what == KI_HAUL_HOME;
}

/* The slots in which an arc's unloading takes up a bay, from its own on. */
static int32_t bay_slots(const ki_haul_made *made, const ki_haul_arc *arc) {
    int32_t n = ki_haul_unload_slots(made->problem, arc->kind, arc->plant, made->grid->slot_ms);
    return arc->slot + n < made->grid->n_slots ? n : made->grid->n_slots - arc->slot;
}

static int32_t *bay_row(const ki_haul_made *made, int32_t plant, int32_t slot) {
    return &made->row_of_bay[plant * made->grid->n_slots + slot];
}

static void add_bay_rows(ki_haul_made *made, const ki_haul_arc *arc) {
    if (!uses_bay(arc) || made->problem->plants[arc->plant].bays == 0) return;
    for (int32_t slot = arc->slot; slot < arc->slot + bay_slots(made, arc); slot++) {
        int32_t *row = bay_row(made, arc->plant, slot);
        if (*row >= 0) continue;
        *row = made->n_rows;
        ki_haul_add_row(made, -INFINITY,
                        ki_haul_bays_free(made->problem, arc->plant, slot, made->grid->slot_ms));
    }
}

static void add_work_rows(ki_haul_made *made) {
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        for (int32_t number = 0; number < KI_MAX_BREAKS; number++) {
            if (ki_haul_most_work_ms(&made->problem->kinds[kind], number) == KI_HAUL_NO_TIME)
                continue;
            made->row_of_work[kind * KI_MAX_BREAKS + number] = made->n_rows;
            ki_haul_add_row(made, -INFINITY, 0);
        }
}

static kerb_status add_arc_rows(ki_haul_made *made) {
    const ki_haul_grid *grid = made->grid;
    for (int32_t arc = 0; arc < grid->n_arcs; arc++) {
        add_node_row(made, grid->arcs[arc].from);
        add_node_row(made, grid->arcs[arc].to);
        add_bay_rows(made, &grid->arcs[arc]);
    }
    made->first_kind_row = made->n_rows;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        ki_haul_add_row(made, -INFINITY, made->problem->kinds[kind].n_trucks);
    add_work_rows(made);
    made->first_amount_row = made->n_rows;
    for (int32_t at = 0; at < made->n_amounts; at++)
        ki_haul_add_row(made, -INFINITY, 0);
    return ki_lines_add_rows(&made->rows, made->lp, made->err);
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Of a tonne from the pile, above the cheapest gate for it. */
static double spared_fee(const ki_haul_made *made, int32_t pile, int32_t plant) {
    int stream = made->problem->piles[pile].stream;
    int64_t spared = made->problem->plants[plant].fee_nano_per_g[stream] -
                     ki_haul_least_fee(made->problem, stream);
    return (double)spared * 1e-9 * KI_HAUL_G_PER_TONNE;
}

/* In hours. A truck that leaves the depot brings what it may work before each break. */
static void put_work(const ki_haul_made *made, ki_lines *columns, const ki_haul_arc *arc) {
    for (int32_t number = 0; number < KI_MAX_BREAKS; number++) {
        int32_t row = made->row_of_work[arc->kind * KI_MAX_BREAKS + number];
        int64_t ms = 0;
        if (row < 0) continue;
        if (arc->layer == number) ms += arc->work_ms;
        if (arc->layer + arc->n_pauses == number) ms += arc->drive_ms;
        if (arc->what == KI_HAUL_OUT)
            ms -= ki_haul_most_work_ms(&made->problem->kinds[arc->kind], number);
        if (ms) ki_lines_put(columns, row, (double)ms / 3.6e6);
    }
}

static void put_arc(const ki_haul_made *made, ki_lines *columns, int32_t at) {
    const ki_haul_arc *arc = &made->grid->arcs[at];
    const ki_haul_kind *kind = &made->problem->kinds[arc->kind];
    double cost = arc->cost;
    if (arc->from >= 0) ki_lines_put(columns, made->row_of_node[arc->from], -1);
    if (arc->to >= 0) ki_lines_put(columns, made->row_of_node[arc->to], 1);
    if (arc->what == KI_HAUL_OUT) ki_lines_put(columns, made->first_kind_row + arc->kind, 1);
    if (arc->what == KI_HAUL_LOAD) {
        ki_lines_put(columns, made->first_amount_row + made->amount_of_arc[at],
                     -ki_haul_tonnes(kind->payload_g));
        if (made->fees_by_load)
            cost += spared_fee(made, arc->pile, arc->plant) * ki_haul_tonnes(kind->payload_g);
    }
    put_work(made, columns, arc);
    for (int32_t slot = arc->slot; uses_bay(arc) && slot < arc->slot + bay_slots(made, arc); slot++)
        ki_lines_put(columns, *bay_row(made, arc->plant, slot), 1);
    ki_lines_end(columns, cost, 0, kind->n_trucks);
}

/* Waits are whole where all else is. */
static void put_arcs(ki_haul_made *made, ki_lines *columns, int waiting) {
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++) {
        if ((made->grid->arcs[arc].what == KI_HAUL_WAIT) != waiting) continue;
        put_arc(made, columns, arc);
        made->column_of_arc[arc] = made->n_columns++;
    }
}

static void put_amounts(ki_haul_made *made, ki_lines *columns) {
    made->first_amount = made->n_columns;
    for (int32_t at = 0; at < made->n_amounts; at++) {
        const ki_haul_amount *of = &made->amounts[at];
        double fee = made->fees_by_load ? 0 : spared_fee(made, of->pile, of->plant);
        ki_lines_put(columns, made->first_amount_row + at, 1);
        ki_lines_end(columns, fee, 0, INFINITY);
        made->n_columns++;
    }
}

/* What stays above the buffer, and above the closing stock, of each pile. */
static void put_overs(ki_haul_made *made, ki_lines *columns) {
    made->first_over = made->n_columns;
    for (int32_t at = 0; at < 2 * made->problem->n_piles; at++) {
        ki_lines_end(columns, made->over_price, 0, made->is_soft ? INFINITY : 0);
        made->n_columns++;
    }
}

static kerb_status add_columns(ki_haul_made *made) {
    ki_lines columns = {0};
    put_arcs(made, &columns, 0);
    KI_TRY(ki_lines_add_integers(&columns, made->lp, made->err));
    put_arcs(made, &columns, 1);
    put_amounts(made, &columns);
    put_overs(made, &columns);
    return ki_lines_add_columns(&columns, made->lp, made->err);
}

/* ---- from hauls and back --------------------------------------------------------------------- */

static void set_over_price(ki_haul_made *made) {
    double dearest = 1;
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        dearest = fmax(dearest, fabs(made->grid->arcs[arc].cost));
    made->over_price = OVER_WEIGHT * dearest;
}

/* The start's hauls as values of the columns; NULL where they leave the grid. */
static double *values_of(ki_haul_made *made, const ki_haul_list *start, const ki_haul_fate *fates) {
    double *values = ki_arena_alloc(made->arena, (size_t)made->n_columns, sizeof *values);
    double *flow = ki_arena_alloc(made->arena, (size_t)made->grid->n_arcs, sizeof *flow);
    if (!values || !flow || !ki_haul_grid_flow(made->grid, start->items, start->n, flow))
        return NULL;
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        values[made->column_of_arc[arc]] = flow[arc];
    for (int32_t haul = 0; haul < start->n; haul++) {
        const ki_haul *of = &start->items[haul];
        for (int32_t arc = 0; arc < made->grid->n_arcs; arc++) {
            const ki_haul_arc *load = &made->grid->arcs[arc];
            if (load->what == KI_HAUL_LOAD && load->kind == of->kind && load->pile == of->pile &&
                load->plant == of->plant &&
                (int64_t)load->slot * made->grid->slot_ms == of->load_ms) {
                values[made->first_amount + made->amount_of_arc[arc]] += ki_haul_tonnes(of->mass_g);
                break; /* with whatever breaks: it is the same amount */
            }
        }
    }
    for (int32_t pile = 0; pile < made->problem->n_piles; pile++) {
        const ki_haul_pile *of = &made->problem->piles[pile];
        int32_t over = made->first_over + 2 * pile;
        values[over] = fmax(0, ki_haul_tonnes(fates[pile].peak_g) - ki_haul_tonnes(of->most_g));
        values[over + 1] =
            fmax(0, ki_haul_tonnes(fates[pile].end_g) - ki_haul_tonnes(of->closing_g));
    }
    return values;
}

/* Hauls some truck has no time for with its breaks, as far as they can be. */
static kerb_status keep_in_turn(ki_haul_made *made, ki_haul_list *list) {
    ki_haul_list kept = {0};
    qsort(list->items, (size_t)list->n, sizeof *list->items, ki_haul_by_loading);
    kerb_status status =
        ki_haul_greedy(&kept, made->stage, made->grid->slot_ms, list->items, list->n, made->err);
    ki_haul_list_free(list);
    *list = kept;
    return status;
}

static kerb_status read_hauls(ki_haul_made *made, ki_haul_list *list) {
    int32_t *flow = ki_arena_alloc(made->arena, (size_t)made->grid->n_arcs, sizeof *flow);
    if (!flow) return ki_fail_no_memory(made->err, "hauls");
    const double *values = ki_lp_values(made->lp);
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        flow[arc] = (int32_t)lround(values[made->column_of_arc[arc]]);
    KI_TRY(ki_haul_grid_hauls(made->grid, flow, list, made->err));
    KI_TRY(ki_haul_play(made->stage, list->items, list->n, NULL, &list->tally, made->err));
    if (list->tally.n_restless) KI_TRY(keep_in_turn(made, list));
    return ki_haul_prune(list, made->stage, made->err);
}

/* ---- all together ---------------------------------------------------------------------------- */

static int take_memory(ki_haul_made *made) {
    size_t n_arcs = (size_t)made->grid->n_arcs, n_piles = (size_t)made->problem->n_piles;
    size_t n_nodes = (size_t)made->grid->n_nodes;
    size_t n_bays = (size_t)made->problem->n_plants * (size_t)made->grid->n_slots;
    made->boundary = ki_arena_alloc(made->arena, n_piles * (size_t)(made->grid->n_slots + 1), 1);
    made->amount_of_arc = ki_arena_alloc(made->arena, n_arcs, sizeof(int32_t));
    made->column_of_arc = ki_arena_alloc(made->arena, n_arcs, sizeof(int32_t));
    made->row_of_node = ki_arena_alloc(made->arena, n_nodes, sizeof(int32_t));
    made->row_of_bay = ki_arena_alloc(made->arena, n_bays, sizeof(int32_t));
    size_t n_works = (size_t)made->problem->n_kinds * KI_MAX_BREAKS;
    made->row_of_work = ki_arena_alloc(made->arena, n_works, sizeof(int32_t));
    if (!made->boundary || !made->amount_of_arc || !made->column_of_arc || !made->row_of_node ||
        !made->row_of_bay || !made->row_of_work)
        return 0;
    memset(made->row_of_node, 0xff, n_nodes * sizeof(int32_t));
    memset(made->row_of_bay, 0xff, n_bays * sizeof(int32_t));
    memset(made->row_of_work, 0xff, n_works * sizeof(int32_t));
    return 1;
}

static const char *shortfall_of(const ki_haul_made *made, ki_lp_outcome outcome) {
    switch (outcome) {
    case KI_LP_OPTIMAL:
    case KI_LP_LIMIT: return NULL;
    case KI_LP_FAULT: return ki_lp_fault(made->lp);
    default: return "no answer within the nodes allowed";
    }
}

static kerb_status build_and_solve(ki_haul_made *made, ki_haul_answer *answer,
                                   const ki_haul_list *start, int32_t max_nodes) {
    ki_haul_fate *fates =
        ki_arena_alloc(made->arena, (size_t)made->problem->n_piles, sizeof *fates);
    ki_haul_tally tally;
    if (!fates || !take_memory(made)) return ki_fail_no_memory(made->err, "hauls");
    KI_TRY(ki_haul_play(made->stage, start->items, start->n, fates, &tally, made->err));
    made->is_soft = tally.over_g > 0;
    set_over_price(made);
    KI_TRY(find_amounts(made));
    KI_TRY(add_arc_rows(made));
    KI_TRY(add_columns(made));
    KI_TRY(ki_haul_add_pile_rows(made));
    answer->n_rows = ki_lp_row_count(made->lp);
    answer->n_columns = ki_lp_column_count(made->lp);
    if (max_nodes == 0) max_nodes = LEAST_NODES + NODE_WORK / made->n_columns;
    ki_lp_outcome outcome = ki_lp_solve_integer(made->lp, values_of(made, start, fates), max_nodes);
    answer->shortfall = shortfall_of(made, outcome);
    answer->finished = outcome == KI_LP_OPTIMAL;
    if (tally.over_g == 0 && !made->fees_by_load && outcome != KI_LP_FAULT)
        answer->bound = ki_lp_bound(made->lp);
    return answer->shortfall ? KERB_OK : read_hauls(made, &answer->list);
}

kerb_status ki_haul_program(ki_haul_answer *answer, ki_haul_stage *stage, const ki_haul_grid *grid,
                            const ki_haul_list *start, int fees_by_load, ki_worker *worker,
                            int32_t max_nodes, kerb_error *err) {
    ki_haul_made made = {.stage = stage,
                         .fees_by_load = fees_by_load,
                         .problem = stage->problem,
                         .grid = grid,
                         .arena = stage->arena,
                         .err = err};
    *answer = (ki_haul_answer){.bound = -INFINITY};
    KI_TRY(ki_lp_new(&made.lp, worker, err));
    kerb_status status = build_and_solve(&made, answer, start, max_nodes);
    ki_lines_free(&made.rows);
    ki_free(made.amounts);
    ki_lp_free(made.lp);
    if (status != KERB_OK) ki_haul_list_free(&answer->list);
    return status;
}
