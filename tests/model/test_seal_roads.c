/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sealing on a small town's roads: which side, which direction, who gets where. */
#include "../model/small_draft.h"
#include "../road/road_town.h"
#include "base/alloc.h"
#include "model/model.h"

#include <string.h>

/*  row 2   11 -12 -13 -14 -15      streets of 111 m (83 m west to east), two-way, residential;
 *           |   |   |   |   |      way 100 + row from west to east, way 200 + column from south to
 *  row 1    6 - 7 - 8 - 9 -10      north. 5 - 16 - 17 - 18 leads on from 5 to the south-east as way
 *           |   |   |   |   |      300: its far end is farther than 150 m from all else. */
enum { LAT_E7 = 411500000, LON_E7 = -86000000 };

static small_draft small;
static struct kerb_roads roads;
static ki_model *model;
static struct ki_note *notes;
static size_t n_notes;
static kerb_error err;
static ki_way_tags one_way, low;

static double lat_of(double row) {
    return (LAT_E7 + row * TOWN_STEP_E7) / 1e7;
}
static double lon_of(double column) {
    return (LON_E7 + column * TOWN_STEP_E7) / 1e7;
}

static void add_spur(road_town *town, const ki_way_tags *spur) {
    static const int64_t REFS[4] = {5, 16, 17, 18};
    int32_t lat_e7[4], lon_e7[4];
    for (int at = 0; at < 4; at++) {
        lat_e7[at] = LAT_E7;
        lon_e7[at] = LON_E7 + (4 + at * 2) * TOWN_STEP_E7;
    }
    assert_int_equal(
        ki_graph_builder_add_way(town->builder, 300, NULL, spur, REFS, lat_e7, lon_e7, 4, NULL),
        KERB_OK);
}

/* row_0: tags of the street 1 - 5; NULL: as all others. */
static void build_town(const ki_way_tags *row_0, const ki_way_tags *spur) {
    road_town town = town_new(5, LAT_E7);
    town.lon_e7 = LON_E7;
    ki_way_tags plain = town_tags();
    for (int row = 0; row < 3; row++) {
        int64_t refs[5];
        for (int column = 0; column < 5; column++)
            refs[column] = row * 5 + column + 1;
        town_way(&town, 100 + row, row ? NULL : row_0, refs, 5);
    }
    for (int column = 0; column < 5; column++)
        town_way(&town, 200 + column, NULL, (int64_t[]){column + 1, column + 6, column + 11}, 3);
    add_spur(&town, spur ? spur : &plain);
    roads.graph = town_build(&town);
}

static void settle(void) {
    small_draft_fill(&small);
    small.draft.matrix_ids = NULL;
    small.depots[0].lat_deg = lat_of(2);
    small.depots[0].lon_deg = lon_of(2.5);
    for (int facility = 0; facility < 2; facility++) {
        small.facilities[facility].lat_deg = lat_of(facility);
        small.facilities[facility].lon_deg = lon_of(3.5);
    }
    for (int site = 0; site < 2; site++) {
        small.sites[site].lat_deg = lat_of(-0.05) + site * 0.001;
        small.sites[site].lon_deg = lon_of(1.5);
    }
    small.streets[0].way_id = 100;
    small.streets[0].from_node = 2;
    small.streets[0].to_node = 4;
    small.streets[1].way_id = 201;
    small.streets[1].from_node = 2;
    small.streets[1].to_node = 12;
}

static int begin(void **state) {
    (void)state;
    one_way = town_tags();
    one_way.access[1] = 0;
    low = town_tags();
    low.max_height_mm = 3000;
    settle();
    return 0;
}

static int end(void **state) {
    (void)state;
    ki_model_free(model);
    ki_graph_free(roads.graph);
    model = NULL;
    roads.graph = NULL;
    return 0;
}

static kerb_status seal_with(int threads) {
    kerb_options options = {.threads = threads};
    err = (kerb_error){0};
    return ki_model_seal(&model, &small.draft, &roads, &options, &notes, &n_notes, &err);
}

static void seal_well(void) {
    if (seal_with(1) != KERB_OK) fail_msg("%s", err.message);
}

static const ki_task *task_named(const char *id) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (strcmp(model->tasks[task].id, id) == 0) return &model->tasks[task];
    fail_msg("no task %s", id);
    return NULL;
}

