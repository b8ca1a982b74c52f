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
#include "base/measure.h"
#include "io/osm_rules.h"

#include <string.h>

/* ---- finding tags ---------------------------------------------------------------------------- */

const char *ki_osm_find_tag(const ki_tag *tags, size_t n_tags, const char *key) {
    for (size_t tag = 0; tag < n_tags; tag++)
        if (strcmp(tags[tag].key, key) == 0) return tags[tag].value;
    return NULL;
}

static int tag_is(const ki_tag *tags, size_t n_tags, const char *key, const char *value) {
    const char *found = ki_osm_find_tag(tags, n_tags, key);
    return found && strcmp(found, value) == 0;
}

int ki_osm_find_word(const word *words, size_t n_words, const char *text, int absent) {
    if (!text) return absent;
    size_t length = strcspn(text, "; ");
    for (size_t row = 0; row < n_words; row++)
        if (strncmp(words[row].text, text, length) == 0 && words[row].text[length] == '\0')
            return words[row].value;
    return absent;
}

int ki_osm_key_direction(const char *key, const char *base) {
    size_t length = strlen(base);
    if (strncmp(key, base, length) != 0) return -1;
    if (key[length] == '\0') return ANY_DIRECTION;
    if (strcmp(key + length, ":forward") == 0) return ALONG;
    if (strcmp(key + length, ":backward") == 0) return AGAINST;
    return -1;
}

int ki_osm_access_rank(const access_row *row, int direction) {
    return 2 * row->rank + (direction != ANY_DIRECTION);
}

typedef int value_parser(const char *text); /* SAYS_NOTHING: not understood */

/* For each kind and direction, what the most specific of the keys says. */
static void judge_tags(const ki_tag *tags, size_t n_tags, const access_row *rows, size_t n_rows,
                       value_parser *parse, ki_verdict out[N_KINDS][N_DIRECTIONS]) {
    memset(out, 0, sizeof(ki_verdict) * N_KINDS * N_DIRECTIONS);
    for (size_t tag = 0; tag < n_tags; tag++) {
        for (size_t row = 0; row < n_rows; row++) {
            int direction = ki_osm_key_direction(tags[tag].key, rows[row].key);
            if (direction < 0) continue;
            int value = parse(tags[tag].value);
            int rank = ki_osm_access_rank(&rows[row], direction);
            if (value == SAYS_NOTHING) continue;
            for (int cell = 0; cell < N_KINDS * N_DIRECTIONS; cell++) {
                int kind = cell / N_DIRECTIONS, way = cell % N_DIRECTIONS;
                if (!(rows[row].kinds & (1 << kind))) continue;
                if (direction != ANY_DIRECTION && direction != way) continue;
                if (rank > out[kind][way].rank) out[kind][way] = (ki_verdict){rank, value};
            }
        }
    }
}

static int parse_access(const char *text) {
    return KI_OSM_WORD(access_words, text, SAYS_NOTHING);
}

static int parse_oneway(const char *text) {
    return KI_OSM_WORD(oneway_words, text, SAYS_NOTHING);
}

static int parse_maxspeed(const char *text) {
    int32_t speed_mm_per_s = ki_osm_parse_speed_mm_per_s(text);
    return speed_mm_per_s > 0 ? speed_mm_per_s : SAYS_NOTHING;
}

/* ---- ways ------------------------------------------------------------------------------------ */

static const highway_row *find_highway(const ki_tag *tags, size_t n_tags) {
    const char *highway = ki_osm_find_tag(tags, n_tags, "highway");
    if (!highway) return tag_is(tags, n_tags, "route", "ferry") ? &ferry : NULL;
    if (tag_is(tags, n_tags, "area", "yes")) return NULL; /* its outline is no road */
    for (size_t row = 0; row < LENGTH_OF(highways); row++)
        if (strcmp(highways[row].value, highway) == 0) return &highways[row];
    return NULL;
}

