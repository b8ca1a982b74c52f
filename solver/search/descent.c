/* SPDX-License-Identifier: GPL-3.0-or-later
 * descent.c - moves of one or two tasks, swaps, 2-opt and 2-opt* between near neighbours.
 *
 *   route a:  ... pu ─ u ─ x ─ xx ...        each move makes v and u neighbours
 *   route b:  ... pv ─ v ─ y ─ yy ...
 *
 * A move is first priced by its legs. What it can gain by load is at most what both routes now pay
 * for too much of it; only if the legs leave that open are loads looked at. A task is tested again
 * only where a route has changed since (timestamps).
 * Source: Vidal, "Hybrid genetic search for the CVRP: open-source implementation and SWAP*
 * neighborhood", Computers & OR 140 (2022). Reversals are priced by sums of what each leg costs
 * more backwards, so that legs need not be symmetric. */
#include "search/descent.h"

#include "base/error.h"
#include "search/modal.h"

enum { MET_NEAR = 10 };

typedef struct pair {
    ki_descent *d;
    int32_t a, b; /* routes */
    int32_t pu, u, x, xx;
    int32_t pv, v, y, yy;
} pair;

kerb_status ki_descent_init(ki_descent *d, const ki_plain *plain, ki_work *work, kerb_error *err) {
    size_t n = (size_t)plain->n, n_routes = (size_t)plain->most_routes;
    *d = (ki_descent){.plain = plain, .rng = &work->rng, .n_routes = plain->most_routes};
    d->nodes = ki_arena_alloc(&work->arena, n + 2 * n_routes, sizeof *d->nodes);
    d->tours = ki_arena_alloc(&work->arena, n_routes, sizeof *d->tours);
    d->tested = ki_arena_alloc(&work->arena, n, sizeof *d->tested);
    d->order = ki_arena_alloc(&work->arena, n, sizeof *d->order);
    d->route_order = ki_arena_alloc(&work->arena, n_routes, sizeof *d->route_order);
    d->scratch = ki_arena_alloc(&work->arena, 2 * n, sizeof *d->scratch);
    d->met = ki_arena_alloc(&work->arena, n_routes, 1);
    d->saved_mm = ki_arena_alloc(&work->arena, n, sizeof *d->saved_mm);
    d->places = ki_arena_alloc(&work->arena, n * n_routes, sizeof *d->places);
    if (!d->nodes || !d->tours || !d->tested || !d->order || !d->route_order || !d->scratch ||
        !d->met || !d->saved_mm || !d->places)
        return ki_fail_no_memory(err, "the search");
    if (plain->modes) KI_TRY(ki_modal_init(d, work, err));
    for (int32_t task = 0; task < plain->n; task++)
        d->order[task] = d->nodes[task].row = task;
    for (int32_t route = 0; route < d->n_routes; route++) {
        ki_tour_node *start = &d->nodes[ki_tour_start(d, route)],
                     *end = &d->nodes[ki_tour_end(d, route)];
        start->row = plain->start;
        end->row = plain->end;
        start->route = end->route = route;
        d->route_order[route] = route;
    }
    return KERB_OK;
}

/* ---- routes ---------------------------------------------------------------------------------- */

static int is_task(const ki_descent *d, int32_t node) {
    return node < d->plain->n;
}

void ki_descent_refresh(ki_descent *d, int32_t route) {
    ki_tour *tour = &d->tours[route];
    int32_t end = ki_tour_end(d, route), place = 0, last = ki_tour_start(d, route);
    d->nodes[last].place = 0;
    d->nodes[last].load = d->nodes[last].turn_mm = 0;
    while (last != end) {
        int32_t at = d->nodes[last].next;
        ki_tour_node *node = &d->nodes[at];
        node->route = route;
        node->place = ++place;
        node->load = d->nodes[last].load + (at == end ? 0 : d->plain->load[at]);
        node->turn_mm = d->nodes[last].turn_mm + ki_node_mm(d, at, last) - ki_node_mm(d, last, at);
        last = at;
    }
    tour->n = place - 1;
    tour->load = d->nodes[end].load;
    tour->over_mm = ki_over_mm(d, tour->load);
    tour->changed = d->n_moves;
    if (d->ends) ki_modal_refresh(d, route);
}

