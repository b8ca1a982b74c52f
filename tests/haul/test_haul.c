/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hauls: judged by an oracle of its own, against all hauls of tiny problems, and with GLPK failing.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "base/alloc.h"
#include "bench/random_hauls.h"
#include "haul/brute_hauls.h"
#include "master/glpk_worker.h"
#include "master/lp.h"

#include <stdlib.h>

enum { NODES = 60 };

static random_hauls made;
static brute all;

static uint64_t n_of(uint64_t quick, uint64_t all_of_them) {
    return getenv("KERBSIDE_TEST_LONG") ? all_of_them : quick;
}

static ki_haul_plan solve(int32_t nodes) {
    ki_haul_plan plan;
    kerb_error err = {0};
    assert_int_equal(ki_haul_solve(&plan, &made.problem, worker, nodes, &err), KERB_OK);
    return plan;
}

static void assert_sound(const ki_haul_plan *plan, uint64_t seed) {
    verdict found = or_judge(&made.problem, plan->hauls, plan->n_hauls);
    if (found.fault[0]) print_error("seed %d: %s\n", (int)seed, found.fault);
    assert_string_equal(found.fault, "");
    assert_int_equal(found.over_g, plan->tally.over_g);
    assert_int_equal(found.weighed_nano, plan->tally.weighed_nano);
    assert_int_equal(found.cost_nano, plan->tally.cost_nano);
    for (int32_t pile = 0; pile < made.problem.n_piles; pile++) {
        int64_t balance_g = made.piles[pile].opening_g;
        for (int32_t in = 0; in < made.piles[pile].n_inflows; in++)
            balance_g += made.inflows[pile][in].mass_g;
        for (int32_t haul = 0; haul < plan->n_hauls; haul++)
            if (plan->hauls[haul].pile == pile) balance_g -= plan->hauls[haul].mass_g;
        assert_int_equal(balance_g, plan->fates[pile].end_g);
    }
    if (plan->has_bound) assert_true(plan->bound_nano <= plan->tally.weighed_nano);
}

/* One station with room for 30 t, 12 t there; 6 t arrive at each full hour. A truck takes 10 t in
 * 20 minutes to a plant 30 minutes away, which takes 10 minutes; its depot is at the station. */
static ki_haul_plan one_station(int32_t n_arrivals, int64_t closing_g) {
    made = (random_hauls){0};
    made.problem = (ki_haul_problem){.horizon_ms = 600 * RH_MINUTE,
                                     .n_stations = 1,
                                     .n_plants = 1,
                                     .n_piles = 1,
                                     .n_kinds = 1,
                                     .stations = made.stations,
                                     .plants = made.plants,
                                     .piles = made.piles,
                                     .kinds = made.kinds};
    made.plants[0] = (ki_haul_plant){.streams = 2, .room_g = INT64_MAX, .fixed_ms = 10 * RH_MINUTE};
    made.piles[0] = (ki_haul_pile){.stream = 1,
                                   .opening_g = 12000000,
                                   .most_g = 30000000,
                                   .closing_g = closing_g,
                                   .inflows = made.inflows[0],
                                   .n_inflows = n_arrivals};
    for (int32_t at = 0; at < n_arrivals; at++)
        made.inflows[0][at] =
            (ki_haul_inflow){60 * (at + 1) * RH_MINUTE, 60 * (at + 1) * RH_MINUTE, 6000000};
    made.kinds[0] = (ki_haul_kind){.n_trucks = 1,
                                   .payload_g = 10000000,
                                   .streams = 2,
                                   .load_ms = 20 * RH_MINUTE,
                                   .latest_ms = 600 * RH_MINUTE,
                                   .regular_ms = INT32_MAX,
                                   .nano_per_mm = 1000,
                                   .nano_per_ms = 1,
                                   .time_ms = made.time_ms[0],
                                   .length_mm = made.length_mm[0]};
    for (int32_t from = 0; from < 4; from++)
        for (int32_t to = 0; to < 4; to++) {
            int apart = (from == 1) != (to == 1); /* the plant from all the rest */
            made.time_ms[0][4 * from + to] = apart * 30 * RH_MINUTE;
            made.length_mm[0][4 * from + to] = apart * 20000000;
        }
    return solve(500);
}

