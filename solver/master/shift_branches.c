/* SPDX-License-Identifier: GPL-3.0-or-later
 * shift_branches.c - branch and bound, best first, on the count of shifts in use: of all together,
 * then of each type; then on the trips of each fleet.
 *
 * A shift costs more than tens of kilometres: where two trucks do a night, no other step raises the
 * bound as much. The relaxation sends nine tenths of a small truck and a tenth of a large one, each
 * where it is the better of the two; and four and a half trips, where half a trip tips half of what
 * it costs to tip. Land and Doig, "An automatic method of solving discrete
 * programming problems", Econometrica 28(3), 1960. */
#include "master/shift_branches.h"

#include "base/arena.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

/* A count so near to a whole number is one. */
static const double WHOLE = 1e-3;

typedef struct branch {
    int32_t *least, *most; /* [n + 1 + n_trips] */
    double *used;          /* likewise */
    int64_t bound_nano;
    int is_cut_short; /* nobody asked further */
} branch;

typedef struct tree {
    const ki_shift_branches *of;
    ki_arena arena;
    branch *open;
    int32_t n_open, n_proofs;
    kerb_error *err;
} tree;

static int is_whole(double used) {
    return !(used >= 0 && used < INT32_MAX) || fabs(used - round(used)) < WHOLE;
}

static int32_t n_counts(const tree *at) {
    return at->of->n + 1 + at->of->n_trips;
}

/* -1: all are whole. */
static int32_t furthest_from_whole(const double *used, int32_t first, int32_t end) {
    int32_t best = -1;
    double furthest = 0;
    for (int32_t count = first; count < end; count++) {
        double apart = fabs(used[count] - round(used[count]));
        if (is_whole(used[count]) || apart <= furthest) continue;
        furthest = apart;
        best = count;
    }
    return best;
}

/* All shifts together first, then the type furthest from a whole number, then trips; -1: all are
 * whole. */
static int32_t choose(const tree *at, const double *used) {
    if (!is_whole(used[at->of->n])) return at->of->n;
    int32_t type = furthest_from_whole(used, 0, at->of->n);
    return type >= 0 ? type : furthest_from_whole(used, at->of->n + 1, n_counts(at));
}

static int is_empty(const tree *at, const branch *of) {
    int64_t least = 0, most = 0;
    for (int32_t type = 0; type < at->of->n; type++) {
        least += of->least[type];
        most += of->most[type];
        if (of->least[type] > of->most[type]) return 1;
    }
    for (int32_t trips = at->of->n + 1; trips < n_counts(at); trips++)
        if (of->least[trips] > of->most[trips]) return 1;
    int32_t all = at->of->n;
    return least > of->most[all] || most < of->least[all] || of->least[all] > of->most[all];
}

static kerb_status copy_branch(tree *at, const branch *from, branch *to) {
    size_t n = (size_t)n_counts(at);
    *to = *from;
    to->least = ki_arena_copy(&at->arena, from->least, n, sizeof *to->least);
    to->most = ki_arena_copy(&at->arena, from->most, n, sizeof *to->most);
    to->used = ki_arena_copy(&at->arena, from->used, n, sizeof *to->used);
    return to->least && to->most && to->used ? KERB_OK
                                             : ki_fail_no_memory(at->err, "the lower bound");
}

/* It is never worth less than where it comes from. */
static kerb_status prove(tree *at, branch *of, int64_t enough_nano) {
    int64_t bound_nano = INT64_MIN;
    at->n_proofs++;
    KI_TRY(at->of->prove(at->of->payload, of->least, of->most, enough_nano, &bound_nano, of->used));
    of->is_cut_short = bound_nano >= enough_nano;
    if (bound_nano > of->bound_nano) of->bound_nano = bound_nano;
    return KERB_OK;
}

static kerb_status add_half(tree *at, const branch *from, int32_t type, int upper,
                            int64_t enough_nano, int64_t *bound_nano) {
    branch *half = &at->open[at->n_open];
    KI_TRY(copy_branch(at, from, half));
    if (upper)
        half->least[type] = (int32_t)ceil(from->used[type]);
    else
        half->most[type] = (int32_t)floor(from->used[type]);
    if (is_empty(at, half)) return KERB_OK;
    KI_TRY(prove(at, half, enough_nano));
    *bound_nano = half->bound_nano;
    at->n_open++;
    return KERB_OK;
}

static int32_t weakest(const tree *at) {
    int32_t least = 0;
    for (int32_t index = 1; index < at->n_open; index++)
        if (at->open[index].bound_nano < at->open[least].bound_nano) least = index;
    return least;
}

/* One step: the weakest branch is proved to its end, or split. */
static kerb_status step(tree *at, int *going) {
    int32_t index = weakest(at);
    branch of = at->open[index];
    *going = at->n_proofs + 2 <= at->of->max_proofs;
    if (of.is_cut_short && *going) return prove(at, &at->open[index], INT64_MAX);
    int32_t type = choose(at, of.used);
    *going = *going && type >= 0;
    if (!*going) return KERB_OK;
    int64_t enough_nano = INT64_MAX;
    at->open[index] = at->open[--at->n_open];
    KI_TRY(add_half(at, &of, type, 1, INT64_MAX, &enough_nano));
    return add_half(at, &of, type, 0, enough_nano, &(int64_t){0});
}

static kerb_status run(tree *at, int64_t *bound_nano) {
    int going = 1;
    at->open = ki_arena_alloc(&at->arena, (size_t)at->of->max_proofs + 2, sizeof *at->open);
    if (!at->open) return ki_fail_no_memory(at->err, "the lower bound");
    branch whole = {.least = (int32_t *)at->of->least,
                    .most = (int32_t *)at->of->most,
                    .used = (double *)at->of->used,
                    .bound_nano = *bound_nano};
    KI_TRY(copy_branch(at, &whole, &at->open[0]));
    at->n_open = 1;
    while (going && at->n_open > 0)
        KI_TRY(step(at, &going));
    if (at->n_open > 0) *bound_nano = at->open[weakest(at)].bound_nano;
    return KERB_OK;
}

kerb_status ki_shift_branches_run(const ki_shift_branches *branches, int64_t *bound_nano,
                                  kerb_error *err) {
    tree at = {.of = branches, .err = err};
    kerb_status status = run(&at, bound_nano);
    ki_arena_free(&at.arena);
    return status;
}
