/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_json_value.c - a value inside a JSON object.
 *
 * A path names keys from outside inwards: uplink_message.decoded_payload.level. A key may itself
 * hold dots (NGSI-LD's expanded names are addresses), so the longest rest is tried first; a number
 * is a place in a list, from 0. An object that wraps its value - {"type": "Property", "value":
 * 0.4},
 * {"@value": "..."} - stands for that value, so that the normalised and the plain form of NGSI-LD
 * read the same. History comes as a list of such objects, or as {"values": [[0.4, "instant"]]}
 * (ETSI GS CIM 009, temporal representation). */
#include "tables_json.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_PATH = 512, MAX_DEPTH = 32 };

/* ---- paths ----------------------------------------------------------------------------------- */

static json_object *child_of(json_object *node, const char *key, size_t n_key) {
    char name[MAX_PATH];
    json_object *child = NULL;
    if (n_key == 0 || n_key >= sizeof name) return NULL;
    memcpy(name, key, n_key);
    name[n_key] = '\0';
    if (json_object_is_type(node, json_type_object)) {
        json_object_object_get_ex(node, name, &child);
    } else if (json_object_is_type(node, json_type_array) && n_key <= 6 &&
               strspn(name, "0123456789") == n_key) {
        size_t at = 0;
        for (size_t digit = 0; digit < n_key; digit++)
            at = at * 10 + (size_t)(name[digit] - '0');
        if (at < json_object_array_length(node)) child = json_object_array_get_idx(node, at);
    }
    return child;
}

static json_object *find(json_object *node, const char *path, int depth) {
    json_object *child = child_of(node, path, strlen(path));
    if (child || depth == MAX_DEPTH) return child;
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        child = child_of(node, path, (size_t)(dot - path));
        json_object *found = child ? find(child, dot + 1, depth + 1) : NULL;
        if (found) return found;
    }
    return NULL;
}

static json_object *wrapped(json_object *node) {
    json_object *inner;
    if (json_object_object_get_ex(node, "value", &inner)) return inner;
    if (json_object_object_get_ex(node, "@value", &inner)) return inner;
    return NULL;
}

static json_object *unwrapped(json_object *node) {
    for (int depth = 0; json_object_is_type(node, json_type_object) && depth < 3; depth++)
        node = wrapped(node);
    return node;
}

static const char *text_of(json_object *node) {
    node = unwrapped(node);
    if (json_object_is_type(node, json_type_string)) {
        const char *text = json_object_get_string(node);
        return strlen(text) == (size_t)json_object_get_string_len(node) ? text : "\001";
    }
    if (json_object_is_type(node, json_type_int) &&
        (json_object_get_uint64(node) == UINT64_MAX || json_object_get_int64(node) == INT64_MIN))
        return "\001"; /* json-c's word for a whole number that is too large */
    if (!node || json_object_is_type(node, json_type_object) ||
        json_object_is_type(node, json_type_array))
        return "";
    return json_object_get_string(node); /* a number as it was written */
}

const char *ki_json_value(json_object *entry, const char *path) {
    return text_of(find(entry, path, 0));
}

/* ---- every path ------------------------------------------------------------------------------ */

static int each_path(json_object *node, char path[MAX_PATH], size_t used, int depth,
                     ki_json_path_taker take, void *own) {
    json_object_object_foreach(node, key, child) {
        int wrote = snprintf(path + used, MAX_PATH - used, "%s%s", used ? "." : "", key);
        if (wrote <= 0 || (size_t)wrote >= MAX_PATH - used) continue;
        int inside = json_object_is_type(child, json_type_object) && !wrapped(child);
        int stop = inside && depth < MAX_DEPTH
                       ? each_path(child, path, used + (size_t)wrote, depth + 1, take, own)
                       : take(own, path);
        if (stop) return 1;
    }
    return 0;
}

void ki_json_each_path(json_object *entry, ki_json_path_taker take, void *own) {
    char path[MAX_PATH] = "";
    each_path(entry, path, 0, 0, take, own);
}

/* ---- FIWARE ---------------------------------------------------------------------------------- */

static const char TYPE[] = "WasteContainer";

static const struct {
    const char *column;
    const char *attributes[6]; /* of several the first that is there */
} NGSI[] = {[KI_NGSI_NONE] = {"", {NULL}},
            [KI_NGSI_ID] = {"container_id", {"id", "@id"}},
            [KI_NGSI_FILL] = {"fill_ratio", {"fillingLevel"}},
            [KI_NGSI_MASS] = {"mass_kg", {"cargoWeight"}},
            [KI_NGSI_MEASURED] = {"measured",
                                  {"observedAt", "dateObserved", "TimeInstant", "dateModified",
                                   "modifiedAt"}},
            [KI_NGSI_ALARM] = {"alarm", {"status"}}};

