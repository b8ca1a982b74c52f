/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_plan.c - a plan as a GeoPackage or a workbook, layer by layer. */
#include "io/tables_plan.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/coordinates.h"
#include "io/sheets.h"
#include "io/tables_geopackage.h"

#include <math.h>
#include <stdio.h>

enum { CELL_BYTES = 32, MOST_CELLS = 16 };
typedef struct row { /* values as text; numbers live in cells */
    const char *values[MOST_CELLS];
    char cells[MOST_CELLS][CELL_BYTES];
    int n;
} row;

static void add_text(row *to, const char *value) {
    to->values[to->n++] = value ? value : "";
}

static void add_number(row *to, double value, int decimals) {
    to->cells[to->n][0] = '\0';
    if (isfinite(value)) snprintf(to->cells[to->n], CELL_BYTES, "%.*f", decimals, value);
    to->values[to->n] = to->cells[to->n];
    to->n++;
}

static void add_clock(row *to, const kerb_plan *plan, int32_t ms) {
    snprintf(to->cells[to->n], CELL_BYTES, "%s", ki_sheet_clock(plan, ms).text);
    to->values[to->n] = to->cells[to->n];
    to->n++;
}

typedef struct writer {
    ki_geopackage *package;
    const kerb_plan *plan;
    ki_language language; /* of sentences */
    ki_language words;    /* of what else is read */
    kerb_error *err;
} writer;

/* The points of a leg lie in pairs; the package wants two arrays. */
static kerb_status add_line(writer *to, const row *line, const ki_plan_leg *leg) {
    size_t n = (size_t)leg->n_points;
    int32_t *lat_e7 = ki_alloc_zero(2 * n, sizeof *lat_e7);
    if (!lat_e7) return ki_fail_no_memory(to->err, "a GeoPackage");
    for (size_t point = 0; point < n; point++) {
        lat_e7[point] = leg->points[2 * point];
        lat_e7[n + point] = leg->points[2 * point + 1];
    }
    kerb_status status =
        ki_geopackage_add(to->package, line->values, lat_e7, lat_e7 + n, n, to->err);
    ki_free(lat_e7);
    return status;
}

static void begin_stop(row *to, const kerb_plan *plan, const ki_plan_route *route, int32_t order) {
    const ki_plan_stop *stop = &route->stops[order];
    *to = (row){0};
    add_text(to, route->vehicle);
    add_text(to, route->shift);
    add_number(to, order, 0);
    add_text(to, stop->id);
    add_clock(to, plan, stop->arrival_ms);
}

static kerb_status add_lines(writer *to, int sweeping) {
    static const ki_layer_field fields[] = {{"vehicle", KI_LAYER_TEXT}, {"shift", KI_LAYER_TEXT},
                                            {"stop", KI_LAYER_INTEGER}, {"id", KI_LAYER_TEXT},
                                            {"arrival", KI_LAYER_TEXT}, {"length_m", KI_LAYER_REAL},
                                            {NULL, KI_LAYER_TEXT}};
    KI_TRY(ki_geopackage_layer(to->package, sweeping ? "sweeps" : "legs", 1, fields, to->err));
    for (int32_t route = 0; route < to->plan->n_routes; route++)
        for (int32_t stop = 0; stop < to->plan->routes[route].n_stops; stop++) {
            const ki_plan_stop *at = &to->plan->routes[route].stops[stop];
            const ki_plan_leg *leg = sweeping ? &at->sweep : &at->leg;
            row line;
            if (leg->n_points < 2) continue;
            begin_stop(&line, to->plan, &to->plan->routes[route], stop);
            add_number(&line, leg->length_mm / 1000.0, 1);
            KI_TRY(add_line(to, &line, leg));
        }
    return KERB_OK;
}

static kerb_status add_stops(writer *to) {
    static const ki_layer_field fields[] = {
        {"vehicle", KI_LAYER_TEXT}, {"shift", KI_LAYER_TEXT},   {"stop", KI_LAYER_INTEGER},
        {"id", KI_LAYER_TEXT},      {"arrival", KI_LAYER_TEXT}, {"site", KI_LAYER_TEXT},
        {"stream", KI_LAYER_TEXT},  {"service", KI_LAYER_TEXT}, {"departure", KI_LAYER_TEXT},
        {"mass_kg", KI_LAYER_REAL}, {NULL, KI_LAYER_TEXT}};
    KI_TRY(ki_geopackage_layer(to->package, "stops", 0, fields, to->err));
    for (int32_t route = 0; route < to->plan->n_routes; route++)
        for (int32_t stop = 0; stop < to->plan->routes[route].n_stops; stop++) {
            const ki_plan_stop *at = &to->plan->routes[route].stops[stop];
            row point;
            begin_stop(&point, to->plan, &to->plan->routes[route], stop);
            add_text(&point, at->site);
            add_text(&point, at->stream ? ki_say(to->words, kerb_stream_name(at->stream)) : "");
            add_clock(&point, to->plan, at->start_ms);
            add_clock(&point, to->plan, at->end_ms);
            add_number(&point, (double)at->mass_g / 1000, 3);
            KI_TRY(
                ki_geopackage_add(to->package, point.values, &at->lat_e7, &at->lon_e7, 1, to->err));
        }
    return KERB_OK;
}

