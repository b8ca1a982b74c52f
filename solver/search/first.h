/* SPDX-License-Identifier: GPL-3.0-or-later
 * first.h - the first solution of an island: each task at its cheapest place, then shifts opened
 * for groups of tasks that pay for one, and closed where others can take over. */
#ifndef KI_FIRST_H
#define KI_FIRST_H
#include "search/trips.h"

/* Of work with everything left out. work->failed says whether memory ran out. */
void ki_first_solution(ki_work *work, ki_ruin *ruin, ki_trips *trips);
#endif
