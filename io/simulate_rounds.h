/* SPDX-License-Identifier: GPL-3.0-or-later
 * simulate_rounds.h - as-is: the rounds a city drives today, night after night, in the same world
 * and by the same prices as every other policy. */
#ifndef KI_SIMULATE_ROUNDS_H
#define KI_SIMULATE_ROUNDS_H
#include "io/rounds.h"
#include "io/simulate_world.h"

typedef struct ki_as_is {
    const ki_rounds *rounds;
    int32_t *bins;   /* [rounds->n] container of a row; negative: none of this district */
    uint8_t *days;   /* [n_containers] a bit a weekday on which some round empties it */
    uint8_t *is_out; /* [rounds->n] passed over: no such container, or none for its vehicle */
} ki_as_is;

/* Fails with KERB_BAD_INPUT where a row names no shift and no vehicle of the district. */
kerb_status ki_as_is_begin(ki_as_is *out, ki_arena *arena, const ki_draft *draft,
                           const ki_rounds *rounds, kerb_error *err);
/* Rows passed over so far. */
size_t ki_as_is_passed_over(const ki_as_is *as_is);
int32_t ki_as_is_weekday(const ki_draft *draft, int32_t night);
/* ki_world_due of rounds; payload: ki_as_is. */
int ki_world_as_is_due(const ki_world *world, size_t container, int32_t night, int64_t at_s,
                       const void *payload);
/* The routes of a night, as ki_night_carry_out wants them: rules that they break are not asked for.
 * model: sealed, with tonight's containers in. Free with kerb_plan_free. */
kerb_status ki_as_is_plan(kerb_plan **out, ki_as_is *as_is, const kerb_model *model,
                          int32_t weekday, kerb_error *err);
#endif
