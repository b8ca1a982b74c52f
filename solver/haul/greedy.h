/* SPDX-License-Identifier: GPL-3.0-or-later
 * greedy.h - hauls without a solver: the first incumbent, and the answer where GLPK has none. */
#ifndef KI_HAUL_GREEDY_H
#define KI_HAUL_GREEDY_H
#include "haul/play.h"

typedef struct ki_haul_list {
    ki_haul *items; /* by kind, truck, time once played */
    int32_t n;
    size_t capacity;
    ki_haul_tally tally;
} ki_haul_list;

/* Hauls that keep their trucks' hours, opening hours and bays, with loading and unloading at
 * multiples of slot_ms. given: n_given hauls by time of loading; those that can be kept are, late
 * where they must be, and the others follow them. list: start from {0}. Fails with KERB_NO_MEMORY.
 */
kerb_status ki_haul_greedy(ki_haul_list *list, ki_haul_stage *stage, int32_t slot_ms,
                           const ki_haul *given, int32_t n_given, kerb_error *err);
/* Drops hauls without which the night is better (play.h). */
kerb_status ki_haul_prune(ki_haul_list *list, ki_haul_stage *stage, kerb_error *err);
kerb_status ki_haul_add(ki_haul_list *list, const ki_haul *haul, kerb_error *err);
void ki_haul_list_free(ki_haul_list *list);
#endif
