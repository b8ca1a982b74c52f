/* SPDX-License-Identifier: GPL-3.0-or-later
 * options.c - the words behind a verb, by its table. */
#include "options.h"
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int usage_error(const verb_table *verb, const char *what, const char *word) {
    fprintf(stderr, "kerbside %s: %s%s%s\n", verb->name, ki_say(spoken(), what), *word ? " " : "",
            word);
    print_usage(stderr, verb);
    log_format(stderr, "kerbside %s --help says more.\n", verb->name);
    return EXIT_USAGE;
}

/* ---- values ---------------------------------------------------------------------------------- */

static int parse_duration(const char *text, double *seconds) {
    char *rest;
    errno = 0;
    *seconds = strtod(text, &rest);
    if (rest == text || errno) return -1;
    if (strcmp(rest, "m") == 0 || strcmp(rest, "min") == 0)
        *seconds *= 60;
    else if (strcmp(rest, "h") == 0)
        *seconds *= 3600;
    else if (*rest && strcmp(rest, "s") != 0)
        return -1;
    return *seconds > 0 && *seconds <= 7 * 86400.0 ? 0 : -1;
}

static int parse_whole(const char *text, const option *known, int64_t *number) {
    char *rest;
    errno = 0;
    long long value = strtoll(text, &rest, 10);
    if (rest == text || *rest || errno || value < known->least || value > known->most) return -1;
    *number = value;
    return 0;
}

static int parse_ratio(const char *text, double *ratio) {
    char *rest;
    *ratio = strtod(text, &rest);
    return rest != text && !*rest && *ratio >= 0 && *ratio <= 1 ? 0 : -1;
}

static int is_word(const char *text, size_t n, const char *words) {
    for (const char *at = words; at && n > 0; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, text, n) == 0 && (at[n] == '|' || !at[n])) return 1;
    }
    return 0;
}

static int parse_word(const char *text, const char *words, const char **word) {
    *word = text;
    return is_word(text, strlen(text), words) ? 0 : -1;
}

static int parse_words(const char *text, const char *words, const char **several) {
    *several = text;
    for (size_t n = strcspn(text, ",");; text += n + 1, n = strcspn(text, ",")) {
        if (!is_word(text, n, words)) return -1;
        if (!text[n]) return 0;
    }
}

static const char *expected(const option *known) {
    if (known->kind == OPTION_DURATION) return "a duration such as 60s or 5m";
    if (known->kind == OPTION_RATIO) return "a ratio from 0 to 1";
    return known->kind == OPTION_WORD || known->kind == OPTION_WORDS ? known->value
                                                                     : "a whole number in range";
}

static int set_value(arguments *args, const option *known, const char *value) {
    char *slot = (char *)args + known->at;
    int failed = 0;
    switch (known->kind) {
    case OPTION_FLAG: *(int *)(void *)slot = 1; break;
    case OPTION_TEXT:
    case OPTION_FILE:
    case OPTION_FOLDER: *(const char **)(void *)slot = value; break;
    case OPTION_WORD: failed = parse_word(value, known->value, (const char **)(void *)slot); break;
    case OPTION_WORDS:
        failed = parse_words(value, known->value, (const char **)(void *)slot);
        break;
    case OPTION_DURATION: failed = parse_duration(value, (double *)(void *)slot); break;
    case OPTION_WHOLE: failed = parse_whole(value, known, (int64_t *)(void *)slot); break;
    case OPTION_RATIO: failed = parse_ratio(value, (double *)(void *)slot); break;
    }
    if (!failed) return 0;
    log_line("error", "option %s: %s, expected %s", known->name, value, expected(known));
    return EXIT_USAGE;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The option that a word names, up to its "=" if it has one. */
static const option *find_option(const verb_table *verb, const char *word) {
    size_t n = strcspn(word, "=");
    if (n == 8 && strncmp(word, "--output", n) == 0) n = 2, word = "-o";
    for (size_t at = 0; at < verb->n_options; at++)
        if (strlen(verb->options[at].name) == n && strncmp(verb->options[at].name, word, n) == 0)
            return &verb->options[at];
    return NULL;
}

/* One option at argv[*at]; 0 when taken. */
static int take_option(arguments *args, int argc, char **argv, int *at, const verb_table *verb) {
    const char *word = argv[*at], *equals = strchr(word, '=');
    const option *known = find_option(verb, word);
    if (!known) return usage_error(verb, "unknown option", word);
    if (known->kind == OPTION_FLAG)
        return equals ? usage_error(verb, "no value may follow option", known->name)
                      : set_value(args, known, NULL);
    if (equals) return set_value(args, known, equals + 1);
    if (*at + 1 >= argc) return usage_error(verb, "a value must follow option", word);
    return set_value(args, known, argv[++*at]);
}

int list_outputs(const arguments *args, const char *paths[MAX_OUTPUTS]) {
    const char *const given[] = {args->output, args->geojson, args->svg, args->map, args->page};
    int n = 0;
    for (size_t at = 0; at < sizeof given / sizeof *given; at++)
        if (given[at]) paths[n++] = given[at];
    return n;
}

/* Two outputs to one place would leave only one of them, or a mixture. */
static const char *output_given_twice(const arguments *args) {
    const char *paths[MAX_OUTPUTS];
    int n_paths = list_outputs(args, paths);
    for (int one = 0; one < n_paths; one++)
        for (int other = one + 1; other < n_paths; other++)
            if (strcmp(paths[one], paths[other]) == 0) return paths[one];
    for (int one = 0; one < n_paths; one++)
        for (int operand = 0; operand < args->n_operands; operand++)
            if (strcmp(paths[one], "-") != 0 && strcmp(paths[one], args->operands[operand]) == 0)
                return paths[one];
    return NULL;
}

static int check_together(const arguments *args, const verb_table *verb) {
    if (args->n_operands < verb->min_operands)
        return usage_error(verb, "an operand is missing", "");
    if (args->time_s > 0 && args->iterations > 0)
        return usage_error(verb, "--time and --iterations exclude each other", "");
    const char *twice = output_given_twice(args);
    return twice ? usage_error(verb, "one place for two files:", twice) : 0;
}

int parse_arguments(arguments *args, int argc, char **argv, const verb_table *verb) {
    int only_operands = 0;
    *args = (arguments){.threads = 1,
                        .seed = 1,
                        .threshold = -1,
                        .sick = -1,
                        .must = -1,
                        .may = -1,
                        .look_ahead = -1};
    for (int at = 0; at < argc; at++) {
        const char *word = argv[at];
        if (!only_operands && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            print_help(stdout, verb);
            return -1;
        }
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = 1;
        } else if (!only_operands && word[0] == '-' && word[1]) {
            int failed = take_option(args, argc, argv, &at, verb);
            if (failed) return failed;
        } else if (args->n_operands < verb->max_operands) {
            args->operands[args->n_operands++] = word;
        } else {
            return usage_error(verb, "surplus operand", word);
        }
    }
    return check_together(args, verb);
}
