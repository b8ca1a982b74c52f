/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "road/snap.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "road_town.h"

#include <math.h>
#include <stdlib.h>

typedef struct scene {
    ki_graph *graph;
    ki_profile *profile;
    ki_snap_index *index;
    ki_crossing crossing;
} scene;

static scene scene_of(road_town *town) {
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    scene at = {.graph = town_build(town), .crossing = ki_crossing_of(NULL)};
    assert_int_equal(ki_profile_build(&at.profile, at.graph, &truck, NULL, NULL), KERB_OK);
    assert_int_equal(ki_snap_index_new(&at.index, at.graph, NULL), KERB_OK);
    return at;
}

static void scene_free(scene *at) {
    ki_snap_index_free(at->index);
    ki_profile_free(at->profile);
    ki_graph_free(at->graph);
}

/* A block 1-2-5-4 with a stub 5-6 to turn at, so that both directions of each street are connected;
 * way 1 is the street 1-2 that runs east along the equator, with the tags given. */
static scene block(const ki_way_tags *tags) {
    road_town town = town_new(3, 0);
    town_way(&town, 1, tags, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, NULL, (int64_t[]){2, 5, 4, 1}, 4);
    town_way(&town, 3, NULL, (int64_t[]){5, 6}, 2);
    return scene_of(&town);
}

static ki_snap snap_at(const scene *at, double north_m, double east_m, kerb_approach approach) {
    static const double METRE_DEG = 1 / 111195.08;
    ki_snap out;
    ki_snap_place(at->index, at->profile, &at->crossing, north_m * METRE_DEG, east_m * METRE_DEG,
                  approach, &out);
    return out;
}

