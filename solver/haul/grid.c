/* SPDX-License-Identifier: GPL-3.0-or-later
 * grid.c - the arcs of a time-expanded network, those on no path taken out.
 *
 * Nodes of a kind: a station or a plant in a slot, where a truck stands ready to load or unload.
 * Loading takes time, so every round trip goes forward; at one slot unloading comes before
 * loading, so that arcs in the order made lead only forward and one pass each way finds which of
 * them lie on a path. */
#include "haul/grid.h"

#include "base/alloc.h"
#include "base/error.h"
#include "haul/spell.h"

#include <string.h>

enum { MOST_ARCS = 3000 };
static const int32_t slots_ms[] = {300000, 600000, 900000, 1800000, 3600000};

/* ---- nodes ----------------------------------------------------------------------------------- */

static int32_t node_of(const ki_haul_grid *grid, int32_t kind, int32_t layer, int32_t place,
                       int64_t slot) {
    int32_t n_places = grid->problem->n_stations + grid->problem->n_plants;
    return ((kind * grid->n_layers + layer) * n_places + place) * grid->n_slots + (int32_t)slot;
}

static int64_t slot_from(const ki_haul_grid *grid, int64_t at_ms) {
    return (at_ms + grid->slot_ms - 1) / grid->slot_ms;
}

/* ---- candidates ------------------------------------------------------------------------------ */

typedef struct corner { /* where arcs begin: a place of a kind in a slot, breaks taken */
    ki_haul_grid *grid;
    const ki_haul_kind *kind;
    int32_t index, layer, slot; /* index of the kind */
    kerb_error *err;
} corner;

static kerb_status add(const corner *at, ki_haul_arc arc) {
    ki_haul_grid *grid = at->grid;
    if (ki_grow(&grid->arcs, &grid->capacity, (size_t)grid->n_arcs + 1, sizeof arc) != 0)
        return ki_fail_no_memory(at->err, "hauls");
    arc.kind = at->index;
    arc.slot = at->slot;
    grid->arcs[grid->n_arcs++] = arc;
    return KERB_OK;
}

static int32_t drive_ms(const corner *at, int32_t from, int32_t to) {
    return ki_haul_drive_ms(at->grid->problem, at->index, from, to);
}

static double price(int64_t nano_each, int64_t n) {
    return (double)nano_each * 1e-9 * (double)n;
}

static double way_price(const corner *at, int32_t from, int32_t to) {
    return price(at->kind->nano_per_mm, ki_haul_drive_mm(at->grid->problem, at->index, from, to));
}

/* Of the next breaks, as far as they are not paid. */
static double spared_price(const corner *at, int32_t n_pauses) {
    return price(at->kind->nano_per_ms, ki_haul_unpaid_ms(at->kind, at->layer, n_pauses));
}

static int64_t now_ms(const corner *at) {
    return (int64_t)at->slot * at->grid->slot_ms;
}

static int32_t here(const corner *at, int32_t place) {
    return node_of(at->grid, at->index, at->layer, place, at->slot);
}

/* To a station that loading may begin at in the corner's slot, breaks taken at the depot. */
static kerb_status add_out(const corner *at, int32_t station) {
    const ki_haul_problem *problem = at->grid->problem;
    int32_t depot = ki_haul_place_of_depot(problem, KI_HAUL_START);
    int32_t way_ms = drive_ms(at, depot, station);
    if (way_ms == INT32_MAX) return KERB_OK;
    for (int32_t n = 0; n <= at->kind->n_breaks; n++) {
        int64_t start_ms = ki_haul_spell_start(at->kind, n, now_ms(at) - way_ms);
        if (start_ms == KI_HAUL_NO_TIME) continue;
        double cost = price(at->kind->used_nano, 1) - price(at->kind->nano_per_ms, start_ms) -
                      spared_price(at, n) + way_price(at, depot, station);
        KI_TRY(add(at, (ki_haul_arc){.what = KI_HAUL_OUT,
                                     .pile = -1,
                                     .plant = -1,
                                     .from = -1,
                                     .to = node_of(at->grid, at->index, n, station, at->slot),
                                     .cost = cost,
                                     .n_pauses = (uint8_t)n,
                                     .work_ms = (int64_t)at->kind->worked_ms + at->kind->pre_ms,
                                     .drive_ms = way_ms}));
    }
    return KERB_OK;
}

static kerb_status add_wait(const corner *at, int32_t place) {
    if (at->slot + 1 >= at->grid->n_slots) return KERB_OK;
    return add(at, (ki_haul_arc){.what = KI_HAUL_WAIT,
                                 .pile = -1,
                                 .plant = -1,
                                 .from = here(at, place),
                                 .to = here(at, place) + 1,
                                 .layer = (uint8_t)at->layer});
}

