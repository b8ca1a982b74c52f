/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/alloc.h"
#include "kerbside.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The counter is one atomic so that a test may count through threads too. */
static _Atomic int64_t allocations;
static _Atomic int64_t fail_at;

static int must_fail(void) {
    int64_t number = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    return number == atomic_load_explicit(&fail_at, memory_order_relaxed);
}

void ki_alloc_fail_at(int64_t nth) {
    atomic_store(&allocations, 0);
    atomic_store(&fail_at, nth);
}

int64_t ki_alloc_count(void) {
    return atomic_load(&allocations);
}

void *ki_alloc(size_t size) {
    return must_fail() ? NULL : malloc(size ? size : 1);
}

void *ki_alloc_zero(size_t count, size_t size) {
    return must_fail() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *ki_realloc(void *block, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || must_fail()) return NULL;
    return realloc(block, total ? total : 1);
}

void ki_free(void *block) {
    free(block);
}

char *ki_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = ki_alloc(size);
    if (copy) memcpy(copy, text, size);
    return copy;
}

int ki_grow(void *block_pointer, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity) return 0;
    size_t wanted = *capacity ? *capacity : 16;
    while (wanted < needed) {
        if (wanted > SIZE_MAX / 2) return -1;
        wanted *= 2;
    }
    void *block;
    memcpy(&block, block_pointer, sizeof block);
    block = ki_realloc(block, wanted, size);
    if (!block) return -1;
    memcpy(block_pointer, &block, sizeof block);
    *capacity = wanted;
    return 0;
}

void kerb_buffer_free(void *buffer) {
    ki_free(buffer);
}
