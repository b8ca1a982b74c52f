/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_roads_cache.c - any bytes as a road cache. Checksums, sizes and the names of hierarchies are
 * made to fit first, or nothing behind them would ever be reached. What opens is used: drawn, seen
 * by a vehicle, driven through by the hierarchy that the file holds. */
#define _GNU_SOURCE /* memfd_create */
#include "../io/cache_bytes.h"
#include "base/alloc.h"
#include "base/error.h"
#include "io/roads_cache.h"
#include "road/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_ENDS = 12 };

static const ki_profile_spec TRUCK = {.kind = KI_KIND_TRUCK, .height_mm = 3500};

static kerb_status open_bytes(kerb_roads **roads, const unsigned char *bytes, size_t n_bytes) {
    char path[64];
    kerb_error err = {0};
    int fd = memfd_create("cache", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, n_bytes) != (ssize_t)n_bytes) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    kerb_status status = ki_roads_cache_open(roads, path, NULL, &err);
    close(fd);
    if (status == KERB_OK ? !*roads : *roads || status != KERB_BAD_INPUT || !strlen(err.message))
        abort();
    return status;
}

static void find_paths(const ki_profile *profile) {
    int32_t n = profile->graph->n_arcs < MOST_ENDS ? profile->graph->n_arcs : MOST_ENDS;
    ki_arena arena = {0};
    for (int32_t from = 0; from < n; from++)
        for (int32_t to = 0; to < n; to++) {
            ki_path path;
            ki_place start = {from, 0}, end = {to, 0};
            kerb_status status = ki_path_find(profile, start, end, &arena, &path, NULL);
            if (status != KERB_OK && status != KERB_BAD_INPUT) abort();
        }
    ki_arena_free(&arena);
}

/* Names the hierarchies after the profile that will ask for them; 0: the roads are no use. */
static int name_hierarchies(unsigned char *bytes, const kerb_roads *roads) {
    ki_profile *profile;
    ki_cache_header header;
    if (ki_profile_build(&profile, roads->graph, &TRUCK, NULL, NULL) != KERB_OK) return 0;
    ki_digest key = ki_hierarchy_key(profile);
    ki_profile_free(profile);
    memcpy(&header, bytes, sizeof header);
    for (uint64_t index = 1; index < header.n_sections; index++)
        memcpy(bytes + sizeof header + index * sizeof(ki_cache_section) +
                   offsetof(ki_cache_section, key),
               &key, sizeof key);
    return 1;
}

static void use(const kerb_roads *roads) {
    char *text;
    ki_profile *profile;
    const ki_hierarchy *hierarchy;
    if (kerb_roads_geojson(roads, &text, NULL) == KERB_OK) kerb_buffer_free(text);
    if (ki_profile_build(&profile, roads->graph, &TRUCK, NULL, NULL) != KERB_OK) return;
    if (ki_profile_hierarchy(&hierarchy, profile, NULL) == KERB_OK) find_paths(profile);
    ki_profile_free(profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    kerb_roads *roads;
    unsigned char *mended = malloc(n_bytes ? n_bytes : 1);
    if (!mended) abort();
    memcpy(mended, bytes, n_bytes);
    if (open_bytes(&roads, mended, n_bytes) == KERB_OK) kerb_roads_free(roads);
    cache_mend(mended, n_bytes);
    if (open_bytes(&roads, mended, n_bytes) == KERB_OK) {
        int fits = name_hierarchies(mended, roads);
        kerb_roads_free(roads);
        cache_mend(mended, n_bytes);
        if (fits && open_bytes(&roads, mended, n_bytes) == KERB_OK) {
            use(roads);
            kerb_roads_free(roads);
        }
    }
    free(mended);
    return 0;
}
