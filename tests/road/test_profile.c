/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "road/profile.h"

#include "road_town.h"

#include <string.h>

static const ki_profile_spec TRUCK = {.kind = KI_KIND_TRUCK};

enum { WHOLE_CELL_E7 = 410976256 }; /* a cell of the graph's order: ways stand as added */

/* A crossing at node 5 of a three by three grid, one way of two edges each way. Arcs at node 5:
 * 0 comes from the west, 2 leaves to the east, 4 comes from the south, 6 leaves to the north. */
static road_town crossing_town(void) {
    road_town town = town_new(3, WHOLE_CELL_E7);
    town_way(&town, 1, NULL, (int64_t[]){4, 5, 6}, 3);
    town_way(&town, 2, NULL, (int64_t[]){2, 5, 8}, 3);
    return town;
}
enum { FROM_WEST = 0, TO_EAST = 2, TO_SOUTH = 5, TO_NORTH = 6, TO_WEST = 1 };

static ki_profile *profile_of(const ki_graph *graph, ki_profile_spec spec, const uint8_t *closed) {
    ki_profile *profile;
    assert_int_equal(ki_profile_build(&profile, graph, &spec, closed, NULL), KERB_OK);
    return profile;
}

static int has_turn(const ki_profile *profile, int32_t from, int32_t to) {
    for (int32_t turn = profile->first_turn[from]; turn < profile->first_turn[from + 1]; turn++)
        if (profile->base_arc[profile->turn_to[turn]] == to) return 1;
    return 0;
}

static ki_graph *one_street(ki_way_tags tags) {
    road_town town = town_new(3, 0);
    town_way(&town, 1, &tags, (int64_t[]){1, 2}, 2);
    return town_build(&town);
}

static void time_is_length_over_speed(void **state) {
    (void)state;
    ki_graph *graph = one_street(town_tags());
    ki_profile_spec slow = {.kind = KI_KIND_ROBOT, .top_speed_mm_per_s = 2000};
    int32_t length_mm = graph->edges[0].length_mm;
    assert_int_equal(ki_profile_arc_ms(graph, &TRUCK, 0), (length_mm + 5) / 10);
    assert_int_equal(ki_profile_arc_ms(graph, &slow, 0), (length_mm + 1) / 2);
    ki_graph_free(graph);
}

static void access_and_limits_close_an_arc(void **state) {
    (void)state;
    static const ki_profile_spec BIG = {.kind = KI_KIND_TRUCK,
                                        .height_mm = 4000,
                                        .width_mm = 2500,
                                        .length_mm = 9000,
                                        .mass_kg = 18000};
    ki_way_tags limits[6];
    for (int index = 0; index < 6; index++)
        limits[index] = town_tags();
    limits[0].max_height_mm = 3999;
    limits[1].max_width_mm = 2499;
    limits[2].max_length_mm = 8999;
    limits[3].max_mass_kg = 17999;
    limits[4].access[0] = KI_KIND_SWEEPER;
    limits[5].speed_mm_per_s[0] = 0;
    for (int index = 0; index < 6; index++) {
        ki_graph *graph = one_street(limits[index]);
        assert_int_equal(ki_profile_arc_ms(graph, &BIG, 0), KI_NEVER);
        ki_graph_free(graph);
    }
    limits[0].max_height_mm = 4000;
    ki_graph *graph = one_street(limits[0]);
    assert_int_not_equal(ki_profile_arc_ms(graph, &BIG, 0), KI_NEVER);
    ki_graph_free(graph);
}

static void an_arc_takes_at_least_a_millisecond_and_never_overflows(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    ki_way_tags tags = town_tags();
    int32_t lat[2] = {0, 0}, lon[2] = {0, 0}, far[2] = {0, 1700000000};
    tags.speed_mm_per_s[0] = 65535;
    tags.speed_mm_per_s[1] = 1;
    ki_graph_builder_add_way(town.builder, 1, NULL, &tags, (int64_t[]){1, 2}, lat, lon, 2, NULL);
    ki_graph_builder_add_way(town.builder, 2, NULL, &tags, (int64_t[]){3, 4}, lat, far, 2, NULL);
    ki_graph *graph = town_build(&town);
    assert_int_equal(ki_profile_arc_ms(graph, &TRUCK, 0), 1);
    assert_int_equal(ki_profile_arc_ms(graph, &TRUCK, 3), KI_NEVER);
    ki_graph_free(graph);
}