/* From place on to place `to` once what keeps it busy is done, with each number of breaks before.
 */
static kerb_status add_ways(const corner *at, ki_haul_arc arc, int32_t place, int32_t to) {
    int32_t way_ms = drive_ms(at, place, to);
    if (way_ms == INT32_MAX) return KERB_OK;
    arc.from = here(at, place);
    arc.layer = (uint8_t)at->layer;
    arc.drive_ms = way_ms;
    for (int32_t n = 0; at->layer + n <= at->kind->n_breaks; n++) {
        int64_t free_ms = ki_haul_rest(at->kind, at->layer, n, now_ms(at) + arc.work_ms, NULL);
        if (free_ms == KI_HAUL_NO_TIME) break;
        int64_t slot = slot_from(at->grid, free_ms + way_ms);
        if (slot >= at->grid->n_slots) break;
        arc.n_pauses = (uint8_t)n;
        arc.to = node_of(at->grid, at->index, at->layer + n, to, slot);
        arc.cost = way_price(at, place, to) - spared_price(at, n);
        KI_TRY(add(at, arc));
    }
    return KERB_OK;
}

static kerb_status add_home(const corner *at, ki_haul_arc arc, int32_t place) {
    int32_t depot = ki_haul_place_of_depot(at->grid->problem, KI_HAUL_END);
    int32_t way_ms = drive_ms(at, place, depot);
    if (way_ms == INT32_MAX) return KERB_OK;
    arc.what = KI_HAUL_HOME;
    arc.from = here(at, place);
    arc.to = -1;
    arc.layer = (uint8_t)at->layer;
    arc.drive_ms = (int64_t)way_ms + at->kind->post_ms;
    for (int32_t n = 0; at->layer + n <= at->kind->n_breaks; n++) {
        int64_t free_ms = ki_haul_rest(at->kind, at->layer, n, now_ms(at) + arc.work_ms, NULL);
        if (free_ms == KI_HAUL_NO_TIME) break;
        int64_t end_ms = free_ms + arc.drive_ms;
        if (end_ms > ki_haul_spell_due(at->kind, at->layer + n)) continue;
        arc.n_pauses = (uint8_t)n;
        arc.cost = price(at->kind->nano_per_ms, end_ms) - spared_price(at, n) +
                   way_price(at, place, depot);
        KI_TRY(add(at, arc));
    }
    return KERB_OK;
}

static kerb_status add_unload(const corner *at, int32_t plant) {
    const ki_haul_problem *problem = at->grid->problem;
    int32_t place = ki_haul_place_of_plant(problem, plant);
    ki_haul_arc arc = {.what = KI_HAUL_UNLOAD,
                       .pile = -1,
                       .plant = plant,
                       .work_ms = ki_haul_unload_ms(problem, at->index, plant)};
    KI_TRY(add_wait(at, place));
    if (!ki_haul_is_open(&problem->plants[plant].hours, (int32_t)now_ms(at))) return KERB_OK;
    KI_TRY(add_home(at, arc, place));
    for (int32_t station = 0; station < problem->n_stations; station++)
        KI_TRY(add_ways(at, arc, place, station));
    return KERB_OK;
}

static kerb_status add_load(const corner *at, int32_t pile) {
    const ki_haul_problem *problem = at->grid->problem;
    int32_t station = problem->piles[pile].station;
    ki_haul_arc arc = {.what = KI_HAUL_LOAD, .pile = pile, .work_ms = at->kind->load_ms};
    if (!ki_haul_is_open(&problem->stations[station], (int32_t)now_ms(at))) return KERB_OK;
    for (int32_t plant = 0; plant < problem->n_plants; plant++) {
        arc.plant = plant;
        if (ki_haul_may_carry(problem, at->index, pile, plant))
            KI_TRY(add_ways(at, arc, station, ki_haul_place_of_plant(problem, plant)));
    }
    return KERB_OK;
}

