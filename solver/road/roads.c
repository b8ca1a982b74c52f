/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * roads.c - the roads handle: what a caller may ask of it, and its end. Loading is
 * io/osm_read.cpp. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/cut_off.h"

void kerb_roads_free(kerb_roads *roads) {
    if (!roads) return;
    ki_graph_free(roads->graph);
    ki_free(roads->cache_path);
    ki_free(roads->why_not_cached);
    ki_free(roads);
}

const char *kerb_roads_hash(const kerb_roads *roads) {
    return roads->graph->hash;
}

size_t kerb_roads_node_count(const kerb_roads *roads) {
    return (size_t)roads->graph->n_nodes;
}

size_t kerb_roads_arc_count(const kerb_roads *roads) {
    return (size_t)roads->graph->n_arcs;
}

double kerb_roads_length_km(const kerb_roads *roads) {
    int64_t length_mm = 0;
    for (int32_t edge = 0; edge < roads->graph->n_edges; edge++)
        length_mm += roads->graph->edges[edge].length_mm;
    return (double)length_mm / 1e6;
}

int kerb_roads_get_unread(const kerb_roads *roads, size_t place, kerb_roads_unread *out) {
    const ki_conditions *all = &roads->graph->conditions;
    *out = (kerb_roads_unread){.text = "others", .object = "object"};
    if (place < (size_t)all->n_unread) {
        const ki_unread *unread = &all->unread[place];
        out->text = all->text + unread->text;
        out->count = (size_t)unread->count;
        out->object = unread->object == 'n' ? "node" : unread->object == 'w' ? "way" : "relation";
        out->example_id = unread->example_id;
        return 1;
    }
    out->count = (size_t)all->n_unread_others;
    return place == (size_t)all->n_unread && out->count > 0;
}

static void add_open_length(kerb_roads_totals *totals, const ki_profile *profile) {
    int64_t open_mm, main_mm;
    ki_cut_off_share(profile, &open_mm, &main_mm);
    totals->open_km = (double)open_mm / 1e6;
    totals->main_share = open_mm > 0 ? (double)main_mm / (double)open_mm : 0;
}

kerb_status kerb_roads_get_totals(const kerb_roads *roads, kerb_roads_totals *totals,
                                  kerb_error *err) {
    const ki_graph *graph = roads->graph;
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    ki_profile *profile;
    ki_error_clear(err);
    *totals = (kerb_roads_totals){0};
    KI_TRY(ki_profile_build(&profile, graph, &truck, NULL, err));
    *totals =
        (kerb_roads_totals){.n_nodes = (size_t)graph->n_nodes,
                            .n_arcs = (size_t)graph->n_arcs,
                            .length_km = kerb_roads_length_km(roads),
                            .n_closed_ways = roads->n_closed_ways,
                            .n_skipped_ways = roads->n_skipped_ways,
                            .n_missing_nodes = roads->n_bad_nodes,
                            .n_restrictions = (size_t)graph->n_restrictions,
                            .n_bad_restrictions = roads->n_bad_restrictions,
                            .n_conditional_restrictions = roads->n_conditional_restrictions,
                            .n_unmatched_restrictions = (size_t)graph->n_unmatched_restrictions};
    add_open_length(totals, profile);
    ki_profile_free(profile);
    return KERB_OK;
}

/* ---- corrections ----------------------------------------------------------------------------- */

const char *kerb_correction_fault_text(kerb_correction_fault fault) {
    static const char *const TEXTS[KERB_N_CORRECTION_FAULTS] = {
        [KERB_CORRECTION_DONE] = "done",
        [KERB_CORRECTION_NO_WAY] = "expected a way of the road network",
        [KERB_CORRECTION_NO_RUN] = "expected two nodes of that way",
        [KERB_CORRECTION_NO_NODE] = "expected a node of a road",
        [KERB_CORRECTION_NO_ROAD] = "expected a road within 30 m",
        [KERB_CORRECTION_NO_JOINT] = "expected a node of a road within 30 m of an end",
        [KERB_CORRECTION_NO_PLACE] = "expected a way, one position or a node, and of a node only "
                                     "who may pass and its limits; to add: two positions or more",
        [KERB_CORRECTION_NO_HOURS] = "expected opening hours such as Mo-Fr 06:00-20:00"};
    return (unsigned)fault < KERB_N_CORRECTION_FAULTS ? TEXTS[fault] : NULL;
}

