/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.c - kerbside roads: what the road engine makes of an extract. */
#include "command.h"
#include "roads_reach.h"

#include "io/district_rematch.h"

#include <stdio.h>
#include <string.h>

/* A tag may hold anything: one line each, no control characters. */
static void add_clean(ki_text *to, const char *text) {
    for (; *text; text++)
        ki_text_add_bytes(to, (unsigned char)*text < 0x20 || *text == 0x7F ? "?" : text, 1);
}

static void print_unread(ki_text *to, const kerb_roads *roads) {
    kerb_roads_unread unread;
    for (size_t place = 0; kerb_roads_get_unread(roads, place, &unread); place++) {
        if (place == 0)
            ki_text_say(to, "unread    taken to forbid at any time, and never to permit:\n");
        ki_text_add(to, "  %6zu  ", unread.count);
        add_clean(to, unread.text);
        if (unread.example_id)
            ki_text_add(to, "  (%s %lld)", ki_text_word(to, unread.object),
                        (long long)unread.example_id);
        ki_text_add(to, "\n");
    }
}

static void print_totals(ki_text *to, const kerb_roads *roads, const kerb_roads_totals *totals) {
    ki_text_say(to, "roads     %.1f km, %zu nodes, %zu arcs; hash %.16s\n", totals->length_km,
                totals->n_nodes, totals->n_arcs, kerb_roads_hash(roads));
    if (kerb_roads_corrections_hash(roads)[0])
        ki_text_say(to, "corrected by a table; hash %.16s\n", kerb_roads_corrections_hash(roads));
    ki_text_say(to, "ways      %zu closed to every vehicle, %zu skipped; %zu nodes lacking\n",
                totals->n_closed_ways, totals->n_skipped_ways, totals->n_missing_nodes);
    ki_text_say(
        to, "turns     %zu restrictions (%zu by hour or vehicle), %zu unmatched, %zu left out\n",
        totals->n_restrictions, totals->n_conditional_restrictions,
        totals->n_unmatched_restrictions, totals->n_bad_restrictions);
    ki_text_say(to,
                "trucks    %.1f km of lanes open, %.1f %% of them in the largest connected part\n",
                totals->open_km, 100 * totals->main_share);
    print_unread(to, roads);
}

static kerb_status write_geojson(const kerb_roads *roads, const char *path, kerb_error *err) {
    char *text;
    if (!path) return KERB_OK;
    kerb_status status = kerb_roads_geojson(roads, &text, err);
    if (status != KERB_OK) return status;
    status = write_output(path, text, strlen(text), err);
    kerb_buffer_free(text);
    return status;
}

/* Fills why, empty where the cache needed nothing. */
static kerb_status load_extract(input *in, const arguments *args, char *why, size_t n_bytes,
                                kerb_error *err) {
    kerb_status status = load_roads(&in->roads, args->operands[0], args->output, args, err);
    if (status != KERB_OK || !args->output) return status;
    if (kerb_roads_why_not_cached(in->roads, NULL, why, n_bytes) == 0) return KERB_OK;
    log_line("info", "%s; made again", why);
    return kerb_roads_save(in->roads, NULL, NULL, err);
}

/* Sealing makes the cache that the district names, with what its vehicles need. */
static kerb_status load_fleet(input *in, const arguments *args, kerb_error *err) {
    kerb_options options = make_options(args);
    kerb_status status = load_input(in, args->operands[0], args, err);
    return status == KERB_OK ? seal_input(in, args, &options, err) : status;
}

static kerb_status print_summary(ki_text *to, const kerb_roads *roads, kerb_error *err) {
    kerb_roads_totals totals;
    kerb_status status = kerb_roads_get_totals(roads, &totals, err);
    if (status != KERB_OK) return status;
    print_totals(to, roads, &totals);
    return print_roads_reach(to, roads, err);
}

static void add_file(ki_text *to, const char *fate, const char *path) {
    ki_text_add(to, "%s%s\n", ki_text_word(to, fate), path);
}

/* Standard output carries either the summary or a file. */
static kerb_status summarise(const kerb_roads *roads, const arguments *args, const char *why,
                             kerb_error *err) {
    int is_taken = args->geojson && strcmp(args->geojson, "-") == 0;
    ki_text text = spoken_text();
    kerb_status status = print_summary(&text, roads, err);
    if (args->geojson && !is_taken) add_file(&text, "written   ", args->geojson);
    if (args->output && !is_district(args->operands[0]))
        add_file(&text, *why ? "written   " : "unchanged ", args->output);
    if (status == KERB_OK) return print_spoken(is_taken ? stderr : stdout, &text, err);
    ki_text_free(&text);
    return status;
}

