/* SPDX-License-Identifier: GPL-3.0-or-later
 * spell.h - the spell of one haul truck: when it begins and ends, and its breaks.
 *
 * The hauls of a truck keep their times, so a break is taken in the time between two of them, and
 * only one at the depot or behind the last tip makes the spell longer. Breaks are taken in their
 * order; a spell does without those it does not need (include/kerbside.h, kerb_break).
 *
 * Places of breaks: 0 the depot, 2i + 1 behind loading of haul i, 2i + 2 behind its unloading. */
#ifndef KI_HAUL_SPELL_H
#define KI_HAUL_SPELL_H
#include "haul/haul.h"

enum { KI_HAUL_MOST_WITH_BREAKS = 64 }; /* hauls of a truck that takes breaks */
#define KI_HAUL_NO_TIME INT64_MAX

typedef struct ki_haul_pause {
    int32_t place, start_ms, end_ms;
} ki_haul_pause;

typedef struct ki_haul_spell {
    int32_t start_ms, end_ms, unpaid_ms;
    int32_t n_pauses;
    ki_haul_pause pauses[KI_MAX_BREAKS];
} ki_haul_spell;

/* The spell of these hauls of one truck, by time, with the breaks that make it cheapest; of equal
 * ones the shortest, then the fewest breaks, taken first. 0: its breaks find no place; then it is
 * the spell without them. n at least 1. O(n^2) where breaks depend on work. */
int ki_haul_spell_settle(const ki_haul_problem *problem, const ki_haul *hauls, int32_t n,
                         ki_haul_spell *out);

/* When a truck that is free then has taken its breaks first to first + n - 1 one after another;
 * KI_HAUL_NO_TIME: it cannot. starts: [n] or NULL. */
int64_t ki_haul_rest(const ki_haul_kind *kind, int32_t first, int32_t n, int64_t free_ms,
                     int32_t *starts);
/* The latest start of a spell that takes its first n breaks at the depot and leaves by then;
 * KI_HAUL_NO_TIME: there is none. */
int64_t ki_haul_spell_start(const ki_haul_kind *kind, int32_t n, int64_t leave_ms);
/* When a spell that takes only its first n breaks must be over. */
int64_t ki_haul_spell_due(const ki_haul_kind *kind, int32_t n);
/* What of the breaks first to first + n - 1 is not paid. */
int64_t ki_haul_unpaid_ms(const ki_haul_kind *kind, int32_t first, int32_t n);
/* The most work behind the first n breaks; KI_HAUL_NO_TIME: any. */
int64_t ki_haul_most_work_ms(const ki_haul_kind *kind, int32_t n);
#endif
