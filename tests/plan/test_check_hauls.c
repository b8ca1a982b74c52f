/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hauls in a plan: made from what collection brings, accepted by the checker, and refused where one
 * thing is changed. One station T1 with room for 6 t of residual and 4 t there; a truck brings two
 * loads; one haul truck of 5 t; a plant P1. */
#include "plan_case.h"

#include <string.h>

enum { N_SITES = 6, N_SPOTS = N_SITES + 3, START_S = 1790000000, MINUTE_S = 60 };

static kerb_model *model;
static kerb_plan *plan;

static void set_district(void) {
    kerb_district district = {.id = "d",
                              .currency = "EUR",
                              .zone = "UTC",
                              .service_day = "2026-09-21",
                              .as_of_s = START_S,
                              .night_start_s = START_S,
                              .night_end_s = START_S + 10 * 3600,
                              .must_ratio = 0.8,
                              .may_ratio = 0.5,
                              .price_unserved_must = 500};
    assert_int_equal(kerb_model_set_district(model, &district, NULL), KERB_OK);
}

static void add_sites(void) {
    static const char *const sites[] = {"S0", "S1", "S2", "S3", "S4", "S5"};
    static const char *const containers[] = {"C0", "C1", "C2", "C3", "C4", "C5"};
    for (int at = 0; at < N_SITES; at++) {
        kerb_site site = {.id = sites[at], .setup_s = 60};
        kerb_container container = {.id = containers[at],
                                    .site_id = sites[at],
                                    .stream = KERB_STREAM_RESIDUAL,
                                    .volume_l = 5000,
                                    .density_kg_per_l = 0.2,
                                    .service_s = 120,
                                    .last_emptied_s = START_S - 86400,
                                    .force = KERB_FORCE_FULL};
        assert_int_equal(kerb_model_add_sites(model, &site, 1, NULL), KERB_OK);
        assert_int_equal(kerb_model_add_containers(model, &container, 1, NULL), KERB_OK);
    }
}

