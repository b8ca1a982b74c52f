/* SPDX-License-Identifier: GPL-3.0-or-later
 * dispatch.c - plan in memory: three bins, one truck, no files. Travel is an explicit matrix. */
#include <kerbside.h>
#include <stdio.h>

#define T0 1793646000 /* 2026-11-02 19:00 UTC */
static const char *const places[] = {"depot", "tip", "a", "b", "c"};
static const int32_t time_ms[25] = {0,      300000, 240000, 360000, 420000, 300000, 0,
                                    180000, 240000, 300000, 240000, 180000, 0,      120000,
                                    240000, 360000, 240000, 120000, 0,      120000, 420000,
                                    300000, 240000, 120000, 0};
static const int32_t length_mm[25] = {0,       2500000, 2000000, 3000000, 3500000, 2500000, 0,
                                      1500000, 2000000, 2500000, 2000000, 1500000, 0,       1000000,
                                      2000000, 3000000, 2000000, 1000000, 0,       1000000, 3500000,
                                      2500000, 2000000, 1000000, 0};

int main(void) {
    const kerb_district night = {.id = "demo",
                                 .currency = "CNY",
                                 .zone = "UTC",
                                 .service_day = "2026-11-02",
                                 .as_of_s = T0,
                                 .night_start_s = T0,
                                 .night_end_s = T0 + 36000,
                                 .coordinates = KERB_WGS84,
                                 .must_ratio = 0.8,
                                 .may_ratio = 0.5,
                                 .price_unserved_must = 600,
                                 .price_overflow_per_day = 80};
    const kerb_site sites[] = {{.id = "a", .lat_deg = 26.90, .lon_deg = 112.6},
                               {.id = "b", .lat_deg = 26.91, .lon_deg = 112.6},
                               {.id = "c", .lat_deg = 26.92, .lon_deg = 112.6}};
    const kerb_container bins[] = {{.id = "A1",
                                    .site_id = "a",
                                    .stream = KERB_STREAM_FOOD,
                                    .volume_l = 240,
                                    .density_kg_per_l = 0.6,
                                    .service_s = 60,
                                    .last_emptied_s = KERB_NO_TIME},
                                   {.id = "B1",
                                    .site_id = "b",
                                    .stream = KERB_STREAM_FOOD,
                                    .volume_l = 240,
                                    .density_kg_per_l = 0.6,
                                    .service_s = 60,
                                    .last_emptied_s = KERB_NO_TIME},
                                   {.id = "C1",
                                    .site_id = "c",
                                    .stream = KERB_STREAM_FOOD,
                                    .volume_l = 240,
                                    .density_kg_per_l = 0.6,
                                    .service_s = 60,
                                    .last_emptied_s = KERB_NO_TIME}};
    const kerb_report reports[] = {{.container_id = "A1",
                                    .measured_s = T0 - 3600,
                                    .received_s = KERB_NO_TIME,
                                    .fill_ratio = 0.95,
                                    .mass_kg = 130},
                                   {.container_id = "B1",
                                    .measured_s = T0 - 3600,
                                    .received_s = KERB_NO_TIME,
                                    .fill_ratio = 0.90,
                                    .mass_kg = 120},
                                   {.container_id = "C1",
                                    .measured_s = T0 - 3600,
                                    .received_s = KERB_NO_TIME,
                                    .fill_ratio = 0.10,
                                    .mass_kg = 12}};
    const kerb_stream food[] = {KERB_STREAM_FOOD};
    const kerb_compartment body[] = {
        {.streams = food, .n_streams = 1, .capacity_kg = 3500, .capacity_l = 6000}};
    const kerb_vehicle trucks[] = {{.id = "T1",
                                    .kind = "small",
                                    .use = KERB_USE_TRUCK,
                                    .compartments = body,
                                    .n_compartments = 1,
                                    .price_used = 180,
                                    .price_per_km = 2.6,
                                    .available = 1}};
    const kerb_shift shifts[] = {{.id = "S1",
                                  .vehicle_id = "T1",
                                  .crew = "C1",
                                  .start_depot = "depot",
                                  .end_depot = "depot",
                                  .start_s = T0 + 3600,
                                  .end_s = T0 + 32400,
                                  .price_per_hour = 62,
                                  .available = 1}};
    const kerb_depot depots[] = {{.id = "depot", .lat_deg = 26.88, .lon_deg = 112.6}};
    const kerb_gate gates[] = {{.stream = KERB_STREAM_FOOD, .fee_per_tonne = 140}};
    const kerb_facility tips[] = {{.id = "tip",
                                   .kind = KERB_FACILITY_TRANSFER_STATION,
                                   .lat_deg = 26.89,
                                   .lon_deg = 112.6,
                                   .gates = gates,
                                   .n_gates = 1,
                                   .unload_s = 300}};
    const kerb_options options = {.seed = 1, .iterations = 200};
    kerb_error err = {0};
    kerb_model *model = NULL;
    kerb_plan *plan = NULL;
    char *text = NULL;
    int failed =
        kerb_model_new(&model, NULL, &err) || kerb_model_set_district(model, &night, &err) ||
        kerb_model_add_sites(model, sites, 3, &err) ||
        kerb_model_add_containers(model, bins, 3, &err) ||
        kerb_model_add_reports(model, reports, 3, &err) ||
        kerb_model_add_vehicles(model, trucks, 1, &err) ||
        kerb_model_add_shifts(model, shifts, 1, &err) ||
        kerb_model_add_depots(model, depots, 1, &err) ||
        kerb_model_add_facilities(model, tips, 1, &err) ||
        kerb_model_set_matrix(model, places, 5, time_ms, length_mm, &err) ||
        kerb_model_seal(model, &options, &err) || kerb_plan_solve(&plan, model, &options, &err) ||
        kerb_plan_summary(plan, 0, &text, &err);
    if (failed)
        fprintf(stderr, "%s\n", err.message);
    else
        printf("%sA1: %s\nC1: %s\n", text, kerb_plan_why(plan, "A1"), kerb_plan_why(plan, "C1"));
    kerb_buffer_free(text);
    kerb_plan_free(plan);
    kerb_model_free(model);
    return failed;
}
