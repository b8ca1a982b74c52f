/* SPDX-License-Identifier: GPL-3.0-or-later
 * play.h - plays hauls through the night in whole grams: how much each takes, how high each pile
 * gets, and what it all costs. Also what greedy and program both ask about a problem. */
#ifndef KI_HAUL_PLAY_H
#define KI_HAUL_PLAY_H
#include "haul/haul.h"

typedef struct ki_haul_step { /* what has come by an instant */
    int32_t at_ms;
    int64_t sum_g;
} ki_haul_step;

typedef struct ki_haul_events { /* of one pile, by time */
    ki_haul_step *counted;      /* [n] from the start of unloading */
    ki_haul_step *loadable;     /* [n] from its end */
    int32_t n;
} ki_haul_events;

typedef struct ki_haul_stage { /* a problem made ready to be played on */
    const ki_haul_problem *problem;
    ki_arena *arena;             /* borrowed */
    ki_haul_events *events;      /* [n_piles] */
    int64_t *hauled_g, *taken_g; /* [n_piles], [n_plants] while playing */
    ki_haul_step *ends;          /* of loading, of one pile */
    size_t ends_capacity;
} ki_haul_stage;

kerb_status ki_haul_stage_new(ki_haul_stage *stage, const ki_haul_problem *problem, ki_arena *arena,
                              kerb_error *err);
void ki_haul_stage_free(ki_haul_stage *stage);

/* Sets every mass, in the order of loading; leaves the hauls by kind, truck, time. fates:
 * [n_piles] or NULL. Fails with KERB_NO_MEMORY. */
kerb_status ki_haul_play(ki_haul_stage *stage, ki_haul *hauls, int32_t n, ki_haul_fate *fates,
                         ki_haul_tally *tally, kerb_error *err);
int ki_haul_by_loading(const void *left, const void *right); /* of ki_haul, for qsort */
/* Fewer without their breaks, then less above the buffers, then cheaper, then fewer. */
int ki_haul_is_better(const ki_haul_tally *a, int32_t n_a, const ki_haul_tally *b, int32_t n_b);

/* All that may be loaded at an instant if nothing were hauled before. */
int64_t ki_haul_loadable_g(const ki_haul_stage *stage, int32_t pile, int32_t at_ms);
int64_t ki_haul_total_g(const ki_haul_stage *stage, int32_t pile);

typedef enum ki_haul_depot { KI_HAUL_START = 0, KI_HAUL_END = 1 } ki_haul_depot;
int32_t ki_haul_place_of_plant(const ki_haul_problem *problem, int32_t plant);
int32_t ki_haul_place_of_depot(const ki_haul_problem *problem, ki_haul_depot which);
/* Of a kind between places; INT32_MAX: no way. */
int32_t ki_haul_drive_ms(const ki_haul_problem *problem, int32_t kind, int32_t from, int32_t to);
int32_t ki_haul_drive_mm(const ki_haul_problem *problem, int32_t kind, int32_t from, int32_t to);
/* The time planned to unload a full load. */
int32_t ki_haul_unload_ms(const ki_haul_problem *problem, int32_t kind, int32_t plant);
int ki_haul_is_open(const ki_haul_hours *hours, int32_t start_ms);
/* Whether the kind may carry from the pile to the plant at all. */
int ki_haul_may_carry(const ki_haul_problem *problem, int32_t kind, int32_t pile, int32_t plant);
/* Lowest fee of a plant that takes the stream; 0: none does. */
int64_t ki_haul_least_fee(const ki_haul_problem *problem, int stream);
/* Slots that unloading touches from the one it begins in; at least one. */
int32_t ki_haul_unload_slots(const ki_haul_problem *problem, int32_t kind, int32_t plant,
                             int32_t slot_ms);
/* Bays of a plant that others leave in a slot; INT32_MAX: any. */
int32_t ki_haul_bays_free(const ki_haul_problem *problem, int32_t plant, int32_t slot,
                          int32_t slot_ms);
#endif
