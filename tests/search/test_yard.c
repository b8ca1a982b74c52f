/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bays and tonnes of facilities: routes that share them fit together, whatever the search does, and
 * tiny models are solved as well as by trying every set of routes in every order. */
#include "route/yard.h"

#include "base/error.h"
#include "route/home.h"
#include "route/random_model.h"
#include "search/search.h"
#include "search/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static ki_model *make_model(uint64_t seed, int32_t n_tasks, int32_t breaks) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 23);
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.shared = 1;
    options.breaks = breaks;
    options.attended = seed % 3 == 1;
    if (n_tasks > 10) options.n_shifts = 4;
    if (n_tasks <= 3) options.posts = options.levels = 0; /* brute force here knows none */
    return random_model_new(&options);
}

/* ---- an oracle of its own -------------------------------------------------------------------- */

enum { MOST_USES = 400 };

typedef struct use {
    int32_t facility, start_ms, end_ms;
    int is_ours;
} use;

typedef struct night {
    use uses[MOST_USES];
    int32_t n;
    int64_t tipped_g[16];
} night;

static void add_route(night *to, const ki_model *model, const ki_route *route) {
    static ki_stop_time times[MOST_USES];
    ki_route_value value;
    const ki_type *type = &model->types[route->type];
    ki_route_evaluate(model, route, &value, times);
    assert_true(value.feasible);
    if (type->attended)
        to->uses[to->n++] =
            (use){type->attended - 1, value.start_ms, value.start_ms + value.spell_ms, 1};
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        if (!ki_stop_at_facility(&route->stops[stop])) continue;
        const int64_t *load = stop > 0 ? times[stop - 1].load : type->start_load;
        int32_t facility = model->tips[route->stops[stop].mode].facility;
        if (route->stops[stop].task == KI_TIP)
            to->tipped_g[facility] += load[0]; /* the one mass of random models */
        to->uses[to->n++] = (use){facility, times[stop].start_ms, times[stop].end_ms, 1};
    }
}

static int32_t n_there(const night *at, int32_t facility, int32_t ms, int *ours) {
    int32_t n = 0;
    *ours = 0;
    for (int32_t index = 0; index < at->n; index++) {
        const use *one = &at->uses[index];
        if (one->facility != facility || one->start_ms > ms || one->end_ms <= ms) continue;
        *ours |= one->is_ours;
        n++;
    }
    return n;
}

static int fits_together(const ki_model *model, const ki_solution *solution) {
    static night at;
    memset(&at, 0, sizeof at);
    for (int32_t route = 0; route < solution->n_routes; route++)
        add_route(&at, model, &solution->routes[route]);
    for (int32_t facility = 0; facility < model->n_facilities; facility++)
        for (int32_t span = 0; span < model->facilities[facility].n_taken; span++) {
            const ki_taken *taken = &model->facilities[facility].taken[span];
            at.uses[at.n++] = (use){facility, taken->start_ms, taken->end_ms, 0};
        }
    for (int32_t index = 0; index < at.n; index++) {
        int ours;
        int32_t facility = at.uses[index].facility;
        int32_t n = n_there(&at, facility, at.uses[index].start_ms, &ours);
        if (ours && n > model->facilities[facility].bays) return 0;
    }
    for (int32_t facility = 0; facility < model->n_facilities; facility++)
        if (at.tipped_g[facility] > model->facilities[facility].room_g) return 0;
    return 1;
}

static int64_t sum_of_holds(const ki_solution *solution) {
    int64_t sum_ms = 0;
    for (int32_t route = 0; route < solution->n_routes; route++)
        for (int32_t stop = 0; stop < solution->routes[route].n_stops; stop++)
            sum_ms += solution->routes[route].stops[stop].from_ms;
    return sum_ms;
}

/* ---- the search ------------------------------------------------------------------------------ */

