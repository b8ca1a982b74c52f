/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_columns.c - trips as columns: every arc of theirs has its part in each row. */
#include "master/trip_columns.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"

#include <math.h>

static kerb_status add_node(ki_trip_columns *columns, int32_t node, kerb_error *err) {
    size_t n = (size_t)columns->first[columns->n + 1];
    if (ki_grow(&columns->nodes, &columns->nodes_capacity, n + 1, sizeof *columns->nodes))
        return ki_fail_no_memory(err, "the lower bound");
    columns->nodes[n] = node;
    columns->first[columns->n + 1]++;
    return KERB_OK;
}

kerb_status ki_trip_columns_add(ki_trip_columns *columns, int32_t from, const int32_t *tasks,
                                int32_t n_tasks, int32_t to, kerb_error *err) {
    if (ki_grow(&columns->first, &columns->first_capacity, (size_t)columns->n + 2,
                sizeof *columns->first))
        return ki_fail_no_memory(err, "the lower bound");
    if (columns->n == 0) columns->first[0] = 0;
    columns->first[columns->n + 1] = columns->first[columns->n];
    KI_TRY(add_node(columns, from, err));
    for (int32_t place = 0; place < n_tasks; place++)
        KI_TRY(add_node(columns, tasks[place], err));
    KI_TRY(add_node(columns, to, err));
    columns->n++;
    return KERB_OK;
}

static kerb_status add_drive(ki_trip_columns *columns, int32_t from, int32_t to, kerb_error *err) {
    ki_flow_arc arc = {.from = from, .to = to};
    if (from == to || !ki_flow_price(columns->flow, &arc)) return KERB_OK;
    return ki_trip_columns_add(columns, from, NULL, 0, to, err);
}

kerb_status ki_trip_columns_add_empty(ki_trip_columns *columns, kerb_error *err) {
    for (int32_t index = 0; index < columns->flow->n_layers; index++) {
        const ki_flow_layer *layer = &columns->flow->layers[index];
        for (int32_t tip = layer->first_tip; tip < layer->first_tip + layer->n_tips; tip++) {
            KI_TRY(add_drive(columns, layer->depot, tip, err));
            KI_TRY(add_drive(columns, tip, layer->end, err));
            for (int32_t to = layer->first_tip; to < layer->first_tip + layer->n_tips; to++)
                KI_TRY(add_drive(columns, tip, to, err));
        }
    }
    return KERB_OK;
}

/* ---- trips of the pool ----------------------------------------------------------------------- */

static int32_t layer_of_type(const ki_flow *flow, int32_t type) {
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        if (flow->layers[layer].types >> type & 1) return layer;
    return -1;
}

static int32_t node_of_stop(const ki_flow *flow, const ki_flow_layer *layer, const ki_stop *stop) {
    if (stop->task == KI_TIP) {
        const ki_tip *option = &flow->model->tips[stop->mode];
        for (int32_t node = layer->first_tip; node < layer->first_tip + layer->n_tips; node++)
            if (flow->nodes[node].facility == option->facility &&
                flow->nodes[node].point == option->point)
                return node;
        return -1;
    }
    const ki_mode *mode = &flow->model->modes[stop->mode];
    for (int32_t node = layer->first_task; node < layer->end; node++)
        if (flow->nodes[node].task == stop->task && flow->nodes[node].entry == mode->entry &&
            flow->nodes[node].exit == mode->exit)
            return node;
    return -1;
}

static int can_drive(const ki_flow *flow, int32_t from, int32_t to) {
    ki_flow_arc arc = {.from = from, .to = to};
    return from >= 0 && to >= 0 && ki_flow_price(flow, &arc);
}

