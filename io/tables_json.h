/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_json.h - values inside one JSON object, by paths of keys, FIWARE's entities included. */
#ifndef KI_TABLES_JSON_H
#define KI_TABLES_JSON_H
#include "base/arena.h"

#include <json-c/json.h>

/* What a column of reports is in a FIWARE WasteContainer. */
typedef enum ki_ngsi {
    KI_NGSI_NONE = 0, /* the path as it stands */
    KI_NGSI_ID,       /* id without urn:ngsi-ld:WasteContainer: */
    KI_NGSI_FILL,
    KI_NGSI_MASS,
    KI_NGSI_MEASURED,
    KI_NGSI_ALARM
} ki_ngsi;
ki_ngsi ki_ngsi_of(const char *column); /* of "fill_ratio" and so on */
/* The n-th attribute a column is taken from, the best first; NULL past the last. */
const char *ki_ngsi_attribute(ki_ngsi what, size_t nth);

/* 1 if the object is such an entity. */
int ki_ngsi_is_container(json_object *entity);
/* Values of the fill over time, if the entity holds several; otherwise 1. */
size_t ki_ngsi_n_instants(json_object *entity);

/* The value as text, borrowed from the object; "" where there is none, or none that is one value.
 * instant is the one of ki_ngsi_n_instants that is asked for. Text with a NUL inside and
 * whole numbers beyond 64 bits come out as one control character, which no value may hold. */
const char *ki_json_value(json_object *entry, const char *path);
const char *ki_ngsi_value(json_object *entity, ki_ngsi what, size_t instant, size_t n_instants);

/* Calls take for every path that ends in one value, or in a list. Stops where take says so. */
typedef int (*ki_json_path_taker)(void *own, const char *path);
void ki_json_each_path(json_object *entry, ki_json_path_taker take, void *own);
#endif
