/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why roads are cut off, on a town written by hand:
 *
 *   row 1  11 - 12 - 13 - ...     way 1 is the ring 1-2-12-11-1 with the stub 11-21 to turn at: the
 *           |    |                great component. What a case adds hangs at node 2 and runs east
 *   row 0   1 -  2 -- 3 - 4 - 5   along row 0: way 2 is 2-3, way 3 is 3-4-5 with the stub 4-14. */
#include "road/cut_off.h"

#include "base/alloc.h"
#include "road_town.h"

typedef struct scene {
    ki_graph *graph;
    ki_profile *profile;
    ki_cut_off found;
    ki_arena arena;
} scene;

static const ki_profile_spec TRUCK = {.kind = KI_KIND_TRUCK, .height_mm = 3500};

static road_town ring(void) {
    road_town town = town_new(10, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 12, 11, 1}, 5);
    town_way(&town, 9, NULL, (int64_t[]){11, 21, 31, 41, 51, 61, 71, 81, 91}, 9);
    return town;
}

static void find(scene *at, const uint8_t *closed) {
    assert_int_equal(ki_profile_build(&at->profile, at->graph, &TRUCK, closed, NULL), KERB_OK);
    assert_int_equal(ki_cut_off_find(&at->found, at->profile, closed, &at->arena, NULL), KERB_OK);
}

static scene scene_of(road_town *town, const uint8_t *closed) {
    scene at = {.graph = town_build(town)};
    find(&at, closed);
    return at;
}

static void scene_free(scene *at) {
    ki_arena_free(&at->arena);
    ki_profile_free(at->profile);
    ki_graph_free(at->graph);
}

/* The cause of the first arc along a way. */
static int cut_of(const scene *at, int64_t way_id, int against) {
    int32_t way = at->graph->ways_by_id[ki_graph_find_way(at->graph, way_id)];
    return at->found.of_arc[2 * at->graph->first_edge[way] + against];
}

static scene behind(const ki_way_tags *link) {
    road_town town = ring();
    town_way(&town, 2, link, (int64_t[]){2, 3}, 2);
    town_way(&town, 3, NULL, (int64_t[]){3, 4, 5}, 3);
    town_way(&town, 4, NULL, (int64_t[]){4, 14}, 2);
    return scene_of(&town, NULL);
}

static void what_is_joined_both_ways_is_not_cut_off(void **state) {
    (void)state;
    scene at = behind(NULL);
    for (int32_t arc = 0; arc < at.graph->n_arcs; arc++)
        assert_int_equal(at.found.of_arc[arc], KI_CUT_NONE);
    scene_free(&at);
}

static void a_one_way_link_leaves_no_way_out_or_no_way_in(void **state) {
    (void)state;
    ki_way_tags tags = town_tags();
    tags.access[1] = 0;
    scene in = behind(&tags);
    assert_int_equal(cut_of(&in, 3, 0), KI_CUT_NO_WAY_OUT);
    assert_int_equal(cut_of(&in, 2, 1), KI_CUT_NO_LANE);
    tags = town_tags();
    tags.access[0] = 0;
    scene out = behind(&tags);
    assert_int_equal(cut_of(&out, 3, 1), KI_CUT_NO_WAY_IN);
    assert_int_equal(cut_of(&out, 2, 0), KI_CUT_NO_LANE);
    scene_free(&in);
    scene_free(&out);
}

static void limits_and_tags_of_the_link_are_told_apart(void **state) {
    (void)state;
    ki_way_tags low = town_tags(), shut = town_tags(), feet = town_tags();
    low.max_height_mm = 3000;
    shut.access[0] = shut.access[1] = KI_KIND_SWEEPER;
    feet.access[0] = feet.access[1] = 0;
    feet.road_class = KI_ROAD_PEDESTRIAN;
    scene by_height = behind(&low), by_tags = behind(&shut), by_class = behind(&feet);
    assert_int_equal(cut_of(&by_height, 2, 0), KI_CUT_SHUT_HEIGHT);
    assert_int_equal(cut_of(&by_height, 3, 0), KI_CUT_DIMENSIONS);
    assert_int_equal(cut_of(&by_tags, 2, 0), KI_CUT_SHUT_ACCESS);
    assert_int_equal(cut_of(&by_tags, 3, 0), KI_CUT_ACCESS);
    assert_int_equal(cut_of(&by_class, 2, 1), KI_CUT_SHUT_CLASS);
    assert_int_equal(cut_of(&by_class, 3, 1), KI_CUT_ACCESS);
    scene_free(&by_height);
    scene_free(&by_tags);
    scene_free(&by_class);
}

