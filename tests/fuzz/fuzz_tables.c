/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as a CSV file: opened, recoded, every value of every row read. */
#define _DEFAULT_SOURCE
#include "io/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static char path[64];

static void remove_file(void) {
    unlink(path);
}

static int write_file(const uint8_t *bytes, size_t n_bytes) {
    if (!path[0]) {
        snprintf(path, sizeof path, "/tmp/kerbside-fuzz-%ld.csv", (long)getpid());
        atexit(remove_file);
    }
    FILE *file = fopen(path, "wb");
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
        for (size_t column = 0; column < ki_table_n_columns(table); column++)
            n_chars += strlen(ki_table_value(table, (int)column));
        (void)ki_table_point(table, &lat, &lon);
    }
    return n_chars;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    ki_table *table;
    kerb_error err = {0};
    if (n_bytes > 1 << 16 || write_file(bytes, n_bytes)) return 0;
    if (ki_table_open(&table, path, NULL, &err) != KERB_OK) return 0;
    for (size_t column = 0; column < ki_table_n_columns(table); column++)
        if (ki_table_column(table, ki_table_column_name(table, column)) < 0) abort();
    (void)read_rows(table);
    ki_table_free(table);
    return 0;
}
