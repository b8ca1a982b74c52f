/* SPDX-License-Identifier: GPL-3.0-or-later
 * map_roads.c - the streets behind a plan's routes: of every class round the tasks, only the
 * greater ones out to the facilities, and of those classes as many as the page has room for. */
#include "io/map_data.h"

#include "plan/plan.h"
#include "road/graph.h"

#include <math.h>

static const double MARGIN_M = 500;
static const int64_t MOST_POINTS = 400000; /* about 3 MB of the page */

typedef struct frame {
    int64_t south, north, west, east; /* e7; south > north: nothing */
} frame;

static void widen(frame *to, int32_t lat_e7, int32_t lon_e7) {
    if (lat_e7 == 0 && lon_e7 == 0) return; /* a place that was never found */
    if (lat_e7 < to->south) to->south = lat_e7;
    if (lat_e7 > to->north) to->north = lat_e7;
    if (lon_e7 < to->west) to->west = lon_e7;
    if (lon_e7 > to->east) to->east = lon_e7;
}

static void add_margin(frame *to) {
    if (to->south > to->north) return;
    double per_m = 1e7 / 111195.0,
           narrow = cos((double)(to->south + to->north) * 0.5e-7 * 0.0174533);
    to->south -= (int64_t)(MARGIN_M * per_m);
    to->north += (int64_t)(MARGIN_M * per_m);
    to->west -= (int64_t)(MARGIN_M * per_m / fmax(0.05, narrow));
    to->east += (int64_t)(MARGIN_M * per_m / fmax(0.05, narrow));
}

static int meets(const frame *view, const ki_graph *graph, const ki_edge *edge) {
    const ki_node *ends[] = {&graph->nodes[edge->from], &graph->nodes[edge->to]};
    for (int end = 0; end < 2; end++)
        if (ends[end]->lat_e7 >= view->south && ends[end]->lat_e7 <= view->north &&
            ends[end]->lon_e7 >= view->west && ends[end]->lon_e7 <= view->east)
            return 1;
    return 0;
}

typedef struct choice {
    const ki_graph *graph;
    frame tasks, whole;
    int last_class; /* classes beyond it are left out */
} choice;

static int wanted(const choice *of, const ki_edge *edge) {
    int road_class = of->graph->ways[edge->record].tags.road_class;
    if (road_class > of->last_class) return 0;
    return meets(&of->tasks, of->graph, edge) ||
           (road_class <= KI_ROAD_TERTIARY && meets(&of->whole, of->graph, edge));
}

/* A hostile extract may name any number as a class. */
static int class_of(const choice *of, const ki_edge *edge) {
    int road_class = of->graph->ways[edge->record].tags.road_class;
    return road_class < KI_N_ROAD_CLASSES ? road_class : KI_N_ROAD_CLASSES - 1;
}

static void choose(choice *of, const kerb_plan *plan) {
    frame none = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN};
    of->tasks = none;
    for (int32_t at = 0; at < plan->n_decisions; at++)
        widen(&of->tasks, plan->decisions[at].lat_e7, plan->decisions[at].lon_e7);
    of->whole = of->tasks;
    for (int32_t at = 0; at < plan->n_places; at++)
        widen(&of->whole, plan->places[at].lat_e7, plan->places[at].lon_e7);
    add_margin(&of->tasks);
    add_margin(&of->whole);
    int64_t n_points[KI_N_ROAD_CLASSES] = {0}, sum = 0;
    of->last_class = KI_N_ROAD_CLASSES;
    for (int32_t edge = 0; edge < of->graph->n_edges; edge++)
        if (wanted(of, &of->graph->edges[edge]))
            n_points[class_of(of, &of->graph->edges[edge])] += of->graph->edges[edge].n_points;
    for (of->last_class = 0; of->last_class < KI_N_ROAD_CLASSES - 1; of->last_class++)
        if ((sum += n_points[of->last_class + 1]) > MOST_POINTS) break;
}

/* Pieces of one way that follow each other are one line. */
static void add_lines(ki_text *text, const choice *of) {
    const ki_graph *graph = of->graph;
    ki_map_line line = {.text = text};
    int32_t last = -1, n_lines = 0;
    for (int32_t at = 0; at < graph->n_edges; at++) {
        const ki_edge *edge = &graph->edges[at];
        if (!wanted(of, edge)) continue;
        const ki_way *way = &graph->ways[edge->record];
        int goes_on = last == at - 1 && last >= 0 && graph->edges[last].record == edge->record &&
                      graph->edges[last].to == edge->from;
        if (!goes_on) {
            ki_text_add(text, "%s\n[%d,", n_lines ? "]]," : "", (int)way->tags.road_class);
            ki_text_add_json(text, ki_way_name(graph, way));
            ki_text_add(text, ",[");
            line = (ki_map_line){.text = text};
            n_lines++;
        }
        for (int32_t point = goes_on; point < edge->n_points; point++) {
            const ki_point *shape = &graph->points[edge->first_point + point];
            ki_map_line_add(&line, shape->lat_e7, shape->lon_e7);
        }
        last = at;
    }
    ki_text_add(text, "%s", n_lines ? "]]" : "");
}

void ki_map_roads_add(ki_text *text, const kerb_plan *plan, const kerb_roads *roads) {
    if (!roads) {
        ki_text_add(text, "null");
        return;
    }
    choice of = {.graph = roads->graph};
    choose(&of, plan);
    ki_text_add(text, "{\"left_hand\":%d,\"lines\":[", roads->graph->drive_left != 0);
    add_lines(text, &of);
    ki_text_add(text, "]}");
}
