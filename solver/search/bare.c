/* SPDX-License-Identifier: GPL-3.0-or-later
 * bare.c - routes as linked bare numbers: taking out, putting in, undoing.
 *
 * Where tasks have one mode a route costs its legs, and a change costs what its links do. Where
 * they have several, prices from both ends to each mode of a node are kept (modal.h), so that a
 * place is priced exactly, and they are found anew for a route that changed. */
#include "search/bare.h"

#include "base/error.h"

/* ---- life ------------------------------------------------------------------------------------ */

static int is_symmetric(const ki_plain *plain) {
    for (int32_t from = 0; from < plain->n; from++)
        for (int32_t to = 0; to <= from; to++)
            if (ki_plain_leg(plain, from, to) != ki_plain_leg(plain, to, from)) return 0;
    for (int32_t task = 0; task < plain->n; task++)
        if (ki_plain_leg(plain, plain->start, task) != ki_plain_leg(plain, task, plain->start) ||
            ki_plain_leg(plain, plain->end, task) != ki_plain_leg(plain, task, plain->end))
            return 0;
    return 1;
}

/* A column of the legs as a row. */
static kerb_status turn_legs(ki_bare *b, kerb_error *err) {
    const ki_plain *plain = b->plain;
    if (is_symmetric(plain)) return KERB_OK;
    b->into_mm = ki_arena_alloc(&b->work->arena, (size_t)plain->n * plain->width, sizeof(int32_t));
    if (!b->into_mm) return ki_fail_no_memory(err, "the search");
    for (int32_t from = 0; from <= plain->end; from++)
        for (int32_t to = 0; to < plain->n; to++)
            b->into_mm[(size_t)to * plain->width + (size_t)from] =
                (int32_t)ki_plain_leg(plain, from, to);
    return KERB_OK;
}

static void fill_keys(ki_bare *b) {
    for (int32_t task = 0; task < b->plain->n; task++) {
        int64_t alone_mm = ki_plain_route(b->plain, &task, 1) - b->plain->used_mm;
        b->keys[0][task] = -b->plain->load[task];
        b->keys[1][task] = -alone_mm;
        b->keys[2][task] = alone_mm;
    }
}

static void set_up_nodes(ki_bare *b) {
    for (int32_t task = 0; task < b->plain->n; task++)
        b->nodes[task].row = task;
    for (int32_t route = 0; route < b->n_routes; route++) {
        ki_bare_node *start = &b->nodes[ki_bare_start(b, route)];
        ki_bare_node *end = &b->nodes[ki_bare_end(b, route)];
        start->row = b->plain->start;
        end->row = b->plain->end;
        start->route = end->route = route;
    }
}

static int32_t most_modes(const ki_plain *plain) {
    int32_t most = 1;
    for (int32_t task = 0; plain->modes && task < plain->n; task++) {
        int32_t n = plain->modes->first[task + 1] - plain->modes->first[task];
        if (n > most) most = n;
    }
    return most;
}

kerb_status ki_bare_init(ki_bare *b, const ki_plain *plain, ki_work *work, kerb_error *err) {
    ki_arena *arena = &work->arena;
    size_t n = (size_t)plain->n, n_routes = (size_t)plain->most_routes;
    size_t n_nodes = n + 2 * n_routes;
    *b = (ki_bare){.plain = plain, .work = work, .n_routes = plain->most_routes, .next_blink = 1};
    b->stride = most_modes(plain);
    b->nodes = ki_arena_alloc(arena, n_nodes, sizeof *b->nodes);
    b->routes = ki_arena_alloc(arena, n_routes, sizeof *b->routes);
    b->unused = ki_arena_alloc(arena, n_routes, sizeof *b->unused);
    b->changed = ki_arena_alloc(arena, n_routes, sizeof *b->changed);
    b->log = ki_arena_alloc(arena, 2 * n, sizeof *b->log);
    b->pending = ki_arena_alloc(arena, n, sizeof *b->pending);
    int complete = b->nodes && b->routes && b->unused && b->changed && b->log && b->pending;
    for (int key = 0; key < 3; key++) {
        b->keys[key] = ki_arena_alloc(arena, n, sizeof *b->keys[key]);
        complete = complete && b->keys[key];
    }
    if (plain->modes) {
        b->head = ki_arena_alloc(arena, n_nodes * (size_t)b->stride, sizeof *b->head);
        b->tail = ki_arena_alloc(arena, n_nodes * (size_t)b->stride, sizeof *b->tail);
        complete = complete && b->head && b->tail;
    }
    if (!complete) return ki_fail_no_memory(err, "the search");
    set_up_nodes(b);
    fill_keys(b);
    return turn_legs(b, err);
}

