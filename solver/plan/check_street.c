/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_street.c - which road a kerb or closure of the draft means by (way, from, to).
 *
 * The rule (graph.h states it too): a way may meet a node more than once, and a closed way may be
 * gone round past its first node; a direction open to any kind of vehicle comes before one that is
 * not, then the shortest. */
#include "plan/check_internal.h"

enum { MAX_SEEN = 16 };

typedef struct sightings {
    int64_t at_mm[MAX_SEEN]; /* from the way's first point */
    int32_t n;
} sightings;

typedef struct choice {
    int64_t low_mm, length_mm; /* covered, along the way; length 0: none yet */
    int against, open;
} choice;

static const ki_edge *edge_at(const ki_checker *check, int32_t k) {
    return &check->graph->edges[check->edges_of_way[k]];
}

static int64_t look_for(const ki_checker *check, int32_t way, int64_t node, sightings *found) {
    int64_t start_mm = 0;
    found->n = 0;
    for (int32_t k = check->first_edge[way]; k < check->first_edge[way + 1]; k++) {
        const ki_edge *edge = edge_at(check, k);
        for (int32_t p = k == check->first_edge[way] ? 0 : 1; p < edge->n_points; p++) {
            const ki_point *point = &check->graph->points[edge->first_point + p];
            if (point->osm_id == node && found->n < MAX_SEEN)
                found->at_mm[found->n++] = start_mm + point->at_mm;
        }
        start_mm += edge->length_mm;
    }
    return start_mm;
}

static void consider(choice *best, int64_t from_mm, int64_t to_mm, int against, int open,
                     int64_t round_mm) {
    int64_t length_mm = against ? from_mm - to_mm : to_mm - from_mm;
    if (length_mm <= 0) length_mm += round_mm;
    if (length_mm <= 0) return;
    int better = best->length_mm == 0 || open > best->open ||
                 (open == best->open && length_mm < best->length_mm);
    if (better) *best = (choice){against ? to_mm : from_mm, length_mm, against, open};
}

static choice choose(const ki_checker *check, int32_t way, int64_t from_node, int64_t to_node,
                     int64_t *way_mm) {
    sightings from, to;
    choice best = {.length_mm = 0};
    int32_t first = check->first_edge[way], last = check->first_edge[way + 1] - 1;
    *way_mm = look_for(check, way, from_node, &from);
    look_for(check, way, to_node, &to);
    if (last < first) return best;
    int closed = edge_at(check, first)->from == edge_at(check, last)->to;
    const uint8_t *access = check->graph->ways[way].tags.access;
    for (int32_t a = 0; a < from.n; a++)
        for (int32_t b = 0; b < to.n; b++)
            for (int against = 0; against < 2; against++)
                consider(&best, from.at_mm[a], to.at_mm[b], against, access[against] != 0,
                         closed ? *way_mm : 0);
    return best;
}

/* Twice round the way at most: the stretch may go past its first node. */
static void lay_out(ki_checker *check, int32_t way, choice of, int64_t way_mm, ki_check_path *out) {
    int64_t high_mm = of.low_mm + of.length_mm;
    for (int64_t start_mm = 0, round = 0; round < 2; round++, start_mm = way_mm)
        for (int32_t k = check->first_edge[way]; k < check->first_edge[way + 1]; k++) {
            int32_t edge = check->edges_of_way[k], length_mm = edge_at(check, k)->length_mm;
            int64_t from_mm = of.low_mm > start_mm ? of.low_mm - start_mm : 0;
            int64_t to_mm = high_mm - start_mm < length_mm ? high_mm - start_mm : length_mm;
            if (from_mm < to_mm)
                ki_check_add_arc(check, out,
                                 (ki_check_arc){2 * edge, (int32_t)from_mm, (int32_t)to_mm});
            start_mm += length_mm;
        }
}

static void turn_round(const ki_checker *check, ki_check_path *path, size_t start) {
    for (size_t k = start; k < path->n; k++) {
        ki_check_arc *part = &path->arcs[k];
        int32_t length_mm = check->graph->edges[part->arc >> 1].length_mm;
        *part = (ki_check_arc){part->arc ^ 1, length_mm - part->to_mm, length_mm - part->from_mm};
    }
    for (size_t a = start, b = path->n; b > a + 1; a++, b--) {
        ki_check_arc swap = path->arcs[a];
        path->arcs[a] = path->arcs[b - 1];
        path->arcs[b - 1] = swap;
    }
}

int ki_check_find_street(ki_checker *check, int64_t way_id, int64_t from_node, int64_t to_node,
                         ki_check_path *out) {
    const ki_graph *graph = check->graph;
    for (int32_t at = ki_check_first_way(check, way_id); at < graph->n_ways; at++) {
        int32_t way = check->ways_by_id[at];
        int64_t way_mm;
        size_t start = out->n;
        if (graph->ways[way].osm_id != way_id) break;
        choice best = choose(check, way, from_node, to_node, &way_mm);
        if (best.length_mm == 0) continue;
        lay_out(check, way, best, way_mm, out);
        if (best.against) turn_round(check, out, start);
        return !check->failed;
    }
    return 0;
}
