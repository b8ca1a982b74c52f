/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * osm_tags.c - what OSM tags mean to a refuse truck, a sweeper and a sweeping robot.
 *
 * Everything that is a matter of taste stands in osm_tag_tables.h: class and night speed by highway
 * value, words that open or close a way, surfaces that slow a heavy vehicle, barriers. The code
 * here only finds the most specific tag.
 *
 * Access follows the wiki's hierarchy: access < vehicle < motor_vehicle < goods < hgv, and a
 * :forward or :backward beats its plain key. goods and hgv bind trucks only. */
#include "io/osm_tags.h"

#include "base/measure.h"
#include "io/osm_tag_tables.h"

#include <string.h>

/* ---- finding tags ---------------------------------------------------------------------------- */

static const char *find_tag(const ki_tag *tags, size_t n_tags, const char *key) {
    for (size_t tag = 0; tag < n_tags; tag++)
        if (strcmp(tags[tag].key, key) == 0) return tags[tag].value;
    return NULL;
}

static int tag_is(const ki_tag *tags, size_t n_tags, const char *key, const char *value) {
    const char *found = find_tag(tags, n_tags, key);
    return found && strcmp(found, value) == 0;
}

/* Of a list `a;b` the first word counts. */
static int find_word(const word *words, size_t n_words, const char *text, int absent) {
    if (!text) return absent;
    size_t length = strcspn(text, "; ");
    for (size_t row = 0; row < n_words; row++)
        if (strncmp(words[row].text, text, length) == 0 && words[row].text[length] == '\0')
            return words[row].value;
    return absent;
}

/* The direction a tag's key speaks of if it is `base`, plain or with :forward or :backward;
 * -1 if it is another key. */
static int key_direction(const char *key, const char *base) {
    size_t length = strlen(base);
    if (strncmp(key, base, length) != 0) return -1;
    if (key[length] == '\0') return ANY_DIRECTION;
    if (strcmp(key + length, ":forward") == 0) return ALONG;
    if (strcmp(key + length, ":backward") == 0) return AGAINST;
    return -1;
}

typedef struct verdict { /* the most specific tag seen so far */
    int rank, value;
} verdict;

typedef int value_parser(const char *text); /* SAYS_NOTHING: not understood */

/* For each kind and direction, what the most specific of the keys says. */
static void judge_tags(const ki_tag *tags, size_t n_tags, const access_row *rows, size_t n_rows,
                       value_parser *parse, verdict out[N_KINDS][N_DIRECTIONS]) {
    memset(out, 0, sizeof(verdict) * N_KINDS * N_DIRECTIONS);
    for (size_t tag = 0; tag < n_tags; tag++) {
        for (size_t row = 0; row < n_rows; row++) {
            int direction = key_direction(tags[tag].key, rows[row].key);
            if (direction < 0) continue;
            int value = parse(tags[tag].value);
            int rank = 2 * rows[row].rank + (direction != ANY_DIRECTION);
            if (value == SAYS_NOTHING) continue;
            for (int cell = 0; cell < N_KINDS * N_DIRECTIONS; cell++) {
                int kind = cell / N_DIRECTIONS, way = cell % N_DIRECTIONS;
                if (!(rows[row].kinds & (1 << kind))) continue;
                if (direction != ANY_DIRECTION && direction != way) continue;
                if (rank > out[kind][way].rank) out[kind][way] = (verdict){rank, value};
            }
        }
    }
}

static int parse_access(const char *text) {
    return find_word(access_words, LENGTH_OF(access_words), text, SAYS_NOTHING);
}

static int parse_oneway(const char *text) {
    return find_word(oneway_words, LENGTH_OF(oneway_words), text, SAYS_NOTHING);
}

static int parse_maxspeed(const char *text) {
    int32_t speed_mm_per_s = ki_osm_parse_speed_mm_per_s(text);
    return speed_mm_per_s > 0 ? speed_mm_per_s : SAYS_NOTHING;
}

/* ---- ways ------------------------------------------------------------------------------------ */

static const highway_row *find_highway(const ki_tag *tags, size_t n_tags) {
    const char *highway = find_tag(tags, n_tags, "highway");
    if (!highway) return tag_is(tags, n_tags, "route", "ferry") ? &ferry : NULL;
    if (tag_is(tags, n_tags, "area", "yes")) return NULL; /* its outline is no road */
    for (size_t row = 0; row < LENGTH_OF(highways); row++)
        if (strcmp(highways[row].value, highway) == 0) return &highways[row];
    return NULL;
}

