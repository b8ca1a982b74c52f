/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours.c - for each task the tasks nearest to it, by the price of driving from one to the
 * other in the better direction by the best modes. Moves and ruins look only here (granular
 * neighbourhoods: Toth and Vigo, INFORMS J. on Computing 15(4), 2003). */
#include "base/alloc.h"
#include "base/error.h"
#include "search/work.h"

#include <stdlib.h>

typedef struct distance {
    int64_t nano;
    int32_t task;
} distance;

static int compare(const void *left, const void *right) {
    const distance *a = left, *b = right;
    if (a->nano != b->nano) return a->nano < b->nano ? -1 : 1;
    return a->task < b->task ? -1 : a->task > b->task;
}

/* From one task to the other by the best modes. */
static int64_t way_nano(const ki_model *model, const ki_task *a, const ki_task *b) {
    uint64_t types = a->types & b->types;
    if (!types && model->has_settings) types = ki_all_settings(model, a->types) & b->types;
    if (a->group != b->group || !types) return KI_NO_COST;
    const ki_type *type = &model->types[__builtin_ctzll(types)];
    const ki_travel *travel = &model->travels[type->travel];
    int64_t best = KI_NO_COST;
    for (int32_t i = a->first_mode; i < a->first_mode + a->n_modes; i++) {
        size_t row = (size_t)model->modes[i].exit * (size_t)travel->n;
        for (int32_t j = b->first_mode; j < b->first_mode + b->n_modes; j++) {
            size_t cell = row + (size_t)model->modes[j].entry;
            int64_t leg_ms = travel->time_ms[cell], leg_mm = travel->length_mm[cell];
            if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) continue;
            int64_t nano = leg_ms * type->nano_per_ms + leg_mm * type->nano_per_mm;
            if (nano < best) best = nano;
        }
    }
    return best;
}

/* Restores the heap, the farthest on top, below `at`. */
static void sift_down(distance *heap, int32_t n, int32_t at) {
    distance moved = heap[at];
    for (int32_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && compare(&heap[child], &heap[child + 1]) < 0) child++;
        if (compare(&moved, &heap[child]) >= 0) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

static void sift_up(distance *heap, int32_t at) {
    for (int32_t parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (compare(&heap[parent], &heap[at]) >= 0) return;
        distance moved = heap[parent];
        heap[parent] = heap[at];
        heap[at] = moved;
    }
}

typedef struct nearest { /* of one task: a heap, the farthest on top */
    distance *heap;
    int32_t n;
} nearest;

/* The other direction may have been there before. */
static void offer(nearest *to, int32_t n_most, distance next) {
    if (next.nano == KI_NO_COST) return;
    if (to->n == n_most && compare(&next, &to->heap[0]) >= 0) return;
    for (int32_t at = 0; at < to->n; at++) {
        if (to->heap[at].task != next.task) continue;
        if (next.nano >= to->heap[at].nano) return;
        to->heap[at] = next;
        sift_down(to->heap, to->n, at);
        return;
    }
    if (to->n < n_most) {
        to->heap[to->n] = next;
        sift_up(to->heap, to->n++);
    } else {
        to->heap[0] = next;
        sift_down(to->heap, to->n, 0);
    }
}

/* Row by row of the matrix, each way offered to both its ends: a column is never walked down, which
 * with thousands of tasks would miss the cache at every step. */
static void fill(const ki_work *work, nearest *rows) {
    const ki_model *model = work->model;
    for (int32_t from = 0; from < model->n_tasks; from++)
        for (int32_t to = 0; to < model->n_tasks; to++) {
            if (to == from) continue;
            int64_t nano = way_nano(model, &model->tasks[from], &model->tasks[to]);
            offer(&rows[from], work->n_neighbours, (distance){nano, to});
            offer(&rows[to], work->n_neighbours, (distance){nano, from});
        }
}

/* The scale of the annealing: what a leg to a near neighbour costs. */
static void add_near_legs(const distance *row, int32_t n_row, int64_t *sum, int64_t *count) {
    for (int32_t rank = 0; rank < 8 && rank < n_row; rank++, ++*count)
        *sum += row[rank].nano;
}

static void write_rows(ki_work *work, nearest *rows) {
    int64_t sum = 0, count = 0;
    for (int32_t task = 0; task < work->model->n_tasks; task++) {
        int32_t *out = work->neighbours + (size_t)task * (size_t)work->n_neighbours;
        qsort(rows[task].heap, (size_t)rows[task].n, sizeof *rows[task].heap, compare);
        for (int32_t rank = 0; rank < work->n_neighbours; rank++)
            out[rank] = rank < rows[task].n ? rows[task].heap[rank].task : -1;
        add_near_legs(rows[task].heap, rows[task].n, &sum, &count);
    }
    work->leg_nano = count ? sum / count : 0;
}

kerb_status ki_work_find_neighbours(ki_work *work, int32_t n_most, kerb_error *err) {
    int32_t n_tasks = work->model->n_tasks;
    work->n_neighbours = n_tasks - 1 < n_most ? n_tasks - 1 : n_most;
    if (work->n_neighbours < 1) {
        work->n_neighbours = 0;
        return KERB_OK;
    }
    size_t cells = (size_t)n_tasks * (size_t)work->n_neighbours;
    work->neighbours = ki_arena_alloc(&work->arena, cells, sizeof *work->neighbours);
    distance *heaps = ki_alloc_zero(cells, sizeof *heaps);
    nearest *rows = ki_alloc_zero((size_t)n_tasks, sizeof *rows);
    int complete = work->neighbours && heaps && rows;
    for (int32_t task = 0; complete && task < n_tasks; task++)
        rows[task].heap = heaps + (size_t)task * (size_t)work->n_neighbours;
    if (complete) {
        fill(work, rows);
        write_rows(work, rows);
    }
    ki_free(heaps);
    ki_free(rows);
    return complete ? KERB_OK : ki_fail_no_memory(err, "the neighbours of tasks");
}
