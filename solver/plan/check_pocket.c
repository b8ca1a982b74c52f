/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_pocket.c - may a site be served from a road that is not the nearest to it?
 *
 * Only if every nearer road that is open to the vehicle is of no use: from there the vehicle cannot
 * come back to where it stands, or cannot get there. Two floods over the base graph from the place
 * it stands at, one with the traffic and one against it, tell. They obey what closes arcs, turns at
 * nodes and restrictions of two arcs, and never begin a longer one: so what they reach is reached,
 * and what they miss is given the benefit of the doubt. */
#include "plan/check_internal.h"

#include "road/tonight.h"

#include <math.h>
#include <string.h>

enum { SLACK_MM = 500 }; /* of distances: places are rounded to mm on the road */

static const double mm_per_e7 = 11.131949;

/* A ban of the district may be for a larger vehicle of the same profile, or for other hours: where
 * there is one, the road gets the benefit of the doubt. */
static int is_open(const ki_checker *check, const ki_profile_spec *spec, int32_t arc) {
    if (check->bans_on && check->bans_on[arc >> 1]) return 0;
    return !check->closed[arc] && ki_profile_arc_ms(check->graph, spec, arc) != KI_NEVER;
}

/* ---- floods ---------------------------------------------------------------------------------- */

/* Whether a restriction of two arcs forbids the turn, or a longer one begins with it. */
static int is_forbidden(const ki_checker *check, const ki_profile_spec *spec, int32_t from,
                        int32_t to) {
    const ki_graph *graph = check->graph;
    for (int32_t k = check->first_bound[from]; k < check->first_bound[from + 1]; k++) {
        const ki_restriction *rule = &graph->restrictions[check->bound[k].restriction];
        const int32_t *arcs = graph->restriction_arcs + rule->first_arc;
        if (arcs[0] != from || !ki_restriction_binds(graph, spec, rule)) continue;
        if (rule->n_arcs == 2 && rule->only ? arcs[1] != to : arcs[1] == to) return 1;
    }
    return 0;
}

static int may_turn(const ki_checker *check, const ki_profile_spec *spec, int32_t from,
                    int32_t to) {
    return is_open(check, spec, to) &&
           ki_profile_turn_ms(check->graph, spec, from, to) != KI_NEVER &&
           !is_forbidden(check, spec, from, to);
}

/* Marks with bit what is reached from arc: forwards, or backwards. */
static void flood(ki_checker *check, const ki_profile_spec *spec, int32_t start, int backwards,
                  uint8_t bit) {
    const ki_graph *graph = check->graph;
    int32_t n = 0;
    check->reached[start] |= bit;
    check->flood_queue[n++] = start;
    for (int32_t done = 0; done < n; done++) {
        int32_t arc = check->flood_queue[done];
        int32_t node = backwards ? ki_arc_from(graph, arc) : ki_arc_to(graph, arc);
        for (int32_t out = graph->first_out[node]; out < graph->first_out[node + 1]; out++) {
            int32_t next = backwards ? graph->out_arcs[out] ^ 1 : graph->out_arcs[out];
            if (check->reached[next] & bit) continue;
            if (backwards ? !is_open(check, spec, next) || !may_turn(check, spec, next, arc)
                          : !may_turn(check, spec, arc, next))
                continue;
            check->reached[next] |= bit;
            check->flood_queue[n++] = next;
        }
    }
}

/* From the first place asked about; other places of the same vehicle reach each other. */
static int prepare_floods(ki_checker *check, const ki_check_walk *walk) {
    size_t n_arcs = (size_t)check->graph->n_arcs;
    if (!check->reached) {
        check->reached = ki_arena_alloc(&check->arena, n_arcs, 1);
        check->flood_queue = ki_arena_alloc(&check->arena, n_arcs, sizeof(int32_t));
        if (!check->reached || !check->flood_queue) {
            check->failed = 1;
            return 0;
        }
    } else if (memcmp(&check->flooded, &walk->spec, sizeof walk->spec) == 0) {
        return 1;
    }
    memset(check->reached, 0, n_arcs);
    check->flooded = walk->spec;
    flood(check, &walk->spec, walk->arc, 0, 1);
    flood(check, &walk->spec, walk->arc, 1, 2);
    return 1;
}

/* ---- nearer roads ---------------------------------------------------------------------------- */

static double to_segment_mm(const ki_point *from, double lat_e7, double lon_e7) {
    double shrink = mm_per_e7 * cos(lat_e7 * 1e-7 * 3.14159265358979323846 / 180);
    double x1 = (from[0].lon_e7 - lon_e7) * shrink, y1 = (from[0].lat_e7 - lat_e7) * mm_per_e7;
    double x2 = (from[1].lon_e7 - lon_e7) * shrink, y2 = (from[1].lat_e7 - lat_e7) * mm_per_e7;
    double dx = x2 - x1, dy = y2 - y1, square = dx * dx + dy * dy;
    double share = square > 0 ? fmin(fmax(-(x1 * dx + y1 * dy) / square, 0), 1) : 0;
    return hypot(x1 + share * dx, y1 + share * dy);
}

static int is_near_box(const ki_point *from, double lat_e7, double lon_e7, double mm) {
    double lat = mm / mm_per_e7 + 2;
    double lon = lat / fmax(cos(lat_e7 * 1e-7 * 3.14159265358979323846 / 180), 1e-6);
    return fmin(from[0].lat_e7, from[1].lat_e7) <= lat_e7 + lat &&
           fmax(from[0].lat_e7, from[1].lat_e7) >= lat_e7 - lat &&
           fmin(from[0].lon_e7, from[1].lon_e7) <= lon_e7 + lon &&
           fmax(from[0].lon_e7, from[1].lon_e7) >= lon_e7 - lon;
}

