/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sealing with the n-th allocation failing, for every n: an error or a model, never a crash or a
 * leak (the sanitizer build sees leaks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "base/alloc.h"
#include "model/model.h"

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state) {
    (void)state;
    static small_draft small;
    small_draft_fill(&small);
    kerb_status status = KERB_NO_MEMORY;
    int64_t nth = 0;
    while (status != KERB_OK) {
        ki_model *model;
        struct ki_note *notes;
        size_t n_notes;
        kerb_error err = {0};
        assert_true(++nth < 10000);
        ki_alloc_fail_at(nth);
        status = ki_model_seal(&model, &small.draft, NULL, NULL, &notes, &n_notes, &err);
        ki_alloc_fail_at(0);
        if (status != KERB_OK) {
            assert_int_equal(status, KERB_NO_MEMORY);
            assert_null(model);
            assert_null(notes);
        }
        ki_model_free(model);
    }
    assert_true(nth > 10); /* some allocations were there to fail */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
