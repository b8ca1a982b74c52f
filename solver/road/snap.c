/* SPDX-License-Identifier: GPL-3.0-or-later
 * snap.c - nearest road and side of it, by a uniform grid over the segments of all edges.
 *
 *   +---+---+---+   a segment is listed in every cell its box touches, row by row as it crosses
 *   | / |   |   |   them; a query looks at the cells within its radius: a small one first, since
 *   |/  | q |   |   most sites stand beside their street
 *   +---+---+---+
 *
 * Distances are taken on the plane that touches the earth at the coordinate: exact to a millimetre
 * within the radius. The segment table is flat, so the index knows no profile and is shared. */
#include "road/snap.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>

static const double MM_PER_E7 = 6371008800.0 * 3.14159265358979323846 / 180.0 * 1e-7;
static const double RADIANS_PER_DEGREE = 3.14159265358979323846 / 180.0;

enum {
    CELL_MM = 100000,
    NARROW_MM = 7000,
    MAX_CELLS_PER_SEGMENT = 8 /* on average: beyond, cells grow */
};

typedef struct segment {
    int32_t edge, point; /* from this shape point of the edge to the next */
} segment;

struct ki_snap_index {
    ki_arena arena;
    const ki_graph *graph;
    int32_t south_e7, west_e7;
    int32_t cell_lat_e7, cell_lon_e7;
    int32_t n_rows, n_columns;
    int32_t *first; /* [n_rows * n_columns + 1] into segments */
    segment *segments;
};

/* ---- building ------------------------------------------------------------------------------- */

typedef struct box {
    int32_t south_e7, west_e7, north_e7, east_e7;
} box;

static box box_of(const ki_point *from, const ki_point *to) {
    return (box){from->lat_e7 < to->lat_e7 ? from->lat_e7 : to->lat_e7,
                 from->lon_e7 < to->lon_e7 ? from->lon_e7 : to->lon_e7,
                 from->lat_e7 > to->lat_e7 ? from->lat_e7 : to->lat_e7,
                 from->lon_e7 > to->lon_e7 ? from->lon_e7 : to->lon_e7};
}

static box box_of_graph(const ki_graph *graph) {
    if (graph->n_points == 0) return (box){0, 0, 0, 0};
    box all = box_of(&graph->points[0], &graph->points[0]);
    for (int32_t point = 1; point < graph->n_points; point++) {
        const ki_point *at = &graph->points[point];
        if (at->lat_e7 < all.south_e7) all.south_e7 = at->lat_e7;
        if (at->lat_e7 > all.north_e7) all.north_e7 = at->lat_e7;
        if (at->lon_e7 < all.west_e7) all.west_e7 = at->lon_e7;
        if (at->lon_e7 > all.east_e7) all.east_e7 = at->lon_e7;
    }
    return all;
}

static int32_t row_of(const ki_snap_index *index, int64_t lat_e7) {
    return (int32_t)((lat_e7 - index->south_e7) / index->cell_lat_e7);
}

static int32_t column_of(const ki_snap_index *index, int64_t lon_e7) {
    return (int32_t)((lon_e7 - index->west_e7) / index->cell_lon_e7);
}

enum pass { MEASURE, COUNT, PLACE };

/* COUNT leaves in first[cell + 2] how many there are, PLACE moves first[cell + 1] up to its end. */
static void list_in_cell(ki_snap_index *index, enum pass pass, size_t cell, segment entry) {
    if (pass == COUNT) index->first[cell + 2]++;
    if (pass == PLACE) index->segments[index->first[cell + 1]++] = entry;
}

/* Lists a segment in each row it crosses, in the columns of its piece inside the row, one column
 * wider on either side so that rounding loses nothing. Returns the number of cells. */
