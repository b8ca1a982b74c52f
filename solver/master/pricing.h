/* SPDX-License-Identifier: GPL-3.0-or-later
 * pricing.h - what any dual prices prove about a flow, and the arcs they call for. Used inside the
 * master only. */
#ifndef KI_PRICING_H
#define KI_PRICING_H
#include "master/cut_prices.h"

enum { KI_PRICING_WIDTH = 3 }; /* arcs offered into and out of each node */

/* Integers, and of the right sign: whatever the LP's tolerances are, the bound holds. */
typedef struct ki_flow_duals {
    int64_t *task;     /* [n_tasks]; only guides which arcs are offered */
    int64_t *node;     /* [n_nodes] */
    int64_t *cut;      /* [n_cuts] >= 0 */
    int64_t *hours;    /* [n_layers] >= 0, per ms, in 1/KI_FLOW_ONE */
    int64_t *overtime; /* [n_layers] 0 to the layer's rate, likewise */
    int64_t *charge;   /* [n_layers] 0 to what charging for a ms takes, likewise */
    int64_t *trips;    /* [n_layers] of each drive to a tip: of no fewer than `least` of them if
                          positive, of no more than `most` if negative */
    int64_t
        *capacity; /* [n_layers][KI_MAX_DIMS] >= 0, per ppm, likewise; NULL: loads are not priced */
    int64_t *tip;  /* [n_nodes][KI_MAX_DIMS] >= 0 and >= capacity - the tip's extra */
    /* Of each shift in use: of no fewer than n_shifts of all types together if positive, of no more
     * than that if negative. Within these limits a type's shifts are sent out where that pays. */
    int64_t shift;
    int32_t n_shifts;
    const int32_t *least, *most; /* [n_types + 1 + n_layers] by type; trips of layers last */
} ki_flow_duals;

typedef struct ki_flow_offer {
    ki_flow_arc arc;
    int64_t reduced_nano;
} ki_flow_offer;

typedef struct ki_pricing {
    const ki_flow *flow;
    const ki_flow_cut *cuts;
    int32_t n_cuts;
    const ki_flow_duals *duals;
    uint64_t **present;    /* per layer: bits of the arcs that the LP has */
    int64_t least_nano;    /* offers must be below: 0 or a little less */
    ki_flow_offer *offers; /* out; room for ki_pricing_room */
    int32_t n_offers;
} ki_pricing;

size_t ki_pricing_room(const ki_flow *flow);
int ki_pricing_is_present(const ki_pricing *pricing, int32_t from, int32_t to);
void ki_pricing_set_present(const ki_pricing *pricing, int32_t from, int32_t to);
/* Of an arc whose cost and time are known, without its task's own dual. */
int64_t ki_pricing_reduced(const ki_flow *flow, const ki_flow_duals *duals,
                           const ki_cut_prices *cuts, const ki_flow_arc *arc);
/* Fills the reduced cost of an arc; 0 if no type can drive it. */
typedef int ki_pricing_arc_of(void *payload, int32_t from, int32_t to, int64_t *reduced_nano);
/* A layer's drives without a task at their least: out of the depot, between tips, home. Each is
 * bounded by the shifts or, a round of tips being of no use, by the number of tips between any two
 * tasks. */
ki_wide ki_pricing_empty(const ki_flow *flow, int32_t layer, ki_pricing_arc_of *price,
                         void *payload);
/* What the limits on the counts of shifts and trips are worth, once a flow. */
ki_wide ki_pricing_count(const ki_flow *flow, const ki_flow_duals *duals);
/* The shifts of a layer, each sent out if that pays. */
ki_wide ki_pricing_shifts(const ki_flow *flow, const ki_flow_duals *duals, int32_t layer);
/* Prices every arc. bound_nano: no feasible plan of this component costs less. */
kerb_status ki_pricing_run(ki_pricing *pricing, int64_t *bound_nano, kerb_error *err);
#endif
