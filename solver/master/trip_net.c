/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_net.c - a layer's tasks as a net for trips.
 *
 * Loads are parts per million of the scarcest dimension, and one more for each task, so that no
 * task is without weight and every trip has an end; the capacity is raised by as much as a trip of
 * all tasks needs. What a tip takes more than the cheapest is added to the tasks' arcs, because
 * it is in proportion to the load. */
#include "master/trip_net.h"

#include "base/arena.h"
#include "base/error.h"

#include <string.h>

static ki_trip_leg find_leg(const ki_flow *flow, int32_t from, int32_t to) {
    ki_flow_arc arc = {.from = from, .to = to};
    if (!ki_flow_price(flow, &arc)) return (ki_trip_leg){KI_TRIP_NO, 0, 0};
    return (ki_trip_leg){arc.cost_nano, arc.time_ms, arc.charge_ms};
}

static int32_t scarcest_dim(const ki_flow *flow, const ki_flow_layer *layer) {
    int64_t total[KI_MAX_DIMS] = {0};
    int32_t scarcest = 0;
    for (int32_t node = layer->first_task; node < layer->end; node++)
        for (int32_t dim = 0; dim < layer->n_dims; dim++)
            total[dim] += flow->weights[node * KI_MAX_DIMS + dim];
    for (int32_t dim = 1; dim < layer->n_dims; dim++)
        if (total[dim] > total[scarcest]) scarcest = dim;
    return scarcest;
}

static void fill_legs(ki_trip_net *net, const ki_flow_layer *layer) {
    int32_t dim = scarcest_dim(net->flow, layer);
    net->capacity = KI_FLOW_PPM + net->flow->n_tasks;
    for (int32_t node = 0; node < net->n; node++) {
        int32_t to = net->first_task + node;
        net->load[node] = net->flow->weights[to * KI_MAX_DIMS + dim] + 1;
        net->row[node] = net->flow->row_of_task[net->flow->nodes[to].task];
        for (int32_t from = 0; from < net->n; from++)
            net->arcs[(size_t)from * (size_t)net->n + (size_t)node] =
                find_leg(net->flow, net->first_task + from, to);
        net->starts[node] = find_leg(net->flow, layer->depot, to);
        for (int32_t tip = 0; tip < layer->n_tips; tip++) {
            net->starts[(tip + 1) * net->n + node] =
                find_leg(net->flow, layer->first_tip + tip, to);
            net->ends[tip * net->n + node] = find_leg(net->flow, to, layer->first_tip + tip);
        }
    }
}

/* ---- neighbourhoods -------------------------------------------------------------------------- */

typedef struct nearness { /* of rows */
    int64_t *distance;    /* [n_rows][n_rows] cheapest arc of any of the modes, either way */
    int32_t *near;        /* [n_rows][NEIGHBOURS] ascending rows, itself among them; -1 after */
} nearness;

static void find_distances(const ki_trip_net *net, nearness *made) {
    size_t rows = (size_t)net->n_rows;
    for (size_t cell = 0; cell < rows * rows; cell++)
        made->distance[cell] = KI_TRIP_NO;
    for (int32_t from = 0; from < net->n; from++)
        for (int32_t to = 0; to < net->n; to++) {
            int64_t cost = net->arcs[(size_t)from * (size_t)net->n + (size_t)to].cost_nano;
            size_t left = (size_t)net->row[from], right = (size_t)net->row[to];
            if (cost < made->distance[left * rows + right])
                made->distance[left * rows + right] = cost;
            if (cost < made->distance[right * rows + left])
                made->distance[right * rows + left] = cost;
        }
}

static void insert_near(int32_t *near, const int64_t *distance, int32_t row) {
    int32_t place = KI_TRIP_NEIGHBOURS - 1;
    if (near[place] >= 0 && distance[near[place]] <= distance[row]) return;
    for (; place > 1 && (near[place - 1] < 0 || distance[near[place - 1]] > distance[row]); place--)
        near[place] = near[place - 1];
    near[place] = row;
}

static void sort_ascending(int32_t *near) {
    for (int32_t place = 1; place < KI_TRIP_NEIGHBOURS; place++)
        for (int32_t at = place; at > 0 && near[at] >= 0 && near[at - 1] > near[at]; at--) {
            int32_t other = near[at];
            near[at] = near[at - 1];
            near[at - 1] = other;
        }
}

