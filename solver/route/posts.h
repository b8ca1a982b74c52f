/* SPDX-License-Identifier: GPL-3.0-or-later
 * posts.h - charging stops between others, and tips that charge, where both may. */
#ifndef KI_POSTS_H
#define KI_POSTS_H
#include "route/route.h"

enum { KI_POSTS_MOST_STOPS = 1000 };

/* Of stops without posts whose tips do not charge: see ki_charges_settle. At most so many stops. */
int32_t ki_posts_settle(const ki_model *model, int32_t type, ki_stop *stops, int32_t n_stops,
                        int32_t room);
#endif
