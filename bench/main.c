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
    const char *job, *usage; /* usage: lines that follow the first are indented */
} verbs[] = {
    {"make-district", bench_make_district,
     "make a district, the same one for the same seed, on any extract",
     "EXTRACT --bins N --kerb-km K --days D --seed S [--prices FILE] [--zone IANA] [--date D]\n"
     "                [--extract-name NAME] [--rates SHARE] [--intervals no]\n"
     "                [--report-hours H] [--truth yes] [--holidays "
     "DATE,...] [--holiday-factor F] [--season A] [--neighbours A] [--new SHARE] [--drop-off yes] "
     "[--day-shape yes] -o DIR"},
    {"districts", bench_districts, "make the named set of city districts, with a manifest",
     "[EXTRACT ...] [--data DIR] [--sizes 100,200,500,1000] [--seeds 1,2,3] [--only NAME]\n"
     "                [--check manifest.csv] -o DIR"},
    {"export", bench_export, "write a district as matrices and tables that any solver can read",
     "DISTRICT.yaml|problem.pb [--roads EXTRACT] -o DIR"},
    {"evaluate", bench_evaluate, "time, price and judge a solution of any solver",
     "DISTRICT.yaml|problem.pb solution.csv [--roads EXTRACT] [-o plan.pb]"},
    {"rounds", bench_rounds,
     "price a city's present rounds (columns vehicle, order, container) by the model the plan is "
     "made with",
     "DISTRICT.yaml|problem.pb rounds.csv [--roads EXTRACT] [-o plan.pb]"},
    {"solve", bench_solve, "kerbside's own search as a contestant, within CPU seconds",
     "DISTRICT.yaml|problem.pb [--roads EXTRACT] [--time CPU_S | --iterations N] [--seed N]\n"
     "                [--threads N] [--bound-effort N | --bound-time S] [--master 0] [--trace CSV] "
     "-o SOLUTION.csv"},
    {"contest", bench_contest, "run methods on districts, a row each run",
     "DISTRICT.yaml... --contestant NAME[=COMMAND] ... [--time CPU_S] [--seeds 1,2,...,10]\n"
     "                [--grace CPU_S] [--work DIR] [--keep DIR] -o runs.csv"},
    {"standings", bench_standings,
     "make a table of methods, tests and profiles of a contest's rows",
     "runs.csv [--best BEST.csv] [-o DIR]"},
    {"best", bench_best, "check the table of best known costs and bounds, or hand in a better one",
     "BEST.csv SET [--district NAME [--solution CSV --by TEXT] [--lower COST --lower-by TEXT]]"},
    {"demand", bench_demand,
     "measure how well sick sensors are found and how often the forecast's interval holds",
     "DIR (made with --truth yes) [--roads EXTRACT] [--cuts N] [--forecast 1|2|3] [-o "
     "results.csv]"},
    {"instance", bench_instance_verb, "solve one public instance: a line of JSON",
     "FILE [--time CPU_S | --iterations N] [--seed N] [--threads N] [--bound-effort N | "
     "--bound-time S]\n"
     "                [--master 0] [--solution OUT] [--trace CSV]"},
    {"instances", bench_instances,
     "solve whole sets of public instances, a row each; begun again it goes on",
     "--set NAME|all|quick -o CSV [--time CPU_S] [--seeds 1,2,3] [--threads N]\n"
     "                [--bound-effort N | --bound-time S] [--master 0] [--data DIR]"},
    {"means", bench_means, "print what a pass over public instances came to, a line a set",
     "A.csv"},
    {"compare", bench_compare,
     "say whether the second table is as good as the first; 1 if it is worse",
     "A.csv B.csv [--tolerance PERCENT_POINTS]"},
    {"matrix", bench_matrix,
     "measure every method of the travel matrix, all held to the same cells",
     "EXTRACT [--points N] [--threads N] [--method dijkstra|bucket|phast]\n"
     "                [--lanes N] [-o CSV]"},
    {"roads", bench_roads, "measure what the road engine costs on an extract or a made grid city",
     "EXTRACT | --grid JUNCTIONS [--points N] [--threads N] [--runs N] [--seed S]\n"
     "                [--method auto|dijkstra|phast|bucket] [-o CSV]\n"
     "                | EXTRACT --cache yes [-o CSV]\n"
     "                | EXTRACT --nearest K [--points N] [--threads N] [--cache-mb MB]"},
    {"operations", bench_operations,
     "measure how long a dispatcher waits for the rest of a night after random events",
     "DISTRICT.yaml... [--events N] [--iterations N] [--seed S] [-o results.csv]"},
    {"nights", bench_nights,
     "plan districts with rules at random and check them in every way there is",
     "DISTRICT.yaml... [--nights N] [--iterations N] [--seed S] [-o results.csv]"},
    {"joint", bench_joint, "plan trucks and sweepers together, and one after the other",
     "DISTRICT.yaml... [--bays N] [--seeds N] [--iterations N] [-o results.csv]"},
    {"gaps", bench_gaps, "say how far plans are above what is proved: of all, trucks, sweepers",
     "DISTRICT.yaml... [--time S | --iterations N] [--seeds N] [--threads N] [-o results.csv]"},
    {"growth", bench_growth,
     "measure how the time that a good plan takes grows with the size of a district",
     "DISTRICT.yaml... [--first CPU_S] [--seeds 1,2] [--threads N] -o results.csv"},
    {"hauls", bench_hauls,
     "haul random nights of transfer stations, each judged by code of its own",
     "[--nights N] [--seed S] [--slot MINUTES] [--breaks 1] [-o results.csv]"},
    {"legs", bench_legs, "print random legs on an extract, for another engine to be held against",
     "EXTRACT [--legs N] [--seed S] [--ends main|any] | --along CSV"},
};
enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

