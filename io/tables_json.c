/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_json.c - JSON as a table: one object a row. The parser is json-c, which GDAL brings along
 * (decision 38 says why not libfyaml, nor one of our own); only the steps from object to object are
 * taken here, so that a file of any size is never in memory as a tree.
 *
 *   [ {...}, {...} ]     an array: what does not parse ends the file
 *   {...}                objects one after another, a line each or over several: the next one that
 *   {...}                begins a line goes on after one that is broken, which is one bad row
 *
 * Which columns there are is known from the first thousand objects; one that is asked for and rare
 * (an alarm) is looked for in the bytes of the whole file. */
#define _GNU_SOURCE
#include "tables_json.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ids.h"
#include "tables_source.h"

#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_ENTRY_BYTES = 16 << 20, N_SEEN_FIRST = 1000, MAX_COLUMNS = 1000 };

typedef struct column {
    const char *path;
    ki_ngsi ngsi;
} column;

typedef struct json_source {
    ki_source base;
    ki_arena arena;
    char *path, *bytes;
    size_t n_bytes, at;
    int64_t line, n_entries; /* line of `at`, from 1 */
    int is_array, ended, is_ngsi;
    json_tokener *reader;
    json_object *entry;
    size_t instant, n_instants; /* of an entity that holds several */
    column *columns;
    size_t n_columns, columns_capacity;
    ki_ids names;
    int failed; /* out of memory while columns are gathered */
    char fault[KI_SOURCE_FAULT_CHARS];
} json_source;

static json_source *own(ki_source *source) {
    return (json_source *)(void *)source;
}

static const json_source *own_const(const ki_source *source) {
    return (const json_source *)(const void *)source;
}

/* ---- from object to object ------------------------------------------------------------------- */

static void move_to(json_source *in, size_t at) {
    for (; in->at < at; in->at++)
        in->line += in->bytes[in->at] == '\n';
}

static int next_char(json_source *in) {
    move_to(in, in->at + strspn(in->bytes + in->at, " \t\r\n"));
    return in->at < in->n_bytes ? (unsigned char)in->bytes[in->at] : -1;
}

static kerb_status refuse(const json_source *in, const char *expected, kerb_error *err) {
    if (in->at >= in->n_bytes)
        return ki_fail(err, KERB_BAD_INPUT, "%s, line %lld: ends here, expected %s", in->path,
                       (long long)in->line, expected);
    unsigned char found = (unsigned char)in->bytes[in->at];
    return ki_fail(err, KERB_BAD_INPUT,
                   found > 0x20 && found < 0x7f ? "%s, line %lld: '%c', expected %s"
                                                : "%s, line %lld: byte %d, expected %s",
                   in->path, (long long)in->line, found, expected);
}

/* Where the object ends; in->entry NULL and a fault in words if it is none. */
static size_t parse_entry(json_source *in) {
    static const char *const TYPES[] = {"null",      "true or false", "a number", "a number",
                                        "an object", "a list",        "a text"};
    size_t left = in->n_bytes - in->at;
    int n = (int)(left < MAX_ENTRY_BYTES ? left : MAX_ENTRY_BYTES);
    json_tokener_reset(in->reader);
    in->entry = json_tokener_parse_ex(in->reader, in->bytes + in->at, n);
    enum json_tokener_error error = json_tokener_get_error(in->reader);
    size_t parsed = json_tokener_get_parse_end(in->reader);
    if (error == json_tokener_success && json_object_is_type(in->entry, json_type_object))
        return in->at + parsed;
    if (error == json_tokener_success)
        snprintf(in->fault, sizeof in->fault, "line %lld: %s, expected an object",
                 (long long)in->line, TYPES[json_object_get_type(in->entry)]);
    else if (error == json_tokener_continue)
        snprintf(in->fault, sizeof in->fault, "line %lld: %s", (long long)in->line,
                 left > (size_t)n ? "an object of more than 16 MiB" : "an object cut short");
    else
        snprintf(in->fault, sizeof in->fault, "line %lld: not JSON at byte %zu of the object: %s",
                 (long long)in->line, parsed + 1, json_tokener_error_desc(error));
    json_object_put(in->entry);
    in->entry = NULL;
    return in->at + parsed;
}

