/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chances a plan tells, against nights drawn at random; and what the checker makes of others.
 */
#include "plan_case.h"

#include "base/rng.h"

#include <math.h>

enum { N_NIGHTS = 20000 };

static ki_plan_stop *first_tip(kerb_plan *plan, ki_plan_route **route, int32_t *index) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        for (int32_t stop = 0; stop < plan->routes[at].n_stops; stop++)
            if (plan->routes[at].stops[stop].kind == KI_STOP_TIP &&
                plan->routes[at].use == KERB_USE_TRUCK) {
                *route = &plan->routes[at];
                *index = stop;
                return &plan->routes[at].stops[stop];
            }
    fail_msg("no tip");
    return NULL;
}

static const kerb_vehicle *vehicle_of(const plan_case *night, const ki_plan_route *route) {
    const ki_draft *draft = &night->model->draft;
    for (size_t at = 0; at < draft->n_vehicles; at++)
        if (strcmp(draft->vehicles[at].id, route->vehicle) == 0) return &draft->vehicles[at];
    fail_msg("no vehicle");
    return NULL;
}

static int holds(const kerb_compartment *room, kerb_stream stream) {
    for (size_t at = 0; at < room->n_streams; at++)
        if (room->streams[at] == stream) return 1;
    return 0;
}

/* Vehicles that hold just more of each stream than the first trip brings. */
static kerb_plan *plan_nearly_full(plan_case *night) {
    ki_plan_route *route;
    int32_t tip;
    case_town(night);
    kerb_plan *plan = case_plan(night);
    first_tip(plan, &route, &tip);
    ki_draft *draft = &night->model->draft;
    for (size_t at = 0; at < draft->n_vehicles; at++)
        for (size_t c = 0; c < draft->vehicles[at].n_compartments; c++) {
            const kerb_vehicle *vehicle = &draft->vehicles[at];
            if (vehicle->use != KERB_USE_TRUCK || c >= (size_t)route->stops[tip - 1].n_loads)
                continue;
            double kg = (double)route->stops[tip - 1].loads[c].mass_g / 1000;
            ((kerb_compartment *)(size_t)vehicle->compartments)[c].capacity_kg = 1.001 * kg;
        }
    kerb_plan_free(plan);
    return case_plan_again(night, 2000);
}

static double relative_sd(const kerb_plan *plan, const ki_plan_stop *stop) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (strcmp(plan->decisions[at].id, stop->id) == 0)
            return plan->decisions[at].fill_sd_ratio / plan->decisions[at].fill_ratio;
    return NAN;
}

/* Of the trip that ends at a tip, in nights drawn: too heavy or too much for one compartment. */
static double share_overloaded(const kerb_plan *plan, const ki_plan_route *route, int32_t tip,
                               const kerb_compartment *room, int by_volume) {
    ki_rng rng;
    int n_over = 0;
    ki_rng_seed(&rng, 11, (uint64_t)tip);
    double most = 1000 * (by_volume ? room->capacity_l : room->capacity_kg);
    for (int draw = 0; draw < N_NIGHTS && most > 0; draw++) {
        double load = 0;
        for (int32_t at = tip - 1; at > 0 && route->stops[at].kind == KI_STOP_SERVE; at--) {
            const ki_plan_stop *stop = &route->stops[at];
            if (!holds(room, stop->stream)) continue;
            load += (double)(by_volume ? stop->volume_ml : stop->mass_g) *
                    (1 + relative_sd(plan, stop) * ki_rng_normal(&rng));
        }
        n_over += load > most;
    }
    return n_over / (double)N_NIGHTS;
}

static void overload_is_as_likely_as_the_plan_says(void **state) {
    (void)state;
    plan_case night;
    kerb_plan *plan = plan_nearly_full(&night);
    int n_told = 0;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        const kerb_vehicle *vehicle = vehicle_of(&night, route);
        for (int32_t stop = 0; route->use == KERB_USE_TRUCK && stop < route->n_stops; stop++) {
            if (route->stops[stop].kind != KI_STOP_TIP) continue;
            double share = 0;
            for (size_t c = 0; c < vehicle->n_compartments; c++)
                for (int by_volume = 0; by_volume < 2; by_volume++)
                    share = fmax(share, share_overloaded(plan, route, stop,
                                                         &vehicle->compartments[c], by_volume));
            assert_true(fabs(share - route->stops[stop].overload_permille * 1e-3) < 0.015);
            n_told += route->stops[stop].overload_permille > 50;
        }
    }
    assert_true(n_told > 0);
    kerb_plan_free(plan);
    case_free(&night);
}

