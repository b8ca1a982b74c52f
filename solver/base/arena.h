/* SPDX-License-Identifier: GPL-3.0-or-later
 * arena.h - memory that lives and dies with one handle.
 *
 *   chunk ──► chunk ──► chunk          allocate from the newest; free all at once
 *
 * Not thread-safe: one arena belongs to one handle or one thread. */
#ifndef KI_ARENA_H
#define KI_ARENA_H
#include <stddef.h>

typedef struct ki_arena_chunk ki_arena_chunk;
typedef struct ki_arena {
    ki_arena_chunk *newest;
    size_t used, budget; /* bytes handed out; budget 0: none */
} ki_arena;

/* 16-byte aligned, zeroed; NULL when out of memory or over budget. */
void *ki_arena_alloc(ki_arena *arena, size_t count, size_t size);
/* The same not zeroed, for who writes all of it. */
void *ki_arena_take(ki_arena *arena, size_t count, size_t size);
char *ki_arena_strdup(ki_arena *arena, const char *text); /* NULL stays NULL */
void *ki_arena_copy(ki_arena *arena, const void *from, size_t count, size_t size);
void ki_arena_free(ki_arena *arena);
/* All that was handed out is void; the newest chunk is kept, so that the next round faults no
 * pages.
 */
void ki_arena_clear(ki_arena *arena);
#endif