static kerb_status add_slot(ki_haul_grid *grid, int32_t kind, int32_t slot, kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    corner at = {grid, &problem->kinds[kind], kind, 0, slot, err};
    for (int32_t station = 0; station < problem->n_stations; station++)
        KI_TRY(add_out(&at, station));
    for (; at.layer <= at.kind->n_breaks; at.layer++) {
        for (int32_t plant = 0; plant < problem->n_plants; plant++)
            KI_TRY(add_unload(&at, plant));
        for (int32_t station = 0; station < problem->n_stations; station++)
            KI_TRY(add_wait(&at, station));
        for (int32_t pile = 0; pile < problem->n_piles; pile++)
            KI_TRY(add_load(&at, pile));
    }
    return KERB_OK;
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* Marks what can be reached from the depot, or, backwards, what can reach it. */
static void mark(const ki_haul_grid *grid, uint8_t *marks, uint8_t bit, int backwards) {
    for (int32_t at = 0; at < grid->n_arcs; at++) {
        const ki_haul_arc *arc = &grid->arcs[backwards ? grid->n_arcs - 1 - at : at];
        int32_t near = backwards ? arc->to : arc->from, far = backwards ? arc->from : arc->to;
        if (far >= 0 && (near < 0 || (marks[near] & bit))) marks[far] |= bit;
    }
}

static int is_on_path(const uint8_t *marks, const ki_haul_arc *arc) {
    return (arc->from < 0 || marks[arc->from] == 3) && (arc->to < 0 || marks[arc->to] == 3);
}

static void drop_dead_arcs(ki_haul_grid *grid, uint8_t *marks) {
    mark(grid, marks, 1, 0);
    mark(grid, marks, 2, 1);
    int32_t n_kept = 0;
    for (int32_t at = 0; at < grid->n_arcs; at++)
        if (is_on_path(marks, &grid->arcs[at])) grid->arcs[n_kept++] = grid->arcs[at];
    grid->n_arcs = n_kept;
}

static void index_arcs(ki_haul_grid *grid) {
    int32_t n = 0;
    for (int32_t at = 0; at < grid->n_arcs; at++)
        if (grid->arcs[at].from >= 0) grid->first_out[grid->arcs[at].from + 1]++;
    for (int32_t node = 0; node < grid->n_nodes; node++)
        grid->first_out[node + 1] += grid->first_out[node];
    n = grid->first_out[grid->n_nodes];
    for (int32_t at = grid->n_arcs - 1; at >= 0; at--) /* back to the start of each node's */
        if (grid->arcs[at].from >= 0)
            grid->out_arcs[--grid->first_out[grid->arcs[at].from + 1]] = at;
    for (int32_t node = 0; node < grid->n_nodes; node++) /* each start is one place too high */
        grid->first_out[node] = grid->first_out[node + 1];
    grid->first_out[grid->n_nodes] = n;
}

kerb_status ki_haul_grid_new(ki_haul_grid *grid, const ki_haul_problem *problem, int32_t slot_ms,
                             ki_arena *arena, kerb_error *err) {
    int32_t n_places = problem->n_stations + problem->n_plants;
    *grid = (ki_haul_grid){.problem = problem, .slot_ms = slot_ms};
    grid->n_slots = problem->horizon_ms / slot_ms + 1;
    grid->n_layers = 1;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++)
        if (problem->kinds[kind].n_breaks + 1 > grid->n_layers)
            grid->n_layers = problem->kinds[kind].n_breaks + 1;
    grid->n_nodes = problem->n_kinds * grid->n_layers * n_places * grid->n_slots;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++) {
        int32_t first = problem->kinds[kind].earliest_ms / slot_ms;
        int32_t last = problem->kinds[kind].latest_ms / slot_ms;
        for (int32_t slot = first; slot <= last && slot < grid->n_slots; slot++)
            KI_TRY(add_slot(grid, kind, slot, err));
    }
    uint8_t *marks = ki_arena_alloc(arena, (size_t)grid->n_nodes, 1);
    grid->first_out = ki_arena_alloc(arena, (size_t)grid->n_nodes + 1, sizeof(int32_t));
    if (!marks || !grid->first_out) return ki_fail_no_memory(err, "hauls");
    drop_dead_arcs(grid, marks);
    grid->out_arcs = ki_arena_alloc(arena, (size_t)grid->n_arcs, sizeof(int32_t));
    if (!grid->out_arcs) return ki_fail_no_memory(err, "hauls");
    index_arcs(grid);
    return KERB_OK;
}

void ki_haul_grid_free(ki_haul_grid *grid) {
    ki_free(grid->arcs);
    *grid = (ki_haul_grid){0};
}

/* The last instant at which a break may start; the spell's end where there are no hours for it. */
static int32_t last_start_ms(const ki_haul_kind *kind, int32_t number) {
    const ki_haul_break *of = &kind->breaks[number];
    int32_t last_ms = of->n_spans ? of->spans[0].close_ms : kind->latest_ms;
    for (int32_t at = 1; at < of->n_spans; at++)
        if (of->spans[at].close_ms > last_ms) last_ms = of->spans[at].close_ms;
    return last_ms;
}