static void a_turn_across_traffic_is_dearer_and_driving_left_mirrors_it(void **state) {
    (void)state;
    road_town town = crossing_town();
    ki_graph *graph = town_build(&town);
    int32_t right = ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_SOUTH);
    int32_t left = ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_NORTH);
    int32_t straight = ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_EAST);
    assert_true(straight < 50 && straight < right && right < left && left < KI_TURN_MAX_MS);
    graph->drive_left = 1;
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_SOUTH), left);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_NORTH), right);
    ki_graph_free(graph);
}

static void signals_cost_and_a_bend_does_not(void **state) {
    (void)state;
    road_town town = crossing_town();
    town_tag(&town, 5, (ki_node_tags){.flags = KI_NODE_SIGNALS});
    ki_graph *signals = town_build(&town);
    town = crossing_town();
    ki_graph *plain = town_build(&town);
    assert_int_equal(ki_profile_turn_ms(signals, &TRUCK, FROM_WEST, TO_NORTH) -
                         ki_profile_turn_ms(plain, &TRUCK, FROM_WEST, TO_NORTH),
                     KI_SIGNAL_MS);
    ki_graph_free(plain);
    ki_graph_free(signals);
    town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, NULL, (int64_t[]){2, 5}, 2);
    ki_graph *bend = town_build(&town);
    assert_int_equal(ki_profile_turn_ms(bend, &TRUCK, 0, 2), 0);
    ki_graph_free(bend);
}

static void arcs_that_do_not_meet_make_no_turn(void **state) {
    (void)state;
    road_town town = crossing_town();
    ki_graph *graph = town_build(&town);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, TO_EAST, FROM_WEST), KI_NEVER);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, 3), KI_NEVER);
    ki_graph_free(graph);
}

static void u_turns_are_for_dead_ends_unless_the_profile_allows_them(void **state) {
    (void)state;
    ki_profile_spec agile = {.kind = KI_KIND_TRUCK, .u_turns = 1};
    road_town town = crossing_town();
    ki_graph *graph = town_build(&town);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, FROM_WEST, TO_WEST), KI_NEVER);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, TO_EAST, 3), KI_U_TURN_MS);
    assert_int_equal(ki_profile_turn_ms(graph, &agile, FROM_WEST, TO_WEST), KI_U_TURN_MS);
    ki_graph_free(graph);
}

/* Two carriageways meet at node 61 and, with a stem, go on as one street to the east:
 *   81 ────►
 *            61 ──── 80
 *    1 ◄────                */
static ki_graph *nose_town(int with_stem) {
    road_town town = town_new(40, 0);
    ki_way_tags one_way = town_tags();
    one_way.access[1] = 0;
    town_way(&town, 1, &one_way, (int64_t[]){81, 61}, 2);
    town_way(&town, 2, &one_way, (int64_t[]){61, 1}, 2);
    if (with_stem) town_way(&town, 3, NULL, (int64_t[]){61, 80}, 2);
    return town_build(&town);
}

static void turning_round_is_a_u_turn_whatever_the_road_is_called(void **state) {
    (void)state;
    enum { INTO = 0, BACK = 2, ON = 4 };
    ki_profile_spec agile = {.kind = KI_KIND_TRUCK, .u_turns = 1};
    for (int with_stem = 0; with_stem < 2; with_stem++) {
        ki_graph *graph = nose_town(with_stem);
        for (graph->drive_left = 0; graph->drive_left < 2; graph->drive_left++) {
            assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, INTO, BACK),
                             with_stem ? KI_NEVER : KI_U_TURN_MS);
            assert_int_equal(ki_profile_turn_ms(graph, &agile, INTO, BACK), KI_U_TURN_MS);
        }
        if (with_stem) assert_true(ki_profile_turn_ms(graph, &TRUCK, INTO, ON) < 100);
        ki_graph_free(graph);
    }
}

/* A hill road with a side street in its bend, one-way as it may be; and a narrow fork. */
static void a_hairpin_and_a_narrow_fork_are_no_u_turns(void **state) {
    (void)state;
    for (int fork = 0; fork < 2; fork++) {
        road_town town = town_new(40, 0);
        ki_way_tags one_way = town_tags();
        one_way.access[1] = 0;
        if (fork) {
            town_way(&town, 1, NULL, (int64_t[]){81, 61}, 2);
            town_way(&town, 2, NULL, (int64_t[]){61, 1}, 2);
        } else {
            town_way(&town, 1, &one_way, (int64_t[]){81, 61, 1}, 3);
        }
        town_way(&town, 3, NULL, (int64_t[]){61, 80}, 2);
        ki_graph *graph = town_build(&town);
        assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, 0, 2), KI_U_TURN_MS);
        ki_graph_free(graph);
    }
}

