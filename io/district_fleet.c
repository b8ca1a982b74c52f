/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_fleet.c - depots, facilities, vehicles and shifts of a district file into the public
 * structs. Ids that do not match are faults with their line, so that all are found in one go. */
#include "base/error.h"
#include "district_near.h"
#include "district_reader.h"
#include "model/setting.h"

#include <string.h>

_Static_assert(KERB_N_STREAMS == KERB_STREAM_SWEEPINGS + 1 && KERB_STREAM_RESIDUAL == 1,
               "the choice list of streams follows the enum");

enum { MAX_COMPARTMENTS = 16, MAX_GATES = 64 };

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

static void *make(ki_reader *reader, size_t count, size_t size, kerb_status *status,
                  kerb_error *err) {
    void *block = ki_arena_alloc(&reader->arena, count, size);
    if (!block) *status = ki_fail_no_memory(err, reader->path);
    return block;
}

static const ki_yaml *list_of(const ki_yaml *map, const char *key, size_t *n) {
    const ki_yaml *list = ki_yaml_child(map, key);
    *n = list ? list->n_children : 0;
    return list ? list->first : NULL;
}

/* Enters an id of the file; a repeated one is a fault. */
static kerb_status enter_id(ki_reader *reader, ki_ids *ids, const char *id, size_t index,
                            const ki_yaml *node, const char *key, kerb_error *err) {
    ki_shown shown;
    if (!id) return KERB_OK; /* already a fault */
    if (ki_ids_find(ids, id) != KI_ID_ABSENT)
        ki_file_fault(&reader->faults, node->line, key, "'%s' is given twice", ki_show(&shown, id));
    if (ki_ids_put(ids, &reader->arena, id, (int32_t)index))
        return ki_fail_no_memory(err, reader->path);
    return KERB_OK;
}

int32_t ki_find_id(ki_reader *reader, const ki_ids *ids, const char *id, const char *what, int line,
                   const char *key) {
    int32_t index = id ? ki_ids_find(ids, id) : KI_ID_ABSENT;
    if (!id || index != KI_ID_ABSENT) return index;
    ki_near near;
    ki_shown shown;
    const char *best = NULL; /* offered in the order of the words: slots depend on the hash */
    ki_near_begin(&near, id);
    size_t n_slots = ki_file_fault_shows(&reader->faults) ? ids->n_slots : 0;
    for (size_t slot = 0; slot < n_slots; slot++) {
        ki_near alone;
        if (!ids->keys[slot]) continue;
        ki_near_begin(&alone, id);
        ki_near_offer(&alone, ids->keys[slot]);
        if (!alone.best[0] || alone.best_distance > near.best_distance) continue;
        if (best && alone.best_distance == near.best_distance && strcmp(ids->keys[slot], best) > 0)
            continue;
        best = ids->keys[slot];
        near.best_distance = alone.best_distance;
        memcpy(near.best, alone.best, sizeof near.best);
    }
    ki_file_fault(&reader->faults, line, key, "unknown %s '%s'%s", what, ki_show(&shown, id),
                  ki_near_text(&near));
    return KI_ID_ABSENT;
}

kerb_status ki_windows_from_list(ki_reader *reader, const ki_yaml *list, ki_clock_windows *out,
                                 kerb_error *err) {
    ki_clock_window all[2 * KI_MAX_WINDOWS];
    *out = (ki_clock_windows){0};
    if (!list || list->n_children == 0) return KERB_OK;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        int n = ki_parse_windows(entry->text, &reader->zone, all + out->n);
        if (n > 0) out->n += (size_t)n;
        if (out->n <= KI_MAX_WINDOWS) continue;
        ki_file_fault(&reader->faults, entry->line, list->key, "more than %d windows",
                      (int)KI_MAX_WINDOWS);
        out->n = 0;
        return KERB_OK;
    }
    out->windows = ki_arena_copy(&reader->arena, all, out->n, sizeof *all);
    return out->windows ? KERB_OK : ki_fail_no_memory(err, reader->path);
}

