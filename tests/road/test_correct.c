/* SPDX-License-Identifier: GPL-3.0-or-later
 * Corrections on a town of streets by hand: nodes 1 to 5 in a row, 111 m apart, as way 10; nodes 11
 * to 15 in the row above as way 20; 3 - 13 joins the two as way 30. */
#include "road/correct.h"

#include "base/alloc.h"
#include "road/profile.h"
#include "road_town.h"

#include <math.h>
#include <string.h>

enum { MANY = 8 };
static uint8_t faults[MANY];

static road_town rows(void) {
    road_town town = town_new(10, 0);
    town_way(&town, 10, NULL, (int64_t[]){1, 2, 3, 4, 5}, 5);
    town_way(&town, 20, NULL, (int64_t[]){11, 12, 13, 14, 15}, 5);
    town_way(&town, 30, NULL, (int64_t[]){3, 13}, 2);
    return town;
}

static ki_graph *corrected(road_town *town, const kerb_correction *corrections, size_t n) {
    assert_int_equal(ki_graph_correct(town->builder, corrections, n, NULL), KERB_OK);
    ki_graph *graph = town_build(town);
    assert_int_equal(graph->n_corrections, n);
    memcpy(faults, graph->correction_faults, n);
    return graph;
}

/* The edge between two OSM nodes, in either direction; a failure if there is none. */
static int32_t edge_of(const ki_graph *graph, int64_t a, int64_t b) {
    for (int32_t edge = 0; edge < graph->n_edges; edge++) {
        int64_t from = graph->nodes[graph->edges[edge].from].osm_id;
        int64_t to = graph->nodes[graph->edges[edge].to].osm_id;
        if ((from == a && to == b) || (from == b && to == a)) return edge;
    }
    fail_msg("no edge %lld - %lld", (long long)a, (long long)b);
    return -1;
}

static const ki_way_tags *tags_of(const ki_graph *graph, int64_t a, int64_t b) {
    return &ki_arc_way(graph, 2 * edge_of(graph, a, b))->tags;
}

static double deg(double steps) {
    return steps * TOWN_STEP_E7 / 1e7;
}

static void nothing_corrected_leaves_the_graph_and_its_hash(void **state) {
    (void)state;
    road_town plain = rows(), none = rows();
    ki_graph *a = town_build(&plain), *b = corrected(&none, NULL, 0);
    assert_string_equal(a->hash, b->hash);
    assert_string_equal(b->corrections, "");
    ki_graph_free(a);
    ki_graph_free(b);
}

static void a_whole_way_is_closed(void **state) {
    (void)state;
    kerb_correction close = {.kind = KERB_CORRECTION_CLOSE, .way_id = 30};
    road_town town = rows();
    ki_graph *graph = corrected(&town, &close, 1);
    assert_int_equal(faults[0], KERB_CORRECTION_DONE);
    assert_int_equal(tags_of(graph, 3, 13)->access[0] | tags_of(graph, 3, 13)->access[1], 0);
    assert_int_equal(tags_of(graph, 1, 3)->access[0], KI_KIND_ALL);
    ki_graph_free(graph);
}

static void a_stretch_is_set_and_the_way_stays_whole(void **state) {
    (void)state;
    kerb_correction set = {.kind = KERB_CORRECTION_SET,
                           .way_id = 10,
                           .from_node = 4,
                           .to_node = 2,
                           .speed_kmh = 36,
                           .max_height_m = 3.2,
                           .name = "Mill Lane"};
    road_town town = rows();
    ki_graph *graph = corrected(&town, &set, 1);
    ki_arena arena = {0};
    ki_run run = {0};
    assert_int_equal(tags_of(graph, 2, 3)->speed_mm_per_s[1], 10000);
    assert_int_equal(tags_of(graph, 2, 3)->max_height_mm, 3200);
    assert_int_equal(tags_of(graph, 3, 4)->max_height_mm, 3200);
    assert_int_equal(tags_of(graph, 1, 2)->max_height_mm, 0);
    assert_int_equal(tags_of(graph, 4, 5)->max_height_mm, 0);
    assert_string_equal(ki_way_name(graph, ki_arc_way(graph, 2 * edge_of(graph, 3, 4))),
                        "Mill Lane");
    assert_string_equal(ki_way_name(graph, ki_arc_way(graph, 2 * edge_of(graph, 1, 2))), "");
    assert_int_equal(ki_graph_find_run(graph, 10, 1, 5, &arena, &run, NULL), KERB_OK);
    assert_int_equal(run.n_arcs, 4); /* cut at 2, 3 and 4, and found across them */
    ki_arena_free(&arena);
    ki_graph_free(graph);
}

