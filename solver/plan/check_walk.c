/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_walk.c - follows a leg on the base graph, edge by edge, as (way, from, to) runs name it.
 *
 * A run may start or end at any point of its way. Of several stretches that it could name the one
 * with the fewest points between is meant, the one along the way before the one against it. (What
 * kerbs and closures of the draft mean is in check_street.c.) What a
 * vehicle has driven is kept for its whole route, so that a restriction over several ways binds
 * across stops too. */
#include "plan/check_internal.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- preparation ----------------------------------------------------------------------------- */

typedef struct way_key {
    int64_t osm_id;
    int32_t way;
} way_key;

static int compare_ways(const void *left, const void *right) {
    const way_key *a = left, *b = right;
    if (a->osm_id != b->osm_id) return a->osm_id < b->osm_id ? -1 : 1;
    return (a->way > b->way) - (a->way < b->way);
}

static void index_ways(ki_checker *check) {
    const ki_graph *graph = check->graph;
    size_t n_ways = (size_t)graph->n_ways;
    way_key *keys = ki_arena_alloc(&check->arena, n_ways, sizeof *keys);
    check->ways_by_id = ki_arena_alloc(&check->arena, n_ways, sizeof(int32_t));
    check->first_edge = ki_arena_alloc(&check->arena, n_ways + 2, sizeof(int32_t));
    check->edges_of_way = ki_arena_alloc(&check->arena, (size_t)graph->n_edges, sizeof(int32_t));
    if (!keys || !check->ways_by_id || !check->first_edge || !check->edges_of_way) {
        check->failed = 1;
        return;
    }
    for (int32_t way = 0; way < graph->n_ways; way++)
        keys[way] = (way_key){graph->ways[way].osm_id, way};
    if (n_ways) qsort(keys, n_ways, sizeof *keys, compare_ways);
    for (int32_t way = 0; way < graph->n_ways; way++)
        check->ways_by_id[way] = keys[way].way;
    /* Counting sort; first_edge is filled one place too high, and so falls into place. */
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        check->first_edge[graph->edges[edge].way + 2]++;
    for (int32_t way = 0; way < graph->n_ways; way++)
        check->first_edge[way + 2] += check->first_edge[way + 1];
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        check->edges_of_way[check->first_edge[graph->edges[edge].way + 1]++] = edge;
}

/* A ban binds when its last arc is entered. An order binds at each of its steps: whoever drove its
 * first arcs must drive the next. */
static int32_t first_step(const ki_restriction *rule) {
    return rule->only ? 0 : rule->n_arcs - 2;
}

static int32_t arc_of_step(const ki_graph *graph, const ki_restriction *rule, int32_t step) {
    return graph->restriction_arcs[rule->first_arc + step];
}

static void index_restrictions(ki_checker *check) {
    const ki_graph *graph = check->graph;
    size_t n = 0;
    check->first_bound = ki_arena_alloc(&check->arena, (size_t)graph->n_arcs + 2, sizeof(int32_t));
    for (int32_t r = 0; r < graph->n_restrictions; r++)
        n += (size_t)graph->restrictions[r].n_arcs;
    check->bound = ki_arena_alloc(&check->arena, n, sizeof *check->bound);
    if (!check->first_bound || !check->bound) {
        check->failed = 1;
        return;
    }
    for (int32_t r = 0; r < graph->n_restrictions; r++) {
        const ki_restriction *rule = &graph->restrictions[r];
        for (int32_t step = first_step(rule); step < rule->n_arcs - 1; step++)
            check->first_bound[arc_of_step(graph, rule, step) + 2]++;
    }
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        check->first_bound[arc + 2] += check->first_bound[arc + 1];
    for (int32_t r = 0; r < graph->n_restrictions; r++) {
        const ki_restriction *rule = &graph->restrictions[r];
        for (int32_t step = first_step(rule); step < rule->n_arcs - 1; step++)
            check->bound[check->first_bound[arc_of_step(graph, rule, step) + 1]++] =
                (ki_check_rule){r, step};
    }
}

