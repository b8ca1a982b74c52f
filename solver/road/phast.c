/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast.c - one batch of sources: up together, then one sweep down (Delling, Goldberg, Nowatzyk and
 * Werneck, PHAST, IPDPS 2011).
 *
 * The way up needs no queue either: ranks are taken in order off a set of bits, and all lanes go
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
    size_t n = (size_t)phast->hierarchy->n_nodes, n_rows = (size_t)phast->n_rows;
    size_t n_slots = (size_t)phast->n_slots;
    *job = (ki_phast_job){0};
    job->block = ki_alloc((n_rows + n_slots) * KI_LANES * sizeof *job->rows + ALIGN);
    job->slot_of = ki_alloc(n * sizeof *job->slot_of);
    job->slot_node = ki_alloc(n_slots * sizeof *job->slot_node);
    job->pending = ki_alloc_zero(n / 64 + 1, sizeof *job->pending);
    job->touched = ki_alloc_zero(n_rows, 1);
    if (!job->block || !job->slot_of || !job->slot_node || !job->pending || !job->touched) {
        ki_phast_job_free(job);
        return ki_fail_no_memory(err, "the matrix");
    }
    job->rows = align(job->block);
    job->slots = job->rows + n_rows * KI_LANES;
    memset(job->slot_of, 0xff, n * sizeof *job->slot_of);
    return KERB_OK;
}

void ki_phast_job_free(ki_phast_job *job) {
    ki_free(job->block);
    ki_free(job->slot_of);
    ki_free(job->slot_node);
    ki_free(job->pending);
    ki_free(job->touched);
    *job = (ki_phast_job){0};
}

static uint64_t *touch_row(ki_phast_job *job, int32_t row) {
    uint64_t *lanes = job->rows + (size_t)row * KI_LANES;
    if (!job->touched[row])
        for (int lane = 0; lane < KI_LANES; lane++)
            lanes[lane] = KI_FAR_LABEL;
    job->touched[row] = 1;
    return lanes;
}

static uint64_t *touch(const ki_phast *phast, ki_phast_job *job, int32_t rank) {
    job->pending[rank >> 6] |= UINT64_C(1) << (rank & 63);
    if (phast->row_of[rank] >= 0) return touch_row(job, phast->row_of[rank]);
    int32_t slot = job->slot_of[rank];
    if (slot >= 0) return job->slots + (size_t)slot * KI_LANES;
    slot = job->slot_of[rank] = job->n_used++;
    job->slot_node[slot] = rank;
    uint64_t *lanes = job->slots + (size_t)slot * KI_LANES;
    for (int lane = 0; lane < KI_LANES; lane++)
        lanes[lane] = KI_FAR_LABEL;
    return lanes;
}

/* A source leaves the end of its arc by every turn: a way back to that arc is a way like others. */
static int32_t leave(const ki_phast *phast, ki_phast_job *job, int32_t arc, int32_t lane) {
    const ki_profile *profile = phast->profile;
    int32_t start = profile->depart[arc], lowest = -1;
    for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1]; turn++) {
        int32_t rank = phast->hierarchy->rank_of[profile->turn_to[turn]];
        uint64_t label = ki_label(profile->turn_ms[turn], 0);
        uint64_t *lanes = touch(phast, job, rank);
        if (label < lanes[lane]) lanes[lane] = label;
        if (rank > lowest) lowest = rank;
    }
    return lowest;
}

static void pass(const ki_phast *phast, ki_phast_job *job, const ki_lanes *lanes, int32_t rank) {
    const ki_hierarchy *hierarchy = phast->hierarchy;
    int32_t row = phast->row_of[rank];
    const uint64_t *from = row >= 0 ? job->rows + (size_t)row * KI_LANES
                                    : job->slots + (size_t)job->slot_of[rank] * KI_LANES;
    for (int32_t up = hierarchy->first_up[rank]; up < hierarchy->first_up[rank + 1]; up++)
        lanes->push(touch(phast, job, hierarchy->up[up].node), from, hierarchy->up[up].label);
    if (row >= -1) return;
    const int32_t *fold = phast->first_fold + (-2 - row);
    for (int32_t at = fold[0]; at < fold[1]; at++)
        lanes->push(touch_row(job, phast->fold_row[at]), from, phast->fold_label[at]);
}

static void climb(const ki_phast *phast, ki_phast_job *job, const ki_lanes *lanes, int32_t lowest) {
    for (int32_t word = lowest >> 6; word >= 0; word--)
        while (job->pending[word]) {
            int32_t bit = 63 - __builtin_clzll(job->pending[word]);
            job->pending[word] &= ~(UINT64_C(1) << bit);
            pass(phast, job, lanes, word * 64 + bit);
        }
    while (job->n_used > 0)
        job->slot_of[job->slot_node[--job->n_used]] = -1;
}

void ki_phast_run(const ki_phast *phast, ki_phast_job *job, const int32_t *sources,
                  int32_t n_sources) {
    const ki_lanes *lanes = ki_lanes_best();
    int32_t lowest = -1;
    for (int32_t lane = 0; lane < n_sources; lane++) {
        int32_t rank = leave(phast, job, sources[lane], lane);
        if (rank > lowest) lowest = rank;
    }
    if (lowest >= 0) climb(phast, job, lanes, lowest);
    lanes->sweep(phast, job->rows, job->touched);
    memset(job->touched, 0, (size_t)phast->n_rows);
}
