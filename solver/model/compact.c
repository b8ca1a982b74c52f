/* SPDX-License-Identifier: GPL-3.0-or-later
 * compact.c - where each task lies on a plane, for the price of compactness (route/moment.h): whole
 * metres east and north of the first depot. A kerb lies half-way between the two ends of its run;
 * by explicit travel kerbs, and sites without a position, lie nowhere and cost nothing. */
#include "base/error.h"
#include "model/seal.h"

#include <math.h>

static const double M_PER_DEG = 111194.9266, RAD_PER_DEG = 3.14159265358979323846 / 180;

/* A place farther off than any district is wide counts as this far, so that sums fit. */
enum { FARTHEST_M = 100000 };

static int32_t whole_m(double m) {
    return (int32_t)llround(fmin(fmax(m, -FARTHEST_M), FARTHEST_M));
}

static void place_task(const ki_seal *seal, ki_task *task, double lat_deg, double lon_deg) {
    const kerb_depot *origin = &seal->draft->depots[0];
    double m_per_lon = M_PER_DEG * cos(origin->lat_deg * RAD_PER_DEG);
    task->x_m = whole_m((lon_deg - origin->lon_deg) * m_per_lon);
    task->y_m = whole_m((lat_deg - origin->lat_deg) * M_PER_DEG);
}

/* A node that the run meets, by its OSM id; NULL: none. */
static const ki_point *find_node(const ki_graph *graph, const ki_run *run, int64_t osm_id) {
    for (int32_t at = 0; at < run->n_arcs; at++) {
        const ki_edge *edge = &graph->edges[run->arcs[at] >> 1];
        for (int32_t point = 0; point < edge->n_points; point++)
            if (graph->points[edge->first_point + point].osm_id == osm_id)
                return &graph->points[edge->first_point + point];
    }
    return NULL;
}

static kerb_status place_kerb(ki_seal *seal, ki_task *task) {
    const kerb_street *street = &seal->draft->streets[task->source];
    ki_run run = {0};
    if (!seal->graph) return KERB_OK;
    KI_TRY(ki_graph_find_run(seal->graph, street->way_id, street->from_node, street->to_node,
                             &seal->scratch, &run, seal->err));
    const ki_point *from = find_node(seal->graph, &run, street->from_node);
    const ki_point *to = find_node(seal->graph, &run, street->to_node);
    if (from && to)
        place_task(seal, task, ((double)from->lat_e7 + to->lat_e7) / 2e7,
                   ((double)from->lon_e7 + to->lon_e7) / 2e7);
    return KERB_OK;
}

kerb_status ki_seal_compactness(ki_seal *seal) {
    ki_model *model = seal->model;
    model->compact_nano_per_m2 =
        llround(seal->draft->district.price_compactness_per_stop_km2 * 1e3);
    for (int32_t at = 0; at < model->n_tasks; at++)
        model->tasks[at].x_m = model->tasks[at].y_m = KI_NOWHERE;
    if (model->compact_nano_per_m2 == 0 || seal->draft->n_depots == 0) return KERB_OK;
    for (int32_t at = 0; at < model->n_tasks; at++) {
        ki_task *task = &model->tasks[at];
        if (task->kind == KI_TASK_KERB) {
            KI_TRY(place_kerb(seal, task));
        } else {
            const kerb_site *site = &seal->draft->sites[task->site];
            if (seal->graph || site->lat_deg != 0 || site->lon_deg != 0)
                place_task(seal, task, site->lat_deg, site->lon_deg);
        }
        if (task->x_m == KI_NOWHERE) continue;
        int64_t square_m2 = (int64_t)task->x_m * task->x_m + (int64_t)task->y_m * task->y_m;
        task->compact_nano = square_m2 * model->compact_nano_per_m2;
    }
    return KERB_OK;
}
