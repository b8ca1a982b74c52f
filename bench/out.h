/* SPDX-License-Identifier: GPL-3.0-or-later
 * out.h - named files in a folder, and their hashes. */
#ifndef KERB_BENCH_OUT_H
#define KERB_BENCH_OUT_H
#include "base/text.h"
#include "kerbside.h"

kerb_status bench_write_bytes(const char *folder, const char *name, const void *bytes,
                              size_t n_bytes, kerb_error *err);
/* Frees the text, also after a failure. */
kerb_status bench_write_text(const char *folder, const char *name, ki_text *text, kerb_error *err);
/* Rows of a table to the file, or to standard output where path is NULL; the text stays. */
kerb_status bench_put_rows(const char *path, const ki_text *rows, kerb_error *err);
/* A field as CSV wants it: in quotes only where it has to be. */
void bench_add_field(ki_text *text, const char *value);
/* SHA-256 of a file in hex; its line as sha256sum prints it ("hex  name") is added to lines. */
kerb_status bench_hash_file(ki_text *lines, const char *folder, const char *name, kerb_error *err);
#endif
