/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_read.h - an OpenStreetMap extract into the base graph, as a transaction: libosmium throws on
 * truncation after most data was delivered, so nothing is kept of a failed read. */
#ifndef KI_OSM_READ_H
#define KI_OSM_READ_H
#ifdef __cplusplus
extern "C" {
#endif
#include "road/graph.h"

enum { KI_OSM_MAX_DECOMPRESSED_MB = 4096 };
typedef struct ki_corrections {
    const kerb_correction *items;
    size_t n;
} ki_corrections;
/* max_decompressed_mb 0: the default. corrections NULL: none. */
kerb_status ki_osm_read(kerb_roads **out, const char *path, uint64_t max_decompressed_mb,
                        const ki_corrections *corrections, kerb_error *err);

/* The same reading into any receiver; ki_osm_read's is the graph builder. Calls come in the order
 * of the file: tagged nodes, then ways (cut where a node is missing), then restrictions. A status
 * other than KERB_OK ends the reading and is returned; what was delivered is then void. */
typedef struct ki_osm_sink {
    void *payload;
    kerb_status (*tag_node)(void *payload, int64_t osm_id, const ki_node_tags *tags,
                            kerb_error *err);
    kerb_status (*add_way)(void *payload, int64_t osm_id, const char *name, const ki_way_tags *tags,
                           const int64_t *refs, const int32_t *lat_e7, const int32_t *lon_e7,
                           size_t n_refs, kerb_error *err);
    kerb_status (*add_restriction)(void *payload, const ki_osm_restriction *restriction,
                                   kerb_error *err);
} ki_osm_sink;

typedef struct ki_osm_counts {
    size_t n_ways;                     /* in the extract, of any sort */
    size_t n_roads;                    /* delivered, whole or in pieces */
    size_t n_skipped_ways;             /* highways that are no road for us, and repeated ids */
    size_t n_closed_ways;              /* roads shut to every kind */
    size_t n_missing_refs;             /* nodes that roads name and the extract lacks */
    size_t n_restrictions;             /* delivered */
    size_t n_bad_restrictions;         /* lack a from, via or to */
    size_t n_conditional_restrictions; /* hold at certain times only: not handled yet */
} ki_osm_counts;
kerb_status ki_osm_extract(const ki_osm_sink *sink, ki_osm_counts *counts, const char *path,
                           uint64_t max_decompressed_mb, kerb_error *err);

/* Places where waste arises, for the district generator. */
typedef enum ki_osm_spot_kind {
    KI_OSM_SPOT_HOME = 1, /* residential building or an address */
    KI_OSM_SPOT_SHOP,     /* shop, restaurant, market */
    KI_OSM_SPOT_WASTE     /* mapped container or recycling place */
} ki_osm_spot_kind;
typedef struct ki_osm_spot {
    double lat_deg, lon_deg;
    int kind; /* ki_osm_spot_kind */
} ki_osm_spot;

/* *out is ki_free'd by the caller; NULL with *n_out 0 where there are none. In the order of the
 * file, nodes before ways; a way stands at its first node. */
kerb_status ki_osm_read_spots(ki_osm_spot **out, size_t *n_out, const char *path, kerb_error *err);
#ifdef __cplusplus
}
#endif
#endif
