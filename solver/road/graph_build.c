/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph_build.c - from ways with node refs to nodes, edges and shape points.
 *
 *   way   o──·──·──o──·──X──·──o      o junction or end   X signal, barrier, via node   · shape
 *   edges |────0───|──1──|──2──|
 *
 * A ref becomes a node where a way ends, where it is used twice (by two ways or by one), where a
 * tag stops or limits traffic, or where a restriction turns on it. Every ref is numbered by sorting
 * the ids: no hash table, so the order follows from the input alone. Nodes are numbered as the ways
 * first reach them, which keeps neighbours near each other in memory. */
#include "road/graph_build.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/curve.h"
#include "road/dissect.h"
#include "road/road_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REFS = KI_MAX_EDGES, MAX_NAME_BYTES = 1 << 30, CELL_BITS = 30 };

typedef struct way_key {
    uint64_t curve;
    size_t position;
} way_key;

/* ---- gathering ------------------------------------------------------------------- */

kerb_status ki_graph_builder_new(ki_graph_builder **out, kerb_error *err) {
    *out = ki_alloc_zero(1, sizeof **out);
    if (*out && ((*out)->conditions = ki_condition_table_new()) &&
        ki_grow(&(*out)->names, &(*out)->names_capacity, 1, 1) == 0) {
        (*out)->names[(*out)->n_names++] = '\0';
        return KERB_OK;
    }
    ki_graph_builder_free(*out);
    *out = NULL;
    return ki_fail_no_memory(err, "the road graph");
}

ki_condition_table *ki_graph_builder_conditions(ki_graph_builder *builder) {
    return builder->conditions;
}

kerb_status ki_graph_builder_tag_node(ki_graph_builder *builder, int64_t osm_id,
                                      const ki_node_tags *tags, kerb_error *err) {
    if (ki_grow(&builder->tagged, &builder->tagged_capacity, builder->n_tagged + 1,
                sizeof *builder->tagged))
        return ki_fail_no_memory(err, "road nodes");
    builder->tagged[builder->n_tagged] = (ki_tagged_node){osm_id, builder->n_tagged, *tags};
    builder->n_tagged++;
    return KERB_OK;
}

/* Appends the refs without immediate repeats and returns how many there are. */
static size_t append_refs(ki_graph_builder *builder, const int64_t *refs, const int32_t *lat_e7,
                          const int32_t *lon_e7, size_t n_refs) {
    ki_ref *first = builder->refs + builder->n_refs;
    size_t n = 0;
    for (size_t ref = 0; ref < n_refs; ref++)
        if (n == 0 || first[n - 1].osm_id != refs[ref])
            first[n++] = (ki_ref){refs[ref], lat_e7[ref], lon_e7[ref]};
    return n;
}

kerb_status ki_graph_builder_name(ki_graph_builder *builder, ki_raw_way *way, const char *name,
                                  kerb_error *err) {
    size_t n_bytes = name && *name ? strlen(name) + 1 : 0;
    way->name_at = n_bytes ? builder->n_names : 0;
    if (n_bytes > MAX_NAME_BYTES - builder->n_names)
        return ki_fail(err, KERB_BAD_INPUT, "roads: more than %d bytes of names, expected fewer",
                       (int)MAX_NAME_BYTES);
    if (ki_grow(&builder->names, &builder->names_capacity, builder->n_names + n_bytes, 1))
        return ki_fail_no_memory(err, "road names");
    if (n_bytes) memcpy(builder->names + builder->n_names, name, n_bytes);
    builder->n_names += n_bytes;
    return KERB_OK;
}

