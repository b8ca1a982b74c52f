/* SPDX-License-Identifier: GPL-3.0-or-later
 * The n-th allocation fails, for every n: a clean error, nothing leaked (run under ASan), and the
 * same bytes once memory is back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "io/message_cases.h"

enum { SEED = 21, N_EACH = 3, PATIENCE = 20000 };

typedef struct packed {
    uint8_t *bytes;
    size_t n_bytes;
} packed;

static kerb_status problem_round(packed *out, kerb_error *err) {
    uint8_t *bytes = NULL;
    size_t n_bytes;
    kerb_model *model, *back = NULL;
    *out = (packed){0};
    kerb_status status = kerb_model_new(&model, NULL, err);
    if (status != KERB_OK) return status;
    status = case_fill_model(model, SEED, N_EACH, err);
    if (status == KERB_OK) status = kerb_model_pack(model, &bytes, &n_bytes, err);
    if (status == KERB_OK) status = kerb_model_unpack(&back, NULL, bytes, n_bytes, err);
    if (status == KERB_OK) status = kerb_model_pack(back, &out->bytes, &out->n_bytes, err);
    kerb_buffer_free(bytes);
    kerb_model_free(model);
    kerb_model_free(back);
    return status;
}

static packed plan_bytes; /* made once: the generator itself is not under test */

static kerb_status plan_round(packed *out, kerb_error *err) {
    kerb_plan *plan;
    char *text = NULL;
    *out = (packed){0};
    kerb_status status = kerb_plan_unpack(&plan, plan_bytes.bytes, plan_bytes.n_bytes, err);
    if (status == KERB_OK) status = kerb_plan_geojson(plan, &text, err);
    if (status == KERB_OK) status = kerb_plan_pack(plan, &out->bytes, &out->n_bytes, err);
    kerb_buffer_free(text);
    kerb_plan_free(plan);
    return status;
}

static void fail_every_allocation(kerb_status (*round)(packed *, kerb_error *)) {
    packed whole, part;
    kerb_error err = {0};
    assert_int_equal(round(&whole, &err), KERB_OK);
    int64_t n = 1;
    for (; n < PATIENCE; n++) {
        ki_alloc_fail_at(n);
        kerb_status status = round(&part, &err);
        ki_alloc_fail_at(0);
        if (status == KERB_OK) break;
        if (status != KERB_NO_MEMORY) fail_msg("allocation %lld: %s", (long long)n, err.message);
        assert_null(part.bytes);
    }
    assert_in_range(n, 10, PATIENCE - 1);
    assert_int_equal(whole.n_bytes, part.n_bytes);
    assert_memory_equal(whole.bytes, part.bytes, whole.n_bytes);
    kerb_buffer_free(whole.bytes);
    kerb_buffer_free(part.bytes);
}

static void a_problem_survives_every_failed_allocation(void **state) {
    (void)state;
    fail_every_allocation(problem_round);
}

static void a_plan_survives_every_failed_allocation(void **state) {
    (void)state;
    kerb_error err = {0};
    kerb_plan *plan = case_plan(SEED, N_EACH);
    assert_int_equal(kerb_plan_pack(plan, &plan_bytes.bytes, &plan_bytes.n_bytes, &err), KERB_OK);
    kerb_plan_free(plan);
    fail_every_allocation(plan_round);
    kerb_buffer_free(plan_bytes.bytes);
}

/* A write that fails leaves the older file as it was. */
static void a_failed_write_leaves_the_older_plan(void **state) {
    (void)state;
    kerb_error err = {0};
    char path[64];
    snprintf(path, sizeof path, "/tmp/kerbside-oom-%p.pb", (void *)&err);
    kerb_plan *older = case_plan(1, 2), *newer = case_plan(2, 2), *read;
    assert_int_equal(kerb_plan_write(older, path, &err), KERB_OK);
    for (int step = 1; step <= 4; step++) {
        ki_file_fail_at(step);
        assert_int_not_equal(kerb_plan_write(newer, path, &err), KERB_OK);
        ki_file_fail_at(0);
        assert_int_equal(kerb_plan_read(&read, path, &err), KERB_OK);
        assert_true(read->cost_nano == older->cost_nano);
        kerb_plan_free(read);
    }
    remove(path);
    kerb_plan_free(older);
    kerb_plan_free(newer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_survives_every_failed_allocation),
        cmocka_unit_test(a_plan_survives_every_failed_allocation),
        cmocka_unit_test(a_failed_write_leaves_the_older_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
