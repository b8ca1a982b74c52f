/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_instance.c - any bytes as a public instance: read, and sealed where it is small. */
#include "base/alloc.h"
#include "bench/instance.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *bytes = ki_alloc_zero(size + 1, 1);
    if (!bytes) return 0;
    if (size) memcpy(bytes, data, size);
    bench_instance in;
    instance_sealed sealed;
    kerb_error err = {0};
    kerb_status status = instance_parse(&in, "fuzz", bytes, &err);
    if (status == KERB_OK && in.n_places < 200 && in.n_links < 200 &&
        instance_seal(&sealed, &in, &err) == KERB_OK)
        ki_model_free(sealed.model);
    instance_free(&in);
    ki_free(bytes);
    return 0;
}
