/* SPDX-License-Identifier: GPL-3.0-or-later
 * Crew sheets: the turns of a leg, visits, sides, and what a hostile name may not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/sheet_landmarks.h"

#include <string.h>

/* A hundred metres north on A, then east on B (right), then back west on B, at 45 degrees north. */
enum { NORTH_100_M = 8993, EAST_100_M = 12718 };
static int32_t corner_points[] = {450000000,
                                  50000000,
                                  450000000 + NORTH_100_M,
                                  50000000,
                                  450000000 + NORTH_100_M,
                                  50000000 + EAST_100_M};
static ki_plan_run corner_runs[] = {{1, 1, 2, "A", 100000}, {2, 2, 3, "B", 100000}};
static const ki_plan_leg corner = {
    .runs = corner_runs, .n_runs = 2, .length_mm = 200000, .n_points = 3, .points = corner_points};

typedef struct told {
    ki_turn turns[8];
    int n;
} told;
static void keep(void *payload, const ki_turn *turn) {
    told *to = payload;
    assert_true(to->n < 8);
    to->turns[to->n++] = *turn;
}

static void a_corner_is_a_turn_and_says_which_way(void **state) {
    (void)state;
    told right = {0}, left = {0};
    ki_leg_turns(&corner, NULL, keep, &right);
    assert_int_equal(right.n, 2);
    assert_int_equal(right.turns[0].bend, KI_BEND_START);
    assert_int_equal(right.turns[0].compass, 0);
    assert_int_equal(right.turns[1].bend, KI_BEND_RIGHT);
    assert_int_equal(right.turns[1].compass, 2);
    assert_string_equal(right.turns[1].name, "B");
    int32_t mirrored[6];
    memcpy(mirrored, corner_points, sizeof mirrored);
    mirrored[5] = 50000000 - EAST_100_M;
    ki_plan_leg other = corner;
    other.points = mirrored;
    ki_leg_turns(&other, NULL, keep, &left);
    assert_int_equal(left.turns[1].bend, KI_BEND_LEFT);
    assert_int_equal(left.turns[1].compass, 6);
}

static void a_street_that_goes_on_under_its_name_is_told_once(void **state) {
    (void)state;
    int32_t points[] = {
        450000000, 50000000, 450000000 + NORTH_100_M, 50000000, 450000000 + 2 * NORTH_100_M,
        50000000};
    ki_plan_run runs[] = {{1, 1, 2, "A", 100000}, {7, 2, 3, "A", 100000}};
    ki_plan_leg leg = {.runs = runs, .n_runs = 2, .n_points = 3, .points = points};
    told to = {0};
    ki_leg_turns(&leg, NULL, keep, &to);
    assert_int_equal(to.n, 1);
    assert_int_equal(to.turns[0].length_mm, 200000);
}

static void turning_round_is_said(void **state) {
    (void)state;
    int32_t points[] = {450000000, 50000000,  450000000 + NORTH_100_M,
                        50000000,  450000000, 50000000};
    ki_plan_run runs[] = {{1, 1, 2, "A", 100000}, {1, 2, 1, "A", 100000}};
    ki_plan_leg leg = {.runs = runs, .n_runs = 2, .n_points = 3, .points = points};
    told to = {0};
    ki_leg_turns(&leg, NULL, keep, &to);
    assert_int_equal(to.n, 2);
    assert_int_equal(to.turns[1].bend, KI_BEND_BACK);
}

static void a_run_of_no_length_at_the_start_is_not_told(void **state) {
    (void)state;
    ki_plan_run runs[] = {{9, 8, 9, "Z", 0}, {1, 1, 2, "A", 100000}, {2, 2, 3, "B", 100000}};
    ki_plan_leg leg = corner;
    leg.runs = runs;
    leg.n_runs = 3;
    told to = {0};
    ki_leg_turns(&leg, NULL, keep, &to);
    assert_int_equal(to.n, 2);
    assert_int_equal(to.turns[0].bend, KI_BEND_START);
    assert_string_equal(to.turns[0].name, "A");
}