/* ---- links ----------------------------------------------------------------------------------- */

static void set_leg(ki_bare *b, ki_bare_node *from, ki_bare_node *to) {
    to->leg_mm = (int32_t)ki_plain_leg(b->plain, from->row, to->row);
}

static void note_change(ki_bare *b, int32_t route) {
    if (b->routes[route].touched == b->n_steps) return;
    b->routes[route].touched = b->n_steps;
    b->changed[b->n_changed++] = route;
}

static void unlink_task(ki_bare *b, int32_t task) {
    ki_bare_node *node = &b->nodes[task];
    ki_bare_node *before = &b->nodes[node->prev], *behind = &b->nodes[node->next];
    ki_bare_route *route = &b->routes[node->route];
    int64_t legs_mm = (int64_t)node->leg_mm + behind->leg_mm;
    before->next = node->next;
    behind->prev = node->prev;
    route->load -= b->plain->load[task];
    if (!b->head) {
        set_leg(b, before, behind);
        b->mm += behind->leg_mm - legs_mm;
    }
    if (--route->n == 0) {
        route->unused_at = b->n_unused;
        b->unused[b->n_unused++] = node->route;
        b->mm -= b->plain->used_mm;
    }
    node->route = -1;
}

static void link_task(ki_bare *b, int32_t task, int32_t behind) {
    ki_bare_node *node = &b->nodes[task], *before = &b->nodes[behind];
    ki_bare_node *after = &b->nodes[before->next];
    ki_bare_route *route = &b->routes[before->route];
    node->prev = behind;
    node->next = before->next;
    node->route = before->route;
    before->next = after->prev = task;
    route->load += b->plain->load[task];
    if (!b->head) {
        b->mm -= after->leg_mm;
        set_leg(b, before, node);
        set_leg(b, node, after);
        b->mm += (int64_t)node->leg_mm + after->leg_mm;
    }
    if (route->n++ == 0) {
        int32_t last = b->unused[--b->n_unused];
        b->unused[route->unused_at] = last;
        b->routes[last].unused_at = route->unused_at;
        b->mm += b->plain->used_mm;
    }
}

void ki_bare_take_out(ki_bare *b, int32_t task) {
    b->log[b->n_log++] = (ki_bare_log){task, b->nodes[task].prev, 0};
    note_change(b, b->nodes[task].route);
    unlink_task(b, task);
    b->pending[b->n_pending++] = task;
}

void ki_bare_put_in(ki_bare *b, int32_t task, int32_t behind) {
    b->log[b->n_log++] = (ki_bare_log){task, behind, 1};
    note_change(b, b->nodes[behind].route);
    link_task(b, task, behind);
}

void ki_bare_undo(ki_bare *b) {
    while (b->n_log > 0) {
        const ki_bare_log *entry = &b->log[--b->n_log];
        if (entry->put_in)
            unlink_task(b, entry->task);
        else
            link_task(b, entry->task, entry->behind);
    }
    for (int32_t index = 0; b->head && index < b->n_changed; index++)
        ki_bare_refresh(b, b->changed[index]);
    ki_bare_keep(b);
}

void ki_bare_keep(ki_bare *b) {
    b->n_log = b->n_changed = b->n_pending = 0;
}

/* ---- several modes --------------------------------------------------------------------------- */

static int64_t *at_node(const ki_bare *b, int64_t *prices, int32_t node) {
    return prices + (size_t)node * (size_t)b->stride;
}

static int32_t task_of(const ki_bare *b, int32_t node) {
    return node < b->plain->n ? node : b->plain->n;
}