int32_t ki_check_first_way(const ki_checker *check, int64_t way_id) {
    int32_t low = 0, high = check->graph->n_ways;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (check->graph->ways[check->ways_by_id[middle]].osm_id < way_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void close_streets(ki_checker *check) {
    const ki_graph *graph = check->graph;
    check->closed = ki_arena_alloc(&check->arena, (size_t)graph->n_arcs, 1);
    if (!check->closed) {
        check->failed = 1;
        return;
    }
    for (size_t c = 0; c < check->draft->n_closures; c++) {
        const kerb_closure *closure = &check->draft->closures[c];
        ki_check_path *part = &check->path;
        if (closure->from_node != 0 || closure->to_node != 0) {
            part->n = 0;
            if (!ki_check_find_street(check, closure->way_id, closure->from_node, closure->to_node,
                                      part))
                continue;
            for (size_t k = 0; k < part->n; k++)
                check->closed[part->arcs[k].arc] = check->closed[part->arcs[k].arc ^ 1] = 1;
            continue;
        }
        for (int32_t at = ki_check_first_way(check, closure->way_id);
             at < graph->n_ways && graph->ways[check->ways_by_id[at]].osm_id == closure->way_id;
             at++) {
            int32_t way = check->ways_by_id[at];
            for (int32_t k = check->first_edge[way]; k < check->first_edge[way + 1]; k++) {
                int32_t edge = check->edges_of_way[k];
                check->closed[2 * edge] = check->closed[2 * edge + 1] = 1;
            }
        }
    }
}

void ki_check_walk_prepare(ki_checker *check) {
    index_ways(check);
    if (!check->failed) index_restrictions(check);
    if (!check->failed) close_streets(check);
}

/* ---- a run of a way -------------------------------------------------------------------------- */

void ki_check_add_arc(ki_checker *check, ki_check_path *path, ki_check_arc arc) {
    if (ki_grow(&path->arcs, &path->capacity, path->n + 1, sizeof *path->arcs))
        check->failed = 1;
    else
        path->arcs[path->n++] = arc;
}

/* Along a way, edge by edge. A place on it is told in points and in mm from the way's first point;
 * a gap counts as very many of both. */
typedef struct spot {
    int64_t at_point, at_mm;
} spot;

typedef struct way_walk {
    const ki_checker *check;
    int32_t way, k; /* k: into edges_of_way */
    spot start;     /* of the edge */
} way_walk;

static const int64_t gap = (int64_t)1 << 40;

static const ki_edge *edge_at(const ki_checker *check, int32_t k) {
    return &check->graph->edges[check->edges_of_way[k]];
}

static void next_edge(way_walk *walk) {
    const ki_edge *before = edge_at(walk->check, walk->k);
    walk->start.at_point += before->n_points - 1;
    walk->start.at_mm += before->length_mm;
    walk->k++;
    if (walk->k < walk->check->first_edge[walk->way + 1] &&
        edge_at(walk->check, walk->k)->from != before->to) {
        walk->start.at_point += gap;
        walk->start.at_mm += gap;
    }
}

typedef struct stretch {
    spot from, to;
    int64_t size; /* in points; 0: none yet */
} stretch;

static void keep_shorter(stretch *best, spot from, spot to) {
    int64_t points = to.at_point - from.at_point;
    int64_t size = points < 0 ? -points : points;
    if (size == 0 || size >= gap) return;
    int along_first = size == best->size && points > 0 && best->from.at_point > best->to.at_point;
    if (best->size == 0 || size < best->size || along_first) *best = (stretch){from, to, size};
}

/* In order along the way the nearest pair is always between the latest two sightings. */
static stretch nearest_pair(const ki_checker *check, int32_t way, int64_t from_node,
                            int64_t to_node) {
    stretch best = {.size = 0};
    spot last_from = {-1, -1}, last_to = {-1, -1};
    way_walk walk = {check, way, check->first_edge[way], {0, 0}};
    for (; walk.k < check->first_edge[way + 1]; next_edge(&walk)) {
        const ki_edge *edge = edge_at(check, walk.k);
        for (int32_t p = 0; p < edge->n_points; p++) {
            const ki_point *point = &check->graph->points[edge->first_point + p];
            spot here = {walk.start.at_point + p, walk.start.at_mm + point->at_mm};
            spot before = last_from;
            if (point->osm_id == from_node) {
                if (last_to.at_point >= 0) keep_shorter(&best, here, last_to);
                last_from = here;
            }
            if (point->osm_id == to_node) {
                if (before.at_point >= 0) keep_shorter(&best, before, here);
                last_to = here;
            }
        }
    }
    return best;
}

static void expand(ki_checker *check, int32_t way, stretch found, ki_check_path *out) {
    int along = found.from.at_mm < found.to.at_mm;
    int64_t low = along ? found.from.at_mm : found.to.at_mm;
    int64_t high = along ? found.to.at_mm : found.from.at_mm;
    size_t start = out->n;
    way_walk walk = {check, way, check->first_edge[way], {0, 0}};
    for (; walk.k < check->first_edge[way + 1]; next_edge(&walk)) {
        int32_t edge = check->edges_of_way[walk.k], length_mm = edge_at(check, walk.k)->length_mm;
        int64_t from_mm = low > walk.start.at_mm ? low - walk.start.at_mm : 0;
        int64_t to_mm = high - walk.start.at_mm < length_mm ? high - walk.start.at_mm : length_mm;
        if (from_mm >= to_mm) continue;
        ki_check_arc part = {2 * edge, (int32_t)from_mm, (int32_t)to_mm};
        if (!along)
            part = (ki_check_arc){2 * edge + 1, length_mm - (int32_t)to_mm,
                                  length_mm - (int32_t)from_mm};
        ki_check_add_arc(check, out, part);
    }
    for (size_t a = start, b = out->n; !along && b > a + 1; a++, b--) {
        ki_check_arc swap = out->arcs[a];
        out->arcs[a] = out->arcs[b - 1];
        out->arcs[b - 1] = swap;
    }
}

int ki_check_find_stretch(ki_checker *check, int64_t way_id, int64_t from_node, int64_t to_node,
                          ki_check_path *out) {
    const ki_graph *graph = check->graph;
    for (int32_t at = ki_check_first_way(check, way_id); at < graph->n_ways; at++) {
        int32_t way = check->ways_by_id[at];
        if (graph->ways[way].osm_id != way_id) break;
        stretch found = nearest_pair(check, way, from_node, to_node);
        if (found.size == 0 || found.from.at_mm == found.to.at_mm) continue;
        expand(check, way, found, out);
        return !check->failed;
    }
    return 0;
}

/* ---- the runs of a leg as one path ----------------------------------------------------------- */

static int32_t length_of(const ki_checker *check, int32_t arc) {
    return check->graph->edges[arc >> 1].length_mm;
}

static int64_t path_length(const ki_check_path *path, size_t from) {
    int64_t length = 0;
    for (size_t k = from; k < path->n; k++)
        length += path->arcs[k].to_mm - path->arcs[k].from_mm;
    return length;
}

/* Joins path[at] to what comes before it; 0 where it does not continue from there. */
static int join(ki_checker *check, ki_check_path *path, size_t at) {
    ki_check_arc *last = &path->arcs[at - 1], *next = &path->arcs[at];
    if (last->arc == next->arc && last->to_mm == next->from_mm && next->from_mm > 0) {
        last->to_mm = next->to_mm;
        memmove(next, next + 1, (path->n - at - 1) * sizeof *next);
        path->n--;
        return 1;
    }
    return last->to_mm == length_of(check, last->arc) && next->from_mm == 0;
}

/* Cuts the path at the leg's end offset, which counts from the last run's first node. */
static int cut_end(ki_check_path *path, int64_t before_last_run_mm, int32_t end_offset_mm) {
    ki_check_arc *last = &path->arcs[path->n - 1];
    int64_t last_starts_mm = path_length(path, 0) - (last->to_mm - last->from_mm);
    int64_t end_mm = before_last_run_mm + end_offset_mm - last_starts_mm + last->from_mm;
    if (end_offset_mm < 0 || end_mm < last->from_mm || end_mm > last->to_mm) return 0;
    last->to_mm = (int32_t)end_mm;
    return 1;
}

static int cut_start(ki_check_path *path, int32_t start_offset_mm) {
    ki_check_arc *first = &path->arcs[0];
    if (start_offset_mm < 0 || start_offset_mm > first->to_mm - first->from_mm) return 0;
    first->from_mm += start_offset_mm;
    return 1;
}

static void check_run_labels(ki_checker *check, const ki_plan_leg *leg, int32_t run,
                             int64_t length_mm, int32_t arc) {
    ki_check_same(check, "run length (mm)", leg->runs[run].length_mm, length_mm);
    ki_check_same_text(check, "run name", leg->runs[run].name,
                       ki_way_name(check->graph, ki_arc_way(check->graph, arc)));
}

/* The stretch driven on the first or last run is shorter than the run by the leg's offsets. */
static int read_runs(ki_checker *check, const ki_plan_leg *leg, ki_check_path *path) {
    path->n = 0;
    int64_t last_run_at_mm = 0, total_mm = 0;
    for (int32_t run = 0; run < leg->n_runs; run++) {
        const ki_plan_run *here = &leg->runs[run];
        size_t at = path->n;
        last_run_at_mm = total_mm;
        if (!ki_check_find_stretch(check, here->way_id, here->from_node, here->to_node, path)) {
            ki_check_say(check, "run %d: way %lld has no stretch from node %lld to node %lld", run,
                         (long long)here->way_id, (long long)here->from_node,
                         (long long)here->to_node);
            return 0;
        }
        int64_t run_mm = path_length(path, at), driven_mm = run_mm;
        total_mm += run_mm;
        if (run == leg->n_runs - 1) driven_mm = leg->end_offset_mm;
        if (run == 0) driven_mm -= leg->start_offset_mm;
        check_run_labels(check, leg, run, driven_mm, path->arcs[at].arc);
        if (at > 0 && !join(check, path, at)) {
            ki_check_say(check, "run %d does not begin where run %d ended", run, run - 1);
            return 0;
        }
    }
    if (path->n == 0) return 0;
    if (!cut_end(path, last_run_at_mm, leg->end_offset_mm)) {
        ki_check_say(check, "end offset %d mm does not lie on the last road", leg->end_offset_mm);
        return 0;
    }
    if (!cut_start(path, leg->start_offset_mm)) {
        ki_check_say(check, "start offset %d mm does not lie on the first road",
                     leg->start_offset_mm);
        return 0;
    }
    return 1;
}

/* ---- may it be driven? ----------------------------------------------------------------------- */

static long long way_id(const ki_checker *check, int32_t arc) {
    return (long long)check->graph->ways[check->graph->edges[arc >> 1].way].osm_id;
}

static void check_arc(ki_checker *check, const ki_check_walk *walk, int32_t arc) {
    if (ki_profile_arc_ms(check->graph, &walk->spec, arc) == KI_NEVER)
        ki_check_say(check, "way %lld is not open to this vehicle %s", way_id(check, arc),
                     arc & 1 ? "against its direction" : "along it");
    if (check->closed[arc]) ki_check_say(check, "way %lld is closed tonight", way_id(check, arc));
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
        int32_t step = check->bound[k].step, next = arc_of_step(graph, rule, step + 1);
        if (rule->except & walk->spec.kind || (next == arc) == rule->only) continue;
        if (!drove(check, graph->restriction_arcs + rule->first_arc, (size_t)step + 1)) continue;
        if (rule->only)
            ki_check_say(check, "restriction %lld orders way %lld, not way %lld, here",
                         (long long)rule->osm_id, way_id(check, next), way_id(check, arc));
        else
            ki_check_say(check, "restriction %lld forbids turning into way %lld here",
                         (long long)rule->osm_id, way_id(check, arc));
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

static int32_t check_turn(ki_checker *check, const ki_check_walk *walk, int32_t from, int32_t to) {
    int32_t turn_ms = ki_profile_turn_ms(check->graph, &walk->spec, from, to);
    if (turn_ms != KI_NEVER) return turn_ms;
    ki_check_say(check, "no turn from way %lld into way %lld for this vehicle", way_id(check, from),
                 way_id(check, to));
    return 0;
}

/* ---- the leg --------------------------------------------------------------------------------- */

static int64_t part_ms(const ki_checker *check, const ki_check_walk *walk, ki_check_arc part) {
    int32_t whole_ms = ki_profile_arc_ms(check->graph, &walk->spec, part.arc);
    int32_t length_mm = length_of(check, part.arc);
    if (whole_ms == KI_NEVER) return 0;
    return (int64_t)ki_arc_part_ms(whole_ms, length_mm, part.to_mm) -
           ki_arc_part_ms(whole_ms, length_mm, part.from_mm);
}

static int64_t drive(ki_checker *check, const ki_check_walk *walk, const ki_check_path *path) {
    int64_t time_ms = 0;
    for (size_t k = 0; k < path->n; k++) {
        int32_t arc = path->arcs[k].arc;
        check_arc(check, walk, arc);
        if (k > 0) time_ms += check_turn(check, walk, path->arcs[k - 1].arc, arc);
        time_ms += part_ms(check, walk, path->arcs[k]);
        int same_arc =
            k == 0 && check->n_history > 0 && check->history[check->n_history - 1] == arc;
        if (!same_arc) remember(check, walk, arc);
    }
    return time_ms;
}

static void follow(ki_checker *check, ki_check_walk *walk, const ki_check_path *path) {
    const ki_check_arc *first = &path->arcs[0], *last = &path->arcs[path->n - 1];
    if (walk->known && (walk->arc != first->arc || walk->offset_mm != first->from_mm))
        ki_check_say(check,
                     "begins on way %lld at %d mm, but the vehicle stands on way %lld at "
                     "%d mm",
                     way_id(check, first->arc), first->from_mm, way_id(check, walk->arc),
                     walk->offset_mm);
    walk->known = 1;
    walk->arc = last->arc;
    walk->offset_mm = last->to_mm;
}

void ki_check_walk_start(ki_checker *check, ki_check_walk *walk, const kerb_vehicle *vehicle) {
    *walk = (ki_check_walk){.spec = ki_rule_spec(vehicle)};
    check->n_history = 0;
}

int ki_check_walk_leg(ki_checker *check, ki_check_walk *walk, const ki_plan_leg *leg, int sweep) {
    if (leg->n_runs < 1) {
        ki_check_say(check, "has no runs");
        return 0;
    }
    if (!read_runs(check, leg, &check->path)) return 0;
    follow(check, walk, &check->path);
    int64_t time_ms = drive(check, walk, &check->path);
    if (!sweep) ki_check_same(check, "time (ms)", leg->time_ms, time_ms);
    ki_check_same(check, "length (mm)", leg->length_mm, path_length(&check->path, 0));
    ki_check_same(check, "deadhead flag", leg->deadhead, !sweep);
    ki_check_geometry(check, leg, &check->path);
    return !check->failed;
}
