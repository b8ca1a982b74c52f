/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reader delivers of an extract, into a recording sink and into the graph. */
#define _POSIX_C_SOURCE 200809L
#include "base/alloc.h"
#include "base/error.h"
#include "io/osm_recorder.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- what is delivered ----------------------------------------------------------------------- */

static void a_town_is_delivered_in_full(void **state) {
    (void)state;
    expect_record(TOWN("signals"),
                  "n2 flags 1 blocked 0 height 0\n"
                  "n3 flags 2 blocked 0 height 0\n"
                  "n4 flags 8 blocked 0 height 0\n"
                  "w10 '' class 7 7/7: 1@577000000,120000000 2@577000000,120020000\n"
                  "w11 '' class 7 7/7: 2@577000000,120020000 3@577000000,120040000\n"
                  "w12 '' class 7 7/7: 3@577000000,120040000 4@577000000,120060000 "
                  "5@577000000,120080000\n"
                  "w13 '' class 7 7/7: 2@577000000,120020000 6@577010000,120020000\n"
                  "w14 '' class 7 7/7: 3@577000000,120040000 7@577010000,120040000\n");
    assert_int_equal(counts.n_roads, 5);
    assert_int_equal(counts.n_missing_refs, 0);
}

static void ways_may_stand_before_their_nodes(void **state) {
    (void)state;
    expect_record(TOWN("ways_first"),
                  "n2 flags 1 blocked 0 height 0\n"
                  "w10 'Order Street' class 7 7/7: 1@577000000,120000000 2@577000000,120020000 "
                  "3@577000000,120040000\n");
}

static void drafts_of_an_editor_keep_their_negative_ids(void **state) {
    (void)state;
    expect_record(TOWN("draft_ids"),
                  "w-10 '' class 7 7/7: 1@577000000,120000000 -7@577000000,120020000\n");
}

static void a_way_is_cut_at_missing_nodes(void **state) {
    (void)state;
    expect_record(TOWN("missing_refs"),
                  "w10 '' class 7 7/7: 1@577000000,120000000 2@577000000,120020000\n"
                  "w10 '' class 7 7/7: 3@577000000,120040000 4@577000000,120060000\n"
                  "w12 '' class 7 7/7: 2@577000000,120020000 4@577000000,120060000\n");
    assert_int_equal(counts.n_missing_refs, 3);
    assert_int_equal(counts.n_roads, 2);
}

static void roads_skipped_and_closed_are_counted(void **state) {
    ki_text text;
    (void)state;
    assert_int_equal(record(&text, TOWN("access"), 0), KERB_OK);
    ki_text_free(&text);
    assert_int_equal(counts.n_ways, 10);
    assert_int_equal(counts.n_roads, 7);
    assert_int_equal(counts.n_skipped_ways, 3);
    assert_int_equal(counts.n_closed_ways, 1);
}

static const char *restrictions_of(ki_text *text, const char *path) {
    assert_int_equal(record(text, path, 0), KERB_OK);
    const char *first = strstr(text->bytes, "\nr");
    assert_non_null(first);
    return first + 1;
}

static void restrictions_carry_members_and_kinds(void **state) {
    ki_text text;
    (void)state;
    assert_string_equal(restrictions_of(&text, TOWN("no_left_turn")),
                        "r100 10 via n2 to 12 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("only_straight_on")),
                        "r100 10 via n2 to 11 only 1 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("no_u_turn")),
                        "r100 10 via n2 to 10 only 0 except 0 u 1\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("via_way")),
                        "r100 10 via n0 w12 to 14 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("via_two_ways")),
                        "r100 10 via n0 w11 w12 to 13 only 0 except 0 u 0\n");
    ki_text_free(&text);
    assert_string_equal(restrictions_of(&text, TOWN("except")),
                        "r100 10 via n2 to 12 only 0 except 1 u 0\n"
                        "r101 10 via n2 to 13 only 0 except 6 u 0\n"
                        "r102 11 via n2 to 13 only 0 except 0 u 0\n"
                        "r103 11 via n2 to 12 only 0 except 0 u 0 conditions 1\n");
    ki_text_free(&text);
    assert_int_equal(counts.n_conditional_restrictions, 1);
    assert_int_equal(counts.n_bad_restrictions, 0);
}

static void via_ways_are_put_in_order_of_travel(void **state) {
    ki_text text;
    (void)state;
    assert_string_equal(restrictions_of(&text, TOWN("via_shuffled")),
                        "r100 10 via n0 w11 w12 to 13 only 0 except 0 u 0\n");
    ki_text_free(&text);
}

static void spots_stand_at_nodes_then_ways(void **state) {
    ki_osm_spot *spots;
    size_t n_spots;
    (void)state;
    assert_int_equal(ki_osm_read_spots(&spots, &n_spots, TOWN("spots"), &err), KERB_OK);
    assert_int_equal(n_spots, 5);
    const int kinds[] = {KI_OSM_SPOT_HOME, KI_OSM_SPOT_SHOP, KI_OSM_SPOT_WASTE, KI_OSM_SPOT_HOME,
                         KI_OSM_SPOT_SHOP};
    for (size_t spot = 0; spot < n_spots; spot++)
        assert_int_equal(spots[spot].kind, kinds[spot]);
    assert_true(spots[3].lat_deg == 57.704 && spots[3].lon_deg == 12.0);
    assert_true(spots[4].lat_deg == 57.704 && spots[4].lon_deg == 12.001);
    ki_free(spots);
}

