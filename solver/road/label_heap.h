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

static inline ki_heap_item ki_heap_pop(ki_label_heap *heap) {
    ki_heap_item *items = heap->items, top = items[0], moved = items[--heap->n];
    int32_t n = heap->n, at = 0;
    for (;;) {
        int32_t first = 4 * at + 1, least = first;
        if (first >= n) break;
        int32_t end = first + 4 < n ? first + 4 : n;
        for (int32_t child = first + 1; child < end; child++)
            if (items[child].key < items[least].key) least = child;
        if (items[least].key >= moved.key) break;
        items[at] = items[least];
        at = least;
    }
    items[at] = moved;
    return top;
}
#endif
