/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "road/graph.h"

#include "base/alloc.h"
#include "road_town.h"

#include <math.h>
#include <string.h>

/* Nodes of a small town, a degree grid of about 111 m:
 *
 *   7---8---9
 *   |   |   |
 *   4---5---6     way 1: 4 5 6    way 2: 2 5 8   way 3: 1 2 3   way 4: 7 8 9
 *   |   |   |     way 5: 1 4 7    way 6: 3 6 9
 *   1---2---3 */
static void add_town(road_town *town) {
    static const int64_t WAYS[6][3] = {{4, 5, 6}, {2, 5, 8}, {1, 2, 3},
                                       {7, 8, 9}, {1, 4, 7}, {3, 6, 9}};
    for (int way = 0; way < 6; way++)
        town_way(town, way + 1, NULL, WAYS[way], 3);
}

static ki_graph *build_town(void) {
    road_town town = town_new(3, 0);
    add_town(&town);
    return town_build(&town);
}

static void ways_split_at_junctions_only(void **state) {
    (void)state;
    road_town town = town_new(4, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 3, 4}, 4);
    town_way(&town, 2, NULL, (int64_t[]){2, 6}, 2);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_edges, 3); /* 1-2, 2-3-4, 2-6 */
    assert_int_equal(graph->n_nodes, 4);
    assert_int_equal(graph->edges[1].n_points, 3);
    assert_int_equal(graph->points[graph->edges[1].first_point + 1].osm_id, 3);
    assert_int_equal(graph->edges[1].length_mm,
                     graph->points[graph->edges[1].first_point + 2].at_mm);
    ki_graph_free(graph);
}

static void a_signal_a_barrier_and_a_via_node_split_a_way(void **state) {
    (void)state;
    road_town town = town_new(6, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 3, 4, 5}, 5);
    town_tag(&town, 2, (ki_node_tags){.flags = KI_NODE_SIGNALS});
    town_tag(&town, 3, (ki_node_tags){.flags = KI_NODE_CROSSING});
    town_tag(&town, 4, (ki_node_tags){.blocked = KI_KIND_TRUCK});
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_edges, 3);
    assert_int_equal(graph->nodes[graph->edges[0].to].tags.flags, KI_NODE_SIGNALS);
    assert_int_equal(graph->nodes[graph->edges[1].to].tags.blocked, KI_KIND_TRUCK);
    ki_graph_free(graph);
}

static void a_way_that_crosses_itself_becomes_a_loop(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 5, 4, 2, 3}, 6);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_edges, 3);
    assert_int_equal(graph->edges[1].from, graph->edges[1].to);
    ki_graph_free(graph);
}

static void parallel_ways_stay_distinct_and_coincident_nodes_keep_a_length(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2}, 2);
    town_way(&town, 2, NULL, (int64_t[]){1, 2}, 2);
    int32_t lat[2] = {5, 5}, lon[2] = {7, 7};
    ki_way_tags tags = town_tags();
    assert_int_equal(ki_graph_builder_add_way(town.builder, 3, "twin", &tags, (int64_t[]){100, 101},
                                              lat, lon, 2, NULL),
                     KERB_OK);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_edges, 3);
    assert_int_equal(graph->edges[0].from, graph->edges[1].from);
    assert_int_equal(graph->edges[2].length_mm, 1);
    assert_string_equal(ki_way_name(graph, &graph->ways[2]), "twin");
    ki_graph_free(graph);
}

static void repeated_refs_and_stubs_are_ignored(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 1, 2, 2}, 4);
    town_way(&town, 2, NULL, (int64_t[]){3, 3}, 2);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_ways, 1);
    assert_int_equal(graph->n_edges, 1);
    assert_int_equal(graph->edges[0].n_points, 2);
    ki_graph_free(graph);
}

static void an_edge_too_long_for_millimetres_is_cut(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    int64_t refs[4] = {1, 2, 3, 4};
    int32_t lat[4] = {0, 0, 0, 0}, lon[4] = {0, 80000000, 160000000, 1800000000};
    ki_way_tags tags = town_tags();
    assert_int_equal(
        ki_graph_builder_add_way(town.builder, 1, NULL, &tags, refs, lat, lon, 4, NULL), KERB_OK);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_edges, 3);
    for (int edge = 0; edge < 3; edge++)
        assert_in_range(graph->edges[edge].length_mm, 1, 1000000000);
    ki_graph_free(graph);
}

