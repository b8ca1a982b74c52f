/* SPDX-License-Identifier: GPL-3.0-or-later
 * city.h - the list of districts that a batch plans. */
#ifndef KI_CITY_H
#define KI_CITY_H
#include "base/arena.h"
#include "kerbside.h"

typedef struct ki_city_district {
    const char *id, *path,
        *tonight; /* paths resolved against the city file's folder; tonight or NULL */
} ki_city_district;

typedef struct ki_city {
    ki_arena arena;
    ki_city_district *districts;
    size_t n_districts;
    double deadline_s; /* wall seconds for the whole batch; 0: none */
} ki_city;

/* City file: {schema_version: 1, deadline_min: 90, districts: [{id: a, file: a/district.yaml,
 * tonight: a/tonight.yaml}]}. Ids are unique and made of letters, digits, '-' and '_': they name
 * output files. */
kerb_status ki_city_load(ki_city **out, const char *path, kerb_error *err);
void ki_city_free(ki_city *city);
#endif
