/* SPDX-License-Identifier: GPL-3.0-or-later
 * glpk_worker.h - the private thread that GLPK runs on, one for all tests of a program. */
#ifndef KERB_TEST_GLPK_WORKER_H
#define KERB_TEST_GLPK_WORKER_H
#include "base/pool.h"

static ki_worker *worker;

static inline int start_worker(void **state) {
    (void)state;
    return ki_worker_new(&worker, NULL) != KERB_OK;
}

static inline int end_worker(void **state) {
    (void)state;
    ki_worker_free(worker);
    return 0;
}
#endif