static void no_way_at_all_gives_an_empty_graph(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_arcs, 0);
    assert_int_equal(strlen(graph->hash), 64);
    ki_graph_free(graph);
}

static void out_arcs_list_every_arc_where_it_leaves(void **state) {
    (void)state;
    ki_graph *graph = build_town();
    int seen[64] = {0};
    assert_int_equal(graph->first_out[graph->n_nodes], graph->n_arcs);
    for (int node = 0; node < graph->n_nodes; node++)
        for (int out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            assert_int_equal(ki_arc_from(graph, graph->out_arcs[out]), node);
            seen[graph->out_arcs[out]]++;
            if (out > graph->first_out[node])
                assert_true(graph->out_arcs[out - 1] < graph->out_arcs[out]);
        }
    for (int arc = 0; arc < graph->n_arcs; arc++)
        assert_int_equal(seen[arc], 1);
    ki_graph_free(graph);
}

static void the_hash_follows_the_data_and_nothing_else(void **state) {
    (void)state;
    ki_graph *first = build_town(), *again = build_town();
    assert_string_equal(first->hash, again->hash);
    road_town town = town_new(3, 0);
    add_town(&town);
    town_tag(&town, 5, (ki_node_tags){.flags = KI_NODE_SIGNALS});
    ki_graph *other = town_build(&town);
    assert_string_not_equal(first->hash, other->hash);
    ki_graph_free(first);
    ki_graph_free(again);
    ki_graph_free(other);
}

/* ---- restrictions ------------------------------------------------------------------- */

static ki_graph *restricted(ki_osm_restriction restriction) {
    road_town town = town_new(3, 0);
    add_town(&town);
    town_restrict(&town, restriction);
    return town_build(&town);
}

static void check_nodes(const ki_graph *graph, const ki_restriction *restriction,
                        const int64_t *nodes, int n_nodes) {
    assert_int_equal(restriction->n_arcs, n_nodes - 1);
    for (int step = 0; step < restriction->n_arcs; step++) {
        int32_t arc = graph->restriction_arcs[restriction->first_arc + step];
        assert_int_equal(graph->nodes[ki_arc_from(graph, arc)].osm_id, nodes[step]);
        assert_int_equal(graph->nodes[ki_arc_to(graph, arc)].osm_id, nodes[step + 1]);
    }
}

static void a_ban_where_the_to_way_ends_is_one_turn(void **state) {
    (void)state;
    ki_graph *graph = restricted(
        (ki_osm_restriction){.id = 9, .from_way = 3, .to_way = 2, .via_node = 2, .except = 2});
    assert_int_equal(graph->n_restrictions, 2); /* way 3 passes through: from both sides */
    check_nodes(graph, &graph->restrictions[0], (int64_t[]){1, 2, 5}, 3);
    check_nodes(graph, &graph->restrictions[1], (int64_t[]){3, 2, 5}, 3);
    assert_int_equal(graph->restrictions[0].except, 2);
    assert_int_equal(graph->restrictions[0].osm_id, 9);
    ki_graph_free(graph);
}

static void an_order_is_dropped_where_it_could_mean_two_ways_on(void **state) {
    (void)state;
    ki_graph *graph = restricted(
        (ki_osm_restriction){.id = 9, .from_way = 2, .to_way = 3, .via_node = 2, .only = 1});
    assert_int_equal(graph->n_restrictions, 0);
    assert_int_equal(graph->n_unmatched_restrictions, 1);
    ki_graph_free(graph);
}

static void straight_on_along_one_way_is_matched_from_both_sides(void **state) {
    (void)state;
    ki_graph *graph = restricted(
        (ki_osm_restriction){.id = 9, .from_way = 1, .to_way = 1, .via_node = 5, .only = 1});
    assert_int_equal(graph->n_restrictions, 2);
    check_nodes(graph, &graph->restrictions[0], (int64_t[]){4, 5, 6}, 3);
    check_nodes(graph, &graph->restrictions[1], (int64_t[]){6, 5, 4}, 3);
    ki_graph_free(graph);
}

