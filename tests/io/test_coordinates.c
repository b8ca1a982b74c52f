/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/coordinates.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double apart_m(double lat1, double lon1, double lat2, double lon2) {
    double north = (lat2 - lat1) * 111320.0;
    double east = (lon2 - lon1) * 111320.0 * cos(lat1 * 3.14159265358979 / 180.0);
    return sqrt(north * north + east * east);
}

/* Pairs from the tests of googollee/eviltransform, which rounds the earth a little differently. */
static const double pairs[][4] = {{31.1774276, 121.5272106, 31.17530398364597, 121.531541859215},
                                  {22.543847, 113.912316, 22.540796131694766, 113.9171764808363},
                                  {39.911954, 116.377817, 39.91334545536069, 116.38404722455657}};

static void gcj02_agrees_with_published_pairs(void **state) {
    (void)state;
    for (size_t pair = 0; pair < 3; pair++) {
        double lat = pairs[pair][0], lon = pairs[pair][1];
        ki_from_wgs84(KERB_GCJ02, &lat, &lon);
        assert_true(apart_m(lat, lon, pairs[pair][2], pairs[pair][3]) < 0.1);
    }
}

static void every_system_returns_to_where_it_came_from(void **state) {
    (void)state;
    for (int system = KERB_WGS84; system <= KERB_BD09; system++)
        for (double lat = 18.2; lat < 53; lat += 2.3)
            for (double lon = 75.1; lon < 134; lon += 3.7) {
                double there_lat = lat, there_lon = lon;
                ki_from_wgs84((kerb_coordinates)system, &there_lat, &there_lon);
                ki_to_wgs84((kerb_coordinates)system, &there_lat, &there_lon);
                assert_true(fabs(there_lat - lat) < 1e-8 && fabs(there_lon - lon) < 1e-8);
            }
}

static void gcj02_and_bd09_shift_places_in_china_by_hundreds_of_metres(void **state) {
    (void)state;
    for (int system = KERB_GCJ02; system <= KERB_BD09; system++) {
        double lat = 31.23, lon = 121.47;
        ki_from_wgs84((kerb_coordinates)system, &lat, &lon);
        double shift = apart_m(31.23, 121.47, lat, lon);
        assert_true(shift > 200 && shift < 2000);
    }
}

static void places_outside_china_stay_where_they_are(void **state) {
    (void)state;
    double lat = 57.7, lon = 11.95;
    ki_to_wgs84(KERB_GCJ02, &lat, &lon);
    ki_to_wgs84(KERB_BD09, &lat, &lon);
    assert_true(lat == 57.7 && lon == 11.95);
}

static void wgs84_is_left_alone(void **state) {
    (void)state;
    double lat = 31.23, lon = 121.47;
    ki_to_wgs84(KERB_WGS84, &lat, &lon);
    ki_from_wgs84(KERB_WGS84, &lat, &lon);
    assert_true(lat == 31.23 && lon == 121.47);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gcj02_agrees_with_published_pairs),
        cmocka_unit_test(every_system_returns_to_where_it_came_from),
        cmocka_unit_test(gcj02_and_bd09_shift_places_in_china_by_hundreds_of_metres),
        cmocka_unit_test(places_outside_china_stay_where_they_are),
        cmocka_unit_test(wgs84_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
