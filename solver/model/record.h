/* SPDX-License-Identifier: GPL-3.0-or-later
 * record.h - plain structs described by tables: one line a field.
 *
 * The same table checks what a caller hands in, copies it into an arena, and (io/messages_record.c)
 * carries it to and from a message. A field added to the table is checked, copied, packed and
 * unpacked; none of the four can be forgotten. */
#ifndef KI_RECORD_H
#define KI_RECORD_H
#include "base/arena.h"
#include "kerbside.h"

/* What a field is in the struct, and what its absence in a message stands for. */
typedef enum ki_field_kind {
    KI_FIELD_ID,             /* const char *: never empty, absent is an error */
    KI_FIELD_STRING,         /* const char *: ""; NULL becomes "" */
    KI_FIELD_STRING_OR_NULL, /* const char *: NULL; "" becomes NULL */
    KI_FIELD_FOREIGN,        /* const char * from OSM: ""; so does what is not UTF-8 */
    KI_FIELD_DOUBLE,         /* double, never NAN: 0 */
    KI_FIELD_MEASURE,        /* double, NAN: none */
    KI_FIELD_INSTANT,        /* int64_t seconds: KERB_NO_TIME */
    KI_FIELD_INTEGER,        /* int32_t or int64_t: 0 */
    KI_FIELD_UINT64,         /* uint64_t: 0 */
    KI_FIELD_FLAG,           /* int or uint8_t: 0 */
    KI_FIELD_FLAG_NOT,       /* int, negated in messages: 1 */
    KI_FIELD_ENUM,           /* an enum: 0 */
    KI_FIELD_ENUMS,          /* pointer and size_t count: none */
    KI_FIELD_LIST,           /* pointer to structs and size_t or int32_t count: none */
    KI_FIELD_RECORD,         /* a struct inside; at offset 0 a part of the struct itself */
    KI_FIELD_POINTS,         /* int32_t pairs lat, lon and int32_t count; deltas in messages */
    KI_FIELD_LOADS,          /* double[KI_MAX_COMPARTMENTS] or NULL; trailing zeros dropped */
    KI_FIELD_BY_STREAM       /* int64_t[KERB_N_STREAMS] inside; the non-zero ones listed */
} ki_field_kind;

enum { KI_MAX_COMPARTMENTS = 16, KI_MAX_LIST = 1 << 26, KI_MAX_FIELDS = 48 };
#define KI_INSTANT_LIMIT_S 100000000000LL /* beyond it somebody sent milliseconds */

typedef struct ki_field {
    const char *name; /* in messages and errors */
    ki_field_kind kind;
    size_t offset, size; /* of the member */
    size_t count_offset, count_size;
    const struct ki_record *record; /* of a list's items, of an inner struct */
    double low, high;               /* of numbers and enums; equal: any finite */
    int wire_shift;                 /* an enum's value in messages minus its value here */
} ki_field;

/* Where in an input a record stands: "problem message, sites[3] S004, windows[1]". */
typedef struct ki_where {
    const struct ki_where *outer; /* may be NULL */
    const char *name;
    long long index; /* -1: not of a list */
    const char *id;  /* may be NULL */
} ki_where;

typedef struct ki_record {
    const char *name; /* of the list it stands in */
    size_t size;
    const ki_field *fields;
    size_t n_fields;
    /* What no single field can say; may also settle unstated fields. NULL: nothing. */
    kerb_status (*finish)(void *item, const ki_where *where, kerb_error *err);
} ki_record;

#define KI_MEMBER_(type, member)                                                                   \
    .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define KI_COUNT_(type, count)                                                                     \
    .count_offset = offsetof(type, count), .count_size = sizeof(((type *)0)->count)
#define KI_FIELDS(array) .fields = (array), .n_fields = sizeof(array) / sizeof *(array)
#define KI_PLAIN(kind_, type, member, name_)                                                       \
    { .name = name_, .kind = kind_, KI_MEMBER_(type, member) }
#define KI_BOUNDED(kind_, type, member, low_, high_)                                               \
    { .name = #member, .kind = kind_, KI_MEMBER_(type, member), .low = low_, .high = high_ }
#define KI_LISTED(type, member, count, record_)                                                    \
    {                                                                                              \
        .name = #member, .kind = KI_FIELD_LIST, KI_MEMBER_(type, member), KI_COUNT_(type, count),  \
        .record = record_                                                                          \
    }

/* Every field as if absent. */
void ki_record_clear(const ki_record *record, void *item);
/* KERB_BAD_INPUT naming the first field that is out of its range, NAN, not UTF-8, NULL. Strings
 * and arrays must be readable; nothing is changed. */
kerb_status ki_record_check(const ki_record *record, const void *item, const ki_where *where,
                            kerb_error *err);
/* Deep copy of a checked item, unstated strings settled. */
kerb_status ki_record_copy(const ki_record *record, void *to, const void *from, ki_arena *arena,
                           kerb_error *err);
/* The record's finish, and those of the records in it. */
kerb_status ki_record_finish(const ki_record *record, void *item, const ki_where *where,
                             kerb_error *err);
/* The first ID field's text, or NULL. */
const char *ki_record_id(const ki_record *record, const void *item);

/* KERB_BAD_INPUT: "<where>, field <name>: <format...>". */
kerb_status ki_where_fail(const ki_where *where, const char *field, kerb_error *err,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Members by offset, whatever their size. */
static inline const void *ki_member(const void *item, size_t offset) {
    return (const char *)item + offset;
}
int64_t ki_get_integer(const void *member, size_t size);
void ki_set_integer(void *member, size_t size, int64_t value);
#endif
