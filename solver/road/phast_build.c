/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast_build.c - what was selected laid out for the sweep and for the way up to it: all in order
 * of rank, and nothing of it looks at the hierarchy again. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "road/phast.h"

typedef struct layout {
    ki_phast *phast;
    ki_selection *from;
    int32_t n_swept; /* rows of picks; those of arcs with copies follow */
} layout;

/* A folded node that no source passes is gone. */
static int is_item(const ki_pick *pick) {
    return pick->marks & (KI_PICK_SWEPT | KI_PICK_PASSED);
}

/* From the top down. */
static ki_pick *pick_at(const ki_selection *from, int32_t at) {
    return &from->picks[from->order[from->n_ordered - 1 - at]];
}

static void number_rows(layout *lay, int32_t n_copy_rows) {
    ki_phast *phast = lay->phast;
    ki_selection *from = lay->from;
    for (int32_t pick = 0; pick < from->n_picks; pick++) {
        phast->n_rows += (from->picks[pick].marks & KI_PICK_SWEPT) != 0;
        phast->n_items += is_item(&from->picks[pick]) != 0;
    }
    lay->n_swept = phast->n_rows;
    phast->n_rows += n_copy_rows;
    phast->n_all_rows = phast->n_rows;
    int32_t n_swept = 0, n_items = 0;
    for (int32_t at = 0; at < from->n_ordered; at++) {
        ki_pick *pick = pick_at(from, at);
        from->pick_of[pick->rank] = is_item(pick) ? n_items++ : -1;
        if (pick->marks & KI_PICK_SWEPT)
            pick->row = n_swept++;
        else if (is_item(pick))
            pick->row = phast->n_all_rows++;
    }
}

static void number_items(const layout *lay) {
    int32_t n_items = 0;
    for (int32_t at = 0; at < lay->from->n_ordered; at++)
        if (is_item(pick_at(lay->from, at)))
            lay->phast->row_of[n_items++] = pick_at(lay->from, at)->row;
}

/* An arc with copies gets a row of its own at the end: the least of all of them. */
static int32_t count_copy_rows(const ki_profile *profile, const int32_t *arcs, int32_t n_arcs,
                               int32_t *n_edges) {
    int32_t n_rows = 0;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t n_copies = profile->first_copy[arcs[index] + 1] - profile->first_copy[arcs[index]];
        if (n_copies > 0) *n_edges += n_copies + 1;
        n_rows += n_copies > 0;
    }
    return n_rows;
}

/* ---- memory ------------------------------------------------------------------------- */

static int edges_new(ki_phast *phast, ki_phast_edges *edges, int32_t n_edges) {
    edges->first = ki_arena_alloc(&phast->arena, (size_t)phast->n_items + 1, sizeof *edges->first);
    edges->row = ki_arena_take(&phast->arena, (size_t)n_edges, sizeof *edges->row);
    edges->label = ki_arena_take(&phast->arena, (size_t)n_edges, sizeof *edges->label);
    return edges->first && edges->row && edges->label ? 0 : -1;
}

static int32_t count_in(const layout *lay) {
    int32_t n = 0;
    for (int32_t pick = 0; pick < lay->from->n_picks; pick++)
        n += lay->from->picks[pick].n_in;
    return n;
}

static int allocate(layout *lay, int32_t n_arcs, int32_t n_copy_edges) {
    ki_phast *phast = lay->phast;
    ki_arena *arena = &phast->arena;
    size_t n_in = (size_t)count_in(lay) + (size_t)n_copy_edges;
    phast->row_of = ki_arena_take(arena, (size_t)phast->n_items, sizeof *phast->row_of);
    phast->up_item = ki_arena_take(arena, (size_t)lay->from->n_up, sizeof *phast->up_item);
    phast->first_in = ki_arena_alloc(arena, (size_t)phast->n_rows + 3, sizeof *phast->first_in);
    phast->tail = ki_arena_take(arena, n_in, sizeof *phast->tail);
    phast->label = ki_arena_take(arena, n_in, sizeof *phast->label);
    phast->target_row = ki_arena_take(arena, (size_t)n_arcs, sizeof *phast->target_row);
    if (!phast->row_of || !phast->up_item || !phast->first_in || !phast->tail || !phast->label ||
        !phast->target_row)
        return -1;
    return edges_new(phast, &phast->up, lay->from->n_up) ||
           edges_new(phast, &phast->fold, lay->from->n_fold);
}

/* ---- edges -------------------------------------------------------------------------- */

static void lay_up(const layout *lay, const ki_pick *pick, int32_t *n) {
    const ki_phast *phast = lay->phast;
    const ki_hierarchy *hierarchy = phast->hierarchy;
    int32_t end = hierarchy->first_up[pick->rank + 1];
    for (int32_t edge = hierarchy->first_up[pick->rank]; edge < end; edge++) {
        int32_t item = phast->item_of[hierarchy->up[edge].node];
        phast->up_item[*n] = item;
        phast->up.row[*n] = phast->row_of[item];
        phast->up.label[(*n)++] = hierarchy->up[edge].label;
    }
}

