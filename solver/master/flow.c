/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow.c - builds the flow of the lower bound and prices its arcs.
 *
 * Whatever a flow cannot say is relaxed downwards: waiting costs nothing, a tip's unloading time
 * and gate fee are shared out to the tasks at the type's cheapest tip (rounded down; what
 * another tip costs more is on the load it takes), a starting
 * load takes no room, windows only forbid arcs that no schedule could drive. */
#include "master/flow.h"

#include "base/arena.h"
#include "base/error.h"
#include "route/battery.h"
#include "route/walk.h"

#include <string.h>

__extension__ typedef __int128 wide;

static int has_bit(const uint64_t *bits, int32_t index) {
    return (int)(bits[index / 64] >> (index % 64) & 1);
}

/* ---- types ----------------------------------------------------------------------------------- */

static int64_t floor_divide(wide value, int64_t by) {
    wide result = value / by;
    if (value < 0 && result * by != value) result--;
    return (int64_t)result;
}

/* Money for each gram of a dimension at a tip, in millionths of a nano: gate fee and time. */
static wide micro_per_gram(const ki_type *kind, const ki_tip *option, int32_t dim) {
    wide micro = (wide)option->fee_nano_per_g[dim] * 1000000;
    if (kind->mass_dims >> dim & 1) micro += (wide)option->ms_per_tonne * kind->nano_per_ms;
    return micro;
}

/* At the cheapest of the type's tips, or of those of one facility. */
static int least_micro_per_gram(const ki_model *model, const ki_type *kind, int32_t dim,
                                const ki_flow_node *only, wide *least) {
    int found = 0;
    for (int32_t tip = kind->first_tip; tip < kind->first_tip + kind->n_tips; tip++) {
        const ki_tip *option = &model->tips[tip];
        if (only && (option->facility != only->facility || option->point != only->point)) continue;
        wide micro = micro_per_gram(kind, option, dim);
        if (!found || micro < *least) *least = micro;
        found = 1;
    }
    return found;
}

/* Least time and money that tipping this load takes beyond the fixed part. */
static void share_of_tips(const ki_model *model, int32_t type, const int64_t *load,
                          int64_t *share_nano, int64_t *share_ms) {
    const ki_type *kind = &model->types[type];
    wide mass_g = 0, micro = 0;
    for (int32_t dim = 0; dim < kind->n_dims; dim++) {
        wide least = 0;
        if (kind->mass_dims >> dim & 1) mass_g += load[dim];
        least_micro_per_gram(model, kind, dim, NULL, &least);
        micro += least * load[dim];
    }
    *share_nano = floor_divide(micro, 1000000);
    for (int32_t tip = kind->first_tip; tip < kind->first_tip + kind->n_tips; tip++) {
        int64_t time_ms = floor_divide(mass_g * model->tips[tip].ms_per_tonne, 1000000);
        if (tip == kind->first_tip || time_ms < *share_ms) *share_ms = time_ms;
    }
}

static int type_may_serve(const ki_model *model, int32_t type, int32_t task) {
    const ki_type *kind = &model->types[type];
    const ki_task *served = &model->tasks[task];
    const int64_t *demand = ki_demand(model, type, task);
    if (!(served->types >> type & 1)) return 0;
    for (int32_t dim = 0; dim < kind->n_dims; dim++)
        if (demand[dim] > kind->capacity[dim]) return 0;
    for (int32_t mode = 0; mode < served->n_modes; mode++)
        if (ki_service_ms(model, type, served->first_mode + mode) != KI_NEVER) return 1;
    return 0;
}

