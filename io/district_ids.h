/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_ids.h - from an id to its place in an array. */
#ifndef KI_DISTRICT_IDS_H
#define KI_DISTRICT_IDS_H
#include <stddef.h>
#include <stdint.h>

enum { KI_ID_ABSENT = -1, KI_ID_QUARANTINED = -2 };

typedef struct ki_ids { /* open addressing; keys are borrowed and must outlive the map */
    const char **keys;
    int32_t *values;
    size_t n, n_slots;
} ki_ids;

int32_t ki_ids_find(const ki_ids *ids, const char *key);
/* The map's own pointer to an equal key; NULL if absent. */
const char *ki_ids_key(const ki_ids *ids, const char *key);
/* Adds or replaces. 0 on success, non-zero when out of memory. */
int ki_ids_put(ki_ids *ids, const char *key, int32_t value);
void ki_ids_free(ki_ids *ids);
#endif
