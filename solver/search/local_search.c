/* SPDX-License-Identifier: GPL-3.0-or-later
 * local_search.c - descent over moves that bring a task next to one of its near neighbours.
 *
 * For a task u and a near task v, each move makes v follow u or u follow v; what does not create
 * such a pair is not looked at (granular search). First improvement. Ruin and recreate finds most
 * of this by itself; what it lacks are exchanges of whole tails, which carry any number of trips
 * with them, reversals, and changes of the type of shift. */
#include "search/local_search.h"

#include "search/polish.h"

enum { NEAR = 12, LONGEST_PIECE = 3, LONGEST_REVERSAL = 30, LONGEST_SHIFT = 40 };

typedef struct pair {
    ki_work *work;
    int32_t a, i; /* slot and node of u */
    int32_t b, j; /* ... of v */
} pair;

static const ki_line *line_at(const ki_work *work, int32_t slot) {
    return &work->slots[slot].now;
}

static int is_task(const pair *p, int32_t slot, int32_t node) {
    return node > 0 && line_at(p->work, slot)->nodes[node].stop.task >= 0;
}

/* u and up to two stops behind it move to just behind v, or before it. */
static int relocate(const pair *p, int before) {
    for (int32_t n = 1; n <= LONGEST_PIECE; n++) {
        int32_t end = before ? p->i - n + 1 : p->i + n - 1;
        if (!is_task(p, p->a, end)) return 0;
        int32_t first = before ? end : p->i, last = before ? p->i : end;
        int32_t head = before ? p->j - 1 : p->j;
        ki_recipe recipes[2] = {{p->b, head, 1, {{p->a, first, last}}, p->b, head + 1},
                                {p->a, first - 1, 0, {{0}}, p->a, last + 1}};
        if (ki_recipes_try(p->work, recipes, 2)) return 1;
    }
    return 0;
}

/* u takes the place of the stop behind (or before) v, which takes the place of u. */
static int swap(const pair *p, int before) {
    int32_t k = before ? p->j - 1 : p->j + 1;
    if (!is_task(p, p->b, k)) return 0;
    ki_recipe recipes[2] = {{p->b, k - 1, 1, {{p->a, p->i, p->i}}, p->b, k + 1},
                            {p->a, p->i - 1, 1, {{p->b, k, k}}, p->a, p->i + 1}};
    return ki_recipes_try(p->work, recipes, 2);
}

/* 2-opt*: all behind u and all from v on change places, tips and later trips with them. */
static int swap_tails(const pair *p) {
    ki_recipe recipes[2] = {{p->a, p->i, 0, {{0}}, p->b, p->j},
                            {p->b, p->j - 1, 0, {{0}}, p->a, p->i + 1}};
    return ki_recipes_try(p->work, recipes, 2);
}

static int between_routes(const pair *p) {
    if (relocate(p, 0) || relocate(p, 1) || swap(p, 0) || swap(p, 1)) return 1;
    return line_at(p->work, p->a)->type == line_at(p->work, p->b)->type && swap_tails(p);
}

/* Or-opt: u and up to two stops behind it to another place of the same route. What lies between is
 * priced stop by stop, hence not too far. */
static int relocate_within(const pair *p) {
    if (p->j - p->i > LONGEST_SHIFT || p->i - p->j > LONGEST_SHIFT) return 0;
    for (int32_t n = 1; n <= LONGEST_PIECE; n++) {
        int32_t last = p->i + n - 1;
        if (!is_task(p, p->a, last) || (p->j >= p->i && p->j <= last)) return 0;
        ki_piece moved = {p->a, p->i, last};
        ki_recipe later = {p->a, p->i - 1, 2, {{p->a, last + 1, p->j}, moved}, p->a, p->j + 1};
        ki_recipe earlier = {p->a, p->j, 2, {moved, {p->a, p->j + 1, p->i - 1}}, p->a, last + 1};
        if (p->j == p->i - 1) continue;
        if (ki_recipes_try(p->work, p->j > last ? &later : &earlier, 1)) return 1;
    }
    return 0;
}