static kerb_status fill_type(ki_flow_type *made, const ki_model *model, int32_t type,
                             ki_arena *arena, kerb_error *err) {
    const ki_type *kind = &model->types[type];
    size_t n = (size_t)model->n_tasks;
    made->may_serve = ki_arena_alloc(arena, n / 64 + 1, sizeof *made->may_serve);
    made->share_nano = ki_arena_alloc(arena, n + 1, sizeof *made->share_nano);
    made->share_ms = ki_arena_alloc(arena, n + 1, sizeof *made->share_ms);
    if (!made->may_serve || !made->share_nano || !made->share_ms)
        return ki_fail_no_memory(err, "the lower bound");
    made->usable = kind->n_tips > 0 && kind->n_shifts > 0;
    if (!made->usable) return KERB_OK;
    made->spell_ms = (int64_t)kind->latest_ms - kind->earliest_ms - kind->pre_ms - kind->post_ms;
    made->regular_ms = made->spell_ms;
    if (kind->regular_ms != KI_NEVER &&
        kind->regular_ms - kind->pre_ms - kind->post_ms < made->spell_ms)
        made->regular_ms = kind->regular_ms - kind->pre_ms - kind->post_ms;
    int64_t share_ms = 0;
    share_of_tips(model, type, kind->start_load, &made->used_nano, &share_ms);
    made->used_nano +=
        kind->used_nano + ((int64_t)kind->pre_ms + kind->post_ms) * kind->nano_per_ms;
    for (int32_t task = 0; task < model->n_tasks; task++) {
        if (!type_may_serve(model, type, task)) continue;
        made->may_serve[task / 64] |= (uint64_t)1 << (task % 64);
        share_of_tips(model, type, ki_demand(model, type, task), &made->share_nano[task],
                      &share_ms);
        made->share_ms[task] = share_ms > INT32_MAX / 4 ? INT32_MAX / 4 : (int32_t)share_ms;
    }
    return KERB_OK;
}