/* The slots in which a truck may have taken so many breaks. */
static int64_t slots_of_layer(const ki_haul_kind *kind, int32_t layer, int32_t slot_ms) {
    int32_t first_ms = kind->earliest_ms, last_ms = kind->latest_ms;
    for (int32_t number = 0; number < layer; number++) {
        const ki_haul_break *of = &kind->breaks[number];
        int32_t open_ms = INT32_MAX;
        for (int32_t at = 0; at < of->n_spans; at++)
            if (of->spans[at].open_ms < open_ms) open_ms = of->spans[at].open_ms;
        if (of->n_spans && open_ms > first_ms) first_ms = open_ms;
    }
    for (int32_t number = layer; number < kind->n_breaks; number++) {
        int32_t last_here_ms = last_start_ms(kind, number);
        int asks = kind->breaks[number].due_ms != INT32_MAX;
        if (asks && last_here_ms < last_ms) last_ms = last_here_ms;
    }
    return last_ms < first_ms ? 0 : (last_ms - first_ms) / slot_ms + 1;
}

/* How many arcs there are before those on no path are dropped, or a little more. */
static int64_t count_arcs(const ki_haul_problem *problem, int32_t slot_ms) {
    int64_t n = 0, n_plants = problem->n_plants, n_stations = problem->n_stations;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++) {
        const ki_haul_kind *of = &problem->kinds[kind];
        int64_t outs = n_stations, waits = n_stations + n_plants;
        int64_t stops = n_plants * (1 + n_stations);
        for (int32_t pile = 0; pile < problem->n_piles; pile++)
            for (int32_t plant = 0; plant < n_plants; plant++)
                stops += ki_haul_may_carry(problem, kind, pile, plant);
        for (int32_t layer = 0; layer <= of->n_breaks; layer++)
            n += (outs + waits + stops * (of->n_breaks + 1 - layer)) *
                 slots_of_layer(of, layer, slot_ms);
    }
    return n;
}

int32_t ki_haul_grid_slot_ms(const ki_haul_problem *problem) {
    if (problem->slot_ms > 0)
        return count_arcs(problem, problem->slot_ms) <= MOST_ARCS ? problem->slot_ms : 0;
    for (size_t at = 0; at < sizeof slots_ms / sizeof *slots_ms; at++)
        if (count_arcs(problem, slots_ms[at]) <= MOST_ARCS) return slots_ms[at];
    return 0;
}

/* ---- flows and hauls ------------------------------------------------------------------------- */

/* The arc out of a node that does this and takes so many breaks; -1: there is none. */
static int32_t find_arc(const ki_haul_grid *grid, int32_t node, ki_haul_arc_kind what, int32_t pile,
                        int32_t plant, int32_t to_place, int32_t n_pauses) {
    for (int32_t at = grid->first_out[node]; at < grid->first_out[node + 1]; at++) {
        const ki_haul_arc *arc = &grid->arcs[grid->out_arcs[at]];
        int32_t n_places = grid->problem->n_stations + grid->problem->n_plants;
        if (arc->what != what || arc->pile != pile || arc->plant != plant) continue;
        if (arc->n_pauses != n_pauses) continue;
        if (to_place >= 0 && arc->to / grid->n_slots % n_places != to_place) continue;
        return grid->out_arcs[at];
    }
    return -1;
}

/* Waits at a node until an instant; the node there, -1: off the grid. */
static int32_t wait_until(const ki_haul_grid *grid, int32_t node, int32_t at_ms, double *flow) {
    int32_t slot = at_ms / grid->slot_ms;
    if (at_ms % grid->slot_ms != 0) return -1;
    while (node >= 0 && node % grid->n_slots < slot) {
        int32_t arc = find_arc(grid, node, KI_HAUL_WAIT, -1, -1, -1, 0);
        if (arc < 0) return -1;
        flow[arc]++;
        node = grid->arcs[arc].to;
    }
    return node >= 0 && node % grid->n_slots == slot ? node : -1;
}

static int32_t take(const ki_haul_grid *grid, int32_t arc, double *flow) {
    if (arc < 0) return -1;
    flow[arc]++;
    return grid->arcs[arc].to;
}

