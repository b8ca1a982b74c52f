/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile_component.c - which arcs can be reached from which and left again.
 *
 * A stop on an arc is reached by any of the arc's search nodes and left by its `depart` node. So
 * the search graph gets one more edge from each search node to the depart node of its arc ("stop
 * there and go on"): it adds no way to break a restriction, since the depart node obeys them all,
 * and two arcs serve each other exactly if their depart nodes are strongly connected in this graph.
 * Strong components by Tarjan's algorithm (SIAM J. Computing 1972), with its own stack: a city is
 * deeper than a thread's. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/profile_build.h"

#include <stdlib.h>

typedef struct tarjan {
    const ki_profile *profile;
    int32_t *order;  /* [n] of first visit, from 1; 0 unvisited */
    int32_t *low;    /* [n] earliest visit reachable */
    int32_t *next;   /* [n] turn to try next */
    int32_t *parent; /* [n] */
    int32_t *stack;  /* [n] visited, component not yet known */
    int32_t *found;  /* [n] component in order of completion, -1 while on the stack */
    int32_t n_visited, n_stack, n_found;
} tarjan;

/* The next neighbour of a node: its turns, then the depart node of its arc; -1 when done. */
static int32_t next_neighbour(tarjan *at, int32_t node) {
    const ki_profile *profile = at->profile;
    int32_t turn = profile->first_turn[node] + at->next[node]++;
    if (turn < profile->first_turn[node + 1]) return profile->turn_to[turn];
    return turn == profile->first_turn[node + 1] ? profile->depart[profile->base_arc[node]] : -1;
}

static void enter(tarjan *at, int32_t node, int32_t parent) {
    at->order[node] = at->low[node] = ++at->n_visited;
    at->parent[node] = parent;
    at->stack[at->n_stack++] = node;
    at->found[node] = -1;
}

static void leave(tarjan *at, int32_t node) {
    int32_t parent = at->parent[node];
    if (at->low[node] == at->order[node]) {
        int32_t member;
        do {
            member = at->stack[--at->n_stack];
            at->found[member] = at->n_found;
        } while (member != node);
        at->n_found++;
    }
    if (parent >= 0 && at->low[node] < at->low[parent]) at->low[parent] = at->low[node];
}

static void visit_from(tarjan *at, int32_t root) {
    int32_t node = root;
    enter(at, root, -1);
    while (node >= 0) {
        int32_t neighbour = next_neighbour(at, node);
        if (neighbour < 0) {
            leave(at, node);
            node = at->parent[node];
        } else if (at->order[neighbour] == 0) {
            enter(at, neighbour, node);
            node = neighbour;
        } else if (at->found[neighbour] < 0 && at->order[neighbour] < at->low[node]) {
            at->low[node] = at->order[neighbour];
        }
    }
}

/* Components by their first arc; then the one with the most arcs changes places with number 0. */
static void number_arcs(tarjan *at, int32_t *component, int32_t *number, int32_t *n_arcs) {
    const ki_profile *profile = at->profile;
    int32_t n_numbers = 0, largest = 0;
    for (int32_t index = 0; index < at->n_found; index++)
        number[index] = -1;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++) {
        component[arc] = -1;
        if (profile->arc_ms[arc] == KI_NEVER) continue;
        int32_t found = at->found[profile->depart[arc]];
        if (number[found] < 0) number[found] = n_numbers++;
        component[arc] = number[found];
        n_arcs[number[found]]++;
    }
    for (int32_t index = 1; index < n_numbers; index++)
        if (n_arcs[index] > n_arcs[largest]) largest = index;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++)
        if (component[arc] == 0 || component[arc] == largest)
            component[arc] = component[arc] == largest ? 0 : largest;
}

kerb_status ki_profile_set_components(ki_profile *profile, kerb_error *err) {
    size_t n = (size_t)profile->n_nodes, n_arcs = (size_t)profile->graph->n_arcs;
    tarjan at = {.profile = profile};
    int32_t *scratch = ki_alloc_zero(n, 6 * sizeof *scratch);
    profile->component = ki_arena_alloc(&profile->arena, n_arcs, sizeof *profile->component);
    if (!scratch || !profile->component) {
        ki_free(scratch);
        return ki_fail_no_memory(err, "road components");
    }
    at.order = scratch;
    at.low = scratch + n;
    at.next = scratch + 2 * n;
    at.parent = scratch + 3 * n;
    at.stack = scratch + 4 * n;
    at.found = scratch + 5 * n;
    for (int32_t node = 0; node < profile->n_nodes; node++)
        if (at.order[node] == 0) visit_from(&at, node);
    for (size_t node = 0; node < n; node++)
        at.next[node] = 0;
    number_arcs(&at, profile->component, at.low, at.next);
    ki_free(scratch);
    return KERB_OK;
}
