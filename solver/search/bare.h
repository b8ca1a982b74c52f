/* SPDX-License-Identifier: GPL-3.0-or-later
 * bare.h - ruin and recreate on the bare numbers of a plain model, for annealing: some ten times as
 * many steps as on full routes (work.h).
 *
 * nodes: tasks 0..n-1, then the start of each route, then its end. Every task is in a route but
 * within a step. A step is undone link by link, from the last back to the first. */
#ifndef KI_BARE_H
#define KI_BARE_H
#include "search/plain.h"

typedef struct ki_bare_node {
    int32_t next, prev, route; /* route -1: taken out */
    int32_t row;               /* of the legs */
    int32_t leg_mm;            /* from the node before; where tasks have one mode */
    int64_t seen;              /* the insertion that last looked behind this node */
    int64_t head_mm, tail_mm;  /* the least over the modes; where there are several */
} ki_bare_node;

typedef struct ki_bare_route {
    int64_t load, mm; /* mm: where tasks have several modes */
    int32_t n, unused_at;
    int64_t ruined, touched, seen; /* the latest step, change and insertion that were here */
} ki_bare_route;

typedef struct ki_bare_log { /* one link made or undone */
    int32_t task, behind;
    int32_t put_in; /* else taken out of there */
} ki_bare_log;

typedef struct ki_bare {
    const ki_plain *plain;
    ki_work *work; /* its random stream and its neighbours */
    int32_t n_routes, stride;
    ki_bare_node *nodes;
    ki_bare_route *routes;
    int64_t *head, *tail; /* [nodes][stride] as in modal.h, where tasks have several modes */
    int32_t *into_mm;     /* [n][width] legs to a task by its row; NULL: legs are symmetric */
    int64_t *keys[3];     /* [n] orders in which to put back */
    ki_bare_log *log;     /* [n_log] of this step */
    int32_t n_log;
    int32_t *pending, n_pending;
    int32_t *unused, n_unused;   /* empty routes */
    int32_t *changed, n_changed; /* routes touched in this step */
    int64_t n_steps, n_looks;
    int32_t next_blink;
    int64_t mm; /* of all routes, used or not, as the plain model prices them */
} ki_bare;

kerb_status ki_bare_init(ki_bare *bare, const ki_plain *plain, ki_work *work, kerb_error *err);
/* cuts[route] is where the route ends in the tour over all tasks. */
void ki_bare_load(ki_bare *bare, const int32_t *tour, const int32_t *cuts, int32_t n_cuts);
/* The routes as a tour and cuts; returns how many. */
int32_t ki_bare_tell(const ki_bare *bare, int32_t *tour, int32_t *cuts);
/* Takes strings of tasks out and puts them back. 0: a task found no place, so nothing is left but
 * to undo. bare->mm tells what it gained. */
int ki_bare_step(ki_bare *bare);
void ki_bare_undo(ki_bare *bare);
void ki_bare_keep(ki_bare *bare);

/* Between the two files. */
void ki_bare_take_out(ki_bare *bare, int32_t task);
void ki_bare_put_in(ki_bare *bare, int32_t task, int32_t behind);
/* Prices from both ends of a route that lost or got tasks; or only one task behind a node, all
 * else being as it was. */
void ki_bare_refresh(ki_bare *bare, int32_t route);
void ki_bare_refresh_task(ki_bare *bare, int32_t task);
/* What a task costs between a node and the next, where tasks have several modes. */
int64_t ki_bare_modal_mm(const ki_bare *bare, int32_t task, int32_t behind);

static inline int32_t ki_bare_start(const ki_bare *bare, int32_t route) {
    return bare->plain->n + route;
}
static inline int32_t ki_bare_end(const ki_bare *bare, int32_t route) {
    return bare->plain->n + bare->n_routes + route;
}
#endif
