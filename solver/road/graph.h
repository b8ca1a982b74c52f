/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph.h - the base graph: one numbering of nodes, edges and arcs for every profile.
 *
 *   node ──edge──► node        an edge is a piece of one way between two junctions
 *   arc 2e   runs along the way (the order of its node refs)
 *   arc 2e+1 runs against it        so the opposite of arc a is a ^ 1
 *
 * The graph knows no vehicle. Access, speed and turns per vehicle are in profile.h. Parallel edges
 * between the same nodes and loops stay distinct. Immutable once built: shared without locks. */
#ifndef KI_GRAPH_H
#define KI_GRAPH_H
#include "base/arena.h"
#include "base/digest.h"
#include "kerbside.h"
#include "road/condition.h"

#define KI_NEVER INT32_MAX /* a time or length that does not exist */

typedef enum ki_road_class {
    KI_ROAD_NONE = 0, /* not for vehicles: never enters the graph */
    KI_ROAD_MOTORWAY,
    KI_ROAD_TRUNK,
    KI_ROAD_PRIMARY,
    KI_ROAD_SECONDARY,
    KI_ROAD_TERTIARY,
    KI_ROAD_UNCLASSIFIED,
    KI_ROAD_RESIDENTIAL,
    KI_ROAD_LIVING,
    KI_ROAD_SERVICE,
    KI_ROAD_PEDESTRIAN, /* pedestrian streets: robots and sweepers */
    KI_ROAD_TRACK,
    KI_ROAD_FERRY,
    KI_N_ROAD_CLASSES
} ki_road_class;
const char *ki_road_class_name(int road_class); /* as the district file spells it */

/* Kinds of vehicle, as bits of an access mask. */
enum { KI_KIND_TRUCK = 1, KI_KIND_SWEEPER = 2, KI_KIND_ROBOT = 4, KI_KIND_ALL = 7 };

/* What io/osm_tags.c makes of a way's tags. Limits 0: none. With conditions, access says who may
 * ever drive there, and tonight.h who may tonight. */
typedef struct ki_way_tags {
    uint8_t road_class; /* ki_road_class */
    uint8_t access[2];  /* kind mask along [0] and against [1] the way, one-way folded in */
    uint8_t roundabout, toll, lit, lanes;
    uint8_t unused; /* as in what follows: padding by name, so that equal graphs are equal bytes */
    uint16_t speed_mm_per_s[2]; /* expected driving speed along and against, surface folded in */
    int32_t max_height_mm, max_width_mm, max_length_mm, max_mass_kg;
    int32_t width_mm;   /* of the carriageway; 0 unknown */
    int32_t conditions; /* list of ki_conditions; 0: none */
} ki_way_tags;

/* Node flags. */
enum { KI_NODE_SIGNALS = 1, KI_NODE_STOP = 2, KI_NODE_GIVE_WAY = 4, KI_NODE_CROSSING = 8 };
typedef struct ki_node_tags {
    uint8_t flags;
    uint8_t blocked; /* kinds that may not pass through (bollard, gate) */
    uint8_t unused[2];
    int32_t max_height_mm, max_width_mm, max_mass_kg; /* height restrictor and the like */
    int32_t conditions; /* list of ki_conditions: gate hours; 0: none */
} ki_node_tags;

enum { KI_MAX_VIA_WAYS = 8 };
typedef struct ki_osm_restriction { /* as it stands in OSM */
    int64_t id, from_way, to_way;
    int64_t via_node;                  /* 0: via ways */
    int64_t via_ways[KI_MAX_VIA_WAYS]; /* in order of travel */
    int32_t n_via_ways;
    uint8_t only;       /* only_* rather than no_* */
    uint8_t except;     /* kinds it does not bind */
    uint8_t u_turn;     /* no_u_turn: from and to way are the same */
    int32_t conditions; /* list of ki_conditions: when it binds; 0: always */
} ki_osm_restriction;

/* ---- building: nodes in any order, then ways, then restrictions ------------------------------ */

typedef struct ki_graph_builder ki_graph_builder;
typedef struct ki_graph ki_graph;

kerb_status ki_graph_builder_new(ki_graph_builder **out, kerb_error *err);
/* The lists that the tags of nodes, ways and restrictions may name. The builder owns it. */
ki_condition_table *ki_graph_builder_conditions(ki_graph_builder *builder);
/* Coordinates in 1e-7 degrees, validated by the caller. Repeated tags for a node:
 * the last holds. */
kerb_status ki_graph_builder_tag_node(ki_graph_builder *builder, int64_t osm_id,
                                      const ki_node_tags *tags, kerb_error *err);
/* refs/lat/lon: [n_refs]; name may be NULL. Ways with fewer than two distinct refs are ignored. */
kerb_status ki_graph_builder_add_way(ki_graph_builder *builder, int64_t osm_id, const char *name,
                                     const ki_way_tags *tags, const int64_t *refs,
                                     const int32_t *lat_e7, const int32_t *lon_e7, size_t n_refs,
                                     kerb_error *err);
kerb_status ki_graph_builder_add_restriction(ki_graph_builder *builder,
                                             const ki_osm_restriction *restriction,
                                             kerb_error *err);
/* Ends the builder's life whatever the outcome. Restrictions that match no arcs are counted. */
kerb_status ki_graph_build(ki_graph **out, ki_graph_builder *builder, kerb_error *err);
void ki_graph_builder_free(ki_graph_builder *builder);
void ki_graph_free(ki_graph *graph);

/* ---- the built graph: plain data ------------------------------------------------------------- */

/* No pointers in here: the arrays may lie in a mapped file (io/roads_cache.c). */

