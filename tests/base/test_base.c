/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_base.c - error, arena, alloc, file, rng, text and pool. */
#define _XOPEN_SOURCE 700
#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/normal.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void an_error_keeps_status_and_message(void **state) {
    (void)state;
    kerb_error err = {0};
    assert_int_equal(ki_fail(&err, KERB_IO, "%s: %d", "plan.pb", 7), KERB_IO);
    assert_string_equal(err.message, "plan.pb: 7");
    assert_int_equal(ki_fail(NULL, KERB_BAD_INPUT, "no one listens"), KERB_BAD_INPUT);
}

static void an_arena_hands_out_zeroed_aligned_blocks_within_its_budget(void **state) {
    (void)state;
    ki_arena arena = {.budget = 1000};
    unsigned char *block = ki_arena_alloc(&arena, 3, 33);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 16, 0);
    for (int at = 0; at < 99; at++)
        assert_int_equal(block[at], 0);
    assert_null(ki_arena_alloc(&arena, 1, 1000));
    assert_null(ki_arena_alloc(&arena, SIZE_MAX, 2));
    assert_null(ki_arena_strdup(&arena, NULL));
    ki_arena_free(&arena);
}

static void an_arena_that_was_cleared_hands_out_zeroes_again(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_arena_clear(&arena);
    for (int round = 0; round < 3; round++) {
        for (int block = 0; block < 40; block++) {
            unsigned char *bytes = ki_arena_alloc(&arena, 1, 1000);
            for (int at = 0; at < 1000; at++)
                assert_int_equal(bytes[at], 0);
            memset(bytes, 7, 1000);
        }
        ki_arena_clear(&arena);
        assert_int_equal(arena.used, 0);
    }
    ki_arena_free(&arena);
}

static void an_arena_grows_past_its_first_chunk(void **state) {
    (void)state;
    ki_arena arena = {0};
    for (int at = 0; at < 1000; at++) {
        char *block = ki_arena_alloc(&arena, 1000, 1);
        assert_non_null(block);
        memset(block, at, 1000);
    }
    ki_arena_free(&arena);
}

static void the_nth_allocation_fails_when_told_to(void **state) {
    (void)state;
    ki_alloc_fail_at(2);
    void *first = ki_alloc(10), *second = ki_alloc(10), *third = ki_alloc(10);
    ki_alloc_fail_at(0);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    ki_free(first);
    ki_free(third);
}

static void an_array_that_cannot_grow_stays_as_it_was(void **state) {
    (void)state;
    int *numbers = NULL;
    size_t capacity = 0;
    assert_int_equal(ki_grow(&numbers, &capacity, 5, sizeof *numbers), 0);
    assert_true(capacity >= 5);
    int *before = numbers;
    assert_int_not_equal(ki_grow(&numbers, &capacity, SIZE_MAX / 2, sizeof *numbers), 0);
    assert_ptr_equal(numbers, before);
    ki_free(numbers);
}

static void a_written_file_is_read_back_whole(void **state) {
    (void)state;
    char path[] = "/tmp/kerbside-base-XXXXXX";
    close(mkstemp(path));
    kerb_error err = {0};
    assert_int_equal(ki_file_write(path, "abc", 3, &err), KERB_OK);
    char *bytes;
    size_t n_bytes;
    assert_int_equal(ki_file_read(&bytes, &n_bytes, path, 100, &err), KERB_OK);
    assert_int_equal(n_bytes, 3);
    assert_string_equal(bytes, "abc");
    ki_free(bytes);
    assert_int_equal(ki_file_read(&bytes, &n_bytes, path, 2, &err), KERB_BAD_INPUT);
    assert_null(bytes);
    unlink(path);
}

/* Whichever step of the write fails, the old file stays and no part file is left behind. */
static void a_failed_write_leaves_the_old_file_alone(void **state) {
    (void)state;
    char path[] = "/tmp/kerbside-base-XXXXXX", part[64];
    close(mkstemp(path));
    snprintf(part, sizeof part, "%s.part-%ld", path, (long)getpid());
    kerb_error err = {0};
    assert_int_equal(ki_file_write(path, "old", 3, &err), KERB_OK);
    for (int step = 1; step <= 4; step++) {
        ki_file_fail_at(step);
        assert_int_equal(ki_file_write(path, "new", 3, &err), KERB_IO);
        ki_file_fail_at(0);
        char *bytes;
        size_t n_bytes;
        struct stat about;
        assert_int_equal(ki_file_read(&bytes, &n_bytes, path, 100, &err), KERB_OK);
        assert_string_equal(bytes, "old");
        assert_int_not_equal(stat(part, &about), 0);
        ki_free(bytes);
    }
    unlink(path);
}