/* North on A to its end, where a kerb of B begins that leads west. */
static void the_sweep_behind_a_leg_says_how_its_last_street_bends(void **state) {
    (void)state;
    int32_t west[] = {corner_points[2], corner_points[3], corner_points[2],
                      corner_points[3] - EAST_100_M};
    ki_plan_run runs[] = {{1, 1, 2, "A", 100000}, {2, 2, 3, "B", 0}};
    ki_plan_run swept[] = {{2, 2, 3, "B", 100000}};
    ki_plan_leg leg = {.runs = runs, .n_runs = 2, .n_points = 2, .points = corner_points};
    ki_plan_leg sweep = {.runs = swept, .n_runs = 1, .n_points = 2, .points = west};
    told alone = {0}, before = {0};
    ki_leg_turns(&leg, NULL, keep, &alone);
    assert_int_equal(alone.n, 1); /* nobody knows how B bends: it is not told */
    ki_leg_turns(&leg, &sweep, keep, &before);
    assert_int_equal(before.n, 2);
    assert_int_equal(before.turns[1].bend, KI_BEND_LEFT);
    assert_int_equal(before.turns[1].compass, 6);
    assert_int_equal(before.turns[1].length_mm, 0);
}

static void from_one_sweep_into_the_next_is_a_turn(void **state) {
    (void)state;
    int32_t east[] = {corner_points[2], corner_points[3], corner_points[4], corner_points[5]};
    ki_plan_leg north = {.runs = corner_runs, .n_runs = 1, .n_points = 2, .points = corner_points};
    ki_plan_leg next = {.runs = corner_runs + 1, .n_runs = 1, .n_points = 2, .points = east};
    told to = {0}, on = {0};
    ki_leg_join(&north, &next, keep, &to);
    assert_int_equal(to.n, 1);
    assert_int_equal(to.turns[0].bend, KI_BEND_RIGHT);
    assert_string_equal(to.turns[0].name, "B");
    int32_t further[] = {corner_points[2], corner_points[3], corner_points[2] + NORTH_100_M,
                         corner_points[3]};
    next = (ki_plan_leg){.runs = corner_runs, .n_runs = 1, .n_points = 2, .points = further};
    ki_leg_join(&north, &next, keep, &on);
    assert_int_equal(on.n, 0); /* A goes on */
}

static void an_empty_leg_has_no_turns(void **state) {
    (void)state;
    ki_plan_leg leg = {0};
    told to = {0};
    ki_leg_turns(&leg, NULL, keep, &to);
    assert_int_equal(to.n, 0);
}

/* ---- landmarks ------------------------------------------------------------------------------ */

/* Node 2 of the corner: B, unnamed here, meets C and A there; traffic lights if wanted. D crosses A
 * half way, at node 5. */
static ki_graph *corner_graph(const char *cross, int lights) {
    const int64_t refs[][3] = {{1, 5, 2}, {2, 3, 0}, {2, 4, 0}, {5, 6, 0}};
    const char *names[] = {"A", NULL, cross, "D"};
    const int32_t lat_e7[] = {0,
                              corner_points[0],
                              corner_points[2],
                              corner_points[4],
                              corner_points[2] + NORTH_100_M,
                              corner_points[0] + NORTH_100_M / 2,
                              corner_points[0] + NORTH_100_M / 2};
    const int32_t lon_e7[] = {0,
                              corner_points[1],
                              corner_points[3],
                              corner_points[5],
                              corner_points[3],
                              corner_points[1],
                              corner_points[1] + EAST_100_M};
    ki_way_tags tags = {.road_class = KI_ROAD_RESIDENTIAL, .access = {KI_KIND_ALL, KI_KIND_ALL}};
    ki_node_tags light = {.flags = KI_NODE_SIGNALS};
    ki_graph_builder *builder;
    ki_graph *graph;
    assert_int_equal(ki_graph_builder_new(&builder, NULL), KERB_OK);
    if (lights) assert_int_equal(ki_graph_builder_tag_node(builder, 2, &light, NULL), KERB_OK);
    for (int way = 0; way < 4; way++) {
        int32_t lat[3], lon[3];
        size_t n = refs[way][2] ? 3 : 2;
        for (size_t at = 0; at < n; at++) {
            lat[at] = lat_e7[refs[way][at]];
            lon[at] = lon_e7[refs[way][at]];
        }
        assert_int_equal(ki_graph_builder_add_way(builder, way + 1, names[way], &tags, refs[way],
                                                  lat, lon, n, NULL),
                         KERB_OK);
    }
    assert_int_equal(ki_graph_build(&graph, builder, NULL), KERB_OK);
    return graph;
}

