/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hauls in a night under way: those that are past count, those that can stay do, and the masses of
 * both plans together are those of the night. */
#include "plan/haul_night.h"

#include "base/rng.h"

enum { NIGHT_MINUTES = 560 };

static kerb_model *after;
static kerb_plan *again;
static const kerb_options options = {.seed = 1, .iterations = 100, .threads = 1};

static void replan(const kerb_event *events, size_t n_events, int minute) {
    kerb_error err = {0};
    kerb_status status =
        kerb_model_after(&after, model, plan, events, n_events, START_S + minute * MINUTE_S, &err);
    if (status == KERB_OK) status = kerb_model_seal(after, &options, &err);
    if (status == KERB_OK) status = kerb_plan_replan(&again, after, plan, &options, &err);
    if (status != KERB_OK) print_error("minute %d: %s\n", minute, err.message);
    assert_int_equal(status, KERB_OK);
    ki_text report = {0};
    size_t n = 0;
    assert_int_equal(ki_plan_check(again, after, &n, &report, NULL), KERB_OK);
    if (n) print_error("minute %d: %s\n", minute, report.bytes);
    assert_int_equal(n, 0);
    ki_text_free(&report);
}

static void end_replan(void) {
    kerb_plan_free(again);
    kerb_model_free(after);
}

typedef struct haul {
    const char *shift, *station, *plant;
    int32_t load_ms, tip_ms;
    int64_t mass_g;
} haul;

static int list_hauls(const kerb_plan *of, haul *hauls) {
    int n = 0;
    for (int32_t route = 0; route < of->n_routes; route++)
        for (int32_t at = 0; at + 1 < of->routes[route].n_stops; at++) {
            const ki_plan_stop *load = &of->routes[route].stops[at];
            if (load->kind != KI_STOP_LOAD) continue;
            hauls[n++] = (haul){of->routes[route].shift, load->id,         load[1].id,
                                load->start_ms,          load[1].start_ms, load->mass_g};
        }
    return n;
}

static int64_t hauled_g(const kerb_plan *of) {
    haul hauls[16];
    int64_t sum_g = 0;
    for (int at = list_hauls(of, hauls) - 1; at >= 0; at--)
        sum_g += hauls[at].mass_g;
    return sum_g;
}

/* Of the tips of collection: how many are at that facility. */
static int n_tips_at(const kerb_plan *of, const char *facility) {
    int n = 0;
    for (int32_t route = 0; route < of->n_routes; route++)
        for (int32_t at = 0; at < of->routes[route].n_stops; at++)
            n += of->routes[route].use != KERB_USE_HAUL &&
                 of->routes[route].stops[at].kind == KI_STOP_TIP &&
                 strcmp(of->routes[route].stops[at].id, facility) == 0;
    return n;
}

static int is_among(const haul *which, const haul *hauls, int n) {
    for (int at = 0; at < n; at++)
        if (strcmp(hauls[at].shift, which->shift) == 0 && hauls[at].load_ms == which->load_ms &&
            hauls[at].tip_ms == which->tip_ms && hauls[at].mass_g == which->mass_g)
            return 1;
    return 0;
}

/* What both nights leave at the station, and how much of the old one's hauls the new one counts. */
static void masses_are_kept(void) {
    assert_int_equal(again->n_piles, 1);
    const ki_plan_pile *then = &plan->piles[0], *now = &again->piles[0];
    int64_t past_g = then->opening_g + then->inflow_g - now->opening_g - now->inflow_g;
    assert_int_equal(now->opening_g + now->inflow_g - now->hauled_g, now->closing_g);
    assert_true(past_g >= 0 && past_g <= hauled_g(plan));
}

static int is_break_among(const ki_plan_break *which, const kerb_plan *of, const char *shift) {
    for (int32_t route = 0; route < of->n_routes; route++)
        for (int32_t at = 0; at < of->routes[route].n_breaks; at++) {
            const ki_plan_break *pause = &of->routes[route].breaks[at];
            int same = pause->start_ms - which->start_ms < 1000 &&
                       which->start_ms - pause->start_ms < 1000; /* trucks are out by seconds */
            if (same && strcmp(of->routes[route].shift, shift) == 0) return 1;
        }
    return 0;
}

/* What a truck has loaded, or is about to, is tipped, with the breaks until then. */
static int is_to_come(const ki_plan_route *route, int32_t number, int minute) {
    int32_t stop = route->breaks[number].after_stop;
    if (route->stops[stop].kind == KI_STOP_TIP) stop--;
    return route->stops[stop].start_ms > (minute + 31) * 60000;
}

