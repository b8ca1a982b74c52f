/* SPDX-License-Identifier: GPL-3.0-or-later
 * city.c - the city file of a batch: YAML through libfyaml, small and strict. */
#include "io/city.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "district_near.h"

#include <libfyaml.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CITY_BYTES = 1 << 20, MAX_DISTRICTS = 10000, MAX_ID = 64 };

void ki_city_free(ki_city *city) {
    if (!city) return;
    for (size_t at = 0; at < city->n_districts; at++) {
        ki_free(city->districts[at].id);
        ki_free(city->districts[at].path);
        ki_free(city->districts[at].tonight);
    }
    ki_free(city->districts);
    ki_free(city);
}

/* A scalar of a mapping as ki_alloc'd text; NULL where absent or no scalar. */
static char *scalar(struct fy_node *mapping, const char *key) {
    struct fy_node *node = fy_node_mapping_lookup_by_string(mapping, key, FY_NT);
    size_t length = 0;
    const char *text = node ? fy_node_get_scalar(node, &length) : NULL;
    if (!text || memchr(text, '\0', length)) return NULL;
    char *copy = ki_alloc(length + 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static char *resolve(const char *city_path, char *relative) {
    const char *slash = strrchr(city_path, '/');
    if (!relative || relative[0] == '/' || !slash) return relative;
    size_t size = (size_t)(slash - city_path) + strlen(relative) + 2;
    char *path = ki_alloc(size);
    if (path) snprintf(path, size, "%.*s/%s", (int)(slash - city_path), city_path, relative);
    ki_free(relative);
    return path;
}

static int id_is_plain(const char *id) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = strlen(id);
    return length > 0 && length <= MAX_ID && strspn(id, allowed) == length;
}

static kerb_status check_keys(struct fy_node *mapping, const char *const *keys, const char *path,
                              const char *where, kerb_error *err) {
    void *iterator = NULL;
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(mapping, &iterator))) {
        size_t length = 0;
        const char *key = fy_node_get_scalar(fy_node_pair_key(pair), &length);
        int known = 0;
        for (int at = 0; keys[at] && key; at++)
            known |= strlen(keys[at]) == length && memcmp(keys[at], key, length) == 0;
        if (known) continue;
        char got[48] = "?";
        if (key) snprintf(got, sizeof got, "%.*s", length < 40 ? (int)length : 40, key);
        ki_near near;
        ki_near_begin(&near, got);
        for (int at = 0; keys[at]; at++)
            ki_near_offer(&near, keys[at]);
        return ki_fail(err, KERB_BAD_INPUT, "%s, %s: unknown key '%s'%s", path, where, got,
                       ki_near_text(&near));
    }
    return KERB_OK;
}

static kerb_status check_id(const ki_city *city, const ki_city_district *district, const char *path,
                            kerb_error *err) {
    size_t number = city->n_districts;
    if (!district->id || !id_is_plain(district->id))
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, districts[%zu], field id: %.80s, expected 1 to %d letters, digits, - "
                       "or _",
                       path, number, district->id ? district->id : "absent", MAX_ID);
    for (size_t before = 0; before + 1 < number; before++)
        if (strcmp(city->districts[before].id, district->id) == 0)
            return ki_fail(err, KERB_BAD_INPUT, "%s, districts[%zu], field id: %s, named twice",
                           path, number, district->id);
    if (!district->path)
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s, districts[%zu], field file: absent, expected a district file", path,
                       number);
    return KERB_OK;
}

static kerb_status read_district(ki_city *city, struct fy_node *node, const char *path,
                                 kerb_error *err) {
    static const char *const keys[] = {"id", "file", "tonight", NULL};
    if (!fy_node_is_mapping(node))
        return ki_fail(err, KERB_BAD_INPUT, "%s, districts: an entry is no mapping", path);
    KI_TRY(check_keys(node, keys, path, "districts", err));
    ki_city_district *district = &city->districts[city->n_districts++];
    district->id = scalar(node, "id");
    district->path = resolve(path, scalar(node, "file"));
    district->tonight = resolve(path, scalar(node, "tonight"));
    return check_id(city, district, path, err);
}

static kerb_status read_deadline(ki_city *city, struct fy_node *root, const char *path,
                                 kerb_error *err) {
    char *text = scalar(root, "deadline_min");
    if (!text) return KERB_OK;
    char *rest;
    double minutes = strtod(text, &rest);
    int bad = rest == text || *rest || !(minutes > 0 && minutes <= 2880);
    kerb_status status = KERB_OK;
    if (bad)
        status = ki_fail(err, KERB_BAD_INPUT,
                         "%s, field deadline_min: %.40s, expected more than 0 and at most 2880",
                         path, text);
    else
        city->deadline_s = minutes * 60;
    ki_free(text);
    return status;
}

static kerb_status read_city(ki_city *city, struct fy_node *root, const char *path,
                             kerb_error *err) {
    static const char *const keys[] = {"schema_version", "deadline_min", "districts", NULL};
    if (!root || !fy_node_is_mapping(root))
        return ki_fail(err, KERB_BAD_INPUT, "%s: no mapping at the top, expected a city file",
                       path);
    KI_TRY(check_keys(root, keys, path, "top level", err));
    KI_TRY(read_deadline(city, root, path, err));
    struct fy_node *list = fy_node_mapping_lookup_by_string(root, "districts", FY_NT);
    int count = list && fy_node_is_sequence(list) ? fy_node_sequence_item_count(list) : 0;
    if (count < 1 || count > MAX_DISTRICTS)
        return ki_fail(err, KERB_BAD_INPUT, "%s, field districts: %d entries, expected 1 to %d",
                       path, count, MAX_DISTRICTS);
    city->districts = ki_alloc_zero((size_t)count, sizeof *city->districts);
    if (!city->districts) return ki_fail_no_memory(err, path);
    void *iterator = NULL;
    struct fy_node *node;
    while ((node = fy_node_sequence_iterate(list, &iterator)))
        KI_TRY(read_district(city, node, path, err));
    return KERB_OK;
}

kerb_status ki_city_load(ki_city **out, const char *path, kerb_error *err) {
    *out = NULL;
    char *bytes;
    size_t n_bytes;
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, MAX_CITY_BYTES, err));
    struct fy_parse_cfg quiet = {.flags = FYPCF_QUIET};
    struct fy_document *document = fy_document_build_from_string(&quiet, bytes, n_bytes);
    ki_city *city = ki_alloc_zero(1, sizeof *city);
    kerb_status status;
    if (!city)
        status = ki_fail_no_memory(err, path);
    else if (!document)
        status = ki_fail(err, KERB_BAD_INPUT, "%s: not YAML", path);
    else
        status = read_city(city, fy_document_root(document), path, err);
    if (document) fy_document_destroy(document);
    ki_free(bytes);
    if (status == KERB_OK)
        *out = city;
    else
        ki_city_free(city);
    return status;
}