/* The class table with service=*, living_street=yes and motorroad=yes worked in. */
static highway_row refine_highway(const highway_row *row, const ki_tag *tags, size_t n_tags) {
    highway_row refined = *row;
    const char *service = ki_osm_find_tag(tags, n_tags, "service");
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
int ki_osm_is_open(const highway_row *row, int kind_bit, const ki_verdict *said) {
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
    const char *construction = ki_osm_find_tag(tags, n_tags, "construction");
    if (!construction || tag_is(tags, n_tags, "highway", construction)) return 0;
    return KI_OSM_WORD(works, construction, 1);
}

static int is_shut(const ki_tag *tags, size_t n_tags) {
    if (is_under_works(tags, n_tags)) return 1;
    return tag_is(tags, n_tags, "smoothness", "impassable") ||
           tag_is(tags, n_tags, "impassable", "yes") || tag_is(tags, n_tags, "disused", "yes") ||
           tag_is(tags, n_tags, "abandoned", "yes");
}

static void judge_access(const ki_tag *tags, size_t n_tags, int roundabout, ki_way_facts *facts) {
    const highway_row *row = &facts->row;
    int implied = row->one_way || roundabout ? ONLY_ALONG : BOTH_WAYS;
    facts->shut = (uint8_t)is_shut(tags, n_tags);
    judge_tags(tags, n_tags, access_keys, LENGTH_OF(access_keys), parse_access, facts->access);
    judge_tags(tags, n_tags, oneway_keys, LENGTH_OF(oneway_keys), parse_oneway, facts->oneway);
    for (int kind = 0; kind < N_KINDS && !facts->shut; kind++) {
        int bit = 1 << kind;
        const ki_verdict *oneway = &facts->oneway[kind][ALONG];
        int flow = oneway->rank ? oneway->value : implied;
        if (!(row->possible & bit)) continue;
        if (flow == BOTH_WAYS || flow == ONLY_ALONG) facts->flow[ALONG] |= (uint8_t)bit;
        if (flow == BOTH_WAYS || flow == ONLY_AGAINST) facts->flow[AGAINST] |= (uint8_t)bit;
        for (int way = ALONG; way <= AGAINST; way++)
            if (ki_osm_is_open(row, bit, &facts->access[kind][way]))
                facts->legal[way] |= (uint8_t)bit;
    }
}

static int32_t smaller(int32_t a, int32_t b) {
    return a < b ? a : b;
}

static int32_t surface_percent(const ki_tag *tags, size_t n_tags) {
    int32_t surface = KI_OSM_WORD(surfaces, ki_osm_find_tag(tags, n_tags, "surface"), 100);
    int32_t smoothness =
        KI_OSM_WORD(smoothnesses, ki_osm_find_tag(tags, n_tags, "smoothness"), 100);
    int32_t track = KI_OSM_WORD(tracktypes, ki_osm_find_tag(tags, n_tags, "tracktype"), 100);
    /* They describe the same ground three times over: the worst counts, not the product. */
    return smaller(surface, smaller(smoothness, track));
}

enum { SLOWEST_MM_PER_S = 300 }; /* so that no time along an arc runs away */

int32_t ki_osm_limited_speed(int32_t usual_mm_per_s, int32_t limit_mm_per_s) {
    int32_t speed = limit_mm_per_s ? smaller(usual_mm_per_s, limit_mm_per_s) : usual_mm_per_s;
    return speed < SLOWEST_MM_PER_S ? SLOWEST_MM_PER_S : speed;
}

static void set_speed(const ki_tag *tags, size_t n_tags, ki_way_facts *facts, ki_way_tags *out) {
    judge_tags(tags, n_tags, maxspeed_keys, LENGTH_OF(maxspeed_keys), parse_maxspeed, facts->limit);
    facts->usual_mm_per_s = facts->row.speed_kmh * 2500 / 9 * surface_percent(tags, n_tags) / 100;
    for (int way = ALONG; way <= AGAINST; way++) {
        const ki_verdict *limit = &facts->limit[0][way];
        out->speed_mm_per_s[way] =
            (uint16_t)ki_osm_limited_speed(facts->usual_mm_per_s, limit->rank ? limit->value : 0);
    }
}

/* Loads of an axle stand for the whole vehicle: profiles know no axles. */
int32_t ki_osm_parse_limit(int limit, const char *value) {
    if (limit == LIMIT_MASS) return ki_osm_parse_mass_kg(value);
    if (limit != LIMIT_AXLE) return ki_osm_parse_length_mm(value);
    int32_t axle_kg = ki_osm_parse_mass_kg(value);
    return axle_kg > INT32_MAX / AXLES ? 0 : AXLES * axle_kg;
}

static int same_limit(int a, int b) {
    return a == b || (a >= LIMIT_MASS && b >= LIMIT_MASS);
}

int32_t ki_osm_limit_but(const ki_tag *tags, size_t n_tags, int limit, const char *but_key) {
    int32_t smallest = 0;
    for (size_t tag = 0; tag < n_tags; tag++) {
        for (size_t row = 0; row < LENGTH_OF(limit_keys); row++) {
            if (!same_limit(limit_keys[row].limit, limit)) continue;
            if (ki_osm_key_direction(tags[tag].key, limit_keys[row].key) < 0) continue;
            if (but_key && strcmp(limit_keys[row].key, but_key) == 0) continue;
            int32_t value = ki_osm_parse_limit(limit_keys[row].limit, tags[tag].value);
            if (value && (!smallest || value < smallest)) smallest = value;
        }
    }
    return smallest;
}

static void set_limits(const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    out->max_height_mm = ki_osm_limit_but(tags, n_tags, LIMIT_HEIGHT, NULL);
    out->max_width_mm = ki_osm_limit_but(tags, n_tags, LIMIT_WIDTH, NULL);
    out->max_length_mm = ki_osm_limit_but(tags, n_tags, LIMIT_LENGTH, NULL);
    out->max_mass_kg = ki_osm_limit_but(tags, n_tags, LIMIT_MASS, NULL);
}

static uint8_t parse_lanes(const char *value) {
    int lanes = 0;
    for (; value && *value >= '0' && *value <= '9' && lanes <= 25; value++)
        lanes = lanes * 10 + (*value - '0');
    return (uint8_t)lanes;
}

static void set_description(const ki_tag *tags, size_t n_tags, ki_way_tags *out) {
    const char *lit = ki_osm_find_tag(tags, n_tags, "lit");
    const char *width = ki_osm_find_tag(tags, n_tags, "width:carriageway");
    if (!width) width = ki_osm_find_tag(tags, n_tags, "width");
    if (!width) width = ki_osm_find_tag(tags, n_tags, "est_width");
    out->roundabout = tag_is(tags, n_tags, "junction", "roundabout") ||
                      tag_is(tags, n_tags, "junction", "circular");
    out->toll = tag_is(tags, n_tags, "toll", "yes") || tag_is(tags, n_tags, "toll:hgv", "yes");
    out->lit = lit && strcmp(lit, "no") != 0 && strcmp(lit, "disused") != 0;
    out->lanes = parse_lanes(ki_osm_find_tag(tags, n_tags, "lanes"));
    out->width_mm = width ? ki_osm_parse_length_mm(width) : 0;
}

void ki_osm_way_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into, ki_way_tags *out) {
    *out = (ki_way_tags){0};
    const highway_row *plain = find_highway(tags, n_tags);
    if (!plain) return;
    ki_way_facts facts = {.row = refine_highway(plain, tags, n_tags)};
    out->road_class = facts.row.road_class;
    set_description(tags, n_tags, out);
    judge_access(tags, n_tags, out->roundabout, &facts);
    for (int way = ALONG; way <= AGAINST; way++)
        out->access[way] = facts.legal[way] & facts.flow[way];
    set_speed(tags, n_tags, &facts, out);
    set_limits(tags, n_tags, out);
    if (!facts.shut) ki_osm_way_conditions(tags, n_tags, &facts, into, out);
}