static int64_t list_segment(ki_snap_index *index, enum pass pass, segment entry,
                            const ki_point *from, const ki_point *to) {
    box all = box_of(from, to);
    int32_t first_row = row_of(index, all.south_e7), last_row = row_of(index, all.north_e7);
    int32_t west = column_of(index, all.west_e7), east = column_of(index, all.east_e7);
    double slope = last_row > first_row
                       ? ((double)to->lon_e7 - from->lon_e7) / ((double)to->lat_e7 - from->lat_e7)
                       : 0;
    int64_t n_cells = 0;
    for (int32_t row = first_row; row <= last_row; row++) {
        int32_t low = west, high = east;
        if (last_row > first_row && east - west > 2) {
            double south = index->south_e7 + (double)row * index->cell_lat_e7;
            double a = from->lon_e7 + slope * (south - from->lat_e7);
            double b = a + slope * index->cell_lat_e7;
            low = column_of(index, (int64_t)fmax(fmin(a, b), all.west_e7)) - 1;
            high = column_of(index, (int64_t)fmin(fmax(a, b), all.east_e7)) + 1;
            if (low < west) low = west;
            if (high > east) high = east;
        }
        if (high >= low) n_cells += high - low + 1;
        for (int32_t column = low; pass != MEASURE && column <= high; column++)
            list_in_cell(index, pass, (size_t)row * (size_t)index->n_columns + (size_t)column,
                         entry);
    }
    return n_cells;
}

static int64_t list_all(ki_snap_index *index, enum pass pass, int64_t enough) {
    const ki_graph *graph = index->graph;
    int64_t n_cells = 0;
    for (int32_t edge = 0; edge < graph->n_edges && n_cells <= enough; edge++) {
        const ki_point *points = graph->points + graph->edges[edge].first_point;
        for (int32_t point = 0; point + 1 < graph->edges[edge].n_points; point++)
            n_cells += list_segment(index, pass, (segment){edge, point}, &points[point],
                                    &points[point + 1]);
    }
    return n_cells;
}

static int32_t cell_e7(double wanted) {
    return wanted < 1 ? 1 : wanted > 1e9 ? 1000000000 : (int32_t)wanted;
}

/* Cells of CELL_MM, doubled until neither the grid nor the lists outgrow the roads. */
static int64_t choose_cells(ki_snap_index *index) {
    const ki_graph *graph = index->graph;
    box all = box_of_graph(graph);
    double middle_deg = ((double)all.south_e7 + all.north_e7) / 2 * 1e-7;
    double shrink = fmax(cos(middle_deg * RADIANS_PER_DEGREE), 0.01);
    int64_t enough = (int64_t)MAX_CELLS_PER_SEGMENT * (graph->n_points + 16);
    index->south_e7 = all.south_e7;
    index->west_e7 = all.west_e7;
    for (double cell_mm = CELL_MM;; cell_mm *= 2) {
        index->cell_lat_e7 = cell_e7(cell_mm / MM_PER_E7);
        index->cell_lon_e7 = cell_e7(cell_mm / MM_PER_E7 / shrink);
        index->n_rows = row_of(index, all.north_e7) + 1;
        index->n_columns = column_of(index, all.east_e7) + 1;
        if ((int64_t)index->n_rows * index->n_columns > enough) continue;
        int64_t n_listed = list_all(index, MEASURE, enough);
        if (n_listed <= enough) return n_listed; /* eight cells of 100 degrees hold anything */
    }
}

static kerb_status fill_index(ki_snap_index *index, kerb_error *err) {
    int64_t n_listed = choose_cells(index);
    size_t n_cells = (size_t)index->n_rows * (size_t)index->n_columns;
    if (n_listed > INT32_MAX) return ki_fail_no_memory(err, "the road index");
    index->first = ki_arena_alloc(&index->arena, n_cells + 2, sizeof *index->first);
    index->segments = ki_arena_alloc(&index->arena, (size_t)n_listed, sizeof *index->segments);
    if (!index->first || !index->segments) return ki_fail_no_memory(err, "the road index");
    list_all(index, COUNT, INT64_MAX - 1);
    for (size_t cell = 0; cell < n_cells; cell++)
        index->first[cell + 2] += index->first[cell + 1];
    list_all(index, PLACE, INT64_MAX - 1);
    return KERB_OK;
}

