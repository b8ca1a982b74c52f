/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sequences: stops that come in a given order on a route. Oracle: positions in the plan. */
#include "plan_case.h"

enum { STEPS = 400 };

static plan_case night;
static kerb_sequence_stop stops[8];
static kerb_sequence sequence = {.stops = stops};

static int make_night(void **state) {
    (void)state;
    case_town(&night);
    return 0;
}

static int free_night(void **state) {
    (void)state;
    night.model->draft.sequences = NULL; /* ours, not the draft's */
    night.model->draft.n_sequences = 0;
    case_free(&night);
    return 0;
}

static void set_order(size_t n) {
    sequence.n_stops = n;
    night.model->draft.sequences = &sequence;
    night.model->draft.n_sequences = n > 0;
}

/* The stops of a route that serves at least n containers or kerbs, in the plan's order. */
static size_t served_by_one(const kerb_plan *plan, ki_stop_kind kind, const char **ids, size_t n) {
    for (int32_t r = 0; r < plan->n_routes; r++) {
        size_t found = 0;
        for (int32_t s = 0; s < plan->routes[r].n_stops && found < n; s++)
            if (plan->routes[r].stops[s].kind == kind) ids[found++] = plan->routes[r].stops[s].id;
        if (found == n) return n;
    }
    return 0;
}

/* How often a stop of the list comes behind a later one of it. */
static int32_t n_out_of_order(const kerb_plan *plan, int32_t *n_pairs) {
    int32_t n = 0;
    *n_pairs = 0;
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t s = 0; s < plan->routes[r].n_stops; s++)
            for (int32_t t = s + 1; t < plan->routes[r].n_stops; t++)
                for (size_t a = 0; a < sequence.n_stops; a++)
                    for (size_t b = a + 1; b < sequence.n_stops; b++) {
                        const char *one = plan->routes[r].stops[s].id;
                        const char *two = plan->routes[r].stops[t].id;
                        n += !strcmp(one, stops[b].id) && !strcmp(two, stops[a].id);
                        *n_pairs += !strcmp(one, stops[a].id) && !strcmp(two, stops[b].id);
                    }
    return n;
}

/* What one vehicle serves in some order is asked for in the opposite one. */
static void turn_round(ki_stop_kind kind, size_t n) {
    const char *ids[8];
    char first[300];
    int32_t n_pairs;
    set_order(0);
    kerb_plan *plan = case_plan_again(&night, STEPS);
    assert_int_equal(served_by_one(plan, kind, ids, n), n);
    static char names[8][16];
    for (size_t at = 0; at < n; at++) {
        snprintf(names[at], sizeof names[at], "%s", ids[n - 1 - at]);
        stops[at].id = names[at];
    }
    set_order(n);
    assert_true(n_out_of_order(plan, &n_pairs) > 0);
    size_t n_found = case_check(&night, plan, 0, first, sizeof first);
    assert_in_range(n_found, n - 1, n);
    assert_non_null(strstr(first, "comes behind "));
    kerb_plan_free(plan);
    plan = case_plan_again(&night, STEPS);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(n_out_of_order(plan, &n_pairs), 0);
    for (int32_t r = 0; r < plan->n_routes; r++)
        assert_true(plan->routes[r].n_served > 0);
    kerb_plan_free(plan);
}

static void stops_of_a_sequence_come_in_its_order(void **state) {
    (void)state;
    turn_round(KI_STOP_SERVE, 4);
}

static void kerbs_come_in_the_order_asked_for(void **state) {
    (void)state;
    turn_round(KI_STOP_SWEEP, 3);
}

static const ki_plan_decision *decision_of(const kerb_plan *plan, const char *id) {
    for (int32_t at = 0; at < plan->n_decisions; at++)
        if (strcmp(plan->decisions[at].id, id) == 0) return &plan->decisions[at];
    fail_msg("no decision on %s", id);
    return NULL;
}

