/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_events.c - events as people write them:
 *
 *   as_of: 23:10
 *   events:
 *     - {what: done, id: C001, vehicle: V2, end: 22:51, mass_kg: 240}
 *     - {what: vehicle_down, vehicle: V1, reason: clutch}
 *     - {what: street_closed, way: 4242, from_node: 1, to_node: 2}
 *     - {what: move, id: S012, vehicle: V3} */
#include "io/district_events.h"

#include "base/error.h"
#include "io/district_keys.h"
#include "io/district_time.h"
#include "io/district_yaml.h"
#include "io/messages_events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    kerb_events *events;
    const char *name;
    int64_t night_start_s;
    int32_t utc_offset_s;
    kerb_error *err;
} reader;

static kerb_status fault(const reader *at, const ki_yaml *node, const char *expected) {
    return ki_fail(at->err, KERB_BAD_INPUT, "%s, line %d, key %s: %.100s, expected %s", at->name,
                   node->line, node->key ? node->key : "events[]",
                   node->kind == KI_YAML_SCALAR ? node->text : "a list or map", expected);
}

int ki_read_instant(const char *text, int64_t *instant_s) {
    int has_zone;
    return ki_parse_instant(text, NULL, instant_s, &has_zone) && has_zone;
}

/* The first time of that name at or after the start of the night. */
static int64_t clock_instant(const reader *at, int32_t minute) {
    int64_t local_s = at->night_start_s + at->utc_offset_s, day_s = local_s - local_s % 86400;
    int64_t found_s = day_s + minute * 60 - at->utc_offset_s;
    return found_s < at->night_start_s ? found_s + 86400 : found_s;
}

static kerb_status read_time(const reader *at, const ki_yaml *node, int64_t *out) {
    int32_t minute;
    if (node->kind == KI_YAML_SCALAR && ki_parse_clock(node->text, &minute)) {
        *out = clock_instant(at, minute);
        return KERB_OK;
    }
    if (node->kind == KI_YAML_SCALAR && ki_read_instant(node->text, out)) return KERB_OK;
    return fault(at, node, "HH:MM or an instant with zone, as 2026-11-02T23:10:00+01:00");
}

static kerb_status read_whole(const reader *at, const ki_yaml *node, int64_t *out) {
    char *rest;
    errno = 0;
    if (node->kind == KI_YAML_SCALAR && *node->text) {
        long long value = strtoll(node->text, &rest, 10);
        if (!*rest && !errno && value >= 0) {
            *out = value;
            return KERB_OK;
        }
    }
    return fault(at, node, "a whole number");
}

static kerb_status read_mass(const reader *at, const ki_yaml *node, double *out) {
    if (node->kind == KI_YAML_SCALAR && ki_parse_number(node->text, out) && *out >= 0)
        return KERB_OK;
    return fault(at, node, "kilograms");
}

static kerb_status read_key(const reader *at, const ki_yaml *node, kerb_event *event) {
    const char *key = node->key ? node->key : "";
    int64_t pass;
    if (strcmp(key, "start") == 0) return read_time(at, node, &event->start_s);
    if (strcmp(key, "end") == 0) return read_time(at, node, &event->end_s);
    if (strcmp(key, "mass_kg") == 0) return read_mass(at, node, &event->mass_kg);
    if (strcmp(key, "way") == 0) return read_whole(at, node, &event->way_id);
    if (strcmp(key, "from_node") == 0) return read_whole(at, node, &event->from_node);
    if (strcmp(key, "to_node") == 0) return read_whole(at, node, &event->to_node);
    if (strcmp(key, "pass") == 0) {
        KI_TRY(read_whole(at, node, &pass));
        event->pass = pass < 1000 ? (int32_t)pass : 1000;
        return KERB_OK;
    }
    if (node->kind != KI_YAML_SCALAR) return fault(at, node, "a text");
    if (strcmp(key, "what") == 0) {
        event->kind = ki_event_kind(node->text);
        return event->kind ? KERB_OK : fault(at, node, "done, vehicle_down, move, ...");
    }
    if (strcmp(key, "id") == 0)
        event->id = node->text;
    else if (strcmp(key, "vehicle") == 0)
        event->vehicle = node->text;
    else if (strcmp(key, "reason") == 0)
        event->reason = node->text;
    else
        return ki_fail(
            at->err, KERB_BAD_INPUT,
            "%s, line %d, key %.60s: not known, expected what, id, vehicle, pass, start, "
            "end, mass_kg, way, from_node, to_node or reason",
            at->name, node->line, key);
    return KERB_OK;
}

static kerb_status read_event(const reader *at, const ki_yaml *node) {
    kerb_event event = {0};
    if (node->kind != KI_YAML_MAP) return fault(at, node, "a map: {what: ..., id: ...}");
    for (const ki_yaml *child = node->first; child; child = child->next)
        KI_TRY(read_key(at, child, &event));
    if (!event.kind)
        return ki_fail(at->err, KERB_BAD_INPUT,
                       "%s, line %d, key what: none, expected a kind of event", at->name,
                       node->line);
    return ki_events_add(at->events, &event, KERB_NO_TIME, at->err);
}

static kerb_status read_root(const reader *at, const ki_yaml *root) {
    if (root->kind != KI_YAML_MAP) return fault(at, root, "a map with as_of and events");
    for (const ki_yaml *child = root->first; child; child = child->next) {
        if (strcmp(child->key, "as_of") == 0) {
            KI_TRY(read_time(at, child, &at->events->as_of_s));
        } else if (strcmp(child->key, "events") == 0) {
            int is_nothing = child->kind == KI_YAML_SCALAR && !child->text[0];
            if (child->kind != KI_YAML_LIST && !is_nothing)
                return fault(at, child, "a list of events");
            for (const ki_yaml *node = child->first; node; node = node->next)
                KI_TRY(read_event(at, node));
        } else {
            return fault(at, child, "as_of or events");
        }
    }
    return KERB_OK;
}

static kerb_status read_tree(kerb_events **out, const ki_yaml *root, const char *name,
                             int64_t night_start_s, int32_t utc_offset_s, kerb_error *err) {
    kerb_events *events = ki_events_new(err);
    if (!events) return KERB_NO_MEMORY;
    reader at = {events, name, night_start_s, utc_offset_s, err};
    kerb_status status = read_root(&at, root);
    if (status == KERB_OK)
        *out = events;
    else
        kerb_events_free(events);
    return status;
}

kerb_status ki_events_parse_yaml(kerb_events **out, const char *bytes, size_t n_bytes,
                                 const char *name, int64_t night_start_s, int32_t utc_offset_s,
                                 kerb_error *err) {
    ki_arena arena = {0};
    const ki_yaml *root;
    *out = NULL;
    kerb_status status = ki_yaml_parse(&root, bytes, n_bytes, name, &arena, err);
    if (status == KERB_OK) status = read_tree(out, root, name, night_start_s, utc_offset_s, err);
    ki_arena_free(&arena);
    return status;
}

kerb_status ki_events_read_yaml(kerb_events **out, const char *path, int64_t night_start_s,
                                int32_t utc_offset_s, kerb_error *err) {
    ki_arena arena = {0};
    const ki_yaml *root;
    *out = NULL;
    kerb_status status = ki_yaml_read(&root, path, &arena, err);
    if (status == KERB_OK) status = read_tree(out, root, path, night_start_s, utc_offset_s, err);
    ki_arena_free(&arena);
    return status;
}
