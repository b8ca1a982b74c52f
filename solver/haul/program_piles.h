/* SPDX-License-Identifier: GPL-3.0-or-later
 * program_piles.h - the integer program of the hauls in the making, for the files that make it. */
#ifndef KI_HAUL_PROGRAM_PILES_H
#define KI_HAUL_PROGRAM_PILES_H
#include "haul/grid.h"
#include "master/lp.h"
#include "master/lp_lines.h"

#define KI_HAUL_G_PER_TONNE 1e6 /* masses are tonnes in the program */

typedef struct ki_haul_amount { /* loaded by one kind, from one pile, for one plant, in one interval
                                 */
    int32_t kind, pile, plant;
    int32_t first_slot; /* of its first arc */
} ki_haul_amount;

typedef struct ki_haul_made {
    ki_haul_stage *stage;
    const ki_haul_problem *problem;
    const ki_haul_grid *grid;
    ki_arena *arena;
    kerb_error *err;
    ki_lp *lp;
    uint8_t *boundary; /* [n_piles][n_slots]: a new interval begins */
    ki_haul_amount *amounts;
    int32_t n_amounts;
    size_t amounts_capacity;
    int32_t *amount_of_arc, *column_of_arc; /* [n_arcs]; -1: none */
    int32_t *row_of_node;                   /* [n_nodes]; -1: none */
    int32_t *row_of_bay;                    /* [n_plants][n_slots]; -1: none */
    int32_t *row_of_work;                   /* [n_kinds][KI_MAX_BREAKS]; -1: none */
    int32_t first_kind_row, first_amount_row;
    int32_t first_amount, first_over, n_rows, n_columns;
    int is_soft;      /* piles may stay above their buffers, at a price */
    int fees_by_load; /* as if every load were full */
    double over_price;
    int64_t n_needed; /* loads, over all piles */
    ki_lines rows;
} ki_haul_made;

static inline double ki_haul_tonnes(int64_t mass_g) {
    return (double)mass_g / KI_HAUL_G_PER_TONNE;
}
/* Slots at which loading ends by an instant are those below the one returned. */
int32_t ki_haul_slots_done_by(const ki_haul_made *made, int32_t kind, int32_t at_ms);
int32_t ki_haul_first_slot_from(const ki_haul_made *made, int32_t at_ms);
/* The row whose entries were put. */
void ki_haul_add_row(ki_haul_made *made, double lower, double upper);
/* What lies there, buffers, closing stocks and the loads they take; the plants' room. After the
 * columns. */
kerb_status ki_haul_add_pile_rows(ki_haul_made *made);
#endif
