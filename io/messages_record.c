/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_record.c - tables of fields to and from protobuf-c messages.
 *
 * protobuf-c describes its structs at run time (offsets, types, counts), and model/record.h
 * describes ours, so one walk over both serves every message. Canonical bytes follow: protobuf-c
 * writes fields in the order of their numbers, and what equals "absent" is never written.
 *
 * protobuf-c accepts invalid UTF-8, unknown enum values and any amount of memory a small message
 * asks for (empty submessages: 70 times its size); hence the budget here and the checks of
 * record.c afterwards. The schema has no recursion, so depth is bounded by the schema. */
#include "io/messages_record.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/messages.h"
#include "kerbside/v1/common.pb-c.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef ProtobufCFieldDescriptor wire_field;

/* ---- finding and touching fields of messages ------------------------------------------------- */

static void find_fields(const wire_field **wires, const ki_record *record,
                        const ProtobufCMessageDescriptor *descriptor) {
    assert(record->n_fields <= KI_MAX_FIELDS);
    for (size_t f = 0; f < record->n_fields; f++) {
        wires[f] =
            protobuf_c_message_descriptor_get_field_by_name(descriptor, record->fields[f].name);
        assert(wires[f]); /* a test compares every table with its message */
    }
}

static void *wire_member(const ProtobufCMessage *message, const wire_field *wire) {
    return (char *)(uintptr_t)message + wire->offset;
}

static size_t *wire_count(const ProtobufCMessage *message, const wire_field *wire) {
    return (size_t *)(void *)((char *)(uintptr_t)message + wire->quantifier_offset);
}

static void set_present(ProtobufCMessage *message, const wire_field *wire) {
    protobuf_c_boolean yes = 1;
    memcpy((char *)message + wire->quantifier_offset, &yes, sizeof yes);
}

static int is_present(const ProtobufCMessage *message, const wire_field *wire) {
    protobuf_c_boolean present;
    memcpy(&present, (const char *)message + wire->quantifier_offset, sizeof present);
    return present != 0;
}

static void *get_pointer(const void *member) {
    void *pointer;
    memcpy(&pointer, member, sizeof pointer);
    return pointer;
}

static void set_pointer(void *member, const void *pointer) {
    memcpy(member, &pointer, sizeof pointer);
}

ProtobufCMessage *ki_message_new(const ProtobufCMessageDescriptor *descriptor, ki_arena *arena) {
    ProtobufCMessage *message = ki_arena_alloc(arena, 1, descriptor->sizeof_message);
    if (message) descriptor->message_init(message);
    return message;
}

/* ---- to a message ---------------------------------------------------------------------------- */

static void write_scalar(const ki_field *field, const void *member, ProtobufCMessage *message,
                         const wire_field *wire) {
    double number = 0;
    int64_t value = 0;
    int absent;
    if (field->kind == KI_FIELD_DOUBLE || field->kind == KI_FIELD_MEASURE) {
        memcpy(&number, member, sizeof number);
        absent = field->kind == KI_FIELD_MEASURE ? isnan(number) : number == 0;
        if (!absent) memcpy(wire_member(message, wire), &number, sizeof number);
    } else {
        value = ki_get_integer(member, field->size);
        if (field->kind == KI_FIELD_ENUM) value += field->wire_shift;
        if (field->kind == KI_FIELD_FLAG) value = value != 0;
        if (field->kind == KI_FIELD_FLAG_NOT) value = value == 0;
        absent = value == (field->kind == KI_FIELD_INSTANT ? KERB_NO_TIME : 0);
        int wide = wire->type == PROTOBUF_C_TYPE_SINT64 || wire->type == PROTOBUF_C_TYPE_UINT64;
        if (!absent) ki_set_integer(wire_member(message, wire), wide ? 8 : 4, value);
    }
    if (!absent) set_present(message, wire);
}

/* A list of structs that are one text each is a list of texts. */
static kerb_status write_texts(const ki_field *field, const void *item, ProtobufCMessage *message,
                               const wire_field *wire, ki_arena *arena, kerb_error *err) {
    size_t n = (size_t)ki_get_integer(ki_member(item, field->count_offset), field->count_size);
    const char *from = get_pointer(ki_member(item, field->offset));
    void **list = ki_arena_alloc(arena, n, sizeof *list);
    if (!list) return ki_fail_no_memory(err, field->name);
    for (size_t k = 0; k < n; k++, from += field->record->size)
        list[k] = get_pointer(ki_member(from, field->record->fields[0].offset));
    set_pointer(wire_member(message, wire), list);
    *wire_count(message, wire) = n;
    return KERB_OK;
}

