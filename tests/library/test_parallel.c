/* SPDX-License-Identifier: GPL-3.0-or-later
 * The library as part of another program: several solves at once on shared roads and on a shared
 * model give what one gives alone; nothing is printed; no signal handler changes; callbacks come on
 * the caller's thread and may stop the solve. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kerbside.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RELEASE KERB_TEST_DATA "/releases/0.1.0/"
enum { N_THREADS = 4 };

typedef struct job {
    const kerb_roads *roads;
    const kerb_model *model; /* sealed: solve it; NULL: the message is solved */
    const char *problem;
    size_t n_problem;
    uint8_t *plan;
    size_t n_plan;
    kerb_status status;
} job;

static const kerb_options options = {.seed = 3, .iterations = 40};

static void *solve(void *payload) { /* no assertion here: they belong to the main thread */
    job *one = payload;
    kerb_error err;
    kerb_plan *plan = NULL;
    if (one->model) {
        one->status = kerb_plan_solve(&plan, one->model, &options, &err);
        if (one->status == KERB_OK)
            one->status = kerb_plan_pack(plan, &one->plan, &one->n_plan, &err);
        kerb_plan_free(plan);
    } else {
        one->status =
            kerb_plan_solve_message(one->roads, (const uint8_t *)one->problem, one->n_problem,
                                    &one->plan, &one->n_plan, &options, &err);
    }
    return NULL;
}

static void solve_at_once(job *jobs) {
    pthread_t threads[N_THREADS];
    for (int at = 0; at < N_THREADS; at++)
        assert_int_equal(pthread_create(&threads[at], NULL, solve, &jobs[at]), 0);
    for (int at = 0; at < N_THREADS; at++)
        pthread_join(threads[at], NULL);
}

typedef struct scene {
    kerb_roads *roads;
    char *problem;
    size_t n_problem;
} scene;
static scene town;

static int set_up(void **state) {
    (void)state;
    kerb_error err = {0};
    return kerb_roads_load(&town.roads, RELEASE "town.osm.gz", &err) ||
           kerb_file_read(&town.problem, &town.n_problem, RELEASE "streets.problem.pb", 1 << 24,
                          &err);
}

static int tear_down(void **state) {
    (void)state;
    kerb_buffer_free(town.problem);
    kerb_roads_free(town.roads);
    return 0;
}

static void several_solves_at_once_give_what_one_gives_alone(void **state) {
    (void)state;
    kerb_error err = {0};
    kerb_model *model;
    job alone = {.roads = town.roads, .problem = town.problem, .n_problem = town.n_problem};
    job jobs[N_THREADS];
    assert_int_equal(
        kerb_model_unpack(&model, town.roads, (const uint8_t *)town.problem, town.n_problem, &err),
        KERB_OK);
    assert_int_equal(kerb_model_seal(model, &options, &err), KERB_OK);
    solve(&alone);
    assert_int_equal(alone.status, KERB_OK);
    for (int at = 0; at < N_THREADS; at++) {
        jobs[at] = (job){.roads = town.roads, .problem = town.problem, .n_problem = town.n_problem};
        if (at % 2) jobs[at].model = model;
    }
    solve_at_once(jobs);
    for (int at = 0; at < N_THREADS; at++) {
        assert_int_equal(jobs[at].status, KERB_OK);
        assert_int_equal(jobs[at].n_plan, alone.n_plan);
        assert_memory_equal(jobs[at].plan, alone.plan, alone.n_plan);
        kerb_buffer_free(jobs[at].plan);
    }
    kerb_buffer_free(alone.plan);
    kerb_model_free(model);
}

enum { LAST_SIGNAL = 64 };

static void read_handlers(struct sigaction *handlers) {
    memset(handlers, 0, (LAST_SIGNAL + 1) * sizeof *handlers);
    for (int number = 1; number <= LAST_SIGNAL; number++)
        sigaction(number, NULL, &handlers[number]); /* some numbers are no signals */
}

/* The bytes written to both standard outputs meanwhile. */
static long solve_watched(job *one) {
    char path[] = "/tmp/kerbside-quiet-XXXXXX";
    int file = mkstemp(path), kept[2] = {dup(1), dup(2)};
    fflush(NULL);
    if (file < 0 || dup2(file, 1) < 0 || dup2(file, 2) < 0) return -1;
    solve(one);
    fflush(NULL);
    dup2(kept[0], 1);
    dup2(kept[1], 2);
    long n_bytes = lseek(file, 0, SEEK_END);
    close(kept[0]);
    close(kept[1]);
    close(file);
    unlink(path);
    return n_bytes;
}

static void nothing_is_printed_and_no_signal_handler_changes(void **state) {
    (void)state;
    struct sigaction before[LAST_SIGNAL + 1], after[LAST_SIGNAL + 1];
    sigset_t mask_before, mask_after;
    char damaged[64] = "\x08\x01 this is no problem";
    job good = {.roads = town.roads, .problem = town.problem, .n_problem = town.n_problem};
    job bad = {.roads = town.roads, .problem = damaged, .n_problem = sizeof damaged};
    read_handlers(before);
    sigprocmask(SIG_SETMASK, NULL, &mask_before);
    assert_int_equal(solve_watched(&good), 0);
    assert_int_equal(solve_watched(&bad), 0);
    read_handlers(after);
    sigprocmask(SIG_SETMASK, NULL, &mask_after);
    assert_int_equal(good.status, KERB_OK);
    assert_int_not_equal(bad.status, KERB_OK);
    for (int number = 1; number <= LAST_SIGNAL; number++) {
        assert_ptr_equal(before[number].sa_handler, after[number].sa_handler);
        assert_int_equal(sigismember(&mask_before, number), sigismember(&mask_after, number));
    }
    kerb_buffer_free(good.plan);
}

typedef struct heard {
    pthread_t caller;
    int n_calls, n_elsewhere;
    int64_t last_iteration, stop_at;
} heard;

static int listen(const kerb_progress *progress, void *payload) {
    heard *to = payload;
    to->n_calls++;
    to->n_elsewhere += !pthread_equal(pthread_self(), to->caller);
    to->last_iteration = progress->iteration;
    return to->stop_at > 0 && progress->iteration >= to->stop_at;
}

static void a_callback_comes_on_the_callers_thread_and_may_stop_the_solve(void **state) {
    (void)state;
    enum { STOP_AT = 200, MOST = 1000000 };
    kerb_error err = {0};
    kerb_model *model;
    kerb_plan *plan;
    kerb_plan_totals totals;
    heard to = {.caller = pthread_self(), .stop_at = STOP_AT};
    const kerb_options watched = {
        .seed = 3, .threads = 2, .iterations = MOST, .progress = listen, .payload = &to};
    assert_int_equal(
        kerb_model_unpack(&model, town.roads, (const uint8_t *)town.problem, town.n_problem, &err),
        KERB_OK);
    assert_int_equal(kerb_model_seal(model, &watched, &err), KERB_OK);
    assert_int_equal(kerb_plan_solve(&plan, model, &watched, &err), KERB_OK);
    kerb_plan_get_totals(plan, &totals);
    assert_true(to.n_calls > 1);
    assert_int_equal(to.n_elsewhere, 0);
    assert_in_range(to.last_iteration, STOP_AT, MOST / 10);
    assert_true(totals.stopped);
    assert_true(totals.n_served > 0);
    kerb_plan_free(plan);
    kerb_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_solves_at_once_give_what_one_gives_alone),
        cmocka_unit_test(nothing_is_printed_and_no_signal_handler_changes),
        cmocka_unit_test(a_callback_comes_on_the_callers_thread_and_may_stop_the_solve),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