static void solutions_fit_together_at_facilities(void **state) {
    (void)state;
    int n_held = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        ki_model *model = make_model(seed, 10 + (int32_t)(seed % 30), seed % 3 == 0 ? 2 : 0);
        kerb_error err = {0};
        ki_island *island;
        ki_solution best;
        int64_t cost_nano;
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 300, &err), KERB_OK);
        assert_int_equal(ki_solution_copy(&best, ki_island_best(island), &err), KERB_OK);
        assert_int_equal(ki_solution_price(model, &best, &cost_nano, &err), KERB_OK);
        assert_int_equal(cost_nano, best.cost_nano);
        assert_true(fits_together(model, &best));
        n_held += sum_of_holds(&best) > 0;
        int64_t before_ms = sum_of_holds(&best);
        assert_int_equal(ki_yard_tidy(model, &best, &err), KERB_OK);
        assert_int_equal(ki_solution_price(model, &best, &cost_nano, &err), KERB_OK);
        assert_int_equal(cost_nano, best.cost_nano);
        assert_true(cost_nano <= ki_island_best(island)->cost_nano);
        assert_true(fits_together(model, &best));
        assert_true(cost_nano < ki_island_best(island)->cost_nano ||
                    sum_of_holds(&best) <= before_ms);
        ki_solution_free(&best);
        ki_island_free(island);
        random_model_free(model);
    }
    print_message("%d of 60 solutions hold somebody\n", n_held);
    assert_in_range(n_held, 12, 60);
}

/* The search knows the times of tips from its lines, without driving the routes. */
static void the_search_counts_what_routes_take_up(void **state) {
    (void)state;
    int n_uses = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        ki_model *model = make_model(seed, 10 + (int32_t)(seed % 30), seed % 3 == 0 ? 2 : 0);
        kerb_error err = {0};
        ki_island *island;
        ki_work work;
        ki_yard driven;
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 100, &err), KERB_OK);
        const ki_solution *best = ki_island_best(island);
        assert_int_equal(ki_work_init(&work, model, &err), KERB_OK);
        for (int32_t index = 0; index < best->n_routes; index++)
            assert_true(ki_work_set_as_is(&work, index, best->routes[index].type,
                                          best->routes[index].stops, best->routes[index].n_stops));
        assert_int_equal(ki_yard_fill(&driven, model, best, 0, &err), KERB_OK);
        for (int32_t at = 0; at < model->n_facilities; at++) {
            const ki_yard_gate *a = &work.yard->gates[at], *b = &driven.gates[at];
            assert_int_equal(a->n, b->n);
            assert_int_equal(a->used_g, b->used_g);
            for (size_t one = 0; one < a->n; one++) {
                assert_int_equal(a->uses[one].start_ms, b->uses[one].start_ms);
                assert_int_equal(a->uses[one].end_ms, b->uses[one].end_ms);
                assert_int_equal(a->uses[one].mass_g, b->uses[one].mass_g);
                n_uses += a->uses[one].owner >= 0;
            }
        }
        ki_yard_free(&driven);
        ki_work_free(&work);
        ki_island_free(island);
        random_model_free(model);
    }
    assert_true(n_uses > 100);
}

static void the_guard_sees_what_does_not_fit(void **state) {
    (void)state;
    int n_full = 0, n_crowded = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        ki_model *model = make_model(seed, 20, 0);
        int32_t n_facilities = model->n_facilities;
        kerb_error err = {0};
        ki_island *island;
        int64_t cost_nano;
        model->n_facilities = 0; /* searched as if they were not shared */
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 100, &err), KERB_OK);
        model->n_facilities = n_facilities;
        const ki_solution *best = ki_island_best(island);
        int fits = fits_together(model, best);
        kerb_status status = ki_solution_price(model, best, &cost_nano, &err);
        assert_int_equal(status, fits ? KERB_OK : KERB_INTERNAL);
        n_full += fits;
        n_crowded += !fits;
        model->n_facilities = 0;
        ki_island_free(island);
        random_model_free(model);
    }
    assert_in_range(n_crowded, 10, 39);
    assert_in_range(n_full, 1, 30);
}

/* ---- ways home ------------------------------------------------------------------------------- */