/* The class table with service=*, living_street=yes and motorroad=yes worked in. */
static highway_row refine_highway(const highway_row *row, const ki_tag *tags, size_t n_tags) {
    highway_row refined = *row;
    const char *service = find_tag(tags, n_tags, "service");
    for (size_t line = 0; service && line < LENGTH_OF(services); line++) {
        if (row->road_class != KI_ROAD_SERVICE || strcmp(services[line].value, service) != 0)
            continue;
        refined.open &= services[line].open;
        refined.speed_kmh = services[line].speed_kmh;
    }
    if (row->road_class == KI_ROAD_RESIDENTIAL && tag_is(tags, n_tags, "living_street", "yes")) {
        refined.road_class = KI_ROAD_LIVING;
        refined.speed_kmh = LIVING_STREET_KMH;
    }
    if (tag_is(tags, n_tags, "motorroad", "yes")) refined.possible &= HEAVY;
    return refined;
}

/* Whether one verdict changes what the class says. A pedestrian street stays open to sweeping when
 * motor vehicles are shut out of it; a way closed by its class opens only to tags that speak of
 * vehicles, since a plain access=yes there speaks of people on foot. */
static int is_open(const highway_row *row, int kind_bit, const verdict *said) {
    int open = (row->open & kind_bit) != 0;
    int about_vehicles = said->rank >= 2 * RANK_OF_VEHICLE;
    if (said->rank == 0) return open;
    if (row->road_class == KI_ROAD_PEDESTRIAN && kind_bit != TRUCK && about_vehicles) return open;
    if (!open && said->value == OPEN) return about_vehicles && (row->possible & kind_bit);
    return said->value == OPEN;
}

/* A road that bears its own kind there (highway=tertiary construction=tertiary) was opened, and the
 * tag of its works forgotten. */
static int is_under_works(const ki_tag *tags, size_t n_tags) {
    const char *construction = find_tag(tags, n_tags, "construction");
    if (!construction || tag_is(tags, n_tags, "highway", construction)) return 0;
    return find_word(works, LENGTH_OF(works), construction, 1);
}

static int is_shut(const ki_tag *tags, size_t n_tags) {
    if (is_under_works(tags, n_tags)) return 1;
    return tag_is(tags, n_tags, "smoothness", "impassable") ||
           tag_is(tags, n_tags, "impassable", "yes") || tag_is(tags, n_tags, "disused", "yes") ||
           tag_is(tags, n_tags, "abandoned", "yes");
}

static void set_access(const highway_row *row, const ki_tag *tags, size_t n_tags,
                       ki_way_tags *out) {
    verdict said[N_KINDS][N_DIRECTIONS], oneway[N_KINDS][N_DIRECTIONS];
    if (is_shut(tags, n_tags)) return;
    judge_tags(tags, n_tags, access_keys, LENGTH_OF(access_keys), parse_access, said);
    judge_tags(tags, n_tags, oneway_keys, LENGTH_OF(oneway_keys), parse_oneway, oneway);
    int implied = row->one_way || out->roundabout ? ONLY_ALONG : BOTH_WAYS;
    for (int kind = 0; kind < N_KINDS; kind++) {
        int flow = oneway[kind][ALONG].rank ? oneway[kind][ALONG].value : implied;
        int open = row->possible & (1 << kind);
        if (open && (flow == BOTH_WAYS || flow == ONLY_ALONG) &&
            is_open(row, 1 << kind, &said[kind][ALONG]))
            out->access[ALONG] |= (uint8_t)(1 << kind);
        if (open && (flow == BOTH_WAYS || flow == ONLY_AGAINST) &&
            is_open(row, 1 << kind, &said[kind][AGAINST]))
            out->access[AGAINST] |= (uint8_t)(1 << kind);
    }
}

static int32_t smaller(int32_t a, int32_t b) {
    return a < b ? a : b;
}

static int32_t surface_percent(const ki_tag *tags, size_t n_tags) {
    int32_t surface =
        find_word(surfaces, LENGTH_OF(surfaces), find_tag(tags, n_tags, "surface"), 100);
    int32_t smoothness =
        find_word(smoothnesses, LENGTH_OF(smoothnesses), find_tag(tags, n_tags, "smoothness"), 100);
    int32_t track =
        find_word(tracktypes, LENGTH_OF(tracktypes), find_tag(tags, n_tags, "tracktype"), 100);
    /* They describe the same ground three times over: the worst counts, not the product. */
    return smaller(surface, smaller(smoothness, track));
}

enum { SLOWEST_MM_PER_S = 300 }; /* so that no time along an arc runs away */

