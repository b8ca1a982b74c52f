/* SPDX-License-Identifier: GPL-3.0-or-later
 * The room that trips leave free: as much as full ones need to fit with the chance asked for, seen
 * in loads drawn at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/small_draft.h"
#include "base/rng.h"
#include "model/model.h"
#include "model/seal.h"

#include <stdio.h>

enum { N_BINS = 240, N_DRAWS = 20000 };

static small_draft small;
static kerb_container bins[N_BINS];
static kerb_report reports[N_BINS];
static char ids[N_BINS][8];
static ki_model *model;
static struct ki_note *notes;
static size_t n_notes;

/* Containers of one stream whose newest report is of an hour ago, of yesterday, or missing. */
static void fill(double quantile) {
    small_draft_fill(&small);
    for (int at = 0; at < N_BINS; at++) {
        snprintf(ids[at], sizeof ids[at], "B%d", at);
        bins[at] = (kerb_container){.id = ids[at],
                                    .site_id = "S1",
                                    .stream = KERB_STREAM_RESIDUAL,
                                    .volume_l = at % 2 ? 1100 : 660,
                                    .density_kg_per_l = 0.1,
                                    .service_s = 60,
                                    .last_emptied_s = AS_OF_S - 3 * DAY_S};
        reports[at] = (kerb_report){.container_id = ids[at],
                                    .measured_s = AS_OF_S - (at % 3 ? HOUR_S : DAY_S),
                                    .received_s = KERB_NO_TIME,
                                    .fill_ratio = 0.7 + 0.002 * (at % 100),
                                    .mass_kg = NAN};
    }
    small.draft.containers = bins;
    small.draft.n_containers = N_BINS;
    small.draft.reports = (ki_report_list){.n = N_BINS - 20, .plain = reports};
    small.draft.district.load_quantile = quantile;
    small.compartments[0].capacity_kg = 900; /* some fifteen stops */
}

static void seal(void) {
    kerb_error err = {0};
    if (ki_model_seal(&model, &small.draft, NULL, NULL, &notes, &n_notes, &err) != KERB_OK)
        fail_msg("%s", err.message);
}

static int drop(void **state) {
    (void)state;
    ki_model_free(model);
    model = NULL;
    return 0;
}

static int64_t planned_g(void) {
    return model->types[0].capacity[0];
}

/* Trips of containers in random order until the next does not fit into the room planned with; the
 * share of them whose true loads do not fit into the vehicle. */
static double share_overloaded(double least_full) {
    ki_rng rng;
    int n_over = 0, n_trips = 0;
    ki_rng_seed(&rng, 7, 1);
    while (n_trips < N_DRAWS) {
        double planned = 0, truly = 0;
        for (;;) {
            const ki_task *task = &model->tasks[ki_rng_below(&rng, (uint32_t)model->n_tasks)];
            if (task->kind != KI_TASK_CONTAINER) continue;
            if (planned + (double)task->mass_g > (double)planned_g()) break;
            const ki_decision *decision = &model->container_decisions[task->source];
            planned += (double)task->mass_g;
            truly += (double)task->mass_g * (1 + ki_relative_sd(decision) * ki_rng_normal(&rng));
        }
        if (planned < least_full * (double)planned_g()) continue;
        n_trips++;
        n_over += truly > 900e3;
    }
    return n_over / (double)n_trips;
}

static void full_trips_fit_with_the_chance_asked_for(void **state) {
    (void)state;
    static const double QUANTILES[] = {0.8, 0.9, 0.97};
    for (int at = 0; at < 3; at++) {
        fill(QUANTILES[at]);
        seal();
        double over = share_overloaded(0.995);
        print_message("quantile %.2f: room %.1f %%, overloaded %.3f\n", QUANTILES[at],
                      (double)planned_g() / 9e3, over);
        assert_true(over <= 1 - QUANTILES[at]);
        assert_true(over > (1 - QUANTILES[at]) / 3); /* and no more room than that */
        drop(NULL);
    }
}

static void without_a_quantile_loads_are_as_expected(void **state) {
    (void)state;
    fill(0);
    seal();
    assert_int_equal(planned_g(), 900000);
    assert_true(share_overloaded(0.995) > 0.35);
}

static void whatever_fits_an_empty_vehicle_still_does(void **state) {
    (void)state;
    fill(0.999);
    small.compartments[0].capacity_kg = 133;
    seal();
    int64_t most_g = 0;
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (model->tasks[task].kind == KI_TASK_CONTAINER && model->tasks[task].mass_g > most_g)
            most_g = model->tasks[task].mass_g;
    assert_in_range(planned_g(), most_g, 133000);
    for (int at = 0; at < N_BINS; at++)
        assert_int_not_equal(model->container_decisions[at].choice, KI_CANNOT);
}

static void sweepers_keep_their_tanks(void **state) {
    (void)state;
    fill(0.9);
    seal();
    for (int32_t type = 0; type < model->n_types; type++)
        if (model->types[type].group == KI_GROUP_SWEEPING)
            assert_int_equal(model->types[type].capacity[0], 5000000);
}

/* Mass of a container's task. */
static int64_t mass_of(const char *id) {
    for (int32_t task = 0; task < model->n_tasks; task++)
        if (strcmp(model->tasks[task].id, id) == 0) return model->tasks[task].mass_g;
    return 0;
}

static void what_the_earlier_plan_has_given_out_stays(void **state) {
    (void)state;
    static kerb_earlier_stop stops[N_BINS];
    static kerb_earlier_route route = {.shift_id = "H1", .stops = stops};
    static kerb_earlier_plan plan = {.routes = &route, .n_routes = 1};
    int64_t load_g = 0;
    fill(0.9);
    seal();
    int64_t room_g = planned_g();
    for (route.n_stops = 0; load_g <= room_g; route.n_stops++) { /* small ones, to fit */
        stops[route.n_stops] = (kerb_earlier_stop){.id = ids[2 * route.n_stops]};
        load_g += mass_of(stops[route.n_stops].id);
    }
    assert_true(load_g < 900000);
    drop(NULL);
    small.draft.earlier_plans = &plan;
    small.draft.n_earlier_plans = 1;
    small.draft.district.price_change_per_stop = 10;
    seal();
    assert_in_range(planned_g(), load_g - (int64_t)route.n_stops, load_g + (int64_t)route.n_stops);
    assert_true(model->n_types > 1);
    assert_int_equal(model->types[1].capacity[0], room_g); /* the other truck */
}

static void a_note_says_how_much_room(void **state) {
    (void)state;
    fill(0.9);
    seal();
    for (size_t note = 0; note < n_notes; note++)
        if (strcmp(notes[note].kind, "room") == 0) {
            assert_non_null(strstr(notes[note].text, "with a chance of 90 %"));
            return;
        }
    fail_msg("no note of the room");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(full_trips_fit_with_the_chance_asked_for, drop),
        cmocka_unit_test_teardown(without_a_quantile_loads_are_as_expected, drop),
        cmocka_unit_test_teardown(whatever_fits_an_empty_vehicle_still_does, drop),
        cmocka_unit_test_teardown(sweepers_keep_their_tanks, drop),
        cmocka_unit_test_teardown(what_the_earlier_plan_has_given_out_stays, drop),
        cmocka_unit_test_teardown(a_note_says_how_much_room, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
