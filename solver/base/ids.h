/* SPDX-License-Identifier: GPL-3.0-or-later
 * ids.h - from an id to its index: sorted pointers and a binary search. The ids are borrowed. */
#ifndef KI_IDS_H
#define KI_IDS_H
#include "base/arena.h"

#include <stdint.h>

typedef struct ki_ids_entry {
    const char *id;
    int32_t index;
} ki_ids_entry;

typedef struct ki_ids {
    ki_ids_entry *entries; /* by id, then by index */
    size_t n;
} ki_ids;

/* Ids lie `stride` bytes apart, the first at first_id; NULL ids are left out. 0 on success, -1 out
 * of memory. */
int ki_ids_build(ki_ids *out, ki_arena *arena, const char *const *first_id, size_t n,
                 size_t stride);
int32_t ki_ids_find(const ki_ids *ids, const char *id); /* the first index of it; -1: unknown */
#endif