int ki_osm_is_highway(const ki_tag *tags, size_t n_tags) {
    return ki_osm_find_tag(tags, n_tags, "highway") || tag_is(tags, n_tags, "route", "ferry");
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Access tags count on barriers only: on a crossing they speak of the path that crosses. */
static uint8_t barrier_blocks(const ki_tag *tags, size_t n_tags,
                              ki_verdict said[N_KINDS][N_DIRECTIONS]) {
    const char *barrier = ki_osm_find_tag(tags, n_tags, "barrier");
    if (!barrier) return 0;
    int blocks = KI_OSM_WORD(barriers, barrier, 0);
    judge_tags(tags, n_tags, access_keys, LENGTH_OF(access_keys), parse_access, said);
    for (int kind = 0; kind < N_KINDS; kind++) {
        const ki_verdict *tagged = &said[kind][ALONG];
        if (tagged->rank == 0) continue;
        if (tagged->value == CLOSED) blocks |= 1 << kind;
        if (tagged->value == OPEN && tagged->rank >= 2 * RANK_OF_VEHICLE) blocks &= ~(1 << kind);
    }
    return (uint8_t)blocks;
}

int ki_osm_node_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into,
                     ki_node_tags *out) {
    ki_verdict said[N_KINDS][N_DIRECTIONS] = {{{0, 0}}};
    *out = (ki_node_tags){.blocked = barrier_blocks(tags, n_tags, said),
                          .max_height_mm = ki_osm_limit_but(tags, n_tags, LIMIT_HEIGHT, NULL),
                          .max_width_mm = ki_osm_limit_but(tags, n_tags, LIMIT_WIDTH, NULL),
                          .max_mass_kg = ki_osm_limit_but(tags, n_tags, LIMIT_MASS, NULL)};
    out->flags = (uint8_t)KI_OSM_WORD(highway_nodes, ki_osm_find_tag(tags, n_tags, "highway"), 0);
    if (tag_is(tags, n_tags, "crossing", "traffic_signals")) out->flags |= KI_NODE_SIGNALS;
    if (tag_is(tags, n_tags, "barrier", "height_restrictor") && !out->max_height_mm)
        out->max_height_mm = UNKNOWN_RESTRICTOR_MM;
    ki_osm_node_conditions(tags, n_tags, said, into, out);
    return out->flags || out->blocked || out->max_height_mm || out->max_width_mm ||
           out->max_mass_kg || out->conditions;
}

