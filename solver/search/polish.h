/* SPDX-License-Identifier: GPL-3.0-or-later
 * polish.h - small moves within one route. */
#ifndef KI_POLISH_H
#define KI_POLISH_H
#include "search/chain.h"

/* Until nothing gets cheaper: other modes; another tip, no tip, a tip one stop earlier or later;
 * tasks that cost more than their prize. */
void ki_polish_route(ki_work *work, int32_t slot);
/* Every route that a step has touched. */
void ki_polish_touched(ki_work *work);
#endif
