/* SPDX-License-Identifier: GPL-3.0-or-later
 * csv.c - reads the plain tables of the bench. */
#include "bench/csv.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 64 << 20 };

static char *cut_line(char **next) {
    char *line = *next, *end = line + strcspn(line, "\n");
    *next = *end ? end + 1 : end;
    *end = '\0';
    if (end > line && end[-1] == '\r') end[-1] = '\0';
    return line;
}

static int cut_fields(char *line, char separator, char **fields) {
    int n = 0;
    while (n < BENCH_CSV_FIELDS) {
        fields[n++] = line;
        char *end = strchr(line, separator);
        if (!end) break;
        *end = '\0';
        line = end + 1;
    }
    return n;
}

kerb_status bench_csv_read(bench_csv *out, const char *path, char separator, kerb_error *err) {
    size_t n_bytes, capacity = 0;
    *out = (bench_csv){0};
    KI_TRY(ki_file_read(&out->bytes, &n_bytes, path, MOST_BYTES, err));
    char *next = out->bytes;
    out->n_names = cut_fields(cut_line(&next), separator, out->names);
    while (*next) {
        char *line = cut_line(&next);
        if (!*line) continue;
        if (ki_grow(&out->cells, &capacity, (size_t)(out->n_rows + 1) * BENCH_CSV_FIELDS,
                    sizeof *out->cells)) {
            bench_csv_free(out);
            return ki_fail_no_memory(err, path);
        }
        char **row = out->cells + (size_t)out->n_rows++ * BENCH_CSV_FIELDS;
        for (int field = cut_fields(line, separator, row); field < BENCH_CSV_FIELDS; field++)
            row[field] = "";
    }
    return KERB_OK;
}

void bench_csv_free(bench_csv *table) {
    ki_free(table->cells);
    ki_free(table->bytes);
    *table = (bench_csv){0};
}

const char *bench_csv_cell(const bench_csv *table, int row, const char *name) {
    for (int field = 0; field < table->n_names; field++)
        if (strcmp(table->names[field], name) == 0)
            return table->cells[(size_t)row * BENCH_CSV_FIELDS + (size_t)field];
    return "";
}

double bench_csv_number(const bench_csv *table, int row, const char *name) {
    const char *text = bench_csv_cell(table, row, name);
    char *rest;
    double value = strtod(text, &rest);
    return rest == text ? NAN : value;
}

kerb_status bench_csv_take_up(bench_csv *done, ki_text *rows, const char *path, const char *columns,
                              kerb_error *err) {
    char *bytes;
    size_t n_bytes;
    *done = (bench_csv){0};
    if (ki_file_read(&bytes, &n_bytes, path, MOST_BYTES, NULL) != KERB_OK) {
        ki_text_add(rows, "%s", columns);
        return KERB_OK;
    }
    ki_text_add_bytes(rows, bytes, n_bytes);
    int is_ours = strncmp(bytes, columns, strlen(columns)) == 0;
    ki_free(bytes);
    if (!is_ours)
        return ki_fail(err, KERB_BAD_INPUT, "%s: its first line is not %.*s", path,
                       (int)strlen(columns) - 1, columns);
    return bench_csv_read(done, path, ',', err);
}
