/* SPDX-License-Identifier: GPL-3.0-or-later
 * split.c - shortest paths over the cuts of a tour (Beasley, Omega 11, 1983; with too much load at
 * a penalty as in Vidal et al., Operations Research 60, 2012). */
#include "search/split.h"

#include "base/error.h"
#include "search/descent.h"

kerb_status ki_split_init(ki_split *split, ki_work *work, kerb_error *err) {
    size_t n = (size_t)work->model->n_tasks + 1;
    split->best_mm = ki_arena_alloc(&work->arena, n, sizeof *split->best_mm);
    split->from = ki_arena_alloc(&work->arena, n, sizeof *split->from);
    return split->best_mm && split->from ? KERB_OK : ki_fail_no_memory(err, "the search");
}

/* The way there and home of the tasks from `first` on, one by one. */
typedef struct growing {
    int64_t mm, load;
    ki_modes_walk walk;
} growing;

static int64_t grow(const ki_plain *plain, growing *route, const int32_t *tour, int32_t first,
                    int32_t last) {
    int32_t before = last > first ? tour[last - 1] : plain->start, task = tour[last];
    route->load += plain->load[task];
    if (plain->modes) {
        ki_modes_go(plain->modes, &route->walk, task);
        return route->mm + ki_modes_home(plain->modes, &route->walk);
    }
    route->mm += ki_plain_leg(plain, before, task);
    return route->mm + ki_plain_leg(plain, task, plain->end);
}

static void extend(ki_split *split, const ki_plain *plain, const int32_t *tour, int32_t first,
                   int64_t penalty, int64_t used_mm) {
    growing route = {.mm = split->best_mm[first] + used_mm};
    if (plain->modes) ki_modes_start(plain->modes, &route.walk);
    for (int32_t last = first; last < plain->n; last++) {
        if (last > first &&
            route.load + plain->load[tour[last]] > plain->capacity + plain->capacity / 2)
            return;
        int64_t all_mm = grow(plain, &route, tour, first, last);
        int64_t over = route.load > plain->capacity ? route.load - plain->capacity : 0;
        all_mm += over * penalty >> KI_PENALTY_SHIFT;
        if (all_mm >= split->best_mm[last + 1]) continue;
        split->best_mm[last + 1] = all_mm;
        split->from[last + 1] = first;
    }
}

static int32_t count_routes(const ki_split *split, int32_t n) {
    int32_t n_routes = 0;
    for (int32_t end = n; end > 0; end = split->from[end])
        n_routes++;
    return n_routes;
}

int32_t ki_split_tour(ki_split *split, const ki_plain *plain, const int32_t *tour, int64_t penalty,
                      int32_t *cuts) {
    int32_t n_routes = 0;
    int64_t used_mm = plain->used_mm;
    do { /* each route dearer, until there are few enough */
        split->best_mm[0] = 0;
        for (int32_t end = 1; end <= plain->n; end++)
            split->best_mm[end] = INT64_MAX / 2;
        for (int32_t first = 0; first < plain->n; first++)
            extend(split, plain, tour, first, penalty, used_mm);
        n_routes = count_routes(split, plain->n);
        used_mm = 2 * used_mm + 1000;
    } while (n_routes > plain->most_routes);
    int32_t end = plain->n;
    for (int32_t route = n_routes - 1; route >= 0; route--) {
        cuts[route] = end;
        end = split->from[end];
    }
    return n_routes;
}