kerb_status ki_flow_types(ki_flow_type **kinds, const ki_model *model, ki_arena *arena,
                          kerb_error *err) {
    *kinds = ki_arena_alloc(arena, (size_t)model->n_types + 1, sizeof **kinds);
    if (!*kinds) return ki_fail_no_memory(err, "the lower bound");
    for (int32_t type = 0; type < model->n_types; type++)
        KI_TRY(fill_type(&(*kinds)[type], model, type, arena, err));
    return KERB_OK;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Modes with the same ends and the same service are one node with all their windows. */
static int same_node(const ki_flow *flow, uint64_t types, int32_t left, int32_t right) {
    const ki_mode *a = &flow->model->modes[left], *b = &flow->model->modes[right];
    if (a->entry != b->entry || a->exit != b->exit || a->length_mm != b->length_mm) return 0;
    for (int32_t type = 0; type < flow->model->n_types; type++)
        if (types >> type & 1 &&
            ki_service_ms(flow->model, type, left) != ki_service_ms(flow->model, type, right))
            return 0;
    return 1;
}

static int layer_may_serve(const ki_flow *flow, uint64_t types, int32_t task, int32_t mode) {
    for (int32_t type = 0; type < flow->model->n_types; type++)
        if (types >> type & 1 && has_bit(flow->kinds[type].may_serve, task) &&
            ki_service_ms(flow->model, type, mode) != KI_NEVER)
            return 1;
    return 0;
}

static void add_task_nodes(ki_flow *flow, ki_flow_layer *layer, int32_t layer_index, int32_t task) {
    const ki_task *served = &flow->model->tasks[task];
    int32_t first = flow->n_nodes;
    for (int32_t mode = served->first_mode; mode < served->first_mode + served->n_modes; mode++) {
        const ki_mode *way = &flow->model->modes[mode];
        if (!layer_may_serve(flow, layer->types, task, mode)) continue;
        int32_t node = first;
        while (node < flow->n_nodes && !same_node(flow, layer->types, flow->nodes[node].mode, mode))
            node++;
        ki_flow_node *made = &flow->nodes[node];
        if (node == flow->n_nodes) {
            *made = (ki_flow_node){.kind = KI_FLOW_TASK,
                                   .layer = layer_index,
                                   .task = task,
                                   .mode = mode,
                                   .open_ms = way->open_ms,
                                   .close_ms = way->close_ms};
            flow->n_nodes++;
            layer->n_tasks++;
        }
        if (way->open_ms < made->open_ms) made->open_ms = way->open_ms;
        if (way->close_ms > made->close_ms) made->close_ms = way->close_ms;
    }
}

static void add_tip_node(ki_flow *flow, ki_flow_layer *layer, int32_t layer_index, int32_t tip) {
    const ki_tip *option = &flow->model->tips[tip];
    for (int32_t node = layer->first_tip; node < flow->n_nodes; node++)
        if (flow->nodes[node].facility == option->facility &&
            flow->nodes[node].point == option->point)
            return;
    flow->nodes[flow->n_nodes++] = (ki_flow_node){.kind = KI_FLOW_TIP,
                                                  .layer = layer_index,
                                                  .facility = option->facility,
                                                  .point = option->point};
    layer->n_tips++;
}

/* ---- batteries ------------------------------------------------------------------------------- */

/* What a power takes for an energy: 1 mW is 1/3.6 nWh a ms. */
static int64_t ms_of_nwh(int64_t nwh, int64_t power_mw, int rounds_up) {
    wide fine = (wide)nwh * 18;
    wide by = (wide)power_mw * 5;
    return (int64_t)((rounds_up ? fine + by - 1 : fine) / by);
}

/* The most that any charger and any part of the curve give. */
static int64_t best_power_mw(const ki_model *model, const ki_type *kind) {
    int64_t curve_mw = 0, best_mw = 0;
    for (int32_t part = 0; part < kind->n_charge_parts; part++)
        if (kind->charge_parts[part].most_mw > curve_mw)
            curve_mw = kind->charge_parts[part].most_mw;
    for (int32_t tip = kind->first_tip; tip < kind->first_tip + kind->n_tips + kind->n_posts; tip++)
        if (model->tips[tip].charge_mw > best_mw) best_mw = model->tips[tip].charge_mw;
    return kind->n_charge_parts && curve_mw < best_mw ? curve_mw : best_mw;
}

/* A layer of several types takes no account of charging. */
static void fill_charge(ki_flow *flow, ki_flow_layer *layer) {
    int32_t type = __builtin_ctzll(layer->types);
    const ki_type *kind = &flow->model->types[type];
    if ((layer->types & (layer->types - 1)) || kind->battery_nwh == 0) return;
    layer->charge_mw = best_power_mw(flow->model, kind);
    int64_t left_nwh = kind->battery_nwh - kind->used_nwh;
    if (layer->charge_mw > 0)
        flow->kinds[type].full_ms = ms_of_nwh(left_nwh > 0 ? left_nwh : 0, layer->charge_mw, 1);
}

static void fill_layer(ki_flow *flow, ki_flow_layer *layer, int32_t layer_index) {
    const ki_model *model = flow->model;
    layer->depot = flow->n_nodes;
    flow->nodes[flow->n_nodes++] = (ki_flow_node){.kind = KI_FLOW_DEPOT, .layer = layer_index};
    layer->first_tip = flow->n_nodes;
    for (int32_t type = 0; type < model->n_types; type++) {
        const ki_type *kind = &model->types[type];
        if (!(layer->types >> type & 1)) continue;
        layer->n_shifts += kind->n_shifts;
        if (kind->n_dims > layer->n_dims) layer->n_dims = kind->n_dims;
        if (flow->kinds[type].regular_ms < flow->kinds[type].spell_ms &&
            (layer->overtime_nano_per_ms == 0 ||
             kind->overtime_nano_per_ms < layer->overtime_nano_per_ms))
            layer->overtime_nano_per_ms = kind->overtime_nano_per_ms;
        for (int32_t tip = 0; tip < kind->n_tips; tip++)
            add_tip_node(flow, layer, layer_index, kind->first_tip + tip);
    }
    layer->first_task = flow->n_nodes;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        add_task_nodes(flow, layer, layer_index, flow->tasks[row]);
    layer->end = flow->n_nodes;
    flow->nodes[flow->n_nodes++] = (ki_flow_node){.kind = KI_FLOW_END, .layer = layer_index};
    fill_charge(flow, layer);
}

/* ---- weights --------------------------------------------------------------------------------- */

static int32_t ppm_of(const ki_flow *flow, int32_t type, int32_t task, int32_t dim) {
    const ki_type *kind = &flow->model->types[type];
    if (dim >= kind->n_dims || kind->capacity[dim] <= 0) return 0;
    int64_t demand = ki_demand(flow->model, type, task)[dim];
    if (demand <= 0) return 0;
    return (int32_t)((wide)demand * KI_FLOW_PPM / kind->capacity[dim]);
}

/* The least share of any of the types' vehicles that the task fills. */
static int32_t least_ppm(const ki_flow *flow, uint64_t types, int32_t task, int32_t dim) {
    int32_t least = KI_FLOW_PPM;
    for (int32_t type = 0; type < flow->model->n_types; type++) {
        if (!(types >> type & 1) || !has_bit(flow->kinds[type].may_serve, task)) continue;
        int32_t ppm = ppm_of(flow, type, task, dim);
        if (ppm < least) least = ppm;
    }
    return least;
}

static void fill_weights(ki_flow *flow) {
    int64_t total[KI_MAX_DIMS] = {0};
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        const ki_flow_node *of = &flow->nodes[node];
        for (int32_t dim = 0; of->kind == KI_FLOW_TASK && dim < KI_MAX_DIMS; dim++)
            flow->weights[node * KI_MAX_DIMS + dim] =
                least_ppm(flow, flow->layers[of->layer].types, of->task, dim);
    }
    for (int32_t row = 0; row < flow->n_tasks; row++)
        for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
            total[dim] += least_ppm(flow, flow->types, flow->tasks[row], dim);
    int32_t scarcest = 0;
    for (int32_t dim = 1; dim < KI_MAX_DIMS; dim++)
        if (total[dim] > total[scarcest]) scarcest = dim;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        flow->weight[row] = least_ppm(flow, flow->types, flow->tasks[row], scarcest);
}

