/* SPDX-License-Identifier: GPL-3.0-or-later
 * cut_prices.h - where a cut's row has entries, and what all cuts' prices add up to on an arc.
 * Used inside the master only. */
#ifndef KI_CUT_PRICES_H
#define KI_CUT_PRICES_H
#include "master/flow.h"
#include "master/wide.h"

/* What a cut counts, and that it must reach `need`:
 *   around tasks   arcs into the set + tasks left out of it; measured in vehicles of a layer, an
 *                  arc counts for as many of them as its own vehicle holds
 *   around points  arcs that change sides, either way + tasks left out: once for each of its two
 *                  ends inside (twice: inside, counted only by cuts of loads) */
typedef enum ki_cut_kind { KI_CUT_TASKS = 0, KI_CUT_ODD, KI_CUT_LOADS } ki_cut_kind;

typedef struct ki_flow_cut {
    ki_cut_kind kind;
    uint64_t *members;      /* around tasks: by bit of the nodes; around points: by point */
    int32_t representative; /* around tasks: the one row whose being left out counts; -1: all */
    int32_t need;
    int32_t measure; /* around tasks: layer whose vehicle is the unit + 1; 0: any vehicle is one */
} ki_flow_cut;

static inline int ki_cut_has(const ki_flow_cut *cut, int32_t member) {
    return (int)(cut->members[member / 64] >> (member % 64) & 1);
}

/* For how many an arc into a set counts; measure as of a cut. */
static inline int32_t ki_cut_counts(const ki_flow *flow, int32_t measure, int32_t layer) {
    return measure ? flow->holds[(measure - 1) * flow->n_layers + layer] : 1;
}
/* Entries of the cut's row. */
int ki_cut_of_arc(const ki_flow *flow, const ki_flow_cut *cut, int32_t from, int32_t to);
int ki_cut_of_left_out(const ki_flow *flow, const ki_flow_cut *cut, int32_t row);

typedef struct ki_cut_form { /* cuts of one form that have a price */
    int32_t n, n_words;
    int64_t *price;   /* [n] */
    uint64_t *within; /* [n_bits or n_points][n_words] the cuts whose sets hold it */
    int64_t *around;  /* [n_bits or n_points] sum of their prices */
} ki_cut_form;

typedef struct ki_cut_prices {
    const ki_flow *flow;
    ki_cut_form *forms; /* around points, then around tasks by measure */
    int64_t *left_out;  /* [n_tasks] price of leaving out: the prize, cuts taken off */
    ki_wide need;       /* sum of price times need */
} ki_cut_prices;

/* Memory from the arena. dual: [n_cuts], none negative. */
kerb_status ki_cut_prices_make(ki_cut_prices *made, const ki_flow *flow, const ki_flow_cut *cuts,
                               int32_t n_cuts, const int64_t *dual, ki_arena *arena,
                               kerb_error *err);
/* Prices times entries, summed over the cuts. */
int64_t ki_cut_price_of_arc(const ki_cut_prices *prices, int32_t from, int32_t to);
#endif