static void find_near(const ki_trip_net *net, nearness *made) {
    for (int32_t row = 0; row < net->n_rows; row++) {
        int32_t *near = made->near + (size_t)row * KI_TRIP_NEIGHBOURS;
        const int64_t *distance = made->distance + (size_t)row * (size_t)net->n_rows;
        for (int32_t place = 1; place < KI_TRIP_NEIGHBOURS; place++)
            near[place] = -1;
        near[0] = row;
        for (int32_t other = 0; other < net->n_rows; other++)
            if (other != row && distance[other] != KI_TRIP_NO) insert_near(near, distance, other);
        sort_ascending(near);
    }
}

static uint8_t bit_of(const int32_t *near, int32_t row) {
    for (int32_t place = 0; place < KI_TRIP_NEIGHBOURS; place++)
        if (near[place] == row) return (uint8_t)(1 << place);
    return 0;
}

static void find_steps(ki_trip_net *net, const nearness *by) {
    for (int32_t from = 0; from < net->n_rows; from++)
        for (int32_t to = 0; to < net->n_rows; to++) {
            const int32_t *here = by->near + (size_t)from * KI_TRIP_NEIGHBOURS;
            const int32_t *there = by->near + (size_t)to * KI_TRIP_NEIGHBOURS;
            ki_trip_step step = {.self = bit_of(here, to)};
            for (int32_t place = 0; place < KI_TRIP_NEIGHBOURS; place++) {
                uint8_t bit = here[place] < 0 ? 0 : bit_of(there, here[place]);
                if (bit) step.kept |= (uint8_t)(1 << place), step.placed |= bit;
            }
            net->steps[(size_t)from * (size_t)net->n_rows + (size_t)to] = step;
        }
}

static kerb_status find_neighbours(ki_trip_net *net, kerb_error *err) {
    ki_arena memory = {0};
    size_t rows = (size_t)net->n_rows;
    nearness made = {.distance = ki_arena_alloc(&memory, rows * rows + 1, sizeof(int64_t)),
                     .near =
                         ki_arena_alloc(&memory, rows * KI_TRIP_NEIGHBOURS + 1, sizeof(int32_t))};
    int complete = made.distance && made.near;
    if (complete) {
        find_distances(net, &made);
        find_near(net, &made);
        find_steps(net, &made);
    }
    ki_arena_free(&memory);
    return complete ? KERB_OK : ki_fail_no_memory(err, "the lower bound");
}

kerb_status ki_trip_net_build(ki_trip_net *net, const ki_flow *flow, int32_t layer, ki_arena *arena,
                              kerb_error *err) {
    const ki_flow_layer *of = &flow->layers[layer];
    *net = (ki_trip_net){.flow = flow,
                         .layer = layer,
                         .n = of->n_tasks,
                         .first_task = of->first_task,
                         .n_rows = flow->n_tasks};
    size_t n = (size_t)net->n, rows = (size_t)net->n_rows, n_tips = (size_t)of->n_tips;
    net->load = ki_arena_alloc(arena, n + 1, sizeof *net->load);
    net->row = ki_arena_alloc(arena, n + 1, sizeof *net->row);
    net->arcs = ki_arena_alloc(arena, n * n + 1, sizeof *net->arcs);
    net->starts = ki_arena_alloc(arena, (n_tips + 1) * n + 1, sizeof *net->starts);
    net->ends = ki_arena_alloc(arena, n_tips * n + 1, sizeof *net->ends);
    net->steps = ki_arena_alloc(arena, rows * rows + 1, sizeof *net->steps);
    net->arc_reduced = ki_arena_alloc(arena, n * n + 1, sizeof *net->arc_reduced);
    net->in_reduced = ki_arena_alloc(arena, n + 1, sizeof *net->in_reduced);
    net->out_reduced = ki_arena_alloc(arena, n + 1, sizeof *net->out_reduced);
    net->in_from = ki_arena_alloc(arena, n + 1, sizeof *net->in_from);
    net->out_to = ki_arena_alloc(arena, n + 1, sizeof *net->out_to);
    if (!net->load || !net->row || !net->arcs || !net->starts || !net->ends || !net->steps ||
        !net->arc_reduced || !net->in_reduced || !net->out_reduced || !net->in_from || !net->out_to)
        return ki_fail_no_memory(err, "the lower bound");
    fill_legs(net, of);
    return find_neighbours(net, err);
}

