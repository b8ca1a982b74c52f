/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_reach.c - whether two roads can be driven from one to the other and back: a plain flood
 * over arcs and turns. Called only where a verdict hangs on it. */
#include "plan/check_internal.h"

#include "base/alloc.h"

static int is_open(const ki_checker *check, const ki_check_walk *walk, int32_t arc) {
    return !check->closed[arc] && ki_profile_arc_ms(check->graph, &walk->spec, arc) != KI_NEVER;
}

static int reaches(ki_checker *check, const ki_check_walk *walk, int32_t from, int32_t to) {
    const ki_graph *graph = check->graph;
    uint8_t *seen = ki_alloc_zero((size_t)graph->n_arcs, 1);
    int32_t *queue = ki_alloc_zero((size_t)graph->n_arcs, sizeof *queue);
    int32_t n = 0, head = 0;
    if (!seen || !queue) check->failed = 1;
    if (!check->failed) seen[queue[n++] = from] = 1;
    while (head < n && !seen[to]) {
        int32_t arc = queue[head++], node = ki_arc_to(graph, arc);
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            int32_t next = graph->out_arcs[out];
            if (seen[next] || !is_open(check, walk, next)) continue;
            if (ki_profile_turn_ms(graph, &walk->spec, arc, next) == KI_NEVER) continue;
            seen[queue[n++] = next] = 1;
        }
    }
    int found = !check->failed && seen[to];
    ki_free(seen);
    ki_free(queue);
    return found;
}

int ki_check_connected(ki_checker *check, const ki_check_walk *walk, int32_t arc, int32_t other) {
    return reaches(check, walk, arc, other) && reaches(check, walk, other, arc);
}
