/* SPDX-License-Identifier: GPL-3.0-or-later
 * restricted.h - one restricted problem of the final choice: some columns, and the rows they
 * touch. Used inside the master only. */
#ifndef KI_RESTRICTED_H
#define KI_RESTRICTED_H
#include "master/lp.h"
#include "master/partition.h"

typedef struct ki_choice_column {
    const ki_route *route;
    const int32_t *tasks;
    int32_t n_tasks, component;
    int64_t cost_nano;
    double reduced; /* in scaled cost; 0 before a relaxation was solved */
} ki_choice_column;

typedef struct ki_choice_work {
    const ki_model *model;
    ki_worker *worker;
    ki_arena arena;
    ki_choice_log *log;
    kerb_error *err;
    int32_t node_limit;
    ki_choice_column *columns; /* the incumbent's routes first */
    int32_t n_columns, n_components;
    unsigned char *chosen; /* [n_columns] */
    int32_t *task_component, *type_component;
    double scale; /* nano to LP units */
} ki_choice_work;

/* One restricted problem: some columns, the rows they touch. */
typedef struct ki_restricted {
    int32_t *columns; /* [n] indices into choice.columns */
    int32_t n, n_rows, n_types, n_caps;
    int32_t *row_of_task; /* [n_tasks]; -1: not in this problem */
    int64_t *row_prize;   /* [n_rows] */
    int32_t *row_of_type; /* [n_types]; -1: none */
    int32_t *type_limit;  /* [model n_types] */
    int32_t *row_of_cap;  /* [n_facilities]; -1: none */
    int64_t *cap_left_g;  /* [n_facilities] */
    int64_t *tipped_g;    /* [n_facilities] by the route at hand */
} ki_restricted;

static inline void *ki_choice_take(ki_choice_work *work, int32_t count, size_t size) {
    return ki_arena_alloc(&work->arena, (size_t)count + 1, size);
}

/* The chosen columns as a solution, placed at the facilities anew where they do not fit together
 * as they are; *fits 0: nor then. Its memory belongs to the work. */
kerb_status ki_choice_solution(ki_choice_work *work, ki_solution *made, int *fits);
/* Counts the rows: tasks in exactly the same columns stand or fall together. */
kerb_status ki_restricted_rows(ki_choice_work *work, ki_restricted *problem);
void ki_restricted_forget_rows(ki_restricted *problem);
/* Branch and bound with the chosen columns as incumbent; a better answer, once priced in
 * integers, becomes the choice. */
kerb_status ki_restricted_solve(ki_choice_work *work, ki_restricted *problem,
                                ki_lp_outcome *outcome);
/* Drops the columns whose reduced cost shows that nothing cheaper contains them. */
kerb_status ki_restricted_relax(ki_choice_work *work, ki_restricted *problem);
#endif
