/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan_svg.c - a picture of a plan: one colour a route, sweeping thick, deadheading thin, sites,
 * facilities and what was left out. A plain SVG opens anywhere and diffs as text. */
#include "base/error.h"
#include "base/text.h"
#include "plan/plan.h"

#include <math.h>

enum { WIDTH_PX = 1200, MARGIN_PX = 20, LEGEND_PX = 260 };

static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#56b4e9", "#e69f00", "#7b3294", "#5c4b00",
                                      "#b2182b", "#1b7837", "#2166ac", "#8c510a"};
enum { N_COLOURS = sizeof colours / sizeof colours[0] };

typedef struct frame { /* equirectangular about the middle latitude */
    double west, north, px_per_lon, px_per_lat, height_px;
    int empty;
} frame;

typedef struct extent {
    int32_t south, north, west, east;
    int any;
} extent;

static void widen(extent *box, int32_t lat_e7, int32_t lon_e7) {
    if (!box->any) *box = (extent){lat_e7, lat_e7, lon_e7, lon_e7, 1};
    if (lat_e7 < box->south) box->south = lat_e7;
    if (lat_e7 > box->north) box->north = lat_e7;
    if (lon_e7 < box->west) box->west = lon_e7;
    if (lon_e7 > box->east) box->east = lon_e7;
}

static void widen_leg(extent *box, const ki_plan_leg *leg) {
    for (int32_t point = 0; point < leg->n_points; point++)
        widen(box, leg->points[2 * point], leg->points[2 * point + 1]);
}

static extent measure(const kerb_plan *plan) {
    extent box = {0};
    for (int32_t route = 0; route < plan->n_routes; route++)
        for (int32_t stop = 0; stop < plan->routes[route].n_stops; stop++) {
            widen_leg(&box, &plan->routes[route].stops[stop].leg);
            widen_leg(&box, &plan->routes[route].stops[stop].sweep);
        }
    for (int32_t place = 0; place < plan->n_places; place++)
        widen(&box, plan->places[place].lat_e7, plan->places[place].lon_e7);
    return box;
}

static frame fit(extent box) {
    double lat_span = fmax(1e-4, (box.north - box.south) * 1e-7);
    double lon_span = fmax(1e-4, (box.east - box.west) * 1e-7);
    double squeeze = cos((box.north + box.south) * 0.5e-7 * 0.017453292519943295);
    double px_per_lon = (WIDTH_PX - 2 * MARGIN_PX) / lon_span;
    double px_per_lat = px_per_lon / fmax(0.01, squeeze);
    return (frame){.west = box.west * 1e-7,
                   .north = box.north * 1e-7,
                   .px_per_lon = px_per_lon,
                   .px_per_lat = px_per_lat,
                   .height_px = lat_span * px_per_lat + 2 * MARGIN_PX,
                   .empty = !box.any};
}

static double x_px(const frame *view, int32_t lon_e7) {
    return MARGIN_PX + (lon_e7 * 1e-7 - view->west) * view->px_per_lon;
}

static double y_px(const frame *view, int32_t lat_e7) {
    return MARGIN_PX + (view->north - lat_e7 * 1e-7) * view->px_per_lat;
}

static void draw_leg(ki_text *out, const frame *view, const ki_plan_leg *leg, const char *colour,
                     double width, double opacity) {
    if (leg->n_points < 2) return;
    ki_text_add(
        out,
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" opacity=\"%.2f\" points=\"",
        colour, width, opacity);
    for (int32_t point = 0; point < leg->n_points; point++)
        ki_text_add(out, "%.1f,%.1f ", x_px(view, leg->points[2 * point + 1]),
                    y_px(view, leg->points[2 * point]));
    ki_text_add(out, "\"/>\n");
}

