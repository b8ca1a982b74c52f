/* SPDX-License-Identifier: GPL-3.0-or-later
 * phast_select.c - the selection of RPHAST (Delling, Goldberg and Werneck, Faster Batched Shortest
 * Paths in Road Networks, ATMOS 2011).
 *
 * Only nodes from which edges down lead to a target are of use. Many of these just pass labels on:
 * from the bottom up, a node with few edges in and out is folded into its children, so that its row
 * is neither written nor read. A source that comes by a folded node on its way up hands its label
 * to the children itself. */
#include "road/phast_select.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"

#include <string.h>

enum { FOLD_SLACK = 4 };

typedef struct selecting {
    ki_selection *to;
    const ki_profile *profile;
    const ki_hierarchy *hierarchy;
    const int32_t *arcs;
    int32_t n_arcs;
    int failed;
} selecting;

static int32_t mark(ki_selection *to, int32_t rank, uint8_t marks) {
    int32_t pick = to->pick_of[rank];
    if (pick < 0) {
        pick = to->pick_of[rank] = to->n_picks++;
        to->picks[pick] = (ki_pick){.rank = rank, .first_child = -1, .seen = -1};
        to->pending[rank >> 6] |= UINT64_C(1) << (rank & 63);
    }
    to->picks[pick].marks |= marks;
    return pick;
}

static void mark_targets(const selecting *at) {
    const int32_t *rank_of = at->hierarchy->rank_of;
    const ki_profile *profile = at->profile;
    for (int32_t index = 0; index < at->n_arcs; index++) {
        int32_t arc = at->arcs[index];
        mark(at->to, rank_of[arc], KI_PICK_USED | KI_PICK_SWEPT);
        for (int32_t copy = profile->first_copy[arc]; copy < profile->first_copy[arc + 1]; copy++)
            mark(at->to, rank_of[profile->copies[copy]], KI_PICK_USED | KI_PICK_SWEPT);
    }
}

/* ---- folding ------------------------------------------------------------------------ */

static int add_child(ki_selection *to, ki_pick *parent, int32_t pick, uint64_t label) {
    if (label >= KI_FAR_LABEL) return 0;
    if (to->n_children >= INT32_MAX ||
        ki_grow(&to->children, &to->capacity, to->n_children + 1, sizeof *to->children))
        return -1;
    to->children[to->n_children] = (ki_pick_child){label, pick, parent->first_child};
    parent->first_child = (int32_t)to->n_children++;
    return 0;
}

/* Of parallel edges the shorter stays. Gives how many there are. */
static int32_t merge_children(ki_selection *to, ki_pick *pick) {
    int32_t n = 0;
    for (int32_t *slot = &pick->first_child; *slot >= 0;) {
        ki_pick_child *here = &to->children[*slot];
        int32_t *known = &to->picks[here->pick].seen;
        if (*known < 0) {
            *known = *slot;
            slot = &here->next;
            n++;
            continue;
        }
        if (here->label < to->children[*known].label) to->children[*known].label = here->label;
        *slot = here->next;
    }
    return n;
}

static int fold(ki_selection *to, const ki_pick *pick, ki_pick *parent, uint64_t label) {
    for (int32_t entry = pick->first_child; entry >= 0; entry = to->children[entry].next)
        if (add_child(to, parent, to->children[entry].pick, label + to->children[entry].label))
            return -1;
    return 0;
}

static void count_children(ki_selection *to, const ki_pick *pick) {
    int is_row = pick->marks & KI_PICK_SWEPT;
    for (int32_t entry = pick->first_child; entry >= 0; entry = to->children[entry].next) {
        ki_pick *child = &to->picks[to->children[entry].pick];
        child->seen = -1;
        child->n_in += is_row ? 1 : 0;
    }
}

static int fold_or_keep(const selecting *at, int32_t index) {
    ki_selection *to = at->to;
    ki_pick *pick = &to->picks[index];
    const int32_t *first = at->hierarchy->first_down + pick->rank;
    int64_t n_out = merge_children(to, pick), n_in = first[1] - first[0];
    int folds = !(pick->marks & KI_PICK_SWEPT) && n_in * n_out <= n_in + n_out + FOLD_SLACK;
    if (!folds) pick->marks |= KI_PICK_SWEPT;
    for (int32_t in = first[0]; in < first[1]; in++) {
        const ki_ch_edge *edge = &at->hierarchy->down[in];
        ki_pick *parent = &to->picks[mark(to, edge->node, KI_PICK_USED)];
        if (folds ? fold(to, pick, parent, edge->label) : add_child(to, parent, index, edge->label))
            return -1;
    }
    count_children(to, pick);
    return 0;
}

/* Edges lead from greater ranks to smaller: once from the bottom up sees everything, in the order
 * it lies in memory. */
static int32_t next_rank(uint64_t *bits, int32_t *word) {
    for (; *word >= 0; --*word)
        if (bits[*word]) {
            int32_t bit = 63 - __builtin_clzll(bits[*word]);
            bits[*word] &= ~(UINT64_C(1) << bit);
            return *word * 64 + bit;
        }
    return -1;
}

