/* SPDX-License-Identifier: GPL-3.0-or-later
 * genetic.c - parents by tournament, a child by order crossover, cut into routes, improved by the
 * descent, and kept if it is good or different. Half of the infeasible children are improved once
 * more at ten times the penalty. Source: see population.c and descent.c.
 *
 * A tour lists routes by their bearing from the depot, so that crossover keeps neighbouring routes
 * together; where there are no coordinates the bearing comes from a map made of the legs. */
#include "search/genetic.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_MEMBERS = 100, FEWER_FIRST = 40, MANY = 400, STALE = 20000, ADAPT_EVERY = 50 };

typedef struct ki_bearing {
    double angle;
    int32_t route;
} ki_bearing;

kerb_status ki_genetic_init(ki_genetic *g, ki_work *work, kerb_error *err) {
    *g = (ki_genetic){0};
    KI_TRY(ki_plain_make(&g->plain, work, err));
    KI_TRY(ki_descent_init(&g->descent, &g->plain, work, err));
    KI_TRY(ki_split_init(&g->split, work, err));
    KI_TRY(ki_population_init(&g->population, &g->plain, work, err));
    size_t n = (size_t)g->plain.n, n_routes = (size_t)g->plain.most_routes;
    KI_TRY(ki_tours_init(&g->tours, &g->plain, work, err));
    g->taken = ki_arena_alloc(&work->arena, n, 1);
    g->bearings = ki_arena_alloc(&work->arena, n_routes, sizeof *g->bearings);
    if (!g->taken || !g->bearings) return ki_fail_no_memory(err, "the search");
    g->best = ki_population_take(&g->population);
    g->best->mm = INT64_MAX;
    return KERB_OK;
}

/* ---- from the descent to a member ------------------------------------------------------------ */

/* Grows with the angle, without a cosine. */
static double angle_of(double x, double y) {
    double sum = (x < 0 ? -x : x) + (y < 0 ? -y : y);
    if (sum <= 0) return 0;
    return x >= 0 ? (y >= 0 ? y / sum : 4 + y / sum) : 2 - y / sum;
}

static int by_angle(const void *left, const void *right) {
    const ki_bearing *a = left, *b = right;
    if (a->angle < b->angle) return -1;
    if (a->angle > b->angle) return 1;
    return a->route < b->route ? -1 : a->route > b->route;
}

static int32_t find_bearings(ki_genetic *g) {
    const ki_descent *d = &g->descent;
    int32_t n = 0;
    for (int32_t route = 0; route < d->n_routes; route++) {
        double x = 0, y = 0;
        if (d->tours[route].n == 0) continue;
        int32_t end = ki_tour_end(d, route);
        for (int32_t at = d->nodes[ki_tour_start(d, route)].next; at != end; at = d->nodes[at].next)
            x += g->plain.x[at], y += g->plain.y[at];
        g->bearings[n++] = (ki_bearing){angle_of(x, y), route};
    }
    qsort(g->bearings, (size_t)n, sizeof *g->bearings, by_angle);
    return n;
}

static ki_member *make_member(ki_genetic *g) {
    const ki_descent *d = &g->descent;
    ki_member *member = ki_population_take(&g->population);
    member->n_routes = find_bearings(g);
    for (int32_t index = 0, n = 0; index < member->n_routes; index++) {
        int32_t route = g->bearings[index].route, end = ki_tour_end(d, route);
        for (int32_t at = d->nodes[ki_tour_start(d, route)].next; at != end; at = d->nodes[at].next)
            member->tour[n++] = at;
        member->cuts[index] = n;
    }
    ki_member_sum(member, &g->plain);
    return member;
}

static void copy_member(const ki_plain *plain, ki_member *to, const ki_member *from) {
    size_t n = (size_t)plain->n;
    memcpy(to->tour, from->tour, n * sizeof *to->tour);
    memcpy(to->cuts, from->cuts, (size_t)from->n_routes * sizeof *to->cuts);
    to->n_routes = from->n_routes;
    to->mm = from->mm;
    to->over = from->over;
}

