/* SPDX-License-Identifier: GPL-3.0-or-later
 * descent.h - local search on a plain model, through routes with too much load at a penalty.
 *
 * nodes: tasks 0..n-1, then the start of each route, then its end. */
#ifndef KI_DESCENT_H
#define KI_DESCENT_H
#include "search/plain.h"

enum { KI_PENALTY_SHIFT = 10 }; /* a penalty is in mm / 1024 for a unit of load */

typedef struct ki_tour_node {
    int32_t next, prev, route;
    int32_t place;   /* 0 at the start */
    int32_t row;     /* of the legs */
    int64_t load;    /* from the start, this node included */
    int64_t turn_mm; /* what driving from the start to here backwards would cost more */
} ki_tour_node;

typedef struct ki_tour { /* one route */
    int32_t n;           /* tasks */
    int64_t load, over_mm;
    int64_t mm;      /* of its legs; only where tasks have several modes */
    int64_t changed; /* descent->n_moves when it last changed */
    int64_t swapped; /* ... when SWAP* last looked at it */
} ki_tour;

typedef struct ki_places { /* the three cheapest places for a task in a route */
    int64_t when;          /* descent->n_moves when they were found; 0: never */
    int32_t behind[3];     /* nodes; -1: none */
    int64_t mm[3];
} ki_places;

typedef struct ki_descent {
    const ki_plain *plain;
    ki_rng *rng;
    int64_t penalty;
    int32_t n_routes;
    ki_tour_node *nodes;
    ki_tour *tours;
    int64_t *tested; /* [n] n_moves when the task was last tested against its neighbours */
    int64_t n_moves;
    int64_t gained_mm; /* by all moves since the routes were loaded, penalties included */
    int32_t *order, *route_order, *scratch;
    uint8_t *met;         /* [n_routes] */
    int64_t *saved_mm;    /* [n] by taking the task out */
    ki_places *places;    /* [n][n_routes] */
    struct ki_ends *ends; /* [nodes], where tasks have several modes (modal.h) */
} ki_descent;

kerb_status ki_descent_init(ki_descent *descent, const ki_plain *plain, ki_work *work,
                            kerb_error *err);
/* Routes from a tour over all tasks; cuts[route] is where the route ends in it. */
void ki_descent_load(ki_descent *descent, const int32_t *tour, const int32_t *cuts, int32_t n_cuts);
/* Until no move helps. penalty: for a unit of load over capacity. */
void ki_descent_run(ki_descent *descent, int64_t penalty);

static inline int64_t ki_over_mm(const ki_descent *descent, int64_t load) {
    int64_t over = load - descent->plain->capacity;
    return over > 0 ? over * descent->penalty >> KI_PENALTY_SHIFT : 0;
}
static inline int64_t ki_node_mm(const ki_descent *descent, int32_t from, int32_t to) {
    return ki_plain_leg(descent->plain, descent->nodes[from].row, descent->nodes[to].row);
}
static inline int32_t ki_tour_start(const ki_descent *descent, int32_t route) {
    return descent->plain->n + route;
}
static inline int32_t ki_tour_end(const ki_descent *descent, int32_t route) {
    return descent->plain->n + descent->n_routes + route;
}

/* Legs, penalties and the price of routes, added up anew: for tests. */
int64_t ki_descent_cost(const ki_descent *descent);

/* Between the files of the descent. */
void ki_descent_move(ki_descent *descent, int32_t task, int32_t behind);
void ki_descent_refresh(ki_descent *descent, int32_t route);
void ki_descent_relink(ki_descent *descent, int32_t route, const int32_t *tasks, int32_t n);
int ki_swap_star(ki_descent *descent, int32_t a, int32_t b);
#endif
