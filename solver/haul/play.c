/* SPDX-License-Identifier: GPL-3.0-or-later
 * play.c - the night of the piles, exactly.
 *
 *   pile  opening ──+ what collection unloads ──── − what hauls load ───► end
 *                   counted from the start of     counted until the end
 *                   unloading, loadable after     of loading
 *
 * No mass is ever decided: a haul takes a full load, or all there is, or what its plant may still
 * take, in the order of loading. So masses balance to the gram whatever planned the hauls. */
#include "haul/play.h"

#include "base/alloc.h"
#include "base/error.h"
#include "haul/spell.h"

#include <stdlib.h>
#include <string.h>

/* ---- the stage ------------------------------------------------------------------------------- */

static int compare_steps(const void *left, const void *right) {
    const ki_haul_step *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return (a->sum_g > b->sum_g) - (a->sum_g < b->sum_g);
}

static void sum_up(ki_haul_step *steps, int32_t n) {
    if (n) qsort(steps, (size_t)n, sizeof *steps, compare_steps);
    for (int32_t at = 1; at < n; at++)
        steps[at].sum_g += steps[at - 1].sum_g;
}

static int set_events(ki_haul_events *events, const ki_haul_pile *pile, ki_arena *arena) {
    size_t n = (size_t)pile->n_inflows;
    events->n = pile->n_inflows;
    events->counted = ki_arena_alloc(arena, n, sizeof *events->counted);
    events->loadable = ki_arena_alloc(arena, n, sizeof *events->loadable);
    if (!events->counted || !events->loadable) return 0;
    for (int32_t at = 0; at < events->n; at++) {
        const ki_haul_inflow *inflow = &pile->inflows[at];
        events->counted[at] = (ki_haul_step){inflow->start_ms, inflow->mass_g};
        events->loadable[at] = (ki_haul_step){inflow->end_ms, inflow->mass_g};
    }
    sum_up(events->counted, events->n);
    sum_up(events->loadable, events->n);
    return 1;
}

kerb_status ki_haul_stage_new(ki_haul_stage *stage, const ki_haul_problem *problem, ki_arena *arena,
                              kerb_error *err) {
    *stage = (ki_haul_stage){.problem = problem, .arena = arena};
    size_t n_piles = (size_t)problem->n_piles, n_plants = (size_t)problem->n_plants;
    stage->events = ki_arena_alloc(arena, n_piles, sizeof *stage->events);
    stage->hauled_g = ki_arena_alloc(arena, n_piles, sizeof *stage->hauled_g);
    stage->taken_g = ki_arena_alloc(arena, n_plants, sizeof *stage->taken_g);
    if (!stage->events || !stage->hauled_g || !stage->taken_g)
        return ki_fail_no_memory(err, "hauls");
    for (size_t pile = 0; pile < n_piles; pile++)
        if (!set_events(&stage->events[pile], &problem->piles[pile], arena))
            return ki_fail_no_memory(err, "hauls");
    return KERB_OK;
}

void ki_haul_stage_free(ki_haul_stage *stage) {
    ki_free(stage->ends);
    *stage = (ki_haul_stage){0};
}

/* ---- what a problem says --------------------------------------------------------------------- */

