/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile_turns.c - the turns between search nodes, with every restriction folded in.
 *
 * A restriction a0 a1 ... ak is a word over arcs. An automaton reads the arcs as they are driven
 * and remembers the longest piece of a word it is in the middle of (Aho and Corasick, CACM 1975):
 *
 *   state a        just arc a: nothing remembered              = the arc itself
 *   state a0..ai   (1 <= i < k) driven right up to arc ai      = a copy of ai
 *
 * Its failure link leads to the next shorter piece, so a state obeys its own rules and those of all
 * shorter pieces. A no_* word puts the rule "not ak" on its last state, an only_* word "only the
 * next arc" on each. Via-node restrictions are words of two arcs: rules on the arc itself, no
 * copies.
 *
 * A vehicle that stops on an arc may have come by any word, so it departs from the set of all
 * states of that arc; a set obeys the rules of its members and goes on to the set of their
 * successors. Sets of one member are that state; others become search nodes of their own, few and
 * short-lived. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/profile_build.h"
#include "road/road_search.h"
#include "road/tonight.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TURNS = 50000000, MAX_SET = 1024 };

typedef struct rule {
    int32_t arc, next;
    int only; /* only this arc, rather than not this arc */
} rule;

typedef struct state { /* a trie node; the first n_arcs are the arcs */
    int32_t arc, fail, depth;
    int32_t first_child, next_sibling;
    int32_t first_rule;
    int32_t next_of_arc; /* other states of the same arc */
} state;

typedef struct state_set {
    int32_t arc, first_member, n_members;
    int32_t next_of_arc;
} state_set;

typedef struct automaton {
    ki_profile *profile;
    const ki_bearings *bearings;
    state *states;
    int32_t n_states;
    rule *rules;
    size_t n_rules, rules_capacity;
    state_set *sets; /* search node n_states + index */
    size_t n_sets, sets_capacity;
    int32_t *members; /* of all sets */
    size_t n_members, members_capacity;
    int32_t *set_of_arc; /* [n_arcs] newest set on the arc, -1 none */
    int32_t *turn_to, *turn_ms, *first_turn;
    size_t n_turns, to_capacity, ms_capacity, first_capacity;
} automaton;

/* ---- the trie -------------------------------------------------------------------------------- */

static int binds(const automaton *at, const ki_restriction *restriction) {
    return restriction->n_arcs >= 2 &&
           ki_restriction_binds(at->profile->graph, &at->profile->spec, restriction);
}

static kerb_status make_states(automaton *at, kerb_error *err) {
    const ki_graph *graph = at->profile->graph;
    size_t n = (size_t)graph->n_arcs;
    for (int32_t index = 0; index < graph->n_restrictions; index++)
        if (binds(at, &graph->restrictions[index]))
            n += (size_t)graph->restrictions[index].n_arcs - 2;
    at->states = ki_alloc_zero(n, sizeof *at->states);
    at->set_of_arc = ki_alloc_zero((size_t)graph->n_arcs, sizeof *at->set_of_arc);
    if (!at->states || !at->set_of_arc || n > INT32_MAX / 2) return ki_fail_no_memory(err, "turns");
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        at->states[arc] = (state){arc, -1, 1, -1, -1, -1, -1};
        at->set_of_arc[arc] = -1;
    }
    at->n_states = graph->n_arcs;
    return KERB_OK;
}

static int32_t find_child(const automaton *at, int32_t parent, int32_t arc) {
    int32_t child = at->states[parent].first_child;
    while (child >= 0 && at->states[child].arc != arc)
        child = at->states[child].next_sibling;
    return child;
}

static int32_t make_child(automaton *at, int32_t parent, int32_t arc) {
    int32_t child = find_child(at, parent, arc);
    if (child >= 0) return child;
    child = at->n_states++;
    at->states[child] = (state){.arc = arc,
                                .fail = arc,
                                .depth = at->states[parent].depth + 1,
                                .first_child = -1,
                                .next_sibling = at->states[parent].first_child,
                                .first_rule = -1,
                                .next_of_arc = at->states[arc].next_of_arc};
    at->states[parent].first_child = child;
    at->states[arc].next_of_arc = child;
    return child;
}

