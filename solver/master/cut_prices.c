/* SPDX-License-Identifier: GPL-3.0-or-later
 * cut_prices.c - entries of the cuts' rows, one at a time or all at once through sets of bits. */
#include "master/cut_prices.h"

#include "base/arena.h"
#include "base/error.h"

/* Ends of a task on the cut's inner side, by its first mode: a cut around points is only made
 * where all modes of a task agree. */
static int ends_inside(const ki_flow *flow, const ki_flow_cut *cut, int32_t row) {
    const ki_model *model = flow->model;
    const ki_mode *mode = &model->modes[model->tasks[flow->tasks[row]].first_mode];
    return ki_cut_has(cut, mode->entry) + ki_cut_has(cut, mode->exit);
}

int ki_cut_of_arc(const ki_flow *flow, const ki_flow_cut *cut, int32_t from, int32_t to) {
    const ki_flow_node *start = &flow->nodes[from], *end = &flow->nodes[to];
    if (cut->kind != KI_CUT_TASKS)
        return ki_cut_has(cut, start->exit) != ki_cut_has(cut, end->entry);
    if (end->bit < 0 || !ki_cut_has(cut, end->bit)) return 0;
    return start->bit < 0 || !ki_cut_has(cut, start->bit);
}

int ki_cut_of_left_out(const ki_flow *flow, const ki_flow_cut *cut, int32_t row) {
    if (cut->kind == KI_CUT_ODD) return ends_inside(flow, cut, row) == 1;
    if (cut->kind == KI_CUT_LOADS) return ends_inside(flow, cut, row);
    return cut->representative < 0 ? ki_cut_has(cut, row) : cut->representative == row;
}

typedef struct counts {
    int32_t priced[2];
} counts;

static void take_cut(ki_cut_prices *made, counts *so_far, const ki_flow_cut *cut, int64_t price) {
    int form = cut->kind != KI_CUT_TASKS;
    int32_t n = form ? made->flow->n_points : made->flow->n_bits;
    int32_t index = so_far->priced[form]++;
    made->price[form][index] = price;
    for (int32_t member = 0; member < n; member++) {
        if (!ki_cut_has(cut, member)) continue;
        made->within[form][member * made->n_words[form] + index / 64] |= (uint64_t)1
                                                                         << (index % 64);
        made->around[form][member] += price;
    }
    for (int32_t row = 0; row < made->flow->n_tasks; row++)
        made->left_out[row] -= price * ki_cut_of_left_out(made->flow, cut, row);
    made->need += (ki_wide)price * cut->need;
}

kerb_status ki_cut_prices_make(ki_cut_prices *made, const ki_flow *flow, const ki_flow_cut *cuts,
                               int32_t n_cuts, const int64_t *dual, ki_arena *arena,
                               kerb_error *err) {
    int32_t n_priced[2] = {0}, n_members[2] = {flow->n_bits, flow->n_points};
    *made = (ki_cut_prices){.flow = flow};
    for (int32_t cut = 0; cut < n_cuts; cut++)
        n_priced[cuts[cut].kind != KI_CUT_TASKS] += dual[cut] != 0;
    made->left_out = ki_arena_alloc(arena, (size_t)flow->n_tasks + 1, sizeof *made->left_out);
    for (int form = 0; form < 2; form++) {
        size_t n = (size_t)n_members[form] + 1;
        made->n_words[form] = (n_priced[form] + 63) / 64;
        made->price[form] = ki_arena_alloc(arena, (size_t)n_priced[form] + 1, sizeof(int64_t));
        made->within[form] =
            ki_arena_alloc(arena, n * (size_t)made->n_words[form] + 1, sizeof(uint64_t));
        made->around[form] = ki_arena_alloc(arena, n, sizeof(int64_t));
        if (!made->left_out || !made->price[form] || !made->within[form] || !made->around[form])
            return ki_fail_no_memory(err, "the lower bound");
    }
    for (int32_t row = 0; row < flow->n_tasks; row++)
        made->left_out[row] = flow->model->tasks[flow->tasks[row]].prize_nano;
    counts so_far = {{0}};
    for (int32_t cut = 0; cut < n_cuts; cut++)
        if (dual[cut] != 0) take_cut(made, &so_far, &cuts[cut], dual[cut]);
    return KERB_OK;
}

/* Prices of the cuts that hold both members. */
static int64_t common(const ki_cut_prices *prices, int form, int32_t left, int32_t right) {
    int64_t total = 0;
    for (int32_t word = 0; word < prices->n_words[form]; word++) {
        uint64_t both = prices->within[form][left * prices->n_words[form] + word] &
                        prices->within[form][right * prices->n_words[form] + word];
        for (; both; both &= both - 1)
            total += prices->price[form][word * 64 + __builtin_ctzll(both)];
    }
    return total;
}

int64_t ki_cut_price_of_arc(const ki_cut_prices *prices, int32_t from, int32_t to) {
    const ki_flow_node *start = &prices->flow->nodes[from], *end = &prices->flow->nodes[to];
    int64_t total = 0;
    if (end->bit >= 0 && prices->n_words[0]) {
        total = prices->around[0][end->bit];
        if (start->bit >= 0) total -= common(prices, 0, start->bit, end->bit);
    }
    if (prices->n_words[1] && start->exit != end->entry)
        total += prices->around[1][start->exit] + prices->around[1][end->entry] -
                 2 * common(prices, 1, start->exit, end->entry);
    return total;
}
