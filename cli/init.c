/* SPDX-License-Identifier: GPL-3.0-or-later
 * init.c - kerbside init: a commented district to start from. */
#define _POSIX_C_SOURCE 200809L /* localtime_r */
#include "io/init.h"
#include "command.h"

#include <time.h>

static void print(const char *lines) {
    fputs(lines, stdout);
}

int verb_init(int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(
        &args, argc, argv, 1, 2,
        "kerbside init EXTRACT [BINS.csv] [--out-dir DIR] [--date D]\n\n"
        "Writes district.yaml, and sites.csv and containers.csv from a table of bins as its\n"
        "owner has it (CSV or GeoPackage; headings in English or Chinese), into a folder that\n"
        "has none of them yet. What it guessed of columns and coordinates is printed: look at\n"
        "it, then at the lines marked CHANGE.\n\n"
        "  --out-dir DIR      the folder (default: district)\n"
        "  --date YYYY-MM-DD  the service day it names (default: today)\n\n"
        "  kerbside init city.osm.pbf bins.csv --out-dir my-district\n"
        "  kerbside validate my-district/district.yaml\n"
        "  kerbside plan my-district/district.yaml -o plan.pb\n");
    if (failed) return failed;
    kerb_error err = {0};
    const char *folder = args.out_dir ? args.out_dir : "district";
    const char *bins = args.n_operands > 1 ? args.operands[1] : NULL;
    char today[11];
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local) || strftime(today, sizeof today, "%Y-%m-%d", &local) == 0)
        return EXIT_FAULT;
    kerb_status status =
        ki_init_write(args.operands[0], bins, folder, args.date ? args.date : today, print, &err);
    if (status == KERB_OK)
        printf("%s/district.yaml: written; change the lines marked CHANGE, then kerbside validate "
               "%s/district.yaml\n",
               folder, folder);
    return status == KERB_OK ? EXIT_DONE : report_error(&err);
}
