/* SPDX-License-Identifier: GPL-3.0-or-later
 * cut_off.c - why roads are out of a vehicle's reach.
 *
 * Closed arcs name their own obstacle. For open ones outside the great component:
 *
 *   1. who can be reached from it has no way out; who reaches it has no way in. Two sweeps over
 *      the search nodes, with "stop there and go on" as in profile_component.c.
 *   2. the rest: edges are joined at their nodes, in stages that each forgive one more sort of
 *      obstacle. The first stage at which an edge hangs together with the great component names
 *      the cause. Stage 0 forgives nothing but directions and turns.
 *   3. what never joins is an island, or ends at the border of the extract. */
#include "road/cut_off.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/sets.h"

#include <stdlib.h>

enum { BORDER_MM = 300000 }; /* so near to the box around all roads is the border of the extract */

enum stage { OPEN, DIMENSIONS, BARRIER, HOURS, ACCESS, N_STAGES };

static const uint8_t cut_of_stage[N_STAGES] = {KI_CUT_TURNS, KI_CUT_DIMENSIONS, KI_CUT_BARRIER,
                                               KI_CUT_HOURS, KI_CUT_ACCESS};

typedef struct finder {
    const ki_profile *profile;
    const uint8_t *closed;
    uint8_t *of_arc;
    uint8_t *seen;      /* [search nodes] bit 0: reached from the great component, 1: reaches it */
    int32_t *queue;     /* [search nodes] */
    int32_t *root;      /* [edges] union-find */
    uint8_t *at_border; /* [edges] by root */
    int32_t *first_in;  /* [search nodes + 1] into from: turns backwards */
    int32_t *from;
} finder;

/* ---- closed arcs ----------------------------------------------------------------------------- */

/* What io/osm_tag_tables.h shuts by class alone. */
static int is_never_for(const ki_way_tags *tags, uint8_t kind) {
    if (kind == KI_KIND_TRUCK) return tags->road_class == KI_ROAD_PEDESTRIAN;
    return kind == KI_KIND_ROBOT &&
           (tags->road_class <= KI_ROAD_TRUNK || tags->road_class == KI_ROAD_FERRY);
}

static uint8_t obstacle(const finder *at, int32_t arc) {
    const ki_profile_spec *spec = &at->profile->spec;
    const ki_way_tags *tags = &ki_arc_way(at->profile->graph, arc)->tags;
    if (!(tags->access[arc & 1] & spec->kind)) {
        if (tags->access[!(arc & 1)] & spec->kind) return KI_CUT_NO_LANE;
        return is_never_for(tags, spec->kind) ? KI_CUT_SHUT_CLASS : KI_CUT_SHUT_ACCESS;
    }
    if (!ki_profile_fits(spec->height_mm, tags->max_height_mm)) return KI_CUT_SHUT_HEIGHT;
    if (!ki_profile_fits(spec->width_mm, tags->max_width_mm)) return KI_CUT_SHUT_WIDTH;
    if (!ki_profile_fits(spec->length_mm, tags->max_length_mm)) return KI_CUT_SHUT_LENGTH;
    if (!ki_profile_fits(spec->mass_kg, tags->max_mass_kg)) return KI_CUT_SHUT_MASS;
    return at->closed && at->closed[arc] ? KI_CUT_SHUT_HOURS : KI_CUT_SHUT_SPEED;
}

/* ---- 1: one way only ------------------------------------------------------------------------- */

static kerb_status turn_round(finder *at, ki_arena *arena, kerb_error *err) {
    const ki_profile *profile = at->profile;
    size_t n = (size_t)profile->n_nodes, n_turns = (size_t)profile->first_turn[n];
    at->first_in = ki_arena_alloc(arena, n + 2, sizeof *at->first_in);
    at->from = ki_arena_alloc(arena, n_turns, sizeof *at->from);
    if (!at->first_in || !at->from) return ki_fail_no_memory(err, "roads cut off");
    for (size_t turn = 0; turn < n_turns; turn++)
        at->first_in[profile->turn_to[turn] + 2]++;
    for (size_t node = 0; node < n; node++)
        at->first_in[node + 2] += at->first_in[node + 1];
    for (int32_t node = 0; node < profile->n_nodes; node++)
        for (int32_t turn = profile->first_turn[node]; turn < profile->first_turn[node + 1]; turn++)
            at->from[at->first_in[profile->turn_to[turn] + 1]++] = node;
    return KERB_OK;
}

