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
#include "road/ch_query.h"
#include "road/lanes.h"
#include "road/matrix_parts.h"
#include "road/phast_select.h"

typedef struct seen { /* by a target on its climb */
    uint64_t label;
    int32_t rank, target;
} seen;

typedef struct bucket_job { /* scratch of one job */
    ki_ch_query *query;     /* lent by the profile: one of its sides */
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
    ki_selection *buckets; /* a pick is a node with a bucket, row its first entry */
    int32_t *target;       /* of an entry: index into the matrix' arcs */
    uint64_t *label;
} bucket_fill;

/* The share of a job: a run of arcs, so that shares in order are all arcs in order. */
static int32_t share_begin(const bucket_fill *fill, int job) {
    return (int32_t)((int64_t)fill->matrix->n_arcs * job / fill->n_jobs);
}

/* ---- targets ------------------------------------------------------------------------ */

static int note(bucket_job *job, const ki_ch_side *side, int32_t target) {
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
    ki_ch_side *side = &job->query->side[1];
    int32_t end = share_begin(fill, index + 1);
    for (int32_t target = share_begin(fill, index); target < end && !job->failed; target++) {
        ki_ch_climb_to(side, matrix->profile, fill->hierarchy, matrix->arcs[target]);
        job->failed = note(job, side, target);
        ki_ch_side_clear(side);
    }
}

static ki_pick *bucket_of(ki_selection *buckets, int32_t rank) {
    if (buckets->pick_of[rank] < 0) {
        buckets->pick_of[rank] = buckets->n_picks;
        buckets->picks[buckets->n_picks++] = (ki_pick){.rank = rank};
    }
    return &buckets->picks[buckets->pick_of[rank]];
}

static void count_entries(const bucket_fill *fill) {
    for (int job = 0; job < fill->n_jobs; job++)
        for (size_t at = 0; at < fill->jobs[job].n_seen; at++)
            bucket_of(fill->buckets, fill->jobs[job].seen[at].rank)->n_in++;
    int32_t n = 0;
    for (int32_t bucket = 0; bucket < fill->buckets->n_picks; bucket++) {
        fill->buckets->picks[bucket].row = n;
        n += fill->buckets->picks[bucket].n_in;
        fill->buckets->picks[bucket].n_in = 0;
    }
}

static kerb_status lay_buckets(bucket_fill *fill, kerb_error *err) {
    size_t n_seen = 0;
    int failed = 0;
    for (int job = 0; job < fill->n_jobs; job++) {
        n_seen += fill->jobs[job].n_seen;
        failed |= fill->jobs[job].failed;
    }
    if (failed || n_seen > INT32_MAX) return ki_fail_no_memory(err, "the matrix");
    fill->target = ki_alloc(n_seen * sizeof *fill->target);
    fill->label = ki_alloc(n_seen * sizeof *fill->label);
    if (!fill->target || !fill->label) return ki_fail_no_memory(err, "the matrix");
    count_entries(fill);
    for (int job = 0; job < fill->n_jobs; job++)
        for (size_t at = 0; at < fill->jobs[job].n_seen; at++) {
            const seen *entry = &fill->jobs[job].seen[at];
            ki_pick *bucket = bucket_of(fill->buckets, entry->rank);
            int32_t where = bucket->row + bucket->n_in++;
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
        int32_t rank = side->passed[at], index = fill->buckets->pick_of[rank];
        if (index < 0) continue;
        const ki_pick *bucket = &fill->buckets->picks[index];
        uint64_t label = side->label[rank];
        for (int32_t entry = bucket->row; entry < bucket->row + bucket->n_in; entry++) {
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
    ki_ch_side *side = &job->query->side[0];
    int32_t end = share_begin(fill, index + 1);
    for (int32_t source = share_begin(fill, index); source < end; source++) {
        ki_ch_climb_from(side, matrix->profile, fill->hierarchy, matrix->arcs[source]);
        read_buckets(fill, side, job->row);
        ki_ch_side_clear(side);
        for (int32_t at = matrix->first[source]; at < matrix->first[source + 1]; at++) {
            int32_t place = matrix->by_arc[at];
            int32_t *time_ms = matrix->time_ms + (size_t)place * (size_t)matrix->n;
            int32_t *length_mm = matrix->length_mm + (size_t)place * (size_t)matrix->n;
            ki_matrix_write_strip(&fill->columns, job->row, place, 0, matrix->n, time_ms,
                                  length_mm);
            ki_matrix_write_own_arc(&fill->columns, job->row, place, time_ms, length_mm);
        }
    }
}

/* ---- all of it ---------------------------------------------------------------------- */

static kerb_status make_jobs(bucket_fill *fill, int threads, kerb_error *err) {
    const ki_matrix *matrix = fill->matrix;
    int n_jobs = ki_matrix_n_jobs(threads, matrix->n_arcs);
    KI_TRY(ki_matrix_columns_new(&fill->columns, matrix, NULL, 0, err));
    KI_TRY(ki_profile_take_selection(&fill->buckets, matrix->profile, err));
    while (fill->n_jobs < n_jobs) {
        bucket_job *job = &fill->jobs[fill->n_jobs++];
        job->row = ki_alloc((size_t)matrix->n_arcs * sizeof *job->row);
        if (!job->row) return ki_fail_no_memory(err, "the matrix");
        KI_TRY(ki_profile_take_query(&job->query, matrix->profile, err));
    }
    return KERB_OK;
}

static void free_fill(bucket_fill *fill) {
    for (int job = 0; job < fill->n_jobs; job++) {
        ki_profile_return_query(fill->matrix->profile, fill->jobs[job].query);
        ki_free(fill->jobs[job].seen);
        ki_free(fill->jobs[job].row);
    }
    ki_matrix_columns_free(&fill->columns);
    if (fill->buckets) {
        ki_selection_clear(fill->buckets);
        ki_profile_return_selection(fill->matrix->profile, fill->buckets);
    }
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
