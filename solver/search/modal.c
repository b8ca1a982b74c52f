/* SPDX-License-Identifier: GPL-3.0-or-later
 * modal.c - the moves of descent.c where tasks have several modes.
 *
 *   head of a route │ pieces in between, some backwards │ tail of a route
 *
 * A move is one or two such recipes. It is priced from below by the least leg of each joint and the
 * least price of head and tail over their modes; what survives is priced exactly, mode by mode,
 * from the prices kept at both ends. Pieces are single tasks but within one route, where the
 * stretch between is walked. Source: see modes.c. */
#include "search/modal.h"

#include "base/error.h"

enum { MOST_PIECES = 6, HEAD = 0, TAIL = 1, HEAD_BACK = 2, TAIL_BACK = 3 };

typedef struct piece {
    int32_t first, last; /* nodes of one route, in the order driven */
    int back;
} piece;

typedef struct recipe {
    int32_t head, tail; /* nodes */
    int head_back, tail_back;
    int32_t n;
    piece pieces[MOST_PIECES];
} recipe;

typedef struct modal_move {
    ki_descent *d;
    int32_t a, b;
    int32_t pu, u, x, xx;
    int32_t pv, v, y, yy;
    int forward; /* in one route: u lies before v */
} modal_move;

kerb_status ki_modal_init(ki_descent *d, ki_work *work, kerb_error *err) {
    size_t n_nodes = (size_t)d->plain->n + 2 * (size_t)d->n_routes;
    d->ends = ki_arena_alloc(&work->arena, n_nodes, sizeof *d->ends);
    return d->ends ? KERB_OK : ki_fail_no_memory(err, "the search");
}

/* ---- prices from both ends ------------------------------------------------------------------- */

/* The task of a node as the modes know it: all ends of routes are the depot. */
static int32_t task_of(const ki_descent *d, int32_t node) {
    return node < d->plain->n ? node : d->plain->n;
}

static int32_t n_modes_of(const ki_descent *d, int32_t node) {
    const ki_modes *modes = d->plain->modes;
    int32_t task = task_of(d, node);
    return modes->first[task + 1] - modes->first[task];
}

static void step(const ki_descent *d, int32_t from, const int64_t *last, int32_t to,
                 int64_t *next) {
    ki_modes_step(d->plain->modes, task_of(d, from), last, task_of(d, to), next);
}

static void step_back(const ki_descent *d, int32_t from, int64_t *next, int32_t to,
                      const int64_t *last) {
    ki_modes_step_back(d->plain->modes, task_of(d, from), next, task_of(d, to), last);
}

static int64_t least_of(const int64_t *mm, int32_t n) {
    int64_t least = mm[0];
    for (int32_t mode = 1; mode < n; mode++)
        if (mm[mode] < least) least = mm[mode];
    return least;
}

void ki_modal_refresh(ki_descent *d, int32_t route) {
    int32_t start = ki_tour_start(d, route), end = ki_tour_end(d, route);
    ki_ends *first = &d->ends[start], *final = &d->ends[end];
    first->head[0] = first->tail_back[0] = final->tail[0] = final->head_back[0] = 0;
    first->least[HEAD] = first->least[TAIL_BACK] = final->least[TAIL] = final->least[HEAD_BACK] = 0;
    first->along_mm = first->back_mm = 0;
    for (int32_t last = start; last != end; last = d->nodes[last].next) {
        int32_t at = d->nodes[last].next, n_modes = n_modes_of(d, at);
        ki_ends *here = &d->ends[at], *before = &d->ends[last];
        step(d, last, before->head, at, here->head);
        step_back(d, at, here->tail_back, last, before->tail_back);
        here->least[HEAD] = least_of(here->head, n_modes);
        here->least[TAIL_BACK] = least_of(here->tail_back, n_modes);
        here->along_mm = before->along_mm + ki_node_mm(d, last, at);
        here->back_mm = before->back_mm + ki_node_mm(d, at, last);
    }
    for (int32_t last = end; last != start; last = d->nodes[last].prev) {
        int32_t at = d->nodes[last].prev, n_modes = n_modes_of(d, at);
        ki_ends *here = &d->ends[at], *behind = &d->ends[last];
        step_back(d, at, here->tail, last, behind->tail);
        step(d, last, behind->head_back, at, here->head_back);
        here->least[TAIL] = least_of(here->tail, n_modes);
        here->least[HEAD_BACK] = least_of(here->head_back, n_modes);
    }
    d->tours[route].mm = final->head[0];
}

/* ---- recipes --------------------------------------------------------------------------------- */

static recipe from_to(int32_t head, int32_t tail) {
    return (recipe){.head = head, .tail = tail};
}

static void add_task(recipe *r, int32_t task) {
    r->pieces[r->n++] = (piece){task, task, 0};
}

/* Forwards; nothing if last lies before first. */
static void add_stretch(const ki_descent *d, recipe *r, int32_t first, int32_t last) {
    if (d->nodes[first].place <= d->nodes[last].place) r->pieces[r->n++] = (piece){first, last, 0};
}