static int32_t leave_depot(const ki_haul_grid *grid, const ki_haul *haul, int32_t n_pauses,
                           double *flow) {
    int32_t station = grid->problem->piles[haul->pile].station;
    if (haul->load_ms % grid->slot_ms != 0) return -1;
    int32_t to = node_of(grid, haul->kind, n_pauses, station, haul->load_ms / grid->slot_ms);
    for (int32_t arc = 0; arc < grid->n_arcs; arc++)
        if (grid->arcs[arc].what == KI_HAUL_OUT && grid->arcs[arc].to == to)
            return take(grid, arc, flow);
    return -1;
}

/* How many breaks of the spell are taken at a place of it. */
static int32_t pauses_at(const ki_haul_spell *spell, int32_t place) {
    int32_t n = 0;
    for (int32_t at = 0; at < spell->n_pauses; at++)
        n += spell->pauses[at].place == place;
    return n;
}

/* One truck's n hauls; 0: they leave the grid. */
static int flow_of_truck(const ki_haul_grid *grid, const ki_haul *hauls, int32_t n, double *flow) {
    ki_haul_spell spell;
    if (!ki_haul_spell_settle(grid->problem, hauls, n, &spell)) return 0;
    int32_t node = leave_depot(grid, hauls, pauses_at(&spell, 0), flow);
    for (int32_t at = 0; at < n; at++) {
        const ki_haul *haul = &hauls[at];
        int goes_on = at + 1 < n;
        if (node >= 0) node = wait_until(grid, node, haul->load_ms, flow);
        if (node < 0) return 0;
        node = take(grid,
                    find_arc(grid, node, KI_HAUL_LOAD, haul->pile, haul->plant, -1,
                             pauses_at(&spell, 2 * at + 1)),
                    flow);
        if (node >= 0) node = wait_until(grid, node, haul->unload_ms, flow);
        if (node < 0) return 0;
        int32_t to = goes_on ? grid->problem->piles[haul[1].pile].station : -1;
        int32_t leave = find_arc(grid, node, goes_on ? KI_HAUL_UNLOAD : KI_HAUL_HOME, -1,
                                 haul->plant, to, pauses_at(&spell, 2 * at + 2));
        if (leave < 0) return 0;
        node = take(grid, leave, flow);
    }
    return 1;
}

int ki_haul_grid_flow(const ki_haul_grid *grid, const ki_haul *hauls, int32_t n, double *flow) {
    memset(flow, 0, (size_t)grid->n_arcs * sizeof *flow);
    for (int32_t first = 0, at = 0; at < n; at++) {
        if (at + 1 < n && ki_haul_same_truck(&hauls[at + 1], &hauls[at])) continue;
        if (!flow_of_truck(grid, &hauls[first], at + 1 - first, flow)) return 0;
        first = at + 1;
    }
    return 1;
}

/* The next arc of a path: work before waiting. */
static int32_t next_arc(const ki_haul_grid *grid, int32_t node, const int32_t *flow) {
    int32_t waiting = -1;
    for (int32_t at = grid->first_out[node]; at < grid->first_out[node + 1]; at++) {
        int32_t arc = grid->out_arcs[at];
        if (flow[arc] <= 0) continue;
        if (grid->arcs[arc].what != KI_HAUL_WAIT) return arc;
        waiting = arc;
    }
    return waiting;
}

static kerb_status walk(const ki_haul_grid *grid, int32_t arc, int32_t truck, int32_t *flow,
                        ki_haul_list *list, kerb_error *err) {
    ki_haul haul = {.truck = truck};
    while (arc >= 0) {
        const ki_haul_arc *here = &grid->arcs[arc];
        flow[arc]--;
        if (here->what == KI_HAUL_LOAD) {
            haul.kind = here->kind;
            haul.pile = here->pile;
            haul.plant = here->plant;
            haul.load_ms = here->slot * grid->slot_ms;
        }
        if (here->what == KI_HAUL_UNLOAD || here->what == KI_HAUL_HOME) {
            haul.unload_ms = here->slot * grid->slot_ms;
            KI_TRY(ki_haul_add(list, &haul, err));
        }
        arc = here->to < 0 ? -1 : next_arc(grid, here->to, flow);
    }
    return KERB_OK;
}

kerb_status ki_haul_grid_hauls(const ki_haul_grid *grid, int32_t *flow, ki_haul_list *list,
                               kerb_error *err) {
    int32_t truck = 0;
    for (int32_t arc = 0; arc < grid->n_arcs; arc++) {
        const ki_haul_arc *out = &grid->arcs[arc];
        if (arc > 0 && out->kind != grid->arcs[arc - 1].kind) truck = 0;
        for (; out->what == KI_HAUL_OUT && flow[arc] > 0; truck++)
            KI_TRY(walk(grid, arc, truck, flow, list, err));
    }
    return KERB_OK;
}
