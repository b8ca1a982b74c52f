/* SPDX-License-Identifier: GPL-3.0-or-later
 * record.c - check and copy of structs that a table of fields describes.
 *
 * A table instead of hand-written code for each struct: some twenty structs go through check,
 * copy, pack and unpack, and the four must agree field by field. */
#include "model/record.h"

#include "base/error.h"
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- members --------------------------------------------------------------------------------- */

int64_t ki_get_integer(const void *member, size_t size) {
    int32_t narrow;
    int64_t wide;
    if (size == 1) return *(const uint8_t *)member;
    if (size == 4) {
        memcpy(&narrow, member, 4);
        return narrow;
    }
    memcpy(&wide, member, 8);
    return wide;
}

void ki_set_integer(void *member, size_t size, int64_t value) {
    int32_t narrow = (int32_t)value;
    if (size == 1)
        *(uint8_t *)member = (uint8_t)value;
    else
        memcpy(member, size == 4 ? (const void *)&narrow : (const void *)&value, size);
}

static const void *get_pointer(const void *member) {
    const void *pointer;
    memcpy(&pointer, member, sizeof pointer);
    return pointer;
}

static double get_double(const void *member) {
    double number;
    memcpy(&number, member, sizeof number);
    return number;
}

static void set_pointer(void *member, const void *pointer) {
    memcpy(member, &pointer, sizeof pointer);
}

const char *ki_record_id(const ki_record *record, const void *item) {
    for (size_t f = 0; f < record->n_fields; f++)
        if (record->fields[f].kind == KI_FIELD_ID)
            return get_pointer(ki_member(item, record->fields[f].offset));
    return NULL;
}

