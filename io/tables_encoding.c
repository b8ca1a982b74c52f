/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_encoding.c - which encoding a text file is in, and iconv.
 *
 * UTF-8 that is valid is UTF-8: text in another encoding is almost never valid by accident. What
 * is not valid is tried as GB18030, the national standard of China, in which spreadsheets there
 * save CSV. Nothing else is guessed: a wrong guess makes wrong ids. */
#define _POSIX_C_SOURCE 200809L
#include "tables_encoding.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <iconv.h>
#include <string.h>

static kerb_status convert(char **bytes, size_t *n_bytes, const char *from, const char *path,
                           kerb_error *err) {
    size_t capacity = 2 * *n_bytes + 16; /* two bytes become at most three, four at most four */
    char *text = ki_alloc(capacity + 1);
    if (!text) return ki_fail_no_memory(err, path);
    iconv_t converter = iconv_open("UTF-8", from);
    if (converter == (iconv_t)-1) {
        ki_free(text);
        return ki_fail(err, KERB_IO, "%s: not UTF-8, and this system cannot convert %s", path,
                       from);
    }
    char *in = *bytes, *out = text;
    size_t n_in = *n_bytes, n_out = capacity;
    size_t result = iconv(converter, &in, &n_in, &out, &n_out);
    iconv_close(converter);
    if (result == (size_t)-1 || n_in) {
        ki_free(text);
        return ki_fail(err, KERB_BAD_INPUT,
                       "%s: byte %zu is not %s, expected text in UTF-8 or GB18030", path,
                       *n_bytes - n_in + 1, from);
    }
    *out = '\0';
    ki_free(*bytes);
    *bytes = text;
    *n_bytes = (size_t)(out - text);
    return KERB_OK;
}

static void drop_mark(char *bytes, size_t *n_bytes) {
    if (*n_bytes < 3 || memcmp(bytes, "\xef\xbb\xbf", 3) != 0) return;
    *n_bytes -= 3;
    memmove(bytes, bytes + 3, *n_bytes + 1);
}

static int has_wide_mark(const char *bytes, size_t n_bytes) {
    return n_bytes >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

kerb_status ki_recode(char **bytes, size_t *n_bytes, const char **encoding, const char *path,
                      kerb_error *err) {
    *encoding = has_wide_mark(*bytes, *n_bytes)   ? "UTF-16"
                : ki_utf8_valid(*bytes, *n_bytes) ? "UTF-8"
                                                  : "GB18030";
    if (strcmp(*encoding, "UTF-8") != 0) {
        kerb_status status = convert(bytes, n_bytes, *encoding, path, err);
        if (status != KERB_OK) return status;
    }
    drop_mark(*bytes, n_bytes);
    const char *nul = memchr(*bytes, '\0', *n_bytes);
    if (nul)
        return ki_fail(err, KERB_BAD_INPUT, "%s: byte %zu is zero, expected text", path,
                       (size_t)(nul - *bytes) + 1);
    return KERB_OK;
}
