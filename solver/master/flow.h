/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow.h - the plan as a flow on arcs, for the lower bound. Used inside the master only.
 *
 *   depot ──► task ──► task ──► tip ──► task ──► tip ──► end        one unit a vehicle
 *
 * A layer is a set of types that share one flow; an arc of a layer costs what the cheapest of its
 * types would pay, so that every feasible route is a walk in its type's layer that costs no more
 * than the route. An arc into a task carries the task's service, set-up and share of unloading. */
#ifndef KI_FLOW_H
#define KI_FLOW_H
#include "route/route.h"

enum { KI_FLOW_PPM = 1000000 }; /* one vehicle's capacity */
enum { KI_FLOW_ONE = 1024 };    /* one nano in prices per ms and per ppm */

typedef enum ki_flow_kind {
    KI_FLOW_DEPOT = 0,
    KI_FLOW_TIP,
    KI_FLOW_TASK,
    KI_FLOW_END
} ki_flow_kind;

typedef struct ki_flow_node {
    ki_flow_kind kind;
    int32_t layer;
    int32_t task, mode;      /* of a task: one of its modes with these ends */
    int32_t facility, point; /* of a tip */
    int32_t entry, exit;     /* points where it is reached and left; a depot's by its first type */
    int32_t bit;             /* in the sets of cuts: tasks by row, then tips; -1: never in one */
    int32_t open_ms, close_ms; /* of a task: all windows of the merged modes */
} ki_flow_node;

/* Nodes of a layer: the depot, the tips, the tasks, the end. */
typedef struct ki_flow_layer {
    uint64_t types;
    int32_t depot, first_tip, n_tips, first_task, n_tasks, end;
    int32_t n_shifts;
    int32_t n_dims;               /* capacity rows */
    int64_t overtime_nano_per_ms; /* cheapest; 0: none of the types pays any */
    int64_t charge_mw; /* of its only type, at the best; 0: it has several, or no battery */
} ki_flow_layer;

typedef struct ki_flow_type { /* what a type may serve, and the task's share of its tips */
    int usable;
    uint64_t *may_serve; /* bits by task */
    int64_t *share_nano; /* [n_tasks] */
    int32_t *share_ms;
    int64_t used_nano;            /* of a route before it drives */
    int64_t spell_ms, regular_ms; /* without pre- and post-trip time; regular <= spell */
    int64_t full_ms; /* how long its layer's power takes for what the battery holds at the start */
} ki_flow_type;

typedef struct ki_flow {
    const ki_model *model;
    ki_arena *arena;
    uint64_t types; /* of the component */
    int32_t *tasks; /* [n_tasks] of the component that some type may serve */
    int32_t n_tasks;
    int32_t *row_of_task; /* [model n_tasks]; -1: not in the component */
    ki_flow_type *kinds;  /* [model n_types] */
    ki_flow_layer *layers;
    int32_t n_layers;
    ki_flow_node *nodes;
    int32_t n_nodes;
    int32_t n_bits;
    int32_t n_points; /* of the matrices */
    int64_t *extra;   /* [n_nodes][KI_MAX_DIMS] of a tip: dearer than the type's cheapest tip, in
                         1/KI_FLOW_ONE nano for each ppm of a vehicle */
    int32_t *weights; /* [n_nodes][KI_MAX_DIMS] ppm of a vehicle that a task takes at least */
    int32_t *weight;  /* [n_tasks] ppm in the scarcest dimension, over all layers: for cuts */
    int32_t
        *measure;   /* [n_layers][n_tasks] ppm of the layer's vehicle, in its scarcest dimension */
    int32_t *holds; /* [n_layers][n_layers] what a vehicle of the second holds of any tasks, in
                       vehicles of the first, rounded up; 0: the first is no measure for it */
} ki_flow;

typedef struct ki_flow_arc {
    int32_t from, to;
    int64_t cost_nano; /* at least */
    int32_t time_ms;   /* at least */
    int32_t charge_ms; /* how long its layer's power takes for what it uses, at least */
} ki_flow_arc;

/* Nodes of a flow with a layer for each type, and of one with a layer for each kind of vehicle;
 * beyond that its types are one layer. */
typedef struct ki_flow_limits {
    int32_t by_type, by_kind;
} ki_flow_limits;
/* The flow of one component: the types of the mask and the tasks that they may serve. Memory from
 * the arena. */
kerb_status ki_flow_build(ki_flow *flow, const ki_model *model, ki_flow_type *kinds, uint64_t types,
                          const ki_flow_limits *limits, ki_arena *arena, kerb_error *err);
/* For all types, once a model. */
kerb_status ki_flow_types(ki_flow_type **kinds, const ki_model *model, ki_arena *arena,
                          kerb_error *err);
/* Fills cost, time and charge of arc->from to arc->to; 0 if no type can drive it. */
int ki_flow_price(const ki_flow *flow, ki_flow_arc *arc);
#endif
