/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_extract.c - any bytes as an OpenStreetMap extract. The first byte chooses the kind of file:
 * the kinds are told apart by name, so the rest goes into a file of that name. Both outcomes are
 * right; a crash, a leak or a failure without a message is not. */
#define _POSIX_C_SOURCE 200809L
#include "io/osm_read.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_MB = 64, N_KINDS = 4 };
static const char *const endings[N_KINDS] = {".osm", ".osm.pbf", ".osm.gz", ".osm.bz2"};
static char folder[] = "/tmp/kerbside_fuzz_XXXXXX";
static char path[64];

static void remove_folder(void) {
    rmdir(folder);
}

static void make_folder(void) {
    static int made;
    if (made) return;
    if (!mkdtemp(folder)) abort();
    atexit(remove_folder);
    made = 1;
}

static void write_extract(const uint8_t *bytes, size_t n_bytes) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n_bytes, file) != n_bytes || fclose(file) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    kerb_roads *roads;
    kerb_error err = {0};
    if (n_bytes == 0) return 0;
    make_folder();
    snprintf(path, sizeof path, "%s/x%s", folder, endings[bytes[0] % N_KINDS]);
    write_extract(bytes + 1, n_bytes - 1);
    kerb_status status = ki_osm_read(&roads, path, MAX_MB, NULL, &err);
    unlink(path);
    if (status == KERB_OK ? !roads : roads || !strlen(err.message)) abort();
    if (status == KERB_INTERNAL || status == KERB_IO) abort();
    kerb_roads_free(roads);
    return 0;
}
