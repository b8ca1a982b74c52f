/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_geojson.c - the base graph as one GeoJSON FeatureCollection (RFC 7946): a line per piece of
 * road, for looking at it on a map. Coordinates are printed from integers, so the text is the same
 * everywhere. */
#include "base/error.h"
#include "base/text.h"
#include "road/profile.h"

#include <stdlib.h>

static void add_degrees(ki_text *text, int32_t e7) {
    long long size = llabs((long long)e7);
    ki_text_add(text, "%s%lld.%07lld", e7 < 0 ? "-" : "", size / 10000000, size % 10000000);
}

static void add_line(ki_text *text, const ki_graph *graph, const ki_edge *edge) {
    ki_text_add(text, "{\"type\":\"LineString\",\"coordinates\":[");
    for (int32_t point = 0; point < edge->n_points; point++) {
        const ki_point *at = &graph->points[edge->first_point + point];
        ki_text_add(text, point ? ",[" : "[");
        add_degrees(text, at->lon_e7);
        ki_text_add(text, ",");
        add_degrees(text, at->lat_e7);
        ki_text_add(text, "]");
    }
    ki_text_add(text, "]}");
}

static void add_limit(ki_text *text, const char *name, int32_t limit) {
    if (limit > 0) ki_text_add(text, ",\"%s\":%d", name, limit);
}

/* "main": in the part whose roads all reach each other; "cut": open, but not in it; "no": closed.
 */
static const char *truck_word(const ki_profile *truck, int32_t arc) {
    if (truck->arc_ms[arc] == KI_NEVER) return "no";
    return truck->component[arc] == 0 ? "main" : "cut";
}

static void add_properties(ki_text *text, const ki_profile *truck, int32_t index) {
    const ki_edge *edge = &truck->graph->edges[index];
    const ki_way *way = &truck->graph->ways[edge->record];
    const ki_way_tags *tags = &way->tags;
    ki_text_add(text, "{\"way\":%lld", (long long)way->osm_id);
    if (way->name_at) {
        ki_text_add(text, ",\"name\":");
        ki_text_add_json(text, ki_way_name(truck->graph, way));
    }
    ki_text_add(text, ",\"class\":\"%s\",\"length_mm\":%d", ki_road_class_name(tags->road_class),
                edge->length_mm);
    ki_text_add(text, ",\"speed_mm_per_s\":[%d,%d]", tags->speed_mm_per_s[0],
                tags->speed_mm_per_s[1]);
    add_limit(text, "max_height_mm", tags->max_height_mm);
    add_limit(text, "max_width_mm", tags->max_width_mm);
    add_limit(text, "max_length_mm", tags->max_length_mm);
    add_limit(text, "max_mass_kg", tags->max_mass_kg);
    ki_text_add(text, ",\"truck_along\":\"%s\",\"truck_against\":\"%s\"}",
                truck_word(truck, 2 * index), truck_word(truck, 2 * index + 1));
}

static void add_features(ki_text *text, const ki_profile *truck) {
    ki_text_add(text, "{\"type\":\"FeatureCollection\",\"attribution\":\"(c) OpenStreetMap "
                      "contributors, ODbL 1.0\",\"features\":[");
    for (int32_t index = 0; index < truck->graph->n_edges; index++) {
        ki_text_add(text, index ? ",\n" : "\n");
        ki_text_add(text, "{\"type\":\"Feature\",\"geometry\":");
        add_line(text, truck->graph, &truck->graph->edges[index]);
        ki_text_add(text, ",\"properties\":");
        add_properties(text, truck, index);
        ki_text_add(text, "}");
    }
    ki_text_add(text, "\n]}\n");
}

kerb_status kerb_roads_geojson(const kerb_roads *roads, char **out, kerb_error *err) {
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK};
    ki_profile *truck;
    ki_text text = {0};
    ki_error_clear(err);
    *out = NULL;
    KI_TRY(ki_profile_build(&truck, roads->graph, &spec, NULL, err));
    add_features(&text, truck);
    ki_profile_free(truck);
    if (text.failed) {
        ki_text_free(&text);
        return ki_fail_no_memory(err, "the map of roads");
    }
    *out = text.bytes;
    return KERB_OK;
}