kerb_status ki_graph_builder_add_way(ki_graph_builder *builder, int64_t osm_id, const char *name,
                                     const ki_way_tags *tags, const int64_t *refs,
                                     const int32_t *lat_e7, const int32_t *lon_e7, size_t n_refs,
                                     kerb_error *err) {
    if (tags->road_class == KI_ROAD_NONE || tags->road_class >= KI_N_ROAD_CLASSES) return KERB_OK;
    if (n_refs > MAX_REFS - builder->n_refs)
        return ki_fail(err, KERB_BAD_INPUT, "roads: more than %d node refs, expected fewer",
                       (int)MAX_REFS);
    if (ki_grow(&builder->refs, &builder->refs_capacity, builder->n_refs + n_refs,
                sizeof *builder->refs) ||
        ki_grow(&builder->ways, &builder->ways_capacity, builder->n_ways + 1,
                sizeof *builder->ways))
        return ki_fail_no_memory(err, "roads");
    size_t n = append_refs(builder, refs, lat_e7, lon_e7, n_refs);
    if (n < 2) return KERB_OK;
    ki_raw_way *way = &builder->ways[builder->n_ways];
    *way = (ki_raw_way){.osm_id = osm_id, .tags = *tags, .first_ref = builder->n_refs, .n_refs = n};
    KI_TRY(ki_graph_builder_name(builder, way, name, err));
    builder->n_ways++;
    builder->n_refs += n;
    return KERB_OK;
}

kerb_status ki_graph_builder_add_restriction(ki_graph_builder *builder,
                                             const ki_osm_restriction *restriction,
                                             kerb_error *err) {
    if (ki_grow(&builder->restrictions, &builder->restrictions_capacity,
                builder->n_restrictions + 1, sizeof *builder->restrictions))
        return ki_fail_no_memory(err, "turn restrictions");
    builder->restrictions[builder->n_restrictions++] = *restriction;
    return KERB_OK;
}

void ki_graph_builder_free(ki_graph_builder *builder) {
    if (!builder) return;
    ki_free(builder->names);
    ki_free(builder->refs);
    ki_free(builder->ways);
    ki_free(builder->tagged);
    ki_free(builder->restrictions);
    ki_free(builder->copies);
    ki_free(builder->copied);
    ki_free(builder->correction_faults);
    ki_condition_table_free(builder->conditions);
    ki_free(builder);
}

/* ---- order ----------------------------------------------------------------------- */

