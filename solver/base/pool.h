/* SPDX-License-Identifier: GPL-3.0-or-later
 * pool.h - the only user of pthreads. Runs n independent jobs on at most `threads` threads and
 * returns when all are done. Which thread runs which job never shows in a result. */
#ifndef KI_POOL_H
#define KI_POOL_H
#include "kerbside.h"

/* job(payload, index) for index 0..n_jobs-1. With threads <= 1 they run in order on the caller's
 * thread. If a thread cannot be made, the others do its share. */
void ki_pool_run(int threads, int n_jobs, void (*job)(void *payload, int index), void *payload);

/* One private thread that runs calls handed to it, one after another (GLPK lives on one).
 * ki_worker_call blocks until the call has returned. */
typedef struct ki_worker ki_worker;
kerb_status ki_worker_new(ki_worker **out, kerb_error *err);
void ki_worker_call(ki_worker *worker, void (*call)(void *payload), void *payload);
void ki_worker_free(ki_worker *worker);
#endif
