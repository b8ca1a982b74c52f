/* SPDX-License-Identifier: GPL-3.0-or-later
 * tours.c - from routes to a tour with cuts and back. */
#include "search/tours.h"

#include "base/error.h"

kerb_status ki_tours_init(ki_tours *tours, const ki_plain *plain, ki_work *work, kerb_error *err) {
    size_t n = (size_t)plain->n;
    *tours = (ki_tours){0};
    tours->tour = ki_arena_alloc(&work->arena, n, sizeof *tours->tour);
    tours->cuts = ki_arena_alloc(&work->arena, (size_t)plain->most_routes, sizeof *tours->cuts);
    tours->chosen = ki_arena_alloc(&work->arena, n, 1);
    if (plain->modes)
        tours->reached = ki_arena_alloc(&work->arena, n * KI_MOST_MODES, sizeof *tours->reached);
    if (!tours->tour || !tours->cuts || !tours->chosen || (plain->modes && !tours->reached))
        return ki_fail_no_memory(err, "the search");
    return KERB_OK;
}

static void write_tasks(const ki_tours *tours, const ki_plain *plain, const ki_model *model,
                        const int32_t *tasks, int32_t n, ki_stop *stops) {
    if (plain->modes) ki_modes_choose(plain->modes, tasks, n, tours->reached, tours->chosen);
    for (int32_t at = 0; at < n; at++) {
        int32_t mode = plain->modes ? tours->chosen[at] : 0;
        stops[at] = (ki_stop){tasks[at], model->tasks[tasks[at]].first_mode + mode, 0};
    }
}

void ki_tours_write(const ki_tours *tours, int32_t n_cuts, const ki_plain *plain,
                    const ki_model *model, ki_route *routes, ki_stop *stops) {
    for (int32_t route = 0, first = 0; route < n_cuts; first = tours->cuts[route++]) {
        int32_t n = tours->cuts[route] - first;
        routes[route] = (ki_route){0, n + 1, stops};
        write_tasks(tours, plain, model, tours->tour + first, n, stops);
        stops[n] = (ki_stop){KI_TIP, model->types->first_tip, 0};
        stops += n + 1;
    }
}

int32_t ki_tours_read(const ki_tours *tours, const ki_plain *plain, const ki_solution *solution) {
    int32_t n = 0;
    for (int32_t route = 0; route < solution->n_routes; route++)
        for (int32_t stop = 0; stop < solution->routes[route].n_stops; stop++)
            n += solution->routes[route].stops[stop].task != KI_TIP;
    if (solution->n_routes > plain->most_routes || n < plain->n) return 0;
    n = 0;
    for (int32_t route = 0; route < solution->n_routes; route++) {
        const ki_route *from = &solution->routes[route];
        for (int32_t stop = 0; stop < from->n_stops; stop++)
            if (from->stops[stop].task != KI_TIP) tours->tour[n++] = from->stops[stop].task;
        tours->cuts[route] = n;
    }
    return solution->n_routes;
}
