/* SPDX-License-Identifier: GPL-3.0-or-later
 * brute_hauls.h - tries all hauls of a tiny problem. */
#ifndef KERB_TEST_BRUTE_HAULS_H
#define KERB_TEST_BRUTE_HAULS_H
#include "bench/haul_judge.h"

#include <string.h>

enum { OR_PLANS = 60000, OR_PAIRS = 300 };

typedef struct brute {
    const ki_haul_problem *p;
    ki_haul plans[OR_PLANS][4]; /* of one truck */
    int32_t lengths[OR_PLANS], n_plans;
    ki_haul now[4];
    int64_t best_over, best_nano;
    int overflowed;
} brute;

/* Full loads, or what there is, or what the plant may still take, by time of loading. */
static inline void or_fill(const ki_haul_problem *p, ki_haul *hauls, int32_t n) {
    int64_t taken[16] = {0};
    for (int32_t at = 1; at < n; at++)
        for (int32_t left = at; left > 0; left--) {
            ki_haul *a = &hauls[left - 1], *b = &hauls[left], swap = *a;
            if (a->load_ms < b->load_ms || (a->load_ms == b->load_ms && a->truck <= b->truck))
                break;
            *a = *b;
            *b = swap;
        }
    for (int32_t at = 0; at < n; at++)
        hauls[at].mass_g = 0;
    for (int32_t at = 0; at < n; at++) {
        int64_t mass = or_level(p, hauls, at, hauls[at].pile, hauls[at].load_ms, 1);
        int64_t room = p->plants[hauls[at].plant].room_g - taken[hauls[at].plant];
        if (mass > p->kinds[hauls[at].kind].payload_g) mass = p->kinds[hauls[at].kind].payload_g;
        hauls[at].mass_g = mass < room ? mass : room;
        taken[hauls[at].plant] += hauls[at].mass_g;
    }
}

static inline void or_weigh(brute *all, ki_haul *hauls, int32_t n) {
    or_fill(all->p, hauls, n);
    verdict found = or_judge(all->p, hauls, n);
    if (found.fault[0]) return;
    if (found.over_g > all->best_over ||
        (found.over_g == all->best_over && found.weighed_nano >= all->best_nano))
        return;
    all->best_over = found.over_g;
    all->best_nano = found.weighed_nano;
}

static inline void or_extend(brute *all, int32_t depth, int recorded) {
    const ki_haul_problem *p = all->p;
    if (all->n_plans == OR_PLANS) {
        all->overflowed = 1;
        return;
    }
    if (recorded) {
        memcpy(all->plans[all->n_plans], all->now, sizeof all->now);
        all->lengths[all->n_plans++] = depth;
    }
    if (depth == 4) return;
    int32_t from = depth ? all->now[depth - 1].unload_ms : 0;
    for (int32_t load = (from + p->slot_ms - 1) / p->slot_ms * p->slot_ms; load <= p->horizon_ms;
         load += p->slot_ms)
        for (int32_t pile = 0; pile < p->n_piles; pile++)
            for (int32_t plant = 0; plant < p->n_plants; plant++)
                for (int32_t unload = load; unload <= p->horizon_ms; unload += p->slot_ms) {
                    all->now[depth] = (ki_haul){0, 0, pile, plant, load, unload, 0};
                    verdict alone = {0};
                    or_truck(p, all->now, depth + 1, 0, 0, &alone);
                    int only_home = strstr(alone.fault, "home") != NULL;
                    if (!alone.fault[0] || only_home) or_extend(all, depth + 1, !alone.fault[0]);
                }
}

/* The best of all plans; 0: too many to try. */
static inline int or_brute(brute *all, const ki_haul_problem *p) {
    *all = (brute){.p = p, .best_over = INT64_MAX, .best_nano = INT64_MAX};
    or_extend(all, 0, 1);
    if (all->overflowed || (p->kinds[0].n_trucks == 2 && all->n_plans > OR_PAIRS)) return 0;
    for (int32_t first = 0; first < all->n_plans; first++)
        for (int32_t second = 0; second < (p->kinds[0].n_trucks == 2 ? all->n_plans : 1);
             second++) {
            ki_haul both[8];
            int32_t n = all->lengths[first];
            memcpy(both, all->plans[first], sizeof all->plans[first]);
            for (int32_t at = 0; p->kinds[0].n_trucks == 2 && at < all->lengths[second]; at++) {
                both[n] = all->plans[second][at];
                both[n++].truck = 1;
            }
            or_weigh(all, both, n);
        }
    return 1;
}
#endif