static void overlapping_corrections_add_up_in_order(void **state) {
    (void)state;
    kerb_correction both[] = {
        {.kind = KERB_CORRECTION_SET, .way_id = 10, .from_node = 1, .to_node = 4, .speed_kmh = 18},
        {.kind = KERB_CORRECTION_SET, .way_id = 10, .max_width_m = 2, .speed_kmh = 0},
        {.kind = KERB_CORRECTION_SET, .way_id = 10, .from_node = 2, .to_node = 5, .speed_kmh = 72}};
    road_town town = rows();
    ki_graph *graph = corrected(&town, both, 3);
    assert_int_equal(tags_of(graph, 1, 2)->speed_mm_per_s[0], 5000);
    assert_int_equal(tags_of(graph, 2, 3)->speed_mm_per_s[0], 20000);
    assert_int_equal(tags_of(graph, 4, 5)->speed_mm_per_s[0], 20000);
    assert_int_equal(tags_of(graph, 1, 2)->max_width_mm, 2000);
    assert_int_equal(tags_of(graph, 4, 5)->max_width_mm, 2000);
    ki_graph_free(graph);
}

static void a_closed_way_is_cut_past_its_first_node(void **state) {
    (void)state;
    kerb_correction close = {
        .kind = KERB_CORRECTION_CLOSE, .way_id = 40, .from_node = 2, .to_node = 11};
    road_town town = town_new(10, 0);
    town_way(&town, 40, NULL, (int64_t[]){1, 2, 3, 13, 12, 11, 1}, 7);
    ki_graph *graph = corrected(&town, &close, 1);
    int32_t closed_mm = 0;
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        if (!ki_arc_way(graph, 2 * edge)->tags.access[0]) closed_mm += graph->edges[edge].length_mm;
    assert_in_range(closed_mm, 222000, 223000); /* 11 - 1 - 2, not the 444 m about the other side */
    ki_graph_free(graph);
}

static void bans_and_permits_are_by_kind_and_direction(void **state) {
    (void)state;
    ki_way_tags one_way = town_tags();
    one_way.access[0] = KI_KIND_TRUCK;
    one_way.access[1] = 0;
    kerb_correction rows_[] = {
        {.kind = KERB_CORRECTION_CLOSE, .way_id = 30, .closed_to = 1U << KERB_USE_HAUL},
        {.kind = KERB_CORRECTION_SET, .way_id = 50, .open_to = 1U << KERB_USE_SWEEPER},
        {.kind = KERB_CORRECTION_SET, .way_id = 20, .one_way = KERB_ONE_WAY_AGAINST}};
    road_town town = rows();
    town_way(&town, 50, &one_way, (int64_t[]){5, 15}, 2);
    ki_graph *graph = corrected(&town, rows_, 3);
    assert_int_equal(tags_of(graph, 3, 13)->access[1], KI_KIND_SWEEPER | KI_KIND_ROBOT);
    assert_int_equal(tags_of(graph, 5, 15)->access[0], KI_KIND_TRUCK | KI_KIND_SWEEPER);
    assert_int_equal(tags_of(graph, 5, 15)->access[1], 0);
    assert_int_equal(tags_of(graph, 13, 11)->access[0], 0);
    assert_int_equal(tags_of(graph, 13, 11)->access[1], KI_KIND_ALL);
    ki_graph_free(graph);
}

static void limits_are_lifted_by_infinity(void **state) {
    (void)state;
    ki_way_tags low = town_tags();
    low.max_height_mm = 2500;
    low.max_mass_kg = 3500;
    kerb_correction lift = {.kind = KERB_CORRECTION_SET, .way_id = 60, .max_height_m = INFINITY};
    road_town town = rows();
    town_way(&town, 60, &low, (int64_t[]){1, 11}, 2);
    ki_graph *graph = corrected(&town, &lift, 1);
    assert_int_equal(tags_of(graph, 1, 11)->max_height_mm, 0);
    assert_int_equal(tags_of(graph, 1, 11)->max_mass_kg, 3500);
    ki_graph_free(graph);
}