/* One truck, two sites whose windows leave one order only: asked for the other, one is left. */
static void who_is_left_out_for_the_order_is_told(void **state) {
    (void)state;
    static const kerb_window early = {NIGHT_S + HOUR_S, NIGHT_S + 2 * HOUR_S};
    static const kerb_window late = {NIGHT_S + 3 * HOUR_S, NIGHT_S + 4 * HOUR_S};
    ki_draft *draft = &night.model->draft;
    int32_t n_pairs, n_told = 0;
    for (size_t bin = 0; bin < draft->n_containers; bin++)
        draft->containers[bin].force =
            bin == 1 || bin == 2 ? KERB_FORCE_IN : KERB_FORCE_OUT; /* residual, sites 1 and 2 */
    draft->sites[1].windows = &early;
    draft->sites[2].windows = &late;
    draft->sites[1].n_windows = draft->sites[2].n_windows = 1;
    stops[0].id = draft->containers[2].id;
    stops[1].id = draft->containers[1].id;
    set_order(2);
    int available = draft->shifts[1].available;
    draft->shifts[1].available = 0;
    kerb_plan *plan = case_plan_again(&night, STEPS);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_int_equal(n_out_of_order(plan, &n_pairs), 0);
    for (int bin = 1; bin <= 2; bin++) {
        const ki_plan_decision *decision = decision_of(plan, draft->containers[bin].id);
        if (decision->served) continue;
        n_told++;
        assert_string_equal(decision->reason, "left_out_sequence");
        assert_non_null(strstr(decision->text, draft->containers[3 - bin].id));
    }
    assert_int_equal(n_told, 1);
    kerb_plan_free(plan);
    /* On two trucks each comes when it may: routes do not wait for each other. */
    draft->shifts[1].available = available;
    plan = case_plan_again(&night, STEPS);
    assert_int_equal(case_check(&night, plan, 1, NULL, 0), 0);
    assert_true(decision_of(plan, draft->containers[1].id)->served);
    assert_true(decision_of(plan, draft->containers[2].id)->served);
    kerb_plan_free(plan);
}

static void an_order_nobody_could_break_is_none(void **state) {
    (void)state;
    ki_draft *draft = &night.model->draft;
    stops[0].id = draft->containers[1].id;
    stops[1].id = draft->streets[0].id;
    set_order(2);
    kerb_plan_free(case_plan_again(&night, 10));
    assert_int_equal(night.model->sealed->n_sequences, 0);
    stops[1].id = draft->containers[5].id; /* forced out */
    kerb_plan_free(case_plan_again(&night, 10));
    assert_int_equal(night.model->sealed->n_sequences, 0);
    stops[1].id = draft->containers[2].id;
    kerb_plan_free(case_plan_again(&night, 10));
    assert_int_equal(night.model->sealed->n_sequences, 1);
}

static void what_is_wrong_with_a_sequence_is_said(void **state) {
    (void)state;
    kerb_error err = {0};
    ki_model *sealed;
    stops[0].id = "C01";
    stops[1].id = "C99";
    stops[2].id = "C01";
    set_order(3);
    assert_int_equal(
        ki_model_seal(&sealed, &night.model->draft, night.model->roads, NULL, NULL, NULL, &err),
        KERB_BAD_INPUT);
    assert_non_null(
        strstr(err.message, "sequence 0, field stops: C99, expected a known container or street"));
    assert_non_null(strstr(err.message, "sequence 0, field stops: C01 twice, expected each once"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_of_a_sequence_come_in_its_order),
        cmocka_unit_test(kerbs_come_in_the_order_asked_for),
        cmocka_unit_test(who_is_left_out_for_the_order_is_told),
        cmocka_unit_test(an_order_nobody_could_break_is_none),
        cmocka_unit_test(what_is_wrong_with_a_sequence_is_said),
    };
    return cmocka_run_group_tests(tests, make_night, free_night);
}