/* OSM nodes between which the arc of a mode's entry runs, as from * 100 + to. */
static int entry_of(const ki_task *task, int index) {
    ki_place place = model->places[task->group][model->modes[task->first_mode + index].entry];
    const ki_graph *graph = roads.graph;
    return (int)(graph->nodes[ki_arc_from(graph, place.arc)].osm_id * 100 +
                 graph->nodes[ki_arc_to(graph, place.arc)].osm_id);
}

static const char *note_with(const char *words) {
    for (size_t note = 0; note < n_notes; note++)
        if (strstr(notes[note].text, words)) return notes[note].text;
    return NULL;
}

static void a_residential_street_may_be_approached_from_both_ends(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    const ki_task *task = task_named("C1");
    assert_int_equal(task->n_modes, 2);
    assert_int_equal(entry_of(task, 0) + entry_of(task, 1), 203 + 302);
}

static void kerb_side_is_approached_on_the_sites_own_side(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.sites[0].approach = KERB_APPROACH_KERB_SIDE;
    seal_well();
    assert_int_equal(task_named("C1")->n_modes, 1);
    assert_int_equal(entry_of(task_named("C1"), 0), 203); /* south of the street: eastwards */
}

static void containers_of_one_site_share_their_points(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    const ki_task *first = task_named("C1"), *second = task_named("C2");
    assert_int_equal(first->site, second->site);
    assert_int_equal(model->modes[first->first_mode].entry, model->modes[second->first_mode].entry);
}

static void a_kerb_is_swept_with_the_traffic_on_its_side(void **state) {
    (void)state;
    static const struct {
        int drive_left;
        kerb_side side;
        int entry;
    } CASES[] = {{0, KERB_SIDE_RIGHT, 203},
                 {0, KERB_SIDE_LEFT, 403},
                 {1, KERB_SIDE_RIGHT, 403},
                 {1, KERB_SIDE_LEFT, 203}};
    for (int at = 0; at < 4; at++) {
        begin(state);
        build_town(NULL, NULL);
        roads.graph->drive_left = CASES[at].drive_left;
        small.streets[0].side = CASES[at].side;
        seal_well();
        assert_int_equal(task_named("K1")->n_modes, 1);
        assert_int_equal(entry_of(task_named("K1"), 0), CASES[at].entry);
        end(state);
    }
}

/* On two-way streets the kerb is where the traffic keeps to, and so must the brush be. */
static void where_traffic_keeps_left_so_do_brushes(void **state) {
    (void)state;
    for (int drive_left = 0; drive_left <= 1; drive_left++)
        for (int at = 0; at < 4; at++) {
            kerb_side kerb = at & 1 ? KERB_SIDE_LEFT : KERB_SIDE_RIGHT;
            kerb_side brush = at & 2 ? KERB_SIDE_LEFT : KERB_SIDE_RIGHT;
            begin(state);
            build_town(NULL, NULL);
            roads.graph->drive_left = drive_left;
            small.streets[0].side = kerb;
            small.vehicles[3].brush_side = brush;
            seal_well();
            int passes_it = (brush == KERB_SIDE_LEFT) == drive_left;
            assert_string_equal(model->street_decisions[0].reason, passes_it ? "due" : "no_brush");
            assert_string_equal(model->street_decisions[1].reason, "due"); /* a centre lane */
            end(state);
        }
}

static void a_kerbs_run_goes_from_node_to_node(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    const ki_mode *mode = &model->modes[task_named("K1")->first_mode];
    ki_place entry = model->places[1][mode->entry], exit = model->places[1][mode->exit];
    const ki_edge *edges = roads.graph->edges;
    assert_int_equal(entry.offset_mm, 0);
    assert_int_equal(exit.offset_mm, edges[exit.arc >> 1].length_mm);
    assert_int_equal(mode->length_mm,
                     edges[entry.arc >> 1].length_mm + edges[exit.arc >> 1].length_mm);
}

static void assert_at_node(ki_place place, int32_t column) {
    int32_t lat_e7, lon_e7;
    ki_place_position(roads.graph, place, &lat_e7, &lon_e7);
    assert_in_range(lat_e7, LAT_E7 - 2, LAT_E7 + 2);
    assert_true(lon_e7 >= LON_E7 + column * TOWN_STEP_E7 - 2 &&
                lon_e7 <= LON_E7 + column * TOWN_STEP_E7 + 2);
}

