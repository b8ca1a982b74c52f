/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is packed comes out again as it was, by zlib's own hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/map_pack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void base64_is_that_of_rfc_4648(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xff\xfe\xfb", "//77"}};
    for (size_t at = 0; at < sizeof pairs / sizeof *pairs; at++) {
        ki_text text = {0};
        ki_base64_add(&text, pairs[at][0], strlen(pairs[at][0]));
        assert_string_equal(text.bytes ? text.bytes : "", pairs[at][1]);
        ki_text_free(&text);
    }
}

static size_t decode(const char *text, unsigned char *out) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    size_t n = 0, n_letters = 0;
    for (; *text && *text != '='; text++) {
        bits = bits << 6 | (unsigned)(strchr(letters, *text) - letters);
        if (++n_letters % 4 != 1)
            out[n++] = (unsigned char)(bits >> (6 - 2 * ((n_letters - 1) % 4)));
    }
    return n;
}

enum { N_BYTES = 300000 }; /* several chunks of the packer */

static unsigned char *some_bytes(void) {
    unsigned char *bytes = malloc(N_BYTES);
    uint32_t random = 1;
    for (int at = 0; at < N_BYTES; at++) {
        random = random * 1664525 + 1013904223;
        bytes[at] = (unsigned char)(at % 3 ? random >> 24 : 'a');
    }
    return bytes;
}

static void what_is_packed_comes_out_as_it_was(void **state) {
    (void)state;
    unsigned char *bytes = some_bytes(), *out = malloc(N_BYTES + 1);
    ki_text text = {0}, again = {0};
    ki_gzip_add(&text, bytes, N_BYTES);
    ki_gzip_add(&again, bytes, N_BYTES);
    assert_false(text.failed);
    assert_string_equal(text.bytes, again.bytes);
    unsigned char *packed = malloc(text.length);
    z_stream zip = {.next_in = packed, .avail_in = (uInt)decode(text.bytes, packed)};
    zip.next_out = out;
    zip.avail_out = N_BYTES + 1;
    assert_int_equal(inflateInit2(&zip, 15 + 16), Z_OK);
    assert_int_equal(inflate(&zip, Z_FINISH), Z_STREAM_END);
    assert_int_equal(zip.total_out, N_BYTES);
    assert_memory_equal(out, bytes, N_BYTES);
    inflateEnd(&zip);
    ki_text_free(&text);
    ki_text_free(&again);
    free(packed);
    free(bytes);
    free(out);
}

static void without_memory_nothing_is_packed_and_it_says_so(void **state) {
    (void)state;
    for (int64_t nth = 1; nth < 200; nth++) {
        ki_text text = {0};
        ki_alloc_fail_at(nth);
        ki_gzip_add(&text, "some bytes", 10);
        ki_alloc_fail_at(0);
        int failed = text.failed;
        ki_text_free(&text);
        if (!failed) {
            assert_true(nth > 3);
            return;
        }
    }
    fail_msg("it never works");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(what_is_packed_comes_out_as_it_was),
        cmocka_unit_test(without_memory_nothing_is_packed_and_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
