/* SPDX-License-Identifier: GPL-3.0-or-later
 * stop_price.h - what an average stop and an outing cost in a district, guessed before any route is
 * known. */
#ifndef KI_STOP_PRICE_H
#define KI_STOP_PRICE_H
#include "model/draft.h"

/* In the currency; 0 where there is no truck. */
double ki_stop_price(const ki_draft *draft);
/* What it costs to send one more truck out, before its first kilometre: the vehicle used, and the
 * work before and after its trip. In the currency; 0 where there is no truck. */
double ki_outing_price(const ki_draft *draft);
#endif