kerb_status ki_snap_index_new(ki_snap_index **out, const ki_graph *graph, kerb_error *err) {
    *out = NULL;
    ki_snap_index *index = ki_alloc_zero(1, sizeof *index);
    if (!index) return ki_fail_no_memory(err, "the road index");
    index->graph = graph;
    kerb_status status = fill_index(index, err);
    if (status != KERB_OK)
        ki_snap_index_free(index);
    else
        *out = index;
    return status;
}

void ki_snap_index_free(ki_snap_index *index) {
    if (!index) return;
    ki_arena_free(&index->arena);
    ki_free(index);
}

/* ---- nearest segment ---------------------------------------------------------------- */

enum wanted { ANY_EDGE, OPEN_EDGE, CONNECTED_EDGE };

typedef struct query {
    const ki_snap_index *index;
    const ki_profile *profile; /* NULL with ANY_EDGE */
    const ki_crossing *crossing;
    kerb_approach approach;
    enum wanted wanted;
    double lat_e7, lon_e7;
    double mm_per_lat, mm_per_lon; /* per 1e-7 degree, at the coordinate */
    segment best;
    double share;        /* of the best segment, where the foot of the perpendicular lies */
    int32_t distance_mm; /* KI_NEVER: none yet */
} query;

typedef struct vector {
    double x, y; /* mm east and north */
} vector;

/* From the coordinate to a shape point. */
static vector to_point(const query *at, const ki_point *point) {
    return (vector){(point->lon_e7 - at->lon_e7) * at->mm_per_lon,
                    (point->lat_e7 - at->lat_e7) * at->mm_per_lat};
}

static int is_useful(const query *candidate);

/* Asked of a query whose best is the candidate. */
static int wants(const query *at) {
    const ki_profile *profile = at->profile;
    int32_t edge = at->best.edge;
    switch (at->wanted) {
    case OPEN_EDGE:
        return profile->arc_ms[2 * edge] != KI_NEVER || profile->arc_ms[2 * edge + 1] != KI_NEVER;
    case CONNECTED_EDGE: return is_useful(at);
    case ANY_EDGE: break;
    }
    return 1;
}

/* Ties by edge, then by shape point: cells may list a segment in any order. */
static int is_before(segment a, segment b) {
    return a.edge != b.edge ? a.edge < b.edge : a.point < b.point;
}

static void try_segment(query *at, segment entry) {
    const ki_graph *graph = at->index->graph;
    const ki_point *points = graph->points + graph->edges[entry.edge].first_point + entry.point;
    vector a = to_point(at, &points[0]), b = to_point(at, &points[1]);
    vector along = {b.x - a.x, b.y - a.y};
    double square = along.x * along.x + along.y * along.y;
    double share = square > 0 ? -(a.x * along.x + a.y * along.y) / square : 0;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    double distance = hypot(a.x + share * along.x, a.y + share * along.y);
    if (distance > KI_SNAP_RADIUS_MM) return;
    int32_t distance_mm = (int32_t)lround(distance);
    if (distance_mm > at->distance_mm ||
        (distance_mm == at->distance_mm && !is_before(entry, at->best)))
        return;
    query candidate = *at;
    candidate.best = entry;
    candidate.share = share;
    candidate.distance_mm = distance_mm;
    if (wants(&candidate)) *at = candidate;
}

/* The cells [low, high] of n that an interval touches; none where low > high. */
static void clip(double from, double to, double start, double cell, int32_t n, int32_t *low,
                 int32_t *high) {
    double first = floor((from - start) / cell), last = floor((to - start) / cell);
    *low = first > 0 ? first < n ? (int32_t)first : n : 0;
    *high = last < n - 1 ? last >= 0 ? (int32_t)last : -1 : n - 1;
}

