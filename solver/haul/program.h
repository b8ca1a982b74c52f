/* SPDX-License-Identifier: GPL-3.0-or-later
 * program.h - the integer program of the hauls, solved by GLPK behind lp.h. */
#ifndef KI_HAUL_PROGRAM_H
#define KI_HAUL_PROGRAM_H
#include "haul/grid.h"

typedef struct ki_haul_answer {
    ki_haul_list list;     /* played; empty where there is no answer */
    const char *shortfall; /* why there is none; NULL: there is one */
    double bound;          /* of the weighed cost, in the currency; -INFINITY: none */
    int finished;          /* within the nodes allowed */
    int32_t n_rows, n_columns;
} ki_haul_answer;

/* From the hauls of start. Where they leave some pile above its buffer, piles may stay above
 * theirs, at a price that outweighs the hauls; otherwise none may. fees_by_load: charges fees as if
 * each load were full, and proves no bound; otherwise by what is loaded. Fails with KERB_NO_MEMORY.
 */
kerb_status ki_haul_program(ki_haul_answer *answer, ki_haul_stage *stage, const ki_haul_grid *grid,
                            const ki_haul_list *start, int fees_by_load, ki_worker *worker,
                            int32_t max_nodes, kerb_error *err);
#endif