static void no_u_turn_is_the_turn_back(void **state) {
    (void)state;
    ki_graph *graph = restricted(
        (ki_osm_restriction){.id = 9, .from_way = 2, .to_way = 2, .via_node = 2, .u_turn = 1});
    assert_int_equal(graph->n_restrictions, 1);
    check_nodes(graph, &graph->restrictions[0], (int64_t[]){5, 2, 5}, 3);
    ki_graph_free(graph);
}

static void a_chain_of_via_ways_is_walked_through_split_ways(void **state) {
    (void)state;
    /* From way 3 along way 5 (1-4-7, split at 4) and way 4 (7-8-9, split at 8) into way 6. */
    ki_graph *graph = restricted((ki_osm_restriction){
        .id = 9, .from_way = 3, .to_way = 6, .via_ways = {5, 4}, .n_via_ways = 2});
    assert_int_equal(graph->n_restrictions, 1);
    check_nodes(graph, &graph->restrictions[0], (int64_t[]){2, 1, 4, 7, 8, 9, 6}, 7);
    ki_graph_free(graph);
}

static void restrictions_that_match_nothing_are_counted(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    add_town(&town);
    town_restrict(&town, (ki_osm_restriction){.from_way = 77, .to_way = 2, .via_node = 2});
    town_restrict(&town, (ki_osm_restriction){.from_way = 1, .to_way = 3, .via_node = 5});
    town_restrict(
        &town, (ki_osm_restriction){.from_way = 1, .to_way = 3, .via_ways = {4}, .n_via_ways = 1});
    town_restrict(&town, (ki_osm_restriction){.from_way = 1, .to_way = 3, .n_via_ways = 99});
    ki_graph *graph = town_build(&town);
    assert_int_equal(graph->n_restrictions, 0);
    assert_int_equal(graph->n_unmatched_restrictions, 4);
    ki_graph_free(graph);
}

/* ---- geometry ------------------------------------------------------------------------- */

static void bearings_turn_with_the_road(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 5}, 3); /* east, then north */
    ki_graph *graph = town_build(&town);
    assert_int_equal(ki_arc_bearing_out(graph, 0), 9000);
    assert_int_equal(ki_arc_bearing_in(graph, 0), 0);
    assert_int_equal(ki_arc_bearing_out(graph, 1), 18000);
    assert_int_equal(ki_arc_bearing_in(graph, 1), 27000);
    ki_graph_free(graph);
}

static void distance_is_the_great_circle(void **state) {
    (void)state;
    assert_true(fabs(ki_distance_mm(0, 0, 10000000, 0) - 111195080) < 100); /* one degree */
    assert_true(fabs(ki_distance_mm(600000000, 0, 600000000, 10000000) - 55597000) < 2000);
    assert_true(ki_distance_mm(5, 5, 5, 5) == 0);
}

static void a_place_lies_between_its_shape_points(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 5}, 3);
    ki_graph *graph = town_build(&town);
    int32_t length = graph->edges[0].length_mm, half = graph->points[1].at_mm, lat, lon;
    ki_place_position(graph, (ki_place){0, half / 2}, &lat, &lon);
    assert_int_equal(lat, graph->points[0].lat_e7);
    assert_in_range(lon - graph->points[0].lon_e7, TOWN_STEP_E7 / 2 - 2, TOWN_STEP_E7 / 2 + 2);
    ki_place_position(graph, (ki_place){1, 0}, &lat, &lon);
    assert_int_equal(lat, graph->points[2].lat_e7);
    ki_place_position(graph, (ki_place){1, length}, &lat, &lon);
    assert_int_equal(lon, graph->points[0].lon_e7);
    ki_graph_free(graph);
}