static void search_cells(query *at, double radius_mm) {
    const ki_snap_index *index = at->index;
    double lat = radius_mm / at->mm_per_lat + 2, lon = radius_mm / at->mm_per_lon + 2;
    int32_t south, north, west, east;
    clip(at->lat_e7 - lat, at->lat_e7 + lat, index->south_e7, index->cell_lat_e7, index->n_rows,
         &south, &north);
    clip(at->lon_e7 - lon, at->lon_e7 + lon, index->west_e7, index->cell_lon_e7, index->n_columns,
         &west, &east);
    for (int32_t row = south; row <= north; row++)
        for (int32_t column = west; column <= east; column++) {
            size_t cell = (size_t)row * (size_t)index->n_columns + (size_t)column;
            for (int32_t at_entry = index->first[cell]; at_entry < index->first[cell + 1];
                 at_entry++)
                try_segment(at, index->segments[at_entry]);
        }
}

static query find_nearest(query at, double lat_deg, double lon_deg) {
    static const double RADII_MM[] = {40000, KI_SNAP_RADIUS_MM};
    at.distance_mm = KI_NEVER;
    if (!(fabs(lat_deg) <= 90 && fabs(lon_deg) <= 180)) return at; /* NaN too */
    at.lat_e7 = lat_deg * 1e7;
    at.lon_e7 = lon_deg * 1e7;
    at.mm_per_lat = MM_PER_E7;
    at.mm_per_lon = MM_PER_E7 * fmax(cos(lat_deg * RADIANS_PER_DEGREE), 1e-6);
    for (int step = 0; step < 2 && at.distance_mm > RADII_MM[0]; step++)
        search_cells(&at, RADII_MM[step]);
    return at;
}

int32_t ki_snap_distance_mm(const ki_snap_index *index, double lat_deg, double lon_deg) {
    query any = {.index = index, .wanted = ANY_EDGE};
    return find_nearest(any, lat_deg, lon_deg).distance_mm;
}

/* ---- side and direction ------------------------------------------------------------- */

static vector unit(vector of) {
    double length = hypot(of.x, of.y);
    return length > 0 ? (vector){of.x / length, of.y / length} : of;
}

static vector direction(const query *at, const ki_point *points) {
    vector a = to_point(at, &points[0]), b = to_point(at, &points[1]);
    return unit((vector){b.x - a.x, b.y - a.y});
}

/* 1 where the coordinate lies left of the edge. At a bend the two pieces are averaged: beyond the
 * outside of the bend either alone could mislead. */
static int lies_left(const query *at) {
    const ki_edge *edge = &at->index->graph->edges[at->best.edge];
    const ki_point *points = at->index->graph->points + edge->first_point + at->best.point;
    vector along = direction(at, points), from = to_point(at, at->share < 1 ? points : points + 1);
    vector beside = {0, 0};
    if (at->share >= 1 && at->best.point + 2 < edge->n_points) beside = direction(at, points + 1);
    if (at->share <= 0 && at->best.point > 0) beside = direction(at, points - 1);
    along = (vector){along.x + beside.x, along.y + beside.y};
    return along.y * from.x - along.x * from.y > 0;
}

static ki_place place_on(const query *at, int direction) {
    const ki_graph *graph = at->index->graph;
    const ki_edge *edge = &graph->edges[at->best.edge];
    const ki_point *points = graph->points + edge->first_point + at->best.point;
    int32_t step_mm = points[1].at_mm - points[0].at_mm;
    int32_t offset_mm = points[0].at_mm + (int32_t)lround(at->share * step_mm);
    return (ki_place){2 * at->best.edge + direction,
                      direction ? edge->length_mm - offset_mm : offset_mm};
}

_Static_assert((int)KERB_N_ROAD_CLASSES == KI_N_ROAD_CLASSES &&
                   (int)KERB_ROAD_FERRY == KI_ROAD_FERRY,
               "the public classes are the engine's");

ki_crossing ki_crossing_of(const kerb_crossing *stated) {
    if (!stated || !stated->is_stated)
        return (ki_crossing){.classes = 1U << KI_ROAD_UNCLASSIFIED | 1U << KI_ROAD_RESIDENTIAL |
                                        1U << KI_ROAD_LIVING | 1U << KI_ROAD_SERVICE |
                                        1U << KI_ROAD_PEDESTRIAN | 1U << KI_ROAD_TRACK};
    ki_crossing crossing = {.max_width_mm = (int32_t)lround(stated->max_width_m * 1000),
                            .max_lanes = stated->max_lanes};
    for (size_t at = 0; at < stated->n_classes; at++)
        crossing.classes |= 1U << stated->classes[at];
    return crossing;
}

