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

enum { FOLD_SLACK = 1, USED = 1, KEPT = 2, PASSED = 4 };

typedef struct child { /* an edge down in the making */
    uint64_t label;
    int32_t node, next;
} child;

typedef struct selection {
    ki_phast *phast;
    uint8_t *marks;       /* [ranks] USED, KEPT */
    int32_t *first_child; /* [ranks] into children, -1 ends */
    int32_t *seen;        /* [ranks] child entry of the list at hand, -1 none */
    int32_t *stack;
    child *children;
    size_t n_children, capacity;
} selection;

/* Everything that leads to or from the nodes on the stack over the edges given. */
static void spread(selection *at, int32_t n, const int32_t *first, const ki_ch_edge *edges,
                   uint8_t mark) {
    while (n > 0) {
        int32_t rank = at->stack[--n];
        for (int32_t edge = first[rank]; edge < first[rank + 1]; edge++) {
            int32_t next = edges[edge].node;
            if (at->marks[next] & mark) continue;
            at->marks[next] |= mark;
            at->stack[n++] = next;
        }
    }
}

static int32_t add_mark(selection *at, int32_t n, int32_t node, uint8_t mark) {
    int32_t rank = at->phast->hierarchy->rank_of[node];
    int known = at->marks[rank] & mark & (USED | PASSED);
    at->marks[rank] |= mark;
    if (!known) at->stack[n++] = rank;
    return n;
}

static void mark_targets(selection *at, const int32_t *arcs, int32_t n_arcs) {
    const ki_profile *profile = at->phast->profile;
    int32_t n = 0;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t arc = arcs[index], end = profile->first_copy[arc + 1];
        n = add_mark(at, n, arc, USED | KEPT);
        for (int32_t copy = profile->first_copy[arc]; copy < end; copy++)
            n = add_mark(at, n, profile->copies[copy], USED | KEPT);
    }
    spread(at, n, at->phast->hierarchy->first_down, at->phast->hierarchy->down, USED);
}

static void mark_sources(selection *at, const int32_t *arcs, int32_t n_arcs) {
    const ki_profile *profile = at->phast->profile;
    int32_t n = 0;
    for (int32_t index = 0; index < n_arcs; index++) {
        int32_t start = profile->depart[arcs[index]];
        for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1];
             turn++)
            n = add_mark(at, n, profile->turn_to[turn], PASSED);
    }
    spread(at, n, at->phast->hierarchy->first_up, at->phast->hierarchy->up, PASSED);
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
    for (int32_t entry = at->first_child[rank]; entry >= 0; entry = at->children[entry].next)
        at->seen[at->children[entry].node] = -1;
    return n;
}

static int fold(selection *at, int32_t rank) {
    const ki_hierarchy *hierarchy = at->phast->hierarchy;
    for (int32_t in = hierarchy->first_down[rank]; in < hierarchy->first_down[rank + 1]; in++) {
        const ki_ch_edge *edge = &hierarchy->down[in];
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
    for (int32_t in = hierarchy->first_down[rank]; in < hierarchy->first_down[rank + 1]; in++)
        if (add_child(at, hierarchy->down[in].node, rank, hierarchy->down[in].label)) return -1;
    return 0;
}

static int fold_or_keep(selection *at) {
    const int32_t *first_down = at->phast->hierarchy->first_down;
    for (int32_t rank = at->phast->hierarchy->n_nodes - 1; rank >= 0; rank--) {
        if (!(at->marks[rank] & USED)) continue;
        int64_t n_out = merge_children(at, rank), n_in = first_down[rank + 1] - first_down[rank];
        int folds = !(at->marks[rank] & KEPT) && n_in * n_out <= n_in + n_out + FOLD_SLACK;
        if (folds ? fold(at, rank) : keep(at, rank)) return -1;
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

static void count_edges(selection *at, int32_t *n_fold) {
    ki_phast *phast = at->phast;
    for (int32_t rank = 0; rank < phast->hierarchy->n_nodes; rank++) {
        int32_t row = phast->row_of[rank];
        for (int32_t entry = row == -1 ? -1 : at->first_child[rank]; entry >= 0;
             entry = at->children[entry].next) {
            if (row >= 0)
                phast->first_in[phast->row_of[at->children[entry].node] + 2]++;
            else
                ++*n_fold;
        }
    }
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
    int32_t n_edges = 0, n_fold = 0;
    if (number_rows(at)) return -1;
    int32_t n_rows = phast->n_rows;
    phast->n_rows += count_more(phast->profile, arcs, n_arcs, &n_edges);
    phast->first_in =
        ki_arena_alloc(&phast->arena, (size_t)phast->n_rows + 3, sizeof *phast->first_in);
    phast->target_row = ki_arena_alloc(&phast->arena, (size_t)n_arcs, sizeof *phast->target_row);
    if (!phast->first_in || !phast->target_row) return -1;
    count_edges(at, &n_fold);
    for (int32_t row = 0; row < n_rows; row++)
        phast->first_in[row + 2] += phast->first_in[row + 1];
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
    at->stack = ki_alloc(n * sizeof *at->stack);
    if (!at->marks || !at->first_child || !at->seen || !at->stack) return -1;
    memset(at->first_child, 0xff, n * sizeof *at->first_child);
    memset(at->seen, 0xff, n * sizeof *at->seen);
    mark_targets(at, arcs, n_arcs);
    mark_sources(at, arcs, n_arcs);
    return fold_or_keep(at) || lay_rows(at, arcs, n_arcs) ? -1 : 0;
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
    ki_free(at.stack);
    ki_free(at.children);
    if (!failed) return KERB_OK;
    ki_phast_free(phast);
    return ki_fail_no_memory(err, "the matrix");
}

void ki_phast_free(ki_phast *phast) {
    ki_arena_free(&phast->arena);
    *phast = (ki_phast){0};
}
