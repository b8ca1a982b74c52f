/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_crossing.c - which roads crews may cross on foot: the key `crossing`. A rule that is
 * there but names no classes keeps the standing ones and narrows them by width and lanes. */
#include "base/error.h"
#include "district_reader.h"

static const kerb_road_class standing[] = {KERB_ROAD_UNCLASSIFIED, KERB_ROAD_RESIDENTIAL,
                                           KERB_ROAD_LIVING,       KERB_ROAD_SERVICE,
                                           KERB_ROAD_PEDESTRIAN,   KERB_ROAD_TRACK};

static kerb_status read_classes(ki_reader *reader, const ki_yaml *list, kerb_crossing *to,
                                kerb_error *err) {
    const ki_key *key = ki_keys_find(&ki_district_keys, "crossing.classes");
    to->classes = standing;
    to->n_classes = sizeof standing / sizeof *standing;
    if (!list) return KERB_OK;
    kerb_road_class *classes =
        ki_arena_alloc(&reader->arena, (size_t)list->n_children, sizeof *classes);
    if (!classes) return ki_fail_no_memory(err, reader->path);
    to->classes = classes;
    to->n_classes = 0;
    for (const ki_yaml *entry = list->first; entry; entry = entry->next) {
        ki_value value;
        if (entry->kind == KI_YAML_SCALAR && ki_value_parse(key, entry->text, NULL, &value))
            classes[to->n_classes++] = (kerb_road_class)(value.integer + 1);
    }
    return KERB_OK;
}

kerb_status ki_crossing_read(ki_reader *reader, kerb_error *err) {
    const ki_yaml *rule = ki_yaml_child(reader->file, "crossing");
    kerb_crossing *to = &reader->district.crossing;
    if (!rule) return KERB_OK;
    to->is_stated = 1;
    to->max_width_m =
        ki_keys_get(&ki_district_keys, rule, "crossing.max_width_m", &reader->zone).number;
    to->max_lanes =
        (int32_t)ki_keys_get(&ki_district_keys, rule, "crossing.max_lanes", &reader->zone).integer;
    return read_classes(reader, ki_yaml_child(rule, "classes"), to, err);
}
