/* SPDX-License-Identifier: GPL-3.0-or-later
 * small_draft.h - a night with explicit travel that has a bit of everything: three containers of
 * two streams at two sites, a kerb and a centre lane, two equal trucks, a truck with two
 * compartments, a sweeper with water, a depot, a transfer station and a plant.
 *
 * Every test gets its own copy and spoils it as it likes. */
#ifndef TEST_SMALL_DRAFT_H
#define TEST_SMALL_DRAFT_H
#include "model/draft.h"

#include <math.h>
#include <string.h>

enum {
    NIGHT_S = 1793563200, /* 2026-11-01T20:00Z */
    HOUR_S = 3600,
    DAY_S = 86400,
    AS_OF_S = NIGHT_S - HOUR_S / 2,
    N_PLACES = 9
};

typedef struct small_draft {
    ki_draft draft;
    kerb_site sites[2];
    kerb_container containers[3];
    kerb_report reports[64];
    kerb_street streets[2];
    kerb_stream streams[8];
    kerb_compartment compartments[4];
    kerb_vehicle vehicles[4];
    kerb_shift shifts[4];
    kerb_depot depots[1];
    kerb_gate gates[8];
    kerb_facility facilities[2];
    kerb_window windows[4];
    char *ids[N_PLACES];
    int32_t time_ms[N_PLACES * N_PLACES], length_mm[N_PLACES * N_PLACES];
} small_draft;

static inline void small_report(small_draft *small, const char *container, int64_t measured_s,
                                double fill_ratio) {
    small->reports[small->draft.reports.n++] = (kerb_report){.container_id = container,
                                                             .measured_s = measured_s,
                                                             .received_s = KERB_NO_TIME,
                                                             .fill_ratio = fill_ratio,
                                                             .mass_kg = NAN};
}

static inline void small_demand(small_draft *small) {
    kerb_container proto = {
        .volume_l = 1000, .density_kg_per_l = 0.1, .service_s = 60, .last_emptied_s = KERB_NO_TIME};
    static const char *const IDS[3] = {"C1", "C2", "C3"};
    static const char *const SITES[3] = {"S1", "S1", "S2"};
    static const double FILLS[3] = {0.9, 0.6, 0.95};
    for (int container = 0; container < 3; container++) {
        small->containers[container] = proto;
        small->containers[container].id = IDS[container];
        small->containers[container].site_id = SITES[container];
        small->containers[container].stream =
            container == 1 ? KERB_STREAM_FOOD : KERB_STREAM_RESIDUAL;
        small_report(small, IDS[container], AS_OF_S - HOUR_S, FILLS[container]);
    }
    small->windows[0] = (kerb_window){NIGHT_S - HOUR_S, NIGHT_S + 2 * HOUR_S};
    small->windows[1] = (kerb_window){NIGHT_S + 5 * HOUR_S, NIGHT_S + 20 * HOUR_S};
    small->sites[0] = (kerb_site){.id = "S1", .setup_s = 30};
    small->sites[1] = (kerb_site){.id = "S2", .setup_s = 45.5};
    small->sites[1].windows = small->windows;
    small->sites[1].n_windows = 2;
    small->streets[0] = (kerb_street){.id = "K1",
                                      .side = KERB_SIDE_RIGHT,
                                      .passes = 2,
                                      .debris_kg_per_m = 0.5,
                                      .water_l_per_m = 1,
                                      .last_swept_s = KERB_NO_TIME};
    small->streets[1] = (kerb_street){.id = "K2", .side = KERB_SIDE_CENTRE, .passes = 1};
}

