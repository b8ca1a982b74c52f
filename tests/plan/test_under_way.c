/* SPDX-License-Identifier: GPL-3.0-or-later
 * Vehicles under way and pins: the search against everything tried, the bound below it, plans that
 * the checker accepts, and corruptions that it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "master/bound.h"
#include "plan/plan_case.h"
#include "route/home.h"
#include "route/random_model.h"
#include "search/brute_force.h"

/* ---- tiny models ----------------------------------------------------------------------------- */

static ki_model *tiny_model(uint64_t seed) {
    ki_rng rng;
    int32_t n_late, n_loaded, n_lost;
    ki_rng_seed(&rng, seed, 5);
    int32_t n_tasks = 1 + (int32_t)(seed % (seed % 4 == 3 ? 3 : 4)); /* fewer with batteries */
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.under_way = 1;
    options.n_shifts = 1;
    options.levels = options.levels && n_tasks == 1; /* brute force would take minutes */
    ki_model *model = random_model_new(&options);
    ki_homes_find(model, &n_late, &n_loaded, &n_lost);
    return model;
}

/* What the plan of a solution of this price costs. */
static int64_t with_homes(const ki_model *model, int64_t cost_nano) {
    for (int32_t type = 0; type < model->n_types; type++)
        if (model->types[type].under_way) cost_nano += model->types[type].home_nano;
    return cost_nano;
}

static void tiny_models_with_vehicles_under_way_are_solved_and_bounded(void **state) {
    enum { N_CASES = 150 };
    int n_optimal = 0;
    (void)state;
    ki_worker *worker;
    assert_int_equal(ki_worker_new(&worker, NULL), KERB_OK);
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        ki_model *model = tiny_model(seed);
        int64_t optimum = brute_force(model);
        ki_island *island;
        ki_bound bound;
        ki_bound_limit limit = {.effort = 40};
        assert_int_equal(ki_island_new(&island, model, seed, 0, NULL, NULL), KERB_OK);
        assert_int_equal(ki_island_run(island, 500, NULL), KERB_OK);
        int64_t found = ki_island_best(island)->cost_nano;
        assert_true(found >= optimum);
        n_optimal += found == optimum;
        assert_int_equal(ki_bound_compute_until(&bound, model, worker, &limit, NULL), KERB_OK);
        assert_true(bound.bound_nano + ki_homes_earn(model) <= with_homes(model, optimum));
        ki_island_free(island);
        random_model_free(model);
    }
    ki_worker_free(worker);
    assert_in_range(n_optimal, N_CASES * 97 / 100, N_CASES);
}

static void a_vehicle_under_way_is_paid_while_it_waits(void **state) {
    (void)state;
    int n_waits = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        ki_model *model = tiny_model(seed);
        for (int32_t type = 0; type < model->n_types; type++) {
            const ki_type *kind = &model->types[type];
            ki_stop stop = {KI_TIP, kind->first_tip + kind->n_tips - 1, 0};
            ki_route route = {type, 1, &stop};
            ki_route_value value;
            ki_stop_time time;
            ki_route_evaluate(model, &route, &value, &time);
            if (!kind->under_way || value.late_ms) continue;
            assert_int_equal(value.start_ms, kind->earliest_ms);
            n_waits += time.start_ms > time.arrival_ms;
        }
        random_model_free(model);
    }
    assert_true(n_waits > 3);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void fill(plan_case *night) {
    memset(night, 0, sizeof *night);
    small_draft_fill(&night->small);
    night->small.containers[1].force = KERB_FORCE_IN;
    night->small.draft.district.price_unswept_per_km = 4000;
    night->small.draft.district.currency = "CNY";
    night->model = &night->own;
}

/* Seals and solves by the public calls, which check what they give out. */
static kerb_plan *solve(plan_case *night) {
    kerb_options options = {.iterations = 200, .seed = 1};
    kerb_plan *plan;
    kerb_error err = {0};
    night->own.draft = night->small.draft;
    kerb_status status = kerb_model_seal(&night->own, NULL, &err);
    if (status == KERB_OK) status = kerb_plan_solve(&plan, &night->own, &options, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
    return plan;
}

static void free_all(plan_case *night, kerb_plan *plan) {
    kerb_plan_free(plan);
    ki_model_free(night->own.sealed);
    ki_free(night->own.draft.notes);
    ki_arena_free(&night->own.draft.arena);
}

static const ki_plan_route *route_of(const kerb_plan *plan, const char *shift) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        if (strcmp(plan->routes[route].shift, shift) == 0) return &plan->routes[route];
    return NULL;
}

