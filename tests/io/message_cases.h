/* SPDX-License-Identifier: GPL-3.0-or-later
 * message_cases.h - seeded random problems and plans for the tests of messages: every member of
 * every struct gets a value, absent ones included. */
#ifndef MESSAGE_CASES_H
#define MESSAGE_CASES_H
#include "base/alloc.h"
#include "base/rng.h"
#include "io/messages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static inline double case_number(ki_rng *rng, double high) {
    return ki_rng_below(rng, 4) ? ki_rng_unit(rng) * high : 0;
}

static inline int64_t case_integer(ki_rng *rng) {
    if (ki_rng_below(rng, 4) == 0) return 0;
    return (int64_t)(ki_rng_next(rng) >> (1 + ki_rng_below(rng, 50))) *
           (ki_rng_below(rng, 2) ? 1 : -1);
}

static inline int32_t case_int32(ki_rng *rng) {
    return (int32_t)case_integer(rng);
}

static inline int64_t case_instant(ki_rng *rng) {
    return 1700000000 + (int64_t)ki_rng_below(rng, 100000000);
}

static inline int64_t case_instant_or_none(ki_rng *rng) {
    return ki_rng_below(rng, 3) ? case_instant(rng) : KERB_NO_TIME;
}

static inline double case_measure(ki_rng *rng) {
    return ki_rng_below(rng, 3) ? case_number(rng, 2) : NAN;
}

static inline int case_enum(ki_rng *rng, int last) {
    return (int)ki_rng_below(rng, (uint32_t)last + 1);
}

/* Texts live in static storage: nothing to free, nothing shared with the copy under test. */
static inline const char *case_text(ki_rng *rng) {
    static const char *const texts[] = {
        "", "x", "Järntorget", "上海市", "a \"quoted\"\\\n line", "\xf0\x9f\x9a\x9b truck"};
    return texts[ki_rng_below(rng, sizeof texts / sizeof *texts)];
}

static inline const char *case_id(ki_rng *rng) {
    static char ids[64][16];
    static unsigned next;
    char *id = ids[next++ % 64];
    snprintf(id, sizeof ids[0], "id-%u", ki_rng_below(rng, 100000));
    return id;
}

static const kerb_label case_labels[] = {{"depot code", "A-7"}, {"", ""}, {"负责人", "王"}};
#define CASE_LABELS(rng) .labels = case_labels, .n_labels = ki_rng_below(rng, 4)

/* ---- a problem ------------------------------------------------------------------------------- */

enum { CASE_MOST = 4 };

static inline size_t case_windows(ki_rng *rng, kerb_window windows[CASE_MOST]) {
    size_t n = ki_rng_below(rng, CASE_MOST);
    for (size_t k = 0; k < n; k++) {
        windows[k].start_s = case_instant(rng);
        windows[k].end_s = windows[k].start_s + ki_rng_below(rng, 90000);
    }
    return n;
}

