/* SPDX-License-Identifier: GPL-3.0-or-later
 * tours.h - routes of a plain model as one tour over all tasks, cut into routes: cuts[route] is
 * where the route ends in the tour. */
#ifndef KI_TOURS_H
#define KI_TOURS_H
#include "search/plain.h"

typedef struct ki_tours {
    int32_t *tour;    /* [n] */
    int32_t *cuts;    /* [most_routes] */
    int64_t *reached; /* [n][KI_MOST_MODES] to choose modes with; NULL with one mode a task */
    uint8_t *chosen;  /* [n] */
} ki_tours;

kerb_status ki_tours_init(ki_tours *tours, const ki_plain *plain, ki_work *work, kerb_error *err);
/* As routes, by the cheapest modes; stops needs room for all tasks and a tip a route. */
void ki_tours_write(const ki_tours *tours, int32_t n_cuts, const ki_plain *plain,
                    const ki_model *model, ki_route *routes, ki_stop *stops);
/* How many routes were taken over; 0: a task is missing, or there are too many. */
int32_t ki_tours_read(const ki_tours *tours, const ki_plain *plain, const ki_solution *solution);
#endif
