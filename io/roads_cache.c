/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_cache.c - opening a road cache. The arrays are used where they lie in the mapped file, so
 * opening costs a checksum and one look at every index, and nothing is copied.
 *
 * A checksum finds damage; it does not stop someone who means harm and computes it anew. So every
 * index is looked at as well (ki_graph_fault and its like) before anything follows it. */
#include "io/roads_cache.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/roads_cache_form.h"
#include "road/dissect.h"
#include "road/road_store.h"
#include "roads_sources.h"

#include <string.h>

typedef struct cache { /* owned by the graph that lies in it */
    ki_road_store store;
    ki_mapping mapping;
    const ki_cache_header *header;
    const ki_cache_section *sections;
} cache;

static void free_cache(ki_road_store *store) {
    cache *from = (cache *)store;
    ki_file_unmap(&from->mapping);
    ki_free(from);
}

/* ---- the head -------------------------------------------------------------------------------- */

ki_digest ki_cache_engine(void) {
    static const uint64_t SIZES[] = {
        sizeof(ki_node),         sizeof(ki_way),          sizeof(ki_point),      sizeof(ki_edge),
        sizeof(ki_restriction),  sizeof(ki_condition),    sizeof(ki_hours_rule), sizeof(ki_unread),
        sizeof(ki_cache_header), sizeof(ki_cache_section)};
    ki_digester digester;
    ki_digest_begin(&digester);
    ki_digest_add(&digester, KERB_VERSION KI_ROADS_SOURCES, sizeof KERB_VERSION KI_ROADS_SOURCES);
    ki_digest_add(&digester, SIZES, sizeof SIZES);
    return ki_digest_end(&digester);
}

ki_digest ki_cache_head_check(const void *head) {
    ki_cache_header header;
    ki_digester digester;
    memcpy(&header, head, sizeof header);
    ki_digest_begin(&digester);
    ki_digest_add(&digester, head, offsetof(ki_cache_header, check));
    ki_digest_add(&digester, (const char *)head + sizeof header,
                  (size_t)ki_cache_head_bytes(header.n_sections) - sizeof header);
    return ki_digest_end(&digester);
}

static const char *sections_fault(const cache *from) {
    const ki_cache_header *header = from->header;
    uint64_t end = ki_cache_head_bytes(header->n_sections);
    for (uint64_t index = 0; index < header->n_sections; index++) {
        const ki_cache_section *section = &from->sections[index];
        if (section->at != end || section->n_bytes > header->n_bytes - end ||
            section->n_bytes % KI_CACHE_ALIGN != 0)
            return "damaged: a section lies outside the file";
        end += section->n_bytes;
    }
    return end == header->n_bytes ? NULL : "damaged: bytes of no section";
}

/* What is wrong with the head, or stale; NULL: nothing. */
static const char *head_fault(cache *from, const ki_roads_key *key) {
    const ki_cache_header *header = from->mapping.bytes;
    if (from->mapping.n_bytes < sizeof *header || memcmp(header->magic, KI_CACHE_MAGIC, 8) != 0)
        return "no road cache, or one cut short";
    ki_digest engine = ki_cache_engine();
    if (header->version != KI_CACHE_VERSION || header->byte_order != KI_CACHE_BYTE_ORDER ||
        !ki_digest_same(&header->engine, &engine))
        return "stale: made by another version of kerbside";
    if (header->n_bytes != from->mapping.n_bytes) return "damaged: cut short or grown";
    if (header->n_sections < 1 || header->n_sections > KI_CACHE_MAX_SECTIONS ||
        header->n_bytes < ki_cache_head_bytes(header->n_sections))
        return "damaged: a table of sections that is none";
    from->header = header;
    from->sections = (const ki_cache_section *)(header + 1);
    ki_digest check = ki_cache_head_check(header);
    if (!ki_digest_same(&check, &header->check)) return "damaged: the checksum of its head differs";
    if (key && !ki_digest_same(&key->extract, &header->key.extract))
        return "stale: made from another extract";
    if (key && !ki_digest_same(&key->corrections, &header->key.corrections))
        return "stale: made with other corrections";
    return sections_fault(from);
}

/* ---- sections -------------------------------------------------------------------------------- */

static const char *section_bytes(const cache *from, const ki_cache_section *section) {
    return (const char *)from->mapping.bytes + section->at;
}

