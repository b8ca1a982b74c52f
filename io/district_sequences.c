/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_sequences.c - the key `order` of the district file and of tonight.yaml: containers and
 * kerbs that come in this order. What has no good row, or is not due, is left out of its list. */
#include "base/error.h"
#include "district_rows.h"

#include <string.h>

static int is_twice(const ki_yaml *list, const ki_yaml *entry) {
    for (const ki_yaml *other = list->first; other != entry; other = other->next)
        if (strcmp(other->text, entry->text) == 0) return 1;
    return 0;
}

/* 0 where the id is unknown, a fault by then, or its row is bad. */
static int is_usable(ki_reader *reader, const ki_yaml *entry) {
    int32_t bin = ki_ids_find(&reader->container_ids, entry->text);
    if (bin != KI_ID_ABSENT) return bin >= 0;
    int32_t street = ki_ids_find(&reader->street_ids, entry->text);
    if (street != KI_ID_ABSENT) return street >= 0;
    ki_find_id(reader, &reader->container_ids, entry->text, "container or kerb", entry->line,
               "order[].ids");
    return 0;
}

static kerb_status read_one(ki_reader *reader, const ki_keys *keys, const ki_yaml *node,
                            kerb_sequence *to, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(node, "ids");
    if (!list || list->n_children < 2) {
        ki_file_fault(&reader->faults, node->line, "order[].ids", "%zu, expected at least 2",
                      list ? list->n_children : 0);
        return KERB_OK;
    }
    kerb_sequence_stop *stops = ki_arena_alloc(&reader->arena, list->n_children, sizeof *stops);
    if (!stops) return ki_fail_no_memory(err, reader->path);
    to->note = ki_keys_get(keys, node, "order[].note", &reader->zone).text;
    to->stops = stops;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        ki_shown shown;
        if (entry->kind != KI_YAML_SCALAR) return KERB_OK; /* a fault already */
        if (is_twice(list, entry))
            ki_file_fault(&reader->faults, entry->line, "order[].ids",
                          "'%s' twice, expected each once", ki_show(&shown, entry->text));
        else if (is_usable(reader, entry))
            stops[to->n_stops++].id = entry->text;
    }
    return KERB_OK;
}

static kerb_status read_list(ki_reader *reader, const ki_keys *keys, const ki_yaml *list,
                             kerb_error *err) {
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        KI_TRY(read_one(reader, keys, node, &reader->sequences[reader->n_sequences++], err));
    return KERB_OK;
}

/* Every list of tonight is echoed, so that who reads the plan sees why stops are where they are. */
static kerb_status echo(ki_reader *reader, size_t first, kerb_error *err) {
    for (size_t at = first; at < reader->n_sequences; at++) {
        const kerb_sequence *sequence = &reader->sequences[at];
        ki_shown head, tail;
        if (sequence->n_stops < 2) continue;
        KI_TRY(ki_reader_note(reader, err, "tonight", "%zu stops come in a given order: %s to %s",
                              sequence->n_stops, ki_show(&head, sequence->stops[0].id),
                              ki_show(&tail, sequence->stops[sequence->n_stops - 1].id)));
    }
    return KERB_OK;
}

kerb_status ki_sequences_read(ki_reader *reader, kerb_error *err) {
    const ki_yaml *standing = ki_yaml_child(reader->file, "order");
    const ki_yaml *tonight = reader->tonight ? ki_yaml_child(reader->tonight, "order") : NULL;
    size_t n = (standing ? standing->n_children : 0) + (tonight ? tonight->n_children : 0);
    if (n == 0) return KERB_OK;
    reader->sequences = ki_arena_alloc(&reader->arena, n, sizeof *reader->sequences);
    if (!reader->sequences) return ki_fail_no_memory(err, reader->path);
    KI_TRY(read_list(reader, &ki_district_keys, standing, err));
    size_t first = reader->n_sequences;
    if (tonight) reader->faults.file = reader->options->tonight;
    KI_TRY(read_list(reader, &ki_tonight_keys, tonight, err));
    reader->faults.file = reader->path;
    return echo(reader, first, err);
}

/* Whether the model has it tonight. */
static int is_there(const ki_reader *reader, const char *id) {
    int32_t bin = ki_ids_find(&reader->container_ids, id);
    if (bin >= 0) return !reader->containers[bin].dropped;
    const ki_street_row *row = &reader->streets[ki_ids_find(&reader->street_ids, id)];
    return !row->dropped && (row->due || row->street.force == KERB_FORCE_IN);
}

kerb_status ki_sequences_add(ki_reader *reader, kerb_error *err) {
    for (size_t at = 0; at < reader->n_sequences; at++) {
        kerb_sequence sequence = reader->sequences[at];
        kerb_sequence_stop *stops =
            ki_arena_alloc(&reader->arena, sequence.n_stops + 1, sizeof *stops);
        size_t n = 0;
        if (!stops) return ki_fail_no_memory(err, reader->path);
        for (size_t stop = 0; stop < sequence.n_stops; stop++)
            if (is_there(reader, sequence.stops[stop].id)) stops[n++] = sequence.stops[stop];
        sequence.stops = stops;
        sequence.n_stops = n;
        if (n >= 2) KI_TRY(kerb_model_add_sequences(reader->model, &sequence, 1, err));
    }
    return KERB_OK;
}
