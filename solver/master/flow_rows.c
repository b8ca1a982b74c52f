/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow_rows.c - rows, columns and prices that the relaxation by arcs shares with that by trips. */
#include "master/flow_rows.h"

#include "base/arena.h"
#include "base/error.h"

#include <math.h>

enum {
    MOST_PROOFS = 16, /* with other limits on the shifts in use and on trips */
    /* Nodes up to which trips are counted: a limit on them turns the LP over, and a large one does
     * not come to its end again in the time. */
    MOST_NODES = 1000,
    NO_LIMIT = INT32_MAX
};

static int64_t cost_of_drive(const ki_flow *flow, int32_t from, int32_t to) {
    ki_flow_arc arc = {.from = from, .to = to};
    return ki_flow_price(flow, &arc) ? arc.cost_nano : INT64_MAX / 4;
}

/* Out of the depot to a tip and home: more than nothing where the depot is no tip. */
static int costs_to_send(const ki_flow *flow, const ki_flow_layer *layer) {
    int64_t least = INT64_MAX;
    for (int32_t tip = layer->first_tip; tip < layer->first_tip + layer->n_tips; tip++) {
        int64_t cost =
            cost_of_drive(flow, layer->depot, tip) + cost_of_drive(flow, tip, layer->end);
        if (cost < least) least = cost;
    }
    return least > 0;
}

/* Where shifts cost nothing, neither do their fractions, and counting them proves nothing. */
static int has_price(const ki_flow *flow) {
    for (int32_t type = 0; type < flow->model->n_types; type++)
        if (flow->types >> type & 1 && flow->kinds[type].used_nano > 0) return 1;
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        if (costs_to_send(flow, &flow->layers[layer])) return 1;
    return 0;
}

/* Settings of a shift are types that share it: it is counted once. */
static int is_counted(const ki_flow *flow, int32_t type) {
    for (int32_t other = ki_lead(flow->model, type); other < type; other++)
        if (flow->types >> other & 1) return 0;
    return 1;
}

/* Columns of shifts in the order in which ki_flow_rows_columns makes them. */
static void find_shifts(ki_flow_rows *rows) {
    const ki_flow *flow = rows->flow;
    int32_t n_types = flow->model->n_types, column = flow->n_tasks, n_all = 0;
    for (int32_t type = 0; type < n_types; type++)
        rows->column_of_type[type] = -1;
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        for (int32_t type = 0; type < n_types; type++) {
            if (!(flow->layers[layer].types >> type & 1)) continue;
            rows->column_of_type[type] = column++;
            rows->most[type] = flow->model->types[type].n_shifts;
            if (is_counted(flow, type)) rows->most[n_types] += rows->most[type];
            n_all += rows->most[type];
        }
        column +=
            (flow->layers[layer].overtime_nano_per_ms != 0) + (flow->layers[layer].charge_mw != 0);
        rows->column_of_trips[layer] = rows->counts_trips ? column++ : -1;
        rows->most[n_types + 1 + layer] = NO_LIMIT;
    }
    rows->n_all = n_all;
}

kerb_status ki_flow_rows_new(ki_flow_rows *rows, const ki_flow *flow, ki_arena *arena,
                             kerb_error *err) {
    size_t n = (size_t)flow->n_layers + 1, n_types = (size_t)flow->model->n_types + 1;
    size_t n_counts = n_types + n;
    *rows = (ki_flow_rows){.flow = flow,
                           .count = -1,
                           .counts_trips = flow->n_nodes <= MOST_NODES && has_price(flow),
                           .hours = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .overtime = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .charge = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .trips = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .column_of_type = ki_arena_alloc(arena, n_types, sizeof(int32_t)),
                           .column_of_trips = ki_arena_alloc(arena, n, sizeof(int32_t)),
                           .least = ki_arena_alloc(arena, n_counts, sizeof(int32_t)),
                           .most = ki_arena_alloc(arena, n_counts, sizeof(int32_t))};
    if (!rows->hours || !rows->overtime || !rows->charge || !rows->trips || !rows->column_of_type ||
        !rows->column_of_trips || !rows->least || !rows->most)
        return ki_fail_no_memory(err, "the lower bound");
    find_shifts(rows);
    return KERB_OK;
}

/* Of all types together; where each has its own shifts their own limits say it. */
static double most_in_use(const ki_flow_rows *rows) {
    int32_t most = rows->most[rows->flow->model->n_types];
    return most < rows->n_all ? (double)most : INFINITY;
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
        rows->trips[layer] = rows->counts_trips ? (int32_t)made->n : -1;
        if (rows->counts_trips) ki_lines_end(made, 0, 0, 0);
    }
    if (!has_price(flow)) return;
    rows->count = (int32_t)made->n;
    ki_lines_end(made, 0, -INFINITY, most_in_use(rows));
}

