/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_breaks.c - the breaks of shifts in the district file. */
#include "base/error.h"
#include "district_reader.h"

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

static void read_break(ki_reader *reader, const ki_yaml *node, kerb_break *to) {
    to->duration_s = 60.0 * DISTRICT(reader, node, "shifts[].breaks[].duration_min").number;
    to->after_work_s = 3600.0 * DISTRICT(reader, node, "shifts[].breaks[].after_work_h").number;
    to->at_facility = DISTRICT(reader, node, "shifts[].breaks[].at_facility").integer == 1;
    to->paid = DISTRICT(reader, node, "shifts[].breaks[].paid").integer == 1;
}

kerb_status ki_breaks_read(ki_reader *reader, const ki_yaml *node, size_t shift, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(node, "breaks");
    size_t n = list ? list->n_children : 0;
    if (n == 0) return KERB_OK;
    if (n > KI_FILE_BREAKS) {
        ki_file_fault(&reader->faults, list->line, "shifts[].breaks", "%zu, expected at most %d", n,
                      (int)KI_FILE_BREAKS);
        return KERB_OK;
    }
    kerb_break *breaks = ki_arena_alloc(&reader->arena, n, sizeof *breaks);
    if (!breaks) return ki_fail_no_memory(err, reader->path);
    size_t at = 0;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next, at++) {
        read_break(reader, entry, &breaks[at]);
        KI_TRY(ki_windows_from_list(reader, ki_yaml_child(entry, "windows"),
                                    &reader->break_windows[shift * KI_FILE_BREAKS + at], err));
    }
    reader->shifts[shift].breaks = breaks;
    reader->shifts[shift].n_breaks = n;
    return KERB_OK;
}

kerb_status ki_breaks_times(ki_reader *reader, size_t shift, kerb_error *err) {
    /* They were made above; only the windows were not known yet. */
    kerb_break *breaks = (kerb_break *)(uintptr_t)reader->shifts[shift].breaks;
    for (size_t at = 0; at < reader->shifts[shift].n_breaks; at++) {
        const ki_clock_windows *of = &reader->break_windows[shift * KI_FILE_BREAKS + at];
        kerb_window *windows;
        if (ki_windows_of_night(&windows, &breaks[at].n_windows, of->windows, of->n, &reader->zone,
                                &reader->night, &reader->arena))
            return ki_fail_no_memory(err, "windows of breaks");
        breaks[at].windows = windows;
    }
    return KERB_OK;
}