/* 2-opt: v comes next to u, all between them backwards. */
static int reverse(const pair *p) {
    if (p->j <= p->i + 1 || p->j - p->i > LONGEST_REVERSAL) return 0;
    ki_recipe recipe = {p->a, p->i, 1, {{p->a, p->j, p->i + 1}}, p->a, p->j + 1};
    return ki_recipes_try(p->work, &recipe, 1);
}

/* Neither route changed since nothing was found between them. */
static int is_known(const ki_work *work, int32_t a, int32_t b) {
    int64_t tested = work->slots[a].tested;
    return work->slots[a].changed <= tested && work->slots[b].changed <= tested;
}

int ki_local_search_task(ki_work *work, int32_t task) {
    const int32_t *near = ki_work_near(work, task);
    for (int32_t rank = 0; rank < NEAR && rank < work->n_neighbours; rank++) {
        if (near[rank] < 0 || work->where[task] < 0) return 0;
        pair p = {work, work->where[task], work->place[task], work->where[near[rank]],
                  work->place[near[rank]]};
        if (p.b < 0 || is_known(work, p.a, p.b)) continue;
        if (p.a != p.b ? between_routes(&p) : relocate_within(&p) || reverse(&p)) return 1;
    }
    return 0;
}

/* ---- another type of shift ------------------------------------------------------------------- */

/* Of a route whose breaks or charges must be settled first. */
static int drive_settled(ki_work *work, int32_t slot, int32_t type, int32_t n_stops) {
    ki_route route = {type, ki_work_settle(work, type, work->scratch, n_stops), work->scratch};
    ki_route_value value;
    if (route.n_stops < 0) return 0;
    ki_route_evaluate(work->model, &route, &value, NULL);
    int64_t now_nano = line_at(work, slot)->cost_nano;
    if (!value.feasible || value.cost_nano >= now_nano) return 0;
    return ki_work_set_below(work, slot, type, work->scratch, route.n_stops, now_nano);
}

static int drive_as(ki_work *work, int32_t slot, int32_t type) {
    int32_t n_stops = ki_line_stops(line_at(work, slot), work->scratch);
    n_stops = ki_stops_strip(work->scratch, n_stops);
    ki_chain chain;
    ki_chain_new(&chain, work->model, type);
    chain.without_breaks = chain.will_charge = 1;
    for (int32_t stop = 0; stop < n_stops; stop++) {
        ki_stop *at = &work->scratch[stop];
        if (!ki_stop_as(work->model, type, at)) return 0;
        ki_chain_stop(&chain, at);
    }
    ki_chain_end(&chain);
    int64_t cost_nano = ki_chain_cost(&chain);
    if (cost_nano == KI_NO_COST) return 0;
    if (work->model->types[type].n_breaks || chain.is_flat)
        return drive_settled(work, slot, type, n_stops);
    int64_t now_nano = line_at(work, slot)->cost_nano;
    if (cost_nano >= now_nano) return 0;
    return ki_work_set_below(work, slot, type, work->scratch, n_stops, now_nano);
}

static int change_type(ki_work *work, int32_t slot) {
    for (int32_t type = 0; type < work->model->n_types; type++) {
        const ki_line *line = line_at(work, slot);
        int32_t lead = ki_lead(work->model, type);
        if (type == line->type) continue;
        if (work->n_used[lead] >= work->model->types[type].n_shifts &&
            lead != ki_lead(work->model, line->type))
            continue;
        if (drive_as(work, slot, type)) return 1;
    }
    return 0;
}

/* ---- descent --------------------------------------------------------------------------------- */

static int improve_slot(ki_work *work, int32_t slot) {
    const ki_line *line = line_at(work, slot);
    int64_t now = work->n_changes;
    if (line->n_nodes && change_type(work, slot)) return 1;
    for (int32_t at = 1; at + 1 < line->n_nodes; at++)
        if (line->nodes[at].stop.task >= 0 && ki_local_search_task(work, line->nodes[at].stop.task))
            return 1;
    work->slots[slot].tested = now;
    return 0;
}

void ki_local_search(ki_work *work) {
    /* A route that a move touches for the first time joins the end of the list. */
    for (int better = 1; better && !work->failed;) {
        better = 0;
        for (int32_t index = 0; index < work->n_touched; index++)
            while (!work->failed && improve_slot(work, work->touched[index])) {
                ki_polish_route(work, work->touched[index]);
                better = 1;
            }
    }
}
