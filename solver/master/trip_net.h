/* SPDX-License-Identifier: GPL-3.0-or-later
 * trip_net.h - what the trips of one layer are made of: arcs between its tasks, from where trips
 * start, to the tips, with their reduced costs. Used inside the master only.
 *
 *   start (depot or tip) ──► task ──► task ──► tip
 *
 * A trip serves at least one task and fits the vehicle in the layer's scarcest dimension. It need
 * not be elementary: it may return to a task once it has been outside the task's neighbourhood
 * (an ng-route). Baldacci, Mingozzi and Roberti, "New route relaxation and pricing strategies for
 * the vehicle routing problem", Operations Research 59(5), 2011. */
#ifndef KI_TRIP_NET_H
#define KI_TRIP_NET_H
#include "master/pricing.h"
#include "master/subset_rows.h"

enum { KI_TRIP_NEIGHBOURS = 8 }; /* of a task, itself among them: bits of a memory */
#define KI_TRIP_NO INT64_MAX     /* no such arc */

typedef struct ki_trip_leg {
    int64_t cost_nano; /* KI_TRIP_NO: cannot be driven */
    int32_t time_ms, charge_ms;
} ki_trip_leg;

/* What a memory turns into on the way from one task to another. */
typedef struct ki_trip_step {
    uint8_t kept, placed; /* the common neighbours: their bits here, and there */
    uint8_t self;         /* bit of the other task here; 0: no neighbour */
} ki_trip_step;

typedef struct ki_trip_net {
    const ki_flow *flow;
    int32_t layer, n;   /* n tasks nodes: number i is the flow's node first_task + i */
    int32_t first_task; /* of the layer */
    int32_t capacity;
    int32_t *load, *row;        /* [n]; load >= 1, row of the node's task */
    ki_trip_leg *arcs;          /* [n][n] */
    ki_trip_leg *starts, *ends; /* [1 + n_tips][n] from depot, tips; [n_tips][n] */
    int32_t n_rows;
    ki_trip_step *steps;               /* [n_rows][n_rows] */
    int64_t *arc_reduced;              /* [n][n]; KI_TRIP_NO, as below */
    int64_t *in_reduced, *out_reduced; /* [n] the cheapest start, the cheapest tip */
    int32_t *in_from, *out_to;         /* [n] nodes of the flow; -1 */
    const ki_subset_rows *subsets;     /* with prices for this run; NULL: none. Not owned */
} ki_trip_net;

/* Memory from the arena, which must outlive it. */
kerb_status ki_trip_net_build(ki_trip_net *net, const ki_flow *flow, int32_t layer, ki_arena *arena,
                              kerb_error *err);
/* Tips that are equally dear for each load are one class; classes count from 0. The first tip of a
 * class, as a node of the flow; -1: no such class. */
int32_t ki_trip_class(const ki_trip_net *net, int32_t number);
/* Reduced costs of trips that end at tips of this class. */
void ki_trip_net_price(ki_trip_net *net, const ki_flow_duals *duals, const ki_cut_prices *cuts,
                       int32_t class_tip);

static inline ki_trip_step ki_trip_step_of(const ki_trip_net *net, int32_t from, int32_t to) {
    return net->steps[(size_t)net->row[from] * (size_t)net->n_rows + (size_t)net->row[to]];
}
#endif
