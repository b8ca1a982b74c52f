/* SPDX-License-Identifier: GPL-3.0-or-later
 * map.c - kerbside map: a plan as a page that replays the night, as a picture (SVG), as GeoJSON or
 * as a GeoPackage, by the ending of the output. */
#include "command.h"

#include "io/tables_plan.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "kerbside map plan.pb [--roads EXTRACT|CITY.roads] [--lang en|zh] -o "
    "FILE.html|.svg|.geojson|-\n"
    "\n"
    "Draws a plan; the ending of the output says how. -: GeoJSON to standard output.\n\n"
    "  -o FILE.html       one page that opens from disk without a network: routes, containers,\n"
    "                     timetables, what is left out and why, and the night to replay\n"
    "  -o FILE.gpkg       a GeoPackage: legs, sweeps, stops, decisions and places, for QGIS\n"
    "  --roads EXTRACT    the streets behind it, from the map or a cache of it\n"
    "  --extra TABLE      corrections of that map\n"
    "  --lang en|zh       the language it opens in (default en)\n";

typedef enum map_form { FORM_NONE, FORM_PAGE, FORM_SVG, FORM_GEOJSON, FORM_GEOPACKAGE } map_form;

static map_form form_of(const char *path) {
    static const struct {
        const char *ending;
        map_form form;
    } forms[] = {{".html", FORM_PAGE},
                 {".svg", FORM_SVG},
                 {".geojson", FORM_GEOJSON},
                 {".gpkg", FORM_GEOPACKAGE}};
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
    ki_language language = args->lang && strcmp(args->lang, "zh") == 0 ? KI_CHINESE : KI_ENGLISH;
    kerb_status status = ki_plan_map(&page, &n_bytes, plan, roads, language, err);
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
        fprintf(stderr, "kerbside: no streets behind the routes: give --roads EXTRACT\n");
    else if (!ki_plan_is_of_roads(plan, roads))
        fprintf(stderr, "kerbside: %s: not the roads the plan was made on; drawn all the same\n",
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
    if (form == FORM_GEOPACKAGE) return ki_plan_write_geopackage(plan, path, err);
    return draw_text(plan, form, path, err);
}

int verb_map(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, 1, 1, usage);
    if (failed) return failed;
    const char *path = args.output ? args.output : "-";
    map_form form = form_of(path);
    if (form == FORM_NONE) {
        fprintf(stderr,
                "kerbside: option -o: %s, expected a name that ends in .html, .svg, .geojson or "
                ".gpkg\n",
                path);
        return EXIT_USAGE;
    }
    kerb_error err = {0};
    kerb_plan *plan = NULL;
    if (refuse_outputs(&args, &err)) return report_error(&err);
    kerb_status status = kerb_plan_read(&plan, args.operands[0], &err);
    if (status != KERB_OK) name_input(&err, args.operands[0]);
    if (status == KERB_OK) status = draw(plan, form, &args, path, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_plan_free(plan);
    return code;
}
