/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_id_map.c - a hash map with linear probing and FNV-1a. Looked up once a report row, so it
 * has to be quick; its order is never walked, so nothing of a plan depends on the hash. */
#include "district_id_map.h"

#include "base/alloc.h"

#include <string.h>

static uint64_t hash_of(const char *key) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
    return hash ^ (hash >> 29);
}

/* The slot that holds key, or the free one where it belongs. */
static size_t slot_of(const ki_id_map *ids, const char *key) {
    size_t slot = (size_t)hash_of(key) & (ids->n_slots - 1);
    while (ids->keys[slot] && strcmp(ids->keys[slot], key) != 0)
        slot = (slot + 1) & (ids->n_slots - 1);
    return slot;
}

int32_t ki_id_map_find(const ki_id_map *ids, const char *key) {
    if (ids->n == 0) return KI_ID_ABSENT;
    size_t slot = slot_of(ids, key);
    return ids->keys[slot] ? ids->values[slot] : KI_ID_ABSENT;
}

const char *ki_id_map_key(const ki_id_map *ids, const char *key) {
    return ids->n ? ids->keys[slot_of(ids, key)] : NULL;
}

static int rehash(ki_id_map *ids, size_t n_slots) {
    ki_id_map larger = {.n = ids->n, .n_slots = n_slots};
    larger.keys = ki_alloc_zero(n_slots, sizeof *larger.keys);
    larger.values = ki_alloc_zero(n_slots, sizeof *larger.values);
    if (!larger.keys || !larger.values) {
        ki_id_map_free(&larger);
        return -1;
    }
    for (size_t old = 0; old < ids->n_slots; old++) {
        if (!ids->keys[old]) continue;
        size_t slot = slot_of(&larger, ids->keys[old]);
        larger.keys[slot] = ids->keys[old];
        larger.values[slot] = ids->values[old];
    }
    ki_id_map_free(ids);
    *ids = larger;
    return 0;
}

int ki_id_map_put(ki_id_map *ids, const char *key, int32_t value) {
    if (2 * (ids->n + 1) > ids->n_slots && rehash(ids, ids->n_slots ? 2 * ids->n_slots : 64))
        return -1;
    size_t slot = slot_of(ids, key);
    if (!ids->keys[slot]) {
        ids->keys[slot] = key;
        ids->n++;
    }
    ids->values[slot] = value;
    return 0;
}

void ki_id_map_free(ki_id_map *ids) {
    ki_free(ids->keys);
    ki_free(ids->values);
    *ids = (ki_id_map){0};
}
