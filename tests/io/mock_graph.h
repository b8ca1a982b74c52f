/* SPDX-License-Identifier: GPL-3.0-or-later
 * mock_graph.h - stands in for the graph builder where the library has none, so that the reader can
 * be linked and tested alone. Weak: a real builder in the library wins. */
#ifndef MOCK_GRAPH_H
#define MOCK_GRAPH_H
#if !__has_include("road/graph_build.c")
#define KERB_MOCK_GRAPH 1
#include "base/alloc.h"
#include "base/error.h"
#include "road/graph.h"

#define MOCK __attribute__((weak))
struct ki_graph_builder {
    int32_t n_ways;
};

MOCK kerb_status ki_graph_builder_new(ki_graph_builder **out, kerb_error *err) {
    *out = ki_alloc_zero(1, sizeof **out);
    return *out ? KERB_OK : ki_fail_no_memory(err, "builder");
}
MOCK kerb_status ki_graph_builder_tag_node(ki_graph_builder *builder, int64_t osm_id,
                                           const ki_node_tags *tags, kerb_error *err) {
    (void)builder, (void)osm_id, (void)tags, (void)err;
    return KERB_OK;
}
MOCK kerb_status ki_graph_builder_add_way(ki_graph_builder *builder, int64_t osm_id,
                                          const char *name, const ki_way_tags *tags,
                                          const int64_t *refs, const int32_t *lat_e7,
                                          const int32_t *lon_e7, size_t n_refs, kerb_error *err) {
    (void)osm_id, (void)name, (void)tags, (void)refs, (void)lat_e7, (void)lon_e7, (void)n_refs;
    (void)err;
    builder->n_ways++;
    return KERB_OK;
}
MOCK kerb_status ki_graph_builder_add_restriction(ki_graph_builder *builder,
                                                  const ki_osm_restriction *restriction,
                                                  kerb_error *err) {
    (void)builder, (void)restriction, (void)err;
    return KERB_OK;
}
MOCK void ki_graph_builder_free(ki_graph_builder *builder) {
    ki_free(builder);
}
MOCK kerb_status ki_graph_build(ki_graph **out, ki_graph_builder *builder, kerb_error *err) {
    *out = ki_alloc_zero(1, sizeof **out);
    if (*out) (*out)->n_ways = builder->n_ways;
    ki_graph_builder_free(builder);
    return *out ? KERB_OK : ki_fail_no_memory(err, "graph");
}
MOCK void ki_graph_free(ki_graph *graph) {
    ki_free(graph);
}
#endif
#endif
