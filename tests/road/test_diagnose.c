/* SPDX-License-Identifier: GPL-3.0-or-later
 * Diagnoses of a town by hand: a ring 1-2-12-11 with a stub to turn at, and a pocket of two streets
 * 3-4-5 and 4-14 that hangs at node 2 by way 2, or nearly does. */
#include "road/diagnose.h"

#include "base/alloc.h"
#include "road/correct.h"
#include "road_town.h"

#include <string.h>

static const ki_profile_spec TRUCK = {.kind = KI_KIND_TRUCK, .height_mm = 3500};

typedef struct scene {
    ki_graph *graph;
    ki_diagnosis found;
    ki_arena arena;
} scene;

static const double SITE_LAT[] = {0.0001, 0.00105}, SITE_LON[] = {0.0034, 0.0005};

static road_town ring(void) {
    road_town town = town_new(10, 0);
    town_way(&town, 1, NULL, (int64_t[]){1, 2, 12, 11, 1}, 5);
    town_way(&town, 9, NULL, (int64_t[]){11, 21, 31}, 3);
    town_way(&town, 8, NULL, (int64_t[]){12, 22}, 2);
    town_way(&town, 7, NULL, (int64_t[]){21, 22}, 2);
    town_way(&town, 3, NULL, (int64_t[]){3, 4, 5}, 3);
    town_way(&town, 4, NULL, (int64_t[]){4, 14}, 2);
    return town;
}

static scene examine(road_town *town) {
    scene at = {.graph = town_build(town)};
    assert_int_equal(
        ki_diagnose(&at.found, at.graph, &TRUCK, SITE_LAT, SITE_LON, 2, &at.arena, NULL), KERB_OK);
    return at;
}

static void scene_free(scene *at) {
    ki_arena_free(&at->arena);
    ki_graph_free(at->graph);
}

static scene behind(const ki_way_tags *link) {
    road_town town = ring();
    town_way(&town, 2, link, (int64_t[]){2, 3}, 2);
    return examine(&town);
}

/* The whole pocket, one site, and the link itself, by this many of its lanes. */
static void assert_first(const scene *at, int kind, int n_lanes_of_link) {
    int64_t pocket_mm = 0;
    assert_true(at->found.n_remedies > 0);
    const ki_remedy *first = &at->found.remedies[0];
    for (int32_t edge = 0; edge < at->graph->n_edges; edge++) {
        int64_t way = at->graph->ways[at->graph->edges[edge].way].osm_id;
        if (way == 3 || way == 4) pocket_mm += 2 * (int64_t)at->graph->edges[edge].length_mm;
        if (way == 2) pocket_mm += n_lanes_of_link * (int64_t)at->graph->edges[edge].length_mm;
    }
    assert_int_equal(first->kind, kind);
    assert_int_equal(first->gained_mm, pocket_mm);
    assert_int_equal(first->n_sites, 1);
    assert_int_equal(first->is_tried, kind != KI_REMEDY_GAP);
}

static void each_obstacle_has_its_remedy(void **state) {
    (void)state;
    ki_way_tags one_way = town_tags(), low = town_tags(), shut = town_tags();
    one_way.access[1] = 0;
    low.max_height_mm = 350;
    shut.access[0] = shut.access[1] = 0;
    scene by_way = behind(&one_way), by_limit = behind(&low), by_tags = behind(&shut);
    assert_first(&by_way, KI_REMEDY_ONE_WAY, 2);
    assert_first(&by_limit, KI_REMEDY_LIMIT, 2);
    assert_first(&by_tags, KI_REMEDY_ACCESS, 2);
    scene_free(&by_way);
    scene_free(&by_limit);
    scene_free(&by_tags);
}

static void a_gate_is_worth_what_lies_behind_it(void **state) {
    (void)state;
    road_town town = ring();
    town_way(&town, 2, NULL, (int64_t[]){2, 3}, 2);
    town_tag(&town, 3, (ki_node_tags){.blocked = KI_KIND_TRUCK});
    scene at = examine(&town);
    assert_first(&at, KI_REMEDY_GATE, 0);
    scene_free(&at);
}

