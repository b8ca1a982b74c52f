/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_drive.c - may a path be driven, and how long does it take? Access, closures and bans of
 * each arc, turns and restrictions between them, each at the time of the night at which it is met.
 */
#include "plan/check_internal.h"

#include "base/alloc.h"

#include <string.h>

/* ---- may it be driven? ----------------------------------------------------------------------- */

/* Hours and sizes are judged at the time it is driven; without them the tags decide. */
static void check_arc(ki_checker *check, const ki_check_walk *walk, int32_t arc, int64_t until_ms) {
    char when[8];
    const char *which = arc & 1 ? "against its direction" : "along it";
    if (check->closed[arc])
        ki_check_say(check, "way %lld is closed tonight", ki_check_way_id(check, arc));
    ki_check_bans(check, walk, arc, until_ms);
    if (check->graph->ways[check->graph->edges[arc >> 1].way].tags.conditions == 0) {
        if (ki_profile_arc_ms(check->graph, &walk->spec, arc) == KI_NEVER)
            ki_check_say(check, "way %lld is not open to this vehicle %s",
                         ki_check_way_id(check, arc), which);
        return;
    }
    if (ki_check_open_road(check, &walk->spec, arc, walk->at_ms, until_ms)) return;
    ki_check_clock(check, walk->at_ms, when);
    ki_check_say(check, "way %lld is not open to this vehicle %s at %s",
                 ki_check_way_id(check, arc), which, when);
}

/* Whether the last n arcs driven, the newest left away, are these. */
static int drove(const ki_checker *check, const int32_t *arcs, size_t n) {
    if (check->n_history < n + 1) return 0;
    return memcmp(check->history + check->n_history - n - 1, arcs, n * sizeof *arcs) == 0;
}

/* The rules that bind whoever drives from `before` on to `arc`, the newest of the history. */
static void check_rules(ki_checker *check, const ki_check_walk *walk, int32_t before, int32_t arc) {
    const ki_graph *graph = check->graph;
    for (int32_t k = check->first_bound[before]; k < check->first_bound[before + 1]; k++) {
        const ki_restriction *rule = &graph->restrictions[check->bound[k].restriction];
        int32_t step = check->bound[k].step, next = ki_check_step_arc(graph, rule, step + 1);
        if ((next == arc) == rule->only) continue;
        if (!ki_check_turn_bound(check, &walk->spec, rule, walk->at_ms)) continue;
        if (!drove(check, graph->restriction_arcs + rule->first_arc, (size_t)step + 1)) continue;
        if (rule->only)
            ki_check_say(check, "restriction %lld orders way %lld, not way %lld, here",
                         (long long)rule->osm_id, ki_check_way_id(check, next),
                         ki_check_way_id(check, arc));
        else
            ki_check_say(check, "restriction %lld forbids turning into way %lld here",
                         (long long)rule->osm_id, ki_check_way_id(check, arc));
    }
}

static void remember(ki_checker *check, const ki_check_walk *walk, int32_t arc) {
    if (ki_grow(&check->history, &check->history_capacity, check->n_history + 1,
                sizeof *check->history)) {
        check->failed = 1;
        return;
    }
    check->history[check->n_history++] = arc;
    if (check->n_history > 1) check_rules(check, walk, check->history[check->n_history - 2], arc);
}

/* What is dead-ended follows from the whole window, a gate from the moment. */
static int32_t check_turn(ki_checker *check, const ki_check_walk *walk, int32_t from, int32_t to) {
    const ki_graph *graph = check->graph;
    int32_t node = ki_arc_to(graph, from), turn_ms;
    if (graph->nodes[node].tags.conditions == 0 || to == (from ^ 1)) {
        turn_ms = ki_profile_turn_ms(graph, &walk->spec, from, to);
    } else {
        turn_ms = ki_profile_free_turn_ms(graph, &walk->spec, from, to);
        if (!ki_check_open_node(check, &walk->spec, node, walk->at_ms)) turn_ms = KI_NEVER;
    }
    if (turn_ms != KI_NEVER) return turn_ms;
    ki_check_say(check, "no turn from way %lld into way %lld for this vehicle",
                 ki_check_way_id(check, from), ki_check_way_id(check, to));
    return 0;
}

/* ---- the leg --------------------------------------------------------------------------------- */

static int64_t part_ms(const ki_checker *check, const ki_check_walk *walk, ki_check_arc part) {
    int32_t whole_ms = ki_profile_drive_ms(check->graph, &walk->spec, part.arc);
    int32_t length_mm = check->graph->edges[part.arc >> 1].length_mm;
    if (whole_ms == KI_NEVER) return 0;
    return (int64_t)ki_arc_part_ms(whole_ms, length_mm, part.to_mm) -
           ki_arc_part_ms(whole_ms, length_mm, part.from_mm);
}

/* When the part will have been driven, or swept at an even pace. */
static int64_t end_of_part(ki_check_walk *walk, int64_t start_ms, int64_t driven_ms,
                           ki_check_arc part) {
    if (walk->sweep_ms < 0) return start_ms + driven_ms;
    walk->done_mm += part.to_mm - part.from_mm;
    return start_ms + walk->sweep_ms * walk->done_mm / (walk->sweep_mm > 0 ? walk->sweep_mm : 1);
}

int64_t ki_check_drive(ki_checker *check, ki_check_walk *walk, const ki_check_path *path,
                       int64_t start_ms) {
    int64_t time_ms = 0;
    walk->at_ms = start_ms;
    walk->done_mm = 0;
    for (size_t k = 0; k < path->n; k++) {
        int32_t arc = path->arcs[k].arc;
        if (k > 0) time_ms += check_turn(check, walk, path->arcs[k - 1].arc, arc);
        time_ms += part_ms(check, walk, path->arcs[k]);
        int64_t until_ms = end_of_part(walk, start_ms, time_ms, path->arcs[k]);
        check_arc(check, walk, arc, until_ms);
        int same_arc =
            k == 0 && check->n_history > 0 && check->history[check->n_history - 1] == arc;
        if (!same_arc) remember(check, walk, arc);
        walk->at_ms = until_ms;
    }
    return time_ms;
}
