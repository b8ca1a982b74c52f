/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_place.c - the sides of roads.
 *
 * Traffic that keeps right has the kerb on its right. A container is taken from the side it stands
 * on, or across a road that may be crossed on foot; a kerb is swept by the vehicle whose kerb side
 * it is. Which side a point lies on is the sign of the cross product of the direction of travel
 * and the way to the point. */
#include "plan/check_internal.h"

#include "road/snap.h"

#include <math.h>

enum { IN_DOUBT_MM = 1500 }; /* nearer to the middle of the road than this, no side is certain */

static const double mm_per_e7 = 11.131949; /* of latitude */

static void to_plane(double lat_e7, double lon_e7, double at_lat_e7, double at_lon_e7, double *east,
                     double *north) {
    *north = (lat_e7 - at_lat_e7) * mm_per_e7;
    *east = (lon_e7 - at_lon_e7) * mm_per_e7 * cos(at_lat_e7 * 1e-7 * 3.14159265358979323846 / 180);
}

/* mm to the left of the direction of travel (negative: right), and how far in all. */
static double left_of(const ki_checker *check, const ki_check_walk *walk, double lat_e7,
                      double lon_e7, double *distance_mm) {
    const ki_graph *graph = check->graph;
    double at_lat, at_lon, lat1, lon1, lat2, lon2, east, north, dx, dy, x1, y1;
    int32_t length_mm = graph->edges[walk->arc >> 1].length_mm;
    int32_t before = walk->offset_mm > 500 ? walk->offset_mm - 500 : 0;
    int32_t after = walk->offset_mm < length_mm - 500 ? walk->offset_mm + 500 : length_mm;
    ki_check_position(graph, walk->arc, walk->offset_mm, &at_lat, &at_lon);
    ki_check_position(graph, walk->arc, before, &lat1, &lon1);
    ki_check_position(graph, walk->arc, after, &lat2, &lon2);
    to_plane(lat_e7, lon_e7, at_lat, at_lon, &east, &north);
    to_plane(lat1, lon1, at_lat, at_lon, &x1, &y1);
    to_plane(lat2, lon2, at_lat, at_lon, &dx, &dy);
    dx -= x1;
    dy -= y1;
    *distance_mm = sqrt(east * east + north * north);
    double step = sqrt(dx * dx + dy * dy);
    return step > 0 ? (dx * north - dy * east) / step : 0;
}

void ki_check_near(ki_checker *check, const ki_check_walk *walk, const char *what, double lat_deg,
                   double lon_deg) {
    double distance_mm;
    if (!walk->known) return;
    left_of(check, walk, lat_deg * 1e7, lon_deg * 1e7, &distance_mm);
    if (distance_mm > KI_SNAP_RADIUS_MM + 1000)
        ki_check_say(check, "the vehicle stands %.0f m from %s", distance_mm / 1000, what);
}

/* As docs/district-file.md says of `crossing`; an untagged width or number of lanes is no bar. */
static int may_be_crossed(const kerb_crossing *rule, const ki_way_tags *tags) {
    if (!rule->is_stated)
        return tags->road_class == KI_ROAD_RESIDENTIAL || tags->road_class == KI_ROAD_LIVING ||
               tags->road_class == KI_ROAD_SERVICE || tags->road_class == KI_ROAD_UNCLASSIFIED ||
               tags->road_class == KI_ROAD_PEDESTRIAN || tags->road_class == KI_ROAD_TRACK;
    if (rule->max_width_m > 0 && tags->width_mm > rule->max_width_m * 1000 + 0.5) return 0;
    if (rule->max_lanes > 0 && tags->lanes > rule->max_lanes) return 0;
    for (size_t at = 0; at < rule->n_classes; at++)
        if ((int)rule->classes[at] == tags->road_class) return 1;
    return 0;
}

/* A one-way street that crews reach across although the other kerb was asked for. */
static int is_narrow_one_way(const ki_way_tags *tags) {
    if (tags->width_mm) return tags->width_mm <= 7000;
    if (tags->lanes) return tags->lanes < 3;
    return tags->road_class >= KI_ROAD_SECONDARY;
}

