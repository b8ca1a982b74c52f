/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast.c - one batch of sources: up together, then one sweep down (Delling, Goldberg, Nowatzyk and
 * Werneck, PHAST, IPDPS 2011).
 *
 * The way up needs no queue either: items are taken in order off a set of bits, and all lanes go
 * along. Sources that lie close share most of what is above them. */
#include "road/phast.h"

#include "base/alloc.h"
#include "base/error.h"
#include "road/lanes.h"

#include <string.h>

enum { ALIGN = 64 };

static void *align(void *block) {
    return (void *)(((uintptr_t)block + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
}

kerb_status ki_phast_job_new(ki_phast_job *job, const ki_phast *phast, kerb_error *err) {
    size_t n_rows = (size_t)phast->n_all_rows;
    *job = (ki_phast_job){0};
    job->block = ki_alloc(n_rows * KI_LANES * sizeof *job->rows + ALIGN);
    job->touched = ki_alloc_zero(n_rows, 1);
    job->pending = ki_alloc_zero((size_t)phast->n_items / 64 + 1, sizeof *job->pending);
    if (job->block && job->touched && job->pending) {
        job->rows = align(job->block);
        return KERB_OK;
    }
    ki_phast_job_free(job);
    return ki_fail_no_memory(err, "the matrix");
}

void ki_phast_job_free(ki_phast_job *job) {
    ki_free(job->block);
    ki_free(job->touched);
    ki_free(job->pending);
    *job = (ki_phast_job){0};
}

/* A source leaves the end of its arc by every turn: a way back to that arc is a way like others. */
static int32_t leave(const ki_phast *phast, ki_phast_job *job, int32_t arc, int32_t lane) {
    const ki_profile *profile = phast->profile;
    int32_t start = profile->depart[arc], lowest = -1;
    for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1]; turn++) {
        int32_t item = phast->item_of[phast->hierarchy->rank_of[profile->turn_to[turn]]];
        int32_t row = phast->row_of[item];
        uint64_t *lanes = job->rows + (size_t)row * KI_LANES;
        uint64_t label = ki_label(profile->turn_ms[turn], 0);
        for (int at = 0; at < KI_LANES && !job->touched[row]; at++)
            lanes[at] = KI_FAR_LABEL;
        job->touched[row] = 1;
        job->pending[item >> 6] |= UINT64_C(1) << (item & 63);
        if (label < lanes[lane]) lanes[lane] = label;
        if (item > lowest) lowest = item;
    }
    return lowest;
}

static void pass(const ki_phast *phast, ki_phast_job *job, const ki_lanes *lanes, int32_t item) {
    const uint64_t *from = job->rows + (size_t)phast->row_of[item] * KI_LANES;
    int32_t end = phast->up.first[item + 1];
    for (int32_t up = phast->up.first[item]; up < end; up++)
        job->pending[phast->up_item[up] >> 6] |= UINT64_C(1) << (phast->up_item[up] & 63);
    lanes->spread(job, from, &phast->up, item);
    lanes->spread(job, from, &phast->fold, item);
}

static void climb(const ki_phast *phast, ki_phast_job *job, const ki_lanes *lanes, int32_t lowest) {
    for (int32_t word = lowest >> 6; word >= 0; word--)
        while (job->pending[word]) {
            int32_t bit = 63 - __builtin_clzll(job->pending[word]);
            job->pending[word] &= ~(UINT64_C(1) << bit);
            pass(phast, job, lanes, word * 64 + bit);
        }
}

void ki_phast_run(const ki_phast *phast, ki_phast_job *job, const int32_t *sources,
                  int32_t n_sources) {
    const ki_lanes *lanes = ki_lanes_best();
    int32_t lowest = -1;
    for (int32_t lane = 0; lane < n_sources; lane++) {
        int32_t item = leave(phast, job, sources[lane], lane);
        if (item > lowest) lowest = item;
    }
    if (lowest >= 0) climb(phast, job, lanes, lowest);
    lanes->sweep(phast, job->rows, job->touched);
    memset(job->touched, 0, (size_t)phast->n_all_rows);
}
