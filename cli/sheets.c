/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheets.c - kerbside sheets: what crews take along, a file a route. */
#include "io/zone_visits.h"

#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

kerb_coordinates coordinates_of(const arguments *args) {
    if (args->coordinates && strcmp(args->coordinates, "gcj02") == 0) return KERB_GCJ02;
    if (args->coordinates && strcmp(args->coordinates, "bd09") == 0) return KERB_BD09;
    return KERB_WGS84;
}

static kerb_status make_folder(const char *path, kerb_error *err) {
    struct stat there;
    if (!path || mkdir(path, 0755) == 0) return KERB_OK;
    int why = errno;
    if (why == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode)) return KERB_OK;
    err->status = KERB_IO;
    snprintf(err->message, sizeof err->message, "%.900s: the folder cannot be made: %s", path,
             strerror(why));
    return KERB_IO;
}

kerb_status write_sheets(const kerb_plan *plan, const kerb_model *model, const arguments *args,
                         kerb_error *err) {
    ki_sheets_options options = {
        .language = language_of(args), .coordinates = coordinates_of(args), .model = model};
    if (!args->sheets && !args->gpx && !args->zones) return KERB_OK;
    kerb_status status = make_folder(args->sheets, err);
    if (status == KERB_OK) status = make_folder(args->gpx, err);
    if (status == KERB_OK) status = make_folder(args->zones, err);
    if (status == KERB_OK) status = ki_sheets_write(plan, args->sheets, args->gpx, &options, err);
    if (status == KERB_OK && args->zones)
        status = ki_zone_visits_write(plan, args->zones, &options, err);
    return status;
}

static int run_sheets(const arguments *args) {
    if (!args->sheets && !args->gpx && !args->zones) {
        log_line("error",
                 "sheets: nothing to write, expected --sheets DIR, --gpx DIR or --zones DIR");
        return EXIT_USAGE;
    }
    kerb_error err = {0};
    kerb_plan *plan = NULL;
    input in = {0};
    kerb_status status = kerb_plan_read(&plan, args->operands[0], &err);
    if (status != KERB_OK) name_input(&err, args->operands[0]);
    if (status == KERB_OK && args->n_operands == 2)
        status = load_input(&in, args->operands[1], args, &err);
    if (status == KERB_OK) status = write_sheets(plan, in.model, args, &err);
    if (status == KERB_OK) {
        kerb_plan_totals totals;
        kerb_plan_get_totals(plan, &totals);
        if (args->sheets)
            log_format(stdout, "written   %zu sheets in %s\n", totals.n_routes, args->sheets);
        if (args->gpx)
            log_format(stdout, "written   %zu tracks in %s\n", totals.n_routes, args->gpx);
        if (args->zones) log_format(stdout, "written   visits by zone in %s\n", args->zones);
    }
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_plan_free(plan);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {
    "plan.pb [DISTRICT.yaml|problem.pb --roads EXTRACT] [--sheets DIR] [--gpx DIR] "
    "[--zones DIR]",
    NULL};
static const option accepted[] = {
    FOLDER("--sheets", sheets, "sheets and tables (the folder is made if absent)"),
    FOLDER("--gpx", gpx, "tracks"),
    ZONES_OPTION,
    LANGUAGE_OPTION("of the sheets and messages (default en)"),
    COORDINATES_OPTION,
    INPUT_OPTIONS,
    LOG_OPTION};
static const example examples[] = {
    {"kerbside sheets plan.pb district.yaml --sheets out --gpx out",
     "for every truck, to print and to follow"},
    {"kerbside sheets plan.pb --zones out", "for communities: when to expect whom"},
    {"kerbside sheets plan.pb district.yaml --sheets out --lang zh --coordinates gcj02",
     "in Chinese, for Amap"}};
const verb_table sheets_verb = {
    .name = "sheets",
    .run = run_sheets,
    .job = "write what crews take along (sheets, tables, tracks), and visits by zone",
    .synopsis = synopsis,
    .about = "Writes for every route a sheet to print (SHIFT.html), the same as a table "
             "(SHIFT.csv) and a track (SHIFT.gpx). With the district or problem the plan was made "
             "from, sheets say gate hours, the side of the brush and the cross streets at turns "
             "into roads without a name. For those who wait for the vehicles: visits and "
             "expected tonnes by zone.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 2};
