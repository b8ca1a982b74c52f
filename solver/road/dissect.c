/* SPDX-License-Identifier: GPL-3.0-or-later
 * dissect.c - nested dissection by where things lie (inertial flow: Schild and Sommer, SEA 2015).
 *
 *   +-------+---+        A cell is swept in eight directions for the straight cut with the fewest
 *   |   a   | b |        streets per junction of the smaller side. In a cell of some size the
 *   |       |---+        three tenths at either end of that sweep are then held fast and the least
 *   +---+---| c |        cut between them found by a flow. The streets cut go above all others of
 *   | d | e |   |        the cell; then each side is a cell.
 *   +---+---+---+
 *
 * Junctions stand sorted in every direction all along: a cell is the same range of all eight
 * lists, and parting it keeps their order. */
#include "road/dissect.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/dissect_cut.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { DIRECTIONS = 8, FLOW_PAYS = 40, MOST_UNEVEN = 5 /* the smaller side: a fifth */ };

typedef struct dissection {
    const ki_graph *graph;
    ki_street_map map;
    ki_cut cut;
    int32_t *by[DIRECTIONS]; /* [n_nodes] */
    int32_t *place;          /* [n_nodes] in the sweep at hand */
    int32_t *balance;        /* [n_nodes + 1] streets that begin less those that end to be cut */
    uint8_t *is_far;         /* [n_nodes] side of the cut */
    int32_t *aside;          /* [n_nodes] */
    int32_t *ranks;          /* [n_arcs] */
    int32_t n_ranked, n_cells;
} dissection;

/* ---- before ---------------------------------------------------------------------------- */

typedef struct spot {
    int64_t along;
    int32_t junction;
} spot;

static int compare_spots(const void *left, const void *right) {
    const spot *a = left, *b = right;
    if (a->along != b->along) return a->along < b->along ? -1 : 1;
    return a->junction < b->junction ? -1 : a->junction > b->junction;
}

static int sort_junctions(dissection *at) {
    static const int LAT[DIRECTIONS] = {1, 0, 1, 1, 2, 1, 2, 1};
    static const int LON[DIRECTIONS] = {0, 1, 1, -1, 1, 2, -1, -2};
    const ki_graph *graph = at->graph;
    spot *spots = ki_alloc_zero((size_t)graph->n_nodes, sizeof *spots);
    if (!spots) return -1;
    double lat_deg = graph->n_nodes ? graph->nodes[0].lat_e7 / 1e7 : 0;
    int64_t shrunk = lround(1000 * cos(lat_deg * 3.14159265358979 / 180)); /* a degree eastward */
    for (int direction = 0; direction < DIRECTIONS; direction++) {
        for (int32_t node = 0; node < graph->n_nodes; node++)
            spots[node] = (spot){LAT[direction] * INT64_C(1000) * graph->nodes[node].lat_e7 +
                                     LON[direction] * shrunk * graph->nodes[node].lon_e7,
                                 node};
        qsort(spots, (size_t)graph->n_nodes, sizeof *spots, compare_spots);
        for (int32_t node = 0; node < graph->n_nodes; node++)
            at->by[direction][node] = spots[node].junction;
    }
    ki_free(spots);
    return 0;
}

static int make_room(dissection *at) {
    size_t n = (size_t)at->graph->n_nodes + 1, n_arcs = (size_t)at->graph->n_arcs;
    at->map.graph = at->graph;
    at->map.head = ki_alloc_zero(n_arcs, sizeof *at->map.head);
    at->map.cell = ki_alloc_zero(n, sizeof *at->map.cell);
    at->place = ki_alloc_zero(n, sizeof *at->place);
    at->balance = ki_alloc_zero(n, sizeof *at->balance);
    at->is_far = ki_alloc_zero(n, sizeof *at->is_far);
    at->aside = ki_alloc_zero(n, sizeof *at->aside);
    at->ranks = ki_alloc_zero(n_arcs, sizeof *at->ranks);
    int made = at->map.head && at->map.cell && at->place && at->balance && at->is_far &&
               at->aside && at->ranks;
    for (int direction = 0; direction < DIRECTIONS && made; direction++)
        made = (at->by[direction] = ki_alloc_zero(n, sizeof *at->by[direction])) != NULL;
    if (!made || ki_cut_new(&at->cut, at->graph)) return -1;
    for (int32_t out = 0; out < at->graph->n_arcs; out++)
        at->map.head[out] = ki_arc_to(at->graph, at->graph->out_arcs[out]);
    for (int32_t arc = 0; arc < at->graph->n_arcs; arc++)
        at->ranks[arc] = at->graph->n_arcs;
    return sort_junctions(at);
}