kerb_correction_fault kerb_roads_correction_fault(const kerb_roads *roads, size_t index) {
    const ki_graph *graph = roads->graph;
    return index < (size_t)graph->n_corrections
               ? (kerb_correction_fault)graph->correction_faults[index]
               : KERB_CORRECTION_DONE;
}

const char *kerb_roads_corrections_hash(const kerb_roads *roads) {
    return roads->graph->corrections;
}

/* ---- out of reach ---------------------------------------------------------------------------- */

_Static_assert((int)KERB_N_CUTS == KI_N_CUTS && (int)KERB_CUT_NO_LANE == KI_CUT_NO_LANE,
               "the public causes are the engine's");

const char *kerb_cut_text(kerb_cut cut) {
    static const char *const TEXTS[KERB_N_CUTS] = {
        [KERB_CUT_NONE] = "connected",
        [KERB_CUT_NO_WAY_OUT] = "no way out again",
        [KERB_CUT_NO_WAY_IN] = "no way in",
        [KERB_CUT_TURNS] = "turns or one-way streets forbid both",
        [KERB_CUT_DIMENSIONS] = "behind a road too low, narrow, short or weak",
        [KERB_CUT_BARRIER] = "behind a gate, bollard or other barrier",
        [KERB_CUT_HOURS] = "behind a road closed at this time",
        [KERB_CUT_ACCESS] = "behind a road closed by its tags or class",
        [KERB_CUT_BORDER] = "joined to nothing, at the border of the extract",
        [KERB_CUT_ISLAND] = "joined to nothing",
        [KERB_CUT_SHUT_CLASS] = "class of road not for this kind of vehicle",
        [KERB_CUT_SHUT_ACCESS] = "access tags",
        [KERB_CUT_SHUT_HEIGHT] = "height limit",
        [KERB_CUT_SHUT_WIDTH] = "width limit",
        [KERB_CUT_SHUT_LENGTH] = "length limit",
        [KERB_CUT_SHUT_MASS] = "mass limit",
        [KERB_CUT_SHUT_HOURS] = "closed at this time",
        [KERB_CUT_SHUT_SPEED] = "no speed to drive at",
        [KERB_CUT_NO_LANE] = "against a one-way street"};
    return (unsigned)cut < KERB_N_CUTS ? TEXTS[cut] : NULL;
}

static void sum_reach(kerb_roads_reach *reach, const ki_cut_off *found) {
    for (int cut = 0; cut < KI_N_CUTS; cut++) {
        reach->n_arcs[cut] = found->n_arcs[cut];
        reach->length_km[cut] = (double)found->length_mm[cut] / 1e6;
        if (cut >= KI_CUT_SHUT_CLASS) continue;
        reach->n_open_arcs += found->n_arcs[cut];
        reach->open_km += (double)found->length_mm[cut] / 1e6;
    }
}

kerb_status kerb_roads_get_reach(const kerb_roads *roads, const kerb_vehicle *vehicle,
                                 kerb_roads_reach *reach, kerb_error *err) {
    ki_arena arena = {0};
    ki_profile *profile;
    ki_cut_off found;
    ki_error_clear(err);
    *reach = (kerb_roads_reach){0};
    ki_profile_spec spec = ki_profile_spec_of(vehicle);
    KI_TRY(ki_profile_build(&profile, roads->graph, &spec, NULL, err));
    kerb_status status = ki_cut_off_find(&found, profile, NULL, &arena, err);
    if (status == KERB_OK) sum_reach(reach, &found);
    ki_arena_free(&arena);
    ki_profile_free(profile);
    return status;
}
