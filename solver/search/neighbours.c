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

static int64_t leg_nano(const ki_model *model, int32_t type, int32_t from, int32_t to) {
    int32_t leg_ms = ki_time_ms(model, type, from, to);
    int32_t leg_mm = ki_length_mm(model, type, from, to);
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) return KI_NO_COST;
    return leg_ms * model->types[type].nano_per_ms + leg_mm * model->types[type].nano_per_mm;
}

static int64_t task_distance(const ki_model *model, int32_t from, int32_t to) {
    const ki_task *a = &model->tasks[from], *b = &model->tasks[to];
    if (a->group != b->group || !(a->types & b->types)) return KI_NO_COST;
    int32_t type = __builtin_ctzll(a->types & b->types);
    int64_t best = KI_NO_COST;
    for (int32_t i = a->first_mode; i < a->first_mode + a->n_modes; i++)
        for (int32_t j = b->first_mode; j < b->first_mode + b->n_modes; j++) {
            int64_t there = leg_nano(model, type, model->modes[i].exit, model->modes[j].entry);
            int64_t back = leg_nano(model, type, model->modes[j].exit, model->modes[i].entry);
            if (there < best) best = there;
            if (back < best) best = back;
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

/* Of thousands a hundred are kept: a heap of those, not a sort of all. */
static void fill_row(ki_work *work, int32_t task, distance *row) {
    int32_t n_row = 0, n_most = work->n_neighbours;
    int32_t *out = work->neighbours + (size_t)task * (size_t)n_most;
    for (int32_t other = 0; other < work->model->n_tasks && n_most > 0; other++) {
        if (other == task) continue;
        distance next = {task_distance(work->model, task, other), other};
        if (next.nano == KI_NO_COST) continue;
        if (n_row < n_most) {
            row[n_row] = next;
            sift_up(row, n_row++);
        } else if (compare(&next, &row[0]) < 0) {
            row[0] = next;
            sift_down(row, n_row, 0);
        }
    }
    qsort(row, (size_t)n_row, sizeof *row, compare);
    for (int32_t rank = 0; rank < n_most; rank++)
        out[rank] = rank < n_row ? row[rank].task : -1;
}

/* The scale of the annealing: what a leg to a near neighbour costs. */
static void add_near_legs(const distance *row, int32_t n_row, int64_t *sum, int64_t *count) {
    for (int32_t rank = 0; rank < 8 && rank < n_row; rank++, ++*count)
        *sum += row[rank].nano;
}

kerb_status ki_work_find_neighbours(ki_work *work, int32_t n_most, kerb_error *err) {
    int32_t n_tasks = work->model->n_tasks;
    work->n_neighbours = n_tasks - 1 < n_most ? n_tasks - 1 : n_most;
    if (work->n_neighbours < 0) work->n_neighbours = 0;
    size_t cells = (size_t)n_tasks * (size_t)work->n_neighbours;
    work->neighbours = ki_arena_alloc(&work->arena, cells, sizeof *work->neighbours);
    distance *row = ki_alloc_zero((size_t)work->n_neighbours + 1, sizeof *row);
    if (!work->neighbours || !row) {
        ki_free(row);
        return ki_fail_no_memory(err, "the neighbours of tasks");
    }
    int64_t sum = 0, count = 0;
    for (int32_t task = 0; task < n_tasks; task++) {
        fill_row(work, task, row);
        int32_t n_row = 0;
        while (n_row < work->n_neighbours && ki_work_near(work, task)[n_row] >= 0)
            n_row++;
        add_near_legs(row, n_row, &sum, &count);
    }
    work->leg_nano = count ? sum / count : 0;
    ki_free(row);
    return KERB_OK;
}
