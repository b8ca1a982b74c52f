/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_rows.h - rows of a table as checked values; bad rows are quarantined on the way. */
#ifndef KI_DISTRICT_ROWS_H
#define KI_DISTRICT_ROWS_H
#include "district_reader.h"
#include "tables.h"

enum { KI_MAX_COLUMNS = 24, KI_MAX_ROWS = 50000000, KI_MAX_NAMED = 20, KI_CELL_CHARS = 512 };

typedef struct ki_rows ki_rows;
struct ki_rows {
    ki_reader *reader;
    ki_rows_count *count;
    const ki_keys *keys;
    ki_table *table;
    const ki_yaml *entry;        /* tables.NAME of the district file */
    int columns[KI_MAX_COLUMNS]; /* in the table; -1: absent */
    int64_t record;
    ki_ids *ids; /* of the first column: where ids of bad rows are entered; may be NULL */
    ki_value cells[KI_MAX_COLUMNS]; /* by index of the key; text NULL where nothing is given */
    char trimmed[KI_MAX_COLUMNS][KI_CELL_CHARS];
    /* A number of this column that is out of its range makes the row a bad one, but within these
     * the row is still handed on: it tells about the sensor. Equal: none. */
    size_t heard_key;
    double heard_min, heard_max;
    /* Numbers of the heard column stand in another unit: makes them what the key means, or says
     * what is missing. NULL: they stand as they are. Sees the cells of the keys before. */
    const char *(*convert)(const ki_rows *rows, double *number);
    void *convert_payload; /* borrowed */
};

/* *given 0: the district file names no such table. Otherwise the columns are there. */
kerb_status ki_rows_open(ki_rows *rows, ki_reader *reader, const ki_keys *keys,
                         ki_rows_count *count, ki_ids *ids, int *given, kerb_error *err);
/* The next row all of whose cells are well-formed and in range. */
kerb_status ki_rows_next(ki_rows *rows, int *more, kerb_error *err);
void ki_rows_close(ki_rows *rows);
/* Opens the table, if there is one, hands over each row, and closes it. */
typedef kerb_status (*ki_row_taker)(ki_rows *rows, kerb_error *err);
kerb_status ki_rows_each(ki_reader *reader, const ki_keys *keys, ki_rows_count *count, ki_ids *ids,
                         ki_row_taker take, kerb_error *err);

/* Quarantines the present row, and its id, so that what refers to it is not called unknown. */
kerb_status ki_rows_drop(ki_rows *rows, const char *field, const char *value, const char *expected,
                         kerb_error *err);

/* Counts a bad row and names it in a note while there are few. value may be NULL. */
kerb_status ki_quarantine(ki_reader *reader, ki_rows_count *count, int64_t record,
                          const char *field, const char *value, const char *expected,
                          kerb_error *err);
kerb_status ki_quarantine_future(ki_reader *reader, ki_rows_count *count, int64_t record,
                                 const char *field, int64_t instant_s, kerb_error *err);
/* Says how many more there were; fails if they are too many. */
kerb_status ki_quarantine_end(ki_reader *reader, const ki_rows_count *count, kerb_error *err);
kerb_status ki_reader_note(ki_reader *reader, kerb_error *err, const char *kind, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));
#endif
