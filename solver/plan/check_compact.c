/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_compact.c - how far the stops of a route lie from their middle, from the draft and the
 * roads alone. The rule (docs/messages.md): whole metres on a plane that touches the first depot, a
 * container at its site, a kerb half-way between the nodes it is named by; each of the two sums is
 * squared, divided by the number of stops and rounded down. */
#include "plan/check_internal.h"

#include <math.h>
#include <stdlib.h>

static void note(ki_checker *check, ki_check_moment *moment, double lat_deg, double lon_deg) {
    const kerb_depot *depot = &check->draft->depots[0];
    const double pi = 3.14159265358979323846, m_per_deg = 111194.9266;
    double east = (lon_deg - depot->lon_deg) * (m_per_deg * cos(depot->lat_deg * (pi / 180)));
    double north = (lat_deg - depot->lat_deg) * m_per_deg;
    int64_t x = llround(fmax(-1e5, fmin(1e5, east))), y = llround(fmax(-1e5, fmin(1e5, north)));
    moment->n++;
    moment->east_m += x;
    moment->north_m += y;
    moment->squares_m2 += x * x + y * y;
}

static int64_t nano_per_m2(const ki_checker *check) {
    return llround(check->draft->district.price_compactness_per_stop_km2 * 1e3);
}

static int is_asked(const ki_checker *check) {
    return nano_per_m2(check) > 0 && check->draft->n_depots > 0;
}

void ki_check_moment_site(ki_checker *check, ki_check_moment *moment, const kerb_site *site) {
    int has_place = check->graph || site->lat_deg != 0 || site->lon_deg != 0;
    if (is_asked(check) && has_place) note(check, moment, site->lat_deg, site->lon_deg);
}

/* Any point of the roads with this OSM id, on a way of this id. */
static const ki_point *node_of_way(const ki_checker *check, int64_t way_id, int64_t node_id) {
    const ki_graph *graph = check->graph;
    for (int32_t at = ki_check_first_way(check, way_id); at < graph->n_ways; at++) {
        int32_t way = check->ways_by_id[at];
        if (graph->ways[way].osm_id != way_id) break;
        for (int32_t k = check->first_edge[way]; k < check->first_edge[way + 1]; k++) {
            const ki_edge *edge = &graph->edges[check->edges_of_way[k]];
            for (int32_t p = 0; p < edge->n_points; p++)
                if (graph->points[edge->first_point + p].osm_id == node_id)
                    return &graph->points[edge->first_point + p];
        }
    }
    return NULL;
}

void ki_check_moment_street(ki_checker *check, ki_check_moment *moment, const kerb_street *street) {
    if (!check->graph || !is_asked(check)) return;
    const ki_point *a = node_of_way(check, street->way_id, street->from_node);
    const ki_point *b = node_of_way(check, street->way_id, street->to_node);
    if (!a || !b) return;
    note(check, moment, ((double)a->lat_e7 + b->lat_e7) / 2e7,
         ((double)a->lon_e7 + b->lon_e7) / 2e7);
}

static int64_t square_share(int64_t sum, int64_t n) {
    sum = llabs(sum);
    return sum * (sum / n) + sum * (sum % n) / n;
}

void ki_check_compact(ki_checker *check, const ki_plan_route *route, const ki_check_moment *moment,
                      int64_t *nano) {
    int64_t inertia_m2 = 0, root_m = 0;
    if (moment->n > 0) {
        inertia_m2 = moment->squares_m2 - square_share(moment->east_m, moment->n) -
                     square_share(moment->north_m, moment->n);
        root_m = (int64_t)sqrt((double)inertia_m2 / (double)moment->n);
    }
    *nano = inertia_m2 * nano_per_m2(check);
    ki_check_same(check, "price of compactness (nano)", route->compactness_nano, *nano);
    if (llabs(route->radius_m - root_m) > 1)
        ki_check_say(check, "radius (m) %d, expected %lld", route->radius_m, (long long)root_m);
}
