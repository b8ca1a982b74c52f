/* SPDX-License-Identifier: GPL-3.0-or-later
 * subset_rows.c - which three tasks: those that trips of the solution serve in pairs.
 *
 * With w(i, j) the sum of the trips that serve both, a set weighs w(i, j) + w(i, k) + w(j, k) less
 * twice the trips that serve all three. Pairs are few, so sets are found from two pairs that share
 * a task and are weighed exactly only where the pairs alone suffice. */
#include "master/subset_rows.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { SETS_A_TASK = 5, MAX_FOUND = 4096, MAX_PARTNERS = 64 };
static const double LEAST_VIOLATION = 0.05;

typedef struct found {
    double weight;
    int32_t rows[KI_SUBSET_TASKS];
} found;

typedef struct separating {
    const ki_subset_trips *trips;
    double *pair;                               /* [n_tasks][n_tasks] */
    int32_t (*partners)[MAX_PARTNERS], *n_with; /* [n_tasks] */
    found *sets;
    int32_t n_sets;
} separating;

/* ---- pairs ----------------------------------------------------------------------------------- */

static double *pair_of(separating *at, int32_t a, int32_t b) {
    return &at->pair[(size_t)a * (size_t)at->trips->n_tasks + (size_t)b];
}

static int is_repeated(const int32_t *rows, int32_t place) {
    for (int32_t before = 0; before < place; before++)
        if (rows[before] == rows[place]) return 1;
    return 0;
}

static void add_pairs(separating *at, int32_t trip) {
    const int32_t *rows = at->trips->rows + at->trips->first[trip];
    int32_t n = at->trips->first[trip + 1] - at->trips->first[trip];
    for (int32_t a = 0; a < n; a++) {
        if (is_repeated(rows, a)) continue;
        for (int32_t b = 0; b < n; b++)
            if (rows[b] != rows[a] && !is_repeated(rows, b))
                *pair_of(at, rows[a], rows[b]) += at->trips->values[trip];
    }
}

static void list_partners(separating *at) {
    for (int32_t a = 0; a < at->trips->n_tasks; a++)
        for (int32_t b = 0; b < at->trips->n_tasks; b++)
            if (*pair_of(at, a, b) > 1e-6 && at->n_with[a] < MAX_PARTNERS)
                at->partners[a][at->n_with[a]++] = b;
}

/* ---- sets ------------------------------------------------------------------------------------ */

static double weigh(const separating *at, const int32_t set[KI_SUBSET_TASKS]) {
    double weight = 0;
    for (int32_t trip = 0; trip < at->trips->n; trip++) {
        int32_t visits = 0;
        for (int32_t place = at->trips->first[trip]; place < at->trips->first[trip + 1]; place++)
            for (int member = 0; member < KI_SUBSET_TASKS; member++)
                visits += at->trips->rows[place] == set[member];
        weight += at->trips->values[trip] * (visits / 2);
    }
    return weight;
}

static void consider(separating *at, int32_t a, int32_t b, int32_t c) {
    double pairs = *pair_of(at, a, b) + *pair_of(at, a, c) + *pair_of(at, b, c);
    if (pairs < 1 + LEAST_VIOLATION || at->n_sets >= MAX_FOUND) return;
    found set = {.rows = {a, b, c}};
    set.weight = weigh(at, set.rows);
    if (set.weight >= 1 + LEAST_VIOLATION) at->sets[at->n_sets++] = set;
}

/* Two pairs that share a task: each set with three pairs once, from its least task; one with two
 * pairs from the task they share. */
static void find_sets(separating *at) {
    for (int32_t a = 0; a < at->trips->n_tasks; a++)
        for (int32_t first = 0; first < at->n_with[a]; first++)
            for (int32_t second = first + 1; second < at->n_with[a]; second++) {
                int32_t b = at->partners[a][first], c = at->partners[a][second];
                if (*pair_of(at, b, c) > 1e-6 && a > b) continue;
                consider(at, a, b, c);
            }
}

static int compare_rows(const void *left, const void *right) {
    return *(const int32_t *)left - *(const int32_t *)right;
}

static int compare_sets(const void *left, const void *right) {
    const found *a = left, *b = right;
    if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
    for (int member = 0; member < KI_SUBSET_TASKS; member++)
        if (a->rows[member] != b->rows[member]) return a->rows[member] - b->rows[member];
    return 0;
}

static int is_free(const ki_subset_rows *subsets, const int32_t set[KI_SUBSET_TASKS]) {
    for (int member = 0; member < KI_SUBSET_TASKS; member++)
        if (__builtin_popcountll(subsets->of_row[set[member]]) >= SETS_A_TASK) return 0;
    for (int32_t cut = 0; cut < subsets->n; cut++)
        if (memcmp(subsets->rows[cut], set, sizeof subsets->rows[cut]) == 0) return 0;
    return 1;
}

static void take_sets(separating *at, ki_subset_rows *subsets, int32_t max_new) {
    for (int32_t set = 0; set < at->n_sets; set++)
        qsort(at->sets[set].rows, KI_SUBSET_TASKS, sizeof(int32_t), compare_rows);
    if (at->n_sets > 1) qsort(at->sets, (size_t)at->n_sets, sizeof *at->sets, compare_sets);
    for (int32_t set = 0; set < at->n_sets && max_new > 0 && subsets->n < KI_MAX_SUBSETS; set++) {
        const int32_t *rows = at->sets[set].rows;
        if (!is_free(subsets, rows)) continue;
        memcpy(subsets->rows[subsets->n], rows, sizeof subsets->rows[0]);
        for (int member = 0; member < KI_SUBSET_TASKS; member++)
            subsets->of_row[rows[member]] |= UINT64_C(1) << subsets->n;
        subsets->price[subsets->n++] = 0;
        max_new--;
    }
}

kerb_status ki_subset_rows_separate(ki_subset_rows *subsets, const ki_subset_trips *trips,
                                    int32_t max_new, kerb_error *err) {
    size_t n = (size_t)trips->n_tasks;
    separating at = {.trips = trips};
    at.pair = ki_alloc_zero(n * n + 1, sizeof *at.pair);
    at.partners = ki_alloc_zero(n + 1, sizeof *at.partners);
    at.n_with = ki_alloc_zero(n + 1, sizeof *at.n_with);
    at.sets = ki_alloc_zero(MAX_FOUND, sizeof *at.sets);
    int failed = !at.pair || !at.partners || !at.n_with || !at.sets;
    if (!failed) {
        for (int32_t trip = 0; trip < trips->n; trip++)
            add_pairs(&at, trip);
        list_partners(&at);
        find_sets(&at);
        take_sets(&at, subsets, max_new);
    }
    ki_free(at.pair);
    ki_free(at.partners);
    ki_free(at.n_with);
    ki_free(at.sets);
    return failed ? ki_fail_no_memory(err, "cuts of the lower bound") : KERB_OK;
}
