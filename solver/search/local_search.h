/* SPDX-License-Identifier: GPL-3.0-or-later
 * local_search.h - moves between two routes, and longer ones within one. */
#ifndef KI_LOCAL_SEARCH_H
#define KI_LOCAL_SEARCH_H
#include "search/recipe.h"

/* Descends until no move from one of the touched routes helps: relocate and or-opt, swap, 2-opt*,
 * 2-opt, another type of shift; each followed by the moves of polish.h. */
void ki_local_search(ki_work *work);
/* One pass over one task; 1 if something got cheaper. */
int ki_local_search_task(ki_work *work, int32_t task);
#endif
