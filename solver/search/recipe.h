/* SPDX-License-Identifier: GPL-3.0-or-later
 * recipe.h - how a move would make a route: a head, pieces in between, a tail.
 *
 *   nodes 0..head of a slot │ pieces, perhaps backwards │ nodes tail..end of a slot
 *
 * A move is one or two recipes; pricing and making them is written once. */
#ifndef KI_RECIPE_H
#define KI_RECIPE_H
#include "search/chain.h"

typedef struct ki_piece {
    int32_t slot, first, last; /* nodes; first > last: backwards */
} ki_piece;

typedef struct ki_recipe {
    int32_t slot; /* the route that is replaced; the head is its own */
    int32_t head; /* last node of the head */
    int32_t n_pieces;
    ki_piece pieces[2];
    int32_t tail_slot, tail; /* of the same type */
} ki_recipe;

/* KI_NO_COST: not possible; 0: no task is left, the shift is not used. */
int64_t ki_recipe_price(const ki_work *work, const ki_recipe *recipe);
/* Makes all if together they are cheaper than what they replace. Returns 1 if made. */
int ki_recipes_try(ki_work *work, const ki_recipe *recipes, int n_recipes);
#endif
