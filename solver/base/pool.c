/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/pool.h"

#include "base/alloc.h"
#include "base/error.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

typedef struct batch {
    _Atomic int next;
    int n_jobs;
    void (*job)(void *payload, int index);
    void *payload;
} batch;

static void *run_jobs(void *argument) {
    batch *work = argument;
    for (;;) {
        int index = atomic_fetch_add(&work->next, 1);
        if (index >= work->n_jobs) return NULL;
        work->job(work->payload, index);
    }
}

void ki_pool_run(int threads, int n_jobs, void (*job)(void *payload, int index), void *payload) {
    batch work = {.n_jobs = n_jobs, .job = job, .payload = payload};
    pthread_t helpers[MAX_THREADS];
    int n_helpers = 0;
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    if (threads > n_jobs) threads = n_jobs;
    while (n_helpers < threads - 1 &&
           pthread_create(&helpers[n_helpers], NULL, run_jobs, &work) == 0)
        n_helpers++;
    run_jobs(&work);
    for (int helper = 0; helper < n_helpers; helper++)
        pthread_join(helpers[helper], NULL);
}

struct ki_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*call)(void *payload);
    void *payload;
    int busy, ending;
};

static void *work_loop(void *argument) {
    ki_worker *worker = argument;
    pthread_mutex_lock(&worker->lock);
    for (;;) {
        while (!worker->busy && !worker->ending)
            pthread_cond_wait(&worker->changed, &worker->lock);
        if (worker->ending) break;
        pthread_mutex_unlock(&worker->lock);
        worker->call(worker->payload);
        pthread_mutex_lock(&worker->lock);
        worker->busy = 0;
        pthread_cond_broadcast(&worker->changed);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

kerb_status ki_worker_new(ki_worker **out, kerb_error *err) {
    *out = NULL;
    ki_worker *worker = ki_alloc_zero(1, sizeof *worker);
    if (!worker) return ki_fail_no_memory(err, "a worker thread");
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, work_loop, worker)) {
        pthread_cond_destroy(&worker->changed);
        pthread_mutex_destroy(&worker->lock);
        ki_free(worker);
        return ki_fail(err, KERB_INTERNAL, "a worker thread could not be started");
    }
    *out = worker;
    return KERB_OK;
}

void ki_worker_call(ki_worker *worker, void (*call)(void *payload), void *payload) {
    pthread_mutex_lock(&worker->lock);
    while (worker->busy)
        pthread_cond_wait(&worker->changed, &worker->lock);
    worker->call = call;
    worker->payload = payload;
    worker->busy = 1;
    pthread_cond_broadcast(&worker->changed);
    while (worker->busy)
        pthread_cond_wait(&worker->changed, &worker->lock);
    pthread_mutex_unlock(&worker->lock);
}

void ki_worker_free(ki_worker *worker) {
    if (!worker) return;
    pthread_mutex_lock(&worker->lock);
    worker->ending = 1;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    ki_free(worker);
}

struct ki_monitor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

kerb_status ki_monitor_new(ki_monitor **out, kerb_error *err) {
    ki_monitor *monitor = *out = ki_alloc_zero(1, sizeof *monitor);
    if (!monitor) return ki_fail_no_memory(err, "a lock");
    pthread_mutex_init(&monitor->lock, NULL);
    pthread_cond_init(&monitor->changed, NULL);
    return KERB_OK;
}

void ki_monitor_free(ki_monitor *monitor) {
    if (!monitor) return;
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->lock);
    ki_free(monitor);
}

void ki_monitor_enter(ki_monitor *monitor) {
    pthread_mutex_lock(&monitor->lock);
}

void ki_monitor_leave(ki_monitor *monitor) {
    pthread_mutex_unlock(&monitor->lock);
}

void ki_monitor_wait(ki_monitor *monitor) {
    pthread_cond_wait(&monitor->changed, &monitor->lock);
}

void ki_monitor_notify(ki_monitor *monitor) {
    pthread_cond_broadcast(&monitor->changed);
}