/* nodes: room for the route's stops. */
static kerb_status add_route(ki_trip_columns *columns, const ki_route *route, int32_t *nodes,
                             kerb_error *err) {
    const ki_flow *flow = columns->flow;
    int32_t index = layer_of_type(flow, route->type), n = 0;
    if (index < 0) return KERB_OK;
    int32_t from = flow->layers[index].depot, last = from;
    int sound = 1;
    for (int32_t place = 0; place < route->n_stops; place++) {
        int32_t task = route->stops[place].task;
        if (task == KI_BREAK || task == KI_POST) continue;
        int32_t node = node_of_stop(flow, &flow->layers[index], &route->stops[place]);
        sound = sound && can_drive(flow, last, node);
        last = node;
        if (route->stops[place].task != KI_TIP) {
            nodes[n++] = node;
            continue;
        }
        if (sound && n > 0) KI_TRY(ki_trip_columns_add(columns, from, nodes, n, node, err));
        from = node;
        n = 0;
        sound = node >= 0;
    }
    return KERB_OK;
}

kerb_status ki_trip_columns_add_pool(ki_trip_columns *columns, const ki_route_pool *pool,
                                     int32_t max_routes, kerb_error *err) {
    int32_t n = pool ? ki_route_pool_size(pool) : 0, longest = 0;
    int64_t newest = INT64_MIN;
    for (int32_t index = 0; index < n; index++) {
        const ki_pool_route *entry = ki_route_pool_get(pool, index);
        if (entry->route.n_stops > longest) longest = entry->route.n_stops;
        if (entry->last_use > newest) newest = entry->last_use;
    }
    int32_t *nodes = ki_alloc_zero((size_t)longest + 1, sizeof *nodes);
    if (!nodes) return ki_fail_no_memory(err, "the lower bound");
    kerb_status status = KERB_OK;
    int32_t stride = n / max_routes + 1;
    for (int32_t index = 0; index < n && status == KERB_OK; index++) {
        const ki_pool_route *entry = ki_route_pool_get(pool, index);
        if (entry->last_use == newest || index % stride == 0)
            status = add_route(columns, &entry->route, nodes, err);
    }
    ki_free(nodes);
    return status;
}

/* ---- columns --------------------------------------------------------------------------------- */

typedef struct sums {
    double nano, ms, charge_ms;
} sums;

/* Cost and time of the drives; what the tip takes more is in proportion to the load. */
static sums add_up(const ki_trip_columns *columns, int32_t column) {
    const ki_flow *flow = columns->flow;
    int32_t tip = columns->nodes[columns->first[column + 1] - 1];
    sums total = {0};
    for (int32_t place = columns->first[column] + 1; place < columns->first[column + 1]; place++) {
        int32_t node = columns->nodes[place];
        ki_flow_arc arc = {.from = columns->nodes[place - 1], .to = node};
        if (!ki_flow_price(flow, &arc)) continue;
        total.nano += (double)arc.cost_nano;
        total.ms += arc.time_ms;
        total.charge_ms += arc.charge_ms;
        for (int32_t dim = 0; flow->nodes[node].kind == KI_FLOW_TASK && dim < KI_MAX_DIMS; dim++)
            total.nano += (double)flow->extra[tip * KI_MAX_DIMS + dim] / KI_FLOW_ONE *
                          flow->weights[node * KI_MAX_DIMS + dim];
    }
    return total;
}

double ki_trip_columns_cut(const ki_trip_columns *columns, const ki_flow_cut *cut, int32_t column) {
    int32_t entry = 0;
    for (int32_t place = columns->first[column] + 1; place < columns->first[column + 1]; place++)
        entry +=
            ki_cut_of_arc(columns->flow, cut, columns->nodes[place - 1], columns->nodes[place]);
    return entry;
}

static int32_t row_at(const ki_trip_columns *columns, int32_t place) {
    return columns->flow->row_of_task[columns->flow->nodes[columns->nodes[place]].task];
}

double ki_trip_columns_subset(const ki_trip_columns *columns, const ki_subset_rows *subsets,
                              int32_t set, int32_t column) {
    int32_t visits = 0;
    for (int32_t place = columns->first[column] + 1; place < columns->first[column + 1] - 1;
         place++)
        visits += (int32_t)(subsets->of_row[row_at(columns, place)] >> set & 1);
    return visits / 2;
}