static void set_speed(const highway_row *row, const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    verdict limit[N_KINDS][N_DIRECTIONS];
    judge_tags(tags, n_tags, maxspeed_keys, LENGTH_OF(maxspeed_keys), parse_maxspeed, limit);
    int32_t usual = row->speed_kmh * 2500 / 9 * surface_percent(tags, n_tags) / 100;
    for (int way = ALONG; way <= AGAINST; way++) {
        int32_t speed = limit[0][way].rank ? smaller(usual, limit[0][way].value) : usual;
        out->speed_mm_per_s[way] = (uint16_t)(speed < SLOWEST_MM_PER_S ? SLOWEST_MM_PER_S : speed);
    }
}

/* The smallest of the limits that the tags give; 0: none. */
static void read_limits(const ki_tag *tags, size_t n_tags, int32_t limits[N_LIMITS]) {
    memset(limits, 0, sizeof(int32_t) * N_LIMITS);
    for (size_t tag = 0; tag < n_tags; tag++) {
        for (size_t row = 0; row < LENGTH_OF(limit_keys); row++) {
            if (key_direction(tags[tag].key, limit_keys[row].key) < 0) continue;
            int which = limit_keys[row].limit;
            int32_t value = which >= LIMIT_MASS ? ki_osm_parse_mass_kg(tags[tag].value)
                                                : ki_osm_parse_length_mm(tags[tag].value);
            if (value && (!limits[which] || value < limits[which])) limits[which] = value;
        }
    }
    int32_t by_axle = limits[LIMIT_AXLE];
    if (by_axle > INT32_MAX / AXLES) by_axle = 0;
    by_axle *= AXLES;
    if (by_axle && (!limits[LIMIT_MASS] || by_axle < limits[LIMIT_MASS]))
        limits[LIMIT_MASS] = by_axle;
}

static void set_limits(const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    int32_t limits[N_LIMITS];
    read_limits(tags, n_tags, limits);
    out->max_height_mm = limits[LIMIT_HEIGHT];
    out->max_width_mm = limits[LIMIT_WIDTH];
    out->max_length_mm = limits[LIMIT_LENGTH];
    out->max_mass_kg = limits[LIMIT_MASS];
}

static uint8_t parse_lanes(const char *value) {
    int lanes = 0;
    for (; value && *value >= '0' && *value <= '9' && lanes <= 25; value++)
        lanes = lanes * 10 + (*value - '0');
    return (uint8_t)lanes;
}

static void set_description(const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    const char *lit = find_tag(tags, n_tags, "lit");
    const char *width = find_tag(tags, n_tags, "width:carriageway");
    if (!width) width = find_tag(tags, n_tags, "width");
    if (!width) width = find_tag(tags, n_tags, "est_width");
    out->roundabout = tag_is(tags, n_tags, "junction", "roundabout") ||
                      tag_is(tags, n_tags, "junction", "circular");
    out->toll = tag_is(tags, n_tags, "toll", "yes") || tag_is(tags, n_tags, "toll:hgv", "yes");
    out->lit = lit && strcmp(lit, "no") != 0 && strcmp(lit, "disused") != 0;
    out->lanes = parse_lanes(find_tag(tags, n_tags, "lanes"));
    out->width_mm = width ? ki_osm_parse_length_mm(width) : 0;
}

void ki_osm_way_tags(const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    *out = (ki_way_tags){0};
    const highway_row *plain = find_highway(tags, n_tags);
    if (!plain) return;
    highway_row row = refine_highway(plain, tags, n_tags);
    out->road_class = row.road_class;
    set_description(tags, n_tags, out);
    set_access(&row, tags, n_tags, out);
    set_speed(&row, tags, n_tags, out);
    set_limits(tags, n_tags, out);
}