/* The corner's second turn with the landmarks of a plan of one place and a graph. */
static int64_t driven_mm = 100000; /* along A */
static void expect_turn(const char *cross, int lights, ki_plan_place place, ki_language language,
                        const char *expected) {
    ki_plan_run runs[] = {{1, 1, 2, "A", driven_mm}, {2, 2, 3, "", 50000}, {9, 3, 9, "E", 50000}};
    ki_plan_leg leg = corner;
    int32_t points[6];
    memcpy(points, corner_points, sizeof points);
    points[0] = corner_points[2] - (int32_t)(NORTH_100_M * driven_mm / 100000);
    leg.points = points;
    leg.runs = runs;
    leg.n_runs = 3;
    kerb_plan plan = {.places = &place, .n_places = 1};
    ki_graph *graph = lights < 0 ? NULL : corner_graph(cross, lights);
    ki_arena arena = {0};
    ki_text text = {0};
    ki_sheets sheets = {.plan = &plan, .options.language = language};
    assert_int_equal(ki_landmarks_build(&sheets.landmarks, &arena, &plan, graph, NULL), KERB_OK);
    ki_plan_stop stop = {.kind = KI_STOP_SERVE, .leg = leg};
    stop.leg.length_mm = (int32_t)driven_mm + 100000;
    ki_plan_route route = {.stops = &stop, .n_stops = 1};
    ki_stop_add_turns(&text, &route, 0, &sheets, "; ", 1);
    const char *second = strstr(text.bytes, "; ");
    assert_non_null(second);
    *strstr(second + 2, "; ") = '\0';
    assert_string_equal(second + 2, expected);
    ki_text_free(&text);
    ki_arena_free(&arena);
    ki_graph_free(graph);
}

static void a_turn_into_a_road_without_a_name_is_known_by_what_is_there(void **state) {
    (void)state;
    ki_plan_place beside = {.name = "School <4>",
                            .lat_e7 = corner_points[2] - NORTH_100_M / 4,
                            .lon_e7 = corner_points[3]};
    ki_plan_place away = beside;
    away.lat_e7 -= NORTH_100_M / 2;
    expect_turn("C", 1, beside, KI_ENGLISH, "right into unnamed road (east, at C) 50 m");
    expect_turn("C", 1, beside, KI_CHINESE, "右转进入 无名路（东，C处） 50 m");
    expect_turn("A", 1, beside, KI_ENGLISH,
                "right into unnamed road (east, near School &lt;4>) 50 m");
    expect_turn(NULL, 1, away, KI_ENGLISH,
                "right into unnamed road (east, at the traffic lights) 50 m");
    expect_turn(NULL, 0, away, KI_ENGLISH, "right into unnamed road (east, past D) 50 m");
    driven_mm = 40000; /* set out behind the crossing */
    expect_turn(NULL, 0, away, KI_ENGLISH, "right into unnamed road (east, towards E) 50 m");
    driven_mm = 100000;
    expect_turn(NULL, -1, beside, KI_ENGLISH,
                "right into unnamed road (east, near School &lt;4>) 50 m");
}

/* ---- a route of three containers, two of them at one site ------------------------------------ */