static const char *check_fault(const cache *from, const ki_cache_section *section) {
    ki_digest check = ki_digest_of(section_bytes(from, section), section->n_bytes);
    return ki_digest_same(&check, &section->check) ? NULL
                                                   : "damaged: the checksum of a section differs";
}

static const char *take_numbers(const cache *from, const ki_cache_section *section,
                                const ki_layout *layout) {
    if (section->n_bytes < KI_CACHE_ALIGN) return "damaged: a section without numbers";
    for (int at = 0; at < layout->n_numbers; at++) {
        memcpy(layout->numbers[at], section_bytes(from, section) + (size_t)at * sizeof(int32_t),
               sizeof(int32_t));
        if (*layout->numbers[at] < 0) return "damaged: a number below zero";
    }
    return NULL;
}

/* Counts are below 2^31 and elements small, so no sum here overflows. */
static const char *take_slices(const cache *from, const ki_cache_section *section,
                               const ki_layout *layout) {
    uint64_t at = KI_CACHE_ALIGN;
    for (int index = 0; index < layout->n_slices; index++)
        at += ki_cache_padded((uint64_t)layout->slices[index].count * layout->slices[index].size);
    if (at != section->n_bytes) return "damaged: arrays that do not fill their section";
    at = KI_CACHE_ALIGN;
    for (int index = 0; index < layout->n_slices; index++) {
        const ki_slice *slice = &layout->slices[index];
        const void *array = section_bytes(from, section) + at;
        memcpy(slice->field, &array, sizeof array);
        at += ki_cache_padded((uint64_t)slice->count * slice->size);
    }
    return NULL;
}

static const char *take_graph(const cache *from, ki_graph *graph) {
    const ki_cache_section *section = &from->sections[0];
    if (section->kind != KI_CACHE_GRAPH) return "damaged: no base graph";
    const char *fault = check_fault(from, section);
    ki_layout layout = ki_graph_layout(graph);
    if (!fault) fault = take_numbers(from, section, &layout);
    layout = ki_graph_layout(graph);
    if (!fault) fault = take_slices(from, section, &layout);
    memcpy(graph->hash, from->header->graph_hash, sizeof graph->hash);
    memcpy(graph->corrections, from->header->corrections, sizeof graph->corrections);
    return fault ? fault : ki_graph_fault(graph);
}

/* ---- opening --------------------------------------------------------------------------------- */

int ki_roads_cache_is(const char *path) {
    ki_mapping mapping;
    if (ki_file_map(&mapping, path, NULL) != KERB_OK) return 0;
    int is_one = mapping.n_bytes >= 8 && memcmp(mapping.bytes, KI_CACHE_MAGIC, 8) == 0;
    ki_file_unmap(&mapping);
    return is_one;
}

static void set_counts(kerb_roads *roads, const ki_cache_header *header) {
    roads->key = header->key;
    roads->n_skipped_ways = header->n_skipped_ways;
    roads->n_bad_nodes = header->n_bad_nodes;
    roads->n_bad_restrictions = header->n_bad_restrictions;
    roads->n_closed_ways = header->n_closed_ways;
}

static kerb_status fill_roads(kerb_roads *roads, const char *path, const ki_roads_key *key,
                              kerb_error *err) {
    roads->graph = ki_alloc_zero(1, sizeof *roads->graph);
    cache *from = ki_alloc_zero(1, sizeof *from);
    if (!roads->graph || !from) {
        ki_free(from);
        return ki_fail_no_memory(err, path);
    }
    from->store.free = free_cache;
    roads->graph->store = &from->store;
    KI_TRY(ki_arc_order_new(roads->graph, err));
    KI_TRY(ki_file_map(&from->mapping, path, err));
    const char *fault = head_fault(from, key);
    if (!fault) fault = take_graph(from, roads->graph);
    if (fault) return ki_fail(err, KERB_BAD_INPUT, "%s: %s", path, fault);
    set_counts(roads, from->header);
    return KERB_OK;
}

kerb_status ki_roads_cache_open(kerb_roads **out, const char *path, const ki_roads_key *key,
                                kerb_error *err) {
    *out = NULL;
    kerb_roads *roads = ki_alloc_zero(1, sizeof *roads);
    if (!roads) return ki_fail_no_memory(err, path);
    kerb_status status = fill_roads(roads, path, key, err);
    if (status == KERB_OK)
        *out = roads;
    else
        kerb_roads_free(roads);
    return status;
}