/* The route is made of these tasks. */
void ki_descent_relink(ki_descent *d, int32_t route, const int32_t *tasks, int32_t n) {
    int32_t last = ki_tour_start(d, route);
    for (int32_t index = 0; index <= n; index++) {
        int32_t at = index < n ? tasks[index] : ki_tour_end(d, route);
        d->nodes[last].next = at;
        d->nodes[at].prev = last;
        last = at;
    }
    ki_descent_refresh(d, route);
}

/* n_moves never goes back, so that places found for other routes are known to be stale. */
void ki_descent_load(ki_descent *d, const int32_t *tour, const int32_t *cuts, int32_t n_cuts) {
    int64_t before = d->n_moves++;
    d->gained_mm = 0;
    for (int32_t route = 0, first = 0; route < d->n_routes; route++) {
        int32_t end = route < n_cuts ? cuts[route] : first;
        ki_descent_relink(d, route, tour + first, end - first);
        d->tours[route].swapped = before;
        first = end;
    }
    for (int32_t task = 0; task < d->plain->n; task++)
        d->tested[task] = before;
}

void ki_descent_move(ki_descent *d, int32_t task, int32_t behind) {
    ki_tour_node *node = &d->nodes[task];
    d->nodes[node->prev].next = node->next;
    d->nodes[node->next].prev = node->prev;
    node->prev = behind;
    node->next = d->nodes[behind].next;
    d->nodes[node->next].prev = task;
    d->nodes[behind].next = task;
}

/* ---- whether a move pays --------------------------------------------------------------------- */

static int64_t leg(const pair *p, int32_t from, int32_t to) {
    return ki_node_mm(p->d, from, to);
}

static int64_t load_of(const pair *p, int32_t node) {
    return is_task(p->d, node) ? p->d->plain->load[node] : 0;
}

/* Legs cost mm more; load and so many tasks go over from a to b. */
static int pays(const pair *p, int64_t mm, int64_t load, int32_t n) {
    ki_descent *d = p->d;
    const ki_tour *a = &d->tours[p->a], *b = &d->tours[p->b];
    if (p->a != p->b) {
        if (d->plain->used_mm) {
            int more = (a->n - n > 0) + (b->n + n > 0) - (a->n > 0) - (b->n > 0);
            mm += more * d->plain->used_mm;
        }
        mm -= a->over_mm + b->over_mm;
        if (mm >= 0) return 0; /* whatever the loads are */
        mm += ki_over_mm(d, a->load - load) + ki_over_mm(d, b->load + load);
    }
    if (mm >= 0) return 0;
    d->gained_mm -= mm;
    return 1;
}

static int finish(const pair *p) {
    p->d->n_moves++;
    ki_descent_refresh(p->d, p->a);
    if (p->a != p->b) ki_descent_refresh(p->d, p->b);
    return 1;
}

/* ---- moves ----------------------------------------------------------------------------------- */

/* u goes behind v. */
static int move_one(const pair *p) {
    if (p->u == p->y) return 0;
    int64_t mm = leg(p, p->pu, p->x) - leg(p, p->pu, p->u) - leg(p, p->u, p->x) +
                 leg(p, p->v, p->u) + leg(p, p->u, p->y) - leg(p, p->v, p->y);
    if (!pays(p, mm, load_of(p, p->u), 1)) return 0;
    ki_descent_move(p->d, p->u, p->v);
    return finish(p);
}

/* u and x go behind v, in this order or in the other. */
static int move_two(const pair *p, int turned) {
    if (p->u == p->y || p->v == p->x || !is_task(p->d, p->x)) return 0;
    int32_t first = turned ? p->x : p->u, last = turned ? p->u : p->x;
    int64_t mm = leg(p, p->pu, p->xx) - leg(p, p->pu, p->u) - leg(p, p->x, p->xx) +
                 leg(p, p->v, first) + leg(p, last, p->y) - leg(p, p->v, p->y);
    if (turned) mm += leg(p, p->x, p->u) - leg(p, p->u, p->x);
    if (!pays(p, mm, load_of(p, p->u) + load_of(p, p->x), 2)) return 0;
    ki_descent_move(p->d, first, p->v);
    ki_descent_move(p->d, last, first);
    return finish(p);
}

