/* SPDX-License-Identifier: GPL-3.0-or-later
 * greedy.c - the pile that runs over first gets the cheapest haul that is still in time, until
 * none runs over or none can be helped.
 *
 * A truck's hauls are only ever appended, so its hours hold by construction. Of a truck with breaks
 * every way to take some of them before loading and before unloading is tried, and a haul is taken
 * only if all its breaks find a place then. A load waits until it
 * is full if there is time before the pile runs over. An instant at which a pile cannot be helped
 * is passed over for good, so each turn adds a haul or passes over an instant: it ends. */
#include "haul/greedy.h"

#include "base/alloc.h"
#include "base/error.h"
#include "haul/spell.h"

#include <string.h>

typedef struct truck {
    int32_t kind, number, place, free_ms; /* place -1: not used yet */
} truck;

typedef struct greedy {
    ki_haul_stage *stage;
    const ki_haul_problem *problem;
    ki_haul_list *list;
    int32_t slot_ms;
    truck *trucks;
    int32_t n_trucks;
    int32_t *passed_ms; /* [n_piles] instants until then are lost */
    ki_haul_fate *fates;
} greedy;

typedef struct offer {
    ki_haul haul;
    int32_t truck;
    int64_t nano;
} offer;

kerb_status ki_haul_add(ki_haul_list *list, const ki_haul *haul, kerb_error *err) {
    if (ki_grow(&list->items, &list->capacity, (size_t)list->n + 1, sizeof *haul) != 0)
        return ki_fail_no_memory(err, "hauls");
    list->items[list->n++] = *haul;
    return KERB_OK;
}

void ki_haul_list_free(ki_haul_list *list) {
    ki_free(list->items);
    *list = (ki_haul_list){0};
}

/* ---- which pile is next ---------------------------------------------------------------------- */

/* The first instant after those passed at which the pile is above its buffer; the horizon where
 * too much is left at the end; INT32_MAX: neither. */
static int32_t deadline_of(const greedy *state, int32_t pile) {
    const ki_haul_pile *of = &state->problem->piles[pile];
    const ki_haul_events *events = &state->stage->events[pile];
    for (int32_t at = 0; at < events->n && of->most_g != INT64_MAX; at++) {
        int32_t now_ms = events->counted[at].at_ms;
        int64_t level_g = of->opening_g + events->counted[at].sum_g;
        if (now_ms <= state->passed_ms[pile] || level_g <= of->most_g) continue;
        for (int32_t haul = 0; haul < state->list->n; haul++) {
            const ki_haul *taken = &state->list->items[haul];
            if (taken->pile == pile &&
                taken->load_ms + state->problem->kinds[taken->kind].load_ms <= now_ms)
                level_g -= taken->mass_g;
        }
        if (level_g > of->most_g) return now_ms;
    }
    int is_left = state->fates[pile].end_g > of->closing_g &&
                  state->passed_ms[pile] < state->problem->horizon_ms;
    return is_left ? state->problem->horizon_ms : INT32_MAX;
}

static int32_t next_pile(const greedy *state, int32_t *deadline_ms) {
    int32_t next = -1;
    *deadline_ms = INT32_MAX;
    for (int32_t pile = 0; pile < state->problem->n_piles; pile++) {
        int32_t due_ms = deadline_of(state, pile);
        if (due_ms >= *deadline_ms) continue;
        *deadline_ms = due_ms;
        next = pile;
    }
    return next;
}

/* ---- breaks ---------------------------------------------------------------------------------- */

typedef struct pauses { /* taken one after another; n 0: none */
    int32_t first, n;
} pauses;

/* The next way to take breaks of a kind in one gap; 0: that was the last. */
static int next_pauses(const ki_haul_kind *kind, pauses *at) {
    if (at->first + ++at->n <= kind->n_breaks) return 1;
    at->first++;
    at->n = 1;
    return at->first < kind->n_breaks;
}

static const ki_haul *hauls_of(const greedy *state, const truck *of, int32_t *n) {
    const ki_haul key = {.kind = of->kind, .truck = of->number}, *first = NULL;
    *n = 0;
    for (int32_t at = 0; at < state->list->n && of->place >= 0; at++) {
        if (!ki_haul_same_truck(&state->list->items[at], &key)) continue;
        if (!first) first = &state->list->items[at];
        ++*n;
    }
    return first;
}