static inline kerb_status case_add_sites(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_window windows[CASE_MOST];
    kerb_site site = {.id = case_id(rng),
                      .name = case_text(rng),
                      .zone = case_text(rng),
                      .lat_deg = case_number(rng, 90),
                      .lon_deg = -case_number(rng, 180),
                      .approach = (kerb_approach)case_enum(rng, KERB_APPROACH_EITHER),
                      .setup_s = case_number(rng, 600),
                      .walk_m = case_number(rng, 50),
                      .windows = windows,
                      .n_windows = case_windows(rng, windows),
                      CASE_LABELS(rng)};
    if (ki_rng_below(rng, 4) == 0) site.name = NULL;
    static const kerb_daily_span open[] = {{1, 2}, {420, 1440}};
    kerb_container container = {.id = case_id(rng),
                                .site_id = site.id,
                                .stream = (kerb_stream)case_enum(rng, KERB_N_STREAMS - 1),
                                .volume_l = case_number(rng, 5000),
                                .density_kg_per_l = case_number(rng, 1),
                                .service_s = case_number(rng, 300),
                                .last_emptied_s = case_instant_or_none(rng),
                                .max_interval_days = case_number(rng, 30),
                                .swapped = case_enum(rng, 1),
                                .drop_off = open,
                                .n_drop_off = ki_rng_below(rng, 3),
                                .force = (kerb_force)case_enum(rng, KERB_FORCE_OUT),
                                CASE_LABELS(rng)};
    kerb_report report = {.container_id = container.id,
                          .measured_s = case_instant(rng),
                          .received_s = case_instant_or_none(rng),
                          .fill_ratio = case_measure(rng),
                          .mass_kg = case_measure(rng),
                          .trust_ratio = case_number(rng, 1),
                          .source = ki_rng_below(rng, 2) ? case_text(rng) : NULL,
                          .alarm = ki_rng_below(rng, 2) ? case_text(rng) : NULL,
                          .record = ki_rng_below(rng, 1000),
                          CASE_LABELS(rng)};
    kerb_status status = kerb_model_add_sites(model, &site, 1, err);
    if (status == KERB_OK) status = kerb_model_add_containers(model, &container, 1, err);
    if (status == KERB_OK) status = kerb_model_add_reports(model, &report, 1, err);
    return status;
}

static inline kerb_status case_add_streets(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_window windows[CASE_MOST];
    kerb_street street = {.id = case_id(rng),
                          .name = case_text(rng),
                          .zone = case_text(rng),
                          .way_id = case_integer(rng),
                          .from_node = case_integer(rng),
                          .to_node = case_integer(rng),
                          .side = (kerb_side)case_enum(rng, KERB_SIDE_CENTRE),
                          .passes = (int32_t)ki_rng_below(rng, 4),
                          .width_m = case_number(rng, 4),
                          .debris_kg_per_m = case_number(rng, 2),
                          .water_l_per_m = case_number(rng, 2),
                          .grade = (int32_t)ki_rng_below(rng, 5),
                          .last_swept_s = case_instant_or_none(rng),
                          .force = (kerb_force)case_enum(rng, KERB_FORCE_OUT),
                          .windows = windows,
                          .n_windows = case_windows(rng, windows),
                          CASE_LABELS(rng)};
    kerb_closure closure = {.way_id = case_integer(rng),
                            .from_node = case_integer(rng),
                            .to_node = case_integer(rng),
                            .note = case_text(rng),
                            CASE_LABELS(rng)};
    kerb_status status = kerb_model_add_streets(model, &street, 1, err);
    if (status == KERB_OK) status = kerb_model_add_closures(model, &closure, 1, err);
    if (status == KERB_OK) status = kerb_model_add_note(model, case_text(rng), case_text(rng), err);
    return status;
}