/* Left turns from a road that comes from the west, each road farther round than the one before. */
static void a_sharper_turn_never_costs_less(void **state) {
    (void)state;
    enum { ROADS = 7 };
    static const int64_t ends[ROADS] = {20, 116, 111, 106, 102, 41, 21};
    for (int drive_left = 0; drive_left < 2; drive_left++) {
        road_town town = town_new(20, 0);
        town_way(&town, 1, NULL, (int64_t[]){1, 11}, 2);
        for (int road = 0; road < ROADS; road++)
            town_way(&town, road + 2, NULL, (int64_t[]){11, ends[road]}, 2);
        ki_graph *graph = town_build(&town);
        graph->drive_left = drive_left;
        int32_t before_ms = 0;
        for (int road = 0; road < ROADS; road++) {
            int32_t turn_ms = ki_profile_turn_ms(graph, &TRUCK, 0, 2 * road + 2);
            assert_true(turn_ms > before_ms || turn_ms == KI_U_TURN_MS);
            before_ms = turn_ms;
        }
        assert_int_equal(before_ms, KI_U_TURN_MS);
        ki_graph_free(graph);
    }
}

static void a_street_that_goes_on_for_others_only_is_a_dead_end(void **state) {
    (void)state;
    ki_way_tags sweepers = town_tags();
    sweepers.access[0] = sweepers.access[1] = KI_KIND_SWEEPER;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, &sweepers, (int64_t[]){2, 3}, 2);
    ki_graph *graph = town_build(&town);
    ki_profile_spec sweeper = {.kind = KI_KIND_SWEEPER};
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, 0, 1), KI_U_TURN_MS);
    assert_int_equal(ki_profile_turn_ms(graph, &sweeper, 0, 1), KI_NEVER);
    ki_graph_free(graph);
}

static void a_barrier_stops_its_kind_and_may_be_turned_at(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 3}, 3);
    town_tag(&town, 2, (ki_node_tags){.blocked = KI_KIND_TRUCK, .max_height_mm = 3000});
    ki_graph *graph = town_build(&town);
    ki_profile_spec robot = {.kind = KI_KIND_ROBOT}, tall = robot;
    tall.height_mm = 3500;
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, 0, 2), KI_NEVER);
    assert_int_equal(ki_profile_turn_ms(graph, &TRUCK, 0, 1), KI_U_TURN_MS);
    assert_int_equal(ki_profile_turn_ms(graph, &robot, 0, 2), 0);
    assert_int_equal(ki_profile_turn_ms(graph, &robot, 0, 1), KI_NEVER);
    assert_int_equal(ki_profile_turn_ms(graph, &tall, 0, 2), KI_NEVER);
    ki_graph_free(graph);
}

static void a_street_closed_tonight_has_no_time_and_no_turns(void **state) {
    (void)state;
    road_town town = crossing_town();
    ki_graph *graph = town_build(&town);
    uint8_t closed[8] = {[TO_EAST] = 1};
    ki_profile *profile = profile_of(graph, TRUCK, closed);
    assert_int_equal(profile->arc_ms[TO_EAST], KI_NEVER);
    assert_int_equal(profile->component[TO_EAST], -1);
    assert_false(has_turn(profile, FROM_WEST, TO_EAST));
    assert_true(has_turn(profile, FROM_WEST, TO_NORTH));
    ki_profile_free(profile);
    ki_graph_free(graph);
}

static void bans_and_orders_bind_all_but_the_excepted_kinds(void **state) {
    (void)state;
    road_town town = crossing_town();
    town_way(&town, 3, NULL, (int64_t[]){5, 9}, 2);
    town_restrict(
        &town, (ki_osm_restriction){
                   .id = 1, .from_way = 1, .to_way = 3, .via_node = 5, .except = KI_KIND_SWEEPER});
    ki_graph *graph = town_build(&town);
    ki_profile_spec sweeper = {.kind = KI_KIND_SWEEPER};
    ki_profile *bound = profile_of(graph, TRUCK, NULL), *free_ = profile_of(graph, sweeper, NULL);
    assert_false(has_turn(bound, FROM_WEST, 8));
    assert_true(has_turn(free_, FROM_WEST, 8));
    ki_profile_free(bound);
    ki_profile_free(free_);
    ki_graph_free(graph);

    town = crossing_town();
    town_way(&town, 3, NULL, (int64_t[]){5, 9}, 2);
    town_restrict(
        &town, (ki_osm_restriction){.id = 1, .from_way = 1, .to_way = 3, .via_node = 5, .only = 1});
    graph = town_build(&town);
    bound = profile_of(graph, TRUCK, NULL);
    assert_true(has_turn(bound, FROM_WEST, 8));
    assert_int_equal(bound->first_turn[FROM_WEST + 1] - bound->first_turn[FROM_WEST], 1);
    ki_profile_free(bound);
    ki_graph_free(graph);
}