/* Breaks that have begun are taken: the new plan has the others, where they were, and no more. */
static void breaks_are_kept(int minute) {
    for (int32_t route = 0; route < again->n_routes; route++)
        for (int32_t at = 0; at < again->routes[route].n_breaks; at++)
            assert_true(
                is_break_among(&again->routes[route].breaks[at], plan, again->routes[route].shift));
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_breaks; at++)
            if (is_to_come(&plan->routes[route], at, minute))
                assert_true(is_break_among(&plan->routes[route].breaks[at], again,
                                           plan->routes[route].shift));
}

static void nothing_happens_to_a_night(void) {
    for (int cleared = 0; cleared < 2; cleared++) {
        make_night(cleared ? 0 : 6000, cleared, 2);
        haul old[16], new[16];
        int n_old = list_hauls(plan, old), n_before = n_old;
        for (int minute = 0; minute < NIGHT_MINUTES; minute += 7) {
            replan(NULL, 0, minute);
            int n_new = list_hauls(again, new);
            for (int at = 0; at < n_new; at++)
                assert_true(is_among(&new[at], old, n_old));
            assert_true(n_new <= n_before);    /* what is past stays past */
            for (int at = 0; at < n_old; at++) /* and nothing that could still be changed is lost */
                if (old[at].load_ms > (minute + 31) * 60000)
                    assert_true(is_among(&old[at], new, n_new));
            n_before = n_new;
            masses_are_kept();
            breaks_are_kept(minute);
            assert_int_equal(again->piles[0].closing_g, plan->piles[0].closing_g);
            end_replan();
        }
        end_night();
    }
}

static void where_nothing_happened_every_haul_to_come_stays(void **state) {
    (void)state;
    nothing_happens_to_a_night();
}

/* Its hauls may begin a slot later where its first shift, on whole seconds now, is back later. */
static void who_collects_first_still_hauls_what_was_planned(void **state) {
    (void)state;
    haul_follows = "R1";
    make_night(0, 1, 1);
    for (int minute = 0; minute < NIGHT_MINUTES; minute += 7) {
        replan(NULL, 0, minute);
        masses_are_kept();
        assert_int_equal(again->piles[0].closing_g, 0);
        end_replan();
    }
    end_night();
    haul_follows = NULL;
}

static void a_truck_that_broke_down_while_it_collected_does_not_haul(void **state) {
    (void)state;
    kerb_event down = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "V1"};
    haul_follows = "R1";
    make_night(0, 1, 1);
    assert_true(hauled_g(plan) > 0);
    replan(&down, 1, 10);
    assert_int_equal(hauled_g(again), 0);
    assert_string_equal(again->piles[0].reason, "not_cleared");
    end_replan();
    end_night();
    haul_follows = NULL;
}

static void where_nothing_happened_every_break_of_a_haul_truck_stays(void **state) {
    (void)state;
    const kerb_break work = {.duration_s = 1800, .after_work_s = 5400};
    const kerb_window window = {START_S + 100 * MINUTE_S, START_S + 200 * MINUTE_S};
    const kerb_break clock = {.duration_s = 1200, .windows = &window, .n_windows = 1};
    const kerb_break both[] = {clock, work};
    const kerb_break *const sets[] = {&work, &clock, both};
    for (int set = 0; set < 3; set++) {
        haul_breaks = sets[set];
        n_haul_breaks = set < 2 ? 1 : 2;
        nothing_happens_to_a_night();
    }
    haul_breaks = NULL;
    n_haul_breaks = 0;
}

static void a_break_that_a_haul_truck_has_taken_is_not_taken_again(void **state) {
    (void)state;
    const kerb_break work = {.duration_s = 1800, .after_work_s = 7200};
    haul_breaks = &work;
    n_haul_breaks = 1;
    make_night(0, 1, 1);
    assert_int_equal(haul_route()->n_breaks, 1);
    replan(NULL, 0, haul_route()->breaks[0].end_ms / 60000 + 1);
    for (int32_t route = 0; route < again->n_routes; route++)
        assert_int_equal(again->routes[route].n_breaks, 0);
    const kerb_shift *shift = &after->draft.shifts[1];
    assert_string_equal(shift->id, "R2");
    assert_true(shift->under_way);
    assert_int_equal(shift->n_breaks, 0);
    end_replan();
    end_night();
    haul_breaks = NULL;
    n_haul_breaks = 0;
}

