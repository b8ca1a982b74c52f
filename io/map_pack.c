/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_pack.c - gzip and base64. No time and no name stand in the header, so that the same bytes in
 * are the same out. */
#include "io/map_pack.h"

#include "base/alloc.h"

#include <limits.h>
#include <zlib.h>

enum { CHUNK_BYTES = 1 << 16, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

void ki_base64_add(ki_text *text, const void *bytes, size_t n_bytes) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *from = bytes;
    for (size_t at = 0; at < n_bytes; at += 3) {
        size_t n = n_bytes - at < 3 ? n_bytes - at : 3;
        unsigned bits = (unsigned)from[at] << 16;
        if (n > 1) bits |= (unsigned)from[at + 1] << 8;
        if (n > 2) bits |= from[at + 2];
        char four[4] = {letters[bits >> 18], letters[bits >> 12 & 63], '=', '='};
        if (n > 1) four[2] = letters[bits >> 6 & 63];
        if (n > 2) four[3] = letters[bits & 63];
        ki_text_add_bytes(text, four, sizeof four);
    }
}

static void *zip_alloc(void *unused, uInt count, uInt size) {
    (void)unused;
    return ki_alloc_zero(count, size);
}

static void zip_free(void *unused, void *block) {
    (void)unused;
    ki_free(block);
}

/* Everything out that is ready; the last time until the end. */
static int squeeze(z_stream *zip, ki_text *out, int flush) {
    unsigned char chunk[CHUNK_BYTES];
    do {
        zip->next_out = chunk;
        zip->avail_out = sizeof chunk;
        if (deflate(zip, flush) == Z_STREAM_ERROR) return 0;
        ki_text_add_bytes(out, chunk, sizeof chunk - zip->avail_out);
    } while (zip->avail_out == 0);
    return !out->failed;
}

static int gzip(ki_text *out, const unsigned char *bytes, size_t n_bytes) {
    z_stream zip = {.zalloc = zip_alloc, .zfree = zip_free};
    if (deflateInit2(&zip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    int done = 1;
    do {
        size_t n = n_bytes < INT_MAX ? n_bytes : INT_MAX;
        zip.next_in = (z_const Bytef *)bytes;
        zip.avail_in = (uInt)n;
        bytes += n;
        n_bytes -= n;
        done = squeeze(&zip, out, n_bytes ? Z_NO_FLUSH : Z_FINISH);
    } while (done && n_bytes);
    deflateEnd(&zip);
    return done;
}

void ki_gzip_add(ki_text *text, const void *bytes, size_t n_bytes) {
    ki_text packed = {0};
    if (gzip(&packed, bytes, n_bytes))
        ki_base64_add(text, packed.bytes, packed.length);
    else
        text->failed = 1;
    ki_text_free(&packed);
}
