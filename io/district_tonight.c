/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_tonight.c - tonight.yaml: what a dispatcher knows and no table does. Every entry is
 * echoed as a note, so that whoever reads the plan sees what was overridden. */
#include "base/error.h"
#include "district_near.h"
#include "district_rows.h"
#include "model/setting.h"

#include <stdio.h>
#include <string.h>

#define TONIGHT(reader, map, path) ki_keys_get(&ki_tonight_keys, map, path, &(reader)->zone)

static const ki_yaml *entries(const ki_reader *reader, const char *key) {
    const ki_yaml *list = ki_yaml_child(reader->tonight, key);
    return list ? list->first : NULL;
}

static kerb_status echo(ki_reader *reader, kerb_error *err, const char *what, const char *id,
                        const char *does) {
    ki_shown shown;
    return ki_reader_note(reader, err, "tonight", "%s %s %s", what, ki_show(&shown, id), does);
}

/* Index of the id, negative where unknown (a fault by then) or quarantined (a note). */
static kerb_status find(ki_reader *reader, const ki_ids *ids, const ki_yaml *entry,
                        const char *what, const char *key, int32_t *index, kerb_error *err) {
    *index = ki_find_id(reader, ids, entry->text, what, entry->line, key);
    if (*index != KI_ID_QUARANTINED) return KERB_OK;
    return echo(reader, err, what, entry->text, "is named, but its row is bad: no effect");
}

static kerb_status vehicles_out(ki_reader *reader, kerb_error *err) {
    for (const ki_yaml *entry = entries(reader, "vehicles_out"); entry; entry = entry->next) {
        int32_t vehicle;
        KI_TRY(find(reader, &reader->vehicle_ids, entry, "vehicle", "vehicles_out", &vehicle, err));
        if (vehicle < 0) continue;
        reader->vehicles[vehicle].available = 0;
        KI_TRY(echo(reader, err, "vehicle", entry->text, "is out"));
    }
    return KERB_OK;
}

static kerb_status shifts_out(ki_reader *reader, kerb_error *err) {
    for (const ki_yaml *entry = entries(reader, "shifts_out"); entry; entry = entry->next) {
        int32_t shift;
        KI_TRY(find(reader, &reader->shift_ids, entry, "shift", "shifts_out", &shift, err));
        if (shift < 0) continue;
        reader->shifts[shift].available = 0;
        KI_TRY(echo(reader, err, "shift", entry->text, "does not take place"));
    }
    return KERB_OK;
}

static void set_force(ki_reader *reader, kerb_force *to, kerb_force force, const ki_yaml *entry,
                      const char *key) {
    ki_shown shown;
    if (*to != KERB_FORCE_NONE && *to != force)
        ki_file_fault(&reader->faults, entry->line, key, "'%s' is both forced and skipped",
                      ki_show(&shown, entry->text));
    *to = force;
}

static kerb_status force_containers(ki_reader *reader, const char *key, kerb_force force,
                                    const char *does, kerb_error *err) {
    for (const ki_yaml *entry = entries(reader, key); entry; entry = entry->next) {
        int32_t bin;
        KI_TRY(find(reader, &reader->container_ids, entry, "container", key, &bin, err));
        if (bin < 0) continue;
        set_force(reader, &reader->containers[bin].container.force, force, entry, key);
        KI_TRY(echo(reader, err, "container", entry->text, does));
    }
    return KERB_OK;
}

static kerb_status force_streets(ki_reader *reader, const char *key, kerb_force force,
                                 const char *does, kerb_error *err) {
    for (const ki_yaml *entry = entries(reader, key); entry; entry = entry->next) {
        int32_t street;
        KI_TRY(find(reader, &reader->street_ids, entry, "kerb", key, &street, err));
        if (street < 0) continue;
        set_force(reader, &reader->streets[street].street.force, force, entry, key);
        KI_TRY(echo(reader, err, "kerb", entry->text, does));
    }
    return KERB_OK;
}

static kerb_status close_street(ki_reader *reader, const ki_yaml *node, kerb_error *err) {
    ki_value way = TONIGHT(reader, node, "closed[].way");
    ki_value from = TONIGHT(reader, node, "closed[].from_node");
    ki_value to = TONIGHT(reader, node, "closed[].to_node");
    ki_value note = TONIGHT(reader, node, "closed[].note");
    if (!way.text || !from.text || !to.text) return KERB_OK; /* a fault already */
    if ((from.integer == 0) != (to.integer == 0)) {
        ki_file_fault(&reader->faults, node->line, "closed[]",
                      "one of from_node and to_node, expected both or neither");
        return KERB_OK;
    }
    kerb_closure closure = {.way_id = way.integer,
                            .from_node = from.integer,
                            .to_node = to.integer,
                            .note = note.text ? note.text : ""};
    KI_TRY(kerb_model_add_closures(reader->model, &closure, 1, err));
    char run[80] = "";
    if (from.integer)
        snprintf(run, sizeof run, " from node %lld to %lld", (long long)from.integer,
                 (long long)to.integer);
    ki_shown shown;
    return ki_reader_note(reader, err, "tonight", "way %lld%s is closed%s%s",
                          (long long)way.integer, run, closure.note[0] ? ": " : "",
                          closure.note[0] ? ki_show(&shown, closure.note) : "");
}

