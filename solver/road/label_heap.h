/* SPDX-License-Identifier: GPL-3.0-or-later
 * label_heap.h - a four-ary heap of (label, node). A node is pushed again when its label improves
 * and its older entries are skipped as they come out: cheaper on roads than knowing positions. The
 * owner gives room for every push. */
#ifndef KI_LABEL_HEAP_H
#define KI_LABEL_HEAP_H
#include <stdint.h>

typedef struct ki_heap_item {
    uint64_t key;
    int32_t node;
} ki_heap_item;

typedef struct ki_label_heap {
    ki_heap_item *items;
    int32_t n;
} ki_label_heap;

static inline void ki_heap_push(ki_label_heap *heap, uint64_t key, int32_t node) {
    ki_heap_item *items = heap->items;
    int32_t at = heap->n++;
    while (at > 0) {
        int32_t up = (at - 1) / 4;
        if (items[up].key <= key) break;
        items[at] = items[up];
        at = up;
    }
    items[at] = (ki_heap_item){key, node};
}

/* The least of four children by a tournament without branches: which one wins cannot be foreseen,
 * and a wrong guess costs more than all the comparing. */
static inline int32_t ki_heap_least_child(const ki_heap_item *items, int32_t first, int32_t n) {
    if (first + 4 <= n) {
        int32_t low = first + (items[first + 1].key < items[first].key);
        int32_t high = first + 2 + (items[first + 3].key < items[first + 2].key);
        int32_t is_high = items[high].key < items[low].key;
        return low + (high - low) * is_high;
    }
    int32_t least = first;
    for (int32_t child = first + 1; child < n; child++)
        if (items[child].key < items[least].key) least = child;
    return least;
}

static inline ki_heap_item ki_heap_pop(ki_label_heap *heap) {
    ki_heap_item *items = heap->items, top = items[0], moved = items[--heap->n];
    int32_t n = heap->n, at = 0;
    for (int32_t first = 1; first < n; first = 4 * at + 1) {
        int32_t least = ki_heap_least_child(items, first, n);
        if (items[least].key >= moved.key) break;
        items[at] = items[least];
        at = least;
    }
    items[at] = moved;
    return top;
}
#endif
