/* SPDX-License-Identifier: GPL-3.0-or-later
 * drive_oracle.h - travel between places by an oracle that shares nothing with the engine but the
 * two primitives (what an arc takes, what a turn costs): a label-correcting search over (arc, the
 * last arcs driven) that judges every restriction by looking back at what was driven. */
#ifndef DRIVE_ORACLE_H
#define DRIVE_ORACLE_H
#include "base/alloc.h"
#include "road/hierarchy.h"
#include "road/matrix.h"
#include "road/unpack.h"
#include "road_town.h"

#include <string.h>

enum { MAX_PLACES = 64, LOOK_BACK = 6, MAX_STATES = 60000 };

/* ---- the oracle ---------------------------------------------------------------------- */

enum { UNKNOWN = -1, FORGOTTEN = -2 };

typedef struct history { /* the last arcs driven, oldest first; UNKNOWN before the start */
    int32_t arcs[LOOK_BACK];
} history;

typedef struct walk {
    history driven;
    int64_t time_ms, length_mm; /* at the end of the last arc */
    int queued;
} walk;

typedef struct oracle {
    const ki_graph *graph;
    const ki_profile_spec *spec;
    walk *walks;
    int n_walks;
    int *queue, n_queued, n_taken; /* a ring of MAX_STATES */
    int *table;                    /* open addressing over histories: walk + 1 */
} oracle;

static inline int32_t last_arc(const history *driven) {
    return driven->arcs[LOOK_BACK - 1];
}

/* Does driving on to `next` break the restriction? A start in the middle of it counts as having
 * come the whole way: nobody knows better. */
static inline int breaks(const oracle *at, const ki_restriction *restriction, const history *driven,
                         int32_t next) {
    const int32_t *word = at->graph->restriction_arcs + restriction->first_arc;
    if (restriction->except & at->spec->kind) return 0;
    for (int32_t step = 1; step < restriction->n_arcs; step++) { /* next would be word[step] */
        if (!restriction->only && step + 1 < restriction->n_arcs) continue;
        int matches = 1;
        for (int32_t back = 1; back <= step && matches; back++) {
            int32_t arc = driven->arcs[LOOK_BACK - back];
            if (arc == UNKNOWN) break;
            matches = arc == word[step - back];
        }
        if (matches && (next == word[step]) != restriction->only) return 1;
    }
    return 0;
}

static inline int may_turn(const oracle *at, const history *driven, int32_t next) {
    for (int32_t index = 0; index < at->graph->n_restrictions; index++)
        if (breaks(at, &at->graph->restrictions[index], driven, next)) return 0;
    return ki_profile_turn_ms(at->graph, at->spec, last_arc(driven), next) != KI_NEVER;
}

static inline int is_inside_a_long_word(const ki_graph *graph, int32_t arc) {
    for (int32_t index = 0; index < graph->n_restrictions; index++) {
        const ki_restriction *restriction = &graph->restrictions[index];
        if (restriction->n_arcs < 3) continue;
        for (int32_t step = 0; step + 1 < restriction->n_arcs; step++)
            if (graph->restriction_arcs[restriction->first_arc + step] == arc) return 1;
    }
    return 0;
}

/* What lies before an arc that no longer restriction passes can matter to none. */
static inline void forget(const oracle *at, history *driven) {
    for (int32_t back = 1; back <= LOOK_BACK; back++) {
        int32_t arc = driven->arcs[LOOK_BACK - back];
        if (arc == UNKNOWN || (arc != FORGOTTEN && is_inside_a_long_word(at->graph, arc))) continue;
        for (int32_t older = back == 1 ? 2 : back; older <= LOOK_BACK; older++)
            driven->arcs[LOOK_BACK - older] = FORGOTTEN;
        return;
    }
}

static inline void drive_on(const oracle *at, history *driven, int32_t next) {
    memmove(driven->arcs, driven->arcs + 1, (LOOK_BACK - 1) * sizeof(int32_t));
    driven->arcs[LOOK_BACK - 1] = next;
    forget(at, driven);
}

