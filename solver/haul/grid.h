/* SPDX-License-Identifier: GPL-3.0-or-later
 * grid.h - all that haul trucks could do, as arcs between slots of the night.
 *
 *   depot ──out──► station, slot ──load──► plant, slot ──unload──► station, slot ...
 *                     │  ▲ wait              │  ▲ wait └──home──► depot
 *                     └──┘                   └──┘
 *
 * A truck is a path; interchangeable trucks are one flow. Arcs on no path are left out.
 *
 * Of a truck with breaks there is all of this once for each number of breaks it has taken (layer).
 * An arc out of the depot, of loading or of unloading may take the next few behind it, and ends in
 * the layer so many further up. A truck goes home only from where it may do without the rest. That
 * it is not too long at work is no matter of layers: the program has rows for it. */
#ifndef KI_HAUL_GRID_H
#define KI_HAUL_GRID_H
#include "haul/greedy.h"

typedef enum ki_haul_arc_kind {
    KI_HAUL_OUT = 0,
    KI_HAUL_LOAD,
    KI_HAUL_UNLOAD,
    KI_HAUL_HOME,
    KI_HAUL_WAIT
} ki_haul_arc_kind;

typedef struct ki_haul_arc {
    uint8_t what; /* ki_haul_arc_kind */
    int32_t kind;
    int32_t pile;     /* loaded; -1 */
    int32_t plant;    /* driven to loaded, or unloaded at; -1 */
    int32_t slot;     /* in which loading or unloading begins, or that is waited through */
    int32_t from, to; /* nodes; -1: the depot */
    double cost;
    uint8_t layer, n_pauses; /* breaks taken before, and behind what is done here */
    int64_t work_ms;         /* what is done here; then, behind the breaks: */
    int64_t drive_ms;        /* driving to the next place; post-trip too */
} ki_haul_arc;

typedef struct ki_haul_grid {
    const ki_haul_problem *problem;
    int32_t slot_ms, n_slots, n_layers, n_nodes;
    ki_haul_arc *arcs; /* by kind, slot; into a node before out of it */
    int32_t n_arcs;
    size_t capacity;
    int32_t *first_out; /* [n_nodes + 1] into out_arcs */
    int32_t *out_arcs;
} ki_haul_grid;

/* The shortest slot with which the grid stays small; 0: none does. */
int32_t ki_haul_grid_slot_ms(const ki_haul_problem *problem);
/* grid: free it whatever the status. Arrays beside the arcs live in the arena. */
kerb_status ki_haul_grid_new(ki_haul_grid *grid, const ki_haul_problem *problem, int32_t slot_ms,
                             ki_arena *arena, kerb_error *err);
void ki_haul_grid_free(ki_haul_grid *grid);

/* Flow on each arc that makes the hauls (by kind, truck, time); 0: they leave the grid. */
int ki_haul_grid_flow(const ki_haul_grid *grid, const ki_haul *hauls, int32_t n, double *flow);
/* The hauls of a whole flow; flow is used up. */
kerb_status ki_haul_grid_hauls(const ki_haul_grid *grid, int32_t *flow, ki_haul_list *list,
                               kerb_error *err);
#endif