static int64_t sum_until(const ki_haul_step *steps, int32_t n, int32_t at_ms) {
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (steps[middle].at_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? steps[low - 1].sum_g : 0;
}

int64_t ki_haul_loadable_g(const ki_haul_stage *stage, int32_t pile, int32_t at_ms) {
    const ki_haul_events *events = &stage->events[pile];
    return stage->problem->piles[pile].opening_g + sum_until(events->loadable, events->n, at_ms);
}

int64_t ki_haul_total_g(const ki_haul_stage *stage, int32_t pile) {
    return ki_haul_loadable_g(stage, pile, INT32_MAX);
}

int32_t ki_haul_place_of_plant(const ki_haul_problem *problem, int32_t plant) {
    return problem->n_stations + plant;
}

int32_t ki_haul_place_of_depot(const ki_haul_problem *problem, ki_haul_depot which) {
    return problem->n_stations + problem->n_plants + (int32_t)which;
}

static size_t cell(const ki_haul_problem *problem, int32_t from, int32_t to) {
    return (size_t)from * (size_t)ki_haul_n_places(problem) + (size_t)to;
}

int32_t ki_haul_drive_ms(const ki_haul_problem *problem, int32_t kind, int32_t from, int32_t to) {
    return problem->kinds[kind].time_ms[cell(problem, from, to)];
}

int32_t ki_haul_drive_mm(const ki_haul_problem *problem, int32_t kind, int32_t from, int32_t to) {
    return problem->kinds[kind].length_mm[cell(problem, from, to)];
}

int32_t ki_haul_unload_ms(const ki_haul_problem *problem, int32_t kind, int32_t plant) {
    const ki_haul_plant *at = &problem->plants[plant];
    return at->fixed_ms + (int32_t)(problem->kinds[kind].payload_g * at->ms_per_tonne / 1000000);
}

int ki_haul_is_open(const ki_haul_hours *hours, int32_t start_ms) {
    for (int32_t at = 0; at < hours->n_spans; at++)
        if (start_ms >= hours->spans[at].open_ms && start_ms <= hours->spans[at].close_ms) return 1;
    return hours->n_spans == 0;
}

int ki_haul_may_carry(const ki_haul_problem *problem, int32_t kind, int32_t pile, int32_t plant) {
    const ki_haul_pile *from = &problem->piles[pile];
    uint32_t stream = UINT32_C(1) << from->stream;
    return (problem->kinds[kind].streams & stream) && (problem->plants[plant].streams & stream) &&
           ki_haul_drive_ms(problem, kind, from->station, ki_haul_place_of_plant(problem, plant)) !=
               INT32_MAX;
}

int64_t ki_haul_least_fee(const ki_haul_problem *problem, int stream) {
    int64_t least = INT64_MAX;
    for (int32_t plant = 0; plant < problem->n_plants; plant++) {
        const ki_haul_plant *at = &problem->plants[plant];
        if (at->streams >> stream & 1 && at->fee_nano_per_g[stream] < least)
            least = at->fee_nano_per_g[stream];
    }
    return least == INT64_MAX ? 0 : least;
}

int32_t ki_haul_unload_slots(const ki_haul_problem *problem, int32_t kind, int32_t plant,
                             int32_t slot_ms) {
    int32_t unload_ms = ki_haul_unload_ms(problem, kind, plant);
    return unload_ms > 0 ? (int32_t)(((int64_t)unload_ms + slot_ms - 1) / slot_ms) : 1;
}

int32_t ki_haul_bays_free(const ki_haul_problem *problem, int32_t plant, int32_t slot,
                          int32_t slot_ms) {
    const ki_haul_plant *at = &problem->plants[plant];
    int64_t from_ms = (int64_t)slot * slot_ms;
    int32_t n_free = at->bays;
    if (at->bays == 0) return INT32_MAX;
    for (int32_t visit = 0; visit < at->n_visits; visit++)
        if (at->visits[visit].open_ms < from_ms + slot_ms && at->visits[visit].close_ms > from_ms)
            n_free--;
    return n_free > 0 ? n_free : 0;
}

/* ---- playing --------------------------------------------------------------------------------- */

int ki_haul_by_loading(const void *left, const void *right) {
    const ki_haul *a = left, *b = right;
    if (a->load_ms != b->load_ms) return a->load_ms < b->load_ms ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->truck > b->truck) - (a->truck < b->truck);
}

static int by_truck(const void *left, const void *right) {
    const ki_haul *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->truck != b->truck) return a->truck < b->truck ? -1 : 1;
    return (a->load_ms > b->load_ms) - (a->load_ms < b->load_ms);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void load_all(ki_haul_stage *stage, ki_haul *hauls, int32_t n) {
    const ki_haul_problem *problem = stage->problem;
    memset(stage->hauled_g, 0, (size_t)problem->n_piles * sizeof *stage->hauled_g);
    memset(stage->taken_g, 0, (size_t)problem->n_plants * sizeof *stage->taken_g);
    for (int32_t at = 0; at < n; at++) {
        ki_haul *haul = &hauls[at];
        int64_t there_g = ki_haul_loadable_g(stage, haul->pile, haul->load_ms);
        int64_t room_g = problem->plants[haul->plant].room_g;
        haul->mass_g =
            least(problem->kinds[haul->kind].payload_g, there_g - stage->hauled_g[haul->pile]);
        if (room_g != INT64_MAX)
            haul->mass_g = least(haul->mass_g, room_g - stage->taken_g[haul->plant]);
        if (haul->mass_g < 0) haul->mass_g = 0;
        stage->hauled_g[haul->pile] += haul->mass_g;
        stage->taken_g[haul->plant] += haul->mass_g;
    }
}

static int32_t ends_of_loading(ki_haul_stage *stage, const ki_haul *hauls, int32_t n,
                               int32_t pile) {
    int32_t n_ends = 0;
    for (int32_t at = 0; at < n; at++) {
        if (hauls[at].pile != pile) continue;
        int32_t end_ms = hauls[at].load_ms + stage->problem->kinds[hauls[at].kind].load_ms;
        stage->ends[n_ends++] = (ki_haul_step){end_ms, hauls[at].mass_g};
    }
    sum_up(stage->ends, n_ends);
    return n_ends;
}