static inline kerb_status case_add_fleet(kerb_model *model, ki_rng *rng, kerb_error *err) {
    const kerb_stream streams[] = {KERB_STREAM_FOOD, KERB_STREAM_RESIDUAL, KERB_STREAM_SWEEPINGS};
    kerb_compartment compartments[CASE_MOST];
    double loads[CASE_MOST];
    size_t n = ki_rng_below(rng, CASE_MOST);
    for (size_t k = 0; k < n; k++) {
        compartments[k] = (kerb_compartment){.streams = streams,
                                             .n_streams = ki_rng_below(rng, 4),
                                             .capacity_kg = case_number(rng, 9000),
                                             .capacity_l = case_number(rng, 20000)};
        loads[k] = case_number(rng, 1000);
    }
    kerb_charge_step steps[] = {{case_number(rng, 0.7), case_number(rng, 9000)}, {0.8, 1000}};
    static const kerb_lift lifts[] = {{"comb"}, {"hook"}};
    kerb_setting setting = {case_id(rng), compartments, n};
    kerb_vehicle vehicle = {.id = case_id(rng),
                            .lifts = lifts,
                            .n_lifts = ki_rng_below(rng, 3),
                            .kind = case_text(rng),
                            .use = (kerb_vehicle_use)case_enum(rng, KERB_USE_HAUL),
                            .height_m = case_number(rng, 4),
                            .width_m = case_number(rng, 3),
                            .length_m = case_number(rng, 10),
                            .mass_kg = case_number(rng, 20000),
                            .top_speed_kmh = case_number(rng, 90),
                            .compartments = compartments,
                            .n_compartments = n,
                            .water_l = case_number(rng, 3000),
                            .battery_wh = case_number(rng, 90000),
                            .battery_reserve_wh = case_number(rng, 9000),
                            .drive_wh_per_km = case_number(rng, 900),
                            .sweep_wh_per_km = case_number(rng, 900),
                            .lift_wh = case_number(rng, 90),
                            .charge_w = case_number(rng, 90000),
                            .charge_steps = steps,
                            .n_charge_steps = ki_rng_below(rng, 3),
                            .sweep_speed_kmh = case_number(rng, 10),
                            .brush_side = (kerb_side)case_enum(rng, KERB_SIDE_RIGHT),
                            .attended_by = case_text(rng),
                            .settings = &setting,
                            .n_settings = ki_rng_below(rng, 2),
                            .price_used = case_number(rng, 300),
                            .price_per_km = case_number(rng, 5),
                            .load_s = case_number(rng, 3000),
                            .available = case_enum(rng, 1)};
    kerb_shift shift = {.id = case_id(rng),
                        .vehicle_id = vehicle.id,
                        .crew = case_text(rng),
                        .start_depot = case_id(rng),
                        .end_depot = ki_rng_below(rng, 2) ? case_id(rng) : NULL,
                        .start_s = 1700000000,
                        .end_s = case_instant(rng),
                        .regular_s = case_number(rng, 30000),
                        .pre_trip_s = case_number(rng, 900),
                        .post_trip_s = case_number(rng, 900),
                        .price_per_hour = case_number(rng, 100),
                        .price_overtime_per_hour = case_number(rng, 150),
                        .worked_s = case_number(rng, 9000),
                        .guaranteed_s = case_number(rng, 20000),
                        .turnaround_s = case_number(rng, 2000),
                        .follows = case_text(rng),
                        .setting = case_text(rng),
                        .used_battery_wh = case_number(rng, 90000),
                        .starting_load_kg = ki_rng_below(rng, 2) ? loads : NULL,
                        .available = case_enum(rng, 1)};
    kerb_status status = kerb_model_add_vehicles(model, &vehicle, 1, err);
    return status == KERB_OK ? kerb_model_add_shifts(model, &shift, 1, err) : status;
}

static inline kerb_status case_add_places(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_window windows[CASE_MOST];
    kerb_gate gates[] = {{.stream = KERB_STREAM_FOOD,
                          .fee_per_tonne = -case_number(rng, 90),
                          .stock_kg = case_number(rng, 9000),
                          .buffer_kg = case_number(rng, 90000),
                          .cleared = case_enum(rng, 1)},
                         {.stream = KERB_STREAM_RESIDUAL, .fee_per_tonne = case_number(rng, 90)}};
    kerb_bay_slot slots[] = {{1700000000, 1700000600, 2}, {1700001000, 1700003000, 1}};
    kerb_facility facility = {.id = case_id(rng),
                              .name = case_text(rng),
                              .kind = (kerb_facility_kind)case_enum(rng, KERB_FACILITY_CHARGER),
                              .lat_deg = case_number(rng, 90),
                              .lon_deg = case_number(rng, 180),
                              .gates = gates,
                              .n_gates = ki_rng_below(rng, 3),
                              .windows = windows,
                              .n_windows = case_windows(rng, windows),
                              .unload_s = case_number(rng, 600),
                              .unload_s_per_tonne = case_number(rng, 100),
                              .bays = (int32_t)ki_rng_below(rng, 5),
                              .cap_tonnes = case_number(rng, 100),
                              .used_tonnes = case_number(rng, 100),
                              .has_water = case_enum(rng, 1),
                              .charge_w = case_number(rng, 90000),
                              .bay_slots = slots,
                              .n_bay_slots = ki_rng_below(rng, 3),
                              CASE_LABELS(rng)};
    kerb_depot depot = {.id = case_id(rng),
                        .name = case_text(rng),
                        .lat_deg = case_number(rng, 90),
                        .lon_deg = case_number(rng, 180),
                        CASE_LABELS(rng)};
    kerb_status status = kerb_model_add_facilities(model, &facility, 1, err);
    return status == KERB_OK ? kerb_model_add_depots(model, &depot, 1, err) : status;
}