int ki_osm_is_highway(const ki_tag *tags, size_t n_tags) {
    return find_tag(tags, n_tags, "highway") || tag_is(tags, n_tags, "route", "ferry");
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Access tags count on barriers only: on a crossing they speak of the path that crosses. */
static uint8_t barrier_blocks(const ki_tag *tags, size_t n_tags) {
    const char *barrier = find_tag(tags, n_tags, "barrier");
    verdict said[N_KINDS][N_DIRECTIONS];
    if (!barrier) return 0;
    int blocks = find_word(barriers, LENGTH_OF(barriers), barrier, 0);
    judge_tags(tags, n_tags, access_keys, LENGTH_OF(access_keys), parse_access, said);
    for (int kind = 0; kind < N_KINDS; kind++) {
        const verdict *tagged = &said[kind][ALONG];
        if (tagged->rank == 0) continue;
        if (tagged->value == CLOSED) blocks |= 1 << kind;
        if (tagged->value == OPEN && tagged->rank >= 2 * RANK_OF_VEHICLE) blocks &= ~(1 << kind);
    }
    return (uint8_t)blocks;
}

int ki_osm_node_tags(const ki_tag *tags, size_t n_tags, ki_node_tags *out) {
    int32_t limits[N_LIMITS];
    read_limits(tags, n_tags, limits);
    *out = (ki_node_tags){.blocked = barrier_blocks(tags, n_tags),
                          .max_height_mm = limits[LIMIT_HEIGHT],
                          .max_width_mm = limits[LIMIT_WIDTH],
                          .max_mass_kg = limits[LIMIT_MASS]};
    out->flags = (uint8_t)find_word(highway_nodes, LENGTH_OF(highway_nodes),
                                    find_tag(tags, n_tags, "highway"), 0);
    if (tag_is(tags, n_tags, "crossing", "traffic_signals")) out->flags |= KI_NODE_SIGNALS;
    if (tag_is(tags, n_tags, "barrier", "height_restrictor") && !out->max_height_mm)
        out->max_height_mm = UNKNOWN_RESTRICTOR_MM;
    return out->flags || out->blocked || out->max_height_mm || out->max_width_mm ||
           out->max_mass_kg;
}

/* ---- restrictions ---------------------------------------------------------------------------- */

static uint8_t parse_except(const char *value) {
    int kinds = 0;
    while (value && *value) {
        value += strspn(value, "; ");
        kinds |= find_word(excepted, LENGTH_OF(excepted), value, 0);
        value += strcspn(value, ";");
    }
    return (uint8_t)kinds;
}

int ki_osm_restriction_tags(const ki_tag *tags, size_t n_tags, ki_osm_restriction *out) {
    if (!tag_is(tags, n_tags, "type", "restriction")) return 0;
    const char *for_all = find_tag(tags, n_tags, "restriction");
    const char *for_trucks = find_tag(tags, n_tags, "restriction:hgv");
    int turn = find_word(turns, LENGTH_OF(turns), for_all ? for_all : for_trucks, 0);
    if (!turn || ki_osm_is_conditional_restriction(tags, n_tags)) return 0;
    out->only = turn == TURN_ONLY;
    out->u_turn = turn == TURN_NO_U;
    out->except = parse_except(find_tag(tags, n_tags, "except"));
    if (!for_all) out->except |= SWEEPER | ROBOT;
    return out->except != ALL;
}

int ki_osm_is_conditional_restriction(const ki_tag *tags, size_t n_tags) {
    if (!tag_is(tags, n_tags, "type", "restriction")) return 0;
    if (find_tag(tags, n_tags, "hour_on") || find_tag(tags, n_tags, "day_on")) return 1;
    if (find_tag(tags, n_tags, "restriction") || find_tag(tags, n_tags, "restriction:hgv"))
        return 0;
    return find_tag(tags, n_tags, "restriction:conditional") ||
           find_tag(tags, n_tags, "restriction:hgv:conditional");
}

/* ---- places where waste arises --------------------------------------------------------------- */

int ki_osm_spot_tags(const ki_tag *tags, size_t n_tags) {
    const char *amenity = find_tag(tags, n_tags, "amenity");
    const char *shop = find_tag(tags, n_tags, "shop");
    int spot = find_word(amenities, LENGTH_OF(amenities), amenity, 0);
    if (spot) return spot;
    if (shop && strcmp(shop, "no") != 0 && strcmp(shop, "vacant") != 0) return KI_OSM_SPOT_SHOP;
    spot = find_word(buildings, LENGTH_OF(buildings), find_tag(tags, n_tags, "building"), 0);
    if (spot) return spot;
    return find_tag(tags, n_tags, "addr:housenumber") ? KI_OSM_SPOT_HOME : 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

int32_t ki_osm_parse_length_mm(const char *value) {
    return ki_measure_smallest(value, KI_MEASURE_LENGTH_MM);
}

int32_t ki_osm_parse_mass_kg(const char *value) {
    return ki_measure_smallest(value, KI_MEASURE_MASS_KG);
}

/* "DE:urban", "FR:zone30", "DE:zone:30", "IT:30": the law's limit by the kind of place. */
static int32_t parse_zone(const char *value) {
    if (strncmp(value, "zone", 4) == 0) value += value[4] == ':' ? 5 : 4;
    int kmh = find_word(zones, LENGTH_OF(zones), value, 0);
    return kmh ? kmh * 2500 / 9 : ki_measure_smallest(value, KI_MEASURE_SPEED_MM_PER_S);
}

int32_t ki_osm_parse_speed_mm_per_s(const char *value) {
    int has_country = value[0] >= 'A' && value[0] <= 'Z' && value[1] && value[2] == ':';
    if (has_country) return parse_zone(value + 3);
    if (strcmp(value, "walk") == 0) return WALK_KMH * 2500 / 9;
    return ki_measure_smallest(value, KI_MEASURE_SPEED_MM_PER_S);
}