static inline walk *find_walk(oracle *at, const history *driven) {
    uint32_t slot = 2166136261u;
    for (int back = 0; back < LOOK_BACK; back++)
        slot = (slot ^ (uint32_t)driven->arcs[back]) * 16777619u;
    for (slot %= 4 * MAX_STATES; at->table[slot]; slot = (slot + 1) % (4 * MAX_STATES))
        if (!memcmp(&at->walks[at->table[slot] - 1].driven, driven, sizeof *driven))
            return &at->walks[at->table[slot] - 1];
    assert_true(at->n_walks < MAX_STATES);
    at->table[slot] = at->n_walks + 1;
    at->walks[at->n_walks] = (walk){*driven, INT64_MAX, 0, 0};
    return &at->walks[at->n_walks++];
}

static inline void reach(oracle *at, const history *driven, int64_t time_ms, int64_t length_mm) {
    walk *known = find_walk(at, driven);
    if (known->time_ms < time_ms || (known->time_ms == time_ms && known->length_mm <= length_mm))
        return;
    known->time_ms = time_ms;
    known->length_mm = length_mm;
    if (known->queued) return;
    known->queued = 1;
    at->queue[at->n_queued++ % MAX_STATES] = (int)(known - at->walks);
}

static inline void extend(oracle *at, const walk *from, int32_t next) {
    int32_t arc_ms = ki_profile_arc_ms(at->graph, at->spec, next);
    if (arc_ms == KI_NEVER || !may_turn(at, &from->driven, next)) return;
    history driven = from->driven;
    drive_on(at, &driven, next);
    reach(at, &driven,
          from->time_ms + arc_ms +
              ki_profile_turn_ms(at->graph, at->spec, last_arc(&from->driven), next),
          from->length_mm + at->graph->edges[next >> 1].length_mm);
}

/* All walks from the end of an arc, times counted from there. */
static inline void walk_from(oracle *at, int32_t arc) {
    history driven;
    for (int back = 0; back < LOOK_BACK; back++)
        driven.arcs[back] = UNKNOWN;
    at->n_walks = at->n_queued = at->n_taken = 0;
    memset(at->table, 0, 4 * MAX_STATES * sizeof *at->table);
    drive_on(at, &driven, arc);
    if (ki_profile_arc_ms(at->graph, at->spec, arc) == KI_NEVER) return;
    walk start = {driven, 0, 0, 0};
    for (int32_t next = 0; next < at->graph->n_arcs; next++)
        if (ki_arc_from(at->graph, next) == ki_arc_to(at->graph, arc)) extend(at, &start, next);
    while (at->n_taken < at->n_queued) {
        int index = at->queue[at->n_taken++ % MAX_STATES];
        at->walks[index].queued = 0;
        walk from = at->walks[index];
        int32_t node = ki_arc_to(at->graph, last_arc(&from.driven));
        for (int32_t next = 0; next < at->graph->n_arcs; next++)
            if (ki_arc_from(at->graph, next) == node) extend(at, &from, next);
    }
}

static inline int64_t part_ms(const oracle *at, ki_place place) {
    return ki_arc_part_ms(ki_profile_arc_ms(at->graph, at->spec, place.arc),
                          at->graph->edges[place.arc >> 1].length_mm, place.offset_mm);
}

/* After walk_from(from.arc). */
static inline void expect_cell(const oracle *at, ki_place from, ki_place to, int32_t time_ms,
                               int32_t length_mm) {
    int64_t best_ms = INT64_MAX, best_mm = 0;
    if (ki_profile_arc_ms(at->graph, at->spec, from.arc) != KI_NEVER && from.arc == to.arc &&
        from.offset_mm <= to.offset_mm) {
        best_ms = part_ms(at, to) - part_ms(at, from);
        best_mm = to.offset_mm - from.offset_mm;
    }
    int is_direct = best_ms != INT64_MAX;
    for (int index = 0; index < at->n_walks && !is_direct; index++) {
        const walk *found = &at->walks[index];
        if (last_arc(&found->driven) != to.arc) continue;
        int32_t from_ms = ki_profile_arc_ms(at->graph, at->spec, from.arc);
        int64_t ms = from_ms - part_ms(at, from) + found->time_ms -
                     ki_profile_arc_ms(at->graph, at->spec, to.arc) + part_ms(at, to);
        int64_t mm = at->graph->edges[from.arc >> 1].length_mm - from.offset_mm + found->length_mm -
                     at->graph->edges[to.arc >> 1].length_mm + to.offset_mm;
        if (ms < best_ms || (ms == best_ms && mm < best_mm)) {
            best_ms = ms;
            best_mm = mm;
        }
    }
    assert_int_equal(time_ms, best_ms == INT64_MAX ? KI_NEVER : best_ms);
    assert_int_equal(length_mm, best_ms == INT64_MAX ? KI_NEVER : best_mm);
}

