/* SPDX-License-Identifier: GPL-3.0-or-later
 * haul_night.h - a night with hauls: one station T1 with room for 6 t of residual and 4 t there; a
 * truck brings two loads; haul trucks of 5 t; a plant P1. */
#ifndef KERB_TEST_HAUL_NIGHT_H
#define KERB_TEST_HAUL_NIGHT_H
#include "plan/plan_case.h"

#include <string.h>

enum { N_SITES = 6, N_SPOTS = N_SITES + 3, START_S = 1790000000, MINUTE_S = 60 };

static kerb_model *model;
static kerb_plan *plan;
static const kerb_break *haul_breaks; /* of every haul truck */
static size_t n_haul_breaks;
static int plant_is_away = 3; /* so many times as far as any other place */
static double station_fee, plant_cap_tonnes;
static const char *haul_follows; /* of the first haul shift */

static inline void set_district(void) {
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

static inline void add_sites(void) {
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

static inline void add_fleet(int n_hauls) {
    static const kerb_stream residual = KERB_STREAM_RESIDUAL;
    kerb_compartment small = {.streams = &residual, .n_streams = 1, .capacity_kg = 3000};
    kerb_compartment large = {.streams = &residual, .n_streams = 1, .capacity_kg = 5000};
    kerb_vehicle vehicles[3] = {{.id = "V1", .kind = "truck", .use = KERB_USE_TRUCK},
                                {.id = "H1", .kind = "haul", .use = KERB_USE_HAUL, .load_s = 1200},
                                {.id = "H2", .kind = "haul", .use = KERB_USE_HAUL, .load_s = 1200}};
    kerb_shift shifts[3] = {{.id = "R1", .vehicle_id = "V1"},
                            {.id = "R2", .vehicle_id = "H1"},
                            {.id = "R3", .vehicle_id = "H2"}};
    for (int at = 0; at < 3; at++) {
        vehicles[at].compartments = at ? &large : &small;
        vehicles[at].n_compartments = 1;
        vehicles[at].price_used = 50;
        vehicles[at].price_per_km = 2;
        vehicles[at].available = at <= n_hauls;
        shifts[at].start_depot = "D1";
        shifts[at].follows = at == 1 ? haul_follows : NULL;
        shifts[at].turnaround_s = at == 1 && haul_follows ? 900 : 0;
        shifts[at].start_s = START_S;
        shifts[at].end_s = START_S + 9 * 3600;
        shifts[at].pre_trip_s = 600;
        shifts[at].price_per_hour = 40;
        shifts[at].available = 1;
        shifts[at].breaks = at ? haul_breaks : NULL;
        shifts[at].n_breaks = at ? n_haul_breaks : 0;
    }
    assert_int_equal(kerb_model_add_vehicles(model, vehicles, 3, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_shifts(model, shifts, 3, NULL), KERB_OK);
}

static inline void add_places(double buffer_kg, int cleared) {
    kerb_gate station_gate = {.stream = KERB_STREAM_RESIDUAL,
                              .fee_per_tonne = station_fee,
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
                                    .cap_tonnes = plant_cap_tonnes,
                                    .bays = 1}};
    assert_int_equal(kerb_model_add_depots(model, &depot, 1, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_facilities(model, facilities, 2, NULL), KERB_OK);
}

/* Ten minutes and four kilometres between any two places, thirty to the plant: so collection does
 * not go there by itself. */
static inline void add_matrix(void) {
    static const char *const ids[] = {"S0", "S1", "S2", "S3", "S4", "S5", "D1", "T1", "P1"};
    int32_t time_ms[N_SPOTS * N_SPOTS], length_mm[N_SPOTS * N_SPOTS];
    for (int from = 0; from < N_SPOTS; from++)
        for (int to = 0; to < N_SPOTS; to++) {
            int far = from == N_SPOTS - 1 || to == N_SPOTS - 1 ? plant_is_away : 1;
            time_ms[from * N_SPOTS + to] = from == to ? 0 : far * 600000;
            length_mm[from * N_SPOTS + to] = from == to ? 0 : far * 4000000;
        }
    assert_int_equal(kerb_model_set_matrix(model, ids, N_SPOTS, time_ms, length_mm, NULL), KERB_OK);
}

static inline void make_night(double buffer_kg, int cleared, int n_hauls) {
    kerb_options options = {.seed = 1, .iterations = 400, .threads = 1};
    kerb_error err = {0};
    assert_int_equal(kerb_model_new(&model, NULL, NULL), KERB_OK);
    set_district();
    add_sites();
    add_fleet(n_hauls);
    add_places(buffer_kg, cleared);
    add_matrix();
    kerb_status status = kerb_model_seal(model, &options, &err);
    if (status == KERB_OK) status = kerb_plan_solve(&plan, model, &options, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
}

static inline void end_night(void) {
    kerb_plan_free(plan);
    kerb_model_free(model);
}

static inline size_t n_violations(char *first, size_t size) {
    ki_text report = {0};
    size_t n = 0;
    assert_int_equal(ki_plan_check(plan, model, &n, &report, NULL), KERB_OK);
    if (first) snprintf(first, size, "%s", report.bytes ? report.bytes : "");
    ki_text_free(&report);
    return n;
}

static inline ki_plan_route *haul_route(void) {
    for (int32_t at = 0; at < plan->n_routes; at++)
        if (plan->routes[at].use == KERB_USE_HAUL) return &plan->routes[at];
    return NULL;
}
#endif
