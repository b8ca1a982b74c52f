/* SPDX-License-Identifier: GPL-3.0-or-later
 * aside.h - tasks set aside for a while, where trips are full.
 *
 * Where trips are filled to the last kilogram nearly no exchange fits, and annealing stands still
 * in the first packing it finds. There a task may be left out at a small price in place of its
 * prize, one that rises with every step it stays out, so that others go round it until all fit
 * again. The price follows how often that happens. What is kept as the best has real prizes.
 *
 * Source: the adaptive penalties of Vidal et al., "A hybrid genetic algorithm for multidepot and
 * periodic vehicle routing problems", Operations Research 60(3), 2012, section 4.2, put on tasks
 * left out in place of loads too high: then whatever is driven is feasible. */
#ifndef KI_ASIDE_H
#define KI_ASIDE_H
#include "search/work.h"

typedef struct ki_aside {
    int64_t *out_nano;       /* [n_tasks] what leaving them out costs now */
    int64_t price_nano;      /* of a task just left out */
    int32_t n_steps, n_with; /* since the price was set; those with a task set aside */
    int is_on;
} ki_aside;

kerb_status ki_aside_init(ki_aside *aside, ki_work *work, kerb_error *err);
/* Whether the trips of the routes are so full on average that it is worth while. */
int ki_aside_pays(const ki_work *work);
void ki_aside_begin(ki_aside *aside, ki_work *work);
/* Before each step. */
void ki_aside_step(ki_aside *aside, ki_work *work);
/* Real prices again. The state is what it was, perhaps with tasks set aside. */
void ki_aside_end(ki_aside *aside, ki_work *work);
#endif
