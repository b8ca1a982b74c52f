/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan.c - kerbside plan: one district, one night. */
#include "command.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "kerbside plan DISTRICT.yaml|problem.pb|- [-o plan.pb|-] [--date YYYY-MM-DD] [--as-of "
    "INSTANT]\n"
    "         [--tonight tonight.yaml] [--time 60s | --iterations N] [--seed N] [--threads N]\n"
    "         [--roads EXTRACT] [--geojson FILE] [--svg FILE] [--map FILE.html] [--sheets DIR]\n"
    "         [--gpx DIR] [--coordinates SYSTEM] [--lang en|zh] [--json] [--strict] [--quiet]\n\n"
    "Plans one night and prints a summary. The plan is written only if the checker accepts it.\n\n"
    "  -o FILE            the plan as a message; -: standard output, the summary to stderr\n"
    "  --geojson FILE     its routes for a map\n"
    "  --svg FILE         a picture of it\n"
    "  --map FILE.html    a page that replays the night; opens from disk without a network\n"
    "  --sheets DIR       a sheet to print and a table for every route (kerbside sheets)\n"
    "  --gpx DIR          a track for every route\n"
    "  --coordinates SYS  of those tables and tracks: wgs84 (default), gcj02 or bd09\n"
    "  --lang en|zh       the language of page and sheets (default en)\n"
    "  --json             the summary for a program\n"
    "  --quiet            no summary and no progress\n" HELP_SEARCH HELP_INPUT;

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

static kerb_status write_files(const kerb_plan *plan, const input *in, const arguments *args,
                               kerb_error *err) {
    kerb_status status = args->output ? write_plan(plan, args->output, err) : KERB_OK;
    if (status == KERB_OK) status = write_text(plan, args->geojson, kerb_plan_geojson, err);
    if (status == KERB_OK) status = write_text(plan, args->svg, kerb_plan_svg, err);
    if (status == KERB_OK && args->map) status = write_map(plan, in->roads, args, args->map, err);
    if (status == KERB_OK) status = write_sheets(plan, in->model, args, err);
    return status;
}

/* What the night operator reads goes to stderr when stdout carries the plan. */
static kerb_status print_summary(const kerb_plan *plan, const arguments *args, kerb_error *err) {
    char *text;
    kerb_status status = kerb_plan_summary(plan, args->json, &text, err);
    if (status != KERB_OK) return status;
    FILE *to = args->output && strcmp(args->output, "-") == 0 ? stderr : stdout;
    if (!args->quiet || args->json) fputs(text, to);
    if (!args->quiet && !args->json) {
        const char *files[MAX_OUTPUTS];
        int n_files = list_outputs(args, files);
        fprintf(to, "check     accepted: every leg, load, window and price recomputed\n");
        for (int file = 0; file < n_files; file++)
            if (strcmp(files[file], "-") != 0) fprintf(to, "written   %s\n", files[file]);
        if (args->sheets) fprintf(to, "written   sheets in %s\n", args->sheets);
        if (args->gpx) fprintf(to, "written   tracks in %s\n", args->gpx);
    }
    kerb_buffer_free(text);
    return KERB_OK;
}

static int plan_exit(const kerb_plan *plan) {
    kerb_plan_totals totals;
    kerb_plan_get_totals(plan, &totals);
    if (totals.stopped) return EXIT_SIGNAL;
    return totals.degraded || totals.n_unserved_must ? EXIT_ATTENTION : EXIT_DONE;
}

int verb_plan(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, 1, 1, usage);
    if (failed) return failed;
    catch_signals();
    kerb_error err = {0};
    input in;
    kerb_plan *plan = NULL;
    kerb_options options = make_options(&args);
    if (refuse_outputs(&args, &err)) return report_error(&err);
    kerb_status status = load_input(&in, args.operands[0], &args, &err);
    if (status == KERB_OK && !was_signalled()) status = seal_input(&in, &args, &options, &err);
    if (status == KERB_OK && was_signalled()) {
        free_input(&in); /* nothing is planned yet */
        return EXIT_SIGNAL_NO_PLAN;
    }
    if (status == KERB_OK) status = kerb_plan_solve(&plan, in.model, &options, &err);
    if (status == KERB_OK) status = write_files(plan, &in, &args, &err);
    if (status == KERB_OK) status = print_summary(plan, &args, &err);
    int code = status == KERB_OK ? plan_exit(plan) : report_error(&err);
    if (status != KERB_OK && !plan && was_signalled()) code = EXIT_SIGNAL_NO_PLAN;
    kerb_plan_free(plan);
    free_input(&in);
    return code;
}
