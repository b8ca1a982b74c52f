/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include "base/alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

struct ki_arena_chunk {
    ki_arena_chunk *older;
    size_t used, size;
    alignas(16) unsigned char bytes[];
};

enum { FIRST_CHUNK = 1 << 14, LARGEST_CHUNK = 1 << 22 };

static ki_arena_chunk *add_chunk(ki_arena *arena, size_t needed) {
    size_t size = arena->newest ? arena->newest->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK) size = LARGEST_CHUNK;
    if (size < needed) size = needed;
    if (size > SIZE_MAX - sizeof(ki_arena_chunk)) return NULL;
    ki_arena_chunk *chunk = ki_alloc(sizeof *chunk + size);
    if (!chunk) return NULL;
    *chunk = (ki_arena_chunk){.older = arena->newest, .size = size};
    arena->newest = chunk;
    return chunk;
}

void *ki_arena_take(ki_arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX - 16) return NULL;
    total = (total + 15) & ~(size_t)15;
    if (total == 0) total = 16;
    if (arena->budget && (total > arena->budget || arena->used > arena->budget - total))
        return NULL;
    ki_arena_chunk *chunk = arena->newest;
    if (!chunk || chunk->size - chunk->used < total) chunk = add_chunk(arena, total);
    if (!chunk) return NULL;
    void *block = chunk->bytes + chunk->used;
    chunk->used += total;
    arena->used += total;
    return block;
}

void *ki_arena_alloc(ki_arena *arena, size_t count, size_t size) {
    void *block = ki_arena_take(arena, count, size);
    if (block) memset(block, 0, count * size); /* take has checked the product */
    return block;
}

char *ki_arena_strdup(ki_arena *arena, const char *text) {
    return text ? ki_arena_copy(arena, text, strlen(text) + 1, 1) : NULL;
}

void *ki_arena_copy(ki_arena *arena, const void *from, size_t count, size_t size) {
    void *block = ki_arena_alloc(arena, count, size);
    if (block && count && size) memcpy(block, from, count * size);
    return block;
}

void ki_arena_clear(ki_arena *arena) {
    ki_arena older = {.newest = arena->newest ? arena->newest->older : NULL};
    ki_arena_free(&older);
    if (arena->newest) {
        arena->newest->older = NULL;
        arena->newest->used = 0;
    }
    arena->used = 0;
}

void ki_arena_free(ki_arena *arena) {
    while (arena->newest) {
        ki_arena_chunk *older = arena->newest->older;
        ki_free(arena->newest);
        arena->newest = older;
    }
    arena->used = 0;
}
