/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_list.h - fill reports by the million, each in some 16 bytes instead of 88: read one after
 * another, or again by its place.
 *
 *   block ──► flags │ container │ measured │ received │ fill │ mass │ trust │ source ...
 *             flags │ container │ ...          what is not stated takes no byte
 *
 * What comes out is bit by bit what went in. Not thread-safe while it grows. */
#ifndef KI_REPORT_LIST_H
#define KI_REPORT_LIST_H
#include "base/arena.h"
#include "base/ids.h"
#include "kerbside.h"

typedef struct ki_report_block {
    uint8_t *bytes;
    size_t used;
} ki_report_block;

typedef struct ki_report_list { /* all zero: empty */
    size_t n;
    const kerb_report *plain; /* borrowed, in place of all that follows; n of them */
    ki_report_block *blocks;
    size_t n_blocks, blocks_capacity;
    int64_t base_s; /* measured_s of the first */
    ki_arena arena; /* of the texts */
    ki_ids ids;
    const char **names; /* [n_names] containers, sources and alarms, each once */
    size_t n_names, names_capacity;
} ki_report_list;

typedef struct ki_report_at { /* all zero: before the first */
    size_t next;
    uint32_t place; /* of the report that was read last: see ki_report_list_get */
    int32_t name;   /* index of its container's id among the names; -1 of a plain list */
} ki_report_at;

/* Adds a copy; texts that are empty count as none. Labels are borrowed: they must live as long as
 * the list. 0 on success, -1 out of memory or of places (4 GiB of reports). */
int ki_report_list_add(ki_report_list *list, const kerb_report *report);
/* The next report, its texts those of the list. 0: there is none. */
int ki_report_list_next(const ki_report_list *list, ki_report_at *at, kerb_report *report);
/* The report at a place that ki_report_list_next told. */
void ki_report_list_get(const ki_report_list *list, uint32_t place, kerb_report *report);
/* Takes the report that was read last out of the list; its place may still be asked for. */
void ki_report_list_drop(ki_report_list *list, const ki_report_at *at);
/* The list as it was when it held so much: undoes additions, never drops. */
typedef struct ki_report_mark {
    size_t n, n_blocks, used;
} ki_report_mark;
ki_report_mark ki_report_list_mark(const ki_report_list *list);
void ki_report_list_rewind(ki_report_list *list, ki_report_mark mark);
void ki_report_list_free(ki_report_list *list);
#endif
