/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile.c - times of arcs and costs of turns for one kind of vehicle.
 *
 * The cost of a turn is OSRM's: a sigmoid of the angle up to KI_TURN_MAX_MS, steeper across the
 * oncoming traffic (profiles/car.lua of Project OSRM). It is paid where at least three road ends
 * meet: where two do, the road merely bends. Signals cost KI_SIGNAL_MS whatever the turn. Who turns
 * back on himself makes a U-turn whatever the map calls the road: from one carriageway into the
 * other where they meet, or from a street into the ramp that joins it from ahead. */
#include "road/profile.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/hierarchy.h"
#include "road/profile_build.h"
#include "road/tonight.h"

#include <math.h>

enum { LONGEST_ARC_MS = 1 << 26 }; /* 18 hours: slower is not a road tonight */

static int32_t mm(double metres) {
    return (int32_t)lround(metres * 1000);
}

ki_profile_spec ki_profile_spec_of(const kerb_vehicle *vehicle) {
    uint8_t kind = vehicle->use == KERB_USE_SWEEPER ? KI_KIND_SWEEPER
                   : vehicle->use == KERB_USE_ROBOT ? KI_KIND_ROBOT
                                                    : KI_KIND_TRUCK;
    return (ki_profile_spec){.kind = kind,
                             .height_mm = mm(vehicle->height_m),
                             .width_mm = mm(vehicle->width_m),
                             .length_mm = mm(vehicle->length_m),
                             .mass_kg = (int32_t)lround(vehicle->mass_kg),
                             .top_speed_mm_per_s =
                                 (int32_t)lround(vehicle->top_speed_kmh * 1e6 / 3600)};
}

int ki_profile_fits(int32_t size, int32_t limit) {
    return size == 0 || limit == 0 || size <= limit;
}

int ki_profile_fits_node(const ki_profile_spec *spec, const ki_node_tags *tags) {
    return ki_profile_fits(spec->height_mm, tags->max_height_mm) &&
           ki_profile_fits(spec->width_mm, tags->max_width_mm) &&
           ki_profile_fits(spec->mass_kg, tags->max_mass_kg);
}

static int32_t drive_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc,
                        const ki_way_tags *tags) {
    int32_t speed_mm_per_s = tags->speed_mm_per_s[arc & 1];
    if (speed_mm_per_s == 0) return KI_NEVER;
    if (spec->top_speed_mm_per_s > 0 && spec->top_speed_mm_per_s < speed_mm_per_s)
        speed_mm_per_s = spec->top_speed_mm_per_s;
    int64_t length_mm = graph->edges[arc >> 1].length_mm;
    int64_t time_ms = (length_mm * 1000 + speed_mm_per_s / 2) / speed_mm_per_s;
    if (time_ms > LONGEST_ARC_MS) return KI_NEVER;
    return time_ms > 0 ? (int32_t)time_ms : 1;
}

static int is_allowed(const ki_profile_spec *spec, int32_t arc, const ki_way_tags *tags) {
    return (tags->access[arc & 1] & spec->kind) &&
           ki_profile_fits(spec->height_mm, tags->max_height_mm) &&
           ki_profile_fits(spec->width_mm, tags->max_width_mm) &&
           ki_profile_fits(spec->length_mm, tags->max_length_mm) &&
           ki_profile_fits(spec->mass_kg, tags->max_mass_kg);
}

int32_t ki_profile_arc_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc) {
    const ki_way_tags *tags = &ki_arc_way(graph, arc)->tags;
    ki_way_tags tonight;
    if (tags->conditions) {
        tonight = ki_way_tonight(graph, spec, tags);
        tags = &tonight;
    }
    return is_allowed(spec, arc, tags) ? drive_ms(graph, spec, arc, tags) : KI_NEVER;
}

int32_t ki_profile_drive_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc) {
    ki_way_tags tonight = ki_way_tonight(graph, spec, &ki_arc_way(graph, arc)->tags);
    return drive_ms(graph, spec, arc, &tonight);
}

static int may_pass(const ki_graph *graph, int32_t node, const ki_profile_spec *spec) {
    const ki_node_tags *tags = &graph->nodes[node].tags;
    ki_node_tags tonight;
    if (tags->conditions) {
        tonight = ki_node_tonight(graph, spec, tags);
        tags = &tonight;
    }
    return !(tags->blocked & spec->kind) && ki_profile_fits_node(spec, tags);
}

