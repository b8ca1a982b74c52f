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

#include <string.h>

enum { MOST_ARCS = 3000 };
static const int32_t slots_ms[] = {300000, 600000, 900000, 1800000, 3600000};

/* ---- nodes ----------------------------------------------------------------------------------- */

static int32_t node_of(const ki_haul_grid *grid, int32_t kind, int32_t place, int64_t slot) {
    int32_t n_places = grid->problem->n_stations + grid->problem->n_plants;
    return (kind * n_places + place) * grid->n_slots + (int32_t)slot;
}

static int64_t slot_from(const ki_haul_grid *grid, int64_t at_ms) {
    return (at_ms + grid->slot_ms - 1) / grid->slot_ms;
}

/* The node reached at an instant; -1: after the night. */
static int32_t reached(const ki_haul_grid *grid, int32_t kind, int32_t place, int64_t at_ms) {
    int64_t slot = slot_from(grid, at_ms);
    return slot < grid->n_slots ? node_of(grid, kind, place, slot) : -1;
}

/* ---- candidates ------------------------------------------------------------------------------ */

static kerb_status add(ki_haul_grid *grid, ki_haul_arc arc, kerb_error *err) {
    if (ki_grow(&grid->arcs, &grid->capacity, (size_t)grid->n_arcs + 1, sizeof arc) != 0)
        return ki_fail_no_memory(err, "hauls");
    grid->arcs[grid->n_arcs++] = arc;
    return KERB_OK;
}

static double price(int64_t nano_each, int64_t n) {
    return (double)nano_each * 1e-9 * (double)n;
}

static kerb_status add_out(ki_haul_grid *grid, int32_t k, int32_t slot, kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    const ki_haul_kind *kind = &problem->kinds[k];
    int32_t depot = ki_haul_place_of_depot(problem, KI_HAUL_START);
    for (int32_t station = 0; station < problem->n_stations; station++) {
        int32_t drive_ms = ki_haul_drive_ms(problem, k, depot, station);
        if (drive_ms == INT32_MAX) continue;
        int64_t leave_ms = (int64_t)slot * grid->slot_ms - drive_ms;
        if (leave_ms - kind->pre_ms < kind->earliest_ms) continue;
        int64_t start_ms = ki_haul_spell_start_ms(kind, leave_ms);
        double cost = price(kind->used_nano, 1) - price(kind->nano_per_ms, start_ms) +
                      price(kind->nano_per_mm, ki_haul_drive_mm(problem, k, depot, station));
        KI_TRY(add(
            grid,
            (ki_haul_arc){KI_HAUL_OUT, k, -1, -1, slot, -1, node_of(grid, k, station, slot), cost},
            err));
    }
    return KERB_OK;
}

static kerb_status add_wait(ki_haul_grid *grid, int32_t k, int32_t place, int32_t slot,
                            kerb_error *err) {
    if (slot + 1 >= grid->n_slots) return KERB_OK;
    return add(grid,
               (ki_haul_arc){KI_HAUL_WAIT, k, -1, -1, slot, node_of(grid, k, place, slot),
                             node_of(grid, k, place, slot + 1), 0},
               err);
}

static kerb_status add_home(ki_haul_grid *grid, int32_t k, int32_t plant, int32_t slot,
                            kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    const ki_haul_kind *kind = &problem->kinds[k];
    int32_t place = ki_haul_place_of_plant(problem, plant);
    int32_t depot = ki_haul_place_of_depot(problem, KI_HAUL_END);
    int32_t drive_ms = ki_haul_drive_ms(problem, k, place, depot);
    if (drive_ms == INT32_MAX) return KERB_OK;
    int64_t end_ms = (int64_t)slot * grid->slot_ms + ki_haul_unload_ms(problem, k, plant) +
                     drive_ms + kind->post_ms;
    if (end_ms > kind->latest_ms) return KERB_OK;
    double cost = price(kind->nano_per_ms, end_ms) +
                  price(kind->nano_per_mm, ki_haul_drive_mm(problem, k, place, depot));
    return add(
        grid,
        (ki_haul_arc){KI_HAUL_HOME, k, -1, plant, slot, node_of(grid, k, place, slot), -1, cost},
        err);
}

static kerb_status add_unload(ki_haul_grid *grid, int32_t k, int32_t plant, int32_t slot,
                              kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    int64_t at_ms = (int64_t)slot * grid->slot_ms;
    int32_t place = ki_haul_place_of_plant(problem, plant);
    KI_TRY(add_wait(grid, k, place, slot, err));
    if (!ki_haul_is_open(&problem->plants[plant].hours, (int32_t)at_ms)) return KERB_OK;
    KI_TRY(add_home(grid, k, plant, slot, err));
    at_ms += ki_haul_unload_ms(problem, k, plant);
    for (int32_t station = 0; station < problem->n_stations; station++) {
        int32_t drive_ms = ki_haul_drive_ms(problem, k, place, station);
        if (drive_ms == INT32_MAX) continue;
        int32_t to = reached(grid, k, station, at_ms + drive_ms);
        if (to < 0) continue;
        double cost =
            price(problem->kinds[k].nano_per_mm, ki_haul_drive_mm(problem, k, place, station));
        KI_TRY(add(grid,
                   (ki_haul_arc){KI_HAUL_UNLOAD, k, -1, plant, slot, node_of(grid, k, place, slot),
                                 to, cost},
                   err));
    }
    return KERB_OK;
}

