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
 *
 * The relaxation alone would send half a truck to carry half a load. So each row of a buffer is
 * joined by its rounding: to get rid of m grams by then takes ceil(m / payload) loads. That is
 * what makes the bound good.
 *
 * The relaxed masses are not bound to fill a truck, so a load for a plant with a dearer gate may be
 * less than full here and is full once played. Charging fees by loads instead is exact where loads
 * are full, but no bound.
 *
 * The masses of the answer are not used: playing the loads again in whole grams takes at least as
 * much by every instant (play.h), so what floating point gets wrong cannot reach the plan. */
#include "haul/program.h"

#include "base/alloc.h"
#include "base/error.h"
#include "master/lp.h"
#include "master/lp_lines.h"

#include <math.h>
#include <string.h>

static const double G_PER_TONNE = 1e6;
/* One tonne too many costs as much as so many times the dearest haul. */
static const double OVER_WEIGHT = 100;
/* Nodes times columns where the caller leaves the count to us. */
enum { NODE_WORK = 150000, LEAST_NODES = 40 };

typedef struct amount { /* loaded by one kind, from one pile, for one plant, in one interval */
    int32_t kind, pile, plant;
    int32_t first_slot; /* of its first arc */
} amount;

typedef struct program {
    ki_haul_stage *stage;
    const ki_haul_problem *problem;
    const ki_haul_grid *grid;
    ki_arena *arena;
    kerb_error *err;
    ki_lp *lp;
    uint8_t *boundary; /* [n_piles][n_slots]: a new interval begins */
    amount *amounts;
    int32_t n_amounts;
    size_t amounts_capacity;
    int32_t *amount_of_arc, *column_of_arc; /* [n_arcs]; -1: none */
    int32_t *row_of_node;                   /* [n_nodes]; -1: none */
    int32_t *row_of_bay;                    /* [n_plants][n_slots]; -1: none */
    int32_t first_kind_row, first_amount_row;
    int32_t first_amount, first_over, n_rows, n_columns;
    int is_soft;      /* piles may stay above their buffers, at a price */
    int fees_by_load; /* as if every load were full */
    double over_price;
    int64_t n_needed; /* loads, over all piles */
    ki_lines rows;
} program;

static double tonnes(int64_t mass_g) {
    return (double)mass_g / G_PER_TONNE;
}

/* ---- intervals ------------------------------------------------------------------------------- */

/* Slots at which loading ends by an instant are those below the one returned. */
static int32_t slots_done_by(const program *made, int32_t kind, int32_t at_ms) {
    int64_t left_ms = (int64_t)at_ms - made->problem->kinds[kind].load_ms;
    if (left_ms < 0) return 0;
    int64_t slot = left_ms / made->grid->slot_ms + 1;
    return slot < made->grid->n_slots ? (int32_t)slot : made->grid->n_slots;
}

static int32_t first_slot_from(const program *made, int32_t at_ms) {
    int64_t slot = ((int64_t)at_ms + made->grid->slot_ms - 1) / made->grid->slot_ms;
    return slot < made->grid->n_slots ? (int32_t)slot : made->grid->n_slots;
}

static void set_boundaries(program *made, int32_t pile) {
    const ki_haul_events *events = &made->stage->events[pile];
    uint8_t *boundary = &made->boundary[(size_t)pile * (size_t)(made->grid->n_slots + 1)];
    for (int32_t at = 0; at < events->n; at++) {
        boundary[first_slot_from(made, events->loadable[at].at_ms)] = 1;
        for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
            boundary[slots_done_by(made, kind, events->counted[at].at_ms)] = 1;
    }
}

static int is_split(const program *made, int32_t pile, int32_t after_slot, int32_t slot) {
    const uint8_t *boundary = &made->boundary[(size_t)pile * (size_t)(made->grid->n_slots + 1)];
    for (int32_t at = after_slot + 1; at <= slot; at++)
        if (boundary[at]) return 1;
    return 0;
}

