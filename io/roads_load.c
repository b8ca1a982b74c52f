/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_load.c - roads from an extract, or from a cache of one. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "io/osm_read.h"
#include "io/roads_cache.h"
#include "model/draft.h"
#include "model/model.h"
#include "road/hierarchy.h"

#include <stdio.h>
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

/* Notes why the cache was of no use. */
static kerb_status read_uncached(kerb_roads **out, const char *extract, const kerb_error *why,
                                 const ki_corrections *corrections, kerb_error *err) {
    KI_TRY(read_extract(out, extract, corrections, err));
    (*out)->why_not_cached = ki_strdup(why->message);
    return (*out)->why_not_cached ? KERB_OK : ki_fail_no_memory(err, extract);
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
    if (status == KERB_NO_MEMORY) return ki_fail_no_memory(err, path);
    if (status != KERB_OK) status = read_uncached(out, extract, &why, &corrections, err);
    if (status == KERB_OK && !((*out)->cache_path = ki_strdup(path)))
        status = ki_fail_no_memory(err, path);
    if (status == KERB_OK) return KERB_OK;
    kerb_roads_free(*out);
    *out = NULL;
    return status;
}

kerb_status kerb_roads_load_cached(kerb_roads **out, const char *extract, const char *path,
                                   kerb_error *err) {
    return kerb_roads_load_cached_corrected(out, extract, path, NULL, 0, err);
}

static size_t count_built(const kerb_model *model) {
    size_t n_built = 0;
    for (int32_t travel = 0; travel < model->sealed->n_travels; travel++) {
        const ki_profile *profile = model->sealed->travels[travel].profile;
        const ki_hierarchy *known = profile ? ki_profile_known_hierarchy(profile) : NULL;
        n_built += known && !known->is_stored;
    }
    return n_built;
}

size_t kerb_roads_why_not_cached(const kerb_roads *roads, const kerb_model *model, char *text,
                                 size_t n_bytes) {
    int length = 0;
    const char *damage = ki_roads_cache_damage(roads);
    if (n_bytes > 0) *text = '\0';
    if (!roads->cache_path) return 0;
    size_t n_built = model && model->sealed && model->roads == roads ? count_built(model) : 0;
    if (roads->why_not_cached)
        length = snprintf(text, n_bytes, "%s", roads->why_not_cached);
    else if (damage)
        length = snprintf(text, n_bytes, "%s: %s", roads->cache_path, damage);
    else if (n_built > 0)
        length = snprintf(text, n_bytes, "%s: lacks %zu of the hierarchies that tonight needs",
                          roads->cache_path, n_built);
    return length > 0 ? (size_t)length : 0;
}

kerb_status kerb_roads_save(const kerb_roads *roads, const kerb_model *model, const char *path,
                            kerb_error *err) {
    ki_error_clear(err);
    if (roads && !path) path = roads->cache_path;
    if (!roads || !path || !*path || (model && (!model->sealed || model->roads != roads)))
        return ki_fail(err, KERB_BAD_CALL,
                       "kerb_roads_save: needs roads, a path, and no model but a sealed one of "
                       "these roads");
    size_t n_profiles = model ? (size_t)model->sealed->n_travels : 0;
    const ki_profile **profiles = ki_alloc_zero(n_profiles, sizeof *profiles);
    if (!profiles) return ki_fail_no_memory(err, path);
    for (size_t index = 0; index < n_profiles; index++)
        profiles[index] = model->sealed->travels[index].profile;
    kerb_status status = ki_roads_cache_write(roads, profiles, n_profiles, path, err);
    ki_free(profiles);
    return status;
}
