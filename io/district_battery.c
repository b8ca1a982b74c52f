/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_battery.c - the batteries of kinds of vehicles in the district file. */
#include "base/error.h"
#include "district_reader.h"

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

enum { MOST_STEPS = 3 };

static void read_numbers(ki_reader *reader, const ki_yaml *kind, kerb_vehicle *to) {
    to->battery_wh = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.battery_kwh").number;
    to->battery_reserve_wh = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.reserve_kwh").number;
    to->drive_wh_per_km = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.drive_kwh_per_km").number;
    to->sweep_wh_per_km = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.sweep_kwh_per_km").number;
    to->lift_wh = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.lift_kwh").number;
    to->charge_w = 1000 * DISTRICT(reader, kind, "vehicle_kinds.*.charge_kw").number;
}

kerb_status ki_battery_read(ki_reader *reader, const ki_yaml *kind, kerb_vehicle *to,
                            kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(kind, "charge_steps");
    size_t n = list ? list->n_children : 0, at = 0;
    read_numbers(reader, kind, to);
    if (n == 0) return KERB_OK;
    if (n > MOST_STEPS) {
        ki_file_fault(&reader->faults, list->line, "vehicle_kinds.*.charge_steps",
                      "%zu, expected at most %d", n, (int)MOST_STEPS);
        return KERB_OK;
    }
    kerb_charge_step *steps = ki_arena_alloc(&reader->arena, n, sizeof *steps);
    if (!steps) return ki_fail_no_memory(err, reader->path);
    for (const ki_yaml *entry = list->first; entry; entry = entry->next, at++) {
        steps[at].from_ratio =
            DISTRICT(reader, entry, "vehicle_kinds.*.charge_steps[].from_ratio").number;
        steps[at].charge_w =
            1000 * DISTRICT(reader, entry, "vehicle_kinds.*.charge_steps[].charge_kw").number;
    }
    to->charge_steps = steps;
    to->n_charge_steps = n;
    return KERB_OK;
}
