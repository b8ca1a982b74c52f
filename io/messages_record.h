/* SPDX-License-Identifier: GPL-3.0-or-later
 * messages_record.h - structs described by tables (model/record.h) to and from protobuf-c
 * messages: a table's field and a message's field of the same name belong together. */
#ifndef KI_MESSAGES_RECORD_H
#define KI_MESSAGES_RECORD_H
#include "model/record.h"

#include <protobuf-c/protobuf-c.h>

enum { KI_SCHEMA_VERSION = 1 };

/* An empty message in the arena; NULL: no memory. */
ProtobufCMessage *ki_message_new(const ProtobufCMessageDescriptor *descriptor, ki_arena *arena);

/* Fills an empty message; strings are borrowed from the item, all else is in the arena. */
kerb_status ki_record_to_message(const ki_record *record, const void *item,
                                 ProtobufCMessage *message, ki_arena *arena, kerb_error *err);
/* Fills an item with copies in the arena; where names the message in errors. Ranges are not looked
 * at: ki_record_check does. */
kerb_status ki_record_from_message(const ki_record *record, void *item,
                                   const ProtobufCMessage *message, ki_arena *arena,
                                   const ki_where *where, kerb_error *err);

/* Serialises into a new buffer (ki_free). name is for errors: "problem message". */
kerb_status ki_message_pack(uint8_t **out, size_t *n_out, const ProtobufCMessage *message,
                            const char *name, kerb_error *err);

/* Parses under a memory budget. The result is freed by ki_message_free. */
typedef struct ki_message_budget {
    size_t used, limit;
    int refused, failed;
} ki_message_budget;
size_t ki_message_budget_bytes(size_t n_in);
kerb_status ki_message_unpack(ProtobufCMessage **out, ki_message_budget *budget,
                              const ProtobufCMessageDescriptor *descriptor, const uint8_t *in,
                              size_t n_in, const char *name, kerb_error *err);
void ki_message_free(ProtobufCMessage *message);

/* KERB_UNSUPPORTED for a newer schema or a feature not in known[n_known]. */
kerb_status ki_message_check_version(uint32_t schema_version, char *const *features,
                                     size_t n_features, const char *const *known, size_t n_known,
                                     const char *name, kerb_error *err);
#endif
