/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_fixed.h - the rounds of a city without sensors: each container on fixed days. */
#ifndef KI_SIMULATE_FIXED_H
#define KI_SIMULATE_FIXED_H
#include "io/simulate_world.h"

typedef struct ki_pattern {
    int32_t period_days, visits, offset; /* visits spread over the period as evenly as days allow */
} ki_pattern;

int ki_pattern_due(const ki_pattern *pattern, int32_t day);
/* For each container the rarest pattern that keeps KI_FIXED_SERVICE at its true mean rate and
 * its maximum interval. *out: [n_containers] in the arena. */
#define KI_FIXED_SERVICE 0.999
kerb_status ki_patterns_make(ki_pattern **out, ki_arena *arena, const ki_draft *draft,
                             const ki_world *world, kerb_error *err);
#endif
