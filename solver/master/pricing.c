/* SPDX-License-Identifier: GPL-3.0-or-later
 * pricing.c - the Lagrangian bound of a flow, in integers.
 *
 * Dual prices move every coupling row into the objective. What is left falls apart: each task is
 * either left out or entered by exactly one arc, each leaves for at most one tip, each type sends
 * out at most its shifts. The cheapest of each, added up, is a lower bound for any duals of the
 * right sign, so the LP's rounding can weaken it but never make it wrong. The same sweep over all
 * arcs finds those whose reduced cost is negative: the columns the LP lacks.
 * Geoffrion, "Lagrangean relaxation for integer programming", Math. Programming Study 2, 1974. */
#include "master/pricing.h"

#include "base/alloc.h"
#include "base/error.h"

_Static_assert(KI_FLOW_ONE == 1 << 10, "round_down shifts by ten");

typedef struct sweep {
    ki_pricing *pricing;
    const ki_flow *flow;
    const ki_flow_duals *duals;
    ki_cut_prices cuts;
    int64_t *least_in, *least_tip; /* [n_tasks] */
    ki_flow_offer *into, *out;     /* [n_nodes][WIDTH], cheapest first */
} sweep;

size_t ki_pricing_room(const ki_flow *flow) {
    size_t n_tips = 0;
    for (int32_t layer = 0; layer < flow->n_layers; layer++)
        n_tips += (size_t)flow->layers[layer].n_tips + 2;
    return (size_t)flow->n_nodes * (2 * KI_PRICING_WIDTH + 2 * n_tips);
}

static uint64_t *presence(const ki_pricing *pricing, int32_t from, int32_t to, uint64_t *bit) {
    const ki_flow_node *node = &pricing->flow->nodes[from];
    const ki_flow_layer *layer = &pricing->flow->layers[node->layer];
    size_t size = (size_t)(layer->end - layer->depot + 1);
    size_t cell = (size_t)(from - layer->depot) * size + (size_t)(to - layer->depot);
    *bit = (uint64_t)1 << (cell % 64);
    return &pricing->present[node->layer][cell / 64];
}

int ki_pricing_is_present(const ki_pricing *pricing, int32_t from, int32_t to) {
    uint64_t bit;
    return (*presence(pricing, from, to, &bit) & bit) != 0;
}

void ki_pricing_set_present(const ki_pricing *pricing, int32_t from, int32_t to) {
    uint64_t bit;
    uint64_t *word = presence(pricing, from, to, &bit);
    *word |= bit;
}

/* ---- reduced costs --------------------------------------------------------------------------- */

static int64_t round_down(ki_wide fine) { /* arithmetic shift: towards minus infinity */
    return (int64_t)(fine >> 10);
}

int64_t ki_pricing_reduced(const ki_flow *flow, const ki_flow_duals *duals,
                           const ki_cut_prices *cuts, const ki_flow_arc *arc) {
    const ki_flow_node *to = &flow->nodes[arc->to];
    int64_t reduced = arc->cost_nano + duals->node[arc->from] - duals->node[arc->to] -
                      ki_cut_price_of_arc(cuts, arc->from, arc->to);
    if (to->kind == KI_FLOW_TIP) reduced -= duals->trips[to->layer];
    ki_wide fine = ((ki_wide)duals->hours[to->layer] + duals->overtime[to->layer]) * arc->time_ms +
                   (ki_wide)duals->charge[to->layer] * arc->charge_ms;
    for (int32_t dim = 0; duals->capacity && dim < flow->layers[to->layer].n_dims; dim++) {
        if (to->kind == KI_FLOW_TASK)
            fine += (ki_wide)duals->capacity[to->layer * KI_MAX_DIMS + dim] *
                    flow->weights[arc->to * KI_MAX_DIMS + dim];
        if (to->kind == KI_FLOW_TIP)
            fine -= (ki_wide)duals->tip[arc->to * KI_MAX_DIMS + dim] * KI_FLOW_PPM;
    }
    return reduced + round_down(fine);
}