/* A road that could have served the site: both of its lanes lead there and back, so that whichever
 * side the site lies on does not matter. */
static int is_of_use(const ki_checker *check, int32_t edge) {
    return check->reached[2 * edge] == 3 && check->reached[2 * edge + 1] == 3;
}

/* 1: a fault was told; one is enough. */
static int judge_edge(ki_checker *check, const ki_check_walk *walk, int32_t edge, double lat_e7,
                      double lon_e7, double stands_mm) {
    const ki_edge *at = &check->graph->edges[edge];
    const ki_point *points = check->graph->points + at->first_point;
    for (int32_t k = 0; k + 1 < at->n_points; k++) {
        if (!is_near_box(points + k, lat_e7, lon_e7, stands_mm)) continue;
        double mm = to_segment_mm(points + k, lat_e7, lon_e7);
        if (mm >= stands_mm - SLACK_MM) continue;
        if (!is_open(check, &walk->spec, 2 * edge) || !is_open(check, &walk->spec, 2 * edge + 1))
            return 0;
        if (!prepare_floods(check, walk) || !is_of_use(check, edge)) return 0;
        ki_check_say(check, "stands %.1f m from the site, but way %lld is %.1f m away and leads on",
                     stands_mm / 1e3, (long long)ki_arc_way(check->graph, 2 * edge)->osm_id,
                     mm / 1e3);
        return 1;
    }
    return 0;
}

/* ---- edges by latitude ----------------------------------------------------------------------- */

enum { BAND_E7 = 15000, MAX_BANDS = 1 << 20 }; /* about 170 m: as far as a place is snapped */

static int32_t band_of(const ki_checker *check, double lat_e7) {
    double band = floor((lat_e7 - check->south_e7) / BAND_E7);
    return band < 0 ? 0 : band >= check->n_bands ? check->n_bands - 1 : (int32_t)band;
}

static void edge_bands(const ki_checker *check, int32_t edge, int32_t *low, int32_t *high) {
    const ki_edge *at = &check->graph->edges[edge];
    double south = 1e9, north = -1e9;
    for (int32_t k = 0; k < at->n_points; k++) {
        double lat_e7 = check->graph->points[at->first_point + k].lat_e7;
        south = fmin(south, lat_e7);
        north = fmax(north, lat_e7);
    }
    *low = band_of(check, south);
    *high = band_of(check, north);
}

/* Each edge in every band it touches. Those of a continent are cut short: one last band. */
static int list_bands(ki_checker *check) {
    const ki_graph *graph = check->graph;
    int32_t low, high, south = INT32_MAX, north = INT32_MIN;
    if (check->first_band) return 1;
    for (int32_t k = 0; k < graph->n_points; k++) {
        if (graph->points[k].lat_e7 < south) south = graph->points[k].lat_e7;
        if (graph->points[k].lat_e7 > north) north = graph->points[k].lat_e7;
    }
    double n_bands = ((double)north - south) / BAND_E7 + 1;
    check->south_e7 = south;
    check->n_bands = n_bands < MAX_BANDS ? (int32_t)n_bands : MAX_BANDS;
    size_t n = (size_t)check->n_bands, n_listed = 0;
    check->first_band = ki_arena_alloc(&check->arena, n + 2, sizeof *check->first_band);
    if (!check->first_band) return 0;
    for (int32_t edge = 0; edge < graph->n_edges; edge++) {
        edge_bands(check, edge, &low, &high);
        for (; low <= high; low++, n_listed++)
            check->first_band[low + 2]++;
    }
    for (size_t band = 0; band < n; band++)
        check->first_band[band + 2] += check->first_band[band + 1];
    check->band_edges = ki_arena_alloc(&check->arena, n_listed, sizeof *check->band_edges);
    if (!check->band_edges) return 0;
    for (int32_t edge = 0; edge < graph->n_edges; edge++)
        for (edge_bands(check, edge, &low, &high); low <= high; low++)
            check->band_edges[check->first_band[low + 1]++] = edge;
    return 1;
}

void ki_check_nearest(ki_checker *check, const ki_check_walk *walk, const kerb_site *site) {
    double lat_e7 = site->lat_deg * 1e7, lon_e7 = site->lon_deg * 1e7, at_lat, at_lon;
    if (!walk->known) return;
    if (!list_bands(check)) {
        check->failed = 1;
        return;
    }
    ki_check_position(check->graph, walk->arc, walk->offset_mm, &at_lat, &at_lon);
    ki_point here[2] = {{.lat_e7 = (int32_t)at_lat, .lon_e7 = (int32_t)at_lon},
                        {.lat_e7 = (int32_t)at_lat, .lon_e7 = (int32_t)at_lon}};
    double stands_mm = to_segment_mm(here, lat_e7, lon_e7);
    int32_t high = band_of(check, lat_e7 + stands_mm / mm_per_e7 + 2);
    for (int32_t band = band_of(check, lat_e7 - stands_mm / mm_per_e7 - 2); band <= high; band++)
        for (int32_t k = check->first_band[band]; k < check->first_band[band + 1]; k++)
            if (judge_edge(check, walk, check->band_edges[k], lat_e7, lon_e7, stands_mm)) return;
}
