/* SPDX-License-Identifier: GPL-3.0-or-later
 * make_district.c - a seeded district on any extract: sites near mapped homes and shops (else along
 * residential streets), depots and stations at plausible road places, kerbs of a connected
 * neighbourhood. The tables are written by district_tables.c.
 *
 * Everything is drawn from streets that trucks can reach and leave again (the largest strongly
 * connected part), within the smallest circle around the densest neighbourhood that holds enough
 * street for the number of containers asked for. */
#include "bench/district_made.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "bench.h"
#include "bench/district_habits.h"
#include "bench/district_params.h"
#include "io/osm_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An edge by names that outlast the graph: the generator makes the same district however the engine
 * numbers its edges. */
typedef struct edge_name {
    int64_t way, from, to;   /* OSM ids */
    int32_t length_mm, edge; /* what is left of ties, say a way that runs twice between two nodes */
} edge_name;

typedef struct candidate { /* an edge of the district */
    int32_t edge;
    double from_centre_m;
    edge_name name;
} candidate;

typedef struct maker {
    made_district *made;
    const ki_graph *graph;
    ki_profile *truck, *sweeper;
    ki_rng rng;
    int32_t centre_lat_e7, centre_lon_e7;
    double radius_m;
    candidate *near; /* nearest first: all edges a truck may use both to come and to leave */
    int32_t n_near, n_inside;
} maker;

/* ---- where ----------------------------------------------------------------------------------- */

static int truck_uses(const maker *make, int32_t edge) {
    return make->truck->component[2 * edge] == 0 || make->truck->component[2 * edge + 1] == 0;
}

static int is_street(const maker *make, int32_t edge) {
    uint8_t road_class = make->graph->ways[make->graph->edges[edge].way].tags.road_class;
    return road_class >= KI_ROAD_SECONDARY && road_class <= KI_ROAD_LIVING;
}

static void edge_middle(const ki_graph *graph, int32_t edge, int32_t *lat_e7, int32_t *lon_e7) {
    ki_place middle = {2 * edge, graph->edges[edge].length_mm / 2};
    ki_place_position(graph, middle, lat_e7, lon_e7);
}

static edge_name name_of(const ki_graph *graph, int32_t edge) {
    const ki_edge *at = &graph->edges[edge];
    const ki_point *points = graph->points + at->first_point;
    return (edge_name){graph->ways[at->way].osm_id, points[0].osm_id,
                       points[at->n_points - 1].osm_id, at->length_mm, edge};
}

static int by_name(const edge_name *x, const edge_name *y) {
    if (x->way != y->way) return x->way < y->way ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->length_mm != y->length_mm) return x->length_mm < y->length_mm ? -1 : 1;
    return x->edge < y->edge ? -1 : x->edge > y->edge;
}

/* The densest cell of a half-kilometre grid, by street length. */
typedef struct cell {
    int32_t row, column;
    int64_t length_mm;
    edge_name name;
} cell;

static int by_cell(const void *a, const void *b) {
    const cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return by_name(&x->name, &y->name);
}

static kerb_status find_centre(maker *make, kerb_error *err) {
    const ki_graph *graph = make->graph;
    cell *cells = ki_alloc_zero((size_t)graph->n_edges, sizeof *cells);
    if (!cells) return ki_fail_no_memory(err, "the district's centre");
    size_t n_cells = 0;
    for (int32_t edge = 0; edge < graph->n_edges; edge++) {
        int32_t lat_e7, lon_e7;
        if (!truck_uses(make, edge) || !is_street(make, edge)) continue;
        edge_middle(graph, edge, &lat_e7, &lon_e7);
        double squeeze = fmax(0.05, cos(lat_e7 * 1e-7 * 0.017453292519943295));
        cells[n_cells++] = (cell){.row = (int32_t)floor(lat_e7 / 45000.0),
                                  .column = (int32_t)floor(lon_e7 * squeeze / 45000.0),
                                  .name = name_of(graph, edge),
                                  .length_mm = graph->edges[edge].length_mm};
    }
    qsort(cells, n_cells, sizeof *cells, by_cell);
    int64_t best = -1, run = 0;
    size_t first = 0;
    for (size_t at = 0; at < n_cells; at++) {
        if (cells[at].row != cells[first].row || cells[at].column != cells[first].column) {
            first = at;
            run = 0;
        }
        run += cells[at].length_mm;
        if (run <= best) continue;
        best = run;
        edge_middle(graph, cells[(first + at) / 2].name.edge, &make->centre_lat_e7,
                    &make->centre_lon_e7);
    }
    ki_free(cells);
    return n_cells ? KERB_OK
                   : ki_fail(err, KERB_BAD_INPUT,
                             "extract: no street that a truck can reach and leave again");
}