static void a_street_that_ends_some_metres_short_is_found(void **state) {
    (void)state;
    road_town town = ring();
    int64_t refs[] = {3, 77};
    int32_t lat_e7[] = {0, 0}, lon_e7[] = {2 * TOWN_STEP_E7, TOWN_STEP_E7 + 900};
    ki_way_tags tags = town_tags();
    assert_int_equal(
        ki_graph_builder_add_way(town.builder, 2, NULL, &tags, refs, lat_e7, lon_e7, 2, NULL),
        KERB_OK);
    scene at = examine(&town);
    assert_first(&at, KI_REMEDY_GAP, 2);
    assert_int_equal(at.graph->nodes[at.found.remedies[0].node].osm_id, 77);
    assert_int_equal(at.graph->points[at.found.remedies[0].point].osm_id, 2); /* no junction */
    scene_free(&at);
}

static void a_whole_town_needs_none(void **state) {
    (void)state;
    scene at = behind(NULL);
    assert_int_equal(at.found.n_remedies, 0);
    assert_int_equal(at.found.n_sites_cut, 0);
    assert_int_equal(at.found.open_mm, at.found.main_mm);
    scene_free(&at);
}

static void the_row_that_is_printed_gains_what_is_promised(void **state) {
    (void)state;
    ki_way_tags one_way = town_tags();
    one_way.access[1] = 0;
    scene at = behind(&one_way);
    ki_text text = {0}, json = {0};
    ki_diagnosis_print(&at.found, at.graph, &TRUCK, 0, &text);
    ki_diagnosis_print(&at.found, at.graph, &TRUCK, 1, &json);
    assert_non_null(strstr(text.bytes, "1 of 2 sites stand beside them"));
    assert_non_null(strstr(text.bytes, "way 2 is one-way\n     action=set way_id=2 from_node=2 "
                                       "to_node=3 one_way=both"));
    assert_non_null(strstr(json.bytes, "\"kind\":\"one_way\""));
    kerb_correction row = {.kind = KERB_CORRECTION_SET,
                           .way_id = 2,
                           .from_node = 2,
                           .to_node = 3,
                           .one_way = KERB_ONE_WAY_BOTH};
    road_town town = ring();
    town_way(&town, 2, &one_way, (int64_t[]){2, 3}, 2);
    assert_int_equal(ki_graph_correct(town.builder, &row, 1, NULL), KERB_OK);
    scene after = examine(&town);
    assert_int_equal(after.found.main_mm - at.found.main_mm, at.found.remedies[0].gained_mm);
    assert_int_equal(after.found.n_remedies, 0);
    ki_text_free(&text);
    ki_text_free(&json);
    scene_free(&after);
    scene_free(&at);
}

static void failing_allocations_leak_nothing(void **state) {
    (void)state;
    ki_way_tags one_way = town_tags();
    one_way.access[1] = 0;
    road_town town = ring();
    town_way(&town, 2, &one_way, (int64_t[]){2, 3}, 2);
    ki_graph *graph = town_build(&town);
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; status != KERB_OK; nth++) {
        ki_diagnosis found;
        ki_arena arena = {0};
        ki_alloc_fail_at(nth);
        status = ki_diagnose(&found, graph, &TRUCK, SITE_LAT, SITE_LON, 2, &arena, NULL);
        ki_alloc_fail_at(0);
        ki_arena_free(&arena);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(nth < 2000);
    }
    ki_graph_free(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_obstacle_has_its_remedy),
        cmocka_unit_test(a_gate_is_worth_what_lies_behind_it),
        cmocka_unit_test(a_street_that_ends_some_metres_short_is_found),
        cmocka_unit_test(a_whole_town_needs_none),
        cmocka_unit_test(the_row_that_is_printed_gains_what_is_promised),
        cmocka_unit_test(failing_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
