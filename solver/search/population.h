/* SPDX-License-Identifier: GPL-3.0-or-later
 * population.h - solutions of a plain model, kept for being good and for being different. */
#ifndef KI_POPULATION_H
#define KI_POPULATION_H
#include "search/descent.h"

enum {
    KI_LEAST_MEMBERS = 25,
    KI_GENERATION = 40,
    KI_MEMBERS = KI_LEAST_MEMBERS + KI_GENERATION + 1
};

typedef struct ki_member {
    int32_t *tour;        /* [n] */
    int32_t *cuts;        /* [most_routes] */
    int32_t *next, *prev; /* [n] in its route; -1: the depot */
    int32_t n_routes;
    int64_t mm, over; /* load over capacities */
} ki_member;

typedef struct ki_group { /* feasible members, or infeasible ones */
    int32_t n;
    ki_member *members[KI_MEMBERS];        /* cheapest first */
    int32_t apart[KI_MEMBERS][KI_MEMBERS]; /* broken pairs, by the slots of members */
    int32_t slots[KI_MEMBERS];             /* of members[i] in apart */
    int64_t fitness[KI_MEMBERS];           /* lower is better; see rank */
} ki_group;

typedef struct ki_population {
    const ki_plain *plain;
    ki_rng *rng;
    int64_t penalty, most_penalty;
    ki_group groups[2]; /* infeasible, feasible */
    ki_member *spare[2 * KI_MEMBERS + 2];
    int32_t n_spare;
    uint32_t recent, n_recent; /* one bit for each of the latest members: feasible */
} ki_population;

kerb_status ki_population_init(ki_population *population, const ki_plain *plain, ki_work *work,
                               kerb_error *err);
void ki_population_clear(ki_population *population);
/* A member to be filled; it belongs to the caller until it is added. */
ki_member *ki_population_take(ki_population *population);
/* Fills next, prev and the sums from tour and cuts. */
void ki_member_sum(ki_member *member, const ki_plain *plain);
void ki_population_add(ki_population *population, ki_member *member);
const ki_member *ki_population_draw(ki_population *population);
/* Dearer where too few of the latest members were feasible, and the other way round. */
void ki_population_adapt(ki_population *population);
void ki_population_note(ki_population *population, int feasible);
static inline int64_t ki_member_cost(const ki_population *population, const ki_member *member) {
    return member->mm + (member->over * population->penalty >> KI_PENALTY_SHIFT);
}
#endif