/* ---- places where waste arises --------------------------------------------------------------- */

int ki_osm_spot_tags(const ki_tag *tags, size_t n_tags) {
    const char *amenity = ki_osm_find_tag(tags, n_tags, "amenity");
    const char *shop = ki_osm_find_tag(tags, n_tags, "shop");
    int spot = KI_OSM_WORD(amenities, amenity, 0);
    if (spot) return spot;
    if (shop && strcmp(shop, "no") != 0 && strcmp(shop, "vacant") != 0) return KI_OSM_SPOT_SHOP;
    spot = KI_OSM_WORD(buildings, ki_osm_find_tag(tags, n_tags, "building"), 0);
    if (spot) return spot;
    return ki_osm_find_tag(tags, n_tags, "addr:housenumber") ? KI_OSM_SPOT_HOME : 0;
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
    int kmh = KI_OSM_WORD(zones, value, 0);
    return kmh ? kmh * 2500 / 9 : ki_measure_smallest(value, KI_MEASURE_SPEED_MM_PER_S);
}

int32_t ki_osm_parse_speed_mm_per_s(const char *value) {
    int has_country = value[0] >= 'A' && value[0] <= 'Z' && value[1] && value[2] == ':';
    if (has_country) return parse_zone(value + 3);
    if (strcmp(value, "walk") == 0) return WALK_KMH * 2500 / 9;
    return ki_measure_smallest(value, KI_MEASURE_SPEED_MM_PER_S);
}