/* ---- depots and facilities ------------------------------------------------------------------- */

static kerb_status read_depots(ki_reader *reader, kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(reader->file, "depots", &reader->n_depots);
    reader->depots = make(reader, reader->n_depots, sizeof *reader->depots, &status, err);
    KI_TRY(status);
    for (size_t depot = 0; node; depot++, node = node->next) {
        kerb_depot *to = &reader->depots[depot];
        to->id = DISTRICT(reader, node, "depots[].id").text;
        to->name = DISTRICT(reader, node, "depots[].name").text;
        to->lat_deg = DISTRICT(reader, node, "depots[].lat").number;
        to->lon_deg = DISTRICT(reader, node, "depots[].lon").number;
        KI_TRY(enter_id(reader, &reader->depot_ids, to->id, depot, node, "depots[].id", err));
        KI_TRY(ki_place_convert(reader, &to->lat_deg, &to->lon_deg, err));
    }
    return KERB_OK;
}

static kerb_status read_gates(ki_reader *reader, const ki_yaml *facility, kerb_facility *to,
                              kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(facility, "takes", &to->n_gates);
    if (to->n_gates == 0) return KERB_OK;
    if (to->n_gates > MAX_GATES) {
        ki_file_fault(&reader->faults, node->line, "facilities[].takes", "%zu, expected at most %d",
                      to->n_gates, (int)MAX_GATES);
        to->n_gates = 0;
        return KERB_OK;
    }
    kerb_gate *gates = make(reader, to->n_gates, sizeof *gates, &status, err);
    KI_TRY(status);
    for (size_t gate = 0; node; gate++, node = node->next) {
        ki_value stream = DISTRICT(reader, node, "facilities[].takes[].stream");
        gates[gate].stream = stream.text ? (kerb_stream)(stream.integer + 1) : 0;
        gates[gate].fee_per_tonne =
            DISTRICT(reader, node, "facilities[].takes[].fee_per_tonne").number;
        gates[gate].stock_kg = DISTRICT(reader, node, "facilities[].takes[].stock_kg").number;
        gates[gate].buffer_kg = DISTRICT(reader, node, "facilities[].takes[].buffer_kg").number;
        gates[gate].cleared = DISTRICT(reader, node, "facilities[].takes[].cleared").integer == 1;
        for (size_t other = 0; other < gate; other++)
            if (stream.text && gates[other].stream == gates[gate].stream)
                ki_file_fault(&reader->faults, node->line, "facilities[].takes[].stream",
                              "%s is given twice", stream.text);
    }
    to->gates = gates;
    return KERB_OK;
}

static void check_facility(ki_reader *reader, const ki_yaml *node, const kerb_facility *facility) {
    int unloads = facility->kind == KERB_FACILITY_TRANSFER_STATION ||
                  facility->kind == KERB_FACILITY_PLANT || facility->kind == KERB_FACILITY_DUMP;
    if (unloads && facility->n_gates == 0)
        ki_file_fault(&reader->faults, node->line, "facilities[].takes",
                      "nothing, expected the streams this facility takes");
    if (facility->cap_tonnes > 0 && facility->used_tonnes > facility->cap_tonnes)
        ki_file_fault(&reader->faults, node->line, "facilities[].used_tonnes",
                      "%.15g, expected at most cap_tonnes %.15g", facility->used_tonnes,
                      facility->cap_tonnes);
}

