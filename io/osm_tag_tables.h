/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_tag_tables.h - the tables of osm_tags.c, and of no other file: what each OSM value means to a
 * refuse truck, a sweeper and a sweeping robot. Meanings: the OpenStreetMap wiki (Key:highway,
 * Key:access, Key:barrier, Relation:restriction); the numbers are ours. */
#ifndef KI_OSM_TAG_TABLES_H
#define KI_OSM_TAG_TABLES_H
#include "io/osm_read.h"
#include "road/graph.h"

enum { TRUCK = KI_KIND_TRUCK, SWEEPER = KI_KIND_SWEEPER, ROBOT = KI_KIND_ROBOT };
enum { HEAVY = TRUCK | SWEEPER, ALL = KI_KIND_ALL, N_KINDS = 3 };
enum { ALONG, AGAINST, N_DIRECTIONS };
enum { ANY_DIRECTION = 2 }; /* of a key without :forward or :backward */

/* ---- ways ------------------------------------------------------------------------------------ */

typedef struct highway_row {
    const char *value;
    uint8_t road_class;
    uint8_t open;      /* kinds it is open to when no tag says otherwise */
    uint8_t possible;  /* kinds that a tag may open it to */
    uint8_t speed_kmh; /* of a loaded truck at night, junctions apart */
    uint8_t one_way;
} highway_row;

static const highway_row highways[] = {
    {"motorway", KI_ROAD_MOTORWAY, HEAVY, HEAVY, 80, 1},
    {"motorway_link", KI_ROAD_MOTORWAY, HEAVY, HEAVY, 45, 1},
    {"trunk", KI_ROAD_TRUNK, HEAVY, HEAVY, 65, 0},
    {"trunk_link", KI_ROAD_TRUNK, HEAVY, HEAVY, 40, 0},
    {"primary", KI_ROAD_PRIMARY, ALL, ALL, 50, 0},
    {"primary_link", KI_ROAD_PRIMARY, ALL, ALL, 35, 0},
    {"secondary", KI_ROAD_SECONDARY, ALL, ALL, 45, 0},
    {"secondary_link", KI_ROAD_SECONDARY, ALL, ALL, 35, 0},
    {"tertiary", KI_ROAD_TERTIARY, ALL, ALL, 40, 0},
    {"tertiary_link", KI_ROAD_TERTIARY, ALL, ALL, 30, 0},
    {"unclassified", KI_ROAD_UNCLASSIFIED, ALL, ALL, 30, 0},
    {"road", KI_ROAD_UNCLASSIFIED, ALL, ALL, 25, 0},
    {"residential", KI_ROAD_RESIDENTIAL, ALL, ALL, 25, 0},
    {"living_street", KI_ROAD_LIVING, ALL, ALL, 10, 0},
    {"service", KI_ROAD_SERVICE, ALL, ALL, 15, 0},
    {"busway", KI_ROAD_SERVICE, 0, HEAVY, 30, 0},
    {"pedestrian", KI_ROAD_PEDESTRIAN, SWEEPER | ROBOT, ALL, 8, 0},
    {"track", KI_ROAD_TRACK, ALL, ALL, 15, 0},
};
/* Foot ferries are rarely tagged as such: a ferry carries us only where a tag says so. */
static const highway_row ferry = {"ferry", KI_ROAD_FERRY, 0, HEAVY, 10, 0};

enum { LIVING_STREET_KMH = 10 };

typedef struct service_row {
    const char *value;
    uint8_t open, speed_kmh;
} service_row;

static const service_row services[] = {
    {"driveway", ALL, 8},      {"parking_aisle", ALL, 8},   {"alley", ALL, 10},
    {"drive-through", ALL, 8}, {"emergency_access", 0, 10}, {"slipway", 0, 8},
};

typedef struct access_row {
    const char *key;
    uint8_t kinds, rank;
} access_row;

static const access_row access_keys[] = {
    {"access", ALL, 1},  {"vehicle", ALL, 2}, {"motor_vehicle", ALL, 3},
    {"goods", TRUCK, 4}, {"hgv", TRUCK, 5},
};
static const access_row oneway_keys[] = {
    {"oneway", ALL, 1},
    {"oneway:vehicle", ALL, 2},
    {"oneway:motor_vehicle", ALL, 3},
    {"oneway:hgv", TRUCK, 4},
};
static const access_row maxspeed_keys[] = {
    {"zone:traffic", ALL, 1},  {"source:maxspeed", ALL, 1}, {"maxspeed:type", ALL, 1},
    {"zone:maxspeed", ALL, 1}, {"maxspeed", ALL, 2},        {"maxspeed:hgv", ALL, 3},
};
enum { RANK_OF_VEHICLE = 2 };
#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