static void a_position_means_the_road_from_junction_to_junction(void **state) {
    (void)state;
    double lat = deg(0.05), lon = deg(1.5), far_lat = deg(0.5), far_lon = deg(0.5);
    kerb_correction near[] = {
        {.kind = KERB_CORRECTION_CLOSE, .lat_deg = &lat, .lon_deg = &lon, .n_positions = 1},
        {.kind = KERB_CORRECTION_CLOSE,
         .lat_deg = &far_lat,
         .lon_deg = &far_lon,
         .n_positions = 1}};
    road_town town = rows();
    ki_graph *graph = corrected(&town, near, 2);
    assert_int_equal(faults[0], KERB_CORRECTION_DONE);
    assert_int_equal(faults[1], KERB_CORRECTION_NO_ROAD);
    assert_int_equal(tags_of(graph, 1, 3)->access[0], 0); /* 2 is no junction */
    assert_int_equal(tags_of(graph, 3, 5)->access[0], KI_KIND_ALL);
    ki_graph_free(graph);
}

static void a_gate_is_opened_and_a_bollard_put_up(void **state) {
    (void)state;
    kerb_correction gates[] = {
        {.kind = KERB_CORRECTION_SET, .node_id = 12, .open_to = 1U << KERB_USE_TRUCK},
        {.kind = KERB_CORRECTION_CLOSE, .node_id = 2},
        {.kind = KERB_CORRECTION_SET, .node_id = 14, .max_height_m = 2.1},
        {.kind = KERB_CORRECTION_SET, .node_id = 4, .speed_kmh = 30},
        {.kind = KERB_CORRECTION_CLOSE, .node_id = 7}};
    road_town town = rows();
    town_tag(&town, 12, (ki_node_tags){.blocked = KI_KIND_TRUCK | KI_KIND_SWEEPER});
    ki_graph *graph = corrected(&town, gates, 5);
    assert_int_equal(faults[3], KERB_CORRECTION_NO_PLACE);
    assert_int_equal(faults[4], KERB_CORRECTION_NO_NODE);
    int seen = 0;
    for (int32_t node = 0; node < graph->n_nodes; node++) {
        const ki_node *at = &graph->nodes[node];
        if (at->osm_id == 12) assert_int_equal(at->tags.blocked, KI_KIND_SWEEPER);
        if (at->osm_id == 2) assert_int_equal(at->tags.blocked, KI_KIND_ALL);
        if (at->osm_id == 14) assert_int_equal(at->tags.max_height_mm, 2100);
        seen += at->osm_id == 12 || at->osm_id == 2 || at->osm_id == 14;
    }
    assert_int_equal(seen, 3);
    ki_graph_free(graph);
}

static void an_added_road_joins_the_nodes_at_its_ends(void **state) {
    (void)state;
    double lat[] = {deg(0.1), deg(0.5), deg(0.9)}, lon[] = {deg(4.1), deg(4.3), deg(3.9)};
    kerb_correction add = {.kind = KERB_CORRECTION_ADD,
                           .lat_deg = lat,
                           .lon_deg = lon,
                           .n_positions = 3,
                           .name = "Yard"};
    road_town town = rows();
    ki_graph *graph = corrected(&town, &add, 1);
    assert_int_equal(faults[0], KERB_CORRECTION_DONE);
    int32_t edge = edge_of(graph, 5, 15);
    assert_string_equal(ki_way_name(graph, ki_arc_way(graph, 2 * edge)), "Yard");
    assert_true(ki_arc_way(graph, 2 * edge)->osm_id < 0);
    assert_int_equal(tags_of(graph, 5, 15)->road_class, KI_ROAD_SERVICE);
    assert_int_equal(tags_of(graph, 5, 15)->speed_mm_per_s[0], 5556);
    assert_int_equal(graph->edges[edge].n_points, 3);
    ki_graph_free(graph);
}