static void kerb_side_is_the_side_of_travel(void **state) {
    (void)state;
    scene at = block(NULL);
    ki_snap south = snap_at(&at, -10, 30, KERB_APPROACH_KERB_SIDE);
    ki_snap north = snap_at(&at, 10, 30, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(south.n_places, 1);
    assert_int_equal(south.places[0].arc, 0); /* eastwards, the site on the right */
    assert_in_range(south.places[0].offset_mm, 29950, 30050);
    assert_in_range(south.distance_mm, 9990, 10010);
    assert_int_equal(north.n_places, 1);
    assert_int_equal(north.places[0].arc, 1);
    assert_int_equal(north.places[0].offset_mm,
                     at.graph->edges[0].length_mm - south.places[0].offset_mm);
    at.graph->drive_left = 1;
    assert_int_equal(snap_at(&at, -10, 30, KERB_APPROACH_KERB_SIDE).places[0].arc, 1);
    scene_free(&at);
}

static void either_side_gives_both_directions_own_kerb_first(void **state) {
    (void)state;
    scene at = block(NULL);
    ki_snap snap = snap_at(&at, 10, 30, KERB_APPROACH_EITHER);
    assert_int_equal(snap.n_places, 2);
    assert_int_equal(snap.places[0].arc, 1);
    assert_int_equal(snap.places[1].arc, 0);
    scene_free(&at);
}

static void small_streets_are_crossed_on_foot_and_large_ones_not(void **state) {
    (void)state;
    ki_way_tags tags = town_tags();
    scene small = block(&tags);
    tags.road_class = KI_ROAD_SECONDARY;
    scene large = block(&tags);
    assert_int_equal(snap_at(&small, 10, 30, KERB_APPROACH_UNSPECIFIED).n_places, 2);
    assert_int_equal(snap_at(&large, 10, 30, KERB_APPROACH_UNSPECIFIED).n_places, 1);
    assert_int_equal(snap_at(&large, 10, 30, KERB_APPROACH_UNSPECIFIED).places[0].arc, 1);
    scene_free(&small);
    scene_free(&large);
}

static int n_sides(const ki_way_tags *tags, const kerb_crossing *rule) {
    scene at = block(tags);
    at.crossing = ki_crossing_of(rule);
    int n = snap_at(&at, 10, 30, KERB_APPROACH_UNSPECIFIED).n_places;
    scene_free(&at);
    return n;
}

static void a_stated_rule_says_by_class_width_and_lanes_what_may_be_crossed(void **state) {
    (void)state;
    kerb_road_class classes[] = {KERB_ROAD_TERTIARY, KERB_ROAD_RESIDENTIAL};
    kerb_crossing rule = {
        .is_stated = 1, .classes = classes, .n_classes = 2, .max_width_m = 9, .max_lanes = 2};
    ki_way_tags tags = town_tags();
    tags.road_class = KI_ROAD_TERTIARY;
    assert_int_equal(n_sides(&tags, NULL), 1);
    assert_int_equal(n_sides(&tags, &rule), 2); /* neither width nor lanes are tagged */
    tags.width_mm = 9000, tags.lanes = 2;
    assert_int_equal(n_sides(&tags, &rule), 2);
    tags.width_mm = 9001;
    assert_int_equal(n_sides(&tags, &rule), 1);
    tags.width_mm = 0, tags.lanes = 3;
    assert_int_equal(n_sides(&tags, &rule), 1);
    tags.lanes = 1, tags.road_class = KI_ROAD_LIVING;
    assert_int_equal(n_sides(&tags, &rule), 1);
    assert_int_equal(n_sides(&tags, NULL), 2);
    rule.n_classes = 0, tags.road_class = KI_ROAD_RESIDENTIAL;
    assert_int_equal(n_sides(&tags, &rule), 1);
}

static void a_narrow_one_way_street_serves_both_kerbs_and_a_wide_one_does_not(void **state) {
    (void)state;
    ki_way_tags tags = town_tags();
    tags.access[1] = 0;
    tags.width_mm = 5000;
    scene narrow = block(&tags);
    tags.width_mm = 9000;
    scene wide = block(&tags);
    assert_int_equal(snap_at(&narrow, 10, 30, KERB_APPROACH_KERB_SIDE).places[0].arc, 0);
    ki_snap wrong = snap_at(&wide, 10, 30, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(wrong.cause, KI_SNAP_WRONG_SIDE);
    assert_int_equal(wrong.n_places, 0);
    assert_int_equal(snap_at(&wide, -10, 30, KERB_APPROACH_KERB_SIDE).n_places, 1);
    assert_int_equal(snap_at(&wide, 10, 30, KERB_APPROACH_EITHER).n_places, 1);
    scene_free(&narrow);
    scene_free(&wide);
}

/* Way 4 runs east 33 m south of way 1, out of node 6 with no way back: a dead pocket. */
static scene pocket(void) {
    ki_way_tags in_only = town_tags();
    in_only.access[1] = 0;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, NULL, (int64_t[]){2, 5, 4, 1}, 4);
    town_way(&town, 3, NULL, (int64_t[]){5, 6}, 2);
    int64_t refs[] = {6, 20, 21};
    int32_t lat_e7[] = {TOWN_STEP_E7, -3000, -3000}, lon_e7[] = {2 * TOWN_STEP_E7, 10000, 0};
    assert_int_equal(
        ki_graph_builder_add_way(town.builder, 4, NULL, &in_only, refs, lat_e7, lon_e7, 3, NULL),
        KERB_OK);
    return scene_of(&town);
}

static void the_next_road_serves_where_the_nearest_is_a_dead_pocket(void **state) {
    (void)state;
    scene at = pocket();
    ki_snap beside = snap_at(&at, -25, 50, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(beside.n_places, 1);
    assert_int_equal(ki_arc_way(at.graph, beside.places[0].arc)->osm_id, 1);
    assert_in_range(beside.distance_mm, 24900, 25100);
    assert_int_equal(ki_arc_way(at.graph, beside.passed_arc)->osm_id, 4);
    assert_in_range(beside.passed_mm, 8000, 8700);
    assert_int_equal(snap_at(&at, -10, 50, KERB_APPROACH_KERB_SIDE).passed_arc, -1);
    scene_free(&at);
}

static void a_lane_cut_off_on_the_sites_side_is_passed_over_too(void **state) {
    (void)state;
    scene at = block(NULL);
    at.profile->component[0] = 1; /* eastwards on way 1, the side of sites to the south */
    ki_snap south = snap_at(&at, -10, 30, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(south.passed_arc, 0);
    assert_int_not_equal(ki_arc_way(at.graph, south.places[0].arc)->osm_id, 1);
    assert_int_equal(snap_at(&at, 10, 30, KERB_APPROACH_KERB_SIDE).passed_arc, -1);
    ki_snap crossed = snap_at(&at, -10, 30, KERB_APPROACH_UNSPECIFIED);
    assert_int_equal(crossed.passed_arc, -1); /* taken across the street instead */
    assert_int_equal(crossed.places[0].arc, 1);
    scene_free(&at);
}

static void a_two_way_street_open_in_one_direction_tonight_has_a_wrong_side(void **state) {
    (void)state;
    scene at = block(NULL);
    ki_profile_spec truck = {.kind = KI_KIND_TRUCK};
    uint8_t closed[8] = {0, 1};
    ki_profile_free(at.profile);
    assert_int_equal(ki_profile_build(&at.profile, at.graph, &truck, closed, NULL), KERB_OK);
    assert_int_equal(snap_at(&at, 10, 30, KERB_APPROACH_KERB_SIDE).cause, KI_SNAP_WRONG_SIDE);
    assert_int_equal(snap_at(&at, -10, 30, KERB_APPROACH_KERB_SIDE).cause, KI_SNAP_OK);
    scene_free(&at);
}

static void far_away_there_is_no_road(void **state) {
    (void)state;
    scene at = block(NULL);
    assert_int_equal(snap_at(&at, -149, 30, KERB_APPROACH_EITHER).cause, KI_SNAP_OK);
    ki_snap far = snap_at(&at, -151, 30, KERB_APPROACH_EITHER);
    assert_int_equal(far.cause, KI_SNAP_NO_ROAD);
    assert_int_equal(far.distance_mm, KI_NEVER);
    assert_int_equal(snap_at(&at, 1e6, 1e6, KERB_APPROACH_EITHER).cause, KI_SNAP_NO_ROAD);
    assert_int_equal(snap_at(&at, (double)NAN, 0, KERB_APPROACH_EITHER).cause, KI_SNAP_NO_ROAD);
    assert_int_equal(snap_at(&at, 1e30, 1e30, KERB_APPROACH_EITHER).cause, KI_SNAP_NO_ROAD);
    scene_free(&at);
}

static void a_road_cut_off_from_the_rest_is_unreachable(void **state) {
    (void)state;
    ki_way_tags trap = town_tags(), walkers = town_tags();
    trap.access[1] = 0; /* one way in, no way out */
    walkers.access[0] = walkers.access[1] = KI_KIND_ROBOT;
    road_town town = town_new(30, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 32, 31, 1}, 5);
    town_way(&town, 2, &trap, (int64_t[]){2, 6}, 2);
    town_way(&town, 3, &walkers, (int64_t[]){10, 11}, 2);
    scene at = scene_of(&town);
    assert_int_equal(snap_at(&at, 5, 5 * 111, KERB_APPROACH_EITHER).cause, KI_SNAP_UNREACHABLE);
    assert_int_equal(snap_at(&at, 5, 9.5 * 111, KERB_APPROACH_EITHER).cause, KI_SNAP_NO_ROAD);
    assert_in_range(ki_snap_distance_mm(at.index, 0, 9.5e-3), 0, 1);
    scene_free(&at);
}

static void at_the_outside_of_a_bend_the_side_is_still_right(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 5}, 3); /* east, then north: outside is south-east */
    town_way(&town, 2, NULL, (int64_t[]){5, 4, 1}, 3);
    town_way(&town, 3, NULL, (int64_t[]){5, 6}, 2);
    scene at = scene_of(&town);
    ki_snap outside = snap_at(&at, -10, 121, KERB_APPROACH_KERB_SIDE);
    ki_snap beyond = snap_at(&at, -1, 131, KERB_APPROACH_KERB_SIDE);
    assert_int_equal(outside.places[0].arc, 0);
    assert_int_equal(beyond.places[0].arc, 0);
    scene_free(&at);
}

