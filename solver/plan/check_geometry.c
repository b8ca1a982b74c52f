/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_geometry.c - the line drawn for a leg is the road driven: it begins and ends where the leg
 * does, and passes every shape point between, in order. */
#include "plan/check_internal.h"

#include <math.h>

enum { TOLERANCE_E7 = 3 }; /* some 3 cm: the ends are rounded from a place on a road */

static int32_t point_index(const ki_edge *edge, int32_t arc, int32_t k) {
    return edge->first_point + (arc & 1 ? edge->n_points - 1 - k : k);
}

static int32_t point_mm(const ki_graph *graph, int32_t arc, int32_t k) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    int32_t at_mm = graph->points[point_index(edge, arc, k)].at_mm;
    return arc & 1 ? edge->length_mm - at_mm : at_mm;
}

void ki_check_position(const ki_graph *graph, int32_t arc, int32_t offset_mm, double *lat_e7,
                       double *lon_e7) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    int32_t k = 1;
    while (k < edge->n_points - 1 && point_mm(graph, arc, k) < offset_mm)
        k++;
    const ki_point *a = &graph->points[point_index(edge, arc, k - 1)];
    const ki_point *b = &graph->points[point_index(edge, arc, k)];
    int32_t start_mm = point_mm(graph, arc, k - 1), end_mm = point_mm(graph, arc, k);
    double part = end_mm > start_mm ? (double)(offset_mm - start_mm) / (end_mm - start_mm) : 0;
    *lat_e7 = a->lat_e7 + part * ((double)b->lat_e7 - a->lat_e7);
    *lon_e7 = a->lon_e7 + part * ((double)b->lon_e7 - a->lon_e7);
}

static int is_at(const int32_t *point, double lat_e7, double lon_e7) {
    return fabs(point[0] - lat_e7) <= TOLERANCE_E7 && fabs(point[1] - lon_e7) <= TOLERANCE_E7;
}

static int is_end_at(const ki_checker *check, const int32_t *point, int32_t arc,
                     int32_t offset_mm) {
    double lat_e7, lon_e7;
    ki_check_position(check->graph, arc, offset_mm, &lat_e7, &lon_e7);
    return is_at(point, lat_e7, lon_e7);
}

/* Whether the shape points strictly inside the path occur in this order, with nothing between
 * them but what lies at the ends. Returns how many points of the leg were passed; -1: missing. */
static int32_t pass_points(const ki_checker *check, const ki_plan_leg *leg,
                           const ki_check_path *path) {
    const ki_graph *graph = check->graph;
    int32_t next = 1;
    for (size_t k = 0; k < path->n; k++) {
        const ki_check_arc *part = &path->arcs[k];
        const ki_edge *edge = &graph->edges[part->arc >> 1];
        for (int32_t p = 0; p < edge->n_points; p++) {
            int32_t at_mm = point_mm(graph, part->arc, p);
            if (at_mm < part->from_mm || at_mm > part->to_mm) continue;
            if (k == 0 && at_mm == part->from_mm) continue;
            if (k == path->n - 1 && at_mm == part->to_mm) continue;
            const ki_point *point = &graph->points[point_index(edge, part->arc, p)];
            int is_next =
                next < leg->n_points && is_at(leg->points + 2 * next, point->lat_e7, point->lon_e7);
            if (!is_next) { /* drawn once where it lies at the start, or twice in the way */
                if (!is_at(leg->points + 2 * (next - 1), point->lat_e7, point->lon_e7)) return -1;
                continue;
            }
            next++;
        }
    }
    return next;
}

void ki_check_geometry(ki_checker *check, const ki_plan_leg *leg, const ki_check_path *path) {
    if (leg->n_points < 1) {
        ki_check_say(check, "has no geometry");
        return;
    }
    const ki_check_arc *first = &path->arcs[0], *last = &path->arcs[path->n - 1];
    if (!is_end_at(check, leg->points, first->arc, first->from_mm))
        ki_check_say(check, "geometry does not begin where the leg does");
    if (!is_end_at(check, leg->points + 2 * (leg->n_points - 1), last->arc, last->to_mm))
        ki_check_say(check, "geometry does not end where the leg does");
    int32_t passed = pass_points(check, leg, path);
    if (passed < 0 || leg->n_points - passed > 1)
        ki_check_say(check, "geometry leaves the roads of the leg");
}