static void select_down(selecting *at) {
    ki_selection *to = at->to;
    int32_t rank, word = at->hierarchy->n_nodes >> 6;
    mark_targets(at);
    while (!at->failed && (rank = next_rank(to->pending, &word)) >= 0) {
        int32_t index = to->pick_of[rank];
        to->order[to->n_ordered++] = index;
        at->failed = fold_or_keep(at, index);
    }
}

/* ---- the way up ---------------------------------------------------------------------- */

static void climb_to(ki_selection *to, int32_t rank) {
    to->climbing[rank >> 6] |= UINT64_C(1) << (rank & 63);
}

static void select_up(const selecting *at) {
    ki_selection *to = at->to;
    const ki_profile *profile = at->profile;
    const ki_hierarchy *hierarchy = at->hierarchy;
    for (int32_t index = 0; index < at->n_arcs; index++) {
        int32_t start = profile->depart[at->arcs[index]];
        for (int32_t turn = profile->first_turn[start]; turn < profile->first_turn[start + 1];
             turn++)
            climb_to(to, hierarchy->rank_of[profile->turn_to[turn]]);
    }
    int32_t rank, word = hierarchy->n_nodes >> 6;
    while ((rank = next_rank(to->climbing, &word)) >= 0) {
        to->passed[to->n_passed++] = rank;
        for (int32_t up = hierarchy->first_up[rank]; up < hierarchy->first_up[rank + 1]; up++)
            climb_to(to, hierarchy->up[up].node);
        to->n_up += hierarchy->first_up[rank + 1] - hierarchy->first_up[rank];
    }
}

/* ---- all of it ---------------------------------------------------------------------- */

static void run_job(void *payload, int job) {
    if (job == 0)
        select_down(payload);
    else
        select_up(payload);
}

static void note_passed(ki_selection *to, int32_t rank) {
    int32_t index = to->pick_of[rank];
    if (index < 0) {
        index = to->pick_of[rank] = to->n_picks++;
        to->picks[index] = (ki_pick){.rank = rank, .first_child = -1, .seen = -1};
    }
    ki_pick *pick = &to->picks[index];
    pick->marks |= KI_PICK_PASSED;
    if (pick->marks & KI_PICK_SWEPT) return;
    for (int32_t entry = pick->first_child; entry >= 0; entry = to->children[entry].next)
        to->n_fold++;
}

/* Of picks that are in order and ranks passed that are, one order: from the back, in place. */
static void merge_passed(ki_selection *to) {
    int32_t used = to->n_ordered - 1, n_used = to->n_picks;
    for (int32_t at = 0; at < to->n_passed; at++)
        note_passed(to, to->passed[at]);
    int32_t slot = to->n_ordered = to->n_picks;
    for (int32_t at = to->n_passed - 1; at >= 0; at--) {
        int32_t rank = to->passed[at], index = to->pick_of[rank];
        if (index < n_used) continue; /* it has its place already */
        while (used >= 0 && to->picks[to->order[used]].rank < rank)
            to->order[--slot] = to->order[used--];
        to->order[--slot] = index;
    }
}

kerb_status ki_selection_fill(ki_selection *selection, const ki_profile *profile,
                              const ki_hierarchy *hierarchy, const int32_t *arcs, int32_t n_arcs,
                              int threads, kerb_error *err) {
    selecting at = {selection, profile, hierarchy, arcs, n_arcs, 0};
    ki_pool_run(threads, 2, run_job, &at);
    if (at.failed) return ki_fail_no_memory(err, "the matrix");
    merge_passed(selection);
    return KERB_OK;
}

void ki_selection_clear(ki_selection *selection) {
    for (int32_t pick = 0; pick < selection->n_picks; pick++) {
        int32_t rank = selection->picks[pick].rank;
        selection->pick_of[rank] = -1;
        selection->pending[rank >> 6] = 0; /* set still if the fill failed */
    }
    selection->n_picks = selection->n_ordered = selection->n_up = selection->n_fold = 0;
    selection->n_passed = 0;
    selection->n_children = 0;
}

kerb_status ki_selection_new(ki_selection **out, const ki_hierarchy *hierarchy, kerb_error *err) {
    size_t n = (size_t)hierarchy->n_nodes;
    ki_selection *made = *out = ki_alloc_zero(1, sizeof *made);
    if (!made) return ki_fail_no_memory(err, "the matrix");
    made->pick_of = ki_alloc(n * sizeof *made->pick_of);
    made->pending = ki_alloc_zero(n / 64 + 1, sizeof *made->pending);
    made->picks = ki_alloc(n * sizeof *made->picks);
    made->order = ki_alloc(n * sizeof *made->order);
    made->climbing = ki_alloc_zero(n / 64 + 1, sizeof *made->climbing);
    made->passed = ki_alloc(n * sizeof *made->passed);
    if (made->pick_of && made->pending && made->picks && made->order && made->climbing &&
        made->passed) {
        memset(made->pick_of, 0xff, n * sizeof *made->pick_of);
        return KERB_OK;
    }
    ki_selection_free(made);
    *out = NULL;
    return ki_fail_no_memory(err, "the matrix");
}

void ki_selection_free(ki_selection *selection) {
    if (!selection) return;
    ki_free(selection->pick_of);
    ki_free(selection->pending);
    ki_free(selection->picks);
    ki_free(selection->order);
    ki_free(selection->climbing);
    ki_free(selection->passed);
    ki_free(selection->children);
    ki_free(selection);
}
