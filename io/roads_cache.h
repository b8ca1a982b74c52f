/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_cache.h - roads on disk, ready for use. */
#ifndef KI_ROADS_CACHE_H
#define KI_ROADS_CACHE_H
#include "road/profile.h"

/* Whether a file begins as a cache does; 0 also if it cannot be read. */
int ki_roads_cache_is(const char *path);
/* Maps a cache and checks what it needs at once: the header and the base graph. key NULL: whatever
 * it was made from. Fails with KERB_BAD_INPUT where the file is absent, stale (of another extract,
 * other corrections, another engine) or damaged, and says which; nothing a file holds does harm. */
kerb_status ki_roads_cache_open(kerb_roads **out, const char *path, const ki_roads_key *key,
                                kerb_error *err);
/* Writes the base graph. Whole or not at all, so readers and other writers may be at work: the last
 * one stays. Fails with KERB_BAD_CALL where the roads know no extract they came from. */
kerb_status ki_roads_cache_write(const kerb_roads *roads, const char *path, kerb_error *err);
#endif