static kerb_status write_list(const ki_field *field, const void *item, ProtobufCMessage *message,
                              const wire_field *wire, ki_arena *arena, kerb_error *err) {
    if (wire->type == PROTOBUF_C_TYPE_STRING)
        return write_texts(field, item, message, wire, arena, err);
    size_t n = (size_t)ki_get_integer(ki_member(item, field->count_offset), field->count_size);
    const char *from = get_pointer(ki_member(item, field->offset));
    ProtobufCMessage **list = ki_arena_alloc(arena, n, sizeof *list);
    if (!list) return ki_fail_no_memory(err, field->name);
    for (size_t k = 0; k < n; k++, from += field->record->size) {
        list[k] = ki_message_new(wire->descriptor, arena);
        if (!list[k]) return ki_fail_no_memory(err, field->name);
        KI_TRY(ki_record_to_message(field->record, from, list[k], arena, err));
    }
    set_pointer(wire_member(message, wire), list);
    *wire_count(message, wire) = n;
    return KERB_OK;
}

static kerb_status write_inner(const ki_field *field, const void *member, ProtobufCMessage *message,
                               const wire_field *wire, ki_arena *arena, kerb_error *err) {
    ProtobufCMessage *inner = ki_message_new(wire->descriptor, arena);
    if (!inner) return ki_fail_no_memory(err, field->name);
    KI_TRY(ki_record_to_message(field->record, member, inner, arena, err));
    if (protobuf_c_message_get_packed_size(inner) > 0)
        set_pointer(wire_member(message, wire), inner);
    return KERB_OK;
}

/* Differences wrap around: exact for any pairs. */
static kerb_status write_points(const ki_field *field, const void *item, ProtobufCMessage *message,
                                const wire_field *wire, ki_arena *arena, kerb_error *err) {
    size_t n = 2 * (size_t)ki_get_integer(ki_member(item, field->count_offset), field->count_size);
    const int32_t *points = get_pointer(ki_member(item, field->offset));
    int32_t *deltas = ki_arena_alloc(arena, n, sizeof *deltas);
    if (!deltas) return ki_fail_no_memory(err, field->name);
    for (size_t k = 0; k < n; k++)
        deltas[k] = (int32_t)((uint32_t)points[k] - (k < 2 ? 0 : (uint32_t)points[k - 2]));
    set_pointer(wire_member(message, wire), deltas);
    *wire_count(message, wire) = n;
    return KERB_OK;
}

static kerb_status write_by_stream(const void *member, ProtobufCMessage *message,
                                   const wire_field *wire, ki_arena *arena, kerb_error *err) {
    int64_t mass_g[KERB_N_STREAMS];
    memcpy(mass_g, member, sizeof mass_g);
    ProtobufCMessage **list = ki_arena_alloc(arena, KERB_N_STREAMS, sizeof *list);
    if (!list) return ki_fail_no_memory(err, wire->name);
    size_t n = 0;
    for (int stream = 0; stream < KERB_N_STREAMS; stream++) {
        if (mass_g[stream] == 0) continue;
        list[n] = ki_message_new(&kerbside__v1__stream_mass__descriptor, arena);
        if (!list[n]) return ki_fail_no_memory(err, wire->name);
        Kerbside__V1__StreamMass *entry = (Kerbside__V1__StreamMass *)(void *)list[n++];
        entry->has_stream = entry->has_mass_g = 1;
        entry->stream = (Kerbside__V1__Stream)stream;
        entry->mass_g = mass_g[stream];
    }
    set_pointer(wire_member(message, wire), list);
    *wire_count(message, wire) = n;
    return KERB_OK;
}

/* Arrays that lie in the struct as they do in the message are borrowed. */
static void write_block(const void *block, size_t n, ProtobufCMessage *message,
                        const wire_field *wire) {
    set_pointer(wire_member(message, wire), block);
    *wire_count(message, wire) = block ? n : 0;
}

static size_t loads_count(const double *loads) {
    size_t n = loads ? KI_MAX_COMPARTMENTS : 0;
    while (n && loads[n - 1] == 0)
        n--;
    return n;
}

static int is_worth_writing(const ki_field *field, const char *text) {
    return text && *text && (field->kind != KI_FIELD_FOREIGN || ki_is_utf8(text));
}

