/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix_rows.c - a cache of sweeps. What is kept is labels between arcs, not cells between places:
 * one size whatever stands along the arcs.
 *
 *   slot 0   batch 17   | lane 0: label to arc 0, arc 1, ... | lane 1: ... |      n_arcs labels
 *   slot 1   batch 3    | ...                                                     for each lane
 *
 * One lock guards which slot holds what; labels are written and read outside it by threads that
 * have the slot pinned. A thread that waits has nothing pinned, so one of them always goes on. */
#include "road/matrix_rows.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/matrix_sweep.h"

typedef struct row_slot {
    uint64_t *labels; /* [KI_LANES][n_arcs] */
    int32_t batch;    /* -1: none */
    int32_t n_pins;
    int is_ready;
    int64_t last_use;
} row_slot;

typedef struct idle_sweep { /* scratch that no thread uses */
    ki_phast_job job;
    struct idle_sweep *next;
} idle_sweep;

struct ki_matrix_rows {
    ki_matrix matrix;
    ki_sweep sweep;
    ki_matrix_columns columns;
    int32_t *lane_of; /* [n_arcs] batch * KI_LANES + lane */
    ki_monitor *monitor;
    /* What follows is the monitor's. */
    row_slot *slots;
    int32_t n_slots;
    int32_t *slot_of; /* [n_batches] -1: none */
    idle_sweep *idle;
    int64_t clock;
    ki_matrix_rows_use use;
};

/* ---- making -------------------------------------------------------------------------- */

static void set_lanes(ki_matrix_rows *rows) {
    int32_t groups[KI_LANES];
    for (int32_t batch = 0; batch < rows->sweep.n_batches; batch++) {
        int32_t n = ki_sweep_groups(&rows->sweep, batch, groups);
        rows->slot_of[batch] = -1;
        for (int32_t lane = 0; lane < n; lane++)
            rows->lane_of[groups[lane]] = batch * KI_LANES + lane;
    }
}

static kerb_status make_slots(ki_matrix_rows *rows, size_t budget_bytes, kerb_error *err) {
    size_t n_arcs = (size_t)rows->matrix.n_arcs, n_batches = (size_t)rows->sweep.n_batches;
    size_t n_bytes = n_arcs * KI_LANES * sizeof(uint64_t), n_slots = budget_bytes / n_bytes;
    if (n_slots < 1) n_slots = 1;
    if (n_slots > n_batches) n_slots = n_batches;
    rows->lane_of = ki_alloc_zero(n_arcs, sizeof *rows->lane_of);
    rows->slot_of = ki_alloc_zero(n_batches, sizeof *rows->slot_of);
    rows->slots = ki_alloc_zero(n_slots, sizeof *rows->slots);
    if (!rows->lane_of || !rows->slot_of || !rows->slots) return ki_fail_no_memory(err, "rows");
    rows->n_slots = (int32_t)n_slots;
    rows->use.n_bytes = n_slots * n_bytes;
    for (int32_t slot = 0; slot < rows->n_slots; slot++)
        rows->slots[slot].batch = -1;
    set_lanes(rows);
    return KERB_OK;
}

static kerb_status fill_new(ki_matrix_rows *rows, size_t budget_bytes, kerb_error *err) {
    const ki_hierarchy *hierarchy;
    ki_matrix *matrix = &rows->matrix;
    KI_TRY(ki_profile_hierarchy(&hierarchy, matrix->profile, err));
    KI_TRY(ki_matrix_group(matrix, err));
    KI_TRY(ki_sweep_new(&rows->sweep, matrix, hierarchy, 1, err));
    KI_TRY(ki_matrix_columns_new(&rows->columns, matrix, NULL, 0, err));
    KI_TRY(make_slots(rows, budget_bytes, err));
    return ki_monitor_new(&rows->monitor, err);
}

kerb_status ki_matrix_rows_new(ki_matrix_rows **out, const ki_profile *profile,
                               const ki_place *places, int32_t n, size_t budget_bytes,
                               kerb_error *err) {
    ki_matrix_rows *rows = *out = ki_alloc_zero(1, sizeof *rows);
    if (!rows) return ki_fail_no_memory(err, "rows");
    rows->matrix = (ki_matrix){.profile = profile, .places = places, .n = n};
    if (n <= 0) return KERB_OK;
    kerb_status status = fill_new(rows, budget_bytes, err);
    if (status == KERB_OK) return KERB_OK;
    ki_matrix_rows_free(rows);
    *out = NULL;
    return status;
}

void ki_matrix_rows_free(ki_matrix_rows *rows) {
    if (!rows) return;
    for (int32_t slot = 0; slot < rows->n_slots; slot++)
        ki_free(rows->slots[slot].labels);
    while (rows->idle) {
        idle_sweep *sweep = rows->idle;
        rows->idle = sweep->next;
        ki_phast_job_free(&sweep->job);
        ki_free(sweep);
    }
    ki_monitor_free(rows->monitor);
    ki_free(rows->slots);
    ki_free(rows->slot_of);
    ki_free(rows->lane_of);
    ki_matrix_columns_free(&rows->columns);
    ki_sweep_free(&rows->sweep);
    ki_matrix_ungroup(&rows->matrix);
    ki_free(rows);
}

/* ---- sweeping, with a slot pinned and without the lock ------------------------------- */