static void draw_route(ki_text *out, const frame *view, const ki_plan_route *route,
                       const char *colour) {
    ki_text_add(out, "<g><title>");
    ki_text_add_xml(out, route->shift);
    ki_text_add(out, "</title>\n");
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        draw_leg(out, view, &route->stops[stop].leg, colour, 1.6, 0.75);
        draw_leg(out, view, &route->stops[stop].sweep, colour, 4.5, 0.9);
    }
    for (int32_t stop = 0; stop < route->n_stops; stop++) {
        const ki_plan_stop *at = &route->stops[stop];
        if (at->kind == KI_STOP_SERVE)
            ki_text_add(out,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"%s\" stroke=\"#fff\" "
                        "stroke-width=\"0.8\"/>\n",
                        x_px(view, at->lon_e7), y_px(view, at->lat_e7), colour);
    }
    ki_text_add(out, "</g>\n");
}

static void draw_place(ki_text *out, const frame *view, const ki_plan_place *place) {
    double x = x_px(view, place->lon_e7), y = y_px(view, place->lat_e7);
    ki_text_add(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" fill=\"#222\"/>\n<text "
                "x=\"%.1f\" y=\"%.1f\">",
                x - 5, y - 5, x + 8, y + 4);
    ki_text_add_xml(out, place->name && place->name[0] ? place->name : place->id);
    ki_text_add(out, "</text>\n");
}

static void draw_left_out(ki_text *out, const frame *view, const ki_plan_decision *decision) {
    if (decision->served || decision->choice != KI_MUST) return;
    if (!decision->lat_e7 && !decision->lon_e7) return;
    double x = x_px(view, decision->lon_e7), y = y_px(view, decision->lat_e7);
    ki_text_add(out,
                "<path d=\"M%.1f %.1fl8 8m0 -8l-8 8\" stroke=\"#c00\" stroke-width=\"2\"><title>",
                x - 4, y - 4);
    ki_text_add_xml(out, decision->id);
    ki_text_add(out, "</title></path>\n");
}

static void draw_legend(ki_text *out, const kerb_plan *plan) {
    for (int32_t route = 0; route < plan->n_routes; route++) {
        const ki_plan_route *at = &plan->routes[route];
        int y = MARGIN_PX + 18 * route;
        ki_text_add(out,
                    "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"10\" fill=\"%s\"/><text "
                    "x=\"%d\" y=\"%d\">",
                    WIDTH_PX + 10, y, colours[route % N_COLOURS], WIDTH_PX + 30, y + 9);
        ki_text_add_xml(out, at->shift);
        ki_text_add(out, " ");
        ki_text_add_xml(out, at->vehicle_kind);
        ki_text_add(out, ": %d stops, %.1f km</text>\n", at->n_served,
                    (double)at->length_mm * 1e-6);
    }
}

static void draw(ki_text *out, const kerb_plan *plan, const frame *view) {
    double height = fmax(view->height_px, 18.0 * plan->n_routes + 2 * MARGIN_PX);
    ki_text_add(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" "
                "font-family=\"sans-serif\" font-size=\"12\">\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"#fafaf7\"/>\n",
                WIDTH_PX + LEGEND_PX, height);
    for (int32_t route = 0; route < plan->n_routes; route++)
        draw_route(out, view, &plan->routes[route], colours[route % N_COLOURS]);
    for (int32_t decision = 0; decision < plan->n_decisions; decision++)
        draw_left_out(out, view, &plan->decisions[decision]);
    for (int32_t place = 0; place < plan->n_places; place++)
        draw_place(out, view, &plan->places[place]);
    draw_legend(out, plan);
    ki_text_add(out,
                "<text x=\"%d\" y=\"%.0f\">\xc2\xa9 OpenStreetMap contributors</text>\n</svg>\n",
                MARGIN_PX, height - 6);
}

kerb_status kerb_plan_svg(const kerb_plan *plan, char **out, kerb_error *err) {
    *out = NULL;
    ki_text text = {0};
    frame view = fit(measure(plan));
    draw(&text, plan, &view);
    if (text.failed) {
        ki_text_free(&text);
        return ki_fail_no_memory(err, "the picture of the plan");
    }
    *out = text.bytes;
    return KERB_OK;
}
