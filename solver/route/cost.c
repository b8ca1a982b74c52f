/* SPDX-License-Identifier: GPL-3.0-or-later
 * cost.c - the only file that knows prices. Everything is an integer, so that the price of a whole
 * is exactly the sum of its parts whoever adds them up. */
#include "route/cost.h"

int64_t ki_cost_route(const ki_model *model, int32_t type, int64_t length_mm, int64_t spell_ms,
                      int64_t fees_nano) {
    const ki_type *kind = &model->types[type];
    return kind->used_nano - kind->home_nano + length_mm * kind->nano_per_mm +
           ki_cost_spell(kind, spell_ms) + fees_nano;
}

int64_t ki_cost_fees(const ki_model *model, int32_t type, int32_t tip, const int64_t *load) {
    int64_t fees_nano = 0;
    for (int32_t dim = 0; dim < model->types[type].n_dims; dim++)
        fees_nano += load[dim] * model->tips[tip].fee_nano_per_g[dim];
    return fees_nano;
}

int64_t ki_cost_left_out(const ki_model *model, int32_t task) {
    return model->tasks[task].prize_nano;
}
