/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_messages.c - a stream of kerbside.v1.Report messages as a table of reports: each message
 * behind its length as a varint, as protobuf libraries write them (writeDelimitedTo). The values
 * become text like those of any table, so that one set of rules and words judges all of them. A
 * message that does not parse is one bad row; a length that cannot be right ends the file. */
#include "base/alloc.h"
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "kerbside/v1/problem.pb-c.h"
#include "messages_record.h"
#include "tables_source.h"

#include <stdio.h>
#include <string.h>

enum { MAX_MESSAGE_BYTES = 64 << 10, SLOT_CHARS = 40 };
enum { BIN, MEASURED, RECEIVED, FILL, MASS, SOURCE, TRUST, ALARM, N_COLUMNS };

static const char *const COLUMNS[N_COLUMNS] = {"container_id", "measured", "received", "fill_ratio",
                                               "mass_kg",      "source",   "trust",    "alarm"};

typedef struct message_source {
    ki_source base;
    char *path, *bytes;
    size_t n_bytes, at;
    int64_t n_messages;
    ProtobufCMessage *message; /* NULL: the row has a fault */
    char fault[KI_SOURCE_FAULT_CHARS], slot[SLOT_CHARS];
} message_source;

static message_source *own(ki_source *source) {
    return (message_source *)(void *)source;
}

static kerb_status refuse(const message_source *in, const char *found, size_t length,
                          kerb_error *err) {
    return ki_fail(err, KERB_BAD_INPUT,
                   "%s, record %lld, byte %zu: %s %zu, expected the length of a Report, at most %d",
                   in->path, (long long)in->n_messages + 1, in->at, found, length,
                   (int)MAX_MESSAGE_BYTES);
}

static kerb_status read_length(message_source *in, size_t *length, kerb_error *err) {
    *length = 0;
    for (size_t used = 0, shift = 0;; used++, shift += 7) {
        if (in->at + used >= in->n_bytes || used == 3)
            return refuse(in, used == 3 ? "a length above" : "a length cut short after", *length,
                          err);
        unsigned char byte = (unsigned char)in->bytes[in->at + used];
        *length |= (size_t)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        if (*length > MAX_MESSAGE_BYTES) return refuse(in, "length", *length, err);
        in->at += used + 1;
        return KERB_OK;
    }
}

static kerb_status unpack(message_source *in, size_t length, kerb_error *err) {
    ki_message_budget budget;
    kerb_error why = {0};
    kerb_status status =
        ki_message_unpack(&in->message, &budget, &kerbside__v1__report__descriptor,
                          (const uint8_t *)in->bytes + in->at, length, "report message", &why);
    if (status == KERB_NO_MEMORY) return ki_fail_no_memory(err, in->path);
    if (status == KERB_OK) return KERB_OK;
    in->message = NULL;
    snprintf(in->fault, sizeof in->fault, "byte %zu: %.120s", in->at, why.message);
    return KERB_OK;
}

static kerb_status messages_next(ki_source *source, int *more, kerb_error *err) {
    message_source *in = own(source);
    size_t length, left;
    if (in->message) ki_message_free(in->message);
    in->message = NULL;
    in->fault[0] = '\0';
    *more = in->at < in->n_bytes;
    if (!*more) return KERB_OK;
    KI_TRY(read_length(in, &length, err));
    left = in->n_bytes - in->at;
    if (length > left) {
        snprintf(in->fault, sizeof in->fault,
                 "byte %zu: cut short, %zu of %zu bytes of the message", in->at, left, length);
        length = left;
    } else {
        KI_TRY(unpack(in, length, err));
    }
    in->at += length;
    in->n_messages++;
    return KERB_OK;
}

/* ---- values ---------------------------------------------------------------------------------- */

static const char *instant_text(int64_t instant_s, char slot[SLOT_CHARS]) {
    int64_t day = ki_day_of(instant_s);
    int32_t year, month, of_month;
    if (day < -700000 || day > 2900000) {
        snprintf(slot, SLOT_CHARS, "%lld s", (long long)instant_s);
        return slot;
    }
    int second = (int)(instant_s - day * KI_DAY_S);
    ki_civil_from_days(day, &year, &month, &of_month);
    snprintf(slot, SLOT_CHARS, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, of_month,
             second / 3600, second / 60 % 60, second % 60);
    return slot;
}

static const char *number_text(int has, double value, char slot[SLOT_CHARS]) {
    if (!has) return "";
    snprintf(slot, SLOT_CHARS, "%.15g", value);
    return slot;
}

static const char *messages_value(ki_source *source, int column) {
    message_source *in = own(source);
    const Kerbside__V1__Report *report = (const Kerbside__V1__Report *)(const void *)in->message;
    if (!report) return "";
    switch (column) {
    case BIN: return report->container_id ? report->container_id : "";
    case SOURCE: return report->source ? report->source : "";
    case ALARM: return report->alarm ? report->alarm : "";
    case MEASURED: return report->has_measured_s ? instant_text(report->measured_s, in->slot) : "";
    case RECEIVED: return report->has_received_s ? instant_text(report->received_s, in->slot) : "";
    case FILL: return number_text(report->has_fill_ratio, report->fill_ratio, in->slot);
    case MASS: return number_text(report->has_mass_kg, report->mass_kg, in->slot);
    case TRUST: return number_text(report->has_trust_ratio, report->trust_ratio, in->slot);
    default: return "";
    }
}

static int messages_column(ki_source *source, const char *name) {
    (void)source;
    for (int column = 0; column < N_COLUMNS; column++)
        if (strcmp(COLUMNS[column], name) == 0) return column;
    return -1;
}

static size_t messages_n_columns(const ki_source *source) {
    (void)source;
    return N_COLUMNS;
}

static const char *messages_column_name(const ki_source *source, size_t column) {
    (void)source;
    return COLUMNS[column];
}

static const char *messages_fault(const ki_source *source) {
    const message_source *in = (const message_source *)(const void *)source;
    return in->fault[0] ? in->fault : NULL;
}

static void messages_free(ki_source *source) {
    message_source *in = own(source);
    if (in->message) ki_message_free(in->message);
    ki_free(in->bytes);
    ki_free(in->path);
    ki_free(in);
}

kerb_status ki_source_open_messages(ki_source **out, const char *path, kerb_error *err) {
    static const ki_source_calls CALLS = {messages_column, messages_n_columns, messages_column_name,
                                          messages_next,   messages_value,     messages_fault,
                                          messages_free};
    message_source *in = ki_alloc_zero(1, sizeof *in);
    *out = NULL;
    if (!in) return ki_fail_no_memory(err, path);
    in->base.calls = &CALLS;
    in->path = ki_strdup(path);
    kerb_status status =
        in->path ? ki_file_read(&in->bytes, &in->n_bytes, path, KI_SOURCE_MAX_BYTES, err)
                 : ki_fail_no_memory(err, path);
    if (status == KERB_OK)
        *out = &in->base;
    else
        messages_free(&in->base);
    return status;
}
