/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as delimited Report messages: every value of every row read. */
#include "fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    return fuzz_rows(bytes, n_bytes, "pb", NULL, 0);
}
