/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_fixed.h - the rounds of a city without sensors: each container on fixed days. */
#ifndef KI_SIMULATE_FIXED_H
#define KI_SIMULATE_FIXED_H
#include "io/simulate_world.h"

typedef struct ki_pattern {
    int32_t period_days, visits;
    uint32_t days; /* a bit a day of the period */
} ki_pattern;

int ki_pattern_due(const ki_pattern *pattern, int32_t day);
/* ki_world_due of patterns; payload: ki_pattern [n_containers]. */
int ki_world_pattern_due(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                         const void *payload);

/* For each container the rarest pattern that at its true mean rate loses no more than this share
 * of what is thrown in, and keeps its maximum interval. *out: [n_containers] in the arena.
 * collection_days: of a week, 1 to 7, on which trucks go out; a container for which they are too
 * few has as many more as it needs. */
#define KI_FIXED_LOSS 0.001
kerb_status ki_patterns_make(ki_pattern **out, ki_arena *arena, const ki_draft *draft,
                             const ki_world *world, double most_lost, int32_t collection_days,
                             kerb_error *err);

/* The same with the margin that the district needs, no more: the largest share for which the true
 * fills, lived through over these nights, lose no more than KI_FIXED_LOSS of all that is thrown
 * in. No routes: a truck comes some time of the trucks' shifts. */
kerb_status ki_patterns_tune(ki_pattern **out, ki_arena *arena, const ki_draft *draft,
                             const ki_world *world, int32_t settle_nights, int32_t nights,
                             int32_t collection_days, kerb_error *err);
#endif
