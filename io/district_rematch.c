/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_rematch.c - kerb ids that survive a new extract: each row's run is looked for in the new
 * roads (road/rematch.h), and the row written again with what was found. */
#include "io/district_rematch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/tables.h"
#include "road/rematch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const COLUMNS[] = {"kerb_id", "way_id", "from_node", "to_node"};
enum { KERB_ID, WAY_ID, FROM_NODE, TO_NODE, N_COLUMNS };
static const char *const WORDS[] = {"kept", "renumbered", "split", "moved", "lost", "unknown"};
enum { N_WORDS = sizeof WORDS / sizeof *WORDS };

typedef struct carrying {
    ki_table *table;
    int columns[N_COLUMNS];
    ki_rematcher *rematcher;
    ki_text rows, lines;
    size_t counts[N_WORDS];
} carrying;

/* ---- rows ------------------------------------------------------------------------------------ */

static void add_cell(ki_text *text, const char *value) {
    if (!value[strcspn(value, ",\"\r\n")]) {
        ki_text_add(text, "%s", value);
        return;
    }
    ki_text_add(text, "\"");
    for (; *value; value++) {
        if (*value == '"') ki_text_add(text, "\"");
        ki_text_add_bytes(text, value, 1);
    }
    ki_text_add(text, "\"");
}

static void add_head(carrying *at) {
    for (size_t column = 0; column < ki_table_n_columns(at->table); column++) {
        if (column) ki_text_add(&at->rows, ",");
        add_cell(&at->rows, ki_table_column_name(at->table, column));
    }
    ki_text_add(&at->rows, "\n");
}

/* piece NULL: as it stands. */
static void add_row(carrying *at, const ki_stretch *piece, int32_t number) {
    for (int column = 0; column < (int)ki_table_n_columns(at->table); column++) {
        if (column) ki_text_add(&at->rows, ",");
        if (piece && column == at->columns[WAY_ID])
            ki_text_add(&at->rows, "%lld", (long long)piece->way_id);
        else if (piece && column == at->columns[FROM_NODE])
            ki_text_add(&at->rows, "%lld", (long long)piece->from_node);
        else if (piece && column == at->columns[TO_NODE])
            ki_text_add(&at->rows, "%lld", (long long)piece->to_node);
        else
            add_cell(&at->rows, ki_table_value(at->table, column));
        if (number > 1 && column == at->columns[KERB_ID])
            ki_text_add(&at->rows, ".%d", (int)number);
    }
    ki_text_add(&at->rows, "\n");
}

static void add_line(carrying *at, const ki_rematch *found) {
    ki_text *lines = &at->lines;
    at->counts[found->verdict]++;
    if (found->verdict == KI_REMATCH_KEPT) return;
    ki_text_add(lines, "%s: %s", ki_table_value(at->table, at->columns[KERB_ID]),
                WORDS[found->verdict]);
    if (found->verdict == KI_REMATCH_MOVED)
        ki_text_add(lines, " by %.1f m", found->off_mm / 1000.0);
    ki_text_add(lines, ", way %s", ki_table_value(at->table, at->columns[WAY_ID]));
    for (int32_t piece = 0; piece < found->n_pieces; piece++)
        ki_text_add(lines, "%s%lld", piece ? ", " : " -> ", (long long)found->pieces[piece].way_id);
    ki_text_add(lines, "\n");
}

/* ---- the table ------------------------------------------------------------------------------- */

static kerb_status read_id(const carrying *at, const char *path, int64_t record, int column,
                           int64_t *id, kerb_error *err) {
    const char *text = ki_table_value(at->table, at->columns[column]);
    char *rest;
    errno = 0;
    *id = strtoll(text, &rest, 10);
    if (rest != text && !*rest && !errno) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s, record %lld: %s %.40s, expected an OSM id", path,
                   (long long)record, COLUMNS[column], text);
}

static kerb_status carry_row(carrying *at, const char *path, int64_t record, ki_arena *arena,
                             kerb_error *err) {
    ki_stretch old;
    ki_rematch found;
    KI_TRY(read_id(at, path, record, WAY_ID, &old.way_id, err));
    KI_TRY(read_id(at, path, record, FROM_NODE, &old.from_node, err));
    KI_TRY(read_id(at, path, record, TO_NODE, &old.to_node, err));
    KI_TRY(ki_rematcher_find(at->rematcher, old, arena, &found, err));
    add_line(at, &found);
    if (found.n_pieces == 0) add_row(at, NULL, 1);
    for (int32_t piece = 0; piece < found.n_pieces; piece++)
        add_row(at, &found.pieces[piece], piece + 1);
    return KERB_OK;
}

static kerb_status carry_table(carrying *at, const char *path, kerb_error *err) {
    int more = 1;
    int64_t record;
    for (int column = 0; column < N_COLUMNS; column++) {
        at->columns[column] = ki_table_column(at->table, COLUMNS[column]);
        if (at->columns[column] < 0)
            return ki_fail(err, KERB_BAD_INPUT, "%s: no column %s, expected one", path,
                           COLUMNS[column]);
    }
    add_head(at);
    for (;;) {
        ki_arena arena = {0};
        KI_TRY(ki_table_next(at->table, &more, &record, err));
        if (!more) return KERB_OK;
        kerb_status status = carry_row(at, path, record, &arena, err);
        ki_arena_free(&arena);
        if (status != KERB_OK) return status;
    }
}

static void add_counts(const carrying *at, ki_text *report) {
    for (int word = 0; word < N_WORDS; word++)
        ki_text_add(report, "%-10s %zu kerbs\n", WORDS[word], at->counts[word]);
    if (at->lines.length) ki_text_add(report, "%s", at->lines.bytes);
}

kerb_status ki_kerbs_rematch(char **table, char **report, size_t *n_lost, const char *path,
                             const kerb_roads *before, const kerb_roads *after, kerb_error *err) {
    carrying at = {.table = NULL};
    ki_text text = {0};
    *table = *report = NULL;
    kerb_status status = ki_table_open(&at.table, path, NULL, err);
    if (status == KERB_OK)
        status = ki_rematcher_new(&at.rematcher, before->graph, after->graph, err);
    if (status == KERB_OK) status = carry_table(&at, path, err);
    if (status == KERB_OK) add_counts(&at, &text);
    if (status == KERB_OK && (text.failed || at.rows.failed || at.lines.failed))
        status = ki_fail_no_memory(err, path);
    *n_lost = at.counts[KI_REMATCH_LOST] + at.counts[KI_REMATCH_UNKNOWN];
    ki_rematcher_free(at.rematcher);
    ki_table_free(at.table);
    ki_text_free(&at.lines);
    if (status == KERB_OK) {
        *table = at.rows.bytes;
        *report = text.bytes;
        return KERB_OK;
    }
    ki_text_free(&at.rows);
    ki_text_free(&text);
    return status;
}