static const ki_plan_route *server_of(const kerb_plan *plan, const char *id) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t stop = 0; stop < plan->routes[route].n_stops; stop++)
            if (strcmp(plan->routes[route].stops[stop].id, id) == 0) return &plan->routes[route];
    return NULL;
}

static void set_under_way(plan_case *night, int at, const char *place, const double *load_kg) {
    kerb_shift *shift = &night->small.shifts[at];
    shift->under_way = 1;
    shift->pre_trip_s = 0;
    shift->start_s = NIGHT_S + 2 * HOUR_S;
    shift->position.place_id = place;
    shift->starting_load_kg = load_kg;
}

static void it_starts_where_it_is_with_what_it_carries(void **state) {
    static const double load_kg[KI_MAX_COMPARTMENTS] = {1200};
    plan_case night;
    (void)state;
    fill(&night);
    set_under_way(&night, 0, "S1", load_kg);
    kerb_plan *plan = solve(&night);
    const ki_plan_route *route = route_of(plan, "H1");
    assert_non_null(route);
    assert_string_equal(route->stops[0].id, "S1");
    assert_int_equal(route->stops[0].start_ms, 2 * HOUR_S * 1000);
    assert_int_equal(route->stops[0].loads[0].mass_g, 1200000);
    assert_int_equal(route->used_nano, 0);
    free_all(&night, plan);
}

static void with_nothing_left_it_tips_and_comes_home(void **state) {
    static const double load_kg[KI_MAX_COMPARTMENTS] = {1200};
    plan_case night;
    (void)state;
    for (int loaded = 0; loaded < 2; loaded++) {
        fill(&night);
        set_under_way(&night, 0, "S1", loaded ? load_kg : NULL);
        for (int at = 0; at < 3; at++)
            night.small.containers[at].force = KERB_FORCE_DONE;
        kerb_plan *plan = solve(&night);
        const ki_plan_route *route = route_of(plan, "H1");
        assert_non_null(route);
        assert_int_equal(route->n_stops, loaded ? 3 : 2);
        assert_string_equal(plan->decisions[0].reason, "done");
        free_all(&night, plan);
    }
}

static void one_that_is_too_late_goes_straight_home(void **state) {
    plan_case night;
    (void)state;
    fill(&night);
    set_under_way(&night, 0, "S1", NULL);
    night.small.shifts[0].end_s = night.small.shifts[0].start_s + 310;
    night.small.shifts[0].regular_s = 300;
    kerb_plan *plan = solve(&night);
    const ki_plan_route *route = route_of(plan, "H1");
    assert_non_null(route);
    assert_int_equal(route->n_served, 0);
    assert_true(plan->degraded);
    free_all(&night, plan);
}

static void the_checker_misses_no_vehicle_under_way(void **state) {
    plan_case night;
    char first[256];
    (void)state;
    fill(&night);
    set_under_way(&night, 0, "S1", NULL);
    kerb_plan *plan = solve(&night);
    ki_plan_route *route = (ki_plan_route *)(uintptr_t)route_of(plan, "H1");
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    const char *place = route->stops[0].id;
    route->stops[0].id = "D1";
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    route->stops[0].id = place;
    route->shift = "H2";
    assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
    route->shift = "H1";
    night.own.draft.shifts[0].start_s += 1;
    assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
    free_all(&night, plan);
}

/* ---- pins ------------------------------------------------------------------------------------ */

static void a_pinned_container_is_emptied_by_its_vehicle(void **state) {
    static const kerb_vehicle_ref second[] = {{"V2"}};
    static const char *const IDS[] = {"C1", "C3"};
    plan_case night;
    (void)state;
    for (int at = 0; at < 2; at++) {
        fill(&night);
        kerb_container *container = &night.small.containers[at * 2];
        container->pinned_to = second;
        container->n_pinned_to = 1;
        kerb_plan *plan = solve(&night);
        assert_string_equal(server_of(plan, IDS[at])->vehicle, "V2");
        /* The checker reads the same pins, so another one makes the plan wrong. */
        static const kerb_vehicle_ref first[] = {{"V1"}};
        container->pinned_to = first;
        assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        container->pinned_to = second;
        container->forbidden_to = second;
        container->n_forbidden_to = 1;
        assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        free_all(&night, plan);
    }
}