/* latest: [n_piles][n_plants] amount of the kind at hand, -1: none */
static kerb_status join_amount(program *made, int32_t arc, int32_t *latest) {
    const ki_haul_arc *load = &made->grid->arcs[arc];
    int32_t at = latest[load->pile * made->problem->n_plants + load->plant];
    if (at < 0 || is_split(made, load->pile, made->amounts[at].first_slot, load->slot)) {
        if (ki_grow(&made->amounts, &made->amounts_capacity, (size_t)made->n_amounts + 1,
                    sizeof *made->amounts) != 0)
            return ki_fail_no_memory(made->err, "hauls");
        at = made->n_amounts++;
        made->amounts[at] = (amount){load->kind, load->pile, load->plant, load->slot};
        latest[load->pile * made->problem->n_plants + load->plant] = at;
    }
    made->amount_of_arc[arc] = at;
    return KERB_OK;
}

static kerb_status find_amounts(program *made) {
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

static void add_row(program *made, double lower, double upper) {
    ki_lines_end(&made->rows, 0, lower, upper);
    made->n_rows++;
}

static void add_node_row(program *made, int32_t node) {
    if (node < 0 || made->row_of_node[node] >= 0) return;
    made->row_of_node[node] = made->n_rows;
    add_row(made, 0, 0);
}

static int uses_bay(const ki_haul_arc *arc) {
    return arc->what == KI_HAUL_UNLOAD || arc->what == KI_HAUL_HOME;
}

/* The slots in which an arc's unloading takes up a bay, from its own on. */
static int32_t bay_slots(const program *made, const ki_haul_arc *arc) {
    int32_t n = ki_haul_unload_slots(made->problem, arc->kind, arc->plant, made->grid->slot_ms);
    return arc->slot + n < made->grid->n_slots ? n : made->grid->n_slots - arc->slot;
}

static int32_t *bay_row(const program *made, int32_t plant, int32_t slot) {
    return &made->row_of_bay[plant * made->grid->n_slots + slot];
}

static void add_bay_rows(program *made, const ki_haul_arc *arc) {
    if (!uses_bay(arc) || made->problem->plants[arc->plant].bays == 0) return;
    for (int32_t slot = arc->slot; slot < arc->slot + bay_slots(made, arc); slot++) {
        int32_t *row = bay_row(made, arc->plant, slot);
        if (*row >= 0) continue;
        *row = made->n_rows;
        add_row(made, -INFINITY,
                ki_haul_bays_free(made->problem, arc->plant, slot, made->grid->slot_ms));
    }
}

static kerb_status add_arc_rows(program *made) {
    const ki_haul_grid *grid = made->grid;
    for (int32_t arc = 0; arc < grid->n_arcs; arc++) {
        add_node_row(made, grid->arcs[arc].from);
        add_node_row(made, grid->arcs[arc].to);
        add_bay_rows(made, &grid->arcs[arc]);
    }
    made->first_kind_row = made->n_rows;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        add_row(made, -INFINITY, made->problem->kinds[kind].n_trucks);
    made->first_amount_row = made->n_rows;
    for (int32_t at = 0; at < made->n_amounts; at++)
        add_row(made, -INFINITY, 0);
    return ki_lines_add_rows(&made->rows, made->lp, made->err);
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Of a tonne from the pile, above the cheapest gate for it. */
static double spared_fee(const program *made, int32_t pile, int32_t plant) {
    int stream = made->problem->piles[pile].stream;
    int64_t spared = made->problem->plants[plant].fee_nano_per_g[stream] -
                     ki_haul_least_fee(made->problem, stream);
    return (double)spared * 1e-9 * G_PER_TONNE;
}

static void put_arc(const program *made, ki_lines *columns, int32_t at) {
    const ki_haul_arc *arc = &made->grid->arcs[at];
    const ki_haul_kind *kind = &made->problem->kinds[arc->kind];
    double cost = arc->cost;
    if (arc->from >= 0) ki_lines_put(columns, made->row_of_node[arc->from], -1);
    if (arc->to >= 0) ki_lines_put(columns, made->row_of_node[arc->to], 1);
    if (arc->what == KI_HAUL_OUT) ki_lines_put(columns, made->first_kind_row + arc->kind, 1);
    if (arc->what == KI_HAUL_LOAD) {
        ki_lines_put(columns, made->first_amount_row + made->amount_of_arc[at],
                     -tonnes(kind->payload_g));
        if (made->fees_by_load)
            cost += spared_fee(made, arc->pile, arc->plant) * tonnes(kind->payload_g);
    }
    for (int32_t slot = arc->slot; uses_bay(arc) && slot < arc->slot + bay_slots(made, arc); slot++)
        ki_lines_put(columns, *bay_row(made, arc->plant, slot), 1);
    ki_lines_end(columns, cost, 0, kind->n_trucks);
}

/* Waits are whole where all else is. */
static void put_arcs(program *made, ki_lines *columns, int waiting) {
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++) {
        if ((made->grid->arcs[arc].what == KI_HAUL_WAIT) != waiting) continue;
        put_arc(made, columns, arc);
        made->column_of_arc[arc] = made->n_columns++;
    }
}

static void put_amounts(program *made, ki_lines *columns) {
    made->first_amount = made->n_columns;
    for (int32_t at = 0; at < made->n_amounts; at++) {
        const amount *of = &made->amounts[at];
        double fee = made->fees_by_load ? 0 : spared_fee(made, of->pile, of->plant);
        ki_lines_put(columns, made->first_amount_row + at, 1);
        ki_lines_end(columns, fee, 0, INFINITY);
        made->n_columns++;
    }
}

/* What stays above the buffer, and above the closing stock, of each pile. */
static void put_overs(program *made, ki_lines *columns) {
    made->first_over = made->n_columns;
    for (int32_t at = 0; at < 2 * made->problem->n_piles; at++) {
        ki_lines_end(columns, made->over_price, 0, made->is_soft ? INFINITY : 0);
        made->n_columns++;
    }
}

static kerb_status add_columns(program *made) {
    ki_lines columns = {0};
    put_arcs(made, &columns, 0);
    KI_TRY(ki_lines_add_integers(&columns, made->lp, made->err));
    put_arcs(made, &columns, 1);
    put_amounts(made, &columns);
    put_overs(made, &columns);
    return ki_lines_add_columns(&columns, made->lp, made->err);
}

/* ---- rows of piles and plants ---------------------------------------------------------------- */

static void put_loads_before(program *made, int32_t pile, int32_t slot) {
    for (int32_t at = 0; at < made->n_amounts; at++)
        if (made->amounts[at].pile == pile && made->amounts[at].first_slot < slot)
            ki_lines_put(&made->rows, made->first_amount + at, 1);
}

static void add_there_rows(program *made, int32_t pile) {
    const ki_haul_events *events = &made->stage->events[pile];
    int64_t before_g = made->problem->piles[pile].opening_g;
    for (int32_t at = 0; at <= events->n; at++) {
        int is_last = at == events->n;
        if (!is_last && at + 1 < events->n &&
            events->loadable[at].at_ms == events->loadable[at + 1].at_ms)
            continue;
        int32_t slot =
            is_last ? made->grid->n_slots : first_slot_from(made, events->loadable[at].at_ms);
        put_loads_before(made, pile, slot);
        add_row(made, -INFINITY, tonnes(before_g));
        if (!is_last) before_g = made->problem->piles[pile].opening_g + events->loadable[at].sum_g;
    }
}

static int64_t most_payload_g(const program *made, int32_t pile) {
    int64_t most_g = 0;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        for (int32_t plant = 0; plant < made->problem->n_plants; plant++)
            if (ki_haul_may_carry(made->problem, kind, pile, plant) &&
                made->problem->kinds[kind].payload_g > most_g)
                most_g = made->problem->kinds[kind].payload_g;
    return most_g;
}

/* What loading has ended of by then; by_loads: the number of loads. */
static void put_gone(program *made, int32_t pile, int32_t at_ms, int by_loads) {
    for (int32_t at = 0; at < made->n_amounts && !by_loads; at++) {
        const amount *of = &made->amounts[at];
        if (of->pile == pile && of->first_slot < slots_done_by(made, of->kind, at_ms))
            ki_lines_put(&made->rows, made->first_amount + at, 1);
    }
    for (int32_t arc = 0; arc < made->grid->n_arcs && by_loads; arc++) {
        const ki_haul_arc *load = &made->grid->arcs[arc];
        if (load->what == KI_HAUL_LOAD && load->pile == pile &&
            load->slot < slots_done_by(made, load->kind, at_ms))
            ki_lines_put(&made->rows, made->column_of_arc[arc], 1);
    }
}

/* loads: how many it takes at the least, by then. */
static void add_limit(program *made, int32_t pile, int32_t at_ms, int64_t surplus_g, int32_t over,
                      int64_t *loads) {
    int64_t payload_g = most_payload_g(made, pile);
    if (surplus_g <= 0) return;
    put_gone(made, pile, at_ms, 0);
    ki_lines_put(&made->rows, over, 1);
    add_row(made, tonnes(surplus_g), INFINITY);
    if (made->is_soft || payload_g == 0) return;
    int64_t n = (surplus_g + payload_g - 1) / payload_g;
    put_gone(made, pile, at_ms, 1);
    add_row(made, (double)n, INFINITY);
    if (n > *loads) *loads = n;
}

/* Whether no loading can end between two arrivals: then the later says all. */
static int is_weaker(const program *made, const ki_haul_events *events, int32_t at) {
    if (at + 1 >= events->n) return 0;
    for (int32_t kind = 0; kind < made->problem->n_kinds; kind++)
        if (slots_done_by(made, kind, events->counted[at].at_ms) !=
            slots_done_by(made, kind, events->counted[at + 1].at_ms))
            return 0;
    return 1;
}

static void add_limits(program *made, int32_t pile) {
    const ki_haul_pile *of = &made->problem->piles[pile];
    const ki_haul_events *events = &made->stage->events[pile];
    int32_t over = made->first_over + 2 * pile;
    int64_t loads = 0;
    for (int32_t at = 0; at < events->n && of->most_g != INT64_MAX; at++)
        if (!is_weaker(made, events, at))
            add_limit(made, pile, events->counted[at].at_ms,
                      of->opening_g + events->counted[at].sum_g - of->most_g, over, &loads);
    if (of->closing_g != INT64_MAX)
        add_limit(made, pile, INT32_MAX, ki_haul_total_g(made->stage, pile) - of->closing_g,
                  over + 1, &loads);
    made->n_needed += loads;
}

/* The quickest round trip of a kind, by how many slots its loadings lie apart. */
static int64_t quickest_trip_ms(const program *made, int32_t k) {
    const ki_haul_problem *problem = made->problem;
    int64_t quickest = INT64_MAX;
    for (int32_t pile = 0; pile < problem->n_piles; pile++)
        for (int32_t plant = 0; plant < problem->n_plants; plant++) {
            if (!ki_haul_may_carry(problem, k, pile, plant)) continue;
            int32_t place = ki_haul_place_of_plant(problem, plant), back_ms = INT32_MAX;
            for (int32_t station = 0; station < problem->n_stations; station++)
                if (ki_haul_drive_ms(problem, k, place, station) < back_ms)
                    back_ms = ki_haul_drive_ms(problem, k, place, station);
            int64_t trip_ms = (int64_t)problem->kinds[k].load_ms +
                              ki_haul_drive_ms(problem, k, problem->piles[pile].station, place) +
                              ki_haul_unload_ms(problem, k, plant) + back_ms;
            if (trip_ms < quickest) quickest = trip_ms;
        }
    return quickest;
}

/* Relaxed, a twentieth of a truck drives twenty rounds. What it takes at the least is whole trucks:
 * each kind's count times the most loads of its shift cover the loads needed. */
static void add_truck_row(program *made) {
    if (made->n_needed == 0) return;
    int64_t most = 1;
    for (int32_t k = 0; k < made->problem->n_kinds; k++) {
        const ki_haul_kind *kind = &made->problem->kinds[k];
        int64_t spell_ms = (int64_t)kind->latest_ms - kind->earliest_ms;
        int64_t loads = 1 + spell_ms / quickest_trip_ms(made, k);
        if (loads > most) most = loads;
    }
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        if (made->grid->arcs[arc].what == KI_HAUL_OUT)
            ki_lines_put(&made->rows, made->column_of_arc[arc], 1);
    add_row(made, (double)((made->n_needed + most - 1) / most), INFINITY);
}

static kerb_status add_pile_rows(program *made) {
    for (int32_t pile = 0; pile < made->problem->n_piles; pile++) {
        add_there_rows(made, pile);
        add_limits(made, pile);
    }
    add_truck_row(made);
    for (int32_t plant = 0; plant < made->problem->n_plants; plant++) {
        if (made->problem->plants[plant].room_g == INT64_MAX) continue;
        for (int32_t at = 0; at < made->n_amounts; at++)
            if (made->amounts[at].plant == plant)
                ki_lines_put(&made->rows, made->first_amount + at, 1);
        add_row(made, -INFINITY, tonnes(made->problem->plants[plant].room_g));
    }
    return ki_lines_add_rows(&made->rows, made->lp, made->err);
}

/* ---- from hauls and back --------------------------------------------------------------------- */

static void set_over_price(program *made) {
    double dearest = 1;
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        dearest = fmax(dearest, fabs(made->grid->arcs[arc].cost));
    made->over_price = OVER_WEIGHT * dearest;
}

/* The start's hauls as values of the columns; NULL where they leave the grid. */
static double *values_of(program *made, const ki_haul_list *start, const ki_haul_fate *fates) {
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
                (int64_t)load->slot * made->grid->slot_ms == of->load_ms)
                values[made->first_amount + made->amount_of_arc[arc]] += tonnes(of->mass_g);
        }
    }
    for (int32_t pile = 0; pile < made->problem->n_piles; pile++) {
        const ki_haul_pile *of = &made->problem->piles[pile];
        int32_t over = made->first_over + 2 * pile;
        values[over] = fmax(0, tonnes(fates[pile].peak_g) - tonnes(of->most_g));
        values[over + 1] = fmax(0, tonnes(fates[pile].end_g) - tonnes(of->closing_g));
    }
    return values;
}