static int swap_one(const pair *p) {
    if (p->u == p->pv || p->u == p->y) return 0;
    int64_t mm = leg(p, p->pu, p->v) + leg(p, p->v, p->x) - leg(p, p->pu, p->u) -
                 leg(p, p->u, p->x) + leg(p, p->pv, p->u) + leg(p, p->u, p->y) -
                 leg(p, p->pv, p->v) - leg(p, p->v, p->y);
    if (!pays(p, mm, load_of(p, p->u) - load_of(p, p->v), 0)) return 0;
    ki_descent_move(p->d, p->u, p->v);
    ki_descent_move(p->d, p->v, p->pu);
    return finish(p);
}

/* u and x change places with v. */
static int swap_two_with_one(const pair *p) {
    if (p->u == p->pv || p->x == p->pv || p->u == p->y || !is_task(p->d, p->x)) return 0;
    int64_t mm = leg(p, p->pu, p->v) + leg(p, p->v, p->xx) - leg(p, p->pu, p->u) -
                 leg(p, p->x, p->xx) + leg(p, p->pv, p->u) + leg(p, p->x, p->y) -
                 leg(p, p->pv, p->v) - leg(p, p->v, p->y);
    if (!pays(p, mm, load_of(p, p->u) + load_of(p, p->x) - load_of(p, p->v), 1)) return 0;
    ki_descent_move(p->d, p->u, p->v);
    ki_descent_move(p->d, p->x, p->u);
    ki_descent_move(p->d, p->v, p->pu);
    return finish(p);
}

/* u and x change places with v and y. */
static int swap_two(const pair *p) {
    if (!is_task(p->d, p->x) || !is_task(p->d, p->y) || p->y == p->pu || p->u == p->y ||
        p->x == p->v || p->v == p->xx)
        return 0;
    int64_t mm = leg(p, p->pu, p->v) + leg(p, p->y, p->xx) - leg(p, p->pu, p->u) -
                 leg(p, p->x, p->xx) + leg(p, p->pv, p->u) + leg(p, p->x, p->yy) -
                 leg(p, p->pv, p->v) - leg(p, p->y, p->yy);
    int64_t load = load_of(p, p->u) + load_of(p, p->x) - load_of(p, p->v) - load_of(p, p->y);
    if (!pays(p, mm, load, 0)) return 0;
    ki_descent_move(p->d, p->u, p->pv);
    ki_descent_move(p->d, p->x, p->u);
    ki_descent_move(p->d, p->v, p->pu);
    ki_descent_move(p->d, p->y, p->v);
    return finish(p);
}

static int32_t write_forward(const ki_descent *d, int32_t from, int32_t *out, int32_t n) {
    for (int32_t at = from; is_task(d, at); at = d->nodes[at].next)
        out[n++] = at;
    return n;
}

static int32_t write_backward(const ki_descent *d, int32_t from, int32_t *out, int32_t n) {
    for (int32_t at = from; is_task(d, at); at = d->nodes[at].prev)
        out[n++] = at;
    return n;
}

/* From the start of the route as far as a node. */
static int32_t write_head(const ki_descent *d, int32_t last, int32_t *out) {
    int32_t n = d->nodes[last].place;
    for (int32_t at = last, index = n; index > 0; at = d->nodes[at].prev)
        out[--index] = at;
    return n;
}

/* 2-opt: x to v backwards. */
static int turn(const pair *p) {
    ki_descent *d = p->d;
    if (d->nodes[p->u].place >= d->nodes[p->v].place || p->x == p->v) return 0;
    int64_t mm = leg(p, p->u, p->v) + leg(p, p->x, p->y) - leg(p, p->u, p->x) - leg(p, p->v, p->y) +
                 d->nodes[p->v].turn_mm - d->nodes[p->x].turn_mm;
    if (!pays(p, mm, 0, 0)) return 0;
    int32_t n = write_head(d, p->u, d->scratch);
    for (int32_t at = p->v; at != p->u; at = d->nodes[at].prev)
        d->scratch[n++] = at;
    n = write_forward(d, p->y, d->scratch, n);
    d->n_moves++;
    ki_descent_relink(d, p->a, d->scratch, n);
    return 1;
}

