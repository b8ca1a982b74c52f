/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row a rule: the tags as a mapper writes them, and what a truck, a sweeper and a robot make of
 * them. */
#include "io/osm_read.h"
#include "io/osm_tags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { T = KI_KIND_TRUCK, S = KI_KIND_SWEEPER, R = KI_KIND_ROBOT, ALL = KI_KIND_ALL };
enum { MAX_TAGS = 8, MAX_TEXT = 256 };

typedef struct tag_list {
    char text[MAX_TEXT];
    ki_tag tags[MAX_TAGS];
    size_t n_tags;
} tag_list;

/* "highway=service access=private"; a ~ stands for a space inside a value. */
static void split(tag_list *list, const char *text) {
    list->n_tags = 0;
    assert_true(strlen(text) < MAX_TEXT);
    strcpy(list->text, text);
    for (char *at = strtok(list->text, " "); at; at = strtok(NULL, " ")) {
        char *equals = strchr(at, '=');
        assert_non_null(equals);
        assert_true(list->n_tags < MAX_TAGS);
        *equals = '\0';
        for (char *c = equals + 1; *c; c++)
            if (*c == '~') *c = ' ';
        list->tags[list->n_tags++] = (ki_tag){at, equals + 1};
    }
}

static ki_way_tags read_way(const char *text) {
    tag_list list;
    ki_way_tags out;
    split(&list, text);
    ki_osm_way_tags(list.tags, list.n_tags, &out);
    return out;
}

typedef struct access_case {
    const char *tags;
    int road_class, along, against;
} access_case;

static void check_access(const access_case *cases, size_t n_cases) {
    for (size_t row = 0; row < n_cases; row++) {
        ki_way_tags way = read_way(cases[row].tags);
        if (way.road_class != cases[row].road_class || way.access[0] != cases[row].along ||
            way.access[1] != cases[row].against)
            fail_msg("%s: class %d along %d against %d, expected %d %d %d", cases[row].tags,
                     way.road_class, way.access[0], way.access[1], cases[row].road_class,
                     cases[row].along, cases[row].against);
    }
}
#define CHECK_ACCESS(cases) check_access(cases, sizeof(cases) / sizeof *(cases))

