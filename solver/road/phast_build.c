/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast_build.c - the rows of a sweep (Delling, Goldberg and Werneck, Faster Batched Shortest Paths
 * in Road Networks, ATMOS 2011: the selection of RPHAST).
 *
 * Only nodes from which edges down lead to a target are of use. Many of these just pass labels on:
 * from the bottom up, a node with few edges in and out is folded into its children, so that its row
 * is neither written nor read. A source that comes by a folded node on its way up hands its label
 * to the children itself. */
#include "base/alloc.h"
#include "base/error.h"
#include "road/phast.h"

#include <string.h>

enum { FOLD_SLACK = 4, USED = 1, KEPT = 2, PASSED = 4 };

typedef struct child { /* an edge down in the making */
    uint64_t label;
    int32_t node, next;
} child;

typedef struct selection {
    ki_phast *phast;
    uint8_t *marks;       /* [ranks] */
    int32_t *first_child; /* [ranks] into children, -1 ends */
    int32_t *seen;        /* [ranks] child entry of the list at hand, -1 none */
    int32_t *n_in;        /* [ranks] edges from rows */
    int32_t n_fold;       /* edges from folded nodes */
    child *children;
    size_t n_children, capacity;
} selection;

static void mark(selection *at, int32_t node, uint8_t marks) {
    at->marks[at->phast->hierarchy->rank_of[node]] |= marks;
}

static void mark_ends(selection *at, const int32_t *arcs, int32_t n_arcs) {
    const ki_profile *profile = at->phast->profile;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index], start = profile->depart[arc];
        mark(at, arc, USED | KEPT);
        for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
            mark(at, profile->copies[copy], USED | KEPT);
        for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1];
             turn++)
            mark(at, profile->turn_to[turn], PASSED);
    }
}

/* ---- folding ------------------------------------------------------------------------ */

static int add_child(selection *at, int32_t to, int32_t node, uint64_t label) {
    if (label >= KI_FAR_LABEL) return 0;
    if (at->n_children >= INT32_MAX ||
        ki_grow(&at->children, &at->capacity, at->n_children + 1, sizeof *at->children))
        return -1;
    at->children[at->n_children] = (child){label, node, at->first_child[to]};
    at->first_child[to] = (int32_t)at->n_children++;
    return 0;
}

/* Of parallel edges the shorter stays. Gives how many there are. */
static int32_t merge_children(selection *at, int32_t rank) {
    int32_t n = 0;
    for (int32_t *slot = &at->first_child[rank]; *slot >= 0;) {
        child *here = &at->children[*slot];
        int32_t *known = &at->seen[here->node];
        if (*known < 0) {
            *known = *slot;
            slot = &here->next;
            n++;
            continue;
        }
        if (here->label < at->children[*known].label) at->children[*known].label = here->label;
        *slot = here->next;
    }
    return n;
}

static int fold(selection *at, int32_t rank) {
    const ki_hierarchy *hierarchy = at->phast->hierarchy;
    for (int32_t in = hierarchy->first_down[rank]; in < hierarchy->first_down[rank + 1]; in++) {
        const ki_ch_edge *edge = &hierarchy->down[in];
        at->marks[edge->node] |= USED;
        for (int32_t entry = at->first_child[rank]; entry >= 0; entry = at->children[entry].next)
            if (add_child(at, edge->node, at->children[entry].node,
                          edge->label + at->children[entry].label))
                return -1;
    }
    return 0;
}

static int keep(selection *at, int32_t rank) {
    const ki_hierarchy *hierarchy = at->phast->hierarchy;
    at->marks[rank] |= KEPT;
    for (int32_t in = hierarchy->first_down[rank]; in < hierarchy->first_down[rank + 1]; in++) {
        at->marks[hierarchy->down[in].node] |= USED;
        if (add_child(at, hierarchy->down[in].node, rank, hierarchy->down[in].label)) return -1;
    }
    return 0;
}