/* 1-2-3 along the south, 2-5 north (the via way), 4-5-6 along the north: no 1-2, 2-5, 5-4. */
static void a_ban_over_a_via_way_holds_for_those_who_came_that_way(void **state) {
    (void)state;
    road_town town = town_new(3, 411000000);
    town_way(&town, 1, NULL, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, NULL, (int64_t[]){3, 2}, 2);
    town_way(&town, 3, NULL, (int64_t[]){2, 5}, 2);
    town_way(&town, 4, NULL, (int64_t[]){5, 4}, 2);
    town_way(&town, 5, NULL, (int64_t[]){5, 6}, 2);
    town_restrict(&town,
                  (ki_osm_restriction){
                      .id = 1, .from_way = 1, .to_way = 4, .via_ways = {3}, .n_via_ways = 1});
    ki_graph *graph = town_build(&town);
    ki_profile *profile = profile_of(graph, TRUCK, NULL);
    enum { FROM_1 = 0, FROM_3 = 2, VIA = 4, TO_4 = 6, TO_6 = 8 };
    assert_int_equal(profile->n_nodes, graph->n_arcs + 1);
    int32_t copy = profile->copies[profile->first_copy[VIA]];
    assert_int_equal(profile->base_arc[copy], VIA);
    assert_false(has_turn(profile, copy, TO_4));
    assert_true(has_turn(profile, copy, TO_6));
    assert_true(has_turn(profile, VIA, TO_4));
    assert_int_equal(profile->depart[VIA], copy); /* a stop there may have come from 1 */
    for (int32_t turn = profile->first_turn[FROM_1]; turn < profile->first_turn[FROM_1 + 1]; turn++)
        assert_int_not_equal(profile->turn_to[turn], VIA);
    for (int32_t turn = profile->first_turn[FROM_3]; turn < profile->first_turn[FROM_3 + 1]; turn++)
        assert_int_not_equal(profile->turn_to[turn], copy);
    ki_profile_free(profile);
    ki_graph_free(graph);
}

static void turns_of_a_monstrous_junction_are_refused_not_endured(void **state) {
    (void)state;
    road_town town = town_new(200, 0);
    enum { ROADS = 11000 };
    for (int road = 0; road < ROADS; road++)
        town_way(&town, road + 1, NULL, (int64_t[]){1, road + 2}, 2);
    ki_graph *graph = town_build(&town);
    ki_profile *profile;
    kerb_error err;
    assert_int_equal(ki_profile_build(&profile, graph, &TRUCK, NULL, &err), KERB_BAD_INPUT);
    assert_null(profile);
    assert_non_null(strstr(err.message, "turns"));
    ki_graph_free(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_length_over_speed),
        cmocka_unit_test(access_and_limits_close_an_arc),
        cmocka_unit_test(an_arc_takes_at_least_a_millisecond_and_never_overflows),
        cmocka_unit_test(a_turn_across_traffic_is_dearer_and_driving_left_mirrors_it),
        cmocka_unit_test(signals_cost_and_a_bend_does_not),
        cmocka_unit_test(arcs_that_do_not_meet_make_no_turn),
        cmocka_unit_test(u_turns_are_for_dead_ends_unless_the_profile_allows_them),
        cmocka_unit_test(turning_round_is_a_u_turn_whatever_the_road_is_called),
        cmocka_unit_test(a_hairpin_and_a_narrow_fork_are_no_u_turns),
        cmocka_unit_test(a_sharper_turn_never_costs_less),
        cmocka_unit_test(a_street_that_goes_on_for_others_only_is_a_dead_end),
        cmocka_unit_test(a_barrier_stops_its_kind_and_may_be_turned_at),
        cmocka_unit_test(a_street_closed_tonight_has_no_time_and_no_turns),
        cmocka_unit_test(bans_and_orders_bind_all_but_the_excepted_kinds),
        cmocka_unit_test(a_ban_over_a_via_way_holds_for_those_who_came_that_way),
        cmocka_unit_test(turns_of_a_monstrous_junction_are_refused_not_endured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
