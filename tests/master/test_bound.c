/* SPDX-License-Identifier: GPL-3.0-or-later
 * The lower bound against the optimum, found by trying every plan of tiny models. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "fewer.h"
#include "master/bound.h"
#include "master/glpk_worker.h"
#include "master/lp.h"
#include "master/random_routes.h"
#include "search/brute_force.h"
#include "search/search.h"

#include <stdlib.h>

enum {
    N_TINY = 1200,
    N_TINY_LONG = 10000,
    N_SMALL = 25,
    N_SMALL_LONG = 400,
    MAX_TASKS = 4,
    EFFORT = 100,
    LONG_TIP_MS = 1000000
};

/* ---- trying everything ----------------------------------------------------------------------- */

#define DEAR_NANO INT64_C(100000000000)
static const double LEAST_SHARE_DEAR = 0.715;     /* 0.69 with fractions of shifts */
static const double LEAST_SHARE_SETTINGS = 0.862; /* 0.857 with each setting counted apart */
static const double LEAST_SHARE_TIPS = 0.950;     /* 0.9475 with fractions of trips */

typedef struct attempt {
    const ki_model *model;
    int32_t type;
    uint32_t served;
    ki_stop stops[2 * MAX_TASKS + 4];
    int32_t n_stops;
    int64_t best[1 << MAX_TASKS]; /* by set of tasks served; INT64_MAX: no route */
} attempt;

static void value_route(attempt *at) {
    ki_route route = {at->type, at->n_stops, at->stops};
    ki_route_value value;
    ki_route_evaluate(at->model, &route, &value, NULL);
    if (value.feasible && value.cost_nano < at->best[at->served])
        at->best[at->served] = value.cost_nano;
}

static void try_stops(attempt *at);

static void try_tips(attempt *at) {
    const ki_type *type = &at->model->types[at->type];
    for (int32_t tip = type->first_tip; tip < type->first_tip + type->n_tips; tip++) {
        at->stops[at->n_stops++] = (ki_stop){KI_TIP, tip, 0};
        value_route(at);
        try_stops(at);
        at->n_stops--;
    }
}

static void try_stops(attempt *at) {
    for (int32_t task = 0; task < at->model->n_tasks; task++) {
        const ki_task *served = &at->model->tasks[task];
        if (at->served >> task & 1 || !(served->types >> at->type & 1)) continue;
        at->served |= 1u << task;
        for (int32_t mode = 0; mode < served->n_modes; mode++) {
            at->stops[at->n_stops++] = (ki_stop){task, served->first_mode + mode, 0};
            try_stops(at);
            try_tips(at);
            at->n_stops--;
        }
        at->served &= ~(1u << task);
    }
}

static int64_t try_fleet(const ki_model *model, int64_t best[][1 << MAX_TASKS], int32_t type,
                         int32_t shift, uint32_t served) {
    if (type == model->n_types) {
        int64_t cost = 0;
        for (int32_t task = 0; task < model->n_tasks; task++)
            if (!(served >> task & 1)) cost += ki_cost_left_out(model, task);
        return cost;
    }
    int last = shift + 1 >= model->types[type].n_shifts;
    int32_t next_type = last ? type + 1 : type, next_shift = last ? 0 : shift + 1;
    int64_t least = try_fleet(model, best, next_type, next_shift, served);
    for (uint32_t set = 0; set < 1u << model->n_tasks; set++) {
        if (set & served || best[type][set] == INT64_MAX) continue;
        int64_t cost =
            best[type][set] + try_fleet(model, best, next_type, next_shift, served | set);
        if (cost < least) least = cost;
    }
    return least;
}

static int64_t find_optimum(const ki_model *model) {
    static int64_t best[4][1 << MAX_TASKS];
    for (int32_t type = 0; type < model->n_types; type++) {
        attempt at = {.model = model, .type = type};
        for (uint32_t set = 0; set < 1u << MAX_TASKS; set++)
            at.best[set] = INT64_MAX;
        try_tips(&at); /* a tip first: with a starting load it may pay */
        try_stops(&at);
        memcpy(best[type], at.best, sizeof at.best);
    }
    for (int32_t type = 0; type < model->n_types; type++) /* settings share their shifts */
        for (uint32_t set = 0; model->types[type].behind && set < 1u << MAX_TASKS; set++) {
            int64_t *lead = &best[ki_lead(model, type)][set];
            if (best[type][set] < *lead) *lead = best[type][set];
            best[type][set] = INT64_MAX;
        }
    return try_fleet(model, best, 0, 0, 0);
}