static int relink_both(const pair *p, int32_t n_a, int32_t n_b) {
    p->d->n_moves++;
    ki_descent_relink(p->d, p->a, p->d->scratch, n_a);
    ki_descent_relink(p->d, p->b, p->d->scratch + p->d->plain->n, n_b);
    return 1;
}

/* 2-opt*: a goes on with b as far as v, backwards; b begins with a from x on, backwards. */
static int cross_turned(const pair *p) {
    ki_descent *d = p->d;
    const ki_tour_node *u = &d->nodes[p->u], *v = &d->nodes[p->v];
    int64_t mm = leg(p, p->u, p->v) + leg(p, p->x, p->y) - leg(p, p->u, p->x) - leg(p, p->v, p->y) +
                 v->turn_mm + d->nodes[ki_tour_end(d, p->a)].turn_mm - d->nodes[p->x].turn_mm;
    if (!pays(p, mm, d->tours[p->a].load - u->load - v->load,
              d->tours[p->a].n - u->place - v->place))
        return 0;
    int32_t *second = d->scratch + d->plain->n, last = d->nodes[ki_tour_end(d, p->a)].prev;
    int32_t n_a = write_backward(d, p->v, d->scratch, write_head(d, p->u, d->scratch)), n_b = 0;
    for (int32_t at = last; at != p->u; at = d->nodes[at].prev)
        second[n_b++] = at;
    n_b = write_forward(d, p->y, second, n_b);
    return relink_both(p, n_a, n_b);
}

/* 2-opt*: tails change places. */
static int cross(const pair *p) {
    ki_descent *d = p->d;
    const ki_tour_node *u = &d->nodes[p->u], *v = &d->nodes[p->v];
    int64_t mm = leg(p, p->u, p->y) + leg(p, p->v, p->x) - leg(p, p->u, p->x) - leg(p, p->v, p->y);
    const ki_tour *a = &d->tours[p->a], *b = &d->tours[p->b];
    if (!pays(p, mm, a->load - u->load - (b->load - v->load), a->n - u->place - (b->n - v->place)))
        return 0;
    int32_t *second = d->scratch + d->plain->n;
    int32_t n_a = write_forward(d, p->y, d->scratch, write_head(d, p->u, d->scratch));
    int32_t n_b = write_forward(d, p->x, second, write_head(d, p->v, second));
    return relink_both(p, n_a, n_b);
}

/* ---- descent --------------------------------------------------------------------------------- */

static pair pair_of(ki_descent *d, int32_t u, int32_t v) {
    const ki_tour_node *nodes = d->nodes;
    pair p = {.d = d, .a = nodes[u].route, .b = nodes[v].route, .u = u, .v = v};
    p.pu = nodes[u].prev;
    p.x = nodes[u].next;
    p.xx = is_task(d, p.x) ? nodes[p.x].next : p.x;
    p.pv = is_task(d, v) ? nodes[v].prev : v;
    p.y = nodes[v].next;
    p.yy = is_task(d, p.y) ? nodes[p.y].next : p.y;
    return p;
}

static int try_pair(ki_descent *d, int32_t u, int32_t v) {
    if (d->ends) return ki_modal_try(d, u, v);
    pair p = pair_of(d, u, v);
    if (move_one(&p) || move_two(&p, 0) || move_two(&p, 1)) return 1;
    if ((u < v && swap_one(&p)) || swap_two_with_one(&p) || (u < v && swap_two(&p))) return 1;
    return p.a == p.b ? turn(&p) : cross_turned(&p) || cross(&p);
}

/* v is the start of a route. */
static int try_start(ki_descent *d, int32_t u, int32_t v) {
    if (d->ends) return ki_modal_try(d, u, v);
    pair p = pair_of(d, u, v);
    if (move_one(&p) || move_two(&p, 0) || move_two(&p, 1)) return 1;
    return p.a != p.b && (cross_turned(&p) || cross(&p));
}