/* The report goes to standard output unless the file does. */
static kerb_status tell(const char *report, const char *file, const char *path, kerb_error *err) {
    log_told(path && strcmp(path, "-") == 0 ? stderr : stdout, report);
    return path ? write_output(path, file, strlen(file), err) : KERB_OK;
}

static kerb_status compare_roads(const kerb_roads *before, const kerb_roads *after,
                                 const arguments *args, size_t *n_lost, kerb_error *err) {
    char *report, *file;
    kerb_status status;
    const char *path = args->diff ? args->geojson : args->output;
    if (args->diff)
        status = kerb_roads_diff(before, after, &report, &file, err);
    else
        status = ki_kerbs_rematch(&file, &report, n_lost, args->rematch, before, after, err);
    if (status != KERB_OK) return status;
    status = tell(report, file, path, err);
    kerb_buffer_free(report);
    kerb_buffer_free(file);
    return status;
}

static int compare_extracts(const arguments *args) {
    kerb_roads *before = NULL, *after = NULL;
    kerb_error err = {0};
    size_t n_lost = 0;
    kerb_status status = kerb_roads_load(&before, args->operands[0], &err);
    if (status == KERB_OK) status = kerb_roads_load(&after, args->operands[1], &err);
    if (status == KERB_OK) status = compare_roads(before, after, args, &n_lost, &err);
    kerb_roads_free(before);
    kerb_roads_free(after);
    if (status != KERB_OK) return report_error(&err);
    return n_lost ? EXIT_ATTENTION : EXIT_DONE;
}

static int run_roads(const arguments *args) {
    int compares = args->diff || args->rematch;
    if (args->n_operands != 1 + compares || (args->diff && args->rematch)) {
        log_line("error", "roads: %d extracts, expected %d, and one of --diff and --rematch",
                 args->n_operands, 1 + compares);
        return EXIT_USAGE;
    }
    if (args->diagnose) return diagnose_roads(args);
    kerb_error err = {0};
    input in = {0};
    char why[512] = "";
    if (refuse_outputs(args, &err)) return report_error(&err);
    if (compares) return compare_extracts(args);
    kerb_status status = is_district(args->operands[0])
                             ? load_fleet(&in, args, &err)
                             : load_extract(&in, args, why, sizeof why, &err);
    if (status == KERB_OK) status = write_geojson(in.roads, args->geojson, &err);
    if (status == KERB_OK) status = summarise(in.roads, args, why, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    free_input(&in);
    return code;
}

static const char *const synopsis[] = {"EXTRACT [-o CITY.roads] [--extra FILE] [--geojson FILE|-]",
                                       "DISTRICT.yaml [--date D] [--tonight FILE]",
                                       "EXTRACT|DISTRICT --diagnose [--json]",
                                       "--diff OLD NEW [--geojson FILE|-]",
                                       "--rematch KERBS.csv OLD NEW [-o NEW_KERBS.csv|-]",
                                       NULL};
static const option accepted[] = {
    OUTPUT("CITY.roads",
           "a cache of the roads, opened in place of the extract from then on; made again if it is "
           "absent, damaged, or of another extract or corrections. Of a district: its roads_cache, "
           "with what its vehicles need to find their ways"),
    PATH("--extra", "FILE", extra, "corrections of the roads, a row each (docs/roads.md)"),
    FLAG("--diagnose", diagnose,
         "the corrections worth making, best first, instead: for a truck of 26 t, or for the "
         "largest truck and the sites of a district"),
    PATH("--rematch", "TABLE", rematch,
         "the kerbs of a table where the new extract has them; exit 5 if any is lost"),
    FLAG("--diff", diff, "what changed from one extract to another: counts, and each stretch"),
    PATH("--geojson", "FILE", geojson, "every piece of road as a line, or every change, for a map"),
    FLAG("--json", json, "with --diagnose: for a program"),
    PATH("--roads", "EXTRACT", roads, "the map or a cache of it in place of the district's"),
    TEXT("--date", "YYYY-MM-DD", date, "of a district: the service day"),
    TEXT("--as-of", "INSTANT", as_of, "of a district: now"),
    PATH("--tonight", "FILE", tonight, "of a district: vehicles out, streets closed, ..."),
    FLAG("--strict", strict, "of a district: refuse any bad row"),
    LOG_OPTIONS};
static const example examples[] = {
    {"kerbside roads map.osm.gz", "what is this extract worth?"},
    {"kerbside roads map.osm.gz -o city.roads", "once, so that every night starts at once"},
    {"kerbside roads district.yaml --diagnose", "which corrections of the map would help most"}};
const verb_table roads_verb = {
    .name = "roads",
    .run = run_roads,
    .job = "say what an extract's roads are worth",
    .synopsis = synopsis,
    .about =
        "Reads the roads of an extract and says what there is: how much, what was left out, and "
        "how much of it vehicles of four kinds can reach from anywhere else, and why not the rest.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 2};
