/* SPDX-License-Identifier: GPL-3.0-or-later
 * coordinates.c - the two Chinese systems to and from WGS84.
 *
 * GCJ-02 shifts WGS84 by a smooth field of up to some 550 m inside a box around China and leaves
 * the rest of the world alone; BD-09 shifts GCJ-02 once more. The forward formulas are the widely
 * published ones (Krasovsky ellipsoid). There is no closed inverse, so both are inverted by fixed
 * point iteration on the whole forward map: the field changes by under 1 % over its own length, so
 * each round gains two digits (measured: two rounds reach 1e-8 degrees; more cost nothing). */
#include "coordinates.h"

#include <math.h>

#define PI 3.14159265358979323846

enum { ROUNDS = 8 };

static int in_china(double lat, double lon) {
    return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

static double waves(double at, double period_a, double gain_a, double period_b, double gain_b) {
    return (gain_a * sin(at * PI * period_a) + gain_b * sin(at * PI * period_b)) * 2.0 / 3.0;
}

static double lat_field_m(double x, double y) {
    double field = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
    field += waves(x, 6.0, 20.0, 2.0, 20.0);
    field += waves(y, 1.0, 20.0, 1.0 / 3.0, 40.0);
    return field + waves(y, 1.0 / 12.0, 160.0, 1.0 / 30.0, 320.0);
}

static double lon_field_m(double x, double y) {
    double field = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
    field += waves(x, 6.0, 20.0, 2.0, 20.0);
    field += waves(x, 1.0, 20.0, 1.0 / 3.0, 40.0);
    return field + waves(x, 1.0 / 12.0, 150.0, 1.0 / 30.0, 300.0);
}

static void shift_to_gcj02(double *lat, double *lon) {
    const double axis_m = 6378245.0, eccentricity2 = 0.00669342162296594323;
    double x = *lon - 105.0, y = *lat - 35.0;
    double angle = *lat * PI / 180.0, sine = sin(angle);
    double bend = 1.0 - eccentricity2 * sine * sine, root = sqrt(bend);
    double north_m = axis_m * (1.0 - eccentricity2) / (bend * root) * PI / 180.0;
    double east_m = axis_m / root * cos(angle) * PI / 180.0;
    double dlat = lat_field_m(x, y) / north_m, dlon = lon_field_m(x, y) / east_m;
    *lat += dlat;
    *lon += dlon;
}

static void shift_to_bd09(double *lat, double *lon) {
    const double turn = PI * 3000.0 / 180.0;
    double x = *lon, y = *lat;
    double radius = sqrt(x * x + y * y) + 0.00002 * sin(y * turn);
    double angle = atan2(y, x) + 0.000003 * cos(x * turn);
    *lon = radius * cos(angle) + 0.0065;
    *lat = radius * sin(angle) + 0.006;
}

void ki_from_wgs84(kerb_coordinates to, double *lat_deg, double *lon_deg) {
    if ((to != KERB_GCJ02 && to != KERB_BD09) || !in_china(*lat_deg, *lon_deg)) return;
    shift_to_gcj02(lat_deg, lon_deg);
    if (to == KERB_BD09) shift_to_bd09(lat_deg, lon_deg);
}

void ki_to_wgs84(kerb_coordinates from, double *lat_deg, double *lon_deg) {
    if ((from != KERB_GCJ02 && from != KERB_BD09) || !in_china(*lat_deg, *lon_deg)) return;
    double lat = *lat_deg, lon = *lon_deg;
    for (int round = 0; round < ROUNDS; round++) {
        double there_lat = lat, there_lon = lon;
        ki_from_wgs84(from, &there_lat, &there_lon);
        lat += *lat_deg - there_lat;
        lon += *lon_deg - there_lon;
    }
    *lat_deg = lat;
    *lon_deg = lon;
}