/* ---- models that ask for trouble ------------------------------------------------------------- */

static void earn_at_the_gate(ki_model *model, ki_rng *rng) {
    for (int32_t tip = 0; tip < model->n_tips; tip++)
        model->tips[tip].fee_nano_per_g[0] = random_in(rng, -40, 5);
}

static void break_the_matrix(ki_model *model, ki_rng *rng) {
    for (int32_t travel = 0; travel < model->n_travels; travel++) {
        ki_travel *matrix = &model->travels[travel];
        for (int32_t cell = 0; cell < matrix->n * matrix->n; cell++) {
            uint32_t dice = ki_rng_below(rng, 8);
            if (dice == 0) matrix->time_ms[cell] = matrix->length_mm[cell] = KI_NEVER;
            if (dice == 1) matrix->time_ms[cell] *= 3;
            if (dice == 2) matrix->length_mm[cell] = matrix->time_ms[cell] = 0;
        }
    }
}

static ki_model *make_model(uint64_t seed, int32_t n_tasks) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 21);
    random_model_options options = random_options(seed, n_tasks, &rng);
    options.releases = seed % 5 == 0;
    ki_model *model = random_model_new(&options);
    if (ki_rng_below(&rng, 4) == 0) earn_at_the_gate(model, &rng);
    if (ki_rng_below(&rng, 4) == 0) break_the_matrix(model, &rng);
    return model;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void assert_below_optimum(uint64_t seed, int32_t n_tasks, double *share, int *n_shares) {
    ki_model *model = make_model(seed, n_tasks);
    int64_t optimum = find_optimum(model);
    ki_bound bound;
    assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
    if (bound.bound_nano > optimum)
        fail_msg("seed %d: bound %lld above optimum %lld", (int)seed, (long long)bound.bound_nano,
                 (long long)optimum);
    /* The bound leaves out orders and, without routes, compactness and hours not worked. */
    int all_in = optimum > 0 && !model->compact_nano_per_m2 && !model->types[0].guaranteed_ms &&
                 !model->n_sequences;
    if (all_in) *share += (double)bound.bound_nano / (double)optimum, ++*n_shares;
    random_model_free(model);
}

/* Wherever the tangents touch. */
static void balance_in_the_bound_is_never_more_than_its_price(void **state) {
    (void)state;
    double with = 0, without = 0;
    for (uint64_t seed = 1; seed <= fewer(400); seed += 4) { /* those that price it */
        ki_model *model = make_model(seed, 4);
        for (int32_t type = 0; type < model->n_types; type++) {
            model->types[type].balance_nano_per_s2 *= 1 + (int64_t)(seed % 7) * 5;
            if (seed % 8 == 1)
                model->types[type].guaranteed_ms = model->horizon_ms / 4 * (type + 1);
        }
        int64_t optimum = find_optimum(model);
        ki_island *island;
        ki_bound plain, touched;
        assert_int_equal(ki_island_new(&island, model, 1, 0, NULL, NULL), KERB_OK);
        assert_int_equal(ki_island_run(island, 30, NULL), KERB_OK);
        ki_bound_limit limit = {.effort = EFFORT, .near = ki_island_best(island)};
        assert_int_equal(ki_bound_compute(&plain, model, NULL, worker, EFFORT, NULL), KERB_OK);
        assert_int_equal(ki_bound_compute_until(&touched, model, worker, &limit, NULL), KERB_OK);
        if (touched.bound_nano > optimum)
            fail_msg("seed %d: bound %lld above optimum %lld", (int)seed,
                     (long long)touched.bound_nano, (long long)optimum);
        if (optimum > 0) with += (double)touched.bound_nano / (double)optimum;
        if (optimum > 0) without += (double)plain.bound_nano / (double)optimum;
        ki_island_free(island);
        random_model_free(model);
    }
    print_message("bound / optimum with tangents %.3f, without %.3f, summed\n", with, without);
    assert_true(with > without);
}

