/* SPDX-License-Identifier: GPL-3.0-or-later
 * home.h - the way home of vehicles under way.
 *
 * Such a vehicle comes home whatever else is decided. The search sees a route as what it adds to
 * that: home_nano is taken off its price (route/cost.c), and a vehicle that serves nothing more
 * costs nothing there. The plan shows every way home, and its cost is that of the search plus all
 * of them. */
#ifndef KI_HOME_H
#define KI_HOME_H
#include "route/route.h"

/* Finds home_tip and home_nano of every type under way; once, after sealing. By way of the cheapest
 * tip it reaches in time; or past the end of its shift; or, where no tip is open, loaded; or not at
 * all (KI_HOME_LOST). *n_late, *n_loaded, *n_lost count them and may not be NULL. */
void ki_homes_find(ki_model *model, int32_t *n_late, int32_t *n_loaded, int32_t *n_lost);
/* A route that serves nothing: only a way home. It may be late, or end loaded. */
int ki_route_is_home(const ki_model *model, const ki_route *route);
/* The solution with the ways home of unused vehicles as routes, and their price in its cost. Where
 * bays or room run out they take what the others leave: they wait, tip elsewhere or come home
 * loaded. ki_solution_free. */
kerb_status ki_solution_with_homes(ki_solution *out, const ki_model *model, const ki_solution *from,
                                   kerb_error *err);
/* What ways home may at most earn in gate fees: 0 or less. Added to a bound that knows of none. */
int64_t ki_homes_earn(const ki_model *model);
#endif
