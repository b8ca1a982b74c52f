/* SPDX-License-Identifier: GPL-3.0-or-later
 * bare_search.h - annealing on the bare numbers of a plain model. */
#ifndef KI_BARE_SEARCH_H
#define KI_BARE_SEARCH_H
#include "search/bare.h"
#include "search/cooling.h"
#include "search/descent.h"
#include "search/tours.h"

typedef struct ki_bare_search {
    ki_plain plain;
    ki_bare bare;
    ki_descent descent; /* no nodes: too many tasks for it */
    ki_tours best;      /* the cheapest so far, noted while it is not hot */
    int32_t n_best;     /* routes */
    int64_t best_mm;
    int64_t nano_per_mm;
    int is_new; /* the best was not asked for yet */
} ki_bare_search;

/* For a plain model with neighbours found. Everything lives in the arena of the work. */
kerb_status ki_bare_search_init(ki_bare_search *search, ki_work *work, kerb_error *err);
/* Goes on from a solution, which becomes the best. 0: it leaves out a task or has too many routes,
 * and nothing is changed. */
int ki_bare_search_load(ki_bare_search *search, const ki_solution *solution);
/* Goes on from the best after all moves of the descent, reversals and SWAP* among them. */
void ki_bare_search_polish(ki_bare_search *search);
/* Step number n. */
void ki_bare_search_step(ki_bare_search *search, ki_cooling *cooling, int64_t n);
/* Where it is now may be better than what was noted while it was hot. */
void ki_bare_search_note(ki_bare_search *search);
/* The best as routes: stops needs room for all tasks and a tip a route. Returns how many. */
int32_t ki_bare_search_write(const ki_bare_search *search, const ki_model *model, ki_route *routes,
                             ki_stop *stops);
#endif
