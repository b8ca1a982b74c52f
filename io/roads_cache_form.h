/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads_cache_form.h - the form of a road cache on disk:
 *
 *   | header | table of sections | 0.. | numbers | array | array | ... | numbers | array | ...
 *                                      └────── the base graph ───────┘ └─ of a profile ─ ...
 *
 * A section is one structure as its layout (road/layout.h) lists it. The file is used where it lies
 * in memory, so it is in the byte order and with the sizes of the machine that made it; both are in
 * the header, and one made elsewhere is made again. All of it begins at multiples of KI_CACHE_ALIGN
 * bytes, which suits every element; gaps are zero. */
#ifndef KI_ROADS_CACHE_FORM_H
#define KI_ROADS_CACHE_FORM_H
#include "base/digest.h"
#include "road/layout.h"

#define KI_CACHE_MAGIC "KERBROAD" /* 8 bytes, no NUL */
#define KI_CACHE_BYTE_ORDER UINT32_C(0x01020304)
enum { KI_CACHE_VERSION = 1, KI_CACHE_ALIGN = 128, KI_CACHE_MAX_SECTIONS = 1 + 2 * 16 };

typedef enum ki_cache_kind { KI_CACHE_GRAPH = 1 } ki_cache_kind;

typedef struct ki_cache_header {
    char magic[8];
    uint32_t version, byte_order;
    ki_digest engine; /* the sources that made it, and the sizes of what it holds */
    ki_roads_key key;
    uint64_t n_bytes; /* of the file */
    uint64_t n_sections;
    uint64_t n_skipped_ways, n_bad_nodes, n_bad_restrictions, n_closed_ways;
    char graph_hash[72];  /* 64 hex digits and zeros */
    char corrections[72]; /* the same, or all zeros */
    ki_digest check;      /* of what stands before it, and behind it up to the first section */
} ki_cache_header;

typedef struct ki_cache_section {
    uint32_t kind, unused; /* ki_cache_kind */
    ki_digest key;         /* of what it was made from; zero for the base graph */
    uint64_t at, n_bytes;
    ki_digest check; /* of its bytes */
} ki_cache_section;

static inline uint64_t ki_cache_padded(uint64_t n_bytes) {
    return (n_bytes + KI_CACHE_ALIGN - 1) / KI_CACHE_ALIGN * KI_CACHE_ALIGN;
}
/* What the running engine writes and expects. */
ki_digest ki_cache_engine(void);
/* Where the first section begins. */
static inline uint64_t ki_cache_head_bytes(uint64_t n_sections) {
    return ki_cache_padded(sizeof(ki_cache_header) + n_sections * sizeof(ki_cache_section));
}
/* The checksum of a head whose n_sections (at most KI_CACHE_MAX_SECTIONS) are known to lie there.
 */
ki_digest ki_cache_head_check(const void *head);
#endif