static int64_t least_at(const ki_bare *b, const int64_t *prices, int32_t node) {
    const int32_t *first = b->plain->modes->first + task_of(b, node);
    prices += (size_t)node * (size_t)b->stride;
    int64_t least_mm = prices[0];
    for (int32_t mode = 1; mode < first[1] - first[0]; mode++)
        if (prices[mode] < least_mm) least_mm = prices[mode];
    return least_mm;
}

/* From a node whose price is right to the end. */
static void refresh_heads(ki_bare *b, int32_t from) {
    for (int32_t last = from, at; last < b->plain->n + b->n_routes; last = at) {
        at = b->nodes[last].next;
        ki_modes_step(b->plain->modes, task_of(b, last), at_node(b, b->head, last), task_of(b, at),
                      at_node(b, b->head, at));
        b->nodes[at].head_mm = least_at(b, b->head, at);
    }
}

static void refresh_tails(ki_bare *b, int32_t from) {
    for (int32_t last = from, at = b->nodes[from].prev;; last = at, at = b->nodes[at].prev) {
        ki_modes_step_back(b->plain->modes, task_of(b, at), at_node(b, b->tail, at),
                           task_of(b, last), at_node(b, b->tail, last));
        b->nodes[at].tail_mm = least_at(b, b->tail, at);
        if (at >= b->plain->n) return;
    }
}

static void refresh_route(ki_bare *b, int32_t route) {
    int64_t mm = b->nodes[ki_bare_end(b, route)].head_mm;
    b->mm += mm - b->routes[route].mm;
    b->routes[route].mm = mm;
}

void ki_bare_refresh(ki_bare *b, int32_t route) {
    refresh_heads(b, ki_bare_start(b, route));
    refresh_tails(b, ki_bare_end(b, route));
    refresh_route(b, route);
}

void ki_bare_refresh_task(ki_bare *b, int32_t task) {
    refresh_heads(b, b->nodes[task].prev);
    refresh_tails(b, b->nodes[task].next);
    refresh_route(b, b->nodes[task].route);
}

int64_t ki_bare_modal_mm(const ki_bare *b, int32_t task, int32_t behind) {
    const ki_modes *modes = b->plain->modes;
    int64_t there[KI_MOST_MODES], home[KI_MOST_MODES] = {0};
    int32_t next = b->nodes[behind].next;
    ki_modes_step(modes, task_of(b, behind), at_node(b, b->head, behind), task, there);
    ki_modes_step_back(modes, task, home, task_of(b, next), at_node(b, b->tail, next));
    int64_t least_mm = there[0] + home[0];
    for (int32_t mode = 1; mode < modes->first[task + 1] - modes->first[task]; mode++)
        if (there[mode] + home[mode] < least_mm) least_mm = there[mode] + home[mode];
    return least_mm - b->routes[b->nodes[behind].route].mm;
}

/* ---- to and from tours ----------------------------------------------------------------------- */

void ki_bare_load(ki_bare *b, const int32_t *tour, const int32_t *cuts, int32_t n_cuts) {
    b->n_steps++;
    b->n_unused = 0;
    b->mm = 0;
    for (int32_t route = b->n_routes - 1; route >= 0; route--) {
        int32_t start = ki_bare_start(b, route), end = ki_bare_end(b, route);
        b->routes[route] = (ki_bare_route){.unused_at = b->n_unused};
        b->unused[b->n_unused++] = route;
        b->nodes[start].next = end;
        b->nodes[end].prev = start;
        if (!b->head) set_leg(b, &b->nodes[start], &b->nodes[end]);
    }
    for (int32_t route = 0, at = 0; route < n_cuts; route++)
        for (int32_t last = ki_bare_start(b, route); at < cuts[route]; last = tour[at++])
            link_task(b, tour[at], last);
    for (int32_t route = 0; b->head && route < b->n_routes; route++)
        ki_bare_refresh(b, route);
    ki_bare_keep(b);
}

int32_t ki_bare_tell(const ki_bare *b, int32_t *tour, int32_t *cuts) {
    int32_t n = 0, n_cuts = 0;
    for (int32_t route = 0; route < b->n_routes; route++) {
        if (b->routes[route].n == 0) continue;
        int32_t at = b->nodes[ki_bare_start(b, route)].next;
        for (; at < b->plain->n; at = b->nodes[at].next)
            tour[n++] = at;
        cuts[n_cuts++] = n;
    }
    return n_cuts;
}
