/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph_build.h - the builder as the files that end its life see it. */
#ifndef KI_GRAPH_BUILD_H
#define KI_GRAPH_BUILD_H
#include "road/graph.h"

typedef struct ki_ref { /* one position along one way */
    int64_t osm_id;
    int32_t lat_e7, lon_e7;
} ki_ref;

typedef struct ki_raw_way {
    int64_t osm_id;
    size_t name_at; /* in the builder's names; 0: none */
    ki_way_tags tags;
    size_t first_ref, n_refs;
} ki_raw_way;

typedef struct ki_tagged_node {
    int64_t osm_id;
    size_t order; /* of arrival: the last tags hold */
    ki_node_tags tags;
} ki_tagged_node;

typedef struct ki_copied { /* the steps from one ref of a way to another are as a copy says */
    size_t first_ref, last_ref;
    int32_t copy; /* into copies */
} ki_copied;

struct ki_graph_builder {
    char *names; /* as the graph's */
    size_t n_names, names_capacity;
    ki_ref *refs;
    size_t n_refs, refs_capacity;
    ki_raw_way *ways;
    size_t n_ways, ways_capacity;
    ki_tagged_node *tagged;
    size_t n_tagged, tagged_capacity;
    ki_osm_restriction *restrictions;
    size_t n_restrictions, restrictions_capacity;
    /* Corrections (correct.c): stretches of ways that another record describes. */
    ki_raw_way *copies;
    size_t n_copies, copies_capacity;
    ki_copied *copied; /* by first_ref, apart from each other */
    size_t n_copied, copied_capacity;
    char corrections[65];
    uint8_t *correction_faults; /* [n_corrections] */
    size_t n_corrections;
    ki_condition_table *conditions;
};

enum { KI_MAX_EDGE_MM = 1000000000 }; /* longer ones are cut at a shape point */
enum { KI_MAX_EDGES = 500000000 };    /* points and arcs stay within int32 */

/* Keeps a name for a raw way; "" and NULL: none. */
kerb_status ki_graph_builder_name(ki_graph_builder *builder, ki_raw_way *way, const char *name,
                                  kerb_error *err);

/* graph_restrict.c: OSM restrictions become runs of arcs; those without any are counted. */
kerb_status ki_graph_set_restrictions(ki_graph *graph, const ki_osm_restriction *restrictions,
                                      size_t n_restrictions, kerb_error *err);
/* graph_hash.c: SHA-256 over every field, one after another, whatever the struct padding. */
void ki_graph_set_hash(ki_graph *graph);
/* drive_side.c: 1 where most nodes lie in a country that drives on the left. */
int ki_graph_drives_left(const ki_graph *graph);
#endif
