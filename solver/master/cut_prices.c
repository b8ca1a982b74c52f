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
    if (start->bit >= 0 && ki_cut_has(cut, start->bit)) return 0;
    return ki_cut_counts(flow, cut->measure, end->layer);
}

int ki_cut_of_left_out(const ki_flow *flow, const ki_flow_cut *cut, int32_t row) {
    if (cut->kind == KI_CUT_ODD) return ends_inside(flow, cut, row) == 1;
    if (cut->kind == KI_CUT_LOADS) return ends_inside(flow, cut, row);
    return cut->representative < 0 ? ki_cut_has(cut, row) : cut->representative == row;
}

enum { AROUND_POINTS = 0, AROUND_TASKS };

static int32_t form_of(const ki_flow_cut *cut) {
    return cut->kind == KI_CUT_TASKS ? AROUND_TASKS + cut->measure : AROUND_POINTS;
}

static int32_t members_of(const ki_flow *flow, int32_t form) {
    return form == AROUND_POINTS ? flow->n_points : flow->n_bits;
}

static void take_cut(ki_cut_prices *made, const ki_flow_cut *cut, int64_t price) {
    ki_cut_form *form = &made->forms[form_of(cut)];
    int32_t n = members_of(made->flow, form_of(cut)), index = form->n++;
    form->price[index] = price;
    for (int32_t member = 0; member < n; member++) {
        if (!ki_cut_has(cut, member)) continue;
        form->within[member * form->n_words + index / 64] |= (uint64_t)1 << (index % 64);
        form->around[member] += price;
    }
    for (int32_t row = 0; row < made->flow->n_tasks; row++)
        made->left_out[row] -= price * ki_cut_of_left_out(made->flow, cut, row);
    made->need += (ki_wide)price * cut->need;
}

/* Room for the cuts that were counted, none of them taken yet. */
static int form_new(ki_cut_form *form, int32_t n_members, ki_arena *arena) {
    size_t n = (size_t)n_members + 1;
    form->n_words = (form->n + 63) / 64;
    form->price = ki_arena_alloc(arena, (size_t)form->n + 1, sizeof *form->price);
    form->within = ki_arena_alloc(arena, n * (size_t)form->n_words + 1, sizeof *form->within);
    form->around = ki_arena_alloc(arena, n, sizeof *form->around);
    form->n = 0;
    return form->price && form->within && form->around;
}

kerb_status ki_cut_prices_make(ki_cut_prices *made, const ki_flow *flow, const ki_flow_cut *cuts,
                               int32_t n_cuts, const int64_t *dual, ki_arena *arena,
                               kerb_error *err) {
    int32_t n_forms = AROUND_TASKS + 1 + flow->n_layers;
    *made = (ki_cut_prices){.flow = flow};
    made->left_out = ki_arena_alloc(arena, (size_t)flow->n_tasks + 1, sizeof *made->left_out);
    made->forms = ki_arena_alloc(arena, (size_t)n_forms, sizeof *made->forms);
    if (!made->left_out || !made->forms) return ki_fail_no_memory(err, "the lower bound");
    for (int32_t cut = 0; cut < n_cuts; cut++)
        made->forms[form_of(&cuts[cut])].n += dual[cut] != 0;
    for (int32_t form = 0; form < n_forms; form++)
        if (!form_new(&made->forms[form], members_of(flow, form), arena))
            return ki_fail_no_memory(err, "the lower bound");
    for (int32_t row = 0; row < flow->n_tasks; row++)
        made->left_out[row] = flow->model->tasks[flow->tasks[row]].prize_nano;
    for (int32_t cut = 0; cut < n_cuts; cut++)
        if (dual[cut] != 0) take_cut(made, &cuts[cut], dual[cut]);
    return KERB_OK;
}

/* Prices of the cuts that hold both members. */
static int64_t common(const ki_cut_form *form, int32_t left, int32_t right) {
    int64_t total = 0;
    for (int32_t word = 0; word < form->n_words; word++) {
        uint64_t both =
            form->within[left * form->n_words + word] & form->within[right * form->n_words + word];
        for (; both; both &= both - 1)
            total += form->price[word * 64 + __builtin_ctzll(both)];
    }
    return total;
}

int64_t ki_cut_price_of_arc(const ki_cut_prices *prices, int32_t from, int32_t to) {
    const ki_flow *flow = prices->flow;
    const ki_flow_node *start = &flow->nodes[from], *end = &flow->nodes[to];
    const ki_cut_form *points = &prices->forms[AROUND_POINTS];
    int64_t total = 0;
    for (int32_t measure = 0; end->bit >= 0 && measure <= flow->n_layers; measure++) {
        const ki_cut_form *form = &prices->forms[AROUND_TASKS + measure];
        if (form->n_words == 0) continue;
        int64_t entering = form->around[end->bit];
        if (start->bit >= 0) entering -= common(form, start->bit, end->bit);
        total += entering * ki_cut_counts(flow, measure, end->layer);
    }
    if (points->n_words && start->exit != end->entry)
        total += points->around[start->exit] + points->around[end->entry] -
                 2 * common(points, start->exit, end->entry);
    return total;
}