static void no_haul_is_made_while_there_is_room(void **state) {
    (void)state;
    ki_haul_plan plan = one_station(3, INT64_MAX); /* 12 + 18 = 30 t: just fits */
    assert_int_equal(plan.n_hauls, 0);
    assert_true(plan.proved);
    ki_haul_plan_free(&plan);
}

static void a_full_load_leaves_before_the_station_runs_over(void **state) {
    (void)state;
    ki_haul_plan plan = one_station(4, INT64_MAX); /* 36 t at 04:00 */
    assert_int_equal(plan.n_hauls, 1);
    assert_int_equal(plan.hauls[0].mass_g, 10000000);
    assert_true(plan.hauls[0].load_ms + 20 * RH_MINUTE <= 240 * RH_MINUTE);
    assert_true(plan.fates[0].peak_g <= 30000000);
    assert_int_equal(plan.fates[0].end_g, 26000000);
    assert_true(plan.proved);
    ki_haul_plan_free(&plan);
}

static void the_last_load_takes_what_there_is(void **state) {
    (void)state;
    ki_haul_plan plan = one_station(2, 0); /* 24 t, all of it to go: 10 + 10 + 4 */
    assert_int_equal(plan.n_hauls, 3);
    assert_int_equal(plan.fates[0].hauled_g, 24000000);
    assert_int_equal(plan.tally.over_g, 0);
    ki_haul_plan_free(&plan);
}

static void what_cannot_be_kept_is_told_to_the_gram(void **state) {
    (void)state;
    ki_haul_plan plan = one_station(20, INT64_MAX); /* 6 t an hour come; 10 t in 90 minutes go */
    verdict found = or_judge(&made.problem, plan.hauls, plan.n_hauls);
    assert_string_equal(found.fault, "");
    assert_true(plan.tally.over_g > 0);
    assert_int_equal(plan.tally.over_g, plan.fates[0].peak_g - 30000000);
    assert_false(plan.proved);
    assert_true(plan.has_bound);
    assert_true(plan.bound_nano <= plan.tally.weighed_nano);
    assert_true(plan.bound_nano * 10 >= plan.tally.weighed_nano * 9);
    ki_haul_plan_free(&plan);
}

static void haul_random_nights(uint64_t n_nights, int with_breaks) {
    int n_proved = 0, n_over = 0, n_programs = 0;
    int64_t n_hauls = 0;
    for (uint64_t seed = 1; seed <= n_nights; seed++) {
        rh_make(&made, seed, 1);
        if (with_breaks) rh_add_breaks(&made, seed);
        made.problem.slot_ms = 30 * RH_MINUTE;
        ki_haul_plan plan = solve(NODES);
        assert_sound(&plan, seed);
        n_proved += plan.proved;
        n_over += plan.tally.over_g > 0;
        n_programs += plan.by_program;
        n_hauls += plan.n_hauls;
        ki_haul_plan_free(&plan);
    }
    print_message("%d nights, %d hauls, %d with an overflow, %d by the program, %d proved\n",
                  (int)n_nights, (int)n_hauls, n_over, n_programs, n_proved);
    assert_true(n_programs > (int)n_nights / 2);
    assert_true(n_proved > (int)n_nights / (with_breaks ? 8 : 6));
}

static void random_nights_balance_to_the_gram(void **state) {
    (void)state;
    haul_random_nights(n_of(120, 1000), 0);
}

static void on_random_nights_every_truck_has_its_breaks(void **state) {
    (void)state;
    haul_random_nights(n_of(120, 1000), 1);
}

/* Of all ways that leave no pile higher than the plan's hauls do. */
static void assert_bound_of_overflow(const ki_haul_plan *plan, uint64_t seed) {
    for (int32_t pile = 0; pile < made.problem.n_piles; pile++) {
        if (plan->fates[pile].peak_g > made.piles[pile].most_g)
            made.piles[pile].most_g = plan->fates[pile].peak_g;
        if (plan->fates[pile].end_g > made.piles[pile].closing_g)
            made.piles[pile].closing_g = plan->fates[pile].end_g;
    }
    if (!or_brute(&all, &made.problem)) return;
    if (all.best_over != 0 || plan->bound_nano > all.best_nano)
        fail_msg("seed %d: bound %lld, best %lld", (int)seed, (long long)plan->bound_nano,
                 (long long)all.best_nano);
}

