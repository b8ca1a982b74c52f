/* SPDX-License-Identifier: GPL-3.0-or-later
 * correct_tags.c - what a correction states, laid over the tags of a way or a node; and its hash.
 */
#include "base/text.h"
#include "road/correct.h"

#include <math.h>
#include <string.h>

static const double ADDED_KMH = 20, MAX_KMH = 200, MAX_M = 1e5, MAX_KG = 2e9;

/* Bits of kerb_vehicle_use as KI_KIND_ bits. */
static uint8_t kinds_of(uint32_t uses) {
    uint8_t kinds = 0;
    if (uses & (1U << KERB_USE_TRUCK | 1U << KERB_USE_HAUL)) kinds |= KI_KIND_TRUCK;
    if (uses & 1U << KERB_USE_SWEEPER) kinds |= KI_KIND_SWEEPER;
    if (uses & 1U << KERB_USE_ROBOT) kinds |= KI_KIND_ROBOT;
    return kinds;
}

/* NaN and what is not positive: as it is. */
static void set_limit(int32_t *limit, double stated, double units, double most) {
    if (!(stated > 0)) return;
    if (isinf(stated))
        *limit = 0;
    else
        *limit = (int32_t)fmax(1, round(fmin(stated, most) * units));
}

/* With hours, those of closed_to are shut out by the clock alone. */
static uint8_t closed_kinds(const kerb_correction *from) {
    if (from->open_hours) return 0;
    if (from->kind == KERB_CORRECTION_CLOSE && from->closed_to == 0) return KI_KIND_ALL;
    return kinds_of(from->closed_to);
}

/* Opened where traffic may run at all; a road shut both ways is opened both ways. */
static void set_access(const kerb_correction *from, uint8_t access[2]) {
    uint8_t opened = kinds_of(from->open_to), closed = closed_kinds(from);
    int is_shut = !access[0] && !access[1];
    for (int against = 0; against < 2; against++)
        if (access[against] || is_shut) access[against] |= opened;
    uint8_t both = access[0] | access[1];
    if (from->one_way != KERB_ONE_WAY_UNSPECIFIED) {
        access[0] = from->one_way == KERB_ONE_WAY_AGAINST ? 0 : both;
        access[1] = from->one_way == KERB_ONE_WAY_ALONG ? 0 : both;
    }
    for (int against = 0; against < 2; against++)
        access[against] = (uint8_t)(access[against] & ~closed);
}

static void set_speed(const kerb_correction *from, ki_way_tags *tags) {
    double kmh = from->speed_kmh > 0 ? fmin(from->speed_kmh, MAX_KMH) : 0;
    for (int against = 0; against < 2; against++) {
        double stated = kmh > 0 ? kmh : tags->speed_mm_per_s[against] ? 0 : ADDED_KMH;
        if (stated > 0)
            tags->speed_mm_per_s[against] = (uint16_t)fmax(1, round(stated * 1e6 / 3600));
    }
}

/* ---- conditions ------------------------------------------------------------------------------ */

int ki_correct_hours(const kerb_correction *from, ki_hours *out) {
    *out = (ki_hours){0};
    return !from->open_hours || ki_hours_parse(from->open_hours, strlen(from->open_hours), out);
}

typedef struct conditions { /* the list in the making */
    ki_condition items[KI_CONDITIONS_PER_LIST];
    int32_t n;
} conditions;

/* Of a full list the first goes: what comes later overrides it, and the new one bars. */
static void add(conditions *to, ki_effect effect, const uint8_t kinds[2], ki_condition like) {
    if (!kinds[0] && !kinds[1]) return;
    if (to->n == KI_CONDITIONS_PER_LIST)
        memmove(to->items, to->items + 1, (size_t)--to->n * sizeof *to->items);
    like.effect = (uint8_t)effect;
    memcpy(like.kinds, kinds, sizeof like.kinds);
    to->items[to->n++] = like;
}

static void copy_list(const ki_condition_table *table, int32_t list, conditions *to) {
    const ki_conditions *made = ki_condition_table_made(table);
    to->n = list ? made->first[list + 1] - made->first[list] : 0;
    if (to->n > 0)
        memcpy(to->items, made->items + made->first[list], (size_t)to->n * sizeof *to->items);
}

/* What the map bars at certain hours gives way to what the correction opens; what it closes has
 * left the tags themselves. Its own hours come last. passes: [2] who may pass at some time, along
 * and against. */
