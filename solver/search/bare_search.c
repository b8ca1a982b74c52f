/* SPDX-License-Identifier: GPL-3.0-or-later
 * bare_search.c - accepts or undoes steps by temperature, and notes the best. */
#include "search/bare_search.h"

#include "base/error.h"

enum { MOST_PLACES = 1000000 }; /* of tasks in routes, which the descent keeps */

kerb_status ki_bare_search_init(ki_bare_search *search, ki_work *work, kerb_error *err) {
    *search = (ki_bare_search){.best_mm = INT64_MAX};
    KI_TRY(ki_plain_make(&search->plain, work, err));
    KI_TRY(ki_bare_init(&search->bare, &search->plain, work, err));
    if ((int64_t)search->plain.n * search->plain.most_routes <= MOST_PLACES)
        KI_TRY(ki_descent_init(&search->descent, &search->plain, work, err));
    search->nano_per_mm = work->model->types->nano_per_mm;
    return ki_tours_init(&search->best, &search->plain, work, err);
}

int ki_bare_search_load(ki_bare_search *search, const ki_solution *solution) {
    int32_t n_routes = ki_tours_read(&search->best, &search->plain, solution);
    if (n_routes == 0) return 0;
    ki_bare_load(&search->bare, search->best.tour, search->best.cuts, n_routes);
    search->n_best = n_routes;
    search->best_mm = search->bare.mm;
    search->is_new = 0;
    return 1;
}

void ki_bare_search_note(ki_bare_search *search) {
    if (search->bare.mm >= search->best_mm) return;
    search->best_mm = search->bare.mm;
    search->n_best = ki_bare_tell(&search->bare, search->best.tour, search->best.cuts);
    search->is_new = 1;
}

/* As dear as too much load may be; with loads in grams, a long way may still be dearer. */
static int64_t most_penalty(const ki_plain *plain) {
    return (INT64_C(1) << 58) / (plain->total_load + 1);
}

static int32_t tell_descent(const ki_descent *d, int32_t *tour, int32_t *cuts) {
    int32_t n = 0, n_cuts = 0;
    for (int32_t route = 0; route < d->n_routes; route++) {
        if (d->tours[route].n == 0) continue;
        int32_t at = d->nodes[ki_tour_start(d, route)].next;
        for (; at < d->plain->n; at = d->nodes[at].next)
            tour[n++] = at;
        cuts[n_cuts++] = n;
    }
    return n_cuts;
}

void ki_bare_search_polish(ki_bare_search *search) {
    ki_descent *d = &search->descent;
    const ki_tours *best = &search->best;
    if (!d->nodes) return;
    ki_descent_load(d, best->tour, best->cuts, search->n_best);
    ki_descent_run(d, most_penalty(&search->plain));
    for (int32_t route = 0; route < d->n_routes; route++)
        if (d->tours[route].load > search->plain.capacity) return;
    if (d->gained_mm <= 0) return;
    search->n_best = tell_descent(d, best->tour, best->cuts);
    ki_bare_load(&search->bare, best->tour, best->cuts, search->n_best);
    search->best_mm = search->bare.mm;
    search->is_new = 1;
}

void ki_bare_search_step(ki_bare_search *search, ki_cooling *cooling, int64_t n) {
    ki_bare *bare = &search->bare;
    int64_t old_mm = bare->mm, nano_per_mm = search->nano_per_mm;
    int is_hot = n <= cooling->from, done = ki_bare_step(bare);
    int64_t allowed_nano = ki_cooling_allows(cooling, &bare->work->rng, n);
    if (!done || (bare->mm - old_mm) * nano_per_mm > allowed_nano) {
        ki_bare_undo(bare);
        return;
    }
    ki_bare_keep(bare);
    if (!is_hot) ki_bare_search_note(search);
}

int32_t ki_bare_search_write(const ki_bare_search *search, const ki_model *model, ki_route *routes,
                             ki_stop *stops) {
    ki_tours_write(&search->best, search->n_best, &search->plain, model, routes, stops);
    return search->n_best;
}
