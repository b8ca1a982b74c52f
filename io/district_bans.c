/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_bans.c - the keys `holidays` and `bans`: which roads are closed to whom at which hours,
 * and the days that hours call PH. Corners are places of the district's coordinate system, but do
 * not help to judge it: they need not lie at roads. */
#include "base/error.h"
#include "coordinates.h"
#include "district_near.h"
#include "district_reader.h"
#include "model/ban.h"

#include <string.h>

#define DISTRICT(reader, map, path) ki_keys_get(&ki_district_keys, map, path, &(reader)->zone)

kerb_status ki_holidays_read(ki_reader *reader, kerb_error *err) {
    static const ki_key date = {.type = KI_KEY_DATE};
    const ki_yaml *list = ki_yaml_child(reader->file, "holidays");
    kerb_district *to = &reader->district;
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_holiday *days = ki_arena_alloc(&reader->arena, list->n_children, sizeof *days);
    if (!days) return ki_fail_no_memory(err, reader->path);
    to->holidays = days;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        ki_value value;
        if (entry->kind == KI_YAML_SCALAR && ki_value_parse(&date, entry->text, NULL, &value))
            days[to->n_holidays++] = (kerb_holiday){(int32_t)value.integer, ""};
    }
    return KERB_OK;
}

/* ---- bans ------------------------------------------------------------------------------------ */

static kerb_status read_area(ki_reader *reader, const ki_yaml *list, kerb_ban *to,
                             kerb_error *err) {
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_corner *corners = ki_arena_alloc(&reader->arena, list->n_children, sizeof *corners);
    if (!corners) return ki_fail_no_memory(err, reader->path);
    to->corners = corners;
    for (const ki_yaml *node = list->first; node; node = node->next) {
        kerb_corner *corner = &corners[to->n_corners++];
        corner->lat_deg = DISTRICT(reader, node, "bans[].area[].lat").number;
        corner->lon_deg = DISTRICT(reader, node, "bans[].area[].lon").number;
        ki_to_wgs84(reader->district.coordinates, &corner->lat_deg, &corner->lon_deg);
    }
    return KERB_OK;
}

static void read_circle(ki_reader *reader, const ki_yaml *node, kerb_ban *to) {
    if (!node) return;
    to->lat_deg = DISTRICT(reader, node, "bans[].circle.lat").number;
    to->lon_deg = DISTRICT(reader, node, "bans[].circle.lon").number;
    to->radius_m = DISTRICT(reader, node, "bans[].circle.radius_m").number;
    ki_to_wgs84(reader->district.coordinates, &to->lat_deg, &to->lon_deg);
}

static kerb_status read_roads(ki_reader *reader, const ki_yaml *list, kerb_ban *to,
                              kerb_error *err) {
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_road_name *roads = ki_arena_alloc(&reader->arena, list->n_children, sizeof *roads);
    if (!roads) return ki_fail_no_memory(err, reader->path);
    to->roads = roads;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next)
        if (entry->kind == KI_YAML_SCALAR) roads[to->n_roads++].name = entry->text;
    return KERB_OK;
}

static kerb_status read_uses(ki_reader *reader, const ki_yaml *list, kerb_ban *to,
                             kerb_error *err) {
    const ki_key *key = ki_keys_find(&ki_district_keys, "bans[].vehicles");
    if (!list || list->n_children == 0) return KERB_OK;
    kerb_vehicle_use *uses = ki_arena_alloc(&reader->arena, list->n_children, sizeof *uses);
    if (!uses) return ki_fail_no_memory(err, reader->path);
    to->uses = uses;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        ki_value value;
        if (entry->kind == KI_YAML_SCALAR && ki_value_parse(key, entry->text, NULL, &value))
            uses[to->n_uses++] = (kerb_vehicle_use)(value.integer + 1);
    }
    return KERB_OK;
}

static void read_whom(ki_reader *reader, const ki_yaml *node, kerb_ban *to) {
    ki_hours hours;
    ki_shown shown;
    to->over_mass_kg = DISTRICT(reader, node, "bans[].over_mass_kg").number;
    to->over_height_m = DISTRICT(reader, node, "bans[].over_height_m").number;
    to->over_width_m = DISTRICT(reader, node, "bans[].over_width_m").number;
    to->over_length_m = DISTRICT(reader, node, "bans[].over_length_m").number;
    to->hours = DISTRICT(reader, node, "bans[].hours").text;
    if (!ki_ban_hours(to, &hours))
        ki_file_fault(&reader->faults, node->line, "bans[].hours",
                      "%s, expected opening hours such as Mo-Fr 07:00-09:00; PH off",
                      ki_show(&shown, to->hours));
}

static kerb_status read_ban(ki_reader *reader, const ki_yaml *node, kerb_ban *to, kerb_error *err) {
    to->id = DISTRICT(reader, node, "bans[].id").text;
    to->note = DISTRICT(reader, node, "bans[].note").text;
    KI_TRY(read_area(reader, ki_yaml_child(node, "area"), to, err));
    read_circle(reader, ki_yaml_child(node, "circle"), to);
    KI_TRY(read_roads(reader, ki_yaml_child(node, "roads"), to, err));
    KI_TRY(read_uses(reader, ki_yaml_child(node, "vehicles"), to, err));
    read_whom(reader, node, to);
    if (to->n_corners == 1 || to->n_corners == 2)
        ki_file_fault(&reader->faults, node->line, "bans[].area",
                      "%zu corners, expected at least 3", to->n_corners);
    if (to->n_corners == 0 && to->radius_m <= 0 && to->n_roads == 0)
        ki_file_fault(&reader->faults, node->line, "bans[]",
                      "none of area, circle and roads, expected at least one of them");
    return KERB_OK;
}

kerb_status ki_bans_read(ki_reader *reader, kerb_error *err) {
    const ki_yaml *list = ki_yaml_child(reader->file, "bans");
    if (!list || list->n_children == 0) return KERB_OK;
    reader->bans = ki_arena_alloc(&reader->arena, list->n_children, sizeof *reader->bans);
    if (!reader->bans) return ki_fail_no_memory(err, reader->path);
    for (const ki_yaml *node = list->first; node; node = node->next)
        KI_TRY(read_ban(reader, node, &reader->bans[reader->n_bans++], err));
    return KERB_OK;
}