static ki_model *make_model_under_way(uint64_t seed) {
    ki_rng rng;
    int32_t n_late, n_loaded, n_lost;
    ki_rng_seed(&rng, seed, 23);
    random_model_options options = random_options(seed, 4 + (int32_t)(seed % 20), &rng);
    options.shared = options.under_way = options.start_loads = 1;
    options.attended = seed % 2;
    options.n_types = 4;
    options.n_shifts = 1;
    ki_model *model = random_model_new(&options);
    ki_homes_find(model, &n_late, &n_loaded, &n_lost);
    return model;
}

/* Routes, ways home among them, and what is left out. */
static int64_t cost_in_all(const ki_model *model, const ki_solution *all, int32_t *n_homes) {
    int64_t sum_nano = 0;
    unsigned char served[64] = {0};
    for (int32_t index = 0; index < all->n_routes; index++) {
        const ki_route *route = &all->routes[index];
        ki_route_value value;
        ki_route_evaluate(model, route, &value, NULL);
        sum_nano += value.cost_nano + model->types[route->type].home_nano;
        *n_homes += ki_route_is_home(model, route);
        for (int32_t stop = 0; stop < route->n_stops; stop++)
            if (route->stops[stop].task >= 0) served[route->stops[stop].task] = 1;
    }
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (!served[task]) sum_nano += ki_cost_left_out(model, task);
    return sum_nano;
}

static void ways_home_take_what_the_others_leave(void **state) {
    (void)state;
    int32_t n_homes = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        ki_model *model = make_model_under_way(seed);
        kerb_error err = {0};
        ki_island *island;
        ki_solution all;
        ki_yard yard;
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 100, &err), KERB_OK);
        assert_int_equal(ki_solution_with_homes(&all, model, ki_island_best(island), &err),
                         KERB_OK);
        assert_int_equal(ki_yard_fill(&yard, model, &all, 0, &err), KERB_OK);
        assert_true(ki_yard_holds(&yard));
        assert_int_equal(cost_in_all(model, &all, &n_homes), all.cost_nano);
        ki_yard_free(&yard);
        ki_solution_free(&all);
        ki_island_free(island);
        random_model_free(model);
    }
    assert_in_range(n_homes, 30, 400);
}

/* ---- against everything ---------------------------------------------------------------------- */

enum { MOST_ROUTES = 60000, MOST_CHOSEN = 4, MOST_STOPS = 8 };

typedef struct listed {
    uint32_t set;
    int32_t type, n_stops;
    int64_t cost_nano;
    ki_stop stops[MOST_STOPS];
} listed;

typedef struct brute {
    const ki_model *model;
    listed *routes;
    int32_t n;
    ki_stop stops[MOST_STOPS];
    int32_t n_stops, type;
    const listed *chosen[MOST_CHOSEN];
    int64_t best_nano;
} brute;

static void list_route(brute *b, uint32_t set) {
    ki_route route = {b->type, b->n_stops, b->stops};
    ki_route_value value;
    ki_route_evaluate(b->model, &route, &value, NULL);
    if (!value.feasible) return;
    assert_true(b->n < MOST_ROUTES);
    listed *made = &b->routes[b->n++];
    *made = (listed){set, b->type, b->n_stops, value.cost_nano, {{0}}};
    memcpy(made->stops, b->stops, (size_t)b->n_stops * sizeof *b->stops);
}

static void push(brute *b, int32_t task, int32_t mode) {
    b->stops[b->n_stops++] = (ki_stop){task, mode, 0};
}

static void extend(brute *b, uint32_t set, int after_tip) {
    const ki_type *type = &b->model->types[b->type];
    for (int32_t task = 0; task < b->model->n_tasks; task++) {
        const ki_task *next = &b->model->tasks[task];
        if (set >> task & 1 || !(next->types >> b->type & 1)) continue;
        for (int32_t mode = next->first_mode; mode < next->first_mode + next->n_modes; mode++) {
            push(b, task, mode);
            extend(b, set | 1u << task, 0);
            b->n_stops--;
        }
    }
    int may_tip = b->n_stops == 0 ? type->start_load[0] > 0 : !after_tip;
    for (int32_t tip = type->first_tip; may_tip && tip < type->first_tip + type->n_tips; tip++) {
        push(b, KI_TIP, tip);
        if (set) list_route(b, set);
        extend(b, set, 1);
        b->n_stops--;
    }
}