static int32_t scarcest_dim(const ki_flow *flow, int32_t type) {
    int64_t total[KI_MAX_DIMS] = {0};
    int32_t scarcest = 0;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        for (int32_t dim = 0; dim < KI_MAX_DIMS; dim++)
            total[dim] += ppm_of(flow, type, flow->tasks[row], dim);
    for (int32_t dim = 1; dim < KI_MAX_DIMS; dim++)
        if (total[dim] > total[scarcest]) scarcest = dim;
    return scarcest;
}

/* Whatever a vehicle of the other type may serve on one trip fills at most so many of this type;
 * 0: there may be no such number. */
static int32_t vehicles_held(const ki_flow *flow, int32_t type, int32_t other, int32_t dim) {
    const ki_type *kind = &flow->model->types[type], *held = &flow->model->types[other];
    wide most = 1;
    if (dim >= kind->n_dims || dim >= held->n_dims || kind->capacity[dim] <= 0) return 0;
    for (int32_t row = 0; row < flow->n_tasks; row++) {
        int32_t task = flow->tasks[row];
        wide here = ki_demand(flow->model, type, task)[dim];
        wide there = ki_demand(flow->model, other, task)[dim];
        if (here <= 0 || !has_bit(flow->kinds[other].may_serve, task)) continue;
        if (there <= 0) return 0;
        wide by = there * kind->capacity[dim],
             vehicles = (here * held->capacity[dim] + by - 1) / by;
        if (vehicles > most) most = vehicles;
    }
    return most < INT16_MAX ? (int32_t)most : 0;
}