/* ---- straight cuts ----------------------------------------------------------------------- */

typedef struct sweep { /* the best so far */
    int32_t direction, place;
    int32_t n_cut, n_smaller; /* streets cut; junctions on the smaller side */
} sweep;

static void set_balance(dissection *at, const int32_t *junctions, int32_t n) {
    const ki_graph *graph = at->graph;
    int32_t cell = at->map.cell[junctions[0]];
    memset(at->balance, 0, ((size_t)n + 1) * sizeof *at->balance);
    for (int32_t place = 0; place < n; place++)
        at->place[junctions[place]] = place;
    for (int32_t place = 0; place < n; place++) {
        int32_t node = junctions[place];
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            int32_t to = at->map.head[out];
            if (at->map.cell[to] != cell || at->place[to] <= place) continue;
            at->balance[place + 1]++;
            at->balance[at->place[to] + 1]--;
        }
    }
}

/* Of two cuts of nothing the more even one. */
static int64_t price(int32_t n_cut) {
    return INT64_C(100) * n_cut + 1;
}

static void sweep_one(dissection *at, int32_t first, int32_t n, int direction, sweep *best) {
    int32_t n_cut = 0, least = n / MOST_UNEVEN > 1 ? n / MOST_UNEVEN : 1;
    set_balance(at, at->by[direction] + first, n);
    for (int32_t place = 1; place <= n - least; place++) {
        n_cut += at->balance[place];
        int32_t n_smaller = place < n - place ? place : n - place;
        if (place < least || price(n_cut) * best->n_smaller >= price(best->n_cut) * n_smaller)
            continue;
        *best = (sweep){direction, place, n_cut, n_smaller};
    }
}

/* ---- the least cut ----------------------------------------------------------------------- */

static void hold_ends(dissection *at, const int32_t *junctions, int32_t n, const sweep *by) {
    int32_t n_held = (int32_t)(INT64_C(3) * n / 10), near = n_held, far = n - n_held;
    if (near >= by->place) near = by->place - 1;
    if (far <= by->place) far = by->place + 1;
    for (int32_t place = 0; place < n; place++)
        at->cut.end[junctions[place]] = place < near   ? KI_CUT_SOURCE
                                        : place >= far ? KI_CUT_SINK
                                                       : KI_CUT_FREE;
}

static void choose_sides(dissection *at, int32_t first, int32_t n) {
    sweep best = {0, n / 2, INT32_MAX, 1};
    for (int direction = 0; direction < DIRECTIONS; direction++)
        sweep_one(at, first, n, direction, &best);
    const int32_t *junctions = at->by[best.direction] + first;
    for (int32_t place = 0; place < n; place++)
        at->is_far[junctions[place]] = place >= best.place;
    if (n < FLOW_PAYS) return;
    hold_ends(at, junctions, n, &best);
    if (ki_cut_find(&at->cut, &at->map, junctions, n, best.n_cut) >= best.n_cut) return;
    for (int32_t place = 0; place < n; place++)
        at->is_far[junctions[place]] = at->cut.level[junctions[place]] < 0;
}

/* ---- parting ----------------------------------------------------------------------------- */

/* Those of one direction above those of the other. A way from one arc across the cut to another the
 * same way must cross back between: so the lower half has no edges within itself. */