static void only_a_vehicle_with_its_lift_empties_a_container(void **state) {
    static const kerb_lift hook[] = {{"comb"}, {"hook"}};
    plan_case night;
    (void)state;
    for (int at = 0; at < 3; at++) { /* V1 has it, or V2, or none */
        fill(&night);
        night.small.containers[0].lift = "hook";
        for (int vehicle = 0; vehicle < 2; vehicle++)
            if (vehicle == at) {
                night.small.vehicles[vehicle].lifts = hook;
                night.small.vehicles[vehicle].n_lifts = 2;
            }
        kerb_plan *plan = solve(&night);
        if (at == 2) {
            assert_string_equal(plan->decisions[0].reason, "no_lift");
        } else {
            assert_string_equal(server_of(plan, "C1")->vehicle, at ? "V2" : "V1");
            assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
            night.small.containers[0].lift = "crane";
            assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        }
        free_all(&night, plan);
    }
}

static void what_no_vehicle_may_serve_says_so(void **state) {
    static const kerb_vehicle_ref all[] = {{"V1"}, {"V2"}, {"V3"}};
    plan_case night;
    (void)state;
    fill(&night);
    night.small.containers[0].forbidden_to = all;
    night.small.containers[0].n_forbidden_to = 3;
    kerb_plan *plan = solve(&night);
    assert_string_equal(plan->decisions[0].reason, "pinned");
    assert_null(server_of(plan, "C1"));
    free_all(&night, plan);
}

static void a_pin_to_an_unknown_vehicle_is_an_error(void **state) {
    static const kerb_vehicle_ref unknown[] = {{"V9"}};
    plan_case night;
    kerb_error err;
    (void)state;
    fill(&night);
    night.small.streets[0].pinned_to = unknown;
    night.small.streets[0].n_pinned_to = 1;
    night.own.draft = night.small.draft;
    assert_int_equal(kerb_model_seal(&night.own, NULL, &err), KERB_BAD_INPUT);
    assert_non_null(strstr(err.message, "V9"));
    free_all(&night, NULL);
}

/* ---- the earlier plan ------------------------------------------------------------------------ */

/* Two equal trucks, H1 and H2, are told apart by it. */
static void an_earlier_plan_is_departed_from_at_a_price_only(void **state) {
    static const kerb_earlier_stop stops[] = {{.id = "C1"}, {.id = "C3"}, {.id = "P1"}};
    static const kerb_earlier_route routes[] = {{.shift_id = "H2", .stops = stops, .n_stops = 3}};
    static const kerb_earlier_plan earlier[] = {{"old", routes, 1}};
    plan_case night;
    (void)state;
    for (int forced = 0; forced < 2; forced++) {
        static const kerb_vehicle_ref second[] = {{"V2"}};
        fill(&night);
        night.small.draft.earlier_plans = (kerb_earlier_plan *)(uintptr_t)earlier;
        night.small.draft.n_earlier_plans = 1;
        night.small.draft.district.price_change_per_stop = 3;
        night.small.containers[1].force = KERB_FORCE_OUT; /* food is for V3 only */
        night.small.containers[0].forbidden_to = second;
        night.small.containers[0].n_forbidden_to = (size_t)forced;
        kerb_plan *plan = solve(&night);
        const ki_plan_route *route = server_of(plan, "C1");
        assert_int_equal(strcmp(route->shift, "H2") == 0, !forced);
        int64_t changes_nano = 0;
        for (int32_t at = 0; at < plan->n_routes; at++)
            changes_nano += plan->routes[at].changes_nano;
        /* One leaves, and takes the other with it or not. */
        assert_true(forced ? changes_nano >= 3000000000 : changes_nano == 0);
        ki_plan_route *wrong = (ki_plan_route *)(uintptr_t)route;
        wrong->changes_nano += 1;
        assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        free_all(&night, plan);
    }
}

/* ---- familiar plans -------------------------------------------------------------------------- */

static const ki_plan_route *first_stranger(const kerb_plan *plan) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        if (plan->routes[at].n_unfamiliar) return &plan->routes[at];
    return NULL;
}