/* Where there are several layers, the types of each are of one kind. */
static kerb_status fill_measures(ki_flow *flow, kerb_error *err) {
    size_t n = (size_t)flow->n_layers, n_tasks = (size_t)flow->n_tasks;
    flow->measure = ki_arena_alloc(flow->arena, n * n_tasks + 1, sizeof *flow->measure);
    flow->holds = ki_arena_alloc(flow->arena, n * n + 1, sizeof *flow->holds);
    if (!flow->measure || !flow->holds) return ki_fail_no_memory(err, "the lower bound");
    for (int32_t layer = 0; n > 1 && layer < flow->n_layers; layer++) {
        int32_t type = __builtin_ctzll(flow->layers[layer].types);
        int32_t dim = scarcest_dim(flow, type);
        for (int32_t row = 0; row < flow->n_tasks; row++) {
            int32_t ppm = ppm_of(flow, type, flow->tasks[row], dim);
            /* leaving a task out counts for one */
            flow->measure[layer * flow->n_tasks + row] = ppm < KI_FLOW_PPM ? ppm : KI_FLOW_PPM;
        }
        for (int32_t other = 0; other < flow->n_layers; other++)
            flow->holds[layer * flow->n_layers + other] =
                vehicles_held(flow, type, __builtin_ctzll(flow->layers[other].types), dim);
    }
    return KERB_OK;
}

static int64_t extra_of_tip(const ki_flow *flow, const ki_flow_node *tip, int32_t dim) {
    int64_t least = INT64_MAX;
    for (int32_t type = 0; type < flow->model->n_types; type++) {
        const ki_type *kind = &flow->model->types[type];
        wide here, cheapest;
        if (!(flow->layers[tip->layer].types >> type & 1)) continue;
        if (!least_micro_per_gram(flow->model, kind, dim, tip, &here)) continue;
        if (dim >= kind->n_dims) return 0;
        least_micro_per_gram(flow->model, kind, dim, NULL, &cheapest);
        int64_t extra = floor_divide(
            (here - cheapest) * kind->capacity[dim] * KI_FLOW_ONE / KI_FLOW_PPM, 1000000);
        if (extra < least) least = extra;
    }
    return least;
}

static void fill_extra(ki_flow *flow) {
    for (int32_t node = 0; node < flow->n_nodes; node++)
        for (int32_t dim = 0; flow->nodes[node].kind == KI_FLOW_TIP && dim < KI_MAX_DIMS; dim++)
            flow->extra[node * KI_MAX_DIMS + dim] = extra_of_tip(flow, &flow->nodes[node], dim);
}

static void fill_ends(ki_flow *flow) {
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        ki_flow_node *at = &flow->nodes[node];
        const ki_type *kind = &flow->model->types[__builtin_ctzll(flow->layers[at->layer].types)];
        const ki_mode *way = &flow->model->modes[at->mode];
        flow->n_points = flow->model->travels[kind->travel].n;
        switch (at->kind) {
        case KI_FLOW_DEPOT: at->entry = at->exit = kind->start_point; break;
        case KI_FLOW_END: at->entry = at->exit = kind->end_point; break;
        case KI_FLOW_TIP: at->entry = at->exit = at->point; break;
        case KI_FLOW_TASK: at->entry = way->entry, at->exit = way->exit; break;
        }
    }
}

/* The same tip has the same bit in every layer. */
static void number_bits(ki_flow *flow) {
    flow->n_bits = flow->n_tasks;
    for (int32_t node = 0; node < flow->n_nodes; node++) {
        ki_flow_node *at = &flow->nodes[node];
        at->bit = at->kind == KI_FLOW_TASK ? flow->row_of_task[at->task] : -1;
        for (int32_t other = 0; at->kind == KI_FLOW_TIP && other < node; other++)
            if (flow->nodes[other].kind == KI_FLOW_TIP &&
                flow->nodes[other].facility == at->facility &&
                flow->nodes[other].point == at->point)
                at->bit = flow->nodes[other].bit;
        if (at->kind == KI_FLOW_TIP && at->bit < 0) at->bit = flow->n_bits++;
    }
}