static kerb_status write_field(const ki_field *field, const void *item, ProtobufCMessage *message,
                               const wire_field *wire, ki_arena *arena, kerb_error *err) {
    const void *member = ki_member(item, field->offset);
    const char *text;
    switch (field->kind) {
    case KI_FIELD_ID:
    case KI_FIELD_STRING:
    case KI_FIELD_STRING_OR_NULL:
    case KI_FIELD_FOREIGN:
        text = get_pointer(member);
        if (is_worth_writing(field, text)) set_pointer(wire_member(message, wire), text);
        return KERB_OK;
    case KI_FIELD_LIST: return write_list(field, item, message, wire, arena, err);
    case KI_FIELD_RECORD: return write_inner(field, member, message, wire, arena, err);
    case KI_FIELD_POINTS: return write_points(field, item, message, wire, arena, err);
    case KI_FIELD_BY_STREAM: return write_by_stream(member, message, wire, arena, err);
    case KI_FIELD_ENUMS:
        write_block(get_pointer(member),
                    (size_t)ki_get_integer(ki_member(item, field->count_offset), field->count_size),
                    message, wire);
        return KERB_OK;
    case KI_FIELD_LOADS:
        write_block(get_pointer(member), loads_count(get_pointer(member)), message, wire);
        return KERB_OK;
    default: write_scalar(field, member, message, wire); return KERB_OK;
    }
}

kerb_status ki_record_to_message(const ki_record *record, const void *item,
                                 ProtobufCMessage *message, ki_arena *arena, kerb_error *err) {
    const wire_field *wires[KI_MAX_FIELDS];
    find_fields(wires, record, message->descriptor);
    for (size_t f = 0; f < record->n_fields; f++)
        KI_TRY(write_field(&record->fields[f], item, message, wires[f], arena, err));
    return KERB_OK;
}

/* ---- from a message -------------------------------------------------------------------------- */

static kerb_status read_string(const ki_field *field, void *member, const char *text,
                               ki_arena *arena, kerb_error *err) {
    if (!is_worth_writing(field, text)) return KERB_OK; /* as cleared */
    const char *copy = ki_arena_strdup(arena, text);
    if (!copy) return ki_fail_no_memory(err, field->name);
    set_pointer(member, copy);
    return KERB_OK;
}

static void read_scalar(const ki_field *field, void *member, const ProtobufCMessage *message,
                        const wire_field *wire) {
    if (!is_present(message, wire)) return;
    const void *from = wire_member(message, wire);
    if (wire->type == PROTOBUF_C_TYPE_DOUBLE) {
        memcpy(member, from, sizeof(double));
        return;
    }
    int wide = wire->type == PROTOBUF_C_TYPE_SINT64 || wire->type == PROTOBUF_C_TYPE_UINT64;
    int64_t value = ki_get_integer(from, wide ? 8 : 4);
    if (field->kind == KI_FIELD_FLAG) value = value != 0;
    if (field->kind == KI_FIELD_FLAG_NOT) value = value == 0;
    ki_set_integer(member, field->size, value);
}

/* Checked here, not later: a value shifted out of range must not wrap into it. */
static kerb_status read_enum(const ki_field *field, void *member, const ProtobufCMessage *message,
                             const wire_field *wire, const ki_where *where, kerb_error *err) {
    int64_t value = is_present(message, wire) ? ki_get_integer(wire_member(message, wire), 4) : 0;
    double low = field->low + field->wire_shift, high = field->high + field->wire_shift;
    if ((double)value < low || (double)value > high)
        return ki_where_fail(where, field->name, err, "%lld, expected %.0f to %.0f",
                             (long long)value, low, high);
    ki_set_integer(member, field->size, value - field->wire_shift);
    return KERB_OK;
}

static kerb_status read_list(const ki_field *field, void *item, const ProtobufCMessage *message,
                             const wire_field *wire, ki_arena *arena, const ki_where *where,
                             kerb_error *err) {
    size_t n = *wire_count(message, wire);
    ProtobufCMessage **list = get_pointer(wire_member(message, wire));
    if (n > KI_MAX_LIST)
        return ki_where_fail(where, field->name, err, "%zu entries, expected at most %d", n,
                             (int)KI_MAX_LIST);
    char *to = n ? ki_arena_alloc(arena, n, field->record->size) : NULL;
    if (n && !to) return ki_fail_no_memory(err, field->name);
    set_pointer((char *)item + field->offset, to);
    ki_set_integer((char *)item + field->count_offset, field->count_size, (int64_t)n);
    for (size_t k = 0; k < n; k++, to += field->record->size) {
        ki_where inner = {where, field->name, (long long)k, NULL};
        const ki_field *text = &field->record->fields[0];
        if (wire->type == PROTOBUF_C_TYPE_STRING) {
            ki_record_clear(field->record, to);
            KI_TRY(read_string(text, to + text->offset, (char *)list[k], arena, err));
            continue;
        }
        KI_TRY(ki_record_from_message(field->record, to, list[k], arena, &inner, err));
    }
    return KERB_OK;
}

