/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_cache_write.c - writing a road cache: the arrays go to the file from where they lie. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/roads_cache.h"
#include "io/roads_cache_form.h"

#include <string.h>

typedef struct head { /* numbers of a section fill exactly one step of the alignment */
    ki_cache_header header;
    ki_cache_section sections[KI_CACHE_MAX_SECTIONS + 2]; /* the last two are zero: the gap */
    int32_t numbers[KI_CACHE_MAX_SECTIONS][KI_CACHE_ALIGN / sizeof(int32_t)];
} head;
_Static_assert(KI_MAX_NUMBERS * sizeof(int32_t) <= KI_CACHE_ALIGN, "numbers of a section");
_Static_assert(offsetof(head, sections) == sizeof(ki_cache_header), "the table follows the header");
_Static_assert(2 * sizeof(ki_cache_section) >= KI_CACHE_ALIGN, "room for the gap behind the table");

typedef struct writer {
    head *head;
    ki_part *parts; /* the first is the header with its table */
    size_t n_parts, capacity;
    int failed; /* out of memory */
} writer;

static const char ZEROS[KI_CACHE_ALIGN];

static void add_part(writer *to, const void *bytes, uint64_t n_bytes) {
    if (to->failed || n_bytes == 0) return;
    to->failed = ki_grow(&to->parts, &to->capacity, to->n_parts + 1, sizeof *to->parts);
    if (!to->failed) to->parts[to->n_parts++] = (ki_part){bytes, (size_t)n_bytes};
}

static void add_padded(writer *to, const void *bytes, uint64_t n_bytes, ki_digester *digester) {
    uint64_t gap = ki_cache_padded(n_bytes) - n_bytes;
    add_part(to, bytes, n_bytes);
    add_part(to, ZEROS, gap);
    ki_digest_add(digester, bytes, (size_t)n_bytes);
    ki_digest_add(digester, ZEROS, (size_t)gap);
}

static void add_section(writer *to, ki_cache_kind kind, const ki_digest *key,
                        const ki_layout *layout) {
    uint64_t index = to->head->header.n_sections++;
    ki_cache_section *section = &to->head->sections[index];
    int32_t *numbers = to->head->numbers[index];
    ki_digester digester;
    ki_digest_begin(&digester);
    for (int at = 0; at < layout->n_numbers; at++)
        numbers[at] = *layout->numbers[at];
    add_padded(to, numbers, KI_CACHE_ALIGN, &digester);
    section->n_bytes = KI_CACHE_ALIGN;
    for (int at = 0; at < layout->n_slices; at++) {
        const ki_slice *slice = &layout->slices[at];
        uint64_t n_bytes = (uint64_t)slice->count * slice->size;
        const void *array;
        memcpy(&array, slice->field, sizeof array);
        add_padded(to, array, n_bytes, &digester);
        section->n_bytes += ki_cache_padded(n_bytes);
    }
    section->kind = kind;
    if (key) section->key = *key;
    section->check = ki_digest_end(&digester);
}

/* Last: where the sections begin, now that their number is known. */
static void finish_head(writer *to, const kerb_roads *roads) {
    ki_cache_header *header = &to->head->header;
    uint64_t at = ki_cache_head_bytes(header->n_sections);
    to->parts[0] = (ki_part){to->head, (size_t)at};
    for (uint64_t index = 0; index < header->n_sections; index++) {
        to->head->sections[index].at = at;
        at += to->head->sections[index].n_bytes;
    }
    memcpy(header->magic, KI_CACHE_MAGIC, sizeof header->magic);
    header->version = KI_CACHE_VERSION;
    header->byte_order = KI_CACHE_BYTE_ORDER;
    header->engine = ki_cache_engine();
    header->key = roads->key;
    header->n_bytes = at;
    header->n_skipped_ways = roads->n_skipped_ways;
    header->n_bad_nodes = roads->n_bad_nodes;
    header->n_bad_restrictions = roads->n_bad_restrictions;
    header->n_closed_ways = roads->n_closed_ways;
    memcpy(header->graph_hash, roads->graph->hash, sizeof roads->graph->hash);
    memcpy(header->corrections, roads->graph->corrections, sizeof roads->graph->corrections);
    header->check = ki_cache_head_check(header);
}

kerb_status ki_roads_cache_write(const kerb_roads *roads, const char *path, kerb_error *err) {
    static const ki_digest NONE;
    if (ki_digest_same(&roads->key.extract, &NONE))
        return ki_fail(err, KERB_BAD_CALL,
                       "%s: the roads come from no extract that could be named, expected a file "
                       "that stays",
                       path);
    writer to = {.head = ki_alloc_zero(1, sizeof *to.head)};
    to.failed = !to.head;
    add_part(&to, to.head, sizeof *to.head); /* cut to its size at the end */
    if (!to.failed) {
        ki_layout layout = ki_graph_layout(roads->graph);
        add_section(&to, KI_CACHE_GRAPH, NULL, &layout);
    }
    if (!to.failed) finish_head(&to, roads);
    kerb_status status = to.failed ? ki_fail_no_memory(err, path)
                                   : ki_file_write_parts(path, to.parts, to.n_parts, err);
    ki_free(to.parts);
    ki_free(to.head);
    return status;
}
