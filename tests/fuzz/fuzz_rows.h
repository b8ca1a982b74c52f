/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_rows.h - bytes written to a file of some ending and read as a table. */
#ifndef TEST_FUZZ_ROWS_H
#define TEST_FUZZ_ROWS_H
#define _DEFAULT_SOURCE
#include "io/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static char fuzz_path[64];

static void remove_file(void) {
    unlink(fuzz_path);
}

static int write_file(const uint8_t *bytes, size_t n_bytes, const char *ending) {
    if (!fuzz_path[0]) {
        snprintf(fuzz_path, sizeof fuzz_path, "/tmp/kerbside-fuzz-%ld.%s", (long)getpid(), ending);
        atexit(remove_file);
    }
    FILE *file = fopen(fuzz_path, "wb");
    if (!file) return -1;
    size_t n_wrote = fwrite(bytes, 1, n_bytes, file);
    return fclose(file) || n_wrote != n_bytes ? -1 : 0;
}

static size_t read_rows(ki_table *table) {
    size_t n_chars = 0;
    int64_t record;
    int more = 1;
    kerb_error err = {0};
    while (ki_table_next(table, &more, &record, &err) == KERB_OK && more) {
        double lat, lon;
        const char *fault = ki_table_fault(table);
        for (size_t column = 0; column < ki_table_n_columns(table); column++) {
            size_t length = strlen(ki_table_value(table, (int)column));
            if (fault && length) abort(); /* a broken row has no values */
            n_chars += length;
        }
        (void)ki_table_point(table, &lat, &lon);
    }
    return n_chars;
}

static int fuzz_rows(const uint8_t *bytes, size_t n_bytes, const char *ending,
                     const char *const *asked, size_t n_asked) {
    ki_table *table;
    kerb_error err = {0};
    if (n_bytes > 1 << 16 || write_file(bytes, n_bytes, ending)) return 0;
    if (ki_table_open(&table, fuzz_path, NULL, &err) != KERB_OK) return 0;
    for (size_t column = 0; column < ki_table_n_columns(table); column++)
        if (ki_table_column(table, ki_table_column_name(table, column)) < 0) abort();
    for (size_t at = 0; at < n_asked; at++)
        (void)ki_table_column(table, asked[at]);
    (void)read_rows(table);
    ki_table_free(table);
    return 0;
}
#endif