static idle_sweep *take_idle(ki_matrix_rows *rows) {
    ki_monitor_enter(rows->monitor);
    idle_sweep *sweep = rows->idle;
    if (sweep) rows->idle = sweep->next;
    ki_monitor_leave(rows->monitor);
    if (sweep) return sweep;
    sweep = ki_alloc_zero(1, sizeof *sweep);
    if (sweep && ki_phast_job_new(&sweep->job, &rows->sweep.phast, NULL) == KERB_OK) return sweep;
    ki_free(sweep);
    return NULL;
}

static void give_idle(ki_matrix_rows *rows, idle_sweep *sweep) {
    ki_monitor_enter(rows->monitor);
    sweep->next = rows->idle;
    rows->idle = sweep;
    ki_monitor_leave(rows->monitor);
}

static void copy_labels(const ki_matrix_rows *rows, const uint64_t *from, uint64_t *labels) {
    size_t n_arcs = (size_t)rows->matrix.n_arcs;
    for (size_t arc = 0; arc < n_arcs; arc++) {
        const uint64_t *row = from + (size_t)rows->sweep.phast.target_row[arc] * KI_LANES;
        for (size_t lane = 0; lane < KI_LANES; lane++)
            labels[lane * n_arcs + arc] = row[lane];
    }
}

static int sweep_into(ki_matrix_rows *rows, row_slot *slot) {
    int32_t groups[KI_LANES];
    if (!slot->labels)
        slot->labels = ki_alloc((size_t)rows->matrix.n_arcs * KI_LANES * sizeof *slot->labels);
    idle_sweep *scratch = slot->labels ? take_idle(rows) : NULL;
    if (!scratch) return -1;
    ki_sweep_run(&rows->sweep, &scratch->job, slot->batch, groups);
    copy_labels(rows, scratch->job.rows, slot->labels);
    give_idle(rows, scratch);
    return 0;
}

/* ---- slots, with the lock ------------------------------------------------------------ */

/* The one unused for longest; NULL if all are pinned. */
static row_slot *oldest(ki_matrix_rows *rows) {
    row_slot *found = NULL;
    for (row_slot *slot = rows->slots; slot < rows->slots + rows->n_slots; slot++)
        if (!slot->n_pins && (!found || slot->last_use < found->last_use)) found = slot;
    return found;
}

/* Pinned and ready, or pinned and to be swept by the caller. */
static row_slot *pin(ki_matrix_rows *rows, int32_t batch) {
    for (;; ki_monitor_wait(rows->monitor)) {
        row_slot *slot = rows->slot_of[batch] < 0 ? NULL : &rows->slots[rows->slot_of[batch]];
        if (slot && !slot->is_ready) continue; /* another thread is at it */
        rows->use.n_hits += slot != NULL;
        if (!slot) {
            if (!(slot = oldest(rows))) continue;
            if (slot->batch >= 0) rows->slot_of[slot->batch] = -1;
            rows->slot_of[batch] = (int32_t)(slot - rows->slots);
            slot->batch = batch;
            slot->is_ready = 0;
            rows->use.n_sweeps++;
        }
        slot->last_use = rows->clock++;
        slot->n_pins++;
        return slot;
    }
}

static void unpin(ki_matrix_rows *rows, row_slot *slot) {
    slot->n_pins--;
    ki_monitor_notify(rows->monitor);
}

/* The labels of a slot, swept if need be. 0 on success; then it stays pinned. */
static int make_ready(ki_matrix_rows *rows, row_slot *slot) {
    ki_monitor_leave(rows->monitor);
    int failed = sweep_into(rows, slot);
    ki_monitor_enter(rows->monitor);
    slot->is_ready = !failed;
    if (failed) {
        rows->slot_of[slot->batch] = -1;
        slot->batch = -1;
        unpin(rows, slot);
    }
    ki_monitor_notify(rows->monitor);
    return failed;
}

kerb_status ki_matrix_rows_get(ki_matrix_rows *rows, int32_t place, int32_t *time_ms,
                               int32_t *length_mm, kerb_error *err) {
    const ki_matrix *matrix = &rows->matrix;
    int32_t at = rows->lane_of[matrix->arc_of_place[place]];
    ki_monitor_enter(rows->monitor);
    row_slot *slot = pin(rows, at / KI_LANES);
    int failed = !slot->is_ready && make_ready(rows, slot);
    ki_monitor_leave(rows->monitor);
    if (failed) return ki_fail_no_memory(err, "rows");
    const uint64_t *lane = slot->labels + (size_t)(at % KI_LANES) * (size_t)matrix->n_arcs;
    ki_matrix_write_strip(&rows->columns, lane, place, 0, matrix->n, time_ms, length_mm);
    ki_matrix_write_own_arc(&rows->columns, lane, place, time_ms, length_mm);
    ki_monitor_enter(rows->monitor);
    unpin(rows, slot);
    ki_monitor_leave(rows->monitor);
    return KERB_OK;
}

ki_matrix_rows_use ki_matrix_rows_used(ki_matrix_rows *rows) {
    if (!rows->monitor) return rows->use;
    ki_monitor_enter(rows->monitor);
    ki_matrix_rows_use use = rows->use;
    ki_monitor_leave(rows->monitor);
    return use;
}
