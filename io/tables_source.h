/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_source.h - tables that GDAL does not read: each format fills in one set of calls, and
 * tables.c hands its own calls on to them. */
#ifndef KI_TABLES_SOURCE_H
#define KI_TABLES_SOURCE_H
#include "kerbside.h"

typedef struct ki_source ki_source;
typedef struct ki_source_calls {
    int (*column)(ki_source *source, const char *name); /* -1: absent */
    size_t (*n_columns)(const ki_source *source);
    const char *(*column_name)(const ki_source *source, size_t column);
    /* Fails only where the file cannot be read any further. */
    kerb_status (*next)(ki_source *source, int *more, kerb_error *err);
    const char *(*value)(ki_source *source, int column); /* "" for absent; until the next call */
    const char *(*fault)(const ki_source *source);       /* of the row, in words; NULL: none */
    void (*free)(ki_source *source);
} ki_source_calls;
struct ki_source { /* the first member of each format's own struct */
    const ki_source_calls *calls;
};

/* JSON: an array of objects, or objects one after another; a column is a path of keys. */
kerb_status ki_source_open_json(ki_source **out, const char *path, kerb_error *err);
/* kerbside.v1.Report messages, each behind its length as a varint. */
kerb_status ki_source_open_messages(ki_source **out, const char *path, kerb_error *err);

enum { KI_SOURCE_FAULT_CHARS = 160 };
static const size_t KI_SOURCE_MAX_BYTES = (size_t)2 << 30; /* of any table read whole */
#endif
