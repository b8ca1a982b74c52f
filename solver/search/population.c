/* SPDX-License-Identifier: GPL-3.0-or-later
 * population.c - two groups, feasible and not; each grows to 65 members and is then cut down to the
 * 25 that are best by cost and by how far they are from their nearest alike.
 * Source: Vidal, Crainic, Gendreau, Lahrichi, Rei, "A hybrid genetic algorithm for multidepot and
 * periodic vehicle routing problems", Operations Research 60(3), 2012. Ranks are integers. */
#include "search/population.h"

#include "base/error.h"

#include <string.h>

enum { NEAREST = 5, ELITE = 4, ALL_RECENT = 32 };

static ki_member *make_member(const ki_plain *plain, ki_work *work) {
    size_t n = (size_t)plain->n;
    ki_member *member = ki_arena_alloc(&work->arena, 1, sizeof *member);
    if (!member) return NULL;
    member->tour = ki_arena_alloc(&work->arena, n, sizeof *member->tour);
    member->next = ki_arena_alloc(&work->arena, n, sizeof *member->next);
    member->prev = ki_arena_alloc(&work->arena, n, sizeof *member->prev);
    member->cuts = ki_arena_alloc(&work->arena, (size_t)plain->most_routes, sizeof *member->cuts);
    return member->tour && member->next && member->prev && member->cuts ? member : NULL;
}

/* A unit of load over capacity costs what the longest leg does by the largest demand. */
static int64_t first_penalty(const ki_plain *plain) {
    int64_t longest = 1, largest = 1;
    for (size_t cell = 0; cell < plain->width * plain->width; cell++)
        if (plain->leg_mm[cell] > longest) longest = plain->leg_mm[cell];
    for (int32_t task = 0; task < plain->n; task++)
        if (plain->load[task] > largest) largest = plain->load[task];
    int64_t penalty = (longest << KI_PENALTY_SHIFT) / largest;
    return penalty > 0 ? penalty : 1;
}

kerb_status ki_population_init(ki_population *population, const ki_plain *plain, ki_work *work,
                               kerb_error *err) {
    *population = (ki_population){.plain = plain, .rng = &work->rng};
    for (size_t index = 0; index < sizeof population->spare / sizeof *population->spare; index++) {
        population->spare[index] = make_member(plain, work);
        if (!population->spare[index]) return ki_fail_no_memory(err, "the search");
        population->n_spare++;
    }
    /* No sum of penalties leaves the integers, ten times as dear in repairs. */
    population->most_penalty = (INT64_C(1) << 58) / (plain->total_load + 1) / 10 + 1;
    population->penalty = first_penalty(plain);
    if (population->penalty > population->most_penalty)
        population->penalty = population->most_penalty;
    return KERB_OK;
}

void ki_population_clear(ki_population *population) {
    for (int side = 0; side < 2; side++) {
        ki_group *group = &population->groups[side];
        while (group->n > 0)
            population->spare[population->n_spare++] = group->members[--group->n];
    }
}

ki_member *ki_population_take(ki_population *population) {
    return population->spare[--population->n_spare];
}

void ki_member_sum(ki_member *member, const ki_plain *plain) {
    member->mm = member->over = 0;
    for (int32_t route = 0, first = 0; route < member->n_routes; first = member->cuts[route++]) {
        int64_t load = 0;
        int32_t end = member->cuts[route];
        if (first == end) continue;
        for (int32_t at = first; at < end; at++) {
            int32_t task = member->tour[at];
            load += plain->load[task];
            member->prev[task] = at > first ? member->tour[at - 1] : -1;
            member->next[task] = at + 1 < end ? member->tour[at + 1] : -1;
        }
        member->mm += ki_plain_route(plain, member->tour + first, end - first);
        if (load > plain->capacity) member->over += load - plain->capacity;
    }
}

/* ---- how different --------------------------------------------------------------------------- */

/* Pairs of the one that the other does not have, in either direction. */
static int32_t broken_pairs(const ki_plain *plain, const ki_member *a, const ki_member *b) {
    int32_t n = 0;
    for (int32_t task = 0; task < plain->n; task++) {
        n += a->next[task] != b->next[task] && a->next[task] != b->prev[task];
        n += a->prev[task] < 0 && b->prev[task] >= 0 && b->next[task] >= 0;
    }
    return n;
}

static int32_t free_slot(const ki_group *group) {
    uint8_t used[KI_MEMBERS] = {0};
    for (int32_t index = 0; index < group->n; index++)
        used[group->slots[index]] = 1;
    int32_t slot = 0;
    while (used[slot])
        slot++;
    return slot;
}

/* Sum of the distances to the nearest few; 0 in *nearest: the same as another. */
static int64_t apartness(const ki_group *group, int32_t index, int32_t *nearest) {
    int32_t best[NEAREST], n = 0;
    for (int32_t other = 0; other < group->n; other++) {
        if (other == index) continue;
        int32_t far = group->apart[group->slots[index]][group->slots[other]], at = n;
        if (n == NEAREST && far >= best[n - 1]) continue;
        if (n < NEAREST) n++;
        at = n - 1;
        for (; at > 0 && best[at - 1] > far; at--)
            best[at] = best[at - 1];
        best[at] = far;
    }
    int64_t sum = 0;
    for (int32_t at = 0; at < n; at++)
        sum += best[at];
    *nearest = n ? best[0] : INT32_MAX;
    return n ? sum * NEAREST / n : 0;
}