static kerb_status add_decisions(writer *to) {
    static const char *const choices[] = {"skip", "may", "must", "cannot"};
    static const ki_layer_field fields[] = {
        {"id", KI_LAYER_TEXT},     {"site", KI_LAYER_TEXT},       {"name", KI_LAYER_TEXT},
        {"zone", KI_LAYER_TEXT},   {"kind", KI_LAYER_TEXT},       {"stream", KI_LAYER_TEXT},
        {"choice", KI_LAYER_TEXT}, {"served", KI_LAYER_INTEGER},  {"reason", KI_LAYER_TEXT},
        {"text", KI_LAYER_TEXT},   {"fill_ratio", KI_LAYER_REAL}, {NULL, KI_LAYER_TEXT}};
    KI_TRY(ki_geopackage_layer(to->package, "decisions", 0, fields, to->err));
    for (int32_t at = 0; at < to->plan->n_decisions; at++) {
        const ki_plan_decision *decision = &to->plan->decisions[at];
        row point = {0};
        ki_text told = {.language = to->language};
        ki_text_retell(&told, decision->text ? decision->text : "");
        add_text(&point, decision->id);
        add_text(&point, decision->site);
        add_text(&point, decision->name);
        add_text(&point, decision->zone);
        add_text(&point, ki_say(to->words, decision->is_street ? "street" : "container"));
        add_text(&point,
                 decision->stream ? ki_say(to->words, kerb_stream_name(decision->stream)) : "");
        add_text(&point, ki_say(to->words, choices[decision->choice]));
        add_number(&point, decision->served, 0);
        add_text(&point, decision->reason);
        add_text(&point, told.bytes ? told.bytes : "");
        add_number(&point, decision->fill_ratio, 4);
        kerb_status status = told.failed
                                 ? ki_fail_no_memory(to->err, "decisions")
                                 : ki_geopackage_add(to->package, point.values, &decision->lat_e7,
                                                     &decision->lon_e7, 1, to->err);
        ki_text_free(&told);
        if (status != KERB_OK) return status;
    }
    return KERB_OK;
}

static kerb_status add_places(writer *to) {
    static const ki_layer_field fields[] = {{"id", KI_LAYER_TEXT},
                                            {"name", KI_LAYER_TEXT},
                                            {"kind", KI_LAYER_TEXT},
                                            {NULL, KI_LAYER_TEXT}};
    KI_TRY(ki_geopackage_layer(to->package, "places", 0, fields, to->err));
    for (int32_t at = 0; at < to->plan->n_places; at++) {
        const ki_plan_place *place = &to->plan->places[at];
        row point = {0};
        add_text(&point, place->id);
        add_text(&point, place->name);
        add_text(&point, ki_say(to->words, place->kind ? place->kind : ""));
        KI_TRY(ki_geopackage_add(to->package, point.values, &place->lat_e7, &place->lon_e7, 1,
                                 to->err));
    }
    return KERB_OK;
}

kerb_status ki_plan_write_geopackage(const kerb_plan *plan, const char *path, ki_language language,
                                     kerb_error *err) {
    writer to = {.plan = plan, .language = language, .err = err};
    KI_TRY(ki_geopackage_new(&to.package, err));
    kerb_status status = add_lines(&to, 0);
    if (status == KERB_OK) status = add_lines(&to, 1);
    if (status == KERB_OK) status = add_stops(&to);
    if (status == KERB_OK) status = add_decisions(&to);
    if (status == KERB_OK) status = add_places(&to);
    if (status == KERB_OK) status = ki_geopackage_write(to.package, path, err);
    ki_geopackage_free(to.package);
    return status;
}

kerb_status ki_plan_write_workbook(const kerb_plan *plan, const char *path, ki_language language,
                                   kerb_error *err) {
    writer to = {.plan = plan, .language = language, .words = language, .err = err};
    KI_TRY(ki_workbook_new(&to.package, language, err));
    kerb_status status = add_stops(&to);
    if (status == KERB_OK) status = add_decisions(&to);
    if (status == KERB_OK) status = add_places(&to);
    if (status == KERB_OK) status = ki_geopackage_write(to.package, path, err);
    ki_geopackage_free(to.package);
    return status;
}

/* ---- other systems of coordinates ------------------------------------------------------------ */

static void move_point(int32_t *lat_e7, int32_t *lon_e7, kerb_coordinates to) {
    double lat_deg = *lat_e7 * 1e-7, lon_deg = *lon_e7 * 1e-7;
    ki_from_wgs84(to, &lat_deg, &lon_deg);
    *lat_e7 = (int32_t)lround(lat_deg * 1e7);
    *lon_e7 = (int32_t)lround(lon_deg * 1e7);
}

static void move_leg(ki_plan_leg *leg, kerb_coordinates to) {
    for (int32_t point = 0; point < leg->n_points; point++)
        move_point(&leg->points[2 * (size_t)point], &leg->points[2 * (size_t)point + 1], to);
}

void ki_plan_move(kerb_plan *plan, kerb_coordinates to) {
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t at = 0; at < plan->routes[route].n_stops; at++) {
            ki_plan_stop *stop = &plan->routes[route].stops[at];
            move_point(&stop->lat_e7, &stop->lon_e7, to);
            move_leg(&stop->leg, to);
            move_leg(&stop->sweep, to);
        }
    for (int32_t at = 0; at < plan->n_decisions; at++)
        move_point(&plan->decisions[at].lat_e7, &plan->decisions[at].lon_e7, to);
    for (int32_t at = 0; at < plan->n_places; at++)
        move_point(&plan->places[at].lat_e7, &plan->places[at].lon_e7, to);
}
