/* SPDX-License-Identifier: GPL-3.0-or-later
 * sets.h - disjoint sets in an array of parents, at first each its own: union-find. Items of one
 * set have one root, the least of them. Not thread-safe: looking shortens the ways. */
#ifndef KI_SETS_H
#define KI_SETS_H
#include <stdint.h>

static inline int32_t ki_root_of(int32_t *parent, int32_t item) {
    while (parent[item] != item)
        item = parent[item] = parent[parent[item]];
    return item;
}

static inline void ki_unite(int32_t *parent, int32_t left, int32_t right) {
    left = ki_root_of(parent, left);
    right = ki_root_of(parent, right);
    if (left < right)
        parent[right] = left;
    else
        parent[left] = right;
}
#endif
