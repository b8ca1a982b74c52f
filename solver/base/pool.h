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

/* A lock, and word to those that wait for what it guards to change. Wait leaves it, and is inside
 * again when it returns; that may be for no reason. */
typedef struct ki_monitor ki_monitor;
kerb_status ki_monitor_new(ki_monitor **out, kerb_error *err);
void ki_monitor_free(ki_monitor *monitor);
void ki_monitor_enter(ki_monitor *monitor);
void ki_monitor_leave(ki_monitor *monitor);
void ki_monitor_wait(ki_monitor *monitor);
void ki_monitor_notify(ki_monitor *monitor); /* all of them */
#endif
