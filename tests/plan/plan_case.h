/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_case.h - nights to make plans of: one with explicit travel, one in a town with roads that a
 * checker can get wrong (one-ways, turn bans, an order, a ban over a via way, a
 * lasso, a closure). */
#ifndef TEST_PLAN_CASE_H
#define TEST_PLAN_CASE_H
#include "../road/road_town.h"

#include "../model/small_draft.h"
#include "base/alloc.h"
#include "plan/check.h"
#include "plan/plan.h"
#include "search/search.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct plan_case {
    small_draft small; /* explicit travel */
    kerb_model own;
    kerb_model *model; /* &own, or from the public calls */
    struct kerb_roads roads;
    ki_solution solution;
} plan_case;

static inline void case_seal(plan_case *night) {
    kerb_error err = {0};
    struct ki_note *notes;
    size_t n_notes;
    kerb_status status = ki_model_seal(&night->model->sealed, &night->model->draft,
                                       night->model->roads, NULL, &notes, &n_notes, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
    for (size_t note = 0; note < n_notes; note++)
        if (strcmp(notes[note].kind, "unreachable") == 0) print_message("%s\n", notes[note].text);
}

static inline void case_solve(plan_case *night, int64_t iterations) {
    ki_island *island;
    assert_int_equal(ki_island_new(&island, night->model->sealed, 1, 0, NULL, NULL), KERB_OK);
    assert_int_equal(ki_island_run(island, iterations, NULL), KERB_OK);
    assert_int_equal(ki_solution_copy(&night->solution, ki_island_best(island), NULL), KERB_OK);
    ki_island_free(island);
}

static inline kerb_plan *case_plan(const plan_case *night) {
    kerb_plan *plan;
    kerb_error err = {0};
    kerb_status status = ki_plan_make(&plan, night->model, &night->solution, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
    return plan;
}

/* After a change of the draft. */
static inline kerb_plan *case_plan_again(plan_case *night, int64_t n_steps) {
    ki_model_free(night->model->sealed);
    ki_solution_free(&night->solution);
    case_seal(night);
    case_solve(night, n_steps);
    return case_plan(night);
}

/* Number of violations; says them where `loud`. */
static inline size_t case_check(const plan_case *night, const kerb_plan *plan, int loud,
                                char *first, size_t size) {
    ki_text report = {0};
    size_t n = 0;
    assert_int_equal(ki_plan_check(plan, night->model, &n, &report, NULL), KERB_OK);
    if (loud && n) print_error("%s", report.bytes);
    if (first && size)
        snprintf(first, size, "%.*s", n ? (int)strcspn(report.bytes, "\n") : 0,
                 n ? report.bytes : "");
    assert_int_equal(n > 0, report.length > 0);
    ki_text_free(&report);
    return n;
}

static inline void case_free(plan_case *night) {
    ki_solution_free(&night->solution);
    if (night->model == &night->own)
        ki_model_free(night->own.sealed);
    else
        kerb_model_free(night->model);
    ki_graph_free(night->roads.graph);
}

/* ---- explicit travel ------------------------------------------------------------------------- */

static inline void case_explicit(plan_case *night) {
    memset(night, 0, sizeof *night);
    small_draft_fill(&night->small);
    night->small.sites[0].zone = "east";
    night->small.sites[1].zone = "west";
    night->small.streets[0].zone = "west";
    night->small.containers[1].force = KERB_FORCE_IN;        /* food and residual are collected */
    night->small.draft.district.price_unswept_per_km = 4000; /* and the sweeper goes out */
    night->small.draft.district.currency = "CNY";
    night->own.draft = night->small.draft;
    night->model = &night->own;
    case_seal(night);
    case_solve(night, 50);
}

/* ---- a town ---------------------------------------------------------------------------------- */

enum { COLUMNS = 6, ROWS = 6, N_TOWN_SITES = 14, N_TOWN_BINS = 28, N_TOWN_KERBS = 6 };

/*  row 8                   47 ── 48     a lasso: 36-42, then 42-48-47-41-42
 *  row 7                   41 ── 42
 *  row 6   31 ── 32 ── ... 35 ── 36     rows are ways 101..106, columns 201..206
 *   ...                                 way 103 is one-way westward, 203 one-way northward
 *  row 1    1 ──  2 ── ...  5 ──  6     25-31 is way 207, 26-32 way 208 */
static const kerb_label town_label = {"ours", "42"};

static inline void town_streets(road_town *town) {
    for (int row = 0; row < ROWS; row++) {
        int64_t refs[COLUMNS];
        ki_way_tags tags = town_tags();
        if (row == 1) tags.road_class = KI_ROAD_SECONDARY;
        if (row == 2) tags.access[0] = 0;
        for (int column = 0; column < COLUMNS; column++)
            refs[column] = row * COLUMNS + column + 1;
        town_way(town, 101 + row, &tags, refs, COLUMNS);
    }
    for (int column = 0; column < COLUMNS; column++) {
        int64_t refs[ROWS];
        ki_way_tags tags = town_tags();
        if (column == 2) tags.access[1] = 0;
        for (int row = 0; row < ROWS; row++)
            refs[row] = row * COLUMNS + column + 1;
        int split = column < 2 ? ROWS - 1 : ROWS; /* the last block has a way of its own */
        town_way(town, 201 + column, &tags, refs, split);
        if (split < ROWS) town_way(town, 207 + column, &tags, refs + ROWS - 2, 2);
    }
    const int64_t lasso[] = {36, 42, 48, 47, 41, 42};
    town_way(town, 300, NULL, lasso, 6);
}

static inline void town_rules(road_town *town) {
    /* No right turn from row 1 into column 2, whichever way it is met. */
    town_restrict(town,
                  (ki_osm_restriction){.id = 901, .from_way = 101, .to_way = 202, .via_node = 2});
    /* From column 4 at row 4 only on along row 4. */
    town_restrict(town, (ki_osm_restriction){
                            .id = 902, .from_way = 206, .to_way = 104, .via_node = 24, .only = 1});
    /* Not from column 1, southward, over row 5 into column 2, north. */
    town_restrict(
        town, (ki_osm_restriction){
                  .id = 903, .from_way = 207, .via_ways = {105}, .n_via_ways = 1, .to_way = 208});
}

static inline double town_lat(double row) {
    return 57.7 + row * TOWN_STEP_E7 * 1e-7;
}
static inline double town_lon(double column) {
    return 11.9 + column * TOWN_STEP_E7 * 1e-7;
}

static inline void town_work(kerb_model *model) {
    static char ids[N_TOWN_SITES][16], bins[N_TOWN_BINS][16], kerbs[N_TOWN_KERBS][16];
    for (int site = 0; site < N_TOWN_SITES; site++) {
        snprintf(ids[site], sizeof ids[site], "S%02d", site);
        double row = site == 13 ? 7.05 : 0.05 + site % 6;
        double column = site == 13 ? 4.6 : 0.3 + site * 5 % 5;
        kerb_site place = {.id = ids[site],
                           .name = "A corner",
                           .zone = site % 2 ? "north" : "south",
                           .lat_deg = town_lat(row),
                           .lon_deg = town_lon(column),
                           .approach =
                               site % 3 ? KERB_APPROACH_UNSPECIFIED : KERB_APPROACH_KERB_SIDE,
                           .setup_s = 40};
        kerb_window gate = {NIGHT_S + 2 * HOUR_S, NIGHT_S + 4 * HOUR_S};
        if (site == 4) place.windows = &gate, place.n_windows = 1;
        assert_int_equal(kerb_model_add_sites(model, &place, 1, NULL), KERB_OK);
    }
    for (int bin = 0; bin < N_TOWN_BINS; bin++) {
        snprintf(bins[bin], sizeof bins[bin], "C%02d", bin);
        kerb_container container = {.id = bins[bin],
                                    .site_id = ids[bin % N_TOWN_SITES],
                                    .stream = bin % 4 ? KERB_STREAM_RESIDUAL : KERB_STREAM_FOOD,
                                    .volume_l = 1100,
                                    .density_kg_per_l = 0.4,
                                    .service_s = 75,
                                    .last_emptied_s = KERB_NO_TIME,
                                    .labels = &town_label,
                                    .n_labels = 1};
        kerb_report report = {.container_id = bins[bin],
                              .measured_s = AS_OF_S - HOUR_S,
                              .received_s = KERB_NO_TIME,
                              .fill_ratio = bin % 7 == 3   ? 0.1
                                            : bin % 7 == 5 ? 0.6
                                                           : 0.95,
                              .mass_kg = NAN,
                              .trust_ratio = 1};
        assert_int_equal(kerb_model_add_containers(model, &container, 1, NULL), KERB_OK);
        assert_int_equal(kerb_model_add_reports(model, &report, 1, NULL), KERB_OK);
    }
    static const int64_t RUNS[N_TOWN_KERBS][3] = {{102, 7, 10},  {102, 11, 9},  {103, 14, 17},
                                                  {206, 12, 24}, {300, 48, 41}, {205, 5, 17}};
    for (int kerb = 0; kerb < N_TOWN_KERBS; kerb++) {
        snprintf(kerbs[kerb], sizeof kerbs[kerb], "K%d", kerb);
        kerb_street street = {.id = kerbs[kerb],
                              .name = "A street",
                              .zone = "north",
                              .way_id = RUNS[kerb][0],
                              .from_node = RUNS[kerb][1],
                              .to_node = RUNS[kerb][2],
                              .side = kerb == 5  ? KERB_SIDE_CENTRE
                                      : kerb % 2 ? KERB_SIDE_LEFT
                                                 : KERB_SIDE_RIGHT,
                              .passes = kerb == 0 ? 2 : 1,
                              .debris_kg_per_m = 0.3,
                              .water_l_per_m = 0.8,
                              .last_swept_s = KERB_NO_TIME,
                              .labels = &town_label,
                              .n_labels = 1};
        assert_int_equal(kerb_model_add_streets(model, &street, 1, NULL), KERB_OK);
    }
}

static inline void town_fleet(kerb_model *model) {
    static const kerb_stream WASTE[] = {KERB_STREAM_RESIDUAL, KERB_STREAM_FOOD},
                             SWEPT[] = {KERB_STREAM_SWEEPINGS};
    kerb_compartment two[2] = {{&WASTE[0], 1, 2600, 9000}, {&WASTE[1], 1, 1500, 0}};
    kerb_compartment hopper = {SWEPT, 1, 300, 600};
    kerb_vehicle vehicles[3] = {{.id = "V1", .kind = "two", .use = KERB_USE_TRUCK},
                                {.id = "V2", .kind = "two", .use = KERB_USE_TRUCK},
                                {.id = "W1", .kind = "sweeper", .use = KERB_USE_SWEEPER}};
    kerb_gate gates[3] = {{.stream = KERB_STREAM_RESIDUAL, .fee_per_tonne = 95},
                          {.stream = KERB_STREAM_FOOD, .fee_per_tonne = 40.5},
                          {.stream = KERB_STREAM_SWEEPINGS, .fee_per_tonne = 12}};
    kerb_depot depots[2] = {
        {.id = "D1", .name = "Depot south", .lat_deg = town_lat(0.1), .lon_deg = town_lon(0.5)},
        {.id = "D2", .name = "Depot north", .lat_deg = town_lat(5.1), .lon_deg = town_lon(4.5)}};
    depots[0].labels = &town_label, depots[0].n_labels = 1;
    kerb_facility tip = {.id = "T1",
                         .name = "Transfer station",
                         .gates = gates,
                         .n_gates = 3,
                         .kind = KERB_FACILITY_TRANSFER_STATION,
                         .lat_deg = town_lat(4.1),
                         .lon_deg = town_lon(2.5),
                         .unload_s = 300,
                         .unload_s_per_tonne = 61,
                         .labels = &town_label,
                         .n_labels = 1,
                         .has_water = 1};
    static const char *const SHIFTS[] = {"H1", "H2", "H3"};
    for (int at = 0; at < 3; at++) {
        double load_kg[2] = {200, 0};
        vehicles[at].compartments = at == 2 ? &hopper : two;
        vehicles[at].n_compartments = at == 2 ? 1 : 2;
        vehicles[at].available = 1;
        vehicles[at].price_used = at == 2 ? 20 : 180;
        vehicles[at].price_per_km = 2.6;
        vehicles[at].water_l = at == 2 ? 900 : 0;
        vehicles[at].sweep_speed_kmh = at == 2 ? 8 : 0;
        vehicles[at].width_m = 2.2;
        kerb_shift shift = {.id = SHIFTS[at],
                            .vehicle_id = vehicles[at].id,
                            .crew = "A",
                            .start_depot = "D1",
                            .end_depot = at == 1 ? "D2" : "D1",
                            .start_s = NIGHT_S + HOUR_S,
                            .end_s = NIGHT_S + 6 * HOUR_S,
                            .regular_s = HOUR_S,
                            .pre_trip_s = 600,
                            .post_trip_s = 300,
                            .price_per_hour = 62,
                            .price_overtime_per_hour = 93,
                            .starting_load_kg = at == 0 ? load_kg : NULL,
                            .labels = &town_label,
                            .n_labels = 1,
                            .available = 1};
        assert_int_equal(kerb_model_add_vehicles(model, &vehicles[at], 1, NULL), KERB_OK);
        assert_int_equal(kerb_model_add_shifts(model, &shift, 1, NULL), KERB_OK);
    }
    assert_int_equal(kerb_model_add_depots(model, depots, 2, NULL), KERB_OK);
    assert_int_equal(kerb_model_add_facilities(model, &tip, 1, NULL), KERB_OK);
    kerb_closure closed = {.way_id = 204, .from_node = 22, .to_node = 28, .note = "works"};
    assert_int_equal(kerb_model_add_closures(model, &closed, 1, NULL), KERB_OK);
}

static inline void case_town_crossed(plan_case *night, const kerb_crossing *crossing) {
    memset(night, 0, sizeof *night);
    road_town town = town_new(COLUMNS, 577000000);
    town.lon_e7 = 119000000;
    town_streets(&town);
    town_rules(&town);
    night->roads.graph = town_build(&town);
    assert_int_equal(night->roads.graph->n_unmatched_restrictions, 0);
    assert_int_equal(kerb_model_new(&night->model, &night->roads, NULL), KERB_OK);
    kerb_district district = {.id = "town",
                              .name = "Town",
                              .currency = "CNY",
                              .zone = "UTC",
                              .service_day = "2026-11-01",
                              .as_of_s = AS_OF_S,
                              .night_start_s = NIGHT_S,
                              .night_end_s = NIGHT_S + 11 * HOUR_S,
                              .coordinates = KERB_WGS84,
                              .must_ratio = 0.85,
                              .may_ratio = 0.55,
                              .price_unserved_must = 600,
                              .price_unswept_per_km = 900,
                              .price_overflow_per_day = 8,
                              .crossing = *crossing};
    kerb_error err = {0};
    kerb_status status = kerb_model_set_district(night->model, &district, &err);
    if (status != KERB_OK) print_error("%s\n", err.message);
    assert_int_equal(status, KERB_OK);
    town_work(night->model);
    town_fleet(night->model);
    case_seal(night);
    case_solve(night, 60);
}

static inline void case_town(plan_case *night) {
    const kerb_crossing standing = {0};
    case_town_crossed(night, &standing);
}
#endif