static kerb_status read_facility(ki_reader *reader, const ki_yaml *node, size_t index,
                                 kerb_error *err) {
    kerb_facility *to = &reader->facilities[index];
    to->id = DISTRICT(reader, node, "facilities[].id").text;
    to->name = DISTRICT(reader, node, "facilities[].name").text;
    ki_value kind = DISTRICT(reader, node, "facilities[].kind");
    to->kind = kind.text ? (kerb_facility_kind)(kind.integer + 1) : 0;
    to->lat_deg = DISTRICT(reader, node, "facilities[].lat").number;
    to->lon_deg = DISTRICT(reader, node, "facilities[].lon").number;
    to->unload_s = DISTRICT(reader, node, "facilities[].unload_s").number;
    to->unload_s_per_tonne = DISTRICT(reader, node, "facilities[].unload_s_per_tonne").number;
    ki_value bays = DISTRICT(reader, node, "facilities[].bays");
    to->bays = bays.text ? (int32_t)bays.integer : 0;
    to->cap_tonnes = DISTRICT(reader, node, "facilities[].cap_tonnes").number;
    to->used_tonnes = DISTRICT(reader, node, "facilities[].used_tonnes").number;
    to->has_water = DISTRICT(reader, node, "facilities[].water").integer == 1;
    to->charge_w = 1000 * DISTRICT(reader, node, "facilities[].charge_kw").number;
    if (to->kind == KERB_FACILITY_HYDRANT) to->has_water = 1;
    KI_TRY(enter_id(reader, &reader->facility_ids, to->id, index, node, "facilities[].id", err));
    KI_TRY(read_gates(reader, node, to, err));
    check_facility(reader, node, to);
    KI_TRY(ki_windows_from_list(reader, ki_yaml_child(node, "hours"),
                                &reader->facility_hours[index], err));
    return ki_place_convert(reader, &to->lat_deg, &to->lon_deg, err);
}

static kerb_status read_facilities(ki_reader *reader, kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(reader->file, "facilities", &reader->n_facilities);
    size_t n = reader->n_facilities;
    reader->facilities = make(reader, n, sizeof *reader->facilities, &status, err);
    reader->facility_hours = make(reader, n, sizeof *reader->facility_hours, &status, err);
    KI_TRY(status);
    for (size_t facility = 0; node; facility++, node = node->next)
        KI_TRY(read_facility(reader, node, facility, err));
    return KERB_OK;
}

/* ---- vehicles -------------------------------------------------------------------------------- */

static void read_kind(ki_reader *reader, const ki_yaml *kind, kerb_vehicle *to) {
    ki_value use = DISTRICT(reader, kind, "vehicle_kinds.*.use");
    to->use = use.text ? (kerb_vehicle_use)(use.integer + 1) : 0;
    to->height_m = DISTRICT(reader, kind, "vehicle_kinds.*.height_m").number;
    to->width_m = DISTRICT(reader, kind, "vehicle_kinds.*.width_m").number;
    to->length_m = DISTRICT(reader, kind, "vehicle_kinds.*.length_m").number;
    to->mass_kg = DISTRICT(reader, kind, "vehicle_kinds.*.mass_kg").number;
    to->top_speed_kmh = DISTRICT(reader, kind, "vehicle_kinds.*.top_speed_kmh").number;
    to->sweep_speed_kmh = DISTRICT(reader, kind, "vehicle_kinds.*.sweep_speed_kmh").number;
    to->water_l = DISTRICT(reader, kind, "vehicle_kinds.*.water_l").number;
    to->price_used = DISTRICT(reader, kind, "vehicle_kinds.*.price_used").number;
    to->price_per_km = DISTRICT(reader, kind, "vehicle_kinds.*.price_per_km").number;
    to->load_s = DISTRICT(reader, kind, "vehicle_kinds.*.load_s").number;
    static const kerb_side brushes[] = {KERB_SIDE_LEFT, KERB_SIDE_RIGHT, KERB_SIDE_UNSPECIFIED};
    ki_value brush = DISTRICT(reader, kind, "vehicle_kinds.*.brush");
    if (brush.text) to->brush_side = brushes[brush.integer];
    to->attended_by = DISTRICT(reader, kind, "vehicle_kinds.*.attended_by").text;
}

static kerb_status read_attendants(ki_reader *reader, kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(reader->file, "attendants", &reader->n_attendants);
    reader->attendants =
        make(reader, reader->n_attendants, sizeof *reader->attendants, &status, err);
    KI_TRY(status);
    for (kerb_attendants *to = reader->attendants; node; to++, node = node->next) {
        to->id = DISTRICT(reader, node, "attendants[].id").text;
        to->n_people = (int32_t)DISTRICT(reader, node, "attendants[].people").integer;
        to->vehicles_each = (int32_t)DISTRICT(reader, node, "attendants[].robots_each").integer;
    }
    return KERB_OK;
}