static int32_t empty_route(const ki_descent *d) {
    for (int32_t route = 0; route < d->n_routes; route++)
        if (d->tours[route].n == 0) return route;
    return -1;
}

static int improve_task(ki_descent *d, int32_t u, int first_round) {
    int64_t tested = d->tested[u];
    const ki_plain *plain = d->plain;
    d->tested[u] = d->n_moves;
    for (int32_t at = plain->near_first[u]; at < plain->near_first[u + 1]; at++) {
        int32_t v = plain->near[at];
        const ki_tour_node *node = &d->nodes[v];
        if (d->tours[d->nodes[u].route].changed <= tested &&
            d->tours[node->route].changed <= tested)
            continue;
        if (try_pair(d, u, v)) return 1;
        if (!is_task(d, node->prev) && try_start(d, u, node->prev)) return 1;
    }
    if (first_round || d->tours[d->nodes[u].route].changed <= tested) return 0;
    int32_t route = empty_route(d);
    return route >= 0 && d->tours[d->nodes[u].route].n > 1 &&
           try_start(d, u, ki_tour_start(d, route));
}

static void shuffle(ki_rng *rng, int32_t *items, int32_t n) {
    for (int32_t index = n - 1; index > 0; index--) {
        int32_t other = (int32_t)ki_rng_below(rng, (uint32_t)index + 1), item = items[index];
        items[index] = items[other];
        items[other] = item;
    }
}

/* Routes that hold one of the nearest neighbours of one of its tasks. */
static void mark_met(ki_descent *d, int32_t route) {
    const ki_plain *plain = d->plain;
    for (int32_t other = 0; other < d->n_routes; other++)
        d->met[other] = 0;
    for (int32_t u = d->nodes[ki_tour_start(d, route)].next; is_task(d, u); u = d->nodes[u].next) {
        int32_t first = plain->near_first[u], end = plain->near_first[u + 1];
        for (int32_t at = first; at < end && at < first + MET_NEAR; at++)
            d->met[d->nodes[plain->near[at]].route] = 1;
    }
}

static int swap_routes(ki_descent *d) {
    int better = 0;
    for (int32_t index = 0; index < d->n_routes; index++) {
        int32_t a = d->route_order[index];
        int64_t tested = d->tours[a].swapped;
        if (d->tours[a].n == 0) continue;
        d->tours[a].swapped = d->n_moves;
        mark_met(d, a);
        for (int32_t b = 0; b < d->n_routes; b++) {
            if (!d->met[b] || b <= a || d->tours[b].n == 0) continue;
            if (d->tours[a].changed > tested || d->tours[b].changed > tested)
                better |= ki_swap_star(d, a, b);
        }
    }
    return better;
}

int64_t ki_descent_cost(const ki_descent *d) {
    int64_t mm = 0;
    for (int32_t route = 0; route < d->n_routes; route++) {
        int64_t load = 0;
        int32_t at = ki_tour_start(d, route), end = ki_tour_end(d, route), n = 0;
        if (d->nodes[at].next == end) continue;
        while ((at = d->nodes[at].next) != end) {
            d->scratch[n++] = at;
            load += d->plain->load[at];
        }
        mm += ki_plain_route(d->plain, d->scratch, n) + ki_over_mm(d, load);
    }
    return mm;
}

void ki_descent_run(ki_descent *d, int64_t penalty) {
    d->penalty = penalty;
    for (int32_t route = 0; route < d->n_routes; route++)
        d->tours[route].over_mm = ki_over_mm(d, d->tours[route].load);
    shuffle(d->rng, d->order, d->plain->n);
    shuffle(d->rng, d->route_order, d->n_routes);
    for (int round = 0, better = 1; better; round++) {
        better = 0;
        for (int32_t index = 0; index < d->plain->n; index++)
            while (improve_task(d, d->order[index], round == 0))
                better = 1;
        if (!better || round == 0) better |= swap_routes(d);
        if (round == 0) better = 1;
    }
}