/* ---- building -------------------------------------------------------------------------------- */

static kerb_status gather_tasks(ki_flow *flow, kerb_error *err) {
    size_t n = (size_t)flow->model->n_tasks;
    flow->tasks = ki_arena_alloc(flow->arena, n + 1, sizeof *flow->tasks);
    flow->row_of_task = ki_arena_alloc(flow->arena, n + 1, sizeof *flow->row_of_task);
    flow->weight = ki_arena_alloc(flow->arena, n + 1, sizeof *flow->weight);
    if (!flow->tasks || !flow->row_of_task || !flow->weight)
        return ki_fail_no_memory(err, "the lower bound");
    for (int32_t task = 0; task < flow->model->n_tasks; task++) {
        flow->row_of_task[task] = -1;
        for (int32_t type = 0; type < flow->model->n_types; type++)
            if (flow->types >> type & 1 && has_bit(flow->kinds[type].may_serve, task)) {
                flow->row_of_task[task] = flow->n_tasks;
                flow->tasks[flow->n_tasks++] = task;
                break;
            }
    }
    return KERB_OK;
}

static int64_t most_nodes(const ki_flow *flow, uint64_t types) {
    int64_t n = 2;
    for (int32_t type = 0; type < flow->model->n_types; type++)
        if (types >> type & 1) n += flow->model->types[type].n_tips;
    for (int32_t row = 0; row < flow->n_tasks; row++)
        n += flow->model->tasks[flow->tasks[row]].n_modes;
    return n;
}

/* The same vehicle at perhaps another depot, in other hours. */
static int same_kind(const ki_model *model, int32_t left, int32_t right) {
    const ki_type *a = &model->types[left], *b = &model->types[right];
    return a->group == b->group && a->n_dims == b->n_dims && a->mass_dims == b->mass_dims &&
           a->demand_class == b->demand_class && a->nano_per_mm == b->nano_per_mm &&
           a->nano_per_ms == b->nano_per_ms && (a->battery_nwh > 0) == (b->battery_nwh > 0) &&
           !memcmp(a->capacity, b->capacity, sizeof a->capacity);
}

/* A layer of each type, or of each kind of vehicle, or one of all. */
static int64_t split_layers(ki_flow *flow, int by_kind) {
    int64_t n_nodes = 0;
    flow->n_layers = 0;
    for (int32_t type = 0; type < flow->model->n_types; type++) {
        int32_t layer = 0;
        if (!(flow->types >> type & 1)) continue;
        while (
            layer < flow->n_layers &&
            !(by_kind && same_kind(flow->model, __builtin_ctzll(flow->layers[layer].types), type)))
            layer++;
        if (layer == flow->n_layers) flow->layers[flow->n_layers++].types = 0;
        flow->layers[layer].types |= (uint64_t)1 << type;
    }
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        n_nodes += most_nodes(flow, flow->layers[layer].types);
    return n_nodes;
}

/* As finely as the limits allow. */
static int64_t make_layers(ki_flow *flow, const ki_flow_limits *limits) {
    int64_t n_nodes = split_layers(flow, 0);
    if (flow->n_layers < 2 || n_nodes <= limits->by_type) return n_nodes;
    n_nodes = split_layers(flow, 1);
    if (flow->n_layers < 2 || n_nodes <= limits->by_kind) return n_nodes;
    flow->n_layers = 1;
    flow->layers[0].types = flow->types;
    return most_nodes(flow, flow->types);
}

