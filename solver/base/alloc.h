/* SPDX-License-Identifier: GPL-3.0-or-later
 * alloc.h - the one place that allocates. Tests make the n-th allocation fail. */
#ifndef KI_ALLOC_H
#define KI_ALLOC_H
#include <stddef.h>
#include <stdint.h>

void *ki_alloc(size_t size);                    /* NULL when out of memory; size 0 allowed */
void *ki_alloc_zero(size_t count, size_t size); /* overflow-checked */
void *ki_realloc(void *block, size_t count, size_t size); /* overflow-checked */
void ki_free(void *block);
char *ki_strdup(const char *text);

/* Fault injection, for tests only: the n-th allocation from now fails (1 = the next), once.
 * 0 switches it off. ki_alloc_count tells how many were made since the last call. */
void ki_alloc_fail_at(int64_t nth);
int64_t ki_alloc_count(void);

/* Grows *block so that it holds at least `needed` items of `size`; doubling. 0 on success. */
int ki_grow(void *block_pointer, size_t *capacity, size_t needed, size_t size);
#endif