static int crossed_on_foot(const ki_crossing *crossing, const ki_way_tags *tags) {
    return (crossing->classes >> tags->road_class & 1) &&
           (!crossing->max_width_mm || tags->width_mm <= crossing->max_width_mm) &&
           (!crossing->max_lanes || tags->lanes <= crossing->max_lanes);
}

static int is_narrow(const ki_way_tags *tags) {
    if (tags->width_mm > 0) return tags->width_mm <= NARROW_MM;
    if (tags->lanes > 0) return tags->lanes <= 2;
    return tags->road_class > KI_ROAD_PRIMARY;
}

/* May the road be served against the kerb side? */
static int other_side_serves(const query *at, kerb_approach approach, int own) {
    const ki_way_tags *tags = &ki_arc_way(at->index->graph, 2 * at->best.edge)->tags;
    if (approach == KERB_APPROACH_EITHER || at->distance_mm == 0) return 1;
    if (approach == KERB_APPROACH_UNSPECIFIED && crossed_on_foot(at->crossing, tags)) return 1;
    if (tags->access[own] & at->profile->spec.kind) return 0;
    return approach == KERB_APPROACH_UNSPECIFIED || is_narrow(tags);
}

static int own_side(const query *at) {
    return lies_left(at) != at->index->graph->drive_left;
}

/* In the great component, where it may be served from. Of a road there that may be served from one
 * side only, and is closed on that side, the wrong side is the verdict: it is the site's street. */
static int is_useful(const query *candidate) {
    const ki_profile *profile = candidate->profile;
    const int32_t *component = profile->component + 2 * candidate->best.edge;
    if (component[0] != 0 && component[1] != 0) return 0;
    if (component[0] == 0 && component[1] == 0) return 1;
    int own = own_side(candidate);
    if (component[own] == 0 || other_side_serves(candidate, candidate->approach, own)) return 1;
    return profile->arc_ms[2 * candidate->best.edge + own] == KI_NEVER;
}

static void add_places(const query *at, ki_snap *out) {
    const int32_t *component = at->profile->component + 2 * at->best.edge;
    int own = own_side(at);
    if (component[own] == 0) out->places[out->n_places++] = place_on(at, own);
    if (component[!own] == 0 && other_side_serves(at, at->approach, own))
        out->places[out->n_places++] = place_on(at, !own);
    if (out->n_places == 0) out->cause = KI_SNAP_WRONG_SIDE;
}

void ki_snap_place(const ki_snap_index *index, const ki_profile *profile,
                   const ki_crossing *crossing, double lat_deg, double lon_deg,
                   kerb_approach approach, ki_snap *out) {
    query wanted = {.index = index,
                    .profile = profile,
                    .crossing = crossing,
                    .approach = approach,
                    .wanted = CONNECTED_EDGE};
    *out = (ki_snap){.distance_mm = KI_NEVER, .passed_arc = -1};
    query chosen = find_nearest(wanted, lat_deg, lon_deg);
    wanted.wanted = OPEN_EDGE;
    query nearest = find_nearest(wanted, lat_deg, lon_deg);
    if (chosen.distance_mm == KI_NEVER) {
        out->distance_mm = nearest.distance_mm;
        out->cause = nearest.distance_mm == KI_NEVER ? KI_SNAP_NO_ROAD : KI_SNAP_UNREACHABLE;
        return;
    }
    out->distance_mm = chosen.distance_mm;
    add_places(&chosen, out);
    if (nearest.distance_mm >= chosen.distance_mm) return;
    int own = own_side(&nearest);
    int is_open = profile->arc_ms[2 * nearest.best.edge + own] != KI_NEVER;
    out->passed_arc = 2 * nearest.best.edge + (is_open ? own : !own);
    out->passed_mm = nearest.distance_mm;
}