static void bound_never_exceeds_the_optimum(void **state) {
    (void)state;
    double share = 0;
    int n_shares = 0, full = getenv("KERBSIDE_TEST_LONG") != NULL;
    uint64_t n_tiny = full ? N_TINY_LONG : fewer(N_TINY);
    uint64_t n_small = full ? N_SMALL_LONG : fewer(N_SMALL);
    for (uint64_t seed = 1; seed <= n_tiny; seed++)
        assert_below_optimum(seed, 1 + (int32_t)(seed % 3), &share, &n_shares);
    for (uint64_t seed = 1; seed <= n_small; seed++)
        assert_below_optimum(seed, 4, &share, &n_shares);
    print_message("bound / optimum, mean: %.3f over %d\n", share / n_shares, n_shares);
    assert_true(share / n_shares > 0.93); /* valid is not enough: 0 would be */
}

/* Breaks are left out of the relaxation: with them the bound is lower, and still a bound. */
static void bound_never_exceeds_the_optimum_with_breaks(void **state) {
    (void)state;
    double share = 0;
    int n_shares = 0;
    for (uint64_t seed = 1; seed <= fewer(N_TINY / 4); seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 23);
        random_model_options options = random_options(seed, 1 + (int32_t)(seed % 4), &rng);
        options.breaks = 2;
        ki_model *model = random_model_new(&options);
        int64_t optimum = brute_force(model);
        ki_bound bound;
        assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
        if (bound.bound_nano > optimum) fail_msg("seed %d", (int)seed);
        if (optimum > 0) share += (double)bound.bound_nano / (double)optimum, ++n_shares;
        random_model_free(model);
    }
    print_message("bound / optimum with breaks, mean: %.3f over %d\n", share / n_shares, n_shares);
    assert_true(share / n_shares > 0.8);
}

/* Charging takes hours and what they cost: without that the bound is lower. */
static void bound_never_exceeds_the_optimum_with_batteries(void **state) {
    (void)state;
    double share = 0, without = 0;
    for (uint64_t seed = 1; seed <= fewer(120); seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 29);
        random_model_options options = random_options(seed, 1 + (int32_t)(seed % 2), &rng);
        options.releases = options.breaks = 0;
        options.batteries = 1;
        options.levels = 0; /* trying them all takes minutes */
        options.posts = (int)(seed / 2 % 2);
        ki_model *model = random_model_new(&options);
        for (int32_t tip = 0; tip < model->n_tips; tip++)
            model->tips[tip].charge_mw = (model->tips[tip].charge_mw + 9) / 10;
        for (int32_t type = 0; type < model->n_types; type++) {
            model->types[type].nano_per_ms *= 3;
            model->types[type].used_nwh = model->types[type].battery_nwh * 3 / 4;
        }
        int64_t optimum = brute_force(model);
        ki_bound bound, free_of_charge;
        assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
        if (bound.bound_nano > optimum)
            fail_msg("seed %d: bound %lld above optimum %lld", (int)seed,
                     (long long)bound.bound_nano, (long long)optimum);
        for (int32_t type = 0; type < model->n_types; type++)
            model->types[type].battery_nwh = 0;
        assert_int_equal(ki_bound_compute(&free_of_charge, model, NULL, worker, EFFORT, NULL),
                         KERB_OK);
        if (optimum > 0) share += (double)bound.bound_nano / (double)optimum;
        if (optimum > 0) without += (double)free_of_charge.bound_nano / (double)optimum;
        random_model_free(model);
    }
    print_message("bound / optimum with batteries %.3f, free of charge %.3f, summed\n", share,
                  without);
    assert_true(share > without + 3.0 / FEWER_PART);
}

