/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_id_map.h - from an id to its place in an array. */
#ifndef KI_DISTRICT_ID_MAP_H
#define KI_DISTRICT_ID_MAP_H
#include <stddef.h>
#include <stdint.h>

enum { KI_ID_ABSENT = -1, KI_ID_QUARANTINED = -2 };

typedef struct ki_id_map { /* open addressing; keys are borrowed and must outlive the map */
    const char **keys;
    int32_t *values;
    size_t n, n_slots;
} ki_id_map;

int32_t ki_id_map_find(const ki_id_map *ids, const char *key);
/* The map's own pointer to an equal key; NULL if absent. */
const char *ki_id_map_key(const ki_id_map *ids, const char *key);
/* Adds or replaces. 0 on success, non-zero when out of memory. */
int ki_id_map_put(ki_id_map *ids, const char *key, int32_t value);
void ki_id_map_free(ki_id_map *ids);
#endif
