/* SPDX-License-Identifier: GPL-3.0-or-later
 * modes.c - legs between modes, and the cheapest modes of a route by dynamic programming.
 * Source: Vidal, "Node, edge, arc routing and turn penalties: multiple problems, one neighborhood
 * extension", Operations Research 65(4), 2017. */
#include "search/modes.h"

#include "base/error.h"

static int32_t least_length(const ki_model *model, int32_t task) {
    const ki_mode *mode = &model->modes[model->tasks[task].first_mode];
    int32_t least_mm = mode->length_mm;
    for (int32_t index = 1; index < model->tasks[task].n_modes; index++)
        if (mode[index].length_mm < least_mm) least_mm = mode[index].length_mm;
    return least_mm;
}

/* All legs into the modes of one task. */
static void fill_columns(ki_modes *modes, const ki_model *model, int32_t to) {
    int32_t tip = model->tips[model->types->first_tip].point;
    int32_t least_mm = to < modes->n ? least_length(model, to) : 0;
    for (int32_t column = modes->first[to]; column < modes->first[to + 1]; column++) {
        const ki_mode *into =
            to < modes->n ? &model->modes[model->tasks[to].first_mode + column - modes->first[to]]
                          : NULL;
        int32_t entry = into ? into->entry : tip;
        int32_t more_mm = into ? into->length_mm - least_mm : 0;
        for (int32_t from = 0; from <= modes->n; from++)
            for (int32_t row = modes->first[from]; from != to && row < modes->first[from + 1];
                 row++) {
                int32_t exit = model->types->start_point;
                if (from < modes->n)
                    exit =
                        model->modes[model->tasks[from].first_mode + row - modes->first[from]].exit;
                modes->leg_mm[(size_t)row * modes->width + (size_t)column] =
                    ki_length_mm(model, 0, exit, entry) + more_mm;
            }
    }
}

kerb_status ki_modes_make(ki_modes **out, ki_work *work, kerb_error *err) {
    const ki_model *model = work->model;
    int32_t n = model->n_tasks, n_rows = 0, most = 0;
    *out = NULL;
    for (int32_t task = 0; task < n; task++)
        if (model->tasks[task].n_modes > most) most = model->tasks[task].n_modes;
    if (most < 2) return KERB_OK;
    ki_modes *modes = ki_arena_alloc(&work->arena, 1, sizeof *modes);
    if (!modes) return ki_fail_no_memory(err, "the search");
    *modes = (ki_modes){.n = n};
    modes->first = ki_arena_alloc(&work->arena, (size_t)n + 2, sizeof *modes->first);
    if (!modes->first) return ki_fail_no_memory(err, "the search");
    for (int32_t task = 0; task < n; n_rows += model->tasks[task++].n_modes)
        modes->first[task] = n_rows;
    modes->first[n] = n_rows;
    modes->first[n + 1] = n_rows + 1;
    modes->width = (size_t)n_rows + 1;
    modes->leg_mm =
        ki_arena_alloc(&work->arena, modes->width * modes->width, sizeof *modes->leg_mm);
    if (!modes->leg_mm) return ki_fail_no_memory(err, "the search");
    for (int32_t to = 0; to <= n; to++)
        fill_columns(modes, model, to);
    *out = modes;
    return KERB_OK;
}

int32_t ki_modes_least(const ki_modes *modes, int32_t from, int32_t to) {
    int32_t least_mm = INT32_MAX;
    for (int32_t row = modes->first[from]; row < modes->first[from + 1]; row++)
        for (int32_t column = modes->first[to]; column < modes->first[to + 1]; column++) {
            int32_t mm = modes->leg_mm[(size_t)row * modes->width + (size_t)column];
            if (mm < least_mm) least_mm = mm;
        }
    return least_mm;
}

void ki_modes_go(const ki_modes *modes, ki_modes_walk *walk, int32_t task) {
    ki_modes_walk next = {.at = task};
    ki_modes_step(modes, walk->at, walk->mm, task, next.mm);
    *walk = next;
}

int64_t ki_modes_home(const ki_modes *modes, const ki_modes_walk *walk) {
    int64_t mm;
    ki_modes_step(modes, walk->at, walk->mm, modes->n, &mm);
    return mm;
}

/* The mode of `from` by which `to` in mode `column` is reached at its price. */
static int32_t mode_before(const ki_modes *modes, int32_t from, const int64_t *reached,
                           int32_t column, int64_t mm) {
    int32_t row = modes->first[from], mode = 0;
    while (reached[mode] + modes->leg_mm[(size_t)(row + mode) * modes->width + (size_t)column] !=
           mm)
        mode++;
    return mode;
}

void ki_modes_choose(const ki_modes *modes, const int32_t *tasks, int32_t n, int64_t *reached,
                     uint8_t *chosen) {
    ki_modes_walk walk;
    ki_modes_start(modes, &walk);
    for (int32_t at = 0; at < n; at++) {
        ki_modes_go(modes, &walk, tasks[at]);
        int32_t n_modes = modes->first[tasks[at] + 1] - modes->first[tasks[at]];
        for (int32_t mode = 0; mode < n_modes; mode++)
            reached[(size_t)at * KI_MOST_MODES + (size_t)mode] = walk.mm[mode];
    }
    int64_t mm = ki_modes_home(modes, &walk);
    int32_t column = modes->first[modes->n];
    for (int32_t at = n - 1; at >= 0; at--) {
        const int64_t *here = reached + (size_t)at * KI_MOST_MODES;
        int32_t mode = mode_before(modes, tasks[at], here, column, mm);
        chosen[at] = (uint8_t)mode;
        mm = here[mode];
        column = modes->first[tasks[at]] + mode;
    }
}
