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

static uint8_t closed_kinds(const kerb_correction *from) {
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

void ki_correct_tags(const kerb_correction *from, ki_way_tags *tags) {
    if (from->road_class > KERB_ROAD_UNSPECIFIED && from->road_class < KERB_N_ROAD_CLASSES)
        tags->road_class = (uint8_t)from->road_class;
    set_access(from, tags->access);
    set_speed(from, tags);
    set_limit(&tags->max_height_mm, from->max_height_m, 1000, MAX_M);
    set_limit(&tags->max_width_mm, from->max_width_m, 1000, MAX_M);
    set_limit(&tags->max_length_mm, from->max_length_m, 1000, MAX_M);
    set_limit(&tags->max_mass_kg, from->max_mass_kg, 1, MAX_KG);
    set_limit(&tags->width_mm, from->width_m, 1000, MAX_M);
}

void ki_correct_node(const kerb_correction *from, ki_node_tags *tags) {
    tags->blocked = (uint8_t)(tags->blocked & ~kinds_of(from->open_to));
    tags->blocked |= closed_kinds(from);
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
    size_t n_name = of->name ? strlen(of->name) : 0;
    put64(hash, n_name);
    if (n_name) put(hash, of->name, n_name);
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
