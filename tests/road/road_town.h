/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_town.h - small towns built in code, for the road tests. Node ids 1, 2, 3... stand on a grid,
 * `columns` to a row, west to east and south to north. */
#ifndef ROAD_TOWN_H
#define ROAD_TOWN_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "road/graph.h"

enum { TOWN_STEP_E7 = 10000 }; /* about 111 m */
enum { TOWN_TWIN = 100000 };   /* node id + this: another node at the same spot */

typedef struct road_town {
    ki_graph_builder *builder;
    int columns;
    int32_t lat_e7, lon_e7; /* of node 1 */
} road_town;

static inline road_town town_new(int columns, int32_t lat_e7) {
    road_town town = {.columns = columns, .lat_e7 = lat_e7};
    assert_int_equal(ki_graph_builder_new(&town.builder, NULL), KERB_OK);
    return town;
}

static inline ki_way_tags town_tags(void) {
    return (ki_way_tags){.road_class = KI_ROAD_RESIDENTIAL,
                         .access = {KI_KIND_ALL, KI_KIND_ALL},
                         .speed_mm_per_s = {10000, 10000}};
}

/* tags NULL: a two-way residential street at 10 m/s. */
static inline void town_way(road_town *town, int64_t id, const ki_way_tags *tags,
                            const int64_t *refs, int n_refs) {
    int32_t lat_e7[64], lon_e7[64];
    ki_way_tags plain = town_tags();
    assert_true(n_refs <= 64);
    for (int ref = 0; ref < n_refs; ref++) {
        int32_t spot = (int32_t)(refs[ref] % TOWN_TWIN) - 1;
        int32_t row = spot / town->columns, column = spot % town->columns;
        lat_e7[ref] = town->lat_e7 + row * TOWN_STEP_E7;
        lon_e7[ref] = town->lon_e7 + column * TOWN_STEP_E7;
    }
    assert_int_equal(ki_graph_builder_add_way(town->builder, id, NULL, tags ? tags : &plain, refs,
                                              lat_e7, lon_e7, (size_t)n_refs, NULL),
                     KERB_OK);
}

static inline void town_tag(road_town *town, int64_t node, ki_node_tags tags) {
    assert_int_equal(ki_graph_builder_tag_node(town->builder, node, &tags, NULL), KERB_OK);
}

static inline void town_restrict(road_town *town, ki_osm_restriction restriction) {
    assert_int_equal(ki_graph_builder_add_restriction(town->builder, &restriction, NULL), KERB_OK);
}

static inline ki_graph *town_build(road_town *town) {
    ki_graph *graph;
    assert_int_equal(ki_graph_build(&graph, town->builder, NULL), KERB_OK);
    town->builder = NULL;
    return graph;
}
#endif
