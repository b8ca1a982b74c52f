/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph_hash.c - the name of a built graph: SHA-256 over its fields, little-endian, one after
 * another. Struct padding and pointers stay out, so the hash is the same on every build. */
#include "base/text.h"
#include "road/graph_build.h"

#include <string.h>

typedef struct stream { /* small writes gathered into blocks */
    ki_sha256 hash;
    size_t n_bytes;
    unsigned char bytes[4096];
} stream;

static void put(stream *out, uint64_t value, int n_bytes) {
    if (out->n_bytes + 8 > sizeof out->bytes) {
        ki_sha256_add(&out->hash, out->bytes, out->n_bytes);
        out->n_bytes = 0;
    }
    for (int byte = 0; byte < n_bytes; byte++)
        out->bytes[out->n_bytes++] = (unsigned char)(value >> (8 * byte));
}

static void put8(stream *out, uint8_t value) {
    put(out, value, 1);
}
static void put32(stream *out, int32_t value) {
    put(out, (uint32_t)value, 4);
}
static void put64(stream *out, int64_t value) {
    put(out, (uint64_t)value, 8);
}

static void put_way(stream *out, const ki_graph *graph, const ki_way *way) {
    const ki_way_tags *tags = &way->tags;
    put64(out, way->osm_id);
    const char *name = ki_way_name(graph, way);
    size_t length = strlen(name);
    put64(out, (int64_t)length);
    for (size_t at = 0; at < length; at++)
        put8(out, (uint8_t)name[at]);
    put8(out, tags->road_class);
    put8(out, tags->access[0]);
    put8(out, tags->access[1]);
    put8(out, tags->roundabout);
    put8(out, tags->toll);
    put8(out, tags->lit);
    put8(out, tags->lanes);
    put(out, tags->speed_mm_per_s[0], 2);
    put(out, tags->speed_mm_per_s[1], 2);
    put32(out, tags->max_height_mm);
    put32(out, tags->max_width_mm);
    put32(out, tags->max_length_mm);
    put32(out, tags->max_mass_kg);
    put32(out, tags->width_mm);
    put32(out, tags->conditions);
}

static void put_node(stream *out, const ki_node *node) {
    put64(out, node->osm_id);
    put32(out, node->lat_e7);
    put32(out, node->lon_e7);
    put8(out, node->tags.flags);
    put8(out, node->tags.blocked);
    put32(out, node->tags.max_height_mm);
    put32(out, node->tags.max_width_mm);
    put32(out, node->tags.max_mass_kg);
    put32(out, node->tags.conditions);
}

static void put_edge(stream *out, const ki_graph *graph, const ki_edge *edge) {
    put32(out, edge->from);
    put32(out, edge->to);
    put32(out, edge->way);
    if (graph->n_copies) put32(out, edge->record);
    put32(out, edge->length_mm);
    put32(out, edge->n_points);
    for (int32_t point = 0; point < edge->n_points; point++) {
        const ki_point *at = &graph->points[edge->first_point + point];
        put64(out, at->osm_id);
        put32(out, at->lat_e7);
        put32(out, at->lon_e7);
        put32(out, at->at_mm);
    }
}

static void put_restriction(stream *out, const ki_graph *graph, const ki_restriction *restriction) {
    put64(out, restriction->osm_id);
    put8(out, restriction->only);
    put8(out, restriction->except);
    put32(out, restriction->conditions);
    put32(out, restriction->n_arcs);
    for (int32_t step = 0; step < restriction->n_arcs; step++)
        put32(out, graph->restriction_arcs[restriction->first_arc + step]);
}

static void put_condition(stream *out, const ki_condition *condition) {
    put8(out, condition->effect);
    put8(out, condition->kinds[0]);
    put8(out, condition->kinds[1]);
    put8(out, condition->perhaps);
    for (int test = 0; test < KI_SIZE_TESTS; test++) {
        put8(out, condition->sizes[test]);
        put8(out, condition->below[test]);
        put32(out, condition->bounds[test]);
    }
    put32(out, condition->value);
    put32(out, condition->first_hour);
    put32(out, condition->n_hours);
}

static void put_hours(stream *out, const ki_hours_rule *rule) {
    put(out, (uint16_t)rule->start_min, 2);
    put(out, (uint16_t)rule->end_min, 2);
    put8(out, rule->days);
    put8(out, rule->part);
    put8(out, rule->replaces);
    put8(out, rule->off);
    put(out, (uint16_t)rule->first_date, 2);
    put(out, (uint16_t)rule->last_date, 2);
    put(out, (uint16_t)rule->first_year, 2);
    put(out, (uint16_t)rule->last_year, 2);
}

/* What was not understood changes no plan but is told about it: it is part of the name. */
static void put_conditions(stream *out, const ki_conditions *all) {
    put32(out, all->n_lists);
    for (int32_t list = 0; list <= all->n_lists; list++)
        put32(out, all->first[list]);
    for (int32_t item = 0; item < all->n_items; item++)
        put_condition(out, &all->items[item]);
    put32(out, all->n_hours);
    for (int32_t rule = 0; rule < all->n_hours; rule++)
        put_hours(out, &all->hours[rule]);
    put32(out, all->n_unread);
    for (int32_t at = 0; at < all->n_unread; at++) {
        put64(out, all->unread[at].example_id);
        put32(out, all->unread[at].text);
        put32(out, all->unread[at].count);
        put32(out, all->unread[at].object);
    }
    put32(out, all->n_unread_others);
    put32(out, all->n_text);
    for (int32_t at = 0; at < all->n_text; at++)
        put8(out, (uint8_t)all->text[at]);
}

void ki_graph_set_hash(ki_graph *graph) {
    stream out = {.n_bytes = 0};
    ki_sha256_begin(&out.hash);
    put32(&out, graph->n_nodes);
    for (int32_t node = 0; node < graph->n_nodes; node++)
        put_node(&out, &graph->nodes[node]);
    put32(&out, graph->n_ways);
    for (int32_t way = 0; way < graph->n_ways + graph->n_copies; way++)
        put_way(&out, graph, &graph->ways[way]);
    put32(&out, graph->n_edges);
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        put_edge(&out, graph, &graph->edges[edge]);
    put32(&out, graph->n_restrictions);
    for (int32_t index = 0; index < graph->n_restrictions; index++)
        put_restriction(&out, graph, &graph->restrictions[index]);
    put_conditions(&out, &graph->conditions);
    put32(&out, graph->n_unmatched_restrictions);
    put32(&out, graph->drive_left);
    for (size_t at = 0; graph->corrections[at]; at++)
        put8(&out, (uint8_t)graph->corrections[at]);
    ki_sha256_add(&out.hash, out.bytes, out.n_bytes);
    ki_sha256_end(&out.hash, graph->hash);
}
