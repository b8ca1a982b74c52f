/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_store.h - where road structures may already lie, made before: io/roads_cache.c is one. The
 * engine asks, and builds what it does not get. */
#ifndef KI_ROAD_STORE_H
#define KI_ROAD_STORE_H
#include "road/hierarchy.h"

typedef struct ki_road_store ki_road_store;
struct ki_road_store { /* any thread */
    /* *out: the hierarchy of this key and so many search nodes, its arrays checked, to be freed by
     * ki_hierarchy_free before the store; NULL where there is none. Fails with KERB_NO_MEMORY. */
    kerb_status (*find_hierarchy)(ki_road_store *store, const ki_digest *key, int32_t n_nodes,
                                  ki_hierarchy **out, kerb_error *err);
    void (*free)(ki_road_store *store);
};
#endif