static inline kerb_status case_set_district(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_district district = {.id = case_id(rng),
                              .name = case_text(rng),
                              .currency = "CNY",
                              .zone = "Asia/Shanghai",
                              .service_day = "2026-11-02",
                              .utc_offset_s = 28800,
                              .as_of_s = case_instant(rng),
                              .night_start_s = 1790000000,
                              .night_end_s = 1790000000 + ki_rng_below(rng, 172800),
                              .coordinates = (kerb_coordinates)case_enum(rng, KERB_BD09),
                              .must_ratio = case_number(rng, 1),
                              .may_ratio = case_number(rng, 1),
                              .price_unserved_must = case_number(rng, 900),
                              .price_unswept_per_km = case_number(rng, 900),
                              .price_overflow_per_day = case_number(rng, 900),
                              .look_ahead_nights = (int32_t)ki_rng_below(rng, 8),
                              .load_quantile = case_number(rng, 0.9),
                              .time_quantile = case_number(rng, 0.9),
                              .forecast = (int32_t)ki_rng_below(rng, 4),
                              .overflow_chance = case_number(rng, 0.5),
                              .price_compactness_per_stop_km2 = case_number(rng, 20)};
    static const kerb_road_class classes[] = {KERB_ROAD_FERRY, KERB_ROAD_MOTORWAY};
    district.crossing = (kerb_crossing){.is_stated = case_enum(rng, 1),
                                        .classes = classes,
                                        .n_classes = ki_rng_below(rng, 3),
                                        .max_width_m = case_number(rng, 30),
                                        .max_lanes = (int32_t)ki_rng_below(rng, 5)};
    static const kerb_holiday holidays[] = {{20780, "Harvest"}, {20781, ""}};
    district.clock_change_s = case_instant(rng);
    district.utc_offset_after_s = (int32_t)ki_rng_below(rng, 7200);
    district.holidays = holidays;
    district.n_holidays = ki_rng_below(rng, 3);
    static const kerb_daily_span spans[] = {{390, 510}, {1080, 1200}, {0, 1440}};
    kerb_stream_habit habits[] = {{.stream = KERB_STREAM_FOOD,
                                   .holiday_factor = case_number(rng, 3),
                                   .drop_off = spans,
                                   .n_drop_off = ki_rng_below(rng, 4)},
                                  {.stream = KERB_STREAM_RESIDUAL}};
    district.habits = habits;
    district.n_habits = ki_rng_below(rng, 3);
    return kerb_model_set_district(model, &district, err);
}

static inline kerb_status case_add_bans(kerb_model *model, ki_rng *rng, kerb_error *err) {
    static const kerb_corner corners[] = {{1, 2}, {3, 4}, {-5, 6.5}};
    static const kerb_vehicle_use uses[] = {KERB_USE_ROBOT, KERB_USE_TRUCK};
    kerb_road_name roads[] = {{case_text(rng)}, {case_text(rng)}};
    kerb_ban ban = {.id = case_id(rng),
                    .note = case_text(rng),
                    .corners = corners,
                    .n_corners = ki_rng_below(rng, 4),
                    .lat_deg = case_number(rng, 90),
                    .lon_deg = case_number(rng, 180),
                    .radius_m = case_number(rng, 900),
                    .roads = roads,
                    .n_roads = ki_rng_below(rng, 3),
                    .uses = uses,
                    .n_uses = ki_rng_below(rng, 3),
                    .over_mass_kg = case_number(rng, 9000),
                    .over_height_m = case_number(rng, 4),
                    .over_width_m = case_number(rng, 3),
                    .over_length_m = case_number(rng, 9),
                    .hours = case_text(rng),
                    CASE_LABELS(rng)};
    return kerb_model_add_bans(model, &ban, 1, err);
}

