/* SPDX-License-Identifier: GPL-3.0-or-later
 * cost.h - the parts of a price, for those that add them up piece by piece. */
#ifndef KI_COST_H
#define KI_COST_H
#include "route/route.h"

/* For the square of a spell: two hours more for one crew cost more than an hour more for two. */
static inline int64_t ki_cost_balance(const ki_type *type, int64_t spell_ms) {
    return spell_ms * spell_ms / 1000000 * type->balance_nano_per_s2;
}

/* Hours that are paid and not worked. */
static inline int64_t ki_cost_guaranteed(const ki_type *type, int64_t spell_ms) {
    int64_t idle_ms = type->guaranteed_ms - spell_ms;
    return idle_ms > 0 ? idle_ms * type->nano_per_ms : 0;
}

/* Paid hours of one spell: grows with the spell, never falls. */
static inline int64_t ki_cost_spell(const ki_type *type, int64_t spell_ms) {
    int64_t cost_nano = spell_ms * type->nano_per_ms;
    if (type->guaranteed_ms) cost_nano += ki_cost_guaranteed(type, spell_ms);
    if (type->regular_ms != KI_NEVER && spell_ms > type->regular_ms)
        cost_nano += (spell_ms - type->regular_ms) * type->overtime_nano_per_ms;
    if (type->balance_nano_per_s2) cost_nano += ki_cost_balance(type, spell_ms);
    return cost_nano;
}

/* Gate fees for tipping a load. */
int64_t ki_cost_fees(const ki_model *model, int32_t type, int32_t tip, const int64_t *load);
#endif
