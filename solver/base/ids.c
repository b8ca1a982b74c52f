/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sorting instead of hashing: no seed, the same order on every machine, and duplicates lie side by
 * side for whoever looks for them. */
#include "base/ids.h"

#include <stdlib.h>
#include <string.h>

static int compare_entries(const void *left, const void *right) {
    const ki_ids_entry *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

int ki_ids_build(ki_ids *out, ki_arena *arena, const char *const *first_id, size_t n,
                 size_t stride) {
    *out = (ki_ids){.entries = ki_arena_alloc(arena, n, sizeof(ki_ids_entry))};
    if (!out->entries) return -1;
    const char *at = (const char *)first_id;
    for (size_t item = 0; item < n; item++, at += stride) {
        const char *id;
        memcpy(&id, at, sizeof id);
        if (id) out->entries[out->n++] = (ki_ids_entry){.id = id, .index = (int32_t)item};
    }
    qsort(out->entries, out->n, sizeof *out->entries, compare_entries);
    return 0;
}

int32_t ki_ids_find(const ki_ids *ids, const char *id) {
    if (!id) return -1;
    size_t low = 0, high = ids->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(ids->entries[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ids->n && strcmp(ids->entries[low].id, id) == 0 ? ids->entries[low].index : -1;
}