static void every_highway_value_has_its_class_and_kinds(void **state) {
    static const access_case cases[] = {
        {"highway=motorway", KI_ROAD_MOTORWAY, T | S, 0},
        {"highway=motorway_link", KI_ROAD_MOTORWAY, T | S, 0},
        {"highway=trunk", KI_ROAD_TRUNK, T | S, T | S},
        {"highway=trunk_link", KI_ROAD_TRUNK, T | S, T | S},
        {"highway=primary", KI_ROAD_PRIMARY, ALL, ALL},
        {"highway=primary_link", KI_ROAD_PRIMARY, ALL, ALL},
        {"highway=secondary", KI_ROAD_SECONDARY, ALL, ALL},
        {"highway=secondary_link", KI_ROAD_SECONDARY, ALL, ALL},
        {"highway=tertiary", KI_ROAD_TERTIARY, ALL, ALL},
        {"highway=tertiary_link", KI_ROAD_TERTIARY, ALL, ALL},
        {"highway=unclassified", KI_ROAD_UNCLASSIFIED, ALL, ALL},
        {"highway=road", KI_ROAD_UNCLASSIFIED, ALL, ALL},
        {"highway=residential", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=living_street", KI_ROAD_LIVING, ALL, ALL},
        {"highway=residential living_street=yes", KI_ROAD_LIVING, ALL, ALL},
        {"highway=service", KI_ROAD_SERVICE, ALL, ALL},
        {"highway=service service=driveway", KI_ROAD_SERVICE, ALL, ALL},
        {"highway=service service=emergency_access", KI_ROAD_SERVICE, 0, 0},
        {"highway=busway", KI_ROAD_SERVICE, 0, 0},
        {"highway=busway motor_vehicle=yes", KI_ROAD_SERVICE, T | S, T | S},
        {"highway=pedestrian", KI_ROAD_PEDESTRIAN, S | R, S | R},
        {"highway=track", KI_ROAD_TRACK, ALL, ALL},
        {"highway=primary motorroad=yes", KI_ROAD_PRIMARY, T | S, T | S},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void what_is_no_road_has_no_class(void **state) {
    static const access_case cases[] = {
        {"highway=footway", 0, 0, 0},
        {"highway=cycleway", 0, 0, 0},
        {"highway=path", 0, 0, 0},
        {"highway=steps", 0, 0, 0},
        {"highway=construction construction=primary", 0, 0, 0},
        {"highway=proposed", 0, 0, 0},
        {"highway=pedestrian area=yes", 0, 0, 0},
        {"building=yes", 0, 0, 0},
        {"railway=rail", 0, 0, 0},
    };
    (void)state;
    CHECK_ACCESS(cases);
    assert_int_equal(read_way("highway=").road_class, KI_ROAD_NONE);
}

static void one_way_tags_close_the_other_direction(void **state) {
    static const access_case cases[] = {
        {"highway=residential oneway=yes", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential oneway=true", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential oneway=1", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential oneway=-1", KI_ROAD_RESIDENTIAL, 0, ALL},
        {"highway=residential oneway=reverse", KI_ROAD_RESIDENTIAL, 0, ALL},
        {"highway=residential oneway=no", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential oneway=alternating", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential oneway=reversible", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential oneway=perhaps", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential junction=roundabout", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential junction=circular", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential junction=roundabout oneway=no", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=motorway oneway=no", KI_ROAD_MOTORWAY, T | S, T | S},
        {"highway=primary oneway:hgv=yes", KI_ROAD_PRIMARY, ALL, S | R},
        {"highway=primary oneway=yes oneway:bicycle=no", KI_ROAD_PRIMARY, ALL, 0},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void the_most_specific_access_tag_wins(void **state) {
    static const access_case cases[] = {
        {"highway=residential access=no", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential access=no vehicle=yes", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential vehicle=no access=yes", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential vehicle=no motor_vehicle=yes", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential motor_vehicle=no hgv=yes", KI_ROAD_RESIDENTIAL, T, T},
        {"highway=residential goods=no", KI_ROAD_RESIDENTIAL, S | R, S | R},
        {"highway=residential goods=no hgv=yes", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential hgv=no", KI_ROAD_RESIDENTIAL, S | R, S | R},
        {"highway=residential hgv=destination", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential hgv=delivery motor_vehicle=no", KI_ROAD_RESIDENTIAL, T, T},
        {"highway=residential access=agricultural;forestry", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential access=unknown", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential access=no motor_vehicle=fancy", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential access=no bus=yes", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential hgv=no hgv:forward=yes", KI_ROAD_RESIDENTIAL, ALL, S | R},
        {"highway=residential motor_vehicle:backward=no", KI_ROAD_RESIDENTIAL, ALL, 0},
        {"highway=residential vehicle:forward=no hgv=yes", KI_ROAD_RESIDENTIAL, T, ALL},
        {"highway=trunk motor_vehicle=yes", KI_ROAD_TRUNK, T | S, T | S},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void private_ways_open_only_to_vehicles_named(void **state) {
    static const access_case cases[] = {
        {"highway=service access=private", KI_ROAD_SERVICE, 0, 0},
        {"highway=service motor_vehicle=private", KI_ROAD_SERVICE, 0, 0},
        {"highway=service access=private motor_vehicle=destination", KI_ROAD_SERVICE, ALL, ALL},
        {"highway=service access=private motor_vehicle=yes", KI_ROAD_SERVICE, ALL, ALL},
        {"highway=service access=customers", KI_ROAD_SERVICE, ALL, ALL},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void pedestrian_streets_are_swept_but_not_driven(void **state) {
    static const access_case cases[] = {
        {"highway=pedestrian motor_vehicle=no", KI_ROAD_PEDESTRIAN, S | R, S | R},
        {"highway=pedestrian access=yes", KI_ROAD_PEDESTRIAN, S | R, S | R},
        {"highway=pedestrian access=private", KI_ROAD_PEDESTRIAN, 0, 0},
        {"highway=pedestrian motor_vehicle=delivery", KI_ROAD_PEDESTRIAN, ALL, ALL},
        {"highway=pedestrian hgv=destination", KI_ROAD_PEDESTRIAN, ALL, ALL},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void works_and_impassable_ground_close_a_road(void **state) {
    static const access_case cases[] = {
        {"highway=residential construction=yes", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=residential construction=minor", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=residential construction=widening", KI_ROAD_RESIDENTIAL, ALL, ALL},
        {"highway=tertiary construction=tertiary", KI_ROAD_TERTIARY, ALL, ALL},
        {"highway=residential construction=tertiary", KI_ROAD_RESIDENTIAL, 0, 0},
        {"highway=track smoothness=impassable", KI_ROAD_TRACK, 0, 0},
        {"highway=residential disused=yes", KI_ROAD_RESIDENTIAL, 0, 0},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

static void a_ferry_carries_us_only_where_a_tag_says_so(void **state) {
    static const access_case cases[] = {
        {"route=ferry", KI_ROAD_FERRY, 0, 0},
        {"route=ferry foot=yes", KI_ROAD_FERRY, 0, 0},
        {"route=ferry motor_vehicle=yes", KI_ROAD_FERRY, T | S, T | S},
        {"route=ferry hgv=yes", KI_ROAD_FERRY, T, T},
    };
    (void)state;
    CHECK_ACCESS(cases);
}

typedef struct number_case {
    const char *text;
    int32_t expected;
} number_case;

static void check_numbers(const number_case *cases, size_t n_cases,
                          int32_t (*parse)(const char *)) {
    for (size_t row = 0; row < n_cases; row++)
        if (parse(cases[row].text) != cases[row].expected)
            fail_msg("%s: %d, expected %d", cases[row].text, parse(cases[row].text),
                     cases[row].expected);
}

static void lengths_are_read_with_their_units(void **state) {
    static const number_case cases[] = {
        {"2.5", 2500},
        {"2.5 m", 2500},
        {"2.5m", 2500},
        {"2,5", 2500},
        {"4", 4000},
        {"3.70", 3700},
        {"250 cm", 2500},
        {"8'6\"", 2591},
        {"8' 6\"", 2591},
        {"8'", 2438},
        {"13 ft 6 in", 4115},
        {"12ft", 3658},
        {"8'6''", 2591},
        {"8.5'", 2591},
        {"102\"", 2591},
        {"3.8;3.5", 3500},
        {"8\xE2\x80\xB2"
         "6\xE2\x80\xB3",
         2591},
        {"none", 0},
        {"default", 0},
        {"unsigned", 0},
        {"below_default", 0},
        {"", 0},
        {"-2", 0},
        {"2.5 t", 0},
        {"2 2", 0},
        {"2.5 m x", 0},
        {"99999999999999999999", 1000000000},
    };
    (void)state;
    check_numbers(cases, sizeof cases / sizeof *cases, ki_osm_parse_length_mm);
}

static void masses_are_read_with_their_units(void **state) {
    static const number_case cases[] = {
        {"7.5", 7500},        {"7.5 t", 7500}, {"7.5t", 7500},
        {"7500 kg", 7500},    {"16 lbs", 7},   {"16000 lbs", 7257},
        {"10,000 lbs", 4536}, {"8 st", 7257},  {"3,5", 3500},
        {"40;28", 28000},     {"default", 0},  {"none", 0},
        {"unsigned", 0},      {"3.5 m", 0},    {"", 0},
    };
    (void)state;
    check_numbers(cases, sizeof cases / sizeof *cases, ki_osm_parse_mass_kg);
}

static void speeds_are_read_with_units_and_zones(void **state) {
    static const number_case cases[] = {
        {"50", 13889},
        {"30 mph", 13411},
        {"30mph", 13411},
        {"20 km/h", 5556},
        {"DE:urban", 13888},
        {"RO:urban", 13888},
        {"DE:zone:30", 8333},
        {"FR:zone30", 8333},
        {"IT:30", 8333},
        {"GB:nsl_single", 26944},
        {"DE:living_street", 1944},
        {"walk", 1944},
        {"50;30", 8333},
        {"none", 0},
        {"signals", 0},
        {"variable", 0},
        {"DE:nonsense", 0},
        {"sign", 0},
        {"", 0},
        {"0", 0},
    };
    (void)state;
    check_numbers(cases, sizeof cases / sizeof *cases, ki_osm_parse_speed_mm_per_s);
}

static int32_t kmh(int32_t value) {
    return value * 2500 / 9;
}

typedef struct speed_case {
    const char *tags;
    int32_t along_kmh, against_kmh;
} speed_case;

static void speed_is_the_class_on_its_ground_within_the_limit(void **state) {
    static const speed_case cases[] = {
        {"highway=secondary", 45, 45},
        {"highway=secondary maxspeed=70", 45, 45},
        {"highway=secondary maxspeed=30", 30, 30},
        {"highway=secondary maxspeed=30 maxspeed:forward=20", 20, 30},
        {"highway=secondary maxspeed:backward=10", 45, 10},
        {"highway=secondary maxspeed=40 maxspeed:hgv=20", 20, 20},
        {"highway=secondary maxspeed:type=DE:zone30", 30, 30},
        {"highway=secondary source:maxspeed=sign", 45, 45},
        {"highway=secondary maxspeed=none", 45, 45},
        {"highway=residential surface=cobblestone", 15, 15},
        {"highway=residential surface=asphalt", 25, 25},
        {"highway=residential surface=sand smoothness=very_bad", 7, 7},
        {"highway=service service=driveway", 8, 8},
        {"highway=residential living_street=yes", 10, 10},
        {"highway=motorway_link maxspeed=50~mph", 45, 45},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        ki_way_tags way = read_way(cases[row].tags);
        int32_t off_along = way.speed_mm_per_s[0] - kmh(cases[row].along_kmh);
        int32_t off_against = way.speed_mm_per_s[1] - kmh(cases[row].against_kmh);
        if (off_along < -1 || off_along > 140 || off_against < -1 || off_against > 140)
            fail_msg("%s: %d and %d mm/s, expected %d and %d km/h", cases[row].tags,
                     way.speed_mm_per_s[0], way.speed_mm_per_s[1], cases[row].along_kmh,
                     cases[row].against_kmh);
    }
}

static void no_ground_stops_time(void **state) {
    (void)state;
    assert_true(read_way("highway=track smoothness=very_horrible maxspeed=1").speed_mm_per_s[0] >
                0);
    assert_true(read_way("highway=track tracktype=grade5").speed_mm_per_s[0] <
                read_way("highway=track tracktype=grade2").speed_mm_per_s[0]);
}

static void the_narrowest_limit_holds(void **state) {
    (void)state;
    ki_way_tags way = read_way("highway=service maxheight=4 maxheight:physical=3.8 maxwidth=2.2 "
                               "maxlength=10 maxweight=16 maxweightrating:hgv=7.5");
    assert_int_equal(way.max_height_mm, 3800);
    assert_int_equal(way.max_width_mm, 2200);
    assert_int_equal(way.max_length_mm, 10000);
    assert_int_equal(way.max_mass_kg, 7500);
    assert_int_equal(read_way("highway=service maxaxleload=5").max_mass_kg, 10000);
    assert_int_equal(read_way("highway=service maxgcweight=26").max_mass_kg, 26000);
    assert_int_equal(read_way("highway=service maxheight=default").max_height_mm, 0);
    assert_int_equal(read_way("highway=service maxwidth:forward=2").max_width_mm, 2000);
}

static void descriptions_are_kept(void **state) {
    (void)state;
    ki_way_tags way = read_way("highway=primary toll=yes lit=yes lanes=4 width=12.5 "
                               "junction=roundabout");
    assert_int_equal(way.toll, 1);
    assert_int_equal(way.lit, 1);
    assert_int_equal(way.lanes, 4);
    assert_int_equal(way.width_mm, 12500);
    assert_int_equal(way.roundabout, 1);
    assert_int_equal(read_way("highway=primary lit=no").lit, 0);
    assert_int_equal(read_way("highway=primary lanes=many").lanes, 0);
}

typedef struct node_case {
    const char *tags;
    int flags, blocked;
    int32_t height_mm;
} node_case;

static void nodes_stop_whom_they_stop(void **state) {
    static const node_case cases[] = {
        {"highway=traffic_signals", KI_NODE_SIGNALS, 0, 0},
        {"highway=stop", KI_NODE_STOP, 0, 0},
        {"highway=give_way", KI_NODE_GIVE_WAY, 0, 0},
        {"highway=crossing", KI_NODE_CROSSING, 0, 0},
        {"highway=crossing crossing=traffic_signals", KI_NODE_CROSSING | KI_NODE_SIGNALS, 0, 0},
        {"highway=crossing motor_vehicle=no", KI_NODE_CROSSING, 0, 0},
        {"highway=bus_stop", 0, 0, 0},
        {"barrier=bollard", 0, T | S, 0},
        {"barrier=bollard motor_vehicle=yes", 0, 0, 0},
        {"barrier=bollard access=yes", 0, T | S, 0},
        {"barrier=block", 0, T | S, 0},
        {"barrier=cycle_barrier", 0, ALL, 0},
        {"barrier=gate", 0, 0, 0},
        {"barrier=gate access=private", 0, ALL, 0},
        {"barrier=gate access=no", 0, ALL, 0},
        {"barrier=gate access=no motor_vehicle=yes", 0, 0, 0},
        {"barrier=gate hgv=no", 0, T, 0},
        {"barrier=lift_gate", 0, 0, 0},
        {"barrier=toll_booth", 0, 0, 0},
        {"barrier=height_restrictor maxheight=2.1", 0, 0, 2100},
        {"barrier=height_restrictor", 0, 0, 2300},
        {"maxheight=8'6\"", 0, 0, 2591},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        tag_list list;
        ki_node_tags node;
        split(&list, cases[row].tags);
        int matters = ki_osm_node_tags(list.tags, list.n_tags, &node);
        int expected = cases[row].flags || cases[row].blocked || cases[row].height_mm;
        if (matters != expected || node.flags != cases[row].flags ||
            node.blocked != cases[row].blocked || node.max_height_mm != cases[row].height_mm)
            fail_msg("%s: flags %d blocked %d height %d", cases[row].tags, node.flags, node.blocked,
                     node.max_height_mm);
    }
}

typedef struct turn_case {
    const char *tags;
    int binds, only, u_turn, except, conditional;
} turn_case;

static void restrictions_bind_whom_they_bind(void **state) {
    static const turn_case cases[] = {
        {"type=restriction restriction=no_left_turn", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_right_turn", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_straight_on", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_entry", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_exit", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_u_turn", 1, 0, 1, 0, 0},
        {"type=restriction restriction=only_left_turn", 1, 1, 0, 0, 0},
        {"type=restriction restriction=only_right_turn", 1, 1, 0, 0, 0},
        {"type=restriction restriction=only_straight_on", 1, 1, 0, 0, 0},
        {"type=restriction restriction:hgv=no_left_turn", 1, 0, 0, S | R, 0},
        {"type=restriction restriction=no_left_turn except=psv;hgv", 1, 0, 0, T, 0},
        {"type=restriction restriction=no_left_turn except=psv", 1, 0, 0, 0, 0},
        {"type=restriction restriction=no_left_turn except=motor_vehicle", 0, 0, 0, ALL, 0},
        {"type=restriction restriction=turn_as_you_like", 0, 0, 0, 0, 0},
        {"type=restriction restriction:bicycle=no_left_turn", 0, 0, 0, 0, 0},
        {"type=restriction restriction:conditional=no_left_turn", 0, 0, 0, 0, 1},
        {"type=restriction restriction:hgv:conditional=no_left_turn", 0, 0, 0, 0, 1},
        {"type=restriction restriction=no_left_turn hour_on=07:00", 0, 0, 0, 0, 1},
        {"type=route restriction=no_left_turn", 0, 0, 0, 0, 0},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        tag_list list;
        ki_osm_restriction turn = {0};
        split(&list, cases[row].tags);
        int binds = ki_osm_restriction_tags(list.tags, list.n_tags, &turn);
        int conditional = ki_osm_is_conditional_restriction(list.tags, list.n_tags);
        if (binds != cases[row].binds || conditional != cases[row].conditional ||
            turn.only != cases[row].only || turn.u_turn != cases[row].u_turn ||
            turn.except != cases[row].except)
            fail_msg("%s: binds %d only %d u_turn %d except %d conditional %d", cases[row].tags,
                     binds, turn.only, turn.u_turn, turn.except, conditional);
    }
}

static void places_of_waste_are_told_apart(void **state) {
    static const number_case cases[] = {
        {"building=apartments", KI_OSM_SPOT_HOME},
        {"addr:housenumber=12", KI_OSM_SPOT_HOME},
        {"shop=bakery building=yes", KI_OSM_SPOT_SHOP},
        {"amenity=restaurant addr:housenumber=3", KI_OSM_SPOT_SHOP},
        {"amenity=marketplace", KI_OSM_SPOT_SHOP},
        {"amenity=recycling", KI_OSM_SPOT_WASTE},
        {"amenity=waste_basket", KI_OSM_SPOT_WASTE},
        {"building=garage", 0},
        {"shop=vacant", 0},
        {"amenity=bench", 0},
    };
    (void)state;
    for (size_t row = 0; row < sizeof cases / sizeof *cases; row++) {
        tag_list list;
        split(&list, cases[row].text);
        if (ki_osm_spot_tags(list.tags, list.n_tags) != cases[row].expected)
            fail_msg("%s: expected %d", cases[row].text, cases[row].expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_highway_value_has_its_class_and_kinds),
        cmocka_unit_test(what_is_no_road_has_no_class),
        cmocka_unit_test(one_way_tags_close_the_other_direction),
        cmocka_unit_test(the_most_specific_access_tag_wins),
        cmocka_unit_test(private_ways_open_only_to_vehicles_named),
        cmocka_unit_test(pedestrian_streets_are_swept_but_not_driven),
        cmocka_unit_test(works_and_impassable_ground_close_a_road),
        cmocka_unit_test(a_ferry_carries_us_only_where_a_tag_says_so),
        cmocka_unit_test(lengths_are_read_with_their_units),
        cmocka_unit_test(masses_are_read_with_their_units),
        cmocka_unit_test(speeds_are_read_with_units_and_zones),
        cmocka_unit_test(speed_is_the_class_on_its_ground_within_the_limit),
        cmocka_unit_test(no_ground_stops_time),
        cmocka_unit_test(the_narrowest_limit_holds),
        cmocka_unit_test(descriptions_are_kept),
        cmocka_unit_test(nodes_stop_whom_they_stop),
        cmocka_unit_test(restrictions_bind_whom_they_bind),
        cmocka_unit_test(places_of_waste_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
