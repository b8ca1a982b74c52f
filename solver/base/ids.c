/* SPDX-License-Identifier: GPL-3.0-or-later
 * A hash map with linear probing: it is asked once a report row, so it has to be quick. The hash is
 * SipHash-1-3 (Aumasson and Bernstein 2012) under a secret of the map's own, because ids come from
 * outside and ids made to collide would take quadratic time. The slots are never walked in order to
 * decide anything, so no plan depends on the secret. */
#define _DEFAULT_SOURCE
#include "base/ids.h"

#include <string.h>
#include <sys/random.h>

static uint64_t rotate_left(uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
}

static void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate_left(v[1], 13) ^ v[0];
    v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] = rotate_left(v[0], 32) + v[3];
    v[2] += v[1];
    v[3] = rotate_left(v[3], 21) ^ v[0];
    v[1] = rotate_left(v[1], 17) ^ v[2];
    v[2] = rotate_left(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word) {
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

static uint64_t hash_of(const ki_ids *ids, const char *id) {
    uint64_t v[4] = {ids->secret[0] ^ 0x736f6d6570736575u, ids->secret[1] ^ 0x646f72616e646f6du,
                     ids->secret[0] ^ 0x6c7967656e657261u, ids->secret[1] ^ 0x7465646279746573u};
    size_t length = strlen(id), at = 0;
    uint64_t word;
    for (; at + sizeof word <= length; at += sizeof word) {
        memcpy(&word, id + at, sizeof word);
        sip_word(v, word);
    }
    word = 0;
    memcpy(&word, id + at, length - at);
    sip_word(v, word | (uint64_t)length << 56);
    v[2] ^= 0xff;
    for (int round = 0; round < 3; round++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The slot that holds the id, or the free one where it belongs. */
static size_t slot_of(const ki_ids *ids, const char *id) {
    size_t slot = (size_t)hash_of(ids, id) & (ids->n_slots - 1);
    while (ids->keys[slot] && strcmp(ids->keys[slot], id) != 0)
        slot = (slot + 1) & (ids->n_slots - 1);
    return slot;
}

const char *ki_ids_key(const ki_ids *ids, const char *id) {
    return ids->n && id ? ids->keys[slot_of(ids, id)] : NULL;
}

int32_t ki_ids_find(const ki_ids *ids, const char *id) {
    if (ids->n == 0 || !id) return KI_ID_ABSENT;
    size_t slot = slot_of(ids, id);
    return ids->keys[slot] ? ids->values[slot] : KI_ID_ABSENT;
}

/* The old slots stay in the arena: all of them together are smaller than the new ones. */
static int rehash(ki_ids *ids, ki_arena *arena, size_t n_slots) {
    ki_ids larger = {.n = ids->n,
                     .n_slots = n_slots,
                     .keys = ki_arena_alloc(arena, n_slots, sizeof *larger.keys),
                     .values = ki_arena_alloc(arena, n_slots, sizeof *larger.values)};
    if (!larger.keys || !larger.values) return -1;
    /* Without entropy the secret stays as it is: right all the same, only not hidden. */
    if (getrandom(larger.secret, sizeof larger.secret, GRND_NONBLOCK) < 0)
        memcpy(larger.secret, ids->secret, sizeof larger.secret);
    for (size_t old = 0; old < ids->n_slots; old++) {
        if (!ids->keys[old]) continue;
        size_t slot = slot_of(&larger, ids->keys[old]);
        larger.keys[slot] = ids->keys[old];
        larger.values[slot] = ids->values[old];
    }
    *ids = larger;
    return 0;
}

static int make_room(ki_ids *ids, ki_arena *arena, size_t n) {
    size_t n_slots = ids->n_slots ? ids->n_slots : 64;
    while (n_slots < 2 * n)
        n_slots *= 2;
    return n_slots == ids->n_slots ? 0 : rehash(ids, arena, n_slots);
}

int ki_ids_put(ki_ids *ids, ki_arena *arena, const char *id, int32_t value) {
    if (make_room(ids, arena, ids->n + 1)) return -1;
    size_t slot = slot_of(ids, id);
    if (!ids->keys[slot]) {
        ids->keys[slot] = id;
        ids->n++;
    }
    ids->values[slot] = value;
    return 0;
}

int ki_ids_build(ki_ids *out, ki_arena *arena, const char *const *first_id, size_t n,
                 size_t stride) {
    *out = (ki_ids){0};
    if (make_room(out, arena, n)) return -1;
    const char *at = (const char *)first_id;
    for (size_t item = 0; item < n; item++, at += stride) {
        const char *id;
        memcpy(&id, at, sizeof id);
        if (id && !ki_ids_key(out, id) && ki_ids_put(out, arena, id, (int32_t)item)) return -1;
    }
    return 0;
}
