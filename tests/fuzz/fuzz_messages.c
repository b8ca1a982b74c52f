/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_messages.c - any bytes as a Problem or a Plan. The first byte chooses: even a problem, odd a
 * plan. What unpacks must pack, and its bytes must be a fixed point. */
#include "base/alloc.h"
#include "kerbside.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void must(int condition) {
    if (!condition) abort();
}

static kerb_status again(uint8_t **out, size_t *n_out, const uint8_t *in, size_t n_in, int plan) {
    kerb_error err;
    kerb_status status;
    if (plan) {
        kerb_plan *made;
        kerb_plan_totals totals;
        char *text;
        status = kerb_plan_unpack(&made, in, n_in, &err);
        if (status != KERB_OK) return status;
        must(kerb_plan_pack(made, out, n_out, &err) == KERB_OK);
        must(kerb_plan_geojson(made, &text, &err) == KERB_OK);
        kerb_plan_get_totals(made, &totals);
        kerb_buffer_free(text);
        kerb_plan_free(made);
    } else {
        kerb_model *model;
        status = kerb_model_unpack(&model, NULL, in, n_in, &err);
        if (status != KERB_OK) return status;
        must(kerb_model_pack(model, out, n_out, &err) == KERB_OK);
        kerb_model_free(model);
    }
    return KERB_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes) {
    uint8_t *once, *twice;
    size_t n_once, n_twice;
    if (n_bytes == 0) return 0;
    int plan = bytes[0] & 1;
    if (again(&once, &n_once, bytes + 1, n_bytes - 1, plan) != KERB_OK) return 0;
    must(again(&twice, &n_twice, once, n_once, plan) == KERB_OK);
    must(n_once == n_twice && memcmp(once, twice, n_once) == 0);
    kerb_buffer_free(once);
    kerb_buffer_free(twice);
    return 0;
}
