/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes as JSON: opened, every value of every row read, and some paths that may not be there. */
#include "fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    static const char *const ASKED[] = {"container_id", "measured", "fill_ratio", "mass_kg",
                                        "alarm",        "a.0.b",    "a.b.c",      ""};
    return fuzz_rows(bytes, n_bytes, "json", ASKED, sizeof ASKED / sizeof *ASKED);
}
