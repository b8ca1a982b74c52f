/* SPDX-License-Identifier: GPL-3.0-or-later
 * The whole chain of the public header, from a draft to the bytes of a plan, with the n-th
 * allocation failing. It says so, or does without what the night does not need (a choice by the
 * master, a bound): never a crash, a leak (the sanitizer build sees leaks) or half a result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_SAMPLES = 600 };

typedef struct chain {
    kerb_model *model;
    kerb_plan *plan;
    uint8_t *bytes;
    size_t n_bytes;
    char *text, *map;
} chain;

static const kerb_options options = {.seed = 1, .iterations = 100, .threads = 2};

static kerb_status fill(kerb_model *model, const ki_draft *draft, kerb_error *err) {
    kerb_district district = draft->district;
    district.name = "A small night";
    district.currency = "CNY";
    district.zone = "UTC";
    district.service_day = "2026-11-01";
    district.coordinates = KERB_WGS84;
    return kerb_model_set_district(model, &district, err) ||
                   kerb_model_add_sites(model, draft->sites, draft->n_sites, err) ||
                   kerb_model_add_containers(model, draft->containers, draft->n_containers, err) ||
                   kerb_model_add_reports(model, draft->reports.plain, draft->reports.n, err) ||
                   kerb_model_add_streets(model, draft->streets, draft->n_streets, err) ||
                   kerb_model_add_vehicles(model, draft->vehicles, draft->n_vehicles, err) ||
                   kerb_model_add_shifts(model, draft->shifts, draft->n_shifts, err) ||
                   kerb_model_add_depots(model, draft->depots, draft->n_depots, err) ||
                   kerb_model_add_facilities(model, draft->facilities, draft->n_facilities, err) ||
                   kerb_model_set_matrix(model, (const char *const *)draft->matrix_ids,
                                         draft->n_matrix, draft->matrix_time_ms,
                                         draft->matrix_length_mm, err)
               ? err->status
               : KERB_OK;
}

static kerb_status run(chain *out, const ki_draft *draft, kerb_error *err) {
    *out = (chain){0};
    kerb_status status = kerb_model_new(&out->model, NULL, err);
    if (status == KERB_OK) status = fill(out->model, draft, err);
    if (status == KERB_OK) status = kerb_model_seal(out->model, &options, err);
    if (status == KERB_OK) status = kerb_plan_solve(&out->plan, out->model, &options, err);
    if (status == KERB_OK) status = kerb_plan_summary(out->plan, 0, &out->text, err);
    if (status == KERB_OK) status = kerb_plan_geojson(out->plan, &out->map, err);
    if (status == KERB_OK) status = kerb_plan_pack(out->plan, &out->bytes, &out->n_bytes, err);
    return status;
}

static void end(chain *made) {
    kerb_buffer_free(made->bytes);
    kerb_buffer_free(made->text);
    kerb_buffer_free(made->map);
    kerb_plan_free(made->plan);
    kerb_model_free(made->model);
}

/* 1 if the chain went through all the same. */
static int fail_one(const ki_draft *draft, int64_t nth) {
    chain made;
    kerb_error err = {0};
    ki_alloc_fail_at(nth);
    kerb_status status = run(&made, draft, &err);
    ki_alloc_fail_at(0);
    if (status != KERB_OK && (status != KERB_NO_MEMORY || err.status != status || !err.message[0]))
        fail_msg("allocation %lld: status %d, %s", (long long)nth, status, err.message);
    assert_int_equal(status == KERB_OK, made.bytes != NULL);
    if (status == KERB_OK) {
        size_t n_violations;
        assert_int_equal(kerb_plan_check(made.plan, made.model, &n_violations, NULL, &err),
                         KERB_OK);
        assert_int_equal(n_violations, 0);
    }
    end(&made);
    return status == KERB_OK;
}

static void the_whole_chain_survives_a_failed_allocation_anywhere(void **state) {
    (void)state;
    static small_draft small;
    small_draft_fill(&small);
    chain whole;
    kerb_error err = {0};
    ki_alloc_fail_at(0);
    kerb_status status = run(&whole, &small.draft, &err);
    int64_t n_allocations = ki_alloc_count();
    if (status != KERB_OK) fail_msg("%s", err.message);
    int64_t step = 1 + n_allocations / MOST_SAMPLES;
    int n_through = 0, n_failed = 0;
    for (int64_t nth = 1; nth <= n_allocations; nth += step)
        if (fail_one(&small.draft, nth))
            n_through++;
        else
            n_failed++;
    print_message("%lld allocations, every %lldth failed: %d ended the chain, %d did not\n",
                  (long long)n_allocations, (long long)step, n_failed, n_through);
    assert_true(n_failed > 50 && n_through > 50); /* both kinds were met */

    chain again;
    assert_int_equal(run(&again, &small.draft, &err), KERB_OK);
    assert_int_equal(again.n_bytes, whole.n_bytes);
    assert_memory_equal(again.bytes, whole.bytes, whole.n_bytes);
    end(&again);
    end(&whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_chain_survives_a_failed_allocation_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
