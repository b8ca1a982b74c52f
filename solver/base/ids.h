/* SPDX-License-Identifier: GPL-3.0-or-later
 * ids.h - from an id to a number, mostly its index in an array. Ids are borrowed. */
#ifndef KI_IDS_H
#define KI_IDS_H
#include "base/arena.h"

#include <stdint.h>

enum { KI_ID_ABSENT = -1 };

typedef struct ki_ids { /* open addressing, at most half full; all zero: empty */
    const char **keys;
    int32_t *values;
    size_t n, n_slots;
    uint64_t secret[2];
} ki_ids;

int32_t ki_ids_find(const ki_ids *ids, const char *id); /* KI_ID_ABSENT: unknown, or NULL */
/* The own pointer to an equal id; NULL if absent. */
const char *ki_ids_key(const ki_ids *ids, const char *id);
/* Adds or replaces. 0 on success, -1 out of memory. The arena must always be the same. */
int ki_ids_put(ki_ids *ids, ki_arena *arena, const char *id, int32_t value);
/* Ids lie `stride` bytes apart, the first at first_id; NULL ids are left out; of equal ids the
 * first index holds. 0 on success, -1 out of memory. */
int ki_ids_build(ki_ids *out, ki_arena *arena, const char *const *first_id, size_t n,
                 size_t stride);
#endif