typedef struct ki_node {
    int64_t osm_id;
    int32_t lat_e7, lon_e7;
    ki_node_tags tags;
    int32_t unused;
} ki_node;

typedef struct ki_way {
    int64_t osm_id;
    int32_t name_at; /* in the graph's names; 0: none */
    ki_way_tags tags;
} ki_way;

typedef struct ki_point { /* a shape point, junction ends included */
    int64_t osm_id;
    int32_t lat_e7, lon_e7;
    int32_t at_mm; /* distance from the edge's start */
    int32_t unused;
} ki_point;

typedef struct ki_edge {
    int32_t from, to; /* nodes */
    int32_t way;
    int32_t record; /* of ways: whose tags hold here. The way's own, or a corrected copy */
    int32_t first_point, n_points; /* first is from, last is to */
    int32_t length_mm;             /* >= 1 */
} ki_edge;

typedef struct ki_restriction { /* over arcs: from, via..., to */
    int32_t first_arc, n_arcs;  /* into restriction_arcs; n_arcs >= 2 */
    uint8_t only, except, unused[2];
    int32_t conditions; /* list of ki_conditions: when it binds; 0: always */
    int64_t osm_id;
} ki_restriction;

struct ki_graph {
    ki_arena arena;
    int32_t n_nodes, n_edges, n_arcs, n_ways, n_points, n_restrictions, n_restriction_arcs;
    int32_t n_name_bytes;
    int32_t n_copies; /* of ways, corrected for some edges of theirs: behind the ways */
    int32_t n_corrections;
    ki_node *nodes;
    ki_edge *edges;
    ki_way *ways; /* [n_ways + n_copies] */
    ki_point *points;
    ki_restriction *restrictions;
    int32_t *restriction_arcs;
    char *names;        /* [n_name_bytes] each ends in a NUL; the first is empty */
    int32_t *first_out; /* [n_nodes + 1] into out_arcs: arcs that leave a node */
    int32_t *out_arcs;
    int32_t *first_edge; /* [n_ways + 1]: the edges of a way are consecutive, in its order */
    int32_t *ways_by_id; /* [n_ways] way indices by (OSM id, index) */
    ki_conditions conditions;
    uint8_t *correction_faults; /* [n_corrections] kerb_correction_fault */
    int32_t n_unmatched_restrictions;
    struct ki_arc_order *arc_order; /* dissect.h: made when first wanted; NULL: not kept */
    int drive_left;                 /* traffic keeps left (by where the extract lies) */
    char corrections[65];           /* hash of what was corrected; "": nothing */
    char hash[65];                  /* of the built data and the corrections */
    struct ki_road_store *store;    /* road_store.h: where the arrays lie, if not in the arena */
};

static inline int32_t ki_arc_from(const ki_graph *graph, int32_t arc) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    return arc & 1 ? edge->to : edge->from;
}
static inline int32_t ki_arc_to(const ki_graph *graph, int32_t arc) {
    return ki_arc_from(graph, arc ^ 1);
}
/* What the arc is like: tags and name. */
static inline const ki_way *ki_arc_way(const ki_graph *graph, int32_t arc) {
    return &graph->ways[graph->edges[arc >> 1].record];
}

static inline const char *ki_way_name(const ki_graph *graph, const ki_way *way) {
    return graph->names + way->name_at;
}

/* First position in ways_by_id of a way with this OSM id (an id may occur more than once: walk on
 * while it holds), or n_ways. */
int32_t ki_graph_find_way(const ki_graph *graph, int64_t way_id);

/* Compass bearing in centidegrees [0, 36000) on leaving the start / reaching the end of an arc. */
int32_t ki_arc_bearing_out(const ki_graph *graph, int32_t arc);
int32_t ki_arc_bearing_in(const ki_graph *graph, int32_t arc);
/* Great-circle distance in mm; coordinates in 1e-7 degrees. */
double ki_distance_mm(int32_t lat1_e7, int32_t lon1_e7, int32_t lat2_e7, int32_t lon2_e7);

/* A place on the arc graph: a point on a directed arc. */
typedef struct ki_place {
    int32_t arc, offset_mm; /* from the arc's own start, 0..length */
} ki_place;
/* Where a place lies. */
void ki_place_position(const ki_graph *graph, ki_place place, int32_t *lat_e7, int32_t *lon_e7);

/* The arcs of the run of one way from one OSM node to another (either order along the way), with
 * the offsets of the two nodes on the first and last arc. n_arcs 0: no such run. Of several (a
 * closed way has two, one past its first node; from = to means once round) one that is open to any
 * kind comes before others, then the shortest. */
typedef struct ki_run {
    int32_t *arcs; /* in the arena given */
    int32_t n_arcs;
    int32_t start_mm, end_mm; /* on the first arc; on the last arc */
    int64_t length_mm;
} ki_run;
kerb_status ki_graph_find_run(const ki_graph *graph, int64_t way_id, int64_t from_node,
                              int64_t to_node, ki_arena *arena, ki_run *run, kerb_error *err);

/* What roads were made from: one of the two changed, they are others. */
typedef struct ki_roads_key {
    ki_digest extract;     /* of the file's bytes; zero: unknown */
    ki_digest corrections; /* of the district's own corrections; zero: none */
} ki_roads_key;

/* The roads handle: what kerb_roads_load returns. */
struct kerb_roads {
    ki_graph *graph;
    ki_roads_key key;
    char *why_not_cached; /* NULL: nothing was asked of a cache, or it had the roads */
    size_t n_skipped_ways, n_bad_nodes, n_bad_restrictions, n_closed_ways;
};
#endif