void ki_flow_rows_put_time(const ki_flow_rows *rows, ki_lines *made, int32_t layer, double time_ms,
                           double charge_ms) {
    ki_lines_put(made, rows->hours[layer], time_ms / KI_MILLION);
    ki_lines_put(made, rows->overtime[layer], time_ms / KI_MILLION);
    ki_lines_put(made, rows->charge[layer], charge_ms / KI_MILLION);
}

void ki_flow_rows_put_trips(const ki_flow_rows *rows, ki_lines *made, int32_t layer, int32_t n) {
    ki_lines_put(made, rows->trips[layer], n);
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
            ki_lines_end(made, (double)kind->used_nano * rows->scale, rows->least[type],
                         rows->most[type]);
        }
        if (rows->overtime[layer] >= 0) put_overtime(rows, made, layer);
        if (rows->charge[layer] >= 0) put_charging(rows, made, layer);
        if (!rows->counts_trips) continue;
        ki_lines_put(made, rows->trips[layer], -1);
        ki_lines_end(made, 0, 0, INFINITY);
    }
}

void ki_flow_rows_used(const ki_flow_rows *rows, const double *values, double *used) {
    int32_t n_types = rows->flow->model->n_types;
    used[n_types] = 0;
    for (int32_t type = 0; type < n_types; type++) {
        used[type] = rows->column_of_type[type] < 0 ? 0 : values[rows->column_of_type[type]];
        used[n_types] += used[type];
    }
    for (int32_t layer = 0; layer < rows->flow->n_layers; layer++)
        used[n_types + 1 + layer] = rows->counts_trips ? values[rows->column_of_trips[layer]] : 0;
}

void ki_flow_rows_limit(ki_flow_rows *rows, ki_lp *lp, const int32_t *least, const int32_t *most) {
    int32_t n_types = rows->flow->model->n_types;
    for (int32_t type = 0; type < n_types; type++) {
        rows->least[type] = least[type];
        rows->most[type] = most[type];
        if (rows->column_of_type[type] < 0) continue;
        ki_lp_set_column(lp, rows->column_of_type[type], least[type], most[type]);
    }
    for (int32_t count = n_types; count <= n_types + rows->flow->n_layers; count++) {
        rows->least[count] = least[count];
        rows->most[count] = most[count];
    }
    for (int32_t layer = 0; layer < rows->flow->n_layers && rows->counts_trips; layer++) {
        int32_t limit = most[n_types + 1 + layer];
        ki_lp_set_column(lp, rows->column_of_trips[layer], (double)least[n_types + 1 + layer],
                         limit == NO_LIMIT ? INFINITY : (double)limit);
    }
    ki_lp_set_row(lp, rows->count, least[n_types] > 0 ? (double)least[n_types] : -INFINITY,
                  most_in_use(rows));
}

kerb_status ki_flow_rows_branch(const ki_flow_rows *rows, const double *values,
                                ki_branch_prove *prove, void *payload, int64_t *bound_nano,
                                kerb_error *err) {
    size_t n = (size_t)rows->flow->model->n_types + 1 + (size_t)rows->flow->n_layers;
    ki_arena memory = {0};
    if (rows->count < 0) return KERB_OK;
    int32_t *least = ki_arena_copy(&memory, rows->least, n, sizeof *least);
    int32_t *most = ki_arena_copy(&memory, rows->most, n, sizeof *most);
    double *used = ki_arena_alloc(&memory, n, sizeof *used);
    kerb_status status = KERB_OK;
    if (!least || !most || !used) status = ki_fail_no_memory(err, "the lower bound");
    if (status == KERB_OK) {
        ki_flow_rows_used(rows, values, used);
        ki_shift_branches branches = {.n = rows->flow->model->n_types,
                                      .n_trips = rows->flow->n_layers,
                                      .least = least,
                                      .most = most,
                                      .used = used,
                                      .max_proofs = MOST_PROOFS,
                                      .prove = prove,
                                      .payload = payload};
        status = ki_shift_branches_run(&branches, bound_nano, err);
    }
    ki_arena_free(&memory);
    return status;
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

/* Without a limit from above it is no less than 0. */
static int64_t trips_dual(const ki_flow_rows *rows, const double *dual, int32_t layer) {
    int32_t most = rows->most[rows->flow->model->n_types + 1 + layer];
    if (rows->trips[layer] < 0) return 0;
    return ki_to_integer(dual[rows->trips[layer]] / rows->scale, most == NO_LIMIT ? 0 : -1e15,
                         1e15);
}

void ki_flow_rows_duals(const ki_flow_rows *rows, const double *dual, double task_least,
                        ki_flow_duals *out) {
    const ki_flow *flow = rows->flow;
    double unit = 1 / rows->scale, per_million = unit / KI_MILLION * KI_FLOW_ONE;
    int32_t n_types = flow->model->n_types;
    out->shift = rows->count < 0 ? 0 : ki_to_integer(dual[rows->count] * unit, -1e15, 1e15);
    out->n_shifts = out->shift > 0 ? rows->least[n_types] : rows->most[n_types];
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
        out->trips[layer] = trips_dual(rows, dual, layer);
    }
}
