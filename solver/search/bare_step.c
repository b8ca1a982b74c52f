/* SPDX-License-Identifier: GPL-3.0-or-later
 * bare_step.c - one step: strings of neighbouring tasks are taken out of a few routes and put back
 * one by one beside near tasks.
 *
 * As ruin.c and insert.c do it on full routes; here a place costs three legs, or two steps over the
 * modes of a task. Source: see ruin.c. */
#include "search/bare.h"

enum {
    MEAN_REMOVED = 10,
    LONGEST_STRING = 10,
    NEAR_PLACES = 24, /* near tasks in routes with room that are looked beside */
    FREE_ONE_IN = 20, /* steps in which a new route costs nothing but its way */
    WHOLE_ONE_IN = 32,
    MOST_WHOLE = 40 /* tasks of a route that is taken out as a whole */
};

typedef struct look { /* for the cheapest place of one task */
    ki_bare *b;
    int32_t task, behind;
    int64_t best_mm;
    const int32_t *out_mm, *in_mm;
} look;

static uint32_t draw(ki_bare *b, uint32_t n) {
    return ki_rng_below(&b->work->rng, n);
}

/* From 1 to `most`, which need not be whole. */
static int32_t up_to(ki_bare *b, double most) {
    return (int32_t)(1 + ki_rng_unit(&b->work->rng) * most);
}

/* ---- taking out ------------------------------------------------------------------------------ */

/* `span` tasks with `task` among them, all but `kept` in their middle. */
static void take_string(ki_bare *b, int32_t task, int32_t span, int32_t kept) {
    int32_t first = task, before = 0, behind = 0;
    for (int32_t at = b->nodes[task].next; at < b->plain->n && behind < span - 1; behind++)
        at = b->nodes[at].next;
    for (int32_t at = b->nodes[task].prev; at < b->plain->n && before < span - 1; before++)
        at = b->nodes[at].prev;
    int32_t least = span - 1 - behind;
    if (least < 0) least = 0;
    for (int32_t back = least + (int32_t)draw(b, (uint32_t)(before - least + 1)); back > 0; back--)
        first = b->nodes[first].prev;
    int32_t gap = kept ? 1 + (int32_t)draw(b, (uint32_t)(span - kept - 1)) : span;
    for (int32_t place = 0, at = first, next; place < span; place++, at = next) {
        next = b->nodes[at].next;
        if (place < gap || place >= gap + kept) ki_bare_take_out(b, at);
    }
}

static void ruin_route(ki_bare *b, int32_t task, double longest) {
    ki_bare_route *route = &b->routes[b->nodes[task].route];
    int32_t kept = 0;
    int32_t length = up_to(b, route->n < longest ? route->n : longest);
    if (length > route->n) length = route->n;
    route->ruined = b->n_steps;
    if (length > 1 && length < route->n && draw(b, 2)) {
        kept = 1;
        while (length + kept < route->n && draw(b, 100) == 0)
            kept++;
    }
    take_string(b, task, length + kept, kept);
}

static void ruin(ki_bare *b) {
    const ki_work *work = b->work;
    int32_t seed = (int32_t)draw(b, (uint32_t)b->plain->n);
    const int32_t *near = ki_work_near(work, seed);
    double longest = (double)b->plain->n / (b->n_routes - b->n_unused);
    if (longest > LONGEST_STRING) longest = LONGEST_STRING;
    int32_t n_left = up_to(b, 4.0 * MEAN_REMOVED / (1 + longest) - 1);
    ki_bare_route *route = &b->routes[b->nodes[seed].route];
    if (route->n <= MOST_WHOLE && draw(b, WHOLE_ONE_IN) == 0) {
        route->ruined = b->n_steps;
        take_string(b, seed, route->n, 0);
    } else {
        ruin_route(b, seed, longest);
    }
    for (int32_t rank = 0; rank < work->n_neighbours && --n_left > 0; rank++) {
        while (rank < work->n_neighbours && near[rank] >= 0 &&
               (b->nodes[near[rank]].route < 0 ||
                b->routes[b->nodes[near[rank]].route].ruined == b->n_steps))
            rank++;
        if (rank >= work->n_neighbours || near[rank] < 0) break;
        ruin_route(b, near[rank], longest);
    }
}

/* ---- putting back ---------------------------------------------------------------------------- */