typedef struct word {
    const char *text;
    int value;
} word;

enum { CLOSED = 0, OPEN = 1, SAYS_NOTHING = -1 };

/* Collection and sweeping are deliveries to the street itself: destination and
 * delivery are open. */
static const word access_words[] = {
    {"yes", OPEN},
    {"designated", OPEN},
    {"permissive", OPEN},
    {"official", OPEN},
    {"public", OPEN},
    {"destination", OPEN},
    {"delivery", OPEN},
    {"customers", OPEN},
    {"residents", OPEN},
    {"local", OPEN},
    {"discouraged", OPEN},
    {"no", CLOSED},
    {"private", CLOSED},
    {"permit", CLOSED},
    {"agricultural", CLOSED},
    {"forestry", CLOSED},
    {"military", CLOSED},
    {"emergency", CLOSED},
    {"restricted", CLOSED},
    {"unsuitable", CLOSED},
    {"psv", CLOSED},
    {"bus", CLOSED},
    {"staff", CLOSED},
    {"employees", CLOSED},
    {"use_sidepath", CLOSED},
    {"dismount", CLOSED},
};

/* construction=* that does not close the road it stands on; anything else does. */
static const word works[] = {{"no", 0}, {"minor", 0}, {"widening", 0}};

enum { BOTH_WAYS, ONLY_ALONG, ONLY_AGAINST, NEITHER };
static const word oneway_words[] =
    {
        {"yes", ONLY_ALONG},     {"true", ONLY_ALONG},      {"1", ONLY_ALONG},
        {"-1", ONLY_AGAINST},    {"reverse", ONLY_AGAINST}, {"no", BOTH_WAYS},
        {"false", BOTH_WAYS},    {"0", BOTH_WAYS},          {"alternating", BOTH_WAYS},
        {"reversible", NEITHER}, /* which way it runs tonight is not in the map */
};

/* maxspeed=XX:word; numbers such as XX:30 are read as they stand. Where countries differ, the
 * commonest: the class speeds lie below most of these anyhow. */
enum { WALK_KMH = 7 };
static const word zones[] = {
    {"urban", 50},
    {"rural", 90},
    {"trunk", 110},
    {"motorway", 130},
    {"living_street", WALK_KMH},
    {"walk", WALK_KMH},
    {"bicycle_road", 30},
    {"school", 30},
    {"nsl_restricted", 48},
    {"nsl_single", 97},
    {"nsl_dual", 113},
    {"pedestrian_zone", WALK_KMH},
};

/* Per cent of the class speed. */
static const word surfaces[] = {
    {"paving_stones", 90}, {"sett", 70},        {"cobblestone", 60}, {"unhewn_cobblestone", 50},
    {"compacted", 80},     {"fine_gravel", 80}, {"gravel", 60},      {"pebblestone", 60},
    {"unpaved", 60},       {"metal", 80},       {"wood", 60},        {"ground", 45},
    {"dirt", 45},          {"earth", 45},       {"grass_paver", 50}, {"grass", 35},
    {"sand", 30},          {"mud", 20},         {"rock", 30},        {"woodchips", 40},
};
static const word smoothnesses[] = {
    {"intermediate", 90}, {"bad", 65},           {"very_bad", 40},
    {"horrible", 20},     {"very_horrible", 10}, {"impassable", 0},
};
static const word tracktypes[] = {
    {"grade1", 100}, {"grade2", 80}, {"grade3", 65}, {"grade4", 45}, {"grade5", 30},
};

enum { LIMIT_HEIGHT, LIMIT_WIDTH, LIMIT_LENGTH, LIMIT_MASS, LIMIT_AXLE, N_LIMITS };
typedef struct limit_row {
    const char *key;
    int limit;
} limit_row;