static kerb_status add_rule(automaton *at, int32_t where, int32_t arc, int only, kerb_error *err) {
    for (int32_t known = at->states[where].first_rule; known >= 0; known = at->rules[known].next)
        if (at->rules[known].arc == arc && at->rules[known].only == only) return KERB_OK;
    if (ki_grow(&at->rules, &at->rules_capacity, at->n_rules + 1, sizeof *at->rules))
        return ki_fail_no_memory(err, "turns");
    at->rules[at->n_rules] = (rule){arc, at->states[where].first_rule, only};
    at->states[where].first_rule = (int32_t)at->n_rules++;
    return KERB_OK;
}

static kerb_status add_word(automaton *at, const ki_restriction *restriction, kerb_error *err) {
    const int32_t *arcs = at->profile->graph->restriction_arcs + restriction->first_arc;
    int32_t last = restriction->n_arcs - 1, where = arcs[0];
    for (int32_t step = 1; step < last; step++) {
        if (restriction->only) KI_TRY(add_rule(at, where, arcs[step], 1, err));
        where = make_child(at, where, arcs[step]);
    }
    return add_rule(at, where, arcs[last], restriction->only, err);
}

/* The state after driving on from `from` to `arc`. */
static int32_t successor(const automaton *at, int32_t from, int32_t arc) {
    for (; from >= 0; from = at->states[from].fail) {
        int32_t child = find_child(at, from, arc);
        if (child >= 0) return child;
    }
    return arc;
}

/* Failure links, shallow states before deep ones. */
static void link_failures(automaton *at) {
    int32_t n_arcs = at->profile->graph->n_arcs, deepest = 1;
    for (int32_t index = n_arcs; index < at->n_states; index++)
        if (at->states[index].depth > deepest) deepest = at->states[index].depth;
    for (int32_t depth = 2; depth < deepest; depth++)
        for (int32_t index = n_arcs; index < at->n_states; index++) {
            if (at->states[index].depth != depth) continue;
            for (int32_t child = at->states[index].first_child; child >= 0;
                 child = at->states[child].next_sibling)
                at->states[child].fail =
                    successor(at, at->states[index].fail, at->states[child].arc);
        }
}

static int obeys(const automaton *at, int32_t where, int32_t arc) {
    for (; where >= 0; where = at->states[where].fail)
        for (int32_t index = at->states[where].first_rule; index >= 0;
             index = at->rules[index].next)
            if ((at->rules[index].arc == arc) != at->rules[index].only) return 0;
    return 1;
}

/* ---- sets of states -------------------------------------------------------------------------- */

static int is_shorter(const automaton *at, int32_t piece, int32_t of) {
    for (of = at->states[of].fail; of >= 0; of = at->states[of].fail)
        if (of == piece) return 1;
    return 0;
}

static int compare_states(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return a < b ? -1 : a > b;
}

/* Drops repeats and pieces that a longer member already obeys; ascending order. */
static int32_t reduce(const automaton *at, int32_t *set, int32_t n) {
    int32_t n_kept = 0;
    qsort(set, (size_t)n, sizeof *set, compare_states);
    for (int32_t member = 0; member < n; member++) {
        int drop = member > 0 && set[member] == set[member - 1];
        for (int32_t other = 0; other < n && !drop; other++)
            drop = is_shorter(at, set[member], set[other]);
        if (!drop) set[n_kept++] = set[member]; /* is_shorter only looks at longer, kept ones */
    }
    return n_kept;
}

static int32_t find_set(const automaton *at, const int32_t *set, int32_t n) {
    int32_t index = at->set_of_arc[at->states[set[0]].arc];
    for (; index >= 0; index = at->sets[index].next_of_arc)
        if (at->sets[index].n_members == n &&
            memcmp(at->members + at->sets[index].first_member, set, (size_t)n * sizeof *set) == 0)
            break;
    return index;
}

/* The search node of a reduced set; *node < 0 only after a failure. */
static kerb_status node_of_set(automaton *at, const int32_t *set, int32_t n, int32_t *node,
                               kerb_error *err) {
    *node = set[0];
    if (n == 1) return KERB_OK;
    int32_t index = find_set(at, set, n), arc = at->states[set[0]].arc;
    *node = at->n_states + index;
    if (index >= 0) return KERB_OK;
    if (at->n_sets > INT32_MAX / 4 ||
        ki_grow(&at->sets, &at->sets_capacity, at->n_sets + 1, sizeof *at->sets) ||
        ki_grow(&at->members, &at->members_capacity, at->n_members + (size_t)n,
                sizeof *at->members))
        return ki_fail_no_memory(err, "turns");
    memcpy(at->members + at->n_members, set, (size_t)n * sizeof *set);
    at->sets[at->n_sets] = (state_set){arc, (int32_t)at->n_members, n, at->set_of_arc[arc]};
    at->n_members += (size_t)n;
    at->set_of_arc[arc] = (int32_t)at->n_sets;
    *node = at->n_states + (int32_t)at->n_sets++;
    return KERB_OK;
}