kerb_status ki_flow_build(ki_flow *flow, const ki_model *model, ki_flow_type *kinds, uint64_t types,
                          const ki_flow_limits *limits, ki_arena *arena, kerb_error *err) {
    *flow = (ki_flow){.model = model, .arena = arena, .types = types, .kinds = kinds};
    KI_TRY(gather_tasks(flow, err));
    flow->layers = ki_arena_alloc(arena, (size_t)model->n_types + 1, sizeof *flow->layers);
    if (!flow->layers) return ki_fail_no_memory(err, "the lower bound");
    int64_t n_nodes = make_layers(flow, limits);
    flow->nodes = ki_arena_alloc(arena, (size_t)n_nodes + 1, sizeof *flow->nodes);
    flow->weights =
        ki_arena_alloc(arena, ((size_t)n_nodes + 1) * KI_MAX_DIMS, sizeof *flow->weights);
    flow->extra = ki_arena_alloc(arena, ((size_t)n_nodes + 1) * KI_MAX_DIMS, sizeof *flow->extra);
    if (!flow->nodes || !flow->weights || !flow->extra)
        return ki_fail_no_memory(err, "the lower bound");
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        fill_layer(flow, &flow->layers[layer], layer);
    fill_weights(flow);
    fill_extra(flow);
    fill_ends(flow);
    number_bits(flow);
    return fill_measures(flow, err);
}

/* ---- arcs ------------------------------------------------------------------------------------ */

/* The option of this type at the tip's place that takes least; 0 if it has none. */
static int tip_of_type(const ki_flow *flow, int32_t type, const ki_flow_node *tip,
                       int32_t *least_ms, int32_t *close_ms) {
    const ki_type *kind = &flow->model->types[type];
    int found = 0;
    for (int32_t index = kind->first_tip; index < kind->first_tip + kind->n_tips; index++) {
        const ki_tip *option = &flow->model->tips[index];
        if (option->facility != tip->facility || option->point != tip->point) continue;
        /* the unloading time of a whole load is rounded down once: up to 1 ms below the shares */
        int32_t fixed_ms = option->fixed_ms - (option->ms_per_tonne != 0);
        if (!found || fixed_ms < *least_ms) *least_ms = fixed_ms;
        if (!found || option->close_ms > *close_ms) *close_ms = option->close_ms;
        found = 1;
    }
    return found;
}

typedef struct departure { /* where and, at the earliest, when a type leaves a node */
    int32_t point;
    int64_t ready_ms;
} departure;

static int leave(const ki_flow *flow, int32_t type, const ki_flow_node *from, departure *out) {
    const ki_type *kind = &flow->model->types[type];
    int32_t unused;
    out->ready_ms = (int64_t)kind->earliest_ms + kind->pre_ms;
    if (from->kind == KI_FLOW_DEPOT) {
        out->point = kind->start_point;
        return 1;
    }
    if (from->kind == KI_FLOW_TIP) {
        out->point = from->point;
        return tip_of_type(flow, type, from, &unused, &unused);
    }
    int32_t service_ms = ki_service_ms(flow->model, type, from->mode);
    out->point = flow->model->modes[from->mode].exit;
    if (from->open_ms > out->ready_ms) out->ready_ms = from->open_ms;
    out->ready_ms += service_ms;
    return service_ms != KI_NEVER && has_bit(flow->kinds[type].may_serve, from->task);
}

/* What a type does on arrival: where, by when, for how long. */
typedef struct arrival {
    int32_t point, busy_ms, length_mm;
    int64_t close_ms, share_nano;
} arrival;

