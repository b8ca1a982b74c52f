/* SPDX-License-Identifier: GPL-3.0-or-later
 * grid_city.c - streets cross every 100 m or so and every block is a way of its own:
 *
 *   every 10th line   an avenue: 50 km/h, signals where it meets another
 *   every 5th         a collector: 40 km/h
 *   the others        25 to 35 km/h by street; one in four is one-way, to either side in turn
 *
 * Junctions lie up to 15 m off their lines, so that lengths and angles differ. At every 12th a left
 * turn is forbidden, at every 60th one may only go straight on, at every 40th not turn back. */
#include "bench/grid_city.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"

enum {
    SOUTH_WEST_LAT_E7 = 411000000,
    SOUTH_WEST_LON_E7 = -86000000,
    STEP_LAT_E7 = 9000, /* 100 m */
    STEP_LON_E7 = 11940,
    WOBBLE_E7 = 1400,
    FORBIDS_LEFT = 12,
    ORDERS_STRAIGHT = 60,
    FORBIDS_BACK = 40
};

typedef struct grid {
    ki_graph_builder *builder;
    int32_t size[2];   /* junctions along [0] a row, [1] a column */
    int32_t *position; /* [junctions][2] latitude, longitude */
    ki_rng rng;
} grid;

static int64_t junction(const grid *at, int32_t column, int32_t row) {
    return (int64_t)row * at->size[0] + column;
}

/* The block that leaves a junction eastward (axis 0) or northward (1). */
static int64_t way_id(const grid *at, int32_t column, int32_t row, int axis) {
    return 1 + 2 * junction(at, column, row) + axis;
}

static void place_junctions(grid *at) {
    for (int32_t row = 0; row < at->size[1]; row++)
        for (int32_t column = 0; column < at->size[0]; column++) {
            int32_t *position = at->position + 2 * junction(at, column, row);
            position[0] = SOUTH_WEST_LAT_E7 + row * STEP_LAT_E7 +
                          (int32_t)ki_rng_below(&at->rng, 2 * WOBBLE_E7) - WOBBLE_E7;
            position[1] = SOUTH_WEST_LON_E7 + column * STEP_LON_E7 +
                          (int32_t)ki_rng_below(&at->rng, 2 * WOBBLE_E7) - WOBBLE_E7;
        }
}

/* What the whole of a row or column is like. */
static ki_way_tags street_tags(grid *at, int32_t line) {
    ki_way_tags tags = {.road_class = KI_ROAD_RESIDENTIAL, .access = {KI_KIND_ALL, KI_KIND_ALL}};
    uint16_t speed_mm_per_s = (uint16_t)(7000 + ki_rng_below(&at->rng, 2800));
    if (line % 10 == 0) {
        tags.road_class = KI_ROAD_PRIMARY;
        speed_mm_per_s = 13900;
    } else if (line % 5 == 0) {
        tags.road_class = KI_ROAD_TERTIARY;
        speed_mm_per_s = 11100;
    } else if (line % 4 == 1) {
        tags.access[line / 4 % 2] = 0;
    }
    tags.speed_mm_per_s[0] = tags.speed_mm_per_s[1] = speed_mm_per_s;
    return tags;
}

static kerb_status add_block(grid *at, int32_t column, int32_t row, int axis,
                             const ki_way_tags *tags, kerb_error *err) {
    int64_t ends[2] = {junction(at, column, row), junction(at, column + !axis, row + axis)};
    int64_t refs[2] = {ends[0] + 1, ends[1] + 1};
    int32_t lat_e7[2], lon_e7[2];
    for (int end = 0; end < 2; end++) {
        lat_e7[end] = at->position[2 * ends[end]];
        lon_e7[end] = at->position[2 * ends[end] + 1];
    }
    return ki_graph_builder_add_way(at->builder, way_id(at, column, row, axis), NULL, tags, refs,
                                    lat_e7, lon_e7, 2, err);
}

static kerb_status add_streets(grid *at, int axis, kerb_error *err) {
    for (int32_t line = 0; line < at->size[!axis]; line++) {
        ki_way_tags tags = street_tags(at, line);
        for (int32_t block = 0; block + 1 < at->size[axis]; block++)
            KI_TRY(add_block(at, axis ? line : block, axis ? block : line, axis, &tags, err));
    }
    return KERB_OK;
}

static kerb_status restrict_turn(grid *at, int32_t column, int32_t row, int64_t to_way,
                                 ki_osm_restriction kind, kerb_error *err) {
    kind.via_node = 1 + junction(at, column, row);
    kind.id = kind.via_node;
    kind.from_way = way_id(at, column, row - 1, 1); /* from the south */
    kind.to_way = to_way;
    return ki_graph_builder_add_restriction(at->builder, &kind, err);
}

static kerb_status tag_junction(grid *at, int32_t column, int32_t row, kerb_error *err) {
    static const ki_node_tags SIGNALS = {.flags = KI_NODE_SIGNALS};
    int64_t west = way_id(at, column - 1, row, 0), south = way_id(at, column, row - 1, 1);
    if (column % 10 == 0 && row % 10 == 0)
        KI_TRY(
            ki_graph_builder_tag_node(at->builder, 1 + junction(at, column, row), &SIGNALS, err));
    if (ki_rng_below(&at->rng, FORBIDS_LEFT) == 0)
        KI_TRY(restrict_turn(at, column, row, west, (ki_osm_restriction){0}, err));
    if (ki_rng_below(&at->rng, ORDERS_STRAIGHT) == 0)
        KI_TRY(restrict_turn(at, column, row, way_id(at, column, row, 1),
                             (ki_osm_restriction){.only = 1}, err));
    if (ki_rng_below(&at->rng, FORBIDS_BACK) == 0)
        KI_TRY(restrict_turn(at, column, row, south, (ki_osm_restriction){.u_turn = 1}, err));
    return KERB_OK;
}

static kerb_status fill(grid *at, kerb_error *err) {
    place_junctions(at);
    KI_TRY(add_streets(at, 0, err));
    KI_TRY(add_streets(at, 1, err));
    for (int32_t row = 1; row + 1 < at->size[1]; row++)
        for (int32_t column = 1; column + 1 < at->size[0]; column++)
            KI_TRY(tag_junction(at, column, row, err));
    return KERB_OK;
}

kerb_status bench_grid_city(kerb_roads **out, int32_t n_junctions, uint64_t seed, kerb_error *err) {
    grid at = {.size = {2, 2}};
    *out = NULL;
    while (at.size[0] * at.size[0] < n_junctions)
        at.size[0]++;
    at.size[1] = (n_junctions + at.size[0] - 1) / at.size[0];
    if (at.size[1] < 2) at.size[1] = 2;
    ki_rng_seed(&at.rng, seed, 5);
    KI_TRY(ki_graph_builder_new(&at.builder, err));
    at.position = ki_alloc_zero((size_t)at.size[0] * (size_t)at.size[1], 2 * sizeof *at.position);
    kerb_status status = at.position ? fill(&at, err) : ki_fail_no_memory(err, "a grid city");
    ki_free(at.position);
    kerb_roads *made = status == KERB_OK ? ki_alloc_zero(1, sizeof *made) : NULL;
    if (!made) {
        ki_graph_builder_free(at.builder);
        return status == KERB_OK ? ki_fail_no_memory(err, "a grid city") : status;
    }
    status = ki_graph_build(&made->graph, at.builder, err);
    if (status == KERB_OK)
        *out = made;
    else
        kerb_roads_free(made);
    return status;
}