/* The truck's spell with one haul more (NULL: none); 0: its breaks find no place. */
static int settles(const greedy *state, const truck *of, const ki_haul *haul,
                   ki_haul_spell *spell) {
    ki_haul hauls[KI_HAUL_MOST_WITH_BREAKS + 1];
    int32_t n;
    const ki_haul *before = hauls_of(state, of, &n);
    *spell = (ki_haul_spell){0};
    if (state->problem->kinds[of->kind].n_breaks == 0) return 1;
    if (n + 1 > KI_HAUL_MOST_WITH_BREAKS) return 0;
    if (n) memcpy(hauls, before, (size_t)n * sizeof *hauls);
    if (haul) hauls[n++] = *haul;
    return n == 0 || ki_haul_spell_settle(state->problem, hauls, n, spell);
}

/* What one haul more takes off the paid hours by breaks. */
static int64_t unpaid_more_ms(const greedy *state, const truck *of, const ki_haul *haul) {
    ki_haul_spell before, after;
    settles(state, of, NULL, &before);
    settles(state, of, haul, &after);
    return (int64_t)after.unpaid_ms - before.unpaid_ms;
}

/* ---- what a truck could do ------------------------------------------------------------------- */

/* The first slot from then on at which the hours allow a start; -1: none by latest_ms. */
static int64_t next_start(const greedy *state, const ki_haul_hours *hours, int64_t from_ms,
                          int64_t latest_ms) {
    int64_t slot_ms = state->slot_ms, start_ms = (from_ms + slot_ms - 1) / slot_ms * slot_ms;
    for (; start_ms <= latest_ms; start_ms += slot_ms)
        if (ki_haul_is_open(hours, (int32_t)start_ms)) return start_ms;
    return -1;
}

static int32_t bays_free_in(const greedy *state, int32_t plant, int32_t slot) {
    int32_t n = ki_haul_bays_free(state->problem, plant, slot, state->slot_ms);
    for (int32_t at = 0; at < state->list->n && n != INT32_MAX; at++) {
        const ki_haul *haul = &state->list->items[at];
        if (haul->plant != plant) continue;
        int32_t first = haul->unload_ms / state->slot_ms;
        int32_t n_slots = ki_haul_unload_slots(state->problem, haul->kind, plant, state->slot_ms);
        n -= slot >= first && slot < first + n_slots;
    }
    return n;
}

static int has_bay(const greedy *state, const ki_haul *haul) {
    int32_t first = haul->unload_ms / state->slot_ms;
    int32_t n = ki_haul_unload_slots(state->problem, haul->kind, haul->plant, state->slot_ms);
    for (int32_t slot = first; slot < first + n; slot++)
        if (bays_free_in(state, haul->plant, slot) <= 0) return 0;
    return 1;
}

/* Unloads as early as it can after loading at load_ms and those breaks, not before that instant,
 * if the truck is home in time. */
static int unload(const greedy *state, ki_haul *haul, const pauses *rest, int64_t not_before_ms) {
    const ki_haul_problem *problem = state->problem;
    const ki_haul_kind *kind = &problem->kinds[haul->kind];
    const ki_haul_plant *plant = &problem->plants[haul->plant];
    int32_t place = ki_haul_place_of_plant(problem, haul->plant);
    int32_t home_ms =
        ki_haul_drive_ms(problem, haul->kind, place, ki_haul_place_of_depot(problem, KI_HAUL_END));
    if (home_ms == INT32_MAX) return 0;
    int64_t latest_ms = (int64_t)kind->latest_ms - kind->post_ms - home_ms -
                        ki_haul_unload_ms(problem, haul->kind, haul->plant);
    int64_t at_ms =
        ki_haul_rest(kind, rest->first, rest->n, (int64_t)haul->load_ms + kind->load_ms, NULL);
    if (at_ms == KI_HAUL_NO_TIME) return 0;
    at_ms += ki_haul_drive_ms(problem, haul->kind, problem->piles[haul->pile].station, place);
    if (at_ms < not_before_ms) at_ms = not_before_ms;
    for (;;) {
        at_ms = next_start(state, &plant->hours, at_ms, latest_ms);
        if (at_ms < 0) return 0;
        haul->unload_ms = (int32_t)at_ms;
        if (has_bay(state, haul)) return 1;
        at_ms++;
    }
}

