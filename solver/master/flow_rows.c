/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow_rows.c - rows, columns and prices that the relaxation by arcs shares with that by trips. */
#include "master/flow_rows.h"

#include "base/error.h"

#include <math.h>

kerb_status ki_flow_rows_new(ki_flow_rows *rows, const ki_flow *flow, ki_arena *arena,
                             kerb_error *err) {
    size_t n = (size_t)flow->n_layers + 1;
    *rows = (ki_flow_rows){.flow = flow,
                           .count = -1,
                           .least = -1,
                           .most = -1,
                           .hours = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .overtime = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .charge = ki_arena_alloc(arena, n, sizeof(int32_t))};
    return rows->hours && rows->overtime && rows->charge
               ? KERB_OK
               : ki_fail_no_memory(err, "the lower bound");
}

/* Without a price of shifts their fractions cost nothing, and counting them proves nothing. */
static int has_price(const ki_flow *flow) {
    for (int32_t type = 0; type < flow->model->n_types; type++)
        if (flow->types >> type & 1 && flow->kinds[type].used_nano > 0) return 1;
    return 0;
}

void ki_flow_rows_put(ki_flow_rows *rows, ki_lines *made, double most) {
    const ki_flow *flow = rows->flow;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        ki_lines_end(made, 0, 1, most);
    for (int32_t node = 0; node < flow->n_nodes; node++)
        ki_lines_end(made, 0, flow->nodes[node].kind == KI_FLOW_END ? -INFINITY : 0,
                     flow->nodes[node].kind == KI_FLOW_END ? INFINITY : 0);
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        rows->hours[layer] = (int32_t)made->n;
        ki_lines_end(made, 0, -INFINITY, 0);
        rows->overtime[layer] = flow->layers[layer].overtime_nano_per_ms ? (int32_t)made->n : -1;
        if (rows->overtime[layer] >= 0) ki_lines_end(made, 0, -INFINITY, 0);
        rows->charge[layer] = flow->layers[layer].charge_mw ? (int32_t)made->n : -1;
        if (rows->charge[layer] >= 0) ki_lines_end(made, 0, -INFINITY, 0);
    }
    if (!has_price(flow)) return;
    rows->count = (int32_t)made->n;
    ki_lines_end(made, 0, -INFINITY, INFINITY);
}

void ki_flow_rows_put_time(const ki_flow_rows *rows, ki_lines *made, int32_t layer, double time_ms,
                           double charge_ms) {
    ki_lines_put(made, rows->hours[layer], time_ms / KI_MILLION);
    ki_lines_put(made, rows->overtime[layer], time_ms / KI_MILLION);
    ki_lines_put(made, rows->charge[layer], charge_ms / KI_MILLION);
}

static void put_overtime(const ki_flow_rows *rows, ki_lines *made, int32_t layer) {
    double rate = (double)rows->flow->layers[layer].overtime_nano_per_ms;
    ki_lines_put(made, rows->overtime[layer], -1);
    ki_lines_end(made, rate * KI_MILLION * rows->scale, 0, INFINITY);
}

/* Of the layer's only type. */
static int64_t charging_nano_per_ms(const ki_flow *flow, int32_t layer) {
    return flow->model->types[__builtin_ctzll(flow->layers[layer].types)].nano_per_ms;
}

static void put_charging(const ki_flow_rows *rows, ki_lines *made, int32_t layer) {
    double rate = (double)charging_nano_per_ms(rows->flow, layer);
    ki_lines_put(made, rows->hours[layer], 1);
    ki_lines_put(made, rows->overtime[layer], 1);
    ki_lines_put(made, rows->charge[layer], -1);
    ki_lines_end(made, rate * KI_MILLION * rows->scale, 0, INFINITY);
}

