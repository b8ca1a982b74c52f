/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_load.c - roads from an extract, or from a cache of one. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/osm_read.h"
#include "io/roads_cache.h"

/* The extract is named before and after it is read: roads of a file that changed meanwhile stay
 * without a name, and so out of every cache. */
static kerb_status read_extract(kerb_roads **out, const char *path, kerb_error *err) {
    ki_digest before, after;
    int is_named = ki_file_digest(&before, path, NULL) == KERB_OK;
    KI_TRY(ki_osm_read(out, path, 0, err));
    is_named = is_named && ki_file_digest(&after, path, NULL) == KERB_OK;
    if (is_named && ki_digest_same(&before, &after)) (*out)->key.extract = before;
    return KERB_OK;
}

kerb_status kerb_roads_load(kerb_roads **out, const char *path, kerb_error *err) {
    ki_error_clear(err);
    *out = NULL;
    if (!path || !*path) return ki_fail(err, KERB_BAD_CALL, "kerb_roads_load: no path given");
    return ki_roads_cache_is(path) ? ki_roads_cache_open(out, path, NULL, err)
                                   : read_extract(out, path, err);
}

kerb_status kerb_roads_load_cached(kerb_roads **out, const char *extract, const char *path,
                                   kerb_error *err) {
    kerb_error why = {0};
    ki_roads_key key = {0};
    ki_error_clear(err);
    *out = NULL;
    if (!extract || !*extract || !path || !*path)
        return ki_fail(err, KERB_BAD_CALL, "kerb_roads_load_cached: no path given");
    KI_TRY(ki_file_digest(&key.extract, extract, err));
    kerb_status status = ki_roads_cache_open(out, path, &key, &why);
    if (status == KERB_OK) return KERB_OK;
    if (status == KERB_NO_MEMORY) return ki_fail_no_memory(err, path);
    KI_TRY(read_extract(out, extract, err));
    (*out)->why_not_cached = ki_strdup(why.message);
    if ((*out)->why_not_cached) return KERB_OK;
    kerb_roads_free(*out);
    *out = NULL;
    return ki_fail_no_memory(err, path);
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