static int are_known(const ki_reader *reader, const char *attendants) {
    for (size_t at = 0; at < reader->n_attendants; at++)
        if (reader->attendants[at].id && strcmp(reader->attendants[at].id, attendants) == 0)
            return 1;
    return 0;
}

static kerb_status read_lifts(ki_reader *reader, const ki_yaml *kind, kerb_vehicle *to,
                              kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *list = ki_yaml_child(kind, "lifts");
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_lift *lifts = make(reader, list->n_children, sizeof *lifts, &status, err);
    KI_TRY(status);
    for (const ki_yaml *entry = list->first; entry; entry = entry->next)
        lifts[to->n_lifts++].id = entry->text;
    to->lifts = lifts;
    return KERB_OK;
}

static void check_kinds(ki_reader *reader) {
    const ki_yaml *kinds = ki_yaml_child(reader->file, "vehicle_kinds");
    for (const ki_yaml *kind = kinds ? kinds->first : NULL; kind; kind = kind->next) {
        kerb_vehicle vehicle = {0};
        read_kind(reader, kind, &vehicle);
        if (vehicle.attended_by && !are_known(reader, vehicle.attended_by))
            ki_file_fault(&reader->faults, kind->line, "vehicle_kinds.*.attended_by",
                          "'%.60s', expected an id of `attendants`", vehicle.attended_by);
        int sweeps = vehicle.use == KERB_USE_SWEEPER || vehicle.use == KERB_USE_ROBOT;
        if (sweeps && vehicle.sweep_speed_kmh == 0)
            ki_file_fault(&reader->faults, kind->line, "vehicle_kinds.*.sweep_speed_kmh",
                          "nothing, expected the speed '%.60s' sweeps at", kind->key);
        if (vehicle.use == KERB_USE_HAUL && vehicle.load_s < 1)
            ki_file_fault(&reader->faults, kind->line, "vehicle_kinds.*.load_s",
                          "nothing, expected how long it takes to load '%.60s'", kind->key);
    }
}

static kerb_status read_streams(ki_reader *reader, const ki_yaml *node, kerb_compartment *to,
                                kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *list = ki_yaml_child(node, "streams");
    static const ki_key choice = {.type = KI_KEY_CHOICE,
                                  .choices = "residual|food|recyclable|hazardous|construction|"
                                             "sweepings"};
    if (!list || list->n_children == 0) {
        if (list)
            ki_file_fault(&reader->faults, list->line, "vehicles[].compartments[].streams",
                          "nothing, expected at least one stream");
        return KERB_OK;
    }
    kerb_stream *streams = make(reader, list->n_children, sizeof *streams, &status, err);
    KI_TRY(status);
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        ki_value stream;
        if (entry->kind == KI_YAML_SCALAR && ki_value_parse(&choice, entry->text, NULL, &stream))
            streams[to->n_streams++] = (kerb_stream)(stream.integer + 1);
    }
    to->streams = streams;
    return KERB_OK;
}

/* What the vehicle's compartments hold in another setting, in their order. */
static kerb_status read_rooms(ki_reader *reader, const ki_yaml *node, kerb_setting *to,
                              kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *room = list_of(node, "compartments", &to->n_compartments);
    kerb_compartment *rooms = make(reader, to->n_compartments, sizeof *rooms, &status, err);
    KI_TRY(status);
    to->compartments = rooms;
    for (; room; room = room->next, rooms++) {
        rooms->capacity_kg =
            DISTRICT(reader, room, "vehicles[].settings[].compartments[].capacity_kg").number;
        rooms->capacity_l =
            DISTRICT(reader, room, "vehicles[].settings[].compartments[].capacity_l").number;
    }
    return KERB_OK;
}