void ki_record_clear(const ki_record *record, void *item) {
    const double none = NAN;
    for (size_t f = 0; f < record->n_fields; f++) {
        const ki_field *field = &record->fields[f];
        char *member = (char *)item + field->offset;
        if (field->kind == KI_FIELD_RECORD) {
            ki_record_clear(field->record, member);
            continue;
        }
        memset(member, 0, field->size);
        if (field->kind <= KI_FIELD_FOREIGN && field->kind != KI_FIELD_STRING_OR_NULL)
            set_pointer(member, "");
        if (field->kind == KI_FIELD_MEASURE) memcpy(member, &none, sizeof none);
        if (field->kind == KI_FIELD_INSTANT) ki_set_integer(member, 8, KERB_NO_TIME);
        if (field->kind == KI_FIELD_FLAG_NOT) ki_set_integer(member, field->size, 1);
        if (field->count_size) memset((char *)item + field->count_offset, 0, field->count_size);
    }
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* Ids come from outside: keep them short and free of control characters. */
static void print_id(char *text, size_t size, const char *id) {
    size_t used = 0;
    for (; *id && used + 1 < size && used < 60; id++)
        text[used++] = (unsigned char)*id < 0x20 || *id == 0x7f ? '?' : *id;
    /* Not in the middle of a character. */
    while (*id && used && ((unsigned char)*id & 0xc0) == 0x80) {
        id--;
        used--;
    }
    text[used] = '\0';
}

static size_t print_where(char *text, size_t size, const ki_where *where) {
    size_t used = where->outer ? print_where(text, size, where->outer) : 0;
    char id[64] = "";
    int length;
    if (where->id && ki_is_utf8(where->id)) print_id(id, sizeof id, where->id);
    const char *comma = where->outer ? ", " : "", *blank = id[0] ? " " : "";
    if (where->index < 0)
        length = snprintf(text + used, size - used, "%s%s%s%s", comma, where->name, blank, id);
    else
        length = snprintf(text + used, size - used, "%s%s[%lld]%s%s", comma, where->name,
                          where->index, blank, id);
    if (length < 0) return used;
    return used + (size_t)length < size ? used + (size_t)length : size - 1;
}

kerb_status ki_where_fail(const ki_where *where, const char *field, kerb_error *err,
                          const char *format, ...) {
    char place[512] = "", what[384];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (where) print_where(place, sizeof place, where);
    return ki_fail(err, KERB_BAD_INPUT, "%s%sfield %s: %s", place, where ? ", " : "", field, what);
}

/* ---- check ----------------------------------------------------------------------------------- */

static kerb_status check_string(const ki_field *field, const char *text, const ki_where *where,
                                kerb_error *err) {
    if (field->kind == KI_FIELD_ID && (!text || !*text))
        return ki_where_fail(where, field->name, err, "empty, expected an id");
    if (text && !ki_is_utf8(text)) return ki_where_fail(where, field->name, err, "not valid UTF-8");
    return KERB_OK;
}

static kerb_status check_number(const ki_field *field, double number, const ki_where *where,
                                kerb_error *err) {
    int any = field->low >= field->high;
    if (field->kind == KI_FIELD_MEASURE && (isnan(number) || any)) return KERB_OK;
    if (isfinite(number) && (any || (number >= field->low && number <= field->high)))
        return KERB_OK;
    if (any) return ki_where_fail(where, field->name, err, "%g, expected a finite number", number);
    return ki_where_fail(where, field->name, err, "%.10g, expected %.10g to %.10g", number,
                         field->low, field->high);
}

static kerb_status check_integer(const ki_field *field, int64_t value, const ki_where *where,
                                 kerb_error *err) {
    double low = field->low, high = field->high;
    if (field->kind == KI_FIELD_INSTANT) {
        if (value == KERB_NO_TIME) return KERB_OK;
        high = (double)KI_INSTANT_LIMIT_S;
        low = -high;
    } else if (field->kind == KI_FIELD_ENUM) {
        low += field->wire_shift;
        high += field->wire_shift;
        value += field->wire_shift;
    } else if (low >= high) {
        return KERB_OK;
    }
    if ((double)value >= low && (double)value <= high) return KERB_OK;
    return ki_where_fail(where, field->name, err, "%lld, expected %.0f to %.0f", (long long)value,
                         low, high);
}

/* Length of a list, or -1 with an error. */
static int64_t list_count(const ki_field *field, const void *item, const ki_where *where,
                          kerb_error *err) {
    int64_t n = ki_get_integer(ki_member(item, field->count_offset), field->count_size);
    const void *list = get_pointer(ki_member(item, field->offset));
    if (n < 0 || n > KI_MAX_LIST)
        ki_where_fail(where, field->name, err, "%lld entries, expected 0 to %d", (long long)n,
                      (int)KI_MAX_LIST);
    else if (n > 0 && !list)
        ki_where_fail(where, field->name, err, "NULL with %lld entries", (long long)n);
    else if (field->high > 0 && (double)n > field->high)
        ki_where_fail(where, field->name, err, "%lld entries, expected at most %.0f", (long long)n,
                      field->high);
    else
        return n;
    return -1;
}

static kerb_status check_enums(const ki_field *field, const void *item, const ki_where *where,
                               kerb_error *err) {
    ki_field one = {.name = field->name, .kind = KI_FIELD_ENUM, .high = field->high};
    ki_field bounded = *field;
    bounded.high = field->high + 1;
    int64_t n = list_count(&bounded, item, where, err);
    if (n < 0) return KERB_BAD_INPUT;
    const char *list = get_pointer(ki_member(item, field->offset));
    for (int64_t k = 0; k < n; k++)
        KI_TRY(check_integer(&one, ki_get_integer(list + 4 * k, 4), where, err));
    return KERB_OK;
}

static kerb_status check_list(const ki_field *field, const void *item, const ki_where *where,
                              kerb_error *err) {
    int64_t n = list_count(field, item, where, err);
    if (n < 0) return KERB_BAD_INPUT;
    const char *list = get_pointer(ki_member(item, field->offset));
    for (int64_t k = 0; k < n; k++, list += field->record->size) {
        ki_where inner = {where, field->name, k, ki_record_id(field->record, list)};
        KI_TRY(ki_record_check(field->record, list, &inner, err));
    }
    return KERB_OK;
}

static kerb_status check_points(const ki_field *field, const void *item, const ki_where *where,
                                kerb_error *err) {
    int64_t n = list_count(field, item, where, err);
    if (n < 0) return KERB_BAD_INPUT;
    const char *points = get_pointer(ki_member(item, field->offset));
    for (int64_t k = 0; k < 2 * n; k++) {
        int64_t limit = k % 2 ? 1800000000 : 900000000, value = ki_get_integer(points + 4 * k, 4);
        if (value < -limit || value > limit)
            return ki_where_fail(where, field->name, err, "%s %lld e-7 degrees in point %lld",
                                 k % 2 ? "longitude" : "latitude", (long long)value,
                                 (long long)(k / 2));
    }
    return KERB_OK;
}

static kerb_status check_field(const ki_field *field, const void *item, const ki_where *where,
                               kerb_error *err) {
    const char *member = ki_member(item, field->offset);
    switch (field->kind) {
    case KI_FIELD_ID:
    case KI_FIELD_STRING:
    case KI_FIELD_STRING_OR_NULL: return check_string(field, get_pointer(member), where, err);
    case KI_FIELD_DOUBLE:
    case KI_FIELD_MEASURE: return check_number(field, get_double(member), where, err);
    case KI_FIELD_INSTANT:
    case KI_FIELD_INTEGER:
    case KI_FIELD_ENUM:
        return check_integer(field, ki_get_integer(member, field->size), where, err);
    case KI_FIELD_ENUMS: return check_enums(field, item, where, err);
    case KI_FIELD_LIST: return check_list(field, item, where, err);
    case KI_FIELD_RECORD: {
        ki_where inner = {where, field->name, -1, NULL};
        return ki_record_check(field->record, member, &inner, err);
    }
    case KI_FIELD_POINTS: return check_points(field, item, where, err);
    case KI_FIELD_FOREIGN: /* an odd street name must not cost the plan */
    case KI_FIELD_UINT64:
    case KI_FIELD_FLAG:
    case KI_FIELD_FLAG_NOT:
    case KI_FIELD_LOADS: /* length known to the caller only: checked there */
    case KI_FIELD_BY_STREAM: return KERB_OK;
    }
    return KERB_OK;
}

kerb_status ki_record_check(const ki_record *record, const void *item, const ki_where *where,
                            kerb_error *err) {
    for (size_t f = 0; f < record->n_fields; f++)
        KI_TRY(check_field(&record->fields[f], item, where, err));
    return KERB_OK;
}

kerb_status ki_record_finish(const ki_record *record, void *item, const ki_where *where,
                             kerb_error *err) {
    for (size_t f = 0; f < record->n_fields; f++) {
        const ki_field *field = &record->fields[f];
        if (field->kind == KI_FIELD_RECORD) {
            ki_where inner = {where, field->name, -1, NULL};
            KI_TRY(ki_record_finish(field->record, (char *)item + field->offset, &inner, err));
        } else if (field->kind == KI_FIELD_LIST) {
            int64_t n = ki_get_integer(ki_member(item, field->count_offset), field->count_size);
            char *list;
            memcpy(&list, ki_member(item, field->offset), sizeof list);
            for (int64_t k = 0; k < n; k++, list += field->record->size) {
                ki_where inner = {where, field->name, k, ki_record_id(field->record, list)};
                KI_TRY(ki_record_finish(field->record, list, &inner, err));
            }
        }
    }
    return record->finish ? record->finish(item, where, err) : KERB_OK;
}

/* ---- copy ------------------------------------------------------------------------------------ */

static kerb_status copy_string(const ki_field *field, void *member, ki_arena *arena,
                               kerb_error *err) {
    const char *text = get_pointer(member);
    if (!text || !*text) {
        set_pointer(member, field->kind == KI_FIELD_STRING_OR_NULL ? NULL : "");
        return KERB_OK;
    }
    char *copy = ki_arena_strdup(arena, text);
    if (!copy) return ki_fail_no_memory(err, field->name);
    set_pointer(member, copy);
    return KERB_OK;
}

static kerb_status copy_block(const ki_field *field, void *member, size_t n, size_t size,
                              ki_arena *arena, kerb_error *err) {
    const void *from = n ? get_pointer(member) : NULL;
    void *copy = from ? ki_arena_copy(arena, from, n, size) : NULL;
    if (from && !copy) return ki_fail_no_memory(err, field->name);
    set_pointer(member, copy);
    return KERB_OK;
}

static kerb_status copy_parts(const ki_record *record, void *item, ki_arena *arena,
                              kerb_error *err);

static kerb_status copy_list(const ki_field *field, void *member, size_t n, ki_arena *arena,
                             kerb_error *err) {
    KI_TRY(copy_block(field, member, n, field->record->size, arena, err));
    char *list;
    memcpy(&list, member, sizeof list);
    for (size_t k = 0; k < n; k++, list += field->record->size)
        KI_TRY(copy_parts(field->record, list, arena, err));
    return KERB_OK;
}

static kerb_status copy_field(const ki_field *field, void *item, ki_arena *arena, kerb_error *err) {
    char *member = (char *)item + field->offset;
    size_t n = field->count_size
                   ? (size_t)ki_get_integer(ki_member(item, field->count_offset), field->count_size)
                   : 0;
    switch (field->kind) {
    case KI_FIELD_ID:
    case KI_FIELD_STRING:
    case KI_FIELD_STRING_OR_NULL:
    case KI_FIELD_FOREIGN: return copy_string(field, member, arena, err);
    case KI_FIELD_ENUMS: return copy_block(field, member, n, sizeof(int32_t), arena, err);
    case KI_FIELD_POINTS: return copy_block(field, member, n, 2 * sizeof(int32_t), arena, err);
    case KI_FIELD_LIST: return copy_list(field, member, n, arena, err);
    case KI_FIELD_RECORD: return copy_parts(field->record, member, arena, err);
    case KI_FIELD_DOUBLE:
        if (get_double(member) == 0) memset(member, 0, sizeof(double)); /* minus zero is zero */
        return KERB_OK;
    case KI_FIELD_FLAG:
    case KI_FIELD_FLAG_NOT:
        ki_set_integer(member, field->size, ki_get_integer(member, field->size) != 0);
        return KERB_OK;
    default: return KERB_OK;
    }
}

/* The item was copied flat: its pointers still lead to the original's parts. */
static kerb_status copy_parts(const ki_record *record, void *item, ki_arena *arena,
                              kerb_error *err) {
    for (size_t f = 0; f < record->n_fields; f++)
        KI_TRY(copy_field(&record->fields[f], item, arena, err));
    return KERB_OK;
}

kerb_status ki_record_copy(const ki_record *record, void *to, const void *from, ki_arena *arena,
                           kerb_error *err) {
    memcpy(to, from, record->size);
    return copy_parts(record, to, arena, err);
}
