/* SPDX-License-Identifier: GPL-3.0-or-later
 * condition.c - the table of conditions in the making: equal hours and equal lists are kept once,
 * found by a hash, because a city writes the same few expressions on thousands of ways. */
#include "road/condition.h"

#include "base/alloc.h"

#include <string.h>

_Static_assert(sizeof(ki_condition) == 28, "compared as bytes: no padding");
_Static_assert(sizeof(ki_hours_rule) == 16, "compared as bytes: no padding");

enum { MOST_ITEMS = 1 << 26 };

typedef struct piece { /* of an array that pieces are appended to */
    int32_t first, n;
} piece;

typedef struct index { /* of the pieces of one array, by content */
    piece *pieces;
    size_t n, capacity;
    int32_t *slots; /* piece + 1; 0: free */
    size_t n_slots; /* a power of two */
} index;

struct ki_condition_table {
    ki_conditions made;
    index lists, hours;
    size_t first_capacity, items_capacity, hours_capacity, unread_capacity, text_capacity;
    int failed;
};

ki_condition_table *ki_condition_table_new(void) {
    ki_condition_table *table = ki_alloc_zero(1, sizeof *table);
    if (!table) return NULL;
    table->made.n_lists = 1;
    if (ki_grow(&table->made.first, &table->first_capacity, 2, sizeof *table->made.first)) {
        ki_condition_table_free(table);
        return NULL;
    }
    table->made.first[0] = table->made.first[1] = 0;
    return table;
}

static void free_index(index *of) {
    ki_free(of->pieces);
    ki_free(of->slots);
}

void ki_condition_table_free(ki_condition_table *table) {
    if (!table) return;
    free_index(&table->lists);
    free_index(&table->hours);
    ki_free(table->made.first);
    ki_free(table->made.items);
    ki_free(table->made.hours);
    ki_free(table->made.unread);
    ki_free(table->made.text);
    ki_free(table);
}

const ki_conditions *ki_condition_table_made(const ki_condition_table *table) {
    return &table->made;
}

int ki_condition_table_failed(const ki_condition_table *table) {
    return table->failed;
}

/* ---- pieces by content ----------------------------------------------------------------------- */

static uint64_t hash_bytes(const void *bytes, size_t n) { /* FNV-1a */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t at = 0; at < n; at++)
        hash = (hash ^ ((const unsigned char *)bytes)[at]) * UINT64_C(1099511628211);
    return hash;
}

/* The slot of n items of a size: where they are known, or the free one that would hold them. */
static size_t find_slot(const index *of, const void *array, size_t size, const void *items,
                        int32_t n) {
    size_t n_bytes = (size_t)n * size, mask = of->n_slots - 1;
    size_t slot = (size_t)hash_bytes(items, n_bytes) & mask;
    for (; of->slots[slot]; slot = (slot + 1) & mask) {
        const piece *known = &of->pieces[of->slots[slot] - 1];
        const char *there = (const char *)array + (size_t)known->first * size;
        if (known->n == n && memcmp(there, items, n_bytes) == 0) break;
    }
    return slot;
}

static int grow_slots(index *of, const void *array, size_t size) {
    if (of->n_slots > 2 * (of->n + 1)) return 0;
    size_t n_slots = of->n_slots ? of->n_slots * 2 : 64;
    int32_t *slots = ki_alloc_zero(n_slots, sizeof *slots);
    if (!slots) return -1;
    ki_free(of->slots);
    of->slots = slots;
    of->n_slots = n_slots;
    for (size_t at = 0; at < of->n; at++) {
        const char *items = (const char *)array + (size_t)of->pieces[at].first * size;
        slots[find_slot(of, array, size, items, of->pieces[at].n)] = (int32_t)at + 1;
    }
    return 0;
}

typedef struct store { /* an array and the index of its pieces */
    index *of;
    void *array_pointer; /* void ** */
    size_t *capacity;
    int32_t *n_items;
    size_t size;
} store;

