/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_load.c - roads from an extract, or from a cache of one. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/osm_read.h"
#include "io/roads_cache.h"

#include <string.h>

static ki_digest digest_of(const ki_corrections *corrections) {
    char hash[65];
    kerb_corrections_hash(corrections->items, corrections->n, hash);
    return corrections->n ? ki_digest_of(hash, sizeof hash) : (ki_digest){{0}};
}

/* The extract is named before and after it is read: roads of a file that changed meanwhile stay
 * without a name, and so out of every cache. */
static kerb_status read_extract(kerb_roads **out, const char *path,
                                const ki_corrections *corrections, kerb_error *err) {
    ki_digest before, after;
    int is_named = ki_file_digest(&before, path, NULL) == KERB_OK;
    KI_TRY(ki_osm_read(out, path, 0, corrections, err));
    (*out)->key.corrections = digest_of(corrections);
    is_named = is_named && ki_file_digest(&after, path, NULL) == KERB_OK;
    if (is_named && ki_digest_same(&before, &after)) (*out)->key.extract = before;
    return KERB_OK;
}

kerb_status kerb_roads_load(kerb_roads **out, const char *path, kerb_error *err) {
    const ki_corrections none = {0};
    ki_error_clear(err);
    *out = NULL;
    if (!path || !*path) return ki_fail(err, KERB_BAD_CALL, "kerb_roads_load: no path given");
    return ki_roads_cache_is(path) ? ki_roads_cache_open(out, path, NULL, err)
                                   : read_extract(out, path, &none, err);
}

/* A cache that lacks the extract it was made from cannot be corrected. */
static kerb_status open_corrected(kerb_roads **out, const char *path,
                                  const ki_corrections *corrections, kerb_error *err) {
    char hash[65];
    KI_TRY(ki_roads_cache_open(out, path, NULL, err));
    kerb_corrections_hash(corrections->items, corrections->n, hash);
    if (strcmp(hash, (*out)->graph->corrections) == 0) return KERB_OK;
    kerb_roads_free(*out);
    *out = NULL;
    return ki_fail(
        err, KERB_BAD_INPUT,
        "%s: made with other corrections, expected a cache made with these, or the extract", path);
}

kerb_status kerb_roads_load_corrected(kerb_roads **out, const char *path,
                                      const kerb_correction *items, size_t n, kerb_error *err) {
    const ki_corrections corrections = {items, n};
    ki_error_clear(err);
    *out = NULL;
    if (!path || !*path)
        return ki_fail(err, KERB_BAD_CALL, "kerb_roads_load_corrected: no path given");
    return ki_roads_cache_is(path) ? open_corrected(out, path, &corrections, err)
                                   : read_extract(out, path, &corrections, err);
}

kerb_status kerb_roads_load_cached_corrected(kerb_roads **out, const char *extract,
                                             const char *path, const kerb_correction *items,
                                             size_t n, kerb_error *err) {
    const ki_corrections corrections = {items, n};
    kerb_error why = {0};
    ki_roads_key key = {.corrections = digest_of(&corrections)};
    ki_error_clear(err);
    *out = NULL;
    if (!extract || !*extract || !path || !*path)
        return ki_fail(err, KERB_BAD_CALL, "kerb_roads_load_cached: no path given");
    KI_TRY(ki_file_digest(&key.extract, extract, err));
    kerb_status status = ki_roads_cache_open(out, path, &key, &why);
    if (status == KERB_OK) return KERB_OK;
    if (status == KERB_NO_MEMORY) return ki_fail_no_memory(err, path);
    KI_TRY(read_extract(out, extract, &corrections, err));
    (*out)->why_not_cached = ki_strdup(why.message);
    if ((*out)->why_not_cached) return KERB_OK;
    kerb_roads_free(*out);
    *out = NULL;
    return ki_fail_no_memory(err, path);
}

kerb_status kerb_roads_load_cached(kerb_roads **out, const char *extract, const char *path,
                                   kerb_error *err) {
    return kerb_roads_load_cached_corrected(out, extract, path, NULL, 0, err);
}

const char *kerb_roads_why_not_cached(const kerb_roads *roads) {
    return roads->why_not_cached;
}

kerb_status kerb_roads_save(const kerb_roads *roads, const char *path, kerb_error *err) {
    ki_error_clear(err);
    if (!roads || !path || !*path)
        return ki_fail(err, KERB_BAD_CALL, "kerb_roads_save: no roads or no path given");
    return ki_roads_cache_write(roads, path, err);
}