static kerb_status facility_hours(ki_reader *reader, const ki_yaml *node, kerb_error *err) {
    const char *id = TONIGHT(reader, node, "facility_hours[].id").text;
    const ki_yaml *hours = ki_yaml_child(node, "hours");
    char list[200] = "";
    size_t used = 0;
    int32_t facility = ki_find_id(reader, &reader->facility_ids, id, "facility", node->line,
                                  "facility_hours[].id");
    if (facility < 0) return KERB_OK;
    if (!hours || hours->n_children == 0) {
        ki_file_fault(&reader->faults, node->line, "facility_hours[].hours",
                      "nothing, expected at least one window");
        return KERB_OK;
    }
    KI_TRY(ki_windows_from_list(reader, hours, &reader->facility_hours[facility], err));
    for (const ki_yaml *entry = hours->first; entry && used + 60 < sizeof list;
         entry = entry->next) {
        ki_shown shown;
        used +=
            (size_t)snprintf(list + used, sizeof list - used, " %s", ki_show(&shown, entry->text));
    }
    ki_shown shown;
    return ki_reader_note(reader, err, "tonight", "facility %s is open%s", ki_show(&shown, id),
                          list);
}

static const kerb_vehicle *vehicle_of(const ki_reader *reader, int32_t shift) {
    return &reader->vehicles[ki_ids_find(&reader->vehicle_ids, reader->shifts[shift].vehicle_id)];
}

static kerb_status starting_load(ki_reader *reader, const ki_yaml *node, kerb_error *err) {
    static const ki_key load = {.type = KI_KEY_NUMBER, .min = 0, .max = 1e5};
    const char *id = TONIGHT(reader, node, "starting_loads[].shift").text;
    const ki_yaml *list = ki_yaml_child(node, "kg");
    int32_t shift =
        ki_find_id(reader, &reader->shift_ids, id, "shift", node->line, "starting_loads[].shift");
    if (shift < 0 || !list) return KERB_OK;
    const kerb_vehicle *vehicle = vehicle_of(reader, shift);
    if (list->n_children != vehicle->n_compartments) {
        ki_file_fault(&reader->faults, list->line, "starting_loads[].kg",
                      "%zu loads, expected %zu: one for each compartment of vehicle %.60s",
                      list->n_children, vehicle->n_compartments, vehicle->id);
        return KERB_OK;
    }
    kerb_compartment room[KI_MAX_COMPARTMENTS];
    int32_t setting = ki_vehicle_setting(vehicle, reader->shifts[shift].setting);
    const kerb_vehicle set = ki_vehicle_set(vehicle, setting, room);
    double *loads_kg = ki_arena_alloc(&reader->arena, list->n_children, sizeof *loads_kg);
    if (!loads_kg) return ki_fail_no_memory(err, "starting loads");
    double total_kg = 0;
    size_t at = 0;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next, at++) {
        ki_value value;
        if (!ki_value_parse(&load, entry->text, NULL, &value)) return KERB_OK; /* a fault already */
        loads_kg[at] = value.number;
        total_kg += value.number;
        if (value.number > set.compartments[at].capacity_kg)
            ki_file_fault(&reader->faults, list->line, "starting_loads[].kg",
                          "%.15g, expected at most the capacity %.15g", value.number,
                          set.compartments[at].capacity_kg);
    }
    reader->shifts[shift].starting_load_kg = loads_kg;
    ki_shown shown;
    return ki_reader_note(reader, err, "tonight", "shift %s starts with %.15g kg on board",
                          ki_show(&shown, id), total_kg);
}

kerb_status ki_tonight_apply(ki_reader *reader, kerb_error *err) {
    if (!reader->tonight) return KERB_OK;
    KI_TRY(vehicles_out(reader, err));
    KI_TRY(shifts_out(reader, err));
    KI_TRY(force_containers(reader, "containers_forced", KERB_FORCE_IN,
                            "is emptied whatever its fill", err));
    KI_TRY(force_containers(reader, "containers_skipped", KERB_FORCE_OUT, "is left tonight", err));
    KI_TRY(
        force_streets(reader, "kerbs_forced", KERB_FORCE_IN, "is swept whether due or not", err));
    KI_TRY(force_streets(reader, "kerbs_skipped", KERB_FORCE_OUT, "is not swept tonight", err));
    for (const ki_yaml *node = entries(reader, "closed"); node; node = node->next)
        KI_TRY(close_street(reader, node, err));
    for (const ki_yaml *node = entries(reader, "facility_hours"); node; node = node->next)
        KI_TRY(facility_hours(reader, node, err));
    for (const ki_yaml *node = entries(reader, "starting_loads"); node; node = node->next)
        KI_TRY(starting_load(reader, node, err));
    return ki_orders_apply(reader, err);
}