static kerb_status set_depart(automaton *at, int32_t arc, kerb_error *err) {
    int32_t set[MAX_SET], n = 0;
    for (int32_t index = arc; index >= 0; index = at->states[index].next_of_arc) {
        if (n == MAX_SET)
            return ki_fail(err, KERB_BAD_INPUT,
                           "roads, way %lld: more than %d restrictions pass one piece of road",
                           (long long)ki_arc_way(at->profile->graph, arc)->osm_id, (int)MAX_SET);
        set[n++] = index;
    }
    n = reduce(at, set, n);
    return node_of_set(at, set, n, &at->profile->depart[arc], err);
}

/* ---- turns ----------------------------------------------------------------------------------- */

static kerb_status add_turn(automaton *at, int32_t to, int32_t cost_ms, kerb_error *err) {
    if (at->n_turns >= MAX_TURNS)
        return ki_fail(err, KERB_BAD_INPUT, "roads: more than %d turns, expected fewer",
                       (int)MAX_TURNS);
    if (ki_grow(&at->turn_to, &at->to_capacity, at->n_turns + 1, sizeof *at->turn_to) ||
        ki_grow(&at->turn_ms, &at->ms_capacity, at->n_turns + 1, sizeof *at->turn_ms))
        return ki_fail_no_memory(err, "turns");
    at->turn_to[at->n_turns] = to;
    at->turn_ms[at->n_turns++] = cost_ms;
    return KERB_OK;
}

/* A junction of n roads has n * n turns: refuse a hostile one before laying them. */
static kerb_status count_turns(const ki_profile *profile, kerb_error *err) {
    const ki_graph *graph = profile->graph;
    int64_t n_turns = 0;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        int64_t n_in = 0, n_out = 0;
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            n_out += profile->arc_ms[graph->out_arcs[out]] != KI_NEVER;
            n_in += profile->arc_ms[graph->out_arcs[out] ^ 1] != KI_NEVER;
        }
        n_turns += n_in * n_out;
        if (n_turns > MAX_TURNS)
            return ki_fail(err, KERB_BAD_INPUT,
                           "roads, node %lld: %lld roads meet and the turns exceed %d, "
                           "expected a street network",
                           (long long)graph->nodes[node].osm_id, (long long)n_out, (int)MAX_TURNS);
    }
    return KERB_OK;
}

/* One turn of a search node that stands for `members`. */
static kerb_status try_turn(automaton *at, const int32_t *members, int32_t n, int32_t to_arc,
                            kerb_error *err) {
    const ki_profile *profile = at->profile;
    int32_t from_arc = at->states[members[0]].arc, next[MAX_SET], node;
    if (profile->arc_ms[to_arc] == KI_NEVER) return KERB_OK;
    for (int32_t member = 0; member < n; member++)
        if (!obeys(at, members[member], to_arc)) return KERB_OK;
    int32_t cost_ms = ki_profile_turn_at_ms(profile->graph, &profile->spec, from_arc, to_arc,
                                            at->bearings->in[from_arc], at->bearings->out[to_arc]);
    if (cost_ms == KI_NEVER) return KERB_OK;
    for (int32_t member = 0; member < n; member++)
        next[member] = successor(at, members[member], to_arc);
    n = n > 1 ? reduce(at, next, n) : 1;
    KI_TRY(node_of_set(at, next, n, &node, err));
    return add_turn(at, node, cost_ms, err);
}

static kerb_status add_turns(automaton *at, int32_t node, kerb_error *err) {
    const ki_graph *graph = at->profile->graph;
    int32_t members[MAX_SET], n = 1; /* not cleared: this runs once per search node */
    members[0] = node;
    if (node >= at->n_states) {
        const state_set *set = &at->sets[node - at->n_states];
        n = set->n_members;
        memcpy(members, at->members + set->first_member, (size_t)n * sizeof *members);
    }
    int32_t arc = at->states[members[0]].arc;
    if (at->profile->arc_ms[arc] == KI_NEVER) return KERB_OK;
    int32_t end = ki_arc_to(graph, arc);
    for (int32_t out = graph->first_out[end]; out < graph->first_out[end + 1]; out++)
        KI_TRY(try_turn(at, members, n, graph->out_arcs[out], err));
    return KERB_OK;
}