static kerb_status read_inner(const ki_field *field, void *member, const ProtobufCMessage *message,
                              const wire_field *wire, ki_arena *arena, const ki_where *where,
                              kerb_error *err) {
    const ProtobufCMessage *inner = get_pointer(wire_member(message, wire));
    ki_where place = {where, field->name, -1, NULL};
    if (inner) return ki_record_from_message(field->record, member, inner, arena, &place, err);
    return KERB_OK;
}

static kerb_status read_points(const ki_field *field, void *item, const ProtobufCMessage *message,
                               const wire_field *wire, ki_arena *arena, const ki_where *where,
                               kerb_error *err) {
    size_t n = *wire_count(message, wire);
    const int32_t *deltas = get_pointer(wire_member(message, wire));
    if (n % 2 || n > KI_MAX_LIST)
        return ki_where_fail(where, field->name, err, "%zu numbers, expected pairs", n);
    int32_t *points = n ? ki_arena_alloc(arena, n, sizeof *points) : NULL;
    if (n && !points) return ki_fail_no_memory(err, field->name);
    for (size_t k = 0; k < n; k++)
        points[k] = (int32_t)((uint32_t)deltas[k] + (k < 2 ? 0 : (uint32_t)points[k - 2]));
    set_pointer((char *)item + field->offset, points);
    ki_set_integer((char *)item + field->count_offset, field->count_size, (int64_t)(n / 2));
    return KERB_OK;
}

static kerb_status read_by_stream(const ki_field *field, void *member,
                                  const ProtobufCMessage *message, const wire_field *wire,
                                  const ki_where *where, kerb_error *err) {
    int64_t mass_g[KERB_N_STREAMS] = {0};
    Kerbside__V1__StreamMass **list = get_pointer(wire_member(message, wire));
    for (size_t k = 0; k < *wire_count(message, wire); k++) {
        unsigned stream = (unsigned)list[k]->stream;
        if (stream >= KERB_N_STREAMS || mass_g[stream] != 0)
            return ki_where_fail(where, field->name, err,
                                 "stream %d, expected each of 0 to %d once", (int)stream,
                                 KERB_N_STREAMS - 1);
        mass_g[stream] = list[k]->mass_g;
    }
    memcpy(member, mass_g, sizeof mass_g);
    return KERB_OK;
}

static kerb_status read_enums(const ki_field *field, void *item, const ProtobufCMessage *message,
                              const wire_field *wire, ki_arena *arena, kerb_error *err) {
    size_t n = *wire_count(message, wire);
    void *copy = n ? ki_arena_copy(arena, get_pointer(wire_member(message, wire)), n, 4) : NULL;
    if (n && !copy) return ki_fail_no_memory(err, field->name);
    set_pointer((char *)item + field->offset, copy);
    ki_set_integer((char *)item + field->count_offset, field->count_size, (int64_t)n);
    return KERB_OK;
}

static kerb_status read_loads(const ki_field *field, void *member, const ProtobufCMessage *message,
                              const wire_field *wire, ki_arena *arena, const ki_where *where,
                              kerb_error *err) {
    const double *loads;
    KI_TRY(ki_draft_copy_loads(&loads, field->name, get_pointer(wire_member(message, wire)),
                               *wire_count(message, wire), arena, where, err));
    set_pointer(member, loads);
    return KERB_OK;
}

static kerb_status read_field(const ki_field *field, void *item, const ProtobufCMessage *message,
                              const wire_field *wire, ki_arena *arena, const ki_where *where,
                              kerb_error *err) {
    char *member = (char *)item + field->offset;
    switch (field->kind) {
    case KI_FIELD_ID:
    case KI_FIELD_STRING:
    case KI_FIELD_STRING_OR_NULL:
    case KI_FIELD_FOREIGN:
        return read_string(field, member, get_pointer(wire_member(message, wire)), arena, err);
    case KI_FIELD_LIST: return read_list(field, item, message, wire, arena, where, err);
    case KI_FIELD_RECORD: return read_inner(field, member, message, wire, arena, where, err);
    case KI_FIELD_POINTS: return read_points(field, item, message, wire, arena, where, err);
    case KI_FIELD_BY_STREAM: return read_by_stream(field, member, message, wire, where, err);
    case KI_FIELD_ENUMS: return read_enums(field, item, message, wire, arena, err);
    case KI_FIELD_LOADS: return read_loads(field, member, message, wire, arena, where, err);
    case KI_FIELD_ENUM: return read_enum(field, member, message, wire, where, err);
    default: read_scalar(field, member, message, wire); return KERB_OK;
    }
}

