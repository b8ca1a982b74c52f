/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_bucket.c - many-to-many by buckets (Knopp, Sanders, Schultes, Schulz and Wagner, ALENEX
 * 2007): every target climbs once and leaves its label with each node it passes; then every source
 * climbs and reads what it finds. The method for small sets: nothing is laid out that is as large
 * as the graph.
 *
 *      node   first          entries, node by node
 *      0     ──► 0    | target 2, 51 s | target 7, 40 s | ...     many targets pass the top,
 *      1     ──► 31   | target 2, 49 s | ...                      few what lies below
 *
 * Climbs are independent, and entries lie in the order of targets whoever climbed for them: the
 * result is the same on any number of threads. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/ch_climb.h"
#include "road/lanes.h"
#include "road/matrix_parts.h"

#include <string.h>

typedef struct seen { /* by a target on its climb */
    uint64_t label;
    int32_t rank, target;
} seen;

typedef struct bucket_job { /* scratch of one job */
    ki_ch_side side;
    seen *seen;
    size_t n_seen, capacity;
    uint64_t *row; /* [n_arcs] labels of the source at hand */
    int failed;
} bucket_job;

typedef struct bucket_fill {
    const ki_matrix *matrix;
    const ki_hierarchy *hierarchy;
    ki_matrix_columns columns;
    bucket_job jobs[KI_MAX_MATRIX_JOBS];
    int n_jobs;
    int32_t *first;  /* [ranks + 1] into the entries */
    int32_t *target; /* of an entry: index into the matrix' arcs */
    uint64_t *label;
} bucket_fill;

/* The share of a job: a run of arcs, so that shares in order are all arcs in order. */
static int32_t share_begin(const bucket_fill *fill, int job) {
    return (int32_t)((int64_t)fill->matrix->n_arcs * job / fill->n_jobs);
}

/* ---- targets ------------------------------------------------------------------------ */

static int note(bucket_job *job, int32_t target) {
    const ki_ch_side *side = &job->side;
    if (ki_grow(&job->seen, &job->capacity, job->n_seen + (size_t)side->n_passed,
                sizeof *job->seen))
        return -1;
    for (int32_t at = 0; at < side->n_passed; at++) {
        int32_t rank = side->passed[at];
        job->seen[job->n_seen++] = (seen){side->label[rank], rank, target};
    }
    return 0;
}

static void climb_targets(void *payload, int index) {
    bucket_fill *fill = payload;
    bucket_job *job = &fill->jobs[index];
    const ki_matrix *matrix = fill->matrix;
    int32_t end = share_begin(fill, index + 1);
    for (int32_t target = share_begin(fill, index); target < end && !job->failed; target++) {
        ki_ch_climb_to(&job->side, matrix->profile, fill->hierarchy, matrix->arcs[target]);
        job->failed = note(job, target);
        ki_ch_side_clear(&job->side);
    }
}

static kerb_status lay_buckets(bucket_fill *fill, kerb_error *err) {
    size_t n_seen = 0, n_ranks = (size_t)fill->hierarchy->n_nodes;
    int failed = 0;
    for (int job = 0; job < fill->n_jobs; job++) {
        n_seen += fill->jobs[job].n_seen;
        failed |= fill->jobs[job].failed;
    }
    if (failed || n_seen > INT32_MAX) return ki_fail_no_memory(err, "the matrix");
    fill->first = ki_alloc_zero(n_ranks + 2, sizeof *fill->first);
    fill->target = ki_alloc(n_seen * sizeof *fill->target);
    fill->label = ki_alloc(n_seen * sizeof *fill->label);
    if (!fill->first || !fill->target || !fill->label) return ki_fail_no_memory(err, "the matrix");
    for (int job = 0; job < fill->n_jobs; job++)
        for (size_t at = 0; at < fill->jobs[job].n_seen; at++)
            fill->first[fill->jobs[job].seen[at].rank + 2]++;
    for (size_t rank = 0; rank < n_ranks; rank++)
        fill->first[rank + 2] += fill->first[rank + 1];
    for (int job = 0; job < fill->n_jobs; job++)
        for (size_t at = 0; at < fill->jobs[job].n_seen; at++) {
            const seen *entry = &fill->jobs[job].seen[at];
            int32_t where = fill->first[entry->rank + 1]++;
            fill->target[where] = entry->target;
            fill->label[where] = entry->label;
        }
    return KERB_OK;
}

