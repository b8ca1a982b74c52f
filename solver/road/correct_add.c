/* SPDX-License-Identifier: GPL-3.0-or-later
 * correct_add.c - roads that corrections add. An end is joined to the nearest node of a road, and
 * lies there; ends and corners of added lines that coincide are one node. A line that meets nothing
 * is left out: nobody could reach it. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/correct.h"

#include <math.h>
#include <stdlib.h>

static kerb_status no_memory(ki_corrector *at) {
    return ki_fail_no_memory(at->err, "roads added");
}

typedef struct vertex { /* of an added line */
    int32_t lat_e7, lon_e7;
    size_t row, at;
    int64_t id;
} vertex;

static int compare_vertices(const void *left, const void *right) {
    const vertex *a = left, *b = right;
    if (a->lat_e7 != b->lat_e7) return a->lat_e7 < b->lat_e7 ? -1 : 1;
    if (a->lon_e7 != b->lon_e7) return a->lon_e7 < b->lon_e7 ? -1 : 1;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static int compare_by_row(const void *left, const void *right) {
    const vertex *a = left, *b = right;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static const ki_near_query *answer_for(const ki_corrector *at, const vertex *of) {
    for (size_t q = 0; q < at->n_queries; q++)
        if (at->queries[q].wants_node && at->queries[q].correction == of->row &&
            at->queries[q].lat_e7 == of->lat_e7 && at->queries[q].lon_e7 == of->lon_e7)
            return at->queries[q].found.distance_mm == KI_NEVER ? NULL : &at->queries[q];
    return NULL;
}

/* Equal places get one id: that of the road's node an end is joined to, else a new one. */
static void number_vertices(ki_corrector *at, vertex *vertices, size_t n) {
    qsort(vertices, n, sizeof *vertices, compare_vertices);
    for (size_t first = 0, end; first < n; first = end) {
        const ki_near_query *joint = NULL;
        size_t n_rows = 1;
        for (end = first; end < n && vertices[end].lat_e7 == vertices[first].lat_e7 &&
                          vertices[end].lon_e7 == vertices[first].lon_e7;
             end++) {
            size_t last = at->corrections[vertices[end].row].n_positions - 1;
            int is_end = vertices[end].at == 0 || vertices[end].at == last;
            if (!joint && is_end) joint = answer_for(at, &vertices[end]);
            if (end > first && vertices[end].row != vertices[end - 1].row) n_rows++;
        }
        int64_t id = joint ? at->builder->refs[joint->found.ref].osm_id : at->next_id--;
        for (size_t same = first; same < end; same++) {
            vertices[same].id = id;
            if (joint || n_rows > 1) at->faults[vertices[same].row] = KERB_CORRECTION_DONE;
        }
    }
    qsort(vertices, n, sizeof *vertices, compare_by_row);
}

/* A joined end lies where the road's node does. */
static void place_vertex(const ki_corrector *at, const vertex *of, int32_t *lat_e7,
                         int32_t *lon_e7) {
    *lat_e7 = of->lat_e7;
    *lon_e7 = of->lon_e7;
    if (of->id <= KI_LOCAL_ID) return;
    for (size_t q = 0; q < at->n_queries; q++) {
        const ki_near_ref *found = &at->queries[q].found;
        if (!at->queries[q].wants_node || found->distance_mm == KI_NEVER ||
            at->builder->refs[found->ref].osm_id != of->id)
            continue;
        *lat_e7 = at->builder->refs[found->ref].lat_e7;
        *lon_e7 = at->builder->refs[found->ref].lon_e7;
        return;
    }
}

static ki_way_tags added_tags(const kerb_correction *of, ki_condition_table *table) {
    ki_way_tags tags = {.road_class = KI_ROAD_SERVICE, .access = {KI_KIND_ALL, KI_KIND_ALL}};
    ki_correct_tags(of, table, &tags);
    return tags;
}

static kerb_status add_road(ki_corrector *at, const vertex *vertices, size_t n) {
    const kerb_correction *of = &at->corrections[vertices[0].row];
    ki_way_tags tags = added_tags(of, at->builder->conditions);
    int64_t *ids = ki_alloc_zero(n, sizeof *ids);
    int32_t *lat_e7 = ki_alloc_zero(n, sizeof *lat_e7), *lon_e7 = ki_alloc_zero(n, sizeof *lon_e7);
    kerb_status status = ids && lat_e7 && lon_e7 ? KERB_OK : no_memory(at);
    for (size_t k = 0; k < n && status == KERB_OK; k++) {
        ids[k] = vertices[k].id;
        place_vertex(at, &vertices[k], &lat_e7[k], &lon_e7[k]);
    }
    if (status == KERB_OK)
        status = ki_graph_builder_add_way(at->builder, at->next_id--, of->name, &tags, ids, lat_e7,
                                          lon_e7, n, at->err);
    ki_free(ids);
    ki_free(lat_e7);
    ki_free(lon_e7);
    return status;
}

static size_t list_vertices(ki_corrector *at, vertex *out) {
    size_t n = 0;
    for (size_t row = 0; row < at->n; row++) {
        const kerb_correction *of = &at->corrections[row];
        if (of->kind != KERB_CORRECTION_ADD || at->faults[row] == KERB_CORRECTION_NO_PLACE)
            continue;
        at->faults[row] = KERB_CORRECTION_NO_JOINT; /* until one is found */
        for (size_t k = 0; k < of->n_positions; k++, n++)
            if (out)
                out[n] = (vertex){.lat_e7 = (int32_t)lround(of->lat_deg[k] * 1e7),
                                  .lon_e7 = (int32_t)lround(of->lon_deg[k] * 1e7),
                                  .row = row,
                                  .at = k};
    }
    return n;
}

kerb_status ki_correct_add(ki_corrector *at) {
    size_t n = list_vertices(at, NULL);
    if (n == 0) return KERB_OK;
    vertex *vertices = ki_alloc_zero(n, sizeof *vertices);
    if (!vertices) return no_memory(at);
    list_vertices(at, vertices);
    number_vertices(at, vertices, n);
    kerb_status status = KERB_OK;
    for (size_t first = 0, end; first < n && status == KERB_OK; first = end) {
        for (end = first + 1; end < n && vertices[end].row == vertices[first].row;)
            end++;
        if (at->faults[vertices[first].row] == KERB_CORRECTION_DONE)
            status = add_road(at, vertices + first, end - first);
    }
    ki_free(vertices);
    return status;
}