static kerb_status add_load(ki_haul_grid *grid, int32_t k, int32_t pile, int32_t slot,
                            kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    int32_t station = problem->piles[pile].station;
    if (!ki_haul_is_open(&problem->stations[station], slot * grid->slot_ms)) return KERB_OK;
    for (int32_t plant = 0; plant < problem->n_plants; plant++) {
        if (!ki_haul_may_carry(problem, k, pile, plant)) continue;
        int32_t place = ki_haul_place_of_plant(problem, plant);
        int64_t at_ms = (int64_t)slot * grid->slot_ms + problem->kinds[k].load_ms +
                        ki_haul_drive_ms(problem, k, station, place);
        int32_t to = reached(grid, k, place, at_ms);
        if (to < 0) continue;
        double cost =
            price(problem->kinds[k].nano_per_mm, ki_haul_drive_mm(problem, k, station, place));
        KI_TRY(add(grid,
                   (ki_haul_arc){KI_HAUL_LOAD, k, pile, plant, slot,
                                 node_of(grid, k, station, slot), to, cost},
                   err));
    }
    return KERB_OK;
}

static kerb_status add_slot(ki_haul_grid *grid, int32_t kind, int32_t slot, kerb_error *err) {
    const ki_haul_problem *problem = grid->problem;
    KI_TRY(add_out(grid, kind, slot, err));
    for (int32_t plant = 0; plant < problem->n_plants; plant++)
        KI_TRY(add_unload(grid, kind, plant, slot, err));
    for (int32_t station = 0; station < problem->n_stations; station++)
        KI_TRY(add_wait(grid, kind, station, slot, err));
    for (int32_t pile = 0; pile < problem->n_piles; pile++)
        KI_TRY(add_load(grid, kind, pile, slot, err));
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
    grid->n_nodes = problem->n_kinds * n_places * grid->n_slots;
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

/* How many arcs there are before those on no path are dropped, or a little more. */
static int64_t count_arcs(const ki_haul_problem *problem, int32_t slot_ms) {
    int64_t n = 0, n_plants = problem->n_plants, n_stations = problem->n_stations;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++) {
        const ki_haul_kind *of = &problem->kinds[kind];
        int64_t a_slot = 2 * n_stations + n_plants * (2 + n_stations);
        for (int32_t pile = 0; pile < problem->n_piles; pile++)
            for (int32_t plant = 0; plant < n_plants; plant++)
                a_slot += ki_haul_may_carry(problem, kind, pile, plant);
        n += a_slot * ((of->latest_ms - of->earliest_ms) / slot_ms + 1);
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

/* The arc out of a node that does this; -1: there is none. */
static int32_t find_arc(const ki_haul_grid *grid, int32_t node, ki_haul_arc_kind what, int32_t pile,
                        int32_t plant, int32_t to_place) {
    for (int32_t at = grid->first_out[node]; at < grid->first_out[node + 1]; at++) {
        const ki_haul_arc *arc = &grid->arcs[grid->out_arcs[at]];
        int32_t n_places = grid->problem->n_stations + grid->problem->n_plants;
        if (arc->what != what || arc->pile != pile || arc->plant != plant) continue;
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
        int32_t arc = find_arc(grid, node, KI_HAUL_WAIT, -1, -1, -1);
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

static int32_t leave_depot(const ki_haul_grid *grid, const ki_haul *haul, double *flow) {
    int32_t station = grid->problem->piles[haul->pile].station;
    if (haul->load_ms % grid->slot_ms != 0) return -1;
    int32_t to = node_of(grid, haul->kind, station, haul->load_ms / grid->slot_ms);
    for (int32_t arc = 0; arc < grid->n_arcs; arc++)
        if (grid->arcs[arc].what == KI_HAUL_OUT && grid->arcs[arc].to == to)
            return take(grid, arc, flow);
    return -1;
}

int ki_haul_grid_flow(const ki_haul_grid *grid, const ki_haul *hauls, int32_t n, double *flow) {
    int32_t node = -1;
    memset(flow, 0, (size_t)grid->n_arcs * sizeof *flow);
    for (int32_t at = 0; at < n; at++) {
        const ki_haul *haul = &hauls[at], *next = at + 1 < n ? haul + 1 : NULL;
        if (node < 0) node = leave_depot(grid, haul, flow);
        if (node >= 0) node = wait_until(grid, node, haul->load_ms, flow);
        if (node < 0) return 0;
        int32_t load = find_arc(grid, node, KI_HAUL_LOAD, haul->pile, haul->plant, -1);
        node = take(grid, load, flow);
        if (node >= 0) node = wait_until(grid, node, haul->unload_ms, flow);
        if (node < 0) return 0;
        int goes_on = next && ki_haul_same_truck(next, haul);
        int32_t to = goes_on ? grid->problem->piles[next->pile].station : -1;
        int32_t leave =
            find_arc(grid, node, goes_on ? KI_HAUL_UNLOAD : KI_HAUL_HOME, -1, haul->plant, to);
        if (leave < 0) return 0;
        node = take(grid, leave, flow);
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
