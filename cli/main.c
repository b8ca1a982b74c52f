/* SPDX-License-Identifier: GPL-3.0-or-later
 * main.c - the verbs of the command; each lives in a file of its name. */
#include "command.h"

#include <stdio.h>
#include <string.h>

const verb_table *const all_verbs[] = {&plan_verb,   &init_verb,   &validate_verb, &problem_verb,
                                       &roads_verb,  &check_verb,  &show_verb,     &map_verb,
                                       &sheets_verb, &replan_verb, &reports_verb,  &simulate_verb,
                                       &batch_verb};
const size_t n_verbs = sizeof all_verbs / sizeof *all_verbs;

static const verb_table *find_verb(const char *name) {
    for (size_t at = 0; name && at < n_verbs; at++)
        if (strcmp(name, all_verbs[at]->name) == 0) return all_verbs[at];
    return NULL;
}

static int run_verb(const verb_table *verb, int argc, char **argv) {
    arguments args;
    int failed = parse_arguments(&args, argc, argv, verb);
    if (failed) return failed < 0 ? EXIT_DONE : failed;
    log_start(verb->name, args.log && strcmp(args.log, "json") == 0);
    int code = finish_output(verb->run(&args));
    log_end(code);
    return code;
}

/* Before the words are parsed: help, and what is wrong with them, is in the language too. */
static const char *find_language(int argc, char **argv) {
    for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++)
        if (strcmp(argv[at], "--lang=zh") == 0 ||
            (strcmp(argv[at], "--lang") == 0 && at + 1 < argc && strcmp(argv[at + 1], "zh") == 0))
            return "zh";
    return "en";
}

/* --help and the like, which are no verbs; -1: none of them. */
static int run_word(const char *word, const char *value) {
    if (strcmp(word, "--version") == 0) {
        printf("kerbside %s\n", kerb_version());
        return EXIT_DONE;
    }
    if (strcmp(word, "--completion") == 0 && value) return print_completion(value);
    if (strcmp(word, "--manual") == 0 && (!value || find_verb(value))) {
        print_manual(find_verb(value));
        return EXIT_DONE;
    }
    if (strcmp(word, "--help") != 0 && strcmp(word, "-h") != 0 && strcmp(word, "help") != 0)
        return -1;
    if (find_verb(value))
        print_help(stdout, find_verb(value));
    else
        print_commands(stdout);
    return EXIT_DONE;
}

int main(int argc, char **argv) {
    speak(find_language(argc, argv));
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    const verb_table *verb = find_verb(argv[1]);
    if (verb) return run_verb(verb, argc - 2, argv + 2);
    int code = run_word(argv[1], argc > 2 && argv[2][0] != '-' ? argv[2] : NULL);
    if (code >= 0) return finish_output(code);
    log_line("error", "unknown verb %s", argv[1]);
    print_commands(stderr);
    return EXIT_USAGE;
}