/* Between arrivals a pile only falls. */
static ki_haul_fate fate_of(ki_haul_stage *stage, const ki_haul *hauls, int32_t n, int32_t pile) {
    const ki_haul_events *events = &stage->events[pile];
    int64_t opening_g = stage->problem->piles[pile].opening_g;
    ki_haul_fate fate = {.peak_g = opening_g, .hauled_g = stage->hauled_g[pile]};
    int32_t n_ends = ends_of_loading(stage, hauls, n, pile), gone = 0;
    for (int32_t at = 0; at < events->n; at++) {
        int32_t now_ms = events->counted[at].at_ms;
        while (gone < n_ends && stage->ends[gone].at_ms <= now_ms)
            gone++;
        int64_t level_g =
            opening_g + events->counted[at].sum_g - (gone ? stage->ends[gone - 1].sum_g : 0);
        if (level_g <= fate.peak_g) continue;
        fate.peak_g = level_g;
        fate.peak_ms = now_ms;
    }
    fate.end_g = ki_haul_total_g(stage, pile) - fate.hauled_g;
    return fate;
}

/* One truck's hauls, hauls[first] to hauls[end - 1]. */
static int64_t cost_of_truck(const ki_haul_problem *problem, const ki_haul *hauls, int32_t first,
                             int32_t end, ki_haul_tally *tally) {
    int32_t k = hauls[first].kind, at_place = ki_haul_place_of_depot(problem, KI_HAUL_START);
    const ki_haul_kind *kind = &problem->kinds[k];
    int64_t length_mm = 0;
    ki_haul_spell spell;
    if (!ki_haul_spell_settle(problem, &hauls[first], end - first, &spell)) tally->n_restless++;
    for (int32_t at = first; at < end; at++) {
        int32_t station = problem->piles[hauls[at].pile].station;
        int32_t plant = ki_haul_place_of_plant(problem, hauls[at].plant);
        length_mm += ki_haul_drive_mm(problem, k, at_place, station);
        length_mm += ki_haul_drive_mm(problem, k, station, plant);
        at_place = plant;
    }
    length_mm +=
        ki_haul_drive_mm(problem, k, at_place, ki_haul_place_of_depot(problem, KI_HAUL_END));
    return kind->used_nano + length_mm * kind->nano_per_mm +
           ki_haul_spell_nano(kind, (int64_t)spell.end_ms - spell.start_ms - spell.unpaid_ms);
}

static void add_costs(const ki_haul_problem *problem, const ki_haul *hauls, int32_t n,
                      ki_haul_tally *tally) {
    for (int32_t first = 0, at = 0; at < n; at++) {
        const ki_haul *haul = &hauls[at];
        int stream = problem->piles[haul->pile].stream;
        int64_t fee = problem->plants[haul->plant].fee_nano_per_g[stream];
        int64_t spared = fee - ki_haul_least_fee(problem, stream);
        tally->cost_nano += fee * haul->mass_g;
        tally->weighed_nano += spared * haul->mass_g;
        if (at + 1 < n && ki_haul_same_truck(&hauls[at + 1], haul)) continue;
        int64_t nano = cost_of_truck(problem, hauls, first, at + 1, tally);
        tally->cost_nano += nano;
        tally->weighed_nano += nano;
        first = at + 1;
    }
}

static int64_t above(int64_t level_g, int64_t most_g) {
    return level_g > most_g ? level_g - most_g : 0;
}

kerb_status ki_haul_play(ki_haul_stage *stage, ki_haul *hauls, int32_t n, ki_haul_fate *fates,
                         ki_haul_tally *tally, kerb_error *err) {
    const ki_haul_problem *problem = stage->problem;
    *tally = (ki_haul_tally){0};
    if (ki_grow(&stage->ends, &stage->ends_capacity, (size_t)n + 1, sizeof *stage->ends) != 0)
        return ki_fail_no_memory(err, "hauls");
    if (n) qsort(hauls, (size_t)n, sizeof *hauls, ki_haul_by_loading);
    load_all(stage, hauls, n);
    for (int32_t pile = 0; pile < problem->n_piles; pile++) {
        ki_haul_fate fate = fate_of(stage, hauls, n, pile);
        tally->over_g += above(fate.peak_g, problem->piles[pile].most_g);
        tally->over_g += above(fate.end_g, problem->piles[pile].closing_g);
        if (fates) fates[pile] = fate;
    }
    if (n) qsort(hauls, (size_t)n, sizeof *hauls, by_truck);
    add_costs(problem, hauls, n, tally);
    return KERB_OK;
}

int ki_haul_is_better(const ki_haul_tally *a, int32_t n_a, const ki_haul_tally *b, int32_t n_b) {
    if (a->n_restless != b->n_restless) return a->n_restless < b->n_restless;
    if (a->over_g != b->over_g) return a->over_g < b->over_g;
    if (a->weighed_nano != b->weighed_nano) return a->weighed_nano < b->weighed_nano;
    return n_a < n_b;
}