/* The chosen routes placed in every order. */
static void place_all(brute *b, ki_yard *yard, int32_t n, uint32_t left, int64_t cost_nano) {
    if (!left && cost_nano < b->best_nano) b->best_nano = cost_nano;
    for (int32_t at = 0; at < n; at++) {
        if (!(left >> at & 1)) continue;
        ki_stop stops[MOST_STOPS];
        memcpy(stops, b->chosen[at]->stops, sizeof stops);
        ki_route route = {b->chosen[at]->type, b->chosen[at]->n_stops, stops};
        ki_route_value value;
        if (ki_yard_place(yard, at, &route, &value, NULL) != KI_YARD_FITS) continue;
        ki_yard_enter(yard, at, &route);
        place_all(b, yard, n, left & ~(1u << at), cost_nano + value.cost_nano);
        ki_yard_leave(yard, at);
    }
}

static void choose(brute *b, ki_yard *yard, int32_t shift, int32_t n, uint32_t done,
                   int64_t cost_nano) {
    const ki_model *model = b->model;
    int32_t type = shift / model->types[0].n_shifts;
    if (type == model->n_types) {
        int64_t out_nano = 0;
        for (int32_t task = 0; task < model->n_tasks; task++)
            if (!(done >> task & 1)) out_nano += ki_cost_left_out(model, task);
        if (cost_nano + out_nano < b->best_nano) place_all(b, yard, n, (1u << n) - 1, out_nano);
        return;
    }
    choose(b, yard, shift + 1, n, done, cost_nano);
    for (int32_t at = 0; at < b->n; at++) {
        const listed *route = &b->routes[at];
        if (ki_lead(model, route->type) != type || route->set & done ||
            cost_nano + route->cost_nano > b->best_nano)
            continue;
        b->chosen[n] = route;
        choose(b, yard, shift + 1, n + 1, done | route->set, cost_nano + route->cost_nano);
    }
}

static int64_t brute_force(const ki_model *model) {
    brute b = {.model = model, .best_nano = INT64_MAX};
    ki_yard yard;
    b.routes = ki_alloc_zero(MOST_ROUTES, sizeof *b.routes);
    assert_non_null(b.routes);
    assert_int_equal(ki_yard_init(&yard, model, MOST_STOPS, NULL), KERB_OK);
    for (b.type = 0; b.type < model->n_types; b.type++)
        extend(&b, 0, 1);
    choose(&b, &yard, 0, 0, 0, 0);
    ki_yard_free(&yard);
    ki_free(b.routes);
    return b.best_nano;
}

static void tiny_models_are_solved_to_the_optimum(void **state) {
    (void)state;
    enum { N_CASES = 200 };
    int n_optimal = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        ki_model *model = make_model(seed, 1 + (int32_t)(seed % 3), 0);
        kerb_error err = {0};
        ki_island *island;
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, &err), KERB_OK);
        assert_int_equal(ki_island_run(island, 600, &err), KERB_OK);
        int64_t optimum = brute_force(model), found = ki_island_best(island)->cost_nano;
        assert_true(fits_together(model, ki_island_best(island)));
        assert_true(found >= optimum);
        n_optimal += found == optimum;
        if (found > optimum)
            printf("seed %d: %lld, optimum %lld\n", (int)seed, (long long)found,
                   (long long)optimum);
        ki_island_free(island);
        random_model_free(model);
    }
    print_message("%d of %d at the optimum\n", n_optimal, N_CASES);
    assert_in_range(n_optimal, N_CASES * 95 / 100, N_CASES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solutions_fit_together_at_facilities),
        cmocka_unit_test(the_search_counts_what_routes_take_up),
        cmocka_unit_test(the_guard_sees_what_does_not_fit),
        cmocka_unit_test(ways_home_take_what_the_others_leave),
        cmocka_unit_test(tiny_models_are_solved_to_the_optimum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