static int by_distance(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->from_centre_m != y->from_centre_m) return x->from_centre_m < y->from_centre_m ? -1 : 1;
    return by_name(&x->name, &y->name);
}

/* All usable edges by distance from the centre; the district is the first of them. */
static kerb_status find_streets(maker *make, double street_km, kerb_error *err) {
    const ki_graph *graph = make->graph;
    make->near = ki_alloc_zero((size_t)graph->n_edges, sizeof *make->near);
    if (!make->near) return ki_fail_no_memory(err, "the district's streets");
    for (int32_t edge = 0; edge < graph->n_edges; edge++) {
        int32_t lat_e7, lon_e7;
        if (!truck_uses(make, edge)) continue;
        edge_middle(graph, edge, &lat_e7, &lon_e7);
        double away_mm = ki_distance_mm(lat_e7, lon_e7, make->centre_lat_e7, make->centre_lon_e7);
        make->near[make->n_near++] = (candidate){edge, floor(away_mm / 1000), name_of(graph, edge)};
    }
    qsort(make->near, (size_t)make->n_near, sizeof *make->near, by_distance);
    double km = 0;
    for (int32_t at = 0; at < make->n_near && km < street_km; at++) {
        if (is_street(make, make->near[at].edge))
            km += graph->edges[make->near[at].edge].length_mm * 1e-6;
        make->n_inside = at + 1;
        make->radius_m = make->near[at].from_centre_m;
    }
    return KERB_OK;
}

/* ---- sites ----------------------------------------------------------------------------------- */

/* A point beside an edge: offset to the right (+1) or left (-1) of arc 2 * edge. */
static void beside(const ki_graph *graph, int32_t edge, int32_t at_mm, int side, int32_t *lat_e7,
                   int32_t *lon_e7) {
    int32_t lat2, lon2, next_mm = at_mm + 1000;
    int back = next_mm > graph->edges[edge].length_mm;
    if (back) next_mm = at_mm > 1000 ? at_mm - 1000 : 0;
    ki_place_position(graph, (ki_place){2 * edge, at_mm}, lat_e7, lon_e7);
    ki_place_position(graph, (ki_place){2 * edge, next_mm}, &lat2, &lon2);
    double squeeze = fmax(0.05, cos(*lat_e7 * 1e-7 * 0.017453292519943295));
    double north = lat2 - *lat_e7, east = (lon2 - *lon_e7) * squeeze;
    double length = sqrt(north * north + east * east);
    if (length < 1) return;
    double scale = (back ? -side : side) * SITE_OFFSET_M * 89.932 / length; /* 1e-7 deg a metre */
    *lat_e7 += (int32_t)lround(-east * scale);
    *lon_e7 += (int32_t)lround(north * scale / squeeze);
}

static int far_from_others(const made_district *made, int32_t lat_e7, int32_t lon_e7,
                           double spacing_m) {
    for (int32_t site = 0; site < made->n_sites; site++)
        if (ki_distance_mm(lat_e7, lon_e7, made->sites[site].lat_e7, made->sites[site].lon_e7) <
            spacing_m * 1000)
            return 0;
    return 1;
}

