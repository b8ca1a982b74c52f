/* SPDX-License-Identifier: GPL-3.0-or-later
 * main.c - the verbs of the command; each lives in a file of its name. */
#include "command.h"

#include <stdio.h>
#include <string.h>

static const struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *job;
} verbs[] = {
    {"plan", verb_plan, "plan tonight for a district or a problem message"},
    {"init", verb_init, "write a commented district to start from"},
    {"validate", verb_validate, "say what is wrong with a district, without planning"},
    {"problem", verb_problem, "write the message a plan would start from"},
    {"roads", verb_roads, "say what an extract's roads are worth"},
    {"check", verb_check, "judge a plan independently"},
    {"show", verb_show, "print a plan for a person or a program"},
    {"map", verb_map, "draw a plan: a page that replays the night, SVG, GeoJSON, GeoPackage"},
    {"sheets", verb_sheets, "write what crews take along: sheets, tables, tracks"},
    {"replan", verb_replan, "plan the rest of a night after something happened"},
    {"reports", verb_reports, "the health of every sensor, worst first"},
    {"simulate", verb_simulate, "live through many nights in a seeded world"},
    {"batch", verb_batch, "plan every district of a city"},
};
enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

static void print_help(FILE *to) {
    fprintf(to, "usage: kerbside VERB ...\n\n");
    for (int verb = 0; verb < N_VERBS; verb++)
        fprintf(to, "  %-10s %s\n", verbs[verb].name, verbs[verb].job);
    fprintf(
        to,
        "\nkerbside VERB --help shows the options of a verb. Exit codes: 0 done, 1 the input is\n"
        "wrong, 2 usage, 3 no feasible plan, 4 stopped by a signal with a checked plan written\n"
        "(130 if there was none), 5 a checked plan that needs attention, 6 violations found by\n"
        "check, 70 a fault of kerbside's own.\n");
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("kerbside %s\n", kerb_version());
        return EXIT_DONE;
    }
    for (int verb = 0; verb < N_VERBS; verb++)
        if (strcmp(argv[1], verbs[verb].name) == 0)
            return finish_output(verbs[verb].run(argc - 2, argv + 2));
    fprintf(stderr, "kerbside: unknown verb %s\n", argv[1]);
    print_help(stderr);
    return EXIT_USAGE;
}