static void the_same_seed_gives_the_same_numbers_and_another_stream_others(void **state) {
    (void)state;
    ki_rng a, b, c;
    ki_rng_seed(&a, 7, 1);
    ki_rng_seed(&b, 7, 1);
    ki_rng_seed(&c, 7, 2);
    int n_equal = 0;
    for (int draw = 0; draw < 100; draw++) {
        uint64_t x = ki_rng_next(&a);
        assert_true(x == ki_rng_next(&b));
        n_equal += x == ki_rng_next(&c);
    }
    assert_true(n_equal < 5);
}

static void bounded_numbers_are_in_bounds_and_even(void **state) {
    (void)state;
    ki_rng rng;
    int counts[7] = {0};
    ki_rng_seed(&rng, 1, 1);
    for (int draw = 0; draw < 70000; draw++)
        counts[ki_rng_below(&rng, 7)]++;
    for (int at = 0; at < 7; at++)
        assert_in_range(counts[at], 9500, 10500);
}

static void sha256_gives_the_published_digests(void **state) {
    (void)state;
    char hex[65];
    ki_sha256_hex("abc", 3, hex); /* FIPS 180-4, appendix */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ki_sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    ki_sha256_hex(two, strlen(two), hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void text_escapes_json(void **state) {
    (void)state;
    ki_text text = {0};
    ki_text_add_json(&text, "a\"b\\c\n");
    assert_string_equal(text.bytes, "\"a\\\"b\\\\c\\u000a\"");
    ki_text_free(&text);
}

typedef struct counted {
    _Atomic int runs[50];
} counted;

static void count_run(void *payload, int index) {
    counted *at = payload;
    atomic_fetch_add(&at->runs[index], 1);
}

static void a_pool_runs_each_job_once_on_any_number_of_threads(void **state) {
    (void)state;
    for (int threads = 0; threads < 5; threads++) {
        counted all = {0};
        ki_pool_run(threads, 50, count_run, &all);
        for (int job = 0; job < 50; job++)
            assert_int_equal(atomic_load(&all.runs[job]), 1);
    }
}

static void add_one(void *payload) {
    ++*(int *)payload;
}

static void a_worker_has_finished_a_call_when_it_returns(void **state) {
    (void)state;
    ki_worker *worker;
    kerb_error err = {0};
    int number = 0;
    assert_int_equal(ki_worker_new(&worker, &err), KERB_OK);
    for (int call = 1; call <= 100; call++) {
        ki_worker_call(worker, add_one, &number);
        assert_int_equal(number, call);
    }
    ki_worker_free(worker);
    ki_worker_free(NULL);
}

static void the_normal_distribution_is_the_one_in_tables(void **state) {
    (void)state;
    assert_true(fabs(ki_normal_above(0) - 0.5) < 1e-15);
    assert_true(fabs(ki_normal_above(1) - 0.15865525393145707) < 1e-14);
    assert_true(fabs(ki_normal_quantile(0.9) - 1.2815515655446004) < 1e-10);
    for (double q = 0.01; q < 1; q += 0.07)
        assert_true(fabs(1 - ki_normal_above(ki_normal_quantile(q)) - q) < 1e-10);
    assert_true(ki_chance_above(5, 6, 0) == 1);
    assert_true(ki_chance_above(5, 5, 0) == 0);
    assert_true(fabs(ki_chance_above(7, 5, 4) - ki_normal_above(1)) < 1e-15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_normal_distribution_is_the_one_in_tables),
        cmocka_unit_test(an_error_keeps_status_and_message),
        cmocka_unit_test(an_arena_hands_out_zeroed_aligned_blocks_within_its_budget),
        cmocka_unit_test(an_arena_that_was_cleared_hands_out_zeroes_again),
        cmocka_unit_test(an_arena_grows_past_its_first_chunk),
        cmocka_unit_test(the_nth_allocation_fails_when_told_to),
        cmocka_unit_test(an_array_that_cannot_grow_stays_as_it_was),
        cmocka_unit_test(a_written_file_is_read_back_whole),
        cmocka_unit_test(a_failed_write_leaves_the_old_file_alone),
        cmocka_unit_test(the_same_seed_gives_the_same_numbers_and_another_stream_others),
        cmocka_unit_test(bounded_numbers_are_in_bounds_and_even),
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(text_escapes_json),
        cmocka_unit_test(a_pool_runs_each_job_once_on_any_number_of_threads),
        cmocka_unit_test(a_worker_has_finished_a_call_when_it_returns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
