/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking ahead: when it pays to take along tonight what would call a truck out again soon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demand/outing.h"
#include "demand/select.h"

#include <math.h>
#include <string.h>

enum { N = 40, DAY_S = 86400 };

static int horizon(double cycle, int most, double stop_price, double outing_price) {
    double cycles[N];
    for (int at = 0; at < N; at++)
        cycles[at] = cycle;
    return ki_outing_horizon(cycles, N, most, stop_price, outing_price);
}

static void a_truck_goes_out_the_more_rarely_the_dearer_it_is(void **state) {
    (void)state;
    assert_int_equal(horizon(10, 7, 5, 0), 1);
    int last = 1;
    for (double price = 1; price < 1e6; price *= 2) {
        int now = horizon(10, 7, 5, price);
        assert_true(now >= last);
        last = now;
    }
    assert_int_equal(last, 7);
    assert_int_equal(horizon(10, 3, 5, 1e6), 3); /* no further than asked for */
    assert_int_equal(horizon(10, 0, 5, 1e6), 1);
}

static void quick_containers_call_a_truck_anyway(void **state) {
    (void)state;
    assert_int_equal(horizon(1.5, 7, 5, 1e6), 1);
    assert_int_equal(horizon(3.5, 7, 5, 1e6), 3);
    double cycles[N];
    for (int at = 0; at < N; at++)
        cycles[at] = at < N / 4 ? 2 : 20;
    assert_int_equal(ki_outing_horizon(cycles, N, 7, 5, 1e6), 2);
    assert_int_equal(ki_outing_horizon(cycles, 0, 7, 5, 1e6), 1);
}

/* ---- prizes ---------------------------------------------------------------------------------- */

typedef struct town {
    ki_draft draft;
    kerb_container containers[N];
    ki_forecast forecasts[N];
    kerb_vehicle vehicles[2];
    kerb_compartment rooms[3];
    ki_outing outings[N];
} town;

static const kerb_stream RESIDUAL[] = {KERB_STREAM_RESIDUAL}, FOOD[] = {KERB_STREAM_FOOD},
                         RECYCLABLE[] = {KERB_STREAM_RECYCLABLE};

/* A tenth a day, full in `wait` nights and a bit. */
static void fill_up_in(ki_forecast *forecast, int wait) {
    double fill = 0.94 - 0.1 * wait;
    *forecast = (ki_forecast){.fill_ratio = fill,
                              .fill_next_ratio = fill + 0.1,
                              .rate_per_day = 0.1,
                              .sd_ratio = 0.005,
                              .sd_next_ratio = 0.006,
                              .emptied_s = 0,
                              .first_report_s = 0};
}

/* Residual and food each with a truck of its own, recyclables in the food truck's other half; one
 * residual container is full, the others wait one night to five, over and over. */
static void build(town *out, int32_t look_ahead_nights) {
    *out = (town){0};
    out->rooms[0] = (kerb_compartment){.streams = RESIDUAL, .n_streams = 1};
    out->rooms[1] = (kerb_compartment){.streams = FOOD, .n_streams = 1};
    out->rooms[2] = (kerb_compartment){.streams = RECYCLABLE, .n_streams = 1};
    out->vehicles[0] =
        (kerb_vehicle){.use = KERB_USE_TRUCK, .compartments = out->rooms, .n_compartments = 1};
    out->vehicles[1] =
        (kerb_vehicle){.use = KERB_USE_TRUCK, .compartments = out->rooms + 1, .n_compartments = 2};
    for (int at = 0; at < N; at++) {
        out->containers[at].stream = at % 4 == 3   ? KERB_STREAM_RECYCLABLE
                                     : at % 2 == 1 ? KERB_STREAM_FOOD
                                                   : KERB_STREAM_RESIDUAL;
        fill_up_in(&out->forecasts[at], at == 0 ? 0 : 1 + at / 4 % 5);
    }
    out->draft = (ki_draft){
        .containers = out->containers,
        .n_containers = N,
        .vehicles = out->vehicles,
        .n_vehicles = 2,
        .district = {.must_ratio = 0.93, .may_ratio = 0.2, .look_ahead_nights = look_ahead_nights}};
}

static void look(town *out) {
    ki_arena arena = {0};
    assert_int_equal(ki_outings(out->outings, &arena, &out->draft, out->forecasts, 0, 3, 240, NULL),
                     KERB_OK);
    ki_arena_free(&arena);
}

static void a_may_is_worth_the_more_the_sooner_it_would_call_a_truck(void **state) {
    (void)state;
    town made;
    build(&made, 4);
    look(&made);
    assert_int_equal(made.outings[0].wait, 0);
    assert_true(made.outings[0].prize == 0); /* a must has its own price */
    for (int at = 2; at < N; at += 2) {
        int wait = 1 + at / 4 % 5;
        assert_int_equal(made.outings[at].wait, wait);
        double share = wait < 4 ? (4 - wait) / 4.0 : 0;
        assert_true(fabs(made.outings[at].prize - 240 * share) < 1e-9);
    }
}

static void no_truck_is_called_for_mays_alone(void **state) {
    (void)state;
    town made;
    build(&made, 4);
    look(&made);
    for (int at = 1; at < N; at += 2) /* food and recyclables: nothing is due */
        assert_true(made.outings[at].prize == 0);
    fill_up_in(&made.forecasts[1], 0); /* food: its truck takes recyclables along */
    look(&made);
    assert_true(made.outings[3].prize > 0 && made.outings[5].prize > 0);
}

static void one_who_looks_at_tonight_only_sees_no_prize(void **state) {
    (void)state;
    for (int nights = 0; nights < 2; nights++) {
        town made;
        build(&made, nights);
        look(&made);
        for (int at = 0; at < N; at++)
            assert_true(made.outings[at].prize == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_truck_goes_out_the_more_rarely_the_dearer_it_is),
        cmocka_unit_test(quick_containers_call_a_truck_anyway),
        cmocka_unit_test(a_may_is_worth_the_more_the_sooner_it_would_call_a_truck),
        cmocka_unit_test(no_truck_is_called_for_mays_alone),
        cmocka_unit_test(one_who_looks_at_tonight_only_sees_no_prize),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
