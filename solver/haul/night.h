/* SPDX-License-Identifier: GPL-3.0-or-later
 * night.h - the hauls of a plan: what its collection leaves at the transfer stations becomes a haul
 * problem, its answer routes of haul trucks in the plan. */
#ifndef KI_HAUL_NIGHT_H
#define KI_HAUL_NIGHT_H
#include "base/pool.h"
#include "plan/plan.h"

/* Adds routes, piles and costs to a plan of collection. Nothing happens where no transfer station
 * states a stock, a buffer or that it is to be cleared, and no haul truck is under way. Hauls of
 * the earlier plan are kept as far as they can be. is_quick: without the integer program. Fails
 * with KERB_NO_MEMORY, or with KERB_INTERNAL where a path and the matrix differ. */
kerb_status ki_plan_hauls_add(kerb_plan *plan, const kerb_model *model, ki_worker *worker,
                              int is_quick, kerb_error *err);
#endif