static int64_t least_price(const ki_descent *d, const recipe *r) {
    int64_t mm = d->ends[r->head].least[r->head_back ? HEAD_BACK : HEAD] +
                 d->ends[r->tail].least[r->tail_back ? TAIL_BACK : TAIL];
    int32_t last = r->head;
    for (int32_t index = 0; index < r->n; index++) {
        const piece *p = &r->pieces[index];
        mm += ki_node_mm(d, last, p->first);
        last = p->last;
        if (p->first == last) continue;
        const ki_ends *from = &d->ends[p->first], *to = &d->ends[last];
        mm += p->back ? from->back_mm - to->back_mm : to->along_mm - from->along_mm;
    }
    return mm + ki_node_mm(d, last, r->tail);
}

static int64_t price(const ki_descent *d, const recipe *r) {
    int64_t buffers[2][KI_MOST_MODES];
    const ki_ends *tail = &d->ends[r->tail];
    const int64_t *last_mm = r->head_back ? d->ends[r->head].head_back : d->ends[r->head].head;
    int32_t last = r->head, flip = 0;
    for (int32_t index = 0; index < r->n; index++) {
        const piece *p = &r->pieces[index];
        for (int32_t at = p->first;; at = p->back ? d->nodes[at].prev : d->nodes[at].next) {
            step(d, last, last_mm, at, buffers[flip]);
            last_mm = buffers[flip];
            flip = !flip;
            last = at;
            if (at == p->last) break;
        }
    }
    int64_t mm[KI_MOST_MODES];
    step_back(d, last, mm, r->tail, r->tail_back ? tail->tail_back : tail->tail);
    int32_t n_modes = n_modes_of(d, last);
    for (int32_t mode = 0; mode < n_modes; mode++)
        mm[mode] += last_mm[mode];
    return least_of(mm, n_modes);
}

static int32_t write_tour(const ki_descent *d, const recipe *r, int32_t *out) {
    int32_t n = 0, from = r->head_back ? ki_tour_end(d, d->nodes[r->head].route)
                                       : ki_tour_start(d, d->nodes[r->head].route);
    while (from != r->head) {
        from = r->head_back ? d->nodes[from].prev : d->nodes[from].next;
        out[n++] = from;
    }
    for (int32_t index = 0; index < r->n; index++) {
        const piece *p = &r->pieces[index];
        for (int32_t at = p->first;; at = p->back ? d->nodes[at].prev : d->nodes[at].next) {
            out[n++] = at;
            if (at == p->last) break;
        }
    }
    for (int32_t at = r->tail; at < d->plain->n;
         at = r->tail_back ? d->nodes[at].prev : d->nodes[at].next)
        out[n++] = at;
    return n;
}

/* ---- decision -------------------------------------------------------------------------------- */

/* load and n go from a to b. What too much load may save is known before what it does. */
static int pays(const modal_move *m, const recipe *ra, const recipe *rb, int64_t load, int32_t n) {
    ki_descent *d = m->d;
    const ki_tour *a = &d->tours[m->a], *b = &d->tours[m->b];
    int64_t least_a = least_price(d, ra), other_mm = -a->mm;
    if (!rb) {
        if (least_a + other_mm >= 0) return 0;
        other_mm += price(d, ra);
        if (other_mm >= 0) return 0;
        d->gained_mm -= other_mm;
        return 1;
    }
    int64_t least_b = least_price(d, rb);
    other_mm -= b->mm + a->over_mm + b->over_mm;
    if (d->plain->used_mm) {
        int more = (a->n - n > 0) + (b->n + n > 0) - (a->n > 0) - (b->n > 0);
        other_mm += more * d->plain->used_mm;
    }
    if (least_a + least_b + other_mm >= 0) return 0;
    other_mm += ki_over_mm(d, a->load - load) + ki_over_mm(d, b->load + load);
    if (least_a + least_b + other_mm >= 0) return 0;
    other_mm += price(d, ra);
    if (least_b + other_mm >= 0) return 0;
    other_mm += price(d, rb);
    if (other_mm >= 0) return 0;
    d->gained_mm -= other_mm;
    return 1;
}

static int make_if_it_pays(const modal_move *m, const recipe *ra, const recipe *rb, int64_t load,
                           int32_t n) {
    ki_descent *d = m->d;
    int32_t *second = d->scratch + d->plain->n;
    if (!pays(m, ra, rb, load, n)) return 0;
    int32_t n_a = write_tour(d, ra, d->scratch), n_b = rb ? write_tour(d, rb, second) : 0;
    d->n_moves++;
    ki_descent_relink(d, m->a, d->scratch, n_a);
    if (rb) ki_descent_relink(d, m->b, second, n_b);
    return 1;
}

/* ---- moves ----------------------------------------------------------------------------------- */

static int64_t load_of(const modal_move *m, int32_t node) {
    return m->d->plain->load[node];
}

static int is_task(const modal_move *m, int32_t node) {
    return node < m->d->plain->n;
}

