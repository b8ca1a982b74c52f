/* SPDX-License-Identifier: GPL-3.0-or-later
 * cache_bytes.h - road caches as bytes that tests change: with checksums as they are, so that
 * damage must be found, or made to fit again, so that what lies behind them is reached. */
#ifndef CACHE_BYTES_H
#define CACHE_BYTES_H
#include "io/roads_cache_form.h"

#include <string.h>

/* Makes version, sizes, engine and checksums fit, as far as there are sections to speak of. */
static inline void cache_mend(unsigned char *bytes, size_t n_bytes) {
    ki_cache_header header;
    if (n_bytes < sizeof header) return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, KI_CACHE_MAGIC, sizeof header.magic);
    header.version = KI_CACHE_VERSION;
    header.byte_order = KI_CACHE_BYTE_ORDER;
    header.engine = ki_cache_engine();
    header.n_bytes = n_bytes;
    memcpy(bytes, &header, sizeof header);
    if (header.n_sections > KI_CACHE_MAX_SECTIONS ||
        ki_cache_head_bytes(header.n_sections) > n_bytes)
        return;
    for (uint64_t index = 0; index < header.n_sections; index++) {
        unsigned char *at = bytes + sizeof header + index * sizeof(ki_cache_section);
        ki_cache_section section;
        memcpy(&section, at, sizeof section);
        if (section.at > n_bytes || section.n_bytes > n_bytes - section.at) continue;
        section.check = ki_digest_of(bytes + section.at, (size_t)section.n_bytes);
        memcpy(at, &section, sizeof section);
    }
    header.check = ki_cache_head_check(bytes);
    memcpy(bytes, &header, sizeof header);
}
#endif