static void another_truck_takes_over_from_one_that_broke_down(void **state) {
    (void)state;
    make_night(6000, 0, 2);
    kerb_event down = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = haul_route()->vehicle};
    replan(&down, 1, 0);
    assert_true(hauled_g(again) > 0);
    assert_string_equal(again->piles[0].reason, "");
    haul hauls[16];
    for (int at = list_hauls(again, hauls) - 1; at >= 0; at--)
        assert_string_not_equal(hauls[at].shift, haul_route()->shift);
    char *text, line[64];
    snprintf(line, sizeof line, "no haul   %s: T1", haul_route()->shift);
    assert_int_equal(kerb_plan_difference(plan, again, after, &text, NULL), KERB_OK);
    assert_non_null(strstr(text, line));
    assert_non_null(strstr(text, "\nhaul      "));
    kerb_buffer_free(text);
    end_replan();
    end_night();
}

static void with_the_last_truck_down_collection_goes_to_the_plant(void **state) {
    (void)state;
    make_night(6000, 0, 1);
    assert_true(n_tips_at(plan, "T1") > 0);
    kerb_event down = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "H1"};
    replan(&down, 1, 0);
    assert_int_equal(hauled_g(again), 0);
    assert_int_equal(n_tips_at(again, "T1"), 0);
    assert_string_equal(again->piles[0].reason, "");
    end_replan();
    end_night();
}

/* Where the truck cannot go to the plant twice. */
static void the_last_truck_down_leaves_the_pile_too_high_and_says_so(void **state) {
    (void)state;
    plant_is_away = 18;
    make_night(6000, 0, 1);
    plant_is_away = 3;
    assert_string_equal(plan->piles[0].reason, "");
    kerb_event down = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "H1"};
    replan(&down, 1, 0);
    assert_int_equal(hauled_g(again), 0);
    assert_string_equal(again->piles[0].reason, "over_buffer");
    end_replan();
    end_night();
}

static void with_the_last_collection_truck_down_all_is_left_out_and_hauls_go_on(void **state) {
    (void)state;
    make_night(0, 1, 1);
    kerb_event down = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "V1"};
    replan(&down, 1, 10);
    assert_int_equal(again->piles[0].closing_g, 0);
    assert_true(hauled_g(again) > 0);
    assert_int_equal(again->n_decisions, N_SITES);
    for (int32_t at = 0; at < again->n_decisions; at++)
        assert_string_equal(again->decisions[at].reason, "no_vehicle");
    end_replan();
    end_night();
}

static int has_note(const kerb_plan *of, const char *words) {
    for (int32_t at = 0; at < of->n_notes; at++)
        if (strstr(of->notes[at].text, words)) return 1;
    return 0;
}

/* Loaded, and nowhere to go: the dispatcher must know. */
static void a_load_for_a_plant_that_shuts_waits_for_orders(void **state) {
    (void)state;
    make_night(6000, 0, 1);
    haul first[16];
    assert_true(list_hauls(plan, first) > 0);
    int loading = first[0].load_ms / 60000 + 5;
    kerb_event shut = {.kind = KERB_EVENT_FACILITY_SHUT, .id = "P1"};
    replan(&shut, 1, loading);
    assert_true(has_note(again, "haul truck H1 has 4.000 t of residual from T1 on board"));
    assert_int_equal(hauled_g(again), 0);
    assert_int_equal(first[0].mass_g, 4000000);
    assert_true(again->piles[0].opening_g <= 3000000); /* one load of collection at most */
    end_replan();
    end_night();
}

static void what_is_weighed_at_the_plant_is_what_was_taken(void **state) {
    (void)state;
    make_night(6000, 0, 1);
    haul first[16];
    assert_true(list_hauls(plan, first) > 0);
    kerb_event loaded = {.kind = KERB_EVENT_DONE,
                         .id = "T1",
                         .vehicle = "H1",
                         .mass_kg = 4321.5,
                         .end_s = START_S + first[0].load_ms / 1000 + 1200};
    replan(&loaded, 1, first[0].tip_ms / 60000 + 10);
    int64_t there_g = again->piles[0].opening_g + again->piles[0].inflow_g;
    assert_int_equal(there_g, 10000000 - 4321500);
    end_replan();
    end_night();
}

static kerb_event random_event(ki_rng *rng) {
    static const char *const places[] = {"T1", "P1"}, *const vehicles[] = {"H1", "V1"};
    kerb_event event = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = vehicles[ki_rng_below(rng, 2)]};
    if (ki_rng_below(rng, 3)) return event;
    event = (kerb_event){.kind = KERB_EVENT_FACILITY_SHUT, .id = places[ki_rng_below(rng, 2)]};
    if (ki_rng_below(rng, 2)) return event;
    event.start_s = START_S + (int64_t)ki_rng_below(rng, NIGHT_MINUTES) * MINUTE_S;
    event.end_s = event.start_s + 3600;
    return event;
}