/* ---- against brute force ------------------------------------------------------------- */

static double distance_to_segment(double lat, double lon, const ki_point *a, const ki_point *b) {
    static const double MM_PER_E7 = 6371008800.0 * 3.14159265358979323846 / 180 * 1e-7;
    double mm_per_lon = MM_PER_E7 * cos(lat * 1e-7 * 3.14159265358979323846 / 180);
    double ax = (a->lon_e7 - lon) * mm_per_lon, ay = (a->lat_e7 - lat) * MM_PER_E7;
    double dx = ((double)b->lon_e7 - a->lon_e7) * mm_per_lon;
    double dy = ((double)b->lat_e7 - a->lat_e7) * MM_PER_E7, square = dx * dx + dy * dy;
    double share = square > 0 ? fmin(fmax(-(ax * dx + ay * dy) / square, 0), 1) : 0;
    return hypot(ax + share * dx, ay + share * dy);
}

static void the_grid_finds_what_looking_at_every_segment_finds(void **state) {
    (void)state;
    int n_near = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        ki_rng rng;
        road_town town = town_new(40, 0);
        ki_rng_seed(&rng, seed, 3);
        double spread = seed % 2 ? 3e4 : 3e5; /* about 300 m and 3 km */
        double lat0 = seed % 3 ? 4e8 : -6.8e8;
        ki_way_tags tags = town_tags();
        for (int way = 0; way < 60; way++) {
            int64_t refs[3] = {3 * way + 1, 3 * way + 2, 3 * way + 3};
            int32_t lat[3], lon[3];
            for (int ref = 0; ref < 3; ref++) {
                lat[ref] = (int32_t)(lat0 + ki_rng_normal(&rng) * spread);
                lon[ref] = (int32_t)(ki_rng_normal(&rng) * spread);
            }
            ki_graph_builder_add_way(town.builder, way, NULL, &tags, refs, lat, lon, 3, NULL);
        }
        scene at = scene_of(&town);
        for (int query = 0; query < 200; query++) {
            double lat = lat0 + ki_rng_normal(&rng) * spread, lon = ki_rng_normal(&rng) * spread;
            double best = 1e30;
            for (int32_t edge = 0; edge < at.graph->n_edges; edge++)
                for (int32_t point = 0; point + 1 < at.graph->edges[edge].n_points; point++) {
                    const ki_point *a =
                        at.graph->points + at.graph->edges[edge].first_point + point;
                    best = fmin(best, distance_to_segment(lat, lon, a, a + 1));
                }
            int32_t found = ki_snap_distance_mm(at.index, lat * 1e-7, lon * 1e-7);
            if (best > KI_SNAP_RADIUS_MM)
                assert_int_equal(found, KI_NEVER);
            else
                assert_true(fabs(found - best) < 2);
            n_near += found != KI_NEVER;
        }
        scene_free(&at);
    }
    assert_true(n_near > 500);
}