/* ---- failures below -------------------------------------------------------------------------- */

static kerb_status refuse_way(void *payload, int64_t osm_id, const char *name,
                              const ki_way_tags *tags, const int64_t *refs, const int32_t *lat_e7,
                              const int32_t *lon_e7, size_t n_refs, kerb_error *error) {
    (void)payload, (void)osm_id, (void)name, (void)tags, (void)refs, (void)lat_e7, (void)lon_e7;
    (void)n_refs;
    return ki_fail_no_memory(error, "a way");
}

static void a_failing_sink_ends_the_reading(void **state) {
    ki_text text = {0};
    ki_condition_table *conditions = ki_condition_table_new();
    ki_osm_sink sink = {&text, record_node, refuse_way, record_restriction, conditions};
    (void)state;
    assert_int_equal(ki_osm_extract(&sink, &counts, TOWN("except"), 0, &err), KERB_NO_MEMORY);
    assert_string_equal(err.message, "out of memory: a way");
    ki_condition_table_free(conditions);
    ki_text_free(&text);
}

static void a_failed_allocation_leaves_no_roads(void **state) {
    kerb_roads *roads;
    (void)state;
    assert_int_equal(kerb_roads_load(&roads, TOWN("via_way"), &err), KERB_OK);
    ki_alloc_fail_at(0);
    kerb_roads_free(roads);
    assert_int_equal(kerb_roads_load(&roads, TOWN("via_way"), &err), KERB_OK);
    kerb_roads_free(roads);
    int64_t n_allocations = ki_alloc_count();
    assert_true(n_allocations > 10);
    for (int64_t nth = 1; nth <= n_allocations; nth++) {
        ki_alloc_fail_at(nth);
        kerb_status status = kerb_roads_load(&roads, TOWN("via_way"), &err);
        ki_alloc_fail_at(0);
        assert_int_equal(status, KERB_NO_MEMORY);
        assert_null(roads);
    }
}

/* ---- with the real graph --------------------------------------------------------------------- */

static void towns_become_graphs(void **state) {
    static const struct {
        const char *path;
        int32_t n_restrictions;
    } towns[] = {
        {TOWN("access"), 0},           {TOWN("bollard"), 0},       {TOWN("dead_end"), 0},
        {TOWN("except"), 4},           {TOWN("height_limit"), 0},  {TOWN("loop_way"), 0},
        {TOWN("no_left_turn"), 1},     {TOWN("no_u_turn"), 1},     {TOWN("one_way"), 0},
        {TOWN("only_straight_on"), 1}, {TOWN("parallel_ways"), 0}, {TOWN("roundabout"), 0},
        {TOWN("two_components"), 0},   {TOWN("via_two_ways"), 1},  {TOWN("via_shuffled"), 1},
        {TOWN("via_way"), 1},
    };
    (void)state;
    for (size_t town = 0; town < sizeof towns / sizeof *towns; town++) {
        kerb_roads *roads;
        if (kerb_roads_load(&roads, towns[town].path, &err) != KERB_OK) fail_msg("%s", err.message);
        assert_true(kerb_roads_length_km(roads) > 0.1);
        assert_int_equal(kerb_roads_arc_count(roads), 2 * roads->graph->n_edges);
        if (roads->graph->n_unmatched_restrictions != 0 ||
            roads->graph->n_restrictions != towns[town].n_restrictions)
            fail_msg("%s: %d restrictions and %d unmatched", towns[town].path,
                     roads->graph->n_restrictions, roads->graph->n_unmatched_restrictions);
        kerb_roads_free(roads);
    }
}

static void real_extracts_become_the_same_graph_twice(void **state) {
    static const char *const names[] = {"monaco.osm.pbf", "moscow.osm.gz", "guixi.osm.pbf"};
    const char *data = getenv("KERBSIDE_DATA");
    (void)state;
    if (!data) data = "../shared/data";
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        char extract[512];
        kerb_roads *first, *second;
        snprintf(extract, sizeof extract, "%s/osm/%s", data, names[name]);
        if (access(extract, R_OK) != 0) {
            print_message("skipped: %s is absent (set KERBSIDE_DATA)\n", extract);
            skip();
        }
        assert_int_equal(kerb_roads_load(&first, extract, &err), KERB_OK);
        assert_int_equal(kerb_roads_load(&second, extract, &err), KERB_OK);
        assert_int_equal(strlen(kerb_roads_hash(first)), 64);
        assert_string_equal(kerb_roads_hash(first), kerb_roads_hash(second));
        assert_true(kerb_roads_node_count(first) > 100);
        kerb_roads_free(first);
        kerb_roads_free(second);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_town_is_delivered_in_full),
        cmocka_unit_test(ways_may_stand_before_their_nodes),
        cmocka_unit_test(drafts_of_an_editor_keep_their_negative_ids),
        cmocka_unit_test(a_way_is_cut_at_missing_nodes),
        cmocka_unit_test(roads_skipped_and_closed_are_counted),
        cmocka_unit_test(restrictions_carry_members_and_kinds),
        cmocka_unit_test(via_ways_are_put_in_order_of_travel),
        cmocka_unit_test(spots_stand_at_nodes_then_ways),
        cmocka_unit_test(a_failing_sink_ends_the_reading),
        cmocka_unit_test(a_failed_allocation_leaves_no_roads),
        cmocka_unit_test(towns_become_graphs),
        cmocka_unit_test(real_extracts_become_the_same_graph_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