static void add_fleet(int with_haul) {
    static const kerb_stream residual = KERB_STREAM_RESIDUAL;
    kerb_compartment small = {.streams = &residual, .n_streams = 1, .capacity_kg = 3000};
    kerb_compartment large = {.streams = &residual, .n_streams = 1, .capacity_kg = 5000};
    kerb_vehicle vehicles[2] = {{.id = "V1", .kind = "truck", .use = KERB_USE_TRUCK},
                                {.id = "H1", .kind = "haul", .use = KERB_USE_HAUL, .load_s = 1200}};
    kerb_shift shifts[2] = {{.id = "R1", .vehicle_id = "V1"}, {.id = "R2", .vehicle_id = "H1"}};
    for (int at = 0; at < 2; at++) {
        vehicles[at].compartments = at ? &large : &small;
        vehicles[at].n_compartments = 1;
        vehicles[at].price_used = 50;
        vehicles[at].price_per_km = 2;
        vehicles[at].available = at == 0 || with_haul;
        shifts[at].start_depot = "D1";
        shifts[at].start_s = START_S;
        shifts[at].end_s = START_S + 9 * 3600;
        shifts[at].pre_trip_s = 600;
        shifts[at].price_per_hour = 40;
        shifts[at].available = 1;
    }
    assert_int_equal(kerb_model_add_vehicles(model, vehicles, 2, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_shifts(model, shifts, 2, NULL), KERB_OK);
}

static void add_places(double buffer_kg, int cleared) {
    kerb_gate station_gate = {.stream = KERB_STREAM_RESIDUAL,
                              .stock_kg = 4000,
                              .buffer_kg = buffer_kg,
                              .cleared = cleared};
    kerb_gate plant_gate = {.stream = KERB_STREAM_RESIDUAL, .fee_per_tonne = 30};
    kerb_depot depot = {.id = "D1"};
    kerb_facility facilities[2] = {{.id = "T1",
                                    .kind = KERB_FACILITY_TRANSFER_STATION,
                                    .gates = &station_gate,
                                    .n_gates = 1,
                                    .unload_s = 600},
                                   {.id = "P1",
                                    .kind = KERB_FACILITY_PLANT,
                                    .gates = &plant_gate,
                                    .n_gates = 1,
                                    .unload_s = 300,
                                    .unload_s_per_tonne = 60,
                                    .bays = 1}};
    assert_int_equal(kerb_model_add_depots(model, &depot, 1, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_facilities(model, facilities, 2, NULL), KERB_OK);
}

/* Ten minutes and four kilometres between any two places, twenty to the plant: so collection does
 * not go there by itself. */
static void add_matrix(void) {
    static const char *const ids[] = {"S0", "S1", "S2", "S3", "S4", "S5", "D1", "T1", "P1"};
    int32_t time_ms[N_SPOTS * N_SPOTS], length_mm[N_SPOTS * N_SPOTS];
    for (int from = 0; from < N_SPOTS; from++)
        for (int to = 0; to < N_SPOTS; to++) {
            int far = from == N_SPOTS - 1 || to == N_SPOTS - 1 ? 3 : 1;
            time_ms[from * N_SPOTS + to] = from == to ? 0 : far * 600000;
            length_mm[from * N_SPOTS + to] = from == to ? 0 : far * 4000000;
        }
    assert_int_equal(kerb_model_set_matrix(model, ids, N_SPOTS, time_ms, length_mm, NULL), KERB_OK);
}

static void make_night(double buffer_kg, int cleared, int with_haul) {
    kerb_options options = {.seed = 1, .iterations = 400, .threads = 1};
    kerb_error err = {0};
    assert_int_equal(kerb_model_new(&model, NULL, NULL), KERB_OK);
    set_district();
    add_sites();
    add_fleet(with_haul);
    add_places(buffer_kg, cleared);
    add_matrix();
    kerb_status status = kerb_model_seal(model, &options, &err);
    if (status == KERB_OK) status = kerb_plan_solve(&plan, model, &options, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
}

static void end_night(void) {
    kerb_plan_free(plan);
    kerb_model_free(model);
}

static size_t n_violations(char *first, size_t size) {
    ki_text report = {0};
    size_t n = 0;
    assert_int_equal(ki_plan_check(plan, model, &n, &report, NULL), KERB_OK);
    if (first) snprintf(first, size, "%s", report.bytes ? report.bytes : "");
    ki_text_free(&report);
    return n;
}

static ki_plan_route *haul_route(void) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        if (plan->routes[at].use == KERB_USE_HAUL) return &plan->routes[at];
    return NULL;
}

static void hauls_keep_the_station_below_its_buffer(void **state) {
    (void)state;
    make_night(6000, 0, 1);
    assert_int_equal(plan->n_piles, 1);
    const ki_plan_pile *pile = &plan->piles[0];
    assert_string_equal(pile->facility, "T1");
    assert_int_equal(pile->opening_g, 4000000);
    assert_int_equal(pile->inflow_g, 6000000);
    assert_int_equal(pile->opening_g + pile->inflow_g, pile->hauled_g + pile->closing_g);
    assert_true(pile->peak_g <= 6000000);
    assert_string_equal(pile->reason, "");
    assert_non_null(haul_route());
    assert_string_equal(plan->hauls.method, "program");
    assert_true(plan->hauls.bound_nano <= plan->hauls.cost_nano);
    assert_int_equal(n_violations(NULL, 0), 0);
    end_night();
}

static void a_station_to_be_cleared_is_empty_in_the_morning(void **state) {
    (void)state;
    make_night(0, 1, 1);
    assert_int_equal(plan->piles[0].closing_g, 0);
    assert_int_equal(plan->piles[0].hauled_g, 10000000);
    assert_int_equal(haul_route()->n_trips, 2); /* two loads of 5 t */
    end_night();
}

static void without_a_haul_truck_the_plan_says_by_how_much_and_why(void **state) {
    (void)state;
    make_night(6000, 0, 0);
    assert_null(haul_route());
    assert_string_equal(plan->piles[0].reason, "over_buffer");
    assert_non_null(strstr(plan->piles[0].text, "4.000 t above its buffer of 6.000 t"));
    assert_non_null(strstr(plan->piles[0].text, "no haul truck"));
    assert_true(plan->degraded);
    char *text;
    assert_int_equal(kerb_plan_summary(plan, 0, &text, NULL), KERB_OK);
    assert_non_null(strstr(text, "1 pile at transfer stations too high"));
    kerb_buffer_free(text);
    end_night();
}

/* ---- one thing changed ----------------------------------------------------------------------- */

static ki_plan_stop *stop_of(ki_stop_kind kind) {
    ki_plan_route *route = haul_route();
    for (int32_t at = 0; at < route->n_stops; at++)
        if (route->stops[at].kind == kind) return &route->stops[at];
    return NULL;
}

static void heavier(void) {
    stop_of(KI_STOP_LOAD)->mass_g++;
}
static void emptier(void) {
    stop_of(KI_STOP_LOAD)->mass_g = 0;
}
static void half_full(void) {
    stop_of(KI_STOP_LOAD)->mass_g /= 2;
    stop_of(KI_STOP_LOAD)->loads[0].mass_g /= 2;
    stop_of(KI_STOP_TIP)->mass_g /= 2;
}
static void other_stream(void) {
    stop_of(KI_STOP_LOAD)->stream = KERB_STREAM_FOOD;
}
static void other_station(void) {
    stop_of(KI_STOP_LOAD)->id = "P1";
}
static void to_the_station(void) {
    stop_of(KI_STOP_TIP)->id = "T1";
}
static void off_the_slot(void) {
    ki_plan_stop *tip = stop_of(KI_STOP_TIP);
    tip->start_ms += 1000, tip->earliest_ms += 1000, tip->latest_ms += 1000, tip->end_ms += 1000;
}
static void quicker_unloading(void) {
    stop_of(KI_STOP_TIP)->end_ms -= 1000;
}
static void quicker_loading(void) {
    stop_of(KI_STOP_LOAD)->end_ms -= 1000;
}
static void quicker_drive(void) {
    stop_of(KI_STOP_TIP)->leg.time_ms -= 1000;
}
static void cheaper_gate(void) {
    stop_of(KI_STOP_TIP)->fee_nano--;
}
static void higher_peak(void) {
    plan->piles[0].peak_g++;
}
static void other_peak_time(void) {
    plan->piles[0].peak_ms++;
}
static void lost_gram(void) {
    plan->piles[0].closing_g--;
}
static void less_hauled(void) {
    plan->piles[0].hauled_g--;
}
static void less_brought(void) {
    plan->piles[0].inflow_g--;
}
static void other_opening(void) {
    plan->piles[0].opening_g++;
}
static void larger_buffer(void) {
    plan->piles[0].buffer_g++;
}
static void excuse(void) {
    plan->piles[0].reason = "over_buffer";
}
static void no_pile(void) {
    plan->n_piles = 0;
}
static void no_haul(void) {
    plan->n_routes--;
}
static void cheaper_hauls(void) {
    plan->hauls.cost_nano--;
}
static void bound_too_high(void) {
    plan->hauls.bound_nano = plan->hauls.cost_nano + 1;
}
static void other_slot(void) {
    plan->hauls.slot_ms = 0;
}

static void every_single_change_is_refused(void **state) {
    (void)state;
    static const struct {
        void (*change)(void);
        const char *said;
    } cases[] = {{heavier, "hauled (g)"},
                 {emptier, "loads nothing"},
                 {half_full, "not full, though"},
                 {other_stream, "no compartment for food"},
                 {other_station, "of which nothing is said to lie there"},
                 {to_the_station, "neither a plant nor a dump"},
                 {off_the_slot, "expected a multiple of"},
                 {quicker_unloading, "end (ms)"},
                 {quicker_loading, "end (ms)"},
                 {quicker_drive, "time (ms)"},
                 {cheaper_gate, "fee"},
                 {higher_peak, "most that lies there (g)"},
                 {other_peak_time, "when most lies there (ms)"},
                 {lost_gram, "closing stock (g)"},
                 {less_hauled, "hauled (g)"},
                 {less_brought, "brought (g)"},
                 {other_opening, "opening stock (g)"},
                 {larger_buffer, "buffer (g)"},
                 {excuse, "reason of a pile"},
                 {no_pile, "number of piles"},
                 {no_haul, "most that lies there (g)"},
                 {cheaper_hauls, "cost of hauls (nano)"},
                 {bound_too_high, "bound of hauls"},
                 {other_slot, "expected a multiple of"}};
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char report[8192];
        make_night(6000, 0, 1);
        cases[at].change();
        assert_true(n_violations(report, sizeof report) > 0);
        if (!strstr(report, cases[at].said))
            print_error("case %zu, expected '%s':\n%s\n", at, cases[at].said, report);
        assert_non_null(strstr(report, cases[at].said));
        end_night();
    }
}

static void the_message_holds_the_piles(void **state) {
    (void)state;
    uint8_t *bytes;
    size_t n_bytes;
    kerb_plan *read;
    make_night(6000, 0, 1);
    assert_int_equal(kerb_plan_pack(plan, &bytes, &n_bytes, NULL), KERB_OK);
    assert_int_equal(kerb_plan_unpack(&read, bytes, n_bytes, NULL), KERB_OK);
    kerb_plan *made = plan;
    plan = read;
    assert_int_equal(n_violations(NULL, 0), 0);
    assert_int_equal(read->piles[0].peak_g, made->piles[0].peak_g);
    assert_string_equal(read->hauls.method, made->hauls.method);
    plan = made;
    kerb_buffer_free(bytes);
    kerb_plan_free(read);
    end_night();
}

static void a_replanned_night_leaves_the_hauls_as_they_are(void **state) {
    (void)state;
    kerb_model *after;
    kerb_plan *again;
    char *text;
    kerb_options options = {.seed = 1, .iterations = 200, .threads = 1};
    kerb_error err = {0};
    make_night(6000, 0, 1);
    kerb_event event = {.kind = KERB_EVENT_DONE, .id = plan->routes[0].stops[1].id};
    assert_int_equal(kerb_model_after(&after, model, plan, &event, 1, START_S + 3600, &err),
                     KERB_OK);
    assert_int_equal(kerb_model_seal(after, &options, &err), KERB_OK);
    assert_int_equal(kerb_plan_replan(&again, after, plan, &options, &err), KERB_OK);
    assert_int_equal(again->n_piles, 0);
    assert_int_equal(kerb_plan_difference(plan, again, after, &text, NULL), KERB_OK);
    assert_null(strstr(text, "R2"));
    kerb_buffer_free(text);
    kerb_plan_free(again);
    kerb_model_free(after);
    end_night();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hauls_keep_the_station_below_its_buffer),
        cmocka_unit_test(a_station_to_be_cleared_is_empty_in_the_morning),
        cmocka_unit_test(without_a_haul_truck_the_plan_says_by_how_much_and_why),
        cmocka_unit_test(every_single_change_is_refused),
        cmocka_unit_test(the_message_holds_the_piles),
        cmocka_unit_test(a_replanned_night_leaves_the_hauls_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