/* ---- prices ---------------------------------------------------------------------------------- */

static int same_extra(const ki_flow *flow, int32_t left, int32_t right) {
    return !memcmp(flow->extra + (size_t)left * KI_MAX_DIMS,
                   flow->extra + (size_t)right * KI_MAX_DIMS, KI_MAX_DIMS * sizeof *flow->extra);
}

int32_t ki_trip_class(const ki_trip_net *net, int32_t number) {
    const ki_flow_layer *layer = &net->flow->layers[net->layer];
    for (int32_t tip = layer->first_tip; tip < layer->first_tip + layer->n_tips; tip++) {
        int earlier = 0;
        for (int32_t other = layer->first_tip; other < tip && !earlier; other++)
            earlier = same_extra(net->flow, other, tip);
        if (!earlier && number-- == 0) return tip;
    }
    return -1;
}

static int64_t extra_of_task(const ki_trip_net *net, int32_t node, int32_t tip) {
    ki_wide fine = 0;
    for (int32_t dim = 0; dim < net->flow->layers[net->layer].n_dims; dim++)
        fine += (ki_wide)net->flow->extra[tip * KI_MAX_DIMS + dim] *
                net->flow->weights[(net->first_task + node) * KI_MAX_DIMS + dim];
    return (int64_t)(fine / KI_FLOW_ONE);
}

typedef struct rates {
    const ki_flow *flow;
    const ki_flow_duals *duals;
    const ki_cut_prices *cuts;
} rates;

static int64_t reduce(const rates *at, const ki_trip_leg *leg, int32_t from, int32_t to) {
    if (leg->cost_nano == KI_TRIP_NO) return KI_TRIP_NO;
    ki_flow_arc arc = {from, to, leg->cost_nano, leg->time_ms, leg->charge_ms};
    return ki_pricing_reduced(at->flow, at->duals, at->cuts, &arc);
}

static void keep_less(int64_t *least, int32_t *whence, int64_t reduced, int32_t node) {
    if (reduced >= *least) return;
    *least = reduced;
    *whence = node;
}

static void price_into(ki_trip_net *net, const rates *at, int32_t node, int64_t worth) {
    const ki_flow_layer *layer = &net->flow->layers[net->layer];
    int32_t to = net->first_task + node;
    net->in_reduced[node] = KI_TRIP_NO;
    net->in_from[node] = -1;
    for (int32_t start = 0; start <= layer->n_tips; start++) {
        int32_t from = start ? layer->first_tip + start - 1 : layer->depot;
        int64_t reduced = reduce(at, &net->starts[start * net->n + node], from, to);
        if (reduced != KI_TRIP_NO) reduced -= worth;
        keep_less(&net->in_reduced[node], &net->in_from[node], reduced, from);
    }
    for (int32_t other = 0; other < net->n; other++) {
        size_t cell = (size_t)other * (size_t)net->n + (size_t)node;
        int64_t reduced = reduce(at, &net->arcs[cell], net->first_task + other, to);
        net->arc_reduced[cell] = reduced == KI_TRIP_NO ? reduced : reduced - worth;
    }
}

static void price_out(ki_trip_net *net, const rates *at, int32_t node, int32_t class_tip) {
    const ki_flow_layer *layer = &net->flow->layers[net->layer];
    net->out_reduced[node] = KI_TRIP_NO;
    net->out_to[node] = -1;
    for (int32_t tip = 0; tip < layer->n_tips; tip++) {
        int32_t to = layer->first_tip + tip;
        if (!same_extra(net->flow, to, class_tip)) continue;
        int64_t reduced = reduce(at, &net->ends[tip * net->n + node], net->first_task + node, to);
        keep_less(&net->out_reduced[node], &net->out_to[node], reduced, to);
    }
}

void ki_trip_net_price(ki_trip_net *net, const ki_flow_duals *duals, const ki_cut_prices *cuts,
                       int32_t class_tip) {
    rates at = {net->flow, duals, cuts};
    for (int32_t node = 0; node < net->n; node++) {
        int64_t extra = extra_of_task(net, node, class_tip);
        price_into(net, &at, node, duals->task[net->row[node]] - extra);
        price_out(net, &at, node, class_tip);
    }
}