/* The number of the piece that holds these items; -1: out of memory. */
static int32_t intern(store in, const void *items, int32_t n) {
    void *array;
    memcpy(&array, in.array_pointer, sizeof array);
    if (grow_slots(in.of, array, in.size)) return -1;
    size_t slot = find_slot(in.of, array, in.size, items, n);
    if (in.of->slots[slot]) return in.of->slots[slot] - 1;
    if (*in.n_items > MOST_ITEMS - n ||
        ki_grow(in.array_pointer, in.capacity, (size_t)(*in.n_items + n), in.size) ||
        ki_grow(&in.of->pieces, &in.of->capacity, in.of->n + 1, sizeof *in.of->pieces))
        return -1;
    memcpy(&array, in.array_pointer, sizeof array);
    memcpy((char *)array + (size_t)*in.n_items * in.size, items, (size_t)n * in.size);
    in.of->pieces[in.of->n++] = (piece){*in.n_items, n};
    in.of->slots[slot] = (int32_t)in.of->n;
    *in.n_items += n;
    return (int32_t)in.of->n - 1;
}

void ki_condition_table_set_hours(ki_condition_table *table, ki_condition *condition,
                                  const ki_hours *hours) {
    condition->first_hour = condition->n_hours = 0;
    if (hours->n_rules == 0) return;
    int32_t at = intern((store){&table->hours, &table->made.hours, &table->hours_capacity,
                                &table->made.n_hours, sizeof *table->made.hours},
                        hours->rules, hours->n_rules);
    if (at < 0) {
        table->failed = 1;
        return;
    }
    condition->first_hour = table->hours.pieces[at].first;
    condition->n_hours = hours->n_rules;
}

/* Lists are pieces of items, one after another: list i + 1 is piece i. */
int32_t ki_condition_table_list(ki_condition_table *table, const ki_condition *items, int32_t n) {
    ki_conditions *made = &table->made;
    if (n <= 0) return 0;
    if (ki_grow(&made->first, &table->first_capacity, (size_t)made->n_lists + 2,
                sizeof *made->first)) {
        table->failed = 1;
        return 0;
    }
    int32_t at = intern((store){&table->lists, &made->items, &table->items_capacity, &made->n_items,
                                sizeof *made->items},
                        items, n);
    if (at < 0) {
        table->failed = 1;
        return 0;
    }
    if (at + 1 == made->n_lists) made->first[++made->n_lists] = made->n_items;
    return at + 1;
}

/* ---- what was not understood ----------------------------------------------------------------- */

void ki_condition_table_unread(ki_condition_table *table, const char *text, int object,
                               int64_t id) {
    ki_conditions *made = &table->made;
    size_t length = strlen(text);
    if (length > KI_UNREAD_CHARS) length = KI_UNREAD_CHARS;
    for (int32_t at = 0; at < made->n_unread; at++) {
        const char *known = made->text + made->unread[at].text;
        if (made->unread[at].object != object || strncmp(known, text, length) != 0 || known[length])
            continue;
        if (made->unread[at].count < INT32_MAX) made->unread[at].count++;
        return;
    }
    if (made->n_unread == KI_MAX_UNREAD) {
        if (made->n_unread_others < INT32_MAX) made->n_unread_others++;
        return;
    }
    if (ki_grow(&made->unread, &table->unread_capacity, (size_t)made->n_unread + 1,
                sizeof *made->unread) ||
        ki_grow(&made->text, &table->text_capacity, (size_t)made->n_text + length + 1, 1)) {
        table->failed = 1;
        return;
    }
    memcpy(made->text + made->n_text, text, length);
    made->text[made->n_text + (int32_t)length] = '\0';
    made->unread[made->n_unread++] = (ki_unread){id, made->n_text, 1, object, 0};
    made->n_text += (int32_t)length + 1;
}