/* ---- paths --------------------------------------------------------------------------- */

static inline void check_path(const oracle *at, const ki_profile *profile, ki_place from,
                              ki_place to, int32_t time_ms, int32_t length_mm) {
    ki_arena arena = {0};
    ki_path path;
    assert_int_equal(ki_path_find(profile, from, to, &arena, &path, NULL), KERB_OK);
    assert_int_equal(path.time_ms, time_ms);
    assert_int_equal(path.length_mm, length_mm);
    if (time_ms == KI_NEVER) {
        assert_int_equal(path.n_arcs, 0);
        return;
    }
    assert_int_equal(path.arcs[0], from.arc);
    assert_int_equal(path.arcs[path.n_arcs - 1], to.arc);
    history driven;
    for (int back = 0; back < LOOK_BACK; back++)
        driven.arcs[back] = UNKNOWN;
    drive_on(at, &driven, from.arc);
    int64_t ms = -part_ms(at, from), mm = -from.offset_mm;
    for (int32_t step = 1; step < path.n_arcs; step++) {
        int32_t before = path.arcs[step - 1], arc = path.arcs[step];
        assert_true(may_turn(at, &driven, arc));
        ms += ki_profile_arc_ms(at->graph, at->spec, before) +
              ki_profile_turn_ms(at->graph, at->spec, before, arc);
        mm += at->graph->edges[before >> 1].length_mm;
        drive_on(at, &driven, arc);
    }
    assert_int_equal(ms + part_ms(at, to), time_ms);
    assert_int_equal(mm + to.offset_mm, length_mm);
    ki_arena_free(&arena);
}

/* ---- the comparison ------------------------------------------------------------------ */

static inline void compare_cells(oracle *at, const ki_profile *profile, const ki_place *places,
                                 int n, int64_t *n_reached) {
    static int32_t time_ms[2][MAX_PLACES * MAX_PLACES], length_mm[2][MAX_PLACES * MAX_PLACES];
    const ki_hierarchy *hierarchy;
    for (int run = 0; run < 2; run++) { /* by search, then by hierarchy */
        if (run) assert_int_equal(ki_profile_hierarchy(&hierarchy, profile, NULL), KERB_OK);
        assert_int_equal(
            ki_matrix_fill(profile, places, n, run ? 3 : 1, time_ms[run], length_mm[run], NULL),
            KERB_OK);
        for (int pair = 0; pair < n * n; pair++)
            if (pair / n != pair % n)
                check_path(at, profile, places[pair / n], places[pair % n], time_ms[run][pair],
                           length_mm[run][pair]);
    }
    assert_memory_equal(time_ms[0], time_ms[1], (size_t)(n * n) * sizeof(int32_t));
    assert_memory_equal(length_mm[0], length_mm[1], (size_t)(n * n) * sizeof(int32_t));
    for (int from = 0; from < n; from++) {
        walk_from(at, places[from].arc);
        for (int to = 0; to < n; to++) {
            int32_t ms = time_ms[0][from * n + to], mm = length_mm[0][from * n + to];
            if (from == to) continue;
            expect_cell(at, places[from], places[to], ms, mm);
            *n_reached += ms != KI_NEVER;
        }
    }
}

static inline oracle oracle_new(void) {
    oracle at = {0};
    at.walks = ki_alloc_zero(MAX_STATES, sizeof *at.walks);
    at.queue = ki_alloc_zero(MAX_STATES, sizeof *at.queue);
    at.table = ki_alloc_zero(4 * MAX_STATES, sizeof *at.table);
    assert_true(at.walks && at.queue && at.table);
    return at;
}

static inline void oracle_free(oracle *at) {
    ki_free(at->walks);
    ki_free(at->queue);
    ki_free(at->table);
}

#endif
