/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way to the next stop and the work there. Not a share of sending a truck out: where musts come
 * up every night it goes out anyway, and one stop less saves none of it. Only its size matters: it
 * weighs mays against each other and against the way to them. */
#include "demand/stop_price.h"

#include <math.h>

static const double KM_PER_DEGREE = 111.2, RADIAN = 0.017453292519943295;
static const double DETOUR = 1.4; /* streets are longer than the crow flies */
static const double LONGEST_KM = 5, DRIVE_KMH = 20;

/* Between neighbours, were the sites spread evenly over the box around them. */
static double spacing_km(const ki_draft *draft) {
    double south = 90, north = -90, west = 180, east = -180;
    for (size_t at = 0; at < draft->n_sites; at++) {
        south = fmin(south, draft->sites[at].lat_deg);
        north = fmax(north, draft->sites[at].lat_deg);
        west = fmin(west, draft->sites[at].lon_deg);
        east = fmax(east, draft->sites[at].lon_deg);
    }
    if (draft->n_sites < 2) return 0;
    double height = (north - south) * KM_PER_DEGREE;
    double width = (east - west) * KM_PER_DEGREE * cos((south + north) / 2 * RADIAN);
    return fmin(LONGEST_KM, DETOUR * sqrt(height * width / (double)draft->n_sites));
}

static double work_h(const ki_draft *draft) {
    double sum = 0, setup = 0;
    for (size_t at = 0; at < draft->n_containers; at++)
        sum += draft->containers[at].service_s;
    for (size_t at = 0; at < draft->n_sites; at++)
        setup += draft->sites[at].setup_s;
    if (draft->n_containers == 0) return 0;
    return (sum + setup) / (double)draft->n_containers / 3600;
}

/* Prices of the trucks and of the hours of all shifts, means. */
static int mean_prices(const ki_draft *draft, double *used, double *per_km, double *per_hour,
                       double *trip_h) {
    double trucks = 0, shifts = 0;
    *used = *per_km = *per_hour = *trip_h = 0;
    for (size_t at = 0; at < draft->n_vehicles; at++) {
        if (draft->vehicles[at].use != KERB_USE_TRUCK) continue;
        *used += draft->vehicles[at].price_used;
        *per_km += draft->vehicles[at].price_per_km;
        trucks += 1;
    }
    for (size_t at = 0; at < draft->n_shifts; at++) {
        *per_hour += draft->shifts[at].price_per_hour;
        *trip_h += (draft->shifts[at].pre_trip_s + draft->shifts[at].post_trip_s) / 3600;
        shifts += 1;
    }
    if (trucks < 1 || shifts < 1) return 0;
    *used /= trucks, *per_km /= trucks, *per_hour /= shifts, *trip_h /= shifts;
    return 1;
}

double ki_outing_price(const ki_draft *draft) {
    double used, per_km, per_hour, trip_h;
    if (!mean_prices(draft, &used, &per_km, &per_hour, &trip_h)) return 0;
    return used + trip_h * per_hour;
}

double ki_stop_price(const ki_draft *draft) {
    double used, per_km, per_hour, trip_h;
    if (!mean_prices(draft, &used, &per_km, &per_hour, &trip_h)) return 0;
    double km = spacing_km(draft);
    return km * per_km + (km / DRIVE_KMH + work_h(draft)) * per_hour;
}