static void added_roads_join_each_other_and_lonely_ones_are_left_out(void **state) {
    (void)state;
    double lat_1[] = {0, deg(0.2)}, lon_1[] = {deg(4.1), deg(6)};
    double lat_2[] = {deg(0.2), deg(1)}, lon_2[] = {deg(6), deg(7)};
    double lat_3[] = {deg(5), deg(5)}, lon_3[] = {deg(5), deg(6)};
    kerb_correction adds[] = {
        {.kind = KERB_CORRECTION_ADD, .lat_deg = lat_1, .lon_deg = lon_1, .n_positions = 2},
        {.kind = KERB_CORRECTION_ADD, .lat_deg = lat_2, .lon_deg = lon_2, .n_positions = 2},
        {.kind = KERB_CORRECTION_ADD, .lat_deg = lat_3, .lon_deg = lon_3, .n_positions = 2}};
    road_town town = rows();
    ki_graph *graph = corrected(&town, adds, 3);
    assert_int_equal(faults[0], KERB_CORRECTION_DONE);
    assert_int_equal(faults[1], KERB_CORRECTION_DONE);
    assert_int_equal(faults[2], KERB_CORRECTION_NO_JOINT);
    assert_int_equal(graph->n_ways, 5);
    const ki_edge *first = &graph->edges[graph->first_edge[3]];
    const ki_edge *second = &graph->edges[graph->first_edge[4]];
    assert_int_equal(first->to, second->from);
    ki_graph_free(graph);
}

static void what_matches_nothing_is_told(void **state) {
    (void)state;
    double nan_lat = NAN, lon = 0;
    kerb_correction bad[] = {
        {.kind = KERB_CORRECTION_CLOSE, .way_id = 999},
        {.kind = KERB_CORRECTION_CLOSE, .way_id = 10, .from_node = 1, .to_node = 13},
        {.kind = KERB_CORRECTION_CLOSE},
        {.way_id = 10},
        {.kind = KERB_CORRECTION_SET, .lat_deg = &nan_lat, .lon_deg = &lon, .n_positions = 1},
        {.kind = KERB_CORRECTION_ADD, .lat_deg = &lon, .lon_deg = &lon, .n_positions = 1}};
    static const int EXPECTED[] = {KERB_CORRECTION_NO_WAY,   KERB_CORRECTION_NO_RUN,
                                   KERB_CORRECTION_NO_PLACE, KERB_CORRECTION_NO_PLACE,
                                   KERB_CORRECTION_NO_PLACE, KERB_CORRECTION_NO_PLACE};
    road_town town = rows();
    ki_graph *graph = corrected(&town, bad, 6);
    for (int row = 0; row < 6; row++) {
        assert_int_equal(faults[row], EXPECTED[row]);
        assert_non_null(
            strstr(kerb_correction_fault_text((kerb_correction_fault)faults[row]), "expected"));
    }
    assert_int_equal(graph->n_copies, 0);
    ki_graph_free(graph);
}

/* What the road or gate is to a kind of vehicle that is out for one hour of a day from an hour on.
 */
static ki_profile_spec out_at(uint8_t kind, int hour) {
    static const ki_wall_clock clock = {0, 0, INT64_MAX};
    int64_t start_s = 20780 * (int64_t)86400 + hour * 3600;
    return (ki_profile_spec){.kind = kind,
                             .out = ki_out_between(start_s, start_s + 3600, &clock, NULL, 0)};
}

static int is_open(const ki_graph *graph, int64_t a, int64_t b, uint8_t kind, int hour) {
    ki_profile_spec spec = out_at(kind, hour);
    int32_t arc = 2 * edge_of(graph, a, b);
    int along = ki_profile_arc_ms(graph, &spec, arc) != KI_NEVER;
    assert_int_equal(along, ki_profile_arc_ms(graph, &spec, arc + 1) != KI_NEVER);
    return along;
}

