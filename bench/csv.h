/* SPDX-License-Identifier: GPL-3.0-or-later
 * csv.h - tables the bench itself writes: no quotes, one header line, columns by name. */
#ifndef KERB_BENCH_CSV_H
#define KERB_BENCH_CSV_H
#include "base/text.h"
#include "kerbside.h"

enum { BENCH_CSV_FIELDS = 32 };

typedef struct bench_csv {
    char *bytes;
    char *names[BENCH_CSV_FIELDS];
    int n_names;
    char **cells; /* [n_rows][BENCH_CSV_FIELDS]; "" where a line is short */
    int n_rows;
} bench_csv;

kerb_status bench_csv_read(bench_csv *out, const char *path, char separator, kerb_error *err);
void bench_csv_free(bench_csv *table);
/* "" where there is no such column. */
const char *bench_csv_cell(const bench_csv *table, int row, const char *name);
/* NAN where the cell holds no number. */
double bench_csv_number(const bench_csv *table, int row, const char *name);
/* A pass goes on: rows becomes the bytes of the file at path and done its table, or rows the line
 * of columns and done empty if there is no file. Refuses a file whose first line is another. */
kerb_status bench_csv_take_up(bench_csv *done, ki_text *rows, const char *path, const char *columns,
                              kerb_error *err);
#endif
