/* SPDX-License-Identifier: GPL-3.0-or-later
 * first.c - the first solution. */
#include "search/first.h"

#include "search/polish.h"

/* 1 if what was done since the last decision pays. */
static int keep_if_cheaper(ki_work *work, int64_t old_nano) {
    ki_polish_touched(work);
    int pays = ki_work_cost(work) < old_nano;
    if (pays)
        ki_work_keep(work);
    else
        ki_work_undo(work);
    return pays;
}

/* A shift of a type for what is left out, started from several tasks in turn. 1 if one paid. */
static int open_shift(ki_work *work, ki_ruin *ruin, ki_trips *trips, int32_t type) {
    enum { ATTEMPTS = 8 };
    for (int attempt = 0; attempt < ATTEMPTS && work->n_absent > 0; attempt++) {
        int32_t task = work->absent[(int64_t)attempt * work->n_absent / ATTEMPTS];
        int64_t old_nano = ki_work_cost(work);
        if (!(work->model->tasks[task].types >> type & 1)) continue;
        if (ki_trips_open(trips, work, ruin, task, type) && keep_if_cheaper(work, old_nano))
            return 1;
        ki_work_undo(work);
    }
    return 0;
}

/* Construction opens a shift where one task pays for it and never closes one: what groups pay for,
 * and what others can take over, is made up for here. */
static void open_and_close(ki_work *work, ki_ruin *ruin, ki_trips *trips) {
    for (int32_t type = 0; type < work->model->n_types; type++)
        while (!work->failed && open_shift(work, ruin, trips, type)) {
        }
    for (int32_t slot = 0; slot < work->n_high && !work->failed; slot++) {
        int64_t old_nano = ki_work_cost(work);
        ki_trips_close(trips, work, ruin, slot);
        keep_if_cheaper(work, old_nano);
    }
}

void ki_first_solution(ki_work *work, ki_ruin *ruin, ki_trips *trips) {
    ki_ruin_construct(ruin, work);
    for (int32_t slot = 0; slot < work->n_high; slot++)
        ki_polish_route(work, slot);
    ki_work_keep(work);
    open_and_close(work, ruin, trips);
}