enum { SHARP_CDEG = 12000, ROUND_CDEG = 15000 }; /* a U-turn, from its beginnings to all of it */

/* 0 straight on, positive to the right, in (-18000, 18000]. */
static int32_t turn_between(int32_t bearing_in, int32_t bearing_out) {
    int32_t turn_cdeg = (bearing_out - bearing_in + 36000) % 36000;
    return turn_cdeg > 18000 ? turn_cdeg - 36000 : turn_cdeg;
}

/* The way back: by the same road, or by one carriageway or ramp beside the other. Two-way streets
 * that fork narrowly, and a road that winds up a hill past a side street, only bend sharply. */
static int goes_back(const ki_graph *graph, const ki_profile_spec *spec, int32_t from_arc,
                     int32_t to_arc, int32_t turn_cdeg) {
    if (to_arc == (from_arc ^ 1)) return 1;
    if (turn_cdeg < ROUND_CDEG && turn_cdeg > -ROUND_CDEG) return 0;
    if (graph->edges[from_arc >> 1].way == graph->edges[to_arc >> 1].way) return 0;
    return ki_profile_arc_ms(graph, spec, from_arc ^ 1) == KI_NEVER ||
           ki_profile_arc_ms(graph, spec, to_arc ^ 1) == KI_NEVER;
}

/* Nothing to drive on to but the way back: the end of a street, or a barrier across it. Who could
 * go back by another road beside does not turn on the same one. */
static int is_dead_end(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc,
                       int32_t to_arc) {
    int32_t node = ki_arc_to(graph, arc);
    if (!may_pass(graph, node, spec)) return 1;
    for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
        int32_t on = graph->out_arcs[out];
        if (on == (arc ^ 1) || ki_profile_arc_ms(graph, spec, on) == KI_NEVER) continue;
        if (to_arc == (arc ^ 1)) return 0;
        int32_t turn_cdeg =
            turn_between(ki_arc_bearing_in(graph, arc), ki_arc_bearing_out(graph, on));
        if (!goes_back(graph, spec, arc, on, turn_cdeg)) return 0;
    }
    return 1;
}

static int32_t angle_ms(int32_t turn_cdeg, int drive_left) {
    static const double STEEPNESS = 13, MIDDLE = 6.5, BIAS = 1.075;
    double angle = (drive_left ? -turn_cdeg : turn_cdeg) / 18000.0; /* positive: own side */
    double exponent = angle >= 0 ? STEEPNESS / BIAS * angle - MIDDLE * BIAS
                                 : -STEEPNESS * BIAS * angle - MIDDLE / BIAS;
    return (int32_t)lround(KI_TURN_MAX_MS / (1 + exp(-exponent)));
}

/* From nothing at a sharp turn to all of a U-turn. */
static int32_t turning_round_ms(int32_t turn_cdeg) {
    int32_t angle = turn_cdeg < 0 ? -turn_cdeg : turn_cdeg;
    if (angle <= SHARP_CDEG) return 0;
    if (angle >= ROUND_CDEG) return KI_U_TURN_MS;
    return KI_U_TURN_MS * (angle - SHARP_CDEG) / (ROUND_CDEG - SHARP_CDEG);
}

/* What a turn takes where nothing bars it. */
static int32_t free_turn_ms(const ki_graph *graph, int32_t node, int32_t turn_cdeg, int back) {
    int32_t cost_ms = graph->nodes[node].tags.flags & KI_NODE_SIGNALS ? KI_SIGNAL_MS : 0;
    if (back) return cost_ms + KI_U_TURN_MS;
    int is_bend = graph->first_out[node + 1] - graph->first_out[node] < 3;
    int32_t turn_ms = is_bend ? 0 : angle_ms(turn_cdeg, graph->drive_left);
    int32_t round_ms = turning_round_ms(turn_cdeg);
    return cost_ms + (turn_ms > round_ms ? turn_ms : round_ms);
}

