/* SPDX-License-Identifier: GPL-3.0-or-later
 * roads.c - kerbside roads: what the road engine makes of an extract. */
#include "command.h"
#include "roads_reach.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "kerbside roads EXTRACT [-o CITY.roads] [--extra FILE] [--geojson FILE|-]\n\n"
    "Reads the roads of an extract and says what there is: how much, what was left out, and how "
    "much\nof it vehicles of four kinds can reach from anywhere else, and why not the rest.\n\n"
    "  -o CITY.roads      a cache of the roads, opened in place of the extract from then on; made\n"
    "                     again if it is absent, damaged, or of another extract or corrections\n"
    "  --extra FILE       corrections of the roads, a row each (docs/roads.md)\n"
    "  --geojson FILE     every piece of road as a line, for a map\n";

static void print_totals(FILE *to, const kerb_roads *roads, const kerb_roads_totals *totals) {
    fprintf(to, "roads     %.1f km, %zu nodes, %zu arcs; hash %.16s\n", totals->length_km,
            totals->n_nodes, totals->n_arcs, kerb_roads_hash(roads));
    if (kerb_roads_corrections_hash(roads)[0])
        fprintf(to, "corrected by a table; hash %.16s\n", kerb_roads_corrections_hash(roads));
    fprintf(to, "ways      %zu closed to every vehicle, %zu skipped; %zu nodes lacking\n",
            totals->n_closed_ways, totals->n_skipped_ways, totals->n_missing_nodes);
    fprintf(to, "turns     %zu restrictions, %zu unmatched, %zu left out\n", totals->n_restrictions,
            totals->n_unmatched_restrictions, totals->n_bad_restrictions);
    fprintf(to, "trucks    %.1f km of lanes open, %.1f %% of them in the largest connected part\n",
            totals->open_km, 100 * totals->main_share);
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

/* The line that says why a cache had to be made names it already. */
static kerb_status open_roads(kerb_roads **roads, const arguments *args, kerb_error *err) {
    kerb_status status = load_roads(roads, args->operands[0], args->output, args, err);
    if (status != KERB_OK || !args->output || !kerb_roads_why_not_cached(*roads)) return status;
    fprintf(stderr, "kerbside: %s; made again\n", kerb_roads_why_not_cached(*roads));
    return kerb_roads_save(*roads, args->output, err);
}

/* Standard output carries either the summary or a file. */
static kerb_status summarise(const kerb_roads *roads, const arguments *args, kerb_error *err) {
    kerb_roads_totals totals;
    kerb_status status = kerb_roads_get_totals(roads, &totals, err);
    if (status != KERB_OK) return status;
    int is_taken = args->geojson && strcmp(args->geojson, "-") == 0;
    print_totals(is_taken ? stderr : stdout, roads, &totals);
    status = print_roads_reach(is_taken ? stderr : stdout, roads, err);
    if (status != KERB_OK) return status;
    if (args->geojson && !is_taken) printf("written   %s\n", args->geojson);
    if (args->output)
        fprintf(is_taken ? stderr : stdout, "%s %s\n",
                kerb_roads_why_not_cached(roads) ? "written  " : "unchanged", args->output);
    return KERB_OK;
}

int verb_roads(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, 1, 1, usage);
    if (failed) return failed;
    kerb_error err = {0};
    kerb_roads *roads = NULL;
    if (refuse_outputs(&args, &err)) return report_error(&err);
    kerb_status status = open_roads(&roads, &args, &err);
    if (status == KERB_OK) status = write_geojson(roads, args.geojson, &err);
    if (status == KERB_OK) status = summarise(roads, &args, &err);
    int code = status == KERB_OK ? EXIT_DONE : report_error(&err);
    kerb_roads_free(roads);
    return code;
}
