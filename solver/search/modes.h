/* SPDX-License-Identifier: GPL-3.0-or-later
 * modes.h - tasks that can be served in several ways, as bare numbers: a kerb that one pass cleans
 * in either direction, a place that may be reached by several streets.
 *
 *   start ─┬─ t1, mode 0 ─┬─ t2, mode 0 ─┬─ end     a route is an order of tasks; its price is the
 *          └─ t1, mode 1 ─┴─ t2, mode 1 ─┘          cheapest way through this net
 *
 * A row is one mode of one task; the last row is the depot. Legs hold what serving by the mode
 * driven to costs beyond the cheapest mode of its task. */
#ifndef KI_MODES_H
#define KI_MODES_H
#include "search/work.h"

enum { KI_MOST_MODES = 8 };

typedef struct ki_modes {
    int32_t n;       /* tasks */
    int32_t *first;  /* [n + 2] the rows of task t: first[t] up to first[t + 1]; of the depot n */
    size_t width;    /* rows */
    int32_t *leg_mm; /* [width][width] */
} ki_modes;

/* NULL in *out where every task has one mode only. Lives in the arena of the work. */
kerb_status ki_modes_make(ki_modes **out, ki_work *work, kerb_error *err);

/* What reaching each mode of the last task of a route costs, and going home from there. */
typedef struct ki_modes_walk {
    int32_t at; /* task; n: the depot */
    int64_t mm[KI_MOST_MODES];
} ki_modes_walk;
static inline void ki_modes_start(const ki_modes *modes, ki_modes_walk *walk) {
    walk->at = modes->n;
    walk->mm[0] = 0;
}
void ki_modes_go(const ki_modes *modes, ki_modes_walk *walk, int32_t task);
int64_t ki_modes_home(const ki_modes *modes, const ki_modes_walk *walk);
/* The modes of the cheapest way, counted from the first of each task. reached: [n][KI_MOST_MODES]
 * to work with. */
void ki_modes_choose(const ki_modes *modes, const int32_t *tasks, int32_t n, int64_t *reached,
                     uint8_t *chosen);
/* The cheapest leg from one task to another, whatever the modes; n: the depot. */
int32_t ki_modes_least(const ki_modes *modes, int32_t from, int32_t to);

/* next[j] = min over i of last[i] + leg[i][j] */
static inline void ki_modes_step(const ki_modes *modes, int32_t from, const int64_t *last,
                                 int32_t to, int64_t *next) {
    int32_t row = modes->first[from], n_rows = modes->first[from + 1] - row;
    int32_t column = modes->first[to], n_columns = modes->first[to + 1] - column;
    const int32_t *legs = modes->leg_mm + (size_t)row * modes->width + (size_t)column;
    for (int32_t j = 0; j < n_columns; j++)
        next[j] = last[0] + legs[j];
    for (int32_t i = 1; i < n_rows; i++) {
        legs += modes->width;
        for (int32_t j = 0; j < n_columns; j++)
            if (last[i] + legs[j] < next[j]) next[j] = last[i] + legs[j];
    }
}
/* next[i] = min over j of leg[i][j] + last[j]: from behind. */
static inline void ki_modes_step_back(const ki_modes *modes, int32_t from, int64_t *next,
                                      int32_t to, const int64_t *last) {
    int32_t row = modes->first[from], n_rows = modes->first[from + 1] - row;
    int32_t column = modes->first[to], n_columns = modes->first[to + 1] - column;
    const int32_t *legs = modes->leg_mm + (size_t)row * modes->width + (size_t)column;
    for (int32_t i = 0; i < n_rows; i++, legs += modes->width) {
        next[i] = legs[0] + last[0];
        for (int32_t j = 1; j < n_columns; j++)
            if (legs[j] + last[j] < next[i]) next[i] = legs[j] + last[j];
    }
}
#endif