int32_t ki_profile_turn_at_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t from_arc,
                              int32_t to_arc, int32_t bearing_in, int32_t bearing_out) {
    int32_t node = ki_arc_to(graph, from_arc), turn_cdeg = turn_between(bearing_in, bearing_out);
    int back = goes_back(graph, spec, from_arc, to_arc, turn_cdeg);
    if (to_arc != (from_arc ^ 1) && !may_pass(graph, node, spec)) return KI_NEVER;
    if (back && !spec->u_turns && !is_dead_end(graph, spec, from_arc, to_arc)) return KI_NEVER;
    return free_turn_ms(graph, node, turn_cdeg, back);
}

int32_t ki_profile_free_turn_ms(const ki_graph *graph, const ki_profile_spec *spec,
                                int32_t from_arc, int32_t to_arc) {
    int32_t node = ki_arc_to(graph, from_arc);
    if (node != ki_arc_from(graph, to_arc) || to_arc == (from_arc ^ 1)) return KI_NEVER;
    int32_t turn_cdeg =
        turn_between(ki_arc_bearing_in(graph, from_arc), ki_arc_bearing_out(graph, to_arc));
    int back = goes_back(graph, spec, from_arc, to_arc, turn_cdeg);
    return free_turn_ms(graph, node, turn_cdeg, back);
}

int32_t ki_profile_turn_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t from_arc,
                           int32_t to_arc) {
    if (ki_arc_to(graph, from_arc) != ki_arc_from(graph, to_arc)) return KI_NEVER;
    return ki_profile_turn_at_ms(graph, spec, from_arc, to_arc, ki_arc_bearing_in(graph, from_arc),
                                 ki_arc_bearing_out(graph, to_arc));
}

static kerb_status set_arcs(ki_profile *profile, const uint8_t *closed, kerb_error *err) {
    const ki_graph *graph = profile->graph;
    size_t n_arcs = (size_t)graph->n_arcs;
    profile->arc_ms = ki_arena_alloc(&profile->arena, n_arcs, sizeof *profile->arc_ms);
    if (!profile->arc_ms) return ki_fail_no_memory(err, "a road profile");
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        profile->arc_ms[arc] =
            closed && closed[arc] ? KI_NEVER : ki_profile_arc_ms(graph, &profile->spec, arc);
    return KERB_OK;
}

static kerb_status set_bearings(const ki_graph *graph, ki_bearings *bearings, kerb_error *err) {
    bearings->out = ki_alloc_zero((size_t)graph->n_arcs, sizeof *bearings->out);
    bearings->in = ki_alloc_zero((size_t)graph->n_arcs, sizeof *bearings->in);
    if (!bearings->out || !bearings->in) return ki_fail_no_memory(err, "a road profile");
    for (int32_t arc = 0; arc < graph->n_arcs; arc++) {
        bearings->out[arc] = ki_arc_bearing_out(graph, arc);
        bearings->in[arc ^ 1] = (bearings->out[arc] + 18000) % 36000;
    }
    return KERB_OK;
}

static kerb_status fill_profile(ki_profile *profile, const uint8_t *closed, ki_bearings *bearings,
                                kerb_error *err) {
    KI_TRY(set_arcs(profile, closed, err));
    KI_TRY(set_bearings(profile->graph, bearings, err));
    KI_TRY(ki_profile_set_turns(profile, bearings, err));
    KI_TRY(ki_profile_set_components(profile, err));
    return ki_hierarchy_slot_new(profile, err);
}

kerb_status ki_profile_build(ki_profile **out, const ki_graph *graph, const ki_profile_spec *spec,
                             const uint8_t *closed, kerb_error *err) {
    *out = NULL;
    ki_profile *profile = ki_alloc_zero(1, sizeof *profile);
    if (!profile) return ki_fail_no_memory(err, "a road profile");
    profile->graph = graph;
    profile->spec = *spec;
    ki_bearings bearings = {0};
    kerb_status status = fill_profile(profile, closed, &bearings, err);
    ki_free(bearings.out);
    ki_free(bearings.in);
    if (status != KERB_OK)
        ki_profile_free(profile);
    else
        *out = profile;
    return status;
}

void ki_profile_free(ki_profile *profile) {
    if (!profile) return;
    ki_hierarchy_slot_free(profile);
    ki_arena_free(&profile->arena);
    ki_free(profile);
}