static void count_children(selection *at, int32_t rank) {
    int is_row = at->marks[rank] & KEPT;
    for (int32_t entry = at->first_child[rank]; entry >= 0; entry = at->children[entry].next) {
        int32_t node = at->children[entry].node;
        at->seen[node] = -1;
        at->n_in[node] += is_row ? 1 : 0;
        at->n_fold += is_row ? 0 : 1;
    }
}

static int fold_or_keep(selection *at, int32_t rank) {
    const int32_t *first_down = at->phast->hierarchy->first_down;
    int64_t n_out = merge_children(at, rank), n_in = first_down[rank + 1] - first_down[rank];
    int folds = !(at->marks[rank] & KEPT) && n_in * n_out <= n_in + n_out + FOLD_SLACK;
    if (folds ? fold(at, rank) : keep(at, rank)) return -1;
    count_children(at, rank);
    return 0;
}

/* Edges lead from greater ranks to smaller: once from the bottom up sees everything, in the order
 * it lies in memory. */
static int climb(selection *at) {
    const ki_hierarchy *hierarchy = at->phast->hierarchy;
    for (int32_t rank = hierarchy->n_nodes - 1; rank >= 0; rank--) {
        if (at->marks[rank] & PASSED)
            for (int32_t up = hierarchy->first_up[rank]; up < hierarchy->first_up[rank + 1]; up++)
                at->marks[hierarchy->up[up].node] |= PASSED;
        if ((at->marks[rank] & USED) && fold_or_keep(at, rank)) return -1;
    }
    return 0;
}

/* ---- rows --------------------------------------------------------------------------- */

static int number_rows(selection *at) {
    ki_phast *phast = at->phast;
    int32_t n = phast->hierarchy->n_nodes, n_folded = 0;
    phast->row_of = ki_arena_alloc(&phast->arena, (size_t)n, sizeof *phast->row_of);
    if (!phast->row_of) return -1;
    for (int32_t rank = 0; rank < n; rank++) {
        uint8_t marks = at->marks[rank];
        phast->row_of[rank] = marks & KEPT ? phast->n_rows++ : marks & USED ? -2 - n_folded++ : -1;
        if ((marks & PASSED) && !(marks & KEPT)) phast->n_slots++;
    }
    phast->first_fold =
        ki_arena_alloc(&phast->arena, (size_t)n_folded + 1, sizeof *phast->first_fold);
    return phast->first_fold ? 0 : -1;
}

/* An arc with copies gets a row of its own at the end: the least of all of them. */
static int32_t count_more(const ki_profile *profile, const int32_t *arcs, int32_t n_arcs,
                          int32_t *n_edges) {
    int32_t n_rows = 0;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t n_copies = profile->first_copy[arcs[index] + 1] - profile->first_copy[arcs[index]];
        if (n_copies > 0) *n_edges += n_copies + 1;
        n_rows += n_copies > 0;
    }
    return n_rows;
}

static void lay_edges(selection *at) {
    ki_phast *phast = at->phast;
    int32_t n_fold = 0, n_folded = 0;
    for (int32_t rank = 0; rank < phast->hierarchy->n_nodes; rank++) {
        int32_t row = phast->row_of[rank];
        if (row == -1) continue;
        if (row < 0) phast->first_fold[n_folded++] = n_fold;
        for (int32_t entry = at->first_child[rank]; entry >= 0; entry = at->children[entry].next) {
            const child *down = &at->children[entry];
            int32_t to = phast->row_of[down->node];
            if (row < 0) {
                phast->fold_row[n_fold] = to;
                phast->fold_label[n_fold++] = down->label;
                continue;
            }
            int32_t where = phast->first_in[to + 1]++;
            phast->tail[where] = row;
            phast->label[where] = down->label;
        }
    }
    phast->first_fold[n_folded] = n_fold;
}