static void lay_fold(const layout *lay, const ki_pick *pick, int32_t *n) {
    ki_phast_edges *fold = &lay->phast->fold;
    const ki_selection *from = lay->from;
    for (int32_t entry = pick->first_child; entry >= 0; entry = from->children[entry].next) {
        fold->row[*n] = from->picks[from->children[entry].pick].row;
        fold->label[(*n)++] = from->children[entry].label;
    }
}

/* first_in[row + 1] is where the next edge of the row goes, and in the end where they end. */
static void lay_in(const layout *lay, const ki_pick *pick) {
    ki_phast *phast = lay->phast;
    const ki_selection *from = lay->from;
    for (int32_t entry = pick->first_child; entry >= 0; entry = from->children[entry].next) {
        int32_t to = from->picks[from->children[entry].pick].row;
        int32_t where = phast->first_in[to + 1]++;
        phast->tail[where] = pick->row;
        phast->label[where] = from->children[entry].label;
    }
}

static void lay_down(const layout *lay) {
    ki_phast *phast = lay->phast;
    int32_t item = 0, n_fold = 0;
    for (int32_t at = 0; at < lay->from->n_ordered; at++) {
        const ki_pick *pick = pick_at(lay->from, at);
        if (!is_item(pick)) continue;
        if (pick->marks & KI_PICK_SWEPT)
            lay_in(lay, pick);
        else
            lay_fold(lay, pick, &n_fold);
        phast->fold.first[++item] = n_fold;
    }
}

static void lay_ways_up(const layout *lay) {
    int32_t item = 0, n_up = 0;
    for (int32_t at = 0; at < lay->from->n_ordered; at++) {
        const ki_pick *pick = pick_at(lay->from, at);
        if (!is_item(pick)) continue;
        if (pick->marks & KI_PICK_PASSED) lay_up(lay, pick, &n_up);
        lay->phast->up.first[++item] = n_up;
    }
}

static void count_rows_in(const layout *lay) {
    int32_t *first_in = lay->phast->first_in;
    for (int32_t pick = 0; pick < lay->from->n_picks; pick++)
        if (lay->from->picks[pick].marks & KI_PICK_SWEPT)
            first_in[lay->from->picks[pick].row + 2] = lay->from->picks[pick].n_in;
    for (int32_t row = 0; row < lay->n_swept; row++)
        first_in[row + 2] += first_in[row + 1];
}

static void lay_free_edge(ki_phast *phast, int32_t at, int32_t from_row) {
    phast->tail[at] = from_row;
    phast->label[at] = 0;
}

static void set_targets(const layout *lay, const int32_t *arcs, int32_t n_arcs) {
    ki_phast *phast = lay->phast;
    const ki_profile *profile = phast->profile;
    const int32_t *rank_of = phast->hierarchy->rank_of;
    int32_t n_rows = lay->n_swept;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index], copy = profile->first_copy[arc];
        int32_t end = profile->first_copy[arc + 1], at = phast->first_in[n_rows];
        phast->target_row[index] = phast->row_of[phast->item_of[rank_of[arc]]];
        if (copy == end) continue;
        lay_free_edge(phast, at++, phast->target_row[index]);
        for (; copy < end; copy++)
            lay_free_edge(phast, at++,
                          phast->row_of[phast->item_of[rank_of[profile->copies[copy]]]]);
        phast->target_row[index] = n_rows++;
        phast->first_in[n_rows] = at;
    }
}

/* ---- all of it ---------------------------------------------------------------------- */

typedef struct laying {
    layout lay;
    const int32_t *arcs;
    int32_t n_arcs;
} laying;

static void run_job(void *payload, int job) {
    const laying *at = payload;
    if (job == 1) {
        lay_ways_up(&at->lay);
        return;
    }
    count_rows_in(&at->lay);
    lay_down(&at->lay);
    set_targets(&at->lay, at->arcs, at->n_arcs);
}

static kerb_status lay_out(ki_phast *phast, const int32_t *arcs, int32_t n_arcs, int threads,
                           kerb_error *err) {
    laying at = {{.phast = phast, .from = phast->selection}, arcs, n_arcs};
    int32_t n_copy_edges = 0;
    number_rows(&at.lay, count_copy_rows(phast->profile, arcs, n_arcs, &n_copy_edges));
    if (allocate(&at.lay, n_arcs, n_copy_edges)) return ki_fail_no_memory(err, "the matrix");
    number_items(&at.lay);
    ki_pool_run(threads, 2, run_job, &at);
    return KERB_OK;
}

kerb_status ki_phast_build(ki_phast *phast, const ki_profile *profile,
                           const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                           int threads, kerb_error *err) {
    *phast = (ki_phast){.profile = profile, .hierarchy = hierarchy};
    KI_TRY(ki_profile_take_selection(&phast->selection, profile, err));
    phast->item_of = phast->selection->pick_of;
    kerb_status status =
        ki_selection_fill(phast->selection, profile, hierarchy, arcs, n_arcs, threads, err);
    if (status == KERB_OK) status = lay_out(phast, arcs, n_arcs, threads, err);
    if (status != KERB_OK) ki_phast_free(phast);
    return status;
}

void ki_phast_free(ki_phast *phast) {
    if (phast->selection) {
        ki_selection_clear(phast->selection);
        ki_profile_return_selection(phast->profile, phast->selection);
    }
    ki_arena_free(&phast->arena);
    *phast = (ki_phast){0};
}