static kerb_status read_hauls(program *made, ki_haul_list *list) {
    int32_t *flow = ki_arena_alloc(made->arena, (size_t)made->grid->n_arcs, sizeof *flow);
    if (!flow) return ki_fail_no_memory(made->err, "hauls");
    const double *values = ki_lp_values(made->lp);
    for (int32_t arc = 0; arc < made->grid->n_arcs; arc++)
        flow[arc] = (int32_t)lround(values[made->column_of_arc[arc]]);
    KI_TRY(ki_haul_grid_hauls(made->grid, flow, list, made->err));
    return ki_haul_prune(list, made->stage, made->err);
}

/* ---- all together ---------------------------------------------------------------------------- */

static int take_memory(program *made) {
    size_t n_arcs = (size_t)made->grid->n_arcs, n_piles = (size_t)made->problem->n_piles;
    size_t n_nodes = (size_t)made->grid->n_nodes;
    size_t n_bays = (size_t)made->problem->n_plants * (size_t)made->grid->n_slots;
    made->boundary = ki_arena_alloc(made->arena, n_piles * (size_t)(made->grid->n_slots + 1), 1);
    made->amount_of_arc = ki_arena_alloc(made->arena, n_arcs, sizeof(int32_t));
    made->column_of_arc = ki_arena_alloc(made->arena, n_arcs, sizeof(int32_t));
    made->row_of_node = ki_arena_alloc(made->arena, n_nodes, sizeof(int32_t));
    made->row_of_bay = ki_arena_alloc(made->arena, n_bays, sizeof(int32_t));
    if (!made->boundary || !made->amount_of_arc || !made->column_of_arc || !made->row_of_node ||
        !made->row_of_bay)
        return 0;
    memset(made->row_of_node, 0xff, n_nodes * sizeof(int32_t));
    memset(made->row_of_bay, 0xff, n_bays * sizeof(int32_t));
    return 1;
}

static const char *shortfall_of(const program *made, ki_lp_outcome outcome) {
    switch (outcome) {
    case KI_LP_OPTIMAL:
    case KI_LP_LIMIT: return NULL;
    case KI_LP_FAULT: return ki_lp_fault(made->lp);
    default: return "no answer within the nodes allowed";
    }
}

static kerb_status build_and_solve(program *made, ki_haul_answer *answer, const ki_haul_list *start,
                                   int32_t max_nodes) {
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
    KI_TRY(add_pile_rows(made));
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
    program made = {.stage = stage,
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
