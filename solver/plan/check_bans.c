/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_bans.c - the district's own bans, at the minute a vehicle is on the road.
 *
 * Which pieces of road lie in an area is found by the winding of its outline around the middle of
 * each segment, not by the ray that the engine casts. */
#include "plan/check_internal.h"

#include <math.h>
#include <string.h>

enum { MAX_BANS = 64 };

/* ---- where ----------------------------------------------------------------------------------- */

typedef struct place { /* in 1e-7 degrees */
    double lat, lon;
} place;

static place corner_of(const kerb_ban *ban, size_t at) {
    const kerb_corner *corner = &ban->corners[at % ban->n_corners];
    return (place){(double)llround(corner->lat_deg * 1e7), (double)llround(corner->lon_deg * 1e7)};
}

/* > 0: the place lies to the left of the line from a to b, as seen on a map. */
static double left_of(place a, place b, place at) {
    return (b.lon - a.lon) * (at.lat - a.lat) - (at.lon - a.lon) * (b.lat - a.lat);
}

static int winds_around(const kerb_ban *ban, place at) {
    int turns = 0;
    for (size_t c = 0; c < ban->n_corners; c++) {
        place a = corner_of(ban, c), b = corner_of(ban, c + 1);
        if (a.lat <= at.lat && b.lat > at.lat && left_of(a, b, at) > 0) turns++;
        if (a.lat > at.lat && b.lat <= at.lat && left_of(a, b, at) <= 0) turns++;
    }
    return turns % 2; /* overlaps of the outline with itself are outside */
}

static int is_near(const kerb_ban *ban, place at) {
    double mm =
        ki_distance_mm((int32_t)llround(ban->lat_deg * 1e7), (int32_t)llround(ban->lon_deg * 1e7),
                       (int32_t)floor(at.lat), (int32_t)floor(at.lon));
    return mm <= ban->radius_m * 1000;
}

static int covers(const kerb_ban *ban, const ki_graph *graph, const ki_edge *edge) {
    int by_area = ban->n_corners > 0 || ban->radius_m > 0, named = ban->n_roads == 0, within = 0;
    for (size_t road = 0; road < ban->n_roads && !named; road++)
        named = strcmp(ban->roads[road].name, ki_way_name(graph, &graph->ways[edge->way])) == 0;
    for (int32_t p = 0; named && by_area && p + 1 < edge->n_points && !within; p++) {
        const ki_point *from = &graph->points[edge->first_point + p], *to = from + 1;
        place middle = {((double)from->lat_e7 + to->lat_e7) / 2,
                        ((double)from->lon_e7 + to->lon_e7) / 2};
        within = (ban->n_corners > 0 && winds_around(ban, middle)) ||
                 (ban->radius_m > 0 && is_near(ban, middle));
    }
    return named && (within || !by_area);
}

void ki_check_bans_prepare(ki_checker *check) {
    const ki_draft *draft = check->draft;
    if (draft->n_bans == 0) return;
    check->bans_on = ki_arena_alloc(&check->arena, (size_t)check->graph->n_edges, sizeof(uint64_t));
    check->ban_hours = ki_arena_alloc(&check->arena, draft->n_bans, sizeof *check->ban_hours);
    if (!check->bans_on || !check->ban_hours) {
        check->failed = 1;
        return;
    }
    for (size_t b = 0; b < draft->n_bans && b < MAX_BANS; b++) {
        const kerb_ban *ban = &draft->bans[b];
        if (*ban->hours) (void)ki_hours_parse(ban->hours, strlen(ban->hours), &check->ban_hours[b]);
        for (int32_t edge = 0; edge < check->graph->n_edges; edge++)
            if (covers(ban, check->graph, &check->graph->edges[edge]))
                check->bans_on[edge] |= (uint64_t)1 << b;
    }
}

/* ---- whom and when --------------------------------------------------------------------------- */

static int binds(const kerb_ban *ban, const kerb_vehicle *vehicle) {
    int used = ban->n_uses == 0;
    for (size_t use = 0; use < ban->n_uses; use++)
        used |= ban->uses[use] == vehicle->use;
    return used && (ban->over_mass_kg <= 0 || vehicle->mass_kg > ban->over_mass_kg) &&
           (ban->over_height_m <= 0 || vehicle->height_m > ban->over_height_m) &&
           (ban->over_width_m <= 0 || vehicle->width_m > ban->over_width_m) &&
           (ban->over_length_m <= 0 || vehicle->length_m > ban->over_length_m);
}

void ki_check_bans(ki_checker *check, const ki_check_walk *walk, int32_t arc, int64_t until_ms) {
    const ki_draft *draft = check->draft;
    if (!check->bans_on || !check->bans_on[arc >> 1]) return;
    for (size_t b = 0; b < draft->n_bans && b < MAX_BANS; b++) {
        char when[8];
        const ki_hours *hours = &check->ban_hours[b];
        if (!(check->bans_on[arc >> 1] >> b & 1) || !binds(&draft->bans[b], walk->vehicle) ||
            !ki_check_hours_meet(check, hours->rules, hours->n_rules, walk->at_ms, until_ms))
            continue;
        ki_check_clock(check, walk->at_ms, when);
        ki_check_say(check, "ban %.80s closes way %lld to this vehicle at %s", draft->bans[b].id,
                     ki_check_way_id(check, arc), when);
    }
}
