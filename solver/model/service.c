/* SPDX-License-Identifier: GPL-3.0-or-later
 * The middle of the night, which is when fills were forecast for at first, is hours after most
 * containers are emptied: loads came out 6 to 10 % too high. */
#include "model/service.h"

#include "base/error.h"
#include "base/ids.h"

#include <math.h>
#include <string.h>

/* The middle of so much of the plain hours is when containers of the demo and of three extracts
 * were emptied in the mean, within some minutes (docs/decisions/0057). */
static const double OUT_SHARE = 0.6;

static int is_of_truck(const ki_draft *draft, const kerb_shift *shift) {
    for (size_t at = 0; at < draft->n_vehicles; at++)
        if (strcmp(draft->vehicles[at].id, shift->vehicle_id) == 0)
            return draft->vehicles[at].use == KERB_USE_TRUCK;
    return 0;
}

void ki_truck_hours(const ki_draft *draft, double share, int64_t *from_s, int64_t *to_s) {
    int n_trucks = 0;
    *from_s = *to_s = draft->district.night_start_s;
    for (size_t at = 0; at < draft->n_shifts; at++) {
        const kerb_shift *shift = &draft->shifts[at];
        if (!is_of_truck(draft, shift)) continue;
        double length_s = (double)(shift->end_s - shift->start_s);
        if (shift->regular_s > 0) length_s = fmin(length_s, shift->regular_s);
        int64_t until_s = shift->start_s + (int64_t)(share * length_s);
        if (n_trucks == 0 || shift->start_s < *from_s) *from_s = shift->start_s;
        if (n_trucks++ == 0 || until_s > *to_s) *to_s = until_s;
    }
}

void ki_forecast_tonight(ki_forecast_times *out, const ki_draft *draft) {
    const kerb_district *district = &draft->district;
    int64_t from_s = district->night_start_s, to_s = district->night_end_s;
    *out = (ki_forecast_times){.as_of_s = district->as_of_s,
                               .utc_offset_s = district->utc_offset_s,
                               .forecast = district->forecast};
    if (district->forecast >= KI_FORECAST_CALIBRATED) {
        int64_t first_s, last_s;
        ki_truck_hours(draft, OUT_SHARE, &first_s, &last_s);
        if (first_s < last_s) from_s = first_s, to_s = last_s;
        if (from_s < out->as_of_s) from_s = out->as_of_s; /* a night under way */
        if (from_s < to_s) out->spread_s = to_s - from_s;
    }
    out->service_s = from_s + (to_s - from_s) / 2;
    if (out->service_s < out->as_of_s) out->service_s = out->as_of_s;
}

kerb_status ki_forecast_words(ki_forecast_times *out, ki_arena *arena, const ki_draft *draft,
                              kerb_error *err) {
    const kerb_district *district = &draft->district;
    ki_ids sites;
    if (out->forecast < KI_FORECAST_HABITS) return KERB_OK;
    ki_habit_words *words = ki_arena_alloc(arena, 1, sizeof *words);
    ki_spot *spots = ki_arena_alloc(arena, draft->n_containers, sizeof *spots);
    if (!words || !spots ||
        ki_ids_build(&sites, arena, draft->n_sites ? &draft->sites->id : NULL, draft->n_sites,
                     sizeof *draft->sites))
        return ki_fail_no_memory(err, "habits");
    for (size_t at = 0; at < draft->n_containers; at++) {
        int32_t site = ki_ids_find(&sites, draft->containers[at].site_id);
        spots[at] = site < 0 ? (ki_spot){NAN, NAN}
                             : (ki_spot){draft->sites[site].lat_deg, draft->sites[site].lon_deg};
    }
    *words = (ki_habit_words){.holidays = district->holidays,
                              .n_holidays = district->n_holidays,
                              .streams = district->habits,
                              .n_streams = district->n_habits,
                              .spots = spots};
    out->habits = words;
    return KERB_OK;
}
