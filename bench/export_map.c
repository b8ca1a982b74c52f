/* SPDX-License-Identifier: GPL-3.0-or-later
 * export_map.c - district.gpkg of an export. */
#include "bench/export_map.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/tables_geopackage.h"
#include "model/draft.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>

enum { NUMBER_BYTES = 32, MOST_FIELDS = 8 };

typedef struct map {
    const kerb_model *model;
    ki_geopackage *package;
    ki_arena arena;
    char numbers[MOST_FIELDS][NUMBER_BYTES];
    kerb_error *err;
} map;

typedef struct line { /* of a kerb */
    int32_t *lat_e7, *lon_e7;
    size_t n, lat_capacity, lon_capacity;
} line;

static const char *number(map *to, int slot, double value) {
    snprintf(to->numbers[slot], NUMBER_BYTES, "%.9g", value);
    return to->numbers[slot];
}

static int32_t e7(double deg) {
    return (int32_t)lround(deg * 1e7);
}

static kerb_status add_tasks(map *to) {
    static const ki_layer_field fields[] = {{"task", KI_LAYER_TEXT},     {"kind", KI_LAYER_TEXT},
                                            {"stream", KI_LAYER_TEXT},   {"must", KI_LAYER_INTEGER},
                                            {"prize", KI_LAYER_REAL},    {"mass_kg", KI_LAYER_REAL},
                                            {"volume_l", KI_LAYER_REAL}, {NULL, KI_LAYER_TEXT}};
    const ki_model *model = to->model->sealed;
    KI_TRY(ki_geopackage_layer(to->package, "tasks", 0, fields, to->err));
    for (int32_t index = 0; index < model->n_tasks; index++) {
        const ki_task *task = &model->tasks[index];
        int32_t lat_e7, lon_e7, entry = model->modes[task->first_mode].entry;
        ki_place_position(model->graph, model->places[task->group][entry], &lat_e7, &lon_e7);
        const char *values[] = {task->id,
                                task->kind == KI_TASK_KERB ? "kerb" : "container",
                                kerb_stream_name((kerb_stream)task->stream),
                                task->must ? "1" : "0",
                                number(to, 0, (double)task->prize_nano * 1e-9),
                                number(to, 1, (double)task->mass_g * 1e-3),
                                number(to, 2, (double)task->volume_ml * 1e-3)};
        KI_TRY(ki_geopackage_add(to->package, values, &lat_e7, &lon_e7, 1, to->err));
    }
    return KERB_OK;
}

static kerb_status extend(line *of, int32_t lat_e7, int32_t lon_e7, kerb_error *err) {
    if (ki_grow(&of->lat_e7, &of->lat_capacity, of->n + 1, sizeof *of->lat_e7) ||
        ki_grow(&of->lon_e7, &of->lon_capacity, of->n + 1, sizeof *of->lon_e7))
        return ki_fail_no_memory(err, "the line of a kerb");
    of->lat_e7[of->n] = lat_e7;
    of->lon_e7[of->n++] = lon_e7;
    return KERB_OK;
}

/* Both ends of the stretch on each arc, and the points of its edge between them. */
static kerb_status extend_by_arc(line *of, const ki_graph *graph, int32_t arc, int32_t from_mm,
                                 int32_t to_mm, kerb_error *err) {
    const ki_edge *edge = &graph->edges[arc >> 1];
    int32_t lat_e7, lon_e7, length_mm = edge->length_mm;
    ki_place_position(graph, (ki_place){arc, from_mm}, &lat_e7, &lon_e7);
    KI_TRY(extend(of, lat_e7, lon_e7, err));
    for (int32_t k = 0; k < edge->n_points; k++) {
        int32_t back = arc & 1 ? edge->n_points - 1 - k : k;
        const ki_point *point = &graph->points[edge->first_point + back];
        int32_t at_mm = arc & 1 ? length_mm - point->at_mm : point->at_mm;
        if (at_mm > from_mm && at_mm < to_mm) KI_TRY(extend(of, point->lat_e7, point->lon_e7, err));
    }
    ki_place_position(graph, (ki_place){arc, to_mm}, &lat_e7, &lon_e7);
    return extend(of, lat_e7, lon_e7, err);
}

