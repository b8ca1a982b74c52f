/* SPDX-License-Identifier: GPL-3.0-or-later
 * insert.h - the cheapest way to take in one more task. */
#ifndef KI_INSERT_H
#define KI_INSERT_H
#include "search/chain.h"

typedef struct ki_insertion {
    int64_t delta_nano; /* of the route; KI_NO_COST: no way */
    int32_t slot;       /* -1: a shift that is not used yet */
    int32_t type;
    int32_t at; /* behind this node */
    int32_t n_stops;
    int settle; /* the breaks or charges that the route then needs are not in it yet: the price may
                   be a guess */
    ki_stop stops[3]; /* the task, perhaps with a tip before or behind it */
} ki_insertion;

/* The cheapest insertion that costs less than limit_nano. blinks: now and then a place is not
 * seen, so that the search does not always do the same. */
void ki_insert_find(ki_work *work, int32_t task, int64_t limit_nano, int blinks,
                    ki_insertion *best);
/* Only into one route. */
void ki_insert_scan(ki_work *work, int32_t task, int32_t slot, int blinks, ki_insertion *best);
/* A route of its own, of this type, whatever it costs. type -1: none. */
void ki_insert_new(ki_work *work, int32_t task, int32_t type, ki_insertion *best);
int ki_insert_apply(ki_work *work, const ki_insertion *insertion);
#endif
