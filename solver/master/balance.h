/* SPDX-License-Identifier: GPL-3.0-or-later
 * balance.h - the price on squared hours, and hours that are guaranteed, made linear for the bound.
 */
#ifndef KI_BALANCE_H
#define KI_BALANCE_H
#include "base/arena.h"
#include "route/route.h"

/* A view of the model without the price of balance: in its place each type pays a tangent to it,
 * more an hour and less a vehicle, so that no route costs more than in the model. Nor are there
 * hours guaranteed: a type pays them with the vehicle, and no hours, or as it works. near: hours of
 * its routes say where; NULL: no tangent at all. Borrows everything but the types, which live in
 * the arena. */
kerb_status ki_balance_view(ki_model *view, const ki_model *model, const ki_solution *near,
                            ki_arena *arena, kerb_error *err);
#endif
