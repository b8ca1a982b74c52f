/* SPDX-License-Identifier: GPL-3.0-or-later
 * The price on how far stops lie from the middle of their route: it draws routes together, and
 * costs what it says. */
#include "plan_case.h"

#include <math.h>

enum { STEPS = 4000 };

static int64_t line_of(const kerb_plan *plan, const char *item) {
    for (int32_t at = 0; at < plan->n_cost_lines; at++)
        if (!plan->cost_lines[at].zone[0] && strcmp(plan->cost_lines[at].item, item) == 0)
            return plan->cost_lines[at].nano;
    return 0;
}

static kerb_plan *plan_with(plan_case *night, double price) {
    night->model->draft.district.price_compactness_per_stop_km2 = price;
    return case_plan_again(night, STEPS);
}

/* Degrees, by name: of a site, or half-way between two nodes of the roads. */
static void find_place(const plan_case *night, const ki_plan_stop *stop, double *lat, double *lon) {
    const ki_draft *draft = &night->model->draft;
    const ki_graph *graph = night->model->roads->graph;
    *lat = *lon = 0;
    for (size_t at = 0; at < draft->n_sites; at++)
        if (stop->kind == KI_STOP_SERVE && strcmp(draft->sites[at].id, stop->site) == 0)
            *lat = draft->sites[at].lat_deg, *lon = draft->sites[at].lon_deg;
    for (size_t at = 0; at < draft->n_streets; at++) {
        const kerb_street *street = &draft->streets[at];
        int seen[2] = {0, 0};
        if (stop->kind != KI_STOP_SWEEP || strcmp(street->id, stop->id) != 0) continue;
        for (int32_t point = 0; point < graph->n_points; point++)
            for (int end = 0; end < 2; end++) {
                int64_t node = end ? street->to_node : street->from_node;
                if (graph->points[point].osm_id != node || seen[end]++) continue;
                *lat += graph->points[point].lat_e7 / 2e7;
                *lon += graph->points[point].lon_e7 / 2e7;
            }
    }
    assert_true(*lat != 0 && *lon != 0);
}

/* Sum of squared km from the middle, in two passes and floating point; *n stops. */
static double inertia_km2(const plan_case *night, const ki_plan_route *route, int *n) {
    double lat[200], lon[200], middle_lat = 0, middle_lon = 0, sum = 0;
    *n = 0;
    for (int32_t at = 0; at < route->n_stops; at++) {
        const ki_plan_stop *stop = &route->stops[at];
        if (stop->kind != KI_STOP_SERVE && stop->kind != KI_STOP_SWEEP) continue;
        assert_true(*n < 200);
        find_place(night, stop, &lat[*n], &lon[*n]);
        middle_lat += lat[*n];
        middle_lon += lon[*n];
        ++*n;
    }
    for (int at = 0; at < *n; at++) {
        double north = (lat[at] - middle_lat / *n) * 111.195;
        double east = (lon[at] - middle_lon / *n) * 111.195 * cos(middle_lat / *n * acos(-1) / 180);
        sum += north * north + east * east;
    }
    return sum;
}

static double inertia_of_plan(const plan_case *night, const kerb_plan *plan) {
    double sum = 0;
    int n;
    for (int32_t at = 0; at < plan->n_routes; at++)
        sum += inertia_km2(night, &plan->routes[at], &n);
    return sum;
}

/* Containers may be left at a price here: what is compared is what all of them cost. */
static void a_price_on_distance_from_the_middle_makes_routes_compact(void **state) {
    (void)state;
    plan_case night;
    case_town(&night);
    kerb_plan *plan = plan_with(&night, 0);
    double loose = inertia_of_plan(&night, plan);
    int32_t n_loose = 0, n_tight = 0;
    for (int32_t at = 0; at < plan->n_routes; at++)
        n_loose += plan->routes[at].n_served;
    assert_int_equal(line_of(plan, "compactness"), 0);
    assert_int_equal(plan->routes[0].radius_m, 0);
    kerb_plan_free(plan);
    plan = plan_with(&night, 400);
    for (int32_t at = 0; at < plan->n_routes; at++)
        n_tight += plan->routes[at].n_served;
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(n_tight, n_loose);
    assert_true(inertia_of_plan(&night, plan) < 0.8 * loose);
    kerb_plan_free(plan);
    case_free(&night);
}

static void compactness_costs_the_squares_of_the_distances(void **state) {
    (void)state;
    plan_case night;
    char first[256];
    case_town(&night);
    kerb_plan *plan = plan_with(&night, 12.5);
    int64_t sum = 0;
    for (int32_t at = 0; at < plan->n_routes; at++) {
        const ki_plan_route *route = &plan->routes[at];
        int n;
        double km2 = inertia_km2(&night, route, &n);
        /* Places are whole metres. */
        assert_true(fabs((double)route->compactness_nano * 1e-9 - 12.5 * km2) <
                    0.02 * 12.5 * km2 + 1e-3);
        assert_true(fabs(route->radius_m * 1e-3 - sqrt(km2 / n)) < 0.003);
        sum += route->compactness_nano;
    }
    assert_true(sum > 0);
    assert_int_equal(line_of(plan, "compactness"), sum);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    plan->routes[0].compactness_nano++;
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    assert_non_null(strstr(first, "price of compactness (nano)"));
    plan->routes[0].compactness_nano--;
    plan->routes[0].radius_m += 5;
    assert_true(case_check(&night, plan, 0, first, sizeof first) > 0);
    assert_non_null(strstr(first, "radius (m)"));
    kerb_plan_free(plan);
    case_free(&night);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_on_distance_from_the_middle_makes_routes_compact),
        cmocka_unit_test(compactness_costs_the_squares_of_the_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