static const char hostile[] = "=1+\"<script>alert(1)</script>\"";
static ki_plan_stop stops[] = {
    {.kind = KI_STOP_START, .id = "D"},
    {.kind = KI_STOP_SERVE, .id = "C1", .site = "S1", .stream = KERB_STREAM_FOOD, .mass_g = 5000},
    {.kind = KI_STOP_SERVE, .id = "C2", .site = "S1", .stream = KERB_STREAM_FOOD, .mass_g = 6000},
    {.kind = KI_STOP_SERVE, .id = "C3", .site = "S2", .stream = KERB_STREAM_FOOD, .mass_g = 7000},
    {.kind = KI_STOP_TIP, .id = "T", .mass_g = 18000, .arrival_ms = 3600000, .full_permille = 500},
    {.kind = KI_STOP_END, .id = "D"}};
static ki_plan_route routes[] = {{.shift = "V1",
                                  .vehicle = hostile,
                                  .crew = "crew",
                                  .n_stops = 6,
                                  .n_served = 3,
                                  .stops = stops}};
static ki_plan_decision decisions[] = {
    {.id = "C1", .site = "S1", .name = hostile, .fill_ratio = 0.5},
    {.id = "C2", .site = "S1", .name = hostile, .fill_ratio = 0.6},
    {.id = "C3", .site = "S2", .name = "", .fill_ratio = 0.7}};
static ki_plan_place places[] = {{.id = "T", .name = "Tip <1>", .kind = "plant"}};

static kerb_plan small_plan(void) {
    return (kerb_plan){.service_day = "2026-11-24",
                       .utc_offset_s = 28800,
                       .routes = routes,
                       .n_routes = 1,
                       .decisions = decisions,
                       .n_decisions = 3,
                       .places = places,
                       .n_places = 1};
}

static void containers_of_a_site_are_one_visit(void **state) {
    (void)state;
    ki_visit visit = ki_visit_next(&routes[0], 1);
    assert_int_equal(visit.end, 3);
    assert_int_equal(ki_visit_next(&routes[0], 3).end, 4);
    assert_int_equal(ki_visit_next(&routes[0], 4).end, 5);
    assert_ptr_equal(ki_visit_next_tip(&routes[0], 1), &stops[4]);
    assert_null(ki_visit_next_tip(&routes[0], 5));
}

/* The truck drives north and then east: what lies south of the end is on its right. */
static void the_side_is_that_seen_from_the_cab(void **state) {
    (void)state;
    kerb_plan plan = small_plan();
    ki_sheets sheets;
    ki_sheets_options options = {0};
    ki_plan_stop stop = stops[1];
    stop.leg = corner;
    decisions[0].lon_e7 = corner_points[5];
    assert_int_equal(ki_sheets_open(&sheets, &plan, &options, NULL), KERB_OK);
    decisions[0].lat_e7 = corner_points[4] - 500; /* 5.6 m */
    assert_int_equal(ki_visit_hand(&sheets, &stop), KI_HAND_RIGHT);
    decisions[0].lat_e7 = corner_points[4] + 500;
    assert_int_equal(ki_visit_hand(&sheets, &stop), KI_HAND_LEFT);
    decisions[0].lat_e7 = corner_points[4] + 50;
    assert_int_equal(ki_visit_hand(&sheets, &stop), KI_HAND_NONE);
    ki_sheets_close(&sheets);
}

static void no_name_is_markup_on_paper_nor_a_formula_in_a_table(void **state) {
    (void)state;
    kerb_plan plan = small_plan();
    ki_sheets sheets;
    ki_sheets_options options = {.language = KI_CHINESE};
    ki_text html = {0}, csv = {0}, gpx = {0};
    assert_int_equal(ki_sheets_open(&sheets, &plan, &options, NULL), KERB_OK);
    ki_sheet_html(&html, &sheets, &routes[0]);
    ki_sheet_csv(&csv, &sheets, &routes[0]);
    ki_sheet_gpx(&gpx, &sheets, &routes[0]);
    assert_null(strstr(html.bytes, "<script"));
    assert_null(strstr(gpx.bytes, "<script"));
    assert_non_null(strstr(html.bytes, "&lt;script>"));
    assert_non_null(strstr(html.bytes, "厨余垃圾 C1, 50 % 满, 5 kg"));
    assert_non_null(strstr(csv.bytes, ",\"'=1+\"\"<script>"));
    assert_null(strstr(csv.bytes, ",\"=1"));
    assert_memory_equal(csv.bytes, "\xEF\xBB\xBF", 3);
    int n_rows = 0;
    for (const char *row = csv.bytes; (row = strstr(row, "\r\n")); row += 2)
        n_rows++;
    assert_int_equal(n_rows, 7);
    ki_text_free(&html);
    ki_text_free(&csv);
    ki_text_free(&gpx);
    ki_sheets_close(&sheets);
}

