/* SPDX-License-Identifier: GPL-3.0-or-later
 * file.h - the one place that reads and writes whole files. A written file appears whole or not
 * at all: temporary neighbour, fsync, rename, fsync of the folder. */
#ifndef KI_FILE_H
#define KI_FILE_H
#include "kerbside.h"

/* *bytes is ki_free'd by the caller and ends in a NUL that *n_bytes does not count. */
kerb_status ki_file_read(char **bytes, size_t *n_bytes, const char *path, size_t max_bytes,
                         kerb_error *err);
kerb_status ki_file_write(const char *path, const void *bytes, size_t n_bytes, kerb_error *err);

/* For tests only: the n-th step of a write (create, write, sync, rename) fails; 0: none. */
void ki_file_fail_at(int nth);
#endif