static int64_t added_nano(const greedy *state, const truck *of, const ki_haul *haul) {
    const ki_haul_problem *problem = state->problem;
    const ki_haul_kind *kind = &problem->kinds[haul->kind];
    const ki_haul_pile *pile = &problem->piles[haul->pile];
    int32_t start = ki_haul_place_of_depot(problem, KI_HAUL_START);
    int32_t from = of->place < 0 ? start : of->place;
    int32_t plant = ki_haul_place_of_plant(problem, haul->plant);
    int64_t length_mm = (int64_t)ki_haul_drive_mm(problem, haul->kind, from, pile->station) +
                        ki_haul_drive_mm(problem, haul->kind, pile->station, plant);
    int64_t leave_ms =
        (int64_t)haul->load_ms - ki_haul_drive_ms(problem, haul->kind, from, pile->station);
    int64_t since_ms = of->place >= 0    ? of->free_ms
                       : kind->under_way ? kind->earliest_ms
                                         : leave_ms;
    int64_t end_ms = haul->unload_ms + ki_haul_unload_ms(problem, haul->kind, haul->plant);
    int64_t spared = problem->plants[haul->plant].fee_nano_per_g[pile->stream] -
                     ki_haul_least_fee(problem, pile->stream);
    return (of->place < 0 ? kind->used_nano : 0) + length_mm * kind->nano_per_mm +
           (end_ms - since_ms - unpaid_more_ms(state, of, haul)) * kind->nano_per_ms +
           spared * kind->payload_g;
}

static int64_t planned_g(const greedy *state, int32_t pile) {
    return state->fates[pile].hauled_g;
}

/* The latest start that is in time, or the first at which a full load lies there. */
static int64_t start_when_full(const greedy *state, const ki_haul *haul, int64_t first_ms,
                               int64_t last_ms) {
    const ki_haul_hours *hours =
        &state->problem->stations[state->problem->piles[haul->pile].station];
    int64_t payload_g = state->problem->kinds[haul->kind].payload_g, start_ms = first_ms;
    for (int64_t at_ms = first_ms; at_ms >= 0 && at_ms <= last_ms;
         at_ms = next_start(state, hours, at_ms + 1, last_ms)) {
        start_ms = at_ms;
        if (ki_haul_loadable_g(state->stage, haul->pile, (int32_t)at_ms) -
                planned_g(state, haul->pile) >=
            payload_g)
            break;
    }
    return start_ms;
}

static int is_something_left(const greedy *state, const ki_haul *haul) {
    int64_t there_g = ki_haul_loadable_g(state->stage, haul->pile, haul->load_ms);
    return there_g > planned_g(state, haul->pile) &&
           state->stage->taken_g[haul->plant] < state->problem->plants[haul->plant].room_g;
}

/* Unloads after loading at load_ms, with what breaks it needs meanwhile. */
static int finish(const greedy *state, const truck *of, ki_haul *haul, int64_t not_before_ms) {
    pauses rest = {0};
    ki_haul_spell spell;
    do {
        if (unload(state, haul, &rest, not_before_ms) && is_something_left(state, haul) &&
            settles(state, of, haul, &spell))
            return 1;
    } while (next_pauses(&state->problem->kinds[of->kind], &rest));
    return 0;
}

/* The first start of loading from the pile from then on, and the truck there after those breaks;
 * -1: none. */
static int64_t first_load_ms(const greedy *state, const truck *of, const pauses *rest, int32_t pile,
                             int64_t from_ms, int64_t latest_ms) {
    const ki_haul_problem *problem = state->problem;
    int32_t station = problem->piles[pile].station;
    int32_t from = of->place < 0 ? ki_haul_place_of_depot(problem, KI_HAUL_START) : of->place;
    int32_t drive_ms = ki_haul_drive_ms(problem, of->kind, from, station);
    int64_t free_ms =
        ki_haul_rest(&problem->kinds[of->kind], rest->first, rest->n, of->free_ms, NULL);
    if (drive_ms == INT32_MAX || free_ms == KI_HAUL_NO_TIME) return -1;
    int64_t there_ms = free_ms + drive_ms;
    return next_start(state, &problem->stations[station], there_ms > from_ms ? there_ms : from_ms,
                      latest_ms);
}