static int compare_curve(const void *left, const void *right) {
    const way_key *a = left, *b = right;
    if (a->curve != b->curve) return a->curve < b->curve ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Ways stand along Morton's curve, in cells of some 360 m and there as they came: searches then
 * find neighbours near each other in memory. */
static kerb_status order_ways(ki_graph_builder *builder, kerb_error *err) {
    size_t n = builder->n_ways;
    way_key *keys = ki_alloc_zero(n, sizeof *keys);
    ki_raw_way *ways = ki_alloc_zero(n, sizeof *ways);
    if (!keys || !ways) {
        ki_free(keys);
        ki_free(ways);
        return ki_fail_no_memory(err, "roads");
    }
    for (size_t way = 0; way < n; way++) {
        const ki_ref *ref = &builder->refs[builder->ways[way].first_ref];
        keys[way] = (way_key){ki_curve(ref->lat_e7, ref->lon_e7) >> CELL_BITS, way};
    }
    if (n > 0) qsort(keys, n, sizeof *keys, compare_curve);
    for (size_t way = 0; way < n; way++)
        ways[way] = builder->ways[keys[way].position];
    ki_free(builder->ways);
    ki_free(keys);
    builder->ways = ways;
    builder->ways_capacity = n;
    return KERB_OK;
}

/* ---- numbering: every distinct OSM node id gets its rank ------------------------- */

typedef struct id_ranks {
    ki_arena arena;
    int32_t n;            /* distinct ids */
    int64_t *ids;         /* [n] ascending */
    int32_t *rank_of_ref; /* [n_refs] */
    uint8_t *is_node;     /* [n] */
    int32_t *node;        /* [n] number in the graph, -1 until reached */
} id_ranks;

typedef struct ref_key {
    int64_t osm_id;
    size_t position;
} ref_key;

static int compare_keys(const void *left, const void *right) {
    const ref_key *a = left, *b = right;
    if (a->osm_id != b->osm_id) return a->osm_id < b->osm_id ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

static kerb_status rank_refs(const ki_graph_builder *builder, id_ranks *out, kerb_error *err) {
    size_t n_refs = builder->n_refs;
    ref_key *keys = ki_alloc_zero(n_refs, sizeof *keys);
    out->rank_of_ref = ki_arena_alloc(&out->arena, n_refs, sizeof *out->rank_of_ref);
    out->ids = ki_arena_alloc(&out->arena, n_refs, sizeof *out->ids);
    out->is_node = ki_arena_alloc(&out->arena, n_refs, sizeof *out->is_node);
    out->node = ki_arena_alloc(&out->arena, n_refs, sizeof *out->node);
    if (!keys || !out->rank_of_ref || !out->ids || !out->is_node || !out->node) {
        ki_free(keys);
        return ki_fail_no_memory(err, "road nodes");
    }
    for (size_t ref = 0; ref < n_refs; ref++)
        keys[ref] = (ref_key){builder->refs[ref].osm_id, ref};
    qsort(keys, n_refs, sizeof *keys, compare_keys);
    for (size_t key = 0; key < n_refs; key++) {
        if (key == 0 || keys[key].osm_id != keys[key - 1].osm_id)
            out->ids[out->n++] = keys[key].osm_id;
        out->rank_of_ref[keys[key].position] = out->n - 1;
    }
    ki_free(keys);
    for (int32_t rank = 0; rank < out->n; rank++)
        out->node[rank] = -1;
    return KERB_OK;
}

static int32_t find_rank(const id_ranks *ranks, int64_t osm_id) {
    int32_t low = 0, high = ranks->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (ranks->ids[middle] < osm_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ranks->n && ranks->ids[low] == osm_id ? low : -1;
}

static void mark_node(id_ranks *ranks, int64_t osm_id) {
    int32_t rank = find_rank(ranks, osm_id);
    if (rank >= 0) ranks->is_node[rank] = 1;
}

static int32_t step_mm(const ki_ref *from, const ki_ref *to) {
    double distance = ki_distance_mm(from->lat_e7, from->lon_e7, to->lat_e7, to->lon_e7);
    return distance >= KI_MAX_EDGE_MM ? KI_MAX_EDGE_MM : (int32_t)lround(distance);
}

/* An edge may not outgrow int32 millimetres: cut it at the last ref that keeps it short. */
static void cut_long_edges(const ki_graph_builder *builder, const ki_raw_way *way,
                           id_ranks *ranks) {
    int32_t at_mm = 0;
    for (size_t ref = way->first_ref + 1; ref < way->first_ref + way->n_refs; ref++) {
        int32_t step = step_mm(&builder->refs[ref - 1], &builder->refs[ref]);
        if (ranks->is_node[ranks->rank_of_ref[ref - 1]]) at_mm = 0;
        if (step > KI_MAX_EDGE_MM - at_mm) {
            ranks->is_node[ranks->rank_of_ref[ref - 1]] = 1;
            at_mm = 0;
        }
        at_mm += step;
    }
}

static int stops_traffic(const ki_node_tags *tags) {
    return (tags->flags & (KI_NODE_SIGNALS | KI_NODE_STOP)) || tags->blocked ||
           tags->max_height_mm || tags->max_width_mm || tags->max_mass_kg || tags->conditions;
}

static void mark_nodes(const ki_graph_builder *builder, id_ranks *ranks) {
    for (size_t index = 0; index < builder->n_ways; index++) {
        const ki_raw_way *way = &builder->ways[index];
        ranks->is_node[ranks->rank_of_ref[way->first_ref]] = 1;
        ranks->is_node[ranks->rank_of_ref[way->first_ref + way->n_refs - 1]] = 1;
    }
    /* `node` is -1 until the edges are laid: it serves here to remember a first use. */
    for (size_t ref = 0; ref < builder->n_refs; ref++) {
        int32_t rank = ranks->rank_of_ref[ref];
        if (ranks->node[rank] == -2) ranks->is_node[rank] = 1;
        ranks->node[rank] = -2;
    }
    for (int32_t rank = 0; rank < ranks->n; rank++)
        ranks->node[rank] = -1;
    for (size_t tagged = 0; tagged < builder->n_tagged; tagged++)
        if (stops_traffic(&builder->tagged[tagged].tags))
            mark_node(ranks, builder->tagged[tagged].osm_id);
    for (size_t index = 0; index < builder->n_restrictions; index++)
        if (builder->restrictions[index].n_via_ways == 0)
            mark_node(ranks, builder->restrictions[index].via_node);
    for (size_t index = 0; index < builder->n_copied; index++) {
        ranks->is_node[ranks->rank_of_ref[builder->copied[index].first_ref]] = 1;
        ranks->is_node[ranks->rank_of_ref[builder->copied[index].last_ref]] = 1;
    }
    for (size_t index = 0; index < builder->n_ways; index++)
        cut_long_edges(builder, &builder->ways[index], ranks);
}

/* ---- laying the edges ------------------------------------------------------------ */

static kerb_status make_room(const ki_graph_builder *builder, const id_ranks *ranks,
                             ki_graph *graph, kerb_error *err) {
    size_t n_edges = 0, n_nodes = 0;
    for (size_t index = 0; index < builder->n_ways; index++) {
        const ki_raw_way *way = &builder->ways[index];
        for (size_t ref = way->first_ref + 1; ref < way->first_ref + way->n_refs; ref++)
            n_edges += ranks->is_node[ranks->rank_of_ref[ref]];
    }
    for (int32_t rank = 0; rank < ranks->n; rank++)
        n_nodes += ranks->is_node[rank];
    size_t n_points = builder->n_refs - builder->n_ways + n_edges;
    graph->nodes = ki_arena_alloc(&graph->arena, n_nodes, sizeof *graph->nodes);
    graph->edges = ki_arena_alloc(&graph->arena, n_edges, sizeof *graph->edges);
    graph->points = ki_arena_alloc(&graph->arena, n_points, sizeof *graph->points);
    graph->ways =
        ki_arena_alloc(&graph->arena, builder->n_ways + builder->n_copies, sizeof *graph->ways);
    graph->first_edge =
        ki_arena_alloc(&graph->arena, builder->n_ways + 1, sizeof *graph->first_edge);
    graph->names = ki_arena_copy(&graph->arena, builder->names, builder->n_names, 1);
    graph->n_name_bytes = (int32_t)builder->n_names;
    if (!graph->nodes || !graph->edges || !graph->points || !graph->ways || !graph->first_edge ||
        !graph->names)
        return ki_fail_no_memory(err, "the road graph");
    return KERB_OK;
}

static int32_t node_at(ki_graph *graph, id_ranks *ranks, const ki_ref *ref, int32_t rank) {
    if (ranks->node[rank] < 0) {
        ranks->node[rank] = graph->n_nodes;
        graph->nodes[graph->n_nodes++] =
            (ki_node){.osm_id = ref->osm_id, .lat_e7 = ref->lat_e7, .lon_e7 = ref->lon_e7};
    }
    return ranks->node[rank];
}

static void add_point(ki_graph *graph, const ki_ref *ref, int32_t at_mm) {
    graph->points[graph->n_points++] = (ki_point){
        .osm_id = ref->osm_id, .lat_e7 = ref->lat_e7, .lon_e7 = ref->lon_e7, .at_mm = at_mm};
}

/* The record that describes the steps from this ref on. */
static int32_t record_at(const ki_graph_builder *builder, int32_t way, size_t ref) {
    size_t low = 0, high = builder->n_copied; /* the last that begins at or before ref */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (builder->copied[middle].first_ref <= ref)
            low = middle + 1;
        else
            high = middle;
    }
    const ki_copied *copied = low ? &builder->copied[low - 1] : NULL;
    return copied && ref < copied->last_ref ? (int32_t)builder->n_ways + copied->copy : way;
}

/* One edge from refs[first]; returns the ref it ends at. */
static size_t lay_edge(const ki_graph_builder *builder, id_ranks *ranks, ki_graph *graph,
                       size_t first) {
    ki_edge *edge = &graph->edges[graph->n_edges++];
    const ki_ref *refs = builder->refs;
    int32_t at_mm = 0;
    size_t ref = first;
    *edge = (ki_edge){.way = graph->n_ways,
                      .record = record_at(builder, graph->n_ways, first),
                      .first_point = graph->n_points};
    edge->from = node_at(graph, ranks, &refs[first], ranks->rank_of_ref[first]);
    add_point(graph, &refs[first], 0);
    do {
        ref++;
        at_mm += step_mm(&refs[ref - 1], &refs[ref]);
        add_point(graph, &refs[ref], at_mm);
    } while (!ranks->is_node[ranks->rank_of_ref[ref]]);
    edge->to = node_at(graph, ranks, &refs[ref], ranks->rank_of_ref[ref]);
    edge->n_points = graph->n_points - edge->first_point;
    if (at_mm < 1) graph->points[graph->n_points - 1].at_mm = at_mm = 1;
    edge->length_mm = at_mm;
    return ref;
}

static ki_way way_of(const ki_raw_way *raw) {
    return (ki_way){.osm_id = raw->osm_id, .name_at = (int32_t)raw->name_at, .tags = raw->tags};
}

static void lay_ways(const ki_graph_builder *builder, id_ranks *ranks, ki_graph *graph) {
    for (size_t index = 0; index < builder->n_ways; index++) {
        const ki_raw_way *raw = &builder->ways[index];
        graph->ways[graph->n_ways] = way_of(raw);
        graph->first_edge[graph->n_ways] = graph->n_edges;
        size_t last = raw->first_ref + raw->n_refs - 1;
        for (size_t ref = raw->first_ref; ref < last;)
            ref = lay_edge(builder, ranks, graph, ref);
        graph->n_ways++;
    }
    graph->first_edge[graph->n_ways] = graph->n_edges;
    graph->n_arcs = 2 * graph->n_edges;
    for (size_t copy = 0; copy < builder->n_copies; copy++)
        graph->ways[graph->n_ways + graph->n_copies++] = way_of(&builder->copies[copy]);
}

static int compare_tagged(const void *left, const void *right) {
    const ki_tagged_node *a = left, *b = right;
    if (a->osm_id != b->osm_id) return a->osm_id < b->osm_id ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void set_node_tags(ki_graph_builder *builder, const id_ranks *ranks, ki_graph *graph) {
    if (builder->n_tagged)
        qsort(builder->tagged, builder->n_tagged, sizeof *builder->tagged, compare_tagged);
    for (size_t index = 0; index < builder->n_tagged; index++) {
        int32_t rank = find_rank(ranks, builder->tagged[index].osm_id);
        if (rank >= 0 && ranks->node[rank] >= 0)
            graph->nodes[ranks->node[rank]].tags = builder->tagged[index].tags;
    }
}

/* ---- indices --------------------------------------------------------------------- */

static kerb_status index_out_arcs(ki_graph *graph, kerb_error *err) {
    size_t n_nodes = (size_t)graph->n_nodes;
    graph->first_out = ki_arena_alloc(&graph->arena, n_nodes + 1, sizeof *graph->first_out);
    graph->out_arcs = ki_arena_alloc(&graph->arena, (size_t)graph->n_arcs, sizeof *graph->out_arcs);
    if (!graph->first_out || !graph->out_arcs) return ki_fail_no_memory(err, "the road graph");
    int32_t *first = graph->first_out;
    for (int32_t arc = 0; arc < graph->n_arcs; arc++)
        first[ki_arc_from(graph, arc) + 1]++;
    for (size_t node = 0; node < n_nodes; node++)
        first[node + 1] += first[node];
    /* Filled from the back so that first[] ends where it began and arcs stand in order. */
    for (int32_t arc = graph->n_arcs - 1; arc >= 0; arc--) {
        int32_t from = ki_arc_from(graph, arc);
        graph->out_arcs[--first[from + 1]] = arc;
    }
    memmove(first, first + 1, n_nodes * sizeof *first);
    first[n_nodes] = graph->n_arcs;
    return KERB_OK;
}

static kerb_status index_ways(ki_graph *graph, kerb_error *err) {
    size_t n = (size_t)graph->n_ways;
    ref_key *keys = ki_alloc_zero(n, sizeof *keys);
    graph->ways_by_id = ki_arena_alloc(&graph->arena, n, sizeof *graph->ways_by_id);
    if (!keys || !graph->ways_by_id) {
        ki_free(keys);
        return ki_fail_no_memory(err, "the road graph");
    }
    for (size_t way = 0; way < n; way++)
        keys[way] = (ref_key){graph->ways[way].osm_id, way};
    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t way = 0; way < n; way++)
        graph->ways_by_id[way] = (int32_t)keys[way].position;
    ki_free(keys);
    return KERB_OK;
}

static kerb_status keep_conditions(const ki_graph_builder *builder, ki_graph *graph,
                                   kerb_error *err) {
    const ki_conditions *made = ki_condition_table_made(builder->conditions);
    ki_arena *arena = &graph->arena;
    ki_conditions kept = *made;
    kept.first = ki_arena_copy(arena, made->first, (size_t)made->n_lists + 1, sizeof *made->first);
    kept.items = ki_arena_copy(arena, made->items, (size_t)made->n_items, sizeof *made->items);
    kept.hours = ki_arena_copy(arena, made->hours, (size_t)made->n_hours, sizeof *made->hours);
    kept.unread = ki_arena_copy(arena, made->unread, (size_t)made->n_unread, sizeof *made->unread);
    kept.text = ki_arena_copy(arena, made->text, (size_t)made->n_text, 1);
    if (ki_condition_table_failed(builder->conditions) || !kept.first || !kept.items ||
        !kept.hours || !kept.unread || !kept.text)
        return ki_fail_no_memory(err, "conditions of roads");
    graph->conditions = kept;
    return KERB_OK;
}

static kerb_status keep_corrections(const ki_graph_builder *builder, ki_graph *graph,
                                    kerb_error *err) {
    memcpy(graph->corrections, builder->corrections, sizeof graph->corrections);
    graph->n_corrections = (int32_t)builder->n_corrections;
    graph->correction_faults =
        ki_arena_copy(&graph->arena, builder->correction_faults, builder->n_corrections, 1);
    return graph->correction_faults ? KERB_OK : ki_fail_no_memory(err, "the road graph");
}

static kerb_status fill_graph(ki_graph_builder *builder, id_ranks *ranks, ki_graph *graph,
                              kerb_error *err) {
    KI_TRY(keep_conditions(builder, graph, err));
    KI_TRY(order_ways(builder, err));
    KI_TRY(rank_refs(builder, ranks, err));
    mark_nodes(builder, ranks);
    KI_TRY(make_room(builder, ranks, graph, err));
    lay_ways(builder, ranks, graph);
    set_node_tags(builder, ranks, graph);
    KI_TRY(index_out_arcs(graph, err));
    KI_TRY(index_ways(graph, err));
    KI_TRY(ki_graph_set_restrictions(graph, builder->restrictions, builder->n_restrictions, err));
    graph->drive_left = ki_graph_drives_left(graph);
    KI_TRY(keep_corrections(builder, graph, err));
    ki_graph_set_hash(graph);
    return KERB_OK;
}

kerb_status ki_graph_build(ki_graph **out, ki_graph_builder *builder, kerb_error *err) {
    id_ranks ranks = {0};
    *out = NULL;
    ki_graph *graph = ki_alloc_zero(1, sizeof *graph);
    kerb_status status =
        graph ? fill_graph(builder, &ranks, graph, err) : ki_fail_no_memory(err, "the road graph");
    if (status == KERB_OK) status = ki_arc_order_new(graph, err);
    ki_arena_free(&ranks.arena);
    ki_graph_builder_free(builder);
    if (status != KERB_OK)
        ki_graph_free(graph);
    else
        *out = graph;
    return status;
}

void ki_graph_free(ki_graph *graph) {
    if (!graph) return;
    ki_arc_order_free(graph);
    if (graph->store) graph->store->free(graph->store);
    ki_arena_free(&graph->arena);
    ki_free(graph);
}
