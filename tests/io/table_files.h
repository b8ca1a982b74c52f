/* SPDX-License-Identifier: GPL-3.0-or-later
 * table_files.h - tables written into a folder of their own, and what is expected of them. */
#ifndef TEST_TABLE_FILES_H
#define TEST_TABLE_FILES_H
#include "base/file.h"
#include "io/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    char folder[64], path[96];
} fixture;

static fixture here;

static int make_folder(void **state) {
    (void)state;
    snprintf(here.folder, sizeof here.folder, "/tmp/kerbside-tables-XXXXXX");
    return mkdtemp(here.folder) ? 0 : -1;
}

static int remove_files(void **state) {
    (void)state;
    char command[160];
    snprintf(command, sizeof command, "rm -r '%s'", here.folder);
    return system(command);
}

static inline void write_bytes(const char *name, const char *bytes, size_t n_bytes) {
    kerb_error err = {0};
    snprintf(here.path, sizeof here.path, "%s/%s", here.folder, name);
    if (ki_file_write(here.path, bytes, n_bytes, &err) != KERB_OK) fail_msg("%s", err.message);
}

static inline ki_table *open_text(const char *name, const char *text) {
    ki_table *table;
    kerb_error err = {0};
    write_bytes(name, text, strlen(text));
    if (ki_table_open(&table, here.path, NULL, &err) != KERB_OK) fail_msg("%s", err.message);
    return table;
}

static void next_row(ki_table *table, int64_t expected_record) {
    int more;
    int64_t record;
    kerb_error err = {0};
    if (ki_table_next(table, &more, &record, &err) != KERB_OK) fail_msg("%s", err.message);
    assert_int_equal(more, expected_record > 0);
    if (more) assert_int_equal(record, expected_record);
}

static void expect_cell(const ki_table *table, const char *column, const char *expected) {
    assert_string_equal(ki_table_value(table, ki_table_column(table, column)), expected);
}

static inline void expect_refusal(const char *path, const char *layer, const char *part) {
    ki_table *table;
    kerb_error err = {0};
    kerb_status status = ki_table_open(&table, path, layer, &err);
    assert_null(table);
    if (status == KERB_OK || !strstr(err.message, part))
        fail_msg("\"%s\" does not contain \"%s\"", err.message, part);
}

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        const char *whole_ = (text);                                                               \
        if (!whole_ || !strstr(whole_, part))                                                      \
            fail_msg("\"%s\" does not contain \"%s\"", whole_ ? whole_ : "nothing", part);         \
    } while (0)
#endif