static inline kerb_status case_add_sequences(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_sequence_stop stops[] = {{case_id(rng)}, {case_id(rng)}, {case_id(rng)}};
    kerb_sequence sequence = {
        .note = case_text(rng), .stops = stops, .n_stops = ki_rng_below(rng, 4), CASE_LABELS(rng)};
    return kerb_model_add_sequences(model, &sequence, 1, err);
}

static inline kerb_status case_add_attendants(kerb_model *model, ki_rng *rng, kerb_error *err) {
    kerb_attendants attendants = {.id = case_id(rng),
                                  .n_people = (int32_t)ki_rng_below(rng, 5),
                                  .vehicles_each = (int32_t)ki_rng_below(rng, 5),
                                  CASE_LABELS(rng)};
    return kerb_model_add_attendants(model, &attendants, 1, err);
}

static inline kerb_status case_set_matrix(kerb_model *model, ki_rng *rng, kerb_error *err) {
    enum { MOST = 8 };
    const char *ids[MOST];
    int32_t time_ms[MOST * MOST], length_mm[MOST * MOST];
    size_t n = 1 + ki_rng_below(rng, MOST);
    for (size_t k = 0; k < n; k++)
        ids[k] = case_id(rng);
    for (size_t cell = 0; cell < n * n; cell++) {
        time_ms[cell] = ki_rng_below(rng, 5) ? (int32_t)ki_rng_below(rng, 9000000) : INT32_MAX;
        length_mm[cell] = (int32_t)ki_rng_below(rng, 1u << 31);
    }
    return kerb_model_set_matrix(model, ids, n, time_ms, length_mm, err);
}

/* n_each items of every list. The model is the caller's to free whatever comes back. */
static inline kerb_status case_fill_model(kerb_model *model, uint64_t seed, int n_each,
                                          kerb_error *err) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 1);
    kerb_status status = case_set_district(model, &rng, err);
    if (status == KERB_OK && seed % 2) status = case_set_matrix(model, &rng, err);
    for (int k = 0; k < n_each && status == KERB_OK; k++) {
        status = case_add_sites(model, &rng, err);
        if (status == KERB_OK) status = case_add_streets(model, &rng, err);
        if (status == KERB_OK) status = case_add_fleet(model, &rng, err);
        if (status == KERB_OK) status = case_add_places(model, &rng, err);
        if (status == KERB_OK) status = case_add_bans(model, &rng, err);
        if (status == KERB_OK) status = case_add_sequences(model, &rng, err);
        if (status == KERB_OK) status = case_add_attendants(model, &rng, err);
    }
    return status;
}

/* ---- a plan ---------------------------------------------------------------------------------- */

static inline void case_leg(ki_plan_leg *leg, ki_rng *rng, ki_arena *arena) {
    leg->n_runs = (int32_t)ki_rng_below(rng, 3);
    leg->runs = ki_arena_alloc(arena, (size_t)leg->n_runs, sizeof *leg->runs);
    for (int32_t k = 0; k < leg->n_runs; k++)
        leg->runs[k] = (ki_plan_run){case_integer(rng), case_integer(rng), case_integer(rng),
                                     case_text(rng), case_integer(rng)};
    leg->start_offset_mm = case_int32(rng);
    leg->end_offset_mm = case_int32(rng);
    leg->time_ms = case_int32(rng);
    leg->length_mm = case_int32(rng);
    leg->n_points = (int32_t)ki_rng_below(rng, 4);
    leg->points = ki_arena_alloc(arena, (size_t)leg->n_points, 2 * sizeof *leg->points);
    for (int32_t k = 0; k < 2 * leg->n_points; k++)
        leg->points[k] = (int32_t)ki_rng_below(rng, 1800000000u) - 900000000;
    leg->deadhead = (uint8_t)case_enum(rng, 1);
}

