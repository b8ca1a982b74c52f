/* SPDX-License-Identifier: GPL-3.0-or-later
 * swap_star.c - SWAP*: two tasks change routes, each to its best place there.
 *
 * The best place for u in route b without v is either one of the three best in b as it is that do
 * not touch v, or where v was. Which pairs of routes are worth a look is told by near neighbours,
 * not by angles: there need be no coordinates. Source: Vidal 2022 (see descent.c), section 4. */
#include "search/descent.h"

typedef struct exchange {
    int64_t mm;
    int32_t u, v;               /* -1: none moves that way */
    int32_t u_behind, v_behind; /* nodes */
} exchange;

static ki_places *places_of(ki_descent *d, int32_t task, int32_t route) {
    return &d->places[(size_t)task * (size_t)d->n_routes + (size_t)route];
}

static void add_place(ki_places *places, int32_t behind, int64_t mm) {
    int rank = 2;
    if (places->behind[rank] >= 0 && mm >= places->mm[rank]) return;
    for (; rank > 0 && (places->behind[rank - 1] < 0 || mm < places->mm[rank - 1]); rank--) {
        places->behind[rank] = places->behind[rank - 1];
        places->mm[rank] = places->mm[rank - 1];
    }
    places->behind[rank] = behind;
    places->mm[rank] = mm;
}

static void find_places(ki_descent *d, int32_t task, int32_t route) {
    ki_places *places = places_of(d, task, route);
    if (places->when >= d->tours[route].changed) return;
    *places = (ki_places){.when = d->n_moves, .behind = {-1, -1, -1}};
    int32_t end = ki_tour_end(d, route);
    for (int32_t at = ki_tour_start(d, route); at != end; at = d->nodes[at].next) {
        int32_t next = d->nodes[at].next;
        add_place(places, at,
                  ki_node_mm(d, at, task) + ki_node_mm(d, task, next) - ki_node_mm(d, at, next));
    }
}

/* The cheapest place for a task in the route of `gone` once that is out. */
static int64_t place_without(ki_descent *d, int32_t task, int32_t gone, int32_t *behind) {
    const ki_tour_node *out = &d->nodes[gone];
    const ki_places *places = places_of(d, task, out->route);
    int64_t best_mm = ki_node_mm(d, out->prev, task) + ki_node_mm(d, task, out->next) -
                      ki_node_mm(d, out->prev, out->next);
    *behind = out->prev;
    for (int rank = 0; rank < 3 && places->behind[rank] >= 0; rank++) {
        int32_t at = places->behind[rank];
        if (at == gone || d->nodes[at].next == gone) continue;
        if (places->mm[rank] >= best_mm) break;
        best_mm = places->mm[rank];
        *behind = at;
        break;
    }
    return best_mm;
}

static void prepare(ki_descent *d, int32_t a, int32_t b) {
    int32_t end = ki_tour_end(d, a);
    for (int32_t u = d->nodes[ki_tour_start(d, a)].next; u != end; u = d->nodes[u].next) {
        const ki_tour_node *node = &d->nodes[u];
        d->saved_mm[u] = ki_node_mm(d, node->prev, node->next) - ki_node_mm(d, node->prev, u) -
                         ki_node_mm(d, u, node->next);
        find_places(d, u, b);
    }
}

static void try_swap(ki_descent *d, int32_t u, int32_t v, int64_t over_mm, exchange *best) {
    int64_t mm = over_mm + d->saved_mm[u] + d->saved_mm[v];
    int32_t u_behind, v_behind;
    if (mm >= best->mm) return;
    mm += place_without(d, u, v, &u_behind) + place_without(d, v, u, &v_behind);
    if (mm < best->mm) *best = (exchange){mm, u, v, u_behind, v_behind};
}

static void try_all_swaps(ki_descent *d, int32_t a, int32_t b, exchange *best) {
    const ki_tour *from = &d->tours[a], *to = &d->tours[b];
    int32_t end_a = ki_tour_end(d, a), end_b = ki_tour_end(d, b);
    for (int32_t u = d->nodes[ki_tour_start(d, a)].next; u != end_a; u = d->nodes[u].next)
        for (int32_t v = d->nodes[ki_tour_start(d, b)].next; v != end_b; v = d->nodes[v].next) {
            int64_t load = d->plain->load[u] - d->plain->load[v];
            int64_t over_mm = ki_over_mm(d, from->load - load) + ki_over_mm(d, to->load + load) -
                              from->over_mm - to->over_mm;
            try_swap(d, u, v, over_mm, best);
        }
}

/* One task goes to its best place in the other route, and none comes back. */
static void try_all_moves(ki_descent *d, int32_t a, int32_t b, int back, exchange *best) {
    const ki_tour *from = &d->tours[a], *to = &d->tours[b];
    int32_t end = ki_tour_end(d, a);
    for (int32_t u = d->nodes[ki_tour_start(d, a)].next; u != end; u = d->nodes[u].next) {
        const ki_places *places = places_of(d, u, b);
        int64_t load = d->plain->load[u];
        int64_t mm = d->saved_mm[u] + places->mm[0] + ki_over_mm(d, from->load - load) +
                     ki_over_mm(d, to->load + load) - from->over_mm - to->over_mm;
        if (from->n == 1) mm -= d->plain->used_mm;
        if (mm >= best->mm) continue;
        *best = back ? (exchange){mm, -1, u, -1, places->behind[0]}
                     : (exchange){mm, u, -1, places->behind[0], -1};
    }
}

int ki_swap_star(ki_descent *d, int32_t a, int32_t b) {
    exchange best = {0, -1, -1, -1, -1};
    if (d->ends) return 0;
    prepare(d, a, b);
    prepare(d, b, a);
    try_all_swaps(d, a, b, &best);
    try_all_moves(d, a, b, 0, &best);
    try_all_moves(d, b, a, 1, &best);
    if (best.mm >= 0) return 0;
    if (best.u >= 0) ki_descent_move(d, best.u, best.u_behind);
    if (best.v >= 0) ki_descent_move(d, best.v, best.v_behind);
    d->n_moves++;
    d->gained_mm -= best.mm;
    ki_descent_refresh(d, a);
    ki_descent_refresh(d, b);
    return 1;
}