static void a_road_with_hours_is_shut_outside_them(void **state) {
    (void)state;
    kerb_correction set[] = {
        {.kind = KERB_CORRECTION_SET, .way_id = 30, .open_hours = "06:00-20:00"},
        {.kind = KERB_CORRECTION_SET,
         .way_id = 20,
         .open_hours = "06:00-20:00",
         .closed_to = 1U << KERB_USE_TRUCK},
        {.kind = KERB_CORRECTION_SET, .way_id = 10, .open_hours = "after lunch"}};
    road_town town = rows();
    ki_graph *graph = corrected(&town, set, 3);
    assert_int_equal(faults[2], KERB_CORRECTION_NO_HOURS);
    for (int hour = 0; hour < 24; hour++) {
        int by_day = hour >= 6 && hour < 20;
        assert_int_equal(is_open(graph, 3, 13, KI_KIND_TRUCK, hour), by_day);
        assert_int_equal(is_open(graph, 3, 13, KI_KIND_SWEEPER, hour), by_day);
        assert_int_equal(is_open(graph, 11, 13, KI_KIND_TRUCK, hour), by_day);
        assert_true(is_open(graph, 11, 13, KI_KIND_SWEEPER, hour));
        assert_true(is_open(graph, 1, 3, KI_KIND_TRUCK, hour));
    }
    ki_graph_free(graph);
}

static void later_rows_close_and_open_over_hours(void **state) {
    (void)state;
    kerb_correction set[] = {
        {.kind = KERB_CORRECTION_SET, .way_id = 30, .open_hours = "06:00-20:00"},
        {.kind = KERB_CORRECTION_CLOSE, .way_id = 30, .closed_to = 1U << KERB_USE_TRUCK},
        {.kind = KERB_CORRECTION_SET, .way_id = 30, .open_to = 1U << KERB_USE_SWEEPER}};
    road_town town = rows();
    ki_graph *graph = corrected(&town, set, 3);
    for (int hour = 0; hour < 24; hour += 3) {
        assert_false(is_open(graph, 3, 13, KI_KIND_TRUCK, hour));
        assert_true(is_open(graph, 3, 13, KI_KIND_SWEEPER, hour));
        assert_int_equal(is_open(graph, 3, 13, KI_KIND_ROBOT, hour), hour >= 6 && hour < 20);
    }
    ki_graph_free(graph);
}

static void a_gate_with_hours_stops_those_it_names(void **state) {
    (void)state;
    kerb_correction set = {.kind = KERB_CORRECTION_SET,
                           .node_id = 3,
                           .open_hours = "22:00-05:00",
                           .closed_to = 1U << KERB_USE_TRUCK};
    road_town town = rows();
    ki_graph *graph = corrected(&town, &set, 1);
    int32_t in = 2 * edge_of(graph, 1, 3), out = 2 * edge_of(graph, 3, 5);
    for (int hour = 0; hour < 24; hour++) {
        ki_profile_spec truck = out_at(KI_KIND_TRUCK, hour),
                        sweeper = out_at(KI_KIND_SWEEPER, hour);
        int by_night = hour >= 22 || hour < 5;
        assert_int_equal(ki_profile_turn_ms(graph, &truck, in, out) != KI_NEVER, by_night);
        assert_int_not_equal(ki_profile_turn_ms(graph, &sweeper, in, out), KI_NEVER);
    }
    ki_graph_free(graph);
}

static void the_hash_follows_every_field_and_the_order(void **state) {
    (void)state;
    double lat = 1, lon = 2, other = 3;
    kerb_correction plain = {.kind = KERB_CORRECTION_SET, .way_id = 1}, pair[2], swapped[2];
    char first[65], hash[65], back[65];
    kerb_correction changed[13];
    for (int at = 0; at < 13; at++)
        changed[at] = plain;
    changed[0].kind = KERB_CORRECTION_CLOSE;
    changed[1].way_id = 2;
    changed[2].from_node = changed[2].to_node = 5;
    changed[3].node_id = 4;
    changed[4].name = "x";
    changed[5].road_class = KERB_ROAD_TRACK;
    changed[6].one_way = KERB_ONE_WAY_BOTH;
    changed[7].speed_kmh = 30;
    changed[8].max_height_m = INFINITY;
    changed[9].closed_to = 2;
    changed[10].open_to = 2;
    changed[11].open_hours = "06:00-20:00";
    changed[12] = (kerb_correction){
        .kind = KERB_CORRECTION_SET, .lat_deg = &lat, .lon_deg = &lon, .n_positions = 1};
    kerb_corrections_hash(&plain, 1, first);
    for (int at = 0; at < 13; at++) {
        kerb_corrections_hash(&changed[at], 1, hash);
        assert_string_not_equal(hash, first);
    }
    changed[12].lat_deg = &other;
    kerb_corrections_hash(&changed[12], 1, back);
    assert_string_not_equal(hash, back);
    pair[0] = swapped[1] = changed[0];
    pair[1] = swapped[0] = changed[1];
    kerb_corrections_hash(pair, 2, hash);
    kerb_corrections_hash(swapped, 2, back);
    assert_string_not_equal(hash, back);
}

