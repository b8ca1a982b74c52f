/* SPDX-License-Identifier: GPL-3.0-or-later
 * fewer.h - how many cases a test tries. ThreadSanitizer makes it many times slower and looks for
 * races, of which the first cases show as many as all. */
#ifndef KERB_TEST_FEWER_H
#define KERB_TEST_FEWER_H
#include <stdint.h>

#ifdef __SANITIZE_THREAD__
enum { FEWER_PART = 10 };
#else
enum { FEWER_PART = 1 };
#endif

static inline uint64_t fewer(uint64_t n) {
    return n / FEWER_PART;
}
#endif
