/* SPDX-License-Identifier: GPL-3.0-or-later
 * out.c - writes named files of a folder and hashes them. */
#include "bench/out.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096 };
#define MOST_BYTES ((size_t)1 << 31)

static kerb_status path_of(char path[PATH_BYTES], const char *folder, const char *name,
                           kerb_error *err) {
    int length = snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_BYTES)
        return ki_fail(err, KERB_IO, "%s: path too long", folder);
    return KERB_OK;
}

kerb_status bench_write_bytes(const char *folder, const char *name, const void *bytes,
                              size_t n_bytes, kerb_error *err) {
    char path[PATH_BYTES];
    KI_TRY(path_of(path, folder, name, err));
    return ki_file_write(path, bytes ? bytes : "", n_bytes, err);
}

kerb_status bench_write_text(const char *folder, const char *name, ki_text *text, kerb_error *err) {
    kerb_status status = text->failed
                             ? ki_fail_no_memory(err, name)
                             : bench_write_bytes(folder, name, text->bytes, text->length, err);
    ki_text_free(text);
    return status;
}

kerb_status bench_put_rows(const char *path, const ki_text *rows, kerb_error *err) {
    if (rows->failed) return ki_fail_no_memory(err, "the rows");
    if (path) return kerb_file_write(path, rows->bytes, rows->length, err);
    fputs(rows->bytes, stdout);
    return KERB_OK;
}

void bench_add_field(ki_text *text, const char *value) {
    if (!strpbrk(value, ",\"\r\n")) {
        ki_text_add(text, "%s", value);
        return;
    }
    ki_text_add(text, "\"");
    for (const char *at = value; *at; at++)
        ki_text_add(text, *at == '"' ? "\"\"" : "%c", *at);
    ki_text_add(text, "\"");
}

kerb_status bench_hash_file(ki_text *lines, const char *folder, const char *name, kerb_error *err) {
    char path[PATH_BYTES], hex[65], *bytes;
    size_t n_bytes;
    KI_TRY(path_of(path, folder, name, err));
    KI_TRY(ki_file_read(&bytes, &n_bytes, path, MOST_BYTES, err));
    ki_sha256_hex(bytes, n_bytes, hex);
    ki_free(bytes);
    ki_text_add(lines, "%s  %s\n", hex, name);
    return KERB_OK;
}