static void reach(finder *at, int32_t node, uint8_t bit, int32_t *n_queued) {
    if (at->seen[node] & bit) return;
    at->seen[node] |= bit;
    at->queue[(*n_queued)++] = node;
}

static int32_t start_at_main(finder *at, uint8_t bit) {
    const ki_profile *profile = at->profile;
    int32_t n_queued = 0;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++)
        if (profile->component[arc] == 0) reach(at, profile->depart[arc], bit, &n_queued);
    return n_queued;
}

static void sweep_out(finder *at) {
    const ki_profile *profile = at->profile;
    int32_t n_queued = start_at_main(at, 1);
    for (int32_t done = 0; done < n_queued; done++) {
        int32_t node = at->queue[done];
        reach(at, profile->depart[profile->base_arc[node]], 1, &n_queued);
        for (int32_t turn = profile->first_turn[node]; turn < profile->first_turn[node + 1]; turn++)
            reach(at, profile->turn_to[turn], 1, &n_queued);
    }
}

/* Backwards a depart node is entered from every search node of its arc. */
static void sweep_back(finder *at) {
    const ki_profile *profile = at->profile;
    int32_t n_queued = start_at_main(at, 2);
    for (int32_t done = 0; done < n_queued; done++) {
        int32_t node = at->queue[done], arc = profile->base_arc[node];
        for (int32_t in = at->first_in[node]; in < at->first_in[node + 1]; in++)
            reach(at, at->from[in], 2, &n_queued);
        if (profile->depart[arc] != node) continue;
        reach(at, arc, 2, &n_queued);
        for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
            reach(at, profile->copies[copy], 2, &n_queued);
    }
}

static void name_open_and_closed(finder *at) {
    const ki_profile *profile = at->profile;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++) {
        uint8_t seen = at->seen[profile->depart[arc]];
        if (profile->arc_ms[arc] == KI_NEVER)
            at->of_arc[arc] = obstacle(at, arc);
        else if (profile->component[arc] == 0)
            at->of_arc[arc] = KI_CUT_NONE;
        else
            at->of_arc[arc] = seen & 1   ? KI_CUT_NO_WAY_OUT
                              : seen & 2 ? KI_CUT_NO_WAY_IN
                                         : KI_CUT_ISLAND; /* until a stage says otherwise */
    }
}

/* ---- 2: joined if something were forgiven ---------------------------------------------------- */

static int stage_of_arc(const finder *at, int32_t arc) {
    if (at->profile->arc_ms[arc] != KI_NEVER) return OPEN;
    switch (at->of_arc[arc]) {
    case KI_CUT_SHUT_HEIGHT:
    case KI_CUT_SHUT_WIDTH:
    case KI_CUT_SHUT_LENGTH:
    case KI_CUT_SHUT_MASS: return at->closed && at->closed[arc] ? HOURS : DIMENSIONS;
    case KI_CUT_SHUT_HOURS: return HOURS;
    default: return ACCESS;
    }
}

static int stage_of_edge(const finder *at, int32_t edge) {
    int along = stage_of_arc(at, 2 * edge), against = stage_of_arc(at, 2 * edge + 1);
    return along < against ? along : against;
}

static int stage_of_node(const finder *at, int32_t node) {
    const ki_node_tags *tags = &at->profile->graph->nodes[node].tags;
    const ki_profile_spec *spec = &at->profile->spec;
    if (tags->blocked & spec->kind) return BARRIER;
    return ki_profile_fits_node(spec, tags) ? OPEN : DIMENSIONS;
}

static void join_at(finder *at, int32_t node, int stage) {
    const ki_graph *graph = at->profile->graph;
    int32_t first = -1;
    if (stage_of_node(at, node) > stage) return;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t edge = graph->out_arcs[out] >> 1;
        if (stage_of_edge(at, edge) > stage) continue;
        if (first < 0)
            first = edge;
        else
            ki_unite(at->root, first, edge);
    }
}

static int32_t root_of_main(finder *at) {
    for (int32_t arc = 0; arc < at->profile->graph->n_arcs; arc++)
        if (at->profile->component[arc] == 0) return ki_root_of(at->root, arc >> 1);
    return -1;
}