static void add_site(made_district *made, const ki_graph *graph, int32_t edge, int32_t lat_e7,
                     int32_t lon_e7) {
    made_site *site = &made->sites[made->n_sites++];
    const char *name = ki_way_name(graph, &graph->ways[graph->edges[edge].way]);
    *site = (made_site){.lat_e7 = lat_e7, .lon_e7 = lon_e7, .street = name};
}

/* Draws edges by length among the streets inside, residential and living twice as likely. */
static int32_t draw_street(maker *make, const int64_t *reach_mm) {
    int64_t total = reach_mm[make->n_inside - 1];
    int64_t at = (int64_t)(ki_rng_unit(&make->rng) * (double)total);
    int32_t low = 0, high = make->n_inside - 1;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (reach_mm[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return make->near[low].edge;
}

static void sum_streets(const maker *make, int64_t *reach_mm) {
    int64_t sum = 0;
    for (int32_t at = 0; at < make->n_inside; at++) {
        int32_t edge = make->near[at].edge;
        uint8_t road_class = make->graph->ways[make->graph->edges[edge].way].tags.road_class;
        int weight = road_class == KI_ROAD_RESIDENTIAL || road_class == KI_ROAD_LIVING ? 4
                     : is_street(make, edge)                                           ? 1
                                                                                       : 0;
        sum += (int64_t)make->graph->edges[edge].length_mm * weight;
        reach_mm[at] = sum;
    }
}

static void sites_along_streets(maker *make, int32_t n_sites, const int64_t *reach_mm) {
    made_district *made = make->made;
    double spacing_m = SITE_SPACING_M;
    if (reach_mm[make->n_inside - 1] <= 0) return;
    for (int64_t tries = 0; made->n_sites < n_sites && tries < 400000; tries++) {
        if (tries % 2000 == 1999) spacing_m *= 0.8; /* streets are full: stand closer */
        int32_t edge = draw_street(make, reach_mm), lat_e7, lon_e7;
        int32_t length = make->graph->edges[edge].length_mm;
        int32_t at_mm = (int32_t)(ki_rng_unit(&make->rng) * length);
        int side = ki_rng_next(&make->rng) & 1 ? 1 : -1;
        beside(make->graph, edge, at_mm, side, &lat_e7, &lon_e7);
        if (far_from_others(made, lat_e7, lon_e7, spacing_m))
            add_site(made, make->graph, edge, lat_e7, lon_e7);
    }
}

/* Homes and shops inside the circle, nearest street taken by the reader's snapping later. */
static void sites_at_spots(maker *make, int32_t n_sites, const ki_osm_spot *spots, size_t n_spots) {
    made_district *made = make->made;
    if (n_spots == 0) return;
    for (int32_t tries = 0; made->n_sites < n_sites && tries < 40 * n_sites; tries++) {
        const ki_osm_spot *spot = &spots[ki_rng_below(&make->rng, (uint32_t)n_spots)];
        int32_t lat_e7 = (int32_t)lround(spot->lat_deg * 1e7);
        int32_t lon_e7 = (int32_t)lround(spot->lon_deg * 1e7);
        ki_snap snap;
        ki_snap_place(made->index, make->truck, NULL, spot->lat_deg, spot->lon_deg,
                      KERB_APPROACH_EITHER, &snap);
        if (snap.cause != KI_SNAP_OK || snap.distance_mm > SPOT_REACH_M * 1000) continue;
        int32_t edge = snap.places[0].arc >> 1, road_lat, road_lon;
        if (!is_street(make, edge)) continue;
        ki_place_position(make->graph, snap.places[0], &road_lat, &road_lon);
        double share = fmin(1.0, SITE_OFFSET_M * 1000.0 / fmax(1.0, snap.distance_mm));
        lat_e7 = road_lat + (int32_t)lround((lat_e7 - road_lat) * share);
        lon_e7 = road_lon + (int32_t)lround((lon_e7 - road_lon) * share);
        if (far_from_others(made, lat_e7, lon_e7, SITE_SPACING_M))
            add_site(made, make->graph, edge, lat_e7, lon_e7);
    }
}

static size_t keep_inside(const maker *make, ki_osm_spot *spots, size_t n_spots) {
    size_t kept = 0;
    for (size_t at = 0; at < n_spots; at++) {
        double away = ki_distance_mm((int32_t)lround(spots[at].lat_deg * 1e7),
                                     (int32_t)lround(spots[at].lon_deg * 1e7), make->centre_lat_e7,
                                     make->centre_lon_e7);
        if (away <= make->radius_m * 1000 && spots[at].kind != KI_OSM_SPOT_WASTE)
            spots[kept++] = spots[at];
    }
    return kept;
}

static kerb_status make_sites(maker *make, const char *extract, int32_t n_sites, kerb_error *err) {
    made_district *made = make->made;
    ki_osm_spot *spots = NULL;
    size_t n_spots = 0;
    made->sites = ki_alloc_zero((size_t)n_sites, sizeof *made->sites);
    int64_t *reach_mm = ki_alloc_zero((size_t)make->n_inside, sizeof *reach_mm);
    kerb_status status = made->sites && reach_mm ? ki_osm_read_spots(&spots, &n_spots, extract, err)
                                                 : ki_fail_no_memory(err, "sites");
    if (status == KERB_OK) {
        n_spots = keep_inside(make, spots, n_spots);
        if (n_spots >= (size_t)n_sites) sites_at_spots(make, n_sites, spots, n_spots);
        made->n_sites_at_spots = made->n_sites;
        sum_streets(make, reach_mm);
        sites_along_streets(make, n_sites, reach_mm);
        if (made->n_sites < n_sites)
            status = ki_fail(err, KERB_BAD_INPUT, "extract: room for %d sites, expected %d",
                             made->n_sites, n_sites);
    }
    ki_free(reach_mm);
    ki_free(spots);
    return status;
}

/* ---- depots, stations, plant ----------------------------------------------------------------- */

/* An edge in a ring around the centre, as near as may be to a direction; workaday roads only. */
static void place_on_ring(const maker *make, double share, double direction_deg, int32_t *lat_e7,
                          int32_t *lon_e7) {
    double best = 1e300, radius_m = fmax(200, make->radius_m) * share;
    double squeeze = cos(make->centre_lat_e7 * 1e-7 * 0.017453292519943295);
    double turn = direction_deg * 0.017453292519943295;
    double lat = make->centre_lat_e7 + cos(turn) * radius_m * 89.932;
    double lon = make->centre_lon_e7 + sin(turn) * radius_m * 89.932 / fmax(0.05, squeeze);
    for (int32_t at = 0; at < make->n_near; at++) {
        int32_t edge = make->near[at].edge, here_lat, here_lon;
        uint8_t road_class = make->graph->ways[make->graph->edges[edge].way].tags.road_class;
        if (road_class < KI_ROAD_SECONDARY || road_class > KI_ROAD_SERVICE) continue;
        if (road_class == KI_ROAD_LIVING) continue;
        edge_middle(make->graph, edge, &here_lat, &here_lon);
        double away = ki_distance_mm(here_lat, here_lon, (int32_t)lat, (int32_t)lon);
        if (away >= best) continue;
        best = away;
        beside(make->graph, edge, make->graph->edges[edge].length_mm / 2, 1, lat_e7, lon_e7);
    }
}

static void make_facilities(maker *make) {
    static const struct {
        double share, turn_deg;
    } spots[MADE_PLACES] = {{0.8, 0}, {0.9, 170}, {1.0, 60}, {1.05, 235}, {1.5, 110}};
    double start_deg = ki_rng_unit(&make->rng) * 360;
    for (int place = 0; place < MADE_PLACES; place++)
        place_on_ring(make, spots[place].share, start_deg + spots[place].turn_deg,
                      &make->made->places[place].lat_e7, &make->made->places[place].lon_e7);
}

/* ---- kerbs ----------------------------------------------------------------------------------- */

static void add_kerb(made_district *made, const ki_graph *graph, int32_t edge, int right) {
    const ki_edge *from = &graph->edges[edge];
    const ki_way *way = &graph->ways[from->way];
    const ki_point *points = graph->points + from->first_point;
    int grade = way->tags.road_class <= KI_ROAD_SECONDARY  ? 1
                : way->tags.road_class == KI_ROAD_TERTIARY ? 2
                                                           : 3;
    made->kerbs[made->n_kerbs++] = (made_kerb){.way_id = way->osm_id,
                                               .from_node = points[0].osm_id,
                                               .to_node = points[from->n_points - 1].osm_id,
                                               .name = ki_way_name(graph, way),
                                               .right = right,
                                               .grade = grade,
                                               .length_mm = from->length_mm};
    made->kerb_mm += from->length_mm;
}

/* A run of one way between two nodes must name one stretch: a way that meets a node twice is not
 * unambiguous, so it is left alone. */
static int names_one_run(const ki_graph *graph, int32_t edge) {
    ki_arena scratch = {0};
    ki_run run;
    const ki_edge *at = &graph->edges[edge];
    const ki_point *points = graph->points + at->first_point;
    kerb_status status = ki_graph_find_run(graph, graph->ways[at->way].osm_id, points[0].osm_id,
                                           points[at->n_points - 1].osm_id, &scratch, &run, NULL);
    int one = status == KERB_OK && run.n_arcs == 1 && run.arcs[0] == 2 * edge;
    ki_arena_free(&scratch);
    return one;
}

/* Both kerbs of two-way streets, the kerbs of one-way streets in their direction of travel. */
static kerb_status make_kerbs(maker *make, double kerb_km, kerb_error *err) {
    made_district *made = make->made;
    const ki_graph *graph = make->graph;
    made->kerbs = ki_alloc_zero(2 * (size_t)make->n_near + 1, sizeof *made->kerbs);
    if (!made->kerbs) return ki_fail_no_memory(err, "kerbs");
    for (int32_t at = 0; at < make->n_near && (double)made->kerb_mm * 1e-6 < kerb_km; at++) {
        int32_t edge = make->near[at].edge;
        if (!is_street(make, edge) || graph->edges[edge].length_mm < MIN_KERB_M * 1000) continue;
        if (ki_rng_below(&make->rng, 100) < 35 || !names_one_run(graph, edge)) continue;
        int along = make->sweeper->component[2 * edge] == 0;
        int against = make->sweeper->component[2 * edge + 1] == 0;
        if (along && against) {
            add_kerb(made, graph, edge, 1);
            add_kerb(made, graph, edge, 0);
        } else if (along || against) {
            add_kerb(made, graph, edge, along != graph->drive_left);
        }
    }
    return KERB_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static kerb_status prepare(maker *make, double street_km, kerb_error *err) {
    static const ki_profile_spec truck = {.kind = KI_KIND_TRUCK,
                                          .height_mm = 3400,
                                          .width_mm = 2500,
                                          .length_mm = 9000,
                                          .mass_kg = 18000};
    static const ki_profile_spec sweeper = {.kind = KI_KIND_SWEEPER,
                                            .height_mm = 2600,
                                            .width_mm = 2000,
                                            .length_mm = 5500,
                                            .mass_kg = 9000};
    KI_TRY(ki_profile_build(&make->truck, make->graph, &truck, NULL, err));
    KI_TRY(ki_profile_build(&make->sweeper, make->graph, &sweeper, NULL, err));
    KI_TRY(ki_snap_index_new(&make->made->index, make->graph, err));
    KI_TRY(find_centre(make, err));
    return find_streets(make, street_km, err);
}

static kerb_status fill_district(maker *make, const char *extract, const district_order *order,
                                 kerb_error *err) {
    double street_km = fmax(AREA_KM_LEAST, order->bins * AREA_KM_PER_BIN_X100 * 0.01);
    KI_TRY(prepare(make, fmax(street_km, order->kerb_km), err));
    KI_TRY(make_sites(make, extract, (order->bins * 4 + BINS_PER_SITE_X4 - 1) / BINS_PER_SITE_X4,
                      err));
    make_facilities(make);
    return make_kerbs(make, order->kerb_km, err);
}

static void free_made(made_district *made) {
    ki_free(made->sites);
    ki_free(made->kerbs);
    ki_snap_index_free(made->index);
}

kerb_status district_make(district_counts *out, const char *extract, const district_order *order,
                          const char *folder, kerb_error *err) {
    made_district made = {0};
    maker make = {.made = &made};
    kerb_roads *read = NULL;
    ki_rng_seed(&make.rng, order->seed, 1);
    kerb_status status = order->roads ? KERB_OK : kerb_roads_load(&read, extract, err);
    if (status == KERB_OK) {
        make.graph = order->roads ? order->roads->graph : read->graph;
        status = fill_district(&make, extract, order, err);
    }
    if (status == KERB_OK) status = district_write(&made, order, extract, folder, err);
    *out = (district_counts){made.n_sites, made.n_sites_at_spots, made.n_kerbs, make.radius_m,
                             (double)made.kerb_mm * 1e-6};
    ki_free(make.near);
    ki_profile_free(make.truck);
    ki_profile_free(make.sweeper);
    free_made(&made);
    kerb_roads_free(read);
    return status;
}

int bench_make_district(int argc, char **argv) {
    int failed = 0;
    const char *extract = bench_operand(argc, argv, 0), *folder = bench_option(argc, argv, "-o");
    district_order order = {
        .bins = (int32_t)bench_number(argc, argv, "--bins", 200, 1, 20000, &failed),
        .kerb_km = bench_number(argc, argv, "--kerb-km", 10, 0, 2000, &failed),
        .days = (int32_t)bench_number(argc, argv, "--days", 28, 1, 366, &failed),
        .seed = (uint64_t)bench_number(argc, argv, "--seed", 1, 0, 1e15, &failed),
        .zone = bench_option(argc, argv, "--zone"),
        .date = bench_option(argc, argv, "--date"),
        .prices_path = bench_option(argc, argv, "--prices"),
        .extract_name = bench_option(argc, argv, "--extract-name"),
        .rate_ratio = bench_number(argc, argv, "--rates", 1, 0.01, 1, &failed),
        .report_hours = (int32_t)bench_number(argc, argv, "--report-hours", 12, 1, 24, &failed),
        .habits = {.holidays = bench_option(argc, argv, "--holidays"),
                   .holiday_factor =
                       bench_number(argc, argv, "--holiday-factor", 1.6, 0, 4, &failed),
                   .season = bench_number(argc, argv, "--season", 0, 0, 1, &failed),
                   .neighbours = bench_number(argc, argv, "--neighbours", 0, 0, 1, &failed),
                   .new_share = bench_number(argc, argv, "--new", 0, 0, 1, &failed),
                   .drop_off = bench_option(argc, argv, "--drop-off") != NULL,
                   .day_shape = bench_option(argc, argv, "--day-shape") != NULL},
        .truth = bench_option(argc, argv, "--truth") != NULL};
    const char *intervals = bench_option(argc, argv, "--intervals");
    order.no_intervals = intervals && strcmp(intervals, "no") == 0;
    if (failed || !extract || !folder || !habits_are_dates(&order.habits)) {
        fprintf(stderr, "usage: kerbside-bench make-district EXTRACT --bins N --kerb-km K --days D "
                        "--seed S [--prices FILE] [--rates SHARE] [--intervals no] "
                        "[--report-hours H] [--truth yes] -o DIR\n"
                        "habits, none by default: [--holidays DATE,...] [--holiday-factor F] "
                        "[--season A] [--neighbours A] [--new SHARE] [--drop-off yes] "
                        "[--day-shape yes]\n");
        return 2;
    }
    kerb_error err = {0};
    district_counts made;
    if (district_make(&made, extract, &order, folder, &err) != KERB_OK) return bench_report(&err);
    fprintf(stderr,
            "district: %d sites (%d at mapped homes and shops, the rest along residential "
            "streets), radius %.0f m, %d kerbs of %.1f km\n",
            made.n_sites, made.n_sites_at_spots, made.radius_m, made.n_kerbs, made.kerb_km);
    return 0;
}