/* u (and x if pair; turned: x first) goes behind v. */
static int move(const modal_move *m, int pair, int turned) {
    int32_t last = pair ? m->x : m->u, behind = pair ? m->xx : m->x;
    int32_t one = turned ? m->x : m->u, two = turned ? m->u : m->x;
    if (m->u == m->y || m->v == last || !is_task(m, last)) return 0;
    int64_t load = load_of(m, m->u) + (pair ? load_of(m, m->x) : 0);
    recipe a, b;
    if (m->a != m->b) {
        a = from_to(m->pu, behind);
        b = from_to(m->v, m->y);
        add_task(&b, one);
        if (pair) add_task(&b, two);
        return make_if_it_pays(m, &a, &b, load, 1 + pair);
    }
    a = m->forward ? from_to(m->pu, m->y) : from_to(m->v, behind);
    if (m->forward) add_stretch(m->d, &a, behind, m->v);
    add_task(&a, one);
    if (pair) add_task(&a, two);
    if (!m->forward) add_stretch(m->d, &a, m->y, m->pu);
    return make_if_it_pays(m, &a, NULL, 0, 0);
}

/* u, with x if two_u, changes places with v, with y if two_v. */
static int swap(const modal_move *m, int two_u, int two_v) {
    int32_t u_last = two_u ? m->x : m->u, u_behind = two_u ? m->xx : m->x;
    int32_t v_last = two_v ? m->y : m->v, v_behind = two_v ? m->yy : m->y;
    if (!is_task(m, u_last) || !is_task(m, v_last)) return 0;
    if (u_behind == m->v || v_behind == m->u || u_last == m->v || v_last == m->u) return 0;
    int64_t load = load_of(m, m->u) - load_of(m, m->v);
    if (two_u) load += load_of(m, m->x);
    if (two_v) load -= load_of(m, m->y);
    recipe a = from_to(m->pu, u_behind), b = from_to(m->pv, v_behind);
    if (m->a != m->b) {
        add_task(&a, m->v);
        if (two_v) add_task(&a, m->y);
        add_task(&b, m->u);
        if (two_u) add_task(&b, m->x);
        return make_if_it_pays(m, &a, &b, load, two_u - two_v);
    }
    a = m->forward ? from_to(m->pu, v_behind) : from_to(m->pv, u_behind);
    add_stretch(m->d, &a, m->forward ? m->v : m->u, m->forward ? v_last : u_last);
    add_stretch(m->d, &a, m->forward ? u_behind : v_behind, m->forward ? m->pv : m->pu);
    add_stretch(m->d, &a, m->forward ? m->u : m->v, m->forward ? u_last : v_last);
    return make_if_it_pays(m, &a, NULL, 0, 0);
}

/* 2-opt: x to v backwards. */
static int turn(const modal_move *m) {
    if (!m->forward || m->x == m->v) return 0;
    recipe a = from_to(m->u, m->y);
    a.pieces[a.n++] = (piece){m->v, m->x, 1};
    return make_if_it_pays(m, &a, NULL, 0, 0);
}

/* 2-opt*: a goes on with b as far as v, backwards; b begins with a from x on, backwards. */
static int cross_turned(const modal_move *m) {
    const ki_tour_node *u = &m->d->nodes[m->u], *v = &m->d->nodes[m->v];
    recipe a = from_to(m->u, m->v), b = from_to(m->x, m->y);
    a.tail_back = b.head_back = 1;
    return make_if_it_pays(m, &a, &b, m->d->tours[m->a].load - u->load - v->load,
                           m->d->tours[m->a].n - u->place - v->place);
}

/* 2-opt*: tails change places. */
static int cross(const modal_move *m) {
    const ki_tour_node *u = &m->d->nodes[m->u], *v = &m->d->nodes[m->v];
    const ki_tour *a = &m->d->tours[m->a], *b = &m->d->tours[m->b];
    recipe ra = from_to(m->u, m->y), rb = from_to(m->v, m->x);
    return make_if_it_pays(m, &ra, &rb, a->load - u->load - (b->load - v->load),
                           a->n - u->place - (b->n - v->place));
}

int ki_modal_try(ki_descent *d, int32_t u, int32_t v) {
    const ki_tour_node *nodes = d->nodes;
    modal_move m = {.d = d, .a = nodes[u].route, .b = nodes[v].route, .u = u, .v = v};
    m.pu = nodes[u].prev;
    m.x = nodes[u].next;
    m.xx = is_task(&m, m.x) ? nodes[m.x].next : m.x;
    m.pv = is_task(&m, v) ? nodes[v].prev : v;
    m.y = nodes[v].next;
    m.yy = is_task(&m, m.y) ? nodes[m.y].next : m.y;
    m.forward = nodes[u].place < nodes[v].place;
    if (move(&m, 0, 0) || move(&m, 1, 0) || move(&m, 1, 1)) return 1;
    if (is_task(&m, v) &&
        ((u < v && swap(&m, 0, 0)) || swap(&m, 1, 0) || (u < v && swap(&m, 1, 1))))
        return 1;
    if (m.a == m.b) return is_task(&m, v) && turn(&m);
    return cross_turned(&m) || cross(&m);
}
