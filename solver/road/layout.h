/* SPDX-License-Identifier: GPL-3.0-or-later
 * layout.h - what a road structure is made of: its numbers, and the arrays they count. One list per
 * structure serves those who write it and those who find it in memory again. */
#ifndef KI_LAYOUT_H
#define KI_LAYOUT_H
#include "road/graph.h"

enum { KI_MAX_NUMBERS = 32, KI_MAX_SLICES = 24 };

typedef struct ki_slice {
    void *field;   /* where the structure keeps its pointer to the array */
    size_t size;   /* of an element */
    int64_t count; /* of elements, by the numbers as they stand */
} ki_slice;

typedef struct ki_layout {
    int32_t *numbers[KI_MAX_NUMBERS]; /* in the structure; none may be negative */
    ki_slice slices[KI_MAX_SLICES];
    int n_numbers, n_slices;
} ki_layout;

/* Called again once the numbers are set, it counts right. */
ki_layout ki_graph_layout(ki_graph *graph);

/* What makes arrays of unknown origin unfit for use, whatever index or length it is; NULL: nothing.
 * Everything the engine follows is looked at, so that what passes cannot lead it out of an array or
 * in circles. O(size). */
const char *ki_graph_fault(const ki_graph *graph);

static inline void ki_layout_add_number(ki_layout *layout, int32_t *number) {
    layout->numbers[layout->n_numbers++] = number;
}
static inline void ki_layout_add_slice(ki_layout *layout, void *field, size_t size, int64_t count) {
    layout->slices[layout->n_slices++] = (ki_slice){field, size, count};
}
/* first: [n + 1] of an array of n_items: from 0 up to n_items, never down. */
int ki_layout_is_index(const int32_t *first, int32_t n, int32_t n_items);
#endif