static void keep(ki_flow_offer *best, const ki_flow_offer *offer) {
    int32_t place = KI_PRICING_WIDTH - 1;
    if (best[place].reduced_nano <= offer->reduced_nano) return;
    for (; place > 0 && best[place - 1].reduced_nano > offer->reduced_nano; place--)
        best[place] = best[place - 1];
    best[place] = *offer;
}

static void offer_arc(sweep *at, const ki_flow_arc *arc, int64_t reduced_nano) {
    const ki_flow_node *from = &at->flow->nodes[arc->from], *to = &at->flow->nodes[arc->to];
    if (to->kind == KI_FLOW_TASK) reduced_nano -= at->duals->task[at->flow->row_of_task[to->task]];
    if (reduced_nano >= at->pricing->least_nano ||
        ki_pricing_is_present(at->pricing, arc->from, arc->to))
        return;
    ki_flow_offer offer = {*arc, reduced_nano};
    if (from->kind == KI_FLOW_TASK && to->kind == KI_FLOW_TASK) {
        keep(&at->into[arc->to * KI_PRICING_WIDTH], &offer);
        keep(&at->out[arc->from * KI_PRICING_WIDTH], &offer);
    } else {
        at->pricing->offers[at->pricing->n_offers++] = offer;
    }
}

static void lower(int64_t *least, int64_t value) {
    if (value < *least) *least = value;
}

static int price_arc(void *payload, int32_t from, int32_t to, int64_t *reduced_nano) {
    sweep *at = payload;
    ki_flow_arc arc = {.from = from, .to = to};
    if (!ki_flow_price(at->flow, &arc)) return 0;
    *reduced_nano = ki_pricing_reduced(at->flow, at->duals, &at->cuts, &arc);
    offer_arc(at, &arc, *reduced_nano);
    return 1;
}

static void sweep_into_task(sweep *at, const ki_flow_layer *layer, int32_t node) {
    int64_t *least = &at->least_in[at->flow->row_of_task[at->flow->nodes[node].task]], reduced;
    for (int32_t from = layer->depot; from < layer->end; from++)
        if (from != node && price_arc(at, from, node, &reduced)) lower(least, reduced);
}

static void sweep_into_tips(sweep *at, const ki_flow_layer *layer, int32_t node) {
    int64_t *least = &at->least_tip[at->flow->row_of_task[at->flow->nodes[node].task]], reduced;
    for (int32_t tip = layer->first_tip; tip < layer->first_tip + layer->n_tips; tip++)
        if (price_arc(at, node, tip, &reduced)) lower(least, reduced);
}

ki_wide ki_pricing_empty(const ki_flow *flow, int32_t index, ki_pricing_arc_of *price,
                         void *payload) {
    const ki_flow_layer *layer = &flow->layers[index];
    int64_t out = 0, between = 0, home = 0, reduced;
    for (int32_t tip = layer->first_tip; tip < layer->first_tip + layer->n_tips; tip++) {
        if (price(payload, layer->depot, tip, &reduced)) lower(&out, reduced);
        if (price(payload, tip, layer->end, &reduced)) lower(&home, reduced);
        for (int32_t other = layer->first_tip; other < layer->first_tip + layer->n_tips; other++)
            if (other != tip && price(payload, tip, other, &reduced)) lower(&between, reduced);
    }
    ki_wide n_between = (ki_wide)layer->n_tips * (flow->n_tasks + layer->n_shifts);
    return ((ki_wide)out + home) * layer->n_shifts + n_between * between;
}

ki_wide ki_pricing_count(const ki_flow *flow, const ki_flow_duals *duals) {
    ki_wide total = (ki_wide)duals->shift * duals->n_shifts;
    for (int32_t layer = 0; layer < flow->n_layers; layer++) {
        const int32_t *limits = duals->trips[layer] > 0 ? duals->least : duals->most;
        total += (ki_wide)duals->trips[layer] * limits[flow->model->n_types + 1 + layer];
    }
    return total;
}

