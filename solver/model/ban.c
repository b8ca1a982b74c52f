/* SPDX-License-Identifier: GPL-3.0-or-later
 * ban.c - bans by area, name, vehicle and hour.
 *
 * An area is tried against the middle of each straight segment of a piece of road, so that streets
 * that only touch its edge with an end are not in it. Corners and shape points are integers of 1e-7
 * degrees; the sign of a cross product of their differences decides. */
#include "model/ban.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

int ki_ban_hours(const kerb_ban *ban, ki_hours *hours) {
    hours->n_rules = 0;
    return !*ban->hours || ki_hours_parse(ban->hours, strlen(ban->hours), hours);
}

/* ---- where ----------------------------------------------------------------------------------- */

typedef struct spot { /* in 1e-7 degrees */
    double lat, lon;
} spot;

typedef struct area {
    const kerb_ban *ban;
    spot *corners; /* [n_corners] */
    spot low, high;
    spot centre;
} area;

static double e7(double degrees) {
    return (double)llround(degrees * 1e7);
}

static kerb_status make_area(area *out, const kerb_ban *ban, ki_arena *arena, kerb_error *err) {
    *out = (area){.ban = ban,
                  .low = {INFINITY, INFINITY},
                  .high = {-INFINITY, -INFINITY},
                  .centre = {e7(ban->lat_deg), e7(ban->lon_deg)}};
    out->corners = ki_arena_alloc(arena, ban->n_corners, sizeof *out->corners);
    if (!out->corners) return ki_fail_no_memory(err, "bans");
    for (size_t at = 0; at < ban->n_corners; at++) {
        spot corner = {e7(ban->corners[at].lat_deg), e7(ban->corners[at].lon_deg)};
        out->corners[at] = corner;
        out->low = (spot){fmin(out->low.lat, corner.lat), fmin(out->low.lon, corner.lon)};
        out->high = (spot){fmax(out->high.lat, corner.lat), fmax(out->high.lon, corner.lon)};
    }
    return KERB_OK;
}

/* A ray to the east crosses the outline an odd number of times. */
static int is_in_outline(const area *within, spot at) {
    size_t n = within->ban->n_corners;
    int inside = 0;
    if (at.lat < within->low.lat || at.lat > within->high.lat || at.lon < within->low.lon ||
        at.lon > within->high.lon)
        return 0;
    for (size_t corner = 0, before = n - 1; corner < n; before = corner++) {
        spot a = within->corners[before], b = within->corners[corner];
        if ((a.lat <= at.lat) == (b.lat <= at.lat)) continue;
        double side = (b.lon - a.lon) * (at.lat - a.lat) - (at.lon - a.lon) * (b.lat - a.lat);
        inside ^= (side > 0) == (b.lat > a.lat);
    }
    return inside;
}

static int is_in_circle(const area *within, spot at) {
    double mm = ki_distance_mm((int32_t)within->centre.lat, (int32_t)within->centre.lon,
                               (int32_t)floor(at.lat), (int32_t)floor(at.lon));
    return mm <= within->ban->radius_m * 1000;
}

static int is_in(const area *within, const ki_graph *graph, const ki_edge *edge) {
    const kerb_ban *ban = within->ban;
    if (ban->n_corners == 0 && ban->radius_m <= 0) return 1; /* by name only */
    for (int32_t point = 1; point < edge->n_points; point++) {
        const ki_point *a = &graph->points[edge->first_point + point - 1], *b = a + 1;
        spot middle = {((double)a->lat_e7 + b->lat_e7) / 2, ((double)a->lon_e7 + b->lon_e7) / 2};
        if (ban->n_corners > 0 && is_in_outline(within, middle)) return 1;
        if (ban->radius_m > 0 && is_in_circle(within, middle)) return 1;
    }
    return 0;
}

static int is_named(const kerb_ban *ban, const char *name) {
    for (size_t road = 0; road < ban->n_roads; road++)
        if (strcmp(ban->roads[road].name, name) == 0) return 1;
    return ban->n_roads == 0;
}

kerb_status ki_bans_on_edges(uint64_t **out, const ki_draft *draft, const ki_graph *graph,
                             ki_arena *arena, kerb_error *err) {
    *out = NULL;
    if (draft->n_bans == 0) return KERB_OK;
    *out = ki_arena_alloc(arena, (size_t)graph->n_edges, sizeof **out);
    if (!*out) return ki_fail_no_memory(err, "bans");
    for (size_t at = 0; at < draft->n_bans; at++) {
        area within;
        KI_TRY(make_area(&within, &draft->bans[at], arena, err));
        for (int32_t edge = 0; edge < graph->n_edges; edge++) {
            const ki_edge *piece = &graph->edges[edge];
            if (is_named(within.ban, ki_way_name(graph, &graph->ways[piece->way])) &&
                is_in(&within, graph, piece))
                (*out)[edge] |= UINT64_C(1) << at;
        }
    }
    return KERB_OK;
}

/* ---- whom and when --------------------------------------------------------------------------- */

static int is_used(const kerb_ban *ban, kerb_vehicle_use use) {
    for (size_t at = 0; at < ban->n_uses; at++)
        if (ban->uses[at] == use) return 1;
    return ban->n_uses == 0;
}

static int is_larger(int32_t size, double over, double unit) {
    return over <= 0 || (double)size > over * unit;
}

static int concerns(const kerb_ban *ban, kerb_vehicle_use use, const ki_profile_spec *spec) {
    return is_used(ban, use) && is_larger(spec->mass_kg, ban->over_mass_kg, 1) &&
           is_larger(spec->height_mm, ban->over_height_m, 1000) &&
           is_larger(spec->width_mm, ban->over_width_m, 1000) &&
           is_larger(spec->length_mm, ban->over_length_m, 1000);
}

uint64_t ki_bans_met(const ki_draft *draft, kerb_vehicle_use use, const ki_profile_spec *spec) {
    uint64_t met = 0;
    for (size_t at = 0; at < draft->n_bans; at++) {
        ki_hours hours;
        const kerb_ban *ban = &draft->bans[at];
        if (!concerns(ban, use, spec) || !ki_ban_hours(ban, &hours)) continue;
        if (ki_hours_during(hours.rules, hours.n_rules, &spec->out) != KI_DURING_NEVER)
            met |= UINT64_C(1) << at;
    }
    return met;
}
