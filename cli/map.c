/* SPDX-License-Identifier: GPL-3.0-or-later
 * map.c - kerbside map: a plan as a page that replays the night, as a picture (SVG), as GeoJSON, as
 * a GeoPackage or as a workbook, by the ending of the output. */
#include "command.h"

#include "io/tables_plan.h"

#include <stdio.h>
#include <string.h>

typedef enum map_form {
    FORM_NONE,
    FORM_PAGE,
    FORM_SVG,
    FORM_GEOJSON,
    FORM_GEOPACKAGE,
    FORM_WORKBOOK
} map_form;

static map_form form_of(const char *path) {
    static const struct {
        const char *ending;
        map_form form;
    } forms[] = {{".html", FORM_PAGE},
                 {".svg", FORM_SVG},
                 {".geojson", FORM_GEOJSON},
                 {".gpkg", FORM_GEOPACKAGE},
                 {".xlsx", FORM_WORKBOOK}};
    const char *ending = strrchr(path, '.');
    if (strcmp(path, "-") == 0) return FORM_GEOJSON;
    for (size_t at = 0; ending && at < sizeof forms / sizeof *forms; at++)
        if (strcmp(ending, forms[at].ending) == 0) return forms[at].form;
    return FORM_NONE;
}

kerb_status write_map(const kerb_plan *plan, const kerb_roads *roads, const arguments *args,
                      const char *path, kerb_error *err) {
    char *page;
    size_t n_bytes;
    kerb_status status = ki_plan_map(&page, &n_bytes, plan, roads, language_of(args), err);
    if (status != KERB_OK) return status;
    status = write_output(path, page, n_bytes, err);
    kerb_buffer_free(page);
    return status;
}

static kerb_status draw_page(const kerb_plan *plan, const arguments *args, const char *path,
                             kerb_error *err) {
    kerb_roads *roads = NULL;
    kerb_status status = args->roads ? load_roads(&roads, args->roads, NULL, args, err) : KERB_OK;
    if (status != KERB_OK) return status;
    if (!roads)
        log_line("warning", "no streets behind the routes: give --roads EXTRACT");
    else if (!ki_plan_is_of_roads(plan, roads))
        log_line("warning", "%s: not the roads the plan was made on; drawn all the same",
                 args->roads);
    status = write_map(plan, roads, args, path, err);
    kerb_roads_free(roads);
    return status;
}

static kerb_status draw_text(const kerb_plan *plan, map_form form, const char *path,
                             kerb_error *err) {
    char *text;
    kerb_status status =
        form == FORM_SVG ? kerb_plan_svg(plan, &text, err) : kerb_plan_geojson(plan, &text, err);
    if (status != KERB_OK) return status;
    status = write_output(path, text, strlen(text), err);
    kerb_buffer_free(text);
    return status;
}

static kerb_status draw(const kerb_plan *plan, map_form form, const arguments *args,
                        const char *path, kerb_error *err) {
    if (form == FORM_PAGE) return draw_page(plan, args, path, err);
    if (form == FORM_GEOPACKAGE)
        return ki_plan_write_geopackage(plan, path, language_of(args), err);
    if (form == FORM_WORKBOOK) return ki_plan_write_workbook(plan, path, language_of(args), err);
    return draw_text(plan, form, path, err);
}

static int run_map(const arguments *args) {
    const char *path = args->output ? args->output : "-";
    map_form form = form_of(path);
    if (form == FORM_NONE) {
        log_line(
            "error",
            "option -o: %s, expected a name that ends in .html, .svg, .geojson, .gpkg or .xlsx",
            path);
        return EXIT_USAGE;
    }
    if (coordinates_of(args) != KERB_WGS84 && form != FORM_GEOJSON && form != FORM_WORKBOOK) {
        log_line("error", "option --coordinates: %s, expected wgs84 for %s", args->coordinates,
                 path);
        return EXIT_USAGE;
    }
    kerb_error err = {0};
    kerb_plan *plan = NULL;
    if (refuse_outputs(args, &err)) return report_error(&err);
    kerb_status status = kerb_plan_read(&plan, args->operands[0], &err);
    if (status != KERB_OK) name_input(&err, args->operands[0]);
    if (status == KERB_OK && coordinates_of(args) != KERB_WGS84)
        ki_plan_move(plan, coordinates_of(args));
    if (status == KERB_OK) status = draw(plan, form, args, path, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_plan_free(plan);
    return code;
}

static const char *const synopsis[] = {
    "plan.pb -o FILE.html [--roads EXTRACT|CITY.roads] [--lang en|zh]",
    "plan.pb -o FILE.svg|FILE.geojson|FILE.gpkg|FILE.xlsx|- [--coordinates gcj02]", NULL};
static const option accepted[] = {
    OUTPUT("FILE", "the drawing; -: GeoJSON to standard output"),
    PATH("--roads", "EXTRACT", roads, "the streets behind it, from the map or a cache of it"),
    PATH("--extra", "TABLE", extra, "corrections of that map"),
    LANGUAGE_OPTION("the language it opens in, of a workbook and of messages (default en)"),
    WORD("--coordinates", "wgs84|gcj02|bd09", coordinates,
         "of .geojson and .xlsx: gcj02 for Amap, bd09 for Baidu (default wgs84)"),
    LOG_OPTION};
static const example examples[] = {
    {"kerbside map plan.pb --roads map.osm.gz -o map.html", "a page to look at, from disk"},
    {"kerbside map plan.pb -o plan.gpkg", "for QGIS"},
    {"kerbside map plan.pb -o plan.xlsx", "a workbook of stops and decisions"}};
const verb_table map_verb = {
    .name = "map",
    .run = run_map,
    .job = "draw a plan: a page that replays the night, SVG, GeoJSON, GeoPackage, XLSX",
    .synopsis = synopsis,
    .about = "Draws a plan; the ending of the output says how: .html is one page that opens from "
             "disk without a network, with routes, containers, timetables, what is left out and "
             "why, and the night to replay; .gpkg a GeoPackage of legs, sweeps, stops, decisions "
             "and places, for QGIS; .xlsx a workbook of stops, decisions and places. -: GeoJSON to "
             "standard output.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