static kerb_status read_settings(ki_reader *reader, const ki_yaml *vehicle, kerb_vehicle *to,
                                 kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(vehicle, "settings", &to->n_settings);
    kerb_setting *settings = make(reader, to->n_settings, sizeof *settings, &status, err);
    KI_TRY(status);
    to->settings = settings;
    for (; node; node = node->next, settings++) {
        settings->id = DISTRICT(reader, node, "vehicles[].settings[].id").text;
        KI_TRY(read_rooms(reader, node, settings, err));
        if (settings->n_compartments != to->n_compartments)
            ki_file_fault(&reader->faults, node->line, "vehicles[].settings[].compartments",
                          "%zu, expected %zu, as many as the vehicle has", settings->n_compartments,
                          to->n_compartments);
    }
    return KERB_OK;
}

static kerb_status read_compartments(ki_reader *reader, const ki_yaml *vehicle, kerb_vehicle *to,
                                     kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(vehicle, "compartments", &to->n_compartments);
    if (to->n_compartments == 0) {
        if (ki_yaml_child(vehicle, "compartments"))
            ki_file_fault(&reader->faults, vehicle->line, "vehicles[].compartments",
                          "none, expected at least one: a vehicle needs a capacity");
        return KERB_OK;
    }
    if (to->n_compartments > MAX_COMPARTMENTS) {
        ki_file_fault(&reader->faults, vehicle->line, "vehicles[].compartments",
                      "%zu, expected at most %d", to->n_compartments, (int)MAX_COMPARTMENTS);
        to->n_compartments = 0;
        return KERB_OK;
    }
    kerb_compartment *compartments =
        make(reader, to->n_compartments, sizeof *compartments, &status, err);
    KI_TRY(status);
    to->compartments = compartments;
    for (; node; node = node->next, compartments++) {
        compartments->capacity_kg =
            DISTRICT(reader, node, "vehicles[].compartments[].capacity_kg").number;
        compartments->capacity_l =
            DISTRICT(reader, node, "vehicles[].compartments[].capacity_l").number;
        KI_TRY(read_streams(reader, node, compartments, err));
    }
    return KERB_OK;
}

static void fault_kind(ki_reader *reader, const ki_yaml *node, const char *kind) {
    const ki_yaml *kinds = ki_yaml_child(reader->file, "vehicle_kinds");
    ki_near near;
    ki_shown shown;
    ki_near_begin(&near, kind);
    if (!ki_file_fault_shows(&reader->faults)) kinds = NULL;
    for (const ki_yaml *known = kinds ? kinds->first : NULL; known; known = known->next)
        ki_near_offer(&near, known->key);
    ki_file_fault(&reader->faults, node->line, "vehicles[].kind", "unknown kind '%s'%s",
                  ki_show(&shown, kind), ki_near_text(&near));
}

static kerb_status read_vehicles(ki_reader *reader, kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(reader->file, "vehicles", &reader->n_vehicles);
    reader->vehicles = make(reader, reader->n_vehicles, sizeof *reader->vehicles, &status, err);
    KI_TRY(status);
    check_kinds(reader);
    for (size_t vehicle = 0; node; vehicle++, node = node->next) {
        kerb_vehicle *to = &reader->vehicles[vehicle];
        to->id = DISTRICT(reader, node, "vehicles[].id").text;
        to->kind = DISTRICT(reader, node, "vehicles[].kind").text;
        to->available = 1;
        const ki_yaml *kind =
            to->kind ? ki_yaml_child(ki_yaml_child(reader->file, "vehicle_kinds"), to->kind) : NULL;
        if (to->kind && !kind) fault_kind(reader, node, to->kind);
        read_kind(reader, kind, to);
        KI_TRY(ki_battery_read(reader, kind, to, err));
        KI_TRY(read_lifts(reader, kind, to, err));
        KI_TRY(enter_id(reader, &reader->vehicle_ids, to->id, vehicle, node, "vehicles[].id", err));
        KI_TRY(read_compartments(reader, node, to, err));
        KI_TRY(read_settings(reader, node, to, err));
    }
    return KERB_OK;
}