static inline void case_stop(ki_plan_stop *stop, ki_rng *rng, ki_arena *arena) {
    *stop = (ki_plan_stop){.kind = (ki_stop_kind)(1 + case_enum(rng, 4)),
                           .id = case_text(rng),
                           .site = ki_rng_below(rng, 2) ? "S1" : NULL,
                           .stream = (kerb_stream)case_enum(rng, KERB_N_STREAMS - 1),
                           .pass = case_int32(rng),
                           .mode = case_int32(rng),
                           .lat_e7 = 577000000,
                           .lon_e7 = -119000000,
                           .arrival_ms = case_int32(rng),
                           .start_ms = case_int32(rng),
                           .end_ms = case_int32(rng),
                           .earliest_ms = case_int32(rng),
                           .latest_ms = case_int32(rng),
                           .setup_ms = case_int32(rng),
                           .mass_g = case_integer(rng),
                           .volume_ml = case_integer(rng),
                           .water_ml = case_integer(rng),
                           .fee_nano = case_integer(rng),
                           .n_loads = (int32_t)ki_rng_below(rng, 3),
                           .water_left_ml = case_integer(rng),
                           .energy_left_mwh = case_integer(rng),
                           .charge_ms = case_int32(rng),
                           .swapped = (uint8_t)case_enum(rng, 1),
                           CASE_LABELS(rng)};
    case_leg(&stop->leg, rng, arena);
    case_leg(&stop->sweep, rng, arena);
    stop->loads = ki_arena_alloc(arena, (size_t)stop->n_loads, sizeof *stop->loads);
    for (int32_t k = 0; k < stop->n_loads; k++)
        stop->loads[k] = (ki_plan_load){case_integer(rng), case_integer(rng)};
}

static inline void case_route(ki_plan_route *route, ki_rng *rng, ki_arena *arena) {
    *route = (ki_plan_route){.shift = case_text(rng),
                             .vehicle = case_text(rng),
                             .vehicle_kind = case_text(rng),
                             .crew = case_text(rng),
                             .setting = case_text(rng),
                             .use = (kerb_vehicle_use)case_enum(rng, KERB_USE_HAUL),
                             .spell_start_ms = case_int32(rng),
                             .spell_end_ms = case_int32(rng),
                             .length_mm = case_integer(rng),
                             .deadhead_mm = case_integer(rng),
                             .n_stops = (int32_t)ki_rng_below(rng, 4),
                             .n_trips = (int32_t)ki_rng_below(rng, 4),
                             .n_served = (int32_t)ki_rng_below(rng, 400),
                             .cost_nano = case_integer(rng),
                             .used_nano = case_integer(rng),
                             .distance_nano = case_integer(rng),
                             .time_nano = case_integer(rng),
                             .overtime_nano = case_integer(rng),
                             .fees_nano = case_integer(rng),
                             CASE_LABELS(rng)};
    for (int stream = 0; stream < KERB_N_STREAMS; stream++)
        route->mass_g_by_stream[stream] = case_integer(rng);
    route->stops = ki_arena_alloc(arena, (size_t)route->n_stops, sizeof *route->stops);
    for (int32_t k = 0; k < route->n_stops; k++)
        case_stop(&route->stops[k], rng, arena);
}