static int arrive(const ki_flow *flow, int32_t type, const ki_flow_node *from,
                  const ki_flow_node *to, arrival *out) {
    const ki_type *kind = &flow->model->types[type];
    *out =
        (arrival){.point = kind->end_point, .close_ms = (int64_t)kind->latest_ms - kind->post_ms};
    if (to->kind == KI_FLOW_END) return from->kind == KI_FLOW_TIP;
    if (to->kind == KI_FLOW_TIP) {
        int32_t close_ms;
        out->point = to->point;
        if (!tip_of_type(flow, type, to, &out->busy_ms, &close_ms)) return 0;
        if (close_ms < out->close_ms) out->close_ms = close_ms;
        return 1;
    }
    int32_t service_ms = ki_service_ms(flow->model, type, to->mode);
    if (service_ms == KI_NEVER || !has_bit(flow->kinds[type].may_serve, to->task)) return 0;
    ki_stop before = {from->task, from->mode, 0}, stop = {to->task, to->mode, 0};
    const ki_flow_type *shares = &flow->kinds[type];
    out->point = flow->model->modes[to->mode].entry;
    out->length_mm = flow->model->modes[to->mode].length_mm;
    out->busy_ms = service_ms + shares->share_ms[to->task];
    out->share_nano =
        shares->share_nano[to->task] - (int64_t)shares->share_ms[to->task] * kind->nano_per_ms;
    if (ki_stop_pays_setup(flow->model, from->kind == KI_FLOW_TASK ? &before : NULL, &stop))
        out->busy_ms += flow->model->tasks[to->task].setup_ms;
    if (to->close_ms < out->close_ms) out->close_ms = to->close_ms;
    return 1;
}

static int32_t charge_of(const ki_flow *flow, int32_t type, const ki_flow_node *to,
                         int64_t length_mm) {
    int64_t power_mw = flow->layers[to->layer].charge_mw, used_nwh;
    if (power_mw == 0) return 0;
    used_nwh = flow->model->types[type].nwh_per_mm * length_mm;
    if (to->kind == KI_FLOW_TASK) used_nwh += ki_task_nwh(flow->model, type, to->task, to->mode);
    int64_t charge_ms = ms_of_nwh(used_nwh > 0 ? used_nwh : 0, power_mw, 0);
    return charge_ms > INT32_MAX / 4 ? INT32_MAX / 4 : (int32_t)charge_ms;
}

static int price_for_type(const ki_flow *flow, int32_t type, const ki_flow_arc *at,
                          ki_flow_arc *arc) {
    const ki_type *kind = &flow->model->types[type];
    const ki_flow_node *from = &flow->nodes[at->from], *to = &flow->nodes[at->to];
    departure start;
    arrival end;
    if (!leave(flow, type, from, &start) || !arrive(flow, type, from, to, &end)) return 0;
    int32_t leg_ms = ki_time_ms(flow->model, type, start.point, end.point);
    int32_t leg_mm = ki_length_mm(flow->model, type, start.point, end.point);
    if (leg_ms == KI_NEVER || leg_mm == KI_NEVER) return 0;
    if (start.ready_ms + leg_ms > end.close_ms) return 0;
    int64_t length_mm = (int64_t)leg_mm + end.length_mm;
    arc->time_ms = leg_ms + end.busy_ms;
    arc->cost_nano =
        (int64_t)arc->time_ms * kind->nano_per_ms + length_mm * kind->nano_per_mm + end.share_nano;
    arc->charge_ms = charge_of(flow, type, to, length_mm);
    return 1;
}

int ki_flow_price(const ki_flow *flow, ki_flow_arc *arc) {
    uint64_t types = flow->layers[flow->nodes[arc->from].layer].types;
    int found = 0;
    if (flow->nodes[arc->from].kind == KI_FLOW_TASK && flow->nodes[arc->to].kind == KI_FLOW_TASK &&
        flow->nodes[arc->from].task == flow->nodes[arc->to].task)
        return 0;
    for (; types; types &= types - 1) {
        ki_flow_arc of;
        if (!price_for_type(flow, __builtin_ctzll(types), arc, &of)) continue;
        if (!found || of.cost_nano < arc->cost_nano) arc->cost_nano = of.cost_nano;
        if (!found || of.time_ms < arc->time_ms) arc->time_ms = of.time_ms;
        if (!found || of.charge_ms < arc->charge_ms) arc->charge_ms = of.charge_ms;
        found = 1;
    }
    return found;
}