/* Directions fold together: the narrower one holds both ways. */
static const limit_row limit_keys[] = {
    {"maxheight", LIMIT_HEIGHT},         {"maxheight:physical", LIMIT_HEIGHT},
    {"maxheight:hgv", LIMIT_HEIGHT},     {"maxwidth", LIMIT_WIDTH},
    {"maxwidth:physical", LIMIT_WIDTH},  {"maxlength", LIMIT_LENGTH},
    {"maxlength:hgv", LIMIT_LENGTH},     {"maxweight", LIMIT_MASS},
    {"maxweight:hgv", LIMIT_MASS},       {"maxweightrating", LIMIT_MASS},
    {"maxweightrating:hgv", LIMIT_MASS}, {"maxgcweight", LIMIT_MASS},
    {"maxgcweightrating", LIMIT_MASS},   {"maxaxleload", LIMIT_AXLE},
};
enum { AXLES = 2 }; /* what every truck has at least; profiles know no axles */

/* ---- nodes and relations --------------------------------------------------------------------- */

/* Kinds a barrier stops when no tag says otherwise. A robot fits between bollards. */
static const word barriers[] = {
    {"bollard", HEAVY},
    {"block", HEAVY},
    {"planter", HEAVY},
    {"jersey_barrier", ALL},
    {"cycle_barrier", ALL},
    {"motorcycle_barrier", ALL},
    {"stile", ALL},
    {"turnstile", ALL},
    {"full-height_turnstile", ALL},
    {"kissing_gate", ALL},
    {"chain", ALL},
    {"log", ALL},
    {"debris", ALL},
    {"rope", ALL},
    {"wicket_gate", ALL},
    {"horse_stile", ALL},
    {"wall", ALL},
    {"fence", ALL},
    {"bus_trap", ROBOT},
    {"sump_buster", ROBOT},
    {"gate", 0},
    {"swing_gate", 0},
    {"sliding_gate", 0},
    {"lift_gate", 0},
    {"hampshire_gate", 0},
    {"toll_booth", 0},
    {"border_control", 0},
    {"cattle_grid", 0},
    {"entrance", 0},
    {"height_restrictor", 0},
    {"sally_port", 0},
    {"kerb", 0},
    {"yes", 0},
};
static const word highway_nodes[] = {
    {"traffic_signals", KI_NODE_SIGNALS},
    {"stop", KI_NODE_STOP},
    {"give_way", KI_NODE_GIVE_WAY},
    {"crossing", KI_NODE_CROSSING},
};
/* A height restrictor that does not say how high: what keeps lorries out of a car park. */
enum { UNKNOWN_RESTRICTOR_MM = 2300 };

enum { TURN_NO = 1, TURN_NO_U, TURN_ONLY };
static const word turns[] = {
    {"no_left_turn", TURN_NO},     {"no_right_turn", TURN_NO},     {"no_straight_on", TURN_NO},
    {"no_entry", TURN_NO},         {"no_exit", TURN_NO},           {"no_u_turn", TURN_NO_U},
    {"only_left_turn", TURN_ONLY}, {"only_right_turn", TURN_ONLY}, {"only_straight_on", TURN_ONLY},
    {"only_u_turn", TURN_ONLY},
};
static const word excepted[] = {
    {"hgv", TRUCK},
    {"motor_vehicle", ALL},
    {"vehicle", ALL},
};

/* ---- places where waste arises --------------------------------------------------------------- */

static const word buildings[] = {
    {"residential", KI_OSM_SPOT_HOME}, {"apartments", KI_OSM_SPOT_HOME},
    {"house", KI_OSM_SPOT_HOME},       {"detached", KI_OSM_SPOT_HOME},
    {"terrace", KI_OSM_SPOT_HOME},     {"semidetached_house", KI_OSM_SPOT_HOME},
    {"bungalow", KI_OSM_SPOT_HOME},    {"dormitory", KI_OSM_SPOT_HOME},
    {"retail", KI_OSM_SPOT_SHOP},      {"supermarket", KI_OSM_SPOT_SHOP},
    {"commercial", KI_OSM_SPOT_SHOP},  {"kiosk", KI_OSM_SPOT_SHOP},
};
static const word amenities[] = {
    {"restaurant", KI_OSM_SPOT_SHOP},    {"cafe", KI_OSM_SPOT_SHOP},
    {"fast_food", KI_OSM_SPOT_SHOP},     {"bar", KI_OSM_SPOT_SHOP},
    {"pub", KI_OSM_SPOT_SHOP},           {"food_court", KI_OSM_SPOT_SHOP},
    {"marketplace", KI_OSM_SPOT_SHOP},   {"canteen", KI_OSM_SPOT_SHOP},
    {"recycling", KI_OSM_SPOT_WASTE},    {"waste_disposal", KI_OSM_SPOT_WASTE},
    {"waste_basket", KI_OSM_SPOT_WASTE},
};
#endif
