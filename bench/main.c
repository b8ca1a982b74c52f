/* SPDX-License-Identifier: GPL-3.0-or-later
 * main.c - kerbside-bench: districts to measure on, exports for other solvers,
 * prices for theirs. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *bench_option(int argc, char **argv, const char *name) {
    for (int at = 0; at + 1 < argc; at++)
        if (strcmp(argv[at], name) == 0) return argv[at + 1];
    return NULL;
}

const char *bench_operand(int argc, char **argv, int n) {
    for (int at = 0; at < argc; at++) {
        if (argv[at][0] == '-' && argv[at][1])
            at++;
        else if (n-- == 0)
            return argv[at];
    }
    return NULL;
}

double bench_number(int argc, char **argv, const char *name, double fallback, double least,
                    double most, int *failed) {
    const char *text = bench_option(argc, argv, name);
    if (!text) return fallback;
    char *rest;
    double value = strtod(text, &rest);
    if (rest != text && !*rest && value >= least && value <= most) return value;
    fprintf(stderr, "kerbside-bench: option %s: %s, expected %g to %g\n", name, text, least, most);
    *failed = 1;
    return fallback;
}

int bench_report(const kerb_error *err) {
    fprintf(stderr, "kerbside-bench: %s\n", err->message);
    return err->status == KERB_INTERNAL || err->status == KERB_NO_MEMORY ? 70 : 1;
}

void bench_make_folders(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s", folder);
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    mkdir(path, 0755);
}

static const struct bench_verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
} verbs[] = {
    {"make-district", bench_make_district,
     "EXTRACT --bins N --kerb-km K --days D --seed S [--prices FILE] [--zone IANA] [--date D]\n"
     "                [--extract-name NAME] [--truth yes] -o DIR"},
    {"districts", bench_districts,
     "[EXTRACT ...] [--data DIR] [--sizes 100,200,500,1000] [--seeds 1,2,3] [--only NAME]\n"
     "                [--check manifest.csv] -o DIR"},
    {"export", bench_export, "DISTRICT.yaml|problem.pb [--roads EXTRACT] -o DIR"},
    {"evaluate", bench_evaluate,
     "DISTRICT.yaml|problem.pb solution.csv [--roads EXTRACT] [-o plan.pb]"},
    {"rounds", bench_rounds, "DISTRICT.yaml|problem.pb rounds.csv [--roads EXTRACT] [-o plan.pb]"},
    {"solve", bench_solve,
     "DISTRICT.yaml|problem.pb [--roads EXTRACT] [--time CPU_S | --iterations N] [--seed N]\n"
     "                [--threads N] [--bound-effort N | --bound-time S] [--master 0] [--trace CSV] "
     "-o SOLUTION.csv"},
    {"contest", bench_contest,
     "DISTRICT.yaml... --contestant NAME[=COMMAND] ... [--time CPU_S] [--seeds 1,2,...,10]\n"
     "                [--grace CPU_S] [--work DIR] [--keep DIR] -o runs.csv"},
    {"standings", bench_standings, "runs.csv [--best BEST.csv] [-o DIR]"},
    {"best", bench_best,
     "BEST.csv SET [--district NAME [--solution CSV --by TEXT] [--lower COST --lower-by TEXT]]"},
    {"demand", bench_demand, "DIR (made with --truth yes) [--roads EXTRACT] [-o results.csv]"},
    {"instance", bench_instance_verb,
     "FILE [--time CPU_S | --iterations N] [--seed N] [--threads N] [--bound-effort N | "
     "--bound-time S]\n"
     "                [--master 0] [--solution OUT] [--trace CSV]"},
    {"instances", bench_instances,
     "--set NAME|all|quick -o CSV [--time CPU_S] [--seeds 1,2,3] [--threads N]\n"
     "                [--bound-effort N | --bound-time S] [--master 0] [--data DIR]"},
    {"means", bench_means, "A.csv"},
    {"compare", bench_compare, "A.csv B.csv [--tolerance PERCENT_POINTS]"},
    {"matrix", bench_matrix,
     "EXTRACT [--points N] [--threads N] [--method dijkstra|bucket|phast] [-o CSV]"},
    {"roads", bench_roads,
     "EXTRACT | --grid JUNCTIONS [--points N] [--threads N] [--runs N] [--seed S]\n"
     "                [--method auto|dijkstra|phast|bucket] [-o CSV]\n"
     "                | EXTRACT --cache yes [-o CSV]"},
    {"operations", bench_operations,
     "DISTRICT.yaml... [--events N] [--iterations N] [--seed S] [-o results.csv]"},
    {"nights", bench_nights,
     "DISTRICT.yaml... [--nights N] [--iterations N] [--seed S] [-o results.csv]"},
    {"joint", bench_joint,
     "DISTRICT.yaml... [--bays N] [--seeds N] [--iterations N] [-o results.csv]"},
    {"growth", bench_growth,
     "DISTRICT.yaml... [--first CPU_S] [--seeds 1,2] [--threads N] -o results.csv"},
    {"hauls", bench_hauls,
     "[--nights N] [--seed S] [--slot MINUTES] [--breaks 1] [-o results.csv]"},
    {"legs", bench_legs, "EXTRACT [--legs N] [--seed S] [--ends main|any] | --along CSV"},
};
enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

int main(int argc, char **argv) {
    for (int verb = 0; argc > 1 && verb < N_VERBS; verb++)
        if (strcmp(argv[1], verbs[verb].name) == 0) return verbs[verb].run(argc - 2, argv + 2);
    FILE *to = argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout : stderr;
    fprintf(to, "usage: kerbside-bench VERB ...\n");
    for (int verb = 0; verb < N_VERBS; verb++)
        fprintf(to, "  %-14s%s\n", verbs[verb].name, verbs[verb].usage);
    return to == stdout ? 0 : 2;
}
