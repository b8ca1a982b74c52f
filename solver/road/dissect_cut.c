/* SPDX-License-Identifier: GPL-3.0-or-later
 * dissect_cut.c - the greatest flow of one unit a street (Dinic 1970): breadth first for levels,
 * then as many shortest ways as there are, until none is left. What the last search reached is the
 * near side of a least cut. */
#include "road/dissect_cut.h"

#include "base/alloc.h"

int ki_cut_new(ki_cut *cut, const ki_graph *graph) {
    size_t n = (size_t)graph->n_nodes + 1;
    cut->flow = ki_alloc_zero((size_t)graph->n_edges, sizeof *cut->flow);
    cut->end = ki_alloc_zero(n, sizeof *cut->end);
    cut->level = ki_alloc_zero(n, sizeof *cut->level);
    cut->queue = ki_alloc_zero(n, sizeof *cut->queue);
    cut->next = ki_alloc_zero(n, sizeof *cut->next);
    cut->path_arc = ki_alloc_zero(n, sizeof *cut->path_arc);
    cut->path_node = ki_alloc_zero(n, sizeof *cut->path_node);
    return cut->flow && cut->end && cut->level && cut->queue && cut->next && cut->path_arc &&
                   cut->path_node
               ? 0
               : -1;
}

void ki_cut_free(ki_cut *cut) {
    ki_free(cut->flow);
    ki_free(cut->end);
    ki_free(cut->level);
    ki_free(cut->queue);
    ki_free(cut->next);
    ki_free(cut->path_arc);
    ki_free(cut->path_node);
}

static int has_room(const ki_cut *cut, int32_t arc) {
    int8_t flow = cut->flow[arc >> 1];
    return arc & 1 ? flow > -1 : flow < 1;
}

/* Gives whether a sink was reached; levels beyond it are not wanted. */
static int set_levels(ki_cut *cut, const ki_street_map *map, const int32_t *junctions, int32_t n) {
    const ki_graph *graph = map->graph;
    int32_t n_queued = 0, sink_level = 0, cell = map->cell[junctions[0]];
    for (int32_t at = 0; at < n; at++) {
        int is_source = cut->end[junctions[at]] == KI_CUT_SOURCE;
        cut->level[junctions[at]] = is_source ? 0 : -1;
        cut->next[junctions[at]] = graph->first_out[junctions[at]];
        if (is_source) cut->queue[n_queued++] = junctions[at];
    }
    for (int32_t at = 0; at < n_queued; at++) {
        int32_t from = cut->queue[at];
        if (sink_level > 0 && cut->level[from] >= sink_level) break;
        for (int32_t out = graph->first_out[from]; out < graph->first_out[from + 1]; out++) {
            int32_t to = map->head[out];
            if (map->cell[to] != cell || cut->level[to] >= 0 ||
                !has_room(cut, graph->out_arcs[out]))
                continue;
            cut->level[to] = cut->level[from] + 1;
            if (cut->end[to] == KI_CUT_SINK) sink_level = cut->level[to];
            cut->queue[n_queued++] = to;
        }
    }
    return sink_level > 0;
}

/* One street farther from the end of the way; 0 where none leads on. */
static int step_on(ki_cut *cut, const ki_street_map *map, int32_t depth) {
    const ki_graph *graph = map->graph;
    int32_t from = cut->path_node[depth], cell = map->cell[from];
    for (; cut->next[from] < graph->first_out[from + 1]; cut->next[from]++) {
        int32_t to = map->head[cut->next[from]], arc = graph->out_arcs[cut->next[from]];
        if (map->cell[to] != cell || cut->level[to] != cut->level[from] + 1 || !has_room(cut, arc))
            continue;
        cut->path_arc[depth] = arc;
        cut->path_node[depth + 1] = to;
        return 1;
    }
    return 0;
}

/* As many ways from one source as its levels hold. */
static int32_t send_from(ki_cut *cut, const ki_street_map *map, int32_t source, int32_t most) {
    int32_t n_sent = 0, depth = 0;
    cut->path_node[0] = source;
    while (n_sent < most) {
        if (cut->end[cut->path_node[depth]] == KI_CUT_SINK) {
            for (; depth > 0; depth--) {
                int32_t arc = cut->path_arc[depth - 1];
                cut->flow[arc >> 1] = (int8_t)(cut->flow[arc >> 1] + (arc & 1 ? -1 : 1));
            }
            n_sent++;
        } else if (step_on(cut, map, depth)) {
            depth++;
        } else if (depth == 0) {
            break;
        } else {
            cut->next[cut->path_node[--depth]]++;
        }
    }
    return n_sent;
}

int32_t ki_cut_find(ki_cut *cut, const ki_street_map *map, const int32_t *junctions, int32_t n,
                    int32_t most) {
    const ki_graph *graph = map->graph;
    int32_t n_sent = 0;
    for (int32_t at = 0; at < n; at++)
        for (int32_t out = graph->first_out[junctions[at]];
             out < graph->first_out[junctions[at] + 1]; out++)
            cut->flow[graph->out_arcs[out] >> 1] = 0;
    while (n_sent < most && set_levels(cut, map, junctions, n))
        for (int32_t at = 0; at < n && n_sent < most; at++)
            if (cut->end[junctions[at]] == KI_CUT_SOURCE)
                n_sent += send_from(cut, map, junctions[at], most - n_sent);
    return n_sent;
}
