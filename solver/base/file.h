/* SPDX-License-Identifier: GPL-3.0-or-later
 * file.h - the one place that reads and writes whole files. A written file appears whole or not
 * at all: temporary neighbour, fsync, rename, fsync of the folder. */
#ifndef KI_FILE_H
#define KI_FILE_H
#include "base/digest.h"
#include "kerbside.h"

/* *bytes is ki_free'd by the caller and ends in a NUL that *n_bytes does not count. */
kerb_status ki_file_read(char **bytes, size_t *n_bytes, const char *path, size_t max_bytes,
                         kerb_error *err);
/* Of the bytes as they are read, piece by piece. */
kerb_status ki_file_digest(ki_digest *out, const char *path, kerb_error *err);
kerb_status ki_file_write(const char *path, const void *bytes, size_t n_bytes, kerb_error *err);

typedef struct ki_part {
    const void *bytes;
    size_t n_bytes;
} ki_part;
/* The same, of parts one behind another. */
kerb_status ki_file_write_parts(const char *path, const ki_part *parts, size_t n_parts,
                                kerb_error *err);

/* A regular file as memory that is only read. Files that we write are replaced, never changed in
 * place, so what is mapped stays; a file that another program cuts short under a mapping raises
 * SIGBUS. An empty file maps to NULL and 0 bytes. */
typedef struct ki_mapping {
    const void *bytes;
    size_t n_bytes;
} ki_mapping;
kerb_status ki_file_map(ki_mapping *out, const char *path, kerb_error *err);
void ki_file_unmap(ki_mapping *mapping);

/* For tests only: the n-th step of a write (create, write, sync, rename) fails; 0: none. */
void ki_file_fail_at(int nth);
#endif
