/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_habits.c - the key `demand.streams`: when people bring waste of a stream. That each
 * value is one has been checked by the table of keys. */
#include "district_habits.h"

#include "base/error.h"

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

int ki_parse_daily(const char *text, kerb_daily_span out[KI_MAX_WINDOWS]) {
    ki_clock_window windows[KI_MAX_WINDOWS];
    int n = ki_parse_windows(text, NULL, windows);
    for (int at = 0; at < n; at++) {
        if (windows[at].start_s != KERB_NO_TIME || windows[at].end_min <= windows[at].start_min)
            return -1;
        out[at] = (kerb_daily_span){windows[at].start_min, windows[at].end_min};
    }
    return n;
}

static kerb_status keep(const kerb_daily_span **out, ki_reader *reader,
                        const kerb_daily_span *spans, size_t n, kerb_error *err) {
    *out = n ? ki_arena_copy(&reader->arena, spans, n, sizeof *spans) : NULL;
    return n && !*out ? ki_fail_no_memory(err, reader->path) : KERB_OK;
}

kerb_status ki_drop_off_of_cell(const kerb_daily_span **out, size_t *n_out, ki_reader *reader,
                                const char *cell, kerb_error *err) {
    kerb_daily_span spans[KI_MAX_WINDOWS];
    int n = cell ? ki_parse_daily(cell, spans) : 0;
    *n_out = n > 0 ? (size_t)n : 0;
    return keep(out, reader, spans, *n_out, err);
}

static kerb_status read_drop_off(ki_reader *reader, const ki_yaml *list, kerb_stream_habit *to,
                                 kerb_error *err) {
    kerb_daily_span spans[2 * KI_MAX_WINDOWS];
    for (const ki_yaml *entry = list ? list->first : NULL; entry; entry = entry->next) {
        int n =
            entry->kind == KI_YAML_SCALAR ? ki_parse_daily(entry->text, spans + to->n_drop_off) : 0;
        if (n > 0) to->n_drop_off += (size_t)n;
        if (to->n_drop_off <= KI_MAX_WINDOWS) continue;
        ki_file_fault(&reader->faults, entry->line, list->key, "more than %d windows",
                      (int)KI_MAX_WINDOWS);
        to->n_drop_off = 0;
        return KERB_OK;
    }
    return keep(&to->drop_off, reader, spans, to->n_drop_off, err);
}

kerb_status ki_habits_read(ki_reader *reader, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(ki_yaml_child(reader->file, "demand"), "streams");
    kerb_district *to = &reader->district;
    int seen[KERB_N_STREAMS] = {0};
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_stream_habit *habits = ki_arena_alloc(&reader->arena, list->n_children, sizeof *habits);
    if (!habits) return ki_fail_no_memory(err, reader->path);
    to->habits = habits;
    for (const ki_yaml *node = list->first; node; node = node->next) {
        ki_value stream = DISTRICT(reader, node, "demand.streams[].stream");
        if (!stream.text) continue; /* a fault already */
        kerb_stream_habit *habit = &habits[to->n_habits];
        *habit = (kerb_stream_habit){
            .stream = (kerb_stream)(stream.integer + 1),
            .holiday_factor = DISTRICT(reader, node, "demand.streams[].holiday_factor").number};
        if (seen[habit->stream]++) {
            ki_file_fault(&reader->faults, node->line, "demand.streams[].stream",
                          "%s twice, expected each stream once", stream.text);
            continue;
        }
        KI_TRY(read_drop_off(reader, ki_yaml_child(node, "drop_off"), habit, err));
        to->n_habits++;
    }
    return KERB_OK;
}