kerb_status ki_record_from_message(const ki_record *record, void *item,
                                   const ProtobufCMessage *message, ki_arena *arena,
                                   const ki_where *where, kerb_error *err) {
    const wire_field *wires[KI_MAX_FIELDS];
    find_fields(wires, record, message->descriptor);
    ki_record_clear(record, item);
    for (size_t f = 0; f < record->n_fields; f++)
        KI_TRY(read_field(&record->fields[f], item, message, wires[f], arena, where, err));
    return KERB_OK;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

kerb_status ki_message_pack(uint8_t **out, size_t *n_out, const ProtobufCMessage *message,
                            const char *name, kerb_error *err) {
    size_t n = protobuf_c_message_get_packed_size(message);
    if (n > KI_MESSAGE_MAX_BYTES)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %zu bytes, expected at most %d", name, n,
                       (int)KI_MESSAGE_MAX_BYTES);
    uint8_t *bytes = ki_alloc(n);
    if (!bytes) return ki_fail_no_memory(err, name);
    protobuf_c_message_pack(message, bytes);
    *out = bytes;
    *n_out = n;
    return KERB_OK;
}

static void *budget_alloc(void *payload, size_t size) {
    ki_message_budget *budget = payload;
    if (size > budget->limit - budget->used) {
        budget->refused = 1;
        return NULL;
    }
    void *block = ki_alloc(size);
    if (block)
        budget->used += size;
    else
        budget->failed = 1;
    return block;
}

static void budget_free(void *payload, void *block) {
    (void)payload;
    ki_free(block);
}

size_t ki_message_budget_bytes(size_t n_in) {
    const size_t most = (size_t)1 << 32, base = 1 << 20;
    return n_in > (most - base) / 64 ? most : 64 * n_in + base;
}

kerb_status ki_message_unpack(ProtobufCMessage **out, ki_message_budget *budget,
                              const ProtobufCMessageDescriptor *descriptor, const uint8_t *in,
                              size_t n_in, const char *name, kerb_error *err) {
    *out = NULL;
    if (!in && n_in) return ki_fail(err, KERB_BAD_CALL, "%s: NULL with %zu bytes", name, n_in);
    if (n_in > KI_MESSAGE_MAX_BYTES)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %zu bytes, expected at most %d", name, n_in,
                       (int)KI_MESSAGE_MAX_BYTES);
    *budget = (ki_message_budget){.limit = ki_message_budget_bytes(n_in)};
    ProtobufCAllocator allocator = {budget_alloc, budget_free, budget};
    *out = protobuf_c_message_unpack(descriptor, &allocator, n_in, in);
    if (*out) return KERB_OK;
    if (budget->failed) return ki_fail_no_memory(err, name);
    if (budget->refused)
        return ki_fail(err, KERB_BAD_INPUT, "%s: %zu bytes that unfold to more than %zu: damaged",
                       name, n_in, budget->limit);
    return ki_fail(err, KERB_BAD_INPUT, "%s: not a %s: damaged or cut short (%zu bytes)", name,
                   descriptor->name, n_in);
}

void ki_message_free(ProtobufCMessage *message) {
    ki_message_budget unused = {0};
    ProtobufCAllocator allocator = {budget_alloc, budget_free, &unused};
    if (message) protobuf_c_message_free_unpacked(message, &allocator);
}

static int is_known(const char *feature, const char *const *known, size_t n_known) {
    for (size_t k = 0; k < n_known; k++)
        if (strcmp(feature, known[k]) == 0) return 1;
    return 0;
}

kerb_status ki_message_check_version(uint32_t schema_version, char *const *features,
                                     size_t n_features, const char *const *known, size_t n_known,
                                     const char *name, kerb_error *err) {
    if (schema_version == 0)
        return ki_fail(err, KERB_BAD_INPUT, "%s, field schema_version: absent, expected %d", name,
                       KI_SCHEMA_VERSION);
    if (schema_version > KI_SCHEMA_VERSION)
        return ki_fail(err, KERB_UNSUPPORTED, "%s, field schema_version: %u, expected at most %d",
                       name, schema_version, KI_SCHEMA_VERSION);
    for (size_t k = 0; k < n_features; k++)
        if (!is_known(features[k], known, n_known))
            return ki_fail(err, KERB_UNSUPPORTED,
                           "%s, field required_features[%zu]: \"%.60s\", which this engine (%s) "
                           "does not know",
                           name, k, ki_is_utf8(features[k]) ? features[k] : "?", KERB_VERSION);
    return KERB_OK;
}