/* ... with those breaks before it is loaded. */
static int try_behind(const greedy *state, const truck *of, const pauses *rest, int64_t last_ms,
                      ki_haul *haul) {
    int64_t first_ms = first_load_ms(state, of, rest, haul->pile, 0, last_ms);
    if (first_ms < 0) return 0;
    haul->load_ms = (int32_t)start_when_full(state, haul, first_ms, last_ms);
    if (finish(state, of, haul, 0)) return 1;
    haul->load_ms = (int32_t)first_ms;
    return finish(state, of, haul, 0);
}

/* The truck's haul to the plant that is loaded by the deadline; 0: there is none. */
static int try_haul(const greedy *state, const truck *of, int32_t pile, int32_t plant,
                    int32_t deadline_ms, ki_haul *haul) {
    const ki_haul_problem *problem = state->problem;
    const ki_haul_kind *kind = &problem->kinds[of->kind];
    if (!ki_haul_may_carry(problem, of->kind, pile, plant)) return 0;
    int64_t last_ms = (int64_t)deadline_ms - kind->load_ms;
    *haul = (ki_haul){.kind = of->kind, .truck = of->number, .pile = pile, .plant = plant};
    pauses rest = {0};
    do {
        if (try_behind(state, of, &rest, last_ms, haul)) return 1;
    } while (next_pauses(kind, &rest));
    return 0;
}

/* Trucks of a kind that have not left yet are all the same: the first stands for them. */
static int is_like_the_one_before(const greedy *state, int32_t at) {
    return at > 0 && state->trucks[at].place < 0 && state->trucks[at - 1].place < 0 &&
           state->trucks[at].kind == state->trucks[at - 1].kind;
}

static offer best_offer(const greedy *state, int32_t pile, int32_t deadline_ms) {
    offer best = {.truck = -1}, here = {0};
    for (int32_t at = 0; at < state->n_trucks; at++) {
        if (is_like_the_one_before(state, at)) continue;
        for (int32_t plant = 0; plant < state->problem->n_plants; plant++) {
            if (!try_haul(state, &state->trucks[at], pile, plant, deadline_ms, &here.haul))
                continue;
            here.truck = at;
            here.nano = added_nano(state, &state->trucks[at], &here.haul);
            if (best.truck < 0 || here.nano < best.nano) best = here;
        }
    }
    return best;
}

static kerb_status accept(greedy *state, const offer *best, kerb_error *err) {
    truck *of = &state->trucks[best->truck];
    const ki_haul *haul = &best->haul;
    of->place = ki_haul_place_of_plant(state->problem, haul->plant);
    of->free_ms = haul->unload_ms + ki_haul_unload_ms(state->problem, haul->kind, haul->plant);
    KI_TRY(ki_haul_add(state->list, haul, err));
    return ki_haul_play(state->stage, state->list->items, state->list->n, state->fates,
                        &state->list->tally, err);
}

/* ---- all together ---------------------------------------------------------------------------- */

static kerb_status start(greedy *state, kerb_error *err) {
    const ki_haul_problem *problem = state->problem;
    ki_arena *arena = state->stage->arena;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++)
        state->n_trucks += problem->kinds[kind].n_trucks;
    state->trucks = ki_arena_alloc(arena, (size_t)state->n_trucks, sizeof *state->trucks);
    state->passed_ms = ki_arena_alloc(arena, (size_t)problem->n_piles, sizeof(int32_t));
    state->fates = ki_arena_alloc(arena, (size_t)problem->n_piles, sizeof *state->fates);
    if (!state->trucks || !state->passed_ms || !state->fates)
        return ki_fail_no_memory(err, "hauls");
    for (int32_t pile = 0; pile < problem->n_piles; pile++)
        state->passed_ms[pile] = -1;
    int32_t n = 0;
    for (int32_t kind = 0; kind < problem->n_kinds; kind++)
        for (int32_t number = 0; number < problem->kinds[kind].n_trucks; number++)
            state->trucks[n++] = (truck){
                kind, number, -1, problem->kinds[kind].earliest_ms + problem->kinds[kind].pre_ms};
    return ki_haul_play(state->stage, state->list->items, state->list->n, state->fates,
                        &state->list->tally, err);
}

/* ---- given hauls ----------------------------------------------------------------------------- */

/* As it was given, or as soon after that as it can be; 0: it cannot. */
static int keep_haul(const greedy *state, const truck *of, ki_haul *haul) {
    const ki_haul given = *haul;
    pauses rest = {0};
    if (!ki_haul_may_carry(state->problem, of->kind, given.pile, given.plant)) return 0;
    do {
        int64_t load_ms =
            first_load_ms(state, of, &rest, given.pile, given.load_ms, state->problem->horizon_ms);
        if (load_ms < 0) continue;
        haul->load_ms = (int32_t)load_ms;
        if (finish(state, of, haul, given.unload_ms)) return 1;
    } while (next_pauses(&state->problem->kinds[of->kind], &rest));
    return 0;
}

