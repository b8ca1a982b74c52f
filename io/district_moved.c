/* SPDX-License-Identifier: GPL-3.0-or-later
 * One fix may be a reflection between houses; three in a row that all lie far from the site are a
 * container that somebody has moved. If most containers seem to have moved, it is not they but the
 * coordinates: one note says so. */
#include "district_moved.h"

#include "base/alloc.h"
#include "base/error.h"
#include "coordinates.h"
#include "district_rows.h"

#include <math.h>

static const double AWAY_M = 100, METRES_PER_DEG = 111195, RADIANS = 0.017453292519943295;

static double away_m(const ki_reader *reader, int32_t container, double lat_deg, double lon_deg) {
    int32_t at = ki_ids_find(&reader->site_ids, reader->containers[container].container.site_id);
    if (at < 0) return 0;
    const kerb_site *site = &reader->sites[at].site;
    ki_to_wgs84(reader->district.coordinates, &lat_deg, &lon_deg);
    double squeeze = cos(site->lat_deg * RADIANS);
    return METRES_PER_DEG * hypot(lat_deg - site->lat_deg, (lon_deg - site->lon_deg) * squeeze);
}

kerb_status ki_moved_see(ki_reader *reader, int32_t container, int64_t at_s, double lat_deg,
                         double lon_deg, kerb_error *err) {
    if (lat_deg == 0 && lon_deg == 0) return KERB_OK;
    if (!reader->sightings)
        reader->sightings =
            ki_arena_alloc(&reader->arena, reader->n_containers, sizeof *reader->sightings);
    if (!reader->sightings) return ki_fail_no_memory(err, "reports");
    ki_sightings *seen = &reader->sightings[container];
    int place = 0;
    while (place < seen->n && seen->at_s[place] > at_s)
        place++;
    if (place == KI_SIGHTINGS) return KERB_OK;
    if (seen->n < KI_SIGHTINGS) seen->n++;
    for (int at = seen->n - 1; at > place; at--) {
        seen->at_s[at] = seen->at_s[at - 1];
        seen->away_m[at] = seen->away_m[at - 1];
    }
    seen->at_s[place] = at_s;
    seen->away_m[place] = away_m(reader, container, lat_deg, lon_deg);
    return KERB_OK;
}

/* By how much at least; 0: it stands where it should. */
static double moved_by(const ki_sightings *seen) {
    double least = seen->n < KI_SIGHTINGS ? 0 : INFINITY;
    for (int at = 0; at < seen->n; at++)
        least = fmin(least, seen->away_m[at]);
    return least > AWAY_M ? least : 0;
}

kerb_status ki_moved_note(ki_reader *reader, kerb_error *err) {
    size_t n_seen = 0, n_moved = 0;
    if (!reader->sightings) return KERB_OK;
    for (size_t at = 0; at < reader->n_containers; at++) {
        n_seen += reader->sightings[at].n == KI_SIGHTINGS;
        n_moved += moved_by(&reader->sightings[at]) > 0;
    }
    if (n_moved > 1 && n_moved * 2 > n_seen)
        return ki_reader_note(reader, err, "elsewhere",
                              "%s: %zu of %zu containers report from more than %g m off their "
                              "sites: are the coordinates those of the district?",
                              reader->report_count.shown, n_moved, n_seen, AWAY_M);
    for (size_t at = 0; at < reader->n_containers; at++) {
        double by_m = moved_by(&reader->sightings[at]);
        const ki_container_row *row = &reader->containers[at];
        if (by_m == 0 || row->dropped) continue;
        KI_TRY(ki_reader_note(reader, err, "elsewhere",
                              "container %.100s reports from %.0f m and more off its site %.100s",
                              row->container.id, by_m, row->container.site_id));
    }
    return KERB_OK;
}