ki_ngsi ki_ngsi_of(const char *column) {
    for (size_t what = 1; what < sizeof NGSI / sizeof *NGSI; what++)
        if (strcmp(NGSI[what].column, column) == 0) return (ki_ngsi)what;
    return KI_NGSI_NONE;
}

const char *ki_ngsi_attribute(ki_ngsi what, size_t nth) {
    return nth < 6 ? NGSI[what].attributes[nth] : NULL;
}

static int names_type(json_object *type) {
    const char *text = text_of(type);
    size_t n_text = strlen(text), n_type = sizeof TYPE - 1;
    if (n_text < n_type || strcmp(text + n_text - n_type, TYPE) != 0) return 0;
    return n_text == n_type || strchr("/#:", text[n_text - n_type - 1]) != NULL;
}

int ki_ngsi_is_container(json_object *entity) {
    json_object *type = child_of(entity, "type", 4);
    if (!type) type = child_of(entity, "@type", 5);
    if (!json_object_is_type(type, json_type_array)) return type && names_type(type);
    for (size_t at = 0; at < json_object_array_length(type); at++)
        if (names_type(json_object_array_get_idx(type, at))) return 1;
    return 0;
}

/* The list of an attribute's values over time; NULL if it has only one. */
static json_object *history_of(json_object *attribute) {
    json_object *values = NULL;
    if (json_object_is_type(attribute, json_type_array)) return attribute;
    if (json_object_is_type(attribute, json_type_object))
        json_object_object_get_ex(attribute, "values", &values);
    return json_object_is_type(values, json_type_array) ? values : NULL;
}

static json_object *attribute_of(json_object *entity, const char *name) {
    return child_of(entity, name, strlen(name));
}

size_t ki_ngsi_n_instants(json_object *entity) {
    json_object *history = history_of(attribute_of(entity, NGSI[KI_NGSI_FILL].attributes[0]));
    size_t n = history ? json_object_array_length(history) : 1;
    return n ? n : 1;
}

/* The attribute at an instant: of a list that has as many, the one; of any other list, its last
 * word holds at the last instant, so that an alarm is never lost. */
static json_object *at_instant(json_object *attribute, size_t instant, size_t n_instants) {
    json_object *history = history_of(attribute);
    if (!history) return attribute;
    size_t n = json_object_array_length(history);
    if (n == n_instants) return json_object_array_get_idx(history, instant);
    return n && instant + 1 == n_instants ? json_object_array_get_idx(history, n - 1) : NULL;
}

/* [0.4, "2026-11-02T18:00:00Z"] or an object with its value and observedAt. */
static const char *value_part(json_object *one) {
    if (json_object_is_type(one, json_type_array))
        return json_object_array_length(one) ? text_of(json_object_array_get_idx(one, 0)) : "";
    return text_of(one);
}

static const char *instant_part(json_object *one) {
    json_object *when = NULL;
    if (json_object_is_type(one, json_type_array))
        return json_object_array_length(one) > 1 ? text_of(json_object_array_get_idx(one, 1)) : "";
    if (json_object_is_type(one, json_type_object))
        json_object_object_get_ex(one, NGSI[KI_NGSI_MEASURED].attributes[0], &when);
    return text_of(when);
}

static const char *measured_at(json_object *entity, size_t instant, size_t n_instants) {
    static const ki_ngsi CARRIERS[] = {KI_NGSI_FILL, KI_NGSI_MASS, KI_NGSI_ALARM};
    for (size_t carrier = 0; carrier < sizeof CARRIERS / sizeof *CARRIERS; carrier++) {
        json_object *attribute = attribute_of(entity, NGSI[CARRIERS[carrier]].attributes[0]);
        const char *text = instant_part(at_instant(attribute, instant, n_instants));
        if (text[0]) return text;
    }
    for (size_t nth = 0; ki_ngsi_attribute(KI_NGSI_MEASURED, nth); nth++) {
        const char *text = text_of(attribute_of(entity, ki_ngsi_attribute(KI_NGSI_MEASURED, nth)));
        if (text[0]) return text;
    }
    return "";
}

static const char *short_id(const char *id) {
    static const char PREFIX[] = "urn:ngsi-ld:WasteContainer:";
    size_t n = sizeof PREFIX - 1;
    return strncasecmp(id, PREFIX, n) == 0 && id[n] ? id + n : id;
}

const char *ki_ngsi_value(json_object *entity, ki_ngsi what, size_t instant, size_t n_instants) {
    if (what == KI_NGSI_MEASURED) return measured_at(entity, instant, n_instants);
    for (size_t nth = 0; ki_ngsi_attribute(what, nth); nth++) {
        json_object *attribute = attribute_of(entity, ki_ngsi_attribute(what, nth));
        const char *text = value_part(at_instant(attribute, instant, n_instants));
        if (text[0]) return what == KI_NGSI_ID ? short_id(text) : text;
    }
    return "";
}