/* Bound / optimum, which is not above 1. */
static void add_share(const ki_model *model, uint64_t seed, double *share, int *n_shares) {
    int64_t optimum = find_optimum(model);
    ki_bound bound;
    assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
    if (bound.bound_nano > optimum)
        fail_msg("seed %d: bound %lld above optimum %lld", (int)seed, (long long)bound.bound_nano,
                 (long long)optimum);
    if (optimum > 0) *share += (double)bound.bound_nano / (double)optimum, ++*n_shares;
}

/* Two settings of a shift are no two shifts: the limit on both is in the bound. */
static void bound_counts_shifts_with_settings_once(void **state) {
    (void)state;
    double share = 0, apart = 0;
    int n_shares = 0, n_apart = 0;
    for (uint64_t seed = 1; seed <= fewer(N_TINY / 2); seed++) {
        ki_rng rng;
        ki_rng_seed(&rng, seed, 31);
        random_model_options options = random_options(seed, 1 + (int32_t)(seed % 4), &rng);
        options.n_types = 2;
        options.batteries = options.posts = options.levels = 0;
        options.settings = 1;
        ki_model *model = random_model_new(&options);
        add_share(model, seed, &share, &n_shares);
        model->types[1].behind = 0;
        add_share(model, seed, &apart, &n_apart);
        random_model_free(model);
    }
    print_message("bound / optimum with settings, mean: %.4f over %d\n", share / n_shares,
                  n_shares);
    assert_true(share / n_shares > 0.7);
    assert_true(FEWER_PART > 1 || share / n_shares > LEAST_SHARE_SETTINGS);
}

static void make_short_and_dear(ki_type *kind, int64_t nano, uint64_t percent) {
    int32_t spare_ms = kind->latest_ms - kind->earliest_ms - kind->pre_ms - kind->post_ms;
    kind->latest_ms -= (int32_t)((int64_t)spare_ms * (100 - (int64_t)percent) / 100);
    kind->used_nano += nano;
}

/* Mean of bound / optimum over models that were changed. */
static double mean_share(void (*change)(ki_model *model, uint64_t seed), const char *of_what) {
    double share = 0;
    int n_shares = 0;
    for (uint64_t seed = 1; seed <= fewer(400); seed++) {
        ki_model *model = make_model(seed, 4);
        change(model, seed);
        add_share(model, seed, &share, &n_shares);
        random_model_free(model);
    }
    print_message("bound / optimum with %s, mean: %.4f over %d\n", of_what, share / n_shares,
                  n_shares);
    return share / n_shares;
}

static void raise_prizes(ki_model *model, int64_t nano) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        model->tasks[task].prize_nano += nano;
}

static void make_shifts_dear(ki_model *model, uint64_t seed) {
    for (int32_t type = 0; type < model->n_types; type++)
        make_short_and_dear(&model->types[type], (1 + type) * DEAR_NANO, 3 + seed % 10);
    raise_prizes(model, 10 * DEAR_NANO);
}

static void make_tips_long(ki_model *model, uint64_t seed) {
    (void)seed;
    for (int32_t type = 0; type < model->n_types; type++)
        model->types[type].used_nano += 1000000000;
    for (int32_t tip = 0; tip < model->n_tips; tip++)
        model->tips[tip].fixed_ms += LONG_TIP_MS;
    raise_prizes(model, 2000000000);
}

/* Where a shift costs more than all it does, half a shift too many is most of the gap. */
static void shifts_are_whole_in_the_bound(void **state) {
    (void)state;
    assert_true(mean_share(make_shifts_dear, "dear shifts") > LEAST_SHARE_DEAR);
}

/* Where a tip takes longer than all driving, half a trip too many is most of the gap. */
static void trips_are_whole_in_the_bound(void **state) {
    (void)state;
    assert_true(mean_share(make_tips_long, "long tips") > LEAST_SHARE_TIPS);
}

