/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_read.h - an OpenStreetMap extract into the base graph, as a transaction: libosmium throws on
 * truncation after most data was delivered, so nothing is kept of a failed read. */
#ifndef KI_OSM_READ_H
#define KI_OSM_READ_H
#include "road/graph.h"
#ifdef __cplusplus
extern "C" {
#endif
enum { KI_OSM_MAX_DECOMPRESSED_MB = 4096 };
/* max_decompressed_mb 0: the default. */
kerb_status ki_osm_read(kerb_roads **out, const char *path, uint64_t max_decompressed_mb,
                        kerb_error *err);
#ifdef __cplusplus
}
#endif
#endif