static void a_run_may_begin_and_end_inside_an_edge(void **state) {
    (void)state;
    build_town(NULL, NULL); /* 16 and 17 are no junctions */
    small.streets[0].way_id = small.streets[1].way_id = 300;
    small.streets[0].from_node = small.streets[1].from_node = 16;
    small.streets[0].to_node = small.streets[1].to_node = 17;
    small.streets[0].side = KERB_SIDE_LEFT;
    small.streets[1].side = KERB_SIDE_RIGHT;
    seal_well();
    const ki_mode *left = &model->modes[task_named("K1")->first_mode];
    const ki_mode *right = &model->modes[task_named("K2")->first_mode];
    assert_at_node(model->places[1][left->entry], 8);
    assert_at_node(model->places[1][left->exit], 6);
    assert_at_node(model->places[1][right->entry], 6);
    assert_at_node(model->places[1][right->exit], 8);
    assert_int_equal(left->length_mm, right->length_mm);
}

static void either_kerb_of_a_one_way_street_is_swept_in_its_direction(void **state) {
    (void)state;
    build_town(&one_way, NULL);
    small.streets[0].side = KERB_SIDE_LEFT;
    seal_well();
    assert_int_equal(task_named("K1")->n_modes, 1);
    assert_int_equal(entry_of(task_named("K1"), 0), 203);
}

static void a_centre_lane_has_a_mode_each_way(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    const ki_task *task = task_named("K2");
    assert_int_equal(task->n_modes, 2);
    assert_int_equal(entry_of(task, 0), 207);
    assert_int_equal(entry_of(task, 1), 1207);
}

static void a_run_that_does_not_exist_is_a_decision_not_a_failure(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.streets[0].from_node = 11;
    small.streets[1].way_id = 999;
    seal_well();
    assert_string_equal(model->street_decisions[0].reason, "no_such_run");
    assert_string_equal(model->street_decisions[1].reason, "no_such_run");
    assert_non_null(note_with("2 streets: no such run"));
}

static void a_closed_street_is_not_swept_and_its_way_is_not_driven(void **state) {
    (void)state;
    static const kerb_closure CLOSED[] = {{.way_id = 100},
                                          {.way_id = 201, .from_node = 2, .to_node = 7}};
    build_town(NULL, NULL);
    small.draft.closures = (kerb_closure *)(size_t)CLOSED;
    small.draft.n_closures = 2;
    seal_well();
    for (int street = 0; street < 2; street++) {
        assert_int_equal(model->street_decisions[street].choice, KI_CANNOT);
        assert_non_null(strstr(model->street_decisions[street].detail, "closed to sweepers"));
    }
    assert_int_not_equal(entry_of(task_named("C1"), 0), 203);
}

static void an_unknown_way_or_run_in_a_closure_is_named(void **state) {
    (void)state;
    kerb_closure closure = {.way_id = 998};
    build_town(NULL, NULL);
    small.draft.closures = &closure;
    small.draft.n_closures = 1;
    assert_int_equal(seal_with(1), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "closure 1, field way: 998, expected a way"));
    closure = (kerb_closure){.way_id = 100, .from_node = 2, .to_node = 12};
    assert_int_equal(seal_with(1), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "no run from node 2 to node 12"));
}

static void a_large_share_cut_off_is_noted_with_its_causes(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    assert_null(note_with("cut off"));
    end(state);
    ki_way_tags in_only = town_tags();
    in_only.access[1] = 0;
    build_town(NULL, &in_only); /* the spur leads out of the town and not back: 333 m of it */
    seal_well();
    assert_non_null(note_with("km of lanes cut off; 0.5 km no way out again"));
}

static void
a_site_beside_a_dead_pocket_is_served_from_the_next_road_and_that_is_noted(void **state) {
    (void)state;
    ki_way_tags in_only = town_tags();
    in_only.access[1] = 0;
    build_town(NULL, &in_only);
    small.sites[0].lon_deg = lon_of(4.3); /* beside the spur, 25 m past the end of row 0 */
    seal_well();
    assert_true(task_named("C1")->n_modes > 0);
    const char *note = note_with("site S1: served from way");
    assert_non_null(note);
    assert_non_null(strstr(note, "nearer is way 300, "));
    assert_non_null(strstr(note, "but: no way out again"));
}

static void what_only_a_low_truck_reaches_is_left_to_it(void **state) {
    (void)state;
    build_town(NULL, &low);
    small.sites[0].lon_deg = lon_of(9.9); /* near the end of the spur */
    small.vehicles[0].height_m = small.vehicles[1].height_m = 3.5;
    small.vehicles[2].height_m = 2.5;
    seal_well();
    assert_int_equal(task_named("C1")->types, 2);
    assert_int_equal(task_named("C3")->types, 3);
    assert_int_equal(model->n_travels, 3);
    for (int32_t index = 0; index < task_named("C1")->n_modes; index++)
        assert_int_equal(ki_service_ms(model, 0, task_named("C1")->first_mode + index), KI_NEVER);
}

