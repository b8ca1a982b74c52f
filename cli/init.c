/* SPDX-License-Identifier: GPL-3.0-or-later
 * init.c - kerbside init: a commented district to start from. */
#define _POSIX_C_SOURCE 200809L /* localtime_r */
#include "io/init.h"
#include "command.h"

#include <time.h>

static void print(const char *lines) {
    log_told(stdout, lines);
}

static int run_init(const arguments *args) {
    kerb_error err = {0};
    const char *folder = args->out_dir ? args->out_dir : "district";
    const char *bins = args->n_operands > 1 ? args->operands[1] : NULL;
    char today[11];
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local) || strftime(today, sizeof today, "%Y-%m-%d", &local) == 0)
        return EXIT_FAULT;
    kerb_status status =
        ki_init_write(args->operands[0], bins, folder, args->date ? args->date : today,
                      language_of(args), print, &err);
    if (status == KERB_OK)
        log_format(stdout,
                   "%s/district.yaml: written; change the lines marked CHANGE, then kerbside "
                   "validate %s/district.yaml\n",
                   folder, folder);
    return status == KERB_OK ? EXIT_DONE : report_error(&err);
}

static const char *const synopsis[] = {"EXTRACT [BINS.csv] [--out-dir DIR] [--date D]", NULL};
static const option accepted[] = {
    FOLDER("--out-dir", out_dir, "the folder (default: district)"),
    TEXT("--date", "YYYY-MM-DD", date, "the service day it names (default: today)"), LOG_OPTION,
    LANGUAGE_OPTION("the language of the comments and of messages (default en)")};
static const example examples[] = {
    {"kerbside init map.osm.gz bins.csv --out-dir my-district", "from a map and a table of bins"},
    {"kerbside validate my-district/district.yaml", "then: is anything wrong with it?"}};
const verb_table init_verb = {
    .name = "init",
    .run = run_init,
    .job = "write a commented district to start from",
    .synopsis = synopsis,
    .about = "Writes district.yaml, and sites.csv and containers.csv from a table of bins as its "
             "owner has it (CSV, XLSX or GeoPackage; headings in English or Chinese), into a "
             "folder that "
             "has none of them yet. What it guessed of columns and coordinates is printed: look at "
             "it, then at the lines marked CHANGE.",
    .options = LIST(accepted),
    .examples = LIST(examples),
    .min_operands = 1,
    .max_operands = 2};