/* ---- shifts ---------------------------------------------------------------------------------- */

static kerb_status read_shift(ki_reader *reader, const ki_yaml *node, size_t index,
                              kerb_error *err) {
    kerb_shift *to = &reader->shifts[index];
    to->id = DISTRICT(reader, node, "shifts[].id").text;
    to->vehicle_id = DISTRICT(reader, node, "shifts[].vehicle").text;
    to->crew = DISTRICT(reader, node, "shifts[].crew").text;
    to->start_depot = DISTRICT(reader, node, "shifts[].depot").text;
    to->end_depot = DISTRICT(reader, node, "shifts[].end_depot").text;
    ki_find_id(reader, &reader->vehicle_ids, to->vehicle_id, "vehicle", node->line,
               "shifts[].vehicle");
    ki_find_id(reader, &reader->depot_ids, to->start_depot, "depot", node->line, "shifts[].depot");
    ki_find_id(reader, &reader->depot_ids, to->end_depot, "depot", node->line,
               "shifts[].end_depot");
    if (!to->end_depot) to->end_depot = to->start_depot;
    to->regular_s = 3600.0 * DISTRICT(reader, node, "shifts[].regular_h").number;
    to->guaranteed_s = 3600.0 * DISTRICT(reader, node, "shifts[].guaranteed_h").number;
    to->turnaround_s = 60.0 * DISTRICT(reader, node, "shifts[].turnaround_min").number;
    to->follows = DISTRICT(reader, node, "shifts[].follows").text;
    to->setting = DISTRICT(reader, node, "shifts[].setting").text;
    to->pre_trip_s = 60.0 * DISTRICT(reader, node, "shifts[].pre_trip_min").number;
    to->post_trip_s = 60.0 * DISTRICT(reader, node, "shifts[].post_trip_min").number;
    to->price_per_hour = DISTRICT(reader, node, "shifts[].price_per_hour").number;
    ki_value overtime = DISTRICT(reader, node, "shifts[].overtime_per_hour");
    to->price_overtime_per_hour = overtime.text ? overtime.number : to->price_per_hour;
    to->available = 1;
    ki_value start = DISTRICT(reader, node, "shifts[].start");
    ki_value end = DISTRICT(reader, node, "shifts[].end");
    if (start.text && end.text && start.dated && end.dated && end.integer <= start.integer)
        ki_file_fault(&reader->faults, node->line, "shifts[].end", "%s, expected after start %s",
                      end.text, start.text);
    reader->shift_nodes[index] = node;
    KI_TRY(ki_breaks_read(reader, node, index, err));
    return enter_id(reader, &reader->shift_ids, to->id, index, node, "shifts[].id", err);
}

static int is_haul(const ki_reader *reader, const kerb_shift *shift) {
    int32_t vehicle = ki_ids_find(&reader->vehicle_ids, shift->vehicle_id);
    return vehicle >= 0 && reader->vehicles[vehicle].use == KERB_USE_HAUL;
}

/* Known, and of the right uses; the model knows the rest. */
static void check_follows(ki_reader *reader) {
    for (size_t shift = 0; shift < reader->n_shifts; shift++) {
        const kerb_shift *to = &reader->shifts[shift];
        if (!to->follows) continue;
        int line = reader->shift_nodes[shift]->line;
        int32_t before =
            ki_find_id(reader, &reader->shift_ids, to->follows, "shift", line, "shifts[].follows");
        if (before >= 0 && (!is_haul(reader, to) || is_haul(reader, &reader->shifts[before])))
            ki_file_fault(&reader->faults, line, "shifts[].follows",
                          "'%.60s', expected of a haul truck's shift one of a truck or sweeper",
                          to->follows);
    }
}

