/* SPDX-License-Identifier: GPL-3.0-or-later
 * district_coordinates.c - is the declared coordinate system the right one?
 *
 * A single place cannot tell: in a dense city a place read in the wrong system still lies within
 * 50 m of some road every second time. The whole set can: its median distance to a road rises from
 * about 11 m to 35-127 m (measured). So every place is snapped under each system, and the declared
 * one must not be far worse than another. */
#include "base/alloc.h"
#include "base/error.h"
#include "coordinates.h"
#include "district_reader.h"
#include "road/snap.h"

#include <stdlib.h>

enum { FEWEST_PLACES = 5, MOST_PLACES = 4000, WORRYING_MM = 20000, N_SYSTEMS = 3 };

static const char *const system_names[] = {"unspecified", "wgs84", "gcj02", "bd09"};

static int by_size(const void *a, const void *b) {
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static int32_t median_mm(const ki_snap_index *index, kerb_coordinates system, const double *lat_deg,
                         const double *lon_deg, size_t n, int32_t *distances_mm) {
    size_t step = 1 + (n - 1) / MOST_PLACES, n_taken = 0;
    for (size_t place = 0; place < n; place += step) {
        double lat = lat_deg[place], lon = lon_deg[place];
        ki_to_wgs84(system, &lat, &lon);
        int32_t distance = ki_snap_distance_mm(index, lat, lon);
        distances_mm[n_taken++] = distance > KI_SNAP_RADIUS_MM ? KI_SNAP_RADIUS_MM : distance;
    }
    qsort(distances_mm, n_taken, sizeof *distances_mm, by_size);
    return distances_mm[n_taken / 2];
}

static kerb_status compare(const ki_snap_index *index, kerb_coordinates declared,
                           const double *lat_deg, const double *lon_deg, size_t n,
                           int32_t *distances_mm, kerb_error *err) {
    int32_t given = median_mm(index, declared, lat_deg, lon_deg, n, distances_mm);
    if (given <= WORRYING_MM) return KERB_OK;
    kerb_coordinates best = declared;
    int32_t least = given;
    for (int system = KERB_WGS84; system <= N_SYSTEMS; system++) {
        int32_t median =
            median_mm(index, (kerb_coordinates)system, lat_deg, lon_deg, n, distances_mm);
        if (median >= least) continue;
        least = median;
        best = (kerb_coordinates)system;
    }
    if (5 * (int64_t)least >= 2 * (int64_t)given) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT,
                   "coordinates: %s puts the places a median of %.1f m from a road, %s %.1f m; "
                   "expected coordinates: %s",
                   system_names[declared], given / 1000.0, system_names[best], least / 1000.0,
                   system_names[best]);
}

kerb_status ki_coordinates_judge(const kerb_roads *roads, kerb_coordinates declared,
                                 const double *lat_deg, const double *lon_deg, size_t n,
                                 kerb_error *err) {
    if (!roads || n < FEWEST_PLACES) return KERB_OK;
    ki_snap_index *index;
    KI_TRY(ki_snap_index_new(&index, roads->graph, err));
    int32_t *distances_mm = ki_alloc_zero(MOST_PLACES + 1, sizeof *distances_mm);
    kerb_status status = distances_mm
                             ? compare(index, declared, lat_deg, lon_deg, n, distances_mm, err)
                             : ki_fail_no_memory(err, "coordinates");
    ki_free(distances_mm);
    ki_snap_index_free(index);
    return status;
}