void ki_flow_rows_columns(const ki_flow_rows *rows, ki_lines *made) {
    const ki_flow *flow = rows->flow;
    for (int32_t row = 0; row < flow->n_tasks; row++) {
        double prize = (double)flow->model->tasks[flow->tasks[row]].prize_nano * rows->scale;
        ki_lines_put(made, row, 1);
        ki_lines_end(made, fmin(prize, KI_MILLION), 0, 1);
    }
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        for (int32_t type = 0; type < flow->model->n_types; type++) {
            const ki_flow_type *kind = &flow->kinds[type];
            if (!(flow->layers[layer].types >> type & 1)) continue;
            ki_lines_put(made, flow->n_tasks + flow->layers[layer].depot, 1);
            ki_lines_put(made, rows->hours[layer], -(double)kind->spell_ms / KI_MILLION);
            ki_lines_put(made, rows->overtime[layer], -(double)kind->regular_ms / KI_MILLION);
            ki_lines_put(made, rows->charge[layer], -(double)kind->full_ms / KI_MILLION);
            ki_lines_put(made, rows->count, 1);
            ki_lines_end(made, (double)kind->used_nano * rows->scale, 0,
                         flow->model->types[type].n_shifts);
        }
        if (rows->overtime[layer] >= 0) put_overtime(rows, made, layer);
        if (rows->charge[layer] >= 0) put_charging(rows, made, layer);
    }
}

double ki_flow_rows_shifts(const ki_flow_rows *rows, const double *values) {
    const ki_flow *flow = rows->flow;
    int32_t column = flow->n_tasks;
    double total = 0;
    if (rows->count < 0) return -1;
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        for (int32_t type = 0; type < flow->model->n_types; type++)
            if (flow->layers[layer].types >> type & 1) total += values[column++];
        column += (rows->overtime[layer] >= 0) + (rows->charge[layer] >= 0);
    }
    return total;
}

void ki_flow_rows_limit(ki_flow_rows *rows, ki_lp *lp, int32_t least, int32_t most) {
    rows->least = least;
    rows->most = most;
    ki_lp_set_row(lp, rows->count, least < 0 ? -INFINITY : (double)least,
                  most < 0 ? INFINITY : (double)most);
}

int64_t ki_to_integer(double value, double least, double most) {
    if (!(value > least)) return (int64_t)least; /* NaN too */
    return (int64_t)llround(value < most ? value : most);
}

/* A full battery must not be worth more than the time and money that charging takes. */
static int64_t charge_dual(const ki_flow_rows *rows, const double *dual, int32_t layer,
                           const ki_flow_duals *duals) {
    double per_million = 1 / rows->scale / KI_MILLION * KI_FLOW_ONE;
    if (rows->charge[layer] < 0) return 0;
    int64_t most = charging_nano_per_ms(rows->flow, layer) * KI_FLOW_ONE + duals->hours[layer] +
                   duals->overtime[layer];
    return ki_to_integer(-dual[rows->charge[layer]] * per_million, 0, (double)most);
}

void ki_flow_rows_duals(const ki_flow_rows *rows, const double *dual, double task_least,
                        ki_flow_duals *out) {
    const ki_flow *flow = rows->flow;
    double unit = 1 / rows->scale, per_million = unit / KI_MILLION * KI_FLOW_ONE;
    out->shift = 0;
    out->n_shifts = rows->least >= 0 ? rows->least : rows->most;
    if (rows->count >= 0 && out->n_shifts >= 0)
        out->shift = ki_to_integer(dual[rows->count] * unit, rows->least >= 0 ? 0 : -1e15,
                                   rows->least >= 0 ? 1e15 : 0);
    for (int32_t row = 0; row < flow->n_tasks; row++)
        out->task[row] = ki_to_integer(dual[row] * unit, task_least, 1e15);
    for (int32_t node = 0; node < flow->n_nodes; node++)
        out->node[node] = flow->nodes[node].kind == KI_FLOW_END
                              ? 0
                              : ki_to_integer(dual[flow->n_tasks + node] * unit, -1e15, 1e15);
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        double rate = (double)flow->layers[layer].overtime_nano_per_ms * KI_FLOW_ONE;
        int32_t overtime = rows->overtime[layer];
        out->hours[layer] = ki_to_integer(-dual[rows->hours[layer]] * per_million, 0, 1e11);
        out->overtime[layer] =
            overtime < 0 ? 0 : ki_to_integer(-dual[overtime] * per_million, 0, rate);
        out->charge[layer] = charge_dual(rows, dual, layer, out);
    }
}
