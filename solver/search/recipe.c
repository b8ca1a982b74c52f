/* SPDX-License-Identifier: GPL-3.0-or-later
 * recipe.c - prices a move's recipes by chains and makes the routes if it pays. */
#include "search/recipe.h"

static const ki_line *line_at(const ki_work *work, int32_t slot) {
    return &work->slots[slot].now;
}

static int leaves_no_task(const ki_work *work, const ki_recipe *recipe) {
    const ki_line *tail = line_at(work, recipe->tail_slot);
    return recipe->head == 0 && recipe->n_pieces == 0 && recipe->tail >= tail->n_nodes - 2;
}

int64_t ki_recipe_price(const ki_work *work, const ki_recipe *recipe) {
    if (leaves_no_task(work, recipe)) return 0;
    ki_chain chain;
    ki_chain_from(&chain, work->model, line_at(work, recipe->slot), recipe->head);
    for (int32_t index = 0; index < recipe->n_pieces; index++) {
        const ki_piece *piece = &recipe->pieces[index];
        const ki_line *line = line_at(work, piece->slot);
        if (piece->first <= piece->last) ki_chain_piece(&chain, line, piece->first, piece->last);
        for (int32_t at = piece->first; at >= piece->last && piece->first > piece->last; at--)
            ki_chain_stop(&chain, &line->nodes[at].stop);
    }
    ki_chain_rest(&chain, line_at(work, recipe->tail_slot), recipe->tail);
    return ki_chain_cost(&chain);
}

static int32_t write_stops(const ki_work *work, const ki_recipe *recipe, ki_stop *stops) {
    if (leaves_no_task(work, recipe)) return 0;
    int32_t n = 0;
    for (int32_t at = 1; at <= recipe->head; at++)
        stops[n++] = line_at(work, recipe->slot)->nodes[at].stop;
    for (int32_t index = 0; index < recipe->n_pieces; index++) {
        const ki_piece *piece = &recipe->pieces[index];
        const ki_line *line = line_at(work, piece->slot);
        int32_t step = piece->first <= piece->last ? 1 : -1;
        for (int32_t at = piece->first; at != piece->last + step; at += step)
            stops[n++] = line->nodes[at].stop;
    }
    const ki_line *tail = line_at(work, recipe->tail_slot);
    for (int32_t at = recipe->tail; at + 1 < tail->n_nodes; at++)
        stops[n++] = tail->nodes[at].stop;
    return n;
}

/* Between the two a task may be in both routes: it belongs to the one made last. */
static void make(ki_work *work, const ki_recipe *recipes, int n_recipes) {
    ki_stop *stops[2] = {work->scratch, work->scratch + work->scratch_size};
    int32_t n_stops[2] = {0}, types[2] = {0};
    for (int index = 0; index < n_recipes; index++) {
        types[index] = line_at(work, recipes[index].slot)->type;
        n_stops[index] = write_stops(work, &recipes[index], stops[index]);
    }
    for (int index = 0; index < n_recipes; index++)
        ki_work_set(work, recipes[index].slot, types[index], stops[index], n_stops[index]);
}

/* What waiting for bays makes of a move is known when it is made: if it does not pay, all is as
 * before. */
static int make_if_it_pays(ki_work *work, const ki_recipe *recipes, int n_recipes) {
    ki_stop *stops[2] = {work->kept, work->kept + work->scratch_size};
    int32_t n_stops[2] = {0}, types[2] = {0};
    int64_t changed[2] = {0}, old_nano = ki_work_cost(work);
    for (int index = 0; index < n_recipes; index++) {
        const ki_slot *slot = &work->slots[recipes[index].slot];
        n_stops[index] = ki_line_stops(&slot->now, stops[index]);
        types[index] = slot->now.type;
        changed[index] = slot->changed;
        ki_yard_leave(work->yard, recipes[index].slot); /* neither is in the way of the other */
    }
    make(work, recipes, n_recipes);
    if (ki_work_cost(work) < old_nano) return 1;
    for (int index = 0; index < n_recipes; index++)
        if (work->slots[recipes[index].slot].now.n_nodes)
            ki_work_set_as_is(work, recipes[index].slot, types[index], NULL, 0);
    for (int index = 0; index < n_recipes; index++) {
        ki_work_set_as_is(work, recipes[index].slot, types[index], stops[index], n_stops[index]);
        work->slots[recipes[index].slot].changed = changed[index];
    }
    return 0;
}

int ki_recipes_try(ki_work *work, const ki_recipe *recipes, int n_recipes) {
    int64_t left_nano = 0;
    int32_t n_nodes = 0;
    for (int index = 0; index < n_recipes; index++) {
        left_nano += line_at(work, recipes[index].slot)->cost_nano;
        n_nodes += line_at(work, recipes[index].slot)->n_nodes;
    }
    if (n_nodes > work->scratch_size) return 0;
    for (int index = 0; index < n_recipes; index++) {
        int64_t cost_nano = ki_recipe_price(work, &recipes[index]);
        if (cost_nano == KI_NO_COST) return 0;
        left_nano -= cost_nano;
        if (left_nano <= 0) return 0;
    }
    if (work->yard) return make_if_it_pays(work, recipes, n_recipes);
    make(work, recipes, n_recipes);
    return 1;
}
