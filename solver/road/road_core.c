/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_core.c - node contraction without witnesses (the first half of Geisberger, Sanders, Schultes
 * and Delling, Contraction Hierarchies, WEA 2008; the core of Bauer et al., Core-ALT, JEA 2010).
 *
 *   p1 ─┐     ┌─ q1        p1 ──► q1, q2
 *       ├─ x ─┤      ==>   p2 ──► q1, q2        x gone; of parallel edges the shorter stays
 *   p2 ─┘     └─ q2
 *
 * Streets without a place, bends, and dead ends vanish, as long as a node does not leave more than
 * SLACK edges beyond those it takes along. All distances between the nodes that stay are exact, in
 * time and length at once, so a plain Dijkstra over the core gives the same numbers sooner. */
#include "road/road_core.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/road_search.h"

enum {
    SLACK = 4,      /* measured: beyond, fewer nodes no longer pay for more edges */
    MAX_ROUNDS = 8, /* per slack; roads need three or four */
    LONGEST_LINK_MS = 2 * KI_LEG_LIMIT_MS, /* an arc to leave first, then a leg */
    MAX_DEGREE = 64                        /* hubs stay: they would make contraction quadratic */
};

typedef struct link { /* an edge in the making */
    int32_t from, to; /* from -1: gone */
    uint64_t label;
    int32_t next_out, next_in;
} link;

typedef struct melt {
    const ki_profile *profile;
    link *links;
    size_t n_links, capacity;
    int32_t *first_out, *first_in; /* [n_nodes] */
    int32_t *n_out, *n_in;         /* [n_nodes] that are not gone */
    uint8_t *kept, *gone;          /* [n_nodes] */
} melt;

static int32_t find_link(melt *at, int32_t from, int32_t to) {
    int32_t *slot = &at->first_out[from];
    while (*slot >= 0) {
        link *out = &at->links[*slot];
        if (out->from < 0) { /* unlink the dead on the way */
            *slot = out->next_out;
            continue;
        }
        if (out->to == to) break;
        slot = &out->next_out;
    }
    return *slot;
}

static int append_link(melt *at, link edge) {
    if (at->n_links >= INT32_MAX ||
        ki_grow(&at->links, &at->capacity, at->n_links + 1, sizeof *at->links))
        return -1;
    edge.next_out = at->first_out[edge.from];
    edge.next_in = at->first_in[edge.to];
    at->links[at->n_links] = edge;
    at->first_out[edge.from] = at->first_in[edge.to] = (int32_t)at->n_links++;
    at->n_out[edge.from]++;
    at->n_in[edge.to]++;
    return 0;
}

/* The way through a contracted node, unless a link as good is there. */
static int join(melt *at, link before, link after) {
    link joined = {.from = before.from, .to = after.to, .label = before.label + after.label};
    /* Only a place may want to come back to itself. */
    if (before.from == after.to && !at->kept[after.to]) return 0;
    if (ki_label_ms(joined.label) >= LONGEST_LINK_MS) return 0;
    int32_t index = find_link(at, before.from, after.to);
    if (index < 0) return append_link(at, joined);
    if (joined.label < at->links[index].label) at->links[index].label = joined.label;
    return 0;
}

/* Turns of one node lead to distinct nodes: nothing to look up. */
static int add_turns(melt *at) {
    const ki_profile *profile = at->profile;
    for (int32_t node = 0; node < profile->n_nodes; node++) {
        link edge = {.from = node};
        int32_t end = profile->first_turn[node + 1];
        for (int32_t turn = profile->first_turn[node]; turn < end; turn++) {
            edge.to = profile->turn_to[turn];
            edge.label = profile->weight[node] + ki_label(profile->turn_ms[turn], 0);
            if ((edge.to != node || at->kept[node]) && append_link(at, edge)) return -1;
        }
    }
    return 0;
}

static void remove_link(melt *at, int32_t index) {
    at->n_out[at->links[index].from]--;
    at->n_in[at->links[index].to]--;
    at->links[index].from = -1;
}

/* Joins every way in with every way out, then takes the node's own edges away. */
static int contract(melt *at, int32_t node) {
    for (int32_t in = at->first_in[node]; in >= 0; in = at->links[in].next_in) {
        if (at->links[in].from < 0) continue;
        for (int32_t out = at->first_out[node]; out >= 0; out = at->links[out].next_out) {
            if (at->links[out].from >= 0 && join(at, at->links[in], at->links[out])) return -1;
        }
    }
    for (int32_t in = at->first_in[node]; in >= 0; in = at->links[in].next_in)
        if (at->links[in].from >= 0) remove_link(at, in);
    for (int32_t out = at->first_out[node]; out >= 0; out = at->links[out].next_out)
        if (at->links[out].from >= 0) remove_link(at, out);
    at->gone[node] = 1;
    return 0;
}

