/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is learnt in a seeded world whose truth is known, and what a wild word can do to it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "replan/learn.h"

enum { N_BINS = 40, HOUR_S = 3600, DAY_S = 86400 };
static const int64_t START_S = 1793563200;

typedef struct world {
    ki_draft draft;
    kerb_site sites[N_BINS / 2]; /* two containers each */
    kerb_container bins[N_BINS];
    kerb_report reports[N_BINS];
    char ids[N_BINS][8], site_ids[N_BINS / 2][8];
    ki_done_stop stops[N_BINS];
    ki_ticket_line tickets[2];
    ki_night_log night;
    ki_rng rng;
} world;

static world earth;
static ki_learned learned;
static kerb_error err;

static int begin(void **state) {
    (void)state;
    memset(&earth, 0, sizeof earth);
    ki_rng_seed(&earth.rng, 7, 0);
    for (int bin = 0; bin < N_BINS; bin++) {
        snprintf(earth.ids[bin], sizeof *earth.ids, "C%d", bin);
        snprintf(earth.site_ids[bin / 2], sizeof *earth.site_ids, "S%d", bin / 2);
        earth.sites[bin / 2] = (kerb_site){.id = earth.site_ids[bin / 2], .setup_s = 40};
        earth.bins[bin] =
            (kerb_container){.id = earth.ids[bin],
                             .site_id = earth.site_ids[bin / 2],
                             .stream = bin % 2 ? KERB_STREAM_FOOD : KERB_STREAM_RESIDUAL,
                             .volume_l = bin % 2 ? 240 : 1100,
                             .density_kg_per_l = 0.1,
                             .service_s = 60};
    }
    earth.draft.containers = earth.bins;
    earth.draft.n_containers = N_BINS;
    earth.draft.sites = earth.sites;
    earth.draft.n_sites = N_BINS / 2;
    earth.draft.reports.plain = earth.reports;
    earth.draft.reports.n = N_BINS;
    return 0;
}

static int end(void **state) {
    (void)state;
    ki_learned_free(&learned);
    return 0;
}

static double noisy(double value, double spread) {
    return value * (1 + spread * (2 * ki_rng_unit(&earth.rng) - 1));
}

/* One route empties all; its true densities and times are so many times the stated ones. */
static void make_night(int number, double density, double service) {
    int64_t now_s = START_S + (int64_t)number * DAY_S;
    double kg[2] = {0};
    for (int bin = 0; bin < N_BINS; bin++) {
        double fill = 0.2 + 0.7 * ki_rng_unit(&earth.rng);
        earth.reports[bin] = (kerb_report){.container_id = earth.ids[bin],
                                           .measured_s = now_s - 2 * HOUR_S,
                                           .received_s = KERB_NO_TIME,
                                           .fill_ratio = fmin(1, noisy(fill, 0.1)),
                                           .mass_kg = NAN};
        int64_t took_s = (int64_t)noisy(60 * service, 0.3) + (bin % 2 ? 0 : 40);
        earth.stops[bin] = (ki_done_stop){.id = earth.ids[bin],
                                          .outcome = KERB_EVENT_DONE,
                                          .start_s = now_s,
                                          .end_s = now_s + took_s,
                                          .mass_kg = NAN,
                                          .fill_ratio = NAN};
        now_s += took_s + 120;
        kg[bin % 2] += fill * earth.bins[bin].volume_l * 0.1 * density;
    }
    for (int line = 0; line < 2; line++)
        earth.tickets[line] =
            (ki_ticket_line){.weighed_s = now_s,
                             .stream = line ? KERB_STREAM_FOOD : KERB_STREAM_RESIDUAL,
                             .mass_kg = noisy(kg[line], 0.02)};
    earth.night = (ki_night_log){
        .stops = earth.stops, .tickets = earth.tickets, .n_stops = N_BINS, .n_tickets = 2};
    snprintf(earth.night.name, sizeof earth.night.name, "%016d", number);
}

static ki_learn_totals learn(void) {
    ki_learn_totals totals;
    assert_int_equal(ki_learn_night(&learned, &earth.draft, NULL, &earth.night, &totals, &err),
                     KERB_OK);
    return totals;
}

static void learned_values_approach_the_true_ones(void **state) {
    (void)state;
    double before = 10;
    for (int number = 0; number < 200; number++) {
        make_night(number, 1.5, 0.7);
        ki_learn_totals totals = learn();
        assert_int_equal(totals.n_stops, N_BINS);
        assert_int_equal(totals.n_tickets, 2);
        double off = fabs(ki_learned_factor(&learned.density[KERB_STREAM_FOOD]) - 1.5);
        if (number % 20 == 0 && number < 100) {
            assert_true(off < before);
            before = off;
        }
    }
    assert_float_equal(ki_learned_factor(&learned.density[KERB_STREAM_RESIDUAL]), 1.5, 0.05);
    assert_float_equal(ki_learned_factor(&learned.density[KERB_STREAM_FOOD]), 1.5, 0.05);
    assert_float_equal(ki_learned_factor(&learned.service[KERB_STREAM_RESIDUAL][KI_BIN_MEDIUM]),
                       0.7, 0.03); /* the set-up is not counted in */
    assert_float_equal(ki_learned_factor(&learned.service[KERB_STREAM_FOOD][KI_BIN_SMALL]), 0.7,
                       0.03);
    assert_int_equal(learned.density[KERB_STREAM_HAZARDOUS].n, 0);
}

