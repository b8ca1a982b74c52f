/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_tags.h - OSM tags to classes, speeds, access and limits; table-driven, pure C,
 * no libosmium. */
#ifndef KI_OSM_TAGS_H
#define KI_OSM_TAGS_H
#ifdef __cplusplus
extern "C" {
#endif
#include "road/graph.h"

typedef struct ki_tag {
    const char *key, *value;
} ki_tag;
/* Where the conditions of an object go, and its id for what is not understood of them. */
typedef struct ki_osm_into {
    ki_condition_table *table;
    int64_t id;
} ki_osm_into;

/* road_class KI_ROAD_NONE in *out: not a road for any kind. */
void ki_osm_way_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into, ki_way_tags *out);
/* 1 if the node matters to traffic. */
int ki_osm_node_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into, ki_node_tags *out);
enum { KI_OSM_MAX_TURNS = 3 };
/* How many turn restrictions for vehicles the relation is; sets only, except, u_turn, conditions;
 * the rest is 0. */
int ki_osm_restriction_tags(const ki_tag *tags, size_t n_tags, const ki_osm_into *into,
                            ki_osm_restriction out[KI_OSM_MAX_TURNS]);
/* 1 if the restriction holds at certain times or for certain vehicles only. */
int ki_osm_is_conditional_restriction(const ki_tag *tags, size_t n_tags);
/* 1 if the tags claim a highway or a ferry of any sort, fit for us or not. */
int ki_osm_is_highway(const ki_tag *tags, size_t n_tags);
/* The kind of place where waste arises (ki_osm_spot_kind), 0: none. */
int ki_osm_spot_tags(const ki_tag *tags, size_t n_tags);
/* Length in mm, mass in kg, speed in mm/s from a tag value; 0: none or not understood. */
int32_t ki_osm_parse_length_mm(const char *value);
int32_t ki_osm_parse_mass_kg(const char *value);
int32_t ki_osm_parse_speed_mm_per_s(const char *value);
#ifdef __cplusplus
}
#endif
#endif