static kerb_status draw(line *of, const ki_graph *graph, const ki_run *run, kerb_error *err) {
    of->n = 0;
    for (int32_t at = 0; at < run->n_arcs; at++) {
        int32_t length_mm = graph->edges[run->arcs[at] >> 1].length_mm;
        KI_TRY(extend_by_arc(of, graph, run->arcs[at], at ? 0 : run->start_mm,
                             at + 1 < run->n_arcs ? length_mm : run->end_mm, err));
    }
    return KERB_OK;
}

static kerb_status add_streets(map *to, line *of) {
    static const ki_layer_field fields[] = {
        {"kerb", KI_LAYER_TEXT}, {"name", KI_LAYER_TEXT},     {"side", KI_LAYER_TEXT},
        {"way", KI_LAYER_TEXT},  {"length_m", KI_LAYER_REAL}, {"grade", KI_LAYER_INTEGER},
        {"task", KI_LAYER_TEXT}, {NULL, KI_LAYER_TEXT}};
    static const char *const sides[] = {"", "left", "right", "centre"};
    const ki_draft *draft = &to->model->draft;
    const ki_model *model = to->model->sealed;
    KI_TRY(ki_geopackage_layer(to->package, "kerbs", 1, fields, to->err));
    for (size_t index = 0; index < draft->n_streets; index++) {
        const kerb_street *street = &draft->streets[index];
        ki_run run = {0};
        if (ki_graph_find_run(model->graph, street->way_id, street->from_node, street->to_node,
                              &to->arena, &run, NULL) != KERB_OK ||
            run.n_arcs == 0)
            continue;
        KI_TRY(draw(of, model->graph, &run, to->err));
        int32_t task = model->street_decisions[index].task;
        snprintf(to->numbers[2], NUMBER_BYTES, "%lld", (long long)street->way_id);
        const char *values[] = {street->id,
                                street->name,
                                sides[street->side],
                                to->numbers[2],
                                number(to, 0, (double)run.length_mm * 1e-3),
                                number(to, 1, street->grade),
                                task >= 0 ? model->tasks[task].id : ""};
        KI_TRY(ki_geopackage_add(to->package, values, of->lat_e7, of->lon_e7, of->n, to->err));
    }
    return KERB_OK;
}

static kerb_status add_place(map *to, const char *id, const char *name, const char *kind,
                             double lat_deg, double lon_deg) {
    int32_t lat_e7 = e7(lat_deg), lon_e7 = e7(lon_deg);
    const char *values[] = {id, name, kind};
    return ki_geopackage_add(to->package, values, &lat_e7, &lon_e7, 1, to->err);
}

static kerb_status add_places(map *to) {
    static const ki_layer_field fields[] = {{"id", KI_LAYER_TEXT},
                                            {"name", KI_LAYER_TEXT},
                                            {"kind", KI_LAYER_TEXT},
                                            {NULL, KI_LAYER_TEXT}};
    const ki_draft *draft = &to->model->draft;
    KI_TRY(ki_geopackage_layer(to->package, "places", 0, fields, to->err));
    for (size_t at = 0; at < draft->n_depots; at++)
        KI_TRY(add_place(to, draft->depots[at].id, draft->depots[at].name, "depot",
                         draft->depots[at].lat_deg, draft->depots[at].lon_deg));
    for (size_t at = 0; at < draft->n_facilities; at++)
        KI_TRY(add_place(to, draft->facilities[at].id, draft->facilities[at].name, "facility",
                         draft->facilities[at].lat_deg, draft->facilities[at].lon_deg));
    return KERB_OK;
}

kerb_status bench_export_map(const kerb_model *model, const char *path, kerb_error *err) {
    if (!model->sealed->graph) return KERB_OK;
    map to = {.model = model, .err = err};
    line of = {0};
    kerb_status status = ki_geopackage_new(&to.package, err);
    if (status == KERB_OK) status = add_tasks(&to);
    if (status == KERB_OK) status = add_streets(&to, &of);
    if (status == KERB_OK) status = add_places(&to);
    if (status == KERB_OK) status = ki_geopackage_write(to.package, path, err);
    ki_geopackage_free(to.package);
    ki_arena_free(&to.arena);
    ki_free(of.lat_e7);
    ki_free(of.lon_e7);
    return status;
}
