/* SPDX-License-Identifier: GPL-3.0-or-later
 * replay.c - runs a fuzz target over a folder of saved inputs, so that the ordinary test run
 * repeats every input that once did harm. Also over prefixes of each: truncation is the commonest
 * damage. */
#define _POSIX_C_SOURCE 200809L
#include "base/alloc.h"
#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static int replay_file(const char *path) {
    char *bytes;
    size_t n_bytes;
    kerb_error err = {0};
    if (ki_file_read(&bytes, &n_bytes, path, 1u << 28, &err) != KERB_OK) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, n_bytes);
    for (size_t part = 1; part < 8; part++)
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, n_bytes * part / 8);
    ki_free(bytes);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (!folder) {
        fprintf(stderr, "%s: cannot be opened\n", argv[1]);
        return 1;
    }
    int n_files = 0, n_failed = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        n_failed += replay_file(path) != 0;
        n_files++;
    }
    closedir(folder);
    printf("%d inputs replayed\n", n_files);
    return n_failed || n_files == 0;
}
