/* SPDX-License-Identifier: GPL-3.0-or-later
 * From ids to numbers, against a plain array. */
#include "base/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { N_IDS = 3000 };

static void every_id_is_found_and_no_other(void **state) {
    (void)state;
    static char texts[N_IDS][16];
    ki_arena arena = {0};
    ki_ids ids = {0};
    for (int32_t index = 0; index < N_IDS; index++) {
        snprintf(texts[index], sizeof texts[index], "C%.*d", 1 + index % 9, index);
        assert_int_equal(ki_ids_find(&ids, texts[index]), KI_ID_ABSENT);
        assert_int_equal(ki_ids_put(&ids, &arena, texts[index], index), 0);
    }
    assert_int_equal(ids.n, N_IDS);
    for (int32_t index = 0; index < N_IDS; index++) {
        char other[24];
        assert_int_equal(ki_ids_find(&ids, texts[index]), index);
        assert_ptr_equal(ki_ids_key(&ids, texts[index]), texts[index]);
        snprintf(other, sizeof other, "%.15sx", texts[index]);
        assert_int_equal(ki_ids_find(&ids, other), KI_ID_ABSENT);
    }
    assert_int_equal(ki_ids_find(&ids, NULL), KI_ID_ABSENT);
    ki_arena_free(&arena);
}

static void a_later_value_replaces_an_earlier_one(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_ids ids = {0};
    assert_int_equal(ki_ids_put(&ids, &arena, "A", 1), 0);
    assert_int_equal(ki_ids_put(&ids, &arena, "A", 2), 0);
    assert_int_equal(ids.n, 1);
    assert_int_equal(ki_ids_find(&ids, "A"), 2);
    ki_arena_free(&arena);
}

static void of_equal_ids_in_an_array_the_first_is_found(void **state) {
    (void)state;
    const struct {
        int32_t other;
        const char *id;
    } items[] = {{0, "A"}, {0, NULL}, {0, "B"}, {0, "A"}, {0, ""}};
    ki_arena arena = {0};
    ki_ids ids;
    assert_int_equal(ki_ids_build(&ids, &arena, &items->id, 5, sizeof *items), 0);
    assert_int_equal(ki_ids_find(&ids, "A"), 0);
    assert_int_equal(ki_ids_find(&ids, "B"), 2);
    assert_int_equal(ki_ids_find(&ids, ""), 4);
    assert_int_equal(ki_ids_build(&ids, &arena, NULL, 0, sizeof *items), 0);
    assert_int_equal(ki_ids_find(&ids, "A"), KI_ID_ABSENT);
    ki_arena_free(&arena);
}

static void ids_that_find_no_memory_stay_as_they_were(void **state) {
    (void)state;
    static char texts[64][8];
    ki_arena arena = {0};
    ki_ids ids = {0};
    int32_t n = 0;
    for (; n < 32; n++) {
        snprintf(texts[n], sizeof texts[n], "K%d", n);
        assert_int_equal(ki_ids_put(&ids, &arena, texts[n], n), 0);
    }
    arena.budget = arena.used;
    assert_int_equal(ki_ids_put(&ids, &arena, "one too many", 32), -1);
    for (int32_t index = 0; index < n; index++)
        assert_int_equal(ki_ids_find(&ids, texts[index]), index);
    ki_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_is_found_and_no_other),
        cmocka_unit_test(a_later_value_replaces_an_earlier_one),
        cmocka_unit_test(of_equal_ids_in_an_array_the_first_is_found),
        cmocka_unit_test(ids_that_find_no_memory_stay_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