/* Costs in whole units: the bound is one too, and not above the optimum. */
static void bound_is_rounded_up_to_the_unit_of_cost(void **state) {
    (void)state;
    enum { UNIT = 1000000 };
    for (uint64_t seed = 1; seed <= fewer(150); seed++) {
        ki_model *model = make_model(seed, 3);
        model->compact_nano_per_m2 *= UNIT;
        for (int32_t task = 0; task < model->n_tasks; task++) {
            model->tasks[task].prize_nano -= model->tasks[task].prize_nano % UNIT;
            model->tasks[task].compact_nano *= UNIT;
        }
        for (int32_t type = 0; type < model->n_types; type++) {
            ki_type *kind = &model->types[type];
            kind->used_nano -= kind->used_nano % UNIT;
            kind->nano_per_mm *= UNIT;
            kind->nano_per_ms = kind->overtime_nano_per_ms = kind->balance_nano_per_s2 = 0;
        }
        for (int32_t tip = 0; tip < model->n_tips; tip++)
            memset(model->tips[tip].fee_nano_per_g, 0, sizeof model->tips[tip].fee_nano_per_g);
        ki_bound bound;
        assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
        assert_int_equal(bound.bound_nano % UNIT, 0);
        assert_true(bound.bound_nano <= find_optimum(model));
        random_model_free(model);
    }
}

static void bound_stays_valid_when_glpk_fails(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= fewer(60); seed++) {
        ki_model *model = make_model(seed, 3);
        ki_bound bound;
        ki_lp_fail_at((int64_t)(seed % 12));
        assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL), KERB_OK);
        ki_lp_fail_at(0);
        assert_true(bound.bound_nano <= find_optimum(model));
        random_model_free(model);
    }
}

static void more_effort_never_lowers_the_bound(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        ki_model *model = make_model(seed, 40);
        int64_t last = INT64_MIN;
        for (int32_t effort = 1; effort < 120; effort += 17) {
            ki_bound bound;
            assert_int_equal(ki_bound_compute(&bound, model, NULL, worker, effort, NULL), KERB_OK);
            assert_true(bound.bound_nano >= last);
            last = bound.bound_nano;
        }
        random_model_free(model);
    }
}

static int stop_at_once(void *payload) {
    ++*(int *)payload;
    return 1;
}

static void stopping_ends_the_passes_and_leaves_a_valid_bound(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        ki_model *model = make_model(seed, 3);
        ki_bound bound;
        int asked = 0;
        ki_bound_limit limit = {.effort = EFFORT, .stop = stop_at_once, .payload = &asked};
        assert_int_equal(ki_bound_compute_until(&bound, model, worker, &limit, NULL), KERB_OK);
        assert_true(asked > 0);
        assert_in_range(bound.n_passes, 0, 2); /* the first look at each component */
        assert_true(bound.bound_nano <= find_optimum(model));
        random_model_free(model);
    }
}

static void failed_allocation_is_reported_or_costs_one_result(void **state) {
    (void)state;
    ki_model *model = make_model(5, 3);
    int64_t optimum = find_optimum(model);
    for (int64_t nth = 1; nth < 120; nth++) {
        ki_bound bound;
        ki_alloc_fail_at(nth);
        kerb_status status = ki_bound_compute(&bound, model, NULL, worker, EFFORT, NULL);
        ki_alloc_fail_at(0);
        assert_true(status == KERB_OK || status == KERB_NO_MEMORY);
        assert_true(bound.bound_nano <= optimum);
        assert_non_null(bound.relaxation);
    }
    random_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound_never_exceeds_the_optimum),
        cmocka_unit_test(balance_in_the_bound_is_never_more_than_its_price),
        cmocka_unit_test(bound_never_exceeds_the_optimum_with_breaks),
        cmocka_unit_test(bound_never_exceeds_the_optimum_with_batteries),
        cmocka_unit_test(shifts_are_whole_in_the_bound),
        cmocka_unit_test(trips_are_whole_in_the_bound),
        cmocka_unit_test(bound_is_rounded_up_to_the_unit_of_cost),
        cmocka_unit_test(bound_stays_valid_when_glpk_fails),
        cmocka_unit_test(more_effort_never_lowers_the_bound),
        cmocka_unit_test(stopping_ends_the_passes_and_leaves_a_valid_bound),
        cmocka_unit_test(bound_counts_shifts_with_settings_once),
        cmocka_unit_test(failed_allocation_is_reported_or_costs_one_result),
    };
    return cmocka_run_group_tests_name("bound", tests, start_worker, end_worker);
}