static void set_conditions(const kerb_correction *from, ki_condition_table *table,
                           const uint8_t passes[2], int32_t *list) {
    conditions all = {.n = 0};
    ki_condition timed = {0};
    ki_hours hours;
    uint8_t opened = kinds_of(from->open_to);
    copy_list(table, *list, &all);
    if (all.n > 0) {
        add(&all, KI_EFFECT_OPEN, (uint8_t[2]){opened & passes[0], opened & passes[1]}, timed);
        if (from->one_way != KERB_ONE_WAY_UNSPECIFIED)
            add(&all, KI_EFFECT_FLOW_OPEN, passes, timed);
    }
    if (from->open_hours && ki_correct_hours(from, &hours)) {
        uint8_t kinds = from->closed_to ? kinds_of(from->closed_to) : KI_KIND_ALL;
        uint8_t both[2] = {kinds & passes[0], kinds & passes[1]};
        add(&all, KI_EFFECT_CLOSE, both, timed);
        ki_condition_table_set_hours(table, &timed, &hours);
        add(&all, KI_EFFECT_OPEN, both, timed);
    }
    *list = ki_condition_table_list(table, all.items, all.n);
}

void ki_correct_tags(const kerb_correction *from, ki_condition_table *table, ki_way_tags *tags) {
    if (from->road_class > KERB_ROAD_UNSPECIFIED && from->road_class < KERB_N_ROAD_CLASSES)
        tags->road_class = (uint8_t)from->road_class;
    set_access(from, tags->access);
    set_conditions(from, table, tags->access, &tags->conditions);
    set_speed(from, tags);
    set_limit(&tags->max_height_mm, from->max_height_m, 1000, MAX_M);
    set_limit(&tags->max_width_mm, from->max_width_m, 1000, MAX_M);
    set_limit(&tags->max_length_mm, from->max_length_m, 1000, MAX_M);
    set_limit(&tags->max_mass_kg, from->max_mass_kg, 1, MAX_KG);
    set_limit(&tags->width_mm, from->width_m, 1000, MAX_M);
}

void ki_correct_node(const kerb_correction *from, ki_condition_table *table, ki_node_tags *tags) {
    tags->blocked = (uint8_t)(tags->blocked & ~kinds_of(from->open_to));
    tags->blocked |= closed_kinds(from);
    const uint8_t passes[2] = {(uint8_t)(KI_KIND_ALL & ~tags->blocked), 0};
    set_conditions(from, table, passes, &tags->conditions);
    set_limit(&tags->max_height_mm, from->max_height_m, 1000, MAX_M);
    set_limit(&tags->max_width_mm, from->max_width_m, 1000, MAX_M);
    set_limit(&tags->max_mass_kg, from->max_mass_kg, 1, MAX_KG);
}

/* ---- the hash -------------------------------------------------------------------------------- */

static void put(ki_sha256 *hash, const void *bytes, size_t n_bytes) {
    ki_sha256_add(hash, bytes, n_bytes);
}

/* Little-endian whatever the machine; doubles by their bits, which are the same everywhere. */
static void put64(ki_sha256 *hash, uint64_t value) {
    unsigned char bytes[8];
    for (int byte = 0; byte < 8; byte++)
        bytes[byte] = (unsigned char)(value >> (8 * byte));
    put(hash, bytes, sizeof bytes);
}

static void put_real(ki_sha256 *hash, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put64(hash, bits);
}

static void put_text(ki_sha256 *hash, const char *text) {
    size_t n_bytes = text ? strlen(text) : 0;
    put64(hash, n_bytes);
    if (n_bytes) put(hash, text, n_bytes);
}

static void put_correction(ki_sha256 *hash, const kerb_correction *of) {
    const int64_t whole[] = {of->kind,       of->way_id,      of->from_node,
                             of->to_node,    of->node_id,     (int64_t)of->n_positions,
                             of->road_class, of->one_way,     of->closed_to,
                             of->open_to,    of->name != NULL};
    const double real[] = {of->speed_kmh,    of->max_height_m, of->max_width_m,
                           of->max_length_m, of->max_mass_kg,  of->width_m};
    for (size_t at = 0; at < sizeof whole / sizeof *whole; at++)
        put64(hash, (uint64_t)whole[at]);
    for (size_t at = 0; at < sizeof real / sizeof *real; at++)
        put_real(hash, real[at]);
    for (size_t at = 0; at < of->n_positions; at++) {
        put_real(hash, of->lat_deg[at]);
        put_real(hash, of->lon_deg[at]);
    }
    put_text(hash, of->name);
    put64(hash, of->open_hours != NULL);
    put_text(hash, of->open_hours);
}

void kerb_corrections_hash(const kerb_correction *corrections, size_t n, char hex[65]) {
    ki_sha256 hash;
    hex[0] = '\0';
    if (n == 0) return;
    ki_sha256_begin(&hash);
    for (size_t at = 0; at < n; at++)
        put_correction(&hash, &corrections[at]);
    ki_sha256_end(&hash, hex);
}