/* A correction that has no effect still makes other roads: the plan then says what was asked. */
static void the_roads_hash_holds_that_of_the_corrections(void **state) {
    (void)state;
    kerb_correction set = {.kind = KERB_CORRECTION_SET, .way_id = 999};
    road_town plain = rows(), town = rows();
    ki_graph *a = town_build(&plain), *b = corrected(&town, &set, 1);
    char hash[65];
    kerb_corrections_hash(&set, 1, hash);
    assert_string_equal(b->corrections, hash);
    assert_string_not_equal(a->hash, b->hash);
    ki_graph_free(a);
    ki_graph_free(b);
}

static void too_many_are_refused(void **state) {
    (void)state;
    road_town town = rows();
    kerb_error err = {0};
    assert_int_equal(ki_graph_correct(town.builder, NULL, 10001, &err), KERB_BAD_INPUT);
    assert_string_equal(err.message, "corrections of roads: 10001, expected at most 10000");
    ki_graph_builder_free(town.builder);
}

static void failing_allocations_leak_nothing(void **state) {
    (void)state;
    double lat[] = {deg(0.1), deg(0.9)}, lon[] = {deg(4.1), deg(3.9)};
    kerb_correction all[] = {
        {.kind = KERB_CORRECTION_SET, .way_id = 10, .from_node = 2, .to_node = 4, .name = "x"},
        {.kind = KERB_CORRECTION_CLOSE, .lat_deg = lat, .lon_deg = lon, .n_positions = 1},
        {.kind = KERB_CORRECTION_CLOSE, .node_id = 12},
        {.kind = KERB_CORRECTION_ADD, .lat_deg = lat, .lon_deg = lon, .n_positions = 2}};
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; status != KERB_OK; nth++) {
        ki_graph *graph = NULL;
        road_town town = rows();
        ki_alloc_fail_at(nth);
        status = ki_graph_correct(town.builder, all, 4, NULL);
        if (status == KERB_OK)
            status = ki_graph_build(&graph, town.builder, NULL);
        else
            ki_graph_builder_free(town.builder);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(nth < 1000);
        ki_graph_free(graph);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_corrected_leaves_the_graph_and_its_hash),
        cmocka_unit_test(a_whole_way_is_closed),
        cmocka_unit_test(a_stretch_is_set_and_the_way_stays_whole),
        cmocka_unit_test(overlapping_corrections_add_up_in_order),
        cmocka_unit_test(a_closed_way_is_cut_past_its_first_node),
        cmocka_unit_test(bans_and_permits_are_by_kind_and_direction),
        cmocka_unit_test(limits_are_lifted_by_infinity),
        cmocka_unit_test(a_position_means_the_road_from_junction_to_junction),
        cmocka_unit_test(a_gate_is_opened_and_a_bollard_put_up),
        cmocka_unit_test(an_added_road_joins_the_nodes_at_its_ends),
        cmocka_unit_test(added_roads_join_each_other_and_lonely_ones_are_left_out),
        cmocka_unit_test(what_matches_nothing_is_told),
        cmocka_unit_test(a_road_with_hours_is_shut_outside_them),
        cmocka_unit_test(later_rows_close_and_open_over_hours),
        cmocka_unit_test(a_gate_with_hours_stops_those_it_names),
        cmocka_unit_test(the_hash_follows_every_field_and_the_order),
        cmocka_unit_test(the_roads_hash_holds_that_of_the_corrections),
        cmocka_unit_test(too_many_are_refused),
        cmocka_unit_test(failing_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