static void one_wild_ticket_moves_a_value_by_no_more_than_the_step(void **state) {
    (void)state;
    static const double WILD[] = {1e6, 1e-6, 1e300};
    for (size_t wild = 0; wild < sizeof WILD / sizeof *WILD; wild++) {
        ki_learned_free(&learned);
        for (int number = 0; number < 12; number++) {
            double before = ki_learned_factor(&learned.density[KERB_STREAM_FOOD]);
            make_night(number, 1.2, 1);
            earth.tickets[1].mass_kg *= WILD[wild];
            learn();
            double moved = ki_learned_factor(&learned.density[KERB_STREAM_FOOD]) / before;
            assert_true(moved <= KI_LEARN_STEP && moved >= 1 / KI_LEARN_STEP);
        }
    }
}

static void all_wild_tickets_together_keep_within_the_bound(void **state) {
    (void)state;
    for (int number = 0; number < 300; number++) {
        make_night(number, 100, 0.001);
        learn();
    }
    assert_float_equal(ki_learned_factor(&learned.density[KERB_STREAM_FOOD]), KI_LEARN_BOUND, 1e-9);
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        for (int size = 0; size < KI_N_BIN_SIZES; size++)
            assert_true(ki_learned_factor(&learned.service[stream][size]) >= 1 / KI_LEARN_BOUND);
}

static void a_night_is_learnt_from_once(void **state) {
    (void)state;
    make_night(1, 1.5, 1);
    assert_false(learn().already);
    double factor = ki_learned_factor(&learned.density[KERB_STREAM_FOOD]);
    assert_true(learn().already);
    assert_true(ki_learned_factor(&learned.density[KERB_STREAM_FOOD]) == factor);
}

static void a_ticket_needs_the_fills_of_what_it_weighs(void **state) {
    (void)state;
    make_night(1, 1.5, 1);
    for (int bin = 1; bin < N_BINS; bin += 2)
        if (bin % 3) earth.reports[bin].measured_s -= 3 * DAY_S; /* too old to tell the fill */
    ki_learn_totals totals = learn();
    assert_int_equal(totals.n_tickets, 1);
    assert_int_equal(totals.n_unmatched, 1);
    assert_int_equal(learned.density[KERB_STREAM_FOOD].n, 0);
    make_night(2, 1.5, 1);
    for (int bin = 1; bin < N_BINS; bin += 2) {
        earth.reports[bin].measured_s -= 3 * DAY_S;
        earth.stops[bin].fill_ratio = 0.5; /* but the crew saw it */
    }
    assert_int_equal(learn().n_tickets, 2);
}

static void trucks_that_weigh_each_container_need_no_ticket(void **state) {
    (void)state;
    for (int number = 0; number < 20; number++) {
        make_night(number, 1, 1);
        earth.night.n_tickets = 0;
        for (int bin = 0; bin < N_BINS; bin++)
            earth.stops[bin].mass_kg =
                earth.reports[bin].fill_ratio * earth.bins[bin].volume_l * 0.1 * 0.8;
        learn();
    }
    assert_float_equal(ki_learned_factor(&learned.density[KERB_STREAM_FOOD]), 0.8, 0.03);
}

static void a_place_out_of_reach_three_nights_running_is_proposed(void **state) {
    (void)state;
    ki_arena arena = {0};
    ki_learn_proposal *list;
    size_t n;
    for (int number = 0; number < 3; number++) {
        make_night(number, 1, 1);
        for (int bin = 6; bin < 10; bin++) { /* both containers of S3 and of S4 */
            earth.stops[bin].outcome = KERB_EVENT_FAILED;
            earth.stops[bin].reason = "cannot_reach";
        }
        earth.stops[8].reason = "gate_locked";
        earth.stops[9].reason = number == 1 ? "not_full" : "cannot_reach"; /* S4: not all nights */
        learn();
        assert_int_equal(ki_learn_propose(&list, &n, &learned, &earth.draft, NULL, &arena, &err),
                         KERB_OK);
        assert_int_equal(n, number == 2);
    }
    assert_string_equal(list[0].id, "S3");
    assert_int_equal(list[0].n, 3);
    assert_int_equal(list[0].way_id, 0); /* without roads none is named */
    make_night(3, 1, 1);                 /* served: starts anew */
    learn();
    assert_int_equal(ki_learn_propose(&list, &n, &learned, &earth.draft, NULL, &arena, &err),
                     KERB_OK);
    assert_int_equal(n, 0);
    ki_arena_free(&arena);
}

static void what_is_not_known_is_counted_and_does_nothing(void **state) {
    (void)state;
    make_night(1, 1, 1);
    earth.stops[0].id = "?";
    earth.stops[1].start_s = 0;
    earth.stops[2].end_s = earth.stops[2].start_s - 5;
    earth.tickets[0].stream = (kerb_stream)99;
    earth.tickets[1].mass_kg = NAN;
    ki_learn_totals totals = learn();
    assert_int_equal(totals.n_unknown, 1);
    assert_int_equal(totals.n_untimed, 2);
    assert_int_equal(totals.n_tickets, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(learned_values_approach_the_true_ones),
        TEST(one_wild_ticket_moves_a_value_by_no_more_than_the_step),
        TEST(all_wild_tickets_together_keep_within_the_bound),
        TEST(a_night_is_learnt_from_once),
        TEST(a_ticket_needs_the_fills_of_what_it_weighs),
        TEST(trucks_that_weigh_each_container_need_no_ticket),
        TEST(a_place_out_of_reach_three_nights_running_is_proposed),
        TEST(what_is_not_known_is_counted_and_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