void ki_check_site_place(ki_checker *check, const ki_check_walk *walk, const kerb_site *site) {
    if (!walk->known) return;
    ki_check_near(check, walk, "the site", site->lat_deg, site->lon_deg);
    ki_check_nearest(check, walk, site);
    const ki_way_tags *tags = &ki_arc_way(check->graph, walk->arc)->tags;
    int one_way = !(tags->access[0] & tags->access[1] & walk->spec.kind);
    if (site->approach == KERB_APPROACH_EITHER) return;
    if (site->approach != KERB_APPROACH_KERB_SIDE &&
        (one_way || may_be_crossed(&check->draft->district.crossing, tags)))
        return;
    if (site->approach == KERB_APPROACH_KERB_SIDE && one_way && is_narrow_one_way(tags)) return;
    double distance_mm;
    double left_mm = left_of(check, walk, site->lat_deg * 1e7, site->lon_deg * 1e7, &distance_mm);
    double own_mm = check->graph->drive_left ? left_mm : -left_mm;
    if (own_mm < -IN_DOUBT_MM)
        ki_check_say(check, "the site lies across the road, which may not be crossed here");
}

/* ---- kerbs ----------------------------------------------------------------------------------- */

/* Whether the path driven is the street's stretch along (1) or against (-1) its
 * nodes; 0: neither. */
static int direction_of(ki_checker *check, const ki_check_path *driven) {
    const ki_check_path *street = &check->street_path;
    int along = driven->n == street->n, against = along;
    for (size_t k = 0; k < street->n && (along || against); k++) {
        ki_check_arc got = driven->arcs[k], same = street->arcs[k];
        ki_check_arc other = street->arcs[street->n - 1 - k];
        int32_t length_mm = check->graph->edges[other.arc >> 1].length_mm;
        if (got.arc != same.arc || got.from_mm != same.from_mm || got.to_mm != same.to_mm)
            along = 0;
        if (got.arc != (other.arc ^ 1) || got.from_mm != length_mm - other.to_mm ||
            got.to_mm != length_mm - other.from_mm)
            against = 0;
    }
    return along - against;
}

/* Whether signs close the other direction to this kind of vehicle somewhere along the path. */
static int is_one_way(const ki_checker *check, const ki_check_walk *walk,
                      const ki_check_path *path) {
    for (size_t k = 0; k < path->n; k++) {
        int32_t back = path->arcs[k].arc ^ 1;
        const ki_way_tags *tags = &ki_arc_way(check->graph, back)->tags;
        if (!(tags->access[back & 1] & walk->spec.kind)) return 1;
    }
    return 0;
}

void ki_check_brush(ki_checker *check, const kerb_vehicle *vehicle, const kerb_street *street,
                    int direction) {
    kerb_side brush = vehicle->brush_side, kerb = street->side;
    if (brush == KERB_SIDE_UNSPECIFIED || kerb == KERB_SIDE_CENTRE) return;
    int passes_it = direction > 0 ? kerb == brush : kerb != brush;
    if (!passes_it)
        ki_check_say(check, "the kerb is not on the side of the brush of vehicle %.80s",
                     vehicle->id);
}

/* The kerb on the vehicle's own side is swept; the far one on one-way streets only. */
void ki_check_sweep_path(ki_checker *check, const ki_check_walk *walk, const kerb_vehicle *vehicle,
                         const kerb_street *street, const ki_check_path *driven) {
    check->street_path.n = 0;
    int found = ki_check_find_street(check, street->way_id, street->from_node, street->to_node,
                                     &check->street_path);
    int direction = found ? direction_of(check, driven) : 0;
    if (direction == 0) {
        ki_check_say(check, "does not cover the street from node %lld to node %lld",
                     (long long)street->from_node, (long long)street->to_node);
        return;
    }
    ki_check_brush(check, vehicle, street, direction);
    if (street->side == KERB_SIDE_CENTRE) return;
    int right_is_own = !check->graph->drive_left;
    int own = (street->side == KERB_SIDE_RIGHT) == right_is_own ? 1 : -1;
    if (direction != own && !is_one_way(check, walk, driven))
        ki_check_say(check, "sweeps against the direction in which this kerb is on its side");
}