static void meet_events_at_any_time(uint64_t seed) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 0);
    make_night(6000, 0, 2);
    for (int turn = 0; turn < 60; turn++) {
        kerb_event events[2] = {random_event(&rng), random_event(&rng)};
        replan(events, 1 + (size_t)ki_rng_below(&rng, 2), (int)ki_rng_below(&rng, NIGHT_MINUTES));
        const ki_plan_pile *pile = &again->piles[0]; /* a truck down brings less */
        assert_int_equal(pile->opening_g + pile->inflow_g - pile->hauled_g, pile->closing_g);
        end_replan();
    }
    end_night();
}

/* No haul truck at all: that is why the first plan tips elsewhere, and why the next must, too. */
static void tips_moved_away_from_a_full_station_stay_away(void **state) {
    (void)state;
    make_night(6000, 0, 0);
    assert_true(n_tips_at(plan, "P1") > 0);
    assert_string_equal(plan->piles[0].reason, "");
    for (int minute = 0; minute < NIGHT_MINUTES; minute += 5) {
        replan(NULL, 0, minute);
        assert_int_equal(n_tips_at(again, "T1"), 0);
        assert_true(n_tips_at(again, "P1") <= n_tips_at(plan, "P1"));
        assert_string_equal(again->piles[0].reason, "");
        end_replan();
    }
    end_night();
}

/* So that the search runs, which knows nothing of piles. */
static void after_an_event_tips_stay_away_from_a_full_station(void **state) {
    (void)state;
    make_night(6000, 0, 0);
    for (int minute = 0; minute < NIGHT_MINUTES; minute += 5) {
        kerb_event event = {.kind = KERB_EVENT_VEHICLE_DOWN, .vehicle = "H2"};
        replan(&event, 1, minute);
        assert_int_equal(n_tips_at(again, "T1"), 0);
        assert_string_equal(again->piles[0].reason, "");
        end_replan();
    }
    end_night();
}

static void any_event_at_any_time_leaves_a_sound_plan(void **state) {
    (void)state;
    meet_events_at_any_time(11);
    const kerb_break work = {.duration_s = 1800, .after_work_s = 6000};
    haul_breaks = &work;
    n_haul_breaks = 1;
    meet_events_at_any_time(12);
    n_haul_breaks = 0;
}

static void replan_again_and_again(void) {
    make_night(0, 1, 2);
    int64_t there_g = plan->piles[0].opening_g + plan->piles[0].inflow_g, gone_g = 0;
    for (int minute = 20; minute < NIGHT_MINUTES; minute += 45) {
        int64_t before_g = hauled_g(plan);
        replan(NULL, 0, minute);
        gone_g += before_g - hauled_g(again);
        kerb_plan_free(plan);
        kerb_model_free(model);
        plan = again;
        model = after;
        assert_int_equal(plan->piles[0].opening_g + plan->piles[0].inflow_g + gone_g, there_g);
        assert_int_equal(plan->piles[0].closing_g, 0);
    }
    end_night();
}

/* Of a plan that was itself made in mid-night. */
static void a_night_is_replanned_again_and_again(void **state) {
    (void)state;
    replan_again_and_again();
    const kerb_break work = {.duration_s = 1800, .after_work_s = 6000};
    haul_breaks = &work;
    n_haul_breaks = 1;
    replan_again_and_again();
    n_haul_breaks = 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_happened_every_haul_to_come_stays),
        cmocka_unit_test(who_collects_first_still_hauls_what_was_planned),
        cmocka_unit_test(a_truck_that_broke_down_while_it_collected_does_not_haul),
        cmocka_unit_test(where_nothing_happened_every_break_of_a_haul_truck_stays),
        cmocka_unit_test(a_break_that_a_haul_truck_has_taken_is_not_taken_again),
        cmocka_unit_test(another_truck_takes_over_from_one_that_broke_down),
        cmocka_unit_test(with_the_last_truck_down_collection_goes_to_the_plant),
        cmocka_unit_test(the_last_truck_down_leaves_the_pile_too_high_and_says_so),
        cmocka_unit_test(with_the_last_collection_truck_down_all_is_left_out_and_hauls_go_on),
        cmocka_unit_test(a_load_for_a_plant_that_shuts_waits_for_orders),
        cmocka_unit_test(what_is_weighed_at_the_plant_is_what_was_taken),
        cmocka_unit_test(tips_moved_away_from_a_full_station_stay_away),
        cmocka_unit_test(after_an_event_tips_stay_away_from_a_full_station),
        cmocka_unit_test(any_event_at_any_time_leaves_a_sound_plan),
        cmocka_unit_test(a_night_is_replanned_again_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
