/* SPDX-License-Identifier: GPL-3.0-or-later
 * city.c - the city file of a batch: small and strict. */
#include "io/city.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/ids.h"
#include "district_keys.h"
#include "district_near.h"
#include "district_yaml.h"

#include <stdio.h>
#include <string.h>

enum { MAX_DISTRICTS = 10000, MAX_ID = 64 };

typedef struct city_reader {
    const char *path;
    ki_city *city;
    ki_ids ids;
    kerb_error *err;
} city_reader;

void ki_city_free(ki_city *city) {
    if (!city) return;
    ki_arena_free(&city->arena);
    ki_free(city);
}

static kerb_status check_keys(city_reader *reader, const ki_yaml *map, const char *const *keys) {
    for (const ki_yaml *child = map->first; child; child = child->next) {
        ki_near near;
        ki_shown shown;
        int known = 0;
        ki_near_begin(&near, child->key);
        for (int at = 0; keys[at] && !known; at++) {
            known = strcmp(keys[at], child->key) == 0;
            ki_near_offer(&near, keys[at]);
        }
        if (!known)
            return ki_fail(reader->err, KERB_BAD_INPUT, "%s, line %d: unknown key '%s'%s",
                           reader->path, child->line, ki_show(&shown, child->key),
                           ki_near_text(&near));
    }
    return KERB_OK;
}

/* A scalar that is not empty, or NULL. */
static const char *scalar(const ki_yaml *map, const char *key) {
    const ki_yaml *node = ki_yaml_child(map, key);
    return node && node->kind == KI_YAML_SCALAR && node->text[0] ? node->text : NULL;
}

/* A path of the file as one that opens from here. NULL stays NULL. */
static kerb_status resolve(city_reader *reader, const char **out, const char *relative) {
    const char *slash = strrchr(reader->path, '/');
    *out = relative;
    if (!relative || relative[0] == '/' || !slash) return KERB_OK;
    size_t length = (size_t)(slash - reader->path) + 1, size = length + strlen(relative) + 1;
    char *path = ki_arena_alloc(&reader->city->arena, size, 1);
    if (!path) return ki_fail_no_memory(reader->err, reader->path);
    snprintf(path, size, "%.*s%s", (int)length, reader->path, relative);
    *out = path;
    return KERB_OK;
}

static int id_is_plain(const char *id) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = strlen(id);
    return length <= MAX_ID && strspn(id, allowed) == length;
}

static kerb_status read_district(city_reader *reader, const ki_yaml *node) {
    static const char *const keys[] = {"id", "file", "tonight", NULL};
    ki_shown shown;
    if (node->kind != KI_YAML_MAP)
        return ki_fail(reader->err, KERB_BAD_INPUT, "%s, line %d: expected keys and values",
                       reader->path, node->line);
    KI_TRY(check_keys(reader, node, keys));
    ki_city_district *district = &reader->city->districts[reader->city->n_districts++];
    district->id = scalar(node, "id");
    if (!district->id || !id_is_plain(district->id))
        return ki_fail(reader->err, KERB_BAD_INPUT,
                       "%s, line %d, key id: %s, expected 1 to %d letters, digits, - or _",
                       reader->path, node->line, ki_show(&shown, district->id), MAX_ID);
    if (strcmp(district->id, "index") == 0)
        return ki_fail(reader->err, KERB_BAD_INPUT,
                       "%s, line %d, key id: 'index' is the name of the night's page", reader->path,
                       node->line);
    if (ki_ids_find(&reader->ids, district->id) != KI_ID_ABSENT)
        return ki_fail(reader->err, KERB_BAD_INPUT, "%s, line %d, key id: '%s' is given twice",
                       reader->path, node->line, district->id);
    if (ki_ids_put(&reader->ids, &reader->city->arena, district->id, 0))
        return ki_fail_no_memory(reader->err, reader->path);
    if (!scalar(node, "file"))
        return ki_fail(reader->err, KERB_BAD_INPUT,
                       "%s, line %d, key file: missing, expected a district file", reader->path,
                       node->line);
    KI_TRY(resolve(reader, &district->path, scalar(node, "file")));
    return resolve(reader, &district->tonight, scalar(node, "tonight"));
}

static kerb_status read_deadline(city_reader *reader, const ki_yaml *node) {
    double minutes;
    ki_shown shown;
    if (!node) return KERB_OK;
    if (node->kind != KI_YAML_SCALAR || !ki_parse_number(node->text, &minutes) ||
        !(minutes > 0 && minutes <= 2880))
        return ki_fail(reader->err, KERB_BAD_INPUT,
                       "%s, line %d, key deadline_min: %s, expected more than 0 and at most 2880",
                       reader->path, node->line, ki_show(&shown, node->text));
    reader->city->deadline_s = minutes * 60;
    return KERB_OK;
}

static kerb_status read_city(city_reader *reader) {
    static const char *const keys[] = {"schema_version", "deadline_min", "districts", NULL};
    const ki_yaml *root;
    ki_city *city = reader->city;
    KI_TRY(ki_yaml_read(&root, reader->path, &city->arena, reader->err));
    if (!root || root->kind != KI_YAML_MAP)
        return ki_fail(reader->err, KERB_BAD_INPUT, "%s: expected keys and values", reader->path);
    KI_TRY(check_keys(reader, root, keys));
    KI_TRY(read_deadline(reader, ki_yaml_child(root, "deadline_min")));
    const ki_yaml *list = ki_yaml_child(root, "districts");
    size_t n = list && list->kind == KI_YAML_LIST ? list->n_children : 0;
    if (n < 1 || n > MAX_DISTRICTS)
        return ki_fail(reader->err, KERB_BAD_INPUT,
                       "%s, key districts: a list of %zu, expected 1 to %d", reader->path, n,
                       MAX_DISTRICTS);
    city->districts = ki_arena_alloc(&city->arena, n, sizeof *city->districts);
    if (!city->districts) return ki_fail_no_memory(reader->err, reader->path);
    for (const ki_yaml *node = list->first; node; node = node->next)
        KI_TRY(read_district(reader, node));
    return KERB_OK;
}

kerb_status ki_city_load(ki_city **out, const char *path, kerb_error *err) {
    *out = NULL;
    city_reader reader = {.path = path, .city = ki_alloc_zero(1, sizeof *reader.city), .err = err};
    if (!reader.city) return ki_fail_no_memory(err, path);
    kerb_status status = read_city(&reader);
    if (status == KERB_OK)
        *out = reader.city;
    else
        ki_city_free(reader.city);
    return status;
}