static void set_targets(ki_phast *phast, const int32_t *arcs, int32_t n_arcs, int32_t n_rows) {
    const ki_profile *profile = phast->profile;
    const int32_t *rank_of = phast->hierarchy->rank_of;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index], copy = profile->first_copy[arc];
        int32_t end = profile->first_copy[arc + 1], at = phast->first_in[n_rows];
        phast->target_row[index] = phast->row_of[rank_of[arc]];
        if (copy == end) continue;
        phast->tail[at++] = phast->target_row[index];
        for (; copy < end; copy++)
            phast->tail[at++] = phast->row_of[rank_of[profile->copies[copy]]];
        phast->target_row[index] = n_rows++;
        phast->first_in[n_rows] = at;
    }
}

static int lay_rows(selection *at, const int32_t *arcs, int32_t n_arcs) {
    ki_phast *phast = at->phast;
    int32_t n_edges = 0, n_fold = at->n_fold;
    if (number_rows(at)) return -1;
    int32_t n_rows = phast->n_rows;
    phast->n_rows += count_more(phast->profile, arcs, n_arcs, &n_edges);
    phast->first_in =
        ki_arena_alloc(&phast->arena, (size_t)phast->n_rows + 3, sizeof *phast->first_in);
    phast->target_row = ki_arena_alloc(&phast->arena, (size_t)n_arcs, sizeof *phast->target_row);
    if (!phast->first_in || !phast->target_row) return -1;
    for (int32_t rank = 0; rank < phast->hierarchy->n_nodes; rank++) {
        int32_t row = phast->row_of[rank];
        if (row >= 0) phast->first_in[row + 2] = phast->first_in[row + 1] + at->n_in[rank];
    }
    n_edges += phast->first_in[n_rows + 1];
    phast->tail = ki_arena_alloc(&phast->arena, (size_t)n_edges, sizeof *phast->tail);
    phast->label = ki_arena_alloc(&phast->arena, (size_t)n_edges, sizeof *phast->label);
    phast->fold_row = ki_arena_alloc(&phast->arena, (size_t)n_fold, sizeof *phast->fold_row);
    phast->fold_label = ki_arena_alloc(&phast->arena, (size_t)n_fold, sizeof *phast->fold_label);
    if (!phast->tail || !phast->label || !phast->fold_row || !phast->fold_label) return -1;
    lay_edges(at);
    set_targets(phast, arcs, n_arcs, n_rows);
    return 0;
}

/* ---- all of it ---------------------------------------------------------------------- */

static int select_all(selection *at, const int32_t *arcs, int32_t n_arcs) {
    size_t n = (size_t)at->phast->hierarchy->n_nodes;
    at->marks = ki_alloc_zero(n, 1);
    at->first_child = ki_alloc(n * sizeof *at->first_child);
    at->seen = ki_alloc(n * sizeof *at->seen);
    at->n_in = ki_alloc_zero(n, sizeof *at->n_in);
    if (!at->marks || !at->first_child || !at->seen || !at->n_in) return -1;
    memset(at->first_child, 0xff, n * sizeof *at->first_child);
    memset(at->seen, 0xff, n * sizeof *at->seen);
    mark_ends(at, arcs, n_arcs);
    return climb(at) || lay_rows(at, arcs, n_arcs) ? -1 : 0;
}

kerb_status ki_phast_build(ki_phast *phast, const ki_profile *profile,
                           const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                           kerb_error *err) {
    *phast = (ki_phast){.profile = profile, .hierarchy = hierarchy};
    selection at = {.phast = phast};
    int failed = select_all(&at, arcs, n_arcs);
    ki_free(at.marks);
    ki_free(at.first_child);
    ki_free(at.seen);
    ki_free(at.n_in);
    ki_free(at.children);
    if (!failed) return KERB_OK;
    ki_phast_free(phast);
    return ki_fail_no_memory(err, "the matrix");
}

void ki_phast_free(ki_phast *phast) {
    ki_arena_free(&phast->arena);
    *phast = (ki_phast){0};
}
