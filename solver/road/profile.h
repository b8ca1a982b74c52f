/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile.h - the graph as one kind of vehicle sees it tonight: which arcs are open, how long each
 * takes, and which turns are allowed at what cost.
 *
 * Search nodes are directed road segments (arcs); an arc inside a via-way restriction has copies
 * that remember what was driven before it, so search nodes >= arcs. */
#ifndef KI_PROFILE_H
#define KI_PROFILE_H
#include "road/graph.h"

typedef struct ki_profile_spec {
    uint8_t kind;                                    /* one KI_KIND_ bit */
    int32_t height_mm, width_mm, length_mm, mass_kg; /* 0: no limit applies */
    int32_t top_speed_mm_per_s;                      /* 0: as the road */
    uint8_t u_turns; /* 1: allowed anywhere for KI_U_TURN_MS; 0: at dead ends only */
    ki_out out; /* when it is out; not known: whatever may hold at some time counts against it */
} ki_profile_spec;

/* As the vehicle's use and dimensions say. U-turns at dead ends only. */
ki_profile_spec ki_profile_spec_of(const kerb_vehicle *vehicle);

enum { KI_TURN_MAX_MS = 7500, KI_SIGNAL_MS = 2000, KI_U_TURN_MS = 20000 };

typedef struct ki_profile {
    ki_arena arena;
    const ki_graph *graph;
    ki_profile_spec spec;
    int32_t *arc_ms;     /* [n_arcs] time along the whole arc; KI_NEVER: closed */
    int32_t n_nodes;     /* search nodes; the first n_arcs are the arcs themselves */
    int32_t *base_arc;   /* [n_nodes] */
    int32_t *first_turn; /* [n_nodes + 1] */
    int32_t *turn_to;    /* search node entered */
    int32_t *turn_ms;
    int32_t *first_copy; /* [n_arcs + 1] into copies: search nodes of an arc beyond itself */
    int32_t *copies;
    int32_t *depart;    /* [n_arcs] search node from which a vehicle standing on the arc goes on:
                           the arc itself, or the copy that obeys every restriction that may be
                           pending there */
    uint64_t *weight;   /* [n_nodes] time and length of the base arc as a label (road_search.h) */
    int32_t *component; /* [n_arcs] strongly connected component; the largest is 0; closed: -1 */
    struct ki_hierarchy_slot *hierarchy; /* hierarchy.h: made when first wanted */
} ki_profile;

/* closed: [n_arcs] of 0/1 or NULL, arcs closed tonight. */
kerb_status ki_profile_build(ki_profile **out, const ki_graph *graph, const ki_profile_spec *spec,
                             const uint8_t *closed, kerb_error *err);
void ki_profile_free(ki_profile *profile);

/* Whether a vehicle of this size may pass this limit; 0: unknown, none. */
int ki_profile_fits(int32_t size, int32_t limit);
/* Height, width and mass at a node; not who may pass there at all. */
int ki_profile_fits_node(const ki_profile_spec *spec, const ki_node_tags *tags);
/* The primitives every engine and the checker share: what an arc takes, and what the turn from one
 * arc to the next costs (KI_NEVER: not a turn at a common node, blocked there, or a U-turn where
 * none is allowed). Restrictions are not looked at here. */
int32_t ki_profile_arc_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc);
int32_t ki_profile_turn_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t from_arc,
                           int32_t to_arc);
/* The same where nothing bars the way: the time along an arc closed to the vehicle, too, and the
 * cost of a turn on (not back) through a gate. For those who judge access themselves. */
int32_t ki_profile_drive_ms(const ki_graph *graph, const ki_profile_spec *spec, int32_t arc);
int32_t ki_profile_free_turn_ms(const ki_graph *graph, const ki_profile_spec *spec,
                                int32_t from_arc, int32_t to_arc);

/* Time from an arc's start to an offset; differences of it add up exactly. */
static inline int32_t ki_arc_part_ms(int32_t arc_ms, int32_t length_mm, int32_t offset_mm) {
    return (int32_t)((int64_t)arc_ms * offset_mm / length_mm);
}
#endif