static inline void small_fleet(small_draft *small) {
    static const kerb_stream STREAMS[] = {KERB_STREAM_RESIDUAL, KERB_STREAM_RESIDUAL,
                                          KERB_STREAM_FOOD, KERB_STREAM_SWEEPINGS};
    memcpy(small->streams, STREAMS, sizeof STREAMS);
    for (int at = 0; at < 4; at++)
        small->compartments[at] =
            (kerb_compartment){.streams = &small->streams[at], .n_streams = 1, .capacity_kg = 5000};
    small->compartments[3].capacity_l = 6000;
    kerb_vehicle truck = {.use = KERB_USE_TRUCK,
                          .available = 1,
                          .price_used = 180,
                          .price_per_km = 2.6,
                          .kind = "small"};
    static const char *const VEHICLES[4] = {"V1", "V2", "V3", "W1"};
    static const char *const SHIFTS[4] = {"H1", "H2", "H3", "H4"};
    for (int at = 0; at < 4; at++) {
        small->vehicles[at] = truck;
        small->vehicles[at].id = VEHICLES[at];
        small->vehicles[at].compartments = &small->compartments[at < 2 ? 0 : at == 2 ? 1 : 3];
        small->vehicles[at].n_compartments = at == 2 ? 2 : 1;
        small->shifts[at] = (kerb_shift){.id = SHIFTS[at],
                                         .vehicle_id = VEHICLES[at],
                                         .start_depot = "D1",
                                         .start_s = NIGHT_S + HOUR_S,
                                         .end_s = NIGHT_S + 9 * HOUR_S,
                                         .regular_s = 7 * HOUR_S,
                                         .pre_trip_s = 600,
                                         .post_trip_s = 300,
                                         .price_per_hour = 62,
                                         .price_overtime_per_hour = 93,
                                         .available = 1};
    }
    small->vehicles[3].use = KERB_USE_SWEEPER;
    small->vehicles[3].sweep_speed_kmh = 8;
    small->vehicles[3].water_l = 2000;
}

static inline void small_places(small_draft *small) {
    static const kerb_gate GATES[] = {{.stream = KERB_STREAM_RESIDUAL, .fee_per_tonne = 95},
                                      {.stream = KERB_STREAM_FOOD, .fee_per_tonne = 40},
                                      {.stream = KERB_STREAM_SWEEPINGS, .fee_per_tonne = 0},
                                      {.stream = KERB_STREAM_RESIDUAL, .fee_per_tonne = -10.5}};
    memcpy(small->gates, GATES, sizeof GATES);
    small->depots[0] = (kerb_depot){.id = "D1"};
    small->facilities[0] = (kerb_facility){.id = "T1",
                                           .kind = KERB_FACILITY_TRANSFER_STATION,
                                           .gates = small->gates,
                                           .n_gates = 3,
                                           .unload_s = 300,
                                           .unload_s_per_tonne = 60,
                                           .has_water = 1};
    small->windows[2] = (kerb_window){NIGHT_S, NIGHT_S + 10 * HOUR_S};
    small->facilities[1] = (kerb_facility){.id = "P1",
                                           .kind = KERB_FACILITY_PLANT,
                                           .gates = &small->gates[3],
                                           .n_gates = 1,
                                           .windows = &small->windows[2],
                                           .n_windows = 1};
    static const char *const IDS[N_PLACES] = {"D1", "T1", "P1",      "S1",     "S2",
                                              "K1", "K2", "K1#exit", "K2#exit"};
    for (int place = 0; place < N_PLACES; place++) {
        small->ids[place] = (char *)(size_t)IDS[place];
        for (int to = 0; to < N_PLACES; to++) {
            small->time_ms[place * N_PLACES + to] = place == to ? 0 : 60000 + 1000 * place;
            small->length_mm[place * N_PLACES + to] = place == to ? 0 : 400000 + 1000 * place;
        }
    }
}

static inline void small_draft_fill(small_draft *small) {
    memset(small, 0, sizeof *small);
    small_demand(small);
    small_fleet(small);
    small_places(small);
    ki_draft *draft = &small->draft;
    draft->district = (kerb_district){.id = "demo",
                                      .as_of_s = AS_OF_S,
                                      .night_start_s = NIGHT_S,
                                      .night_end_s = NIGHT_S + 11 * HOUR_S,
                                      .must_ratio = 0.85,
                                      .may_ratio = 0.55,
                                      .price_unserved_must = 600,
                                      .price_unswept_per_km = 400,
                                      .price_overflow_per_day = 80};
    draft->sites = small->sites;
    draft->n_sites = 2;
    draft->containers = small->containers;
    draft->n_containers = 3;
    draft->reports.plain = small->reports;
    draft->streets = small->streets;
    draft->n_streets = 2;
    draft->vehicles = small->vehicles;
    draft->n_vehicles = 4;
    draft->shifts = small->shifts;
    draft->n_shifts = 4;
    draft->depots = small->depots;
    draft->n_depots = 1;
    draft->facilities = small->facilities;
    draft->n_facilities = 2;
    draft->matrix_ids = small->ids;
    draft->n_matrix = N_PLACES;
    draft->matrix_time_ms = small->time_ms;
    draft->matrix_length_mm = small->length_mm;
}
#endif