/* Between two containers of one site, and two in a row: each has its own row, in its place. */
static void a_break_stands_where_it_is_taken(void **state) {
    (void)state;
    ki_plan_break breaks[] = {
        {60000, 1860000, 1}, {1900000, 2500000, 4}, {2500000, 2560000, 4}, {0, 1, 99}};
    ki_plan_route route = routes[0];
    route.breaks = breaks;
    route.n_breaks = 4;
    assert_int_equal(ki_visit_next(&route, 1).end, 2);
    kerb_plan plan = small_plan();
    ki_sheets sheets;
    ki_sheets_options options = {0};
    ki_text html = {0}, csv = {0};
    assert_int_equal(ki_sheets_open(&sheets, &plan, &options, NULL), KERB_OK);
    ki_sheet_html(&html, &sheets, &route);
    ki_sheet_csv(&csv, &sheets, &route);
    const char *first = strstr(html.bytes, "<b>BREAK</b>, 30 min, until 08:31"), *second;
    assert_non_null(first);
    assert_non_null(second = strstr(html.bytes, "<b>BREAK</b>, 10 min, until 08:41"));
    assert_non_null(strstr(second, "<b>BREAK</b>, 1 min, until 08:42"));
    assert_true(strstr(html.bytes, "food C1") < first && first < strstr(html.bytes, "food C2"));
    assert_true(strstr(html.bytes, "<b>TIP</b>") < second);
    int n_rows = 0, n_breaks = 0, n_commas = 0;
    for (const char *row = csv.bytes, *end; (end = strstr(row, "\r\n")); row = end + 2, n_rows++) {
        const char *pause = strstr(row, "BREAK");
        if (!pause || pause > end) continue;
        n_breaks++;
        for (n_commas = 0; row < end; row++)
            n_commas += *row == ',';
        assert_int_equal(n_commas, 22);
    }
    assert_int_equal(n_rows, 7 + 3);
    assert_int_equal(n_breaks, 3);
    assert_non_null(strstr(csv.bytes, "\r\n,08:31,08:31,08:41,,\"BREAK\",\"Tip <1>\""));
    ki_text_free(&html);
    ki_text_free(&csv);
    ki_sheets_close(&sheets);
}

static void times_are_of_the_district_also_across_midnight(void **state) {
    (void)state;
    kerb_plan plan = small_plan();
    plan.night_start_s = 1764000000; /* 16:00 in UTC */
    assert_string_equal(ki_sheet_clock(&plan, 0).text, "00:00");
    assert_string_equal(ki_sheet_clock(&plan, -60000).text, "23:59");
    assert_string_equal(ki_sheet_clock(&plan, 26 * 3600000LL).text, "02:00");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_corner_is_a_turn_and_says_which_way),
        cmocka_unit_test(a_street_that_goes_on_under_its_name_is_told_once),
        cmocka_unit_test(turning_round_is_said),
        cmocka_unit_test(a_run_of_no_length_at_the_start_is_not_told),
        cmocka_unit_test(the_sweep_behind_a_leg_says_how_its_last_street_bends),
        cmocka_unit_test(from_one_sweep_into_the_next_is_a_turn),
        cmocka_unit_test(an_empty_leg_has_no_turns),
        cmocka_unit_test(a_turn_into_a_road_without_a_name_is_known_by_what_is_there),
        cmocka_unit_test(containers_of_a_site_are_one_visit),
        cmocka_unit_test(the_side_is_that_seen_from_the_cab),
        cmocka_unit_test(no_name_is_markup_on_paper_nor_a_formula_in_a_table),
        cmocka_unit_test(a_break_stands_where_it_is_taken),
        cmocka_unit_test(times_are_of_the_district_also_across_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
