/* SPDX-License-Identifier: GPL-3.0-or-later
 * A month of hourly reports of a city is seven million, and a report has eleven members, most of
 * which say nothing or what they said before. So each is written as a byte of flags and then only
 * what is stated: numbers of seven bits a byte (as in protobuf), texts by their index, instants as
 * differences. A fill of two decimals is a whole number of ten-thousandths: if dividing gives back
 * the very same bits it takes two bytes, else eight. Differences are to the list's first instant,
 * not to the report before, so that any report can be read by itself. */
#include "demand/report_list.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

enum {
    FILL = 1,
    MASS = 2,
    RECEIVED = 4,
    TRUST = 8,
    SOURCE = 16,
    ALARM = 32,
    LABELS = 64,
    DROPPED = 128 /* flags, the first byte */
};
enum {
    BLOCK_BITS = 20, /* a place is a block's index and an offset in it */
    FIRST_BLOCK_BITS = 12,
    MOST_BLOCKS = 1 << (32 - BLOCK_BITS),
    LONGEST = 128 /* bytes of a report, at most */
};
static const double STEPS = 10000, MOST_STEPS = 1 << 24;

/* The first blocks are small: most lists hold a few reports. */
static size_t block_bytes(size_t block) {
    size_t bits = FIRST_BLOCK_BITS + block;
    return (size_t)1 << (bits < BLOCK_BITS ? bits : BLOCK_BITS);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static uint8_t *put(uint8_t *to, uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        *to++ = (uint8_t)(value | 0x80);
    *to++ = (uint8_t)value;
    return to;
}

static const uint8_t *get(const uint8_t *from, uint64_t *value) {
    *value = 0;
    for (int shift = 0;; shift += 7) {
        *value |= (uint64_t)(*from & 0x7f) << shift;
        if (!(*from++ & 0x80)) return from;
    }
}

/* Differences may be of any two instants: they wrap, and wrap back. */
static uint8_t *put_apart(uint8_t *to, int64_t value, int64_t base) {
    uint64_t apart = (uint64_t)value - (uint64_t)base;
    return put(to, apart << 1 ^ (apart >> 63 ? UINT64_MAX : 0));
}

static const uint8_t *get_apart(const uint8_t *from, int64_t *value, int64_t base) {
    uint64_t apart;
    from = get(from, &apart);
    *value = (int64_t)((uint64_t)base + (apart >> 1 ^ (apart & 1 ? UINT64_MAX : 0)));
    return from;
}

static uint8_t *put_number(uint8_t *to, double number) {
    if (number >= 0 && number < MOST_STEPS / STEPS) {
        double steps = floor(number * STEPS + 0.5), back = steps / STEPS;
        if (memcmp(&back, &number, sizeof back) == 0) return put(to, (uint64_t)steps << 1);
    }
    *to++ = 1;
    memcpy(to, &number, sizeof number);
    return to + sizeof number;
}

static const uint8_t *get_number(const uint8_t *from, double *number) {
    uint64_t steps;
    if (*from == 1) {
        memcpy(number, from + 1, sizeof *number);
        return from + 1 + sizeof *number;
    }
    from = get(from, &steps);
    *number = (double)(steps >> 1) / STEPS;
    return from;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int is_text(const char *text) {
    return text && text[0];
}

/* Index among the names, or -1. */
static int32_t name_of(ki_report_list *list, const char *text) {
    int32_t known = ki_ids_find(&list->ids, text);
    if (known >= 0) return known;
    if (list->n_names >= INT32_MAX ||
        ki_grow(&list->names, &list->names_capacity, list->n_names + 1, sizeof *list->names))
        return -1;
    const char *kept = ki_arena_strdup(&list->arena, text);
    if (!kept || ki_ids_put(&list->ids, &list->arena, kept, (int32_t)list->n_names)) return -1;
    list->names[list->n_names] = kept;
    return (int32_t)list->n_names++;
}

/* ---- reports --------------------------------------------------------------------------------- */

static int make_room(ki_report_list *list) {
    size_t newest = list->n_blocks - 1;
    if (list->n_blocks && list->blocks[newest].used + LONGEST <= block_bytes(newest)) return 0;
    if (list->n_blocks == MOST_BLOCKS ||
        ki_grow(&list->blocks, &list->blocks_capacity, list->n_blocks + 1, sizeof *list->blocks))
        return -1;
    uint8_t *bytes = ki_alloc(block_bytes(list->n_blocks));
    if (!bytes) return -1;
    list->blocks[list->n_blocks++] = (ki_report_block){bytes, 0};
    return 0;
}

static uint8_t flags_of(const kerb_report *report) {
    return (uint8_t)((isnan(report->fill_ratio) ? 0 : FILL) | (isnan(report->mass_kg) ? 0 : MASS) |
                     (report->received_s == KERB_NO_TIME ? 0 : RECEIVED) |
                     (report->trust_ratio == 0 ? 0 : TRUST) |
                     (is_text(report->source) ? SOURCE : 0) | (is_text(report->alarm) ? ALARM : 0) |
                     (report->n_labels ? LABELS : 0));
}

int ki_report_list_add(ki_report_list *list, const kerb_report *report) {
    uint8_t flags = flags_of(report);
    int32_t container = name_of(list, report->container_id);
    int32_t source = flags & SOURCE ? name_of(list, report->source) : 0;
    int32_t alarm = flags & ALARM ? name_of(list, report->alarm) : 0;
    if (container < 0 || source < 0 || alarm < 0 || make_room(list)) return -1;
    ki_report_block *block = &list->blocks[list->n_blocks - 1];
    if (list->n_blocks == 1 && block->used == 0) list->base_s = report->measured_s;
    uint8_t *to = block->bytes + block->used;
    *to++ = flags;
    to = put(to, (uint64_t)container);
    to = put_apart(to, report->measured_s, list->base_s);
    to = put_apart(to, report->record, 0);
    if (flags & RECEIVED) to = put_apart(to, report->received_s, report->measured_s);
    if (flags & FILL) to = put_number(to, report->fill_ratio);
    if (flags & MASS) to = put_number(to, report->mass_kg);
    if (flags & TRUST) to = put_number(to, report->trust_ratio);
    if (flags & SOURCE) to = put(to, (uint64_t)source);
    if (flags & ALARM) to = put(to, (uint64_t)alarm);
    if (flags & LABELS) {
        memcpy(to, &report->labels, sizeof report->labels);
        to = put(to + sizeof report->labels, report->n_labels);
    }
    block->used = (size_t)(to - block->bytes);
    list->n++;
    return 0;
}

static const uint8_t *get_name(const ki_report_list *list, const uint8_t *from, const char **text) {
    uint64_t name;
    from = get(from, &name);
    *text = list->names[name];
    return from;
}

/* Returns the byte behind the report. */
static const uint8_t *read_report(const ki_report_list *list, const uint8_t *from,
                                  kerb_report *report, int32_t *container) {
    uint8_t flags = *from++;
    uint64_t name, n_labels = 0;
    *report = (kerb_report){
        .received_s = KERB_NO_TIME, .fill_ratio = (double)NAN, .mass_kg = (double)NAN};
    from = get(from, &name);
    *container = (int32_t)name;
    report->container_id = list->names[name];
    from = get_apart(from, &report->measured_s, list->base_s);
    from = get_apart(from, &report->record, 0);
    if (flags & RECEIVED) from = get_apart(from, &report->received_s, report->measured_s);
    if (flags & FILL) from = get_number(from, &report->fill_ratio);
    if (flags & MASS) from = get_number(from, &report->mass_kg);
    if (flags & TRUST) from = get_number(from, &report->trust_ratio);
    if (flags & SOURCE) from = get_name(list, from, &report->source);
    if (flags & ALARM) from = get_name(list, from, &report->alarm);
    if (flags & LABELS) {
        memcpy(&report->labels, from, sizeof report->labels);
        from = get(from + sizeof report->labels, &n_labels);
    }
    report->n_labels = (size_t)n_labels;
    return from;
}

/* ---- going through --------------------------------------------------------------------------- */

static uint8_t *byte_at(const ki_report_list *list, uint32_t place) {
    return list->blocks[place >> BLOCK_BITS].bytes + (place & (((uint32_t)1 << BLOCK_BITS) - 1));
}

static int next_plain(const ki_report_list *list, ki_report_at *at, kerb_report *report) {
    if (at->next >= list->n) return 0;
    at->name = -1;
    at->place = (uint32_t)at->next;
    *report = list->plain[at->next++];
    return 1;
}

int ki_report_list_next(const ki_report_list *list, ki_report_at *at, kerb_report *report) {
    if (list->plain) return next_plain(list, at, report);
    while (at->next >> BLOCK_BITS < list->n_blocks) {
        size_t block = at->next >> BLOCK_BITS;
        const uint8_t *bytes = list->blocks[block].bytes;
        at->place = (uint32_t)at->next;
        size_t offset = at->place & (((uint32_t)1 << BLOCK_BITS) - 1);
        if (offset >= list->blocks[block].used) {
            at->next = (block + 1) << BLOCK_BITS;
            continue;
        }
        const uint8_t *end = read_report(list, bytes + offset, report, &at->name);
        at->next += (size_t)(end - bytes) - offset;
        if (!(bytes[offset] & DROPPED)) return 1;
    }
    return 0;
}

void ki_report_list_get(const ki_report_list *list, uint32_t place, kerb_report *report) {
    int32_t container;
    if (list->plain)
        *report = list->plain[place];
    else
        read_report(list, byte_at(list, place), report, &container);
}

void ki_report_list_drop(ki_report_list *list, const ki_report_at *at) {
    uint8_t *flags = byte_at(list, at->place);
    list->n -= !(*flags & DROPPED);
    *flags |= DROPPED;
}

ki_report_mark ki_report_list_mark(const ki_report_list *list) {
    size_t n = list->n_blocks;
    return (ki_report_mark){list->n, n, n ? list->blocks[n - 1].used : 0};
}

void ki_report_list_rewind(ki_report_list *list, ki_report_mark mark) {
    while (list->n_blocks > mark.n_blocks)
        ki_free(list->blocks[--list->n_blocks].bytes);
    if (list->n_blocks) list->blocks[list->n_blocks - 1].used = mark.used;
    list->n = mark.n;
}

void ki_report_list_free(ki_report_list *list) {
    ki_report_list_rewind(list, (ki_report_mark){0});
    ki_free(list->blocks);
    ki_free(list->names);
    ki_arena_free(&list->arena);
    *list = (ki_report_list){0};
}