static void print_usage(FILE *to, const struct bench_verb *verb) {
    fprintf(to, "usage: kerbside-bench %s %s\n", verb->name, verb->usage);
}

static void print_help(FILE *to) {
    fprintf(to, "usage: kerbside-bench VERB ...\n\n");
    for (int verb = 0; verb < N_VERBS; verb++)
        fprintf(to, "  %-14s%s\n", verbs[verb].name, verbs[verb].job);
    fprintf(to, "\nkerbside-bench VERB --help shows what a verb takes; --manual prints the manual "
                "page, --version the version.\n");
}

/* A text of ours for roff: a hyphen that is typed has to stay one, a run of blanks is one. */
static void print_roff(const char *text) {
    for (; *text; text++) {
        if (*text == '\n' || (*text == ' ' && text[1] == ' ')) continue;
        if (*text == '-') putchar('\\');
        putchar(*text);
    }
    putchar('\n');
}

static void print_manual(void) {
    printf(".TH KERBSIDE\\-BENCH 1 \"\" \"kerbside %s\" \"User Commands\"\n", kerb_version());
    puts(".SH NAME\nkerbside\\-bench \\- compare methods on city districts\n"
         ".SH SYNOPSIS\n.B kerbside\\-bench\n.I VERB ...\n.SH DESCRIPTION\n"
         "Districts to measure on, exports for solvers of any make, an independent judge of their\n"
         "solutions, the price of present rounds, and the measurements of kerbside itself.\n"
         "docs/benchmark.md and bench/README.md in /usr/share/doc/kerbside say more.\n.SH VERBS");
    for (int verb = 0; verb < N_VERBS; verb++) {
        printf(".TP\n.B ");
        print_roff(verbs[verb].name);
        print_roff(verbs[verb].usage);
        puts(".br");
        print_roff(verbs[verb].job);
    }
    puts(".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nthe input is wrong, or what is compared is "
         "worse\n.TP\n.B 2\nthe words of the command are wrong\n.TP\n.B 6\na solution breaks "
         "rules\n.TP\n.B 70\na fault of its own\n.SH SEE ALSO\n.BR kerbside (1)");
}

static int asks_for_help(int argc, char **argv) {
    for (int at = 2; at < argc; at++)
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) return 1;
    return 0;
}

static int run_verb(const struct bench_verb *verb, int argc, char **argv) {
    if (!asks_for_help(argc, argv)) return verb->run(argc - 2, argv + 2);
    print_usage(stdout, verb);
    printf("\n%s\n", verb->job);
    return 0;
}

int main(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    for (int verb = 0; verb < N_VERBS; verb++)
        if (strcmp(word, verbs[verb].name) == 0) return run_verb(&verbs[verb], argc, argv);
    if (strcmp(word, "--manual") == 0) {
        print_manual();
        return 0;
    }
    if (strcmp(word, "--version") == 0) {
        printf("kerbside-bench %s\n", kerb_version());
        return 0;
    }
    int helps = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    print_help(helps ? stdout : stderr);
    return helps ? 0 : 2;
}