/* Not seen this time, as now and then happens. */
static int blink(ki_bare *b) {
    if (--b->next_blink > 0) return 0;
    b->next_blink = 1 + (int32_t)draw(b, 2 * b->work->blink_one_in - 1);
    return 1;
}

/* Most of the time is spent here: with and without modes it is code of its own. */
static inline __attribute__((always_inline)) void look_behind(look *l, int32_t behind,
                                                              int has_modes) {
    ki_bare *b = l->b;
    ki_bare_node *node = &b->nodes[behind];
    if (node->seen == b->n_looks) return;
    node->seen = b->n_looks;
    if (blink(b)) return;
    const ki_bare_node *next = &b->nodes[node->next];
    int64_t mm = (int64_t)l->in_mm[node->row] + l->out_mm[next->row];
    if (has_modes) {
        mm += node->head_mm + next->tail_mm - b->routes[node->route].mm;
        if (mm >= l->best_mm) return;
        mm = ki_bare_modal_mm(b, l->task, behind);
    } else {
        mm -= next->leg_mm;
    }
    if (mm >= l->best_mm) return;
    l->best_mm = mm;
    l->behind = behind;
}

/* Beside near tasks in routes with room, and at both ends of those routes. */
static inline __attribute__((always_inline)) void look_around(look *l, int has_modes) {
    ki_bare *b = l->b;
    const int32_t *near = ki_work_near(b->work, l->task);
    int64_t room = b->plain->capacity - b->plain->load[l->task];
    int32_t n_left = NEAR_PLACES;
    b->n_looks++;
    for (int32_t rank = 0; rank < b->work->n_neighbours && n_left > 0; rank++) {
        if (near[rank] < 0) return;
        int32_t route = b->nodes[near[rank]].route;
        if (route < 0 || b->routes[route].load > room) continue;
        n_left--;
        look_behind(l, b->nodes[near[rank]].prev, has_modes);
        look_behind(l, near[rank], has_modes);
        if (b->routes[route].seen == b->n_looks) continue;
        b->routes[route].seen = b->n_looks;
        look_behind(l, ki_bare_start(b, route), has_modes);
        look_behind(l, b->nodes[ki_bare_end(b, route)].prev, has_modes);
    }
}

static int put_back(ki_bare *b, int32_t task, int free_route) {
    look l = {.b = b, .task = task, .behind = -1, .best_mm = INT64_MAX};
    size_t row = (size_t)task * b->plain->width;
    l.out_mm = b->plain->leg_mm + row;
    l.in_mm = b->into_mm ? b->into_mm + row : l.out_mm;
    if (b->head)
        look_around(&l, 1);
    else
        look_around(&l, 0);
    if (b->n_unused > 0) {
        int64_t alone_mm = b->keys[2][task] + (free_route ? 0 : b->plain->used_mm);
        if (alone_mm < l.best_mm) l.behind = ki_bare_start(b, b->unused[b->n_unused - 1]);
    }
    if (l.behind < 0) return 0;
    ki_bare_put_in(b, task, l.behind);
    if (b->head) ki_bare_refresh_task(b, task);
    return 1;
}

static void sort_pending(ki_bare *b) {
    static const int kinds[] = {-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 2};
    int kind = kinds[draw(b, sizeof kinds / sizeof *kinds)];
    for (int32_t index = b->n_pending - 1; index > 0; index--) {
        int32_t other = (int32_t)draw(b, (uint32_t)index + 1), task = b->pending[index];
        b->pending[index] = b->pending[other];
        b->pending[other] = task;
    }
    for (int32_t index = 1; kind >= 0 && index < b->n_pending; index++) {
        int32_t task = b->pending[index], at = index;
        int64_t key = b->keys[kind][task];
        for (; at > 0 && b->keys[kind][b->pending[at - 1]] > key; at--)
            b->pending[at] = b->pending[at - 1];
        b->pending[at] = task;
    }
}

int ki_bare_step(ki_bare *b) {
    b->n_steps++;
    ruin(b);
    for (int32_t index = 0; b->head && index < b->n_changed; index++)
        ki_bare_refresh(b, b->changed[index]);
    sort_pending(b);
    int free_route = draw(b, FREE_ONE_IN) == 0;
    for (int32_t index = 0; index < b->n_pending; index++)
        if (!put_back(b, b->pending[index], free_route)) return 0;
    return 1;
}
