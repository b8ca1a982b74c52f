/* SPDX-License-Identifier: GPL-3.0-or-later
 * A town of irregular blocks in Shanghai; its sites, 8 m off the street, written in each system. */
#include "base/rng.h"
#include "io/coordinates.h"
#include "io/district_reader.h"
#include "road/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_STREETS = 24, N_SITES = 60 };

static const double SOUTH = 31.22, WEST = 121.46, M_LAT = 1 / 111320.0, M_LON = 1 / 95200.0;

typedef struct town {
    kerb_roads roads;
    double street_m[N_STREETS]; /* distance north of SOUTH */
    double lat[N_SITES], lon[N_SITES];
} town;

static int32_t e7(double degrees) {
    return (int32_t)(degrees * 1e7);
}

static void add_street(ki_graph_builder *builder, int64_t id, double north_m) {
    ki_way_tags tags = {.road_class = KI_ROAD_RESIDENTIAL, .access = {KI_KIND_ALL, KI_KIND_ALL}};
    tags.speed_mm_per_s[0] = tags.speed_mm_per_s[1] = 8000;
    int64_t refs[2] = {2 * id, 2 * id + 1};
    int32_t lat[2] = {e7(SOUTH + north_m * M_LAT), e7(SOUTH + north_m * M_LAT)};
    int32_t lon[2] = {e7(WEST), e7(WEST + 4000 * M_LON)};
    assert_int_equal(ki_graph_builder_add_way(builder, id, NULL, &tags, refs, lat, lon, 2, NULL),
                     KERB_OK);
}

static int build_town(void **state) {
    static town made;
    ki_rng rng;
    ki_graph_builder *builder;
    ki_rng_seed(&rng, 7, 0);
    if (ki_graph_builder_new(&builder, NULL) != KERB_OK) return -1;
    double north_m = 0;
    for (int street = 0; street < N_STREETS; street++) {
        north_m += 120 + (double)ki_rng_below(&rng, 150);
        made.street_m[street] = north_m;
        add_street(builder, 100 + street, north_m);
    }
    if (ki_graph_build(&made.roads.graph, builder, NULL) != KERB_OK) return -1;
    for (int site = 0; site < N_SITES; site++) {
        made.lat[site] = SOUTH + (made.street_m[4 + ki_rng_below(&rng, N_STREETS - 8)] + 8) * M_LAT;
        made.lon[site] = WEST + (1200 + (double)ki_rng_below(&rng, 1600)) * M_LON;
    }
    *state = &made;
    return 0;
}

static int free_town(void **state) {
    ki_graph_free(((town *)*state)->roads.graph);
    return 0;
}

static kerb_status judge(const town *here, kerb_coordinates written, kerb_coordinates declared,
                         kerb_error *err) {
    double lat[N_SITES], lon[N_SITES];
    memcpy(lat, here->lat, sizeof lat);
    memcpy(lon, here->lon, sizeof lon);
    for (int site = 0; site < N_SITES; site++)
        ki_from_wgs84(written, &lat[site], &lon[site]);
    return ki_coordinates_judge(&here->roads, declared, lat, lon, N_SITES, err);
}

static void the_right_system_is_accepted(void **state) {
    for (int system = KERB_WGS84; system <= KERB_BD09; system++) {
        kerb_error err = {0};
        if (judge(*state, (kerb_coordinates)system, (kerb_coordinates)system, &err) != KERB_OK)
            fail_msg("%s", err.message);
    }
}

static void a_wrong_system_is_refused_and_the_right_one_named(void **state) {
    static const char *const names[] = {"", "wgs84", "gcj02", "bd09"};
    for (int written = KERB_WGS84; written <= KERB_BD09; written++)
        for (int declared = KERB_WGS84; declared <= KERB_BD09; declared++) {
            if (written == declared) continue;
            kerb_error err = {0};
            assert_int_equal(
                judge(*state, (kerb_coordinates)written, (kerb_coordinates)declared, &err),
                KERB_BAD_INPUT);
            const char *end = strstr(err.message, "expected coordinates: ");
            assert_non_null(end);
            assert_string_equal(end + strlen("expected coordinates: "), names[written]);
            assert_non_null(strstr(err.message, " 8.0 m;"));
        }
}

static void places_far_from_any_road_are_not_called_another_system(void **state) {
    const town *here = *state;
    double lat[N_SITES], lon[N_SITES];
    for (int site = 0; site < N_SITES; site++) {
        lat[site] = here->lat[site] + 1.0;
        lon[site] = here->lon[site];
    }
    assert_int_equal(ki_coordinates_judge(&here->roads, KERB_WGS84, lat, lon, N_SITES, NULL),
                     KERB_OK);
}

static void a_handful_of_places_is_not_judged(void **state) {
    const town *here = *state;
    assert_int_equal(ki_coordinates_judge(&here->roads, KERB_BD09, here->lat, here->lon, 4, NULL),
                     KERB_OK);
    assert_int_equal(ki_coordinates_judge(NULL, KERB_BD09, here->lat, here->lon, N_SITES, NULL),
                     KERB_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_system_is_accepted),
        cmocka_unit_test(a_wrong_system_is_refused_and_the_right_one_named),
        cmocka_unit_test(places_far_from_any_road_are_not_called_another_system),
        cmocka_unit_test(a_handful_of_places_is_not_judged),
    };
    return cmocka_run_group_tests(tests, build_town, free_town);
}