ki_wide ki_pricing_shifts(const ki_flow *flow, const ki_flow_duals *duals, int32_t layer) {
    ki_wide total = 0;
    for (int32_t type = 0; type < flow->model->n_types; type++) {
        const ki_flow_type *kind = &flow->kinds[type];
        if (!(flow->layers[layer].types >> type & 1)) continue;
        ki_wide reduced = (ki_wide)kind->used_nano - duals->shift -
                          duals->node[flow->layers[layer].depot] +
                          round_down(-(ki_wide)duals->hours[layer] * kind->spell_ms -
                                     (ki_wide)duals->overtime[layer] * kind->regular_ms -
                                     (ki_wide)duals->charge[layer] * kind->full_ms);
        total += reduced * (reduced < 0 ? duals->most[type] : duals->least[type]);
    }
    return total;
}

static void collect_offers(sweep *at) {
    ki_pricing *pricing = at->pricing;
    for (int32_t place = 0; place < at->flow->n_nodes * KI_PRICING_WIDTH; place++) {
        const ki_flow_offer *lists[] = {&at->into[place], &at->out[place]};
        for (int list = 0; list < 2; list++) {
            const ki_flow_offer *offer = lists[list];
            if (offer->reduced_nano == INT64_MAX ||
                ki_pricing_is_present(pricing, offer->arc.from, offer->arc.to))
                continue;
            ki_pricing_set_present(pricing, offer->arc.from, offer->arc.to);
            pricing->offers[pricing->n_offers++] = *offer;
        }
    }
}

static ki_wide sum_up(const sweep *at) {
    ki_wide total = 0;
    for (int32_t row = 0; row < at->flow->n_tasks; row++) {
        int64_t least = at->least_in[row];
        if (at->least_tip[row] < 0) least = least == INT64_MAX ? least : least + at->least_tip[row];
        total += at->cuts.left_out[row] < least ? at->cuts.left_out[row] : least;
    }
    return total + at->cuts.need;
}

static int64_t run(sweep *at) {
    ki_wide empty = 0;
    for (int32_t row = 0; row < at->flow->n_tasks; row++)
        at->least_in[row] = INT64_MAX, at->least_tip[row] = INT64_MAX;
    for (int32_t place = 0; place < at->flow->n_nodes * KI_PRICING_WIDTH; place++)
        at->into[place].reduced_nano = at->out[place].reduced_nano = INT64_MAX;
    at->pricing->n_offers = 0;
    for (int32_t index = 0; index < at->flow->n_layers; index++) {
        const ki_flow_layer *layer = &at->flow->layers[index];
        for (int32_t node = layer->first_task; node < layer->end; node++) {
            sweep_into_task(at, layer, node);
            sweep_into_tips(at, layer, node);
        }
        empty += ki_pricing_empty(at->flow, index, price_arc, at) +
                 ki_pricing_shifts(at->flow, at->duals, index);
    }
    for (int32_t offer = 0; offer < at->pricing->n_offers; offer++)
        ki_pricing_set_present(at->pricing, at->pricing->offers[offer].arc.from,
                               at->pricing->offers[offer].arc.to);
    collect_offers(at);
    return ki_wide_clamp(sum_up(at) + empty + ki_pricing_count(at->flow, at->duals));
}

kerb_status ki_pricing_run(ki_pricing *pricing, int64_t *bound_nano, kerb_error *err) {
    const ki_flow *flow = pricing->flow;
    size_t n = (size_t)flow->n_tasks, n_nodes = (size_t)flow->n_nodes;
    sweep at = {.pricing = pricing, .flow = flow, .duals = pricing->duals};
    ki_arena memory = {0};
    kerb_status status = ki_cut_prices_make(&at.cuts, flow, pricing->cuts, pricing->n_cuts,
                                            pricing->duals->cut, &memory, err);
    at.least_in = ki_arena_alloc(&memory, n + 1, sizeof *at.least_in);
    at.least_tip = ki_arena_alloc(&memory, n + 1, sizeof *at.least_tip);
    at.into = ki_arena_alloc(&memory, n_nodes * KI_PRICING_WIDTH + 1, sizeof *at.into);
    at.out = ki_arena_alloc(&memory, n_nodes * KI_PRICING_WIDTH + 1, sizeof *at.out);
    if (status == KERB_OK && !(at.least_in && at.least_tip && at.into && at.out))
        status = ki_fail_no_memory(err, "the lower bound");
    if (status == KERB_OK) *bound_nano = run(&at);
    ki_arena_free(&memory);
    return status;
}