static void haul_tiny_nights(uint64_t n_nights, int with_breaks) {
    int n_tried = 0, n_best = 0, n_hauled = 0, n_over = 0;
    for (uint64_t seed = 1; seed <= n_nights; seed++) {
        rh_make(&made, seed, 0);
        if (with_breaks) rh_add_breaks(&made, seed);
        if (!or_brute(&all, &made.problem)) continue;
        ki_haul_plan plan = solve(2000);
        assert_sound(&plan, seed);
        n_tried++;
        n_hauled += plan.n_hauls > 0;
        assert_true(plan.tally.over_g >= all.best_over);
        if (plan.tally.over_g == all.best_over) {
            assert_true(plan.tally.weighed_nano >= all.best_nano);
            if (plan.has_bound && all.best_over == 0) assert_true(plan.bound_nano <= all.best_nano);
            n_best += plan.tally.weighed_nano == all.best_nano;
        }
        if (plan.proved) assert_int_equal(plan.tally.weighed_nano, all.best_nano);
        if (plan.has_bound && plan.tally.over_g > 0) {
            assert_bound_of_overflow(&plan, seed);
            n_over++;
        }
        ki_haul_plan_free(&plan);
    }
    assert_true(n_over > n_tried / 20);
    print_message("%d tiny nights, %d with hauls, %d at the optimum\n", n_tried, n_hauled, n_best);
    assert_true(n_tried >= (int)n_nights / 3);
    assert_true(n_hauled >= n_tried / 3);
    assert_true(n_best * 100 >= n_tried * 99);
}

static void tiny_nights_are_hauled_as_well_as_any_way_can(void **state) {
    (void)state;
    haul_tiny_nights(n_of(110, 300), 0);
}

static void tiny_nights_with_breaks_are_hauled_as_well_as_any_way_can(void **state) {
    (void)state;
    haul_tiny_nights(n_of(110, 300), 1);
}

static void a_fault_in_glpk_leaves_the_greedy_hauls(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        rh_make(&made, seed, 1);
        made.problem.slot_ms = 60 * RH_MINUTE;
        ki_lp_fail_at((int64_t)(seed % 8) + 1);
        ki_haul_plan plan = solve(NODES);
        ki_lp_fail_at(0);
        assert_sound(&plan, seed);
        if (seed % 8 < 3 && plan.n_rows > 0) assert_non_null(plan.shortfall);
        ki_haul_plan_free(&plan);
    }
}

static void a_lack_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    rh_make(&made, 5, 1);
    made.problem.slot_ms = 60 * RH_MINUTE;
    kerb_status status = KERB_NO_MEMORY;
    for (int64_t nth = 1; nth < 4000 && status != KERB_OK; nth++) {
        ki_haul_plan plan;
        ki_alloc_fail_at(nth);
        status = ki_haul_solve(&plan, &made.problem, worker, NODES, NULL);
        ki_alloc_fail_at(0);
        if (status == KERB_OK) assert_sound(&plan, 5);
        ki_haul_plan_free(&plan);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
    }
    assert_int_equal(status, KERB_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_haul_is_made_while_there_is_room),
        cmocka_unit_test(a_full_load_leaves_before_the_station_runs_over),
        cmocka_unit_test(the_last_load_takes_what_there_is),
        cmocka_unit_test(what_cannot_be_kept_is_told_to_the_gram),
        cmocka_unit_test(random_nights_balance_to_the_gram),
        cmocka_unit_test(tiny_nights_are_hauled_as_well_as_any_way_can),
        cmocka_unit_test(on_random_nights_every_truck_has_its_breaks),
        cmocka_unit_test(tiny_nights_with_breaks_are_hauled_as_well_as_any_way_can),
        cmocka_unit_test(a_fault_in_glpk_leaves_the_greedy_hauls),
        cmocka_unit_test(a_lack_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, start_worker, end_worker);
}
