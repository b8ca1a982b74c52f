/* SPDX-License-Identifier: GPL-3.0-or-later
 * A digest depends on every byte and on nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/rng.h"

#include <string.h>

enum { N_BYTES = 200 };

static unsigned char bytes[N_BYTES];

static int draw_bytes(void **state) {
    (void)state;
    ki_rng rng;
    ki_rng_seed(&rng, 1, 2);
    for (int at = 0; at < N_BYTES; at++)
        bytes[at] = (unsigned char)ki_rng_below(&rng, 256);
    return 0;
}

static void pieces_do_not_matter(void **state) {
    (void)state;
    ki_digest whole = ki_digest_of(bytes, N_BYTES);
    for (size_t step = 1; step < N_BYTES; step++) {
        ki_digester digester;
        ki_digest_begin(&digester);
        for (size_t at = 0; at < N_BYTES; at += step)
            ki_digest_add(&digester, bytes + at, N_BYTES - at < step ? N_BYTES - at : step);
        ki_digest pieced = ki_digest_end(&digester);
        assert_true(ki_digest_same(&whole, &pieced));
    }
}

static void every_bit_matters(void **state) {
    (void)state;
    ki_digest whole = ki_digest_of(bytes, N_BYTES);
    for (int bit = 0; bit < 8 * N_BYTES; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        ki_digest changed = ki_digest_of(bytes, N_BYTES);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(ki_digest_same(&whole, &changed));
        for (int word = 0; word < KI_DIGEST_LANES; word++) /* all of it moves */
            assert_int_not_equal(whole.words[word], changed.words[word]);
    }
}

static void length_and_order_matter(void **state) {
    (void)state;
    static const unsigned char zeros[N_BYTES];
    for (size_t n = 0; n < N_BYTES; n++) {
        ki_digest shorter = ki_digest_of(zeros, n), longer = ki_digest_of(zeros, n + 1);
        assert_false(ki_digest_same(&shorter, &longer));
    }
    unsigned char swapped[N_BYTES];
    memcpy(swapped, bytes + 64, 32); /* two blocks change places */
    memcpy(swapped + 32, bytes + 32, 32);
    memcpy(swapped + 64, bytes, 32);
    memcpy(swapped + 96, bytes + 96, N_BYTES - 96);
    ki_digest whole = ki_digest_of(bytes, N_BYTES), other = ki_digest_of(swapped, N_BYTES);
    assert_false(ki_digest_same(&whole, &other));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_do_not_matter),
                                       cmocka_unit_test(every_bit_matters),
                                       cmocka_unit_test(length_and_order_matter)};
    return cmocka_run_group_tests(tests, draw_bytes, NULL);
}