static inline void case_decision(ki_plan_decision *decision, ki_rng *rng) {
    *decision = (ki_plan_decision){.id = case_id(rng),
                                   .site = ki_rng_below(rng, 2) ? "S1" : NULL,
                                   .name = case_text(rng),
                                   .zone = case_text(rng),
                                   .is_street = (uint8_t)case_enum(rng, 1),
                                   .stream = (kerb_stream)case_enum(rng, KERB_N_STREAMS - 1),
                                   .choice = (ki_choice)case_enum(rng, KI_CANNOT),
                                   .served = (uint8_t)case_enum(rng, 1),
                                   .reason = case_text(rng),
                                   .text = case_text(rng),
                                   .fill_ratio = case_measure(rng),
                                   .rate_per_day = case_measure(rng),
                                   .newest_report_s = case_instant_or_none(rng),
                                   .prize_nano = case_integer(rng),
                                   .lat_e7 = 577000000,
                                   .lon_e7 = 119000000,
                                   CASE_LABELS(rng)};
    decision->id = ki_rng_below(rng, 2) ? "C1" : "C2";
}

/* Everything but ids is in the plan's arena or static. */
static inline kerb_plan *case_plan(uint64_t seed, int32_t n_each) {
    ki_rng rng;
    ki_rng_seed(&rng, seed, 2);
    kerb_plan *plan = ki_alloc_zero(1, sizeof *plan);
    if (!plan) return NULL;
    ki_arena *arena = &plan->arena;
    plan->id = "0123456789abcdef";
    plan->parent_id = case_text(&rng);
    plan->problem_hash = plan->roads_hash = case_text(&rng);
    plan->district_id = plan->district_name = case_text(&rng);
    plan->currency = "CNY";
    plan->zone = plan->service_day = case_text(&rng);
    plan->utc_offset_s = 3600;
    plan->night_start_s = case_instant(&rng);
    plan->as_of_s = case_instant_or_none(&rng);
    plan->n_routes = plan->n_decisions = plan->n_cost_lines = plan->n_places = plan->n_notes =
        n_each;
    size_t n = (size_t)n_each;
    plan->routes = ki_arena_alloc(arena, n, sizeof *plan->routes);
    plan->decisions = ki_arena_alloc(arena, n, sizeof *plan->decisions);
    plan->cost_lines = ki_arena_alloc(arena, n, sizeof *plan->cost_lines);
    plan->places = ki_arena_alloc(arena, n, sizeof *plan->places);
    plan->notes = ki_arena_alloc(arena, n, sizeof *plan->notes);
    for (int32_t k = 0; k < n_each; k++) {
        case_route(&plan->routes[k], &rng, arena);
        case_decision(&plan->decisions[k], &rng);
        plan->cost_lines[k] =
            (ki_plan_cost_line){case_text(&rng), case_text(&rng), case_integer(&rng)};
        plan->places[k] = (ki_plan_place){.id = case_text(&rng),
                                          .name = case_text(&rng),
                                          .kind = "plant",
                                          .lat_e7 = 577000000,
                                          .lon_e7 = 119000000,
                                          CASE_LABELS(&rng)};
        plan->notes[k] = (ki_note){case_text(&rng), case_text(&rng)};
    }
    plan->labels = case_labels;
    plan->n_labels = ki_rng_below(&rng, 4);
    plan->cost_nano = case_integer(&rng);
    plan->bound_nano = case_integer(&rng);
    plan->left_out_nano = case_integer(&rng);
    plan->relaxation = plan->scope = case_text(&rng);
    plan->bound_columns = case_int32(&rng);
    plan->bound_passes = case_int32(&rng);
    plan->master = (ki_plan_master){
        case_int32(&rng), case_int32(&rng),   case_int32(&rng),           case_int32(&rng),
        case_int32(&rng), case_integer(&rng), (uint8_t)case_enum(&rng, 1)};
    plan->proved_optimal = (uint8_t)case_enum(&rng, 1);
    plan->degraded = (uint8_t)case_enum(&rng, 1);
    plan->stopped = (uint8_t)case_enum(&rng, 1);
    plan->engine_version = "0.1.0";
    plan->seed = ki_rng_next(&rng);
    plan->iterations = case_integer(&rng);
    plan->n_islands = case_int32(&rng);
    return plan;
}
#endif