static void each_limit_names_itself(void **state) {
    (void)state;
    static const int CUTS[] = {KI_CUT_SHUT_WIDTH, KI_CUT_SHUT_LENGTH, KI_CUT_SHUT_MASS};
    static const ki_profile_spec BIG = {
        .kind = KI_KIND_TRUCK, .width_mm = 2500, .length_mm = 9000, .mass_kg = 20000};
    for (int limit = 0; limit < 3; limit++) {
        ki_way_tags tags = town_tags();
        int32_t *limits[] = {&tags.max_width_mm, &tags.max_length_mm, &tags.max_mass_kg};
        *limits[limit] = 2000;
        scene at = behind(&tags);
        ki_profile_free(at.profile);
        assert_int_equal(ki_profile_build(&at.profile, at.graph, &BIG, NULL, NULL), KERB_OK);
        assert_int_equal(ki_cut_off_find(&at.found, at.profile, NULL, &at.arena, NULL), KERB_OK);
        assert_int_equal(cut_of(&at, 2, 0), CUTS[limit]);
        scene_free(&at);
    }
}

static void a_closure_tonight_is_named_by_the_hour(void **state) {
    (void)state;
    scene open = behind(NULL);
    int32_t way = open.graph->ways_by_id[ki_graph_find_way(open.graph, 2)];
    uint8_t closed[64] = {0};
    closed[2 * open.graph->first_edge[way]] = closed[2 * open.graph->first_edge[way] + 1] = 1;
    ki_profile_free(open.profile);
    find(&open, closed);
    assert_int_equal(cut_of(&open, 2, 0), KI_CUT_SHUT_HOURS);
    assert_int_equal(cut_of(&open, 3, 0), KI_CUT_HOURS);
    scene_free(&open);
}

static void a_barrier_cuts_off_what_lies_behind_it(void **state) {
    (void)state;
    road_town town = ring();
    town_way(&town, 3, NULL, (int64_t[]){2, 3, 4, 5}, 4);
    town_way(&town, 4, NULL, (int64_t[]){4, 14}, 2);
    town_tag(&town, 3, (ki_node_tags){.blocked = KI_KIND_TRUCK});
    scene gate = scene_of(&town, NULL);
    assert_int_equal(cut_of(&gate, 3, 0), KI_CUT_NONE);
    assert_int_equal(cut_of(&gate, 4, 0), KI_CUT_BARRIER);
    scene_free(&gate);
}

static void turns_may_cut_off_what_streets_join(void **state) {
    (void)state;
    road_town town = ring();
    town_way(&town, 3, NULL, (int64_t[]){2, 3, 4}, 3);
    for (int64_t id = 1; id <= 2; id++)
        town_restrict(&town, (ki_osm_restriction){.id = id,
                                                  .from_way = id == 1 ? 1 : 3,
                                                  .to_way = id == 1 ? 3 : 1,
                                                  .via_node = 2});
    scene at = scene_of(&town, NULL);
    assert_int_equal(cut_of(&at, 3, 0), KI_CUT_TURNS);
    assert_int_equal(cut_of(&at, 1, 0), KI_CUT_NONE);
    scene_free(&at);
}

static void islands_and_the_border_are_told_apart(void **state) {
    (void)state;
    road_town town = ring();
    town_way(&town, 2, NULL, (int64_t[]){98, 99, 100}, 3); /* the north-east corner */
    town_way(&town, 3, NULL, (int64_t[]){55, 56}, 2);
    scene at = scene_of(&town, NULL);
    assert_int_equal(cut_of(&at, 2, 0), KI_CUT_BORDER);
    assert_int_equal(cut_of(&at, 3, 0), KI_CUT_ISLAND);
    scene_free(&at);
}

static void every_arc_is_counted_once(void **state) {
    (void)state;
    ki_way_tags low = town_tags();
    low.max_height_mm = 3000;
    scene at = behind(&low);
    size_t n_arcs = 0;
    int64_t length_mm = 0, all_mm = 0, open_mm, main_mm;
    for (int cut = 0; cut < KI_N_CUTS; cut++) {
        n_arcs += at.found.n_arcs[cut];
        length_mm += at.found.length_mm[cut];
    }
    for (int32_t edge = 0; edge < at.graph->n_edges; edge++)
        all_mm += 2 * (int64_t)at.graph->edges[edge].length_mm;
    assert_int_equal(n_arcs, at.graph->n_arcs);
    assert_int_equal(length_mm, all_mm);
    ki_cut_off_share(at.profile, &open_mm, &main_mm);
    assert_int_equal(open_mm - main_mm, at.found.length_mm[KI_CUT_DIMENSIONS]);
    assert_int_equal(main_mm, at.found.length_mm[KI_CUT_NONE]);
    scene_free(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_joined_both_ways_is_not_cut_off),
        cmocka_unit_test(a_one_way_link_leaves_no_way_out_or_no_way_in),
        cmocka_unit_test(limits_and_tags_of_the_link_are_told_apart),
        cmocka_unit_test(each_limit_names_itself),
        cmocka_unit_test(a_closure_tonight_is_named_by_the_hour),
        cmocka_unit_test(a_barrier_cuts_off_what_lies_behind_it),
        cmocka_unit_test(turns_may_cut_off_what_streets_join),
        cmocka_unit_test(islands_and_the_border_are_told_apart),
        cmocka_unit_test(every_arc_is_counted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