static int32_t find_truck(const greedy *state, const ki_haul *haul) {
    for (int32_t at = 0; at < state->n_trucks; at++)
        if (state->trucks[at].kind == haul->kind && state->trucks[at].number == haul->truck)
            return at;
    return -1;
}

/* By loading: who came first keeps its bay. */
static kerb_status keep_given(greedy *state, const ki_haul *given, int32_t n, kerb_error *err) {
    for (int32_t at = 0; at < n; at++) {
        offer kept = {.haul = given[at], .truck = find_truck(state, &given[at])};
        if (kept.truck >= 0 && keep_haul(state, &state->trucks[kept.truck], &kept.haul))
            KI_TRY(accept(state, &kept, err));
    }
    return KERB_OK;
}

kerb_status ki_haul_greedy(ki_haul_list *list, ki_haul_stage *stage, int32_t slot_ms,
                           const ki_haul *given, int32_t n_given, kerb_error *err) {
    greedy state = {.stage = stage, .problem = stage->problem, .list = list, .slot_ms = slot_ms};
    KI_TRY(start(&state, err));
    KI_TRY(keep_given(&state, given, n_given, err));
    int32_t deadline_ms, pile;
    while ((pile = next_pile(&state, &deadline_ms)) >= 0) {
        offer best = best_offer(&state, pile, deadline_ms);
        if (best.truck < 0)
            state.passed_ms[pile] = deadline_ms;
        else
            KI_TRY(accept(&state, &best, err));
    }
    return KERB_OK;
}

/* Whether the truck can go on, or home, without the haul at `without`. */
static int can_do_without(const ki_haul_list *list, const ki_haul_problem *problem,
                          int32_t without) {
    const ki_haul *gone = &list->items[without];
    const ki_haul *before = without > 0 ? gone - 1 : NULL;
    const ki_haul *after = without + 1 < list->n ? gone + 1 : NULL;
    const ki_haul_kind *kind = &problem->kinds[gone->kind];
    int32_t from = ki_haul_place_of_depot(problem, KI_HAUL_START);
    int32_t to = ki_haul_place_of_depot(problem, KI_HAUL_END);
    int64_t free_ms = (int64_t)kind->earliest_ms + kind->pre_ms;
    int64_t due_ms = (int64_t)kind->latest_ms - kind->post_ms;
    int is_first = !before || !ki_haul_same_truck(before, gone);
    int is_last = !after || !ki_haul_same_truck(after, gone);
    if (is_first && is_last) return 1;
    if (!is_first) {
        from = ki_haul_place_of_plant(problem, before->plant);
        free_ms = before->unload_ms + ki_haul_unload_ms(problem, gone->kind, before->plant);
    }
    if (!is_last) {
        to = problem->piles[after->pile].station;
        due_ms = after->load_ms;
    }
    int32_t drive_ms = ki_haul_drive_ms(problem, gone->kind, from, to);
    return drive_ms != INT32_MAX && free_ms + drive_ms <= due_ms;
}

kerb_status ki_haul_prune(ki_haul_list *list, ki_haul_stage *stage, kerb_error *err) {
    KI_TRY(ki_haul_play(stage, list->items, list->n, NULL, &list->tally, err));
    ki_haul_list fewer = {0};
    kerb_status status = KERB_OK;
    for (int32_t at = list->n - 1; at >= 0 && status == KERB_OK; at--) {
        if (!can_do_without(list, stage->problem, at)) continue;
        fewer.n = 0;
        for (int32_t other = 0; other < list->n && status == KERB_OK; other++)
            if (other != at) status = ki_haul_add(&fewer, &list->items[other], err);
        if (status == KERB_OK)
            status = ki_haul_play(stage, fewer.items, fewer.n, NULL, &fewer.tally, err);
        if (status != KERB_OK || !ki_haul_is_better(&fewer.tally, fewer.n, &list->tally, list->n))
            continue;
        ki_haul_list swap = *list;
        *list = fewer;
        fewer = swap;
    }
    ki_haul_list_free(&fewer);
    return status;
}
