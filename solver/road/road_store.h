/* SPDX-License-Identifier: GPL-3.0-or-later
 * road_store.h - where road structures may already lie, made before: io/roads_cache.c is one. The
 * engine asks, and builds what it does not get. */
#ifndef KI_ROAD_STORE_H
#define KI_ROAD_STORE_H

typedef struct ki_road_store ki_road_store;
struct ki_road_store {
    void (*free)(ki_road_store *store);
};
#endif
