/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_orders.c - of tonight.yaml: what is locked to vehicles or forbidden to them, and bays
 * that are promised to others. Every entry is echoed as a note. */
#include "base/error.h"
#include "district_rows.h"

#include <stdio.h>
#include <string.h>

#define TONIGHT(reader, map, path) ki_keys_get(&ki_tonight_keys, map, path, &(reader)->zone)

typedef struct pin_list { /* of a container or a kerb: the vehicles of one kind of order */
    const kerb_vehicle_ref **refs;
    size_t *n;
} pin_list;

/* " A B C" of a list of texts, as far as it fits. */
static void join(const ki_yaml *list, char *names, size_t size) {
    size_t used = 0;
    names[0] = 0;
    for (const ki_yaml *entry = list->first; entry && used + 70 < size; entry = entry->next) {
        ki_shown shown;
        used += (size_t)snprintf(names + used, size - used, " %s", ki_show(&shown, entry->text));
    }
}

/* The list of the container or kerb named; refs NULL where there is none: a fault or a note by
 * then. */
static kerb_status find_list(ki_reader *reader, const ki_yaml *node, int pinned, const char *id,
                             const char *key, pin_list *list, kerb_error *err) {
    ki_shown shown;
    *list = (pin_list){0};
    int32_t street = id ? ki_ids_find(&reader->street_ids, id) : KI_ID_ABSENT;
    if (street >= 0) {
        kerb_street *to = &reader->streets[street].street;
        *list = pinned ? (pin_list){&to->pinned_to, &to->n_pinned_to}
                       : (pin_list){&to->forbidden_to, &to->n_forbidden_to};
        return KERB_OK;
    }
    int32_t bin = street == KI_ID_QUARANTINED ? street
                                              : ki_find_id(reader, &reader->container_ids, id,
                                                           "container or kerb", node->line, key);
    if (bin == KI_ID_QUARANTINED)
        return ki_reader_note(reader, err, "tonight", "%s is named, but its row is bad: no effect",
                              ki_show(&shown, id));
    if (bin < 0) return KERB_OK;
    kerb_container *to = &reader->containers[bin].container;
    *list = pinned ? (pin_list){&to->pinned_to, &to->n_pinned_to}
                   : (pin_list){&to->forbidden_to, &to->n_forbidden_to};
    return KERB_OK;
}

static kerb_status order(ki_reader *reader, const ki_yaml *node, int pinned, kerb_error *err) {
    const char *key = pinned ? "pinned[].id" : "forbidden[].id";
    const char *vehicles_key = pinned ? "pinned[].vehicles" : "forbidden[].vehicles";
    const char *id = TONIGHT(reader, node, key).text;
    const ki_yaml *vehicles = ki_yaml_child(node, "vehicles");
    size_t n = 0;
    pin_list list;
    KI_TRY(find_list(reader, node, pinned, id, key, &list, err));
    if (!list.refs) return KERB_OK;
    if (!vehicles || vehicles->n_children == 0 || *list.n) {
        ki_file_fault(&reader->faults, node->line, vehicles_key,
                      *list.n ? "given twice for one id, expected once"
                              : "none, expected at least one");
        return KERB_OK;
    }
    kerb_vehicle_ref *refs = ki_arena_alloc(&reader->arena, vehicles->n_children, sizeof *refs);
    if (!refs) return ki_fail_no_memory(err, reader->path);
    for (const ki_yaml *entry = vehicles->first; entry; entry = entry->next) {
        int32_t vehicle = ki_find_id(reader, &reader->vehicle_ids, entry->text, "vehicle",
                                     entry->line, vehicles_key);
        if (vehicle < 0) return KERB_OK;
        refs[n++].id = reader->vehicles[vehicle].id;
    }
    *list.refs = refs;
    *list.n = n;
    char names[200];
    ki_shown shown;
    join(vehicles, names, sizeof names);
    return ki_reader_note(reader, err, "tonight",
                          pinned ? "%s is served by no vehicle but%s" : "%s is not served by%s",
                          ki_show(&shown, id), names);
}

/* More bays of a facility that others have for a while, one entry a window. */
static kerb_status promise(ki_reader *reader, const ki_yaml *node, kerb_error *err) {
    const char *id = TONIGHT(reader, node, "bays_taken[].id").text;
    int32_t bays = (int32_t)TONIGHT(reader, node, "bays_taken[].bays").integer;
    const ki_yaml *hours = ki_yaml_child(node, "hours");
    int32_t index =
        ki_find_id(reader, &reader->facility_ids, id, "facility", node->line, "bays_taken[].id");
    if (index < 0 || !hours) return KERB_OK;
    kerb_facility *facility = &reader->facilities[index];
    if (facility->bays == 0) {
        ki_file_fault(&reader->faults, node->line, "bays_taken[].id",
                      "facility %.60s states no bays, expected one with `bays`", facility->id);
        return KERB_OK;
    }
    ki_clock_windows clocks;
    kerb_window *windows;
    size_t n_windows, n_had = facility->n_bay_slots;
    KI_TRY(ki_windows_from_list(reader, hours, &clocks, err));
    if (ki_windows_of_night(&windows, &n_windows, clocks.windows, clocks.n, &reader->zone,
                            &reader->night, &reader->arena))
        return ki_fail_no_memory(err, "bays taken");
    if (n_windows == 0) { /* an empty list, or a fault of a window already */
        ki_file_fault(&reader->faults, node->line, "bays_taken[].hours",
                      "nothing, expected at least one window");
        return KERB_OK;
    }
    kerb_bay_slot *slots = ki_arena_alloc(&reader->arena, n_had + n_windows, sizeof *slots);
    if (!slots) return ki_fail_no_memory(err, "bays taken");
    if (n_had) memcpy(slots, facility->bay_slots, n_had * sizeof *slots);
    for (size_t at = 0; at < n_windows; at++)
        slots[n_had + at] = (kerb_bay_slot){windows[at].start_s, windows[at].end_s, bays};
    facility->bay_slots = slots;
    facility->n_bay_slots = n_had + n_windows;
    char when[200];
    ki_shown shown;
    join(hours, when, sizeof when);
    return ki_reader_note(reader, err, "tonight", "others have %d of the bays of %s:%s", (int)bays,
                          ki_show(&shown, id), when);
}

kerb_status ki_orders_apply(ki_reader *reader, kerb_error *err) {
    static const char *const names[] = {"forbidden", "pinned"};
    for (int pinned = 0; pinned <= 1; pinned++) {
        const ki_yaml *list = ki_yaml_child(reader->tonight, names[pinned]);
        for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
            KI_TRY(order(reader, node, pinned, err));
    }
    const ki_yaml *list = ki_yaml_child(reader->tonight, "bays_taken");
    for (const ki_yaml *node = list ? list->first : NULL; node; node = node->next)
        KI_TRY(promise(reader, node, err));
    return KERB_OK;
}