/* Sets may be met for the first time while turns are laid: the loop runs until none is new. */
static kerb_status lay_turns(automaton *at, kerb_error *err) {
    int32_t node = 0;
    for (;; node++) {
        if (ki_grow(&at->first_turn, &at->first_capacity, (size_t)node + 1, sizeof *at->first_turn))
            return ki_fail_no_memory(err, "turns");
        at->first_turn[node] = (int32_t)at->n_turns;
        if (node == at->n_states + (int32_t)at->n_sets) break;
        KI_TRY(add_turns(at, node, err));
    }
    at->profile->n_nodes = node;
    return KERB_OK;
}

/* ---- handing over ---------------------------------------------------------------------------- */

static kerb_status list_copies(ki_profile *profile, kerb_error *err) {
    int32_t n_arcs = profile->graph->n_arcs;
    int32_t *first =
        ki_arena_alloc(&profile->arena, (size_t)n_arcs + 2, sizeof *profile->first_copy);
    profile->copies = ki_arena_alloc(&profile->arena, (size_t)(profile->n_nodes - n_arcs),
                                     sizeof *profile->copies);
    if (!first || !profile->copies) return ki_fail_no_memory(err, "turns");
    for (int32_t node = n_arcs; node < profile->n_nodes; node++)
        first[profile->base_arc[node] + 2]++;
    for (int32_t arc = 0; arc < n_arcs; arc++)
        first[arc + 2] += first[arc + 1];
    for (int32_t node = n_arcs; node < profile->n_nodes; node++)
        profile->copies[first[profile->base_arc[node] + 1]++] = node;
    profile->first_copy = first;
    return KERB_OK;
}

static kerb_status hand_over(automaton *at, kerb_error *err) {
    ki_profile *profile = at->profile;
    size_t n_nodes = (size_t)profile->n_nodes;
    profile->base_arc = ki_arena_alloc(&profile->arena, n_nodes, sizeof *profile->base_arc);
    profile->first_turn =
        ki_arena_copy(&profile->arena, at->first_turn, n_nodes + 1, sizeof *profile->first_turn);
    profile->turn_to =
        ki_arena_copy(&profile->arena, at->turn_to, at->n_turns, sizeof *profile->turn_to);
    profile->turn_ms =
        ki_arena_copy(&profile->arena, at->turn_ms, at->n_turns, sizeof *profile->turn_ms);
    profile->weight = ki_arena_alloc(&profile->arena, n_nodes, sizeof *profile->weight);
    if (!profile->base_arc || !profile->first_turn || !profile->turn_to || !profile->turn_ms ||
        !profile->weight)
        return ki_fail_no_memory(err, "turns");
    for (int32_t node = 0; node < profile->n_nodes; node++) {
        int32_t arc =
            node < at->n_states ? at->states[node].arc : at->sets[node - at->n_states].arc;
        profile->base_arc[node] = arc;
        if (profile->arc_ms[arc] != KI_NEVER)
            profile->weight[node] =
                ki_label(profile->arc_ms[arc], profile->graph->edges[arc >> 1].length_mm);
    }
    return list_copies(profile, err);
}

static kerb_status run_automaton(automaton *at, kerb_error *err) {
    const ki_graph *graph = at->profile->graph;
    KI_TRY(count_turns(at->profile, err));
    KI_TRY(make_states(at, err));
    for (int32_t index = 0; index < graph->n_restrictions; index++)
        if (binds(at, &graph->restrictions[index]))
            KI_TRY(add_word(at, &graph->restrictions[index], err));
    link_failures(at);
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        KI_TRY(set_depart(at, arc, err));
    KI_TRY(lay_turns(at, err));
    return hand_over(at, err);
}

kerb_status ki_profile_set_turns(ki_profile *profile, const ki_bearings *bearings,
                                 kerb_error *err) {
    automaton at = {.profile = profile, .bearings = bearings};
    profile->depart =
        ki_arena_alloc(&profile->arena, (size_t)profile->graph->n_arcs, sizeof *profile->depart);
    kerb_status status =
        profile->depart ? run_automaton(&at, err) : ki_fail_no_memory(err, "turns");
    ki_free(at.states);
    ki_free(at.rules);
    ki_free(at.sets);
    ki_free(at.members);
    ki_free(at.set_of_arc);
    ki_free(at.turn_to);
    ki_free(at.turn_ms);
    ki_free(at.first_turn);
    return status;
}