kerb_status ki_trip_columns_separate(const ki_trip_columns *columns, const double *values,
                                     ki_subset_rows *subsets, int32_t max_new, kerb_error *err) {
    size_t n_most = (size_t)columns->n_in_lp + 1;
    ki_arena memory = {0};
    int32_t *first = ki_arena_alloc(&memory, n_most + 1, sizeof *first);
    int32_t *rows = ki_arena_alloc(&memory, (size_t)columns->first[columns->n] + 1, sizeof *rows);
    double *weights = ki_arena_alloc(&memory, n_most, sizeof *weights);
    ki_subset_trips trips = {first, rows, weights, 0, columns->flow->n_tasks};
    kerb_status status = KERB_OK;
    if (!first || !rows || !weights) status = ki_fail_no_memory(err, "cuts of the lower bound");
    for (int32_t column = 0; status == KERB_OK && column < columns->n_in_lp; column++) {
        if (values[column] < 1e-7) continue;
        int32_t n = first[trips.n];
        for (int32_t place = columns->first[column] + 1; place < columns->first[column + 1] - 1;
             place++)
            rows[n++] = row_at(columns, place);
        weights[trips.n++] = values[column];
        first[trips.n] = n;
    }
    if (status == KERB_OK) status = ki_subset_rows_separate(subsets, &trips, max_new, err);
    ki_arena_free(&memory);
    return status;
}

/* A task that a trip serves twice is one entry. */
static void put_tasks(const ki_trip_columns *columns, int32_t column, ki_lines *made) {
    const ki_flow *flow = columns->flow;
    const int32_t *nodes = columns->nodes + columns->first[column] + 1;
    int32_t n = columns->first[column + 1] - columns->first[column] - 2;
    for (int32_t place = 0; place < n; place++) {
        int32_t task = flow->nodes[nodes[place]].task, times = 0;
        for (int32_t other = 0; other < n; other++) {
            if (flow->nodes[nodes[other]].task != task) continue;
            if (other < place) break;
            times++;
        }
        ki_lines_put(made, flow->row_of_task[task], times);
    }
}

static void put_column(const ki_trip_columns *columns, int32_t column, const sums *total,
                       const ki_flow_rows *rows, ki_lines *made) {
    const ki_flow *flow = columns->flow;
    int32_t from = columns->nodes[columns->first[column]];
    int32_t to = columns->nodes[columns->first[column + 1] - 1];
    put_tasks(columns, column, made);
    if (from != to) ki_lines_put(made, flow->n_tasks + from, -1);
    if (from != to && flow->nodes[to].kind != KI_FLOW_END)
        ki_lines_put(made, flow->n_tasks + to, 1);
    ki_flow_rows_put_time(rows, made, flow->nodes[to].layer, total->ms, total->charge_ms);
    ki_flow_rows_put_trips(rows, made, flow->nodes[to].layer, flow->nodes[to].kind == KI_FLOW_TIP);
}

static void put_cuts(const ki_trip_columns *columns, int32_t column, const ki_trip_cuts *cuts,
                     ki_lines *made) {
    for (int32_t cut = 0; cut < cuts->n_cuts; cut++)
        ki_lines_put(made, cuts->cut_row[cut],
                     ki_trip_columns_cut(columns, &cuts->cuts[cut], column));
    for (int32_t set = 0; set < cuts->n_subsets; set++)
        ki_lines_put(made, cuts->subsets->lp_row[set],
                     ki_trip_columns_subset(columns, cuts->subsets, set, column));
}

void ki_trip_columns_put(ki_trip_columns *columns, const ki_flow_rows *rows,
                         const ki_trip_cuts *cuts, ki_lines *made) {
    for (; columns->n_in_lp < columns->n; columns->n_in_lp++) {
        sums total = add_up(columns, columns->n_in_lp);
        put_column(columns, columns->n_in_lp, &total, rows, made);
        put_cuts(columns, columns->n_in_lp, cuts, made);
        ki_lines_end(made, total.nano * rows->scale, 0, INFINITY);
    }
}

void ki_trip_columns_free(ki_trip_columns *columns) {
    ki_free(columns->first);
    ki_free(columns->nodes);
    *columns = (ki_trip_columns){0};
}
