/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan.c - kerbside plan: one district, one night. */
#include "command.h"

#include <stdio.h>
#include <string.h>

static kerb_status write_plan(const kerb_plan *plan, const char *path, kerb_error *err) {
    if (strcmp(path, "-") != 0) return kerb_plan_write(plan, path, err);
    uint8_t *bytes;
    size_t n_bytes;
    kerb_status status = kerb_plan_pack(plan, &bytes, &n_bytes, err);
    if (status != KERB_OK) return status;
    status = write_output("-", bytes, n_bytes, err);
    kerb_buffer_free(bytes);
    return status;
}

static kerb_status write_text(const kerb_plan *plan, const char *path,
                              kerb_status (*make)(const kerb_plan *, char **, kerb_error *),
                              kerb_error *err) {
    char *text;
    if (!path) return KERB_OK;
    kerb_status status = make(plan, &text, err);
    if (status != KERB_OK) return status;
    status = write_output(path, text, strlen(text), err);
    kerb_buffer_free(text);
    return status;
}

static kerb_status write_views_named(const kerb_plan *plan, const input *in, const arguments *args,
                                     kerb_error *err) {
    kerb_status status = write_text(plan, args->geojson, kerb_plan_geojson, err);
    if (status == KERB_OK) status = write_text(plan, args->svg, kerb_plan_svg, err);
    if (status == KERB_OK && args->map) status = write_map(plan, in->roads, args, args->map, err);
    if (status == KERB_OK) status = write_sheets(plan, in->model, args, err);
    return status;
}

/* What people look at, each by itself: one that fails is told, costs no other, and leaves args, so
 * that nobody says it was written. The status of the first that failed. */
static kerb_status write_views(const kerb_plan *plan, const input *in, arguments *args) {
    static const size_t views[] = {MEMBER(geojson), MEMBER(svg), MEMBER(map),
                                   MEMBER(sheets),  MEMBER(gpx), MEMBER(zones)};
    enum { N_VIEWS = sizeof views / sizeof *views };
    kerb_status first = KERB_OK;
    for (int view = 0; view < N_VIEWS; view++) {
        arguments alone = *args;
        kerb_error err = {0};
        for (int other = 0; other < N_VIEWS; other++)
            if (other != view) *(const char **)(void *)((char *)&alone + views[other]) = NULL;
        kerb_status status = write_views_named(plan, in, &alone, &err);
        if (status == KERB_OK) continue;
        report_error(&err);
        *(const char **)(void *)((char *)args + views[view]) = NULL;
        if (first == KERB_OK) first = status;
    }
    return first;
}

static int plan_exit(const kerb_plan *plan) {
    kerb_plan_totals totals;
    kerb_plan_get_totals(plan, &totals);
    if (totals.stopped) return EXIT_SIGNAL;
    return totals.degraded || totals.n_unserved_must ? EXIT_ATTENTION : EXIT_DONE;
}

/* What the night operator reads goes to stderr when stdout carries the plan. */
static kerb_status print_summary(const kerb_plan *plan, const arguments *args, kerb_error *err) {
    char *text;
    kerb_status status = summarise_plan(&text, plan, args, err);
    if (status != KERB_OK) return status;
    FILE *to = args->output && strcmp(args->output, "-") == 0 ? stderr : stdout;
    if (args->json)
        log_text(to, text);
    else if (!args->quiet)
        log_summary(to, text, plan_exit(plan) == EXIT_ATTENTION);
    if (!args->quiet && !args->json) {
        const char *files[MAX_OUTPUTS];
        int n_files = list_outputs(args, files);
        log_format(to, "check     accepted: every leg, load, window and price recomputed\n");
        for (int file = 0; file < n_files; file++)
            if (strcmp(files[file], "-") != 0) log_format(to, "written   %s\n", files[file]);
        if (args->sheets) log_format(to, "written   sheets in %s\n", args->sheets);
        if (args->gpx) log_format(to, "written   tracks in %s\n", args->gpx);
        if (args->zones) log_format(to, "written   visits by zone in %s\n", args->zones);
    }
    kerb_buffer_free(text);
    log_plan(plan);
    return KERB_OK;
}

static int run_plan(const arguments *given) {
    catch_signals();
    arguments with_what_is_written = *given;
    arguments *args = &with_what_is_written;
    kerb_status views = KERB_OK;
    kerb_error err = {0};
    input in;
    kerb_plan *plan = NULL;
    kerb_options options = make_options(args);
    if (refuse_outputs(args, &err)) return report_error(&err);
    kerb_status status = load_input(&in, args->operands[0], args, &err);
    if (status == KERB_OK && !was_signalled()) status = seal_input(&in, args, &options, &err);
    if (status == KERB_OK && was_signalled()) {
        free_input(&in); /* nothing is planned yet */
        return EXIT_SIGNAL_NO_PLAN;
    }
    if (status == KERB_OK) status = kerb_plan_solve(&plan, in.model, &options, &err);
    if (status == KERB_OK && args->output) status = write_plan(plan, args->output, &err);
    if (status == KERB_OK) views = write_views(plan, &in, args);
    if (status == KERB_OK) status = print_summary(plan, args, &err);
    int code = status == KERB_OK ? plan_exit(plan) : report_error(&err);
    if (status == KERB_OK && views != KERB_OK)
        code =
            args->output ? EXIT_ATTENTION : exit_code(views); /* the plan is there all the same */
    if (status != KERB_OK && !plan && was_signalled()) code = EXIT_SIGNAL_NO_PLAN;
    kerb_plan_free(plan);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"DISTRICT.yaml|problem.pb|- [-o plan.pb|-] [OPTION]...",
                                       NULL};
static const option accepted[] = {
    OUTPUT("FILE", "the plan as a message; -: standard output, the summary to stderr"),
    PATH("--geojson", "FILE", geojson, "its routes for a map"),
    PATH("--svg", "FILE", svg, "a picture of it"),
    PATH("--map", "FILE.html", map,
         "a page that replays the night; opens from disk without a network"),
    FOLDER("--sheets", sheets, "a sheet to print and a table for every route (kerbside sheets)"),
    FOLDER("--gpx", gpx, "a track for every route"),
    ZONES_OPTION,
    COORDINATES_OPTION,
    LANGUAGE_OPTION("the language of page, sheets, summary and messages (default en)"),
    FLAG("--json", json, "the summary for a program"),
    FLAG("--quiet", quiet, "no summary and no progress"),
    SEARCH_OPTIONS,
    INPUT_OPTIONS,
    LOG_OPTION};
static const example examples[] = {
    {"kerbside plan district.yaml --time 60s -o plan.pb --map map.html",
     "tonight, with a page to look at"},
    {"kerbside plan district.yaml --iterations 2000 -o plan.pb --quiet",
     "the same bytes again, whatever else the machine does"},
    {"kerbside plan - -o - --roads map.osm.gz <problem.pb >plan.pb",
     "from any program, through pipes"}};
const verb_table plan_verb = {
    .name = "plan",
    .run = run_plan,
    .job = "plan tonight for a district or a problem message",
    .synopsis = synopsis,
    .about = "Plans one night and prints a summary. The plan is written only if the checker "
             "accepts it. \"-\" reads a problem message from standard input; with -o - the plan "
             "goes to standard output and the summary to standard error.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 1};