static void check_settings(ki_reader *reader) {
    for (size_t shift = 0; shift < reader->n_shifts; shift++) {
        const kerb_shift *to = &reader->shifts[shift];
        int32_t vehicle = ki_ids_find(&reader->vehicle_ids, to->vehicle_id ? to->vehicle_id : "");
        if (vehicle >= 0 && ki_vehicle_setting(&reader->vehicles[vehicle], to->setting) < 0)
            ki_file_fault(&reader->faults, reader->shift_nodes[shift]->line, "shifts[].setting",
                          "'%.60s', expected a setting of vehicle %.60s", to->setting,
                          to->vehicle_id);
    }
}

static kerb_status read_shifts(ki_reader *reader, kerb_error *err) {
    kerb_status status = KERB_OK;
    const ki_yaml *node = list_of(reader->file, "shifts", &reader->n_shifts);
    reader->shifts = make(reader, reader->n_shifts, sizeof *reader->shifts, &status, err);
    reader->shift_nodes = make(reader, reader->n_shifts, sizeof *reader->shift_nodes, &status, err);
    reader->break_windows = make(reader, reader->n_shifts * KI_FILE_BREAKS,
                                 sizeof *reader->break_windows, &status, err);
    KI_TRY(status);
    for (size_t shift = 0; node; shift++, node = node->next)
        KI_TRY(read_shift(reader, node, shift, err));
    check_follows(reader);
    check_settings(reader);
    return KERB_OK;
}

kerb_status ki_fleet_read(ki_reader *reader, kerb_error *err) {
    KI_TRY(read_depots(reader, err));
    KI_TRY(read_facilities(reader, err));
    KI_TRY(read_attendants(reader, err));
    KI_TRY(read_vehicles(reader, err));
    return read_shifts(reader, err);
}

/* ---- on the night ---------------------------------------------------------------------------- */

static void fault_outside(ki_reader *reader, const ki_yaml *node, const char *key,
                          const char *given, int64_t instant_s) {
    char when[KI_INSTANT_CHARS], from[KI_INSTANT_CHARS], to[KI_INSTANT_CHARS];
    ki_format_local(&reader->zone, instant_s, when);
    ki_format_local(&reader->zone, reader->night.start_s, from);
    ki_format_local(&reader->zone, reader->night.end_s, to);
    ki_file_fault(&reader->faults, node->line, key, "%s (%s), expected within the night %s to %s",
                  given, when, from, to);
}

static void time_shift(ki_reader *reader, const ki_yaml *node, kerb_shift *to) {
    ki_value start = DISTRICT(reader, node, "shifts[].start");
    ki_value end = DISTRICT(reader, node, "shifts[].end");
    to->start_s =
        start.dated ? start.integer
                    : ki_clock_after(&reader->zone, reader->night.start_s, (int32_t)start.integer);
    to->end_s = end.dated ? end.integer
                          : ki_clock_after(&reader->zone, to->start_s + 1, (int32_t)end.integer);
    if (to->start_s < reader->night.start_s || to->start_s >= reader->night.end_s)
        fault_outside(reader, node, "shifts[].start", start.text, to->start_s);
    else if (to->end_s > reader->night.end_s)
        fault_outside(reader, node, "shifts[].end", end.text, to->end_s);
    else if (to->end_s <= to->start_s)
        ki_file_fault(&reader->faults, node->line, "shifts[].end", "%s, expected after start %s",
                      end.text, start.text);
}

kerb_status ki_fleet_times(ki_reader *reader, kerb_error *err) {
    for (size_t shift = 0; shift < reader->n_shifts; shift++)
        time_shift(reader, reader->shift_nodes[shift], &reader->shifts[shift]);
    for (size_t shift = 0; shift < reader->n_shifts; shift++)
        KI_TRY(ki_breaks_times(reader, shift, err));
    for (size_t facility = 0; facility < reader->n_facilities; facility++) {
        const ki_clock_windows *hours = &reader->facility_hours[facility];
        kerb_window *windows;
        if (ki_windows_of_night(&windows, &reader->facilities[facility].n_windows, hours->windows,
                                hours->n, &reader->zone, &reader->night, &reader->arena))
            return ki_fail_no_memory(err, "opening hours");
        reader->facilities[facility].windows = windows;
    }
    return KERB_OK;
}