/* fitness = n * rank by cost + (n - elite) * rank by apartness. */
static void rank(ki_group *group, uint8_t *is_copy) {
    int64_t apart[KI_MEMBERS];
    for (int32_t index = 0; index < group->n; index++) {
        int32_t nearest;
        apart[index] = apartness(group, index, &nearest);
        is_copy[index] = nearest == 0;
    }
    for (int32_t index = 0; index < group->n; index++) {
        int64_t behind = 0;
        for (int32_t other = 0; other < group->n; other++)
            behind +=
                apart[other] > apart[index] || (apart[other] == apart[index] && other < index);
        int64_t weight = group->n > ELITE ? group->n - ELITE : 0;
        group->fitness[index] = group->n * (int64_t)index + weight * behind;
    }
}

/* ---- coming and going ------------------------------------------------------------------------ */

static void remove_at(ki_population *population, ki_group *group, int32_t index) {
    population->spare[population->n_spare++] = group->members[index];
    group->n--;
    for (int32_t at = index; at < group->n; at++) {
        group->members[at] = group->members[at + 1];
        group->slots[at] = group->slots[at + 1];
    }
}

/* Copies first; never the cheapest. */
static void remove_worst(ki_population *population, ki_group *group) {
    uint8_t is_copy[KI_MEMBERS];
    rank(group, is_copy);
    int32_t worst = 1;
    for (int32_t index = 2; index < group->n; index++) {
        int copy = is_copy[index] - is_copy[worst];
        if (copy > 0 || (copy == 0 && group->fitness[index] > group->fitness[worst])) worst = index;
    }
    remove_at(population, group, worst);
}

static void insert_sorted(ki_population *population, ki_group *group, ki_member *member,
                          int32_t slot) {
    int32_t at = group->n++;
    int64_t cost = ki_member_cost(population, member);
    for (; at > 0 && ki_member_cost(population, group->members[at - 1]) > cost; at--) {
        group->members[at] = group->members[at - 1];
        group->slots[at] = group->slots[at - 1];
    }
    group->members[at] = member;
    group->slots[at] = slot;
}

void ki_population_add(ki_population *population, ki_member *member) {
    ki_group *group = &population->groups[member->over == 0];
    int32_t slot = free_slot(group);
    for (int32_t index = 0; index < group->n; index++) {
        int32_t other = group->slots[index];
        group->apart[slot][other] = group->apart[other][slot] =
            broken_pairs(population->plain, member, group->members[index]);
    }
    insert_sorted(population, group, member, slot);
    if (group->n < KI_MEMBERS) return;
    while (group->n > KI_LEAST_MEMBERS)
        remove_worst(population, group);
}

static const ki_member *draw_one(ki_population *population, int64_t *fitness) {
    ki_group *groups = population->groups;
    int32_t at = (int32_t)ki_rng_below(population->rng, (uint32_t)(groups[0].n + groups[1].n));
    ki_group *group = at < groups[0].n ? &groups[0] : &groups[1];
    if (group == &groups[1]) at -= groups[0].n;
    /* To scale, so that the groups can be compared: from 0 to about 2^21. */
    *fitness = group->fitness[at] * (1 << 20) / ((int64_t)group->n * group->n);
    return group->members[at];
}

/* Binary tournament. */
const ki_member *ki_population_draw(ki_population *population) {
    uint8_t ignored[KI_MEMBERS];
    int64_t first_fitness, second_fitness;
    rank(&population->groups[0], ignored);
    rank(&population->groups[1], ignored);
    const ki_member *first = draw_one(population, &first_fitness);
    const ki_member *second = draw_one(population, &second_fitness);
    return first_fitness <= second_fitness ? first : second;
}

/* ---- the penalty ----------------------------------------------------------------------------- */

void ki_population_note(ki_population *population, int feasible) {
    population->recent = population->recent << 1 | (feasible != 0);
    if (population->n_recent < ALL_RECENT) population->n_recent++;
}

static int share_of_feasible(const ki_population *population) { /* in 32nds */
    int n = 0;
    for (uint32_t bits = population->recent; bits; bits &= bits - 1)
        n++;
    return n;
}

void ki_population_adapt(ki_population *population) {
    int share = share_of_feasible(population);
    if (population->n_recent < ALL_RECENT || (share >= 5 && share <= 8)) return;
    int64_t penalty = population->penalty;
    if (share >= 5)
        penalty -= penalty * 3 / 20;
    else
        penalty += share ? penalty / 5 + 1 : penalty;
    if (penalty > population->most_penalty) penalty = population->most_penalty;
    population->penalty = penalty > 0 ? penalty : 1;
    ki_group *group = &population->groups[0];
    ki_member *members[KI_MEMBERS];
    int32_t slots[KI_MEMBERS], n = group->n;
    memcpy(members, group->members, sizeof members);
    memcpy(slots, group->slots, sizeof slots);
    group->n = 0;
    for (int32_t index = 0; index < n; index++)
        insert_sorted(population, group, members[index], slots[index]);
}