static void roads_across_the_world_do_not_blow_the_index_up(void **state) {
    (void)state;
    ki_rng rng;
    road_town town = town_new(40, 0);
    ki_way_tags tags = town_tags();
    ki_rng_seed(&rng, 1, 4);
    for (int way = 0; way < 300; way++) {
        int64_t refs[2] = {2 * way + 1, 2 * way + 2};
        int32_t lat[2], lon[2];
        for (int ref = 0; ref < 2; ref++) {
            lat[ref] = (int32_t)((ki_rng_unit(&rng) - 0.5) * 1.8e9);
            lon[ref] = (int32_t)((ki_rng_unit(&rng) - 0.5) * 3.6e9);
        }
        ki_graph_builder_add_way(town.builder, way, NULL, &tags, refs, lat, lon, 2, NULL);
    }
    int64_t before = ki_alloc_count();
    scene at = scene_of(&town);
    assert_true(ki_alloc_count() - before < 1000);
    for (int32_t node = 0; node < at.graph->n_nodes; node++)
        assert_true(ki_snap_distance_mm(at.index, at.graph->nodes[node].lat_e7 * 1e-7,
                                        at.graph->nodes[node].lon_e7 * 1e-7) <= 1);
    scene_free(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kerb_side_is_the_side_of_travel),
        cmocka_unit_test(either_side_gives_both_directions_own_kerb_first),
        cmocka_unit_test(small_streets_are_crossed_on_foot_and_large_ones_not),
        cmocka_unit_test(a_stated_rule_says_by_class_width_and_lanes_what_may_be_crossed),
        cmocka_unit_test(a_narrow_one_way_street_serves_both_kerbs_and_a_wide_one_does_not),
        cmocka_unit_test(the_next_road_serves_where_the_nearest_is_a_dead_pocket),
        cmocka_unit_test(a_lane_cut_off_on_the_sites_side_is_passed_over_too),
        cmocka_unit_test(a_two_way_street_open_in_one_direction_tonight_has_a_wrong_side),
        cmocka_unit_test(far_away_there_is_no_road),
        cmocka_unit_test(a_road_cut_off_from_the_rest_is_unreachable),
        cmocka_unit_test(at_the_outside_of_a_bend_the_side_is_still_right),
        cmocka_unit_test(the_grid_finds_what_looking_at_every_segment_finds),
        cmocka_unit_test(roads_across_the_world_do_not_blow_the_index_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