/* The next line that begins with an object. */
static size_t after_broken(const json_source *in) {
    const char *found = memmem(in->bytes + in->at, in->n_bytes - in->at, "\n{", 2);
    return found ? (size_t)(found - in->bytes) + 1 : in->n_bytes;
}

static kerb_status next_of_array(json_source *in, int *more, kerb_error *err) {
    int c = next_char(in);
    if (in->n_entries && c == ',') {
        move_to(in, in->at + 1);
        if (next_char(in) != '{') return refuse(in, "an object", err);
    } else if (c == ']') {
        move_to(in, in->at + 1);
        if (next_char(in) >= 0) return refuse(in, "nothing behind the list", err);
        *more = 0;
        return KERB_OK;
    } else if (in->n_entries || c != '{') {
        return refuse(in, in->n_entries ? "',' or ']'" : "an object or ']'", err);
    }
    size_t end = parse_entry(in);
    if (!in->entry) return ki_fail(err, KERB_BAD_INPUT, "%s, %s", in->path, in->fault);
    move_to(in, end);
    return KERB_OK;
}

static void next_of_lines(json_source *in, int *more) {
    *more = next_char(in) >= 0;
    if (!*more) return;
    size_t end = parse_entry(in);
    move_to(in, in->entry ? end : after_broken(in));
}

static kerb_status next_entry(json_source *in, int *more, kerb_error *err) {
    json_object_put(in->entry);
    in->entry = NULL;
    in->fault[0] = '\0';
    *more = !in->ended;
    if (in->ended) return KERB_OK;
    if (in->is_array)
        KI_TRY(next_of_array(in, more, err));
    else
        next_of_lines(in, more);
    in->ended = !*more;
    in->n_entries += *more;
    in->instant = 0;
    in->n_instants = in->entry && in->is_ngsi ? ki_ngsi_n_instants(in->entry) : 1;
    return KERB_OK;
}

static kerb_status rewind_entries(json_source *in, kerb_error *err) {
    static const char MARK[] = "\xef\xbb\xbf";
    in->at = in->n_bytes >= 3 && memcmp(in->bytes, MARK, 3) == 0 ? 3 : 0;
    in->line = 1;
    in->n_entries = in->ended = 0;
    int first = next_char(in);
    in->is_array = first == '[';
    if (in->is_array)
        move_to(in, in->at + 1);
    else if (first != '{')
        return refuse(in, "an object or a list of objects", err);
    return KERB_OK;
}

/* ---- columns --------------------------------------------------------------------------------- */

static int add_column(json_source *in, const char *path, ki_ngsi ngsi) {
    const char *kept = ki_arena_strdup(&in->arena, path);
    if (!kept ||
        ki_grow(&in->columns, &in->columns_capacity, in->n_columns + 1, sizeof *in->columns) ||
        ki_ids_put(&in->names, &in->arena, kept, (int32_t)in->n_columns)) {
        in->failed = 1;
        return -1;
    }
    in->columns[in->n_columns] = (column){kept, ngsi};
    return (int)in->n_columns++;
}

static int gather(void *of, const char *path) {
    json_source *in = of;
    if (ki_ids_find(&in->names, path) == KI_ID_ABSENT) add_column(in, path, KI_NGSI_NONE);
    return in->failed || in->n_columns >= MAX_COLUMNS;
}

static kerb_status gather_columns(json_source *in, kerb_error *err) {
    int more = 1;
    KI_TRY(rewind_entries(in, err));
    for (int seen = 0; seen < N_SEEN_FIRST && more; seen++) {
        KI_TRY(next_entry(in, &more, err));
        if (!in->entry) continue;
        if (in->n_columns == 0) in->is_ngsi = ki_ngsi_is_container(in->entry);
        ki_json_each_path(in->entry, gather, in);
    }
    return in->failed ? ki_fail_no_memory(err, in->path) : rewind_entries(in, err);
}

