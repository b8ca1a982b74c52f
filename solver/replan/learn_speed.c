/* SPDX-License-Identifier: GPL-3.0-or-later
 * learn_speed.c - how fast vehicles really are. Points of a track come at even times, so the mean
 * of their speeds while moving is distance by time moving: what the speed of a road means here,
 * turns and lights being counted apart. A night gives one observation for each class of roads and
 * hour of which there are enough points, however many those are: its points are no strangers to
 * each other. */
#include "replan/learn.h"

#include "base/date.h"
#include "base/error.h"
#include "road/profile.h"
#include "road/snap.h"

enum { NEAR_MM = 20000, MIN_POINTS = 30 };
static const double MOVING_KMH = 3, MAX_KMH = 130;

typedef struct sums {
    double ratio[KI_N_ROAD_CLASSES][24];
    int32_t n[KI_N_ROAD_CLASSES][24];
} sums;

/* Search is for any truck: a limit of height tells nothing about where one was. */
static int road_of(const ki_snap_index *index, const ki_profile *profile,
                   const ki_track_point *point, const ki_way_tags **tags, int *along) {
    ki_snap snap;
    ki_snap_place(index, profile, NULL, point->lat_deg, point->lon_deg, KERB_APPROACH_EITHER,
                  &snap);
    if (snap.cause != KI_SNAP_OK || snap.n_places == 0 || snap.distance_mm > NEAR_MM) return 0;
    int32_t arc = snap.places[0].arc;
    *tags = &ki_arc_way(profile->graph, arc)->tags;
    *along = arc & 1;
    return (*tags)->speed_mm_per_s[*along] > 0;
}

static int hour_of(const ki_draft *draft, int64_t at_s) {
    int64_t local_s = at_s + draft->district.utc_offset_s;
    return (int)((local_s - ki_day_of(local_s) * KI_DAY_S) / 3600);
}

static void add_points(sums *out, const ki_snap_index *index, const ki_profile *profile,
                       const ki_draft *draft, const ki_night_log *night, ki_learn_totals *totals) {
    for (size_t at = 0; at < night->n_track; at++) {
        const ki_track_point *point = &night->track[at];
        const ki_way_tags *tags;
        int along;
        if (!(point->speed_kmh > MOVING_KMH && point->speed_kmh <= MAX_KMH)) continue;
        if (!road_of(index, profile, point, &tags, &along)) {
            totals->n_points_lost++;
            continue;
        }
        int hour = hour_of(draft, point->at_s);
        out->ratio[tags->road_class][hour] +=
            point->speed_kmh / 3.6e-3 / tags->speed_mm_per_s[along];
        out->n[tags->road_class][hour]++;
        totals->n_points++;
    }
}

kerb_status ki_learn_speeds(ki_learned *learned, const ki_draft *draft, const ki_graph *graph,
                            const ki_night_log *night, ki_learn_totals *totals, kerb_error *err) {
    ki_profile_spec spec = {.kind = KI_KIND_TRUCK};
    ki_profile *profile = NULL;
    ki_snap_index *index = NULL;
    sums points = {0};
    kerb_status status = ki_profile_build(&profile, graph, &spec, NULL, err);
    if (status == KERB_OK) status = ki_snap_index_new(&index, graph, err);
    if (status == KERB_OK) add_points(&points, index, profile, draft, night, totals);
    ki_snap_index_free(index);
    ki_profile_free(profile);
    for (int road = 0; status == KERB_OK && road < KI_N_ROAD_CLASSES; road++)
        for (int hour = 0; hour < 24; hour++)
            if (points.n[road][hour] >= MIN_POINTS)
                ki_learned_observe(&learned->speed[road][hour],
                                   points.ratio[road][hour] / points.n[road][hour]);
    return status;
}