static void rank_cut(dissection *at, const int32_t *junctions, int32_t n, int back) {
    const ki_graph *graph = at->graph;
    for (int32_t place = 0; place < n; place++) {
        int32_t node = junctions[place];
        if (at->is_far[node]) continue;
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            int32_t to = at->map.head[out];
            if (at->map.cell[to] == at->map.cell[node] && at->is_far[to])
                at->ranks[graph->out_arcs[out] ^ back] = at->n_ranked++;
        }
    }
}

/* Gives how many are on the near side. */
static int32_t part(dissection *at, int32_t *junctions, int32_t n) {
    int32_t n_near = 0, n_far = 0;
    for (int32_t place = 0; place < n; place++)
        if (at->is_far[junctions[place]])
            at->aside[n_far++] = junctions[place];
        else
            junctions[n_near++] = junctions[place];
    memcpy(junctions + n_near, at->aside, (size_t)n_far * sizeof *junctions);
    return n_near;
}

/* Not deep: a side has a fifth of its cell at least, give or take one. */
static void dissect(dissection *at, int32_t first, int32_t n) {
    int32_t n_near = 0;
    if (n < 2) return;
    choose_sides(at, first, n);
    rank_cut(at, at->by[0] + first, n, 1);
    rank_cut(at, at->by[0] + first, n, 0);
    for (int direction = 0; direction < DIRECTIONS; direction++)
        n_near = part(at, at->by[direction] + first, n);
    int32_t far_cell = ++at->n_cells;
    for (int32_t place = first + n_near; place < first + n; place++)
        at->map.cell[at->by[0][place]] = far_cell;
    dissect(at, first, n_near);
    dissect(at, first + n_near, n - n_near);
}

static kerb_status rank_arcs(int32_t **ranks, const ki_graph *graph, kerb_error *err) {
    dissection at = {.graph = graph};
    int failed = make_room(&at);
    if (!failed) dissect(&at, 0, graph->n_nodes);
    for (int direction = 0; direction < DIRECTIONS; direction++)
        ki_free(at.by[direction]);
    ki_cut_free(&at.cut);
    ki_free(at.map.head);
    ki_free(at.map.cell);
    ki_free(at.place);
    ki_free(at.balance);
    ki_free(at.is_far);
    ki_free(at.aside);
    *ranks = at.ranks;
    if (!failed) return KERB_OK;
    ki_free(at.ranks);
    *ranks = NULL;
    return ki_fail_no_memory(err, "the order of the roads");
}

/* ---- kept with the graph ----------------------------------------------------------------- */

struct ki_arc_order {
    _Atomic(int32_t *) ranks;
};

kerb_status ki_arc_order_new(ki_graph *graph, kerb_error *err) {
    graph->arc_order = ki_arena_alloc(&graph->arena, 1, sizeof *graph->arc_order);
    if (!graph->arc_order) return ki_fail_no_memory(err, "roads");
    atomic_init(&graph->arc_order->ranks, NULL);
    return KERB_OK;
}

void ki_arc_order_free(ki_graph *graph) {
    if (graph->arc_order) ki_free(atomic_load(&graph->arc_order->ranks));
}

/* Two threads that ask at once both work it out, the same; one of the two is kept. */
kerb_status ki_arc_ranks(const int32_t **ranks, int32_t **owned, const ki_graph *graph,
                         kerb_error *err) {
    struct ki_arc_order *slot = graph->arc_order;
    int32_t *made, *known = slot ? atomic_load(&slot->ranks) : NULL;
    *owned = NULL;
    *ranks = known;
    if (known) return KERB_OK;
    KI_TRY(rank_arcs(&made, graph, err));
    *ranks = made;
    if (!slot) {
        *owned = made;
    } else if (!atomic_compare_exchange_strong(&slot->ranks, &known, made)) {
        ki_free(made);
        *ranks = known;
    }
    return KERB_OK;
}