static int add_member(ki_genetic *g, ki_member *member) {
    int better = member->over == 0 && member->mm < g->best->mm;
    if (better) copy_member(&g->plain, g->best, member);
    ki_population_add(&g->population, member);
    return better;
}

/* ---- children -------------------------------------------------------------------------------- */

static void draw_tour(ki_genetic *g) {
    for (int32_t at = 0; at < g->plain.n; at++) {
        int32_t other = (int32_t)ki_rng_below(g->population.rng, (uint32_t)at + 1);
        g->tours.tour[at] = g->tours.tour[other];
        g->tours.tour[other] = at;
    }
}

/* Order crossover: a stretch of one parent, then what is missing in the order of the other. */
static void cross_over(ki_genetic *g, const ki_member *one, const ki_member *two) {
    int32_t n = g->plain.n;
    int32_t first = (int32_t)ki_rng_below(g->population.rng, (uint32_t)n);
    int32_t last = (int32_t)ki_rng_below(g->population.rng, (uint32_t)n);
    memset(g->taken, 0, (size_t)n);
    int32_t at = first;
    for (;; at = (at + 1) % n) {
        g->tours.tour[at] = one->tour[at];
        g->taken[one->tour[at]] = 1;
        if (at == last) break;
    }
    int32_t to = (last + 1) % n;
    for (int32_t index = 1; index <= n; index++) {
        int32_t task = two->tour[(last + index) % n];
        if (g->taken[task]) continue;
        g->tours.tour[to] = task;
        to = (to + 1) % n;
    }
}

static void make_child(ki_genetic *g) {
    int32_t first = g->plain.n > MANY ? FEWER_FIRST : FIRST_MEMBERS;
    if (g->n_members < first) {
        draw_tour(g);
        return;
    }
    const ki_member *one = ki_population_draw(&g->population);
    const ki_member *two = ki_population_draw(&g->population);
    for (int again = 0; again < 10 && one == two; again++)
        two = ki_population_draw(&g->population);
    cross_over(g, one, two);
}

static ki_member *improve(ki_genetic *g, const int32_t *tour, const int32_t *cuts, int32_t n_cuts,
                          int64_t penalty) {
    ki_descent_load(&g->descent, tour, cuts, n_cuts);
    ki_descent_run(&g->descent, penalty);
    return make_member(g);
}

int ki_genetic_step(ki_genetic *g) {
    ki_population *population = &g->population;
    if (g->n_stale >= STALE) {
        ki_population_clear(population);
        g->n_members = g->n_stale = 0;
    }
    make_child(g);
    int64_t penalty = population->penalty;
    int32_t n_cuts = ki_split_tour(&g->split, &g->plain, g->tours.tour, penalty, g->tours.cuts);
    ki_member *child = improve(g, g->tours.tour, g->tours.cuts, n_cuts, penalty);
    ki_population_note(population, child->over == 0);
    int repair = child->over > 0 && ki_rng_below(population->rng, 2);
    ki_member *mended =
        repair ? improve(g, child->tour, child->cuts, child->n_routes, 10 * penalty) : NULL;
    int better = add_member(g, child);
    if (mended && mended->over == 0)
        better |= add_member(g, mended);
    else if (mended)
        population->spare[population->n_spare++] = mended;
    g->n_members++;
    g->n_stale = better ? 0 : g->n_stale + 1;
    if (++g->n_steps % ADAPT_EVERY == 0) ki_population_adapt(population);
    return better;
}

/* ---- to and from routes ---------------------------------------------------------------------- */

int32_t ki_genetic_write(const ki_genetic *g, const ki_model *model, ki_route *routes,
                         ki_stop *stops) {
    ki_tours best = g->tours;
    best.tour = g->best->tour;
    best.cuts = g->best->cuts;
    ki_tours_write(&best, g->best->n_routes, &g->plain, model, routes, stops);
    return g->best->n_routes;
}

void ki_genetic_offer(ki_genetic *g, const ki_solution *solution) {
    int32_t n_routes = ki_tours_read(&g->tours, &g->plain, solution);
    if (n_routes == 0) return;
    ki_descent_load(&g->descent, g->tours.tour, g->tours.cuts, n_routes);
    add_member(g, make_member(g));
}