/* ---- sources ------------------------------------------------------------------------ */

static void read_buckets(const bucket_fill *fill, const ki_ch_side *side, uint64_t *row) {
    for (int32_t target = 0; target < fill->matrix->n_arcs; target++)
        row[target] = KI_FAR_LABEL;
    for (int32_t at = 0; at < side->n_passed; at++) {
        int32_t rank = side->passed[at];
        uint64_t label = side->label[rank];
        for (int32_t entry = fill->first[rank]; entry < fill->first[rank + 1]; entry++) {
            uint64_t through = label + fill->label[entry];
            uint64_t *best = &row[fill->target[entry]];
            *best = through < *best ? through : *best;
        }
    }
}

static void climb_sources(void *payload, int index) {
    bucket_fill *fill = payload;
    bucket_job *job = &fill->jobs[index];
    const ki_matrix *matrix = fill->matrix;
    int32_t end = share_begin(fill, index + 1);
    for (int32_t source = share_begin(fill, index); source < end; source++) {
        ki_ch_climb_from(&job->side, matrix->profile, fill->hierarchy, matrix->arcs[source]);
        read_buckets(fill, &job->side, job->row);
        ki_ch_side_clear(&job->side);
        for (int32_t at = matrix->first[source]; at < matrix->first[source + 1]; at++) {
            ki_matrix_write_strip(&fill->columns, job->row, matrix->by_arc[at], 0, matrix->n);
            ki_matrix_write_own_arc(&fill->columns, job->row, matrix->by_arc[at]);
        }
    }
}

/* ---- all of it ---------------------------------------------------------------------- */

static kerb_status make_jobs(bucket_fill *fill, int threads, kerb_error *err) {
    const ki_matrix *matrix = fill->matrix;
    int n_jobs = ki_matrix_n_jobs(threads, matrix->n_arcs);
    KI_TRY(ki_matrix_columns_new(&fill->columns, matrix, NULL, 0, err));
    while (fill->n_jobs < n_jobs) {
        bucket_job *job = &fill->jobs[fill->n_jobs++];
        job->row = ki_alloc((size_t)matrix->n_arcs * sizeof *job->row);
        if (!job->row || ki_ch_side_new(&job->side, fill->hierarchy->n_nodes))
            return ki_fail_no_memory(err, "the matrix");
    }
    return KERB_OK;
}

static void free_fill(bucket_fill *fill) {
    for (int job = 0; job < fill->n_jobs; job++) {
        ki_ch_side_free(&fill->jobs[job].side);
        ki_free(fill->jobs[job].seen);
        ki_free(fill->jobs[job].row);
    }
    ki_matrix_columns_free(&fill->columns);
    ki_free(fill->first);
    ki_free(fill->target);
    ki_free(fill->label);
}

kerb_status ki_matrix_fill_bucket(ki_matrix *matrix, const ki_hierarchy *hierarchy, int threads,
                                  kerb_error *err) {
    bucket_fill fill = {.matrix = matrix, .hierarchy = hierarchy};
    kerb_status status = make_jobs(&fill, threads, err);
    if (status == KERB_OK) {
        ki_pool_run(threads, fill.n_jobs, climb_targets, &fill);
        status = lay_buckets(&fill, err);
    }
    if (status == KERB_OK) ki_pool_run(threads, fill.n_jobs, climb_sources, &fill);
    free_fill(&fill);
    return status;
}
