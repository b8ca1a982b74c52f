/* SPDX-License-Identifier: GPL-3.0-or-later
 * correct_near.c - what lies nearest to some positions: the positions are sorted by latitude, and
 * every piece of road asks those within its band. No index over the roads: there is none yet, and
 * one walk over them is quicker than building one. */
#include "road/correct.h"

#include <math.h>
#include <stdlib.h>

static const double MM_PER_E7 = 6371008800.0 * 3.14159265358979323846 / 180.0 * 1e-7;
static const double RADIANS_PER_E7 = 3.14159265358979323846 / 180.0 * 1e-7;

static int compare_queries(const void *left, const void *right) {
    const ki_near_query *a = left, *b = right;
    if (a->lat_e7 != b->lat_e7) return a->lat_e7 < b->lat_e7 ? -1 : 1;
    if (a->correction != b->correction) return a->correction < b->correction ? -1 : 1;
    return (a->lon_e7 > b->lon_e7) - (a->lon_e7 < b->lon_e7);
}

/* From the position to the ref, mm, on the plane that touches the earth there. */
static void to_plane(const ki_near_query *at, const ki_ref *ref, double *x, double *y) {
    *x = ((double)ref->lon_e7 - at->lon_e7) * MM_PER_E7 * cos(at->lat_e7 * RADIANS_PER_E7);
    *y = ((double)ref->lat_e7 - at->lat_e7) * MM_PER_E7;
}

static double distance_mm(const ki_near_query *at, const ki_ref *from) {
    double x1, y1, x2, y2;
    to_plane(at, from, &x1, &y1);
    if (at->wants_node) return hypot(x1, y1);
    to_plane(at, from + 1, &x2, &y2);
    double dx = x2 - x1, dy = y2 - y1, square = dx * dx + dy * dy;
    double share = square > 0 ? -(x1 * dx + y1 * dy) / square : 0;
    share = fmin(fmax(share, 0), 1);
    return hypot(x1 + share * dx, y1 + share * dy);
}

static void ask(ki_near_query *at, const ki_graph_builder *builder, size_t way, size_t ref) {
    double distance = distance_mm(at, &builder->refs[ref]);
    if (!(distance <= KI_NEAR_MM)) return;
    int32_t rounded = (int32_t)lround(distance);
    if (rounded < at->found.distance_mm) at->found = (ki_near_ref){rounded, way, ref};
}

static size_t first_from(const ki_near_query *queries, size_t n, double lat_e7) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (queries[middle].lat_e7 < lat_e7)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ki_correct_find_near(const ki_graph_builder *builder, ki_near_query *queries, size_t n) {
    const double band_e7 = KI_NEAR_MM / MM_PER_E7 + 2;
    if (n == 0) return;
    qsort(queries, n, sizeof *queries, compare_queries);
    for (size_t at = 0; at < n; at++)
        queries[at].found.distance_mm = KI_NEVER;
    for (size_t way = 0; way < builder->n_ways; way++) {
        const ki_raw_way *raw = &builder->ways[way];
        for (size_t ref = raw->first_ref; ref < raw->first_ref + raw->n_refs; ref++) {
            size_t is_last = ref + 1 == raw->first_ref + raw->n_refs;
            double a = builder->refs[ref].lat_e7, b = builder->refs[ref + !is_last].lat_e7;
            double north = fmax(a, b) + band_e7;
            for (size_t at = first_from(queries, n, fmin(a, b) - band_e7);
                 at < n && queries[at].lat_e7 <= north; at++)
                if (queries[at].wants_node || !is_last) ask(&queries[at], builder, way, ref);
        }
    }
}