static void sites_beyond_every_road_are_grouped_by_cause(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.sites[0].lat_deg += 0.02;
    seal_well();
    assert_int_equal(model->container_decisions[0].choice, KI_CANNOT);
    assert_string_equal(model->container_decisions[0].reason, "unreachable");
    assert_non_null(note_with("2 containers: no road open to trucks within 150 m"));
}

static void sites_out_of_reach_are_counted_on_nights_that_skip_them(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.sites[1].lat_deg += 0.02;
    small.containers[2].force = KERB_FORCE_OUT;
    seal_well();
    assert_int_equal(model->container_decisions[2].choice, KI_SKIP);
    assert_non_null(note_with("1 sites not due tonight: out of reach of trucks"));
}

static void a_facility_off_the_roads_is_named_and_its_sweeper_stays(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.facilities[0].lat_deg += 0.02; /* the plant still takes residual waste */
    seal_well();
    assert_non_null(note_with("facility T1: no road within 150 m open to trucks"));
    assert_non_null(note_with("facility T1: no road within 150 m open to sweepers"));
    assert_int_equal(model->n_types, 1);
    assert_string_equal(model->street_decisions[0].reason, "no_facility");
}

static void a_depot_without_a_road_is_an_error(void **state) {
    (void)state;
    build_town(NULL, NULL);
    small.depots[0].lat_deg += 1;
    assert_int_equal(seal_with(1), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "depot D1, field lat, lon: 42.152000, -8.597500 with no "
                                        "road open to trucks within 150 m"));
}

static void the_hash_of_other_roads_is_refused(void **state) {
    (void)state;
    build_town(NULL, NULL);
    strcpy(small.draft.roads_hash, "00ff");
    assert_int_equal(seal_with(1), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "problem, field roads: hash 00ff, expected"));
}

static void two_threads_seal_the_same_model(void **state) {
    (void)state;
    build_town(NULL, NULL);
    seal_well();
    ki_model *first = model;
    assert_int_equal(seal_with(2), KERB_OK);
    assert_int_equal(first->n_modes, model->n_modes);
    assert_memory_equal(first->modes, model->modes, sizeof(ki_mode) * (size_t)model->n_modes);
    for (int32_t travel = 0; travel < model->n_travels; travel++) {
        size_t n = (size_t)model->travels[travel].n;
        assert_memory_equal(first->travels[travel].time_ms, model->travels[travel].time_ms,
                            n * n * sizeof(int32_t));
    }
    ki_model_free(first);
}

static void failing_allocations_leak_nothing(void **state) {
    (void)state;
    build_town(NULL, NULL);
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; status != KERB_OK; nth++) {
        ki_alloc_fail_at(nth);
        status = seal_with(1);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(nth < 10000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_residential_street_may_be_approached_from_both_ends),
        TEST(kerb_side_is_approached_on_the_sites_own_side),
        TEST(containers_of_one_site_share_their_points),
        TEST(a_kerb_is_swept_with_the_traffic_on_its_side),
        TEST(where_traffic_keeps_left_so_do_brushes),
        TEST(a_kerbs_run_goes_from_node_to_node),
        TEST(a_run_may_begin_and_end_inside_an_edge),
        TEST(either_kerb_of_a_one_way_street_is_swept_in_its_direction),
        TEST(a_centre_lane_has_a_mode_each_way),
        TEST(a_run_that_does_not_exist_is_a_decision_not_a_failure),
        TEST(a_closed_street_is_not_swept_and_its_way_is_not_driven),
        TEST(an_unknown_way_or_run_in_a_closure_is_named),
        TEST(a_large_share_cut_off_is_noted_with_its_causes),
        TEST(a_site_beside_a_dead_pocket_is_served_from_the_next_road_and_that_is_noted),
        TEST(what_only_a_low_truck_reaches_is_left_to_it),
        TEST(sites_beyond_every_road_are_grouped_by_cause),
        TEST(sites_out_of_reach_are_counted_on_nights_that_skip_them),
        TEST(a_facility_off_the_roads_is_named_and_its_sweeper_stays),
        TEST(a_depot_without_a_road_is_an_error),
        TEST(the_hash_of_other_roads_is_refused),
        TEST(two_threads_seal_the_same_model),
        TEST(failing_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