/* Two equal trucks, H1 and H2, with crews K1 and K2; C1 is one's streets, C3 nobody's. */
static void a_crew_keeps_to_the_streets_it_knows(void **state) {
    static const kerb_earlier_stop stops[] = {{.id = "C1"}, {.id = "P1"}};
    plan_case night;
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        const char *knows = turn % 2 ? "K1" : "K2", *shift = turn % 2 ? "H1" : "H2";
        int forced = turn / 2;
        const kerb_vehicle_ref own[] = {{turn % 2 ? "V1" : "V2"}};
        const kerb_earlier_route routes[] = {
            {.shift_id = "old", .crew = knows, .stops = stops, .n_stops = 2}};
        const kerb_earlier_plan familiar[] = {{"older", routes, 1}, {"old", routes, 1}};
        fill(&night);
        for (int at = 0; at < 2; at++)
            night.small.shifts[at].crew = at ? "K2" : "K1";
        night.small.draft.familiar_plans = (kerb_earlier_plan *)(uintptr_t)familiar;
        night.small.draft.n_familiar_plans = 2;
        night.small.draft.district.price_unfamiliar_per_stop = 3;
        night.small.containers[1].force = KERB_FORCE_OUT; /* food is for V3 only */
        night.small.containers[0].forbidden_to = own;
        night.small.containers[0].n_forbidden_to = (size_t)forced;
        kerb_plan *plan = solve(&night);
        const ki_plan_route *route = server_of(plan, "C1"), *stranger = first_stranger(plan);
        assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
        assert_int_equal(strcmp(route->shift, shift) == 0, !forced);
        assert_ptr_equal(stranger, forced ? route : NULL);
        assert_int_equal(route->unfamiliar_nano, forced ? 3000000000 : 0);
        assert_int_equal(route->n_unfamiliar, forced);
        ki_plan_route *wrong = (ki_plan_route *)(uintptr_t)route;
        wrong->unfamiliar_nano += 1;
        assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        wrong->unfamiliar_nano -= 1;
        wrong->unfamiliar_mm += 1;
        assert_true(case_check(&night, plan, 0, NULL, 0) > 0);
        free_all(&night, plan);
    }
}

/* What kerb_model_add_familiar takes from a plan is what the plan did. */
static void a_plan_is_familiar_to_those_who_drove_it(void **state) {
    plan_case night;
    kerb_model *next;
    (void)state;
    fill(&night);
    kerb_plan *plan = solve(&night);
    assert_int_equal(kerb_model_new(&next, NULL, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_familiar(next, plan, NULL), KERB_OK);
    assert_int_equal(next->draft.n_familiar_plans, 1);
    const kerb_earlier_plan *kept = &next->draft.familiar_plans[0];
    size_t n_stops = 0;
    int32_t n_served = 0;
    for (size_t at = 0; at < kept->n_routes; at++) {
        assert_true(kept->routes[at].crew[0] != '\0');
        n_stops += kept->routes[at].n_stops;
    }
    for (int32_t at = 0; at < plan->n_routes; at++)
        n_served += plan->routes[at].n_served;
    assert_int_equal(n_stops, n_served);
    assert_int_equal(kerb_model_add_familiar(next, NULL, NULL), KERB_BAD_CALL);
    kerb_model_free(next);
    free_all(&night, plan);
}

static void what_overflows_is_a_must_and_full(void **state) {
    plan_case night;
    (void)state;
    fill(&night);
    night.small.containers[1].force = KERB_FORCE_FULL;
    kerb_plan *plan = solve(&night);
    assert_string_equal(plan->decisions[1].reason, "overflowing");
    int32_t task = night.own.sealed->container_decisions[1].task;
    assert_int_equal(night.own.sealed->tasks[task].mass_g, 100000); /* 1000 l of 0.1 kg */
    free_all(&night, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_models_with_vehicles_under_way_are_solved_and_bounded),
        cmocka_unit_test(a_vehicle_under_way_is_paid_while_it_waits),
        cmocka_unit_test(it_starts_where_it_is_with_what_it_carries),
        cmocka_unit_test(with_nothing_left_it_tips_and_comes_home),
        cmocka_unit_test(one_that_is_too_late_goes_straight_home),
        cmocka_unit_test(the_checker_misses_no_vehicle_under_way),
        cmocka_unit_test(a_pinned_container_is_emptied_by_its_vehicle),
        cmocka_unit_test(only_a_vehicle_with_its_lift_empties_a_container),
        cmocka_unit_test(what_no_vehicle_may_serve_says_so),
        cmocka_unit_test(a_pin_to_an_unknown_vehicle_is_an_error),
        cmocka_unit_test(an_earlier_plan_is_departed_from_at_a_price_only),
        cmocka_unit_test(a_crew_keeps_to_the_streets_it_knows),
        cmocka_unit_test(a_plan_is_familiar_to_those_who_drove_it),
        cmocka_unit_test(what_overflows_is_a_must_and_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