static void join_stage(finder *at, int stage) {
    const ki_graph *graph = at->profile->graph;
    for (int32_t node = 0; node < graph->n_nodes; node++)
        join_at(at, node, stage);
    int32_t main_root = root_of_main(at);
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        if (at->of_arc[arc] == KI_CUT_ISLAND && ki_root_of(at->root, arc >> 1) == main_root)
            at->of_arc[arc] = cut_of_stage[stage];
}

/* ---- 3: joined to nothing -------------------------------------------------------------------- */

static void mark_border(finder *at) {
    const ki_graph *graph = at->profile->graph;
    int32_t south = INT32_MAX, north = INT32_MIN, west = INT32_MAX, east = INT32_MIN;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        const ki_node *here = &graph->nodes[node];
        if (here->lat_e7 < south) south = here->lat_e7;
        if (here->lat_e7 > north) north = here->lat_e7;
        if (here->lon_e7 < west) west = here->lon_e7;
        if (here->lon_e7 > east) east = here->lon_e7;
    }
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        const ki_node *here = &graph->nodes[ki_arc_from(graph, arc)];
        int32_t lat = here->lat_e7, lon = here->lon_e7;
        if (ki_distance_mm(lat, lon, south, lon) < BORDER_MM ||
            ki_distance_mm(lat, lon, north, lon) < BORDER_MM ||
            ki_distance_mm(lat, lon, lat, west) < BORDER_MM ||
            ki_distance_mm(lat, lon, lat, east) < BORDER_MM)
            at->at_border[ki_root_of(at->root, arc >> 1)] = 1;
    }
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        if (at->of_arc[arc] == KI_CUT_ISLAND && at->at_border[ki_root_of(at->root, arc >> 1)])
            at->of_arc[arc] = KI_CUT_BORDER;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static kerb_status find(finder *at, ki_arena *scratch, kerb_error *err) {
    const ki_graph *graph = at->profile->graph;
    size_t n = (size_t)at->profile->n_nodes, n_edges = (size_t)graph->n_edges;
    at->seen = ki_arena_alloc(scratch, n, 1);
    at->queue = ki_arena_alloc(scratch, n, sizeof *at->queue);
    at->root = ki_arena_alloc(scratch, n_edges, sizeof *at->root);
    at->at_border = ki_arena_alloc(scratch, n_edges, 1);
    if (!at->seen || !at->queue || !at->root || !at->at_border)
        return ki_fail_no_memory(err, "roads cut off");
    KI_TRY(turn_round(at, scratch, err));
    sweep_out(at);
    sweep_back(at);
    name_open_and_closed(at);
    for (size_t edge = 0; edge < n_edges; edge++)
        at->root[edge] = (int32_t)edge;
    for (int stage = OPEN; stage < N_STAGES; stage++)
        join_stage(at, stage);
    mark_border(at);
    return KERB_OK;
}

kerb_status ki_cut_off_find(ki_cut_off *out, const ki_profile *profile, const uint8_t *closed,
                            ki_arena *arena, kerb_error *err) {
    const ki_graph *graph = profile->graph;
    ki_arena scratch = {0};
    *out = (ki_cut_off){.of_arc = ki_arena_alloc(arena, (size_t)graph->n_arcs, 1)};
    if (!out->of_arc) return ki_fail_no_memory(err, "roads cut off");
    finder at = {.profile = profile, .closed = closed, .of_arc = out->of_arc};
    kerb_status status = find(&at, &scratch, err);
    ki_arena_free(&scratch);
    for (int32_t arc = 0; status == KERB_OK && arc < graph->n_arcs; arc++) {
        out->n_arcs[out->of_arc[arc]]++;
        out->length_mm[out->of_arc[arc]] += graph->edges[arc >> 1].length_mm;
    }
    return status;
}

void ki_cut_off_share(const ki_profile *profile, int64_t *open_mm, int64_t *main_mm) {
    *open_mm = *main_mm = 0;
    for (int32_t arc = 0; arc < profile->graph->n_arcs; arc++) {
        if (profile->arc_ms[arc] == KI_NEVER) continue;
        int64_t length_mm = profile->graph->edges[arc >> 1].length_mm;
        *open_mm += length_mm;
        if (profile->component[arc] == 0) *main_mm += length_mm;
    }
}
