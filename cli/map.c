/* SPDX-License-Identifier: GPL-3.0-or-later
 * map.c - kerbside map: a plan as a picture (SVG) or as GeoJSON, by the ending of the output. */
#include "command.h"

#include <stdio.h>
#include <string.h>

int verb_map(int argc, char **argv) {
    arguments args;
    static const char usage[] =
        "kerbside map plan.pb -o FILE.svg|FILE.geojson|-\n\n"
        "Draws a plan; the ending of the output says how. -: GeoJSON to standard output.";
    int failed = parse_arguments(&args, argc, argv, 1, 1, usage);
    if (failed) return failed;
    const char *path = args.output ? args.output : "-";
    const char *ending = strrchr(path, '.');
    int is_svg = ending && strcmp(ending, ".svg") == 0;
    if (!is_svg && strcmp(path, "-") != 0 && !(ending && strcmp(ending, ".geojson") == 0)) {
        fprintf(stderr, "kerbside: option -o: %s, expected a name that ends in .svg or .geojson\n",
                path);
        return EXIT_USAGE;
    }
    kerb_error err = {0};
    kerb_plan *plan = NULL;
    char *text = NULL;
    kerb_status status = kerb_plan_read(&plan, args.operands[0], &err);
    if (status != KERB_OK) name_input(&err, args.operands[0]);
    if (status == KERB_OK)
        status = is_svg ? kerb_plan_svg(plan, &text, &err) : kerb_plan_geojson(plan, &text, &err);
    if (status == KERB_OK) status = write_output(path, text, strlen(text), &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_buffer_free(text);
    kerb_plan_free(plan);
    return code;
}