/* Whether a route is late somewhere, each drive and stop with a pace of its own. */
static int is_late(const ki_plan_route *route, ki_rng *rng) {
    double late_ms = 0;
    for (int32_t at = 1; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        late_ms += KI_TIME_DEVIATION * ki_rng_normal(rng) * stop->leg.time_ms;
        if (stop->arrival_ms + late_ms > stop->latest_ms) return 1;
        double wait_ms = stop->start_ms - stop->arrival_ms;
        if (wait_ms > 0) late_ms = fmax(0, late_ms - wait_ms);
        late_ms += KI_TIME_DEVIATION * ki_rng_normal(rng) * (stop->end_ms - stop->start_ms);
    }
    return 0;
}

/* The hours of every shift end a little after its route does. */
static void cut_hours(plan_case *night) {
    kerb_plan *plan = case_plan(night);
    for (int32_t at = 0; at < plan->n_routes; at++)
        for (size_t s = 0; s < night->model->draft.n_shifts; s++) {
            kerb_shift *shift = (kerb_shift *)(size_t)&night->model->draft.shifts[s];
            const ki_plan_route *route = &plan->routes[at];
            if (strcmp(shift->id, route->shift) != 0) continue;
            shift->start_s = NIGHT_S + route->spell_start_ms / 1000;
            shift->end_s = NIGHT_S + route->spell_end_ms / 1000 + 90;
        }
    kerb_plan_free(plan);
}

/* The plan tells the likeliest delay: never more than that of any, and not much less. */
static void routes_are_late_about_as_often_as_the_plan_says(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    cut_hours(&night);
    kerb_plan *plan = case_plan_again(&night, 4000);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    int n_told = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        ki_rng rng;
        int n_late = 0;
        ki_rng_seed(&rng, 13, (uint64_t)at);
        for (int draw = 0; draw < N_NIGHTS; draw++)
            n_late += is_late(&plan->routes[at], &rng);
        double share = n_late / (double)N_NIGHTS, told = plan->routes[at].late_permille * 1e-3;
        print_message("shift %s: late %.3f, told %.3f\n", plan->routes[at].shift, share, told);
        assert_true(told < share + 0.02);
        assert_true(share < 2 * told + 0.03);
        n_told += told > 0.01;
    }
    assert_true(n_told > 0);
    kerb_plan_free(plan);
    case_free(&night);
}

/* Planned with time to spare, no route of the town is late with more than the chance asked for; the
 * plan tells the true windows, as the checker reads them. */
static void with_a_quantile_routes_are_seldom_late(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    night.model->draft.district.time_quantile = 0.9;
    kerb_plan *plan = case_plan_again(&night, 4000);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_true(plan->n_routes > 0);
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        const ki_type *type = &night.model->sealed->types[night.solution.routes[at].type];
        const ki_plan_stop *end = &route->stops[route->n_stops - 1];
        assert_in_range(route->late_permille, 0, 110);
        assert_true(type->margin_ms > 0);
        if (type->n_breaks == 0)
            assert_int_equal(end->latest_ms, type->latest_ms + type->margin_ms - type->post_ms);
    }
    kerb_plan_free(plan);
    case_free(&night);
}

static void other_chances_are_found(void **state) {
    (void)state;
    plan_case night;
    ki_plan_route *route;
    int32_t tip;
    char line[200];
    kerb_plan *plan = plan_nearly_full(&night);
    first_tip(plan, &route, &tip)->overload_permille += 20;
    assert_true(case_check(&night, plan, 0, line, sizeof line) > 0);
    assert_non_null(strstr(line, "chance of overload (permille)"));
    route->stops[tip].overload_permille -= 20;
    route->late_permille += 20;
    assert_true(case_check(&night, plan, 0, line, sizeof line) > 0);
    assert_non_null(strstr(line, "chance of being late (permille)"));
    kerb_plan_free(plan);
    case_free(&night);
}

static void plans_of_before_told_none(void **state) {
    (void)state;
    plan_case night;
    kerb_plan *plan = plan_nearly_full(&night);
    for (int32_t at = 0; at < plan->n_decisions; at++)
        plan->decisions[at].fill_sd_ratio = NAN;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        plan->routes[at].late_permille = 0;
        for (int32_t stop = 0; stop < plan->routes[at].n_stops; stop++)
            plan->routes[at].stops[stop].overload_permille = 0;
    }
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    kerb_plan_free(plan);
    case_free(&night);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overload_is_as_likely_as_the_plan_says),
        cmocka_unit_test(routes_are_late_about_as_often_as_the_plan_says),
        cmocka_unit_test(with_a_quantile_routes_are_seldom_late),
        cmocka_unit_test(other_chances_are_found),
        cmocka_unit_test(plans_of_before_told_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