static void runs_go_both_ways_and_start_at_shape_points(void **state) {
    (void)state;
    road_town town = town_new(5, 0);
    town_way(&town, 7, NULL, (int64_t[]){1, 2, 3, 4, 5}, 5);
    town_way(&town, 8, NULL, (int64_t[]){3, 8}, 2);
    ki_graph *graph = town_build(&town);
    ki_arena arena = {0};
    ki_run run, back;
    assert_int_equal(ki_graph_find_run(graph, 7, 2, 4, &arena, &run, NULL), KERB_OK);
    assert_int_equal(ki_graph_find_run(graph, 7, 4, 2, &arena, &back, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, 2);
    assert_int_equal(run.arcs[0], 0);
    assert_int_equal(run.arcs[1], 2);
    assert_int_equal(back.arcs[0], 3);
    assert_int_equal(back.arcs[1], 1);
    assert_int_equal(run.length_mm, back.length_mm);
    assert_int_equal(run.length_mm, graph->edges[0].length_mm - run.start_mm + run.end_mm);
    assert_int_equal(ki_graph_find_run(graph, 7, 3, 5, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, 1);
    assert_int_equal(run.start_mm, 0);
    assert_int_equal(run.end_mm, graph->edges[1].length_mm);
    assert_int_equal(ki_graph_find_run(graph, 7, 3, 8, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, 0);
    assert_int_equal(ki_graph_find_run(graph, 99, 3, 4, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, 0);
    ki_arena_free(&arena);
    ki_graph_free(graph);
}

static void once_round_a_closed_way_is_a_run(void **state) {
    (void)state;
    road_town town = town_new(3, 0);
    town_way(&town, 7, NULL, (int64_t[]){1, 2, 5, 4, 1}, 5);
    ki_graph *graph = town_build(&town);
    ki_arena arena = {0};
    ki_run run;
    assert_int_equal(ki_graph_find_run(graph, 7, 1, 1, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.length_mm, graph->edges[0].length_mm);
    ki_arena_free(&arena);
    ki_graph_free(graph);
}

/* 1-2-5-4-1, one-way, with streets that split it at each corner. */
static ki_graph *roundabout(uint8_t against) {
    ki_way_tags tags = town_tags();
    tags.access[1] = against;
    road_town town = town_new(3, 0);
    town_way(&town, 7, &tags, (int64_t[]){1, 2, 5, 4, 1}, 5);
    town_way(&town, 1, NULL, (int64_t[]){2, 3}, 2);
    town_way(&town, 2, NULL, (int64_t[]){5, 6}, 2);
    town_way(&town, 3, NULL, (int64_t[]){4, 7}, 2);
    return town_build(&town);
}

static void check_run(const ki_graph *graph, int64_t from, int64_t to, const int32_t *arcs,
                      int n_arcs) {
    ki_arena arena = {0};
    ki_run run;
    int64_t length_mm = 0;
    assert_int_equal(ki_graph_find_run(graph, 7, from, to, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, n_arcs);
    for (int step = 0; step < n_arcs; step++) {
        assert_int_equal(run.arcs[step], arcs[step]);
        length_mm += graph->edges[arcs[step] >> 1].length_mm;
    }
    assert_int_equal(run.length_mm, length_mm);
    assert_int_equal(run.start_mm, 0);
    assert_int_equal(run.end_mm, graph->edges[arcs[n_arcs - 1] >> 1].length_mm);
    ki_arena_free(&arena);
}

static void a_run_round_a_roundabout_follows_its_traffic_past_the_first_node(void **state) {
    (void)state;
    ki_graph *one_way = roundabout(0), *two_way = roundabout(KI_KIND_ALL);
    check_run(one_way, 4, 2, (int32_t[]){6, 0}, 2);
    check_run(one_way, 5, 2, (int32_t[]){4, 6, 0}, 3);
    check_run(one_way, 2, 1, (int32_t[]){2, 4, 6}, 3);
    check_run(one_way, 5, 5, (int32_t[]){4, 6, 0, 2}, 4);
    check_run(two_way, 5, 2, (int32_t[]){3}, 1);
    check_run(two_way, 2, 4, (int32_t[]){2, 4}, 2);
    check_run(two_way, 1, 4, (int32_t[]){7}, 1);
    ki_graph_free(one_way);
    ki_graph_free(two_way);
}

static void traffic_keeps_left_in_london_and_right_in_porto(void **state) {
    (void)state;
    static const struct {
        int32_t lat_e7, lon_e7;
        int left;
    } CITIES[] = {
        {515000000, -1000000, 1},    {411500000, -86100000, 0},  {356800000, 1397000000, 1},
        {-338600000, 1512000000, 1}, {190700000, 728700000, 1},  {-12900000, 368200000, 1},
        {399000000, 1164000000, 0},  {375600000, 1269900000, 0}, {351000000, 1290000000, 0},
        {310000000, 1214700000, 0},  {223000000, 1141700000, 1}, {225400000, 1140500000, 0},
        {577000000, 119700000, 0},   {485000000, 23000000, 0},   {137500000, 1005000000, 1},
        {13000000, 1038000000, 1},   {146000000, 1209800000, 0}, {105000000, 1050000000, 0}};
    for (size_t city = 0; city < sizeof CITIES / sizeof *CITIES; city++) {
        road_town town = town_new(3, 0);
        town.lat_e7 = CITIES[city].lat_e7;
        town.lon_e7 = CITIES[city].lon_e7;
        add_town(&town);
        ki_graph *graph = town_build(&town);
        assert_int_equal(graph->drive_left, CITIES[city].left);
        ki_graph_free(graph);
    }
}

static void out_of_memory_is_an_error_wherever_it_strikes(void **state) {
    (void)state;
    kerb_status status = KERB_NO_MEMORY;
    int n_failed = 0;
    for (int nth = 1; nth < 500 && status != KERB_OK; nth++) {
        road_town town = town_new(3, 0);
        add_town(&town);
        town_restrict(&town, (ki_osm_restriction){.from_way = 3, .to_way = 2, .via_node = 2});
        ki_graph *graph = NULL;
        ki_alloc_fail_at(nth);
        status = ki_graph_build(&graph, town.builder, NULL);
        ki_alloc_fail_at(0);
        n_failed += status != KERB_OK;
        if (status == KERB_OK) {
            ki_graph_free(graph);
        } else {
            assert_int_equal(status, KERB_NO_MEMORY);
            assert_null(graph);
        }
    }
    assert_int_equal(status, KERB_OK);
    assert_true(n_failed > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_split_at_junctions_only),
        cmocka_unit_test(a_signal_a_barrier_and_a_via_node_split_a_way),
        cmocka_unit_test(a_way_that_crosses_itself_becomes_a_loop),
        cmocka_unit_test(parallel_ways_stay_distinct_and_coincident_nodes_keep_a_length),
        cmocka_unit_test(repeated_refs_and_stubs_are_ignored),
        cmocka_unit_test(an_edge_too_long_for_millimetres_is_cut),
        cmocka_unit_test(no_way_at_all_gives_an_empty_graph),
        cmocka_unit_test(out_arcs_list_every_arc_where_it_leaves),
        cmocka_unit_test(the_hash_follows_the_data_and_nothing_else),
        cmocka_unit_test(a_ban_where_the_to_way_ends_is_one_turn),
        cmocka_unit_test(an_order_is_dropped_where_it_could_mean_two_ways_on),
        cmocka_unit_test(straight_on_along_one_way_is_matched_from_both_sides),
        cmocka_unit_test(no_u_turn_is_the_turn_back),
        cmocka_unit_test(a_chain_of_via_ways_is_walked_through_split_ways),
        cmocka_unit_test(restrictions_that_match_nothing_are_counted),
        cmocka_unit_test(bearings_turn_with_the_road),
        cmocka_unit_test(distance_is_the_great_circle),
        cmocka_unit_test(a_place_lies_between_its_shape_points),
        cmocka_unit_test(runs_go_both_ways_and_start_at_shape_points),
        cmocka_unit_test(once_round_a_closed_way_is_a_run),
        cmocka_unit_test(a_run_round_a_roundabout_follows_its_traffic_past_the_first_node),
        cmocka_unit_test(traffic_keeps_left_in_london_and_right_in_porto),
        cmocka_unit_test(out_of_memory_is_an_error_wherever_it_strikes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