static int may_go(const melt *at, int32_t node, int64_t slack) {
    int64_t n_in = at->n_in[node], n_out = at->n_out[node];
    if (at->kept[node] || at->gone[node] || n_in * n_out > n_in + n_out + slack) return 0;
    if (n_in > MAX_DEGREE || n_out > MAX_DEGREE) return 0;
    for (int32_t in = at->first_in[node]; in >= 0; in = at->links[in].next_in)
        if (at->links[in].from >= 0 && at->n_out[at->links[in].from] > MAX_DEGREE) return 0;
    return 1;
}

static int contract_round(melt *at, int64_t slack, int *n_contracted) {
    *n_contracted = 0;
    for (int32_t node = 0; node < at->profile->n_nodes; node++) {
        if (!may_go(at, node, slack)) continue;
        if (contract(at, node)) return -1;
        ++*n_contracted;
    }
    return 0;
}

/* Cheapest nodes first: those that leave no more edges than they take along, then one more... */
static int contract_all(melt *at) {
    for (int64_t slack = 0; slack <= SLACK; slack++) {
        int n_contracted = 1;
        for (int round = 0; round < MAX_ROUNDS && n_contracted; round++)
            if (contract_round(at, slack, &n_contracted)) return -1;
    }
    return 0;
}

/* ---- the core ------------------------------------------------------------------------ */

static int make_room(ki_road_core *core, melt *at) {
    int32_t n_nodes = at->profile->n_nodes;
    size_t n_edges = 0;
    core->node_of = ki_arena_alloc(&core->arena, (size_t)n_nodes, sizeof *core->node_of);
    if (!core->node_of) return -1;
    for (int32_t node = 0; node < n_nodes; node++) {
        core->node_of[node] = at->gone[node] ? -1 : core->n_nodes++;
        if (!at->gone[node]) n_edges += (size_t)at->n_out[node];
    }
    size_t n_core = (size_t)core->n_nodes;
    core->first = ki_arena_alloc(&core->arena, n_core + 1, sizeof *core->first);
    core->edges = ki_arena_alloc(&core->arena, n_edges, sizeof *core->edges);
    core->target = ki_arena_alloc(&core->arena, n_core, sizeof *core->target);
    return core->first && core->edges && core->target ? 0 : -1;
}

static void lay_core(ki_road_core *core, const melt *at) {
    int32_t n_edges = 0;
    for (int32_t node = 0; node < at->profile->n_nodes; node++) {
        int32_t from = core->node_of[node];
        if (from < 0) continue;
        core->first[from] = n_edges;
        core->target[from] = -1;
        for (int32_t out = at->first_out[node]; out >= 0; out = at->links[out].next_out) {
            const link *edge = &at->links[out];
            if (edge->from >= 0)
                core->edges[n_edges++] = (ki_core_edge){edge->label, core->node_of[edge->to]};
        }
    }
    core->first[core->n_nodes] = n_edges;
}

static void mark_targets(ki_road_core *core, const ki_profile *profile, const int32_t *arcs,
                         int32_t n_arcs) {
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index];
        core->target[core->node_of[arc]] = index;
        for (int32_t at = profile->first_copy[arc]; at < profile->first_copy[arc + 1]; at++)
            core->target[core->node_of[profile->copies[at]]] = index;
    }
}

static void keep_nodes(melt *at, const int32_t *arcs, int32_t n_arcs) {
    const ki_profile *profile = at->profile;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index];
        at->kept[arc] = 1;
        for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
            at->kept[profile->copies[copy]] = 1;
    }
    for (int32_t node = 0; node < profile->n_nodes; node++)
        at->first_out[node] = at->first_in[node] = -1;
}

kerb_status ki_road_core_build(ki_road_core *core, const ki_profile *profile, const int32_t *arcs,
                               int32_t n_arcs, kerb_error *err) {
    size_t n = (size_t)profile->n_nodes;
    melt at = {.profile = profile};
    *core = (ki_road_core){0};
    int32_t *scratch = ki_alloc_zero(n, 4 * sizeof *scratch);
    at.kept = ki_alloc_zero(n, 2);
    int failed = !scratch || !at.kept;
    if (!failed) {
        at.first_out = scratch;
        at.first_in = scratch + n;
        at.n_out = scratch + 2 * n;
        at.n_in = scratch + 3 * n;
        at.gone = at.kept + n;
        keep_nodes(&at, arcs, n_arcs);
        failed = add_turns(&at) || contract_all(&at) || make_room(core, &at);
    }
    if (!failed) {
        lay_core(core, &at);
        mark_targets(core, profile, arcs, n_arcs);
    }
    ki_free(scratch);
    ki_free(at.kept);
    ki_free(at.links);
    if (!failed) return KERB_OK;
    ki_road_core_free(core);
    return ki_fail_no_memory(err, "the matrix");
}

void ki_road_core_free(ki_road_core *core) {
    ki_arena_free(&core->arena);
    *core = (ki_road_core){0};
}