static int is_key_somewhere(const json_source *in, const char *key) {
    char quoted[512];
    int n = snprintf(quoted, sizeof quoted, "\"%s\"", key);
    return n > 2 && (size_t)n < sizeof quoted && memmem(in->bytes, in->n_bytes, quoted, (size_t)n);
}

/* A column of reports in a FIWARE entity takes the place of the attribute it is read from. */
static int ngsi_column(json_source *in, ki_ngsi what) {
    const char *there = NULL;
    for (size_t nth = 0; !there && ki_ngsi_attribute(what, nth); nth++)
        if (is_key_somewhere(in, ki_ngsi_attribute(what, nth)))
            there = ki_ngsi_attribute(what, nth);
    if (!there && what == KI_NGSI_MEASURED) there = ki_ngsi_attribute(what, 0); /* of a history */
    if (!there) return -1;
    int32_t known = ki_ids_find(&in->names, there);
    if (known == KI_ID_ABSENT) return add_column(in, there, what);
    in->columns[known].ngsi = what;
    return known;
}

static int json_column(ki_source *source, const char *name) {
    json_source *in = own(source);
    int32_t known = ki_ids_find(&in->names, name);
    if (known != KI_ID_ABSENT) return known;
    ki_ngsi ngsi = in->is_ngsi ? ki_ngsi_of(name) : KI_NGSI_NONE;
    if (ngsi) return ngsi_column(in, ngsi);
    const char *dot = strrchr(name, '.');
    return is_key_somewhere(in, dot ? dot + 1 : name) ? add_column(in, name, KI_NGSI_NONE) : -1;
}

static size_t json_n_columns(const ki_source *source) {
    return own_const(source)->n_columns;
}

static const char *json_column_name(const ki_source *source, size_t at) {
    return own_const(source)->columns[at].path;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static kerb_status json_next(ki_source *source, int *more, kerb_error *err) {
    json_source *in = own(source);
    if (in->failed) return ki_fail_no_memory(err, in->path);
    *more = 1;
    if (in->entry && ++in->instant < in->n_instants) return KERB_OK;
    return next_entry(in, more, err);
}

static const char *json_value(ki_source *source, int at) {
    json_source *in = own(source);
    if (at < 0 || (size_t)at >= in->n_columns || !in->entry) return "";
    const column *wanted = &in->columns[at];
    return wanted->ngsi ? ki_ngsi_value(in->entry, wanted->ngsi, in->instant, in->n_instants)
                        : ki_json_value(in->entry, wanted->path);
}

static const char *json_fault(const ki_source *source) {
    const json_source *in = own_const(source);
    return in->fault[0] ? in->fault : NULL;
}

static void json_free(ki_source *source) {
    json_source *in = own(source);
    json_object_put(in->entry);
    if (in->reader) json_tokener_free(in->reader);
    ki_arena_free(&in->arena);
    ki_free(in->columns);
    ki_free(in->bytes);
    ki_free(in->path);
    ki_free(in);
}

kerb_status ki_source_open_json(ki_source **out, const char *path, kerb_error *err) {
    static const ki_source_calls CALLS = {json_column, json_n_columns, json_column_name, json_next,
                                          json_value,  json_fault,     json_free};
    json_source *in = ki_alloc_zero(1, sizeof *in);
    *out = NULL;
    if (!in) return ki_fail_no_memory(err, path);
    in->base.calls = &CALLS;
    in->path = ki_strdup(path);
    in->reader = json_tokener_new_ex(MAX_DEPTH);
    kerb_status status = KERB_OK;
    if (!in->path || !in->reader)
        status = ki_fail_no_memory(err, path);
    else
        status = ki_file_read(&in->bytes, &in->n_bytes, path, KI_SOURCE_MAX_BYTES, err);
    if (status == KERB_OK) {
        json_tokener_set_flags(in->reader, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
                                               JSON_TOKENER_ALLOW_TRAILING_CHARS);
        status = gather_columns(in, err);
    }
    if (status == KERB_OK)
        *out = &in->base;
    else
        json_free(&in->base);
    return status;
}
